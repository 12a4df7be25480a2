use super::*;
use crate::decode::outline::{Field, Outline};
use proptest::prelude::*;

const RECORD: &str = r#"{"eventVersion":"1.08","userIdentity":{"type":"Root","x":[{}]},"eventTime":"2023-07-10T12:00:00Z","eventSource":"s3.amazonaws.com","eventName":"A","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.1","userAgent":"[x]","requestParameters":null,"responseElements":{"a":"}"},"requestID":"R","eventID":"E","readOnly":true,"resources":[{"accountId":"999999999999"}],"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"111122223333","eventCategory":"Management","tlsDetails":{"tlsVersion":"TLSv1.2"}}"#;

fn file(records: &[&str]) -> String {
    format!(r#"{{"Records":[{}]}}"#, records.join(","))
}

fn cuts(content: &str) -> Option<Vec<RecordSpan>> {
    RecordSpans::default().read(content.as_bytes(), 1 << 20).map(<[RecordSpan]>::to_vec)
}

fn texts(content: &str) -> Option<Vec<String>> {
    let text = |cut: &RecordSpan| String::from_utf8_lossy(cut.text(content.as_bytes())).into_owned();
    cuts(content).map(|cuts| cuts.iter().map(text).collect())
}

/// The fields of the only record of a file that are seen, and those of its outline.
fn seen(record: &str) -> Option<[Vec<String>; 2]> {
    let content = file(&[record]);
    let fixed = cuts(&content)?[0].fixed_fields(content.as_bytes(), &mut SuffixCache::default())?;
    let mut outline = Outline::default();
    outline.read(record.as_bytes(), 0)?;
    let plain = |field| outline.plain(record.as_bytes(), field).unwrap_or_default().to_owned();
    let fields = [
        (fixed.time(), Field::EventTime),
        (fixed.source(), Field::EventSource),
        (fixed.name(), Field::EventName),
        (fixed.region(), Field::AwsRegion),
        (fixed.account(), Field::RecipientAccountId),
        (fixed.category(), Field::EventCategory),
        (fixed.id().unwrap_or_default(), Field::EventId),
        (fixed.address().unwrap_or_default(), Field::SourceIpAddress),
    ];
    Some([
        fields.iter().map(|(text, _)| String::from_utf8_lossy(text).into_owned()).collect(),
        fields.iter().map(|(_, field)| plain(*field)).collect(),
    ])
}

#[test]
fn records_are_cut() {
    let other = r#"{"eventName":"\"]}],{","a":[[{}],{}]}"#;
    assert_eq!(
        texts(&file(&[RECORD, other, RECORD])),
        Some(vec![RECORD.into(), other.into(), RECORD.into()])
    );
    assert_eq!(texts(&file(&["{}"])), Some(vec!["{}".into()]));
}

#[test]
fn other_forms_are_refused() {
    for content in [
        file(&[]),
        file(&["[]"]),
        file(&["{}", "1"]),
        file(&["{}"]) + "\n\n",
        "[{}]".to_owned(),
        r#"{"Records":[{} ,{}]}"#.to_owned(),
        r#"{"Records":[{},]}"#.to_owned(),
        r#"{"Records":[{}]}]}"#.to_owned(),
        r#"{"Records":[{}],"x":[{}]}"#.to_owned(),
        r#"{"Records":[{"a":"]}"#.to_owned(),
        r#"{"Records":[{}]}{"Records":[{}]}"#.to_owned(),
        r#"{"Records":["a]}"]}"#.to_owned(),
    ] {
        assert_eq!(texts(&content), None, "{content}");
    }
    assert!(RecordSpans::default().read(file(&[RECORD]).as_bytes(), RECORD.len()).is_none());
}

#[test]
fn what_is_seen_is_what_an_outline_shows() {
    let changed = |from: &str, to: &str| RECORD.replace(from, to);
    for record in [
        RECORD.to_owned(),
        // What stands in the request is not the record's own.
        changed("null", r#"{"recipientAccountId":"9","eventCategory":"Data","eventID":"F","eventName":"B"}"#),
        changed(r#","tlsDetails":{"tlsVersion":"TLSv1.2"}"#, ""),
        changed(r#"[{"accountId":"999999999999"}]"#, "null"),
        changed(r#","eventCategory""#, r#","sharedEventID":"S","eventCategory""#),
        changed("\"Root\"", "\"{[\\\"\""),
    ] {
        let [fixed, outline] = seen(&record).expect(&record);
        assert_eq!(fixed, outline, "{record}");
    }
    assert!(seen(&changed("Management\"", "Management\",\"addendum\":{}")).is_none());
    assert!(seen(&changed("\"eventName\":\"A\"", "\"eventName\":\"\\u0041\"")).is_none());
    assert!(seen(&changed("\"Management\"", "\"Insight\"")).is_none());
    assert!(seen(&changed("{\"eventVersion\":\"1.08\",", "{")).is_none());
    assert!(seen(&changed(",\"recipientAccountId\":\"111122223333\"", "")).is_none());
}

#[test]
fn an_error_is_never_overlooked() {
    let error = RECORD.replace("\"requestParameters\"", "\"errorCode\":\"X\",\"requestParameters\"");
    for (record, may) in [(RECORD, false), (&error, true)] {
        let content = file(&[record]);
        let cuts = cuts(&content).expect("it has the form");
        let fixed = cuts[0].fixed_fields(content.as_bytes(), &mut SuffixCache::default());
        assert_eq!(fixed.map(|fixed| fixed.may_hold_error()), Some(may));
    }
}

/// The same byte by byte: the elements of `Records`, if they are objects that follow each other closely.
fn naive(content: &str) -> Option<Vec<String>> {
    let inside = content.strip_prefix(r#"{"Records":["#)?;
    let (mut found, mut depth, mut from) = (Vec::new(), 0, 0);
    let (mut in_string, mut escaped) = (false, false);
    for (at, byte) in inside.bytes().enumerate() {
        if std::mem::take(&mut escaped) {
            continue;
        }
        match byte {
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    found.push(inside[from..=at].to_owned());
                    from = at + 2;
                }
            }
            _ => {}
        }
        if depth < 0 {
            let is_close = inside[..at].len() + 1 == from || from == at + 1;
            return (is_close && &inside[at..] == "]}" && !found.is_empty()).then_some(found);
        }
        if depth == 0 && byte != b'}' && byte != b',' {
            return None;
        }
    }
    None
}

proptest! {
    #[test]
    fn cuts_agree_with_the_naive_reading(
        records in prop::collection::vec("\\{(\"[a{}\\[\\],]{0,70}\":(\"(\\\\\"|\\\\\\\\|[a{}\\[\\],:]){0,90}\"|\\[(\\{\\}|\\[\\]){0,3}\\]),?){0,4}\\}", 1..5),
    ) {
        let records: Vec<&str> = records.iter().map(String::as_str).collect();
        let content = file(&records);
        let want: Vec<String> = records.iter().map(|it| (*it).to_owned()).collect();
        prop_assert_eq!(texts(&content), Some(want.clone()));
        prop_assert_eq!(naive(&content), Some(want));
    }

    #[test]
    fn nothing_breaks_it(middle in "[{}\\[\\]\":,\\\\a]{0,200}", at in any::<prop::sample::Index>()) {
        let content = file(&[RECORD, &middle]);
        for cut in cuts(&content).unwrap_or_default() {
            let _ = cut.fixed_fields(content.as_bytes(), &mut SuffixCache::default());
        }
        let mut broken = file(&[RECORD]).into_bytes();
        let at = at.index(broken.len());
        broken.splice(at..at, middle.bytes());
        let mut cuts = RecordSpans::default();
        for cut in cuts.read(&broken, 1 << 20).unwrap_or_default() {
            let _ = cut.fixed_fields(&broken, &mut SuffixCache::default());
        }
    }
}

#[test]
fn whether_a_call_reads_is_seen_before_its_type() {
    let resources = r#""resources":[{"accountId":"999999999999"}],"#;
    for (record, want) in [
        (RECORD.to_owned(), Some(true)),
        (RECORD.replace("9999\"", "9999\",\"x\":[]"), None),
        (RECORD.replace("9999\"", "9999[\""), None),
        (RECORD.replace("9999\"", r#"9999,\"readOnly\":false,\"resources\":[""#), None),
        (RECORD.replace("\"resources\"", "\"others\""), None),
        (RECORD.replace(resources, ""), Some(true)),
        (RECORD.replace(resources, "").replace("\"readOnly\":true", "\"readOnly\":false"), Some(false)),
        (RECORD.replace(resources, "").replace("\"managementEvent\":true,", ""), Some(true)),
        (RECORD.replace(resources, "").replace("\"readOnly\":true,", ""), None),
        (RECORD.replace(resources, "").replace("\"readOnly\":true", "\"readOnly\":\"true\""), None),
        (RECORD.replace(resources, r#""x":"\",\"readOnly\":true","#), None),
    ] {
        let content = file(&[&record]);
        let fixed = cuts(&content).unwrap()[0].fixed_fields(content.as_bytes(), &mut SuffixCache::default());
        assert_eq!(fixed.expect(&record).read_only(), want, "{record}");
    }
}
