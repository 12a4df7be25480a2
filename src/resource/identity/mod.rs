//! A resource as an event names it: by name, id, ARN or several of them.
//!
//! What a user typed is a [`Reference`](super::Reference); how the two compare is in `matching`, the form in
//! which they do in `canonical_id`. What else is learnt of a resource that was read is added in `further`.

use super::canonical::{canonical_id, copy_source, distinct_name, domain_name, fold_case};
use super::ids;
use super::shape::IdValue;
use super::types::{IdShape, ResourceType, service_name, type_named, types_for_arn};
use crate::aws::arn::{Arn, decode_arn, looks_like_arn, to_pascal_case};
use std::borrow::Cow;

/// One resource that a call named.
///
/// ```
/// use trailscan::resource::Resource;
///
/// let role = Resource::new("AWS::IAM::Role", "arn:aws:iam::123456789012:role/ops/deploy");
/// assert_eq!(role.id, "deploy");
/// assert_eq!(role.account.as_deref(), Some("123456789012"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// The type: `AWS::S3::Bucket`.
    pub kind: Cow<'static, str>,
    /// What calls name it by, without what only its ARN says.
    pub id: String,
    /// Its name, where that is not the id.
    pub name: Option<String>,
    /// Its ARN, when an event carried it.
    pub arn: Option<String>,
    /// The account that owns it, where known.
    pub account: Option<String>,
    /// The region it is in, where known; none for global types.
    pub region: Option<String>,
    /// The account and the region that records say a bucket is in. Its name alone tells it from all others, so
    /// that it is neither grouped nor found by them.
    pub(super) home: (Option<String>, Option<String>),
    /// The row of the table, for types that have one.
    pub(super) row: Option<&'static ResourceType>,
    /// Identifiers that are none of the above.
    pub(super) others: Vec<String>,
    /// Whether `id` was put together from parts, the last of them `name`.
    pub(super) joined: bool,
}

impl Resource {
    /// Reads `value`, as an event carries it, as a resource of type `kind`.
    ///
    /// Takes a name, an id, a full or partial ARN (also percent-encoded), a queue URL, the source of
    /// an S3 copy (`/bucket/a%20key?versionId=1`).
    pub fn new(kind: &str, value: &str) -> Resource {
        let row = type_named(kind);
        let text = match row.map(|row| row.shape) {
            Some(IdShape::Object) => copy_source(value),
            _ => decode_arn(value),
        };
        let read = IdValue::read(row, &text);
        let keys = read.keys(row);
        let id = canonical_id(row, keys);
        let shorter = row.is_some_and(|row| keys.id(row.shape) != keys.whole);
        let others = if shorter && read.arn.is_none() { vec![keys.whole.to_owned()] } else { Vec::new() };
        let mut resource = Resource {
            kind: row.map_or_else(|| Cow::Owned(kind.to_owned()), |row| Cow::Borrowed(row.name)),
            name: distinct_name(row, keys),
            arn: read.arn.map(|_| text.clone().into_owned()),
            account: read.account.map(str::to_owned),
            region: read.region.map(str::to_owned),
            home: (None, None),
            others,
            joined: false,
            row,
            id,
        };
        resource.forget_place_of_buckets();
        resource
    }

    /// Puts an id together from the ids of its parents and its own name: `cluster/service`.
    ///
    /// Parts may be ARNs. Of an S3 object, the parts are bucket and key; an empty key stands for
    /// objects of which only the bucket is told.
    pub fn joined(kind: &str, parts: &[&str]) -> Resource {
        let Some((last, parents)) = parts.split_last() else {
            return Resource::new(kind, "");
        };
        let row = type_named(kind);
        let is_object = row.is_some_and(|row| row.shape == IdShape::Object);
        // The name of an ARN says its parents too, and more surely.
        if parents.is_empty() || (!is_object && looks_like_arn(&decode_arn(last))) {
            return Resource::new(kind, last);
        }
        // Written as the service writes it; alone, a version names nothing.
        if let (Some(IdShape::Versioned), [parent]) = (row.map(|row| row.shape), parents) {
            return Resource::new(kind, &format!("{parent}:{last}"));
        }
        if let (Some(IdShape::Record), [zone, name, kind]) = (row.map(|row| row.shape), parts) {
            return Resource::record_set(zone, name, kind);
        }
        let leaves_default = row.is_some_and(|row| row.shape == IdShape::Rule);
        let mut id = String::new();
        for parent in parents {
            let parent = parent_id(parent);
            if !(leaves_default && parent == "default") {
                id.push_str(&parent);
                id.push('/');
            }
        }
        id.push_str(last);
        Resource {
            kind: row.map_or_else(|| Cow::Owned(kind.to_owned()), |row| Cow::Borrowed(row.name)),
            name: Some(*last).filter(|last| !last.is_empty() && *last != id).map(str::to_owned),
            arn: None,
            account: None,
            region: None,
            home: (None, None),
            others: Vec::new(),
            joined: true,
            row,
            id: fold_case(row, &id),
        }
    }

    /// A set of DNS records: `zone/name/type`, known by its name.
    fn record_set(zone: &str, name: &str, kind: &str) -> Resource {
        let row = type_named("AWS::Route53::RecordSet");
        let name = domain_name(name).trim_end_matches('.').to_ascii_lowercase();
        let zone = zone.rsplit('/').next().unwrap_or(zone);
        Resource {
            kind: Cow::Borrowed("AWS::Route53::RecordSet"),
            id: format!("{zone}/{name}/{kind}"),
            name: Some(name),
            arn: None,
            account: None,
            region: None,
            home: (None, None),
            others: Vec::new(),
            joined: true,
            row,
        }
    }

    /// Reads an ARN, which tells the type. Of unknown services the type is a guess from its words.
    pub fn from_arn(arn: &str) -> Option<Resource> {
        let text = decode_arn(arn);
        let parsed = Arn::parse(&text)?;
        // Every bucket is none.
        let every = parsed.service == "s3" && parsed.resource == "*";
        (!every).then(|| Resource::new(&arn_kind(&parsed), &text))
    }

    /// Reads an id whose first letters tell the type: `sg-0a1b2c3d`, `AKIA…`.
    pub fn from_id(id: &str) -> Option<Resource> {
        let id = ids::role_of_session(id).unwrap_or(id);
        ids::kinds_of_id(id).next().map(|kind| Resource::new(kind, id))
    }

    pub(super) fn is_bucket_or_object(&self) -> bool {
        self.row.is_some_and(|row| matches!(row.shape, IdShape::Bucket | IdShape::Object))
    }

    fn forget_place_of_buckets(&mut self) {
        if self.is_bucket_or_object() {
            self.account = None;
            self.region = None;
        }
    }
}

/// Returns the type that an ARN tells.
pub(super) fn arn_kind(arn: &Arn<'_>) -> Cow<'static, str> {
    match types_for_arn(arn).first() {
        Some(row) => Cow::Borrowed(row.name),
        None => Cow::Owned(format!("AWS::{}::{}", service_name(arn.service), to_pascal_case(arn.noun().0))),
    }
}

fn parent_id(parent: &str) -> Cow<'_, str> {
    match Resource::from_arn(parent) {
        Some(resource) => Cow::Owned(resource.id),
        None => Cow::Borrowed(parent),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
