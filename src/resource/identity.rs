//! A resource as an event names it: by name, id, ARN or several of them.
//!
//! What a user typed is a [`Reference`](super::Reference); how the two compare is in `matching`.

use super::arn::{Arn, decoded, looks_like_arn, pascal, percent_decoded};
use super::ids;
use super::shape::{Keys, Value};
use super::types::{Compare, Shape, Type, service_name, type_named, types_for_arn};
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
    /// The row of the table, for types that have one.
    pub(super) row: Option<&'static Type>,
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
            Some(Shape::Object) => copy_source(value),
            _ => decoded(value),
        };
        let read = Value::read(row, &text);
        let keys = read.keys(row);
        let id = canonical(row, keys);
        let shorter = row.is_some_and(|row| keys.id(row.shape) != keys.whole);
        let others = if shorter && read.arn.is_none() { vec![keys.whole.to_owned()] } else { Vec::new() };
        let mut resource = Resource {
            kind: row.map_or_else(|| Cow::Owned(kind.to_owned()), |row| Cow::Borrowed(row.name)),
            name: distinct_name(row, keys),
            arn: read.arn.map(|_| text.clone().into_owned()),
            account: read.account.map(str::to_owned),
            region: read.region.map(str::to_owned),
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
        let is_object = row.is_some_and(|row| row.shape == Shape::Object);
        // The name of an ARN says its parents too, and more surely.
        if parents.is_empty() || (!is_object && looks_like_arn(&decoded(last))) {
            return Resource::new(kind, last);
        }
        // Written as the service writes it; alone, a version names nothing.
        if let (Some(Shape::Versioned), [parent]) = (row.map(|row| row.shape), parents) {
            return Resource::new(kind, &format!("{parent}:{last}"));
        }
        let leaves_default = row.is_some_and(|row| row.shape == Shape::Rule);
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
            others: Vec::new(),
            joined: true,
            row,
            id: fold(row, &id),
        }
    }

    /// Reads an ARN, which tells the type. Of unknown services the type is a guess from its words.
    pub fn from_arn(arn: &str) -> Option<Resource> {
        let text = decoded(arn);
        let parsed = Arn::parse(&text)?;
        // Every bucket is none.
        let every = parsed.service == "s3" && parsed.resource == "*";
        (!every).then(|| Resource::new(&arn_kind(&parsed), &text))
    }

    /// Reads an id whose first letters tell the type: `sg-0a1b2c3d`, `AKIA…`.
    pub fn from_id(id: &str) -> Option<Resource> {
        let id = ids::role_of_session(id).unwrap_or(id);
        ids::kinds(id).next().map(|kind| Resource::new(kind, id))
    }

    /// Adds a further identifier of the same resource: a name, an id or an ARN.
    ///
    /// Fills name, ARN, account and region where they are not known yet.
    pub fn also(&mut self, value: &str) {
        if value.is_empty() {
            return;
        }
        let more = Resource::new(&self.kind, value);
        self.account = self.account.take().or(more.account);
        self.region = self.region.take().or(more.region);
        match more.arn {
            Some(arn) => self.also_arn(arn, more.id),
            None if more.id == self.id || self.name.as_ref() == Some(&more.id) => {}
            None if self.outranks_id(&more.id) => self.replace_id(more.id),
            None if self.name.is_none() && !ids::is_id(&more.id) => self.name = Some(more.id),
            None if self.others.contains(&more.id) => {}
            None => self.others.push(more.id),
        }
    }

    /// Sets the owner and the region where no ARN told them.
    ///
    /// Bucket names say nothing of either, and global types have no region.
    pub fn owned_by(&mut self, account: Option<&str>, region: Option<&str>) {
        if self.is_bucket_or_object() {
            return;
        }
        if self.account.is_none() {
            self.account = account.map(str::to_owned);
        }
        if self.region.is_none() && self.row.is_none_or(|row| !row.global) {
            self.region = region.map(str::to_owned);
        }
    }

    fn also_arn(&mut self, arn: String, id: String) {
        if self.outranks_id(&id) {
            self.replace_id(id);
        }
        match &self.arn {
            None => self.arn = Some(arn),
            Some(known) if *known == arn || self.others.contains(&arn) => {}
            Some(_) => self.others.push(arn),
        }
    }

    /// Returns whether `id` is the id proper, and what was taken for the id only a name:
    /// the id of a security group that was named, the UUID of a key called by its alias.
    fn outranks_id(&self, id: &str) -> bool {
        // IAM's unique ids and RDS's resource ids are ids too, but their calls go by name.
        let by_name = ["AWS::IAM::", "AWS::RDS::"].iter().any(|service| self.kind.starts_with(service));
        let by_id = !by_name
            && (ids::kinds(id).any(|kind| kind == self.kind)
                || (self.kind == "AWS::KMS::Key" && ids::is_id(id)));
        by_id && !self.joined && !self.id.is_empty() && !ids::is_id(&self.id)
    }

    fn replace_id(&mut self, id: String) {
        let name = std::mem::replace(&mut self.id, id);
        // Of an alias, the name has the prefix that tells it from the key.
        if let Some(shorter) = self.name.replace(name) {
            self.others.push(shorter);
        }
    }

    pub(super) fn is_bucket_or_object(&self) -> bool {
        self.row.is_some_and(|row| matches!(row.shape, Shape::Bucket | Shape::Object))
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
        None => Cow::Owned(format!("AWS::{}::{}", service_name(arn.service), pascal(arn.noun().0))),
    }
}

fn canonical(row: Option<&Type>, keys: Keys<'_>) -> String {
    let id = row.map_or(keys.whole, |row| keys.id(row.shape));
    let parameter = row.is_some_and(|row| row.shape == Shape::Parameter);
    // ARNs leave the first slash out, and only there may a parameter with a path lack it.
    if parameter && id.contains('/') { format!("/{id}") } else { fold(row, id) }
}

fn distinct_name(row: Option<&Type>, keys: Keys<'_>) -> Option<String> {
    let id = row.map_or(keys.whole, |row| keys.id(row.shape));
    (keys.name != id && !keys.name.is_empty()).then(|| keys.name.to_owned())
}

fn names(row: Option<&Type>) -> Compare {
    row.map_or(Compare::Exact, |row| row.names)
}

fn fold(row: Option<&Type>, id: &str) -> String {
    match names(row) {
        // `db-ABC…` is the one piece that RDS writes in upper case.
        Compare::Lower if !ids::is_id(id) => id.to_ascii_lowercase(),
        _ => id.to_owned(),
    }
}

/// Reads `bucket/key` as a copy names it: percent-encoded, maybe with a slash in front and a version.
/// An ARN is written as it is.
fn copy_source(value: &str) -> Cow<'_, str> {
    let text = decoded(value);
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

fn parent_id(parent: &str) -> Cow<'_, str> {
    match Resource::from_arn(parent) {
        Some(resource) => Cow::Owned(resource.id),
        None => Cow::Borrowed(parent),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_become_ids() {
        for (kind, value, id, name) in [
            ("AWS::S3::Bucket", "Payroll", "payroll", None),
            ("AWS::S3::Object", "arn:aws:s3:::b/a/K", "b/a/K", Some("a/K")),
            ("AWS::S3::Object", "/b1/k", "b1/k", Some("k")),
            ("AWS::S3::Object", "%2Fb7%2Fk", "b7/k", Some("k")),
            ("AWS::S3::Object", "b2/k?versionId=1", "b2/k", Some("k")),
            ("AWS::S3::Object", "b3/a%20b%3Fc", "b3/a b?c", Some("a b?c")),
            ("AWS::S3::Object", "b//k?x%", "b//k?x%", Some("/k?x%")),
            (
                "AWS::S3::Object",
                "arn:aws:s3:::b/a%20b?versionId=1",
                "b/a%20b?versionId=1",
                Some("a%20b?versionId=1"),
            ),
            ("AWS::S3::Object", "arn%3Aaws%3As3%3A%3A%3Ab%2Fa%2520b", "b/a%20b", Some("a%20b")),
            ("AWS::S3::Object", "b15/", "b15/", None),
            ("AWS::IAM::Role", "AROAEXAMPLE:bob", "AROAEXAMPLE", None),
            ("AWS::RDS::DBInstance", "db-PDUCDGLRGDVGNFIUKF4FRJGEGY", "db-PDUCDGLRGDVGNFIUKF4FRJGEGY", None),
            ("AWS::Events::Rule", "default/n", "n", None),
            ("AWS::Events::Rule", "arn:aws:events:r:1:rule/n", "n", None),
            ("AWS::Events::Rule", "arn:aws:events:r:1:rule/bus/n", "bus/n", Some("n")),
            ("AWS::IAM::User", "arn:aws:iam::1:user/ops/Alice", "Alice", None),
            ("aws::iam::user", "Alice", "Alice", None),
            ("AWS::EC2::Ami", "ami-0a1b2c3d", "ami-0a1b2c3d", None),
            ("AWS::ECS::Service", "arn:aws:ecs:r:1:service/c/s", "c/s", Some("s")),
            ("AWS::RDS::DBInstance", "arn:aws:rds:r:1:db:Prod", "prod", None),
            ("AWS::Lambda::Function", "arn%3Aaws%3Alambda%3Ar%3A1%3Afunction%3Af%3A1", "f", None),
            ("AWS::SecretsManager::Secret", "arn:aws:secretsmanager:r:1:secret:s-AbCd12", "s", None),
            ("AWS::KMS::Key", "alias/x", "alias/x", Some("x")),
            ("AWS::SSM::Parameter", "arn:aws:ssm:r:1:parameter/a/b", "/a/b", None),
            ("AWS::SSM::Parameter", "/a/b", "/a/b", None),
            ("AWS::SSM::Parameter", "x", "x", None),
            ("AWS::Foo::Bar", "a/b", "a/b", None),
            ("AWS::CloudFormation::Stack", "arn:aws:cloudformation:r:1:stack/s/0-1", "s", None),
        ] {
            let resource = Resource::new(kind, value);
            assert_eq!((&*resource.id, resource.name.as_deref()), (id, name), "{kind} {value}");
        }
    }

    #[test]
    fn arns_tell_the_type() {
        for (arn, kind, id) in [
            ("arn:aws:s3:::b", "AWS::S3::Bucket", "b"),
            ("arn:aws:s3:::b/", "AWS::S3::Bucket", "b"),
            ("arn:aws-us-gov:s3:::job/k", "AWS::S3::Object", "job/k"),
            ("arn:aws:s3:r:1:accesspoint/p", "AWS::S3::AccessPoint", "p"),
            ("arn:aws:sts::1:assumed-role/R/s", "AWS::IAM::Role", "R"),
            ("arn:aws:iam::1:root", "AWS::IAM::Root", "root"),
            ("arn:aws:sns:r:1:t", "AWS::SNS::Topic", "t"),
            ("arn:aws:sns:r:1:t:0-1", "AWS::SNS::Subscription", "t/0-1"),
            ("arn:aws:logs:r:1:log-group:g:*", "AWS::Logs::LogGroup", "g"),
            ("arn:aws:apigateway:r::/restapis/a/stages/s", "AWS::ApiGateway::Stage", "a/s"),
            ("arn:aws:apigateway:r::/restapis/a/resources/x", "AWS::ApiGateway::RestApi", "a"),
            (
                "arn:aws:elasticloadbalancing:r:1:loadbalancer/net/n/0",
                "AWS::ElasticLoadBalancingV2::LoadBalancer",
                "n",
            ),
            ("arn:aws:es:r:1:domain/d", "AWS::OpenSearch::Domain", "d"),
            ("arn:aws:new-thing:r:1:fancy-widget/w", "AWS::NewThing::FancyWidget", "w"),
            ("arn:aws:ecs:r:1:novelty/c/n", "AWS::ECS::Novelty", "c/n"),
        ] {
            let resource = Resource::from_arn(arn).unwrap();
            assert_eq!((&*resource.kind, &*resource.id), (kind, id), "{arn}");
            assert_eq!(resource.arn.as_deref(), Some(arn));
        }
        for none in ["arn:aws:s3:::*", "arn:aws:s3", "x", ""] {
            assert_eq!(Resource::from_arn(none), None, "{none}");
        }
    }

    #[test]
    fn parts_are_joined() {
        for (kind, parts, id, name) in [
            ("AWS::S3::Object", &["b", "a/k"][..], "b/a/k", Some("a/k")),
            ("AWS::S3::Object", &["b", "arn:aws:x:::k"], "b/arn:aws:x:::k", Some("arn:aws:x:::k")),
            (
                "AWS::S3::Object",
                &["b", "/a%20b?versionId=1"],
                "b//a%20b?versionId=1",
                Some("/a%20b?versionId=1"),
            ),
            ("AWS::S3::Object", &["b15", ""], "b15/", None),
            ("AWS::Events::Rule", &["arn:aws:events:r:1:event-bus/default", "r"], "r", None),
            ("AWS::ECS::Service", &["arn:aws:ecs:r:1:cluster/c", "s"], "c/s", Some("s")),
            ("AWS::ECS::Service", &["x", "arn:aws:ecs:r:1:service/c/s"], "c/s", Some("s")),
            ("AWS::Events::Rule", &["default", "r"], "r", None),
            ("AWS::Events::Rule", &["arn:aws:events:r:1:event-bus/bus", "r"], "bus/r", Some("r")),
            ("AWS::Logs::LogStream", &["/g", "2024/1"], "/g/2024/1", Some("2024/1")),
            ("AWS::IAM::RolePolicy", &["r", "p"], "r/p", Some("p")),
            ("AWS::S3::Bucket", &["b"], "b", None),
            ("AWS::S3::Bucket", &[], "", None),
        ] {
            let resource = Resource::joined(kind, parts);
            assert_eq!((&*resource.id, resource.name.as_deref()), (id, name), "{kind} {parts:?}");
        }
    }

    #[test]
    fn further_identifiers_fill_what_is_missing() {
        let mut group = Resource::new("AWS::EC2::SecurityGroup", "web");
        group.also("sg-0a1b2c3d");
        group.also("arn:aws:ec2:eu-west-1:123456789012:security-group/sg-0a1b2c3d");
        assert_eq!((&*group.id, group.name.as_deref()), ("sg-0a1b2c3d", Some("web")));
        assert_eq!(group.account.as_deref(), Some("123456789012"));
        assert_eq!(group.region.as_deref(), Some("eu-west-1"));
        assert!(group.arn.is_some() && group.others.is_empty());

        let mut user = Resource::new("AWS::IAM::User", "alice");
        user.also("AIDAIOSFODNN7EXAMPLE");
        assert_eq!((&*user.id, user.name.as_deref()), ("alice", None));
        assert_eq!(user.others, ["AIDAIOSFODNN7EXAMPLE"]);

        let mut instance = Resource::new("AWS::RDS::DBInstance", "Prod");
        instance.also("db-PDUCDGLRGDVGNFIUKF4FRJGEGY");
        assert_eq!((&*instance.id, instance.name.as_deref()), ("prod", None));
        assert_eq!(instance.others, ["db-PDUCDGLRGDVGNFIUKF4FRJGEGY"]);

        let mut key = Resource::new("AWS::KMS::Key", "alias/x");
        key.also("arn:aws:kms:r:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab");
        assert_eq!(key.id, "1234abcd-12ab-34cd-56ef-1234567890ab");
        assert_eq!(key.name.as_deref(), Some("alias/x"));

        let before = user.clone();
        user.also("alice");
        user.also("");
        assert_eq!(user, before);
    }

    #[test]
    fn defaults_never_overrule_an_arn_nor_place_a_bucket() {
        let owner = |kind: &str, value: &str| {
            let mut resource = Resource::new(kind, value);
            resource.owned_by(Some("222222222222"), Some("us-east-1"));
            (resource.account, resource.region)
        };
        let told = |account: &str, region: &str| (Some(account.to_owned()), Some(region.to_owned()));
        assert_eq!(owner("AWS::EC2::VPC", "vpc-1"), told("222222222222", "us-east-1"));
        assert_eq!(
            owner("AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:111111111111:q"),
            told("111111111111", "eu-west-1")
        );
        assert_eq!(owner("AWS::IAM::User", "alice"), (Some("222222222222".to_owned()), None));
        assert_eq!(owner("AWS::S3::Bucket", "b"), (None, None));
        assert_eq!(owner("AWS::S3::Object", "b/k"), (None, None));
    }

    proptest! {
        #[test]
        fn no_value_breaks_it(
            value in "\\PC{0,30}",
            arn in "arn:aws:[a-z0-9]{0,6}:[a-z]{0,2}:[0-9]{0,2}:\\PC{0,20}",
        ) {
            for row in super::super::types() {
                Resource::new(row.name, &value).also(&arn);
                Resource::joined(row.name, &[&arn, &value]).also(&value);
            }
            let whole = Arn::parse(&arn)
                .is_some_and(|arn| arn.service != "s3" || arn.resource != "*");
            prop_assert_eq!(Resource::from_arn(&arn).is_some(), whole);
        }
    }
}
