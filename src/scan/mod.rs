//! Reads the sources in parallel.
//!
//! Workers take the next largest files until none is left (`supply` has read
//! small ones by then), each with buffers and a part of the result of its own;
//! the parts are merged at the end, so that nothing depends on which thread read what. What is done with a record
//! is the job's; [`ask`] is the job of whatever is asked.

pub mod ask;
mod call_cache;
mod candidates;
mod count;
mod dedup;
mod keys;
mod pass;
mod pipelined;
mod probe;
mod question;
mod readahead;
mod states;
pub mod validate;
mod worker;

pub use call_cache::CallInterest;
pub use states::ReadStates;

use crate::answer::{Coverage, Interest, Skipped};
use crate::container::Limits;
use crate::decode::{Record, StreamKind};
use crate::error::{Error, Trouble};
use crate::event::{BadJson, Event, EventParser, RawFields};
use crate::input;
use crate::input::{FileState, Folder, FollowLinks, FoundFiles, Key, Source};
use crate::query::CandidatePlaces;
use crate::threads::Threads;
use readahead::ReadPlan;
use std::path::PathBuf;
use std::sync::Arc;
use worker::ScanWorker;

/// What is done with the records of a scan. Shared by the threads; each has a part of its own.
pub trait Job: Sync {
    /// What one thread gathers.
    type Accumulator: Default + Send;

    /// Returns what is to be counted for a source that need not be opened.
    fn skip_unopened(&self, source: &Source, key: Option<&Key>) -> Option<Skip>;

    /// Takes one record; an error says why it cannot be parsed.
    fn record(
        &self,
        part: &mut Self::Accumulator,
        parser: &mut EventParser,
        candidate: &CandidateRecord<'_>,
    ) -> Result<(), String>;

    /// Says which records in these bytes may matter.
    fn worth(&self, _content: &[u8]) -> FilePlan {
        FilePlan::default()
    }

    /// Says whether calls of this name may matter. Asked once for each.
    fn call_interest(&self, _source: &str, _name: &str) -> CallInterest {
        CallInterest { may_match: true, concern: Interest::Always }
    }

    /// Says whether the user agent is asked for, which is long and seldom is.
    fn wants_user_agent(&self) -> bool {
        false
    }

    /// Says whether the states of the files are noted that [`told`](Self::told) counts records of.
    fn notes_states(&self) -> bool {
        false
    }

    /// Counts the records that more was done with than to look at them.
    fn told(&self, _part: &Self::Accumulator) -> u64 {
        0
    }

    /// Told before the first record of a stream, with the number of its source.
    fn begin(&self, _part: &mut Self::Accumulator, _source: &Source, _number: u32) {}

    /// Told behind the last record of a stream, with what was counted in it.
    fn end(&self, part: &mut Self::Accumulator, contents: &StreamKind, counted: &Coverage);

    /// Adds what another thread gathered.
    fn merge(&self, into: &mut Self::Accumulator, part: Self::Accumulator);
}

/// What the bytes of a file are worth to a job.
#[derive(Clone, Debug)]
pub struct FilePlan {
    /// The records that may matter whatever they are.
    pub places: CandidatePlaces,
    /// What all others are worth.
    pub rest: Unmatched,
}

impl Default for FilePlan {
    fn default() -> Self {
        Self { places: CandidatePlaces::Anywhere, rest: Unmatched::CountOnly }
    }
}

/// What records are worth to a job in which nothing stands that it looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmatched {
    /// Calls that are of concern may matter ([`Job::call_interest`]).
    JudgeByCall,
    /// None of them matters; they are to be counted.
    CountOnly,
}

/// What stands for a source that is not opened.
pub enum Skip {
    /// It cannot matter, for this reason.
    Skipped(Skipped),
    /// It was read before, and this is what was counted then.
    Known(Box<Coverage>),
}

/// A record, as far as it can be seen without parsing it.
pub struct CandidateRecord<'r> {
    /// The file that it stands in.
    pub file: &'r Arc<str>,
    /// The record.
    pub record: &'r Record<'r>,
    /// Its plain fields.
    pub raw: RawFields<'r>,
}

impl CandidateRecord<'_> {
    /// Parses the record and gives the event to `read`, with the EventBridge event around it if there is one.
    ///
    /// # Errors
    /// When the record is not a JSON object.
    pub fn parse<R>(
        &self,
        parser: &mut EventParser,
        read: impl FnOnce(&Event<'_>) -> R,
    ) -> Result<R, BadJson> {
        parser.read_within(self.record.text, self.record.envelope, read)
    }
}

/// Told of the progress of a scan, from any thread.
pub trait Progress: Sync {
    /// One more file is done, of this many bytes as stored.
    fn done(&self, bytes: u64);

    /// Everything is read once more.
    fn again(&self) {}
}

/// Nobody is told.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unwatched;

impl Progress for Unwatched {
    fn done(&self, _bytes: u64) {}
}

/// What a scan gathered.
#[derive(Default)]
pub struct Scanned<P> {
    /// What the job made of the records.
    pub part: P,
    /// What was searched.
    pub coverage: Coverage,
    /// What could not be read, in the order of the files' names.
    pub troubles: Vec<Trouble>,
    /// The files of AWS Config that were met, by content or name, and what they were counted as.
    pub config: Vec<(Arc<str>, Option<Skipped>)>,
    /// In which state the files were before they were read of which records were told.
    pub states: Vec<(Arc<str>, FileState)>,
    /// How many files were only counted, for nothing in them could matter.
    pub files_counted_only: u64,
    /// How many records of other files did not matter by their calls.
    pub passed_by: u64,
}

/// Finds the files in `paths` with as many threads as asked for, 0 for one a processor.
///
/// # Errors
/// When a path is not there, or the threads cannot be started.
pub fn find_sources(paths: &[PathBuf], threads: usize) -> Result<FoundFiles, Error> {
    find_sources_with(paths, FollowLinks::default(), threads)
}

/// Finds the files in `paths`, following such links.
///
/// # Errors
/// As [`find_sources`].
pub fn find_sources_with(paths: &[PathBuf], links: FollowLinks, threads: usize) -> Result<FoundFiles, Error> {
    input::find_files(paths, links, &Threads::new(threads)?)
}

/// Returns what is counted for a source that need not be opened.
fn find_skip(source: &Source, job: &impl Job) -> Option<Skip> {
    let key = source.key();
    match &key {
        Some(key) if key.folder == Folder::Digest => Some(Skip::Skipped(Skipped::Digest)),
        key => job.skip_unopened(source, key.as_ref()),
    }
}

/// Reads all sources with as many threads as asked for, 0 for one a processor.
///
/// # Errors
/// When the threads cannot be started.
pub fn scan<J: Job>(
    sources: &[Source],
    job: &J,
    limits: Limits,
    threads: usize,
    progress: &dyn Progress,
) -> Result<Scanned<J::Accumulator>, Error> {
    let threads = Threads::new(threads)?;
    let source = |number: u32| &sources[number as usize];
    let order = ReadPlan::new(sources.len(), |number| source(number).size(), threads.count())
        .noting_states(job.notes_states());
    let wanted = |number| find_skip(source(number), job).map_or_else(|| Ok(source(number)), Err);
    let read = |batch| order.read(batch, wanted);
    let parts = threads.map_prefetched(order.batches(), read, |batches| {
        let mut worker = ScanWorker::new(job, limits);
        for batch in batches {
            order.each(batch, |number, given| {
                worker.source(source(number), number, given);
                progress.done(source(number).size());
            });
        }
        worker.gathered
    });
    let mut scanned = Scanned::default();
    for gathered in parts {
        job.merge(&mut scanned.part, gathered.part);
        scanned.coverage.merge(gathered.coverage);
        scanned.troubles.extend(gathered.troubles);
        scanned.config.extend(gathered.config);
        scanned.states.extend(gathered.states);
        scanned.files_counted_only += gathered.files_counted_only;
        scanned.passed_by += gathered.passed_by;
    }
    scanned.troubles.sort();
    scanned.config.sort();
    Ok(scanned)
}
