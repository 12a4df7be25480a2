//! The commands that undo what was done: printed, never run.
//!
//! What is wanted is a state, so that one table (`revert.toml`) of the commands
//! that set each setting serves every call. Where the value to go back to is
//! unknown, or a deletion cannot be undone, there is no command but the reason
//! why. Every value is quoted for a shell: names and policies are an attacker's.

use super::fold::{Timeline, difference};
use super::functions::TARGETS;
use super::normal::is_policy;
use super::path::Path;
use super::place::text;
use super::state::{Change, Existence, State, Val};
use crate::resource::Resource;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

/// One step of going back.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Undo {
    /// The setting; `exists` for the resource itself.
    pub path: String,
    /// The command; `None` where there is none.
    pub command: Option<String>,
    /// Why there is none, or what it does not bring back.
    pub note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    create: HashMap<String, String>,
    delete: HashMap<String, String>,
    cancel: HashMap<String, String>,
    rule: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    kind: String,
    fields: Vec<String>,
    #[serde(default)]
    whole: bool,
    set: Option<String>,
    replace: Option<String>,
    unset: Option<String>,
    #[serde(default)]
    values: BTreeMap<String, String>,
    /// Whether a member that is gone can be set again.
    #[serde(default = "yes")]
    create: bool,
}

fn yes() -> bool {
    true
}

static TABLE: LazyLock<Option<Table>> = LazyLock::new(|| toml::from_str(include_str!("revert.toml")).ok());

/// Settings that the service keeps itself, and no command sets.
const KEPT_BY_SERVICE: [&str; 26] = [
    "arn",
    "aRN",
    "roleId",
    "userId",
    "groupId",
    "policyId",
    "createDate",
    "updateDate",
    "lastModified",
    "codeSha256",
    "codeSize",
    "keyState",
    "deletionDate",
    "deletedDate",
    "version",
    "latestVersionNumber",
    "lastModifiedTime",
    "attachedRoles",
    "attachedUsers",
    "attachedGroups",
    "instanceId",
    "roleName",
    "userName",
    "groupName",
    "trailARN",
    "runtimeVersionConfig",
];

/// Returns what takes a resource from one state to another, in the order in which it has to be done.
pub fn undo(resource: &Resource, now: &State, then: &State) -> Vec<Undo> {
    if now.exists == Existence::Gone && then.exists == Existence::Gone {
        return Vec::new();
    }
    let wanted = difference(now, then);
    let only = wanted.iter().map(|change| change.path.clone()).collect();
    Undoing { resource, now, then }.all(&wanted, &only)
}

/// Returns what takes back the changes of one event, whatever was done to other settings since.
pub fn undo_event(timeline: &Timeline, event_id: &str) -> Vec<Undo> {
    let Timeline { resource, entries, state, .. } = timeline;
    let is_it = |id: &Option<String>| id.as_deref() == Some(event_id);
    let Some(at) = entries.iter().position(|entry| is_it(&entry.step.origin.event_id)) else {
        return Vec::new();
    };
    let steps: Vec<_> = entries.iter().map(|entry| entry.step.clone()).collect();
    let before = super::fold(resource.clone(), steps[..at].to_vec(), None).state;
    let mut then = state.clone();
    then.exists =
        if entries[at].changes.is_empty() || entries[at].step.action != crate::catalog::Action::Changed {
            before.exists
        } else {
            state.exists
        };
    if before.due.is_none() && entries[at].step.ops.iter().any(|op| matches!(op, super::Op::Due(_))) {
        then.due = None;
    }
    let mut later = Vec::new();
    let mut wanted = Vec::new();
    for change in &entries[at].changes {
        let current = state.cell(&change.path).val;
        if !current.same(&change.after) && state.exists != Existence::Gone {
            later.push(Undo {
                path: change.path.to_string(),
                command: None,
                note: Some("was changed again after this event".to_owned()),
            });
            continue;
        }
        wanted.push(Change { path: change.path.clone(), before: current, after: change.before.clone() });
        then.cells.insert(change.path.clone(), super::Cell { val: change.before.clone(), by: None });
    }
    let only = wanted.iter().map(|change| change.path.clone()).collect();
    let mut all = Undoing { resource, now: state, then: &then }.all(&wanted, &only);
    all.extend(later);
    all
}

struct Undoing<'a> {
    resource: &'a Resource,
    now: &'a State,
    then: &'a State,
}

impl Undoing<'_> {
    fn all(&self, wanted: &[Change], only: &BTreeSet<Path>) -> Vec<Undo> {
        let Some(table) = TABLE.as_ref() else { return Vec::new() };
        let kind = self.resource.kind.as_ref();
        let refuse =
            |note: &str| vec![Undo { path: "exists".to_owned(), command: None, note: Some(note.to_owned()) }];
        let mut steps = Vec::new();
        match (self.now.exists, self.then.exists) {
            (Existence::Gone, Existence::Exists) => match table.create.get(kind) {
                Some(template) => {
                    steps.push(self.existence(template, self.then));
                    // A new resource has none of the old one's settings.
                    let empty = State::new_like(self.then);
                    let again = difference(&empty, self.then);
                    let made = |it: &Change| !template.contains(&format!("{{state.{}}}", it.path));
                    let again: Vec<Change> = again.into_iter().filter(made).collect();
                    let paths = again.iter().map(|it| it.path.clone()).collect();
                    steps.extend(Undoing { now: &empty, ..*self }.settings(table, &again, &paths));
                    return steps;
                }
                None => return refuse("it was deleted, and no command brings it back as it was"),
            },
            (Existence::Exists, Existence::Gone) => match table.delete.get(kind) {
                Some(template) => {
                    let gone = State::new_like(self.now);
                    let parts: Vec<Change> = difference(self.now, &gone);
                    let paths = parts.iter().map(|it| it.path.clone()).collect();
                    let emptied = Undoing { then: &gone, ..*self }.settings(table, &parts, &paths);
                    // Only what has to be taken off first: other settings go with it.
                    steps.extend(emptied.into_iter().filter(|it| {
                        it.command.is_some() && it.path.contains('[') || it.path == "loginProfile"
                    }));
                    steps.retain(|it| {
                        !it.path.starts_with("ingress")
                            && !it.path.starts_with("egress")
                            && !it.path.starts_with("tags")
                    });
                    steps.push(self.existence(template, self.now));
                    return steps;
                }
                None => {
                    return refuse(
                        "it did not exist: deleting it may lose data, and is for a person to decide",
                    );
                }
            },
            (Existence::Gone, Existence::Gone) => return refuse("it does not exist any more"),
            (Existence::Gone, _) => {
                return refuse("it was deleted, and whether it existed then is not known");
            }
            (_, Existence::Unknown) if self.then.cells.len() <= 1 => {
                return refuse("nothing is known of it at that time");
            }
            _ => {}
        }
        if self.now.due.is_some() && self.then.due.is_none() {
            match table.cancel.get(kind) {
                Some(template) => {
                    steps.push(Undo { path: "deletion".to_owned(), ..self.existence(template, self.now) })
                }
                None => steps
                    .extend(refuse("its deletion is scheduled, and no command is known that calls it off")),
            }
        }
        steps.extend(self.settings(table, wanted, only));
        steps
    }

    fn existence(&self, template: &str, state: &State) -> Undo {
        let path = "exists".to_owned();
        match self.fill(template, "", &Val::Absent, &Val::Known(Value::Object(state.configuration())), state)
        {
            Ok(command) => Undo { path, command: Some(command), note: None },
            Err(note) => Undo { path, command: None, note: Some(note) },
        }
    }

    /// The commands for settings, in the order of the table, then what no rule is for.
    fn settings(&self, table: &Table, wanted: &[Change], only: &BTreeSet<Path>) -> Vec<Undo> {
        let mut done: BTreeSet<&Path> = BTreeSet::new();
        let mut steps = Vec::new();
        let rules = table.rule.iter().filter(|rule| rule.kind == self.resource.kind);
        for (rule, field) in rules.flat_map(|rule| rule.fields.iter().map(move |field| (rule, field))) {
            let base = Path::field(field.trim_end_matches("[]"));
            let is_member = field.ends_with("[]");
            let mut of_rule: Vec<&Change> = wanted
                .iter()
                .filter(|change| change.path.starts_with(&base))
                .filter(|change| rule.whole || (change.path.below(&base).count() == usize::from(is_member)))
                .collect();
            // What closes is done before what opens.
            of_rule.sort_by_key(|change| change.after != Val::Absent);
            if rule.whole {
                if let Some(first) = of_rule.first() {
                    steps.push(self.whole(rule, &base, first));
                }
            } else {
                steps.extend(of_rule.iter().map(|change| self.one(rule, change)));
            }
            done.extend(of_rule.iter().map(|change| &change.path));
        }
        steps.extend(self.tags(wanted, &mut done));
        let is_kept = |path: &Path| path.parts().next().is_none_or(|first| KEPT_BY_SERVICE.contains(&first));
        let rest = wanted.iter().filter(|change| {
            only.contains(&change.path) && !done.contains(&change.path) && !is_kept(&change.path)
        });
        steps.extend(rest.map(|change| Undo {
            path: change.path.to_string(),
            command: None,
            note: Some(match &change.after {
                Val::Unknown(why) => format!("the value before is unknown: {}", why.words()),
                _ => "no command is known that sets it".to_owned(),
            }),
        }));
        steps
    }

    /// Sets a field of several parts.
    fn whole(&self, rule: &Rule, base: &Path, first: &Change) -> Undo {
        let val = self.then.get(base);
        let after = match (&val, self.then.is_closed(base)) {
            (Val::Known(_), false) => match &first.after {
                Val::Unknown(why) => Val::Unknown(*why),
                _ => val,
            },
            _ => val,
        };
        self.one(rule, &Change { path: base.clone(), before: self.now.get(base), after })
    }

    fn one(&self, rule: &Rule, change: &Change) -> Undo {
        let path = change.path.to_string();
        let refuse = |note: String| Undo { path: path.clone(), command: None, note: Some(note) };
        if let Val::Unknown(why) = change.after {
            return refuse(format!("the value before is unknown: {}", why.words()));
        }
        if !change.after.is_whole() {
            return refuse("the value before is redacted in part".to_owned());
        }
        let by_value = change.after.known().and_then(text).and_then(|value| rule.values.get(&value));
        let template = match (&change.before, &change.after) {
            _ if by_value.is_some() => by_value,
            (Val::Absent, Val::Known(_)) if !rule.create => None,
            (Val::Known(_), Val::Known(_)) if rule.replace.is_some() => rule.replace.as_ref(),
            (_, Val::Known(_)) => rule.set.as_ref(),
            (_, Val::Absent) => rule.unset.as_ref(),
            _ => None,
        };
        let Some(template) = template else {
            return refuse("no command brings that back".to_owned());
        };
        let key = change.path.parts().next_back().unwrap_or_default();
        match self.fill(template, key, &change.after, &change.before, self.then) {
            Ok(command) => Undo { path, command: Some(command), note: None },
            Err(note) => refuse(note),
        }
    }

    /// Tags are set alike in many services.
    fn tags<'w>(&self, wanted: &'w [Change], done: &mut BTreeSet<&'w Path>) -> Vec<Undo> {
        let base = Path::field("tags");
        let id = quoted(&self.resource.id);
        let (set, unset) = match self.resource.kind.as_ref() {
            "AWS::IAM::Role" => ("aws iam tag-role --role-name", "aws iam untag-role --role-name"),
            "AWS::IAM::User" => ("aws iam tag-user --user-name", "aws iam untag-user --user-name"),
            "AWS::KMS::Key" => ("aws kms tag-resource --key-id", "aws kms untag-resource --key-id"),
            "AWS::SecretsManager::Secret" => (
                "aws secretsmanager tag-resource --secret-id",
                "aws secretsmanager untag-resource --secret-id",
            ),
            kind if kind.starts_with("AWS::EC2::") => {
                ("aws ec2 create-tags --resources", "aws ec2 delete-tags --resources")
            }
            _ => return Vec::new(),
        };
        let ec2 = set.starts_with("aws ec2");
        let kms = set.starts_with("aws kms");
        let mut steps = Vec::new();
        for change in
            wanted.iter().filter(|it| it.path.starts_with(&base) && it.path.below(&base).count() == 1)
        {
            let key = change.path.parts().next_back().unwrap_or_default();
            let command = match &change.after {
                Val::Known(value) => {
                    let names = if kms { ("TagKey", "TagValue") } else { ("Key", "Value") };
                    let tag = json!([{ names.0: key, names.1: text(value).unwrap_or_default() }]);
                    Some(format!("{set} {id} --tags {}", quoted(&tag.to_string())))
                }
                Val::Absent if ec2 => {
                    Some(format!("{unset} {id} --tags {}", quoted(&json!([{ "Key": key }]).to_string())))
                }
                Val::Absent => Some(format!("{unset} {id} --tag-keys {}", quoted(key))),
                Val::Unknown(_) => None,
            };
            if command.is_some() {
                done.insert(&change.path);
                steps.push(Undo { path: change.path.to_string(), command, note: None });
            }
        }
        steps
    }

    /// Puts values into a template, each quoted for a shell.
    fn fill(
        &self,
        template: &str,
        key: &str,
        value: &Val,
        was: &Val,
        state: &State,
    ) -> Result<String, String> {
        let mut command = String::new();
        let mut rest = template;
        while let Some((front, after)) = rest.split_once('{') {
            command.push_str(front);
            let (name, after) = after.split_once('}').ok_or("a template is not closed")?;
            command.push_str(&self.put(name, key, value, was, state)?);
            rest = after;
        }
        command.push_str(rest);
        Ok(command)
    }

    fn put(&self, name: &str, key: &str, value: &Val, was: &Val, state: &State) -> Result<String, String> {
        let missing = || format!("what it needs is not known: {name}");
        if let Some(field) = name.strip_prefix("state.") {
            let path = Path::field(field);
            let found = state.get(&path).known().cloned().ok_or_else(missing)?;
            if !state.cell(&path).val.is_whole() && found.is_string() {
                return Err(missing());
            }
            return Ok(words(&found));
        }
        let (of, name) = match name.strip_prefix("was.") {
            Some(name) => (was, name),
            None => (value, name.strip_prefix("value.").unwrap_or(name)),
        };
        let known = || of.known().ok_or_else(missing);
        let member = |name: &str| known()?.get(name).and_then(text).ok_or_else(missing);
        Ok(match name {
            "" => quoted("{}"),
            "id" => quoted(&self.resource.id),
            "key" => quoted(key),
            "account" => quoted(self.resource.account.as_deref().ok_or_else(missing)?),
            "arn" => quoted(self.resource.arn.as_deref().unwrap_or(&self.resource.id)),
            "value" => quoted(
                &text(known()?).unwrap_or_else(|| known().map(ToString::to_string).unwrap_or_default()),
            ),
            "json" => quoted(&known()?.to_string()),
            "upper" => quoted(&upper(known()?).to_string()),
            "permissions" => quoted(&permissions(known()?)?.to_string()),
            "target" => target(known()?)?,
            "destination" => destination(known()?)?,
            "direction" => {
                if member("egress").is_ok_and(|it| it == "true") { "--egress" } else { "--ingress" }
                    .to_owned()
            }
            "who" if key == "all" => "--group-names all".to_owned(),
            "who" => format!("--user-ids {}", quoted(key)),
            "option" => option(key, known()?),
            "attribute" => {
                let value =
                    text(known()?).unwrap_or_else(|| known().map(ToString::to_string).unwrap_or_default());
                quoted(&json!({ key: value }).to_string())
            }
            name => match name.strip_prefix("upper.") {
                Some(name) => quoted(&json!({ name: upper(known()?) }).to_string()),
                None => quoted(&member(name)?),
            },
        })
    }
}

impl State {
    /// A state in which it is there with nothing set, as a new one would be.
    fn new_like(other: &Self) -> Self {
        let mut state = Self { exists: Existence::Exists, ..Self::default() };
        state.cells.insert(Path::root(), super::Cell { val: Val::Absent, by: None });
        state.shapes.clone_from(&other.shapes);
        state
    }
}

/// Quotes a text for a POSIX shell; what no shell reads otherwise stays as it is.
pub fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@%+,".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) && !text.starts_with('-') {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// A list as words, each quoted.
fn words(value: &Value) -> String {
    match value {
        Value::Array(list) => list.iter().map(words).collect::<Vec<_>>().join(" "),
        value if is_policy(value) || value.is_object() => quoted(&value.to_string()),
        value => quoted(&text(value).unwrap_or_default()),
    }
}

/// A security group's rule as the API takes it.
fn permissions(rule: &Value) -> Result<Value, String> {
    let object = rule.as_object().ok_or("the rule is not known")?;
    let get = |name: &str| object.get(name).cloned();
    let mut permission = Map::new();
    for (name, to) in [("ipProtocol", "IpProtocol"), ("fromPort", "FromPort"), ("toPort", "ToPort")] {
        permission.extend(get(name).map(|value| (to.to_owned(), value)));
    }
    for (name, list, to) in [
        ("cidrIpv4", "IpRanges", "CidrIp"),
        ("cidrIpv6", "Ipv6Ranges", "CidrIpv6"),
        ("prefixListId", "PrefixListIds", "PrefixListId"),
        ("referencedGroupId", "UserIdGroupPairs", "GroupId"),
    ] {
        let Some(peer) = get(name) else { continue };
        let mut range = Map::from_iter([(to.to_owned(), peer)]);
        range.extend(get("description").map(|value| ("Description".to_owned(), value)));
        permission.insert(list.to_owned(), json!([range]));
    }
    Ok(json!([permission]))
}

fn destination(route: &Value) -> Result<String, String> {
    let flag = ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"];
    let found = flag.iter().find_map(|name| Some((name, text(route.get(*name)?)?)));
    let (name, value) = found.ok_or("the destination is not known")?;
    Ok(format!("--{} {}", kebab(name), quoted(&value)))
}

fn target(route: &Value) -> Result<String, String> {
    let found = TARGETS.iter().find_map(|name| Some((name, text(route.get(*name)?)?)));
    let (name, value) = found.ok_or("the target before is not known")?;
    Ok(format!("--{} {}", kebab(name), quoted(&value)))
}

/// A setting as an option of the command line: `--no-publicly-accessible`, `--timeout 3`.
fn option(name: &str, value: &Value) -> String {
    let flag = kebab(name);
    match value {
        Value::Bool(true) => format!("--{flag}"),
        Value::Bool(false) => format!("--no-{flag}"),
        value => format!("--{flag} {}", words(value)),
    }
}

/// `dBInstanceClass` is `--db-instance-class`, `multiAZ` is `--multi-az`.
fn kebab(name: &str) -> String {
    let mut out = String::new();
    let chars: Vec<char> =
        name.replacen("dBI", "dbI", 1).replace("s3", "s3-").replace("AZ", "Az").chars().collect();
    for (at, c) in chars.iter().enumerate() {
        if c.is_ascii_uppercase() && at > 0 && chars[at - 1] != '-' {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// The members of a configuration as the API spells them; what XML has as one is a list there.
fn upper(value: &Value) -> Value {
    const LISTS: [(&str, &str); 4] = [
        ("Rule", "Rules"),
        ("Transition", "Transitions"),
        ("NoncurrentVersionTransition", "NoncurrentVersionTransitions"),
        ("Tag", "Tags"),
    ];
    match value {
        Value::Object(object) => {
            let member = |(name, value): (&String, &Value)| {
                let name = match name.as_str() {
                    "iD" => "ID".to_owned(),
                    name => {
                        let mut chars = name.chars();
                        chars
                            .next()
                            .map(|first| first.to_uppercase().chain(chars).collect())
                            .unwrap_or_default()
                    }
                };
                match LISTS.iter().find(|(one, _)| *one == name) {
                    Some((_, many)) => (
                        (*many).to_owned(),
                        Value::Array(super::place::elements(value).iter().map(upper).collect()),
                    ),
                    None => (name, upper(value)),
                }
            };
            Value::Object(object.iter().map(member).collect())
        }
        Value::Array(list) => Value::Array(list.iter().map(upper).collect()),
        value => value.clone(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::print_stdout, reason = "the count that the test prints")]
mod tests;
