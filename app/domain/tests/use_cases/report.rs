//! Tests of reports, cases, decisions and appeals.

use domain::{
    Scope,
    accounts::administration,
    comments::{self, Drift},
    decisions,
    moderation::{self, appeals, cases, reports},
    platform::{
        entity::{decision, report, user},
        limit::Limited,
    },
    posts::{self, trash},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use shared::{
    error::AppError,
    forms::{
        Field, FieldErrors, FieldProblem, Form,
        comment::{CommentForm, HiddenComment},
        moderation::{FreezeForm, HideForm, SuspendForm},
        post::PostForm,
        report::{AppealForm, DecideAppealForm, DecidedAppeal, NewAppeal, NewReport, ReportForm, WarnForm},
    },
    model::{
        account::{Role, Viewer},
        comment::CommentState,
        decision::{Act, DecisionCard, Ground, ReportTarget},
        moderation::Moderation,
        position::Position,
        post::{DraftTarget, Visibility},
        site::RegistrationMode,
        trust::{HoldReason, TrustLevel, TrustReason},
    },
};
use time::Duration;

use crate::site::Site;

mod appeal;
mod case;

async fn moderator(site: &Site, name: &str) -> (Scope, Viewer) {
    site.member(name).await;
    administration::set_role(&site.command_line(), name, Role::Moderator)
        .await
        .unwrap();
    let scope = site.signed_in(name).await;
    let viewer = scope.require_viewer().await.unwrap();
    (scope, viewer)
}

/// A site with the members ada, grace and linus, and the moderators mary and joan.
struct Scene {
    site: Site,
    ada: Viewer,
    grace: Viewer,
    mary: (Scope, Viewer),
    joan: (Scope, Viewer),
}

impl Scene {
    async fn new() -> Self {
        Self::on(Site::new().await).await
    }

    async fn on(site: Site) -> Self {
        let (ada, grace) = (site.member("ada").await, site.member("grace").await);
        site.member("linus").await;
        let (mary, joan) = (moderator(&site, "mary").await, moderator(&site, "joan").await);
        site.mails().await;
        Self {
            site,
            ada,
            grace,
            mary,
            joan,
        }
    }

    async fn post(&self) -> i64 {
        self.post_called("On mills").await
    }

    async fn post_called(&self, title: &str) -> i64 {
        let form = PostForm {
            title: title.to_owned(),
            content: "They turn.".to_owned(),
            ..PostForm::default()
        };
        let new = form.validate().unwrap();
        let published = posts::publish(&self.site.visitor(), &self.ada, DraftTarget::default(), new).await;
        published.unwrap().id
    }

    /// Comments on `post` as grace.
    async fn comment(&self, post: i64) -> i64 {
        self.say(post, "Nonsense").await
    }

    async fn comment_again(&self, post: i64) -> i64 {
        self.say(post, "More nonsense").await
    }

    async fn say(&self, post: i64, content: &str) -> i64 {
        let form = CommentForm {
            post,
            content: content.to_owned(),
            ..CommentForm::default()
        };
        let said = comments::create(&self.site.visitor(), &self.grace, form.validate().unwrap()).await;
        said.unwrap().id
    }

    async fn overview(&self) -> Moderation {
        moderation::overview(&self.mary.0, &self.mary.1, Position::Newest)
            .await
            .unwrap()
    }

    async fn decisions(&self, of: &Viewer) -> Vec<DecisionCard> {
        decisions::of_viewer(&self.site.visitor(), of).await.unwrap()
    }
}

fn report(target: ReportTarget, content: &str) -> NewReport {
    NewReport {
        target,
        ground: Ground::Spam,
        content: content.to_owned(),
        email: None,
    }
}

fn hidden(comment: i64) -> HiddenComment {
    HiddenComment {
        comment,
        ground: Ground::Harassment,
        reason: "It insults her".to_owned(),
    }
}

fn appeal(decision: i64, content: &str) -> NewAppeal {
    let form = AppealForm {
        decision,
        appeal_content: content.to_owned(),
    };
    form.validate().unwrap()
}

fn decided(decision: i64, outcome: &str) -> DecidedAppeal {
    let form = DecideAppealForm {
        decision,
        outcome: outcome.to_owned(),
        reason: "You are right".to_owned(),
    };
    form.validate().unwrap()
}
