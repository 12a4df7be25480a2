//! The fields of a record that was not parsed, as far as they can be seen in its bytes. `decode` fills them; filters
//! and folds look at nothing else of an unparsed record.

use super::Time;

/// What can be seen of a record without parsing it, as it was logged; `None` where it cannot be seen. Few of these are
/// asked for, so [`as_utf8`] and [`RawFields::time`] make something of them only then.
#[derive(Clone, Copy, Debug, Default)]
pub struct RawFields<'r> {
    /// `eventName`.
    pub name: Option<&'r [u8]>,
    /// `eventSource`.
    pub source: Option<&'r [u8]>,
    /// `awsRegion`.
    pub region: Option<&'r [u8]>,
    /// `recipientAccountId`.
    pub account: Option<&'r [u8]>,
    /// `eventID`.
    pub id: Option<&'r [u8]>,
    /// `sourceIPAddress`.
    pub address: Option<&'r [u8]>,
    /// `userAgent`.
    pub user_agent: Option<&'r [u8]>,
    /// `eventTime`.
    pub time: Option<&'r [u8]>,
    /// `readOnly`.
    pub read_only: Option<bool>,
    /// Whether it is a data event.
    pub is_data: Option<bool>,
    /// Whether it may tell of an error.
    pub fails: Option<bool>,
    /// Whether it came as an EventBridge event.
    pub enveloped: bool,
    /// Its bytes, where every name of plain characters is written as it is.
    pub text: Option<&'r [u8]>,
}

impl RawFields<'_> {
    /// Returns `eventTime`, if that is a time.
    pub fn time(&self) -> Option<Time> {
        self.time.and_then(Time::parse_bytes)
    }
}

/// Returns what was seen as a text, if it is one.
pub fn as_utf8(seen: Option<&[u8]>) -> Option<&str> {
    str::from_utf8(seen?).ok()
}
