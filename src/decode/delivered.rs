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

/// The categories that calls have.
const CATEGORIES: [&[u8]; 3] = [b"Management", b"Data", b"NetworkActivity"];

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

/// What stands at known places of a record in CloudTrail's own order of fields, without escapes. Texts may
/// still turn out to be no UTF-8.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'r> {
    /// `eventTime`, as logged.
    pub time: &'r [u8],
    /// `eventSource`.
    pub source: &'r [u8],
    /// `eventName`.
    pub name: &'r [u8],
    /// `awsRegion`.
    pub region: &'r [u8],
    /// The object `userIdentity`.
    pub identity: &'r [u8],
    /// What follows `awsRegion`.
    behind_region: &'r [u8],
    foot: Foot<'r>,
}

impl<'r> Sight<'r> {
    /// Returns `recipientAccountId`.
    pub fn account(&self) -> &'r [u8] {
        self.foot.account
    }

    /// Returns `eventCategory`.
    pub fn category(&self) -> &'r [u8] {
        self.foot.category
    }

    /// Returns `eventID`, where it stands as usual.
    pub fn id(&self) -> Option<&'r [u8]> {
        self.foot.before.iter().find_map(|part| own(part, &ID)).map(|(id, _)| id)
    }

    /// Returns `sourceIPAddress`, where it stands as usual.
    pub fn address(&self) -> Option<&'r [u8]> {
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
        let (_, at) = string_of(4, record, behind(record, start, b"{\"eventVersion\":\"")?)?;
        let at = behind(record, at, b",\"userIdentity\":")?;
        let identity = record.get(at..=first).filter(|it| it.first() == Some(&b'{'))?;
        let (time, at) = string_of(20, record, behind(record, first + 1, b",\"eventTime\":\"")?)?;
        let (source, at) = string(record, behind(record, at, b",\"eventSource\":\"")?)?;
        let (name, at) = string(record, behind(record, at, b",\"eventName\":\"")?)?;
        let (region, at) = string(record, behind(record, at, b",\"awsRegion\":\"")?)?;
        let behind_region = record.get(at..)?;
        // What stands between two objects or arrays, and behind the last, are the record's own fields.
        let [last, before, third] = self.last.map(|place| start.max(place as usize + 1));
        let [tail, part, far] = [record.get(last..)?, record.get(before..last)?, record.get(third..before)?];
        let usual = match tail {
            b"}" => {
                let open = memchr::memrchr(b'{', part)?;
                // Were this not the only brace that closes, the last object could be a larger one.
                let is_flat = memchr::memchr(b'}', &part[open..]) == Some(part.len() - open - 1);
                let own = part[..open].strip_suffix(b",\"tlsDetails\":").filter(|_| is_flat);
                own.and_then(|own| Foot::usual(own, far))
            }
            _ => Foot::usual(&tail[..tail.len() - 1], part),
        };
        let rare = || Foot::found(tail, b"", part).or_else(|| Foot::found(part, tail, far));
        let foot = usual.or_else(rare)?;
        Some(Sight { time, source, name, region, identity, behind_region, foot })
    }
}

/// The last of a record's own fields.
#[derive(Clone, Copy, Debug)]
struct Foot<'r> {
    account: &'r [u8],
    category: &'r [u8],
    /// What of the record's own fields stands before the account, the nearer part first.
    before: [&'r [u8]; 2],
}

impl<'r> Foot<'r> {
    /// Reads the account and the category where nearly every record has them: last, or before `tlsDetails`.
    fn usual(own: &'r [u8], before: &'r [u8]) -> Option<Self> {
        let own = own.strip_suffix(b"\"")?;
        let length = CATEGORIES.iter().find(|it| own.ends_with(it))?.len();
        let (own, category) = own.split_at(own.len() - length);
        let (own, account) = own.strip_suffix(b"\",\"eventCategory\":\"")?.split_last_chunk::<12>()?;
        let near = own.strip_suffix(b",\"recipientAccountId\":\"")?;
        account.iter().all(u8::is_ascii_digit).then_some(Self { account, category, before: [near, before] })
    }

    /// Looks for them in `part`, one of the places of a record's own fields, which `rest` follows; `None`
    /// where they are not plain, or a correction follows.
    fn found(part: &'r [u8], rest: &'r [u8], before: &'r [u8]) -> Option<Self> {
        let (account, at) = own(part, &ACCOUNT)?;
        let (category, _) = own(&part[at..], &CATEGORY)?;
        let is_plain = [&part[at..], rest].iter().all(|behind| ADDENDUM.find(behind).is_none());
        let is_call = CATEGORIES.contains(&category);
        (is_plain && is_call).then_some(Self { account, category, before: [&part[..at], before] })
    }
}

/// Returns the plain string under a key among a record's own fields, and what follows its quote. There are
/// none but those before the first brace or bracket, were it one in a string.
fn own<'r>(part: &'r [u8], key: &Finder<'_>) -> Option<(&'r [u8], usize)> {
    let at = key.find(part)?;
    memchr::memchr2(b'{', b'[', &part[..at]).is_none().then_some(())?;
    string(part, at + key.needle().len())
}

/// Returns the rest of a plain string that is open at `at`, and what follows its quote.
#[inline]
fn string(content: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let rest = content.get(at..)?;
    let length = memchr::memchr2(b'"', b'\\', rest)?;
    (rest[length] == b'"').then_some((&rest[..length], at + length + 1))
}

/// The same of a string of which the usual length is known.
#[inline]
fn string_of(length: usize, content: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let text = content.get(at..at + length)?;
    let is_plain =
        content.get(at + length) == Some(&b'"') && !text.iter().any(|it| matches!(it, b'"' | b'\\'));
    if is_plain { Some((text, at + length + 1)) } else { string(content, at) }
}

#[inline]
fn behind(content: &[u8], at: usize, literal: &[u8]) -> Option<usize> {
    content.get(at..)?.starts_with(literal).then_some(at + literal.len())
}

#[cfg(test)]
#[path = "delivered_tests.rs"]
mod tests;
