//! What each verb of the tables (`catalog::effect`) does to a resource.

use super::super::functions;
use super::super::functions::SetMember;
use super::super::path::SettingPath;
use super::super::place::{Scope, elements_of, is_empty, scalar_text};
use super::super::step::{MemberShape, Operation};
use super::super::val::{Knowledge, UnknownReason};
use super::asked;
use super::call::CallExtractor;
use crate::catalog::effect::{Function, ValueExpr, Verb};
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

impl CallExtractor<'_, '_> {
    /// What one effect does to a resource, in order.
    pub(super) fn carried_out(&self, verb: &Verb, scope: Scope<'_>, resource: &Resource) -> Vec<Operation> {
        match verb {
            Verb::Set { field, source, reset } => self.put_setting(field, scope.value(source), *reset),
            Verb::Unset { field } => vec![set_value(SettingPath::field(field), Knowledge::Absent)],
            Verb::Touch { field: Some(field) } => {
                vec![set_value(SettingPath::field(field), Knowledge::Unknown(UnknownReason::Unseen))]
            }
            Verb::Merge { field, source, but } => match scope.members(source) {
                // An operation names one setting, whatever stands beside it.
                Some(Value::Object(object)) if source.function == Some(Function::Patch) => {
                    let mut ops = Vec::new();
                    each_setting(&SettingPath::field(field), object, &mut ops);
                    ops
                }
                Some(Value::Object(object)) => {
                    set_object_members(&SettingPath::field(field), object, but).collect()
                }
                _ => Vec::new(),
            },
            Verb::Ask { field, source, shown, but } => match scope.members(source) {
                Some(Value::Object(asked)) => asked::set_requested(
                    &SettingPath::field(field),
                    &self.doc.request,
                    asked,
                    scope.members(shown),
                    but,
                ),
                _ => Vec::new(),
            },
            Verb::Renew { source, but, keep } => match scope.members(source) {
                Some(Value::Object(object)) => {
                    let renew = Operation::ResetExcept { keep: keep.clone() };
                    [renew].into_iter().chain(set_object_members(&SettingPath::root(), object, but)).collect()
                }
                _ => Vec::new(),
            },
            Verb::Add { field, source, amend } => {
                let is_map = source.function == Some(Function::Records);
                let shape = if is_map { MemberShape::Map } else { MemberShape::Set };
                let pairs = scope.pairs(source);
                pairs
                    .map(|pairs| self.add(SettingPath::field(field), shape, pairs, *amend))
                    .unwrap_or_default()
            }
            Verb::Remove { field, source } => {
                let pairs = scope.pairs(source).unwrap_or_default();
                let path = SettingPath::field(field);
                let shape = Operation::Shape { path: path.clone(), shape: MemberShape::Set };
                let keys = pairs.into_iter().map(|(key, _)| key);
                [shape].into_iter().chain(self.members_gone(path, keys)).collect()
            }
            Verb::Replace { field, source } => match scope.pairs(source) {
                Some(pairs) => replace_members(SettingPath::field(field), pairs),
                None => Vec::new(),
            },
            Verb::Put { field, key, source } => {
                self.put_members(field, scope.texts(key), scope.value(source))
            }
            Verb::Del { field, key } => {
                self.members_gone(SettingPath::field(field), scope.texts(key).into_iter()).collect()
            }
            Verb::Drop { field, member, source } => {
                let drop = |value| Operation::RemoveWhere {
                    path: SettingPath::field(field),
                    member: member.clone(),
                    value,
                };
                scope.texts(source).into_iter().map(drop).collect()
            }
            Verb::Swap { source } => {
                scope.value(source).iter().flat_map(elements_of).filter_map(replace_rule).collect()
            }
            Verb::Tag { source } => set_tags(scope, source, false),
            Verb::Retag { source } => set_tags(scope, source, true),
            Verb::Untag { source } => {
                let keys = scope.value(source).map(|value| functions::tag_keys(&value)).unwrap_or_default();
                let path = SettingPath::field("tags");
                keys.iter().map(|key| set_member(path.join(key), Knowledge::Absent)).collect()
            }
            Verb::Due { source } => {
                let when = scope.texts(source).into_iter().next().unwrap_or_default();
                vec![Operation::ScheduleDeletion(self.in_days(&when).unwrap_or(when))]
            }
            Verb::Undue => vec![Operation::CancelDeletion],
            Verb::Rename { source } => {
                let to = scope.texts(source).into_iter().next();
                to.map(|to| Operation::Rename(resource.renamed(&to))).into_iter().collect()
            }
            // Of an error it says that nothing follows.
            Verb::Unsure if self.origin.error_code.is_some() => Vec::new(),
            Verb::Unsure => vec![Operation::ForgetExistence],
            Verb::There => vec![Operation::ProveExistence(true)],
            Verb::Gone => vec![Operation::ProveExistence(false)],
            Verb::Lacked { field, source: None } => vec![prove_absence_before(SettingPath::field(field))],
            Verb::Lacked { field, source: Some(source) } => {
                let keys = scope.pairs(source).unwrap_or_default().into_iter().map(|(key, _)| key);
                let done = keys.filter(|key| self.was_done(key));
                done.map(|key| prove_absence_before(SettingPath::field(field).join(&key))).collect()
            }
            Verb::Had { field, source, but } => {
                let new: Vec<String> =
                    scope.pairs(but).unwrap_or_default().into_iter().map(|(key, _)| key).collect();
                let old = scope.pairs(source).unwrap_or_default().into_iter();
                let had = old.filter(|(key, _)| !new.contains(key)).filter_map(|(key, value)| {
                    Some(Operation::ProveBefore {
                        path: SettingPath::field(field).join(&key),
                        val: Knowledge::of(value?),
                    })
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
    fn unknown(&self) -> UnknownReason {
        if self.doc.truncated { UnknownReason::Truncated } else { UnknownReason::Unseen }
    }

    /// Whether a member was not among those that failed.
    fn was_done(&self, key: &str) -> bool {
        !self.undone.iter().any(|it| it == key)
    }

    fn put_setting(&self, field: &str, value: Option<Value>, reset: bool) -> Vec<Operation> {
        let val = match value {
            Some(value) => Knowledge::of(value),
            None if self.doc.truncated => Knowledge::Unknown(UnknownReason::Truncated),
            None if reset => Knowledge::Absent,
            None => return Vec::new(),
        };
        vec![set_value(SettingPath::field(field), val)]
    }

    fn add(
        &self,
        path: SettingPath,
        shape: MemberShape,
        pairs: Vec<SetMember>,
        amend: bool,
    ) -> Vec<Operation> {
        let done = pairs.into_iter().filter(|(key, _)| self.was_done(key));
        let add = |(key, value): SetMember| match value {
            Some(value) if amend => Operation::MergeInto { path: path.join(&key), value },
            Some(value) => set_member(path.join(&key), Knowledge::of(value)),
            None => set_member(path.join(&key), Knowledge::Absent),
        };
        [Operation::Shape { path: path.clone(), shape }].into_iter().chain(done.map(add)).collect()
    }

    fn put_members(&self, field: &str, keys: Vec<String>, value: Option<Value>) -> Vec<Operation> {
        let path = SettingPath::field(field);
        let val = value.map_or(Knowledge::Unknown(self.unknown()), Knowledge::of);
        let done = keys.iter().filter(|key| self.was_done(key));
        let put = done.map(|key| set_member(path.join(key), val.clone()));
        [Operation::Shape { path: path.clone(), shape: MemberShape::Map }].into_iter().chain(put).collect()
    }

    fn members_gone(
        &self,
        path: SettingPath,
        keys: impl Iterator<Item = String>,
    ) -> impl Iterator<Item = Operation> {
        let done = keys.filter(|key| self.was_done(key));
        done.map(move |key| set_member(path.join(&key), Knowledge::Absent))
    }
}

/// Sets the members of an object below a path, but for some and for what is no setting.
pub(super) fn set_object_members(
    path: &SettingPath,
    object: Map<String, Value>,
    but: &[String],
) -> impl Iterator<Item = Operation> {
    let is_kept = |name: &str| !NOISE.contains(&name) && !but.iter().any(|it| it.eq_ignore_ascii_case(name));
    let members = object.into_iter().filter(move |(name, _)| is_kept(name));
    members.map(|(name, value)| set_value(path.join(&name), Knowledge::of(value)))
}

/// Sets every setting in an object by itself; null takes it away.
fn each_setting(path: &SettingPath, object: Map<String, Value>, ops: &mut Vec<Operation>) {
    for (name, value) in object {
        let path = path.join(&name);
        match value {
            Value::Object(inner) => each_setting(&path, inner, ops),
            Value::Null => ops.push(set_value(path, Knowledge::Absent)),
            value => ops.push(set_value(path, Knowledge::of(value))),
        }
    }
}

/// Makes a set one of these members alone.
fn replace_members(path: SettingPath, pairs: Vec<SetMember>) -> Vec<Operation> {
    // Members that stay keep who set them: only the others are taken away. That comes last, for nothing is known of
    // what the members were before.
    let keys = pairs.iter().map(|(key, _)| key.clone()).collect();
    let mut ops = vec![Operation::Shape { path: path.clone(), shape: MemberShape::Set }];
    let members = pairs.into_iter().filter_map(|(key, value)| Some((key, value?)));
    ops.extend(members.map(|(key, value)| set_member(path.join(&key), Knowledge::of(value))));
    ops.push(Operation::RetainKeys { path, keys });
    ops
}

/// Adds tags, or with `only` makes them all there are.
fn set_tags(scope: Scope<'_>, source: &ValueExpr, only: bool) -> Vec<Operation> {
    let Some(value) = scope.value(source) else { return Vec::new() };
    let path = SettingPath::field("tags");
    let tags = functions::read_tags(&value);
    let mut ops = vec![Operation::Shape { path: path.clone(), shape: MemberShape::Map }];
    let keys = tags.iter().map(|(key, _)| key.clone()).collect();
    ops.extend(tags.into_iter().map(|(key, value)| set_member(path.join(&key), Knowledge::of(value))));
    ops.extend(only.then_some(Operation::RetainKeys { path, keys }));
    ops
}

/// A rule that was changed by its id.
fn replace_rule(value: &Value) -> Option<Operation> {
    let id = value.get("securityGroupRuleId").and_then(scalar_text)?;
    let inner = value.get("securityGroupRule").filter(|it| !is_empty(it))?;
    let inner = elements_of(inner).first()?;
    let (key, rule) = functions::apply_for_members(Function::SgRule, inner).into_iter().next()?;
    let mut rule = rule?;
    rule.as_object_mut()?.insert("securityGroupRuleId".to_owned(), Value::String(id.clone()));
    Some(Operation::ReplaceWhere { member: "securityGroupRuleId".to_owned(), value: id, key, new: rule })
}

/// That there was no such setting before.
fn prove_absence_before(path: SettingPath) -> Operation {
    Operation::ProveBefore { path, val: Knowledge::Absent }
}

/// A setting, which is taken apart if it is an object.
fn set_value(path: SettingPath, val: Knowledge) -> Operation {
    Operation::Set { path, val, leaf: false }
}

/// A member of a set or map, which stays whole.
fn set_member(path: SettingPath, val: Knowledge) -> Operation {
    Operation::Set { path, val, leaf: true }
}
