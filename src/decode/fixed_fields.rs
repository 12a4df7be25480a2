//! What can be seen of a record without an outline: the fields that stand at
//! known places in CloudTrail's own order of fields.
//!
//! Whoever cuts a file knows some places of a record, this knows what stands
//! there. Anything unusual is not seen, and an outline tells.

use super::outline::Field;
use super::record_suffix::{RecordSuffix, SuffixCache, SuffixCategory, before_read_only, before_type};
use super::structural::find_first_quote;
use super::{structural, top_level};
use fearless_simd::Simd;
use memchr::memmem::Finder;
use std::sync::LazyLock;

static ID: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\"eventID\":\""));
static OMITTED: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\"omitted\""));
static ERROR: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\"error"));
static RETURN: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("return\""));
static SHARED: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("sharedEventID"));
static SERVICE_EVENT: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\"serviceEventDetails\""));

/// What comes before the end of a record in which `sharedEventID` stands, if it has one: behind the account.
const TAIL: usize = 512;

/// Returns whether a record may have a `sharedEventID`, going by its end.
pub fn may_be_shared(record: &[u8]) -> bool {
    SHARED.find(&record[record.len().saturating_sub(TAIL)..]).is_some()
}

/// Returns whether CloudTrail may have left out a part of a record that was too large: `"omitted": true`.
pub fn may_lack_a_part(record: &[u8]) -> bool {
    OMITTED.find(record).is_some()
}

/// What stands at known places of a record in CloudTrail's own order of fields, without escapes. Texts may
/// still turn out to be no UTF-8.
///
/// Every record is looked at by one of these, and it is handed on by value: it holds places, no slices.
#[derive(Clone, Copy, Debug)]
pub struct FixedFields<'r> {
    record: &'r [u8],
    front: RecordFront,
    suffix: RecordSuffix<'r>,
    ends: [u32; 3],
}

impl<'r> FixedFields<'r> {
    /// Reads a record of which is known where `userIdentity` ends, and where the last three of its own
    /// fields end that hold objects or arrays, the last one first, 0 where that is not known. `None` when
    /// anything about it is unusual.
    #[inline]
    pub(super) fn read(
        record: &'r [u8],
        identity_end: u32,
        ends: [u32; 3],
        suffixes: &mut SuffixCache<'r>,
    ) -> Option<Self> {
        fearless_simd::dispatch!(structural::simd_level(), simd => {
            simd.vectorize(#[inline(always)] move || {
                let front = RecordFront::read(simd, record, identity_end)?;
                let verb = record[front.source_end as usize + NAME.len()];
                let suffix = suffixes.read(simd, record, front.source(record), verb)?;
                Some(Self { record, front, suffix, ends })
            })
        })
    }

    fn part(&self, from: u32, to: u32) -> &'r [u8] {
        &self.record[from as usize..to as usize]
    }

    /// Returns `eventTime`, as logged.
    pub fn time(&self) -> &'r [u8] {
        self.part(self.front.identity_end + TIME.len() as u32, self.front.time_end)
    }

    /// Returns `eventSource`.
    pub fn source(&self) -> &'r [u8] {
        self.front.source(self.record)
    }

    /// Returns `eventName`.
    pub fn name(&self) -> &'r [u8] {
        self.part(self.front.source_end + NAME.len() as u32, self.front.name_end)
    }

    /// Returns `awsRegion`.
    pub fn region(&self) -> &'r [u8] {
        self.part(self.front.name_end + REGION.len() as u32, self.front.region_end)
    }

    /// Returns the object `userIdentity`.
    pub fn identity(&self) -> &'r [u8] {
        self.part(IDENTITY_AT as u32, self.front.identity_end)
    }

    /// Returns `recipientAccountId`.
    pub fn account(&self) -> &'r [u8] {
        self.suffix.account
    }

    /// Returns `eventCategory`, or what the record says instead, where it is older than that field.
    pub fn category(&self) -> &'static [u8] {
        match self.suffix.category {
            SuffixCategory::Management => b"Management",
            SuffixCategory::Data => b"Data",
            SuffixCategory::NetworkActivity => b"NetworkActivity",
        }
    }

    /// Returns whether CloudTrail may have left out a part of the record that was too large.
    pub fn may_lack_a_part(&self) -> bool {
        may_lack_a_part(self.record)
    }

    /// Returns `eventID`, where it stands as usual: before the account, among the record's own fields
    /// between two that hold objects or arrays.
    pub fn id(&self) -> Option<&'r [u8]> {
        let mut to = self.suffix.account_at;
        self.ends.into_iter().filter(|end| *end != 0 && *end < self.suffix.account_at).find_map(|end| {
            let part = self.record.get(end as usize + 1..to as usize)?;
            to = end;
            let at = ID.find(part)?;
            let is_own = memchr::memchr2(b'{', b'[', &part[..at]).is_none();
            is_own.then(|| plain_text(&part[at + ID.needle().len()..])).flatten()
        })
    }

    /// Returns `sourceIPAddress`, where it stands as usual.
    pub fn address(&self) -> Option<&'r [u8]> {
        plain_text(self.behind_region().strip_prefix(ADDRESS)?)
    }

    /// Returns `userAgent`, where it stands as usual: behind the address.
    pub fn user_agent(&self) -> Option<&'r [u8]> {
        let behind = self.behind_region().get(ADDRESS.len() + self.address()?.len()..)?;
        plain_text(behind.strip_prefix(b"\",\"userAgent\":\"")?)
    }

    /// Returns `readOnly`, where it stands as usual: before the type of the event, or the resources before that.
    pub fn read_only(&self) -> Option<bool> {
        if self.suffix.read_only.is_some() {
            return self.suffix.read_only;
        }
        let own = before_type(self.part(0, self.suffix.account_at))?.strip_suffix(b"]")?;
        // No string holds this key with bare quotes, and a list within the list would come later.
        let own = own[..memchr::memrchr(b'[', own)?].strip_suffix(b",\"resources\":")?;
        before_read_only(own).map(|(_, read_only)| read_only)
    }

    /// Returns whether the record may have a `sharedEventID`, which CloudTrail writes behind the account.
    pub fn may_be_shared(&self) -> bool {
        !self.suffix.is_last && may_be_shared(self.record)
    }

    /// Returns whether the record may tell that the call failed, wherever it does; false is sure.
    pub fn may_hold_error(&self) -> bool {
        let rest = self.behind_region();
        self.may_fail_without_an_error() || ERROR.find(rest).is_some() || SERVICE_EVENT.find(rest).is_some()
    }

    /// Whether it may tell so in its response, as the sign-in service does, and EC2.
    fn may_fail_without_an_error(&self) -> bool {
        match self.source() {
            source if source.starts_with(b"ec2") => may_return_false(self.behind_region()),
            source => source.is_empty() || source.starts_with(b"signin"),
        }
    }

    /// Gives the known fields behind the region to `visit`, up to `readOnly` where only that, the type, the account,
    /// the category and `tlsDetails` follow. Each comes with its value; one that is an object or array with everything
    /// that follows, and `visit` returns how long it is, if it found out. False when there may be some that were not
    /// given.
    pub fn fields_behind_region(&self, visit: &mut impl FnMut(Field, &'r [u8]) -> Option<usize>) -> bool {
        let to = match self.suffix.read_only {
            Some(_) => self.suffix.from as usize,
            None => self.record.len() - 1,
        };
        top_level::visit_top_level(self.record, self.front.region_end as usize + 1, to, visit)
    }

    fn behind_region(&self) -> &'r [u8] {
        &self.record[self.front.region_end as usize + 1..]
    }
}

/// Returns whether there may be a member `_return` or `return` that is not true, as EC2 has it.
pub fn may_return_false(text: &[u8]) -> bool {
    RETURN.find_iter(text).any(|at| {
        let value = text[at + RETURN.needle().len()..].trim_ascii_start();
        let value = value.strip_prefix(b":").map(<[u8]>::trim_ascii_start);
        value.is_some_and(|value| !value.starts_with(b"true"))
    })
}

/// What stands between the first of a record's own fields.
const VERSION: &[u8; 17] = b"{\"eventVersion\":\"";
const IDENTITY: &[u8; 17] = b"\",\"userIdentity\":";
const TIME: &[u8; 14] = b",\"eventTime\":\"";
const SOURCE: &[u8; 17] = b"\",\"eventSource\":\"";
const NAME: &[u8; 15] = b"\",\"eventName\":\"";
const REGION: &[u8; 15] = b"\",\"awsRegion\":\"";

/// What stands before the address, which is not read of every record.
const ADDRESS: &[u8] = b",\"sourceIPAddress\":\"";

/// How long a version is, as `1.08`, and where the object behind it starts.
const VERSION_LENGTH: usize = 4;
const IDENTITY_AT: usize = VERSION.len() + VERSION_LENGTH + IDENTITY.len();

/// Where the first of a record's own fields end.
#[derive(Clone, Copy, Debug)]
struct RecordFront {
    identity_end: u32,
    time_end: u32,
    source_end: u32,
    name_end: u32,
    region_end: u32,
}

impl RecordFront {
    /// Reads on from the last byte of `userIdentity`.
    #[inline(always)]
    fn read<S: Simd>(simd: S, record: &[u8], identity_end: u32) -> Option<Self> {
        let identity_end = identity_end + 1;
        let before = record.get(..identity_end as usize)?;
        let (_, before) = before.strip_prefix(VERSION)?.split_at_checked(VERSION_LENGTH)?;
        if !before.strip_prefix(IDENTITY)?.starts_with(b"{") {
            return None;
        }
        let time_end = end_of(simd, record, identity_end, TIME)?;
        let source_end = end_of(simd, record, time_end, SOURCE)?;
        let name_end = end_of(simd, record, source_end, NAME)?;
        let region_end = end_of(simd, record, name_end, REGION)?;
        Some(Self { identity_end, time_end, source_end, name_end, region_end })
    }

    fn source(self, record: &[u8]) -> &[u8] {
        &record[self.time_end as usize + SOURCE.len()..self.source_end as usize]
    }
}

/// Returns where a plain string ends of which the beginning is known, and where that stands.
#[inline(always)]
fn end_of<S: Simd, const N: usize>(simd: S, record: &[u8], at: u32, before: &[u8; N]) -> Option<u32> {
    let (found, rest) = record.get(at as usize..)?.split_first_chunk::<N>()?;
    match found == before {
        true => Some(at + (N + plain_text_length(simd, rest)?) as u32),
        false => None,
    }
}

/// Returns how long the rest of a plain string is.
#[inline(always)]
fn plain_text_length<S: Simd>(simd: S, text: &[u8]) -> Option<usize> {
    let at = find_first_quote(simd, text)?;
    (text[at] == b'"').then_some(at)
}

/// Returns the rest of a plain string.
fn plain_text(text: &[u8]) -> Option<&[u8]> {
    let length = memchr::memchr2(b'"', b'\\', text)?;
    (text[length] == b'"').then_some(&text[..length])
}
