//! The trash.

use leptos::prelude::*;

use crate::{
    api::post::{Restore, list_trash},
    components::{
        pager::Pager,
        post_button::{ActionProblem, PostButton, on_answer},
        section_nav::AccountNav,
        timestamp::Timestamp,
        title::PageTitle,
    },
    pages::{guard::MembersOnly, loaded::Loaded, page_number::use_page_number},
    resource::load,
    type_erasure::Erase,
};
use shared::{
    error::AppError,
    model::post::{TRASH_DAYS, TrashedPost},
    paths,
};

/// The deleted posts, each with a button that restores it.
#[component]
pub fn TrashPage() -> impl IntoView {
    view! {
        <MembersOnly>
            <AccountNav />
            <Trash />
        </MembersOnly>
    }
}

#[component]
fn Trash() -> impl IntoView {
    let number = use_page_number();
    let trash = load(
        move || number.get(),
        |number| async move {
            match number {
                Some(number) => list_trash(number).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    let restore = ServerAction::<Restore>::new();
    let problem = RwSignal::new(None);
    on_answer(restore, problem, || {});
    view! {
        <Loaded resource=trash let:page>
            {
                let is_empty = page.total == 0;
                let rows = page.items.into_iter().map(|post| view! { <Row post restore /> }).collect_view();
                view! {
                    <PageTitle text="Trash" />
                    <h1>"Trash"</h1>
                    <p class="lead">
                        {format!("Posts you delete stay here for {TRASH_DAYS} days, and nobody else can see them. ")}
                        "A post hidden by a moderator stays until it is shown again."
                    </p>
                    <ActionProblem problem />
                    {is_empty.then(|| view! { <p>"Your trash is empty."</p> })}
                    <ul class="rows">{rows}</ul>
                    <Pager path=paths::ACCOUNT_TRASH.to_owned() number=page.number pages=page.pages />
                }
            }
        </Loaded>
    }
}

#[component]
fn Row(post: TrashedPost, restore: ServerAction<Restore>) -> impl IntoView {
    let TrashedPost {
        id,
        title,
        deleted_at,
        goes_at,
        hidden_because,
    } = post;
    let is_hidden = hidden_because.is_some();
    let description = format!("Restore “{title}”");
    view! {
        <li class="row">
            <div>
                <p class="row-title">{title}</p>
                {match hidden_because {
                    Some(reason) => {
                        view! {
                            <p class="row-facts">
                                "Hidden by a moderator " <Timestamp at=deleted_at /> " · " {reason}
                            </p>
                        }
                            .erased()
                    }
                    None => {
                        view! {
                            <p class="row-facts">
                                "Deleted " <Timestamp at=deleted_at /> " · will be permanently deleted on " <Timestamp at=goes_at />
                            </p>
                        }
                            .erased()
                    }
                }}
            </div>
            {(!is_hidden)
                .then(|| {
                    view! { <PostButton action=restore label="Restore" description field=("id", id.to_string()) /> }
                })}
        </li>
    }
}
