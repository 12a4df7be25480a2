//! Which digests are proven: by a signature over them, wherever it was kept, or
//! by their hash in a digest that is proven.
//!
//! RSA makes the source of a signature irrelevant: even a file that is itself
//! in doubt may hold the one that proves another. A signature that fails is
//! another matter. From a proven digest or from S3 it condemns; from a file in
//! doubt it only shows that one of the two was changed.

use super::archive::{DigestArchive, DigestNode};
use super::digest::Digest;
use super::hex::decode_hex;
use super::keys::PublicKeys;
use super::names::strip_gz;
use super::sidecar::HeadObjects;
use super::verdict::{DigestProof, Finding, Reason, Verdict, Warnings};
use super::{head, names};
use crate::input::Source;
use std::collections::HashMap;

/// Who is beside whom, by the keys that the digests claim.
pub struct SignatureLinks<'a> {
    pub(super) archive: &'a DigestArchive,
    claimed: HashMap<&'a str, Vec<u32>>,
    successors: HashMap<&'a str, Vec<u32>>,
    /// Those whose name is not what they claim, by the name.
    misnamed: HashMap<String, Vec<u32>>,
}

/// What the signatures say of one digest.
#[derive(Clone, Debug, Default)]
pub struct CheckedDigest {
    /// Whether the key that signed it is known.
    pub(super) has_key: bool,
    /// Whether the signature in the sidecar is right, where there is one.
    sidecar: Option<bool>,
    /// The digests that hold a signature of it, and whether it is right.
    pub(super) copies: Vec<(u32, bool)>,
}

impl<'a> SignatureLinks<'a> {
    /// Finds who is beside whom.
    pub fn new(archive: &'a DigestArchive, sources: &[Source]) -> Self {
        let mut links =
            Self { archive, claimed: HashMap::new(), successors: HashMap::new(), misnamed: HashMap::new() };
        for (index, node) in (0_u32..).zip(&archive.nodes) {
            if let Ok(digest) = &node.content {
                links.claimed.entry(&digest.key).or_default().push(index);
                if let Some(previous) = &digest.previous {
                    links.successors.entry(&previous.key).or_default().push(index);
                }
            }
            if !node.is_named {
                let name = names::file_name(&sources[node.source as usize]);
                links.misnamed.entry(strip_gz(&name).to_owned()).or_default().push(index);
            }
        }
        links
    }

    fn digest(&self, index: u32) -> Option<&'a Digest> {
        self.archive.nodes[index as usize].content.as_ref().ok()
    }

    /// The digests that say of this one that it is before them.
    pub(super) fn after(&self, digest: &Digest) -> &[u32] {
        self.naming(&digest.key)
    }

    /// The digests that say that what has this key is before them.
    pub(super) fn naming(&self, key: &str) -> &[u32] {
        self.successors.get(key).map_or(&[], Vec::as_slice)
    }

    /// The digests that claim this key.
    pub(super) fn claiming(&self, key: &str) -> &[u32] {
        self.claimed.get(key).map_or(&[], Vec::as_slice)
    }

    /// Returns whether a file stands where this key says, be it what it should be or not.
    pub(super) fn stands(&self, key: &str) -> bool {
        let named = |index: &u32| self.archive.nodes[*index as usize].is_named;
        self.claiming(key).iter().any(named) || self.misnamed.contains_key(strip_gz(names::last_part(key)))
    }

    /// Checks the signatures over one digest. This is where the time goes; it needs nothing of the others.
    pub fn check(&self, index: u32, keys: &PublicKeys, heads: &HeadObjects) -> CheckedDigest {
        let node = &self.archive.nodes[index as usize];
        let Ok(digest) = &node.content else { return CheckedDigest::default() };
        let text = digest.signed_text(&node.hash);
        let is_right = |signature: &[u8]| keys.verify(&digest.fingerprint, &text, signature);
        let copy = |after: &u32| {
            let signature = self.digest(*after)?.previous_signature.as_deref()?;
            Some((*after, decode_hex(signature).is_some_and(|it| is_right(&it))))
        };
        CheckedDigest {
            has_key: keys.has(&digest.fingerprint),
            sidecar: heads.signature(&digest.key).map(|it| it.is_some_and(is_right)),
            copies: self.after(digest).iter().filter_map(copy).collect(),
        }
    }
}

/// The verdicts of all digests.
#[derive(Debug, Default)]
pub struct ProvenDigests {
    /// One a digest.
    pub judged: Vec<Finding>,
    /// How the content of each is proven, also where the file is not what it should be.
    pub(super) proofs: Vec<Option<DigestProof>>,
    /// Which are the newest of their chain, as far as the copy shows: nothing names them.
    pub(super) heads: Vec<bool>,
    /// Which of these may be accepted although nothing proves them.
    pub(super) acceptable: Vec<bool>,
    /// Which tell a time that a digest of their name may have.
    plausible: Vec<bool>,
}

impl ProvenDigests {
    /// Judges every digest from what the signatures say.
    pub fn new(links: &SignatureLinks<'_>, checked: &[CheckedDigest], bucket: Option<&str>) -> Self {
        let nodes = &links.archive.nodes;
        let proofs = find_proofs(links, checked);
        let plausible = nodes.iter().map(has_plausible_span).collect();
        let mut proven = Self { proofs, plausible, ..Self::default() };
        for (index, (node, checked)) in (0_u32..).zip(nodes.iter().zip(checked)) {
            let judged = proven.judge(links, index, checked, bucket).warn(node.warnings);
            proven.judged.push(judged);
            let is_head = node.content.as_ref().is_ok_and(|digest| links.after(digest).is_empty());
            proven.heads.push(is_head);
        }
        proven.find_orphans(nodes);
        proven.acceptable = head::find_acceptable_heads(links, &proven, checked);
        proven
    }

    fn is_proven(&self, index: u32) -> bool {
        self.proofs[index as usize].is_some()
    }

    fn judge(
        &self,
        links: &SignatureLinks<'_>,
        index: u32,
        checked: &CheckedDigest,
        bucket: Option<&str>,
    ) -> Finding {
        let node = &links.archive.nodes[index as usize];
        let invalid = |reason| Finding::new(Verdict::Invalid, Some(reason));
        let unverified = |reason| Finding::new(Verdict::Unverified, Some(reason));
        let digest = match &node.content {
            Ok(digest) => digest,
            Err(fault) if fault.unreadable => return unverified(Reason::Unreadable),
            Err(fault) => return invalid(fault.reason()),
        };
        if !node.is_named || bucket.is_some_and(|bucket| *bucket != *digest.bucket) {
            return invalid(Reason::Moved);
        }
        if let Some(proof) = self.proofs[index as usize] {
            let differs = checked.has_key && checked.sidecar == Some(false);
            return Finding::proven(proof)
                .warn(Warnings::default().when(differs, Warnings::METADATA_DIFFERS));
        }
        let after = links.after(digest);
        let condemned = checked.copies.iter().any(|(after, _)| self.is_proven(*after));
        if checked.has_key && (condemned || checked.sidecar == Some(false)) {
            return invalid(Reason::Signature);
        }
        let names_another = |after: &u32| {
            let previous = links.digest(*after).and_then(|it| it.previous.as_ref());
            previous.and_then(|it| it.hash).is_some_and(|hash| hash != node.hash)
        };
        if after.iter().any(|after| self.is_proven(*after) && names_another(after))
            || self.contradicts(links, index, digest)
        {
            return invalid(Reason::HashChain);
        }
        unverified(match (checked.copies.is_empty() && checked.sidecar.is_none(), checked.has_key) {
            (false, true) => Reason::SignatureMismatch,
            _ if after.iter().any(names_another) => Reason::LinkMismatch,
            (true, _) => Reason::NoSignature,
            (false, false) => Reason::NoKey,
        })
    }

    /// Returns whether a digest describes a proven one before it otherwise than that is.
    fn contradicts(&self, links: &SignatureLinks<'_>, index: u32, digest: &Digest) -> bool {
        let Some(previous) = &digest.previous else { return false };
        let before =
            || links.claiming(&previous.key).iter().filter(|it| **it != index && self.is_proven(**it));
        let is_it = |it: &u32| Some(links.archive.nodes[*it as usize].hash) == previous.hash;
        before().next().is_some() && !before().any(is_it)
    }

    /// Finds those that nothing names and that stand in the span of a proven chain.
    fn find_orphans(&mut self, nodes: &[DigestNode]) {
        let mut proven: HashMap<u32, Vec<(i64, i64)>> = HashMap::new();
        for (node, judged) in nodes.iter().zip(&self.judged) {
            if let (Ok(digest), Verdict::Valid) = (&node.content, judged.verdict) {
                proven.entry(node.chain).or_default().push((digest.start, digest.end));
            }
        }
        for spans in proven.values_mut() {
            spans.sort_unstable();
        }
        for ((node, judged), is_head) in nodes.iter().zip(&mut self.judged).zip(&self.heads) {
            let Ok(digest) = &node.content else { continue };
            let doubtful = matches!(judged.reason, Some(Reason::NoSignature | Reason::NoKey));
            let spans = proven.get(&node.chain);
            if *is_head && doubtful && spans.is_some_and(|spans| has_overlap(spans, digest)) {
                judged.reason = Some(Reason::Orphan);
            }
        }
    }

    /// Returns whether what a digest lists counts for what is covered.
    pub fn is_usable(&self, index: u32) -> bool {
        let judged = &self.judged[index as usize];
        match judged.verdict {
            Verdict::Valid => true,
            // Anybody may have written it: it must not speak for years, by which every log there would be planted.
            Verdict::Unverified => {
                self.plausible[index as usize]
                    && !matches!(judged.reason, Some(Reason::Orphan | Reason::Unreadable))
            }
            _ => false,
        }
    }
}

/// Returns whether a digest ends when its name says, and spans no more than a digest does.
fn has_plausible_span(node: &DigestNode) -> bool {
    const MOST: i64 = 2 * 3600;
    node.content.as_ref().is_ok_and(|digest| {
        node.name_end == Some(digest.end) && (0..=MOST).contains(&digest.end.saturating_sub(digest.start))
    })
}

/// Returns whether a digest shares time with one of these spans, which are in order.
fn has_overlap(spans: &[(i64, i64)], digest: &Digest) -> bool {
    let before = spans.partition_point(|(start, _)| *start < digest.end);
    spans[..before].iter().rev().any(|(_, end)| *end > digest.start)
}

/// Finds what is proven, and goes on from there into the past.
fn find_proofs(links: &SignatureLinks<'_>, checked: &[CheckedDigest]) -> Vec<Option<DigestProof>> {
    let signed = |it: &CheckedDigest| it.sidecar == Some(true) || it.copies.iter().any(|(_, right)| *right);
    let mut proofs: Vec<Option<DigestProof>> =
        checked.iter().map(|it| signed(it).then_some(DigestProof::Signature)).collect();
    let mut open: Vec<u32> = (0_u32..).zip(&proofs).filter(|(_, it)| it.is_some()).map(|it| it.0).collect();
    while let Some(index) = open.pop() {
        let Some(previous) = links.digest(index).and_then(|it| it.previous.as_ref()) else { continue };
        for before in links.claiming(&previous.key) {
            let proof = &mut proofs[*before as usize];
            if proof.is_none() && previous.hash == Some(links.archive.nodes[*before as usize].hash) {
                *proof = Some(DigestProof::HashChain);
                open.push(*before);
            }
        }
    }
    proofs
}
