//! Tests of the accent colour, the custom CSS, the logo and the icon, and of the pages that show them.

use std::io::Cursor;

use app::pages::route::PageRoute;
use axum::http::StatusCode;
use image::{ImageFormat, Rgb, RgbImage};
use serde_json::Value;
use shared::model::account::Role;

use crate::persona::{Answer, Persona, Site};

const CSS: &str = ".masthead { letter-spacing: 3px }";

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_pixel(width, height, Rgb([20, 90, 160]))
        .write_to(&mut bytes, ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

async fn administrator() -> (Site, Persona) {
    let site = Site::new().await;
    let ada = site.with_role("ada", Role::Administrator).await;
    (site, ada)
}

/// Submits the form at `/admin/appearance`.
async fn save(person: &Persona, accent: &str, css: &str) -> Answer {
    let page = person.get("/admin/appearance").await;
    let base = page.attributes("input[name=base]", "value").remove(0);
    let fields = [("accent", accent), ("custom_css", css), ("base", &base)];
    person.post("/admin/appearance", &fields).await
}

fn linked(page: &Answer) -> Vec<String> {
    page.attributes("link#custom-css[rel=stylesheet]", "href")
}

#[tokio::test]
async fn custom_css_is_a_file_that_is_kept_for_ever_and_changes_its_address() {
    let (site, ada) = administrator().await;
    let visitor = site.visitor();
    assert_eq!(linked(&visitor.get("/").await), Vec::<String>::new());
    save(&ada, "#8c1d18", CSS).await.redirects_to("/admin/appearance");
    let first = linked(&visitor.get("/").await).remove(0);
    let file = visitor.get(&first).await;
    assert_eq!(file.status, StatusCode::OK);
    assert_eq!(file.body, ".masthead{letter-spacing:3px}");
    assert_eq!(file.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(
        file.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(file.header("x-content-type-options"), "nosniff");

    save(&ada, "#8c1d18", "body { color: red }")
        .await
        .redirects_to("/admin/appearance");
    let second = linked(&visitor.get("/").await).remove(0);
    assert_ne!(first, second);
    // A page that was rendered just before names the old address.
    let old = visitor.get(&first).await;
    assert_eq!(old.body, "body{color:red}");
    assert_eq!(old.header("cache-control"), "no-cache");
    for bad in ["/media/style/x.css", "/media/style/.css", "/media/style/0a.js"] {
        assert_eq!(visitor.get(bad).await.status, StatusCode::NOT_FOUND, "{bad}");
    }
}

#[tokio::test]
async fn every_page_that_may_have_custom_css_links_it_and_no_other() {
    let (site, ada) = administrator().await;
    ada.publish("A title", "text").await;
    save(&ada, "#8c1d18", CSS).await.redirects_to("/admin/appearance");
    let visitor = site.visitor();
    for page in PageRoute::ALL {
        let path = match page {
            PageRoute::Post => "/post/1-a-title".to_owned(),
            PageRoute::Profile => "/user/ada".to_owned(),
            PageRoute::HidePost | PageRoute::UpdatePost | PageRoute::DeletePost => {
                format!("{}?post=1", page.address())
            }
            _ => page.address().replace(':', "a-"),
        };
        for person in [&visitor, &ada] {
            let answer = person.get(&path).await;
            if answer.status.is_redirection() {
                continue;
            }
            assert_eq!(!linked(&answer).is_empty(), page.has_custom_css(), "{path}");
        }
    }
    for (path, expected) in [("/nothing", 1), ("/admin/nothing", 0), ("/account/nothing", 0)] {
        assert_eq!(linked(&visitor.get(path).await).len(), expected, "{path}");
    }
    let refused = visitor
        .post("/login", &[("login", "ada"), ("password", "x")])
        .await;
    assert_eq!(linked(&refused).len(), 0);
}

#[tokio::test]
async fn css_that_is_refused_is_explained_beside_its_field_and_nothing_is_lost() {
    let (site, ada) = administrator().await;
    let source = "a { color: red }\n@import 'b.css';";
    let refused = save(&ada, "#1a5f9e", source).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let message = "Line 2, column 1: replace @import with the rules of that style sheet";
    assert_eq!(refused.texts(".summary a"), [message]);
    assert_eq!(refused.text("#custom_css-error"), message);
    assert_eq!(refused.text("#custom_css"), source);
    assert_eq!(refused.attributes("#accent", "value"), ["#1a5f9e"]);
    assert_eq!(linked(&site.visitor().get("/").await), Vec::<String>::new());
    assert_eq!(
        site.visitor().get("/").await.texts("head style"),
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn css_of_64_kib_is_saved_and_a_longer_one_is_refused() {
    let (_site, ada) = administrator().await;
    let most = "a{color:red}".repeat(64 * 1024 / 12);
    save(&ada, "#8c1d18", &most)
        .await
        .redirects_to("/admin/appearance");
    let refused = save(&ada, "#8c1d18", &most.repeat(2)).await;
    assert_eq!(
        refused.text("#custom_css-error"),
        "Enter CSS of at most 65536 bytes"
    );
}

#[tokio::test]
async fn an_accent_is_in_every_page_and_allowed_by_its_policy() {
    let (site, ada) = administrator().await;
    save(&ada, "#1a5f9e", "").await.redirects_to("/admin/appearance");
    for (person, path) in [
        (&site.visitor(), "/"),
        (&site.visitor(), "/"),
        (&site.visitor(), "/login"),
        (&site.visitor(), "/nothing"),
        (&ada, "/admin/appearance"),
    ] {
        let page = person.get(path).await;
        let style = page.text("head style");
        assert!(
            style.starts_with(":root{--accent:light-dark(#1a5f9e,#"),
            "{path} {style}"
        );
        let nonce = page.attributes("head style", "nonce").remove(0);
        let policy = page.header("content-security-policy");
        assert!(
            policy.contains(&format!("style-src 'self' 'nonce-{nonce}';")),
            "{policy}"
        );
        let colours = page.attributes("meta[name=theme-color]", "content");
        assert_eq!((colours.len(), colours[0].as_str()), (2, "#1a5f9e"), "{path}");
    }
    let dark = site.visitor();
    dark.set_cookie("theme", "dark");
    let colours = dark
        .get("/")
        .await
        .attributes("meta[name=theme-color]", "content");
    assert_eq!((colours.len(), &colours[0]), (3, &colours[2]));
    let manifest = site.visitor().get("/manifest.webmanifest").await;
    let manifest: Value = serde_json::from_str(&manifest.body).unwrap();
    assert_eq!(manifest["theme_color"], "#1a5f9e");
}

#[tokio::test]
async fn an_accent_that_is_hard_to_read_is_refused_with_one_that_is_not_and_both_themes_are_drawn() {
    let (_site, ada) = administrator().await;
    let refused = save(&ada, "#ffff00", CSS).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let message = refused.text("#accent-error");
    let nearest = message
        .strip_prefix("Use ")
        .and_then(|rest| rest.get(..7))
        .unwrap();
    assert_eq!(refused.attributes("#accent", "value"), ["#ffff00"]);
    assert_eq!(refused.text("#custom_css"), CSS);
    let labels = refused.attributes(".accent-theme", "aria-label");
    assert_eq!(labels[0], format!("Light theme: {nearest}"));
    assert_eq!(labels.len(), 2);
    save(&ada, nearest, CSS).await.redirects_to("/admin/appearance");
    let refused = save(&ada, "yellow", "").await;
    assert_eq!(refused.text("#accent-error"), "Enter a colour like #1a5f9e");
}

#[tokio::test]
async fn the_second_of_two_administrators_is_shown_both_style_sheets() {
    let (site, ada) = administrator().await;
    let eve = site.with_role("eve", Role::Administrator).await;
    let page = eve.get("/admin/appearance").await;
    let base = page.attributes("input[name=base]", "value").remove(0);
    save(&ada, "#8c1d18", "a{color:red}")
        .await
        .redirects_to("/admin/appearance");
    let fields = [
        ("accent", "#8c1d18"),
        ("custom_css", "a{color:blue}"),
        ("base", &base),
    ];
    let refused = eve.post("/admin/appearance", &fields).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(refused.text("#custom_css"), "a{color:blue}");
    assert_eq!(refused.texts(".field-theirs"), ["It is now:\na{color:red}"]);
}

#[tokio::test]
async fn a_logo_is_shown_with_its_size_and_the_name_of_the_site() {
    let (site, ada) = administrator().await;
    let visitor = site.visitor();
    assert_eq!(visitor.get("/").await.text(".masthead-name"), "Broadsheet");
    ada.upload("/admin/logo", &png(1_200, 200))
        .await
        .redirects_to("/admin/logo");
    let page = visitor.get("/").await;
    let image = |name: &str| page.attributes(".masthead-name img", name);
    assert_eq!(
        [image("alt"), image("width"), image("height")],
        [["Broadsheet"], ["480"], ["80"]]
    );
    let address = image("src").remove(0);
    let file = visitor.get(&address).await;
    assert_eq!(file.status, StatusCode::OK);
    assert_eq!(
        file.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(
        ada.get("/admin/logo").await.attributes(".site-image", "src"),
        [address.as_str()]
    );

    ada.post("/admin/logo/remove", &[])
        .await
        .redirects_to("/admin/logo");
    assert_eq!(visitor.get("/").await.text(".masthead-name"), "Broadsheet");
    assert_eq!(visitor.get(&address).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_icon_is_in_pages_the_manifest_and_at_its_well_known_address() {
    let (site, ada) = administrator().await;
    let visitor = site.visitor();
    let before = visitor.get("/favicon.ico").await;
    assert_eq!(
        visitor.get("/").await.attributes("link[rel=icon]", "href"),
        ["/favicon.svg"]
    );
    ada.upload("/admin/icon", &png(600, 600))
        .await
        .redirects_to("/admin/icon");
    let page = visitor.get("/").await;
    let mut files = page.attributes("link[rel=icon], link[rel=apple-touch-icon]", "href");
    let manifest = visitor.get("/manifest.webmanifest").await;
    let manifest: Value = serde_json::from_str(&manifest.body).unwrap();
    let icons = manifest["icons"].as_array().unwrap();
    assert_eq!(icons.len(), 3);
    assert_eq!(icons[2]["purpose"], "maskable");
    files.extend(icons.iter().map(|icon| icon["src"].as_str().unwrap().to_owned()));
    for address in files {
        let file = visitor.get(&address).await;
        assert_eq!(file.status, StatusCode::OK, "{address}");
        assert_eq!(file.header("content-type"), "image/png", "{address}");
    }
    let icon = visitor.get("/favicon.ico").await;
    assert_ne!(icon.bytes, before.bytes);
    assert_eq!(icon.header("content-type"), "image/vnd.microsoft.icon");
    assert_eq!(icon.header("cache-control"), "no-cache");
    assert_eq!(icon.bytes[..4], [0, 0, 1, 0]);
    assert_eq!(&icon.bytes[22..26], b"\x89PNG");
    assert_eq!(
        icon.bytes.len(),
        22 + u32::from_le_bytes(icon.bytes[14..18].try_into().unwrap()) as usize
    );
    ada.post("/admin/icon/remove", &[])
        .await
        .redirects_to("/admin/icon");
    assert_eq!(visitor.get("/favicon.ico").await.bytes, before.bytes);
}

#[tokio::test]
async fn a_logo_that_is_no_picture_is_refused_beside_its_field() {
    let (site, ada) = administrator().await;
    for (path, field) in [("/admin/logo", "logo"), ("/admin/icon", "icon")] {
        for (file, message) in [
            (
                b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
                "Choose a JPEG, PNG, WebP or GIF file",
            ),
            (Vec::new(), "Choose a picture"),
        ] {
            let refused = ada.upload(path, &file).await;
            assert!(refused.status.is_client_error());
            assert_eq!(refused.text(&format!("#{field}-error")), message, "{path}");
        }
    }
    let member = site.member("eve").await;
    let refused = member.upload("/admin/logo", &png(30, 30)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(site.visitor().get("/").await.text(".masthead-name"), "Broadsheet");
}
