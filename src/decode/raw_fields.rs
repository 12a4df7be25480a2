//! The one place where fields are read off a record that is not parsed: from fixed places where it is written as
//! CloudTrail delivers it, else from its outline.

use super::outline::Field;
use super::record::Record;
use crate::event::{Outcome, RawFields, tells_without_an_error};

/// Returns `userAgent`, which the caller chose, where it holds nothing that is repaired before it is compared.
pub fn raw_user_agent<'r>(record: &Record<'r>) -> Option<&'r [u8]> {
    let agent = match &record.fixed {
        Some(fixed) => fixed.user_agent(),
        None => record.outline().plain(record.text, Field::UserAgent).map(str::as_bytes),
    };
    agent.filter(|agent| !agent.is_empty() && !agent.iter().any(|byte| *byte < b' '))
}

/// Returns the plain fields of a record, but for the user agent.
pub fn raw_fields<'r>(record: &Record<'r>) -> RawFields<'r> {
    if let Some(fixed) = &record.fixed {
        return RawFields {
            name: Some(fixed.name()),
            source: Some(fixed.source()),
            region: Some(fixed.region()),
            account: Some(fixed.account()),
            time: Some(fixed.time()),
            id: None,
            address: fixed.address().filter(|address| !address.is_empty()),
            user_agent: None,
            read_only: fixed.read_only(),
            is_data: Some(fixed.category() == b"Data"),
            fails: None,
            enveloped: false,
            text: Some(record.text),
        };
    }
    let (text, outline) = (record.text, record.outline());
    let plain = |field| outline.plain(text, field).map(str::as_bytes);
    RawFields {
        enveloped: record.envelope.is_some(),
        text: (!outline.is_unsure()).then_some(text),
        name: plain(Field::EventName),
        source: plain(Field::EventSource),
        region: plain(Field::AwsRegion),
        account: plain(Field::RecipientAccountId),
        id: plain(Field::EventId),
        address: plain(Field::SourceIpAddress).filter(|address| !address.is_empty()),
        user_agent: None,
        read_only: None,
        is_data: plain(Field::EventCategory).map(|category| category == b"Data"),
        time: plain(Field::EventTime),
        fails: (!outline.is_unsure()).then(|| {
            let error = [Field::ErrorCode, Field::ErrorMessage, Field::ServiceEventDetails];
            error.into_iter().any(|field| outline.has(field))
                || plain(Field::EventSource).is_none_or(tells_without_an_error)
        }),
    }
}

/// Returns the text of the caller: `userIdentity`, the same by whatever way it is found.
pub fn caller_text<'r>(record: &Record<'r>) -> Option<&'r [u8]> {
    match record.fixed {
        Some(fixed) => Some(fixed.identity()),
        None => record.outline().from(record.text, Field::UserIdentity),
    }
}

/// Returns whether the call did what it asks for, if that is plain.
pub fn plain_outcome(record: &Record<'_>, raw: &RawFields<'_>) -> Option<Outcome> {
    if record.fixed.is_some_and(|fixed| !fixed.may_hold_error()) {
        return Some(Outcome::Succeeded);
    }
    match raw.fails {
        Some(false) => Some(Outcome::Succeeded),
        // An empty code is none.
        _ => record
            .outline()
            .plain(record.text, Field::ErrorCode)
            .is_some_and(|code| !code.is_empty())
            .then_some(Outcome::Failed),
    }
}
