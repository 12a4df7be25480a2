//! Whether the resource that an event names is the one that the user means.
//!
//! Whole identifiers are compared, each taken apart by the rules of its type.
//! `logs` is not `logs-2`, and an object is not its bucket.

use super::identity::Resource;
use super::reference::{ObjectKeys, Reference, ReferenceTarget, TypedTarget, WantedId};
use super::shape::{IdKeys, IdValue};
use super::types::{IdComparison, IdShape, service_name, split_type_name, squash_word};

/// How a resource relates to a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// It is another one.
    No,
    /// It is the one that is meant.
    Yes,
    /// It is an object in the bucket that the reference names: not the bucket itself.
    ObjectOf,
}

impl Reference {
    /// Returns whether `resource` is what the reference means.
    pub fn matches(&self, resource: &Resource) -> Match {
        if !self.is_placed(resource) {
            return Match::No;
        }
        let same = match &self.target {
            ReferenceTarget::Bucket(bucket) if is_object(resource) => return object_of(bucket, resource),
            ReferenceTarget::Plain(name) if is_object(resource) => return object_of(name, resource),
            ReferenceTarget::Plain(name) => resource.answers(plain_keys(resource, name)),
            ReferenceTarget::Bucket(bucket) => {
                &*resource.kind == "AWS::S3::Bucket" && resource.answers(IdKeys::one(bucket))
            }
            ReferenceTarget::Objects { bucket, keys } => {
                is_object(resource) && has_object(bucket, keys, resource)
            }
            ReferenceTarget::Typed(typed) => typed.means(resource),
        };
        if same { Match::Yes } else { Match::No }
    }

    /// Returns whether nothing known speaks against the place that the reference says.
    pub(super) fn is_placed(&self, resource: &Resource) -> bool {
        let may = |asked: &Option<String>, known: Option<&str>| match (asked, known) {
            (Some(asked), Some(known)) => asked == known,
            _ => true,
        };
        let partition = || resource.arn.as_deref().and_then(|arn| arn.split(':').nth(1));
        may(&self.place.account, resource.account.as_deref())
            && may(&self.place.region, resource.region.as_deref())
            && (self.place.partition.is_none() || may(&self.place.partition, partition()))
    }
}

impl TypedTarget {
    fn means(&self, resource: &Resource) -> bool {
        if self.arn.is_some() && self.arn == resource.arn {
            return true;
        }
        let wanted = match resource.row {
            Some(row) => self.wanted.iter().find(|wanted| wanted.kind == row.name),
            None => self.wanted_as(&resource.kind),
        };
        wanted.is_some_and(|wanted| resource.answers(wanted.keys()))
    }

    /// Returns what is asked of a type outside the table, often guessed from a call's name.
    fn wanted_as(&self, kind: &str) -> Option<&WantedId> {
        let told = normalize_type_name(kind);
        let known = self.wanted.iter().find(|wanted| normalize_type_name(&wanted.kind) == told);
        known.or_else(|| self.wanted.first().filter(|_| self.words.contains(&told.1)))
    }
}

/// Service and last segment as all spellings of a guess have them: `AWS::Elasticfilesystem::X` is
/// what a call says of `AWS::EFS::X`.
fn normalize_type_name(kind: &str) -> (String, String) {
    let (service, last) = split_type_name(kind);
    (squash_word(&service_name(&service.to_ascii_lowercase())), squash_word(last))
}

/// How two identifiers of one resource or of two relate.
#[derive(Clone, Copy, PartialEq, Eq)]
enum IdRelation {
    /// The same to the last piece.
    Same,
    /// One says less than the other, and nothing that speaks against it.
    Less,
    /// The name is the same; path, parent, version or UUID differ.
    Namesake,
    None,
}

impl Resource {
    /// Returns whether one of its identifiers is the one asked for, and none a namesake's.
    fn answers(&self, asked: IdKeys<'_>) -> bool {
        let names = self.row.map_or(IdComparison::Exact, |row| row.names);
        let mut less = false;
        let mut namesake = false;
        let mut see = |keys: IdKeys<'_>| {
            let relation = relate_ids(names, asked, keys);
            less |= relation == IdRelation::Less;
            namesake |= relation == IdRelation::Namesake;
            relation == IdRelation::Same
        };
        let read = |text: &str, see: &mut dyn FnMut(IdKeys<'_>) -> bool| {
            see(IdValue::read(self.row, text).keys(self.row))
        };
        if self.is_rule_of_default_bus() {
            let whole = format!("default/{}", self.id);
            if see(IdKeys { whole: &whole, name: &self.id, other: &whole }) {
                return true;
            }
        } else if self.joined {
            let name = self.name.as_deref().unwrap_or(&self.id);
            if see(IdKeys { whole: &self.id, name, other: &self.id }) {
                return true;
            }
        } else if read(&self.id, &mut see) {
            return true;
        }
        let aliases = self.row.is_some_and(|row| row.shape == IdShape::Kms);
        let by_name = self.name.as_deref().is_some_and(|name| match aliases {
            true => read(name, &mut see),
            // A name is one piece, whatever characters it has.
            false => see(IdKeys::one(name)),
        });
        let rest = self.arn.iter().chain(&self.others);
        let same = by_name || rest.into_iter().any(|text| read(text, &mut see));
        same || (less && !namesake)
    }

    /// Returns whether it is a rule that was named without a bus, which calls take for `default`.
    fn is_rule_of_default_bus(&self) -> bool {
        let rule = self.row.is_some_and(|row| row.shape == IdShape::Rule);
        rule && self.arn.is_none() && !self.id.contains('/')
    }
}

fn relate_ids(names: IdComparison, asked: IdKeys<'_>, known: IdKeys<'_>) -> IdRelation {
    let is = |a: &str, b: &str| names.same(a, b);
    if is(asked.whole, known.whole) {
        IdRelation::Same
    } else if is(asked.whole, known.name)
        || is(asked.whole, known.other)
        || is(known.whole, asked.name)
        || is(known.whole, asked.other)
    {
        IdRelation::Less
    } else if is(asked.name, known.name) {
        IdRelation::Namesake
    } else {
        IdRelation::None
    }
}

/// A plain name is one piece, but parameters leave their first slash out in ARNs, and domain names may end in a dot.
fn plain_keys<'a>(resource: &Resource, name: &'a str) -> IdKeys<'a> {
    let bare = match resource.row.map(|row| row.shape) {
        Some(IdShape::Parameter) => name.strip_prefix('/'),
        Some(IdShape::Zone | IdShape::Record) => name.strip_suffix('.'),
        _ => None,
    };
    IdKeys::one(bare.filter(|bare| !bare.is_empty()).unwrap_or(name))
}

fn is_object(resource: &Resource) -> bool {
    resource.row.is_some_and(|row| row.shape == IdShape::Object)
}

fn object_of(bucket: &str, object: &Resource) -> Match {
    let same = bucket.eq_ignore_ascii_case(place_of(object).0);
    if same { Match::ObjectOf } else { Match::No }
}

fn has_object(bucket: &str, keys: &ObjectKeys, object: &Resource) -> bool {
    let (place, key) = place_of(object);
    bucket.eq_ignore_ascii_case(place)
        && match keys {
            ObjectKeys::All => true,
            ObjectKeys::Prefix(prefix) => key.starts_with(prefix.as_str()),
            ObjectKeys::One(one) => key == one,
        }
}

/// Returns bucket and key of an object.
fn place_of(object: &Resource) -> (&str, &str) {
    object.id.split_once('/').unwrap_or((&object.id, ""))
}
