//! Avatars and initials.

use leptos::prelude::*;

use crate::type_erasure::Erase;
use shared::{
    model::{
        initials::{hue, letters},
        media::{Avatar, PictureSize},
    },
    paths,
};

/// A round avatar, or the initials of the name. Decorative, because the name is always beside it.
#[component]
pub fn Avatar(
    /// The name by which the user is shown.
    name: String,
    /// The username.
    username: String,
    /// The avatar, if there is one.
    picture: Option<Avatar>,
    /// The displayed size in pixels, one of those in `style/initials.css`.
    pixels: u32,
    /// Whether it is the picture of the profile that the page shows.
    #[prop(optional)]
    is_main: bool,
) -> impl IntoView {
    match picture {
        Some(picture) => {
            let [small, large] = PictureSize::ALL.map(|size| (paths::picture(&picture, size), size.pixels()));
            let srcset = format!("{} {}w, {} {}w", small.0, small.1, large.0, large.1);
            view! {
                <img
                    class="avatar"
                    class:u-photo=is_main
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
                data-initials=letters(&name)
                data-hue=hue(&username)
                data-pixels=pixels
                aria-hidden="true"
            ></span>
        }
        .erased(),
    }
}
