//! `logins`: every kind of sign-in, and what belongs to none.

use crate::world::{World, records};
use serde_json::{Value, json};

/// A sign-in event in the form that AWS documents.
fn event(minute: u8, name: &str, identity: &Value, more: &Value) -> Value {
    let mut event = json!({"eventVersion": "1.08", "eventTime": format!("2024-03-01T12:{minute:02}:00Z"),
        "eventSource": "signin.amazonaws.com", "eventName": name, "awsRegion": "us-east-1", "sourceIPAddress": "192.0.2.7",
        "userAgent": "Mozilla/5.0", "eventID": format!("e-{minute}"), "eventType": "AwsConsoleSignIn",
        "recipientAccountId": "111122223333", "userIdentity": identity, "requestParameters": null});
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    event
}

fn world() -> World {
    let user = json!({"type": "IAMUser", "userName": "alice", "accountId": "111122223333", "arn": "arn:aws:iam::111122223333:user/alice"});
    let hidden =
        json!({"type": "IAMUser", "userName": "HIDDEN_DUE_TO_SECURITY_REASONS", "accountId": "111122223333"});
    let root = json!({"type": "Root", "accountId": "111122223333", "arn": "arn:aws:iam::111122223333:root"});
    let role = json!({"type": "AssumedRole", "accountId": "111122223333", "arn": "arn:aws:sts::111122223333:assumed-role/Audit/alice",
        "principalId": "AROAEXAMPLE:alice"});
    let saml = json!({"type": "SAMLUser", "principalId": "x:bob@corp", "userName": "bob@corp", "identityProvider": "corp"});
    let iam = json!({"eventSource": "iam.amazonaws.com", "eventType": "AwsApiCall"});
    let with = |more: Value| {
        let mut all = iam.clone();
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let success =
        json!({"responseElements": {"ConsoleLogin": "Success"}, "additionalEventData": {"MFAUsed": "Yes"}});
    let failure = json!({"responseElements": {"ConsoleLogin": "Failure"}, "errorMessage": "Failed authentication",
        "additionalEventData": {"MFAUsed": "No"}});
    let without =
        json!({"responseElements": {"ConsoleLogin": "Success"}, "additionalEventData": {"MFAUsed": "No"}});
    let switch = json!({"responseElements": {"SwitchRole": "Success"},
        "additionalEventData": {"SwitchFrom": "arn:aws:iam::999999999999:user/alice"}});
    let refused = json!({"responseElements": {"SwitchRole": "Failure"}, "eventID": "e-6"});
    let federate = with(
        json!({"eventSource": "sts.amazonaws.com", "requestParameters": {"roleArn": "arn:aws:iam::111122223333:role/Corp"}}),
    );
    let password = with(json!({"requestParameters": {"userName": "bob"}}));
    let device = with(
        json!({"requestParameters": {"userName": "bob", "serialNumber": "arn:aws:iam::111122223333:mfa/bob"}}),
    );
    let other = with(json!({"requestParameters": {"userName": "ConsoleLogin"}}));
    let events = [
        event(1, "ConsoleLogin", &user, &failure),
        event(2, "ConsoleLogin", &hidden, &failure),
        event(3, "ConsoleLogin", &user, &success),
        event(4, "ConsoleLogin", &root, &without),
        event(5, "SwitchRole", &role, &switch),
        event(6, "SwitchRole", &role, &refused),
        event(7, "AssumeRoleWithSAML", &saml, &federate),
        event(8, "UpdateLoginProfile", &user, &password),
        event(9, "DeactivateMFADevice", &user, &device),
        event(10, "GetUser", &user, &other),
    ];
    let copy = json!({"Records": [events[3]]}).to_string();
    World::empty().file("a.json", json!({"Records": events}).to_string()).file("b.json", copy)
}

#[test]
fn every_kind_is_in_its_place() {
    insta::assert_snapshot!(world().run("logins ."), @r"
    SIGN-INS
    TIME (UTC)            WHO                   ACCOUNT       CALL                TARGET                               MFA       FROM       USER AGENT
    2024-03-01T12:03:00Z  alice                 111122223333  ConsoleLogin                                             yes       192.0.2.7  Mozilla/5.0
    2024-03-01T12:04:00Z  root of 111122223333  111122223333  ConsoleLogin                                             no        192.0.2.7  Mozilla/5.0
    2024-03-01T12:07:00Z  bob@corp via corp     111122223333  AssumeRoleWithSAML  arn:aws:iam::111122223333:role/Corp  not told  192.0.2.7  Mozilla/5.0

    FAILED: nobody came in by these
    TIME (UTC)            WHO                              ACCOUNT       CALL          ERROR                  MFA  FROM       USER AGENT
    2024-03-01T12:01:00Z  alice                            111122223333  ConsoleLogin  Failed authentication  no   192.0.2.7  Mozilla/5.0
    2024-03-01T12:02:00Z  a user whose name AWS withholds  111122223333  ConsoleLogin  Failed authentication  no   192.0.2.7  Mozilla/5.0

    SWITCHED ROLES
    TIME (UTC)            WHO                         ACCOUNT       CALL        ERROR    TARGET                                              MFA  FROM       USER AGENT
    2024-03-01T12:05:00Z  role Audit (session alice)  111122223333  SwitchRole           arn:aws:sts::111122223333:assumed-role/Audit/alice       192.0.2.7  Mozilla/5.0
    2024-03-01T12:06:00Z  role Audit (session alice)  111122223333  SwitchRole  Failure  arn:aws:sts::111122223333:assumed-role/Audit/alice       192.0.2.7  Mozilla/5.0

    PASSWORDS AND SECOND FACTORS
    TIME (UTC)            WHO    ACCOUNT       CALL                 TARGET  MFA  FROM       USER AGENT
    2024-03-01T12:08:00Z  alice  111122223333  UpdateLoginProfile   bob          192.0.2.7  Mozilla/5.0
    2024-03-01T12:09:00Z  alice  111122223333  DeactivateMFADevice  bob          192.0.2.7  Mozilla/5.0
    --- stderr
    trailscan: 4 sign-ins, 2 failed, 1 of root, 1 without a second factor
    trailscan: without a second factor: root of 111122223333
    trailscan: searched 2 files, 11 events, account 111122223333, region us-east-1, 2024-03-01T12:01:00Z to 2024-03-01T12:10:00Z
    --- exit 0
    ");
}

#[test]
fn rows_say_what_kind_they_are_and_where_they_stand() {
    let rows = world().run("logins . --json").json()["answer"].clone();
    let line = |row: &Value| {
        let text = |pointer: &str| row.pointer(pointer).and_then(Value::as_str).unwrap_or("-").to_owned();
        ["/kind", "/eventName", "/outcome", "/target", "/switchedFrom", "/identityProvider"]
            .map(text)
            .join(" ")
    };
    let lines: Vec<String> = rows.as_array().unwrap().iter().map(line).collect();
    let audit = "arn:aws:sts::111122223333:assumed-role/Audit/alice";
    assert_eq!(
        lines,
        [
            "signIn ConsoleLogin failed - - -".to_owned(),
            "signIn ConsoleLogin failed - - -".to_owned(),
            "signIn ConsoleLogin succeeded - - -".to_owned(),
            "signIn ConsoleLogin succeeded - - -".to_owned(),
            format!("switchRole SwitchRole succeeded {audit} arn:aws:iam::999999999999:user/alice -"),
            format!("switchRole SwitchRole failed {audit} - -"),
            "federation AssumeRoleWithSAML succeeded arn:aws:iam::111122223333:role/Corp - corp".to_owned(),
            "password UpdateLoginProfile succeeded bob - -".to_owned(),
            "mfa DeactivateMFADevice succeeded bob - -".to_owned(),
        ]
    );
    let evidence = |row: &Value| row["evidence"].as_array().unwrap().len();
    assert_eq!(
        rows.as_array().unwrap().iter().map(evidence).collect::<Vec<_>>(),
        [1, 1, 1, 2, 1, 1, 1, 1, 1]
    );
    assert_eq!(world().run("logins . --failed --format jsonl").text().lines().count(), 3);
    assert_eq!(world().run("logins . --actor nobody").status, 1);
}

/// On the real logs: neither more nor less than the names say, with an index and without.
#[test]
fn the_real_sign_ins_are_found() {
    let wanted: Vec<Value> = records()
        .iter()
        .filter(|it| {
            let name = it["eventName"].as_str().unwrap();
            it["eventSource"] == "signin.amazonaws.com"
                || name.contains("LoginProfile") && !name.starts_with("Get")
                || name.contains("MFADevice") && !name.starts_with("List")
        })
        .map(|it| it["eventID"].clone())
        .collect();
    assert!(wanted.len() > 5);
    let reply = World::fixtures().run("logins invictus --json");
    let mut got: Vec<String> = reply.rows().iter().map(|row| row["eventID"].to_string()).collect();
    let mut wanted: Vec<String> = wanted.iter().map(Value::to_string).collect();
    got.sort();
    wanted.sort();
    assert_eq!(got, wanted);
    let world = crate::world::invictus().iter().fold(World::empty(), |world, log| {
        world.copy(log, &format!("logs/{}", log.trim_start_matches("invictus/")))
    });
    assert_eq!(world.run("index logs --index-dir cache").status, 0);
    let with = world.run("logins logs --index-dir cache --json --explain");
    assert_eq!(with.text(), world.run("logins logs --no-index --json").text());
}
