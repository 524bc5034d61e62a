//! Import of redirects.

use sea_orm::{EntityTrait, PaginatorTrait};

use super::Counted;
use crate::data::interchange::Redirect;
use crate::{Scope, platform::entity::redirect, redirects::add_in};
use shared::{
    error::AppError,
    forms::{
        FieldErrors, Form,
        redirect::{REDIRECTS_MAX, RedirectForm},
    },
};

/// Adds the redirects from addresses that have none yet.
///
/// # Errors
///
/// Returns an error if the database cannot be reached. None of the redirects is added then.
pub async fn redirects(scope: &Scope, redirects: Vec<Redirect>) -> Result<Counted, AppError> {
    let mut counted = Counted::default();
    let transaction = scope.state.db.begin().await?;
    let mut count = redirect::Entity::find().count(&transaction).await?;
    for incoming in redirects {
        let form = RedirectForm {
            old_path: incoming.path.clone(),
            target: incoming.target,
        };
        let added = match form.validate() {
            Ok(new) => {
                let at = super::moment(incoming.created_at);
                add_in(&transaction, new, at, count < REDIRECTS_MAX as u64).await
            }
            Err(errors) => Err(errors.into()),
        };
        match added {
            Ok(is_new) => {
                counted.count(is_new);
                count += u64::from(is_new);
            }
            Err(AppError::Invalid(errors)) => refuse(&mut counted, incoming.path, &errors),
            Err(error) => return Err(error),
        }
    }
    scope.state.db.commit(transaction).await?;
    Ok(counted)
}

fn refuse(counted: &mut Counted, path: String, errors: &FieldErrors) {
    let error = errors.iter().next().copied();
    counted.refused.extend(error.map(|error| (path, error)));
}
