//! What operations change in a state.

use super::super::path::SettingPath;
use super::super::step::{Operation, StepOrigin};
use super::super::val::Knowledge;
use super::settings::TextKey;
use super::{Existence, Setting, SettingChange, State};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// How deep an object is taken apart into settings.
const MAX_DEPTH: usize = 12;

impl State {
    /// Begins a new resource of the same name: what no event says has the service's default.
    pub(in super::super) fn create(&mut self, by: &Arc<StepOrigin>) {
        self.cells.clear();
        self.shapes.clear();
        self.unread.clear();
        self.filled.clear();
        self.item = None;
        self.made_at = None;
        self.due = None;
        self.cells.insert(SettingPath::root(), Setting { val: Knowledge::Absent, by: Some(by.clone()) });
        self.created = Some(by.clone());
        self.unborn = None;
        // It was this that made it exist, though another of the name did not end in these logs.
        self.exists = Existence::Unknown;
        self.exist(Existence::Exists, by);
    }

    pub(in super::super) fn exist(&mut self, existence: Existence, by: &Arc<StepOrigin>) {
        if self.exists != existence {
            self.ended_with = None;
            self.exists = existence;
            self.exists_by = Some(by.clone());
        }
    }

    /// Carries out one operation and returns what it changed.
    pub(in super::super) fn apply(&mut self, op: &Operation, by: &Arc<StepOrigin>) -> Vec<SettingChange> {
        match op {
            Operation::Set { path, val, leaf } => self.set(path, val.clone(), *leaf, by),
            Operation::Shape { path, shape } => {
                self.shapes.insert(path.clone(), *shape);
                Vec::new()
            }
            Operation::RetainKeys { path, keys } => self.only(path, keys, by),
            Operation::ResetExcept { keep } => self.renew(keep, by),
            Operation::MergeInto { path, value } => self.amend(path, value, by),
            Operation::RemoveWhere { path, member, value } => self.drop_members(path, member, value, by),
            Operation::ReplaceWhere { member, value, new, key } => self.swap(member, value, key, new, by),
            Operation::ScheduleDeletion(date) => {
                self.due = Some((date.clone(), by.clone()));
                Vec::new()
            }
            Operation::CancelDeletion => {
                self.due = None;
                Vec::new()
            }
            Operation::ProveExistence(is_there) => {
                self.exist(if *is_there { Existence::Exists } else { Existence::Gone }, by);
                Vec::new()
            }
            Operation::ForgetExistence => {
                if self.exists == Existence::Gone {
                    self.exist(Existence::Unknown, by);
                }
                Vec::new()
            }
            // Only an item knows what it is (`observe`).
            Operation::ClearRest => Vec::new(),
            Operation::Invalidate(doubt) => self.doubt(doubt, by),
            Operation::Rename(_) => Vec::new(),
            Operation::ProveBefore { path, val } => {
                self.before(path, val);
                Vec::new()
            }
        }
    }

    /// Takes what the success of a call proves of the moment before it; what was known is left as it is.
    fn before(&mut self, path: &SettingPath, val: &Knowledge) {
        let is_open = self.below(path).all(|(_, cell)| matches!(cell.val, Knowledge::Unknown(_)));
        if is_open && matches!(self.cell(path).val, Knowledge::Unknown(_)) {
            let old: Vec<SettingPath> = self.below(path).map(|(at, _)| at.clone()).collect();
            old.iter().for_each(|at| self.cells.remove(at));
            self.cells.insert(path.clone(), Setting { val: val.clone(), by: None });
        }
    }

    pub(in super::super) fn set(
        &mut self,
        path: &SettingPath,
        val: Knowledge,
        leaf: bool,
        by: &Arc<StepOrigin>,
    ) -> Vec<SettingChange> {
        let floor = self.cell(path).val;
        let before: BTreeMap<SettingPath, Knowledge> =
            self.below(path).map(|(at, cell)| (at.clone(), cell.val.clone())).collect();
        let mut after = BTreeMap::new();
        match val {
            Knowledge::Known(value) if !leaf => flatten_value(path, value, 0, &mut after),
            val => {
                after.insert(path.clone(), val);
            }
        }
        let changes = diff_cells(path, &floor, &before, &after);
        // What stays as it was keeps who set it.
        let stays = |at: &SettingPath, val: &Knowledge| {
            before.get(at).is_some_and(|it| it.is_as(val)) && !has_lost_parts(at, &before, &after)
        };
        for at in before.keys().filter(|at| !after.get(at).is_some_and(|val| stays(at, val))) {
            self.cells.remove(at);
        }
        for (at, val) in &after {
            if !stays(at, val) {
                self.cells.insert(at.clone(), Setting { val: val.clone(), by: Some(by.clone()) });
            }
        }
        changes
    }

    /// Sets what an object says of a member; what is known of it beside that is kept.
    fn amend(&mut self, path: &SettingPath, value: &Value, by: &Arc<StepOrigin>) -> Vec<SettingChange> {
        let mut whole = match self.cell(path).val {
            Knowledge::Known(known) => known,
            _ => Value::Object(Map::new()),
        };
        match (&mut whole, value) {
            (Value::Object(old), Value::Object(new)) => old.extend(new.clone()),
            (old, new) => *old = new.clone(),
        }
        self.set(path, Knowledge::of(whole), true, by)
    }

    /// Takes away all members but those of some keys: no others can be there after this.
    fn only(&mut self, path: &SettingPath, keys: &[String], by: &Arc<StepOrigin>) -> Vec<SettingChange> {
        let floor = self.cell(path).val;
        let is_untold = self.below(path).next().is_none();
        // What was taken away before is left as it is, however much that is.
        let old = self.cells.told_below(path);
        let keys_left: HashSet<&str> = keys.iter().map(String::as_str).collect();
        let is_other = |at: &&SettingPath| at.below(path).next().is_some_and(|key| !keys_left.contains(key));
        let mut changes: Vec<SettingChange> =
            old.iter().filter(is_other).flat_map(|at| self.set(at, Knowledge::Absent, true, by)).collect();
        if keys.is_empty() && is_untold && floor != Knowledge::Absent {
            changes.push(SettingChange { path: path.clone(), before: floor, after: Knowledge::Absent });
        }
        if !self.cells.get(path).is_some_and(|cell| cell.val == Knowledge::Absent) {
            self.cells.insert(path.clone(), Setting { val: Knowledge::Absent, by: Some(by.clone()) });
        }
        changes
    }

    /// Takes away every setting but some: what a put does not name has the service's default after it.
    fn renew(&mut self, keep: &[String], by: &Arc<StepOrigin>) -> Vec<SettingChange> {
        let floor = self.cell(&SettingPath::root());
        for name in keep.iter().map(|name| SettingPath::field(name)) {
            if self.below(&name).next().is_none() {
                self.cells.insert(name, floor.clone());
            }
        }
        let is_kept =
            |at: &SettingPath| at.parts().next().is_none_or(|first| keep.iter().any(|name| name == first));
        let old: Vec<SettingPath> = self.cells.keys().filter(|at| !is_kept(at)).cloned().collect();
        let mut changes = Vec::new();
        for at in old {
            changes.extend(self.set(&at, Knowledge::Absent, true, by));
            self.cells.remove(&at);
        }
        self.cells.insert(SettingPath::root(), Setting { val: Knowledge::Absent, by: Some(by.clone()) });
        changes
    }

    /// Takes away the members of a set that have a value under a name.
    fn drop_members(
        &mut self,
        path: &SettingPath,
        member: &str,
        value: &str,
        by: &Arc<StepOrigin>,
    ) -> Vec<SettingChange> {
        let found = self.cells.with_text(path, &TextKey::Member(member.to_owned()), value);
        found.into_iter().flat_map(|at| self.set(&at, Knowledge::Absent, true, by)).collect()
    }

    /// Puts a rule where the one of the same id stood.
    fn swap(
        &mut self,
        member: &str,
        value: &str,
        key: &str,
        new: &Value,
        by: &Arc<StepOrigin>,
    ) -> Vec<SettingChange> {
        let mut changes = Vec::new();
        let member = TextKey::Member(member.to_owned());
        for at in self.cells.with_text(&SettingPath::root(), &member, value) {
            let Some(set) = at.parent() else { continue };
            let to = set.join(key);
            if to != at {
                changes.extend(self.set(&at, Knowledge::Absent, true, by));
            }
            changes.extend(self.set(&to, Knowledge::of(new.clone()), true, by));
        }
        changes
    }
}

/// Whether something below a path is not there any more: that it is not, only the cell above tells then, and so
/// that cell is of whoever took it away.
fn has_lost_parts(
    path: &SettingPath,
    before: &BTreeMap<SettingPath, Knowledge>,
    after: &BTreeMap<SettingPath, Knowledge>,
) -> bool {
    let mut below = before.range(path.clone()..).skip(1).take_while(|(at, _)| at.starts_with(path));
    below.any(|(at, val)| *val != Knowledge::Absent && !after.contains_key(at))
}

/// What differs between the cells at and below a path; `floor` is what held there before.
fn diff_cells(
    path: &SettingPath,
    floor: &Knowledge,
    before: &BTreeMap<SettingPath, Knowledge>,
    after: &BTreeMap<SettingPath, Knowledge>,
) -> Vec<SettingChange> {
    let of = |map: &BTreeMap<SettingPath, Knowledge>, at: &SettingPath, floor: &Knowledge| match map.get(at) {
        Some(val) => val.clone(),
        None if at == path => floor.clone(),
        None => match floor {
            Knowledge::Known(_) => Knowledge::Absent,
            floor => floor.clone(),
        },
    };
    let floor_after = after.get(path).cloned().unwrap_or_default();
    let mut changes = Vec::new();
    let paths: BTreeSet<&SettingPath> = before.keys().chain(after.keys()).collect();
    let has_parts = paths.iter().any(|at| **at != *path);
    for at in paths {
        let (was, is) = (of(before, at, floor), of(after, at, &floor_after));
        // What holds a setting's parts together is none of its values.
        let holds = at == path
            && has_parts
            && !matches!((&was, &is), (Knowledge::Known(_), _) | (_, Knowledge::Known(_)));
        let is_untold = after.get(at).is_some_and(|val| !val.is_whole());
        if (is_untold || !was.same(&is)) && !holds {
            changes.push(SettingChange { path: at.clone(), before: was, after: is });
        }
    }
    changes
}

/// Returns the settings that a value comes to at a path.
pub(in super::super) fn flatten_knowledge(
    path: &SettingPath,
    val: &Knowledge,
) -> BTreeMap<SettingPath, Knowledge> {
    let mut parts = BTreeMap::new();
    match val {
        Knowledge::Known(value) => flatten_value(path, value.clone(), 0, &mut parts),
        val => {
            parts.insert(path.clone(), val.clone());
        }
    }
    // What holds parts is none of the values.
    parts.retain(|at, val| at == path || *val != Knowledge::Absent);
    if parts.len() > 1 {
        parts.remove(path);
    }
    parts
}

/// Takes an object apart into settings; policies, lists and what is empty stay whole.
fn flatten_value(
    path: &SettingPath,
    value: Value,
    depth: usize,
    into: &mut BTreeMap<SettingPath, Knowledge>,
) {
    match value {
        Value::Object(object) if depth < MAX_DEPTH && !object.contains_key("Statement") => {
            into.insert(path.clone(), Knowledge::Absent);
            for (name, value) in object {
                flatten_value(&path.join(&name), value, depth + 1, into);
            }
        }
        value => {
            into.insert(path.clone(), Knowledge::of(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::conflicts::testing::step;
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    impl State {
        /// What [`State::only`] does, by looking at all that is below.
        fn only_by_looking_at_all(
            &mut self,
            path: &SettingPath,
            keys: &[String],
            by: &Arc<StepOrigin>,
        ) -> Vec<SettingChange> {
            let floor = self.cell(path).val;
            let old: Vec<SettingPath> = self.below(path).map(|(at, _)| at.clone()).collect();
            let is_other =
                |at: &&SettingPath| at.below(path).next().is_some_and(|key| !keys.iter().any(|it| it == key));
            let mut changes: Vec<SettingChange> = old
                .iter()
                .filter(is_other)
                .flat_map(|at| self.set(at, Knowledge::Absent, true, by))
                .collect();
            if keys.is_empty() && old.is_empty() && floor != Knowledge::Absent {
                changes.push(SettingChange { path: path.clone(), before: floor, after: Knowledge::Absent });
            }
            if !self.cells.get(path).is_some_and(|cell| cell.val == Knowledge::Absent) {
                let cell = Setting { val: Knowledge::Absent, by: Some(by.clone()) };
                self.cells.insert(path.clone(), cell);
            }
            changes
        }
    }

    fn any_op() -> impl Strategy<Value = Operation> {
        let path = || {
            prop::sample::select(vec!["a", "a.b", "a.b.c", "a.d", "a.b.c.e", "f"])
                .prop_map(SettingPath::field)
        };
        let val = prop::sample::select(vec![
            Knowledge::Absent,
            Knowledge::Known(json!(1)),
            Knowledge::Known(json!({"b": {"c": 1}, "d": {}})),
            Knowledge::Unknown(crate::timeline::UnknownReason::Unseen),
        ]);
        let keys =
            prop::collection::vec(prop::sample::select(vec!["b", "c", "d"]).prop_map(str::to_owned), 0..3);
        prop_oneof![
            (path(), val, any::<bool>()).prop_map(|(path, val, leaf)| Operation::Set { path, val, leaf }),
            (path(), keys).prop_map(|(path, keys)| Operation::RetainKeys { path, keys }),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

        /// What was taken away before needs no look.
        #[test]
        fn keys_are_kept_as_by_looking_at_all(ops in prop::collection::vec(any_op(), 0..10)) {
            let (mut found, mut wanted) = (State::default(), State::default());
            for (number, op) in ops.iter().enumerate() {
                let by = step(&format!("Call{number}"), Vec::new()).origin;
                let changes = match op {
                    Operation::RetainKeys { path, keys } => wanted.only_by_looking_at_all(path, keys, &by),
                    op => wanted.apply(op, &by),
                };
                prop_assert_eq!(found.apply(op, &by), changes);
                prop_assert_eq!(&found, &wanted);
            }
        }
    }
}
