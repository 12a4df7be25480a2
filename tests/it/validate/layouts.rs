//! Trails as they are: stopped and started, backfilled, moved to another
//! bucket, of many accounts and regions, copied whole or in part.

use super::found::{describe, found, trust};
use super::report;
use super::signed::{Bucket, START, Trail, gunzip, key_list, six_hours};
use serde_json::Value;
use trailscan::integrity::{TimeWindow, ValidationOutcome, ValidationSummary};

const HEAD: &str = "D5 unverified no-signature; L5 unverified digest-unverified";

fn both(bucket: &Bucket) -> (String, String) {
    let keys = key_list(&[0]);
    (found(bucket, &trust(&keys, None)), found(bucket, &trust(&keys, Some(&bucket.heads()))))
}

#[test]
fn logging_is_stopped_and_started() {
    let (mut bucket, mut trail) = (Bucket::default(), Trail::default());
    (0..3).for_each(|_| trail.hour(&mut bucket, 3));
    (trail.clock, trail.previous) = (trail.clock + 5400, None);
    (0..3).for_each(|_| trail.hour(&mut bucket, 3));
    let (files_only, with_sidecar) = both(&bucket);
    assert_eq!(with_sidecar, "gap 3-4.5 restart; exit 3");
    assert_eq!(
        files_only,
        "D2 unverified no-signature; D5 unverified no-signature; L2 unverified digest-unverified; L5 unverified digest-unverified; gap 3-4.5 restart; exit 3"
    );
}

#[test]
fn a_gap_is_backfilled() {
    let (mut bucket, mut trail) = (Bucket::default(), Trail::default());
    (0..3).for_each(|_| trail.hour(&mut bucket, 2));
    (trail.clock, trail.previous) = (trail.clock + 7200, None);
    (0..2).for_each(|_| trail.hour(&mut bucket, 2));
    let mut late = Trail { backfill: true, label: "B", clock: START + 3 * 3600, ..Trail::default() };
    (0..2).for_each(|_| late.hour(&mut bucket, 2));
    let (files_only, with_sidecar) = both(&bucket);
    assert_eq!(with_sidecar, "gap 3-5 restart; exit 3");
    // A chain of its own, with a head of its own.
    assert!(files_only.starts_with("BD1 unverified no-signature; BL1 unverified digest-unverified; D2"));
}

#[test]
fn the_trail_moves_to_another_bucket() {
    let (mut old, mut trail) = (Bucket::default(), Trail::default());
    (0..2).for_each(|_| trail.hour(&mut old, 1));
    trail.bucket = "new-bucket";
    let mut new = Bucket::default();
    (0..2).for_each(|_| trail.hour(&mut new, 1));
    new.labels.extend(old.labels.clone());
    assert_eq!(both(&new).1, "D1 missing other-bucket; exit 0");
    new.objects.extend(old.objects);
    assert_eq!(both(&new).1, "exit 0");
}

#[test]
fn a_copied_bucket_is_valid_unless_its_name_is_asked_for() {
    let bucket = six_hours();
    let mut trust = trust(&key_list(&[0]), Some(&bucket.heads()));
    trust.bucket = Some("example-bucket".to_owned());
    assert_eq!(found(&bucket, &trust), "exit 0");
    trust.bucket = Some("copy".to_owned());
    let found = found(&bucket, &trust);
    assert!(found.starts_with("D0 invalid moved; D1 invalid moved; "), "{found}");
    assert!(found.ends_with("gap 0-6 digest-invalid; exit 1"), "{found}");
}

#[test]
fn every_layout_of_keys_is_understood() {
    let trails = [
        Trail { label: "a", ..Trail::default() },
        Trail { label: "b", account: "444455556666", ..Trail::default() },
        Trail {
            label: "c",
            region: "ap-northeast-1",
            home: "us-west-2",
            name: "Test-trail",
            ..Trail::default()
        },
        Trail { label: "d", prefix: "my/prefix", name: "a_b.c-d_us-east-1_x", ..Trail::default() },
        Trail {
            label: "e",
            organization: "o-exampleorgid",
            name: "audit",
            account: "777788889999",
            ..Trail::default()
        },
        Trail {
            label: "f",
            prefix: "o-abc",
            organization: "o-abc",
            account: "777788889999",
            name: "org",
            ..Trail::default()
        },
        Trail { label: "g", name: "audit_us-east-1_x", clock: START + 60, ..Trail::default() },
        // A member's own trail has the name of the organization's.
        Trail { label: "h", account: "777788889999", clock: START + 120, ..Trail::default() },
    ];
    let mut bucket = Bucket::default();
    for mut trail in trails.clone() {
        (0..3).for_each(|_| trail.hour(&mut bucket, 2));
    }
    let (files_only, with_sidecar) = both(&bucket);
    assert_eq!(with_sidecar, "exit 0");
    assert_eq!(files_only.matches("no-signature").count(), trails.len());
    assert_eq!(files_only.matches("digest-unverified").count(), trails.len());
    // One fault costs its own chain only.
    bucket.delete("cD1");
    assert_eq!(both(&bucket).1, "cD1 missing hole; cL1 uncovered gap; gap 1-2 digest-missing; exit 1");
}

/// People sync from below the top, flat, twice, or with what they unpacked.
#[test]
fn copies_of_every_shape_give_the_same() {
    let mut bucket = six_hours();
    bucket.edit("L2.1", "ConsoleLogin", "ConsoleLogon");
    let expected = "L2.1 invalid hash-mismatch; exit 1";
    let trust = trust(&key_list(&[0]), Some(&bucket.heads()));
    let shapes: [fn(&str) -> String; 5] = [
        str::to_owned,
        |key| format!("evidence/case 7/{key}"),
        |key| key.split_once("AWSLogs/111122223333/").unwrap().1.to_owned(),
        |key| key.rsplit('/').next().unwrap().to_owned(),
        |key| key.replace("CloudTrail-Digest/us-east-1", "digests"),
    ];
    for shape in shapes {
        let dir = tempfile::tempdir().unwrap();
        let mut copy = bucket.clone();
        copy.objects = bucket.objects.iter().map(|(key, it)| (shape(key), it.clone())).collect();
        copy.sync(dir.path());
        assert_eq!(describe(&bucket, &report(dir.path(), &trust, TimeWindow::default())), expected);
    }
}

#[test]
fn a_copy_beside_the_copy_is_judged_by_itself() {
    let bucket = six_hours();
    let mut tampered = bucket.clone();
    tampered.edit("L2.1", "ConsoleLogin", "ConsoleLogon");
    tampered.edit("D3", "logFiles\":[{", "logFiles\":[ {");
    let dir = tempfile::tempdir().unwrap();
    bucket.sync(&dir.path().join("a"));
    tampered.sync(&dir.path().join("b"));
    let report = report(dir.path(), &trust(&key_list(&[0]), Some(&bucket.heads())), TimeWindow::default());
    let mut wrong = Vec::new();
    report.rows(&mut |row| {
        if row.judged.is_wrong() {
            let file = row.file.unwrap();
            wrong.push(file.strip_prefix(dir.path().to_str().unwrap()).unwrap().to_owned());
        }
    });
    wrong.sort();
    let mut expected = ["L2.1", "D3"].map(|label| format!("/b/{}", bucket.key(label)));
    expected.sort();
    assert_eq!(wrong, expected);
    // The sound copy covers what the other one cannot.
    assert!(ValidationSummary::new(&report, false).lines.iter().all(|line| line.gaps.is_empty()));
}

#[test]
fn a_window_leaves_out_files_and_keeps_proofs() {
    let mut bucket = six_hours();
    bucket.edit("L0.1", "ConsoleLogin", "ConsoleLogon");
    let dir = tempfile::tempdir().unwrap();
    bucket.sync(dir.path());
    let trust = trust(&key_list(&[0]), None);
    let window = TimeWindow { since: Some(START + 2 * 3600 + 60), until: Some(START + 4 * 3600 - 60) };
    let report = report(dir.path(), &trust, window);
    // The digest after the window proves the newest one in it.
    assert_eq!(describe(&bucket, &report), "exit 0");
    let mut labels = 0;
    report.rows(&mut |_| labels += 1);
    assert_eq!(labels, 2 + 6);
}

#[test]
fn a_head_without_signature_can_be_accepted() {
    let bucket = six_hours();
    let dir = tempfile::tempdir().unwrap();
    bucket.sync(dir.path());
    let report = report(dir.path(), &trust(&key_list(&[0]), None), TimeWindow::default());
    assert_eq!(describe(&bucket, &report), format!("{HEAD}; exit 3"));
    assert_eq!(ValidationSummary::new(&report, true).outcome, ValidationOutcome::Proven);
}

#[test]
fn a_log_that_two_digests_list_is_one_file() {
    let (mut bucket, mut trail) = (Bucket::default(), Trail::default());
    trail.hour(&mut bucket, 1);
    let digest: Value = serde_json::from_slice(&gunzip(&bucket.objects[&bucket.key("D0")].body)).unwrap();
    let listed = digest["logFiles"].as_array().unwrap().clone();
    trail.digest(&mut bucket, "D1", listed);
    assert_eq!(both(&bucket).1, "exit 0");
}

#[test]
fn an_archive_without_digests_is_not_proven() {
    let mut bucket = six_hours();
    bucket.objects.retain(|key, _| !key.contains("CloudTrail-Digest"));
    let expected: String = (0..6).map(|hour| format!("L{hour} uncovered no-digests; ")).collect();
    assert_eq!(both(&bucket).0, format!("{expected}exit 3"));
}
