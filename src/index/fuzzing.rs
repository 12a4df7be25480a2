//! What the fuzz target `index_file` asks of index files. Panics where an index gives what it does not hold.

use super::file_summary::FileSummary;
use super::index_file::{IndexBuilder, IndexFile, sealed};
use std::collections::BTreeMap;

const ROOT: &[u8] = b"/archive";
const EDITION: u64 = 7;

/// What an index says of a file, without the numbers of its own dictionaries.
#[derive(Debug, PartialEq)]
struct FileFacts {
    facts: FileSummary,
    calls: Vec<String>,
    unnamed: Vec<String>,
    place: String,
}

/// Reads `body` as an index with a right checksum, writes what it holds anew, and reads that again, whole and with
/// the damage that `damage` says.
pub fn check_index_file(body: &[u8], damage: u16) {
    let _ = IndexFile::read(body.to_vec(), ROOT, EDITION).map(|forged| file_facts(&forged));
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
fn file_facts(index: &IndexFile) -> BTreeMap<u64, FileFacts> {
    let text = |texts: &[Box<str>], number: u32| texts.get(number as usize).map(|it| it.to_string());
    let calls = |numbers: &[u32]| {
        let calls: Option<Vec<String>> = numbers.iter().map(|it| text(&index.calls, *it)).collect();
        calls.map(|mut calls| {
            calls.sort();
            calls
        })
    };
    let facts = index.file_keys().filter_map(|key| {
        let mut facts = index.get(key)?.owned()?;
        let place = text(&index.places, std::mem::take(&mut facts.place))?;
        let [own, unnamed] = [&mut facts.calls, &mut facts.unnamed].map(std::mem::take);
        // Of a call that is not there, none can have failed.
        unnamed.iter().all(|call| own.contains(call)).then_some(())?;
        Some((key, FileFacts { calls: calls(&own)?, unnamed: calls(&unnamed)?, place, facts }))
    });
    facts.collect()
}
