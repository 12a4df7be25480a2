//! What a question reads records from, `validate` judges: whatever a file is called, and however it is packed.

use super::signed::{gunzip, gzip, key_list, six_hours};
use crate::world::World;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{Cursor, Write};

const ACCOUNT: &str = "AWSLogs/111122223333";

/// Names of every form there is. `{}` is put where a name must not be given twice.
const NAMES: [&str; 24] = [
    "CloudTrail/us-east-1/2025/03/10/111122223333_CloudTrail_us-east-1_20250310T2305Z_{}.json.gz",
    "CloudTrail/us-east-1/2025/03/10/111122223333_CloudTrail_us-east-1_20250310T2305Z_{}.json.gz.gz",
    "CloudTrail/us-east-1/2025/03/10/111122223333_CloudTrail_us-east-1_20250310T2305Z_{}.json",
    "CloudTrail/us-east-1/2025/03/10/{}.json.gz",
    // The folders say another day than the name, and another kind.
    "CloudTrail/us-east-1/2025/03/09/111122223333_CloudTrail_us-east-1_20250310T2305Z_{}.json.gz",
    "CloudTrail/us-east-1/2025/03/10/111122223333_CloudTrail-Digest_us-east-1_{}_us-east-1_20250310T230000Z.json.gz",
    "CloudTrail-Insight/us-east-1/2025/03/10/111122223333_CloudTrail-Insight_us-east-1_20250310T2305Z_{}.json.gz",
    "CloudTrail-NetworkActivity/us-east-1/2025/03/10/111122223333_CloudTrail-NetworkActivity_us-east-1_20250310T2305Z_{}.json.gz",
    "CloudTrail-Aggregated/us-east-1/2025/03/10/111122223333_CloudTrail-Aggregated_us-east-1_20250310T2305Z_{}.json.gz",
    "CloudTrail-Digest/us-east-1/2025/03/10/111122223333_CloudTrail-Digest_us-east-1_{}_us-east-1_20250310T230000Z.json.gz",
    "CloudTrail-Digest/us-east-1/2025/03/10/{}.json.gz",
    "CloudTrail-Lake/us-east-1/2025/03/10/{}.json.gz",
    "vpcflowlogs/us-east-1/2025/03/10/111122223333_vpcflowlogs_us-east-1_fl-1_20250310T2305Z_{}.log.gz",
    "vpcflowlogs/us-east-1/2025/03/10/111122223333_CloudTrail_us-east-1_20250310T2305Z_{}.json.gz",
    "elasticloadbalancing/us-east-1/2025/03/10/111122223333_elasticloadbalancing_us-east-1_app.x_20250310T2305Z_{}.log.gz",
    "Config/us-east-1/2025/3/10/ConfigHistory/111122223333_Config_us-east-1_ConfigHistory_AWS::S3::Bucket_20250310T230500Z_{}.json.gz",
    "Config/us-east-1/2025/3/10/ConfigSnapshot/111122223333_Config_us-east-1_ConfigSnapshot_20250310T230500Z_{}.json.gz",
    "Config/{}",
    "WAFLogs/us-east-1/acl/2025/03/10/{}.log.gz",
    "o-exampleorgid/{}.json",
    "{}",
    "{}.txt",
    ".{}.json",
    "{}.log.1",
];

fn log(id: &str) -> String {
    json!({"Records": [{
        "eventVersion": "1.09", "eventTime": "2025-03-10T23:00:00Z", "eventSource": "iam.amazonaws.com", "eventName": "Planted",
        "awsRegion": "us-east-1", "recipientAccountId": "111122223333", "eventID": id, "userIdentity": {"type": "IAMUser"},
    }]})
    .to_string()
}

fn zip(name: &str, content: &[u8]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    writer.write_all(content).unwrap();
    writer.finish().unwrap().into_inner()
}

fn tar(name: &str, content: &[u8]) -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    let mut builder = tar::Builder::new(Vec::new());
    builder.append_data(&mut header, name, content).unwrap();
    builder.into_inner().unwrap()
}

const FLOW: &str = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n\
    2 111122223333 eni-1 10.0.0.1 10.0.0.2 443 49152 6 10 840 1741645200 1741645260 ACCEPT OK\n";

/// Contents, and what they are: `-` before those without a record, `?` before those of which nobody has to read them.
fn contents(id: &str) -> Vec<(&'static str, Vec<u8>)> {
    let log = log(id);
    let text = log.as_bytes();
    let record = &log[r#"{"Records":["#.len()..log.len() - 2];
    let message = json!({"messageType": "DATA_MESSAGE", "owner": "111122223333", "logGroup": "g", "logStream": "s",
        "subscriptionFilters": ["f"], "logEvents": [{"id": "1", "timestamp": 1, "message": record}]});
    let config = json!({"fileVersion": "1.0", "configurationItems": [{"configurationItemCaptureTime": "2025-03-01T09:00:00Z",
        "configurationItemStatus": "OK", "resourceType": "AWS::S3::Bucket", "resourceId": "b", "awsAccountId": "111122223333"}]});
    let digest = six_hours();
    let digest = gunzip(&digest.objects[&digest.key("D2")].body);
    // What a digest says, and records beside it: whether that is read, may be either.
    let records_last = [&digest[..digest.len() - 1], b",", &text[1..]].concat();
    let records_first = [&text[..text.len() - 1], b",", &digest[1..]].concat();
    let inside = "111122223333_CloudTrail_us-east-1_20250310T2305Z_inside.json.gz";
    vec![
        ("plain", text.to_vec()),
        ("gzip", gzip(text)),
        ("gzip in gzip", gzip(&gzip(text))),
        ("lines", format!("{record}\n").into_bytes()),
        ("utf-16", log.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()),
        ("late", gzip(format!("{}{log}", " ".repeat(100_000)).as_bytes())),
        ("message of a log group", gzip(message.to_string().as_bytes())),
        ("behind text", [gzip(FLOW.as_bytes()), gzip(text)].concat()),
        ("behind a digest", [gzip(&digest), gzip(text)].concat()),
        ("?behind what a digest says", gzip(&records_last)),
        ("?before what a digest says", gzip(&records_first)),
        ("?in a list with a digest", gzip(&[b"[", &digest[..], b",", text, b"]"].concat())),
        ("zip", zip(inside, &gzip(text))),
        ("tar", tar(inside, &gzip(text))),
        ("tar.gz", gzip(&tar(inside, text))),
        ("-flow log", gzip(FLOW.as_bytes())),
        ("-flow log, plain", FLOW.as_bytes().to_vec()),
        ("-config", gzip(config.to_string().as_bytes())),
        ("-picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()),
        ("-empty", Vec::new()),
        ("-json", b"{\"a\":1}".to_vec()),
        ("-zip of text", zip("readme.txt", b"hello")),
    ]
}

fn is_named_as_digest(file: &str) -> bool {
    file.contains("CloudTrail-Digest/us-east-1/2025/03/10/111122223333_CloudTrail-Digest_")
}

#[test]
fn what_questions_read_is_judged_whatever_its_name() {
    let bucket = six_hours();
    let mut world = World::empty()
        .file("keys.json", key_list(&[0]).to_string())
        .file("heads.json", bucket.heads().to_string());
    bucket.sync(&world.dir().join("logs"));
    let mut made: BTreeMap<String, (&str, &str)> = BTreeMap::new();
    for (at, name) in NAMES.into_iter().enumerate() {
        for (nth, (what, _)) in contents("").into_iter().enumerate() {
            let id = format!("N{at}x{nth}");
            let content = contents(&id).swap_remove(nth).1;
            let file = format!("logs/{ACCOUNT}/{}", name.replace("{}", &id));
            world = world.file(&file, content);
            assert!(made.insert(file, (name, what)).is_none());
        }
    }
    let events = world.run("events logs --event Planted --json --no-index");
    let document = events.json();
    let rows = document["answer"].as_array().unwrap();
    // A member of a package is where the package is.
    let file_of = |place: &Value| place["file"].as_str().unwrap().split('!').next().unwrap().to_owned();
    let read: Vec<String> =
        rows.iter().flat_map(|row| row["evidence"].as_array().unwrap()).map(file_of).collect();
    let answer = world.run("validate logs --public-keys keys.json --metadata heads.json --json").json();
    let rows = answer["answer"].as_array().unwrap();
    let judged = |file: &str| -> Vec<String> {
        let own = rows.iter().filter(|row| row["file"] == file);
        own.map(|row| format!("{} {} {}", row["kind"], row["verdict"], row["reason"])).collect()
    };
    for (file, (name, what)) in &made {
        let is_read = read.contains(file);
        // What is called a digest is not read for records, and no digest unless it is one.
        let has_records = !what.starts_with('-') && !is_named_as_digest(file);
        assert!(is_read == has_records || what.starts_with('?'), "{name}: {what}");
        let judged = judged(file);
        let is_judged = judged.iter().any(|it| it.contains("\"log\"") && !it.contains("\"valid\""));
        if is_read {
            assert!(is_judged, "{name}: {what}: {judged:?}");
        } else if is_named_as_digest(file) {
            assert!(judged.iter().all(|it| it.contains("\"invalid\"")), "{name}: {what}: {judged:?}");
            assert_eq!(judged.len(), 1, "{name}: {what}");
        }
        assert!(!judged.iter().any(|it| it.contains("\"valid\"")), "{name}: {what}: {judged:?}");
    }
    // What holds nothing stays out, and is counted.
    let is_out = |file: &&String| !read.contains(file) && judged(file).is_empty();
    assert_eq!(answer["coverage"]["filesOfNoConcern"], made.keys().filter(is_out).count());
    assert!(made.keys().filter(is_out).any(|file| file.contains("vpcflowlogs")));
}

/// One file each: nothing else is there that makes the status.
#[test]
fn a_forged_log_in_another_form_of_key_is_not_passed_over() {
    for (folder, what, status) in [
        (
            "vpcflowlogs/us-east-1/2025/03/10/111122223333_vpcflowlogs_us-east-1_fl-1_20250310T2305Z_1.log.gz",
            "gzip",
            3,
        ),
        ("elasticloadbalancing/us-east-1/2025/03/10/x.log.gz", "lines", 3),
        (
            "Config/us-east-1/2025/3/10/ConfigHistory/111122223333_Config_us-east-1_ConfigHistory_AWS::S3::Bucket_20250310T230500Z_1.json.gz",
            "plain",
            3,
        ),
        ("vpcflowlogs/us-east-1/2025/03/10/x.zip", "zip", 3),
        ("vpcflowlogs/us-east-1/2025/03/10/x.log.gz", "-flow log", 0),
        ("Config/us-east-1/2025/3/10/ConfigHistory/x.json.gz", "-config", 0),
        ("vpcflowlogs/us-east-1/2025/03/10/x.zip", "-zip of text", 0),
        (
            "CloudTrail/us-east-1/2025/03/10/111122223333_CloudTrail-Digest_us-east-1_t_us-east-1_20250310T230000Z.json.gz",
            "behind a digest",
            1,
        ),
    ] {
        let bucket = six_hours();
        let content = contents("p").into_iter().find(|it| it.0 == what).unwrap().1;
        let world = World::empty()
            .file("keys.json", key_list(&[0]).to_string())
            .file("heads.json", bucket.heads().to_string())
            .file(&format!("logs/{ACCOUNT}/{folder}"), content);
        bucket.sync(&world.dir().join("logs"));
        let trust = "logs --public-keys keys.json --metadata heads.json";
        let reply = world.run(&format!("validate {trust}"));
        assert_eq!(reply.status, status, "{folder} {what}: {reply}");
        if status == 0 {
            assert!(reply.stderr.contains("left out 1 file without a record of CloudTrail"), "{reply}");
            let says_config = reply.stderr.contains("1 file of AWS Config among them: no digest lists them");
            assert_eq!(says_config, what == "-config", "{reply}");
            continue;
        }
        let rows = world.run(&format!("events {trust} --event Planted --verify --json --no-index"));
        assert_eq!(rows.json()["answer"][0]["verdict"], "uncovered", "{rows}");
    }
}

/// No form of the answer calls the whole proven, when something could not be looked at.
#[test]
fn what_could_not_be_looked_at_leaves_the_whole_open() {
    let bucket = six_hours();
    let at = bucket.key("D2");
    let broken = &gzip(log("p").as_bytes())[..40];
    for (name, content) in [
        ("digests.zip", zip(at.rsplit('/').next().unwrap(), &bucket.objects[&at].body)),
        ("AWSLogs/111122223333/vpcflowlogs/us-east-1/2025/03/10/x.log.gz", broken.to_vec()),
    ] {
        let world = World::empty()
            .file("keys.json", key_list(&[0]).to_string())
            .file("heads.json", bucket.heads().to_string())
            .file(&format!("logs/{name}"), content);
        bucket.sync(&world.dir().join("logs"));
        let reply = world.run("validate logs --public-keys keys.json --metadata heads.json --json");
        assert_eq!(reply.json()["coverage"]["outcome"], "open", "{reply}");
        assert_eq!((reply.json()["troubles"].as_array().unwrap().len(), reply.status), (1, 3), "{reply}");
    }
}

/// The words of a package with records, and of one with digests, of which nothing is proven.
#[test]
fn packages_are_named() {
    let bucket = six_hours();
    let inside = |label: &str| {
        zip(bucket.key(label).rsplit('/').next().unwrap(), &bucket.objects[&bucket.key(label)].body)
    };
    let world = World::empty().file("logs/logs.zip", inside("L2.1")).file("logs/digests.zip", inside("D2"));
    let reply = world.run("validate logs");
    insta::assert_snapshot!(reply, @r"
    ACCOUNT  REGION  TRAIL  DIGESTS  LOGS         COVERED (UTC)  PROVEN UNTIL (UTC)  GAPS
                     -      -        1 uncovered  -              -                      0

    UNCOVERED log (packed): it lies in a package
      -> unpack the package first
      logs/logs.zip
    --- stderr
    trailscan: warning: cannot read `logs/digests.zip!111122223333_CloudTrail-Digest_us-east-1_audit_us-east-1_20250310T233954Z.json.gz`: is a digest in a package, which is not validated
    hint: unpack the file first
    trailscan: 0 digests and 1 log file: 1 uncovered
    trailscan: left out 1 file without a record of CloudTrail
    hint: no signature was checked: give the keys that `aws cloudtrail list-public-keys` prints with `--public-keys`
    --- exit 3
    ");
}
