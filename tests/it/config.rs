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

/// Configuration and what stands beside it, on the first day and on the second.
type Days = [(Value, Value); 2];

/// One resource each of ten types, as it was on two days.
fn ten() -> Vec<(&'static str, &'static str, Days)> {
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

/// The record of one call, so that there is a log beside what AWS Config tells.
fn notifications() -> World {
    let mut world = World::empty().file("log.json", log());
    let base = crate::world::fixture(&format!("{CASES}/config-notifications/notif"));
    let mut dirs = vec![base.clone()];
    while let Some(dir) = dirs.pop() {
        let mut entries: Vec<_> = std::fs::read_dir(dir).unwrap().map(|it| it.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                dirs.push(path);
            } else {
                let name = format!("notif/{}", path.strip_prefix(&base).unwrap().display());
                world = world.file(&name, std::fs::read(&path).unwrap());
            }
        }
    }
    world
}

#[test]
fn messages_of_aws_config_are_read_in_every_envelope() {
    let world = notifications();
    let group = "sg-0123456789abcdef0";
    for dir in ["raw", "sns", "sqs", "eb"] {
        let state = world.run(&format!("state {group} --json log.json notif/{dir}"));
        let item = &state.rows()[0];
        assert_eq!(item["configuration"]["ipPermissions"].as_array().unwrap().len(), 2, "{dir}: {state}");
        assert_eq!(state.status, 0, "{dir}: {state}");
        let rows = world.run(&format!("timeline {group} --json log.json notif/{dir}")).rows();
        let told: Vec<(&str, &str)> = rows
            .iter()
            .map(|row| (row["eventName"].as_str().unwrap(), row["notes"][0].as_str().unwrap_or_default()))
            .collect();
        let verdict = "NON_COMPLIANT by rule `restricted-ssh`, before COMPLIANT";
        assert!(told.contains(&("ComplianceChange", verdict)), "{dir}: {told:?}");
        assert!(told.iter().any(|(name, _)| *name == "ConfigurationItem"), "{dir}: {told:?}");
    }
    // By the unique id, too: the item was too large for its message.
    let role = world.run("timeline AROAEXAMPLEAAAAAAAAAA --json log.json notif/sns").rows();
    let notes = role.iter().map(|row| row["notes"][0].to_string()).collect::<String>();
    assert!(notes.contains("s3://config-bucket/AWSLogs/"), "{role:?}");
    let all = world.run("inventory --json .");
    let mut kinds: Vec<Value> = all.rows().iter().map(|row| row["resourceType"].clone()).collect();
    // A result of the API does not tell the account.
    kinds.dedup();
    assert_eq!(kinds, ["AWS::EC2::SecurityGroup", "AWS::IAM::Role"]);
    for told in [
        "delivery notice of CloudTrail (1)",
        "ConfigRulesEvaluationStarted",
        "ConfigurationSnapshotDeliveryFailed",
    ] {
        assert!(all.stderr.contains(told), "{told}: {all}");
    }
    assert!(!all.stderr.contains("not CloudTrail"), "{all}");
}

/// Rules get items as text, older tools begin keys in upper case, aggregators give one item.
#[test]
fn items_are_read_in_every_spelling() {
    let one = item("AWS::Lambda::Function", "f", 11, json!({"functionName": "f", "timeout": 9}), json!({}));
    let upper = |value: &Value| -> Value {
        let object = value.as_object().unwrap().iter();
        object
            .map(|(name, value)| (format!("{}{}", name[..1].to_uppercase(), &name[1..]), value.clone()))
            .collect::<Map<_, _>>()
            .into()
    };
    let mut api = one.clone();
    api["configuration"] = json!(api["configuration"].to_string());
    let event = json!({"configurationItem": one, "notificationCreationTime": "2026-02-11T00:00:01Z", "messageType": "ConfigurationItemChangeNotification"});
    for (name, file) in [
        (
            "a rule's event",
            json!({"invokingEvent": event.to_string(), "ruleParameters": "{}", "resultToken": "x", "eventLeftScope": false}),
        ),
        ("get-resource-config-history", json!({"configurationItems": [api]})),
        ("a shell with other keys", json!({"ConfigurationItems": [upper(&one)]})),
        (
            "batch-get-resource-config",
            json!({"baseConfigurationItems": [api], "unprocessedResourceKeys": []}),
        ),
        ("get-aggregate-resource-config", json!({"ConfigurationItem": api})),
        ("select-resource-config", json!({"Results": [api.to_string()], "QueryInfo": {"SelectFields": []}})),
        (
            "a function behind a queue",
            json!({"Records": [{"messageId": "m", "body": json!({"Type": "Notification", "Message": event.to_string()}).to_string()}]}),
        ),
    ] {
        // Such files alone are enough.
        let world = World::empty().file("only.json", file.to_string());
        let reply = world.run("state function/f --json .");
        assert_eq!(reply.status, 0, "{name}: {reply}");
        assert_eq!(reply.rows()[0]["configuration"]["timeout"], 9, "{name}: {reply}");
        let named = World::empty().file("x/only.json", file.to_string()).file("logs/readme.txt", "nothing");
        let reply = named.run("state function/f --json logs --aws-config x");
        assert_eq!(reply.rows()[0]["configuration"]["timeout"], 9, "{name}: {reply}");
    }
    let world = World::empty().file("other.json", json!({"s3ObjectKey": 1, "a": "aws.config"}).to_string());
    let reply = world.run("state function/f --json .");
    assert!(reply.status == 2 && reply.stderr.contains("no usable log file"), "{reply}");
}

/// Whoever only saw a value is named as that, in every command.
#[test]
fn who_saw_a_value_is_not_who_set_it() {
    let world = World::empty().copy(&format!("{CASES}/seen-is-not-set/proof.json"), "proof.json");
    for (reference, exists) in [("sg-0aaaaaaaaaaaaaaa9", true), ("bucket/pay", true), ("user/bob", true)] {
        let reply = world.run(&format!("state {reference} --json ."));
        let state = &reply.rows()[0];
        assert_eq!(state["knowledge"]["exists"] == "exists", exists, "{reply}");
        assert!(
            state["knowledge"]["existsBy"].is_null()
                && state["knowledge"]["existsSeenBy"]["who"] == "auditor",
            "{reply}"
        );
        for setting in state["knowledge"]["settings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|it| it["why"] != "beforeArchive")
        {
            assert!(setting.get("by").is_none(), "{setting}");
        }
        let table = world.run(&format!("state {reference} ."));
        assert!(
            table.text().contains("seen by auditor") && table.text().contains("before 2025-06-01T14:0"),
            "{table}"
        );
        let diff = world.run(&format!("diff {reference} --from 2025-06-01T00:00:00Z --json .")).rows();
        assert!(
            !diff.is_empty()
                && diff.iter().all(|row| row["by"].is_null() && row["seenBy"]["who"] == "auditor"),
            "{diff:?}"
        );
    }
    let listed = world.run("inventory --json .").rows();
    assert_eq!(listed.len(), 3);
    assert!(
        listed.iter().all(|row| row["created"].is_null()
            && row["lastChange"].is_null()
            && row["seen"]["who"] == "auditor"),
        "{listed:?}"
    );
}

#[test]
fn a_policy_written_in_the_second_of_a_refused_read_is_there() {
    let text = std::fs::read_to_string(crate::world::fixture(&format!(
        "{CASES}/proof-and-write-in-one-second/tagrace.json"
    )))
    .unwrap();
    let log: Value = serde_json::from_str(&text).unwrap();
    let mut swapped = log.clone();
    (swapped["Records"][0]["eventID"], swapped["Records"][1]["eventID"]) = (json!("a0"), json!("a1"));
    let mut reversed = log.clone();
    reversed["Records"].as_array_mut().unwrap().reverse();
    for log in [log, swapped, reversed] {
        let state =
            &World::empty().file("log.json", log.to_string()).run("state bucket/b --json .").rows()[0];
        assert!(state["configuration"]["policy"]["Statement"].is_array(), "{state}");
    }
    // The bucket of the real archive keeps its tags.
    let world = World::fixtures();
    let state = &world
        .run(&format!("state {} --at 2023-07-10T12:00:30Z --json invictus", crate::world::BUCKET))
        .rows()[0];
    assert!(!state["tags"].as_object().unwrap().is_empty(), "{state}");
}

/// Where items stand beside calls in one file, both count.
#[test]
fn items_beside_calls_are_read() {
    let call = json!({"detail-type": "AWS API Call via CloudTrail", "source": "aws.sts", "id": "1", "account": "111122223333",
        "detail": serde_json::from_str::<Value>(&log()).unwrap()["Records"][0]});
    let one = item("AWS::Lambda::Function", "f", 11, json!({"functionName": "f", "timeout": 9}), json!({}));
    let change = json!({"detail-type": "Config Configuration Item Change", "source": "aws.config", "id": "2", "account": "111122223333",
        "detail": {"configurationItem": one, "messageType": "ConfigurationItemChangeNotification"}});
    let world = World::empty().file("events.jsonl", format!("{call}\n{change}\n"));
    let reply = world.run("state function/f --json .");
    assert_eq!(reply.rows()[0]["configuration"]["timeout"], 9, "{reply}");
    let files = &reply.json()["coverage"]["files"];
    assert_eq!((&files["read"], &files["unreadable"], reply.status), (&json!(1), &json!(0), 0), "{reply}");
}
