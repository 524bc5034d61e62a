//! A preview of the accent colour.

use leptos::prelude::*;

use crate::type_erasure::Erase;
use shared::{
    colour::Colour,
    forms::{Field, FieldProblem},
    model::accent::{Accent, DARK_BACKGROUNDS, INK, LIGHT_BACKGROUNDS},
};

/// A link, a button and the focus in the accent colour `colour`, in both themes. If the colour is refused, the nearest
/// that is not is shown.
///
/// It is drawn with attributes, because the content security policy allows no styles in them.
#[component]
pub fn AccentPreview(
    /// The colour as it is typed.
    colour: RwSignal<String>,
) -> impl IntoView {
    let parsed = Memo::new(move |_| Accent::parse(&colour.read()));
    let shown = move || match parsed.get() {
        Ok(accent) => Some(accent),
        Err(FieldProblem::LowContrast(nearest)) => Accent::parse(&nearest.to_string()).ok(),
        Err(_) => None,
    };
    let advice = move || parsed.get().err().map(|problem| problem.message(Field::Accent));
    view! {
        <div class="accent-preview">
            {move || shown().map(|accent| view! { <Themes accent /> }.erased())}
            <p class="accent-advice" role="status">
                {advice}
            </p>
        </div>
    }
}

#[component]
fn Themes(accent: Accent) -> impl IntoView {
    let [light_paper, ..] = LIGHT_BACKGROUNDS;
    let [dark_paper, ..] = DARK_BACKGROUNDS;
    let [light_ink, dark_ink] = INK;
    view! {
        <Theme name="Light" accent=accent.light() paper=light_paper ink=light_ink text=dark_ink />
        <Theme name="Dark" accent=accent.dark() paper=dark_paper ink=dark_ink text=light_ink />
    }
}

#[component]
fn Theme(name: &'static str, accent: Colour, paper: Colour, ink: Colour, text: Colour) -> impl IntoView {
    let (accent, paper) = (accent.to_string(), paper.to_string());
    let (ink, text) = (ink.to_string(), text.to_string());
    let (label, caption) = (format!("{name} theme: {accent}"), format!("{name} {accent}"));
    view! {
        <svg
            class="accent-theme"
            role="img"
            aria-label=label
            width="240"
            height="88"
            viewBox="0 0 240 88"
        >
            <rect width="240" height="88" fill=paper />
            <text x="16" y="28" font-size="14" fill=text>
                {caption}
            </text>
            <text x="16" y="60" font-size="15" fill=accent.clone() text-decoration="underline">
                "A link"
            </text>
            <rect x="80" y="42" width="72" height="28" rx="2" fill=accent.clone() />
            <text x="116" y="61" font-size="14" text-anchor="middle" fill=ink>
                "Button"
            </text>
            <rect x="170" y="44" width="54" height="24" fill="none" stroke=accent stroke-width="3" />
        </svg>
    }
}
