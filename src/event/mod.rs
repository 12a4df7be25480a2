//! One CloudTrail record: its typed fields, who made the call, and when.
//!
//! Everything here is pure and reads what is meant: null, missing and odd
//! values (`readOnly: "True"`, `errorCode: ""`) count as what CloudTrail says
//! with them. Which resource a call acted on is not known here; see `catalog`.
//! Field names are those of the CloudTrail record contents reference.

mod actor;
mod denial;
mod fingerprint;
mod outcome;
mod parser;
mod raw_fields;
mod repair;
mod service_time;
mod time;

pub use actor::Actor;
pub use denial::{denied_words, is_denial};
pub(crate) use fingerprint::content_fingerprint;
pub use outcome::{FAILED, Outcome, tells_without_an_error};
pub use parser::{BadJson, EventParser};
pub use raw_fields::{RawFields, as_utf8};
pub use time::{Clock, Day, Time};

use std::borrow::Cow;

/// A JSON value inside a record.
pub type Json<'e> = simd_json::tape::Value<'e, 'e>;

/// What kind of event a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventCategory {
    /// A call that manages resources, a sign-in, or an event of a service.
    Management,
    /// A call on the data in a resource; logged only where a trail was told to.
    Data,
    /// A call that came through a VPC endpoint.
    NetworkActivity,
}

/// One record, parsed.
#[derive(Clone, Copy)]
pub struct Event<'e> {
    root: Json<'e>,
    raw: &'e [u8],
    envelope: Option<&'e [u8]>,
}

impl<'e> Event<'e> {
    fn new(root: Json<'e>, raw: &'e [u8], envelope: Option<&'e [u8]>) -> Self {
        Self { root, raw, envelope }
    }

    /// Returns the bytes that the record was parsed from.
    pub fn raw(&self) -> &'e [u8] {
        self.raw
    }

    /// Returns the EventBridge event that the record is the `detail` of, if it came as one.
    pub fn envelope(&self) -> Option<&'e [u8]> {
        self.envelope
    }

    /// Returns a top-level field; `None` when it is missing or null.
    pub fn get(&self, field: &str) -> Option<Json<'e>> {
        member_of(self.root, field)
    }

    /// Returns a top-level string field that is not empty.
    pub fn text(&self, field: &str) -> Option<&'e str> {
        nonempty_text(self.get(field)?)
    }

    /// Returns the value at a path of member names, as `userIdentity.arn`.
    pub fn at(&self, path: &str) -> Option<Json<'e>> {
        path.split('.').try_fold(self.root, member_of)
    }

    /// Returns the whole record.
    pub fn root(&self) -> Json<'e> {
        self.root
    }

    /// Returns `eventTime` (in UTC, whole seconds as CloudTrail writes it).
    pub fn time(&self) -> Option<Time> {
        Time::of_service(&scalar_text(self.get("eventTime")?)?)
    }

    /// Returns `eventName`, as logged.
    pub fn name(&self) -> &'e str {
        self.text("eventName").unwrap_or_default()
    }

    /// Returns `eventSource`, as logged: `iam.amazonaws.com`.
    pub fn source(&self) -> &'e str {
        self.text("eventSource").unwrap_or_default()
    }

    /// Returns the account that the event was recorded for.
    pub fn recipient_account(&self) -> Option<Cow<'e, str>> {
        let recipient = self.get("recipientAccountId").and_then(scalar_text);
        recipient.or_else(|| scalar_text(self.at("userIdentity.accountId")?))
    }

    /// Returns `errorCode`, or what stands for it in events that fail without one.
    pub fn error_code(&self) -> Option<&'e str> {
        outcome::error_code(self)
    }

    /// Returns whether the call did what it asks for.
    pub fn outcome(&self) -> Outcome {
        if self.error_code().is_some() { Outcome::Failed } else { Outcome::Succeeded }
    }

    /// Returns whether the call was refused for lack of permission.
    pub fn is_denied(&self) -> bool {
        let says = |code| is_denial(code) || self.text("errorMessage").is_some_and(denial::is_refusal);
        self.error_code().is_some_and(says)
    }

    /// Returns `readOnly`, however it is written.
    pub fn read_only(&self) -> Option<bool> {
        bool_value(self.get("readOnly")?)
    }

    /// Returns what kind of event it is, by `eventCategory` or, before version 1.07, `managementEvent`.
    pub fn category(&self) -> EventCategory {
        match self.text("eventCategory") {
            Some("Data") => EventCategory::Data,
            Some("NetworkActivity") => EventCategory::NetworkActivity,
            Some(_) => EventCategory::Management,
            None => match self.get("managementEvent").and_then(bool_value) {
                Some(false) => EventCategory::Data,
                _ => EventCategory::Management,
            },
        }
    }

    /// Returns whether it is but a row of columns, as exports have them: what it does not hold is not known. CloudTrail
    /// itself writes a version and a request, be it null, into every record of a call.
    pub fn is_partial(&self) -> bool {
        let lacks = |field| self.root.as_object().is_some_and(|root| root.get(field).is_none());
        lacks("eventVersion") && lacks("requestParameters")
    }

    /// Returns the event that this record corrects (`addendum.originalEventID`).
    pub fn corrects(&self) -> Option<&'e str> {
        nonempty_text(self.at("addendum.originalEventID")?)
    }

    /// Returns who made the call.
    pub fn actor(&self) -> Actor<'e> {
        Actor::of(self)
    }

    /// Returns a fingerprint of the content: equal for records that say the same,
    /// however they are spaced and in whatever order their keys stand.
    pub fn fingerprint(&self) -> u64 {
        fingerprint::fingerprint_value(self.root, self.raw.len())
    }
}

/// Returns a member of an object; `None` when it is missing or null.
pub fn member_of<'e>(value: Json<'e>, name: &str) -> Option<Json<'e>> {
    value.as_object()?.get(name).filter(|member| !is_null(*member))
}

/// Returns whether a value is null.
pub fn is_null(value: Json<'_>) -> bool {
    use simd_json::prelude::ValueAsScalar;
    value.as_null().is_some()
}

/// Returns a string value that is not empty.
pub fn nonempty_text(value: Json<'_>) -> Option<&str> {
    any_text(value).filter(|text| !text.is_empty())
}

/// Returns a string value.
pub fn any_text(value: Json<'_>) -> Option<&str> {
    use simd_json::prelude::ValueIntoString;
    value.into_string()
}

/// Returns a string, number or boolean as text: account ids and versions come as either.
pub fn scalar_text(value: Json<'_>) -> Option<Cow<'_, str>> {
    use simd_json::prelude::ValueAsScalar;
    if let Some(text) = any_text(value) {
        return (!text.is_empty()).then_some(Cow::Borrowed(text));
    }
    if let Some(number) = value.as_u64() {
        return Some(Cow::Owned(number.to_string()));
    }
    if let Some(number) = value.as_i64() {
        return Some(Cow::Owned(number.to_string()));
    }
    if let Some(number) = value.as_f64() {
        return Some(Cow::Owned(number.to_string()));
    }
    value.as_bool().map(|value| Cow::Borrowed(if value { "true" } else { "false" }))
}

/// Returns a boolean, also one written as text.
pub fn bool_value(value: Json<'_>) -> Option<bool> {
    let word = scalar_text(value)?;
    match word.as_ref() {
        word if word.eq_ignore_ascii_case("true") => Some(true),
        word if word.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// What the fuzz targets reach.
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing {
    /// Makes text that is almost JSON into JSON.
    pub fn repair(record: &[u8]) -> Vec<u8> {
        super::repair::repair_record(record)
    }
}

#[cfg(test)]
mod tests;
