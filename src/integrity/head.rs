//! The newest digest of a chain, whose signature a copy has not: what it has to be to be taken on trust.
//!
//! Nothing proves it, so whoever accepts it accepts what anybody could have written. That is kept to what CloudTrail
//! would have delivered next: the one digest that goes on from a proven one, for the hour after it, and that lists
//! logs of that hour only. An attacker can still forge it. What cannot be done with it is to cover an older gap, a
//! long time, another account or a trail of which nothing else is proven.

use super::digest::Digest;
use super::fields::ListedLog;
use super::logs::LATE;
use super::proof::{CheckedDigest, ProvenDigests, SignatureLinks};
use super::verdict::{Reason, Verdict, Warnings};
use crate::input::{Folder, Key};

/// What a digest spans, and some minutes that nobody should have to explain.
const HOUR: i64 = 3600 + 300;

/// What a digest lies in below its account.
const FOLDER: &str = "/CloudTrail-Digest/";

/// Returns whether a digest lists nothing but logs of its own account, region and time, in its own bucket.
pub(super) fn lists_own_logs(digest: &Digest, listed: &[ListedLog]) -> bool {
    let (Some((root, _)), Some(own)) = (digest.key.rsplit_once(FOLDER), Key::parse(&digest.key)) else {
        return false;
    };
    let is_own = |log: &ListedLog| {
        let below = log.key.strip_prefix(root).and_then(|rest| rest.strip_prefix('/'));
        // FOLDER/REGION/YYYY/MM/DD/NAME: with all of them there the key has to agree with itself.
        below.is_some_and(|it| it.split('/').count() == 6)
            && Key::parse(&log.key).is_some_and(|key| {
                !matches!(key.folder, Folder::Digest | Folder::Other)
                    && (&key.account, &key.region) == (&own.account, &own.region)
                    && key
                        .delivered
                        .is_some_and(|time| (digest.start - LATE..=digest.end).contains(&time.timestamp()))
            })
    };
    digest.lists_own_bucket && listed.iter().all(is_own)
}

/// Returns which digests without a signature may be accepted as the newest of their chain.
pub(super) fn find_acceptable_heads(
    links: &SignatureLinks<'_>,
    proven: &ProvenDigests,
    checked: &[CheckedDigest],
) -> Vec<bool> {
    (0..links.archive.nodes.len() as u32).map(|index| is_acceptable(links, proven, checked, index)).collect()
}

fn is_acceptable(
    links: &SignatureLinks<'_>,
    proven: &ProvenDigests,
    checked: &[CheckedDigest],
    index: u32,
) -> bool {
    let nodes = &links.archive.nodes;
    let node = &nodes[index as usize];
    let (Ok(digest), judged) = (&node.content, &proven.judged[index as usize]) else { return false };
    let Some(previous) = &digest.previous else { return false };
    let is_head = proven.heads[index as usize] && judged.reason == Some(Reason::NoSignature);
    if !is_head || !checked[index as usize].has_key || judged.warnings.has(Warnings::TRAILING_DATA) {
        return false;
    }
    let is_of_its_hour =
        node.name_end == Some(digest.end) && (1..=HOUR).contains(&(digest.end - digest.start));
    if !is_of_its_hour || !node.lists_own_logs {
        return false;
    }
    let goes_on_from = |before: &u32| {
        let other = &nodes[*before as usize];
        let Ok(older) = &other.content else { return false };
        let signatures = &checked[*before as usize];
        // Where the key of the older one is not known, its signature can only be there.
        let is_signed = match signatures.has_key {
            true => signatures.copies.contains(&(index, true)),
            false => digest.previous_signature.is_some(),
        };
        proven.judged[*before as usize].verdict == Verdict::Valid
            && other.chain == node.chain
            && Some(other.hash) == previous.hash
            && (&older.bucket, older.end) == (&previous.bucket, digest.start)
            && is_signed
    };
    // Of two that go on from the same one, which is the real one nobody can tell.
    let is_rival = |other: &u32| nodes[*other as usize].hash != node.hash;
    let is_newest = || {
        !(0_u32..).zip(nodes).any(|(other, it)| {
            it.chain == node.chain
                && proven.judged[other as usize].verdict == Verdict::Valid
                && it.content.as_ref().is_ok_and(|it| it.end > digest.start)
        })
    };
    links.claiming(&previous.key).iter().any(goes_on_from)
        && !links.naming(&previous.key).iter().any(is_rival)
        && is_newest()
}
