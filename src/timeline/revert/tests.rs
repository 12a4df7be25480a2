//! The commands, taken apart again and given back to the fold as the events that they would make.

use super::*;
use crate::event::Parser;
use crate::timeline::{Steps, fold, steps};
use proptest::prelude::*;

#[test]
fn the_table_parses_and_its_types_are_known() {
    let table: Table = toml::from_str(include_str!("../revert.toml")).unwrap();
    let kinds = table.rule.iter().map(|rule| &rule.kind);
    for kind in kinds.chain(table.create.keys()).chain(table.delete.keys()).chain(table.cancel.keys()) {
        assert!(crate::resource::type_named(kind).is_some_and(|it| it.name == kind), "{kind}");
    }
}

proptest! {
    /// What a shell makes of a quoted text is that text, whatever is in it.
    #[test]
    fn quoting_is_what_a_shell_takes_off(text in "\\PC{0,20}|[ '\"$`\\\\;&|<>(){}*?!#~-]{0,20}") {
        prop_assert_eq!(shell_words(&quoted(&text)), vec![text]);
    }
}

#[test]
fn names_of_attackers_do_nothing() {
    assert_eq!(quoted("$(reboot)"), "'$(reboot)'");
    assert_eq!(quoted("a'; rm -rf /; '"), r"'a'\''; rm -rf /; '\'''");
    assert_eq!(quoted("-rf"), "'-rf'");
    assert_eq!(quoted(""), "''");
    assert_eq!(quoted("arn:aws:iam::aws:policy/A"), "arn:aws:iam::aws:policy/A");
}

#[test]
fn options_are_spelled_as_the_command_line_spells_them() {
    for (name, want) in [
        ("publiclyAccessible", "publicly-accessible"),
        ("dBInstanceClass", "db-instance-class"),
        ("multiAZ", "multi-az"),
        ("s3BucketName", "s3-bucket-name"),
        ("isMultiRegionTrail", "is-multi-region-trail"),
        ("natGatewayId", "nat-gateway-id"),
        ("destinationIpv6CidrBlock", "destination-ipv6-cidr-block"),
    ] {
        assert_eq!(kebab(name), want);
    }
}

/// Takes a command line apart as a POSIX shell does, as far as `quoted` uses its rules.
fn shell_words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut open) = (Vec::new(), String::new(), false);
    let mut some = false;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (c, open) {
            ('\'', _) => {
                open = !open;
                some = true;
            }
            (c, true) => word.push(c),
            ('\\', false) => word.extend(chars.next()),
            (' ', false) => {
                if some || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                some = false;
            }
            (c, false) => word.push(c),
        }
    }
    if some || !word.is_empty() {
        words.push(word);
    }
    words
}

/// The record that a command would leave: the name of its call, and its options as the request has them.
fn record_of(command: &str, number: usize) -> String {
    let words = shell_words(command);
    let [_, service, operation, options @ ..] = words.as_slice() else { panic!("{command}") };
    let mut name: String = operation
        .split('-')
        .map(|part| {
            let mut chars = part.chars();
            chars.next().unwrap().to_uppercase().chain(chars).collect::<String>()
        })
        .collect();
    for (cli, api) in [
        ("Db", "DB"),
        ("PutPublicAccessBlock", "PutBucketPublicAccessBlock"),
        ("DeletePublicAccessBlock", "DeleteBucketPublicAccessBlock"),
        ("PutBucketLifecycleConfiguration", "PutBucketLifecycle"),
        ("Saml", "SAML"),
    ] {
        name = name.replace(cli, api);
    }
    let source = match service.as_str() {
        "s3api" => "s3",
        "configservice" => "config",
        "cloudwatch" => "monitoring",
        "efs" => "elasticfilesystem",
        other => other,
    };
    let mut request = Map::new();
    let mut at = 0;
    while at < options.len() {
        let flag = options[at].strip_prefix("--").unwrap_or_else(|| panic!("{command}: {}", options[at]));
        let has_value = options.get(at + 1).is_some_and(|next| !next.starts_with("--"));
        let (flag, value) = match (has_value, flag.strip_prefix("no-")) {
            (true, _) => (flag, Value::String(options[at + 1].clone())),
            (false, Some(flag)) => (flag, Value::Bool(false)),
            (false, None) => (flag, Value::Bool(true)),
        };
        at += 1 + usize::from(has_value);
        let mut parts = flag.split('-');
        let mut member = parts.next().unwrap().to_owned();
        for part in parts {
            let mut chars = part.chars();
            member.extend(chars.next().unwrap().to_uppercase().chain(chars));
        }
        put(source, &name, member, value, &mut request);
    }
    json!({"eventTime": format!("2025-01-01T00:00:{number:02}Z"), "eventName": name, "eventID": format!("undo-{number}"),
        "eventSource": format!("{source}.amazonaws.com"), "awsRegion": "eu-west-1", "readOnly": false,
        "recipientAccountId": "111122223333", "requestParameters": request}).to_string()
}

/// What CloudTrail calls an option.
fn put(source: &str, call: &str, member: String, value: Value, request: &mut Map<String, Value>) {
    let parsed = value.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
    let number = value.as_str().and_then(|text| text.parse::<i64>().ok()).map(Value::from);
    let (name, value) = match (source, member.as_str()) {
        ("s3", "bucket") => ("bucketName", value),
        ("s3", "policy") => ("bucketPolicy", parsed.unwrap()),
        ("s3", "acl") => ("x-amz-acl", value),
        ("s3", "versioningConfiguration") => {
            ("VersioningConfiguration", parsed.unwrap_or_else(|| json!({"Status": "Suspended"})))
        }
        ("s3", "publicAccessBlockConfiguration") => ("PublicAccessBlockConfiguration", parsed.unwrap()),
        ("s3", "serverSideEncryptionConfiguration") => {
            ("ServerSideEncryptionConfiguration", singular(parsed.unwrap()))
        }
        ("s3", "lifecycleConfiguration") => ("LifecycleConfiguration", singular(parsed.unwrap())),
        ("s3", "bucketLoggingStatus") => ("BucketLoggingStatus", parsed.unwrap()),
        ("s3", "replicationConfiguration") => ("ReplicationConfiguration", singular(parsed.unwrap())),
        ("ec2", "ipPermissions") => ("ipPermissions", json!({"items": lower(parsed.unwrap())})),
        ("ec2", "instanceIds") => ("instancesSet", json!({"items": [{"instanceId": value}]})),
        ("ec2", "userIds" | "groupNames") => {
            let kind =
                if call == "ModifySnapshotAttribute" { "createVolumePermission" } else { "launchPermission" };
            let operation = request["operationType"].as_str().unwrap().to_owned();
            let who = if member == "userIds" { json!({"userId": value}) } else { json!({"group": value}) };
            request.insert(kind.to_owned(), json!({ operation: {"items": [who]} }));
            return;
        }
        ("ec2", "disableApiTermination") => ("disableApiTermination", json!({ "value": value })),
        ("ec2", "tags") => ("tagSet", json!({"items": lower(parsed.unwrap())})),
        ("ec2", "resources") => ("resourcesSet", json!({"items": [{"resourceId": value}]})),
        ("ec2", "ingress") => ("egress", Value::Bool(false)),
        ("rds", "dbInstanceIdentifier") => ("dBInstanceIdentifier", value),
        ("rds", "dbSnapshotIdentifier") => ("dBSnapshotIdentifier", value),
        ("rds", "dbClusterSnapshotIdentifier") => ("dBClusterSnapshotIdentifier", value),
        ("rds", "valuesToAdd" | "valuesToRemove") => (member.as_str(), json!([value])),
        ("cloudtrail", "eventSelectors" | "advancedEventSelectors") => {
            (member.as_str(), lower(parsed.unwrap()))
        }
        ("cloudtrail", "enableLogFileValidation") => ("logFileValidationEnabled", value),
        ("ssm", "accountIdsToAdd" | "accountIdsToRemove") => (member.as_str(), json!([value])),
        ("monitoring", "alarmNames") => ("alarmNames", json!([value])),
        ("sqs", "attributes") => ("attributes", parsed.unwrap()),
        ("iam" | "kms", "tags") => ("tags", lower(parsed.unwrap())),
        ("iam" | "kms", "tagKeys") => ("tagKeys", json!([value])),
        (_, name) => (name, number.filter(|_| !name.ends_with("Id")).unwrap_or(value)),
    };
    request.insert(name.to_owned(), value);
}

fn lower(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let first = |name: String| name[..1].to_lowercase() + &name[1..];
            Value::Object(object.into_iter().map(|(name, value)| (first(name), lower(value))).collect())
        }
        Value::Array(list) => Value::Array(list.into_iter().map(lower).collect()),
        value => value,
    }
}

/// What the API has as `Rules` is `Rule` in the XML that is logged.
fn singular(value: Value) -> Value {
    match value {
        Value::Object(object) => Value::Object(
            object
                .into_iter()
                .map(|(name, value)| match name.as_str() {
                    "Rules" => (
                        "Rule".to_owned(),
                        match value {
                            Value::Array(mut list) if list.len() == 1 => singular(list.remove(0)),
                            list => singular(list),
                        },
                    ),
                    _ => (name, singular(value)),
                })
                .collect(),
        ),
        Value::Array(list) => Value::Array(list.into_iter().map(singular).collect()),
        value => value,
    }
}

fn timeline_of(records: &[String], kind: &str) -> Timeline {
    let mut all = Steps::default();
    for record in records {
        let wanted = |resource: &Resource| resource.kind == kind;
        Parser::default().read(record.as_bytes(), |event| all.add(steps(event, &wanted))).unwrap();
    }
    let mut found = all.by_resource();
    assert_eq!(found.len(), 1, "{records:?}");
    let (resource, steps) = found.remove(0);
    fold(resource, steps, None)
}

fn event(number: usize, source: &str, name: &str, request: Value) -> String {
    let mut record = json!({"eventTime": format!("2024-01-01T00:00:{number:02}Z"), "eventName": name,
        "eventID": format!("e-{number}"), "eventSource": format!("{source}.amazonaws.com"), "awsRegion": "eu-west-1",
        "readOnly": false, "recipientAccountId": "111122223333", "requestParameters": request});
    if let Some(response) = record["requestParameters"].as_object_mut().and_then(|it| it.remove("rs")) {
        record["responseElements"] = response;
    }
    record.to_string()
}

/// A setting without the ids that the service gives anew.
fn told(state: &State) -> String {
    let mut text = Value::Object(state.configuration()).to_string();
    while let Some(at) = text.find(",\"securityGroupRuleId\":\"") {
        let end = at + 24 + text[at + 24..].find('"').unwrap() + 1;
        text.replace_range(at..end, "");
    }
    text
}

/// Undoing the last event and folding what the commands would leave gives back the state before it.
#[test]
fn undoing_gives_back_the_state_before() {
    let policy = |action: &str| {
        json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}).to_string()
    };
    let bucket = |more: Value| {
        let mut it = json!({"bucketName": "b"});
        it.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        it
    };
    let with = |base: &Value, more: Value| {
        let mut it = base.clone();
        it.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        it
    };
    let sg = json!({"groupId": "sg-0123456789abcdef0"});
    let rule = with(
        &sg,
        json!({"ipPermissions": {"items": [{"ipProtocol": "tcp", "fromPort": 22, "toPort": 22,
        "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}}]}}),
    );
    let role = json!({"roleName": "r"});
    let user = json!({"userName": "u"});
    let key = json!({"keyId": "1234abcd-12ab-34cd-56ef-1234567890ab"});
    let new_sg = json!({"groupName": "g", "vpcId": "vpc-0123456789abcdef0", "rs": sg});
    let table = json!({"routeTableId": "rtb-0123456789abcdef0"});
    let new_table = json!({"rs": {"routeTable": {"routeTableId": "rtb-0123456789abcdef0", "routeSet": {}}}});
    let route = |to: &str| with(&table, json!({"destinationCidrBlock": "0.0.0.0/0", "gatewayId": to}));
    let new_role = with(&role, json!({"assumeRolePolicyDocument": policy("sts:AssumeRole")}));
    let new_key = json!({"policy": policy("kms:*"), "rs": {"keyMetadata": {"keyId": key["keyId"], "enabled": true, "keyState": "Enabled"}}});
    let snapshot = json!({"snapshotId": "snap-0123456789abcdef0"});
    let share = |how: &str| {
        with(&snapshot, json!({"createVolumePermission": {how: {"items": [{"userId": "444455556666"}]}}}))
    };
    let rds = json!({"dBInstanceIdentifier": "d"});
    let new_trail = json!({"name": "t", "isMultiRegionTrail": true, "includeGlobalServiceEvents": true});
    /// A type, and calls: service, name, request.
    type Case = (&'static str, Vec<(&'static str, &'static str, Value)>);
    let cases: Vec<Case> = vec![
        (
            "AWS::EC2::SecurityGroup",
            vec![
                ("ec2", "CreateSecurityGroup", new_sg.clone()),
                ("ec2", "AuthorizeSecurityGroupIngress", rule.clone()),
            ],
        ),
        (
            "AWS::EC2::SecurityGroup",
            vec![
                ("ec2", "CreateSecurityGroup", new_sg.clone()),
                ("ec2", "AuthorizeSecurityGroupEgress", rule.clone()),
            ],
        ),
        (
            "AWS::EC2::SecurityGroup",
            vec![
                ("ec2", "CreateSecurityGroup", new_sg),
                ("ec2", "AuthorizeSecurityGroupIngress", rule.clone()),
                ("ec2", "RevokeSecurityGroupIngress", rule),
            ],
        ),
        (
            "AWS::EC2::RouteTable",
            vec![("ec2", "CreateRouteTable", new_table.clone()), ("ec2", "CreateRoute", route("igw-1"))],
        ),
        (
            "AWS::EC2::RouteTable",
            vec![
                ("ec2", "CreateRouteTable", new_table.clone()),
                ("ec2", "CreateRoute", route("igw-1")),
                ("ec2", "ReplaceRoute", route("igw-2")),
            ],
        ),
        (
            "AWS::EC2::RouteTable",
            vec![
                ("ec2", "CreateRouteTable", new_table),
                ("ec2", "CreateRoute", route("igw-1")),
                ("ec2", "DeleteRoute", with(&table, json!({"destinationCidrBlock": "0.0.0.0/0"}))),
            ],
        ),
        (
            "AWS::EC2::NetworkAcl",
            vec![
                (
                    "ec2",
                    "CreateNetworkAcl",
                    json!({"rs": {"networkAcl": {"networkAclId": "acl-0123456789abcdef0"}}}),
                ),
                (
                    "ec2",
                    "CreateNetworkAclEntry",
                    json!({"networkAclId": "acl-0123456789abcdef0", "ruleNumber": 1, "egress": true, "ruleAction": "allow"}),
                ),
            ],
        ),
        (
            "AWS::EC2::Snapshot",
            vec![
                ("ec2", "CreateSnapshot", json!({"rs": snapshot})),
                ("ec2", "ModifySnapshotAttribute", share("add")),
            ],
        ),
        (
            "AWS::EC2::Snapshot",
            vec![
                ("ec2", "CreateSnapshot", json!({"rs": snapshot})),
                ("ec2", "ModifySnapshotAttribute", share("add")),
                ("ec2", "ModifySnapshotAttribute", share("remove")),
            ],
        ),
        (
            "AWS::EC2::Image",
            vec![
                ("ec2", "RegisterImage", json!({"name": "i", "rs": {"imageId": "ami-0123456789abcdef0"}})),
                (
                    "ec2",
                    "ModifyImageAttribute",
                    json!({"imageId": "ami-0123456789abcdef0", "launchPermission": {"add": {"items": [{"group": "all"}]}}}),
                ),
            ],
        ),
        (
            "AWS::EC2::Instance",
            vec![
                (
                    "ec2",
                    "ModifyInstanceMetadataOptions",
                    json!({"ModifyInstanceMetadataOptionsRequest": {"InstanceId": "i-0123456789abcdef0", "HttpTokens": "required"}}),
                ),
                (
                    "ec2",
                    "ModifyInstanceMetadataOptions",
                    json!({"ModifyInstanceMetadataOptionsRequest": {"InstanceId": "i-0123456789abcdef0", "HttpTokens": "optional"}}),
                ),
            ],
        ),
        (
            "AWS::EC2::Instance",
            vec![
                (
                    "ec2",
                    "ModifyInstanceAttribute",
                    json!({"instanceId": "i-0123456789abcdef0", "disableApiTermination": {"value": true}}),
                ),
                (
                    "ec2",
                    "ModifyInstanceAttribute",
                    json!({"instanceId": "i-0123456789abcdef0", "disableApiTermination": {"value": false}}),
                ),
            ],
        ),
        (
            "AWS::EC2::AccountSettings",
            vec![
                ("ec2", "EnableEbsEncryptionByDefault", json!({})),
                ("ec2", "DisableEbsEncryptionByDefault", json!({})),
            ],
        ),
        (
            "AWS::EC2::AccountSettings",
            vec![
                ("ec2", "DisableSerialConsoleAccess", json!({})),
                ("ec2", "EnableSerialConsoleAccess", json!({})),
            ],
        ),
        (
            "AWS::EC2::InternetGateway",
            vec![
                (
                    "ec2",
                    "CreateInternetGateway",
                    json!({"rs": {"internetGateway": {"internetGatewayId": "igw-0123456789abcdef0"}}}),
                ),
                (
                    "ec2",
                    "AttachInternetGateway",
                    json!({"internetGatewayId": "igw-0123456789abcdef0", "vpcId": "vpc-0123456789abcdef0"}),
                ),
            ],
        ),
        (
            "AWS::S3::Bucket",
            vec![
                ("s3", "CreateBucket", bucket(json!({}))),
                ("s3", "PutBucketPolicy", bucket(json!({"bucketPolicy": {"Statement": []}}))),
            ],
        ),
        (
            "AWS::S3::Bucket",
            vec![
                ("s3", "CreateBucket", bucket(json!({}))),
                (
                    "s3",
                    "PutBucketPolicy",
                    bucket(json!({"bucketPolicy": {"Statement": [{"Effect": "Allow"}]}})),
                ),
                ("s3", "DeleteBucketPolicy", bucket(json!({}))),
            ],
        ),
        (
            "AWS::S3::Bucket",
            vec![
                (
                    "s3",
                    "PutBucketPublicAccessBlock",
                    bucket(
                        json!({"PublicAccessBlockConfiguration": {"BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": true, "RestrictPublicBuckets": true}}),
                    ),
                ),
                ("s3", "DeleteBucketPublicAccessBlock", bucket(json!({}))),
            ],
        ),
        (
            "AWS::S3::Bucket",
            vec![
                ("s3", "PutBucketAcl", bucket(json!({"x-amz-acl": "private"}))),
                ("s3", "PutBucketAcl", bucket(json!({"x-amz-acl": "public-read"}))),
            ],
        ),
        (
            "AWS::S3::Bucket",
            vec![
                (
                    "s3",
                    "PutBucketVersioning",
                    bucket(json!({"VersioningConfiguration": {"Status": "Enabled"}})),
                ),
                (
                    "s3",
                    "PutBucketVersioning",
                    bucket(json!({"VersioningConfiguration": {"Status": "Suspended"}})),
                ),
            ],
        ),
        (
            "AWS::S3::Bucket",
            vec![
                (
                    "s3",
                    "PutBucketEncryption",
                    bucket(
                        json!({"ServerSideEncryptionConfiguration": {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}}}),
                    ),
                ),
                ("s3", "DeleteBucketEncryption", bucket(json!({}))),
            ],
        ),
        (
            "AWS::S3::Bucket",
            vec![
                ("s3", "CreateBucket", bucket(json!({}))),
                (
                    "s3",
                    "PutBucketLifecycle",
                    bucket(json!({"LifecycleConfiguration": {"Rule": {"ID": "x", "Status": "Enabled"}}})),
                ),
            ],
        ),
        (
            "AWS::S3::Bucket",
            vec![
                (
                    "s3",
                    "PutBucketLogging",
                    bucket(
                        json!({"BucketLoggingStatus": {"LoggingEnabled": {"TargetBucket": "logs", "TargetPrefix": "p"}}}),
                    ),
                ),
                ("s3", "PutBucketLogging", bucket(json!({"BucketLoggingStatus": {}}))),
            ],
        ),
        (
            "AWS::S3::Bucket",
            vec![
                ("s3", "CreateBucket", bucket(json!({}))),
                ("s3", "PutBucketReplication", bucket(json!({"ReplicationConfiguration": {"Role": "x"}}))),
            ],
        ),
        (
            "AWS::IAM::User",
            vec![
                ("iam", "CreateUser", user.clone()),
                ("iam", "AttachUserPolicy", with(&user, json!({"policyArn": "arn:aws:iam::aws:policy/A"}))),
            ],
        ),
        (
            "AWS::IAM::User",
            vec![
                ("iam", "CreateUser", user.clone()),
                (
                    "iam",
                    "PutUserPolicy",
                    with(&user, json!({"policyName": "it's", "policyDocument": policy("*")})),
                ),
            ],
        ),
        (
            "AWS::IAM::User",
            vec![
                ("iam", "CreateUser", user.clone()),
                ("iam", "AddUserToGroup", with(&user, json!({"groupName": "g"}))),
            ],
        ),
        ("AWS::IAM::User", vec![("iam", "CreateUser", user.clone()), ("iam", "CreateLoginProfile", user)]),
        (
            "AWS::IAM::Role",
            vec![
                ("iam", "CreateRole", new_role.clone()),
                ("iam", "AttachRolePolicy", with(&role, json!({"policyArn": "arn:aws:iam::aws:policy/A"}))),
            ],
        ),
        (
            "AWS::IAM::Role",
            vec![
                ("iam", "CreateRole", new_role.clone()),
                ("iam", "AttachRolePolicy", with(&role, json!({"policyArn": "arn:aws:iam::aws:policy/A"}))),
                ("iam", "DetachRolePolicy", with(&role, json!({"policyArn": "arn:aws:iam::aws:policy/A"}))),
            ],
        ),
        (
            "AWS::IAM::Role",
            vec![
                ("iam", "CreateRole", new_role.clone()),
                (
                    "iam",
                    "PutRolePolicy",
                    with(&role, json!({"policyName": "p", "policyDocument": policy("a")})),
                ),
                (
                    "iam",
                    "PutRolePolicy",
                    with(&role, json!({"policyName": "p", "policyDocument": policy("b")})),
                ),
            ],
        ),
        (
            "AWS::IAM::Role",
            vec![
                ("iam", "CreateRole", new_role.clone()),
                ("iam", "UpdateAssumeRolePolicy", with(&role, json!({"policyDocument": policy("sts:*")}))),
            ],
        ),
        (
            "AWS::IAM::Role",
            vec![
                (
                    "iam",
                    "CreateRole",
                    with(&new_role, json!({"permissionsBoundary": "arn:aws:iam::aws:policy/B"})),
                ),
                ("iam", "DeleteRolePermissionsBoundary", role),
            ],
        ),
        (
            "AWS::IAM::Policy",
            vec![
                (
                    "iam",
                    "CreatePolicy",
                    json!({"policyName": "p", "policyDocument": policy("a"), "rs": {"policy": {"arn": "arn:aws:iam::111122223333:policy/p"}}}),
                ),
                (
                    "iam",
                    "SetDefaultPolicyVersion",
                    json!({"policyArn": "arn:aws:iam::111122223333:policy/p", "versionId": "v2"}),
                ),
            ],
        ),
        (
            "AWS::IAM::Policy",
            vec![
                (
                    "iam",
                    "CreatePolicy",
                    json!({"policyName": "p", "policyDocument": policy("a"), "rs": {"policy": {"arn": "arn:aws:iam::111122223333:policy/p"}}}),
                ),
                (
                    "iam",
                    "CreatePolicyVersion",
                    json!({"policyArn": "arn:aws:iam::111122223333:policy/p", "policyDocument": policy("b"), "setAsDefault": true, "rs": {"policyVersion": {"versionId": "v2"}}}),
                ),
            ],
        ),
        ("AWS::KMS::Key", vec![("kms", "CreateKey", new_key.clone()), ("kms", "DisableKey", key.clone())]),
        (
            "AWS::KMS::Key",
            vec![
                ("kms", "CreateKey", new_key.clone()),
                (
                    "kms",
                    "ScheduleKeyDeletion",
                    with(&key, json!({"rs": {"deletionDate": "Jan 8, 2026, 12:00:00 AM"}})),
                ),
            ],
        ),
        (
            "AWS::KMS::Key",
            vec![
                ("kms", "CreateKey", new_key.clone()),
                ("kms", "PutKeyPolicy", with(&key, json!({"policy": policy("kms:Decrypt")}))),
            ],
        ),
        (
            "AWS::KMS::Key",
            vec![
                ("kms", "CreateKey", new_key.clone()),
                ("kms", "EnableKeyRotation", key.clone()),
                ("kms", "DisableKeyRotation", key.clone()),
            ],
        ),
        (
            "AWS::KMS::Key",
            vec![
                ("kms", "CreateKey", new_key),
                (
                    "kms",
                    "CreateGrant",
                    with(&key, json!({"operations": ["Decrypt"], "rs": {"grantId": "g1"}})),
                ),
            ],
        ),
        (
            "AWS::Lambda::Function",
            vec![
                ("lambda", "CreateFunction20150331", json!({"functionName": "f"})),
                (
                    "lambda",
                    "AddPermission20150331v2",
                    json!({"functionName": "f", "statementId": "s", "rs": {"statement": "{\"Sid\":\"s\"}"}}),
                ),
            ],
        ),
        (
            "AWS::Lambda::Function",
            vec![
                ("lambda", "CreateFunction20150331", json!({"functionName": "f"})),
                ("lambda", "CreateFunctionUrlConfig", json!({"functionName": "f", "authType": "NONE"})),
            ],
        ),
        (
            "AWS::RDS::DBSnapshot",
            vec![
                ("rds", "CreateDBSnapshot", json!({"dBSnapshotIdentifier": "s"})),
                (
                    "rds",
                    "ModifyDBSnapshotAttribute",
                    json!({"dBSnapshotIdentifier": "s", "attributeName": "restore", "valuesToAdd": ["all"]}),
                ),
            ],
        ),
        (
            "AWS::RDS::DBInstance",
            vec![
                ("rds", "CreateDBInstance", with(&rds, json!({"publiclyAccessible": false}))),
                (
                    "rds",
                    "ModifyDBInstance",
                    with(&rds, json!({"publiclyAccessible": true, "applyImmediately": true})),
                ),
            ],
        ),
        (
            "AWS::CloudTrail::Trail",
            vec![
                ("cloudtrail", "CreateTrail", new_trail.clone()),
                ("cloudtrail", "StartLogging", json!({"name": "t"})),
                ("cloudtrail", "StopLogging", json!({"name": "t"})),
            ],
        ),
        (
            "AWS::CloudTrail::Trail",
            vec![
                ("cloudtrail", "CreateTrail", new_trail.clone()),
                ("cloudtrail", "UpdateTrail", json!({"name": "t", "isMultiRegionTrail": false})),
            ],
        ),
        (
            "AWS::CloudTrail::Trail",
            vec![
                ("cloudtrail", "CreateTrail", new_trail),
                (
                    "cloudtrail",
                    "PutEventSelectors",
                    json!({"trailName": "t", "eventSelectors": [{"readWriteType": "All"}]}),
                ),
                (
                    "cloudtrail",
                    "PutEventSelectors",
                    json!({"trailName": "t", "eventSelectors": [{"readWriteType": "ReadOnly"}]}),
                ),
            ],
        ),
        (
            "AWS::Config::ConfigurationRecorder",
            vec![
                ("config", "StartConfigurationRecorder", json!({"configurationRecorderName": "c"})),
                ("config", "StopConfigurationRecorder", json!({"configurationRecorderName": "c"})),
            ],
        ),
        (
            "AWS::GuardDuty::Detector",
            vec![
                ("guardduty", "UpdateDetector", json!({"detectorId": "d", "enable": true})),
                ("guardduty", "UpdateDetector", json!({"detectorId": "d", "enable": false})),
            ],
        ),
        (
            "AWS::Logs::LogGroup",
            vec![
                ("logs", "PutRetentionPolicy", json!({"logGroupName": "g", "retentionInDays": 30})),
                ("logs", "DeleteRetentionPolicy", json!({"logGroupName": "g"})),
            ],
        ),
        (
            "AWS::SecretsManager::Secret",
            vec![
                ("secretsmanager", "CreateSecret", json!({"name": "s"})),
                (
                    "secretsmanager",
                    "DeleteSecret",
                    json!({"secretId": "s", "rs": {"deletionDate": "Jan 8, 2026, 12:00:00 AM"}}),
                ),
            ],
        ),
        (
            "AWS::SecretsManager::Secret",
            vec![
                ("secretsmanager", "CreateSecret", json!({"name": "s"})),
                (
                    "secretsmanager",
                    "PutResourcePolicy",
                    json!({"secretId": "s", "resourcePolicy": policy("*")}),
                ),
            ],
        ),
        (
            "AWS::SNS::Topic",
            vec![
                (
                    "sns",
                    "SetTopicAttributes",
                    json!({"topicArn": "arn:aws:sns:eu-west-1:111122223333:t", "attributeName": "DisplayName", "attributeValue": "a"}),
                ),
                (
                    "sns",
                    "SetTopicAttributes",
                    json!({"topicArn": "arn:aws:sns:eu-west-1:111122223333:t", "attributeName": "DisplayName", "attributeValue": "b"}),
                ),
            ],
        ),
        (
            "AWS::SQS::Queue",
            vec![
                (
                    "sqs",
                    "CreateQueue",
                    json!({"attributes": {"DelaySeconds": "1"}, "rs": {"queueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/q"}}),
                ),
                (
                    "sqs",
                    "SetQueueAttributes",
                    json!({"queueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/q", "attributes": {"DelaySeconds": "2"}}),
                ),
            ],
        ),
        (
            "AWS::SSM::Document",
            vec![
                ("ssm", "CreateDocument", json!({"name": "d"})),
                (
                    "ssm",
                    "ModifyDocumentPermission",
                    json!({"name": "d", "accountIdsToAdd": ["444455556666"]}),
                ),
            ],
        ),
        (
            "AWS::ECR::Repository",
            vec![
                ("ecr", "CreateRepository", json!({"repositoryName": "r"})),
                ("ecr", "SetRepositoryPolicy", json!({"repositoryName": "r", "policyText": policy("*")})),
            ],
        ),
        (
            "AWS::Events::Rule",
            vec![
                ("events", "PutRule", json!({"name": "r"})),
                ("events", "DisableRule", json!({"name": "r"})),
            ],
        ),
        (
            "AWS::CloudWatch::Alarm",
            vec![
                ("monitoring", "EnableAlarmActions", json!({"alarmNames": ["a"]})),
                ("monitoring", "DisableAlarmActions", json!({"alarmNames": ["a"]})),
            ],
        ),
    ];
    println!("{} operations undone", cases.len());
    for (kind, calls) in cases {
        let mut records: Vec<String> = calls
            .iter()
            .enumerate()
            .map(|(at, (source, name, request))| event(at, source, name, request.clone()))
            .collect();
        let name = calls.last().unwrap().1;
        let before = timeline_of(&records[..records.len() - 1], kind);
        let now = timeline_of(&records, kind);
        assert_ne!(
            (&now.state.cells, now.state.due.is_some()),
            (&before.state.cells, before.state.due.is_some()),
            "{name} changes nothing"
        );
        for by_event in [false, true] {
            let last = format!("e-{}", records.len() - 1);
            let steps = if by_event {
                undo_event(&now, &last)
            } else {
                undo(&now.resource, &now.state, &before.state)
            };
            assert!(!steps.is_empty() && steps.iter().all(|it| it.command.is_some()), "{name}: {steps:?}");
            let length = records.len();
            records
                .extend(steps.iter().enumerate().map(|(at, it)| record_of(it.command.as_ref().unwrap(), at)));
            let after = timeline_of(&records, kind);
            assert_eq!(after.state.due.is_some(), before.state.due.is_some(), "{name}: {steps:?}");
            assert_eq!(told(&after.state), told(&before.state), "{name}: {steps:?}");
            records.truncate(length);
        }
    }
}

#[test]
fn what_cannot_be_undone_is_refused_with_the_reason() {
    let of = |records: &[String], kind: &str, then: &[String]| {
        let now = timeline_of(records, kind);
        let then = if then.is_empty() { State::default() } else { timeline_of(then, kind).state };
        undo(&now.resource, &now.state, &then)
    };
    let put =
        event(1, "s3", "PutBucketPolicy", json!({"bucketName": "b", "bucketPolicy": {"Statement": []}}));
    let tag = event(
        0,
        "s3",
        "PutBucketVersioning",
        json!({"bucketName": "b", "VersioningConfiguration": {"Status": "Enabled"}}),
    );
    let steps = of(&[tag.clone(), put], "AWS::S3::Bucket", std::slice::from_ref(&tag));
    assert_eq!(steps.len(), 1);
    assert!(
        steps[0].command.is_none() && steps[0].note.as_ref().unwrap().contains("before the archive"),
        "{steps:?}"
    );
    let made = event(0, "ec2", "CreateVolume", json!({"rs": {"volumeId": "vol-0123456789abcdef0"}}));
    let gone = event(1, "ec2", "DeleteVolume", json!({"volumeId": "vol-0123456789abcdef0"}));
    let steps = of(&[made.clone(), gone], "AWS::EC2::Volume", &[made]);
    assert!(
        steps[0].command.is_none() && steps[0].note.as_ref().unwrap().contains("no command brings it back")
    );
}

/// A role that was made is taken apart before it is deleted; one that was deleted is made with all it had.
#[test]
fn roles_are_taken_apart_and_put_together() {
    let trust = json!({"Statement": []}).to_string();
    let records = [
        event(0, "iam", "CreateRole", json!({"roleName": "r", "assumeRolePolicyDocument": trust})),
        event(
            1,
            "iam",
            "AttachRolePolicy",
            json!({"roleName": "r", "policyArn": "arn:aws:iam::aws:policy/A"}),
        ),
        event(
            2,
            "iam",
            "DetachRolePolicy",
            json!({"roleName": "r", "policyArn": "arn:aws:iam::aws:policy/A"}),
        ),
        event(3, "iam", "DeleteRole", json!({"roleName": "r"})),
    ];
    let at = |count: usize| timeline_of(&records[..count], "AWS::IAM::Role");
    let commands = |now: &Timeline, then: &State| -> Vec<String> {
        undo(&now.resource, &now.state, then).into_iter().map(|it| it.command.unwrap()).collect()
    };
    let made = at(2);
    let mut gone = State { exists: Existence::Gone, ..State::default() };
    gone.cells.insert(Path::root(), crate::timeline::Cell { val: Val::Absent, by: None });
    assert_eq!(
        commands(&made, &gone),
        [
            "aws iam detach-role-policy --role-name r --policy-arn arn:aws:iam::aws:policy/A",
            "aws iam delete-role --role-name r"
        ]
    );
    assert_eq!(
        commands(&at(4), &made.state),
        [
            "aws iam create-role --role-name r --assume-role-policy-document '{\"Statement\":[]}'",
            "aws iam attach-role-policy --role-name r --policy-arn arn:aws:iam::aws:policy/A",
        ]
    );
}
