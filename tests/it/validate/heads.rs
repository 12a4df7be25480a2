//! What the newest digest of a chain has to be to be accepted without a signature.

use super::found::trust;
use super::report;
use super::signed::{Bucket, START, Trail, gunzip, gzip, key_list, six_hours};
use serde_json::{Value, json};
use trailscan::integrity::{TimeWindow, ValidationOutcome, ValidationSummary};

const HOUR: i64 = 3600;

/// What the whole is, the heads accepted, and how many digests were refused.
fn accepted(bucket: &Bucket, keys: &[usize]) -> (ValidationOutcome, u64) {
    let dir = tempfile::tempdir().unwrap();
    bucket.sync(dir.path());
    let report = report(dir.path(), &trust(&key_list(keys), None), TimeWindow::default());
    let summary = ValidationSummary::new(&report, true);
    (summary.outcome, summary.refused_heads)
}

fn six_hours_and_trail() -> (Bucket, Trail) {
    let (mut bucket, mut trail) = (Bucket::default(), Trail::default());
    (0..6).for_each(|_| trail.hour(&mut bucket, 3));
    (bucket, trail)
}

/// Changes what the newest digest says.
fn change(bucket: &mut Bucket, change: impl FnOnce(&mut Value)) {
    bucket.change("D5", |body| {
        let mut digest: Value = serde_json::from_slice(&gunzip(body)).unwrap();
        change(&mut digest);
        *body = gzip(digest.to_string().as_bytes());
    });
}

const OPEN: (ValidationOutcome, u64) = (ValidationOutcome::Open, 1);

#[test]
fn a_head_that_goes_on_from_a_proven_digest_is_accepted() {
    assert_eq!(accepted(&six_hours(), &[0]), (ValidationOutcome::Proven, 0));
    // So is one of an organization's trail, below a prefix, and one that lists nothing.
    let organization = Trail { prefix: "o-abc", organization: "o-abc", name: "a_b.c-d", ..Trail::default() };
    for mut trail in [organization, Trail::default()] {
        let mut bucket = Bucket::default();
        (0..3).for_each(|hour| trail.hour(&mut bucket, 2 - hour));
        assert_eq!(accepted(&bucket, &[0]), (ValidationOutcome::Proven, 0));
    }
    // And when its hour is one of the folders behind midnight.
    let (mut bucket, mut trail) = (Bucket::default(), Trail::default());
    (0..4).for_each(|_| trail.hour(&mut bucket, 3));
    assert_eq!(accepted(&bucket, &[0]), (ValidationOutcome::Proven, 0));
}

#[test]
fn a_head_that_links_to_nothing_proven_is_refused() {
    // The only digest of its trail.
    let (mut bucket, mut trail) = (Bucket::default(), Trail::default());
    trail.hour(&mut bucket, 1);
    assert_eq!(accepted(&bucket, &[0]), OPEN);
    // One that starts a chain right behind a proven one.
    let (mut bucket, mut trail) = six_hours_and_trail();
    trail.previous = None;
    trail.hour(&mut bucket, 1);
    assert_eq!(accepted(&bucket, &[0]).0, ValidationOutcome::Open);
    // Another hash of the digest before, another bucket, and a hash by an unknown algorithm.
    for (field, value) in [
        ("previousDigestHashValue", json!("00".repeat(32))),
        ("previousDigestHashValue", Value::Null),
        ("previousDigestHashAlgorithm", json!("MD5")),
        ("previousDigestS3Bucket", json!("another-bucket")),
    ] {
        let mut bucket = six_hours();
        change(&mut bucket, |digest| digest[field] = value.clone());
        assert_ne!(accepted(&bucket, &[0]).0, ValidationOutcome::Proven, "{field} {value}");
    }
    // A key that is not known, though the one before is proven.
    let (mut bucket, mut trail) = six_hours_and_trail();
    trail.key = 1;
    trail.hour(&mut bucket, 1);
    assert_eq!(accepted(&bucket, &[0]), OPEN);
    // No key at all.
    assert_ne!(accepted(&six_hours(), &[]).0, ValidationOutcome::Proven);
}

#[test]
fn a_head_of_another_trail_account_or_region_is_refused() {
    for other in [
        Trail { name: "another", ..Trail::default() },
        Trail { account: "999900009999", ..Trail::default() },
        Trail { region: "eu-west-1", ..Trail::default() },
        Trail { home: "eu-west-1", ..Trail::default() },
        Trail { organization: "o-exampleorgid", ..Trail::default() },
        Trail { backfill: true, ..Trail::default() },
    ] {
        let (mut bucket, trail) = six_hours_and_trail();
        bucket.delete("D5");
        (0..3).for_each(|log| drop(bucket.delete(&format!("L5.{log}"))));
        // It goes on from a proven digest of a trail that is not its own.
        let digest: Value = serde_json::from_slice(&gunzip(&bucket.objects[&bucket.key("D4")].body)).unwrap();
        let before = trail.previous.clone().unwrap();
        let text = |name: &str| digest[name].as_str().unwrap().to_owned();
        let mut forger = Trail {
            clock: START + 4 * HOUR,
            label: "X",
            previous: Some([
                text("previousDigestS3Bucket"),
                text("previousDigestS3Object"),
                text("previousDigestHashValue"),
                text("previousDigestSignature"),
            ]),
            ..other
        };
        forger.hour(&mut bucket, 1);
        let (outcome, refused) = accepted(&bucket, &[0]);
        assert_ne!(outcome, ValidationOutcome::Proven, "{before:?}");
        assert!(refused > 0);
    }
}

#[test]
fn a_head_that_spans_more_than_its_hour_is_refused() {
    let hours = |count: i64| super::signed::stamp(START + count * HOUR, "%FT%TZ");
    for (start, end) in [(5, 5), (5, 30), (0, 6), (4, 6), (6, 6), (7, 6)] {
        let mut bucket = six_hours();
        change(&mut bucket, |digest| {
            digest["digestStartTime"] = json!(hours(start));
            digest["digestEndTime"] = json!(hours(end));
        });
        assert_ne!(accepted(&bucket, &[0]).0, ValidationOutcome::Proven, "{start} {end}");
    }
    // Some minutes more than an hour: it begins before the digest before it ends, or after.
    for minutes in [-4, -1, 1, 30] {
        let mut bucket = six_hours();
        change(&mut bucket, |digest| {
            digest["digestStartTime"] =
                json!(super::signed::stamp(START + 5 * HOUR + minutes * 60, "%FT%TZ"));
        });
        assert_ne!(accepted(&bucket, &[0]).0, ValidationOutcome::Proven, "{minutes}");
    }
    // A name that agrees with a long span does not help.
    let (mut bucket, mut trail) = six_hours_and_trail();
    trail.clock += 24 * HOUR;
    trail.hour(&mut bucket, 1);
    let key = bucket.key("D6");
    bucket.edit("D6", &super::signed::stamp(START + 30 * HOUR, "%FT%TZ"), &hours(6));
    assert!(key.contains(&super::signed::stamp(START + 31 * HOUR, "%Y%m%dT%H%M%SZ")));
    assert_eq!(accepted(&bucket, &[0]).0, ValidationOutcome::Open);
}

#[test]
fn a_head_that_lists_what_is_not_of_its_hour_is_refused() {
    let own = Trail::default();
    let hash = "00".repeat(32);
    let base = own.log_key(START + 5 * HOUR + 900, "aaaaaaaaaaaaaaaa");
    for key in [
        own.log_key(START + 2 * HOUR, "aaaaaaaaaaaaaaaa"),
        own.log_key(START + 9 * HOUR, "aaaaaaaaaaaaaaaa"),
        Trail { account: "999900009999", ..own.clone() }.log_key(START + 5 * HOUR, "aaaaaaaaaaaaaaaa"),
        Trail { region: "eu-west-1", ..own.clone() }.log_key(START + 5 * HOUR, "aaaaaaaaaaaaaaaa"),
        Trail { prefix: "other", ..own.clone() }.log_key(START + 5 * HOUR, "aaaaaaaaaaaaaaaa"),
        own.digest_key(START + 6 * HOUR),
        "notes/export.json".to_owned(),
        base.rsplit('/').next().unwrap().to_owned(),
        format!("/{base}"),
        format!("x/../{base}"),
        base.replace("/CloudTrail/", "/CloudTrail/../CloudTrail/"),
        base.replace("/us-east-1/", "/us-east-1//"),
    ] {
        let mut bucket = six_hours();
        // The file is there, and hashes to what is listed.
        let content = br#"{"Records":[{"eventVersion":"1.09","eventName":"Planted","eventID":"p"}]}"#;
        change(&mut bucket, |digest| {
            let listed = json!({"s3Bucket": "example-bucket", "s3Object": key, "hashValue": super::signed::hash(content)});
            digest["logFiles"].as_array_mut().unwrap().push(listed);
        });
        let place = key
            .trim_start_matches('/')
            .replace("x/../", "")
            .replace("/../CloudTrail/", "/")
            .replace("//", "/");
        bucket.put("P", place, super::signed::Object { body: gzip(content), signature: None });
        assert_ne!(accepted(&bucket, &[0]).0, ValidationOutcome::Proven, "{key}");
    }
    let mut bucket = six_hours();
    change(&mut bucket, |digest| digest["logFiles"][0]["s3Bucket"] = json!("another-bucket"));
    assert_eq!(accepted(&bucket, &[0]), OPEN);
    // The wrong hash of a log that is there is no matter of acceptance.
    let mut bucket = six_hours();
    change(&mut bucket, |digest| digest["logFiles"][0]["hashValue"] = json!(hash));
    assert_eq!(accepted(&bucket, &[0]).0, ValidationOutcome::Wrong);
}

#[test]
fn of_two_heads_none_is_accepted() {
    let (mut bucket, mut trail) = (Bucket::default(), Trail::default());
    (0..5).for_each(|_| trail.hour(&mut bucket, 3));
    let mut forger = Trail { label: "X", ..trail.clone() };
    trail.hour(&mut bucket, 3);
    // In a folder of its own, for a file has its name only once.
    forger.hour(&mut bucket, 1);
    let (real, forged) = (bucket.key("D5"), bucket.objects[&bucket.key("XD5")].clone());
    trail.clock -= HOUR;
    let mut again = six_hours();
    again.objects.insert(format!("copy/{real}"), forged);
    again.objects.insert(bucket.key("XL5.0"), bucket.objects[&bucket.key("XL5.0")].clone());
    let (outcome, refused) = accepted(&again, &[0]);
    assert_eq!((outcome, refused), (ValidationOutcome::Open, 2));
    // The same file twice is one.
    let mut twice = six_hours();
    let same = twice.objects[&real].clone();
    twice.objects.insert(format!("copy/{real}"), same);
    assert_eq!(accepted(&twice, &[0]), (ValidationOutcome::Proven, 0));
}

/// A digest that takes the place of one that was deleted is no head, for the chain goes on behind it.
#[test]
fn a_digest_in_a_gap_is_no_head() {
    let (mut bucket, mut trail) = (Bucket::default(), Trail::default());
    (0..2).for_each(|_| trail.hour(&mut bucket, 3));
    let mut forger = Trail { label: "X", ..trail.clone() };
    // Validation was off for the hour that the forged digest is of.
    (trail.clock, trail.previous, trail.hours) = (trail.clock + HOUR, None, 3);
    (0..3).for_each(|_| trail.hour(&mut bucket, 3));
    forger.hour(&mut bucket, 1);
    let (outcome, refused) = accepted(&bucket, &[0]);
    assert_eq!(outcome, ValidationOutcome::Open);
    assert!(refused > 0);
}

#[test]
fn bytes_behind_a_head_are_not_accepted() {
    let mut bucket = six_hours();
    bucket.change("D5", |body| body.extend(gzip(b"{}")));
    assert_eq!(accepted(&bucket, &[0]), OPEN);
}
