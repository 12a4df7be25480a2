//! Identifiers in the one form in which they are compared: without what only an ARN says, folded where AWS
//! takes no notice of case, decoded.

use super::ids;
use super::shape::IdKeys;
use super::types::{IdComparison, IdShape, ResourceType};
use crate::aws::arn::{decode_arn, looks_like_arn, percent_decoded};
use std::borrow::Cow;

/// Returns what a resource is called by.
pub(super) fn canonical_id(row: Option<&ResourceType>, keys: IdKeys<'_>) -> String {
    let id = row.map_or(keys.whole, |row| keys.id(row.shape));
    let parameter = row.is_some_and(|row| row.shape == IdShape::Parameter);
    // ARNs leave the first slash out, and only there may a parameter with a path lack it.
    if parameter && id.contains('/') { format!("/{id}") } else { fold_case(row, id) }
}

/// Returns its name, where that is not the id.
pub(super) fn distinct_name(row: Option<&ResourceType>, keys: IdKeys<'_>) -> Option<String> {
    let id = row.map_or(keys.whole, |row| keys.id(row.shape));
    (keys.name != id && !keys.name.is_empty()).then(|| keys.name.to_owned())
}

/// Folds an id where AWS takes no notice of case.
pub(super) fn fold_case(row: Option<&ResourceType>, id: &str) -> String {
    match row.map_or(IdComparison::Exact, |row| row.names) {
        // `db-ABC…` is the one piece that RDS writes in upper case.
        IdComparison::Lower if !ids::is_id(id) => id.to_ascii_lowercase(),
        _ => id.to_owned(),
    }
}

/// Reads `bucket/key` as a copy names it: percent-encoded, maybe with a slash in front and a version.
/// An ARN is written as it is.
pub(super) fn copy_source(value: &str) -> Cow<'_, str> {
    let text = decode_arn(value);
    if looks_like_arn(&text) {
        return text;
    }
    // What is encoded belongs to the key, so the version is cut off first.
    let path = value.rfind("?versionId=").map_or(value, |end| &value[..end]);
    match percent_decoded(path) {
        Cow::Borrowed(path) => Cow::Borrowed(path.strip_prefix('/').unwrap_or(path)),
        Cow::Owned(path) => Cow::Owned(path.strip_prefix('/').map(str::to_owned).unwrap_or(path)),
    }
}

/// Reads a domain name as Route 53 writes it: what is no letter, digit, `-` or `_` as `\\052`, in octal digits.
pub(super) fn domain_name(text: &str) -> Cow<'_, str> {
    let mut pieces = text.split('\\');
    let mut name = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let code =
            piece.get(..3).and_then(|digits| u8::from_str_radix(digits, 8).ok()).filter(u8::is_ascii_graphic);
        match code {
            Some(code) => {
                name.push(char::from(code));
                name.push_str(&piece[3..]);
            }
            None => {
                name.push('\\');
                name.push_str(piece);
            }
        }
    }
    if name == text { Cow::Borrowed(text) } else { Cow::Owned(name) }
}
