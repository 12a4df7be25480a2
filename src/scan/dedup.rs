//! Events that were delivered twice count once.
//!
//! CloudTrail may deliver an event in two log files of one trail, so no path shows that there are no
//! copies. A first reading notes eight bytes an event: a hash of its id, and the number of its file. Only
//! where two hashes are equal those files are read again, and now the contents decide. A fold that can
//! subtract is told of the surplus copies alone; for any other everything is read again, and whichever
//! copy comes first is told of. A row of an export, which says less, is a copy of the whole record of its id; of which
//! ids there are such records is read for itself, where there are such rows, as a hash of forty bits is too little to
//! leave a row out.

use crate::event::Event;
use crate::hash::{seeded_hash, stable_hash};
use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

/// How a reading deals with copies.
pub(super) enum DedupMode {
    /// Every copy is told of.
    Off,
    /// Every copy is told of, and ids are noted.
    Record,
    /// One of each is told of.
    FirstOnly(DedupFilter),
    /// All but one of each are told of, and nothing else.
    ExtrasOnly(DedupFilter),
    /// Nothing is told of; ids of whole records are noted that rows of exports may have as well.
    WholeIds(DedupFilter),
}

/// How many bits of a note are the number of the file; the others are of the hash of the id, so that one sort brings
/// equal ids together. Of more files than that some share a number, and more files are read again than have to be.
/// Forty bits of hash meet by chance once among a million events: that event is compared in full, and stays.
const FILE: u32 = 24;

/// What a reading knows that has to tell of each event once.
pub(super) struct DedupFilter {
    /// Hashes of ids that several events have; `None` when any event may be there twice.
    suspects: Option<HashSet<u64>>,
    /// Those of which there may be a whole record beside rows of exports.
    partial: HashSet<u64>,
    /// The whole records of these ([`call_hash`]): a row of an export on one of them says nothing new.
    whole: HashSet<u64>,
    /// The suspects that were met, by id and content; in parts, so that threads do not wait.
    met: Vec<Mutex<HashSet<u64>>>,
}

/// What is to become of an event.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Disposition {
    Keep,
    Duplicate,
}

impl DedupFilter {
    /// Takes any event for one that may be there twice.
    pub(super) fn of_all() -> Self {
        Self {
            suspects: None,
            partial: HashSet::new(),
            whole: HashSet::new(),
            met: (0..256).map(|_| Mutex::default()).collect(),
        }
    }

    /// Returns whether the event of this id has to be looked at.
    pub(super) fn suspects(&self, id: &str) -> bool {
        self.suspects.as_ref().is_none_or(|suspects| suspects.contains(&(stable_hash(id.as_bytes()) >> FILE)))
    }

    /// Returns whether there may be a row of an export of this id, beside a whole record.
    pub(super) fn may_be_partial(&self, id: &str) -> bool {
        self.partial.contains(&(stable_hash(id.as_bytes()) >> FILE))
    }

    /// Decides about an event, and takes note of it.
    pub(super) fn fate(&self, event: &Event<'_>) -> Disposition {
        let hash = hash_event_id(event) >> FILE;
        if self.suspects.as_ref().is_some_and(|suspects| !suspects.contains(&hash)) {
            return Disposition::Keep;
        }
        if event.is_partial() && self.whole.contains(&call_hash(event)) {
            return Disposition::Duplicate;
        }
        let whole = seeded_hash(&(hash, event.fingerprint()));
        let part = &self.met[whole as usize % self.met.len()];
        let mut met = part.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if met.insert(whole) { Disposition::Keep } else { Disposition::Duplicate }
    }
}

/// What one thread noted in a first reading.
#[derive(Default)]
pub(super) struct SeenIds {
    ids: Vec<u64>,
    /// How often each id was met in a row of an export.
    partial: HashMap<u64, u64>,
    /// The whole records of which there may be rows of exports as well ([`call_hash`]).
    whole: HashSet<u64>,
}

impl SeenIds {
    /// Notes an event that is known by its id.
    pub(super) fn id(&mut self, id: &str, file: u32) {
        self.note(stable_hash(id.as_bytes()), file);
    }

    /// Notes an event.
    pub(super) fn event(&mut self, event: &Event<'_>, file: u32) {
        let hash = hash_event_id(event);
        if event.is_partial() {
            *self.partial.entry(hash >> FILE).or_default() += 1;
        }
        self.note(hash, file);
    }

    fn note(&mut self, hash: u64, file: u32) {
        if self.ids.len() == self.ids.capacity() {
            // Doubling would take sixteen bytes an event.
            self.ids.reserve_exact(self.ids.len() / 8 + 1024);
        }
        let file = u64::from(file) & ((1 << FILE) - 1);
        self.ids.push(hash >> FILE << FILE | file);
    }

    /// Notes a whole record that rows of exports may tell of as well.
    pub(super) fn whole(&mut self, event: &Event<'_>, once: &DedupFilter) {
        let id = event.text("eventID").filter(|_| !event.is_partial());
        if id.is_some_and(|id| once.may_be_partial(id)) {
            self.whole.insert(call_hash(event));
        }
    }
}

/// What a second reading has to go by.
pub(super) struct DuplicateSuspects {
    /// The events.
    pub(super) once: DedupFilter,
    /// The numbers of the files that hold copies.
    files: HashSet<u32>,
}

impl DuplicateSuspects {
    /// Returns whether the file of this number holds copies.
    pub(super) fn call_interest(&self, file: u32) -> bool {
        self.files.contains(&(file & ((1 << FILE) - 1)))
    }

    /// Returns whether there are rows of exports beside the whole records of the same events: who made the call
    /// is not told by both alike.
    pub(super) fn has_parts(&self) -> bool {
        !self.once.partial.is_empty()
    }

    /// Returns what a reading needs that is to find the whole records of which there are rows of exports as well.
    pub(super) fn whole_finder(&self) -> DedupFilter {
        DedupFilter { partial: self.once.partial.clone(), ..DedupFilter::of_all() }
    }

    /// Takes what that reading noted.
    pub(super) fn add_whole(&mut self, notes: Vec<SeenIds>) {
        self.once.whole.extend(notes.into_iter().flat_map(|notes| notes.whole));
    }
}

/// Returns what a second reading has to go by, if there has to be one.
pub(super) fn find_duplicates(mut notes: Vec<SeenIds>) -> Option<DuplicateSuspects> {
    let mut partial: HashMap<u64, u64> = HashMap::new();
    for (hash, count) in notes.iter_mut().flat_map(|notes| notes.partial.drain()) {
        *partial.entry(hash).or_default() += count;
    }
    notes.iter_mut().for_each(|notes| notes.ids.sort_unstable());
    let mut lists: Vec<&[u64]> = notes.iter().map(|notes| notes.ids.as_slice()).collect();
    let (mut suspects, mut files) = (HashSet::new(), HashSet::new());
    let mut last: Option<u64> = None;
    // The lists are merged without making one of them: there is no room for that.
    while let Some(least) = lists.iter_mut().filter(|list| !list.is_empty()).min_by_key(|list| list[0]) {
        let note = least[0];
        *least = &least[1..];
        if let Some(last) = last.filter(|last| last >> FILE == note >> FILE) {
            suspects.insert(note >> FILE);
            files.extend([last, note].map(|note| (note & ((1 << FILE) - 1)) as u32));
        }
        last = Some(note);
        if let Some(count) = partial.get_mut(&(note >> FILE)) {
            // Below nothing there is a record that is whole.
            *count = count.wrapping_sub(1);
        }
    }
    let is_whole = |(hash, count): (u64, u64)| (count != 0).then_some(hash);
    let partial = partial.into_iter().filter_map(is_whole).collect();
    (!suspects.is_empty()).then(|| DuplicateSuspects {
        once: DedupFilter { suspects: Some(suspects), partial, ..DedupFilter::of_all() },
        files,
    })
}

/// Ids of equal hashes cost another reading of their files: what is a copy, the contents decide then. The hash is a
/// stable one, so that two runs read the same; who would forge an id that has the hash of another can as well write
/// that id.
fn hash_event_id(event: &Event<'_>) -> u64 {
    match event.text("eventID") {
        Some(id) => stable_hash(id.as_bytes()),
        // Without an id only the content tells.
        None => event.fingerprint(),
    }
}

/// Hashes what a row of an export has in common with the whole record, with the seed of this run: who writes a record
/// cannot make it stand for another event's.
fn call_hash(event: &Event<'_>) -> u64 {
    seeded_hash(&(event.text("eventID"), event.text("eventName"), event.time()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notes(ids: &[&str]) -> SeenIds {
        let mut notes = SeenIds::default();
        ids.iter().zip(7..).for_each(|(id, file)| notes.id(id, file));
        notes
    }

    #[test]
    fn ids_that_were_met_twice_are_suspect_whoever_met_them() {
        assert!(find_duplicates(vec![notes(&["a", "b"]), notes(&["c"]), notes(&[])]).is_none());
        for parts in [vec![notes(&["a", "b", "a"])], vec![notes(&["a", "b"]), notes(&["c", "a"])]] {
            let doubts = find_duplicates(parts).expect("`a` is there twice");
            let once = &doubts.once;
            assert!(once.suspects("a") && !once.suspects("b") && !once.suspects("c"));
            assert!(doubts.call_interest(7) && !doubts.call_interest(6));
        }
    }
}
