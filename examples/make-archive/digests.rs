//! Signs the archive as CloudTrail does: a digest an hour for every account and region, each with the
//! hash and the signature of the one before it. The key is the first of the fixtures.

#[path = "../../src/integrity/testing.rs"]
#[allow(dead_code, clippy::unwrap_used, reason = "the tests use the rest, and a fixed key is sound")]
mod testing;

use chrono::DateTime;
use rayon::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use testing::key;

const HOUR: i64 = 3600;
const TRAIL: &str = "audit";
const HOME: &str = "us-east-1";
const BUCKET: &str = "example-trail-bucket";

/// A log file: its path below the archive, and the SHA-256 of its content.
pub(crate) type Listed = (PathBuf, [u8; 32]);

/// What has to be told of one file.
struct Log {
    time: i64,
    key: String,
    hash: [u8; 32],
}

/// Writes the digests below `out`, and beside it `OUT.keys.json` and `OUT.heads.json`.
pub(crate) fn write(out: &Path, files: &[Listed]) -> io::Result<u64> {
    let mut chains: BTreeMap<(String, String), Vec<Log>> = BTreeMap::new();
    for (path, hash) in files {
        let path = path.to_string_lossy().replace('\\', "/");
        let name = path.rsplit('/').next().unwrap_or_default();
        let mut parts = name.split('_');
        let (Some(account), Some(_), Some(region), Some(time)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let Ok(time) = chrono::NaiveDateTime::parse_from_str(time, "%Y%m%dT%H%MZ") else { continue };
        let (time, place) = (time.and_utc().timestamp(), (account.to_owned(), region.to_owned()));
        chains.entry(place).or_default().push(Log { time, key: path, hash: *hash });
    }
    let all = chains.values().flatten().map(|log| log.time);
    let (first, last) = (all.clone().min().unwrap_or_default(), all.max().unwrap_or_default());
    // Not on the hour, as AWS does not either.
    let start = first - first.rem_euclid(HOUR) - 26 * 60 - 6;
    let made: Vec<(u64, Map<String, Value>)> = chains
        .into_par_iter()
        .map(|((account, region), logs)| chain(out, &account, &region, start, last, logs))
        .collect::<io::Result<_>>()?;
    let heads: Map<String, Value> = made.iter().flat_map(|(_, heads)| heads.clone()).collect();
    let public = json!({"PublicKeyList": [{
        "Value": key(0).value(), "ValidityStartTime": 1735689600.0, "ValidityEndTime": 1893456000.0,
        "Fingerprint": key(0).fingerprint(),
    }]});
    fs::write(beside(out, ".keys.json"), public.to_string())?;
    fs::write(beside(out, ".heads.json"), Value::Object(heads).to_string())?;
    Ok(made.iter().map(|it| it.0).sum())
}

fn beside(out: &Path, ending: &str) -> PathBuf {
    let mut name = out.components().as_path().as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Writes one chain; returns how many digests it has, and the metadata of the last.
fn chain(
    out: &Path,
    account: &str,
    region: &str,
    start: i64,
    last: i64,
    mut logs: Vec<Log>,
) -> io::Result<(u64, Map<String, Value>)> {
    logs.sort_by(|a, b| (a.time, &a.key).cmp(&(b.time, &b.key)));
    let root = match logs.first().and_then(|log| log.key.split_once(&format!("/{account}/"))) {
        Some((root, _)) => root.to_owned(),
        None => return Ok((0, Map::new())),
    };
    let mut logs = logs.into_iter().peekable();
    let (mut begin, mut count, mut heads) = (start, 0, Map::new());
    let mut before: Option<[String; 3]> = None;
    while begin <= last {
        let end = begin + HOUR;
        let listed: Vec<Value> =
            std::iter::from_fn(|| logs.next_if(|log| log.time < end)).map(file).collect();
        let (day, at) = (stamp(end, "%Y/%m/%d"), stamp(end, "%Y%m%dT%H%M%SZ"));
        let object = format!(
            "{root}/{account}/CloudTrail-Digest/{region}/{day}/{account}_CloudTrail-Digest_{region}_{TRAIL}_{HOME}_{at}.json.gz"
        );
        let member = |index: usize| before.as_ref().map(|it| it[index].clone());
        let content = json!({
            "awsAccountId": account,
            "digestStartTime": stamp(begin, "%FT%TZ"),
            "digestEndTime": stamp(end, "%FT%TZ"),
            "digestS3Bucket": BUCKET,
            "digestS3Object": object,
            "digestPublicKeyFingerprint": key(0).fingerprint(),
            "digestSignatureAlgorithm": "SHA256withRSA",
            "newestEventTime": null,
            "oldestEventTime": null,
            "previousDigestS3Bucket": before.as_ref().map(|_| BUCKET),
            "previousDigestS3Object": member(0),
            "previousDigestHashValue": member(1),
            "previousDigestHashAlgorithm": before.as_ref().map(|_| "SHA-256"),
            "previousDigestSignature": member(2),
            "logFiles": listed,
        })
        .to_string();
        let hash = hex(&sha256(content.as_bytes()));
        let previous = before.as_ref().map_or("null", |it| &it[2]);
        let text = format!("{}\n{BUCKET}/{object}\n{hash}\n{previous}", stamp(end, "%FT%TZ"));
        let signature = hex(&key(0).sign(&text));
        super::write(&out.join(&object), &super::gzip(content.as_bytes())?)?;
        heads = Map::new();
        let metadata = json!({"signature": signature, "signature-algorithm": "SHA256withRSA"});
        heads.insert(object.clone(), json!({"Metadata": metadata}));
        before = Some([object, hash, signature]);
        (begin, count) = (end, count + 1);
    }
    Ok((count, heads))
}

fn file(log: Log) -> Value {
    json!({
        "s3Bucket": BUCKET, "s3Object": log.key, "hashValue": hex(&log.hash), "hashAlgorithm": "SHA-256",
        "newestEventTime": stamp(log.time, "%FT%TZ"), "oldestEventTime": stamp(log.time, "%FT%TZ"),
    })
}

fn stamp(time: i64, format: &str) -> String {
    DateTime::from_timestamp(time, 0).unwrap_or_default().format(format).to_string()
}

/// SHA-256.
pub(crate) fn sha256(content: &[u8]) -> [u8; 32] {
    ring::digest::digest(&ring::digest::SHA256, content).as_ref().try_into().unwrap_or_default()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
