//! Tells what a JSON object is from the names of its top-level fields.
//!
//! CloudTrail's own files, the command line's `lookup-events` output,
//! EventBridge envelopes, CloudWatch Logs exports, digests and AWS Config
//! files each have keys of their own; see `DESIGN.md` §5.

use super::outline::{Field, Outline, end_of_value, skip_space, string_at};

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A CloudTrail record of a call, sign-in or service event.
    Record,
    /// A CloudTrail Insights record.
    Insight,
    /// A CloudTrail aggregated record.
    Aggregated,
    /// A digest file.
    Digest,
    /// An AWS Config history or snapshot.
    Config,
    /// Holds a record as a JSON string in this field.
    Text(Field),
    /// An EventBridge event: the record is its `detail`.
    Envelope,
    /// Holds an array of elements in this field.
    Container(Field),
    /// Something else.
    Foreign,
}

impl Shape {
    /// Tells the shape of `text`, of which `outline` was read.
    pub(crate) fn of(text: &[u8], outline: &Outline) -> Self {
        let array = |field| matches!(outline.value(text, field), Some((_, b'[')));
        let containers = [Field::Records, Field::Events, Field::LogEvents, Field::LowerEvents];
        if outline.has(Field::CloudTrailEvent) {
            Self::Text(Field::CloudTrailEvent)
        } else if outline.has(Field::InsightDetails) {
            Self::Insight
        } else if outline.plain(text, Field::EventCategory).is_some_and(|it| it.starts_with("Aggregat")) {
            Self::Aggregated
        } else if outline.has(Field::EventName) || outline.is_unsure() {
            Self::Record
        } else if outline.has(Field::Detail) && outline.has(Field::DetailType) {
            Self::Envelope
        } else if outline.has(Field::DigestStartTime) {
            Self::Digest
        } else if outline.has(Field::ConfigurationItems) {
            Self::Config
        } else if let Some(field) = containers.into_iter().find(|field| array(*field)) {
            Self::Container(field)
        } else if outline.has(Field::Message) {
            Self::Text(Field::Message)
        } else {
            Self::Foreign
        }
    }
}

/// Returns whether an array under this key holds elements to read.
pub(crate) fn is_container(key: &[u8]) -> bool {
    matches!(key, b"Records" | b"Events" | b"logEvents" | b"events")
}

/// Returns whether the object at `bytes[at]`, which need not be complete, has an array of
/// elements among the keys that can be seen.
pub(crate) fn holds_container(bytes: &[u8], at: usize) -> bool {
    let mut at = at + 1;
    loop {
        while matches!(bytes.get(at), Some(b',' | b' ' | b'\n' | b'\r' | b'\t')) {
            at += 1;
        }
        if bytes.get(at) != Some(&b'"') {
            return false;
        }
        let Some(key) = string_at(bytes, at) else { return false };
        let value = skip_space(bytes, skip_space(bytes, key.end + 1) + 1);
        if bytes.get(value) == Some(&b'[') && is_container(&bytes[key]) {
            return true;
        }
        match end_of_value(bytes, value) {
            Some(end) => at = end,
            None => return false,
        }
    }
}

/// Returns whether the text is one valid JSON value.
pub(crate) fn is_json(text: &[u8]) -> bool {
    simd_json::to_tape(&mut text.to_vec()).is_ok()
}
