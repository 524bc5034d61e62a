//! Setting up a new site in a few steps.

use leptos::{children::ToChildren, prelude::*};
use leptos_router::hooks::use_query_map;

use super::{
    settings::{RegistrationSetting, TextSetting},
    values::{Values, show_conflicts},
};
use crate::{
    api::{
        setup::{SendTestMail, SetUp, read_mail_setup},
        site::read_site_settings,
    },
    components::{
        form::Form,
        post_button::{ActionProblem, PostButton, on_answer},
        title::PageTitle,
    },
    http,
    pages::{guard::AdministratorsOnly, loaded::Loaded},
    resource::load,
    type_erasure::{Erase, RepeatedChildren},
};
use shared::{
    forms::{Form as _, setup::SetupStep},
    model::{
        mail::MailSetup,
        site::{Setting, SettingValues},
    },
    paths,
};

/// The step in the query of the address.
#[component]
pub fn SetupPage() -> impl IntoView {
    let query = use_query_map();
    let step = Memo::new(move |_| SetupStep::named(&query.read().get("step").unwrap_or_default()));
    view! {
        <AdministratorsOnly>
            {move || {
                let step = step.get();
                view! {
                    <Progress step />
                    {match step {
                        SetupStep::Mail => view! { <Mail /> }.erased(),
                        step => view! { <Settings step /> }.erased(),
                    }}
                }
            }}
        </AdministratorsOnly>
    }
}

/// The number of the step, and links to the others.
#[component]
fn Progress(step: SetupStep) -> impl IntoView {
    let steps = SetupStep::ALL.map(|other| {
        view! {
            <li>
                <a href=paths::setup(other) aria-current=(other == step).then_some("step")>
                    {other.heading()}
                </a>
            </li>
        }
    });
    view! {
        <nav class="section-nav" aria-label="Steps">
            <ol>
                <li>"Account (done)"</li>
                {steps.into_iter().collect_view()}
            </ol>
        </nav>
    }
}

#[component]
fn Settings(step: SetupStep) -> impl IntoView {
    let settings = load(|| (), |()| read_site_settings());
    view! {
        <Loaded
            resource=settings
            rejected=RepeatedChildren::to_children(move || view! { <Fields step current=SettingValues::default() /> })
            let:current
        >
            <Fields step current />
        </Loaded>
    }
}

#[component]
fn Fields(step: SetupStep, current: SettingValues) -> impl IntoView {
    let action = ServerAction::<SetUp>::new();
    // Every page shows some of the settings, so the next step is loaded as a whole document.
    let on_done = Callback::new(move |()| http::load(&next(step)));
    let query = paths::setup(step).replacen(paths::SETUP, "", 1);
    view! {
        <Form
            action
            on_done
            check=|input| input.form.validate().map(drop)
            heading=step.heading()
            submit="Save and continue"
            query
            buttons=move || view! { <a class="button button-quiet" href=next(step)>"Skip"</a> }
        >
            <p class="lead">{position(step)} " You can change this at any time under Administration."</p>
            <input type="hidden" name="step" value=step.name() />
            <StepFields step current />
        </Form>
    }
}

/// Returns the address of the step after this one.
fn next(step: SetupStep) -> String {
    paths::setup_after(step)
}

/// Returns the sentence that says which of the steps this is.
fn position(step: SetupStep) -> String {
    format!("Step {} of {}.", step.number(), SetupStep::ALL.len() + 1)
}

#[component]
fn StepFields(step: SetupStep, current: SettingValues) -> impl IntoView {
    let values = Values::provide(current);
    show_conflicts(values);
    view! {
        <input type="hidden" name="base" value=move || values.base() />
        {match step {
            SetupStep::Registration => {
                view! {
                    <RegistrationSetting />
                    <TextSetting setting=Setting::PostsPerPage kind="number" />
                }
                    .erased()
            }
            _ => {
                view! {
                    <TextSetting setting=Setting::SiteName />
                    <TextSetting
                        setting=Setting::SiteDescription
                        optional=true
                        hint="Shown on the home page, in feeds and to search engines."
                    />
                }
                    .erased()
            }
        }}
    }
}

/// The last step: how mail is sent.
#[component]
fn Mail() -> impl IntoView {
    let setup = load(|| (), |()| read_mail_setup());
    let test = ServerAction::<SendTestMail>::new();
    let problem = RwSignal::new(None);
    on_answer(test, problem, move || setup.refetch());
    let heading = SetupStep::Mail.heading();
    view! {
        <PageTitle text=heading />
        <h1>{heading}</h1>
        <p class="lead">{position(SetupStep::Mail)}</p>
        <ActionProblem problem />
        <Loaded resource=setup let:setup>
            <MailFacts setup />
            <div class="form-buttons">
                <PostButton action=test label="Send me a test email" />
                <a class="button" href=paths::ADMIN>
                    "Finish"
                </a>
            </div>
        </Loaded>
    }
}

#[component]
fn MailFacts(setup: MailSetup) -> impl IntoView {
    let server = match setup.server {
        Some(server) => view! {
            <p>"Emails are sent by the server " <code>{server}</code> ", from " <code>{setup.from}</code> "."</p>
        }
        .erased(),
        None => view! {
            <p>
                "No mail server is set up, so nobody receives emails: they are written to files in the folder "
                <code>"mail"</code> " of the data folder. People cannot reset their passwords, and invited moderators do not get their links."
            </p>
            <p>
                "Whoever runs the server sets " <code>"BROADSHEET_SMTP_URL"</code> " in the environment, or "
                <code>"smtp_url"</code> " in the configuration file, and starts the program again, for example with "
                <code>"smtps://user:password@mail.example.org"</code> ". " <code>"BROADSHEET_MAIL_FROM"</code>
                " is the sender, now " <code>{setup.from}</code> "."
            </p>
        }
        .erased(),
    };
    view! {
        {server}
        {setup
            .error
            .map(|error| {
                view! {
                    <section class="notice" aria-label="Problem with email">
                        <p>"The last email to you has not been sent yet: " {error}</p>
                    </section>
                }
            })}
    }
}
