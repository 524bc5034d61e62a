//! What WordPress exports: an RSS file with more in it (WXR; Tools → Export).

use std::collections::HashMap;

use roxmltree::{Document, Node};
use time::{OffsetDateTime, PrimitiveDateTime, macros::format_description};

use super::foreign::{Foreign, Text};

/// An element has at most so many attributes; those of WordPress have a few.
const ATTRIBUTES_MAX: usize = 500;
/// All elements together have at most so many namespaces; WordPress declares six.
const NAMESPACES_MAX: usize = 100;

/// The site in `xml`.
pub(super) fn read(xml: &str) -> Result<Foreign, String> {
    refuse_crowded(xml)?;
    let document = Document::parse(xml).map_err(|error| format!("it is no XML ({error})"))?;
    let channel = document.descendants().find(|node| node.has_tag_name("channel"));
    let channel = channel.ok_or("it is no export of WordPress: there is no channel in it")?;
    if texts(channel, "wxr_version").next().is_none() {
        return Err(
            "it is no export of WordPress: it does not say in which version it is written".to_owned(),
        );
    }
    let items: Vec<Node<'_, '_>> = children(channel, "item")
        .filter(|item| text(*item, "post_type") == "post")
        .collect();
    // Nobody wrote before their first text.
    let earliest = items
        .iter()
        .filter_map(|item| moment(*item, "post_date_gmt"))
        .min();
    let since = earliest.unwrap_or(OffsetDateTime::UNIX_EPOCH);

    let mut site = Foreign::default();
    let mut names = HashMap::new();
    for author in children(channel, "author") {
        let login = text(author, "author_login");
        let name = site.add_person(&login, &text(author, "author_email"), "", since);
        names.insert(login, name);
    }
    for item in items {
        let status = text(item, "status");
        // What is in the trash, and what WordPress has kept by itself, stays there.
        if !["publish", "draft", "pending", "private", "future"].contains(&status.as_str()) {
            continue;
        }
        let creator = text(item, "creator");
        let author = names
            .entry(creator)
            .or_insert_with_key(|creator| site.add_person(creator, "", "", since))
            .clone();
        site.add_text(Text {
            title: text(item, "title"),
            slug: text(item, "post_name"),
            author,
            tags: children(item, "category")
                .filter(|category| category.attribute("domain") == Some("post_tag"))
                .map(|tag| tag.text().unwrap_or_default().to_owned())
                .collect(),
            html: paragraphs(&content(item)),
            created_at: moment(item, "post_date_gmt").or(moment(item, "post_date")),
            updated_at: moment(item, "post_modified_gmt"),
            // What was protected by a password is nobody else's to read here either.
            is_published: status == "publish" && text(item, "post_password").is_empty(),
            ..Text::default()
        });
    }
    Ok(site)
}

/// Refuses tags with so many attributes or namespaces that reading them would take a time that grows with the square of these.
fn refuse_crowded(xml: &str) -> Result<(), String> {
    let (mut rest, mut namespaces) = (xml, 0);
    while let Some((_, tag)) = rest.split_once('<') {
        let other = [("![CDATA[", "]]>"), ("!--", "-->"), ("?", "?>")]
            .into_iter()
            .find(|(begin, _)| tag.starts_with(begin));
        if let Some((_, end)) = other {
            rest = tag.split_once(end).map_or("", |(_, after)| after);
            continue;
        }
        let mut quoted = None;
        let mut attributes = 0;
        let end = tag.find(|char: char| {
            match (quoted, char) {
                (None, '"' | '\'') => {
                    quoted = Some(char);
                    attributes += 1;
                }
                (Some(quote), _) if quote == char => quoted = None,
                (None, '>') => return true,
                _ => {}
            }
            false
        });
        let (tag, after) = tag.split_at_checked(end.unwrap_or(tag.len())).unwrap_or_default();
        namespaces += tag.matches("xmlns").count();
        if attributes > ATTRIBUTES_MAX || namespaces > NAMESPACES_MAX {
            return Err("it is no export of WordPress: it has too many attributes".to_owned());
        }
        rest = after;
    }
    Ok(())
}

fn children<'a, 'b>(node: Node<'a, 'b>, name: &'static str) -> impl Iterator<Item = Node<'a, 'b>> {
    node.children()
        .filter(move |child| child.is_element() && child.tag_name().name() == name)
}

fn texts(node: Node<'_, '_>, name: &'static str) -> impl Iterator<Item = String> {
    children(node, name).map(|child| {
        let parts = child.children().filter_map(|part| part.text());
        parts.collect::<String>()
    })
}

/// The text of the first element called `name`, whichever its namespace: it has a version in it.
fn text(node: Node<'_, '_>, name: &'static str) -> String {
    texts(node, name).next().unwrap_or_default().trim().to_owned()
}

/// The text itself: the excerpt has an element of the same name in another namespace.
fn content(item: Node<'_, '_>) -> String {
    let encoded = children(item, "encoded").find(|node| {
        let namespace = node.tag_name().namespace().unwrap_or_default();
        namespace.contains("/rss/1.0/modules/content")
    });
    let parts = encoded.into_iter().flat_map(|node| node.children());
    parts.filter_map(|part| part.text()).collect()
}

/// A moment in UTC; WordPress writes zeros where there is none.
fn moment(node: Node<'_, '_>, name: &'static str) -> Option<OffsetDateTime> {
    let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
    let parsed = PrimitiveDateTime::parse(&text(node, name), format).ok()?;
    Some(parsed.assume_utc())
}

/// Texts of the older editor have empty lines where browsers are shown paragraphs.
fn paragraphs(html: &str) -> String {
    if html.contains("<!-- wp:") || html.contains("<p") {
        return html.to_owned();
    }
    let html = html.replace("\r\n", "\n");
    let blocks = html
        .split("\n\n")
        .map(str::trim)
        .filter(|block| !block.is_empty());
    let blocks: Vec<String> = blocks.map(|block| block.replace('\n', "<br>")).collect();
    format!("<p>{}</p>", blocks.join("</p><p>"))
}
