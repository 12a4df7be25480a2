//! What calls leave in the state that had no effects before: one test a service, of the value after the call.

use super::{fold_records, record};
use crate::timeline::{Knowledge, SettingPath};
use serde_json::{Value, json};

/// The known value of a setting after these calls, each `(service, call, request, response)`.
fn after(reference: &str, setting: &str, calls: &[(&str, &str, Value, Value)]) -> Option<Value> {
    let record = |(at, call): (usize, &(&str, &str, Value, Value))| {
        let (service, name, request, response) = call;
        let rest = json!({"requestParameters": request, "responseElements": response});
        record(&format!("12:00:{at:02}"), name, service, rest)
    };
    let records: Vec<String> = calls.iter().enumerate().map(record).collect();
    let state = fold_records(&records, reference).state;
    // Objects and sets are taken apart in the state, and whole in what is shown.
    let configuration = Value::Object(state.configuration());
    let whole = setting.split('.').try_fold(&configuration, |value, name| value.get(name));
    if let Some(whole) = whole.filter(|it| !it.is_null()) {
        return Some(whole.clone());
    }
    match &state.cell(&SettingPath::field(setting)).val {
        Knowledge::Known(value) => Some(value.clone()),
        Knowledge::Absent => Some(Value::Null),
        Knowledge::Unknown(_) => None,
    }
}

#[track_caller]
fn check(reference: &str, setting: &str, calls: &[(&str, &str, Value, Value)], want: Value) {
    assert_eq!(
        after(reference, setting, calls),
        Some(want),
        "{reference} {setting} after {}",
        calls[calls.len() - 1].1
    );
}

#[test]
fn encryption_and_logs_are_switched() {
    let started = (
        "kinesis",
        "StartStreamEncryption",
        json!({"streamName": "s", "encryptionType": "KMS", "keyId": "alias/k"}),
        Value::Null,
    );
    let stopped = (
        "kinesis",
        "StopStreamEncryption",
        json!({"streamName": "s", "encryptionType": "KMS", "keyId": "alias/k"}),
        Value::Null,
    );
    let stream = "AWS::Kinesis::Stream/s";
    check(stream, "encryptionType", std::slice::from_ref(&started), json!("KMS"));
    check(stream, "encryptionType", &[started.clone(), stopped.clone()], json!("NONE"));
    check(stream, "keyId", &[started, stopped], Value::Null);

    let arn = "arn:aws:kinesis:us-east-1:111122223333:stream/s";
    let larger = json!({"streamARN": arn, "maxRecordSizeInKiB": 10240});
    let resized = ("kinesis", "UpdateMaxRecordSize", larger, Value::Null);
    check(stream, "maxRecordSizeInKiB", &[resized], json!(10240));

    let on = (
        "redshift",
        "EnableLogging",
        json!({"clusterIdentifier": "c", "bucketName": "b"}),
        json!({"loggingEnabled": true}),
    );
    let off = ("redshift", "DisableLogging", json!({"clusterIdentifier": "c"}), Value::Null);
    check("AWS::Redshift::Cluster/c", "loggingEnabled", std::slice::from_ref(&on), json!(true));
    check("AWS::Redshift::Cluster/c", "loggingStatus.bucketName", std::slice::from_ref(&on), json!("b"));
    check("AWS::Redshift::Cluster/c", "loggingEnabled", &[on, off], json!(false));

    let config = json!([{"resources": ["secrets"], "provider": {"keyArn": "arn:aws:kms:r:1:key/k"}}]);
    let secrets = (
        "eks",
        "AssociateEncryptionConfig",
        json!({"clusterName": "c", "encryptionConfig": config}),
        Value::Null,
    );
    check("AWS::EKS::Cluster/c", "encryptionConfig", &[secrets], config);
}

#[test]
fn policies_and_associations_are_put_and_taken_away() {
    let put = (
        "ecr",
        "PutLifecyclePolicy",
        json!({"repositoryName": "r", "lifecyclePolicyText": "{\"rules\":[]}"}),
        Value::Null,
    );
    let gone = ("ecr", "DeleteLifecyclePolicy", json!({"repositoryName": "r"}), Value::Null);
    check("AWS::ECR::Repository/r", "lifecyclePolicy", &[put.clone(), gone], Value::Null);
    assert!(after("AWS::ECR::Repository/r", "lifecyclePolicy", &[put]).is_some_and(|it| !it.is_null()));

    let id = "11111111-2222-4333-8444-555555555555";
    let arn = format!("arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/acl/{id}");
    let made = (
        "wafv2",
        "CreateWebACL",
        json!({"name": "acl", "scope": "REGIONAL", "rules": []}),
        json!({"summary": {"id": id, "name": "acl", "aRN": arn}}),
    );
    let logged = (
        "wafv2",
        "PutLoggingConfiguration",
        json!({"loggingConfiguration": {"resourceArn": arn, "logDestinationConfigs": ["arn:aws:s3:::aws-waf-logs-x"]}}),
        Value::Null,
    );
    let updated = (
        "wafv2",
        "UpdateWebACL",
        json!({"name": "acl", "id": id, "scope": "REGIONAL", "rules": [], "lockToken": "t"}),
        Value::Null,
    );
    let unlogged = ("wafv2", "DeleteLoggingConfiguration", json!({"resourceArn": arn}), Value::Null);
    let acl = format!("AWS::WAFv2::WebACL/{id}");
    check(
        &acl,
        "loggingConfiguration.logDestinationConfigs",
        &[made.clone(), logged.clone(), updated],
        json!(["arn:aws:s3:::aws-waf-logs-x"]),
    );
    check(&acl, "loggingConfiguration", &[made, logged, unlogged], Value::Null);
    let balancer = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/0a";
    let on = ("wafv2", "AssociateWebACL", json!({"webACLArn": arn, "resourceArn": balancer}), Value::Null);
    let off = ("wafv2", "DisassociateWebACL", json!({"resourceArn": balancer}), Value::Null);
    check(balancer, "webACLArn", std::slice::from_ref(&on), json!(arn));
    check(balancer, "webACLArn", &[on, off], Value::Null);

    let group = |name: &str| {
        (
            "autoscaling",
            "AttachLoadBalancerTargetGroups",
            json!({"autoScalingGroupName": "g", "targetGroupARNs": [name]}),
            Value::Null,
        )
    };
    let detached = (
        "autoscaling",
        "DetachLoadBalancerTargetGroups",
        json!({"autoScalingGroupName": "g", "targetGroupARNs": ["a"]}),
        Value::Null,
    );
    let asg = "AWS::AutoScaling::AutoScalingGroup/g";
    check(asg, "targetGroupARNs.b", &[group("a"), group("b"), detached.clone()], json!("b"));
    check(asg, "targetGroupARNs.a", &[group("a"), group("b"), detached], Value::Null);
}

#[test]
fn updates_change_what_creations_set() {
    for (reference, setting, calls, want) in [
        (
            "AWS::OpenSearch::Domain/d",
            "domainEndpointOptions.enforceHTTPS",
            vec![
                (
                    "es",
                    "CreateDomain",
                    json!({"domainName": "d", "domainEndpointOptions": {"enforceHTTPS": false, "tLSSecurityPolicy": "p"}}),
                    Value::Null,
                ),
                (
                    "es",
                    "UpdateDomainConfig",
                    json!({"domainName": "d", "domainEndpointOptions": {"enforceHTTPS": true}}),
                    Value::Null,
                ),
            ],
            json!(true),
        ),
        (
            "AWS::OpenSearch::Domain/d",
            "nodeToNodeEncryptionOptions.enabled",
            vec![
                (
                    "es",
                    "UpdateDomainConfig",
                    json!({"domainName": "d", "nodeToNodeEncryptionOptions": {"enabled": true}}),
                    Value::Null,
                ),
                (
                    "es",
                    "UpdateDomainConfig",
                    json!({"domainName": "d", "dryRun": true, "nodeToNodeEncryptionOptions": {"enabled": false}}),
                    Value::Null,
                ),
            ],
            json!(true),
        ),
        (
            "AWS::ElastiCache::ReplicationGroup/g",
            "snapshotRetentionLimit",
            vec![
                (
                    "elasticache",
                    "CreateReplicationGroup",
                    json!({"replicationGroupId": "g", "snapshotRetentionLimit": 7}),
                    Value::Null,
                ),
                (
                    "elasticache",
                    "ModifyReplicationGroup",
                    json!({"replicationGroupId": "g", "snapshotRetentionLimit": 0, "applyImmediately": true}),
                    Value::Null,
                ),
            ],
            json!(0),
        ),
        (
            "AWS::ECS::Cluster/c",
            "settings",
            vec![(
                "ecs",
                "UpdateClusterSettings",
                json!({"cluster": "c", "settings": [{"name": "containerInsights", "value": "enabled"}]}),
                Value::Null,
            )],
            json!([{"name": "containerInsights", "value": "enabled"}]),
        ),
        (
            "AWS::SageMaker::NotebookInstance/n",
            "rootAccess",
            vec![
                (
                    "sagemaker",
                    "CreateNotebookInstance",
                    json!({"notebookInstanceName": "n", "rootAccess": "Disabled"}),
                    Value::Null,
                ),
                (
                    "sagemaker",
                    "UpdateNotebookInstance",
                    json!({"notebookInstanceName": "n", "rootAccess": "Enabled"}),
                    Value::Null,
                ),
            ],
            json!("Enabled"),
        ),
        (
            "AWS::Athena::WorkGroup/w",
            "configuration.resultConfiguration.encryptionConfiguration",
            vec![
                (
                    "athena",
                    "CreateWorkGroup",
                    json!({"name": "w", "configuration": {"resultConfiguration": {"encryptionConfiguration": {"encryptionOption": "SSE_S3"}}}}),
                    Value::Null,
                ),
                (
                    "athena",
                    "UpdateWorkGroup",
                    json!({"workGroup": "w", "configurationUpdates": {"resultConfigurationUpdates": {"removeEncryptionConfiguration": true}}}),
                    Value::Null,
                ),
            ],
            Value::Null,
        ),
        (
            "arn:aws:states:eu-west-1:111122223333:stateMachine:m",
            "loggingConfiguration.level",
            vec![(
                "states",
                "UpdateStateMachine",
                json!({"stateMachineArn": "arn:aws:states:eu-west-1:111122223333:stateMachine:m", "loggingConfiguration": {"level": "OFF"}}),
                Value::Null,
            )],
            json!("OFF"),
        ),
        (
            "AWS::Backup::BackupPlan/p",
            "backupPlan.backupPlanName",
            vec![(
                "backup",
                "UpdateBackupPlan",
                json!({"backupPlanId": "p", "backupPlan": {"backupPlanName": "daily", "rules": []}}),
                json!({"versionId": "v2"}),
            )],
            json!("daily"),
        ),
        (
            "arn:aws:dms:eu-west-1:111122223333:rep:R",
            "publiclyAccessible",
            vec![(
                "dms",
                "ModifyReplicationInstance",
                json!({"replicationInstanceArn": "arn:aws:dms:eu-west-1:111122223333:rep:R", "publiclyAccessible": true, "applyImmediately": true}),
                Value::Null,
            )],
            json!(true),
        ),
        (
            "AWS::EC2::TransitGateway/tgw-0a1b2c3d",
            "options.autoAcceptSharedAttachments",
            vec![(
                "ec2",
                "ModifyTransitGateway",
                json!({"ModifyTransitGatewayRequest": {"TransitGatewayId": "tgw-0a1b2c3d", "Options": {"AutoAcceptSharedAttachments": "enable"}}}),
                Value::Null,
            )],
            json!("enable"),
        ),
        (
            "i-0a1b2c3d",
            "monitoring.state",
            vec![(
                "ec2",
                "MonitorInstances",
                json!({"instancesSet": {"items": [{"instanceId": "i-0a1b2c3d"}]}}),
                Value::Null,
            )],
            json!("enabled"),
        ),
        (
            "AWS::DynamoDB::Table/t",
            "sSEDescription.sSEType",
            vec![(
                "dynamodb",
                "UpdateTable",
                json!({"tableName": "t", "sSESpecification": {"enabled": true, "sSEType": "KMS"}}),
                json!({"tableDescription": {"tableStatus": "UPDATING"}}),
            )],
            json!("KMS"),
        ),
        (
            "AWS::DynamoDB::Table/t",
            "sSEDescription",
            vec![
                (
                    "dynamodb",
                    "CreateTable",
                    json!({"tableName": "t"}),
                    json!({"tableDescription": {"tableName": "t", "sSEDescription": {"status": "ENABLED", "sSEType": "KMS"}}}),
                ),
                (
                    "dynamodb",
                    "UpdateTable",
                    json!({"tableName": "t", "sSESpecification": {"enabled": false}}),
                    Value::Null,
                ),
            ],
            Value::Null,
        ),
        (
            "bucket/b",
            "objectLock.objectLockEnabled",
            vec![(
                "s3",
                "CreateBucket",
                json!({"bucketName": "b", "x-amz-bucket-object-lock-enabled": "true"}),
                Value::Null,
            )],
            json!("Enabled"),
        ),
        (
            "AWS::Config::ConfigurationAggregator/org",
            "organizationAggregationSource.allAwsRegions",
            vec![(
                "config",
                "PutConfigurationAggregator",
                json!({"configurationAggregatorName": "org", "organizationAggregationSource": {"allAwsRegions": true}}),
                Value::Null,
            )],
            json!(true),
        ),
        (
            "AWS::Config::ConfigRule/r",
            "remediationConfiguration.targetId",
            vec![(
                "config",
                "PutRemediationConfigurations",
                json!({"remediationConfigurations": [{"configRuleName": "q", "targetId": "x"}, {"configRuleName": "r", "targetId": "AWS-Disable"}]}),
                Value::Null,
            )],
            json!("AWS-Disable"),
        ),
        (
            "AWS::Config::ConformancePack/pci",
            "conformancePackName",
            vec![(
                "config",
                "PutConformancePack",
                json!({"conformancePackName": "pci", "templateS3Uri": "s3://b/t"}),
                Value::Null,
            )],
            json!("pci"),
        ),
        (
            "AWS::Config::OrganizationConfigRule/o",
            "organizationConfigRuleName",
            vec![(
                "config",
                "PutOrganizationConfigRule",
                json!({"organizationConfigRuleName": "o"}),
                Value::Null,
            )],
            json!("o"),
        ),
    ] {
        check(reference, setting, &calls, want);
    }
}

#[test]
fn a_stage_is_made_and_patched() {
    let made = (
        "apigateway",
        "CreateStage",
        json!({"restApiId": "a1", "createStageInput": {"stageName": "prod", "tracingEnabled": true, "cacheClusterEnabled": false}}),
        Value::Null,
    );
    let patched = (
        "apigateway",
        "UpdateStage",
        json!({"restApiId": "a1", "stageName": "prod", "updateStageInput": {"patchOperations": [
            {"op": "replace", "path": "/cacheClusterEnabled", "value": "true"},
            {"op": "replace", "path": "/*/*/caching/dataEncrypted", "value": "true"},
        ]}}),
        Value::Null,
    );
    let stage = "AWS::ApiGateway::Stage/a1/prod";
    check(stage, "tracingEnabled", &[made.clone(), patched.clone()], json!(true));
    check(stage, "cacheClusterEnabled", &[made.clone(), patched.clone()], json!(true));
    let records = [made, patched];
    let cell = after(stage, "methodSettings", &records);
    assert_eq!(cell, Some(json!({"*/*": {"cacheDataEncrypted": true}})));
}

#[test]
fn rules_of_listeners_and_the_key_of_root() {
    let listener = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/web/0a/0b";
    let rule = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener-rule/app/web/0a/0b/0c";
    let rules = |to: &str| json!({"rules": [{"ruleArn": rule, "priority": "1", "actions": [{"type": to}]}]});
    let calls = [
        ("elasticloadbalancing", "CreateRule", json!({"listenerArn": listener}), rules("forward")),
        ("elasticloadbalancing", "ModifyRule", json!({"ruleArn": rule}), rules("redirect")),
    ];
    check(rule, "actions", &calls, json!([{"type": "redirect"}]));
    let certificate = "arn:aws:acm:eu-west-1:111122223333:certificate/c";
    let added = (
        "elasticloadbalancing",
        "AddListenerCertificates",
        json!({"listenerArn": listener, "certificates": [{"certificateArn": certificate}]}),
        Value::Null,
    );
    assert_eq!(after(listener, "additionalCertificates", &[added]), Some(json!([certificate])));

    let own = record(
        "12:00:00",
        "CreateAccessKey",
        "iam",
        json!({"userIdentity": {"type": "Root", "accountId": "111122223333"}, "requestParameters": null, "responseElements": {"accessKey": {"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "status": "Active"}}}),
    );
    let owner = fold_records(&[own], "AKIAIOSFODNN7EXAMPLE").state.configuration();
    assert_eq!(owner.get("userName"), Some(&json!("<root_account>")), "{owner:?}");
}
