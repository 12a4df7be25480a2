//! The public keys: what `aws cloudtrail list-public-keys` prints.
//!
//! They are the anchor of all trust: whoever can write this file can have
//! anything proven. A key is used only when its fingerprint is its own.

use super::{der, document};
use data_encoding::BASE64;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde_json::Value;
use std::collections::BTreeMap;

/// The keys that signatures are checked with, by their fingerprints.
#[derive(Clone, Debug, Default)]
pub struct PublicKeys {
    /// Each as an RSAPublicKey (PKCS#1, DER).
    keys: BTreeMap<String, Vec<u8>>,
}

impl PublicKeys {
    /// Adds the keys of a file, and returns what keeps others from being used, one line a key.
    ///
    /// Understood are the output of version 1 and 2 of the AWS CLI and the form in the user guide
    /// (`publicKeyList`), several documents one after the other, and both encodings of a key.
    ///
    /// # Errors
    /// When the file holds no list of keys; what is wrong with it.
    pub fn add(&mut self, file: &[u8]) -> Result<Vec<String>, String> {
        let (mut refused, mut lists) = (Vec::new(), 0);
        for document in document::read_documents(file)? {
            let list = match &document {
                Value::Array(list) => Some(list),
                Value::Object(_) => get_field(&document, "PublicKeyList").and_then(Value::as_array),
                _ => None,
            };
            let list = list.ok_or("it holds no `PublicKeyList`")?;
            lists += 1;
            refused.extend(list.iter().filter_map(|key| self.add_one(key).err()));
        }
        if lists == 0 {
            return Err("it holds no `PublicKeyList`".to_owned());
        }
        Ok(refused)
    }

    fn add_one(&mut self, key: &Value) -> Result<(), String> {
        let text = |name: &str| get_field(key, name).and_then(Value::as_str).unwrap_or_default();
        let fingerprint = text("Fingerprint").trim().to_ascii_lowercase();
        let value: String = text("Value").split_ascii_whitespace().collect();
        let Ok(der) = BASE64.decode(value.as_bytes()) else {
            return Err(format!("the key `{fingerprint}` is not base64"));
        };
        let inner = der::unwrap_public_key(&der);
        // Undocumented, and so in every key that AWS has published: the MD5 of the DER.
        if ![&der[..], inner].iter().any(|form| format!("{:x}", md5::compute(form)) == fingerprint) {
            return Err(format!("the fingerprint `{fingerprint}` is not that of the key beside it"));
        }
        if !der::is_rsa_key(inner) {
            return Err(format!("the key `{fingerprint}` is no RSA key of 2048 to 8192 bits"));
        }
        self.keys.insert(fingerprint, inner.to_vec());
        Ok(())
    }

    /// Returns whether there is no key at all.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Returns how many keys there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Returns whether the key of this fingerprint is there.
    pub fn has(&self, fingerprint: &str) -> bool {
        self.keys.contains_key(fingerprint)
    }

    /// Returns whether `signature` (RSASSA-PKCS1-v1_5 with SHA-256) over `text` is of this key.
    pub fn verify(&self, fingerprint: &str, text: &str, signature: &[u8]) -> bool {
        self.keys.get(fingerprint).is_some_and(|key| {
            UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key)
                .verify(text.as_bytes(), signature)
                .is_ok()
        })
    }
}

/// Returns a member, whose name may begin with a small letter, as in the user guide.
fn get_field<'v>(object: &'v Value, name: &str) -> Option<&'v Value> {
    object.get(name).or_else(|| {
        let (first, rest) = name.split_at(1);
        object.get(format!("{}{rest}", first.to_ascii_lowercase()))
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn add(document: &Value) -> (PublicKeys, Result<Vec<String>, String>) {
        let mut keys = PublicKeys::default();
        let refused = keys.add(document.to_string().as_bytes());
        (keys, refused)
    }

    #[test]
    fn every_form_of_the_list_is_understood() {
        let key = testing::key(0);
        let (value, fingerprint) = (key.value(), key.fingerprint());
        for document in [
            json!({"PublicKeyList": [{"Value": value, "ValidityStartTime": 1739908800.0, "ValidityEndTime": 1741672800.0, "Fingerprint": fingerprint}]}),
            json!({"PublicKeyList": [{"Value": value, "ValidityStartTime": "2025-02-18T20:00:00+00:00", "Fingerprint": fingerprint}], "NextToken": "x"}),
            json!({"publicKeyList": [{"publicKey": {}, "value": value, "fingerprint": fingerprint.to_uppercase()}]}),
            json!([{"Value": value, "Fingerprint": fingerprint}]),
        ] {
            let (keys, refused) = add(&document);
            assert_eq!(refused, Ok(Vec::new()), "{document}");
            assert!(keys.has(&fingerprint));
        }
    }

    #[test]
    fn several_documents_and_other_encodings_of_text_are_read() {
        let one = |index| {
            let key = testing::key(index);
            json!({"PublicKeyList": [{"Value": key.value(), "Fingerprint": key.fingerprint()}]}).to_string()
        };
        let text = format!("\u{feff}{}\n{}", one(0), one(1));
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for file in [text.as_bytes(), &utf16] {
            let mut keys = PublicKeys::default();
            assert_eq!(keys.add(file), Ok(Vec::new()));
            assert_eq!(keys.len(), 2);
        }
    }

    #[test]
    fn a_subject_public_key_info_is_a_key_with_either_fingerprint() {
        let key = testing::key(0);
        let whole = key.subject_public_key_info();
        for fingerprint in [key.fingerprint(), format!("{:x}", md5::compute(&whole))] {
            let (keys, refused) = add(
                &json!({"PublicKeyList": [{"Value": BASE64.encode(&whole), "Fingerprint": fingerprint}]}),
            );
            assert_eq!(refused, Ok(Vec::new()));
            assert!(keys.verify(&fingerprint, "text", &key.sign("text")));
            assert!(!keys.verify(&fingerprint, "texts", &key.sign("text")));
        }
    }

    #[test]
    fn a_key_under_a_foreign_fingerprint_is_refused() {
        let (own, other) = (testing::key(0), testing::key(1));
        let (keys, refused) =
            add(&json!({"PublicKeyList": [{"Value": other.value(), "Fingerprint": own.fingerprint()}]}));
        assert_eq!(
            refused,
            Ok(vec![format!("the fingerprint `{}` is not that of the key beside it", own.fingerprint())])
        );
        assert!(keys.is_empty());
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let print = |der: &[u8]| format!("{:x}", md5::compute(der));
        for (value, fingerprint, cause) in [
            ("§".to_owned(), "aa".to_owned(), "the key `aa` is not base64"),
            (BASE64.encode(b"abc"), print(b"abc"), "is no RSA key of 2048 to 8192 bits"),
        ] {
            let (keys, refused) =
                add(&json!({"PublicKeyList": [{"Value": value, "Fingerprint": fingerprint}]}));
            assert!(refused.unwrap()[0].ends_with(cause));
            assert!(keys.is_empty());
        }
        for document in [json!({}), json!(3), json!({"PublicKeyList": 3})] {
            assert!(add(&document).1.is_err(), "{document}");
        }
        assert!(PublicKeys::default().add(b"").is_err());
        assert!(PublicKeys::default().add(b"An error occurred").is_err());
    }

    proptest! {
        #[test]
        fn nothing_panics(file in prop::collection::vec(any::<u8>(), 0..100), value in "[A-Za-z0-9+/=]{0,80}") {
            let _ = PublicKeys::default().add(&file);
            let der = BASE64.decode(value.as_bytes()).unwrap_or_default();
            let print = format!("{:x}", md5::compute(&der));
            let _ = add(&json!({"PublicKeyList": [{"Value": value, "Fingerprint": print}]}));
        }
    }
}
