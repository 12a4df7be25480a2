//! Which records of a file are looked at more closely, and what their raw fields are.

use crate::decode::Record;
use crate::decode::outline::Field;
use crate::event::tells_without_an_error;
use crate::query::{CandidatePlaces, RawFields};

/// The records in which something stands that is looked for, asked for one after the other.
pub(super) struct Candidates<'p> {
    places: &'p CandidatePlaces,
    /// How many of the places lie behind.
    next: usize,
}

impl<'p> Candidates<'p> {
    pub(super) fn new(places: &'p CandidatePlaces) -> Self {
        Self { places, next: 0 }
    }

    /// Returns whether a record that was cut out of its file is one of them.
    pub(super) fn have(&mut self, record: &Record<'_>) -> bool {
        let CandidatePlaces::At(places) = self.places else {
            return *self.places == CandidatePlaces::Anywhere;
        };
        let to = record.offset + record.text.len() as u64;
        self.next += places[self.next..].iter().take_while(|at| u64::from(**at) < record.offset).count();
        places.get(self.next).is_some_and(|at| u64::from(*at) < to)
    }
}

/// Returns `userAgent`, which the caller chose, where it holds nothing that is repaired before it is compared.
pub(super) fn raw_user_agent<'r>(record: &Record<'r>) -> Option<&'r [u8]> {
    let agent = match &record.fixed {
        Some(fixed) => fixed.user_agent(),
        None => record.outline().plain(record.text, Field::UserAgent).map(str::as_bytes),
    };
    agent.filter(|agent| !agent.is_empty() && !agent.iter().any(|byte| *byte < b' '))
}

/// Returns the plain fields of a record, but for the user agent.
pub(super) fn raw_fields<'r>(record: &Record<'r>) -> RawFields<'r> {
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
