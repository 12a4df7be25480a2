//! Drives a walk over a stream of which little is held: reads on where more is needed, passes over what is larger than
//! a record may be, and tells how the walk ends.

use super::{RecordWalker, WalkerPlace, WalkerStep};
use crate::decode::outline::skip_space;
use crate::decode::record::EndFields;
use crate::decode::skip::{Oversized, OversizedPass};
use crate::decode::wrap;

/// The bytes of a walk: all of them, or those that were read and are still needed.
///
/// What a walk sees must not depend on which it is, nor on where a chunk ends: every decision is made on what the
/// content has within the largest record, and put off as long as that was not read.
pub(super) enum WalkedBytes<'b> {
    Whole(&'b [u8]),
    Stream { buffer: &'b mut Vec<u8>, fill: &'b mut dyn FnMut(&mut Vec<u8>) -> bool, more: bool },
}

impl WalkedBytes<'_> {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Whole(bytes) => bytes,
            Self::Stream { buffer, .. } => buffer,
        }
    }

    /// Whether there may be more than these bytes.
    fn more(&self) -> bool {
        matches!(self, Self::Stream { more: true, .. })
    }

    /// Drops the bytes before `at`, which becomes 0, and reads more, up to `most` bytes and a chunk. Twice as much
    /// each time, so that a long record is not read again for every chunk.
    fn refill(&mut self, at: usize, most: usize) {
        let Self::Stream { buffer, fill, more } = self else { return };
        buffer.drain(..at);
        let enough = (buffer.len() * 2).min(most);
        *more = fill(buffer);
        while *more && buffer.len() < enough {
            *more = fill(buffer);
        }
    }
}

impl RecordWalker<'_, '_> {
    /// Walks to the end.
    pub(super) fn walk(&mut self, source: &mut WalkedBytes<'_>) -> EndFields {
        let most = self.max_record.saturating_add(1);
        let mut at = 0;
        loop {
            match self.step(source.bytes(), at, source.more()) {
                WalkerStep::To(next) => {
                    at = next;
                    self.read_to = self.base + at as u64;
                }
                WalkerStep::Past(next) => at = next,
                WalkerStep::Need if source.more() => {
                    source.refill(at, most);
                    self.base += at as u64;
                    at = 0;
                }
                WalkerStep::Need => {
                    let end = self.end(source.bytes(), at);
                    self.look_behind(source.bytes(), at, end);
                    return end;
                }
                WalkerStep::Broken => {
                    let end = EndFields::Broken(self.read_to);
                    while source.more() && source.bytes().len() - at < self.max_record {
                        source.refill(at, most);
                        self.base += at as u64;
                        at = 0;
                    }
                    self.look_behind(source.bytes(), at, end);
                    return end;
                }
                WalkerStep::Over(what) => {
                    let start = self.base + at as u64;
                    match self.pass_over(source, at, what) {
                        Ok(end) => {
                            at = end;
                            self.read_to = self.base + at as u64;
                        }
                        Err(true) => return EndFields::Whole,
                        Err(false) => return EndFields::Cut(start),
                    }
                }
            }
        }
    }

    /// Passes over what is larger than the limit, and returns where that ends; without an end, whether all is whole.
    fn pass_over(
        &mut self,
        source: &mut WalkedBytes<'_>,
        mut at: usize,
        what: Oversized,
    ) -> Result<usize, bool> {
        let mut pass = OversizedPass::new(what);
        loop {
            let bytes = source.bytes();
            if let Some(end) = pass.find_end(&bytes[at..]) {
                return Ok(at + end);
            }
            if !source.more() {
                return Err(pass.may_end(self.place));
            }
            at = bytes.len();
            source.refill(at, 0);
            self.base += at as u64;
            at = 0;
        }
    }

    /// Counts a record that is larger than the limit, and passes over it.
    pub(super) fn too_large(&mut self, at: usize, what: Oversized) -> WalkerStep {
        self.tally.oversized += 1;
        self.tally.first_oversized.get_or_insert(self.base + at as u64);
        self.index += 1;
        WalkerStep::Over(what)
    }

    /// What can be seen of something that starts at `at`: no more than the largest record.
    pub(super) fn within_limit<'b>(&self, bytes: &'b [u8], at: usize) -> &'b [u8] {
        &bytes[..bytes.len().min(at.saturating_add(self.max_record))]
    }

    /// Whether what starts at `at` and has not ended within the limit is larger than that.
    pub(super) fn is_over_limit(&self, bytes: &[u8], at: usize) -> bool {
        bytes.len().saturating_sub(at) > self.max_record
    }

    /// What is done with an element that has not ended in what can be seen of it.
    pub(super) fn unended(&mut self, bytes: &[u8], at: usize) -> WalkerStep {
        if self.is_over_limit(bytes, at) { self.too_large(at, Oversized::Value) } else { WalkerStep::Need }
    }

    /// Looks for CloudTrail's keys in what could not be read any more.
    fn look_behind(&mut self, bytes: &[u8], at: usize, end: EndFields) {
        if end != EndFields::Whole && self.tally.records == 0 {
            let rest = self.within_limit(bytes, at).get(at..).unwrap_or_default();
            self.tally.unread_text |= wrap::holds_trail_keys(rest);
        }
    }

    /// How a walk ends that can go no further, for there are no more bytes.
    fn end(&self, bytes: &[u8], at: usize) -> EndFields {
        let rest = skip_space(bytes, at) < bytes.len();
        if self.place == WalkerPlace::Top && !rest { EndFields::Whole } else { EndFields::Cut(self.read_to) }
    }
}
