//! Steps that call one resource by different names, brought under one id.
//!
//! A group is deleted by its name, an address released by its number, a key described by its alias: what that is
//! the name of is known from the steps that carry both. A name may have led to several resources, one after
//! the other or at once, so each step goes to the one that had the name then; where that is not sure, it stays by itself.

use super::groups::Key;
use super::step::{Kind, Op, Step};
use crate::catalog::Action;
use crate::event::Time;
use crate::resource::Resource;
use std::collections::HashMap;

/// Types whose names are not unique in an account and region. Those of security groups are only
/// within a VPC (EC2 API, `CreateSecurityGroup`).
const SHARED_NAMES: [&str; 1] = ["AWS::EC2::SecurityGroup"];

/// Says which steps are about a resource that others call otherwise. The steps are sorted by resource and time.
pub(super) fn unite(steps: &mut [Box<Step>]) {
    let claims = claims(steps);
    if claims.is_empty() {
        return;
    }
    for step in steps {
        let found = claims.get(&Key::of(&step.resource));
        if let Some(key) = found.and_then(|claims| claimant(claims, step)) {
            step.resource.rename_id(&key.id);
        }
    }
}

/// A resource that has, or had, a name.
struct Claim {
    key: Key,
    /// From its creation to its deletion, each where it was seen.
    life: (Option<Time>, Option<Time>),
    /// When records carried the name beside the id.
    seen: Vec<Time>,
}

/// Which resources have which names.
fn claims(steps: &[Box<Step>]) -> HashMap<Key, Vec<Claim>> {
    let mut claims: HashMap<Key, Vec<Claim>> = HashMap::new();
    for group in steps.chunk_by(|a, b| Key::is_same(&a.resource, &b.resource)) {
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
        let (key, life) = (Key::of(&first.resource), life(group));
        for (name, seen) in names {
            let mut called = Resource::new(&first.resource.kind, name);
            called.owned_by(key.account.as_deref(), key.region.as_deref());
            let other = Key::of(&called);
            if other != key && !first.resource.is_outranked_by(&called) {
                claims.entry(other).or_default().push(Claim { key: key.clone(), life, seen });
            }
        }
    }
    claims
}

/// From when to when there was a resource whose id is its own.
fn life(group: &[Box<Step>]) -> (Option<Time>, Option<Time>) {
    let done = |action| {
        group.iter().filter(move |step| {
            let is_due = step.ops.iter().any(|op| matches!(op, Op::Due(_)));
            step.action == action && step.kind == Kind::Applied && !is_due
        })
    };
    let from = done(Action::Created).find_map(|step| step.origin.time);
    let until = done(Action::Deleted).filter_map(|step| step.origin.time).last();
    // One that was made again after its deletion has a name, not an id.
    match (from, until) {
        (Some(from), Some(until)) if until < from => (None, None),
        life => life,
    }
}

/// Which of the resources that had the name a step is about.
fn claimant<'c>(claims: &'c [Claim], step: &Step) -> Option<&'c Key> {
    let [claim] = claims else {
        let time = step.origin.time?;
        let lives = |claim: &&Claim| {
            claim.life.0.is_none_or(|from| from <= time) && claim.life.1.is_none_or(|until| time <= until)
        };
        let alive: Vec<&Claim> = claims.iter().filter(lives).collect();
        return match alive.as_slice() {
            [one] => Some(&one.key),
            [] => None,
            _ if SHARED_NAMES.contains(&&*step.resource.kind) => None,
            many => {
                // An alias may be pointed at another key: what was seen with it last has it.
                let last = |claim: &&&Claim| claim.seen.iter().rfind(|seen| **seen <= time).copied();
                let newest = many.iter().filter(|it| last(it).is_some()).max_by_key(|it| last(it))?;
                let is_alone = many.iter().filter(|it| last(it) == last(&newest)).count() == 1;
                is_alone.then_some(&newest.key)
            }
        };
    };
    // The only one that is known to have had the name; one that was made or is gone at another time had it not.
    let time = step.origin.time;
    let is_before = claim.life.0.zip(time).is_some_and(|(from, time)| time < from);
    let is_after = claim.life.1.zip(time).is_some_and(|(until, time)| time > until);
    (!is_before && !is_after).then_some(&claim.key)
}
