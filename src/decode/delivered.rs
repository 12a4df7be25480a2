//! Cuts a file in the form that CloudTrail delivers, which nearly every log file has:
//! `{"Records":[{…},{…}]}` without a space between.
//!
//! One pass finds where each record and each of its objects ends, by the same
//! rules as an outline but without looking at keys. What can be seen of a
//! record then stands at known places ([`Sight`]). A file in any other form is
//! refused as a whole, and `records` walks it.

use super::mask::{self, BLOCK, Carry};
use fearless_simd::Simd;
use memchr::memmem::Finder;
use std::sync::LazyLock;

/// What such a file begins and ends with.
const HEAD: &[u8] = b"{\"Records\":[";
const FOOT: &[u8] = b"]}";

/// How deep the fields of a record stand: in an object in an array in an object.
const FIELDS: i64 = 3;

static ACCOUNT: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\"recipientAccountId\":\""));
static CATEGORY: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\"eventCategory\":\""));
static ADDENDUM: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\"addendum\""));
static ID: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\"eventID\":\""));
static ERROR: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\"error"));

/// Where one record stands, and some of the objects and arrays that its fields hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cut {
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
pub(crate) struct Cuts(Vec<Cut>);

impl Cuts {
    /// Cuts `content` into records of at most `max_record` bytes; `None` when it has another form.
    pub(crate) fn read(&mut self, content: &[u8], max_record: usize) -> Option<&[Cut]> {
        self.0.clear();
        u32::try_from(content.len()).ok()?;
        if !content.starts_with(HEAD) || !content.ends_with(FOOT) {
            return None;
        }
        let is_whole = fearless_simd::dispatch!(mask::level(), simd => {
            let cuts = &mut self.0;
            simd.vectorize(#[inline(always)] move || cut(simd, content, cuts))
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
        // The last record is followed by the foot, of which the loop took one byte for a comma.
        (is_whole && !self.0.is_empty() && next == content.len() - 1).then_some(&self.0)
    }
}

impl Cut {
    /// Returns the bytes of the record.
    pub(crate) fn text(self, content: &[u8]) -> &[u8] {
        &content[self.start as usize..=self.end as usize]
    }

    /// Returns where the record starts.
    pub(crate) fn start(self) -> usize {
        self.start as usize
    }
}

/// What one pass has to remember from block to block.
#[derive(Default)]
struct Pass {
    carry: Carry,
    depth: i64,
    cut: Cut,
}

/// Cuts by depth alone; false when the content does not end where its outermost object does.
#[inline(always)]
fn cut<S: Simd>(simd: S, content: &[u8], cuts: &mut Vec<Cut>) -> bool {
    let (blocks, rest) = content.as_chunks::<BLOCK>();
    let mut pass = Pass::default();
    for (index, block) in blocks.iter().enumerate() {
        pass.block(simd, index * BLOCK, block, cuts);
    }
    pass.block(simd, content.len() - rest.len(), &mask::padded(rest), cuts);
    pass.depth == 0 && !pass.carry.is_in_string()
}

impl Pass {
    #[inline(always)]
    fn block<S: Simd>(&mut self, simd: S, at: usize, bytes: &[u8; BLOCK], cuts: &mut Vec<Cut>) {
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
    fn ends(&mut self, at: usize, open: u64, mut close: u64, cuts: &mut Vec<Cut>) {
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

/// What stands at known places of a record in CloudTrail's own order of fields, without escapes.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'r> {
    /// `eventTime`, as logged.
    pub time: &'r str,
    /// `eventSource`.
    pub source: &'r str,
    /// `eventName`.
    pub name: &'r str,
    /// `awsRegion`.
    pub region: &'r str,
    /// `recipientAccountId`.
    pub account: &'r str,
    /// `eventCategory`.
    pub category: &'r str,
    /// The object `userIdentity`.
    pub identity: &'r [u8],
    /// What follows `awsRegion`.
    behind_region: &'r [u8],
    /// What of the record's own fields stands before the account, the nearer part first.
    before_account: [&'r [u8]; 2],
}

impl<'r> Sight<'r> {
    /// Returns `eventID`, where it stands as usual.
    pub fn id(&self) -> Option<&'r str> {
        self.before_account.iter().find_map(|part| own(part, &ID)).map(|(id, _)| id)
    }

    /// Returns `sourceIPAddress`, where it stands as usual.
    pub fn address(&self) -> Option<&'r str> {
        let at = behind(self.behind_region, 0, b",\"sourceIPAddress\":\"")?;
        string(self.behind_region, at).map(|(address, _)| address)
    }

    /// Returns whether the record may have an `errorCode` or `errorMessage`; false is sure.
    pub fn may_tell_an_error(&self) -> bool {
        ERROR.find(self.behind_region).is_some()
    }
}

impl Cut {
    /// Reads what can be seen of a record; `None` when anything about it is unusual.
    pub(crate) fn sight(self, content: &[u8]) -> Option<Sight<'_>> {
        let (start, first) = (self.start as usize, self.first as usize);
        let record = content.get(..=self.end as usize)?;
        let (_, at) = string(record, behind(record, start, b"{\"eventVersion\":\"")?)?;
        let at = behind(record, at, b",\"userIdentity\":")?;
        let identity = record.get(at..=first).filter(|it| it.starts_with(b"{"))?;
        let (time, at) = string(record, behind(record, first + 1, b",\"eventTime\":\"")?)?;
        let (source, at) = string(record, behind(record, at, b",\"eventSource\":\"")?)?;
        let (name, at) = string(record, behind(record, at, b",\"eventName\":\"")?)?;
        let (region, at) = string(record, behind(record, at, b",\"awsRegion\":\"")?)?;
        let behind_region = record.get(at..)?;
        // What stands between two objects or arrays, and behind the last, are the record's own fields.
        let [last, before, third] = self.last.map(|place| start.max(place as usize + 1));
        let parts = [record.get(last..)?, record.get(before..last)?, record.get(third..before)?];
        let (nearest, (account, length)) = match own(parts[0], &ACCOUNT) {
            Some(found) => (0, found),
            None => (1, own(parts[1], &ACCOUNT)?),
        };
        let at = if nearest == 0 { last } else { before } + length;
        let before_account = [record.get(at - length..at)?, parts[nearest + 1]];
        let category = category(record.get(at..)?)?;
        Some(Sight { time, source, name, region, account, category, identity, behind_region, before_account })
    }
}

/// The category in what follows the account; `None` where that is not plain, or a correction follows.
fn category(behind_account: &[u8]) -> Option<&str> {
    let (category, rest) = match behind(behind_account, 0, b",\"eventCategory\":\"") {
        Some(at) => string(behind_account, at)?,
        None => own(behind_account, &CATEGORY)?,
    };
    // Others are no calls.
    matches!(category, "Management" | "Data" | "NetworkActivity").then_some(())?;
    // What most records end in, so that the rest need not be searched.
    let ends = [&b"}"[..], b",\"tlsDetails\":{", b",\"sessionCredentialFromConsole\":\"true\"}"];
    let is_usual = ends.iter().any(|end| behind_account[rest..].starts_with(end));
    (is_usual || ADDENDUM.find(behind_account).is_none()).then_some(category)
}

/// Returns the plain string under a key among a record's own fields, and what follows its quote. There are
/// none but those before the first brace or bracket, were it one in a string.
fn own<'r>(part: &'r [u8], key: &Finder<'_>) -> Option<(&'r str, usize)> {
    let at = key.find(part)?;
    memchr::memchr2(b'{', b'[', &part[..at]).is_none().then_some(())?;
    string(part, at + key.needle().len())
}

/// Returns the rest of a plain string that is open at `at`, and what follows its quote.
#[inline]
fn string(content: &[u8], at: usize) -> Option<(&str, usize)> {
    let rest = content.get(at..)?;
    let length = memchr::memchr2(b'"', b'\\', rest)?;
    (rest[length] == b'"').then_some(())?;
    Some((str::from_utf8(&rest[..length]).ok()?, at + length + 1))
}

#[inline]
fn behind(content: &[u8], at: usize, literal: &[u8]) -> Option<usize> {
    content.get(at..)?.starts_with(literal).then_some(at + literal.len())
}

#[cfg(test)]
#[path = "delivered_tests.rs"]
mod tests;
