//! `actor`: every number for a real caller against a naive computation, and the callers without a name.

use crate::world::{World, records};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// How often: all, failed, from when, to when.
type Tally = (u64, u64, String, String);

/// Nothing and an empty text are the same.
fn text(value: &Value) -> String {
    value.as_str().filter(|text| !text.is_empty()).map_or_else(|| "-".to_owned(), str::to_owned)
}

/// The entries of a section, by what they are told by.
fn section(answer: &Value, name: &str, columns: &[&str]) -> BTreeMap<String, Tally> {
    let tally = |it: &Value| {
        let number = |name: &str| it[name].as_u64().unwrap();
        (number("count"), number("failed"), text(&it["firstEventTime"]), text(&it["lastEventTime"]))
    };
    let key = |it: &Value| columns.iter().map(|column| text(&it[*column])).collect::<Vec<_>>().join(" ");
    let entries = answer[name].as_array().unwrap_or_else(|| panic!("{name}"));
    entries.iter().map(|it| (key(it), tally(it))).collect()
}

fn failed(record: &Value) -> bool {
    record["errorCode"].is_string() || record["responseElements"]["ConsoleLogin"] == "Failure"
}

/// The same by a plain reading.
fn naive<'r>(
    records: impl Iterator<Item = &'r Value>,
    key: impl Fn(&Value) -> Option<String>,
) -> BTreeMap<String, Tally> {
    let mut found: BTreeMap<String, Tally> = BTreeMap::new();
    for record in records {
        let Some(key) = key(record) else { continue };
        let time = text(&record["eventTime"]);
        let tally = found.entry(key).or_insert((0, 0, time.clone(), time.clone()));
        tally.0 += 1;
        tally.1 += u64::from(failed(record));
        tally.2 = tally.2.clone().min(time.clone());
        tally.3 = tally.3.clone().max(time);
    }
    found
}

#[test]
fn every_number_agrees_with_a_naive_computation() {
    let all = records();
    let own: Vec<&Value> = all.iter().filter(|it| it["userIdentity"]["userName"] == "bert-jan").collect();
    let reply = World::fixtures().run("actor bert-jan invictus --json");
    let answer = reply.json()["answer"].clone();
    let each = || own.iter().copied();
    let at =
        |pointer: &'static str| move |it: &Value| Some(text(it.pointer(pointer).unwrap_or(&Value::Null)));
    let call = |it: &Value| format!("{} {}", text(&it["eventSource"]), text(&it["eventName"]));
    let whole = naive(each(), |_| Some(String::new())).remove("").unwrap();
    assert_eq!((answer["count"].as_u64(), answer["failed"].as_u64()), (Some(whole.0), Some(whole.1)));
    assert_eq!((text(&answer["firstEventTime"]), text(&answer["lastEventTime"])), (whole.2, whole.3));
    // One event has no ARN.
    let user = |it: &Value| {
        let identity = &it["userIdentity"];
        Some(format!("bert-jan {} {}", text(&identity["accountId"]), text(&identity["arn"])))
    };
    assert_eq!(section(&answer, "identities", &["who", "account", "arn"]), naive(each(), user));
    assert_eq!(section(&answer, "calls", &["eventSource", "eventName"]), naive(each(), |it| Some(call(it))));
    let error = |it: &Value| failed(it).then(|| format!("{} {}", text(&it["errorCode"]), call(it)));
    assert_eq!(section(&answer, "errors", &["errorCode", "eventSource", "eventName"]), naive(each(), error));
    for (name, column, pointer) in [
        ("addresses", "sourceIPAddress", "/sourceIPAddress"),
        ("userAgents", "userAgent", "/userAgent"),
        ("regions", "awsRegion", "/awsRegion"),
        ("accounts", "recipientAccountId", "/recipientAccountId"),
        ("accessKeys", "accessKeyId", "/userIdentity/accessKeyId"),
    ] {
        assert_eq!(section(&answer, name, &[column]), naive(each(), at(pointer)), "{name}");
    }
    let mfa = |it: &Value| {
        let said = it.pointer("/userIdentity/sessionContext/attributes/mfaAuthenticated");
        let used = it["additionalEventData"]["MFAUsed"].as_str().map(|used| (used == "Yes").to_string());
        Some(said.and_then(Value::as_str).map(str::to_owned).or(used).unwrap_or_else(|| "unknown".to_owned()))
    };
    assert_eq!(section(&answer, "mfa", &["mfa"]), naive(each(), mfa));
    let via = |it: &Value| {
        let agent = text(&it["userAgent"]);
        let is_console = it["sessionCredentialFromConsole"] == "true"
            || ["AwsConsoleSignIn", "AwsConsoleAction"].contains(&it["eventType"].as_str().unwrap());
        Some(match () {
            () if is_console => "console".to_owned(),
            () if it["userIdentity"]["invokedBy"].is_string() || it["eventType"] == "AwsServiceEvent" => {
                "service".to_owned()
            }
            () if agent.starts_with("Mozilla/")
                || agent.contains("S3Console")
                || agent.starts_with("console.") =>
            {
                "console by user agent".to_owned()
            }
            () => "program".to_owned(),
        })
    };
    assert_eq!(section(&answer, "via", &["via"]), naive(each(), via));
}

/// What was done to which resource, against a plain reading of the request or the response.
#[test]
fn resources_agree_with_a_naive_computation() {
    let all = records();
    let own = || all.iter().filter(|it| it["userIdentity"]["userName"] == "bert-jan" && !failed(it));
    let reply = World::fixtures().run("actor user/bert-jan invictus --json");
    let found = section(&reply.json()["answer"], "resources", &["action", "type", "id"]);
    let mut compared = 0;
    for (action, kind, source, pointer, verbs) in [
        ("created", "AWS::S3::Bucket", "s3", "/requestParameters/bucketName", &["CreateBucket"][..]),
        ("deleted", "AWS::S3::Bucket", "s3", "/requestParameters/bucketName", &["DeleteBucket"]),
        ("created", "AWS::IAM::User", "iam", "/requestParameters/userName", &["CreateUser"]),
        ("deleted", "AWS::IAM::User", "iam", "/requestParameters/userName", &["DeleteUser"]),
        ("created", "AWS::IAM::Role", "iam", "/requestParameters/roleName", &["CreateRole"]),
        ("deleted", "AWS::IAM::Role", "iam", "/requestParameters/roleName", &["DeleteRole"]),
        ("deleted", "AWS::SSM::Parameter", "ssm", "/requestParameters/name", &["DeleteParameter"]),
        (
            "created",
            "AWS::EC2::VPC",
            "ec2",
            "/responseElements/vpc/vpcId",
            &["CreateVpc", "CreateDefaultVpc"],
        ),
        ("deleted", "AWS::EC2::VPC", "ec2", "/requestParameters/vpcId", &["DeleteVpc"]),
        ("created", "AWS::EC2::Subnet", "ec2", "/responseElements/subnet/subnetId", &["CreateSubnet"]),
        ("deleted", "AWS::EC2::Subnet", "ec2", "/requestParameters/subnetId", &["DeleteSubnet"]),
        ("created", "AWS::CloudTrail::Trail", "cloudtrail", "/requestParameters/name", &["CreateTrail"]),
    ] {
        let want = naive(own(), |it| {
            let is_call = it["eventSource"] == format!("{source}.amazonaws.com")
                && verbs.contains(&it["eventName"].as_str().unwrap());
            is_call.then(|| format!("{action} {kind} {}", text(it.pointer(pointer).unwrap())))
        });
        assert!(!want.is_empty(), "{action} {kind} says nothing");
        let prefix = format!("{action} {kind} ");
        let got: BTreeMap<_, _> = found
            .iter()
            .filter(|it| it.0.starts_with(&prefix))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
        assert_eq!(got, want);
        compared += got.len();
    }
    assert!(compared > 80, "only {compared} resources were compared");
}

/// Every event is somebody's: sessions, services, callers without an ARN, keys, addresses.
#[test]
fn nobody_is_dropped() {
    let all = records();
    let count = |who: &str| {
        let reply = World::fixtures().run(&format!("actor {who} invictus --json"));
        reply.json()["answer"]["count"].as_u64().unwrap_or_else(|| panic!("{who}: {reply}"))
    };
    let naive = |is: &dyn Fn(&Value) -> bool| all.iter().filter(|it| is(it)).count() as u64;
    let mut asked = BTreeSet::new();
    for record in &all {
        let identity = &record["userIdentity"];
        if let Some(key) = identity["accessKeyId"].as_str().filter(|_| asked.len() < 12)
            && asked.insert(key.to_owned())
        {
            assert_eq!(count(key), naive(&|it| it["userIdentity"]["accessKeyId"] == key), "{key}");
        }
    }
    assert_eq!(count("123837392027"), naive(&|it| it["userIdentity"]["accountId"] == "123837392027"));
    let service = "cloudtrail.amazonaws.com";
    assert_eq!(count(service), naive(&|it| it["userIdentity"]["invokedBy"] == service), "{service}");
    assert_eq!(count("192.168.10.20"), naive(&|it| it["sourceIPAddress"] == "192.168.10.20"));
    assert_eq!(count("10.0.0.0/8"), naive(&|it| text(&it["sourceIPAddress"]).starts_with("10.")));
    let role = "stratus-red-team-ec2-get-password-data-role";
    let issuer = |it: &Value| it["userIdentity"]["sessionContext"]["sessionIssuer"]["userName"] == role;
    assert_eq!(count(&format!("role/{role}")), naive(&issuer));
    assert_eq!(World::fixtures().run("actor nosuchperson invictus").status, 1);
}

fn event(id: &str, account: &str, hour: u8) -> Value {
    json!({"eventTime": format!("2024-03-01T{hour:02}:00:00Z"), "eventSource": "iam.amazonaws.com", "eventName": "CreateUser",
        "awsRegion": "us-east-1", "sourceIPAddress": "192.0.2.1", "userAgent": "aws-cli/2.15 \u{1b}[2J", "eventID": id,
        "recipientAccountId": account, "requestParameters": {"userName": "mallory"},
        "userIdentity": {"type": "IAMUser", "userName": "alice", "accountId": account, "arn": format!("arn:aws:iam::{account}:user/alice"),
            "accessKeyId": "AKIAALICEALICEALICE1"}})
}

/// The same name in two accounts is two people, and the answer says so. A copy counts once.
#[test]
fn two_of_the_same_name_are_told_apart() {
    let mut refused = event("e-3", "444455556666", 15);
    refused["errorCode"] = "AccessDenied".into();
    let one = event("e-1", "111122223333", 12);
    let world = World::empty()
        .file(
            "a.json",
            json!({"Records": [one.clone(), event("e-2", "111122223333", 13), refused]}).to_string(),
        )
        .file("b.json", json!({"Records": [one]}).to_string());
    insta::assert_snapshot!(world.run("actor alice ."), @r"
    alice: 3 events, 1 failed, 2024-03-01T12:00:00Z to 2024-03-01T15:00:00Z
    as           user alice of 111122223333 (2), user alice of 444455556666
    in accounts  111122223333 (2), 444455556666
    in regions   us-east-1 (3)
    from         192.0.2.1 (3)
    with         aws-cli/2.15 \u{1b}[2J (3)
    keys         AKIAALICEALICEALICE1 (3)
    MFA          not said (3)
    by           program (3)

    CALLS
    SERVICE  EVENTS  FAILED  CALLS
    iam           3       1  CreateUser (3)

    FAILED
    ERROR         EVENTS  CALLS
    AccessDenied       1  CreateUser

    DONE
    ACTION   TYPE       EVENTS  RESOURCES
    created  IAM::User       2  mallory (2)
    --- stderr
    trailscan: searched 2 files, 4 events, accounts 111122223333 444455556666, region us-east-1, 2024-03-01T12:00:00Z to 2024-03-01T15:00:00Z
    hint: `alice` is 2 callers here: what stands below is the sum of what they did
    --- exit 0
    ");
    let csv = world.run(
        "actor AKIAALICEALICEALICE1 . --account 444455556666 --format csv --fields section,errorCode,count",
    );
    assert!(csv.text().contains("errors,AccessDenied,1\r\n"), "{csv}");
}

/// Credentials of a session are no access keys of IAM.
#[test]
fn sessions_and_keys_are_told_apart() {
    let reply = World::fixtures().run("actor bert-jan invictus --json");
    let resources = section(&reply.json()["answer"], "resources", &["action", "type", "id"]);
    let of = |kind: &str| resources.keys().filter(|it| it.starts_with(&format!("created {kind} "))).count();
    assert_eq!((of("AWS::IAM::AccessKey"), of("AWS::STS::SessionCredentials")), (2, 10));
}
