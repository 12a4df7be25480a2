//! What is known of a type of resource, and the look-ups over the table of types.
//!
//! The rows themselves are in `table`; how a shape takes an identifier apart is in `shape`.

use super::table::TABLE;
use crate::aws::arn::{Arn, to_pascal_case};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

/// One type of resource.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResourceType {
    /// The name that AWS Config gives it: `AWS::S3::Bucket`.
    pub name: &'static str,
    /// Short words of typed references, and other spellings of the name (`AWS::EC2::Ami`).
    pub aliases: &'static [&'static str],
    /// Service and start of the resource part of its ARNs; a `*` stands for a parent's id.
    pub arns: &'static [(&'static str, &'static str)],
    /// How its names compare.
    pub names: IdComparison,
    /// Whether it belongs to no region.
    pub global: bool,
    pub(super) shape: IdShape,
}

/// How the names of a type compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdComparison {
    /// Byte for byte.
    Exact,
    /// Without regard to ASCII case; the name keeps the case it was logged in.
    IgnoreCase,
    /// The service keeps names in lower case, whatever the call says.
    Lower,
}

impl IdComparison {
    /// Returns whether two names are the same.
    pub fn same(self, a: &str, b: &str) -> bool {
        match self {
            IdComparison::Exact => a == b,
            IdComparison::IgnoreCase | IdComparison::Lower => a.eq_ignore_ascii_case(b),
        }
    }
}

/// How identifiers of a type are put together, beside the ARN's own prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IdShape {
    /// One piece.
    Whole,
    /// `path/name`: the last segment is the name (IAM).
    Path,
    /// `name/UUID` or `name:version`: the first piece is the name, the rest tells namesakes apart.
    First,
    /// As `First`, where calls may give either piece (WAF).
    NameId,
    /// As `First`, with `app/`, `net/` or `gwy/` in front (load balancers).
    Balancer,
    /// In ARNs, what follows the first `/` is part of the resource (index, stage), not of its name.
    Owner,
    /// `parent/name`.
    Nested,
    /// `parent/name/UUID`.
    Two,
    /// `name:version`, where each version is a resource.
    Versioned,
    /// `name:qualifier`, where the qualifier does not tell resources apart (functions).
    Unqualified,
    /// `name:*` in ARNs.
    LogGroup,
    /// `name-XXXXXX` in ARNs.
    Secret,
    /// `/a/b`, `a/b` in ARNs, with `:version` or `:label` in calls.
    Parameter,
    /// `id`, `alias/name`.
    Kms,
    /// `/hostedzone/id`.
    Zone,
    /// The name, or a queue URL.
    Queue,
    /// `parent/name`, where the parent `default` is left out of ids and ARNs.
    Rule,
    /// `UUID:autoScalingGroupName/name`.
    ScalingGroup,
    /// The name; in ARNs of objects, what precedes the first `/`.
    Bucket,
    /// `bucket/key`.
    Object,
    /// `zone/name/type`, or the name of a DNS record alone, with or without a dot at the end.
    Record,
}

pub(super) const fn type_row(
    name: &'static str,
    aliases: &'static [&'static str],
    arns: &'static [(&'static str, &'static str)],
) -> ResourceType {
    ResourceType { name, aliases, arns, names: IdComparison::Exact, global: false, shape: IdShape::Whole }
}

impl ResourceType {
    pub(super) const fn shape(mut self, shape: IdShape) -> Self {
        self.shape = shape;
        self
    }

    pub(super) const fn compare(mut self, names: IdComparison) -> Self {
        self.names = names;
        self
    }

    pub(super) const fn global(mut self) -> Self {
        self.global = true;
        self
    }

    /// Returns the words a user may type for it, in lower case with hyphens.
    pub(super) fn words(&self) -> impl Iterator<Item = Cow<'static, str>> {
        let last = to_kebab_case(split_type_name(self.name).1);
        // Only S3 has buckets that are called so; Lightsail's are `lightsail-bucket`.
        let last = Some(last).filter(|last| last != "bucket");
        let aliases = self.aliases.iter().filter(|alias| !alias.contains("::"));
        aliases.map(|alias| Cow::Borrowed(*alias)).chain(last.map(Cow::Owned))
    }
}

/// Returns the service and the last segment of a type's name.
pub(super) fn split_type_name(name: &str) -> (&str, &str) {
    let service = name.split("::").nth(1).unwrap_or_default();
    (service, name.rsplit("::").next().unwrap_or(name))
}

/// Writes `DBInstance` as `db-instance`.
pub(super) fn to_kebab_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut before = '-';
    let mut rest = name.chars().peekable();
    while let Some(c) = rest.next() {
        let opens = c.is_ascii_uppercase()
            && (before.is_ascii_lowercase()
                || (before.is_ascii_uppercase() && rest.peek().is_some_and(char::is_ascii_lowercase)));
        if opens {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
        before = c;
    }
    out
}

/// Reduces a word to what its spellings share: `security-group`, `SecurityGroup`.
pub(super) fn squash_word(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '-' | '_')).map(|c| c.to_ascii_lowercase()).collect()
}

struct TypeIndex {
    names: HashMap<&'static str, &'static ResourceType>,
    folded: HashMap<String, &'static ResourceType>,
    words: HashMap<String, Vec<&'static ResourceType>>,
    arns: HashMap<&'static str, Vec<(&'static str, &'static ResourceType)>>,
}

static INDEX: LazyLock<TypeIndex> = LazyLock::new(|| {
    let mut index = TypeIndex {
        names: HashMap::new(),
        folded: HashMap::new(),
        words: HashMap::new(),
        arns: HashMap::new(),
    };
    for row in TABLE {
        for name in row.aliases.iter().filter(|alias| alias.contains("::")).chain([&row.name]) {
            index.names.insert(name, row);
            index.folded.insert(name.to_ascii_lowercase(), row);
        }
        let (service, last) = split_type_name(row.name);
        let mut words: Vec<String> = row.words().map(|word| squash_word(&word)).collect();
        words.push(squash_word(&format!("{service}{last}")));
        words.sort();
        words.dedup();
        for word in words {
            index.words.entry(word).or_default().push(row);
        }
        for (service, pattern) in row.arns {
            index.arns.entry(service).or_default().push((pattern, row));
        }
    }
    index
});

/// Returns the table of types.
pub fn all_types() -> &'static [ResourceType] {
    TABLE
}

/// Returns the type of that name (`AWS::EC2::Instance`), whatever its case.
pub fn type_named(name: &str) -> Option<&'static ResourceType> {
    let index = &*INDEX;
    let exact = index.names.get(name);
    exact.or_else(|| index.folded.get(&name.to_ascii_lowercase())).copied()
}

/// Returns the type of a name as tables print it, without `AWS::` in front: `EC2::Instance`.
pub(super) fn type_printed(name: &str) -> Option<&'static ResourceType> {
    let whole = name.contains("::").then(|| format!("aws::{}", name.to_ascii_lowercase()))?;
    INDEX.folded.get(&whole).copied()
}

/// Returns the types that a short word stands for.
pub(super) fn types_for_word(word: &str) -> &'static [&'static ResourceType] {
    INDEX.words.get(&squash_word(word)).map_or(&[], Vec::as_slice)
}

/// Returns the types whose ARNs look like this one, by the longest pattern that fits.
pub(super) fn types_for_arn(arn: &Arn<'_>) -> Vec<&'static ResourceType> {
    let mut found = Vec::new();
    let mut longest = 0;
    for (pattern, row) in INDEX.arns.get(arn.service).into_iter().flatten() {
        // A bucket may be called `job` or `accesspoint`; the ARNs of those carry an account.
        let bucket = arn.service == "s3" && arn.account.is_empty() && pattern.len() > 2;
        if bucket || arn.after(pattern).is_none() || pattern.len() < longest {
            continue;
        }
        if pattern.len() > longest {
            found.clear();
            longest = pattern.len();
        }
        if !found.contains(row) {
            found.push(*row);
        }
    }
    found
}

/// Returns how the table spells a service that ARNs call by another name, else a guess.
pub(super) fn service_name(arn_service: &str) -> Cow<'static, str> {
    match INDEX.arns.get(arn_service).and_then(|rows| rows.first()) {
        Some((_, row)) => Cow::Borrowed(split_type_name(row.name).0),
        None => Cow::Owned(to_pascal_case(arn_service)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_found_by_its_name_its_words_and_its_arns() {
        assert!(all_types().len() > 400, "{}", all_types().len());
        for row in all_types() {
            assert_eq!(type_named(row.name).map(|found| found.name), Some(row.name));
            assert_eq!(type_named(&row.name.to_lowercase()), Some(row));
            for word in row.words() {
                assert!(types_for_word(&word).contains(&row), "{} by `{word}`", row.name);
                assert!(!word.contains("--") && word == word.to_lowercase(), "`{word}`");
            }
            for (service, pattern) in row.arns {
                let arn = format!("arn:aws:{service}:r:1:{}x", pattern.replace('*', "parent"));
                let found = types_for_arn(&Arn::parse(&arn).unwrap());
                assert!(found.contains(&row), "{} by `{arn}`: {found:?}", row.name);
            }
        }
    }

    #[test]
    fn no_name_is_taken_twice() {
        let names = all_types()
            .iter()
            .flat_map(|row| row.aliases.iter().filter(|alias| alias.contains("::")).chain([&row.name]));
        let mut seen: Vec<String> = names.map(|name| name.to_lowercase()).collect();
        let all = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), all);
    }

    #[test]
    fn words_lead_to_their_types() {
        for (word, name) in [
            ("bucket", "AWS::S3::Bucket"),
            ("sg", "AWS::EC2::SecurityGroup"),
            ("ec2-security-group", "AWS::EC2::SecurityGroup"),
            ("SecurityGroup", "AWS::EC2::SecurityGroup"),
            ("s3-bucket", "AWS::S3::Bucket"),
            ("db-instance", "AWS::RDS::DBInstance"),
            ("dbinstance", "AWS::RDS::DBInstance"),
            ("db", "AWS::RDS::DBCluster"),
            ("cluster", "AWS::RDS::DBCluster"),
            ("cluster", "AWS::EKS::Cluster"),
            ("policy", "AWS::IAM::RolePolicy"),
            ("key", "AWS::EC2::KeyPair"),
            ("snapshot", "AWS::RDS::DBSnapshot"),
            ("recorder", "AWS::Config::ConfigurationRecorder"),
            ("account", "AWS::Organizations::Account"),
            ("vpc-endpoint", "AWS::EC2::VPCEndpoint"),
            ("oidc-provider", "AWS::IAM::OIDCProvider"),
        ] {
            assert!(types_for_word(word).iter().any(|row| row.name == name), "`{word}`");
        }
        assert_eq!(types_for_word("nosuchtype"), &[] as &[&ResourceType]);
        assert_eq!(types_for_word("bucket").len(), 1, "a bucket reference means S3 alone");
    }

    #[test]
    fn spells_words_with_hyphens() {
        for (name, word) in [
            ("DBInstance", "db-instance"),
            ("VPC", "vpc"),
            ("WebACL", "web-acl"),
            ("MicrosoftAD", "microsoft-ad"),
            ("EIP", "eip"),
        ] {
            assert_eq!(to_kebab_case(name), word);
        }
    }
}
