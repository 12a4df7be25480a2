//! Reads a large stream with two threads: one inflates ahead, one walks.
//!
//! Small files keep all processors busy by themselves. One that is larger than
//! memory should hold would keep one busy and the others waiting.

use crate::container::{Limits, Stream};
use crate::decode::{Record, ScanBuffers, ScanSummary, StreamKind};
use crate::{decode, threads};

/// Files of this size as stored, and streams of unknown size, are worth a second thread.
pub(super) const LARGE: u64 = 16 << 20;

/// How many chunks are inflated ahead: enough to even out, few enough to stay in the cache.
const AHEAD: usize = 4;

/// Reads a stream as [`decode::read_records`] does, walking in a thread of its own.
pub(super) fn read(
    stream: &mut Stream<'_>,
    limits: &Limits,
    work: &mut ScanBuffers,
    visit: &mut (dyn FnMut(&Record<'_>) -> Result<(), String> + Send),
) -> (StreamKind, ScanSummary) {
    let walked = threads::run_pipeline(AHEAD, &mut |chunk| stream.fill(chunk), |fill| {
        decode::scan_records(work, limits, &mut |buffer| fill(buffer), &mut |record| visit(record))
    });
    (decode::classify_stream(stream, &walked), walked)
}
