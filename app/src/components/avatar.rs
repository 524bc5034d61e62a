//! A person's picture, or what is drawn in its place.

use leptos::prelude::*;

use crate::type_erasure::Erase;
use shared::{
    model::{
        initials::{hue, letters},
        media::{Picture, PictureSize},
    },
    paths,
};

/// A round picture of `pixels`: their own, or the initials of their name. It says nothing that the name beside it does not
/// say, so that screen readers pass over it.
#[component]
pub fn Avatar(
    /// Whose it is.
    username: String,
    /// Their picture, if they have one.
    picture: Option<Picture>,
    /// How large it is shown: one of the sizes in `style/initials.css`.
    pixels: u32,
) -> impl IntoView {
    match picture {
        Some(picture) => {
            let [small, large] = PictureSize::ALL.map(|size| (paths::picture(&picture, size), size.pixels()));
            let srcset = format!("{} {}w, {} {}w", small.0, small.1, large.0, large.1);
            view! {
                <img
                    class="avatar"
                    src=small.0
                    srcset=srcset
                    sizes=format!("{pixels}px")
                    width=pixels
                    height=pixels
                    alt=""
                    loading="lazy"
                    decoding="async"
                />
            }
            .erased()
        }
        None => view! {
            <span
                class="avatar initials"
                data-initials=letters(&username)
                data-hue=hue(&username)
                data-pixels=pixels
                aria-hidden="true"
            ></span>
        }
        .erased(),
    }
}
