//! Syntax highlighting, with classes that the style sheet colours.

use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};

use comrak::html::escape;
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxSet};

/// The maximum size of a text's code in bytes; more is not highlighted.
const CODE_MAX: usize = 32 * 1024;
/// The maximum length of a line in bytes. Longer lines are usually generated.
const LINE_MAX: usize = 500;
/// The maximum sum of the squares of all line lengths, as much as 600 lines of 80 characters: some grammars scan the
/// rest of the line from every character.
const SQUARES_MAX: usize = 4_000_000;

/// The maximum depth of the scope stack: some grammars become slower with every scope that is never left.
const DEPTH_MAX: usize = 64;
/// The maximum time per text, as a safeguard against cases that the other limits miss.
const TIME_MAX: Duration = Duration::from_millis(250);

/// The amount of code of a text that has been highlighted.
#[derive(Debug, Default)]
pub(super) struct Effort {
    bytes: usize,
    squares: usize,
    time: Duration,
}

impl Effort {
    /// Highlights `code` and returns it as HTML, or `None` if it is left plain.
    pub(super) fn colour(&mut self, code: &str, language: &str) -> Option<String> {
        if !self.allows(code) {
            return None;
        }
        let begun = Instant::now();
        let html = colour(code, language, begun + TIME_MAX.saturating_sub(self.time));
        self.time += begun.elapsed();
        html
    }

    /// Adds `code` to the amount and returns whether the limits allow it.
    fn allows(&mut self, code: &str) -> bool {
        let squares = code
            .split_inclusive('\n')
            .map(|line| line.len().saturating_mul(line.len()));
        self.bytes = self.bytes.saturating_add(code.len());
        self.squares = squares.fold(self.squares, usize::saturating_add);
        self.bytes <= CODE_MAX && self.squares <= SQUARES_MAX
    }
}

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);

/// The scopes that are distinguished (<https://www.sublimetext.com/docs/scope_naming.html>).
static SCOPES: LazyLock<Vec<(Scope, Option<Kind>)>> = LazyLock::new(|| {
    [
        ("comment", Some(Kind::Comment)),
        ("string", Some(Kind::String)),
        ("constant", Some(Kind::Constant)),
        ("keyword.operator", None),
        ("keyword", Some(Kind::Keyword)),
        ("storage", Some(Kind::Keyword)),
        ("entity.name", Some(Kind::Name)),
        ("support.function", Some(Kind::Name)),
        ("variable.function", Some(Kind::Name)),
        ("markup.inserted", Some(Kind::String)),
        ("markup.deleted", Some(Kind::Constant)),
    ]
    .into_iter()
    .filter_map(|(name, kind)| Some((Scope::new(name).ok()?, kind)))
    .collect()
});

shared::variants! {
    /// The kind of a highlighted token.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(super) enum Kind {
        Comment { class: "code-comment" },
        String { class: "code-string" },
        Constant { class: "code-constant" },
        Keyword { class: "code-keyword" },
        Name { class: "code-name" },
    }

    /// Returns the class of the token in HTML.
    pub(super) const fn class(self) -> &'static str;
}

impl Kind {
    fn from_scopes(stack: &ScopeStack) -> Option<Self> {
        stack.as_slice().iter().rev().find_map(|scope| {
            let known = SCOPES.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope));
            known.map(|(_, kind)| *kind)
        })?
    }
}

/// Highlights `code` and returns it as HTML, or `None` if the language is not known, a line is too long or the
/// `deadline` has passed.
fn colour(code: &str, language: &str, deadline: Instant) -> Option<String> {
    let language = match language {
        "ts" | "tsx" | "jsx" | "typescript" | "javascript" => "js",
        "console" | "shell" | "zsh" => "sh",
        "jsonc" => "json",
        other => other,
    };
    let syntax = SYNTAXES.find_syntax_by_token(language)?;
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut out = Runs::default();
    for line in code.split_inclusive('\n') {
        if line.len() > LINE_MAX || stack.len() > DEPTH_MAX || Instant::now() > deadline {
            return None;
        }
        let mut from = 0;
        for (at, operation) in state.parse_line(line, &SYNTAXES).ok()? {
            out.push(line.get(from..at)?, Kind::from_scopes(&stack));
            from = at;
            stack.apply(&operation).ok()?;
        }
        out.push(line.get(from..)?, Kind::from_scopes(&stack));
    }
    Some(out.finish())
}

/// HTML output that merges adjacent tokens of the same kind into one element.
#[derive(Default)]
struct Runs {
    html: String,
    open: Option<Kind>,
}

impl Runs {
    fn push(&mut self, text: &str, kind: Option<Kind>) {
        if text.is_empty() {
            return;
        }
        // White space has no colour.
        if kind != self.open && !text.trim().is_empty() {
            self.switch(kind);
        }
        // Writing to a string does not fail.
        let _ = escape(&mut self.html, text);
    }

    fn switch(&mut self, kind: Option<Kind>) {
        if self.open.is_some() {
            self.html.push_str("</span>");
        }
        if let Some(kind) = kind {
            self.html.push_str("<span class=\"");
            self.html.push_str(kind.class());
            self.html.push_str("\">");
        }
        self.open = kind;
    }

    fn finish(mut self) -> String {
        self.switch(None);
        self.html
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coloured(code: &str, language: &str) -> Option<String> {
        Effort::default().colour(code, language)
    }

    #[test]
    fn parts_of_a_program_have_classes() {
        assert_eq!(
            coloured("let x = \"<a>\"; // it\n", "rust").as_deref(),
            Some(
                "<span class=\"code-keyword\">let</span> x = <span class=\"code-string\">&quot;&lt;a&gt;&quot;</span>; <span class=\"code-comment\">// it\n</span>"
            )
        );
    }

    #[test]
    fn a_text_has_so_much_code_coloured_and_no_more() {
        let ordinary = "let x = y.map(|z| z + 1); // and so on, as programs are\n".repeat(500);
        assert!(Effort::default().allows(&ordinary));
        assert!(!Effort::default().allows(&"a\n".repeat(CODE_MAX)));
        let long = ("a".repeat(LINE_MAX - 1) + "\n").repeat(8);
        let mut effort = Effort::default();
        assert!(effort.allows(&long) && effort.allows(&long));
        assert!(!effort.allows(&long) && !effort.allows("a"));
    }

    #[test]
    fn what_is_nested_without_end_stays_plain() {
        assert_eq!(coloured(&("\"\\".repeat(26) + "\n").repeat(400), "make"), None);
    }

    #[test]
    fn what_is_not_done_in_time_stays_plain() {
        let mut effort = Effort::default();
        assert!(effort.colour("let x = 1;", "rust").is_some());
        effort.time = TIME_MAX;
        assert_eq!(effort.colour("let x = 1;\n", "rust"), None);
    }

    #[test]
    fn an_unknown_language_and_an_endless_line_stay_plain() {
        assert_eq!(coloured("x", "no-such-language"), None);
        assert_eq!(coloured(&"a".repeat(LINE_MAX + 1), "rust"), None);
    }
}
