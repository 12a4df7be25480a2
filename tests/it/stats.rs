//! `stats`: every number against a naive computation, copies, corrections, and both ways of counting.

use crate::world::{World, records};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What `stats` says, as `key: count failed first last actors addresses`.
fn stats(world: &World, args: &str) -> Vec<String> {
    let reply = world.run(&format!("stats {args} --json"));
    assert!(reply.status == 0, "{args}: {reply}");
    let line = |row: &Value| {
        let mut row = row.as_object().unwrap().clone();
        let counts: Vec<String> =
            ["count", "failed", "firstEventTime", "lastEventTime", "actors", "addresses"]
                .iter()
                .map(|name| text(&row.shift_remove(*name).unwrap()))
                .collect();
        row.shift_remove("histogram");
        let mut key = Vec::new();
        leaves(&Value::Object(row), &mut key);
        format!("{}: {}", key.join(" "), counts.join(" "))
    };
    reply.json()["answer"].as_array().unwrap().iter().map(line).collect()
}

fn leaves(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => object.values().for_each(|value| leaves(value, found)),
        value => found.push(text(value)),
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Who made the call, as far as the real logs go: `who account`.
fn who(record: &Value) -> String {
    let identity = &record["userIdentity"];
    let tail = |text: &Value| text.as_str().unwrap().rsplit(['/', ':']).next().unwrap().to_owned();
    let who = match identity["type"].as_str().unwrap_or("AWSService") {
        "IAMUser" if identity["userName"] == "HIDDEN_DUE_TO_SECURITY_REASONS" => {
            "a user whose name AWS withholds".to_owned()
        }
        "IAMUser" => identity["userName"].as_str().unwrap().to_owned(),
        "Root" => format!("root of {}", text(&identity["accountId"])),
        "AWSService" => identity["invokedBy"].as_str().unwrap().to_owned(),
        "AssumedRole" => {
            let role = text(&identity["sessionContext"]["sessionIssuer"]["userName"]);
            format!("role {role} (session {})", tail(&identity["arn"]))
        }
        other => panic!("the real logs have no {other}"),
    };
    format!("{who} {}", text(&identity["accountId"]))
}

/// The same by a plain reading of every record.
fn naive(records: &[Value], key: &dyn Fn(&Value) -> Vec<String>) -> Vec<String> {
    #[derive(Default)]
    struct Group<'r> {
        count: u64,
        failed: u64,
        times: BTreeSet<&'r str>,
        actors: BTreeSet<String>,
        addresses: BTreeSet<&'r str>,
    }
    let mut groups: BTreeMap<String, Group<'_>> = BTreeMap::new();
    for record in records {
        for key in key(record).into_iter().collect::<BTreeSet<_>>() {
            let group = groups.entry(key).or_default();
            group.count += 1;
            let failed_login = record["responseElements"]["ConsoleLogin"] == "Failure";
            group.failed += u64::from(record["errorCode"].is_string() || failed_login);
            group.times.insert(record["eventTime"].as_str().unwrap());
            group.actors.insert(who(record));
            group.addresses.extend(record["sourceIPAddress"].as_str());
        }
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by(|a, b| b.1.count.cmp(&a.1.count).then_with(|| a.0.cmp(&b.0)));
    let line = |(key, group): &(String, Group<'_>)| {
        let (first, last) = (group.times.first().unwrap(), group.times.last().unwrap());
        let (actors, addresses) = (group.actors.len(), group.addresses.len());
        format!("{key}: {} {} {first} {last} {actors} {addresses}", group.count, group.failed)
    };
    groups.iter().map(line).collect()
}

/// Sorted, for a missing value sorts elsewhere than its text.
fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

#[test]
fn every_number_agrees_with_a_naive_computation() {
    let records = records();
    let world = World::fixtures();
    let at =
        |path: &'static str| move |record: &Value| vec![text(record.pointer(path).unwrap_or(&Value::Null))];
    let name = |record: &Value| text(&record["eventName"]);
    let hour = |record: &Value| vec![format!("{}0:00Z", &record["eventTime"].as_str().unwrap()[..15])];
    type Key<'k> = &'k dyn Fn(&Value) -> Vec<String>;
    let cases: [(&str, Key<'_>); 9] = [
        ("--by eventName", &at("/eventName")),
        ("--by sourceIPAddress", &at("/sourceIPAddress")),
        ("--by userIdentity.arn", &at("/userIdentity/arn")),
        ("--by requestParameters.bucketName", &at("/requestParameters/bucketName")),
        ("--by actor", &|record| vec![who(record)]),
        ("--by eventName,actor", &|record| vec![format!("{} {}", name(record), who(record))]),
        ("--by awsRegion,userIdentity.type,eventSource", &|record| {
            let type_ = text(&record["userIdentity"]["type"]);
            vec![format!("{} {type_} {}", text(&record["awsRegion"]), text(&record["eventSource"]))]
        }),
        ("--by requestParameters.filterSet.items.name", &|record| {
            let items = record["requestParameters"]["filterSet"]["items"].as_array();
            let names: Vec<String> = items
                .into_iter()
                .flatten()
                .filter(|it| it["name"].is_string())
                .map(|it| text(&it["name"]))
                .collect();
            if names.is_empty() { vec!["null".to_owned()] } else { names }
        }),
        ("--every 10m", &hour),
    ];
    for (args, key) in cases {
        let want = sorted(naive(&records, key));
        assert!(want.len() > 1, "{args} says little");
        let got = stats(&world, &format!("{args} invictus"));
        assert_eq!(sorted(got.clone()), want, "{args}");
        // A filter that a glance does not settle has every record parsed.
        assert_eq!(stats(&world, &format!("{args} invictus --user-agent *")), got, "{args}, parsed");
        assert_eq!(stats(&world, &format!("{args} invictus --threads 1")), got, "{args}, one thread");
    }
    let order: Vec<u64> = stats(&world, "--by eventName invictus")
        .iter()
        .map(|line| line.split(' ').nth(1).unwrap().parse().unwrap())
        .collect();
    assert!(order.is_sorted_by(|a, b| a >= b), "{order:?}");
}

/// What is not shown need not be counted; what is shown is the same.
#[test]
fn fields_say_the_same_alone() {
    let world = World::empty();
    let world = crate::world::invictus().iter().fold(world, |world, log| world.copy(log, log));
    for args in
        ["--by eventName", "--by actor", "--by outcome --every 1h", "--every 5m", "--by userIdentity.type"]
    {
        let all = world.run(&format!("stats {args} invictus --json")).json()["answer"].clone();
        assert!(all[0]["actors"].is_u64(), "{all}");
        for fields in
            ["count", "failed", "actors", "addresses", "histogram", "count,firstEventTime,lastEventTime"]
        {
            let names: Vec<&str> = fields.split(',').collect();
            if names == ["histogram"] && all[0]["histogram"].is_null() {
                continue;
            }
            let reply = world.run(&format!("stats {args} invictus --json --fields {fields}"));
            let want = all.as_array().unwrap().iter();
            let want = want.map(|it| names.iter().map(|name| (*name, it[name].clone())).collect::<Value>());
            assert_eq!(reply.json()["answer"], want.collect::<Value>(), "{args}, {fields}");
        }
    }
}

fn event(id: &str, name: &str, time: &str) -> Value {
    json!({"eventVersion": "1.08", "eventTime": time, "eventSource": "s3.amazonaws.com", "eventName": name,
        "awsRegion": "us-east-1", "sourceIPAddress": "192.0.2.1", "eventID": id, "recipientAccountId": "111122223333",
        "userIdentity": {"type": "IAMUser", "userName": "alice", "accountId": "111122223333"}})
}

fn log(events: &[Value]) -> String {
    json!({"Records": events}).to_string()
}

const NOON: &str = "2024-03-01T12:00:00Z";

/// Copies count once, in whatever form, file and order; an id alone makes no copy.
#[test]
fn copies_count_once() {
    let (one, two) = (event("e-1", "GetObject", NOON), event("e-2", "GetObject", NOON));
    let mut turned =
        one.as_object().unwrap().iter().rev().map(|(k, v)| (k.clone(), v.clone())).collect::<Vec<_>>();
    turned.rotate_left(3);
    let turned: Value = turned.into_iter().collect::<serde_json::Map<_, _>>().into();
    let world = World::empty()
        .file("a/one.json", log(&[one.clone(), two.clone()]))
        .file("b/two.json", log(&[one.clone(), event("e-2", "PutObject", NOON)]))
        .file("c/pretty.json", serde_json::to_string_pretty(&json!({"Records": [turned]})).unwrap())
        .file("d/same.json", log(&[two.clone(), two]));
    for threads in [1, 2, 4] {
        let args = format!("--by eventName . --threads {threads}");
        assert_eq!(
            stats(&world, &args),
            [
                "GetObject: 2 0 2024-03-01T12:00:00Z 2024-03-01T12:00:00Z 1 1",
                "PutObject: 1 0 2024-03-01T12:00:00Z 2024-03-01T12:00:00Z 1 1"
            ]
        );
    }
    let coverage = &world.run("stats . --json").json()["coverage"];
    assert_eq!((&coverage["events"], &coverage["duplicates"]), (&json!(7), &json!(4)));
    // What cannot be read twice is read with more care.
    let lines = format!("{one}\n{}\n{one}\n", event("e-2", "PutObject", NOON));
    let reply = world.reply(world.command("stats --by eventName - --json").write_stdin(lines));
    assert_eq!(reply.json()["coverage"]["duplicates"], 1, "{reply}");
    assert_eq!(reply.json()["answer"].as_array().unwrap().len(), 2, "{reply}");
}

/// Events without an id are copies when they say the same.
#[test]
fn without_an_id_the_content_tells() {
    let mut one = event("", "GetObject", NOON);
    one.as_object_mut().unwrap().shift_remove("eventID");
    let mut two = one.clone();
    two["sourceIPAddress"] = "192.0.2.2".into();
    let world = World::empty().file("one.json", log(&[one.clone(), two])).file("two.json", log(&[one]));
    assert_eq!(
        stats(&world, "--by eventName ."),
        ["GetObject: 2 0 2024-03-01T12:00:00Z 2024-03-01T12:00:00Z 1 2"]
    );
}

/// Anybody who can put a file among the logs can write a correction: it takes nothing away, and is told.
#[test]
fn what_a_record_says_it_corrects_counts_all_the_same() {
    let mut later = event("e-9", "DeleteObject", NOON);
    later["addendum"] = json!({"reason": "UPDATED_DATA", "originalEventID": "e-1"});
    let world = World::empty()
        .file("one.json", log(&[event("e-1", "GetObject", NOON), event("e-2", "GetObject", NOON)]))
        .file("two.json", log(&[later]));
    let got = stats(&world, "--by eventName .");
    assert_eq!(
        got.iter().map(|line| &line[..15]).collect::<Vec<_>>(),
        ["GetObject: 2 0 ", "DeleteObject: 1"]
    );
    let got = world.run("stats --by eventName .");
    assert_eq!(world.run("stats . --json").json()["coverage"]["corrections"], 1);
    let told = "1 record claims to correct an earlier event (`addendum`): both are shown and counted";
    assert!(got.to_string().contains(told), "{got}");
}

#[test]
fn with_an_index_the_numbers_are_the_same() {
    let world = World::empty();
    let world = crate::world::invictus().iter().fold(world, |world, log| {
        let name = log.trim_start_matches("invictus/").to_owned();
        world.copy(log, &format!("logs/{name}"))
    });
    assert_eq!(world.run("index logs --index-dir cache").status, 0);
    for args in
        ["--by eventName", "--by actor --event Delete*", "--every 5m --region us-east-1 --actor bert-jan"]
    {
        let with = world.run(&format!("stats {args} logs --index-dir cache --json"));
        let without = world.run(&format!("stats {args} logs --no-index --json"));
        assert_eq!(with.text(), without.text(), "{args}");
        assert_eq!(with.status, 0, "{args}: {with}");
    }
}

#[test]
fn a_table_for_people() {
    let mut refused = event("e-3", "PutObject", "2024-03-01T14:30:00Z");
    refused["errorCode"] = "AccessDenied".into();
    let mut odd = event("e-4", "x\u{1b}[2J", "2024-03-01T15:00:00Z");
    odd["userIdentity"]["userName"] = "=cmd".into();
    let world = World::empty().file("one.json", log(&[event("e-1", "PutObject", NOON), refused, odd]));
    insta::assert_snapshot!(world.run("stats --by eventName --every 1h ."), @r"
    eventName   COUNT  FAILED  FIRST (UTC)           LAST (UTC)            ACTORS  ADDRESSES  OVER TIME
    PutObject       2       1  2024-03-01T12:00:00Z  2024-03-01T14:30:00Z       1          1  █·█·
    x\u{1b}[2J      1       0  2024-03-01T15:00:00Z  2024-03-01T15:00:00Z       1          1  ···█
    --- stderr
    trailscan: 3 events in 2 groups
    trailscan: searched 1 file, 3 events, account 111122223333, region us-east-1, 2024-03-01T12:00:00Z to 2024-03-01T15:00:00Z
    --- exit 0
    ");
    insta::assert_snapshot!(world.run("stats --every 1h . -q"), @r"
    TIME (UTC)            COUNT  FAILED  ACTORS  ADDRESSES
    2024-03-01T12:00:00Z      1       0       1          1  ████████████████████████████████████████
    2024-03-01T13:00:00Z      0       0       0          0
    2024-03-01T14:00:00Z      1       1       1          1  ████████████████████████████████████████
    2024-03-01T15:00:00Z      1       0       1          1  ████████████████████████████████████████
    --- stderr
    --- exit 0
    ");
    insta::assert_snapshot!(world.run("stats --by actor,requestParameters.nosuch . --top 1 --format csv"), @r#"
    actor.who,actor.account,requestParameters.nosuch,count,failed,firstEventTime,lastEventTime,actors,addresses\r
    alice,111122223333,,2,1,2024-03-01T12:00:00Z,2024-03-01T14:30:00Z,1,1\r
    --- stderr
    trailscan: 3 events in 2 groups
    trailscan: 1 of 2 rows shown
    trailscan: searched 1 file, 3 events, account 111122223333, region us-east-1, 2024-03-01T12:00:00Z to 2024-03-01T15:00:00Z
    hint: no event that was counted has a value at `requestParameters.nosuch`: names are CloudTrail's own, case counts
    --- exit 0
    "#);
    insta::assert_snapshot!(world.run("stats --by actor,actor.who ."), @r"
    --- stderr
    trailscan: error: `--by` has both `actor.who` and `actor.who`
    hint: leave one of them out
    --- exit 2
    ");
    insta::assert_snapshot!(world.run("stats . --event NoSuch -q"), @"
    --- stderr
    --- exit 1
    ");
}
