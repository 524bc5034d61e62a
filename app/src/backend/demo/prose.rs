//! Names, titles and texts, put together from parts.

use fastrand::Rng;

use crate::model::tag::Tags;

const GIVEN: [&str; 24] = [
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
const FAMILY: [&str; 24] = [
    "hill", "wood", "marsh", "baker", "fisher", "stone", "brook", "weaver", "lane", "ford", "miller",
    "carter", "field", "bell", "page", "read", "carver", "dyer", "cooper", "mason", "sands", "frost",
    "gates", "rivers",
];
const THINGS: [&str; 28] = [
    "garden gates",
    "night ferries",
    "old maps",
    "bread",
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
const PLACES: [&str; 16] = [
    "the north coast",
    "a small harbour",
    "the reading room",
    "the last carriage",
    "an island in winter",
    "the upper valley",
    "a borrowed house",
    "the market square",
    "a train to the south",
    "the village hall",
    "the end of the pier",
    "a quiet street",
    "the workshop",
    "the moor",
    "a kitchen in autumn",
    "the old mill",
];
const ADJECTIVES: [&str; 20] = [
    "patient",
    "crooked",
    "ordinary",
    "unfinished",
    "early",
    "stubborn",
    "borrowed",
    "careful",
    "small",
    "loud",
    "plain",
    "forgotten",
    "useful",
    "slow",
    "honest",
    "late",
    "curious",
    "warm",
    "narrow",
    "second-hand",
];
const WHO: [&str; 14] = [
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
const DID: [&str; 14] = [
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
const VERBS: [&str; 12] = [
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

const TAGS: [&str; 16] = [
    "travel", "gardens", "reading", "craft", "weather", "food", "history", "music", "maps", "work", "winter",
    "rivers", "letters", "machines", "walking", "home",
];

fn pick<'a>(rng: &mut Rng, from: &[&'a str]) -> &'a str {
    rng.choice(from).copied().unwrap_or_default()
}

fn upper(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default()
}

/// The name of person `number`, which no other number has.
pub(super) fn username(number: usize, rng: &mut Rng) -> String {
    format!("{}-{}-{}", pick(rng, &GIVEN), pick(rng, &FAMILY), number + 1)
}

/// What somebody says of themselves; some say nothing.
pub(super) fn about(rng: &mut Rng) -> String {
    match rng.u8(0..4) {
        0 => String::new(),
        1 => format!("Writes about {} and {}.", pick(rng, &THINGS), pick(rng, &THINGS)),
        2 => format!(
            "Lives near {}. Collects {}.",
            pick(rng, &PLACES),
            pick(rng, &THINGS)
        ),
        _ => format!(
            "{} thoughts on {}.",
            upper(pick(rng, &ADJECTIVES)),
            pick(rng, &THINGS)
        ),
    }
}

/// A title.
pub(super) fn title(rng: &mut Rng) -> String {
    let thing = pick(rng, &THINGS);
    match rng.u8(0..8) {
        0 => format!("On {thing}"),
        1 => format!("{}, slowly", upper(thing)),
        2 => format!("A {} history of {thing}", pick(rng, &ADJECTIVES)),
        3 => format!("Notes from {}", pick(rng, &PLACES)),
        4 => format!("How to {} {thing}", pick(rng, &VERBS)),
        5 => format!("Against {} {thing}", pick(rng, &ADJECTIVES)),
        6 => format!("What {} taught me about {thing}", pick(rng, &WHO)),
        _ => format!("{} and {}", upper(thing), pick(rng, &THINGS)),
    }
}

/// What a post is about; some are about nothing in particular.
pub(super) fn tags(rng: &mut Rng) -> Tags {
    Tags::of((0..rng.usize(0..4)).map(|_| pick(rng, &TAGS).to_owned()))
}

fn sentence(rng: &mut Rng) -> String {
    let thing = pick(rng, &THINGS);
    match rng.u8(0..9) {
        0 => format!("{} {} {thing}.", upper(pick(rng, &WHO)), pick(rng, &DID)),
        1 => format!(
            "There is no {} way to {} {thing}.",
            pick(rng, &ADJECTIVES),
            pick(rng, &VERBS)
        ),
        2 => format!(
            "In {}, {thing} are *{}*, and nobody minds.",
            pick(rng, &PLACES),
            pick(rng, &ADJECTIVES)
        ),
        3 => format!(
            "I have come to think of {thing} as something {}.",
            pick(rng, &ADJECTIVES)
        ),
        4 => format!(
            "If you {} {thing} long enough, they turn out to be **{}**.",
            pick(rng, &VERBS),
            pick(rng, &ADJECTIVES)
        ),
        5 => format!(
            "It took me {} years to {} {thing}.",
            rng.u8(2..40),
            pick(rng, &VERBS)
        ),
        6 => format!(
            "“You cannot {} {thing},” said {}.",
            pick(rng, &VERBS),
            pick(rng, &WHO)
        ),
        7 => format!(
            "All of this began in {}, on a {} afternoon.",
            pick(rng, &PLACES),
            pick(rng, &ADJECTIVES)
        ),
        _ => format!(
            "What I remember best is {}: {} {thing}, one after the other.",
            pick(rng, &PLACES),
            pick(rng, &ADJECTIVES)
        ),
    }
}

fn paragraph(rng: &mut Rng) -> String {
    let sentences: Vec<String> = (0..rng.usize(2..6)).map(|_| sentence(rng)).collect();
    sentences.join(" ")
}

/// A text in Markdown, of one part or several.
pub(super) fn text(rng: &mut Rng) -> String {
    let mut parts = vec![paragraph(rng)];
    for _ in 0..rng.usize(0..6) {
        let part = match rng.u8(0..12) {
            0 | 1 => format!("## {}", title(rng)),
            2 => format!("> {}", sentence(rng)),
            3 => {
                let items: Vec<String> = (0..rng.usize(2..6))
                    .map(|_| format!("- {} {}", pick(rng, &ADJECTIVES), pick(rng, &THINGS)))
                    .collect();
                items.join("\n")
            }
            4 => format!(
                "1. {} the {}.\n2. {} the {}.\n3. Wait.",
                upper(pick(rng, &VERBS)),
                pick(rng, &THINGS),
                upper(pick(rng, &VERBS)),
                pick(rng, &THINGS)
            ),
            5 => format!(
                "[{}](https://example.org/{}) is where I found most of this.",
                upper(pick(rng, &PLACES)),
                rng.u16(1..999)
            ),
            6 => format!(
                "| What | How many |\n|:--|--:|\n| {} | {} |\n| {} | {} |",
                pick(rng, &THINGS),
                rng.u8(1..99),
                pick(rng, &THINGS),
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
    use crate::forms::{Form, post::PostForm, username::Username};

    #[test]
    fn what_is_made_up_could_have_been_typed() {
        for number in 0..500 {
            let mut rng = Rng::with_seed(number);
            let name = username(usize::try_from(number).expect("a number"), &mut rng);
            assert!(Username::parse(&name).is_ok(), "{name}");
            assert!(about(&mut rng).chars().count() <= 140);
            let form = PostForm {
                title: title(&mut rng),
                content: text(&mut rng),
                ..PostForm::default()
            };
            assert!(form.validate().is_ok(), "{form:?}");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_text() {
        let text = |seed| text(&mut Rng::with_seed(seed));
        assert_eq!(text(7), text(7));
        assert_ne!(text(7), text(8));
    }
}
