//! The sidecar index: what is known of the files of an archive, so that a question need not open
//! those that cannot matter to it.
//!
//! An index lies outside the archive and is never evidence: it only says of files that they need
//! not be opened, and what would have been counted in them. Whatever is not known, is new or has
//! changed is read. Where indexes lie is for the command line to say.

mod build;
mod bytes;
mod facts;
mod filter;
mod sieve;
mod store;

use crate::answer::{Coverage, Fold};
use crate::catalog;
use crate::decode::Limits;
use crate::error::{Error, Trouble};
use crate::event::Time;
use crate::input::{Source, cause};
use crate::query::Filter;
use crate::scan::{self, Progress};
use chrono::DateTime;
use facts::{View, mix};
use std::borrow::Cow;
use std::fs;
use std::io::{ErrorKind, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use store::{Draft, Refused, Store};

/// Where an archive is, in the words of the user and in those of the file system.
pub struct Spot {
    /// The directory as it was given.
    given: PathBuf,
    /// The real path of the archive: that directory, or one above it.
    root: PathBuf,
    /// From the one to the other, with a slash at the end if it is not empty.
    inside: PathBuf,
}

impl Spot {
    /// Returns where the archive at `given` is.
    ///
    /// # Errors
    /// When it is not there.
    pub fn new(given: &Path) -> Result<Self, Error> {
        let root = fs::canonicalize(given)
            .map_err(|error| Error::new(format!("cannot read `{}`: {}", given.display(), cause(&error))))?;
        Ok(Self { given: given.to_owned(), root, inside: PathBuf::new() })
    }

    /// Returns whether a directory, there or not, lies in the archive.
    pub fn holds(&self, dir: &Path) -> bool {
        let real = dir.ancestors().find_map(|above| {
            fs::canonicalize(if above.as_os_str().is_empty() { Path::new(".") } else { above }).ok()
        });
        real.is_some_and(|real| real.starts_with(&self.root))
    }

    /// Returns the same place as a part of the archive at `root`.
    fn within(&self, root: &Path) -> Option<Self> {
        let inside = self.root.strip_prefix(root).ok()?.to_owned();
        Some(Self { given: self.given.clone(), root: root.to_owned(), inside })
    }

    /// Returns the name of the index file.
    fn file(&self) -> String {
        let path = self.root.as_os_str().as_encoded_bytes();
        format!("{:016x}.index", digest(&[path]))
    }

    /// Returns what a file is known by: where it is in the archive, its size and when it was changed.
    fn key(&self, source: &Source) -> Option<u64> {
        if source.is_asked() || source.modified == 0 {
            return None;
        }
        let path = source.path()?;
        let (path, given) = (path.as_os_str().as_encoded_bytes(), self.given.as_os_str().as_encoded_bytes());
        let below = path.strip_prefix(given)?;
        let start = below.iter().position(|byte| *byte != b'/')?;
        // `/logs` is no part of `/logs-2`.
        if start == 0 && !given.ends_with(b"/") {
            return None;
        }
        let stamp = mix(mix(source.size) ^ source.modified.cast_unsigned());
        let name = match self.inside.as_os_str().as_encoded_bytes() {
            b"" => Cow::Borrowed(&below[start..]),
            inside => Cow::Owned([inside, b"/", &below[start..]].concat()),
        };
        Some(mix(digest(&[&name]) ^ stamp))
    }
}

/// An index that is there and can be used.
pub struct Index {
    spot: Spot,
    store: Store,
}

/// What came of looking for an index.
#[derive(Default)]
pub struct Opened {
    /// The index, if there is one.
    pub index: Option<Index>,
    /// Why one that is there is not used.
    pub note: Option<String>,
}

/// Looks in `dir` for the index of the archive that `given` is, or is a part of.
pub fn open(dir: &Path, given: &Path) -> Opened {
    let mut opened = Opened::default();
    let Ok(spot) = Spot::new(given) else { return opened };
    for root in spot.root.ancestors() {
        let Some(spot) = spot.within(root) else { break };
        let path = dir.join(spot.file());
        let why = match fs::read(&path) {
            Ok(bytes) => match Store::read(bytes, spot.root.as_os_str().as_encoded_bytes(), edition()) {
                Ok(store) => {
                    opened.index = Some(Index { spot, store });
                    return opened;
                }
                Err(Refused::Damaged) => "is damaged".to_owned(),
                Err(Refused::Outdated) => "was made by another version".to_owned(),
                Err(Refused::Foreign) => "is that of another archive".to_owned(),
            },
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => continue,
            Err(error) => format!("cannot be read: {}", cause(&error)),
        };
        let text =
            format!("index `{}` {why} and is not used: `trailscan index` makes it anew", path.display());
        opened.note.get_or_insert(text);
    }
    opened
}

/// What an index spares a question.
pub struct Sifted<'s> {
    /// The files that have to be read.
    pub sources: Cow<'s, [Source]>,
    /// What would have been counted in the others.
    pub coverage: Coverage,
}

/// Leaves out the files that cannot matter to a fold. `is_refused` tells of a file whether it is left
/// out anyway, by its key.
pub fn sift<'s, F: Fold>(
    indexes: &[Index],
    sources: &'s [Source],
    filter: &Filter,
    fold: &F,
    is_refused: &dyn Fn(&Source) -> bool,
) -> Sifted<'s> {
    if indexes.is_empty() {
        return Sifted { sources: Cow::Borrowed(sources), coverage: Coverage::default() };
    }
    let sieves: Vec<_> =
        indexes.iter().map(|index| (index, sieve::Sieve::new(filter, fold, &index.store))).collect();
    let mut known: Vec<Known> = indexes.iter().map(Known::new).collect();
    let mut calls = Vec::new();
    let mut read = Vec::new();
    for source in sources {
        let found = sieves.iter().enumerate().find_map(|(number, (index, sieve))| {
            Some((number, sieve, index.store.get(index.spot.key(source)?)?))
        });
        match found {
            Some((number, sieve, view)) if !sieve.needs(&view, &mut calls) && !is_refused(source) => {
                known[number].add(&view);
            }
            _ => read.push(source.clone()),
        }
    }
    let mut coverage = Coverage::default();
    known.into_iter().for_each(|known| coverage.merge(known.coverage()));
    Sifted { sources: Cow::Owned(read), coverage }
}

/// What was counted in the files that one index knows.
struct Known<'i> {
    index: &'i Index,
    coverage: Coverage,
    places: Vec<bool>,
    span: Option<(i64, i64)>,
}

impl<'i> Known<'i> {
    fn new(index: &'i Index) -> Self {
        let places = vec![false; index.store.places.len()];
        Self { index, coverage: Coverage::default(), places, span: None }
    }

    fn add(&mut self, view: &View<'_>) {
        let [data_events, network_events, insights, undated] = view.rare;
        self.coverage.files_read += 1;
        self.coverage.events += view.events;
        self.coverage.data_events += data_events;
        self.coverage.network_events += network_events;
        self.coverage.insights += insights;
        self.coverage.undated += undated;
        if let Some(place) = self.places.get_mut(view.place as usize) {
            *place = true;
        }
        self.days(view);
        self.span = match (self.span, view.span) {
            (Some((first, last)), Some(more)) => Some((first.min(more.0), last.max(more.1))),
            (one, other) => one.or(other),
        };
    }

    /// Adds the days of a file of one account and region; of others the sieve knows better.
    fn days(&mut self, view: &View<'_>) {
        let Some(text) = self.index.store.places.get(view.place as usize) else { return };
        let time = |seconds| DateTime::from_timestamp(seconds, 0).map(Time::from);
        let span = view.span.and_then(|(first, last)| time(first).zip(time(last)));
        if let (Some(account), Some(region), Some((first, last))) =
            (account_names(text).next(), region_names(text).next(), span)
        {
            self.coverage.days.span(account, region, first, last);
        }
    }

    fn coverage(mut self) -> Coverage {
        let time = |seconds| DateTime::from_timestamp(seconds, 0).map(Time::from);
        (self.coverage.first, self.coverage.last) =
            self.span.map_or((None, None), |(first, last)| (time(first), time(last)));
        for (text, _) in self.index.store.places.iter().zip(&self.places).filter(|(_, is)| **is) {
            for account in account_names(text) {
                self.coverage.accounts.insert(account.into());
            }
            for region in region_names(text) {
                self.coverage.regions.insert(region.into());
            }
        }
        self.coverage
    }
}

/// What became of an index.
#[derive(Debug, Default)]
pub struct Built {
    /// Where it is.
    pub path: PathBuf,
    /// How many files are in it.
    pub files: u64,
    /// How many of them were in it before.
    pub kept: u64,
    /// How many files have to be read for every question: packages, damaged ones.
    pub unknown: u64,
    /// How many events are known.
    pub events: u64,
    /// The size of the index.
    pub bytes: u64,
    /// The size of the archive.
    pub archive: u64,
    /// What could not be read.
    pub troubles: Vec<Trouble>,
}

/// Makes the index of the archive at `spot` in `dir`, or brings it up to date.
///
/// # Errors
/// When the threads cannot be started or the index cannot be written.
pub fn build(
    dir: &Path,
    spot: &Spot,
    sources: Vec<Source>,
    threads: usize,
    progress: &dyn Progress,
) -> Result<Built, Error> {
    let path = dir.join(spot.file());
    let root = spot.root.as_os_str().as_encoded_bytes();
    let old = fs::read(&path).ok().and_then(|bytes| Store::read(bytes, root, edition()).ok());
    let mut built = Built { archive: sources.iter().map(|source| source.size).sum(), ..Built::default() };
    let total = sources.len() as u64;
    let mut draft = Draft::default();
    let mut fresh = Vec::new();
    for source in sources {
        let known = old.as_ref().and_then(|old| {
            let key = spot.key(&source)?;
            Some((old, key, old.get(key)?.owned()?))
        });
        match known {
            Some((old, key, facts)) => {
                draft.add(key, facts, &old.calls, &old.places);
                progress.done(source.size);
            }
            None => fresh.push(source),
        }
    }
    built.kept = draft.files.len() as u64;
    let scanned = scan::scan(&fresh, &build::Build { spot }, Limits::default(), threads, progress)?;
    draft.merge(scanned.part.draft);
    built.troubles = scanned.troubles;
    built.files = draft.files.len() as u64;
    built.unknown = total - built.files;
    built.events = draft.files.iter().map(|(_, facts)| facts.events).sum();
    let bytes = draft.write(root, edition());
    built.bytes = bytes.len() as u64;
    write(dir, &path, &bytes).map_err(|error| {
        Error::new(format!("cannot write the index `{}`: {}", path.display(), cause(&error)))
            .hint("name another directory with `--index-dir`")
    })?;
    built.path = path;
    Ok(built)
}

/// Writes beside the place and renames, so that nobody ever reads half an index.
fn write(dir: &Path, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    fs::create_dir_all(dir)?;
    let beside = path.with_extension(format!("{}.new", std::process::id()));
    let written = fs::File::create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    let done = written.and_then(|()| fs::rename(&beside, path));
    if done.is_err() {
        // What is left over is of no use to anybody.
        let _ = fs::remove_file(&beside);
    }
    done
}

/// The code that decides what an index says and what is asked of it. A version number is not enough:
/// between two releases it stays the same, and an index of other code could lose rows.
const CODE: &[&[u8]] = &[
    include_bytes!("build.rs"),
    include_bytes!("facts.rs"),
    include_bytes!("filter.rs"),
    include_bytes!("sieve.rs"),
    include_bytes!("store.rs"),
    include_bytes!("../catalog/association.rs"),
    include_bytes!("../catalog/denial.rs"),
    include_bytes!("../catalog/failure.rs"),
    include_bytes!("../catalog/fallback.rs"),
    include_bytes!("../catalog/identifiers.rs"),
    include_bytes!("../catalog/members.rs"),
    include_bytes!("../catalog/mod.rs"),
    include_bytes!("../catalog/path.rs"),
    include_bytes!("../catalog/row.rs"),
    include_bytes!("../catalog/value.rs"),
    include_bytes!("../decode/keys.rs"),
    include_bytes!("../event/actor.rs"),
    include_bytes!("../event/mod.rs"),
    include_bytes!("../resource/arn.rs"),
    include_bytes!("../resource/canonical.rs"),
    include_bytes!("../resource/further.rs"),
    include_bytes!("../resource/identity.rs"),
    include_bytes!("../resource/ids.rs"),
    include_bytes!("../resource/matching.rs"),
    include_bytes!("../resource/parse.rs"),
    include_bytes!("../resource/shape.rs"),
    include_bytes!("../resource/table.rs"),
    include_bytes!("../resource/tokens.rs"),
    include_bytes!("../resource/types.rs"),
];

/// Returns what has to be the same for an index to mean the same.
fn edition() -> u64 {
    let version = env!("CARGO_PKG_VERSION").as_bytes();
    digest(&[&[version, &catalog::edition().to_le_bytes()], CODE].concat())
}

fn account_names(place: &str) -> impl Iterator<Item = &str> {
    place.split('\0').next().unwrap_or_default().split('\n').skip(1)
}

fn region_names(place: &str) -> impl Iterator<Item = &str> {
    place.split('\0').nth(1).unwrap_or_default().split('\n').skip(1)
}

fn address_token(address: IpAddr) -> u64 {
    let IpAddr::V6(wide) = (match address.to_canonical() {
        IpAddr::V4(narrow) => IpAddr::V6(narrow.to_ipv6_mapped()),
        wide => wide,
    }) else {
        return 0;
    };
    let bits = wide.to_bits();
    mix(mix(bits as u64 ^ facts::space::ADDRESS) ^ (bits >> 64) as u64)
}

/// Hashes texts; the same on every machine.
fn digest(parts: &[&[u8]]) -> u64 {
    let (mut hash, mut length) = (0, 0_u64);
    for part in parts {
        for chunk in part.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            hash = mix(hash ^ u64::from_le_bytes(word));
        }
        length = mix(length ^ part.len() as u64);
    }
    mix(hash ^ length)
}
