//! What came of a call, who made it, and whose action it is where two accounts logged it: through the program.

use crate::world::{World, fixture};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use trailscan::event::{EventParser, Outcome};

fn case(name: &str) -> World {
    let root = fixture(&format!("cases/{name}/input"));
    let files =
        walkdir::WalkDir::new(&root).into_iter().map(Result::unwrap).filter(|it| it.file_type().is_file());
    files.fold(World::empty(), |world, file| {
        let name = file.path().strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        world.file(&format!("logs/{name}"), std::fs::read(file.path()).unwrap())
    })
}

#[test]
fn sign_ins_to_identity_center_are_put_together_by_their_workflow() {
    insta::assert_snapshot!(case("idc-signin-failures").run("logins logs"), @r"
    SIGN-INS
    TIME (UTC)            WHO                                   ACCOUNT       CALL                CREDENTIAL     MFA       FROM          USER AGENT
    2024-05-01T12:00:21Z  Identity Center user carol            111122223333  UserAuthentication  PASSWORD,TOTP  yes       198.51.100.7  Mozilla/5.0
    2024-05-01T13:00:21Z  Identity Center user dan@example.com  111122223333  UserAuthentication  EXTERNAL_IDP   not told  198.51.100.7  Mozilla/5.0

    FAILED: nobody came in by these
    TIME (UTC)            WHO                         ACCOUNT       CALL                    ERROR    CREDENTIAL  MFA  FROM          USER AGENT
    2024-05-01T11:00:00Z  Identity Center user carol  111122223333  CredentialVerification  Failure  PASSWORD         198.51.100.7  Mozilla/5.0
    2024-05-01T12:00:10Z  Identity Center user carol  111122223333  CredentialVerification  Failure  TOTP             198.51.100.7  Mozilla/5.0

    STEPS OF SIGN-INS: what was asked for and checked, which alone let nobody in
    TIME (UTC)            WHO                         ACCOUNT       CALL                    CREDENTIAL  MFA  FROM          USER AGENT
    2024-05-01T10:59:50Z  Identity Center user carol  111122223333  CredentialChallenge     PASSWORD         198.51.100.7  Mozilla/5.0
    2024-05-01T11:59:50Z  Identity Center user carol  111122223333  CredentialChallenge     PASSWORD         198.51.100.7  Mozilla/5.0
    2024-05-01T12:00:00Z  Identity Center user carol  111122223333  CredentialVerification  PASSWORD         198.51.100.7  Mozilla/5.0
    2024-05-01T12:00:05Z  Identity Center user carol  111122223333  CredentialChallenge     TOTP             198.51.100.7  Mozilla/5.0
    2024-05-01T12:00:20Z  Identity Center user carol  111122223333  CredentialVerification  TOTP             198.51.100.7  Mozilla/5.0
    --- stderr
    trailscan: 4 sign-ins, 2 failed, 0 of root, 0 without a second factor, for 1 that is not told
    trailscan: searched 1 file, 9 events, account 111122223333, region us-east-1, 2024-05-01T10:59:50Z to 2024-05-01T13:00:21Z
    hint: of users whom an identity provider vouches for, AWS does not log whether there was a second factor
    --- exit 0
    ");
    let failed = case("idc-signin-failures").run("events --failed logs --json");
    let times: Vec<Value> = failed.rows().iter().map(|row| row["eventTime"].clone()).collect();
    assert_eq!(times, ["2024-05-01T11:00:00Z", "2024-05-01T12:00:10Z"]);
}

/// The name may stand in a record that the filters leave out.
#[test]
fn a_filter_does_not_take_the_name_away() {
    let rows = case("idc-signin-failures").run("logins logs --failed --json");
    let who = |row: &Value| row["actor"]["who"].clone();
    assert_eq!(rows.rows().iter().map(who).collect::<Vec<_>>(), vec!["Identity Center user carol"; 2]);
}

#[test]
fn the_second_factor_of_federated_users_is_not_told() {
    insta::assert_snapshot!(case("sso-mfa-unknown").run("logins logs"), @r"
    SIGN-INS
    TIME (UTC)            WHO                                                        ACCOUNT       CALL          MFA       FROM          USER AGENT
    2024-05-01T12:00:00Z  role AWSReservedSSO_Admin_abc (session carol@example.com)  111122223333  ConsoleLogin  not told  198.51.100.7  aws-cli/2.15
    2024-05-01T12:01:00Z  bob                                                        111122223333  ConsoleLogin  no        198.51.100.7  aws-cli/2.15
    2024-05-01T12:02:00Z  alice                                                      111122223333  ConsoleLogin  yes       198.51.100.7  aws-cli/2.15
    2024-05-01T12:03:00Z  role Fed (session dave)                                    111122223333  ConsoleLogin  yes       198.51.100.7  aws-cli/2.15
    2024-05-01T12:05:00Z  root of 111122223333                                       111122223333  ConsoleLogin  no        198.51.100.7  aws-cli/2.15

    FAILED: nobody came in by these
    TIME (UTC)            WHO                              ACCOUNT       CALL          ERROR                                  MFA  FROM          USER AGENT
    2024-05-01T12:04:00Z  a user whose name AWS withholds  111122223333  ConsoleLogin  No username found in supplied account  no   198.51.100.7  aws-cli/2.15
    --- stderr
    trailscan: 6 sign-ins, 1 failed, 1 of root, 2 without a second factor, for 1 that is not told
    trailscan: without a second factor: bob, root of 111122223333
    trailscan: searched 1 file, 6 events, account 111122223333, region us-east-1, 2024-05-01T12:00:00Z to 2024-05-01T12:05:00Z
    hint: of users whom an identity provider vouches for, AWS does not log whether there was a second factor
    --- exit 0
    ");
}

#[test]
fn a_service_in_the_name_of_root_is_not_root() {
    insta::assert_snapshot!(case("root-by-support").run("events logs"), @r"
    TIME (UTC)            WHO                                                        CALL               RESOURCE            FROM                   REGION
    2024-05-01T12:00:00Z  support.amazonaws.com in the name of root of 111122223333  GetBucketLocation  S3::Bucket payroll  support.amazonaws.com  us-east-1
    2024-05-01T12:00:01Z  root of 111122223333                                       ListBuckets                            198.51.100.7           us-east-1
    --- stderr
    trailscan: searched 1 file, 2 events, account 111122223333, region us-east-1, 2024-05-01T12:00:00Z to 2024-05-01T12:00:01Z
    --- exit 0
    ");
    let story = case("root-by-support").run("actor root logs --json").json();
    let who: Vec<&Value> =
        story["answer"]["identities"].as_array().unwrap().iter().map(|it| &it["who"]).collect();
    assert_eq!(who, ["root of 111122223333", "support.amazonaws.com in the name of root of 111122223333"]);
    assert_eq!(case("root-by-support").run("events --filter cis:4.3 logs --json").rows().len(), 1);
}

#[test]
fn an_export_is_told_of_table_and_bucket() {
    let world = case("dynamodb-export");
    for reference in ["table/t", "bucket/evil"] {
        let rows = world.run(&format!("who {reference} logs --json"));
        assert_eq!(rows.rows().len(), 1, "{reference}");
        assert_eq!(rows.rows()[0]["eventName"], "ExportTableToPointInTime");
    }
}

#[test]
fn one_action_logged_in_two_accounts_has_one_caller() {
    let world = case("shared-event-id");
    insta::assert_snapshot!(world.run("who s3://other-b/k logs"), @r"
    TIME (UTC)            WHO                                              CALL       RESOURCE              FROM          REGION
    2024-05-01T12:00:00Z  alice                                            PutObject  S3::Object other-b/k  198.51.100.7  us-east-1
    2024-05-01T12:00:00Z  alice (same action, logged in 111122223333 too)  PutObject  S3::Object other-b/k  198.51.100.7  us-east-1
    --- stderr
    trailscan: 1 action logged in more than one account, in 2 records with one `sharedEventID` each
    trailscan: searched 2 files, 2 events, accounts 111122223333 999988887777, region us-east-1, 2024-05-01T12:00:00Z to 2024-05-01T12:00:00Z
    hint: calls on objects of `other-b` are in these logs from 2024-05-01T12:00:00Z to 2024-05-01T12:00:00Z, 111122223333 us-east-1
    hint: calls on objects of `other-b` are in these logs from 2024-05-01T12:00:00Z to 2024-05-01T12:00:00Z, 999988887777 us-east-1
    hint: before 2024-05-01T12:00:00Z nothing tells that calls on objects of `other-b` were logged: that none is shown does not mean that there was none
    --- exit 0
    ");
    insta::assert_snapshot!(world.run("stats --by eventName logs"), @r"
    eventName  COUNT  FAILED  FIRST (UTC)           LAST (UTC)            ACTORS  ADDRESSES
    PutObject      2       0  2024-05-01T12:00:00Z  2024-05-01T12:00:00Z       1          1
    --- stderr
    trailscan: 2 events in 1 group
    trailscan: 1 action logged in more than one account, in 2 records with one `sharedEventID` each
    trailscan: searched 2 files, 2 events, accounts 111122223333 999988887777, region us-east-1, 2024-05-01T12:00:00Z to 2024-05-01T12:00:00Z
    --- exit 0
    ");
    // Of the owner's record alone it is known what that says.
    let alone = world.run("who s3://other-b/k logs --account 999988887777 --json");
    assert_eq!(alone.rows()[0]["actor"]["who"], "account 111122223333 (user AIDAEXAMPLEALICEXXXXX)");
    let story = world.run("actor 111122223333 logs --json").json();
    let identities = story["answer"]["identities"].as_array().unwrap().clone();
    assert_eq!(
        (identities.len(), &identities[0]["who"], &identities[0]["count"]),
        (1, &json!("alice"), &json!(2))
    );
    let timeline = world.run("timeline s3://other-b/k logs");
    assert!(timeline.text().contains("by alice"), "{timeline}");
}

/// Records of one action: in the caller's account and in that of the owner.
fn both(call: &Value, identity: &Value, id: &str) -> [Value; 2] {
    let record = |recipient: &str, identity: &Value, event_id: String| {
        let mut record = call.clone();
        let more = json!({"eventVersion": "1.08", "userIdentity": identity, "eventTime": "2024-05-01T12:00:00Z",
            "awsRegion": "us-east-1", "sourceIPAddress": "198.51.100.7", "userAgent": "x", "requestID": id,
            "eventID": event_id, "eventType": "AwsApiCall", "recipientAccountId": recipient, "sharedEventID": format!("s-{id}")});
        record.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        record
    };
    let withheld =
        json!({"type": "AWSAccount", "principalId": identity["principalId"], "accountId": "111122223333"});
    [
        record("111122223333", identity, format!("a-{id}")),
        record("999988887777", &withheld, format!("0-{id}")),
    ]
}

/// Other services, other callers, whichever file comes first and whichever id.
#[test]
fn whatever_the_service_the_owner_record_is_named_by_the_caller_record() {
    let user = json!({"type": "IAMUser", "principalId": "AIDAONE", "arn": "arn:aws:iam::111122223333:user/bob", "accountId": "111122223333", "userName": "bob"});
    let session = json!({"type": "AssumedRole", "principalId": "AROAONE:deploy", "arn": "arn:aws:sts::111122223333:assumed-role/Ci/deploy",
        "accountId": "111122223333", "sessionContext": {"sessionIssuer": {"type": "Role", "userName": "Ci", "arn": "arn:aws:iam::111122223333:role/Ci"}}});
    let key = "arn:aws:kms:us-east-1:999988887777:key/11111111-2222-4333-8444-555555555555";
    for (call, identity, reference, who) in [
        (
            json!({"eventSource": "kms.amazonaws.com", "eventName": "DisableKey", "requestParameters": {"keyId": key}, "readOnly": false}),
            &session,
            key,
            "role Ci (session deploy)",
        ),
        (
            json!({"eventSource": "sts.amazonaws.com", "eventName": "AssumeRole", "readOnly": true,
                "requestParameters": {"roleArn": "arn:aws:iam::999988887777:role/Target", "roleSessionName": "x"}}),
            &user,
            "role/Target",
            "bob",
        ),
        (
            json!({"eventSource": "sns.amazonaws.com", "eventName": "AddPermission", "readOnly": false,
                "requestParameters": {"topicArn": "arn:aws:sns:us-east-1:999988887777:t", "label": "l"}}),
            &session,
            "topic/t",
            "role Ci (session deploy)",
        ),
    ] {
        let [mine, theirs] = both(&call, identity, "1");
        for names in [["a.json", "b.json"], ["b.json", "a.json"]] {
            let world = World::empty()
                .file(&format!("logs/{}", names[0]), json!({"Records": [mine]}).to_string())
                .file(&format!("logs/{}", names[1]), json!({"Records": [theirs]}).to_string());
            let reply = world.run(&format!("who --all {reference} logs --json"));
            let rows = reply.rows();
            assert_eq!(
                rows.iter().map(|row| &row["actor"]["who"]).collect::<Vec<_>>(),
                [who, who],
                "{reference}"
            );
            assert_eq!(rows[0]["sameActionAs"]["eventID"], "a-1", "{reference}");
            assert_eq!(rows[1].get("sameActionAs"), None, "{reference}");
            if call["readOnly"] == json!(false) {
                let timeline = world.run(&format!("timeline {reference} logs"));
                assert!(timeline.text().contains(who), "{timeline}");
                assert!(
                    !timeline.text().contains("(user A") && !timeline.text().contains("(role A"),
                    "{timeline}"
                );
            }
            let stats = world.run("stats --by actor logs --json");
            assert_eq!(
                (stats.rows().len(), &stats.rows()[0]["count"], &stats.rows()[0]["actors"]),
                (1, &json!(2), &json!(1))
            );
        }
    }
}

/// Every place where an outcome may stand, with every service that may write there.
fn records() -> Vec<Value> {
    let details = [
        json!({}),
        json!({"errorCode": "AccessDenied"}),
        json!({"errorCode": ""}),
        json!({"errorMessage": "User: x is not authorized to perform: a:B"}),
        json!({"errorCode": "ValidationException", "errorMessage": "x is not authorized to perform: a:B"}),
        json!({"errorCode": "AuthorizationErrorException"}),
        json!({"responseElements": {"ConsoleLogin": "Failure"}}),
        json!({"responseElements": {"ConsoleLogin": "Success"}, "errorMessage": "x"}),
        json!({"responseElements": {"CheckMfa": "Failure"}}),
        json!({"responseElements": {"SwitchRole": "Rejected"}}),
        json!({"responseElements": {"_return": false}}),
        json!({"responseElements": {"_return": true}}),
        json!({"responseElements": {"DoResponse": {"return": "false"}}}),
        json!({"responseElements": {"_return": true, "DoResponse": {"return": false}}}),
        json!({"serviceEventDetails": {"CredentialVerification": "Failure"}}),
        json!({"serviceEventDetails": {"CredentialVerification": "Success"}}),
        json!({"serviceEventDetails": {"state": "ABORTED"}}),
        json!({"serviceEventDetails": {"createManagedAccountStatus": {"state": "FAILED", "failureReason": "Late"}}}),
        json!({"requestParameters": {"errorCode": "AccessDenied", "_return": false}}),
        json!({"requestParameters": {"note": "not authorized to perform"}}),
    ];
    let calls = [
        ("signin.amazonaws.com", "ConsoleLogin"),
        ("signin.amazonaws.com", "SwitchRole"),
        ("us-east-2.signin.amazonaws.com", "CheckMfa"),
        ("ec2.amazonaws.com", "RunInstances"),
        ("backup.amazonaws.com", "BackupJobCompleted"),
        ("controltower.amazonaws.com", "CreateManagedAccount"),
        ("iam.amazonaws.com", "CreateUser"),
        ("s3.amazonaws.com", "GetObject"),
    ];
    let mut records = Vec::new();
    for (source, name) in calls {
        for detail in &details {
            let id = format!("e-{}", records.len());
            let mut record = json!({"eventVersion": "1.08", "userIdentity": {"type": "IAMUser", "userName": "a", "accountId": "111122223333"},
                "eventTime": "2024-05-01T12:00:00Z", "eventSource": source, "eventName": name, "awsRegion": "us-east-1",
                "sourceIPAddress": "198.51.100.7", "userAgent": "x"});
            let end = json!({"requestID": "r", "eventID": id, "readOnly": false, "eventType": "AwsApiCall", "managementEvent": true,
                "recipientAccountId": "111122223333", "eventCategory": "Management"});
            for part in [detail, &end] {
                record.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
            }
            records.push(record);
        }
    }
    records
}

/// The fast ways say of no record what a full parse does not: in CloudTrail's own form, spaced out, and by an index;
/// each record in a file of its own, so that whole files are refused as well, and all in one.
#[test]
fn no_shortcut_overlooks_an_outcome() {
    let records = records();
    let ids = |is: &dyn Fn(&trailscan::event::Event<'_>) -> bool| -> BTreeSet<String> {
        let holds =
            |it: &&Value| EventParser::default().read(it.to_string().as_bytes(), |event| is(event)).unwrap();
        records.iter().filter(holds).map(|it| it["eventID"].as_str().unwrap().to_owned()).collect()
    };
    let wanted = [
        ("--failed", ids(&|event| event.outcome() == Outcome::Failed)),
        ("--succeeded", ids(&|event| event.outcome() == Outcome::Succeeded)),
        ("--denied", ids(&|event| event.is_denied())),
        ("--error AccessDenied", ids(&|event| event.error_code() == Some("AccessDenied"))),
        ("--error Failure", ids(&|event| event.error_code() == Some("Failure"))),
        ("--error _return", ids(&|event| event.error_code() == Some("_return"))),
        ("--error Late", ids(&|event| event.error_code() == Some("Late"))),
    ];
    assert!(wanted.iter().all(|(_, ids)| !ids.is_empty()), "{wanted:?}");
    let mut world = World::empty();
    for (number, record) in records.iter().enumerate() {
        world = world.file(&format!("single/{number}.json"), json!({"Records": [record]}).to_string()).file(
            &format!("spaced/{number}.json"),
            serde_json::to_string_pretty(&json!({"Records": [record]})).unwrap(),
        );
    }
    let world = world.file("whole/all.json", json!({"Records": records}).to_string());
    assert_eq!(world.run("index single --index-dir cache").status, 0);
    for (filter, want) in &wanted {
        for input in
            ["single --index-dir cache", "single --no-index", "spaced --no-index", "whole --no-index"]
        {
            let rows = world.run(&format!("events {filter} {input} --json"));
            let got = rows.rows().iter().map(|row| row["eventID"].as_str().unwrap().to_owned()).collect();
            assert_eq!(*want, got, "{filter} {input}");
        }
    }
    for input in ["single", "spaced", "whole"] {
        let stats = world.run(&format!("stats {input} --no-index --json"));
        assert_eq!(stats.rows()[0]["failed"], json!(wanted[0].1.len()), "{input}");
    }
}

/// Sign-ins by one workflow each: what was given, and what is told of a second factor.
#[test]
fn what_was_given_tells_of_the_second_factor() {
    let event = |workflow: &str, name: &str, details: &str, more: Value| {
        let mut data = json!({"AuthWorkflowID": workflow});
        data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let identity = json!({"type": "IdentityCenterUser", "accountId": "111122223333", "onBehalfOf": {"userId": format!("u-{workflow}")}});
        json!({"eventVersion": "1.08", "userIdentity": identity, "eventTime": "2024-05-01T12:00:00Z", "eventSource": "signin.amazonaws.com",
            "eventName": name, "awsRegion": "us-east-1", "eventID": format!("{workflow}-{name}-{details}-{}", more["CredentialType"]),
            "eventType": "AwsServiceEvent", "recipientAccountId": "111122223333", "serviceEventDetails": {name: details},
            "additionalEventData": data})
    };
    let comes_in = |workflow: &str, more: Value| event(workflow, "UserAuthentication", "Success", more);
    let events = [
        comes_in("password", json!({"CredentialType": "PASSWORD", "UserName": "eve"})),
        comes_in("passkey", json!({"CredentialType": "WEBAUTHN"})),
        comes_in("card", json!({})),
        event("card", "CredentialVerification", "Success", json!({"CredentialType": "SMARTCARD"})),
        event("card", "CredentialVerification", "Success", json!({"CredentialType": "PASSWORD"})),
        event(
            "card",
            "CredentialChallenge",
            "Success",
            json!({"CredentialType": "SMARTCARD", "UserName": "carl"}),
        ),
        // Of a sign-in that never came about only the tries are told.
        event("lost", "CredentialVerification", "Failure", json!({"CredentialType": "PASSWORD"})),
        event("lost", "CredentialVerification", "Success", json!({"CredentialType": "PASSWORD"})),
    ];
    let world = World::empty().file("logs/a.json", json!({"Records": events}).to_string());
    let reply = world.run("logins logs --json");
    let mut told: Vec<String> = reply
        .rows()
        .iter()
        .filter(|row| row["kind"] == "signIn")
        .map(|row| format!("{} {} {}", row["actor"]["name"], row["outcome"], row["actor"]["mfa"]))
        .collect();
    told.sort();
    let want = [
        r#""carl" "succeeded" true"#,
        r#""eve" "succeeded" false"#,
        r#""u-lost" "failed" null"#,
        r#""u-passkey" "succeeded" null"#,
    ];
    assert_eq!(told, want);
}

/// Whoever is named in a row is found by that name, with an index and without.
#[test]
fn every_caller_is_found_as_it_is_called() {
    let account = "111122223333";
    let root = |more: Value| {
        let mut root = json!({"type": "Root", "principalId": account, "arn": format!("arn:aws:iam::{account}:root"), "accountId": account});
        root.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        root
    };
    let callers = [
        (root(json!({})), "root of 111122223333"),
        (
            root(json!({"invokedBy": "support.amazonaws.com"})),
            "support.amazonaws.com in the name of root of 111122223333",
        ),
        (root(json!({"sessionContext": {"assumedRoot": "true"}})), "assumed root of 111122223333"),
        (
            json!({"type": "AWSAccount", "principalId": "", "accountId": "ANONYMOUS_PRINCIPAL"}),
            "anonymous (no credentials)",
        ),
        (
            json!({"type": "AWSAccount", "principalId": "AROAONE:x", "accountId": account}),
            "account 111122223333 (role AROAONE, session x)",
        ),
        (json!({"type": "AWSService", "invokedBy": "s3.amazonaws.com"}), "s3.amazonaws.com"),
        (
            json!({"type": "WebIdentityUser", "principalId": "accounts.google.com:1:2", "userName": "2", "identityProvider": "accounts.google.com"}),
            "2 via accounts.google.com",
        ),
    ];
    let mut world = World::empty();
    for (number, (identity, _)) in callers.iter().enumerate() {
        let record = json!({"eventVersion": "1.08", "userIdentity": identity, "eventTime": "2024-05-01T12:00:00Z",
            "eventSource": "s3.amazonaws.com", "eventName": "GetObject", "awsRegion": "us-east-1", "sourceIPAddress": "198.51.100.7",
            "userAgent": "x", "requestParameters": {"bucketName": "b", "key": "k"}, "eventID": format!("e-{number}"), "readOnly": true,
            "eventType": "AwsApiCall", "managementEvent": false, "recipientAccountId": account, "eventCategory": "Data"});
        world = world.file(&format!("logs/{number}.json"), json!({"Records": [record]}).to_string());
    }
    assert_eq!(world.run("index logs --index-dir cache").status, 0);
    for (_, who) in &callers {
        for index in [&["--index-dir", "cache"][..], &["--no-index"]] {
            let mut command = world.command("events logs --json --actor");
            let reply = world.reply(command.arg(who).args(index));
            let found: Vec<Value> = reply.rows().iter().map(|row| row["actor"]["who"].clone()).collect();
            assert!(found.contains(&json!(who)), "{who}: {reply}");
            assert!(found.len() == 1 || *who == "root of 111122223333", "{who}: {found:?}");
        }
    }
    assert_eq!(world.run("events logs --json --actor ANONYMOUS_PRINCIPAL").rows().len(), 1);
    assert_eq!(world.run("events logs --json --actor root").rows().len(), 3);
}

/// `--action` leaves the rows that say so, and what a put may have done as well.
#[test]
fn events_by_what_their_calls_do() {
    let world = World::fixtures();
    let all = world.run("events --json invictus shapes").rows();
    let mut rows = 0;
    for action in ["created", "changed", "deleted", "read"] {
        let found = world.run(&format!("events --action {action} --json invictus shapes")).rows();
        let wanted: Vec<&Value> = all.iter().filter(|row| row["action"] == action).collect();
        assert!(!wanted.is_empty() && wanted.iter().all(|row| found.contains(row)), "{action}");
        let more: Vec<&Value> = found.iter().filter(|row| row["action"] != action).collect();
        // A put creates what was not there, and its record does not tell.
        assert!(
            more.iter().all(|row| row["eventName"].as_str().unwrap().starts_with("Put")),
            "{action}: {more:?}"
        );
        rows += wanted.len();
    }
    assert_eq!(rows, all.len());
    let both = world.run("events --action created,deleted --json invictus").rows();
    let one = |action: &str| world.run(&format!("events --action {action} --json invictus")).rows().len();
    assert!(both.len() <= one("created") + one("deleted") && both.len() > one("created"));
}
