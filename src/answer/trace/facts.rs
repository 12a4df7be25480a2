//! The fold: what events tell of credentials, in whatever order they come.
//!
//! Kept is one entry for each call that made or took away a credential, and one for each caller with
//! counts by call: nothing for a single use. Each event has to be told once.

use super::caller::Caller;
use super::grant::Grant;
use super::taking::Taking;
use crate::event::{Event, Outcome, Time};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// A call, and the service that made it in the caller's name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Call {
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
pub(super) struct Usage {
    /// How many events by call: those that succeeded, and those that failed.
    pub(super) calls: BTreeMap<Call, [u64; 2]>,
    /// Where the calls came from.
    pub(super) addresses: BTreeSet<String>,
    /// The earliest and the latest event.
    pub(super) first: Option<(Time, String)>,
    pub(super) last: Option<(Time, String)>,
    /// Whether CloudTrail says that the console used it.
    pub(super) console: bool,
}

impl Usage {
    fn add(&mut self, event: &Event<'_>, caller: &Caller) {
        let call = Call {
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
        self.console |= event.get("sessionCredentialFromConsole").and_then(crate::event::truth) == Some(true);
    }

    fn reach(&mut self, first: Option<(Time, String)>, last: Option<(Time, String)>) {
        self.first = [self.first.take(), first].into_iter().flatten().min();
        self.last = self.last.take().max(last);
    }

    pub(super) fn merge(&mut self, other: &Self) {
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
    pub(super) fn count(&self) -> (u64, u64) {
        self.calls.values().fold((0, 0), |(all, failed), [done, not]| (all + done + not, failed + not))
    }
}

/// An event that was asked for by its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Asked {
    pub(super) event_id: String,
    pub(super) time: Option<Time>,
    pub(super) call: String,
    pub(super) caller: Caller,
    /// The keys that it made.
    pub(super) made: Vec<String>,
}

/// What events tell of credentials. The default knows nothing; parts merge in any order.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub(super) grants: HashSet<Grant>,
    pub(super) takings: HashSet<Taking>,
    pub(super) uses: HashMap<Caller, Usage>,
    pub(super) asked: BTreeSet<Asked>,
    wanted_event: Option<String>,
}

impl Facts {
    /// Returns an empty fold that keeps the event with this id, besides all else.
    pub fn asking_for(event_id: Option<&str>) -> Self {
        Self { wanted_event: event_id.map(str::to_ascii_lowercase), ..Self::default() }
    }

    /// Takes an event.
    pub fn event(&mut self, event: &Event<'_>) {
        let caller = Caller::of(event);
        let grants = Grant::of(event, &caller);
        if self.wanted_event.is_some()
            && self.wanted_event == event.text("eventID").map(str::to_ascii_lowercase)
        {
            let made = grants.iter().filter_map(|grant| grant.made.key.clone()).collect();
            self.asked.insert(Asked {
                event_id: event.text("eventID").unwrap_or_default().to_owned(),
                time: event.time(),
                call: event.name().to_owned(),
                caller: caller.clone(),
                made,
            });
        }
        self.grants.extend(grants);
        self.takings.extend(Taking::of(event, &caller));
        match self.uses.get_mut(&caller) {
            Some(usage) => usage.add(event, &caller),
            None => {
                let mut usage = Usage::default();
                usage.add(event, &caller);
                self.uses.insert(caller, usage);
            }
        }
    }

    /// Adds what another part was told.
    pub fn merge(&mut self, other: Self) {
        self.grants.extend(other.grants);
        self.takings.extend(other.takings);
        for (caller, usage) in other.uses {
            self.uses.entry(caller).or_default().merge(&usage);
        }
        self.asked.extend(other.asked);
    }
}
