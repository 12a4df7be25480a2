//! Which of several resources of one name a call was about, and what teaches the names that tell.

use crate::world::{Reply, World};
use serde_json::{Value, json};

fn event(minute: u32, source: &str, name: &str, request: Value, response: Value) -> Value {
    json!({
        "eventVersion": "1.09", "eventID": format!("00000000-0000-4000-8000-{minute:012}"),
        "eventTime": format!("2024-05-01T10:{minute:02}:00Z"), "eventSource": format!("{source}.amazonaws.com"),
        "eventName": name, "awsRegion": "us-east-1", "recipientAccountId": "111122223333",
        "eventType": "AwsApiCall", "readOnly": false,
        "userIdentity": {"type": "IAMUser", "userName": "eve", "accountId": "111122223333",
            "arn": "arn:aws:iam::111122223333:user/eve", "principalId": "AIDAEXAMPLEEVEXXXXXX1"},
        "requestParameters": request, "responseElements": response,
    })
}

fn world(records: &[Value]) -> World {
    World::empty().file("log.json", json!({"Records": records}).to_string())
}

/// The minutes of the rows.
fn minutes(reply: &Reply) -> Vec<String> {
    let minute = |row: &Value| row["eventTime"].as_str().unwrap_or_default()[14..16].to_owned();
    reply.rows().iter().map(minute).collect()
}

/// An ARN with a tail of its own is not answered with the calls on one that had its name before.
#[test]
fn an_arn_with_a_tail_is_one_resource() {
    let stack = |tail: &str| {
        format!("arn:aws:cloudformation:us-east-1:111122223333:stack/pay/{tail}-2222-11ef-8444-555555555555")
    };
    let secret = |tail: &str| format!("arn:aws:secretsmanager:us-east-1:111122223333:secret:db-{tail}");
    let nodes = |tail: &str| {
        format!("arn:aws:eks:us-east-1:111122223333:nodegroup/c/ng/{tail}-bbbb-cccc-dddd-eeeeffff0000")
    };
    let named = |name: &str| json!({"stackName": name});
    let nodegroup = || json!({"name": "c", "nodegroupName": "ng"});
    let made =
        |arn: &str| json!({"nodegroup": {"nodegroupName": "ng", "nodegroupArn": arn, "clusterName": "c"}});
    let world = world(&[
        event(0, "cloudformation", "CreateStack", named("pay"), json!({"stackId": stack("11111111")})),
        event(1, "cloudformation", "DeleteStack", named("pay"), Value::Null),
        event(2, "cloudformation", "CreateStack", named("pay"), json!({"stackId": stack("99999999")})),
        event(
            10,
            "secretsmanager",
            "CreateSecret",
            json!({"name": "db"}),
            json!({"aRN": secret("AbCdEf"), "name": "db"}),
        ),
        event(11, "secretsmanager", "TagResource", json!({"secretId": "db", "tags": []}), Value::Null),
        event(
            12,
            "secretsmanager",
            "DeleteSecret",
            json!({"secretId": "db", "forceDeleteWithoutRecovery": true}),
            json!({"aRN": secret("AbCdEf"), "name": "db"}),
        ),
        event(
            13,
            "secretsmanager",
            "CreateSecret",
            json!({"name": "db"}),
            json!({"aRN": secret("ZyXwVu"), "name": "db"}),
        ),
        event(14, "secretsmanager", "TagResource", json!({"secretId": "db", "tags": []}), Value::Null),
        event(20, "eks", "CreateNodegroup", nodegroup(), made(&nodes("aaaa1111"))),
        event(21, "eks", "DeleteNodegroup", nodegroup(), made(&nodes("aaaa1111"))),
        event(22, "eks", "CreateNodegroup", nodegroup(), made(&nodes("ffff1111"))),
        event(23, "eks", "UpdateNodegroupConfig", nodegroup(), json!({"update": {"id": "u"}})),
    ]);
    let who = |arn: &str| minutes(&world.run(&format!("who {arn} log.json --json")));
    assert_eq!(who(&stack("11111111")), ["00", "01"]);
    assert_eq!(who(&stack("99999999")), ["02"]);
    assert_eq!(who(&secret("AbCdEf")), ["10", "11", "12"]);
    assert_eq!(who(&secret("ZyXwVu")), ["13", "14"]);
    assert_eq!(who(&nodes("aaaa1111")), ["20", "21"]);
    assert_eq!(who(&nodes("ffff1111")), ["22", "23"]);
    assert_eq!(minutes(&world.run("who stack/pay log.json --json")), ["00", "01", "02"]);
}

/// Without a sign of another, a call by name is about the one that is asked for.
#[test]
fn a_call_by_name_alone_may_be_about_the_arn() {
    let arn = "arn:aws:cloudformation:us-east-1:111122223333:stack/pay/11111111-2222-11ef-8444-555555555555";
    let world = world(&[event(0, "cloudformation", "DeleteStack", json!({"stackName": "pay"}), Value::Null)]);
    assert_eq!(minutes(&world.run(&format!("who-deleted {arn} log.json --json"))), ["00"]);
    assert_eq!(minutes(&world.run(&format!("timeline {arn} log.json --json"))), ["00"]);
}

/// Who made a call that only read is told by its id and its name.
#[test]
fn the_caller_of_a_read_teaches_its_name() {
    let mut read = event(0, "s3", "ListBuckets", Value::Null, Value::Null);
    read["readOnly"] = json!(true);
    read["userIdentity"] = json!({"type": "IAMUser", "userName": "bob", "accountId": "111122223333",
        "arn": "arn:aws:iam::111122223333:user/bob", "principalId": "AIDAEXAMPLEBOBXXXXXX1"});
    let world = world(&[read, event(5, "iam", "DeleteUser", json!({"userName": "bob"}), Value::Null)]);
    for command in ["timeline", "who-deleted"] {
        let reply = world.run(&format!("{command} AIDAEXAMPLEBOBXXXXXX1 log.json --json"));
        assert_eq!(minutes(&reply), ["05"], "{command} {reply}");
    }
    let state = world.run("state AIDAEXAMPLEBOBXXXXXX1 log.json --json").json();
    assert_eq!(state["answer"][0]["knowledge"]["exists"], "gone", "{state}");
}

/// What AWS Config calls a resource is asked for as well.
#[test]
fn items_of_config_teach_names() {
    let item = json!({"fileVersion": "1.0", "configSnapshotId": "x", "configurationItems": [{
        "configurationItemVersion": "1.3", "configurationItemCaptureTime": "2024-05-01T09:00:00Z",
        "configurationItemStatus": "OK", "configurationStateId": "1", "awsAccountId": "111122223333",
        "resourceType": "AWS::IAM::Role", "resourceId": "AROAAAAAAAAAAAAAAAAA1", "resourceName": "R",
        "ARN": "arn:aws:iam::111122223333:role/R", "awsRegion": "us-east-1",
        "configuration": {"roleName": "R", "roleId": "AROAAAAAAAAAAAAAAAAA1", "path": "/"},
        "relationships": [], "tags": {}, "relatedEvents": []}]});
    let world = world(&[event(5, "iam", "DeleteRole", json!({"roleName": "R"}), Value::Null)])
        .file("config.json", item.to_string());
    let reply = world.run("who-deleted AROAAAAAAAAAAAAAAAAA1 . --json");
    assert_eq!(minutes(&reply), ["05"], "{reply}");
}

/// An association that is ended by its own id was of the address that had the number then.
#[test]
fn a_link_belongs_to_who_had_the_name_then() {
    let allocated = |id: &str| json!({"publicIp": "203.0.113.9", "domain": "vpc", "allocationId": id});
    let (one, two) = ("eipalloc-0aaaaaaaaaaaaaaa1", "eipalloc-0aaaaaaaaaaaaaaa2");
    let world = world(&[
        event(0, "ec2", "AllocateAddress", json!({"domain": "vpc"}), allocated(one)),
        event(
            2,
            "ec2",
            "AssociateAddress",
            json!({"publicIp": "203.0.113.9", "instanceId": "i-0aaaaaaaaaaaaaaa1"}),
            json!({"associationId": "eipassoc-0aaaaaaaaaaaaaaa1"}),
        ),
        event(
            3,
            "ec2",
            "DisassociateAddress",
            json!({"associationId": "eipassoc-0aaaaaaaaaaaaaaa1"}),
            json!({"_return": true}),
        ),
        event(5, "ec2", "ReleaseAddress", json!({"allocationId": one}), json!({"_return": true})),
        event(8, "ec2", "AllocateAddress", json!({"domain": "vpc"}), allocated(two)),
    ]);
    assert_eq!(minutes(&world.run(&format!("who {two} log.json --json"))), ["08"]);
    assert_eq!(minutes(&world.run(&format!("who {one} log.json --json"))), ["00", "02", "03", "05"]);
}

/// What CloudTrail hides is no name; the id that stands beside it is one.
#[test]
fn a_hidden_name_is_nobodys() {
    let hidden =
        || json!({"userPoolId": "us-east-1_AbCdEfGhI", "username": "HIDDEN_DUE_TO_SECURITY_REASONS"});
    let with = |minute: u32, name: &str, sub: &str| {
        let mut record = event(minute, "cognito-idp", name, hidden(), Value::Null);
        record["additionalEventData"] = json!({"sub": sub});
        record
    };
    let (one, two) = ("4cf1e53e-1111-4a7e-8ee2-222222222222", "5cf1e53e-1111-4a7e-8ee2-222222222222");
    let world = world(&[
        with(3, "AdminCreateUser", one),
        with(4, "AdminCreateUser", two),
        with(6, "AdminDeleteUser", one),
    ]);
    let ask = |name: &str| {
        world.run(&format!("who AWS::Cognito::UserPoolUser/us-east-1_AbCdEfGhI/{name} log.json --json"))
    };
    assert_eq!(minutes(&ask(one)), ["03", "06"]);
    assert_eq!(minutes(&ask(two)), ["04"]);
    let by_name = ask("alice").json();
    let may: u64 =
        by_name["mayHaveActed"].as_array().into_iter().flatten().filter_map(|it| it["events"].as_u64()).sum();
    assert_eq!(may, 3, "{by_name}");
    assert!(by_name["answer"].as_array().is_none_or(Vec::is_empty), "{by_name}");
}

/// One of several weighted records is not all of them.
#[test]
fn one_of_a_set_of_records_is_not_the_set() {
    let change = |action: &str, id: &str| {
        json!({"action": action, "resourceRecordSet": {"name": "x.example.com", "type": "A",
            "setIdentifier": id, "weight": 1, "resourceRecords": [{"value": "10.0.0.1"}]}})
    };
    let changes =
        |list: Value| json!({"hostedZoneId": "Z0123456789ABCDEFGHIJ", "changeBatch": {"changes": list}});
    let world = world(&[
        event(
            6,
            "route53",
            "ChangeResourceRecordSets",
            changes(json!([change("CREATE", "a"), change("CREATE", "b")])),
            Value::Null,
        ),
        event(7, "route53", "ChangeResourceRecordSets", changes(json!([change("DELETE", "a")])), Value::Null),
    ]);
    let state = world.run("state x.example.com log.json --json").json();
    assert_eq!(state["answer"][0]["knowledge"]["exists"], "unknown", "{state}");
    let deleted = world.run("who-deleted x.example.com log.json --json");
    assert_eq!(minutes(&deleted), ["07"], "it may have been the last: {deleted}");
}

/// Versions and aliases of functions, versions of state machines are resources of their own.
#[test]
fn versions_and_aliases_are_resources() {
    let function = "arn:aws:lambda:us-east-1:111122223333:function:f";
    let machine = "arn:aws:states:us-east-1:111122223333:stateMachine:pay";
    let named = || json!({"functionName": "f"});
    let world = world(&[
        event(
            0,
            "lambda",
            "PublishVersion20150331",
            named(),
            json!({"functionArn": format!("{function}:1"), "version": "1"}),
        ),
        event(
            1,
            "lambda",
            "CreateAlias20150331",
            json!({"functionName": "f", "name": "live", "functionVersion": "1"}),
            json!({"name": "live"}),
        ),
        event(2, "lambda", "DeleteAlias20150331", json!({"functionName": "f", "name": "live"}), Value::Null),
        event(
            3,
            "lambda",
            "DeleteFunction20150331",
            json!({"functionName": "f", "qualifier": "1"}),
            Value::Null,
        ),
        event(
            4,
            "lambda",
            "DeleteFunction20150331",
            json!({"functionName": format!("{function}:2")}),
            Value::Null,
        ),
        event(
            5,
            "states",
            "PublishStateMachineVersion",
            json!({"stateMachineArn": machine}),
            json!({"stateMachineVersionArn": format!("{machine}:1")}),
        ),
        event(
            6,
            "states",
            "DeleteStateMachineVersion",
            json!({"stateMachineVersionArn": format!("{machine}:1")}),
            Value::Null,
        ),
    ]);
    let who = |reference: &str| minutes(&world.run(&format!("who {reference} log.json --json")));
    assert_eq!(who("AWS::Lambda::Alias/f/live"), ["01", "02"]);
    assert_eq!(who("AWS::Lambda::Version/f:1"), ["00", "03"]);
    assert_eq!(who("AWS::Lambda::Version/f:2"), ["04"]);
    assert_eq!(who("AWS::StepFunctions::StateMachineVersion/pay:1"), ["05", "06"]);
    let deleted = world.run("who-deleted function/f log.json --json");
    assert_eq!(minutes(&deleted), Vec::<String>::new(), "{deleted}");
}
