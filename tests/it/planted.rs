//! Records that somebody put among the logs take nothing away from others: a correction, a copy, an action of the same
//! shared id. What they say is shown beside.

use crate::world::World;
use serde_json::{Value, json};

fn record(id: &str, name: &str, time: &str, more: Value) -> Value {
    let mut record = json!({
        "eventVersion": "1.10", "eventID": id, "eventTime": format!("2024-03-01T{time}Z"), "eventName": name,
        "eventSource": "s3.amazonaws.com", "awsRegion": "us-east-1", "sourceIPAddress": "192.0.2.7",
        "recipientAccountId": "111122223333", "eventType": "AwsApiCall", "managementEvent": true, "readOnly": false,
        "eventCategory": "Management",
        "userIdentity": {"type": "IAMUser", "principalId": "AIDAMALLORY", "userName": "mallory",
            "arn": "arn:aws:iam::111122223333:user/mallory", "accountId": "111122223333", "accessKeyId": "AKIAMALLORY"},
        "requestParameters": {"bucketName": "payroll"}, "responseElements": null,
    });
    for (name, value) in more.as_object().unwrap() {
        record[name] = value.clone();
    }
    record
}

/// The real log, and one that somebody put beside it.
fn world(real: &[Value], planted: &[Value]) -> World {
    World::empty()
        .file("logs/real.json", json!({ "Records": real }).to_string())
        .file("logs/planted.json", json!({ "Records": planted }).to_string())
}

fn deletion() -> Value {
    record("e-1", "DeleteBucket", "12:00:00", json!({}))
}

#[test]
fn a_correction_hides_nothing_in_any_answer() {
    let addendum = json!({"addendum": {"reason": "UPDATED_DATA", "originalEventID": "e-1"}});
    let planted = record("e-2", "ListBuckets", "12:00:00", addendum);
    let world = world(&[deletion()], &[planted]);

    let rows = world.run("who-deleted bucket/payroll logs --json").rows();
    assert_eq!((rows.len(), &rows[0]["eventID"]), (1, &json!("e-1")));
    let by = json!([{"file": "logs/planted.json", "record": 0, "eventID": "e-2"}]);
    assert_eq!(rows[0]["correctedBy"], by);
    let text = world.run("who-deleted bucket/payroll logs");
    let note = "another record claims to correct this one: logs/planted.json, record 0, event e-2";
    assert!(text.text().contains(note), "{text}");

    let rows = world.run("events logs --json").rows();
    let corrects: Vec<_> = rows.iter().map(|row| row["corrects"].as_str()).collect();
    assert_eq!(corrects, [None, Some("e-1")]);

    let entries = world.run("timeline bucket/payroll logs --json").json();
    assert!(entries["answer"][1]["notes"].to_string().contains(note), "{entries}");
    let state = world.run("state bucket/payroll logs --json").json();
    assert!(state["answer"].to_string().contains("2024-03-01T12:00:00Z"), "{state}");
    let inventory = world.run("inventory logs --json").json();
    assert_eq!(inventory["answer"][0]["status"], "gone", "{inventory}");
    let actor = world.run("actor mallory logs --json").json();
    assert_eq!(actor["coverage"]["events"], 2, "{actor}");
    assert!(actor["answer"].to_string().contains("DeleteBucket"), "{actor}");
}

#[test]
fn a_shared_id_hides_no_change() {
    let policy = |id: &str, effect: &str, account: &str| {
        let policy = json!({"Statement": [{"Sid": "a", "Effect": effect, "Principal": "*", "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::payroll/*"}]});
        record(
            id,
            "PutBucketPolicy",
            "12:00:00",
            json!({"sharedEventID": "s-1", "recipientAccountId": account,
                "requestParameters": {"bucketName": "payroll", "bucketPolicy": policy}}),
        )
    };
    let world = world(&[policy("e-1", "Allow", "444455556666")], &[policy("e-2", "Deny", "111122223333")]);
    let entries = world.run("timeline bucket/payroll logs --json").json();
    let ids: Vec<_> = entries["answer"].as_array().unwrap().iter().map(|it| &it["eventID"]).collect();
    assert_eq!(ids, ["e-1", "e-2"], "{entries}");
}

#[test]
fn a_planted_record_does_not_decide_who_a_withheld_caller_is() {
    let withheld = json!({"sharedEventID": "s-1", "recipientAccountId": "444455556666",
        "userIdentity": {"type": "AWSAccount", "principalId": "AIDAMALLORY", "accountId": "111122223333"}});
    let real = [
        record("e-1", "DeleteBucket", "12:00:00", withheld),
        record("e-2", "ListBuckets", "11:00:00", json!({})),
    ];
    let identity = json!({"type": "IAMUser", "principalId": "AIDAMALLORY", "userName": "alice",
        "arn": "arn:aws:iam::111122223333:user/alice", "accountId": "111122223333", "accessKeyId": "AKIAALICE"});
    let who = |planted: &[Value]| {
        let rows = world(&real, planted).run("who-deleted bucket/payroll logs --json").rows();
        rows.into_iter().find(|row| row["eventID"] == "e-1").unwrap()["actor"]["who"].clone()
    };
    assert_eq!(who(&[]), "mallory");
    // A record of another call that has the shared id is no record of the action.
    let other =
        record("e-3", "PutObject", "12:00:00", json!({"sharedEventID": "s-1", "userIdentity": identity}));
    assert_eq!(who(&[other]), "alice or mallory");
    let same =
        record("e-3", "DeleteBucket", "12:00:00", json!({"sharedEventID": "s-1", "userIdentity": identity}));
    assert_eq!(who(&[same]), "alice or mallory");
}

#[test]
fn a_planted_copy_does_not_decide_who_issued_a_session() {
    let issue = |id: &str, who: &str, key: &str| {
        let role = "arn:aws:iam::111122223333:role/Ops";
        let identity = json!({"type": "IAMUser", "principalId": format!("AIDA{}", who.to_uppercase()), "userName": who,
            "arn": format!("arn:aws:iam::111122223333:user/{who}"), "accountId": "111122223333", "accessKeyId": key});
        let response = json!({"credentials": {"accessKeyId": "ASIAOPS0000000000001", "expiration": "Mar 1, 2024, 1:00:00 PM"},
            "assumedRoleUser": {"arn": "arn:aws:sts::111122223333:assumed-role/Ops/s", "assumedRoleId": "AROAOPS:s"}});
        record(
            id,
            "AssumeRole",
            "12:00:00",
            json!({"eventSource": "sts.amazonaws.com", "sharedEventID": "s-1", "userIdentity": identity,
                "requestParameters": {"roleArn": role, "roleSessionName": "s"}, "responseElements": response}),
        )
    };
    let (real, planted) = (issue("e-1", "mallory", "AKIAMALLORY"), issue("e-2", "alice", "AKIAALICE"));
    let told = world(&[real], &[planted]).run("trace ASIAOPS0000000000001 logs");
    assert!(told.text().contains("mallory") && told.text().contains("alice"), "{told}");
}
