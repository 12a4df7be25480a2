//! Reads the sources in parallel and folds what matches: the only threads.
//!
//! Workers take the next largest file until none is left, each with buffers,
//! parser and fold of its own; the folds are merged at the end, so that nothing
//! depends on which thread read what.

use crate::answer::{Coverage, Evidence, Question, Rows, Skipped};
use crate::decode::outline::{Field, Outline};
use crate::decode::records::Record;
use crate::decode::{self, Contents, Limits, Other, Scratch, Stream};
use crate::error::{Error, Kind, Trouble};
use crate::event::{Category, Parser, Time};
use crate::input::{Folder, Key, Source};
use crate::query::{Delivery, Filter, Glance, Literals, SkippedKey};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a scan is asked to do.
pub struct Request<'r> {
    /// The filters.
    pub filter: &'r Filter,
    /// What the matching events are asked for.
    pub question: &'r Question,
    /// How much a file may hold.
    pub limits: Limits,
    /// How many threads work; 0 for as many as there are processors.
    pub threads: usize,
}

/// Told of the progress of a scan, from any thread.
pub trait Progress: Sync {
    /// One more file is done, of this many bytes as stored.
    fn done(&self, bytes: u64);
}

/// What a scan found.
#[derive(Default)]
pub struct Scanned {
    /// The rows, not yet in order.
    pub rows: Rows,
    /// What was searched.
    pub coverage: Coverage,
    /// What could not be read, in the order of the files' names.
    pub troubles: Vec<Trouble>,
}

/// Reads all sources.
///
/// # Errors
/// When the threads cannot be started.
pub fn scan(sources: &[Source], request: &Request<'_>, progress: &dyn Progress) -> Result<Scanned, Error> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(request.threads)
        .build()
        .map_err(|error| Error::new(format!("cannot start threads: {error}")).hint("try `--threads 1`"))?;
    let mut order: Vec<u32> = (0..u32::try_from(sources.len()).unwrap_or(u32::MAX)).collect();
    // Large files first, so that the last one to finish is a small one.
    order.sort_by_key(|index| std::cmp::Reverse(sources[*index as usize].size));
    let account_is_sure = request.filter.account.is_empty() || keys_name_accounts(sources, request.limits);
    let literals = Literals::new(request.question.reference.as_ref());
    let next = AtomicUsize::new(0);
    let parts = pool.broadcast(|_| {
        let mut worker = Worker::new(request, &literals, account_is_sure);
        while let Some(index) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            let source = &sources[*index as usize];
            worker.source(source);
            progress.done(source.size);
        }
        worker.part
    });
    let mut scanned = Scanned::default();
    for part in parts {
        scanned.rows.merge(part.rows);
        scanned.coverage.merge(part.coverage);
        scanned.troubles.extend(part.troubles);
    }
    scanned.troubles.sort();
    Ok(scanned)
}

/// Returns whether the first log file of every account holds events of the account that its
/// key names. In archives made anonymous it does not, and keys prove nothing.
fn keys_name_accounts(sources: &[Source], limits: Limits) -> bool {
    let mut seen = std::collections::HashSet::new();
    let (mut scratch, mut buffer) = (Scratch::default(), Vec::new());
    sources.iter().all(|source| {
        let Some(key) = source.key().filter(|key| key.folder == Folder::CloudTrail) else { return true };
        if seen.contains(&key.account) {
            return true;
        }
        let mut sure = true;
        decode::each_stream(source, &limits, &mut scratch, &mut |stream| {
            decode::read(stream, &limits, &mut buffer, &mut |record| {
                if let Some(account) = record.outline.plain(record.text, Field::RecipientAccountId) {
                    sure &= account == key.account;
                }
                Ok(())
            });
        });
        seen.insert(key.account);
        sure
    })
}

/// One thread's share of the work.
struct Worker<'r> {
    request: &'r Request<'r>,
    literals: &'r Literals,
    account_is_sure: bool,
    scratch: Scratch,
    buffer: Vec<u8>,
    parser: Parser,
    part: Scanned,
}

impl<'r> Worker<'r> {
    fn new(request: &'r Request<'r>, literals: &'r Literals, account_is_sure: bool) -> Self {
        Self {
            request,
            literals,
            account_is_sure,
            scratch: Scratch::default(),
            buffer: Vec::new(),
            parser: Parser::default(),
            part: Scanned::default(),
        }
    }

    fn source(&mut self, source: &Source) {
        if let Some(reason) = source.key().and_then(|key| self.refused(&key)) {
            self.part.coverage.skip(reason, 1);
            return;
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        let limits = &self.request.limits;
        let (mut streams, before) = (0_u64, self.part.coverage.events);
        let troubles = decode::each_stream(source, limits, &mut scratch, &mut |stream| {
            streams += 1;
            self.stream(stream);
        });
        self.scratch = scratch;
        for mut trouble in troubles {
            // A placeholder or a readme may be empty; a log may not.
            if trouble.kind == Kind::Empty && !source.asked && !decode::promises_log(&trouble.file) {
                self.part.coverage.skip(Skipped::NotCloudTrail, 1);
                continue;
            }
            if streams > 0 && trouble.file == source.name() {
                // A package that is broken behind the members that were read.
                trouble.records_used = Some(self.part.coverage.events - before);
            } else {
                self.part.coverage.files_unreadable += 1;
            }
            self.part.troubles.push(trouble);
        }
    }

    /// Why a file need not be opened, going by its key.
    fn refused(&self, key: &Key) -> Option<Skipped> {
        match key.folder {
            Folder::Digest => return Some(Skipped::Digest),
            Folder::CloudTrail | Folder::NetworkActivity => {}
            // Whatever else lies there is told by its content.
            _ => return None,
        }
        let time = key.delivered.map(Time::from);
        let delivery = Delivery { account: &key.account, region: &key.region, time };
        self.request.filter.may_hold(&delivery, self.account_is_sure).map(|reason| match reason {
            SkippedKey::Time => Skipped::OutsideTime,
            SkippedKey::Account => Skipped::OtherAccount,
            SkippedKey::Region => Skipped::OtherRegion,
        })
    }

    fn stream(&mut self, stream: &mut Stream<'_>) {
        let file: Arc<str> = stream.name().into();
        let mut buffer = std::mem::take(&mut self.buffer);
        let rows_before = self.part.rows.len();
        let limits = self.request.limits;
        let (contents, tally) =
            decode::read(stream, &limits, &mut buffer, &mut |record| self.record(&file, &record));
        self.buffer = buffer;
        if contents.is_doubtful() {
            self.part.rows.doubt(rows_before);
        }
        let coverage = &mut self.part.coverage;
        coverage.insights += tally.insights;
        match contents {
            Contents::Log => coverage.files_read += 1,
            Contents::Part(troubles) => {
                coverage.files_in_part += 1;
                self.part.troubles.extend(troubles);
            }
            Contents::Unreadable(troubles) => {
                coverage.files_unreadable += 1;
                self.part.troubles.extend(troubles);
            }
            Contents::Other(other) => coverage.skip(skipped(other, &file), 1),
        }
    }

    /// Looks at one record, and parses it when it may match.
    fn record(&mut self, file: &Arc<str>, record: &Record<'_>) -> Result<(), String> {
        let (text, outline) = (record.text, record.outline);
        let glance = glance(text, outline);
        self.part.coverage.event(glance.account, glance.region, glance.time, category(text, outline));
        let corrects = outline.has(Field::Addendum);
        let question = self.request.question;
        let may_match = outline.is_unsure() || question.follows || self.request.filter.may_match(&glance);
        let matches = may_match && self.literals.occur_in(text);
        let unnamed = may_match
            && !matches
            && outline.has(Field::ErrorCode)
            && question.may_concern(glance.source.unwrap_or_default(), glance.name.unwrap_or_default());
        if !matches && !corrects && !unnamed {
            return Ok(());
        }
        let Self { request, parser, part, .. } = self;
        let folded = parser.read(text, |event| {
            if let Some(original) = event.corrects() {
                part.rows.correction(original);
            }
            let passes = (matches || unnamed) && request.filter.matches(event);
            if matches && passes {
                let evidence = Evidence { file: Arc::clone(file), record: record.index, damaged: false };
                part.rows.event(question, event, evidence, text);
            } else if matches && question.follows {
                part.rows.links(question, event);
            } else if unnamed && passes {
                part.rows.unnamed(event);
            }
        });
        folded.map_err(|error| error.to_string())
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

fn glance<'r>(text: &'r [u8], outline: &Outline) -> Glance<'r> {
    Glance {
        name: outline.plain(text, Field::EventName),
        source: outline.plain(text, Field::EventSource),
        region: outline.plain(text, Field::AwsRegion),
        account: outline.plain(text, Field::RecipientAccountId),
        id: outline.plain(text, Field::EventId),
        time: outline.plain(text, Field::EventTime).and_then(Time::parse),
    }
}

fn category(text: &[u8], outline: &Outline) -> Category {
    match outline.plain(text, Field::EventCategory) {
        Some("Data") => Category::Data,
        Some("NetworkActivity") => Category::NetworkActivity,
        Some(_) => Category::Management,
        None => match outline.value(text, Field::ManagementEvent) {
            Some((_, b'f')) => Category::Data,
            _ => Category::Management,
        },
    }
}
