//! States, differences and inventories say what is proven of the events that they name.

use super::signed::{Bucket, Object, Trail, gzip, hash, key_list};
use crate::world::World;
use serde_json::{Value, json};

fn call(id: &str, time: &str, name: &str, request: Value) -> Value {
    json!({
        "eventVersion": "1.09", "eventTime": time, "eventSource": "iam.amazonaws.com", "eventName": name, "eventID": id,
        "readOnly": false, "awsRegion": "us-east-1", "recipientAccountId": "111122223333",
        "userIdentity": {"type": "IAMUser", "userName": "alice"}, "requestParameters": request,
    })
}

/// A user that a proven log tells of, and whom a file that nobody signed changes after that.
fn world() -> World {
    let (mut bucket, mut trail) = (Bucket::default(), Trail::default());
    let records = json!({"Records": [
        call("e1", "2025-03-10T20:45:00Z", "CreateUser", json!({"userName": "eve"})),
        call("e2", "2025-03-10T20:45:01Z", "PutUserPolicy", json!({"userName": "eve", "policyName": "p",
            "policyDocument": "{\"Statement\":[]}"})),
    ]});
    let (content, key) = (records.to_string(), trail.log_key(trail.clock + 600, "pRoVeNpRoVeN0000"));
    let listed = json!({
        "s3Bucket": trail.bucket, "s3Object": key, "hashValue": hash(content.as_bytes()), "hashAlgorithm": "SHA-256",
        "newestEventTime": "2025-03-10T20:45:01Z", "oldestEventTime": "2025-03-10T20:45:00Z",
    });
    bucket.put("L", key, Object { body: gzip(content.as_bytes()), signature: None });
    trail.digest(&mut bucket, "D", vec![listed]);
    // The next digest has the signature of the one before.
    trail.hour(&mut bucket, 0);
    let planted = json!({"Records": [
        call("e3", "2025-03-10T20:50:00Z", "PutUserPolicy", json!({"userName": "eve", "policyName": "planted",
            "policyDocument": "{\"Statement\":[]}"})),
    ]});
    let world = World::empty()
        .file("keys.json", key_list(&[0]).to_string())
        .file("planted.json", planted.to_string());
    bucket.sync(&world.dir().join("logs"));
    world
}

const FILES: &str = "--public-keys keys.json --json logs planted.json";

#[test]
fn values_of_a_state_are_proven_or_withheld() {
    let world = world();
    let reply = world.run(&format!("state user/eve --verify {FILES}"));
    let state = reply.rows().remove(0);
    let verdict = |state: &Value, path: &str| {
        let settings = state["knowledge"]["settings"].as_array().unwrap();
        settings.iter().find(|it| it["path"] == path).unwrap()["by"]["verdict"].clone()
    };
    assert_eq!(verdict(&state, "inlinePolicies.p"), "valid", "{reply}");
    assert_eq!(verdict(&state, "inlinePolicies.planted"), "uncovered", "{reply}");
    assert_eq!(state["knowledge"]["existsBy"]["verdict"], "valid");
    assert_eq!(reply.json()["coverage"]["rowsByVerdict"]["uncovered"], 1, "{reply}");
    let only = world.run(&format!("state user/eve --verified-only {FILES}")).rows().remove(0);
    let names: Vec<&String> = only["configuration"]["inlinePolicies"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["p"]);
    let settings = only["knowledge"]["settings"].as_array().unwrap();
    let planted = settings.iter().find(|it| it["path"] == "inlinePolicies.planted").unwrap();
    assert_eq!((&planted["is"], &planted["why"]), (&json!("unknown"), &json!("unproven")));
    assert_eq!(
        (&only["relatedEvents"], &only["knowledge"]["creationSeen"]),
        (&json!(["e1", "e2"]), &json!(true))
    );
    let plain = world.run("state user/eve --json logs planted.json").rows().remove(0);
    assert_eq!(plain["knowledge"]["existsBy"].get("verdict"), None);
}

/// What AWS Config says no digest lists: it is not proven, and no file was changed.
#[test]
fn items_of_aws_config_are_not_proven() {
    let item = json!({"configurationItems": [{"configurationItemCaptureTime": "2025-03-10T21:00:00Z",
        "configurationItemStatus": "OK", "resourceType": "AWS::IAM::User", "resourceName": "zoe", "resourceId": "AIDAZOE",
        "awsAccountId": "111122223333", "awsRegion": "global", "configuration": {"path": "/"}}]});
    let name = "logs/AWSLogs/111122223333/Config/us-east-1/2025/3/10/ConfigHistory/items.json";
    let world = world().file(name, item.to_string());
    let reply = world.run(&format!("state user/zoe --verify {FILES}"));
    let settings = reply.rows()[0]["knowledge"]["settings"].clone();
    let path = settings.as_array().unwrap().iter().find(|it| it["path"] == "path").unwrap();
    assert_eq!(path["seenBy"]["verdict"], "uncovered", "{reply}");
    assert_eq!((&reply.json()["troubles"], reply.status), (&json!([]), 0), "{reply}");
}

#[test]
fn differences_and_inventories_are_proven() {
    let world = world();
    let diff = format!("diff user/eve --from 2025-03-10T20:45:00Z {FILES}");
    let told = |rows: Vec<Value>| -> Vec<String> {
        let line = |row: &Value| format!("{} {}", row["path"].as_str().unwrap(), row["by"]["verdict"]);
        rows.iter().map(line).collect()
    };
    assert_eq!(
        told(world.run(&format!("{diff} --verify")).rows()),
        ["inlinePolicies.p \"valid\"", "inlinePolicies.planted \"uncovered\""]
    );
    assert_eq!(told(world.run(&format!("{diff} --verified-only")).rows()), ["inlinePolicies.p \"valid\""]);
    let row = world.run(&format!("inventory --verify {FILES} --type *User")).rows().remove(0);
    assert_eq!(
        (&row["created"]["verdict"], &row["lastChange"]["verdict"], &row["verdict"]),
        (&json!("valid"), &json!("uncovered"), &json!("uncovered"))
    );
    let early = format!("inventory --verified-only {FILES} --type *User");
    assert_eq!(world.run(&early).status, 1);
    assert_eq!(world.run(&format!("{early} --at 2025-03-10T20:46:00Z")).rows().len(), 1);
}

/// A file that could not be read as a whole is a hole where it may have told of the resource: by its name.
#[test]
fn damaged_files_are_holes() {
    let whole = gzip(
        json!({"Records": [call("e9", "2025-03-11T01:40:00Z", "TagUser", json!({"userName": "x"}))]})
            .to_string()
            .as_bytes(),
    );
    let name = |region: &str| {
        format!(
            "logs/AWSLogs/111122223333/CloudTrail/{region}/2025/03/11/111122223333_CloudTrail_{region}_20250311T0145Z_AAAAAAAAAAAAAAAA.json.gz"
        )
    };
    let cut = &whole[..whole.len() - 12];
    let world = world().file(&name("us-east-1"), cut).file(&name("eu-west-1"), cut);
    let holes = |more: &str| {
        let reply = world.run(&format!("state user/eve {more} --json logs planted.json"));
        assert_eq!(reply.status, 3, "{reply}");
        reply.rows()[0]["knowledge"]["holes"][0]["damagedFiles"].clone()
    };
    assert_eq!(holes(""), 1);
    // It may have been delivered late.
    assert_eq!(holes("--at 2025-03-10T20:46:00Z"), 1);
    let item = json!({"configurationItems": [{"configurationItemCaptureTime": "2025-03-01T09:00:00Z",
        "configurationItemStatus": "OK", "resourceType": "AWS::IAM::User", "resourceName": "zoe", "resourceId": "AIDAZOE",
        "awsAccountId": "111122223333", "awsRegion": "global", "configuration": {"path": "/"}}]});
    let world = world.file("items.json", item.to_string());
    let seen = world.run("state user/zoe --json --aws-config items.json logs planted.json");
    let place = &seen.rows()[0]["knowledge"]["holes"][0];
    assert_eq!((&place["region"], &place["damagedFiles"]), (&json!("us-east-1"), &json!(1)), "{seen}");
}
