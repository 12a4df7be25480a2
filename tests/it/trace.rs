//! Where credentials came from: trees written by hand, and the real logs against a naive reading.

use crate::world::{World, fixture, inflated, invictus, names};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Alice assumes a role, with that a role in another account, and a service calls in its name. The files
/// are named against the order of the events.
const CHAIN: &str = "\
alice
└─ access key AKIAALICE00000000001 of alice
   │  belongs 2024-05-01T12:00:00Z, proven by event 00000000-0000-4000-8000-000000000001
   │  missing: the call that made the key is not in the archive
   │  3 events (1 failed) 2024-05-01T12:00:00Z to 2024-05-01T12:01:30Z, from 192.0.2.7
   │  AssumeRole 2 (1 failed), ListBuckets 1
   └─ role Jump (session alice-cli)
      │  AssumeRole 2024-05-01T12:01:00Z, proven by event 00000000-0000-4000-8000-000000000002
      │  keys ASIAJUMP000000000001 (until 2024-05-01T14:01:00Z, 1 event)
      │  1 event at 2024-05-01T12:02:00Z, from 192.0.2.7
      │  AssumeRole 1
      └─ role Deploy (session pipeline)
            AssumeRole 2024-05-01T12:02:00Z, proven by event 00000000-0000-4000-8000-000000000003 and 1 more
            keys ASIADEPLOY0000000001 (until 2024-05-01T13:02:00Z, 2 events), ASIAFORWARD000000001 (1 event, inferred)
            3 events 2024-05-01T12:04:00Z to 2024-05-01T12:06:00Z, from 192.0.2.7, cloudformation.amazonaws.com
            CreateStack 1, CreateVpc 1 through cloudformation.amazonaws.com, DeleteBucket 1
";

fn unmarked(text: &str) -> String {
    text.replace("  <== traced", "")
}

#[test]
fn a_chain_through_two_accounts_and_a_service() {
    let world = World::fixtures();
    for what in ["alice", "AKIAALICE00000000001", "role/Jump", "AIDAEXAMPLEALICE00000"] {
        assert_eq!(unmarked(world.run(&format!("trace {what} trace")).text()), CHAIN, "{what}");
    }
    let back = ["ASIADEPLOY0000000001", "ASIAFORWARD000000001", "arn:aws:iam::444455556666:role/Deploy"];
    for what in back {
        assert_eq!(unmarked(world.run(&format!("trace {what} trace")).text()), CHAIN, "{what}");
    }
    let event = world.run("trace 00000000-0000-4000-8000-000000000008 trace");
    let (head, tree) = event.text().split_once('\n').unwrap();
    assert_eq!(
        head,
        "event 00000000-0000-4000-8000-000000000008: DeleteBucket at 2024-05-01T12:06:00Z, by role Deploy (session pipeline)"
    );
    assert_eq!(unmarked(tree), CHAIN);
}

/// The same role and session name, in the same second, in another account, by somebody else.
#[test]
fn a_namesake_in_another_account_is_somebody_else() {
    let reply = World::fixtures().run("trace arn:aws:iam::111122223333:role/Deploy trace --quiet");
    assert_eq!(
        reply.to_string(),
        "\
bob
└─ access key AKIABOB0000000000001 of bob
   │  belongs 2024-05-01T12:02:00Z, proven by event 00000000-0000-4000-8000-000000000009
   │  missing: the call that made the key is not in the archive
   │  1 event at 2024-05-01T12:02:00Z, from 192.0.2.7
   │  AssumeRole 1
   └─ role Deploy (session pipeline)  <== traced
         AssumeRole 2024-05-01T12:02:00Z, proven by event 00000000-0000-4000-8000-000000000009
         keys ASIADEPLOY0000000002 (until 2024-05-01T13:02:00Z, 1 event)
         1 event at 2024-05-01T12:07:00Z, from 192.0.2.7
         ListBuckets 1
--- stderr
--- exit 0"
    );
}

#[test]
fn what_the_logs_do_not_tell_is_said() {
    let reply = World::fixtures().run("trace session/nightly trace");
    assert_eq!(
        reply.text(),
        "\
role Backup (session nightly)  <== traced
   missing: the call that assumed the role at 2024-05-01T03:00:00Z is not in the archive
   keys ASIALOST000000000001 (1 event)
   1 event at 2024-05-01T12:08:00Z, from 192.0.2.7
   DeleteBucket 1
"
    );
    assert!(reply.stderr.contains("hint: 1 credential begins where these logs do not tell"), "{reply}");
    let nobody = World::fixtures().run("trace nobody trace");
    assert_eq!((nobody.status, nobody.text()), (1, ""));
    assert!(nobody.stderr.contains("nothing found: no credential of `nobody`"), "{nobody}");
    assert_eq!(World::fixtures().run("trace bucket/payroll trace").status, 2);
}

#[test]
fn at_a_moment_some_could_be_used() {
    let reply = World::fixtures().run("trace alice trace --at 2024-05-01T13:30:00Z");
    let marks: Vec<&str> =
        reply.text().lines().filter(|line| line.contains('[')).map(str::trim_start).collect();
    assert_eq!(
        marks,
        [
            "└─ access key AKIAALICE00000000001 of alice  [NOT TAKEN AWAY in these logs at 2024-05-01T13:30:00Z]  <== traced",
            "└─ role Jump (session alice-cli)  [VALID at 2024-05-01T13:30:00Z]",
            // The key that the service used has no expiration of its own in these logs.
            "└─ role Deploy (session pipeline)  [unknown whether valid at 2024-05-01T13:30:00Z]",
        ]
    );
}

/// Neither the names of the files, nor an index, nor the way in which the bytes arrive change the answer.
#[test]
fn the_answer_is_the_same_however_the_archive_is_read() {
    let files = names("trace");
    let mut renamed = World::empty();
    for (at, name) in files.iter().enumerate() {
        renamed = renamed.copy(&format!("trace/{name}"), &format!("logs/{}.json", 9 - at));
    }
    let all: Vec<String> = files
        .iter()
        .map(|name| std::fs::read_to_string(fixture(&format!("trace/{name}"))).unwrap())
        .collect();
    let records =
        |text: &String| serde_json::from_str::<Value>(text).unwrap()["Records"].as_array().unwrap().clone();
    let lines: Vec<String> = all.iter().flat_map(records).map(|record| record.to_string()).collect();
    let world = World::fixtures();
    assert_eq!(renamed.run("index logs --index-dir index").status, 0);
    for what in ["alice", "role/Deploy", "session/nightly", "00000000-0000-4000-8000-000000000007", "bob"] {
        let want = world.run(&format!("trace {what} trace"));
        assert_eq!(want.status, 0, "{want}");
        for options in ["", "--index-dir index", "--index-dir index --threads 1"] {
            let got = renamed.run(&format!("trace {what} logs {options}"));
            assert_eq!(got.text(), want.text(), "{what} {options}");
        }
        let piped = renamed.reply(renamed.command(&format!("trace {what} -")).write_stdin(lines.join("\n")));
        assert_eq!(piped.text(), want.text(), "{what} from a pipe");
        // Every event twice: copies count once.
        let twice = format!("{0}\n{0}", lines.join("\n"));
        let double = World::empty().file("twice.jsonl", twice);
        assert_eq!(double.run(&format!("trace {what} .")).text(), want.text(), "{what}, everything twice");
    }
}

/// Filters choose what is counted, not what is known of where a credential came from.
#[test]
fn filters_leave_the_chain_alone() {
    let reply = World::fixtures()
        .run("trace role/Deploy trace --account 444455556666 --since 2024-05-01T12:05:30Z --json");
    let nodes = reply.json()["answer"]["nodes"].as_array().unwrap().clone();
    let of = |node: &Value| (node["label"].as_str().unwrap().to_owned(), node["events"].as_u64().unwrap());
    let events: Vec<(String, u64)> = nodes.iter().map(of).collect();
    let want =
        [("alice", 0), ("access key AKIAALICE00000000001 of alice", 0), ("role Jump (session alice-cli)", 0)];
    for (label, many) in want {
        assert!(events.contains(&(label.to_owned(), many)), "{events:?}");
    }
    assert!(events.contains(&("role Deploy (session pipeline)".to_owned(), 1)), "{events:?}");
}

#[test]
fn every_form_of_output() {
    let world = World::fixtures();
    let dot = world.run("trace bob trace --format dot --quiet");
    assert!(dot.text().starts_with("digraph trace {\n"), "{dot}");
    assert!(
        dot.text().contains("  n1 -> n2 [label=\"AssumeRole 2024-05-01T12:02:00Z, proven by event"),
        "{dot}"
    );
    let csv = world.run("trace bob trace --format csv --fields label,events,certainty --quiet");
    assert_eq!(
        csv.text(),
        "label,events,certainty\r\nbob,0,\r\naccess key AKIABOB0000000000001 of bob,1,proven\r\nrole Deploy (session pipeline),1,proven\r\n"
    );
    assert_eq!(world.run("trace bob trace --format jsonl --limit 2").text().lines().count(), 2);
    assert_eq!(world.run("trace bob trace --format raw").status, 2);
    assert_eq!(world.run("events trace --format dot").status, 2);
}

/// An attacker chooses the name of a session.
#[test]
fn hostile_names_stay_names() {
    let event = r#"{"eventID":"e1","eventTime":"2024-05-01T12:00:00Z","eventName":"ListBuckets","eventSource":"s3.amazonaws.com",
        "recipientAccountId":"111122223333","userIdentity":{"type":"AssumedRole","principalId":"AROA1:x","accountId":"111122223333",
        "arn":"arn:aws:sts::111122223333:assumed-role/R/x\"];\u001b[2J\n└─ alice\\","accessKeyId":"ASIAEVIL000000000001"}}"#;
    let world = World::empty().file("logs/a.json", event);
    let tree = world.run("trace ASIAEVIL000000000001 logs");
    assert!(tree.text().starts_with(r#"role R (session x"];\u{1b}[2J\n└─ alice\)  <== traced"#), "{tree}");
    let dot = world.run("trace ASIAEVIL000000000001 logs --format dot");
    assert!(dot.text().contains(r#"label="role R (session x\"];\\u{1b}[2J\\n└─ alice\\)"#), "{dot}");
    assert!(!dot.text().contains('\u{1b}'));
}

#[test]
fn rows_tell_who_stands_behind_the_session() {
    let world = World::fixtures();
    let origin = |what: &str| {
        let reply = world.run(&format!("who-deleted {what} trace --trace --json"));
        reply.rows()[0]["actor"]["origin"].clone()
    };
    let payroll = origin("bucket/payroll");
    assert_eq!(
        (&payroll["who"], &payroll["certainty"], &payroll["steps"]),
        (&"alice".into(), &"proven".into(), &3.into())
    );
    let ledger = origin("bucket/ledger");
    assert_eq!(ledger["certainty"], "unknown");
    assert_eq!(
        ledger["because"],
        "the call that assumed the role at 2024-05-01T03:00:00Z is not in the archive"
    );
    let table = world.run("who-deleted bucket/payroll trace --trace --quiet");
    assert_eq!(
        table
            .text()
            .lines()
            .next()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .as_deref(),
        Some("TIME (UTC) WHO ORIGIN CALL RESOURCE FROM REGION")
    );
    assert!(table.text().contains("role Deploy (session pipeline)  alice   "), "{table}");
    // Without the flag nothing is added.
    let plain = world.run("who-deleted bucket/payroll trace --json");
    assert!(plain.rows()[0]["actor"].get("origin").is_none(), "{plain}");
}

/// Every temporary credential of `AssumeRole` in the real logs, and the events made with it.
#[test]
fn the_real_logs_agree_with_a_naive_reading() {
    let mut made: BTreeMap<String, (String, String)> = BTreeMap::new();
    let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for name in invictus().iter().filter(|name| name.ends_with(".gz")) {
        let text = inflated(name);
        let log: Value = serde_json::from_str(&text).unwrap();
        for event in log["Records"].as_array().into_iter().flatten() {
            let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
            let id = text("/eventID").unwrap();
            if let Some(key) = text("/userIdentity/accessKeyId") {
                used.entry(key).or_default().insert(id.clone());
            }
            let key = text("/responseElements/credentials/accessKeyId");
            if event["eventName"] == "AssumeRole" && event.get("errorCode").is_none() {
                let by = text("/userIdentity/invokedBy").or_else(|| text("/userIdentity/userName")).unwrap();
                made.insert(key.unwrap(), (by, id));
            }
        }
    }
    assert_eq!(made.len(), 36);
    let callers: BTreeSet<&String> = made.values().map(|(by, _)| by).collect();
    let mut found = BTreeMap::new();
    for by in callers {
        let reply = World::fixtures().run(&format!("trace {by} invictus --json"));
        for node in reply.json()["answer"]["nodes"].as_array().unwrap() {
            let links = node["links"].as_array().unwrap();
            for key in node["keys"].as_array().unwrap() {
                let by_call = links
                    .iter()
                    .filter(|link| link["eventName"] == "AssumeRole" && link["certainty"] == "proven");
                let events: Vec<&Value> =
                    by_call.flat_map(|link| link["eventIDs"].as_array().unwrap()).collect();
                let key_id = key["accessKeyId"].as_str().unwrap().to_owned();
                if !events.is_empty() && key["expiration"].is_string() {
                    let events: Vec<String> =
                        events.iter().map(|id| id.as_str().unwrap().to_owned()).collect();
                    found.insert(key_id, (by.clone(), events, key["events"].as_u64().unwrap()));
                }
            }
        }
    }
    assert_eq!(found.keys().collect::<Vec<_>>(), made.keys().collect::<Vec<_>>());
    for (key, (by, id)) in &made {
        let (found_by, events, many) = &found[key];
        assert!(found_by == by && events.contains(id), "{key}: {events:?}");
        assert_eq!(*many, used.get(key).map_or(0, BTreeSet::len) as u64, "{key}");
    }
    // Backward from a use: the instance's credential that was used from elsewhere.
    let reply = World::fixtures().run("trace ASIATFQR7NSCSHSEVYP5 invictus --json");
    let roots: Vec<Value> = reply.json()["answer"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|node| node["parent"].is_null())
        .map(|node| node["label"].clone())
        .collect();
    assert_eq!(roots, ["service ec2.amazonaws.com"]);
}

/// Anybody can write that an event is corrected: a call that issued credentials links all the same.
#[test]
fn a_correction_hides_no_call_that_issued_credentials() {
    let text = std::fs::read_to_string(fixture("trace/d-namesake.json")).unwrap();
    let log: Value = serde_json::from_str(&text).unwrap();
    let mut records = log["Records"].as_array().unwrap().clone();
    for at in 0..2 {
        let mut later = records[at].clone();
        later["addendum"] =
            serde_json::json!({"reason": "UPDATED_DATA", "originalEventID": later["eventID"]});
        later["eventID"] = format!("later-{at}").into();
        records.push(later);
    }
    records[2]["errorCode"] = "AccessDenied".into();
    let log = serde_json::json!({ "Records": records }).to_string();
    let world = World::empty().file("logs/a.json", log);
    let reply = world.run("trace ASIADEPLOY0000000002 logs --quiet");
    assert_eq!(
        reply.text(),
        "\
bob
└─ access key AKIABOB0000000000001 of bob
   │  belongs 2024-05-01T12:02:00Z, proven by event 00000000-0000-4000-8000-000000000009
   │  missing: the call that made the key is not in the archive
   │  2 events (1 failed) at 2024-05-01T12:02:00Z, from 192.0.2.7
   │  AssumeRole 2 (1 failed)
   └─ role Deploy (session pipeline)  <== traced
         AssumeRole 2024-05-01T12:02:00Z, proven by event 00000000-0000-4000-8000-000000000009
         keys ASIADEPLOY0000000002 (until 2024-05-01T13:02:00Z, 2 events)
         2 events at 2024-05-01T12:07:00Z, from 192.0.2.7
         ListBuckets 2
"
    );
}
