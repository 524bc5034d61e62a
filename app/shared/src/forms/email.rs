//! Email addresses.

use super::{FieldProblem, host, of_length};

/// The maximum length of an email address in characters (RFC 5321, 4.5.3.1.3).
pub const EMAIL_MAX: usize = 254;

/// An email address in the format of HTML's email field. Its domain is always in ASCII.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Parses an email address as defined by <https://html.spec.whatwg.org/#valid-e-mail-address>.
    ///
    /// # Errors
    ///
    /// Returns the problem if the address is not valid.
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        let text = of_length(text.trim(), 1, EMAIL_MAX)?;
        let (local, domain) = text.rsplit_once('@').ok_or(FieldProblem::NotAnAddress)?;
        let local_holds = !local.is_empty()
            && local
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte));
        let domain = host::to_ascii(domain).ok_or(FieldProblem::NotAnAddress)?;
        if local_holds && domain.split('.').all(is_label) {
            let address = format!("{local}@{domain}");
            of_length(&address, 1, EMAIL_MAX)?;
            Ok(Self(address))
        } else {
            Err(FieldProblem::NotAnAddress)
        }
    }

    /// Returns the address as typed, with the domain in ASCII.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the domain in lower case.
    #[must_use]
    pub fn domain(&self) -> String {
        let domain = self.0.rsplit_once('@').map_or("", |(_, domain)| domain);
        domain.to_ascii_lowercase()
    }

    /// Returns whether the domain is one of `domains` or below one.
    #[must_use]
    pub fn is_at(&self, domains: &[String]) -> bool {
        let own = self.domain();
        let is_within = |domain: &String| {
            let above = own.strip_suffix(domain.as_str());
            above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
        };
        domains.iter().any(is_within)
    }

    /// Returns the form in which addresses are compared.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

/// Returns whether `text` is a label of a domain name (RFC 1034, 3.5).
fn is_label(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_at_a_domain_and_at_those_above() {
        let domains = ["trash.example".to_owned()];
        for (address, expected) in [
            ("a@trash.example", true),
            ("a@Mail.TRASH.example", true),
            ("a@nottrash.example", false),
            ("trash.example@good.example", false),
            ("a@trash.example.org", false),
        ] {
            assert_eq!(
                Email::parse(address).unwrap().is_at(&domains),
                expected,
                "{address}"
            );
        }
    }

    #[test]
    fn addresses_are_what_an_e_mail_field_accepts() {
        for good in [
            "a@b",
            "ada@example.org",
            " ada+x@mail.example.org ",
            "o'neil@xn--bcher-kva.example",
        ] {
            assert!(Email::parse(good).is_ok(), "{good:?}");
        }
        for bad in [
            "",
            "a",
            "@b",
            "a@",
            "a b@c",
            "a@b..c",
            "a@-b",
            "a@b-",
            "a@b c",
            "a@b\r\nBcc: c@d",
            "a@@b",
            "ä@b",
            "a@ü@b",
            "a@ü b",
            "a@ü..b",
            "a@ü/b",
            "a@\u{ff11}.2.3.4",
        ] {
            assert!(Email::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[cfg(feature = "server")]
    #[test]
    fn a_domain_with_letters_beyond_ascii_is_the_same_as_its_form_in_ascii() {
        for text in [
            "ada@bücher.example",
            "ada@bu\u{308}cher.example",
            "ada@BÜCHER.example",
            "ada@xn--bcher-kva.example",
            "Ada@XN--BCHER-KVA.example",
        ] {
            let email = Email::parse(text).expect(text);
            assert_eq!(email.key(), "ada@xn--bcher-kva.example", "{text}");
            assert!(email.as_str().is_ascii());
        }
        let long = format!("ada@{}.example", "ü.".repeat(120).trim_end_matches('.'));
        assert!(Email::parse(&long).is_err());
    }
}
