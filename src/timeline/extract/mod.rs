//! From an event to its steps: for each resource that the call acts on, what
//! its effects do to the state.
//!
//! Nothing here knows a state: the same steps come from the same event, in
//! whatever order events are read. `call` makes a step, `effects` finds what
//! the tables say of the resource, `verbs` what that does, and `proof` what
//! errors prove.

mod asked;
mod call;
mod doubt;
mod effects;
mod owners;
mod proof;
mod verbs;

pub(super) use owners::{EventOwners, find_owners};

use super::step::Step;
use crate::catalog;
use crate::catalog::{Catalog, Relation, ResourceAction};
use crate::event::{Event, Outcome};
use crate::resource::Resource;
use call::CallExtractor;
use std::collections::HashMap;

/// Returns what the event says of each resource that `wanted` is true of, by the rules of the catalog.
///
/// Reads give steps only where they prove something. Steps with a
/// [`link`](Step::link) are of resources that the event names by an
/// association alone: they are given whatever `wanted` says.
pub fn extract_steps(catalog: &Catalog, event: &Event<'_>, wanted: &dyn Fn(&Resource) -> bool) -> Vec<Step> {
    let acts = catalog.acts(event);
    steps_of(catalog, event, &acts.list, wanted)
}

/// The same, of acts that are known already.
pub fn steps_of(
    catalog: &Catalog,
    event: &Event<'_>,
    acts: &[ResourceAction],
    wanted: &dyn Fn(&Resource) -> bool,
) -> Vec<Step> {
    let links: Vec<&str> = catalog::link_ids(acts).collect();
    let any = acts.iter().any(|act| wanted(&act.resource));
    if !any && links.is_empty() {
        return Vec::new();
    }
    let call = CallExtractor::new(catalog, event);
    let mut kinds: HashMap<&str, usize> = HashMap::new();
    acts.iter().for_each(|act| *kinds.entry(&act.resource.kind).or_default() += 1);
    let owners = EventOwners::of(acts);
    let mut steps = Vec::new();
    for act in acts.iter().filter(|act| wanted(&act.resource)) {
        if act.relation == Relation::Related && !call.changes_related(act) {
            continue;
        }
        let alone = kinds.get(&*act.resource.kind) == Some(&1);
        steps.extend(call.step(act, acts).map(|step| {
            // Of several instances that one call runs, nothing says whose link is which.
            let links =
                if alone { links.iter().map(|link| (*link).to_owned()).collect() } else { Vec::new() };
            let owners = find_owners(&step.resource, &step.ops, &owners, Some(&call.doc));
            Step { links, owners, ..step }
        }));
    }
    if event.outcome() == Outcome::Succeeded {
        steps.extend(links.iter().flat_map(|link| call.by_link(link)));
    }
    steps
}
