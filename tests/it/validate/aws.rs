//! The walk of `aws cloudtrail validate-logs`, written down straight from its
//! description: a second route to the same verdicts where the two agree, and
//! what `docs/validate.md` compares trailscan with.
//!
//! It asks the live bucket, one account and region a run, and uses nothing but
//! the metadata and the listing. Facts: AWS CLI 1.45.55 and 2.36.7.

use super::signed::{Bucket, START, Trail, gunzip, hash};
use super::testing::{Key, key};
use flate2::{Decompress, FlushDecompress, Status};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde_json::Value;

/// What a run says: a line for every file that is not valid and every gap, and the status.
pub(crate) struct Said {
    pub(crate) lines: Vec<String>,
    pub(crate) valid: Vec<String>,
}

impl Said {
    /// The lines by label, and the exit status.
    pub(crate) fn text(&self) -> String {
        let invalid = self.lines.iter().any(|line| line.contains("INVALID"));
        let lines = if self.lines.is_empty() { "nothing".to_owned() } else { self.lines.join("; ") };
        format!("{lines}; exit {}", u8::from(invalid))
    }
}

/// Validates the digests of a trail between two moments.
pub(crate) fn validate(bucket: &Bucket, trail: &Trail, keys: &[usize], start: i64, end: i64) -> Said {
    let label = |key: &str| {
        let known = bucket.labels.iter().find(|(_, it)| *it == key).map(|(label, _)| label.clone());
        known.unwrap_or_else(|| key.to_owned())
    };
    let mut said = Said { lines: Vec::new(), valid: Vec::new() };
    let mut listing = listing(bucket, trail, start, end + 3600);
    let (mut next, mut last_start) = (listing.pop(), i64::MAX);
    let mut newer_start: Option<String> = None;
    while let Some(at) = next.take_if(|_| last_start >= start) {
        listing.retain(|key| *key < at);
        match digest(bucket, trail, &at, keys) {
            Err(cause) => {
                said.lines.push(format!("{} INVALID: {cause}", label(&at)));
                next = listing.pop();
            }
            Ok(digest) => {
                said.valid.push(label(&at));
                if let Some(newer) = newer_start.take() {
                    said.lines.push(format!(
                        "gap {}-{}",
                        hours(digest["digestEndTime"].as_str().unwrap()),
                        hours(&newer)
                    ));
                }
                for file in digest["logFiles"].as_array().unwrap() {
                    let name = file["s3Object"].as_str().unwrap();
                    match log(bucket, name, file["hashValue"].as_str().unwrap()) {
                        Ok(()) => said.valid.push(label(name)),
                        Err(cause) => said.lines.push(format!("{} INVALID: {cause}", label(name))),
                    }
                }
                let begins = digest["digestStartTime"].as_str().unwrap();
                last_start = begins.parse::<chrono::DateTime<chrono::Utc>>().unwrap().timestamp();
                next = match digest["previousDigestS3Object"].as_str() {
                    Some(previous) => Some(previous.to_owned()),
                    None => {
                        newer_start = Some(begins.to_owned());
                        listing.pop()
                    }
                };
            }
        }
    }
    said
}

/// A moment, in hours since the trail began.
fn hours(time: &str) -> f64 {
    (time.parse::<chrono::DateTime<chrono::Utc>>().unwrap().timestamp() - START) as f64 / 3600.0
}

fn listing(bucket: &Bucket, trail: &Trail, start: i64, end: i64) -> Vec<String> {
    let pattern = trail.digest_key(0);
    let name = pattern.rsplit('/').next().unwrap();
    let (before, _) = name.split_once("19700101").unwrap();
    let time = |key: &str| {
        let time = key.rsplit('/').next()?.strip_prefix(before)?.strip_suffix(".json.gz")?;
        let time = chrono::NaiveDateTime::parse_from_str(time, "%Y%m%dT%H%M%SZ").ok()?;
        Some(time.and_utc().timestamp())
    };
    let asked = |key: &&String| time(key).is_some_and(|time| (start..=end).contains(&time));
    bucket.objects.keys().filter(asked).cloned().collect()
}

fn digest(bucket: &Bucket, trail: &Trail, at: &str, keys: &[usize]) -> Result<Value, String> {
    let object = bucket.objects.get(at).ok_or("not found")?;
    let invalid = || "invalid format".to_owned();
    let content = first_member(&object.body, true).ok_or_else(invalid)?;
    let digest: Value = serde_json::from_slice(&content).map_err(|_| invalid())?;
    let text = |name: &str| digest.get(name).ok_or_else(invalid).map(|it| it.as_str().map(str::to_owned));
    let (end, fingerprint) = (text("digestEndTime")?, text("digestPublicKeyFingerprint")?);
    let before = text("previousDigestSignature")?;
    let (claimed, own_bucket) = (text("digestS3Object")?, text("digestS3Bucket")?);
    if claimed.as_deref() != Some(at) || own_bucket.as_deref() != Some(trail.bucket) {
        return Err("has been moved from its original location".to_owned());
    }
    let fingerprint = fingerprint.unwrap_or_default();
    let signer: &Key = keys
        .iter()
        .map(|index| key(*index))
        .find(|it| it.fingerprint() == fingerprint)
        .ok_or_else(|| format!("public key not found in region {} for fingerprint", trail.home))?;
    let failed = || "signature verification failed".to_owned();
    let signature = object.signature.as_ref().ok_or_else(failed)?;
    let digits = (0..signature.len() / 2).map(|it| u8::from_str_radix(&signature[2 * it..][..2], 16));
    let signature: Vec<u8> =
        digits.collect::<Result<_, _>>().map_err(|_| "Non-hexadecimal digit found".to_owned())?;
    let text = format!(
        "{}\n{}/{at}\n{}\n{}",
        end.unwrap_or_default(),
        trail.bucket,
        hash(&content),
        before.as_deref().unwrap_or("null")
    );
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, signer.der())
        .verify(text.as_bytes(), &signature)
        .map_err(|_| failed())?;
    Ok(digest)
}

fn log(bucket: &Bucket, key: &str, expected: &str) -> Result<(), String> {
    let object = bucket.objects.get(key).ok_or("not found")?;
    if object.body.is_empty() {
        return Err("hash value doesn't match".to_owned());
    }
    let content = first_member(&object.body, false).ok_or("invalid format")?;
    if hash(&content) != expected {
        return Err("hash value doesn't match".to_owned());
    }
    // A whole member, and more.
    let whole = first_member(&object.body, true).is_some();
    if whole && !is_one_member(&object.body) {
        return Err("unexpected data after end of compressed stream".to_owned());
    }
    Ok(())
}

/// The content of the first member; of one that ends early only when that is no matter.
fn first_member(body: &[u8], strict: bool) -> Option<Vec<u8>> {
    let deflated = body.strip_prefix(&[0x1f, 0x8b, 8, 0])?.get(6..)?;
    let mut inflater = Decompress::new(false);
    let mut content = Vec::with_capacity(1 << 16);
    let end = inflater.decompress_vec(deflated, &mut content, FlushDecompress::Finish);
    let at = inflater.total_in() as usize;
    let tail = deflated.get(at..at + 8);
    let is_sound = tail.is_none_or(|tail| {
        let mut crc = flate2::Crc::new();
        crc.update(&content);
        tail[..4] == crc.sum().to_le_bytes()
    });
    match end {
        Ok(Status::StreamEnd) => (is_sound && (tail.is_some() || !strict)).then_some(content),
        Ok(_) => (!strict).then_some(content),
        Err(_) => None,
    }
}

fn is_one_member(body: &[u8]) -> bool {
    let mut inflater = Decompress::new(false);
    let mut content = Vec::with_capacity(gunzip(body).len() + 64);
    let _ = inflater.decompress_vec(&body[10..], &mut content, FlushDecompress::Finish);
    body.len() == 10 + inflater.total_in() as usize + 8
}
