//! What can be seen of a record without an outline: the fields that stand at
//! known places in CloudTrail's own order of fields.
//!
//! Whoever cuts a file knows some places of a record, this knows what stands
//! there. Anything unusual is not seen, and an outline tells.

use super::mask;
use fearless_simd::{prelude::*, u8x32};
use memchr::memmem::Finder;
use std::sync::LazyLock;

static ID: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\"eventID\":\""));
static ERROR: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\"error"));

/// What stands at known places of a record in CloudTrail's own order of fields, without escapes. Texts may
/// still turn out to be no UTF-8.
///
/// Every record is looked at by one of these, and it is handed on by value: it holds places, no slices.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'r> {
    record: &'r [u8],
    front: Front,
    foot: Foot<'r>,
    ends: [u32; 3],
}

impl<'r> Sight<'r> {
    /// Reads a record of which is known where `userIdentity` ends, and where the last three of its own
    /// fields end that hold objects or arrays, the last one first, 0 where that is not known. `None` when
    /// anything about it is unusual.
    #[inline]
    pub(super) fn read(
        record: &'r [u8],
        identity_end: u32,
        ends: [u32; 3],
        feet: &mut Feet<'r>,
    ) -> Option<Self> {
        fearless_simd::dispatch!(mask::level(), simd => {
            simd.vectorize(#[inline(always)] move || {
                let front = Front::read(simd, record, identity_end)?;
                let foot = feet.read(simd, record, front)?;
                Some(Self { record, front, foot, ends })
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
        self.foot.account
    }

    /// Returns `eventCategory`, or what the record says instead, where it is older than that field.
    pub fn category(&self) -> &'static [u8] {
        match self.foot.category {
            Category::Management => b"Management",
            Category::Data => b"Data",
            Category::NetworkActivity => b"NetworkActivity",
        }
    }

    /// Returns `eventID`, where it stands as usual: before the account, among the record's own fields
    /// between two that hold objects or arrays.
    pub fn id(&self) -> Option<&'r [u8]> {
        self.id_before_read_only().or_else(|| self.id_between_ends())
    }

    /// Returns the id if it stands where it nearly always does, right before `readOnly`.
    fn id_before_read_only(&self) -> Option<&'r [u8]> {
        /// How long an id is, and the quote behind it.
        const LENGTH: usize = 37;
        self.foot.read_only?;
        let (before, id) = self.part(0, self.foot.from).split_last_chunk::<LENGTH>()?;
        let id = id.strip_suffix(b"\"")?;
        // Each byte is looked at, whatever the others are: so that is done for many at once.
        let is_text = !id.iter().fold(false, |odd, byte| odd | (*byte == b'"') | (*byte == b'\\'));
        (is_text && before.ends_with(b",\"eventID\":\"")).then_some(id)
    }

    fn id_between_ends(&self) -> Option<&'r [u8]> {
        let mut to = self.foot.account_at;
        self.ends.into_iter().filter(|end| *end != 0 && *end < self.foot.account_at).find_map(|end| {
            let part = self.record.get(end as usize + 1..to as usize)?;
            to = end;
            let at = ID.find(part)?;
            let is_own = memchr::memchr2(b'{', b'[', &part[..at]).is_none();
            is_own.then(|| text(&part[at + ID.needle().len()..])).flatten()
        })
    }

    /// Returns `sourceIPAddress`, where it stands as usual.
    pub fn address(&self) -> Option<&'r [u8]> {
        text(self.behind_region().strip_prefix(ADDRESS)?)
    }

    /// Returns `userAgent`, where it stands as usual: behind the address.
    pub fn user_agent(&self) -> Option<&'r [u8]> {
        let behind = self.behind_region().get(ADDRESS.len() + self.address()?.len()..)?;
        text(behind.strip_prefix(b"\",\"userAgent\":\"")?)
    }

    /// Returns `readOnly`, where it stands as usual: before the type of the event, or the resources before that.
    pub fn read_only(&self) -> Option<bool> {
        if self.foot.read_only.is_some() {
            return self.foot.read_only;
        }
        let own = before_type(self.part(0, self.foot.account_at))?.strip_suffix(b"]")?;
        // No string holds this key with bare quotes, and a list within the list would come later.
        let own = own[..memchr::memrchr(b'[', own)?].strip_suffix(b",\"resources\":")?;
        before_read_only(own).map(|(_, read_only)| read_only)
    }

    /// Returns whether the record may have an `errorCode` or `errorMessage`; false is sure.
    pub fn may_tell_an_error(&self) -> bool {
        ERROR.find(self.behind_region()).is_some()
    }

    fn behind_region(&self) -> &'r [u8] {
        &self.record[self.front.region_end as usize + 1..]
    }
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
struct Front {
    identity_end: u32,
    time_end: u32,
    source_end: u32,
    name_end: u32,
    region_end: u32,
}

impl Front {
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

/// Returns what stands before `tlsDetails`, with which `part` ends.
fn before_tls_details(part: &[u8]) -> Option<&[u8]> {
    let open = memchr::memrchr(b'{', part)?;
    // Were this not the only brace that closes, the last object could be a larger one.
    let is_flat = memchr::memchr(b'}', &part[open..]) == Some(part.len() - open - 1);
    part[..open].strip_suffix(b",\"tlsDetails\":").filter(|_| is_flat)
}

/// Returns what stands before `eventType`, which `managementEvent` may follow at the end of `own`.
fn before_type(own: &[u8]) -> Option<&[u8]> {
    let managed = own.strip_suffix(b",\"managementEvent\":true");
    let own =
        managed.or(own.strip_suffix(b",\"managementEvent\":false")).unwrap_or(own).strip_suffix(b"\"")?;
    own[..memchr::memrchr(b'"', own)?].strip_suffix(b",\"eventType\":")
}

/// Returns what stands before `readOnly`, with which `own` ends, and what that says.
fn before_read_only(own: &[u8]) -> Option<(&[u8], bool)> {
    let reads = own.strip_suffix(b",\"readOnly\":true").map(|before| (before, true));
    reads.or_else(|| own.strip_suffix(b",\"readOnly\":false").map(|before| (before, false)))
}

/// The last of a record's own fields.
#[derive(Clone, Copy, Debug)]
struct Foot<'r> {
    account: &'r [u8],
    category: Category,
    /// Where the field of the account starts.
    account_at: u32,
    /// `readOnly`, where nothing but the type stands between that and the account.
    read_only: Option<bool>,
    /// Where that begins which all of this was read of.
    from: u32,
}

/// How many ends of records are kept.
const FEET: usize = 64;

/// Ends of records of one file, and what they say: many records end alike, and to compare is cheaper than to read.
pub(super) struct Feet<'r>([(&'r [u8], Option<Foot<'r>>); FEET]);

impl Default for Feet<'_> {
    fn default() -> Self {
        Self([(&[], None); FEET])
    }
}

impl<'r> Feet<'r> {
    /// Reads the foot of a record. Calls of one service whose names begin alike end alike most often, with and
    /// without `tlsDetails`.
    #[inline(always)]
    fn read<S: Simd>(&mut self, simd: S, record: &'r [u8], front: Front) -> Option<Foot<'r>> {
        let source = front.source(record);
        let [first, second, ..] = *source else { return Foot::read(simd, record) };
        let verb = record[front.source_end as usize + NAME.len()];
        let has_details = record.ends_with(b"}}");
        let slot =
            usize::from(first) * 4 + usize::from(second) * 2 + source.len() * 8 + usize::from(verb) * 26;
        let (end, foot) = &mut self.0[(slot + usize::from(has_details)) % FEET];
        if let Some(foot) = foot
            && record.ends_with(end)
        {
            let from = (record.len() - end.len()) as u32;
            return Some(Foot { account_at: foot.account_at - foot.from + from, from, ..*foot });
        }
        let read = Foot::read(simd, record)?;
        (*end, *foot) = (&record[read.from as usize..], Some(read));
        Some(read)
    }
}

impl<'r> Foot<'r> {
    /// Goes back from the end, over texts and `tlsDetails`, to the account.
    #[inline(always)]
    fn read<S: Simd>(simd: S, record: &'r [u8]) -> Option<Self> {
        let own = record.strip_suffix(b"}")?;
        let own = if own.ends_with(b"}") { before_tls_details(own)? } else { own };
        // Closures would not be compiled for what the processor can do.
        match Self::usual(own) {
            Some(foot) => Some(foot),
            None => Self::found(simd, own),
        }
    }

    /// Reads the account and the category where nearly every record has them.
    #[inline(always)]
    fn usual(own: &'r [u8]) -> Option<Self> {
        let rest = own.strip_suffix(b"\"")?;
        let (rest, category) = match rest {
            _ if let Some(rest) = rest.strip_suffix(b"Management") => (rest, Category::Management),
            _ => (rest.strip_suffix(b"Data")?, Category::Data),
        };
        let (rest, account) = rest.strip_suffix(b"\",\"eventCategory\":\"")?.split_last_chunk::<12>()?;
        let rest = rest.strip_suffix(b",\"recipientAccountId\":\"")?;
        let is_usual = account.iter().all(u8::is_ascii_digit);
        let (from, read_only) = match before_type(rest) {
            Some(own) => before_read_only(own).map_or((rest, None), |(before, it)| (before, Some(it))),
            None => (rest, None),
        };
        let (account_at, from) = (rest.len() as u32, from.len() as u32);
        is_usual.then_some(Self { account, category, account_at, read_only, from })
    }

    /// Looks for them a few fields further on.
    #[inline(always)]
    fn found<S: Simd>(simd: S, mut own: &'r [u8]) -> Option<Self> {
        /// How many fields may follow the account.
        const LATER: usize = 7;
        let mut category = None;
        for _ in 0..=LATER {
            if own.ends_with(b"}") {
                own = before_tls_details(own)?;
            }
            let (rest, key, value) = last_text(simd, own)?;
            match key {
                b"eventCategory" => category = Some(known_category(value)?),
                b"recipientAccountId" => {
                    let account_at = rest.len() as u32;
                    let (category, from) = match category {
                        Some(category) => (category, account_at),
                        None => old_category(simd, rest)?,
                    };
                    return Some(Self { account: value, category, account_at, read_only: None, from });
                }
                _ => {}
            }
            own = rest;
        }
        None
    }
}

/// Returns the last of a record's own fields where it is a plain text: what stands before, its key, its value.
/// Going back from where no string is open, a quote without a backslash before it is one that opens a string.
#[inline(always)]
fn last_text<S: Simd>(simd: S, own: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (before, value) = last_quoted(simd, own.strip_suffix(b"\"")?)?;
    let (before, key) = last_quoted(simd, before.strip_suffix(b"\":")?)?;
    Some((before.strip_suffix(b",")?, key, value))
}

/// Returns what follows the last quote, and what stands before it, unless a backslash comes later.
#[inline(always)]
fn last_quoted<S: Simd>(simd: S, text: &[u8]) -> Option<(&[u8], &[u8])> {
    let ends = match text.last_chunk::<LANES>() {
        Some(last) => quotes(simd, last),
        None => 0,
    };
    let at = match ends {
        0 => memchr::memrchr2(b'"', b'\\', text)?,
        ends => text.len() - 1 - ends.leading_zeros() as usize,
    };
    (text[at] == b'"').then(|| (&text[..at], &text[at + 1..]))
}

/// What categories calls have.
#[derive(Clone, Copy, Debug)]
enum Category {
    Management,
    Data,
    NetworkActivity,
}

#[inline(always)]
fn known_category(name: &[u8]) -> Option<Category> {
    match name {
        b"Management" => Some(Category::Management),
        b"Data" => Some(Category::Data),
        b"NetworkActivity" => Some(Category::NetworkActivity),
        _ => None,
    }
}

/// The category of a record that has no `eventCategory` (before version 1.07), by what stands before the account,
/// and where that begins.
#[inline(always)]
fn old_category<S: Simd>(simd: S, own: &[u8]) -> Option<(Category, u32)> {
    let (rest, category) = match own {
        _ if let Some(rest) = own.strip_suffix(b",\"managementEvent\":true") => (rest, Category::Management),
        _ if let Some(rest) = own.strip_suffix(b",\"managementEvent\":false") => (rest, Category::Data),
        own => (own, Category::Management),
    };
    match last_text(simd, rest)? {
        (before, b"eventType", _) => Some((category, before.len() as u32)),
        _ => None,
    }
}

/// How many bytes are looked at in one step. Names are short: nearly all take one.
const LANES: usize = 32;

/// Returns which bytes are quotes or backslashes, the first one lowest.
#[inline(always)]
fn quotes<S: Simd>(simd: S, bytes: &[u8; LANES]) -> u32 {
    let bytes = u8x32::from_slice(simd, bytes);
    (bytes.simd_eq(u8x32::splat(simd, b'"')) | bytes.simd_eq(u8x32::splat(simd, b'\\'))).to_bitmask() as u32
}

/// Returns where a plain string ends of which the beginning is known, and where that stands.
#[inline(always)]
fn end_of<S: Simd, const N: usize>(simd: S, record: &[u8], at: u32, before: &[u8; N]) -> Option<u32> {
    let (found, rest) = record.get(at as usize..)?.split_first_chunk::<N>()?;
    match found == before {
        true => Some(at + (N + short(simd, rest)?) as u32),
        false => None,
    }
}

/// Returns how long the rest of a plain string is.
#[inline(always)]
fn short<S: Simd>(simd: S, text: &[u8]) -> Option<usize> {
    let ends = match text.first_chunk::<LANES>() {
        Some(first) => quotes(simd, first),
        None => 0,
    };
    let at = match ends {
        0 => memchr::memchr2(b'"', b'\\', text)?,
        ends => ends.trailing_zeros() as usize,
    };
    (text[at] == b'"').then_some(at)
}

/// Returns the rest of a plain string.
fn text(text: &[u8]) -> Option<&[u8]> {
    let length = memchr::memchr2(b'"', b'\\', text)?;
    (text[length] == b'"').then_some(&text[..length])
}
