use super::*;
use crate::container::Limits;
use crate::decode::record_suffix::SuffixCache;
use crate::decode::records::walk_whole;
use crate::decode::split_delivered::{RecordSpan, RecordSpans};
use proptest::prelude::*;

const RECORD: &str = r#"{"eventVersion":"1.08","userIdentity":{"type":"Root","x":[{}]},"eventTime":"2023-07-10T12:00:00Z","eventSource":"s3.amazonaws.com","eventName":"A","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.1","userAgent":"[x]","requestParameters":{"tTvtV":"\"eventTime\""},"responseElements":{"a":"}"},"requestID":"R","eventID":"E","readOnly":true,"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"111122223333","eventCategory":"Management"}"#;

fn file(records: &[&str]) -> String {
    format!(r#"{{"Records":[{}]}}"#, records.join(","))
}

/// What is seen of each record: time, source, name, region, account, category.
type Seen = Vec<[String; 6]>;

fn seen(fixed: &FixedFields<'_>) -> [String; 6] {
    [fixed.time(), fixed.source(), fixed.name(), fixed.region(), fixed.account(), fixed.category()]
        .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
}

fn counted(content: &str) -> Option<Seen> {
    let mut found = Vec::new();
    let is_all = RecordStarts::default().count_without_splitting(content.as_bytes(), 1 << 20, &mut |fixed| {
        found.push(seen(fixed));
        true
    });
    is_all.then_some(found)
}

/// The same by the exact way.
fn cut(content: &str) -> Option<Seen> {
    let mut cuts = RecordSpans::default();
    let cuts = cuts.read(content.as_bytes(), 1 << 20)?;
    // Each by itself: what was read of another must not matter.
    let fixed = |cut: &RecordSpan| {
        cut.fixed_fields(content.as_bytes(), &mut SuffixCache::default()).map(|fixed| seen(&fixed))
    };
    cuts.iter().map(fixed).collect()
}

/// Records as they are, with what the last one of them has changed.
fn variants() -> Vec<String> {
    let changed = |from: &str, to: &str| {
        assert!(RECORD.contains(from), "{from}");
        RECORD.replacen(from, to, 1)
    };
    vec![
        RECORD.to_owned(),
        changed(
            "\"A\"",
            "\"DeleteBucketOfAVeryLongNameThatNoCallHasButWhoKnowsWhatComesAfterThisOneHereAndMore\"",
        ),
        changed("Management\"", "Management\",\"tlsDetails\":{\"tlsVersion\":\"TLSv1.3\"}"),
        changed(
            "Management\"",
            "Data\",\"tlsDetails\":{\"a\":\"b\"},\"sessionCredentialFromConsole\":\"true\"",
        ),
        changed("Management\"", "NetworkActivity\",\"sessionCredentialFromConsole\":\"true\""),
        changed(
            "\"eventCategory\"",
            r#""vpcEndpointId":"vpce-1","vpcEndpointAccountId":"9","eventCategory""#,
        ),
        // As it was before there were categories.
        changed(r#","eventCategory":"Management""#, ""),
        changed(
            r#"true,"recipientAccountId":"111122223333","eventCategory":"Management""#,
            r#"false,"recipientAccountId":"1""#,
        ),
        changed(
            r#","managementEvent":true,"recipientAccountId":"111122223333","eventCategory":"Management""#,
            r#","recipientAccountId":"1""#,
        ),
        // What a caller may write into a text.
        changed("[x]", r#"},{\"eventVersion\":\"1.08\",\"eventTime\":\"2023\""#),
        changed("[x]", "eventTime eventVersion tTtV"),
    ]
}

/// A record that begins otherwise than CloudTrail's own stands between the begin and the end of another: it must not
/// be counted as a part of that.
#[test]
fn no_record_hides_between_others() {
    let tail = RECORD.split_once(r#""sourceIPAddress""#).unwrap().1;
    let hidden = |name: &str| format!(r#"{{{name}:"DeleteTrail","sourceIPAddress"{tail}"#);
    let whole = hidden(r#""eventName""#);
    for other in [
        whole.clone(),
        hidden(r#""event\u004eame""#),
        hidden(r#""\u0065ventName""#),
        format!("{},{}", serde_json::to_string(&whole).unwrap(), hidden(r#""x""#)),
        format!("[{whole}],{}", hidden(r#""x""#)),
        format!(r#"{{"a":1}},{whole}"#),
    ] {
        let content = file(&[RECORD, &other]);
        assert!(counted(&content).is_none(), "{content}");
        let (mut read, limits) = (0, Limits { record: 1 << 20, ..Limits::default() });
        walk_whole(content.as_bytes(), &limits, &mut RecordSpans::default(), &mut |_| {
            read += 1;
            Ok(())
        });
        assert_eq!(read, 2, "{content}");
    }
}

/// Whatever stands before a record in its file, it is seen the same.
#[test]
fn other_records_change_nothing() {
    let records = variants();
    for turn in 0..records.len() {
        let order: Vec<&str> =
            (0..=2 * records.len()).map(|at| &*records[at * (turn + 1) % records.len()]).collect();
        let content = file(&order);
        assert!(counted(&content).is_some());
        assert_eq!(counted(&content), cut(&content), "{content}");
    }
}

#[test]
fn every_record_is_seen_as_the_exact_way_sees_it() {
    for record in variants() {
        for records in [vec![RECORD, &record], vec![&record, RECORD, &record], vec![&*record]] {
            let content = file(&records);
            let found = counted(&content).expect(&content);
            assert_eq!(found.len(), records.len());
            assert_eq!(Some(found), cut(&content), "{content}");
        }
    }
}

#[test]
fn a_doubt_refuses_the_file() {
    let changed = |from: &str, to: &str| {
        assert!(RECORD.contains(from), "{from}");
        RECORD.replacen(from, to, 1)
    };
    let nested = changed(r#""tTvtV":"\"eventTime\"""#, &format!(r#""list":[{{}},{RECORD}]"#));
    for other in [
        String::new(),
        "{}".to_owned(),
        "1".to_owned(),
        nested,
        changed(r#""tTvtV":"#, r#""eventTime":"#),
        changed(r#""tTvtV":"#, r#""x":[{},{"eventVersion":"1"}],"y":"#),
        changed(r#","eventTime":"2023-07-10T12:00:00Z""#, ""),
        changed(r#""eventVersion":"1.08","#, ""),
        changed(r#""eventTime":""#, r#""eventTime": ""#),
        changed(r#","recipientAccountId":"111122223333""#, ""),
        changed("Management\"", "Management\",\"addendum\":{\"reason\":\"r\"}"),
        changed("Management\"", "Insight\""),
        changed("\"A\"", "\"\\u0041\""),
        changed("Management\"", "Management\\\\\""),
        changed(r#""eventCategory":"Management""#, r#""x":"\",\"eventCategory\":\"Data""#),
        RECORD[..RECORD.len() - 30].to_owned(),
        RECORD[40..].to_owned(),
        RECORD.to_owned() + " ",
    ] {
        for records in [vec![RECORD, &other], vec![&other, RECORD], vec![RECORD, &other, RECORD]] {
            let content = file(&records);
            assert_eq!(counted(&content), None, "{content}");
        }
    }
    let content = file(&[RECORD, RECORD]);
    for broken in [
        &content[1..],
        &content[..content.len() - 1],
        &(content.clone() + " "),
        &content.replace("},{", "} ,{"),
    ] {
        assert_eq!(counted(broken), None, "{broken}");
    }
    assert!(
        !RecordStarts::default().count_without_splitting(content.as_bytes(), RECORD.len(), &mut |_| true)
    );
    assert!(!RecordStarts::default().count_without_splitting(content.as_bytes(), 1 << 20, &mut |_| false));
}

proptest! {
    /// Wherever a record stands, and whatever stands before it, blocks hide nothing.
    #[test]
    fn the_place_of_a_record_does_not_matter(
        agents in prop::collection::vec("(tT|tV|[a-z{}\\[\\],:]|\\\\\"){0,150}", 1..6),
    ) {
        let records: Vec<String> = agents.iter().map(|agent| RECORD.replacen("[x]", agent, 1)).collect();
        let content = file(&records.iter().map(String::as_str).collect::<Vec<_>>());
        let found = counted(&content);
        prop_assert_eq!(found.as_ref().map(Vec::len), Some(agents.len()));
        prop_assert_eq!(found, cut(&content));
    }

    #[test]
    fn nothing_breaks_it(
        middle in "(tT|tV|\"eventTime\"|\\{\"eventVersion\":\"|\\},|[{}\\[\\]\":,a]){0,40}",
        at in any::<prop::sample::Index>(),
    ) {
        let mut broken = file(&[RECORD, RECORD]);
        broken.insert_str(at.index(broken.len()), &middle);
        let _ = counted(&broken);
    }
}

/// Tools that rewrite files put a line break at the end.
#[test]
fn a_line_break_at_the_end_changes_nothing() {
    let content = file(&[RECORD, RECORD]);
    for end in ["\n", "\r\n"] {
        assert_eq!(counted(&format!("{content}{end}")), counted(&content));
        assert_eq!(cut(&format!("{content}{end}")), cut(&content));
    }
    assert_eq!((counted(&format!("{content}\n\n")), cut(&format!("{content} x"))), (None, None));
}
