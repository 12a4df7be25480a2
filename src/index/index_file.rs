//! The file that holds the facts of one archive.
//!
//! ```text
//! magic, version and edition of the program, checksum of all that follows,
//! root of the archive, epoch, dictionaries of calls and of places,
//! keys of the files in order (8 bytes each), where the facts of every sixteenth stand (4 bytes each),
//! the facts, each with its length
//! ```
//!
//! It is read at once and only looked into: a question of 50,000 files touches a few bytes of
//! each. A key is a hash of path, size and time of change, so a file that changed is not in it.

use super::bytes::{ByteReader, put, put_counted};
use super::file_summary::{FileSummary, SummaryView};
use super::hash::mix;
use std::collections::HashMap;

const MAGIC: &[u8; 8] = b"trailsix";

/// The form of the file, and what its facts mean. Other tables of calls make another index too.
const FORM: u64 = 1;

/// The facts of one in so many files can be found without looking at those before.
const STRIDE: usize = 16;

/// What nearly every source ends in, and what stands for it: in a small archive the names of calls
/// are most of the index. No call has a control character in its name.
const DOMAIN: &str = ".amazonaws.com\0";
const SHORT: &str = "\u{1}";

/// Texts by number.
#[derive(Debug, Default)]
pub(super) struct TextDictionary {
    texts: Vec<Box<str>>,
    numbers: HashMap<Box<str>, u32>,
}

impl TextDictionary {
    pub(super) fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.into());
        self.numbers.insert(text.into(), number);
        number
    }

    pub(super) fn texts(&self) -> &[Box<str>] {
        &self.texts
    }

    /// Sorts by use and returns the new numbers; what is not used goes last.
    fn sorted<'n>(&mut self, used: impl Iterator<Item = &'n u32>) -> Vec<u32> {
        let mut uses = vec![0_u64; self.texts.len()];
        used.for_each(|number| uses[*number as usize] += 1);
        let mut order: Vec<usize> = (0..self.texts.len()).collect();
        order.sort_by(|a, b| uses[*b].cmp(&uses[*a]).then_with(|| self.texts[*a].cmp(&self.texts[*b])));
        let mut numbers = vec![0; self.texts.len()];
        for (number, old) in order.iter().enumerate() {
            numbers[*old] = u32::try_from(number).unwrap_or(u32::MAX);
        }
        order.truncate(uses.iter().filter(|uses| **uses > 0).count());
        self.texts = order.into_iter().map(|old| self.texts[old].clone()).collect();
        numbers
    }

    fn write(&self, out: &mut Vec<u8>) {
        put(out, self.texts.len() as u64);
        self.texts.iter().for_each(|text| put_counted(out, text.replace(DOMAIN, SHORT).as_bytes()));
    }

    fn read(reader: &mut ByteReader<'_>) -> Option<Vec<Box<str>>> {
        let count = reader.number()?;
        let text = |bytes| std::str::from_utf8(bytes).ok().map(|text| text.replace(SHORT, DOMAIN).into());
        (0..count).map(|_| text(reader.counted()?)).collect()
    }
}

/// Facts on their way into a file.
#[derive(Debug, Default)]
pub(super) struct IndexBuilder {
    /// Calls: source, NUL, name.
    pub(super) calls: TextDictionary,
    /// Accounts, each behind a line break, NUL, regions likewise.
    pub(super) places: TextDictionary,
    pub(super) files: Vec<(u64, FileSummary)>,
}

impl IndexBuilder {
    /// Takes the facts of another, whose numbers are its own.
    pub(super) fn merge(&mut self, other: Self) {
        for (key, facts) in other.files {
            self.add(key, facts, other.calls.texts(), other.places.texts());
        }
    }

    /// Takes facts whose numbers are those of other dictionaries.
    pub(super) fn add(&mut self, key: u64, mut facts: FileSummary, calls: &[Box<str>], places: &[Box<str>]) {
        let call = |number: &u32| Some(self.calls.number(calls.get(*number as usize)?));
        let unnamed = facts.unnamed.iter().map(|number| calls.get(*number as usize).cloned());
        let unnamed: Option<Vec<_>> = unnamed.collect();
        let known: Option<Vec<u32>> = facts.calls.iter().map(call).collect();
        // Numbers that mean nothing are those of a damaged index: the file is read instead.
        let (Some(unnamed), Some(known), Some(place)) = (unnamed, known, places.get(facts.place as usize))
        else {
            return;
        };
        facts.calls = known;
        facts.unnamed = unnamed.iter().map(|text| self.calls.number(text)).collect();
        facts.place = self.places.number(place);
        self.files.push((key, facts));
    }

    /// Numbers the calls and places anew, the frequent ones first, so that nothing depends on threads.
    fn settle(&mut self) {
        let calls = self.calls.sorted(self.files.iter().flat_map(|(_, facts)| &facts.calls));
        let places = self.places.sorted(self.files.iter().map(|(_, facts)| &facts.place));
        let number = |call: &mut u32| *call = calls[*call as usize];
        for (_, facts) in &mut self.files {
            facts.calls.iter_mut().chain(&mut facts.unnamed).for_each(number);
            facts.place = places[facts.place as usize];
        }
    }

    /// Returns the file; `root` is the archive.
    pub(super) fn write(mut self, root: &[u8], edition: u64) -> Vec<u8> {
        self.settle();
        self.files.sort_by_key(|(key, _)| *key);
        self.files.dedup_by_key(|(key, _)| *key);
        let first = |(_, facts): &(u64, FileSummary)| facts.span.map(|span| span.0);
        let epoch = self.files.iter().filter_map(first).min().unwrap_or_default();
        let mut body = Vec::new();
        put_counted(&mut body, root);
        body.extend_from_slice(&epoch.to_le_bytes());
        self.calls.write(&mut body);
        self.places.write(&mut body);
        put(&mut body, self.files.len() as u64);
        let (mut facts, mut starts, mut one) = (Vec::new(), Vec::new(), Vec::new());
        for (index, (key, file)) in self.files.iter_mut().enumerate() {
            body.extend_from_slice(&key.to_le_bytes());
            if index % STRIDE == 0 {
                starts.extend_from_slice(&(facts.len() as u64).to_le_bytes());
            }
            file.calls.sort_unstable();
            file.unnamed.sort_unstable();
            one.clear();
            file.write(epoch, &mut one);
            put_counted(&mut facts, &one);
        }
        body.extend(starts);
        body.extend(facts);
        sealed(&body, edition)
    }
}

/// Puts in front of a body what tells that it is whole.
pub(super) fn sealed(body: &[u8], edition: u64) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    out.extend_from_slice(&FORM.to_le_bytes());
    out.extend_from_slice(&edition.to_le_bytes());
    out.extend_from_slice(&checksum(body).to_le_bytes());
    out.extend_from_slice(body);
    out
}

/// Why an index is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IndexRefusal {
    /// It is no index, or damaged.
    Damaged,
    /// Another version of the program made it.
    Outdated,
    /// It is that of another archive.
    Foreign,
}

/// An index that was read.
pub(super) struct IndexFile {
    bytes: Vec<u8>,
    epoch: i64,
    pub(super) calls: Vec<Box<str>>,
    pub(super) places: Vec<Box<str>>,
    count: usize,
    /// Where the keys, the starts and the facts begin.
    keys: usize,
    starts: usize,
    facts: usize,
}

impl IndexFile {
    /// Reads the index of the archive at `root`.
    pub(super) fn read(bytes: Vec<u8>, root: &[u8], edition: u64) -> Result<Self, IndexRefusal> {
        let mut reader = ByteReader(&bytes);
        let damaged = IndexRefusal::Damaged;
        if reader.take(MAGIC.len()) != Some(MAGIC) {
            return Err(damaged);
        }
        let (form, made) = (reader.u64().ok_or(damaged)?, reader.u64().ok_or(damaged)?);
        let sum = reader.u64().ok_or(damaged)?;
        if sum != checksum(reader.0) {
            return Err(damaged);
        }
        if (form, made) != (FORM, edition) {
            return Err(IndexRefusal::Outdated);
        }
        let body = Self::body(reader, bytes.len(), root)?;
        let (epoch, calls, places, count, [keys, starts, facts]) = body;
        Ok(Self { bytes, epoch, calls, places, count, keys, starts, facts })
    }

    #[allow(clippy::type_complexity, reason = "the parts of the store, in order")]
    fn body(
        mut reader: ByteReader<'_>,
        length: usize,
        root: &[u8],
    ) -> Result<(i64, Vec<Box<str>>, Vec<Box<str>>, usize, [usize; 3]), IndexRefusal> {
        let damaged = IndexRefusal::Damaged;
        if reader.counted().ok_or(damaged)? != root {
            return Err(IndexRefusal::Foreign);
        }
        let epoch = reader.u64().ok_or(damaged)?.cast_signed();
        let calls = TextDictionary::read(&mut reader).ok_or(damaged)?;
        let places = TextDictionary::read(&mut reader).ok_or(damaged)?;
        let count = reader.number().and_then(|it| usize::try_from(it).ok()).ok_or(damaged)?;
        let keys = length - reader.0.len();
        let size = |each: usize, count: usize| each.checked_mul(count).ok_or(damaged);
        reader.take(size(8, count)?).ok_or(damaged)?;
        let starts = length - reader.0.len();
        reader.take(size(8, count.div_ceil(STRIDE))?).ok_or(damaged)?;
        let facts = length - reader.0.len();
        Ok((epoch, calls, places, count, [keys, starts, facts]))
    }

    /// Returns what is known of the file with this key.
    pub(super) fn get(&self, key: u64) -> Option<SummaryView<'_>> {
        let index = self.find(key)?;
        let start = self.number(self.starts, index / STRIDE)?;
        let mut reader = ByteReader(self.bytes.get(self.facts.checked_add(usize::try_from(start).ok()?)?..)?);
        for _ in 0..index % STRIDE {
            reader.counted()?;
        }
        SummaryView::read(reader.counted()?, self.epoch)
    }

    /// Keys are spread evenly, so one is near the place that its value tells.
    fn find(&self, key: u64) -> Option<usize> {
        let guess = ((u128::from(key) * self.count as u128) >> 64) as usize;
        let mut at = guess.min(self.count.checked_sub(1)?);
        while self.number(self.keys, at)? < key {
            at += 1;
            if at == self.count {
                return None;
            }
        }
        while self.number(self.keys, at)? > key {
            at = at.checked_sub(1)?;
        }
        (self.number(self.keys, at)? == key).then_some(at)
    }

    /// Returns the keys of all files.
    #[cfg(feature = "fuzzing")]
    pub(super) fn file_keys(&self) -> impl Iterator<Item = u64> {
        (0..self.count).filter_map(|index| self.number(self.keys, index))
    }

    fn number(&self, table: usize, index: usize) -> Option<u64> {
        let bytes: [u8; 8] = self.bytes.get(table + index * 8..)?.get(..8)?.try_into().ok()?;
        Some(u64::from_le_bytes(bytes))
    }
}

/// Four lanes, so that it costs less than reading the file.
fn checksum(bytes: &[u8]) -> u64 {
    let mut lanes = [1_u64, 2, 3, 4].map(mix);
    let mut blocks = bytes.chunks_exact(32);
    for block in &mut blocks {
        for (lane, word) in lanes.iter_mut().zip(block.chunks_exact(8)) {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(word);
            *lane = mix(*lane ^ u64::from_le_bytes(bytes)).rotate_left(17);
        }
    }
    let rest = blocks.remainder().iter().fold(bytes.len() as u64, |sum, byte| mix(sum ^ u64::from(*byte)));
    lanes.iter().fold(rest, |sum, lane| mix(sum.rotate_left(29) ^ lane))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::index::file_summary::TokenFilter;

    fn draft(files: u64) -> IndexBuilder {
        let mut draft = IndexBuilder::default();
        for number in 0..files {
            let call = draft.calls.number(&format!("s{}\0Call", number % 3));
            let place = draft.places.number("\n1\0\neu-west-1");
            let facts = FileSummary {
                events: number + 1,
                span: Some((1_700_000_000 + number.cast_signed(), 1_700_000_100 + number.cast_signed())),
                calls: vec![call],
                place,
                tokens: TokenFilter::new((0..number % 7).map(mix).collect::<Vec<_>>().into_iter()),
                ..FileSummary::default()
            };
            draft.files.push((mix(number), facts));
        }
        draft
    }

    #[test]
    fn what_is_written_is_found() {
        let bytes = draft(1000).write(b"/a", 7);
        let store = IndexFile::read(bytes, b"/a", 7).ok().unwrap();
        for number in 0..1000 {
            let facts = store.get(mix(number)).and_then(|it| it.owned()).unwrap();
            assert_eq!(facts.events, number + 1);
            assert_eq!(facts.span.unwrap().0, 1_700_000_000 + number.cast_signed());
        }
        assert!((1000..3000).all(|number| store.get(mix(number)).is_none()));
        assert!(store.get(0).is_none() && store.get(u64::MAX).is_none());
        let empty = IndexFile::read(draft(0).write(b"/a", 7), b"/a", 7).ok().unwrap();
        assert!(empty.get(1).is_none());
    }

    #[test]
    fn every_damage_is_seen() {
        let bytes = draft(40).write(b"/a", 7);
        let refused =
            |bytes: &[u8], root: &[u8], edition| IndexFile::read(bytes.to_vec(), root, edition).err();
        assert_eq!(refused(&bytes, b"/a", 7), None);
        assert_eq!(refused(&bytes, b"/b", 7), Some(IndexRefusal::Foreign));
        assert_eq!(refused(&bytes, b"/a", 8), Some(IndexRefusal::Outdated));
        for end in 0..bytes.len() {
            assert_eq!(refused(&bytes[..end], b"/a", 7), Some(IndexRefusal::Damaged), "cut at {end}");
        }
        for at in 0..bytes.len() {
            for bit in [0, 3, 7] {
                let mut flipped = bytes.clone();
                flipped[at] ^= 1 << bit;
                assert!(refused(&flipped, b"/a", 7).is_some(), "byte {at}, bit {bit}");
            }
        }
    }

    #[test]
    fn damage_that_a_checksum_hides_does_not_break_it() {
        let bytes = draft(40).write(b"/a", 7);
        let header = MAGIC.len() + 24;
        for at in header..bytes.len() {
            let mut forged = bytes.clone();
            forged[at] ^= 0xff;
            let sum = checksum(&forged[header..]).to_le_bytes();
            forged[header - 8..header].copy_from_slice(&sum);
            if let Ok(store) = IndexFile::read(forged, b"/a", 7) {
                (0..40).filter_map(|number| store.get(mix(number))).for_each(|view| drop(view.owned()));
            }
        }
    }
}
