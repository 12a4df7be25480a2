//! Where one JSON object ends, and where its top-level fields stand.
//!
//! An [`Outline`] is read in one pass over the bytes, without parsing: enough
//! to cut records out of a file, to tell the shapes apart and to look at a
//! few plain fields of records that nobody asked for. It does not validate;
//! what a question depends on is parsed in `event`.

use super::structural;
use super::structural::{BLOCK, BlockCarry};
use fearless_simd::Simd;
use std::ops::Range;

macro_rules! fields {
    ($($variant:ident = $key:literal,)*) => {
        /// A top-level field that an outline remembers.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "each is named as its JSON key")]
        pub enum Field { $($variant,)* }

        /// Every field with its key, in the order of the variants.
        const KEYS: &[(Field, &str)] = &[$((Field::$variant, $key),)*];
    };
}

fields! {
    Addendum = "addendum",
    AdditionalEventData = "additionalEventData",
    AwsRegion = "awsRegion",
    CloudTrailEvent = "CloudTrailEvent",
    ConfigurationItems = "configurationItems",
    Detail = "detail",
    DetailType = "detail-type",
    DigestStartTime = "digestStartTime",
    ErrorCode = "errorCode",
    ErrorMessage = "errorMessage",
    EventCategory = "eventCategory",
    EventId = "eventID",
    EventName = "eventName",
    EventSource = "eventSource",
    EventTime = "eventTime",
    EventType = "eventType",
    Events = "Events",
    InsightDetails = "insightDetails",
    LogEvents = "logEvents",
    LowerEvents = "events",
    ManagementEvent = "managementEvent",
    Message = "message",
    ReadOnly = "readOnly",
    RecipientAccountId = "recipientAccountId",
    Records = "Records",
    RequestId = "requestID",
    RequestParameters = "requestParameters",
    Resources = "resources",
    ResponseElements = "responseElements",
    ServiceEventDetails = "serviceEventDetails",
    SourceIpAddress = "sourceIPAddress",
    UserAgent = "userAgent",
    UserIdentity = "userIdentity",
}

/// Where a key stands in `SLOTS`: a perfect hash, found by trial and checked below.
const fn slot_of_key(key: &[u8]) -> usize {
    (key.len() * HASH[0] + key[0] as usize * HASH[1] + key[key.len() * 2 / 3] as usize * HASH[2]) & 127
}
const HASH: [usize; 3] = [1, 3, 30];

/// The fields by the slots of their keys, 0 for none and else one more than the place in `KEYS`.
const SLOTS: [u8; 128] = {
    let mut slots = [0; 128];
    let mut at = 0;
    while at < KEYS.len() {
        let slot = slot_of_key(KEYS[at].1.as_bytes());
        assert!(slots[slot] == 0, "two keys have the same slot: choose other numbers for HASH");
        at += 1;
        slots[slot] = at as u8;
    }
    slots
};

/// Returns the field of a key, which is not empty.
#[inline]
pub(super) fn field_of_key(key: &[u8]) -> Option<Field> {
    let at = usize::from(SLOTS[slot_of_key(key)]).checked_sub(1)?;
    let (field, name) = KEYS[at];
    (name.as_bytes() == key).then_some(field)
}

/// The positions of the known top-level fields of one object.
#[derive(Clone, Debug)]
pub struct Outline {
    /// Where each value starts, counted from the opening brace; 0 where the field is missing.
    values: [u32; KEYS.len()],
    /// Whether a key is written with escapes, so that a field may be there unseen.
    escaped_key: bool,
}

impl Default for Outline {
    fn default() -> Self {
        Self { values: [0; KEYS.len()], escaped_key: false }
    }
}

impl Outline {
    /// Reads the object that starts at `bytes[start]` (a `{`) and returns where it
    /// ends, or `None` when the bytes end first.
    pub fn read(&mut self, bytes: &[u8], start: usize) -> Option<usize> {
        *self = Self::default();
        let object = &bytes[start..];
        let length = fearless_simd::dispatch!(structural::simd_level(), simd => {
            let outline = &mut *self;
            simd.vectorize(#[inline(always)] move || outline.walk(simd, object))
        });
        length.map(|length| start + length)
    }

    #[inline(always)]
    fn walk<S: Simd>(&mut self, simd: S, object: &[u8]) -> Option<usize> {
        let mut carry = BlockCarry::default();
        let mut depth = 0_u32;
        // Where the last string at the top level starts.
        let mut string = 0;
        for (index, chunk) in object.chunks(BLOCK).enumerate() {
            let block = carry.chunk(simd, chunk);
            let at = index * BLOCK;
            let mut turns = block.open | block.close;
            let mut from = 0;
            loop {
                let next = turns.trailing_zeros();
                if depth == 1 {
                    let mut quotes = block.quotes & bits_below(next) & !bits_below(from);
                    while quotes != 0 {
                        let quote = at + quotes.trailing_zeros() as usize;
                        if block.starts & quotes & quotes.wrapping_neg() != 0 {
                            string = quote;
                        } else {
                            self.string(object, string + 1, quote);
                        }
                        quotes &= quotes - 1;
                    }
                }
                if next == 64 {
                    break;
                }
                if block.open >> next & 1 == 1 {
                    depth += 1;
                } else {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return Some(at + next as usize + 1);
                    }
                }
                from = next + 1;
                turns &= turns - 1;
            }
        }
        None
    }

    /// Notes the value of a known key. The string stands in `from..to`, at the top level.
    #[inline(always)]
    fn string(&mut self, object: &[u8], from: usize, to: usize) {
        // Only a key is followed by a colon.
        let colon = match object.get(to + 1) {
            Some(b':') => to + 1,
            Some(b',' | b'}') | None => return,
            Some(_) => skip_space(object, to + 1),
        };
        let Some(key) = object.get(from..to).filter(|key| !key.is_empty()) else { return };
        if object.get(colon) != Some(&b':') {
            return;
        }
        let Some(field) = field_of_key(key) else {
            self.escaped_key |= key.contains(&b'\\');
            return;
        };
        let value = match object.get(colon + 1) {
            Some(byte) if !byte.is_ascii_whitespace() => colon + 1,
            _ => skip_space(object, colon + 1),
        };
        // The first of two equal keys counts, as in the full parse.
        let slot = &mut self.values[field as usize];
        if *slot == 0 {
            *slot = u32::try_from(value).unwrap_or_default();
        }
    }

    /// Returns whether the object has the field.
    pub fn has(&self, field: Field) -> bool {
        self.values[field as usize] != 0
    }

    /// Returns whether a key is written with escapes, so that `has` cannot be relied on.
    pub fn is_unsure(&self) -> bool {
        self.escaped_key
    }

    /// Returns where the value of a field starts in `object`, and its first byte.
    pub fn value(&self, object: &[u8], field: Field) -> Option<(usize, u8)> {
        let start = self.values[field as usize] as usize;
        (start != 0).then_some(start).and_then(|start| Some((start, *object.get(start)?)))
    }

    /// Returns the value of a field and what follows it, up to the next known field at most.
    pub fn from<'a>(&self, object: &'a [u8], field: Field) -> Option<&'a [u8]> {
        let start = self.values[field as usize];
        if start == 0 {
            return None;
        }
        let later = |value: u32| if value > start { value } else { u32::MAX };
        let next = self.values.iter().fold(u32::MAX, |next, value| next.min(later(*value)));
        object.get(start as usize..object.len().min(next as usize))
    }

    /// Returns the text of a string field that is written without escapes.
    pub fn plain<'a>(&self, object: &'a [u8], field: Field) -> Option<&'a str> {
        let (start, b'"') = self.value(object, field)? else { return None };
        let text = &object[start + 1..];
        let end = memchr::memchr2(b'"', b'\\', text)?;
        if text[end] != b'"' { None } else { std::str::from_utf8(&text[..end]).ok() }
    }
}

/// The bits below `bit`, all of them for 64.
fn bits_below(bit: u32) -> u64 {
    if bit >= 64 { u64::MAX } else { (1 << bit) - 1 }
}

/// Returns the first place at or after `at` that is not white space.
pub(crate) fn skip_space(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(rest.len())
}

/// Returns the range inside the quotes of the string that starts at `at`, or `None` when it does not end.
pub(crate) fn string_at(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let mut from = at + 1;
    loop {
        let found = from + memchr::memchr2(b'"', b'\\', bytes.get(from..)?)?;
        if bytes[found] == b'"' {
            return Some(at + 1..found);
        }
        from = found + 2;
    }
}

/// Returns where the value that starts at `at` ends, or `None` when the bytes end first.
pub(crate) fn end_of_value(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at)? {
        b'"' => Some(string_at(bytes, at)?.end + 1),
        b'{' | b'[' => Outline::default().read(bytes, at),
        _ => {
            let rest = &bytes[at..];
            let scalar = |byte: &u8| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace();
            Some(at + rest.iter().position(scalar)?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(text: &str) -> (Outline, Option<usize>) {
        let mut outline = Outline::default();
        let end = outline.read(text.as_bytes(), 0);
        (outline, end)
    }

    #[test]
    fn fields_are_found_at_the_top_level_only() {
        let text = r#"{"requestParameters":{"eventName":"No","x":["eventName"]},"a":null, "eventName" : "Yes","errorCode":"eventID","eventID":7} tail"#;
        let (outline, end) = outline(text);
        assert_eq!(end, Some(text.len() - 5));
        assert_eq!(outline.plain(text.as_bytes(), Field::EventName), Some("Yes"));
        assert_eq!(outline.plain(text.as_bytes(), Field::ErrorCode), Some("eventID"));
        assert_eq!(outline.value(text.as_bytes(), Field::EventId).map(|(_, byte)| byte), Some(b'7'));
        assert!(!outline.has(Field::Records));
    }

    #[test]
    fn a_value_that_looks_like_a_key_is_none() {
        let text = r#"{"a":"eventName","b":"\"eventName\":\"No\"","c":1,"eventSource":"s"}"#;
        let (outline, _) = outline(text);
        assert!(!outline.has(Field::EventName));
        assert_eq!(outline.plain(text.as_bytes(), Field::EventSource), Some("s"));
    }

    #[test]
    fn every_cut_is_incomplete() {
        let text = r#"{"eventName":"a\\\"}","x":[{"y":"]"}],"eventID":"1"}"#;
        for cut in 0..text.len() {
            let mut outline = Outline::default();
            if cut > 0 {
                assert_eq!(outline.read(&text.as_bytes()[..cut], 0), None, "{cut}");
            }
        }
        assert_eq!(outline(text).1, Some(text.len()));
    }

    #[test]
    fn a_value_ends_before_the_next_known_one() {
        let text = br#"{"resources":[1],"x":2,"requestParameters":{"a":1}}"#;
        let mut outline = Outline::default();
        outline.read(text, 0);
        assert_eq!(outline.from(text, Field::Resources), Some(&br#"[1],"x":2,"requestParameters":"#[..]));
        assert_eq!(outline.from(text, Field::RequestParameters), Some(&br#"{"a":1}}"#[..]));
        assert_eq!(outline.from(text, Field::EventName), None);
    }

    #[test]
    fn an_escaped_key_makes_it_unsure() {
        assert!(outline(r#"{"event\u004eame":"x"}"#).0.is_unsure());
        assert!(!outline(r#"{"eventName":"\u004e"}"#).0.is_unsure());
    }

    #[test]
    fn ends_of_values() {
        for (text, end) in [("\"a\\\"b\",", 6), ("[1,[2]],", 7), ("null,", 4), ("12}", 2), ("{}", 2)] {
            assert_eq!(end_of_value(text.as_bytes(), 0), Some(end), "{text}");
        }
        assert_eq!(end_of_value(b"\"abc\\\"", 0), None);
    }
}
