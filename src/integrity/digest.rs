//! One digest file: its JSON, and the text that its signature covers.
//!
//! Strict about what the signature covers, lenient about the rest: the fields
//! that the AWS CLI asks for have to be there, fields that nobody knows yet are
//! passed over. What the fields claim is proven elsewhere.
//!
//! Sources: "CloudTrail digest file structure" and "Custom implementations of
//! CloudTrail log file integrity validation" in the AWS user guide.

use super::hex;
use super::hex::Sha256Hash;
use crate::text::has_too_many_values;
use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::{Map, Value};

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

/// A log file that a digest lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedLog {
    /// Its key.
    pub key: String,
    /// The SHA-256 of its content.
    pub hash: Sha256Hash,
}

/// The members that have to be there, null or not (the AWS CLI asks for the same).
const REQUIRED: [&str; 6] = [
    "digestPublicKeyFingerprint",
    "digestS3Bucket",
    "digestS3Object",
    "previousDigestSignature",
    "digestEndTime",
    "digestStartTime",
];

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
        let Ok(Value::Object(fields)) = serde_json::from_slice(content) else {
            return Err("it is not one JSON object".to_owned());
        };
        if let Some(name) = REQUIRED.iter().find(|name| !fields.contains_key(**name)) {
            return Err(format!("it has no `{name}`"));
        }
        let needed = |name: &str| get_text(&fields, name).ok_or_else(|| format!("its `{name}` is no text"));
        let time = |name: &str| {
            needed(name).and_then(|text| {
                parse_timestamp(text).ok_or_else(|| format!("its `{name}` is no time: `{text}`"))
            })
        };
        let digest = Self {
            bucket: needed("digestS3Bucket")?.into(),
            key: needed("digestS3Object")?.into(),
            start: time("digestStartTime")?,
            end: time("digestEndTime")?,
            fingerprint: needed("digestPublicKeyFingerprint")?.to_ascii_lowercase().into(),
            previous: get_text(&fields, "previousDigestS3Object").map(|key| PreviousDigest {
                bucket: get_text(&fields, "previousDigestS3Bucket").unwrap_or_default().into(),
                key: key.into(),
                hash: get_text(&fields, "previousDigestHashValue").and_then(hex::parse_sha256),
            }),
            previous_signature: get_text(&fields, "previousDigestSignature").map(Into::into),
            end_text: needed("digestEndTime")?.into(),
        };
        Ok((digest, read_listed_logs(fields.get("logFiles"))?))
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

fn get_text<'v>(fields: &'v Map<String, Value>, name: &str) -> Option<&'v str> {
    fields.get(name).and_then(Value::as_str)
}

fn read_listed_logs(files: Option<&Value>) -> Result<Vec<ListedLog>, String> {
    let files = match files {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(files)) => files,
        Some(_) => return Err("its `logFiles` is no list".to_owned()),
    };
    let one = |(index, file): (usize, &Value)| {
        let field = |name: &str| file.get(name).and_then(Value::as_str);
        let missing = |name: &str| format!("element {index} of its `logFiles` has no `{name}`");
        Ok(ListedLog {
            key: field("s3Object").ok_or_else(|| missing("s3Object"))?.to_owned(),
            hash: field("hashValue").and_then(hex::parse_sha256).ok_or_else(|| missing("hashValue"))?,
        })
    };
    files.iter().enumerate().map(one).collect()
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
    use serde_json::json;

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
        for name in REQUIRED {
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
        assert_eq!(change("logFiles", json!({})).unwrap_err(), "its `logFiles` is no list");
        assert_eq!(
            change("logFiles", json!([{"s3Object": "k", "hashValue": "1"}])).unwrap_err(),
            "element 0 of its `logFiles` has no `hashValue`"
        );
        assert!(change("aNewField", json!([1])).is_ok());
        assert_eq!(change("logFiles", Value::Null).unwrap().1, []);
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
