//! Cuts a stream of bytes into CloudTrail records, whatever shape holds them.
//!
//! The walker sees one document after the other: `{"Records":[…]}`, an array,
//! JSON lines, one record, `lookup-events` output, EventBridge envelopes and
//! CloudWatch Logs exports, told apart by their keys. It holds no more than
//! one record and one chunk, so that a file of gigabytes costs no more memory
//! than a small one. What a record says is read in `event`.

use super::delivered::{Cut, Cuts};
use super::foot::Feet;
use super::outline::{Field, Outline, end_of_value, skip_space, string_at};
use super::record::{End, Record, Tally, Visit};
use super::shape::{self, Shape};
use super::sight::Sight;
use super::unescape::unescape;
use std::cell::OnceCell;

/// The largest single record or document that is held in memory, unless told otherwise.
pub const MAX_RECORD: usize = 64 << 20;

/// How deep containers may hold containers (a line of a CloudWatch export that holds `Records`).
const MAX_NESTING: u8 = 4;

/// Where the walker stands.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// Between documents.
    Top,
    /// Among the keys of a document that holds an array of elements.
    Document,
    /// Among the elements of an array, in a document or at the top.
    Array { in_document: bool },
}

enum Step {
    To(usize),
    Need,
    Broken,
}

/// The walker over one stream.
pub(crate) struct Walker<'v, 'f> {
    visit: &'v mut Visit<'f>,
    outline: Outline,
    place: Place,
    index: u64,
    base: u64,
    tally: Tally,
    /// Whether the array that is walked is CloudTrail's own `Records`.
    in_records: bool,
}

/// Walks over bytes that are in memory as a whole.
pub(crate) fn walk_whole(
    bytes: &[u8],
    max_record: usize,
    cuts: &mut Cuts,
    visit: &mut Visit<'_>,
) -> (Tally, End) {
    let mut walker = Walker::new(visit);
    if let Some(cuts) = cuts.read(bytes, max_record) {
        walker.delivered(bytes, cuts);
        return (walker.tally, End::Whole);
    }
    let mut at = 0;
    let end = loop {
        match walker.step(bytes, at, false) {
            Step::To(next) if next - at > max_record => break End::TooLarge(at as u64),
            Step::To(next) => at = next,
            Step::Broken => break End::Broken(at as u64),
            Step::Need => break walker.end(bytes, at),
        }
    };
    (walker.tally, end)
}

/// Walks over the bytes that `fill` appends (`false` at the end), with at most `max_record` held.
pub(crate) fn walk(
    buffer: &mut Vec<u8>,
    max_record: usize,
    fill: &mut dyn FnMut(&mut Vec<u8>) -> bool,
    visit: &mut Visit<'_>,
) -> (Tally, End) {
    buffer.clear();
    let mut walker = Walker::new(visit);
    let mut more = true;
    let mut at = 0;
    let end = loop {
        match walker.step(buffer, at, more) {
            Step::To(next) => at = next,
            Step::Broken => break End::Broken(walker.base + at as u64),
            Step::Need if !more => break walker.end(buffer, at),
            Step::Need if buffer.len() - at > max_record => {
                break End::TooLarge(walker.base + at as u64);
            }
            Step::Need => {
                buffer.drain(..at);
                walker.base += at as u64;
                at = 0;
                // Twice as much each time, so that a long record is not read again for every chunk.
                let enough = buffer.len() * 2;
                more = fill(buffer);
                while more && buffer.len() < enough {
                    more = fill(buffer);
                }
            }
        }
    };
    (walker.tally, end)
}

impl<'v, 'f> Walker<'v, 'f> {
    fn new(visit: &'v mut Visit<'f>) -> Self {
        let (outline, tally) = (Outline::default(), Tally::default());
        Self { visit, outline, place: Place::Top, index: 0, base: 0, tally, in_records: false }
    }

    /// The records of a file in CloudTrail's own form.
    fn delivered(&mut self, bytes: &[u8], cuts: &[Cut]) {
        self.in_records = true;
        let mut feet = Feet::default();
        for cut in cuts {
            let text = cut.text(bytes);
            match cut.sight(bytes, &mut feet) {
                Some(sight) => self.record(text, None, cut.start(), Some(sight)),
                None => {
                    self.outline.read(text, 0);
                    self.object(text, None, cut.start(), 0);
                }
            }
            self.index += 1;
        }
    }

    /// Hands on a record: one that was seen, or one whose outline has just been read into `self.outline`.
    fn record(&mut self, text: &[u8], envelope: Option<&[u8]>, at: usize, sight: Option<Sight<'_>>) {
        let known = sight.is_none().then_some(&self.outline);
        let (index, offset) = (self.index, self.base + at as u64);
        let record = Record { text, envelope, index, offset, sight, known, asked: OnceCell::new() };
        match (self.visit)(&record) {
            Ok(()) => self.tally.records += 1,
            Err(cause) => self.note_bad(Some(cause)),
        }
    }

    /// How a walk ends that can go no further, for there are no more bytes.
    fn end(&self, bytes: &[u8], at: usize) -> End {
        let rest = skip_space(bytes, at) < bytes.len();
        if self.place == Place::Top && !rest { End::Whole } else { End::Cut(self.base + at as u64) }
    }

    fn step(&mut self, bytes: &[u8], at: usize, more: bool) -> Step {
        match self.place {
            Place::Top => self.top(bytes, at, more),
            Place::Document => self.key(bytes, at),
            Place::Array { in_document } => {
                let at = skip_separators(bytes, at);
                match bytes.get(at) {
                    Some(b']') => {
                        self.in_records = false;
                        self.place = if in_document { Place::Document } else { Place::Top };
                        Step::To(at + 1)
                    }
                    Some(b'}') => Step::Broken,
                    _ => self.element(bytes, at, 0),
                }
            }
        }
    }

    /// Between documents: white space, the next document, or a line that holds one behind a time.
    fn top(&mut self, bytes: &[u8], at: usize, more: bool) -> Step {
        const BOM: &[u8] = b"\xef\xbb\xbf";
        let at = skip_separators(bytes, at);
        match bytes.get(at) {
            None => Step::Need,
            Some(b'{') => self.document(bytes, at, more),
            Some(b'[') => {
                self.place = Place::Array { in_document: false };
                Step::To(at + 1)
            }
            Some(b'"') => self.element(bytes, at, 0),
            Some(_) if bytes[at..].starts_with(BOM) => Step::To(at + BOM.len()),
            Some(_) => self.line(bytes, at, more),
        }
    }

    /// A text line: an export of CloudWatch Logs writes the time before the record.
    fn line(&mut self, bytes: &[u8], at: usize, more: bool) -> Step {
        let line_end = memchr::memchr(b'\n', &bytes[at..]).map(|length| at + length);
        let Some(line_end) = line_end.or((!more).then_some(bytes.len())) else { return Step::Need };
        let time = &bytes[at..line_end.min(at + 40)];
        match memchr::memchr(b'{', time) {
            Some(brace) if time[0].is_ascii_digit() => Step::To(at + brace),
            _ => {
                self.tally.stray_lines += 1;
                Step::To(line_end)
            }
        }
    }

    /// A document: walked through when it is a container, else taken whole.
    fn document(&mut self, bytes: &[u8], at: usize, more: bool) -> Step {
        /// From here on a document is looked through for its array before its end is seen.
        const LARGE: usize = 1 << 20;
        let first = skip_space(bytes, at + 1);
        if let Some(key) = string_at(bytes, first).filter(|_| bytes[first] == b'"')
            && shape::is_container(&bytes[key.clone()])
        {
            let value = skip_space(bytes, skip_space(bytes, key.end + 1) + 1);
            match bytes.get(value) {
                None => return Step::Need,
                Some(b'[') => {
                    self.place = Place::Document;
                    return Step::To(first);
                }
                Some(_) => {}
            }
        }
        let mut outline = std::mem::take(&mut self.outline);
        let end = outline.read(bytes, at);
        self.outline = outline;
        match end {
            Some(end) => self.whole_document(bytes, at, end),
            None if (!more || bytes.len() - at > LARGE) && shape::holds_container(bytes, at) => {
                self.place = Place::Document;
                Step::To(at + 1)
            }
            None if more => Step::Need,
            None => self.next_line(bytes, at).unwrap_or(Step::Need),
        }
    }

    fn whole_document(&mut self, bytes: &[u8], at: usize, end: usize) -> Step {
        // A string cannot hold a raw line break: where a document does not parse and
        // spans lines, its first line is what is broken, and the next may be whole.
        let text = &bytes[at..end];
        if memchr::memchr(b'\n', text).is_some()
            && !shape::is_json(text)
            && let Some(step) = self.next_line(bytes, at)
        {
            return step;
        }
        self.object(text, None, at, 0);
        self.index += 1;
        Step::To(end)
    }

    /// Gives up the line that starts at `at`, if an object starts on the next.
    fn next_line(&mut self, bytes: &[u8], at: usize) -> Option<Step> {
        let line = memchr::memchr(b'\n', &bytes[at..])?;
        let next = skip_space(bytes, at + line);
        (bytes.get(next) == Some(&b'{')).then(|| {
            self.bad();
            Step::To(next)
        })
    }

    /// Among the keys of a container document.
    fn key(&mut self, bytes: &[u8], at: usize) -> Step {
        let at = skip_separators(bytes, at);
        match bytes.get(at) {
            None => return Step::Need,
            Some(b'}') => {
                self.place = Place::Top;
                return Step::To(at + 1);
            }
            Some(b'"') => {}
            Some(_) => return Step::Broken,
        }
        let Some(key) = string_at(bytes, at) else { return Step::Need };
        let colon = skip_space(bytes, key.end + 1);
        let value = skip_space(bytes, colon + 1);
        match bytes.get(value) {
            None => Step::Need,
            Some(_) if bytes[colon] != b':' => Step::Broken,
            Some(b'[') if shape::is_container(&bytes[key.clone()]) => {
                let empty = bytes.get(skip_space(bytes, value + 1)) == Some(&b']');
                self.tally.empty += u64::from(empty);
                self.in_records = &bytes[key] == b"Records";
                self.place = Place::Array { in_document: true };
                Step::To(value + 1)
            }
            Some(_) => end_of_value(bytes, value).map_or(Step::Need, Step::To),
        }
    }

    /// One element of an array, or a JSON string at the top.
    fn element(&mut self, bytes: &[u8], at: usize, nesting: u8) -> Step {
        match bytes.get(at) {
            None => Step::Need,
            Some(b'{') => {
                let mut outline = std::mem::take(&mut self.outline);
                let end = outline.read(bytes, at);
                self.outline = outline;
                let Some(end) = end else { return Step::Need };
                self.object(&bytes[at..end], None, at, nesting);
                self.index += 1;
                Step::To(end)
            }
            Some(b'"') => {
                let Some(string) = string_at(bytes, at) else { return Step::Need };
                let end = string.end + 1;
                self.inner_text(&bytes[string], at, nesting);
                self.index += 1;
                Step::To(end)
            }
            Some(_) => {
                let Some(end) = end_of_value(bytes, at) else { return Step::Need };
                self.bad();
                if end > at { Step::To(end) } else { Step::Broken }
            }
        }
    }

    /// An object whose outline has just been read into `self.outline`, and the EventBridge event around it.
    fn object(&mut self, text: &[u8], envelope: Option<&[u8]>, at: usize, nesting: u8) {
        match Shape::of(text, &self.outline) {
            Shape::Record => self.record(text, envelope, at, None),
            Shape::Insight => self.tally.insights += 1,
            Shape::Aggregated => self.tally.aggregated += 1,
            Shape::Digest => self.tally.digests += 1,
            Shape::Config => self.tally.config += 1,
            Shape::Text(field) => match self.outline.value(text, field) {
                Some((start, b'"')) if let Some(string) = string_at(text, start) => {
                    self.inner_text(&text[string], at, nesting);
                }
                _ => self.bad(),
            },
            Shape::Envelope => match self.outline.value(text, Field::Detail) {
                Some((start, b'{')) if nesting < MAX_NESTING => {
                    let mut outline = Outline::default();
                    if let Some(end) = outline.read(text, start) {
                        self.outline = outline;
                        self.object(&text[start..end], Some(text), at, nesting + 1);
                    }
                }
                _ => self.tally.foreign += 1,
            },
            Shape::Container(field) => match self.outline.value(text, field) {
                Some((start, b'[')) if nesting < MAX_NESTING => {
                    self.inner_array(text, start + 1, nesting + 1);
                }
                _ => self.tally.foreign += 1,
            },
            Shape::Foreign if self.in_records && nesting == 0 => self.tally.odd += 1,
            Shape::Foreign => self.tally.foreign += 1,
        }
    }

    /// The elements of an array that is in memory as a whole.
    fn inner_array(&mut self, text: &[u8], mut at: usize, nesting: u8) {
        loop {
            at = skip_separators(text, at);
            if matches!(text.get(at), None | Some(b']' | b'}')) {
                return;
            }
            match self.element(text, at, nesting) {
                Step::To(next) => at = next,
                Step::Need | Step::Broken => return,
            }
        }
    }

    /// A record, or a document of records, that stands escaped inside a JSON string.
    fn inner_text(&mut self, escaped: &[u8], at: usize, nesting: u8) {
        let inner = unescape(escaped);
        let start = skip_space(&inner, 0);
        let mut outline = Outline::default();
        let end = (inner.get(start) == Some(&b'{') && nesting < MAX_NESTING)
            .then(|| outline.read(&inner, start))
            .flatten();
        match end {
            Some(end) => {
                self.outline = outline;
                self.object(&inner[start..end], None, at, nesting + 1);
            }
            None if inner.get(start) == Some(&b'{') => self.bad(),
            None => self.tally.foreign += 1,
        }
    }

    fn bad(&mut self) {
        self.note_bad(None);
        self.index += 1;
    }

    fn note_bad(&mut self, cause: Option<String>) {
        self.tally.bad += 1;
        if self.tally.first_bad.is_none() {
            self.tally.first_bad = Some(self.index);
            self.tally.first_cause = cause;
        }
    }
}

/// Skips white space, commas and padding between elements.
fn skip_separators(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let is_separator = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b',' | 0);
    at + rest.iter().position(|byte| !is_separator(byte)).unwrap_or(rest.len())
}

#[cfg(test)]
#[path = "records_tests.rs"]
mod tests;
