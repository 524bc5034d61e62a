//! Pages that show data.

use leptos::prelude::*;

use super::{error_page::ErrorPage, guard::require_login};
use crate::{
    components::{form::has_submission, skeleton::Skeleton},
    type_erasure::{Erase, RepeatedChildren},
};
use shared::error::AppError;

/// Shows its children with the data of a resource: a skeleton until it has loaded, and an error page if that fails. Leads
/// to the login page if the data is for members only.
#[component]
pub(super) fn Loaded<T, C, F, V>(
    /// The data.
    resource: Resource<Result<T, AppError>, C>,
    /// The form to show after it was rejected if the data cannot be loaded, so that nothing that was typed is lost.
    #[prop(optional)]
    rejected: Option<RepeatedChildren>,
    /// The view of the data.
    children: F,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    C: Send + Sync + 'static,
    F: Fn(T) -> V + Send + Sync + 'static,
    V: RenderHtml + 'static,
{
    let render = StoredValue::new(move |loaded: Result<T, AppError>| match (loaded, &rejected) {
        (Ok(data), _) => children(data).erased(),
        (Err(_), Some(form)) if has_submission() => form.view(),
        (Err(AppError::SignInRequired), _) => {
            require_login();
            ().erased()
        }
        (Err(error), _) => view! { <ErrorPage error /> }.erased(),
    });
    view! {
        <Transition fallback=Skeleton>
            {move || Suspend::new(async move {
                let loaded = resource.await;
                render.with_value(|render| render(loaded))
            })}
        </Transition>
    }
}
