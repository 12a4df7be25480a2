use super::*;
use crate::catalog::Catalog;
use crate::container::{InflateBuffers, Limits, Stream};
use crate::decode::ScanBuffers;
use crate::input::Source;
use crate::{container, decode};
use std::collections::BTreeSet;

const RECORD: &str = r#"{"eventVersion":"1.08","userIdentity":{"type":"IAMUser","userName":"mallory"},"eventTime":"2023-07-10T12:00:00Z","eventSource":"s3.amazonaws.com","eventName":"DeleteBucket","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.1","userAgent":"[x]","requestParameters":{"bucketName":"first"},"responseElements":null,"requestID":"R","eventID":"E","readOnly":false,"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"111122223333","eventCategory":"Management"}"#;

/// What words each record has, and what it told: odd, failed, with an error code, may name.
fn words_of(file: &str) -> Vec<(BTreeSet<u64>, [bool; 4])> {
    let (mut words, mut found) = (FileWords::default(), Vec::new());
    let identifiers = Catalog::default().identifiers("s3.amazonaws.com", "DeleteBucket");
    let mut visit = |stream: &mut Stream<'_>| {
        decode::read_records(stream, &Limits::default(), &mut ScanBuffers::default(), &mut |record| {
            words.begin();
            let scan = words.record(record, 0, &identifiers, b"s3.amazonaws.com");
            let tokens = words.tokens().collect();
            found.push((tokens, [scan.odd, scan.fails, scan.error_code, scan.may_name]));
            Ok(())
        });
    };
    let source = Source::named("x.json");
    let mut scratch = InflateBuffers::default();
    container::each_stream_of(&source, file.as_bytes(), &Limits::default(), &mut scratch, &mut visit);
    found
}

fn variants() -> Vec<String> {
    let changed = |from: &str, to: &str| {
        assert!(RECORD.contains(from), "{from}");
        RECORD.replacen(from, to, 1)
    };
    let failed = r#""errorCode":"AccessDenied","errorMessage":"no, on resource: arn:aws:s3:::other","#;
    let resources = r#"false,"resources":[{"ARN":"arn:aws:s3:::third"}]"#;
    vec![
        RECORD.to_owned(),
        changed(r#""requestParameters""#, &format!("{failed}\"requestParameters\"")),
        changed(r#""requestID""#, &format!("{failed}\"requestID\"")),
        changed(r#""requestParameters""#, r#""errorMessage":"Throttled","requestParameters""#),
        changed(r#"{"bucketName":"first"}"#, "null"),
        changed(r#""first"}"#, r#""first"},"vpcEndpointId":"v","serviceEventDetails":{"bucketName":"more"}"#),
        changed("null", r#"{"bucketName":["a-b-c","d-e-f"]}"#),
        changed("null", r#"null,"additionalEventData":{"bucketName":"\"quoted\"-name"}"#),
        changed("false", resources),
        changed("Management\"", "Management\",\"tlsDetails\":{\"bucketName\":\"none\"}"),
        changed("192.0.2.1", "2001:db8::1"),
        changed("192.0.2.1", "19\\u0032.0.2.1"),
        changed(r#""bucketName":"first""#, r#""bucket\u004eame":"first""#),
        changed("\"E\"", r#""E","x\u0078":1"#),
        // What looks like the end of the parameters is none.
        changed("\"first\"", r#""first","x":{"y":1},"responseElements":{"bucketName":"inner"}"#),
    ]
}

#[test]
fn a_record_has_the_same_words_however_it_is_written() {
    for record in variants() {
        let delivered = words_of(&format!(r#"{{"Records":[{record}]}}"#));
        let spaced = words_of(&format!(r#"{{"Records": [{record}]}}"#));
        assert_eq!(delivered.len(), 1);
        assert_eq!(delivered[0].1, spaced[0].1, "{record}");
        // By an outline the keys that follow are taken for words as well.
        assert!(delivered[0].0.is_subset(&spaced[0].0), "{record}");
        let more = spaced[0].0.difference(&delivered[0].0).copied().collect::<BTreeSet<_>>();
        let keys = ["errorMessage", "requestParameters", "requestID", "readOnly", "responseElements"]
            .map(|key| [space::ERROR, space::RESOURCE].map(|space| word_token(space, key.as_bytes())));
        assert!(more.is_subset(&keys.into_iter().flatten().collect()), "{record}");
    }
}

#[test]
fn words_are_those_of_the_places_that_count() {
    let has = |words: &BTreeSet<u64>, space, word: &str| words.contains(&word_token(space, word.as_bytes()));
    for (record, resources, odd) in variants()
        .into_iter()
        .zip([
            (&["first"][..], false),
            (&["first", "other"], false),
            (&["first", "other"], false),
            (&["first"], false),
            (&[], false),
            (&["first", "more"], false),
            (&["first", "a-b-c", "d-e-f"], false),
            (&["first", "quoted", "-name"], false),
            (&["first", "third"], false),
            (&["first"], false),
            (&["first"], false),
            (&["first"], true),
            (&[], true),
            (&["first"], true),
            (&["first", "inner"], false),
        ])
        .map(|(record, (resources, odd))| (record, resources, odd))
    {
        let file = words_of(&format!(r#"{{"Records":[{record}]}}"#));
        let (words, [is_odd, ..]) = &file[0];
        assert_eq!(*is_odd, odd, "{record}");
        assert!(has(words, space::ACTOR, "mallory"));
        for word in ["first", "other", "more", "a-b-c", "d-e-f", "quoted", "-name", "third", "inner", "none"]
        {
            assert_eq!(has(words, space::RESOURCE, word), resources.contains(&word), "{word} {record}");
        }
    }
}

/// Values that were met are not gone over again, but their records are whole all the same.
#[test]
fn what_repeats_hides_nothing() {
    let records = variants();
    for turn in 0..records.len() {
        let mut list = [&records[turn..], &records[..turn]].concat();
        list.extend(list.clone());
        let (mut words, mut seen) = (FileWords::default(), 0);
        let identifiers = Catalog::default().identifiers("s3.amazonaws.com", "DeleteBucket");
        let file = format!(r#"{{"Records":[{}]}}"#, list.join(","));
        words.begin();
        let mut visit = |stream: &mut Stream<'_>| {
            decode::read_records(stream, &Limits::default(), &mut ScanBuffers::default(), &mut |record| {
                words.record(record, 0, &identifiers, b"s3.amazonaws.com");
                seen += 1;
                Ok(())
            });
        };
        let (source, mut scratch) = (Source::named("x.json"), InflateBuffers::default());
        container::each_stream_of(&source, file.as_bytes(), &Limits::default(), &mut scratch, &mut visit);
        assert_eq!(seen, list.len());
        let all: BTreeSet<u64> = words.tokens().collect();
        for record in &records {
            let alone = words_of(&format!(r#"{{"Records":[{record}]}}"#));
            assert!(alone[0].0.is_subset(&all), "{record}");
        }
    }
}

/// Of two equal keys a full parse takes the first: where that is empty, the message stands for the code.
#[test]
fn a_second_code_does_not_hide_the_message() {
    let codes = r#""errorCode":"","errorCode":"Given","errorMessage":"Throttled","requestParameters""#;
    let record = RECORD.replacen(r#""requestParameters""#, codes, 1);
    for file in [format!(r#"{{"Records":[{record}]}}"#), format!(r#"{{"Records": [{record}]}}"#)] {
        let (words, scan) = &words_of(&file)[0];
        assert!(words.contains(&word_token(space::ERROR, b"Throttled")), "{file}");
        assert_eq!(scan[1..3], [true, true]);
    }
}
