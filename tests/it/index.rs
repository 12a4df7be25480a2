//! An index spares work and changes no answer: every question is asked with and without.

use crate::world::{Reply, World, invictus};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A copy of the real logs beside an empty directory for indexes.
fn world() -> World {
    let logs = invictus();
    logs.iter().fold(World::empty(), |world, log| world.copy(log, &log.replace("invictus/", "logs/")))
}

fn index(world: &World) -> Reply {
    let reply = world.run("index logs --index-dir ix");
    assert_eq!(reply.status, 0, "{reply}");
    reply
}

/// Asks with and without the index, and returns the one answer.
#[track_caller]
fn both(world: &World, question: &str) -> Reply {
    let with = world.run(&format!("{question} logs --json --index-dir ix"));
    let without = world.run(&format!("{question} logs --json --index-dir ix --no-index"));
    assert_eq!(with.text(), without.text(), "{question}");
    assert_eq!(with.stderr, without.stderr, "{question}");
    assert_eq!(with.status, without.status, "{question}");
    with
}

/// Every file of a tree, with its content and the time of its last change.
fn state(dir: &Path) -> Vec<(PathBuf, SystemTime, Vec<u8>)> {
    let (mut found, mut open) = (Vec::new(), vec![dir.to_owned()]);
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let entry = entry.unwrap();
            let modified = entry.metadata().unwrap().modified().unwrap();
            if entry.path().is_dir() {
                open.push(entry.path());
                found.push((entry.path(), modified, Vec::new()));
            } else {
                found.push((entry.path(), modified, fs::read(entry.path()).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn gz(records: &[Value]) -> Vec<u8> {
    let mut gz = GzEncoder::new(Vec::new(), Compression::default());
    gz.write_all(json!({ "Records": records }).to_string().as_bytes()).unwrap();
    gz.finish().unwrap()
}

fn record(id: &str, more: &Value) -> Value {
    let mut record = json!({
        "eventVersion": "1.08", "eventTime": "2024-03-01T12:00:00Z", "awsRegion": "eu-west-1",
        "eventSource": "s3.amazonaws.com", "eventName": "DeleteBucket", "eventID": id,
        "sourceIPAddress": "192.0.2.1", "recipientAccountId": "111122223333", "readOnly": false,
        "userIdentity": {
            "type": "IAMUser", "userName": "alice", "accountId": "111122223333",
            "principalId": "AIDAEXAMPLEALICE00001", "arn": "arn:aws:iam::111122223333:user/alice",
            "accessKeyId": "AKIAIOSFODNN7EXAMPLE"
        }
    });
    for (key, value) in more.as_object().unwrap() {
        record[key] = value.clone();
    }
    record
}

/// Records that are hard to tell by words, one a file.
fn odd_world() -> World {
    let ec2 = |name: &str, request: Value, response: Value| {
        json!({ "eventSource": "ec2.amazonaws.com", "eventName": name,
            "requestParameters": request, "responseElements": response })
    };
    let iam = |name: &str, error: Value, message: &str| {
        json!({ "eventSource": "iam.amazonaws.com", "eventName": name, "errorCode": error,
            "errorMessage": message, "requestParameters": null })
    };
    let secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCd12";
    let records = [
        json!({ "requestParameters": { "bucketName": "payroll" } }),
        ec2(
            "AssociateRouteTable",
            json!({ "routeTableId": "rtb-0a1b2c3d", "subnetId": "subnet-0a1b2c3d" }),
            json!({ "associationId": "rtbassoc-0a1b2c3d" }),
        ),
        ec2(
            "DisassociateRouteTable",
            json!({ "associationId": "rtbassoc-0a1b2c3d" }),
            json!({ "_return": true }),
        ),
        iam(
            "DeleteUser",
            json!("AccessDenied"),
            "User: x is not authorized to perform: iam:DeleteUser on resource: user bob.",
        ),
        iam("DeleteUser", json!("AccessDenied"), "denied"),
        iam("DeleteRole", json!("NoSuchEntityException"), "The role cannot be found."),
        json!({ "eventSource": "secretsmanager.amazonaws.com", "eventName": "DeleteSecret",
            "requestParameters": { "secretId": secret } }),
        json!({ "eventName": "DeleteObject", "requestParameters": { "bucketName": "payroll", "key": "a/b c.txt" } }),
        json!({ "eventName": "CopyObject", "requestParameters": {
            "bucketName": "other", "key": "k", "x-amz-copy-source": "payroll/a%2Fb%20c.txt" } }),
        json!({ "eventSource": "signin.amazonaws.com", "eventName": "ConsoleLogin", "requestParameters": null,
            "errorMessage": "Failed authentication", "responseElements": { "ConsoleLogin": "Failure" } }),
        json!({ "eventSource": "nosuch.amazonaws.com", "eventName": "DeleteWidget",
            "requestParameters": { "widgetName": "gear" } }),
        json!({ "eventName": "PutAccountPublicAccessBlock", "eventSource": "s3.amazonaws.com" }),
        json!({ "eventName": "GetBucketAcl", "readOnly": true, "requestParameters": { "bucketName": "payroll" } }),
        json!({ "eventTime": "yesterday", "requestParameters": { "bucketName": "undated" } }),
        json!({ "eventTime": "2024-03-01T12:00:00.5Z", "requestParameters": { "bucketName": "halved" } }),
        json!({ "recipientAccountId": null, "awsRegion": null, "requestParameters": { "bucketName": "placeless" } }),
        json!({ "userIdentity": { "type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/Ops/carol@corp",
            "principalId": "AROAEXAMPLE:carol@corp", "accountId": "111122223333", "accessKeyId": "ASIAEXAMPLE",
            "sessionContext": { "sessionIssuer": { "userName": "Ops", "arn": "arn:aws:iam::111122223333:role/Ops" } } },
            "sourceIPAddress": "2001:db8::1", "requestParameters": { "bucketName": "by-carol" } }),
        json!({ "addendum": { "originalEventID": "e0" }, "requestParameters": { "bucketName": "payroll" } }),
        json!({ "userIdentity": null, "eventType": "AwsServiceEvent", "eventSource": "kms.amazonaws.com",
            "eventName": "RotateKey", "serviceEventDetails": { "keyId": "1234abcd-12ab-34cd-56ef-1234567890ab" } }),
    ];
    let world = records.iter().enumerate().fold(World::empty(), |world, (number, more)| {
        let record = record(&format!("e{number}"), more);
        world.file(&format!("logs/{number}.json.gz"), gz(&[record]))
    });
    let cut = gz(&[record("cut", &json!({ "requestParameters": { "bucketName": "payroll" } }))]);
    world
        .file("logs/cut.json.gz", &cut[..cut.len() - 9])
        .file("logs/two.json", json!([record("x", &json!({})), record("y", &json!({}))]).to_string())
        .file("logs/readme.txt", "nothing")
}

#[test]
fn an_index_changes_no_answer_on_real_logs() {
    let world = world();
    let before = state(&world.dir().join("logs"));
    index(&world);
    assert_eq!(state(&world.dir().join("logs")), before, "the archive is never written to");

    let rows = world.run("events --writes --json logs --no-index").rows();
    let resources = rows.iter().map(|row| &row["resource"]).filter(|it| !it.is_null());
    let references = resources.flat_map(|resource| {
        let typed = format!("{}/{}", resource["type"].as_str().unwrap(), resource["id"].as_str().unwrap());
        let texts =
            ["id", "name", "arn"].into_iter().filter_map(|key| resource[key].as_str().map(str::to_owned));
        texts.chain([typed]).collect::<Vec<_>>()
    });
    let references: BTreeSet<String> = references.filter(|it| !it.contains([' ', '*', '?'])).collect();
    assert!(references.len() > 200);
    for reference in references.iter().step_by(4) {
        both(&world, &format!("who --all {reference}"));
    }
    for question in [
        "who-deleted bucket/no-such-bucket",
        "who-deleted user/bert-jan",
        "who-created role/no-such-role",
        "who-read s3://stratus-red-team-ctlr-bucket-zqfsvooxqj/",
        "who 123837392027",
        "who-deleted ANPATFQR7NSCRBSSSS4N4",
        "who AIDATFQR7NSC5AU2ZV3IE",
        "who AROATFQR7NSCRR66DMFTC",
        "who AROATFQR7NSCRR66DMFTC --event AssumeRole",
        "state ANPATFQR7NSCRBSSSS4N4",
        "events --actor bert-jan",
        "events --actor role/no-such-role",
        "events --actor !bert-jan --event Delete*",
        "events --event DeleteTrail",
        "events --service iam --denied",
        "events --error AccessDenied",
        "events --ip 192.168.10.20 --writes",
        "events --ip 203.0.113.9",
        "events --access-key AKIATFQR7NSC3ZO6PKAZ",
        "events --region eu-west-1",
        "events --account 123456789012",
        "events --since 2023-07-10T12:20:00Z --until 2023-07-10T12:30:00Z --writes",
        "who-deleted bucket/stratus-red-team-ctlr-bucket-zqfsvooxqj --since 2023-07-11",
    ] {
        both(&world, question);
    }
}

#[test]
fn an_index_changes_no_answer_on_odd_records() {
    let world = odd_world();
    let reply = world.run("index logs --index-dir ix");
    assert_eq!(reply.status, 3, "{reply}");
    let rows = |question: &str| both(&world, question).rows().len();
    // One of them says that it corrects another: that one stays.
    assert_eq!(rows("who-deleted bucket/payroll"), 3);
    assert_eq!(rows("who-changed rtb-0a1b2c3d"), 2);
    assert_eq!(rows("who-changed rtb-0a1b2c3d --event Disassociate*"), 1);
    assert_eq!(rows("who-deleted user/bob"), 1);
    assert_eq!(rows("who-deleted secret/prod/db"), 1);
    assert_eq!(rows("who-deleted arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCd12"), 1);
    assert_eq!(rows("who-deleted gear"), 1);
    assert_eq!(rows("events --actor carol@corp"), 1);
    assert_eq!(rows("events --actor role/ops"), 1);
    assert_eq!(rows("events --actor arn:aws:sts::111122223333:assumed-role/Ops/carol@corp"), 1);
    assert_eq!(rows("events --actor kms.amazonaws.com"), 1);
    assert_eq!(rows("events --ip 2001:db8:0:0::1"), 1);
    assert_eq!(rows("events --error Failure"), 0);
    for question in [
        "who bucket/payroll",
        "who payroll",
        "who --all payroll",
        "who-read s3://payroll/a/",
        "who-deleted s3://payroll/",
        "who-deleted role/x",
        "who-deleted user/nobody",
        "who AKIAIOSFODNN7EXAMPLE",
        "who 111122223333",
        "who-changed 1234abcd-12ab-34cd-56ef-1234567890ab",
        "who bucket/undated --since 2024-01-01",
        "who bucket/undated",
        "who bucket/halved",
        "who bucket/placeless --account 111122223333",
        "who bucket/placeless --region eu-west-1",
        "who subnet-0a1b2c3d",
        "events --failed",
        "events --denied",
        "events --succeeded",
        "events --error AccessDenied",
        "events --access-key AKIAIOSFODNN7EXAMPLE --event Get*",
        "events --since 2024-03-02",
        "events --until 2024-02-01",
        "events --event-id e3",
        "events --user-agent x",
        "events --reads",
        "events --region us-east-1",
        "who b/c.txt",
        "who x",
        "who /a/b",
    ] {
        both(&world, question);
    }
}

#[test]
fn what_is_new_or_changed_is_read() {
    let bucket = |name: &str| record("e", &json!({ "requestParameters": { "bucketName": name } }));
    let world = World::empty()
        .file("logs/a.json.gz", gz(&[bucket("one-bucket")]))
        .file("logs/sub/b.json.gz", gz(&[bucket("two-bucket")]));
    index(&world);
    let count = |world: &World, name: &str| both(world, &format!("who-deleted bucket/{name}")).rows().len();
    assert_eq!(
        (count(&world, "one-bucket"), count(&world, "two-bucket"), count(&world, "three-bucket")),
        (1, 1, 0)
    );
    // The part of an archive is known as well, by whatever name.
    let part = world.run("who-deleted bucket/two-bucket ./logs/../logs/sub/ --index-dir ix --json");
    assert_eq!(part.rows().len(), 1, "{part}");

    let world = world.file("logs/c.json.gz", gz(&[bucket("three-bucket")]));
    assert_eq!(count(&world, "three-bucket"), 1);
    // Of the same length: only the time tells.
    let path = world.dir().join("logs/a.json.gz");
    let changed = gz(&[bucket("six-bucket")]);
    fs::write(&path, &changed).unwrap();
    let later = SystemTime::now() + Duration::from_secs(5);
    fs::File::options().write(true).open(&path).unwrap().set_modified(later).unwrap();
    assert_eq!((count(&world, "one-bucket"), count(&world, "six-bucket")), (0, 1));
    // Of the same length and time, written over or put in its place.
    let path = world.dir().join("logs/sub/b.json.gz");
    let (modified, size) = fs::metadata(&path).map(|it| (it.modified().unwrap(), it.len())).unwrap();
    let put = |path: &Path, name: &str| {
        fs::write(path, gz(&[bucket(name)])).unwrap();
        assert_eq!(fs::metadata(path).unwrap().len(), size);
        fs::File::options().write(true).open(path).unwrap().set_modified(modified).unwrap();
    };
    put(&path, "ten-bucket");
    assert_eq!((count(&world, "two-bucket"), count(&world, "ten-bucket")), (0, 1));
    put(&path, "two-bucket");
    assert!(index(&world).stderr.contains("3 files (0 known before)"));
    put(&world.dir().join("other"), "ten-bucket");
    fs::rename(world.dir().join("other"), &path).unwrap();
    assert_eq!((count(&world, "two-bucket"), count(&world, "ten-bucket")), (0, 1));
    fs::remove_file(&path).unwrap();
    assert_eq!(count(&world, "two-bucket"), 0);

    let again = index(&world);
    assert!(again.stderr.contains("2 files (2 known before)"), "{again}");
    assert!(index(&world).stderr.contains("2 files (2 known before)"));
    assert_eq!(
        (count(&world, "one-bucket"), count(&world, "six-bucket"), count(&world, "three-bucket")),
        (0, 1, 1)
    );
}

/// What was ruled out is not opened, unless it is to be proven.
#[test]
fn only_what_may_matter_is_opened() {
    let by = |id: &str, name: &str, more: Value| {
        let mut record = record(id, &more);
        record["requestParameters"] = json!({ "bucketName": name });
        gz(&[record])
    };
    let iam = json!({ "eventSource": "iam.amazonaws.com", "eventName": "CreateUser", "eventTime": "2024-05-01T00:00:00Z",
        "userIdentity": { "type": "Root", "accountId": "444455556666" }, "sourceIPAddress": "198.51.100.9",
        "recipientAccountId": "444455556666", "awsRegion": "us-east-1" });
    let world = World::empty()
        .file("logs/a.json.gz", by("a", "first-bucket", json!({ "errorCode": "AccessDenied" })))
        .file("logs/b.json.gz", by("b", "second-bucket", iam));
    index(&world);
    for question in [
        "who-deleted bucket/first-bucket",
        "who first-bucket",
        "who AKIAIOSFODNN7EXAMPLE",
        "events --actor alice",
        "events --access-key AKIAIOSFODNN7EXAMPLE",
        "events --ip 192.0.2.1",
        "events --error AccessDenied",
        "events --failed",
        "events --event DeleteBucket",
        "events --service s3",
        "events --until 2024-04-01",
        "events --account 111122223333",
        "events --region eu-*",
    ] {
        let opened = |more: &str| {
            let reply = world.run(&format!("{question} logs --json --explain --index-dir ix{more}"));
            assert_eq!(reply.json()["coverage"]["events"].as_u64(), Some(2), "{question}");
            !reply.stderr.contains(" 1 settled by the index")
        };
        assert_eq!(
            [opened(""), opened(" --verify"), opened(" --no-index")],
            [false, true, true],
            "{question}"
        );
    }
}

#[test]
fn an_index_that_cannot_be_trusted_is_left_alone_and_named() {
    let world = world();
    index(&world);
    let question = "who-deleted bucket/stratus-red-team-ctlr-bucket-zqfsvooxqj logs --json";
    let without = world.run(&format!("{question} --no-index"));
    let file = fs::read_dir(world.dir().join("ix")).unwrap().next().unwrap().unwrap().path();
    let good = fs::read(&file).unwrap();
    let mut other = good.clone();
    other[8] ^= 1;
    let (half, noise) = (good[..good.len() / 2].to_vec(), b"no index at all".to_vec());
    for (bytes, why) in [(half, "is damaged"), (noise, "is damaged"), (other, "was made by another version")]
    {
        fs::write(&file, bytes).unwrap();
        let reply = world.run(&format!("{question} --index-dir ix"));
        assert_eq!((reply.text(), reply.status), (without.text(), 0));
        assert!(reply.stderr.contains(why) && reply.stderr.contains("is not used"), "{reply}");
    }
    // The index of one archive under the name of another.
    let elsewhere = World::empty().file("logs/a.json.gz", gz(&[record("e", &json!({}))]));
    fs::create_dir(elsewhere.dir().join("ix")).unwrap();
    index(&elsewhere);
    let foreign = fs::read_dir(elsewhere.dir().join("ix")).unwrap().next().unwrap().unwrap().path();
    fs::copy(foreign, &file).unwrap();
    let reply = world.run(&format!("{question} --index-dir ix"));
    assert!(reply.stderr.contains("is that of another archive"), "{reply}");
    assert_eq!(reply.text(), without.text());
}

/// The calls of a package are not in the index; what stands beside it is.
#[test]
fn a_package_beside_other_files_is_indexed_around() {
    for threads in [1, 2] {
        let other = record("e", &json!({ "eventName": "ListUsers", "eventSource": "iam.amazonaws.com" }));
        let world = World::empty()
            .copy("shapes/package.zip", "logs/1.zip")
            .copy("shapes/package.tar.gz", "logs/2.tar.gz")
            .file("logs/3.json.gz", gz(&[other]));
        let reply = world.run(&format!("index logs --index-dir ix --threads {threads}"));
        assert_eq!(reply.status, 0, "{reply}");
        assert!(reply.stderr.contains("1 files (0 known before), 1 events; 2 others are read"), "{reply}");
        assert_eq!(both(&world, "events --event ListUsers").rows().len(), 1);
    }
}

#[test]
fn an_index_lies_outside_of_the_archive() {
    let world = world();
    let reply = world.run("index logs --index-dir logs/ix");
    assert_eq!(reply.status, 2, "{reply}");
    assert!(!world.dir().join("logs/ix").exists());
    let mut command = world.command("index logs");
    let reply = world.reply(command.env("XDG_CACHE_HOME", world.dir().join("cache")));
    assert_eq!(reply.status, 0, "{reply}");
    assert_eq!(fs::read_dir(world.dir().join("cache/trailscan")).unwrap().count(), 1);
    let mut command = world.command("index logs");
    let reply = world.reply(command.env("HOME", world.dir().join("home")).env("XDG_CACHE_HOME", "relative"));
    assert_eq!(reply.status, 0, "{reply}");
    assert_eq!(fs::read_dir(world.dir().join("home/.cache/trailscan")).unwrap().count(), 1);
    let reply = world.run("index logs");
    assert_eq!(reply.status, 2, "{reply}");
    assert!(reply.stderr.contains("the home directory is not known"), "{reply}");
}

/// What an index knows of a file tells on which days it has events, or the file is read.
#[test]
fn holes_are_the_same() {
    let log = |records: &[(&str, &str)]| {
        let one = |(time, region): &(&str, &str)| {
            let more = json!({"eventTime": time, "awsRegion": region, "requestParameters": {"bucketName": "payroll"},
                "eventName": "PutBucketTagging"});
            record(&format!("{time}{region}"), &more)
        };
        gz(&records.iter().map(one).collect::<Vec<_>>())
    };
    let world = World::empty()
        .file("logs/a.json.gz", log(&[("2024-03-01T12:00:00Z", "eu-west-1")]))
        .file(
            "logs/b.json.gz",
            log(&[("2024-03-03T23:59:00Z", "eu-west-1"), ("2024-03-04T00:01:00Z", "eu-west-1")]),
        )
        .file(
            "logs/c.json.gz",
            log(&[("2024-03-08T12:00:00Z", "eu-west-1"), ("2024-03-06T12:00:00Z", "eu-west-1")]),
        )
        .file(
            "logs/d.json.gz",
            log(&[("2024-03-10T12:00:00Z", "eu-west-1"), ("2024-03-12T12:00:00Z", "us-east-1")]),
        );
    let bucket = json!({"eventName": "CreateBucket", "requestParameters": {"bucketName": "seen"}});
    let world = world.file("logs/e.json.gz", gz(&[record("e", &bucket)]));
    index(&world);
    let reply = both(&world, "state bucket/seen");
    let days = &reply.rows()[0]["knowledge"]["holes"][0]["daysWithoutEvents"];
    let days: Vec<String> = days
        .as_array()
        .unwrap()
        .iter()
        .map(|it| format!("{}..{}", it["from"].as_str().unwrap(), it["to"].as_str().unwrap()))
        .collect();
    let want = [
        "2024-03-02..2024-03-02",
        "2024-03-05..2024-03-05",
        "2024-03-07..2024-03-07",
        "2024-03-09..2024-03-09",
    ];
    assert_eq!(days, want);
}
