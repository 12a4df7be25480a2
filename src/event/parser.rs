//! Parses one record with simd-json, into buffers that are used again.

use super::{Actor, Event, repair};
use crate::text::has_too_many_values;
use simd_json::{Buffers, INPUT_PADDING, Tape};

/// Why a record could not be parsed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadJson(String);

/// What stands behind a record where it is parsed, so that no step of the parser looks beyond it: neither at what another
/// record left there, nor by a copy of its own.
const PADDING: [u8; INPUT_PADDING] = [b' '; INPUT_PADDING];

/// The buffers of a parser; one a thread.
pub struct EventParser {
    copy: Vec<u8>,
    buffers: Buffers,
    tape: Tape<'static>,
}

impl Default for EventParser {
    fn default() -> Self {
        // What lies deeper is refused here, and repaired.
        let buffers = Buffers::with_max_depth(0, repair::DEEPEST);
        Self { copy: Vec::new(), buffers, tape: Tape::null() }
    }
}

impl EventParser {
    /// Parses `record` and gives the event to `read`.
    ///
    /// Characters that JSON does not allow (half a surrogate pair, bytes that are
    /// not UTF-8, raw control characters) are read as U+FFFD: attackers write
    /// user agents, and one odd character must not hide an event. A number beyond all types of numbers is read as the
    /// text of its digits, and what lies more than 256 deep as the text of its JSON.
    ///
    /// # Errors
    /// When the record is not a JSON object even so, or has some millions of values.
    pub fn read<R>(&mut self, record: &[u8], read: impl FnOnce(&Event<'_>) -> R) -> Result<R, BadJson> {
        self.read_within(record, None, read)
    }

    /// Parses the text of a `userIdentity` and gives the caller to `read`. Whether there was a second factor is
    /// not always told by it alone.
    ///
    /// # Errors
    /// When the text is not a JSON object.
    pub fn read_identity<R>(
        &mut self,
        identity: &[u8],
        read: impl FnOnce(&Actor<'_>) -> R,
    ) -> Result<R, BadJson> {
        let record = [b"{\"userIdentity\":", identity, b"}"].concat();
        let actor = self.read(&record, |event| {
            let is_object = event.get("userIdentity").is_some_and(|it| it.as_object().is_some());
            is_object.then(|| read(&event.actor()))
        })?;
        actor.ok_or_else(|| BadJson("not a JSON object".to_owned()))
    }

    /// Parses a record that came as the `detail` of an EventBridge event, if `envelope` is that.
    ///
    /// # Errors
    /// When the record is not a JSON object.
    pub fn read_within<R>(
        &mut self,
        record: &[u8],
        envelope: Option<&[u8]>,
        read: impl FnOnce(&Event<'_>) -> R,
    ) -> Result<R, BadJson> {
        if has_too_many_values(record) {
            return Err(BadJson("it holds more values than any record of CloudTrail".to_owned()));
        }
        self.copy.clear();
        self.copy.extend_from_slice(record);
        self.copy.extend_from_slice(&PADDING);
        let mut tape = std::mem::replace(&mut self.tape, Tape::null()).reset();
        let mut parsed =
            simd_json::fill_tape_padded(&mut self.copy, record.len(), &mut self.buffers, &mut tape);
        if parsed.is_err() {
            let repaired = repair::repair_record(record);
            tape = tape.reset();
            let length = repaired.len();
            self.copy = repaired;
            self.copy.extend_from_slice(&PADDING);
            parsed = simd_json::fill_tape_padded(&mut self.copy, length, &mut self.buffers, &mut tape);
        }
        let result = match parsed {
            Ok(()) if tape.as_value().as_object().is_some() => {
                Ok(read(&Event::new(tape.as_value(), record, envelope)))
            }
            Ok(()) => Err(BadJson("not a JSON object".to_owned())),
            Err(error) => Err(BadJson(format!("not valid JSON: {error}"))),
        };
        self.tape = tape.reset();
        result
    }
}
