//! `timeline`, `state`, `diff`, `inventory`, `graph` and `revert` are wired.

use crate::world::World;
use serde_json::{Value, json};
use std::io::Write;

const GROUP: &str = "sg-04cfb7a4712d75b00";

#[test]
fn a_timeline_is_narrowed_to_who_opened_it_to_the_world() {
    let reply =
        World::fixtures().run(&format!("timeline {GROUP} --field ingress --value 0.0.0.0/0 -q invictus"));
    insta::assert_snapshot!(reply, @r"
    EC2::SecurityGroup sg-04cfb7a4712d75b00 (stratus-red-team-open-sg-sg), 123837392027 us-east-1
    created 2023-07-10T12:10:01Z by bert-jan, deleted 2023-07-10T12:12:06Z by bert-jan
    TIME (UTC)            WHO       CALL                           CHANGE
    2023-07-10T12:10:05Z  bert-jan  AuthorizeSecurityGroupIngress  + ingress[tcp 443 0.0.0.0/0] “TLS from Internet”
    2023-07-10T12:10:08Z  bert-jan  AuthorizeSecurityGroupIngress  + ingress[tcp 22 0.0.0.0/0]
    2023-07-10T12:11:57Z  bert-jan  RevokeSecurityGroupIngress     - ingress[tcp 22 0.0.0.0/0]
    --- stderr
    --- exit 0
    ");
}

/// Filters choose what is shown, never what is known.
#[test]
fn what_was_before_since_counts() {
    let world = World::fixtures();
    let rows = world.run(&format!("timeline {GROUP} --since 2023-07-10T12:11:00Z --json invictus")).rows();
    let calls: Vec<&str> = rows.iter().map(|row| row["eventName"].as_str().unwrap()).collect();
    assert_eq!(calls, ["RevokeSecurityGroupIngress", "DeleteSecurityGroup", "DescribeSecurityGroups"]);
    let change = &rows[0]["changes"][0];
    assert_eq!(change["before"]["known"]["cidrIpv4"], "0.0.0.0/0", "{change}");
    assert_eq!(change["after"], json!({"absent": true}));
}

#[test]
fn a_state_has_the_shape_of_a_config_item() {
    let world = World::fixtures();
    let state = world.run(&format!("state {GROUP} --at 2023-07-10T12:11:00Z --json invictus"));
    let items = state.rows();
    let item = &items[0];
    let ports: Vec<&Value> =
        item["configuration"]["ingress"].as_array().unwrap().iter().map(|it| &it["fromPort"]).collect();
    assert_eq!(ports, [&json!(22), &json!(443)]);
    assert_eq!(
        (&item["resourceType"], &item["resourceId"]),
        (&json!("AWS::EC2::SecurityGroup"), &json!(GROUP))
    );
    assert_eq!(item["knowledge"]["creationSeen"], true);
    let diff = format!("diff {GROUP} --from 2023-07-10T12:10:07Z --to 2023-07-10T12:11:00Z --json invictus");
    let changes = world.run(&diff).rows();
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0]["path"], "ingress[tcp 22 0.0.0.0/0]");
    assert_eq!(changes[0]["by"]["who"], "bert-jan");
    let nothing = world.run("state bucket/never-heard-of invictus");
    assert_eq!((nothing.status, nothing.text()), (1, ""), "{nothing}");
}

#[test]
fn an_inventory_and_a_graph_do_not_hang_on_threads() {
    let world = World::fixtures();
    let one = world.run("inventory --json --threads 1 invictus");
    assert_eq!(one.stdout, world.run("inventory --json --threads 3 invictus").stdout);
    let rows = one.rows();
    assert!(rows.len() > 150, "{}", rows.len());
    let graph = world.run("graph i-0dbc91f429e48eeed --format dot --depth 1 -q invictus");
    assert!(graph.text().starts_with("digraph resources {"), "{graph}");
    assert!(graph.text().contains("label=\"Is contained in Subnet\""), "{graph}");
    let refused = world.run("inventory --format dot invictus");
    assert_eq!(refused.status, 2, "{refused}");
}

fn record(time: &str, name: &str, request: Value) -> Value {
    json!({"eventVersion": "1.08", "eventTime": time, "eventName": name, "eventSource": "iam.amazonaws.com",
        "awsRegion": "us-east-1", "recipientAccountId": "111122223333", "eventID": format!("{time}-{name}"),
        "readOnly": false, "userIdentity": {"type": "IAMUser", "userName": "mallory"}, "requestParameters": request})
}

/// Names are an attacker's text, in a shell as well.
#[test]
fn a_way_back_is_quoted() {
    let records = json!({"Records": [
        record("2024-01-01T10:00:00Z", "CreateUser", json!({"userName": "eve"})),
        record("2024-01-01T10:00:01Z", "PutUserPolicy", json!({"userName": "eve", "policyName": "x'; $(reboot) #",
            "policyDocument": "{\"Statement\":[]}"})),
    ]});
    let world = World::empty().file("log.json", records.to_string());
    let reply = world.run("revert user/eve --to 2024-01-01T10:00:00Z -q log.json");
    insta::assert_snapshot!(reply, @r"
    # IAM::User eve, 111122223333
    aws iam delete-user-policy --user-name eve --policy-name 'x'\''; $(reboot) #'
    --- stderr
    --- exit 0
    ");
    let by_event = world.run("revert --event 2024-01-01T10:00:01Z-PutUserPolicy -q log.json");
    assert_eq!(by_event.text(), reply.text());
    let neither = world.run("revert user/eve log.json");
    assert_eq!(neither.status, 2, "{neither}");
}

#[test]
fn rules_and_items_are_added() {
    let records = json!({"Records": [record("2024-01-01T10:00:00Z", "FrobnicateUser", json!({"userName": "eve", "level": 3}))]});
    let rules = "source = \"iam.amazonaws.com\"\n\n[calls]\nFrobnicateUser = [\"changed AWS::IAM::User rq.userName\"]\n\n\
        [effects]\nFrobnicateUser = [\"set level rq.level\"]\n";
    let item = json!({"fileVersion": "1.0", "configurationItems": [{"configurationItemCaptureTime": "2024-01-01T09:00:00Z",
        "configurationItemStatus": "OK", "resourceType": "AWS::IAM::User", "resourceName": "eve", "resourceId": "AIDAIOSFODNN7EXAMPLE",
        "awsAccountId": "111122223333", "configuration": {"path": "/ops/"}}]});
    let world = World::empty()
        .file("logs/log.json", records.to_string())
        .file("logs/1_Config_us-east-1_ConfigSnapshot_20240101T090000Z_x.json", item.to_string())
        .file("rules/mine.toml", rules);
    let state = world.run("state user/eve --rules rules --json logs").rows().remove(0);
    assert_eq!(
        (&state["configuration"]["level"], &state["configuration"]["path"]),
        (&json!(3), &json!("/ops/"))
    );
    let odd = World::empty().file("log.json", records.to_string()).file("rules/x.toml", "nothing");
    let reply = odd.run("state user/eve --rules rules log.json");
    assert!(reply.status == 2 && reply.stderr.contains("x.toml"), "{reply}");
}

/// The same rows as `who`: who stands behind a session, and what is proven of the files.
#[test]
fn a_timeline_is_traced_and_verified_as_rows_are() {
    let world = World::fixtures();
    let timeline = world.run("timeline snap-083d3b857c13988bc --trace --json invictus").rows();
    assert_eq!(timeline.len(), 4);
    assert!(timeline.iter().all(|row| row["actor"]["origin"]["who"] == "bert-jan"), "{timeline:?}");
    let verified = world.run("timeline snap-083d3b857c13988bc --verify --json invictus");
    assert!(verified.rows().iter().all(|row| row["verdict"] == "uncovered"), "{}", verified.text());
    let only = world.run("timeline snap-083d3b857c13988bc --verified-only --json invictus");
    assert_eq!(only.rows().len(), 0);
    let state = world.run("state snap-083d3b857c13988bc --trace --verify --json invictus").rows().remove(0);
    let settings = state["knowledge"]["settings"].as_array().unwrap();
    assert!(
        settings.len() > 3 && settings.iter().all(|it| it["by"]["origin"]["who"] == "bert-jan"),
        "{state}"
    );
    assert!(settings.iter().all(|it| it["by"]["verdict"] == "uncovered"), "{state}");
    let diff =
        world.run("diff snap-083d3b857c13988bc --from 2023-07-10T12:00:00Z --trace --json invictus").rows();
    assert!(!diff.is_empty() && diff.iter().all(|it| it["by"]["origin"]["who"] == "bert-jan"), "{diff:?}");
    let table = world.run("state snap-083d3b857c13988bc --trace --verify invictus");
    let head = table.text().lines().find(|line| line.contains("SETTING")).unwrap();
    assert!(head.ends_with("ORIGIN    VERDICT"), "{table}");
    assert_eq!(world.run("state snap-083d3b857c13988bc --trace -").status, 2);
    let logins = world.run("logins --verify --json invictus");
    assert!(logins.rows().iter().all(|row| row["verdict"] == "uncovered"));
}

const SNAPSHOT: &str = "AWSLogs/111122223333/Config/us-east-1/2024/1/1/ConfigSnapshot/111122223333_Config_us-east-1_ConfigSnapshot_20240101T090000Z_x.json.gz";

/// An item of a user, as files have it.
fn user_item(name: &str, path: &str) -> Value {
    json!({"configurationItemVersion": "1.3", "configurationItemCaptureTime": "2024-01-01T09:00:00Z",
        "configurationItemStatus": "OK", "resourceType": "AWS::IAM::User", "resourceName": name,
        "resourceId": "AIDAIOSFODNN7EXAMPLE", "awsAccountId": "111122223333", "configuration": {"path": path}})
}

/// The same, as `get-resource-config-history` prints it.
fn user_item_of_api(name: &str, path: &str) -> Value {
    json!({"version": "1.3", "configurationItemCaptureTime": "2024-01-01T09:00:00.000000+00:00",
        "configurationItemStatus": "OK", "resourceType": "AWS::IAM::User", "resourceName": name,
        "resourceId": "AIDAIOSFODNN7EXAMPLE", "accountId": "111122223333", "tags": {}, "relatedEvents": [],
        "configuration": json!({"path": path}).to_string(), "supplementaryConfiguration": {}})
}

fn gz(text: &str) -> Vec<u8> {
    gz_bytes(text.as_bytes())
}

fn gz_bytes(bytes: &[u8]) -> Vec<u8> {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gz.write_all(bytes).unwrap();
    gz.finish().unwrap()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = Vec::new();
    for (name, content) in members {
        let mut header = vec![0_u8; 512];
        // Names are in two parts where they are long.
        let (prefix, name) = name.rsplit_once('/').unwrap_or(("", name));
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
        header[148..156].fill(b' ');
        header[156] = b'0';
        header[257..265].copy_from_slice(b"ustar\x0000");
        header[345..345 + prefix.len()].copy_from_slice(prefix.as_bytes());
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        tar.extend_from_slice(&header);
        tar.extend_from_slice(content);
        tar.resize(tar.len().next_multiple_of(512), 0);
    }
    tar.resize(tar.len() + 1024, 0);
    tar
}

/// Files of AWS Config are known by their content as well, and read where log files are: in packages too.
#[test]
fn config_files_are_found_wherever_logs_are() {
    let log = json!({"Records": [record("2024-01-01T10:00:00Z", "TagUser", json!({"userName": "eve", "tags": []}))]});
    let log = log.to_string();
    let delivered = json!({"fileVersion": "1.0", "configSnapshotId": "x", "configurationItems": [user_item("eve", "/ops/")]});
    let api = json!({"configurationItems": [user_item_of_api("eve", "/ops/")]}).to_string();
    let delivered = gz(&delivered.to_string());
    let members: [(&str, &[u8]); 2] = [("logs/a.json", log.as_bytes()), (SNAPSHOT, &delivered)];
    let api_members: [(&str, &[u8]); 2] = [("a.json", log.as_bytes()), ("history.json", api.as_bytes())];
    let package = tar(&members);
    let world = World::empty()
        .file("dir/a.json", &log)
        .file(&format!("dir/{SNAPSHOT}"), &delivered)
        .file("api/a.json", &log)
        .file("api/history.json", &api)
        .file("case.zip", zip(&members))
        .file("case.tar", &package)
        .file("case.tar.gz", gz_bytes(&package))
        .file("api.zip", zip(&api_members))
        .file("named/log.json", &log)
        .file("items/history.json", &api);
    for question in [
        "dir",
        "api",
        "case.zip",
        "case.tar",
        "case.tar.gz",
        "api.zip",
        "named --aws-config items",
        "named --aws-config case.zip",
        // What it was called before.
        "named --config items",
    ] {
        let reply = world.run(&format!("state user/eve --json {question}"));
        let state = reply.rows().remove(0);
        assert_eq!(state["configuration"]["path"], "/ops/", "{question}: {reply}");
        assert_eq!(reply.status, 0, "{question}: {reply}");
        assert!(reply.stderr.contains("read 1 item of AWS Config in 1 file"), "{question}: {reply}");
        assert!(!reply.stderr.contains("AWS Config files"), "{question}: {reply}");
    }
    let row = &world.run("timeline user/eve --json case.zip").json()["answer"][0];
    assert_eq!(row["evidence"][0]["file"], format!("case.zip!{SNAPSHOT}"));
}

/// One that cannot be read costs itself, is named and counted, and shows in the exit status.
#[test]
fn config_files_that_cannot_be_read_are_troubles() {
    let log = json!({"Records": [record("2024-01-01T10:00:00Z", "TagUser", json!({"userName": "eve", "tags": []}))]});
    let whole =
        json!({"configurationItems": [user_item("eve", "/ops/"), {"resourceType": "AWS::IAM::User"}]});
    let cut = gz(&whole.to_string());
    let name = |what: &str| SNAPSHOT.replace("_x.json.gz", &format!("_{what}.json.gz"));
    let broken = &b"{\"configurationItems\": [{]"[..];
    let world = World::empty()
        .file("logs/log.json", log.to_string())
        .file(&format!("logs/{}", name("cut")), &cut[..cut.len() - 20])
        .file(&format!("logs/{}", name("broken")), broken)
        .file(&format!("logs/{}", name("other")), "{\"a\": 1}")
        .file(&format!("logs/{}", name("odd")), gz(&whole.to_string()))
        .file("logs/case.zip", zip(&[(&name("packed"), broken)]))
        .file("x/nothing.json", "[]")
        .file("x/picture.png", "PNG")
        .file("cut.json.gz", &cut[..cut.len() - 20]);
    let reply = world.run(
        "state user/eve --json logs --aws-config x --aws-config cut.json.gz --aws-config x/nothing.json",
    );
    assert_eq!(reply.status, 3, "{reply}");
    assert_eq!(reply.rows()[0]["configuration"]["path"], "/ops/", "{reply}");
    let json = reply.json();
    let troubles: Vec<String> = json["troubles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let text = |name: &str| it[name].as_str().unwrap().rsplit(['/', '_']).next().unwrap().to_owned();
            format!("{} {}", text("file"), text("kind"))
        })
        .collect();
    insta::assert_snapshot!(troubles.join("\n"), @r"
    cut.json.gz truncated
    broken.json.gz not-config
    cut.json.gz truncated
    odd.json.gz bad-record
    other.json.gz not-config
    packed.json.gz not-config
    x not-config
    nothing.json not-config
    ");
    let files = &json["coverage"]["files"];
    assert_eq!((&files["read"], &files["unreadable"]), (&json!(1), &json!(4)), "{files}");
    let missing = world.run("state user/eve --json logs --aws-config nowhere.json");
    assert_eq!(missing.status, 2, "{missing}");
}

/// Items of types that are not mapped are counted, by type.
#[test]
fn items_that_are_only_filled_in_are_counted() {
    let queue = json!({"configurationItemCaptureTime": "2024-01-01T09:00:00Z", "configurationItemStatus": "OK",
        "resourceType": "AWS::SQS::Queue", "resourceName": "q", "awsAccountId": "111122223333", "awsRegion": "us-east-1",
        "resourceId": "https://sqs.us-east-1.amazonaws.com/111122223333/q", "configuration": {"DelaySeconds": 5},
        "ARN": "arn:aws:sqs:us-east-1:111122223333:q"});
    let items = json!({"configurationItems": [queue, user_item("eve", "/")]});
    let log = json!({"Records": [record("2024-01-01T10:00:00Z", "TagUser", json!({"userName": "eve", "tags": []}))]});
    let world = World::empty().file("log.json", log.to_string()).file("items.json", items.to_string());
    let reply = world.run("inventory --json log.json items.json");
    assert!(
        reply.stderr.contains(
            "1 item of types that are compared with calls only where both name a setting alike: AWS::SQS::Queue (1)"
        ),
        "{reply}"
    );
    let kinds: Vec<Value> = reply.rows().iter().map(|row| row["resourceType"].clone()).collect();
    assert_eq!(kinds, ["AWS::IAM::User", "AWS::SQS::Queue"]);
    assert!(!world.run("state user/eve --json log.json items.json").stderr.contains("SQS"));
}
