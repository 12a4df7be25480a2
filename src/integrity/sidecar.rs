//! The sidecar: the S3 metadata of digests, which a copy of a bucket loses.
//!
//! `aws s3api head-object` prints them; a file holds one object with the key of
//! each digest as a member. Only the newest digest of a chain needs one, for all
//! others the digest behind them holds the same signature.

use super::document;
use super::hex::decode_hex;
use serde_json::Value;
use std::collections::BTreeMap;

/// The signatures of digests, as S3 kept them.
#[derive(Clone, Debug, Default)]
pub struct HeadObjects {
    /// By the name of the file.
    names: BTreeMap<Box<str>, Vec<HeadObject>>,
}

/// The whole key, and its signature; `None` when what stands there is none.
type HeadObject = (Box<str>, Option<Vec<u8>>);

impl HeadObjects {
    /// Adds the metadata in a file.
    ///
    /// # Errors
    /// When the file holds none; what is wrong with it.
    pub fn add(&mut self, file: &[u8]) -> Result<(), String> {
        let documents = document::read_documents(file)?;
        if documents.is_empty() {
            return Err("it is empty".to_owned());
        }
        for document in documents {
            let Value::Object(objects) = document else {
                return Err("it is not a JSON object with a member for each digest".to_owned());
            };
            if objects.contains_key("Metadata") {
                return Err("it is the metadata of one object, and does not say of which".to_owned());
            }
            for (key, object) in &objects {
                if let Some(text) = find_signature(object) {
                    let name = key.rsplit('/').next().unwrap_or_default();
                    self.names.entry(name.into()).or_default().push((key.as_str().into(), decode_hex(text)));
                }
            }
        }
        Ok(())
    }

    /// Returns whether there is none at all.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Returns the signature for a key; where a copy lies under another prefix, that of the only
    /// key of the same name. The inner `None` stands for one that cannot be read.
    pub fn signature(&self, key: &str) -> Option<Option<&[u8]>> {
        let known = self.names.get(key.rsplit('/').next()?)?;
        let exact = known.iter().rfind(|(it, _)| **it == *key);
        let only = || known.first().filter(|_| known.len() == 1);
        exact.or_else(only).map(|(_, signature)| signature.as_deref())
    }
}

/// The signature in what `head-object` printed, or in the metadata alone.
fn find_signature(object: &Value) -> Option<&str> {
    let metadata = match object.get("Metadata") {
        Some(Value::Object(metadata)) => metadata,
        Some(_) => return None,
        None => object.as_object()?,
    };
    let is_signature = |name: &str| {
        name.eq_ignore_ascii_case("signature") || name.eq_ignore_ascii_case("x-amz-meta-signature")
    };
    metadata.iter().find(|(name, _)| is_signature(name)).and_then(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn sidecar(document: &Value) -> HeadObjects {
        let mut heads = HeadObjects::default();
        heads.add(document.to_string().as_bytes()).unwrap();
        heads
    }

    #[test]
    fn signatures_are_found_by_key_and_by_a_name_that_is_the_only_one() {
        let heads = sidecar(&json!({
            "p/a": {"ETag": "x", "Metadata": {"signature": "0a0B", "signature-algorithm": "SHA256withRSA"}},
            "p/b": {"Metadata": {"Signature": "01"}},
            "q/b": {"x-amz-meta-signature": "02"},
            "p/c": {"Metadata": {}},
            "p/d": {"Metadata": {"signature": "no"}},
            "p/e": 7,
        }));
        assert_eq!(heads.signature("p/a"), Some(Some(&[10, 11][..])));
        assert_eq!(heads.signature("other/a"), Some(Some(&[10, 11][..])));
        assert_eq!(heads.signature("q/b"), Some(Some(&[2][..])));
        assert_eq!(heads.signature("other/b"), None);
        assert_eq!(heads.signature("p/c"), None);
        assert_eq!(heads.signature("p/d"), Some(None));
        assert_eq!(heads.signature("p/e"), None);
    }

    #[test]
    fn what_is_no_sidecar_is_refused() {
        for file in ["", "[]", "x", "{\"Metadata\":{\"signature\":\"00\"}}"] {
            assert!(HeadObjects::default().add(file.as_bytes()).is_err(), "{file}");
        }
        assert!(sidecar(&json!({})).is_empty());
    }

    proptest! {
        #[test]
        fn nothing_panics(file in prop::collection::vec(any::<u8>(), 0..100), text in "[{}\\[\\]\":,a-z0-9]{0,60}") {
            let _ = HeadObjects::default().add(&file);
            let _ = HeadObjects::default().add(text.as_bytes());
        }
    }
}
