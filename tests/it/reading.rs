//! What is read: every shape, its damaged sibling, and every way to name it.

use crate::world::{BUCKET, Reply, World, fixture, invictus, names};
use serde_json::{Value, json};
use std::fs;

/// Two gzip members are read to the end, and told of: CloudTrail writes one.
const TWO_MEMBERS: &str = "members.json.gz";

fn expected(name: &str) -> Vec<Value> {
    let mut rows = World::fixtures().run("events --json shapes/records.json.gz").rows();
    assert_eq!(rows.len(), 12);
    if name == "single.json" {
        rows.retain(|row| row["eventName"] == "AssumeRole");
        assert_eq!(rows.len(), 1);
    }
    rows
}

fn status(name: &str) -> i32 {
    if name == TWO_MEMBERS { 3 } else { 0 }
}

/// A shape that is read otherwise than CloudTrail's own would give another answer to the same question.
#[test]
fn every_shape_gives_the_same_rows() {
    let world = World::fixtures();
    let shapes = names("shapes");
    assert_eq!(shapes.len(), 18);
    for name in shapes {
        let reply = world.run(&format!("events --json shapes/{name}"));
        assert_eq!(reply.status, status(&name), "{reply}");
        assert_eq!(reply.rows(), expected(&name), "{name}");
    }
}

/// The name must not be needed: a pipe has none, and cannot seek in a zip.
#[test]
fn every_shape_can_come_from_a_pipe() {
    let world = World::fixtures();
    for name in names("shapes") {
        let content = fs::read(fixture("shapes").join(&name)).unwrap();
        let reply = world.reply(world.command("events --json -").write_stdin(content));
        assert_eq!(reply.status, status(&name), "{name}: {reply}");
        assert_eq!(reply.rows(), expected(&name), "{name}");
    }
}

/// The same record in another shape is the same record: counted twice, an answer would lie.
#[test]
fn one_directory_with_every_shape_has_each_event_once() {
    let reply = World::fixtures().run("events --json shapes");
    assert_eq!(reply.rows(), expected("all"));
    let json = reply.json();
    assert_eq!(json["coverage"]["events"], 17 * 12 + 1);
    assert_eq!(json["coverage"]["duplicates"], 16 * 12 + 1);
    // The first record is in all of them; packages have a name for each member.
    assert_eq!(json["answer"][0]["evidence"].as_array().unwrap().len(), 18);
}

/// Which of several copies a thread meets first must not show: each file holds the events, once they count.
#[test]
fn coverage_counts_every_file_that_holds_an_event() {
    let world = World::fixtures();
    for threads in [1, 2, 4, 4, 4] {
        let json = world.run(&format!("coverage --json --threads {threads} shapes")).json();
        assert_eq!(json["answer"]["cells"][0]["events"], 12, "{threads}");
        assert_eq!(json["answer"]["cells"][0]["files"], 24, "{threads}");
    }
}

/// Rows of exports among whole records: which of them is the copy, the whole archive tells.
#[test]
fn coverage_is_the_same_whoever_met_a_copy_first() {
    let world = World::fixtures();
    let answer =
        |threads: u32| world.run(&format!("coverage --json --threads {threads} cases shapes")).stdout;
    let first = answer(1);
    let json = world.run("coverage --json --threads 1 cases shapes").json();
    let cells = json["answer"]["cells"].as_array().unwrap();
    let is_of_copies = |cell: &serde_json::Value| cell["events"] == 0 && cell["files"] != 0;
    assert!(!cells.iter().any(is_of_copies), "a copy makes no cell of its own: {cells:?}");
    for threads in [2, 3, 4, 4, 4, 4] {
        assert!(answer(threads) == first, "{threads}");
    }
}

/// Damage that is not named, or named wrongly, makes an answer look complete.
#[test]
fn damage_is_named_and_what_is_whole_is_used() {
    let reply = World::fixtures().run("events --json damaged");
    insta::assert_snapshot!(reply.troubles().join("\n"), @"
    damaged/array.json: bad-record, 12 used: 1 line of text that is not JSON
    damaged/cloudwatch-export.txt: bad-record, 11 used: 1 line of text that is not JSON
    damaged/cloudwatch-logs.json.gz: corrupt, 9 used: the gzip stream is broken after 18,117 inflated bytes
    damaged/eventbridge.jsonl: empty, null used: it holds no byte
    damaged/filter-log-events.json: truncated, 5 used: the JSON ends early, after 11,481 whole bytes
    damaged/lines.jsonl: bad-record, 11 used: 1 element cannot be parsed, the first at place 4: not a JSON object
    damaged/lookup-events.json: bad-record, 11 used: 1 element cannot be parsed, the first at place 7: not a JSON object
    damaged/lookup-events.jsonl: truncated, 11 used: the JSON ends early, after 22,811 whole bytes
    damaged/members.json.gz: trailing-data, 12 used: 14 bytes after the gzip stream are not gzip
    damaged/package.tar: truncated, 10 used: the tar ends early, after 3 members
    damaged/package.tar!…cccccccccccccccc.json.gz: truncated, 2 used: the package ends early, after 1,300 of 1,494 bytes
    damaged/package.tar.gz: truncated, 9 used: the gzip stream ends early, after 7,078 inflated bytes
    damaged/package.tar.gz!…cccccccccccccccc.json.gz: truncated, 1 used: the package ends early, after 934 of 1,494 bytes
    damaged/package.zip!…aaaaaaaaaaaaaaaa.json.gz: corrupt, 3 used: the zip checksum does not match
    damaged/plain-named.json.gz: not-a-log, null used: the content is neither compressed nor JSON
    damaged/records-pretty.json: bad-record, 12 used: 1 element cannot be parsed, the first at place 1: not a JSON object
    damaged/records.json: truncated, 6 used: the JSON ends early, after 10,998 whole bytes
    damaged/records.json.gz: truncated, 3 used: the gzip stream ends early, after 6,432 inflated bytes
    damaged/records.json.zst: corrupt, 12 used: the zstd checksum does not match
    damaged/single.json: truncated, null used: the JSON ends early, after 0 whole bytes
    ");
    assert_eq!(reply.status, 3);
}

/// A bad file costs itself only: beside it and in it, whatever is whole is in the answer.
#[test]
fn damage_costs_itself_only() {
    let neighbour = &invictus()[0];
    let whole = World::fixtures().run(&format!("events --json {neighbour}")).rows();
    assert_eq!(names("damaged"), names("shapes"));
    for name in names("damaged") {
        let world = World::empty().copy(&format!("damaged/{name}"), &name);
        let alone = world.run(&format!("events --json {name}"));
        let in_it = if alone.status == 2 { Vec::new() } else { alone.rows() };
        assert_eq!(alone.status, if in_it.is_empty() { 2 } else { 3 }, "{name}: {alone}");
        assert!(alone.stderr.contains(&format!("`{name}")), "{name}: {alone}");
        let pristine = expected("all");
        assert!(in_it.iter().all(|row| pristine.contains(row)), "{name}: {alone}");

        let world = world.copy(neighbour, "zz.json.gz");
        let both = world.run("events --json .");
        assert_eq!(both.status, 3, "{name}: {both}");
        assert_eq!(both.rows().len(), whole.len() + in_it.len(), "{name}");
        assert!(whole.iter().all(|row| both.rows().contains(row)), "{name}");
        let troubles = both.troubles();
        assert!(troubles.iter().all(|trouble| trouble.starts_with(&format!("./{name}"))), "{troubles:?}");
        // A package that is cut is named, and so is the member that it was cut in.
        assert_eq!(troubles.len(), if name.starts_with("package.tar") { 2 } else { 1 }, "{troubles:?}");
    }
}

/// A flipped bit may leave valid JSON, or break it early: either way it is the bytes that are bad.
#[test]
fn any_flipped_byte_in_a_gzip_is_called_corrupt() {
    let content = fs::read(fixture("shapes/records.json.gz")).unwrap();
    for at in (12..content.len() - 8).step_by(101) {
        let mut content = content.clone();
        content[at] ^= 0x5a;
        let world = World::empty().file("flipped.json.gz", content).copy(&invictus()[0], "zz.json.gz");
        let reply = world.run("events --json .");
        assert_eq!(reply.status, 3, "byte {at}");
        let troubles = reply.troubles();
        let corrupt = troubles.iter().filter(|it| it.starts_with("./flipped.json.gz: corrupt"));
        assert_eq!(corrupt.count(), 1, "byte {at}: {troubles:?}");
    }
}

/// Whoever pipes, names one file, or names a directory asks the same question.
#[test]
fn each_way_to_name_the_input_gives_the_same_rows() {
    let world = World::empty()
        .copy("shapes/records.json.gz", "logs/a/x.json.gz")
        .copy("shapes/single.json", "elsewhere/y.json");
    let whole = expected("all");
    let one = expected("single.json");
    for (args, variable, rows) in [
        ("events --json logs/a/x.json.gz", None, &whole),
        ("events --json logs", None, &whole),
        ("events --json logs/", None, &whole),
        ("events --json .", None, &whole),
        ("events --json", None, &whole),
        ("events --json", Some(""), &whole),
        ("events --json", Some("elsewhere"), &one),
        ("events --json", Some("elsewhere:logs"), &whole),
        ("events --json logs", Some("elsewhere"), &whole),
        ("events --json elsewhere logs elsewhere/y.json", None, &whole),
    ] {
        let mut command = world.command(args);
        command.envs(variable.map(|value| ("TRAILSCAN_PATH", value)));
        let reply = world.reply(&mut command);
        assert_eq!(reply.status, 0, "{args} {variable:?}: {reply}");
        assert_eq!(&reply.rows(), rows, "{args} {variable:?}");
    }
}

/// Where nothing was read, "nothing found" would be taken for an answer.
#[test]
fn input_without_a_log_is_refused() {
    let world = World::empty()
        .file("empty/x/.keep", "")
        .file("papers/LICENSE", "MIT License")
        .file("papers/README.md", "# Logs\n\nof 2023")
        .file("papers/picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
        .file("note.txt", "see the logs");
    fs::remove_file(world.dir().join("empty/x/.keep")).unwrap();
    let mut said = String::new();
    for args in ["empty", "papers", "nowhere", "papers nowhere", "note.txt"] {
        let reply = world.run(&format!("events {args}"));
        said += &format!("{reply}\n");
    }
    said += &world.reply(world.command("events -").write_stdin("")).to_string();
    insta::assert_snapshot!(said, @"
    --- stderr
    trailscan: error: no usable log file in `empty`
    hint: name the directory that holds `AWSLogs/`, or a log file
    --- exit 2
    --- stderr
    trailscan: left out 3 files: not CloudTrail (`papers/LICENSE`, `papers/README.md`, `papers/picture.png`)
    trailscan: error: no usable log file in `papers`
    hint: name the directory that holds `AWSLogs/`, or a log file
    --- exit 2
    --- stderr
    trailscan: error: cannot read `nowhere`: no such file or directory
    hint: give a directory, a file, or `-` for the standard input
    --- exit 2
    --- stderr
    trailscan: error: cannot read `nowhere`: no such file or directory
    hint: give a directory, a file, or `-` for the standard input
    --- exit 2
    --- stderr
    trailscan: warning: cannot read `note.txt`: the content is neither compressed nor JSON
    hint: leave the file out, or check how it was exported
    trailscan: error: no usable log file in `note.txt`
    hint: name the directory that holds `AWSLogs/`, or a log file
    --- exit 2
    --- stderr
    trailscan: warning: cannot read `-`: it holds no byte
    hint: fetch the object again from the bucket
    trailscan: error: no usable log file in `-`
    hint: name the directory that holds `AWSLogs/`, or a log file
    --- exit 2
    ");
}

/// A file that is no log may lie beside logs, but not be passed over when it was named.
#[test]
fn named_file_that_is_no_log_is_a_trouble() {
    let world = World::empty()
        .copy("shapes/records.json.gz", "logs/x.json.gz")
        .file("logs/README", "of 2023")
        .file("logs/package.json", r#"{"name": "x"}"#);
    let beside = world.run("events --json logs");
    assert_eq!(beside.status, 0, "{beside}");
    assert_eq!(beside.json()["coverage"]["files"]["skippedBy"], json!({"notCloudTrail": 2}));
    let named = world.run("events --json logs logs/README logs/package.json");
    assert_eq!(named.status, 3, "{named}");
    assert_eq!(named.rows(), beside.rows());
    insta::assert_snapshot!(named.troubles().join("\n"), @"
    logs/README: not-a-log, null used: the content is neither compressed nor JSON
    logs/package.json: not-a-log, null used: the JSON in it holds no CloudTrail record
    ");
}

/// Statistics and signatures are no calls: as rows they would be wrong, unmentioned they would be missed.
#[test]
fn other_files_of_a_trail_are_left_out_and_counted() {
    const DIGEST: &str = r#"{"awsAccountId":"123837392027","digestStartTime":"2023-07-10T11:00:00Z",
        "digestEndTime":"2023-07-10T12:00:00Z","digestS3Bucket":"trail","logFiles":[]}"#;
    const INSIGHT: &str = r#"{"Records":[{"eventVersion":"1.09","eventTime":"2023-07-10T12:00:00Z",
        "awsRegion":"us-east-1","eventID":"1","eventType":"AwsCloudTrailInsight","recipientAccountId":"1",
        "insightDetails":{"state":"Start","eventSource":"s3.amazonaws.com","eventName":"DeleteBucket"}}]}"#;
    const CONFIG: &str = r#"{"fileVersion":"1.0","configSnapshotId":"1","configurationItems":
        [{"resourceType":"AWS::S3::Bucket","resourceId":"logs","configurationItemStatus":"OK"}]}"#;
    let log = World::empty().copy("shapes/records.json.gz", "x.json.gz");
    let world = log.file("d.json", DIGEST).file("i.json", INSIGHT).file("c.json", CONFIG);
    let reply = world.run("events --json .");
    assert_eq!(reply.status, 0, "{reply}");
    assert_eq!(reply.rows(), expected("all"));
    let files = &reply.json()["coverage"]["files"];
    assert_eq!(files["read"], 1);
    assert_eq!(files["skippedBy"], json!({"digest": 1, "insight": 1, "config": 1}));
    insta::assert_snapshot!(reply.stderr, @"
    trailscan: searched 1 file, 12 events, account 123837392027, region us-east-1, 2023-07-10T11:55:24Z to 2023-07-10T12:24:29Z
    trailscan: left out 1 file: digest files
    trailscan: left out 1 file: Insights
    trailscan: left out 1 file: AWS Config files
    ");
    // Without a log beside them there is nothing to answer from.
    for name in ["d.json", "i.json", "c.json"] {
        assert_eq!(world.run(&format!("events {name}")).status, 2, "{name}");
    }
}

/// A file that is not opened because of its name must be one that cannot matter, and be counted.
#[test]
fn files_outside_the_time_are_left_out_by_their_names() {
    let world = World::fixtures();
    for outside in ["--until 2023-07-01", "--since 2023-07-12"] {
        let reply = world.run(&format!("events --json invictus {outside}"));
        assert_eq!(reply.status, 1, "{reply}");
        let skipped = &reply.json()["coverage"]["files"]["skippedBy"];
        assert_eq!(*skipped, json!({"outsideTime": 55, "notCloudTrail": 1}));
        assert!(reply.stderr.contains("left out 55 files: delivered outside the time"), "{reply}");
    }
    // Files are delivered minutes after their events: going by names alone would lose some.
    let mut rows = world.run("events --json invictus").rows();
    rows.retain(|row| {
        ("2023-07-10T12:00:00Z".."2023-07-10T12:08:01Z").contains(&row["eventTime"].as_str().unwrap())
    });
    assert!(rows.len() > 100 && rows.len() < 2900);
    let within = "--since 2023-07-10T12:00:00Z --until 2023-07-10T12:08:00Z";
    assert_eq!(world.run(&format!("events --json invictus {within}")).rows(), rows);
}

/// An endless walk, or a link passed over without a word, is what links bring.
#[cfg(unix)]
#[test]
fn links_that_lead_back_or_nowhere_are_troubles() {
    use std::os::unix::fs::symlink;
    let world = World::empty().copy("shapes/records.json.gz", "logs/a/x.json.gz");
    symlink("..", world.dir().join("logs/a/up")).unwrap();
    symlink("gone.json.gz", world.dir().join("logs/b.json.gz")).unwrap();
    let reply = world.run(&format!("who-deleted {BUCKET} logs --fields eventTime,outcome"));
    insta::assert_snapshot!(reply, @"
    eventTime             outcome
    2023-07-10T12:08:05Z  failed
    2023-07-10T12:08:09Z  failed
    2023-07-10T12:08:10Z  succeeded
    --- stderr
    trailscan: warning: cannot read `logs/a/up`: the symbolic link leads back to a directory above it
    trailscan: warning: cannot read `logs/b.json.gz`: the symbolic link leads nowhere
    hint: check the permissions of the file, or copy the archive again
    hint: what the link leads to is read once, by its real path
    trailscan: searched 1 file, 12 events, account 123837392027, region us-east-1, 2023-07-10T11:55:24Z to 2023-07-10T12:24:29Z
    --- exit 3
    ");
    assert_eq!(world.run("events logs/b.json.gz").status, 2);
}

/// What cannot be opened must show, also when it is a directory.
#[cfg(unix)]
#[test]
fn closed_files_and_directories_are_troubles() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::empty()
        .copy("shapes/records.json.gz", "x.json.gz")
        .copy("shapes/records.json.gz", "closed/y.json.gz")
        .copy("shapes/records.json.gz", "z.json.gz");
    let mode = |name: &str, mode| {
        fs::set_permissions(world.dir().join(name), fs::Permissions::from_mode(mode)).unwrap();
    };
    mode("closed", 0o000);
    mode("z.json.gz", 0o000);
    // The superuser reads them all the same.
    let is_closed = fs::read(world.dir().join("z.json.gz")).is_err();
    let reply: Reply = world.run("events --json .");
    mode("closed", 0o755);
    assert_eq!(reply.rows(), expected("all"));
    if is_closed {
        assert_eq!(
            reply.troubles(),
            [
                "./closed: unreadable, null used: permission denied",
                "./z.json.gz: unreadable, null used: permission denied"
            ]
        );
    }
    assert_eq!(reply.status, if is_closed { 3 } else { 0 });
}

/// A record that garbled bytes made up must not be taken for evidence without a word.
#[test]
fn rows_from_a_file_with_a_wrong_checksum_are_marked() {
    let mut content = fs::read(fixture("shapes/records.json.gz")).unwrap();
    let crc = content.len() - 8;
    content[crc] ^= 0x5a;
    let world = World::empty().file("a.json.gz", &content).copy("shapes/records.json.gz", "b.json.gz");
    let alone = world.run("events --json a.json.gz");
    assert_eq!(alone.status, 3, "{alone}");
    let evidence = &alone.json()["answer"][0]["evidence"];
    assert_eq!(*evidence, json!([{"file": "a.json.gz", "record": evidence[0]["record"], "damaged": true}]));
    assert!(alone.stderr.contains("12 rows are found in damaged files only"), "{alone}");
    // With a sound copy beside it nothing is doubtful.
    let both = world.run("events --json .");
    assert!(!both.stderr.contains("damaged files only"), "{both}");
    assert_eq!(both.rows(), expected("both"));
}

/// What a log is called must not decide whether its damage is told.
#[test]
fn damage_is_told_whatever_the_file_is_called() {
    let content = fs::read(fixture("shapes/records.json.gz")).unwrap();
    let world = World::empty()
        .file("log1", &content[..900])
        .file("sub/.gitkeep", "")
        .copy("shapes/records.json.gz", "x.json.gz");
    let reply = world.run("events --json .");
    assert_eq!(reply.status, 3, "{reply}");
    assert_eq!(reply.troubles().len(), 1, "{reply}");
    assert!(reply.troubles()[0].starts_with("./log1: truncated"), "{reply}");
}

/// An object among `Records` that is no record may be one that was made unreadable.
#[test]
fn an_odd_object_among_records_is_told() {
    let record = r#"{"eventName":"A","eventID":"1","userIdentity":{}}"#;
    let world = World::empty().file("x.json", format!(r#"{{"Records":[{record},{{"foo":1}}]}}"#));
    let reply = world.run("events --json x.json");
    assert_eq!(reply.status, 3, "{reply}");
    assert_eq!(
        reply.troubles(),
        ["x.json: bad-record, 1 used: 1 object among its records without `eventName`"]
    );
}
