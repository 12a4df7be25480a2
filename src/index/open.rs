//! Finds the index of an archive, and says why one that is there is not used.

use super::archive_root::ArchiveRoot;
use super::format_fingerprint::format_fingerprint;
use super::index_file::{IndexFile, IndexRefusal};
use crate::catalog::Catalog;
use crate::input::describe_io_error;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

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
/// be asked with the same catalog.
pub fn open(dir: &Path, given: &Path, catalog: &Catalog) -> Opened {
    let mut opened = Opened::default();
    let format = format_fingerprint(catalog);
    let Ok(spot) = ArchiveRoot::new(given) else { return opened };
    for root in spot.root.ancestors() {
        let Some(spot) = spot.within(root) else { break };
        let path = dir.join(spot.file());
        let why = match fs::read(&path) {
            Ok(bytes) => match IndexFile::read(bytes, spot.root.as_os_str().as_encoded_bytes(), format) {
                Ok(store) => {
                    opened.index = Some(Index { spot, store });
                    return opened;
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
    opened
}
