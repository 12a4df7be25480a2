use super::*;
use crate::event::Parser;

/// The acts of an event, as `deleted IAM::User alice`, related ones in brackets.
fn told(event: &str) -> Vec<String> {
    let tell = |act: &Act| {
        let action = serde_json::to_value(act.action).unwrap();
        let kind = act.resource.kind.trim_start_matches("AWS::");
        let line = format!("{} {kind} {}", action.as_str().unwrap(), act.resource.id);
        if act.relation == Relation::Related { format!("[{line}]") } else { line }
    };
    Parser::default().read(event.as_bytes(), |event| acts(event).list.iter().map(tell).collect()).unwrap()
}

fn check(event: &str, want: &[&str]) {
    assert_eq!(told(event), want, "{event}");
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
        &["changed IAM::Role r", "changed IAM::Policy AdministratorAccess"],
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
        &["changed Lambda::Function f"],
    );
    check(
        r#"{"eventSource":"lambda.amazonaws.com","eventName":"DeleteFunction20150331","requestParameters":{"functionName":"f"}}"#,
        &["deleted Lambda::Function f"],
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
    let arn = Parser::default().read(event.as_bytes(), |event| acts(event).list[0].resource.arn.clone());
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
        assert_eq!(action_of("newthing.amazonaws.com", name, read_only), want, "{name} {read_only:?}");
    }
}
