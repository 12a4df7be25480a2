//! The JSON of a digest, field by field: each at most once, and no more kept than is needed.
//!
//! Readers of JSON differ in which of two members of one name they take: a digest with two lists of logs would be one
//! digest to this program and another to the next. CloudTrail writes each once, so twice is no digest. Of what is
//! listed only keys and hashes are kept, whatever else the file holds: a forged one must not take the memory.

use super::hex;
use super::hex::Sha256Hash;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

/// A log file that a digest lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedLog {
    /// Its key.
    pub key: String,
    /// The SHA-256 of its content.
    pub hash: Sha256Hash,
}

/// One field.
#[derive(Debug, Default)]
pub(super) enum Field<'d> {
    /// It is not there.
    #[default]
    Missing,
    /// It is `null`.
    Null,
    /// It is a text.
    Text(Cow<'d, str>),
    /// It is something else.
    Other,
}

impl Field<'_> {
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Missing | Self::Null | Self::Other => None,
        }
    }

    pub(super) fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }
}

/// What a digest says, as it stands there. Fields that nobody knows yet are passed over.
#[derive(Debug, Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct DigestFields<'d> {
    #[serde(borrow, rename = "digestPublicKeyFingerprint")]
    pub(super) fingerprint: Field<'d>,
    #[serde(borrow, rename = "digestS3Bucket")]
    pub(super) bucket: Field<'d>,
    #[serde(borrow, rename = "digestS3Object")]
    pub(super) key: Field<'d>,
    #[serde(borrow, rename = "digestStartTime")]
    pub(super) start: Field<'d>,
    #[serde(borrow, rename = "digestEndTime")]
    pub(super) end: Field<'d>,
    #[serde(borrow, rename = "digestSignatureAlgorithm")]
    pub(super) signature_algorithm: Field<'d>,
    #[serde(borrow, rename = "previousDigestS3Bucket")]
    pub(super) previous_bucket: Field<'d>,
    #[serde(borrow, rename = "previousDigestS3Object")]
    pub(super) previous_key: Field<'d>,
    #[serde(borrow, rename = "previousDigestHashValue")]
    pub(super) previous_hash: Field<'d>,
    #[serde(borrow, rename = "previousDigestHashAlgorithm")]
    pub(super) previous_hash_algorithm: Field<'d>,
    #[serde(borrow, rename = "previousDigestSignature")]
    pub(super) previous_signature: Field<'d>,
    #[serde(rename = "logFiles")]
    pub(super) logs: LogFiles,
    /// What a log has.
    #[serde(borrow, rename = "Records")]
    records: Field<'d>,
}

/// The log files that a digest lists.
#[derive(Debug, Default)]
pub(super) struct LogFiles {
    pub(super) listed: Vec<ListedLog>,
    /// The buckets that they are said to be in.
    pub(super) buckets: BTreeSet<String>,
}

/// Reads the fields of a digest.
///
/// # Errors
/// Why it is none, in lower case.
pub(super) fn read_fields(content: &[u8]) -> Result<DigestFields<'_>, String> {
    let mut json = serde_json::Deserializer::from_slice(content);
    let Object(fields) =
        Object::<DigestFields<'_>>::deserialize(&mut json).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => format!("it is no digest: {error}"),
            _ => "it is not one JSON object".to_owned(),
        })?;
    json.end().map_err(|_| "something stands behind its JSON object".to_owned())?;
    // Called a digest, it would be read by no question.
    if !fields.records.is_missing() {
        return Err("it holds `Records`, as a log does".to_owned());
    }
    Ok(fields)
}

/// A JSON object: what is derived would take a list for the fields in their order as well.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
            type Value = Object<T>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(object)).map(Object)
            }
        }
        deserializer.deserialize_map(Fields(std::marker::PhantomData))
    }
}

/// Any value is a field; only a text is kept.
impl<'de: 'd, 'd> Deserialize<'de> for Field<'d> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyValue;
        impl<'de> Visitor<'de> for AnyValue {
            type Value = Field<'de>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a value")
            }

            fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
                Ok(Field::Null)
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Field::Text(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Field::Text(Cow::Owned(text.to_owned())))
            }

            fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
                Ok(Field::Other)
            }

            fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
                Ok(Field::Other)
            }

            fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
                Ok(Field::Other)
            }

            fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
                Ok(Field::Other)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Field::Other)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
                while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Field::Other)
            }
        }
        deserializer.deserialize_any(AnyValue)
    }
}

/// What stands of one log file.
#[derive(Default, Deserialize)]
#[serde(default)]
struct LogFields<'d> {
    #[serde(borrow, rename = "s3Bucket")]
    bucket: Field<'d>,
    #[serde(borrow, rename = "s3Object")]
    key: Field<'d>,
    #[serde(borrow, rename = "hashValue")]
    hash: Field<'d>,
    #[serde(borrow, rename = "hashAlgorithm")]
    hash_algorithm: Field<'d>,
}

impl LogFiles {
    fn add(&mut self, file: &LogFields<'_>) -> Result<(), String> {
        let index = self.listed.len();
        let missing = |name: &str| format!("element {index} of its `logFiles` has no `{name}`");
        if let Some(other) = file.hash_algorithm.text().filter(|it| *it != HASH_ALGORITHM) {
            return Err(format!(
                "element {index} of its `logFiles` is hashed by `{other}`, expected `{HASH_ALGORITHM}`"
            ));
        }
        self.listed.push(ListedLog {
            key: file.key.text().ok_or_else(|| missing("s3Object"))?.to_owned(),
            hash: file.hash.text().and_then(hex::parse_sha256).ok_or_else(|| missing("hashValue"))?,
        });
        if let Some(bucket) = file.bucket.text().filter(|it| !self.buckets.contains(*it)) {
            self.buckets.insert(bucket.to_owned());
        }
        Ok(())
    }
}

/// The only one that CloudTrail uses, for logs and digests.
pub(super) const HASH_ALGORITHM: &str = "SHA-256";

impl<'de> Deserialize<'de> for LogFiles {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;
        impl<'de> Visitor<'de> for List {
            type Value = LogFiles;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a list of log files")
            }

            fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
                Ok(LogFiles::default())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut files = LogFiles::default();
                while let Some(Object(file)) = list.next_element::<Object<LogFields<'de>>>()? {
                    files.add(&file).map_err(A::Error::custom)?;
                }
                Ok(files)
            }
        }
        deserializer.deserialize_any(List)
    }
}
