//! Which identifiers of one thing a record holds, and that two things are never one.

use super::*;
use crate::event::EventParser;

/// What is acted on, each with all its identifiers.
fn identifiers(event: &str) -> Vec<String> {
    let tell = |act: &ResourceAction| act.resource.identifiers().join(" ");
    EventParser::default()
        .read(event.as_bytes(), |event| Catalog::default().acts(event).list.iter().map(tell).collect())
        .unwrap()
}

fn check(source: &str, name: &str, request: &str, response: &str, want: &[&str]) {
    let event = format!(
        r#"{{"eventSource":"{source}.amazonaws.com","eventName":"{name}","awsRegion":"eu-west-1","recipientAccountId":"111122223333",
            "requestParameters":{request},"responseElements":{response}}}"#
    );
    assert_eq!(identifiers(&event), want, "{event}");
}

#[test]
fn a_group_called_by_its_name_is_the_one_that_the_response_names() {
    let rules = r#"{"items":[{"groupId":"sg-0a1b2c3d","securityGroupRuleId":"sgr-0a1b2c3d"},{"groupId":"sg-0a1b2c3d","securityGroupRuleId":"sgr-0a1b2c3e"}]}"#;
    for (call, set) in [
        ("AuthorizeSecurityGroupIngress", "securityGroupRuleSet"),
        ("AuthorizeSecurityGroupEgress", "securityGroupRuleSet"),
        ("RevokeSecurityGroupIngress", "revokedSecurityGroupRuleSet"),
        ("RevokeSecurityGroupEgress", "revokedSecurityGroupRuleSet"),
    ] {
        let response = format!(r#"{{"{set}":{rules}}}"#);
        let want = ["sg-0a1b2c3d web", "sgr-0a1b2c3d", "sgr-0a1b2c3e"];
        check("ec2", call, r#"{"groupName":"web"}"#, &response, &want);
        check("ec2", call, r#"{"groupName":"web"}"#, "null", &["web"]);
    }
    check(
        "ec2",
        "DeleteSecurityGroup",
        r#"{"groupName":"web"}"#,
        r#"{"groupId":"sg-0a1b2c3d"}"#,
        &["sg-0a1b2c3d web"],
    );
    let other =
        r#"{"revokedSecurityGroupRuleSet":{"items":[{"groupId":"sg-0a1b2c3d"},{"groupId":"sg-0a1b2c3e"}]}}"#;
    // Two groups, of which nothing tells the one that was named.
    check(
        "ec2",
        "RevokeSecurityGroupEgress",
        r#"{"groupName":"web"}"#,
        other,
        &["sg-0a1b2c3d", "sg-0a1b2c3e"],
    );
}

#[test]
fn all_identifiers_that_a_record_holds_of_one_thing_are_its() {
    for (source, call, request, response, want) in [
        (
            "ec2",
            "DeleteKeyPair",
            r#"{"keyName":"k"}"#,
            r#"{"keyPairId":"key-0a1b2c3d"}"#,
            &["key-0a1b2c3d k"][..],
        ),
        (
            "ec2",
            "AllocateAddress",
            "{}",
            r#"{"publicIp":"192.0.2.1","allocationId":"eipalloc-0a1b2c3d"}"#,
            &["eipalloc-0a1b2c3d 192.0.2.1"],
        ),
        (
            "ec2",
            "DeleteLaunchTemplateVersions",
            r#"{"launchTemplateName":"t"}"#,
            r#"{"successfullyDeletedLaunchTemplateVersionSet":{"item":[{"launchTemplateId":"lt-0a1b2c3d","versionNumber":1},{"launchTemplateId":"lt-0a1b2c3d","versionNumber":2}]}}"#,
            &["lt-0a1b2c3d t"],
        ),
        (
            "iam",
            "CreateInstanceProfile",
            r#"{"instanceProfileName":"p"}"#,
            r#"{"instanceProfile":{"arn":"arn:aws:iam::111122223333:instance-profile/x/p","instanceProfileId":"AIPAIOSFODNN7EXAMPLE","instanceProfileName":"p"}}"#,
            &["p AIPAIOSFODNN7EXAMPLE arn:aws:iam::111122223333:instance-profile/x/p"],
        ),
        (
            "rds",
            "DeleteDBInstance",
            r#"{"dBInstanceIdentifier":"d"}"#,
            r#"{"dBInstanceArn":"arn:aws:rds:eu-west-1:111122223333:db:d","dbiResourceId":"db-PDUCDGLRGDVGNFIUKF4FRJGEGY"}"#,
            &["d db-PDUCDGLRGDVGNFIUKF4FRJGEGY arn:aws:rds:eu-west-1:111122223333:db:d"],
        ),
        (
            "apigateway",
            "UpdateRestApi",
            r#"{"restApiId":"a1b2c3d4e5"}"#,
            r#"{"id":"a1b2c3d4e5","name":"shop"}"#,
            &["a1b2c3d4e5 shop"],
        ),
        (
            "wafv2",
            "CreateWebACL",
            r#"{"name":"acl","scope":"REGIONAL"}"#,
            r#"{"summary":{"id":"11111111-2222-4333-8444-555555555555","name":"acl","aRN":"arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/acl/11111111-2222-4333-8444-555555555555"}}"#,
            &[
                "11111111-2222-4333-8444-555555555555 acl arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/acl/11111111-2222-4333-8444-555555555555",
            ],
        ),
        (
            "cloudfront",
            "CreateDistribution2020_05_31",
            "{}",
            r#"{"distribution":{"id":"EDFDVBD6EXAMPLE","domainName":"d1.cloudfront.net","distributionConfig":{"aliases":{"quantity":2,"items":["a.example.com","b.example.com"]}}}}"#,
            &["EDFDVBD6EXAMPLE d1.cloudfront.net a.example.com b.example.com"],
        ),
        (
            "dms",
            "DeleteReplicationInstance",
            r#"{"replicationInstanceArn":"arn:aws:dms:eu-west-1:111122223333:rep:ABC"}"#,
            r#"{"replicationInstance":{"replicationInstanceIdentifier":"copy","replicationInstanceArn":"arn:aws:dms:eu-west-1:111122223333:rep:ABC"}}"#,
            &["ABC copy arn:aws:dms:eu-west-1:111122223333:rep:ABC"],
        ),
    ] {
        check(source, call, request, response, want);
    }
}

#[test]
fn two_things_are_never_one() {
    // Beside each other stands what belongs together, whatever others lack.
    check(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        r#"{"groupId":"sg-0a1b2c3d","ipPermissions":{"items":[{"groups":{"items":[{"groupId":"sg-0a1b2c31"},{"groupName":"b"},{"groupId":"sg-0a1b2c33","groupName":"c"}]}}]}}"#,
        "null",
        &["sg-0a1b2c3d", "sg-0a1b2c31", "sg-0a1b2c33 c"],
    );
    for (source, call, request, response, want) in [
        (
            "ec2",
            "DescribeLaunchTemplates",
            r#"{"launchTemplateId":["lt-0a1b2c3d"],"launchTemplateName":["b"]}"#,
            "null",
            &["lt-0a1b2c3d", "b"][..],
        ),
        // A family is not its third revision, nor a layer.
        (
            "ecs",
            "RegisterTaskDefinition",
            r#"{"family":"web"}"#,
            r#"{"taskDefinition":{"taskDefinitionArn":"arn:aws:ecs:eu-west-1:111122223333:task-definition/web:3"}}"#,
            &["web:3 arn:aws:ecs:eu-west-1:111122223333:task-definition/web:3"],
        ),
        // What AWS hides is no name.
        (
            "organizations",
            "CreateAccount",
            r#"{"accountName":"****","email":"****"}"#,
            r#"{"createAccountStatus":{"accountId":"444455556666","accountName":"****"}}"#,
            &["444455556666"],
        ),
        // An ARN of another type is another thing.
        (
            "secretsmanager",
            "RotateSecret",
            r#"{"secretId":"s"}"#,
            r#"{"aRN":"arn:aws:lambda:eu-west-1:111122223333:function:s"}"#,
            &["s"],
        ),
        // A call without a row: of two widgets nothing tells which name is whose.
        (
            "widgets",
            "DeleteWidgets",
            r#"{"widgetNames":["a","b"]}"#,
            r#"{"widgetIds":["1","2"]}"#,
            &["1", "2"],
        ),
        ("widgets", "AssociateWidget", r#"{"widgetId":"1","resourceId":"x"}"#, "null", &["1"]),
    ] {
        check(source, call, request, response, want);
    }
}

#[test]
fn what_is_listed_is_not_what_is_named_because_it_is_alone() {
    let listed = |name: &str, arn: &str| {
        format!(
            r#"{{"eventSource":"sts.amazonaws.com","eventName":"AssumeRole","requestParameters":{{"roleArn":"{name}"}},"resources":[{{"ARN":"{arn}"}}]}}"#
        )
    };
    let (a, b) = ("arn:aws:iam::111122223333:role/a", "arn:aws:iam::111122223333:role/b");
    assert_eq!(
        identifiers(&listed(a, b)),
        ["a arn:aws:iam::111122223333:role/a", "b arn:aws:iam::111122223333:role/b"]
    );
    assert_eq!(identifiers(&listed(a, a)), ["a arn:aws:iam::111122223333:role/a"]);
    let by_alias = r#"{"eventSource":"kms.amazonaws.com","eventName":"Encrypt","requestParameters":{"keyId":"alias/pay"},
        "resources":[{"ARN":"arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-4333-8444-555555555555"}]}"#;
    assert_eq!(
        identifiers(by_alias),
        [
            "11111111-2222-4333-8444-555555555555 alias/pay arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-4333-8444-555555555555"
        ]
    );
}
