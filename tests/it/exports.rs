//! CloudTrail records inside other shapes: exports, envelopes, results of queries; and what only looks like records.
//!
//! The expectation is always the same three calls, by which a bucket is deleted, a user made and a trail stopped.

use crate::world::{Reply, World, fixture};
use data_encoding::BASE64;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;

/// The records of the fixture, as text.
fn records() -> Vec<String> {
    let text = fs::read_to_string(fixture("cases/wrapped-exports/good.json")).unwrap();
    let values = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
    values.map(|value| value.unwrap().to_string()).collect()
}

fn expected() -> Vec<Value> {
    let rows = World::fixtures().run("events --json cases/wrapped-exports/good.json").rows();
    assert_eq!(rows.len(), 3);
    rows
}

fn values() -> Vec<Value> {
    records().iter().map(|text| serde_json::from_str(text).unwrap()).collect()
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::default());
    writer.write_all(content).unwrap();
    writer.finish().unwrap()
}

fn base64(content: &[u8]) -> String {
    BASE64.encode(content)
}

fn lines(each: impl Fn(&String) -> Value) -> Vec<u8> {
    records().iter().map(|record| format!("{}\n", each(record))).collect::<String>().into_bytes()
}

fn json_of(value: &Value) -> Vec<u8> {
    serde_json::to_vec_pretty(value).unwrap()
}

/// The data of a subscription of CloudWatch Logs.
fn subscription() -> Value {
    let events: Vec<Value> =
        records().iter().map(|it| json!({"id": "1", "timestamp": 1, "message": it})).collect();
    json!({"messageType": "DATA_MESSAGE", "owner": "111122223333", "logGroup": "trail", "logEvents": events})
}

fn eventbridge(record: &Value) -> Value {
    json!({"version": "0", "id": "1", "detail-type": "AWS API Call via CloudTrail", "source": "aws.s3",
        "account": "111122223333", "detail": record})
}

fn sns(message: &str) -> Value {
    json!({"Type": "Notification", "MessageId": "1", "TopicArn": "arn:aws:sns:us-east-1:1:t", "Message": message})
}

/// A cell of a CSV file, always in quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

fn csv(header: &str, row: impl Fn(&str) -> String) -> Vec<u8> {
    let rows: String = records().iter().map(|record| row(record) + "\r\n").collect();
    format!("{header}\r\n{rows}").into_bytes()
}

fn utf16(text: &str, upper_first: bool) -> Vec<u8> {
    let units = format!("\u{feff}{text}").encode_utf16().collect::<Vec<u16>>();
    units.iter().flat_map(|unit| if upper_first { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

/// Fields that Athena and SIEMs hold as text.
fn with_text(record: &Value) -> Value {
    let mut record = record.clone();
    for field in ["userIdentity", "requestParameters", "responseElements"] {
        record[field] = record[field].to_string().into();
    }
    record
}

/// Every shape that holds the whole records.
#[allow(clippy::too_many_lines, reason = "a table")]
fn shapes() -> Vec<(&'static str, Vec<u8>)> {
    let all = values();
    let hits = |source: fn(&Value) -> Value| -> Vec<Value> {
        all.iter()
            .map(|it| json!({"_index": "i", "_id": "1", "_source": source(it), "fields": {"x": [1]}}))
            .collect()
    };
    let sqs = |body: String| json!({"MessageId": "1", "ReceiptHandle": "h", "Body": body});
    let kinesis = |data: String| {
        json!({"kinesis": {"partitionKey": "1", "data": data}, "eventSource": "aws:kinesis",
        "eventName": "aws:kinesis:record", "eventVersion": "1.0", "eventID": "s:1", "awsRegion": "us-east-1"})
    };
    let packed = base64(&gzip(&serde_json::to_vec(&subscription()).unwrap()));
    let cell = |name: &str, value: &str| json!({"field": name, "value": value});
    vec![
        (
            "insights.json",
            json_of(&json!({"status": "Complete", "results": records().iter().map(|it| vec![
            cell("@timestamp", "2024-05-01 12:00:00.000"), cell("@message", it), cell("@ptr", "x")]).collect::<Vec<_>>()})),
        ),
        ("insights.csv", csv("@timestamp,@message", |it| format!("2024-05-01 12:00:00.000,{}", quoted(it)))),
        (
            "lake.json",
            json_of(&json!({"QueryStatus": "FINISHED", "QueryResultRows":
            records().iter().map(|it| vec![json!({"eventJson": it})]).collect::<Vec<_>>()})),
        ),
        ("lake.csv", csv("\"eventJson\"", quoted)),
        ("lake.csv.gz", gzip(&csv("\"eventID\",\"eventJson\"", |it| format!("1,{}", quoted(it))))),
        ("splunk.json", lines(|it| json!({"preview": false, "result": {"_time": "1", "_raw": it}}))),
        (
            "splunk-list.json",
            json_of(&json!({"results": records().iter().map(|it| json!({"_raw": it})).collect::<Vec<_>>()})),
        ),
        ("splunk.csv", csv("\"_serial\",\"_raw\",\"_time\"", |it| format!("\"0\",{},\"1\"", quoted(it)))),
        (
            "splunk-collector.json",
            lines(
                |it| json!({"sourcetype": "aws:cloudtrail", "event": serde_json::from_str::<Value>(it).unwrap()}),
            ),
        ),
        (
            "elastic.json",
            json_of(&json!({"took": 1, "hits": {"total": {"value": 3},
            "hits": hits(|it| json!({"event": {"original": it.to_string(), "action": "x"}, "aws": {"cloudtrail": {"event_version": "1"}}}))}})),
        ),
        (
            "elastic-flat.ndjson",
            hits(|it| json!({"event.original": it.to_string()}))
                .iter()
                .map(|it| format!("{it}\n"))
                .collect::<String>()
                .into(),
        ),
        (
            "elastic-message.ndjson",
            lines(|it| json!({"_index": "i", "_source": {"@timestamp": "x", "message": it}})),
        ),
        ("sns.json", lines(|it| sns(it))),
        (
            "sns-eventbridge.json",
            lines(|it| sns(&eventbridge(&serde_json::from_str(it).unwrap()).to_string())),
        ),
        (
            "sqs.json",
            json_of(&json!({"Messages": records().iter().map(|it| sqs(it.clone())).collect::<Vec<_>>()})),
        ),
        (
            "sqs-sns-eventbridge.json",
            json_of(&json!({"Messages":
            all.iter().map(|it| sqs(sns(&eventbridge(it).to_string()).to_string())).collect::<Vec<_>>()})),
        ),
        (
            "lambda-sqs.json",
            json_of(&json!({"Records": records().iter().map(|it| json!({"messageId": "1", "body": it,
            "eventSource": "aws:sqs", "awsRegion": "us-east-1"})).collect::<Vec<_>>()})),
        ),
        (
            "lambda-sns.json",
            json_of(&json!({"Records": records().iter().map(|it| json!({"EventSource": "aws:sns",
            "EventVersion": "1.0", "Sns": {"Type": "Notification", "Message": it}})).collect::<Vec<_>>()})),
        ),
        ("lambda-kinesis.json", json_of(&json!({"Records": [kinesis(packed.clone())]}))),
        (
            "lambda-kinesis-plain.json",
            json_of(
                &json!({"Records": records().iter().map(|it| kinesis(base64(it.as_bytes()))).collect::<Vec<_>>()}),
            ),
        ),
        ("lambda-logs.json", json_of(&json!({"awslogs": {"data": packed.clone()}}))),
        (
            "kinesis-records.json",
            json_of(
                &json!({"Records": [{"SequenceNumber": "1", "Data": packed.clone(), "PartitionKey": "1"}]}),
            ),
        ),
        ("packed-lines.txt", format!("{packed}\n").into_bytes()),
        ("packed-wrapped.txt", wrapped(&packed).into_bytes()),
        ("utf16.json", utf16(&json!({"Records": all}).to_string(), false)),
        ("utf16-be.json", utf16(&records().join("\n"), true)),
        ("utf16.json.gz", gzip(&utf16(&json!({"Records": all}).to_string(), false))),
        ("text-members.json", json_of(&json!({"Records": all.iter().map(with_text).collect::<Vec<_>>()}))),
        (
            "text-members-compact.json",
            serde_json::to_vec(&json!({"Records": all.iter().map(with_text).collect::<Vec<_>>()})).unwrap(),
        ),
        (
            "tail.txt",
            records()
                .iter()
                .map(|it| {
                    format!("2024-05-01T12:00:00.000000+00:00 111122223333_CloudTrail_us-east-1 {it}\n")
                })
                .collect::<String>()
                .into(),
        ),
        (
            "text-in-text.json",
            serde_json::to_vec(&serde_json::to_string(&records().join("\n")).unwrap()).unwrap(),
        ),
    ]
}

#[test]
fn records_are_read_out_of_whatever_holds_them() {
    let rows = expected();
    for (name, content) in shapes() {
        let world = World::empty().file(name, &content);
        let reply = world.run("events --json .");
        assert_eq!(reply.rows(), rows, "{name}: {reply}");
        assert_eq!((reply.status, reply.troubles().len()), (0, 0), "{name}: {reply}");
        assert_eq!(reply.json()["answer"][0]["evidence"][0]["file"], format!("./{name}"));
        let deleted = world.run("who-deleted bucket/payroll --format raw .");
        let record: Value =
            serde_json::from_slice(&deleted.stdout).unwrap_or_else(|_| panic!("{name}: {deleted}"));
        assert_eq!(record, values()[0], "{name}");
    }
}

/// Every row once, whatever the shapes that it came in, with each of its places.
#[test]
fn copies_in_other_shapes_are_copies() {
    let all = shapes();
    let world = all.iter().fold(World::empty(), |world, (name, content)| world.file(name, content));
    let reply = world.run("events --json .");
    assert_eq!(reply.rows(), expected(), "{reply}");
    assert_eq!(reply.json()["answer"][0]["evidence"].as_array().unwrap().len(), all.len());
    let one = world.run("events --json --threads 1 --no-index .");
    assert_eq!(one.stdout, reply.stdout);
}

#[test]
fn the_name_of_a_pipe_tells_nothing() {
    for (name, content) in shapes() {
        let world = World::empty();
        let reply = world.reply(world.command("events --json -").write_stdin(content));
        assert_eq!(reply.rows(), expected(), "{name}: {reply}");
    }
}

/// What a row of columns does not hold is not known; what it holds is found like anything else.
#[test]
fn rows_of_columns_are_read_for_what_they_hold() {
    let newer = "User name,AWS access key,Event time,Event source,Event name,AWS region,Source IP address,User agent,Error code,Resources,Request ID,Event ID,Read-only,Event type,Recipient Account Id,Event category\n\
        alice,AKIAIOSFODNN7EXAMPL1,\"May 01, 2024, 12:00:00 (UTC+00:00)\",s3.amazonaws.com,DeleteBucket,us-east-1,198.51.100.7,aws-cli/2.15,,\"[{\"\"resourceType\"\":\"\"AWS::S3::Bucket\"\",\"\"resourceName\"\":\"\"payroll\"\"}]\",r-1,id-1,false,AwsApiCall,111122223333,Management\n";
    let older = "Event ID;Event time;User name;Event name;Event source;Resource type;Resource name;AWS access key;AWS region;Source IP address\n\
        id-1;2024-05-01T12:00:00Z;alice;DeleteBucket;s3.amazonaws.com;AWS::S3::Bucket;payroll;AKIAIOSFODNN7EXAMPL1;us-east-1;198.51.100.7\n";
    let athena = "\"eventname\",\"eventsource\",\"eventtime\",\"useridentity\",\"requestparameters\",\"responseelements\",\"awsregion\",\"eventid\"\n\
        \"DeleteBucket\",\"s3.amazonaws.com\",\"2024-05-01T12:00:00Z\",\"{type=IAMUser, principalid=AIDA, arn=arn:aws:iam::111122223333:user/alice, accountid=111122223333, invokedby=null, accesskeyid=AKIAIOSFODNN7EXAMPL1, username=alice, sessioncontext=null}\",\"{\"\"bucketName\"\":\"\"payroll\"\"}\",\"null\",\"us-east-1\",\"id-1\"\n";
    let lake = json!({"QueryResultRows": [[{"eventTime": "2024-05-01 12:00:00.000"}, {"eventName": "DeleteBucket"}, {"eventSource": "s3.amazonaws.com"},
        {"userIdentity": "{type=IAMUser, arn=arn:aws:iam::111122223333:user/alice, username=alice}"}, {"requestParameters": "{bucketName=payroll, Host=payroll.s3.amazonaws.com}"}]]});
    let insights = json!({"results": [[{"field": "eventTime", "value": "2024-05-01T12:00:00Z"}, {"field": "eventSource", "value": "s3.amazonaws.com"},
        {"field": "eventName", "value": "DeleteBucket"}, {"field": "userIdentity.userName", "value": "alice"}, {"field": "requestParameters.bucketName", "value": "payroll"}]]});
    let lower = json!([{"eventversion": "1.08", "eventname": "DeleteBucket", "eventsource": "s3.amazonaws.com", "eventtime": "2024-05-01T12:00:00Z",
        "useridentity": {"type": "IAMUser", "username": "alice"}, "requestparameters": "{\"bucketName\":\"payroll\"}"}]);
    let results = json!({"ResultSet": {"Rows": [
        {"Data": [{"VarCharValue": "eventname"}, {"VarCharValue": "eventsource"}, {"VarCharValue": "eventtime"}, {"VarCharValue": "requestparameters"}, {"VarCharValue": "useridentity_username"}]},
        {"Data": [{"VarCharValue": "DeleteBucket"}, {"VarCharValue": "s3.amazonaws.com"}, {"VarCharValue": "2024-05-01T12:00:00Z"}, {"VarCharValue": "{\"bucketName\":\"payroll\"}"}, {"VarCharValue": "alice"}]}]}});
    let looked_up = json!([{"EventId": "id-1", "EventName": "DeleteBucket", "EventTime": 1714564800.0, "EventSource": "s3.amazonaws.com", "Username": "alice",
        "Resources": [{"ResourceType": "AWS::S3::Bucket", "ResourceName": "payroll"}]}]);
    for (name, content) in [
        ("newer.csv", newer.as_bytes().to_vec()),
        ("older.csv", older.as_bytes().to_vec()),
        ("bom.csv", [b"\xef\xbb\xbf", newer.as_bytes()].concat()),
        ("utf16.csv", utf16(newer, false)),
        (
            "tabs.csv",
            newer
                .replace("\"May 01, 2024, 12:00:00 (UTC+00:00)\"", "2024-05-01T12:00:00Z")
                .replace(",", "\t")
                .replace("\"\"\t\"\"", "\"\",\"\"")
                .into_bytes(),
        ),
        ("athena.csv", athena.as_bytes().to_vec()),
        ("lake.json", json_of(&lake)),
        ("insights.json", json_of(&insights)),
        ("lower.json", json_of(&lower)),
        ("results.json", json_of(&results)),
        ("looked-up.json", json_of(&looked_up)),
    ] {
        let world = World::empty().file(name, &content);
        let reply = world.run("who-deleted bucket/payroll --json .");
        assert_eq!(reply.status, 0, "{name}: {reply}");
        let row = &reply.rows()[0];
        assert_eq!(row["eventTime"], "2024-05-01T12:00:00Z", "{name}");
        assert_eq!(row["actor"]["name"], "alice", "{name}: {reply}");
        let outside = world.run("who-deleted bucket/payroll --since 2024-05-02 .");
        assert_eq!(outside.status, 1, "{name}: {outside}");
    }
}

/// The full record is shown, and the row of the export is one more place where it was found.
#[test]
fn a_row_of_an_export_is_a_copy_of_the_record() {
    let world = World::fixtures();
    let reply = world.run("who-deleted bucket/payroll --json cases/wrapped-exports");
    assert_eq!((reply.status, reply.rows()), (0, expected()[..1].to_vec()), "{reply}");
    assert_eq!(reply.json()["answer"][0]["evidence"].as_array().unwrap().len(), 5);
    let counts = world.run("stats --by eventName --json cases/wrapped-exports").rows();
    assert!(counts.iter().all(|row| row["count"] == 1), "{counts:?}");
    let history = world.run("timeline bucket/payroll --json cases/wrapped-exports");
    assert_eq!(history.text().matches("\"DeleteBucket\"").count(), 1, "{history}");
    // One that says anything else is no copy.
    let other = fs::read_to_string(fixture("cases/wrapped-exports/event_history.csv")).unwrap();
    let world = World::empty()
        .copy("cases/wrapped-exports/good.json", "good.json")
        .file("other.csv", other.replace("198.51.100.7", "203.0.113.9"));
    assert_eq!(world.run("who-deleted bucket/payroll --json .").rows().len(), 2);
    // Neither one of another call, though its id is the same.
    let world = World::empty()
        .copy("cases/wrapped-exports/good.json", "good.json")
        .file("other.csv", other.replace("DeleteBucket", "DeleteBucketPolicy"));
    let counts = world.run("stats --by eventName --json .").rows();
    assert!(counts.iter().any(|row| row["eventName"] == "DeleteBucketPolicy"), "{counts:?}");
}

/// A call of which only the name is known leaves nothing known behind.
#[test]
fn what_a_row_does_not_hold_is_not_known() {
    let row = |id: u8, name: &str| {
        format!(
            "{id},2024-05-01T12:0{id}:00Z,alice,{name},s3.amazonaws.com,AWS::S3::Bucket,payroll,us-east-1\n"
        )
    };
    let header =
        "Event ID,Event time,User name,Event name,Event source,Resource type,Resource name,AWS region\n";
    let content = [header, &row(1, "CreateBucket"), &row(2, "PutBucketPolicy")].concat();
    let world = World::empty().file("event_history.csv", content);
    let state = world.run("state bucket/payroll --json .");
    assert_eq!(state.status, 0, "{state}");
    let text = state.text();
    assert!(!text.contains("\"Effect\"") && text.contains("PutBucketPolicy"), "{state}");
}

/// What holds CloudTrail's keys and cannot be read is a trouble by name, whatever it is called.
#[test]
fn what_cannot_be_read_is_named() {
    let record = &records()[0];
    let escaped = serde_json::to_string(record).unwrap();
    for (name, content) in [
        ("unknown-key.json", format!("{{\"cell_7\":{escaped}}}")),
        ("unknown-object.json", format!("{{\"attributes\":{{\"x\":{record}}}}}")),
        ("datadog", format!("[{{\"attributes\":{{\"attributes\":{record}}}}}]")),
        ("yaml.txt", format!("Events:\n- CloudTrailEvent: '{record}'\n")),
        ("output.txt", format!("EVENTS\tAKIA\t{record}\t1\tDeleteBucket\n")),
        ("cut.log", format!("{{\"x\":[{}", &record[..record.len() - 9])),
        (
            "no-service.csv",
            "Event name,Event time,User name\nDeleteBucket,2024-05-01T12:00:00Z,alice\n".to_owned(),
        ),
        (
            "ecs.json",
            r#"{"aws":{"cloudtrail":{"event_version":"1.08"}},"event":{"action":"DeleteBucket"}}"#.to_owned(),
        ),
        ("table.parquet", "PAR1\u{15}\0eventname\neventsource PAR1".to_owned()),
    ] {
        let world = World::empty().file(name, &content);
        let alone = world.run("events .");
        assert_eq!(alone.status, 2, "{name}: {alone}");
        assert!(alone.stderr.contains(&format!("`./{name}`")), "{alone}");
        // Advice for somebody who gave the wrong directory does not help; to fetch a cut file again does.
        assert!(name == "cut.log" || !alone.stderr.contains("AWSLogs"), "{alone}");
        let world = world.copy("cases/wrapped-exports/good.json", "z.json");
        let beside = world.run("events --json .");
        assert_eq!((beside.status, beside.rows()), (3, expected()), "{name}: {beside}");
        assert!(beside.troubles()[0].starts_with(&format!("./{name}: ")), "{name}: {beside}");
    }
    // In a file with records as well.
    let mixed = World::empty().file("mixed.json", format!("{record}\n{{\"cell_7\":{escaped}}}\n"));
    let reply = mixed.run("events --json .");
    assert_eq!(reply.status, 3, "{reply}");
    assert_eq!(
        reply.troubles(),
        [
            "./mixed.json: unknown-form, 1 used: 1 object with CloudTrail's keys (`eventName`, `eventSource`, …) in a form that is not known"
        ]
    );
}

/// What only speaks of CloudTrail lies beside the logs of everybody.
#[test]
fn what_holds_no_record_is_left_out() {
    let world = World::empty()
        .copy("cases/wrapped-exports/good.json", "z.json")
        .file("rule.json", r#"{"source":["aws.iam"],"detail":{"eventSource":["iam.amazonaws.com"],"eventName":["CreateUser"]}}"#)
        .file("table.sql", "CREATE EXTERNAL TABLE t (eventversion STRING, eventtime STRING, eventname STRING)")
        .file("sigma.yml", "detection:\n  selection:\n    eventSource: iam.amazonaws.com\n    eventName: CreateUser\n")
        .file("script.py", "print(record[\"eventName\"], record[\"eventSource\"])\n")
        .file("counts.csv", "eventName,eventSource,count(*)\nDeleteBucket,s3.amazonaws.com,3\n")
        .file("statistics.json", r#"{"results":[[{"field":"eventName","value":"x"},{"field":"count(*)","value":"2"}]],"status":"Complete"}"#)
        .file("access.json", r#"{"message":"GET / 200"}"#);
    let reply = world.run("events --json .");
    assert_eq!((reply.status, reply.rows()), (0, expected()), "{reply}");
    assert_eq!(reply.json()["coverage"]["files"]["skippedBy"], json!({"notCloudTrail": 7}), "{reply}");
}

/// Other services call their events records as well.
#[test]
fn records_of_other_services_are_no_events() {
    let record = |source: &str, more: &str| {
        format!(
            r#"{{"eventVersion":"2.1","eventSource":"{source}","awsRegion":"us-east-1","eventTime":"2024-05-01T03:00:00.000Z","eventName":"ObjectRemoved:Delete"{more}}}"#
        )
    };
    for (name, source, more) in [
        ("s3.json", "aws:s3", r#","s3":{"bucket":{"name":"payroll"},"object":{"key":"a"}}"#),
        ("dynamodb.json", "aws:dynamodb", r#","dynamodb":{"Keys":{"id":{"S":"1"}}}"#),
        ("ses.json", "aws:ses", r#","ses":{"mail":{"messageId":"1"}}"#),
        ("kinesis.json", "aws:kinesis", r#","kinesis":{"data":"aGVsbG8="}"#),
        ("sqs.json", "aws:sqs", r#","body":"hello""#),
    ] {
        let world = World::empty()
            .file(name, format!(r#"{{"Records":[{}]}}"#, record(source, more)))
            .copy("cases/wrapped-exports/good.json", "z.json");
        let reply = world.run("events --json .");
        assert_eq!((reply.status, reply.rows()), (0, expected()), "{name}: {reply}");
        assert!(
            reply
                .stderr
                .contains("left out 1 file: events of other services (S3, Kinesis, SQS, …), not CloudTrail"),
            "{reply}"
        );
        let named = world.run(&format!("events {name}"));
        assert_eq!(named.status, 2, "{named}");
        assert!(
            named
                .stderr
                .contains(&format!("its records are of another service (`{source}`), not CloudTrail")),
            "{named}"
        );
    }
    let case = World::fixtures().run("events --json cases/foreign-records");
    let names: Vec<Value> = case.rows().iter().map(|row| row["eventName"].clone()).collect();
    assert_eq!((case.status, names), (0, vec!["DeleteBucket".into(), "CreateUser".into()]), "{case}");
}

/// Members that a collector put one behind the other are no alarm; behind what CloudTrail delivers they are.
#[test]
fn members_are_an_alarm_in_delivered_files_only() {
    let case = World::fixtures().run("who-deleted bucket/payroll cases/firehose-gzip-members");
    assert_eq!(case.status, 0, "{case}");
    assert!(case.text().contains("alice") && !case.stderr.contains("member"), "{case}");
    let all = records();
    let pieces = |shape: &dyn Fn(&str) -> String| -> Vec<u8> {
        all.iter().flat_map(|record| gzip(shape(record).as_bytes())).collect()
    };
    let message = |it: &str| json!({"logEvents": [{"message": it}]}).to_string();
    for (content, status) in [
        (pieces(&|it| format!("{it}\n")), 0),
        (pieces(&message), 0),
        (pieces(&|it| sns(it).to_string()), 0),
        (pieces(&|it| format!("{{\"Records\":[{it}]}}")), 3),
        (
            [
                gzip(format!("{{\"Records\":[{}]}}", all[0]).as_bytes()),
                gzip(all[1].as_bytes()),
                gzip(all[2].as_bytes()),
            ]
            .concat(),
            3,
        ),
    ] {
        let reply = World::empty().file("x.gz", content).run("events --json .");
        assert_eq!((reply.status, reply.rows()), (status, expected()), "{reply}");
    }
}

/// A record that its wrapper holds twice is one; an answer kept beside the logs is no log.
#[test]
fn what_is_there_twice_is_counted_once() {
    let elastic = lines(|it| json!({"_source": {"message": it, "event": {"original": it}}}));
    let reply = World::empty().file("elastic.ndjson", elastic).run("events --json .");
    assert_eq!((reply.status, reply.rows()), (0, expected()), "{reply}");
    assert_eq!(reply.json()["coverage"]["events"], 3, "{reply}");
    let world =
        World::empty().file("answer.json", &reply.stdout).copy("cases/wrapped-exports/good.json", "z.json");
    let beside = world.run("events --json .");
    assert_eq!((beside.status, beside.rows()), (0, expected()), "{beside}");
}

#[test]
fn a_log_without_records_is_empty_and_no_trouble() {
    for content in [
        "Event ID,Event time,User name,Event name,Event source\n",
        r#"{"Records":null}"#,
        r#"{"Records":[]}"#,
        "{ \"Records\" : null }\n",
        r#"{"Events":[]}"#,
    ] {
        let world = World::empty().file("x.json", content).copy("cases/wrapped-exports/good.json", "z.json");
        let reply = world.run("events --json .");
        assert_eq!((reply.status, reply.rows()), (0, expected()), "{content}: {reply}");
        assert_eq!(reply.json()["coverage"]["files"]["read"], 2, "{content}");
    }
}

/// Whatever stands beside records is counted and named, and is no event.
#[test]
fn what_stands_beside_records_is_told() {
    let reply = World::fixtures().run("events --json cases/history-forms");
    assert_eq!(reply.status, 0, "{reply}");
    let calls: Vec<Value> = reply.rows().iter().map(|row| row["eventTime"].clone()).collect();
    assert!(calls.iter().all(|time| *time == "2025-11-17T19:12:00Z"), "{reply}");
    assert_eq!(
        reply.json()["coverage"]["besideEvents"],
        json!({"insights": 1, "aggregated": 1, "config": 1, "others": 0})
    );
    assert!(
        reply
            .stderr
            .contains("left out records that are no calls: 1 of Insights, 1 aggregated, 1 of AWS Config"),
        "{reply}"
    );
    // With an index as without.
    let record = &records()[0];
    let insight =
        r#"{"eventType":"AwsCloudTrailInsight","eventTime":"2024-05-01T12:00:00Z","insightDetails":{}}"#;
    let world = World::empty().file("logs/x.json", format!(r#"{{"Records":[{record},{insight}]}}"#));
    let before = world.run("events --json logs");
    assert_eq!(world.run("index --index-dir i logs").status, 0);
    assert_eq!(world.run("events --json --index-dir i logs").stdout, before.stdout);
}

/// Base64 as mail has it.
fn wrapped(text: &str) -> String {
    let lines = text.as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line).into_owned());
    lines.collect::<Vec<_>>().join("\r\n") + "\r\n"
}

/// Rows whose objects are spread over columns, under keys of JSON as in a CSV.
#[test]
fn parts_of_objects_may_be_columns() {
    let row = json!({"eventTime": "2024-05-01T12:00:00Z", "eventName": "DeleteBucket",
        "eventSource": "s3.amazonaws.com", "userIdentity.userName": "eve", "userIdentity.type": "IAMUser",
        "userIdentity.accountId": "111122223333", "requestParameters.bucketName": "payroll", "errorCode": ""});
    let mut other_time = row.clone();
    other_time["@timestamp"] = "2024-05-01 12:00:00.000".into();
    other_time.as_object_mut().unwrap().remove("eventTime");
    let csv = "_time,eventName,eventSource,userIdentity.type,userIdentity.userName,userIdentity.accountId,\
        requestParameters.bucketName\n2024-05-01T12:00:00.000+0000,DeleteBucket,s3.amazonaws.com,IAMUser,eve,\
        111122223333,payroll\n";
    for (name, content) in [
        ("list.json", json!([row]).to_string()),
        ("lines.json", format!("{row}\n")),
        ("splunk.json", json!({"preview": false, "result": row}).to_string()),
        ("results.json", json!({"results": [row]}).to_string()),
        ("insights.json", json!([other_time]).to_string()),
        ("splunk.csv", csv.to_owned()),
    ] {
        let reply = World::empty().file(name, content).run("who-deleted bucket/payroll --json .");
        let rows = reply.rows();
        assert_eq!((reply.status, rows.len()), (0, 1), "{name}: {reply}");
        assert_eq!(rows[0]["eventTime"], "2024-05-01T12:00:00Z", "{name}");
        assert_eq!(rows[0]["actor"]["name"], "eve", "{name}: {reply}");
    }
}

/// What was packed and is damaged, and a CSV that is cut in its only row, are named.
#[test]
fn damaged_exports_are_told() {
    let packed = base64(&gzip(&serde_json::to_vec(&subscription()).unwrap()));
    let with_other = packed.replacen(&packed[200..202], "!!", 1);
    let header = "Event name,Event time,User name,Event source,Resource name,Resource type\n";
    for (name, content) in [
        ("cut.json", json!({"awslogs": {"data": packed[..401]}}).to_string()),
        ("other.json", json!({"awslogs": {"data": with_other}}).to_string()),
        (
            "kinesis.json",
            json!({"Records": [{"kinesis": {"data": packed[..401]},
            "eventSource": "aws:kinesis", "eventName": "aws:kinesis:record"}]})
            .to_string(),
        ),
        ("cut.txt", wrapped(&packed)[..401].to_owned()),
        ("cut.csv", format!("{header}DeleteBucket,2024-05-01T12:00:00Z,eve,s3.amazonaws.com,pay")),
    ] {
        let world = World::empty().file(name, content).copy("cases/wrapped-exports/good.json", "z.json");
        let reply = world.run("events --json .");
        assert_eq!((reply.status, reply.troubles().len()), (3, 1), "{name}: {reply}");
    }
}

/// What is packed inside of a file may hold no more than any other.
#[test]
fn a_bomb_inside_costs_itself() {
    let bomb = base64(&gzip(&vec![b' '; 8 << 20]));
    let fine = base64(&gzip(&serde_json::to_vec(&subscription()).unwrap()));
    let content = format!("{fine}\n{bomb}\n");
    for limit in ["--max-record 1MiB", "--max-inflated 1MiB"] {
        let reply: Reply = World::empty().file("x.txt", &content).run(&format!("events --json {limit} ."));
        assert_eq!((reply.status, reply.rows()), (3, expected()), "{reply}");
        assert_eq!(
            reply.troubles(),
            ["./x.txt: too-large, 3 used: 1 packed text inside it would inflate to more than the limit"]
        );
    }
    // Wrappers in wrappers without end.
    let mut text = records()[0].clone();
    for _ in 0..14 {
        text = json!({"message": text}).to_string();
    }
    let reply = World::empty()
        .file("deep.json", text)
        .copy("cases/wrapped-exports/good.json", "z.json")
        .run("events --json .");
    assert_eq!((reply.status, reply.rows()), (3, expected()), "{reply}");
}

/// The cases, with what is right for each.
#[test]
fn windows_text_and_requests_as_text_are_read() {
    let world = World::fixtures();
    for case in ["cases/utf16-powershell/utf16-lookup", "cases/utf16-powershell/utf16-powershell"] {
        let names: Vec<Value> = world
            .run(&format!("events --json {case}"))
            .rows()
            .iter()
            .map(|row| row["eventName"].clone())
            .collect();
        assert_eq!(names, ["DeleteBucket", "CreateUser", "StopLogging"], "{case}");
    }
    let reply = world.run("who bucket/payroll --json cases/request-as-text");
    assert_eq!((reply.status, reply.rows().len()), (0, 5), "{reply}");
    assert!(reply.rows().iter().any(|row| row["eventTime"] == "2024-05-01T12:00:02Z"));
}

/// A condition in a filter language is a filter, whether it is the only one or not.
#[test]
fn a_condition_alone_is_a_filter() {
    let world = World::fixtures();
    for given in
        ["--where={$.eventName=\"NoSuchCall\"}", "--pattern={\"detail\":{\"eventName\":[\"NoSuchCall\"]}}"]
    {
        for command in ["timeline bucket/payroll", "inventory"] {
            let all = world.run(&format!("{command} cases/wrapped-exports"));
            let mut typed = world.command(&format!("{command} cases/wrapped-exports"));
            let some = world.reply(typed.arg(given));
            assert_ne!(some.text(), all.text(), "{command} {given}: {some}");
        }
    }
}
