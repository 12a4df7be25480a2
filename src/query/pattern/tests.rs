use super::*;
use crate::event::EventParser;

/// Whether a pattern matches an event as it came.
fn is_match(pattern: &str, event: &str) -> bool {
    let pattern = EventPattern::parse(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
    EventParser::default().read_within(b"{}", Some(event.as_bytes()), |event| pattern.matches(event)).unwrap()
}

/// Whether a pattern matches what EventBridge would have made of a record.
fn is_match_of_record(pattern: &str, record: &str) -> bool {
    let pattern = EventPattern::parse(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
    EventParser::default().read(record.as_bytes(), |event| pattern.matches(event)).unwrap()
}

/// The event in the README of event-ruler, and in the user guide.
const README: &str = r#"{"version":"0","id":"ddddd4-aaaa-7777-4444-345dd43cc333",
    "detail-type":"EC2 Instance State-change Notification","source":"aws.ec2","account":"012345679012",
    "time":"2017-10-02T16:24:49Z","region":"us-east-1",
    "resources":["arn:aws:ec2:us-east-1:123456789012:instance/i-000000aaaaaa00000"],
    "detail":{"c-count":5,"d-count":3,"x-limit":301.8,"source-ip":"10.0.0.33",
      "instance-id":"i-000000aaaaaa00000","state":"running"}}"#;

/// "The rules in this section all match the sample event above", and what the texts beside them say.
#[test]
fn the_examples_of_the_readme() {
    for (pattern, want) in [
        (
            r#"{"detail-type":["EC2 Instance State-change Notification"],
              "resources":["arn:aws:ec2:us-east-1:123456789012:instance/i-000000aaaaaa00000"],
              "detail":{"state":["initializing","running"]}}"#,
            true,
        ),
        (r#"{"time":[{"prefix":"2017-10-02"}]}"#, true),
        (r#"{"source":[{"suffix":"ec2"}]}"#, true),
        (r#"{"source":[{"equals-ignore-case":"AWS.EC2"}]}"#, true),
        (r#"{"source":[{"wildcard":"a*2"}]}"#, true),
        (r#"{"detail":{"state":[{"anything-but":"initializing"}]}}"#, true),
        (r#"{"detail":{"x-limit":[{"anything-but":123}]}}"#, true),
        (r#"{"detail":{"state":[{"anything-but":["stopped","overloaded"]}]}}"#, true),
        (r#"{"detail":{"x-limit":[{"anything-but":[100,200,300]}]}}"#, true),
        (r#"{"detail":{"state":[{"anything-but":{"prefix":"init"}}]}}"#, true),
        (
            r#"{"detail":{"c-count":[{"numeric":[">",0,"<=",5]}],"d-count":[{"numeric":["<",10]}],
              "x-limit":[{"numeric":["=",3.018e2]}]}}"#,
            true,
        ),
        (r#"{"detail":{"source-ip":[{"cidr":"10.0.0.0/24"}]}}"#, true),
        (r#"{"detail":{"c-count":[{"exists":true}]}}"#, true),
        (r#"{"detail":{"c-count":[{"exists":false}]}}"#, false),
        (
            r#"{"time":[{"prefix":"2017-10-02"}],"detail":{"state":[{"anything-but":"initializing"}],
              "c-count":[{"numeric":[">",0,"<=",5]}],"d-count":[{"numeric":["<",10]}],
              "x-limit":[{"anything-but":[100,200,300]}],"source-ip":[{"cidr":"10.0.0.0/8"}]}}"#,
            true,
        ),
        // The guide's own comma behind the last member.
        (r#"{ "time": [ { "prefix": "2017-10-02" } ], }"#, true),
    ] {
        assert_eq!(is_match(pattern, README), want, "{pattern}");
    }
}

#[test]
fn exists_is_for_leaves() {
    let no_count = r#"{"detail":{"c-count":[{"exists":false}]}}"#;
    let without = r#"{"detail-type":["x"],"resources":["y"],"detail":{"state":["initializing","running"]}}"#;
    let object = r#"{"detail":{"state":["initializing","running"],"c-count":{"c1":100}}}"#;
    assert!(is_match(no_count, without));
    assert!(is_match(no_count, object));
    assert!(!is_match(r#"{"detail":{"c-count":[{"exists":true}]}}"#, object));
    assert!(!is_match(no_count, r#"{"detail":{"c-count":null}}"#));
    assert!(is_match(no_count, r#"{"detail":{"c-count":[]}}"#));
}

/// The operators of the user guide, "Comparison operators for use in event patterns".
#[test]
fn the_operators_of_the_guide() {
    for (field, wanted, matching, others) in [
        ("Name", r#"["Alice"]"#, &[r#""Alice""#, r#"["Bob","Alice"]"#][..], &[r#""alice""#, "null", "1"][..]),
        ("Name", r#"[{"equals-ignore-case":"alice"}]"#, &[r#""ALICE""#], &[r#""Alicia""#]),
        ("LastName", r#"[""]"#, &[r#""""#], &[r#"" ""#, "null"]),
        ("UserID", "[null]", &["null"], &[r#""""#, r#""null""#, "false"]),
        ("Price", "[100]", &["100", "100.0", "1e2"], &[r#""100""#, "100.1"]),
        ("Price", r#"[{"numeric":[">",10,"<=",20]}]"#, &["10.000001", "20"], &["10", "20.000001", r#""15""#]),
        (
            "state",
            r#"[{"anything-but":"initializing"}]"#,
            &[r#""running""#, "1", "null", "[\"initializing\",\"x\"]"],
            &[r#""initializing""#],
        ),
        (
            "state",
            r#"[{"anything-but":{"equals-ignore-case":"initializing"}}]"#,
            &[r#""running""#],
            &[r#""INITIALIZING""#],
        ),
        (
            "state",
            r#"[{"anything-but":{"equals-ignore-case":["initializing","stopped"]}}]"#,
            &[r#""x""#],
            &[r#""STOPPED""#],
        ),
        ("Region", r#"[{"anything-but":{"prefix":"us-"}}]"#, &[r#""eu-west-1""#, "1"], &[r#""us-east-1""#]),
        (
            "Region",
            r#"[{"anything-but":{"prefix":["us-","eu-"]}}]"#,
            &[r#""ap-south-1""#],
            &[r#""eu-west-1""#],
        ),
        ("Region", r#"[{"prefix":"us-"}]"#, &[r#""us-east-1""#], &[r#""eu-us-""#]),
        (
            "service",
            r#"[{"prefix":{"equals-ignore-case":"eventb"}}]"#,
            &[r#""EventBridge""#],
            &[r#""Events""#],
        ),
        (
            "service",
            r#"[{"suffix":{"equals-ignore-case":"tBridge"}}]"#,
            &[r#""EVENTBRIDGE""#],
            &[r#""Bridge""#],
        ),
        ("FileName", r#"[{"suffix":".png"}]"#, &[r#""a.png""#], &[r#""a.PNG""#]),
        ("FileName", r#"[{"anything-but":{"suffix":".png"}}]"#, &[r#""a.txt""#], &[r#""a.png""#]),
        (
            "FilePath",
            r#"[{"anything-but":{"wildcard":"*/lib/*"}}]"#,
            &[r#""/usr/bin""#],
            &[r#""/usr/lib/x""#],
        ),
        (
            "FilePath",
            r#"[{"anything-but":{"wildcard":["*/lib/*","*/bin/*"]}}]"#,
            &[r#""/etc/x""#],
            &[r#""/a/bin/x""#],
        ),
        (
            "FileName",
            r#"[{"wildcard":"dir/*.png"}]"#,
            &[r#""dir/a.png""#, r#""dir/.png""#],
            &[r#""xdir/a.png""#],
        ),
        ("FileName", r#"[{"wildcard":"a\\*b*\\\\"}]"#, &[r#""a*bc\\""#], &[r#""axbc\\""#]),
        ("PaymentType", r#"["Credit","Debit"]"#, &[r#""Credit""#, r#""Debit""#], &[r#""Cash""#]),
        (
            "sourceIPAddress",
            r#"[{"cidr":"10.0.0.0/24"}]"#,
            &[r#""10.0.0.1""#],
            &[r#""10.0.1.1""#, r#""x""#, "10"],
        ),
        (
            "sourceIPAddress",
            r#"[{"cidr":"2001:db8::/32"}]"#,
            &[r#""2001:db8:1::1""#],
            &[r#""2001:db9::1""#, r#""10.0.0.1""#],
        ),
        ("sourceIPAddress", r#"["2001:db8::1"]"#, &[r#""2001:DB8:0::1""#], &[r#""2001:db8::2""#]),
        ("count", r#"[{"anything-but":[1,2]}]"#, &["3", r#""1""#, "null"], &["1", "2.0"]),
        ("count", r#"[{"numeric":["=",5e9]}]"#, &["5000000000"], &["5000000001", "5e10"]),
        ("account", "[123456789012]", &["123456789012"], &[r#""123456789012""#, "123456789013"]),
        ("flag", "[true]", &["true"], &["false", r#""true""#]),
        ("flag", r#"[{"exists":true}]"#, &["false", "null", r#""""#, "[1]"], &["{}", "[]", r#"{"x":1}"#]),
        ("flag", r#"["x",{"exists":false}]"#, &[r#""x""#, "{}", "[]"], &[r#""y""#, "null"]),
        ("x", r#"[{"exactly":"a"}]"#, &[r#""a""#], &[r#""b""#]),
    ] {
        let pattern = format!(r#"{{"detail":{{"{field}":{wanted}}}}}"#);
        for (values, want) in [(matching, true), (others, false)] {
            for value in values {
                assert_eq!(
                    is_match(&pattern, &format!(r#"{{"detail":{{"{field}":{value}}}}}"#)),
                    want,
                    "{pattern} {value}"
                );
            }
        }
    }
}

/// The README, "JSON Array Matching" and "JSON keys with dots".
#[test]
fn arrays_are_crushed_and_consistent() {
    let flat = r#"{"employees":[{"firstName":"John","lastName":"Doe"},{"firstName":"Anna","lastName":"Smith"},
        {"firstName":"Peter","lastName":"Jones"}]}"#;
    let nested = r#"{"employees":[[{"firstName":"John","lastName":"Doe"},{"firstName":"Anna","lastName":"Smith"}],
        [{"firstName":"Peter","lastName":"Jones"}]]}"#;
    for event in [flat, nested] {
        for (pattern, want) in [
            (r#"{"employees":{"firstName":["Anna"]}}"#, true),
            (r#"{"employees":{"firstName":["Anna"],"lastName":["Smith"]}}"#, true),
            (r#"{"employees":{"firstName":["Anna"],"lastName":["Jones"]}}"#, false),
            (
                r#"{"employees":{"firstName":["Anna"]},"$or":[{"employees":{"lastName":["Jones"]}},{"x":[1]}]}"#,
                false,
            ),
            // In no element; and in none but the one that counts.
            (r#"{"employees":{"firstName":[{"exists":false}]}}"#, false),
            (r#"{"employees":{"firstName":["Anna"],"middleName":[{"exists":false}]}}"#, true),
        ] {
            assert_eq!(is_match(pattern, event), want, "{pattern}");
        }
    }
    for pattern in
        [r#"{"detail":{"state":{"status":["running"]}}}"#, r#"{"detail":{"state.status":["running"]}}"#]
    {
        for event in
            [r#"{"detail":{"state":{"status":"running"}}}"#, r#"{"detail":{"state.status":"running"}}"#]
        {
            assert!(is_match(pattern, event), "{pattern} {event}");
        }
    }
}

/// The README, "The \"$or\" Primitive".
#[test]
fn or_among_fields() {
    let source = r#""source":["aws.cloudwatch"]"#;
    let normal = format!(
        r#"{{{source},"$or":[{{"metricName":["CPUUtilization","ReadLatency"]}},{{"namespace":["AWS/EC2","AWS/ES"]}}]}}"#
    );
    let parallel = r#"{"$or":[{"metricName":["CPUUtilization"]},{"namespace":["AWS/EC2"]}],
        "detail":{"$or":[{"source":["aws.cloudwatch"]},{"detail-type":["CloudWatch Alarm State Change"]}]}}"#;
    let deep = format!(
        r#"{{{source},"$or":[{{"metricName":["CPUUtilization"]}},{{"metricType":["MetricType"],"namespace":["AWS/EC2"],
        "$or":[{{"metricId":[1234]}},{{"spaceId":[1000]}}]}},{{"scope":["Service"]}}]}}"#
    );
    let field = format!(r#"{{{source},"$or":{{"metricType":["MetricType"],"namespace":["AWS/EC2"]}}}}"#);
    for (pattern, event, want) in [
        (normal.as_str(), r#"{"source":"aws.cloudwatch","metricName":"ReadLatency"}"#, true),
        (&normal, r#"{"source":"aws.cloudwatch","namespace":"AWS/ES"}"#, true),
        (&normal, r#"{"source":"aws.cloudwatch","metricName":"x"}"#, false),
        (&normal, r#"{"source":"x","metricName":"ReadLatency"}"#, false),
        (parallel, r#"{"namespace":"AWS/EC2","detail":{"source":"aws.cloudwatch"}}"#, true),
        (parallel, r#"{"namespace":"AWS/EC2","detail":{"source":"x"}}"#, false),
        (&deep, r#"{"source":"aws.cloudwatch","scope":"Service"}"#, true),
        (
            &deep,
            r#"{"source":"aws.cloudwatch","metricType":"MetricType","namespace":"AWS/EC2","spaceId":1000}"#,
            true,
        ),
        (&deep, r#"{"source":"aws.cloudwatch","metricType":"MetricType","namespace":"AWS/EC2"}"#, false),
        (
            &field,
            r#"{"source":"aws.cloudwatch","$or":{"metricType":"MetricType","namespace":"AWS/EC2"}}"#,
            true,
        ),
        (&field, r#"{"source":"aws.cloudwatch","metricType":"MetricType"}"#, false),
        (r#"{"$or":["x","y"]}"#, r#"{"$or":"y"}"#, true),
        (r#"{"$or":[{"prefix":"a"},{"prefix":"b"}]}"#, r#"{"$or":"bc"}"#, true),
    ] {
        assert_eq!(is_match(pattern, event), want, "{pattern} {event}");
    }
}

const RECORD: &str = r#"{"eventID":"e-1","eventType":"AwsApiCall","eventSource":"iam.amazonaws.com","eventName":"CreateUser",
    "eventTime":"2023-07-10T12:00:00Z","awsRegion":"us-east-1","recipientAccountId":"111122223333",
    "resources":[{"ARN":"arn:aws:iam::111122223333:user/x"}],"errorCode":null}"#;

#[test]
fn a_record_stands_in_the_event_that_eventbridge_makes_of_it() {
    for (pattern, want) in [
        (
            r#"{"version":["0"],"id":["e-1"],"source":["aws.iam"],"account":["111122223333"],"time":["2023-07-10T12:00:00Z"],
            "region":["us-east-1"],"detail-type":["AWS API Call via CloudTrail"],
            "detail":{"eventSource":["iam.amazonaws.com"],"eventName":["CreateUser","DeleteUser"]}}"#,
            true,
        ),
        (r#"{"source":["iam.amazonaws.com"]}"#, false),
        (r#"{"eventName":["CreateUser"]}"#, false),
        // EventBridge's own list of resources is empty; that of the record is in `detail`.
        (r#"{"resources":[{"exists":false}]}"#, true),
        (r#"{"detail":{"resources":{"ARN":[{"suffix":"user/x"}]}}}"#, true),
        (r#"{"detail":[{"exists":false}]}"#, true),
        (r#"{"detail":{"errorCode":[null]}}"#, true),
        (r#"{"detail.eventName":["CreateUser"]}"#, true),
        (r#"{"replay-name":[{"exists":false}]}"#, true),
    ] {
        assert_eq!(is_match_of_record(pattern, RECORD), want, "{pattern}");
    }
    for (event_type, detail_type) in [
        ("AwsConsoleSignIn", "AWS Console Sign In via CloudTrail"),
        ("AwsConsoleSignIn", "AWS Console Signin via CloudTrail"),
        ("AwsConsoleAction", "AWS Console Action via CloudTrail"),
        ("AwsServiceEvent", "AWS Service Event via CloudTrail"),
    ] {
        let record = format!(r#"{{"eventType":"{event_type}"}}"#);
        let but = format!(r#"{{"detail-type":[{{"anything-but":"{detail_type}"}}]}}"#);
        assert!(
            is_match_of_record(&format!(r#"{{"detail-type":["{detail_type}"]}}"#), &record),
            "{detail_type}"
        );
        assert!(!is_match_of_record(&but, &record), "{detail_type}");
        assert!(!is_match_of_record(r#"{"detail-type":["AWS API Call via CloudTrail"]}"#, &record));
    }
    // As it came, whatever the record says.
    let pattern =
        EventPattern::parse(r#"{"source":["my.app"],"detail":{"eventName":["CreateUser"]}}"#).unwrap();
    let came = r#"{"source":"my.app","detail":{"eventName":"CreateUser"}}"#;
    let matches = |envelope| {
        EventParser::default()
            .read_within(RECORD.as_bytes(), envelope, |event| pattern.matches(event))
            .unwrap()
    };
    assert!(matches(Some(came.as_bytes())));
    assert!(!matches(None));
}

#[test]
fn a_mistake_is_shown_where_it_stands() {
    for (pattern, message) in [
        ("", "expected a value, found the end at line 1, column 1"),
        ("[1]", "expected an object at line 1, column 1"),
        ("{}", "expected a field at line 1, column 1"),
        (r#"{"a":{}}"#, "expected a field at line 1, column 6 (`a`)"),
        (r#"{"a":"x"}"#, "expected an array or an object at line 1, column 6 (`a`)"),
        (r#"{"a":[]}"#, "expected a value in the array at line 1, column 6 (`a`)"),
        (r#"{"a":[["x"]]}"#, "expected a value, found an array in the array at line 1, column 7 (`a`)"),
        (
            "{\n  \"a\": {\n    \"b\": [{\"prefx\": \"x\"}]\n  }\n}",
            "expected one of `prefix`, `suffix`, `equals-ignore-case`, `wildcard`, `anything-but`, `numeric`, `cidr`, `exists`, found `prefx` at line 3, column 12 (`a.b`)",
        ),
        (r#"{"a":[{"prefix":1}]}"#, "expected a string at line 1, column 17 (`a`)"),
        (
            r#"{"a":[{"prefix":"x","suffix":"y"}]}"#,
            "expected one of `prefix`, `suffix`, `equals-ignore-case`, `wildcard`, `anything-but`, `numeric`, `cidr`, `exists`, and nothing beside it at line 1, column 7 (`a`)",
        ),
        (r#"{"a":[{"wildcard":"x**"}]}"#, "expected no `*` behind a `*` at line 1, column 19 (`a`)"),
        (r#"{"a":[{"wildcard":"x\\y"}]}"#, "expected `*` or `\\` behind a `\\` at line 1, column 19 (`a`)"),
        (
            r#"{"a":[{"anything-but":["x",1]}]}"#,
            "expected only strings, or only numbers at line 1, column 24 (`a`)",
        ),
        (
            r#"{"a":[{"anything-but":[]}]}"#,
            "expected a string or a number in the array at line 1, column 23 (`a`)",
        ),
        (
            r#"{"a":[{"anything-but":{"prefix":""}}]}"#,
            "expected a string that is not empty at line 1, column 33 (`a`)",
        ),
        (
            r#"{"a":[{"anything-but":{"cidr":"x"}}]}"#,
            "expected `prefix`, `suffix`, `equals-ignore-case` or `wildcard`, found `cidr` at line 1, column 24 (`a`)",
        ),
        (
            r#"{"a":[{"numeric":["<",5,">",1]}]}"#,
            "expected a comparison as `[\">\", 0, \"<=\", 5]` at line 1, column 25 (`a`)",
        ),
        (
            r#"{"a":[{"numeric":[">",5,"<",1]}]}"#,
            "expected the lower end to be less than the upper at line 1, column 18 (`a`)",
        ),
        (r#"{"a":[{"numeric":["=",6e9]}]}"#, "expected a number from -5e9 to 5e9 at line 1, column 23 (`a`)"),
        (
            r#"{"a":[{"numeric":["=="]}]}"#,
            "expected a comparison as `[\">\", 0, \"<=\", 5]` at line 1, column 18 (`a`)",
        ),
        (
            r#"{"a":[{"cidr":"10.0.0.0/33"}]}"#,
            "expected a network, found `10.0.0.0/33` at line 1, column 15 (`a`)",
        ),
        (r#"{"a":[{"exists":"no"}]}"#, "expected `true` or `false` at line 1, column 17 (`a`)"),
        (r#"{"a":["x"],"a":["y"]}"#, "the same field twice at line 1, column 12 (`a`)"),
        (r#"{"a":["x"],"$or":[{"a":["y"]},{"b":["z"]}]}"#, "the same field twice at line 1, column 20 (`a`)"),
        (
            r#"{"$or":[{"a":["x"]}]}"#,
            "expected one of `prefix`, `suffix`, `equals-ignore-case`, `wildcard`, `anything-but`, `numeric`, `cidr`, `exists`, found `a` at line 1, column 10 (`$or`)",
        ),
        (r#"{"":["x"]}"#, "expected the name of a field at line 1, column 2"),
        (r#"{"a":["x"]"#, "expected `,` or `}`, found the end at line 1, column 11"),
        (r#"{"a":["x"} "#, "expected `,` or `]`, found `}` at line 1, column 10"),
        (r#"{"a":[x]}"#, "expected a value, found `x` at line 1, column 7"),
        (r#"{"a":["x"]} x"#, "expected nothing behind the pattern, found `x` at line 1, column 13"),
        (r#"{a:["x"]}"#, "expected the name of a field in double quotes, found `a` at line 1, column 2"),
        (r#"{"a":["x]}"#, "a string without an end at line 1, column 7"),
        (r#"{"a":["\x"]}"#, "an escape that JSON does not have, or a raw line break at line 1, column 9"),
        (r#"{"a":[01]}"#, "expected a number, found `01` at line 1, column 7"),
    ] {
        let error = EventPattern::parse(pattern).unwrap_err();
        assert_eq!(error.to_string(), message, "{pattern}");
        assert!(error.excerpt_text().is_some());
    }
}

#[test]
fn depth_and_size_have_an_end() {
    let deep = |open: &str, close: &str, depth: usize| {
        format!(r#"{}["x"]{}"#, open.repeat(depth), close.repeat(depth))
    };
    assert!(EventPattern::parse(&deep(r#"{"a":"#, "}", 60)).is_ok());
    for depth in [70, 1000] {
        assert!(EventPattern::parse(&deep(r#"{"a":"#, "}", depth)).is_err());
        assert!(EventPattern::parse(&deep("[", "]", depth)).is_err());
    }
    let dots = |count| format!(r#"{{"a{}":["x"]}}"#, ".a".repeat(count));
    assert!(EventPattern::parse(&dots(60)).is_ok());
    assert!(EventPattern::parse(&dots(64)).is_err());
    let error = EventPattern::parse(&format!("{{\"a\":[{}]}}", "1,".repeat(10_000))).unwrap_err();
    assert!(error.to_string().starts_with("more than 16384 bytes"), "{error}");
    // 4 * 4 * 4 * 4 * 4 branches.
    let or = |name: usize| {
        let fields: Vec<_> = (0..4).map(|it| format!(r#"{{"f{name}{it}":["x"]}}"#)).collect();
        format!(r#"{{"o{name}":{{"$or":[{}]}}}}"#, fields.join(","))
    };
    let all = |count: usize| {
        let members: Vec<String> = (0..count)
            .map(|it| or(it).trim_start_matches('{').strip_suffix('}').unwrap().to_owned())
            .collect();
        format!("{{{}}}", members.join(","))
    };
    assert!(EventPattern::parse(&all(4)).is_ok());
    assert!(EventPattern::parse(&all(5)).unwrap_err().to_string().starts_with("more than 1000 combinations"));
    // Events as deep as the parser allows.
    let event = format!(r#"{{"a":{}"x"{}}}"#, "[".repeat(1000), "]".repeat(1000));
    assert!(!is_match(r#"{"a":["x"]}"#, &event));
    let event = format!(r#"{{"a":{}"x"{}}}"#, "[".repeat(200), "]".repeat(200));
    assert!(is_match(r#"{"a":["x"]}"#, &event));
}

#[test]
fn needs_are_those_of_every_branch() {
    for (pattern, want) in [
        (r#"{"detail":{"eventName":["CreateUser","DeleteUser"]}}"#, &[&["CreateUser", "DeleteUser"][..]][..]),
        (r#"{"source":["aws.iam"],"detail":{"eventName":["CreateUser"]}}"#, &[&["CreateUser"]]),
        (r#"{"detail":{"eventName":["CreateUser",{"exists":false}]}}"#, &[]),
        (r#"{"detail":{"eventName":["CreateUser",1]}}"#, &[]),
        (r#"{"detail":{"eventName":[{"anything-but":"CreateUser"}]}}"#, &[]),
        (
            r#"{"detail":{"$or":[{"eventName":["CreateUser"]},{"errorCode":["AccessDenied"]}]}}"#,
            &[&["AccessDenied", "CreateUser"]],
        ),
        (
            r#"{"detail":{"x":["abc"],"$or":[{"eventName":["CreateUser"]},{"errorCode":[null]}]}}"#,
            &[&["abc"]],
        ),
    ] {
        assert_eq!(EventPattern::parse(pattern).unwrap().need().literals(), want, "{pattern}");
    }
}
