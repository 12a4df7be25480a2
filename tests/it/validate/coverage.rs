//! `coverage`: what an archive holds, and what it does not.

use super::signed::{Bucket, Trail, key_list};
use crate::world::World;
use serde_json::{Value, json};

#[test]
fn days_hours_and_gaps_are_told() {
    let world = World::fixtures();
    let reply = world.run("coverage digest/digest-deleted/trail --no-index");
    insta::assert_snapshot!(reply, @r"
    ACCOUNT       REGION     DAY         FILES  EVENTS  DIGESTS
    111122223333  us-east-1  2025-03-10     10      30        3  ████████████████████
    111122223333  us-east-1  2025-03-11      8      24        2  ████████████████

    GAPS: spans of a chain that no digest covers
    ACCOUNT       REGION     TRAIL  FROM                  TO                    HOURS  CAUSE
    111122223333  us-east-1  audit  2025-03-10T23:39:54Z  2025-03-11T00:39:54Z  1.0    digest-missing: digests are missing
    --- stderr
    trailscan: 5 digests; `trailscan validate` proves them and the files
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
