//! Who did what, on the real logs: by every form of reference, against a naive reading.

use crate::world::{World, records};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Runs `command reference` on the real logs and returns `(eventTime, eventName, outcome, actor)` of each row.
fn ask(command: &str, reference: &str) -> Vec<String> {
    let reply = World::fixtures().run(&format!("{command} {reference} invictus --json"));
    assert!(reply.status < 2, "{command} {reference}: {reply}");
    let cell =
        |row: &Value, pointer: &str| row.pointer(pointer).and_then(Value::as_str).unwrap_or("-").to_owned();
    let fields = ["/eventTime", "/eventName", "/outcome", "/actor/who", "/resource/type"];
    let line = |row: &Value| fields.map(|field| cell(row, field)).join(" ");
    reply.rows().iter().map(line).collect()
}

/// A responder copies what is at hand: the name, the ARN, the id. It must not change the answer.
#[test]
fn every_form_of_a_reference_gives_the_same_rows() {
    let bucket = "stratus-red-team-ctlr-bucket-zqfsvooxqj";
    let trail = "stratus-red-team-ct-stop-trail-qzbgnfqisx";
    let instance = "i-05c30218156bcc246";
    let account = "123837392027";
    let cases: [(&str, Vec<String>, &[&str]); 5] = [
        (
            "who-deleted",
            vec![
                bucket.into(),
                format!("bucket/{bucket}"),
                format!("s3://{bucket}"),
                format!("arn:aws:s3:::{bucket}"),
                format!("AWS::S3::Bucket/{bucket}"),
            ],
            &[
                "2023-07-10T12:08:05Z DeleteBucket failed bert-jan AWS::S3::Bucket",
                "2023-07-10T12:08:09Z DeleteBucket failed bert-jan AWS::S3::Bucket",
                "2023-07-10T12:08:10Z DeleteBucket succeeded bert-jan AWS::S3::Bucket",
            ],
        ),
        (
            "who-created",
            vec![
                "AKIATFQR7NSC3ZO6PKAZ".into(),
                "access-key/AKIATFQR7NSC3ZO6PKAZ".into(),
                "AWS::IAM::AccessKey/AKIATFQR7NSC3ZO6PKAZ".into(),
            ],
            &["2023-07-10T12:24:29Z CreateAccessKey succeeded bert-jan AWS::IAM::AccessKey"],
        ),
        (
            "who-deleted",
            vec![
                instance.into(),
                format!("instance/{instance}"),
                format!("arn:aws:ec2:us-east-1:{account}:instance/{instance}"),
            ],
            &["2023-07-10T12:08:05Z TerminateInstances succeeded bert-jan AWS::EC2::Instance"],
        ),
        (
            "who-changed",
            vec![
                trail.into(),
                format!("trail/{trail}"),
                format!("arn:aws:cloudtrail:us-east-1:{account}:trail/{trail}"),
            ],
            &[
                "2023-07-10T12:00:42Z StopLogging failed bert-jan AWS::CloudTrail::Trail",
                "2023-07-10T12:01:23Z StopLogging failed bert-jan AWS::CloudTrail::Trail",
                "2023-07-10T12:01:27Z StopLogging failed bert-jan AWS::CloudTrail::Trail",
                "2023-07-10T12:07:49Z StartLogging failed bert-jan AWS::CloudTrail::Trail",
                "2023-07-10T12:11:57Z StartLogging failed bert-jan AWS::CloudTrail::Trail",
                "2023-07-10T12:28:24Z StartLogging failed bert-jan AWS::CloudTrail::Trail",
            ],
        ),
        (
            "who-deleted",
            vec![
                "user/malicious-iam-user".into(),
                "user/MALICIOUS-iam-user".into(),
                format!("arn:aws:iam::{account}:user/malicious-iam-user"),
            ],
            &["2023-07-10T12:28:24Z DeleteUser succeeded bert-jan AWS::IAM::User"],
        ),
    ];
    for (command, references, want) in cases {
        for reference in references {
            assert_eq!(ask(command, &reference), want, "{command} {reference}");
        }
    }
}

/// An ARN restricts: the same name in another account or region is another resource.
#[test]
fn account_and_region_of_an_arn_restrict() {
    for reference in [
        "arn:aws:ec2:us-east-1:999999999999:instance/i-05c30218156bcc246",
        "arn:aws:ec2:eu-west-1:123837392027:instance/i-05c30218156bcc246",
    ] {
        assert_eq!(ask("who", reference), Vec::<String>::new(), "{reference}");
    }
}

/// A link is taken away by its own id; the route table must be told of it all the same.
#[test]
fn links_are_followed() {
    let calls = |reference| {
        ask("who-changed", reference)
            .iter()
            .map(|row| row.split(' ').nth(1).unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        calls("rtb-0c7c2f4aff3677054"),
        ["CreateRoute", "AssociateRouteTable", "DisassociateRouteTable"]
    );
}

/// A failed call that names nothing may be the one that was looked for.
#[test]
fn failed_calls_that_name_nothing_are_told() {
    let reply =
        World::fixtures().run("who-deleted parameter/credentials/stratus-red-team/credentials-22 invictus");
    assert!(reply.stderr.contains("38 failed calls name no resource"), "{reply}");
}

/// What a naive reading finds: the ids of the events with this name in this member of the request.
fn naive(
    records: &[Value],
    source: &str,
    member: &str,
    verbs: &[&str],
) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for record in records {
        let name = record["eventName"].as_str().unwrap();
        let is_source = record["eventSource"] == format!("{source}.amazonaws.com");
        // What the service logs of its own accord names the resource there.
        let named = [&record["requestParameters"][member], &record["additionalEventData"]["ARN"]];
        if let Some(id) = named.into_iter().find_map(Value::as_str)
            && is_source
            && verbs.contains(&name)
        {
            found.entry(id.to_owned()).or_default().insert(record["eventID"].as_str().unwrap().to_owned());
        }
    }
    found
}

/// Neither more nor less than a plain reading of the request says.
#[test]
fn deletions_agree_with_a_naive_reading() {
    let records = records();
    let mut asked = 0;
    for (kind, source, member, verbs) in [
        ("bucket", "s3", "bucketName", &["DeleteBucket"][..]),
        ("role", "iam", "roleName", &["DeleteRole"]),
        ("user", "iam", "userName", &["DeleteUser"]),
        ("instance-profile", "iam", "instanceProfileName", &["DeleteInstanceProfile"]),
        ("parameter", "ssm", "name", &["DeleteParameter"]),
        ("subnet", "ec2", "subnetId", &["DeleteSubnet"]),
        ("vpc", "ec2", "vpcId", &["DeleteVpc"]),
        ("route-table", "ec2", "routeTableId", &["DeleteRouteTable"]),
        ("snapshot", "ec2", "snapshotId", &["DeleteSnapshot"]),
        ("volume", "ec2", "volumeId", &["DeleteVolume"]),
        ("function", "lambda", "functionName", &["DeleteFunction20150331"]),
        ("log-group", "logs", "logGroupName", &["DeleteLogGroup"]),
        ("db", "rds", "dBInstanceIdentifier", &["DeleteDBInstance"]),
        ("secret", "secretsmanager", "secretId", &["DeleteSecret", "EndSecretVersionDelete"]),
    ] {
        for (id, want) in naive(&records, source, member, verbs) {
            let reference = if id.starts_with("arn:") { id.clone() } else { format!("{kind}/{id}") };
            let reply = World::fixtures().run(&format!("who-deleted {reference} invictus --json"));
            let rows = reply.rows();
            let got: BTreeSet<String> =
                rows.iter().map(|row| row["eventID"].as_str().unwrap().to_owned()).collect();
            assert_eq!(got, want, "who-deleted {reference}");
            assert_eq!(rows.len(), want.len(), "who-deleted {reference}");
            asked += 1;
        }
    }
    assert!(asked > 90, "only {asked} resources were asked for");
}

/// A rule that was gone before the first midnight deleted nothing; a bucket that could be deleted was empty.
#[test]
fn what_a_lifecycle_rule_could_not_have_deleted_is_not_laid_at_its_door() {
    let reply = World::fixtures().run("who-deleted s3://stratus-red-team-ctlr-bucket-zqfsvooxqj/ invictus");
    assert!(!reply.stderr.contains("PutBucketLifecycle"), "{reply}");
    let emptied = "`stratus-red-team-ctlr-bucket-zqfsvooxqj` was emptied between 2023-07-10T12:08:09Z, when DeleteBucket failed with BucketNotEmpty, and 2023-07-10T12:08:10Z";
    assert!(reply.stderr.contains(emptied), "{reply}");
}

/// Commands that a hint names read the same files, and files that are left out have names.
#[test]
fn hints_can_be_followed_as_they_stand() {
    let rule = |time: &str| {
        format!(
            r#"{{"Records":[{{"eventTime":"{time}","eventSource":"s3.amazonaws.com","eventName":"PutBucketLifecycle","eventID":"e-1","awsRegion":"us-east-1","readOnly":false,"recipientAccountId":"111122223333","userIdentity":{{"type":"IAMUser","userName":"eve"}},"requestParameters":{{"bucketName":"b","LifecycleConfiguration":{{"Rule":{{"Status":"Enabled","Expiration":{{"Days":1}}}}}}}}}}]}}"#
        )
    };
    let world =
        World::empty().file("my logs/a.json", rule("2024-01-01T00:00:00Z")).file("my logs/notes.txt", "x");
    let reply = world.reply(world.command("").args(["who-deleted", "s3://b/", "my logs"]));
    assert!(reply.stderr.contains("eve called PutBucketLifecycle on `b` at 2024-01-01T00:00:00Z"), "{reply}");
    assert!(reply.stderr.contains("`trailscan events --event-id e-1 'my logs'` shows it"), "{reply}");
    assert!(reply.stderr.contains("left out 1 file: not CloudTrail (`my logs/notes.txt`)"), "{reply}");
}
