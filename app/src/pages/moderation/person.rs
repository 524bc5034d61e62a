//! Loading the person in the URL whose account a moderator is to decide about.

use leptos::{children::ToChildren, prelude::*};
use leptos_router::hooks::use_query_map;

use crate::{
    api::account::read_profile,
    pages::{
        error_page::ErrorPage,
        guard::{Member, ModeratorsOnly},
        loaded::Loaded,
    },
    resource::load,
    type_erasure::{Erase, RepeatedChildren},
};
use shared::{error::AppError, model::account::Freeze};

/// Shows the form `fields` about the person in the query parameter `user`, or the error. After a submission that was refused, the
/// form is shown whatever has happened to the person.
pub(super) fn about_person<V>(fields: fn(String, Option<Freeze>) -> V) -> impl IntoView
where
    V: IntoView + 'static,
{
    let ask = move || {
        let query = use_query_map();
        let wanted = Memo::new(move |_| query.read().get("user").unwrap_or_default());
        let person = load(move || wanted.get(), |username| read_profile(username, 1));
        view! {
            <Loaded
                resource=person
                rejected=RepeatedChildren::to_children(move || fields(wanted.get_untracked(), None).into_view())
                let:person
            >
                {
                    if person.may_suspend {
                        fields(person.username, person.freeze).into_view().erased()
                    } else {
                        let error = if Member::is_frozen() { AppError::Frozen } else { AppError::RoleRequired };
                        view! { <ErrorPage error /> }.erased()
                    }
                }
            </Loaded>
        }
    };
    view! { <ModeratorsOnly>{ask()}</ModeratorsOnly> }
}
