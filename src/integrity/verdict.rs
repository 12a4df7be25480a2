//! The words for what was found of a file, and what they mean.
//!
//! The words are part of the JSON output. Each reason has a sentence for
//! people, and what they can do.

use serde::{Serialize, Serializer};

/// What was found of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is as CloudTrail delivered it.
    Valid,
    /// It is not as CloudTrail delivered it.
    Invalid,
    /// It was delivered and is not there.
    Missing,
    /// Nothing proves it, nothing speaks against it.
    Unverified,
    /// Digests cover its time, and none lists it.
    Unlisted,
    /// No digest covers its time.
    Uncovered,
}

impl Verdict {
    /// Every verdict, in the order of tables.
    pub const ALL: [Self; 6] =
        [Self::Valid, Self::Invalid, Self::Missing, Self::Unverified, Self::Unlisted, Self::Uncovered];

    /// Returns the word of the output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Missing => "missing",
            Self::Unverified => "unverified",
            Self::Unlisted => "unlisted",
            Self::Uncovered => "uncovered",
        }
    }
}

/// How a digest is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DigestProof {
    /// By a signature over it, wherever that was kept.
    Signature,
    /// By its hash in a digest that is proven.
    HashChain,
}

/// Why a verdict is not `valid`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "`Reason::words` says it")]
pub enum Reason {
    // Of a digest that is invalid.
    Signature,
    HashChain,
    Moved,
    Format,
    // Of a digest that is missing.
    Hole,
    BeforeCopy,
    OtherBucket,
    // Of a digest that is unverified.
    NoSignature,
    NoKey,
    SignatureMismatch,
    LinkMismatch,
    Orphan,
    // Of a log that is invalid.
    HashMismatch,
    Truncated,
    Undecodable,
    TrailingData,
    // Of a log that is unverified, and of one that only such digests list.
    DigestUnverified,
    DigestInvalid,
    // Of a log that is uncovered.
    Gap,
    BeforeFirst,
    AfterLast,
    FolderNeverListed,
    NoDigests,
    NotNamed,
    // Of either.
    Unreadable,
    TooLarge,
    Packed,
    Changed,
}

impl Reason {
    /// Returns the word of the output.
    pub fn word(self) -> &'static str {
        self.texts().0
    }

    /// Returns what it means, in plain words.
    pub fn words(self) -> &'static str {
        self.texts().1
    }

    /// Returns what can be done about it.
    pub fn advice(self) -> &'static str {
        self.texts().2
    }

    fn texts(self) -> (&'static str, &'static str, &'static str) {
        const FETCH: &str = "fetch the object again from the bucket and compare";
        const HEAD: &str = "give the S3 metadata of the digest with `--metadata`";
        match self {
            Self::Signature => (
                "signature",
                "its signature does not match: the digest was changed after it was signed",
                FETCH,
            ),
            Self::HashChain => (
                "hash-chain",
                "it does not fit to a proven digest beside it: one of them was changed, and it is not that",
                FETCH,
            ),
            Self::Moved => (
                "moved",
                "it says that it was delivered under another name or to another bucket",
                "look for the digest that belongs here: this one was copied, renamed or replayed",
            ),
            Self::Format => ("format", "it is no readable digest", FETCH),
            Self::Hole => (
                "hole",
                "the digest after it names it, and it is not there: nothing shows which logs were delivered then",
                "fetch it from the bucket, look in the bucket's versions, and find out who deleted it",
            ),
            Self::BeforeCopy => {
                ("before-copy", "it is older than the copy", "fetch older digests if you need them")
            }
            Self::OtherBucket => (
                "other-bucket",
                "the trail delivered to another bucket before",
                "fetch the digests of that bucket as well",
            ),
            Self::NoSignature => (
                "no-signature",
                "it is the newest of its chain, or the digest after it is gone: its signature is in the S3 metadata only",
                HEAD,
            ),
            Self::NoKey => (
                "no-key",
                "the public key that signed it is not among those given",
                "fetch the keys of its region and time with `aws cloudtrail list-public-keys` and give them with `--public-keys`",
            ),
            Self::SignatureMismatch => (
                "signature-mismatch",
                "its signature in the digest after it does not match, and that digest is not proven either: one of the two was changed",
                HEAD,
            ),
            Self::LinkMismatch => (
                "link-mismatch",
                "its hash is not the one in the digest after it, and that digest is not proven either: one of the two was changed",
                "give keys with `--public-keys` and the S3 metadata with `--metadata` to tell which",
            ),
            Self::Orphan => (
                "orphan",
                "no digest names it, and a proven chain covers its time: it may have been planted",
                HEAD,
            ),
            Self::HashMismatch => (
                "hash-mismatch",
                "its content is not what the digest lists: it was changed after it was delivered",
                FETCH,
            ),
            Self::Truncated => ("truncated", "it ends early", FETCH),
            Self::Undecodable => ("undecodable", "it is not gzip, or its compressed data is broken", FETCH),
            Self::TrailingData => (
                "trailing-data",
                "bytes stand behind the content that the digest lists; no hash covers them",
                "use only what stands before them, and fetch the object again",
            ),
            Self::DigestUnverified => (
                "digest-unverified",
                "it is as its digest lists it, but that digest is not proven",
                "prove the digest",
            ),
            Self::DigestInvalid => (
                "digest-invalid",
                "only a digest that is invalid lists it",
                "get the digest as it was delivered",
            ),
            Self::Gap => ("gap", "no digest covers its time", "look at the gaps of the chain"),
            Self::BeforeFirst => {
                ("before-first", "it is older than the first digest", "fetch older digests, if there are any")
            }
            Self::AfterLast => (
                "after-last",
                "it is newer than the last digest",
                "fetch newer digests: they come an hour late",
            ),
            Self::FolderNeverListed => {
                ("folder-never-listed", "no digest lists a file of its folder", "nothing can be proven of it")
            }
            Self::NoDigests => (
                "no-digests",
                "there is no digest of its account and region",
                "fetch `CloudTrail-Digest/` as well; without log file validation there is none",
            ),
            Self::NotNamed => (
                "not-named",
                "it is not named as CloudTrail names its files",
                "fetch the object under its own name",
            ),
            Self::Unreadable => ("unreadable", "it cannot be read", "check the permissions of the file"),
            Self::TooLarge => {
                ("too-large", "it is larger than the limit", "raise `--max-inflated` if it is to be trusted")
            }
            Self::Packed => ("packed", "it lies in a package", "unpack the package first"),
            Self::Changed => (
                "changed",
                "it changed after its records were read: what was hashed is not what was read",
                "ask again, with a copy that nobody writes to",
            ),
        }
    }
}

impl Serialize for Warnings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.words())
    }
}

/// What is odd about a file without deciding on it: a small set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Warnings(u8);

impl Warnings {
    /// It was unpacked, by a browser or by hand: the content itself is proven all the same.
    pub const NOT_COMPRESSED: Self = Self(1);
    /// The end of its gzip stream is missing; the content is complete.
    pub const TRAILER_MISSING: Self = Self(2);
    /// Bytes stand behind the content.
    pub const TRAILING_DATA: Self = Self(4);
    /// The signature in the sidecar is not the one that proves it.
    pub const METADATA_DIFFERS: Self = Self(8);
    /// The content is what the digest lists, though the gzip stream around it is broken or has a wrong checksum.
    pub const HASH_EQUAL: Self = Self(16);
    /// Its hash is not the one that an unproven digest lists.
    pub const HASH_DIFFERS: Self = Self(32);

    /// Adds others.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Adds others when `it` holds.
    #[must_use]
    pub fn when(self, it: bool, other: Self) -> Self {
        if it { self.with(other) } else { self }
    }

    /// Returns whether all of these are there.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Returns the words of the output.
    pub fn words(self) -> Vec<&'static str> {
        const WORDS: [&str; 6] = [
            "not-compressed",
            "trailer-missing",
            "trailing-data",
            "metadata-differs",
            "hash-equal",
            "hash-differs",
        ];
        WORDS.iter().enumerate().filter(|(bit, _)| self.0 >> bit & 1 == 1).map(|(_, word)| *word).collect()
    }
}

/// What was found of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The verdict.
    pub verdict: Verdict,
    /// Why, unless it is valid or the verdict says all.
    pub reason: Option<Reason>,
    /// How a digest is proven.
    pub proof: Option<DigestProof>,
    /// What else is odd.
    pub warnings: Warnings,
}

impl Finding {
    pub(super) fn new(verdict: Verdict, reason: Option<Reason>) -> Self {
        Self { verdict, reason, proof: None, warnings: Warnings::default() }
    }

    pub(super) fn proven(proof: DigestProof) -> Self {
        Self { proof: Some(proof), ..Self::new(Verdict::Valid, None) }
    }

    pub(super) fn warn(self, warnings: Warnings) -> Self {
        Self { warnings: self.warnings.with(warnings), ..self }
    }

    /// Returns whether it shows that something is wrong, in contrast to something that is not proven.
    pub fn is_wrong(&self) -> bool {
        match (self.verdict, self.reason) {
            (Verdict::Invalid | Verdict::Unlisted, _) => true,
            (Verdict::Missing, reason) => matches!(reason, None | Some(Reason::Hole)),
            // Which of two files is the wrong one is open; that one is, is not.
            (_, Some(Reason::SignatureMismatch | Reason::LinkMismatch)) => true,
            _ => false,
        }
    }

    /// Returns whether it is neither proven nor wrong, or holds more than is proven: bytes behind a digest.
    pub fn is_open(&self) -> bool {
        let is_unproven = matches!(self.verdict, Verdict::Unverified | Verdict::Uncovered);
        (is_unproven || self.warnings.has(Warnings::TRAILING_DATA)) && !self.is_wrong()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_of_the_serialized_form() {
        for verdict in Verdict::ALL {
            assert_eq!(serde_json::to_value(verdict).unwrap(), verdict.word());
        }
        for reason in [
            Reason::Hole,
            Reason::HashChain,
            Reason::NoDigests,
            Reason::TooLarge,
            Reason::Packed,
            Reason::Changed,
        ] {
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.word());
        }
        let warnings = Warnings::NOT_COMPRESSED.with(Warnings::HASH_DIFFERS);
        assert_eq!(
            serde_json::to_value(warnings).unwrap(),
            serde_json::json!(["not-compressed", "hash-differs"])
        );
    }
}
