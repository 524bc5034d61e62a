//! The file format of posts and drafts: metadata as TOML, followed by the unchanged text.

use serde::{Serialize, de::DeserializeOwned};

/// The maximum size of the TOML in bytes.
const HEAD_MAX: usize = 64 * 1024;
/// The maximum number of delimiter lines that are tried, because everything before each of them is parsed.
const FENCES_MAX: usize = 64;
/// The delimiter line before and after the TOML.
const FENCE: &str = "+++\n";

/// Returns a file with `head` and `content`.
pub(crate) fn write(head: &impl Serialize, content: &str) -> Result<String, String> {
    let head = toml::to_string(head).map_err(|error| error.to_string())?;
    Ok(format!("{FENCE}{head}{FENCE}{content}"))
}

/// Returns the two parts of a file.
pub(super) fn read<T: DeserializeOwned>(file: &str) -> Result<(T, String), String> {
    let rest = file
        .strip_prefix(FENCE)
        .ok_or("it does not start with a line +++")?;
    let mut refused = "there is no second line +++".to_owned();
    // A multi-line string in the TOML may contain a delimiter line as well. The part before it is then not valid TOML.
    let ends = rest.match_indices("\n+++\n").take(FENCES_MAX);
    for (end, fence) in ends.take_while(|(end, _)| *end <= HEAD_MAX) {
        let (head, content) = rest.split_at(end + fence.len());
        match toml::from_str(head.trim_end_matches(FENCE)) {
            Ok(head) => return Ok((head, content.to_owned())),
            Err(error) => error.message().clone_into(&mut refused),
        }
    }
    Err(refused)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Head {
        title: String,
    }

    #[test]
    fn whatever_is_written_is_read_again() {
        for text in [
            "",
            "\n",
            "+++\n",
            "a\r\nb\n+++\nc",
            "\u{7f}\u{85}\u{feff}\u{2028}\0\"'\\",
            "''' \"\"\"",
        ] {
            let head = Head {
                title: text.to_owned(),
            };
            let file = write(&head, text).expect("written");
            let (read, content) = read::<Head>(&file).expect("read");
            assert_eq!((read, content.as_str()), (head, text), "{file:?}");
        }
    }

    #[test]
    fn the_second_line_is_looked_for_at_the_beginning_and_not_for_ever() {
        for title in ["x".repeat(HEAD_MAX), "\n+++\n".repeat(FENCES_MAX)] {
            let file = write(&Head { title }, "text").expect("written");
            assert!(read::<Head>(&file).is_err());
        }
    }
}
