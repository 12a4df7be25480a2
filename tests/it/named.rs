//! What records name in other ways than by one id: DNS records, types without `AWS::`, inline policies by their
//! owner, functions by their account, resources under parameters, and a bucket's own place.

use crate::world::World;
use serde_json::{Value, json};

fn told(world: &World, command: &str) -> Vec<String> {
    let reply = world.run(&format!("{command} --json"));
    let cell =
        |row: &Value, pointer: &str| row.pointer(pointer).and_then(Value::as_str).unwrap_or("-").to_owned();
    let line = |row: &Value| {
        ["/eventTime", "/eventName", "/actor/who", "/resource/id"].map(|field| cell(row, field)).join(" ")
    };
    reply.rows().iter().map(line).collect()
}

fn event(id: u32, source: &str, name: &str, request: &Value, more: &Value) -> Value {
    let mut record = json!({
        "eventVersion": "1.08", "eventID": format!("00000000-0000-0000-0000-{id:012}"),
        "eventTime": format!("2024-05-01T12:00:{id:02}Z"), "eventSource": format!("{source}.amazonaws.com"),
        "eventName": name, "awsRegion": "eu-west-1", "recipientAccountId": "111122223333",
        "eventType": "AwsApiCall", "readOnly": false,
        "userIdentity": {"type": "IAMUser", "userName": "eve", "accountId": "111122223333"},
        "requestParameters": request, "responseElements": null,
    });
    for (key, value) in more.as_object().into_iter().flatten() {
        record[key] = value.clone();
    }
    record
}

fn world(records: &[Value]) -> World {
    World::empty().file("log.json", json!({"Records": records}).to_string())
}

#[test]
fn dns_records_are_found_by_their_names() {
    let cases = World::fixtures();
    let bob = |name: &str| {
        vec![format!("2024-05-01T12:01:00Z ChangeResourceRecordSets bob Z0123456789ABCDEFGHIJ/{name}")]
    };
    for name in ["api.example.com", "api.example.com.", "API.example.com", "record/api.example.com"] {
        assert_eq!(
            told(&cases, &format!("who-changed {name} cases/dns-record")),
            bob("api.example.com/CNAME"),
            "{name}"
        );
        // It was gone before its zone was deleted.
        let gone = "2024-05-01T12:02:00Z DeleteHostedZone eve Z0123456789ABCDEFGHIJ/api.example.com/CNAME";
        assert_eq!(told(&cases, &format!("who-deleted {name} cases/dns-record")), [gone], "{name}");
    }
    for name in ["www.example.com", "Route53::RecordSet/Z0123456789ABCDEFGHIJ/www.example.com/A"] {
        assert_eq!(
            told(&cases, &format!("who-deleted {name} cases/dns-record")),
            bob("www.example.com/A"),
            "{name}"
        );
    }
    let change = |action: &str, name: &str, kind: &str| json!({"action": action, "resourceRecordSet": {"name": name, "type": kind, "tTL": 60}});
    let batch =
        |changes: Value| json!({"hostedZoneId": "Z1ABCDEFGHIJKL", "changeBatch": {"changes": changes}});
    let world = world(&[
        event(
            1,
            "route53",
            "ChangeResourceRecordSets",
            &batch(json!([change("CREATE", "\\052.example.com.", "A")])),
            &Value::Null,
        ),
        // Taken away and made anew in one batch: another value, and no deletion.
        event(
            2,
            "route53",
            "ChangeResourceRecordSets",
            &batch(json!([
                change("DELETE", "mx.example.com.", "MX"),
                change("CREATE", "mx.example.com.", "MX"),
                change("DELETE", "mx.example.com.", "TXT")
            ])),
            &Value::Null,
        ),
    ]);
    for name in ["*.example.com", "\\052.example.com.", "record/*.example.com"] {
        let reply = told(&world, &format!("who-created {name} log.json"));
        assert_eq!(
            reply,
            ["2024-05-01T12:00:01Z ChangeResourceRecordSets eve Z1ABCDEFGHIJKL/*.example.com/A"],
            "{name}"
        );
    }
    assert_eq!(
        told(&world, "who-deleted mx.example.com log.json"),
        ["2024-05-01T12:00:02Z ChangeResourceRecordSets eve Z1ABCDEFGHIJKL/mx.example.com/TXT"]
    );
    assert_eq!(
        told(&world, "who-changed mx.example.com log.json"),
        ["2024-05-01T12:00:02Z ChangeResourceRecordSets eve Z1ABCDEFGHIJKL/mx.example.com/MX"]
    );
}

#[test]
fn types_are_taken_as_tables_print_them() {
    let cases = World::fixtures();
    let asked = |reference: &str| told(&cases, &format!("who {reference} cases/sg-by-name"));
    assert_eq!(
        asked("EC2::SecurityGroup/sg-0aaaaaaaaaaaaaaa1"),
        asked("AWS::EC2::SecurityGroup/sg-0aaaaaaaaaaaaaaa1")
    );
    assert_eq!(asked("EC2::SecurityGroup/sg-0aaaaaaaaaaaaaaa1").len(), 2);
    for kind in ["EC2::SecurityGroup", "AWS::EC2::SecurityGroup", "ec2::*"] {
        let found = cases.run(&format!("inventory --type {kind} --json cases/sg-by-name")).rows();
        assert!(found.iter().any(|row| row["resourceId"] == "sg-0aaaaaaaaaaaaaaa1"), "{kind}");
    }
    assert_eq!(cases.run("inventory --type !EC2::* --json cases/sg-by-name").rows(), [Value::Null; 0]);
    let custom = ["2025-06-01T12:04:00Z PutResourceConfig x t1"];
    assert_eq!(told(&cases, "who-changed MyCo::Res::Thing/t1 cases/rule-exemptions"), custom);
}

#[test]
fn policies_and_functions_are_found_by_what_they_hang_on() {
    let world = world(&[
        event(
            1,
            "iam",
            "PutRolePolicy",
            &json!({"roleName": "deploy", "policyName": "p", "policyDocument": "{}"}),
            &Value::Null,
        ),
        event(
            2,
            "iam",
            "PutUserPolicy",
            &json!({"userName": "deploy", "policyName": "p", "policyDocument": "{}"}),
            &Value::Null,
        ),
        event(
            3,
            "iam",
            "PutGroupPolicy",
            &json!({"groupName": "ops", "policyName": "q", "policyDocument": "{}"}),
            &Value::Null,
        ),
        event(
            4,
            "lambda",
            "UpdateFunctionCode20150331v2",
            &json!({"functionName": "111122223333:pay"}),
            &Value::Null,
        ),
        event(
            5,
            "lambda",
            "DeleteFunction20150331",
            &json!({"functionName": "111122223333:function:pay"}),
            &Value::Null,
        ),
    ]);
    for (reference, want) in [
        ("role/deploy/policy/p", &["PutRolePolicy eve deploy/p"][..]),
        ("user/deploy/policy/p", &["PutUserPolicy eve deploy/p"]),
        ("group/ops/policy/q", &["PutGroupPolicy eve ops/q"]),
        ("policy/q", &["PutGroupPolicy eve ops/q"]),
        ("IAM::RolePolicy/deploy/p", &["PutRolePolicy eve deploy/p"]),
        ("function/pay", &["UpdateFunctionCode20150331v2 eve pay", "DeleteFunction20150331 eve pay"]),
        ("111122223333:pay", &["UpdateFunctionCode20150331v2 eve pay", "DeleteFunction20150331 eve pay"]),
        (
            "111122223333:function:pay",
            &["UpdateFunctionCode20150331v2 eve pay", "DeleteFunction20150331 eve pay"],
        ),
        ("444455556666:pay", &[]),
    ] {
        let found = told(&world, &format!("who {reference} log.json"));
        let found: Vec<&str> = found.iter().map(|row| row.split_once(' ').unwrap().1).collect();
        assert_eq!(found, want, "{reference}");
    }
}

#[test]
fn what_rules_runbooks_and_imports_name_is_found() {
    let cases = World::fixtures();
    let calls = |rows: Vec<String>| -> Vec<String> {
        rows.iter().map(|row| row.split(' ').nth(1).unwrap().to_owned()).collect()
    };
    let group = calls(told(&cases, "who --all sg-0aaaaaaaaaaaaaaa1 cases/rule-exemptions"));
    for call in [
        "PutRemediationExceptions",
        "StartRemediationExecution",
        "StartAutomationExecution",
        "PutEvaluations",
    ] {
        assert!(group.contains(&call.to_owned()), "{call}: {group:?}");
    }
    let world = world(&[
        event(
            1,
            "config",
            "DeleteRemediationExceptions",
            &json!({"configRuleName": "r", "resourceKeys": [{"resourceType": "AWS::S3::Bucket", "resourceId": "payroll"}, {"resourceType": "AWS::IAM::User", "resourceId": "payroll"}]}),
            &Value::Null,
        ),
        event(
            2,
            "config",
            "DeleteResourceConfig",
            &json!({"resourceType": "AWS::S3::Bucket", "resourceId": "payroll"}),
            &Value::Null,
        ),
        event(
            3,
            "ssm",
            "StartAutomationExecution",
            &json!({"documentName": "d", "parameters": {"BucketName": ["payroll"], "KeyArn": ["arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-4333-8444-555555555555"]}}),
            &Value::Null,
        ),
        event(
            4,
            "cloudtrail",
            "StartImport",
            &json!({"destinations": ["arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/e1"], "importSource": {"s3": {"s3LocationUri": "s3://payroll/AWSLogs"}}}),
            &json!({"responseElements": {"importId": "i1"}}),
        ),
        event(
            5,
            "logs",
            "CreateScheduledQuery",
            &json!({"name": "q", "logGroupIdentifiers": ["payroll"]}),
            &Value::Null,
        ),
    ]);
    let found = |reference: &str| calls(told(&world, &format!("who --all {reference} log.json")));
    assert_eq!(
        found("bucket/payroll"),
        ["DeleteRemediationExceptions", "DeleteResourceConfig", "StartAutomationExecution", "StartImport"]
    );
    assert_eq!(found("user/payroll"), ["DeleteRemediationExceptions"]);
    assert_eq!(found("AWS::KMS::Key/11111111-2222-4333-8444-555555555555"), ["StartAutomationExecution"]);
    assert_eq!(found("AWS::CloudTrail::EventDataStore/e1"), ["StartImport"]);
    assert_eq!(found("log-group/payroll"), ["CreateScheduledQuery"]);
}

#[test]
fn a_bucket_says_where_it_is_and_whose() {
    let listed = json!({"resources": [{"type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::seen", "accountId": "444455556666"}]});
    let failed = json!({"errorCode": "BucketAlreadyExists"});
    let world = world(&[
        event(
            1,
            "s3",
            "CreateBucket",
            &json!({"bucketName": "made", "CreateBucketConfiguration": {"LocationConstraint": "EU"}}),
            &Value::Null,
        ),
        event(2, "s3", "PutBucketPolicy", &json!({"bucketName": "made", "bucketPolicy": {}}), &Value::Null),
        event(3, "s3", "PutBucketVersioning", &json!({"bucketName": "seen"}), &listed),
        event(4, "s3", "CreateBucket", &json!({"bucketName": "taken"}), &failed),
    ]);
    for (bucket, account, region) in [
        ("made", json!("111122223333"), json!("eu-west-1")),
        ("seen", json!("444455556666"), Value::Null),
        ("taken", Value::Null, Value::Null),
    ] {
        let state = world.run(&format!("state bucket/{bucket} --json log.json")).rows().remove(0);
        assert_eq!((&state["awsAccountId"], &state["awsRegion"]), (&account, &region), "{bucket}");
    }
}

#[test]
fn what_is_said_of_another_is_not_its_name() {
    let cases = World::fixtures();
    let all = cases.run("inventory --json invictus").rows();
    let related = all.iter().flat_map(|row| row["relationships"].as_array().unwrap());
    for relation in related.filter(|it| it["resourceType"] == "AWS::IAM::AccessKey") {
        assert!(relation["resourceId"].as_str().unwrap().starts_with("AKIA"), "{relation}");
    }
    let graph = cases.run("graph vpc-07b33857c7ad1c027 invictus");
    assert!(graph.text().contains(": is contained in it") && !graph.text().contains("vpc it"), "{graph}");
}
