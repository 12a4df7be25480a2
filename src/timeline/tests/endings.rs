//! What ends with what it is part of, what was never there before, and what is only due to end.

use super::*;
use crate::catalog;
use crate::catalog::Catalog;
use crate::event::{EventParser, Time};
use crate::resource::Resource;
use serde_json::{Value, json};

/// The record of a call; `second` is its time and its id.
fn record(second: usize, source: &str, name: &str, request: Value, response: Value) -> String {
    json!({"eventTime": format!("2024-01-01T00:{:02}:{:02}Z", second / 60, second % 60), "eventName": name,
        "eventID": format!("e-{second}"), "eventSource": format!("{source}.amazonaws.com"),
        "awsRegion": "eu-west-1", "readOnly": false, "recipientAccountId": "111122223333",
        "userIdentity": {"type": "IAMUser", "userName": format!("user-{second}"), "accountId": "111122223333"},
        "requestParameters": request, "responseElements": response})
    .to_string()
}

fn gathered(records: &[String]) -> StepStore {
    let mut all = StepStore::default();
    for record in records {
        EventParser::default()
            .read(record.as_bytes(), |event| all.add(extract_steps(&Catalog::default(), event, &|_| true)))
            .unwrap();
    }
    all
}

fn timeline(records: &[String], kind: &str, until: Option<&str>) -> Timeline {
    let mut found = gathered(records).fold(until.map(|it| Time::parse(it).unwrap()));
    found.retain(|it| it.resource.kind == kind);
    assert_eq!(found.len(), 1, "{kind}: {:?}", found.iter().map(|it| &it.resource).collect::<Vec<_>>());
    found.remove(0)
}

/// A part, the call that makes it, and the one that ends what it is part of.
type Ended =
    (&'static str, (&'static str, &'static str, Value, Value), (&'static str, &'static str, Value, Value));

fn endings() -> Vec<Ended> {
    let nothing = Value::Null;
    let group = json!({"groupId": "sg-0aaaaaaaaaaaaaaa1"});
    let rule = json!({"securityGroupRuleSet": {"items": [{"groupId": "sg-0aaaaaaaaaaaaaaa1",
        "securityGroupRuleId": "sgr-0aaaaaaaaaaaaaaa1", "isEgress": false, "ipProtocol": "tcp", "fromPort": 22,
        "toPort": 22, "cidrIpv4": "0.0.0.0/0"}]}});
    let rules = json!({"groupId": "sg-0aaaaaaaaaaaaaaa1", "ipPermissions": {"items": [{"ipProtocol": "tcp",
        "fromPort": 22, "toPort": 22, "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}}]}});
    let balancer = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/a/1234567890123456";
    let listener = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/a/1234567890123456/6543210987654321";
    let topic = "arn:aws:sns:eu-west-1:111122223333:alerts";
    vec![
        (
            "AWS::EC2::SecurityGroupRule",
            ("ec2", "AuthorizeSecurityGroupIngress", rules, rule),
            ("ec2", "DeleteSecurityGroup", group, json!({"_return": true})),
        ),
        (
            "AWS::IAM::RolePolicy",
            (
                "iam",
                "PutRolePolicy",
                json!({"roleName": "R", "policyName": "p", "policyDocument": "{}"}),
                nothing.clone(),
            ),
            ("iam", "DeleteRole", json!({"roleName": "r"}), nothing.clone()),
        ),
        (
            "AWS::IAM::UserPolicy",
            (
                "iam",
                "PutUserPolicy",
                json!({"userName": "u", "policyName": "p", "policyDocument": "{}"}),
                nothing.clone(),
            ),
            ("iam", "DeleteUser", json!({"userName": "u"}), nothing.clone()),
        ),
        (
            "AWS::IAM::AccessKey",
            (
                "iam",
                "CreateAccessKey",
                json!({"userName": "u"}),
                json!({"accessKey": {"accessKeyId": "AKIAIOSFODNN7EXAMPL1", "userName": "u", "status": "Active"}}),
            ),
            ("iam", "DeleteUser", json!({"userName": "u"}), nothing.clone()),
        ),
        (
            "AWS::ElasticLoadBalancingV2::Listener",
            (
                "elasticloadbalancing",
                "CreateListener",
                json!({"loadBalancerArn": balancer}),
                json!({"listeners": [{"listenerArn": listener, "loadBalancerArn": balancer}]}),
            ),
            (
                "elasticloadbalancing",
                "DeleteLoadBalancer",
                json!({"loadBalancerArn": balancer}),
                nothing.clone(),
            ),
        ),
        (
            "AWS::SNS::Subscription",
            (
                "sns",
                "Subscribe",
                json!({"topicArn": topic, "protocol": "email"}),
                json!({"subscriptionArn": format!("{topic}:1a2b3c4d-aaaa-bbbb-cccc-1234567890ab")}),
            ),
            ("sns", "DeleteTopic", json!({"topicArn": topic}), nothing.clone()),
        ),
        (
            "AWS::Logs::LogStream",
            (
                "logs",
                "CreateLogStream",
                json!({"logGroupName": "/aws/lambda/f", "logStreamName": "2024/01/01/[1]a"}),
                nothing.clone(),
            ),
            ("logs", "DeleteLogGroup", json!({"logGroupName": "/aws/lambda/f"}), nothing.clone()),
        ),
        (
            "AWS::ECS::Service",
            (
                "ecs",
                "CreateService",
                json!({"cluster": "prod", "serviceName": "web"}),
                json!({"service": {"serviceArn": "arn:aws:ecs:eu-west-1:111122223333:service/prod/web"}}),
            ),
            ("ecs", "DeleteCluster", json!({"cluster": "prod"}), nothing.clone()),
        ),
        (
            "AWS::Glue::Table",
            (
                "glue",
                "CreateTable",
                json!({"databaseName": "d", "tableInput": {"name": "t"}}),
                nothing.clone(),
            ),
            ("glue", "DeleteDatabase", json!({"name": "d"}), nothing.clone()),
        ),
        (
            "AWS::EFS::MountTarget",
            (
                "elasticfilesystem",
                "CreateMountTarget",
                json!({"fileSystemId": "fs-01234567"}),
                json!({"mountTargetId": "fsmt-01234567", "fileSystemId": "fs-01234567"}),
            ),
            ("elasticfilesystem", "DeleteFileSystem", json!({"fileSystemId": "fs-01234567"}), nothing),
        ),
    ]
}

#[test]
fn what_is_part_of_something_ends_with_it() {
    for (kind, (source, name, request, response), (by, end, of, told)) in endings() {
        let made = record(1, source, name, request.clone(), response.clone());
        let ended = record(60, by, end, of.clone(), told.clone());
        let all = [ended.clone(), made.clone()];
        let timeline_then = timeline(&all, kind, Some("2024-01-01T00:00:30Z"));
        assert_eq!(timeline_then.state.exists, Existence::Exists, "{kind} before {end}");
        let timeline_now = timeline(&all, kind, None);
        let state = &timeline_now.state;
        assert_eq!(state.exists, Existence::Gone, "{kind} after {end}");
        let ended_by = state.exists_by.as_deref().unwrap();
        assert_eq!((ended_by.event_name.as_str(), ended_by.who.as_str()), (end, "user-60"), "{kind}");
        let notes = &timeline_now.entries.last().unwrap().notes;
        assert!(notes.iter().any(|note| note.contains(" its ")), "{kind}: {notes:?}");
        // A call that failed ends nothing, and neither does the end of another.
        let failed = ended.replace("\"eventID\"", "\"errorCode\":\"AccessDenied\",\"eventID\"");
        assert_eq!(timeline(&[made.clone(), failed], kind, None).state.exists, Existence::Exists, "{kind}");
        let elsewhere = ended.replace("111122223333", "999999999999");
        assert_eq!(timeline(&[made, elsewhere], kind, None).state.exists, Existence::Exists, "{kind}");
    }
}

/// What was deleted before does not end what is made later under its name, and who is made again is there.
#[test]
fn the_end_of_an_earlier_one_ends_nothing_later() {
    let put = |second| {
        record(
            second,
            "iam",
            "PutRolePolicy",
            json!({"roleName": "r", "policyName": "p", "policyDocument": "{}"}),
            Value::Null,
        )
    };
    let delete = |second| record(second, "iam", "DeleteRole", json!({"roleName": "r"}), Value::Null);
    let policy = |records: &[String]| timeline(records, "AWS::IAM::RolePolicy", None).state;
    assert_eq!(policy(&[delete(1), put(2)]).exists, Existence::Exists);
    let again = policy(&[put(1), delete(2), put(3)]);
    assert_eq!((again.exists, again.incarnation), (Existence::Exists, 2));
    assert_eq!(policy(&[put(1), delete(2), put(3), delete(4)]).exists, Existence::Gone);
    let own = record(2, "iam", "DeleteRolePolicy", json!({"roleName": "r", "policyName": "p"}), Value::Null);
    let state = policy(&[put(1), own, delete(3)]);
    assert_eq!(state.exists_by.unwrap().event_name, "DeleteRolePolicy", "its own deletion comes first");
}

/// In one second, the deletion of the part comes before that of the whole, whatever their ids.
#[test]
fn within_a_second_a_part_goes_before_the_whole() {
    let put = record(
        1,
        "iam",
        "PutRolePolicy",
        json!({"roleName": "r", "policyName": "p", "policyDocument": "{}"}),
        Value::Null,
    );
    let own = record(2, "iam", "DeleteRolePolicy", json!({"roleName": "r", "policyName": "p"}), Value::Null);
    let role = record(2, "iam", "DeleteRole", json!({"roleName": "r"}), Value::Null).replace("e-2", "a-2");
    let state = timeline(&[put, role, own], "AWS::IAM::RolePolicy", None);
    assert_eq!(state.state.exists_by.unwrap().event_name, "DeleteRolePolicy");
    assert_eq!(state.entries.len(), 2);
}

#[test]
fn an_end_goes_down_all_levels() {
    let balancer = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/a/1234567890123456";
    let listener = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/a/1234567890123456/6543210987654321";
    let rule = format!("{}/0123456789abcdef", listener.replace(":listener/", ":listener-rule/"));
    let all = [
        record(
            1,
            "elasticloadbalancing",
            "CreateListener",
            json!({"loadBalancerArn": balancer}),
            json!({"listeners": [{"listenerArn": listener, "loadBalancerArn": balancer}]}),
        ),
        record(
            2,
            "elasticloadbalancing",
            "CreateRule",
            json!({"listenerArn": listener}),
            json!({"rules": [{"ruleArn": rule}]}),
        ),
        record(
            3,
            "elasticloadbalancing",
            "DeleteLoadBalancer",
            json!({"loadBalancerArn": balancer}),
            Value::Null,
        ),
    ];
    let state = timeline(&all, "AWS::ElasticLoadBalancingV2::ListenerRule", None).state;
    assert_eq!(state.exists, Existence::Gone);
    assert_eq!(state.exists_by.unwrap().event_name, "DeleteLoadBalancer");
}

/// Of several instances that one call runs, each has its own attachment.
#[test]
fn an_attachment_belongs_to_the_instance_that_it_stands_in() {
    let item = |at: usize| {
        json!({"instanceId": format!("i-0000000000000000{at}"), "networkInterfaceSet": {"items": [
            {"networkInterfaceId": format!("eni-0000000000000000{at}"),
             "attachment": {"attachmentId": format!("eni-attach-0000000000000000{at}")}}]}})
    };
    let run =
        record(1, "ec2", "RunInstances", json!({}), json!({"instancesSet": {"items": [item(1), item(2)]}}));
    let end = record(
        2,
        "ec2",
        "TerminateInstances",
        json!({"instancesSet": {"items": [{"instanceId": "i-00000000000000002"}]}}),
        json!({"instancesSet": {"items": [{"instanceId": "i-00000000000000002", "currentState": {"name": "shutting-down"}, "previousState": {"name": "running"}}]}}),
    );
    let all = gathered(&[run, end]).fold(None);
    let of = |id: &str| all.iter().find(|it| it.resource.id == id).unwrap().state.exists;
    assert_eq!(of("eni-attach-00000000000000001"), Existence::Exists);
    assert_eq!(of("eni-attach-00000000000000002"), Existence::Gone);
}

/// What fails where the thing is there proves that it was not; what succeeds either way proves nothing.
#[test]
fn a_success_proves_absence_where_the_call_fails_when_it_is_there() {
    let user = "AWS::IAM::User";
    let rules = json!({"groupId": "sg-0aaaaaaaaaaaaaaa1", "ipPermissions": {"items": [{"ipProtocol": "tcp",
        "fromPort": 22, "toPort": 22, "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}}]}});
    let entry = json!({"networkAclId": "acl-0aaaaaaaaaaaaaaa1", "ruleNumber": 90, "egress": false, "protocol": "-1",
        "ruleAction": "allow", "cidrBlock": "0.0.0.0/0"});
    let statement = json!({"statement": "{\"Sid\":\"s\",\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"lambda:InvokeFunction\",\"Resource\":\"arn:aws:lambda:eu-west-1:111122223333:function:f\"}"});
    let proven = [
        (
            user,
            "iam",
            "CreateAccessKey",
            json!({"userName": "u"}),
            json!({"accessKey": {"accessKeyId": "AKIAIOSFODNN7EXAMPL1", "userName": "u", "status": "Active"}}),
            "accessKeys.AKIAIOSFODNN7EXAMPL1",
        ),
        (
            user,
            "iam",
            "CreateLoginProfile",
            json!({"userName": "u"}),
            json!({"loginProfile": {"userName": "u"}}),
            "loginProfile.exists",
        ),
        (
            "AWS::EC2::SecurityGroup",
            "ec2",
            "AuthorizeSecurityGroupIngress",
            rules.clone(),
            json!({"_return": true}),
            "ingress[tcp 22 0.0.0.0/0]",
        ),
        (
            "AWS::EC2::SecurityGroup",
            "ec2",
            "AuthorizeSecurityGroupEgress",
            rules,
            json!({"_return": true}),
            "egress[tcp 22 0.0.0.0/0]",
        ),
        (
            "AWS::EC2::NetworkAcl",
            "ec2",
            "CreateNetworkAclEntry",
            entry,
            json!({"_return": true}),
            "entries[ingress 90]",
        ),
        (
            "AWS::Lambda::Function",
            "lambda",
            "AddPermission20150331v2",
            json!({"functionName": "f", "statementId": "s"}),
            statement,
            "policy.s",
        ),
        (
            "AWS::SQS::Queue",
            "sqs",
            "AddPermission",
            json!({"queueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/q", "label": "l", "aWSAccountIds": ["1"], "actions": ["*"]}),
            Value::Null,
            "permissions.l",
        ),
        (
            "AWS::RDS::DBInstance",
            "rds",
            "AddRoleToDBInstance",
            json!({"dBInstanceIdentifier": "d", "roleArn": "arn:aws:iam::111122223333:role/r"}),
            Value::Null,
            "associatedRoles[arn:aws:iam::111122223333:role/r]",
        ),
    ];
    for (kind, source, name, request, response, path) in proven {
        let timeline = timeline(&[record(5, source, name, request, response)], kind, None);
        let change = timeline.entries[0].changes.iter().find(|it| it.path.to_string() == path);
        let change = change.unwrap_or_else(|| panic!("{name}: {:?}", timeline.entries[0].changes));
        assert_eq!(change.before, Knowledge::Absent, "{name}");
    }
    let open = [
        (
            user,
            "iam",
            "AttachUserPolicy",
            json!({"userName": "u", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}),
        ),
        (user, "iam", "AddUserToGroup", json!({"userName": "u", "groupName": "g"})),
        (user, "iam", "PutUserPolicy", json!({"userName": "u", "policyName": "p", "policyDocument": "{}"})),
        (user, "iam", "TagUser", json!({"userName": "u", "tags": [{"key": "a", "value": "b"}]})),
        (
            "AWS::IAM::Role",
            "iam",
            "AttachRolePolicy",
            json!({"roleName": "r", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}),
        ),
        (
            "AWS::EC2::NetworkAcl",
            "ec2",
            "ReplaceNetworkAclEntry",
            json!({"networkAclId": "acl-0aaaaaaaaaaaaaaa1", "ruleNumber": 90,
            "egress": false, "protocol": "-1", "ruleAction": "allow", "cidrBlock": "0.0.0.0/0"}),
        ),
    ];
    for (kind, source, name, request) in open {
        let timeline = timeline(&[record(5, source, name, request, Value::Null)], kind, None);
        let before = timeline.entries[0].changes.iter().map(|it| &it.before);
        assert!(before.clone().count() > 0, "{name}");
        assert!(
            before.into_iter().all(|it| *it == Knowledge::Unknown(UnknownReason::BeforeArchive)),
            "{name}"
        );
    }
}

/// What later events prove is known at every moment before, until something else touched it.
#[test]
fn what_comes_later_proves_what_was_before() {
    let key = |second| {
        record(
            second,
            "iam",
            "CreateAccessKey",
            json!({"userName": "u"}),
            json!({"accessKey": {"accessKeyId": "AKIAIOSFODNN7EXAMPL1", "userName": "u", "status": "Active"}}),
        )
    };
    let before = Some("2024-01-01T00:00:01Z");
    let path = SettingPath::field("accessKeys").join("AKIAIOSFODNN7EXAMPL1");
    let state = timeline(&[key(9)], "AWS::IAM::User", before).state;
    assert_eq!((state.cell(&path).val, state.exists), (Knowledge::Absent, Existence::Unknown));
    assert!(
        matches!(state.cell(&SettingPath::field("accessKeys")).val, Knowledge::Unknown(_)),
        "there may be others"
    );
    let rules = json!({"groupId": "sg-0aaaaaaaaaaaaaaa1", "ipPermissions": {"items": [{"ipProtocol": "tcp",
        "fromPort": 22, "toPort": 22, "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}}]}});
    let call = |second, name: &str| record(second, "ec2", name, rules.clone(), json!({"_return": true}));
    let both = [call(5, "RevokeSecurityGroupIngress"), call(9, "AuthorizeSecurityGroupIngress")];
    let state = timeline(&both, "AWS::EC2::SecurityGroup", before).state;
    let rule = SettingPath::field("ingress").join("tcp 22 0.0.0.0/0");
    assert_ne!(state.cell(&rule).val, Knowledge::Absent, "it was there, for it was taken away");
}

#[test]
fn a_creation_proves_that_nothing_was_there() {
    let before = Some("2024-01-01T00:00:01Z");
    let made = |source: &str, name: &str, request: Value| record(9, source, name, request, Value::Null);
    for (kind, record) in [
        ("AWS::IAM::Role", made("iam", "CreateRole", json!({"roleName": "r"}))),
        ("AWS::Logs::LogGroup", made("logs", "CreateLogGroup", json!({"logGroupName": "g"}))),
        ("AWS::ECR::Repository", made("ecr", "CreateRepository", json!({"repositoryName": "x"}))),
        ("AWS::EKS::Cluster", made("eks", "CreateCluster", json!({"name": "c"}))),
        (
            "AWS::S3::Bucket",
            made(
                "s3",
                "CreateBucket",
                json!({"bucketName": "b", "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}),
            ),
        ),
    ] {
        let state = timeline(&[record], kind, before).state;
        assert_eq!(state.exists, Existence::Gone, "{kind}");
        assert_eq!(state.cell(&SettingPath::field("x")).val, Knowledge::Absent, "{kind}");
        assert!(state.unborn.is_some() && state.exists_by.is_none(), "{kind}");
    }
    for (kind, record) in [
        ("AWS::SQS::Queue", made("sqs", "CreateQueue", json!({"queueName": "q"}))),
        ("AWS::SNS::Topic", made("sns", "CreateTopic", json!({"name": "t"}))),
        ("AWS::ECS::Cluster", made("ecs", "CreateCluster", json!({"clusterName": "c"}))),
        ("AWS::S3::Bucket", made("s3", "CreateBucket", json!({"bucketName": "b"}))),
        ("AWS::IAM::RolePolicy", made("iam", "PutRolePolicy", json!({"roleName": "r", "policyName": "p"}))),
    ] {
        assert_eq!(timeline(&[record], kind, before).state.exists, Existence::Unknown, "{kind}");
    }
}

/// A deletion that is put off: pending until its day, then it should have come; the service's own event,
/// or a cancellation, settles it.
#[test]
fn a_deletion_that_is_due_is_no_plain_existence() {
    let arn = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    let key = "1234abcd-12ab-34cd-56ef-1234567890ab";
    let authority =
        "arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/1234abcd-12ab-34cd-56ef-1234567890ab";
    let store =
        "arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/1234abcd-12ab-34cd-56ef-1234567890ab";
    let due = [
        (
            "AWS::KMS::Key",
            record(
                1,
                "kms",
                "ScheduleKeyDeletion",
                json!({"keyId": key, "pendingWindowInDays": 7}),
                json!({"keyId": arn, "deletionDate": "Jan 8, 2024, 12:00:00 AM"}),
            ),
            record(30, "kms", "CancelKeyDeletion", json!({"keyId": key}), json!({"keyId": arn})),
            "2024-01-09T00:00:00Z",
        ),
        (
            "AWS::SecretsManager::Secret",
            record(
                1,
                "secretsmanager",
                "DeleteSecret",
                json!({"secretId": "s"}),
                json!({"name": "s", "deletionDate": "Jan 31, 2024, 12:00:00 AM"}),
            ),
            record(30, "secretsmanager", "RestoreSecret", json!({"secretId": "s"}), json!({"name": "s"})),
            "2024-02-01T00:00:00Z",
        ),
        (
            "AWS::ACMPCA::CertificateAuthority",
            record(
                1,
                "acm-pca",
                "DeleteCertificateAuthority",
                json!({"certificateAuthorityArn": authority, "permanentDeletionTimeInDays": 7}),
                Value::Null,
            ),
            record(
                30,
                "acm-pca",
                "RestoreCertificateAuthority",
                json!({"certificateAuthorityArn": authority}),
                Value::Null,
            ),
            "2024-01-09T00:00:00Z",
        ),
        (
            "AWS::CloudTrail::EventDataStore",
            record(1, "cloudtrail", "DeleteEventDataStore", json!({"eventDataStore": store}), Value::Null),
            record(30, "cloudtrail", "RestoreEventDataStore", json!({"eventDataStore": store}), Value::Null),
            "2024-01-09T00:00:00Z",
        ),
    ];
    for (kind, scheduled, cancelled, after) in due {
        let scheduled_alone = [scheduled.clone()];
        let pending = timeline(&scheduled_alone, kind, Some("2024-01-02T00:00:00Z")).state;
        assert!(pending.exists == Existence::Exists && pending.due.is_some(), "{kind}");
        let past = timeline(&scheduled_alone, kind, Some(after)).state;
        assert!(past.exists == Existence::Unknown && past.due.is_some(), "{kind} after its day");
        let kept = timeline(&[scheduled, cancelled], kind, Some(after)).state;
        assert!(kept.exists == Existence::Exists && kept.due.is_none(), "{kind} kept");
    }
}

#[test]
fn the_events_of_services_count_as_deletions() {
    let arn = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    let scheduled = record(
        1,
        "kms",
        "ScheduleKeyDeletion",
        json!({"keyId": arn}),
        json!({"keyId": arn, "deletionDate": "Jan 8, 2024, 12:00:00 AM"}),
    );
    let mut gone: Value =
        serde_json::from_str(&record(9, "kms", "DeleteKey", Value::Null, Value::Null)).unwrap();
    gone["eventType"] = json!("AwsServiceEvent");
    gone["userIdentity"] = json!({"accountId": "111122223333", "invokedBy": "AWS Internal"});
    gone["resources"] = json!([{"accountId": "111122223333", "type": "AWS::KMS::Key", "ARN": arn}]);
    let timeline_of = timeline(&[scheduled, gone.to_string()], "AWS::KMS::Key", None);
    assert_eq!(timeline_of.state.exists, Existence::Gone);
    let notes = &timeline_of.entries[1].notes;
    assert!(notes.iter().any(|note| note == "scheduled by user-1 (ScheduleKeyDeletion)"), "{notes:?}");
    let alias =
        record(1, "kms", "CreateAlias", json!({"aliasName": "alias/a", "targetKeyId": arn}), Value::Null);
    let state = timeline(&[alias, gone.to_string()], "AWS::KMS::Alias", None).state;
    assert_eq!(state.exists, Existence::Gone, "an alias goes with its key");
    let mut secret: Value = serde_json::from_str(&record(
        9,
        "secretsmanager",
        "EndSecretVersionDelete",
        Value::Null,
        Value::Null,
    ))
    .unwrap();
    secret["additionalEventData"] =
        json!({"Name": "s", "ARN": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:s-AbCdEf"});
    let made = record(
        1,
        "secretsmanager",
        "CreateSecret",
        json!({"name": "s"}),
        json!({"name": "s", "arn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:s-AbCdEf"}),
    );
    assert_eq!(
        timeline(&[made, secret.to_string()], "AWS::SecretsManager::Secret", None).state.exists,
        Existence::Gone
    );
}

/// One version of a thing is not the thing.
#[test]
fn the_end_of_a_version_is_not_the_end_of_the_thing() {
    let function = "arn:aws:lambda:eu-west-1:111122223333:function:f";
    let policy = "arn:aws:iam::111122223333:policy/p";
    let calls = [
        (
            "AWS::Lambda::Function",
            "lambda",
            "DeleteFunction20150331",
            json!({"functionName": format!("{function}:3")}),
        ),
        ("AWS::Lambda::Function", "lambda", "DeleteFunction20150331", json!({"functionName": "f:3"})),
        (
            "AWS::Lambda::Function",
            "lambda",
            "DeleteFunction20150331",
            json!({"functionName": "111122223333:function:f:3"}),
        ),
        (
            "AWS::Lambda::Function",
            "lambda",
            "DeleteFunction20150331",
            json!({"functionName": "f", "qualifier": "3"}),
        ),
        ("AWS::IAM::Policy", "iam", "DeletePolicyVersion", json!({"policyArn": policy, "versionId": "v1"})),
        (
            "AWS::EC2::LaunchTemplate",
            "ec2",
            "DeleteLaunchTemplateVersions",
            json!({"DeleteLaunchTemplateVersionsRequest": {"LaunchTemplateId": "lt-0aaaaaaaaaaaaaaa1", "LaunchTemplateVersion": {"tag": 1, "content": "2"}}}),
        ),
        ("AWS::SSM::Document", "ssm", "DeleteDocument", json!({"name": "d", "documentVersion": "2"})),
        (
            "AWS::ECR::Repository",
            "ecr",
            "BatchDeleteImage",
            json!({"repositoryName": "x", "imageIds": [{"imageTag": "a"}]}),
        ),
        (
            "AWS::Glue::Table",
            "glue",
            "DeleteTableVersion",
            json!({"databaseName": "d", "tableName": "t", "versionId": "1"}),
        ),
        (
            "AWS::Bedrock::Guardrail",
            "bedrock",
            "DeleteGuardrail",
            json!({"guardrailIdentifier": "g123", "guardrailVersion": "1"}),
        ),
        (
            "AWS::IoT::Policy",
            "iot",
            "DeletePolicyVersion",
            json!({"policyName": "p", "policyVersionId": "1"}),
        ),
        (
            "AWS::StepFunctions::StateMachine",
            "states",
            "DeleteStateMachineVersion",
            json!({"stateMachineVersionArn": "arn:aws:states:eu-west-1:111122223333:stateMachine:m:2"}),
        ),
    ];
    for (kind, source, name, request) in calls {
        let text = record(1, source, name, request.clone(), Value::Null);
        let acts =
            EventParser::default().read(text.as_bytes(), |event| Catalog::default().acts(event)).unwrap();
        let subject = |act: &&catalog::ResourceAction| {
            act.resource.kind == kind && act.relation == catalog::Relation::Subject
        };
        for act in acts.list.iter().filter(subject) {
            assert_ne!(act.action, catalog::Action::Deleted, "{name} {request}");
        }
    }
    let whole = record(1, "lambda", "DeleteFunction20150331", json!({"functionName": function}), Value::Null);
    let acts = EventParser::default().read(whole.as_bytes(), |event| Catalog::default().acts(event)).unwrap();
    assert_eq!(acts.list[0].action, catalog::Action::Deleted, "an ARN without a version is the function's");
}

#[test]
fn a_write_below_a_path_ends_its_absence() {
    let calls = [
        (
            "AWS::S3::Bucket",
            record(1, "s3", "DeleteBucketPublicAccessBlock", json!({"bucketName": "b"}), Value::Null),
            record(
                2,
                "s3",
                "PutBucketPublicAccessBlock",
                json!({"bucketName": "b", "PublicAccessBlockConfiguration": {"BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": true, "RestrictPublicBuckets": true}}),
                Value::Null,
            ),
            "publicAccessBlock",
        ),
        (
            "AWS::IAM::User",
            record(1, "iam", "DeleteLoginProfile", json!({"userName": "u"}), Value::Null),
            record(
                2,
                "iam",
                "CreateLoginProfile",
                json!({"userName": "u"}),
                json!({"loginProfile": {"userName": "u"}}),
            ),
            "loginProfile",
        ),
        (
            "AWS::Lambda::Function",
            record(1, "lambda", "DeleteFunctionUrlConfig", json!({"functionName": "f"}), Value::Null),
            record(
                2,
                "lambda",
                "CreateFunctionUrlConfig",
                json!({"functionName": "f", "authType": "NONE"}),
                json!({"authType": "NONE"}),
            ),
            "urlConfig",
        ),
    ];
    for (kind, taken, set, path) in calls {
        let told = |timeline: &Timeline| {
            let item = build_item(timeline, None, &|_| Value::Null);
            let settings = item["knowledge"]["settings"].as_array().unwrap().clone();
            settings
                .iter()
                .filter(|it| it["is"] == "absent")
                .map(|it| it["path"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert!(
            told(&timeline(std::slice::from_ref(&taken), kind, None)).contains(&path.to_owned()),
            "{path}"
        );
        let absent = told(&timeline(&[taken, set], kind, None));
        assert!(!absent.contains(&path.to_owned()), "{path}: {absent:?}");
    }
}

/// Replays the successful deletions of the real archive naively: by the ids in their requests, whatever else
/// is known. Nothing that one of them names, or that stood in what it names, may be left.
#[test]
fn nothing_exists_that_the_real_logs_refute() {
    let mut all = StepStore::default();
    let mut deleted: Vec<(String, String)> = Vec::new();
    for record in super::invictus() {
        EventParser::default()
            .read(record.as_bytes(), |event| all.add(extract_steps(&Catalog::default(), event, &|_| true)))
            .unwrap();
        let value: Value = serde_json::from_str(record).unwrap();
        let name = value["eventName"].as_str().unwrap();
        let ends = ["Delete", "Terminate", "Release", "Deregister", "Disassociate", "EndSecret"];
        if value.get("errorCode").is_none() && ends.iter().any(|verb| name.starts_with(verb)) {
            let named = [&value["requestParameters"], &value["additionalEventData"]].map(ToString::to_string);
            deleted.push((value["eventTime"].as_str().unwrap().to_owned(), named.concat()));
        }
    }
    assert!(deleted.len() > 150, "{}", deleted.len());
    let mut left = Vec::new();
    for timeline in all.fold(None) {
        let Timeline { resource, state, .. } = &timeline;
        // Temporary keys end by themselves.
        if state.exists != Existence::Exists || resource.id.starts_with("ASIA") {
            continue;
        }
        left.push(format!("{} {}", resource.kind, resource.id));
        let last = timeline
            .entries
            .iter()
            .filter(|entry| entry.is_change())
            .filter_map(|it| it.step.origin.time)
            .max();
        let quoted = |id: &str| format!("\"{id}\"");
        let mut names = vec![quoted(&resource.id)];
        names.extend(timeline.entries.iter().flat_map(|it| &it.step.owners).map(|owner| quoted(&owner.id)));
        // What another call changed in it, as of a policy that was detached, is no end of it.
        if resource.kind == "AWS::IAM::Policy" {
            continue;
        }
        for (time, named) in &deleted {
            let is_later = Time::parse(time) > last;
            assert!(
                !is_later || names.iter().all(|name| !named.contains(name)),
                "{resource:?} {time} {named}"
            );
        }
    }
    left.sort();
    // Five buckets of these are known by errors alone: what they lack shows that they are there.
    assert_eq!(left.len(), 12, "{left:#?}");
}

#[test]
fn a_resource_is_what_its_name_says_of_its_owner() {
    let policy = Resource::new("AWS::IAM::RolePolicy", "r/p");
    let found = crate::timeline::extract::find_owners(&policy, &[], &Default::default(), None);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].part.of, &*found[0].id), ("AWS::IAM::Role", "r"));
}

/// A put changes what is there, or makes what is not: nothing was there of what was made just now.
#[test]
fn the_first_put_of_a_part_makes_it_where_its_owner_was_made() {
    let role = |second, name| {
        record(second, "iam", name, json!({"roleName": "r"}), json!({"role": {"roleName": "r"}}))
    };
    let put = |second| {
        let request = json!({"roleName": "r", "policyName": "p", "policyDocument": format!("{{\"Statement\":[],\"Id\":\"{second}\"}}")});
        record(second, "iam", "PutRolePolicy", request, Value::Null)
    };
    let whose = |records: &[String], kind: &str| {
        let state = timeline(records, kind, None).state;
        state.created.map(|by| by.who.clone())
    };
    let policy = "AWS::IAM::RolePolicy";
    let created = [role(1, "CreateRole"), put(2), put(3)];
    assert_eq!(whose(&created, policy).as_deref(), Some("user-2"));
    let found = timeline(&created, policy, None);
    let creates: Vec<bool> = found.entries.iter().map(|it| it.creates).collect();
    assert_eq!(creates, [true, false]);
    let before = timeline(&created, policy, Some("2024-01-01T00:00:01Z")).state;
    assert_eq!((before.exists, before.unborn.is_some()), (Existence::Gone, true));
    // Copies of one event are one.
    assert_eq!(whose(&[role(1, "CreateRole"), put(2), put(2)], policy).as_deref(), Some("user-2"));
    // Of a role that was there before nobody knows; nor of one that was made again unseen.
    assert_eq!(whose(&[put(2), put(3)], policy), None);
    assert_eq!(whose(&[put(1), role(2, "CreateRole")], policy), None);
    assert_eq!(whose(&[role(1, "CreateRole"), role(2, "DeleteRole"), put(3)], policy), None);
    // Made again, and the policy as well.
    let again = [role(1, "CreateRole"), put(2), role(3, "DeleteRole"), role(4, "CreateRole"), put(5)];
    assert_eq!(whose(&again, policy).as_deref(), Some("user-5"));
    let nothing = Value::Null;
    let siblings = [
        (
            "AWS::IAM::UserPolicy",
            "iam",
            "CreateUser",
            "PutUserPolicy",
            json!({"userName": "u", "policyName": "p", "policyDocument": "{}"}),
        ),
        (
            "AWS::IAM::GroupPolicy",
            "iam",
            "CreateGroup",
            "PutGroupPolicy",
            json!({"groupName": "g", "policyName": "p", "policyDocument": "{}"}),
        ),
        (
            "AWS::Logs::MetricFilter",
            "logs",
            "CreateLogGroup",
            "PutMetricFilter",
            json!({"logGroupName": "g", "filterName": "f"}),
        ),
        (
            "AWS::Logs::SubscriptionFilter",
            "logs",
            "CreateLogGroup",
            "PutSubscriptionFilter",
            json!({"logGroupName": "g", "filterName": "f"}),
        ),
        (
            "AWS::AutoScaling::ScheduledAction",
            "autoscaling",
            "CreateAutoScalingGroup",
            "PutScheduledUpdateGroupAction",
            json!({"autoScalingGroupName": "g", "scheduledActionName": "a"}),
        ),
    ];
    for (kind, source, create, put, request) in siblings {
        let make = record(1, source, create, request.clone(), nothing.clone());
        let put = record(2, source, put, request, nothing.clone());
        assert_eq!(whose(&[make, put.clone()], kind).as_deref(), Some("user-2"), "{kind}");
        assert_eq!(whose(&[put], kind), None, "{kind}");
    }
}

/// Each of several resources that had a name is there by itself, and none but the last may still be.
#[test]
fn the_earlier_ones_of_a_name_are_each_by_themselves() {
    let user = |second, name| record(second, "iam", name, json!({"userName": "bob"}), Value::Null);
    let all = [user(1, "CreateUser"), user(2, "DeleteUser"), user(3, "CreateUser"), user(4, "CreateUser")];
    let last = timeline(&all, "AWS::IAM::User", None);
    let told = |it: &Timeline| {
        let who = |by: &Option<std::sync::Arc<StepOrigin>>| by.as_ref().map(|by| by.who.clone());
        (it.state.incarnation, it.state.exists, who(&it.state.created), who(&it.state.exists_by))
    };
    let some = |who: &str| Some(who.to_owned());
    let earlier: Vec<_> = last.earlier().iter().map(told).collect();
    assert_eq!(
        earlier,
        [
            (1, Existence::Gone, some("user-1"), some("user-2")),
            // Its deletion is not in the logs: whoever made the next did not do it.
            (2, Existence::Gone, some("user-3"), None),
        ]
    );
    assert_eq!(told(&last), (3, Existence::Exists, some("user-4"), some("user-4")));
}
