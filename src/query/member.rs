//! What a record says under a name, read from its bytes without parsing it.
//!
//! The name is found wherever it stands, at whatever depth: a value that is not meant may be taken for the one
//! that is, so this refuses records and never passes them for good. A name of plain characters is never
//! written with an escape; what is hard to read otherwise passes.

use super::text::TextTest;
use crate::text::is_literal_in_json;
use memchr::memmem::Finder;

/// A name, and the values of which one is wanted under it.
#[derive(Clone, Debug)]
pub(super) struct JsonMember {
    /// The end of the name, with the quote behind it.
    name: Box<Finder<'static>>,
    wanted: MemberValues,
}

/// Values of any kind.
#[derive(Clone, Debug)]
pub(super) struct MemberValues {
    /// Strings like this.
    pub(super) text: TextTest,
    /// Everything else of these kinds.
    pub(super) others: Vec<OtherValues>,
}

/// A kind of values that are no strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OtherValues {
    True,
    False,
    Null,
    Number,
    Array,
    Object,
}

impl OtherValues {
    pub(super) const ALL: [Self; 6] =
        [Self::True, Self::False, Self::Null, Self::Number, Self::Array, Self::Object];
}

impl JsonMember {
    /// A member of this name; `None` where JSON may write the name in more than one way.
    pub(super) fn new(name: &str, wanted: MemberValues) -> Option<Self> {
        Self::written(name, &format!("\"{name}\""), wanted)
    }

    /// The same, of any name that ends so behind a dot.
    pub(super) fn ending(name: &str, wanted: MemberValues) -> Option<Self> {
        Self::written(name, &format!("{name}\""), wanted)
    }

    fn written(name: &str, written: &str, wanted: MemberValues) -> Option<Self> {
        let is_usual = !name.is_empty() && name.chars().all(is_literal_in_json);
        is_usual.then(|| Self { name: Box::new(Finder::new(written).into_owned()), wanted })
    }

    /// Returns whether a record may have such a member with such a value.
    pub(super) fn may_be_in(&self, record: &[u8]) -> bool {
        self.name.find_iter(record).any(|at| {
            let behind = record[at + self.name.needle().len()..].trim_ascii_start();
            // Without a colon it is a value.
            behind.strip_prefix(b":").is_some_and(|value| self.wanted.may_be(value.trim_ascii_start()))
        })
    }
}

impl MemberValues {
    /// Any value.
    pub(super) fn any() -> Self {
        Self { text: TextTest::Any, others: OtherValues::ALL.to_vec() }
    }

    /// Returns whether what begins here may be one of them.
    fn may_be(&self, bytes: &[u8]) -> bool {
        let kind = match bytes.first() {
            Some(b'"') => return plain_text(&bytes[1..]).is_none_or(|text| self.text.passes(text)),
            Some(b't') => OtherValues::True,
            Some(b'f') => OtherValues::False,
            Some(b'n') => OtherValues::Null,
            Some(b'[') => OtherValues::Array,
            Some(b'{') => OtherValues::Object,
            Some(b'-' | b'0'..=b'9') => OtherValues::Number,
            _ => return true,
        };
        self.others.contains(&kind)
    }
}

/// Returns the string whose opening quote stands before these bytes, if it says what is written.
fn plain_text(bytes: &[u8]) -> Option<&str> {
    let text = &bytes[..memchr::memchr2(b'"', b'\\', bytes).filter(|end| bytes[*end] == b'"')?];
    // A control character is repaired before it is compared.
    str::from_utf8(text).ok().filter(|text| !text.bytes().any(|byte| byte < b' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(name: &str, text: &str, others: &[OtherValues]) -> JsonMember {
        JsonMember::new(name, MemberValues { text: TextTest::Is(text.into()), others: others.to_vec() })
            .unwrap()
    }

    #[test]
    fn a_name_is_found_at_any_depth() {
        for (record, want) in [
            (r#"{"a":"x"}"#, true),
            ("{ \"a\" :\n \"x\" }", true),
            (r#"{"b":[{"a":"x"}]}"#, true),
            (r#"{"a":"y","b":{"a":"x"}}"#, true),
            (r#"{"a":"y"}"#, false),
            (r#"{"a":"xx"}"#, false),
            (r#"{"b":"a","a":"y"}"#, false),
            (r#"{"ba":"x"}"#, false),
            (r#"{"a":["x"]}"#, false),
            (r#"{"a":tru"#, false),
            ("{}", false),
            // What may say something else than it seems to.
            (r#"{"a":"\u0078"}"#, true),
            ("{\"a\":\"\u{1}\"}", true),
            (r#"{"a":"y"#, true),
            (r#"{"a":"#, true),
        ] {
            assert_eq!(member("a", "x", &[]).may_be_in(record.as_bytes()), want, "{record}");
        }
        assert!(member("a", "x", &[]).may_be_in(b"{\"a\":\"\xff\"}"));
    }

    #[test]
    fn values_of_each_kind() {
        let values = ["true", "false", "null", "-1.5e3", "[1]", "{}"];
        for (value, kind) in values.into_iter().zip(OtherValues::ALL) {
            let record = format!("{{\"a\":{value}}}");
            for other in OtherValues::ALL {
                assert_eq!(member("a", "x", &[other]).may_be_in(record.as_bytes()), kind == other, "{value}");
            }
        }
    }

    #[test]
    fn a_name_that_may_be_written_otherwise_is_not_looked_for() {
        for name in ["", "a/b", "a\"b", "ä", "a:b"] {
            assert!(JsonMember::new(name, MemberValues::any()).is_none(), "{name}");
        }
        let dotted = JsonMember::ending("b", MemberValues::any()).unwrap();
        assert!(dotted.may_be_in(br#"{"a.b":1}"#) && !dotted.may_be_in(br#"{"b.a":"b"}"#));
    }
}
