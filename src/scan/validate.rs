//! Drives `integrity`: reads the digests, checks their signatures, hashes the logs.

use super::Progress;
use crate::decode::{Limits, Scratch};
use crate::error::{Error, Kind, Trouble};
use crate::input::Source;
use crate::integrity::read::{self, Nature};
use crate::integrity::{Archive, Entry, Files, Links, Report, Stage, Trust, Window};
use crate::threads::Threads;
use std::collections::BTreeSet;

/// What is to be validated, and with what.
pub struct Request<'r> {
    /// What signatures are checked with.
    pub trust: &'r Trust,
    /// Which files are asked about.
    pub window: Window,
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
    request: &Request<'_>,
    progress: &dyn Progress,
) -> Result<(Report, Vec<Trouble>), Error> {
    run(sources, None, request, progress)
}

/// Validates the digests of a copy, and only those of its log files that have one of these paths.
///
/// # Errors
/// When the threads cannot be started.
pub fn verify(
    sources: Vec<Source>,
    paths: &BTreeSet<&str>,
    request: &Request<'_>,
    progress: &dyn Progress,
) -> Result<Report, Error> {
    run(sources, Some(paths), request, progress).map(|(report, _)| report)
}

fn run(
    sources: Vec<Source>,
    paths: Option<&BTreeSet<&str>>,
    request: &Request<'_>,
    progress: &dyn Progress,
) -> Result<(Report, Vec<Trouble>), Error> {
    let threads = Threads::new(request.threads)?;
    let (stage, others, troubles) = digests(sources, request, &threads, progress);
    let judge = stage.judge();
    let logs = paths.map_or_else(|| stage.logs(&request.window), |paths| stage.logs_of(paths));
    let judged = threads.map(logs.len(), Scratch::default, |scratch, index| {
        let log = stage.log(&judge, logs[index], &request.limits, scratch);
        progress.done(stage.source(logs[index]).size);
        log
    });
    drop(judge);
    Ok((stage.report(judged, request.window, others), troubles))
}

/// Reads the digests and judges them; returned is also how many files are none of CloudTrail's.
fn digests(
    sources: Vec<Source>,
    request: &Request<'_>,
    threads: &Threads,
    progress: &dyn Progress,
) -> (Stage, u64, Vec<Trouble>) {
    let mut files = Files::sort(&sources);
    let unnamed = std::mem::take(&mut files.unnamed);
    let natures = threads.map(unnamed.len(), Scratch::default, |scratch, index| {
        read::nature(&sources[unnamed[index] as usize], scratch)
    });
    let (mut others, mut troubles) = (0, Vec::new());
    for (index, nature) in unnamed.into_iter().zip(natures) {
        let source = &sources[index as usize];
        match nature {
            Nature::Digest => files.digests.push(index),
            Nature::Log => files.logs.push(index),
            Nature::Other => others += 1,
            Nature::Package => {
                let cause = "is a package: what lies in it is not validated";
                troubles.push(Trouble::new(source.name(), Kind::Unsupported, cause));
            }
        }
    }
    files.arrange(&sources);
    let entries = threads.map(files.digests.len(), Scratch::default, |scratch, index| {
        let source = files.digests[index];
        let digest = read::digest(&sources[source as usize], scratch);
        progress.done(sources[source as usize].size);
        Entry::new(&sources, &files, source, digest)
    });
    let archive = Archive::new(&sources, entries);
    let links = Links::new(&archive, &sources);
    let Trust { keys, heads, .. } = request.trust;
    let checked = threads.map(archive.nodes.len(), || (), |(), index| links.check(index as u32, keys, heads));
    drop(links);
    (Stage::new(sources, files, archive, &checked, request.trust), others, troubles)
}
