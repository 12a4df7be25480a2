//! The access control list of a bucket, however a request says it.

use super::super::place::{elements_of, scalar_text};
use super::find_member;
use serde_json::{Map, Value};

/// The access control list that a request sets: by name, by header, or in full.
pub(super) fn read_acl(request: &Value) -> Option<Value> {
    let object = request.as_object()?;
    let mut acl = Map::new();
    if let Some(canned) = find_member(object, &["x-amz-acl"]) {
        let canned = elements_of(canned).first().and_then(scalar_text).filter(|it| !it.is_empty())?;
        acl.insert("canned".to_owned(), Value::String(canned));
    }
    for (name, value) in object.iter().filter(|(name, _)| name.starts_with("x-amz-grant-")) {
        acl.insert(name.trim_start_matches("x-amz-").to_owned(), value.clone());
    }
    if let Some(full) = find_member(object, &["accessControlPolicy"]).and_then(Value::as_object) {
        if let Some(owner) = full.get("owner") {
            acl.insert("owner".to_owned(), owner.clone());
        }
        let list = full.get("accessControlList").and_then(|list| list.get("grant").or(Some(list)));
        let grants = list.map(elements_of).unwrap_or_default().to_vec();
        acl.insert("grants".to_owned(), Value::Array(grants));
    }
    (!acl.is_empty()).then_some(Value::Object(acl))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_bucket_acl_is_read_in_every_form() {
        assert_eq!(read_acl(&json!({"x-amz-acl": ["private"]})), Some(json!({"canned": "private"})));
        let full = json!({"accessControlPolicy": {"owner": {"iD": "o"}, "accessControlList": {"grant": {"permission": "READ"}}}});
        assert_eq!(read_acl(&full), Some(json!({"owner": {"iD": "o"}, "grants": [{"permission": "READ"}]})));
        assert_eq!(read_acl(&json!({"x-amz-grant-read": "id=1"})), Some(json!({"grant-read": "id=1"})));
        assert_eq!(read_acl(&json!({"bucketName": "b"})), None);
    }
}
