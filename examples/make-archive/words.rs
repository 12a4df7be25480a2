//! The names that things have in the archive, all invented, and how a time is written.

use crate::rng::{Rng, hex, mix, uuid};
use chrono::{DateTime, Datelike as _, Timelike as _, Utc};
use std::fmt::Write as _;

/// The accounts with the share of the files that each has.
pub(crate) const ACCOUNTS: &[(u64, &str)] = &[
    (40, "111122223333"),
    (25, "444455556666"),
    (15, "123456789012"),
    (12, "777788889999"),
    (8, "210987654321"),
];

/// The regions with the share of the files that each has.
pub(crate) const REGIONS: &[(u64, &str)] = &[
    (45, "us-east-1"),
    (25, "eu-west-1"),
    (12, "us-west-2"),
    (10, "eu-central-1"),
    (5, "ap-southeast-2"),
    (3, "sa-east-1"),
];

/// Who owns things; also the first part of bucket and role names.
pub(crate) const TEAMS: &[&str] = &[
    "orders",
    "billing",
    "search",
    "catalog",
    "identity",
    "payments",
    "ledger",
    "media",
    "edge",
    "metrics",
    "data-lake",
    "fraud",
    "mobile",
    "web",
    "partner",
    "support",
    "warehouse",
    "pricing",
    "notify",
    "platform",
];

const JOBS: &[&str] = &[
    "api-task",
    "worker",
    "ci-deploy",
    "lambda-exec",
    "readonly",
    "etl",
    "node-instance",
    "backup",
    "admin",
    "scanner",
];
const FIRST: &[&str] =
    &["ana", "bo", "chen", "dana", "emil", "fatima", "goran", "hana", "ines", "jamal", "kaia", "li"];
const LAST: &[&str] = &["lopez", "novak", "okafor", "silva", "tanaka"];

/// Lambda functions.
pub(crate) const FUNCTIONS: &[&str] = &[
    "orders-prod-create",
    "orders-prod-settle",
    "image-resize",
    "billing-prod-invoice-pdf",
    "stream-enricher",
    "nightly-reconcile",
    "webhook-dispatch",
    "auth-pre-token",
    "log-forwarder",
    "catalog-reindex",
    "mail-render",
    "edge-headers",
];

/// Tags as they stand in a list, some of them not easy to read.
pub(crate) const TAGS: &[&str] = &[
    r#"{"key":"Name","value":"orders-api-prod"}"#,
    r#"{"key":"team","value":"payments"}"#,
    r#"{"key":"cost-center","value":"4711"}"#,
    r#"{"key":"kubernetes.io/cluster/main","value":"owned"}"#,
    r#"{"key":"note","value":"range \u003c 10 \u0026 \u003e 2"}"#,
    r#"{"key":"owner","value":"Zoë Müller – Köln"}"#,
    r#"{"key":"json","value":"{\"tier\":\"gold\",\"hot\":true,\"path\":\"C:\\\\data\"}"}"#,
    r#"{"key":"部門","value":"東京 \ud83d\ude80"}"#,
    r#"{"key":"empty","value":""}"#,
    r#"{"key":"quote","value":"the \"old\" one,\tsee wiki\/ops"}"#,
];

/// User agents of programs.
pub(crate) const AGENTS: &[&str] = &[
    "aws-sdk-java/2.25.60 Linux/5.10.210 OpenJDK_64-Bit_Server_VM/17.0.11+9 Java/17.0.11 kotlin/1.9.23 cfg/retry-mode/standard io/async http/NettyNioAsync",
    "Boto3/1.34.101 md/Botocore#1.34.101 ua/2.0 os/linux#6.1.84 md/arch#x86_64 lang/python#3.12.3 md/pyimpl#CPython cfg/retry-mode#legacy Botocore/1.34.101",
    "APN/1.0 HashiCorp/1.0 Terraform/1.8.3 (+https://www.terraform.io) terraform-provider-aws/5.49.0 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.26.1 os/linux lang/go#1.22.2 md/GOARCH#amd64 api/ec2#1.161.1",
    "aws-sdk-go/1.51.25 (go1.22.2; linux; arm64) amazon-ssm-agent/3.3.380.0",
    "aws-sdk-nodejs/2.1610.0 linux/v18.20.2 exec-env/AWS_Lambda_nodejs18.x promise",
    "aws-cli/2.15.43 md/awscrt#0.19.19 ua/2.0 os/macos#23.4.0 md/arch#arm64 lang/python#3.11.9 cfg/retry-mode#standard md/prompt#off md/command#s3api.list-objects-v2",
    "aws-sdk-rust/1.2.0 os/linux lang/rust/1.77.2",
    r#"inventory-job \u003cops@example.com\u003e \"nightly\" (lager\/søk; v2)"#,
    r"[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.700 Linux/5.10.213 OpenJDK_64-Bit_Server_VM/25.402-b08 java/1.8.0_402 cfg/retry-mode/standard]",
    "Coral/Netty4",
];

/// The user agent of people in the console.
pub(crate) const BROWSER: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36";

/// Appends the name of bucket number `n` of the account.
pub(crate) fn bucket(out: &mut String, account: &str, n: u64) {
    let kind = ["logs", "assets", "exports", "artifacts", "raw"][(n % 5) as usize];
    let _ = write!(out, "example-{}-{kind}-{account}", TEAMS[(n / 5 % TEAMS.len() as u64) as usize]);
}

/// Appends the key of an object, in one of a few common layouts.
pub(crate) fn object(out: &mut String, thing: u64, time: i64) {
    let at = DateTime::<Utc>::from_timestamp(time, 0).unwrap_or_default();
    let (year, month, day, hour) = (at.year(), at.month(), at.day(), at.hour());
    let mut rng = Rng::new(thing, 3);
    let _ = match rng.below(5) {
        0 => write!(
            out,
            "raw/year={year}/month={month:02}/day={day:02}/part-{:05}.snappy.parquet",
            rng.below(400)
        ),
        1 => {
            write!(out, "events/{year}/{month:02}/{day:02}/{hour:02}/batch-{:06}.json.gz", rng.below(90_000))
        }
        2 => write!(out, "static/img/product {} (größe L)+{}.jpg", rng.below(5000), rng.below(9)),
        3 => write!(out, "config/feature-flags.json"),
        _ => {
            out.push_str("uploads/");
            uuid(out, &mut rng);
            Ok(())
        }
    };
}

/// Appends the name of role number `n` of 200.
pub(crate) fn role(out: &mut String, n: u64) {
    let (team, job) = (TEAMS[(n / 10 % 20) as usize], JOBS[(n % 10) as usize]);
    let _ = match n % 10 {
        8 => write!(out, "AWSReservedSSO_{team}-{job}_{:016x}", mix(n, 5)),
        _ => write!(out, "{team}-{job}-prod"),
    };
}

/// Appends the name of a session of role number `n`, as what takes on such a role calls it.
pub(crate) fn session(out: &mut String, n: u64, rng: &mut Rng) {
    let _ = match n % 10 {
        0 => write!(out, "{:032x}", u128::from(rng.next()) << 64 | u128::from(rng.next())),
        2 => write!(out, "GitHubActions"),
        3 => write!(out, "{}", rng.one(FUNCTIONS)),
        4 | 8 => write!(out, "{}.{}@example.com", rng.one(FIRST), rng.one(LAST)),
        6 => {
            out.push_str("i-");
            hex(out, rng, 17);
            Ok(())
        }
        9 => write!(out, "aws-go-sdk-{}", 1_770_000_000_000_000_000 + rng.below(1 << 51)),
        _ => write!(out, "botocore-session-{}", 1_770_000_000 + rng.below(3_000_000)),
    };
}

/// Appends the name of user number `n` of 60.
pub(crate) fn user(out: &mut String, n: u64) {
    let _ = write!(out, "{}.{}", FIRST[(n % 12) as usize], LAST[(n / 12 % 5) as usize]);
}

/// Appends a time as CloudTrail writes it.
pub(crate) fn time(out: &mut String, seconds: i64) {
    let at = DateTime::<Utc>::from_timestamp(seconds, 0).unwrap_or_default();
    for (n, end) in [
        (at.year() as u32 / 100, ""),
        (at.year() as u32 % 100, "-"),
        (at.month(), "-"),
        (at.day(), "T"),
        (at.hour(), ":"),
        (at.minute(), ":"),
        (at.second(), "Z"),
    ] {
        out.push(char::from(b'0' + (n / 10) as u8));
        out.push(char::from(b'0' + (n % 10) as u8));
        out.push_str(end);
    }
}

/// Appends a time as STS writes the expiry of credentials: `Mar 1, 2026, 8:05:09 PM`.
pub(crate) fn spoken_time(out: &mut String, seconds: i64) {
    let at = DateTime::<Utc>::from_timestamp(seconds, 0).unwrap_or_default();
    let _ = write!(out, "{}", at.format("%b %-d, %Y, %-I:%M:%S %p"));
}
