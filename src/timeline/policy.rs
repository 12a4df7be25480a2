//! What changed between two policies: statement by statement, and what is
//! newly allowed to whom.
//!
//! Nothing is evaluated: a statement that allows and one that denies the same
//! are both shown as they stand.

use super::place::{elements_of, scalar_text};
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashSet};

/// The members of a statement that may be one value or a list.
const LISTS: [&str; 6] = ["Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal"];

/// The difference between two policies.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyDifference {
    /// Statements that are new, in words.
    pub added: Vec<String>,
    /// Statements that are gone, in words.
    pub removed: Vec<String>,
    /// Grants that are new: principal and action.
    pub newly_allowed: Vec<String>,
    /// Grants that are gone.
    pub no_longer_allowed: Vec<String>,
}

/// Returns a policy in the one form that equal policies have: lists sorted, lone values as lists.
pub(super) fn canonical_policy(policy: &Value) -> Value {
    let Value::Object(object) = policy else { return policy.clone() };
    let mut whole: Map<String, Value> = Map::new();
    for (key, value) in object {
        let value = match key.as_str() {
            "Statement" => {
                let mut all: Vec<Value> = elements_of(value).iter().map(canonical_statement).collect();
                all.sort_by_cached_key(ToString::to_string);
                Value::Array(all)
            }
            _ => value.clone(),
        };
        whole.insert(key.clone(), value);
    }
    whole.sort_keys();
    Value::Object(whole)
}

fn canonical_statement(value: &Value) -> Value {
    let Value::Object(object) = value else { return value.clone() };
    let mut whole = Map::new();
    for (key, value) in object {
        let value = match (key.as_str(), value) {
            // An empty Sid is none.
            ("Sid", value) if scalar_text(value).is_some_and(|it| it.is_empty()) => continue,
            ("Principal" | "NotPrincipal", Value::Object(kinds)) => {
                let mut kinds: Map<String, Value> =
                    kinds.iter().map(|(kind, who)| (kind.clone(), sort_list(who))).collect();
                kinds.sort_keys();
                Value::Object(kinds)
            }
            (key, value) if LISTS.contains(&key) => sort_list(value),
            (_, value) => value.clone(),
        };
        whole.insert(key.clone(), value);
    }
    whole.sort_keys();
    Value::Object(whole)
}

fn sort_list(value: &Value) -> Value {
    let mut list = elements_of(value).to_vec();
    list.sort_by_cached_key(ToString::to_string);
    list.dedup();
    Value::Array(list)
}

/// Returns what differs; either side may be missing.
pub(super) fn diff_policies(before: Option<&Value>, after: Option<&Value>) -> PolicyDifference {
    let statements = |policy: Option<&Value>| -> Vec<Value> {
        let list = policy.and_then(|policy| policy.get("Statement")).map(elements_of).unwrap_or_default();
        list.iter().map(canonical_statement).collect()
    };
    let (old, new) = (statements(before), statements(after));
    let only = |these: &[Value], those: &[Value]| -> Vec<String> {
        let those: HashSet<&Value> = those.iter().collect();
        these.iter().filter(|it| !those.contains(it)).map(describe_statement).collect()
    };
    let (had, has) = (list_grants(&old), list_grants(&new));
    PolicyDifference {
        added: only(&new, &old),
        removed: only(&old, &new),
        newly_allowed: has.difference(&had).cloned().collect(),
        no_longer_allowed: had.difference(&has).cloned().collect(),
    }
}

/// What the allowing statements grant: `AWS arn:…:root: sts:AssumeRole`.
fn list_grants(statements: &[Value]) -> BTreeSet<String> {
    let mut grants = BTreeSet::new();
    for statement in statements {
        if statement.get("Effect").and_then(Value::as_str) != Some("Allow") {
            continue;
        }
        let condition = if statement.get("Condition").is_some() { " (with conditions)" } else { "" };
        let actions = match (statement.get("Action"), statement.get("NotAction")) {
            (Some(actions), _) => join_texts(actions),
            (None, Some(but)) => format!("all but {}", join_texts(but)),
            (None, None) => continue,
        };
        for who in list_principals(statement) {
            grants.insert(match who.as_str() {
                "" => format!("{actions}{condition}"),
                who => format!("{who}: {actions}{condition}"),
            });
        }
    }
    grants
}

/// Whom a statement is about; one empty text for a policy of an identity.
fn list_principals(statement: &Value) -> Vec<String> {
    match (statement.get("Principal"), statement.get("NotPrincipal")) {
        (Some(Value::Object(kinds)), _) => {
            let each = |(kind, who): (&String, &Value)| {
                elements_of(who)
                    .iter()
                    .filter_map(scalar_text)
                    .map(|who| format!("{kind} {who}"))
                    .collect::<Vec<_>>()
            };
            kinds.iter().flat_map(each).collect()
        }
        (Some(who), _) => {
            elements_of(who).iter().filter_map(scalar_text).map(|who| format!("everyone ({who})")).collect()
        }
        (None, Some(but)) => vec![format!("everyone but {but}")],
        (None, None) => vec![String::new()],
    }
}

fn join_texts(list: &Value) -> String {
    elements_of(list).iter().filter_map(scalar_text).collect::<Vec<_>>().join(", ")
}

/// A statement in one line.
fn describe_statement(statement: &Value) -> String {
    let member = |name: &str| statement.get(name);
    let effect = member("Effect").and_then(Value::as_str).unwrap_or("?");
    let who: Vec<String> = list_principals(statement).into_iter().filter(|who| !who.is_empty()).collect();
    let mut line = effect.to_owned();
    if !who.is_empty() {
        line = format!("{line} {}", who.join(", "));
    }
    for (name, say) in
        [("Action", ""), ("NotAction", "all but "), ("Resource", "on "), ("NotResource", "on all but ")]
    {
        if let Some(list) = member(name) {
            line = format!("{line} {say}{}", join_texts(list));
        }
    }
    if let Some(condition) = member("Condition") {
        line = format!("{line} if {condition}");
    }
    match member("Sid").and_then(Value::as_str) {
        Some(sid) => format!("{line} [{sid}]"),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn equal_policies_have_one_form() {
        let a = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Sid": "",
            "Principal": {"AWS": ["b", "a"]}, "Action": "x:Y", "Resource": ["r"]}});
        let b = json!({"Statement": [{"Action": ["x:Y"], "Effect": "Allow", "Resource": "r",
            "Principal": {"AWS": ["a", "b"]}}], "Version": "2012-10-17"});
        assert_eq!(canonical_policy(&a), canonical_policy(&b));
        assert_eq!(diff_policies(Some(&a), Some(&b)), PolicyDifference::default());
    }

    #[test]
    fn who_gained_is_said() {
        let service = json!({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"});
        let other = json!({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::1:root"}, "Action": "sts:AssumeRole"});
        let (old, new) = (json!({"Statement": [service]}), json!({"Statement": [service, other]}));
        let there = diff_policies(Some(&old), Some(&new));
        assert_eq!(there.newly_allowed, ["AWS arn:aws:iam::1:root: sts:AssumeRole"]);
        assert_eq!(there.added, ["Allow AWS arn:aws:iam::1:root sts:AssumeRole"]);
        assert!(there.removed.is_empty() && there.no_longer_allowed.is_empty());
        let back = diff_policies(Some(&new), Some(&old));
        assert_eq!(back.no_longer_allowed, there.newly_allowed);
        let open =
            json!({"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Condition": {}}});
        assert_eq!(diff_policies(None, Some(&open)).newly_allowed, ["everyone (*): s3:* (with conditions)"]);
    }
}
