//! The HTML document and the layout of all pages.

use std::sync::Arc;

use leptos::{html::Main, nonce::use_nonce, prelude::*, server::codee::Encoder};
use leptos_meta::{MetaTags, provide_meta_context};
use leptos_router::{
    components::{RouteChildren, Router, Routes},
    hooks::use_location,
};
use web_sys::FocusOptions;

use crate::{
    components::{
        flash_message::{FlashContext, FlashMessage},
        footer::Footer,
        form::provide_submission,
        nav::{FreshText, Nav},
        site_notice::SiteNotice,
        title::{DocumentTitle, provide_title},
    },
    custom_css, http, metadata,
    page_links::{self, PageLinksContext},
    pages::{
        chunk,
        error_page::{ErrorPage, NotFoundPage},
        route,
    },
    resource::Json,
    scripts, scroll,
    site::{META, provide_site},
    theme::Theme,
    type_erasure::{Erase, ErasedChildren},
    viewer::ViewerContext,
};
use shared::{
    error::AppError,
    model::{
        accent::Accent,
        site_image::{Icon, IconFile},
    },
    paths,
};

/// The URLs of the client's files.
#[derive(Debug, Clone)]
pub struct Client {
    /// The JavaScript module.
    pub module: String,
    /// The WebAssembly module.
    pub wasm: String,
    /// The chunks that are loaded next.
    pub parts: Arc<[String]>,
    /// The inline script of every page as the build has made it shorter.
    pub script: Option<Arc<str>>,
    /// The style sheet.
    pub style: String,
    /// The custom CSS, if the page has it.
    pub custom_css: Option<String>,
}

/// Renders a page of the site, which is hydrated by `client`.
pub fn document(options: LeptosOptions, client: Client) -> impl IntoView {
    let (style, custom_css) = (client.style, client.custom_css);
    // Not leptos' own script, which preloads the WebAssembly before the styles and the text.
    let script = view! {
        <script type="module" nonce=use_nonce()>
            {scripts::of_page(&client.module, &client.wasm, &client.parts, client.script.as_deref())}
        </script>
    };
    view! {
        <Document options style custom_css client=script>
            <App />
        </Document>
    }
}

/// Renders a page that shows only an error, for requests that do not reach a page. It works without the client.
pub fn problem_document(options: LeptosOptions, client: Client, error: AppError) -> impl IntoView {
    provide_meta_context();
    view! {
        <Document options style=client.style custom_css=client.custom_css client=()>
            <Router>
                <Layout>
                    <ErrorPage error=error.clone() />
                </Layout>
            </Router>
        </Document>
    }
}

#[component]
fn Document<C: IntoView + 'static>(
    options: LeptosOptions,
    style: String,
    custom_css: Option<String>,
    client: C,
    children: ErasedChildren,
) -> impl IntoView {
    // Auto-reload is only for `cargo leptos watch`, never for releases.
    let disable_watch = !cfg!(debug_assertions);
    let theme = http::theme();
    let site = http::site().unwrap_or_default();
    let settings = Json::encode(&*site).unwrap_or_default();
    let links = Json::encode(&http::page_links().unwrap_or_default()).unwrap_or_default();
    view! {
        <!DOCTYPE html>
        <html lang=site.language.clone() data-theme=theme.name()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content=theme.color_scheme() />
                <meta name=META content=settings />
                <meta name=page_links::META content=links />
                <IconLinks icon=site.icon.clone() />
                {site.accent.map(|accent| view! { <ThemeColours accent theme /> })}
                <link rel="manifest" href=paths::MANIFEST />
                <link rel="preload" href=paths::FONT r#as="font" type="font/woff2" crossorigin="anonymous" />
                <link id="style" rel="stylesheet" href=style />
                {site.accent.map(|accent| view! { <style nonce=use_nonce()>{accent.style()}</style> })}
                {custom_css
                    .map(|address| view! { <link id=custom_css::ID rel="stylesheet" href=address /> })}
                <AutoReload disable_watch options />
                {client}
                <MetaTags />
            </head>
            <body>{children.view()}</body>
        </html>
    }
}

/// Links to the icon.
#[component]
fn IconLinks(icon: Option<Icon>) -> impl IntoView {
    match icon {
        None => view! {
            <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
            <link rel="apple-touch-icon" href="/icon-192.png" />
        }
        .erased(),
        Some(icon) => view! {
            <link rel="icon" href=paths::icon(&icon, IconFile::Favicon) type="image/png" sizes="32x32" />
            <link rel="icon" href=paths::icon(&icon, IconFile::Small) type="image/png" sizes="192x192" />
            <link rel="apple-touch-icon" href=paths::icon(&icon, IconFile::Touch) />
        }
        .erased(),
    }
}

/// The colours of the browser around the page. The colour of a theme that the visitor has chosen comes first.
#[component]
fn ThemeColours(accent: Accent, theme: Theme) -> impl IntoView {
    let (light, dark) = (accent.light().to_string(), accent.dark().to_string());
    let chosen = match theme {
        Theme::System => None,
        Theme::Light => Some(light.clone()),
        Theme::Dark => Some(dark.clone()),
    };
    // The macro does not know the attribute `media` of this element.
    let in_scheme = |scheme: &str, colour: String| {
        let element = leptos::html::meta().name("theme-color").content(colour);
        element.attr("media", format!("(prefers-color-scheme: {scheme})"))
    };
    view! {
        {chosen.map(|colour| view! { <meta name="theme-color" content=colour /> })}
        {in_scheme("light", light)}
        {in_scheme("dark", dark)}
    }
}

/// The application: the layout and the routes.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_submission();
    view! {
        <Router>
            <Layout>
                <Routes fallback=not_found children=RouteChildren::to_children(route::routes) />
            </Layout>
        </Router>
    }
}

fn not_found() -> impl IntoView {
    // Hides the indicator of a navigation that led to this page.
    http::hide_waiting(http::show_waiting());
    view! { <NotFoundPage /> }
}

#[component]
fn Layout(children: ErasedChildren) -> impl IntoView {
    provide_site();
    FlashContext::provide();
    provide_context(FreshText(RwSignal::new(0)));
    ViewerContext::provide();
    PageLinksContext::provide();
    provide_title();
    custom_css::follow_page();
    chunk::load_on_intent();
    scroll::keep_places();
    view! {
        <a class="skip" href="#main" rel="external">
            "Skip to content"
        </a>
        <SiteNotice />
        <Nav />
        <FlashMessage />
        <Content>{children.view()}</Content>
        <Footer />
        <DocumentTitle />
    }
}

/// The content of the page. It receives the focus when the client shows another page, so that keyboard and screen
/// reader users continue from its top, as with a new document.
#[component]
fn Content(children: ErasedChildren) -> impl IntoView {
    let node = NodeRef::<Main>::new();
    let location = use_location();
    Effect::new(move |before: Option<()>| {
        location.pathname.track();
        location.search.track();
        if let (Some(()), Some(main)) = (before, node.get_untracked()) {
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            // Fails only if the element has left the document.
            let _ = main.focus_with_options(&options);
            metadata::forget();
        }
    });
    view! {
        <main id="main" tabindex="-1" node_ref=node>
            {children.view()}
        </main>
    }
}
