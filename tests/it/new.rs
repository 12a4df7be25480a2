//! `new`: what is new and what is not, against a naive computation and a story with known news.

use crate::world::{World, records};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Who and call, who and region, call and account, by a plain reading of users and roles.
fn pairs(record: &Value) -> Vec<String> {
    let text = |pointer: &str| record.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let who = match text("/userIdentity/type").as_str() {
        "IAMUser" => text("/userIdentity/userName"),
        "AssumedRole" => format!("role {}", text("/userIdentity/sessionContext/sessionIssuer/userName")),
        _ => return Vec::new(),
    };
    let call = format!("{}:{}", text("/eventSource").trim_end_matches(".amazonaws.com"), text("/eventName"));
    vec![
        format!("actorCall {who} {call}"),
        format!("actorRegion {who} {}", text("/awsRegion")),
        format!("actor {who} "),
    ]
}

#[test]
fn real_news_agree_with_a_naive_computation() {
    let (from, until) = ("2023-07-10T12:20:00Z", "2023-07-10T12:35:00Z");
    let (mut before, mut after) = (BTreeSet::new(), BTreeSet::new());
    for record in records() {
        let time = record["eventTime"].as_str().unwrap().to_owned();
        if time.as_str() > until {
            continue;
        }
        let set = if time.as_str() >= from { &mut after } else { &mut before };
        set.extend(pairs(&record));
    }
    let known = |who: &str| before.contains(&format!("actor {who} "));
    let wanted: BTreeSet<String> = after
        .difference(&before)
        .filter(|pair| {
            let mut words = pair.split(' ');
            let kind = words.next().unwrap();
            let who = pair[kind.len() + 1..].rsplit_once(' ').unwrap().0;
            kind == "actor" || known(who)
        })
        .cloned()
        .collect();
    assert!(wanted.len() > 40, "{} are few", wanted.len());
    let reply = World::fixtures().run(&format!("new --window 15m --until {until} invictus --json"));
    let answer = reply.json()["answer"].clone();
    let line = |row: &Value| {
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        format!("{} {} {}", text("kind"), text("who"), text("what"))
    };
    let got: BTreeSet<String> = answer
        .as_array()
        .unwrap()
        .iter()
        .map(line)
        // Services and hidden callers are not in the plain reading.
        .filter(|line| ["actorCall ", "actorRegion ", "actor "].iter().any(|kind| line.starts_with(kind)))
        .filter(|line| {
            !line.contains(".amazonaws.com ") && !line.contains("root of") && !line.contains("withholds")
        })
        .collect();
    assert_eq!(got, wanted);
    let bits: Vec<f64> = answer.as_array().unwrap().iter().map(|row| row["bits"].as_f64().unwrap()).collect();
    assert!(bits.is_sorted_by(|a, b| a >= b), "{bits:?}");
    assert!(reply.stderr.contains("the baseline is shorter than the 30d asked for"), "{reply}");
}

fn event(day: u8, who: &str, call: &str, address: &str, agent: &str) -> Value {
    json!({"eventTime": format!("2024-03-{day:02}T12:00:00Z"), "eventSource": "s3.amazonaws.com", "eventName": call,
        "awsRegion": "us-east-1", "sourceIPAddress": address, "userAgent": agent, "eventID": format!("{day} {who} {call} {address} {agent}"),
        "recipientAccountId": "111122223333",
        "userIdentity": {"type": "IAMUser", "userName": who, "accountId": "111122223333"}})
}

#[test]
fn only_what_was_never_there_is_told() {
    let cli = "aws-cli/2.15";
    let mut events: Vec<Value> =
        (1..=20).map(|day| event(day, "alice", "GetObject", "192.0.2.1", cli)).collect();
    events.extend((1..=20).map(|day| event(day, "bob", "ListBuckets", "198.51.100.1", cli)));
    // Another version of the same program, the same network, a call of somebody else, a new place, somebody new.
    events.push(event(21, "alice", "GetObject", "192.0.2.1", "aws-cli/2.16"));
    events.push(event(21, "alice", "ListBuckets", "192.0.2.9", cli));
    events.push(event(21, "alice", "DeleteBucket", "203.0.113.5", "Boto3/1.26"));
    events.push(event(21, "mallory", "GetObject", "203.0.113.5", cli));
    let copy = events[events.len() - 2].clone();
    let world = World::empty()
        .file("a.json", json!({"Records": events}).to_string())
        .file("b.json", json!({"Records": [copy]}).to_string());
    insta::assert_snapshot!(world.run("new --window 12h --baseline 10d ."), @r"
    BITS                      WHO      ACCOUNT       WHAT             EVENTS  FAILED  FIRST (UTC)           THEIRS BEFORE  BY ALL BEFORE
     8.8  new in the account           111122223333  s3:DeleteBucket       1       0  2024-03-21T12:00:00Z             20              0
     7.9  new call            alice    111122223333  s3:DeleteBucket       1       0  2024-03-21T12:00:00Z             10              0
     7.9  new network         alice    111122223333  203.0.113.0/24        1       0  2024-03-21T12:00:00Z             10              0
     7.9  new address         alice    111122223333  192.0.2.9             1       0  2024-03-21T12:00:00Z             10              0
     7.9  new user agent      alice    111122223333  Boto3                 1       0  2024-03-21T12:00:00Z             10              0
     4.4  new caller          mallory  111122223333                        1       0  2024-03-21T12:00:00Z              0              0
     4.4  new call            alice    111122223333  s3:ListBuckets        1       0  2024-03-21T12:00:00Z             10             10
    --- stderr
    trailscan: window 2024-03-21T00:00:00Z to 2024-03-21T12:00:00Z, 4 events
    trailscan: compared with 2024-03-11T00:00:00Z to 2024-03-21T00:00:00Z, 20 events
    trailscan: searched 2 files, 45 events, account 111122223333, region us-east-1, 2024-03-01T12:00:00Z to 2024-03-21T12:00:00Z
    --- exit 0
    ");
    let reply = world.run("new --window 30d . --json");
    let rows = reply.rows();
    assert_eq!(
        rows.iter().map(|row| row["who"].as_str().unwrap()).collect::<Vec<_>>(),
        ["alice", "bob", "mallory"]
    );
    assert_eq!(rows.iter().map(|row| row["count"].as_u64().unwrap()).collect::<Vec<_>>(), [23, 20, 1]);
    assert!(reply.stderr.contains("nothing in these logs lies before the window"), "{reply}");
    // Where a window begins may be said instead of how long it is.
    let end = "--until 2024-03-21T12:00:00Z --baseline 10d .";
    let spans = [format!("new --window 12h {end}"), format!("new --since 2024-03-21 {end}")];
    let [by_length, by_start] = spans.map(|args| world.run(&args).to_string());
    assert_eq!(by_start, by_length);
    let begun = world.run("new --since 2024-03-21 --baseline 10d .").to_string();
    assert_eq!(begun, by_length, "without an end the window ends with the last event");
    let cases = [
        "new --since 2024-03-22 .",
        "new --since 2024-03-21 --window 12h .",
        "new --window 0 .",
        "new - --window 1d",
        "new . --format raw",
    ];
    for args in cases {
        let reply = world.reply(world.command(args).write_stdin("{}"));
        assert_eq!(reply.status, 2, "{args}: {reply}");
    }
    assert_eq!(world.run("new --window 1h --until 2024-03-15T12:30:00Z .").status, 1);
}
