//! The fold: what events tell of credentials, in whatever order they come.
//!
//! Kept is one entry for each call that made or took away a credential, and one for each caller with
//! counts by call: nothing for a single use.

use super::caller::Caller;
use super::grant::Issuance;
use super::passes::CredentialSet;
use super::revocation::Revocation;
use crate::event::{Event, Outcome, Time};
use crate::hash::Seeded;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// A call, and the service that made it in the caller's name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallCount {
    /// `eventName`.
    pub event_name: String,
    /// `eventSource`.
    pub event_source: String,
    /// `invokedBy`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invoked_by: Option<String>,
}

/// What was done with a credential.
#[derive(Clone, Debug, Default)]
pub(in crate::answer) struct CredentialUsage {
    /// How many events by call: those that succeeded, and those that failed.
    pub(in crate::answer) calls: BTreeMap<CallCount, [u64; 2]>,
    /// Where the calls came from.
    pub(in crate::answer) addresses: BTreeSet<String>,
    /// The earliest and the latest event.
    pub(in crate::answer) first: Option<(Time, String)>,
    pub(in crate::answer) last: Option<(Time, String)>,
    /// Whether CloudTrail says that the console used it.
    pub(in crate::answer) console: bool,
}

impl CredentialUsage {
    fn add(&mut self, event: &Event<'_>, caller: &Caller) {
        let call = CallCount {
            event_name: event.name().to_owned(),
            event_source: event.source().to_owned(),
            invoked_by: caller.invoked_by.clone().filter(|_| caller.is_forwarded()),
        };
        let failed = usize::from(event.outcome() == Outcome::Failed);
        self.calls.entry(call).or_default()[failed] += 1;
        if let Some(address) = event.text("sourceIPAddress") {
            self.addresses.insert(address.to_owned());
        }
        if let Some(time) = event.time() {
            let at = (time, event.text("eventID").unwrap_or_default().to_owned());
            self.reach(Some(at.clone()), Some(at));
        }
        self.console |=
            event.get("sessionCredentialFromConsole").and_then(crate::event::bool_value) == Some(true);
    }

    fn reach(&mut self, first: Option<(Time, String)>, last: Option<(Time, String)>) {
        self.first = [self.first.take(), first].into_iter().flatten().min();
        self.last = self.last.take().max(last);
    }

    pub(in crate::answer) fn merge(&mut self, other: &Self) {
        for (call, events) in &other.calls {
            let mine = self.calls.entry(call.clone()).or_default();
            for (mine, events) in mine.iter_mut().zip(events) {
                *mine += events;
            }
        }
        self.addresses.extend(other.addresses.iter().cloned());
        self.reach(other.first.clone(), other.last.clone());
        self.console |= other.console;
    }

    /// Returns how many events there are, and how many of them failed.
    pub(in crate::answer) fn count(&self) -> (u64, u64) {
        self.calls.values().fold((0, 0), |(all, failed), [done, not]| (all + done + not, failed + not))
    }
}

/// An event that was asked for by its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::answer) struct AskedEvent {
    pub(in crate::answer) event_id: String,
    pub(in crate::answer) time: Option<Time>,
    pub(in crate::answer) call: String,
    pub(in crate::answer) caller: Arc<Caller>,
    /// The keys that it made.
    pub(in crate::answer) made: Vec<String>,
}

/// What events tell of credentials. The default knows nothing; parts merge in any order.
#[derive(Clone, Debug, Default)]
pub struct CredentialFacts {
    /// Boxed, as tables are half empty.
    pub(in crate::answer) grants: HashSet<Box<Issuance>, Seeded>,
    pub(in crate::answer) takings: HashSet<Revocation>,
    pub(in crate::answer) uses: HashMap<Arc<Caller>, CredentialUsage, Seeded>,
    pub(in crate::answer) asked: BTreeSet<AskedEvent>,
}

impl CredentialFacts {
    /// Takes an event: what it made and took away, and that somebody called. It may be told of twice.
    /// When `wanted` is its id, the event is kept as one that was asked for.
    pub fn note(&mut self, event: &Event<'_>, wanted: Option<&str>) {
        let caller = self.caller(Caller::of(event));
        let grants = Issuance::of(event, &caller);
        let id = event.text("eventID").unwrap_or_default();
        if wanted.is_some_and(|wanted| wanted.eq_ignore_ascii_case(id)) {
            self.asked.insert(AskedEvent {
                event_id: id.to_owned(),
                time: event.time(),
                call: event.name().to_owned(),
                caller: caller.clone(),
                made: grants.iter().filter_map(|grant| grant.made.key.clone()).collect(),
            });
        }
        self.grants.extend(grants.into_iter().map(Box::new));
        self.takings.extend(Revocation::of(event, &caller));
    }

    /// Counts an event of a caller; it has to be told of once.
    pub fn count(&mut self, event: &Event<'_>, caller: &Caller) {
        match self.uses.get_mut(caller) {
            Some(usage) => usage.add(event, caller),
            None => {
                let mut usage = CredentialUsage::default();
                usage.add(event, caller);
                self.uses.insert(Arc::new(caller.clone()), usage);
            }
        }
    }

    /// Returns whether no event was told of.
    fn is_new(&self) -> bool {
        let Self { grants, takings, uses, asked } = self;
        grants.is_empty() && takings.is_empty() && uses.is_empty() && asked.is_empty()
    }

    /// Returns whether nothing was told.
    pub fn is_empty(&self) -> bool {
        self.uses.is_empty()
    }

    /// Takes note that somebody called; equal callers are kept once.
    pub fn caller(&mut self, caller: Caller) -> Arc<Caller> {
        if let Some((known, _)) = self.uses.get_key_value(&caller) {
            return Arc::clone(known);
        }
        let caller = Arc::new(caller);
        self.uses.insert(Arc::clone(&caller), CredentialUsage::default());
        caller
    }

    /// Forgets what was done with credentials, except with these, and every caller that made none.
    pub fn keep(&mut self, through: &CredentialSet) {
        self.uses.retain(|caller, _| through.names(caller));
        let makers = self.grants.iter().map(|grant| &grant.caller);
        let makers = makers.chain(self.asked.iter().map(|asked| &asked.caller));
        let makers: Vec<Arc<Caller>> = makers.cloned().collect();
        makers.into_iter().for_each(|caller| _ = self.uses.entry(caller).or_default());
    }

    /// Adds what another part was told.
    pub fn merge(&mut self, other: Self) {
        if self.is_new() {
            *self = other;
            return;
        }
        self.grants.extend(other.grants);
        self.takings.extend(other.takings);
        for (caller, usage) in other.uses {
            self.uses.entry(caller).or_default().merge(&usage);
        }
        self.asked.extend(other.asked);
    }
}
