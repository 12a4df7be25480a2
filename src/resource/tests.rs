//! References against resources, in every form that either takes.

use super::Match::{No, ObjectOf, Yes};
use super::{Match, Reference, Resource, all_types};
use proptest::prelude::*;

const UUID: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";

#[track_caller]
fn check(reference: &str, kind: &str, value: &str, expected: Match) {
    let resource = Resource::new(kind, value);
    let found = Reference::parse(reference).unwrap().matches(&resource);
    assert_eq!(found, expected, "`{reference}` and {kind} `{value}`: {resource:?}");
}

#[test]
fn buckets_and_objects() {
    let (bucket, object) = ("AWS::S3::Bucket", "AWS::S3::Object");
    for reference in
        ["bucket/logs", "s3://logs", "arn:aws:s3:::logs", "AWS::S3::Bucket/logs", "logs", "bucket/LOGS"]
    {
        check(reference, bucket, "logs", Yes);
        check(reference, bucket, "arn:aws:s3:::logs", Yes);
        check(reference, bucket, "logs-2", No);
        check(reference, object, "logs/a", ObjectOf);
        check(reference, object, "arn:aws:s3:::logs/logs", ObjectOf);
        check(reference, object, "other/logs/a", No);
        check(reference, object, "other/logs", No);
    }
    for (reference, key, expected) in [
        ("s3://logs/", "a", Yes),
        ("arn:aws:s3:::logs/*", "a/b", Yes),
        ("s3://logs/a/", "a/b.txt", Yes),
        ("s3://logs/a/", "a", No),
        ("s3://logs/a/", "ab", No),
        ("arn:aws:s3:::logs/a/*", "a/b.txt", Yes),
        ("arn:aws:s3:::logs/a*", "ab", Yes),
        ("s3://logs/a/b.txt", "a/b.txt", Yes),
        ("s3://logs/a/b.txt", "a/B.txt", No),
        ("arn:aws:s3:::logs/a", "a", Yes),
        ("arn:aws:s3:::logs/a", "a/b", No),
        ("object/logs/a", "a", Yes),
        ("AWS::S3::Object/logs/a", "a", Yes),
    ] {
        let reference = Reference::parse(reference).unwrap();
        let resource = Resource::joined(object, &["logs", key]);
        assert_eq!(reference.matches(&resource), expected, "{} {key}", reference.text());
        assert_eq!(reference.matches(&Resource::joined(object, &["logs-2", key])), No);
        assert_eq!(reference.matches(&Resource::new(bucket, "logs")), No);
    }
}

#[test]
fn iam_names_compare_without_case_and_by_their_last_segment() {
    let role = "AWS::IAM::Role";
    let arn = "arn:aws:iam::123456789012:role/service-role/Deploy";
    for reference in [
        arn,
        "role/service-role/Deploy",
        "role/deploy",
        "DEPLOY",
        "arn:aws:sts::123456789012:assumed-role/Deploy/s",
    ] {
        for value in [arn, "deploy", "arn:aws:sts::123456789012:assumed-role/Deploy/session"] {
            check(reference, role, value, Yes);
        }
        check(reference, role, "Deploy2", No);
        check(reference, "AWS::EC2::VPC", "service-role", No);
    }
    check(arn, role, "arn:aws:iam::123456789012:role/other/Deploy", No);
    check(arn, role, "arn:aws:iam::210987654321:role/service-role/Deploy", No);
    check(arn, "AWS::IAM::User", "Deploy", No);
    check("role/arn:aws:iam::123456789012:role/x", role, "x", Yes);
    check("policy/inline", "AWS::IAM::Policy", "inline", Yes);
    let inline = Resource::joined("AWS::IAM::RolePolicy", &["deploy", "inline"]);
    for (reference, expected) in
        [("policy/inline", Yes), ("inline", Yes), ("policy/deploy", No), ("policy/deploy/inline", Yes)]
    {
        assert_eq!(Reference::parse(reference).unwrap().matches(&inline), expected, "{reference}");
    }
    let mut alice = Resource::new("AWS::IAM::User", "alice");
    alice.also("AIDAIOSFODNN7EXAMPLE");
    for reference in ["AIDAIOSFODNN7EXAMPLE", "user/AIDAIOSFODNN7EXAMPLE", "user/Alice"] {
        assert_eq!(Reference::parse(reference).unwrap().matches(&alice), Yes, "{reference}");
    }
}

#[test]
fn every_form_that_a_service_takes() {
    for (references, kind, values) in [
        (
            &[
                "function/f",
                "f",
                "function:f",
                "123456789012:function:f",
                "arn:aws:lambda:r:123456789012:function:f",
                "arn:aws:lambda:r:123456789012:function:f:3",
            ][..],
            "AWS::Lambda::Function",
            &[
                "f",
                "function:f:live",
                "123456789012:function:f",
                "arn:aws:lambda:r:123456789012:function:f:1",
                "arn%3Aaws%3Alambda%3Ar%3A123456789012%3Afunction%3Af",
            ][..],
        ),
        (
            &["log-group//aws/lambda/x", "/aws/lambda/x", "arn:aws:logs:r:1:log-group:/aws/lambda/x:*"],
            "AWS::Logs::LogGroup",
            &[
                "/aws/lambda/x",
                "arn:aws:logs:r:1:log-group:/aws/lambda/x:*",
                "arn:aws:logs:r:1:log-group:/aws/lambda/x",
            ],
        ),
        (
            &["parameter/a/b", "parameter//a/b", "/a/b", "arn:aws:ssm:r:1:parameter/a/b"],
            "AWS::SSM::Parameter",
            &["/a/b", "/a/b:2", "arn:aws:ssm:r:1:parameter/a/b"],
        ),
        (&["parameter/x", "x"], "AWS::SSM::Parameter", &["x", "arn:aws:ssm:r:1:parameter/x"]),
        (
            &["trail/t", "t", "arn:aws:cloudtrail:r:1:trail/t"],
            "AWS::CloudTrail::Trail",
            &["t", "arn:aws:cloudtrail:r:1:trail/t"],
        ),
        (
            &["queue/q", "q", "https://sqs.r.amazonaws.com/123456789012/q", "arn:aws:sqs:r:123456789012:q"],
            "AWS::SQS::Queue",
            &["q", "https://sqs.r.amazonaws.com/123456789012/q", "arn:aws:sqs:r:123456789012:q"],
        ),
        (&["rule/bus/n", "rule/n", "n"], "AWS::Events::Rule", &["bus/n", "arn:aws:events:r:1:rule/bus/n"]),
        (
            &["service/c/s", "service/s", "s", "arn:aws:ecs:r:1:service/c/s"],
            "AWS::ECS::Service",
            &["c/s", "s", "arn:aws:ecs:r:1:service/c/s"],
        ),
        (
            &["task-definition/f:2", "f:2", "task-definition/f", "f"],
            "AWS::ECS::TaskDefinition",
            &["f:2", "arn:aws:ecs:r:1:task-definition/f:2"],
        ),
        (
            &[
                "load-balancer/n",
                "n",
                "arn:aws:elasticloadbalancing:r:1:loadbalancer/app/n/0a",
                "elb/app/n/0a",
            ],
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            &["n", "app/n/0a", "arn:aws:elasticloadbalancing:r:1:loadbalancer/app/n/0a"],
        ),
        (
            &["stack/s", "s", "arn:aws:cloudformation:r:1:stack/s/0-1"],
            "AWS::CloudFormation::Stack",
            &["s", "arn:aws:cloudformation:r:1:stack/s/0-1"],
        ),
        (
            &["hosted-zone/Z1", "/hostedzone/Z1", "Z1", "arn:aws:route53:::hostedzone/Z1"],
            "AWS::Route53::HostedZone",
            &["Z1", "/hostedzone/Z1"],
        ),
        (
            &["alias/x", "arn:aws:kms:r:1:alias/x", "x"],
            "AWS::KMS::Key",
            &["alias/x", "arn:aws:kms:r:1:alias/x"],
        ),
        (
            &["alias/x", "arn:aws:kms:r:1:alias/x", "x"],
            "AWS::KMS::Alias",
            &["alias/x", "arn:aws:kms:r:1:alias/x"],
        ),
        (
            &[
                UUID,
                "key/1234abcd-12ab-34cd-56ef-1234567890ab",
                "arn:aws:kms:r:1:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            ],
            "AWS::KMS::Key",
            &[UUID, "arn:aws:kms:r:1:key/1234abcd-12ab-34cd-56ef-1234567890ab"],
        ),
        (
            &["db/Prod", "prod", "arn:aws:rds:r:1:db:prod"],
            "AWS::RDS::DBInstance",
            &["PROD", "arn:aws:rds:r:1:db:prod"],
        ),
        (&["sg/web", "web", "AWS::EC2::SecurityGroup/web"], "AWS::EC2::SecurityGroup", &["web"]),
        (
            &["sg-0a1b2c3d", "security-group/sg-0a1b2c3d", "aws::ec2::securitygroup:sg-0a1b2c3d"],
            "AWS::EC2::SecurityGroup",
            &["sg-0a1b2c3d"],
        ),
        (
            &["AKIAIOSFODNN7EXAMPLE", "access-key/AKIAIOSFODNN7EXAMPLE"],
            "AWS::IAM::AccessKey",
            &["AKIAIOSFODNN7EXAMPLE"],
        ),
        (
            &["123456789012", "account/123456789012"],
            "AWS::Organizations::Account",
            &["123456789012", "arn:aws:organizations::1:account/o-x/123456789012"],
        ),
        (
            &["AWS::Foo::Widget/x", "arn:aws:foo:r:1:widget/x", "x"],
            "AWS::Foo::Widget",
            &["x", "arn:aws:foo:r:1:widget/x"],
        ),
    ] {
        for reference in references {
            for value in values {
                check(reference, kind, value, Yes);
                check(reference, kind, "another", No);
            }
        }
    }
}

#[test]
fn a_longer_or_shorter_name_is_another_resource() {
    for (reference, kind, values) in [
        (
            "secret/secret-1",
            "AWS::SecretsManager::Secret",
            &["secret-13", "arn:aws:secretsmanager:r:1:secret:secret-13-AbCd12", "secret"][..],
        ),
        ("credentials-1", "AWS::SecretsManager::Secret", &["credentials-10", "credentials"]),
        ("function/f", "AWS::Lambda::Function", &["F", "ff", "arn:aws:lambda:r:1:function:ff"]),
        (
            "arn:aws:elasticloadbalancing:r:1:loadbalancer/app/n/0a",
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            &["arn:aws:elasticloadbalancing:r:1:loadbalancer/app/n/0b", "m"],
        ),
        (
            "arn:aws:cloudformation:r:1:stack/s/0-1",
            "AWS::CloudFormation::Stack",
            &["arn:aws:cloudformation:r:1:stack/s/0-2"],
        ),
        ("service/c1/s", "AWS::ECS::Service", &["c2/s"]),
        ("task-definition/f:2", "AWS::ECS::TaskDefinition", &["f:3", "f:20"]),
        ("/aws/lambda/x", "AWS::IAM::Role", &["x", "lambda"]),
        ("parameter/a/b", "AWS::SSM::Parameter", &["/a/B", "/a", "b", "/a/b/c"]),
        ("db/prod", "AWS::S3::Bucket", &["prod"]),
        ("alias/x", "AWS::KMS::Key", &["x", "alias/xy"]),
        ("table/a", "AWS::DynamoDB::Table", &["A", "ab", "arn:aws:dynamodb:r:1:table/ab/index/a"]),
        ("table/db/t", "AWS::DynamoDB::Table", &["db", "t"]),
        ("log-stream/s", "AWS::Logs::LogGroup", &["s"]),
        ("i-0a1b2c3d", "AWS::Logs::LogStream", &["i-0a1b2c3d"]),
        ("user/root", "AWS::IAM::Root", &["arn:aws:iam::1:root"]),
    ] {
        for value in values {
            check(reference, kind, value, No);
        }
    }
}

#[test]
fn secrets_with_and_without_their_suffix() {
    let kind = "AWS::SecretsManager::Secret";
    let arn = |tail: &str| format!("arn:aws:secretsmanager:r:1:secret:{tail}");
    check("secret/prod", kind, &arn("prod-AbCd12"), Yes);
    check(&arn("prod-AbCd12"), kind, "prod", Yes);
    check(&arn("prod"), kind, &arn("prod-AbCd12"), Yes);
    check(&arn("prod-AbCd12"), kind, &arn("prod-GhIj34"), No);
    check("prod-abcdef", kind, "prod-abcdef", Yes);
    check("prod-abcdef", kind, &arn("prod-abcdef-AbCd12"), Yes);
    check("prod", kind, "prod-abcdef", No);
    let mut again = Resource::new(kind, "prod");
    again.also(&arn("prod-GhIj34"));
    assert_eq!(Reference::parse(&arn("prod-AbCd12")).unwrap().matches(&again), No);
    assert_eq!(Reference::parse(&arn("prod-GhIj34")).unwrap().matches(&again), Yes);
}

#[test]
fn account_and_region_restrict_where_they_are_known() {
    let reference = Reference::parse("arn:aws:sqs:eu-west-1:123456789012:q").unwrap();
    for (account, region, expected) in [
        (None, None, Yes),
        (Some("123456789012"), Some("eu-west-1"), Yes),
        (Some("123456789012"), Some("us-east-1"), No),
        (Some("210987654321"), None, No),
    ] {
        let mut queue = Resource::new("AWS::SQS::Queue", "q");
        queue.owned_by(account, region);
        assert_eq!(reference.matches(&queue), expected, "{account:?} {region:?}");
    }
    check("arn:aws-cn:iam::1:role/r", "AWS::IAM::Role", "arn:aws:iam::1:role/r", No);
}

#[test]
fn types_outside_the_table_answer_to_their_last_segment() {
    check("security-group/x", "AWS::Foo::SecurityGroup", "x", Yes);
    check("sg/x", "AWS::Foo::SecurityGroup", "x", Yes);
    check("role/x", "AWS::Foo::SecurityGroup", "x", No);
    check("aws::foo::bar/x", "AWS::Foo::Bar", "x", Yes);
    check("aws::foo::bar/x", "AWS::Other::Bar", "x", No);
    check("security-group/x", "AWS::EC2::Vpc", "x", No);
}

#[test]
fn what_says_the_service_means_no_other() {
    for (kind, references) in [
        (
            "AWS::WorkMail::User",
            &[
                "arn:aws:iam::123456789012:user/x",
                "AWS::IAM::User/x",
                "iam-user/x",
                "user/arn:aws:iam::1:user/x",
            ][..],
        ),
        ("AWS::Appstream::User", &["arn:aws:iam::123456789012:user/x", "AWS::IAM::User/x"]),
        ("AWS::Widgets::Queue", &["arn:aws:sqs:r:1:x", "https://sqs.r.amazonaws.com/123456789012/x"]),
        ("AWS::Widgets::Table", &["arn:aws:dynamodb:r:1:table/x", "AWS::DynamoDB::Table/x"]),
        (
            "AWS::Widgets::Function",
            &["function:x", "123456789012:function:x", "arn:aws:lambda:r:1:function:x"],
        ),
        ("AWS::Widgets::HostedZone", &["/hostedzone/x", "arn:aws:route53:::hostedzone/x"]),
        (
            "AWS::Widgets::FancyWidget",
            &["arn:aws:new-thing:r:1:fancy-widget/x", "AWS::NewThing::FancyWidget/x"],
        ),
    ] {
        for reference in references {
            check(reference, kind, "x", No);
        }
    }
    for reference in ["user/x", "x"] {
        check(reference, "AWS::IAM::User", "x", Yes);
        check(reference, "AWS::Widgets::User", "x", Yes);
    }
    // A guess by the call is spelled unlike a guess by the ARN.
    check("arn:aws:new-thing:r:1:fancy-widget/x", "AWS::New-thing::FancyWidget", "x", Yes);
    check("arn:aws:elasticfilesystem:r:1:novelty/x", "AWS::Elasticfilesystem::Novelty", "x", Yes);
    check("arn:aws:elasticfilesystem:r:1:novelty/x", "AWS::FSx::Novelty", "x", No);
}

#[test]
fn another_partition_is_another_bucket() {
    for (reference, expected) in [
        ("arn:aws-cn:s3:::logs", No),
        ("bucket/arn:aws-cn:s3:::logs", No),
        ("arn:aws:s3:::logs", Yes),
        ("s3://logs", Yes),
    ] {
        check(reference, "AWS::S3::Bucket", "arn:aws:s3:::logs", expected);
        check(reference, "AWS::S3::Bucket", "logs", Yes);
        let within = if expected == Yes { ObjectOf } else { No };
        check(reference, "AWS::S3::Object", "arn:aws:s3:::logs/a", within);
        check(reference, "AWS::S3::Object", "logs/a", ObjectOf);
    }
    check("arn:aws-cn:s3:::logs/a", "AWS::S3::Object", "arn:aws:s3:::logs/a", No);
    check("arn:aws-cn:s3:::logs/*", "AWS::S3::Object", "logs/a", Yes);
}

#[test]
fn rules_of_other_buses_are_other_rules() {
    let kind = "AWS::Events::Rule";
    let arn = |tail: &str| format!("arn:aws:events:r:123456789012:{tail}");
    let mut custom_by_arn = Resource::new(kind, "r1");
    custom_by_arn.also(&arn("rule/custom/r1"));
    let mut default_by_both = Resource::new(kind, "r1");
    default_by_both.also(&arn("rule/r1"));
    let custom = [
        Resource::joined(kind, &["custom", "r1"]),
        Resource::joined(kind, &[&arn("event-bus/custom"), "r1"]),
        Resource::new(kind, &arn("rule/custom/r1")),
        custom_by_arn,
    ];
    // A call without a bus means the default one.
    let default = [
        Resource::joined(kind, &["default", "r1"]),
        Resource::joined(kind, &[&arn("event-bus/default"), "r1"]),
        Resource::new(kind, "r1"),
        Resource::new(kind, &arn("rule/r1")),
        default_by_both,
    ];
    for (reference, of_custom, of_default) in [
        ("r1", Yes, Yes),
        ("rule/r1", Yes, Yes),
        ("rule/custom/r1", Yes, No),
        ("AWS::Events::Rule/custom/r1", Yes, No),
        (&arn("rule/custom/r1"), Yes, No),
        ("rule/default/r1", No, Yes),
        (&arn("rule/r1"), No, Yes),
        ("rule/other/r1", No, No),
        (&arn("rule/other/r1"), No, No),
        ("rule/custom/r2", No, No),
        ("rule/custom", No, No),
        ("rule/default", No, No),
    ] {
        let reference = Reference::parse(reference).unwrap();
        for (rules, expected) in [(&custom[..], of_custom), (&default[..], of_default)] {
            for rule in rules {
                assert_eq!(reference.matches(rule), expected, "`{}` and {rule:?}", reference.text());
            }
        }
    }
    let partner = Resource::joined(kind, &["aws.partner/example.com/1", "r1"]);
    for (reference, expected) in
        [(arn("rule/aws.partner/example.com/1/r1"), Yes), ("rule/r1".to_owned(), Yes), (arn("rule/r1"), No)]
    {
        assert_eq!(Reference::parse(&reference).unwrap().matches(&partner), expected, "{reference}");
    }
}

#[test]
fn objects_without_a_key_are_all_of_the_bucket() {
    let objects = Resource::joined("AWS::S3::Object", &["b15", ""]);
    assert_eq!((&*objects.id, objects.name.as_deref()), ("b15/", None));
    for (reference, expected) in [
        ("s3://b15/", Yes),
        ("arn:aws:s3:::b15/*", Yes),
        ("s3://b15/a/", No),
        ("s3://b15/k", No),
        ("bucket/b15", ObjectOf),
        ("s3://b15", ObjectOf),
        ("b15", ObjectOf),
        ("s3://b1/", No),
        ("b1", No),
    ] {
        let reference = Reference::parse(reference).unwrap();
        assert_eq!(reference.matches(&objects), expected, "{}", reference.text());
        if expected != No {
            assert_eq!(reference.literals(), ["b15"], "{}", reference.text());
        }
    }
}

#[test]
fn sources_of_copies_are_objects() {
    for (value, reference) in [
        ("/b1/k", "s3://b1/k"),
        ("%2Fb7%2Fk", "s3://b7/k"),
        ("b2/k?versionId=1", "s3://b2/k"),
        ("b3/a%20b", "s3://b3/a b"),
        ("b3/%C3%A9", "s3://b3/é"),
    ] {
        check(reference, "AWS::S3::Object", value, Yes);
        let again = Resource::new("AWS::S3::Object", value);
        assert_eq!(Resource::new("AWS::S3::Object", &again.id), again, "{value}");
    }
    // Where no copy is meant, these are part of the key.
    for key in ["a%20b", "k?versionId=1", "/k"] {
        let object = Resource::joined("AWS::S3::Object", &["b", key]);
        assert_eq!(object.id, format!("b/{key}"));
    }
}

#[test]
fn further_ids_that_tell_their_type() {
    let mut instance = Resource::new("AWS::RDS::DBInstance", "prod");
    instance.also("arn:aws:rds:r:123456789012:db:prod");
    instance.also("db-PDUCDGLRGDVGNFIUKF4FRJGEGY");
    for (reference, expected) in [
        ("db-PDUCDGLRGDVGNFIUKF4FRJGEGY", Yes),
        ("db/db-PDUCDGLRGDVGNFIUKF4FRJGEGY", Yes),
        ("db/prod", Yes),
        ("prod", Yes),
        ("db-PDUCDGLRGDVGNFIUKF4FRJGEGX", No),
    ] {
        assert_eq!(Reference::parse(reference).unwrap().matches(&instance), expected, "{reference}");
    }
    let mut cluster = Resource::new("AWS::RDS::DBCluster", "main");
    cluster.also("cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    assert_eq!((&*cluster.id, &cluster.name), ("main", &None));
    let reference = Reference::parse("cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ").unwrap();
    assert_eq!(reference.matches(&cluster), Yes);
    check(
        "db-PDUCDGLRGDVGNFIUKF4FRJGEGY",
        "AWS::RDS::DBInstanceAutomatedBackup",
        "db-PDUCDGLRGDVGNFIUKF4FRJGEGY",
        Yes,
    );

    let key = Resource::joined("AWS::IAM::SSHPublicKey", &["alice", "APKAEIBAERJR2EXAMPLE"]);
    assert_eq!(Reference::parse("APKAEIBAERJR2EXAMPLE").unwrap().matches(&key), Yes);
}

#[test]
fn a_session_stands_for_its_role() {
    let role = "AWS::IAM::Role";
    for reference in ["AROAEXAMPLE:bob", "AROAEXAMPLE", "role/AROAEXAMPLE", "role/AROAEXAMPLE:bob"] {
        check(reference, role, "AROAEXAMPLE:bob", Yes);
        check(reference, role, "AROAEXAMPLE", Yes);
        check(reference, role, "AROAEXAMPLE2:bob", No);
        check(reference, role, "bob", No);
    }
    let mut named = Resource::new(role, "deploy");
    named.also("AROAIOSFODNN7EXAMPLE");
    let session = Reference::parse("AROAIOSFODNN7EXAMPLE:i-0a1b2c3d").unwrap();
    assert_eq!(session.matches(&named), Yes);
    assert_eq!(session.literals(), ["AROAIOSFODNN7EXAMPLE"]);
    let from_id = Resource::from_id("AROAIOSFODNN7EXAMPLE:bob").unwrap();
    assert_eq!((&*from_id.kind, &*from_id.id), (role, "AROAIOSFODNN7EXAMPLE"));
}

#[test]
fn joined_names_answer_to_the_name_to_all_parts_and_to_the_arn() {
    for (kind, parts, references) in [
        (
            "AWS::AppMesh::Route",
            &["m", "r", "to-x"][..],
            &[
                "to-x",
                "AWS::AppMesh::Route/to-x",
                "AWS::AppMesh::Route/m/r/to-x",
                "arn:aws:appmesh:r:1:mesh/m/virtualRouter/r/route/to-x",
            ][..],
        ),
        (
            "AWS::AppSync::Resolver",
            &["api", "Query", "getPost"],
            &[
                "resolver/getPost",
                "resolver/api/Query/getPost",
                "arn:aws:appsync:r:1:apis/api/types/Query/resolvers/getPost",
            ],
        ),
        (
            "AWS::Lambda::LayerVersion",
            &["l", "3"],
            &["layer/l", "layer/l:3", "l", "arn:aws:lambda:r:1:layer:l:3"],
        ),
        (
            "AWS::Lambda::LayerVersion",
            &["arn:aws:lambda:r:1:layer:l", "3"],
            &["layer/l", "layer/l:3", "arn:aws:lambda:r:1:layer:l:3"],
        ),
        (
            "AWS::RDS::CustomDBEngineVersion",
            &["custom-oracle-ee", "19.my_cev"],
            &[
                "custom-db-engine-version/19.my_cev",
                "AWS::RDS::CustomDBEngineVersion/custom-oracle-ee/19.my_cev",
                "arn:aws:rds:r:1:cev:custom-oracle-ee/19.my_cev/0-1",
            ],
        ),
        (
            "AWS::CodePipeline::CustomActionType",
            &["Build", "Jenkins", "1"],
            &["arn:aws:codepipeline:r:1:actiontype:Custom/Build/Jenkins/1"],
        ),
        ("AWS::ECR::Image", &["team/app", "v1"], &["ecr-image/v1", "ecr-image/team/app/v1"]),
        (
            "AWS::SageMaker::App",
            &["d-1", "jane", "JupyterServer", "default"],
            &["AWS::SageMaker::App/default", "arn:aws:sagemaker:r:1:app/d-1/jane/jupyterserver/default"],
        ),
        (
            "AWS::ServiceQuotas::Quota",
            &["ec2", "L-1216C47A"],
            &["quota/L-1216C47A", "quota/ec2/L-1216C47A", "arn:aws:servicequotas:r:1:ec2/L-1216C47A"],
        ),
    ] {
        let resource = Resource::joined(kind, parts);
        for reference in references {
            let found = Reference::parse(reference).unwrap().matches(&resource);
            assert_eq!(found, Yes, "`{reference}` and {resource:?}");
        }
        let another = Reference::parse(&format!("{kind}/another")).unwrap();
        assert_eq!(another.matches(&resource), No, "{resource:?}");
    }
}

#[test]
fn settings_of_an_account_are_found_by_its_number() {
    let settings = all_types().iter().filter(|row| {
        row.name.ends_with("::AccountSettings")
            || [
                "AWS::ApiGateway::Account",
                "AWS::ECR::Registry",
                "AWS::Glue::DataCatalog",
                "AWS::LakeFormation::DataLakeSettings",
                "AWS::Shield::DRTAccess",
                "AWS::Shield::Subscription",
            ]
            .contains(&row.name)
    });
    for row in settings {
        check("account/123456789012", row.name, "123456789012", Yes);
        check("123456789012", row.name, "123456789012", Yes);
        check("account/210987654321", row.name, "123456789012", No);
    }
}

#[test]
fn other_spellings_lead_to_the_one_row() {
    for (spelling, kind) in [
        ("AWS::CloudHSM::Cluster", "AWS::CloudHSMV2::Cluster"),
        ("AWS::EC2::ReservedInstances", "AWS::EC2::ReservedInstance"),
        ("AWS::OpenSearchService::Domain", "AWS::OpenSearch::Domain"),
        ("AWS::S3::BatchJob", "AWS::S3::BatchOperationsJob"),
        ("AWS::ServiceDiscovery::HttpNamespace", "AWS::ServiceDiscovery::Namespace"),
    ] {
        check(&format!("{spelling}/x"), kind, "x", Yes);
        assert_eq!(Resource::new(spelling, "x").kind, kind);
    }
    check("bucket/x", "AWS::Lightsail::Bucket", "x", No);
    check("lightsail-bucket/x", "AWS::Lightsail::Bucket", "x", Yes);
}

#[test]
fn every_type_answers_to_its_arn_and_its_name() {
    for row in all_types() {
        for (service, pattern) in row.arns.iter().filter(|(service, _)| *service != "s3") {
            let arn = |name: &str| match pattern {
                &"root" => "arn:aws:iam::1:root".to_owned(),
                _ => format!("arn:aws:{service}:r:1:{}{name}", pattern.replace('*', "p")),
            };
            let (one, other) = (arn("name-one"), arn("name-oneX"));
            check(&one, row.name, &one, Yes);
            check(&one, row.name, &other, if *pattern == "root" { Yes } else { No });
            let named = Resource::from_arn(&one).unwrap();
            let plain = Reference::parse(named.name.as_deref().unwrap_or(&named.id)).unwrap();
            assert_eq!(plain.matches(&Resource::new(row.name, &one)), Yes, "{one}");
        }
    }
}

proptest! {
    #[test]
    fn what_matches_holds_a_literal(
        at in 0..all_types().len(),
        name in "[A-Za-z0-9@._/:-]{1,16}",
        front in "(/|)[a-z]{0,4}",
    ) {
        let row = &all_types()[at];
        let arn = row.arns.first().map(|(service, pattern)| {
            format!("arn:aws:{service}:::{}{name}", pattern.replace('*', "p"))
        });
        let values = [Some(name.clone()), Some(format!("{front}/{name}")), arn];
        let texts = values.iter().flatten().cloned().chain([format!("{}/{name}", row.name)]);
        for reference in texts.filter_map(|text| Reference::parse(&text).ok()) {
            for value in values.iter().flatten() {
                if reference.matches(&Resource::new(row.name, value)) == No {
                    continue;
                }
                let literals = reference.literals();
                let lower = value.to_ascii_lowercase();
                let held = |literal: &String| lower.contains(&literal.to_ascii_lowercase());
                let found = literals.is_empty() || literals.iter().any(held);
                prop_assert!(found, "{} {value} {literals:?}", reference.text());
            }
        }
    }

    #[test]
    fn what_matches_a_joined_id_holds_a_literal(
        at in 0..all_types().len(),
        parent in "(/|)[A-Za-z0-9@._/-]{1,12}",
        name in "[A-Za-z0-9@._/:%-]{0,12}",
        front in "(bucket/|s3://|)",
    ) {
        let row = &all_types()[at];
        let resource = Resource::joined(row.name, &[&parent, &name]);
        let record = format!("{parent} {name}").to_ascii_lowercase();
        let texts = [
            name.clone(),
            resource.id.clone(),
            format!("{}/{}", row.name, resource.id),
            format!("{}/{name}", row.name),
            format!("{front}{parent}"),
            format!("s3://{parent}/{name}"),
        ];
        for reference in texts.iter().filter_map(|text| Reference::parse(text).ok()) {
            let literals = reference.literals();
            let held = |literal: &String| record.contains(&literal.to_ascii_lowercase());
            let found = literals.is_empty() || literals.iter().any(held);
            prop_assert!(found || reference.matches(&resource) == No, "{} {record} {literals:?}", reference.text());
        }
    }

    #[test]
    fn what_matches_an_encoded_source_holds_a_literal(
        bucket in "[a-z0-9.-]{3,12}",
        key in "[A-Za-z0-9@._/ %+?é-]{1,16}",
        everything in any::<bool>(),
    ) {
        let kept = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b) || (!everything && b"/@+".contains(&b));
        let path = format!("{bucket}/{key}");
        let value: String = path
            .bytes()
            .map(|b| if kept(b) { char::from(b).to_string() } else { format!("%{b:02X}") })
            .collect();
        let object = Resource::new("AWS::S3::Object", &value);
        prop_assert_eq!(&object.id, &path);
        for text in [format!("s3://{path}"), format!("s3://{bucket}/"), bucket.clone()] {
            let Ok(reference) = Reference::parse(&text) else { continue };
            let literals = reference.literals();
            let found = literals.is_empty()
                || literals.iter().any(|literal| value.to_ascii_lowercase().contains(&literal.to_ascii_lowercase()));
            prop_assert!(found || reference.matches(&object) == No, "{text} {value} {literals:?}");
        }
    }
}
