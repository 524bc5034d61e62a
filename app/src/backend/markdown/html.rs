//! What the parser found, written as this site writes it.

use std::{
    collections::{HashMap, HashSet},
    fmt::Write as _,
    vec,
};

use pulldown_cmark::{Alignment, CodeBlockKind, CowStr, Event, HeadingLevel, Tag, TagEnd, html::push_html};
use pulldown_cmark_escape::{escape_html, escape_html_body_text};

use super::{
    footnotes::{self, Notes},
    highlight, parser,
    raw::RawTags,
    sanitiser::ID_PREFIX,
    within_depth,
};
use crate::{backend::slug, paths};

/// So many headings of a text can be linked to; what one needs for that is many times as long as a short heading.
const LINKED_HEADINGS_MAX: usize = 500;

/// `markdown` as HTML that has yet to be sanitised. Its headings begin at `h2`: the page's own heading is the title.
pub(super) fn of(markdown: &str) -> String {
    let mut depth = 0;
    let events = parser(markdown).filter_map(|event| within_depth(event, &mut depth));
    let (body, definitions) = footnotes::split(events);
    let mut writer = Writer {
        notes: Notes::new(definitions),
        ..Writer::default()
    };
    writer.write(body);
    writer.write_notes();
    let mut html = String::with_capacity(markdown.len() * 3 / 2);
    push_html(&mut html, writer.written.into_iter());
    html
}

#[derive(Default)]
struct Writer<'a> {
    written: Vec<Event<'a>>,
    notes: Notes<'a>,
    ids: HashSet<String>,
    names: HashMap<String, usize>,
    /// The headings to which the next one may belong, as their author has written them.
    open: Vec<HeadingLevel>,
    raw: RawTags,
    effort: highlight::Effort,
    alignments: Vec<Alignment>,
    column: usize,
    is_head: bool,
}

impl<'a> Writer<'a> {
    fn write(&mut self, events: Vec<Event<'a>>) {
        let mut events = events.into_iter();
        while let Some(event) = events.next() {
            match event {
                Event::Start(Tag::Heading { level, .. }) => self.heading(level, &mut events),
                Event::Start(Tag::CodeBlock(kind)) => self.code_block(&kind, &mut events),
                Event::Start(Tag::Image { dest_url, title, .. }) => {
                    self.image(&dest_url, &title, &mut events);
                }
                Event::Start(Tag::Link {
                    link_type,
                    dest_url,
                    title,
                    id,
                }) => self.written.push(Event::Start(Tag::Link {
                    link_type,
                    dest_url: within(dest_url),
                    title,
                    id,
                })),
                Event::Start(Tag::Table(alignments)) => {
                    self.alignments = alignments;
                    self.html("<table>");
                }
                Event::Start(Tag::TableHead) => {
                    (self.is_head, self.column) = (true, 0);
                    self.html("<thead><tr>");
                }
                Event::End(TagEnd::TableHead) => {
                    self.is_head = false;
                    self.html("</tr></thead><tbody>\n");
                }
                Event::Start(Tag::TableRow) => {
                    self.column = 0;
                    self.html("<tr>");
                }
                Event::Start(Tag::TableCell) => self.cell(),
                Event::End(TagEnd::TableCell) => {
                    let closing = self.raw.close().unwrap_or_default();
                    self.html(closing + if self.is_head { "</th>" } else { "</td>" });
                }
                Event::End(TagEnd::TableRow) => self.html("</tr>\n"),
                Event::End(TagEnd::Table) => self.html("</tbody></table>\n"),
                Event::TaskListMarker(done) => {
                    let sign = if done { '☑' } else { '☐' };
                    self.html(format!("<span class=\"task\">{sign}</span> "));
                }
                Event::FootnoteReference(name) => {
                    let reference = self.notes.reference(&name);
                    self.written.push(reference);
                }
                Event::Start(Tag::HtmlBlock) => {
                    let block = raw_text(&until(&mut events, &Event::End(TagEnd::HtmlBlock)));
                    let block = self.raw.block(block);
                    self.written.push(block);
                }
                Event::InlineHtml(tag) => {
                    let tag = self.raw.inline(&tag);
                    self.written.push(tag);
                }
                other => {
                    if ends_text(&other)
                        && let Some(closing) = self.raw.close()
                    {
                        self.html(closing);
                    }
                    self.written.push(other);
                }
            }
        }
    }

    fn html(&mut self, html: impl Into<CowStr<'a>>) {
        self.written.push(Event::InlineHtml(html.into()));
    }

    /// A heading that a link can lead to, if it is one of the first [`LINKED_HEADINGS_MAX`].
    fn heading(&mut self, level: HeadingLevel, events: &mut vec::IntoIter<Event<'a>>) {
        let inner = until(events, &Event::End(TagEnd::Heading(level)));
        let id = (self.ids.len() < LINKED_HEADINGS_MAX).then(|| self.id(&slug::of(&text(&inner), "part")));
        let level = self.level(level);
        self.written.push(Event::Start(Tag::Heading {
            level,
            id: id.clone().map(CowStr::from),
            classes: Vec::new(),
            attrs: Vec::new(),
        }));
        self.write(inner);
        if let Some(closing) = self.raw.close() {
            self.html(closing);
        }
        if let Some(id) = id {
            self.html(format!(
                "<a class=\"anchor\" href=\"#{id}\" aria-label=\"Link to this part\"></a>"
            ));
        }
        self.written.push(Event::End(TagEnd::Heading(level)));
    }

    /// The level that a heading of this one has on the page: one below the heading that it belongs to, whatever number of marks
    /// its author is used to begin with, so that no level is left out. Headings in HTML stay as they are.
    fn level(&mut self, level: HeadingLevel) -> HeadingLevel {
        while self.open.last().is_some_and(|open| *open >= level) {
            self.open.pop();
        }
        let below = below(self.open.len());
        self.open.push(level);
        below
    }

    /// `name` as an id that nothing else in this text has.
    fn id(&mut self, name: &str) -> String {
        loop {
            let times = self.names.entry(name.to_owned()).or_insert(0);
            *times += 1;
            let id = if *times == 1 {
                format!("{ID_PREFIX}{name}")
            } else {
                format!("{ID_PREFIX}{name}-{times}")
            };
            // Another heading may be called like this one's second namesake.
            if self.ids.insert(id.clone()) {
                return id;
            }
        }
    }

    fn code_block(&mut self, kind: &CodeBlockKind<'a>, events: &mut vec::IntoIter<Event<'a>>) {
        let code = text(&until(events, &Event::End(TagEnd::CodeBlock)));
        let language = match kind {
            CodeBlockKind::Fenced(info) => info.split([' ', ',', '{']).next().unwrap_or_default(),
            CodeBlockKind::Indented => "",
        };
        let coloured = if language.is_empty() {
            None
        } else {
            self.effort.colour(&code, &language.to_ascii_lowercase())
        };
        let html = coloured.unwrap_or_else(|| {
            let mut plain = String::with_capacity(code.len());
            // Writing to a string does not fail.
            let _ = escape_html_body_text(&mut plain, &code);
            plain
        });
        self.html(format!("<pre><code>{html}</code></pre>\n"));
    }

    /// A picture; of one that is kept here, the size is known before it is there.
    fn image(&mut self, address: &str, title: &str, events: &mut vec::IntoIter<Event<'a>>) {
        let alt = text(&until_image_ends(events));
        if !is_fetched(address) {
            return self.written.push(Event::Text(alt.into()));
        }
        let mut html = String::from("<img src=\"");
        // Writing to a string does not fail.
        let _ = escape_html(&mut html, address);
        html.push_str("\" alt=\"");
        let _ = escape_html(&mut html, &alt);
        if !title.is_empty() {
            html.push_str("\" title=\"");
            let _ = escape_html(&mut html, title);
        }
        html.push('"');
        if let Some(image) = paths::image_at(address) {
            let _ = write!(html, " width=\"{}\" height=\"{}\"", image.width, image.height);
        }
        html.push('>');
        self.html(html);
    }

    fn cell(&mut self) {
        let alignment = match self.alignments.get(self.column) {
            Some(Alignment::Left) => " class=\"left\"",
            Some(Alignment::Center) => " class=\"center\"",
            Some(Alignment::Right) => " class=\"right\"",
            Some(Alignment::None) | None => "",
        };
        self.column += 1;
        let element = if self.is_head { "th" } else { "td" };
        self.html(format!("<{element}{alignment}>"));
    }

    fn write_notes(&mut self) {
        let mut notes = self.notes.take();
        if notes.is_empty() {
            return;
        }
        self.html("<section class=\"footnotes\"><ol>\n");
        while !notes.is_empty() {
            for (number, mut content) in notes {
                self.written.push(footnotes::start(number));
                let end = content.pop_if(|event| *event == Event::End(TagEnd::Paragraph));
                self.write(content);
                self.written.push(footnotes::back(number));
                self.written.extend(end);
                self.html("</li>\n");
            }
            notes = self.notes.take();
        }
        self.html("</ol></section>\n");
    }
}

/// Whether what the author has opened by hand ends here as well.
const fn ends_text(event: &Event<'_>) -> bool {
    matches!(
        event,
        Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::BlockQuote(_))
            | Event::Start(Tag::Paragraph | Tag::List(_) | Tag::BlockQuote(_))
    )
}

/// HTML as its author has written it.
fn raw_text(events: &[Event<'_>]) -> String {
    let parts = events.iter().filter_map(|event| match event {
        Event::Html(part) | Event::Text(part) => Some(part.as_ref()),
        _ => None,
    });
    parts.collect()
}

/// What comes before `end`.
fn until<'a>(events: &mut vec::IntoIter<Event<'a>>, end: &Event<'a>) -> Vec<Event<'a>> {
    events.take_while(|event| event != end).collect()
}

/// What comes before the end of the picture that has begun; pictures may stand in a picture's text.
fn until_image_ends<'a>(events: &mut vec::IntoIter<Event<'a>>) -> Vec<Event<'a>> {
    let mut open = 1;
    events
        .take_while(|event| {
            match event {
                Event::Start(Tag::Image { .. }) => open += 1,
                Event::End(TagEnd::Image) => open -= 1,
                _ => {}
            }
            open > 0
        })
        .collect()
}

/// Whether a browser may ask for a picture at `address`: of this site, or over HTTP.
fn is_fetched(address: &str) -> bool {
    let scheme = address.split_once(':').map(|(scheme, _)| scheme);
    scheme.is_none_or(|scheme| {
        scheme.contains(['/', '?', '#'])
            || scheme.eq_ignore_ascii_case("https")
            || scheme.eq_ignore_ascii_case("http")
    })
}

/// Where a link leads: to a heading of the same text by the name that it has here.
fn within(address: CowStr<'_>) -> CowStr<'_> {
    match address.strip_prefix('#') {
        Some(name) if !name.is_empty() => format!("#{ID_PREFIX}{name}").into(),
        _ => address,
    }
}

/// The text alone.
fn text(events: &[Event<'_>]) -> String {
    let mut text = String::new();
    for event in events {
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    text
}

/// The level of a heading below `open` others: the page's own is the first.
const fn below(open: usize) -> HeadingLevel {
    match open {
        0 => HeadingLevel::H2,
        1 => HeadingLevel::H3,
        2 => HeadingLevel::H4,
        3 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}
