//! The links with which others can read a draft.

use leptos::prelude::*;

use super::editor::afresh;
use crate::{
    api::preview_link::{CreatePreviewLink, RevokePreviewLink, list_preview_links},
    components::{
        flash_message::FlashContext,
        form::Form,
        post_button::{ActionProblem, PostButton, on_answer},
        section_nav::AccountNav,
        text_field::TextField,
        timestamp::Timestamp,
    },
    pages::{guard::MembersOnly, loaded::Loaded, query},
    resource::load,
    type_erasure::Erase,
};
use shared::{
    error::AppError,
    forms::{Field, Form as _, preview_link::NOTE_MAX},
    model::preview_link::{LINK_DAYS, LINKS_MAX, PreviewLink, PreviewLinks},
    paths,
};

/// The form to create a link to the draft in the URL, and the links that it has.
#[component]
pub fn PreviewLinksPage() -> impl IntoView {
    view! {
        <MembersOnly>
            <AccountNav />
            <Links />
        </MembersOnly>
    }
}

#[component]
fn Links() -> impl IntoView {
    let wanted = query::number("draft");
    let (create, revoke) = (
        ServerAction::<CreatePreviewLink>::new(),
        ServerAction::<RevokePreviewLink>::new(),
    );
    let links = load(
        move || (wanted.get(), revoke.version().get()),
        |(draft, _)| async move {
            match draft {
                Some(draft) => list_preview_links(draft).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    let problem = RwSignal::new(None);
    on_answer(revoke, problem, || {});
    let flash = use_context::<FlashContext>();
    let on_done = Callback::new(move |()| {
        flash.inspect(|flash| flash.check());
        links.refetch();
    });
    let hint = format!("One line of at most {NOTE_MAX} characters, for yourself.");
    let form = move || {
        let draft = wanted.get_untracked().unwrap_or_default();
        let hint = hint.clone();
        view! {
            <Form
                action=create
                on_done
                check=|input: &CreatePreviewLink| input.form.validate().map(drop)
                heading="Share a draft"
                submit="Create link"
                query=format!("?draft={draft}")
            >
                <input type="hidden" name="draft" value=draft.to_string() />
                <p>
                    {format!(
                        "With a link, somebody can read what you have saved, without logging in, for {LINK_DAYS} days or until you revoke it. Pictures stay readable for whoever has seen them. A draft has at most {LINKS_MAX} links.",
                    )}
                </p>
                <TextField field=Field::LinkNote hint=hint.clone() optional=true />
            </Form>
        }
        .erased()
    };
    view! {
        {afresh(wanted, form)}
        <ActionProblem problem />
        <Loaded resource=links let:links>
            <List links revoke />
        </Loaded>
    }
}

#[component]
fn List(links: PreviewLinks, revoke: ServerAction<RevokePreviewLink>) -> impl IntoView {
    let PreviewLinks { draft, title, links } = links;
    let title = if title.trim().is_empty() {
        "Untitled".to_owned()
    } else {
        title
    };
    let is_empty = links.is_empty();
    let rows = links
        .into_iter()
        .map(|link| view! { <Row link revoke /> })
        .collect_view();
    view! {
        <section class="moderation" aria-labelledby="links">
            <h2 id="links" dir="auto">
                "Links to "
                <a href=paths::draft(draft)>{title}</a>
            </h2>
            {is_empty.then(|| view! { <p>"Nobody else can read this draft."</p> })}
            <ul class="rows">{rows}</ul>
        </section>
    }
}

#[component]
fn Row(link: PreviewLink, revoke: ServerAction<RevokePreviewLink>) -> impl IntoView {
    let name = if link.note.is_empty() {
        "Link".to_owned()
    } else {
        link.note
    };
    let description = format!("Revoke the link “{name}”");
    view! {
        <li class="row">
            <div>
                <p class="row-title" dir="auto">{name}</p>
                {link.link.map(|link| view! { <p class="invitation-link"><code>{link}</code></p> })}
                <p class="row-facts">"Until " <Timestamp at=link.expires_at minutes=true /></p>
            </div>
            <PostButton action=revoke label="Revoke" description field=("id", link.id.to_string()) />
        </li>
    }
}
