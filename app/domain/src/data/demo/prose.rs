//! Generated names, titles and texts, assembled from parts.

use fastrand::Rng;

use shared::model::tag::Tags;

const GIVEN: &[&str] = &[
    "ada",
    "grace",
    "edsger",
    "barbara",
    "alan",
    "mary",
    "kurt",
    "emmy",
    "john",
    "sofia",
    "niklaus",
    "hedy",
    "claude",
    "frances",
    "donald",
    "margaret",
    "tim",
    "radia",
    "dennis",
    "adele",
    "ken",
    "jean",
    "leslie",
    "katherine",
];
const FAMILY: &[&str] = &[
    "hill", "wood", "marsh", "baker", "fisher", "stone", "brook", "weaver", "lane", "ford", "miller",
    "carter", "field", "bell", "page", "read", "carver", "dyer", "cooper", "mason", "sands", "frost",
    "gates", "rivers",
];
const THINGS: &[&str] = &[
    "garden gates",
    "night ferries",
    "old maps",
    "loaves of bread",
    "letters",
    "tide tables",
    "clocks",
    "stone walls",
    "dictionaries",
    "cellars",
    "weather vanes",
    "bicycles",
    "bookshops",
    "lighthouses",
    "allotments",
    "railway timetables",
    "kitchen tables",
    "seed catalogues",
    "pencils",
    "hedges",
    "bridges",
    "choirs",
    "ladders",
    "orchards",
    "canals",
    "lamps",
    "notebooks",
    "looms",
];
/// Places, each with its preposition.
const PLACES: &[(&str, &str)] = &[
    ("on", "the north coast"),
    ("in", "a small harbour"),
    ("in", "the reading room"),
    ("in", "the last carriage"),
    ("on", "an island in winter"),
    ("in", "the upper valley"),
    ("in", "a borrowed house"),
    ("in", "the market square"),
    ("on", "a train to the south"),
    ("in", "the village hall"),
    ("at", "the end of the pier"),
    ("in", "a quiet street"),
    ("in", "the workshop"),
    ("on", "the moor"),
    ("in", "a kitchen in autumn"),
    ("at", "the old mill"),
];
/// Adjectives, each with its indefinite article.
const ADJECTIVES: &[(&str, &str)] = &[
    ("a", "patient"),
    ("a", "crooked"),
    ("an", "ordinary"),
    ("an", "unfinished"),
    ("an", "early"),
    ("a", "stubborn"),
    ("a", "borrowed"),
    ("a", "careful"),
    ("a", "small"),
    ("a", "loud"),
    ("a", "plain"),
    ("a", "forgotten"),
    ("a", "useful"),
    ("a", "slow"),
    ("an", "honest"),
    ("a", "late"),
    ("a", "curious"),
    ("a", "warm"),
    ("a", "narrow"),
    ("a", "second-hand"),
];
/// Sentences that introduce lists.
const LISTED: &[&str] = &[
    "This is what I found:",
    "What is left of it fits on a page:",
    "I would keep these:",
    "Some of them are still there:",
    "These are worth a visit:",
    "I made a list:",
];
const WHO: &[&str] = &[
    "my neighbour",
    "a man with a ladder",
    "the woman from the post office",
    "everybody I asked",
    "the old gardener",
    "my sister",
    "a stranger on the platform",
    "the librarian",
    "nobody in the village",
    "the boatman",
    "my first teacher",
    "the baker",
    "a child of seven",
    "the last keeper",
];
const DID: &[&str] = &[
    "told me about",
    "wrote down everything there is to know of",
    "refused to talk about",
    "had a theory of",
    "never understood",
    "drew a picture of",
    "kept a list of",
    "laughed at",
    "had repaired",
    "once lost",
    "still dreams of",
    "sold me",
    "measured",
    "has an opinion on",
];
const VERBS: &[&str] = &[
    "measure",
    "repair",
    "ignore",
    "draw",
    "count",
    "describe",
    "carry",
    "paint",
    "move",
    "sell",
    "inherit",
    "understand",
];

const TAGS: &[&str] = &[
    "travel", "gardens", "reading", "craft", "weather", "food", "history", "music", "maps", "work", "winter",
    "rivers", "letters", "machines", "walking", "home",
];

fn pick<'a>(rng: &mut Rng, from: &[&'a str]) -> &'a str {
    rng.choice(from).copied().unwrap_or_default()
}

/// Returns two different elements of `from`.
fn pick_two<'a>(rng: &mut Rng, from: &[&'a str]) -> (&'a str, &'a str) {
    let one = pick(rng, from);
    let others: Vec<&str> = from.iter().copied().filter(|other| *other != one).collect();
    (one, pick(rng, &others))
}

fn adjective(rng: &mut Rng) -> &'static str {
    with_article(rng).1
}

/// Returns an article and an adjective.
fn with_article(rng: &mut Rng) -> (&'static str, &'static str) {
    rng.choice(ADJECTIVES).copied().unwrap_or_default()
}

fn place(rng: &mut Rng) -> &'static str {
    place_with_word(rng).1
}

/// Returns a preposition and a place.
fn place_with_word(rng: &mut Rng) -> (&'static str, &'static str) {
    rng.choice(PLACES).copied().unwrap_or_default()
}

fn upper(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default()
}

/// Returns the username of user `number`, which is unique, and the display name.
pub(super) fn names(number: usize, rng: &mut Rng) -> (String, String) {
    let (given, family) = (pick(rng, GIVEN), pick(rng, FAMILY));
    let username = format!("{given}-{family}-{}", number + 1);
    (username, format!("{} {}", upper(given), upper(family)))
}

/// Returns a profile text, which may be empty.
pub(super) fn about(rng: &mut Rng) -> String {
    match rng.u8(0..4) {
        0 => String::new(),
        1 => {
            let (one, other) = pick_two(rng, THINGS);
            format!("Writes about {one} and {other}.")
        }
        2 => format!("Lives near {}. Collects {}.", place(rng), pick(rng, THINGS)),
        _ => format!("Has {} thoughts on {}.", adjective(rng), pick(rng, THINGS)),
    }
}

/// Returns a title.
pub(super) fn title(rng: &mut Rng) -> String {
    let thing = pick(rng, THINGS);
    match rng.u8(0..8) {
        0 => format!("On {thing}"),
        1 => format!("{}, slowly", upper(thing)),
        2 => {
            let (article, adjective) = with_article(rng);
            format!("{} {adjective} history of {thing}", upper(article))
        }
        3 => format!("Notes from {}", place(rng)),
        4 => format!("How to {} {thing}", pick(rng, VERBS)),
        5 => format!("Against {} {thing}", adjective(rng)),
        6 => format!("What {} taught me about {thing}", pick(rng, WHO)),
        _ => {
            let (one, other) = pick_two(rng, THINGS);
            format!("{} and {other}", upper(one))
        }
    }
}

/// Returns up to three tags.
pub(super) fn tags(rng: &mut Rng) -> Tags {
    Tags::from_names((0..rng.usize(0..4)).map(|_| pick(rng, TAGS).to_owned()))
}

/// Returns a place with its preposition, such as "on the moor".
fn somewhere(rng: &mut Rng) -> String {
    let (word, place) = place_with_word(rng);
    format!("{word} {place}")
}

/// Returns an afternoon, such as "an early afternoon".
fn some_afternoon(rng: &mut Rng) -> String {
    let (article, adjective) = with_article(rng);
    format!("{article} {adjective} afternoon")
}

fn sentence(rng: &mut Rng) -> String {
    let thing = pick(rng, THINGS);
    match rng.u8(0..9) {
        0 => format!("{} {} {thing}.", upper(pick(rng, WHO)), pick(rng, DID)),
        1 => format!(
            "There is no {} way to {} {thing}.",
            adjective(rng),
            pick(rng, VERBS)
        ),
        2 => format!(
            "{}, {thing} are *{}*, and nobody minds.",
            upper(&somewhere(rng)),
            adjective(rng)
        ),
        3 => format!("I have come to think of {thing} as something {}.", adjective(rng)),
        4 => format!(
            "If you {} {thing} long enough, they turn out to be **{}**.",
            pick(rng, VERBS),
            adjective(rng)
        ),
        5 => format!(
            "It took me {} years to {} {thing}.",
            rng.u8(2..40),
            pick(rng, VERBS)
        ),
        6 => format!(
            "“You cannot {} {thing},” said {}.",
            pick(rng, VERBS),
            pick(rng, WHO)
        ),
        7 => format!(
            "All of this began {}, on {}.",
            somewhere(rng),
            some_afternoon(rng)
        ),
        _ => format!(
            "What I remember best is {}: {} {thing}, one after the other.",
            place(rng),
            adjective(rng)
        ),
    }
}

fn paragraph(rng: &mut Rng) -> String {
    let sentences: Vec<String> = (0..rng.usize(2..6)).map(|_| sentence(rng)).collect();
    sentences.join(" ")
}

/// Returns a Markdown text of one or more blocks.
pub(super) fn article(rng: &mut Rng) -> String {
    let mut parts = vec![paragraph(rng)];
    for _ in 0..rng.usize(0..6) {
        let part = match rng.u8(0..12) {
            0 | 1 => format!("## {}", title(rng)),
            2 => format!("> {}", sentence(rng)),
            3 => {
                let items: Vec<String> = (0..rng.usize(2..6))
                    .map(|_| format!("- {} {}", adjective(rng), pick(rng, THINGS)))
                    .collect();
                format!("{}\n\n{}", pick(rng, LISTED), items.join("\n"))
            }
            4 => {
                let (one, other) = (pick(rng, VERBS), pick(rng, VERBS));
                format!(
                    "This is how I go about it:\n\n1. {} the {}.\n2. {} the {}.\n3. Wait.",
                    upper(one),
                    pick(rng, THINGS),
                    upper(other),
                    pick(rng, THINGS)
                )
            }
            5 => format!(
                "[{}](https://example.org/{}) is where I found most of this.",
                upper(place(rng)),
                rng.u16(1..999)
            ),
            6 => format!(
                "| What | How many |\n|:--|--:|\n| {} | {} |\n| {} | {} |",
                pick(rng, THINGS),
                rng.u8(1..99),
                pick(rng, THINGS),
                rng.u8(1..99)
            ),
            7 => format!(
                "```python\ndef count(things):\n    # {}\n    return len(things) + {}\n```",
                sentence(rng).replace(['*', '“', '”'], ""),
                rng.u8(1..9)
            ),
            _ => paragraph(rng),
        };
        parts.push(part);
        if parts.last().is_some_and(|part| part.starts_with('#')) {
            parts.push(paragraph(rng));
        }
    }
    parts.join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::forms::{Form, post::PostForm, username::Username};

    #[test]
    fn what_is_made_up_could_have_been_typed() {
        for number in 0..500 {
            let mut rng = Rng::with_seed(number);
            let (name, _) = names(usize::try_from(number).expect("a number"), &mut rng);
            assert!(Username::choose(&name).is_ok(), "{name}");
            assert!(about(&mut rng).chars().count() <= 140);
            let form = PostForm {
                title: title(&mut rng),
                content: article(&mut rng),
                ..PostForm::default()
            };
            assert!(form.validate().is_ok(), "{form:?}");
        }
    }

    /// Returns the texts of a few thousand seeds.
    fn everything() -> Vec<String> {
        let made = (0..2_000).flat_map(|seed| {
            let mut rng = Rng::with_seed(seed);
            [about(&mut rng), title(&mut rng), article(&mut rng)]
        });
        made.collect()
    }

    #[test]
    fn every_word_has_the_article_that_it_is_spoken_with() {
        let begins_like_a_vowel = |word: &str| match word {
            "useful" => false,
            "honest" => true,
            _ => word.starts_with(['a', 'e', 'i', 'o', 'u']),
        };
        for text in everything() {
            let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
            for pair in words.windows(2) {
                let [article, word] = pair else { continue };
                match article.trim_start_matches(|char: char| !char.is_alphabetic()) {
                    "a" => assert!(!begins_like_a_vowel(word), "a {word}: {text}"),
                    "an" => assert!(begins_like_a_vowel(word), "an {word}: {text}"),
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn a_paragraph_is_made_of_sentences_and_a_list_is_introduced() {
        for text in everything().chunks(3).filter_map(|made| made.last()) {
            let mut before = "";
            for part in text.split("\n\n") {
                if part.starts_with("- ") || part.starts_with("1. ") {
                    assert!(before.ends_with(':'), "{before}\n\n{part}");
                } else if !part.starts_with(['#', '|', '`']) {
                    assert!(part.ends_with(['.', ':']), "{part}");
                    let first = part.trim_start_matches(['>', ' ', '“', '[']).chars().next();
                    assert!(first.is_some_and(char::is_uppercase), "{part}");
                }
                before = part;
            }
        }
    }

    #[test]
    fn nothing_is_named_twice_in_one_breath() {
        for text in everything() {
            for thing in THINGS {
                assert!(
                    !text.to_lowercase().contains(&format!("{thing} and {thing}")),
                    "{text}"
                );
            }
            assert!(
                !text.contains("In the end of") && !text.contains("in the north coast"),
                "{text}"
            );
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_text() {
        let written = |seed| article(&mut Rng::with_seed(seed));
        assert_eq!(written(7), written(7));
        assert_ne!(written(7), written(8));
    }
}
