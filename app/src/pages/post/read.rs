//! Reading a post.

use leptos::{
    prelude::*,
    server::codee::{Decoder, Encoder},
};
use leptos_router::hooks::use_params_map;

use super::delete::explanation;
use crate::{
    api::{
        self,
        moderation::{ApprovePost, Show},
        post::Delete,
    },
    components::{
        dialog::DialogLink,
        hold::because,
        plain_links::PlainLinks,
        post_button::{ActionProblem, PostButton, problem_of},
        post_list::Byline,
        tag_list::TagList,
        timestamp::Timestamp,
        title::PageTitle,
    },
    http,
    metadata::{About, Metadata, describe},
    pages::{
        comments::of_post::{Comments, CommentsOfPost, load_comments},
        loaded::Loaded,
    },
    type_erasure::Erase,
    viewer::ViewerContext,
};
use shared::{
    error::AppError,
    model::{
        decision::ReportTarget,
        media::IMAGE_SIZES,
        post::{ContentsEntry, Cover, Hold, Post, Visibility, reading_minutes},
    },
    paths,
};

/// The post whose id begins the last segment of the URL. Other spellings of the URL redirect to the canonical one.
#[component]
pub fn PostPage() -> impl IntoView {
    let params = use_params_map();
    let segment = Memo::new(move |_| params.read().get("post").unwrap_or_default());
    let post = Resource::<_, WithoutHtml>::new_with_options(
        move || paths::post_id(&segment.read()),
        |id| async move {
            match id {
                Some(id) => api::post::read(id).await,
                None => Err(AppError::NotFound),
            }
        },
        false,
    );
    let comments = load_comments(move || paths::post_id(&segment.read()));
    view! {
        <Loaded resource=post let:post>
            {
                let address = paths::post(&post.card.post);
                if !address.ends_with(&format!("/{}", segment.get_untracked())) {
                    http::redirect_permanently(&address);
                }
                view! { <Article post comments /> }
            }
        </Loaded>
    }
}

/// The encoding of a post in the page: JSON without the HTML, which the page contains already. It would more than
/// double the size of a long post and need several copies in the server's memory.
struct WithoutHtml;

impl Encoder<Result<Post, AppError>> for WithoutHtml {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &Result<Post, AppError>) -> Result<String, Self::Error> {
        let without_html = value.as_ref().map(|post| Post {
            card: post.card.clone(),
            html: String::new(),
            hidden_because: post.hidden_because.clone(),
            hold: post.hold,
            has_plain_links: post.has_plain_links,
            may_hide: post.may_hide,
            change_note: post.change_note.clone(),
            is_history_public: post.is_history_public,
            visibility: post.visibility,
            canonical: post.canonical.clone(),
            contents: post.contents.clone(),
        });
        serde_json::to_string(&without_html)
    }
}

impl Decoder<Result<Post, AppError>> for WithoutHtml {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<Result<Post, AppError>, Self::Error> {
        let read: Result<Post, AppError> = serde_json::from_slice(text.as_bytes())?;
        Ok(read.map(|post| Post {
            html: html_in_page().unwrap_or_default(),
            ..post
        }))
    }
}

/// Returns the HTML of the post from the document.
fn html_in_page() -> Option<String> {
    let text = document().query_selector("article.post > .prose").ok()??;
    Some(text.inner_html())
}

#[component]
fn Article(post: Post, comments: Comments) -> impl IntoView {
    let Post {
        card,
        html,
        hidden_because,
        hold,
        has_plain_links,
        may_hide,
        change_note,
        is_history_public,
        visibility,
        canonical,
        contents,
    } = post;
    let is_hidden = hidden_because.is_some();
    let author = card.author.username.clone();
    let is_changed = card.updated_at != card.created_at;
    let address = paths::post(&card.post);
    describe(|| {
        let (author, path) = (card.author.name().to_owned(), paths::user(&card.author.username));
        let page = Metadata::page(&paths::post(&card.post), &card.title, card.excerpt.clone())
            .with_feed(path, author)
            .published_first_at(canonical)
            .about(About::Post(Box::new(card.clone())));
        match visibility {
            Visibility::Public => page,
            _ => page.unlisted(),
        }
    });
    let language = (!card.language.is_empty()).then_some(card.language);
    view! {
        <PageTitle text=card.title.clone() />
        <article class="post h-entry">
            {hidden_because.map(|reason| view! { <HiddenNotice reason post=card.post.id may_show=may_hide /> })}
            {hold.map(|hold| view! { <HeldNotice hold post=card.post.id may_approve=may_hide /> })}
            <data class="u-url" value=address></data>
            <h1 class="p-name" dir="auto" lang=language.clone()>
                {card.title}
            </h1>
            {(!card.subtitle.is_empty()).then(|| view! { <p class="subtitle" dir="auto" lang=language.clone()>{card.subtitle}</p> })}
            <p class="byline">
                <Byline author=card.author at=card.created_at />
                {is_changed
                    .then(|| view! { <span class="byline-updated">"Updated " <Timestamp at=card.updated_at class="dt-updated" /></span> })}
                <span>{reading_minutes(card.words)} " min read"</span>
                {visibility.badge().map(|badge| view! { <span class="badge">{badge}</span> })}
            </p>
            <LastChange note=change_note post=card.post.id has_history=is_history_public && is_changed />
            {card.cover.map(|cover| view! { <CoverFigure cover /> })}
            <Contents entries=contents />
            <div class="prose e-content" lang=language.clone() inner_html=html></div>
            {has_plain_links.then(|| view! { <PlainLinks /> })}
            <TagList tags=card.tags />
            {(!is_hidden).then(|| view! { <Tools author post=card.post.id may_hide /> })}
            <CommentsOfPost comments />
        </article>
    }
}

/// The cover with its caption.
#[component]
fn CoverFigure(cover: Cover) -> impl IntoView {
    let Cover { image, alt, caption } = cover;
    view! {
        <figure class="cover">
            // The first picture of the page, so it is not loaded lazily.
            <img
                class="u-photo"
                src=paths::image(&image)
                srcset=paths::image_widths(&image)
                sizes=IMAGE_SIZES
                alt=alt
                width=image.width
                height=image.height
            />
            {(!caption.is_empty()).then(|| view! { <figcaption dir="auto">{caption}</figcaption> })}
        </figure>
    }
}

/// The table of contents. Empty if there are no entries.
#[component]
fn Contents(entries: Vec<ContentsEntry>) -> impl IntoView {
    (!entries.is_empty()).then(|| {
        let entry = |entry: ContentsEntry| {
            view! {
                <li class=format!("contents-{}", entry.level.min(4))>
                    <a href=format!("#{}", entry.id) dir="auto">
                        {entry.text}
                    </a>
                </li>
            }
        };
        view! {
            <nav class="contents" aria-labelledby="contents">
                <p id="contents">"Contents"</p>
                <ol>{entries.into_iter().map(entry).collect_view()}</ol>
            </nav>
        }
    })
}

/// The note about the last change, and the link to all changes if everybody may see them. Empty if there is neither.
#[component]
fn LastChange(note: String, post: i64, has_history: bool) -> impl IntoView {
    let link = has_history.then(|| view! { <a href=paths::history(post)>"See what has changed"</a> });
    let is_shown = !note.is_empty() || has_history;
    is_shown.then(|| {
        view! {
            <p class="last-change">
                {(!note.is_empty()).then(|| view! { <span dir="auto">{note}</span> " " })} {link}
            </p>
        }
    })
}

/// The actions of the author or of a moderator. Empty for others.
#[component]
fn Tools(author: String, post: i64, may_hide: bool) -> impl IntoView {
    let viewer = use_context::<ViewerContext>();
    let delete = ServerAction::<Delete>::new();
    let problem = problem_of(delete);
    let tools = move || {
        let author = author.clone();
        viewer.map(|viewer| {
            Suspend::new(async move {
                let Ok(Some(viewer)) = viewer.resource.await else {
                    return view! { <ReportLink post /> }.erased();
                };
                if viewer.username == author {
                    view! {
                        <ActionProblem problem />
                        <div class="post-tools">
                            <a class="button button-quiet" href=paths::update_post(post)>
                                "Update"
                            </a>
                            <a class="button button-quiet" href=paths::history(post)>
                                "History"
                            </a>
                            <DialogLink href=paths::delete_post(post) label="Delete" heading="Delete this post?" explanation=explanation()>
                                <PostButton
                                    action=delete
                                    label="Delete post"
                                    field=("id", post.to_string())
                                    dangerous=true
                                />
                            </DialogLink>
                        </div>
                    }
                        .erased()
                } else if may_hide {
                    view! {
                        <div class="post-tools">
                            <a class="button button-quiet" href=paths::hide_post(post)>
                                "Hide"
                            </a>
                            <a class="button button-quiet" href=paths::history(post)>
                                "History"
                            </a>
                        </div>
                    }
                        .erased()
                } else {
                    view! { <ReportLink post /> }.erased()
                }
            })
        })
    };
    view! { <Transition>{tools}</Transition> }
}

/// The link to report the post.
#[component]
fn ReportLink(post: i64) -> impl IntoView {
    view! {
        <p class="report">
            <a href=paths::report(&ReportTarget::Post(post)) rel="nofollow">
                "Report this post"
            </a>
        </p>
    }
}

/// The notice about a post that waits for a moderator, for its author and moderators.
#[component]
fn HeldNotice(hold: Hold, post: i64, may_approve: bool) -> impl IntoView {
    let approve = ServerAction::<ApprovePost>::new();
    let problem = problem_of(approve);
    let reason = hold.reason.map_or_else(String::new, because);
    view! {
        <div class="notice">
            <p>
                {format!(
                    "This post waits for a moderator{reason}. Until then, only its author and moderators can see it.",
                )}
            </p>
            <ActionProblem problem />
            {may_approve
                .then(|| {
                    view! {
                        <PostButton
                            action=approve
                            label="Approve"
                            field=("post", post.to_string())
                            version=Some(hold.version)
                        />
                    }
                })}
        </div>
    }
}

/// The notice about a hidden post, for its author and moderators.
#[component]
fn HiddenNotice(reason: String, post: i64, may_show: bool) -> impl IntoView {
    let show = ServerAction::<Show>::new();
    let problem = problem_of(show);
    view! {
        <div class="notice">
            <p>"A moderator has hidden this post. Only its author and moderators can see it. Reason: " {reason}</p>
            <ActionProblem problem />
            {may_show.then(|| view! { <PostButton action=show label="Show again" field=("id", post.to_string()) /> })}
        </div>
    }
}
