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
    insta::assert_snapshot!(world.run("timeline role-policy/deploy/p -q logs"), @r"
    IAM::RolePolicy deploy/p, 111122223333
    created 2024-03-01T10:01:00Z by user-1, gone by 2024-03-01T10:02:00Z by user-2 (DeleteRole)
    TIME (UTC)            WHO     CALL           CHANGE
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
    // Who deleted the role is not said to have deleted the policy, in no form of the answer.
    assert_eq!(rows[0]["relation"], "related");
    insta::assert_snapshot!(world.run("who-deleted role-policy/deploy/p -q logs"), @r"
    TIME (UTC)            WHO     CALL        RESOURCE                            FROM  REGION     NOTE
    2024-03-01T10:02:00Z  user-2  DeleteRole  IAM::RolePolicy deploy/p (related)        eu-west-1  gone before its role `deploy`, which cannot be deleted while it is there: its own deletion is not in these logs
    --- stderr
    --- exit 0
    ");
    let csv = world.run("who-deleted role-policy/deploy/p -q --format csv logs");
    assert!(csv.text().lines().next().is_some_and(|it| it.contains(",note,")), "{csv}");
    assert!(csv.text().contains("gone before its role"), "{csv}");
    let chosen = world.run("who-deleted role-policy/deploy/p -q --fields note logs");
    assert!(chosen.text().contains("gone before its role"), "{chosen}");
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

/// A rule that is revoked by what it is, is gone from then on, and not only with its group.
#[test]
fn a_rule_is_gone_when_its_permission_is_revoked() {
    let group = "sg-04cfb7a4712d75b00";
    let permission = json!({"groupId": group, "ipPermissions": {}, "ipProtocol": "tcp", "fromPort": 22, "toPort": 22,
        "cidrIp": "0.0.0.0/0"});
    let rule = json!({"_return": true, "securityGroupRuleSet": {"items": [{"groupId": group,
        "securityGroupRuleId": "sgr-0a11552a7d225f5c7", "isEgress": false, "ipProtocol": "tcp", "fromPort": 22,
        "toPort": 22, "cidrIpv4": "0.0.0.0/0"}]}});
    let done = json!({"_return": true});
    let world = World::empty().file(
        "logs/a.json",
        log(&[
            ("ec2", "AuthorizeSecurityGroupIngress", permission.clone(), rule),
            ("ec2", "RevokeSecurityGroupIngress", permission, done.clone()),
            ("ec2", "DeleteSecurityGroup", json!({"groupId": group}), done),
        ]),
    );
    let asked = "sgr-0a11552a7d225f5c7";
    let state = &world.run(&format!("state {asked} --at 2024-03-01T10:01:30Z --json logs")).rows()[0];
    assert_eq!(state["knowledge"]["exists"], "gone");
    assert_eq!(state["knowledge"]["existsBy"]["eventName"], "RevokeSecurityGroupIngress");
    assert_eq!(state["knowledge"]["endedWith"], Value::Null);
    insta::assert_snapshot!(world.run(&format!("who-deleted {asked} -q logs")), @r"
    TIME (UTC)            WHO     CALL                        RESOURCE                                      DETAIL                      FROM  REGION     NOTE
    2024-03-01T10:01:00Z  user-1  RevokeSecurityGroupIngress  EC2::SecurityGroupRule sgr-0a11552a7d225f5c7  rule=tcp 22 from 0.0.0.0/0        eu-west-1  taken from its security group `sg-04cfb7a4712d75b00`: the call says what it is, not its id
    --- stderr
    --- exit 0
    ");
    insta::assert_snapshot!(world.run(&format!("timeline {asked} -q logs")), @r"
    EC2::SecurityGroupRule sgr-0a11552a7d225f5c7, 111122223333 eu-west-1
    created 2024-03-01T10:00:00Z by user-0, deleted 2024-03-01T10:01:00Z by user-1
    TIME (UTC)            WHO     CALL                           CHANGE
    2024-03-01T10:00:00Z  user-0  AuthorizeSecurityGroupIngress  created
                                                                 groupId: sg-04cfb7a4712d75b00
                                                                 securityGroupRuleId: sgr-0a11552a7d225f5c7
                                                                 isEgress: false
                                                                 ipProtocol: tcp
                                                                 fromPort: 22
                                                                 toPort: 22
                                                                 cidrIpv4: 0.0.0.0/0
    2024-03-01T10:01:00Z  user-1  RevokeSecurityGroupIngress     deleted
                                                                 (taken from its security group `sg-04cfb7a4712d75b00`: the call says what it is, not its id)
    --- stderr
    --- exit 0
    ");
    let listed = world.run("inventory --type AWS::EC2::SecurityGroupRule --json logs").rows();
    assert_eq!(
        (&listed[0]["status"], &listed[0]["deleted"]["eventName"], &listed[0]["deleted"]["who"]),
        (&json!("gone"), &json!("RevokeSecurityGroupIngress"), &json!("user-1"))
    );
}

/// Where nothing tells which rule was revoked, the answer says so.
#[test]
fn a_rule_that_may_have_been_revoked_is_not_said_to_be_there() {
    let group = "sg-04cfb7a4712d75b00";
    let (described, revoked) = (
        json!({"groupId": group, "securityGroupRuleDescriptions": {"items": [{"securityGroupRuleId": "sgr-0a11552a7d225f5c7", "description": "x"}]}}),
        json!({"groupId": group, "ipPermissions": {"items": [{"ipProtocol": "tcp", "fromPort": 22, "toPort": 22,
            "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}}]}}),
    );
    let done = json!({"_return": true});
    let world = World::empty().file(
        "logs/a.json",
        log(&[
            ("ec2", "UpdateSecurityGroupRuleDescriptionsIngress", described, done.clone()),
            ("ec2", "RevokeSecurityGroupIngress", revoked, done),
        ]),
    );
    let state = world.run("state sgr-0a11552a7d225f5c7 -q logs");
    assert!(
        state.text().contains("nothing tells whether it exists: it may be what this call took"),
        "{state}"
    );
    let who = world.run("who-deleted sgr-0a11552a7d225f5c7 logs");
    assert_eq!(who.status, 1, "{who}");
    assert!(who.stderr.contains("RevokeSecurityGroupIngress at 2024-03-01T10:01:00Z"), "{who}");
    assert!(who.stderr.contains("may have deleted it"), "{who}");
}

/// A hosted zone can only be deleted when it has no records but its own.
#[test]
fn the_records_of_a_deleted_zone_are_gone() {
    let zone = json!({"id": "/hostedzone/Z0123456789ABC", "name": "example.com."});
    let change = |action: &str, name: &str, kind: &str| json!({"action": action, "resourceRecordSet": {"name": name, "type": kind, "tTL": 60, "resourceRecords": [{"value": "x"}]}});
    let changes =
        |list: Vec<Value>| json!({"hostedZoneId": "Z0123456789ABC", "changeBatch": {"changes": list}});
    let world = World::empty().file(
        "logs/a.json",
        log(&[
            ("route53", "CreateHostedZone", json!({"name": "example.com"}), json!({"hostedZone": zone})),
            (
                "route53",
                "ChangeResourceRecordSets",
                changes(vec![
                    change("CREATE", "api.example.com", "CNAME"),
                    change("UPSERT", "example.com", "NS"),
                ]),
                json!({}),
            ),
            (
                "route53",
                "CreateKeySigningKey",
                json!({"hostedZoneId": "Z0123456789ABC", "name": "ksk"}),
                json!({}),
            ),
            ("route53", "DeleteHostedZone", json!({"id": "Z0123456789ABC"}), json!({})),
        ]),
    );
    let told = |asked: &str| {
        let state = world.run(&format!("state {asked} --json logs")).rows()[0].clone();
        assert_eq!(state["knowledge"]["exists"], "gone", "{asked}: {state}");
        state["knowledge"]["endedWith"]["deleted"].clone()
    };
    assert_eq!(told("api.example.com"), "before");
    assert_eq!(told("dns-record/Z0123456789ABC/example.com/NS"), "with");
    assert_eq!(told("AWS::Route53::KeySigningKey/Z0123456789ABC/ksk"), "before");
    let who = world.run("who-deleted api.example.com --json logs");
    assert_eq!(
        (&who.rows()[0]["eventName"], &who.rows()[0]["relation"]),
        (&json!("DeleteHostedZone"), &json!("related"))
    );
}

/// A bucket is deleted only when it is empty.
#[test]
fn the_objects_of_a_deleted_bucket_are_gone() {
    let object = json!({"bucketName": "payroll", "key": "a/b.txt"});
    let world = World::empty().file(
        "logs/a.json",
        log(&[
            ("s3", "PutObject", object, Value::Null),
            ("s3", "DeleteBucket", json!({"bucketName": "payroll"}), Value::Null),
        ]),
    );
    let state = &world.run("state s3://payroll/a/b.txt --json logs").rows()[0];
    assert_eq!(
        (&state["knowledge"]["exists"], &state["knowledge"]["endedWith"]["deleted"]),
        (&json!("gone"), &json!("before"))
    );
    let who = world.run("who-deleted s3://payroll/a/b.txt --json logs");
    assert_eq!(
        (&who.rows()[0]["eventName"], &who.rows()[0]["relation"]),
        (&json!("DeleteBucket"), &json!("related"))
    );
}

/// `inventory --type` reads what ends those of the type as well.
#[test]
fn types_that_are_not_asked_for_end_those_that_are() {
    let world = role();
    for args in ["inventory logs --json", "inventory --type AWS::IAM::RolePolicy logs --json"] {
        let rows = world.run(args).rows();
        let policy = rows.iter().find(|row| row["resourceType"] == "AWS::IAM::RolePolicy").unwrap();
        // Who deleted the role did not delete the policy.
        assert_eq!((&policy["status"], &policy["deleted"]["who"]), (&json!("gone"), &Value::Null));
        assert_eq!(policy["deleted"]["eventName"], "DeleteRole");
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

/// A type is written as people write it, and never stands for nothing without a word; the three statuses are all there is.
#[test]
fn inventory_is_asked_by_type_and_status() {
    let world = World::fixtures();
    let list = |args: &str| world.run(&format!("inventory {args} --json invictus")).rows();
    let users = list("--type AWS::IAM::User");
    assert_eq!(users.len(), 4);
    for kind in ["user", "Users", "iam::user", "IAM::Use?"] {
        assert_eq!(list(&format!("--type {kind}")), users, "{kind}");
    }
    let [exists, deleted, unknown, gone] =
        ["exists", "deleted", "unknown", "gone"].map(|status| list(&format!("--status {status}")));
    assert_eq!(deleted, gone);
    assert!(!exists.is_empty() && !deleted.is_empty());
    assert_eq!(exists.len() + deleted.len() + unknown.len(), list("").len());
    assert_eq!(list("--status exists --status deleted").len(), exists.len() + deleted.len());
    let refused = world.run("inventory --type usre invictus");
    assert_eq!((refused.status, refused.text()), (2, ""));
    insta::assert_snapshot!(refused.stderr, @r"
    trailscan: error: `--type usre` is no type of resource
    hint: did you mean `user`?
    ");
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
            "gone" => "gone",
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

/// What is made again has another id: what comes next uses that, and what it needs is gone as well.
#[test]
fn what_is_made_again_is_called_by_its_new_id() {
    let text = World::fixtures().run("revert --event de58d903-38d7-4f30-a84b-b79d858e8376 -q invictus");
    insta::assert_snapshot!(text, @r#"
    # EC2::FlowLog fl-064ed3a785e4a37ef, 123837392027 us-east-1
    # exists: it gets another id, and what passed meanwhile was not logged; EC2::VPC vpc-0255d384b4b458b46 is gone by these logs (DeleteVpc): without it the command fails; IAM::Role stratus-red-team-remove-flow-logs-role is gone by these logs (DeleteRole): without it the command fails; Logs::LogGroup /stratus-red-team/vpc-flow-logs is gone by these logs (DeleteLogGroup): without it the command fails
    NEW_ID="$(aws ec2 create-flow-logs --resource-ids vpc-0255d384b4b458b46 --resource-type VPC --traffic-type REJECT --log-destination-type cloud-watch-logs --log-destination arn:aws:logs:us-east-1:123837392027:log-group:/stratus-red-team/vpc-flow-logs --deliver-logs-permission-arn arn:aws:iam::123837392027:role/stratus-red-team-remove-flow-logs-role --max-aggregation-interval 600 --region us-east-1 --query 'FlowLogIds[0]' --output text)"
    aws ec2 create-tags --resources "$NEW_ID" --tags '[{"Key":"StratusRedTeam","Value":"true"}]' --region us-east-1
    --- stderr
    --- exit 0
    "#);
}

/// What would lose data is told and no more.
#[test]
fn a_deletion_that_may_lose_data_is_a_comment() {
    // Where no place is asked for, in us-east-1, the call succeeds for whoever has the bucket already.
    let there = json!({"LocationConstraint": "eu-west-1"});
    let request = json!({"bucketName": "payroll", "CreateBucketConfiguration": there});
    let made = ("s3", "CreateBucket", request, Value::Null);
    let world = World::empty().file("logs/a.json", log(&[made]));
    let reply = world.run("revert --event 00000000-0000-4000-8000-000000000000 -q logs");
    insta::assert_snapshot!(reply, @"
    # S3::Bucket payroll, 111122223333 eu-west-1
    # not undone: it was not there before this, but deleting it may lose data: that is for a person to decide; the command is aws s3api delete-bucket --bucket payroll
    --- stderr
    --- exit 0
    ");
}
