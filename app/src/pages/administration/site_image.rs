//! Changing the logo and the icon.

use leptos::{children::ToChildren, prelude::*};

use crate::{
    api::site::{RemoveIcon, RemoveLogo, read_site_settings},
    components::{
        post_button::{ActionProblem, PostButton, on_answer},
        posted::Posted,
        section_nav::AdminNav,
        upload::{Upload, check_picture},
    },
    http,
    pages::{guard::AdministratorsOnly, loaded::Loaded},
    resource::load,
    type_erasure::{Erase, ErasedChildren, RepeatedChildren},
};
use shared::{
    forms::picture::{PICTURE_MAX_MEGABYTES, PICTURE_TYPES},
    model::{
        site::{Setting, SettingValues},
        site_image::{Icon, IconFile, LOGO_HEIGHT, LOGO_WIDTH, Logo},
    },
    paths,
};

/// The logo and the form that uploads another.
#[component]
pub fn LogoPage() -> impl IntoView {
    let hint = format!(
        "Choose a file or drop it here: JPEG, PNG, WebP or GIF, at most {PICTURE_MAX_MEGABYTES} MB. It is shown at the top of every page instead of the name, at most {LOGO_WIDTH} pixels wide and {LOGO_HEIGHT} pixels high. If it is transparent, check that it can be seen in the light and in the dark theme."
    );
    let action = ServerAction::<RemoveLogo>::new();
    view! {
        <AdministratorsOnly>
            <AdminNav />
            <Change
                action
                setting=Setting::Logo
                path=paths::ADMIN_LOGO
                heading="Logo"
                submit="Save logo"
                remove="Remove logo"
                hint=hint.clone()
            />
        </AdministratorsOnly>
    }
}

/// The icon and the form that uploads another.
#[component]
pub fn IconPage() -> impl IntoView {
    let hint = format!(
        "Choose a file or drop it here: JPEG, PNG, WebP or GIF, at most {PICTURE_MAX_MEGABYTES} MB. It is cropped to a square from the middle. With 512 pixels or more in both directions it looks sharp everywhere."
    );
    let action = ServerAction::<RemoveIcon>::new();
    view! {
        <AdministratorsOnly>
            <AdminNav />
            <Change
                action
                setting=Setting::Icon
                path=paths::ADMIN_ICON
                heading="Icon"
                submit="Save icon"
                remove="Remove icon"
                hint=hint.clone()
            />
        </AdministratorsOnly>
    }
}

#[component]
fn Change<S>(
    action: ServerAction<S>,
    setting: Setting,
    path: &'static str,
    heading: &'static str,
    submit: &'static str,
    remove: &'static str,
    hint: String,
) -> impl IntoView
where
    S: Posted,
{
    let settings = load(|| (), |()| read_site_settings());
    let problem = RwSignal::new(None);
    // Every page shows the logo or the icon, so the whole document is loaded again.
    on_answer(action, problem, http::reload);
    view! {
        <Upload
            field=setting.field()
            path
            check=check_picture
            accept=PICTURE_TYPES
            heading
            submit
            hint
            on_done=Callback::new(|_| http::reload())
        />
        <Loaded resource=settings rejected=RepeatedChildren::to_children(|| ()) let:current>
            <Current current setting>
                <PostButton action label=remove />
            </Current>
        </Loaded>
        <ActionProblem problem />
    }
}

/// The current image, if there is one, with the button that removes it.
#[component]
fn Current(current: SettingValues, setting: Setting, children: ErasedChildren) -> impl IntoView {
    let value = current.get(setting).map(|value| value.value.clone());
    let (src, (width, height)) = match (setting, value) {
        (Setting::Logo, Some(name)) => match Logo::named(&name) {
            Some(logo) => (paths::logo(&logo), logo.shown()),
            None => return ().erased(),
        },
        (_, Some(name)) => match Icon::named(&name) {
            Some(icon) => (paths::icon(&icon, IconFile::Small), (96, 96)),
            None => return ().erased(),
        },
        (_, None) => return ().erased(),
    };
    view! {
        <section class="picture-now" aria-labelledby="picture-now">
            <h2 id="picture-now">{format!("Current {}", setting.field().label().to_lowercase())}</h2>
            <img class="site-image" src=src alt="" width=width height=height />
            {children.view()}
        </section>
    }
    .erased()
}
