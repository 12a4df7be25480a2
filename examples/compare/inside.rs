//! What the example does in a process of its own, to be measured like any other program: inflating and
//! nothing else, and counting events by name through the library.

use crate::decoder::{Decoder, Kind};
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use trailscan::answer::Coverage;
use trailscan::container::Limits;
use trailscan::decode::StreamKind;
use trailscan::event::{EventParser, as_utf8};
use trailscan::input::{Key, Source};

use trailscan::scan;
use trailscan::scan::{CandidateRecord, Job, Progress, Skip};

/// Lists the files as trailscan does.
fn sources(archive: &Path) -> Result<Vec<Source>, String> {
    let found = scan::find_sources(&[archive.to_owned()], 1).map_err(|e| e.to_string())?;
    match found.troubles.first() {
        Some(trouble) => Err(format!("`{}`: {}", trouble.file, trouble.cause)),
        None => Ok(found.sources),
    }
}

/// Inflates every file and prints how many there were and how many bytes they held: the least that any
/// program has to do. Threads take the next largest file, as in trailscan.
pub(crate) fn inflate(archive: &Path, threads: usize, kind: Kind) -> Result<(), String> {
    let mut sources = sources(archive)?;
    sources.sort_by_key(|source| std::cmp::Reverse(source.size()));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|e| e.to_string())?;
    let next = AtomicUsize::new(0);
    let sums = pool.broadcast(|_| {
        let (mut decoder, mut buffer, mut sum) = (Decoder::new(kind), Vec::new(), 0);
        while let Some(source) = sources.get(next.fetch_add(1, Ordering::Relaxed)) {
            let Some(path) = source.path() else { continue };
            let failed = |cause: String| format!("`{}`: {cause}", path.display());
            sum += one(&path, &mut buffer, &mut decoder).map_err(failed)?;
        }
        Ok::<u64, String>(sum)
    });
    let inflated: u64 = sums.into_iter().sum::<Result<_, _>>()?;
    write(&format!("{} {inflated}\n", sources.len()))
}

fn one(path: &Path, buffer: &mut Vec<u8>, decoder: &mut Decoder) -> Result<u64, String> {
    buffer.clear();
    File::open(path).and_then(|mut file| file.read_to_end(buffer)).map_err(|e| e.to_string())?;
    decoder.inflate(buffer).map(|content| content.len() as u64)
}

/// Counts the records by event name and prints a line each: the name, a tab, the number. With `parse`, every
/// record is parsed for that.
pub(crate) fn count(archive: &Path, threads: usize, parse: bool) -> Result<(), String> {
    let sources = sources(archive)?;
    let scanned = scan::scan(&sources, &ByName { parse }, Limits::default(), threads, &Silent);
    let scanned = scanned.map_err(|e| e.to_string())?;
    if let Some(trouble) = scanned.troubles.first() {
        return Err(format!("`{}`: {}", trouble.file, trouble.cause));
    }
    let sorted: BTreeMap<_, _> = scanned.part.into_iter().collect();
    write(&sorted.iter().map(|(name, count)| format!("{name}\t{count}\n")).collect::<String>())
}

fn write(text: &str) -> Result<(), String> {
    io::stdout().write_all(text.as_bytes()).map_err(|e| format!("cannot write: {e}"))
}

/// Counts by event name; a name is copied where a thread meets it first.
struct ByName {
    parse: bool,
}

impl ByName {
    fn add(counts: &mut HashMap<Box<str>, u64>, name: &str, count: u64) {
        match counts.get_mut(name) {
            Some(sum) => *sum += count,
            None => {
                counts.insert(name.into(), count);
            }
        }
    }
}

impl Job for ByName {
    type Accumulator = HashMap<Box<str>, u64>;

    fn skip_unopened(&self, _source: &Source, _key: Option<&Key>) -> Option<Skip> {
        None
    }

    fn record(
        &self,
        part: &mut Self::Accumulator,
        parser: &mut EventParser,
        seen: &CandidateRecord<'_>,
    ) -> Result<(), String> {
        if let Some(name) = as_utf8(seen.raw.name).filter(|_| !self.parse) {
            Self::add(part, name, 1);
            return Ok(());
        }
        let read = parser.read(seen.record.text, |event| Self::add(part, event.name(), 1));
        read.map_err(|e| e.to_string())
    }

    fn end(&self, _part: &mut Self::Accumulator, _contents: &StreamKind, _counted: &Coverage) {}

    fn merge(&self, into: &mut Self::Accumulator, part: Self::Accumulator) {
        part.iter().for_each(|(name, count)| Self::add(into, name, *count));
    }
}

struct Silent;

impl Progress for Silent {
    fn done(&self, _bytes: u64) {}
}
