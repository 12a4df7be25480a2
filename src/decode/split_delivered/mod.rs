//! Cuts a file in the form that CloudTrail delivers, which nearly every log file has:
//! `{"Records":[{…},{…}]}` without a space between.
//!
//! One pass finds where each record and each of its objects ends, by the same
//! rules as an outline but without looking at keys. What can be seen of a
//! record then stands at known places ([`FixedFields`]). A file in any other form is
//! refused as a whole, and `records` walks it.

use super::fixed_fields::FixedFields;
use super::record_suffix::SuffixCache;
use super::structural;
use super::structural::{BLOCK, BlockCarry};
use fearless_simd::Simd;

/// What such a file begins and ends with.
pub(super) const HEAD: &[u8] = b"{\"Records\":[";
pub(super) const FOOT: &[u8] = b"]}";

/// Returns the file without what tools add that rewrite one: a line break at its end.
pub(super) fn without_line_break(content: &[u8]) -> &[u8] {
    let content = content.strip_suffix(b"\n").unwrap_or(content);
    content.strip_suffix(b"\r").unwrap_or(content)
}

/// How deep the fields of a record stand: in an object in an array in an object.
const FIELDS: i64 = 3;

/// Where one record stands, and some of the objects and arrays that its fields hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RecordSpan {
    /// Its opening brace.
    start: u32,
    /// The last byte of the first field that holds an object or array; 0 for none.
    first: u32,
    /// The same of the last three, the last one first.
    last: [u32; 3],
    /// Its closing brace.
    end: u32,
}

/// The cuts of one file, in a buffer that is used again.
#[derive(Default)]
pub(crate) struct RecordSpans(Vec<RecordSpan>);

impl RecordSpans {
    /// Cuts `content` into records of at most `max_record` bytes; `None` when it has another form.
    pub(crate) fn read(&mut self, content: &[u8], max_record: usize) -> Option<&[RecordSpan]> {
        self.0.clear();
        let content = without_line_break(content);
        u32::try_from(content.len()).ok()?;
        if !content.starts_with(HEAD) || !content.ends_with(FOOT) {
            return None;
        }
        let is_whole = fearless_simd::dispatch!(structural::simd_level(), simd => {
            let cuts = &mut self.0;
            simd.vectorize(#[inline(always)] move || cut_records(simd, content, cuts))
        });
        let mut next = HEAD.len();
        for cut in &mut self.0 {
            cut.start = next as u32;
            let end = cut.end as usize;
            let is_object = content.get(next) == Some(&b'{') && content.get(end) == Some(&b'}');
            if !is_object || end < next || end + 1 - next >= max_record {
                return None;
            }
            next = end + 2;
            if content.get(end + 1) != Some(&b',') && next != content.len() - 1 {
                return None;
            }
        }
        // The last record is followed by the end of the file, of which the loop took one byte for a comma.
        (is_whole && !self.0.is_empty() && next == content.len() - 1).then_some(&self.0)
    }
}

impl RecordSpan {
    /// Returns the bytes of the record.
    pub(crate) fn text(self, content: &[u8]) -> &[u8] {
        &content[self.start as usize..=self.end as usize]
    }

    /// Returns where the record starts.
    pub(crate) fn start(self) -> usize {
        self.start as usize
    }

    /// Reads what can be seen of the record; `None` when anything about it is unusual.
    pub(super) fn fixed_fields<'c>(
        self,
        content: &'c [u8],
        suffixes: &mut SuffixCache<'c>,
    ) -> Option<FixedFields<'c>> {
        let within = |place: u32| place.saturating_sub(self.start);
        FixedFields::read(self.text(content), within(self.first), self.last.map(within), suffixes)
    }
}

/// What one pass has to remember from block to block.
#[derive(Default)]
struct SplitPass {
    carry: BlockCarry,
    depth: i64,
    cut: RecordSpan,
}

/// Cuts by depth alone; false when the content does not end where its outermost object does.
#[inline(always)]
fn cut_records<S: Simd>(simd: S, content: &[u8], cuts: &mut Vec<RecordSpan>) -> bool {
    let (blocks, rest) = content.as_chunks::<BLOCK>();
    let mut pass = SplitPass::default();
    for (index, block) in blocks.iter().enumerate() {
        pass.block(simd, index * BLOCK, block, cuts);
    }
    pass.block(simd, content.len() - rest.len(), &structural::pad_block(rest), cuts);
    pass.depth == 0 && !pass.carry.is_in_string()
}

impl SplitPass {
    #[inline(always)]
    fn block<S: Simd>(&mut self, simd: S, at: usize, bytes: &[u8; BLOCK], cuts: &mut Vec<RecordSpan>) {
        let block = self.carry.block(simd, bytes);
        let closes = i64::from(block.close.count_ones());
        // Nothing ends here but what lies deeper.
        if self.depth - closes <= FIELDS {
            self.ends(at, block.open, block.close, cuts);
        }
        self.depth += i64::from(block.open.count_ones()) - closes;
    }

    /// Notes what ends in a block.
    #[inline(always)]
    fn ends(&mut self, at: usize, open: u64, mut close: u64, cuts: &mut Vec<RecordSpan>) {
        let mut depth = self.depth;
        while close != 0 {
            let bit = close.trailing_zeros();
            close &= close - 1;
            depth -= 1;
            let place = (at + bit as usize) as u32;
            let depth = depth + i64::from((open & ((1 << bit) - 1)).count_ones());
            if depth == FIELDS {
                if self.cut.first == 0 {
                    self.cut.first = place;
                }
                let [last, before, _] = self.cut.last;
                self.cut.last = [place, last, before];
            } else if depth == FIELDS - 1 {
                self.cut.end = place;
                cuts.push(std::mem::take(&mut self.cut));
            }
        }
    }
}

#[cfg(test)]
mod tests;
