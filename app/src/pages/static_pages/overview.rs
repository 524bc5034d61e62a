//! The list of all static pages.

use leptos::prelude::*;

use super::delete::explanation;
use crate::{
    api::static_page::{Delete, Publish, Unpublish, list},
    components::{
        dialog::DialogLink,
        empty_list::EmptyList,
        keyset_pager::KeysetPager,
        post_button::{ActionProblem, PostButton, on_answer},
        section_nav::AdminNav,
        timestamp::Timestamp,
        title::PageTitle,
    },
    page_links::PageLinksContext,
    pages::{guard::AdministratorsOnly, loaded::Loaded, page_number::use_position},
    resource::load,
    type_erasure::Erase,
};
use shared::{
    error::AppError,
    model::{
        position::Position,
        static_page::{Place, StaticPageCard},
    },
    paths,
};

/// All static pages, those that were changed last first.
#[component]
pub fn StaticPagesPage() -> impl IntoView {
    view! {
        <AdministratorsOnly>
            <AdminNav />
            <Overview />
        </AdministratorsOnly>
    }
}

/// The changes that are made from the list.
#[derive(Clone, Copy)]
struct Actions {
    publish: ServerAction<Publish>,
    unpublish: ServerAction<Unpublish>,
    delete: ServerAction<Delete>,
}

#[component]
fn Overview() -> impl IntoView {
    let position = use_position();
    let actions = Actions {
        publish: ServerAction::new(),
        unpublish: ServerAction::new(),
        delete: ServerAction::new(),
    };
    let problem = RwSignal::new(None);
    let versions = move || {
        (
            actions.publish.version().get(),
            actions.unpublish.version().get(),
            actions.delete.version().get(),
        )
    };
    let pages = load(
        move || (position.get(), versions()),
        |(position, _)| async move {
            match position {
                Some(Position::Newest) => list(None).await,
                Some(position) => list(Some(position.to_string())).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    on_answer(actions.publish, problem, || {});
    on_answer(actions.unpublish, problem, || {});
    on_answer(actions.delete, problem, || {});
    let links = use_context::<PageLinksContext>();
    Effect::new(move |before: Option<()>| {
        versions();
        if before.is_some() {
            links.inspect(PageLinksContext::check_again);
        }
    });
    view! {
        <PageTitle text="Pages" />
        <h1>"Pages"</h1>
        <ActionProblem problem />
        <Loaded resource=pages let:pages>
            {
                let is_empty = pages.pages.items.is_empty();
                let rows = pages.pages.items.into_iter().map(|page| view! { <Row page actions /> }).collect_view();
                view! {
                    <Moved pages=pages.moved />
                    {if is_empty {
                        view! { <EmptyList text="There are no pages yet." path=paths::NEW_STATIC_PAGE label="Write a page" /> }
                            .erased()
                    } else {
                        view! {
                            <p>
                                <a class="button" href=paths::NEW_STATIC_PAGE>
                                    "New page"
                                </a>
                            </p>
                            <ul class="rows">{rows}</ul>
                        }
                            .erased()
                    }}
                    <KeysetPager path=paths::STATIC_PAGES newer=pages.pages.newer older=pages.pages.older />
                }
            }
        </Loaded>
    }
}

/// The notice about pages whose addresses the site itself uses by now.
#[component]
fn Moved(pages: Vec<StaticPageCard>) -> impl IntoView {
    let rows = pages.into_iter().map(|page| {
        view! {
            <li>
                <a href=paths::update_static_page(page.id)>{page.title.clone()}</a>
                " moved from /"
                {page.slug.clone()}
                " to "
                {page.path()}
            </li>
        }
    });
    let rows = rows.collect::<Vec<_>>();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="notice" aria-label="Pages that have moved">
                <p>
                    "The site itself now uses the addresses of these pages. Give them other addresses, or leave them where they are."
                </p>
                <ul>{rows}</ul>
            </section>
        }
    })
}

#[component]
fn Row(page: StaticPageCard, actions: Actions) -> impl IntoView {
    let (id, path) = (page.id, page.path());
    let title = page.title.clone();
    let field = ("id", id.to_string());
    let place = match page.place {
        Place::None => "",
        Place::Bar => " · In the bar at the top",
        Place::Footer => " · In the footer",
    };
    let shown = if page.is_published {
        view! { <a href=path.clone()>{path.clone()}</a> }.erased()
    } else {
        path.erased()
    };
    let publish = if page.is_published {
        let description = format!("Unpublish “{title}”");
        view! { <PostButton action=actions.unpublish label="Unpublish" description field=field.clone() /> }
            .erased()
    } else {
        let description = format!("Publish “{title}”");
        view! { <PostButton action=actions.publish label="Publish" description field=field.clone() /> }
            .erased()
    };
    view! {
        <li class="row">
            <div>
                <p class="row-title">
                    <a href=paths::update_static_page(id) dir="auto">
                        {title.clone()}
                    </a>
                    {(!page.is_published).then(|| view! { " " <span class="badge">"Draft"</span> })}
                </p>
                <p class="row-facts">{shown} {place} " · Changed " <Timestamp at=page.updated_at minutes=true /></p>
            </div>
            <div class="row-buttons">
                {publish}
                <DialogLink
                    href=paths::delete_static_page(id)
                    label="Delete"
                    description=format!("Delete “{title}”")
                    heading="Delete this page?"
                    subject=title
                    explanation=explanation()
                >
                    <PostButton action=actions.delete label="Delete page" field=field.clone() dangerous=true />
                </DialogLink>
            </div>
        </li>
    }
}
