//! What ends with what it is part of, and what a creation proves of the time before, as the commands tell it.

use crate::world::World;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::thread;

/// A log of calls, a second after each other: service, call, request, response.
fn log(calls: &[(&str, &str, Value, Value)]) -> String {
    let record = |(at, (source, name, request, response)): (usize, &(&str, &str, Value, Value))| {
        json!({"eventVersion": "1.08", "eventTime": format!("2024-03-01T10:{:02}:00Z", at), "eventName": name,
            "eventID": format!("00000000-0000-4000-8000-0000000000{at:02}"), "eventSource": format!("{source}.amazonaws.com"),
            "awsRegion": "eu-west-1", "readOnly": false, "recipientAccountId": "111122223333",
            "userIdentity": {"type": "IAMUser", "userName": format!("user-{at}"), "accountId": "111122223333"},
            "requestParameters": request, "responseElements": response})
    };
    json!({"Records": calls.iter().enumerate().map(record).collect::<Vec<_>>()}).to_string()
}

fn role() -> World {
    World::empty().file(
        "logs/a.json",
        log(&[
            (
                "iam",
                "CreateRole",
                json!({"roleName": "deploy", "assumeRolePolicyDocument": "{}"}),
                Value::Null,
            ),
            (
                "iam",
                "PutRolePolicy",
                json!({"roleName": "deploy", "policyName": "p", "policyDocument": "{\"Statement\":[]}"}),
                Value::Null,
            ),
            ("iam", "DeleteRole", json!({"roleName": "deploy"}), Value::Null),
        ]),
    )
}

/// A rule, a policy, an attachment: the commands agree on who ended it, and how.
#[test]
fn the_end_of_the_whole_is_told_of_the_part() {
    let world = role();
    insta::assert_snapshot!(world.run("timeline role-policy/deploy/p -q logs"), @"
    IAM::RolePolicy deploy/p, 111122223333
    created 2024-03-01T10:01:00Z by user-1, gone by 2024-03-01T10:02:00Z by user-2 (DeleteRole)
    TIME                  WHO     CALL           CHANGE
    2024-03-01T10:01:00Z  user-1  PutRolePolicy  created
                                                 + policyDocument
    2024-03-01T10:02:00Z  user-2  DeleteRole     gone
                                                 (gone before its role `deploy`, which cannot be deleted while it is there: its own deletion is not in these logs)
    --- stderr
    --- exit 0
    ");
    let state = &world.run("state role-policy/deploy/p --json logs").rows()[0];
    assert_eq!(state["knowledge"]["exists"], "gone");
    assert_eq!(state["knowledge"]["existsBy"]["eventName"], "DeleteRole");
    assert_eq!(
        state["knowledge"]["endedWith"],
        json!({"resourceType": "AWS::IAM::Role", "resourceId": "deploy", "deleted": "before"})
    );
    let who = world.run("who-deleted role-policy/deploy/p --json logs");
    let rows = who.rows();
    assert_eq!(rows.len(), 1, "{who}");
    assert_eq!((&rows[0]["eventName"], &rows[0]["actor"]["who"]), (&json!("DeleteRole"), &json!("user-2")));
    assert_eq!(rows[0]["resource"]["id"], "deploy/p");
    let note = rows[0]["note"].as_str().unwrap();
    assert!(note.contains("its own deletion is not in these logs"), "{note}");
    assert!(who.stderr.contains("DeleteRole at 2024-03-01T10:02:00Z"), "{who}");
    // Filters choose what is shown; a pipe cannot be read again, and says so.
    assert_eq!(world.run("who-deleted role-policy/deploy/p --actor somebody logs").status, 1);
    let piped = world.reply(world.command("state role-policy/deploy/p -").write_stdin(log(&[(
        "iam",
        "PutRolePolicy",
        json!({"roleName": "deploy", "policyName": "p", "policyDocument": "{}"}),
        Value::Null,
    )])));
    assert!(piped.stderr.contains("which it cannot outlive"), "{piped}");
}

/// `inventory --type` reads what ends those of the type as well.
#[test]
fn types_that_are_not_asked_for_end_those_that_are() {
    let world = role();
    for args in ["inventory logs --json", "inventory --type AWS::IAM::RolePolicy logs --json"] {
        let rows = world.run(args).rows();
        let policy = rows.iter().find(|row| row["resourceType"] == "AWS::IAM::RolePolicy").unwrap();
        assert_eq!((&policy["status"], &policy["deleted"]["who"]), (&json!("deleted"), &json!("user-2")));
        assert_eq!(rows.len(), if args.contains("--type") { 1 } else { 2 });
    }
}

/// What is due is neither plainly there nor surely gone.
#[test]
fn a_key_that_is_to_be_deleted_does_not_plainly_exist() {
    let key = json!({"keyId": "1234abcd-12ab-34cd-56ef-1234567890ab"});
    let due = |date: &str| {
        let scheduled = json!({"keyId": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", "deletionDate": date});
        World::empty().file(
            "logs/a.json",
            log(&[
                ("kms", "ScheduleKeyDeletion", key.clone(), scheduled),
                ("ec2", "CreateVpc", json!({}), json!({"vpc": {"vpcId": "vpc-0123456789abcdef0"}})),
            ]),
        )
    };
    for (date, status, words) in [
        ("Mar 8, 2024, 10:00:00 AM", "pendingDeletion", "is to be deleted"),
        ("2024-03-01T10:00:30Z", "shouldBeGone", "should be gone"),
    ] {
        let world = due(date);
        let rows = world.run("inventory --type AWS::KMS::Key --json logs").rows();
        assert_eq!(rows[0]["status"], status);
        assert_eq!(rows[0]["deletionDue"], date);
        let state = world.run("state 1234abcd-12ab-34cd-56ef-1234567890ab -q logs");
        assert!(state.text().contains(words), "{state}");
    }
    let later = due("Mar 8, 2024, 10:00:00 AM").run("inventory --at 2024-03-09T00:00:00Z --json logs").rows();
    assert_eq!(
        later.iter().find(|row| row["resourceType"] == "AWS::KMS::Key").unwrap()["status"],
        "shouldBeGone"
    );
}

/// Each event of the case has its inverse, or a comment that says why there is none.
#[test]
fn changes_to_what_was_there_before_the_logs_are_taken_back() {
    let world = World::fixtures();
    let event = |at: usize| {
        let id = format!("00000000-0000-4000-8000-{at:012}");
        world.run(&format!("revert --event {id} -q cases/revert-before-the-logs")).text().to_owned()
    };
    for (at, command) in [
        (2, "\naws ec2 revoke-security-group-ingress --group-id sg-0aaaaaaaaaaaaaaaa "),
        (
            3,
            "\naws iam detach-user-policy --user-name bob --policy-arn arn:aws:iam::aws:policy/AdministratorAccess",
        ),
        (
            4,
            "\naws iam update-access-key --user-name bob --access-key-id AKIABOB0000000000009 --status Inactive",
        ),
        (7, "\naws iam delete-login-profile --user-name bob"),
        (8, "\naws iam remove-user-from-group --group-name admins --user-name bob"),
    ] {
        let text = event(at);
        assert!(text.contains(command), "{text}");
        let is_told = text.contains("it may have been so before these logs");
        assert_eq!(is_told, [3, 8].contains(&at), "{text}");
        let back = world.run("revert user/bob --to 2024-05-01T09:30:00Z -q cases/revert-before-the-logs");
        let group = world
            .run("revert sg-0aaaaaaaaaaaaaaaa --to 2024-05-01T09:30:00Z -q cases/revert-before-the-logs");
        let all = format!("{}{}", back.text(), group.text());
        assert!(all.contains(command), "{all}");
    }
    for (at, part) in [
        (
            5,
            "# policy: not undone: the value before is unknown: before the archive; if there was none: aws s3api delete-bucket-policy --bucket payroll",
        ),
        (
            6,
            "once it is known: aws iam update-assume-role-policy --role-name Admin --policy-document VALUE-BEFORE",
        ),
    ] {
        let text = event(at);
        assert!(text.contains(part) && !text.contains("\naws "), "{text}");
    }
}

#[test]
fn a_lone_attachment_is_in_force() {
    let world = World::fixtures();
    let id = "00000000-0000-4000-8000-000000000003";
    let reply = world.run(&format!("revert --event {id} -q cases/revert-lone-attach"));
    insta::assert_snapshot!(reply, @"
    # IAM::User bob, 111122223333
    # attachedManagedPolicies[arn:aws:iam::111122223333:policy/AdministratorAccess]: it may have been so before these logs: `AttachUserPolicy` succeeds either way
    aws iam detach-user-policy --user-name bob --policy-arn arn:aws:iam::111122223333:policy/AdministratorAccess
    --- stderr
    --- exit 0
    ");
}

/// The same of other services: joining, sharing, attaching.
#[test]
fn what_succeeds_either_way_is_taken_off_with_a_word() {
    let share = json!({"snapshotId": "snap-0123456789abcdef0", "createVolumePermission": {"add": {"items": [{"userId": "999999999999"}]}}, "attributeType": "CREATE_VOLUME_PERMISSION"});
    for (call, command) in [
        (
            (
                "iam",
                "AttachRolePolicy",
                json!({"roleName": "r", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}),
                Value::Null,
            ),
            "aws iam detach-role-policy --role-name r",
        ),
        (
            (
                "iam",
                "AttachGroupPolicy",
                json!({"groupName": "g", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}),
                Value::Null,
            ),
            "aws iam detach-group-policy --group-name g",
        ),
        (
            ("ec2", "ModifySnapshotAttribute", share, json!({"_return": true})),
            "aws ec2 modify-snapshot-attribute --snapshot-id snap-0123456789abcdef0",
        ),
    ] {
        let world = World::empty().file("logs/a.json", log(&[call]));
        let reply = world.run("revert --event 00000000-0000-4000-8000-000000000000 -q logs");
        assert!(reply.text().contains(command), "{reply}");
        assert!(reply.text().contains("it may have been so before these logs"), "{reply}");
    }
}

#[test]
fn what_a_request_alone_says_is_brought_back() {
    let world = World::fixtures();
    let role = world.run("revert role/r --to 2026-01-01T00:00:30Z -q cases/role-description");
    assert!(role.text().contains("--description billing"), "{role}");
    let queue = world.run("revert queue/q --to 2026-01-01T00:00:30Z -q cases/sqs-policy-revert");
    assert!(queue.text().contains(r#"--attributes '{"Policy":""}'"#), "{queue}");
}

#[test]
fn before_its_creation_a_resource_was_not_there() {
    let world = World::fixtures();
    let state = world.run("state role/r --at 2025-12-31T00:00:00Z -q cases/role-description");
    assert!(state.text().contains("does not exist yet: created later, 2026-01-01T00:00:10Z"), "{state}");
    let changes = world.run("diff role/r --from 2025-12-31T00:00:00Z --json cases/role-description").rows();
    assert!(
        changes.len() > 3 && changes.iter().all(|it| it["before"] == json!({"absent": true})),
        "{changes:?}"
    );
    let rows = world.run("timeline user/bob --json cases/revert-before-the-logs").rows();
    let key = rows.iter().find(|row| row["eventName"] == "CreateAccessKey").unwrap();
    assert_eq!(key["changes"][0]["before"], json!({"absent": true}));
}

/// Of every resource of the real archive, `state` says what `inventory` says, though the one reads all and the
/// other what names the resource and what it is part of.
#[test]
fn state_and_inventory_agree_on_every_resource() {
    let world = World::fixtures();
    let listed = world.run("inventory --json invictus").rows();
    assert!(listed.len() > 120, "{}", listed.len());
    let agree = |row: &Value| {
        let kind = row["resourceType"].as_str().unwrap();
        let id = row["resourceId"].as_str().unwrap();
        let reply = World::fixtures().run(&format!("state {kind}/{id} --json invictus"));
        let states = reply.rows();
        let same =
            |it: &&Value| it["awsAccountId"] == row["awsAccountId"] && it["resourceId"] == row["resourceId"];
        let state = states.iter().find(same).unwrap_or_else(|| panic!("{kind} {id}: {reply}"));
        let status = match row["status"].as_str().unwrap() {
            "deleted" => "gone",
            "exists" | "pendingDeletion" => "exists",
            _ => "unknown",
        };
        let told = &state["knowledge"];
        assert_eq!(told["exists"], status, "{kind} {id}");
        assert_eq!(told["incarnation"], row["incarnation"], "{kind} {id}");
        if status == "gone" {
            assert_eq!(told["existsBy"]["eventID"], row["deleted"]["eventID"], "{kind} {id}");
        }
    };
    // What a type has many of is alike: some of each are enough, but for what may end with others.
    let mut of_kind: BTreeMap<&str, usize> = BTreeMap::new();
    let chosen: Vec<&Value> = listed
        .iter()
        .filter(|row| {
            let count = of_kind.entry(row["resourceType"].as_str().unwrap()).or_default();
            *count += 1;
            !matches!(row["resourceType"].as_str(), Some("AWS::SSM::Parameter")) || *count <= 6
        })
        .collect();
    thread::scope(|scope| {
        for part in chosen.chunks(chosen.len().div_ceil(4)) {
            scope.spawn(move || part.iter().for_each(|row| agree(row)));
        }
    });
}
