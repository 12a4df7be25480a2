//! What is known of a resource's configuration at one moment: every setting
//! known, known to be absent, or unknown for a reason, each with the event that
//! made it so.
//!
//! A cell holds for its path and, where nothing nearer says otherwise, for all
//! below: `Absent` at `ingress` with `ingress[tcp 443 …]` beside it is a set of
//! which all members are known, `Unknown` there one that may hold more.
//!
//! Here a state is looked at; `apply` changes it.

mod apply;
mod doubt;
mod renamed;
mod settings;

pub(super) use apply::flatten_knowledge;

use self::settings::Settings;
pub(super) use self::settings::TextKey;
use super::path::SettingPath;
use super::step::{MemberShape, StepOrigin, StepOwner};
use super::val::{Knowledge, UnknownReason};
use crate::event::Time;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One setting, and what made it so.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// What is known of it.
    pub val: Knowledge,
    /// The event; `None` before the first.
    pub by: Option<Arc<StepOrigin>>,
}

/// One difference that an event made.
#[derive(Clone, Debug, PartialEq)]
pub struct SettingChange {
    /// Which setting.
    pub path: SettingPath,
    /// What was known of it before.
    pub before: Knowledge,
    /// What is known of it after.
    pub after: Knowledge,
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
    pub(super) cells: Settings,
    pub(super) shapes: BTreeMap<SettingPath, MemberShape>,
    /// Whether it is there.
    pub exists: Existence,
    /// What made it exist or not.
    pub exists_by: Option<Arc<StepOrigin>>,
    /// The event that created it, if it was seen.
    pub created: Option<Arc<StepOrigin>>,
    /// Before its creation: the event that is to create it.
    pub unborn: Option<Arc<StepOrigin>>,
    /// Where it is gone with something else, or was before that: what that was.
    pub ended_with: Option<StepOwner>,
    /// When its deletion is due, as the service says it, and what scheduled it.
    pub due: Option<(String, Arc<StepOrigin>)>,
    /// Which of several resources that had the name one after another, from 1.
    pub incarnation: u32,
    /// Calls that changed it in a way that is not unfolded.
    pub unread: Vec<Arc<StepOrigin>>,
    /// The last item of AWS Config that told all it knows.
    pub(super) item: Option<Arc<StepOrigin>>,
    /// When AWS Config says that it was made.
    pub(super) made_at: Option<Time>,
    /// Settings that only the first item told of: nothing was known of them before, whatever a creation says.
    pub(super) filled: BTreeSet<SettingPath>,
}

impl Default for State {
    fn default() -> Self {
        let before = Setting { val: Knowledge::Unknown(UnknownReason::BeforeArchive), by: None };
        Self {
            cells: Settings::from([(SettingPath::root(), before)]),
            shapes: BTreeMap::new(),
            exists: Existence::Unknown,
            exists_by: None,
            created: None,
            unborn: None,
            ended_with: None,
            due: None,
            incarnation: 1,
            unread: Vec::new(),
            item: None,
            made_at: None,
            filled: BTreeSet::new(),
        }
    }
}

impl State {
    /// Returns what is known of a setting, and what made it so.
    pub fn cell(&self, path: &SettingPath) -> Setting {
        if let Some(cell) = self.cells.get(path) {
            return cell.clone();
        }
        let mut at = path.clone();
        while let Some(above) = at.parent() {
            if let Some(cell) = self.cells.get(&above) {
                let val = match &cell.val {
                    Knowledge::Known(value) => value_at_path(value, path.below(&above)),
                    other => other.clone(),
                };
                return Setting { val, by: cell.by.clone() };
            }
            at = above;
        }
        Setting { val: Knowledge::Unknown(UnknownReason::BeforeArchive), by: None }
    }

    /// Returns what is known of a setting, put together where it has parts.
    pub fn get(&self, path: &SettingPath) -> Knowledge {
        let own = self.cell(path).val;
        let parts: Vec<(&SettingPath, &Setting)> = self.below(path).filter(|(at, _)| *at != path).collect();
        let known = parts.iter().filter_map(|(at, cell)| Some((*at, cell.val.known()?)));
        let mut whole = Value::Object(Map::new());
        let mut any = false;
        for (at, value) in known {
            put_at_path(&mut whole, at.below(path), value.clone());
            any = true;
        }
        if any { Knowledge::Known(self.shaped(path, whole)) } else { own }
    }

    /// Returns whether all of a setting is known: no part of it is, or may be, hidden.
    pub fn is_closed(&self, path: &SettingPath) -> bool {
        let own = self.cell(path).val;
        own.is_whole() && self.below(path).all(|(_, cell)| cell.val.is_whole())
    }

    /// Returns every setting of which something is known or known to be unknown.
    pub fn cells(&self) -> impl Iterator<Item = (&SettingPath, &Setting)> {
        self.cells.iter()
    }

    /// Returns how the members below a path are to be shown.
    pub fn shape(&self, path: &SettingPath) -> Option<MemberShape> {
        self.shapes.get(path).copied()
    }

    pub(super) fn below<'a>(
        &'a self,
        path: &'a SettingPath,
    ) -> impl Iterator<Item = (&'a SettingPath, &'a Setting)> {
        self.cells.range(path.clone()..).take_while(move |(at, _)| at.starts_with(path))
    }

    /// Returns whether something is told of what is below a setting.
    pub fn has_parts(&self, path: &SettingPath) -> bool {
        self.below(path).any(|(at, _)| at != path)
    }

    /// Returns as much of the state as tells what holds at and below some paths.
    pub(super) fn around(&self, paths: &[SettingPath]) -> Self {
        let mut cells = Settings::default();
        for path in paths {
            let own = self.below(path).map(|(at, cell)| (at.clone(), cell.clone()));
            cells.extend(own);
            let above = std::iter::successors(path.parent(), SettingPath::parent);
            cells.extend(above.filter_map(|at| self.cells.get(&at).map(|cell| (at, cell.clone()))));
        }
        Self { cells, exists: self.exists, exists_by: self.exists_by.clone(), ..Self::default() }
    }

    /// The configuration as one object; sets are lists.
    pub fn configuration(&self) -> Map<String, Value> {
        let mut whole = Value::Object(Map::new());
        for (path, cell) in self.cells.iter() {
            if let Knowledge::Known(value) = &cell.val {
                put_at_path(&mut whole, path.parts(), value.clone());
            }
        }
        for (path, shape) in &self.shapes {
            if *shape == MemberShape::Set {
                as_list(&mut whole, path.parts());
            }
        }
        match whole {
            Value::Object(object) => object,
            _ => Map::new(),
        }
    }

    fn shaped(&self, path: &SettingPath, value: Value) -> Value {
        match (self.shape(path), value) {
            (Some(MemberShape::Set), Value::Object(object)) => {
                Value::Array(object.into_iter().map(|(_, it)| it).collect())
            }
            (_, value) => value,
        }
    }
}

/// What stands inside a value that is kept whole.
fn value_at_path<'a>(value: &Value, mut way: impl Iterator<Item = &'a str>) -> Knowledge {
    let found = way.try_fold(value, |value, name| value.get(name));
    found.map_or(Knowledge::Absent, |value| Knowledge::of(value.clone()))
}

fn put_at_path<'a>(whole: &mut Value, way: impl Iterator<Item = &'a str>, value: Value) {
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
