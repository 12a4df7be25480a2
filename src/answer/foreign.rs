//! One action that is logged in two accounts: that of the caller, and that of the owner of what was called.
//!
//! Both records have the same `sharedEventID` and ids of their own. The owner's record has of the caller no more than
//! the account and the unique id (`AIDA…`, `AROA…:session`); by that id the caller's own account names him, wherever
//! it has a record of him (CloudTrail record contents, `sharedEventID`; `userIdentity` element, `AWSAccount`).

use crate::event::{Actor, Event};
use crate::hash::seeded_hash;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Callers whom some record withholds, and who they are by others.
#[derive(Debug, Default)]
pub(super) struct CallerNames {
    /// By what they are called for want of a name: their unique ids.
    withheld: HashMap<String, String>,
    /// By their unique ids; under each ARN that some record has with the id.
    known: HashMap<String, KnownArns>,
}

/// Whom records name by one unique id: one caller, or several where a user was renamed or somebody wrote a record.
type KnownArns = BTreeMap<Option<String>, KnownCaller>;

/// So many are told apart of one id: there may be a million that somebody made up.
const MOST_ARNS: usize = 4;

/// Whom an id stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct KnownCaller {
    pub(super) who: String,
    pub(super) account: Option<String>,
    pub(super) arn: Option<String>,
}

impl CallerNames {
    /// Takes note of a caller.
    pub(super) fn meet(&mut self, actor: &Actor<'_>) {
        let Some(id) = actor.principal_id.filter(|id| is_unique(id)) else { return };
        if actor.is_foreign() {
            self.withheld.entry(actor.who()).or_insert_with(|| id.to_owned());
            return;
        }
        // A service in the caller's name is another caller.
        if actor.arn.is_none() || (actor.kind == "Root" && actor.invoked_by.is_some()) {
            return;
        }
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let known = || KnownCaller { who: actor.who(), account: owned(actor.account), arn: owned(actor.arn) };
        let Some(arns) = self.known.get_mut(id) else {
            self.known.insert(id.to_owned(), BTreeMap::from([(owned(actor.arn), known())]));
            return;
        };
        // Nearly always it is the same one again.
        if !arns.keys().any(|arn| arn.as_deref() == actor.arn) {
            add_arn(arns, known());
        }
    }

    /// Adds what another thread met.
    pub(super) fn merge(&mut self, other: Self) {
        self.withheld.extend(other.withheld);
        for (id, more) in other.known {
            let arns = self.known.entry(id).or_default();
            more.into_values().for_each(|known| add_arn(arns, known));
        }
    }

    /// Returns whom records name by a unique id.
    pub(super) fn callers_of(&self, id: Option<&str>) -> impl Iterator<Item = &KnownCaller> {
        id.and_then(|id| self.known.get(id)).into_iter().flat_map(BTreeMap::values)
    }

    /// Returns who the callers are that some record withholds, by what they are called there.
    pub(super) fn known_callers(&self) -> BTreeMap<&str, KnownCaller> {
        let name = |(who, id): (&'_ String, &String)| {
            let is_of_account =
                |known: &&KnownCaller| known.account.as_deref().is_some_and(|account| who.contains(account));
            KnownCaller::any_of(self.known.get(id)?.values().filter(is_of_account))
        };
        let named = self.withheld.iter().filter_map(|it| Some((it.0.as_str(), name(it)?)));
        named.collect()
    }
}

/// Adds one whom an id may stand for; the first ones in their order are kept, so that threads change nothing.
fn add_arn(arns: &mut KnownArns, known: KnownCaller) {
    let caller = arns.entry(known.arn.clone()).or_insert_with(|| known.clone());
    *caller = known.min(caller.clone());
    if arns.len() > MOST_ARNS {
        arns.pop_last();
    }
}

impl KnownCaller {
    /// Returns the caller who is one of several, or the one that there is: who it was of several, nothing tells.
    pub(super) fn any_of<'k>(all: impl Iterator<Item = &'k Self>) -> Option<Self> {
        all.fold(None, |known: Option<Self>, next| {
            Some(match known {
                None => next.clone(),
                Some(known) if known.arn == next.arn => known,
                Some(known) => {
                    Self { who: format!("{} or {}", known.who, next.who), account: known.account, arn: None }
                }
            })
        })
    }
}

/// Returns whether an id means one caller for ever.
fn is_unique(id: &str) -> bool {
    ["AIDA", "AROA"].iter().any(|kind| id.starts_with(kind))
}

/// The records of actions that other accounts may have a record of as well, by hashes of their ids.
#[derive(Debug, Default)]
pub(super) struct ForeignActions(HashSet<(u64, u64)>);

/// How many actions have more than one record, and how many those are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SharedActions {
    /// Actions that are logged in several accounts.
    pub actions: u64,
    /// Their records.
    pub records: u64,
}

impl ForeignActions {
    /// Takes note of an event, if it has the id of an action.
    pub(super) fn note(&mut self, event: &Event<'_>) {
        if let Some(action) = event.text("sharedEventID") {
            let record = event.text("eventID").map_or_else(|| event.fingerprint(), seeded_hash);
            self.0.insert((seeded_hash(action), record));
        }
    }

    /// Adds what another thread noted.
    pub(super) fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Returns how many actions were told of more than once.
    pub(super) fn shared(&self) -> SharedActions {
        let mut records: HashMap<u64, u64> = HashMap::new();
        self.0.iter().for_each(|(action, _)| *records.entry(*action).or_default() += 1);
        let shared = records.into_values().filter(|records| *records > 1);
        shared.fold(SharedActions::default(), |sum, records| SharedActions {
            actions: sum.actions + 1,
            records: sum.records + records,
        })
    }
}
