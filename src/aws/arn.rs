//! ARNs: `arn:partition:service:region:account:resource`, taken apart and no more.
//!
//! Which type of resource an ARN names is told by the table in `types`.

use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// The parts of an ARN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Arn<'a> {
    pub(crate) partition: &'a str,
    pub(crate) service: &'a str,
    pub(crate) region: &'a str,
    pub(crate) account: &'a str,
    pub(crate) resource: &'a str,
}

impl<'a> Arn<'a> {
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let start = parts.next()?;
        let arn = Self {
            partition: parts.next()?,
            service: parts.next()?,
            region: parts.next()?,
            account: parts.next()?,
            resource: parts.next()?,
        };
        let whole = start.eq_ignore_ascii_case("arn")
            && arn.partition.starts_with("aws")
            && !arn.service.is_empty()
            && !arn.resource.is_empty();
        whole.then_some(arn)
    }

    /// Returns what follows `pattern` in the resource part.
    ///
    /// What each `*` of the pattern stands for is kept, with a `/` behind it.
    pub(crate) fn after(&self, pattern: &str) -> Option<Tail<'a>> {
        let mut pieces = pattern.split('*');
        let mut rest = self.resource.strip_prefix(pieces.next()?)?;
        let mut text = String::new();
        for piece in pieces {
            let parent = &rest[..rest.find(piece)?];
            if parent.is_empty() {
                return None;
            }
            text.push_str(parent);
            text.push('/');
            rest = &rest[parent.len() + piece.len()..];
        }
        if text.is_empty() {
            return Some(Tail::one(rest));
        }
        let name = text.len();
        text.push_str(rest);
        (name < text.len()).then_some(Tail { text: Cow::Owned(text), name: Some(name) })
    }

    /// Returns the noun that starts the resource part, and what follows it.
    pub(crate) fn noun(&self) -> (&'a str, &'a str) {
        let resource = self.resource.trim_start_matches('/');
        match resource.split_once(['/', ':']) {
            Some((noun, rest)) if !noun.is_empty() && !rest.is_empty() => (noun, rest),
            _ => ("resource", self.resource),
        }
    }
}

/// What an ARN says after the prefix of its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tail<'a> {
    pub(crate) text: Cow<'a, str>,
    /// Where the name starts, when the pattern told.
    pub(crate) name: Option<usize>,
}

impl<'a> Tail<'a> {
    pub(crate) fn one(text: &'a str) -> Self {
        Self { text: Cow::Borrowed(text), name: None }
    }
}

/// Returns whether a value is meant as an ARN, well formed or not.
pub(crate) fn looks_like_arn(text: &str) -> bool {
    text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("arn:"))
}

/// Decodes an ARN that was percent-encoded for a URL path; anything else stays as it is.
pub(crate) fn decode_arn(text: &str) -> Cow<'_, str> {
    match text.get(..6) {
        Some(start) if start.eq_ignore_ascii_case("arn%3a") => percent_decoded(text),
        _ => Cow::Borrowed(text),
    }
}

/// Decodes what is percent-encoded, wherever a service writes it so; a `%` without two hex digits behind it stays.
pub(crate) fn percent_decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

/// Writes `log-group` as `LogGroup`.
pub(crate) fn to_pascal_case(word: &str) -> String {
    let pieces = word.split(|c: char| !c.is_ascii_alphanumeric()).filter(|piece| !piece.is_empty());
    pieces
        .flat_map(|piece| {
            let (first, rest) = piece.split_at(1);
            [first.to_ascii_uppercase(), rest.to_owned()]
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tells_arns_from_other_text() {
        let arn = Arn::parse("arn:aws-cn:s3:::x/a:b").unwrap();
        assert_eq!((arn.partition, arn.service, arn.resource), ("aws-cn", "s3", "x/a:b"));
        for bad in ["", "arn", "arn:aws:s3", "arn:aws:s3:::", "arn:x:s3:::b", "arn:aws:::1:x", "b"] {
            assert_eq!(Arn::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_star_in_a_pattern_keeps_the_parent() {
        let arn = Arn::parse("arn:aws:logs:r:1:log-group:/a/b:log-stream:2024/1").unwrap();
        let tail = arn.after("log-group:*:log-stream:").unwrap();
        assert_eq!((&*tail.text, tail.name), ("/a/b/2024/1", Some(5)));
        assert_eq!(arn.after("log-group:").unwrap().text, "/a/b:log-stream:2024/1");
        assert_eq!(arn.after("destination:"), None);
        let arn = Arn::parse("arn:aws:appmesh:r:1:mesh/m/virtualRouter/r/route/x").unwrap();
        let tail = arn.after("mesh/*/virtualRouter/*/route/").unwrap();
        assert_eq!((&*tail.text, tail.name), ("m/r/x", Some(4)));
        assert_eq!(arn.after("mesh/*/virtualRouter/*/route/x"), None);
    }

    #[test]
    fn decodes_encoded_arns_and_nothing_else() {
        assert_eq!(decode_arn("arn%3Aaws%3alambda%3A%2f"), "arn:aws:lambda:/");
        assert_eq!(decode_arn("arn%3A%zz%4"), "arn:%zz%4");
        assert_eq!(decode_arn("a%3Ab"), "a%3Ab");
        assert_eq!(decode_arn("arn:aws:s3:::b/a%20b"), "arn:aws:s3:::b/a%20b");
        assert_eq!(percent_decoded("b/%C3%a9%2520%+%4"), "b/é%20%+%4");
    }

    proptest! {
        #[test]
        fn encoding_an_arn_and_decoding_it_is_no_change(resource in "[a-z%:/ é-]{1,20}") {
            let arn = format!("arn:aws:lambda:eu-west-1:1:{resource}");
            let encoded: String = arn
                .bytes()
                .map(|b| match b {
                    b'a'..=b'z' => char::from(b).to_string(),
                    _ => format!("%{b:02X}"),
                })
                .collect();
            prop_assert_eq!(decode_arn(&encoded), arn);
        }
    }
}
