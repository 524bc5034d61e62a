//! The editor for static pages.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::static_page::{Create, Update, open},
    components::{
        form::{Form, FormContext, has_submission},
        posted::Posted,
        section_nav::AdminNav,
        skeleton::Skeleton,
        text_area::escaped,
        text_field::TextField,
    },
    page_links::PageLinksContext,
    pages::{
        error_page::ErrorPage,
        guard::AdministratorsOnly,
        post::editor::{KeptText, PlainHtml, PlainPreview, TextEditor, load_plain_preview},
        query,
    },
    resource::load,
    type_erasure::Erase,
};
use shared::{
    error::AppError,
    forms::{
        Field, Form as _,
        post::{CONTENT_MAX, CONTENT_MAX_FIELD, Intent, TITLE_MAX},
        static_page::{ADDRESS_MAX, StaticPageForm},
    },
    model::{
        post::EditorDocument,
        static_page::{Place, StaticPageDocument},
    },
};

/// The id of the button that saves without publishing.
const SAVE: &str = "save-page";

/// A server function that receives a static page.
trait Written: Posted {
    /// Returns the form.
    fn form(&self) -> &StaticPageForm;
}

impl Written for Create {
    fn form(&self) -> &StaticPageForm {
        &self.form
    }
}

impl Written for Update {
    fn form(&self) -> &StaticPageForm {
        &self.form
    }
}

/// The editor for a new page.
#[component]
pub fn NewStaticPage() -> impl IntoView {
    view! {
        <AdministratorsOnly>
            <AdminNav />
            <New />
        </AdministratorsOnly>
    }
}

#[component]
fn New() -> impl IntoView {
    let plain = load_plain_preview();
    view! {
        <Suspense fallback=Skeleton>
            {move || Suspend::new(async move {
                let action = ServerAction::<Create>::new();
                let document = StaticPageDocument::default();
                view! { <WriteForm action document plain=plain.await heading="New page" query=String::new() /> }
            })}
        </Suspense>
    }
}

/// The editor for the page in the URL.
#[component]
pub fn UpdateStaticPage() -> impl IntoView {
    view! {
        <AdministratorsOnly>
            <AdminNav />
            <Change />
        </AdministratorsOnly>
    }
}

#[component]
fn Change() -> impl IntoView {
    let id = query::number("id");
    let document = load(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => open(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    let plain = load_plain_preview();
    let write = move |document, plain| {
        let action = ServerAction::<Update>::new();
        let query = id
            .get_untracked()
            .map(|id| format!("?id={id}"))
            .unwrap_or_default();
        view! { <WriteForm action document plain heading="Update page" query /> }.erased()
    };
    view! {
        <Suspense fallback=Skeleton>
            {move || Suspend::new(async move {
                let plain = plain.await;
                match document.await {
                    Ok(document) => write(document, plain),
                    // The submitted text is shown whatever has happened to the page.
                    Err(_) if has_submission() => write(StaticPageDocument::default(), plain),
                    Err(error) => view! { <ErrorPage error /> }.erased(),
                }
            })}
        </Suspense>
    }
}

/// The form around the editor with its buttons.
#[component]
fn WriteForm<S>(
    /// The server function.
    action: ServerAction<S>,
    /// The page on the site.
    document: StaticPageDocument,
    /// The preview of a submission without JavaScript.
    plain: PlainHtml,
    /// The heading and title of the page.
    heading: &'static str,
    /// The query of the page's URL.
    query: String,
) -> impl IntoView
where
    S: Written,
{
    let is_published = document.is_published;
    let version = RwSignal::new(document.version);
    let links = use_context::<PageLinksContext>();
    let kept = KeptText::at(&format!("{}{query}", S::PATH), version);
    Effect::new(move |_| {
        if matches!(*action.value().read(), Some(Ok(()))) {
            kept.forget();
            links.inspect(PageLinksContext::check_again);
        }
    });
    let submit = if is_published {
        "Publish changes"
    } else {
        "Publish"
    };
    let buttons = move || {
        view! {
            {(!is_published)
                .then(|| {
                    view! {
                        <button
                            type="submit"
                            id=SAVE
                            class="button button-quiet"
                            name=Intent::FIELD
                            value=Intent::Save.name()
                        >
                            "Save draft"
                        </button>
                    }
                })}
            <button
                type="submit"
                class="button button-quiet no-scripting"
                name=Intent::FIELD
                value=Intent::Preview.name()
            >
                "Preview"
            </button>
        }
    };
    view! {
        <Form action check=|input: &S| input.form().validate().map(drop) heading submit query buttons>
            <PlainPreview html=plain />
            <Fields document version kept />
        </Form>
    }
}

#[component]
fn Fields(
    /// The page on the site.
    document: StaticPageDocument,
    /// The version that submitting the form replaces.
    version: RwSignal<i64>,
    /// Where the text is kept until it is saved.
    kept: KeptText,
) -> impl IntoView {
    let form = use_context::<FormContext>();
    let typed = |name| form.and_then(|form| form.typed(name));
    let problem = form.map_or_else(|| RwSignal::new(None), FormContext::problem);
    let is_conflict = matches!(*problem.read_untracked(), Some(AppError::Conflict));
    let id = document.id.or_else(|| typed("id")?.parse().ok());
    let typed_version = typed("version").and_then(|version| version.parse().ok());
    // After a conflict, submitting again replaces the version that is shown.
    typed_version
        .filter(|_| !is_conflict)
        .inspect(|typed| version.set(*typed));
    let other = RwSignal::new(is_conflict.then(|| document.clone()));
    Effect::new(move |before: Option<()>| {
        let is_conflict = matches!(*problem.read(), Some(AppError::Conflict));
        if let (Some(()), true, Some(id)) = (before, is_conflict, id) {
            spawn_local(async move {
                if let Ok(latest) = open(id).await {
                    version.try_set(latest.version);
                    other.try_set(Some(latest));
                }
            });
        }
    });
    let is_longer = document.content_max > CONTENT_MAX;
    let content_max = is_longer.then(|| document.content_max.to_string());
    let text = EditorDocument {
        content: document.content,
        content_max: document.content_max,
        ..EditorDocument::default()
    };
    // Without a button that only saves, there is nothing for the shortcut to do.
    let save = Callback::new(|()| crate::components::press(SAVE));
    let [title, address] = [NodeRef::new(), NodeRef::new()];
    view! {
        {move || other.get().map(|page| view! { <OtherVersion page /> })}
        {id.map(|id| view! { <input type="hidden" name="id" value=id.to_string() /> })}
        <input type="hidden" name="version" value=move || version.get().to_string() />
        {content_max.map(|most| view! { <input type="hidden" name=CONTENT_MAX_FIELD value=most /> })}
        <TextEditor document=text save kept lines=[title, address]>
            <TextField
                field=Field::Title
                hint=format!("At most {TITLE_MAX} characters.")
                value=document.title.clone()
                node_ref=title
            />
            <TextField
                field=Field::Address
                autocomplete="off"
                hint=format!("What follows the first “/”, such as “imprint”: a–z, 0–9 and “-”, at most {ADDRESS_MAX} characters.")
                value=document.slug.clone()
                node_ref=address
            />
            <PlaceField place=document.place />
        </TextEditor>
    }
}

/// Where the page is linked.
#[component]
fn PlaceField(place: Place) -> impl IntoView {
    let field = Field::Place;
    let typed = use_context::<FormContext>().and_then(|form| form.typed(field.name()));
    let chosen = typed.and_then(|name| Place::named(&name)).unwrap_or(place);
    let options = Place::ALL.map(|place| {
        view! {
            <option value=place.name() selected=place == chosen>
                {place.label()}
            </option>
        }
    });
    view! {
        <div class="field">
            <label for=field.name()>{field.label()}</label>
            <select id=field.name() name=field.name()>
                {options}
            </select>
        </div>
    }
}

/// The version that somebody else has saved meanwhile.
#[component]
fn OtherVersion(page: StaticPageDocument) -> impl IntoView {
    view! {
        <section class="other-text" aria-labelledby="other-text">
            <h2 id="other-text" tabindex="-1">
                "This was changed elsewhere"
            </h2>
            <p class="other-text-title" dir="auto">
                {page.title}
            </p>
            <p class="other-text-saved">"Address: /" {page.slug} " · Link: " {page.place.label()}</p>
            <textarea readonly rows="8" aria-label="The other text" inner_html=escaped(&page.content)></textarea>
            <p>"To replace it by the text in the form below, send the form again."</p>
        </section>
    }
}
