//! Whether files are as CloudTrail delivered them: digests, their signatures
//! and chains, and the verdict of every file.
//!
//! Everything is proven from the files alone. The steps are given here and
//! driven by `scan`, which has the threads: files are sorted by their names
//! ([`ArchiveFiles`]), digests are read ([`read`]) and put together ([`DigestArchive`]),
//! their signatures checked ([`SignatureLinks::check`]) and judged ([`ProvenDigests`]), and
//! then each log file is hashed and judged ([`LogVerification`]).
//!
//! The format and the algorithm are those of "Validating CloudTrail log file
//! integrity" in the AWS user guide; where the AWS CLI stops, this goes on.

mod archive;
mod chain;
mod der;
mod digest;
mod document;
mod fields;
mod head;
mod hex;
mod keys;
mod logs;
mod names;
mod proof;
pub mod read;
mod report;
mod sidecar;
mod spans;
mod stage;
mod summary;
#[cfg(test)]
mod testing;
mod verdict;

pub use archive::{DigestArchive, DigestChain, DigestEntry};
pub use chain::{ChainCoverage, ChainGap, GapCause};
pub use digest::{Digest, PreviousDigest};
pub use fields::ListedLog;
pub use hex::{Sha256Hash, encode_hex};
pub use keys::PublicKeys;
pub use names::ArchiveFiles;
pub use proof::{CheckedDigest, ProvenDigests, SignatureLinks};
pub use report::{LeftOutFiles, ReportRow, ReportedKind, ReportedLog, TimeWindow, ValidationReport};
pub use sidecar::HeadObjects;
pub use spans::TimeSpans;
pub use stage::{LogVerification, TrustOptions};
pub use summary::{ChainSummary, ValidationOutcome, ValidationSummary};
pub use verdict::{DigestProof, Finding, Reason, Verdict, Warnings};
