//! What each verb of the tables (`catalog::effect`) does to a resource.

use super::super::functions;
use super::super::functions::Pair;
use super::super::path::Path;
use super::super::place::{Scope, elements, is_empty, text};
use super::super::step::{Op, Shape};
use super::super::val::{Val, Why};
use super::asked;
use super::call::Call;
use crate::catalog::effect::{Function, Source, Verb};
use crate::event::Time;
use crate::resource::Resource;
use serde_json::{Map, Value};

/// Members of requests and responses that are no settings.
pub(super) const NOISE: [&str; 8] = [
    "requestId",
    "_return",
    "clientToken",
    "clientRequestToken",
    "ownerId",
    "host",
    "dryRun",
    "requestParameters",
];

impl Call<'_, '_> {
    /// What one effect does to a resource, in order.
    pub(super) fn carried_out(&self, verb: &Verb, scope: Scope<'_>, resource: &Resource) -> Vec<Op> {
        match verb {
            Verb::Set { field, source, reset } => self.put_setting(field, scope.value(source), *reset),
            Verb::Unset { field } => vec![setting(Path::field(field), Val::Absent)],
            Verb::Touch { field: Some(field) } => {
                vec![setting(Path::field(field), Val::Unknown(Why::Unseen))]
            }
            Verb::Merge { field, source, but } => match scope.members(source) {
                // An operation names one setting, whatever stands beside it.
                Some(Value::Object(object)) if source.function == Some(Function::Patch) => {
                    let mut ops = Vec::new();
                    each_setting(&Path::field(field), object, &mut ops);
                    ops
                }
                Some(Value::Object(object)) => settings(&Path::field(field), object, but).collect(),
                _ => Vec::new(),
            },
            Verb::Ask { field, source, shown, but } => match scope.members(source) {
                Some(Value::Object(asked)) => {
                    asked::ops(&Path::field(field), &self.doc.request, asked, scope.members(shown), but)
                }
                _ => Vec::new(),
            },
            Verb::Renew { source, but, keep } => match scope.members(source) {
                Some(Value::Object(object)) => {
                    let renew = Op::Renew { keep: keep.clone() };
                    [renew].into_iter().chain(settings(&Path::root(), object, but)).collect()
                }
                _ => Vec::new(),
            },
            Verb::Add { field, source, amend } => {
                let is_map = source.function == Some(Function::Records);
                let shape = if is_map { Shape::Map } else { Shape::Set };
                let pairs = scope.pairs(source);
                pairs.map(|pairs| self.add(Path::field(field), shape, pairs, *amend)).unwrap_or_default()
            }
            Verb::Remove { field, source } => {
                let pairs = scope.pairs(source).unwrap_or_default();
                let path = Path::field(field);
                let shape = Op::Shape { path: path.clone(), shape: Shape::Set };
                let keys = pairs.into_iter().map(|(key, _)| key);
                [shape].into_iter().chain(self.members_gone(path, keys)).collect()
            }
            Verb::Replace { field, source } => match scope.pairs(source) {
                Some(pairs) => replace(Path::field(field), pairs),
                None => Vec::new(),
            },
            Verb::Put { field, key, source } => {
                self.put_members(field, scope.texts(key), scope.value(source))
            }
            Verb::Del { field, key } => {
                self.members_gone(Path::field(field), scope.texts(key).into_iter()).collect()
            }
            Verb::Drop { field, member, source } => {
                let drop = |value| Op::Drop { path: Path::field(field), member: member.clone(), value };
                scope.texts(source).into_iter().map(drop).collect()
            }
            Verb::Swap { source } => scope.value(source).iter().flat_map(elements).filter_map(swap).collect(),
            Verb::Tag { source } => tag(scope, source, false),
            Verb::Retag { source } => tag(scope, source, true),
            Verb::Untag { source } => {
                let keys = scope.value(source).map(|value| functions::tag_keys(&value)).unwrap_or_default();
                let path = Path::field("tags");
                keys.iter().map(|key| member(path.join(key), Val::Absent)).collect()
            }
            Verb::Due { source } => {
                let when = scope.texts(source).into_iter().next().unwrap_or_default();
                vec![Op::Due(self.in_days(&when).unwrap_or(when))]
            }
            Verb::Undue => vec![Op::NotDue],
            Verb::Rename { source } => {
                let to = scope.texts(source).into_iter().next();
                to.map(|to| Op::Renamed(resource.renamed(&to))).into_iter().collect()
            }
            // Of an error it says that nothing follows.
            Verb::Unsure if self.origin.error_code.is_some() => Vec::new(),
            Verb::Unsure => vec![Op::Unsure],
            Verb::There => vec![Op::There(true)],
            Verb::Gone => vec![Op::There(false)],
            Verb::Lacked { field, source: None } => vec![lacked(Path::field(field))],
            Verb::Lacked { field, source: Some(source) } => {
                let keys = scope.pairs(source).unwrap_or_default().into_iter().map(|(key, _)| key);
                let done = keys.filter(|key| self.was_done(key));
                done.map(|key| lacked(Path::field(field).join(&key))).collect()
            }
            Verb::Had { field, source, but } => {
                let new: Vec<String> =
                    scope.pairs(but).unwrap_or_default().into_iter().map(|(key, _)| key).collect();
                let old = scope.pairs(source).unwrap_or_default().into_iter();
                let had = old.filter(|(key, _)| !new.contains(key)).filter_map(|(key, value)| {
                    Some(Op::Before { path: Path::field(field).join(&key), val: Val::of(value?) })
                });
                had.collect()
            }
            Verb::Touch { field: None }
            | Verb::Order { .. }
            | Verb::Chain { .. }
            | Verb::Each { .. }
            | Verb::Again => Vec::new(),
        }
    }

    /// The date so many days after the call, where that is what a call says of a deletion.
    fn in_days(&self, text: &str) -> Option<String> {
        let days: i64 = text.parse().ok().filter(|days| (0..=366).contains(days))?;
        let time = self.origin.time?.utc() + chrono::TimeDelta::days(days);
        Some(Time::from(time).to_string())
    }

    /// Why nothing is known of what the call set.
    fn unknown(&self) -> Why {
        if self.doc.truncated { Why::Truncated } else { Why::Unseen }
    }

    /// Whether a member was not among those that failed.
    fn was_done(&self, key: &str) -> bool {
        !self.undone.iter().any(|it| it == key)
    }

    fn put_setting(&self, field: &str, value: Option<Value>, reset: bool) -> Vec<Op> {
        let val = match value {
            Some(value) => Val::of(value),
            None if self.doc.truncated => Val::Unknown(Why::Truncated),
            None if reset => Val::Absent,
            None => return Vec::new(),
        };
        vec![setting(Path::field(field), val)]
    }

    fn add(&self, path: Path, shape: Shape, pairs: Vec<Pair>, amend: bool) -> Vec<Op> {
        let done = pairs.into_iter().filter(|(key, _)| self.was_done(key));
        let add = |(key, value): Pair| match value {
            Some(value) if amend => Op::Amend { path: path.join(&key), value },
            Some(value) => member(path.join(&key), Val::of(value)),
            None => member(path.join(&key), Val::Absent),
        };
        [Op::Shape { path: path.clone(), shape }].into_iter().chain(done.map(add)).collect()
    }

    fn put_members(&self, field: &str, keys: Vec<String>, value: Option<Value>) -> Vec<Op> {
        let path = Path::field(field);
        let val = value.map_or(Val::Unknown(self.unknown()), Val::of);
        let done = keys.iter().filter(|key| self.was_done(key));
        let put = done.map(|key| member(path.join(key), val.clone()));
        [Op::Shape { path: path.clone(), shape: Shape::Map }].into_iter().chain(put).collect()
    }

    fn members_gone(&self, path: Path, keys: impl Iterator<Item = String>) -> impl Iterator<Item = Op> {
        let done = keys.filter(|key| self.was_done(key));
        done.map(move |key| member(path.join(&key), Val::Absent))
    }
}

/// Sets the members of an object below a path, but for some and for what is no setting.
pub(super) fn settings(path: &Path, object: Map<String, Value>, but: &[String]) -> impl Iterator<Item = Op> {
    let is_kept = |name: &str| !NOISE.contains(&name) && !but.iter().any(|it| it.eq_ignore_ascii_case(name));
    let members = object.into_iter().filter(move |(name, _)| is_kept(name));
    members.map(|(name, value)| setting(path.join(&name), Val::of(value)))
}

/// Sets every setting in an object by itself; null takes it away.
fn each_setting(path: &Path, object: Map<String, Value>, ops: &mut Vec<Op>) {
    for (name, value) in object {
        let path = path.join(&name);
        match value {
            Value::Object(inner) => each_setting(&path, inner, ops),
            Value::Null => ops.push(setting(path, Val::Absent)),
            value => ops.push(setting(path, Val::of(value))),
        }
    }
}

/// Makes a set one of these members alone.
fn replace(path: Path, pairs: Vec<Pair>) -> Vec<Op> {
    // Members that stay keep who set them: only the others are taken away. That comes last, for nothing is known of
    // what the members were before.
    let keys = pairs.iter().map(|(key, _)| key.clone()).collect();
    let mut ops = vec![Op::Shape { path: path.clone(), shape: Shape::Set }];
    let members = pairs.into_iter().filter_map(|(key, value)| Some((key, value?)));
    ops.extend(members.map(|(key, value)| member(path.join(&key), Val::of(value))));
    ops.push(Op::Only { path, keys });
    ops
}

/// Adds tags, or with `only` makes them all there are.
fn tag(scope: Scope<'_>, source: &Source, only: bool) -> Vec<Op> {
    let Some(value) = scope.value(source) else { return Vec::new() };
    let path = Path::field("tags");
    let tags = functions::tags(&value);
    let mut ops = vec![Op::Shape { path: path.clone(), shape: Shape::Map }];
    let keys = tags.iter().map(|(key, _)| key.clone()).collect();
    ops.extend(tags.into_iter().map(|(key, value)| member(path.join(&key), Val::of(value))));
    ops.extend(only.then_some(Op::Only { path, keys }));
    ops
}

/// A rule that was changed by its id.
fn swap(value: &Value) -> Option<Op> {
    let id = value.get("securityGroupRuleId").and_then(text)?;
    let inner = value.get("securityGroupRule").filter(|it| !is_empty(it))?;
    let inner = elements(inner).first()?;
    let (key, rule) = functions::pairs(Function::SgRule, inner).into_iter().next()?;
    let mut rule = rule?;
    rule.as_object_mut()?.insert("securityGroupRuleId".to_owned(), Value::String(id.clone()));
    Some(Op::Swap { member: "securityGroupRuleId".to_owned(), value: id, key, new: rule })
}

/// That there was no such setting before.
fn lacked(path: Path) -> Op {
    Op::Before { path, val: Val::Absent }
}

/// A setting, which is taken apart if it is an object.
fn setting(path: Path, val: Val) -> Op {
    Op::Set { path, val, leaf: false }
}

/// A member of a set or map, which stays whole.
fn member(path: Path, val: Val) -> Op {
    Op::Set { path, val, leaf: true }
}
