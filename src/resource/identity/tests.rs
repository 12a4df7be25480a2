//! What values, ARNs and parts become as identities.

use super::*;
use proptest::prelude::*;

#[test]
fn values_become_ids() {
    for (kind, value, id, name) in [
        ("AWS::S3::Bucket", "Payroll", "payroll", None),
        ("AWS::S3::Object", "arn:aws:s3:::b/a/K", "b/a/K", Some("a/K")),
        ("AWS::S3::Object", "/b1/k", "b1/k", Some("k")),
        ("AWS::S3::Object", "%2Fb7%2Fk", "b7/k", Some("k")),
        ("AWS::S3::Object", "b2/k?versionId=1", "b2/k", Some("k")),
        ("AWS::S3::Object", "b3/a%20b%3Fc", "b3/a b?c", Some("a b?c")),
        ("AWS::S3::Object", "b//k?x%", "b//k?x%", Some("/k?x%")),
        (
            "AWS::S3::Object",
            "arn:aws:s3:::b/a%20b?versionId=1",
            "b/a%20b?versionId=1",
            Some("a%20b?versionId=1"),
        ),
        ("AWS::S3::Object", "arn%3Aaws%3As3%3A%3A%3Ab%2Fa%2520b", "b/a%20b", Some("a%20b")),
        ("AWS::S3::Object", "b15/", "b15/", None),
        ("AWS::IAM::Role", "AROAEXAMPLE:bob", "AROAEXAMPLE", None),
        ("AWS::RDS::DBInstance", "db-PDUCDGLRGDVGNFIUKF4FRJGEGY", "db-PDUCDGLRGDVGNFIUKF4FRJGEGY", None),
        ("AWS::Events::Rule", "default/n", "n", None),
        ("AWS::Events::Rule", "arn:aws:events:r:1:rule/n", "n", None),
        ("AWS::Events::Rule", "arn:aws:events:r:1:rule/bus/n", "bus/n", Some("n")),
        ("AWS::IAM::User", "arn:aws:iam::1:user/ops/Alice", "Alice", None),
        ("aws::iam::user", "Alice", "Alice", None),
        ("AWS::EC2::Ami", "ami-0a1b2c3d", "ami-0a1b2c3d", None),
        ("AWS::ECS::Service", "arn:aws:ecs:r:1:service/c/s", "c/s", Some("s")),
        ("AWS::RDS::DBInstance", "arn:aws:rds:r:1:db:Prod", "prod", None),
        ("AWS::Lambda::Function", "arn%3Aaws%3Alambda%3Ar%3A1%3Afunction%3Af%3A1", "f", None),
        ("AWS::SecretsManager::Secret", "arn:aws:secretsmanager:r:1:secret:s-AbCd12", "s", None),
        ("AWS::KMS::Key", "alias/x", "alias/x", Some("x")),
        ("AWS::SSM::Parameter", "arn:aws:ssm:r:1:parameter/a/b", "/a/b", None),
        ("AWS::SSM::Parameter", "/a/b", "/a/b", None),
        ("AWS::SSM::Parameter", "x", "x", None),
        ("AWS::Foo::Bar", "a/b", "a/b", None),
        ("AWS::CloudFormation::Stack", "arn:aws:cloudformation:r:1:stack/s/0-1", "s", None),
    ] {
        let resource = Resource::new(kind, value);
        assert_eq!((&*resource.id, resource.name.as_deref()), (id, name), "{kind} {value}");
    }
}

#[test]
fn arns_tell_the_type() {
    for (arn, kind, id) in [
        ("arn:aws:s3:::b", "AWS::S3::Bucket", "b"),
        ("arn:aws:s3:::b/", "AWS::S3::Bucket", "b"),
        ("arn:aws-us-gov:s3:::job/k", "AWS::S3::Object", "job/k"),
        ("arn:aws:s3:r:1:accesspoint/p", "AWS::S3::AccessPoint", "p"),
        ("arn:aws:sts::1:assumed-role/R/s", "AWS::IAM::Role", "R"),
        ("arn:aws:iam::1:root", "AWS::IAM::Root", "root"),
        ("arn:aws:sns:r:1:t", "AWS::SNS::Topic", "t"),
        ("arn:aws:sns:r:1:t:0-1", "AWS::SNS::Subscription", "t/0-1"),
        ("arn:aws:logs:r:1:log-group:g:*", "AWS::Logs::LogGroup", "g"),
        ("arn:aws:apigateway:r::/restapis/a/stages/s", "AWS::ApiGateway::Stage", "a/s"),
        ("arn:aws:apigateway:r::/restapis/a/resources/x", "AWS::ApiGateway::RestApi", "a"),
        (
            "arn:aws:elasticloadbalancing:r:1:loadbalancer/net/n/0",
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            "n",
        ),
        ("arn:aws:es:r:1:domain/d", "AWS::OpenSearch::Domain", "d"),
        ("arn:aws:new-thing:r:1:fancy-widget/w", "AWS::NewThing::FancyWidget", "w"),
        ("arn:aws:ecs:r:1:novelty/c/n", "AWS::ECS::Novelty", "c/n"),
    ] {
        let resource = Resource::from_arn(arn).unwrap();
        assert_eq!((&*resource.kind, &*resource.id), (kind, id), "{arn}");
        assert_eq!(resource.arn.as_deref(), Some(arn));
    }
    for none in ["arn:aws:s3:::*", "arn:aws:s3", "x", ""] {
        assert_eq!(Resource::from_arn(none), None, "{none}");
    }
}

#[test]
fn parts_are_joined() {
    for (kind, parts, id, name) in [
        ("AWS::S3::Object", &["b", "a/k"][..], "b/a/k", Some("a/k")),
        ("AWS::S3::Object", &["b", "arn:aws:x:::k"], "b/arn:aws:x:::k", Some("arn:aws:x:::k")),
        ("AWS::S3::Object", &["b", "/a%20b?versionId=1"], "b//a%20b?versionId=1", Some("/a%20b?versionId=1")),
        ("AWS::S3::Object", &["b15", ""], "b15/", None),
        ("AWS::Events::Rule", &["arn:aws:events:r:1:event-bus/default", "r"], "r", None),
        ("AWS::ECS::Service", &["arn:aws:ecs:r:1:cluster/c", "s"], "c/s", Some("s")),
        ("AWS::ECS::Service", &["x", "arn:aws:ecs:r:1:service/c/s"], "c/s", Some("s")),
        ("AWS::Events::Rule", &["default", "r"], "r", None),
        ("AWS::Events::Rule", &["arn:aws:events:r:1:event-bus/bus", "r"], "bus/r", Some("r")),
        ("AWS::Logs::LogStream", &["/g", "2024/1"], "/g/2024/1", Some("2024/1")),
        ("AWS::IAM::RolePolicy", &["r", "p"], "r/p", Some("p")),
        ("AWS::S3::Bucket", &["b"], "b", None),
        ("AWS::S3::Bucket", &[], "", None),
    ] {
        let resource = Resource::joined(kind, parts);
        assert_eq!((&*resource.id, resource.name.as_deref()), (id, name), "{kind} {parts:?}");
    }
}

#[test]
fn further_identifiers_fill_what_is_missing() {
    let mut group = Resource::new("AWS::EC2::SecurityGroup", "web");
    group.also("sg-0a1b2c3d");
    group.also("arn:aws:ec2:eu-west-1:123456789012:security-group/sg-0a1b2c3d");
    assert_eq!((&*group.id, group.name.as_deref()), ("sg-0a1b2c3d", Some("web")));
    assert_eq!(group.account.as_deref(), Some("123456789012"));
    assert_eq!(group.region.as_deref(), Some("eu-west-1"));
    assert!(group.arn.is_some() && group.others.is_empty());

    let mut user = Resource::new("AWS::IAM::User", "alice");
    user.also("AIDAIOSFODNN7EXAMPLE");
    assert_eq!((&*user.id, user.name.as_deref()), ("alice", None));
    assert_eq!(user.others, ["AIDAIOSFODNN7EXAMPLE"]);

    let mut instance = Resource::new("AWS::RDS::DBInstance", "Prod");
    instance.also("db-PDUCDGLRGDVGNFIUKF4FRJGEGY");
    assert_eq!((&*instance.id, instance.name.as_deref()), ("prod", None));
    assert_eq!(instance.others, ["db-PDUCDGLRGDVGNFIUKF4FRJGEGY"]);

    let mut key = Resource::new("AWS::KMS::Key", "alias/x");
    key.also("arn:aws:kms:r:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab");
    assert_eq!(key.id, "1234abcd-12ab-34cd-56ef-1234567890ab");
    assert_eq!(key.name.as_deref(), Some("alias/x"));

    let before = user.clone();
    user.also("alice");
    user.also("");
    assert_eq!(user, before);
}

#[test]
fn defaults_never_overrule_an_arn_nor_place_a_bucket() {
    let owner = |kind: &str, value: &str| {
        let mut resource = Resource::new(kind, value);
        resource.owned_by(Some("222222222222"), Some("us-east-1"));
        (resource.account, resource.region)
    };
    let told = |account: &str, region: &str| (Some(account.to_owned()), Some(region.to_owned()));
    assert_eq!(owner("AWS::EC2::VPC", "vpc-1"), told("222222222222", "us-east-1"));
    assert_eq!(
        owner("AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:111111111111:q"),
        told("111111111111", "eu-west-1")
    );
    assert_eq!(owner("AWS::IAM::User", "alice"), (Some("222222222222".to_owned()), None));
    assert_eq!(owner("AWS::S3::Bucket", "b"), (None, None));
    assert_eq!(owner("AWS::S3::Object", "b/k"), (None, None));
}

proptest! {
    #[test]
    fn no_value_breaks_it(
        value in "\\PC{0,30}",
        arn in "arn:aws:[a-z0-9]{0,6}:[a-z]{0,2}:[0-9]{0,2}:\\PC{0,20}",
    ) {
        for row in super::super::all_types() {
            Resource::new(row.name, &value).also(&arn);
            Resource::joined(row.name, &[&arn, &value]).also(&value);
        }
        let whole = Arn::parse(&arn)
            .is_some_and(|arn| arn.service != "s3" || arn.resource != "*");
        prop_assert_eq!(Resource::from_arn(&arn).is_some(), whole);
    }
}
