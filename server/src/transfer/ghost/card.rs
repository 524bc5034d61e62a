//! The cards of Ghost's editor (Koenig), which Lexical and Mobiledoc have in common: pictures, links to pages, players,
//! boxes.
//!
//! A card becomes the HTML for its visible content, as far as posts can contain it. Content for newsletters or members
//! only is lost.

use super::{fields::Fields, markdown, output::Output};

/// The note on a part that was visible to members only.
pub(super) const PART_FOR_MEMBERS: &str = "part for members only left out";

/// Writes the card called `name` with these fields.
pub(super) fn write(out: &mut Output, name: &str, card: Fields<'_>) {
    if is_for_members(card) {
        return out.lose(PART_FOR_MEMBERS);
    }
    match name {
        "image" => image(out, card),
        "gallery" => gallery(out, card),
        "before-after" => before_after(out, card),
        "code" | "codeblock" => code(out, card),
        "markdown" | "card-markdown" => out.html(&markdown::to_html(card.raw_text("markdown"))),
        "html" => out.html(card.raw_text("html")),
        "hr" | "horizontalrule" => out.html("<hr>"),
        "bookmark" => bookmark(out, card),
        "embed" => embed(out, card),
        "nft" => {
            let about = card.within("metadata");
            out.link_paragraph(card.text("url"), about.text("title"));
            image_of(
                out,
                about.first_text(&["image_url", "imageUrl"]),
                about.text("title"),
            );
            out.wrapped("p", card.text("caption"));
        }
        "video" | "audio" => media(out, name, card),
        "file" => file(out, card),
        "button" => button(out, card),
        "callout" => callout(out, card),
        "toggle" => {
            out.wrapped("h4", card.text("heading"));
            out.html(card.text("content"));
        }
        "product" => product(out, card),
        "header" | "signup" => header(out, name, card),
        "call-to-action" => call_to_action(out, card),
        "email" | "email-cta" => out.lose("part for the newsletter only left out"),
        "paywall" => out.lose("paywall left out"),
        _ => unknown(out, name, card),
    }
}

/// Returns whether the card was hidden from visitors who are not members.
fn is_for_members(card: Fields<'_>) -> bool {
    let visibility = card.within("visibility");
    visibility.within("web").is_unset("nonMember") || visibility.is_unset("showOnWeb")
}

fn image(out: &mut Output, card: Fields<'_>) {
    let src = card.text("src");
    if src.is_empty() {
        return;
    }
    out.element("figure", |out| {
        out.link(card.text("href"), |out| {
            let attributes = [
                ("src", src),
                ("alt", card.text("alt")),
                ("title", card.text("title")),
            ];
            out.open("img", &attributes);
        });
        out.wrapped("figcaption", card.text("caption"));
    });
}

/// Writes a picture that is part of a card.
fn image_of(out: &mut Output, src: &str, alt: &str) {
    if !src.is_empty() {
        out.element("p", |out| out.open("img", &[("src", src), ("alt", alt)]));
    }
}

fn gallery(out: &mut Output, card: Fields<'_>) {
    for picture in card.list("images") {
        image(out, Fields(picture));
    }
    out.wrapped("p", card.text("caption"));
}

fn before_after(out: &mut Output, card: Fields<'_>) {
    image(out, card.within("beforeImage"));
    image(out, card.within("afterImage"));
    out.wrapped("p", card.text("caption"));
}

fn code(out: &mut Output, card: Fields<'_>) {
    let language = card.text("language");
    let class = if language.is_empty() {
        String::new()
    } else {
        format!("language-{language}")
    };
    out.open("pre", &[]);
    out.open("code", &[("class", &class)]);
    out.text(card.raw_text("code"));
    out.html("</code></pre>");
    out.wrapped("p", card.text("caption"));
}

/// Writes a link to a page, with its title and description.
fn bookmark(out: &mut Output, card: Fields<'_>) {
    let about = card.within("metadata");
    let url = card.first_text(&["url"]);
    let url = if url.is_empty() { about.text("url") } else { url };
    let about_text = |name| {
        let text = about.text(name);
        if text.is_empty() { card.text(name) } else { text }
    };
    out.link_paragraph(url, about_text("title"));
    out.paragraph(about_text("description"));
    let (author, publisher) = (about_text("author"), about_text("publisher"));
    let separator = if author.is_empty() || publisher.is_empty() {
        ""
    } else {
        " • "
    };
    out.paragraph(&format!("{publisher}{separator}{author}"));
    image_of(out, about_text("thumbnail"), "");
    out.wrapped("p", card.text("caption"));
}

/// Writes an embed of another site: its text, if it contains a quotation, or else a link to it.
fn embed(out: &mut Output, card: Fields<'_>) {
    let (html, url) = (card.text("html"), card.text("url"));
    if html.contains("<blockquote") || url.is_empty() {
        out.html(html);
    } else {
        out.link_paragraph(url, card.within("metadata").text("title"));
        out.lose("embedded page that is now a link");
    }
    out.wrapped("p", card.text("caption"));
}

fn media(out: &mut Output, name: &str, card: Fields<'_>) {
    let title = card.first_text(&["title", "fileName"]);
    out.link_paragraph(card.text("src"), title);
    out.lose(if name == "video" {
        "video that is now a link"
    } else {
        "sound that is now a link"
    });
    out.wrapped("p", card.text("caption"));
}

fn file(out: &mut Output, card: Fields<'_>) {
    out.link_paragraph(card.text("src"), card.first_text(&["fileTitle", "fileName"]));
    out.paragraph(card.text("fileCaption"));
}

fn button(out: &mut Output, card: Fields<'_>) {
    let (text, url) = (card.text("buttonText"), card.text("buttonUrl"));
    if !text.is_empty() {
        out.link_paragraph(url, text);
    }
}

fn callout(out: &mut Output, card: Fields<'_>) {
    let (emoji, text) = (card.text("calloutEmoji"), card.text("calloutText"));
    let separator = if emoji.is_empty() || text.is_empty() {
        ""
    } else {
        " "
    };
    out.element("blockquote", |out| {
        // The text may already be a paragraph.
        match text.strip_prefix("<p>") {
            Some(rest) => out.html(&format!("<p>{emoji}{separator}{rest}")),
            None => out.wrapped("p", &format!("{emoji}{separator}{text}")),
        }
    });
}

fn product(out: &mut Output, card: Fields<'_>) {
    image_of(out, card.text("productImageSrc"), "");
    out.wrapped("h4", card.text("productTitle"));
    if card.is_set("productRatingEnabled") {
        let stars = usize::try_from(card.number("productStarRating").min(5)).unwrap_or(5);
        out.paragraph(&format!("{}{}", "★".repeat(stars), "☆".repeat(5 - stars)));
    }
    out.html(card.text("productDescription"));
    let text = card.text("productButton");
    if card.is_set("productButtonEnabled") && !text.is_empty() {
        out.link_paragraph(card.text("productUrl"), text);
    }
}

fn header(out: &mut Output, name: &str, card: Fields<'_>) {
    image_of(out, card.text("backgroundImageSrc"), "");
    out.wrapped("h2", card.text("header"));
    out.wrapped("p", card.text("subheader"));
    if name == "signup" {
        out.wrapped("p", card.text("disclaimer"));
        out.lose("sign-up form left out");
    } else if card.is_set("buttonEnabled") {
        button(out, card);
    }
}

fn call_to_action(out: &mut Output, card: Fields<'_>) {
    if card.is_set("hasSponsorLabel") {
        out.html(card.text("sponsorLabel"));
    }
    image_of(out, card.text("imageUrl"), "");
    out.html(card.text("textValue"));
    if card.is_set("showButton") {
        button(out, card);
    }
}

/// Writes the parts of an unknown card that are probably its text.
fn unknown(out: &mut Output, name: &str, card: Fields<'_>) {
    out.wrapped("h4", card.first_text(&["heading", "header"]));
    out.link_paragraph(
        card.first_text(&["url", "src", "href"]),
        card.first_text(&["title", "name", "fileName"]),
    );
    out.html(card.first_text(&["html", "content", "textValue"]));
    out.paragraph(card.first_text(&["text", "description"]));
    out.wrapped("p", card.text("caption"));
    out.lose_unknown(format!("card “{name}”"));
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn written(name: &str, card: &Value) -> (String, Vec<String>) {
        let mut out = Output::default();
        write(&mut out, name, Fields(card));
        let told = out.told();
        (out.html, told)
    }

    #[test]
    fn each_card_becomes_what_readers_saw_of_it() {
        for (name, card, expected) in [
            (
                "image",
                json!({ "src": "/a.jpg", "alt": "A \"b\"", "title": "", "caption": "<b>c</b>", "href": "/d" }),
                "<figure><a href=\"/d\"><img src=\"/a.jpg\" alt=\"A &quot;b&quot;\"></a><figcaption><b>c</b></figcaption></figure>",
            ),
            (
                "gallery",
                json!({ "images": [{ "src": "/a.jpg" }, { "src": "/b.jpg", "caption": "b" }], "caption": "both" }),
                "<figure><img src=\"/a.jpg\"></figure><figure><img src=\"/b.jpg\"><figcaption>b</figcaption></figure><p>both</p>",
            ),
            (
                "codeblock",
                json!({ "code": "a <b>\n", "language": "rust", "caption": "c" }),
                "<pre><code class=\"language-rust\">a &lt;b&gt;\n</code></pre><p>c</p>",
            ),
            ("code", json!({ "code": "x" }), "<pre><code>x</code></pre>"),
            ("html", json!({ "html": "<i>x</i>" }), "<i>x</i>"),
            ("markdown", json!({ "markdown": "*x*" }), "<p><em>x</em></p>\n"),
            ("hr", json!({}), "<hr>"),
            (
                "bookmark",
                json!({ "url": "https://a.example", "caption": "e",
                    "metadata": { "title": "A & b", "description": "c", "author": "d", "publisher": "P", "thumbnail": "/t.png" } }),
                "<p><a href=\"https://a.example\">A &amp; b</a></p><p>c</p><p>P • d</p><p><img src=\"/t.png\"></p><p>e</p>",
            ),
            (
                "file",
                json!({ "src": "/f.pdf", "fileTitle": "F", "fileName": "f.pdf", "fileCaption": "c" }),
                "<p><a href=\"/f.pdf\">F</a></p><p>c</p>",
            ),
            (
                "button",
                json!({ "buttonText": "Go", "buttonUrl": "/go" }),
                "<p><a href=\"/go\">Go</a></p>",
            ),
            (
                "callout",
                json!({ "calloutEmoji": "💡", "calloutText": "<p>a <b>b</b></p>" }),
                "<blockquote><p>💡 a <b>b</b></p></blockquote>",
            ),
            (
                "callout",
                json!({ "calloutEmoji": "", "calloutText": "a" }),
                "<blockquote><p>a</p></blockquote>",
            ),
            (
                "toggle",
                json!({ "heading": "H", "content": "<p>c</p>" }),
                "<h4>H</h4><p>c</p>",
            ),
            (
                "product",
                json!({ "productImageSrc": "/p.jpg", "productTitle": "T", "productDescription": "<p>d</p>", "productUrl": "/p",
                    "productRatingEnabled": true, "productStarRating": 4, "productButtonEnabled": true, "productButton": "Buy" }),
                "<p><img src=\"/p.jpg\"></p><h4>T</h4><p>★★★★☆</p><p>d</p><p><a href=\"/p\">Buy</a></p>",
            ),
            (
                "header",
                json!({ "header": "H", "subheader": "s", "buttonEnabled": true, "buttonText": "B", "buttonUrl": "/b" }),
                "<h2>H</h2><p>s</p><p><a href=\"/b\">B</a></p>",
            ),
            (
                "call-to-action",
                json!({ "hasSponsorLabel": true, "sponsorLabel": "<p>Ad</p>", "textValue": "<p>t</p>", "imageUrl": "/i.png",
                    "showButton": true, "buttonText": "B", "buttonUrl": "/b" }),
                "<p>Ad</p><p><img src=\"/i.png\"></p><p>t</p><p><a href=\"/b\">B</a></p>",
            ),
            (
                "embed",
                json!({ "url": "https://x.example/1", "html": "<blockquote>said</blockquote><script></script>" }),
                "<blockquote>said</blockquote><script></script>",
            ),
        ] {
            assert_eq!(written(name, &card), (expected.to_owned(), Vec::new()), "{name}");
        }
    }

    #[test]
    fn what_a_text_cannot_have_is_named() {
        for (name, card, html, lost) in [
            (
                "embed",
                json!({ "url": "https://v.example/1", "html": "<iframe></iframe>", "metadata": { "title": "V" }, "caption": "c" }),
                "<p><a href=\"https://v.example/1\">V</a></p><p>c</p>",
                "embedded page",
            ),
            (
                "video",
                json!({ "src": "/v.mp4", "fileName": "v.mp4", "caption": "c" }),
                "<p><a href=\"/v.mp4\">v.mp4</a></p><p>c</p>",
                "video",
            ),
            (
                "audio",
                json!({ "src": "/a.mp3", "title": "Song" }),
                "<p><a href=\"/a.mp3\">Song</a></p>",
                "sound",
            ),
            (
                "signup",
                json!({ "header": "H", "subheader": "s", "disclaimer": "d", "buttonText": "B" }),
                "<h2>H</h2><p>s</p><p>d</p>",
                "sign-up form",
            ),
            (
                "email",
                json!({ "html": "<p>Hey {first_name}</p>" }),
                "",
                "newsletter",
            ),
            (
                "email-cta",
                json!({ "html": "<p>Hey</p>", "buttonText": "B", "buttonUrl": "/b" }),
                "",
                "newsletter",
            ),
            ("paywall", json!({}), "", "paywall"),
            (
                "html",
                json!({ "html": "secret", "visibility": { "web": { "nonMember": false, "memberSegment": "status:-free" } } }),
                "",
                "members",
            ),
            (
                "poll",
                json!({ "title": "Which?", "description": "One of two.", "url": "/poll" }),
                "<p><a href=\"/poll\">Which?</a></p><p>One of two.</p>",
                "card “poll”",
            ),
        ] {
            let (found, named) = written(name, &card);
            assert_eq!(found, html, "{name}");
            assert!(
                named.len() == 1 && named.concat().contains(lost),
                "{name}: {named:?}"
            );
        }
    }
}
