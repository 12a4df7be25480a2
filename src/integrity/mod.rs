//! Whether files are as CloudTrail delivered them: digests, their signatures
//! and chains, and the verdict of every file.
//!
//! Everything is proven from the files alone. The steps are given here and
//! driven by `scan`, which has the threads: files are sorted by their names
//! ([`Files`]), digests are read ([`read`]) and put together ([`Archive`]),
//! their signatures checked ([`Links::check`]) and judged ([`Proven`]), and
//! then each log file is hashed and judged ([`Stage`]).
//!
//! The format and the algorithm are those of "Validating CloudTrail log file
//! integrity" in the AWS user guide; where the AWS CLI stops, this goes on.

mod archive;
mod chain;
mod der;
mod digest;
mod document;
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

pub use archive::{Archive, Chain, Entry};
pub use chain::{Cause, Course, Gap};
pub use digest::{Digest, Link, Listed};
pub use hex::{Hash, hex};
pub use keys::PublicKeys;
pub use names::Files;
pub use proof::{Checked, Links, Proven};
pub use report::{Kind, Log, Report, Row, Window};
pub use sidecar::HeadObjects;
pub use spans::Spans;
pub use stage::{Stage, Trust};
pub use summary::{Line, Outcome, Summary};
pub use verdict::{Judged, Proof, Reason, Verdict, Warnings};
