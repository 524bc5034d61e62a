//! The form of a redirect.

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

use super::{Field, FieldErrors, FieldProblem, Form, of_length};
use crate::paths;

/// The maximum number of redirects.
pub const REDIRECTS_MAX: usize = 100_000;
/// The maximum length of a path in characters.
pub const PATH_MAX: usize = 500;

/// The form of a redirect.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RedirectForm {
    /// The old address.
    pub old_path: String,
    /// The new address.
    pub target: String,
}

/// A valid redirect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRedirect {
    /// The old address, as [`key`] returns it.
    pub path: String,
    /// The path of this site that it leads to.
    pub target: String,
}

impl Form for RedirectForm {
    type Valid = NewRedirect;

    fn validate(&self) -> Result<NewRedirect, FieldErrors> {
        let mut errors = FieldErrors::default();
        let path = errors.take(Field::OldPath, old_path(&self.old_path));
        let target = errors.take(Field::Target, target(&self.target));
        match (path, target) {
            (Some(path), Some(target)) if key(&target).as_deref() == Some(path.as_str()) => {
                Err(FieldErrors::one(Field::Target, FieldProblem::Loop))
            }
            (Some(path), Some(target)) => Ok(NewRedirect { path, target }),
            _ => Err(errors),
        }
    }
}

/// Validates an old address, of which no page of the program is to be.
fn old_path(typed: &str) -> Result<String, FieldProblem> {
    let typed = typed.trim();
    of_length(typed, 1, PATH_MAX)?;
    let path = key(typed).ok_or(FieldProblem::NotAPath)?;
    let bare = path.split('?').next().unwrap_or_default();
    let first = bare.split('/').nth(1).unwrap_or_default();
    // Only the queries of the home page that it has no use for can be old addresses.
    let is_query = path.starts_with("/?") && !path.starts_with("/?page=");
    if !is_query && (first.is_empty() || paths::is_claimed(first) || bare == paths::ABOUT) {
        return Err(FieldProblem::PathInUse);
    }
    Ok(path)
}

fn target(typed: &str) -> Result<String, FieldProblem> {
    let typed = typed.trim();
    of_length(typed, 1, PATH_MAX)?;
    paths::local(typed)
        .map(str::to_owned)
        .ok_or(FieldProblem::NotAPath)
}

/// Returns the form in which the path of a redirect is stored and looked up: percent-decoded, without a fragment and
/// without a slash at the end. Returns `None` if `address` is not a path, or too long.
#[must_use]
pub fn key(address: &str) -> Option<String> {
    let address = address.split('#').next()?;
    let (path, query) = match address.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (address, None),
    };
    let path = percent_decode_str(path).decode_utf8().ok()?;
    let is_path = path.starts_with('/') && !path.starts_with("//") && !path.contains(char::is_control);
    let trimmed = match path.trim_end_matches('/') {
        "" => "/",
        path => path,
    };
    let key = match query.filter(|query| !query.is_empty()) {
        Some(query) => format!("{trimmed}?{query}"),
        None => trimmed.to_owned(),
    };
    let fits = key.chars().count() <= PATH_MAX && !key.contains(char::is_control);
    (is_path && fits).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(old_path: &str, target: &str) -> Result<NewRedirect, FieldErrors> {
        let form = RedirectForm {
            old_path: old_path.to_owned(),
            target: target.to_owned(),
        };
        form.validate()
    }

    fn problem(old_path: &str, target: &str) -> Option<FieldProblem> {
        let errors = checked(old_path, target).err()?;
        errors.iter().next().map(|error| error.problem)
    }

    #[test]
    fn an_old_address_is_stored_in_one_form() {
        for (address, path) in [
            ("/2015/03/x/", "/2015/03/x"),
            ("/x", "/x"),
            ("/%d0%BF/", "/п"),
            ("/?p=12", "/?p=12"),
            ("/x/?a=b#c", "/x?a=b"),
            ("/x?", "/x"),
            ("/", "/"),
        ] {
            assert_eq!(key(address).as_deref(), Some(path));
        }
        for bad in [
            "",
            "x",
            "//x",
            "/%ff",
            "/a%0ab",
            "https://example.org/x",
            &format!("/{}", "a".repeat(500)),
        ] {
            assert_eq!(key(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_redirect_leads_from_an_unused_address_to_one_of_this_site() {
        assert!(checked("/2015/03/x/", "/post/1-x").is_ok());
        assert!(checked("/?p=12", "/post/1-x").is_ok());
        for own in [
            "/",
            "/?page=2",
            "/login",
            "/post/1-x",
            "/media/a",
            "/about/",
            "/about?a=b",
            "/page/a",
        ] {
            assert_eq!(problem(own, "/x"), Some(FieldProblem::PathInUse), "{own}");
        }
        for elsewhere in [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "x",
            "/é",
        ] {
            assert_eq!(
                problem("/x", elsewhere),
                Some(FieldProblem::NotAPath),
                "{elsewhere}"
            );
        }
    }

    #[test]
    fn a_redirect_to_itself_is_refused() {
        for (path, target) in [("/x", "/x"), ("/x/", "/x#a"), ("/%78", "/x/")] {
            assert_eq!(problem(path, target), Some(FieldProblem::Loop), "{path}");
        }
    }
}
