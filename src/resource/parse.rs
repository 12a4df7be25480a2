//! The grammar of references: every form a user may type, and what is said of the rest.

use super::canonical::domain_name;
use super::identity::arn_kind;
use super::ids;
use super::reference::{ObjectKeys, ReferencePlace, ReferenceTarget, TypedTarget, WantedId};
use super::shape::{IdValue, partial_function, queue_url};
use super::suggest::nearest_word;
use super::types::{
    ResourceType, split_type_name, squash_word, type_named, type_printed, types_for_arn, types_for_word,
};
use crate::aws::arn::{Arn, looks_like_arn};
use crate::aws::ids::is_account;
use crate::error::Error;
use std::borrow::Cow;

const FORMS: &str = "a reference is an ARN, `type/name` (`bucket/logs`, `role/admin`, \
    `AWS::EC2::SecurityGroup/sg-1`), `s3://bucket/key`, an id (`sg-0a1b2c3d`, `AKIA…`), \
    an account number, or a plain name";

/// The types that may be meant, what is asked for, and where it has to be.
pub(super) type Parsed = (Vec<Cow<'static, str>>, ReferenceTarget, ReferencePlace);

/// Reads a reference, trimmed and decoded. The first form that fits counts.
pub(super) fn parse_reference(text: &str) -> Result<Parsed, Error> {
    if looks_like_arn(text) {
        return parse_arn(text);
    }
    if let Some(name) = wildcard_record(text) {
        return parse_record_set(text, &name);
    }
    if text.contains(['*', '?']) {
        return Err(wildcard_error(text));
    }
    if has_prefix(text, "s3://") {
        return parse_s3_path(text, &text[5..], ObjectKeys::of_url, ReferencePlace::default());
    }
    if has_prefix(text, "aws::") {
        return parse_explicit_type(text);
    }
    // As tables print it.
    let printed = text.split_once('/').and_then(|(kind, name)| Some((type_printed(kind)?, name)));
    if let Some((row, name)) = printed {
        return parse_typed_name(text, name, &[row], None);
    }
    // A type of nobody's table: of an AWS service, or of a third party that AWS Config was told of.
    let kind = text.split_once('/').map_or("", |(kind, _)| kind);
    match (kind.matches("::").count(), kind.contains(":::")) {
        (2, false) => return parse_explicit_type(text),
        (1, false) => return parse_explicit_type(&format!("AWS::{text}")),
        _ => {}
    }
    if text.contains("://") {
        let Some(_) = queue_url(text) else {
            return Err(not_understood(text, "it is no URL of S3 or SQS"));
        };
        return parse_typed_name(text, text, types_for_word("sqs-queue"), None);
    }
    if let Some(zone) = text.strip_prefix("/hostedzone/") {
        return parse_typed_name(text, zone, types_for_word("hosted-zone"), None);
    }
    if is_account(text) {
        return parse_short_form(text, "account", text);
    }
    if partial_function(text).is_some() {
        return parse_typed_name(text, text, types_for_word("lambda-function"), None);
    }
    if let Some(role) = ids::role_of_session(text) {
        return parse_typed_name(text, role, types_for_word("iam-role"), None);
    }
    let by_id: Vec<&ResourceType> = ids::kinds_of_id(text).filter_map(type_named).collect();
    // A KMS key id may be another service's id as well, as any UUID may be.
    if !by_id.is_empty() && !text.starts_with("mrk-") {
        return parse_typed_name(text, text, &by_id, None);
    }
    match text.split_once('/') {
        // Log groups and parameters have names like `/aws/lambda/x`.
        None | Some(("", _)) => {
            Ok((Vec::new(), ReferenceTarget::Plain(text.to_owned()), ReferencePlace::default()))
        }
        Some((word, name)) => parse_short_form(text, word, name),
    }
}

/// The name of a DNS record for all names below a domain, which is a name like any other: `*.example.com`, as
/// Route 53 writes it `\\052.example.com`.
fn wildcard_record(text: &str) -> Option<Cow<'_, str>> {
    let (word, name) = text.split_once('/').unwrap_or(("record", text));
    let is_record = types_for_word(word).iter().chain(&type_printed(word)).any(|row| row.name == RECORD_SET);
    let name = domain_name(name);
    let rest = name.strip_prefix("*.").filter(|_| is_record)?;
    let is_domain = rest.contains('.') && !rest.contains(['*', '?', '/', ':']);
    is_domain.then(|| name.clone())
}

const RECORD_SET: &str = "AWS::Route53::RecordSet";

fn parse_record_set(text: &str, name: &str) -> Result<Parsed, Error> {
    let row = type_named(RECORD_SET).ok_or_else(|| not_understood(text, "it names no resource"))?;
    parse_typed_name(text, name, &[row], None)
}

/// `role/deploy/policy/inline`: an inline policy of a role, a user or a group.
fn inline_policy(word: &str, name: &str) -> Option<(&'static ResourceType, String)> {
    let kind = match word.to_ascii_lowercase().as_str() {
        "role" => "AWS::IAM::RolePolicy",
        "user" => "AWS::IAM::UserPolicy",
        "group" => "AWS::IAM::GroupPolicy",
        _ => return None,
    };
    let (owner, policy) = name.split_once("/policy/")?;
    let owner = owner.rsplit('/').next().filter(|owner| !owner.is_empty())?;
    (!policy.is_empty() && !policy.contains('/'))
        .then(|| (type_named(kind), format!("{owner}/{policy}")))
        .and_then(|(row, name)| Some((row?, name)))
}

/// `bucket/x`, `role/path/x`, `role/arn:…`.
fn parse_short_form(text: &str, word: &str, name: &str) -> Result<Parsed, Error> {
    let types = types_for_word(word);
    if types.is_empty() {
        let meant =
            nearest_word(word).map_or_else(String::new, |near| format!("did you mean `{near}/{name}`? "));
        let error = not_understood(text, &format!("`{word}` is no type of resource"));
        return Err(error.hint(format!("{meant}{FORMS}; a name with `/` in it needs its type in front")));
    }
    if squash_word(word) == "alias" && !looks_like_arn(name) {
        return parse_typed_name(text, &alias_name(name), &kms_types(), None);
    }
    let mut parsed = parse_typed_name(text, name, types, Some(word))?;
    // It may as well be the name of a role with the path `/deploy/policy/`.
    if let (Some((row, name)), ReferenceTarget::Typed(found)) = (inline_policy(word, name), &mut parsed.1) {
        found.add(WantedId::new(Cow::Borrowed(row.name), IdValue::read(Some(row), &name).keys(Some(row))));
        parsed.0 = found.kinds();
    }
    Ok(parsed)
}

/// `AWS::EC2::SecurityGroup/sg-1`, also with `:`.
fn parse_explicit_type(text: &str) -> Result<Parsed, Error> {
    let nothing = || not_understood(text, "it names a type, but no resource of it");
    let second = text.find("::").and_then(|at| Some(at + 2 + text[at + 2..].find("::")?));
    let Some(end) = second.map(|at| at + 2) else {
        return Err(not_understood(text, "a type is written `AWS::Service::Resource`"));
    };
    let (kind, name) = text[end..]
        .find(['/', ':'])
        .map(|at| (&text[..end + at], &text[end + at + 1..]))
        .ok_or_else(nothing)?;
    match type_named(kind) {
        Some(row) => parse_typed_name(text, name, &[row], None),
        None if name.is_empty() => Err(nothing()),
        None => {
            let kind: Cow<'static, str> = Cow::Owned(kind.to_owned());
            let value = IdValue::read(None, name);
            let wanted = vec![WantedId::new(kind.clone(), value.keys(None))];
            let place = ReferencePlace::of(&value);
            Ok((vec![kind], ReferenceTarget::Typed(TypedTarget { wanted, ..TypedTarget::default() }), place))
        }
    }
}

/// A name of one of `types`; if a `word` led to them, types outside the table may be meant as well.
fn parse_typed_name(
    text: &str,
    name: &str,
    types: &[&'static ResourceType],
    word: Option<&str>,
) -> Result<Parsed, Error> {
    if name.is_empty() {
        return Err(not_understood(text, "a name is missing after the type"));
    }
    if looks_like_arn(name) {
        return typed_arn(text, name, types);
    }
    match types {
        [row] if row.name == "AWS::S3::Bucket" && name.contains('/') => {
            let error = not_understood(text, "the name of a bucket has no `/`");
            return Err(error.hint(format!("for objects, write `s3://{name}`")));
        }
        [row] if row.name == "AWS::S3::Bucket" => {
            return parse_s3_path(text, name, ObjectKeys::of_url, ReferencePlace::default());
        }
        [row] if row.name == "AWS::S3::Object" => {
            let path = if name.contains('/') { Cow::Borrowed(name) } else { Cow::Owned(format!("{name}/")) };
            return parse_s3_path(text, &path, ObjectKeys::of_url, ReferencePlace::default());
        }
        _ => {}
    }
    let mut place = ReferencePlace::default();
    let words = word.map_or_else(Vec::new, |word| possible_segments(&squash_word(word), types));
    let mut found = TypedTarget { words, ..TypedTarget::default() };
    for row in types {
        let value = IdValue::read(Some(row), name);
        let keys = value.keys(Some(row));
        if keys.whole.is_empty() || keys.name.is_empty() {
            return Err(not_understood(text, "its name is empty"));
        }
        if types.len() == 1 {
            place = ReferencePlace::of(&value);
        }
        found.add(WantedId::new(Cow::Borrowed(row.name), keys));
    }
    Ok((found.kinds(), ReferenceTarget::Typed(found), place))
}

/// The last segments that a type outside the table may have; none if the word says the service.
fn possible_segments(word: &str, types: &[&'static ResourceType]) -> Vec<String> {
    if !types.iter().any(|row| row.words().any(|known| squash_word(&known) == word)) {
        return Vec::new();
    }
    let mut words: Vec<String> = types.iter().map(|row| squash_word(split_type_name(row.name).1)).collect();
    words.push(word.to_owned());
    words.sort();
    words.dedup();
    words
}

/// `role/arn:aws:iam::…:role/x`: the ARN has to be one of the type in front of it.
fn typed_arn(text: &str, name: &str, types: &[&'static ResourceType]) -> Result<Parsed, Error> {
    let (kinds, target, place) = parse_arn(name)?;
    if kinds.iter().any(|kind| types.iter().any(|row| row.name == *kind)) {
        return Ok((kinds, target, place));
    }
    let kind = kinds.first().map_or("", |kind| kind);
    Err(not_understood(text, &format!("the ARN is that of a `{kind}`")))
}

fn parse_arn(text: &str) -> Result<Parsed, Error> {
    let Some(arn) = Arn::parse(text) else {
        return Err(not_understood(text, "an ARN is `arn:partition:service:region:account:resource`"));
    };
    let types = types_for_arn(&arn);
    if types.iter().any(|row| matches!(row.name, "AWS::S3::Bucket" | "AWS::S3::Object")) {
        let place = ReferencePlace { partition: Some(arn.partition.to_owned()), ..ReferencePlace::default() };
        return parse_s3_path(text, arn.resource, ObjectKeys::of_arn, place);
    }
    // Log group ARNs end so in policies and in `describe-log-groups`.
    let exact = if arn.service == "logs" { text.strip_suffix(":*").unwrap_or(text) } else { text };
    if exact.contains(['*', '?']) {
        return Err(wildcard_error(text));
    }
    let types = if arn.service == "kms" && arn.resource.starts_with("alias/") { kms_types() } else { types };
    let mut found = TypedTarget { arn: Some(exact.to_owned()), ..TypedTarget::default() };
    let kinds: Vec<_> = match types.is_empty() {
        true => vec![(arn_kind(&arn), None)],
        false => types.iter().map(|row| (Cow::Borrowed(row.name), Some(*row))).collect(),
    };
    let mut place = ReferencePlace::default();
    for (kind, row) in kinds {
        let value = IdValue::read(row, exact);
        let keys = value.keys(row);
        if keys.whole.is_empty() || keys.name.is_empty() {
            return Err(not_understood(text, "it names no resource"));
        }
        place = ReferencePlace::of(&value);
        found.add(WantedId::new(kind, keys));
    }
    Ok((found.kinds(), ReferenceTarget::Typed(found), place))
}

/// A bucket, or a bucket and a key that `keys` understands.
fn parse_s3_path(
    text: &str,
    path: &str,
    keys: fn(&str) -> ObjectKeys,
    place: ReferencePlace,
) -> Result<Parsed, Error> {
    let (bucket, key) = match path.split_once('/') {
        Some((bucket, key)) => (bucket, Some(keys(key))),
        None => (path, None),
    };
    if bucket.is_empty() {
        return Err(not_understood(text, "the name of the bucket is empty"));
    }
    let exact = match &key {
        Some(ObjectKeys::One(key) | ObjectKeys::Prefix(key)) => !key.contains(['*', '?']),
        Some(ObjectKeys::All) | None => true,
    };
    if !exact || bucket.contains(['*', '?']) {
        return Err(wildcard_error(text));
    }
    // Bucket names have no upper case; who types it means the same bucket.
    let bucket = bucket.to_ascii_lowercase();
    let (kind, target) = match key {
        Some(keys) => ("AWS::S3::Object", ReferenceTarget::Objects { bucket, keys }),
        None => ("AWS::S3::Bucket", ReferenceTarget::Bucket(bucket)),
    };
    Ok((vec![Cow::Borrowed(kind)], target, place))
}

impl ObjectKeys {
    /// In a URL, a `/` at the end makes a prefix.
    fn of_url(key: &str) -> Self {
        match key {
            "" => ObjectKeys::All,
            _ if key.ends_with('/') => ObjectKeys::Prefix(key.to_owned()),
            _ => ObjectKeys::One(key.to_owned()),
        }
    }

    /// In an ARN, a `*` at the end makes a prefix.
    fn of_arn(key: &str) -> Self {
        match key.strip_suffix('*') {
            _ if key.is_empty() => ObjectKeys::All,
            Some("") => ObjectKeys::All,
            Some(prefix) => ObjectKeys::Prefix(prefix.to_owned()),
            None => ObjectKeys::One(key.to_owned()),
        }
    }
}

/// An alias belongs to the key that carries it as well.
fn kms_types() -> Vec<&'static ResourceType> {
    ["AWS::KMS::Alias", "AWS::KMS::Key"].into_iter().filter_map(type_named).collect()
}

fn alias_name(name: &str) -> Cow<'_, str> {
    match name {
        "" => Cow::Borrowed(""),
        _ if name.starts_with("alias/") => Cow::Borrowed(name),
        _ => Cow::Owned(format!("alias/{name}")),
    }
}

/// Says that there is nothing to read.
pub(super) fn empty_error() -> Error {
    Error::new("the reference is empty").hint(FORMS)
}

fn has_prefix(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start))
}

fn not_understood(text: &str, why: &str) -> Error {
    Error::new(format!("cannot understand the reference `{text}`: {why}")).hint(FORMS)
}

fn wildcard_error(text: &str) -> Error {
    Error::new(format!(
        "cannot understand the reference `{text}`: it has a wildcard, and references are exact"
    ))
    .hint(
        "`s3://bucket/prefix/` means every object below it; for patterns over calls, \
             filter with `trailscan events --event 'Delete*'`",
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::{Match, Reference, Resource, all_types};
    use proptest::prelude::*;

    #[test]
    fn references_tell_their_types() {
        for (text, kinds) in [
            ("payroll", &[][..]),
            ("/aws/lambda/x", &[]),
            ("/a/b", &[]),
            ("1234abcd-12ab-34cd-56ef-1234567890ab", &[]),
            ("mrk-1234abcd12ab34cd56ef1234567890ab", &[]),
            ("key-rotation", &[]),
            ("bucket/x", &["AWS::S3::Bucket"]),
            ("s3://x", &["AWS::S3::Bucket"]),
            ("S3://x/", &["AWS::S3::Object"]),
            ("arn:aws-cn:s3:::x", &["AWS::S3::Bucket"]),
            ("sg-0a1b2c3d", &["AWS::EC2::SecurityGroup"]),
            ("fs-0a1b2c3d", &["AWS::EFS::FileSystem", "AWS::FSx::FileSystem"]),
            ("AROAIOSFODNN7EXAMPLE:session", &["AWS::IAM::Role"]),
            ("AROAEXAMPLE:bob", &["AWS::IAM::Role"]),
            ("APKAEIBAERJR2EXAMPLE", &["AWS::IAM::SSHPublicKey"]),
            (
                "db-PDUCDGLRGDVGNFIUKF4FRJGEGY",
                &["AWS::RDS::DBInstance", "AWS::RDS::DBInstanceAutomatedBackup"],
            ),
            ("role/x", &["AWS::IAM::Role"]),
            ("arn:aws:sts::123456789012:assumed-role/R/S", &["AWS::IAM::Role"]),
            ("arn:aws:es:r:1:domain/d", &["AWS::OpenSearch::Domain", "AWS::Elasticsearch::Domain"]),
            ("alias/x", &["AWS::KMS::Alias", "AWS::KMS::Key"]),
            ("db/x", &["AWS::RDS::DBInstance", "AWS::RDS::DBCluster"]),
            ("arn:aws:new-thing:r:1:fancy-widget/w", &["AWS::NewThing::FancyWidget"]),
            ("aws::ec2::vpc/vpc-1", &["AWS::EC2::VPC"]),
            ("arn%3Aaws%3Alambda%3Ar%3A1%3Afunction%3Af", &["AWS::Lambda::Function"]),
        ] {
            let reference = Reference::parse(text).unwrap();
            assert_eq!(reference.kinds(), kinds, "{text}");
            assert_eq!(reference.is_plain(), kinds.is_empty(), "{text}");
            assert_eq!(reference.text(), text);
        }
    }

    #[test]
    fn s3_references_know_their_bucket() {
        for (text, bucket, object) in [
            ("s3://X", Some("x"), false),
            ("s3://x/a/b", Some("x"), true),
            ("arn:aws:s3:::x/*", Some("x"), true),
            ("bucket/x", Some("x"), false),
            ("x", None, false),
            ("role/x", None, false),
        ] {
            let reference = Reference::parse(text).unwrap();
            assert_eq!((reference.bucket(), reference.is_object()), (bucket, object), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_understood_is_refused_with_a_hint() {
        for (text, why) in [
            ("", "is empty"),
            ("  ", "is empty"),
            ("bucket/", "a name is missing"),
            ("AWS::S3::Bucket/", "a name is missing"),
            ("AWS::S3::Bucket", "no resource of it"),
            ("AWS::S3", "AWS::Service::Resource"),
            ("role/path/", "name is empty"),
            ("nosuchtype/x", "`nosuchtype` is no type"),
            ("arn:aws:s3", "an ARN is"),
            ("arn:aws:s3:::", "an ARN is"),
            ("s3://", "bucket is empty"),
            ("s3:///k", "bucket is empty"),
            ("bucket/x/y", "has no `/`"),
            ("https://example.com/x", "no URL of S3 or SQS"),
            ("logs-*", "wildcard"),
            ("s3://x/a*", "wildcard"),
            ("arn:aws:s3:::x*", "wildcard"),
            ("arn:aws:s3:::x/*/b", "wildcard"),
            ("arn:aws:iam::1:role/*", "wildcard"),
            ("role/arn:aws:iam::1:user/x", "that of a `AWS::IAM::User`"),
        ] {
            let error = Reference::parse(text).unwrap_err();
            assert!(error.to_string().contains(why), "{text}: {error}");
            assert!(error.hint_text().is_some_and(|hint| hint.contains("s3://")), "{text}");
        }
        let slip = Reference::parse("buckett/x").unwrap_err();
        assert!(slip.hint_text().is_some_and(|hint| hint.starts_with("did you mean `bucket/x`?")));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "(arn:aws:|s3://|AWS::|role/|)\\PC{0,30}") {
            if let Ok(reference) = Reference::parse(&text) {
                prop_assert_eq!(reference.text(), text.trim());
                prop_assert!(reference.literals().iter().all(|literal| literal.len() >= 3));
                for row in all_types() {
                    reference.matches(&Resource::new(row.name, &text));
                }
            }
        }

        #[test]
        fn a_type_and_a_name_find_the_resource(
            at in 0..all_types().len(),
            name in "[A-Za-z][A-Za-z0-9_-]{0,20}",
        ) {
            let row = &all_types()[at];
            let reference = Reference::parse(&format!("{}/{name}", row.name)).unwrap();
            prop_assert_eq!(reference.matches(&Resource::new(row.name, &name)), Match::Yes);
        }
    }
}
