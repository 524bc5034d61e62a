//! The history of a post.

use leptos::{form::ActionForm, prelude::*};
use leptos_router::hooks::use_query_map;

use self::erase::EraseButton;
use crate::{
    api::history::{EraseVersion, HideHistory, RestoreVersion, ShowHistory, read},
    components::{
        dialog::DialogLink,
        post_button::{ActionProblem, PostButton, on_answer, problem_of},
        timestamp::Timestamp,
        title::PageTitle,
    },
    pages::loaded::Loaded,
    resource::load,
    type_erasure::Erase,
};
use shared::{
    error::AppError,
    model::history::{Change, Difference, Passage, PostHistory, PostVersion, Segment},
    paths,
};

/// Erasing an earlier version.
pub mod erase;

/// The versions of the post in the URL, and the difference between two of them.
#[component]
pub fn HistoryPage() -> impl IntoView {
    let query = use_query_map();
    let number = move |name: &str| {
        query
            .read()
            .get(name)
            .and_then(|number| number.parse::<i64>().ok())
    };
    let wanted = Memo::new(move |_| (number("post"), number("from"), number("to"), number("since")));
    let history = load(
        move || wanted.get(),
        |(post, from, to, since)| async move {
            match post {
                Some(post) => read(post, from, to, since).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    let refetch = Callback::new(move |()| history.refetch());
    view! {
        <Loaded resource=history let:history>
            <History history refetch />
        </Loaded>
    }
}

#[component]
fn History(history: PostHistory, refetch: Callback<()>) -> impl IntoView {
    let PostHistory {
        post,
        title,
        versions,
        difference,
        is_public,
        may_change,
        may_moderate,
    } = history;
    let id = post.id;
    let present = versions.first().map_or(0, |version| version.number);
    let shown = difference.to;
    let note = versions.iter().find(|version| version.number == shown);
    let note = note
        .map(|version| version.note.clone())
        .filter(|note| !note.is_empty());
    let changes = (may_change && shown != present).then(|| {
        view! {
            <div class="post-tools">
                <RestoreButton post=id number=shown present />
                <EraseLink post=id number=shown />
            </div>
        }
    });
    let moderation = (may_moderate && shown != present).then(|| {
        view! {
            <div class="post-tools">
                <a class="button button-quiet" href=paths::erase_version_of_other(id, shown)>
                    "Erase version "
                    {shown}
                </a>
            </div>
        }
    });
    let rows = versions
        .into_iter()
        .map(|version| view! { <Row post=id version shown present /> })
        .collect_view();
    view! {
        <PageTitle text=format!("History of {title}") />
        <h1>"History"</h1>
        <p class="lead">
            <a href=paths::post(&post) dir="auto">
                {title}
            </a>
        </p>
        <section aria-labelledby="changes">
            <h2 id="changes">{heading(&difference)}</h2>
            {note.map(|note| view! { <p dir="auto">{note}</p> })}
            <Changes difference />
            {changes}
            {moderation}
        </section>
        <section aria-labelledby="versions">
            <h2 id="versions">"Versions"</h2>
            <ol class="versions" reversed>
                {rows}
            </ol>
        </section>
        {may_change.then(|| view! { <Readers post=id is_public refetch /> })}
    }
}

/// Returns the heading above the difference.
fn heading(difference: &Difference) -> String {
    match difference.from {
        Some(from) => format!("Changes from version {from} to version {}", difference.to),
        None => format!("Version {}", difference.to),
    }
}

#[component]
fn Changes(difference: Difference) -> impl IntoView {
    let line = |label: &'static str, segments: Vec<Segment>| {
        view! {
            <p>
                {label} ": " <Line segments />
            </p>
        }
    };
    let title = difference.title.map(|segments| line("Title", segments));
    let subtitle = difference.subtitle.map(|segments| line("Subtitle", segments));
    let tags = difference.tags.map(|segments| line("Tags", segments));
    let is_same = difference
        .passages
        .iter()
        .all(|passage| matches!(passage, Passage::Unchanged(_)));
    let passages = if is_same {
        view! { <p>"The text is the same."</p> }.erased()
    } else {
        let passages = difference.passages.into_iter();
        let passages = passages
            .map(|passage| view! { <ShownPassage passage /> })
            .collect_view();
        view! { <div class="difference">{passages}</div> }.erased()
    };
    let whole = difference.content.map(|content| {
        view! {
            <details>
                <summary>"The whole text of version " {difference.to}</summary>
                <pre class="difference" dir="auto" tabindex="0">
                    {content}
                </pre>
            </details>
        }
    });
    view! {
        {title}
        {subtitle}
        {tags}
        {passages}
        {whole}
    }
}

#[component]
fn ShownPassage(passage: Passage) -> impl IntoView {
    match passage {
        Passage::Unchanged(1) => view! { <p class="unchanged">"1 line is the same"</p> }.erased(),
        Passage::Unchanged(count) => {
            view! { <p class="unchanged">{count} " lines are the same"</p> }.erased()
        }
        Passage::Line(segments) => view! {
            <p dir="auto">
                <Line segments />
            </p>
        }
        .erased(),
    }
}

/// A line. What was inserted and deleted is marked for screen readers as well, which do not announce the elements.
#[component]
fn Line(segments: Vec<Segment>) -> impl IntoView {
    let said = |words: &'static str| view! { <span class="visually-hidden">{words}</span> };
    let segment = |Segment { change, text }: Segment| match change {
        Change::Same => text.erased(),
        Change::Inserted => view! { <ins>{said(" [inserted: ")} {text} {said("] ")}</ins> }.erased(),
        Change::Deleted => view! { <del>{said(" [deleted: ")} {text} {said("] ")}</del> }.erased(),
    };
    segments.into_iter().map(segment).collect_view()
}

#[component]
fn Row(post: i64, version: PostVersion, shown: i64, present: i64) -> impl IntoView {
    let PostVersion {
        number,
        saved_at,
        note,
    } = version;
    let is_shown = number == shown;
    let since = (number != present).then(|| {
        view! {
            " · "
            <a href=paths::history_between(post, Some(number), present)>"Changes since then"</a>
        }
    });
    view! {
        <li>
            <p>
                <a
                    href=paths::history_between(post, None, number)
                    aria-current=is_shown.then_some("true")
                >
                    "Version "
                    {number}
                </a>
                {(number == present).then(|| view! { " " <span class="badge">"On the site"</span> })}
            </p>
            <p class="version-facts">"Saved " <Timestamp at=saved_at minutes=true /> {since}</p>
            {(!note.is_empty()).then(|| view! { <p dir="auto">{note}</p> })}
        </li>
    }
}

/// The button that publishes the version `number` again.
#[component]
fn RestoreButton(post: i64, number: i64, present: i64) -> impl IntoView {
    let action = ServerAction::<RestoreVersion>::new();
    let problem = problem_of(action);
    view! {
        <ActionProblem problem />
        <ActionForm action attr:class="post-button">
            <input type="hidden" name="post" value=post.to_string() />
            <input type="hidden" name="number" value=number.to_string() />
            <input type="hidden" name="present" value=present.to_string() />
            <button type="submit" class="button">
                "Restore version "
                {number}
            </button>
        </ActionForm>
    }
}

/// The question whether to erase the version `number`, which cannot be undone.
#[component]
fn EraseLink(post: i64, number: i64) -> impl IntoView {
    let action = ServerAction::<EraseVersion>::new();
    let problem = problem_of(action);
    view! {
        <ActionProblem problem />
        <DialogLink
            href=paths::erase_version(post, number)
            label="Erase"
            description=format!("Erase version {number}")
            heading="Erase this version?"
            subject=format!("Version {number}")
            explanation=erase::EXPLANATION
        >
            <EraseButton action post number />
        </DialogLink>
    }
}

/// Who can see the history, and the button that changes it.
#[component]
fn Readers(post: i64, is_public: bool, refetch: Callback<()>) -> impl IntoView {
    let (show, hide) = (
        ServerAction::<ShowHistory>::new(),
        ServerAction::<HideHistory>::new(),
    );
    let problem = RwSignal::new(None);
    on_answer(show, problem, move || refetch.run(()));
    on_answer(hide, problem, move || refetch.run(()));
    let field = ("post", post.to_string());
    let choice = if is_public {
        view! {
            <p>"Everybody who can read the post can see its history."</p>
            <PostButton action=hide label="Hide the history" field />
        }
        .erased()
    } else {
        view! {
            <p>"Only you and the moderators can see the history."</p>
            <PostButton action=show label="Show the history to everybody" field />
        }
        .erased()
    };
    view! {
        <section aria-labelledby="readers">
            <h2 id="readers">"Readers of the history"</h2>
            <ActionProblem problem />
            {choice}
        </section>
    }
}
