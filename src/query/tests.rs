use super::*;
use crate::event::EventParser;

fn globs(pattern: &str) -> Globs {
    Globs::new("--x", &[pattern.to_owned()]).unwrap()
}

fn time(text: &str) -> Option<Time> {
    Some(Time::parse(text).unwrap())
}

const EVENT: &str = r#"{"eventTime":"2023-07-10T12:00:00Z","eventName":"UpdateFunctionCode20150331v2",
    "eventSource":"lambda.amazonaws.com","awsRegion":"eu-west-1","recipientAccountId":"111122223333",
    "sourceIPAddress":"192.0.2.7","userAgent":"aws-cli/2","eventID":"e-1","readOnly":false,
    "errorCode":"Client.UnauthorizedOperation",
    "userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/Admin/bob@corp",
      "accessKeyId":"ASIAEXAMPLE","sessionContext":{"sessionIssuer":{"userName":"Admin","arn":"arn:aws:iam::111122223333:role/Admin"}}}}"#;

#[test]
fn each_filter_passes_what_it_names_and_nothing_else() {
    let cases: Vec<(Filter, bool)> = vec![
        (Filter::default(), true),
        (
            Filter {
                since: time("2023-07-10T12:00:00Z"),
                until: time("2023-07-10T12:00:00Z"),
                ..Filter::default()
            },
            true,
        ),
        (Filter { since: time("2023-07-10T12:00:01Z"), ..Filter::default() }, false),
        (Filter { until: time("2023-07-10T11:59:59Z"), ..Filter::default() }, false),
        (Filter { event: globs("UpdateFunctionCode"), ..Filter::default() }, true),
        (Filter { event: globs("UpdateFunctionCode2015*"), ..Filter::default() }, true),
        (Filter { event: globs("UpdateFunction"), ..Filter::default() }, false),
        (Filter { service: globs("lambda"), ..Filter::default() }, true),
        (Filter { service: globs("lambda.amazonaws.com"), ..Filter::default() }, true),
        (Filter { service: globs("s3"), ..Filter::default() }, false),
        (Filter { region: globs("eu-*"), ..Filter::default() }, true),
        (Filter { region: globs("!eu-*"), ..Filter::default() }, false),
        (Filter { account: globs("111122223333"), ..Filter::default() }, true),
        (Filter { account: globs("999922223333"), ..Filter::default() }, false),
        (Filter { actor: globs("admin"), ..Filter::default() }, true),
        (Filter { actor: globs("bob@corp"), ..Filter::default() }, true),
        (Filter { actor: globs("arn:aws:iam::*:role/Admin"), ..Filter::default() }, true),
        (Filter { actor: globs("Adm"), ..Filter::default() }, false),
        (Filter { actor: globs("!bob*"), ..Filter::default() }, false),
        (Filter { access_key: globs("ASIAEXAMPLE"), ..Filter::default() }, true),
        (Filter { access_key: globs("AKIA*"), ..Filter::default() }, false),
        (Filter { error: globs("UnauthorizedOperation"), ..Filter::default() }, true),
        (Filter { error: globs("Client.*"), ..Filter::default() }, true),
        (Filter { error: globs("Throttling*"), ..Filter::default() }, false),
        (Filter { denied: true, ..Filter::default() }, true),
        (Filter { outcome: Some(Outcome::Failed), ..Filter::default() }, true),
        (Filter { outcome: Some(Outcome::Succeeded), ..Filter::default() }, false),
        (Filter { writes: Some(true), ..Filter::default() }, true),
        (Filter { writes: Some(false), ..Filter::default() }, false),
        (Filter { event_id: globs("e-1"), ..Filter::default() }, true),
        (Filter { user_agent: globs("*boto*"), ..Filter::default() }, false),
        (Filter { ip: Addresses::new(&["192.0.2.0/29".to_owned()]).unwrap(), ..Filter::default() }, true),
    ];
    for (filter, want) in cases {
        let matches = EventParser::default().read(EVENT.as_bytes(), |event| filter.matches(event));
        assert_eq!(matches, Ok(want), "{filter:?}");
        let raw = RawFields {
            name: Some(b"UpdateFunctionCode20150331v2"),
            source: Some(b"lambda.amazonaws.com"),
            region: Some(b"eu-west-1"),
            account: Some(b"111122223333"),
            id: Some(b"e-1"),
            address: Some(b"192.0.2.7"),
            user_agent: Some(b"aws-cli/2"),
            is_data: None,
            read_only: Some(false),
            time: Some(b"2023-07-10T12:00:00Z"),
            fails: Some(true),
            enveloped: false,
            text: Some(EVENT.as_bytes()),
        };
        assert!(filter.may_match(&raw) || !want, "a raw must not refuse: {filter:?}");
        if filter.decided_by_raw_fields(&raw) {
            assert_eq!(filter.may_match(&raw), want, "what settles a filter is exact: {filter:?}");
        }
        let literals = Literals::of_filter(&filter);
        assert!(literals.occur_in(EVENT.as_bytes()) || !want, "literals must not refuse: {filter:?}");
        assert!(filter.may_match(&RawFields::default()), "nothing seen, nothing refused: {filter:?}");
    }
}

#[test]
fn an_access_key_is_found_as_the_key_acted_on() {
    let event = r#"{"eventName":"CreateAccessKey","eventSource":"iam.amazonaws.com","userIdentity":{"accessKeyId":"AKIAOTHER"},
        "responseElements":{"accessKey":{"accessKeyId":"AKIANEW"}}}"#;
    for (key, want) in [("AKIANEW", true), ("AKIAOTHER", true), ("AKIANE", false)] {
        let filter = Filter { access_key: globs(key), ..Filter::default() };
        assert_eq!(
            EventParser::default().read(event.as_bytes(), |event| filter.matches(event)),
            Ok(want),
            "{key}"
        );
    }
}

#[test]
fn a_filter_goes_by_its_own_rules() {
    let event =
        r#"{"eventName":"GetWidget","eventSource":"w.internal","requestParameters":{"key":"AKIANEW"}}"#;
    let rules =
        "source = \"w.internal\"\n[calls]\nGetWidget = [\"changed AWS::IAM::AccessKey rq.key\"]".to_owned();
    let catalog = Catalog::with_rules(&[("w.toml".to_owned(), rules)]).unwrap();
    let key = Filter { access_key: globs("AKIANEW"), ..Filter::default() };
    let writes = Filter { writes: Some(true), ..Filter::default() };
    for filter in [key, writes] {
        let own = EventParser::default().read(event.as_bytes(), |event| filter.matches(event));
        let filter = Filter { catalog: catalog.clone(), ..filter };
        let ruled = EventParser::default().read(event.as_bytes(), |event| filter.matches(event));
        assert_eq!((own, ruled), (Ok(false), Ok(true)), "{filter:?}");
    }
}

#[test]
fn a_key_refuses_only_what_cannot_be_in_the_file() {
    let key = |region, at| DeliveredKey { account: "111122223333", region, time: time(at) };
    let since = Filter { since: time("2023-07-10T12:00:00Z"), ..Filter::default() };
    let until = Filter { until: time("2023-07-10T12:00:00Z"), ..Filter::default() };
    let region = Filter { region: globs("eu-west-1"), ..Filter::default() };
    let global = Filter { region: globs("us-east-1"), ..Filter::default() };
    let account = Filter { account: globs("9*"), ..Filter::default() };
    let china = Filter { region: globs("cn-north-1"), ..Filter::default() };
    let ningxia = Filter { region: globs("cn-northwest-1"), ..Filter::default() };
    for (filter, region, at, want) in [
        (&since, "eu-west-1", "2023-07-10T10:00:00Z", Some(SkippedKey::Time)),
        (&since, "eu-west-1", "2023-07-10T11:40:00Z", None),
        (&since, "eu-west-1", "2024-07-10T11:40:00Z", None),
        (&until, "eu-west-1", "2023-07-10T13:00:00Z", None),
        (&until, "eu-west-1", "2023-07-16T13:00:00Z", None),
        (&until, "eu-west-1", "2023-07-18T13:00:00Z", Some(SkippedKey::Time)),
        (&region, "eu-west-1", "2023-07-10T13:00:00Z", None),
        (&region, "us-west-2", "2023-07-10T13:00:00Z", Some(SkippedKey::Region)),
        // A trail of one region delivers the global services too, recorded in us-east-1.
        (&global, "eu-west-1", "2023-07-10T13:00:00Z", None),
        // IAM is recorded in Beijing, CloudFront in Ningxia.
        (&china, "cn-northwest-1", "2023-07-10T13:00:00Z", None),
        (&ningxia, "cn-north-1", "2023-07-10T13:00:00Z", None),
        (&account, "eu-west-1", "2023-07-10T13:00:00Z", Some(SkippedKey::Account)),
    ] {
        assert_eq!(filter.may_hold(&key(region, at), true), want, "{region} {at} {filter:?}");
    }
    assert_eq!(account.may_hold(&key("eu-west-1", "2023-07-10T13:00:00Z"), false), None);
}

/// Raw fields show what a condition needs, never that it is met.
#[test]
fn a_condition_is_never_settled_by_raw_fields() {
    let pattern = FilterPattern::parse("{ $.eventName = DeleteBucket }").unwrap();
    let conditions = Conditions::new([vec![Condition::Filter(pattern)]]);
    let filter = Filter { conditions, ..Filter::default() };
    let raw = |name: &'static str| RawFields { name: Some(name.as_bytes()), ..RawFields::default() };
    assert!(Filter::default().decided_by_raw_fields(&raw("DeleteBucket")));
    assert!(filter.may_match(&raw("DeleteBucket")) && !filter.decided_by_raw_fields(&raw("DeleteBucket")));
    assert!(!filter.may_match(&raw("CreateBucket")));
}
