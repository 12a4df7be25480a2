//! Calls that may have acted on what is asked for without naming it.

use crate::world::{Reply, World};

/// A record of a call that succeeded.
fn record(time: &str, who: &str, source: &str, name: &str, request: &str, response: &str) -> String {
    format!(
        r#"{{"eventVersion":"1.08","userIdentity":{{"type":"IAMUser","principalId":"A","arn":"arn:aws:iam::111122223333:user/{who}","accountId":"111122223333","accessKeyId":"AKIAIOSFODNN7EXAMPL1","userName":"{who}"}},"eventTime":"{time}","eventSource":"{source}.amazonaws.com","eventName":"{name}","awsRegion":"us-east-1","sourceIPAddress":"198.51.100.7","userAgent":"aws-cli/2.15","requestParameters":{request},"responseElements":{response},"requestID":"r","eventID":"{time}-{name}-{who}","readOnly":false,"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"111122223333","eventCategory":"Management"}}"#
    )
}

fn world(records: &[String]) -> World {
    World::empty().file("log.json", format!(r#"{{"Records":[{}]}}"#, records.join(",")))
}

fn case(name: &str) -> World {
    World::empty().copy(&format!("cases/{name}/log.json"), "log.json")
}

/// The hints that an answer gives about calls that may be meant.
fn hints(reply: &Reply) -> Vec<String> {
    let may = |line: &&str| line.starts_with("hint: ") && line.contains(" may have ");
    reply.stderr.lines().filter(may).map(|line| line["hint: ".len()..].to_owned()).collect()
}

#[test]
fn batch_deletions_and_lifecycles_may_have_deleted_an_object() {
    let reply = case("delete-objects-unnamed-keys").run("who-deleted s3://payroll/a/b.txt log.json");
    assert_eq!(reply.status, 1, "{reply}");
    insta::assert_snapshot!(hints(&reply).join("\n"), @r#"
    carol called PutBucketLifecycle on `payroll` at 2024-04-01T12:00:00Z: prefix a/, expire after 1 day; deletions by S3 Lifecycle are never in CloudTrail, and one may have deleted it: `trailscan events --event-id 23b3c438-59a5-43a5-89b5-2ee2392323bd log.json` shows it
    1 DeleteObjects of `payroll` by eve, 2024-05-01T12:00:00Z, may have deleted it: the keys that it deleted are not logged; `trailscan events --event-id 8acc82f9-4ae0-471a-8c26-5f5b1c7c913b log.json` shows it
    "#);
    let json =
        case("delete-objects-unnamed-keys").run("who-deleted s3://payroll/a/b.txt log.json --json").json();
    insta::assert_snapshot!(json["mayHaveActed"].to_string(), @r#"[{"firstEventTime":"2024-04-01T12:00:00Z","lastEventTime":"2024-04-01T12:00:00Z","eventName":"PutBucketLifecycle","eventSource":"s3.amazonaws.com","who":"carol","events":1,"because":"later","within":"payroll","told":"prefix a/, expire after 1 day","why":"deletions by S3 Lifecycle are never in CloudTrail","eventID":"23b3c438-59a5-43a5-89b5-2ee2392323bd"},{"firstEventTime":"2024-05-01T12:00:00Z","lastEventTime":"2024-05-01T12:00:00Z","eventName":"DeleteObjects","eventSource":"s3.amazonaws.com","who":"eve","events":1,"because":"namesNothing","within":"payroll","why":"the keys that it deleted are not logged","eventID":"8acc82f9-4ae0-471a-8c26-5f5b1c7c913b"}]"#);
    // What is asked for as a whole is found, and what lies elsewhere was not meant.
    let reply = case("delete-objects-unnamed-keys").run("who-deleted s3://payroll/a/ log.json");
    assert_eq!((reply.status, hints(&reply).len()), (1, 2), "{reply}");
    let reply = case("delete-objects-unnamed-keys").run("who-deleted s3://payroll/z.txt log.json");
    assert_eq!((reply.status, hints(&reply).len()), (1, 1), "{reply}");
    let reply = case("delete-objects-unnamed-keys").run("who-deleted s3://other/a/b.txt log.json");
    assert_eq!((reply.status, hints(&reply).len()), (1, 0), "{reply}");
    let reply = case("delete-objects-unnamed-keys").run("who-deleted s3://payroll/other.txt log.json");
    assert_eq!((reply.status, hints(&reply).len()), (0, 1), "{reply}");
}

#[test]
fn deletions_by_a_lifecycle_are_never_logged() {
    let reply = case("lifecycle-not-logged").run("who-deleted s3://payroll/a/b.txt log.json");
    assert_eq!(reply.status, 1, "{reply}");
    insta::assert_snapshot!(hints(&reply).join("\n"), @r"carol called PutBucketLifecycle on `payroll` at 2024-04-01T12:00:00Z: prefix a/, expire after 1 day; deletions by S3 Lifecycle are never in CloudTrail, and one may have deleted it: `trailscan events --event-id a683209f-8e53-4fcf-804a-ad61b1fd10e2 log.json` shows it");
}

#[test]
fn what_cloudtrail_left_out_may_be_it() {
    let created = case("omitted-response").run("who-created i-0aaaaaaaaaaaaaaa1 log.json");
    assert_eq!(created.status, 1, "{created}");
    insta::assert_snapshot!(hints(&created).join("\n"), @r"1 RunInstances by alice, 2024-05-01T12:00:01Z, may have created it: CloudTrail left its response out, which was too large; `trailscan events --event-id e292d3c1-d24f-4c5d-848c-6428597446e7 log.json` shows it");
    let changed = case("omitted-response").run("who-changed role/x log.json");
    assert_eq!(changed.status, 1, "{changed}");
    insta::assert_snapshot!(hints(&changed).join("\n"), @r"1 PutRolePolicy by alice, 2024-05-01T12:00:02Z, may have changed it: CloudTrail left its request out, which was too large; `trailscan events --event-id 03d9b660-ac7f-461b-8d28-271b0f8630e8 log.json` shows it");
    // A record that names its resource beside what was left out means no other.
    let other = case("omitted-response").run("who-changed bucket/other log.json");
    assert_eq!((other.status, hints(&other).len()), (1, 0), "{other}");
    let named = case("omitted-response").run("who-changed bucket/payroll log.json");
    assert_eq!((named.status, hints(&named).len()), (0, 0), "{named}");
    // A plain name may be that of anything.
    let plain = case("omitted-response").run("who-changed x log.json");
    assert_eq!((plain.status, hints(&plain).len()), (1, 1), "{plain}");
    let elsewhere = case("omitted-response").run("who-changed arn:aws:iam::999999999999:role/x log.json");
    assert_eq!((elsewhere.status, hints(&elsewhere).len()), (1, 0), "{elsewhere}");
}

/// The same kind of thing in other services: what goes with another resource, what expires, what is below a path.
#[test]
fn siblings_of_other_services() {
    let day = "2024-05-01T12:00:00Z";
    let of =
        |source: &str, name: &str, request: &str| world(&[record(day, "eve", source, name, request, "null")]);
    let check = |world: World, question: &str, part: &str| {
        let reply = world.run(&format!("{question} log.json"));
        let hints = hints(&reply);
        match part {
            "" => assert!(hints.is_empty(), "{question}: {reply}"),
            part => assert!(
                hints.len() == 1 && hints[0].contains(part) && hints[0].contains("eve"),
                "{question}: {reply}"
            ),
        }
    };
    let ends = r#"{"instancesSet":{"items":[{"instanceId":"i-0aaaaaaaaaaaaaaa1"}]}}"#;
    check(
        of("ec2", "TerminateInstances", ends),
        "who-deleted vol-0123456789abcdef0",
        "deleted with their instance",
    );
    check(of("ec2", "TerminateInstances", ends), "who-created vol-0123456789abcdef0", "");
    check(of("ec2", "TerminateInstances", ends), "who-deleted bucket/x", "");
    let policy = r#"{"name":"/a","type":"String","policies":"[{\"Type\":\"Expiration\"}]"}"#;
    check(of("ssm", "PutParameter", policy), "who-deleted parameter//a", "expires by its policy");
    check(of("ssm", "PutParameter", policy), "who-deleted parameter//b", "");
    check(of("ssm", "PutParameter", r#"{"name":"/a"}"#), "who-deleted parameter//a", "");
    let below = r#"{"path":"/prod","recursive":true}"#;
    check(of("ssm", "GetParametersByPath", below), "who-read parameter//prod/db", "below the path");
    check(of("ssm", "GetParametersByPath", below), "who-read parameter//test/db", "");
    let shutdown =
        r#"{"instanceId":"i-0aaaaaaaaaaaaaaa1","instanceInitiatedShutdownBehavior":{"value":"terminate"}}"#;
    check(
        of("ec2", "ModifyInstanceAttribute", shutdown),
        "who-deleted i-0aaaaaaaaaaaaaaa1",
        "shuts itself down",
    );
    check(
        of("glue", "DeleteDatabase", r#"{"name":"sales"}"#),
        "who-deleted AWS::Glue::Table/sales/orders",
        "tables in the database",
    );
    check(of("glue", "DeleteDatabase", r#"{"name":"sales"}"#), "who-deleted AWS::Glue::Table/hr/orders", "");
    let keeps = r#"{"dBInstanceIdentifier":"db1","backupRetentionPeriod":1}"#;
    check(
        of("rds", "ModifyDBInstance", keeps),
        "who-deleted AWS::RDS::DBSnapshot/rds:db1-2024",
        "backupRetentionPeriod 1",
    );
    let omitted = r#"{"omitted":true,"originalSize":107300,"reason":"requestParameters too large"}"#;
    check(of("sqs", "SetQueueAttributes", omitted), "who-changed queue/q", "left its request out");
    check(of("dynamodb", "UpdateTable", omitted), "who-changed table/t", "left its request out");
    check(of("dynamodb", "UpdateTable", omitted), "who-deleted table/t", "");
}

#[test]
fn calls_that_failed_or_were_filtered_out_are_not_meant() {
    let failed = record(
        "2024-05-01T12:00:00Z",
        "eve",
        "s3",
        "DeleteObjects",
        r#"{"bucketName":"payroll","delete":""}"#,
        "null",
    )
    .replace(r#""requestID""#, r#""errorCode":"AccessDenied","requestID""#);
    let reply = world(&[failed]).run("who-deleted s3://payroll/a log.json");
    assert_eq!(hints(&reply).len(), 0, "{reply}");
    let reply =
        case("delete-objects-unnamed-keys").run("who-deleted s3://payroll/a/b.txt log.json --actor carol");
    assert_eq!(hints(&reply).len(), 1, "{reply}");
}

/// Counted once however often it was delivered, and found by way of an index as well.
#[test]
fn copies_and_indexes() {
    let call = |time: &str| {
        record(time, "eve", "s3", "DeleteObjects", r#"{"bucketName":"payroll","delete":""}"#, "null")
    };
    let log = format!(r#"{{"Records":[{},{}]}}"#, call("2024-05-01T12:00:00Z"), call("2024-05-01T13:00:00Z"));
    let omitted = include_str!("../fixtures/cases/omitted-response/log.json");
    let name = |number: u32| format!("logs/{number}.json");
    let world = World::empty().file(&name(1), &log).file(&name(2), &log).file(&name(3), omitted);
    let ask = |world: &World| {
        let deleted = world.run("who-deleted s3://payroll/a logs --index-dir made");
        let created = world.run("who-created i-0aaaaaaaaaaaaaaa1 logs --index-dir made");
        (hints(&deleted), hints(&created))
    };
    let plain = ask(&world);
    assert!(plain.0.len() == 1 && plain.0[0].starts_with("2 calls DeleteObjects of `payroll`"), "{plain:?}");
    assert_eq!(plain.1.len(), 1, "{plain:?}");
    let built = world.run("index logs --index-dir made");
    assert_eq!(built.status, 0, "{built}");
    assert_eq!(ask(&world), plain);
}
