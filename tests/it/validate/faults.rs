//! Every fault of a copy, made in a trail of six hours (`D0` to `D5`, logs
//! `L0.0` to `L5.2`), with what has to be found from the files alone and with
//! the S3 metadata.

use super::found::{found, trust};
use super::signed::{Bucket, Object, START, Trail, gunzip, gzip, key_list, sign, six_hours};
use super::testing::key;
use data_encoding::BASE64;
use serde_json::{Value, json};

/// What is found of every sound copy without the metadata: the newest digest has no signature.
const HEAD: &str = "D5 unverified no-signature; L5 unverified digest-unverified";

fn check(bucket: &Bucket, files_only: &str, with_sidecar: &str) {
    check_with(bucket, &key_list(&[0]), files_only, with_sidecar);
}

fn check_with(bucket: &Bucket, keys: &Value, files_only: &str, with_sidecar: &str) {
    let files_only = files_only.replace("HEAD", HEAD);
    assert_eq!(found(bucket, &trust(keys, None)), files_only, "files only");
    assert_eq!(found(bucket, &trust(keys, Some(&bucket.heads()))), with_sidecar, "with the sidecar");
}

#[test]
fn nothing_wrong() {
    check(&six_hours(), "HEAD; exit 3", "exit 0");
}

#[test]
fn a_log_is_tampered_with() {
    let mut bucket = six_hours();
    bucket.edit("L2.1", "ConsoleLogin", "ConsoleLogon");
    check(
        &bucket,
        "D5 unverified no-signature; L2.1 invalid hash-mismatch; L5 unverified digest-unverified; exit 1",
        "L2.1 invalid hash-mismatch; exit 1",
    );
    let mut bucket = six_hours();
    bucket.edit("L5.1", "ConsoleLogin", "ConsoleLogon");
    check(
        &bucket,
        "D5 unverified no-signature; L5.0 unverified digest-unverified; L5.1 invalid hash-mismatch; L5.2 unverified digest-unverified; exit 1",
        "L5.1 invalid hash-mismatch; exit 1",
    );
}

#[test]
fn two_logs_are_swapped() {
    let mut bucket = six_hours();
    let (a, b) = (bucket.key("L1.0"), bucket.key("L3.2"));
    let (one, other) = (bucket.objects[&a].clone(), bucket.objects[&b].clone());
    bucket.objects.insert(a, other);
    bucket.objects.insert(b, one);
    check(
        &bucket,
        "D5 unverified no-signature; L1.0 invalid hash-mismatch; L3.2 invalid hash-mismatch; L5 unverified digest-unverified; exit 1",
        "L1.0 invalid hash-mismatch; L3.2 invalid hash-mismatch; exit 1",
    );
}

/// What a log looks like after something happened to its bytes.
#[test]
fn the_bytes_of_a_log_are_damaged() {
    type Damage = fn(&mut Vec<u8>);
    let cases: [(Damage, &str); 10] = [
        (|it| it.truncate(it.len() / 2), "invalid truncated; exit 1"),
        (Vec::clear, "invalid truncated; exit 1"),
        (|it| it.truncate(it.len() - 8), "valid trailer-missing; exit 0"),
        (|it| *it = gzip(&gunzip(it)), "exit 0"),
        (|it| *it = gunzip(it), "valid not-compressed; exit 0"),
        (|it| it.extend(gzip(br#"{"Records":[]}"#)), "invalid trailing-data; exit 1"),
        (|it| it.push(0), "invalid trailing-data; exit 1"),
        (|it| it[20] ^= 0xff, "invalid undecodable; exit 1"),
        (|it| *it = b"<Error>AccessDenied</Error>".to_vec(), "invalid undecodable; exit 1"),
        (
            |it| {
                let crc = it.len() - 8;
                it[crc] ^= 1;
            },
            "valid hash-equal; exit 0",
        ),
    ];
    for (damage, expected) in cases {
        let mut bucket = six_hours();
        bucket.change("L2.1", damage);
        let expected = if expected == "exit 0" { expected.to_owned() } else { format!("L2.1 {expected}") };
        assert_eq!(found(&bucket, &trust(&key_list(&[0]), Some(&bucket.heads()))), expected);
    }
    let mut bucket = six_hours();
    bucket.edit("L2.1", "ConsoleLogin", "ConsoleLogon");
    bucket.change("L2.1", |it| it.extend(gzip(b"{}")));
    let all = trust(&key_list(&[0]), Some(&bucket.heads()));
    assert_eq!(found(&bucket, &all), "L2.1 invalid hash-mismatch trailing-data; exit 1");
}

#[test]
fn a_log_is_deleted() {
    let mut bucket = six_hours();
    bucket.delete("L2.1");
    check(
        &bucket,
        "D5 unverified no-signature; L2.1 missing; L5 unverified digest-unverified; exit 1",
        "L2.1 missing; exit 1",
    );
}

fn plant(bucket: &mut Bucket, trail: &Trail, time: i64) {
    let body = gzip(br#"{"Records":[{"eventName":"ConsoleLogin"}]}"#);
    bucket.put("P", trail.log_key(time, "pLaNtEdpLaNtEd00"), Object { body, signature: None });
}

#[test]
fn a_log_is_planted() {
    let hours = |count: f64| START + (count * 3600.0) as i64;
    let trail = Trail::default();
    for (time, expected) in [
        (hours(2.5), "P unlisted; exit 1"),
        (hours(-1.0), "P uncovered before-first; exit 3"),
        (hours(5.9), "P uncovered after-last; exit 3"),
        (hours(9.0), "P uncovered after-last; exit 3"),
    ] {
        let mut bucket = six_hours();
        plant(&mut bucket, &trail, time);
        assert_eq!(found(&bucket, &trust(&key_list(&[0]), Some(&bucket.heads()))), expected);
    }
    // Of an account, a region or a folder without digests nothing is known.
    for (trail, expected) in [
        (Trail { account: "999900009999", ..trail.clone() }, "P uncovered no-digests; exit 3"),
        (Trail { region: "eu-west-1", ..trail.clone() }, "P uncovered no-digests; exit 3"),
        (Trail { folder: "CloudTrail-Insight", ..trail.clone() }, "P uncovered folder-never-listed; exit 3"),
        (Trail { folder: "CloudTrail-NetworkActivity", ..trail }, "P uncovered folder-never-listed; exit 3"),
    ] {
        let mut bucket = six_hours();
        plant(&mut bucket, &trail, hours(2.5));
        assert_eq!(found(&bucket, &trust(&key_list(&[0]), Some(&bucket.heads()))), expected);
    }
}

#[test]
fn folders_that_are_listed_are_covered() {
    for folder in ["CloudTrail-Insight", "CloudTrail-NetworkActivity", "CloudTrail-Aggregated"] {
        let (mut bucket, mut trail) = (Bucket::default(), Trail { folder, ..Trail::default() });
        (0..6).for_each(|_| trail.hour(&mut bucket, 2));
        check(&bucket, "HEAD; exit 3", "exit 0");
        plant(&mut bucket, &trail, START + 9000);
        assert_eq!(found(&bucket, &trust(&key_list(&[0]), Some(&bucket.heads()))), "P unlisted; exit 1");
    }
}

#[test]
fn a_log_in_another_form_of_name() {
    let mut bucket = six_hours();
    // Unpacked by hand: the name loses its ending.
    let object = bucket.delete("L2.1");
    let unpacked = bucket.key("L2.1").replace(".gz", "");
    bucket.objects.insert(unpacked, Object { body: gunzip(&object.body), signature: None });
    // Records under a name of somebody's own.
    bucket.put(
        "N",
        "notes/export.json",
        Object {
            body: br#"{"Records":[{"eventVersion":"1.09","eventName":"Planted"}]}"#.to_vec(),
            signature: None,
        },
    );
    bucket.objects.insert("notes/readme.txt".to_owned(), Object { body: b"hello".to_vec(), signature: None });
    let all = trust(&key_list(&[0]), Some(&bucket.heads()));
    assert_eq!(found(&bucket, &all), "L2.1 valid not-compressed; N uncovered not-named; exit 3");
}

#[test]
fn a_digest_is_tampered_with() {
    let mut bucket = six_hours();
    bucket.edit("D2", "logFiles\":[{", "logFiles\":[ {");
    check(
        &bucket,
        "D2 invalid signature; D5 unverified no-signature; L2 unverified digest-invalid; L5 unverified digest-unverified; gap 2-3 digest-invalid; exit 1",
        "D2 invalid signature; L2 unverified digest-invalid; gap 2-3 digest-invalid; exit 1",
    );
    // One before the last: which of the two is wrong cannot be told without the metadata.
    let mut bucket = six_hours();
    bucket.edit("D4", "logFiles\":[{", "logFiles\":[ {");
    check(
        &bucket,
        "D4 unverified signature-mismatch; D5 unverified no-signature; L4 unverified digest-unverified; L5 unverified digest-unverified; exit 1",
        "D4 invalid signature; L4 unverified digest-invalid; gap 4-5 digest-invalid; exit 1",
    );
    // The last: only the metadata tells.
    let mut bucket = six_hours();
    bucket.edit("D5", "logFiles\":[{", "logFiles\":[ {");
    check(
        &bucket,
        "HEAD; exit 3",
        "D5 invalid signature; L5 unverified digest-invalid; gap 5-6 digest-invalid; exit 1",
    );
}

#[test]
fn the_digest_of_a_deleted_log_is_cleaned() {
    // The attacker deletes a log and takes it off the list.
    let mut bucket = six_hours();
    bucket.delete("L2.1");
    bucket.change("D2", |body| {
        let mut digest: Value = serde_json::from_slice(&gunzip(body)).unwrap();
        digest["logFiles"].as_array_mut().unwrap().remove(1);
        *body = gzip(digest.to_string().as_bytes());
    });
    let all = trust(&key_list(&[0]), Some(&bucket.heads()));
    assert_eq!(
        found(&bucket, &all),
        "D2 invalid signature; L2 unverified digest-invalid; gap 2-3 digest-invalid; exit 1"
    );
}

#[test]
fn a_digest_is_signed_again() {
    // By a key of the attacker's own, whose fingerprint is in it.
    let mut bucket = six_hours();
    let (at, forger) = (bucket.key("D2"), key(2));
    bucket.edit("D2", &key(0).fingerprint(), &forger.fingerprint());
    let object = bucket.objects.get_mut(&at).unwrap();
    let digest: Value = serde_json::from_slice(&gunzip(&object.body)).unwrap();
    let text = |name: &str| digest[name].as_str().unwrap();
    object.signature = Some(sign(
        forger,
        text("digestEndTime"),
        text("digestS3Bucket"),
        &at,
        &gunzip(&object.body),
        text("previousDigestSignature"),
    ));
    let found_of = |head: &str, rest: &str| {
        format!(
            "D2 invalid hash-chain; {head}L2 unverified digest-invalid; {rest}gap 2-3 digest-invalid; exit 1"
        )
    };
    check(
        &bucket,
        &found_of("D5 unverified no-signature; ", "L5 unverified digest-unverified; "),
        &found_of("", ""),
    );
}

#[test]
fn everything_from_a_digest_on_is_signed_again() {
    let (mut bucket, mut trail) = (Bucket::default(), Trail::default());
    (0..3).for_each(|_| trail.hour(&mut bucket, 3));
    trail.key = 2;
    (0..3).for_each(|_| trail.hour(&mut bucket, 3));
    check(
        &bucket,
        "D3 unverified no-key; D4 unverified no-key; D5 unverified no-signature; L3 unverified digest-unverified; L4 unverified digest-unverified; L5 unverified digest-unverified; exit 3",
        "D3 unverified no-key; D4 unverified no-key; D5 unverified no-key; L3 unverified digest-unverified; L4 unverified digest-unverified; L5 unverified digest-unverified; exit 3",
    );
}

#[test]
fn a_digest_is_deleted() {
    let mut bucket = six_hours();
    bucket.delete("D2");
    let rest = "L2 uncovered gap";
    check(
        &bucket,
        &format!(
            "D1 unverified no-signature; D2 missing hole; D5 unverified no-signature; L1 unverified digest-unverified; {rest}; L5 unverified digest-unverified; gap 2-3 digest-missing; exit 1"
        ),
        &format!("D2 missing hole; {rest}; gap 2-3 digest-missing; exit 1"),
    );
    // Only the newest of several can be named; the gap tells how many.
    let mut bucket = six_hours();
    for label in ["D1", "D2", "D3"] {
        bucket.delete(label);
    }
    let all = trust(&key_list(&[0]), Some(&bucket.heads()));
    assert_eq!(
        found(&bucket, &all),
        "D3 missing hole; L1 uncovered gap; L2 uncovered gap; L3 uncovered gap; gap 1-4 digest-missing; exit 1"
    );
    // With all its logs.
    let mut bucket = six_hours();
    for label in ["D2", "L2.0", "L2.1", "L2.2"] {
        bucket.delete(label);
    }
    let all = trust(&key_list(&[0]), Some(&bucket.heads()));
    assert_eq!(found(&bucket, &all), "D2 missing hole; gap 2-3 digest-missing; exit 1");
}

#[test]
fn the_ends_of_a_chain_are_cut_off() {
    // The newest: cannot be noticed but by logs that are left.
    let mut bucket = six_hours();
    bucket.delete("D5");
    check(
        &bucket,
        "D4 unverified no-signature; L4 unverified digest-unverified; L5 uncovered after-last; exit 3",
        "L5 uncovered after-last; exit 3",
    );
    // The oldest.
    let mut bucket = six_hours();
    bucket.delete("D0");
    check(
        &bucket,
        "D0 missing before-copy; D5 unverified no-signature; L0 uncovered before-first; L5 unverified digest-unverified; exit 3",
        "D0 missing before-copy; L0 uncovered before-first; exit 3",
    );
}

#[test]
fn a_digest_is_replayed_swapped_or_renamed() {
    // An old one under the name of a newer one.
    let mut bucket = six_hours();
    let old = bucket.objects[&bucket.key("D1")].clone();
    let place = bucket.key("D3");
    bucket.objects.insert(place, old);
    check(
        &bucket,
        "D2 unverified no-signature; D3 invalid moved; D5 unverified no-signature; L2 unverified digest-unverified; L3 uncovered gap; L5 unverified digest-unverified; gap 3-4 digest-invalid; exit 1",
        "D3 invalid moved; L3 uncovered gap; gap 3-4 digest-invalid; exit 1",
    );
    // Two that changed places: their content is proven, their places are wrong.
    let mut bucket = six_hours();
    let (a, b) = (bucket.key("D1"), bucket.key("D3"));
    let (one, other) = (bucket.objects[&a].clone(), bucket.objects[&b].clone());
    bucket.objects.insert(a, other);
    bucket.objects.insert(b, one);
    check(
        &bucket,
        "D1 invalid moved; D3 invalid moved; D5 unverified no-signature; L1 unverified digest-invalid; L3 unverified digest-invalid; L5 unverified digest-unverified; gap 1-2 digest-invalid; gap 3-4 digest-invalid; exit 1",
        "D1 invalid moved; D3 invalid moved; L1 unverified digest-invalid; L3 unverified digest-invalid; gap 1-2 digest-invalid; gap 3-4 digest-invalid; exit 1",
    );
    // One whose name was changed: what it should be is missing.
    let mut bucket = six_hours();
    let (gone, object) = ("D2", bucket.delete("D2"));
    bucket.put("R", "AWSLogs/digest.json.gz", object);
    let all = trust(&key_list(&[0]), Some(&bucket.heads()));
    let expected = format!(
        "{gone} missing hole; L2 unverified digest-invalid; R invalid moved; gap 2-3 digest-missing; exit 1"
    );
    assert_eq!(found(&bucket, &all), expected);
}

#[test]
fn the_bytes_of_a_digest_are_damaged() {
    type Damage = fn(&mut Vec<u8>);
    let gone = "D2 invalid format; L2 uncovered gap; gap 2-3 digest-invalid; exit 1";
    let cases: [(Damage, &str); 8] = [
        (|it| it.truncate(it.len() / 2), gone),
        (Vec::clear, gone),
        (|it| *it = b"no digest".to_vec(), gone),
        (|it| *it = gzip(b"{\"Records\":[]}"), gone),
        (|it| it.truncate(it.len() - 8), "D2 valid trailer-missing; exit 0"),
        (|it| it.extend(b"more"), "D2 valid trailing-data; exit 3"),
        (|it| *it = gunzip(it), "D2 valid not-compressed; exit 0"),
        (|it| *it = gzip(&gunzip(it)), "exit 0"),
    ];
    for (damage, expected) in cases {
        let mut bucket = six_hours();
        bucket.change("D2", damage);
        let all = trust(&key_list(&[0]), Some(&bucket.heads()));
        assert_eq!(found(&bucket, &all), expected);
    }
    // The one before an unreadable one loses its signature without the metadata.
    let mut bucket = six_hours();
    bucket.change("D2", Vec::clear);
    assert_eq!(
        found(&bucket, &trust(&key_list(&[0]), None)),
        "D1 unverified no-signature; D2 invalid format; D5 unverified no-signature; L1 unverified digest-unverified; L2 uncovered gap; L5 unverified digest-unverified; gap 2-3 digest-invalid; exit 1"
    );
}

#[test]
fn a_digest_is_planted() {
    // Between two good ones, where nothing names it.
    let mut bucket = six_hours();
    let mut forger = Trail { clock: START + 2 * 3600 + 600, key: 2, label: "X", ..Trail::default() };
    forger.hour(&mut bucket, 1);
    let end = "XD0 unverified orphan; XL0 unverified digest-unverified";
    check(
        &bucket,
        &format!("D5 unverified no-signature; L5 unverified digest-unverified; {end}; exit 3"),
        &format!("{end}; exit 3"),
    );
    // With the fingerprint of AWS's key: its own metadata condemns it.
    let at = bucket.key("XD0");
    bucket.edit("XD0", &key(2).fingerprint(), &key(0).fingerprint());
    bucket.objects.get_mut(&at).unwrap().signature = Some("00".repeat(256));
    let all = trust(&key_list(&[0]), Some(&bucket.heads()));
    assert_eq!(found(&bucket, &all), "XD0 invalid signature; XL0 unverified digest-invalid; exit 1");
    // As the newest, naming the real one: its copy of the signature proves nothing and condemns nothing.
    let (mut bucket, mut trail) = (Bucket::default(), Trail::default());
    (0..6).for_each(|_| trail.hour(&mut bucket, 3));
    let mut forger = Trail { key: 2, label: "X", hours: 6, ..trail.clone() };
    forger.previous.as_mut().unwrap()[3] = "00".repeat(256);
    forger.hour(&mut bucket, 1);
    let end = "XD6 unverified";
    check(
        &bucket,
        &format!(
            "D5 unverified signature-mismatch; L5 unverified digest-unverified; {end} no-signature; XL6 unverified digest-unverified; exit 1"
        ),
        &format!("{end} no-key; XL6 unverified digest-unverified; exit 3"),
    );
}

#[test]
fn keys_are_missing_rotated_swapped_or_wrapped() {
    let (mut bucket, mut trail) = (Bucket::default(), Trail::default());
    (0..3).for_each(|_| trail.hour(&mut bucket, 3));
    trail.key = 1;
    (0..3).for_each(|_| trail.hour(&mut bucket, 3));
    // Both keys.
    check_with(&bucket, &key_list(&[0, 1]), "HEAD; exit 3", "exit 0");
    // Without the older key the proven digests carry the hashes of those before.
    let chained = "D0 valid by hash-chain; D1 valid by hash-chain; D2 valid by hash-chain";
    check_with(&bucket, &key_list(&[1]), &format!("{chained}; HEAD; exit 3"), &format!("{chained}; exit 0"));
    // Without the newer key the newer ones cannot be proven.
    check_with(
        &bucket,
        &key_list(&[0]),
        "D3 unverified no-key; D4 unverified no-key; D5 unverified no-signature; L3 unverified digest-unverified; L4 unverified digest-unverified; L5 unverified digest-unverified; exit 3",
        "D3 unverified no-key; D4 unverified no-key; D5 unverified no-key; L3 unverified digest-unverified; L4 unverified digest-unverified; L5 unverified digest-unverified; exit 3",
    );
    // No key at all, and a key under the other's fingerprint: nothing is proven, and nothing accused.
    let mut swapped = key_list(&[0]);
    swapped["PublicKeyList"][0]["Value"] = json!(key(1).value());
    for keys in [Value::Null, swapped] {
        let none: String = (0..6)
            .map(|hour| format!("D{hour} unverified {}; ", if hour == 5 { "no-signature" } else { "no-key" }))
            .chain((0..6).map(|hour| format!("L{hour} unverified digest-unverified; ")))
            .collect();
        assert_eq!(found(&bucket, &trust(&keys, None)), format!("{none}exit 3"));
    }
    // Wrapped as a SubjectPublicKeyInfo, with the fingerprint of the inner or of the whole.
    let mut wrapped = key_list(&[0, 1]);
    for index in 0..2 {
        wrapped["PublicKeyList"][index]["Value"] =
            json!(BASE64.encode(&key(index).subject_public_key_info()));
    }
    check_with(&bucket, &wrapped, "HEAD; exit 3", "exit 0");
}

#[test]
fn without_keys_what_contradicts_is_found() {
    let mut bucket = six_hours();
    bucket.edit("D2", "logFiles\":[{", "logFiles\":[ {");
    let heads = bucket.heads();
    for trust in [trust(&Value::Null, None), trust(&Value::Null, Some(&heads))] {
        let found = found(&bucket, &trust);
        assert!(found.contains("D2 unverified link-mismatch; D3 unverified no-key"), "{found}");
        assert!(found.ends_with("exit 1"), "{found}");
    }
    let mut bucket = six_hours();
    bucket.edit("L2.1", "ConsoleLogin", "ConsoleLogon");
    bucket.delete("L2.2");
    plant(&mut bucket, &Trail::default(), START + 9000);
    let found = found(&bucket, &trust(&Value::Null, None));
    assert!(found.contains("L2.1 invalid hash-mismatch; L2.2 missing"), "{found}");
    assert!(found.contains("P unlisted"), "{found}");
}

#[test]
fn the_metadata_is_wrong() {
    let mut bucket = six_hours();
    for (label, signature) in [("D2", "00".repeat(256)), ("D3", "none".to_owned())] {
        let at = bucket.key(label);
        bucket.objects.get_mut(&at).unwrap().signature = Some(signature);
    }
    let all = trust(&key_list(&[0]), Some(&bucket.heads()));
    assert_eq!(found(&bucket, &all), "D2 valid metadata-differs; D3 valid metadata-differs; exit 0");
    // Where nothing else proves it, the metadata decides.
    let at = bucket.key("D5");
    bucket.objects.get_mut(&at).unwrap().signature = Some("00".repeat(256));
    let all = trust(&key_list(&[0]), Some(&bucket.heads()));
    assert_eq!(
        found(&bucket, &all),
        "D2 valid metadata-differs; D3 valid metadata-differs; D5 invalid signature; L5 unverified digest-invalid; gap 5-6 digest-invalid; exit 1"
    );
}
