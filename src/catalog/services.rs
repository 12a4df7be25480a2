//! The tables, one file a service; a file is parsed when the first event of its service is met.

use super::row::{self, Entry};
use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

macro_rules! tables {
    ($($name:literal)*) => {
        /// The text of each table, by the name of its file.
        const TABLES: &[(&str, &str)] = &[$(($name, include_str!(concat!("services/", $name, ".toml")))),*];
    };
}
tables! {
    "access-analyzer"
    "account"
    "acm"
    "acm-pca"
    "agreement-marketplace"
    "airflow"
    "amplify"
    "aoss"
    "apigateway"
    "appconfig"
    "application-autoscaling"
    "appmesh"
    "apprunner"
    "appsync"
    "athena"
    "autoscaling"
    "backup"
    "batch"
    "bedrock"
    "budgets"
    "cloud9"
    "cloudformation"
    "cloudfront"
    "cloudhsm"
    "cloudsearch"
    "cloudshell"
    "cloudtrail"
    "codeartifact"
    "codebuild"
    "codecommit"
    "codedeploy"
    "codepipeline"
    "cognito-identity"
    "cognito-idp"
    "config"
    "connect"
    "controltower"
    "datasync"
    "detective"
    "dlm"
    "dms"
    "ds"
    "dynamodb"
    "ec2"
    "ec2-instance-connect"
    "ecr"
    "ecr-public"
    "ecs"
    "eks"
    "elasticache"
    "elasticbeanstalk"
    "elasticfilesystem"
    "elasticloadbalancing"
    "elasticmapreduce"
    "emr-serverless"
    "es"
    "events"
    "firehose"
    "fms"
    "fsx"
    "glacier"
    "globalaccelerator"
    "glue"
    "guardduty"
    "iam"
    "identitystore"
    "imagebuilder"
    "inspector2"
    "kafka"
    "kinesis"
    "kms"
    "lakeformation"
    "lambda"
    "license-manager"
    "lightsail"
    "logs"
    "macie2"
    "memorydb"
    "monitoring"
    "mq"
    "network-firewall"
    "organizations"
    "pipes"
    "quicksight"
    "ram"
    "rbin"
    "rds"
    "redshift"
    "redshift-serverless"
    "resource-explorer-2"
    "resource-groups"
    "rolesanywhere"
    "route53"
    "route53domains"
    "route53resolver"
    "s3"
    "s3tables"
    "sagemaker"
    "scheduler"
    "schemas"
    "secretsmanager"
    "securityhub"
    "securitylake"
    "servicecatalog"
    "servicediscovery"
    "servicequotas"
    "ses"
    "shield"
    "signin"
    "sns"
    "sqs"
    "ssm"
    "sso"
    "sso-directory"
    "states"
    "storagegateway"
    "sts"
    "support"
    "tagging"
    "transfer"
    "vpc-lattice"
    "waf"
    "waf-regional"
    "wafv2"
    "workspaces"
}

/// The rows of one table, by API name.
type Rows = HashMap<String, Vec<Entry>>;

/// Where the table of an event source stands in `TABLES`.
static BY_SOURCE: LazyLock<HashMap<&str, usize>> = LazyLock::new(|| {
    let tables = TABLES.iter().enumerate();
    tables.flat_map(|(index, (_, text))| sources(text).map(move |source| (source, index))).collect()
});

static PARSED: [OnceLock<Rows>; TABLES.len()] = [const { OnceLock::new() }; TABLES.len()];

/// Returns the row of a call.
pub(super) fn row(source: &str, api_name: &str) -> Option<&'static [Entry]> {
    let index = *BY_SOURCE.get(source)?;
    // A table that cannot be parsed is found by a test; here it counts as empty.
    let rows = PARSED[index].get_or_init(|| parse(TABLES[index].1).unwrap_or_default());
    rows.get(api_name).map(Vec::as_slice)
}

/// Returns a fingerprint of all tables: other tables, other judgements.
pub(super) fn edition() -> u64 {
    // FNV-1a over words; nobody is to be kept out by it.
    let step = |hash: u64, word: u64| (hash ^ word).wrapping_mul(0x0100_0000_01b3).rotate_left(23);
    TABLES.iter().fold(0xcbf2_9ce4_8422_2325, |hash, (_, text)| {
        let words = text.as_bytes().chunks(8).map(|chunk| {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            u64::from_le_bytes(word)
        });
        words.fold(step(hash, text.len() as u64), step)
    })
}

/// The event sources on the `source =` line, without parsing the rest.
fn sources(text: &'static str) -> impl Iterator<Item = &'static str> {
    let line = text.lines().find(|line| line.starts_with("source")).unwrap_or_default();
    let line = line.split('#').next().unwrap_or_default();
    line.split('"').skip(1).step_by(2)
}

fn parse(text: &str) -> Result<Rows, String> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Table {
        #[serde(rename = "source")]
        _source: toml::Value,
        calls: HashMap<String, Vec<String>>,
    }
    let table: Table = toml::from_str(text).map_err(|error| error.to_string())?;
    let entries = |(name, entries): (String, Vec<String>)| {
        let entries = entries.iter().map(|entry| row::parse(entry)).collect::<Result<_, _>>();
        entries.map(|entries| (name, entries))
    };
    table.calls.into_iter().map(entries).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource;
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn every_table_parses_and_uses_known_types() {
        for (name, text) in TABLES {
            let rows = parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            let parsed: toml::Table = toml::from_str(text).unwrap();
            let listed = match &parsed["source"] {
                toml::Value::Array(list) => list.iter().map(|it| it.as_str().unwrap()).collect::<Vec<_>>(),
                one => vec![one.as_str().unwrap()],
            };
            assert_eq!(sources(text).collect::<Vec<_>>(), listed, "{name}");
            for (call, entries) in rows {
                assert!(!entries.is_empty(), "{name}: {call} is empty");
                assert_eq!(super::super::api_name(&call), call, "{name}: a row has no API date");
                for kind in entries.iter().filter_map(|entry| entry.kind.as_deref()) {
                    assert!(
                        resource::type_named(kind).is_some_and(|it| it.name == kind),
                        "{name}: {call}: {kind}"
                    );
                }
            }
        }
    }

    #[test]
    fn every_file_is_listed_and_no_source_twice() {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/catalog/services");
        let files: BTreeSet<String> = std::fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        assert_eq!(files, TABLES.iter().map(|(name, _)| (*name).to_owned()).collect());
        let count: usize = TABLES.iter().map(|(_, text)| sources(text).count()).sum();
        assert_eq!(count, BY_SOURCE.len());
    }

    #[test]
    fn the_tables_are_as_large_as_the_readme_says() {
        let (mut mutating, mut services) = (0, 0);
        for (_, text) in TABLES {
            let rows = parse(text).unwrap();
            let first = |entries: &Vec<Entry>| super::super::first_action(entries);
            let count = rows
                .values()
                .filter(|row| first(row).is_some_and(|it| it != super::super::Action::Read))
                .count();
            mutating += count;
            services += usize::from(count > 0);
        }
        assert!(mutating >= 300 && services >= 40, "{mutating} mutating calls of {services} services");
    }
}
