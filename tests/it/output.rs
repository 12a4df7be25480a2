//! What is printed: the same bytes always, nothing but the answer, and nothing that acts.

use crate::world::{BUCKET, PROGRAM, Reply, World, inflated, invictus};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::process::{Command, Stdio};

const COMMANDS: &[&str] = &[
    "who",
    "who-created",
    "who-changed",
    "who-deleted",
    "who-read",
    "timeline",
    "state",
    "diff",
    "inventory",
    "graph",
    "revert",
    "events",
    "actor",
    "logins",
    "stats",
    "new",
    "trace",
    "index",
    "validate",
    "coverage",
    "man",
    "completions",
];

fn ids(reply: &Reply) -> Vec<Value> {
    reply.rows().iter().map(|row| row["eventID"].clone()).collect()
}

/// An answer that changes from run to run cannot be compared, nor given in evidence.
#[test]
fn threads_do_not_change_a_byte() {
    let world = World::fixtures();
    for format in ["table", "json", "jsonl", "csv", "raw"] {
        let run = |threads: u8| {
            world.run(&format!("events invictus damaged --format {format} --threads {threads}"))
        };
        let one = run(1);
        assert!(one.stdout.len() > 100_000, "{format}");
        for threads in [2, 8] {
            let more = run(threads);
            assert!(one.stdout == more.stdout, "{format}: stdout with {threads} threads");
            assert_eq!(one.stderr, more.stderr, "{format} with {threads} threads");
        }
    }
}

/// Names and places of files are the collector's choice; the answer must not hang on them.
#[test]
fn names_of_files_do_not_change_the_answer() {
    let logs = invictus();
    assert_eq!(logs.len(), 55);
    let renamed = logs
        .iter()
        .rev()
        .enumerate()
        .fold(World::empty(), |world, (index, log)| world.copy(log, &format!("{index:03}.json.gz")));
    for args in
        ["events .", "who --all bucket/stratus-red-team-ctlr-bucket-zqfsvooxqj .", "events --denied ."]
    {
        let with_keys = World::fixtures().run(&args.replace(" .", " invictus/AWSLogs"));
        assert_eq!(with_keys.status, 0, "{with_keys}");
        let flat = renamed.run(args);
        assert!(with_keys.stdout == flat.stdout, "{args}");
        assert_eq!(with_keys.stderr, flat.stderr, "{args}");
    }
}

/// An event lost or counted twice on the way would not be missed by anyone else.
#[test]
fn every_event_is_answered_once() {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for log in invictus() {
        let log: Value = serde_json::from_str(&inflated(&log)).unwrap();
        for record in log["Records"].as_array().unwrap() {
            *counts.entry(record["eventName"].as_str().unwrap().to_owned()).or_default() += 1;
        }
    }
    let reply = World::fixtures().run("events --json invictus");
    let rows = reply.rows();
    assert_eq!(rows.len(), 2900);
    let mut answered: BTreeMap<String, u64> = BTreeMap::new();
    for row in &rows {
        *answered.entry(row["eventName"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    assert_eq!(answered, counts);
    assert_eq!(reply.json()["coverage"]["events"], 2900);
    for (name, count) in counts.iter().filter(|(_, count)| **count > 20) {
        let lines = World::fixtures().run(&format!("events --format jsonl --event {name} invictus"));
        assert_eq!(lines.text().lines().count() as u64, *count, "{name}");
    }
}

/// Scripts go by the status: a wrong one turns "could not look" into "is not there".
#[test]
fn status_tells_how_it_ended() {
    for (status, args) in [
        (0, "events shapes/records.json"),
        (0, "events shapes/records.json --event DeleteBucket --failed"),
        (0, "who-deleted i-05c30218156bcc246 shapes/records.json"),
        (0, "--help"),
        (0, "--version"),
        (1, "events shapes/records.json --event NoSuchCall"),
        (1, "who-deleted bucket/no-such-bucket shapes/records.json"),
        (2, "events no/such/place"),
        (2, "events shapes/records.json --fields nonsense"),
        (2, "events shapes/records.json --format raw --fields eventName"),
        (2, "events shapes/records.json --since 2024-01-01 --until 2023-01-01"),
        (2, "events shapes/records.json --since someday"),
        (2, "events shapes/records.json --ip 300.1.1.1"),
        (2, "events shapes/records.json --event [a"),
        (2, "events shapes/records.json --no-such-option"),
        (2, "events damaged/plain-named.json.gz"),
        (2, "who-deleted"),
        (2, "no-such-command"),
        (2, ""),
        (3, "events damaged/records.json"),
        (3, "events damaged/records.json --event NoSuchCall"),
        (3, "events shapes/records.json damaged/plain-named.json.gz"),
    ] {
        let reply = World::fixtures().run(args);
        assert_eq!(reply.status, status, "`{args}`: {reply}");
        // Without an answer nothing is on stdout, and something is on stderr.
        if status == 2 {
            assert!(reply.stdout.is_empty(), "`{args}`: {reply}");
            assert!(!reply.stderr.is_empty(), "`{args}`");
        }
    }
}

/// Another tool reads stdout: a word that is not the answer breaks it.
#[test]
fn each_format_holds_the_answer_and_nothing_else() {
    let ask = |format: &str| {
        World::fixtures().run(&format!(
            "who-deleted {BUCKET} shapes/records.json.gz --format {format} --fields eventTime,errorCode,actor.name"
        ))
    };
    insta::assert_snapshot!(ask("table"), @"
    eventTime             errorCode       actor.name
    2023-07-10T12:08:05Z  BucketNotEmpty  bert-jan
    2023-07-10T12:08:09Z  BucketNotEmpty  bert-jan
    2023-07-10T12:08:10Z                  bert-jan
    --- stderr
    trailscan: searched 1 file, 12 events, account 123837392027, region us-east-1, 2023-07-10T11:55:24Z to 2023-07-10T12:24:29Z
    --- exit 0
    ");
    insta::assert_snapshot!(ask("json"), @r#"
    {"schema":"trailscan/1","command":"who-deleted","answer":[
    {"eventTime":"2023-07-10T12:08:05Z","errorCode":"BucketNotEmpty","actor":{"name":"bert-jan"}},
    {"eventTime":"2023-07-10T12:08:09Z","errorCode":"BucketNotEmpty","actor":{"name":"bert-jan"}},
    {"eventTime":"2023-07-10T12:08:10Z","errorCode":null,"actor":{"name":"bert-jan"}}
    ],"coverage":{"files":{"read":1,"inPart":0,"unreadable":0,"skipped":0,"skippedBy":{}},"events":12,"dataEvents":0,"networkActivityEvents":0,"insights":0,"accounts":["123837392027"],"regions":["us-east-1"],"firstEventTime":"2023-07-10T11:55:24Z","lastEventTime":"2023-07-10T12:24:29Z","undated":0,"duplicates":0,"corrections":0,"rows":{"matched":3,"shown":3},"hints":[]},"troubles":[]}
    --- stderr
    trailscan: searched 1 file, 12 events, account 123837392027, region us-east-1, 2023-07-10T11:55:24Z to 2023-07-10T12:24:29Z
    --- exit 0
    "#);
    insta::assert_snapshot!(ask("jsonl"), @r#"
    {"eventTime":"2023-07-10T12:08:05Z","errorCode":"BucketNotEmpty","actor":{"name":"bert-jan"}}
    {"eventTime":"2023-07-10T12:08:09Z","errorCode":"BucketNotEmpty","actor":{"name":"bert-jan"}}
    {"eventTime":"2023-07-10T12:08:10Z","errorCode":null,"actor":{"name":"bert-jan"}}
    --- stderr
    trailscan: searched 1 file, 12 events, account 123837392027, region us-east-1, 2023-07-10T11:55:24Z to 2023-07-10T12:24:29Z
    --- exit 0
    "#);
    insta::assert_snapshot!(ask("csv"), @r"
    eventTime,errorCode,actor.name\r
    2023-07-10T12:08:05Z,BucketNotEmpty,bert-jan\r
    2023-07-10T12:08:09Z,BucketNotEmpty,bert-jan\r
    2023-07-10T12:08:10Z,,bert-jan\r
    --- stderr
    trailscan: searched 1 file, 12 events, account 123837392027, region us-east-1, 2023-07-10T11:55:24Z to 2023-07-10T12:24:29Z
    --- exit 0
    ");
}

/// People read the table: what failed must stand apart from what was done.
#[test]
fn table_parts_what_was_done_from_what_failed() {
    insta::assert_snapshot!(
        World::fixtures().run(&format!("who-deleted {BUCKET} shapes/records.json.gz")),
        @r"
    TIME (UTC)            WHO       CALL          RESOURCE                                            FROM           REGION
    2023-07-10T12:08:10Z  bert-jan  DeleteBucket  S3::Bucket stratus-red-team-ctlr-bucket-zqfsvooxqj  192.168.10.20  us-east-1

    FAILED: these calls were refused or went wrong and did nothing
    TIME (UTC)            WHO       CALL          ERROR           RESOURCE                                            FROM           REGION
    2023-07-10T12:08:05Z  bert-jan  DeleteBucket  BucketNotEmpty  S3::Bucket stratus-red-team-ctlr-bucket-zqfsvooxqj  192.168.10.20  us-east-1
    2023-07-10T12:08:09Z  bert-jan  DeleteBucket  BucketNotEmpty  S3::Bucket stratus-red-team-ctlr-bucket-zqfsvooxqj  192.168.10.20  us-east-1
    --- stderr
    trailscan: searched 1 file, 12 events, account 123837392027, region us-east-1, 2023-07-10T11:55:24Z to 2023-07-10T12:24:29Z
    --- exit 0
    "
    );
    insta::assert_snapshot!(
        World::fixtures().run("who-deleted bucket/no-such-bucket shapes/records.json.gz"),
        @"
        --- stderr
        trailscan: nothing found: no call that deletes `bucket/no-such-bucket` in what was searched
        trailscan: searched 1 file, 12 events, account 123837392027, region us-east-1, 2023-07-10T11:55:24Z to 2023-07-10T12:24:29Z
        --- exit 1
        "
    );
}

/// A record that was touched on its way is no evidence any more.
#[test]
fn raw_gives_each_record_byte_for_byte() {
    const HEAD: &str = r#"{"Records":["#;
    let logs: Vec<String> = invictus().iter().map(|log| inflated(log)).collect();
    let reply = World::fixtures().run("events --format raw invictus");
    let mut lines: Vec<&str> = reply.text().lines().collect();
    assert_eq!(lines.len(), 2900);
    assert!(lines.iter().all(|line| logs.iter().any(|log| log.contains(line))));
    // With the brackets and the commas between them, the records are all that the files hold.
    let held: usize = logs.iter().map(|log| log.trim_end().len() - HEAD.len() - "]}".len() + 1).sum();
    assert_eq!(lines.iter().map(|line| line.len() + 1).sum::<usize>(), held);
    lines.sort_unstable();
    lines.dedup();
    assert_eq!(lines.len(), 2900);
}

/// A record inside other JSON comes out as CloudTrail wrote it, whatever it was wrapped in.
#[test]
fn raw_unwraps_records() {
    let world = World::fixtures();
    let own = world.run("events --format raw shapes/records.json.gz");
    assert_eq!(own.text().lines().count(), 12);
    for name in ["lookup-events.json", "eventbridge.jsonl", "cloudwatch-logs.json.gz", "package.zip"] {
        assert_eq!(world.run(&format!("events --format raw shapes/{name}")).text(), own.text(), "{name}");
    }
    let pretty = world.run("events --format raw shapes/records-pretty.json");
    let parse = |reply: &Reply| -> Vec<Value> {
        reply.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    assert_eq!(parse(&pretty), parse(&own));
}

/// An option that is taken but does nothing is found only when it matters.
#[test]
fn fields_limit_reverse_and_quiet_do_what_they_say() {
    let world = World::fixtures();
    let all = world.run("events --json shapes/records.json");

    let mut reversed = ids(&all);
    reversed.reverse();
    assert_eq!(ids(&world.run("events --json --reverse shapes/records.json")), reversed);

    let limited = world.run("events --json --limit 5 shapes/records.json");
    assert_eq!(limited.status, 0);
    assert_eq!(ids(&limited), ids(&all)[..5]);
    assert_eq!(limited.json()["coverage"]["rows"], json!({"matched": 12, "shown": 5}));
    assert!(limited.stderr.contains("5 of 12 rows shown"), "{limited}");
    let latest = world.run("events --json --limit 2 --reverse shapes/records.json");
    assert_eq!(ids(&latest), reversed[..2]);

    let picked = world
        .run("events --format jsonl --fields eventName,actor.name,evidence --limit 1 shapes/records.json");
    insta::assert_snapshot!(picked, @r#"
    {"eventName":"AssumeRole","actor":{"name":"inspector2.amazonaws.com"},"evidence":[{"file":"shapes/records.json","record":0}]}
    --- stderr
    trailscan: 1 of 12 rows shown
    trailscan: searched 1 file, 12 events, account 123837392027, region us-east-1, 2023-07-10T11:55:24Z to 2023-07-10T12:24:29Z
    --- exit 0
    "#);

    let quiet = world.run("events --quiet --json shapes/records.json");
    assert_eq!(quiet.stderr, "");
    assert_eq!(quiet.stdout, all.stdout);
    // What cannot be read is said all the same.
    let quiet = world.run("events --quiet damaged/records.json --fields eventName --limit 1");
    insta::assert_snapshot!(quiet, @"
    eventName
    AssumeRole
    --- stderr
    trailscan: warning: cannot read all of `damaged/records.json`: the JSON ends early, after 10,998 whole bytes; 6 whole records were used
    hint: fetch the object again from the bucket
    --- exit 3
    ");
}

/// Somebody who mistypes a field must learn which there are.
#[test]
fn unknown_field_is_refused_with_the_known_ones() {
    insta::assert_snapshot!(World::fixtures().run("events --fields eventTime,user shapes"), @"
    --- stderr
    trailscan: error: `--fields user` is not a field of a row
    hint: the fields are eventTime, eventName, eventSource, action, outcome, errorCode, errorMessage, actor.who, actor.type, actor.name, actor.arn, actor.account, actor.session, actor.accessKeyId, actor.mfa, actor.sourceIdentity, actor.invokedBy, actor.principalId, sourceIPAddress, userAgent, awsRegion, recipientAccountId, resource.type, resource.id, resource.name, resource.arn, resource.account, resource.region, relation, readOnly, eventID, corrects, correctedBy, sharedEventID, sameActionAs.eventID, sameActionAs.recipientAccountId, note, verdict, evidence, detail
    --- exit 2
    ");
}

/// Text that acts: on the terminal, its title or clipboard, on the reading order, on a spreadsheet.
const HOSTILE: [&str; 9] = [
    "\x1b[2J\x1b[31mred",
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1b]0;title\x1b\\",
    "safe\rFORGED",
    "safe\nFORGED",
    "\u{9b}31m\u{85}\u{7f}",
    "abc\u{202e}fdp.exe\u{2066}\u{200f}\u{200b}",
    "=cmd|' /C calc'!A0",
    "@SUM(1)\t=1",
];

/// Asserts that nothing in the text acts; a line break and what CSV ends lines in is the program's own.
fn assert_harmless(text: &str, what: &str) {
    let acts = |character: char| {
        (character.is_control() && character != '\n')
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let text = text.replace("\r\n", "\n");
    assert_eq!(text.find(acts), None, "{what}: {text:?}");
    assert!(text.lines().all(|line| !line.starts_with("FORGED")), "{what}: {text:?}");
}

fn hostile_log() -> String {
    let record = |(index, text): (usize, &&str)| {
        json!({
            "eventVersion": "1.08", "eventTime": "2023-07-10T12:00:00Z", "eventID": format!("{index}{text}"),
            "eventName": "DeleteBucket", "eventSource": "s3.amazonaws.com", "userAgent": text,
            "sourceIPAddress": text, "awsRegion": text, "recipientAccountId": text, "errorMessage": text,
            "userIdentity": {"type": "IAMUser", "userName": text, "arn": text, "accountId": text,
                "accessKeyId": text, "principalId": text, "invokedBy": text,
                "sessionContext": {"sourceIdentity": text}},
            "requestParameters": {"bucketName": text},
            "resources": [{"type": format!("AWS::{text}"), "ARN": "arn:aws:s3:::victim", "accountId": text}],
        })
    };
    let wholly = |text: &&str| {
        json!({"eventTime": text, "eventName": text, "eventSource": text, "errorCode": text, "eventID": text,
            "userIdentity": {"type": text, "arn": text}, "requestParameters": {"userName": text}})
    };
    let records: Vec<Value> =
        HOSTILE.iter().enumerate().map(record).chain(HOSTILE.iter().map(wholly)).collect();
    json!({ "Records": records }).to_string()
}

/// Attackers choose user agents and names: shown as they are, they would rewrite the report.
#[test]
fn nothing_from_a_log_acts() {
    let world = World::empty().file("hostile.json", hostile_log());
    for ask in ["events hostile.json", "who --all victim hostile.json"] {
        for format in
            ["table", "table --wide", "json", "jsonl", "csv", "table --fields userAgent,actor,resource"]
        {
            let what = format!("{ask} --format {format}");
            let reply = world.run(&what);
            assert_eq!(reply.status, 0, "{what}: {reply}");
            assert_harmless(reply.text(), &what);
            assert_harmless(&reply.stderr, &what);
            // It was shown, only not raw.
            assert!(reply.text().contains("]52;c;ZXZpbA=="), "{what}: {reply}");
        }
    }
    let jsonl = world.run("events hostile.json --format jsonl --fields userAgent");
    let agents: Vec<Value> = jsonl.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(HOSTILE.iter().all(|text| agents.contains(&json!({"userAgent": text}))), "{jsonl}");
}

/// A spreadsheet runs a cell that starts as a formula does.
#[test]
fn no_cell_of_a_csv_starts_a_formula() {
    let world = World::empty().file("hostile.json", hostile_log());
    let reply = world.run("events hostile.json --format csv");
    for start in ['=', '+', '-', '@', '\t'] {
        for before in [",", ",\"", "\n", "\n\""] {
            assert!(!reply.text().contains(&format!("{before}{start}")), "{before:?}{start:?}: {reply}");
        }
    }
    let agents =
        world.run("events hostile.json --quiet --format csv --fields userAgent --event DeleteBucket");
    insta::assert_snapshot!(agents, @r#"
    userAgent\r
    \u{1b}[2J\u{1b}[31mred\r
    "\u{1b}]52;c;ZXZpbA==\u{7}"\r
    "\u{1b}]0;title\u{1b}\"\r
    safe\rFORGED\r
    safe\nFORGED\r
    \u{9b}31m\u{85}\u{7f}\r
    abc\u{202e}fdp.exe\u{2066}\u{200f}\u{200b}\r
    "'=cmd|' /C calc'!A0"\r
    "'@SUM(1)\t=1"\r
    --- stderr
    --- exit 0
    "#);
}

/// Whoever can write into the archive chooses names of files as well.
#[cfg(unix)]
#[test]
fn names_of_files_do_not_act() {
    for (index, name) in HOSTILE.iter().filter(|name| !name.contains('/')).enumerate() {
        let world = World::empty()
            .file(&format!("{name}.json"), "")
            .file(&format!("{index}{name}.json"), r#"{"Records": [17]}"#)
            .copy("shapes/single.json", &format!("x{name}.json"));
        for format in ["table --wide", "json", "csv"] {
            let reply = world.run(&format!("events . --format {format}"));
            assert_eq!(reply.status, 3, "{name:?}: {reply}");
            assert_harmless(reply.text(), name);
            assert_harmless(&reply.stderr, name);
        }
        let refused = world.reply(world.command("events").arg(format!("{name}.json")));
        assert_eq!(refused.status, 2);
        assert_harmless(&refused.stderr, name);
        let missing = world.reply(world.command("events").arg(format!("missing{name}")));
        assert_eq!(missing.status, 2);
        assert_harmless(&missing.stderr, name);
    }
}

/// `| head` closes the pipe: that is no error, and no reason for a backtrace.
#[test]
fn closed_pipe_ends_quietly() {
    for args in [
        "events invictus --format table",
        "events invictus --format json",
        "events invictus --format jsonl",
        "events invictus --format csv",
        "events invictus --format raw",
        "man",
        "completions bash",
        "--help",
    ] {
        let mut child = Command::new(PROGRAM)
            .args(args.split_whitespace())
            .current_dir(World::fixtures().dir())
            .env_clear()
            .env("HOME", "relative")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{args}: {stderr}");
        assert!(!stderr.contains("panicked") && !stderr.contains("error"), "{args}: {stderr}");
    }
}

/// A help text that does not come is found by the one who needs it.
#[test]
fn every_command_has_help() {
    let world = World::fixtures();
    let overview = world.run("--help");
    for command in COMMANDS {
        assert!(overview.text().contains(&format!("\n  {command} ")), "{command}: {overview}");
        let reply = world.run(&format!("{command} --help"));
        assert_eq!(reply.status, 0, "{reply}");
        assert_eq!(reply.stderr, "", "{command}");
        assert!(reply.text().contains(&format!("Usage: trailscan {command}")), "{reply}");
        assert!(reply.text().lines().all(|line| line.chars().count() <= 100), "{reply}");
    }
    let listed = overview.text().lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let listed: Vec<&str> = listed.filter_map(|line| line.split_whitespace().next()).collect();
    let unknown: Vec<_> = listed.iter().filter(|it| !COMMANDS.contains(it) && !it.starts_with('-')).collect();
    assert!(unknown.is_empty(), "not in the list of this test: {unknown:?}");
}

/// What prints itself prints to stdout, whole.
#[test]
fn man_page_and_completions_are_printed() {
    let world = World::fixtures();
    assert!(world.run("man").text().contains(".TH trailscan 1"));
    for command in COMMANDS {
        let page = world.run(&format!("man {command}"));
        assert!(page.text().contains(&format!(".TH trailscan-{command} 1")), "{command}: {page}");
    }
    insta::assert_snapshot!(world.run("man whoo"), @r#"
    --- stderr
    trailscan: error: `whoo` is no command: expected one of `actor`, …, `who`
    hint: did you mean `who`?
    --- exit 2
    "#);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let reply = world.run(&format!("completions {shell}"));
        assert_eq!(reply.status, 0, "{reply}");
        assert!(reply.text().contains("who-deleted"), "{shell}");
    }
}
