//! What it costs to make a text into HTML: an ordinary one of 10 KB, and texts that are meant to cost much.
//!
//! `cargo bench -p server --bench markdown` prints the median of several runs on one thread.

use std::time::Instant;

use app::backend::markdown::Rendered;

/// Each text is rendered so many times.
const TIMES: usize = 9;

/// An ordinary text of about 10 KB.
fn ordinary() -> String {
    let part = "## A part of it\n\nThe night boat *leaves* at ten and arrives at six. In between there is a saloon with **brown** \
                carpets, a man who sells [tea](https://example.org/tea), and nothing whatever to do[^1].\n\n- one\n- two\n\n\
                > I recommend it.\n\n```rust\nfn main() { println!(\"{}\", 1 + 1); } // two\n```\n\n| a | b |\n|--:|:--|\n| 1 | 2 |\n\n";
    let mut text = part.repeat(10_000 / part.len());
    text.push_str("[^1]: Once.\n");
    text
}

fn main() {
    let texts: [(&str, String); 9] = [
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
        ("10,000 equal headings", "# a\n".repeat(10_000)),
        (
            "10,000 notes",
            (0..10_000).fold(String::new(), |text, note| {
                text + &format!("[^{note}]\n\n[^{note}]: a\n\n")
            }),
        ),
        (
            "32 KiB of code that is none",
            "```rust\n".to_owned() + &"\"(((( /* \n".repeat(3_200),
        ),
    ];
    println!("| text | bytes | median ms |\n|:--|--:|--:|");
    for (name, text) in texts {
        let mut times: Vec<f64> = (0..TIMES)
            .map(|_| {
                let begun = Instant::now();
                std::hint::black_box(Rendered::of(&text));
                begun.elapsed().as_secs_f64() * 1_000.0
            })
            .collect();
        times.sort_by(f64::total_cmp);
        let median = times.get(TIMES / 2).copied().unwrap_or_default();
        println!("| {name} | {} | {median:.1} |", text.len());
    }
}
