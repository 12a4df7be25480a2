//! An archive that has what the fixtures lack: trails that are told otherwise, chains of credentials, parts that
//! CloudTrail left out, files that are left out by their keys, and a trail with a log gone and another planted.

use crate::world::{World, fixture};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// What is asked of it.
pub(super) const QUESTIONS: &str = "
who --all s3://pay/x/1 logs --trace
who --all bucket/pay logs --trace
who i-0aaaaaaaaaaaaaaa1 logs
who-created s3://pay/x/1 logs
who-created i-0aaaaaaaaaaaaaaa1 logs
who-changed s3://pay/x/1 logs
who-changed role/x logs
who-deleted s3://pay/x/1 logs --trace
who-read s3://pay/x/1 logs
who-read parameter/pay/x logs
timeline role/x logs
timeline user/carol logs
state role/x logs
state bucket/pay logs --at 2024-06-01
state sg-124b49fb planted
diff role/x --from 2024-05-01 logs
revert role/x --to 2024-05-01 logs
coverage logs
coverage planted
coverage digests
validate planted
events logs
events keyed --account 111122223333
events keyed --region eu-west-1
events keyed --since 2024-05-02
trace ASIAOPS0000000000001 logs
trace ASIALOST000000000001 logs
";

const ACCOUNT: &str = "111122223333";

/// A call of alice at a time of the day, with whatever else its record says.
fn call(time: &str, service: &str, name: &str, request: Value, more: Value) -> Value {
    let mut record = json!({
        "eventVersion": "1.09", "eventTime": format!("2024-05-01T{time}:00Z"),
        "eventSource": format!("{service}.amazonaws.com"), "eventName": name, "awsRegion": "us-east-1",
        "recipientAccountId": ACCOUNT, "eventID": format!("{time}-{name}"), "readOnly": false,
        "eventCategory": "Management", "requestParameters": request,
        "userIdentity": user("alice", "AKIAALICE00000000001"),
    });
    record.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    record
}

fn user(name: &str, key: &str) -> Value {
    json!({"type": "IAMUser", "userName": name, "arn": format!("arn:aws:iam::{ACCOUNT}:user/{name}"),
        "accountId": ACCOUNT, "accessKeyId": key})
}

fn session(name: &str, key: &str) -> Value {
    json!({"type": "AssumedRole", "principalId": format!("AROAX:{name}"),
    "arn": format!("arn:aws:sts::{ACCOUNT}:assumed-role/Ops/{name}"), "accountId": ACCOUNT, "accessKeyId": key,
    "sessionContext": {
        "sessionIssuer": {"type": "Role", "arn": format!("arn:aws:iam::{ACCOUNT}:role/Ops"), "userName": "Ops"},
        "attributes": {"creationDate": "2024-05-01T11:00:00Z", "mfaAuthenticated": "false"},
    }})
}

fn records() -> Vec<Value> {
    let none = || json!({});
    let trail = |time: &str, name: &str, request: Value| call(time, "cloudtrail", name, request, none());
    let selectors = |trail: &str, resources: Value| {
        json!({"trailName": trail, "eventSelectors": [
            {"readWriteType": "All", "includeManagementEvents": true, "dataResources": resources}]})
    };
    let of_pay = json!([{"type": "AWS::S3::Object", "values": ["arn:aws:s3:::pay/x"]}]);
    let mut ops = session("s", "ASIAOPS0000000000001");
    ops["sessionContext"]["sourceIdentity"] = json!("bob");
    ops["inScopeOf"] = json!({"sourceArn": format!("arn:aws:lambda:us-east-1:{ACCOUNT}:function:f")});
    let mut lost = session("lost", "ASIALOST000000000001");
    lost["onBehalfOf"] = json!({"userId": "u-1"});
    let on_data = |by: &Value| json!({"userIdentity": by, "eventCategory": "Data"});
    let left_out = json!({"omitted": true, "originalSize": 200_000, "reason": "exceeds"});
    vec![
        trail("08:00", "CreateTrail", json!({"name": "main", "s3BucketName": "logs"})),
        trail("08:01", "StartLogging", json!({"name": "main"})),
        trail("08:02", "PutEventSelectors", selectors("main", of_pay)),
        trail("08:03", "UpdateTrail", json!({"name": "other", "s3BucketName": "elsewhere"})),
        trail("08:04", "UpdateTrail", json!({"name": "main", "s3BucketName": "mine"})),
        call(
            "09:00",
            "iam",
            "CreateAccessKey",
            json!({"userName": "bob"}),
            json!({"responseElements":
            {"accessKey": {"userName": "bob", "accessKeyId": "AKIABOB0000000000001", "status": "Active"}}}),
        ),
        call(
            "11:00",
            "sts",
            "AssumeRole",
            json!({"roleArn": format!("arn:aws:iam::{ACCOUNT}:role/Ops"), "roleSessionName": "s", "sourceIdentity": "bob"}),
            json!({"userIdentity": user("bob", "AKIABOB0000000000001"), "responseElements": {
                "credentials": {"accessKeyId": "ASIAOPS0000000000001", "expiration": "May 1, 2024, 12:00:00 PM"},
                "assumedRoleUser": {"arn": format!("arn:aws:sts::{ACCOUNT}:assumed-role/Ops/s")}}}),
        ),
        call("11:10", "s3", "PutObject", json!({"bucketName": "pay", "key": "x/1"}), on_data(&ops)),
        call("11:11", "s3", "DeleteObject", json!({"bucketName": "pay", "key": "x/1"}), on_data(&lost)),
        call("11:12", "s3", "DeleteObjects", json!({"bucketName": "pay", "delete": ""}), on_data(&lost)),
        call(
            "11:13",
            "s3",
            "PutBucketPolicy",
            json!({"bucketName": "pay"}),
            json!({"addendum": {"reason": "UPDATED_DATA", "originalEventID": "11:10-PutObject"}}),
        ),
        trail("11:20", "PutEventSelectors", selectors("main", json!([]))),
        trail("11:21", "PutEventSelectors", selectors("other", json!([]))),
        call(
            "11:30",
            "ec2",
            "RunInstances",
            json!({"instanceType": "t3.micro"}),
            json!({"responseElements": left_out}),
        ),
        call("11:31", "iam", "PutRolePolicy", left_out.clone(), none()),
        call(
            "11:32",
            "iam",
            "PutUserPolicy",
            json!({"userName": "carol", "policyName": "p", "policyDocument": "{}"}),
            none(),
        ),
        call("11:33", "ssm", "GetParametersByPath", json!({"path": "/pay"}), json!({"readOnly": true})),
    ]
}

/// The key of a delivered log.
fn key(account: &str, service: &str, region: &str, day: u32) -> String {
    let time = format!("202405{day:02}T1205Z");
    format!(
        "AWSLogs/{account}/{service}/{region}/2024/05/{day:02}/{account}_{service}_{region}_{time}_aaaaaaaaaaaaaaaa.json"
    )
}

/// The logs as one file, by their keys, and a signed trail that was tampered with.
pub(super) fn world() -> World {
    let all = records();
    let log = |records: &[Value]| json!({"Records": records}).to_string();
    let mut elsewhere = all[0].clone();
    (elsewhere["awsRegion"], elsewhere["recipientAccountId"]) = (json!("eu-west-1"), json!("444455556666"));
    let mut world = World::empty()
        .file("logs/log.json", log(&all))
        .file("logs/aggregated.json", r#"{"Records":[{"eventCategory":"Aggregated","eventName":"x"}]}"#)
        .file(&format!("logs/{}", key(ACCOUNT, "elasticloadbalancing", "us-east-1", 1)), "[1]")
        .file(&format!("keyed/{}", key(ACCOUNT, "CloudTrail", "us-east-1", 1)), log(&all))
        .file(&format!("keyed/{}", key(ACCOUNT, "CloudTrail", "us-east-1", 2)), log(&all[..1]))
        .file(
            &format!("keyed/{}", key("444455556666", "CloudTrail", "eu-west-1", 1)),
            log(&[elsewhere.clone()]),
        )
        .file("digests/log.json", log(&[elsewhere]));
    let mut logs: Vec<String> = files("digest/none/trail").collect();
    logs.sort();
    for file in &logs {
        let name = &file["digest/none/trail/".len()..];
        world = world.copy(file, &format!("planted/{name}"));
        if name.contains("CloudTrail-Digest") {
            world = world.copy(file, &format!("digests/{name}"));
        }
    }
    let first = logs.iter().find(|it| it.contains("/CloudTrail/")).unwrap();
    let gone = first.replace("digest/none/trail", "planted");
    let planted = gone.replace("5Z_", "6Z_");
    let world = world.copy(first, &planted);
    fs::remove_file(world.dir().join(gone)).unwrap();
    #[cfg(unix)]
    odd_files(&world);
    world
}

/// A link to a file that is read by its name, and a socket.
#[cfg(unix)]
fn odd_files(world: &World) {
    std::os::unix::fs::symlink("log.json", world.dir().join("logs/link.json")).unwrap();
    drop(std::os::unix::net::UnixListener::bind(world.dir().join("logs/socket")).unwrap());
}

/// The files below a folder of the fixtures, by their names there.
fn files(folder: &str) -> impl Iterator<Item = String> {
    let root = fixture("");
    let all = walkdir::WalkDir::new(fixture(folder)).into_iter().map(|it| it.unwrap());
    all.filter(|it| it.file_type().is_file())
        .map(move |it| Path::new(it.path()).strip_prefix(&root).unwrap().to_str().unwrap().to_owned())
}
