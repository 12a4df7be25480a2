//! What trails log, since when, and what they were told not to log.

use crate::world::{Reply, World};
use serde_json::{Value, json};

fn call(source: &str, name: &str, time: &str, who: &str, request: Value) -> Value {
    json!({
        "eventVersion": "1.09", "eventTime": time, "eventSource": format!("{source}.amazonaws.com"), "eventName": name,
        "awsRegion": "us-east-1", "recipientAccountId": "111122223333", "eventID": format!("{name}-{time}"),
        "userIdentity": {"type": "IAMUser", "userName": who}, "requestParameters": request, "readOnly": false,
        "eventCategory": "Management",
    })
}

fn data(source: &str, name: &str, time: &str, request: Value) -> Value {
    let mut record = call(source, name, time, "app", request);
    record["eventCategory"] = json!("Data");
    record
}

fn world(records: &[Value]) -> World {
    World::empty().file("log.json", json!({"Records": records}).to_string())
}

fn hints(reply: &Reply) -> String {
    let hints = reply.stderr.lines().filter_map(|line| line.strip_prefix("hint: "));
    hints.collect::<Vec<_>>().join("\n")
}

fn off(world: &World) -> Vec<String> {
    let text = |value: &Value| value.to_string().replace('"', "");
    let answer = world.run("coverage log.json --json").json()["answer"].clone();
    let line = |it: &Value| {
        let [unlogged, from, to, by, who] =
            ["unlogged", "from", "to", "by", "who"].map(|name| text(&it[name]));
        format!("{unlogged}: {from} to {to}, {by} by {who}")
    };
    answer["off"].as_array().unwrap().iter().map(line).collect()
}

#[test]
fn a_trail_that_was_narrowed() {
    let world = World::empty().copy("cases/trail-narrowed/trail.json", "log.json");
    insta::assert_snapshot!(off(&world).join("\n"), @r#"
    otherRegions: 2025-06-01T10:00:00Z to null, UpdateTrail by mallory
    globalServices: 2025-06-01T10:00:00Z to null, UpdateTrail by mallory
    {services:[kms.amazonaws.com]}: 2025-06-01T10:10:00Z to 2025-06-01T10:20:00Z, PutEventSelectors by mallory
    {allBut:userIdentity.arn notEquals arn:aws:iam::123456789012:user/mallory}: 2025-06-01T10:20:00Z to 2025-06-01T10:30:00Z, PutEventSelectors by mallory
    managementEvents: 2025-06-01T10:30:00Z to 2025-06-01T10:40:00Z, PutEventSelectors by mallory
    "#);
    insta::assert_snapshot!(world.run("coverage log.json").text(), @r#"
    ACCOUNT       REGION     DAY         FILES  EVENTS  DIGESTS
    123456789012  us-east-1  2025-06-01      1       9        0  ████████████████████

    OFF: what a trail did not log
    ACCOUNT       TRAIL  NOT LOGGED                                                                                           FROM                  TO                                   CALL               WHO
    123456789012  main   all regions but us-east-1                                                                            2025-06-01T10:00:00Z  not switched on again in these logs  UpdateTrail        mallory
    123456789012  main   global services (IAM, STS, CloudFront)                                                               2025-06-01T10:00:00Z  not switched on again in these logs  UpdateTrail        mallory
    123456789012  main   management events of kms.amazonaws.com                                                               2025-06-01T10:10:00Z  2025-06-01T10:20:00Z                 PutEventSelectors  mallory
    123456789012  main   management events but those where userIdentity.arn notEquals arn:aws:iam::123456789012:user/mallory  2025-06-01T10:20:00Z  2025-06-01T10:30:00Z                 PutEventSelectors  mallory
    123456789012  main   management events                                                                                    2025-06-01T10:30:00Z  2025-06-01T10:40:00Z                 PutEventSelectors  mallory

    SWITCHES: calls that change what is logged
    TIME                  ACCOUNT       REGION     CALL               TRAIL  WHO      OUTCOME
    2025-06-01T09:01:00Z  123456789012  us-east-1  CreateTrail        main   alice    succeeded
    2025-06-01T09:02:00Z  123456789012  us-east-1  StartLogging       main   alice    succeeded
    2025-06-01T10:00:00Z  123456789012  us-east-1  UpdateTrail        main   mallory  succeeded
    2025-06-01T10:10:00Z  123456789012  us-east-1  PutEventSelectors  main   mallory  succeeded
    2025-06-01T10:20:00Z  123456789012  us-east-1  PutEventSelectors  main   mallory  succeeded
    2025-06-01T10:30:00Z  123456789012  us-east-1  PutEventSelectors  main   mallory  succeeded
    2025-06-01T10:40:00Z  123456789012  us-east-1  PutEventSelectors  main   mallory  succeeded
    "#);
}

/// Stores of CloudTrail Lake, readers, services, buckets: every way of logging less.
#[test]
fn other_ways_of_logging_less() {
    let at = |hour: u32| format!("2024-05-01T{hour:02}:00:00Z");
    let trail =
        |name: &str, hour: u32, request: Value| call("cloudtrail", name, &at(hour), "mallory", request);
    let store = json!("arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/EXAMPLE");
    let advanced =
        |fields: Value| json!({"trailName": "main", "advancedEventSelectors": [{"fieldSelectors": fields}]});
    let management = json!({"field": "eventCategory", "equals": ["Management"]});
    let world = world(&[
        trail("CreateTrail", 1, json!({"name": "main", "s3BucketName": "logs", "isMultiRegionTrail": true})),
        trail("StopEventDataStoreIngestion", 2, json!({"eventDataStore": store})),
        trail("StartEventDataStoreIngestion", 3, json!({"eventDataStore": store})),
        trail("UpdateEventDataStore", 4, json!({"eventDataStore": store, "multiRegionEnabled": false})),
        trail("UpdateTrail", 5, json!({"name": "main", "s3BucketName": "mine"})),
        trail(
            "PutEventSelectors",
            6,
            json!({"trailName": "main", "eventSelectors": [{"readWriteType": "WriteOnly"}]}),
        ),
        trail(
            "PutEventSelectors",
            7,
            advanced(
                json!([management, {"field": "eventSource", "notEquals": ["kms.amazonaws.com", "rdsdata.amazonaws.com"]}]),
            ),
        ),
        trail(
            "PutEventSelectors",
            8,
            advanced(json!([management, {"field": "eventName", "notEquals": ["DeleteBucket"]}])),
        ),
        trail("PutEventSelectors", 9, advanced(json!([management]))),
        trail("DeleteTrail", 10, json!({"name": "main"})),
    ]);
    insta::assert_snapshot!(off(&world).join("\n"), @r#"
    everything: 2024-05-01T02:00:00Z to 2024-05-01T03:00:00Z, StopEventDataStoreIngestion by mallory
    otherRegions: 2024-05-01T04:00:00Z to null, UpdateEventDataStore by mallory
    {oldBucket:mine}: 2024-05-01T05:00:00Z to null, UpdateTrail by mallory
    reads: 2024-05-01T06:00:00Z to 2024-05-01T07:00:00Z, PutEventSelectors by mallory
    {services:[kms.amazonaws.com,rdsdata.amazonaws.com]}: 2024-05-01T07:00:00Z to 2024-05-01T08:00:00Z, PutEventSelectors by mallory
    {allBut:eventName notEquals DeleteBucket}: 2024-05-01T08:00:00Z to 2024-05-01T09:00:00Z, PutEventSelectors by mallory
    everything: 2024-05-01T10:00:00Z to null, DeleteTrail by mallory
    "#);
}

/// Above a state stands what may be missing of it: not another service's events, nor what another trail logged.
#[test]
fn holes_of_their_own_services_and_regions() {
    let at = |hour: u32| format!("2024-05-01T{hour:02}:00:00Z");
    let selectors = |excluded: Value| json!({"trailName": "main", "eventSelectors": [{"readWriteType": "All", "excludeManagementEventSources": excluded}]});
    let world = world(&[
        call("iam", "CreateUser", &at(1), "alice", json!({"userName": "bob"})),
        call(
            "kms",
            "TagResource",
            &at(1),
            "alice",
            json!({"keyId": "1234abcd-12ab-34cd-56ef-1234567890ab", "tags": []}),
        ),
        call("sqs", "CreateQueue", &at(1), "alice", json!({"queueName": "q"})),
        call("cloudtrail", "PutEventSelectors", &at(2), "mallory", selectors(json!(["kms.amazonaws.com"]))),
        call(
            "cloudtrail",
            "UpdateTrail",
            &at(3),
            "mallory",
            json!({"name": "main", "includeGlobalServiceEvents": false, "isMultiRegionTrail": false}),
        ),
    ]);
    let holes = |reference: &str| {
        let reply = world.run(&format!("state {reference} log.json --wide"));
        let lines = reply
            .text()
            .lines()
            .filter_map(|line| line.split_once("HOLE? trail main "))
            .map(|it| it.1.to_owned());
        lines.collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(holes("user/bob"), @"logged no global services (IAM, STS, CloudFront) from 2024-05-01T03:00:00Z to the end of these logs: UpdateTrail by mallory");
    insta::assert_snapshot!(holes("key/1234abcd-12ab-34cd-56ef-1234567890ab"), @"logged no events of kms.amazonaws.com from 2024-05-01T02:00:00Z to the end of these logs: PutEventSelectors by mallory");
    assert_eq!(holes("AWS::SQS::Queue/q"), "");
}

/// What a test made trails for and took away again is no hole where another trail logged on.
#[test]
fn trails_of_strangers_are_no_holes_of_real_logs() {
    let reply = World::fixtures().run("state bucket/stratus-red-team-ctlr-bucket-zqfsvooxqj invictus");
    assert!(reply.text().contains("logs of 123837392027 us-east-1"), "{reply}");
    assert!(!reply.text().contains("HOLE? trail"), "{reply}");
    let coverage = World::fixtures().run("coverage invictus --json").json();
    assert_eq!(coverage["answer"]["off"].as_array().unwrap().len(), 3, "{}", coverage["answer"]["off"]);
}

/// Known since when: by what trails were told, and by what is there.
#[test]
fn since_when_data_events_are_logged() {
    let at = |hour: u32| format!("2024-05-01T{hour:02}:00:00Z");
    let on = |values: Value| json!({"trailName": "audit", "eventSelectors": [{"readWriteType": "All", "dataResources": [{"type": "AWS::S3::Object", "values": values}]}]});
    let records = [
        call("s3", "CreateBucket", &at(1), "alice", json!({"bucketName": "payroll"})),
        call("cloudtrail", "CreateTrail", &at(5), "alice", json!({"name": "audit"})),
        call("cloudtrail", "PutEventSelectors", &at(6), "alice", on(json!(["arn:aws:s3:::payroll/"]))),
        call("cloudtrail", "StartLogging", &at(7), "alice", json!({"name": "audit"})),
        data("s3", "PutObject", &at(8), json!({"bucketName": "payroll", "key": "other"})),
        data("s3", "GetObject", &at(9), json!({"bucketName": "logs", "key": "x"})),
        call("cloudtrail", "StopLogging", &at(10), "mallory", json!({"name": "audit"})),
    ];
    let world = world(&records);
    let reply = world.run("who-read s3://payroll/ log.json");
    assert_eq!(reply.status, 1, "{reply}");
    insta::assert_snapshot!(hints(&reply), @r#"
    calls on objects of `payroll` are logged from 2024-05-01T07:00:00Z to 2024-05-01T10:00:00Z: trail audit, StartLogging by alice
    calls on objects of `payroll` are in these logs from 2024-05-01T08:00:00Z to 2024-05-01T08:00:00Z, 111122223333 us-east-1
    before 2024-05-01T07:00:00Z, and after 2024-05-01T10:00:00Z, nothing tells that calls on objects of `payroll` were logged: that none is shown does not mean that there was none
    "#);
    insta::assert_snapshot!(hints(&world.run("who-read s3://elsewhere/a log.json")), @"none of the 2 data events in these files is on objects of `elsewhere`, and no call tells that they are logged: calls on them cannot be seen");
    insta::assert_snapshot!(hints(&world.run("who-read s3://logs/a log.json --since 2024-05-01T08:30:00Z")), @r#"
    calls on objects of `logs` are in these logs from 2024-05-01T09:00:00Z to 2024-05-01T09:00:00Z, 111122223333 us-east-1
    before 2024-05-01T09:00:00Z nothing tells that calls on objects of `logs` were logged: that none is shown does not mean that there was none
    "#);
    let json = world.run("who-read s3://payroll/ log.json --json").json();
    assert_eq!(json["dataEvents"]["since"], at(7), "{json}");
    assert_eq!(json["dataEvents"]["loggedBy"][0]["to"], at(10), "{json}");
    let coverage = world.run("coverage log.json");
    let part = coverage.text().split("DATA EVENTS").skip(1).collect::<Vec<_>>().join("DATA EVENTS");
    let part = part.split("SWITCHES").next().unwrap();
    insta::assert_snapshot!(part.trim(), @r#"
    : calls on what is in these; of others none is in these logs
    ACCOUNT       REGION     TYPE        RESOURCE  FIRST                 LAST                  EVENTS
    111122223333  us-east-1  S3::Bucket  logs      2024-05-01T09:00:00Z  2024-05-01T09:00:00Z       1
    111122223333  us-east-1  S3::Bucket  payroll   2024-05-01T08:00:00Z  2024-05-01T08:00:00Z       1

    TOLD: data events that a trail was told to log
    ACCOUNT       TRAIL  DATA EVENTS                                        FROM                  TO                    CALL          WHO
    111122223333  audit  AWS::S3::Object, startsWith arn:aws:s3:::payroll/  2024-05-01T07:00:00Z  2024-05-01T10:00:00Z  StartLogging  alice
    "#);
}

#[test]
fn other_services_have_data_events_too() {
    let at = |hour: u32| format!("2024-05-01T{hour:02}:00:00Z");
    let advanced = |kind: &str, more: Value| {
        let mut fields = vec![
            json!({"field": "eventCategory", "equals": ["Data"]}),
            json!({"field": "resources.type", "equals": [kind]}),
        ];
        fields.extend(more.as_array().unwrap().iter().cloned());
        json!({"trailName": "t", "advancedEventSelectors": [{"fieldSelectors": fields}]})
    };
    let arn = |value: &str| json!([{"field": "resources.ARN", "startsWith": [value]}]);
    for (kind, more, reference, want) in [
        ("AWS::Lambda::Function", json!([]), "function/f", Some("on")),
        (
            "AWS::Lambda::Function",
            arn("arn:aws:lambda:us-east-1:111122223333:function:g"),
            "function/f",
            None,
        ),
        (
            "AWS::DynamoDB::Table",
            arn("arn:aws:dynamodb:us-east-1:111122223333:table/f"),
            "table/f",
            Some("on"),
        ),
        (
            "AWS::DynamoDB::Table",
            json!([{"field": "readOnly", "equals": ["false"]}]),
            "table/f",
            Some("on (writes only)"),
        ),
        ("AWS::SNS::Topic", json!([]), "topic/f", Some("on")),
        ("AWS::SQS::Queue", json!([]), "topic/f", None),
    ] {
        let world = world(&[call("cloudtrail", "PutEventSelectors", &at(6), "alice", advanced(kind, more))]);
        let told = hints(&world.run(&format!("who-read {reference} log.json")));
        match want {
            Some(want) => assert!(
                told.contains(&format!("are logged from {} {want}: trail t", at(6))),
                "{kind} {reference}: {told}"
            ),
            None => assert!(
                told.contains("cannot be seen") && !told.contains("are logged from"),
                "{kind} {reference}: {told}"
            ),
        }
    }
}
