//! Takes a value apart: from a name, an id, an ARN or a URL to the pieces that are compared.
//!
//! Events and references go through the same rules, so both agree on what the pieces are.

use super::ids::role_of_session;
use super::types::{IdShape, ResourceType, types_for_arn};
use crate::aws::arn::{Arn, Tail, looks_like_arn};
use crate::aws::ids::is_account;
use std::borrow::Cow;

/// A value without the prefix that only tells its type.
#[derive(Debug)]
pub(super) struct IdValue<'a> {
    tail: Tail<'a>,
    pub(super) arn: Option<Arn<'a>>,
    pub(super) account: Option<&'a str>,
    pub(super) region: Option<&'a str>,
}

/// The pieces by which two identifiers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct IdKeys<'a> {
    /// As exact as the value is: with path, parent, version or UUID.
    pub(super) whole: &'a str,
    /// What people call it.
    pub(super) name: &'a str,
    /// Another piece that stands for the resource alone; else the whole again.
    pub(super) other: &'a str,
}

impl<'a> IdKeys<'a> {
    pub(super) fn one(whole: &'a str) -> Self {
        Self { whole, name: whole, other: whole }
    }

    fn pair(whole: &'a str, name: &'a str) -> Self {
        Self { whole, name, other: whole }
    }

    /// Returns the piece that calls use, and by which a resource is known.
    pub(super) fn id(&self, shape: IdShape) -> &'a str {
        match shape {
            IdShape::Path | IdShape::First | IdShape::Balancer | IdShape::Secret | IdShape::ScalingGroup => {
                self.name
            }
            // Names may stand twice, in the scopes `REGIONAL` and `CLOUDFRONT`: calls give the id as well.
            IdShape::NameId | IdShape::Two => self.other,
            IdShape::Rule => self.whole.strip_prefix("default/").unwrap_or(self.whole),
            _ => self.whole,
        }
    }
}

impl<'a> IdValue<'a> {
    /// Reads a value of a resource of that type.
    pub(super) fn read(kind: Option<&ResourceType>, text: &'a str) -> Self {
        if looks_like_arn(text)
            && let Some(arn) = Arn::parse(text)
        {
            let told = |part: &'a str| Some(part).filter(|part| !part.is_empty());
            let region = told(arn.region).filter(|_| kind.is_none_or(|kind| !kind.global));
            return Self { tail: arn_tail(kind, &arn), arn: Some(arn), account: told(arn.account), region };
        }
        let one = |text| Self { tail: Tail::one(text), arn: None, account: None, region: None };
        let plain = one(text);
        match kind.map(|kind| kind.shape) {
            Some(IdShape::Queue) => queue_url(text).unwrap_or(plain),
            Some(IdShape::Unqualified) => partial_function(text).unwrap_or(plain),
            Some(IdShape::Path) if kind.is_some_and(|kind| kind.name == "AWS::IAM::Role") => {
                role_of_session(text).map_or(plain, one)
            }
            _ => plain,
        }
    }

    /// Returns the pieces, by the rules of the type.
    pub(super) fn keys(&self, kind: Option<&ResourceType>) -> IdKeys<'_> {
        let text = &*self.tail.text;
        match (self.tail.name, kind) {
            (Some(name), _) => IdKeys::pair(text, &text[name..]),
            (None, Some(kind)) if self.arn.is_some() => split_arn(kind.shape, text),
            (None, Some(kind)) => split_id(kind.shape, without_prefix(kind, text)),
            (None, None) => IdKeys::one(text),
        }
    }
}

/// Finds what follows the prefix of the type asked for, else of the type the ARN tells.
fn arn_tail<'a>(kind: Option<&ResourceType>, arn: &Arn<'a>) -> Tail<'a> {
    let own = kind.and_then(|kind| match_longest_pattern(kind, arn));
    let foreign = || types_for_arn(arn).first().and_then(|kind| match_longest_pattern(kind, arn));
    let tail = match (arn.service, arn.resource) {
        // A key may be called by its alias, which only `alias/` tells from a key id.
        ("kms", resource) if resource.starts_with("alias/") => Tail::one(resource),
        _ => own.or_else(foreign).unwrap_or_else(|| Tail::one(arn.noun().1)),
    };
    let rule = kind.is_some_and(|kind| kind.shape == IdShape::Rule);
    match tail.text {
        // What follows the role is the session.
        Cow::Borrowed(text) if arn.service == "sts" => Tail::one(text_before(text, '/')),
        // The ARN of a rule leaves the default bus out, and means no other.
        Cow::Borrowed(text) if rule && !text.is_empty() && !text.contains('/') => {
            Tail { text: Cow::Owned(format!("default/{text}")), name: Some("default/".len()) }
        }
        ref text if text.is_empty() => Tail::one(arn.resource),
        _ => tail,
    }
}

fn match_longest_pattern<'a>(kind: &ResourceType, arn: &Arn<'a>) -> Option<Tail<'a>> {
    let patterns = kind.arns.iter().filter(|(service, _)| *service == arn.service);
    let fitting = patterns.filter_map(|(_, pattern)| Some((pattern.len(), arn.after(pattern)?)));
    fitting.max_by_key(|(length, _)| *length).map(|(_, tail)| tail)
}

/// `https://sqs.eu-west-1.amazonaws.com/123456789012/name`, also with the older host names.
pub(super) fn queue_url(text: &str) -> Option<IdValue<'_>> {
    let (scheme, rest) = text.split_once("://")?;
    let (host, path) = rest.split_once('/')?;
    let (account, name) = path.trim_end_matches('/').split_once('/')?;
    let queue = (scheme == "https" || scheme == "http")
        && is_account(account)
        && !name.is_empty()
        && !name.contains('/');
    let region = host.strip_prefix("sqs.").map(|rest| text_before(rest, '.'));
    let region = region.or_else(|| host.split_once(".queue.").map(|(region, _)| region));
    queue.then(|| IdValue { tail: Tail::one(name), arn: None, account: Some(account), region })
}

/// `123456789012:function:name`, `123456789012:name`, `function:name`, with or without `:qualifier`.
pub(super) fn partial_function(text: &str) -> Option<IdValue<'_>> {
    let (front, name) = match text.split_once(":function:") {
        Some(parts) => parts,
        None => match text.strip_prefix("function:") {
            Some(name) => ("", name),
            None => {
                text.split_once(':').filter(|(front, name)| is_account(front) && is_function_name(name))?
            }
        },
    };
    let account = front.rsplit(':').next().filter(|account| is_account(account));
    Some(IdValue { tail: Tail::one(name), arn: None, account, region: None })
}

fn is_function_name(text: &str) -> bool {
    let name = text_before(text, ':');
    !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_'))
}

/// Drops `user/`, `hostedzone/` and their like where no name can begin so.
fn without_prefix<'a>(kind: &ResourceType, text: &'a str) -> &'a str {
    let may = matches!(
        kind.shape,
        IdShape::Path | IdShape::Zone | IdShape::Kms | IdShape::Balancer | IdShape::First
    );
    if !may {
        return text;
    }
    let text = text.strip_prefix('/').unwrap_or(text);
    // `alias/` is what tells an alias from a key.
    let prefixes = kind.arns.iter().map(|(_, prefix)| *prefix).filter(|prefix| *prefix != "alias/");
    let named = prefixes.filter(|prefix| prefix.ends_with(['/', ':']));
    named.filter_map(|prefix| text.strip_prefix(prefix)).find(|rest| !rest.is_empty()).unwrap_or(text)
}

/// Shapes whose ARNs say more, or say it otherwise, than calls do.
fn split_arn(shape: IdShape, text: &str) -> IdKeys<'_> {
    match shape {
        IdShape::Owner => IdKeys::one(text_before(text, '/')),
        IdShape::LogGroup => IdKeys::one(text_before(text, ':')),
        IdShape::Secret => IdKeys::pair(text, without_suffix(text)),
        _ => split_id(shape, text),
    }
}

fn split_id(shape: IdShape, text: &str) -> IdKeys<'_> {
    match shape {
        IdShape::Whole | IdShape::Owner | IdShape::Secret | IdShape::Queue => IdKeys::one(text),
        IdShape::Path | IdShape::Nested | IdShape::Rule => IdKeys::pair(text, after_last(text, '/')),
        IdShape::First => IdKeys::pair(text, text.split(['/', ':']).next().unwrap_or(text)),
        IdShape::NameId => match text.split_once('/') {
            Some((name, id)) => IdKeys { whole: text, name, other: id },
            None => IdKeys::one(text),
        },
        IdShape::Balancer => {
            let kinds = ["app/", "net/", "gwy/"];
            let text = kinds.iter().find_map(|kind| text.strip_prefix(kind)).unwrap_or(text);
            IdKeys::pair(text, text_before(text, '/'))
        }
        IdShape::Two => {
            let mut slashes = text.match_indices('/').map(|(at, _)| at);
            let Some(first) = slashes.next() else {
                return IdKeys::one(text);
            };
            let other = &text[..slashes.next().unwrap_or(text.len())];
            IdKeys { whole: text, name: &other[first + 1..], other }
        }
        IdShape::Versioned => IdKeys::pair(text, text_before(text, ':')),
        IdShape::Unqualified => IdKeys::one(text_before(text, ':')),
        IdShape::LogGroup => IdKeys::one(text.strip_suffix(":*").unwrap_or(text)),
        IdShape::Parameter => IdKeys::one(text_before(text.strip_prefix('/').unwrap_or(text), ':')),
        IdShape::Kms => IdKeys::pair(text, text.strip_prefix("alias/").unwrap_or(text)),
        IdShape::Zone => IdKeys::one(without_dot(after_last(text, '/'))),
        IdShape::Record => {
            let mut parts = text.splitn(3, '/');
            match (parts.next(), parts.next(), parts.next()) {
                (Some(_), Some(name), Some(_)) => IdKeys::pair(text, without_dot(name)),
                (Some(zone), Some(name), None) => {
                    let whole = &text[..zone.len() + 1 + without_dot(name).len()];
                    IdKeys::pair(whole, without_dot(name))
                }
                _ => IdKeys::one(without_dot(text)),
            }
        }
        IdShape::ScalingGroup => {
            let name = text.rsplit_once("Name/").map_or(text, |(_, name)| name);
            IdKeys { whole: text, name, other: name }
        }
        IdShape::Bucket => IdKeys::one(text_before(text, '/')),
        IdShape::Object => IdKeys::pair(text, text.split_once('/').map_or(text, |(_, key)| key)),
    }
}

/// A domain name without the dot of the root, which is there or not.
fn without_dot(name: &str) -> &str {
    name.strip_suffix('.').filter(|rest| !rest.is_empty()).unwrap_or(name)
}

fn text_before(text: &str, stop: char) -> &str {
    text.split(stop).next().unwrap_or(text)
}

fn after_last(text: &str, stop: char) -> &str {
    text.rsplit(stop).next().unwrap_or(text)
}

/// Secrets Manager appends `-` and six characters to the name.
fn without_suffix(text: &str) -> &str {
    match text.rsplit_once('-') {
        Some((name, suffix))
            if !name.is_empty() && suffix.len() == 6 && suffix.bytes().all(|b| b.is_ascii_alphanumeric()) =>
        {
            name
        }
        _ => text,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::{all_types, type_named};
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(kind: &str, text: &str, whole: &str, name: &str) {
        let kind = type_named(kind).unwrap();
        let value = IdValue::read(Some(kind), text);
        let keys = value.keys(Some(kind));
        assert_eq!((keys.whole, keys.name), (whole, name), "{} {text}", kind.name);
    }

    #[test]
    fn values_fall_into_whole_and_name() {
        for (kind, text, whole, name) in [
            ("AWS::IAM::Role", "arn:aws:iam::1:role/service-role/R", "service-role/R", "R"),
            ("AWS::IAM::Role", "arn:aws:sts::1:assumed-role/R/session", "R", "R"),
            ("AWS::IAM::Role", "role/R", "R", "R"),
            ("AWS::IAM::Role", "AROAEXAMPLE:bob", "AROAEXAMPLE", "AROAEXAMPLE"),
            ("AWS::IAM::Root", "arn:aws:iam::1:root", "root", "root"),
            ("AWS::Lambda::Function", "arn:aws:lambda:r:1:function:f:3", "f", "f"),
            ("AWS::Lambda::Function", "123456789012:function:f:live", "f", "f"),
            ("AWS::Lambda::Function", "function:f", "f", "f"),
            ("AWS::Lambda::Function", "f:$LATEST", "f", "f"),
            ("AWS::Lambda::LayerVersion", "arn:aws:lambda:r:1:layer:l:2", "l:2", "l"),
            (
                "AWS::SecretsManager::Secret",
                "arn:aws:secretsmanager:r:1:secret:a/b-AbCd12",
                "a/b-AbCd12",
                "a/b",
            ),
            ("AWS::SecretsManager::Secret", "prod-abcdef", "prod-abcdef", "prod-abcdef"),
            ("AWS::Logs::LogGroup", "arn:aws:logs:r:1:log-group:/aws/x:*", "/aws/x", "/aws/x"),
            ("AWS::Logs::LogGroup", "arn:aws:logs:r:1:log-group:g:log-stream:s", "g", "g"),
            ("AWS::Logs::LogStream", "arn:aws:logs:r:1:log-group:g:log-stream:a/b", "g/a/b", "a/b"),
            ("AWS::SSM::Parameter", "arn:aws:ssm:r:1:parameter/a/b", "a/b", "a/b"),
            ("AWS::SSM::Parameter", "/a/b:3", "a/b", "a/b"),
            ("AWS::SSM::Parameter", "/parameter/x", "parameter/x", "parameter/x"),
            ("AWS::KMS::Key", "arn:aws:kms:r:1:key/mrk-1", "mrk-1", "mrk-1"),
            ("AWS::KMS::Key", "arn:aws:kms:r:1:alias/x", "alias/x", "x"),
            ("AWS::KMS::Alias", "alias/aws/s3", "alias/aws/s3", "aws/s3"),
            ("AWS::DynamoDB::Table", "arn:aws:dynamodb:r:1:table/t/index/i", "t", "t"),
            ("AWS::DynamoDB::Backup", "arn:aws:dynamodb:r:1:table/t/backup/01", "t/01", "01"),
            ("AWS::SQS::Queue", "https://sqs.eu-west-1.amazonaws.com/123456789012/q", "q", "q"),
            ("AWS::SQS::Queue", "https://eu-west-1.queue.amazonaws.com/123456789012/q", "q", "q"),
            ("AWS::SNS::Topic", "arn:aws:sns:r:1:t", "t", "t"),
            ("AWS::Events::Rule", "arn:aws:events:r:1:rule/bus/n", "bus/n", "n"),
            ("AWS::Events::Rule", "arn:aws:events:r:1:rule/n", "default/n", "n"),
            ("AWS::Events::Rule", "default/n", "default/n", "n"),
            ("AWS::Events::Rule", "n", "n", "n"),
            ("AWS::ECS::Service", "arn:aws:ecs:r:1:service/c/s", "c/s", "s"),
            ("AWS::ECS::TaskDefinition", "fam:3", "fam:3", "fam"),
            ("AWS::EKS::Nodegroup", "arn:aws:eks:r:1:nodegroup/c/n/0-1", "c/n/0-1", "n"),
            ("AWS::CloudFormation::Stack", "arn:aws:cloudformation:r:1:stack/s/0-1", "s/0-1", "s"),
            (
                "AWS::ElasticLoadBalancingV2::LoadBalancer",
                "arn:aws:elasticloadbalancing:r:1:loadbalancer/app/n/0a",
                "n/0a",
                "n",
            ),
            ("AWS::ElasticLoadBalancingV2::LoadBalancer", "app/n/0a", "n/0a", "n"),
            (
                "AWS::ElasticLoadBalancing::LoadBalancer",
                "arn:aws:elasticloadbalancing:r:1:loadbalancer/n",
                "n",
                "n",
            ),
            ("AWS::Route53::HostedZone", "/hostedzone/Z1", "Z1", "Z1"),
            ("AWS::Route53::HostedZone", "arn:aws:route53:::hostedzone/Z1", "Z1", "Z1"),
            (
                "AWS::AutoScaling::AutoScalingGroup",
                "arn:aws:autoscaling:r:1:autoScalingGroup:0-1:autoScalingGroupName/web",
                "0-1:autoScalingGroupName/web",
                "web",
            ),
            ("AWS::S3::Bucket", "arn:aws:s3:::b/k/l", "b", "b"),
            ("AWS::S3::Object", "arn:aws:s3:::b/k/l", "b/k/l", "k/l"),
            (
                "AWS::Organizations::Account",
                "arn:aws:organizations::1:account/o-x/123456789012",
                "o-x/123456789012",
                "123456789012",
            ),
            ("AWS::RDS::DBSnapshot", "arn:aws:rds:r:1:snapshot:rds:db-2024", "rds:db-2024", "rds:db-2024"),
        ] {
            check(kind, text, whole, name);
        }
    }

    #[test]
    fn a_web_acl_is_known_by_either_piece() {
        let kind = type_named("AWS::WAFv2::WebACL");
        let value = IdValue::read(kind, "arn:aws:wafv2:r:1:regional/webacl/n/0-1");
        assert_eq!(value.keys(kind), IdKeys { whole: "n/0-1", name: "n", other: "0-1" });
    }

    #[test]
    fn accounts_and_regions_are_read_where_they_are_told() {
        let queue = type_named("AWS::SQS::Queue");
        let url = IdValue::read(queue, "https://sqs.eu-west-1.amazonaws.com/123456789012/q");
        assert_eq!((url.account, url.region), (Some("123456789012"), Some("eu-west-1")));
        let function = type_named("AWS::Lambda::Function");
        assert_eq!(IdValue::read(function, "123456789012:function:f").account, Some("123456789012"));
        assert_eq!(IdValue::read(function, "arn:aws:lambda:r:1:function:f").region, Some("r"));
        assert_eq!(IdValue::read(None, "arn:aws:s3:::b").account, None);
    }

    proptest! {
        #[test]
        fn the_name_is_part_of_the_whole(at in 0..all_types().len(), text in "\\PC{0,40}") {
            let kind = &all_types()[at];
            let service = kind.arns.first().map_or("x", |arn| arn.0);
            for text in [text.clone(), format!("arn:aws:{service}:r:1:{text}")] {
                let value = IdValue::read(Some(kind), &text);
                let keys = value.keys(Some(kind));
                prop_assert!(keys.whole.contains(keys.name) && keys.whole.contains(keys.other));
            }
        }
    }
}
