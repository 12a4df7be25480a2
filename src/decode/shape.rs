//! Tells what a JSON object is from the names of its top-level fields.
//!
//! CloudTrail's own files, digests and AWS Config files each have keys of
//! their own; what records may be wrapped in is known to `wrap`.

use super::outline::{Field, Outline, end_of_value, skip_space, string_at};
use serde::de::IgnoredAny;

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ObjectShape {
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
    /// A log without a record.
    Empty,
    /// An event of another service that has fields of the same names: a notification of S3, a record of Kinesis.
    Service,
    /// Something else, which may hold records.
    Other,
}

impl ObjectShape {
    /// Tells the shape of `text`, of which `outline` was read; `is_inner` says that it stands inside of something that
    /// is not CloudTrail's own, where a name of an event alone says nothing.
    pub(crate) fn of(text: &[u8], outline: &Outline, is_inner: bool) -> Self {
        const MORE: [Field; 6] = [
            Field::EventSource,
            Field::EventTime,
            Field::EventId,
            Field::UserAgent,
            Field::UserIdentity,
            Field::AwsRegion,
        ];
        let is_null = |field| matches!(outline.value(text, field), Some((_, b'n')));
        let says_more = || {
            MORE.iter().any(|it| outline.has(*it))
                || memchr::memmem::find(text, b"\"eventVersion\"").is_some()
        };
        // In a rule of EventBridge it is a list.
        let is_call =
            matches!(outline.value(text, Field::EventName), Some((_, byte)) if !b"[{".contains(&byte));
        let is_record = is_call && (!is_inner || says_more());
        if outline.has(Field::CloudTrailEvent) {
            Self::Other
        } else if outline.has(Field::InsightDetails) {
            Self::Insight
        } else if outline.plain(text, Field::EventCategory).is_some_and(|it| it.starts_with("Aggregat")) {
            Self::Aggregated
        } else if outline.plain(text, Field::EventSource).is_some_and(|it| it.starts_with("aws:")) {
            // CloudTrail's sources are host names.
            Self::Service
        } else if is_record || outline.is_unsure() {
            Self::Record
        } else if outline.has(Field::DigestStartTime) {
            Self::Digest
        } else if outline.has(Field::ConfigurationItems) && !outline.has(Field::DetailType) {
            Self::Config
        } else if is_null(Field::Records) {
            Self::Empty
        } else {
            Self::Other
        }
    }
}

/// Returns whether an array under this key holds elements to read, one after the other.
pub(crate) fn is_container(key: &[u8]) -> bool {
    is_log(key) || matches!(key, b"records" | b"results" | b"QueryResultRows" | b"Messages" | b"hits")
}

/// Returns whether an array under this key is a log, be it empty.
pub(crate) fn is_log(key: &[u8]) -> bool {
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
    // The fast parser refuses numbers and depths that it cannot hold. To read past values takes no recursion.
    simd_json::to_tape(&mut text.to_vec()).is_ok() || serde_json::from_slice::<IgnoredAny>(text).is_ok()
}
