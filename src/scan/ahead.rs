//! Reads a large stream with two threads: one inflates ahead, one walks.
//!
//! Small files keep all processors busy by themselves. One that is larger than
//! memory should hold would keep one busy and the others waiting.

use crate::decode::Record;
use crate::decode::{self, Contents, Limits, Stream, Walked, Work};
use std::sync::mpsc::{Receiver, channel, sync_channel};
use std::thread;

/// Files of this size as stored, and streams of unknown size, are worth a second thread.
pub(super) const LARGE: u64 = 16 << 20;

/// How many chunks are inflated ahead: enough to even out, few enough to stay in the cache.
const AHEAD: usize = 4;

/// Reads a stream as [`decode::read`] does, walking in a thread of its own.
pub(super) fn read(
    stream: &mut Stream<'_>,
    limits: &Limits,
    work: &mut Work,
    visit: &mut (dyn FnMut(&Record<'_>) -> Result<(), String> + Send),
) -> (Contents, Walked) {
    let (full, chunks) = sync_channel::<Vec<u8>>(AHEAD);
    let (empty, spare) = channel();
    let walked = thread::scope(|scope| {
        let walker = scope.spawn(move || {
            let mut fill = |buffer: &mut Vec<u8>| {
                let Ok(chunk) = chunks.recv() else { return false };
                buffer.extend_from_slice(&chunk);
                // Whoever inflates may be done and gone.
                let _ = empty.send(chunk);
                true
            };
            decode::walk(work, limits, &mut fill, &mut |record| visit(record))
        });
        while let Some(chunk) = next(stream, &spare) {
            if full.send(chunk).is_err() {
                break;
            }
        }
        drop(full);
        walker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    });
    (decode::judge(stream, &walked), walked)
}

fn next(stream: &mut Stream<'_>, spare: &Receiver<Vec<u8>>) -> Option<Vec<u8>> {
    let mut chunk = spare.try_recv().unwrap_or_default();
    chunk.clear();
    stream.fill(&mut chunk).then_some(chunk)
}
