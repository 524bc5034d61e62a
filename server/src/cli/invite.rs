//! The commands that create, list and revoke invitations.

use domain::{
    Scope,
    accounts::invitations::{self, Created},
};
use serde_json::json;
use shared::{
    error::AppError,
    forms::{Form, invitation::InviteForm},
    model::invitation::Invitation,
};

use super::{CommandError, existing, plural::counted, shown};
use crate::config::{Config, InviteArguments, InviteCommand};

/// Runs `command`, or creates an invitation without one.
///
/// # Errors
/// Returns an error if the site cannot be opened, there is no such invitation, or the arguments are invalid.
pub async fn run(
    config: &Config,
    arguments: InviteArguments,
    command: Option<InviteCommand>,
) -> Result<(), CommandError> {
    let scope = Scope::command_line(existing(config).await?);
    match command {
        None => create(&scope, arguments).await,
        Some(InviteCommand::List { json }) => list(&scope, json).await,
        Some(InviteCommand::Revoke { id }) => revoke(&scope, id).await,
    }
}

async fn create(scope: &Scope, arguments: InviteArguments) -> Result<(), CommandError> {
    let number = |number: Option<u32>| number.map(|number| number.to_string());
    let form = InviteForm {
        role: arguments.role.name().to_owned(),
        email: arguments.email.unwrap_or_default(),
        uses: number(arguments.uses).unwrap_or_default(),
        days: number(arguments.days).unwrap_or_default(),
    };
    let new = form.validate().map_err(AppError::from)?;
    let email = new.email.clone();
    let created = invitations::create(scope, new).await?;
    match (created, email) {
        (Created::Link(secret), _) => println!("{}", invitations::link(scope, &secret)),
        (Created::Mailed | Created::Written, Some(email)) => {
            println!(
                "The invitation will be emailed to {} by the running site.",
                email.as_str()
            );
        }
        (Created::Mailed | Created::Written, None) => {}
    }
    Ok(())
}

async fn list(scope: &Scope, as_json: bool) -> Result<(), CommandError> {
    let invitations = invitations::list(scope).await?;
    if as_json {
        let open = invitations.open.iter().map(|invitation| {
            json!({
                "id": invitation.id,
                "role": invitation.role.name(),
                "email": invitation.email,
                "inviter": invitation.inviter,
                "uses_left": invitation.uses_left,
                "expires_at": shown(invitation.expires_at),
            })
        });
        let accepted = invitations
            .accepted
            .iter()
            .map(|person| json!({ "username": person.username, "inviter": person.inviter }));
        let (open, accepted): (Vec<_>, Vec<_>) = (open.collect(), accepted.collect());
        println!("{:#}", json!({ "open": open, "accepted": accepted }));
        return Ok(());
    }
    for invitation in &invitations.open {
        println!("{}", line(invitation));
    }
    for person in &invitations.accepted {
        println!("{} was invited by {}", person.username, person.inviter);
    }
    Ok(())
}

fn line(invitation: &Invitation) -> String {
    let people = counted(invitation.uses_left, "person", "people");
    let recipient = invitation.email.as_deref().unwrap_or(&people);
    format!(
        "{:>6}  {:<13}  until {}  {recipient}, invited by {}",
        invitation.id,
        invitation.role.name(),
        shown(invitation.expires_at),
        invitation.inviter.as_deref().unwrap_or("the command line"),
    )
}

async fn revoke(scope: &Scope, id: i64) -> Result<(), CommandError> {
    match invitations::revoke(scope, id).await {
        Ok(()) => {
            println!("Invitation {id} has been revoked.");
            Ok(())
        }
        Err(AppError::NotFound) => Err(CommandError::Wrong(format!("there is no invitation {id}"))),
        Err(error) => Err(error.into()),
    }
}
