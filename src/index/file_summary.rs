//! What is known of one file: its share of the coverage, which calls it holds, and a filter of the
//! words that identifiers, callers, addresses and error codes in it are made of.

use super::bytes::{ByteReader, put_number};
use super::token_filter;

/// Some record has no plain `recipientAccountId`.
pub(super) const NO_ACCOUNT: u8 = 1;
/// Some record has no plain `awsRegion`.
pub(super) const NO_REGION: u8 = 2;
/// Some call may have failed.
pub(super) const FAILED: u8 = 4;
/// Some count is not 0 that mostly is.
const RARE: u8 = 8;
const UNNAMED: u8 = 16;
const LINKS: u8 = 32;

/// What is known of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FileSummary {
    pub(super) flags: u8,
    pub(super) events: u64,
    pub(super) data_events: u64,
    pub(super) network_events: u64,
    pub(super) insights: u64,
    pub(super) undated: u64,
    /// The accounts and regions of its records, by their number in the dictionary.
    pub(super) place: u32,
    /// The first and the last event, in seconds since 1970.
    pub(super) span: Option<(i64, i64)>,
    /// The calls, by their numbers in the dictionary, in order.
    pub(super) calls: Vec<u32>,
    /// Those of them that failed without naming a resource, or of which CloudTrail left a part out.
    pub(super) unnamed: Vec<u32>,
    /// Which types of links (of [`crate::catalog::LINK_PREFIXES`], lowest bit first) it may name.
    pub(super) links: u8,
    pub(super) tokens: TokenFilter,
}

/// A filter of tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TokenFilter {
    pub(super) count: usize,
    pub(super) bytes: Vec<u8>,
}

impl TokenFilter {
    pub(super) fn new(hashes: impl ExactSizeIterator<Item = u64>) -> Self {
        let count = hashes.len();
        let mut bytes = Vec::with_capacity(token_filter::filter_size(count));
        token_filter::build(hashes, &mut bytes);
        Self { count, bytes }
    }
}

impl FileSummary {
    /// Writes the facts; times count from `epoch`.
    pub(super) fn write(&self, epoch: i64, out: &mut Vec<u8>) {
        let rare = [self.data_events, self.network_events, self.insights, self.undated];
        let mut flags = self.flags & (NO_ACCOUNT | NO_REGION | FAILED);
        let set = |is: bool, flag: u8| if is { flag } else { 0 };
        flags |= set(rare != [0; 4], RARE) | set(!self.unnamed.is_empty(), UNNAMED);
        flags |= set(self.links != 0, LINKS);
        out.push(flags);
        put_number(out, self.events);
        if flags & RARE != 0 {
            rare.iter().for_each(|count| put_number(out, *count));
        }
        put_number(out, u64::from(self.place));
        if let Some((first, last)) = self.span {
            put_number(out, first.abs_diff(epoch));
            put_number(out, last.abs_diff(first));
        }
        put_list(out, &self.calls);
        if flags & UNNAMED != 0 {
            put_list(out, &self.unnamed);
        }
        if flags & LINKS != 0 {
            out.push(self.links);
        }
        put_number(out, self.tokens.count as u64);
        out.extend_from_slice(&self.tokens.bytes);
    }
}

/// The facts of a file as they stand in the index: read as far as they are needed.
#[derive(Clone, Copy, Debug)]
pub(super) struct SummaryView<'i> {
    pub(super) flags: u8,
    pub(super) events: u64,
    /// Data events, network activity events, insights, events without a time.
    pub(super) rare: [u64; 4],
    pub(super) place: u32,
    pub(super) span: Option<(i64, i64)>,
    rest: ByteReader<'i>,
}

/// What stands behind that.
pub(super) struct FileDetails<'i> {
    pub(super) calls: Vec<u32>,
    pub(super) unnamed: Vec<u32>,
    pub(super) links: u8,
    count: usize,
    filter: &'i [u8],
}

impl<'i> SummaryView<'i> {
    pub(super) fn read(bytes: &'i [u8], epoch: i64) -> Option<Self> {
        let mut reader = ByteReader(bytes);
        let flags = reader.byte()?;
        let events = reader.number()?;
        let mut rare = [0; 4];
        if flags & RARE != 0 {
            for count in &mut rare {
                *count = reader.number()?;
            }
        }
        let place = u32::try_from(reader.number()?).ok()?;
        let span = if events > rare[3] {
            let first = epoch.checked_add_unsigned(reader.number()?)?;
            Some((first, first.checked_add_unsigned(reader.number()?)?))
        } else {
            None
        };
        Some(Self { flags, events, rare, place, span, rest: reader })
    }

    pub(super) fn details(&self, calls: &mut Vec<u32>) -> Option<FileDetails<'i>> {
        let mut reader = self.rest;
        let mut own = std::mem::take(calls);
        read_numbers(&mut reader, &mut own)?;
        let mut unnamed = Vec::new();
        if self.flags & UNNAMED != 0 {
            read_numbers(&mut reader, &mut unnamed)?;
        }
        let links = if self.flags & LINKS != 0 { reader.byte()? } else { 0 };
        let count = usize::try_from(reader.number()?).ok()?;
        let filter = reader.take(token_filter::filter_size(count))?;
        Some(FileDetails { calls: own, unnamed, links, count, filter })
    }

    /// Returns the facts as they were when they were written.
    pub(super) fn owned(&self) -> Option<FileSummary> {
        let details = self.details(&mut Vec::new())?;
        let [data_events, network_events, insights, undated] = self.rare;
        Some(FileSummary {
            flags: self.flags & (NO_ACCOUNT | NO_REGION | FAILED),
            events: self.events,
            data_events,
            network_events,
            insights,
            undated,
            place: self.place,
            span: self.span,
            links: details.links,
            tokens: TokenFilter { count: details.count, bytes: details.filter.to_vec() },
            calls: details.calls,
            unnamed: details.unnamed,
        })
    }
}

impl FileDetails<'_> {
    /// Returns whether the file may hold a token.
    pub(super) fn may_hold(&self, token: u64) -> bool {
        token_filter::may_hold(self.filter, self.count, token)
    }
}

fn put_list(out: &mut Vec<u8>, numbers: &[u32]) {
    put_number(out, numbers.len() as u64);
    let mut before = 0;
    for number in numbers {
        put_number(out, u64::from(number - before));
        before = *number;
    }
}

fn read_numbers(reader: &mut ByteReader<'_>, numbers: &mut Vec<u32>) -> Option<()> {
    numbers.clear();
    let mut last = 0_u32;
    for _ in 0..reader.number()? {
        last = last.checked_add(u32::try_from(reader.number()?).ok()?)?;
        numbers.push(last);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn facts_are_read_as_they_were_written(
            events in 1..1000_u64,
            rare in prop::array::uniform4(0..3_u64),
            place in any::<u32>(),
            first in 0..1_i64 << 40,
            length in 0..1_i64 << 40,
            mut calls in prop::collection::vec(any::<u32>(), 0..9),
            hashes in prop::collection::vec(any::<u64>(), 0..40),
            flags in 0..8_u8,
            links in 0..32_u8,
        ) {
            calls.sort_unstable();
            let undated = rare[3].min(events);
            let facts = FileSummary {
                flags,
                events,
                data_events: rare[0],
                network_events: rare[1],
                insights: rare[2],
                undated,
                place,
                span: (events > undated).then_some((first, first + length)),
                unnamed: calls.iter().copied().step_by(2).collect(),
                calls,
                links,
                tokens: TokenFilter::new(hashes.into_iter()),
            };
            let mut bytes = Vec::new();
            facts.write(0, &mut bytes);
            prop_assert_eq!(SummaryView::read(&bytes, 0).and_then(|it| it.owned()), Some(facts));
            for end in 0..bytes.len() {
                let cut = SummaryView::read(&bytes[..end], 0).and_then(|it| it.owned());
                prop_assert_eq!(cut, None);
            }
        }
    }
}
