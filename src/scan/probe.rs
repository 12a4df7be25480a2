//! What a question would make of a file whose name does not tell what it is.
//!
//! Questions tell by content, so proof has to as well: a file that lies under the key of a flow log and gives records
//! is evidence like any other, and nothing proves it. Both ask the same decoder, so that they cannot differ.

use crate::container::{InflateBuffers, Limits, Stream};
use crate::decode::{NonLogKind, ScanBuffers, StreamKind};
use crate::error::{Kind, Trouble};
use crate::integrity::read;
use crate::integrity::read::ReadFile;
use crate::{container, decode};

/// What a thread needs to look into files, to be used again.
#[derive(Default)]
pub(super) struct ProbeBuffers {
    pub(super) inflate: InflateBuffers,
    scan: ScanBuffers,
}

/// What was found in one file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ProbedFile {
    /// Whether it is a digest, or looks like one.
    pub(super) is_digest: bool,
    /// Whether a question would read records from it.
    pub(super) has_records: bool,
    /// Whether these lie in a package.
    pub(super) is_package: bool,
    /// Whether it tells something of AWS Config.
    pub(super) is_config: bool,
    /// Why it could not be found out.
    pub(super) troubles: Vec<Trouble>,
}

/// Looks into a file as a question would.
pub(super) fn probe_file(file: ReadFile<'_>, limits: &Limits, buffers: &mut ProbeBuffers) -> ProbedFile {
    let ProbeBuffers { inflate, scan } = buffers;
    let is_digest = read::looks_like_digest(file, inflate);
    let mut probed = ProbedFile { is_digest, ..ProbedFile::default() };
    let name = file.source.name();
    let mut visit = |stream: &mut Stream<'_>| {
        let (kind, walked) = decode::read_records(stream, limits, scan, &mut |_| Ok(()));
        let is_member = stream.name() != name;
        let has_records = walked.tally.records > 0;
        probed.has_records |= has_records;
        probed.is_package |= is_member && has_records;
        probed.is_config |= walked.tally.config + walked.tally.config_news > 0;
        match kind {
            StreamKind::Other(NonLogKind::Digest) if is_member => {
                let cause = "is a digest in a package, which is not validated";
                probed.troubles.push(Trouble::new(stream.name(), Kind::Unsupported, cause));
            }
            StreamKind::Unreadable(troubles) => probed.troubles.extend(troubles),
            StreamKind::Part(_) | StreamKind::Log | StreamKind::Other(_) => {}
        }
    };
    let troubles = match file.bytes {
        Some(bytes) => container::each_stream_of(file.source, bytes, limits, inflate, &mut visit),
        None => container::each_stream(file.source, limits, inflate, &mut visit),
    };
    probed.troubles.extend(troubles);
    // A picture or an empty file is nothing that had to be proven.
    probed.troubles.retain(|it| !matches!(it.kind, Kind::NotALog | Kind::Empty));
    probed
}
