//! Conflicts against the plain comparison of every pair of writes, and how much work is done.

use super::super::order::is_before;
use super::super::step::Operation;
use super::testing::step;
use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Whether the service says which of two came first.
fn is_decided(a: &Step, b: &Step) -> bool {
    is_before(a, b) || is_before(b, a)
}

/// The settings that two steps set to different values.
fn find_conflicts(a: &Step, b: &Step) -> BTreeSet<SettingPath> {
    let sets = |step: &Step| step.kind == StepOutcome::Applied || seen::is_seen(step);
    if !sets(a) || !sets(b) {
        return BTreeSet::new();
    }
    let (a, b) = (list_writes(&a.ops), list_writes(&b.ops));
    let mut found = BTreeSet::new();
    for (path, value) in &a {
        for (other, second) in &b {
            let hit = if path == other {
                (!is_same_knowledge(value, second)).then_some(path)
            } else if path.starts_with(other) {
                is_lost(path, value, &b).then_some(path)
            } else {
                (other.starts_with(path) && is_lost(other, second, &a)).then_some(other)
            };
            found.extend(hit.cloned());
        }
    }
    found
}

fn is_same_knowledge(a: &Option<Knowledge>, b: &Option<Knowledge>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a.same(b))
}

/// Whether a part that one step sets is gone when the other, which sets the whole, comes last.
fn is_lost(
    part: &SettingPath,
    value: &Option<Knowledge>,
    others: &[(SettingPath, Option<Knowledge>)],
) -> bool {
    let set_too = others.iter().any(|(path, other)| path == part && is_same_knowledge(value, other));
    !set_too && !matches!(value, Some(Knowledge::Absent))
}

/// Each with each, as it is meant.
fn compare_all(steps: &[(&Step, u8)], pairs: &dyn Fn(u8, u8) -> bool) -> Vec<StepConflicts> {
    let mut found = vec![StepConflicts::default(); steps.len()];
    let mut last: BTreeMap<SettingPath, usize> = BTreeMap::new();
    for one in 0..steps.len() {
        for other in one + 1..steps.len() {
            let ((a, rank), (b, other_rank)) = (steps[one], steps[other]);
            if !pairs(rank, other_rank) || is_decided(a, b) {
                continue;
            }
            let paths = find_conflicts(a, b);
            if paths.is_empty() {
                continue;
            }
            found[one].names.push(b.origin.event_name.clone());
            found[other].names.push(a.origin.event_name.clone());
            paths.into_iter().for_each(|path| {
                let at = last.entry(path).or_insert(other);
                *at = (*at).max(other);
            });
        }
    }
    last.into_iter().for_each(|(path, at)| _ = found[at].paths.insert(path));
    found
}

/// Names in any order, each once.
fn sorted(mut conflicts: Vec<StepConflicts>) -> Vec<StepConflicts> {
    for it in &mut conflicts {
        it.names.sort();
        it.names.dedup();
    }
    conflicts
}

fn policy(actions: &[&str]) -> Value {
    json!({"Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]})
}

fn any_op() -> impl Strategy<Value = Operation> {
    let path = prop::sample::select(vec![".", "a", "a.b", "a.b.c", "a.d", "e"]).prop_map(SettingPath::field);
    let val = prop::sample::select(vec![
        Knowledge::Absent,
        Knowledge::Known(json!(1)),
        Knowledge::Known(json!("x")),
        Knowledge::Known(policy(&["s3:A", "s3:B"])),
        Knowledge::Known(policy(&["s3:B", "s3:A"])),
        Knowledge::Unknown(crate::timeline::UnknownReason::Redacted),
    ]);
    (path, val, 0..5_u8).prop_map(|(path, val, what)| match (what, val) {
        (0, _) => Operation::RetainKeys { path, keys: Vec::new() },
        (1, _) => Operation::RemoveWhere { path, member: String::new(), value: String::new() },
        (_, val) => Operation::Set { path, val, leaf: true },
    })
}

fn any_step() -> impl Strategy<Value = (Step, u8)> {
    let state = || prop::sample::select(vec!["running", "pending", "stopping", "stopped", "r1", "r2"]);
    let order = prop::option::weighted(0.3, 0..3_i64);
    let chain = prop::option::weighted(0.4, (state(), state()));
    let name = prop::sample::select(vec!["PutA", "PutB", "PutC"]);
    let kind = prop::sample::select(vec![
        StepOutcome::Applied,
        StepOutcome::Applied,
        StepOutcome::Applied,
        StepOutcome::NotModelled,
        StepOutcome::ErrorProves,
    ]);
    (name, prop::collection::vec(any_op(), 0..4), order, chain, kind, 0..4_u8).prop_map(
        |(name, ops, order, chain, kind, rank)| {
            let chain = chain.map(|(from, to)| (from.to_owned(), to.to_owned()));
            (Step { order, chain, kind, ..step(name, ops) }, rank)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Counting finds what comparing each with each does.
    #[test]
    fn counting_finds_what_comparing_does(steps in prop::collection::vec(any_step(), 0..9), existed: bool) {
        let steps: Vec<(&Step, u8)> = steps.iter().map(|(step, rank)| (step, *rank)).collect();
        let pairs = |a: u8, b: u8| a == b || (existed && (a == 2 || b == 2));
        prop_assert_eq!(
            sorted(find_moment_conflicts(&steps, &pairs)),
            sorted(compare_all(&steps, &pairs))
        );
    }
}

/// How many counts are looked up grows with the steps, and not with their square.
#[test]
fn the_work_grows_with_the_steps() {
    type Make = fn(usize) -> Step;
    let one_path: Make = |it| {
        let op =
            Operation::Set { path: SettingPath::field("a"), val: Knowledge::Known(json!(it)), leaf: true };
        step("PutA", vec![op])
    };
    let whole_and_parts: Make = |it| {
        let path = SettingPath::field("a");
        let part = path.join(&it.to_string());
        let part = Operation::Set { path: part, val: Knowledge::Known(json!(it)), leaf: true };
        let whole = Operation::RetainKeys { path, keys: Vec::new() };
        step("PutA", if it % 2 == 0 { vec![whole, part] } else { vec![part] })
    };
    let ordered: Make = |it| {
        let path = SettingPath::field("a");
        let part = Operation::Set { path: path.join(&it.to_string()), val: Knowledge::Absent, leaf: true };
        let whole = Operation::RemoveWhere { path, member: String::new(), value: String::new() };
        Step { order: Some(it as i64), ..step("PutA", vec![whole, part]) }
    };
    let chained: Make = |it| {
        let chain = Some((format!("r{it}"), format!("r{}", it + 1)));
        let op =
            Operation::Set { path: SettingPath::field("a"), val: Knowledge::Known(json!(it)), leaf: true };
        Step { chain, ..step("PutA", vec![op]) }
    };
    for make in [one_path, whole_and_parts, ordered, chained] {
        let work = |number: usize| {
            let steps: Vec<Step> = (0..number).map(make).collect();
            let steps: Vec<(&Step, u8)> = steps.iter().map(|step| (step, 0)).collect();
            let all = MomentWrites::of(&steps);
            conflicts_in(&all, steps.len(), &|_, _| true);
            all.lookups.get() + all.counts.len()
        };
        let (once, twice) = (work(200), work(400));
        assert!(twice as f64 <= 2.2 * once as f64, "{once} and {twice}");
    }
}
