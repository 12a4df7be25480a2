//! The end of a record in CloudTrail's own order of fields: account, category, `readOnly`.
//!
//! It is read backwards, from where no string is open, and once for all records of a file that end alike. Where
//! the other fields stand is known by `fixed_fields`.

use super::structural::{LANES, quote_or_backslash_mask};
use fearless_simd::Simd;

/// Returns what stands before `tlsDetails`, with which `part` ends.
fn before_tls_details(part: &[u8]) -> Option<&[u8]> {
    let open = memchr::memrchr(b'{', part)?;
    // Were this not the only brace that closes, the last object could be a larger one.
    let is_flat = memchr::memchr(b'}', &part[open..]) == Some(part.len() - open - 1);
    part[..open].strip_suffix(b",\"tlsDetails\":").filter(|_| is_flat)
}

/// Returns what stands before `eventType`, which `managementEvent` may follow at the end of `own`.
pub(super) fn before_type(own: &[u8]) -> Option<&[u8]> {
    let managed = own.strip_suffix(b",\"managementEvent\":true");
    let own =
        managed.or(own.strip_suffix(b",\"managementEvent\":false")).unwrap_or(own).strip_suffix(b"\"")?;
    own[..memchr::memrchr(b'"', own)?].strip_suffix(b",\"eventType\":")
}

/// Returns what stands before `readOnly`, with which `own` ends, and what that says.
pub(super) fn before_read_only(own: &[u8]) -> Option<(&[u8], bool)> {
    let reads = own.strip_suffix(b",\"readOnly\":true").map(|before| (before, true));
    reads.or_else(|| own.strip_suffix(b",\"readOnly\":false").map(|before| (before, false)))
}

/// The last of a record's own fields.
#[derive(Clone, Copy, Debug)]
pub(super) struct RecordSuffix<'r> {
    pub(super) account: &'r [u8],
    pub(super) category: SuffixCategory,
    /// Where the field of the account starts.
    pub(super) account_at: u32,
    /// `readOnly`, where nothing but the type stands between that and the account.
    pub(super) read_only: Option<bool>,
    /// Whether nothing but the category and `tlsDetails` follows on the account.
    pub(super) is_last: bool,
    /// Where that begins which all of this was read of.
    pub(super) from: u32,
}

/// How many ends of records are kept.
const SUFFIXES: usize = 64;

/// Ends of records of one file, and what they say: many records end alike, and to compare is cheaper than to read.
pub(super) struct SuffixCache<'r>([(&'r [u8], Option<RecordSuffix<'r>>); SUFFIXES]);

impl Default for SuffixCache<'_> {
    fn default() -> Self {
        Self([(&[], None); SUFFIXES])
    }
}

impl<'r> SuffixCache<'r> {
    /// Reads the end of a record. Calls of one `source` whose names begin alike, with `verb`, end alike most
    /// often, with and without `tlsDetails`.
    #[inline(always)]
    pub(super) fn read<S: Simd>(
        &mut self,
        simd: S,
        record: &'r [u8],
        source: &[u8],
        verb: u8,
    ) -> Option<RecordSuffix<'r>> {
        let [first, second, ..] = *source else { return RecordSuffix::read(simd, record) };
        let has_details = record.ends_with(b"}}");
        let slot =
            usize::from(first) * 4 + usize::from(second) * 2 + source.len() * 8 + usize::from(verb) * 26;
        // Any slot is right, for the bytes are compared in full: a collision costs one reading of the end, no more.
        let (end, suffix) = &mut self.0[(slot + usize::from(has_details)) % SUFFIXES];
        if let Some(suffix) = suffix
            && record.ends_with(end)
        {
            let from = (record.len() - end.len()) as u32;
            return Some(RecordSuffix {
                account_at: suffix.account_at - suffix.from + from,
                from,
                ..*suffix
            });
        }
        let read = RecordSuffix::read(simd, record)?;
        (*end, *suffix) = (&record[read.from as usize..], Some(read));
        Some(read)
    }
}

impl<'r> RecordSuffix<'r> {
    /// Goes back from the end, over texts and `tlsDetails`, to the account.
    #[inline(always)]
    fn read<S: Simd>(simd: S, record: &'r [u8]) -> Option<Self> {
        let own = record.strip_suffix(b"}")?;
        let own = if own.ends_with(b"}") { before_tls_details(own)? } else { own };
        // Closures would not be compiled for what the processor can do.
        match Self::usual(own) {
            Some(suffix) => Some(suffix),
            None => Self::found(simd, own),
        }
    }

    /// Reads the account and the category where nearly every record has them.
    #[inline(always)]
    fn usual(own: &'r [u8]) -> Option<Self> {
        let rest = own.strip_suffix(b"\"")?;
        let (rest, category) = match rest {
            _ if let Some(rest) = rest.strip_suffix(b"Management") => (rest, SuffixCategory::Management),
            _ => (rest.strip_suffix(b"Data")?, SuffixCategory::Data),
        };
        let (rest, account) = rest.strip_suffix(b"\",\"eventCategory\":\"")?.split_last_chunk::<12>()?;
        let rest = rest.strip_suffix(b",\"recipientAccountId\":\"")?;
        let is_usual = account.iter().all(u8::is_ascii_digit);
        let (from, read_only) = match before_type(rest) {
            Some(own) => before_read_only(own).map_or((rest, None), |(before, it)| (before, Some(it))),
            None => (rest, None),
        };
        let (account_at, from) = (rest.len() as u32, from.len() as u32);
        is_usual.then_some(Self { account, category, account_at, read_only, is_last: true, from })
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
                    return Some(Self {
                        account: value,
                        category,
                        account_at,
                        read_only: None,
                        is_last: false,
                        from,
                    });
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
        Some(last) => quote_or_backslash_mask(simd, last),
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
pub(super) enum SuffixCategory {
    Management,
    Data,
    NetworkActivity,
}

#[inline(always)]
fn known_category(name: &[u8]) -> Option<SuffixCategory> {
    match name {
        b"Management" => Some(SuffixCategory::Management),
        b"Data" => Some(SuffixCategory::Data),
        b"NetworkActivity" => Some(SuffixCategory::NetworkActivity),
        _ => None,
    }
}

/// The category of a record that has no `eventCategory` (before version 1.07), by what stands before the account,
/// and where that begins.
#[inline(always)]
fn old_category<S: Simd>(simd: S, own: &[u8]) -> Option<(SuffixCategory, u32)> {
    let (rest, category) = match own {
        _ if let Some(rest) = own.strip_suffix(b",\"managementEvent\":true") => {
            (rest, SuffixCategory::Management)
        }
        _ if let Some(rest) = own.strip_suffix(b",\"managementEvent\":false") => (rest, SuffixCategory::Data),
        own => (own, SuffixCategory::Management),
    };
    match last_text(simd, rest)? {
        (before, b"eventType", _) => Some((category, before.len() as u32)),
        _ => None,
    }
}
