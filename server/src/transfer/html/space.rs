//! Normalizes white space in inline content as browsers do: a single space between words, and none at the edges.

use super::document::{Inline, Span};

/// Returns `text` with each run of white space replaced by one space.
pub(super) fn collapsed(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut is_after_space = false;
    for char in text.chars() {
        let is_space = matches!(char, ' ' | '\t' | '\n' | '\r' | '\u{c}');
        if !is_space {
            kept.push(char);
        } else if !is_after_space {
            kept.push(' ');
        }
        is_after_space = is_space;
    }
    kept
}

/// Returns a line without invisible white space.
pub(super) fn tidy(line: Vec<Inline>) -> Vec<Inline> {
    let mut whole = Vec::with_capacity(line.len());
    for part in line {
        push(&mut whole, part);
    }
    let mut line = squeezed(outside(whole), &mut true);
    trim_edges(&mut line);
    line
}

/// Moves space and breaks at the edges of spans out of them, and removes empty spans.
fn outside(line: Vec<Inline>) -> Vec<Inline> {
    let mut kept = Vec::with_capacity(line.len());
    for part in line {
        let Inline::Span(span, number, content) = part else {
            push(&mut kept, part);
            continue;
        };
        let (before, content, after) = edges(outside(content));
        for part in before {
            push(&mut kept, part);
        }
        if !content.is_empty() {
            push(&mut kept, Inline::Span(span, number, content));
        }
        for part in after {
            push(&mut kept, part);
        }
    }
    kept
}

/// Splits `content` into the space and breaks at its beginning, the middle, and those at its end.
fn edges(mut content: Vec<Inline>) -> (Vec<Inline>, Vec<Inline>, Vec<Inline>) {
    let is_space = |part: &Inline| match part {
        Inline::Break | Inline::WordBreak => true,
        Inline::Text(text) => text.chars().all(|char| char == ' '),
        _ => false,
    };
    let space = || Inline::Text(" ".to_owned());
    let begin = content.iter().take_while(|part| is_space(part)).count();
    let mut within = content.split_off(begin);
    let mut before = content;
    let end = within
        .iter()
        .rposition(|part| !is_space(part))
        .map_or(0, |last| last + 1);
    let mut after = within.split_off(end);
    if let Some(Inline::Text(text)) = within.first_mut()
        && text.starts_with(' ')
    {
        *text = text.trim_start_matches(' ').to_owned();
        before.push(space());
    }
    if let Some(Inline::Text(text)) = within.last_mut()
        && text.ends_with(' ')
    {
        text.truncate(text.trim_end_matches(' ').len());
        after.insert(0, space());
    }
    (before, within, after)
}

/// Appends `part`, which is merged with the preceding part if both are text or the same span.
fn push(line: &mut Vec<Inline>, part: Inline) {
    match (line.last_mut(), part) {
        (Some(Inline::Text(before)), Inline::Text(text)) => before.push_str(&text),
        (Some(Inline::Span(before, number, content)), Inline::Span(span, other, more))
            if *before == span && (*number == other || goes_on(&span)) =>
        {
            for part in more {
                push(content, part);
            }
        }
        (_, part) => line.push(part),
    }
}

/// Returns whether two such adjacent spans look the same as a single one.
const fn goes_on(span: &Span) -> bool {
    matches!(span, Span::Strong | Span::Emphasis | Span::Deleted)
}

fn squeezed(line: Vec<Inline>, is_after_space: &mut bool) -> Vec<Inline> {
    let mut kept: Vec<Inline> = Vec::with_capacity(line.len());
    for part in line {
        match part {
            Inline::Text(text) => {
                let mut text = collapsed(&text);
                if *is_after_space && text.starts_with(' ') {
                    text.remove(0);
                }
                if text.is_empty() {
                    continue;
                }
                *is_after_space = text.ends_with(' ');
                kept.push(Inline::Text(text));
            }
            Inline::Break => {
                trim_space(&mut kept);
                kept.push(Inline::Break);
                *is_after_space = true;
            }
            Inline::Span(span, number, content) => {
                let content = squeezed(content, is_after_space);
                if !content.is_empty() {
                    kept.push(Inline::Span(span, number, content));
                }
            }
            // A line can be broken at a space anyway.
            Inline::WordBreak if *is_after_space => {}
            // Such invisible content does not affect whether the next words may begin with a space.
            unseen @ (Inline::Anchor(_) | Inline::WordBreak) => kept.push(unseen),
            other => {
                *is_after_space = false;
                kept.push(other);
            }
        }
    }
    kept
}

fn trim_space(line: &mut Vec<Inline>) {
    if let Some(Inline::Text(text)) = line.last_mut() {
        let length = text.trim_end_matches(' ').len();
        text.truncate(length);
        if text.is_empty() {
            line.pop();
        }
    }
}

fn trim_edges(line: &mut Vec<Inline>) {
    loop {
        trim_space(line);
        if line.pop_if(|part| matches!(part, Inline::Break)).is_none() {
            break;
        }
    }
    let begin = line
        .iter()
        .take_while(|part| matches!(part, Inline::Break))
        .count();
    line.drain(..begin);
}

/// Returns whether `line` has no visible content.
pub(super) fn is_blank(line: &[Inline]) -> bool {
    line.iter().all(|part| match part {
        Inline::Text(text) => text.chars().all(char::is_whitespace),
        Inline::Break | Inline::WordBreak => true,
        Inline::Span(_, _, content) => is_blank(content),
        Inline::Code(_) | Inline::Image { .. } | Inline::Anchor(_) | Inline::Task(_) => false,
    })
}
