use super::*;
use serde_json::json;

fn made(cells: &[(&str, &str)]) -> Option<Value> {
    let cells = cells.iter().map(|(column, value)| (*column, Value::from(*value)));
    record_of_cells(cells).map(|text| serde_json::from_slice(&text).unwrap())
}

#[test]
fn columns_are_known_by_any_spelling() {
    for (column, want) in [
        ("Event name", "eventName"),
        ("eventname", "eventName"),
        ("event_name", "eventName"),
        ("Source IP address", "sourceIPAddress"),
        ("AWS access key", "userIdentity.accessKeyId"),
        ("userIdentity.sessionContext.sessionIssuer.arn", "userIdentity.sessionContext.sessionIssuer.arn"),
        ("useridentity_sessioncontext_sessionissuer_arn", "userIdentity.sessionContext.sessionIssuer.arn"),
        ("UserIdentityPrincipalid", "userIdentity.principalId"),
        ("requestParameters.bucketName", "requestParameters.bucketName"),
    ] {
        assert_eq!(path_of_column(column).map(|path| path.join(".")).as_deref(), Some(want), "{column}");
    }
    for column in ["count(*)", "@timestamp", "useridentityfoo", "a.b", ""] {
        assert_eq!(path_of_column(column), None, "{column}");
    }
    for (key, want) in [("userIdentity.type", true), ("userIdentity", false), ("eventName", false)] {
        assert_eq!(is_of_part(key), want, "{key}");
    }
}

#[test]
fn a_row_says_what_it_holds_and_no_more() {
    let row = made(&[
        ("Event ID", "1"),
        ("Event time", "2024-05-01T12:00:00Z"),
        ("User name", "alice"),
        ("Event name", "DeleteBucket"),
        ("Event source", "s3.amazonaws.com"),
        ("Resource type", "AWS::S3::Bucket"),
        ("Resource name", "payroll"),
        ("Error code", ""),
        ("Read-only", "false"),
        ("Request parameters", ""),
    ]);
    let want = json!({"eventID": "1", "eventTime": "2024-05-01T12:00:00Z", "userIdentity": {"userName": "alice"},
        "eventName": "DeleteBucket", "eventSource": "s3.amazonaws.com",
        "resources": [{"type": "AWS::S3::Bucket", "resourceName": "payroll"}], "readOnly": false});
    assert_eq!(row, Some(want));
    // A statistic is no event.
    assert_eq!(
        made(&[("eventName", "DeleteBucket"), ("eventSource", "s3.amazonaws.com"), ("count(*)", "2")]),
        None
    );
    assert_eq!(made(&[("eventName", "x"), ("eventSource", "aws:s3"), ("eventID", "1")]), None);
}

/// What a tool calls the time counts where the record's own is not there.
#[test]
fn the_time_may_stand_in_a_column_of_the_tool() {
    for column in ["@timestamp", "_time", "TimeGenerated", "TimeGenerated [UTC]"] {
        let cells = [("eventName", "x"), (column, "2024-05-01 12:00:00.000"), ("eventSource", "s")];
        assert!(are_of_events(cells.iter().map(|it| it.0)), "{column}");
        assert_eq!(made(&cells).unwrap()["eventTime"], "2024-05-01 12:00:00.000", "{column}");
    }
    let both = [
        ("@timestamp", "2024"),
        ("eventName", "x"),
        ("eventSource", "s"),
        ("eventTime", "2023-01-01T00:00:00Z"),
    ];
    assert_eq!(made(&both).unwrap()["eventTime"], "2023-01-01T00:00:00Z");
}

#[test]
fn objects_are_read_from_their_text() {
    let row = made(&[
        ("eventname", "PutBucketAcl"),
        ("eventsource", "s3.amazonaws.com"),
        ("eventtime", "2024-05-01T12:00:00Z"),
        ("useridentity", "{type=AssumedRole, arn=arn:aws:sts::1:assumed-role/r/s, sessioncontext={attributes=null, sessionissuer={username=r}}}"),
        ("requestparameters", r#"{"bucketName":"payroll"}"#),
        ("responseelements", "null"),
        ("resources", "[{arn=arn:aws:s3:::payroll, accountid=1, type=AWS::S3::Bucket}]"),
    ])
    .unwrap();
    assert_eq!(row["requestParameters"], json!({"bucketName": "payroll"}));
    assert_eq!(row["responseElements"], Value::Null);
    assert_eq!(row["userIdentity"]["sessionContext"]["sessionIssuer"]["userName"], "r");
    assert_eq!(row["resources"], json!([{"type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::payroll"}]));
}

#[test]
fn keys_without_case_are_given_theirs() {
    let text = br#"{"eventname":"CreateUser","eventsource":"iam.amazonaws.com","eventtime":1714564800,
        "useridentity":{"username":"a","sessioncontext":{"attributes":{"mfaauthenticated":"true"}}},"other":1}"#;
    let record: Value = serde_json::from_slice(&record_of_object(text).unwrap()).unwrap();
    assert_eq!(record["eventTime"], "2024-05-01T12:00:00Z");
    assert_eq!(record["userIdentity"]["sessionContext"]["attributes"]["mfaAuthenticated"], "true");
    assert_eq!(record.get("other"), None);
}
