//! Uploading an inline image, for browsers that cannot run the editor.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::upload::{Upload, check_picture},
    http,
    pages::guard::MembersOnly,
};
use shared::{
    forms::{
        Field,
        picture::{PICTURE_MAX_MEGABYTES, PICTURE_MAX_MEGAPIXELS, PICTURE_TYPES},
    },
    model::media::InlineImage,
    paths,
};

/// The upload form and the image that was uploaded.
#[component]
pub fn NewImagePage() -> impl IntoView {
    let query = use_query_map();
    let sent = Memo::new(move |_| {
        query
            .read()
            .get("picture")
            .and_then(|name| InlineImage::named(&name))
    });
    let show = |body: String| {
        if let Some(image) = InlineImage::answered(&body) {
            http::redirect(&paths::new_image(&image));
        }
    };
    let hint = format!(
        "A JPEG, PNG, WebP or GIF file of at most {PICTURE_MAX_MEGABYTES} MB and {PICTURE_MAX_MEGAPIXELS} megapixels. It is made smaller for the page, and data from the camera is removed."
    );
    view! {
        <MembersOnly>
            <Upload
                field=Field::Image
                path=paths::NEW_IMAGE
                check=check_picture
                accept=PICTURE_TYPES
                heading="Add a picture"
                submit="Upload picture"
                hint=hint.clone()
                on_done=Callback::new(show)
            />
            {move || sent.get().map(|image| view! { <Sent image /> })}
        </MembersOnly>
    }
}

/// An uploaded image with its Markdown.
#[component]
fn Sent(image: InlineImage) -> impl IntoView {
    view! {
        <section class="image-sent" aria-labelledby="image-sent">
            <h2 id="image-sent">"Insert it into your text"</h2>
            <div class="field">
                <label for="markdown">"Markdown"</label>
                <p class="field-hint" id="markdown-hint">
                    "Copy this into your text in the other tab. Between the brackets, describe the picture."
                </p>
                <input
                    id="markdown"
                    type="text"
                    readonly
                    value=image.markdown("")
                    aria-describedby="markdown-hint"
                />
            </div>
            <img src=paths::image(&image) alt="The picture" width=image.width height=image.height />
        </section>
    }
}
