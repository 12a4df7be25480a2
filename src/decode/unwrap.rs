//! What one object, row or text turns out to be, and the records inside of it, however often they are wrapped.
//!
//! One step does it for all wrappers: look at the members that records may stand under (`wrap`), and at each value as
//! at anything else. It goes only so deep, and what is packed may hold only so much.

use super::outline::{Field, skip_space, string_at};
use super::place::TextPlace;
use super::records::{RecordWalker, WalkerStep, skip_separators};
use super::shape::ObjectShape;
use super::unescape::unescape_string;
use super::wrap::UnpackedText;
use super::{members, shape, wrap};
use crate::container::{athena, columns};
use crate::text::has_too_many_values;
use serde_json::{Map, Value};
use std::ops::Range;

/// How deep wrappers may lie in wrappers.
const MAX_NESTING: u8 = 12;

/// What was seen of an object while its members were looked through.
#[derive(Default)]
struct WrappedContent {
    /// It holds an item of AWS Config.
    config_item: bool,
    /// It is what AWS Config tells of compliance or of deliveries.
    config_news: bool,
    /// How many objects below it were of no kind that is known.
    foreign: u64,
}

impl RecordWalker<'_, '_> {
    /// An object whose outline has just been read into `self.outline`, and the EventBridge event around it.
    pub(super) fn object(&mut self, text: &[u8], envelope: Option<&[u8]>, place: TextPlace, nesting: u8) {
        match ObjectShape::of(text, &self.outline, nesting > 0) {
            ObjectShape::Record => {
                self.tally.own += u64::from(self.in_records && nesting == 0);
                self.found(text, envelope, place);
            }
            ObjectShape::Insight => self.tally.insights += 1,
            ObjectShape::Aggregated => self.tally.aggregated += 1,
            ObjectShape::Digest => self.tally.digests += 1,
            ObjectShape::Config => self.of_config(text),
            ObjectShape::Empty => self.tally.empty += 1,
            ObjectShape::Service => {
                let source = self.outline.plain(text, Field::EventSource).map(str::to_owned);
                if !self.look_inside(text, place, nesting, &mut WrappedContent::default()) {
                    self.tally.services += 1;
                    self.tally.first_service = self.tally.first_service.take().or(source);
                }
            }
            ObjectShape::Other => self.other(text, place, nesting),
        }
    }

    /// A record, with objects where it has them as text.
    fn found(&mut self, text: &[u8], envelope: Option<&[u8]>, place: TextPlace) {
        if let Some(record) = self.of_columns(text) {
            return self.made(&record, place);
        }
        if !members::has_objects_as_text(text, &self.outline) {
            return self.record(text, envelope, place, None);
        }
        let record = members::with_objects(text, &self.outline);
        self.outline.read(&record, 0);
        self.record(&record, envelope, place, None);
    }

    /// The record of an object that has parts of its objects, or its time, under names of columns, as tools write rows.
    fn of_columns(&self, text: &[u8]) -> Option<Vec<u8>> {
        let own = [Field::UserIdentity, Field::RequestParameters, Field::EventTime];
        if own.iter().all(|field| self.outline.has(*field)) {
            return None;
        }
        let (mut is_row, has_time) = (false, self.outline.has(Field::EventTime));
        members::visit_members(text, &mut |key, _| {
            let Ok(key) = str::from_utf8(key) else { return };
            is_row |= columns::is_of_part(key) || (!has_time && columns::is_moment(key));
        });
        is_row.then(|| columns::record_of_object(text)).flatten()
    }

    fn of_config(&mut self, text: &[u8]) {
        self.tally.config += 1;
        if let Some(config) = &mut self.config {
            config(text);
        }
    }

    /// What is no record itself: a wrapper, a record in other words, or something else.
    fn other(&mut self, text: &[u8], place: TextPlace, nesting: u8) {
        // An answer of this program, kept beside the logs.
        if text.starts_with(b"{\"schema\":\"trailscan/") {
            self.tally.foreign += 1;
            return;
        }
        let mut inside = WrappedContent::default();
        if self.look_inside(text, place, nesting, &mut inside) {
            return;
        }
        if inside.config_item {
            return self.of_config(text);
        }
        if let Some(rows) = athena::parse_rows(text) {
            return rows.iter().for_each(|row| self.cells(row.clone(), place, nesting));
        }
        if wrap::is_ocsf(text) {
            self.tally.ocsf += 1;
        } else if wrap::holds_trail_keys(text) {
            match columns::record_of_object(text) {
                Some(record) => self.made(&record, place),
                None => self.tally.unread += 1,
            }
        } else if inside.config_news {
            self.tally.config_news += 1;
        } else if self.in_records && nesting == 0 {
            self.tally.odd += 1;
        } else {
            self.tally.foreign += inside.foreign.max(1);
        }
    }

    /// A record that was put together.
    fn made(&mut self, record: &[u8], place: TextPlace) {
        self.outline.read(record, 0);
        self.record(record, None, place, None);
    }

    /// Looks at the members that records may stand under; true if anything was met that is known or should be.
    fn look_inside(
        &mut self,
        text: &[u8],
        place: TextPlace,
        nesting: u8,
        inside: &mut WrappedContent,
    ) -> bool {
        let (telling, foreign) = (self.known_fields(), self.tally.foreign);
        let envelope = self.outline.has(Field::DetailType).then_some(text);
        members::visit_members(text, &mut |key, value| match key {
            b"configurationItem" | b"configurationItems" | b"baseConfigurationItems" => {
                inside.config_item = true
            }
            b"configRuleName" | b"configRuleNames" | b"configSnapshotId" => inside.config_news = true,
            b"source" => inside.config_news |= &text[value] == b"\"aws.config\"",
            b"detail" => self.member(text, key, value, envelope, place, nesting, inside),
            _ if wrap::is_wrapper(key) => self.member(text, key, value, None, place, nesting, inside),
            _ => {}
        });
        let is_telling = self.known_fields() != telling;
        if !is_telling {
            // They are told of as one.
            inside.foreign += self.tally.foreign - foreign;
            self.tally.foreign = foreign;
        }
        is_telling
    }

    /// The value of one member that records may stand under.
    #[allow(clippy::too_many_arguments, reason = "what is around it")]
    fn member(
        &mut self,
        text: &[u8],
        key: &[u8],
        value: Range<usize>,
        envelope: Option<&[u8]>,
        place: TextPlace,
        nesting: u8,
        inside: &mut WrappedContent,
    ) {
        if nesting >= MAX_NESTING {
            self.tally.unread += u64::from(wrap::holds_trail_keys(&text[value]));
            return;
        }
        match text[value.start] {
            b'"' if value.len() > 2 => {
                self.inner_text(&text[value.start + 1..value.end - 1], place, nesting + 1)
            }
            b'{' => {
                let (telling, foreign) = (self.known_fields(), self.tally.foreign);
                self.outline.read(text, value.start);
                let place = place.member(value.start);
                self.object(&text[value], envelope, place, nesting + 1);
                if self.known_fields() == telling {
                    // Beside the member that holds records others need not.
                    inside.foreign += self.tally.foreign - foreign;
                    self.tally.foreign = foreign;
                }
            }
            b'[' => {
                let is_empty = text.get(skip_space(text, value.start + 1)) == Some(&b']');
                self.tally.empty += u64::from(is_empty && shape::is_log(key));
                self.inner_array(text, value.start + 1, place, nesting + 1);
            }
            _ => {}
        }
    }

    /// The elements of an array that is in memory as a whole.
    fn inner_array(&mut self, text: &[u8], mut at: usize, place: TextPlace, nesting: u8) {
        loop {
            at = skip_separators(text, at);
            if matches!(text.get(at), None | Some(b']' | b'}')) {
                return;
            }
            match self.element(text, at, place.element(at), nesting) {
                WalkerStep::To(next) | WalkerStep::Past(next) => at = next,
                WalkerStep::Need | WalkerStep::Broken | WalkerStep::Over(_) => return,
            }
        }
    }

    /// An array in an array: one row of a result, or a list of its own.
    pub(super) fn row(&mut self, text: &[u8], place: TextPlace, nesting: u8) {
        let first = text.get(skip_space(text, 1));
        if nesting >= MAX_NESTING || !matches!(first, Some(b'{' | b'[')) {
            return self.bad();
        }
        match parse_cells(text) {
            Some(cells) => self.cells(cells, place, nesting),
            None => self.inner_array(text, 1, place, nesting + 1),
        }
    }

    /// A row of a result: a column of it may hold the record, else its columns make one.
    fn cells(&mut self, cells: Vec<(String, Value)>, place: TextPlace, nesting: u8) {
        self.index += 1;
        let of_records = cells.iter().find_map(|(name, value)| {
            let value = value.as_str().filter(|it| !it.is_empty())?;
            columns::is_record_column(name).then(|| value.to_owned())
        });
        if let Some(record) = of_records {
            let telling = self.known_fields();
            self.plain_text(record.as_bytes(), place.made(), nesting + 1);
            if self.known_fields() != telling {
                return;
            }
        }
        let is_event = columns::are_of_events(cells.iter().map(|(name, _)| name.as_str()));
        match columns::record_of_cells(cells.into_iter()) {
            Some(record) => self.made(&record, place),
            None if is_event => self.tally.unread += 1,
            None => self.tally.foreign += 1,
        }
    }

    /// What stands escaped inside a JSON string.
    pub(super) fn inner_text(&mut self, escaped: &[u8], place: TextPlace, nesting: u8) {
        if self.last_text.0 == self.index && self.last_text.1 == escaped {
            self.repeats += 1;
            return;
        }
        self.last_text.0 = self.index;
        self.last_text.1.clear();
        self.last_text.1.extend_from_slice(escaped);
        let text = unescape_string(escaped);
        self.plain_text(&text, place.made(), nesting);
    }

    /// A text that may be a record, hold records or be packed.
    fn plain_text(&mut self, text: &[u8], place: TextPlace, nesting: u8) {
        let start = skip_space(text, 0);
        let rest = text[start.min(text.len())..].trim_ascii_end();
        match rest.first() {
            None => {}
            Some(b'{' | b'[' | b'"') if nesting >= MAX_NESTING => self.bad(),
            Some(b'{' | b'[' | b'"') => self.documents(rest, place, nesting),
            Some(_) if self.packed(rest, place, nesting) => {}
            Some(_) => self.tally.unread += u64::from(wrap::holds_trail_keys(rest)),
        }
    }

    /// A text that is packed; false when it is not.
    pub(super) fn packed(&mut self, text: &[u8], place: TextPlace, nesting: u8) -> bool {
        if nesting >= MAX_NESTING {
            return false;
        }
        match self.unpack(text) {
            UnpackedText::No => return false,
            UnpackedText::Content(content) => self.documents(&content, place.made(), nesting + 1),
            UnpackedText::Part(content) => {
                self.parts(&content, place.made(), nesting + 1);
                self.tally.damaged += 1;
            }
            UnpackedText::TooLarge => self.tally.too_large += 1,
        }
        true
    }

    /// What can be had of a subscription's message that ends early: the events that are whole.
    fn parts(&mut self, content: &[u8], place: TextPlace, nesting: u8) {
        let list = memchr::memmem::find(content, b"\"logEvents\"").and_then(|key| {
            let list = memchr::memchr(b'[', &content[key..])?;
            Some(key + list + 1)
        });
        if content.starts_with(b"{") && self.outline.read(content, 0).is_none() {
            if let Some(list) = list {
                self.inner_array(&content[list..], 0, place, nesting + 1);
            }
        } else {
            self.documents(content, place, nesting);
        }
    }

    /// Documents that are in memory as a whole, one behind the other.
    fn documents(&mut self, bytes: &[u8], place: TextPlace, nesting: u8) {
        let mut from = skip_separators(bytes, 0);
        while let Some(first) = bytes.get(from) {
            let end = match first {
                b'{' | b'[' => {
                    let end = self.outline.read(bytes, from);
                    let Some(end) = end else { return self.bad() };
                    match first {
                        b'{' => self.object(&bytes[from..end], None, place, nesting),
                        _ => self.inner_array(&bytes[from..end], 1, place, nesting),
                    }
                    end
                }
                b'"' => {
                    let Some(string) = string_at(bytes, from) else { return self.bad() };
                    let end = string.end + 1;
                    self.inner_text(&bytes[string], place, nesting + 1);
                    end
                }
                _ => {
                    let end =
                        memchr::memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |length| from + length);
                    self.tally.unread += u64::from(wrap::holds_trail_keys(&bytes[from..end]));
                    end
                }
            };
            from = skip_separators(bytes, end);
        }
    }
}

/// The cells of a row: of Logs Insights, `[{"field":"@message","value":"…"},…]`, or of CloudTrail Lake,
/// `[{"eventName":"…"},{"eventTime":"…"}]`.
fn parse_cells(text: &[u8]) -> Option<Vec<(String, Value)>> {
    if has_too_many_values(text) {
        return None;
    }
    let objects: Vec<Map<String, Value>> = serde_json::from_slice(text).ok()?;
    let cell = |mut object: Map<String, Value>| match object.len() {
        1 => object.into_iter().next(),
        2 => Some((object.get("field")?.as_str()?.to_owned(), object.remove("value")?)),
        _ => None,
    };
    let cells: Vec<(String, Value)> = objects.into_iter().map(cell).collect::<Option<_>>()?;
    let is_once = |at: usize| cells[..at].iter().all(|(name, _)| *name != cells[at].0);
    (0..cells.len()).all(is_once).then_some(cells)
}
