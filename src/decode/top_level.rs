//! Walks over a record's own fields, where it has CloudTrail's own form, without an outline.
//!
//! For whoever takes something from most fields of every record of an archive: each value is gone over once, by
//! the one who wants it. As an outline it does not validate.

use super::outline::{Field, field_of_key, string_at};
use super::structural::find_first_quote;
use super::{nested_keys, structural};
use fearless_simd::Simd;

/// Gives the known fields from the comma at `at` up to the one at `to`, or the closing brace, to `visit`, each with
/// its value; of one that is an object or array with everything that follows, and `visit` returns how long it is, if
/// it found out.
///
/// False where there is white space, or a key with escapes, or where no field begins at `to`: then there may be fields
/// that were not given.
pub(super) fn visit_top_level<'r>(
    record: &'r [u8],
    mut at: usize,
    to: usize,
    visit: &mut impl FnMut(Field, &'r [u8]) -> Option<usize>,
) -> bool {
    fearless_simd::dispatch!(structural::simd_level(), simd => {
        let visit = &mut *visit;
        simd.vectorize(#[inline(always)] move || {
            while at < to {
                match read_field(simd, record, at, visit) {
                    Some(end) => at = end,
                    None => return false,
                }
            }
            at == to
        })
    })
}

/// Reads one field, and returns where it ends.
#[inline(always)]
fn read_field<'r, S: Simd>(
    simd: S,
    record: &'r [u8],
    at: usize,
    visit: &mut impl FnMut(Field, &'r [u8]) -> Option<usize>,
) -> Option<usize> {
    let text = record.get(at..)?.strip_prefix(b",\"")?;
    let key = &text[..find_first_quote(simd, text).filter(|end| *end > 0)?];
    // Behind a backslash there is no colon.
    let value = text[key.len()..].strip_prefix(b"\":")?;
    let field = field_of_key(key);
    let length = match value.first()? {
        b'{' | b'[' => {
            let told = match field {
                Some(field) => visit(field, value),
                None => None,
            };
            return Some(
                record.len() - value.len()
                    + told.or_else(|| nested_keys::visit_keys(value, &mut |_, _| {}))?,
            );
        }
        b'"' => match 1 + find_first_quote(simd, &value[1..])? {
            end if value[end] == b'"' => end + 1,
            _ => string_at(value, 0)?.end + 1,
        },
        b' ' | b'\t' | b'\n' | b'\r' => return None,
        _ => memchr::memchr2(b',', b'}', value)?,
    };
    if let Some(field) = field {
        visit(field, &value[..length]);
    }
    Some(record.len() - value.len() + length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::outline::{Outline, end_of_value};
    use proptest::prelude::*;

    /// The fields that are given, in order; those that nobody knows the length of are walked over.
    fn fields(record: &str, tells: bool) -> Option<Vec<(Field, String)>> {
        let mut found = Vec::new();
        let whole =
            visit_top_level(record.as_bytes(), 0, record.len().saturating_sub(1), &mut |field, value| {
                let end = end_of_value(value, 0).unwrap_or(value.len());
                found.push((field, String::from_utf8_lossy(&value[..end]).into_owned()));
                tells.then_some(end)
            });
        (whole && record.ends_with('}')).then_some(found)
    }

    #[test]
    fn every_known_field_comes_with_its_value() {
        let text = r#","userAgent":"a\"},b","x":{"readOnly":1},"requestParameters":{"b":[{}],"eventID":"}"},"readOnly":true,"resources":[],"errorCode":null}"#;
        let expected = [
            (Field::UserAgent, r#""a\"},b""#),
            (Field::RequestParameters, r#"{"b":[{}],"eventID":"}"}"#),
            (Field::ReadOnly, "true"),
            (Field::Resources, "[]"),
            (Field::ErrorCode, "null"),
        ]
        .map(|(field, value)| (field, value.to_owned()));
        for tells in [true, false] {
            assert_eq!(fields(text, tells).as_deref(), Some(&expected[..]));
        }
    }

    #[test]
    fn what_is_not_written_so_is_refused() {
        assert_eq!(fields("}", true), Some(Vec::new()));
        for text in [
            "",
            ",",
            " }",
            r#","a":1"#,
            r#","a":1,}"#,
            r#","a": 1}"#,
            r#", "a":1}"#,
            r#","\u0061":1}"#,
            r#","":1}"#,
            r#","a":1}}"#,
            r#","a":{"b":1}"#,
            r#","a":"b}"#,
        ] {
            assert_eq!(fields(text, true), None, "{text}");
        }
    }

    proptest! {
        /// An outline reads the same by another way.
        #[test]
        fn an_outline_finds_the_same_fields(
            fields in prop::collection::vec(
                ("(eventID|errorCode|requestParameters|resources|x)", "(null|1|true|\"[\\\\\\\\\"a,{}]{0,4}\"|\\{\"a\":\\[\\]\\}|\\[\\{\"eventID\":2\\}\\])"),
                0..6,
            ),
        ) {
            let text: String = fields.iter().map(|(key, value)| format!(",\"{key}\":{value}")).collect();
            let object = format!("{{\"eventName\":1{text}}}");
            if serde_json::from_str::<serde_json::Value>(&object).is_ok() {
                let mut outline = Outline::default();
                outline.read(object.as_bytes(), 0);
                let mut given = 0;
                let mut seen = Vec::new();
                let to = object.len() - 1;
                let whole = visit_top_level(object.as_bytes(), to - text.len(), to, &mut |field, value| {
                    if !seen.contains(&field) {
                        seen.push(field);
                        let (start, _) = outline.value(object.as_bytes(), field).unwrap();
                        let end = end_of_value(object.as_bytes(), start).unwrap();
                        assert!(value.starts_with(&object.as_bytes()[start..end]), "{object}");
                    }
                    given += 1;
                    None
                });
                prop_assert!(whole);
                prop_assert_eq!(given, fields.iter().filter(|(key, _)| key != "x").count());
            }
        }
    }
}
