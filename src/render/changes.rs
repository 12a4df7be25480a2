//! Changes and values as people read them.

use crate::timeline::{
    Knowledge, MemberShape, SettingChange, SettingPath, State, StepOrigin, is_policy, policy_difference,
};
use serde_json::{Map, Value, json};

/// A value for programs: `{"known": …}`, `{"absent": true}` or `{"unknown": why}`.
pub(super) fn knowledge_to_json(val: &Knowledge) -> Value {
    match val {
        Knowledge::Known(value) => json!({ "known": value }),
        Knowledge::Absent => json!({ "absent": true }),
        Knowledge::Unknown(why) => json!({ "unknown": why }),
    }
}

/// A change for programs.
pub(super) fn change_to_json(change: &SettingChange) -> Value {
    let mut item = Map::new();
    item.insert("path".to_owned(), change.path.to_string().into());
    item.insert("before".to_owned(), knowledge_to_json(&change.before));
    item.insert("after".to_owned(), knowledge_to_json(&change.after));
    let (before, after) = (change.before.known(), change.after.known());
    if [before, after].into_iter().flatten().any(is_policy) {
        let there = serde_json::to_value(policy_difference(before, after)).unwrap_or_default();
        item.insert("policy".to_owned(), there);
    }
    Value::Object(item)
}

/// A value in words.
pub(super) fn knowledge_text(val: &Knowledge) -> String {
    match val {
        Knowledge::Known(Value::String(text)) if !text.is_empty() => text.clone(),
        Knowledge::Known(value) => value.to_string(),
        Knowledge::Absent => "not set".to_owned(),
        Knowledge::Unknown(why) => format!("unknown ({})", why.words()),
    }
}

/// Since when a value is so: since it was set, or from before it was seen.
pub(super) fn since_text(by: Option<&StepOrigin>) -> String {
    match by.and_then(|by| Some((by, by.time?))) {
        Some((by, time)) if by.only_saw() => format!("before {time}"),
        Some((_, time)) => time.to_string(),
        None => String::new(),
    }
}

/// Who made it so; who only saw it is said to have.
pub(super) fn who_text(by: Option<&StepOrigin>) -> String {
    match by {
        Some(by) if by.only_saw() => format!("seen by {}", by.who),
        Some(by) => by.who.clone(),
        None => String::new(),
    }
}

/// A change in words, several lines for a policy.
pub(super) fn change_lines(change: &SettingChange, state: &State) -> Vec<String> {
    let SettingChange { path, before, after } = change;
    if [before, after].into_iter().filter_map(Knowledge::known).any(is_policy) {
        return policy_lines(change);
    }
    if *path == SettingPath::root() {
        return vec![format!("what else it has: {}", knowledge_text(after))];
    }
    let in_set = path.parent().and_then(|above| state.shape(&above)) == Some(MemberShape::Set);
    let line = match (before, after) {
        (Knowledge::Absent, Knowledge::Known(_)) if in_set => format!("+ {path}{}", rule_description(after)),
        (_, Knowledge::Absent) if in_set => format!("- {path}{}", unknown_before_note(before)),
        (Knowledge::Unknown(_), Knowledge::Known(_)) if in_set => {
            format!("+ {path}{}{}", rule_description(after), unknown_before_note(before))
        }
        (Knowledge::Absent, _) => format!("{path}: {}", knowledge_text(after)),
        _ => format!("{path}: {} → {}", knowledge_text(before), knowledge_text(after)),
    };
    vec![line]
}

/// The description that a rule has.
fn rule_description(val: &Knowledge) -> String {
    let text = val.known().and_then(|value| value.get("description")).and_then(Value::as_str);
    text.map(|text| format!(" “{text}”")).unwrap_or_default()
}

fn unknown_before_note(before: &Knowledge) -> String {
    match before {
        Knowledge::Unknown(why) => format!(" (before: unknown, {})", why.words()),
        _ => String::new(),
    }
}

fn policy_lines(change: &SettingChange) -> Vec<String> {
    let SettingChange { path, before, after } = change;
    let there = policy_difference(before.known(), after.known());
    let mut lines = Vec::new();
    match (before, after) {
        (Knowledge::Unknown(why), _) => lines.push(format!("{path}: was unknown ({})", why.words())),
        (_, Knowledge::Absent) => lines.push(format!("- {path}")),
        (Knowledge::Absent, _) => lines.push(format!("+ {path}")),
        _ => {}
    }
    lines.extend(there.newly_allowed.iter().map(|it| format!("{path}: newly allows {it}")));
    lines.extend(there.no_longer_allowed.iter().map(|it| format!("{path}: no longer allows {it}")));
    lines.extend(there.added.iter().map(|it| format!("{path}: + {it}")));
    lines.extend(there.removed.iter().map(|it| format!("{path}: - {it}")));
    if lines.is_empty() {
        lines.push(format!("{path}: {} → {}", knowledge_text(before), knowledge_text(after)));
    }
    lines
}
