//! Registering with an invitation.

use leptos::prelude::*;

use super::new_account::NewAccountFields;
use crate::{
    api::{
        account::current_viewer,
        invitation::{AcceptInvitation, read_offer},
    },
    components::{
        form::{Form, has_submission},
        post_button::PostButton,
        skeleton::Skeleton,
        title::PageTitle,
    },
    http,
    pages::error_page::ErrorPage,
    resource::load,
    type_erasure::Erase,
    viewer::ViewerContext,
};
use shared::{
    error::AppError,
    model::{
        account::{Role, Viewer},
        invitation::Offer,
    },
    paths,
};

/// The registration form for the holder of an invitation. Opening it does not use the invitation.
#[component]
pub fn InvitePage() -> impl IntoView {
    let offer = load(
        || (),
        |()| async {
            let offer = read_offer().await?;
            Ok::<_, AppError>((offer, current_viewer().await?))
        },
    );
    view! {
        <Suspense fallback=Skeleton>
            {move || Suspend::new(async move {
                match offer.await {
                    Ok((_, Some(viewer))) if !has_submission() => view! { <LoggedIn viewer /> }.erased(),
                    Ok((offer, _)) => view! { <Fields offer /> }.erased(),
                    // What was typed is shown although the link no longer works.
                    Err(_) if has_submission() => view! { <Fields offer=Offer::default() /> }.erased(),
                    Err(AppError::BadToken) => view! { <UselessLink /> }.erased(),
                    Err(error) => view! { <ErrorPage error /> }.erased(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Fields(offer: Offer) -> impl IntoView {
    let action = ServerAction::<AcceptInvitation>::new();
    let inviter = offer.inviter.map_or_else(
        || "You are invited".to_owned(),
        |inviter| format!("{inviter} has invited you"),
    );
    let role = match offer.role {
        Role::Member => String::new(),
        role => format!(" as {}", role.words()),
    };
    view! {
        <Form action check=|input| input.form.check() heading="Accept the invitation" submit="Create account">
            <p>{format!("{inviter} to join this site{role}.")}</p>
            <NewAccountFields email=offer.email />
        </Form>
        <p class="aside">"Already have an account? " <a href=paths::LOGIN>"Log in"</a></p>
    }
}

/// The page for somebody who has an account already.
#[component]
fn LoggedIn(viewer: Viewer) -> impl IntoView {
    let context = use_context::<ViewerContext>();
    view! {
        <PageTitle text="Accept the invitation" />
        <h1>"Accept the invitation"</h1>
        <p class="lead">
            "You are logged in as " <strong>{viewer.username}</strong>
            ", so you have an account already. To create another one, log out and follow the link again."
        </p>
        <div class="form-buttons">
            {context.map(|context| view! { <PostButton action=context.log_out label="Log out" /> })}
        </div>
    }
}

#[component]
fn UselessLink() -> impl IntoView {
    http::set_status(AppError::BadToken.status());
    view! {
        <PageTitle text="This invitation no longer works" />
        <h1>"This invitation no longer works"</h1>
        <p class="lead">
            "It has been used or revoked, or it has ended. If you have registered with it, you can log in. Otherwise ask the person who invited you for another one."
        </p>
        <p>
            <a class="button" href=paths::LOGIN>
                "Log in"
            </a>
            " "
            <a class="button button-quiet" href=paths::HOME>
                "Read the newest posts"
            </a>
        </p>
    }
}
