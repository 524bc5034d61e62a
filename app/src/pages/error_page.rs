//! The error page.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::route::PageRoute;
use crate::{components::title::PageTitle, http};
use shared::{error::AppError, paths};

/// The error, the advice and links. Sets the status code of the response.
#[component]
pub fn ErrorPage(
    /// The error.
    error: AppError,
) -> impl IntoView {
    http::set_status(error.status());
    // Uses the id that the server has rendered.
    let request = SharedValue::new(http::request_id).into_inner();
    let request = request.filter(|_| error == AppError::Internal);
    view! {
        <PageTitle text=error.title() />
        <section class="problem">
            <p class="problem-status">{error.status()}</p>
            <h1>{error.title()}</h1>
            <p>{error.advice()}</p>
            {last_page(&error)
                .map(|(path, label)| {
                    view! {
                        <p>
                            <a class="button" href=path>
                                {label}
                            </a>
                        </p>
                    }
                })}
            {(error == AppError::ReauthenticationRequired)
                .then(|| {
                    view! {
                        <p>
                            <a class="button" href=paths::confirm_then(&form_page())>
                                "Confirm your password"
                            </a>
                        </p>
                    }
                })}
            {request.map(|id| view! { <p class="problem-request">"If you report this to the administrator, quote " <code>{id}</code> "."</p> })}
            {reload(&error)
                .map(|label| {
                    view! {
                        <p>
                            <a class="button" href="" rel="external">
                                {label}
                            </a>
                        </p>
                    }
                })}
            <p>
                <a class="button" href=paths::HOME>
                    "Read the newest posts"
                </a>
            </p>
        </section>
    }
}

/// Returns the path of the page whose button has led here: the address of a button is below that of its page.
fn form_page() -> String {
    let path = use_location().pathname.get_untracked();
    let mut page = path.as_str();
    while PageRoute::at(page).is_none() {
        match page.rsplit_once('/') {
            Some((above, _)) if !above.is_empty() => page = above,
            _ => return paths::HOME.to_owned(),
        }
    }
    page.to_owned()
}

/// Returns the text of the link that reloads the page, if that may help.
fn reload(error: &AppError) -> Option<&'static str> {
    match error {
        AppError::Outdated => Some("Reload the page"),
        error => error.is_passing().then_some("Try again"),
    }
}

/// Returns the path of the last page of the current list and the text of the link, if the requested page does not
/// exist.
fn last_page(error: &AppError) -> Option<(String, &'static str)> {
    let AppError::NoSuchPage(pages) = *error else {
        return None;
    };
    let location = use_location();
    let searched = location.query.read_untracked().get("q");
    let list = match searched {
        Some(name) => paths::search_authors(&name),
        None => location.pathname.get_untracked(),
    };
    let label = if pages == 1 {
        "Go to the first page"
    } else {
        "Go to the last page"
    };
    Some((paths::numbered(&list, pages), label))
}

/// The page for unknown paths.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! { <ErrorPage error=AppError::NotFound /> }
}
