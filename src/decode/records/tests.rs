use super::*;
use proptest::prelude::*;

/// Walks over `bytes`, given in chunks of `chunk`, and returns the records' texts.
fn read(bytes: &[u8], chunk: usize) -> (Vec<String>, RecordCounts, EndFields) {
    let mut texts = Vec::new();
    let mut chunks = bytes.chunks(chunk.max(1));
    let (tally, end) = walk_stream(
        &mut Vec::new(),
        &Limits { record: 1 << 20, ..Limits::default() },
        &mut |buffer| match chunks.next() {
            Some(chunk) => {
                buffer.extend_from_slice(chunk);
                true
            }
            None => false,
        },
        &mut |record| {
            texts.push(String::from_utf8_lossy(record.text).into_owned());
            Ok(())
        },
        None,
    );
    (texts, tally, end)
}

const A: &str = r#"{"eventVersion":"1.08","eventName":"A","x":{"Records":[1]}}"#;
const B: &str = r#"{"eventName":"B","userAgent":"\"{[\\","n":[{}]}"#;

fn escaped(record: &str) -> String {
    serde_json::to_string(record).unwrap()
}

/// Every shape that holds records A and B.
fn shapes() -> Vec<(&'static str, String)> {
    let (a, b) = (escaped(A), escaped(B));
    vec![
        ("records", format!(r#"{{"Records":[{A},{B}]}}"#)),
        ("records, spaced", format!("\u{feff} {{ \"Records\" : [ {A} ,\n {B} ] }}\n")),
        ("records, not first", format!(r#"{{"z":{{"q":["]"]}},"Records":[{A},{B}],"NextToken":"t"}}"#)),
        ("array", format!("[{A},{B}]")),
        ("lines", format!("{A}\n{B}\n")),
        ("lines, no end", format!("{A}\r\n{B}")),
        ("documents", format!("{A}{B}")),
        ("lines of records", format!("{{\"Records\":[{A}]}}\n{{\"Records\":[{B}]}}\n")),
        (
            "lookup",
            format!(
                r#"{{"Events":[{{"EventId":"1","CloudTrailEvent":{a}}},{{"CloudTrailEvent":{b},"Username":"u"}}],"NextToken":"x"}}"#
            ),
        ),
        (
            "lookup lines",
            format!("{{\"EventId\":\"1\",\"CloudTrailEvent\":{a}}}\n{{\"CloudTrailEvent\":{b}}}\n"),
        ),
        ("lookup array", format!("[{{\"CloudTrailEvent\":{a}}},{{\"CloudTrailEvent\":{b}}}]")),
        (
            "eventbridge",
            format!(
                r#"{{"version":"0","detail-type":"AWS API Call via CloudTrail","detail":{A}}} {{"detail":{B},"detail-type":"x"}}"#
            ),
        ),
        (
            "cloudwatch",
            format!(
                r#"{{"messageType":"DATA_MESSAGE","logEvents":[{{"id":"1","message":{a}}},{{"message":{b},"timestamp":1}}]}}"#
            ),
        ),
        (
            "filter-log-events",
            format!(r#"{{"events":[{{"message":{a}}},{{"message":{b}}}],"searchedLogStreams":[]}}"#),
        ),
        ("export", format!("2023-07-10T12:00:00.000Z {A}\n2023-07-10T12:00:01.000Z {B}\n")),
        ("strings", format!("[{a},{b}]")),
        ("string lines", format!("{a}\n{b}\n")),
    ]
}

#[test]
fn every_shape_gives_the_same_records_at_any_chunking() {
    for (name, text) in shapes() {
        for chunk in [1, 7, 64, 1 << 20] {
            let (texts, tally, end) = read(text.as_bytes(), chunk);
            assert_eq!(texts, [A, B], "{name}, {chunk}");
            assert_eq!((tally.records, tally.bad, tally.foreign, tally.stray_lines), (2, 0, 0, 0), "{name}");
            assert_eq!(end, EndFields::Whole, "{name}, {chunk}");
        }
    }
}

#[test]
fn a_file_at_once_is_counted_as_by_chunks() {
    // The fields of the first are where CloudTrail has them, those of the second are not; the third is no record.
    let usual = include_str!("../../../tests/fixtures/shapes/single.json").trim();
    let odd = r#"{"eventVersion":"1.09","userIdentity":{"type":"Root"},"eventName":"C","eventID":"e1"}"#;
    for elements in
        [usual.to_owned(), odd.to_owned(), format!("{usual},{odd}"), format!("{usual},{{\"a\":1}}")]
    {
        let file = format!("{{\"Records\":[{elements}]}}");
        let limits = Limits { record: 1 << 20, ..Limits::default() };
        let (tally, end) = walk_whole(file.as_bytes(), &limits, &mut RecordSpans::default(), &mut |_| Ok(()));
        let (_, by_chunks, chunks_end) = read(file.as_bytes(), 100);
        assert_eq!((tally, end), (by_chunks, chunks_end), "{file}");
    }
}

#[test]
fn a_cut_costs_what_is_behind_it() {
    for (name, text) in shapes() {
        for cut in 0..text.len() {
            let (texts, tally, end) = read(&text.as_bytes()[..cut], 16);
            assert!(texts.iter().zip([A, B]).all(|(got, want)| got == want), "{name}, {cut}: {texts:?}");
            let lines = ["lines", "documents", "string", "export", "eventbridge"];
            if cut > 0 && !lines.iter().any(|shape| name.contains(shape)) && name != "records, spaced" {
                assert!(matches!(end, EndFields::Cut(_)), "{name}, {cut}: {end:?}, {tally:?}");
            }
        }
    }
}

#[test]
fn other_files_are_known_for_what_they_are() {
    for (text, want) in [
        (
            r#"{"awsAccountId":"1","digestStartTime":"x","logFiles":[]}"#,
            RecordCounts { digests: 1, ..RecordCounts::default() },
        ),
        (
            r#"{"fileVersion":"1.0","configurationItems":[{}]}"#,
            RecordCounts { config: 1, ..RecordCounts::default() },
        ),
        (
            r#"{"Records":[{"eventType":"AwsCloudTrailInsight","insightDetails":{}}]}"#,
            RecordCounts { insights: 1, ..RecordCounts::default() },
        ),
        (
            r#"{"Records":[{"eventCategory":"Aggregated","eventName":"x"}]}"#,
            RecordCounts { aggregated: 1, ..RecordCounts::default() },
        ),
        (r#"{"Records":[]}"#, RecordCounts { empty: 1, ..RecordCounts::default() }),
        (r#"{"name":"package"}"#, RecordCounts { foreign: 1, ..RecordCounts::default() }),
        ("MIT License\n\nCopyright", RecordCounts { stray_lines: 2, ..RecordCounts::default() }),
    ] {
        let (texts, tally, end) = read(text.as_bytes(), 1 << 20);
        assert_eq!((texts.len(), tally, end), (0, want, EndFields::Whole), "{text}");
    }
}

#[test]
fn a_bad_element_costs_itself() {
    let (texts, tally, end) = read(format!(r#"{{"Records":[{A},null,7,["x"],{B}]}}"#).as_bytes(), 1 << 20);
    assert_eq!(texts, [A, B]);
    assert_eq!((tally.bad, tally.first_bad, end), (3, Some(1), EndFields::Whole));
}

#[test]
fn a_broken_line_costs_itself() {
    for broken in
        [r#"{"eventName":"x"#, r#"{"eventName":"x"}}"#, r#"{"a":"b}"#, "garbage", r#"{"eventName":"x\"}"#]
    {
        let (texts, tally, _) = read(format!("{A}\n{broken}\n{B}\n").as_bytes(), 1 << 20);
        assert!(texts.contains(&A.to_owned()) && texts.contains(&B.to_owned()), "{broken}: {texts:?}");
        assert!(tally.bad + tally.stray_lines > 0, "{broken}: {tally:?}");
    }
}

#[test]
fn a_record_over_the_limit_ends_the_stream() {
    let text = format!(r#"{{"Records":[{A},{{"eventName":"{}"#, "x".repeat(3 << 20));
    let (texts, _, end) = read(text.as_bytes(), 1 << 16);
    assert_eq!(texts, [A]);
    assert_eq!(end, EndFields::TooLarge(13 + A.len() as u64 - 1));
}

/// Items of AWS Config are found in the envelopes that records are found in.
#[test]
fn documents_of_config_are_handed_on() {
    let item = r#"{"configurationItem":{"resourceType":"AWS::S3::Bucket"},"messageType":"ConfigurationItemChangeNotification"}"#;
    let history = r#"{"fileVersion":"1.0","configurationItems":[{"resourceType":"AWS::S3::Bucket"}]}"#;
    let sns = format!(r#"{{"Type":"Notification","Message":{}}}"#, escaped(item));
    let sqs = format!(r#"{{"Messages":[{{"Body":{}}},{{"Body":{}}}]}}"#, escaped(&sns), escaped(A));
    let event = format!(
        r#"{{"detail-type":"Config Configuration Item Change","source":"aws.config","detail":{item}}}"#
    );
    for (text, want) in [(item, item), (history, history), (&sns, item), (&sqs, item), (&event, item)] {
        let mut documents = Vec::new();
        let mut rest = Some(text.as_bytes());
        let mut fill = |buffer: &mut Vec<u8>| {
            rest.take().is_some_and(|text| {
                buffer.extend_from_slice(text);
                true
            })
        };
        let mut config = |document: &[u8]| documents.push(String::from_utf8_lossy(document).into_owned());
        let limits = Limits::default();
        let (tally, _) = walk_stream(&mut Vec::new(), &limits, &mut fill, &mut |_| Ok(()), Some(&mut config));
        assert_eq!((documents, tally.config), (vec![want.to_owned()], 1), "{text}");
    }
}

proptest! {
    #[test]
    fn nothing_panics(text in "[\\[\\]{}\",:a \\\\\n0]{0,200}", chunk in 1_usize..50) {
        read(text.as_bytes(), chunk);
    }

    #[test]
    fn no_byte_panics(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        read(&bytes, 17);
    }
}
