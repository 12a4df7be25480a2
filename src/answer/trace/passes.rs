//! Looks at an archive for a trace: first for what makes credentials, then for what was done with
//! those that the trace goes through.
//!
//! An archive has millions of events and a trace goes through a few credentials. So the first look
//! reads the calls that make and take credentials, by their names, and what names the thing that is
//! traced; the second one whatever was signed with the credentials found.

use super::caller::Caller;
use super::facts::CredentialFacts;
use super::grant::may_make_or_take;
use super::target::{TraceTarget, longest_literal};
use crate::answer::{Coverage, EventContext, Fold, FoldNeeds, Interest, UnparsedEvent};
use crate::event::Event;
use crate::hash::seeded_hash;
use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// More words than this cost more to look for than to look at every caller.
const WORDS: usize = 12;

/// The credentials that a trace goes through: access keys, ARNs and unique ids of callers.
#[derive(Clone, Debug, Default)]
pub struct CredentialSet {
    names: HashSet<String>,
    /// Which lengths the names have, up to 255.
    lengths: [u64; 4],
}

impl CredentialSet {
    /// Adds a credential by one of its names.
    pub(super) fn add(&mut self, name: &str) {
        if !name.is_empty() {
            self.names.insert(name.to_owned());
            let length = name.len().min(255);
            self.lengths[length / 64] |= 1 << (length % 64);
        }
    }

    /// Returns whether it goes through nothing.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Returns whether it goes through the credential of a caller.
    pub(super) fn names(&self, caller: &Caller) -> bool {
        let names = [&caller.key, &caller.arn, &caller.principal_id];
        names.into_iter().flatten().any(|name| self.names.contains(name))
    }

    /// Returns words of which one stands in every record that it goes through; none where there are
    /// too many, or one is too short to look for.
    fn words(&self) -> Option<Vec<String>> {
        let words: HashSet<String> =
            self.names.iter().map(|text| longest_literal(names_in_arn(text)).to_ascii_lowercase()).collect();
        let is_short = words.len() <= WORDS && words.iter().all(|word| word.len() >= 4);
        let mut words: Vec<String> = words.into_iter().collect();
        words.sort_unstable();
        is_short.then_some(words)
    }

    /// Returns whether the text of a `userIdentity` may name one of the credentials; never no wrongly.
    fn may_be_in(&self, identity: &[u8]) -> bool {
        let mut rest = identity;
        while let Some(at) = memchr::memchr(b'"', rest) {
            let text = &rest[at + 1..];
            let Some(end) = memchr::memchr2(b'"', b'\\', text) else { return true };
            if text[end] == b'\\' {
                return true;
            }
            let length = end.min(255);
            if self.lengths[length / 64] >> (length % 64) & 1 == 1 {
                let Ok(word) = std::str::from_utf8(&text[..end]) else { return true };
                // Keys of members are strings as well, and none of the names.
                if self.names.contains(word) {
                    return true;
                }
            }
            rest = &text[end + 1..];
        }
        false
    }
}

/// The names in an ARN: what stands behind its account and the word for its kind. Any other text as it is.
fn names_in_arn(text: &str) -> &str {
    match text.splitn(6, ':').nth(5).filter(|_| text.starts_with("arn:")) {
        Some(resource) => resource.split_once('/').map_or(resource, |(_, name)| name),
        None => text,
    }
}

/// One look at an archive.
pub enum TracePass<'w> {
    /// For the event that is traced, by its id; the filter leaves only that.
    Event(&'w TraceTarget),
    /// For calls that make and take credentials, and whatever names what is traced.
    Issuance(Option<&'w TraceTarget>),
    /// For all that was done with these credentials.
    Usage(CredentialUses<'w>),
    /// For everything at once: what can be read only once.
    Single(&'w TraceTarget),
}

/// The credentials whose uses are looked for, and the events that were met: copies count once.
///
/// Only events of these credentials are remembered, so that copies of others do not matter.
pub struct CredentialUses<'w> {
    through: &'w CredentialSet,
    /// Fingerprints of the events; in parts, so that threads do not wait.
    met: Vec<Mutex<HashSet<u64>>>,
    copies: AtomicU64,
}

impl<'w> CredentialUses<'w> {
    /// Looks for the uses of credentials.
    pub fn of(through: &'w CredentialSet) -> Self {
        let met = (0..64).map(|_| Mutex::default()).collect();
        Self { through, met, copies: AtomicU64::new(0) }
    }

    /// Returns whether an event counts: no copy of it was met.
    fn counts(&self, event: &Event<'_>) -> bool {
        let id = event.text("eventID");
        let hash = seeded_hash(&(id, event.fingerprint()));
        let part = &self.met[hash as usize % self.met.len()];
        let is_new = part.lock().unwrap_or_else(PoisonError::into_inner).insert(hash);
        self.copies.fetch_add(u64::from(!is_new), Ordering::Relaxed);
        is_new
    }
}

impl Fold for TracePass<'_> {
    type Accumulator = CredentialFacts;
    type Answer = CredentialFacts;

    fn needs(&self) -> FoldNeeds<'_> {
        match self {
            Self::Event(_) => FoldNeeds { merges_copies: true, ..FoldNeeds::everything() },
            Self::Issuance(wanted) => {
                let literal = wanted.filter(|wanted| wanted.event_id().is_none()).map(TraceTarget::literal);
                FoldNeeds {
                    everything: literal.is_some_and(str::is_empty),
                    words: literal.map(str::to_owned).into_iter().collect(),
                    merges_copies: true,
                    ..FoldNeeds::default()
                }
            }
            Self::Usage(uses) => {
                let words = uses.through.words();
                let everything = words.is_none();
                FoldNeeds {
                    everything,
                    words: words.unwrap_or_default(),
                    merges_copies: true,
                    ..FoldNeeds::default()
                }
            }
            Self::Single(_) => FoldNeeds { unfiltered: true, ..FoldNeeds::everything() },
        }
    }

    fn call_interest(&self, _source: &str, name: &str) -> Interest {
        match self {
            Self::Issuance(_) if may_make_or_take(name) => Interest::Always,
            _ => Interest::Never,
        }
    }

    /// What others did need not be parsed.
    fn fold_unparsed(&self, _: &mut CredentialFacts, unparsed: &UnparsedEvent<'_>) -> bool {
        match (self, unparsed.identity) {
            (Self::Usage(uses), Some(identity)) => !uses.through.may_be_in(identity),
            _ => false,
        }
    }

    fn event(&self, facts: &mut CredentialFacts, event: &Event<'_>, context: &EventContext<'_>) {
        match self {
            Self::Event(wanted) => facts.note(event, wanted.event_id()),
            Self::Issuance(_) => facts.note(event, None),
            Self::Usage(uses) => {
                let caller = Caller::of(event);
                if context.passes && uses.through.names(&caller) && uses.counts(event) {
                    facts.count(event, &caller);
                }
            }
            Self::Single(wanted) => {
                facts.note(event, wanted.event_id());
                if context.passes {
                    facts.count(event, &Caller::of(event));
                }
            }
        }
    }

    fn merge(&self, into: &mut CredentialFacts, part: CredentialFacts) {
        into.merge(part);
    }

    fn finish(&self, facts: CredentialFacts, coverage: &mut Coverage) -> CredentialFacts {
        if let Self::Usage(uses) = self {
            coverage.duplicates = uses.copies.load(Ordering::Relaxed);
        }
        facts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_names_and_never_the_word_for_a_kind() {
        let mut through = CredentialSet::default();
        for name in
            ["arn:aws:sts::111122223333:assumed-role/Ops/bob@corp", "arn:aws:iam::111122223333:user/x/alice"]
        {
            through.add(name);
        }
        assert_eq!(through.words().unwrap(), ["alice", "bob@corp"]);
        // Where a word is too short to look for, every caller is looked at.
        through.add("arn:aws:iam::111122223333:user/al");
        assert_eq!(through.words(), None);
    }

    #[test]
    fn an_identity_is_passed_over_only_when_it_names_none() {
        let mut through = CredentialSet::default();
        through.add("ASIAEXAMPLE000000001");
        for (identity, may) in [
            (r#"{"accessKeyId":"ASIAEXAMPLE000000001"},"x":"#, true),
            (r#"{"accessKeyId" : "ASIAEXAMPLE000000001" }"#, true),
            (r#"{"accessKeyId":"ASIAEXAMPLE000000002"},"x":"#, false),
            (r#"{"accessKeyId":"\u0041SIAEXAMPLE000000001"}"#, true),
            (r#"{"accessKeyId":"ASIAEX"#, true),
            ("{}", false),
        ] {
            assert_eq!(through.may_be_in(identity.as_bytes()), may, "{identity}");
        }
    }
}
