//! The fingerprint of a record: what tells copies of an event from records that only claim to be.
//!
//! Whoever can put a file into an archive can write a record with the id of another event. So this is the begin
//! of a SHA-256 over the whole content; a sum of hashes, or a hash that is not made to resist, could be met on purpose.

use super::{Json, any_text, scalar_text};
use ring::digest::{SHA256, digest};

/// How deep values are looked at; what lies deeper counts as nothing.
const DEEPEST: u16 = 256;

/// Returns the fingerprint of a value that takes about `size` bytes.
pub(super) fn fingerprint_value(value: Json<'_>, size: usize) -> u64 {
    let mut canon = CanonicalHasher { bytes: Vec::with_capacity(size), members: Vec::with_capacity(64) };
    canon.put(value, 0);
    content_fingerprint(&canon.bytes)
}

/// Returns the fingerprint of bytes that are as they are for one content only.
pub(crate) fn content_fingerprint(bytes: &[u8]) -> u64 {
    let digest = digest(&SHA256, bytes);
    digest.as_ref().first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

/// Writes values in the one way in which equal ones are equal: keys in order, everything with its kind and length.
struct CanonicalHasher<'e> {
    bytes: Vec<u8>,
    /// The members of the objects that are being written, those of each behind those of the one around it.
    members: Vec<KeyedMember<'e>>,
}

/// The first bytes of a key as a number, in which most keys differ; the key; its value.
type KeyedMember<'e> = (u64, &'e str, Json<'e>);

impl<'e> CanonicalHasher<'e> {
    fn put(&mut self, value: Json<'e>, depth: u16) {
        if let Some(text) = any_text(value) {
            self.text(b's', text);
        } else if let Some(object) = value.as_object().filter(|_| depth < DEEPEST) {
            let from = self.members.len();
            self.members.extend(object.iter().map(|(key, member)| (key_prefix(key), key, member)));
            self.members[from..].sort_by_key(|(begin, key, _)| (*begin, *key));
            self.head(b'o', self.members.len() - from);
            for at in from..self.members.len() {
                let (_, key, member) = self.members[at];
                self.text(b'k', key);
                self.put(member, depth + 1);
            }
            self.members.truncate(from);
        } else if let Some(array) = value.as_array().filter(|_| depth < DEEPEST) {
            self.head(b'a', array.len());
            array.iter().for_each(|element| self.put(element, depth + 1));
        } else {
            match scalar_text(value) {
                Some(text) => self.text(b'n', &text),
                None => self.head(b'0', 0),
            }
        }
    }

    fn text(&mut self, kind: u8, text: &str) {
        self.head(kind, text.len());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn head(&mut self, kind: u8, length: usize) {
        self.bytes.push(kind);
        self.bytes.extend_from_slice(&(length as u32).to_le_bytes());
    }
}

fn key_prefix(key: &str) -> u64 {
    let mut bytes = [0; 8];
    let length = key.len().min(bytes.len());
    bytes[..length].copy_from_slice(&key.as_bytes()[..length]);
    u64::from_be_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use crate::event::EventParser;
    use proptest::prelude::*;
    use serde_json::Value;

    fn print(json: &str) -> u64 {
        EventParser::default().read(json.as_bytes(), |event| event.fingerprint()).unwrap()
    }

    #[test]
    fn content_counts_and_layout_does_not() {
        let own = print(r#"{"a":1,"b":[1,{"c":"x"}]}"#);
        assert_eq!(own, print("{ \"b\": [1, {\"c\": \"\\u0078\"}],\n\"a\": 1 }"));
        for other in [
            r#"{"a":1,"b":[{"c":"x"},1]}"#,
            r#"{"a":"1","b":[1,{"c":"x"}]}"#,
            r#"{"a":1,"b":[1,{"c":"y"}]}"#,
            r#"{"a":1,"b":[1,{"cx":""}]}"#,
            r#"{"a":1,"b":[1],"c":"x"}"#,
            r#"{"a":1,"b":[1,{"c":"x"}],"d":null}"#,
            r#"{"a":1,"b":[[1],{"c":"x"}]}"#,
            "{}",
        ] {
            assert_ne!(own, print(other), "{other}");
        }
    }

    fn value() -> impl Strategy<Value = Value> {
        let scalar = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-3..3_i64).prop_map(Value::from),
            "[ab]{0,2}".prop_map(Value::from),
        ];
        scalar.prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::vec(("[ab]{0,2}", inner), 0..3)
                    .prop_map(|all| Value::Object(all.into_iter().collect())),
            ]
        })
    }

    proptest! {
        /// Against the comparison of trees, which takes no notice of the order of keys.
        #[test]
        fn equal_values_have_equal_fingerprints_and_others_do_not(a in value(), b in value()) {
            let (one, other) = (serde_json::json!({"x": a, "y": b}), serde_json::json!({"y": a, "x": b}));
            let swapped = serde_json::json!({"y": b, "x": a});
            prop_assert_eq!(print(&one.to_string()), print(&serde_json::to_string_pretty(&swapped).unwrap()));
            prop_assert_eq!(one == other, print(&one.to_string()) == print(&other.to_string()));
        }
    }
}
