//! Tests of trust in accounts, and of the texts that wait for a moderator.

use domain::{
    Scope,
    accounts::{
        administration,
        invitations::{self, Created, acceptance},
        settings,
    },
    comments::{self, CommentLink, Drift},
    jobs, moderation,
    platform::{
        entity::{fingerprint, user},
        limit::Limited,
    },
    posts::{self, Published, author, feed, held, unlisted},
    trust,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, PaginatorTrait};
use shared::{
    error::AppError,
    forms::{
        Form,
        comment::{CommentForm, EditedComment, nonce},
        invitation::InviteForm,
        post::PostForm,
    },
    model::{
        account::{Role, Viewer},
        comment::{Comment, CommentState},
        position::Position,
        post::{DraftTarget, Hold, Visibility},
        site::{RegistrationMode, Setting},
        trust::{HoldReason, Standing, TrustLevel, TrustReason},
    },
};
use time::Duration;

use crate::site::{Site, registration};

mod holding;
mod levels;
mod links;

/// Returns a site with limits, the moderator "mary", and the scope of the latter.
async fn moderated() -> (Site, Scope, Viewer) {
    let site = Site::with(
        RegistrationMode::Open,
        Limited::SETTINGS.map(|_, _| "10000/1m".parse().unwrap()),
    )
    .await;
    site.member("mary").await;
    administration::set_role(&site.command_line(), "mary", Role::Moderator)
        .await
        .unwrap();
    let scope = site.signed_in("mary").await;
    let mary = scope.require_viewer().await.unwrap();
    (site, scope, mary)
}

async fn publish(site: &Site, author: &Viewer, content: &str) -> Published {
    let form = PostForm {
        title: "On mills".to_owned(),
        content: content.to_owned(),
        ..PostForm::default()
    };
    let new = form.validate().unwrap();
    posts::publish(&site.visitor(), author, DraftTarget::default(), new)
        .await
        .unwrap()
}

/// Returns a form that was opened a minute ago.
fn form(site: &Site, post: i64, content: &str) -> CommentForm {
    CommentForm {
        post,
        nonce: nonce(
            site.state.clock.now() - Duration::minutes(1),
            &content.len().to_string(),
        ),
        content: content.to_owned(),
        ..CommentForm::default()
    }
}

async fn send(site: &Site, author: &Viewer, form: CommentForm) -> CommentLink {
    comments::create(&site.visitor(), author, form.validate().unwrap())
        .await
        .unwrap()
}

async fn say(site: &Site, author: &Viewer, post: i64, content: &str) -> CommentLink {
    send(site, author, form(site, post, content)).await
}

async fn read(scope: &Scope, comment: i64) -> Comment {
    comments::read(scope, comment, None).await.unwrap().comment
}

async fn standing(site: &Site, name: &str) -> Option<Standing> {
    let scope = site.signed_in(name).await;
    let viewer = scope.require_viewer().await.unwrap();
    settings::read(&scope, &viewer).await.unwrap().standing
}

const fn level(level: TrustLevel, reason: TrustReason) -> Standing {
    Standing { level, reason }
}

/// Sets the level of `person`.
async fn set_level(site: &Site, person: &Viewer, level: TrustLevel) {
    let row = user::ActiveModel {
        id: Set(person.id),
        trust: Set(level),
        ..Default::default()
    };
    row.update(site.state.db.writer()).await.unwrap();
}
