//! In which order, what comes together, and what is refused with which reason.

use super::super::table::TABLE;
use super::*;
use crate::timeline::{Knowledge, Setting, SettingPath};

/// Calls, one a second: service, name, request.
fn records(calls: &[(&str, &str, Value)]) -> Vec<String> {
    let calls = calls.iter().enumerate();
    calls.map(|(at, (source, name, request))| event(at, source, name, request, &Value::Null)).collect()
}

/// The way from the last of some calls to what was after the first `upto` of them.
fn back(kind: &str, calls: &[(&str, &str, Value)], upto: usize) -> Vec<UndoCommand> {
    let all = records(calls);
    let now = timeline_of(&all, kind);
    undo_changes(&now.resource, &now.state, &timeline_of(&all[..upto], kind).state)
}

/// The operations of some steps, in order.
fn operations(steps: &[UndoCommand]) -> Vec<&str> {
    commands(steps).iter().map(|it| it.split(' ').nth(2).unwrap()).collect()
}

fn reasons(steps: &[UndoCommand]) -> Vec<String> {
    let refused = steps.iter().filter(|step| step.command.is_none());
    refused.map(|step| format!("{}: {}", step.path, step.note.as_deref().unwrap_or_default())).collect()
}

const ROLE: &str = "AWS::IAM::Role";
const BUCKET: &str = "AWS::S3::Bucket";

fn with(base: &Value, more: &Value) -> Value {
    let mut all = base.clone();
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    all
}

/// What was made is taken apart before it goes; what is made again gets its parts after.
#[test]
fn parts_go_before_the_whole_and_come_after_it() {
    let role = json!({"roleName": "r"});
    let part = |more: Value| with(&role, &more);
    let made = part(json!({"assumeRolePolicyDocument": "{\"Statement\":[]}"}));
    let attached = part(json!({"policyArn": "arn:aws:iam::aws:policy/A"}));
    let inline = part(json!({"policyName": "p", "policyDocument": "{\"Statement\":[]}"}));
    let profile = part(json!({"instanceProfileName": "i"}));
    let mut calls = vec![
        ("iam", "CreateRole", made),
        ("iam", "AttachRolePolicy", attached.clone()),
        ("iam", "PutRolePolicy", inline.clone()),
        ("iam", "AddRoleToInstanceProfile", profile.clone()),
    ];
    let now = timeline_of(&records(&calls), ROLE);
    let off = undo_event(&now, "e-0");
    assert_eq!(
        operations(&off),
        ["detach-role-policy", "delete-role-policy", "remove-role-from-instance-profile", "delete-role"]
    );
    calls.push(("iam", "RemoveRoleFromInstanceProfile", profile));
    calls.push(("iam", "DetachRolePolicy", attached));
    calls.push(("iam", "DeleteRolePolicy", inline));
    calls.push(("iam", "DeleteRole", role));
    let on = back(ROLE, &calls, 4);
    assert_eq!(
        operations(&on),
        ["create-role", "attach-role-policy", "put-role-policy", "add-role-to-instance-profile"]
    );
    assert!(on[0].note.as_ref().unwrap().contains("another unique id"), "{on:?}");
}

#[test]
fn what_holds_another_setting_fast_comes_in_its_turn() {
    let bucket = |more: Value| with(&json!({"bucketName": "b"}), &more);
    let block = |on: bool| bucket(json!({"PublicAccessBlockConfiguration": {"BlockPublicPolicy": on}}));
    let policy = |text: &str| bucket(json!({"bucketPolicy": {"Statement": [{"Sid": text}]}}));
    let versions = |status: &str| bucket(json!({"VersioningConfiguration": {"Status": status}}));
    let copies = bucket(json!({"ReplicationConfiguration": {"Role": "r", "Rule": {"ID": "x"}}}));
    let place = json!({"CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}});
    let create = ("s3", "CreateBucket", bucket(place));
    let calls = [
        create.clone(),
        ("s3", "PutBucketPublicAccessBlock", block(true)),
        ("s3", "PutBucketPolicy", policy("a")),
        ("s3", "PutBucketPolicy", policy("b")),
        ("s3", "PutBucketPublicAccessBlock", block(false)),
    ];
    assert_eq!(operations(&back(BUCKET, &calls, 3)), ["put-public-access-block", "put-bucket-policy"]);
    // Versions cannot be stopped under a replication, nor copied without being made.
    let calls = [
        create.clone(),
        ("s3", "PutBucketVersioning", versions("Suspended")),
        ("s3", "PutBucketVersioning", versions("Enabled")),
        ("s3", "PutBucketReplication", copies.clone()),
    ];
    assert_eq!(operations(&back(BUCKET, &calls, 2)), ["delete-bucket-replication", "put-bucket-versioning"]);
    let calls = [
        create,
        ("s3", "PutBucketVersioning", versions("Enabled")),
        ("s3", "PutBucketReplication", copies),
        ("s3", "DeleteBucketReplication", bucket(json!({}))),
        ("s3", "PutBucketVersioning", versions("Suspended")),
    ];
    assert_eq!(operations(&back(BUCKET, &calls, 3)), ["put-bucket-versioning", "put-bucket-replication"]);
    // The default version of a policy cannot be deleted.
    let arn = "arn:aws:iam::111122223333:policy/p";
    let mut all = records(&[(
        "iam",
        "CreatePolicy",
        json!({"policyName": "p", "policyDocument": "{\"Statement\":[]}"}),
    )]);
    all[0] = all[0].replace(
        "\"responseElements\":null",
        &format!("\"responseElements\":{{\"policy\":{{\"arn\":\"{arn}\"}}}}"),
    );
    let request = json!({"policyArn": arn, "policyDocument": "{\"Statement\":[]}", "setAsDefault": true});
    all.push(event(
        1,
        "iam",
        "CreatePolicyVersion",
        &request,
        &json!({"policyVersion": {"versionId": "v2"}}),
    ));
    let now = timeline_of(&all, "AWS::IAM::Policy");
    assert_eq!(operations(&undo_event(&now, "e-1")), ["set-default-policy-version", "delete-policy-version"]);
}

/// A rule is closed before another is opened; one call sets what one call may set.
#[test]
fn only_the_net_change_is_undone() {
    let role = |more: Value| with(&json!({"roleName": "r"}), &more);
    let arn = |name: &str| role(json!({"policyArn": format!("arn:aws:iam::aws:policy/{name}")}));
    let inline = |text: &str| {
        role(
            json!({"policyName": "p", "policyDocument": format!("{{\"Statement\":[{{\"Sid\":\"{text}\"}}]}}")}),
        )
    };
    let calls = [
        ("iam", "CreateRole", role(json!({"assumeRolePolicyDocument": "{\"Statement\":[]}"}))),
        ("iam", "PutRolePolicy", inline("one")),
        ("iam", "AttachRolePolicy", arn("A")),
        ("iam", "DetachRolePolicy", arn("A")),
        ("iam", "PutRolePolicy", inline("two")),
        ("iam", "PutRolePolicy", inline("three")),
        ("iam", "DeleteRolePolicy", role(json!({"policyName": "p"}))),
    ];
    let steps = back(ROLE, &calls, 2);
    assert_eq!(operations(&steps), ["put-role-policy"]);
    assert!(commands(&steps)[0].contains("one"), "{steps:?}");
    // What is as it was already gives no command, by the moment and by the event.
    let restored =
        [&calls[..2], &[("iam", "PutRolePolicy", inline("two")), ("iam", "PutRolePolicy", inline("one"))]]
            .concat();
    assert_eq!(back(ROLE, &restored, 2), []);
    let now = timeline_of(&records(&restored), ROLE);
    assert_eq!(reasons(&undo_event(&now, "e-2")), ["PutRolePolicy: what it changed is back already"]);
    // Of an event, what was changed once more is left to a person.
    let again =
        [&calls[..2], &[("iam", "PutRolePolicy", inline("two")), ("iam", "PutRolePolicy", inline("x"))]]
            .concat();
    let now = timeline_of(&records(&again), ROLE);
    assert_eq!(reasons(&undo_event(&now, "e-2")), ["inlinePolicies.p: was changed again after this event"]);
    let function = json!({"functionName": "f", "timeout": 3, "memorySize": 128, "role": "a"});
    let other = json!({"functionName": "f", "timeout": 900, "memorySize": 1024, "role": "b"});
    let calls = [
        ("lambda", "CreateFunction20150331", function),
        ("lambda", "UpdateFunctionConfiguration20150331v2", other),
    ];
    let steps = back("AWS::Lambda::Function", &calls, 1);
    assert_eq!(
        commands(&steps),
        [
            "aws lambda update-function-configuration --function-name f --memory-size 128 --role a --timeout 3 --region eu-west-1"
        ]
    );
}

#[test]
fn what_is_gone_for_good_is_refused_with_the_reason() {
    for (kind, why) in &TABLE.as_ref().unwrap().lost {
        let resource = Resource::new(kind, "x");
        let there = State { exists: Existence::Exists, ..State::default() };
        let gone = State { exists: Existence::Gone, ..State::default() };
        assert_eq!(
            reasons(&undo_changes(&resource, &gone, &there)),
            [format!("exists: it was deleted: {why}")]
        );
        assert_eq!(undo_changes(&resource, &gone, &gone), []);
    }
    let secret = json!({"secretId": "s", "forceDeleteWithoutRecovery": true});
    let calls = [
        ("secretsmanager", "CreateSecret", json!({"name": "s"})),
        ("secretsmanager", "DeleteSecret", secret),
    ];
    assert!(reasons(&back("AWS::SecretsManager::Secret", &calls, 1))[0].contains("without the days"));
    let key = "ASIAIOSFODNN7EXAMPLE";
    let response = json!({"credentials": {"accessKeyId": key}});
    let record = event(0, "sts", "GetSessionToken", &json!({}), &response);
    let now = timeline_of(&[record], "AWS::IAM::AccessKey");
    assert!(commands(&undo_event(&now, "e-0")).is_empty());
    let user = json!({"userName": "u"});
    let key = with(&user, &json!({"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "status": "Active"}));
    let calls = [
        ("iam", "CreateUser", user.clone()),
        ("iam", "UpdateAccessKey", key.clone()),
        ("iam", "CreateLoginProfile", user.clone()),
        ("iam", "EnableMFADevice", with(&user, &json!({"serialNumber": "m"}))),
        ("iam", "DeleteAccessKey", key),
        ("iam", "DeleteLoginProfile", user.clone()),
        ("iam", "DeactivateMFADevice", with(&user, &json!({"serialNumber": "m"}))),
    ];
    let steps = back("AWS::IAM::User", &calls, 4);
    assert_eq!(commands(&steps), [""; 0]);
    let why = reasons(&steps).join("\n");
    for part in [
        "a key is made once",
        "loginProfile: the value before is unknown: not in the record",
        "two codes of the device",
    ] {
        assert!(why.contains(part), "{why}");
    }
}

#[test]
fn a_prior_value_that_is_unknown_is_named_with_its_reason() {
    let bucket = |more: Value| with(&json!({"bucketName": "b"}), &more);
    let versions =
        ("s3", "PutBucketVersioning", bucket(json!({"VersioningConfiguration": {"Status": "Enabled"}})));
    let policy = ("s3", "PutBucketPolicy", bucket(json!({"bucketPolicy": {"Statement": []}})));
    let tags = (
        "s3",
        "PutBucketTagging",
        bucket(json!({"Tagging": {"TagSet": {"Tag": {"Key": "a", "Value": "b"}}}})),
    );
    let steps = back(BUCKET, &[versions.clone(), policy, tags], 1);
    assert_eq!(
        reasons(&steps),
        [
            "tags: the value before is unknown: before the archive; if there was none: aws s3api delete-bucket-tagging --bucket b",
            "policy: the value before is unknown: before the archive; if there was none: aws s3api delete-bucket-policy --bucket b"
        ]
    );
    let key = json!({"keyId": "1234abcd-12ab-34cd-56ef-1234567890ab"});
    let mut all = vec![event(0, "kms", "CreateKey", &json!({}), &json!({ "keyMetadata": key }))];
    all.push(event(
        1,
        "kms",
        "PutKeyPolicy",
        &with(&key, &json!({"policy": "{\"Statement\":[]}"})),
        &Value::Null,
    ));
    let now = timeline_of(&all, "AWS::KMS::Key");
    assert_eq!(reasons(&undo_event(&now, "e-1")), ["policy: the value before is unknown: not in the record"]);
    // A part that is hidden would be lost with the whole.
    let mut then = now.state.clone();
    let hide = |state: &mut State, value: Value| {
        state
            .cells
            .insert(SettingPath::field("description"), Setting { val: Knowledge::of(value), by: None });
    };
    hide(&mut then, json!("HIDDEN_DUE_TO_SECURITY_REASONS"));
    assert_eq!(
        reasons(&undo_changes(&now.resource, &now.state, &then)),
        ["description: the value before is unknown: redacted by AWS"]
    );
    hide(&mut then, json!({"a": "***", "b": 1}));
    assert_eq!(
        reasons(&undo_changes(&now.resource, &now.state, &then)),
        ["description: the value before is redacted in part"]
    );
    hide(&mut then, json!("file:///etc/passwd"));
    assert!(
        reasons(&undo_changes(&now.resource, &now.state, &then))[0]
            .contains("`file://…` in place of the value")
    );
    let block = |more: Value| ("s3", "PutBucketLifecycle", bucket(json!({ "LifecycleConfiguration": more })));
    let calls = [
        versions,
        block(json!({"Rule": {"ID": "***", "Status": "Enabled"}})),
        block(json!({"Rule": {"ID": "x"}})),
    ];
    let steps = back(BUCKET, &calls, 2);
    assert!(commands(&steps).is_empty() && !reasons(&steps).is_empty(), "{steps:?}");
}

/// A statement that the command cannot say in full would allow more than the one before.
#[test]
fn a_permission_is_given_back_as_it_was_or_not_at_all() {
    let function = json!({"functionName": "f"});
    let id = with(&function, &json!({"statementId": "s"}));
    let odd = [
        json!({"Effect": "Deny"}),
        json!({"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}),
        json!({"Condition": {"ArnEquals": {"AWS:SourceArn": "arn:x"}}}),
        json!({"NotAction": "x"}),
        json!({"Principal": {"AWS": ["a", "b"]}}),
    ];
    for more in odd {
        let base = json!({"Sid": "s", "Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction", "Resource": "f"});
        let statement = with(&base, &more).to_string();
        let all = [
            event(0, "lambda", "CreateFunction20150331", &function, &Value::Null),
            event(1, "lambda", "AddPermission20150331v2", &id, &json!({ "statement": statement })),
            event(2, "lambda", "RemovePermission20150331v2", &id, &Value::Null),
        ];
        let now = timeline_of(&all, "AWS::Lambda::Function");
        let steps = undo_event(&now, "e-2");
        assert!(reasons(&steps)[0].contains("no option of `add-permission`"), "{more}: {steps:?}");
    }
}

#[test]
fn an_event_that_changed_nothing_is_not_undone() {
    let user = json!({"userName": "u"});
    let calls =
        [("iam", "CreateUser", user.clone()), ("iam", "DeleteUser", user.clone()), ("iam", "FrobUser", user)];
    let mut all = records(&calls);
    all[1] = all[1].replace("\"eventTime\"", "\"errorCode\":\"DeleteConflict\",\"eventTime\"");
    let now = timeline_of(&all, "AWS::IAM::User");
    assert_eq!(reasons(&undo_event(&now, "e-1")), ["DeleteUser: the call failed: there is nothing to undo"]);
    assert_eq!(undo_event(&now, "nobody's"), []);
    // A call that is not unfolded is named: what it did is not undone.
    let then = timeline_of(&all[..1], "AWS::IAM::User").state;
    let steps = undo_changes(&now.resource, &now.state, &then);
    assert_eq!(reasons(&steps), ["FrobUser: what it changed is not known (event e-2)"]);
    assert_eq!(reasons(&undo_event(&now, "e-2")), reasons(&steps));
}

/// A name may have been another's meanwhile.
#[test]
fn what_was_made_again_is_said_to_be_another() {
    let bucket = json!({"bucketName": "b"});
    let policy = with(&bucket, &json!({"bucketPolicy": {"Statement": []}}));
    let calls = [
        ("s3", "CreateBucket", bucket.clone()),
        ("s3", "PutBucketPolicy", policy),
        ("s3", "DeleteBucket", bucket.clone()),
        ("s3", "CreateBucket", bucket),
    ];
    let steps = back(BUCKET, &calls, 2);
    assert_eq!(reasons(&steps), ["exists: it was deleted since and made again: what it held is gone"]);
    assert_eq!(operations(&steps), ["put-bucket-policy"]);
    let now = timeline_of(&records(&calls), BUCKET);
    assert!(reasons(&undo_event(&now, "e-1"))[0].contains("the change went with the old one"));
}

/// A deletion that was put off and called off is not put off again.
#[test]
fn a_deletion_is_called_off_once() {
    let key = json!({"keyId": "1234abcd-12ab-34cd-56ef-1234567890ab"});
    let due = json!({"deletionDate": "Jan 8, 2026, 12:00:00 AM"});
    let all = [
        event(
            0,
            "kms",
            "CreateKey",
            &json!({}),
            &json!({"keyMetadata": with(&key, &json!({"enabled": true}))}),
        ),
        event(1, "kms", "ScheduleKeyDeletion", &key, &due),
        event(2, "kms", "CancelKeyDeletion", &key, &Value::Null),
    ];
    let now = timeline_of(&all, "AWS::KMS::Key");
    let scheduled = timeline_of(&all[..2], "AWS::KMS::Key");
    let before = timeline_of(&all[..1], "AWS::KMS::Key").state;
    assert_eq!(
        operations(&undo_changes(&now.resource, &scheduled.state, &before)),
        ["cancel-key-deletion", "enable-key"]
    );
    let steps = undo_changes(&now.resource, &now.state, &scheduled.state);
    assert!(commands(&steps).is_empty() && reasons(&steps)[0].contains("not scheduled again"), "{steps:?}");
    assert_eq!(operations(&undo_event(&now, "e-1")), ["enable-key"]);
}

/// The response lists all that a snapshot is shared with: what the call did not add was so before.
#[test]
fn what_a_call_lists_and_did_not_add_stays() {
    let all = json!(["444455556666", "999988887777"]);
    for (kind, cluster) in [("AWS::RDS::DBSnapshot", ""), ("AWS::RDS::DBClusterSnapshot", "Cluster")] {
        let id = format!("dB{cluster}SnapshotIdentifier");
        let attributes = json!([{"attributeName": "restore", "attributeValues": all}]);
        let request = json!({&id: "s", "attributeName": "restore", "valuesToAdd": ["999988887777"]});
        let response = json!({&id: "s", format!("dB{cluster}SnapshotAttributes"): attributes});
        let name = format!("ModifyDB{cluster}SnapshotAttribute");
        let timeline = timeline_of(&[event(1, "rds", &name, &request, &response)], kind);
        let steps = undo_event(&timeline, "e-1");
        let found = commands(&steps);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("--values-to-remove 999988887777"), "{found:?}");
        let note = steps[0].note.as_deref().unwrap_or_default();
        assert!(note.contains("may have been so before"), "{note}");
    }
}
