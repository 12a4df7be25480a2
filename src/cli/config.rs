//! Finds the files of AWS Config: those that are named, and those that lie among the logs.

use crate::error::Error;
use crate::input::{self, Place};
use crate::timeline::{Step, items};
use flate2::read::MultiGzDecoder;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file may not inflate to more than this: real ones hold a few megabytes.
const LARGEST: u64 = 1 << 30;

/// A file, and its items.
type File = (Arc<str>, Vec<Step>);

/// Reads the items in the files of AWS Config.
///
/// # Errors
/// When a file that was named cannot be read as one.
pub(super) fn items_of(paths: &[PathBuf], named: &[PathBuf]) -> Result<Vec<File>, Error> {
    let mut all = Vec::new();
    for file in files(named)? {
        all.push((name(&file), read(&file)?));
    }
    // Among the logs they are known by the names that AWS Config gives them; one that cannot be read
    // there is no log file, and was counted as what it is.
    let among = files(paths).unwrap_or_default().into_iter().filter(|file| is_of_config(file));
    for file in among {
        if let Ok(items) = read(&file) {
            all.push((name(&file), items));
        }
    }
    Ok(all)
}

fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let paths: Vec<PathBuf> = paths.iter().filter(|path| *path != Path::new("-")).cloned().collect();
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    let sources = input::find(&paths)?.sources;
    let mut files: Vec<PathBuf> = sources
        .into_iter()
        .filter_map(|source| match source.place {
            Place::Path(path) => Some(path),
            _ => None,
        })
        .collect();
    files.sort();
    Ok(files)
}

fn name(file: &Path) -> Arc<str> {
    file.display().to_string().into()
}

fn is_of_config(file: &Path) -> bool {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.contains("_ConfigHistory_") || name.contains("_ConfigSnapshot_")
}

fn read(file: &Path) -> Result<Vec<Step>, Error> {
    let cannot = |error: String| {
        Error::new(format!("cannot read `{}` as a file of AWS Config: {error}", file.display())).hint(
            "expected a ConfigHistory or ConfigSnapshot file, or the output of `get-resource-config-history`",
        )
    };
    let bytes = std::fs::read(file).map_err(|error| cannot(error.to_string()))?;
    let mut text = Vec::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut inflated = MultiGzDecoder::new(bytes.as_slice()).take(LARGEST);
        inflated.read_to_end(&mut text).map_err(|error| cannot(error.to_string()))?;
    } else {
        text = bytes;
    }
    let whole: serde_json::Value =
        serde_json::from_slice(&text).map_err(|error| cannot(error.to_string()))?;
    Ok(items(&whole))
}
