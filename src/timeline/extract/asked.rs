//! What was asked for where the answer still shows what was before: services that change a resource later, or at the
//! next window for maintenance, echo what it is at the moment of the call.

use super::super::path::SettingPath;
use super::super::place::scalar_text;
use super::super::step::Operation;
use super::super::val::{Knowledge, UnknownReason};
use serde_json::{Map, Value};

/// Sets what was asked for and is not shown: to that where it is applied at once, and else to what is due. What the
/// answer lists as pending is left as it is.
pub(super) fn set_requested(
    path: &SettingPath,
    request: &Value,
    asked: Map<String, Value>,
    shown: Option<Value>,
    but: &[String],
) -> Vec<Operation> {
    let at_once = request.get("applyImmediately").and_then(scalar_text).is_some_and(|it| it == "true");
    let pending = shown.as_ref().and_then(|it| find_member(it, "pendingModifiedValues")).cloned();
    let is_told = |name: &str| {
        let is_pending = pending.as_ref().is_some_and(|it| find_member(it, name).is_some());
        is_pending || but.iter().any(|it| it.eq_ignore_ascii_case(name))
    };
    let mut ops = Vec::new();
    for (name, value) in asked.into_iter().filter(|(name, _)| !is_told(name)) {
        set_requested_member(
            &path.join(&name),
            value,
            shown.as_ref().and_then(|it| find_member(it, &name)),
            at_once,
            &mut ops,
        );
    }
    ops
}

/// One member, and the members in it; `shown` is what stands for it in the answer, if there is one.
fn set_requested_member(
    path: &SettingPath,
    asked: Value,
    shown: Option<&Value>,
    at_once: bool,
    ops: &mut Vec<Operation>,
) {
    match (asked, shown) {
        (Value::Null, _) => {}
        (Value::Object(object), shown) => {
            for (name, value) in object {
                let inner = shown.and_then(|it| find_member(it, &name));
                set_requested_member(&path.join(&name), value, inner, at_once, ops);
            }
        }
        (asked, Some(shown)) if !is_other_value(&asked, shown) => {}
        (asked, _) => {
            let val =
                if at_once { Knowledge::of(asked) } else { Knowledge::Unknown(UnknownReason::Scheduled) };
            ops.push(Operation::Set { path: path.clone(), val, leaf: false });
        }
    }
}

/// Whether an answer shows another value: names are compared without case, and a version may be told in full.
fn is_other_value(asked: &Value, shown: &Value) -> bool {
    let (Some(asked), Some(shown)) = (scalar_text(asked), scalar_text(shown)) else { return false };
    let is_begin = || shown.strip_prefix(asked.as_str()).is_some_and(|rest| rest.starts_with('.'));
    !asked.eq_ignore_ascii_case(&shown) && !is_begin()
}

fn find_member<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    value.as_object()?.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn set(request: &Value, shown: Option<Value>) -> Vec<String> {
        let Value::Object(asked) = request.clone() else { return Vec::new() };
        let but = ["applyImmediately".to_owned()];
        let ops = set_requested(&SettingPath::root(), request, asked, shown, &but);
        let told = |op: Operation| match op {
            Operation::Set { path, val, .. } => format!("{path} {val:?}"),
            op => format!("{op:?}"),
        };
        ops.into_iter().map(told).collect()
    }

    #[test]
    fn an_answer_may_show_what_was_before() {
        let shown = json!({"a": true, "b": 7, "version": "8.0.35", "s": {"min": 1, "max": 2}, "Name": "X",
            "pendingModifiedValues": {"b": 0}});
        let mut asked = json!({"applyImmediately": true, "a": false, "b": 0, "version": "8.0", "s": {"min": 1, "max": 4},
            "name": "x", "other": 1});
        assert_eq!(
            set(&asked, Some(shown.clone())),
            ["a Known(Bool(false))", "s.max Known(Number(4))", "other Known(Number(1))"]
        );
        asked["applyImmediately"] = false.into();
        assert_eq!(
            set(&asked, Some(shown)),
            ["a Unknown(Scheduled)", "s.max Unknown(Scheduled)", "other Unknown(Scheduled)"]
        );
        assert_eq!(set(&json!({"a": 1}), None), ["a Unknown(Scheduled)"]);
    }
}
