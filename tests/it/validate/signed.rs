//! Buckets that are filled as CloudTrail fills them, with digests signed by the
//! keys of the fixtures, so that every fault can be made.

use super::testing::{Key, key};
use chrono::DateTime;
use flate2::{Compression, write::GzEncoder};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

/// When the first digest of a trail begins.
pub(crate) const START: i64 = 1_741_639_194; // 2025-03-10T20:39:54Z

const HOUR: i64 = 3600;

/// Compresses as CloudTrail does.
pub(crate) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::default());
    writer.write_all(content).unwrap();
    writer.finish().unwrap()
}

/// What the first member holds.
pub(crate) fn gunzip(object: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(object), &mut content).unwrap();
    content
}

/// SHA-256 in hexadecimal digits.
pub(crate) fn hash(content: &[u8]) -> String {
    hex(ring::digest::digest(&ring::digest::SHA256, content).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn stamp(time: i64, format: &str) -> String {
    DateTime::from_timestamp(time, 0).unwrap().format(format).to_string()
}

/// An object of a bucket.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) body: Vec<u8>,
    /// The user metadata `signature`.
    pub(crate) signature: Option<String>,
}

/// A bucket, by key; and what was delivered to it, by label.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bucket {
    pub(crate) objects: BTreeMap<String, Object>,
    /// `D3` is the digest of the fourth hour, `L3.0` the first log in it.
    pub(crate) labels: BTreeMap<String, String>,
}

impl Bucket {
    /// The key of what has this label.
    pub(crate) fn key(&self, label: &str) -> String {
        self.labels[label].clone()
    }

    /// Changes the stored bytes of what has this label.
    pub(crate) fn change(&mut self, label: &str, change: impl FnOnce(&mut Vec<u8>)) {
        let key = self.key(label);
        change(&mut self.objects.get_mut(&key).unwrap().body);
    }

    /// Changes the content of what has this label.
    pub(crate) fn edit(&mut self, label: &str, from: &str, to: &str) {
        self.change(label, |body| {
            let content = String::from_utf8(gunzip(body)).unwrap();
            assert!(content.contains(from), "{label} has no {from}");
            *body = gzip(content.replacen(from, to, 1).as_bytes());
        });
    }

    pub(crate) fn delete(&mut self, label: &str) -> Object {
        let key = self.key(label);
        self.objects.remove(&key).unwrap()
    }

    /// Puts an object under a key, with a label.
    pub(crate) fn put(&mut self, label: &str, key: impl Into<String>, object: Object) {
        let key = key.into();
        self.labels.insert(label.to_owned(), key.clone());
        self.objects.insert(key, object);
    }

    /// Writes the objects below a directory, as `aws s3 sync` does.
    pub(crate) fn sync(&self, dir: &Path) {
        for (key, object) in &self.objects {
            let path = dir.join(key);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &object.body).unwrap();
        }
    }

    /// The sidecar.
    pub(crate) fn heads(&self) -> Value {
        let with = self.objects.iter().filter_map(|(key, it)| Some((key, it.signature.as_ref()?)));
        let head = |signature: &String| json!({"Metadata": {"signature": signature, "signature-algorithm": "SHA256withRSA"}});
        Value::Object(with.map(|(key, signature)| (key.clone(), head(signature))).collect::<Map<_, _>>())
    }
}

/// What `list-public-keys` prints of these keys.
pub(crate) fn key_list(keys: &[usize]) -> Value {
    let one = |index: &usize| {
        let key = key(*index);
        json!({"Value": key.value(), "ValidityStartTime": 1739908800.0, "ValidityEndTime": 1745092800.0, "Fingerprint": key.fingerprint()})
    };
    json!({"PublicKeyList": keys.iter().map(one).collect::<Vec<_>>()})
}

/// A trail that delivers.
#[derive(Clone, Debug)]
pub(crate) struct Trail {
    pub(crate) prefix: &'static str,
    pub(crate) organization: &'static str,
    pub(crate) account: &'static str,
    pub(crate) region: &'static str,
    pub(crate) name: &'static str,
    pub(crate) home: &'static str,
    pub(crate) bucket: &'static str,
    pub(crate) folder: &'static str,
    pub(crate) backfill: bool,
    /// Which of the fixed keys signs.
    pub(crate) key: usize,
    /// In front of the labels.
    pub(crate) label: &'static str,
    /// Where the next hour begins.
    pub(crate) clock: i64,
    pub(crate) hours: usize,
    /// The digest before: bucket, key, hash, signature.
    pub(crate) previous: Option<[String; 4]>,
}

impl Default for Trail {
    fn default() -> Self {
        Self {
            prefix: "",
            organization: "",
            account: "111122223333",
            region: "us-east-1",
            name: "audit",
            home: "us-east-1",
            bucket: "example-bucket",
            folder: "CloudTrail",
            backfill: false,
            key: 0,
            label: "",
            clock: START,
            hours: 0,
            previous: None,
        }
    }
}

impl Trail {
    fn root(&self) -> String {
        let part = |text: &str| if text.is_empty() { String::new() } else { format!("{text}/") };
        format!("{}AWSLogs/{}{}", part(self.prefix), part(self.organization), self.account)
    }

    pub(crate) fn digest_key(&self, end: i64) -> String {
        let Self { account, region, name, home, .. } = self;
        let (root, day, at) = (self.root(), stamp(end, "%Y/%m/%d"), stamp(end, "%Y%m%dT%H%M%SZ"));
        let late = if self.backfill { "_backfill" } else { "" };
        format!(
            "{root}/CloudTrail-Digest/{region}/{day}/{account}_CloudTrail-Digest_{region}_{name}_{home}_{at}{late}.json.gz"
        )
    }

    pub(crate) fn log_key(&self, time: i64, random: &str) -> String {
        let Self { account, region, folder, .. } = self;
        let time = time - time.rem_euclid(300);
        let (root, day, at) = (self.root(), stamp(time, "%Y/%m/%d"), stamp(time, "%Y%m%dT%H%MZ"));
        format!("{root}/{folder}/{region}/{day}/{account}_{folder}_{region}_{at}_{random}.json.gz")
    }

    /// Delivers an hour: logs, and the digest that lists them.
    pub(crate) fn hour(&mut self, bucket: &mut Bucket, logs: usize) {
        let hour = self.hours;
        let mut listed = Vec::new();
        for log in 0..logs {
            let label = format!("{}L{hour}.{log}", self.label);
            let key = self
                .log_key(self.clock + 600 + 900 * log as i64, &random(&format!("{}{label}", self.root())));
            let content = format!(
                r#"{{"Records":[{{"eventVersion":"1.09","eventName":"ConsoleLogin","eventID":"{label}"}}]}}"#
            );
            listed.push(json!({
                "s3Bucket": self.bucket, "s3Object": key, "hashValue": hash(content.as_bytes()), "hashAlgorithm": "SHA-256",
                "newestEventTime": stamp(self.clock, "%FT%TZ"), "oldestEventTime": stamp(self.clock, "%FT%TZ"),
            }));
            bucket.put(&label, key, Object { body: gzip(content.as_bytes()), signature: None });
        }
        let label = format!("{}D{hour}", self.label);
        self.digest(bucket, &label, listed);
    }

    /// Delivers a digest that lists this.
    pub(crate) fn digest(&mut self, bucket: &mut Bucket, label: &str, listed: Vec<Value>) {
        let (end, signer) = (self.clock + HOUR, key(self.key));
        let at = self.digest_key(end);
        let content = self.digest_json(signer, end, listed).to_string();
        let before = self.previous.as_ref().map_or("null", |it| &it[3]);
        let signature = sign(signer, &stamp(end, "%FT%TZ"), self.bucket, &at, content.as_bytes(), before);
        self.previous =
            Some([self.bucket.to_owned(), at.clone(), hash(content.as_bytes()), signature.clone()]);
        bucket.put(label, at, Object { body: gzip(content.as_bytes()), signature: Some(signature) });
        self.clock = end;
        self.hours += 1;
    }

    fn digest_json(&self, signer: &Key, end: i64, listed: Vec<Value>) -> Value {
        let before = |at: usize| self.previous.as_ref().map(|it| it[at].clone());
        json!({
            "awsAccountId": self.account,
            "digestStartTime": stamp(self.clock, "%FT%TZ"),
            "digestEndTime": stamp(end, "%FT%TZ"),
            "digestS3Bucket": self.bucket,
            "digestS3Object": self.digest_key(end),
            "digestPublicKeyFingerprint": signer.fingerprint(),
            "digestSignatureAlgorithm": "SHA256withRSA",
            "newestEventTime": null,
            "oldestEventTime": null,
            "previousDigestS3Bucket": before(0),
            "previousDigestS3Object": before(1),
            "previousDigestHashValue": before(2),
            "previousDigestHashAlgorithm": before(0).map(|_| "SHA-256"),
            "previousDigestSignature": before(3),
            "logFiles": listed,
        })
    }
}

/// Signs a digest as AWS does.
pub(crate) fn sign(signer: &Key, end: &str, bucket: &str, key: &str, content: &[u8], before: &str) -> String {
    hex(&signer.sign(&format!("{end}\n{bucket}/{key}\n{}\n{before}", hash(content))))
}

/// The random part of a log's name.
fn random(seed: &str) -> String {
    hash(seed.as_bytes())[..16].to_owned()
}

/// Six hours of one trail, three logs each.
pub(crate) fn six_hours() -> Bucket {
    let (mut bucket, mut trail) = (Bucket::default(), Trail::default());
    (0..6).for_each(|_| trail.hour(&mut bucket, 3));
    bucket
}
