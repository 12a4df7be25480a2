//! An archive, and one search in it: which files there are, what an index knows of them, and the one way in which
//! they are read. What is looked for is a [`Fold`]; what is said of the answer is for others.

use crate::answer::{Coverage, Fold, Skipped};
use crate::catalog::Catalog;
use crate::container::Limits;
use crate::error::{Error, Kind, Trouble};
use crate::index::{Index, Pruned, prune_sources};
use crate::input::{FollowLinks, FoundFiles, Source};
use crate::query::Filter;
use crate::scan::ask::{Answered, Query, ScanStats};
use crate::scan::{Progress, ReadStates, Unwatched};
use crate::{index, scan};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How an archive is read.
#[derive(Clone, Debug, Default)]
pub struct ArchiveOptions {
    /// How many threads work; 0 for one a processor.
    pub threads: usize,
    /// How much a file may hold.
    pub limits: Limits,
    /// Where indexes lie; none are used without.
    pub index_dir: Option<PathBuf>,
    /// What calls are judged by.
    pub catalog: Catalog,
    /// Which symbolic links are followed.
    pub links: FollowLinks,
    /// Files of AWS Config that fill in and check states, beside those among the logs.
    pub config: Vec<PathBuf>,
}

/// The files of an archive, as they are on the disk when it is opened. Cheap to clone.
#[derive(Clone)]
pub struct Archive(Arc<Parts>);

struct Parts {
    paths: Vec<PathBuf>,
    options: ArchiveOptions,
    found: FoundFiles,
    indexes: Vec<Index>,
    notes: Vec<String>,
}

impl Archive {
    /// Opens files, directories and packages with the usual options.
    ///
    /// # Errors
    /// When a path is not there.
    pub fn open(paths: impl IntoIterator<Item = impl AsRef<Path>>) -> Result<Self, Error> {
        let paths = paths.into_iter().map(|path| path.as_ref().to_owned()).collect();
        Self::open_with(paths, ArchiveOptions::default())
    }

    /// Opens files, directories and packages; `-` is the standard input.
    ///
    /// # Errors
    /// When a path is not there.
    pub fn open_with(paths: Vec<PathBuf>, options: ArchiveOptions) -> Result<Self, Error> {
        let found = scan::find_sources_with(&paths, options.links, options.threads)?;
        let (indexes, notes) = match &options.index_dir {
            Some(dir) => open_indexes(dir, &paths, &found.sources, &options.catalog)?,
            None => Default::default(),
        };
        Ok(Self(Arc::new(Parts { paths, options, found, indexes, notes })))
    }

    /// Returns the files that were found.
    pub fn sources(&self) -> &[Source] {
        &self.0.found.sources
    }

    /// Returns what could not be listed.
    pub fn troubles(&self) -> &[Trouble] {
        &self.0.found.troubles
    }

    /// Returns how it is read.
    pub fn options(&self) -> &ArchiveOptions {
        &self.0.options
    }

    /// Returns what has to be said of indexes that cannot be used.
    pub(crate) fn notes(&self) -> &[String] {
        &self.0.notes
    }

    /// Returns whether it, or a part of it, is gone when it was read: the standard input, a pipe.
    pub fn is_read_once(&self) -> bool {
        !self.sources().iter().all(Source::can_be_read_again)
    }

    fn nothing_usable(&self, troubles: &[Trouble]) -> Error {
        let list = |names: Vec<String>| names.join(", ");
        let exports: Vec<String> = troubles
            .iter()
            .filter(|trouble| trouble.kind == Kind::UnknownForm)
            .map(|trouble| format!("`{}`", trouble.file))
            .collect();
        if !exports.is_empty() {
            let holds = if exports.len() == 1 { "holds" } else { "hold" };
            let exports = list(exports);
            return Error::new(format!(
                "{exports} {holds} CloudTrail records, but in a form that is not read"
            ))
            .hint(Kind::UnknownForm.hint());
        }
        let paths = self.0.paths.iter().map(|path| format!("`{}`", path.display())).collect();
        Error::new(format!("no usable log file in {}", list(paths)))
            .hint("name the directory that holds `AWSLogs/`, or a log file")
    }
}

/// The indexes of the directories, and what is to be said of those that cannot be used.
fn open_indexes(
    dir: &Path,
    paths: &[PathBuf],
    sources: &[Source],
    catalog: &Catalog,
) -> Result<(Vec<Index>, Vec<String>), Error> {
    let (mut indexes, mut notes) = (Vec::new(), Vec::new());
    for path in paths.iter().filter(|path| path.is_dir()) {
        let opened = index::open(dir, path, sources, catalog)?;
        indexes.extend(opened.index);
        notes.extend(opened.note);
    }
    notes.dedup();
    Ok((indexes, notes))
}

/// Is told what happens while an archive is read.
pub trait Observer: Send + Sync {
    /// A reading of this many bytes begins; it is over when what is returned is dropped.
    fn begin(&self, bytes: u64) -> Box<dyn Progress + '_>;

    /// A reading is over; `literals` are the bytes that had to occur in a record that matters.
    fn finish(&self, _literals: &str, _stats: ScanStats, _coverage: &Coverage) {}

    /// Nothing in the archive can be used, and an error follows.
    fn refuse(&self, _coverage: &Coverage, _troubles: &[Trouble], _filter: &Filter) {}
}

/// Nobody watches.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unobserved;

impl Observer for Unobserved {
    fn begin(&self, _bytes: u64) -> Box<dyn Progress + '_> {
        Box::new(Unwatched)
    }
}

/// One search in an archive: which events count, and who watches.
pub struct Search {
    archive: Archive,
    /// Which events count; a question may narrow it, and takes it out to read what it must know in full.
    pub(crate) filter: Filter,
    /// Whether any filter was given, whatever stands in `filter` now.
    pub(crate) is_filtered: bool,
    /// Whether the records themselves are kept with the rows.
    pub(crate) wants_raw: bool,
    /// Whether files of AWS Config are read: states can be told of them alone.
    pub(crate) reads_config: bool,
    /// In which state the files were read that rows may come from, where these are to be verified.
    pub(crate) states: Option<ReadStates>,
    observer: Arc<dyn Observer>,
}

impl Search {
    /// Prepares to search. Calls are judged by the catalog of the archive, by the filter as well.
    pub fn new(archive: &Archive, filter: Filter, observer: Arc<dyn Observer>) -> Self {
        let is_filtered = !filter.is_empty();
        let filter = Filter { catalog: archive.options().catalog.clone(), ..filter };
        Self {
            archive: archive.clone(),
            filter,
            is_filtered,
            wants_raw: false,
            reads_config: false,
            states: None,
            observer,
        }
    }

    /// Returns what is searched.
    pub(crate) fn archive(&self) -> &Archive {
        &self.archive
    }

    /// Returns the files of the archive.
    pub(crate) fn sources(&self) -> &[Source] {
        self.archive.sources()
    }

    /// Returns how much a file may hold.
    pub(crate) fn limits(&self) -> Limits {
        self.archive.0.options.limits
    }

    /// Returns what calls are judged by.
    pub(crate) fn catalog(&self) -> &Catalog {
        &self.archive.0.options.catalog
    }

    /// Returns how many threads work, 0 for one a processor.
    pub(crate) fn threads(&self) -> usize {
        self.archive.0.options.threads
    }

    /// Returns whether the archive, or a part of it, is gone when it was read.
    pub(crate) fn is_read_once(&self) -> bool {
        self.archive.is_read_once()
    }

    /// Begins to read this many bytes beside the scan.
    pub(crate) fn begin(&self, bytes: u64) -> Box<dyn Progress + '_> {
        self.observer.begin(bytes)
    }

    /// Reads the archive.
    ///
    /// # Errors
    /// When the threads cannot be started, or nothing in the archive can be used.
    pub fn fold<F: Fold>(&self, fold: &F) -> Result<Answered<F::Answer>, Error> {
        let Parts { found, indexes, .. } = &*self.archive.0;
        let query =
            Query::new(&self.filter, fold, &found.sources, self.limits()).noting_states(self.states.as_ref());
        let refused = |source: &Source| query.leaves_out(source);
        let Pruned { sources, coverage: known } =
            prune_sources(indexes, &found.sources, &self.filter, fold, &refused, self.threads())?;
        let progress = self.begin(sources.iter().map(|source| source.size()).sum());
        let mut answered = query.answer(&sources, self.threads(), &*progress)?;
        drop(progress);
        let coverage = &mut answered.coverage;
        answered.stats.files_by_index = known.files_read;
        coverage.merge(known);
        coverage.skip(Skipped::SpecialFile, found.other.special);
        coverage.skip(Skipped::NotCloudTrail, found.other.metadata);
        coverage.skip(Skipped::ReadByAnotherName, found.other.linked);
        answered.troubles.extend(found.troubles.iter().cloned());
        answered.troubles.sort();
        // Of AWS Config's files alone states can be told as well.
        let has_config = !self.archive.0.options.config.is_empty() || !answered.config.is_empty();
        if !(coverage.has_logs() || self.reads_config && has_config) {
            return Err(self.nothing_usable(&answered.coverage, &answered.troubles));
        }
        self.observer.finish(&query.literals(), answered.stats, &answered.coverage);
        Ok(answered)
    }

    /// Reads the archive once more, with other filters, for what stands beside an answer. What could not be read is
    /// added to the troubles of the answer, once.
    ///
    /// # Errors
    /// As [`fold`](Self::fold).
    pub(crate) fn fold_beside<F: Fold>(
        &mut self,
        filter: Filter,
        fold: &F,
        troubles: &mut Vec<Trouble>,
    ) -> Result<Answered<F::Answer>, Error> {
        let own = std::mem::replace(&mut self.filter, filter);
        let found = self.fold(fold);
        self.filter = own;
        let mut found = found?;
        add_troubles(troubles, &mut found.troubles);
        Ok(found)
    }

    /// Tells the observer what was met instead, and makes the error.
    pub(crate) fn nothing_usable(&self, coverage: &Coverage, troubles: &[Trouble]) -> Error {
        self.observer.refuse(coverage, troubles, &self.filter);
        self.archive.nothing_usable(troubles)
    }
}

/// Adds what another reading could not read; what both could not is told once.
pub(crate) fn add_troubles(to: &mut Vec<Trouble>, more: &mut Vec<Trouble>) {
    to.append(more);
    to.sort();
    to.dedup();
}
