//! The tokens in mails.

use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};

use super::Person;
use crate::{
    AppState,
    jobs::Job,
    mail::outbox::Outbox,
    platform::{
        digest,
        entity::{invitation, token},
        token::{Holder, Purpose, issue, prolong},
    },
};
use shared::{error::AppError, forms::Secret};

/// The tokens of the mail that a job sends to an address.
pub(super) struct Tokens<'a>(
    pub(super) &'a AppState,
    pub(super) &'a Outbox,
    pub(super) &'a Job,
    pub(super) &'a str,
);

impl Tokens<'_> {
    /// Returns the token of the mail with its full lifetime. Every attempt to send the mail uses the same token.
    pub(super) async fn issue(
        &self,
        purpose: Purpose,
        user_id: Option<i64>,
        data: String,
    ) -> Result<Secret, AppError> {
        let Self(state, outbox, job, recipient) = *self;
        let (db, now) = (state.db.writer(), state.clock.now());
        if let Some(token) = outbox.token(job.id)
            && prolong(db, now, purpose, &token).await?
        {
            return Ok(token);
        }
        let email = recipient.to_owned();
        let token = issue(db, now, purpose, Holder { user_id, email, data }).await?;
        outbox.keep_token(job.id, token.clone());
        Ok(token)
    }

    /// Gives the invitation with this `id` the token of the mail. Returns `None` if it cannot be used any more. Only a
    /// token that was mailed proves the address.
    pub(super) async fn of_invitation(
        &self,
        id: i64,
    ) -> Result<Option<(invitation::Model, Secret)>, AppError> {
        let Self(state, outbox, job, recipient) = *self;
        let token = match outbox.token(job.id) {
            Some(token) => token,
            None => Secret::from(digest::random::<32>()?.as_str()),
        };
        let hash = digest::sha256(token.expose());
        let given = invitation::Entity::update_many()
            .col_expr(invitation::Column::Hash, Expr::value(hash.as_str()))
            .filter(invitation::Column::Id.eq(id))
            .filter(invitation::Column::Email.eq(recipient))
            .filter(invitation::Column::UsesLeft.gt(0))
            .filter(invitation::Column::ExpiresAt.gt(state.clock.now()))
            .exec(state.db.writer())
            .await?;
        if given.rows_affected == 0 {
            return Ok(None);
        }
        outbox.keep_token(job.id, token.clone());
        let row = invitation::Entity::find_by_id(id).one(state.db.writer()).await?;
        Ok(row.map(|row| (row, token)))
    }

    /// Issues a token to reset the password and revokes those of earlier requests. Returns `None` if there was a later
    /// request.
    pub(super) async fn newest(&self, owner: &Person) -> Result<Option<Secret>, AppError> {
        let Self(state, _, job, _) = *self;
        // Zero-padded ids, so that the strings sort like the numbers.
        let number = format!("{:020}", job.id);
        let of_owner = |those| {
            Condition::all()
                .add(token::Column::UserId.eq(owner.id))
                .add(token::Column::Purpose.eq(Purpose::ResetPassword.name()))
                .add(those)
        };
        let newer: Option<String> = token::Entity::find()
            .select_only()
            .column(token::Column::Hash)
            .filter(of_owner(token::Column::Data.gt(number.as_str())))
            .into_tuple()
            .one(state.db.reader())
            .await?;
        if newer.is_some() {
            return Ok(None);
        }
        token::Entity::delete_many()
            .filter(of_owner(token::Column::Data.lt(number.as_str())))
            .exec(state.db.writer())
            .await?;
        let token = self.issue(Purpose::ResetPassword, Some(owner.id), number).await?;
        Ok(Some(token))
    }
}
