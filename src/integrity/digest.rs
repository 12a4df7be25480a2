//! One digest file: its JSON, and the text that its signature covers.
//!
//! Strict about what the signature covers, lenient about the rest: the fields
//! that the AWS CLI asks for have to be there, fields that nobody knows yet are
//! passed over. What the fields claim is proven elsewhere.
//!
//! Sources: "CloudTrail digest file structure" and "Custom implementations of
//! CloudTrail log file integrity validation" in the AWS user guide.

use super::fields::{Field, HASH_ALGORITHM, ListedLog};
use super::hex::Sha256Hash;
use super::{fields, hex};
use crate::text::has_too_many_values;
use chrono::{DateTime, NaiveDateTime, Utc};

/// What a digest says of itself and of the one before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// The bucket and the key that it was delivered to, by its own word.
    pub bucket: Box<str>,
    /// The key.
    pub key: Box<str>,
    /// Where the span of delivery times begins, in seconds since 1970.
    pub start: i64,
    /// Where it ends.
    pub end: i64,
    /// The fingerprint of the key that signed it, in lower case.
    pub fingerprint: Box<str>,
    /// The digest before it; none in a starting digest.
    pub previous: Option<PreviousDigest>,
    /// `previousDigestSignature` as it stands there; `None` is null, which the signature covers as such.
    pub previous_signature: Option<Box<str>>,
    /// `digestEndTime` as it stands there.
    end_text: Box<str>,
    /// Whether all logs that it lists are in its own bucket, by its word.
    pub(super) lists_own_bucket: bool,
}

/// The digest before one, as that one describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviousDigest {
    /// Its bucket.
    pub bucket: Box<str>,
    /// Its key.
    pub key: Box<str>,
    /// The SHA-256 of its content.
    pub hash: Option<Sha256Hash>,
}

/// The only algorithm that digests are signed with.
const SIGNATURE_ALGORITHM: &str = "SHA256withRSA";

impl Digest {
    /// Reads the content of a digest file, and the log files that it lists.
    ///
    /// ```
    /// use trailscan::integrity::Digest;
    ///
    /// let error = Digest::parse(br#"{"digestS3Bucket":"b"}"#).unwrap_err();
    /// assert_eq!(error, "it has no `digestPublicKeyFingerprint`");
    /// ```
    ///
    /// # Errors
    /// Why it is no digest, in lower case.
    pub fn parse(content: &[u8]) -> Result<(Self, Vec<ListedLog>), String> {
        if has_too_many_values(content) {
            return Err("it lists more than any digest".to_owned());
        }
        let fields = fields::read_fields(content)?;
        // The members that have to be there, null or not (the AWS CLI asks for the same).
        let required = [
            ("digestPublicKeyFingerprint", &fields.fingerprint),
            ("digestS3Bucket", &fields.bucket),
            ("digestS3Object", &fields.key),
            ("previousDigestSignature", &fields.previous_signature),
            ("digestEndTime", &fields.end),
            ("digestStartTime", &fields.start),
        ];
        if let Some((name, _)) = required.iter().find(|(_, field)| field.is_missing()) {
            return Err(format!("it has no `{name}`"));
        }
        if let Some(other) = fields.signature_algorithm.text().filter(|it| *it != SIGNATURE_ALGORITHM) {
            return Err(format!("it is signed by `{other}`, expected `{SIGNATURE_ALGORITHM}`"));
        }
        let bucket = needed("digestS3Bucket", &fields.bucket)?;
        let digest = Self {
            bucket: bucket.into(),
            key: needed("digestS3Object", &fields.key)?.into(),
            start: time("digestStartTime", &fields.start)?,
            end: time("digestEndTime", &fields.end)?,
            fingerprint: needed("digestPublicKeyFingerprint", &fields.fingerprint)?
                .to_ascii_lowercase()
                .into(),
            previous: fields.previous_key.text().map(|key| PreviousDigest {
                bucket: fields.previous_bucket.text().unwrap_or_default().into(),
                key: key.into(),
                hash: fields
                    .previous_hash
                    .text()
                    .filter(|_| fields.previous_hash_algorithm.text().is_none_or(|it| it == HASH_ALGORITHM))
                    .and_then(hex::parse_sha256),
            }),
            previous_signature: fields.previous_signature.text().map(Into::into),
            end_text: needed("digestEndTime", &fields.end)?.into(),
            lists_own_bucket: fields.logs.buckets.iter().all(|it| it == bucket),
        };
        Ok((digest, fields.logs.listed))
    }

    /// Returns whether it says that none is before it: logging or validation was switched on.
    pub fn starts_chain(&self) -> bool {
        self.previous.is_none() && self.previous_signature.is_none()
    }

    /// Returns the text that its signature covers, given the hash of its content.
    pub fn signed_text(&self, hash: &Sha256Hash) -> String {
        let Self { end_text, bucket, key, previous_signature, .. } = self;
        // A digest without one before it is signed with the word that Java prints for it.
        let before = previous_signature.as_deref().unwrap_or("null");
        format!("{end_text}\n{bucket}/{key}\n{}\n{before}", hex::encode_hex(hash))
    }
}

/// Returns whether content that is no log looks like a digest, to judge it although its name says nothing.
pub(super) fn may_be_digest(head: &[u8]) -> bool {
    let has = |name: &[u8]| memchr::memmem::find(head, name).is_some();
    has(b"\"digestS3Object\"") || has(b"\"digestStartTime\"") || has(b"\"previousDigestS3Object\"")
}

fn needed<'f>(name: &str, field: &'f Field<'_>) -> Result<&'f str, String> {
    field.text().ok_or_else(|| format!("its `{name}` is no text"))
}

fn time(name: &str, field: &Field<'_>) -> Result<i64, String> {
    let text = needed(name, field)?;
    parse_timestamp(text).ok_or_else(|| format!("its `{name}` is no time: `{text}`"))
}

/// Reads `2015-08-17T14:01:31Z`; an offset is understood as well.
fn parse_timestamp(text: &str) -> Option<i64> {
    let exact = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ").map(|time| time.and_utc());
    let time: DateTime<Utc> = match exact {
        Ok(time) => time,
        Err(_) => DateTime::parse_from_rfc3339(text).ok()?.to_utc(),
    };
    Some(time.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn sample() -> Value {
        json!({
            "awsAccountId": "111122223333",
            "digestStartTime": "2015-08-17T14:01:31Z",
            "digestEndTime": "2015-08-17T15:01:31Z",
            "digestS3Bucket": "b",
            "digestS3Object": "AWSLogs/k.json.gz",
            "digestPublicKeyFingerprint": "ABcd",
            "digestSignatureAlgorithm": "SHA256withRSA",
            "newestEventTime": null,
            "oldestEventTime": null,
            "previousDigestS3Bucket": "b",
            "previousDigestS3Object": "AWSLogs/j.json.gz",
            "previousDigestHashValue": "00".repeat(32),
            "previousDigestHashAlgorithm": "SHA-256",
            "previousDigestSignature": "50",
            "logFiles": [{"s3Bucket": "b", "s3Object": "AWSLogs/l", "hashValue": "11".repeat(32)}],
        })
    }

    fn parse(value: &Value) -> Result<(Digest, Vec<ListedLog>), String> {
        Digest::parse(&serde_json::to_vec(value).unwrap())
    }

    #[test]
    fn fields_are_read_and_the_signed_text_is_made_of_them() {
        let (digest, logs) = parse(&sample()).unwrap();
        assert_eq!((digest.start, digest.end), (1_439_820_091, 1_439_823_691));
        assert_eq!(&*digest.fingerprint, "abcd");
        assert_eq!(logs, [ListedLog { key: "AWSLogs/l".to_owned(), hash: [0x11; 32] }]);
        assert!(!digest.starts_chain());
        // The form that the user guide gives.
        let text = format!("2015-08-17T15:01:31Z\nb/AWSLogs/k.json.gz\n{}\n50", "0a".repeat(32));
        assert_eq!(digest.signed_text(&[10; 32]), text);
    }

    #[test]
    fn a_starting_digest_is_signed_with_the_word_null() {
        let mut value = sample();
        for (name, field) in value.as_object_mut().unwrap() {
            if name.starts_with("previous") {
                *field = Value::Null;
            }
        }
        let (digest, _) = parse(&value).unwrap();
        assert!(digest.starts_chain());
        assert!(digest.signed_text(&[0; 32]).ends_with("\nnull"));
        // Empty text is not null.
        value["previousDigestSignature"] = json!("");
        assert!(parse(&value).unwrap().0.signed_text(&[0; 32]).ends_with("\n"));
    }

    #[test]
    fn what_is_missing_is_named_and_what_is_unknown_is_passed_over() {
        for name in [
            "digestPublicKeyFingerprint",
            "digestS3Bucket",
            "digestS3Object",
            "previousDigestSignature",
            "digestEndTime",
            "digestStartTime",
        ] {
            let mut value = sample();
            value.as_object_mut().unwrap().remove(name);
            assert_eq!(parse(&value).unwrap_err(), format!("it has no `{name}`"));
        }
        let change = |name: &str, to: Value| {
            let mut value = sample();
            value[name] = to;
            parse(&value)
        };
        assert_eq!(
            change("digestEndTime", json!("soon")).unwrap_err(),
            "its `digestEndTime` is no time: `soon`"
        );
        assert_eq!(change("digestS3Object", json!(7)).unwrap_err(), "its `digestS3Object` is no text");
        for (logs, cause) in [
            (json!({}), "invalid type: map, expected a list of log files"),
            (json!("x"), "invalid type: string \"x\", expected a list of log files"),
            (json!([["b", "k", "11"]]), "invalid type: sequence, expected an object"),
            (json!([{"s3Object": "k", "hashValue": "1"}]), "element 0 of its `logFiles` has no `hashValue`"),
            (json!([{"hashValue": "11".repeat(32)}]), "element 0 of its `logFiles` has no `s3Object`"),
            (
                json!([{"s3Object": "k", "hashValue": "11".repeat(32), "hashAlgorithm": "MD5"}]),
                "element 0 of its `logFiles` is hashed by `MD5`, expected `SHA-256`",
            ),
        ] {
            let error = change("logFiles", logs).unwrap_err();
            assert!(error.starts_with(&format!("it is no digest: {cause} at line")), "{error}");
        }
        assert_eq!(
            change("digestSignatureAlgorithm", json!("SHA1withRSA")).unwrap_err(),
            "it is signed by `SHA1withRSA`, expected `SHA256withRSA`"
        );
        let by = |algorithm: Value| change("previousDigestHashAlgorithm", algorithm).unwrap().0.previous;
        assert!(by(Value::Null).unwrap().hash.is_some());
        assert_eq!(by(json!("MD5")).unwrap().hash, None);
        assert!(change("aNewField", json!([1])).is_ok());
        for records in [json!([]), Value::Null, json!("x")] {
            assert_eq!(change("Records", records).unwrap_err(), "it holds `Records`, as a log does");
        }
        assert_eq!(change("logFiles", Value::Null).unwrap().1, []);
    }

    /// Which of two would be taken differs from reader to reader.
    #[test]
    fn a_member_that_stands_there_twice_makes_it_no_digest() {
        let text = sample().to_string();
        for (from, name) in [
            ("\"logFiles\":[", "logFiles"),
            ("\"digestEndTime\":", "digestEndTime"),
            ("\"previousDigestSignature\":", "previousDigestSignature"),
            ("\"s3Object\":", "s3Object"),
            ("\"hashValue\":", "hashValue"),
        ] {
            let twice = text.replacen(from, &format!("\"{name}\":null,{from}"), 1);
            assert_ne!(text, twice);
            let error = Digest::parse(twice.as_bytes()).unwrap_err();
            assert!(error.starts_with(&format!("it is no digest: duplicate field `{name}`")), "{error}");
            // However the name is written.
            let escaped = twice.replacen(
                &format!("\"{name}\":null"),
                &format!("\"\\u{:04x}{}\":null", u32::from(name.as_bytes()[0]), &name[1..]),
                1,
            );
            assert!(Digest::parse(escaped.as_bytes()).unwrap_err().contains("duplicate field"), "{escaped}");
        }
    }

    #[test]
    fn nothing_stands_around_the_object() {
        let text = sample().to_string();
        assert!(Digest::parse(format!(" {text}\n").as_bytes()).is_ok());
        for behind in ["{}", "x", "]", "\0"] {
            assert_eq!(
                Digest::parse(format!("{text}{behind}").as_bytes()).unwrap_err(),
                "something stands behind its JSON object"
            );
        }
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for content in [&utf16, &b"\xef\xbb\xbf{}"[..], b"[]", b"", b"{", b"7"] {
            assert!(Digest::parse(content).is_err(), "{content:?}");
        }
    }

    #[test]
    fn a_digest_without_a_telling_name_is_known_by_its_fields() {
        assert!(may_be_digest(&serde_json::to_vec(&sample()).unwrap()));
        assert!(!may_be_digest(br#"{"Records":[]}"#));
    }

    proptest! {
        #[test]
        fn nothing_panics(content in prop::collection::vec(any::<u8>(), 0..200), at in any::<prop::sample::Index>(), to in any::<u8>()) {
            let _ = Digest::parse(&content);
            let mut changed = serde_json::to_vec(&sample()).unwrap();
            let at = at.index(changed.len());
            changed[at] = to;
            if let Ok((digest, _)) = Digest::parse(&changed) {
                digest.signed_text(&[0; 32]);
            }
        }
    }
}
