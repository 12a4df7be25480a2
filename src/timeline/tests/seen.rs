//! What errors and items saw: their place among the calls of a second, and that seeing is not setting.

use super::{fold_records, record, *};
use serde_json::{Value, json};

const T: &str = "10:00:05";

/// A call, as it was made or as it failed.
fn call(time: &str, service: &str, name: &str, request: Value, error: Option<(&str, &str)>) -> String {
    let mut rest = json!({"requestParameters": request, "readOnly": name.starts_with("Get")});
    if let Some((code, message)) = error {
        rest["errorCode"] = json!(code);
        rest["errorMessage"] = json!(message);
        rest["userIdentity"] = json!({"type": "IAMUser", "userName": "auditor"});
    }
    record(time, name, service, rest)
}

/// The timelines of the same records in every order and with event ids in either order.
fn in_every_order(records: &[String], reference: &str) -> Timeline {
    let rename = |record: &String, at: usize| {
        let mut record: Value = serde_json::from_str(record).unwrap();
        record["eventID"] = json!(format!("{at}"));
        record.to_string()
    };
    let count = records.len();
    let mut all = Vec::new();
    for turn in 0..count {
        let turned: Vec<String> = (0..count).map(|at| rename(&records[at], (at + turn) % count)).collect();
        let back: Vec<String> = (0..count).map(|at| rename(&records[at], count - at)).collect();
        for list in [turned.clone(), turned.into_iter().rev().collect(), back] {
            all.push(fold_records(&list, reference));
        }
    }
    let told = |it: &Timeline| (it.state.configuration(), it.state.exists, names(it));
    let first = told(&all[0]);
    assert!(all.iter().all(|it| told(it) == first), "the order of records and of ids decides");
    all.remove(0)
}

fn names(timeline: &Timeline) -> Vec<String> {
    timeline.entries.iter().map(|it| it.step.origin.event_name.clone()).collect()
}

fn policy() -> Value {
    json!({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}]})
}

fn rule() -> Value {
    json!({"groupId": "sg-0123456789abcdef0", "ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "cidrIp": "0.0.0.0/0"})
}

#[test]
fn a_refused_read_stands_before_the_write_of_its_second() {
    let bucket = |name: &str, more: Value, error| {
        let mut request = json!({"bucketName": "b"});
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        call(T, "s3", name, request, error)
    };
    let found = in_every_order(
        &[
            bucket("PutBucketPolicy", json!({"bucketPolicy": policy()}), None),
            bucket("GetBucketPolicy", json!({}), Some(("NoSuchBucketPolicy", ""))),
        ],
        "bucket/b",
    );
    assert_eq!(names(&found), ["GetBucketPolicy", "PutBucketPolicy"]);
    assert!(found.state.cell(&SettingPath::field("policy")).val.known().is_some());
    let tags = json!({"tagging": {"tagSet": {"tag": [{"key": "a", "value": "1"}]}}});
    let found = in_every_order(
        &[
            bucket("PutBucketTagging", tags, None),
            bucket("GetBucketTagging", json!({}), Some(("NoSuchTagSet", ""))),
        ],
        "bucket/b",
    );
    assert_eq!(found.state.configuration()["tags"], json!({"a": "1"}));
    // Siblings: the repository's policy, the password, the route of another service each.
    let found = in_every_order(
        &[
            call(
                T,
                "ecr",
                "SetRepositoryPolicy",
                json!({"repositoryName": "r", "policyText": policy()}),
                None,
            ),
            call(
                T,
                "ecr",
                "GetRepositoryPolicy",
                json!({"repositoryName": "r"}),
                Some(("RepositoryPolicyNotFoundException", "")),
            ),
        ],
        "AWS::ECR::Repository/r",
    );
    assert_eq!(names(&found), ["GetRepositoryPolicy", "SetRepositoryPolicy"]);
    let found = in_every_order(
        &[
            call(T, "iam", "CreateLoginProfile", json!({"userName": "u"}), None),
            call(
                T,
                "iam",
                "GetLoginProfile",
                json!({"userName": "u"}),
                Some(("NoSuchEntityException", "Login Profile for User u cannot be found.")),
            ),
        ],
        "user/u",
    );
    assert_eq!(found.state.configuration()["loginProfile"]["exists"], true);
    let found = in_every_order(
        &[
            call(T, "ec2", "AuthorizeSecurityGroupIngress", rule(), None),
            call(
                T,
                "ec2",
                "RevokeSecurityGroupIngress",
                rule(),
                Some(("Client.InvalidPermission.NotFound", "")),
            ),
        ],
        "sg-0123456789abcdef0",
    );
    assert_eq!(found.state.configuration()["ingress"].as_array().unwrap().len(), 1);
}

#[test]
fn what_fits_after_a_write_stands_after_it() {
    let found = in_every_order(
        &[
            call(T, "s3", "DeleteBucketPolicy", json!({"bucketName": "b"}), None),
            call(T, "s3", "GetBucketPolicy", json!({"bucketName": "b"}), Some(("NoSuchBucketPolicy", ""))),
        ],
        "bucket/b",
    );
    let cell = found.state.cell(&SettingPath::field("policy"));
    assert_eq!((cell.val, cell.by.unwrap().event_name.as_str()), (Knowledge::Absent, "DeleteBucketPolicy"));
    let found = in_every_order(
        &[
            call(T, "ec2", "AuthorizeSecurityGroupIngress", rule(), None),
            call(
                T,
                "ec2",
                "AuthorizeSecurityGroupIngress",
                rule(),
                Some(("Client.InvalidPermission.Duplicate", "")),
            ),
        ],
        "sg-0123456789abcdef0",
    );
    let cell = found.state.cell(&SettingPath::field("ingress").join("tcp 22 0.0.0.0/0"));
    assert!(cell.val.known().is_some() && !cell.by.unwrap().only_saw());
    let found = in_every_order(
        &[
            call(T, "s3", "CreateBucket", json!({"bucketName": "b"}), None),
            call(T, "s3", "HeadBucket", json!({"bucketName": "b"}), Some(("NoSuchBucket", ""))),
        ],
        "bucket/b",
    );
    assert_eq!((found.state.exists, found.state.incarnation), (Existence::Exists, 1));
    let found = in_every_order(
        &[
            call(T, "iam", "DeleteRole", json!({"roleName": "r"}), None),
            call(
                T,
                "iam",
                "GetRole",
                json!({"roleName": "r"}),
                Some(("NoSuchEntity", "The role with name r cannot be found.")),
            ),
        ],
        "role/r",
    );
    assert_eq!(
        (found.state.exists, found.state.exists_by.unwrap().event_name.as_str()),
        (Existence::Gone, "DeleteRole")
    );
}

/// There was one before, another was written, and none was seen: nobody can say what was left.
#[test]
fn what_fits_nowhere_makes_the_value_unknown() {
    let put = |time: &str, action: &str| {
        let mut policy = policy();
        policy["Statement"][0]["Action"] = json!(action);
        call(time, "s3", "PutBucketPolicy", json!({"bucketName": "b", "bucketPolicy": policy}), None)
    };
    let read = |time: &str| {
        call(time, "s3", "GetBucketPolicy", json!({"bucketName": "b"}), Some(("NoSuchBucketPolicy", "")))
    };
    let found = in_every_order(&[put("10:00:01", "a"), put(T, "b"), read(T)], "bucket/b");
    assert_eq!(
        found.state.cell(&SettingPath::field("policy")).val,
        Knowledge::Unknown(UnknownReason::Ambiguous)
    );
    // A later proof says how it was then.
    let found = in_every_order(&[put("10:00:01", "a"), put(T, "b"), read(T), read("10:00:09")], "bucket/b");
    assert_eq!(found.state.cell(&SettingPath::field("policy")).val, Knowledge::Absent);
}

#[test]
fn who_only_saw_a_value_did_not_set_it() {
    for (service, name, request, error, reference, path) in [
        (
            "ec2",
            "AuthorizeSecurityGroupIngress",
            rule(),
            "Client.InvalidPermission.Duplicate",
            "sg-0123456789abcdef0",
            "ingress",
        ),
        ("s3", "GetBucketPolicy", json!({"bucketName": "b"}), "NoSuchBucketPolicy", "bucket/b", "policy"),
        (
            "iam",
            "CreateLoginProfile",
            json!({"userName": "u"}),
            "EntityAlreadyExistsException",
            "user/u",
            "loginProfile",
        ),
        (
            "ecr",
            "GetLifecyclePolicy",
            json!({"repositoryName": "r"}),
            "LifecyclePolicyNotFoundException",
            "AWS::ECR::Repository/r",
            "lifecyclePolicy",
        ),
        (
            "elasticfilesystem",
            "DescribeFileSystemPolicy",
            json!({"fileSystemId": "fs-0123456789abcdef0"}),
            "PolicyNotFound",
            "fs-0123456789abcdef0",
            "policy",
        ),
    ] {
        let found = fold_records(&[call(T, service, name, request, Some((error, "")))], reference);
        let state = &found.state;
        assert_eq!(state.exists, Existence::Exists, "{name}: a part shows its whole");
        let item = build_item(&found, None, &event_of);
        let knowledge = &item["knowledge"];
        assert_eq!(
            (&knowledge["existsBy"], &knowledge["existsSeenBy"]["who"]),
            (&Value::Null, &json!("auditor")),
            "{name}"
        );
        let settings = knowledge["settings"].as_array().unwrap();
        let setting = settings.iter().find(|it| it["path"].as_str().unwrap().starts_with(path)).unwrap();
        assert_eq!(
            (&setting["seenBy"]["who"], setting.get("by"), setting.get("since")),
            (&json!("auditor"), None, None),
            "{name}"
        );
        assert!(setting["seenAt"].is_string(), "{name}");
    }
    // Whoever set it before is still who set it.
    let set = call("10:00:01", "ec2", "AuthorizeSecurityGroupIngress", rule(), None);
    let again = call(
        T,
        "ec2",
        "AuthorizeSecurityGroupIngress",
        rule(),
        Some(("Client.InvalidPermission.Duplicate", "")),
    );
    let found = fold_records(&[set, again], "sg-0123456789abcdef0");
    let by = found.state.cell(&SettingPath::field("ingress").join("tcp 22 0.0.0.0/0")).by.unwrap();
    assert_eq!((by.who.as_str(), by.only_saw()), ("alice", false));
}

#[test]
fn errors_prove_whether_a_resource_is_there() {
    let there = Existence::Exists;
    for (service, name, request, code, message, reference, want) in [
        ("s3", "CreateBucket", json!({"bucketName": "b"}), "BucketAlreadyOwnedByYou", "", "bucket/b", there),
        (
            "s3",
            "CreateBucket",
            json!({"bucketName": "b"}),
            "BucketAlreadyExists",
            "",
            "bucket/b",
            Existence::Unknown,
        ),
        ("s3", "DeleteBucket", json!({"bucketName": "b"}), "BucketNotEmpty", "", "bucket/b", there),
        ("s3", "GetBucketAcl", json!({"bucketName": "b"}), "NoSuchBucket", "", "bucket/b", Existence::Gone),
        (
            "s3",
            "PutBucketAcl",
            json!({"bucketName": "b"}),
            "AccessDenied",
            "",
            "bucket/b",
            Existence::Unknown,
        ),
        (
            "iam",
            "GetRolePolicy",
            json!({"roleName": "r", "policyName": "p"}),
            "NoSuchEntityException",
            "The role policy with name p cannot be found.",
            "role/r",
            there,
        ),
        (
            "iam",
            "GetRolePolicy",
            json!({"roleName": "r", "policyName": "p"}),
            "NoSuchEntityException",
            "The role with name r cannot be found.",
            "role/r",
            Existence::Gone,
        ),
        (
            "iam",
            "DeleteRole",
            json!({"roleName": "r"}),
            "DeleteConflictException",
            "Cannot delete entity, must detach all policies first.",
            "role/r",
            there,
        ),
        (
            "iam",
            "CreateAccessKey",
            json!({"userName": "u"}),
            "LimitExceededException",
            "Cannot exceed quota for AccessKeysPerUser: 2",
            "user/u",
            there,
        ),
        (
            "iam",
            "GetLoginProfile",
            json!({"userName": "u"}),
            "NoSuchEntity",
            "",
            "user/u",
            Existence::Unknown,
        ),
        (
            "dynamodb",
            "CreateTable",
            json!({"tableName": "t"}),
            "ResourceInUseException",
            "Table already exists: t",
            "AWS::DynamoDB::Table/t",
            there,
        ),
        (
            "dynamodb",
            "DescribeTable",
            json!({"tableName": "t"}),
            "ResourceNotFoundException",
            "Requested resource not found: Table: t not found",
            "AWS::DynamoDB::Table/t",
            Existence::Gone,
        ),
        (
            "lambda",
            "AddPermission20150331v2",
            json!({"functionName": "f", "statementId": "s"}),
            "ResourceConflictException",
            "The statement id (s) provided already exists.",
            "function/f",
            there,
        ),
        (
            "secretsmanager",
            "CreateSecret",
            json!({"name": "s"}),
            "ResourceExistsException",
            "",
            "secret/s",
            there,
        ),
        (
            "rds",
            "DeleteDBInstance",
            json!({"dBInstanceIdentifier": "d"}),
            "InvalidDBInstanceStateFault",
            "",
            "AWS::RDS::DBInstance/d",
            there,
        ),
        (
            "ec2",
            "DeleteSecurityGroup",
            json!({"groupId": "sg-0123456789abcdef0"}),
            "Client.DependencyViolation",
            "",
            "sg-0123456789abcdef0",
            there,
        ),
        (
            "ec2",
            "DeleteSecurityGroup",
            json!({"groupId": "sg-0123456789abcdef0"}),
            "Client.DryRunOperation",
            "",
            "sg-0123456789abcdef0",
            Existence::Unknown,
        ),
    ] {
        let found = fold_records(&[call(T, service, name, request, Some((code, message)))], reference);
        assert_eq!(found.state.exists, want, "{name} {code} {message}");
    }
    // Of two rules that were asked for, nobody knows which is there.
    let two = json!({"groupId": "sg-0123456789abcdef0", "ipPermissions": {"items": [
        {"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}, {"cidrIp": "10.0.0.0/8"}]}}]}});
    let found = fold_records(
        &[call(
            T,
            "ec2",
            "AuthorizeSecurityGroupIngress",
            two,
            Some(("Client.InvalidPermission.Duplicate", "")),
        )],
        "sg-0123456789abcdef0",
    );
    assert_eq!((found.state.exists, found.state.configuration().len()), (there, 0));
}

/// Right after a creation services still answer that there is none.
#[test]
fn a_read_that_comes_too_soon_proves_nothing() {
    let made = call("10:00:04", "s3", "CreateBucket", json!({"bucketName": "b"}), None);
    let read =
        |time: &str| call(time, "s3", "HeadBucket", json!({"bucketName": "b"}), Some(("NoSuchBucket", "")));
    let found = fold_records(&[made.clone(), read(T)], "bucket/b");
    assert_eq!((found.state.exists, found.entries[1].notes.len()), (Existence::Exists, 2));
    let found = fold_records(&[made, read("11:00:00")], "bucket/b");
    assert_eq!(found.state.exists, Existence::Gone);
    assert!(found.state.exists_by.unwrap().only_saw());
}

/// What a call without a rule set is unknown after it, what it cannot have set is not.
#[test]
fn a_call_that_is_not_modelled_makes_what_it_touches_unknown() {
    let why = |found: &Timeline, path: &str| match found.state.cell(&SettingPath::field(path)).val {
        Knowledge::Unknown(why) => why.words().into_owned(),
        Knowledge::Known(_) => "known".to_owned(),
        Knowledge::Absent => "absent".to_owned(),
    };
    // Calls that AWS may add one day: no table can have them.
    let table = |name: &str, request: Value| {
        let made = record(
            "10:00:00",
            "CreateTable",
            "dynamodb",
            json!({"requestParameters": {"tableName": "t"},
            "responseElements": {"tableDescription": {"tableName": "t", "tableStatus": "ACTIVE", "tableClass": "STANDARD",
                "tableArn": "arn:aws:dynamodb:eu-west-1:111122223333:table/t", "sSEDescription": {"status": "ENABLED"}}}}),
        );
        let tagged = record(
            "10:00:01",
            "TagResource",
            "dynamodb",
            json!({"requestParameters": {
            "resourceArn": "arn:aws:dynamodb:eu-west-1:111122223333:table/t", "tags": [{"key": "a", "value": "1"}]}}),
        );
        let changed = record("10:00:02", name, "dynamodb", json!({"requestParameters": request}));
        fold_records(&[made, tagged, changed], "AWS::DynamoDB::Table/t")
    };
    let found =
        table("ModifyTableSettings", json!({"tableName": "t", "sSESpecification": {"enabled": false}}));
    let not = "changed by ModifyTableSettings, not modelled";
    assert_eq!([why(&found, "sSEDescription"), why(&found, "tableClass")], [not, "known"]);
    assert_eq!(found.state.unread.len(), 1);
    assert_eq!(
        serde_json::to_value(match found.state.cell(&SettingPath::field("sSEDescription")).val {
            Knowledge::Unknown(why) => why,
            _ => unreachable!(),
        })
        .unwrap(),
        "notModelled"
    );
    let found = table("ModifyTableSettings", json!({"tableName": "t"}));
    assert_eq!(
        [
            why(&found, "sSEDescription"),
            why(&found, "tableClass"),
            why(&found, "tableName"),
            why(&found, "tags.a")
        ],
        [not, not, "known", "known"]
    );
    let found =
        table("ModifyTableSettings", json!({"tableName": "t", "patchOperations": [{"op": "replace"}]}));
    assert_eq!([why(&found, "tableClass"), why(&found, "somethingElse")], [not, not]);
    // What is set after it is known again.
    let queue = |name: &str, time: &str, request: Value| {
        record(time, name, "sqs", json!({ "requestParameters": request }))
    };
    let url = "https://sqs.eu-west-1.amazonaws.com/111122223333/q";
    let found = fold_records(
        &[
            queue(
                "CreateQueue",
                "10:00:00",
                json!({"queueName": "q", "attributes": {"DelaySeconds": "5", "KmsMasterKeyId": "k"}}),
            ),
            queue("RenovateQueue", "10:00:01", json!({"queueUrl": url, "attributes": {"DelaySeconds": "9"}})),
            queue(
                "SetQueueAttributes",
                "10:00:02",
                json!({"queueUrl": url, "attributes": {"DelaySeconds": "7"}}),
            ),
        ],
        "queue/q",
    );
    assert_eq!(
        [why(&found, "attributes.DelaySeconds"), why(&found, "attributes.KmsMasterKeyId")],
        ["known", "changed by RenovateQueue, not modelled"]
    );
    // What only uses a resource, or is a call of another service, sets nothing.
    let function = |name: &str, service: &str, rest: Value| {
        let made = record(
            "10:00:00",
            "CreateFunction20150331",
            "lambda",
            json!({"requestParameters": {"functionName": "f", "timeout": 3}}),
        );
        fold_records(&[made, record("10:00:02", name, service, rest)], "function/f")
    };
    let found = function("InvokeAgain", "lambda", json!({"requestParameters": {"functionName": "f"}}));
    assert_eq!(why(&found, "timeout"), "known");
    let found = function(
        "RefitFunction",
        "lambda",
        json!({"requestParameters": {"functionName": "f", "timeout": 9}}),
    );
    assert_eq!(why(&found, "timeout"), "changed by RefitFunction, not modelled");
    let found = function(
        "StartSomething",
        "lambda",
        json!({"requestParameters": {"functionName": "f", "input": {}}}),
    );
    assert_eq!(why(&found, "timeout"), "known");
}

/// Who took a setting away is told, not who set it, nor who saw before that it was not set.
#[test]
fn an_unset_is_of_whoever_took_the_setting_away() {
    let by = |who: &str, record: String| {
        let mut record: Value = serde_json::from_str(&record).unwrap();
        record["userIdentity"] = json!({"type": "IAMUser", "userName": who});
        record.to_string()
    };
    let s3 = |(setting, member, get, code, put, delete): (&str, &str, &str, &str, &str, &str)| {
        let request = |more: Value| {
            let mut request = json!({"bucketName": "b"});
            request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            request
        };
        let value = json!({"a": {"b": 1, "c": {"d": true}}, "e": "f"});
        let records = [
            call("10:00:01", "s3", get, request(json!({})), Some((code, ""))),
            by("alice", call("10:00:02", "s3", put, request(json!({member: value})), None)),
            by("bob", call("10:00:03", "s3", put, request(json!({member: {"e": "f"}})), None)),
            by("eve", call("10:00:04", "s3", delete, request(json!({})), None)),
        ];
        let whose = |records: &[String], path: &SettingPath| {
            let found = fold_records(records, "bucket/b");
            found.state.cell(path).by.map(|by| by.who.clone())
        };
        let path = SettingPath::field(setting);
        assert_eq!(whose(&records, &path).as_deref(), Some("eve"), "{delete}");
        assert_eq!(whose(&records[1..], &path).as_deref(), Some("eve"), "{delete} without a read");
        // A part that a put leaves out is gone by it; what stays as it was is still of whoever set it.
        assert_eq!(whose(&records[..3], &path.join("a").join("b")).as_deref(), Some("bob"), "{put}");
        assert_eq!(whose(&records[..3], &path.join("e")).as_deref(), Some("alice"), "{put}");
        // That it is still not set was known before.
        let again =
            [&records[..], &[by("carol", call("10:00:05", "s3", delete, request(json!({})), None))]].concat();
        assert_eq!(whose(&again, &path).as_deref(), Some("eve"), "{delete} twice");
    };
    let lifecycle = "NoSuchLifecycleConfiguration";
    for row in [
        (
            "lifecycle",
            "LifecycleConfiguration",
            "GetBucketLifecycle",
            lifecycle,
            "PutBucketLifecycle",
            "DeleteBucketLifecycle",
        ),
        (
            "replication",
            "ReplicationConfiguration",
            "GetBucketReplication",
            "ReplicationConfigurationNotFoundError",
            "PutBucketReplication",
            "DeleteBucketReplication",
        ),
        (
            "website",
            "WebsiteConfiguration",
            "GetBucketWebsite",
            "NoSuchWebsiteConfiguration",
            "PutBucketWebsite",
            "DeleteBucketWebsite",
        ),
        (
            "cors",
            "CORSConfiguration",
            "GetBucketCors",
            "NoSuchCORSConfiguration",
            "PutBucketCors",
            "DeleteBucketCors",
        ),
        (
            "encryption",
            "ServerSideEncryptionConfiguration",
            "GetBucketEncryption",
            "ServerSideEncryptionConfigurationNotFoundError",
            "PutBucketEncryption",
            "DeleteBucketEncryption",
        ),
        (
            "publicAccessBlock",
            "PublicAccessBlockConfiguration",
            "GetBucketPublicAccessBlock",
            "NoSuchPublicAccessBlockConfiguration",
            "PutBucketPublicAccessBlock",
            "DeleteBucketPublicAccessBlock",
        ),
        (
            "ownershipControls",
            "OwnershipControls",
            "GetBucketOwnershipControls",
            "OwnershipControlsNotFoundError",
            "PutBucketOwnershipControls",
            "DeleteBucketOwnershipControls",
        ),
    ] {
        s3(row);
    }
    // Siblings of other services: an object that is unset by a call of its own.
    let url = |name: &str, who: &str, at: &str| {
        let request = json!({"functionName": "f", "cors": {"allowOrigins": ["*"]}, "authType": "NONE"});
        by(who, call(at, "lambda", name, request, None))
    };
    let found = fold_records(
        &[
            url("CreateFunctionUrlConfig", "alice", "10:00:01"),
            url("DeleteFunctionUrlConfig", "eve", "10:00:02"),
        ],
        "function/f",
    );
    let cell = found.state.cell(&SettingPath::field("urlConfig"));
    assert_eq!((cell.val, cell.by.map(|by| by.who.clone()).as_deref()), (Knowledge::Absent, Some("eve")));
    let profile = |name: &str, who: &str, at: &str| {
        by(who, call(at, "iam", name, json!({"userName": "u", "passwordResetRequired": true}), None))
    };
    let found = fold_records(
        &[
            profile("CreateLoginProfile", "alice", "10:00:01"),
            profile("DeleteLoginProfile", "eve", "10:00:02"),
        ],
        "user/u",
    );
    let cell = found.state.cell(&SettingPath::field("loginProfile"));
    assert_eq!((cell.val, cell.by.map(|by| by.who.clone()).as_deref()), (Knowledge::Absent, Some("eve")));
}
