//! What is known of a resource's configuration at one moment: every setting
//! known, known to be absent, or unknown for a reason, each with the event that
//! made it so.
//!
//! A cell holds for its path and, where nothing nearer says otherwise, for all
//! below: `Absent` at `ingress` with `ingress[tcp 443 …]` beside it is a set of
//! which all members are known, `Unknown` there one that may hold more.

use super::normal::{has_redacted, is_policy, is_redacted};
use super::path::Path;
use super::policy;
use super::step::{Op, Origin, Shape};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How deep an object is taken apart into settings.
const MAX_DEPTH: usize = 12;

/// Why a value is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Why {
    /// It was set, if ever, before the first event of the archive.
    BeforeArchive,
    /// AWS leaves the value out of its logs.
    Redacted,
    /// CloudTrail left a part out that was too large.
    Truncated,
    /// A call set it, and its record does not tell to what.
    Unseen,
    /// A deferred change was due by then, and nothing tells whether it came.
    Scheduled,
    /// Two calls of one second set it, and nothing tells which came last.
    Ambiguous,
    /// The event that set it is not proven, and only those are to count.
    Unproven,
}

impl Why {
    /// Returns the reason in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::BeforeArchive => "before the archive",
            Self::Redacted => "redacted by AWS",
            Self::Truncated => "too large for CloudTrail",
            Self::Unseen => "not in the record",
            Self::Scheduled => "scheduled",
            Self::Ambiguous => "set twice in one second",
            Self::Unproven => "its event is not proven",
        }
    }
}

/// What is known of one setting.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Val {
    /// Nothing, and why.
    Unknown(Why),
    /// That it is not set, or has the service's default.
    #[default]
    Absent,
    /// Its value.
    Known(Value),
}

impl Val {
    /// Returns a value as known, or as unknown where AWS set a mark in its place.
    pub fn of(value: Value) -> Self {
        match value {
            Value::Null => Self::Absent,
            value if is_redacted(&value) => Self::Unknown(Why::Redacted),
            value => Self::Known(value),
        }
    }

    /// Returns the value, if it is known.
    pub fn known(&self) -> Option<&Value> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown(_) | Self::Absent => None,
        }
    }

    /// Returns whether two say the same; policies are compared by what they say.
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Known(a), Self::Known(b)) => same(a, b),
            (a, b) => a == b,
        }
    }

    /// Returns whether nothing of it is hidden, so that it can be set again.
    pub fn is_whole(&self) -> bool {
        match self {
            Self::Known(value) => !has_redacted(value),
            Self::Absent => true,
            Self::Unknown(_) => false,
        }
    }
}

fn same(a: &Value, b: &Value) -> bool {
    a == b || (is_policy(a) && is_policy(b) && policy::canonical(a) == policy::canonical(b))
}

/// One setting, and what made it so.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// What is known of it.
    pub val: Val,
    /// The event; `None` before the first.
    pub by: Option<Arc<Origin>>,
}

/// One difference that an event made.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Which setting.
    pub path: Path,
    /// What was known of it before.
    pub before: Val,
    /// What is known of it after.
    pub after: Val,
}

/// Whether the resource is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Existence {
    /// Nothing tells.
    Unknown,
    /// It is.
    Exists,
    /// It is not.
    Gone,
}

/// The resource at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    pub(super) cells: BTreeMap<Path, Cell>,
    pub(super) shapes: BTreeMap<Path, Shape>,
    /// Whether it is there.
    pub exists: Existence,
    /// What made it exist or not.
    pub exists_by: Option<Arc<Origin>>,
    /// The event that created it, if it was seen.
    pub created: Option<Arc<Origin>>,
    /// When its deletion is due, as the service says it, and what scheduled it.
    pub due: Option<(String, Arc<Origin>)>,
    /// Which of several resources that had the name one after another, from 1.
    pub incarnation: u32,
    /// Calls that changed it in a way that is not unfolded.
    pub unread: Vec<Arc<Origin>>,
}

impl Default for State {
    fn default() -> Self {
        let before = Cell { val: Val::Unknown(Why::BeforeArchive), by: None };
        Self {
            cells: BTreeMap::from([(Path::root(), before)]),
            shapes: BTreeMap::new(),
            exists: Existence::Unknown,
            exists_by: None,
            created: None,
            due: None,
            incarnation: 1,
            unread: Vec::new(),
        }
    }
}

impl State {
    /// Returns what is known of a setting, and what made it so.
    pub fn cell(&self, path: &Path) -> Cell {
        if let Some(cell) = self.cells.get(path) {
            return cell.clone();
        }
        let mut at = path.clone();
        while let Some(above) = at.parent() {
            if let Some(cell) = self.cells.get(&above) {
                let val = match &cell.val {
                    Val::Known(value) => inside(value, path.below(&above)),
                    other => other.clone(),
                };
                return Cell { val, by: cell.by.clone() };
            }
            at = above;
        }
        Cell { val: Val::Unknown(Why::BeforeArchive), by: None }
    }

    /// Returns what is known of a setting, put together where it has parts.
    pub fn get(&self, path: &Path) -> Val {
        let own = self.cell(path).val;
        let parts: Vec<(&Path, &Cell)> = self.below(path).filter(|(at, _)| *at != path).collect();
        let known = parts.iter().filter_map(|(at, cell)| Some((*at, cell.val.known()?)));
        let mut whole = Value::Object(Map::new());
        let mut any = false;
        for (at, value) in known {
            place(&mut whole, at.below(path), value.clone());
            any = true;
        }
        if any { Val::Known(self.shaped(path, whole)) } else { own }
    }

    /// Returns whether all of a setting is known: no part of it is, or may be, hidden.
    pub fn is_closed(&self, path: &Path) -> bool {
        let own = self.cell(path).val;
        own.is_whole() && self.below(path).all(|(_, cell)| cell.val.is_whole())
    }

    /// Returns every setting of which something is known or known to be unknown.
    pub fn cells(&self) -> impl Iterator<Item = (&Path, &Cell)> {
        self.cells.iter()
    }

    /// Returns how the members below a path are to be shown.
    pub fn shape(&self, path: &Path) -> Option<Shape> {
        self.shapes.get(path).copied()
    }

    pub(super) fn below<'a>(&'a self, path: &'a Path) -> impl Iterator<Item = (&'a Path, &'a Cell)> {
        self.cells.range(path.clone()..).take_while(move |(at, _)| at.starts_with(path))
    }

    /// The configuration as one object; sets are lists.
    pub fn configuration(&self) -> Map<String, Value> {
        let mut whole = Value::Object(Map::new());
        for (path, cell) in &self.cells {
            if let Val::Known(value) = &cell.val {
                place(&mut whole, path.parts(), value.clone());
            }
        }
        for (path, shape) in &self.shapes {
            if *shape == Shape::Set {
                as_list(&mut whole, path.parts());
            }
        }
        match whole {
            Value::Object(object) => object,
            _ => Map::new(),
        }
    }

    fn shaped(&self, path: &Path, value: Value) -> Value {
        match (self.shape(path), value) {
            (Some(Shape::Set), Value::Object(object)) => {
                Value::Array(object.into_iter().map(|(_, it)| it).collect())
            }
            (_, value) => value,
        }
    }

    /// Begins a new resource of the same name: what no event says has the service's default.
    pub(super) fn create(&mut self, by: &Arc<Origin>) -> Vec<Change> {
        self.cells.clear();
        self.shapes.clear();
        self.unread.clear();
        self.due = None;
        self.cells.insert(Path::root(), Cell { val: Val::Absent, by: Some(by.clone()) });
        self.created = Some(by.clone());
        self.exist(Existence::Exists, by);
        Vec::new()
    }

    pub(super) fn exist(&mut self, existence: Existence, by: &Arc<Origin>) {
        if self.exists != existence {
            self.exists = existence;
            self.exists_by = Some(by.clone());
        }
    }

    /// Carries out one operation and returns what it changed.
    pub(super) fn apply(&mut self, op: &Op, by: &Arc<Origin>) -> Vec<Change> {
        match op {
            Op::Set { path, val, leaf } => self.set(path, val.clone(), *leaf, by),
            Op::Shape { path, shape } => {
                self.shapes.insert(path.clone(), *shape);
                Vec::new()
            }
            Op::Only { path, keys } => self.only(path, keys, by),
            Op::Renew { keep } => self.renew(keep, by),
            Op::Amend { path, value } => {
                let mut whole = match self.cell(path).val {
                    Val::Known(known) => known,
                    _ => Value::Object(Map::new()),
                };
                match (&mut whole, value) {
                    (Value::Object(old), Value::Object(new)) => old.extend(new.clone()),
                    (old, new) => *old = new.clone(),
                }
                self.set(path, Val::of(whole), true, by)
            }
            Op::Drop { path, member, value } => self.drop_members(path, member, value, by),
            Op::Swap { member, value, new, key } => self.swap(member, value, key, new, by),
            Op::Due(date) => {
                self.due = Some((date.clone(), by.clone()));
                Vec::new()
            }
            Op::NotDue => {
                self.due = None;
                Vec::new()
            }
            Op::Renamed(_) => Vec::new(),
        }
    }

    fn set(&mut self, path: &Path, val: Val, leaf: bool, by: &Arc<Origin>) -> Vec<Change> {
        let floor = self.cell(path).val;
        let before: BTreeMap<Path, Val> =
            self.below(path).map(|(at, cell)| (at.clone(), cell.val.clone())).collect();
        let mut after = BTreeMap::new();
        match val {
            Val::Known(value) if !leaf => flatten(path, value, 0, &mut after),
            val => {
                after.insert(path.clone(), val);
            }
        }
        let of = |map: &BTreeMap<Path, Val>, at: &Path, floor: &Val| match map.get(at) {
            Some(val) => val.clone(),
            None if at == path => floor.clone(),
            None => match floor {
                Val::Known(_) => Val::Absent,
                floor => floor.clone(),
            },
        };
        let floor_after = after.get(path).cloned().unwrap_or_default();
        let mut changes = Vec::new();
        let paths: std::collections::BTreeSet<&Path> = before.keys().chain(after.keys()).collect();
        let has_parts = paths.iter().any(|at| **at != *path);
        for at in paths {
            let (was, is) = (of(&before, at, &floor), of(&after, at, &floor_after));
            // What holds a setting's parts together is none of its values.
            let holds =
                at == path && has_parts && !matches!((&was, &is), (Val::Known(_), _) | (_, Val::Known(_)));
            if !was.same(&is) && !holds {
                changes.push(Change { path: at.clone(), before: was, after: is });
            }
        }
        let old: Vec<Path> = before.keys().cloned().collect();
        let kept: Vec<Path> = after
            .iter()
            .filter(|(at, val)| before.get(*at).is_some_and(|it| it.same(val)))
            .map(|(at, _)| at.clone())
            .collect();
        for at in old.iter().filter(|at| !kept.contains(at)) {
            self.cells.remove(at);
        }
        for (at, val) in after {
            if !kept.contains(&at) {
                self.cells.insert(at, Cell { val, by: Some(by.clone()) });
            }
        }
        changes
    }

    /// Takes away all members but those of some keys: no others can be there after this.
    fn only(&mut self, path: &Path, keys: &[String], by: &Arc<Origin>) -> Vec<Change> {
        let floor = self.cell(path).val;
        let old: Vec<Path> = self.below(path).map(|(at, _)| at.clone()).collect();
        let is_other = |at: &&Path| at.below(path).next().is_some_and(|key| !keys.iter().any(|it| it == key));
        let mut changes: Vec<Change> =
            old.iter().filter(is_other).flat_map(|at| self.set(at, Val::Absent, true, by)).collect();
        if keys.is_empty() && old.is_empty() && floor != Val::Absent {
            changes.push(Change { path: path.clone(), before: floor, after: Val::Absent });
        }
        if !self.cells.get(path).is_some_and(|cell| cell.val == Val::Absent) {
            self.cells.insert(path.clone(), Cell { val: Val::Absent, by: Some(by.clone()) });
        }
        changes
    }

    /// Takes away every setting but some: what a put does not name has the service's default after it.
    fn renew(&mut self, keep: &[String], by: &Arc<Origin>) -> Vec<Change> {
        let floor = self.cell(&Path::root());
        for name in keep.iter().map(|name| Path::field(name)) {
            if self.below(&name).next().is_none() {
                self.cells.insert(name, floor.clone());
            }
        }
        let is_kept = |at: &Path| at.parts().next().is_none_or(|first| keep.iter().any(|name| name == first));
        let old: Vec<Path> = self.cells.keys().filter(|at| !is_kept(at)).cloned().collect();
        let mut changes = Vec::new();
        for at in old {
            changes.extend(self.set(&at, Val::Absent, true, by));
            self.cells.remove(&at);
        }
        self.cells.insert(Path::root(), Cell { val: Val::Absent, by: Some(by.clone()) });
        changes
    }

    /// Takes away the members of a set that have a value under a name.
    fn drop_members(&mut self, path: &Path, member: &str, value: &str, by: &Arc<Origin>) -> Vec<Change> {
        let found = self.members_with(path, member, value);
        found.into_iter().flat_map(|at| self.set(&at, Val::Absent, true, by)).collect()
    }

    fn members_with(&self, path: &Path, member: &str, value: &str) -> Vec<Path> {
        let is_it = |cell: &Cell| {
            let found = cell.val.known().and_then(|it| it.get(member)).and_then(Value::as_str);
            found == Some(value)
        };
        self.below(path).filter(|(_, cell)| is_it(cell)).map(|(at, _)| at.clone()).collect()
    }

    /// Puts a rule where the one of the same id stood.
    fn swap(&mut self, member: &str, value: &str, key: &str, new: &Value, by: &Arc<Origin>) -> Vec<Change> {
        let mut changes = Vec::new();
        for at in self.members_with(&Path::root(), member, value) {
            let Some(set) = at.parent() else { continue };
            let to = set.join(key);
            if to != at {
                changes.extend(self.set(&at, Val::Absent, true, by));
            }
            changes.extend(self.set(&to, Val::of(new.clone()), true, by));
        }
        changes
    }
}

/// Takes an object apart into settings; policies, lists and what is empty stay whole.
fn flatten(path: &Path, value: Value, depth: usize, into: &mut BTreeMap<Path, Val>) {
    match value {
        Value::Object(object) if depth < MAX_DEPTH && !object.contains_key("Statement") => {
            into.insert(path.clone(), Val::Absent);
            for (name, value) in object {
                flatten(&path.join(&name), value, depth + 1, into);
            }
        }
        value => {
            into.insert(path.clone(), Val::of(value));
        }
    }
}

/// What stands inside a value that is kept whole.
fn inside<'a>(value: &Value, mut way: impl Iterator<Item = &'a str>) -> Val {
    let found = way.try_fold(value, |value, name| value.get(name));
    found.map_or(Val::Absent, |value| Val::of(value.clone()))
}

fn place<'a>(whole: &mut Value, way: impl Iterator<Item = &'a str>, value: Value) {
    let mut at = whole;
    for name in way {
        if !at.is_object() {
            *at = Value::Object(Map::new());
        }
        let Value::Object(object) = at else { return };
        at = object.entry(name.to_owned()).or_insert(Value::Null);
    }
    *at = value;
}

fn as_list<'a>(whole: &mut Value, mut way: impl Iterator<Item = &'a str>) {
    let found = way.try_fold(whole, |value, name| value.get_mut(name));
    if let Some(found) = found
        && let Value::Object(object) = found
    {
        let members = std::mem::take(object).into_iter().map(|(_, value)| value).collect();
        *found = Value::Array(members);
    }
}
