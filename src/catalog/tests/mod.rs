mod identifiers;

use super::*;
use crate::event::EventParser;
use crate::resource::{Match, Reference};

/// The acts of an event, as `deleted IAM::User alice`, related ones in brackets.
fn told(event: &str) -> Vec<String> {
    let tell = |act: &ResourceAction| {
        let action = serde_json::to_value(act.action).unwrap();
        let kind = act.resource.kind.trim_start_matches("AWS::");
        let failed = act.failed.as_ref().map(|code| format!(" failed: {code}")).unwrap_or_default();
        let line = format!("{} {kind} {}{failed}", action.as_str().unwrap(), act.resource.id);
        if act.relation == Relation::Related { format!("[{line}]") } else { line }
    };
    EventParser::default()
        .read(event.as_bytes(), |event| Catalog::default().acts(event).list.iter().map(tell).collect())
        .unwrap()
}

fn check(event: &str, want: &[&str]) {
    assert_eq!(told(event), want, "{event}");
}

/// An event of a service, with its other members as they are written.
fn event(source: &str, name: &str, members: &str) -> String {
    format!(r#"{{"eventSource":"{source}.amazonaws.com","eventName":"{name}",{members}}}"#)
}

/// Whether an act of the event is about what a user types.
fn finds(event: &str, reference: &str) -> bool {
    let reference = Reference::parse(reference).unwrap();
    let found = |event: &Event<'_>| {
        Catalog::default().acts(event).list.iter().any(|act| reference.matches(&act.resource) == Match::Yes)
    };
    EventParser::default().read(event.as_bytes(), found).unwrap()
}

#[test]
fn api_dates_are_not_part_of_the_name() {
    for (name, want) in [
        ("CreateFunction20150331", "CreateFunction"),
        ("UpdateFunctionCode20150331v2", "UpdateFunctionCode"),
        ("TagResource20170331v2", "TagResource"),
        ("CreateDistribution2020_05_31", "CreateDistribution"),
        ("CreateUser", "CreateUser"),
        ("GetBucketV2", "GetBucketV2"),
        ("v2", "v2"),
        ("20150331", "20150331"),
        ("", ""),
        ("Naïve20150331", "Naïve"),
    ] {
        assert_eq!(api_name(name), want);
    }
}

#[test]
fn a_call_acts_on_what_its_row_names() {
    check(
        r#"{"eventSource":"iam.amazonaws.com","eventName":"AttachRolePolicy","requestParameters":{"roleName":"r","policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}}"#,
        &["changed IAM::Role r", "[changed IAM::Policy AdministratorAccess]"],
    );
    check(
        r#"{"eventSource":"ec2.amazonaws.com","eventName":"TerminateInstances","requestParameters":{"instancesSet":{"items":[{"instanceId":"i-05c30218156bcc246"},{"instanceId":"i-0dbc91f429e48eeed"}]}}}"#,
        &["deleted EC2::Instance i-05c30218156bcc246", "deleted EC2::Instance i-0dbc91f429e48eeed"],
    );
    check(
        r#"{"eventSource":"ec2.amazonaws.com","eventName":"DeleteFlowLogs","requestParameters":{"DeleteFlowLogsRequest":{"FlowLogId":{"tag":1,"content":"fl-064ed3a785e4a37ef"}}}}"#,
        &["deleted EC2::FlowLog fl-064ed3a785e4a37ef"],
    );
    check(
        r#"{"eventSource":"lambda.amazonaws.com","eventName":"DeleteFunction20150331","requestParameters":{"functionName":"f","qualifier":"3"}}"#,
        &["changed Lambda::Function f", "deleted Lambda::Version f:3"],
    );
    check(
        r#"{"eventSource":"lambda.amazonaws.com","eventName":"DeleteFunction20150331","requestParameters":{"functionName":"f"}}"#,
        &["deleted Lambda::Function f"],
    );
    check(
        &event(
            "kinesis",
            "UpdateMaxRecordSize",
            r#""requestParameters":{"streamARN":"arn:aws:kinesis:us-east-1:111122223333:stream/s","maxRecordSizeInKiB":10240}"#,
        ),
        &["changed Kinesis::Stream s"],
    );
}

#[test]
fn an_object_is_not_its_bucket() {
    check(
        r#"{"eventSource":"s3.amazonaws.com","eventName":"DeleteObject","requestParameters":{"bucketName":"b","key":"a/k"},
            "resources":[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::b/a/k"},{"type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::b","accountId":"1"}]}"#,
        &["deleted S3::Object b/a/k"],
    );
}

#[test]
fn what_is_only_mentioned_is_not_acted_on() {
    check(
        r#"{"eventSource":"iam.amazonaws.com","eventName":"PutUserPolicy","requestParameters":{"userName":"u","policyName":"p",
            "policyDocument":"{\"Statement\":[{\"Resource\":\"arn:aws:s3:::victim\"}]}"}}"#,
        &["changed IAM::User u", "changed IAM::UserPolicy u/p"],
    );
    check(
        r#"{"eventSource":"s3.amazonaws.com","eventName":"PutBucketPolicy","requestParameters":{"bucketName":"b",
            "bucketPolicy":{"Statement":[{"Resource":"arn:aws:s3:::victim/*","Principal":{"AWS":"arn:aws:iam::1:user/alice"}}]}}}"#,
        &["changed S3::Bucket b"],
    );
}

#[test]
fn the_records_own_list_names_and_completes() {
    check(
        r#"{"eventSource":"kms.amazonaws.com","eventName":"Decrypt","requestParameters":null,
            "resources":[{"ARN":"arn:aws:kms:us-east-1:111122223333:key/85b4ab0e-eee7-4450-adba-82137e39764c"}]}"#,
        &["read KMS::Key 85b4ab0e-eee7-4450-adba-82137e39764c"],
    );
    let event = r#"{"eventSource":"s3.amazonaws.com","eventName":"DeleteBucket","requestParameters":{"bucketName":"b"},
        "resources":[{"type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::b","accountId":"1"}]}"#;
    check(event, &["deleted S3::Bucket b"]);
    let arn = EventParser::default()
        .read(event.as_bytes(), |event| Catalog::default().acts(event).list[0].resource.arn.clone());
    assert_eq!(arn.unwrap().as_deref(), Some("arn:aws:s3:::b"));
}

#[test]
fn a_denied_call_is_about_what_its_message_names() {
    for (message, want) in [
        (
            "User: arn:aws:iam::1:user/m is not authorized to perform: iam:DeleteUser on resource: user alice because no policy",
            "deleted IAM::User alice",
        ),
        (
            "User: x is not authorized to perform: iam:DeleteUser on resource: arn:aws:iam::111122223333:user/p/alice with an explicit deny",
            "deleted IAM::User alice",
        ),
    ] {
        check(
            &format!(
                r#"{{"eventSource":"iam.amazonaws.com","eventName":"DeleteUser","requestParameters":null,"errorCode":"AccessDenied","errorMessage":"{message}"}}"#
            ),
            &[want],
        );
    }
    check(
        r#"{"eventSource":"iam.amazonaws.com","eventName":"DeleteUser","errorMessage":"on resource: "}"#,
        &[],
    );
}

#[test]
fn calls_without_a_row_are_judged_by_their_name() {
    let event = |name: &str, read_only: &str, parameters: &str| {
        format!(
            r#"{{"eventSource":"newthing.amazonaws.com","eventName":"{name}","readOnly":{read_only},"requestParameters":{parameters}}}"#
        )
    };
    check(&event("DeleteWidget", "false", r#"{"widgetName":"w"}"#), &["deleted Newthing::Widget w"]);
    check(&event("DeleteWidget", "false", r#"{"name":"w"}"#), &["deleted Newthing::Widget w"]);
    check(&event("DeleteWidgetPolicy", "false", r#"{"widgetName":"w"}"#), &["changed Newthing::Widget w"]);
    check(
        &event("CreateWidget", "false", r#"{"widgetName":"w","roleArn":"arn:aws:iam::111122223333:role/r"}"#),
        &["created Newthing::Widget w", "[created IAM::Role r]"],
    );
    check(&event("GetWidget", "true", r#"{"widgetId":"w"}"#), &["read Newthing::Widget w"]);
    check(
        &event("DeleteWidgets", "false", r#"{"widgetNames":["a","b"]}"#),
        &["deleted Newthing::Widget a", "deleted Newthing::Widget b"],
    );
    check(&event("EnableWidget", "false", "null"), &[]);
}

#[test]
fn the_events_own_word_decides_between_reading_and_writing() {
    for (name, read_only, want) in [
        ("GetThing", None, Action::Read),
        ("GetThing", Some(false), Action::Changed),
        ("CreateThing", Some(true), Action::Read),
        ("CreateThing", None, Action::Created),
        ("TerminateThing", Some(false), Action::Deleted),
        ("Getaway", None, Action::Changed),
        ("PutThing", None, Action::Changed),
    ] {
        assert_eq!(
            Catalog::default().action_of("newthing.amazonaws.com", name, read_only),
            want,
            "{name} {read_only:?}"
        );
    }
}

#[test]
fn a_call_that_names_no_object_is_about_all_of_the_bucket() {
    let call = event(
        "s3",
        "DeleteObjects",
        r#""requestParameters":{"bucketName":"b15","delete":""},"resources":[{"type":"AWS::S3::Object","ARNPrefix":"arn:aws:s3:::b15/"},{"type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::b15"}]"#,
    );
    check(&call, &["deleted S3::Object b15/"]);
    assert!(finds(&call, "s3://b15/") && !finds(&call, "s3://b15/k") && !finds(&call, "s3://b1/"));
}

#[test]
fn the_source_of_a_copy_is_read_as_s3_does() {
    for (source, id) in [
        ("b2/k", "b2/k"),
        ("/b1/k", "b1/k"),
        ("%2Fb7%2Fk", "b7/k"),
        ("b2/k?versionId=1", "b2/k"),
        ("b3/a%20b", "b3/a b"),
        ("b3/100%", "b3/100%"),
        ("b3/%e2%82%ac", "b3/€"),
    ] {
        let members =
            format!(r#""requestParameters":{{"bucketName":"b","key":"k","x-amz-copy-source":"{source}"}}"#);
        check(
            &event("s3", "CopyObject", &members),
            &["created S3::Object b/k", &format!("read S3::Object {id}")],
        );
    }
}

#[test]
fn targets_of_systems_manager_are_its_instances() {
    let i = "i-0a1b2c3d4e5f60718";
    let changed = format!("changed EC2::Instance {i}");
    let members = format!(r#""requestParameters":{{"targets":[{{"key":"InstanceIds","values":["{i}"]}}]}}"#);
    for call in ["SendCommand", "StartAutomationExecution", "CreateAssociation"] {
        check(&event("ssm", call, &members), &[&changed]);
    }
    check(
        &event(
            "ssm",
            "SendCommand",
            r#""requestParameters":{"targets":[{"key":"tag:Name","values":["web"]}]}"#,
        ),
        &[],
    );
    check(
        &event("ssm", "SendCommand", r#""requestParameters":{"instanceIds":["mi-0a1b2c3d4e5f60718"]}"#),
        &["changed SSM::ManagedInstance mi-0a1b2c3d4e5f60718"],
    );
    let members =
        format!(r#""requestParameters":{{"parameters":{{"InstanceId":["{i}"]}},"documentName":"d"}}"#);
    check(&event("ssm", "StartAutomationExecution", &members), &["read SSM::Document d", &changed]);
}

#[test]
fn the_record_tells_whether_a_parameter_was_new() {
    for (members, want) in [
        (r#""requestParameters":{"name":"p","overwrite":true},"responseElements":{"version":1}"#, "created"),
        (r#""requestParameters":{"name":"p","overwrite":true},"responseElements":{"version":12}"#, "changed"),
        (r#""requestParameters":{"name":"p"}"#, "created"),
        (r#""requestParameters":{"name":"p","overwrite":true}"#, "changed"),
    ] {
        check(&event("ssm", "PutParameter", members), &[&format!("{want} SSM::Parameter p")]);
    }
    for (kind, id) in [("Parameter", "db"), ("Document", "d"), ("MaintenanceWindow", "mw-1")] {
        let members = format!(r#""requestParameters":{{"resourceType":"{kind}","resourceId":"{id}"}}"#);
        check(&event("ssm", "AddTagsToResource", &members), &[&format!("changed SSM::{kind} {id}")]);
    }
}

#[test]
fn a_refusal_names_its_target_in_several_ways() {
    let refused = |source: &str, name: &str, operation: &str, target: &str| {
        let message = format!(
            "User: x is not authorized to perform: {operation} on resource: {target} because no policy"
        );
        event(
            source,
            name,
            &format!(r#""errorCode":"AccessDenied","errorMessage":{}"#, serde_json::json!(message)),
        )
    };
    for (source, name, operation, target, want) in [
        ("s3", "PutBucketPolicy", "s3:PutBucketPolicy", "\"arn:aws:s3:::b4\"", "changed S3::Bucket b4"),
        (
            "secretsmanager",
            "GetSecretValue",
            "secretsmanager:GetSecretValue",
            "prod/db",
            "read SecretsManager::Secret prod/db",
        ),
        (
            "lambda",
            "Invoke20150331",
            "lambda:InvokeFunction",
            "arn:aws:lambda:r:1:function:f",
            "read Lambda::Function f",
        ),
        ("ec2", "RunInstances", "iam:PassRole", "arn:aws:iam::111122223333:role/X", "[created IAM::Role X]"),
        ("ec2", "RunInstances", "ec2:RunInstances", "arn:aws:ec2:r:1:instance/*", "created EC2::Instance *"),
        ("kms", "DeleteAlias", "kms:DeleteAlias", "arn:aws:kms:r:1:key/K", "[deleted KMS::Key K]"),
        (
            "newthing",
            "DeleteWidget",
            "newthing:DeleteWidget",
            "arn:aws:newthing:r:1:widget/w",
            "deleted Newthing::Widget w",
        ),
        (
            "ssm",
            "AddTagsToResource",
            "ssm:AddTagsToResource",
            "arn:aws:ssm:r:1:parameter/p",
            "changed SSM::Parameter p",
        ),
        ("newthing", "DeleteWidget", "kms:Decrypt", "arn:aws:kms:r:1:key/K", "[deleted KMS::Key K]"),
    ] {
        check(&refused(source, name, operation, target), &[want]);
    }
    // The right to pass a role on has no bare name that could be an instance.
    check(&refused("ec2", "TerminateInstances", "iam:PassRole", "X"), &[]);
}

#[test]
fn a_rule_is_of_its_bus() {
    for (members, id) in [
        (r#""requestParameters":{"name":"r","eventBusName":"bus"}"#, "bus/r"),
        (r#""requestParameters":{"name":"r","eventBusName":"arn:aws:events:r:1:event-bus/bus"}"#, "bus/r"),
        (r#""requestParameters":{"name":"r","eventBusName":"default"}"#, "r"),
        (r#""requestParameters":{"name":"r"}"#, "r"),
    ] {
        check(&event("events", "DeleteRule", members), &[&format!("deleted Events::Rule {id}")]);
        let members = members.replace("\"name\"", "\"rule\"");
        check(&event("events", "RemoveTargets", &members), &[&format!("changed Events::Rule {id}")]);
    }
    let call = event("events", "DeleteRule", r#""requestParameters":{"name":"r","eventBusName":"bus"}"#);
    assert!(finds(&call, "arn:aws:events:r:1:rule/bus/r") && !finds(&call, "arn:aws:events:r:1:rule/b/r"));
}

#[test]
fn what_the_response_lists_as_failed_was_not_done() {
    check(
        &event(
            "ec2",
            "DeleteFlowLogs",
            r#""requestParameters":{"DeleteFlowLogsRequest":{"FlowLogId":[{"tag":1,"content":"fl-0a1b2c3d"},{"tag":2,"content":"fl-0a1b2c3e"}]}},
                "responseElements":{"DeleteFlowLogsResponse":{"unsuccessful":{"item":{"error":{"code":"InvalidFlowLogId.NotFound","message":"m"},"resourceId":"fl-0a1b2c3e"}}}}"#,
        ),
        &[
            "deleted EC2::FlowLog fl-0a1b2c3d",
            "deleted EC2::FlowLog fl-0a1b2c3e failed: InvalidFlowLogId.NotFound",
        ],
    );
    check(
        &event(
            "ssm",
            "DeleteParameters",
            r#""requestParameters":{"names":["a","b"]},"responseElements":{"deletedParameters":["a"],"invalidParameters":["b"]}"#,
        ),
        &["deleted SSM::Parameter a", "deleted SSM::Parameter b failed: Failed"],
    );
    let targets = |count: &str| {
        event(
            "events",
            "RemoveTargets",
            &format!(
                r#""requestParameters":{{"rule":"r","ids":["r"{count}]}},
                    "responseElements":{{"failedEntryCount":1,"failedEntries":[{{"targetId":"r","errorCode":"E"}}]}}"#
            ),
        )
    };
    check(&targets(""), &["changed Events::Rule r failed: E"]);
    check(&targets(r#","2""#), &["changed Events::Rule r"]);
    // Of calls that change one resource by parts, all have to fail.
    for (service, call, request, response, kind) in [
        (
            "guardduty",
            "DisassociateMembers",
            r#""detectorId":"12abc34d567e8fa901bc2d34e56789f0","accountIds":["111111111111","222222222222"]"#,
            r#"{"unprocessedAccounts":[{"accountId":"111111111111","result":"no member"}]}"#,
            "changed GuardDuty::Detector 12abc34d567e8fa901bc2d34e56789f0",
        ),
        (
            "kafka",
            "BatchAssociateScramSecret",
            r#""clusterArn":"arn:aws:kafka:eu-west-1:111122223333:cluster/c/u","secretArnList":["s1","s2"]"#,
            r#"{"unprocessedScramSecrets":[{"secretArn":"s1","errorCode":"E","errorMessage":"m"}]}"#,
            "changed MSK::Cluster",
        ),
    ] {
        let half = event(
            service,
            call,
            &format!(r#""requestParameters":{{{request}}},"responseElements":{response}"#),
        );
        let one = request.rsplit_once(',').unwrap().0.to_owned() + "]";
        let all =
            event(service, call, &format!(r#""requestParameters":{{{one}}},"responseElements":{response}"#));
        let failed = |event: &str| told(event)[0].contains("failed:");
        assert!(told(&half)[0].starts_with(kind), "{:?}", told(&half));
        assert!(!failed(&half) && failed(&all), "{call}: {:?} {:?}", told(&half), told(&all));
    }
    check(
        &event(
            "glue",
            "BatchDeleteTable",
            r#""requestParameters":{"databaseName":"d","tablesToDelete":["a","b"]},
                "responseElements":{"errors":[{"tableName":"b","errorDetail":{"errorCode":"EntityNotFoundException","errorMessage":"m"}}]}"#,
        ),
        &["deleted Glue::Table d/a", "deleted Glue::Table d/b failed: EntityNotFoundException"],
    );
}

#[test]
fn a_recovery_point_is_a_snapshot_too() {
    let members =
        |arn: &str| format!(r#""requestParameters":{{"backupVaultName":"v","recoveryPointArn":"{arn}"}}"#);
    let call =
        event("backup", "DeleteRecoveryPoint", &members("arn:aws:ec2:eu-west-1::snapshot/snap-0a1b2c3d"));
    assert!(told(&call).contains(&"deleted EC2::Snapshot snap-0a1b2c3d".to_owned()), "{:?}", told(&call));
    check(
        &event("backup", "DeleteRecoveryPoint", &members("arn:aws:backup:r:1:recovery-point:u")),
        &["deleted Backup::RecoveryPoint u", "changed Backup::BackupVault v"],
    );
}

#[test]
fn who_names_nobody_means_the_caller() {
    let by = |kind: &str, arn: &str, more: &str| {
        format!(r#""userIdentity":{{"type":"{kind}","arn":"{arn}"}}{more}"#)
    };
    let alice = |more: &str| by("IAMUser", "arn:aws:iam::111122223333:user/alice", more);
    check(&event("iam", "ChangePassword", &alice("")), &["changed IAM::User alice"]);
    check(&event("iam", "ListAccessKeys", &alice(r#","requestParameters":{}"#)), &["read IAM::User alice"]);
    check(
        &event("iam", "ListAccessKeys", &alice(r#","requestParameters":{"userName":"bob"}"#)),
        &["read IAM::User bob"],
    );
    check(
        &event("iam", "GetUser", &by("AssumedRole", "arn:aws:sts::111122223333:assumed-role/r/s", "")),
        &[],
    );
    check(
        &event(
            "iam",
            "GetUser",
            &alice(
                r#","errorCode":"AccessDenied","errorMessage":"x is not authorized to perform: iam:GetUser on resource: user bob""#,
            ),
        ),
        &["read IAM::User bob"],
    );
}

#[test]
fn a_renamed_resource_is_found_under_both_names() {
    check(
        &event("iam", "UpdateUser", r#""requestParameters":{"userName":"a","newUserName":"b"}"#),
        &["changed IAM::User a", "changed IAM::User b"],
    );
    check(
        &event(
            "rds",
            "ModifyDBInstance",
            r#""requestParameters":{"dBInstanceIdentifier":"a","newDBInstanceIdentifier":"b"},"responseElements":{"dbiResourceId":"db-ABC"}"#,
        ),
        &["changed RDS::DBInstance a", "changed RDS::DBInstance b"],
    );
}

#[test]
fn further_identifiers_of_the_response_count() {
    let call = event(
        "rds",
        "DeleteDBInstance",
        r#""requestParameters":{"dBInstanceIdentifier":"a"},"responseElements":{"dbiResourceId":"db-ABCDEFGH"}"#,
    );
    assert!(finds(&call, "db/a") && finds(&call, "db/db-ABCDEFGH"));
    let name = EventParser::default()
        .read(call.as_bytes(), |event| Catalog::default().acts(event).list[0].resource.name.clone());
    assert_eq!(name.unwrap(), None, "an id that the service chose is no name");
    let call = event(
        "ec2",
        "DeleteLaunchTemplate",
        r#""requestParameters":{"DeleteLaunchTemplateRequest":{"LaunchTemplateName":"t"}},"responseElements":{"DeleteLaunchTemplateResponse":{"launchTemplate":{"launchTemplateId":"lt-0a1b2c3d","launchTemplateName":"t"}}}"#,
    );
    check(&call, &["deleted EC2::LaunchTemplate lt-0a1b2c3d"]);
    assert!(finds(&call, "lt-0a1b2c3d") && finds(&call, "lt/t"));
    check(
        &event(
            "iam",
            "DeleteSSHPublicKey",
            r#""requestParameters":{"userName":"u","sSHPublicKeyId":"APKAEIBAERJR2EXAMPLE"}"#,
        ),
        &["changed IAM::User u", "deleted IAM::SSHPublicKey APKAEIBAERJR2EXAMPLE"],
    );
}

#[test]
fn rules_of_security_groups_have_ids_of_their_own() {
    check(
        &event(
            "ec2",
            "AuthorizeSecurityGroupIngress",
            r#""requestParameters":{"groupId":"sg-0a1b2c3d"},"responseElements":{"securityGroupRuleSet":{"items":[{"groupId":"sg-0a1b2c3d","securityGroupRuleId":"sgr-0a1b2c3d"}]}}"#,
        ),
        &["changed EC2::SecurityGroup sg-0a1b2c3d", "created EC2::SecurityGroupRule sgr-0a1b2c3d"],
    );
    for ids in [r#"{"items":[{"securityGroupRuleId":"sgr-0a1b2c3d"}]}"#, r#"["sgr-0a1b2c3d"]"#] {
        let members =
            format!(r#""requestParameters":{{"groupId":"sg-0a1b2c3d","securityGroupRuleIds":{ids}}}"#);
        check(
            &event("ec2", "RevokeSecurityGroupEgress", &members),
            &["changed EC2::SecurityGroup sg-0a1b2c3d", "deleted EC2::SecurityGroupRule sgr-0a1b2c3d"],
        );
    }
}

#[test]
fn a_replica_is_not_its_primary() {
    let id = "mrk-1234abcd12ab34cd56ef1234567890ab";
    let call = event(
        "kms",
        "ReplicateKey",
        &format!(
            r#""awsRegion":"us-east-1","recipientAccountId":"111122223333","requestParameters":{{"keyId":"{id}","replicaRegion":"eu-west-1"}},
                "responseElements":{{"replicaKeyMetadata":{{"keyId":"{id}","arn":"arn:aws:kms:eu-west-1:111122223333:key/{id}"}}}},
                "resources":[{{"ARN":"arn:aws:kms:us-east-1:111122223333:key/{id}"}}]"#
        ),
    );
    check(&call, &[&format!("created KMS::Key {id}"), &format!("read KMS::Key {id}")]);
    assert!(finds(&call, &format!("arn:aws:kms:us-east-1:111122223333:key/{id}")));
    assert!(finds(&call, &format!("arn:aws:kms:eu-west-1:111122223333:key/{id}")));
}

#[test]
fn accounts_are_acted_on_by_their_number() {
    check(
        &event("sso", "CreateAccountAssignment", r#""requestParameters":{"targetId":"111122223333"}"#),
        &["created SSO::Assignment 111122223333", "changed Organizations::Account 111122223333"],
    );
    for (target, want) in [
        ("111122223333", "changed Organizations::Account 111122223333"),
        ("ou-ab12-cd34", "changed Organizations::OrganizationalUnit ou-ab12-cd34"),
        ("r-ab12", "changed Organizations::Root r-ab12"),
    ] {
        let members = format!(r#""requestParameters":{{"policyId":"p-1","targetId":"{target}"}}"#);
        check(
            &event("organizations", "AttachPolicy", &members),
            &[want, "[changed Organizations::Policy p-1]"],
        );
    }
    check(
        &event("securityhub", "DisableSecurityHub", r#""recipientAccountId":"111122223333""#),
        &["deleted SecurityHub::Hub 111122223333", "changed Organizations::Account 111122223333"],
    );
}

#[test]
fn a_fleet_makes_instances() {
    check(
        &event(
            "ec2",
            "CreateFleet",
            r#""requestParameters":{"CreateFleetRequest":{"LaunchTemplateConfigs":{"LaunchTemplateSpecification":{"LaunchTemplateId":"lt-0a1b2c3d"},"tag":1}}},
                "responseElements":{"CreateFleetResponse":{"fleetId":"fleet-0a1b2c3d","fleetInstanceSet":{"item":{"instanceIds":{"item":["i-0a1b2c3d","i-0a1b2c3e"]}}}}}"#,
        ),
        &[
            "created EC2::EC2Fleet fleet-0a1b2c3d",
            "created EC2::Instance i-0a1b2c3d",
            "created EC2::Instance i-0a1b2c3e",
            "[created EC2::LaunchTemplate lt-0a1b2c3d]",
        ],
    );
    check(
        &event("ec2", "BidEvictedEvent", r#""serviceEventDetails":{"instanceIdSet":["i-0a1b2c3d"]}"#),
        &["changed EC2::Instance i-0a1b2c3d"],
    );
}

#[test]
fn a_part_names_its_whole() {
    check(
        &event("sns", "Unsubscribe", r#""requestParameters":{"subscriptionArn":"arn:aws:sns:r:1:t:u"}"#),
        &["deleted SNS::Subscription t/u", "changed SNS::Topic t"],
    );
    check(
        &event("cognito-idp", "AdminDeleteUser", r#""requestParameters":{"userPoolId":"p","username":"u"}"#),
        &["deleted Cognito::UserPoolUser p/u", "changed Cognito::UserPool p"],
    );
    check(
        &event(
            "s3",
            "PutBucketNotification",
            r#""requestParameters":{"bucketName":"b","NotificationConfiguration":{"QueueConfiguration":{"Queue":"arn:aws:sqs:r:1:q"},"CloudFunctionConfiguration":[{"CloudFunction":"arn:aws:lambda:r:1:function:f"}]}}"#,
        ),
        &["changed S3::Bucket b", "[changed SQS::Queue q]", "[changed Lambda::Function f]"],
    );
    let call = event(
        "lambda",
        "DeleteLayerVersion20181031",
        r#""requestParameters":{"layerName":"l","versionNumber":3}"#,
    );
    assert!(finds(&call, "layer/l"), "{:?}", told(&call));
}

#[test]
fn calls_without_a_row_find_all_identifiers() {
    let widget = event(
        "newthing",
        "CreateWidget",
        r#""requestParameters":{"name":"w4"},"responseElements":{"widget":{"arn":"arn:aws:newthing:r:1:widget/w-123","widgetId":"w-123"}}"#,
    );
    check(&widget, &["created Newthing::Widget w-123"]);
    for reference in ["w4", "w-123", "arn:aws:newthing:r:1:widget/w-123"] {
        assert!(finds(&widget, reference), "{reference}");
    }
    let list = r#""requestParameters":{"widgets":[{"widgetId":"a"},{"widgetId":"b"}]}"#;
    for name in ["DeleteWidgets", "BatchDeleteWidget", "AdminDeleteWidget"] {
        check(&event("newthing", name, list), &["deleted Newthing::Widget a", "deleted Newthing::Widget b"]);
    }
    assert_eq!(Catalog::default().action_of("newthing.amazonaws.com", "BatchGetWidget", None), Action::Read);
    check(
        &event("iam", "FrobnicateThing", r#""requestParameters":{"roleName":"r","userName":"u"}"#),
        &["[changed IAM::Role r]", "[changed IAM::User u]"],
    );
    check(
        &event("rds", "FrobnicateThing", r#""requestParameters":{"dBInstanceIdentifier":"d"}"#),
        &["[changed RDS::DBInstance d]"],
    );
    check(
        &event(
            "ec2",
            "FrobnicateThing",
            r#""requestParameters":{"FrobnicateThingRequest":{"InstanceId":"i-0a1b2c3d","GroupId":"sg-0a1b2c3d"}}"#,
        ),
        &["[changed EC2::Instance i-0a1b2c3d]", "[changed EC2::SecurityGroup sg-0a1b2c3d]"],
    );
    check(
        &event("newthing", "FrobnicateThing", r#""requestParameters":{"bucketName":"b","functionName":"f"}"#),
        &["[changed S3::Bucket b]", "[changed Lambda::Function f]"],
    );
    // What it is made from has the same noun, but is not what is made.
    check(
        &event(
            "newthing",
            "CreateWidget",
            r#""requestParameters":{"source":{"widgetId":"old"},"name":"new"}"#,
        ),
        &["created Newthing::Widget new"],
    );
    // What the ARN of another type names is not the widget.
    check(
        &event("newthing", "PutWidget", r#""requestParameters":{"name":"w","resourceArn":"arn:aws:s3:::b"}"#),
        &["changed Newthing::Widget w", "[changed S3::Bucket b]"],
    );
}

/// What is attached stays as it is: what it is attached to changes.
#[test]
fn what_is_attached_is_not_changed_by_that() {
    for (source, name, members, want) in [
        (
            "iam",
            "AttachUserPolicy",
            r#""userName":"a","policyArn":"arn:aws:iam::aws:policy/AdministratorAccess""#,
            ["changed IAM::User a", "[changed IAM::Policy AdministratorAccess]"],
        ),
        (
            "iam",
            "AddRoleToInstanceProfile",
            r#""instanceProfileName":"p","roleName":"r""#,
            ["changed IAM::InstanceProfile p", "[changed IAM::Role r]"],
        ),
        (
            "organizations",
            "AttachPolicy",
            r#""policyId":"p-1","targetId":"ou-ab12-cd34""#,
            ["changed Organizations::OrganizationalUnit ou-ab12-cd34", "[changed Organizations::Policy p-1]"],
        ),
        (
            "ec2",
            "AssociateDhcpOptions",
            r#""vpcId":"vpc-1","dhcpOptionsId":"dopt-1""#,
            ["changed EC2::VPC vpc-1", "[changed EC2::DHCPOptions dopt-1]"],
        ),
        (
            "logs",
            "AssociateKmsKey",
            r#""logGroupName":"g","kmsKeyId":"11111111-2222-4333-8444-555555555555""#,
            ["changed Logs::LogGroup g", "[changed KMS::Key 11111111-2222-4333-8444-555555555555]"],
        ),
        (
            "elasticloadbalancing",
            "RegisterTargets",
            r#""targetGroupArn":"arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/t/1","targets":[{"id":"i-0123456789abcdef0"}]"#,
            [
                "changed ElasticLoadBalancingV2::TargetGroup t/1",
                "[changed EC2::Instance i-0123456789abcdef0]",
            ],
        ),
    ] {
        let acts = told(&event(source, name, &format!(r#""requestParameters":{{{members}}}"#)));
        assert_eq!(acts.len(), 2, "{name}: {acts:?}");
        assert_eq!(acts[1], want[1], "{name}");
        assert!(
            acts[0].starts_with(want[0].split(' ').next().unwrap()) && !acts[0].starts_with('['),
            "{acts:?}"
        );
    }
}

/// A call that takes data out is one of its source and of where the data goes, whatever the service.
#[test]
fn what_takes_data_out_is_told_of_both_ends() {
    for (source, name, members, ends) in [
        (
            "logs",
            "CreateExportTask",
            r#""logGroupName":"g","destination":"evil""#,
            ["log-group/g", "bucket/evil"],
        ),
        (
            "athena",
            "StartQueryExecution",
            r#""workGroup":"w","resultConfiguration":{"outputLocation":"s3://evil/x/"}"#,
            ["AWS::Athena::WorkGroup/w", "bucket/evil"],
        ),
        (
            "rds",
            "StartExportTask",
            r#""exportTaskIdentifier":"e","sourceArn":"arn:aws:rds:us-east-1:111122223333:snapshot:s","s3BucketName":"evil""#,
            ["AWS::RDS::DBSnapshot/s", "bucket/evil"],
        ),
        (
            "ec2",
            "CreateStoreImageTask",
            r#""imageId":"ami-0123456789abcdef0","bucket":"evil""#,
            ["ami-0123456789abcdef0", "bucket/evil"],
        ),
        (
            "sagemaker",
            "CreateTransformJob",
            r#""transformJobName":"t","modelName":"m","transformOutput":{"s3OutputPath":"s3://evil"}"#,
            ["AWS::SageMaker::Model/m", "bucket/evil"],
        ),
        (
            "qldb",
            "ExportJournalToS3",
            r#""name":"l","s3ExportConfiguration":{"bucket":"evil"}"#,
            ["bucket/evil", "bucket/evil"],
        ),
        (
            "comprehend",
            "StartEntitiesDetectionJob",
            r#""inputDataConfig":{"s3Uri":"s3://ours/a"},"outputDataConfig":{"s3Uri":"s3://evil/b"}"#,
            ["bucket/ours", "bucket/evil"],
        ),
    ] {
        let call = event(source, name, &format!(r#""readOnly":false,"requestParameters":{{{members}}}"#));
        for end in ends {
            assert!(finds(&call, end), "{name} {end}: {:?}", told(&call));
        }
        let takes = |event: &Event<'_>| takes_from(event, &Catalog::default().acts(event));
        assert!(EventParser::default().read(call.as_bytes(), takes).unwrap(), "{name}");
    }
    for (source, name, members) in [
        ("s3", "GetObject", r#""readOnly":true,"requestParameters":{"bucketName":"b","key":"k"}"#),
        ("lambda", "Invoke", r#""readOnly":false,"requestParameters":{"functionName":"f"}"#),
        (
            "ec2",
            "DescribeInstances",
            r#""requestParameters":{"instancesSet":{"items":[{"instanceId":"i-1"}]}}"#,
        ),
    ] {
        let call = event(source, name, members);
        let takes = |event: &Event<'_>| takes_from(event, &Catalog::default().acts(event));
        assert!(!EventParser::default().read(call.as_bytes(), takes).unwrap(), "{name}");
    }
}
