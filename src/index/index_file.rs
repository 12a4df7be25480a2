//! The file that holds the facts of one archive.
//!
//! ```text
//! magic, version and edition of the program, checksum of all that follows,
//! root of the archive, epoch, dictionaries of calls and of places,
//! keys of the files in order (16 bytes each), where the facts of every sixteenth stand (8 bytes each),
//! the facts, each with its length
//! ```
//!
//! It is read at once and only looked into: a question of 50,000 files touches a few bytes of
//! each. A key is a hash of all that tells a file from others and from itself before a change ([`ArchiveRoot::key`]).
//!
//! [`ArchiveRoot::key`]: super::archive_root::ArchiveRoot::key

use super::archive_root::FileKey;
use super::bytes::{ByteReader, put_counted, put_number};
use super::file_summary::{FileSummary, SummaryView};
use crate::hash::mix_word;
use crate::intern::Interner;
use std::collections::HashSet;

const MAGIC: &[u8; 8] = b"trailsix";

/// The form of the file, and what its facts mean. Other tables of calls make another index too.
const FORM: u64 = 2;

/// How many bytes a key takes.
const KEY: usize = size_of::<FileKey>();

/// The facts of one in so many files can be found without looking at those before.
const STRIDE: usize = 16;

/// How many keys are looked at beside the place that a key's value tells, before they are halved.
const NEAR: usize = 32;

/// What nearly every source ends in, and what stands for it: in a small archive the names of calls
/// are most of the index. No call has a control character in its name.
const DOMAIN: &str = ".amazonaws.com\0";
const SHORT: &str = "\u{1}";

/// Returns the texts in use, the frequent ones first, and the numbers that they have there by those that they had.
fn sorted_by_use<'n>(texts: Interner<str>, used: impl Iterator<Item = &'n u32>) -> (Vec<Box<str>>, Vec<u32>) {
    let mut uses = vec![0_u64; texts.len()];
    used.for_each(|number| uses[*number as usize] += 1);
    let mut order: Vec<(usize, Box<str>)> = texts.into_texts().into_iter().enumerate().collect();
    order.sort_by(|(a, one), (b, other)| uses[*b].cmp(&uses[*a]).then_with(|| one.cmp(other)));
    let mut numbers = vec![0; order.len()];
    for (number, (old, _)) in (0..).zip(&order) {
        numbers[*old] = number;
    }
    // What is not used stands last.
    order.truncate(uses.iter().filter(|uses| **uses > 0).count());
    (order.into_iter().map(|(_, text)| text).collect(), numbers)
}

fn write_texts(texts: &[Box<str>], out: &mut Vec<u8>) {
    put_number(out, texts.len() as u64);
    texts.iter().for_each(|text| put_counted(out, text.replace(DOMAIN, SHORT).as_bytes()));
}

fn read_texts(reader: &mut ByteReader<'_>) -> Option<Vec<Box<str>>> {
    let count = reader.number()?;
    let text = |bytes| std::str::from_utf8(bytes).ok().map(|text| text.replace(SHORT, DOMAIN).into());
    (0..count).map(|_| text(reader.counted()?)).collect()
}

/// Facts on their way into a file.
#[derive(Debug, Default)]
pub(super) struct IndexBuilder {
    /// Calls: source, NUL, name.
    pub(super) calls: Interner<str>,
    /// Accounts, each behind a line break, NUL, regions likewise.
    pub(super) places: Interner<str>,
    pub(super) files: Vec<(FileKey, FileSummary)>,
}

impl IndexBuilder {
    /// Takes the facts of another, whose numbers are its own.
    pub(super) fn merge(&mut self, other: Self) {
        let (calls, places) = (other.calls.into_texts(), other.places.into_texts());
        for (key, facts) in other.files {
            self.add(key, facts, &calls, &places);
        }
    }

    /// Takes facts whose numbers are those of other dictionaries.
    pub(super) fn add(
        &mut self,
        key: FileKey,
        mut facts: FileSummary,
        calls: &[Box<str>],
        places: &[Box<str>],
    ) {
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

    /// Puts the files in order and numbers the calls and places anew, so that nothing depends on threads. Returned are
    /// the calls and places.
    fn settle(&mut self) -> [Vec<Box<str>>; 2] {
        self.files.sort_by_key(|(key, _)| *key);
        // Which of two files the facts are of nobody can tell then: both are read.
        let mut last = None;
        let twice: HashSet<FileKey> =
            self.files.iter().map(|(key, _)| *key).filter(|key| last.replace(*key) == Some(*key)).collect();
        self.files.retain(|(key, _)| !twice.contains(key));
        let (calls, places) = (std::mem::take(&mut self.calls), std::mem::take(&mut self.places));
        let (calls, numbers) = sorted_by_use(calls, self.files.iter().flat_map(|(_, facts)| &facts.calls));
        let (places, place) = sorted_by_use(places, self.files.iter().map(|(_, facts)| &facts.place));
        let number = |call: &mut u32| *call = numbers[*call as usize];
        for (_, facts) in &mut self.files {
            facts.calls.iter_mut().chain(&mut facts.unnamed).for_each(number);
            facts.place = place[facts.place as usize];
        }
        [calls, places]
    }

    /// Returns the file; `root` is the archive.
    pub(super) fn write(mut self, root: &[u8], edition: u64) -> Vec<u8> {
        let [calls, places] = self.settle();
        let first = |(_, facts): &(FileKey, FileSummary)| facts.span.map(|span| span.0);
        let epoch = self.files.iter().filter_map(first).min().unwrap_or_default();
        let mut body = Vec::new();
        put_counted(&mut body, root);
        body.extend_from_slice(&epoch.to_le_bytes());
        write_texts(&calls, &mut body);
        write_texts(&places, &mut body);
        put_number(&mut body, self.files.len() as u64);
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
    out.extend_from_slice(&compute_checksum(body).to_le_bytes());
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
        if sum != compute_checksum(reader.0) {
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
        let calls = read_texts(&mut reader).ok_or(damaged)?;
        let places = read_texts(&mut reader).ok_or(damaged)?;
        let count = reader.number().and_then(|it| usize::try_from(it).ok()).ok_or(damaged)?;
        let keys = length - reader.0.len();
        let size = |each: usize, count: usize| each.checked_mul(count).ok_or(damaged);
        reader.take(size(KEY, count)?).ok_or(damaged)?;
        let starts = length - reader.0.len();
        reader.take(size(8, count.div_ceil(STRIDE))?).ok_or(damaged)?;
        let facts = length - reader.0.len();
        Ok((epoch, calls, places, count, [keys, starts, facts]))
    }

    /// Returns what is known of the file with this key.
    pub(super) fn get(&self, key: FileKey) -> Option<SummaryView<'_>> {
        let index = self.find(key)?;
        let start = self.start(index / STRIDE)?;
        let mut reader = ByteReader(self.bytes.get(self.facts.checked_add(usize::try_from(start).ok()?)?..)?);
        for _ in 0..index % STRIDE {
            reader.counted()?;
        }
        SummaryView::read(reader.counted()?, self.epoch)
    }

    /// Keys are spread evenly, so one is near the place that its value tells. In a forged index they may be anywhere, and
    /// looking must not take longer for it; and of a key that is there twice nothing is known.
    fn find(&self, key: FileKey) -> Option<usize> {
        let guess = (((key >> 64) * self.count as u128) >> 64) as usize;
        let (mut low, mut high) = (0, self.count);
        let (near, end) = (guess.saturating_sub(NEAR), guess.saturating_add(NEAR).min(self.count));
        if near < end && (near == 0 || self.key(near)? < key) && self.key(end - 1)? >= key {
            (low, high) = (near, end);
        }
        while low < high {
            let middle = low.midpoint(high);
            if self.key(middle)? < key { low = middle + 1 } else { high = middle }
        }
        let is_twice = low + 1 < self.count && self.key(low + 1)? == key;
        (low < self.count && self.key(low)? == key && !is_twice).then_some(low)
    }

    /// Returns the keys of all files.
    #[cfg(feature = "fuzzing")]
    pub(super) fn file_keys(&self) -> impl Iterator<Item = FileKey> {
        (0..self.count).filter_map(|index| self.key(index))
    }

    fn key(&self, index: usize) -> Option<FileKey> {
        Some(FileKey::from_le_bytes(*self.bytes.get(self.keys + index * KEY..)?.first_chunk()?))
    }

    fn start(&self, index: usize) -> Option<u64> {
        Some(u64::from_le_bytes(*self.bytes.get(self.starts + index * 8..)?.first_chunk()?))
    }
}

/// Tells damage, not forgery: who can write the file can write the sum. Four lanes, as one [`stable_hash`] of all would
/// wait for each word; so it costs less than reading the file.
///
/// [`stable_hash`]: crate::hash::stable_hash
fn compute_checksum(bytes: &[u8]) -> u64 {
    let mut lanes = [1_u64, 2, 3, 4].map(mix_word);
    let mut blocks = bytes.chunks_exact(32);
    for block in &mut blocks {
        for (lane, word) in lanes.iter_mut().zip(block.chunks_exact(8)) {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(word);
            *lane = mix_word(*lane ^ u64::from_le_bytes(bytes)).rotate_left(17);
        }
    }
    let rest =
        blocks.remainder().iter().fold(bytes.len() as u64, |sum, byte| mix_word(sum ^ u64::from(*byte)));
    lanes.iter().fold(rest, |sum, lane| mix_word(sum.rotate_left(29) ^ lane))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::hash::mix_word;
    use crate::index::file_summary::TokenFilter;

    fn file_key(number: u64) -> FileKey {
        FileKey::from(mix_word(number)) << 64 | FileKey::from(mix_word(!number))
    }

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
                tokens: TokenFilter::new((0..number % 7).map(mix_word).collect::<Vec<_>>().into_iter()),
                ..FileSummary::default()
            };
            draft.files.push((file_key(number), facts));
        }
        draft
    }

    #[test]
    fn what_is_written_is_found() {
        let bytes = draft(1000).write(b"/a", 7);
        let store = IndexFile::read(bytes, b"/a", 7).ok().unwrap();
        for number in 0..1000 {
            let facts = store.get(file_key(number)).and_then(|it| it.owned()).unwrap();
            assert_eq!(facts.events, number + 1);
            assert_eq!(facts.span.unwrap().0, 1_700_000_000 + number.cast_signed());
        }
        assert!((1000..3000).all(|number| store.get(file_key(number)).is_none()));
        assert!(store.get(0).is_none() && store.get(FileKey::MAX).is_none());
        let empty = IndexFile::read(draft(0).write(b"/a", 7), b"/a", 7).ok().unwrap();
        assert!(empty.get(1).is_none());
    }

    /// A name that has the key of another must not lend it its facts.
    #[test]
    fn files_of_one_key_are_not_known() {
        let mut draft = draft(5);
        let mut other = draft.files[1].1.clone();
        other.events = 0;
        draft.files.push((file_key(1), other));
        let store = IndexFile::read(draft.write(b"/a", 7), b"/a", 7).ok().unwrap();
        assert_eq!([0, 1, 2].map(|number| store.get(file_key(number)).is_some()), [true, false, true]);
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
            let sum = compute_checksum(&forged[header..]).to_le_bytes();
            forged[header - 8..header].copy_from_slice(&sum);
            if let Ok(store) = IndexFile::read(forged, b"/a", 7) {
                (0..40).filter_map(|number| store.get(file_key(number))).for_each(|view| drop(view.owned()));
            }
        }
    }
}
