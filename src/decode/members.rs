//! The members of one object as they stand, and members of records that are objects written as text.

use super::outline::{Field, Outline, end_of_value, skip_space, string_at};
use super::shape::is_json;
use super::unescape::unescape_string;
use crate::container::{columns, notation};
use std::ops::Range;

/// Gives every member of the object that `text` begins with to `visit`: its key, and where its value stands.
pub(super) fn visit_members(text: &[u8], visit: &mut dyn FnMut(&[u8], Range<usize>)) {
    let mut at = skip_space(text, 1);
    while text.get(at) == Some(&b'"') {
        let Some(key) = string_at(text, at) else { return };
        let colon = skip_space(text, key.end + 1);
        if text.get(colon) != Some(&b':') {
            return;
        }
        let value = skip_space(text, colon + 1);
        let Some(end) = end_of_value(text, value).filter(|end| *end > value) else { return };
        visit(&text[key], value..end);
        at = skip_space(text, end);
        if text.get(at) == Some(&b',') {
            at = skip_space(text, at + 1);
        }
    }
}

/// Fields that hold objects or lists, which Athena and SIEMs hold as text.
const DEEP: [Field; 6] = [
    Field::UserIdentity,
    Field::RequestParameters,
    Field::ResponseElements,
    Field::AdditionalEventData,
    Field::ServiceEventDetails,
    Field::Resources,
];

/// Returns whether a field of a record is an object or list that is written as text.
pub(super) fn has_objects_as_text(text: &[u8], outline: &Outline) -> bool {
    DEEP.iter().any(|field| as_text(text, outline, *field).is_some())
}

/// Where such a text stands, with its quotes.
fn as_text(text: &[u8], outline: &Outline, field: Field) -> Option<Range<usize>> {
    let (start, b'"') = outline.value(text, field)? else { return None };
    let string = string_at(text, start)?;
    let first = text.get(skip_space(text, string.start))?;
    (matches!(first, b'{' | b'[') || &text[string.clone()] == b"null").then_some(start..string.end + 1)
}

/// Writes the record with objects where they stand as text; what is no object after all stays.
pub(super) fn with_objects(text: &[u8], outline: &Outline) -> Vec<u8> {
    let place = |field: &Field| Some((as_text(text, outline, *field)?, *field));
    let mut places: Vec<(Range<usize>, Field)> = DEEP.iter().filter_map(place).collect();
    places.sort_by_key(|(place, _)| place.start);
    let (mut record, mut from) = (Vec::with_capacity(text.len()), 0);
    for (place, field) in places {
        let inner = unescape_string(&text[place.start + 1..place.end - 1]);
        let noted = || {
            let value = notation::parse_value(str::from_utf8(&inner).ok()?)?;
            let value = if field == Field::UserIdentity { columns::restore_case(value) } else { value };
            serde_json::to_vec(&value).ok()
        };
        let value = if is_json(&inner) { Some(inner) } else { noted() };
        if let Some(value) = value {
            record.extend_from_slice(&text[from..place.start]);
            record.extend(value);
            from = place.end;
        }
    }
    record.extend_from_slice(&text[from..]);
    record
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_come_in_order() {
        let text = br#"{ "a" : 1, "b":{"c":2},"d":["e"] , "f":"g\"" }"#;
        let mut seen = Vec::new();
        visit_members(text, &mut |key, value| {
            seen.push((
                String::from_utf8_lossy(key).into_owned(),
                String::from_utf8_lossy(&text[value]).into_owned(),
            ));
        });
        let want = [("a", "1"), ("b", r#"{"c":2}"#), ("d", r#"["e"]"#), ("f", r#""g\"""#)];
        assert_eq!(seen, want.map(|(key, value)| (key.to_owned(), value.to_owned())));
    }

    #[test]
    fn objects_take_the_place_of_their_text() {
        for (text, want) in [
            (
                r#"{"eventName":"A","requestParameters":"{\"a\":\"\\\"\"}","responseElements":"null","x":1}"#,
                r#"{"eventName":"A","requestParameters":{"a":"\""},"responseElements":null,"x":1}"#,
            ),
            (
                r#"{"resources":"[{\"ARN\":\"x\"}]","userIdentity":"{\"type\":\"Root\"}"}"#,
                r#"{"resources":[{"ARN":"x"}],"userIdentity":{"type":"Root"}}"#,
            ),
            (
                r#"{"userIdentity":"{type=Root, username=null}"}"#,
                r#"{"userIdentity":{"type":"Root","userName":null}}"#,
            ),
            (
                r#"{"userIdentity":"<REDACTED>","requestParameters":"{\"cut"}"#,
                r#"{"userIdentity":"<REDACTED>","requestParameters":"{\"cut"}"#,
            ),
        ] {
            let mut outline = Outline::default();
            outline.read(text.as_bytes(), 0);
            assert_eq!(String::from_utf8(with_objects(text.as_bytes(), &outline)).unwrap(), want);
        }
    }
}
