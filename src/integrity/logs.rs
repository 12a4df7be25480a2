//! The verdict of a log file: by the digests that list it, or by those that
//! should if they covered its time.

use super::archive::{DigestArchive, LogListing};
use super::chain::CoveredSpan;
use super::proof::ProvenDigests;
use super::read::DigestContent;
use super::verdict::{Finding, Reason, Verdict, Warnings};
use crate::container::FirstMember;
use crate::input::{Folder, Key};
use std::collections::BTreeSet;

/// How much later than the time in its name a file may be listed: the name is when delivery began,
/// in steps of 5 minutes, roughly.
pub(super) const LATE: i64 = 20 * 60;

/// Judges log files.
#[derive(Debug)]
pub struct Verifier<'a> {
    pub(super) proven: &'a ProvenDigests,
    pub(super) covered: &'a CoveredSpan,
    /// The folders of which usable digests list files.
    pub(super) folders: BTreeSet<Folder>,
}

impl<'a> Verifier<'a> {
    pub(super) fn new(archive: &DigestArchive, proven: &'a ProvenDigests, covered: &'a CoveredSpan) -> Self {
        let usable = (0..archive.nodes.len() as u32).filter(|index| proven.is_usable(*index));
        let folders = usable.flat_map(|index| archive.folders(index)).copied().collect();
        Self { proven, covered, folders }
    }

    /// Judges a file that digests list, and returns the listing that decided.
    pub fn listed(
        &self,
        listings: &'a [LogListing],
        content: &Result<DigestContent, String>,
    ) -> (Finding, Option<&'a LogListing>) {
        // What is proven goes first, wherever the file lies: a folder is renamed more easily than a digest is signed.
        // Only between digests of one rank does it tell more to name more of the path.
        let order = |it: &LogListing| (self.rank(it), it.depth);
        let best = listings.iter().map(order).max();
        let mut best = listings.iter().filter(|it| Some(order(it)) == best).peekable();
        let Some(first) = best.peek().copied() else { return (self.unread(content), None) };
        let content = match content {
            Ok(content) if content.member != FirstMember::TooLarge => content,
            other => return (self.unread(other), Some(first)),
        };
        let rank = self.rank(first);
        let differs = |it: &&&LogListing| it.hash != content.hash;
        let all: Vec<&LogListing> = best.collect();
        // Proven digests all have to agree; of others one is enough, for the next may be a forgery.
        let decisive = match rank {
            ListingRank::Proven => all.iter().find(differs).or(all.first()),
            _ => all.iter().find(|it| it.hash == content.hash).or(all.first()),
        };
        let Some(decisive) = decisive.copied() else { return (self.unread(&Ok(*content)), None) };
        let disputed = rank == ListingRank::Usable && all.iter().any(|it| it.hash != decisive.hash);
        let judged = self.compare(decisive, rank, content);
        (judged.warn(Warnings::default().when(disputed, Warnings::HASH_DIFFERS)), Some(decisive))
    }

    fn compare(&self, listing: &LogListing, rank: ListingRank, content: &DigestContent) -> Finding {
        let is_equal = listing.hash == content.hash;
        let own = content.warnings();
        let digest = self.proven.judged[listing.digest as usize].verdict;
        if rank == ListingRank::Doubtful {
            let reason =
                if digest == Verdict::Invalid { Reason::DigestInvalid } else { Reason::DigestUnverified };
            let warnings = Warnings::default().when(!is_equal, Warnings::HASH_DIFFERS);
            return Finding::new(Verdict::Unverified, Some(reason)).warn(warnings.with(own));
        }
        match find_fault(content, is_equal) {
            // The reason says it already.
            Some(Reason::TrailingData) => Finding::new(Verdict::Invalid, Some(Reason::TrailingData)),
            Some(reason) => Finding::new(Verdict::Invalid, Some(reason)).warn(own),
            None if rank == ListingRank::Proven => Finding::new(Verdict::Valid, None).warn(own),
            None => Finding::new(Verdict::Unverified, Some(Reason::DigestUnverified)).warn(own),
        }
        .warn(
            Warnings::default()
                .when(is_equal && content.member == FirstMember::Cut, Warnings::TRAILER_MISSING),
        )
        .warn(Warnings::default().when(is_equal && has_odd_end(content.member), Warnings::HASH_EQUAL))
    }

    /// Judges a file that no digest lists, by its name.
    pub fn unlisted(&self, key: Option<&Key>, content: &Result<DigestContent, String>) -> Finding {
        let has_more = content.as_ref().is_ok_and(|it| it.member == FirstMember::Trailing);
        let warnings = Warnings::default().when(has_more, Warnings::TRAILING_DATA);
        let uncovered = |reason| Finding::new(Verdict::Uncovered, Some(reason)).warn(warnings);
        let Some((key, time)) = key.and_then(|key| Some((key, key.delivered?.timestamp()))) else {
            return uncovered(Reason::NotNamed);
        };
        let Some(spans) = self.covered.of(&key.account, &key.region) else {
            return uncovered(Reason::NoDigests);
        };
        let (Some(first), Some(last)) = (spans.first(), spans.last()) else { return uncovered(Reason::Gap) };
        if time < first {
            uncovered(Reason::BeforeFirst)
        } else if time + LATE > last {
            uncovered(Reason::AfterLast)
        } else if !spans.has(time) || !spans.has(time + LATE) {
            uncovered(Reason::Gap)
        } else if !self.folders.contains(&key.folder) {
            uncovered(Reason::FolderNeverListed)
        } else {
            Finding::new(Verdict::Unlisted, None).warn(warnings)
        }
    }

    /// Judges a log that is listed and not there.
    pub fn absent(&self, digest: u32) -> Finding {
        let judged = &self.proven.judged[digest as usize];
        let reason = match judged.verdict {
            _ if self.proven.is_usable(digest) => None,
            Verdict::Invalid => Some(Reason::DigestInvalid),
            _ => Some(Reason::DigestUnverified),
        };
        Finding::new(Verdict::Missing, reason)
    }

    fn unread(&self, content: &Result<DigestContent, String>) -> Finding {
        let reason = if content.is_err() { Reason::Unreadable } else { Reason::TooLarge };
        Finding::new(Verdict::Unverified, Some(reason))
    }

    fn rank(&self, listing: &LogListing) -> ListingRank {
        match self.proven.judged[listing.digest as usize].verdict {
            Verdict::Valid => ListingRank::Proven,
            _ if self.proven.is_usable(listing.digest) => ListingRank::Usable,
            _ => ListingRank::Doubtful,
        }
    }
}

/// How much the word of a digest counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum ListingRank {
    Doubtful,
    Usable,
    Proven,
}

/// Whether what stands behind the content of a member is not what it should be.
fn has_odd_end(member: FirstMember) -> bool {
    matches!(member, FirstMember::Checksum | FirstMember::Broken)
}

/// What is wrong with a file whose content does, or does not, hash to what is listed.
fn find_fault(content: &DigestContent, is_equal: bool) -> Option<Reason> {
    match (content.member, is_equal) {
        // Readers go on behind the member that the hash covers.
        (FirstMember::Trailing, true) => Some(Reason::TrailingData),
        // The hash covers the content, every byte of it: what gzip says of it behind proves nothing more.
        (_, true) => None,
        (FirstMember::Checksum | FirstMember::Broken, false) => Some(Reason::Undecodable),
        (FirstMember::Cut | FirstMember::Empty, false) => Some(Reason::Truncated),
        (FirstMember::Plain, false) if !content.is_json => Some(Reason::Undecodable),
        (_, false) => Some(Reason::HashMismatch),
    }
}
