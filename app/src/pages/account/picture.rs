//! Changing the avatar.

use leptos::{children::ToChildren, prelude::*};

use crate::{
    api::settings::{RemovePicture, read_settings},
    components::{
        avatar::Avatar,
        flash_message::FlashContext,
        post_button::{ActionProblem, PostButton, on_answer},
        section_nav::AccountNav,
        upload::{Upload, check_picture},
    },
    pages::{guard::MembersOnly, loaded::Loaded},
    resource::load,
    type_erasure::RepeatedChildren,
    viewer::ViewerContext,
};
use shared::{
    forms::{
        Field,
        picture::{PICTURE_MAX_MEGABYTES, PICTURE_MAX_MEGAPIXELS, PICTURE_TYPES},
    },
    model::{account::AccountSettings, media::PictureSize, profile::shown_name},
    paths,
};

/// The current avatar and the form that uploads another.
#[component]
pub fn PicturePage() -> impl IntoView {
    view! {
        <MembersOnly>
            <AccountNav />
            <Change />
        </MembersOnly>
    }
}

#[component]
fn Change() -> impl IntoView {
    let settings = load(|| (), |()| read_settings());
    let remove = ServerAction::<RemovePicture>::new();
    let (flash, viewer) = (use_context::<FlashContext>(), use_context::<ViewerContext>());
    let changed = move || {
        flash.inspect(|flash| flash.check());
        viewer.inspect(|viewer| viewer.resource.refetch());
        settings.refetch();
    };
    let problem = RwSignal::new(None);
    on_answer(remove, problem, changed);
    let hint = format!(
        "Choose a file or drop it here: JPEG, PNG, WebP or GIF, at most {PICTURE_MAX_MEGABYTES} MB and {PICTURE_MAX_MEGAPIXELS} megapixels. It is cropped to a square from the middle, and data from the camera is removed."
    );
    view! {
        <Upload
            field=Field::Picture
            path=paths::ACCOUNT_PICTURE
            check=check_picture
            accept=PICTURE_TYPES
            heading="Profile picture"
            submit="Save picture"
            hint
            on_done=Callback::new(move |_| changed())
        />
        <Loaded
            resource=settings
            rejected=RepeatedChildren::to_children(|| ())
            let:current
        >
            <Current current remove />
        </Loaded>
        <ActionProblem problem />
    }
}

#[component]
fn Current(current: AccountSettings, remove: ServerAction<RemovePicture>) -> impl IntoView {
    let has_picture = current.picture.is_some();
    let pixels = PictureSize::Small.pixels();
    let name = shown_name(current.details.display_name.as_deref(), &current.username).to_owned();
    view! {
        <section class="picture-now" aria-labelledby="picture-now">
            <h2 id="picture-now">"Current picture"</h2>
            <Avatar name username=current.username picture=current.picture pixels />
            {has_picture.then(|| view! { <PostButton action=remove label="Remove picture" /> })}
        </section>
    }
}
