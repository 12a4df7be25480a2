//! Whether what a user means may be in a place of which a record names nothing else: an object in a bucket, a
//! table in a database.
//!
//! Yes where nothing is known that speaks against it.

use super::identity::Resource;
use super::reference::{ObjectKeys, Reference, ReferenceTarget};

/// Types whose use is logged as data events, so only where a trail was told to, with the service and the beginning of
/// the resource in their ARNs.
const DATA: [(&str, &str, &str); 7] = [
    ("AWS::Lambda::Function", "lambda", "function:"),
    ("AWS::DynamoDB::Table", "dynamodb", "table/"),
    ("AWS::SNS::Topic", "sns", ""),
    ("AWS::SQS::Queue", "sqs", ""),
    ("AWS::S3::AccessPoint", "s3", "accesspoint/"),
    ("AWS::Kinesis::Stream", "kinesis", "stream/"),
    ("AWS::EC2::Snapshot", "ec2", "snapshot/"),
];

impl Reference {
    /// Returns whether it may be a resource of this type in what is called `container`, recorded for that account
    /// and region.
    pub fn may_lie_in(
        &self,
        kind: &str,
        container: Option<&str>,
        account: Option<&str>,
        region: Option<&str>,
    ) -> bool {
        let mut place = Resource::new(kind, "");
        place.owned_by(account, region);
        if !self.kinds().iter().any(|it| it == kind) || !self.is_placed(&place) {
            return false;
        }
        let Some(container) = container else { return true };
        let container = if container.starts_with("arn:") {
            container.rsplit([':', '/']).next().unwrap_or_default()
        } else {
            container
        };
        match &self.target {
            ReferenceTarget::Objects { bucket, .. } => bucket.eq_ignore_ascii_case(container),
            ReferenceTarget::Typed(typed) => {
                let asked = typed.wanted.iter().filter(|wanted| wanted.kind == kind);
                asked.map(|wanted| wanted.keys().whole).any(|whole| is_in(whole, container))
            }
            ReferenceTarget::Plain(_) | ReferenceTarget::Bucket(_) => false,
        }
    }

    /// Returns, for every type whose calls are data events that it may mean, the type and the ARN by which selectors
    /// of trails name it, in that region and account, and whether it is that ARN alone: of a bucket's objects it is
    /// what their ARNs begin with.
    pub fn data_arns(&self, region: &str, account: &str) -> Vec<(&'static str, String, bool)> {
        let partition = match region {
            region if region.starts_with("cn-") => "aws-cn",
            region if region.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        };
        if let ReferenceTarget::Objects { bucket, keys } = &self.target {
            let (key, is_whole) = match keys {
                ObjectKeys::All => ("", false),
                ObjectKeys::Prefix(prefix) => (prefix.as_str(), false),
                ObjectKeys::One(key) => (key.as_str(), true),
            };
            return vec![("AWS::S3::Object", format!("arn:{partition}:s3:::{bucket}/{key}"), is_whole)];
        }
        let ReferenceTarget::Typed(typed) = &self.target else { return Vec::new() };
        let one = |(kind, service, before): &(&'static str, &str, &str)| {
            let wanted = typed.wanted.iter().find(|wanted| wanted.kind == *kind)?;
            let name = wanted.keys().name;
            let account = if *kind == "AWS::EC2::Snapshot" { "" } else { account };
            let made = format!("arn:{partition}:{service}:{region}:{account}:{before}{name}");
            Some((*kind, typed.arn.clone().unwrap_or(made), true))
        };
        DATA.iter().filter_map(one).collect()
    }

    /// Returns whether it may mean something whose use is logged as data events.
    pub fn has_data(&self) -> bool {
        self.is_object() || self.kinds().iter().any(|kind| DATA.iter().any(|(name, ..)| name == kind))
    }

    /// Returns whether nothing speaks against that it is in the account and region of `place`.
    pub fn may_be_at(&self, place: &Resource) -> bool {
        self.is_placed(place)
    }

    /// Returns whether the names that it may mean include one that begins so; true of what is no object.
    pub fn may_begin_with(&self, prefix: &str) -> bool {
        match &self.target {
            ReferenceTarget::Objects { keys: ObjectKeys::One(key), .. } => key.starts_with(prefix),
            ReferenceTarget::Objects { keys: ObjectKeys::Prefix(asked), .. } => {
                asked.starts_with(prefix) || prefix.starts_with(asked.as_str())
            }
            _ => true,
        }
    }
}

/// Whether a name has the container in front; one that names none may be in any.
fn is_in(whole: &str, container: &str) -> bool {
    let (whole, container) = (whole.trim_start_matches('/'), container.trim_matches('/'));
    if !whole.contains(['/', ':', '|']) || container.is_empty() {
        return true;
    }
    whole.get(..container.len()).is_some_and(|start| start.eq_ignore_ascii_case(container))
        && whole[container.len()..].starts_with(['/', ':', '|'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_speaks_against_a_place_is_seen() {
        let may = |reference: &str, kind: &str, container: Option<&str>| {
            let reference = Reference::parse(reference).unwrap();
            reference.may_lie_in(kind, container, Some("111122223333"), Some("us-east-1"))
        };
        let object = "AWS::S3::Object";
        assert!(may("s3://payroll/a/b", object, Some("payroll")));
        assert!(!may("s3://payroll/a/b", object, Some("payroll-2")));
        assert!(!may("bucket/payroll", object, Some("payroll")));
        assert!(may("AWS::Glue::Table/db/t", "AWS::Glue::Table", Some("db")));
        assert!(!may("AWS::Glue::Table/db2/t", "AWS::Glue::Table", Some("db")));
        assert!(may("parameter//prod/db/password", "AWS::SSM::Parameter", Some("/prod")));
        assert!(!may("parameter//production/x", "AWS::SSM::Parameter", Some("/prod")));
        assert!(may("vol-0123456789abcdef0", "AWS::EC2::Volume", None));
        assert!(!may("vol-0123456789abcdef0", "AWS::EC2::Instance", None));
        let other = "arn:aws:ec2:eu-west-1:111122223333:volume/vol-0123456789abcdef0";
        assert!(!may(other, "AWS::EC2::Volume", None));
    }

    #[test]
    fn prefixes_overlap() {
        let may = |text: &str, prefix: &str| Reference::parse(text).unwrap().may_begin_with(prefix);
        assert!(may("s3://b/a/x", "a/") && may("s3://b/a/x", "") && !may("s3://b/z", "a/"));
        assert!(may("s3://b/a/", "a/x/") && may("s3://b/a/", "a") && !may("s3://b/a/", "c/"));
        assert!(may("s3://b/", "a/"));
    }
}
