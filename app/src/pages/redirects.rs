//! The list of redirects from old addresses.

use leptos::{ev::SubmitEvent, html::Input, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

use super::{guard::AdministratorsOnly, loaded::Loaded, page_number::use_position};
use crate::{
    api::redirect::{Add, Delete, list},
    components::{
        flash_message::FlashContext,
        form::Form,
        keyset_pager::KeysetPager,
        post_button::{ActionProblem, PostButton, on_answer},
        section_nav::AdminNav,
        text_field::TextField,
        timestamp::Timestamp,
    },
    resource::load,
};
use shared::{
    error::AppError,
    forms::{
        Field, Form as _, grouped,
        redirect::{PATH_MAX, REDIRECTS_MAX},
    },
    model::{page::KeysetPage, position::Position, redirect::Redirect},
    paths,
};

/// All redirects, newest first, or the one from `?path=`, and the form to add one.
#[component]
pub fn RedirectsPage() -> impl IntoView {
    view! {
        <AdministratorsOnly>
            <AdminNav />
            <Redirects />
        </AdministratorsOnly>
    }
}

#[component]
fn Redirects() -> impl IntoView {
    let position = use_position();
    let query = use_query_map();
    let path = Memo::new(move |_| query.read().get("path").filter(|path| !path.is_empty()));
    let (add, delete) = (ServerAction::<Add>::new(), ServerAction::<Delete>::new());
    let problem = RwSignal::new(None);
    let redirects = load(
        move || {
            (
                position.get(),
                path.get(),
                add.version().get(),
                delete.version().get(),
            )
        },
        |(position, path, ..)| async move {
            match position {
                Some(Position::Newest) => list(None, path).await,
                Some(position) => list(Some(position.to_string()), path).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    on_answer(delete, problem, || {});
    let flash = use_context::<FlashContext>();
    let on_done = Callback::new(move |()| {
        flash.inspect(|flash| flash.check());
    });
    view! {
        <Form
            action=add
            check=|input: &Add| input.form.validate().map(drop)
            heading="Redirects"
            submit="Add redirect"
            on_done
        >
            <TextField
                field=Field::OldPath
                autocomplete="off"
                hint="An address that used to have a page, such as “/2015/03/news”."
            />
            <TextField
                field=Field::Target
                autocomplete="off"
                hint=format!("Where it leads: an address of this site, such as “/about”. At most {} redirects.", grouped(REDIRECTS_MAX))
            />
        </Form>
        <ActionProblem problem />
        <Search path />
        <Loaded resource=redirects let:page>
            <List page path=path.get_untracked() delete />
        </Loaded>
    }
}

/// The search for the redirect of one address.
#[component]
fn Search(path: Memo<Option<String>>) -> impl IntoView {
    let navigate = use_navigate();
    let input = NodeRef::<Input>::new();
    // The native submission would load a document.
    let search = move |event: SubmitEvent| {
        event.prevent_default();
        let path = input
            .get_untracked()
            .map(|input| input.value())
            .unwrap_or_default();
        let address = match path.trim() {
            "" => paths::REDIRECTS.to_owned(),
            path => paths::search_redirects(path),
        };
        navigate(&address, NavigateOptions::default());
    };
    view! {
        <form method="get" action=paths::REDIRECTS class="search" role="search" on:submit=search>
            <label for="path" class="visually-hidden">
                "Find an old address"
            </label>
            <input
                id="path"
                name="path"
                type="search"
                placeholder="Find an old address"
                maxlength=PATH_MAX.to_string()
                autocapitalize="none"
                spellcheck="false"
                autocomplete="off"
                value=path.get_untracked()
                node_ref=input
            />
            <button type="submit" class="button button-quiet">
                "Search"
            </button>
        </form>
    }
}

#[component]
fn List(page: KeysetPage<Redirect>, path: Option<String>, delete: ServerAction<Delete>) -> impl IntoView {
    let is_search = path.is_some();
    let empty = match path {
        Some(path) => format!("No redirect from “{path}”."),
        None => "There are no redirects yet.".to_owned(),
    };
    let is_empty = page.items.is_empty();
    let rows = page
        .items
        .into_iter()
        .map(|redirect| {
            let description = format!("Delete the redirect from {}", redirect.path);
            view! {
                <li class="row">
                    <div>
                        <p class="row-title redirect">
                            {redirect.path} " → " <a href=redirect.target.clone()>{redirect.target.clone()}</a>
                        </p>
                        <p class="row-facts">"Added " <Timestamp at=redirect.created_at minutes=true /></p>
                    </div>
                    <PostButton action=delete label="Delete" description field=("id", redirect.id.to_string()) />
                </li>
            }
        })
        .collect_view();
    view! {
        <p class="explore-summary" role="status">
            {is_empty.then_some(empty)} {is_search.then(|| view! { " " <a href=paths::REDIRECTS>"All redirects"</a> })}
        </p>
        <ul class="rows">{rows}</ul>
        <KeysetPager path=paths::REDIRECTS newer=page.newer older=page.older />
    }
}
