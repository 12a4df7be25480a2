//! That the events of parts tell what they are part of, and what becomes of them when that goes.

use super::*;
use crate::event::EventParser;
use crate::resource::PartFate;
use serde_json::{Value, json};

/// A service, a call, its request and its response.
type Call = (&'static str, &'static str, Value, Value);

fn record(second: usize, (source, name, request, response): &Call) -> String {
    json!({"eventTime": format!("2024-01-01T00:00:{second:02}Z"), "eventName": name, "eventID": format!("e-{second}"),
        "eventSource": format!("{source}.amazonaws.com"), "awsRegion": "eu-west-1", "readOnly": false,
        "recipientAccountId": "111122223333",
        "userIdentity": {"type": "IAMUser", "userName": "alice", "accountId": "111122223333"},
        "requestParameters": request, "responseElements": response})
    .to_string()
}

/// What a part of a type is said to have come to.
fn end_of(kind: &str, calls: [Call; 2]) -> Option<PartFate> {
    let mut all = StepStore::default();
    for (second, call) in calls.iter().enumerate() {
        EventParser::default()
            .read(record(second, call).as_bytes(), |event| {
                all.add(extract_steps(&Catalog::default(), event, &|_| true))
            })
            .unwrap();
    }
    let found = all.fold(None).into_iter().find(|it| it.resource.kind == kind)?;
    assert_eq!(found.state.exists, Existence::Gone, "{kind}");
    Some(found.state.ended_with?.fate)
}

#[test]
fn parts_of_many_services_end_with_what_they_are_part_of() {
    let none = Value::Null;
    let arn = |service: &str, rest: &str| format!("arn:aws:{service}:eu-west-1:111122223333:{rest}");
    let cases: Vec<(&str, PartFate, [Call; 2])> = vec![
        (
            "AWS::AppSync::Resolver",
            PartFate::With,
            [
                (
                    "appsync",
                    "CreateResolver",
                    json!({"apiId": "a1", "typeName": "Query", "fieldName": "f"}),
                    none.clone(),
                ),
                ("appsync", "DeleteGraphqlApi", json!({"apiId": "a1"}), none.clone()),
            ],
        ),
        (
            "AWS::S3::AccessPoint",
            PartFate::Before,
            [
                ("s3", "CreateAccessPoint", json!({"name": "ap", "bucket": "payroll"}), none.clone()),
                ("s3", "DeleteBucket", json!({"bucketName": "payroll"}), none.clone()),
            ],
        ),
        (
            "AWS::Route53::TrafficPolicyInstance",
            PartFate::Before,
            [
                (
                    "route53",
                    "CreateTrafficPolicyInstance",
                    json!({"hostedZoneId": "Z1ABC", "name": "a.example.com"}),
                    json!({"trafficPolicyInstance": {"id": "t-1"}}),
                ),
                ("route53", "DeleteHostedZone", json!({"id": "Z1ABC"}), none.clone()),
            ],
        ),
        (
            "AWS::Route53::QueryLoggingConfig",
            PartFate::Latest,
            [
                (
                    "route53",
                    "CreateQueryLoggingConfig",
                    json!({"hostedZoneId": "Z1ABC"}),
                    json!({"queryLoggingConfig": {"id": "q-1", "hostedZoneId": "Z1ABC"}}),
                ),
                ("route53", "DeleteHostedZone", json!({"id": "/hostedzone/Z1ABC"}), none.clone()),
            ],
        ),
        (
            "AWS::EC2::TrafficMirrorSession",
            PartFate::Before,
            [
                (
                    "ec2",
                    "CreateTrafficMirrorSession",
                    json!({"trafficMirrorTargetId": "tmt-0aaaaaaaaaaaaaaa1", "trafficMirrorFilterId": "tmf-0aaaaaaaaaaaaaaa1"}),
                    json!({"trafficMirrorSession": {"trafficMirrorSessionId": "tms-0aaaaaaaaaaaaaaa1"}}),
                ),
                (
                    "ec2",
                    "DeleteTrafficMirrorFilter",
                    json!({"trafficMirrorFilterId": "tmf-0aaaaaaaaaaaaaaa1"}),
                    none.clone(),
                ),
            ],
        ),
        (
            "AWS::Logs::Delivery",
            PartFate::Before,
            [
                (
                    "logs",
                    "CreateDelivery",
                    json!({"deliverySourceName": "s"}),
                    json!({"delivery": {"id": "d1"}}),
                ),
                ("logs", "DeleteDeliverySource", json!({"name": "s"}), none.clone()),
            ],
        ),
        (
            "AWS::DirectoryService::Snapshot",
            PartFate::With,
            [
                (
                    "ds",
                    "CreateSnapshot",
                    json!({"directoryId": "d-1234567890"}),
                    json!({"snapshotId": "s-1234567890"}),
                ),
                ("ds", "DeleteDirectory", json!({"directoryId": "d-1234567890"}), none.clone()),
            ],
        ),
        (
            "AWS::DMS::ReplicationTask",
            PartFate::Before,
            [
                (
                    "dms",
                    "CreateReplicationTask",
                    json!({"replicationInstanceArn": arn("dms", "rep:R1")}),
                    json!({"replicationTask": {"replicationTaskArn": arn("dms", "task:T1")}}),
                ),
                (
                    "dms",
                    "DeleteReplicationInstance",
                    json!({"replicationInstanceArn": arn("dms", "rep:R1")}),
                    none.clone(),
                ),
            ],
        ),
        (
            "AWS::ServiceCatalog::Constraint",
            PartFate::Before,
            [
                (
                    "servicecatalog",
                    "CreateConstraint",
                    json!({"portfolioId": "port-1"}),
                    json!({"constraintDetail": {"constraintId": "cons-1"}}),
                ),
                ("servicecatalog", "DeletePortfolio", json!({"id": "port-1"}), none.clone()),
            ],
        ),
        (
            "AWS::Connect::Queue",
            PartFate::With,
            [
                (
                    "connect",
                    "CreateQueue",
                    json!({"instanceId": "11111111-2222-4333-8444-555555555555", "name": "q"}),
                    json!({"queueId": "q-1"}),
                ),
                (
                    "connect",
                    "DeleteInstance",
                    json!({"instanceId": "11111111-2222-4333-8444-555555555555"}),
                    none.clone(),
                ),
            ],
        ),
        (
            "AWS::AppMesh::Route",
            PartFate::Before,
            [
                (
                    "appmesh",
                    "CreateRoute",
                    json!({"meshName": "m", "virtualRouterName": "v", "routeName": "r"}),
                    none.clone(),
                ),
                ("appmesh", "DeleteMesh", json!({"meshName": "m"}), none.clone()),
            ],
        ),
        (
            "AWS::Route53Resolver::FirewallRuleGroupAssociation",
            PartFate::Before,
            [
                (
                    "route53resolver",
                    "AssociateFirewallRuleGroup",
                    json!({"firewallRuleGroupId": "rslvr-frg-1"}),
                    json!({"firewallRuleGroupAssociation": {"id": "rslvr-frgassoc-1"}}),
                ),
                (
                    "route53resolver",
                    "DeleteFirewallRuleGroup",
                    json!({"firewallRuleGroupId": "rslvr-frg-1"}),
                    none.clone(),
                ),
            ],
        ),
        (
            "AWS::ElasticBeanstalk::ConfigurationTemplate",
            PartFate::With,
            [
                (
                    "elasticbeanstalk",
                    "CreateConfigurationTemplate",
                    json!({"applicationName": "a", "templateName": "t"}),
                    none.clone(),
                ),
                ("elasticbeanstalk", "DeleteApplication", json!({"applicationName": "a"}), none.clone()),
            ],
        ),
    ];
    for (kind, fate, calls) in cases {
        assert_eq!(end_of(kind, calls), Some(fate), "{kind}");
    }
}
