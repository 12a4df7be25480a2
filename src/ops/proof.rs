//! What is proven of the files that an answer rests on.
//!
//! Only the files that gave rows are hashed. A verdict is that of a whole file, so that an event behind the first gzip
//! member is never shown as verified.

use super::archive::Search;
use crate::answer::{Evidence, FileProof, Row};
use crate::error::{Error, Kind, Trouble};
use crate::integrity::{Reason, TimeWindow, TrustOptions, Verdict, encode_hex};
use crate::scan::ReadStates;
use crate::scan::validate::{ValidationRequest, verify_files};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The verdicts of rows, the best first: one proven file is enough to prove an event.
pub(crate) const ORDER: [Verdict; 5] =
    [Verdict::Valid, Verdict::Unverified, Verdict::Uncovered, Verdict::Unlisted, Verdict::Invalid];

/// Verifies the files behind the rows, and gives each row and each place its verdict. Returned are the files that are
/// not what they were when the rows were made: [`Search::states`] has to have been there by then.
///
/// # Errors
/// When the threads cannot be started.
pub(crate) fn prove_rows(
    search: &Search,
    trust: &TrustOptions,
    rows: &mut [&mut Row],
) -> Result<Vec<Trouble>, Error> {
    let files: BTreeSet<Arc<str>> =
        rows.iter().flat_map(|row| &row.evidence).map(|it| Arc::clone(&it.file)).collect();
    let request = ValidationRequest {
        trust,
        window: TimeWindow::default(),
        limits: search.limits(),
        threads: search.threads(),
    };
    let progress = search.begin(0);
    let paths = files.iter().map(|file| &**file).collect();
    // Without what was noted nothing is proven, rather than all.
    let (unknown, sources) = (ReadStates::default(), search.sources().to_vec());
    let states = search.states.as_ref().unwrap_or(&unknown);
    let report = verify_files(sources, &paths, states, &request, &*progress)?;
    drop(progress);
    let mut troubles = Vec::new();
    let mut proofs: HashMap<String, Arc<FileProof>> = HashMap::new();
    report.logs(&mut |row| {
        if let (Some(Reason::Changed), Some(file)) = (row.judged.reason, &row.file) {
            troubles.push(Trouble::new(file.clone(), Kind::Changed, "changed after its records were read"));
        }
        let proof = FileProof {
            sha256: row.sha256.map(|hash| encode_hex(&hash)),
            verdict: row.judged.verdict.word(),
            reason: row.judged.reason.map(Reason::word),
            digest: row.digest.map(|it| it.1),
        };
        proofs.extend(row.file.map(|file| (file, Arc::new(proof))));
    });
    for row in rows {
        row.evidence.iter_mut().for_each(|evidence| prove_evidence(evidence, &proofs));
        row.verdict = best_verdict(&row.evidence);
    }
    Ok(troubles)
}

/// Tells of one place what is proven of its file.
fn prove_evidence(evidence: &mut Evidence, proofs: &HashMap<String, Arc<FileProof>>) {
    let unknown = || {
        let is_packed = evidence.file.contains('!');
        let reason = if is_packed { Reason::Packed } else { Reason::NotNamed };
        let verdict = Verdict::Uncovered.word();
        Arc::new(FileProof { verdict, reason: Some(reason.word()), ..FileProof::default() })
    };
    evidence.proof = Some(proofs.get(&*evidence.file).map_or_else(unknown, Arc::clone));
}

/// The best verdict of the places of a row.
fn best_verdict(evidence: &[Evidence]) -> Option<&'static str> {
    let words = || evidence.iter().filter_map(|it| it.proof.as_ref()).map(|proof| proof.verdict);
    ORDER.into_iter().map(Verdict::word).find(|word| words().any(|it| it == *word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::RowQuery;
    use crate::integrity::{HeadObjects, PublicKeys};
    use crate::ops::{Archive, Unobserved};
    use crate::query::Filter;
    use std::fs;
    use std::path::{Path, PathBuf};

    const FIXTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/digest/none");

    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
            let to = to.join(entry.file_name());
            if entry.path().is_dir() {
                copy(&entry.path(), &to)
            } else {
                assert!(fs::copy(entry.path(), to).is_ok());
            }
        }
    }

    fn trust() -> TrustOptions {
        let read = |name: &str| fs::read(Path::new(FIXTURE).join(name)).unwrap();
        let (mut keys, mut heads) = (PublicKeys::default(), HeadObjects::default());
        keys.add(&read("public-keys.json")).unwrap();
        heads.add(&read("head-objects.json")).unwrap();
        TrustOptions { keys, heads, bucket: None }
    }

    /// Asks for all events of a sound archive, lets `meddle` do something with one of its files, which it is given
    /// beside a copy of it, and then verifies the rows. Returned are the verdicts of the rows of that file, whether
    /// all others are valid, and the troubles of the file.
    fn verify(notes: bool, meddle: impl FnOnce(&Path, &Path)) -> (Vec<&'static str>, bool, Vec<String>) {
        let dir = tempfile::tempdir().unwrap();
        copy(&Path::new(FIXTURE).join("trail"), &dir.path().join("logs"));
        let archive = Archive::open([dir.path().join("logs")]).unwrap();
        let mut search = Search::new(&archive, Filter::default(), Arc::new(Unobserved));
        search.states = notes.then(ReadStates::default);
        let mut found = search.fold(&RowQuery::default()).unwrap().answer;
        let file = Arc::clone(&found.rows[0].evidence[0].file);
        let (path, aside) = (PathBuf::from(&*file), dir.path().join("aside"));
        fs::copy(&path, &aside).unwrap();
        meddle(&path, &aside);
        let mut rows: Vec<&mut Row> = found.rows.iter_mut().collect();
        let troubles = prove_rows(&search, &trust(), &mut rows).unwrap();
        let (own, others): (Vec<&mut Row>, Vec<&mut Row>) =
            rows.into_iter().partition(|row| row.evidence[0].file == file);
        let all_valid = others.iter().all(|row| row.verdict == Some("valid"));
        let told = troubles.iter().filter(|it| it.file == *file).map(|it| it.cause.clone());
        (own.iter().map(|row| row.verdict.unwrap()).collect(), all_valid, told.collect())
    }

    #[test]
    fn what_is_hashed_is_what_was_read() {
        assert_eq!(verify(true, |_, _| {}), (vec!["valid"; 3], true, vec![]));
        // What was not noted is not proven.
        let (own, others_valid, troubles) = verify(false, |_, _| {});
        assert_eq!((own, others_valid), (vec!["unverified"; 3], false));
        assert!(!troubles.is_empty());
    }

    /// Somebody puts the true file back before it is hashed, when a forged one was read: whatever is done to hide
    /// it, its rows are not called proven.
    #[cfg(unix)]
    #[test]
    fn a_file_that_is_swapped_in_between_proves_nothing() {
        let set_back = |path: &Path, of: &Path| {
            let time = fs::metadata(of).unwrap().modified().unwrap();
            fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
        };
        type Meddle<'m> = &'m dyn Fn(&Path, &Path);
        let meddles: [(&str, Meddle<'_>); 4] = [
            ("another file in its place", &|path, aside| {
                set_back(aside, path);
                fs::rename(aside, path).unwrap();
            }),
            ("written over", &|path, aside| {
                let (bytes, time) =
                    (fs::read(aside).unwrap(), fs::metadata(path).unwrap().modified().unwrap());
                fs::write(path, bytes).unwrap();
                fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
            }),
            ("a link to the same bytes", &|path, aside| {
                fs::remove_file(path).unwrap();
                std::os::unix::fs::symlink(aside, path).unwrap();
            }),
            ("its folder exchanged", &|path, aside| {
                let folder = path.parent().unwrap();
                let other = folder.with_extension("old");
                fs::rename(folder, &other).unwrap();
                copy(&other, folder);
                set_back(path, &other.join(path.file_name().unwrap()));
                assert!(aside.exists());
            }),
        ];
        for (what, meddle) in meddles {
            let (own, _, troubles) = verify(true, |path, aside| {
                // Clocks of file systems are coarse.
                let clock = aside.with_extension("clock");
                let now = || {
                    fs::write(&clock, "").unwrap();
                    fs::metadata(&clock).unwrap().modified().unwrap()
                };
                let start = now();
                while now() == start {}
                meddle(path, aside);
            });
            assert_eq!(own, vec!["unverified"; 3], "{what}");
            assert_eq!(troubles, ["changed after its records were read"], "{what}");
        }
        let (own, others_valid, troubles) = verify(true, |path, _| fs::remove_file(path).unwrap());
        assert_eq!((own, others_valid), (vec!["unverified"; 3], true));
        assert_eq!(troubles, ["changed after its records were read"]);
    }
}
