//! The shapes: archives in which one number grows, each as somebody who writes parts of the logs could make it.

use serde_json::{Value, json};

pub(crate) const ACCOUNT: &str = "111122223333";
const ROLE: &str = "role/target";
const GROUP: &str = "sg-0aaaaaaaaaaaaaaa1";
const KEY: &str = "11111111-2222-3333-4444-555555555555";

/// One archive that grows with a number.
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    /// What grows, in words.
    pub(crate) what: &'static str,
    /// What is asked for.
    pub(crate) target: &'static str,
    pub(crate) records: fn(usize) -> Vec<Value>,
}

/// All of them.
pub(crate) const ALL: &[Shape] = &[
    Shape {
        name: "one-second",
        what: "changes of one setting in one second",
        target: ROLE,
        records: one_second,
    },
    Shape {
        name: "second-parts",
        what: "changes of one setting each in one second, and of all",
        target: "bucket/target",
        records: second_parts,
    },
    Shape {
        name: "second-seen",
        what: "changes and refused reads in one second",
        target: ROLE,
        records: second_seen,
    },
    Shape { name: "over-time", what: "changes of one resource over time", target: ROLE, records: over_time },
    Shape {
        name: "one-call",
        what: "instances made by one call",
        target: "i-00000000000000001",
        records: one_call,
    },
    Shape { name: "parts", what: "parts of one owner, and its end", target: GROUP, records: parts },
    Shape { name: "owners", what: "lives of one owner, with a part each", target: ROLE, records: owners },
    Shape { name: "renames", what: "renames in a chain", target: "group/name-1", records: renames },
    Shape { name: "names", what: "names of one key", target: "alias/name-1", records: names },
    Shape {
        name: "alias-turns",
        what: "turns of one alias to other keys",
        target: "alias/target",
        records: alias_turns,
    },
    Shape { name: "incarnations", what: "lives of one name", target: ROLE, records: incarnations },
    Shape { name: "callers", what: "callers", target: ROLE, records: callers },
    Shape {
        name: "withheld",
        what: "callers by id in one account, by name in another",
        target: "bucket/target",
        records: withheld,
    },
    Shape {
        name: "sessions-chain",
        what: "sessions, each of which assumed the next",
        target: "ASIA0000000000000001",
        records: sessions_chain,
    },
    Shape {
        name: "sessions-fan",
        what: "sessions that one user assumed",
        target: "user/target",
        records: sessions_fan,
    },
    Shape {
        name: "sessions-alike",
        what: "sessions of one name",
        target: "role/r1",
        records: sessions_alike,
    },
    Shape {
        name: "chain-calls",
        what: "sessions, each of which assumed the next and changed one role",
        target: ROLE,
        records: chain_calls,
    },
    Shape {
        name: "sessions-second",
        what: "sessions of one name and second, and calls of unknown keys",
        target: "role/r1",
        records: sessions_second,
    },
    Shape {
        name: "session-sign-ins",
        what: "sign-ins to the console in one session",
        target: "role/r1",
        records: session_sign_ins,
    },
    Shape {
        name: "key-made",
        what: "creations of one access key, and its sessions",
        target: "user/target",
        records: key_made,
    },
    Shape {
        name: "revisions",
        what: "revisions of one function in one second",
        target: "function/target",
        records: revisions,
    },
    Shape { name: "listed", what: "resources that one record lists", target: "bucket/b-1", records: listed },
    Shape {
        name: "statements",
        what: "statements without Sid in a policy",
        target: "bucket/target",
        records: statements,
    },
    Shape {
        name: "tags",
        what: "tags of one resource, by one call each",
        target: "bucket/target",
        records: tags,
    },
    Shape { name: "rules", what: "rules of one group, added and removed", target: GROUP, records: rules },
    Shape {
        name: "rule-ids",
        what: "rules of one group, removed by their ids",
        target: GROUP,
        records: rule_ids,
    },
    Shape {
        name: "call-rules",
        what: "rules of one group, added and removed by one call",
        target: GROUP,
        records: call_rules,
    },
    Shape { name: "copies", what: "records of one event id", target: "bucket/target", records: copies },
    Shape {
        name: "shared-ids",
        what: "shared event ids, in two accounts",
        target: "bucket/target",
        records: shared_ids,
    },
    Shape { name: "errors", what: "error codes", target: "bucket/target", records: errors },
    Shape {
        name: "grants",
        what: "grants of one key",
        target: "key/11111111-2222-3333-4444-555555555555",
        records: grants,
    },
    Shape {
        name: "grant-keys",
        what: "keys with one grant id",
        target: "key/00000000-0000-4000-8000-000000000001",
        records: grant_keys,
    },
    Shape { name: "resources", what: "resources of one type", target: "bucket/b-1", records: resources },
    Shape { name: "sign-ins", what: "sign-ins, one a user", target: "user/user-1", records: sign_ins },
    Shape { name: "graph", what: "instances of one group", target: GROUP, records: graph },
    Shape {
        name: "trails",
        what: "trails that are made, told and stopped",
        target: "trail/t-1",
        records: trails,
    },
];

/// Second `at` of a day in 2024, with days after it.
fn time(at: usize) -> String {
    let (days, rest) = (at / 86_400, at % 86_400);
    let (month, day) = (days / 28 + 1, days % 28 + 1);
    format!("2024-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", rest / 3600, rest / 60 % 60, rest % 60)
}

/// A record that user `alice` made.
fn call(number: usize, at: usize, source: &str, name: &str, request: Value, response: Value) -> Value {
    json!({
        "eventVersion": "1.08", "eventID": format!("{number:08x}-0000-4000-8000-{:012x}", number.wrapping_mul(0x9e37_79b9) & 0xffff_ffff),
        "eventTime": time(at), "eventSource": format!("{source}.amazonaws.com"), "eventName": name,
        "awsRegion": "eu-west-1", "sourceIPAddress": "192.0.2.7", "userAgent": "aws-cli/2.1", "readOnly": false,
        "eventType": "AwsApiCall", "managementEvent": true, "recipientAccountId": ACCOUNT,
        "userIdentity": {"type": "IAMUser", "principalId": "AIDA0000000000000ALIC", "userName": "alice",
            "arn": format!("arn:aws:iam::{ACCOUNT}:user/alice"), "accountId": ACCOUNT, "accessKeyId": "AKIA0000000000000ALI"},
        "requestParameters": request, "responseElements": response,
    })
}

/// With other members.
fn with(mut record: Value, members: Value) -> Value {
    if let (Some(object), Value::Object(members)) = (record.as_object_mut(), members) {
        object.extend(members);
    }
    record
}

fn put_policy(number: usize, at: usize, name: &str) -> Value {
    let document =
        json!({"Statement": {"Effect": "Allow", "Action": format!("s3:A{number}"), "Resource": "*"}});
    let request = json!({"roleName": "target", "policyName": name, "policyDocument": document.to_string()});
    call(number, at, "iam", "PutRolePolicy", request, Value::Null)
}

fn one_second(n: usize) -> Vec<Value> {
    (1..=n).map(|it| put_policy(it, 100, "same")).collect()
}

fn second_parts(n: usize) -> Vec<Value> {
    let tag = |it: usize, key: usize| {
        let tags = json!({"tag": {"key": format!("k{key}"), "value": format!("v{it}")}});
        if it.is_multiple_of(2) {
            let request = json!({"bucketName": "target", "tagging": "", "Tagging": {"TagSet": {"Tag": [{"Key": format!("k{key}"), "Value": format!("w{it}")}]}}});
            call(it, 100, "s3", "PutBucketTagging", request, Value::Null)
        } else {
            let arn = "arn:aws:s3:::target";
            let request = json!({"resourceARNList": [arn], "resourceArn": arn, "tags": [{"key": format!("k{key}"), "value": format!("v{it}")}], "x": tags});
            call(it, 100, "s3", "TagResource", request, Value::Null)
        }
    };
    (1..=n).map(|it| tag(it, it)).collect()
}

fn second_seen(n: usize) -> Vec<Value> {
    let one = |it: usize| {
        if it.is_multiple_of(2) {
            return put_policy(it, 100, &format!("p{it}"));
        }
        let request = json!({"roleName": "target", "policyName": format!("p{}", it + 1)});
        let failed = json!({"errorCode": "NoSuchEntityException", "errorMessage": format!("The role policy with name p{} cannot be found.", it + 1), "readOnly": true});
        with(call(it, 100, "iam", "GetRolePolicy", request, Value::Null), failed)
    };
    (1..=n).map(one).collect()
}

fn over_time(n: usize) -> Vec<Value> {
    (1..=n).map(|it| put_policy(it, it, &format!("p{}", it % 10))).collect()
}

fn instance_id(it: usize) -> String {
    format!("i-{it:017x}")
}

fn one_call(n: usize) -> Vec<Value> {
    let items: Vec<Value> = (1..=n)
        .map(|it| json!({"instanceId": instance_id(it), "imageId": "ami-0aaaaaaaaaaaaaaa1", "instanceType": "t3.micro"}))
        .collect();
    let response = json!({"instancesSet": {"items": items}});
    let ended: Vec<Value> = (1..=n).map(|it| json!({"instanceId": instance_id(it)})).collect();
    vec![
        call(1, 1, "ec2", "RunInstances", json!({"instanceType": "t3.micro"}), response),
        call(
            2,
            50,
            "ec2",
            "TerminateInstances",
            json!({"instancesSet": {"items": ended}}),
            json!({"instancesSet": {"items": ended}}),
        ),
    ]
}

fn add_rule(number: usize, at: usize, rule: usize) -> Value {
    let request = json!({"groupId": GROUP, "ipPermissions": {"items": [{"ipProtocol": "tcp", "fromPort": rule % 65_536, "toPort": rule % 65_536,
        "ipRanges": {"items": [{"cidrIp": format!("10.{}.0.0/16", rule / 65_536)}]}}]}});
    let response = json!({"_return": true, "securityGroupRuleSet": {"items": [{"groupId": GROUP, "securityGroupRuleId": format!("sgr-{rule:017x}"),
        "isEgress": false, "ipProtocol": "tcp", "fromPort": rule % 65_536, "toPort": rule % 65_536, "cidrIpv4": format!("10.{}.0.0/16", rule / 65_536)}]}});
    call(number, at, "ec2", "AuthorizeSecurityGroupIngress", request, response)
}

fn drop_rule(number: usize, at: usize, rule: usize) -> Value {
    let request = json!({"groupId": GROUP, "ipPermissions": {"items": [{"ipProtocol": "tcp", "fromPort": rule % 65_536, "toPort": rule % 65_536,
        "ipRanges": {"items": [{"cidrIp": format!("10.{}.0.0/16", rule / 65_536)}]}}]}});
    call(number, at, "ec2", "RevokeSecurityGroupIngress", request, json!({"_return": true}))
}

fn new_group() -> Value {
    call(
        1,
        1,
        "ec2",
        "CreateSecurityGroup",
        json!({"groupName": "web", "vpcId": "vpc-0aaaaaaaaaaaaaaa1"}),
        json!({"groupId": GROUP}),
    )
}

fn parts(n: usize) -> Vec<Value> {
    let mut all = vec![new_group()];
    all.extend((1..=n).map(|it| add_rule(it + 1, it + 1, it)));
    all.push(call(
        n + 2,
        n + 10,
        "ec2",
        "DeleteSecurityGroup",
        json!({"groupId": GROUP}),
        json!({"_return": true}),
    ));
    all
}

fn owners(n: usize) -> Vec<Value> {
    let one = |it: usize| match it % 3 {
        1 => call(
            it,
            it,
            "iam",
            "CreateRole",
            json!({"roleName": "target"}),
            json!({"role": {"roleName": "target", "roleId": format!("AROA{it:016X}")}}),
        ),
        2 => put_policy(it, it, "same"),
        _ => call(it, it, "iam", "DeleteRole", json!({"roleName": "target"}), Value::Null),
    };
    (1..=n).map(one).collect()
}

fn renames(n: usize) -> Vec<Value> {
    let mut all = vec![call(
        1,
        1,
        "iam",
        "CreateGroup",
        json!({"groupName": "name-1"}),
        json!({"group": {"groupName": "name-1", "groupId": "AGPA0000000000000001"}}),
    )];
    all.extend((1..n).map(|it| {
        let request = json!({"groupName": format!("name-{it}"), "newGroupName": format!("name-{}", it + 1)});
        call(it + 1, it + 1, "iam", "UpdateGroup", request, Value::Null)
    }));
    all
}

fn names(n: usize) -> Vec<Value> {
    let alias = |it: usize| {
        let request = json!({"aliasName": format!("alias/name-{it}"), "targetKeyId": KEY});
        call(it, it, "kms", "CreateAlias", request, Value::Null)
    };
    (1..=n).map(alias).collect()
}

fn key_id(it: usize) -> String {
    format!("{:08x}-0000-4000-8000-{it:012x}", 0)
}

fn alias_turns(n: usize) -> Vec<Value> {
    let turn = |it: usize| {
        let request = json!({"aliasName": "alias/target", "targetKeyId": key_id(it)});
        call(it, it, "kms", if it == 1 { "CreateAlias" } else { "UpdateAlias" }, request, Value::Null)
    };
    (1..=n).map(turn).collect()
}

fn incarnations(n: usize) -> Vec<Value> {
    let one = |it: usize| match it % 2 {
        1 => call(
            it,
            it,
            "iam",
            "CreateRole",
            json!({"roleName": "target"}),
            json!({"role": {"roleName": "target", "roleId": format!("AROA{it:016X}")}}),
        ),
        _ => call(it, it, "iam", "DeleteRole", json!({"roleName": "target"}), Value::Null),
    };
    (1..=n).map(one).collect()
}

fn user(it: usize) -> Value {
    json!({"type": "IAMUser", "principalId": format!("AIDA{it:017}"), "userName": format!("user-{it}"), "accountId": ACCOUNT,
        "arn": format!("arn:aws:iam::{ACCOUNT}:user/user-{it}"), "accessKeyId": format!("AKIA{it:016}")})
}

fn callers(n: usize) -> Vec<Value> {
    (1..=n).map(|it| with(put_policy(it, it, "same"), json!({"userIdentity": user(it), "userAgent": format!("agent-{it}"), "sourceIPAddress": format!("10.{}.{}.{}", it >> 16, it >> 8 & 255, it & 255)}))).collect()
}

fn withheld(n: usize) -> Vec<Value> {
    let one = |it: usize| {
        let record =
            call(it, it / 2, "s3", "GetObject", json!({"bucketName": "target", "key": "k"}), Value::Null);
        let shared = json!({"sharedEventID": format!("{:08x}-1111-4000-8000-000000000000", it / 2)});
        let who = it / 2;
        let identity = if it.is_multiple_of(2) {
            json!({"userIdentity": user(who)})
        } else {
            json!({"userIdentity": {"type": "AWSAccount", "principalId": format!("AIDA{who:017}"), "accountId": ACCOUNT}, "recipientAccountId": "444455556666"})
        };
        with(with(record, shared), identity)
    };
    (2..n + 2).map(one).collect()
}

fn session(it: usize) -> Value {
    json!({"type": "AssumedRole", "principalId": format!("AROA{it:017}:s{it}"), "accountId": ACCOUNT,
        "arn": format!("arn:aws:sts::{ACCOUNT}:assumed-role/r{it}/s{it}"), "accessKeyId": format!("ASIA{it:016}"),
        "sessionContext": {"sessionIssuer": {"type": "Role", "principalId": format!("AROA{it:017}"), "accountId": ACCOUNT,
            "arn": format!("arn:aws:iam::{ACCOUNT}:role/r{it}"), "userName": format!("r{it}")},
            "attributes": {"creationDate": time(it), "mfaAuthenticated": "false"}}})
}

fn assume(number: usize, at: usize, to: usize) -> Value {
    let request =
        json!({"roleArn": format!("arn:aws:iam::{ACCOUNT}:role/r{to}"), "roleSessionName": format!("s{to}")});
    let response = json!({"credentials": {"accessKeyId": format!("ASIA{to:016}"), "expiration": "Dec 31, 2024, 1:00:00 AM"},
        "assumedRoleUser": {"assumedRoleId": format!("AROA{to:017}:s{to}"), "arn": format!("arn:aws:sts::{ACCOUNT}:assumed-role/r{to}/s{to}")}});
    call(number, at, "sts", "AssumeRole", request, response)
}

fn sessions_chain(n: usize) -> Vec<Value> {
    let mut all = vec![assume(1, 1, 1)];
    all.extend((1..n).map(|it| with(assume(it + 1, it + 1, it + 1), json!({"userIdentity": session(it)}))));
    all
}

fn sessions_alike(n: usize) -> Vec<Value> {
    let one = |it: usize| {
        let mut record = assume(it, it * 2, 1);
        record["responseElements"]["credentials"]["accessKeyId"] = json!(format!("ASIA{it:016}"));
        record
    };
    (1..=n).map(one).collect()
}

fn sessions_fan(n: usize) -> Vec<Value> {
    let by = json!({"userIdentity": with(user(0), json!({"userName": "target", "arn": format!("arn:aws:iam::{ACCOUNT}:user/target")}))});
    let one = |it: usize| match it % 2 {
        1 => with(assume(it, it, it), by.clone()),
        _ => with(put_policy(it, it, "same"), json!({"userIdentity": session(it - 1)})),
    };
    (1..=n).map(one).collect()
}

fn chain_calls(n: usize) -> Vec<Value> {
    let by = |it: usize| json!({"userIdentity": session(it)});
    let one = |it: usize| match (it, it % 2) {
        (0, _) => assume(1, 1, 1),
        (_, 0) => with(assume(it + 1, it / 2 + 1, it / 2 + 1), by(it / 2)),
        _ => with(put_policy(it + 1, it / 2 + 2, "same"), by(it / 2 + 1)),
    };
    (0..n).map(one).collect()
}

fn sessions_second(n: usize) -> Vec<Value> {
    let one = |it: usize| match it % 2 {
        0 => {
            let mut record = with(assume(it + 1, 10, 1), json!({"userIdentity": user(it)}));
            record["responseElements"]["credentials"]["accessKeyId"] = json!(format!("ASIA{it:016}"));
            record
        }
        _ => {
            let mut by = session(1);
            by["accessKeyId"] = json!(format!("ASIAX{it:015}"));
            by["sessionContext"]["attributes"]["creationDate"] = json!(time(10));
            with(put_policy(it + 1, 20, "same"), json!({"userIdentity": by}))
        }
    };
    (0..n).map(one).collect()
}

fn session_sign_ins(n: usize) -> Vec<Value> {
    let by = json!({"userIdentity": session(1), "eventType": "AwsConsoleSignIn"});
    let sign_in = |it: usize| {
        let response = json!({"ConsoleLogin": "Success"});
        with(call(it, it + 10, "signin", "ConsoleLogin", Value::Null, response), by.clone())
    };
    std::iter::once(assume(1, 1, 1)).chain((2..=n).map(sign_in)).collect()
}

fn key_made(n: usize) -> Vec<Value> {
    let key = "AKIA0000000000TARGET";
    let by = json!({"userIdentity": with(user(0), json!({"userName": "target",
        "arn": format!("arn:aws:iam::{ACCOUNT}:user/target"), "accessKeyId": key}))});
    let one = |it: usize| match it % 2 {
        0 => {
            let response =
                json!({"accessKey": {"accessKeyId": key, "userName": "target", "status": "Active"}});
            call(it, it, "iam", "CreateAccessKey", json!({"userName": "target"}), response)
        }
        _ => with(assume(it, it, it), by.clone()),
    };
    (1..=n).map(one).collect()
}

fn revisions(n: usize) -> Vec<Value> {
    let one = |it: usize| {
        // One half goes out from where the other half leads to, and nothing else is known of them.
        let (from, to) = if it.is_multiple_of(2) {
            ("x".to_owned(), format!("b{it}"))
        } else {
            (format!("a{it}"), "x".to_owned())
        };
        let request = json!({"functionName": "target", "revisionId": from, "memorySize": it});
        let arn = format!("arn:aws:lambda:eu-west-1:{ACCOUNT}:function:target");
        let response =
            json!({"functionName": "target", "functionArn": arn, "revisionId": to, "memorySize": it});
        call(it, 100, "lambda", "UpdateFunctionConfiguration20150331v2", request, response)
    };
    (1..=n).map(one).collect()
}

fn listed(n: usize) -> Vec<Value> {
    let list: Vec<Value> = (1..=n)
        .map(|it| json!({"type": "AWS::S3::Bucket", "ARN": format!("arn:aws:s3:::b-{it}"), "accountId": ACCOUNT}))
        .collect();
    let record = call(1, 1, "s3", "PutBucketVersioning", json!({"bucketName": "b-1"}), Value::Null);
    vec![with(record, json!({"resources": list}))]
}

fn statements(n: usize) -> Vec<Value> {
    let policy = |number: usize, from: usize| {
        let all: Vec<Value> = (from..from + n)
            .map(|it| json!({"Effect": "Allow", "Principal": {"AWS": format!("arn:aws:iam::{ACCOUNT}:role/r{it}")}, "Action": "s3:GetObject", "Resource": format!("arn:aws:s3:::target/{it}")}))
            .collect();
        let request = json!({"bucketName": "target", "policy": "", "bucketPolicy": {"Version": "2012-10-17", "Statement": all}});
        call(number, number * 100, "s3", "PutBucketPolicy", request, Value::Null)
    };
    vec![policy(1, 0), policy(2, n / 2)]
}

fn tags(n: usize) -> Vec<Value> {
    let tag = |it: usize| {
        let request =
            json!({"resourceArn": "arn:aws:s3:::target", "tags": [{"key": format!("k{it}"), "value": "v"}]});
        call(it, it, "s3", "TagResource", request, Value::Null)
    };
    (1..=n).map(tag).collect()
}

fn rules(n: usize) -> Vec<Value> {
    let mut all = vec![new_group()];
    all.extend((1..=n / 2).map(|it| add_rule(it + 1, it + 1, it)));
    all.extend((1..=n / 2).map(|it| drop_rule(n / 2 + it + 1, n / 2 + it + 1, it)));
    all
}

fn rule_ids(n: usize) -> Vec<Value> {
    let drop = |at: usize, rule: usize| {
        let request = json!({"groupId": GROUP, "securityGroupRuleIds": {"items": [{"securityGroupRuleId": format!("sgr-{rule:017x}")}]}});
        call(at, at, "ec2", "RevokeSecurityGroupIngress", request, json!({"_return": true}))
    };
    let mut all = vec![new_group()];
    all.extend((1..=n / 2).map(|it| add_rule(it + 1, it + 1, it)));
    all.extend((1..=n / 2).map(|it| drop(n / 2 + it + 1, it)));
    all
}

fn call_rules(n: usize) -> Vec<Value> {
    let items: Vec<Value> = (0..n)
        .map(|it| json!({"ipProtocol": "tcp", "fromPort": it % 65_536, "toPort": it % 65_536, "ipRanges": {"items": [{"cidrIp": format!("10.{}.0.0/16", it / 65_536)}]}}))
        .collect();
    let request = json!({"groupId": GROUP, "ipPermissions": {"items": items}});
    let one = |number: usize, name: &str| {
        call(number, number, "ec2", name, request.clone(), json!({"_return": true}))
    };
    vec![new_group(), one(2, "AuthorizeSecurityGroupIngress"), one(130, "RevokeSecurityGroupIngress")]
}

fn copies(n: usize) -> Vec<Value> {
    let one = |it: usize| {
        let record = call(1, 5, "s3", "PutBucketAcl", json!({"bucketName": "target", "x": it}), Value::Null);
        with(record, json!({"requestID": format!("r{it}")}))
    };
    (1..=n).map(one).collect()
}

fn shared_ids(n: usize) -> Vec<Value> {
    let one = |it: usize| {
        let record = call(
            it,
            it / 2,
            "s3",
            "PutBucketVersioning",
            json!({"bucketName": "target", "VersioningConfiguration": {"Status": if (it / 2).is_multiple_of(2) { "Enabled" } else { "Suspended" }}}),
            Value::Null,
        );
        let account = if it.is_multiple_of(2) { ACCOUNT } else { "444455556666" };
        with(
            record,
            json!({"sharedEventID": format!("{:08x}-1111-4000-8000-000000000000", it / 2), "recipientAccountId": account}),
        )
    };
    (2..n + 2).map(one).collect()
}

fn errors(n: usize) -> Vec<Value> {
    let one = |it: usize| {
        let failed = json!({"errorCode": format!("Error{it}"), "errorMessage": format!("message {it}")});
        with(call(it, it, "s3", "DeleteBucket", json!({"bucketName": "target"}), Value::Null), failed)
    };
    (1..=n).map(one).collect()
}

fn grant(number: usize, key: &str, id: usize) -> Value {
    let request = json!({"keyId": key, "granteePrincipal": format!("arn:aws:iam::{ACCOUNT}:role/r{id}"), "operations": ["Decrypt"]});
    call(
        number,
        number,
        "kms",
        "CreateGrant",
        request,
        json!({"grantId": format!("{id:064x}"), "keyId": key}),
    )
}

fn grants(n: usize) -> Vec<Value> {
    let one = |it: usize| match it <= n / 2 {
        true => grant(it, KEY, it),
        false => call(
            it,
            it,
            "kms",
            "RetireGrant",
            json!({"grantId": format!("{:064x}", it - n / 2)}),
            Value::Null,
        ),
    };
    (1..=n).map(one).collect()
}

fn grant_keys(n: usize) -> Vec<Value> {
    let one = |it: usize| match it <= n / 2 {
        true => grant(it, &key_id(it), 1),
        false => call(it, it, "kms", "RetireGrant", json!({"grantId": format!("{:064x}", 1)}), Value::Null),
    };
    (1..=n).map(one).collect()
}

fn resources(n: usize) -> Vec<Value> {
    (1..=n)
        .map(|it| call(it, it, "s3", "CreateBucket", json!({"bucketName": format!("b-{it}")}), Value::Null))
        .collect()
}

fn sign_ins(n: usize) -> Vec<Value> {
    let one = |it: usize| {
        let record = call(it, it, "signin", "ConsoleLogin", Value::Null, json!({"ConsoleLogin": "Success"}));
        let how = json!({"userIdentity": user(it), "eventType": "AwsConsoleSignIn", "additionalEventData": {"MFAUsed": "No"},
            "sourceIPAddress": format!("10.{}.{}.{}", it >> 16, it >> 8 & 255, it & 255)});
        with(record, how)
    };
    (1..=n).map(one).collect()
}

fn graph(n: usize) -> Vec<Value> {
    let mut all = vec![new_group()];
    all.extend((1..=n).map(|it| {
        let item = json!({"instanceId": instance_id(it), "imageId": "ami-0aaaaaaaaaaaaaaa1", "groupSet": {"items": [{"groupId": GROUP}]},
            "subnetId": "subnet-0aaaaaaaaaaaaaaa1", "vpcId": "vpc-0aaaaaaaaaaaaaaa1"});
        call(it + 1, it + 1, "ec2", "RunInstances", json!({"instanceType": "t3.micro"}), json!({"instancesSet": {"items": [item]}}))
    }));
    all
}

fn trails(n: usize) -> Vec<Value> {
    let one = |it: usize| {
        let (name, trail) = (
            ["CreateTrail", "PutEventSelectors", "StartLogging", "StopLogging"][it % 4],
            format!("t-{}", it / 4),
        );
        let request = match it % 4 {
            0 => json!({"name": trail, "s3BucketName": "logs", "isMultiRegionTrail": true}),
            1 => {
                json!({"trailName": trail, "eventSelectors": [{"readWriteType": "All", "includeManagementEvents": true, "dataResources": [{"type": "AWS::S3::Object", "values": [format!("arn:aws:s3:::b{it}/")]}]}]})
            }
            _ => json!({"name": trail}),
        };
        call(it, it, "cloudtrail", name, request, Value::Null)
    };
    (4..n + 4).map(one).collect()
}
