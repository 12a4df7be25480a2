//! One resource answers under every name that the archive teaches, and an id only for its own.

use crate::world::{Reply, World};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use trailscan::catalog;
use trailscan::catalog::Catalog;
use trailscan::event::{EventParser, Outcome};
use trailscan::resource::Resource;

/// `(eventTime, eventName, who)` of each row.
fn rows(reply: &Reply) -> Vec<String> {
    let cell =
        |row: &Value, pointer: &str| row.pointer(pointer).and_then(Value::as_str).unwrap_or("-").to_owned();
    let line =
        |row: &Value| ["/eventTime", "/eventName", "/actor/who"].map(|field| cell(row, field)).join(" ");
    reply.rows().iter().map(line).collect()
}

fn ids(reply: &Reply) -> BTreeSet<String> {
    reply.rows().iter().map(|row| row["eventID"].as_str().unwrap().to_owned()).collect()
}

/// A record of a call that succeeded; `when` is a time of one day.
fn event(id: u32, when: &str, source: &str, name: &str, request: Value, response: Value) -> Value {
    json!({
        "eventVersion": "1.08", "eventID": format!("00000000-0000-0000-0000-{id:012}"),
        "eventTime": format!("2024-05-01T{when}Z"), "eventSource": format!("{source}.amazonaws.com"), "eventName": name,
        "awsRegion": "eu-west-1", "recipientAccountId": "111122223333", "eventType": "AwsApiCall",
        "userIdentity": {"type": "IAMUser", "userName": "eve", "accountId": "111122223333",
            "arn": "arn:aws:iam::111122223333:user/eve", "principalId": "AIDAEXAMPLEEVEXXXXXX1"},
        "requestParameters": request, "responseElements": response,
    })
}

fn world(records: Vec<Value>) -> World {
    World::empty().file("log.json", json!({"Records": records}).to_string())
}

/// Every identifier that stands beside another in a record of the real logs leads to the same rows.
#[test]
fn every_identifier_of_a_real_resource_gives_the_same_rows() {
    // By kind and identifier the others that stood beside it.
    let mut beside: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    let mut parser = EventParser::default();
    for record in crate::world::records() {
        let note = |event: &trailscan::event::Event<'_>| {
            let acts = Catalog::default().acts(event);
            let done =
                acts.list.iter().filter(|_| event.outcome() == Outcome::Succeeded).map(|act| &act.resource);
            let mut all: Vec<Resource> = done.cloned().collect();
            all.extend(catalog::named_by_caller(event));
            for resource in all {
                let names: Vec<String> = resource.identifiers().iter().map(|it| (*it).to_owned()).collect();
                for name in &names {
                    let others = beside.entry((resource.kind.to_string(), name.clone())).or_default();
                    others.extend(names.iter().filter(|it| *it != name).cloned());
                }
            }
        };
        parser.read(record.to_string().as_bytes(), note).unwrap();
    }
    let is_unique = |text: &str| Resource::from_id(text).is_some();
    let mut asked = 0;
    for ((kind, id), names) in &beside {
        if !is_unique(id) && id.parse::<std::net::IpAddr>().is_err() {
            continue;
        }
        for name in names.iter().filter(|name| !name.starts_with("arn:")) {
            // A name that several had leads to all of them.
            let owners = beside[&(kind.clone(), name.clone())].iter().filter(|it| is_unique(it)).count();
            if owners != 1 && !is_unique(name) {
                continue;
            }
            let ask = |text: &str| World::fixtures().run(&format!("who {kind}/{text} invictus --json"));
            let (by_id, by_name) = (ask(id), ask(name));
            assert_eq!(ids(&by_id), ids(&by_name), "{kind}: {id} and {name}");
            asked += 1;
        }
    }
    assert!(asked > 12, "only {asked} pairs of names");
}

#[test]
fn ids_of_the_real_logs_find_what_calls_name_otherwise() {
    let reply = World::fixtures().run("who-deleted ANPATFQR7NSCRBSSSS4N4 invictus --json");
    assert_eq!(rows(&reply), ["2023-07-10T12:08:01Z DeletePolicy bert-jan"], "{reply}");
}

#[test]
fn a_unique_id_is_one_incarnation() {
    let ask =
        |command: &str| World::fixtures().run(&format!("{command} cases/unique-id-own-incarnation --json"));
    let deleted = |id: &str| rows(&ask(&format!("who-deleted {id}")));
    assert_eq!(deleted("AIDAEXAMPLEEXAMPLE11"), ["2026-01-02T00:00:00Z DeleteUser root of 111122223333"]);
    assert_eq!(deleted("AIDAEXAMPLEEXAMPLE22"), ["2026-01-04T00:00:00Z DeleteUser root of 111122223333"]);
    assert_eq!(deleted("user/bob").len(), 2);
    assert_eq!(rows(&ask("timeline AIDAEXAMPLEEXAMPLE11")).len(), 2);
    let state = ask("state AIDAEXAMPLEEXAMPLE11").json();
    assert_eq!(state["answer"][0]["configuration"]["userId"], "AIDAEXAMPLEEXAMPLE11", "{state}");
    assert_eq!(state["alsoKnownAs"][0]["identifier"], "bob");
}

#[test]
fn the_key_of_an_alias_is_what_is_deleted() {
    let reply = World::fixtures().run("who-deleted alias/pay cases/kms-alias-of-deleted-key");
    insta::assert_snapshot!(reply, @r"
    TIME (UTC)            WHO  CALL                 RESOURCE                                       DETAIL                 FROM          REGION
    2024-05-01T12:05:00Z  eve  ScheduleKeyDeletion  KMS::Key 11111111-2222-4333-8444-555555555555  pendingWindowInDays=7  198.51.100.7  us-east-1
    --- stderr
    trailscan: `alias/pay` is also known as `11111111-2222-4333-8444-555555555555`
    trailscan: no call that deletes `alias/pay` itself: what is shown was done to the key that it names
    trailscan: searched 1 file, 8 events, account 111122223333, region us-east-1, 2024-05-01T11:00:00Z to 2024-05-01T12:06:00Z
    hint: `trailscan who --all alias/pay cases/kms-alias-of-deleted-key` shows 1 event more that only uses it (`related`)
    --- exit 0
    ");
}

#[test]
fn a_group_that_calls_name_is_the_group_of_the_id() {
    let ask = |command: &str, case: &str| {
        World::fixtures().run(&format!("{command} sg-0aaaaaaaaaaaaaaa1 cases/{case} --json"))
    };
    let who = ask("who", "sg-by-name");
    let want = [
        "2024-05-01T11:00:00Z CreateSecurityGroup alice",
        "2024-05-01T12:00:00Z AuthorizeSecurityGroupIngress role Deploy (session i-0bbbbbbbbbbbbbbb1)",
    ];
    assert_eq!(rows(&who), want);
    assert_eq!(rows(&ask("timeline", "sg-by-name")), want);
    let state = ask("state", "sg-by-name").json();
    assert!(state.to_string().contains("tcp 22 0.0.0.0/0"), "{state}");
    let deleted = ask("who-deleted", "sg-revoke-delete-by-name");
    assert_eq!(rows(&deleted), ["2024-05-01T12:02:00Z DeleteSecurityGroup eve"]);
    let inventory =
        World::fixtures().run("inventory --type *SecurityGroup cases/sg-revoke-delete-by-name --json");
    let statuses: Vec<Value> = inventory.rows().iter().map(|row| row["status"].clone()).collect();
    assert_eq!(statuses, ["gone"], "{inventory}");
}

/// Siblings: what is made under a name or an address and taken away by its id, or the other way round.
#[test]
fn names_and_addresses_lead_to_what_goes_by_an_id() {
    let ec2 = "ec2";
    let world = world(vec![
        event(
            1,
            "10:00:00",
            ec2,
            "AllocateAddress",
            json!({"domain": "vpc"}),
            json!({"publicIp": "203.0.113.9", "allocationId": "eipalloc-0a1b2c3d4e5f60718"}),
        ),
        event(
            2,
            "11:00:00",
            ec2,
            "ReleaseAddress",
            json!({"allocationId": "eipalloc-0a1b2c3d4e5f60718"}),
            json!({"_return": true}),
        ),
        event(
            3,
            "10:00:01",
            ec2,
            "CreateKeyPair",
            json!({"keyName": "ops"}),
            json!({"keyName": "ops", "keyPairId": "key-0a1b2c3d4e5f60718"}),
        ),
        event(
            4,
            "11:00:01",
            ec2,
            "DeleteKeyPair",
            json!({"keyPairId": "key-0a1b2c3d4e5f60718"}),
            json!({"_return": true}),
        ),
        event(
            5,
            "10:00:02",
            "apigateway",
            "CreateRestApi",
            json!({"createRestApiInput": {"name": "pay-api"}}),
            json!({"id": "a1b2c3d4e5", "name": "pay-api"}),
        ),
        event(6, "11:00:02", "apigateway", "DeleteRestApi", json!({"restApiId": "a1b2c3d4e5"}), Value::Null),
        event(
            7,
            "10:00:03",
            "rds",
            "CreateDBInstance",
            json!({"dBInstanceIdentifier": "pay"}),
            json!({"dBInstanceIdentifier": "pay", "dbiResourceId": "db-ABCDEFGHIJKLMNOPQRSTUVWX12",
                "dBInstanceArn": "arn:aws:rds:eu-west-1:111122223333:db:pay"}),
        ),
        event(8, "11:00:03", "rds", "DeleteDBInstance", json!({"dBInstanceIdentifier": "pay"}), Value::Null),
        event(
            9,
            "10:00:04",
            ec2,
            "CreateLaunchTemplate",
            json!({"CreateLaunchTemplateRequest": {"LaunchTemplateName": "web"}}),
            json!({"CreateLaunchTemplateResponse": {"launchTemplate": {"launchTemplateId": "lt-0a1b2c3d4e5f60718", "launchTemplateName": "web"}}}),
        ),
        event(
            10,
            "11:00:04",
            ec2,
            "DeleteLaunchTemplate",
            json!({"DeleteLaunchTemplateRequest": {"LaunchTemplateName": "web"}}),
            Value::Null,
        ),
    ]);
    for (asked, want) in [
        ("203.0.113.9", "2024-05-01T11:00:00Z ReleaseAddress eve"),
        ("eip/203.0.113.9", "2024-05-01T11:00:00Z ReleaseAddress eve"),
        ("key-pair/ops", "2024-05-01T11:00:01Z DeleteKeyPair eve"),
        ("key-0a1b2c3d4e5f60718", "2024-05-01T11:00:01Z DeleteKeyPair eve"),
        ("pay-api", "2024-05-01T11:00:02Z DeleteRestApi eve"),
        ("db-ABCDEFGHIJKLMNOPQRSTUVWX12", "2024-05-01T11:00:03Z DeleteDBInstance eve"),
        ("lt-0a1b2c3d4e5f60718", "2024-05-01T11:00:04Z DeleteLaunchTemplate eve"),
    ] {
        let reply = world.run(&format!("who-deleted {asked} log.json --json"));
        assert_eq!(rows(&reply), [want], "{asked}: {reply}");
        let state = world.run(&format!("state {asked} log.json --json")).json();
        assert_eq!(state["answer"].as_array().map(Vec::len), Some(1), "{asked}: {state}");
        assert_eq!(state["answer"][0]["knowledge"]["exists"], "gone", "{asked}: {state}");
    }
}

/// A name that was used again: the id of the first is not the second's, whatever the calls name.
#[test]
fn an_id_is_not_answered_with_the_next_of_its_name() {
    let role = |id: u32, when: &str, role: &str| {
        event(
            id,
            when,
            "iam",
            "CreateRole",
            json!({"roleName": "deploy"}),
            json!({"role": {"roleName": "deploy", "roleId": role, "arn": "arn:aws:iam::111122223333:role/deploy"}}),
        )
    };
    let by_name = |id: u32, when: &str, name: &str| {
        event(id, when, "iam", name, json!({"roleName": "deploy"}), Value::Null)
    };
    let group = |id: u32, when: &str, group: &str| {
        event(
            id,
            when,
            "ec2",
            "CreateSecurityGroup",
            json!({"groupName": "web", "groupDescription": "x"}),
            json!({"groupId": group}),
        )
    };
    let delete_group = |id: u32, when: &str| {
        event(id, when, "ec2", "DeleteSecurityGroup", json!({"groupName": "web"}), json!({"_return": true}))
    };
    let world = world(vec![
        role(1, "10:00:00", "AROAEXAMPLEEXAMPLE11"),
        by_name(2, "10:10:00", "PutRolePolicy"),
        by_name(3, "10:20:00", "DeleteRole"),
        role(4, "10:30:00", "AROAEXAMPLEEXAMPLE22"),
        by_name(5, "10:40:00", "DeleteRole"),
        group(6, "10:00:00", "sg-0aaaaaaaaaaaaaaa1"),
        delete_group(7, "10:20:00"),
        group(8, "10:30:00", "sg-0aaaaaaaaaaaaaaa2"),
        delete_group(9, "10:40:00"),
    ]);
    for (asked, want) in [
        ("AROAEXAMPLEEXAMPLE11", "2024-05-01T10:20:00Z DeleteRole eve"),
        ("AROAEXAMPLEEXAMPLE22", "2024-05-01T10:40:00Z DeleteRole eve"),
        ("sg-0aaaaaaaaaaaaaaa1", "2024-05-01T10:20:00Z DeleteSecurityGroup eve"),
        ("sg-0aaaaaaaaaaaaaaa2", "2024-05-01T10:40:00Z DeleteSecurityGroup eve"),
    ] {
        let reply = world.run(&format!("who-deleted {asked} log.json --json"));
        assert_eq!(rows(&reply), [want], "{asked}: {reply}");
    }
    assert_eq!(rows(&world.run("who-changed AROAEXAMPLEEXAMPLE22 log.json --json")), [""; 0]);
    assert_eq!(rows(&world.run("who-deleted role/deploy log.json --json")).len(), 2);
    assert_eq!(rows(&world.run("who-deleted security-group/web log.json --json")).len(), 2);
}

/// Siblings: whoever is renamed is the same under both names, and nobody deleted the old one.
#[test]
fn what_is_renamed_is_the_same_under_both_names() {
    let user = json!({"user": {"userName": "old", "userId": "AIDAEXAMPLEEXAMPLE11"}});
    let group = json!({"group": {"groupName": "old", "groupId": "AGPAEXAMPLEEXAMPLE11"}});
    let world = world(vec![
        event(1, "10:00:00", "iam", "CreateUser", json!({"userName": "old"}), user),
        event(
            2,
            "11:00:00",
            "iam",
            "UpdateUser",
            json!({"userName": "old", "newUserName": "new"}),
            Value::Null,
        ),
        event(3, "12:00:00", "iam", "DeleteUser", json!({"userName": "new"}), Value::Null),
        event(4, "10:00:01", "iam", "CreateGroup", json!({"groupName": "old"}), group),
        event(
            5,
            "11:00:01",
            "iam",
            "UpdateGroup",
            json!({"groupName": "old", "newGroupName": "new"}),
            Value::Null,
        ),
        event(6, "12:00:01", "iam", "DeleteGroup", json!({"groupName": "new"}), Value::Null),
        event(7, "10:00:02", "redshift", "CreateCluster", json!({"clusterIdentifier": "old"}), Value::Null),
        event(
            8,
            "11:00:02",
            "redshift",
            "ModifyCluster",
            json!({"clusterIdentifier": "old", "newClusterIdentifier": "new"}),
            Value::Null,
        ),
        event(9, "12:00:02", "redshift", "DeleteCluster", json!({"clusterIdentifier": "new"}), Value::Null),
        // Another of the old name, and what is done to it.
        event(
            10,
            "13:00:00",
            "iam",
            "CreateUser",
            json!({"userName": "old"}),
            json!({"user": {"userName": "old", "userId": "AIDAEXAMPLEEXAMPLE22"}}),
        ),
        event(11, "14:00:00", "iam", "DeleteUser", json!({"userName": "old"}), Value::Null),
    ]);
    for (asked, want) in [
        ("AIDAEXAMPLEEXAMPLE11", &["12:00:00Z DeleteUser"][..]),
        ("AIDAEXAMPLEEXAMPLE22", &["14:00:00Z DeleteUser"]),
        ("user/new", &["12:00:00Z DeleteUser"]),
        ("user/old", &["12:00:00Z DeleteUser", "14:00:00Z DeleteUser"]),
        ("group/old", &["12:00:01Z DeleteGroup"]),
        ("AGPAEXAMPLEEXAMPLE11", &["12:00:01Z DeleteGroup"]),
        ("AWS::Redshift::Cluster/old", &["12:00:02Z DeleteCluster"]),
    ] {
        let reply = world.run(&format!("who-deleted {asked} log.json --json"));
        let want: Vec<String> = want.iter().map(|it| format!("2024-05-01T{it} eve")).collect();
        assert_eq!(rows(&reply), want, "{asked}: {reply}");
    }
    let created = rows(&world.run("who-created group/new log.json --json"));
    assert_eq!(created, ["2024-05-01T10:00:01Z CreateGroup eve"]);
    let inventory = world.run("inventory --type AWS::IAM::Group log.json --json");
    assert_eq!(inventory.rows().len(), 1, "{inventory}");
}

/// What gave a resource its name need not pass the filters.
#[test]
fn names_are_learnt_from_what_filters_hide() {
    let world = world(vec![
        event(
            1,
            "10:00:00",
            "iam",
            "CreateUser",
            json!({"userName": "bob"}),
            json!({"user": {"userName": "bob", "userId": "AIDAEXAMPLEEXAMPLE11", "arn": "arn:aws:iam::111122223333:user/bob"}}),
        ),
        event(2, "11:00:00", "iam", "DeleteUser", json!({"userName": "bob"}), Value::Null),
    ]);
    let want = ["2024-05-01T11:00:00Z DeleteUser eve"];
    for filter in ["--since 2024-05-01T10:30:00Z", "--event DeleteUser", "--actor eve"] {
        let reply = world.run(&format!("who-deleted AIDAEXAMPLEEXAMPLE11 log.json --json {filter}"));
        assert_eq!(rows(&reply), want, "{filter}: {reply}");
    }
}

/// A pipe is gone when it was read: then it is said what the resource is called otherwise.
#[test]
fn a_pipe_is_read_once_and_the_other_names_are_told() {
    let records = vec![
        event(
            1,
            "10:00:00",
            "iam",
            "CreateUser",
            json!({"userName": "bob"}),
            json!({"user": {"userName": "bob", "userId": "AIDAEXAMPLEEXAMPLE11"}}),
        ),
        event(2, "11:00:00", "iam", "DeleteUser", json!({"userName": "bob"}), Value::Null),
    ];
    let world = World::empty();
    let mut command = world.command("who-deleted AIDAEXAMPLEEXAMPLE11 -");
    let reply = world.reply(command.write_stdin(json!({"Records": records}).to_string()));
    assert!(reply.stderr.contains("is also called `bob`: a pipe can be read once only"), "{reply}");
}
