//! Which changes of a timeline are asked for: of some settings, or of some values.

use crate::timeline::{Knowledge, Operation, SettingChange, SettingPath, StepOutcome, TimelineEntry};
use serde_json::Value;

/// Which lines of a timeline are asked for.
#[derive(Clone, Debug, Default)]
pub struct ChangeFilter {
    /// Only changes of these settings.
    pub fields: Vec<String>,
    /// Only changes that brought or took away one of these values.
    pub values: Vec<String>,
}

impl ChangeFilter {
    /// Returns the changes of an entry that are asked for; `None` when it is not shown at all.
    pub fn of<'e>(&self, entry: &'e TimelineEntry) -> Option<Vec<&'e SettingChange>> {
        let changes: Vec<&SettingChange> =
            entry.changes.iter().filter(|it| self.has(&it.path, &it.before, &it.after)).collect();
        let all = self.fields.is_empty() && self.values.is_empty();
        let failed =
            matches!(entry.step.kind, StepOutcome::Failed | StepOutcome::DryRun | StepOutcome::ErrorProves);
        let tried = failed && entry.step.tried.iter().chain(&entry.step.ops).any(|op| self.tries(op));
        (all || tried || !changes.is_empty()).then_some(changes)
    }

    fn has(&self, path: &SettingPath, before: &Knowledge, after: &Knowledge) -> bool {
        let named = self.fields.is_empty() || self.fields.iter().any(|field| path.is_asked_by(field));
        let of = |val: &Knowledge, wanted: &str| {
            let in_key = !matches!(val, Knowledge::Absent | Knowledge::Unknown(_))
                && path.parts().next_back() == Some(wanted);
            in_key || val.known().is_some_and(|value| has_text(value, wanted))
        };
        let brought = |wanted: &String| of(before, wanted) != of(after, wanted);
        named && (self.values.is_empty() || self.values.iter().any(brought))
    }

    fn tries(&self, op: &Operation) -> bool {
        match op {
            Operation::Set { path, val, .. } => {
                let value = |wanted: &String| {
                    path.parts().next_back().is_some_and(|key| key.split(' ').any(|word| word == wanted))
                        || val.known().is_some_and(|value| has_text(value, wanted))
                };
                let named = self.fields.is_empty() || self.fields.iter().any(|field| path.is_asked_by(field));
                named && (self.values.is_empty() || self.values.iter().any(value))
            }
            Operation::MergeInto { path, value } => {
                self.has(path, &Knowledge::Absent, &Knowledge::Known(value.clone()))
            }
            _ => false,
        }
    }
}

/// Whether a value is, or has in it, this text.
fn has_text(value: &Value, wanted: &str) -> bool {
    match value {
        Value::String(text) => text == wanted,
        Value::Array(list) => list.iter().any(|it| has_text(it, wanted)),
        Value::Object(object) => object.values().any(|it| has_text(it, wanted)),
        Value::Bool(flag) => flag.to_string() == wanted,
        Value::Number(number) => number.to_string() == wanted,
        Value::Null => false,
    }
}
