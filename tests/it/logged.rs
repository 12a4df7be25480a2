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
    digests: 2025-06-01T10:00:00Z to null, UpdateTrail by mallory
    {services:[kms.amazonaws.com]}: 2025-06-01T10:10:00Z to 2025-06-01T10:20:00Z, PutEventSelectors by mallory
    {allBut:userIdentity.arn notEquals arn:aws:iam::123456789012:user/mallory}: 2025-06-01T10:20:00Z to 2025-06-01T10:30:00Z, PutEventSelectors by mallory
    managementEvents: 2025-06-01T10:30:00Z to 2025-06-01T10:40:00Z, PutEventSelectors by mallory
    "#);
    insta::assert_snapshot!(world.run("coverage log.json").text(), @r"
    ACCOUNT       REGION     DAY (UTC)   FILES  EVENTS  DIGESTS
    123456789012  us-east-1  2025-06-01      1       9        0  ████████████████████

    OFF: what a trail did not log
    ACCOUNT       TRAIL  NOT LOGGED                                                                                           FROM (UTC)            TO (UTC)                             CALL               WHO
    123456789012  main   all regions but us-east-1                                                                            2025-06-01T10:00:00Z  not switched on again in these logs  UpdateTrail        mallory
    123456789012  main   global services (IAM, STS, CloudFront)                                                               2025-06-01T10:00:00Z  not switched on again in these logs  UpdateTrail        mallory
    123456789012  main   digests: validation of log files was switched off                                                    2025-06-01T10:00:00Z  not switched on again in these logs  UpdateTrail        mallory
    123456789012  main   management events of kms.amazonaws.com                                                               2025-06-01T10:10:00Z  2025-06-01T10:20:00Z                 PutEventSelectors  mallory
    123456789012  main   management events but those where userIdentity.arn notEquals arn:aws:iam::123456789012:user/mallory  2025-06-01T10:20:00Z  2025-06-01T10:30:00Z                 PutEventSelectors  mallory
    123456789012  main   management events                                                                                    2025-06-01T10:30:00Z  2025-06-01T10:40:00Z                 PutEventSelectors  mallory

    SWITCHES: calls that change what is logged
    TIME (UTC)            ACCOUNT       REGION     CALL               TRAIL  WHO      OUTCOME
    2025-06-01T09:01:00Z  123456789012  us-east-1  CreateTrail        main   alice    succeeded
    2025-06-01T09:02:00Z  123456789012  us-east-1  StartLogging       main   alice    succeeded
    2025-06-01T10:00:00Z  123456789012  us-east-1  UpdateTrail        main   mallory  succeeded
    2025-06-01T10:10:00Z  123456789012  us-east-1  PutEventSelectors  main   mallory  succeeded
    2025-06-01T10:20:00Z  123456789012  us-east-1  PutEventSelectors  main   mallory  succeeded
    2025-06-01T10:30:00Z  123456789012  us-east-1  PutEventSelectors  main   mallory  succeeded
    2025-06-01T10:40:00Z  123456789012  us-east-1  PutEventSelectors  main   mallory  succeeded
    ");
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
    insta::assert_snapshot!(part.trim(), @r"
    : calls on what is in these; of others none is in these logs
    ACCOUNT       REGION     TYPE        RESOURCE  FIRST (UTC)           LAST (UTC)            EVENTS
    111122223333  us-east-1  S3::Bucket  logs      2024-05-01T09:00:00Z  2024-05-01T09:00:00Z       1
    111122223333  us-east-1  S3::Bucket  payroll   2024-05-01T08:00:00Z  2024-05-01T08:00:00Z       1

    TOLD: data events that a trail was told to log
    ACCOUNT       TRAIL  DATA EVENTS                                        FROM (UTC)            TO (UTC)              CALL          WHO
    111122223333  audit  AWS::S3::Object, startsWith arn:aws:s3:::payroll/  2024-05-01T07:00:00Z  2024-05-01T10:00:00Z  StartLogging  alice
    ");
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

/// Data events that ended before these logs tell that they began.
#[test]
fn the_end_of_data_events_is_told() {
    let read =
        |bucket: &str, time: &str| data("s3", "GetObject", time, json!({"bucketName": bucket, "key": "x"}));
    let last = call("ec2", "DescribeInstances", "2024-05-02T10:00:00Z", "app", json!({}));
    let elsewhere = json!({"trailName": "main", "eventSelectors": [{"readWriteType": "All",
        "includeManagementEvents": true, "dataResources": [{"type": "AWS::S3::Object", "values": ["arn:aws:s3:::other/"]}]}]});
    for (name, request) in [("PutEventSelectors", elsewhere), ("StopLogging", json!({"name": "main"}))] {
        let world = world(&[
            read("pay", "2024-05-01T11:00:00Z"),
            call("cloudtrail", name, "2024-05-01T12:00:00Z", "mallory", request),
            last.clone(),
        ]);
        let reply = world.run("who-read s3://pay/x log.json --json");
        let told = &reply.json()["dataEvents"];
        assert_eq!((&told["until"], &told["ended"][0]["by"]), (&json!("2024-05-01T11:00:00Z"), &json!(name)));
        let hints = hints(&reply);
        let want = format!(
            "from 2024-05-01T12:00:00Z trail main does not log calls on objects of `pay`: {name} by mallory"
        );
        assert!(hints.contains(&want), "{hints}");
        // Of a bucket that was never logged nothing ended.
        let other = world.run("who-read s3://never/x log.json --json").json()["dataEvents"].clone();
        assert_eq!(other.get("ended"), None, "{other}");
    }
}

/// A trail of one region logs nothing of a function in another.
#[test]
fn a_trail_of_one_region_logs_no_other() {
    let trail = |name: &str, minute: u32, request: Value| {
        call("cloudtrail", name, &format!("2024-05-01T06:{minute:02}:00Z"), "alice", request)
    };
    let made = |region: &str| {
        let mut made = call(
            "lambda",
            "CreateFunction20150331",
            "2024-05-01T08:00:00Z",
            "app",
            json!({"functionName": "f"}),
        );
        made["awsRegion"] = json!(region);
        made
    };
    let told = |region: &str| {
        let world = world(&[
            trail("CreateTrail", 0, json!({"name": "main", "isMultiRegionTrail": false})),
            trail("StartLogging", 1, json!({"name": "main"})),
            trail(
                "PutEventSelectors",
                2,
                json!({"trailName": "main", "eventSelectors": [{"readWriteType": "All",
                "dataResources": [{"type": "AWS::Lambda::Function", "values": ["arn:aws:lambda"]}]}]}),
            ),
            made(region),
        ]);
        let reply = world.run("who function/f log.json --all --json");
        reply.json()["dataEvents"]["loggedBy"].as_array().unwrap().len()
    };
    assert_eq!((told("us-east-1"), told("eu-west-1")), (1, 0));
}

/// What was not logged stands beside an answer that may lack it, and beside no other.
#[test]
fn holes_stand_beside_answers() {
    let at = |hour: u32| format!("2024-05-01T{hour:02}:00:00Z");
    let holes = |records: &[Value], command: &str| {
        let reply = world(records).run(&format!("{command} log.json --json"));
        let found = reply.json()["holes"].as_array().map_or(0, Vec::len);
        assert_eq!(hints(&reply).matches("HOLE? trail main").count(), found, "{reply}");
        found
    };
    let made = call("s3", "CreateBucket", &at(8), "alice", json!({"bucketName": "pay"}));
    let off = call("cloudtrail", "DeleteTrail", &at(9), "mallory", json!({"name": "main"}));
    let all = [made.clone(), off];
    for command in [
        "who-deleted bucket/pay",
        "who bucket/pay",
        "timeline bucket/pay",
        "inventory",
        "actor alice",
        "who-deleted bucket/pay --actor alice",
        "who-deleted bucket/never",
    ] {
        assert_eq!(holes(&all, command), 1, "{command}");
    }
    let selectors = |selector: Value| {
        let request = json!({"trailName": "main", "eventSelectors": [selector]});
        let later = call("ec2", "DescribeInstances", &at(20), "app", json!({}));
        [made.clone(), call("cloudtrail", "PutEventSelectors", &at(9), "mallory", request), later]
    };
    let no_keys =
        selectors(json!({"readWriteType": "All", "excludeManagementEventSources": ["kms.amazonaws.com"]}));
    let key = "11111111-2222-4333-8444-555555555555";
    assert_eq!(holes(&no_keys, &format!("who-changed key/{key}")), 1);
    assert_eq!(holes(&no_keys, "who-changed bucket/pay"), 0);
    let writes = selectors(json!({"readWriteType": "WriteOnly"}));
    assert_eq!(holes(&writes, "who-read secret/db"), 1);
    assert_eq!(holes(&writes, "who-changed secret/db"), 0);
}

/// Two regions may have trails of one name, and a trail may be made anew with less.
#[test]
fn each_trail_is_one_of_its_region() {
    let in_region = |mut record: Value, region: &str| {
        record["awsRegion"] = json!(region);
        record
    };
    let trail = |name: &str, day: u32, request: Value| {
        call("cloudtrail", name, &format!("2024-05-{day:02}T09:00:00Z"), "mallory", request)
    };
    let two = world(&[
        trail("StopLogging", 1, json!({"name": "main"})),
        in_region(trail("StartLogging", 2, json!({"name": "main"})), "eu-west-1"),
    ]);
    assert_eq!(off(&two), ["everything: 2024-05-01T09:00:00Z to null, StopLogging by mallory"]);
    let anew = world(&[
        trail(
            "CreateTrail",
            1,
            json!({"name": "main", "isMultiRegionTrail": true, "includeGlobalServiceEvents": true}),
        ),
        trail("StartLogging", 2, json!({"name": "main"})),
        trail("DeleteTrail", 3, json!({"name": "arn:aws:cloudtrail:us-east-1:111122223333:trail/main"})),
        trail(
            "CreateTrail",
            4,
            json!({"name": "main", "isMultiRegionTrail": false, "includeGlobalServiceEvents": false}),
        ),
        trail("StartLogging", 5, json!({"name": "main"})),
    ]);
    insta::assert_snapshot!(off(&anew).join("\n"), @r"
    everything: 2024-05-03T09:00:00Z to 2024-05-05T09:00:00Z, DeleteTrail by mallory
    otherRegions: 2024-05-04T09:00:00Z to null, CreateTrail by mallory
    globalServices: 2024-05-04T09:00:00Z to null, CreateTrail by mallory
    ");
    let less = world(&[
        trail("UpdateTrail", 1, json!({"name": "main", "isOrganizationTrail": false})),
        trail("UpdateTrail", 2, json!({"name": "main", "enableLogFileValidation": false})),
        trail("UpdateTrail", 3, json!({"name": "main", "s3BucketName": "elsewhere"})),
    ]);
    insta::assert_snapshot!(off(&less).join("\n"), @r"
    members: 2024-05-01T09:00:00Z to null, UpdateTrail by mallory
    digests: 2024-05-02T09:00:00Z to null, UpdateTrail by mallory
    {otherBucket:elsewhere}: 2024-05-03T09:00:00Z to null, UpdateTrail by mallory
    ");
}
