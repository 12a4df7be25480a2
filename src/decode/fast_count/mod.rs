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

/// The key by which anything is a record, also within a text.
const NAME: &[u8] = b"eventName";

/// How far into it the letter is by which it is found, with the one behind.
const NAME_BEFORE: usize = 4;

/// How a sign of the first 256 is written as an escape.
const ESCAPE: &[u8] = b"\\u00";

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
pub(crate) struct RecordStarts {
    marks: Vec<RecordStart>,
    /// How often the key was met that each record has once.
    names: usize,
}

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
        self.marks.clear();
        self.names = 0;
        let is_usual = fearless_simd::dispatch!(structural::simd_level(), simd => {
            let starts = &mut *self;
            simd.vectorize(#[inline(always)] move || find_record_starts(simd, content, starts))
        });
        // A record that begins otherwise would stand between the begin and the end of another: only a forged file has
        // it, or one that was put together.
        if !is_usual || self.names != self.marks.len() {
            return false;
        }
        let ends = self.marks.iter().skip(1).map(|next| next.start as usize - 1);
        let ends = ends.chain([content.len() - FOOT.len()]);
        let mut suffixes = SuffixCache::default();
        self.marks.iter().zip(ends).all(|(mark, end)| {
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

/// Goes over the content; false when keys stand where they do not belong.
#[inline(always)]
fn find_record_starts<S: Simd>(simd: S, content: &[u8], starts: &mut RecordStarts) -> bool {
    let next = &content[1..];
    let (blocks, nexts) = (content.as_chunks::<BLOCK>().0, next.as_chunks::<BLOCK>().0);
    // Both keys hold `tV` or `tT` (`eventVersion`, `eventTime`): two letters next to each other are rarer than one, and
    // two loads, one byte apart, find them without a shift across lanes. `T` and `V` differ in this one bit only. With
    // the same loads `tN` (`eventName`) and `\u` are found, by which a record could hide. What is found by chance is
    // looked at by `check_place` and costs a comparison.
    let [small, large, name, slash, escape] =
        [b't', b'T', b'N', b'\\', b'u'].map(|letter| u8x64::splat(simd, letter));
    let but = u8x64::splat(simd, !(b'T' ^ b'V'));
    let mut at = 0;
    for (block, next) in blocks.iter().zip(nexts) {
        let (here, behind) = (u8x64::from_slice(simd, block), u8x64::from_slice(simd, next));
        let is_key = here.simd_eq(small) & ((behind & but).simd_eq(large) | behind.simd_eq(name));
        let is_escape = here.simd_eq(slash) & behind.simd_eq(escape);
        let mut found = (is_key | is_escape).to_bitmask();
        while found != 0 {
            if !check_place(content, at + found.trailing_zeros() as usize, starts) {
                return false;
            }
            found &= found - 1;
        }
        at += BLOCK;
    }
    let is_found = |at: usize| matches!((content[at], next[at]), (b't', b'T' | b'V' | b'N') | (b'\\', b'u'));
    (at..next.len()).all(|at| !is_found(at) || check_place(content, at, starts))
}

/// Looks at a place where `tV`, `tT` or `tN` stands, as in the keys that are looked for, or `\u`.
#[inline(always)]
fn check_place(content: &[u8], at: usize, starts: &mut RecordStarts) -> bool {
    let RecordStarts { marks, names } = starts;
    match content[at + 1] {
        // Letters need no escape, and no writer gives them one: the key of a name could be written so.
        b'u' => return !content[at..].starts_with(ESCAPE) || !is_letter_escape(content, at),
        b'N' => {
            let is_name = at >= NAME_BEFORE && content[at - NAME_BEFORE..].starts_with(NAME);
            *names += usize::from(is_name);
            return true;
        }
        _ => {}
    }
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

/// Returns whether the escape at this place stands for a letter, or for what stands beside letters.
fn is_letter_escape(content: &[u8], at: usize) -> bool {
    matches!(content.get(at + ESCAPE.len()), Some(b'4'..=b'7'))
}

#[cfg(test)]
mod tests;
