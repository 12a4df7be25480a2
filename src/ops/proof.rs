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
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
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
    let packages = find_packages(search, &files);
    let is_packed = |file: &str| prefixes(file).any(|it| packages.contains(it));
    for row in rows {
        row.evidence.iter_mut().for_each(|evidence| {
            let is_packed = is_packed(&evidence.file);
            prove_evidence(evidence, &proofs, is_packed);
        });
        row.verdict = best_verdict(&row.evidence);
    }
    Ok(troubles)
}

/// Returns which files with rows are, by what stands before a `!`, packages that are there.
///
/// The name of a member may be that of a file: of `x.zip!/a`, which is proven, in a folder `x.zip!` beside `x.zip`.
/// Whatever may be a member is taken for one.
fn find_packages(search: &Search, files: &BTreeSet<Arc<str>>) -> HashSet<String> {
    let packages: HashSet<&str> = files.iter().flat_map(|file| prefixes(file)).collect();
    if packages.is_empty() {
        return HashSet::new();
    }
    let names = search.sources().iter().map(|source| source.name());
    names.filter(|name| packages.contains(&**name)).map(Cow::into_owned).collect()
}

/// What stands before each `!` of a name.
fn prefixes(file: &str) -> impl Iterator<Item = &str> {
    file.match_indices('!').map(|(at, _)| &file[..at])
}

/// Tells of one place what is proven of its file, which may be a member of a package.
fn prove_evidence(evidence: &mut Evidence, proofs: &HashMap<String, Arc<FileProof>>, is_packed: bool) {
    let unknown = || {
        let reason = if is_packed { Reason::Packed } else { Reason::NotNamed };
        let verdict = Verdict::Uncovered.word();
        Arc::new(FileProof { verdict, reason: Some(reason.word()), ..FileProof::default() })
    };
    let own = proofs.get(&*evidence.file).filter(|_| !is_packed);
    evidence.proof = Some(own.map_or_else(unknown, Arc::clone));
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

    /// A member of a package may have the name of a file that is proven.
    #[test]
    fn a_member_is_not_proven_by_a_file_of_its_name() {
        let dir = tempfile::tempdir().unwrap();
        let (logs, trail) = (dir.path().join("logs"), Path::new(FIXTURE).join("trail/AWSLogs"));
        copy(&trail, &logs.join("x.zip!/AWSLogs"));
        let archive = Archive::open([&logs]).unwrap();
        let is_log = |it: &&crate::input::Source| it.name().contains("_CloudTrail_");
        let real = archive.sources().iter().find(is_log).unwrap().name().into_owned();
        let member = real.split_once("x.zip!").unwrap().1;
        let forged = br#"{"Records":[{"eventVersion":"1.09","eventName":"Forged","eventID":"f"}]}"#;
        let mut writer = zip::ZipWriter::new(fs::File::create(logs.join("x.zip")).unwrap());
        writer.start_file(member, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut writer, forged).unwrap();
        writer.finish().unwrap();
        let mut search =
            Search::new(&Archive::open([&logs]).unwrap(), Filter::default(), Arc::new(Unobserved));
        search.states = Some(ReadStates::default());
        let mut rows = search.fold(&RowQuery::default()).unwrap().answer.rows;
        prove_rows(&search, &trust(), &mut rows.iter_mut().collect::<Vec<_>>()).unwrap();
        let forged: Vec<&Row> = rows.iter().filter(|row| row.event_id.as_deref() == Some("f")).collect();
        assert_eq!((&*forged[0].evidence[0].file, forged.len()), (&*real, 1), "the names are the same");
        assert_eq!(forged[0].verdict, Some("uncovered"));
        // Others below the folder are doubted with it.
        assert!(rows.iter().all(|row| row.verdict == Some("uncovered")));
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
