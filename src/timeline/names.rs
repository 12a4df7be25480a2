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
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;

/// Types whose names are not unique in an account and region. Those of security groups are only
/// within a VPC (EC2 API, `CreateSecurityGroup`).
const SHARED_NAMES: [&str; 1] = ["AWS::EC2::SecurityGroup"];

/// Says which steps are about a resource that others call otherwise. The steps are sorted by resource and time.
pub(super) fn unite_names(steps: &mut [Box<Step>]) {
    let claims = collect_claims(steps);
    if !claims.is_empty() {
        // The steps of each name that is claimed, in order of time.
        let mut called: BTreeMap<ResourceKey, Vec<usize>> = BTreeMap::new();
        for (at, step) in steps.iter().enumerate() {
            let key = ResourceKey::of(&step.resource);
            if claims.contains_key(&key) {
                called.entry(key).or_default().push(at);
            }
        }
        for (name, mut places) in called {
            let Some(claims) = claims.get(&name) else { continue };
            places.sort_by_key(|at| steps[*at].origin.time);
            let mut claimants = Claimants::of(claims, SHARED_NAMES.contains(&&*name.kind));
            for at in places {
                let step = &mut *steps[at];
                let Some(claim) = claimants.at(step.origin.time) else { continue };
                // One that was deleted by its name has it no more.
                if is_deletion(step) {
                    claimants.end(claim, step.origin.time);
                }
                step.resource.rename_id(&claims[claim].key.id);
            }
        }
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
    if renames.is_empty() {
        return;
    }
    let mut called = CalledSteps::of(steps);
    for (time, old, new) in renames {
        called.rename(time, &old, &new);
    }
    for (key, held) in called.0 {
        for (_, at) in held.all {
            let resource = &mut steps[at].resource;
            if ResourceKey::of(resource) != key {
                // What it was called last, and what it is called: those between stand in the steps that had them.
                held.last_name.iter().for_each(|name| resource.rename_id(name));
                resource.rename_id(&key.id);
            }
        }
    }
}

/// Which steps are about what has a name, by time; the number tells those of one time apart.
#[derive(Default)]
struct NameHolder {
    all: BTreeSet<(Option<Time>, usize)>,
    /// Those that made it.
    made: BTreeSet<(Option<Time>, usize)>,
    /// What it was called before, if it was renamed.
    last_name: Option<String>,
}

/// The steps by what they call their resource now. A rename costs as much as the fewer of those that it
/// moves and those that it leaves, so that a chain of renames costs little more than its steps.
struct CalledSteps(BTreeMap<ResourceKey, NameHolder>);

impl CalledSteps {
    fn of(steps: &[Box<Step>]) -> Self {
        let mut all: BTreeMap<ResourceKey, NameHolder> = BTreeMap::new();
        for (at, step) in steps.iter().enumerate() {
            let holder = all.entry(ResourceKey::of(&step.resource)).or_default();
            holder.all.insert((step.origin.time, at));
            if step.action == Action::Created && step.kind == StepOutcome::Applied {
                holder.made.insert((step.origin.time, at));
            }
        }
        Self(all)
    }

    fn rename(&mut self, time: Option<Time>, old: &ResourceKey, new: &ResourceKey) {
        let is_before = |held: &NameHolder| held.all.first().is_some_and(|(at, _)| *at < time);
        if self.0.get(new).is_some_and(is_before) {
            return;
        }
        let Some(mut held) = self.0.remove(old) else { return };
        let until = (time, usize::MAX);
        let from = held.made.range(..=until).next_back().copied().unwrap_or((None, 0));
        let moved = NameHolder {
            all: take_range(&mut held.all, from, until),
            made: take_range(&mut held.made, from, until),
            last_name: Some(old.id.clone()),
        };
        if !held.all.is_empty() {
            self.0.insert(old.clone(), held);
        }
        let into = self.0.entry(new.clone()).or_default();
        merge_sets(&mut into.all, moved.all);
        merge_sets(&mut into.made, moved.made);
        into.last_name = moved.last_name;
    }
}

/// Takes what lies between two, both included, out of a set.
fn take_range<T: Ord + Copy>(set: &mut BTreeSet<T>, from: T, until: T) -> BTreeSet<T> {
    let rest = || set.range(..from).chain(set.range((Bound::Excluded(until), Bound::Unbounded)));
    // Whichever are fewer are taken out: the two are gone through side by side.
    let (mut inside, mut outside) = (set.range(from..=until), rest());
    let is_inside_less = loop {
        match (inside.next(), outside.next()) {
            (None, _) => break true,
            (_, None) => break false,
            _ => {}
        }
    };
    let fewer: Vec<T> =
        if is_inside_less { set.range(from..=until).copied().collect() } else { rest().copied().collect() };
    fewer.iter().for_each(|it| _ = set.remove(it));
    let fewer: BTreeSet<T> = fewer.into_iter().collect();
    if is_inside_less { fewer } else { std::mem::replace(set, fewer) }
}

fn merge_sets<T: Ord>(into: &mut BTreeSet<T>, mut other: BTreeSet<T>) {
    if into.len() < other.len() {
        std::mem::swap(into, &mut other);
    }
    into.extend(other);
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
        let mut places: HashMap<&str, usize> = HashMap::new();
        for step in group {
            for name in step.resource.identifiers().into_iter().filter(|it| *it != first.resource.id) {
                let place = *places.entry(name).or_insert_with(|| {
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

/// The resources that had one name, as time goes on.
struct Claimants<'c> {
    claims: &'c [NameClaim],
    /// Whether several may have the name at once.
    is_shared: bool,
    /// From when to when each is there.
    lives: Vec<(Option<Time>, Option<Time>)>,
    /// Those that are not there yet, the last first.
    to_come: Vec<usize>,
    /// Times at which records carried the name beside an id that are still to come, the last first.
    to_see: Vec<(Time, usize)>,
    /// When each was seen with the name last.
    last: Vec<Option<Time>>,
    /// Those that are there, by when they were seen with the name last.
    alive: BTreeSet<(Option<Time>, usize)>,
    /// Those that are there, by when they end.
    ending: BTreeSet<(Time, usize)>,
    /// How often one of these was looked at or changed, which is what the time hangs on.
    #[cfg(test)]
    steps: usize,
}

impl<'c> Claimants<'c> {
    fn of(claims: &'c [NameClaim], is_shared: bool) -> Self {
        let mut to_come: Vec<usize> = (0..claims.len()).collect();
        to_come.sort_by_key(|at| std::cmp::Reverse(claims[*at].life.0));
        let seen = |(at, claim): (usize, &'c NameClaim)| claim.seen.iter().map(move |time| (*time, at));
        let mut to_see: Vec<(Time, usize)> = claims.iter().enumerate().flat_map(seen).collect();
        to_see.sort_unstable_by(|a, b| b.cmp(a));
        Self {
            claims,
            is_shared,
            lives: claims.iter().map(|claim| claim.life).collect(),
            to_come,
            to_see,
            last: vec![None; claims.len()],
            alive: BTreeSet::new(),
            ending: BTreeSet::new(),
            #[cfg(test)]
            steps: 0,
        }
    }

    /// Goes on to a time.
    fn advance(&mut self, time: Time) {
        while let Some(at) = self.to_come.pop_if(|at| self.claims[*at].life.0.is_none_or(|from| from <= time))
        {
            self.count();
            self.alive.insert((self.last[at], at));
            self.ending.extend(self.lives[at].1.map(|until| (until, at)));
        }
        while let Some((seen, at)) = self.to_see.pop_if(|(seen, _)| *seen <= time) {
            self.count();
            let is_alive = self.alive.remove(&(self.last[at], at));
            self.last[at] = self.last[at].max(Some(seen));
            if is_alive {
                self.alive.insert((self.last[at], at));
            }
        }
        while let Some((_, at)) = self.ending.first().copied().filter(|(until, _)| *until < time) {
            self.count();
            self.ending.pop_first();
            self.alive.remove(&(self.last[at], at));
        }
    }

    fn count(&mut self) {
        #[cfg(test)]
        {
            self.steps += 1;
        }
    }

    /// Returns which of them a step of this time is about; times do not go back.
    ///
    /// One that was made, or is gone, at another time had the name not.
    fn at(&mut self, time: Option<Time>) -> Option<usize> {
        let Some(time) = time else { return (self.claims.len() == 1).then_some(0) };
        self.advance(time);
        self.count();
        let mut newest = self.alive.iter().rev();
        let (last, at) = *newest.next()?;
        let Some((before, _)) = newest.next() else { return Some(at) };
        // An alias may be pointed at another key: what was seen with it last has it.
        (!self.is_shared && last.is_some() && *before != last).then_some(at)
    }

    /// One is gone, if it was not before.
    fn end(&mut self, at: usize, time: Option<Time>) {
        if let (None, Some(time)) = (self.lives[at].1, time) {
            self.lives[at].1 = Some(time);
            self.ending.insert((time, at));
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::conflicts::testing::step;
    use super::*;
    use proptest::prelude::*;
    use std::sync::Arc;

    /// Which of the resources that had the name a step is about, by looking at all.
    fn find_claimant(claims: &[NameClaim], step: &Step) -> Option<usize> {
        let time = step.origin.time;
        let lives = |claim: &NameClaim| match (time, claim.life) {
            (Some(time), (from, until)) => {
                from.is_none_or(|it| it <= time) && until.is_none_or(|it| time <= it)
            }
            (None, _) => claims.len() == 1,
        };
        let alive: Vec<usize> = (0..claims.len()).filter(|at| lives(&claims[*at])).collect();
        match alive.as_slice() {
            [] => None,
            [one] => Some(*one),
            _ if SHARED_NAMES.contains(&&*step.resource.kind) => None,
            many => {
                let last = |at: usize| claims[at].seen.iter().rfind(|seen| Some(**seen) <= time).copied();
                let newest =
                    many.iter().copied().max_by_key(|at| last(*at)).filter(|at| last(*at).is_some())?;
                let is_alone = many.iter().filter(|at| last(**at) == last(newest)).count() == 1;
                is_alone.then_some(newest)
            }
        }
    }

    fn unite_by_looking_at_all(steps: &mut [Box<Step>]) {
        let mut claims = collect_claims(steps);
        for step in &mut *steps {
            let Some(claims) = claims.get_mut(&ResourceKey::of(&step.resource)) else { continue };
            let Some(claim) = find_claimant(claims, step).and_then(|at| claims.get_mut(at)) else { continue };
            if is_deletion(step) {
                claim.life.1 = claim.life.1.or(step.origin.time);
            }
            step.resource.rename_id(&claim.key.id);
        }
        rename_by_looking_at_all(steps);
    }

    fn rename_by_looking_at_all(steps: &mut [Box<Step>]) {
        let mut renames = Vec::new();
        for step in steps.iter() {
            if let (Some(Operation::Rename(name)), StepOutcome::Applied) = (step.ops.first(), step.kind)
                && *name != step.resource.id
            {
                let called = Resource::new(&step.resource.kind, name);
                renames.push((step.origin.time, ResourceKey::of(&step.resource), ResourceKey::of(&called)));
            }
        }
        renames.sort();
        renames.dedup();
        for (time, old, new) in renames {
            let of = |key: &ResourceKey| -> Vec<usize> {
                let mut found: Vec<usize> =
                    (0..steps.len()).filter(|at| ResourceKey::of(&steps[*at].resource) == *key).collect();
                found.sort_by_key(|at| steps[*at].origin.time);
                found
            };
            if of(&new).iter().any(|at| steps[*at].origin.time < time) {
                continue;
            }
            let before: Vec<usize> =
                of(&old).into_iter().filter(|at| steps[*at].origin.time <= time).collect();
            let made =
                |at: &usize| steps[*at].action == Action::Created && steps[*at].kind == StepOutcome::Applied;
            let first = before.iter().rposition(made).unwrap_or(0);
            for at in &before[first..] {
                steps[*at].resource.rename_id(&new.id);
            }
        }
    }

    fn any_step() -> impl Strategy<Value = Step> {
        let ids = prop::sample::select(vec![
            "11111111-2222-3333-4444-555555555555",
            "21111111-2222-3333-4444-555555555555",
            "alias/a",
            "alias/b",
        ]);
        let more = prop::option::of(prop::sample::select(vec!["alias/a", "alias/b"]));
        let groups = prop::sample::select(vec!["g", "h", "i", "j"]);
        let new = prop::option::of(prop::sample::select(vec!["g", "h", "i", "j"]));
        let action =
            prop::sample::select(vec![Action::Created, Action::Changed, Action::Changed, Action::Deleted]);
        let time = prop::option::weighted(0.9, 0..8_u8);
        (ids, more, groups, new, action, time, any::<bool>()).prop_map(
            |(id, more, group, new, action, time, is_key)| {
                let mut ops = Vec::new();
                let mut resource = Resource::new("AWS::IAM::Group", group);
                if is_key {
                    resource = Resource::new("AWS::KMS::Key", id);
                    more.iter().for_each(|more| resource.also(more));
                } else {
                    ops.extend(
                        new.filter(|_| action == Action::Changed)
                            .map(|new| Operation::Rename(new.to_owned())),
                    );
                }
                let mut step = Step { resource, action, ..step("Call", ops) };
                Arc::make_mut(&mut step.origin).time =
                    time.map(|time| Time::parse(&format!("2024-01-01T00:00:0{time}Z")).unwrap());
                step
            },
        )
    }

    /// Steps in the order in which they are united.
    #[allow(clippy::vec_box, reason = "as a store holds them")]
    fn sorted(steps: Vec<Step>) -> Vec<Box<Step>> {
        let mut steps: Vec<Box<Step>> = steps.into_iter().map(Box::new).collect();
        steps.iter_mut().zip(0..).for_each(|(step, at)| Arc::make_mut(&mut step.origin).fingerprint = at);
        steps.sort_by(|a, b| {
            let key = |step: &Step| ResourceKey::of(&step.resource);
            key(a).cmp(&key(b)).then_with(|| a.sort_key().cmp(&b.sort_key()))
        });
        steps
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn each_step_goes_to_the_same_as_when_all_are_looked_at(steps in prop::collection::vec(any_step(), 0..12)) {
            let (mut found, mut wanted) = (sorted(steps.clone()), sorted(steps));
            unite_names(&mut found);
            unite_by_looking_at_all(&mut wanted);
            let ids = |steps: &[Box<Step>]| -> Vec<String> {
                steps.iter().map(|step| step.resource.id.clone()).collect()
            };
            prop_assert_eq!(ids(&found), ids(&wanted));
            // All of one resource together have the same names.
            let names = |steps: &[Box<Step>]| -> BTreeMap<String, BTreeSet<String>> {
                let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
                for step in steps {
                    let names = step.resource.identifiers().into_iter().map(str::to_owned);
                    all.entry(step.resource.id.clone()).or_default().extend(names);
                }
                all
            };
            prop_assert_eq!(names(&found), names(&wanted));
        }
    }

    /// A name that led from one resource to the next is followed in as many steps as there are.
    #[test]
    fn the_work_grows_with_the_claims() {
        let work = |number: u32| {
            let time = |at: u32| {
                let text = format!("2024-01-01T{:02}:{:02}:{:02}Z", at / 3600, at / 60 % 60, at % 60);
                Time::parse(&text).unwrap()
            };
            let claim = |at: u32| NameClaim {
                key: ResourceKey::of(&Resource::new("AWS::KMS::Key", "k")),
                life: (Some(time(at)), at.checked_rem(2).filter(|it| *it == 0).map(|_| time(at + 1))),
                seen: vec![time(at)],
            };
            let claims: Vec<NameClaim> = (0..number).map(claim).collect();
            let mut claimants = Claimants::of(&claims, false);
            (0..number).for_each(|at| _ = claimants.at(Some(time(at))));
            claimants.steps
        };
        let (once, twice) = (work(500), work(1000));
        assert!(twice as f64 <= 2.2 * once as f64, "{once} and {twice}");
    }
}
