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
#[derive(Clone, Copy, Debug)]
pub struct Sight<'r> {
    record: &'r [u8],
    front: Front<'r>,
    foot: Foot<'r>,
    ends: [usize; 3],
}

impl<'r> Sight<'r> {
    /// Reads a record of which is known where `userIdentity` ends, and where the last three of its own
    /// fields end that hold objects or arrays, the last one first, 0 where that is not known. `None` when
    /// anything about it is unusual.
    #[inline]
    pub(super) fn read(record: &'r [u8], identity_end: usize, ends: [usize; 3]) -> Option<Self> {
        fearless_simd::dispatch!(mask::level(), simd => {
            simd.vectorize(#[inline(always)] move || {
                let (front, foot) = (Front::read(simd, record, identity_end)?, Foot::read(simd, record)?);
                Some(Self { record, front, foot, ends })
            })
        })
    }

    /// Returns `eventTime`, as logged.
    pub fn time(&self) -> &'r [u8] {
        self.front.time
    }

    /// Returns `eventSource`.
    pub fn source(&self) -> &'r [u8] {
        self.front.source
    }

    /// Returns `eventName`.
    pub fn name(&self) -> &'r [u8] {
        self.front.name
    }

    /// Returns `awsRegion`.
    pub fn region(&self) -> &'r [u8] {
        self.front.region
    }

    /// Returns the object `userIdentity`.
    pub fn identity(&self) -> &'r [u8] {
        self.front.identity
    }

    /// Returns `recipientAccountId`.
    pub fn account(&self) -> &'r [u8] {
        self.foot.account
    }

    /// Returns `eventCategory`, or what the record says instead, where it is older than that field.
    pub fn category(&self) -> &'r [u8] {
        self.foot.category
    }

    /// Returns `eventID`, where it stands as usual: before the account, among the record's own fields
    /// between two that hold objects or arrays.
    pub fn id(&self) -> Option<&'r [u8]> {
        let mut to = self.foot.account_at;
        self.ends.into_iter().filter(|end| *end != 0 && *end < self.foot.account_at).find_map(|end| {
            let part = self.record.get(end + 1..to)?;
            to = end;
            let at = ID.find(part)?;
            let is_own = memchr::memchr2(b'{', b'[', &part[..at]).is_none();
            is_own.then(|| text(&part[at + ID.needle().len()..])).flatten()
        })
    }

    /// Returns `sourceIPAddress`, where it stands as usual.
    pub fn address(&self) -> Option<&'r [u8]> {
        text(self.front.behind_region.strip_prefix(b",\"sourceIPAddress\":\"")?)
    }

    /// Returns whether the record may have an `errorCode` or `errorMessage`; false is sure.
    pub fn may_tell_an_error(&self) -> bool {
        ERROR.find(self.front.behind_region).is_some()
    }
}

/// The first of a record's own fields.
#[derive(Clone, Copy, Debug)]
struct Front<'r> {
    identity: &'r [u8],
    time: &'r [u8],
    source: &'r [u8],
    name: &'r [u8],
    region: &'r [u8],
    behind_region: &'r [u8],
}

impl<'r> Front<'r> {
    #[inline(always)]
    fn read<S: Simd>(simd: S, record: &'r [u8], identity_end: usize) -> Option<Self> {
        let (before, rest) = record.split_at_checked(identity_end + 1)?;
        let (_, before) = before.strip_prefix(b"{\"eventVersion\":\"")?.split_at_checked(4)?;
        let identity = before.strip_prefix(b"\",\"userIdentity\":")?;
        let rest = rest.strip_prefix(b",\"eventTime\":\"")?;
        let (time, rest) = short(simd, rest)?;
        let (source, rest) = short(simd, rest.strip_prefix(b"\",\"eventSource\":\"")?)?;
        let (name, rest) = short(simd, rest.strip_prefix(b"\",\"eventName\":\"")?)?;
        let (region, rest) = short(simd, rest.strip_prefix(b"\",\"awsRegion\":\"")?)?;
        identity.starts_with(b"{").then_some(Self {
            identity,
            time,
            source,
            name,
            region,
            behind_region: &rest[1..],
        })
    }
}

/// Returns what stands before `tlsDetails`, with which `part` ends.
fn before_tls_details(part: &[u8]) -> Option<&[u8]> {
    let open = memchr::memrchr(b'{', part)?;
    // Were this not the only brace that closes, the last object could be a larger one.
    let is_flat = memchr::memchr(b'}', &part[open..]) == Some(part.len() - open - 1);
    part[..open].strip_suffix(b",\"tlsDetails\":").filter(|_| is_flat)
}

/// The last of a record's own fields.
#[derive(Clone, Copy, Debug)]
struct Foot<'r> {
    account: &'r [u8],
    category: &'r [u8],
    /// Where the field of the account starts.
    account_at: usize,
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
        let (rest, category): (_, &[u8]) = match rest {
            _ if let Some(rest) = rest.strip_suffix(b"Management") => (rest, b"Management"),
            _ => (rest.strip_suffix(b"Data")?, b"Data"),
        };
        let (rest, account) = rest.strip_suffix(b"\",\"eventCategory\":\"")?.split_last_chunk::<12>()?;
        let rest = rest.strip_suffix(b",\"recipientAccountId\":\"")?;
        let is_usual = account.iter().all(u8::is_ascii_digit);
        is_usual.then_some(Self { account, category, account_at: rest.len() })
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
                b"eventCategory" => category = Some(value),
                b"recipientAccountId" => {
                    let category = match category {
                        Some(category) => category,
                        None => old_category(simd, rest)?,
                    };
                    let is_call = matches!(category, b"Management" | b"Data" | b"NetworkActivity");
                    return is_call.then_some(Self { account: value, category, account_at: rest.len() });
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

/// The category of a record that has no `eventCategory` (before version 1.07), by what stands before the account.
#[inline(always)]
fn old_category<S: Simd>(simd: S, own: &[u8]) -> Option<&'static [u8]> {
    let (rest, category): (&[u8], &[u8]) = match own {
        _ if let Some(rest) = own.strip_suffix(b",\"managementEvent\":true") => (rest, b"Management"),
        _ if let Some(rest) = own.strip_suffix(b",\"managementEvent\":false") => (rest, b"Data"),
        own => (own, b"Management"),
    };
    last_text(simd, rest).filter(|(_, key, _)| *key == b"eventType").map(|_| category)
}

/// How many bytes are looked at in one step. Names are short: nearly all take one.
const LANES: usize = 32;

/// Returns which bytes are quotes or backslashes, the first one lowest.
#[inline(always)]
fn quotes<S: Simd>(simd: S, bytes: &[u8; LANES]) -> u32 {
    let bytes = u8x32::from_slice(simd, bytes);
    (bytes.simd_eq(u8x32::splat(simd, b'"')) | bytes.simd_eq(u8x32::splat(simd, b'\\'))).to_bitmask() as u32
}

/// Returns the rest of a plain string, and what follows it from its quote on.
#[inline(always)]
fn short<S: Simd>(simd: S, text: &[u8]) -> Option<(&[u8], &[u8])> {
    let ends = match text.first_chunk::<LANES>() {
        Some(first) => quotes(simd, first),
        None => 0,
    };
    let at = match ends {
        0 => memchr::memchr2(b'"', b'\\', text)?,
        ends => ends.trailing_zeros() as usize,
    };
    (text[at] == b'"').then(|| text.split_at(at))
}

/// Returns the rest of a plain string.
fn text(text: &[u8]) -> Option<&[u8]> {
    let length = memchr::memchr2(b'"', b'\\', text)?;
    (text[length] == b'"').then_some(&text[..length])
}
