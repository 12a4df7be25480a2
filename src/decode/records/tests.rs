use super::*;
use crate::container::Limits;
use crate::decode::{ScanBuffers, scan_records};
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

/// What is seen of a stream: each record with its place among the others and in the bytes, and what was counted.
type Walked = (Vec<(String, u64, u64)>, RecordCounts, EndFields);

/// Walks over `bytes` in chunks of `chunk`, or as a whole.
fn walked(bytes: &[u8], chunk: Option<usize>, record: usize) -> Walked {
    let limits = Limits { record, ..Limits::default() };
    let mut seen = Vec::new();
    let mut visit = |record: &Record<'_>| {
        seen.push((String::from_utf8_lossy(record.text).into_owned(), record.index, record.offset));
        Ok(())
    };
    let (tally, end) = match chunk {
        None => walk_whole(bytes, &limits, &mut RecordSpans::default(), &mut visit),
        Some(chunk) => {
            let mut chunks = bytes.chunks(chunk);
            let mut fill =
                |buffer: &mut Vec<u8>| chunks.next().inspect(|it| buffer.extend_from_slice(it)).is_some();
            walk_stream(&mut Vec::new(), &limits, &mut fill, &mut visit, None)
        }
    };
    (seen, tally, end)
}

fn assert_walked_alike(bytes: &[u8], record: usize) -> Walked {
    let whole = walked(bytes, None, record);
    for chunk in [1, 3, 16, 61, 1 << 12] {
        let by_chunks = walked(bytes, Some(chunk), record);
        assert_eq!(by_chunks, whole, "chunks of {chunk}, records of {record}: {}", bytes.escape_ascii());
    }
    whole
}

/// A record over the limit costs itself: what follows is read, wherever chunks end.
#[test]
fn a_record_over_the_limit_costs_itself() {
    let long = format!(r#"{{"eventName":"{}","x":[{{}}]}}"#, "]}".repeat(300));
    let broken = format!(r#"{{"eventName":"{}"#, "x".repeat(600));
    for (text, first) in [
        (format!(r#"{{"Records":[{A},{long},{B}]}}"#), 12 + A.len() + 1),
        (format!("[{A},{long} , {long},{B}]"), 1 + A.len() + 1),
        (format!("{A}\n{long}\n{B}\n"), A.len() + 1),
        (format!("{A}\n2023-07-10T12:00:00.000Z {long}\n{B}\n"), A.len() + 26),
        (format!("{A}\n{}\n{B}\n", escaped(&long)), A.len() + 1),
        (format!("[{A},{},{B}]", escaped(&long)), 1 + A.len() + 1),
        (format!(r#"[{A},[{long}],{B}]"#), 1 + A.len() + 1),
        (format!("{A}\nH4sI{}\n{B}\n", "A".repeat(600)), A.len() + 1),
    ] {
        let (seen, tally, end) = assert_walked_alike(text.as_bytes(), 128);
        assert_eq!(seen.iter().map(|it| &*it.0).collect::<Vec<_>>(), [A, B], "{text}");
        let many = text.matches(&long).count().max(1) as u64;
        assert_eq!((tally.oversized, tally.first_oversized), (many, Some(first as u64)), "{text}");
        assert_eq!((tally.bad, tally.stray_lines, end), (0, 0, EndFields::Whole), "{text}");
    }
    // Of a line that is broken as well, the next one is found; in a list it takes the rest with it.
    let (seen, tally, _) = assert_walked_alike(format!("{A}\n{broken}\n{B}\n").as_bytes(), 128);
    assert_eq!((seen.len(), tally.oversized), (1, 1));
    let text = format!(r#"{{"Records":[{A},{broken}"#);
    let (seen, tally, end) = assert_walked_alike(text.as_bytes(), 128);
    assert_eq!((seen.len(), tally.oversized), (1, 1));
    assert_eq!(end, EndFields::Cut(13 + A.len() as u64));
    // A member that holds no elements may be of any size, and so may white space.
    let (long, space) = ("x".repeat(600), " \n".repeat(600));
    for text in [
        format!(r#"{{"Records":[{A}],"x":"{long}","y":[{{"z":"{long}"}}],"Events":[{B}]}}"#),
        format!(r#"{{"Records":[{A}{space},{space}{B}{space}]{space}}}{space}"#),
    ] {
        let (seen, tally, end) = assert_walked_alike(text.as_bytes(), 128);
        assert_eq!((seen.len(), tally.oversized, end), (2, 0, EndFields::Whole), "{text}");
    }
    // A record of the limit is none over it.
    let text = format!("[{A},{B}]");
    assert_eq!(assert_walked_alike(text.as_bytes(), A.len()).1.oversized, 0);
    assert_eq!(assert_walked_alike(text.as_bytes(), A.len() - 1).1.oversized, 1);
}

/// A file of broken lines is read in the time that its size takes: each was read to the end of the file.
#[test]
fn broken_lines_take_no_more_time_than_others() {
    for line in ["{\n", "{\"a\":{\n", "{{}\n"] {
        let text = format!("{A}\n{}{A}\n{B}\n", line.repeat((2 << 20) / line.len()));
        let (seen, tally, _) = walked(text.as_bytes(), None, 1 << 16);
        assert_eq!(seen.iter().map(|it| &*it.0).collect::<Vec<_>>(), [A, A, B], "{line}");
        assert_eq!(tally.bad, (2 << 20) / line.len() as u64);
        assert!(walked(text.as_bytes(), Some(1 << 14), 1 << 16) == (seen, tally, EndFields::Whole));
    }
}

/// A reader of a stream holds the largest record and a chunk, whatever stands in it.
#[test]
fn no_more_is_held_than_the_largest_record() {
    const LIMIT: usize = 1 << 12;
    const CHUNK: usize = 1 << 8;
    let long = "x".repeat(100_000);
    for text in [
        format!("{{\"Records\":[{A},{{\"eventName\":\"{long}\"}},{B}]}}"),
        format!("{{\"a\":\"{long}"),
        format!("{{{}", " ".repeat(100_000)),
        format!("{{\"Records\":[{}", " ".repeat(100_000)),
        format!("{{\"Records\":[],\"x\":{{\"a\":\"{long}\"}}"),
        " ".repeat(100_000),
        long.clone(),
        format!("\"{long}"),
        "[".repeat(100_000),
        "1".repeat(100_000),
        format!("H4sI{}", "A\nA".repeat(50_000)),
    ] {
        let (mut chunks, mut held) = (text.as_bytes().chunks(CHUNK), 0);
        let limits = Limits { record: LIMIT, ..Limits::default() };
        let mut fill = |buffer: &mut Vec<u8>| {
            held = held.max(buffer.len());
            chunks.next().inspect(|it| buffer.extend_from_slice(it)).is_some()
        };
        walk_stream(&mut Vec::new(), &limits, &mut fill, &mut |_| Ok(()), None);
        assert!(held <= LIMIT + CHUNK, "{held} bytes of {}…", &text[..20]);
    }
}

#[test]
fn offsets_are_the_same_however_a_stream_is_cut() {
    let row = format!(r#"[{{"field":"@message","value":{}}}]"#, escaped(A));
    for (text, places) in [
        (format!(r#"{{"results":[[{{"x":1}}],[{A},{B}]]}}"#), vec![23, 24 + A.len()]),
        (format!(r#"{{"results":[{row},{row}]}}"#), vec![12, 13 + row.len()]),
        (format!("{{\"x\":1,\"Records\":[{A}]}}\n{{\"x\":1,\"Records\":[{B}]}}"), vec![18, 39 + A.len()]),
        (
            format!(r#"[{{"detail":{A},"detail-type":"x"}},{{"x":1}},{{"detail":{{"Records":[{B}]}}}}]"#),
            vec![1, 61 + A.len()],
        ),
    ] {
        let (seen, _, _) = assert_walked_alike(text.as_bytes(), 1 << 10);
        assert_eq!(seen.iter().map(|it| it.2 as usize).collect::<Vec<_>>(), places, "{text}");
    }
}

/// A document of more than a mebibyte is walked through wherever it comes from.
#[test]
fn a_large_document_is_walked_alike() {
    let filler = "y".repeat(700 << 10);
    let text = format!(
        "{{\"x\":1,\"Records\":[{A},{{\"eventName\":\"{filler}\"}},{{\"eventName\":\"{filler}\"}},{{\"a\":1}}]}}\n{B}\n"
    );
    let whole = walked(text.as_bytes(), None, 1 << 20);
    assert_eq!((whole.0.len(), whole.1.odd), (4, 1));
    for chunk in [1 << 16, 1 << 20, 2 << 20] {
        assert!(walked(text.as_bytes(), Some(chunk), 1 << 20) == whole, "{chunk}");
    }
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
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Damage does not change what is seen of a stream with the places where its chunks end.
    #[test]
    fn damage_is_seen_alike_at_any_chunking(
        shape in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), "[\\[\\]{}\",:a \\\\\n0]", 0..3_u8), 0..4),
        record in prop::sample::select(vec![24_usize, 70, 1 << 20]),
    ) {
        let shapes = shapes();
        let mut bytes = shape.get(&shapes).1.clone().into_bytes();
        for (at, by, how) in changes {
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = by.as_bytes()[0],
                1 => bytes.insert(at, by.as_bytes()[0]),
                _ => bytes.truncate(at.max(1)),
            }
        }
        assert_walked_alike(&bytes, record);
    }

    /// The same of a file in CloudTrail's own form, which is cut by another way where it is in memory as a whole.
    #[test]
    fn a_damaged_delivery_is_seen_alike_at_any_chunking(
        changes in prop::collection::vec((any::<prop::sample::Index>(), "[\\[\\]{}\",:a \\\\\n0]", 0..3_u8), 0..3),
        record in prop::sample::select(vec![900_usize, 1 << 20]),
    ) {
        let usual = include_str!("../../../tests/fixtures/shapes/single.json").trim();
        let mut bytes = format!("{{\"Records\":[{usual},{usual}]}}").into_bytes();
        for (at, by, how) in changes {
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = by.as_bytes()[0],
                1 => bytes.insert(at, by.as_bytes()[0]),
                _ => drop(bytes.remove(at)),
            }
        }
        assert_walked_alike(&bytes, record);
    }

    #[test]
    fn nonsense_is_seen_alike_at_any_chunking(text in "([\\[\\]{}\",:a \\\\\n0]|\"Records\":\\[|\"eventName\":\"A\"){0,60}") {
        assert_walked_alike(text.as_bytes(), 40);
    }

    #[test]
    fn nothing_panics(text in "[\\[\\]{}\",:a \\\\\n0]{0,200}", chunk in 1_usize..50) {
        read(text.as_bytes(), chunk);
    }

    #[test]
    fn no_byte_panics(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        read(&bytes, 17);
    }
}

/// As a machine leaves them that stopped: what was to stand there was never written.
#[test]
fn zeros_are_counted_and_no_record() {
    let record = r#"{"eventVersion":"1.08","eventTime":"2024-03-01T12:00:00Z","eventName":"X","eventSource":"s3.amazonaws.com"}"#;
    for text in [
        format!("{record}\n\0\0\0\0"),
        format!("{{\"Records\":[{record}]}}\0\0\0\0"),
        format!("\0\0\0\0{record}"),
    ] {
        let mut chunks = text.as_bytes().chunks(7);
        let fill =
            &mut |buffer: &mut Vec<u8>| chunks.next().inspect(|it| buffer.extend_from_slice(it)).is_some();
        let summary = scan_records(&mut ScanBuffers::default(), &Limits::default(), fill, &mut |_| Ok(()));
        assert_eq!((summary.tally.records, summary.tally.zeros), (1, 4), "{text:?}");
    }
}
