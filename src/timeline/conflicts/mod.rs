//! Which calls of one moment set the same settings to different values, so that it matters which came last.
//!
//! Comparing each with each would take a time that grows with the square of what somebody does in one second. So
//! what is set is counted by path, value and whoever set it; that a call has a conflict, and with calls of which
//! name, is then a difference of counts. What the service's own words decide (`order`, `chain`) is counted by these
//! words and taken off.

use super::order::{list_writes, settled_state};
use super::path::SettingPath;
use super::step::{Step, StepOutcome};
use super::val::Knowledge;
use super::{policy, seen};
use crate::timeline::is_policy;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::Hash;

/// What a step sets: whether it is known to what does not matter, only whether it is the same.
type ValueNumber = u32;
/// Of a value that the record does not tell: the same as no other.
const UNTOLD: ValueNumber = 0;
const ABSENT: ValueNumber = 1;

/// What is told of one step's conflicts with the others.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct StepConflicts {
    /// The names of the calls that may as well have come on its other side, each once.
    pub(super) names: Vec<String>,
    /// The settings on which nothing later has a conflict.
    pub(super) paths: BTreeSet<SettingPath>,
}

/// What is counted of the steps that set something.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum CountedWrite {
    /// That it sets a path, be it several times.
    Path(u32),
    /// That it sets a path to a value.
    Value(u32, ValueNumber),
    /// That it sets a path to something that would be lost with the whole that the path is a part of.
    Part(u32),
    /// That it sets something below a path that would be lost with it.
    Below(u32),
    /// That it sets a path, as the whole of what is below.
    Whole(u32),
    /// That it sets a whole and also a part of it to a value: that is not lost.
    Covered(u32, u32, ValueNumber),
}

/// Steps by what the service says of their order.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum OrderKey {
    Any,
    None,
    Is(i64),
}

/// Steps by the states that the service says they went out from and led to, as numbers; `Near` is what a passing
/// state comes to.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum ChainKey {
    Any,
    NearFrom(u32),
    NearTo(u32),
    NearFromTo(u32, u32),
    FromNearTo(u32, u32),
    NearFromNearTo(u32, u32),
    FromTo(u32, u32),
}

#[derive(Clone, Copy)]
struct ChainNumbers {
    from: u32,
    to: u32,
    near_from: u32,
    near_to: u32,
}

impl ChainNumbers {
    fn keys(self) -> [ChainKey; 6] {
        let Self { from, to, near_from, near_to } = self;
        [
            ChainKey::NearFrom(near_from),
            ChainKey::NearTo(near_to),
            ChainKey::NearFromTo(near_from, to),
            ChainKey::FromNearTo(from, near_to),
            ChainKey::NearFromNearTo(near_from, near_to),
            ChainKey::FromTo(from, to),
        ]
    }

    /// How often steps of a key count as decided against one of these states. `order::is_decided` is an exclusive
    /// or of "goes out from what it led to" and the reverse, on the states themselves and, where neither holds, on
    /// what they come to; written as a sum over counts that is this.
    fn decided(self) -> [(ChainKey, i64); 6] {
        let Self { from, to, near_from, near_to } = self;
        [
            (ChainKey::NearFrom(near_to), 1),
            (ChainKey::NearTo(near_from), 1),
            (ChainKey::NearFromTo(near_to, from), 1),
            (ChainKey::FromNearTo(to, near_from), 1),
            (ChainKey::FromTo(to, from), -2),
            (ChainKey::NearFromNearTo(near_to, near_from), -2),
        ]
    }
}

/// One step that sets something.
struct Writer {
    /// Its place in the moment.
    at: usize,
    /// Its name and rank, which it has in common with others.
    bucket: u32,
    order: Option<i64>,
    chain: Option<ChainNumbers>,
    /// Each path and value once.
    writes: Vec<(u32, ValueNumber)>,
}

impl Writer {
    /// What it sets a path to.
    fn values(&self, path: u32) -> &[(u32, ValueNumber)] {
        let from = self.writes.partition_point(|it| it.0 < path);
        let until = self.writes.partition_point(|it| it.0 <= path);
        &self.writes[from..until]
    }

    /// Each path that it sets.
    fn paths(&self) -> impl Iterator<Item = u32> {
        self.writes.chunk_by(|a, b| a.0 == b.0).map(|same| same[0].0)
    }
}

/// Numbers for things, the first being 0.
struct Numbers<T>(HashMap<T, u32>);

impl<T: Hash + Eq> Numbers<T> {
    fn of(&mut self, it: T) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        *self.0.entry(it).or_insert(next)
    }
}

impl<T> Default for Numbers<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

/// A value as it is compared: policies by what they say ([`Knowledge::same`]). Tells whether it is one.
fn comparable(val: Knowledge) -> (bool, Knowledge) {
    match val {
        Knowledge::Known(value) if is_policy(&value) => {
            (true, Knowledge::Known(policy::canonical_policy(&value)))
        }
        val => (false, val),
    }
}

/// What a step sets, and to what where the record tells.
type SettingWrites = Vec<(SettingPath, Option<Knowledge>)>;

/// The steps of a moment by what they set.
#[derive(Default)]
struct MomentWrites {
    writers: Vec<Writer>,
    /// Every path that is set, by number.
    paths: Vec<SettingPath>,
    /// Of each path, the paths above it that are set as well.
    above: Vec<Vec<u32>>,
    /// The name and rank of each bucket.
    buckets: Vec<(String, u8)>,
    counts: HashMap<(CountedWrite, u32, OrderKey, ChainKey), i64>,
    /// How often counts were looked up, which is what the time hangs on.
    #[cfg(test)]
    lookups: std::cell::Cell<usize>,
}

impl MomentWrites {
    fn of(steps: &[(&Step, u8)]) -> Self {
        let sets = |step: &Step| step.kind == StepOutcome::Applied || seen::is_seen(step);
        let mut written: Vec<(usize, &Step, u8, SettingWrites)> = Vec::new();
        for (at, (step, rank)) in steps.iter().enumerate().filter(|(_, (step, _))| sets(step)) {
            written.push((at, *step, *rank, list_writes(&step.ops)));
        }
        let mut all = Self::default();
        // What is below a path has the numbers after it.
        let paths: BTreeSet<&SettingPath> =
            written.iter().flat_map(|it| &it.3).map(|(path, _)| path).collect();
        all.paths = paths.into_iter().cloned().collect();
        let number = |path: &SettingPath| all.paths.binary_search(path).ok().map(|at| at as u32);
        let above = |path: &SettingPath| {
            let all_above = std::iter::successors(path.parent(), SettingPath::parent);
            all_above.filter_map(|it| number(&it)).collect()
        };
        all.above = all.paths.iter().map(above).collect();
        let mut values = HashMap::from([((false, Knowledge::Absent), ABSENT)]);
        let (mut states, mut buckets) = (Numbers::<String>::default(), Numbers::<(String, u8)>::default());
        for (at, step, rank, list) in written {
            let mut writes: Vec<(u32, ValueNumber)> = Vec::new();
            for (path, value) in list {
                let next = values.len() as u32 + 1;
                let value = value.map_or(UNTOLD, |value| *values.entry(comparable(value)).or_insert(next));
                writes.extend(number(&path).map(|path| (path, value)));
            }
            writes.sort_unstable();
            writes.dedup();
            let chain = step.chain.as_ref().map(|(from, to)| {
                let mut number = |state: &str| states.of(state.to_owned());
                ChainNumbers {
                    from: number(from),
                    to: number(to),
                    near_from: number(settled_state(from)),
                    near_to: number(settled_state(to)),
                }
            });
            let bucket = buckets.of((step.origin.event_name.clone(), rank));
            all.writers.push(Writer { at, bucket, order: step.order, chain, writes });
        }
        let mut known: Vec<((String, u8), u32)> = buckets.0.into_iter().collect();
        known.sort_unstable_by_key(|(_, at)| *at);
        all.buckets = known.into_iter().map(|(it, _)| it).collect();
        all.count();
        all
    }

    /// Counts what the steps set.
    fn count(&mut self) {
        for writer in &self.writers {
            let order = writer.order.map_or(OrderKey::None, OrderKey::Is);
            let chains: Vec<ChainKey> = std::iter::once(ChainKey::Any)
                .chain(writer.chain.into_iter().flat_map(ChainNumbers::keys))
                .collect();
            for counted in counted_writes(writer, &self.above) {
                for order in [OrderKey::Any, order] {
                    for chain in &chains {
                        *self.counts.entry((counted, writer.bucket, order, *chain)).or_default() += 1;
                    }
                }
            }
        }
    }

    /// How many of a bucket there are of which nothing says whether they came before or after a step.
    fn undecided(&self, counted: CountedWrite, bucket: u32, of: &Writer) -> i64 {
        let get = |order: OrderKey, chain: ChainKey| {
            #[cfg(test)]
            self.lookups.set(self.lookups.get() + 1);
            self.counts.get(&(counted, bucket, order, chain)).copied().unwrap_or(0)
        };
        let with = |order: OrderKey| {
            let all = get(order, ChainKey::Any);
            let chain = of.chain.filter(|_| all > 0).into_iter().flat_map(ChainNumbers::decided);
            all - chain.map(|(key, times)| times * get(order, key)).sum::<i64>()
        };
        match of.order {
            None => with(OrderKey::Any),
            Some(order) => with(OrderKey::None) + with(OrderKey::Is(order)),
        }
    }

    /// The same, but for the step itself.
    fn others(&self, counted: CountedWrite, bucket: u32, of: &Writer, own: i64) -> i64 {
        self.undecided(counted, bucket, of) - if bucket == of.bucket { own } else { 0 }
    }

    /// Whether a step has a conflict, on a setting that it sets itself, with steps of a bucket.
    fn has_conflict_at(&self, of: &Writer, bucket: u32, path: u32, value: ValueNumber) -> bool {
        let all = self.others(CountedWrite::Path(path), bucket, of, of.values(path).len() as i64);
        let same =
            if value == UNTOLD { 0 } else { self.others(CountedWrite::Value(path, value), bucket, of, 1) };
        if all > same {
            return true;
        }
        // It is gone if one that sets the whole came last.
        value != ABSENT
            && self.above[path as usize].iter().any(|whole| {
                let own = i64::from(!of.values(*whole).is_empty());
                let covered = match value {
                    UNTOLD => 0,
                    value => self.others(CountedWrite::Covered(*whole, path, value), bucket, of, own),
                };
                self.others(CountedWrite::Whole(*whole), bucket, of, own) > covered
            })
    }

    /// Whether a step that sets a whole has a conflict with steps of a bucket on any part of it.
    fn has_conflict_below(&self, of: &Writer, bucket: u32, whole: u32) -> bool {
        let from = of.writes.partition_point(|it| it.0 <= whole);
        let parts = || {
            let below = of.writes[from..].iter().take_while(|it| self.above[it.0 as usize].contains(&whole));
            below.filter(|it| it.1 != ABSENT)
        };
        let all = self.others(CountedWrite::Below(whole), bucket, of, parts().count() as i64);
        let kept = || {
            let told = parts().filter(|it| it.1 != UNTOLD);
            told.map(|(path, value)| self.others(CountedWrite::Value(*path, *value), bucket, of, 1))
        };
        all > 0 && all > kept().sum()
    }

    /// Whether a step that sets a whole has a conflict on one part with steps of a bucket.
    fn has_conflict_on_part(&self, of: &Writer, bucket: u32, path: u32) -> bool {
        let own: Vec<ValueNumber> =
            of.values(path).iter().map(|it| it.1).filter(|value| *value != ABSENT).collect();
        let all = self.others(CountedWrite::Part(path), bucket, of, own.len() as i64);
        let kept = own.iter().filter(|it| **it != UNTOLD);
        all > kept.map(|value| self.others(CountedWrite::Value(path, *value), bucket, of, 1)).sum()
    }

    /// The buckets whose steps a step may be compared with.
    fn buckets_of<'m>(
        &'m self,
        of: &'m Writer,
        pairs: &'m dyn Fn(u8, u8) -> bool,
    ) -> impl Iterator<Item = u32> {
        let rank = self.buckets[of.bucket as usize].1;
        (0..self.buckets.len() as u32).filter(move |it| pairs(rank, self.buckets[*it as usize].1))
    }

    /// The last step that has a conflict on each path.
    fn last_conflicts(&self, pairs: &dyn Fn(u8, u8) -> bool) -> BTreeMap<u32, usize> {
        let mut last: BTreeMap<u32, usize> = BTreeMap::new();
        for writer in &self.writers {
            for (path, value) in &writer.writes {
                if self.buckets_of(writer, pairs).any(|it| self.has_conflict_at(writer, it, *path, *value)) {
                    last.insert(*path, writer.at);
                }
            }
        }
        // Those that set the whole of which a path is a part.
        let wholes = WholeWriters::of(self);
        let mut parts: BTreeMap<(u32, u8), BTreeSet<Option<i64>>> = BTreeMap::new();
        for writer in &self.writers {
            let rank = self.buckets[writer.bucket as usize].1;
            for (path, value) in &writer.writes {
                if *value != ABSENT && !self.above[*path as usize].is_empty() {
                    parts.entry((*path, rank)).or_default().insert(writer.order);
                }
            }
        }
        for ((path, rank), orders) in parts {
            let is_one = |writer: &&Writer| {
                self.buckets_of(writer, pairs).any(|it| self.has_conflict_on_part(writer, it, path))
            };
            for list in wholes.beside(&self.above[path as usize], &orders, &|it| pairs(rank, it)) {
                let known = last.get(&path).copied();
                let later = list.iter().rev().map(|it| &self.writers[*it]);
                let mut later = later.take_while(|it| known.is_none_or(|known| it.at > known));
                if let Some(found) = later.find(is_one) {
                    last.insert(path, found.at);
                }
            }
        }
        last
    }
}

/// The steps that set a whole, by what the service says of their order and by their rank: of those of another order
/// than a part's nothing is open, so they need not be looked at.
struct WholeWriters(HashMap<(u32, OrderKey), BTreeMap<u8, Vec<usize>>>);

impl WholeWriters {
    fn of(all: &MomentWrites) -> Self {
        let has_parts: HashSet<u32> = all.above.iter().flatten().copied().collect();
        let mut lists: HashMap<(u32, OrderKey), BTreeMap<u8, Vec<usize>>> = HashMap::new();
        for (at, writer) in all.writers.iter().enumerate() {
            let rank = all.buckets[writer.bucket as usize].1;
            for whole in writer.paths().filter(|it| has_parts.contains(it)) {
                for order in [OrderKey::Any, writer.order.map_or(OrderKey::None, OrderKey::Is)] {
                    lists.entry((whole, order)).or_default().entry(rank).or_default().push(at);
                }
            }
        }
        Self(lists)
    }

    /// Those that set one of some wholes and that may have come on either side of steps of some orders.
    fn beside(
        &self,
        wholes: &[u32],
        orders: &BTreeSet<Option<i64>>,
        is_rank: &dyn Fn(u8) -> bool,
    ) -> Vec<&[usize]> {
        let is = orders.iter().flatten().map(|order| OrderKey::Is(*order));
        let keys: Vec<OrderKey> = match orders.contains(&None) {
            true => vec![OrderKey::Any],
            false => std::iter::once(OrderKey::None).chain(is).collect(),
        };
        let lists = wholes.iter().flat_map(|whole| keys.iter().map(move |key| (*whole, *key)));
        let lists = lists.filter_map(|key| self.0.get(&key)).flatten();
        lists.filter(|(rank, _)| is_rank(**rank)).map(|(_, list)| list.as_slice()).collect()
    }
}

/// What a step counts for.
fn counted_writes(writer: &Writer, above: &[Vec<u32>]) -> Vec<CountedWrite> {
    let mut found = Vec::new();
    found.extend(writer.paths().map(CountedWrite::Whole));
    for (path, value) in &writer.writes {
        found.extend([CountedWrite::Path(*path), CountedWrite::Value(*path, *value)]);
        if *value == ABSENT {
            continue;
        }
        found.push(CountedWrite::Part(*path));
        for whole in &above[*path as usize] {
            found.push(CountedWrite::Below(*whole));
            if *value != UNTOLD && !writer.values(*whole).is_empty() {
                found.push(CountedWrite::Covered(*whole, *path, *value));
            }
        }
    }
    found
}

/// Finds the conflicts among steps of one moment, each with its rank; steps of two ranks have one only where `pairs`
/// says so.
pub(super) fn find_moment_conflicts(
    steps: &[(&Step, u8)],
    pairs: &dyn Fn(u8, u8) -> bool,
) -> Vec<StepConflicts> {
    conflicts_in(&MomentWrites::of(steps), steps.len(), pairs)
}

fn conflicts_in(all: &MomentWrites, steps: usize, pairs: &dyn Fn(u8, u8) -> bool) -> Vec<StepConflicts> {
    let mut found = vec![StepConflicts::default(); steps];
    let has_parts: HashSet<u32> = all.above.iter().flatten().copied().collect();
    for writer in &all.writers {
        let has_conflict = |bucket: &u32| {
            let mut wholes = writer.paths().filter(|it| has_parts.contains(it));
            writer.writes.iter().any(|(path, value)| all.has_conflict_at(writer, *bucket, *path, *value))
                || wholes.any(|whole| all.has_conflict_below(writer, *bucket, whole))
        };
        let names = &mut found[writer.at].names;
        for bucket in all.buckets_of(writer, pairs).filter(has_conflict) {
            let name = &all.buckets[bucket as usize].0;
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
    }
    for (path, at) in all.last_conflicts(pairs) {
        found[at].paths.insert(all.paths[path as usize].clone());
    }
    found
}

/// What tests of other modules need as well.
#[cfg(test)]
pub(super) mod testing {
    use super::super::step::{Operation, Step, StepOrigin, StepOutcome};
    use crate::catalog::Action;
    use crate::resource::Resource;
    use std::sync::Arc;

    /// A step that did nothing but this.
    pub(in super::super) fn step(name: &str, ops: Vec<Operation>) -> Step {
        let origin = StepOrigin {
            time: None,
            event_id: None,
            fingerprint: 0,
            partial: false,
            event_name: name.to_owned(),
            event_source: String::new(),
            who: String::new(),
            error_code: None,
            shared_id: None,
            account: None,
            region: None,
        };
        Step {
            origin: Arc::new(origin),
            resource: Resource::new("AWS::S3::Bucket", "b"),
            action: Action::Changed,
            or: None,
            kind: StepOutcome::Applied,
            ops,
            tried: Vec::new(),
            note: None,
            order: None,
            chain: None,
            link: None,
            links: Vec::new(),
            caused_by: Vec::new(),
            made_at: None,
            owners: Vec::new(),
            repeatable: false,
            related: false,
            ended_with: None,
        }
    }
}

#[cfg(test)]
mod tests;
