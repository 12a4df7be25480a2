//! Reads small files before a worker asks for them.
//!
//! An archive seldom is in the memory of the system, and to wait for a disk takes far longer than to inflate what it
//! gives: 50,000 files that were not read before took two threads 9.5 seconds, of which they worked for two. What is
//! read ahead is bounded: a few hundred kilobytes for each thread that reads, and as much waiting. A file that cannot
//! be read, or is not as large as it was said to be, is left to the worker, who tells exactly.

use crate::input;
use crate::input::{FileState, Source};
use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many files are read together at most: to hand over costs more than a small file.
const FILES: usize = 128;

/// How many bytes are read together at most. A file that is larger is left to the worker: the system itself reads ahead
/// in it.
const BYTES: u64 = 512 << 10;

/// How many batches each worker is to have, that all end together.
const BATCHES: usize = 64;

/// The sources in the order in which they are read: large ones first, so that the last one to finish is a small one.
pub(super) struct ReadPlan {
    numbers: Vec<u32>,
    /// Where each batch ends.
    ends: Vec<usize>,
    /// How many bytes the largest batch needs.
    room: usize,
    /// Whether the state of each file is asked for before it is read.
    notes_states: bool,
    /// Buffers of that size to be used again, as they are.
    spare: Mutex<Vec<Vec<u8>>>,
}

impl ReadPlan {
    /// Puts `count` sources in order, each as large as `readable_size` says.
    pub(super) fn new(count: usize, size: impl Fn(u32) -> u64, workers: usize) -> Self {
        let mut numbers: Vec<u32> = (0..u32::try_from(count).unwrap_or(u32::MAX)).collect();
        numbers.sort_by_key(|number| std::cmp::Reverse(size(*number)));
        let share = workers * BATCHES;
        let most_files = (numbers.len() / share).clamp(1, FILES);
        let most_bytes = (numbers.iter().map(|number| size(*number)).sum::<u64>() / share as u64).min(BYTES);
        let (mut ends, mut start, mut bytes) = (Vec::new(), 0, 0);
        for (at, number) in numbers.iter().enumerate() {
            bytes += size(*number);
            if at > start && (at - start == most_files || bytes > most_bytes) {
                ends.push(at);
                (start, bytes) = (at, size(*number));
            }
        }
        ends.extend((!numbers.is_empty()).then_some(numbers.len()));
        let largest = numbers.iter().map(|number| size(*number)).find(|size| *size <= BYTES);
        // One byte more tells that a file grew.
        let room = most_bytes.max(largest.unwrap_or_default()) as usize + 1;
        Self { numbers, ends, room, notes_states: false, spare: Mutex::default() }
    }

    /// Also tells in which state each file is before it is read, where `notes_states`.
    pub(super) fn noting_states(self, notes_states: bool) -> Self {
        Self { notes_states, ..self }
    }

    /// Returns how many batches there are.
    pub(super) fn batches(&self) -> usize {
        self.ends.len()
    }

    /// Reads a batch: `source` says which source has a number, or what stands for one that need not be opened.
    pub(super) fn read<'s, P>(
        &self,
        batch: usize,
        source: impl Fn(u32) -> Result<&'s Source, P>,
    ) -> FileBatch<P> {
        let start = batch.checked_sub(1).map_or(0, |before| self.ends[before]);
        let mut bytes = self.spare().pop().unwrap_or_else(|| vec![0; self.room]);
        let mut free = 0;
        let items = self.numbers[start..self.ends[batch]].iter().map(|number| {
            let supplied = match source(*number) {
                Err(passed) => Prefetched::Passed(passed),
                Ok(source) => match read_into(source, &mut bytes[free..], self.notes_states) {
                    Some((size, state)) => {
                        free += size;
                        Prefetched::Read(free - size..free, state)
                    }
                    None => Prefetched::Unread(self.state_of(source)),
                },
            };
            (*number, supplied)
        });
        FileBatch { items: items.collect(), bytes }
    }

    /// Gives each source of a batch by its number, and takes back the buffer of the batch: one that is
    /// dropped instead is missing to the next reader.
    pub(super) fn each<P>(&self, batch: FileBatch<P>, mut each: impl FnMut(u32, Input<'_, P>)) {
        let FileBatch { items, bytes } = batch;
        for (number, supplied) in items {
            each(
                number,
                match supplied {
                    Prefetched::Passed(passed) => Input::Passed(passed),
                    Prefetched::Read(range, state) => Input::File(bytes.get(range), state),
                    Prefetched::Unread(state) => Input::File(None, state),
                },
            );
        }
        self.spare().push(bytes);
    }

    fn state_of(&self, source: &Source) -> Option<FileState> {
        if self.notes_states { FileState::of_path(&source.path()?) } else { None }
    }

    fn spare(&self) -> MutexGuard<'_, Vec<Vec<u8>>> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Some sources, as far as they were read.
pub(super) struct FileBatch<P> {
    /// By the numbers of the sources, in the order of the plan.
    items: Vec<(u32, Prefetched<P>)>,
    /// The bytes of all of them, one after the other; what stands behind is of a batch before.
    bytes: Vec<u8>,
}

/// What stands for a source.
enum Prefetched<P> {
    /// It need not be opened.
    Passed(P),
    /// Where its bytes are, and its state.
    Read(Range<usize>, Option<FileState>),
    /// The worker reads it, which was in this state before.
    Unread(Option<FileState>),
}

/// What a worker is given of a source.
pub(super) enum Input<'b, P> {
    /// It need not be opened.
    Passed(P),
    /// Its bytes, if they were read; and its state before that, if that was asked for.
    File(Option<&'b [u8]>, Option<FileState>),
}

/// Returns how many bytes a file has that is read ahead: a small one that was found in a directory. Where no size is
/// known there may be any number.
fn readable_size(source: &Source) -> Option<usize> {
    let is_small = !source.is_explicit() && source.stamp().is_known() && (1..=BYTES).contains(&source.size());
    is_small.then_some(source.size() as usize)
}

/// Reads a small file to the start of `room`, and returns how many bytes it has; and its state, which is the same behind.
fn read_into(source: &Source, room: &mut [u8], notes_state: bool) -> Option<(usize, Option<FileState>)> {
    let size = readable_size(source)?;
    let (mut file, _) = input::open_file(source).ok()?;
    let state_of = |file: &File| if notes_state { FileState::of_file(file) } else { None };
    let state = state_of(&file);
    let mut read = 0;
    // One that ends a read at this size has it.
    while read < size {
        match file.read(&mut room[read..=size]).ok()? {
            0 => return None,
            count => read += count,
        }
    }
    (read == size && state == state_of(&file)).then_some((size, state))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::FollowLinks;
    use crate::threads::Threads;
    use proptest::prelude::*;
    use std::fs;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

        #[test]
        fn every_source_is_given_once_with_its_bytes(
            files in prop::collection::btree_map(
                "[yn][a-z]{1,3}", prop_oneof![9 => 0..40_000_usize, 1 => 520_000..530_000_usize], 0..60,
            ),
            workers in 1..4_usize,
        ) {
            let dir = tempfile::tempdir().unwrap();
            for (name, size) in &files {
                fs::write(dir.path().join(name), vec![name.as_bytes()[1]; *size]).unwrap();
            }
            let sources = input::find_files(&[dir.path().to_owned()], FollowLinks::Within, &Threads::new(1).unwrap()).unwrap().sources;
            // One grows, and one goes, after they were found.
            let changed: Vec<_> = sources.iter().take(2).filter_map(|it| Some(it.path()?.into_owned())).collect();
            changed.iter().take(1).for_each(|path| fs::write(path, vec![b'+'; 50_000]).unwrap());
            changed.iter().skip(1).for_each(|path| fs::remove_file(path).unwrap());
            let source = |number: u32| &sources[number as usize];
            let is_wanted = |source: &Source| source.name().rsplit('/').next().unwrap().starts_with('y');
            let wanted = |number| Some(source(number)).filter(|source| is_wanted(source)).ok_or(number);
            let order = ReadPlan::new(sources.len(), |number| source(number).size(), workers);
            let mut met = Vec::new();
            for batch in 0..order.batches() {
                order.each(order.read(batch, wanted), |number, given| {
                    let source = source(number);
                    let path = source.path().unwrap().into_owned();
                    match given {
                        Input::Passed(passed) => assert!(passed == number && !is_wanted(source)),
                        Input::File(Some(file), None) => assert_eq!(file, fs::read(&path).unwrap()),
                        Input::File(_, Some(_)) => panic!("nobody asked for states"),
                        Input::File(None, _) if changed.contains(&path) => {}
                        Input::File(None, _) => assert!(source.size() == 0 || source.size() > BYTES),
                    }
                    met.push((std::cmp::Reverse(source.size()), number));
                });
            }
            prop_assert!(met.is_sorted_by_key(|(size, _)| *size));
            let mut numbers: Vec<u32> = met.iter().map(|(_, number)| *number).collect();
            numbers.sort_unstable();
            prop_assert_eq!(numbers, (0..sources.len() as u32).collect::<Vec<_>>());
        }
    }
}
