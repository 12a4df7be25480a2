//! Takes an item of AWS Config into a state: what was unknown is filled in, and what differs is told.
//!
//! What only items spoke of is what the last one says. What calls set is held against the item where both name
//! it alike; where the two cannot be compared, the call stands.

use super::config::is_checked;
use super::path::SettingPath;
use super::place::scalar_text;
use super::state::{Existence, Setting, SettingChange, State, flatten_knowledge};
use super::step::{ITEM, Operation, Step, StepOrigin};
use super::val::{Knowledge, UnknownReason};
use crate::catalog::Action;
use crate::event::Time;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Settings that move without anybody's doing, so that a call's value and a later one differ.
const MOVING: [&str; 8] = [
    "state",
    "status",
    "lastModified",
    "lastUpdateStatus",
    "endpoint",
    "createDate",
    "stateReason",
    "stateTransitionReason",
];

/// What an item changed, and which of that no call of these logs did.
#[derive(Default)]
struct ItemObservation {
    changes: Vec<SettingChange>,
    unlogged: BTreeSet<SettingPath>,
}

impl State {
    /// Takes an item: what was unknown is filled in, and what was known otherwise is returned as
    /// changes. `called` says that calls changed it since the item before, which may have made what only items tell.
    pub(super) fn observe(&mut self, step: &Step, called: bool) -> (Vec<SettingChange>, Vec<String>) {
        let by = &step.origin;
        if by.event_name != ITEM {
            return (Vec::new(), Vec::new());
        }
        let mut notes = Vec::new();
        let gone = step.action == Action::Deleted;
        match (self.exists, gone) {
            (Existence::Exists, true) => notes.push("NOT LOGGED: it was deleted before this".to_owned()),
            (Existence::Gone, false) => {
                notes.push("NOT LOGGED: it is there again".to_owned());
                let incarnation = self.incarnation + 1;
                *self = Self { incarnation, ..Self::default() };
            }
            _ => {}
        }
        self.exist(if gone { Existence::Gone } else { Existence::Exists }, by);
        self.made_at = self.made_at.or(step.made_at);
        // Parts of an item prepare for others: what counts is what was known before all of it.
        let earlier = self.clone();
        let mut seen = ItemObservation::default();
        for op in &step.ops {
            match op {
                Operation::ClearRest => self.without_rest(step, called, &mut seen),
                Operation::Set { path, val, leaf: false } if !is_checked(&step.resource.kind, path) => {
                    self.see(path, val, by, called, &mut seen);
                }
                op => {
                    let mut changes = self.apply(op, by);
                    for change in &mut changes {
                        change.before = earlier.cell(&change.path).val;
                    }
                    changes.retain(|change| !change.before.same(&change.after));
                    let known = changes.iter().filter(|it| !matches!(it.before, Knowledge::Unknown(_)));
                    seen.unlogged.extend(known.map(|it| it.path.clone()));
                    seen.changes.extend(changes);
                }
            }
        }
        if step.ops.contains(&Operation::ClearRest) {
            self.item = Some(by.clone());
        }
        let unlogged = seen.unlogged.len();
        if unlogged > 0 {
            notes.push(format!(
                "NOT LOGGED: {unlogged} of its settings are not as the logs left them: an unlogged change, or a missing log"
            ));
        }
        (seen.changes, notes)
    }

    /// Takes what an item says under its own name.
    fn see(
        &mut self,
        path: &SettingPath,
        val: &Knowledge,
        by: &Arc<StepOrigin>,
        called: bool,
        seen: &mut ItemObservation,
    ) {
        let of_call = |cell: &Setting| {
            let is_item = cell.by.as_deref().is_some_and(|it| it.event_name == ITEM);
            !is_item && !matches!(cell.val, Knowledge::Unknown(_))
        };
        let is_told = |state: &Self| state.below(path).any(|(_, cell)| of_call(cell));
        if is_told(self) || self.above(path).is_some_and(|(_, cell)| of_call(&cell)) {
            for (at, val) in flatten_knowledge(path, val) {
                self.see_leaf(&at, val, by, called, seen);
            }
            return;
        }
        let had = self.above_or_at(path).is_some();
        let mut changes = self.set(path, val.clone(), false, by);
        if !had {
            let (before, is_new) = self.before_first();
            changes.iter_mut().for_each(|it| it.before = before.clone());
            if !is_new {
                self.filled.extend(changes.iter().map(|it| it.path.clone()));
            }
        }
        let known = |it: &&SettingChange| !matches!(it.before, Knowledge::Unknown(_)) && !called;
        seen.unlogged.extend(changes.iter().filter(known).map(|it| it.path.clone()));
        seen.changes.extend(changes);
    }

    /// What is known of a setting that nothing spoke of before this item, and whether that counts: an item before
    /// did not have it.
    fn before_first(&self) -> (Knowledge, bool) {
        match (&self.item, self.cell(&SettingPath::root()).val) {
            (Some(_), _) => (Knowledge::Absent, true),
            // A default need not be told by a creation.
            (None, Knowledge::Absent) => (Knowledge::Unknown(UnknownReason::Unseen), false),
            (None, floor) => (floor, false),
        }
    }

    /// Takes one value that an item has where calls spoke of it, or of what it is in.
    fn see_leaf(
        &mut self,
        path: &SettingPath,
        val: Knowledge,
        by: &Arc<StepOrigin>,
        called: bool,
        seen: &mut ItemObservation,
    ) {
        let own = self.cells.get(path).cloned();
        let is_item = |cell: &Setting| cell.by.as_deref().is_some_and(|it| it.event_name == ITEM);
        let has_parts = self.below(path).any(|(at, cell)| at != path && cell.val.known().is_some());
        let is_moving = path.parts().next().is_some_and(|top| MOVING.contains(&top));
        let before = match own {
            Some(cell) if is_item(&cell) => {
                if !called && !matches!(cell.val, Knowledge::Unknown(_)) && !cell.val.same(&val) {
                    seen.unlogged.insert(path.clone());
                }
                cell.val
            }
            Some(cell) => match (&cell.val, &val) {
                (Knowledge::Unknown(_), _) => cell.val,
                (Knowledge::Known(a), Knowledge::Known(b))
                    if compare_values(a, b) == Likeness::Other && !is_moving =>
                {
                    seen.unlogged.insert(path.clone());
                    cell.val
                }
                (Knowledge::Absent, Knowledge::Known(_)) if !has_parts => {
                    seen.unlogged.insert(path.clone());
                    cell.val
                }
                // The same, or told in another way.
                _ => return,
            },
            None => match self.above(path) {
                // It lies in a value that a call gave as a whole, and tells in another way.
                Some((_, Setting { val: Knowledge::Known(_), .. })) => return,
                Some((at, Setting { val: Knowledge::Absent, .. })) => {
                    let is_set = self.below(&at).any(|(_, cell)| cell.val.known().is_some());
                    if !is_set {
                        seen.unlogged.insert(path.clone());
                    }
                    if is_set { Knowledge::Unknown(UnknownReason::Unseen) } else { Knowledge::Absent }
                }
                Some((_, Setting { val: unknown, .. })) => unknown,
                None => self.before_first().0,
            },
        };
        if !before.same(&val) {
            seen.changes.push(SettingChange { path: path.clone(), before, after: val.clone() });
        }
        self.cells.insert(path.clone(), Setting { val, by: Some(by.clone()) });
    }

    /// Takes away what an item before had, and this one has not.
    fn without_rest(&mut self, step: &Step, called: bool, seen: &mut ItemObservation) {
        let told: Vec<&SettingPath> = step
            .ops
            .iter()
            .filter_map(|op| match op {
                Operation::Set { path, .. }
                | Operation::RetainKeys { path, .. }
                | Operation::MergeInto { path, .. } => Some(path),
                _ => None,
            })
            .collect();
        let is_gone = |(path, cell): &(&SettingPath, &Setting)| {
            let is_item = cell.by.as_deref().is_some_and(|it| it.event_name == ITEM && *it != *step.origin);
            let is_tag = path.parts().next() == Some("tags");
            is_item
                && cell.val.known().is_some()
                && !is_tag
                && !told.iter().any(|it| path.starts_with(it) || it.starts_with(path))
        };
        let gone: Vec<SettingPath> =
            self.cells.iter().filter(is_gone).map(|(path, _)| path.clone()).collect();
        for path in gone {
            let changes = self.set(&path, Knowledge::Absent, true, &step.origin);
            if !called {
                seen.unlogged.extend(changes.iter().map(|it| it.path.clone()));
            }
            seen.changes.extend(changes);
        }
    }

    /// The nearest cell above a path, but for the resource's own.
    fn above(&self, path: &SettingPath) -> Option<(SettingPath, Setting)> {
        let mut at = path.parent()?;
        while at != SettingPath::root() {
            if let Some(cell) = self.cells.get(&at) {
                return Some((at, cell.clone()));
            }
            at = at.parent()?;
        }
        None
    }

    /// Returns whether anything but the resource as a whole tells of a setting.
    pub(super) fn is_observed(&self, path: &SettingPath) -> bool {
        self.above_or_at(path).is_some()
    }

    fn above_or_at(&self, path: &SettingPath) -> Option<Setting> {
        self.below(path).next().map(|(_, cell)| cell.clone()).or_else(|| Some(self.above(path)?.1))
    }
}

/// How what a call set and what an item shows belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Likeness {
    Same,
    Other,
    /// The two are told in ways that do not compare.
    Unlike,
}

fn compare_values(a: &Value, b: &Value) -> Likeness {
    if Knowledge::Known(a.clone()).same(&Knowledge::Known(b.clone())) {
        return Likeness::Same;
    }
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => compare_lists(a, b),
        (Value::Object(a), Value::Object(b)) => compare_objects(a, b),
        _ => match (scalar_text(a), scalar_text(b)) {
            (Some(a), Some(b)) => compare_texts(&a, &b),
            _ => Likeness::Unlike,
        },
    }
}

fn compare_texts(a: &str, b: &str) -> Likeness {
    let number = |text: &str| text.parse::<f64>().ok();
    let is_flag = |text: &str| text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false");
    let tail = |text: &str| text.rsplit(['/', ':']).next().unwrap_or_default().to_owned();
    let is_arn = |text: &str| text.starts_with("arn:");
    let time = |text: &str| Time::of_service(text);
    let are_numbers = number(a).is_some() && number(b).is_some();
    if let (Some(a), Some(b), false) = (time(a), time(b), are_numbers) {
        // Of the same moment one may have milliseconds.
        let apart = (a.utc() - b.utc()).num_milliseconds().abs();
        return if apart <= 1000 { Likeness::Same } else { Likeness::Other };
    }
    match (number(a), number(b)) {
        (Some(a), Some(b)) if (a - b).abs() < f64::EPSILON => return Likeness::Same,
        (Some(_), None) | (None, Some(_)) => return Likeness::Unlike,
        _ => {}
    }
    match () {
        () if is_flag(a) != is_flag(b) => Likeness::Unlike,
        () if is_flag(a) && a.eq_ignore_ascii_case(b) => Likeness::Same,
        () if is_arn(a) != is_arn(b) => {
            if tail(a) == tail(b) {
                Likeness::Same
            } else {
                Likeness::Unlike
            }
        }
        () => Likeness::Other,
    }
}

/// Lists are compared without regard to their order.
fn compare_lists(a: &[Value], b: &[Value]) -> Likeness {
    let mut left: Vec<&Value> = b.iter().collect();
    let mut result = if a.len() == b.len() { Likeness::Same } else { Likeness::Other };
    for one in a {
        match left.iter().position(|other| compare_values(one, other) == Likeness::Same) {
            Some(at) => {
                left.remove(at);
            }
            None if left.iter().any(|other| compare_values(one, other) == Likeness::Unlike) => {
                return Likeness::Unlike;
            }
            None => result = Likeness::Other,
        }
    }
    result
}

fn compare_objects(a: &Map<String, Value>, b: &Map<String, Value>) -> Likeness {
    if super::is_policy(&Value::Object(a.clone())) {
        return Likeness::Other;
    }
    if a.len() != b.len() || !a.keys().all(|key| b.contains_key(key)) {
        return Likeness::Unlike;
    }
    let members: BTreeMap<&String, Likeness> =
        a.iter().filter_map(|(key, value)| Some((key, compare_values(value, b.get(key)?)))).collect();
    let has = |likeness| members.values().any(|it| *it == likeness);
    match () {
        () if has(Likeness::Unlike) => Likeness::Unlike,
        () if has(Likeness::Other) => Likeness::Other,
        () => Likeness::Same,
    }
}
