//! Reads the sources in parallel: the only threads.
//!
//! Workers take the next largest file until none is left, each with buffers
//! and a part of the result of its own; the parts are merged at the end, so
//! that nothing depends on which thread read what. What is done with a record
//! is the job's; [`ask`] is the job of whatever is asked.

mod ahead;
pub mod ask;
mod calls;
mod copies;
mod keys;
pub mod parallel;
pub mod validate;

pub use calls::Care;

use crate::answer::{Concern, Coverage, Skipped};
use crate::decode::outline::Field;
use crate::decode::records::Record;
use crate::decode::{self, Contents, Limits, Other, Scratch, Sight, Stream, Work};
use crate::error::{Error, Kind, Trouble};
use crate::event::{BadJson, Category, Event, Parser, Time};
use crate::input::{self, Folder, Found, Key, Source};
use crate::query::Glance;
use calls::Calls;
use parallel::Threads;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What is done with the records of a scan. Shared by the threads; each has a part of its own.
pub trait Job: Sync {
    /// What one thread gathers.
    type Part: Default + Send;

    /// Returns what is to be counted for a source that need not be opened.
    fn pass_over(&self, source: &Source, key: Option<&Key>) -> Option<Passed>;

    /// Takes one record; an error says why it cannot be parsed.
    fn record(&self, part: &mut Self::Part, parser: &mut Parser, seen: &Seen<'_>) -> Result<(), String>;

    /// Says whether the records in these bytes have to be walked.
    fn worth(&self, _content: &[u8]) -> Worth {
        Worth::Walking
    }

    /// Says whether calls of this name may matter. Asked once for each.
    fn care(&self, _source: &str, _name: &str) -> Care {
        Care { may_match: true, concern: Concern::Always }
    }

    /// Told before the first record of a stream, with the number of its source.
    fn begin(&self, _part: &mut Self::Part, _source: &Source, _number: u32) {}

    /// Told behind the last record of a stream, with what was counted in it.
    fn end(&self, part: &mut Self::Part, contents: &Contents, counted: &Coverage);

    /// Adds what another thread gathered.
    fn merge(&self, into: &mut Self::Part, part: Self::Part);
}

/// What the bytes of a file are worth to a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    /// Any record may matter.
    Walking,
    /// Only calls that are of concern may matter ([`Care::concern`]).
    ItsCalls,
    /// None of the records matters; they are to be counted.
    Counting,
}

/// What stands for a source that is not opened.
pub enum Passed {
    /// It cannot matter, for this reason.
    Skipped(Skipped),
    /// It was read before, and this is what was counted then.
    Known(Box<Coverage>),
}

/// A record, as far as it can be seen without parsing it.
pub struct Seen<'r> {
    /// The file that it stands in.
    pub file: &'r Arc<str>,
    /// The record.
    pub record: &'r Record<'r>,
    /// Its plain fields.
    pub glance: Glance<'r>,
}

impl Seen<'_> {
    /// Parses the record and gives the event to `read`, with the EventBridge event around it if there is one.
    ///
    /// # Errors
    /// When the record is not a JSON object.
    pub fn parse<R>(&self, parser: &mut Parser, read: impl FnOnce(&Event<'_>) -> R) -> Result<R, BadJson> {
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
    /// How many files were only counted, for nothing in them could matter.
    pub surveyed: u64,
    /// How many records of other files did not matter by their calls.
    pub passed_by: u64,
}

/// Finds the files in `paths`, with their sizes: to ask for those of a million files takes longer than to list
/// them, so all threads do.
///
/// # Errors
/// When a path is not there, or the threads cannot be started.
pub fn find(paths: &[PathBuf], threads: usize) -> Result<Found, Error> {
    let mut found = input::find(paths)?;
    Threads::new(threads)?.each(&mut found.sources, Source::stamp);
    Ok(found)
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
) -> Result<Scanned<J::Part>, Error> {
    let threads = Threads::new(threads)?;
    let order = order(sources);
    let next = AtomicUsize::new(0);
    let parts = threads.broadcast(|| {
        let mut worker = Worker::new(job, limits);
        while let Some(index) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            let source = &sources[*index as usize];
            worker.source(source, *index);
            progress.done(source.size);
        }
        worker.gathered
    });
    let mut scanned = Scanned::default();
    for gathered in parts {
        job.merge(&mut scanned.part, gathered.part);
        scanned.coverage.merge(gathered.coverage);
        scanned.troubles.extend(gathered.troubles);
        scanned.config.extend(gathered.config);
        scanned.surveyed += gathered.surveyed;
        scanned.passed_by += gathered.passed_by;
    }
    scanned.troubles.sort();
    scanned.config.sort();
    Ok(scanned)
}

/// The order in which the sources are read: large files first, so that the last one to finish is a small one.
fn order(sources: &[Source]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..u32::try_from(sources.len()).unwrap_or(u32::MAX)).collect();
    order.sort_by_key(|index| std::cmp::Reverse(sources[*index as usize].size));
    order
}

/// One thread's share of the work.
struct Worker<'j, J: Job> {
    job: &'j J,
    limits: Limits,
    scratch: Scratch,
    work: Work,
    parser: Parser,
    /// Which calls the job cares for, as far as they were met.
    calls: Calls,
    gathered: Scanned<J::Part>,
}

impl<'j, J: Job> Worker<'j, J> {
    fn new(job: &'j J, limits: Limits) -> Self {
        Self {
            job,
            limits,
            scratch: Scratch::default(),
            work: Work::default(),
            parser: Parser::default(),
            calls: Calls::default(),
            gathered: Scanned::default(),
        }
    }

    fn source(&mut self, source: &Source, number: u32) {
        let key = source.key();
        let passed = match &key {
            Some(key) if key.folder == Folder::Digest => Some(Passed::Skipped(Skipped::Digest)),
            key => self.job.pass_over(source, key.as_ref()),
        };
        match passed {
            Some(Passed::Skipped(reason)) => return self.gathered.coverage.skip(reason, 1),
            Some(Passed::Known(counted)) => return self.gathered.coverage.merge(*counted),
            None => {}
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        let limits = self.limits;
        let (mut streams, before) = (0_u64, self.gathered.coverage.events);
        let troubles = decode::each_stream(source, &limits, &mut scratch, &mut |stream| {
            streams += 1;
            self.stream(source, number, stream);
        });
        self.scratch = scratch;
        for mut trouble in troubles {
            // A placeholder or a readme may be empty; a log may not.
            if trouble.kind == Kind::Empty && !source.asked && !decode::promises_log(&trouble.file) {
                self.gathered.coverage.skip(Skipped::NotCloudTrail, 1);
                continue;
            }
            if streams > 0 && trouble.file == source.name() {
                // A package that is broken behind the members that were read.
                trouble.records_used = Some(self.gathered.coverage.events - before);
            } else {
                self.gathered.coverage.files_unreadable += 1;
            }
            self.gathered.troubles.push(trouble);
        }
    }

    fn stream(&mut self, source: &Source, number: u32, stream: &mut Stream<'_>) {
        let Self { job, limits, work, parser, calls, gathered, .. } = self;
        let file: Arc<str> = stream.name().into();
        let worth = stream.whole().map_or(Worth::Walking, |content| job.worth(content));
        job.begin(&mut gathered.part, source, number);
        if worth != Worth::Walking
            && let Some(content) = stream.whole()
            && let Some(counted) = skim(content, limits, work, worth, calls, *job)
        {
            gathered.surveyed += 1;
            job.end(&mut gathered.part, &Contents::Log, &counted);
            gathered.coverage.merge(counted);
            return;
        }
        let mut counted = Coverage::default();
        let mut is_counted_only = worth != Worth::Walking;
        let mut visit = |record: &Record<'_>| {
            count(&mut counted, record);
            // One that is not as usual may correct another.
            if let Some(sight) = &record.sight
                && passes_by(sight, worth, calls, *job)
            {
                gathered.passed_by += u64::from(worth == Worth::Walking);
                return Ok(());
            }
            is_counted_only = false;
            let glance = glance(record);
            job.record(&mut gathered.part, parser, &Seen { file: &file, record, glance })
        };
        let is_large = stream.whole().is_none() && (source.size == 0 || source.size >= ahead::LARGE);
        let (contents, walked) = if is_large && rayon::current_num_threads() > 1 {
            ahead::read(stream, limits, work, &mut visit)
        } else {
            decode::read(stream, limits, work, &mut visit)
        };
        gathered.surveyed += u64::from(is_counted_only);
        counted.insights += walked.tally.insights;
        match &contents {
            Contents::Log => counted.files_read += 1,
            Contents::Part(_) => counted.files_in_part += 1,
            Contents::Unreadable(_) => counted.files_unreadable += 1,
            Contents::Other(other) => counted.skip(skipped(*other, &file), 1),
        }
        let reason = match &contents {
            Contents::Other(other) => Some(skipped(*other, &file)),
            _ => None,
        };
        if reason == Some(Skipped::Config) || (contents != Contents::Log && input::is_of_config(&file)) {
            gathered.config.push((Arc::clone(&file), reason));
        }
        job.end(&mut gathered.part, &contents, &counted);
        gathered.coverage.merge(counted);
        if let Contents::Part(troubles) | Contents::Unreadable(troubles) = contents {
            gathered.troubles.extend(troubles);
        }
    }
}

fn skipped(other: Other, file: &str) -> Skipped {
    match other {
        Other::Digest => Skipped::Digest,
        Other::Insight => Skipped::Insight,
        Other::Aggregated => Skipped::Aggregated,
        Other::Config => Skipped::Config,
        Other::Unknown if Key::parse(file).is_some() => Skipped::OtherService,
        Other::Unknown => Skipped::NotCloudTrail,
    }
}

/// Counts the records of a file in CloudTrail's own form, if none of them matters.
fn skim(
    content: &[u8],
    limits: &Limits,
    work: &mut Work,
    worth: Worth,
    calls: &mut Calls,
    job: &impl Job,
) -> Option<Coverage> {
    let mut counted = Coverage { files_read: 1, ..Coverage::default() };
    let is_all = decode::skim(content, limits, work, &mut |sight| {
        count_seen(&mut counted, sight);
        passes_by(sight, worth, calls, job)
    });
    is_all.then_some(counted)
}

/// Returns whether a record does not matter, going by its call and by what its file is worth.
fn passes_by(sight: &Sight<'_>, worth: Worth, calls: &mut Calls, job: &impl Job) -> bool {
    if worth == Worth::Counting {
        return true;
    }
    let Care { may_match, concern } = calls.care(sight.source(), sight.name(), job);
    !may_match
        || match (worth, concern) {
            (Worth::Walking, _) | (_, Concern::Always) => false,
            (_, Concern::IfFailed) => !sight.may_tell_an_error(),
            (_, Concern::Never) => true,
        }
}

/// Counts a record in the coverage.
fn count(coverage: &mut Coverage, record: &Record<'_>) {
    if let Some(sight) = &record.sight {
        return count_seen(coverage, sight);
    }
    let plain = |field| record.outline().plain(record.text, field).map(str::as_bytes);
    let time = plain(Field::EventTime).and_then(Time::parse_bytes);
    let (account, region) = (plain(Field::RecipientAccountId), plain(Field::AwsRegion));
    let category = match plain(Field::EventCategory) {
        Some(name) => category(name),
        None => match record.outline().value(record.text, Field::ManagementEvent) {
            Some((_, b'f')) => Category::Data,
            _ => Category::Management,
        },
    };
    coverage.event(account, region, time, category);
}

/// Counts a record that was seen in the coverage.
fn count_seen(coverage: &mut Coverage, sight: &Sight<'_>) {
    let (account, region) = (Some(sight.account()), Some(sight.region()));
    coverage.event(account, region, Time::parse_bytes(sight.time()), category(sight.category()));
}

fn category(name: &[u8]) -> Category {
    match name {
        b"Data" => Category::Data,
        b"NetworkActivity" => Category::NetworkActivity,
        _ => Category::Management,
    }
}

fn glance<'r>(record: &Record<'r>) -> Glance<'r> {
    if let Some(sight) = &record.sight {
        let text = |bytes| str::from_utf8(bytes).ok();
        return Glance {
            name: text(sight.name()),
            source: text(sight.source()),
            region: text(sight.region()),
            account: text(sight.account()),
            time: Time::parse_bytes(sight.time()),
            id: None,
            fails: None,
            enveloped: false,
        };
    }
    let (text, outline) = (record.text, record.outline());
    Glance {
        enveloped: record.envelope.is_some(),
        name: outline.plain(text, Field::EventName),
        source: outline.plain(text, Field::EventSource),
        region: outline.plain(text, Field::AwsRegion),
        account: outline.plain(text, Field::RecipientAccountId),
        id: outline.plain(text, Field::EventId),
        time: outline.plain(text, Field::EventTime).and_then(Time::parse),
        // A sign-in says in its response whether it failed.
        fails: (!outline.is_unsure()).then(|| {
            let error = outline.has(Field::ErrorCode) || outline.has(Field::ErrorMessage);
            error || outline.plain(text, Field::EventSource).is_none_or(|source| source.starts_with("signin"))
        }),
    }
}
