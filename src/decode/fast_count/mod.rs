//! Finds the records of a file in CloudTrail's own form without cutting it.
//!
//! For a file in which nothing is sought it is enough to know which calls it
//! holds. One pass looks for the two keys that every record has in its known
//! places, `eventVersion` first and `eventTime` behind `userIdentity`; around
//! them everything has to look as CloudTrail writes it, to the last field.
//! Any doubt refuses the file, and `split_delivered` cuts it.
//!
//! What lies deeper is not looked at. So this is no place to take evidence
//! from: a list of whole records inside a record would be taken for records.
//! What would hide a record is looked for: each has its name once, so that a
//! name more, or one that is written with escapes, refuses the file as well.

use super::fixed_fields::FixedFields;
use super::record_suffix::SuffixCache;
use super::split_delivered::{FOOT, HEAD, without_line_break};
use super::structural;
use super::structural::BLOCK;
use fearless_simd::prelude::*;
use fearless_simd::u8x64;
use memchr::memmem::Finder;
use std::sync::LazyLock;

/// The key by which anything is a record, also within a text.
static NAME: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("eventName"));
static ESCAPE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\\u00"));

/// How a record begins, and the key that follows `userIdentity`.
const VERSION: &[u8] = b"{\"eventVersion\":\"";
const TIME: &[u8] = b",\"eventTime\"";

/// How far into these it is to the second of the two letters by which they are found.
const BEFORE: usize = 6;

/// Where a record starts, and the comma before its `eventTime`; 0 as long as that was not met.
#[derive(Clone, Copy)]
struct RecordStart {
    start: u32,
    time: u32,
}

/// The marks of one file, in a buffer that is used again.
#[derive(Default)]
pub(crate) struct RecordStarts(Vec<RecordStart>);

impl RecordStarts {
    /// Hands what can be seen of each record of fewer than `max_record` bytes to `visit`, which says whether
    /// to go on. False when it was stopped, or when the file has another form, whatever was handed on by then.
    pub(crate) fn count_without_splitting<'c>(
        &mut self,
        content: &'c [u8],
        max_record: usize,
        visit: &mut dyn FnMut(&FixedFields<'c>) -> bool,
    ) -> bool {
        let content = without_line_break(content);
        let has_form = content.starts_with(HEAD)
            && content[HEAD.len()..].starts_with(VERSION)
            && content.ends_with(FOOT)
            && u32::try_from(content.len()).is_ok();
        if !has_form {
            return false;
        }
        self.0.clear();
        let is_usual = fearless_simd::dispatch!(structural::simd_level(), simd => {
            let marks = &mut self.0;
            simd.vectorize(#[inline(always)] move || find_record_starts(simd, content, marks))
        });
        if !is_usual || may_hide_a_record(content, self.0.len()) {
            return false;
        }
        let ends = self.0.iter().skip(1).map(|next| next.start as usize - 1);
        let ends = ends.chain([content.len() - FOOT.len()]);
        let mut suffixes = SuffixCache::default();
        self.0.iter().zip(ends).all(|(mark, end)| {
            let record = &content[mark.start as usize..end];
            // The brace that closes `userIdentity`.
            let identity_end = mark.time.checked_sub(mark.start + 1);
            let seen = identity_end
                .filter(|at| record.len() < max_record && record.get(*at as usize) == Some(&b'}'))
                .and_then(|at| FixedFields::read(record, at, [0; 3], &mut suffixes));
            seen.is_some_and(|fixed| visit(&fixed))
        })
    }
}

/// Returns whether there may be a record beside those that were found: one that begins otherwise, so that it stands
/// between the begin and the end of another. Only a forged file has it, or one that was put together.
fn may_hide_a_record(content: &[u8], records: usize) -> bool {
    // Letters need no escape, and no writer gives them one.
    let is_letter = |at: usize| matches!(content.get(at + ESCAPE.needle().len()), Some(b'4'..=b'7'));
    NAME.find_iter(content).take(records + 1).count() != records || ESCAPE.find_iter(content).any(is_letter)
}

/// Goes over the content; false when keys stand where they do not belong.
#[inline(always)]
fn find_record_starts<S: Simd>(simd: S, content: &[u8], marks: &mut Vec<RecordStart>) -> bool {
    let next = &content[1..];
    let (blocks, nexts) = (content.as_chunks::<BLOCK>().0, next.as_chunks::<BLOCK>().0);
    // Both keys hold `tV` or `tT` (`eventVersion`, `eventTime`): two letters next to each other are rarer than one, and
    // two loads, one byte apart, find them without a shift across lanes. `T` and `V` differ in this one bit only. What
    // is found by chance is looked at by `check_key` and costs a comparison.
    let (small, large) = (u8x64::splat(simd, b't'), u8x64::splat(simd, b'T'));
    let but = u8x64::splat(simd, !(b'T' ^ b'V'));
    let mut at = 0;
    for (block, next) in blocks.iter().zip(nexts) {
        let is_small = u8x64::from_slice(simd, block).simd_eq(small);
        let is_large = (u8x64::from_slice(simd, next) & but).simd_eq(large);
        let mut found = (is_small & is_large).to_bitmask();
        while found != 0 {
            if !check_key(content, at + found.trailing_zeros() as usize, marks) {
                return false;
            }
            found &= found - 1;
        }
        at += BLOCK;
    }
    let is_letters = |at: usize| content[at] == b't' && matches!(next[at], b'T' | b'V');
    (at..next.len()).all(|at| !is_letters(at) || check_key(content, at, marks))
}

/// Looks at a place where `tV` or `tT` stands, as in the keys that are looked for.
#[inline(always)]
fn check_key(content: &[u8], at: usize, marks: &mut Vec<RecordStart>) -> bool {
    let Some(from) = at.checked_sub(BEFORE) else { return true };
    let here = &content[from..];
    if here.starts_with(VERSION) {
        marks.push(RecordStart { start: from as u32, time: 0 });
        return from == HEAD.len() || content[..from].ends_with(b"},");
    }
    if here[1..].starts_with(&TIME[1..]) {
        let first = marks.last_mut().filter(|mark| mark.time == 0);
        return first.is_some_and(|mark| {
            mark.time = from as u32;
            here[0] == TIME[0]
        });
    }
    true
}

#[cfg(test)]
mod tests;
