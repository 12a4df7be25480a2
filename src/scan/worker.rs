//! One thread's share of a scan: opens sources, and lets by what does not matter.

use super::calls::{Calls, Care};
use super::count::Count;
use super::nominees::{Nominees, glance, user_agent};
use super::supply::Given;
use super::{Job, Passed, Rest, Scanned, Seen, Worth, ahead};
use crate::answer::{Beside, Concern, Coverage, Skipped};
use crate::decode::Record;
use crate::decode::{self, Contents, Limits, Other, Scratch, Sight, Stream, Work};
use crate::error::Kind;
use crate::event::Parser;
use crate::input::{self, Key, Source};
use crate::query::Places;
use std::sync::Arc;

/// One thread's share of the work.
pub(super) struct Worker<'j, J: Job> {
    job: &'j J,
    limits: Limits,
    scratch: Scratch,
    work: Work,
    parser: Parser,
    /// Which calls the job cares for, as far as they were met.
    calls: Calls,
    pub(super) gathered: Scanned<J::Part>,
}

impl<'j, J: Job> Worker<'j, J> {
    /// Starts with nothing.
    pub(super) fn new(job: &'j J, limits: Limits) -> Self {
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

    /// Reads one source.
    pub(super) fn source(&mut self, source: &Source, number: u32, given: Given<'_, Passed>) {
        let file = match given {
            Given::Passed(Passed::Skipped(reason)) => return self.gathered.coverage.skip(reason, 1),
            Given::Passed(Passed::Known(counted)) => return self.gathered.coverage.merge(*counted),
            Given::File(file) => file,
        };
        let mut scratch = std::mem::take(&mut self.scratch);
        let limits = self.limits;
        let (mut streams, before) = (0_u64, self.gathered.coverage.events);
        let mut visit = |stream: &mut Stream<'_>| {
            streams += 1;
            self.stream(source, number, stream);
        };
        let troubles = match file {
            Some(file) => decode::each_stream_of(source, file, &limits, &mut scratch, &mut visit),
            None => decode::each_stream(source, &limits, &mut scratch, &mut visit),
        };
        self.scratch = scratch;
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
        let Self { job, limits, work, parser, calls, gathered, .. } = self;
        let file: Arc<str> = stream.name().into();
        let Worth { places, rest } = stream.whole().map_or_else(Worth::default, |content| job.worth(content));
        job.begin(&mut gathered.part, source, number);
        if places == Places::Nowhere
            && let Some(content) = stream.whole()
            && let Some(counted) = skim(content, limits, work, rest, calls, *job)
        {
            gathered.surveyed += 1;
            job.end(&mut gathered.part, &Contents::Log, &counted);
            gathered.coverage.merge(counted);
            return;
        }
        let mut count = Count::default();
        let mut nominees = Nominees::new(&places);
        let is_walked = places != Places::Nowhere;
        let mut is_counted_only = !is_walked;
        let wants_user_agent = job.wants_user_agent();
        let mut visit = |record: &Record<'_>| {
            count.record(record);
            // One that is not as usual may correct another.
            if let Some(sight) = &record.sight {
                let rest = (!nominees.have(record)).then_some(rest);
                if passes_by(sight, rest, calls, *job) {
                    gathered.passed_by += u64::from(is_walked);
                    return Ok(());
                }
            }
            is_counted_only = false;
            let mut glance = glance(record);
            if wants_user_agent {
                glance.user_agent = user_agent(record);
            }
            job.record(&mut gathered.part, parser, &Seen { file: &file, record, glance })
        };
        let is_large = stream.whole().is_none() && (source.size() == 0 || source.size() >= ahead::LARGE);
        let (contents, walked) = if is_large && rayon::current_num_threads() > 1 {
            ahead::read(stream, limits, work, &mut visit)
        } else {
            decode::read(stream, limits, work, &mut visit)
        };
        gathered.surveyed += u64::from(is_counted_only);
        let mut counted = count.finish();
        counted.insights += walked.tally.insights;
        match &contents {
            Contents::Log => counted.files_read += 1,
            Contents::Part(_) => counted.files_in_part += 1,
            Contents::Unreadable(_) => counted.files_unreadable += 1,
            Contents::Other(other) => counted.skip_file(skipped(*other, &file), &file),
        }
        if matches!(contents, Contents::Log | Contents::Part(_)) {
            let tally = &walked.tally;
            counted.beside = Beside {
                insights: tally.insights,
                aggregated: tally.aggregated,
                config: tally.config + tally.config_news,
                others: tally.services + tally.foreign,
            };
        }
        let reason = match &contents {
            Contents::Other(other) => Some(skipped(*other, &file)),
            _ => None,
        };
        // Messages of AWS Config have no form that the walk knows: whether it is one, who reads them finds out.
        let may_be_told = || match stream.whole() {
            Some(content) => decode::may_be_of_config(content),
            None => !is_large && decode::promises_log(&file),
        };
        let is_config = matches!(reason, Some(Skipped::Config | Skipped::ConfigNews))
            || counted.beside.config > 0
            || (contents != Contents::Log && input::is_of_config(&file))
            || (contents.is_no_log() && may_be_told());
        if is_config {
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
        Other::ConfigNews => Skipped::ConfigNews,
        Other::Service => Skipped::ServiceEvents,
        Other::Unknown if Key::parse(file).is_some() => Skipped::OtherService,
        Other::Unknown => Skipped::NotCloudTrail,
    }
}

/// Counts the records of a file in CloudTrail's own form, if none of them matters.
fn skim(
    content: &[u8],
    limits: &Limits,
    work: &mut Work,
    rest: Rest,
    calls: &mut Calls,
    job: &impl Job,
) -> Option<Coverage> {
    let mut count = Count::default();
    let is_all = decode::skim(content, limits, work, &mut |sight| {
        count.sight(sight);
        passes_by(sight, Some(rest), calls, job)
    });
    is_all.then(|| Coverage { files_read: 1, ..count.finish() })
}

/// Returns whether a record does not matter, going by its call and by what it is worth; `None` where its bytes
/// say that it may matter.
fn passes_by(sight: &Sight<'_>, rest: Option<Rest>, calls: &mut Calls, job: &impl Job) -> bool {
    if rest == Some(Rest::Counting) {
        return true;
    }
    let Care { may_match, concern } = calls.care(sight.source(), sight.name(), job);
    !may_match
        || match (rest, concern) {
            (None, _) | (_, Concern::Always) => false,
            (_, Concern::IfUnnamed) => !sight.may_tell_an_error() && !sight.may_lack_a_part(),
            (_, Concern::IfOmitted) => !sight.may_lack_a_part(),
            (_, Concern::UnlessRead) => sight.read_only() == Some(true) && !sight.may_tell_an_error(),
            (_, Concern::Never) => true,
        }
}
