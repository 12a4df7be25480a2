//! What records withhold is unknown, never absent and never "as it was".

use crate::world::World;
use serde_json::Value;

fn record(time: &str, source: &str, name: &str, request: &str, response: &str) -> String {
    format!(
        r#"{{"eventVersion":"1.08","userIdentity":{{"type":"IAMUser","principalId":"A","arn":"arn:aws:iam::111122223333:user/eve","accountId":"111122223333","userName":"eve"}},"eventTime":"{time}","eventSource":"{source}.amazonaws.com","eventName":"{name}","awsRegion":"us-east-1","requestParameters":{request},"responseElements":{response},"eventID":"{time}","readOnly":false,"eventType":"AwsApiCall","recipientAccountId":"111122223333"}}"#
    )
}

fn world(records: &[String]) -> World {
    World::empty().file("log.json", format!(r#"{{"Records":[{}]}}"#, records.join(",")))
}

/// The changes of a timeline, a line each: time, call, path, before, after.
fn changes(world: &World, reference: &str) -> Vec<String> {
    let reply = world.run(&format!("timeline {reference} log.json --json"));
    let text = |value: &Value| value.to_string().replace('"', "");
    let mut lines = Vec::new();
    for row in reply.json()["answer"].as_array().unwrap_or_else(|| panic!("{reply}")) {
        for change in row["changes"].as_array().unwrap_or_else(|| panic!("{reply}")) {
            let [path, before, after] = ["path", "before", "after"].map(|name| text(&change[name]));
            lines.push(format!("{} {path}: {before} -> {after}", text(&row["eventName"])));
        }
    }
    lines
}

#[test]
fn code_and_layers_are_not_as_they_were() {
    let world = World::empty().copy("cases/nothing-told-is-no-change/log.json", "log.json");
    let reply = world.run("timeline function/pay log.json");
    insta::assert_snapshot!(reply.text(), @r#"
    Lambda::Function pay, 111122223333 us-east-1
    created 2024-05-01T12:00:00Z by alice, deleted 2024-05-01T12:04:00Z by eve
    TIME (UTC)            WHO    CALL                          CHANGE
    2024-05-01T12:00:00Z  alice  CreateFunction20150331        created
                                                               functionName: pay
                                                               runtime: python3.12
                                                               role: arn:aws:iam::111122223333:role/x
                                                               handler: a.b
                                                               code: unknown (redacted by AWS)
    2024-05-01T12:01:00Z  bob    UpdateFunctionCode20150331v2  code: unknown (redacted by AWS) → unknown (not in the record)
                                                               codeSha256: unknown (not in the record)
                                                               codeSize: unknown (not in the record)
    2024-05-01T12:02:00Z  bob    UpdateFunctionConfiguration   layers: ["arn:aws:lambda:us-east-1:999988887777:layer:x:1"]
    2024-05-01T12:03:00Z  bob    AddPermission20150331v2       policy.s: {"Sid":"s"}
    2024-05-01T12:04:00Z  eve    DeleteFunction20150331        deleted
    "#);
}

#[test]
fn a_description_that_the_response_does_not_repeat() {
    let world = World::empty().copy("cases/role-description/desc.json", "log.json");
    let found = changes(&world, "role/r");
    assert!(found.contains(&"UpdateRole description: {known:billing} -> {known:x}".to_owned()), "{found:#?}");
}

/// What was asked for is set, though the response of the call says less.
#[test]
fn members_of_requests_that_responses_leave_out() {
    let create = |source: &str, name: &str, request: &str, response: &str| {
        world(&[record("2024-05-01T12:00:00Z", source, name, request, response)])
    };
    let has = |world: World, reference: &str, part: &str| {
        let found = changes(&world, reference);
        assert!(found.iter().any(|it| it.ends_with(part)), "{reference}: {found:#?}");
    };
    has(
        create(
            "dynamodb",
            "CreateTable",
            r#"{"tableName":"t","deletionProtectionEnabled":true}"#,
            r#"{"tableDescription":{"tableName":"t","tableStatus":"CREATING"}}"#,
        ),
        "table/t",
        " deletionProtectionEnabled: {absent:true} -> {known:true}",
    );
    has(
        create(
            "ecr",
            "CreateRepository",
            r#"{"repositoryName":"r","imageTagMutability":"IMMUTABLE"}"#,
            r#"{"repository":{"repositoryName":"r"}}"#,
        ),
        "repository/r",
        " imageTagMutability: {absent:true} -> {known:IMMUTABLE}",
    );
    has(
        create(
            "kms",
            "CreateKey",
            r#"{"description":"payroll"}"#,
            r#"{"keyMetadata":{"keyId":"1234abcd-12ab-34cd-56ef-1234567890ab","description":""}}"#,
        ),
        "key/1234abcd-12ab-34cd-56ef-1234567890ab",
        " description: {absent:true} -> {known:payroll}",
    );
    has(
        create(
            "eks",
            "CreateCluster",
            r#"{"name":"c","resourcesVpcConfig":{"endpointPublicAccess":true}}"#,
            r#"{"cluster":{"name":"c","status":"CREATING"}}"#,
        ),
        "AWS::EKS::Cluster/c",
        " resourcesVpcConfig.endpointPublicAccess: {absent:true} -> {known:true}",
    );
}

/// What AWS empties is unknown, and each time that it is set it may be another.
#[test]
fn what_aws_empties_is_unknown() {
    let at = |hour: u32| format!("2024-05-01T{hour:02}:00:00Z");
    let hidden = "{unknown:redacted}";
    let function = r#"{"functionName":"f","environment":{},"code":{}}"#;
    let update = r#"{"functionName":"f","environment":{}}"#;
    let timeout = r#"{"functionName":"f","timeout":3}"#;
    let found = changes(
        &world(&[
            record(
                &at(1),
                "lambda",
                "CreateFunction20150331",
                function,
                r#"{"functionName":"f","environment":{}}"#,
            ),
            record(
                &at(2),
                "lambda",
                "UpdateFunctionConfiguration20150331v2",
                update,
                r#"{"functionName":"f","environment":{}}"#,
            ),
            record(
                &at(3),
                "lambda",
                "UpdateFunctionConfiguration20150331v2",
                timeout,
                r#"{"functionName":"f","timeout":3,"environment":{}}"#,
            ),
        ]),
        "function/f",
    );
    let of = |name: &str| found.iter().filter(|it| it.contains(name)).cloned().collect::<Vec<_>>();
    assert_eq!(
        of(" environment:"),
        [
            format!("CreateFunction20150331 environment: {{absent:true}} -> {hidden}"),
            format!("UpdateFunctionConfiguration20150331v2 environment: {hidden} -> {hidden}"),
        ]
    );
    assert_eq!(of(" code:"), [format!("CreateFunction20150331 code: {{absent:true}} -> {hidden}")]);
    let one = |source: &str, name: &str, request: &str, reference: &str, part: &str| {
        let found = changes(&world(&[record(&at(1), source, name, request, "null")]), reference);
        assert!(found.iter().any(|it| it.ends_with(part)), "{reference}: {found:#?}");
    };
    one(
        "ssm",
        "PutParameter",
        r#"{"name":"/p","type":"SecureString"}"#,
        "parameter//p",
        &format!(" value: {{absent:true}} -> {hidden}"),
    );
    one(
        "ec2",
        "ModifyInstanceAttribute",
        r#"{"instanceId":"i-0aaaaaaaaaaaaaaa1","userData":{}}"#,
        "i-0aaaaaaaaaaaaaaa1",
        &format!(" userData: {{unknown:beforeArchive}} -> {hidden}"),
    );
    one(
        "autoscaling",
        "CreateLaunchConfiguration",
        r#"{"launchConfigurationName":"l","userData":""}"#,
        "AWS::AutoScaling::LaunchConfiguration/l",
        &format!(" userData: {{absent:true}} -> {hidden}"),
    );
}

/// Of a resource whose creation CloudTrail cut, nothing is absent.
#[test]
fn a_creation_that_was_cut_proves_no_absence() {
    let omitted = r#"{"omitted":true,"originalSize":107300,"reason":"requestParameters too large"}"#;
    for (source, name, response, reference) in [
        (
            "iam",
            "CreateRole",
            r#"{"role":{"roleName":"r","arn":"arn:aws:iam::111122223333:role/r"}}"#,
            "role/r",
        ),
        (
            "lambda",
            "CreateFunction20150331",
            r#"{"functionArn":"arn:aws:lambda:us-east-1:111122223333:function:f"}"#,
            "function/f",
        ),
        ("ec2", "CreateVpc", r#"{"vpc":{"vpcId":"vpc-0aaaaaaaaaaaaaaa1"}}"#, "vpc-0aaaaaaaaaaaaaaa1"),
    ] {
        let world = world(&[record("2024-05-01T12:00:00Z", source, name, omitted, response)]);
        let found = changes(&world, reference);
        assert!(
            found.iter().any(|it| it.ends_with(" : {absent:true} -> {unknown:truncated}")),
            "{reference}: {found:#?}"
        );
    }
}
