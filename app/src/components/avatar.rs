//! A person's picture, or what is drawn in its place.

use leptos::prelude::*;

use crate::{
    model::media::{Picture, PictureSize},
    paths,
};

/// A square of `pixels`: the picture, or the name's initials on a colour of its own. It says nothing that the name beside
/// it does not say, so that screen readers pass over it.
#[component]
pub fn Avatar(
    /// Whose it is.
    username: String,
    /// Their picture, if they have one.
    picture: Option<Picture>,
    /// How large it is shown.
    #[prop(default = 40)]
    pixels: u32,
) -> impl IntoView {
    if let Some(picture) = picture {
        let [small, large] = PictureSize::ALL.map(|size| (paths::picture(&picture, size), size.pixels()));
        let src = if pixels <= small.1 / 2 {
            small.0.clone()
        } else {
            large.0.clone()
        };
        let srcset = format!("{} {}w, {} {}w", small.0, small.1, large.0, large.1);
        return view! {
            <img
                class="avatar"
                src=src
                srcset=srcset
                sizes=format!("{pixels}px")
                width=pixels
                height=pixels
                alt=""
                loading="lazy"
                decoding="async"
            />
        }
        .into_any();
    }
    view! {
        <svg class="avatar" viewBox="0 0 64 64" width=pixels height=pixels aria-hidden="true">
            <rect width="64" height="64" fill=format!("hsl({} 45% 30%)", hue(&username)) />
            <text x="32" y="33" fill="#fff" text-anchor="middle" dominant-baseline="central">
                {initials(&username)}
            </text>
        </svg>
    }
    .into_any()
}

/// The first letter, and the first of the next part if there is one.
fn initials(username: &str) -> String {
    username
        .split(['-', '_'])
        .filter_map(|part| part.chars().next())
        .take(2)
        .flat_map(char::to_uppercase)
        .collect()
}

/// A colour that stays with the name, in whatever letters it is written (FNV-1a).
fn hue(username: &str) -> u32 {
    let hash = username.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193)
    });
    hash % 360
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_one_or_two_letters() {
        for (name, drawn) in [
            ("ada", "A"),
            ("ada-lovelace", "AL"),
            ("a_b-c", "AB"),
            ("0x", "0"),
            ("a--", "A"),
        ] {
            assert_eq!(initials(name), drawn);
        }
    }

    #[test]
    fn a_colour_stays_with_the_name_in_any_case() {
        assert_eq!(hue("Ada"), hue("ada"));
        assert_ne!(hue("ada"), hue("grace"));
    }
}
