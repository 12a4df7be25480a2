//! Drives `integrity`: reads the digests, checks their signatures, hashes the logs.

use super::probe::{ProbeBuffers, ProbedFile, probe_file};
use super::readahead::{Input, ReadPlan};
use super::{Progress, ReadStates};
use crate::container::Limits;
use crate::error::{Error, Trouble};
use crate::input::{FileState, Folder, Source};
use crate::integrity::read::ReadFile;
use crate::integrity::{
    ArchiveFiles, DigestArchive, DigestEntry, LeftOutFiles, LogVerification, SignatureLinks, TimeWindow,
    TrustOptions, ValidationReport, read,
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

/// Validates the digests of a copy, and only those of its log files that have one of these paths. Of one that is not
/// in the state in which it was read nothing is proven: it may be another file by now.
///
/// # Errors
/// When the threads cannot be started.
pub fn verify_files(
    sources: Vec<Source>,
    paths: &BTreeSet<&str>,
    states: &ReadStates,
    request: &ValidationRequest<'_>,
    progress: &dyn Progress,
) -> Result<ValidationReport, Error> {
    // To open a pipe once more would wait for ever.
    let sources = sources.into_iter().filter(Source::can_be_read_again).collect();
    run_validation(sources, Some((paths, states)), request, progress).map(|(report, _)| report)
}

fn run_validation(
    sources: Vec<Source>,
    read: Option<(&BTreeSet<&str>, &ReadStates)>,
    request: &ValidationRequest<'_>,
    progress: &dyn Progress,
) -> Result<(ValidationReport, Vec<Trouble>), Error> {
    let threads = Threads::new(request.threads)?;
    let (paths, states) = read.unzip();
    let (stage, left_out, troubles) = read_digests(sources, read, request, &threads, progress);
    let judge = stage.judge();
    let logs = paths.map_or_else(|| stage.logs(&request.window), |paths| stage.logs_of(paths));
    let log = |number: u32| logs[number as usize];
    let judged = each_file(
        logs.len(),
        |number| stage.source(log(number)),
        &threads,
        states.is_some(),
        |number, file, state, buffers| {
            let judged = stage.log(&judge, log(number), file.bytes, &request.limits, &mut buffers.inflate);
            progress.done(file.source.size());
            match states {
                Some(states) if !is_as_read(file.source, state, states) => judged.changed(),
                _ => judged,
            }
        },
    );
    drop(judge);
    Ok((stage.report(judged, request.window, left_out), troubles))
}

/// Returns whether a file that was hashed, in this state before, is the one that records were read from.
fn is_as_read(source: &Source, before: Option<FileState>, states: &ReadStates) -> bool {
    let behind = source.path().and_then(|path| FileState::of_path(&path));
    before.is_some() && before == behind && before == states.of(&source.name())
}

/// Does `work` with each of `count` files and returns what it gave, in their order. Small ones are read ahead; where
/// `notes_states`, each is given with its state before it was read.
fn each_file<'s, T: Send>(
    count: usize,
    source: impl Fn(u32) -> &'s Source + Sync,
    threads: &Threads,
    notes_states: bool,
    work: impl Fn(u32, ReadFile<'_>, Option<FileState>, &mut ProbeBuffers) -> T + Sync,
) -> Vec<T> {
    let order =
        ReadPlan::new(count, |number| source(number).size(), threads.count()).noting_states(notes_states);
    let read = |batch| order.read(batch, |number| Ok::<_, Infallible>(source(number)));
    let parts = threads.map_prefetched(order.batches(), read, |batches| {
        let (mut buffers, mut done) = (ProbeBuffers::default(), Vec::new());
        for batch in batches {
            order.each(batch, |number, Input::File(bytes, state)| {
                let file = ReadFile { source: source(number), bytes };
                done.push((number, work(number, file, state, &mut buffers)));
            });
        }
        done
    });
    let mut done: Vec<(u32, T)> = parts.into_iter().flatten().collect();
    done.sort_unstable_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, it)| it).collect()
}

/// Tells by their content which files are logs and digests whose names do not say so. Returned is how many hold
/// nothing that a question reads.
fn sort_by_content(
    files: &mut ArchiveFiles,
    sources: &[Source],
    read: Option<(&BTreeSet<&str>, &ReadStates)>,
    request: &ValidationRequest<'_>,
    threads: &Threads,
    progress: &dyn Progress,
) -> (LeftOutFiles, Vec<Trouble>) {
    let source = |index: u32| &sources[index as usize];
    let mut unnamed = std::mem::take(&mut files.unnamed);
    // Of a file that is to be verified it is known whether records were read from it: a row may also come from an item
    // of AWS Config. What another service delivered need not be opened then.
    let was_read = |index: &u32| {
        let name = source(*index).name();
        read.is_some_and(|(paths, states)| paths.contains(&*name) && states.has(&name))
    };
    if read.is_some() {
        let is_others = |index: &u32| source(*index).key().is_some_and(|key| key.folder == Folder::Other);
        files.logs.extend(unnamed.extract_if(.., |index| is_others(index)).filter(was_read));
    }
    let count = unnamed.len();
    // Questions pass over what is named as a digest, unless the folders around it say something else.
    let is_read = |index: &u32| source(*index).key().is_none_or(|key| key.folder != Folder::Digest);
    unnamed.extend(files.digests.iter().copied().filter(is_read));
    let probe = |number: u32, file: ReadFile<'_>, _, buffers: &mut ProbeBuffers| match read {
        None => {
            let found = probe_file(file, &request.limits, buffers);
            if !found.has_records && !found.is_digest {
                progress.done(file.source.size());
            }
            found
        }
        Some(_) => ProbedFile {
            is_digest: read::looks_like_digest(file, &mut buffers.inflate),
            has_records: was_read(&unnamed[number as usize]),
            ..ProbedFile::default()
        },
    };
    let probed = each_file(unnamed.len(), |number| source(unnamed[number as usize]), threads, false, probe);
    let (mut left_out, mut troubles) = (LeftOutFiles::default(), Vec::new());
    for (at, (index, found)) in unnamed.iter().copied().zip(probed).enumerate() {
        let is_unnamed = at < count;
        if found.has_records {
            files.logs.push(index);
        }
        if found.is_package {
            files.packages.insert(index);
        }
        if found.is_digest && is_unnamed {
            files.digests.push(index);
        }
        if is_unnamed && !found.has_records && !found.is_digest {
            left_out.all += 1;
            left_out.config += u64::from(found.is_config);
        }
        troubles.extend(found.troubles);
    }
    (left_out, troubles)
}

/// Reads the digests and judges them; returned is also what holds no record of CloudTrail.
fn read_digests(
    sources: Vec<Source>,
    read: Option<(&BTreeSet<&str>, &ReadStates)>,
    request: &ValidationRequest<'_>,
    threads: &Threads,
    progress: &dyn Progress,
) -> (LogVerification, LeftOutFiles, Vec<Trouble>) {
    let mut files = ArchiveFiles::sort(&sources);
    let (left_out, troubles) = sort_by_content(&mut files, &sources, read, request, threads, progress);
    files.arrange(&sources);
    let source = |index: u32| &sources[index as usize];
    let digest = |number: u32| files.digests[number as usize];
    let count = files.digests.len();
    let entries = each_file(
        count,
        |number| source(digest(number)),
        threads,
        false,
        |number, file, _, buffers| {
            let read = read::read_digest(file, &mut buffers.inflate);
            progress.done(file.source.size());
            DigestEntry::new(&sources, &files, digest(number), read)
        },
    );
    let archive = DigestArchive::new(&sources, entries);
    let links = SignatureLinks::new(&archive, &sources);
    let TrustOptions { keys, heads, .. } = request.trust;
    let checked = threads.map(archive.nodes.len(), || (), |(), index| links.check(index as u32, keys, heads));
    drop(links);
    (LogVerification::new(sources, files, archive, &checked, request.trust), left_out, troubles)
}
