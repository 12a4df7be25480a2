//! Makes an index, or brings it up to date: only files that are new or have changed are read.

use super::archive_root::ArchiveRoot;
use super::build::IndexBuild;
use super::format_fingerprint::format_fingerprint;
use super::index_file::{IndexBuilder, IndexFile};
use super::open::{Index, describe_contradiction, read_own_file};
use super::sample::find_contradiction;
use crate::catalog::Catalog;
use crate::container::Limits;
use crate::error::{Error, Trouble};
use crate::input::{Source, describe_io_error};
use crate::scan;
use crate::scan::Progress;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What became of an index.
#[derive(Debug, Default)]
pub struct IndexUpdate {
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
    /// Why an index that was there counts for nothing.
    pub note: Option<String>,
}

/// What becomes of an index that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OldIndex {
    /// What it says of files that have not changed is kept.
    Keep,
    /// Every file is read.
    Discard,
}

/// Makes the index of the archive at `spot` in `dir`, or brings it up to date, by the rules of a catalog. An index that
/// is found wrong of a file is not kept.
///
/// # Errors
/// When the threads cannot be started or the index cannot be written.
pub fn build(
    dir: &Path,
    spot: ArchiveRoot,
    old: OldIndex,
    sources: Vec<Source>,
    catalog: &Catalog,
    threads: usize,
    progress: &dyn Progress,
) -> Result<IndexUpdate, Error> {
    let path = dir.join(spot.file());
    let root = spot.root.as_os_str().as_encoded_bytes().to_owned();
    let format = format_fingerprint(catalog);
    let mut built =
        IndexUpdate { archive: sources.iter().map(|source| source.size()).sum(), ..IndexUpdate::default() };
    let bytes = if old == OldIndex::Keep { read_own_file(&path).ok() } else { None };
    let store = bytes.and_then(|bytes| IndexFile::read(bytes, &root, format).ok());
    let old = match store.map(|store| Index { spot: spot.clone(), store }) {
        Some(old) => match find_contradiction(&old, &sources, catalog)? {
            Some(file) => {
                built.note = Some(describe_contradiction(&path, &file));
                None
            }
            None => Some(old.store),
        },
        None => None,
    };
    let total = sources.len() as u64;
    let mut draft = IndexBuilder::default();
    let mut fresh = Vec::new();
    for source in sources {
        let known = old.as_ref().and_then(|old| {
            let key = spot.key(&source)?;
            Some((old, key, old.get(key)?.owned()?))
        });
        match known {
            Some((old, key, facts)) => {
                draft.add(key, facts, &old.calls, &old.places);
                progress.done(source.size());
            }
            None => fresh.push(source),
        }
    }
    built.kept = draft.files.len() as u64;
    let scanned =
        scan::scan(&fresh, &IndexBuild { spot: &spot, catalog }, Limits::default(), threads, progress)?;
    draft.merge(scanned.part.draft);
    built.troubles = scanned.troubles;
    built.files = draft.files.len() as u64;
    built.unknown = total - built.files;
    built.events = draft.files.iter().map(|(_, facts)| facts.events).sum();
    let bytes = draft.write(&root, format);
    built.bytes = bytes.len() as u64;
    replace_file(dir, &path, &bytes).map_err(|error| {
        Error::new(format!("cannot write the index `{}`: {}", path.display(), describe_io_error(&error)))
            .hint("name another directory with `--index-dir`")
    })?;
    built.path = path;
    Ok(built)
}

/// Writes beside the place and renames, so that nobody ever reads half an index.
fn replace_file(dir: &Path, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    fs::create_dir_all(dir)?;
    let beside = path.with_extension(format!("{}.new", std::process::id()));
    let written = create_own_file(&beside).and_then(|mut file| {
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

/// Creates a file that nobody else may write or read: an index tells what is in an archive.
fn create_own_file(path: &Path) -> std::io::Result<fs::File> {
    // What stands there was left by a run that was stopped, or is a link that somebody put there.
    let _ = fs::remove_file(path);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}
