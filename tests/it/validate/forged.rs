//! What somebody does who can write all files of a copy but has not AWS's key: no way to have what is not proven called
//! so, and none to have what is proven doubted without a word that something is wrong.

use super::found::{describe, found, trust};
use super::report;
use super::signed::{Bucket, Object, START, Trail, gunzip, gzip, hash, key_list, sign, six_hours, stamp};
use super::testing::key;
use serde_json::{Value, json};
use trailscan::integrity::{TimeWindow, ValidationOutcome, ValidationSummary};

const HOUR: i64 = 3600;

/// With all keys and all metadata, as far as the bucket has them.
fn all(bucket: &Bucket) -> String {
    found(bucket, &trust(&key_list(&[0]), Some(&bucket.heads())))
}

/// From the files and the keys alone.
fn files_only(bucket: &Bucket) -> String {
    found(bucket, &trust(&key_list(&[0]), None))
}

/// What a digest says.
fn digest(bucket: &Bucket, label: &str) -> Value {
    serde_json::from_slice(&gunzip(&bucket.objects[&bucket.key(label)].body)).unwrap()
}

/// Changes what a digest says; the signature stays what it was.
fn change(bucket: &mut Bucket, label: &str, change: impl FnOnce(&mut Value)) {
    let mut says = digest(bucket, label);
    change(&mut says);
    bucket.change(label, |body| *body = gzip(says.to_string().as_bytes()));
}

/// Signs a digest anew with the true key, as AWS would have to.
fn sign_again(bucket: &mut Bucket, label: &str) {
    let (at, says) = (bucket.key(label), digest(bucket, label));
    let text = |name: &str| says[name].as_str().unwrap_or("null");
    let body = gunzip(&bucket.objects[&at].body);
    let signature = sign(
        key(0),
        text("digestEndTime"),
        text("digestS3Bucket"),
        text("digestS3Object"),
        &body,
        text("previousDigestSignature"),
    );
    bucket.objects.get_mut(&at).unwrap().signature = Some(signature);
}

const PLANTED: &[u8] = br#"{"Records":[{"eventVersion":"1.09","eventName":"Planted","eventID":"p"}]}"#;

fn planted() -> Object {
    Object { body: gzip(PLANTED), signature: None }
}

fn listed(key: &str, content: &[u8]) -> Value {
    json!({"s3Bucket": "example-bucket", "s3Object": key, "hashValue": hash(content), "hashAlgorithm": "SHA-256"})
}

/// Whatever was done, the copy is not called proven, with the newest digests accepted or not.
fn assert_not_proven(bucket: &Bucket, what: &str) {
    for heads in [None, Some(bucket.heads())] {
        let dir = tempfile::tempdir().unwrap();
        bucket.sync(dir.path());
        let report = report(dir.path(), &trust(&key_list(&[0]), heads.as_ref()), TimeWindow::default());
        for accept in [false, true] {
            let outcome = ValidationSummary::new(&report, accept).outcome;
            assert_ne!(outcome, ValidationOutcome::Proven, "{what}");
        }
    }
}

#[test]
fn signatures_are_swapped() {
    // In the metadata: where the chain proves the digest, it is said; the newest one is condemned.
    let mut bucket = six_hours();
    let (a, b) = (bucket.key("D5"), bucket.key("D2"));
    let (one, other) = (bucket.objects[&a].signature.clone(), bucket.objects[&b].signature.clone());
    bucket.objects.get_mut(&a).unwrap().signature = other;
    bucket.objects.get_mut(&b).unwrap().signature = one;
    assert_eq!(
        all(&bucket),
        "D2 valid metadata-differs; D5 invalid signature; L5 unverified digest-invalid; gap 5-6 digest-invalid; exit 1"
    );
    // In the digests: each of the two that were changed is found.
    let mut bucket = six_hours();
    let (one, other) = (digest(&bucket, "D2"), digest(&bucket, "D4"));
    let field = "previousDigestSignature";
    change(&mut bucket, "D2", |it| it[field] = other[field].clone());
    change(&mut bucket, "D4", |it| it[field] = one[field].clone());
    let said = all(&bucket);
    assert!(said.contains("D2 invalid signature") && said.contains("D4 invalid signature"), "{said}");
    assert_not_proven(&bucket, "swapped in digests");
}

#[test]
fn the_metadata_is_that_of_another_bucket_or_key() {
    // The newest digest of another trail, of the same key, in metadata under this one's name.
    let mut bucket = six_hours();
    let mut other = Bucket::default();
    let mut trail = Trail { name: "other", ..Trail::default() };
    (0..6).for_each(|_| trail.hour(&mut other, 1));
    let mut heads = bucket.heads();
    heads[bucket.key("D5")] = other.heads()[other.key("D5")].clone();
    let said = found(&bucket, &trust(&key_list(&[0]), Some(&heads)));
    assert_eq!(said, "D5 invalid signature; L5 unverified digest-invalid; gap 5-6 digest-invalid; exit 1");
    // Of a bucket of another name: the name is signed.
    let mut elsewhere = Bucket::default();
    let mut trail = Trail { bucket: "another-bucket", ..Trail::default() };
    (0..6).for_each(|_| trail.hour(&mut elsewhere, 3));
    let said = found(&bucket, &trust(&key_list(&[0]), Some(&elsewhere.heads())));
    assert!(said.contains("D5 invalid signature"), "{said}");
    // Of another key nothing is known here.
    let none = json!({"AWSLogs/x": {"Metadata": {"signature": "00"}}});
    assert_eq!(
        found(&bucket, &trust(&key_list(&[0]), Some(&none))),
        "D5 unverified no-signature; L5 unverified digest-unverified; exit 3"
    );
    bucket.objects.get_mut(&a_key(&bucket)).unwrap().signature = Some(String::new());
    assert!(all(&bucket).contains("D5 invalid signature"));
}

fn a_key(bucket: &Bucket) -> String {
    bucket.key("D5")
}

/// A list of keys that lies among the logs is nobody's anchor.
#[test]
fn a_key_list_in_the_archive_is_not_used() {
    let (mut bucket, mut trail) = (Bucket::default(), Trail { key: 2, ..Trail::default() });
    (0..3).for_each(|_| trail.hour(&mut bucket, 1));
    let body = key_list(&[2]).to_string().into_bytes();
    for name in ["public-keys.json", "keys.json", "AWSLogs/111122223333/CloudTrail-Digest/public-keys.json"] {
        bucket.objects.insert(name.to_owned(), Object { body: body.clone(), signature: None });
    }
    let heads = bucket.heads().to_string().into_bytes();
    bucket.objects.insert("head-objects.json".to_owned(), Object { body: heads, signature: None });
    let none: String = (0..3).map(|hour| format!("D{hour} unverified no-key; ")).collect();
    let logs: String = (0..3).map(|hour| format!("L{hour} unverified digest-unverified; ")).collect();
    assert_eq!(all(&bucket), format!("{none}{logs}exit 3"));
}

#[test]
fn the_chain_is_rewound_and_goes_on_otherwise() {
    // What came after the third hour is gone, and a forged digest goes on from there.
    let (mut bucket, mut trail) = (Bucket::default(), Trail::default());
    (0..3).for_each(|_| trail.hour(&mut bucket, 1));
    let mut forger = Trail { key: 2, label: "X", ..trail.clone() };
    (0..2).for_each(|_| forger.hour(&mut bucket, 1));
    assert_eq!(
        files_only(&bucket),
        "XD3 unverified no-key; XD4 unverified no-signature; XL3 unverified digest-unverified; XL4 unverified digest-unverified; exit 3"
    );
    assert_not_proven(&bucket, "rewound");
    // With the true fingerprint in it, its own metadata condemns it.
    let (old, new) = (key(2).fingerprint(), key(0).fingerprint());
    ["XD3", "XD4"].iter().for_each(|label| bucket.edit(label, &old, &new));
    assert_not_proven(&bucket, "rewound, under the true fingerprint");
}

#[test]
fn a_digest_of_another_place_is_replayed() {
    for other in [
        Trail { region: "eu-west-1", ..Trail::default() },
        Trail { account: "999900009999", ..Trail::default() },
        Trail { name: "other", ..Trail::default() },
        Trail { bucket: "another-bucket", clock: START + 24 * HOUR, ..Trail::default() },
    ] {
        let (mut foreign, mut trail) = (Bucket::default(), other);
        (0..6).for_each(|_| trail.hour(&mut foreign, 3));
        let mut bucket = six_hours();
        let (place, object) = (bucket.key("D3"), foreign.objects[&foreign.key("D3")].clone());
        let mut heads = bucket.heads();
        heads[&place] = foreign.heads()[foreign.key("D3")].clone();
        bucket.objects.insert(place, object);
        let said = found(&bucket, &trust(&key_list(&[0]), Some(&heads)));
        assert!(said.contains("D3 invalid moved") && said.ends_with("exit 1"), "{said}");
        // The logs of its hour are proven by none.
        assert!(said.contains("; L3 un") && said.contains("gap 3-4 digest-invalid"), "{said}");
    }
}

#[test]
fn two_digests_are_of_one_span() {
    // One of another content beside the real one: in a folder of its own, under the same name.
    let mut bucket = six_hours();
    let mut forged = bucket.objects[&bucket.key("D2")].clone();
    let mut says = digest(&bucket, "D2");
    let name = Trail::default().log_key(START + 2 * HOUR + 900, "pLaNtEdpLaNtEd00");
    says["logFiles"].as_array_mut().unwrap().push(listed(&name, PLANTED));
    forged.body = gzip(says.to_string().as_bytes());
    bucket.put("P", name.clone(), planted());
    let mut beside = bucket.clone();
    beside.objects.insert(format!("copy/{}", bucket.key("D2")), forged);
    let dir = tempfile::tempdir().unwrap();
    beside.sync(dir.path());
    let report = report(dir.path(), &trust(&key_list(&[0]), Some(&bucket.heads())), TimeWindow::default());
    let mut verdicts = Vec::new();
    report.rows(&mut |row| {
        if row.judged.verdict.word() != "valid" {
            let file = row.file.unwrap();
            let reason = row.judged.reason.map_or("", |reason| reason.word());
            verdicts.push((file.contains("/copy/"), row.judged.verdict.word(), reason));
        }
    });
    // What only the forged one lists is not proven by it.
    assert_eq!(verdicts, [(false, "unverified", "digest-invalid"), (true, "invalid", "signature")]);
    // Under a name of its own, of the same end and of an end one second later.
    for late in [0, 1] {
        let (mut bucket, mut forger) = (six_hours(), Trail { key: 2, label: "X", ..Trail::default() });
        (forger.clock, forger.name) = (START + 2 * HOUR + late, if late == 0 { "Audit" } else { "audit" });
        bucket.put("P", name.clone(), planted());
        forger.digest(&mut bucket, "XD", vec![listed(&name, PLANTED)]);
        let said = all(&bucket);
        assert!(said.contains("P unverified digest-unverified") && said.contains("XD unverified"), "{said}");
        assert_not_proven(&bucket, "a second digest of one span");
    }
}

#[test]
fn a_digest_tells_an_impossible_time() {
    let far = |hours: i64| stamp(START + hours * HOUR, "%FT%TZ");
    // One that spans years would make every log there one that should have been listed.
    for (start, end, name_end) in [
        (-100_000, 100_000, 100_000),
        (-100_000, 7, 7),
        (7, 100_000, 7),
        (8, 7, 7),
        (500_000, 500_001, 500_001),
    ] {
        let mut bucket = six_hours();
        let mut forger =
            Trail { key: 2, label: "X", clock: START + (name_end - 1) * HOUR, ..Trail::default() };
        forger.digest(&mut bucket, "XD", Vec::new());
        change(&mut bucket, "XD", |it| {
            it["digestStartTime"] = json!(far(start));
            it["digestEndTime"] = json!(far(end));
        });
        let log = Trail::default().log_key(START + 10 * HOUR, "aaaaaaaaaaaaaaaa");
        bucket.put("N", log, planted());
        let said = all(&bucket);
        assert!(said.contains("N uncovered"), "{start} {end}: {said}");
        assert!(said.contains("XD ") && said.ends_with("exit 3"), "{start} {end}: {said}");
        assert_not_proven(&bucket, "an impossible time");
    }
    // Nor does it hide that a digest is missing.
    let mut bucket = six_hours();
    let mut forger = Trail { key: 2, label: "X", clock: START + 6 * HOUR, ..Trail::default() };
    forger.digest(&mut bucket, "XD", Vec::new());
    bucket.edit("XD", &far(6), &far(0));
    bucket.delete("D2");
    let said = all(&bucket);
    assert!(said.contains("D2 missing hole") && said.contains("gap 2-3 digest-missing"), "{said}");
    for time in
        ["9999-99-99T99:99:99Z", "now", "", "292277026596-12-04T15:30:07Z", "-292277022657-01-27T08:29:52Z"]
    {
        let mut bucket = six_hours();
        change(&mut bucket, "D2", |it| it["digestEndTime"] = json!(time));
        assert!(all(&bucket).starts_with("D2 invalid format"), "{time}");
    }
}

#[test]
fn a_log_is_listed_twice_with_other_hashes() {
    // By a digest that is proven: it is one or the other, and so neither.
    let (mut bucket, mut trail) = (Bucket::default(), Trail::default());
    trail.hour(&mut bucket, 1);
    let name = trail.log_key(trail.clock + 900, "aaaaaaaaaaaaaaaa");
    bucket.put("P", name.clone(), planted());
    trail.digest(&mut bucket, "D1", vec![listed(&name, b"{}"), listed(&name, PLANTED)]);
    assert_eq!(all(&bucket), "P invalid hash-mismatch; exit 1");
    // By one that is not.
    let mut bucket = six_hours();
    change(&mut bucket, "D5", |it| {
        let listed = it["logFiles"].as_array_mut().unwrap();
        let mut again = listed[0].clone();
        again["hashValue"] = json!(hash(PLANTED));
        listed.push(again);
    });
    bucket.change("L5.0", |body| *body = gzip(PLANTED));
    assert_not_proven(&bucket, "listed twice");
    assert!(files_only(&bucket).contains("L5.0 unverified digest-unverified hash-differs"));
}

/// However much of a path an unproven digest names, a proven one that names the file decides.
#[test]
fn what_is_proven_goes_before_what_fits_better() {
    let bucket = six_hours();
    for folder in ["", "moved/", "deep/er/still/"] {
        for listed_as in ["PATH", "elsewhere/PATH", "CloudTrail/us-east-1/2025/03/10/"] {
            // The file is edited, and moved so that only the forged digest names its folders.
            let mut forged = bucket.clone();
            let object = forged.delete("L2.1");
            let name = bucket.key("L2.1").rsplit('/').next().unwrap().to_owned();
            let at = format!("{folder}{name}");
            forged.objects.insert(at.clone(), Object { body: gzip(PLANTED), ..object });
            let says = match listed_as {
                "CloudTrail/us-east-1/2025/03/10/" => format!("{listed_as}{name}"),
                _ => listed_as.replace("PATH", &at),
            };
            let mut forger = Trail { key: 2, label: "X", clock: START + 6 * HOUR, ..Trail::default() };
            forger.digest(&mut forged, "XD", vec![listed(&says, PLANTED)]);
            let said = all(&forged);
            assert!(said.contains("L2.1 invalid hash-mismatch"), "{folder} {listed_as}: {said}");
            assert!(said.ends_with("exit 1"), "{said}");
            // And the other way about: a sound file is not doubted.
            let mut sound = bucket.clone();
            let object = sound.delete("L2.1");
            sound.objects.insert(at, object);
            let mut forger = Trail { key: 2, label: "X", clock: START + 6 * HOUR, ..Trail::default() };
            forger.digest(&mut sound, "XD", vec![listed(&says, PLANTED)]);
            let said = all(&sound);
            assert!(!said.contains("L2.1"), "{folder} {listed_as}: {said}");
        }
    }
}

#[test]
fn a_log_is_listed_by_two_trails() {
    let mut bucket = six_hours();
    let log = bucket.key("L2.1");
    let content = gunzip(&bucket.objects[&log].body);
    let mut other = Trail { name: "other", label: "O", clock: START + 2 * HOUR, ..Trail::default() };
    other.digest(&mut bucket, "OD0", vec![listed(&log, &content)]);
    assert_eq!(all(&bucket), "exit 0");
    bucket.edit("L2.1", "ConsoleLogin", "ConsoleLogon");
    assert_eq!(all(&bucket), "L2.1 invalid hash-mismatch; exit 1");
    // A trail of somebody's own cannot whitewash it.
    let edited = gunzip(&bucket.objects[&log].body);
    let mut forger = Trail { name: "mine", label: "X", key: 2, clock: START + 2 * HOUR, ..Trail::default() };
    forger.digest(&mut bucket, "XD0", vec![listed(&log, &edited)]);
    let said = all(&bucket);
    assert!(said.contains("L2.1 invalid hash-mismatch"), "{said}");
}

#[test]
fn names_are_changed_a_little() {
    type Change = fn(&str) -> String;
    let changes: [(&str, Change); 6] = [
        ("another random part", |key| key.replace(".json.gz", "x.json.gz")),
        ("the ending in upper case", |key| key.replace(".json.gz", ".JSON.GZ")),
        ("the random part in upper case", |key| {
            let (rest, random) = key.rsplit_once('_').unwrap();
            format!("{rest}_{}.json.gz", random.trim_end_matches(".json.gz").to_uppercase())
        }),
        ("a letter that looks alike", |key| key.replace("_CloudTrail_", "_Cl\u{43e}udTrail_")),
        ("a space", |key| key.replace(".json.gz", " .json.gz")),
        ("a suffix more", |key| format!("{key}.gz")),
    ];
    for (what, change) in changes {
        let mut bucket = six_hours();
        let object = bucket.delete("L2.1");
        bucket.put("R", change(&bucket.key("L2.1")), object);
        let said = all(&bucket);
        // It is missing, and what lies there under another name is not it.
        assert!(said.contains("L2.1 missing") && said.contains("R un"), "{what}: {said}");
        assert!(said.ends_with("exit 1"), "{what}: {said}");
    }
    // A digest under a name that looks like its own.
    let mut bucket = six_hours();
    let object = bucket.delete("D2");
    let key = bucket.key("D2").replace("audit", "\u{430}udit");
    bucket.put("R", key, object);
    let said = all(&bucket);
    assert!(said.contains("R invalid moved") && said.contains("D2 missing hole"), "{said}");
}

#[test]
fn a_whole_day_and_both_ends_are_deleted() {
    let (mut bucket, mut trail) = (Bucket::default(), Trail::default());
    (0..50).for_each(|_| trail.hour(&mut bucket, 1));
    let mut day = bucket.clone();
    day.objects.retain(|key, _| !key.contains("/2025/03/11/"));
    let said = all(&day);
    assert!(said.contains("missing hole") && said.contains("digest-missing"), "{said}");
    assert!(said.ends_with("exit 1"), "{said}");
    // The logs alone.
    let mut logs = bucket.clone();
    logs.objects.retain(|key, _| !key.contains("/CloudTrail/us-east-1/2025/03/11/"));
    let said = all(&logs);
    assert!(said.matches(" missing").count() >= 23 && said.ends_with("exit 1"), "{said}");
    // The newest hours with their logs: nothing is left that tells, and nothing is claimed of them.
    let mut tail = six_hours();
    ["D5", "L5.0", "L5.1", "L5.2"].iter().for_each(|label| drop(tail.delete(label)));
    assert_eq!(all(&tail), "exit 0");
    assert_eq!(files_only(&tail), "D4 unverified no-signature; L4 unverified digest-unverified; exit 3");
    // The oldest with theirs.
    let mut head = six_hours();
    ["D0", "L0.0", "L0.1", "L0.2"].iter().for_each(|label| drop(head.delete(label)));
    assert_eq!(all(&head), "D0 missing before-copy; exit 0");
}

#[test]
fn hashes_are_written_otherwise() {
    // As AWS would have signed it: digits in upper case are the same number.
    let (mut bucket, mut trail) = (Bucket::default(), Trail::default());
    trail.hour(&mut bucket, 0);
    let name = trail.log_key(trail.clock + 900, "aaaaaaaaaaaaaaaa");
    bucket.put("P", name.clone(), planted());
    let mut upper = listed(&name, PLANTED);
    upper["hashValue"] = json!(hash(PLANTED).to_uppercase());
    trail.digest(&mut bucket, "D1", vec![upper]);
    assert_eq!(all(&bucket), "exit 0");
    for (field, value) in [
        ("hashValue", json!(hash(PLANTED)[1..])),
        ("hashValue", json!(format!("{}00", hash(PLANTED)))),
        ("hashValue", json!("")),
        ("hashValue", Value::Null),
        ("hashValue", json!(7)),
        ("hashAlgorithm", json!("MD5")),
        ("hashAlgorithm", json!("SHA-1")),
        ("hashAlgorithm", json!("sha-256")),
    ] {
        let mut other = bucket.clone();
        change(&mut other, "D1", |it| it["logFiles"][0][field] = value.clone());
        sign_again(&mut other, "D1");
        let said = all(&other);
        assert!(
            said.contains("D1 invalid format") && said.contains("P uncovered"),
            "{field} {value}: {said}"
        );
    }
}

#[test]
fn the_link_is_taken_out_of_a_digest() {
    for fields in [
        &["previousDigestSignature"][..],
        &["previousDigestHashValue"],
        &["previousDigestS3Object"],
        &[
            "previousDigestSignature",
            "previousDigestS3Object",
            "previousDigestHashValue",
            "previousDigestS3Bucket",
        ],
    ] {
        // In the middle.
        let mut bucket = six_hours();
        change(&mut bucket, "D3", |it| fields.iter().for_each(|field| it[*field] = Value::Null));
        let said = all(&bucket);
        assert!(said.contains("D3 invalid signature") && said.ends_with("exit 1"), "{fields:?}: {said}");
        assert_not_proven(&bucket, "a link in the middle");
        // In the newest one, whose signature nobody has.
        let mut bucket = six_hours();
        change(&mut bucket, "D5", |it| fields.iter().for_each(|field| it[*field] = Value::Null));
        let at = bucket.key("D5");
        bucket.objects.get_mut(&at).unwrap().signature = None;
        let said = all(&bucket);
        let is_told = said.contains("D5 unverified no-signature") || said.contains("D5 invalid hash-chain");
        assert!(is_told, "{fields:?}: {said}");
        assert_not_proven(&bucket, "a link in the newest");
    }
    // An unsigned one that says that logging was switched on again there.
    let mut bucket = six_hours();
    ["D3", "D4", "D5"].iter().for_each(|label| drop(bucket.delete(label)));
    (3..6).for_each(|hour| (0..3).for_each(|log| drop(bucket.delete(&format!("L{hour}.{log}")))));
    let mut forger = Trail { key: 2, label: "X", clock: START + 5 * HOUR, ..Trail::default() };
    forger.hour(&mut bucket, 1);
    let said = all(&bucket);
    assert!(said.contains("XD0 unverified no-key") && said.contains("gap 3-5 restart"), "{said}");
    assert_not_proven(&bucket, "a forged restart");
}

#[test]
fn listed_keys_lead_out_of_the_archive() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("secret.json.gz"), gzip(PLANTED)).unwrap();
    let secret = dir.path().join("secret.json.gz").display().to_string();
    let up = "../".repeat(20) + &secret;
    for name in
        [secret.as_str(), &up, "..", ".", "/", "", "a/..", "\\\\host\\share\\x.json.gz", "s3://b/k", "\0"]
    {
        let mut bucket = six_hours();
        let mut forger = Trail { key: 2, label: "X", clock: START + 6 * HOUR, ..Trail::default() };
        forger.digest(&mut bucket, "XD", vec![listed(name, PLANTED)]);
        let archive = dir.path().join("logs");
        std::fs::create_dir(&archive).unwrap();
        bucket.sync(&archive);
        let report = report(&archive, &trust(&key_list(&[0]), None), TimeWindow::default());
        let mut is_absent = false;
        report.rows(&mut |row| {
            is_absent |= row.key == name && row.file.is_none() && row.judged.verdict.word() == "missing";
        });
        assert!(is_absent, "{name}");
        std::fs::remove_dir_all(&archive).unwrap();
    }
    // So of a digest before it, and of its own place.
    for field in ["previousDigestS3Object", "digestS3Object"] {
        for name in [secret.as_str(), &up, "..", "/", ""] {
            let mut bucket = six_hours();
            change(&mut bucket, "D5", |it| it[field] = json!(name));
            assert_not_proven(&bucket, name);
        }
    }
}

#[cfg(unix)]
#[test]
fn a_log_is_a_link() {
    let bucket = six_hours();
    let keys = trust(&key_list(&[0]), Some(&bucket.heads()));
    let make = |to: &dyn Fn(&std::path::Path) -> std::path::PathBuf| {
        let dir = tempfile::tempdir().unwrap();
        let logs = dir.path().join("logs");
        bucket.sync(&logs);
        std::fs::write(dir.path().join("outside.json.gz"), gzip(PLANTED)).unwrap();
        let link = logs.join(bucket.key("L2.1"));
        std::fs::rename(&link, dir.path().join("real.json.gz")).unwrap();
        std::os::unix::fs::symlink(to(dir.path()), &link).unwrap();
        let said = describe(&bucket, &report(&logs, &keys, TimeWindow::default()));
        drop(dir);
        said
    };
    // What lies outside of the archive is not read, whether it has the bytes that were delivered or others.
    assert_eq!(make(&|dir| dir.join("real.json.gz")), "L2.1 missing; exit 1");
    assert_eq!(make(&|dir| dir.join("outside.json.gz")), "L2.1 missing; exit 1");
    // To another log of the archive, and to nothing.
    assert_eq!(make(&|dir| dir.join("logs").join(bucket.key("L1.1"))), "L2.1 missing; exit 1");
    assert_eq!(make(&|dir| dir.join("none")), "L2.1 missing; exit 1");
}

#[test]
fn a_digest_holds_more_than_one() {
    type Change = fn(&[u8]) -> Vec<u8>;
    let behind: [(&str, Change); 7] = [
        ("a second member", |body| [body, &gzip(b"{}")].concat()),
        ("the member again", |body| [body, body].concat()),
        ("records in a second member", |body| [body, &gzip(PLANTED)].concat()),
        ("bytes", |body| [body, b"more"].concat()),
        ("zeros", |body| [body, &[0; 512][..]].concat()),
        ("plain text behind plain text", |body| [&gunzip(body)[..], b" {}"].concat()),
        ("an object in the member", |body| gzip(&[&gunzip(body)[..], b"{}"].concat())),
    ];
    for (what, change) in behind {
        for label in ["D2", "D5"] {
            let mut bucket = six_hours();
            bucket.change(label, |body| *body = change(body));
            let said = all(&bucket);
            let is_named = said.contains(&format!("{label} valid trailing-data"))
                || said.contains(&format!("{label} invalid format"));
            assert!(is_named, "{what}: {said}");
            assert_not_proven(&bucket, what);
        }
    }
}

#[test]
fn a_digest_is_written_in_another_way() {
    // In another encoding, with a list for an object, with members twice.
    let twice = |name: &'static str, value: &'static str| {
        move |body: &[u8]| {
            let text = String::from_utf8(gunzip(body)).unwrap();
            gzip(text.replacen('{', &format!("{{\"{name}\":{value},"), 1).as_bytes())
        }
    };
    type Change = Box<dyn Fn(&[u8]) -> Vec<u8>>;
    let changes: [(&str, Change); 6] = [
        (
            "UTF-16",
            Box::new(|body| {
                let text = String::from_utf8(gunzip(body)).unwrap();
                gzip(
                    &"\u{feff}"
                        .chars()
                        .chain(text.chars())
                        .collect::<String>()
                        .encode_utf16()
                        .flat_map(u16::to_le_bytes)
                        .collect::<Vec<u8>>(),
                )
            }),
        ),
        ("a mark before it", Box::new(|body| gzip(&[b"\xef\xbb\xbf", &gunzip(body)[..]].concat()))),
        ("in a list", Box::new(|body| gzip(&[b"[", &gunzip(body)[..], b"]"].concat()))),
        ("logFiles twice", Box::new(twice("logFiles", "[]"))),
        ("digestS3Object twice", Box::new(twice("digestS3Object", "\"x\""))),
        ("digestEndTime twice", Box::new(twice("digestEndTime", "\"2025-03-10T20:39:54Z\""))),
    ];
    for (what, change) in &changes {
        let mut bucket = six_hours();
        bucket.change("D2", |body| *body = change(body));
        let said = all(&bucket);
        assert!(said.starts_with("D2 invalid format; L2 uncovered gap"), "{what}: {said}");
    }
    // A member of a listed log.
    let mut bucket = six_hours();
    bucket.edit("D2", "\"s3Object\":", "\"s3Object\":\"x\",\"s3Object\":");
    assert!(all(&bucket).starts_with("D2 invalid format"));
}

/// A forged digest may be as large as it likes.
#[test]
fn a_digest_lists_a_great_many() {
    let mut bucket = six_hours();
    let at = bucket.key("D5");
    let text = digest(&bucket, "D5").to_string();
    let one = |at: usize| {
        format!(r#"{{"s3Bucket":"b{at}","s3Object":"AWSLogs/x{at}","hashValue":"{}"}},"#, "00".repeat(32))
    };
    let many: String = (0..50_000).map(one).collect();
    let large = text.replacen("\"logFiles\":[", &format!("\"logFiles\":[{many}"), 1);
    bucket.objects.insert(at.clone(), Object { body: gzip(large.as_bytes()), signature: None });
    let dir = tempfile::tempdir().unwrap();
    bucket.sync(dir.path());
    let said = report(dir.path(), &trust(&key_list(&[0]), None), TimeWindow::default());
    let summary = ValidationSummary::new(&said, true);
    assert_eq!(summary.count(trailscan::integrity::Verdict::Missing).1, 50_000);
    // What is no list of logs costs nothing for being long.
    for filler in ["{}", "[]", "0", "\"\"", "null"] {
        let long = format!("{filler},").repeat(1_000_000);
        let large = text.replacen("\"logFiles\":[", &format!("\"logFiles\":[{long}"), 1);
        bucket.objects.insert(at.clone(), Object { body: gzip(large.as_bytes()), signature: None });
        assert!(files_only(&bucket).contains("D5 invalid format"), "{filler}");
        // In a field that nobody knows it is passed over.
        let large = text.replacen('{', &format!("{{\"new\":[{long}0],"), 1);
        bucket.objects.insert(at.clone(), Object { body: gzip(large.as_bytes()), signature: None });
        assert!(files_only(&bucket).contains("D5 unverified no-signature"), "{filler}");
    }
}
