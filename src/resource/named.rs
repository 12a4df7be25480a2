//! The resource that is asked for, under every name that is known of it.
//!
//! A call may name a resource by its name, another by its id, a third by its ARN or an address. Which names
//! belong together is learnt from records that hold several of them ([`NamedResource::learn`]). Two sorts of
//! names are kept apart: an id that AWS gives to one resource for ever, and a name that may be used
//! again. A name that is used again leads to every resource that had it, but an id only to its own: where an
//! id was asked for, what carries its name is the same resource only as long as that one had the name, which the order
//! of events tells (`timeline::Timeline::of_incarnation`), not this.

use super::identity::Resource;
use super::ids;
use super::matching::Match;
use super::reference::Reference;
use super::shape::IdValue;
use super::types::{IdShape, ResourceType, type_named};

/// So many names are looked for beside the one that was asked for; whoever makes thousands of resources of one
/// name must not make every comparison slow.
const MOST: usize = 256;

/// A resource, as asked for, and its other names.
///
/// ```
/// use trailscan::resource::{Match, NamedResource, Reference, Resource};
///
/// let mut group = NamedResource::new(Reference::parse("sg-0a1b2c3d")?);
/// let mut created = Resource::new("AWS::EC2::SecurityGroup", "sg-0a1b2c3d");
/// created.also("web");
/// group.learn(&created);
/// assert_eq!(group.matches(&Resource::new("AWS::EC2::SecurityGroup", "web")), Match::Yes);
/// // Another group of that name.
/// let mut other = Resource::new("AWS::EC2::SecurityGroup", "sg-99999999");
/// other.also("web");
/// assert_eq!(group.matches(&other), Match::No);
/// # Ok::<(), trailscan::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedResource {
    asked: Reference,
    /// Whether what was asked for has a tail that only this resource has, and calls name it without: an ARN of a stack.
    by_tail: bool,
    names: Vec<OtherName>,
}

/// Another name of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherName {
    /// The name as a reference to resources of the type, account and region that it was learnt of.
    pub reference: Reference,
    /// Whether only one resource ever has it.
    pub is_unique: bool,
    /// Whether calls may name the resource by this alone. IAM takes no unique ids.
    pub is_used_by_calls: bool,
}

impl NamedResource {
    /// A resource of which no other name is known.
    pub fn new(asked: Reference) -> Self {
        let by_tail = asked.unique_id().is_some_and(|id| !ids::is_id(id));
        Self { asked, by_tail, names: Vec::new() }
    }

    /// Returns the reference as it was asked for.
    pub fn asked(&self) -> &Reference {
        &self.asked
    }

    /// Returns the other names, in the order in which they were learnt.
    pub fn names(&self) -> &[OtherName] {
        &self.names
    }

    /// Returns every reference that leads to it.
    pub fn references(&self) -> impl Iterator<Item = &Reference> {
        std::iter::once(&self.asked).chain(self.names.iter().map(|name| &name.reference))
    }

    /// Returns whether it is known by names that others may have had as well.
    pub fn is_one_of_namesakes(&self) -> bool {
        self.by_tail || self.names.iter().any(|name| !name.is_unique)
    }

    /// Returns whether it was asked for by what calls need not say, so that those may mean another of its name.
    pub fn is_asked_by_tail(&self) -> bool {
        self.by_tail
    }

    /// Returns whether a resource is the one that is meant, or may be, going by its names.
    pub fn matches(&self, resource: &Resource) -> Match {
        match self.asked.matches(resource) {
            Match::No => {}
            found => return found,
        }
        let named = |name: &OtherName| name.reference.matches(resource) == Match::Yes;
        let found = self.names.iter().any(named) && !self.is_namesake(resource);
        if found { Match::Yes } else { Match::No }
    }

    /// Returns whether a resource is the one that is meant, or another that has or had one of its names: where one
    /// ends and the next begins is told by what happened to both.
    pub fn shares_a_name_with(&self, resource: &Resource) -> bool {
        let is_called_so = || self.asked.matches(&resource.called(&resource.id)) == Match::Yes;
        self.references().any(|it| it.matches(resource) == Match::Yes) || (self.by_tail && is_called_so())
    }

    /// Returns whether an event names it by no more than a learnt name that others may have had as well.
    pub fn is_by_name_only(&self, resource: &Resource) -> bool {
        let exact = |name: &OtherName| name.is_unique && name.reference.matches(resource) == Match::Yes;
        let is_asked_for = self.asked.matches(resource) != Match::No && !self.lacks_tail(resource);
        !is_asked_for && !self.names.iter().any(exact)
    }

    /// Whether a resource answers to what was asked for by its name alone.
    fn lacks_tail(&self, resource: &Resource) -> bool {
        self.by_tail && resource.unique_ids().next().is_none()
    }

    /// Returns whether an event names the resource by an identifier that no other has.
    pub fn is_exact(&self, resource: &Resource) -> bool {
        !self.is_by_name_only(resource) && self.matches(resource) == Match::Yes
    }

    /// Returns whether it may be a user or a role, which are named by every call that they make.
    pub fn may_be_caller(&self) -> bool {
        let kinds = self.asked.kinds();
        kinds.is_empty()
            || kinds.iter().any(|kind| ["AWS::IAM::User", "AWS::IAM::Role"].contains(&kind.as_ref()))
    }

    /// Returns whether resources of the type are known by an id like the one that was asked for, and this is known by a
    /// name alone.
    pub fn outranks(&self, resource: &Resource) -> bool {
        let id = self.asked.unique_id();
        id.is_some_and(|id| resource.is_outranked_by(&Resource::new(&resource.kind, id)))
    }

    /// Learns the other names of a resource that is the one that is meant, and returns whether there was a new one.
    pub fn learn(&mut self, resource: &Resource) -> bool {
        self.may_teach(resource) && self.add_names_of(resource)
    }

    /// Learns the new name of a resource that was renamed, or the old one. Which of both calls meant is
    /// for the order of events to tell.
    pub fn learn_rename(&mut self, both: &Resource) -> bool {
        self.shares_a_name_with(both) && self.add_names_of(both)
    }

    fn add_names_of(&mut self, resource: &Resource) -> bool {
        if resource.is_bucket_or_object() || self.names.len() >= MOST {
            return false;
        }
        let before = self.names.len();
        let called_by_id = resource.is_called_by_id();
        for text in resource.identifiers() {
            let bare = resource.called(text);
            if self.references().any(|it| it.matches(&bare) == Match::Yes) {
                continue;
            }
            let is_unique = ids::is_id(&bare.id) || (called_by_id && bare.id == resource.id);
            let is_used_by_calls = !(is_unique && resource.kind.starts_with("AWS::IAM::"));
            if let Some(reference) = Reference::of(resource, text) {
                self.names.push(OtherName { reference, is_unique, is_used_by_calls });
            }
        }
        self.names.len() > before
    }

    /// Whether what a record says of a resource may be believed to be said of the one that is meant: a
    /// name that was only learnt leads to no others.
    fn may_teach(&self, resource: &Resource) -> bool {
        let exact = |name: &OtherName| name.is_unique && name.reference.matches(resource) == Match::Yes;
        let is_asked_for = self.asked.matches(resource) == Match::Yes && !self.lacks_tail(resource);
        is_asked_for || self.names.iter().any(exact)
    }

    /// Returns whether a resource that has one of the names has an id that tells it from the one that is meant.
    pub fn is_namesake(&self, resource: &Resource) -> bool {
        let known = |text: &str| {
            let bare = resource.called(text);
            self.references().any(|it| it.matches(&bare) == Match::Yes)
        };
        // Nothing can differ from an id that is not known.
        let has_id = self.asked.unique_id().is_some() || self.names.iter().any(|name| name.is_unique);
        let mut ids = resource.unique_ids().peekable();
        has_id && ids.peek().is_some() && !ids.any(known)
    }
}

impl Resource {
    /// Returns the identifiers that AWS gives to one resource only, for ever.
    pub fn unique_ids(&self) -> impl Iterator<Item = &str> {
        let by_id = self.is_called_by_id();
        self.identifiers().into_iter().filter(move |text| {
            ids::is_id(text) || (by_id && *text == self.id) || has_unique_tail(self.row, text)
        })
    }

    /// Returns whether its id is given by the service, beside a name that somebody chose.
    fn is_called_by_id(&self) -> bool {
        let Some(name) = &self.name else { return false };
        let by_name = ["AWS::IAM::", "AWS::RDS::"].iter().any(|service| self.kind.starts_with(service));
        // Of a name that is a piece of the id, the id is the longer name.
        let is_piece = self.id.ends_with(name.as_str()) || self.id.starts_with(name.as_str());
        !by_name && !self.joined && !is_piece && !ids::is_id(name)
    }

    /// Returns the resource as a call names it that gives no more than this identifier.
    fn called(&self, identifier: &str) -> Resource {
        let mut bare = Resource::new(&self.kind, identifier);
        bare.owned_by(self.account.as_deref(), self.region.as_deref());
        bare
    }
}

/// Whether the service puts something beside a name that tells this resource from the next of the name: the ARN
/// of a secret, a stack, a load balancer, a node group or an Auto Scaling group.
fn has_unique_tail(row: Option<&'static ResourceType>, text: &str) -> bool {
    let shapes = [
        IdShape::First,
        IdShape::NameId,
        IdShape::Balancer,
        IdShape::Secret,
        IdShape::Two,
        IdShape::ScalingGroup,
    ];
    let Some(row) = row.filter(|row| shapes.contains(&row.shape)) else { return false };
    let value = IdValue::read(Some(row), text);
    // A name may end as the tail of a secret does: only its ARN tells.
    if row.shape == IdShape::Secret && value.arn.is_none() {
        return false;
    }
    let keys = value.keys(Some(row));
    if row.shape == IdShape::ScalingGroup {
        return keys.whole.split_once(':').is_some_and(|(uuid, _)| is_unique_piece(uuid, 8));
    }
    // What calls name it by may have its parent in front.
    let named = if row.shape == IdShape::Two { keys.other } else { keys.name };
    let tail = keys.whole.strip_prefix(named).unwrap_or_default();
    let tail = tail.rsplit(['/', ':']).next().unwrap_or_default().trim_start_matches('-');
    is_unique_piece(tail, if row.shape == IdShape::Secret { 6 } else { 8 })
}

/// Whether a piece of an ARN is long enough to be of one resource alone. Versions are numbers with dots.
fn is_unique_piece(text: &str, least: usize) -> bool {
    text.len() >= least && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

impl Reference {
    /// Returns the identifier that was asked for, if it is one that AWS gives to one resource only.
    pub fn unique_id(&self) -> Option<&str> {
        let last = self.text().rsplit(['/', ':']).next().unwrap_or_default();
        let rows = || self.kinds().iter().filter_map(|kind| type_named(kind));
        let is_unique = |text: &&str| ids::is_id(text) || rows().any(|row| has_unique_tail(Some(row), text));
        [self.text(), last].into_iter().find(is_unique)
    }

    /// Refers to resources of the type, account and region of another, by one of its identifiers.
    pub fn of(resource: &Resource, identifier: &str) -> Option<Reference> {
        let typed = format!("{}/{identifier}", resource.kind);
        let mut reference = Reference::parse(&typed).ok()?;
        reference.set_text(identifier);
        reference.place_at(resource.account.as_deref(), resource.region.as_deref());
        Some(reference)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn resource(kind: &str, identifiers: &[&str]) -> Resource {
        let mut resource = Resource::new(kind, identifiers[0]);
        identifiers[1..].iter().for_each(|it| resource.also(it));
        resource.owned_by(Some("111122223333"), Some("eu-west-1"));
        resource
    }

    #[track_caller]
    fn learnt(asked: &str, taught: &[(&str, &[&str])], want: &[&str]) -> NamedResource {
        let mut named = NamedResource::new(Reference::parse(asked).unwrap());
        for (kind, identifiers) in taught {
            named.learn(&resource(kind, identifiers));
        }
        let names: Vec<&str> = named.names().iter().map(|it| it.reference.text()).collect();
        assert_eq!(names, want, "{asked}");
        named
    }

    #[test]
    fn names_are_learnt_from_what_carries_several() {
        const SG: &str = "AWS::EC2::SecurityGroup";
        const USER: &str = "AWS::IAM::User";
        const DB: &str = "AWS::RDS::DBInstance";
        const DB_ID: &str = "db-ABCDEFGHIJKLMNOPQRSTUVWX12";
        learnt("sg-0a1b2c3d", &[(SG, &["sg-0a1b2c3d", "web"])], &["web"]);
        learnt("security-group/web", &[(SG, &["sg-0a1b2c3d", "web"])], &["sg-0a1b2c3d"]);
        learnt(
            "web",
            &[(SG, &["sg-0a1b2c3d", "web"]), (SG, &["sg-0a1b2c3e", "web"])],
            &["sg-0a1b2c3d", "sg-0a1b2c3e"],
        );
        learnt("sg-0a1b2c3d", &[(SG, &["sg-0a1b2c3e", "web"])], &[]);
        let arn = "arn:aws:iam::111122223333:user/bob";
        learnt("AIDAEXAMPLEEXAMPLE11", &[(USER, &["bob", arn, "AIDAEXAMPLEEXAMPLE11"])], &["bob"]);
        learnt("user/bob", &[(USER, &["bob", arn, "AIDAEXAMPLEEXAMPLE11"])], &["AIDAEXAMPLEEXAMPLE11"]);
        learnt(arn, &[(USER, &["bob", arn])], &[]);
        learnt(DB_ID, &[(DB, &["pay", DB_ID])], &["pay"]);
        learnt(
            "203.0.113.9",
            &[("AWS::EC2::EIP", &["eipalloc-0a1b2c3d4e5f60718", "203.0.113.9"])],
            &["eipalloc-0a1b2c3d4e5f60718"],
        );
        learnt("pay-api", &[("AWS::ApiGateway::RestApi", &["a1b2c3d4e5", "pay-api"])], &["a1b2c3d4e5"]);
        learnt(
            "alias/pay",
            &[("AWS::KMS::Key", &["1234abcd-12ab-34cd-56ef-1234567890ab", "alias/pay"])],
            &["1234abcd-12ab-34cd-56ef-1234567890ab"],
        );
        learnt("web", &[("AWS::S3::Bucket", &["web", "arn:aws:s3:::web"])], &[]);
    }

    /// What a learnt name leads to may be another resource.
    #[test]
    fn a_name_that_was_learnt_teaches_nothing() {
        const SG: &str = "AWS::EC2::SecurityGroup";
        let named =
            learnt("sg-0a1b2c3d", &[(SG, &["sg-0a1b2c3d", "web"]), (SG, &["sg-0a1b2c3e", "web"])], &["web"]);
        assert!(named.is_one_of_namesakes());
        assert_eq!(named.matches(&resource(SG, &["sg-0a1b2c3e", "web"])), Match::No);
        let by_name = resource(SG, &["web"]);
        assert_eq!(named.matches(&by_name), Match::Yes);
        assert!(named.is_by_name_only(&by_name) && !named.is_exact(&by_name));
        assert!(named.is_exact(&resource(SG, &["sg-0a1b2c3d", "web"])));
        // A name of another account or region is another's.
        let mut elsewhere = Resource::new(SG, "web");
        elsewhere.owned_by(Some("444455556666"), Some("eu-west-1"));
        assert_eq!(named.matches(&elsewhere), Match::No);
    }

    #[test]
    fn an_id_is_one_resource_and_a_name_may_be_many() {
        const USER: &str = "AWS::IAM::User";
        let first = resource(USER, &["bob", "AIDAEXAMPLEEXAMPLE11"]);
        let second = resource(USER, &["bob", "AIDAEXAMPLEEXAMPLE22"]);
        let mut one = NamedResource::new(Reference::parse("AIDAEXAMPLEEXAMPLE11").unwrap());
        assert!(one.learn(&first) && !one.learn(&second));
        assert_eq!(one.matches(&second), Match::No);
        let mut any = NamedResource::new(Reference::parse("user/bob").unwrap());
        assert!(any.learn(&first) && any.learn(&second));
        assert!(!any.is_one_of_namesakes() && any.matches(&second) == Match::Yes);
        assert!(any.names().iter().all(|name| !name.is_used_by_calls));
    }
}
