//! What a user types to name a resource, as understood.
//!
//! The forms it may have are read in `parse_reference`; whether it is the resource that
//! an event names is decided in `matching`.

use super::parse::{empty_error, parse_reference};
use super::shape::{IdKeys, IdValue};
use crate::aws::arn::decode_arn;
use crate::error::Error;
use std::borrow::Cow;

/// A resource as a user names it.
///
/// ```
/// use trailscan::resource::{Match, Reference, Resource};
///
/// let bucket = Reference::parse("bucket/logs")?;
/// assert_eq!(bucket.matches(&Resource::new("AWS::S3::Bucket", "logs")), Match::Yes);
/// assert_eq!(bucket.matches(&Resource::new("AWS::S3::Bucket", "logs-2")), Match::No);
/// assert_eq!(bucket.matches(&Resource::new("AWS::S3::Object", "logs/a")), Match::ObjectOf);
/// # Ok::<(), trailscan::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    text: String,
    kinds: Vec<Cow<'static, str>>,
    pub(super) target: ReferenceTarget,
    pub(super) place: ReferencePlace,
}

/// What a reference asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ReferenceTarget {
    /// Whatever has that name or id.
    Plain(String),
    /// A resource of certain types.
    Typed(TypedTarget),
    /// An S3 bucket.
    Bucket(String),
    /// Objects in a bucket.
    Objects { bucket: String, keys: ObjectKeys },
}

/// Which objects of a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ObjectKeys {
    /// Every object: `s3://b/`.
    All,
    /// Those whose keys begin so: `s3://b/a/`.
    Prefix(String),
    /// The one with this key: `s3://b/a/k`.
    One(String),
}

/// The identifier, as each of the types takes it apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TypedTarget {
    /// One for each type that the word may stand for.
    pub(super) wanted: Vec<WantedId>,
    /// Last segments of types, squashed, that a type outside the table may answer to: of `user/x`
    /// alone, as an ARN and `AWS::IAM::User/x` say the service too.
    pub(super) words: Vec<String>,
    /// The ARN, if it was one.
    pub(super) arn: Option<String>,
}

/// The identifier, as one type takes it apart: the pieces of [`IdKeys`], owned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WantedId {
    pub(super) kind: Cow<'static, str>,
    whole: String,
    name: String,
    other: String,
}

impl WantedId {
    pub(super) fn new(kind: Cow<'static, str>, keys: IdKeys<'_>) -> Self {
        let [whole, name, other] = [keys.whole, keys.name, keys.other].map(str::to_owned);
        Self { kind, whole, name, other }
    }

    pub(super) fn keys(&self) -> IdKeys<'_> {
        IdKeys { whole: &self.whole, name: &self.name, other: &self.other }
    }
}

impl TypedTarget {
    pub(super) fn add(&mut self, mut wanted: WantedId) {
        if wanted.kind == "AWS::KMS::Key" {
            // Of a key, only the whole `alias/x` is its alias: `x` alone would be a key id.
            wanted.name.clone_from(&wanted.whole);
        }
        self.wanted.push(wanted);
    }

    pub(super) fn kinds(&self) -> Vec<Cow<'static, str>> {
        self.wanted.iter().map(|wanted| wanted.kind.clone()).collect()
    }
}

/// Where the resource has to be, as far as the reference says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ReferencePlace {
    pub(super) partition: Option<String>,
    pub(super) account: Option<String>,
    pub(super) region: Option<String>,
}

impl ReferencePlace {
    pub(super) fn of(value: &IdValue<'_>) -> Self {
        Self {
            partition: value.arn.map(|arn| arn.partition.to_owned()),
            account: value.account.map(str::to_owned),
            region: value.region.map(str::to_owned),
        }
    }
}

impl Reference {
    /// Reads a reference in any of its forms; `docs/guide.md` lists them.
    pub fn parse(text: &str) -> Result<Reference, Error> {
        let text = text.trim();
        if text.is_empty() {
            return Err(empty_error());
        }
        let plain = decode_arn(text);
        let (kinds, target, place) = parse_reference(&plain)?;
        Ok(Self { text: text.to_owned(), kinds, target, place })
    }

    /// Says otherwise what it was called by.
    pub(super) fn set_text(&mut self, text: &str) {
        self.text = text.to_owned();
    }

    /// Restricts it to an account and a region, where it does not name any.
    pub(super) fn place_at(&mut self, account: Option<&str>, region: Option<&str>) {
        let ReferencePlace { account: known, region: place, .. } = &mut self.place;
        *known = known.take().or_else(|| account.map(str::to_owned));
        *place = place.take().or_else(|| region.map(str::to_owned));
    }

    /// Returns the reference as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns whether it is a plain name, which matches any type.
    pub fn is_plain(&self) -> bool {
        matches!(self.target, ReferenceTarget::Plain(_))
    }

    /// Returns the account that it has to be in, where it names one.
    pub fn account(&self) -> Option<&str> {
        self.place.account.as_deref()
    }

    /// Returns the region that it has to be in, where it names one.
    pub fn region(&self) -> Option<&str> {
        self.place.region.as_deref()
    }

    /// Returns the types it may mean; none for a plain name, which may mean all.
    pub fn kinds(&self) -> &[Cow<'static, str>] {
        &self.kinds
    }

    /// Returns whether it means S3 objects: one, those below a prefix, or all of a bucket.
    pub fn is_object(&self) -> bool {
        matches!(self.target, ReferenceTarget::Objects { .. })
    }

    /// Returns whether it means many S3 objects: those below a prefix, or all of a bucket.
    pub fn is_many_objects(&self) -> bool {
        matches!(&self.target, ReferenceTarget::Objects { keys, .. } if !matches!(keys, ObjectKeys::One(_)))
    }

    /// Returns the bucket of a reference to a bucket or to objects.
    pub fn bucket(&self) -> Option<&str> {
        match &self.target {
            ReferenceTarget::Bucket(bucket) | ReferenceTarget::Objects { bucket, .. } => Some(bucket),
            ReferenceTarget::Plain(_) | ReferenceTarget::Typed(_) => None,
        }
    }
}
