//! Finds the index of an archive, and says why one that is there is not used.

use super::archive_root::ArchiveRoot;
use super::format_fingerprint::format_fingerprint;
use super::index_file::{IndexFile, IndexRefusal};
use super::sample::find_contradiction;
use crate::catalog::Catalog;
use crate::error::Error;
use crate::input::{Source, describe_io_error};
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::{fs, io};

/// An index that is there and can be used.
pub struct Index {
    pub(super) spot: ArchiveRoot,
    pub(super) store: IndexFile,
}

/// What came of looking for an index.
#[derive(Default)]
pub struct Opened {
    /// The index, if there is one.
    pub index: Option<Index>,
    /// Why one that is there is not used.
    pub note: Option<String>,
}

/// Looks in `dir` for the index of the archive that `given` is, or is a part of. An index tells where a resource
/// can be by the rules it was made with, so one made with others than those of `catalog` is not used; questions have to
/// be asked with the same catalog. Some of the `sources` are read, and what is in them is held against the index.
///
/// # Errors
/// When the threads cannot be started.
pub fn open(dir: &Path, given: &Path, sources: &[Source], catalog: &Catalog) -> Result<Opened, Error> {
    let mut opened = Opened::default();
    let format = format_fingerprint(catalog);
    let Ok(spot) = ArchiveRoot::new(given) else { return Ok(opened) };
    for root in spot.root.ancestors() {
        let Some(spot) = spot.within(root) else { break };
        let path = dir.join(spot.file());
        let why = match read_own_file(&path) {
            Ok(bytes) => match IndexFile::read(bytes, spot.root.as_os_str().as_encoded_bytes(), format) {
                Ok(store) => {
                    let index = Index { spot, store };
                    let Some(file) = find_contradiction(&index, sources, catalog)? else {
                        opened.index = Some(index);
                        return Ok(opened);
                    };
                    opened.note = Some(describe_contradiction(&path, &file));
                    return Ok(opened);
                }
                Err(IndexRefusal::Damaged) => "is damaged".to_owned(),
                Err(IndexRefusal::Outdated) => "was made by another version".to_owned(),
                Err(IndexRefusal::Foreign) => "is that of another archive".to_owned(),
            },
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => continue,
            Err(error) => format!("cannot be read: {}", describe_io_error(&error)),
        };
        let text =
            format!("index `{}` {why} and is not used: `trailscan index` makes it anew", path.display());
        opened.note.get_or_insert(text);
    }
    Ok(opened)
}

/// Says that an index is wrong of a file that was looked into.
pub(super) fn describe_contradiction(index: &Path, file: &str) -> String {
    format!(
        "index `{}` says of `{file}` what is not true, and is not used: find out who can write to it, then run `trailscan index --rebuild`",
        index.display()
    )
}

/// Reads an index, unless others than its owner may have written it.
pub(super) fn read_own_file(path: &Path) -> io::Result<Vec<u8>> {
    // One that is no file could be read for ever, or wait for ever to be opened.
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if metadata.permissions().mode() & 0o022 != 0 {
            return Err(io::Error::other("users other than its owner can write to it"));
        }
    }
    let mut bytes = Vec::new();
    fs::File::open(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}
