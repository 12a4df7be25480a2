//! Tables on terminals of every width: what is copied and compared stands unbroken, and nothing is lost.

use crate::world::World;
use clap::CommandFactory;
use rayon::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use trailscan::cli::Cli;
use unicode_width::UnicodeWidthStr;

const WIDTHS: [usize; 5] = [50, 60, 80, 100, 160];

/// What is asked of the fixtures: every command, and every kind of table that it has.
const QUESTIONS: &str = "
who bucket/stratus-red-team-ctlr-bucket-zqfsvooxqj invictus
who-created role/stratus-red-team-ec2-steal-credentials-role invictus
who-changed sg-04cfb7a4712d75b00 invictus --verify
who-deleted bucket/stratus-red-team-ctlr-bucket-zqfsvooxqj invictus
who-deleted bucket/payroll trace --trace
who-read secret/stratus-red-team-retrieve-secret-0 invictus
events invictus --writes --limit 60
events invictus --failed --limit 40 --reverse
events invictus --limit 30 --fields eventTime,eventName,sourceIPAddress,userAgent
events invictus --limit 5 --fields eventName
events trace
events shapes
actor bert-jan invictus
actor alice trace
timeline sg-04cfb7a4712d75b00 invictus
timeline role/stratus-red-team-ec2-steal-credentials-role invictus --related
timeline snap-083d3b857c13988bc --trace --verify invictus
state sg-04cfb7a4712d75b00 invictus
state snap-083d3b857c13988bc --trace --verify invictus
state secret/stratus-red-team-retrieve-secret-0 invictus
diff role/stratus-red-team-ec2-steal-credentials-role --from 2023-07-10T11:56:00Z invictus
diff snap-083d3b857c13988bc --from 2023-07-10T12:00:00Z --trace --verify invictus
revert sg-04cfb7a4712d75b00 --to 2023-07-10T12:11:00Z invictus
revert role/stratus-red-team-ec2-steal-credentials-role --to 2023-07-10T11:56:00Z invictus
inventory invictus
inventory trace --verify
graph vpc-06fe1a64761a0f720 invictus
new --window 10m --baseline 30d invictus
stats --by eventName,actor.who invictus
stats --by actor.who,userAgent --every 10m invictus
stats --every 10m invictus
stats invictus
logins invictus
coverage invictus
coverage cases/trail-narrowed --by hour
coverage digest/digest-deleted/trail
validate digest/none/trail
validate digest/digest-deleted/trail --public-keys digest/digest-deleted/public-keys.json
validate digest/log-tampered/trail --public-keys digest/log-tampered/public-keys.json --verbose
trace alice trace --at 2024-05-01T13:30:00Z
trace user/bert-jan invictus
";

/// What is asked of [`long_names`].
const OF_LONG_NAMES: &str = "
events logs
who-changed s3://payroll/ logs --trace
who s3://payroll/ logs
stats --by resource.id logs
stats --by actor.arn,awsRegion logs
inventory logs
actor role/OrganizationAccountAccessRole logs
coverage logs
trace ASIALONG000000000001 logs
";

/// Names as long as AWS lets them be, with blanks, alike in their ends, wide, and of those who write what they like.
fn long_names() -> World {
    let keys = [
        "2024/03/salaries of all.csv",
        "a/very/long/path/that/leads/nowhere/in/particular/but/is/deep/2024-03-01/export.parquet",
        "another/very/long/path/that/leads/nowhere/in/particular/but/is/deep/2024-03-01/export.parquet",
        "名前/とても長い名前のファイル/給与一覧.csv",
        "x\u{1b}[2J\u{202e}y",
    ];
    let record = |number: usize| {
        let session = ["i-0abc1234567890def", "alice.of.accounting@example.com", "s"][number % 3];
        let role = format!("arn:aws:sts::111122223333:assumed-role/OrganizationAccountAccessRole/{session}");
        json!({
            "eventVersion": "1.09", "eventTime": format!("2024-03-0{}T15:42:{number:02}Z", 1 + number / 8),
            "eventSource": "s3.amazonaws.com", "awsRegion": (["us-east-1", "ap-southeast-1"][number / 6]),
            "eventName": (["DeleteObject", "PutObject", "ListObjectVersionsOfABucketThatIsLarge"][number % 3]),
            "eventID": format!("00000000-0000-4000-8000-0000000000{number:02}"), "readOnly": false,
            "recipientAccountId": "111122223333", "eventCategory": "Data",
            "sourceIPAddress": (["2001:db8:85a3:8d3:1319:8a2e:370:7348", "192.0.2.7"][number % 2]),
            "userAgent": "[aws-cli/2.15.30 Python/3.11.8 Linux/5.10 exe/x86_64.amzn.2 prompt/off]",
            "requestParameters": {"bucketName": "payroll", "key": keys[number % keys.len()]},
            "userIdentity": {"type": "AssumedRole", "arn": role, "accountId": "111122223333",
                "principalId": format!("AROAX:{session}"), "accessKeyId": format!("ASIALONG0000000000{number:02}")},
        })
    };
    let records: Vec<Value> = (0..12).map(record).collect();
    World::empty().file("logs/log.json", json!({ "Records": records }).to_string())
}

/// Whether a text stands somewhere as a whole: neither cut nor a part of something longer.
fn stands(text: &str, what: &str) -> usize {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric());
    let is_whole = |at: &usize| {
        !is_part(text[..*at].chars().next_back()) && !is_part(text[at + what.len()..].chars().next())
    };
    text.match_indices(what).map(|(at, _)| at).filter(is_whole).count()
}

/// The same of a time, whose day may stand above.
fn stands_as_time(text: &str, time: &str) -> usize {
    let short = time.split_once('T').filter(|(day, _)| text.contains(&format!("{day} (UTC)")));
    let short = short.map_or(0, |(_, clock)| stands(text, clock.trim_end_matches('Z')));
    stands(text, time) + short
}

/// The values in an answer that are copied from it: times, ids, addresses, calls, keys.
fn facts(answer: &Value, name: &str, found: &mut BTreeSet<(bool, String)>) {
    const COPIED: [&str; 8] = [
        "eventID",
        "eventIDs",
        "sourceIPAddress",
        "eventName",
        "accessKeyId",
        "errorCode",
        "recipientAccountId",
        "awsRegion",
    ];
    match answer {
        Value::String(text) => {
            let is_time = text.len() >= 20 && text.ends_with('Z') && text.as_bytes()[10] == b'T';
            let is_event = name == "eventTime" || !is_time;
            if !text.is_empty() && (is_time || COPIED.contains(&name)) && is_event {
                found.insert((is_time, text.clone()));
            }
        }
        Value::Array(all) => all.iter().for_each(|it| facts(it, name, found)),
        Value::Object(members) => members.iter().for_each(|(name, it)| facts(it, name, found)),
        _ => {}
    }
}

/// A word as it may stand in a fitted table, where it does not stand as it is.
fn is_shortened(word: &str, text: &str, words: &BTreeSet<&str>) -> bool {
    let is_bar = word.chars().all(|c| ('▁'..='▏').contains(&c));
    let tail = word.trim_end_matches(['/', ':']).rfind(['/', ':']).map(|at| &word[at..]);
    let is_cut = tail.is_some_and(|tail| words.iter().any(|it| it.contains('…') && it.ends_with(tail)));
    let pieces: Vec<&str> = word.split_inclusive("\",").flat_map(|it| it.split_inclusive("},")).collect();
    let is_split = pieces.len() > 1 && pieces.iter().all(|piece| text.contains(piece));
    is_bar || is_cut || is_split || stands_as_time(text, word.trim_end_matches([',', ':'])) > 0
}

/// Says what is wrong with an answer at some width.
fn faults(world: &World, question: &str) -> Vec<String> {
    let command = question.split(' ').next().unwrap();
    let whole = world.run(&format!("{question} --quiet"));
    let whole = whole.text();
    let document = world.run(&format!("{question} --json --quiet")).json();
    if whole.is_empty() {
        return vec![format!("`{question}` has no answer")];
    }
    let mut all = BTreeSet::new();
    facts(&document["answer"], "", &mut all);
    all.retain(|(_, fact)| stands(whole, fact) > 0);
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    let has_rows = command == "events" || command == "logins" || command.starts_with("who");
    for row in
        document["answer"].as_array().filter(|_| has_rows && whole.contains("TIME")).into_iter().flatten()
    {
        *times.entry(row["eventTime"].as_str().unwrap()).or_default() += 1;
    }
    let mut wrong = Vec::new();
    for width in WIDTHS {
        let reply = world.run(&format!("{question} --quiet --width {width}"));
        let text = reply.text();
        let mut fault = |what: String| wrong.push(format!("`trailscan {question} --width {width}`: {what}"));
        for line in text.lines().filter(|line| line.width() > width) {
            let thing = line.trim_start_matches([' ', '│', '├', '└', '─', '#']);
            let is_command = command == "revert" && !line.starts_with('#');
            if thing.contains(' ') && !is_command {
                fault(format!("a line of {}: {line}", line.width()));
            }
        }
        if let Some(active) = text.chars().find(|c| *c != '\n' && (c.is_control() || *c == '\u{202e}')) {
            fault(format!("{active:?} acts on the terminal"));
        }
        for (is_time, fact) in &all {
            if stands(text, fact) == 0 && (!is_time || stands_as_time(text, fact) == 0) {
                fault(format!("`{fact}` is not there as a whole"));
            }
        }
        for (time, many) in &times {
            if stands_as_time(text, time) < *many {
                fault(format!("not every row has its time `{time}`"));
            }
        }
        // These tell less to people at a terminal, and say so.
        if !matches!(command, "timeline" | "actor") {
            let words: BTreeSet<&str> = text.split_whitespace().collect();
            for word in whole.split_whitespace().collect::<BTreeSet<_>>() {
                // Values speak for themselves below their settings.
                if word != "VALUE" && !words.contains(word) && !is_shortened(word, text, &words) {
                    fault(format!("`{word}` is lost"));
                }
            }
        }
    }
    wrong
}

#[test]
fn every_table_is_readable_at_every_width() {
    let (fixtures, names) = (World::fixtures(), long_names());
    let mut questions: Vec<(&World, &str)> = QUESTIONS.trim().lines().map(|it| (&fixtures, it)).collect();
    questions.extend(OF_LONG_NAMES.trim().lines().map(|it| (&names, it)));
    let asked: BTreeSet<&str> = questions.iter().filter_map(|(_, it)| it.split(' ').next()).collect();
    let program = Cli::command();
    let has_tables = |it: &&clap::Command| it.get_arguments().any(|it| it.get_long() == Some("width"));
    for command in program.get_subcommands().filter(has_tables).map(clap::Command::get_name) {
        assert!(asked.contains(command), "`{command}` is not asked");
    }
    let wrong: Vec<String> =
        questions.par_iter().flat_map_iter(|(world, question)| faults(world, question)).collect();
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong[..wrong.len().min(60)].join("\n"));
}

/// Whole names with blanks are not taken apart, and names that end alike are not made one.
#[test]
fn long_names_stay_apart_and_whole() {
    let names = long_names();
    for width in WIDTHS {
        let reply = names.run(&format!("events logs --quiet --width {width}"));
        assert!(reply.text().contains("2024/03/salaries of all.csv"), "{reply}");
        for start in ["a/very", "another/very"] {
            let key = format!(
                "{start}/long/path/that/leads/nowhere/in/particular/but/is/deep/2024-03-01/export.parquet"
            );
            assert!(reply.text().contains(&key), "{reply}");
        }
    }
}

/// A pipe gets it all, as it always was: a row a line, and as much as with `--wide`.
#[test]
fn without_a_terminal_nothing_is_fitted() {
    let names = long_names();
    let piped = names.run("events logs --quiet");
    assert_eq!(piped.text().lines().count(), 13, "{piped}");
    let wide = names.run("events logs --quiet --wide");
    for word in piped.text().split_whitespace() {
        assert!(wide.text().contains(word), "{word}");
    }
    let refused = names.run("events logs --width 80 --wide");
    assert_eq!(refused.status, 2, "{refused}");
    let refused = names.run("events logs --width 3");
    assert_eq!(refused.status, 2, "{refused}");
}

/// How it reads.
#[test]
fn a_table_at_eighty_columns() {
    let reply = World::fixtures()
        .run("who-deleted bucket/stratus-red-team-ctlr-bucket-zqfsvooxqj invictus --quiet --width 80");
    insta::assert_snapshot!(reply.text(), @r"
    2023-07-10 (UTC)
    TIME (UTC)  WHO       CALL          FROM           REGION
    12:08:10    bert-jan  DeleteBucket  192.168.10.20  us-east-1
        RESOURCE S3::Bucket stratus-red-team-ctlr-bucket-zqfsvooxqj

    FAILED: these calls were refused or went wrong and did nothing
    WHO bert-jan · CALL DeleteBucket · ERROR BucketNotEmpty ·
      RESOURCE S3::Bucket stratus-red-team-ctlr-bucket-zqfsvooxqj ·
      FROM 192.168.10.20 · REGION us-east-1
    TIME (UTC)
    2023-07-10T12:08:05Z
    2023-07-10T12:08:09Z
    ");
    let reply = long_names().run("events logs --quiet --width 80 --limit 3");
    insta::assert_snapshot!(reply.text(), @r"
    2024-03-01 (UTC) · REGION us-east-1
    TIME (UTC)  CALL
    15:42:00    DeleteObject
        WHO role OrganizationAccountAccessRole (session i-0abc1234567890def)
        RESOURCE S3::Object payroll/2024/03/salaries of all.csv
        FROM 2001:db8:85a3:8d3:1319:8a2e:370:7348
    15:42:01    PutObject
        WHO role OrganizationAccountAccessRole
          (session alice.of.accounting@example.com)
        RESOURCE S3::Object
          payroll/a/very/long/path/that/leads/nowhere/in/particular/but/is/deep/2024-03-01/export.parquet
        FROM 192.0.2.7
    15:42:02    ListObjectVersionsOfABucketThatIsLarge
        WHO role OrganizationAccountAccessRole (session s)
        RESOURCE S3::ObjectVersionsOfABucketThatIsLarge
          another/very/long/path/that/leads/nowhere/in/particular/but/is/deep/2024-03-01/export.parquet
        FROM 2001:db8:85a3:8d3:1319:8a2e:370:7348
    ");
}
