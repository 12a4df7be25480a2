//! Archives that bite: what somebody put there to take the memory, the time or the trust of whoever reads it.

use crate::world::{PROGRAM, World, invictus};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

const RECORD: &str = r#"{"eventVersion":"1.08","userIdentity":{"type":"Root"},"eventTime":"2024-01-05T12:00:00Z","eventSource":"s3.amazonaws.com","eventName":"DeleteBucket","awsRegion":"us-east-1","requestParameters":{"bucketName":"b"},"eventID":"e1","recipientAccountId":"111122223333"}"#;

fn gz(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// A record like [`RECORD`], with another id and another member of the request.
fn record(id: &str, member: &str) -> String {
    RECORD.replace(r#""e1""#, &format!("\"{id}\"")).replace(r#""b"}"#, &format!("\"b\",{member}}}"))
}

/// The ids of the events in an answer.
fn ids(reply: &crate::world::Reply) -> Vec<String> {
    reply.rows().iter().map(|row| row["eventID"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_record_over_the_limit_costs_itself() {
    let long = record("e2", &format!("\"x\":\"{}\"", "]}".repeat(3000)));
    let world = World::empty()
        .file("a.json", format!("{{\"Records\":[{RECORD},{long},{}]}}", record("e3", "\"x\":1")))
        .file("b.json.gz", gz(format!("{long}\n{}\n", record("e4", "\"x\":1")).as_bytes()));
    let reply = world.run("events --json --max-record 4KiB .");
    assert_eq!(ids(&reply), ["e1", "e3", "e4"]);
    insta::assert_snapshot!(reply.troubles().join("\n"), @r"
    ./a.json: too-large, 2 used: the record at byte 276 is larger than the limit
    ./b.json.gz: too-large, 1 used: the record at byte 0 is larger than the limit
    ");
    assert_eq!(reply.status, 3);
    assert_eq!(ids(&world.run("events --json .")), ["e1", "e2", "e3", "e4"]);
}

#[test]
fn json_beyond_the_fast_parser_hides_no_event() {
    let deep = format!("\"x\":{}1{}", "[".repeat(5000), "]".repeat(5000));
    let records = [
        record("e2", "\"x\":1e400"),
        record("e3", "\"x\":123456789012345678901234567890"),
        record("e4", &deep),
    ];
    let world = World::empty()
        .file("a.json", format!("{{\"Records\":[{RECORD},{}]}}", records.join(",")))
        .file("b.jsonl", records.join("\n"));
    for paths in ["a.json", "b.jsonl", "."] {
        let reply = world.run(&format!("who-deleted bucket/b --json {paths}"));
        assert_eq!(reply.status, 0, "{reply}");
        assert!(ids(&reply).ends_with(&["e2", "e3", "e4"].map(str::to_owned)), "{reply}");
    }
    let raw = world.run("events --format raw a.json");
    assert_eq!(raw.text().lines().skip(1).collect::<Vec<_>>(), records);
    // Numbers are shown, and found, as they were written.
    let reply = world.run("stats --by requestParameters.x --json a.json");
    for number in ["1e400", "123456789012345678901234567890"] {
        assert!(reply.text().contains(number), "{reply}");
    }
}

/// A package of very many worthless members costs some lines, not one for each.
#[test]
fn very_many_members_are_told_in_some_lines() {
    let mut package = tar::Builder::new(Vec::new());
    for number in 0..10_100 {
        let mut header = tar::Header::new_gnu();
        header.set_size(1);
        package.append_data(&mut header, format!("{number}.json"), &b"1"[..]).unwrap();
    }
    let package = gz(&package.into_inner().unwrap());
    let world = World::empty().file("a.json", RECORD).file("b.tar.gz", package);
    let reply = world.run("events --json .");
    assert_eq!((ids(&reply), reply.status), (vec!["e1".to_owned()], 3));
    let troubles = reply.troubles();
    let of_package: Vec<&String> = troubles.iter().filter(|it| !it.contains('!')).collect();
    assert_eq!((troubles.len(), of_package.len()), (1002, 2));
    assert!(
        of_package.iter().any(|it| it.ends_with("9100 more of its members cannot be read")),
        "{of_package:?}"
    );
    assert_eq!(reply.json()["coverage"]["files"]["unreadable"], 10_100);
}

/// A link, a pipe or a directory of rules must not lead the program elsewhere, nor make it wait.
#[cfg(unix)]
#[test]
fn links_and_pipes_in_an_archive_lead_nowhere() {
    use std::os::unix::fs::symlink;
    let world = World::empty()
        .file("logs/a.json", RECORD)
        .file("out/b.json", record("e2", "\"x\":1"))
        .file("rules/a.toml", "source = \"s3.amazonaws.com\"\n[calls]\n");
    symlink("../out", world.dir().join("logs/link")).unwrap();
    for pipe in ["logs/pipe.json", "rules/b.toml"] {
        let made = std::process::Command::new("mkfifo").arg(world.dir().join(pipe)).status().unwrap();
        assert!(made.success());
    }
    let reply = world.run("events --json logs");
    assert_eq!((ids(&reply), reply.status), (vec!["e1".to_owned()], 3));
    assert_eq!(reply.json()["coverage"]["files"]["skippedBy"]["specialFile"], 1);
    insta::assert_snapshot!(reply.stderr.replace(&world.dir().display().to_string(), "$DIR"), @r"
    trailscan: warning: cannot read `logs/link`: the symbolic link leads outside the given paths, to `$DIR/out`
    hint: `--follow-links` reads what it leads to, or give that as another path
    trailscan: searched 1 file, 1 event, account 111122223333, region us-east-1, 2024-01-05T12:00:00Z to 2024-01-05T12:00:00Z
    trailscan: left out 1 file: special files
    ");
    for also in ["logs --follow-links", "logs out"] {
        let reply = world.run(&format!("events --json {also}"));
        assert_eq!((ids(&reply), reply.status), (vec!["e1".to_owned(), "e2".to_owned()], 0), "{reply}");
    }
    for command in ["validate --json logs", "index --index-dir other logs"] {
        assert!(world.run(command).stderr.contains("leads outside the given paths"), "{command}");
    }
    let reply = world.run("inventory --rules rules logs/a.json");
    assert_eq!(reply.status, 2, "{reply}");
    assert!(reply.stderr.contains("b.toml`: it is a pipe"), "{reply}");
    if cfg!(target_os = "linux") {
        assert_eq!(world.run("events /proc").status, 2);
    }
}

/// What the user names may be a pipe: that of a shell, one with a name, the standard input by its path.
#[cfg(target_os = "linux")]
#[test]
fn pipes_that_the_user_names_are_read() {
    let world = World::empty().file("a.json", RECORD);
    for script in [
        "\"$0\" events --json <(cat a.json)",
        "cat a.json | \"$0\" events --json /dev/stdin",
        "\"$0\" events --json /dev/stdin < a.json",
        "\"$0\" events --json /proc/self/fd/0 < a.json",
        "cat a.json | \"$0\" events --json -",
        "mkfifo pipe; cat a.json > pipe & \"$0\" events --json pipe",
        "\"$0\" events --json --pattern <(echo '{\"source\":[\"aws.s3\"]}') a.json",
    ] {
        let mut bash = assert_cmd::Command::new("bash");
        bash.args(["-c", script, PROGRAM]).current_dir(world.dir());
        let reply = world.reply(&mut bash);
        assert_eq!((ids(&reply), reply.status), (vec!["e1".to_owned()], 0), "{script}: {reply}");
    }
}

/// Runs with this many kibibytes of addresses; a program that asks for more is ended.
#[cfg(target_os = "linux")]
fn run_within(world: &World, kibibytes: u32, args: &str) -> crate::world::Reply {
    let mut shell = assert_cmd::Command::new("sh");
    shell.args(["-c", "ulimit -v \"$0\"; exec \"$@\"", &kibibytes.to_string(), PROGRAM]);
    world.reply(shell.args(args.split_whitespace()).current_dir(world.dir()))
}

/// What a small file of AWS Config, of keys or of metadata inflates to does not fill the memory.
#[cfg(target_os = "linux")]
#[test]
fn files_beside_the_logs_take_no_more_memory_than_logs() {
    let item = r#"{"resourceType":"AWS::S3::Bucket","resourceId":"b","awsAccountId":"111122223333","configurationItemCaptureTime":"2024-01-05T11:00:00Z","configurationItemStatus":"OK"}"#;
    // The members of a gzip file are one content; so that is made fast.
    let bomb = |begin: &str, what: &str, end: &str| {
        let many = gz(what.repeat((1 << 20) / what.len()).as_bytes());
        [gz(begin.as_bytes()), many.repeat(16), gz(end.as_bytes())].concat()
    };
    let list = format!("{{\"configurationItems\":[{item},");
    let world = World::empty()
        .file("a.json", RECORD)
        .file("space.json.gz", bomb("", " ", ""))
        .file("values.json.gz", bomb("[", "[],", "0]"))
        .file("one.json.gz", bomb(&format!("{list}["), "[],", "0]]}"))
        .file("same.json.gz", bomb(&list, &format!("{item},"), "0]}"))
        .file("keys.json", format!("[{}0]", "[],".repeat(4 << 20)));
    for (file, status, told) in [
        ("space.json.gz", 3, "there is no configuration item in it"),
        ("values.json.gz", 3, "there is no configuration item in it"),
        ("one.json.gz", 3, "1 part larger than the limit; 1 whole record was used"),
        ("same.json.gz", 3, "1 item cannot be used"),
    ] {
        let args = format!("timeline bucket/b --threads 1 --aws-config {file} a.json");
        let reply = run_within(&world, 400_000, &args);
        assert_eq!(reply.status, status, "{file}: {reply}");
        assert!(reply.stderr.contains(told), "{file}: {reply}");
        assert!(reply.text().contains("DeleteBucket"), "{reply}");
    }
    let reply = run_within(&world, 400_000, "validate --threads 1 --public-keys keys.json a.json");
    assert_eq!(reply.status, 2);
    assert!(reply.stderr.contains("it holds more values than any such file"), "{reply}");
    let reply = run_within(&world, 400_000, "events --threads 1 --public-keys /dev/zero a.json");
    assert_eq!(reply.status, 3);
    assert!(reply.stderr.contains("larger than any file of keys"), "{reply}");
    let reply = run_within(&world, 400_000, "events --threads 1 --pattern /dev/zero a.json");
    assert_eq!(reply.status, 2);
}

/// A pipe that goes on for ever ends at the limit, and so does the number of threads.
#[cfg(target_os = "linux")]
#[test]
fn what_goes_on_for_ever_ends() {
    let world = World::empty().file("a.json", RECORD);
    for endless in
        ["yes ' '", "yes '{\"a\":1}'", "cat /dev/zero", "yes \"$(cat a.json)\"", "yes '[' | tr -d '\\n'"]
    {
        let script = format!("{endless} | \"$0\" events --json --limit 1 --max-inflated 1MiB -");
        let mut bash = assert_cmd::Command::new("bash");
        bash.args(["-c", &script, PROGRAM]).current_dir(world.dir());
        let reply = world.reply(&mut bash);
        assert!([2, 3].contains(&reply.status), "{script}: {reply}");
        assert!(reply.stderr.contains("continues past 1,048,576 bytes"), "{script}: {reply}");
    }
    assert_eq!(ids(&world.run("events --json --threads 2000 .")), ["e1"]);
}

/// A file of ten terabytes is made in no time, and has none of them.
#[test]
#[cfg(target_os = "linux")]
fn a_file_of_holes_is_read_up_to_the_limit() {
    let world = World::empty().file("a.json", RECORD);
    let file = std::fs::File::options().append(true).open(world.dir().join("a.json")).unwrap();
    file.set_len(10 << 40).unwrap();
    let reply = run_within(&world, 400_000, "events --json --threads 1 --max-inflated 1MiB a.json");
    assert_eq!((reply.rows().len(), reply.status), (1, 3), "{reply}");
    assert!(reply.stderr.contains("continues past 1,048,576 bytes"), "{reply}");
}

/// An answer that goes nowhere is no success, whatever was asked.
#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_written_is_no_success() {
    let world = World::empty().file("a.json", RECORD);
    for args in [
        "--help",
        "--version",
        "help who",
        "man",
        "completions bash",
        "events a.json",
        "validate a.json",
        "who-deleted bucket/b --json a.json",
    ] {
        for (to, told) in [
            (">/dev/full", "no space left"),
            (">&-", "stdout is closed"),
            ("1</dev/null", "stdout is closed"),
        ] {
            let mut shell = assert_cmd::Command::new("sh");
            shell.args(["-c", &format!("exec \"$0\" {args} {to}"), PROGRAM]).current_dir(world.dir());
            let reply = world.reply(&mut shell);
            assert_eq!(reply.status, 2, "{args} {to}: {reply}");
            assert!(reply.stderr.to_lowercase().contains(told), "{args} {to}: {reply}");
        }
        // Who discards an answer wants to know the status, and a reader that went away has seen enough.
        for to in [">/dev/null", "1<>/dev/null", "| true"] {
            let mut shell = assert_cmd::Command::new("bash");
            shell.args(["-c", &format!("\"$0\" {args} {to}"), PROGRAM]).current_dir(world.dir());
            let reply = world.reply(&mut shell);
            assert!(!reply.stderr.contains("cannot write"), "{args} {to}: {reply}");
        }
    }
}

/// A file that is named for another day than its events are of is left out by its name: that is told, and how to read
/// it.
#[test]
fn names_that_tell_other_dates_are_told() {
    let name = |day: &str| {
        format!(
            "AWSLogs/111122223333/CloudTrail/us-east-1/{}/111122223333_CloudTrail_us-east-1_{}T1205Z_abcdefghijklmnop.json.gz",
            day.replace('-', "/"),
            day.replace('-', "")
        )
    };
    let log = gz(format!("{{\"Records\":[{RECORD}]}}").as_bytes());
    let world = World::empty().file(&name("2023-02-01"), &log).file(&name("2024-01-05"), &log);
    let reply = world.run("events --json --since 2024-01-01 .");
    insta::assert_snapshot!(reply.stderr, @r"
    trailscan: searched 1 file, 1 event, account 111122223333, region us-east-1, 2024-01-05T12:00:00Z to 2024-01-05T12:00:00Z
    trailscan: left out 1 file: delivered outside the time asked for
    hint: file names and event dates disagree in 1 of 1 sampled file: `./AWSLogs/111122223333/CloudTrail/us-east-1/2023/02/01/111122223333_CloudTrail_us-east-1_20230201T1205Z_abcdefghijklmnop.json.gz` is named for 2023-02-01T12:05:00Z but holds an event of 2024-01-05T12:00:00Z; files that were left out by name may hold what you asked for: `--ignore-names` reads every file
    ");
    assert_eq!(reply.json()["answer"][0]["evidence"].as_array().unwrap().len(), 1);
    let all = world.run("events --json --since 2024-01-01 --ignore-names .");
    assert_eq!(all.json()["answer"][0]["evidence"].as_array().unwrap().len(), 2);
    assert!(!all.stderr.contains("--ignore-names"), "{all}");
    // An archive that is named as it should be says nothing of it.
    let world = World::fixtures();
    let reply = world.run("events --since 2023-07-10T12:10:00Z invictus");
    assert!(reply.stderr.contains("left out") && !reply.stderr.contains("--ignore-names"), "{reply}");
    assert!(invictus().len() > 10);
}
