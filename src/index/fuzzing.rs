//! What the fuzz target `index_file` asks of index files. Panics where an index gives what it does not hold.

use super::archive_root::FileKey;
use super::index_file::{IndexBuilder, IndexFile, sealed};
use super::sample::FileFacts;
use std::collections::BTreeMap;

const ROOT: &[u8] = b"/archive";
const EDITION: u64 = 7;

/// Reads `body` as an index with a right checksum, writes what it holds anew, and reads that again, whole and with
/// the damage that `damage` says.
pub fn check_index_file(body: &[u8], damage: u16) {
    let _ = IndexFile::read(body.to_vec(), ROOT, EDITION).map(|forged| drop(file_facts(&forged)));
    let Ok(forged) = IndexFile::read(sealed(body, EDITION), ROOT, EDITION) else { return };
    let told = file_facts(&forged);
    let mut builder = IndexBuilder::default();
    for key in told.keys() {
        let facts = forged.get(*key).and_then(|view| view.owned());
        facts.into_iter().for_each(|facts| builder.add(*key, facts, &forged.calls, &forged.places));
    }
    let bytes = builder.write(ROOT, EDITION);
    let Ok(written) = IndexFile::read(bytes.clone(), ROOT, EDITION) else {
        panic!("what was written is refused");
    };
    for (key, facts) in file_facts(&written) {
        assert_eq!(Some(&facts), told.get(&key));
    }
    let mut damaged = bytes;
    let at = usize::from(damage >> 3) % damaged.len();
    damaged[at] ^= 1 << (damage & 7);
    assert!(IndexFile::read(damaged, ROOT, EDITION).is_err(), "damage at byte {at} is not seen");
}

/// What an index says of each file whose numbers mean something.
fn file_facts(index: &IndexFile) -> BTreeMap<FileKey, FileFacts<'_>> {
    let facts = index.file_keys().filter_map(|key| {
        let summary = index.get(key)?.owned()?;
        // Of a call that is not there, none can have failed.
        summary.unnamed.iter().all(|call| summary.calls.contains(call)).then_some(())?;
        Some((key, FileFacts::new(summary, &index.calls, &index.places)?))
    });
    facts.collect()
}
