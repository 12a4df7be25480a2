//! What has to be said beside a state: moments that no log reaches, events that only mention a resource, and calls
//! that may have acted on it unnamed.

use crate::world::{Reply, World};

/// What is said of an answer, but for what was searched.
fn said(reply: &Reply) -> String {
    let is_told = |line: &&str| !line.contains(": searched ") && !line.contains(": left out ");
    reply.stderr.lines().filter(is_told).collect::<Vec<_>>().join("\n")
}

fn case(name: &str) -> World {
    file_of(name, "log.json")
}

fn file_of(case: &str, file: &str) -> World {
    World::empty().copy(&format!("cases/{case}/{file}"), "log.json")
}

#[test]
fn an_unset_is_of_whoever_took_the_setting_away() {
    let bucket = "bucket/stratus-red-team-ctlr-bucket-zqfsvooxqj invictus --at 2023-07-10T12:07:55Z";
    let state = World::fixtures().run(&format!("state {bucket} --json")).json();
    let all = state["answer"][0]["knowledge"]["settings"].as_array().unwrap().clone();
    let of = |path: &str| all.iter().find(|it| it["path"] == path).unwrap().clone();
    let lifecycle = of("lifecycle");
    assert_eq!(lifecycle["by"]["eventName"], "DeleteBucketLifecycle", "{lifecycle}");
    assert_eq!(
        (lifecycle["is"].as_str(), lifecycle["since"].as_str()),
        (Some("absent"), Some("2023-07-10T12:07:49Z"))
    );
    assert!(lifecycle["seenBy"].is_null());
}

#[test]
fn who_makes_calls_is_there() {
    let world = World::fixtures();
    let mut told = Vec::new();
    for reference in
        ["user/bert-jan", "AIDATFQR7NSC5AU2ZV3IE", "AKIATFQR7NSC8Q4X20BJ", "sg-0a1ae80d31d1e9c86"]
    {
        let reply = world.run(&format!("state {reference} invictus"));
        assert_eq!(reply.status, 1, "{reply}");
        told.push(said(&reply));
    }
    told.push(said(&world.run("timeline user/bert-jan invictus")));
    told.push(said(
        &world.run("diff user/bert-jan invictus --from 2023-07-10T12:00:00Z --to 2023-07-10T12:10:00Z"),
    ));
    told.push(said(&world.run("state user/nobody invictus")));
    insta::assert_snapshot!(told.join("\n\n"), @r"
    trailscan: no event changed `user/bert-jan` in what was searched: what it looked like is unknown
    trailscan: `user/bert-jan` existed: 2642 events were made by it, from 2023-07-10T11:54:33Z to 2023-07-10T12:34:46Z; `trailscan actor user/bert-jan invictus` shows what it did
    trailscan: 124 events read it, from 2023-07-10T11:54:38Z to 2023-07-10T12:28:39Z: `trailscan who-read user/bert-jan invictus` shows them

    trailscan: no event changed `AIDATFQR7NSC5AU2ZV3IE` in what was searched: what it looked like is unknown
    trailscan: `AIDATFQR7NSC5AU2ZV3IE` is also known as `bert-jan`
    trailscan: `AIDATFQR7NSC5AU2ZV3IE` existed: 2642 events were made by it, from 2023-07-10T11:54:33Z to 2023-07-10T12:34:46Z; `trailscan actor AIDATFQR7NSC5AU2ZV3IE invictus` shows what it did
    trailscan: 124 events read it, from 2023-07-10T11:54:38Z to 2023-07-10T12:28:39Z: `trailscan who-read AIDATFQR7NSC5AU2ZV3IE invictus` shows them

    trailscan: no event changed `AKIATFQR7NSC8Q4X20BJ` in what was searched: what it looked like is unknown
    trailscan: `AKIATFQR7NSC8Q4X20BJ` existed: 2104 events were made by it, from 2023-07-10T11:54:33Z to 2023-07-10T12:29:09Z; `trailscan actor AKIATFQR7NSC8Q4X20BJ invictus` shows what it did

    trailscan: no event changed `sg-0a1ae80d31d1e9c86` in what was searched: what it looked like is unknown
    trailscan: 1 event only uses it (`related`), at 2023-07-10T12:16:15Z: `trailscan who --all sg-0a1ae80d31d1e9c86 invictus` shows it

    trailscan: no event changed `user/bert-jan` in what was searched: what it looked like is unknown
    trailscan: `user/bert-jan` existed: 2642 events were made by it, from 2023-07-10T11:54:33Z to 2023-07-10T12:34:46Z; `trailscan actor user/bert-jan invictus` shows what it did
    trailscan: 124 events read it, from 2023-07-10T11:54:38Z to 2023-07-10T12:28:39Z: `trailscan who-read user/bert-jan invictus` shows them

    trailscan: no event changed `user/bert-jan` in what was searched: what it looked like is unknown
    trailscan: `user/bert-jan` existed: 1691 events were made by it, from 2023-07-10T11:54:33Z to 2023-07-10T12:10:00Z; `trailscan actor user/bert-jan invictus` shows what it did
    trailscan: 54 events read it, from 2023-07-10T11:54:38Z to 2023-07-10T12:09:55Z: `trailscan who-read user/bert-jan invictus` shows them

    trailscan: nothing found: no event of `user/nobody` in what was searched
    ");
    let json = world.run("state user/bert-jan invictus --json").json();
    insta::assert_snapshot!(json["mentions"].to_string(), @r#"{"madeBy":{"events":2642,"firstEventTime":"2023-07-10T11:54:33Z","lastEventTime":"2023-07-10T12:34:46Z"},"reads":{"events":124,"firstEventTime":"2023-07-10T11:54:38Z","lastEventTime":"2023-07-10T12:28:39Z"},"related":{"events":0,"firstEventTime":null,"lastEventTime":null}}"#);
    // Anybody may try to sign in as somebody who is not there.
    let failed = r#"{"Records":[{"eventVersion":"1.08","userIdentity":{"type":"IAMUser","accountId":"111122223333","userName":"ghost"},"eventTime":"2024-01-01T00:00:00Z","eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","awsRegion":"us-east-1","errorMessage":"Failed authentication","responseElements":{"ConsoleLogin":"Failure"},"eventID":"e-1","recipientAccountId":"111122223333"}]}"#;
    let reply = World::empty().file("log.json", failed).run("state user/ghost log.json");
    assert!(!reply.stderr.contains("existed"), "{reply}");
}

#[test]
fn of_moments_that_no_log_reaches_nothing_is_known() {
    let world = World::fixtures();
    let bucket = "bucket/stratus-red-team-ctlr-bucket-zqfsvooxqj";
    let mut told = Vec::new();
    for args in [
        format!("diff {bucket} invictus --from 2020-01-01 --to 2021-01-01"),
        format!("diff {bucket} invictus --from 2020-01-01"),
        format!("diff {bucket} invictus --from 2023-07-10T12:30:00Z --to 2024-01-01"),
        format!("state {bucket} invictus --at 2020-01-01"),
        "diff bucket/x invictus --from 2020-01-01 --to 2021-01-01".to_owned(),
        "inventory invictus --at 2020-01-01".to_owned(),
        "graph vpc-07b33857c7ad1c027 invictus --at 2020-01-01".to_owned(),
        format!("revert {bucket} invictus --to 2020-01-01"),
        format!("revert {bucket} invictus --to 2024-01-01"),
    ] {
        let reply = world.run(&args);
        let holes = reply
            .text()
            .lines()
            .filter(|it| it.contains("HOLE: 20") || it.contains("no hole") || it.contains("there;"));
        told.push(format!(
            "{args}: {}\n{}\n{}",
            reply.status,
            holes.collect::<Vec<_>>().join("\n"),
            said(&reply)
        ));
    }
    insta::assert_snapshot!(told.join("\n"), @r"
    diff bucket/stratus-red-team-ctlr-bucket-zqfsvooxqj invictus --from 2020-01-01 --to 2021-01-01: 1

    trailscan: no difference is known: nothing tells of `bucket/stratus-red-team-ctlr-bucket-zqfsvooxqj` at 2020-01-01T00:00:00Z: its first event is at 2023-07-10T12:00:23Z
    hint: the logs begin at 2023-07-10T11:42:18Z: of 2020-01-01T00:00:00Z they tell no more than what later events prove of the time before them
    hint: the logs begin at 2023-07-10T11:42:18Z: of 2021-01-01T00:00:00Z they tell no more than what later events prove of the time before them
    diff bucket/stratus-red-team-ctlr-bucket-zqfsvooxqj invictus --from 2020-01-01: 0
    2020-01-01T00:00:00Z: unknown whether there; 2023-07-10T12:37:50Z: not there
    logs of 123837392027 us-east-1: 2023-07-10T11:42:18Z to 2023-07-10T12:37:50Z, no hole known within them; no digest lists the files, so nothing tells whether one is missing
    HOLE: 2020-01-01T00:00:00Z lies before these logs: what was done from then to 2023-07-10T11:42:18Z is unknown
    hint: the logs begin at 2023-07-10T11:42:18Z: of 2020-01-01T00:00:00Z they tell no more than what later events prove of the time before them
    diff bucket/stratus-red-team-ctlr-bucket-zqfsvooxqj invictus --from 2023-07-10T12:30:00Z --to 2024-01-01: 1

    trailscan: nothing found: no difference in `bucket/stratus-red-team-ctlr-bucket-zqfsvooxqj` in what was searched
    hint: the logs end at 2023-07-10T12:37:50Z: what was done between then and 2024-01-01T00:00:00Z is not in them
    hint: the logs between the two moments have holes, or may have: `state --at` tells each
    state bucket/stratus-red-team-ctlr-bucket-zqfsvooxqj invictus --at 2020-01-01: 1

    trailscan: nothing tells of `bucket/stratus-red-team-ctlr-bucket-zqfsvooxqj` at 2020-01-01T00:00:00Z: its first event is at 2023-07-10T12:00:23Z
    hint: the logs begin at 2023-07-10T11:42:18Z: of 2020-01-01T00:00:00Z they tell no more than what later events prove of the time before them
    diff bucket/x invictus --from 2020-01-01 --to 2021-01-01: 1

    trailscan: nothing found: no event of `bucket/x` in what was searched
    hint: the logs begin at 2023-07-10T11:42:18Z: of 2020-01-01T00:00:00Z they tell no more than what later events prove of the time before them
    hint: the logs begin at 2023-07-10T11:42:18Z: of 2021-01-01T00:00:00Z they tell no more than what later events prove of the time before them
    inventory invictus --at 2020-01-01: 1

    trailscan: nothing found: no resource that was changed in what was searched
    hint: the logs begin at 2023-07-10T11:42:18Z: of 2020-01-01T00:00:00Z they tell no more than what later events prove of the time before them
    graph vpc-07b33857c7ad1c027 invictus --at 2020-01-01: 1

    trailscan: nothing found: no resource that hangs on `vpc-07b33857c7ad1c027` in what was searched
    hint: the logs begin at 2023-07-10T11:42:18Z: of 2020-01-01T00:00:00Z they tell no more than what later events prove of the time before them
    revert bucket/stratus-red-team-ctlr-bucket-zqfsvooxqj invictus --to 2020-01-01: 0

    trailscan: no command for 1 change: the reason stands beside it
    hint: the logs begin at 2023-07-10T11:42:18Z: of 2020-01-01T00:00:00Z they tell no more than what later events prove of the time before them
    hint: nothing was run; read the commands before you run any
    revert bucket/stratus-red-team-ctlr-bucket-zqfsvooxqj invictus --to 2024-01-01: 1

    trailscan: nothing found: no change to undo in what was searched
    hint: the logs end at 2023-07-10T12:37:50Z: what was done between then and 2024-01-01T00:00:00Z is not in them
    hint: nothing was run; read the commands before you run any
    ");
}

#[test]
fn calls_that_may_have_acted_are_told_beside_a_state() {
    let mut told = Vec::new();
    for (name, args) in [
        ("delete-objects-unnamed-keys", "state s3://payroll/a/b.txt log.json"),
        ("delete-objects-unnamed-keys", "state s3://payroll/a/b.txt log.json --at 2024-04-30"),
        ("delete-objects-unnamed-keys", "timeline s3://payroll/a/b.txt log.json"),
        ("delete-objects-unnamed-keys", "revert s3://payroll/a/b.txt log.json --to 2024-05-01"),
        ("omitted-response", "state i-0aaaaaaaaaaaaaaa1 log.json"),
        ("omitted-response", "diff role/x log.json --from 2024-05-01"),
    ] {
        told.push(format!("{args}\n{}", said(&case(name).run(args))));
    }
    insta::assert_snapshot!(told.join("\n"), @r"
    state s3://payroll/a/b.txt log.json
    trailscan: nothing found: no event of `s3://payroll/a/b.txt` in what was searched
    hint: carol called PutBucketLifecycle on `payroll` at 2024-04-01T12:00:00Z: prefix a/, expire after 1 day; deletions by S3 Lifecycle are never in CloudTrail, and one may have deleted it: `trailscan events --event-id 23b3c438-59a5-43a5-89b5-2ee2392323bd log.json` shows it
    hint: 1 DeleteObjects of `payroll` by eve, 2024-05-01T12:00:00Z, may have deleted it: the keys that it deleted are not logged; `trailscan events --event-id 8acc82f9-4ae0-471a-8c26-5f5b1c7c913b log.json` shows it
    state s3://payroll/a/b.txt log.json --at 2024-04-30
    trailscan: nothing found: no event of `s3://payroll/a/b.txt` in what was searched
    hint: carol called PutBucketLifecycle on `payroll` at 2024-04-01T12:00:00Z: prefix a/, expire after 1 day; deletions by S3 Lifecycle are never in CloudTrail, and one may have deleted it: `trailscan events --event-id 23b3c438-59a5-43a5-89b5-2ee2392323bd log.json` shows it
    timeline s3://payroll/a/b.txt log.json
    trailscan: nothing found: no change of `s3://payroll/a/b.txt` in what was searched
    hint: carol called PutBucketLifecycle on `payroll` at 2024-04-01T12:00:00Z: prefix a/, expire after 1 day; deletions by S3 Lifecycle are never in CloudTrail, and one may have deleted it: `trailscan events --event-id 23b3c438-59a5-43a5-89b5-2ee2392323bd log.json` shows it
    hint: 1 DeleteObjects of `payroll` by eve, 2024-05-01T12:00:00Z, may have deleted it: the keys that it deleted are not logged; `trailscan events --event-id 8acc82f9-4ae0-471a-8c26-5f5b1c7c913b log.json` shows it
    revert s3://payroll/a/b.txt log.json --to 2024-05-01
    trailscan: nothing found: no change to undo in what was searched
    hint: carol called PutBucketLifecycle on `payroll` at 2024-04-01T12:00:00Z: prefix a/, expire after 1 day; deletions by S3 Lifecycle are never in CloudTrail, and one may have deleted it: `trailscan events --event-id 23b3c438-59a5-43a5-89b5-2ee2392323bd log.json` shows it
    hint: 1 DeleteObjects of `payroll` by eve, 2024-05-01T12:00:00Z, may have deleted it: the keys that it deleted are not logged; `trailscan events --event-id 8acc82f9-4ae0-471a-8c26-5f5b1c7c913b log.json` shows it
    hint: nothing was run; read the commands before you run any
    state i-0aaaaaaaaaaaaaaa1 log.json
    trailscan: nothing found: no event of `i-0aaaaaaaaaaaaaaa1` in what was searched
    hint: 1 RunInstances by alice, 2024-05-01T12:00:01Z, may have created it: CloudTrail left its response out, which was too large; `trailscan events --event-id e292d3c1-d24f-4c5d-848c-6428597446e7 log.json` shows it
    diff role/x log.json --from 2024-05-01
    trailscan: nothing found: no event of `role/x` in what was searched
    hint: 1 PutRolePolicy by alice, 2024-05-01T12:00:02Z, may have changed it: CloudTrail left its request out, which was too large; `trailscan events --event-id 03d9b660-ac7f-461b-8d28-271b0f8630e8 log.json` shows it
    hint: the logs begin at 2024-05-01T12:00:00Z: of 2024-05-01T00:00:00Z they tell no more than what later events prove of the time before them
    ");
    let json = case("omitted-response").run("state i-0aaaaaaaaaaaaaaa1 log.json --json").json();
    assert_eq!(json["mayHaveActed"][0]["eventName"], "RunInstances", "{json}");
}

/// A call of IAM by eve.
fn iam(at: &str, name: &str, request: &str) -> String {
    format!(
        r#"{{"eventVersion":"1.08","userIdentity":{{"type":"IAMUser","userName":"eve","accountId":"111122223333"}},"eventTime":"2024-01-01T00:00:{at}Z","eventSource":"iam.amazonaws.com","eventName":"{name}","awsRegion":"us-east-1","requestParameters":{request},"responseElements":null,"readOnly":false,"eventID":"e-{at}","eventType":"AwsApiCall","recipientAccountId":"111122223333"}}"#
    )
}

#[test]
fn a_put_is_a_creation_only_where_nothing_was_there() {
    let put = |at| iam(at, "PutUserPolicy", r#"{"userName":"alice","policyName":"p","policyDocument":"{}"}"#);
    let ask = |records: &[String]| {
        let world = World::empty().file("log.json", format!(r#"{{"Records":[{}]}}"#, records.join(",")));
        let who = world.run("who-created user/alice/policy/p log.json");
        let listed = world.run("inventory log.json --type AWS::IAM::UserPolicy --json").json();
        let state = world.run("state user/alice/policy/p log.json --json").json();
        let created = |of: &serde_json::Value| of["eventTime"].as_str().unwrap_or("not seen").to_owned();
        let known = &state["answer"][0]["knowledge"];
        assert_eq!(
            created(&listed["answer"][0]["created"]) != "not seen",
            known["creationSeen"].as_bool().unwrap_or_else(|| !known["creationSeen"].is_null()),
            "{known}"
        );
        format!("{}\n{}", created(&listed["answer"][0]["created"]), said(&who))
    };
    let made = iam("01", "CreateUser", r#"{"userName":"alice"}"#);
    let told = [ask(&[put("02")]), ask(&[made.clone(), put("02")]), ask(&[made, put("02"), put("03")])]
        .join("\n---\n");
    insta::assert_snapshot!(told, @r"
    not seen
    hint: PutUserPolicy may as well change what is there already: it may have been there before the first of them
    ---
    2024-01-01T00:00:02Z

    ---
    2024-01-01T00:00:02Z
    hint: PutUserPolicy may as well change what is there already: PutUserPolicy at 2024-01-01T00:00:02Z created it; of the others nothing tells that
    ");
}

#[test]
fn an_attachment_changes_no_policy() {
    let json = file_of("revert-lone-attach", "a.json").run("inventory log.json --json").json();
    let policy = json["answer"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["resourceType"] == "AWS::IAM::Policy")
        .unwrap();
    assert_eq!(
        (policy["status"].as_str(), policy["changes"].as_u64()),
        (Some("exists"), Some(0)),
        "{policy}"
    );
    assert!(policy["lastChange"].is_null(), "{policy}");
}

#[test]
fn each_of_several_resources_of_one_name_is_listed() {
    let reply = file_of("unique-id-own-incarnation", "two.json").run("inventory log.json");
    insta::assert_snapshot!(reply.text(), @r"
    TYPE       RESOURCE  STATUS  CREATED (UTC)         CREATED BY            LAST CHANGE (UTC)     BY
    IAM::User  bob       gone    2026-01-01T00:00:00Z  root of 111122223333  2026-01-02T00:00:00Z  root of 111122223333
    IAM::User  bob       gone    2026-01-03T00:00:00Z  root of 111122223333  2026-01-04T00:00:00Z  root of 111122223333
    ");
    let reply = file_of("config-items-differ", "log.json")
        .copy("cases/config-items-differ/config.json", "config.json");
    let reply = reply.run("inventory .");
    insta::assert_snapshot!(reply.text(), @r"
    TYPE              RESOURCE  STATUS  CREATED (UTC)  CREATED BY  LAST CHANGE (UTC)            BY
    Lambda::Function  f         exists                             before 2026-02-12T00:00:00Z  seen by AWS Config
    ");
}

#[test]
fn a_graph_marks_what_is_deleted_and_hangs_it_where_it_is_nearest() {
    let reply = World::fixtures().run("graph vpc-07b33857c7ad1c027 invictus");
    insta::assert_snapshot!(reply.text(), @r"
    EC2::VPC vpc-07b33857c7ad1c027
    ← EC2::NetworkInterface eni-0938d805949b4e134 (deleted 2023-07-10T12:32:01Z): is contained in it
      → Is associated with SecurityGroup: EC2::SecurityGroup sg-0a1ae80d31d1e9c86
    ← EC2::RouteTable rtb-01982f631c227e48f (deleted 2023-07-10T12:28:40Z): is contained in it
    ← EC2::RouteTable rtb-026f5220869c79072 (deleted 2023-07-10T12:28:40Z): is contained in it
    ← EC2::Subnet subnet-0c8a70cf4fd24084f: is contained in it
    ← EC2::Subnet subnet-0cac13291c6f317ec: is contained in it
    → Is associated with DHCPOptions: EC2::DHCPOptions dopt-0ef51062810f8ca7b
      ← EC2::VPC vpc-0255d384b4b458b46 (deleted 2023-07-10T12:08:00Z): is associated with it
      ← EC2::VPC vpc-04ae35a334cd7ef4f (deleted 2023-07-10T12:28:37Z): is associated with it
      ← EC2::VPC vpc-06fe1a64761a0f720 (deleted 2023-07-10T12:14:43Z): is associated with it
      ← EC2::VPC vpc-098ff30ff74b36f73 (deleted 2023-07-10T12:28:38Z): is associated with it
      ← EC2::VPC vpc-0e568b18707c87afa (deleted 2023-07-10T12:28:35Z): is associated with it
      ← EC2::VPC vpc-0fa94f40db415f317 (deleted 2023-07-10T12:08:02Z): is associated with it
    ← RDS::DBInstance terraform-20230710121504061500000001 (deleted 2023-07-10T12:28:39Z): is contained in it
      ← RDS::DBSnapshot terraform-20230710121504061500000001-snapshot: is associated with it
    ← RDS::DBSnapshot exfiltration (deleted 2023-07-10T12:28:38Z): is contained in it
    ← RDS::DBSubnetGroup stratus-red-team-share-snap-vpc: is contained in it
    ");
    let json = World::fixtures().run("graph vpc-07b33857c7ad1c027 invictus --json").json();
    let edge = json["answer"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["from"]["id"] == "rtb-01982f631c227e48f")
        .unwrap();
    assert_eq!(
        (edge["fromDeleted"].as_bool(), edge["fromDeletedAt"].as_str()),
        (Some(true), Some("2023-07-10T12:28:40Z"))
    );
}

#[test]
fn an_end_that_only_the_service_tells_of_was_asked_for_by_somebody() {
    let service = |at: &str, name: &str| {
        format!(
            r#"{{"eventVersion":"1.08","userIdentity":{{"accountId":"111122223333","invokedBy":"secretsmanager.amazonaws.com"}},"eventTime":"2024-01-09T00:00:{at}Z","eventSource":"secretsmanager.amazonaws.com","eventName":"{name}","awsRegion":"us-east-1","requestParameters":null,"responseElements":null,"additionalEventData":{{"SecretId":"arn:aws:secretsmanager:us-east-1:111122223333:secret:pay-AbCdEf"}},"eventID":"s-{at}","readOnly":false,"eventType":"AwsServiceEvent","recipientAccountId":"111122223333"}}"#
        )
    };
    let asked = iam(
        "05",
        "DeleteSecret",
        r#"{"secretId":"arn:aws:secretsmanager:us-east-1:111122223333:secret:pay-AbCdEf"}"#,
    )
    .replace("iam.amazonaws", "secretsmanager.amazonaws");
    let ask = |records: &[String]| {
        let world = World::empty().file("log.json", format!(r#"{{"Records":[{}]}}"#, records.join(",")));
        said(
            &world
                .run("who-deleted arn:aws:secretsmanager:us-east-1:111122223333:secret:pay-AbCdEf log.json"),
        )
    };
    let ends = [service("01", "StartSecretVersionDelete"), service("02", "EndSecretVersionDelete")];
    insta::assert_snapshot!(ask(&ends), @r"hint: secretsmanager ended it (EndSecretVersionDelete): somebody had asked for it, and who that was is not in these logs");
    assert!(!ask(&[&ends[..], &[asked]].concat()).contains("is not in these logs"));
}
