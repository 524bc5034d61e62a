//! Measures the cost of rendering texts as HTML: an ordinary one of 10 KB, and texts that are designed to be expensive.
//!
//! `cargo bench -p server --bench markdown` prints the median of several runs on one thread.

use std::time::Instant;

use domain::markdown::Rendered;

/// The number of runs per text.
const TIMES: usize = 9;

/// Returns an ordinary text of about 10 KB.
fn ordinary() -> String {
    let part = "## A part of it\n\nThe night boat *leaves* at ten and arrives at six. In between there is a saloon with **brown** \
                carpets, a man who sells [tea](https://example.org/tea), and nothing whatever to do[^1].\n\n- one\n- two\n\n\
                > I recommend it.\n\n```rust\nfn main() { println!(\"{}\", 1 + 1); } // two\n```\n\n| a | b |\n|--:|:--|\n| 1 | 2 |\n\n";
    let mut text = part.repeat(10_000 / part.len());
    text.push_str("[^1]: Once.\n");
    text
}

/// The languages with syntax highlighting.
const LANGUAGES: &str = "asp bat c clojure cpp cs css d diff dot erlang go groovy haskell html java js json latex lisp lua make \
                         markdown matlab ocaml objc pascal perl php properties python r rst ruby rust scala sh sql tcl textile xml yaml";
/// Parts of lines of a program that are expensive to highlight.
const PARTS: &[&str] = &[
    "a", "(", "[{", "\"\\", "'\"", "<a ", "/*", "# ", "a.b::c ", " \t", "0x1e", "<<A ",
];

/// The lengths of the lines of such programs, in bytes.
const LENGTHS: &[usize] = &[80, 200, 490];

/// Returns the most expensive program among all combinations of languages, parts and line lengths: its description and
/// its text.
fn hardest_program() -> (String, String) {
    let mut hardest = (0.0, String::new(), String::new());
    for (language, part, length) in programs() {
        let line = part.repeat(length / part.len()) + "\n";
        // The number of lines that the limits of highlighting allow.
        let lines = (32 * 1_024 / line.len()).min(4_000_000 / (line.len() * line.len()));
        let text = format!("```{language}\n{}```\n", line.repeat(lines));
        let time = once(&text);
        if time > hardest.0 {
            let name = format!("{lines} lines of {length} bytes, made of `{part}`, as {language}");
            hardest = (time, name, text);
        }
    }
    (hardest.1, hardest.2)
}

fn programs() -> impl Iterator<Item = (&'static str, &'static str, usize)> {
    let of_language = |language| PARTS.iter().copied().map(move |part| (language, part));
    LANGUAGES
        .split_whitespace()
        .flat_map(of_language)
        .flat_map(|(language, part)| LENGTHS.iter().map(move |length| (language, part, *length)))
}

/// Returns the time that it takes to render `text`, in milliseconds.
fn once(text: &str) -> f64 {
    let begun = Instant::now();
    std::hint::black_box(Rendered::from_markdown(text));
    begun.elapsed().as_secs_f64() * 1_000.0
}

fn main() {
    let (program, text) = hardest_program();
    let texts: [(&str, String); _] = [
        ("an ordinary post of 10 KB", ordinary()),
        ("10,000 nested quotes", ">".repeat(10_000)),
        (
            "10,000 nested brackets",
            "[".repeat(10_000) + &"](a)".repeat(10_000),
        ),
        (
            "a table of 1 MiB",
            "a|b\n-|-\n".to_owned() + &"1|2\n".repeat(256 * 1_024),
        ),
        ("100,000 links", "[a](/b) ".repeat(100_000)),
        ("10,000 nested tags", "<b>".repeat(10_000)),
        ("10,000 identical headings", "# a\n".repeat(10_000)),
        (
            "10,000 footnotes",
            (0..10_000).fold(String::new(), |text, note| {
                text + &format!("[^{note}]\n\n[^{note}]: a\n\n")
            }),
        ),
        (&program, text),
        (
            "32 KiB of malformed code",
            "```rust\n".to_owned() + &"\"(((( /* \n".repeat(3_200),
        ),
    ];
    println!("| text | bytes | median ms |\n|:--|--:|--:|");
    for (name, text) in texts {
        let mut times: Vec<f64> = (0..TIMES).map(|_| once(&text)).collect();
        times.sort_by(f64::total_cmp);
        let median = times.get(TIMES / 2).copied().unwrap_or_default();
        println!("| {name} | {} | {median:.1} |", text.len());
    }
}
