//! Deciding whether a text waits for a moderator.

use std::collections::BTreeSet;

use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, sea_query::Expr};
use time::{Duration, OffsetDateTime};

use serde::{Deserialize, Serialize};

use super::{
    fingerprint::{self, Fingerprint},
    holding,
};
use crate::{
    Scope,
    markdown::linked_hosts,
    platform::{
        db::Transaction,
        entity::{comment, user},
    },
};
use shared::{
    error::AppError,
    model::{
        account::Role,
        site::SiteIdentity,
        trust::{
            FIRST_DAY_COMMENTS, HoldReason, NEW_LINKS, REGULAR_AFTER, SAME_HOST_PEOPLE, TRUSTED_AFTER,
            TrustLevel,
        },
    },
};

/// The time after the registration in which comments are counted.
const FIRST_DAY: Duration = Duration::hours(24);
/// The number of texts with the same fingerprint that are looked at.
const COMPARED: u64 = 100;
/// The number of hosts in a text that are compared with those in others.
const HOSTS: usize = 5;
/// The points with which a text seems to come from a program.
const AUTOMATED: u32 = 2;

/// A text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TextId {
    /// The post with this id.
    Post(i64),
    /// The comment with this id.
    Comment(i64),
}

/// A text that its author has just written or changed.
pub(crate) struct Written<'text> {
    /// The id of the author.
    pub author: i64,
    /// The text.
    pub text: TextId,
    /// Its sanitised HTML.
    pub html: &'text str,
    /// Whether it was not there before.
    pub is_new: bool,
    /// How much about the request suggests that a program has sent it.
    pub points: u32,
}

#[derive(FromQueryResult)]
struct Author {
    role: Role,
    trust: TrustLevel,
    created_at: OffsetDateTime,
}

/// Decides whether `written` waits for a moderator, and returns why. Nothing that moderators and regulars write does. Keeps its
/// fingerprints, and queues a job if texts of others have to wait as well; after the commit, call
/// [`Jobs::wake`](crate::jobs::Jobs::wake).
pub(crate) async fn assess(
    scope: &Scope,
    site: &SiteIdentity,
    transaction: &Transaction,
    written: Written<'_>,
) -> Result<Option<HoldReason>, AppError> {
    if !site.has_trust {
        return Ok(None);
    }
    let author: Option<Author> = user::Entity::find_by_id(written.author)
        .select_only()
        .columns([user::Column::Role, user::Column::Trust, user::Column::CreatedAt])
        .into_model()
        .one(transaction)
        .await?;
    let author = author.ok_or(AppError::SignInRequired)?;
    if author.role.moderates() || author.trust == TrustLevel::Regular {
        return Ok(None);
    }
    let now = scope.state.clock.now();
    let is_new_member = author.trust == TrustLevel::New;
    plan_check(transaction, written.author, &author, now).await?;
    let hosts = if is_new_member {
        linked_hosts(written.html, &scope.state.settings.site_url.host())
    } else {
        Vec::new()
    };
    let named: BTreeSet<&String> = hosts.iter().filter(|host| !host.is_empty()).collect();
    let of_hosts = named
        .into_iter()
        .take(HOSTS)
        .map(|host| Fingerprint::of_host(host));
    let (of_text, of_hosts) = (
        Fingerprint::of_text(written.html),
        of_hosts.collect::<BTreeSet<_>>(),
    );
    let is_repeated = is_repeated(transaction, of_text.as_ref(), written.author, now).await?;
    let others = others(transaction, &of_hosts, written.author, now).await?;
    let is_crowded =
        is_new_member && written.is_new && is_crowded(scope, transaction, &written, &author, now).await?;
    let fingerprints = of_hosts.into_iter().chain(of_text).collect();
    fingerprint::keep(transaction, written.author, written.text, fingerprints, now).await?;
    let points = written.points + u32::from(!hosts.is_empty());
    let reasons = [
        (hosts.len() > NEW_LINKS, HoldReason::Links),
        (is_crowded, HoldReason::FirstDay),
        (is_repeated, HoldReason::Repeated),
        (!others.is_empty(), HoldReason::SameHost),
        (written.points > 0 && points >= AUTOMATED, HoldReason::Automated),
    ];
    let reason = reasons.into_iter().find(|(applies, _)| *applies);
    if !others.is_empty() {
        holding::queue(scope, transaction, others).await?;
    }
    Ok(reason.map(|(_, reason)| reason))
}

/// Plans when the author's level is looked at, unless that is planned already: this text may earn a higher one.
async fn plan_check(
    transaction: &Transaction,
    id: i64,
    author: &Author,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let after = match author.trust {
        TrustLevel::New => TRUSTED_AFTER,
        TrustLevel::Trusted | TrustLevel::Regular => REGULAR_AFTER,
    };
    user::Entity::update_many()
        .col_expr(
            user::Column::TrustCheckAt,
            Expr::value((author.created_at + after).max(now)),
        )
        .filter(user::Column::Id.eq(id))
        .filter(user::Column::TrustCheckAt.is_null())
        .exec(transaction)
        .await?;
    Ok(())
}

/// Returns whether somebody other than `author` has sent the same text.
async fn is_repeated(
    transaction: &Transaction,
    text: Option<&Fingerprint>,
    author: i64,
    now: OffsetDateTime,
) -> Result<bool, AppError> {
    let Some(text) = text else {
        return Ok(false);
    };
    let sent = fingerprint::sent(transaction, text, now, COMPARED, false).await?;
    Ok(sent.iter().any(|sent| sent.user != author))
}

/// Returns the texts of others with links to one of `hosts`, if so many new members have linked to it that a moderator has to look
/// at them.
async fn others(
    transaction: &Transaction,
    hosts: &BTreeSet<Fingerprint>,
    author: i64,
    now: OffsetDateTime,
) -> Result<Vec<TextId>, AppError> {
    let mut found = Vec::new();
    for host in hosts {
        let mut sent = fingerprint::sent(transaction, host, now, COMPARED, true).await?;
        sent.retain(|sent| sent.user != author);
        let people: BTreeSet<i64> = sent.iter().map(|sent| sent.user).collect();
        if people.len() as u64 + 1 >= SAME_HOST_PEOPLE {
            found.extend(sent.into_iter().map(|sent| sent.text));
        }
    }
    Ok(found)
}

/// Returns whether `written` is a comment after the first ten on the first day of an account.
async fn is_crowded(
    scope: &Scope,
    transaction: &Transaction,
    written: &Written<'_>,
    author: &Author,
    now: OffsetDateTime,
) -> Result<bool, AppError> {
    let is_comment = matches!(written.text, TextId::Comment(_));
    if !is_comment || now - author.created_at >= FIRST_DAY || !scope.state.limits.are_on() {
        return Ok(false);
    }
    let first = comment::Entity::find()
        .select_only()
        .column(comment::Column::Id)
        .filter(comment::Column::AuthorId.eq(written.author))
        .limit(FIRST_DAY_COMMENTS + 1);
    let written: Vec<i64> = first.into_tuple().all(transaction).await?;
    Ok(written.len() as u64 > FIRST_DAY_COMMENTS)
}
