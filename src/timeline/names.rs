//! Steps that call one resource by different names, brought under one id.
//!
//! A group is deleted by its name, an address released by its number, a key described by its alias: what that is
//! the name of is known from the steps that carry both. A name may have led to several resources, one after
//! the other or at once, so each step goes to the one that had the name then; where that is not sure, it stays by itself.

use super::groups::ResourceKey;
use super::step::{Operation, Step, StepOutcome};
use crate::catalog::Action;
use crate::event::Time;
use crate::resource::Resource;
use std::collections::HashMap;

/// Types whose names are not unique in an account and region. Those of security groups are only
/// within a VPC (EC2 API, `CreateSecurityGroup`).
const SHARED_NAMES: [&str; 1] = ["AWS::EC2::SecurityGroup"];

/// Says which steps are about a resource that others call otherwise. The steps are sorted by resource and time.
pub(super) fn unite_names(steps: &mut [Box<Step>]) {
    let mut claims = collect_claims(steps);
    let some = if claims.is_empty() { 0 } else { steps.len() };
    for step in &mut steps[..some] {
        let Some(claims) = claims.get_mut(&ResourceKey::of(&step.resource)) else { continue };
        let Some(claim) = find_claimant(claims, step).and_then(|at| claims.get_mut(at)) else { continue };
        // One that was deleted by its name has it no more.
        if is_deletion(step) {
            claim.life.1 = claim.life.1.or(step.origin.time);
        }
        step.resource.rename_id(&claim.key.id);
    }
    follow_renames(steps);
}

/// Brings what a resource was called before it was renamed under its new name: the steps since what had the old
/// name was made. Where another had the new name before, the two are kept apart.
fn follow_renames(steps: &mut [Box<Step>]) {
    let new_name = |step: &Step| {
        let name = step
            .ops
            .iter()
            .find_map(|op| if let Operation::Rename(name) = op { Some(name) } else { None })?;
        (step.kind == StepOutcome::Applied && *name != step.resource.id).then(|| name.clone())
    };
    let mut renames: Vec<(Option<Time>, ResourceKey, ResourceKey)> = Vec::new();
    for step in steps.iter() {
        if let Some(name) = new_name(step) {
            let mut called = Resource::new(&step.resource.kind, &name);
            called.owned_by(step.resource.account.as_deref(), step.resource.region.as_deref());
            renames.push((step.origin.time, ResourceKey::of(&step.resource), ResourceKey::of(&called)));
        }
    }
    renames.sort();
    renames.dedup();
    for (time, old, new) in renames {
        let of = |key: &ResourceKey| -> Vec<usize> {
            (0..steps.len()).filter(|at| ResourceKey::of(&steps[*at].resource) == *key).collect()
        };
        let is_before = |at: &usize| steps[*at].origin.time < time;
        if of(&new).iter().any(is_before) {
            continue;
        }
        let before: Vec<usize> = of(&old).into_iter().filter(|at| steps[*at].origin.time <= time).collect();
        let made =
            |at: &usize| steps[*at].action == Action::Created && steps[*at].kind == StepOutcome::Applied;
        let first = before.iter().rposition(made).unwrap_or(0);
        for at in &before[first..] {
            steps[*at].resource.rename_id(&new.id);
        }
    }
}

/// A resource that has, or had, a name.
struct NameClaim {
    key: ResourceKey,
    /// From its creation to its deletion, each where it was seen.
    life: (Option<Time>, Option<Time>),
    /// When records carried the name beside the id.
    seen: Vec<Time>,
}

/// Which resources have which names.
fn collect_claims(steps: &[Box<Step>]) -> HashMap<ResourceKey, Vec<NameClaim>> {
    let mut claims: HashMap<ResourceKey, Vec<NameClaim>> = HashMap::new();
    for group in steps.chunk_by(|a, b| ResourceKey::is_same(&a.resource, &b.resource)) {
        let Some(first) = group.first() else { continue };
        let mut names: Vec<(&str, Vec<Time>)> = Vec::new();
        for step in group {
            for name in step.resource.identifiers().into_iter().filter(|it| *it != first.resource.id) {
                let place = names.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
                    names.push((name, Vec::new()));
                    names.len() - 1
                });
                let seen = &mut names[place].1;
                seen.extend(step.origin.time.filter(|time| seen.last() != Some(time)));
            }
        }
        if names.is_empty() {
            continue;
        }
        let (key, life) = (ResourceKey::of(&first.resource), life_span(group));
        for (name, seen) in names {
            let mut called = Resource::new(&first.resource.kind, name);
            called.owned_by(key.account.as_deref(), key.region.as_deref());
            let other = ResourceKey::of(&called);
            if other != key && !first.resource.is_outranked_by(&called) {
                claims.entry(other).or_default().push(NameClaim { key: key.clone(), life, seen });
            }
        }
    }
    claims
}

/// From when to when there was a resource whose id is its own.
fn life_span(group: &[Box<Step>]) -> (Option<Time>, Option<Time>) {
    let begins = |step: &Step| step.action == Action::Created && step.kind == StepOutcome::Applied;
    let from = group.iter().filter(|step| begins(step)).find_map(|step| step.origin.time);
    let until = group.iter().filter(|step| is_deletion(step)).filter_map(|step| step.origin.time).next_back();
    // One that was made again after its deletion has a name, not an id.
    match (from, until) {
        (Some(from), Some(until)) if until < from => (None, None),
        life => life,
    }
}

/// Whether a call deleted its resource, and not only said when.
fn is_deletion(step: &Step) -> bool {
    let is_due = step.ops.iter().any(|op| matches!(op, Operation::ScheduleDeletion(_)));
    step.action == Action::Deleted && step.kind == StepOutcome::Applied && !is_due
}

/// Which of the resources that had the name a step is about.
fn find_claimant(claims: &[NameClaim], step: &Step) -> Option<usize> {
    let time = step.origin.time;
    // One that was made, or is gone, at another time had it not.
    let lives = |claim: &NameClaim| match (time, claim.life) {
        (Some(time), (from, until)) => from.is_none_or(|it| it <= time) && until.is_none_or(|it| time <= it),
        (None, _) => claims.len() == 1,
    };
    let alive: Vec<usize> = (0..claims.len()).filter(|at| lives(&claims[*at])).collect();
    match alive.as_slice() {
        [] => None,
        [one] => Some(*one),
        _ if SHARED_NAMES.contains(&&*step.resource.kind) => None,
        many => {
            // An alias may be pointed at another key: what was seen with it last has it.
            let last = |at: usize| claims[at].seen.iter().rfind(|seen| Some(**seen) <= time).copied();
            let newest = many.iter().copied().max_by_key(|at| last(*at)).filter(|at| last(*at).is_some())?;
            let is_alone = many.iter().filter(|at| last(**at) == last(newest)).count() == 1;
            is_alone.then_some(newest)
        }
    }
}
