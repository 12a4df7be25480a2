//! `coverage`: what an archive holds, and what it does not.

use super::signed::{Bucket, Trail, key_list, six_hours};
use crate::world::World;
use serde_json::{Value, json};

#[test]
fn days_hours_and_gaps_are_told() {
    let world = World::fixtures();
    let reply = world.run("coverage digest/digest-deleted/trail --no-index");
    insta::assert_snapshot!(reply, @r"
    ACCOUNT       REGION     DAY (UTC)   FILES  EVENTS  DIGESTS
    111122223333  us-east-1  2025-03-10     10      30        3  ████████████████████
    111122223333  us-east-1  2025-03-11      8      24        2  ████████████████

    GAPS: spans of a chain that no digest covers
    ACCOUNT       REGION     TRAIL  FROM (UTC)            TO (UTC)              HOURS  CAUSE
    111122223333  us-east-1  audit  2025-03-10T23:39:54Z  2025-03-11T00:39:54Z    1.0  digest-missing: digests are missing
    --- stderr
    trailscan: 5 digests; `trailscan validate digest/digest-deleted/trail` proves them and the files
    trailscan: searched 18 files, 54 events, account 111122223333, region us-east-1, 2025-03-10T20:49:10Z to 2025-03-11T02:05:52Z
    trailscan: left out 5 files: digest files
    --- exit 0
    ");
    let reply = world.run("coverage digest/digest-deleted/trail --no-index --by hour --json");
    let document: Value = serde_json::from_str(reply.text()).unwrap();
    let cells = document["answer"]["cells"].as_array().unwrap();
    // What the events themselves say, counted another way.
    let events = world.run("events digest/digest-deleted/trail --no-index --format jsonl");
    let count = |hour: &str| {
        events.text().lines().filter(|line| line.contains(&format!("\"eventTime\":\"{hour}"))).count()
    };
    let mut total = 0;
    for cell in cells {
        let from = cell["from"].as_str().unwrap();
        assert_eq!(cell["events"], count(&from[..13]), "{from}");
        total += cell["digests"].as_u64().unwrap();
    }
    assert_eq!(total, 5);
    assert_eq!(document["answer"]["gaps"][0]["cause"], "digest-missing");
}

#[test]
fn stopped_trails_restarts_and_regions_without_events_are_told() {
    let (mut bucket, mut trail) = (Bucket::default(), Trail::default());
    (0..2).for_each(|_| trail.hour(&mut bucket, 1));
    (trail.clock, trail.previous) = (trail.clock + 5400, None);
    trail.hour(&mut bucket, 1);
    let mut quiet = Trail { region: "eu-west-1", label: "Q", ..Trail::default() };
    quiet.hour(&mut bucket, 0);
    let call = |name: &str, time: &str, who: &str| {
        json!({
            "eventVersion": "1.09", "eventTime": time, "eventSource": "cloudtrail.amazonaws.com", "eventName": name,
            "awsRegion": "us-east-1", "recipientAccountId": "111122223333", "eventID": format!("{name}-{time}"),
            "userIdentity": {"type": "IAMUser", "userName": who},
            "requestParameters": {"name": "arn:aws:cloudtrail:us-east-1:111122223333:trail/audit"},
        })
    };
    let records = json!({"Records": [
        call("StopLogging", "2025-03-10T22:40:00Z", "mallory"),
        call("StartLogging", "2025-03-11T00:09:00Z", "alice"),
        call("DeleteTrail", "2025-03-11T01:00:00Z", "mallory"),
    ]});
    let world =
        World::empty().file("keys.json", key_list(&[0]).to_string()).file("calls.json", records.to_string());
    bucket.sync(&world.dir().join("logs"));
    let reply = world.run("coverage logs calls.json --no-index --public-keys keys.json --json");
    let answer = &serde_json::from_str::<Value>(reply.text()).unwrap()["answer"];
    assert_eq!(answer["restarts"], 1, "{reply}");
    assert_eq!(answer["gaps"][0]["cause"], "restart");
    assert_eq!(answer["digestsOnly"], json!([{"account": "111122223333", "region": "eu-west-1"}]));
    let off = answer["off"].as_array().unwrap();
    assert_eq!(
        (&off[0]["by"], &off[0]["from"], &off[0]["to"]),
        (&json!("StopLogging"), &json!("2025-03-10T22:40:00Z"), &json!("2025-03-11T00:09:00Z"))
    );
    assert_eq!(
        (&off[1]["by"], &off[1]["to"], &off[1]["trail"]),
        (&json!("DeleteTrail"), &Value::Null, &json!("audit"))
    );
    assert_eq!(answer["switches"].as_array().unwrap().len(), 3);
}

/// The same holes stand above a state, as far as they lie before its moment and where its events are.
#[test]
fn a_state_tells_what_is_missing_before_it() {
    let mut bucket = six_hours();
    ["L1.0", "L1.2", "D3"].into_iter().for_each(|label| drop(bucket.delete(label)));
    let call = |source: &str, name: &str, time: &str, region: &str, request: Value| {
        json!({
            "eventVersion": "1.09", "eventTime": time, "eventSource": source, "eventName": name, "readOnly": false,
            "awsRegion": region, "recipientAccountId": "111122223333", "eventID": format!("{name}-{time}"),
            "userIdentity": {"type": "IAMUser", "userName": "mallory"}, "requestParameters": request,
        })
    };
    let (iam, trail) = ("iam.amazonaws.com", "cloudtrail.amazonaws.com");
    let selectors = |all: bool| {
        let kind = if all { "All" } else { "ReadOnly" };
        json!({"trailName": "audit", "eventSelectors": [{"readWriteType": kind, "includeManagementEvents": true}]})
    };
    let records = [
        call(iam, "CreateUser", "2025-03-01T10:00:00Z", "us-east-1", json!({"userName": "eve"})),
        call(trail, "PutEventSelectors", "2025-03-05T10:00:00Z", "us-east-1", selectors(false)),
        call(trail, "PutEventSelectors", "2025-03-05T12:00:00Z", "us-east-1", selectors(true)),
        call(iam, "TagUser", "2025-03-11T10:00:00Z", "us-east-1", json!({"userName": "eve", "tags": []})),
        call(trail, "StopLogging", "2025-03-12T10:00:00Z", "us-east-1", json!({"name": "audit"})),
        // Of another region nothing counts.
        call(
            "sqs.amazonaws.com",
            "CreateQueue",
            "2025-03-03T10:00:00Z",
            "eu-west-1",
            json!({"queueName": "q"}),
        ),
    ];
    let world = World::empty().file("calls.json", json!({"Records": records}).to_string());
    bucket.sync(&world.dir().join("logs"));
    let holes = |question: &str| {
        let reply = world.run(&format!("{question} logs calls.json --no-index --json"));
        reply.rows()[0]["knowledge"]["holes"].clone()
    };
    let all = holes("state user/eve");
    assert_eq!(all.as_array().map(Vec::len), Some(1), "{all}");
    let all = &all[0];
    assert_eq!((&all["account"], &all["region"]), (&json!("111122223333"), &json!("us-east-1")));
    assert_eq!((&all["logsBegin"], &all["digests"]), (&json!("2025-03-01T10:00:00Z"), &json!(5)));
    let days =
        json!([{"from": "2025-03-02", "to": "2025-03-04"}, {"from": "2025-03-06", "to": "2025-03-10"}]);
    assert_eq!(all["daysWithoutEvents"], days);
    assert_eq!(
        (&all["missingFiles"]["files"], &all["gaps"][0]["cause"]),
        (&json!(2), &json!("digest-missing"))
    );
    let off: Vec<&Value> = all["trailsOff"].as_array().unwrap().iter().map(|it| &it["by"]).collect();
    assert_eq!(off, ["PutEventSelectors", "StopLogging"]);
    // Before all that, only the quiet days are left.
    let early = &holes("state user/eve --at 2025-03-03T00:00:00Z")[0];
    assert_eq!(early["daysWithoutEvents"], json!([{"from": "2025-03-02", "to": "2025-03-03"}]));
    assert_eq!(
        (&early["gaps"], &early["missingFiles"], &early["trailsOff"]),
        (&json!([]), &Value::Null, &json!([]))
    );
    let diff =
        "diff user/eve --from 2025-03-05T11:00:00Z --to 2025-03-07T00:00:00Z logs calls.json --no-index";
    let reply = world.run(diff);
    assert!(!reply.text().contains("HOLE"), "nothing differs, nothing is shown: {reply}");
    let table = world.run("state user/eve --at 2025-03-12T12:00:00Z logs calls.json --no-index");
    let is_hole = |line: &&str| line.contains("HOLE") || line.starts_with("logs");
    let lines: Vec<&str> = table.text().lines().filter(is_hole).collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    logs of 111122223333 us-east-1: 2025-03-01T10:00:00Z to 2025-03-12T10:00:00Z
    HOLE: 2025-03-12T12:00:00Z lies after these logs: what was done from 2025-03-12T10:00:00Z to then is unknown
    HOLE? 8 days without any event, quiet or missing: 2025-03-02 to 2025-03-04, 2025-03-06 to 2025-03-10
    HOLE? no digest of trail audit from 2025-03-10T23:39:54Z to 2025-03-11T00:39:54Z: digests are missing
    HOLE: 2 files that digests list are not here, delivered 2025-03-10T21:45:00Z to 2025-03-10T22:15:00Z
    HOLE? trail audit logged no changes from 2025-03-05T10:00:00Z to 2025-03-05T12:00:00Z: PutEventSelectors by mallory
    HOLE? trail audit was off from 2025-03-12T10:00:00Z to the end of these logs: StopLogging by mallory
    ");
}
