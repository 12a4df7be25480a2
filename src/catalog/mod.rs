//! Which API call does what to which resource.
//!
//! The tables in `services/` hold one row a call, and whoever asks may have
//! added others: a [`Catalog`] is both. [`Catalog::acts`] applies the row, or
//! the rules for calls without one (`fallback`), and adds what the record
//! itself says of its resources. A name that merely occurs in a policy, a tag
//! or a description is never an act: only the places that the rows name count.

mod association;
mod caller;
mod copying;
mod denial;
mod detail;
pub mod effect;
mod failure;
mod fallback;
mod identifiers;
mod listed;
mod members;
mod path;
mod proofs;
mod row;
mod services;
mod tables;
mod unnamed;
mod value;
mod withheld;

pub use association::{LINK_PREFIXES, link_ids, link_prefixes};
pub use caller::{find_callers, named_by_caller};
pub use copying::takes_from;
pub use detail::{CallDetail, call_details};
pub use identifiers::Identifiers;
pub use tables::Catalog;
pub use unnamed::{MayAct, find_unnamed_actions, may_act_later, may_act_unnamed};
pub use withheld::{Withheld, withheld_members};

use crate::event::Event;
use crate::resource::Resource;
use row::RowEntry;
use std::borrow::Cow;
use std::collections::HashMap;

/// What a call does to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It did not exist before.
    Created,
    /// It existed before and after, and is another.
    Changed,
    /// It does not exist afterwards, or its deletion is scheduled.
    Deleted,
    /// Nothing was changed.
    Read,
}

/// How a call and a resource belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// The call acts on it.
    Subject,
    /// The call names it as something that it uses.
    Related,
}

/// One resource of a call.
#[derive(Clone, Debug)]
pub struct ResourceAction {
    /// The resource.
    pub resource: Resource,
    /// What is done to it; for a related resource what the call does to its subject.
    pub action: Action,
    /// What may have been done instead: a put creates what was not there, and its record does not tell.
    pub or: Option<Action>,
    /// Whether it is acted on.
    pub relation: Relation,
    /// Why it was not done, where the rest of the call was: the error code, or `Failed`.
    pub failed: Option<String>,
}

/// What a call does as a whole.
#[derive(Clone, Debug)]
pub struct CallActions {
    /// What it does to its first subject.
    pub action: Action,
    /// The resources, subjects before related ones.
    pub list: Vec<ResourceAction>,
    /// Whether the call has a row in the tables.
    pub by_row: bool,
}

impl CallActions {
    /// Returns what a call does to its first subject, or else to what it names first.
    pub fn main(&self) -> Option<&ResourceAction> {
        let subject = self.list.iter().find(|act| act.relation == Relation::Subject);
        subject.or(self.list.first())
    }

    /// Returns whether the call does one of `actions` to that.
    pub fn does(&self, actions: &[Action]) -> bool {
        let main = self.main();
        actions.contains(&main.map_or(self.action, |act| act.action))
            || main.and_then(|act| act.or).is_some_and(|action| actions.contains(&action))
    }
}

/// Returns the event name without the API date that some services put behind it:
/// `CreateFunction20150331`, `UpdateFunctionCode20150331v2`, `CreateDistribution2020_05_31`.
pub fn api_name(event_name: &str) -> &str {
    let without_version = match event_name.rsplit_once('v') {
        Some((head, digits)) if !digits.is_empty() && is_digits(digits) && ends_in_date(head) => head,
        _ => event_name,
    };
    if ends_in_date(without_version) {
        return &without_version[..without_version.len() - 8];
    }
    let cut = event_name.len().saturating_sub(10);
    match event_name.as_bytes().get(cut..) {
        Some([b'2', b'0', a, b, b'_', c, d, b'_', e, f])
            if [a, b, c, d, e, f].iter().all(|it| it.is_ascii_digit()) =>
        {
            &event_name[..cut]
        }
        _ => event_name,
    }
}

fn ends_in_date(name: &str) -> bool {
    let cut = name.len().saturating_sub(8);
    cut > 0 && name.is_char_boundary(cut) && name[cut..].starts_with("20") && is_digits(&name[cut..])
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Catalog {
    /// Returns what the event's call does, to which resources.
    pub fn acts(&self, event: &Event<'_>) -> CallActions {
        let row = self.row(event.source(), api_name(event.name()));
        let mut acts = match row {
            Some(entries) => by_row(event, entries),
            None => fallback::infer_acts(event),
        };
        listed::name_by_resources(event, row.unwrap_or_default(), &mut acts);
        if !acts.list.iter().any(|act| act.relation == Relation::Subject) {
            denial::name_by_message(event, row.unwrap_or_default(), &mut acts);
        }
        failure::mark_failed_acts(self, event, &mut acts);
        let (account, region) = (event.recipient_account(), event.text("awsRegion"));
        for act in &mut acts.list {
            act.resource.owned_by(account.as_deref(), region);
        }
        listed::set_bucket_home(event, &mut acts);
        acts.list.sort_by_key(|act| act.relation);
        acts
    }

    /// Returns what a call of this name does, as far as the name alone can tell.
    pub fn action_of(&self, source: &str, event_name: &str, read_only: Option<bool>) -> Action {
        match self.row(source, api_name(event_name)).and_then(first_action) {
            Some(action) => action,
            None => fallback::infer_action(api_name(event_name), read_only),
        }
    }

    /// Returns whether a call of this name may do one of `actions`, whatever its record says.
    pub fn may_do(&self, source: &str, event_name: &str, actions: &[Action]) -> bool {
        let name = api_name(event_name);
        if self.row(source, name).and_then(first_action).is_some() {
            return self.may_act(source, event_name, actions);
        }
        let by_name =
            [None, Some(true), Some(false)].map(|read_only| fallback::infer_action(name, read_only));
        // What is part of a resource is made and deleted by calls that change the resource.
        let is_write = by_name.iter().any(|action| *action != Action::Read);
        by_name.iter().any(|action| actions.contains(action))
            || (is_write && actions.contains(&Action::Changed))
    }

    /// Returns whether a call has a row by which it may do one of `actions` to a resource of one of `kinds`.
    pub fn may_act_on(
        &self,
        source: &str,
        event_name: &str,
        kinds: &[Cow<'static, str>],
        actions: &[Action],
    ) -> bool {
        let entries = self.row(source, api_name(event_name)).unwrap_or_default();
        entries.iter().any(|entry| {
            let does = [entry.action, entry.or].into_iter().flatten().any(|action| actions.contains(&action));
            does && entry.kind.as_deref().is_some_and(|kind| kinds.iter().any(|it| it == kind))
        })
    }

    /// Returns whether a call has a row by which it may do one of `actions` to some resource.
    pub fn may_act(&self, source: &str, event_name: &str, actions: &[Action]) -> bool {
        let entries = self.row(source, api_name(event_name)).unwrap_or_default();
        entries
            .iter()
            .flat_map(|entry| [entry.action, entry.or])
            .flatten()
            .any(|action| actions.contains(&action))
    }

    /// Returns what a call leaves behind in its resources; `None` when the tables have no effects of it.
    pub fn effects(&self, source: &str, event_name: &str) -> Option<&[effect::Effect]> {
        self.effects_of(source, api_name(event_name))
    }

    /// Returns what a call proves about its resource that failed with this error code and message.
    pub fn proofs(
        &self,
        source: &str,
        event_name: &str,
        code: &str,
        message: &str,
    ) -> Option<&[effect::Effect]> {
        self.proofs_of(source, api_name(event_name), code, message)
    }

    /// Returns the parts of what a call changes that failed, though it did others: targets of a rule, by their ids.
    pub fn undone(&self, event: &Event<'_>) -> Vec<String> {
        failure::find_failed_parts(self, event)
    }

    /// Returns the resource that a call renamed, by its old name and its new one.
    pub fn renamed(&self, event: &Event<'_>, acts: &[ResourceAction]) -> Option<Resource> {
        let is_rename = |effect: &effect::Effect| matches!(effect.verb, effect::Verb::Rename { .. });
        if event.error_code().is_some() || !self.effects(event.source(), event.name())?.iter().any(is_rename)
        {
            return None;
        }
        // The row names the old one first, then the new.
        let mut subjects =
            acts.iter().filter(|act| act.relation == Relation::Subject).map(|act| &act.resource);
        let (old, new) = (subjects.next()?, subjects.next()?);
        let mut both = old.clone();
        both.also(&new.id);
        (old.kind == new.kind && old.id != new.id).then_some(both)
    }

    /// Returns the type of a call's first subject, by its row.
    pub fn subject_kind(&self, source: &str, event_name: &str) -> Option<&str> {
        let entries = self.row(source, api_name(event_name))?;
        entries.iter().find(|entry| entry.action.is_some())?.kind.as_deref()
    }
}

/// Returns an error code without what services put around it: `Client.`, `Exception`, `Fault`.
pub fn bare_code(code: &str) -> &str {
    proofs::strip_code_affixes(code)
}

fn first_action(entries: &[RowEntry]) -> Option<Action> {
    entries.iter().find_map(|entry| entry.action)
}

fn by_row(event: &Event<'_>, entries: &[RowEntry]) -> CallActions {
    let applying: Vec<&RowEntry> = entries.iter().filter(|entry| entry.applies(event)).collect();
    let action = applying.iter().find_map(|entry| entry.action).or_else(|| first_action(entries));
    let action = action.unwrap_or_else(|| fallback::infer_action(api_name(event.name()), event.read_only()));
    let (mut list, mut places) = (Vec::new(), ActPlaces::new());
    for entry in applying {
        for resource in value::find_resources(event, entry) {
            let action = entry.action.unwrap_or(action);
            let act = ResourceAction {
                resource,
                action,
                or: entry.or,
                relation: relation_of_entry(entry),
                failed: None,
            };
            add_act(event, &mut list, &mut places, act);
        }
    }
    CallActions { action, list, by_row: true }
}

fn relation_of_entry(entry: &RowEntry) -> Relation {
    if entry.action.is_some() { Relation::Subject } else { Relation::Related }
}

/// Where the acts on a resource stand in a list, by its type and id.
type ActPlaces = HashMap<(Cow<'static, str>, String), Vec<usize>>;

fn places_of(list: &[ResourceAction]) -> ActPlaces {
    let mut places = ActPlaces::new();
    for (at, act) in list.iter().enumerate() {
        places.entry((act.resource.kind.clone(), act.resource.id.clone())).or_default().push(at);
    }
    places
}

/// Adds an act unless the same resource is there already. The replica of a key in another region
/// is not the same.
fn add_act(event: &Event<'_>, list: &mut Vec<ResourceAction>, places: &mut ActPlaces, act: ResourceAction) {
    let home = event.text("awsRegion");
    let region = |resource: &Resource| resource.region.as_deref().or(home).map(str::to_owned);
    let is_replica = |other: &ResourceAction| {
        act.resource.id.starts_with("mrk-") && region(&other.resource) != region(&act.resource)
    };
    let alike = places.entry((act.resource.kind.clone(), act.resource.id.clone())).or_default();
    match alike.iter().copied().find(|at| !is_replica(&list[*at])) {
        None => {
            alike.push(list.len());
            list.push(act);
        }
        // A batch that takes a DNS record away and makes it anew changes it.
        Some(at) if act.action != list[at].action && act.resource.kind == "AWS::Route53::RecordSet" => {
            (list[at].action, list[at].or) = (Action::Changed, None);
        }
        Some(_) => {}
    }
}

/// The entry that a resource of this type belongs to: its type's own, be it that what the entry depends
/// on was not logged, else the one for any type.
fn entry_of<'r>(event: &Event<'_>, entries: &'r [RowEntry], resource: &Resource) -> Option<&'r RowEntry> {
    let own = || entries.iter().filter(|entry| entry.kind.as_deref() == Some(resource.kind.as_ref()));
    let any = entries.first().filter(|entry| entry.kind.is_none());
    own().find(|entry| entry.applies(event)).or_else(|| own().next()).or(any)
}

#[cfg(test)]
mod tests;
