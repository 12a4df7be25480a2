//! `validate` and `--verify` as the program answers them.

use super::signed::{Object, START, Trail, gzip, key_list, six_hours};
use crate::world::World;
use serde_json::Value;

const NONE: &str = "digest/none/trail --public-keys digest/none/public-keys.json";

fn with_metadata(tree: &str) -> String {
    format!(
        "digest/{tree}/trail --public-keys digest/{tree}/public-keys.json --metadata digest/{tree}/head-objects.json"
    )
}

#[test]
fn the_status_tells_what_was_found() {
    let world = World::fixtures();
    for (args, status) in [
        (with_metadata("none"), 0),
        (NONE.to_owned(), 3),
        (format!("{NONE} --accept-unverified-head"), 0),
        ("digest/none/trail".to_owned(), 3),
        (with_metadata("log-tampered"), 1),
        (with_metadata("log-tampered") + " --since 2025-03-11T01:00:00Z", 0),
        (with_metadata("digest-deleted"), 1),
        (with_metadata("key-rotation"), 0),
        (with_metadata("none") + " --bucket other", 1),
        ("invictus".to_owned(), 3),
        ("-".to_owned(), 2),
        ("digest/none/trail --public-keys digest/none/expected.json".to_owned(), 2),
        ("digest/none/trail --public-keys none.json".to_owned(), 2),
        ("digest/none/trail --since 2020-01-02 --until 2020-01-03".to_owned(), 2),
        ("digest/keys".to_owned(), 2),
    ] {
        let reply = world.run(&format!("validate {args}"));
        assert_eq!(reply.status, status, "{args}: {reply}");
    }
}

#[test]
fn the_table_says_what_is_wrong_and_what_to_do() {
    let world = World::fixtures();
    let reply = world.run(&format!("validate {}", with_metadata("log-tampered")));
    insta::assert_snapshot!(reply.text(), @r"
    ACCOUNT       REGION     TRAIL  DIGESTS  LOGS                 COVERED (UTC)                                 PROVEN UNTIL (UTC)    GAPS
    111122223333  us-east-1  audit  6 valid  17 valid, 1 invalid  2025-03-10T20:39:54Z to 2025-03-11T02:39:54Z  2025-03-11T02:39:54Z     0

    INVALID log (hash-mismatch): its content is not what the digest lists: it was changed after it was delivered
      -> fetch the object again from the bucket and compare
      AWSLogs/111122223333/CloudTrail/us-east-1/2025/03/11/111122223333_CloudTrail_us-east-1_20250311T0005Z_HANB0iYXdSM0QOfm.json.gz
    ");
    insta::assert_snapshot!(reply.stderr, @r"
    trailscan: 6 digests and 18 log files: 23 valid, 1 invalid
    trailscan: covered until 2025-03-11T02:39:54Z; that newer digests were not cut off cannot be known from the files
    ");
}

#[test]
fn every_form_has_every_file_whatever_the_threads() {
    let world = World::fixtures();
    for form in ["json", "jsonl", "csv", "table --verbose"] {
        let run = |threads| {
            world.run(&format!(
                "validate {} --format {form} --threads {threads}",
                with_metadata("digest-deleted")
            ))
        };
        let (one, three) = (run(1), run(3));
        assert_eq!(one.text(), three.text());
        assert!(one.text().contains("_CloudTrail-Digest_us-east-1_audit_us-east-1_20250311T003954Z"));
    }
    let reply = world.run(&format!("validate {} --json", with_metadata("digest-deleted")));
    let document: Value = serde_json::from_str(reply.text()).unwrap();
    assert_eq!(document["command"], "validate");
    assert_eq!(document["answer"].as_array().unwrap().len(), 24);
    assert_eq!(document["coverage"]["outcome"], "wrong");
    assert_eq!(document["coverage"]["gaps"][0]["cause"], "digest-missing");
    for name in ["key", "kind", "verdict", "reason", "proof", "warnings", "digest"] {
        assert!(document["answer"][0].get(name).is_some(), "{name}");
    }
}

#[test]
fn a_key_that_is_not_its_own_is_said_and_not_used() {
    let mut keys = key_list(&[0]);
    keys["PublicKeyList"][0]["Value"] = super::testing::key(1).value().into();
    let world = World::empty().file("keys.json", keys.to_string());
    six_hours().sync(&world.dir().join("logs"));
    let reply = world.run("validate logs --public-keys keys.json");
    assert_eq!(reply.status, 3, "{reply}");
    assert!(reply.stderr.contains("is not that of the key beside it"), "{reply}");
    assert!(reply.text().contains("UNVERIFIED digest (no-key)"), "{reply}");
}

/// An attacker writes file names and digests.
#[test]
fn nothing_acts_on_the_terminal() {
    let mut bucket = six_hours();
    let evil = "x\u{1b}]52;c;ZXZpbA==\u{7}\u{202e}.json.gz";
    let digest = bucket.objects[&bucket.key("D2")].clone();
    bucket.put("E", format!("AWSLogs/=cmd {evil}"), digest);
    bucket.edit("D3", "\"digestS3Object\":\"", "\"digestS3Object\":\"\\u001b]0;evil\\u0007");
    let listed = serde_json::json!([{"s3Object": format!("AWSLogs/{evil}"), "hashValue": "00".repeat(32)}]);
    let mut forger = Trail { key: 2, clock: START + 6 * 3600, label: "X", ..Trail::default() };
    forger.digest(&mut bucket, "XD", listed.as_array().unwrap().clone());
    let world = World::empty().file("keys.json", key_list(&[0]).to_string());
    bucket.sync(&world.dir().join("logs"));
    for form in ["table --verbose", "json", "jsonl", "csv"] {
        let reply = world.run(&format!("validate logs --public-keys keys.json --format {form}"));
        assert_eq!(reply.status, 1, "{reply}");
        for text in [reply.text(), &reply.stderr] {
            assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{form}: {text:?}");
        }
    }
}

#[test]
fn rows_tell_what_is_proven_of_their_files() {
    let world = World::fixtures();
    let tree = with_metadata("log-tampered");
    let reply = world.run(&format!("events {tree} --json --no-index"));
    let document: Value = serde_json::from_str(reply.text()).unwrap();
    let rows = document["answer"].as_array().unwrap();
    let counts = &document["coverage"]["rowsByVerdict"];
    let total = counts["valid"].as_u64().unwrap() + counts["invalid"].as_u64().unwrap();
    assert_eq!(total, rows.len() as u64);
    let place = &rows[0]["evidence"][0];
    assert_eq!((&place["verdict"], place["sha256"].as_str().unwrap().len()), (&Value::from("valid"), 64));
    assert!(place["digest"].as_str().unwrap().contains("CloudTrail-Digest"));
    // The tampered file's rows are said to be, and left out when only proven ones are wanted.
    let invalid: Vec<&Value> = rows.iter().filter(|row| row["verdict"] == "invalid").collect();
    assert!(!invalid.is_empty());
    assert!(invalid.iter().all(|row| row["evidence"][0]["reason"] == "hash-mismatch"));
    let only = world.run(&format!("events {tree} --verified-only --format jsonl --no-index"));
    assert_eq!(only.text().lines().count(), rows.len() - invalid.len());
    assert!(only.stderr.contains(&format!("left out {} of {} rows", invalid.len(), rows.len())), "{only}");
    // Without the question there is no answer to it.
    let plain = world.run("events digest/none/trail --json --no-index");
    assert!(!plain.text().contains("verdict") && !plain.text().contains("rowsByVerdict"), "{plain}");
}

/// What stands behind the first gzip member is read, and never shown as verified.
#[test]
fn events_behind_the_first_member_are_not_verified() {
    let mut bucket = six_hours();
    bucket.change("L2.1", |body| {
        body.extend(gzip(br#"{"Records":[{"eventVersion":"1.09","eventName":"Planted","eventID":"p"}]}"#));
    });
    bucket.put(
        "Z",
        "export.json",
        Object {
            body: br#"{"Records":[{"eventVersion":"1.09","eventName":"Planted","eventID":"q"}]}"#.to_vec(),
            signature: None,
        },
    );
    let world = World::empty().file("keys.json", key_list(&[0]).to_string());
    bucket.sync(&world.dir().join("logs"));
    let reply = world.run("events logs --event Planted --verify --public-keys keys.json --format csv --fields eventID,verdict --no-index");
    assert!(reply.text().contains("p,invalid") && reply.text().contains("q,uncovered"), "{reply}");
    let reply = world.run("events logs --event Planted --verified-only --public-keys keys.json --no-index");
    assert!(reply.text().is_empty(), "{reply}");
}

/// Every command whose rows stand for events tells it, and leaves out what is not proven.
#[test]
fn other_commands_verify_their_rows_too() {
    let mut bucket = six_hours();
    let call = |name: &str, source: &str, time: &str| {
        serde_json::json!({"Records": [{
            "eventVersion": "1.09", "eventTime": time, "eventSource": source, "eventName": name, "eventID": name,
            "awsRegion": "us-east-1", "recipientAccountId": "111122223333", "eventType": "AwsConsoleSignIn",
            "userIdentity": {"type": "IAMUser", "userName": "alice", "arn": "arn:aws:iam::111122223333:user/alice"},
            "requestParameters": {"bucketName": "payroll"}, "responseElements": {"ConsoleLogin": "Success"},
        }]})
        .to_string()
    };
    // Edited after they were delivered.
    bucket.change("L2.1", |body| {
        *body = gzip(call("ConsoleLogin", "signin.amazonaws.com", "2025-03-10T23:00:00Z").as_bytes())
    });
    bucket.change("L2.2", |body| {
        *body = gzip(call("DeleteBucket", "s3.amazonaws.com", "2025-03-10T23:01:00Z").as_bytes())
    });
    let world = World::empty().file("keys.json", key_list(&[0]).to_string());
    bucket.sync(&world.dir().join("logs"));
    for command in ["logins", "timeline bucket/payroll", "who-deleted bucket/payroll"] {
        let run =
            |more: &str| world.run(&format!("{command} logs --no-index --public-keys keys.json {more}"));
        let told = run("--json");
        let document: Value = serde_json::from_str(told.text()).unwrap();
        assert_eq!(document["coverage"]["rowsByVerdict"], serde_json::json!({"invalid": 1}), "{told}");
        assert!(told.text().contains("\"reason\":\"hash-mismatch\""), "{told}");
        let only = run("--verified-only --format jsonl");
        assert_eq!(only.text(), "", "{only}");
        assert!(only.stderr.contains("left out 1 of 1 rows"), "{only}");
    }
}
