//! What AWS Config saw, between two moments and in every form that it is kept in.

use crate::world::World;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const CASES: &str = "cases";

fn item(kind: &str, id: &str, day: u32, configuration: Value, beside: Value) -> Value {
    json!({"configurationItemVersion": "1.3", "configurationItemCaptureTime": format!("2026-02-{day}T00:00:00Z"),
        "configurationItemStatus": "OK", "configurationStateId": day, "awsAccountId": "111122223333",
        "awsRegion": "us-east-1", "resourceType": kind, "resourceId": id, "resourceName": id, "tags": {"day": "any"},
        "relatedEvents": [], "relationships": [], "configuration": configuration, "supplementaryConfiguration": beside})
}

/// One resource each of ten types, as it was on two days.
fn ten() -> Vec<(&'static str, &'static str, [(Value, Value); 2])> {
    let policy = |action: &str| {
        let policy =
            json!({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": action, "Resource": "*"}]});
        json!({ "policyText": policy.to_string() })
    };
    let none = || json!({});
    vec![
        (
            "AWS::Lambda::Function",
            "f",
            [
                (
                    json!({"functionName": "f", "codeSha256": "AAA", "role": "r1", "timeout": 3, "vpcConfig": {"subnetIds": ["a", "b"]}}),
                    none(),
                ),
                (
                    json!({"functionName": "f", "codeSha256": "BBB", "role": "r2", "timeout": 3, "vpcConfig": {"subnetIds": ["a"]}}),
                    none(),
                ),
            ],
        ),
        (
            "AWS::DynamoDB::Table",
            "t",
            [
                (
                    json!({"tableName": "t", "tableStatus": "ACTIVE", "provisionedThroughput": {"readCapacityUnits": 5, "writeCapacityUnits": 5}}),
                    none(),
                ),
                (
                    json!({"tableName": "t", "tableStatus": "ACTIVE", "provisionedThroughput": {"readCapacityUnits": 9, "writeCapacityUnits": 5},
                "sSEDescription": {"status": "ENABLED"}}),
                    json!({"ContinuousBackupsDescription": {"continuousBackupsStatus": "ENABLED"}}),
                ),
            ],
        ),
        (
            "AWS::RDS::DBInstance",
            "d",
            [
                (
                    json!({"dBInstanceIdentifier": "d", "publiclyAccessible": false, "deletionProtection": true, "latestRestorableTime": "2026-02-11T00:00:00Z"}),
                    none(),
                ),
                (
                    json!({"dBInstanceIdentifier": "d", "publiclyAccessible": true, "latestRestorableTime": "2026-02-12T00:00:00Z"}),
                    none(),
                ),
            ],
        ),
        (
            "AWS::SQS::Queue",
            "q",
            [
                (json!({"QueueName": "q", "VisibilityTimeout": 30}), none()),
                (json!({"QueueName": "q", "VisibilityTimeout": 60, "KmsMasterKeyId": "k"}), none()),
            ],
        ),
        (
            "AWS::ECS::Cluster",
            "c",
            [
                (
                    json!({"ClusterName": "c", "ClusterSettings": [{"Name": "containerInsights", "Value": "enabled"}]}),
                    none(),
                ),
                (
                    json!({"ClusterName": "c", "ClusterSettings": [{"Name": "containerInsights", "Value": "disabled"}]}),
                    none(),
                ),
            ],
        ),
        (
            "AWS::EC2::Instance",
            "i-0123456789abcdef0",
            [
                (
                    json!({"instanceId": "i-0123456789abcdef0", "instanceType": "t3.micro", "state": {"code": 16, "name": "running"}}),
                    none(),
                ),
                (
                    json!({"instanceId": "i-0123456789abcdef0", "instanceType": "t3.large", "state": {"code": 80, "name": "stopped"}}),
                    none(),
                ),
            ],
        ),
        (
            "AWS::S3::Bucket",
            "b",
            [
                (
                    json!({"name": "b"}),
                    json!({"BucketPolicy": policy("s3:GetObject"), "BucketVersioningConfiguration": {"status": "Enabled", "isMfaDeleteEnabled": null},
                "PublicAccessBlockConfiguration": {"blockPublicAcls": true, "blockPublicPolicy": true},
                "BucketAccelerateConfiguration": {"status": null}}),
                ),
                (
                    json!({"name": "b"}),
                    json!({"BucketPolicy": policy("s3:*"), "BucketVersioningConfiguration": {"status": "Suspended", "isMfaDeleteEnabled": null},
                "PublicAccessBlockConfiguration": {"blockPublicAcls": false, "blockPublicPolicy": true},
                "BucketAccelerateConfiguration": {"status": "Enabled"}}),
                ),
            ],
        ),
        (
            "AWS::KMS::Key",
            "1234abcd-12ab-34cd-56ef-1234567890ab",
            [
                (
                    json!({"keyId": "1234abcd-12ab-34cd-56ef-1234567890ab", "enabled": true, "multiRegion": false}),
                    json!({"KeyRotationStatus": true}),
                ),
                (
                    json!({"keyId": "1234abcd-12ab-34cd-56ef-1234567890ab", "enabled": false, "multiRegion": false}),
                    json!({"KeyRotationStatus": false}),
                ),
            ],
        ),
        (
            "AWS::IAM::Role",
            "r",
            [
                (
                    json!({"roleName": "r", "roleId": "AROAEXAMPLEAAAAAAAAAA", "path": "/", "attachedManagedPolicies": [{"policyName": "A", "policyArn": "arn:aws:iam::aws:policy/A"}]}),
                    none(),
                ),
                (
                    json!({"roleName": "r", "roleId": "AROAEXAMPLEAAAAAAAAAA", "path": "/", "attachedManagedPolicies": [{"policyName": "B", "policyArn": "arn:aws:iam::aws:policy/B"}],
                "permissionsBoundary": {"permissionsBoundaryArn": "arn:aws:iam::aws:policy/C", "permissionsBoundaryType": "Policy"}}),
                    none(),
                ),
            ],
        ),
        (
            "AWS::EC2::SecurityGroup",
            "sg-0123456789abcdef0",
            [
                (
                    json!({"groupId": "sg-0123456789abcdef0", "groupName": "web", "ipPermissions": [], "ipPermissionsEgress": [], "ownerId": "111122223333"}),
                    none(),
                ),
                (
                    json!({"groupId": "sg-0123456789abcdef0", "groupName": "web", "ipPermissionsEgress": [], "ownerId": "111122223333",
                "ipPermissions": [{"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "ipv4Ranges": [{"cidrIp": "0.0.0.0/0"}], "ipRanges": ["0.0.0.0/0"],
                    "ipv6Ranges": [], "prefixListIds": [], "userIdGroupPairs": []}]}),
                    none(),
                ),
            ],
        ),
    ]
}

/// The plain values of a configuration by their paths, lists as a whole.
fn leaves(at: &str, value: &Value, into: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(object) => {
            object.iter().for_each(|(name, value)| leaves(&format!("{at}.{name}"), value, into));
        }
        Value::Null => {}
        value => {
            into.insert(at.trim_start_matches('.').to_owned(), value.clone());
        }
    }
}

/// What a naive comparison says of two configurations, under the names that settings have in a state.
fn naive(before: &(Value, Value), after: &(Value, Value)) -> Vec<String> {
    // What states have under the names of calls.
    const NAMES: [(&str, &str); 12] = [
        ("supplementaryConfiguration.BucketPolicy.policyText", "policy"),
        ("supplementaryConfiguration.BucketVersioningConfiguration.status", "versioning.status"),
        ("supplementaryConfiguration.PublicAccessBlockConfiguration", "publicAccessBlock"),
        ("supplementaryConfiguration.KeyRotationStatus", "keyRotation.enabled"),
        ("permissionsBoundary.permissionsBoundaryArn", "permissionsBoundary"),
        ("permissionsBoundary.permissionsBoundaryType", ""),
        ("state.name", "state"),
        ("state.code", ""),
        // It moves by itself.
        ("latestRestorableTime", ""),
        ("ipPermissions", "ingress[tcp 22 0.0.0.0/0]"),
        ("attachedManagedPolicies", "attachedManagedPolicies"),
        ("tags", "tags"),
    ];
    let told = |(configuration, beside): &(Value, Value)| {
        let mut all = BTreeMap::new();
        leaves("", configuration, &mut all);
        leaves("", &json!({ "supplementaryConfiguration": beside }), &mut all);
        all
    };
    let (before, after) = (told(before), told(after));
    let paths = before.keys().chain(after.keys()).filter(|path| before.get(*path) != after.get(*path));
    let mut names: Vec<String> = paths
        .map(|path| match NAMES.iter().find(|(name, _)| path.starts_with(name)) {
            Some((name, own)) if !own.is_empty() => path.replacen(name, own, 1),
            Some(_) => String::new(),
            None => path.clone(),
        })
        .filter(|name| !name.is_empty())
        .collect();
    names.sort();
    names.dedup();
    names
}

fn log() -> String {
    json!({"Records": [{"eventVersion": "1.09", "userIdentity": {"type": "Root", "accountId": "111122223333"},
        "eventTime": "2026-02-10T11:00:00Z", "eventSource": "sts.amazonaws.com", "eventName": "GetCallerIdentity",
        "awsRegion": "us-east-1", "eventID": "e1", "readOnly": true, "recipientAccountId": "111122223333"}]})
    .to_string()
}

#[test]
fn two_snapshots_a_day_apart_differ_in_what_was_changed_and_nothing_else() {
    let snapshot = |day: usize| {
        let items = ten().into_iter().map(|(kind, id, mut both)| {
            let (configuration, beside) = std::mem::take(&mut both[day]);
            item(kind, id, 11 + day as u32, configuration, beside)
        });
        json!({"fileVersion": "1.0", "configSnapshotId": "x", "configurationItems": items.collect::<Vec<_>>()}).to_string()
    };
    let world =
        World::empty().file("log.json", log()).file("a.json", snapshot(0)).file("b.json", snapshot(1));
    let mut count = 0;
    for (kind, id, [before, after]) in ten() {
        let run = format!("diff {kind}/{id} --from 2026-02-11T12:00:00Z --to 2026-02-12T12:00:00Z --json .");
        let reply = world.run(&run);
        let rows = reply.rows();
        let mut found: Vec<String> =
            rows.iter().map(|row| row["path"].as_str().unwrap().to_owned()).collect();
        // Members of a set are rows of their own; compared naively they are one list.
        found
            .iter_mut()
            .filter(|it| it.starts_with("attached"))
            .for_each(|it| it.truncate("attachedManagedPolicies".len()));
        found.sort();
        found.dedup();
        assert_eq!(found, naive(&before, &after), "{kind}: {reply}");
        assert!(
            rows.iter().all(|row| row["by"].is_null() && row["seenBy"]["who"] == "AWS Config"),
            "{kind}: {reply}"
        );
        count += found.len();
        // What was not set is told as that, not as unknown.
        assert!(
            rows.iter().all(|row| row["before"]["unknown"].is_null() && row["after"]["unknown"].is_null()),
            "{kind}: {reply}"
        );
        let timeline = world.run(&format!("timeline {kind}/{id} --json .")).rows();
        let notes = timeline[1]["notes"].to_string();
        assert!(notes.contains("NOT LOGGED"), "{kind}: {notes}");
        // The state after the second is the second.
        let state = &world.run(&format!("state {kind}/{id} --json .")).rows()[0];
        for (want, found) in
            [(&after.0, &state["configuration"]), (&after.1, &state["supplementaryConfiguration"])]
        {
            for (name, value) in
                want.as_object().unwrap().iter().filter(|(name, _)| !OTHERWISE.contains(&name.as_str()))
            {
                assert_eq!(&without_null(&found[name]), &without_null(value), "{kind} {name}: {state}");
            }
        }
    }
    assert_eq!(count, 22);
}

/// What a state has in another form than items: texts that are documents, lists of ARNs, and what moves by itself.
const OTHERWISE: [&str; 6] = [
    "BucketPolicy",
    "attachedManagedPolicies",
    "permissionsBoundary",
    "state",
    "latestRestorableTime",
    "tags",
];

fn without_null(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let kept = object.iter().filter(|(_, value)| !value.is_null());
            Value::Object(
                kept.map(|(name, value)| (name.clone(), without_null(value))).collect::<Map<_, _>>(),
            )
        }
        Value::Array(list) => Value::Array(list.iter().map(without_null).collect()),
        other => other.clone(),
    }
}

#[test]
fn a_later_item_replaces_an_earlier_one() {
    let world = World::empty()
        .copy(&format!("{CASES}/config-items-differ/config.json"), "config.json")
        .copy(&format!("{CASES}/config-items-differ/log.json"), "log.json");
    let rows =
        world.run("diff function/f --from 2026-02-11T00:00:00Z --to 2026-02-12T00:00:00Z --json .").rows();
    let paths: Vec<&str> = rows.iter().map(|row| row["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["codeSha256", "role"]);
    let state = &world.run("state function/f --json .").rows()[0];
    assert_eq!(
        state["configuration"],
        json!({"codeSha256": "BBB", "functionName": "f", "role": "arn:aws:iam::111122223333:role/admin"})
    );
}
