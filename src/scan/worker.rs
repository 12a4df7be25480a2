//! One thread's share of a scan: opens sources, and lets by what does not matter.

use super::call_cache::{CallCache, CallInterest};
use super::candidates::Candidates;
use super::count::RecordCounter;
use super::readahead::Input;
use super::{CandidateRecord, FilePlan, Job, Scanned, Skip, Unmatched, pipelined};
use crate::answer::{BesideEvents, Coverage, Interest, Skipped};
use crate::container::{InflateBuffers, Limits, Stream};
use crate::decode::{FixedFields, NonLogKind, Record, ScanBuffers, StreamKind};
use crate::error::{Kind, Trouble, TroubleList};
use crate::event::EventParser;
use crate::input::{Key, Source};
use crate::query::CandidatePlaces;
use crate::{container, decode, input, threads};
use std::sync::Arc;

/// In how many members of a package that are no logs items of AWS Config are looked for.
const MOST_HARDLY: u64 = 10_000;

/// One thread's share of the work.
pub(super) struct ScanWorker<'j, J: Job> {
    job: &'j J,
    limits: Limits,
    scratch: InflateBuffers,
    work: ScanBuffers,
    parser: EventParser,
    /// Which calls the job cares for, as far as they were met.
    calls: CallCache,
    pace: CountingPace,
    /// The troubles of the streams of one source, and how many of them may tell of AWS Config and hardly do.
    troubles: TroubleList,
    hardly: u64,
    pub(super) gathered: Scanned<J::Accumulator>,
}

impl<'j, J: Job> ScanWorker<'j, J> {
    /// Starts with nothing.
    pub(super) fn new(job: &'j J, limits: Limits) -> Self {
        Self {
            job,
            limits,
            scratch: InflateBuffers::default(),
            work: ScanBuffers::default(),
            parser: EventParser::default(),
            calls: CallCache::default(),
            pace: CountingPace::default(),
            troubles: TroubleList::default(),
            hardly: 0,
            gathered: Scanned::default(),
        }
    }

    /// Reads one source.
    pub(super) fn source(&mut self, source: &Source, number: u32, given: Input<'_, Skip>) {
        let (file, state) = match given {
            Input::Passed(Skip::Skipped(reason)) => return self.gathered.coverage.skip(reason, 1),
            Input::Passed(Skip::Known(counted)) => return self.gathered.coverage.merge(*counted),
            Input::File(file, state) => (file, state),
        };
        let told = self.job.told(&self.gathered.part);
        let mut scratch = std::mem::take(&mut self.scratch);
        let limits = self.limits;
        let (mut streams, before) = (0_u64, self.gathered.coverage.events);
        let mut visit = |stream: &mut Stream<'_>| {
            streams += 1;
            self.stream(source, number, stream);
        };
        let troubles = match file {
            Some(file) => container::each_stream_of(source, file, &limits, &mut scratch, &mut visit),
            None => container::each_stream(source, &limits, &mut scratch, &mut visit),
        };
        self.scratch = scratch;
        if let Some(state) = state
            && self.job.told(&self.gathered.part) > told
        {
            self.gathered.states.push((source.name().into(), state));
        }
        self.hardly = 0;
        self.gathered.troubles.extend(std::mem::take(&mut self.troubles).into_vec(&source.name()));
        for mut trouble in troubles {
            // A placeholder or a readme may be empty; a log may not.
            if trouble.kind == Kind::Empty && !source.is_explicit() && !decode::promises_log(&trouble.file) {
                self.gathered.coverage.skip_file(Skipped::NotCloudTrail, &trouble.file);
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
        let Self { job, limits, work, parser, calls, pace, troubles: told, hardly, gathered, .. } = self;
        let file: Arc<str> = stream.name().into();
        let FilePlan { places, rest } =
            stream.whole().map_or_else(FilePlan::default, |content| job.worth(content));
        job.begin(&mut gathered.part, source, number);
        if places == CandidatePlaces::Nowhere
            && let Some(content) = stream.whole()
            && pace.tries_next()
            && let Some(counted) = pace.note(count_file(content, limits, work, rest, calls, *job))
        {
            gathered.files_counted_only += 1;
            job.end(&mut gathered.part, &StreamKind::Log, &counted);
            gathered.coverage.merge(counted);
            return;
        }
        let mut count = RecordCounter::default();
        let mut nominees = Candidates::new(&places);
        let is_walked = places != CandidatePlaces::Nowhere;
        let mut is_counted_only = !is_walked;
        let wants_user_agent = job.wants_user_agent();
        let mut visit = |record: &Record<'_>| {
            count.record(record);
            // One that is not as usual may correct another.
            if let Some(fixed) = &record.fixed {
                let rest = (!nominees.have(record)).then_some(rest);
                if can_skip(fixed, rest, calls, *job) {
                    gathered.passed_by += u64::from(is_walked);
                    return Ok(());
                }
            }
            is_counted_only = false;
            let mut raw = decode::raw_fields(record);
            if wants_user_agent {
                raw.user_agent = decode::raw_user_agent(record);
            }
            job.record(&mut gathered.part, parser, &CandidateRecord { file: &file, record, raw })
        };
        let is_large = stream.whole().is_none() && (source.size() == 0 || source.size() >= pipelined::LARGE);
        let (contents, walked) = if is_large && threads::are_several() {
            pipelined::read(stream, limits, work, &mut visit)
        } else {
            decode::read_records(stream, limits, work, &mut visit)
        };
        gathered.files_counted_only += u64::from(is_counted_only);
        let mut counted = count.finish();
        counted.insights += walked.tally.insights;
        match &contents {
            StreamKind::Log => counted.files_read += 1,
            StreamKind::Part(_) => counted.files_in_part += 1,
            StreamKind::Unreadable(_) => counted.files_unreadable += 1,
            StreamKind::Other(other) => counted.skip_file(skip_reason(*other, &file), &file),
        }
        if matches!(contents, StreamKind::Log | StreamKind::Part(_)) {
            let tally = &walked.tally;
            counted.beside = BesideEvents {
                insights: tally.insights,
                aggregated: tally.aggregated,
                config: tally.config + tally.config_news,
                others: tally.services + tally.foreign,
            };
        }
        let reason = match &contents {
            StreamKind::Other(other) => Some(skip_reason(*other, &file)),
            _ => None,
        };
        // Messages of AWS Config have no form that the walk knows: whether it is one, who reads them finds out.
        let may_be_told = || match stream.whole() {
            Some(content) => decode::may_be_of_config(content),
            None => !is_large && decode::promises_log(&file),
        };
        let is_config = matches!(reason, Some(Skipped::Config | Skipped::ConfigNews))
            || counted.beside.config > 0
            || (contents != StreamKind::Log && input::is_of_config(&file))
            || (contents.is_no_log() && may_be_told());
        let is_hardly = is_config && reason.is_none();
        *hardly += u64::from(is_hardly);
        if is_config && (!is_hardly || *hardly <= MOST_HARDLY) {
            gathered.config.push((Arc::clone(&file), reason));
        } else if is_config && *hardly == MOST_HARDLY + 1 {
            let cause =
                "has too many members to look for AWS Config in all of them: name them with `--aws-config`";
            gathered.troubles.push(Trouble::new(source.name(), Kind::Unsupported, cause));
        }
        job.end(&mut gathered.part, &contents, &counted);
        gathered.coverage.merge(counted);
        if let StreamKind::Part(troubles) | StreamKind::Unreadable(troubles) = contents {
            troubles.into_iter().for_each(|it| told.push(it));
        }
    }
}

fn skip_reason(other: NonLogKind, file: &str) -> Skipped {
    match other {
        NonLogKind::Digest => Skipped::Digest,
        NonLogKind::Insight => Skipped::Insight,
        NonLogKind::Aggregated => Skipped::Aggregated,
        NonLogKind::Config => Skipped::Config,
        NonLogKind::ConfigNews => Skipped::ConfigNews,
        NonLogKind::Service => Skipped::ServiceEvents,
        NonLogKind::Unknown if Key::parse(file).is_some() => Skipped::OtherService,
        NonLogKind::Unknown => Skipped::NotCloudTrail,
    }
}

/// Whether the next file is tried to be counted without being walked. Where nearly every file holds a call that matters,
/// the try is lost and costs a fifth of inflating the file: after some that were lost, some files are not tried.
#[derive(Default)]
struct CountingPace {
    /// How many files are not tried after the next loss.
    pause: u8,
    /// How many are still not to be tried.
    left: u8,
}

impl CountingPace {
    /// The most files in a row that are not tried.
    const LONGEST: u8 = 15;

    fn tries_next(&mut self) -> bool {
        let tries = self.left == 0;
        self.left = self.left.saturating_sub(1);
        tries
    }

    /// Takes note of what came of a try.
    fn note<T>(&mut self, counted: Option<T>) -> Option<T> {
        self.pause = if counted.is_some() { 0 } else { (self.pause * 2 + 1).min(Self::LONGEST) };
        self.left = self.pause;
        counted
    }
}

/// Counts the records of a file in CloudTrail's own form, if none of them matters.
fn count_file(
    content: &[u8],
    limits: &Limits,
    work: &mut ScanBuffers,
    rest: Unmatched,
    calls: &mut CallCache,
    job: &impl Job,
) -> Option<Coverage> {
    let mut count = RecordCounter::default();
    let is_all = decode::count_without_splitting(content, limits, work, &mut |fixed| {
        count.count_fixed(fixed);
        can_skip(fixed, Some(rest), calls, job)
    });
    is_all.then(|| Coverage { files_read: 1, ..count.finish() })
}

/// Returns whether a record does not matter, going by its call and by what it is worth; `None` where its bytes
/// say that it may matter.
fn can_skip(fixed: &FixedFields<'_>, rest: Option<Unmatched>, calls: &mut CallCache, job: &impl Job) -> bool {
    if rest == Some(Unmatched::CountOnly) {
        return true;
    }
    let CallInterest { may_match, concern } = calls.call_interest(fixed.source(), fixed.name(), job);
    !may_match
        || match (rest, concern) {
            (None, _) | (_, Interest::Always) => false,
            (_, Interest::IfUnnamed) => !fixed.may_hold_error() && !fixed.may_lack_a_part(),
            (_, Interest::IfOmitted) => !fixed.may_lack_a_part(),
            (_, Interest::UnlessRead) => fixed.read_only() == Some(true) && !fixed.may_hold_error(),
            (_, Interest::Never) => true,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_tried_less_often_as_tries_are_lost_and_again_after_one_that_was_not() {
        let mut pace = CountingPace::default();
        let mut tries = |files: usize, counted: Option<()>| {
            let mut tried = 0;
            for _ in 0..files {
                if pace.tries_next() {
                    tried += 1;
                    pace.note(counted);
                }
            }
            tried
        };
        assert_eq!(tries(100, Some(())), 100);
        assert_eq!(tries(160, None), 13, "after 1, 3, 7, and then each 15");
        // The last pause is over at some time, and all are tried again.
        assert!(tries(100, Some(())) >= 85);
    }
}
