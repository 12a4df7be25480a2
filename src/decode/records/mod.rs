//! Cuts a stream of bytes into CloudTrail records, whatever shape holds them.
//!
//! The walker sees one document after the other: `{"Records":[…]}`, an array,
//! JSON lines, one record, or whatever else holds records (`unwrap`). It holds
//! no more than one record and one chunk, so that a file of gigabytes costs no
//! more memory than a small one. What a record says is read in `event`.

mod drive;

use super::fixed_fields::FixedFields;
use super::outline::{Outline, end_of_value, skip_space, string_at};
use super::place::TextPlace;
use super::record::{EndFields, Record, RecordCounts, RecordVisitor, TakeConfig};
use super::record_suffix::SuffixCache;
use super::skip::Oversized;
use super::split_delivered::{RecordSpan, RecordSpans};
use super::wrap::UnpackedText;
use super::{members, shape, wrap};
use crate::container::stream::Limits;
use drive::WalkedBytes;
use std::cell::OnceCell;

/// Where the walker stands.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum WalkerPlace {
    /// Between documents.
    Top,
    /// Among the keys of a document that holds an array of elements.
    Document,
    /// Among the elements of an array, in a document or at the top.
    Array { in_document: bool },
}

/// What one step came to.
pub(super) enum WalkerStep {
    /// Something was read up to here.
    To(usize),
    /// There is nothing before this place but white space and commas.
    Past(usize),
    /// What stands here cannot be told without more bytes; at the end of the stream it is cut.
    Need,
    /// What stands here cannot stand there, and nothing tells where to go on.
    Broken,
    /// What stands here is larger than the limit, and is passed over.
    Over(Oversized),
}

/// The walker over one stream.
pub(crate) struct RecordWalker<'v, 'f> {
    pub(super) visit: &'v mut RecordVisitor<'f>,
    /// Takes documents of AWS Config.
    pub(super) config: Option<&'v mut TakeConfig<'v>>,
    pub(super) outline: Outline,
    place: WalkerPlace,
    /// The number of the next element, from 0.
    pub(super) index: u64,
    /// Where in the stream the bytes begin that are held. The places of a step are counted from there.
    base: u64,
    /// Where in the stream the last thing ended that was read, which is where a cut stream has its last whole element.
    read_to: u64,
    /// How many bytes were read of documents that turned out to be broken.
    in_vain: u64,
    pub(super) tally: RecordCounts,
    /// Whether the array that is walked is CloudTrail's own `Records`.
    pub(super) in_records: bool,
    /// The most that one packed text may hold.
    max_record: usize,
    /// How much all packed texts may still hold.
    allowance: u64,
    /// The text that was looked into last, and in which element: Elastic holds a record twice.
    pub(super) last_text: (u64, Vec<u8>),
    /// How often that was met again.
    pub(super) repeats: u64,
    /// Whether the content is of a format by columns, and which of two names of CloudTrail's columns were met in it.
    is_columnar: bool,
    columns: (bool, bool),
}

/// Walks over bytes that are in memory as a whole.
pub(crate) fn walk_whole(
    bytes: &[u8],
    limits: &Limits,
    cuts: &mut RecordSpans,
    visit: &mut RecordVisitor<'_>,
) -> (RecordCounts, EndFields) {
    let mut walker = RecordWalker::new(limits, visit);
    if let Some(cuts) = cuts.read(bytes, limits.record) {
        walker.delivered(bytes, cuts);
        return (walker.tally, EndFields::Whole);
    }
    let end = walker.walk(&mut WalkedBytes::Whole(bytes));
    (walker.tally, end)
}

/// Walks over the bytes that `fill` appends (`false` at the end), with at most the largest record held. Documents of
/// AWS Config are given to `config`.
pub(crate) fn walk_stream<'v>(
    buffer: &mut Vec<u8>,
    limits: &Limits,
    fill: &mut dyn FnMut(&mut Vec<u8>) -> bool,
    visit: &'v mut RecordVisitor<'_>,
    config: Option<&'v mut TakeConfig<'v>>,
) -> (RecordCounts, EndFields) {
    buffer.clear();
    let mut walker = RecordWalker { config, ..RecordWalker::new(limits, visit) };
    let end = walker.walk(&mut WalkedBytes::Stream { buffer, fill, more: true });
    (walker.tally, end)
}

impl<'v, 'f> RecordWalker<'v, 'f> {
    fn new(limits: &Limits, visit: &'v mut RecordVisitor<'f>) -> Self {
        Self {
            visit,
            config: None,
            outline: Outline::default(),
            place: WalkerPlace::Top,
            index: 0,
            base: 0,
            read_to: 0,
            in_vain: 0,
            tally: RecordCounts::default(),
            in_records: false,
            max_record: limits.record,
            allowance: limits.inflated,
            last_text: (u64::MAX, Vec::new()),
            repeats: 0,
            is_columnar: false,
            columns: (false, false),
        }
    }

    fn read_outline(&mut self, bytes: &[u8], at: usize) -> Option<usize> {
        self.outline.read(bytes, at)
    }

    /// The records of a file in CloudTrail's own form.
    fn delivered(&mut self, bytes: &[u8], cuts: &[RecordSpan]) {
        self.in_records = true;
        // Whoever writes requests as text does so with all: nothing is seen of them at known places.
        let as_usual = cuts.first().is_none_or(|cut| {
            self.outline.read(cut.text(bytes), 0);
            !members::has_objects_as_text(cut.text(bytes), &self.outline)
        });
        let mut suffixes = SuffixCache::default();
        for cut in cuts {
            let text = cut.text(bytes);
            match cut.fixed_fields(bytes, &mut suffixes).filter(|_| as_usual) {
                Some(fixed) => {
                    self.tally.own += 1;
                    self.record(text, None, TextPlace::of_element(cut.start()), Some(fixed));
                }
                None => {
                    self.outline.read(text, 0);
                    self.object(text, None, TextPlace::of_element(cut.start()), 0);
                }
            }
            self.index += 1;
        }
    }

    /// Hands on a record: one that was seen, or one whose outline has just been read into `self.outline`.
    pub(super) fn record(
        &mut self,
        text: &[u8],
        envelope: Option<&[u8]>,
        place: TextPlace,
        fixed: Option<FixedFields<'_>>,
    ) {
        let known = fixed.is_none().then_some(&self.outline);
        let (index, offset) = (self.index, self.base + place.element as u64);
        let record = Record { text, envelope, index, offset, fixed, known, asked: OnceCell::new() };
        match (self.visit)(&record) {
            Ok(()) => self.tally.records += 1,
            Err(cause) => self.note_bad(Some(cause)),
        }
    }

    /// How much was met that is known or should be, or was met already.
    pub(super) fn known_fields(&self) -> u64 {
        self.tally.known_fields() + self.repeats
    }

    /// Takes off what a text is packed in, within what one may hold and all of them.
    pub(super) fn unpack(&mut self, text: &[u8]) -> UnpackedText {
        let most = usize::try_from(self.allowance).unwrap_or(usize::MAX).min(self.max_record);
        let unpacked = wrap::unpack_text(text, most);
        if let UnpackedText::Content(content) | UnpackedText::Part(content) = &unpacked {
            self.allowance = self.allowance.saturating_sub(content.len() as u64);
        }
        unpacked
    }

    fn step(&mut self, bytes: &[u8], at: usize, more: bool) -> WalkerStep {
        // What stands between is not held: there may be any amount of it.
        let next = skip_separators(bytes, at);
        if next > at {
            self.tally.zeros += memchr::memchr_iter(0, &bytes[at..next]).count() as u64;
            return WalkerStep::Past(next);
        }
        match self.place {
            WalkerPlace::Top => self.top(bytes, at, more),
            WalkerPlace::Document => self.key(bytes, at, more),
            WalkerPlace::Array { in_document } => match bytes.get(at) {
                Some(b']') => {
                    self.in_records = false;
                    self.place = if in_document { WalkerPlace::Document } else { WalkerPlace::Top };
                    WalkerStep::To(at + 1)
                }
                Some(b'}') => WalkerStep::Broken,
                _ => self.element(bytes, at, TextPlace::of_element(at), 0),
            },
        }
    }

    /// Between documents: white space, the next document, or a line that holds one behind a time.
    fn top(&mut self, bytes: &[u8], at: usize, more: bool) -> WalkerStep {
        const BOM: &[u8] = b"\xef\xbb\xbf";
        match bytes.get(at) {
            None => WalkerStep::Need,
            Some(b'{') => self.document(bytes, at, more),
            Some(b'[') => {
                self.place = WalkerPlace::Array { in_document: false };
                WalkerStep::To(at + 1)
            }
            Some(b'"') => self.element(bytes, at, TextPlace::of_element(at), 0),
            Some(_) if bytes[at..].starts_with(BOM) => WalkerStep::To(at + BOM.len()),
            Some(_) => self.line(bytes, at, more),
        }
    }

    /// A text line: CloudWatch Logs writes the time, and perhaps the stream, before the record.
    fn line(&mut self, bytes: &[u8], at: usize, more: bool) -> WalkerStep {
        let is_first = self.base == 0 && at == 0;
        let (within, is_over) = (self.within_limit(bytes, at), self.is_over_limit(bytes, at));
        let more = more && !is_over;
        let line_end = memchr::memchr(b'\n', &within[at..]).map(|length| at + length);
        let is_cut = line_end.is_none() && is_over;
        let Some(line_end) = line_end.or((!more).then_some(within.len())) else { return WalkerStep::Need };
        let line = within[at..line_end].trim_ascii_end();
        let place = TextPlace::of_element(at).made();
        match line_start(line) {
            Some(brace) => WalkerStep::To(at + brace),
            None if is_cut && wrap::is_packed(line) => self.too_large(at, Oversized::Line),
            None if is_cut => {
                self.stray_line(line, is_first);
                WalkerStep::Over(Oversized::Line)
            }
            None if wrap::is_packed(line) => {
                let Some(end) = wrap::wrapped_end(within, line_end, line.len(), more) else {
                    return WalkerStep::Need;
                };
                if !self.packed(&within[at..end], place, 0) {
                    self.stray_line(line, is_first);
                }
                WalkerStep::To(end)
            }
            None => {
                if !self.packed(line, place, 0) {
                    self.stray_line(line, is_first);
                }
                WalkerStep::To(line_end)
            }
        }
    }

    /// A line of text, or of what is no text.
    fn stray_line(&mut self, line: &[u8], is_first: bool) {
        /// How files begin that are queried where logs are archived: Parquet, ORC, Avro.
        const OTHERS: [&[u8]; 3] = [b"PAR1", b"ORC", b"Obj\x01"];
        self.is_columnar |= is_first && OTHERS.iter().any(|begin| line.starts_with(begin));
        self.tally.stray_lines += 1;
        if self.is_columnar {
            let (first, second) = wrap::names_columns(line);
            self.columns = (self.columns.0 || first, self.columns.1 || second);
            self.tally.unread_text |= self.columns == (true, true);
        } else if !self.tally.unread_text {
            self.tally.unread_text = wrap::holds_trail_keys(line);
        }
    }

    /// A document: walked through when it is a container, else taken whole.
    fn document(&mut self, bytes: &[u8], at: usize, more: bool) -> WalkerStep {
        /// A document that is larger is looked through for its array, and not taken as a whole.
        const LARGE: usize = 1 << 20;
        /// How often the largest record may be read for nothing, before broken documents are looked at no further than
        /// to the end of their lines: a file of open braces alone would take for ever.
        const VAIN: u64 = 16;
        let (within, is_over) = (self.within_limit(bytes, at), self.is_over_limit(bytes, at));
        let first = skip_space(within, at + 1);
        if let Some(key) = string_at(within, first).filter(|_| within[first] == b'"')
            && shape::is_container(&within[key.clone()])
        {
            let value = skip_space(within, skip_space(within, key.end + 1) + 1);
            match within.get(value) {
                None if !is_over => return WalkerStep::Need,
                Some(b'[') => {
                    self.place = WalkerPlace::Document;
                    return WalkerStep::To(first);
                }
                _ => {}
            }
        }
        if self.in_vain > self.max_record as u64 * VAIN
            && let Some(end) = memchr::memchr(b'\n', &within[at..])
            && self.read_outline(&within[..at + end], at).is_none()
            && let Some(step) = self.next_line(within, at)
        {
            return step;
        }
        let large = at + LARGE.min(self.max_record);
        let end = self.read_outline(within, at);
        let is_large = end.map_or(bytes.len() > large, |end| end > large);
        match end {
            _ if is_large && shape::holds_container(&bytes[..large], at) => {
                self.place = WalkerPlace::Document;
                WalkerStep::To(at + 1)
            }
            Some(end) => self.whole_document(bytes, at, end),
            None if is_over => match self.next_line(within, at) {
                Some(step) => step,
                None => self.too_large(at, Oversized::Value),
            },
            None if more => WalkerStep::Need,
            None if shape::holds_container(bytes, at) => {
                self.place = WalkerPlace::Document;
                WalkerStep::To(at + 1)
            }
            None => self.next_line(bytes, at).unwrap_or(WalkerStep::Need),
        }
    }

    fn whole_document(&mut self, bytes: &[u8], at: usize, end: usize) -> WalkerStep {
        // A string cannot hold a raw line break: where a document does not parse and
        // spans lines, its first line is what is broken, and the next may be whole.
        let text = &bytes[at..end];
        if memchr::memchr(b'\n', text).is_some()
            && !shape::is_json(text)
            && let Some(step) = self.next_line(&bytes[..end], at)
        {
            return step;
        }
        self.object(text, None, TextPlace::of_element(at), 0);
        self.index += 1;
        WalkerStep::To(end)
    }

    /// Gives up the line that starts at `at`, if an object starts on the next.
    fn next_line(&mut self, bytes: &[u8], at: usize) -> Option<WalkerStep> {
        let line = memchr::memchr(b'\n', &bytes[at..])?;
        let next = skip_space(bytes, at + line);
        (bytes.get(next) == Some(&b'{')).then(|| {
            self.in_vain += (bytes.len() - at) as u64;
            self.bad();
            WalkerStep::To(next)
        })
    }

    /// Among the keys of a container document.
    fn key(&mut self, bytes: &[u8], at: usize, more: bool) -> WalkerStep {
        match bytes.get(at) {
            None => return WalkerStep::Need,
            Some(b'}') => {
                self.place = WalkerPlace::Top;
                return WalkerStep::To(at + 1);
            }
            Some(b'"') => {}
            Some(_) => return WalkerStep::Broken,
        }
        let within = self.within_limit(bytes, at);
        // A member that is no array of elements is of no interest, however large it is.
        let unended = match self.is_over_limit(bytes, at) {
            true => WalkerStep::Over(Oversized::Member),
            false => WalkerStep::Need,
        };
        let Some(key) = string_at(within, at) else { return unended };
        let colon = skip_space(within, key.end + 1);
        let value = skip_space(within, colon + 1);
        match within.get(value) {
            None => unended,
            Some(_) if within[colon] != b':' => WalkerStep::Broken,
            Some(b'[') if shape::is_container(&within[key.clone()]) => {
                let first = within.get(skip_space(within, value + 1));
                if first.is_none() && more && matches!(unended, WalkerStep::Need) {
                    return WalkerStep::Need;
                }
                self.tally.empty += u64::from(first == Some(&b']') && shape::is_log(&within[key.clone()]));
                self.in_records = &within[key] == b"Records";
                self.place = WalkerPlace::Array { in_document: true };
                WalkerStep::To(value + 1)
            }
            Some(_) => end_of_value(within, value).map_or(unended, WalkerStep::To),
        }
    }

    /// One element of an array, or a JSON string at the top.
    pub(super) fn element(&mut self, bytes: &[u8], at: usize, place: TextPlace, nesting: u8) -> WalkerStep {
        let within = self.within_limit(bytes, at);
        match within.get(at) {
            None => WalkerStep::Need,
            Some(b'{') => {
                let Some(end) = self.read_outline(within, at) else { return self.unended(bytes, at) };
                self.object(&within[at..end], None, place, nesting);
                self.index += 1;
                WalkerStep::To(end)
            }
            Some(b'"') => {
                let Some(string) = string_at(within, at) else { return self.unended(bytes, at) };
                let end = string.end + 1;
                self.inner_text(&within[string], place, nesting);
                self.index += 1;
                WalkerStep::To(end)
            }
            Some(b'[') => {
                let Some(end) = end_of_value(within, at) else { return self.unended(bytes, at) };
                self.row(&within[at..end], place, nesting);
                WalkerStep::To(end)
            }
            Some(_) => {
                let Some(end) = end_of_value(within, at) else { return self.unended(bytes, at) };
                self.bad();
                if end > at { WalkerStep::To(end) } else { WalkerStep::Broken }
            }
        }
    }

    pub(super) fn bad(&mut self) {
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

/// Where the record starts in a line of text: behind a time (`aws logs` and exports to S3), or behind a time and the
/// name of a stream, and then it has to look like a record.
fn line_start(line: &[u8]) -> Option<usize> {
    if !line.first()?.is_ascii_digit() {
        return None;
    }
    if let Some(brace) = memchr::memchr(b'{', &line[..line.len().min(40)]) {
        return Some(brace);
    }
    let brace = memchr::memchr(b'{', &line[..line.len().min(600)])?;
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.:/+ \t".contains(byte);
    let words =
        line[..brace].split(|byte| byte.is_ascii_whitespace()).filter(|word| !word.is_empty()).count();
    let is_prefix = words <= 3 && line[..brace].iter().all(is_name);
    (is_prefix && line[brace..].starts_with(b"{\"eventVersion\"")).then_some(brace)
}

/// Skips white space, commas and padding between elements.
pub(super) fn skip_separators(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let is_separator = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b',' | 0);
    at + rest.iter().position(|byte| !is_separator(byte)).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests;
