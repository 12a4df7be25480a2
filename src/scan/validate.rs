//! Drives `integrity`: reads the digests, checks their signatures, hashes the logs.

use super::Progress;
use super::readahead::{Input, ReadPlan};
use crate::container::{InflateBuffers, Limits};
use crate::error::{Error, Kind, Trouble};
use crate::input::Source;
use crate::integrity::read::{FileKind, ReadFile};
use crate::integrity::{
    ArchiveFiles, DigestArchive, DigestEntry, LogVerification, SignatureLinks, TimeWindow, TrustOptions,
    ValidationReport, read,
};
use crate::threads::Threads;
use std::collections::BTreeSet;
use std::convert::Infallible;

/// What is to be validated, and with what.
pub struct ValidationRequest<'r> {
    /// What signatures are checked with.
    pub trust: &'r TrustOptions,
    /// Which files are asked about.
    pub window: TimeWindow,
    /// How much a file may hold.
    pub limits: Limits,
    /// How many threads work, 0 for one a processor.
    pub threads: usize,
}

/// Validates a copy. Returned are the verdicts, and what could not be looked at.
///
/// # Errors
/// When the threads cannot be started.
pub fn validate(
    sources: Vec<Source>,
    request: &ValidationRequest<'_>,
    progress: &dyn Progress,
) -> Result<(ValidationReport, Vec<Trouble>), Error> {
    run_validation(sources, None, request, progress)
}

/// Validates the digests of a copy, and only those of its log files that have one of these paths.
///
/// # Errors
/// When the threads cannot be started.
pub fn verify_files(
    sources: Vec<Source>,
    paths: &BTreeSet<&str>,
    request: &ValidationRequest<'_>,
    progress: &dyn Progress,
) -> Result<ValidationReport, Error> {
    run_validation(sources, Some(paths), request, progress).map(|(report, _)| report)
}

fn run_validation(
    sources: Vec<Source>,
    paths: Option<&BTreeSet<&str>>,
    request: &ValidationRequest<'_>,
    progress: &dyn Progress,
) -> Result<(ValidationReport, Vec<Trouble>), Error> {
    let threads = Threads::new(request.threads)?;
    let (stage, others, troubles) = read_digests(sources, request, &threads, progress);
    let judge = stage.judge();
    let logs = paths.map_or_else(|| stage.logs(&request.window), |paths| stage.logs_of(paths));
    let log = |number: u32| logs[number as usize];
    let judged = each_file(
        logs.len(),
        |number| stage.source(log(number)),
        &threads,
        |number, file, scratch| {
            let judged = stage.log(&judge, log(number), file.bytes, &request.limits, scratch);
            progress.done(file.source.size());
            judged
        },
    );
    drop(judge);
    Ok((stage.report(judged, request.window, others), troubles))
}

/// Does `work` with each of `count` files and returns what it gave, in their order. Small ones are read ahead.
fn each_file<'s, T: Send>(
    count: usize,
    source: impl Fn(u32) -> &'s Source + Sync,
    threads: &Threads,
    work: impl Fn(u32, ReadFile<'_>, &mut InflateBuffers) -> T + Sync,
) -> Vec<T> {
    let order = ReadPlan::new(count, |number| source(number).size(), threads.count());
    let read = |batch| order.read(batch, |number| Ok::<_, Infallible>(source(number)));
    let parts = threads.map_prefetched(order.batches(), read, |batches| {
        let (mut scratch, mut done) = (InflateBuffers::default(), Vec::new());
        for batch in batches {
            order.each(batch, |number, Input::File(bytes)| {
                let file = ReadFile { source: source(number), bytes };
                done.push((number, work(number, file, &mut scratch)));
            });
        }
        done
    });
    let mut done: Vec<(u32, T)> = parts.into_iter().flatten().collect();
    done.sort_unstable_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, it)| it).collect()
}

/// Reads the digests and judges them; returned is also how many files are none of CloudTrail's.
fn read_digests(
    sources: Vec<Source>,
    request: &ValidationRequest<'_>,
    threads: &Threads,
    progress: &dyn Progress,
) -> (LogVerification, u64, Vec<Trouble>) {
    let mut files = ArchiveFiles::sort(&sources);
    let unnamed = std::mem::take(&mut files.unnamed);
    let source = |index: u32| &sources[index as usize];
    let natures = each_file(
        unnamed.len(),
        |number| source(unnamed[number as usize]),
        threads,
        |_, file, scratch| read::detect_kind(file, scratch),
    );
    let (mut others, mut troubles) = (0, Vec::new());
    for (index, nature) in unnamed.into_iter().zip(natures) {
        match nature {
            FileKind::Digest => files.digests.push(index),
            FileKind::Log => files.logs.push(index),
            FileKind::Other => others += 1,
            FileKind::Package => {
                let cause = "is a package: what lies in it is not validated";
                troubles.push(Trouble::new(source(index).name(), Kind::Unsupported, cause));
            }
        }
    }
    files.arrange(&sources);
    let digest = |number: u32| files.digests[number as usize];
    let count = files.digests.len();
    let entries = each_file(
        count,
        |number| source(digest(number)),
        threads,
        |number, file, scratch| {
            let read = read::read_digest(file, scratch);
            progress.done(file.source.size());
            DigestEntry::new(&sources, &files, digest(number), read)
        },
    );
    let archive = DigestArchive::new(&sources, entries);
    let links = SignatureLinks::new(&archive, &sources);
    let TrustOptions { keys, heads, .. } = request.trust;
    let checked = threads.map(archive.nodes.len(), || (), |(), index| links.check(index as u32, keys, heads));
    drop(links);
    (LogVerification::new(sources, files, archive, &checked, request.trust), others, troubles)
}
