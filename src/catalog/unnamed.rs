//! Calls that may act on things that they do not name, and settings by which a service acts later without a
//! record of it.
//!
//! The table is `unnamed.toml`, which opens with its grammar. Whether a thing that somebody asks for is meant
//! is for whoever asks (`answer::unnamed`).

use super::path::RecordPath;
use super::row::RowCondition;
use super::{Action, api_name, row};
use crate::event::{Event, Json, scalar_text};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a call may do, or makes a service do later, to things that its record does not name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MayAct {
    /// What is done.
    pub action: Action,
    /// The type of the things.
    pub kind: &'static str,
    /// Whether the service does it later, by itself.
    pub later: bool,
    /// What holds the things; `None` where any may be meant.
    pub within: Option<String>,
    /// How their names begin, where the record tells.
    pub prefix: Option<String>,
    /// Whether it happens to what the call names.
    pub itself: bool,
    /// What the record tells of it.
    pub text: String,
    /// After how many days, where the record tells.
    pub days: Option<u64>,
    /// Why the things are not known.
    pub why: &'static str,
}

/// One entry of the table.
#[derive(Debug)]
struct UnnamedEntry {
    action: Action,
    kind: String,
    later: bool,
    within: Option<RecordPath>,
    itself: bool,
    conditions: Vec<RowCondition>,
    tells: Vec<RecordPath>,
    has_rules: bool,
    why: String,
}

/// By event source and API name.
type UnnamedTable = HashMap<String, HashMap<String, Vec<UnnamedEntry>>>;

static TABLE: LazyLock<UnnamedTable> =
    // A table that cannot be parsed is found by a test; here it counts as empty.
    LazyLock::new(|| parse_table(include_str!("unnamed.toml")).unwrap_or_default());

fn entries_for_call(source: &str, event_name: &str) -> &'static [UnnamedEntry] {
    let calls = TABLE.get(source);
    calls.and_then(|calls| calls.get(api_name(event_name))).map(Vec::as_slice).unwrap_or_default()
}

/// Returns whether a call may do one of `actions`, now or later, to things of one of `kinds` that it does not name.
pub fn may_act_unnamed(
    source: &str,
    event_name: &str,
    kinds: &[Cow<'static, str>],
    actions: &[Action],
) -> bool {
    let meant = |entry: &UnnamedEntry| {
        actions.contains(&entry.action) && kinds.iter().any(|kind| *kind == entry.kind)
    };
    entries_for_call(source, event_name).iter().any(meant)
}

/// Returns whether there are settings by which things of one of `kinds` are dealt with later without a record.
pub fn may_act_later(kinds: &[Cow<'static, str>], actions: &[Action]) -> bool {
    let all = TABLE.values().flat_map(HashMap::values).flatten();
    let meant = |entry: &&UnnamedEntry| {
        actions.contains(&entry.action) && kinds.iter().any(|kind| *kind == entry.kind)
    };
    all.filter(meant).any(|entry| entry.later)
}

/// Returns what a call that succeeded may do to things that its record does not name.
pub fn find_unnamed_actions(event: &Event<'_>) -> Vec<MayAct> {
    let entries = entries_for_call(event.source(), event.name()).iter();
    let applying = entries.filter(|entry| entry.conditions.iter().all(|it| it.holds(event)));
    applying.flat_map(|entry| entry.read(event)).collect()
}

impl UnnamedEntry {
    fn read(&'static self, event: &Event<'_>) -> Vec<MayAct> {
        let within = self.within.as_ref().map(|path| path.find(event));
        let one = |Expiration { prefix, text, days }: Expiration, within: Option<String>| MayAct {
            action: self.action,
            kind: &self.kind,
            later: self.later,
            within,
            prefix,
            itself: self.itself,
            text,
            days,
            why: &self.why,
        };
        let all = if self.has_rules {
            read_expirations(event)
        } else {
            vec![Expiration { text: self.describe(event), ..Expiration::default() }]
        };
        match within {
            None => all.into_iter().map(|it| one(it, None)).collect(),
            Some(places) => {
                let at = |place: &Cow<'_, str>| {
                    all.iter().map(|it| one(it.clone(), Some(place.clone().into_owned()))).collect::<Vec<_>>()
                };
                places.iter().flat_map(at).collect()
            }
        }
    }

    /// The values that the entry tells, by the names of their members.
    fn describe(&self, event: &Event<'_>) -> String {
        let one = |path: &RecordPath| {
            let values = path.find(event);
            (!values.is_empty()).then(|| format!("{} {}", path.last().unwrap_or_default(), values.join(" ")))
        };
        self.tells.iter().filter_map(one).collect::<Vec<_>>().join(", ")
    }
}

/// A rule by which things expire.
#[derive(Clone, Debug, Default)]
struct Expiration {
    prefix: Option<String>,
    text: String,
    /// The least of its days.
    days: Option<u64>,
}

/// The rules of a bucket's lifecycle by which objects expire.
fn read_expirations(event: &Event<'_>) -> Vec<Expiration> {
    let request = event.get("requestParameters");
    let rules = request
        .and_then(|it| member_ignoring_case(it, "LifecycleConfiguration"))
        .and_then(|it| member_ignoring_case(it, "Rule").or_else(|| member_ignoring_case(it, "Rules")));
    match rules {
        None => {
            vec![Expiration { text: "its rules are not in the record".to_owned(), ..Expiration::default() }]
        }
        Some(rules) => match rules.as_array() {
            Some(list) => list.iter().filter_map(read_expiration).collect(),
            None => read_expiration(rules).into_iter().collect(),
        },
    }
}

fn read_expiration(rule: Json<'_>) -> Option<Expiration> {
    let read = |value: Json<'_>, name: &str| {
        member_ignoring_case(value, name).and_then(scalar_text).map(Cow::into_owned)
    };
    if read(rule, "Status").is_some_and(|status| status.eq_ignore_ascii_case("Disabled")) {
        return None;
    }
    let filter = member_ignoring_case(rule, "Filter");
    let both = filter.and_then(|it| member_ignoring_case(it, "And"));
    let prefix = [Some(rule), filter, both].into_iter().flatten().find_map(|it| read(it, "Prefix"));
    let days = |count: String| if count == "1" { "1 day".to_owned() } else { format!("{count} days") };
    let current = member_ignoring_case(rule, "Expiration").and_then(|it| {
        let after = read(it, "Days").map(|count| format!("expire after {}", days(count)));
        after.or_else(|| read(it, "Date").map(|date| format!("expire on {date}")))
    });
    let old = member_ignoring_case(rule, "NoncurrentVersionExpiration")
        .and_then(|it| read(it, "NoncurrentDays"))
        .map(|count| format!("noncurrent versions expire after {}", days(count)));
    let ends: Vec<String> = [current, old].into_iter().flatten().collect();
    if ends.is_empty() {
        return None;
    }
    let of = prefix
        .as_deref()
        .filter(|it| !it.is_empty())
        .map_or("all objects".to_owned(), |it| format!("prefix {it}"));
    let of_member =
        |(member, days): (&str, &str)| member_ignoring_case(rule, member).and_then(|it| read(it, days));
    // A date may be over already.
    let is_dated = member_ignoring_case(rule, "Expiration").is_some_and(|it| read(it, "Date").is_some());
    let days = [("Expiration", "Days"), ("NoncurrentVersionExpiration", "NoncurrentDays")];
    let days = days.into_iter().filter_map(of_member).filter_map(|days| days.parse().ok()).min();
    Some(Expiration { prefix, text: format!("{of}, {}", ends.join(", ")), days: days.filter(|_| !is_dated) })
}

/// A member, whatever the case of its letters.
fn member_ignoring_case<'e>(value: Json<'e>, name: &str) -> Option<Json<'e>> {
    value.as_object()?.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

fn parse_table(text: &str) -> Result<UnnamedTable, String> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Raw {
        may: Option<String>,
        later: Option<String>,
        within: Option<String>,
        #[serde(default)]
        itself: bool,
        when: Option<String>,
        unless: Option<String>,
        #[serde(default)]
        tells: Vec<String>,
        rules: Option<String>,
        why: String,
    }
    let entry = |raw: Raw| {
        let (later, what) = match (raw.may, raw.later) {
            (Some(what), None) => (false, what),
            (None, Some(what)) => (true, what),
            _ => return Err(format!("`{}` needs either `may` or `later`", raw.why)),
        };
        let (deed, kind) = what.split_once(' ').ok_or_else(|| format!("`{what}` lacks a type"))?;
        let conditions = [(true, raw.when), (false, raw.unless)];
        let conditions = conditions.into_iter().filter_map(|(wanted, text)| text.map(|text| (wanted, text)));
        Ok(UnnamedEntry {
            action: row::parse_action(deed, &what)?,
            kind: kind.to_owned(),
            later,
            within: raw.within.map(|text| text.parse()).transpose()?,
            itself: raw.itself,
            conditions: conditions
                .map(|(wanted, text)| row::parse_condition(wanted, &text))
                .collect::<Result<_, _>>()?,
            tells: raw.tells.iter().map(|text| text.parse()).collect::<Result<_, _>>()?,
            has_rules: raw.rules.is_some(),
            why: raw.why,
        })
    };
    let raw: HashMap<String, HashMap<String, Vec<Raw>>> =
        toml::from_str(text).map_err(|error| error.to_string())?;
    let call = |(name, list): (String, Vec<Raw>)| {
        Ok((name, list.into_iter().map(entry).collect::<Result<Vec<_>, String>>()?))
    };
    let service = |(source, calls): (String, HashMap<String, Vec<Raw>>)| {
        Ok((source, calls.into_iter().map(call).collect::<Result<_, String>>()?))
    };
    raw.into_iter().map(service).collect()
}

#[cfg(test)]
mod tests {
    use super::super::services;
    use super::*;
    use crate::event::EventParser;
    use crate::resource::type_named;

    #[test]
    fn the_table_parses_and_its_calls_have_rows() {
        let table = parse_table(include_str!("unnamed.toml")).unwrap();
        for (source, calls) in table {
            for (call, entries) in calls {
                assert!(services::find_row(&source, &call).is_some(), "{source} {call}");
                for entry in entries {
                    assert!(
                        type_named(&entry.kind).is_some_and(|it| it.name == entry.kind),
                        "{}",
                        entry.kind
                    );
                    assert!(!(entry.itself && entry.within.is_some()), "{source} {call}");
                }
            }
        }
    }

    fn texts(request: &str) -> Vec<String> {
        let record = format!(
            r#"{{"eventSource":"s3.amazonaws.com","eventName":"PutBucketLifecycle","requestParameters":{request}}}"#
        );
        let read = |event: &Event<'_>| find_unnamed_actions(event).into_iter().map(|it| it.text).collect();
        EventParser::default().read(record.as_bytes(), read).unwrap()
    }

    #[test]
    fn rules_that_expire_are_told_each() {
        let rule = |inner: &str| {
            texts(&format!(r#"{{"bucketName":"b","LifecycleConfiguration":{{"Rule":{inner}}}}}"#))
        };
        assert_eq!(
            rule(r#"{"Status":"Enabled","Prefix":"x/","Expiration":{"Days":1}}"#),
            ["prefix x/, expire after 1 day"]
        );
        assert_eq!(
            rule(
                r#"[{"Status":"Enabled","Filter":{"And":{"Prefix":"y/"}},"NoncurrentVersionExpiration":{"NoncurrentDays":3}},
                    {"Status":"Disabled","Filter":{},"Expiration":{"Days":1}},
                    {"Status":"Enabled","Filter":{"Prefix":""},"Expiration":{"Date":"2024-01-01"}},
                    {"Status":"Enabled","Filter":{},"Transition":{"Days":1}}]"#
            ),
            ["prefix y/, noncurrent versions expire after 3 days", "all objects, expire on 2024-01-01"]
        );
        assert_eq!(texts(r#"{"bucketName":"b"}"#), ["its rules are not in the record"]);
    }
}
