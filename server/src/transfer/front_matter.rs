//! A post or a draft as a file: what is known of it as TOML, then its text exactly as it is.

use serde::{Serialize, de::DeserializeOwned};

/// The line before the TOML and after it.
const FENCE: &str = "+++\n";

/// `head` and `content` as one file.
pub(super) fn write(head: &impl Serialize, content: &str) -> Result<String, String> {
    let head = toml::to_string(head).map_err(|error| error.to_string())?;
    Ok(format!("{FENCE}{head}{FENCE}{content}"))
}

/// The two parts of a file.
pub(super) fn read<T: DeserializeOwned>(file: &str) -> Result<(T, String), String> {
    let rest = file
        .strip_prefix(FENCE)
        .ok_or("it does not begin with a line +++")?;
    let (head, content) = rest
        .split_once(&format!("\n{FENCE}"))
        .ok_or("there is no second line +++")?;
    let head = toml::from_str(head).map_err(|error| error.message().to_owned())?;
    Ok((head, content.to_owned()))
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
}
