//! What records are wrapped in: under which keys services and tools put them, and what is packed as base64.
//!
//! Only these keys are followed. Whoever writes into a log of another kind could put a record under any key, and it
//! would be taken for evidence; what holds CloudTrail's keys elsewhere is named as not read.

use data_encoding::BASE64_NOPAD;
use flate2::read::MultiGzDecoder;
use memchr::memmem;
use std::io::Read;

/// The keys, each with who writes it.
const KEYS: &[&[u8]] = &[
    // CloudTrail: delivered files, `lookup-events`, and results of queries in CloudTrail Lake.
    b"Records",
    b"records",
    b"Events",
    b"CloudTrailEvent",
    b"QueryResultRows",
    b"eventJson",
    b"eventJSON",
    b"eventjson",
    // CloudWatch Logs: `filter-log-events`, subscriptions, Logs Insights.
    b"events",
    b"logEvents",
    b"message",
    b"awslogs",
    b"data",
    b"results",
    b"@message",
    // EventBridge.
    b"detail",
    // SNS, SQS, Kinesis and the Lambda functions behind them.
    b"Message",
    b"Messages",
    b"Body",
    b"body",
    b"Sns",
    b"kinesis",
    b"Data",
    // Splunk: exports, and what its event collector is sent.
    b"result",
    b"_raw",
    b"event",
    // Elasticsearch and OpenSearch.
    b"hits",
    b"_source",
    b"fields",
    b"original",
    b"event.original",
];

/// Returns whether a record may stand under this key.
pub(super) fn is_wrapper(key: &[u8]) -> bool {
    KEYS.contains(&key)
}

/// Returns whether a text has the members that tell of a call in CloudTrail's words, at whatever depth of objects and
/// strings and in whatever spelling: its name, and its service, its time, or the version of the record. So does what
/// Elastic makes of records.
pub(super) fn holds_trail_keys(text: &[u8]) -> bool {
    let others = [&b"source"[..], b"version", b"time", b"id"];
    let is_elastic = || memmem::find(text, b"cloudtrail").is_some() && has_member(text, b"version");
    has_member(text, b"name") && others.iter().any(|key| has_member(text, key)) || is_elastic()
}

/// Returns whether an object is an event of CloudTrail in the Open Cybersecurity Schema Framework, as Security Lake
/// keeps them: with a product that is called so, and the names of that form.
pub(super) fn is_ocsf(text: &[u8]) -> bool {
    let has = |word: &str| memmem::find(text, word.as_bytes()).is_some();
    has("\"metadata\"") && has("\"CloudTrail\"") && has("\"api\"") && has("\"operation\"")
}

/// Whether a member is there that is called `event` and so, with a text as its value; `word` is in lower case.
fn has_member(text: &[u8], word: &[u8]) -> bool {
    // The first letter may be upper case by itself.
    [&b"vent"[..], b"VENT"].iter().any(|begin| {
        let is_it = |at: usize| {
            let rest = &text[at + begin.len()..];
            let rest = rest.strip_prefix(b"_").or_else(|| rest.strip_prefix(b" ")).unwrap_or(rest);
            let Some((found, rest)) = rest.split_at_checked(word.len()) else { return false };
            at > 0
                && matches!(text[at - 1], b'e' | b'E')
                && found.eq_ignore_ascii_case(word)
                && begins_text(rest)
        };
        memmem::find_iter(text, begin).any(is_it)
    })
}

/// Whether a member of a text begins behind its key: quotes and a colon, each perhaps behind backslashes.
fn begins_text(rest: &[u8]) -> bool {
    let mut plain = rest.iter().filter(|byte| !matches!(byte, b'\\' | b' '));
    [b'"', b':', b'"'].iter().all(|byte| plain.next() == Some(byte))
}

/// Returns whether bytes of another format name CloudTrail's columns: the first of two that have to be there, the
/// second.
pub(super) fn names_columns(bytes: &[u8]) -> (bool, bool) {
    let has = |names: [&[u8]; 2]| names.iter().any(|name| memmem::find(bytes, name).is_some());
    (has([b"eventname", b"eventName"]), has([b"eventsource", b"eventSource"]))
}

/// What became of a packed text.
pub(super) enum UnpackedText {
    /// It is none.
    No,
    /// What it holds.
    Content(Vec<u8>),
    /// What could be had of it before the end came early, or what was broken.
    Part(Vec<u8>),
    /// It holds more than it may.
    TooLarge,
}

/// Takes off base64, and gzip below it: subscription data of CloudWatch Logs, and what Kinesis holds. No more than
/// `limit` bytes are made of it.
pub(super) fn unpack_text(text: &[u8], limit: usize) -> UnpackedText {
    if !begins_packed(text) {
        return UnpackedText::No;
    }
    let text: Vec<u8> = text.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    if !is_packed(&text) {
        return unpack_damaged(&text, limit);
    }
    let Some(mut content) = decode_base64(&text) else { return unpack_damaged(&text, limit) };
    // What CloudWatch Logs compresses a delivery stream may have compressed again.
    for _ in 0..3 {
        if !content.starts_with(&[0x1f, 0x8b]) {
            return UnpackedText::Content(content);
        }
        let mut inflated = Vec::new();
        let most = limit as u64 + 1;
        let result = MultiGzDecoder::new(content.as_slice()).take(most).read_to_end(&mut inflated);
        if inflated.len() > limit {
            return UnpackedText::TooLarge;
        }
        if result.is_err() {
            return UnpackedText::Part(inflated);
        }
        content = inflated;
    }
    UnpackedText::Part(Vec::new())
}

/// Decodes base64, with its padding or without.
fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    let padding = text.iter().rev().take(2).take_while(|byte| **byte == b'=').count();
    BASE64_NOPAD.decode(&text[..text.len() - padding]).ok()
}

/// What can be had of base64 that ends within a letter's bits, or has something else among its letters: of gzip
/// alone, whose first bytes leave no doubt.
fn unpack_damaged(text: &[u8], limit: usize) -> UnpackedText {
    /// The header of a gzip member and a little more.
    const LEAST: usize = 32;
    let letters = text.iter().take_while(|byte| is_letter(byte) && **byte != b'=').count();
    let Some(content) = decode_base64(&text[..letters / 4 * 4]) else { return UnpackedText::No };
    if letters < LEAST || !content.starts_with(&[0x1f, 0x8b, 8]) {
        return UnpackedText::No;
    }
    let mut inflated = Vec::new();
    // It ends early in any case.
    _ = MultiGzDecoder::new(content.as_slice()).take(limit as u64).read_to_end(&mut inflated);
    UnpackedText::Part(inflated)
}

fn is_letter(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// Whether a line is one of base64 and no text of its own, but the next of a text that is wrapped.
fn goes_on(line: &[u8]) -> bool {
    !line.is_empty() && line.iter().all(is_letter) && !line.starts_with(b"H4sI")
}

/// Where base64 ends whose first line, of so many letters, ends at `end`: with the first line that is shorter. `None`
/// where that line has not come yet.
pub(super) fn wrapped_end(bytes: &[u8], mut end: usize, width: usize, more: bool) -> Option<usize> {
    loop {
        let from = (end + 1).min(bytes.len());
        let line_end = memchr::memchr(b'\n', &bytes[from..]).map(|length| from + length);
        let to = line_end.or((!more).then_some(bytes.len()))?;
        let line = bytes[from..to].trim_ascii_end();
        if line.len() > width || !goes_on(line) {
            return Some(end);
        }
        end = to;
        if line.len() < width {
            return Some(end);
        }
    }
}

/// Whether a text is base64 of gzip, or of a JSON object or list, by its first bytes and all of its letters.
pub(super) fn is_packed(text: &[u8]) -> bool {
    begins_packed(text) && text.iter().all(is_letter)
}

fn begins_packed(text: &[u8]) -> bool {
    const BEGINS: [&[u8]; 8] = [b"H4sI", b"eyJ", b"eyA", b"ewog", b"ewoJ", b"ew0K", b"W3s", b"Wwog"];
    BEGINS.iter().any(|begin| text.starts_with(begin))
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::BASE64;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn packed(content: &[u8]) -> String {
        let mut writer = GzEncoder::new(Vec::new(), Compression::default());
        writer.write_all(content).unwrap();
        BASE64.encode(&writer.finish().unwrap())
    }

    #[test]
    fn what_is_packed_is_had_within_the_limit() {
        let text = packed(b"{\"a\":1}");
        assert!(matches!(unpack_text(text.as_bytes(), 100), UnpackedText::Content(it) if it == b"{\"a\":1}"));
        assert!(matches!(unpack_text(text.trim_end_matches('=').as_bytes(), 100), UnpackedText::Content(_)));
        assert!(matches!(unpack_text(text.as_bytes(), 6), UnpackedText::TooLarge));
        assert!(matches!(unpack_text(&text.as_bytes()[..24], 100), UnpackedText::Part(_)));
        let bomb = packed(&vec![b' '; 10 << 20]);
        assert!(matches!(unpack_text(bomb.as_bytes(), 1 << 20), UnpackedText::TooLarge));
        let plain = BASE64.encode(b"{\"a\":1}");
        assert!(
            matches!(unpack_text(plain.as_bytes(), 100), UnpackedText::Content(it) if it == b"{\"a\":1}")
        );
        // Wrapped, cut within a letter's bits, and with something else in it.
        let wrapped = format!("{}\r\n{}\n", &text[..20], &text[20..]);
        assert!(
            matches!(unpack_text(wrapped.as_bytes(), 100), UnpackedText::Content(it) if it == b"{\"a\":1}")
        );
        for damaged in [text[..33].to_owned(), format!("{}!!{}", &text[..34], &text[36..])] {
            assert!(matches!(unpack_text(damaged.as_bytes(), 100), UnpackedText::Part(_)), "{damaged}");
        }
        for text in ["", "H4sI !", "hello", "{\"a\":1}"] {
            assert!(matches!(unpack_text(text.as_bytes(), 100), UnpackedText::No), "{text}");
        }
    }

    #[test]
    fn security_lake_is_known() {
        let text = r#"{"activity_name":"Delete","api":{"operation":"DeleteBucket"},"metadata":{"product":{"name":"CloudTrail"}}}"#;
        assert!(is_ocsf(text.as_bytes()));
        assert!(!is_ocsf(text.replace("CloudTrail", "Route 53").as_bytes()));
    }

    #[test]
    fn keys_are_known_in_any_dress() {
        for text in [
            r#"{"eventName":"x","eventSource":"y"}"#,
            r#"{"x":"{\"eventname\": \"x\", \"eventtime\": \"y\"}"}"#,
            r#"{"EventName" : "x", "EventVersion" : "y"}"#,
            r#"{"event_name":"x","event_source":"y"}"#,
            r#"{"Event name":"x","Event ID":"y"}"#,
            r#"{"EVENTNAME":"x","EVENTTIME":"y"}"#,
            r#"{"aws":{"cloudtrail":{"event_version":"1.08"}},"event":{"action":"DeleteBucket"}}"#,
            r#"\\\"eventName\\\":\\\"x\\\",\\\"eventSource\\\":\\\"y\\\""#,
        ] {
            assert!(holds_trail_keys(text.as_bytes()), "{text}");
        }
        for text in [
            "",
            r#"{"eventName":"x"}"#,
            r#"{"eventName":["x"],"eventSource":["y"]}"#,
            "eventName: x\neventSource: y",
            "eventname STRING, eventsource STRING",
        ] {
            assert!(!holds_trail_keys(text.as_bytes()), "{text}");
        }
    }
}
