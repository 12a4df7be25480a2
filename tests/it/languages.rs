//! `--where`, `--pattern`, `--filter`: that they are wired, and what they find in the real logs.

use crate::world::{Reply, World, invictus};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Asks for events in the directory of the fixtures; `args` stand as they are.
fn events(world: &World, args: &[&str], path: &str) -> Reply {
    world.reply(world.command("events --json").args(args).arg(path))
}

/// The ids of the events.
fn ids(reply: &Reply) -> BTreeSet<String> {
    reply.rows().iter().map(|row| row["eventID"].as_str().unwrap().to_owned()).collect()
}

/// The counts are those of `cis.jq`.
#[test]
fn the_filters_of_the_cis_benchmark_find_what_jq_finds() {
    let world = World::fixtures();
    let counts = [60, 1, 0, 26, 13, 0, 0, 6, 0, 8, 0, 15, 40, 16, 1];
    for (place, want) in (1..).zip(counts) {
        let reply = events(&world, &["--filter", &format!("cis:4.{place}")], "invictus");
        assert_eq!(ids(&reply).len(), want, "4.{place}");
        assert_eq!(reply.status, i32::from(want == 0), "4.{place}");
        if place < 15 {
            let old = events(&world, &["--filter", &format!("cis:3.{place}")], "invictus");
            assert_eq!(ids(&old), ids(&reply), "3.{place}");
        }
    }
    let unknown = world.reply(world.command("events --filter cis:5.1 invictus").args::<[&str; 0], _>([]));
    assert_eq!(unknown.status, 2);
    assert!(unknown.stderr.contains("cis:4.15"), "{unknown}");
}

/// Three ways to say one thing: the flags, a filter pattern, an event pattern.
#[test]
fn the_languages_agree_with_the_flags() {
    let world = World::fixtures();
    let mut rows = 0;
    for (flags, filter, pattern) in [
        (
            &["--event", "DeleteBucket"][..],
            "{ $.eventName = DeleteBucket }",
            json!({"detail": {"eventName": ["DeleteBucket"]}}),
        ),
        (
            &["--service", "iam", "--event", "Create*", "--event", "Attach*"],
            "{ $.eventSource = iam.amazonaws.com && ($.eventName = Create* || $.eventName = Attach*) }",
            json!({"source": ["aws.iam"], "detail": {"eventName": [{"prefix": "Create"}, {"prefix": "Attach"}]}}),
        ),
        (
            &[
                "--region",
                "us-east-1",
                "--event",
                "!Get*",
                "--since",
                "2023-07-10T12:00:00Z",
                "--until",
                "2023-07-10T12:59:59Z",
            ],
            "{ $.awsRegion = us-east-1 && $.eventName != Get* && $.eventTime = 2023-07-10T12:* }",
            json!({"region": ["us-east-1"], "time": [{"prefix": "2023-07-10T12:"}],
                "detail": {"eventName": [{"anything-but": {"prefix": "Get"}}]}}),
        ),
        (
            &["--error", "*NotFound*"],
            "{ $.errorCode = *NotFound* }",
            json!({"detail": {"errorCode": [{"wildcard": "*NotFound*"}]}}),
        ),
        (
            &["--ip", "192.168.10.0/24", "--event", "Delete*"],
            r"{ $.sourceIPAddress = %^192\.168\.10\.\d{1,3}$% && $.eventName = Delete* }",
            json!({"detail": {"sourceIPAddress": [{"cidr": "192.168.10.0/24"}], "eventName": [{"prefix": "Delete"}]}}),
        ),
        (
            &["--account", "123837392027", "--event", "ConsoleLogin"],
            "{ $.recipientAccountId = 123837392027 && $.eventName = ConsoleLogin }",
            json!({"account": ["123837392027"], "detail-type": ["AWS Console Sign In via CloudTrail"],
                "detail": {"eventName": ["ConsoleLogin"]}}),
        ),
    ] {
        let want = ids(&events(&world, flags, "invictus"));
        assert_eq!(ids(&events(&world, &["--where", filter], "invictus")), want, "{filter}");
        assert_eq!(ids(&events(&world, &["--pattern", &pattern.to_string()], "invictus")), want, "{pattern}");
        rows += want.len();
    }
    assert!(rows > 100, "{rows} rows say little");
}

#[test]
fn repeated_means_or_and_different_means_and() {
    let world = World::fixtures();
    let of = |args: &[&str]| ids(&events(&world, args, "invictus"));
    let (create, delete) = ("{ $.eventName = Create* }", "{ $.eventName = Delete* }");
    let iam = r#"{"source": ["aws.iam"]}"#;
    let both: BTreeSet<_> = of(&["--where", create]).union(&of(&["--where", delete])).cloned().collect();
    assert_eq!(of(&["--where", create, "--where", delete]), both);
    let of_iam: BTreeSet<_> = both.intersection(&of(&["--pattern", iam])).cloned().collect();
    assert_eq!(of(&["--where", create, "--where", delete, "--pattern", iam]), of_iam);
    assert_eq!(of(&["--where", create, "--where", delete, "--service", "iam"]), of_iam);
    assert!(!of_iam.is_empty() && of_iam.len() < both.len());
    // Other commands take them as well.
    let reply = world.reply(world.command("who --json user/bert-jan invictus").args(["--filter", "cis:4.4"]));
    assert!(reply.status < 2, "{reply}");
}

/// An index spares files and changes no answer.
#[test]
fn an_index_changes_no_answer() {
    let logs = invictus();
    let world =
        logs.iter().fold(World::empty(), |world, log| world.copy(log, &log.replace("invictus/", "logs/")));
    assert_eq!(world.run("index logs --index-dir ix").status, 0);
    let mut spared = 0;
    for args in [
        ["--filter", "cis:4.1"],
        ["--filter", "cis:4.2"],
        ["--filter", "cis:4.7"],
        ["--filter", "cis:4.10"],
        ["--where", "{ $.awsRegion = eu-west-1 && $.errorCode = * }"],
        ["--where", "{ $.eventTime = 2023-07-10T11:* }"],
        ["--where", "{ $.errorCode != AccessDenied }"],
        ["--where", "{ $.awsRegion != us-east-1 || $.eventName = DeleteBucket }"],
        ["--where", "DeleteBucket -bert"],
        ["--pattern", r#"{"source": ["aws.kms"]}"#],
        ["--pattern", r#"{"region": ["eu-west-1"], "detail": {"errorCode": [{"exists": true}]}}"#],
        ["--pattern", r#"{"detail": {"errorCode": [{"exists": false}], "eventName": ["DeleteBucket"]}}"#],
    ] {
        let with = events(&world, &[&args[..], &["--index-dir", "ix", "--explain"]].concat(), "logs");
        let without =
            events(&world, &[&args[..], &["--index-dir", "ix", "--no-index", "--explain"]].concat(), "logs");
        assert_eq!(with.text(), without.text(), "{args:?}");
        spared += usize::from(with.stderr != without.stderr);
    }
    assert!(spared > 4, "only {spared} questions were spared anything");
}

/// An event that came as EventBridge sent it is matched as it came: by its own id and source.
#[test]
fn an_event_is_matched_as_it_came() {
    let record = |id: &str| {
        json!({"eventVersion": "1.08", "eventID": id, "eventName": "CreateUser", "eventTime": "2024-03-01T12:00:00Z",
        "eventSource": "iam.amazonaws.com", "eventType": "AwsApiCall", "awsRegion": "us-east-1", "recipientAccountId": "111122223333"})
    };
    let event = |id: &str, source: &str| {
        json!({"version": "0", "id": "of-the-event", "detail-type": "AWS API Call via CloudTrail",
        "source": source, "account": "111122223333", "time": "2024-03-01T12:00:05Z", "region": "us-east-1",
        "resources": ["arn:x"], "detail": record(id)})
    };
    let lines: String = [event("e-1", "aws.iam"), event("e-2", "my.app"), record("e-3")]
        .iter()
        .map(|it| format!("{it}\n"))
        .collect();
    let world =
        World::empty().file("logs/events.jsonl", lines).file("rule.json", r#"{"source": ["my.app"]}"#);
    world.run("index logs --index-dir ix");
    for (pattern, want) in [
        ("rule.json", &["e-2"][..]),
        (r#"{"source": ["aws.iam"]}"#, &["e-1", "e-3"]),
        (r#"{"id": ["of-the-event"]}"#, &["e-1", "e-2"]),
        (r#"{"id": ["e-3"]}"#, &["e-3"]),
        (r#"{"resources": ["arn:x"], "time": ["2024-03-01T12:00:05Z"]}"#, &["e-1", "e-2"]),
        (r#"{"time": ["2024-03-01T12:00:00Z"]}"#, &["e-3"]),
        (r#"{"detail": {"eventName": ["CreateUser"]}}"#, &["e-1", "e-2", "e-3"]),
    ] {
        let reply = events(&world, &["--pattern", pattern, "--index-dir", "ix"], "logs");
        assert_eq!(ids(&reply), want.iter().map(|it| (*it).to_owned()).collect(), "{pattern}");
    }
}

#[test]
fn a_mistake_is_shown_where_it_stands() {
    let world = World::empty()
        .file("rule.json", "{\n  \"detail\": {\n    \"eventName\": [{\"prefx\": \"Delete\"}]\n  }\n}\n");
    let say = |args: &[&str]| world.reply(world.command("events").args(args).arg("."));
    insta::assert_snapshot!(say(&["--where", "{ $.eventName == ConsoleLogin }"]), @r"
    --- stderr
    trailscan: error: `--where`: expected a value at column 16, found `=`
      { $.eventName == ConsoleLogin }
                     ^
    hint: equality is written with one `=`
    --- exit 2
    ");
    insta::assert_snapshot!(say(&["--pattern", "rule.json"]), @r#"
    --- stderr
    trailscan: error: `rule.json`: expected one of `prefix`, `suffix`, `equals-ignore-case`, `wildcard`, `anything-but`, `numeric`, `cidr`, `exists`, found `prefx` at line 3, column 20 (`detail.eventName`)
          "eventName": [{"prefx": "Delete"}]
                         ^
    --- exit 2
    "#);
    insta::assert_snapshot!(say(&["--pattern", "none.json"]), @r#"
    --- stderr
    trailscan: error: cannot read `--pattern none.json`: no such file or directory
    hint: name a JSON file, or write the pattern itself: `{"source": ["aws.iam"]}`
    --- exit 2
    "#);
    // What an attacker could have put into a pattern that is passed on moves no cursor.
    let reply = say(&["--where", "{ $.a\u{1b}[2J }"]);
    assert!(!reply.stderr.contains('\u{1b}'), "{reply}");
}

/// Of a JSON value that is written with escapes, nothing is refused for its bytes.
#[test]
fn characters_that_json_escapes_are_found() {
    let record = |id: &str, agent: &str| {
        format!(
            r#"{{"eventVersion":"1.08","eventID":"{id}","eventName":"X","eventSource":"s3.amazonaws.com","eventTime":"2024-03-01T12:00:00Z","awsRegion":"us-east-1","recipientAccountId":"111122223333","userAgent":"{agent}"}}"#
        )
    };
    let records = [record("e-1", r"a\/b \u00e9 \u003cscript\u003e"), record("e-2", "other")].join(",");
    let world = World::empty().file("logs/x.json", format!(r#"{{"Records":[{records}]}}"#));
    for filter in
        [r#"{ $.userAgent = "a/b é <script>" }"#, r#"{ $.userAgent = "*é*" }"#, "{ $.userAgent = *script* }"]
    {
        let reply = events(&world, &["--where", filter], "logs");
        assert_eq!(ids(&reply), ["e-1".to_owned()].into(), "{filter}");
    }
    let pattern: Value = json!({"detail": {"userAgent": [{"prefix": "a/b é <"}]}});
    assert_eq!(ids(&events(&world, &["--pattern", &pattern.to_string()], "logs")), ["e-1".to_owned()].into());
}
