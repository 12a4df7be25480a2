//! Every row of the table, and every call that it can undo, has a case.

use super::super::table::{RevertRule, RevertTable, TABLE, is_kind};
use super::cases::cases;
use super::*;
use crate::catalog::effect::{Effect, Verb, parse};
use crate::timeline::SettingPath;
use std::collections::{BTreeMap, BTreeSet};

/// A call, and the type that it can be undone in: service, name, type.
type Row = (String, String, String);

fn table() -> &'static RevertTable {
    TABLE.as_ref().unwrap()
}

#[test]
fn the_table_parses_and_its_types_are_known() {
    let table = table();
    let rules = table.rule.iter().map(|rule| &rule.kind).filter(|kind| !kind.ends_with('*'));
    let maps = [&table.create, &table.again, &table.lost, &table.delete, &table.instead, &table.cancel];
    let kinds = rules.chain(maps.iter().flat_map(|map| map.keys()));
    for kind in kinds.map(|kind| kind.trim_end_matches("+ServiceLinked")) {
        assert!(crate::resource::type_named(kind).is_some_and(|it| it.name == kind), "{kind}");
    }
    assert!(table.create.keys().all(|kind| !table.lost.contains_key(kind)));
}

/// The tables of all services, as text: source, and the calls with what they do and leave behind.
fn services() -> Vec<(String, toml::Table, toml::Table)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/catalog/services");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|it| it == "toml"));
    files.sort();
    let read = |file: &std::path::PathBuf| {
        let all: toml::Table = std::fs::read_to_string(file).unwrap().parse().unwrap();
        let source = all["source"].as_str().unwrap_or_else(|| all["source"][0].as_str().unwrap()).to_owned();
        let part = |name: &str| all.get(name).and_then(|it| it.as_table().cloned()).unwrap_or_default();
        (source.trim_end_matches(".amazonaws.com").to_owned(), part("calls"), part("effects"))
    };
    files.iter().map(read).collect()
}

fn texts(list: &toml::Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(|it| it.as_str())
}

/// The setting that an effect changes; the root for all of them.
fn field(verb: &Verb) -> Option<SettingPath> {
    match verb {
        Verb::Set { field, .. }
        | Verb::Unset { field }
        | Verb::Merge { field, .. }
        | Verb::Ask { field, .. }
        | Verb::Add { field, .. }
        | Verb::Remove { field, .. }
        | Verb::Replace { field, .. }
        | Verb::Put { field, .. }
        | Verb::Del { field, .. }
        | Verb::Drop { field, .. } => Some(SettingPath::field(field)),
        Verb::Swap { .. } => Some(SettingPath::field("ingress")),
        Verb::Renew { .. } => Some(SettingPath::root()),
        Verb::Tag { .. } | Verb::Untag { .. } | Verb::Retag { .. } => Some(SettingPath::field("tags")),
        _ => None,
    }
}

fn has_command(rule: &RevertRule) -> bool {
    [&rule.set, &rule.replace, &rule.unset].iter().any(|it| it.is_some()) || !rule.values.is_empty()
}

/// Whether a rule has a command for some setting that an effect may change.
fn undoes(rule: &RevertRule, effect: &Effect) -> bool {
    let Some(field) = field(&effect.verb) else { return false };
    let is_tag = field == SettingPath::field("tags");
    let meets = |name: &String| {
        let base = SettingPath::field(name.trim_end_matches("[]"));
        match (base == SettingPath::field("tags"), is_tag) {
            (false, false) => base.starts_with(&field) || field.starts_with(&base),
            (of_tags, is_tag) => of_tags && is_tag,
        }
    };
    has_command(rule) && rule.fields.iter().any(meets)
}

/// Every call that the table can undo, in every type that it can be undone in.
fn invertible() -> BTreeSet<Row> {
    let mut rows = BTreeSet::new();
    for (source, calls, effects) in services() {
        for (call, entries) in &calls {
            let mut words: Vec<Vec<&str>> =
                texts(entries).map(|it| it.split_whitespace().collect()).collect();
            words.retain(|words| words[0] != "related" && words[0] != "read");
            let effects: Vec<Effect> = effects
                .get(call)
                .map(|it| texts(it).map(|it| parse(it).unwrap()).collect())
                .unwrap_or_default();
            let first = words.first().map(|words| words[1].trim_end_matches('?'));
            let named =
                effects.iter().filter_map(|effect| effect.kind.as_deref()).map(|kind| ("changed", kind));
            let own = words.iter().map(|words| (words[0], words[1].trim_end_matches('?')));
            let is_made = |kind: &str| words.iter().any(|it| it[0] == "created" && it[1] == kind);
            let named = named.filter(|(_, kind)| !is_made(kind));
            for (deed, kind) in own.chain(named).collect::<BTreeSet<_>>() {
                let of_kind = |effect: &&Effect| match (effect.kind.as_deref(), kind) {
                    (Some(it), kind) => it == kind,
                    (None, "*") => true,
                    (None, kind) => first == Some(kind),
                };
                let rule_for = |effect: &Effect| {
                    let rules = table().rule.iter().filter(|rule| kind == "*" || is_kind(&rule.kind, kind));
                    rules
                        .filter(|rule| rule.kind != "AWS::EC2::*" || source == "ec2")
                        .any(|rule| undoes(rule, effect))
                };
                let is_due = || effects.iter().any(|effect| matches!(effect.verb, Verb::Due { .. }));
                let can = match deed {
                    "created" => table().delete.contains_key(kind),
                    "deleted" => {
                        table().create.contains_key(kind) || (is_due() && table().cancel.contains_key(kind))
                    }
                    _ => effects.iter().filter(of_kind).any(rule_for),
                };
                if can && !never(&source, call, kind) {
                    rows.insert((source.clone(), call.clone(), kind.to_owned()));
                }
            }
        }
    }
    rows
}

/// Calls that change a setting of a rule in the one direction that no command takes back.
fn never(source: &str, call: &str, kind: &str) -> bool {
    NEVER.iter().any(|it| (it.0, it.1) == (source, call) && (it.2 == kind || it.2 == "*"))
}

/// Those calls, with the reason.
const NEVER: &[(&str, &str, &str, &str)] = &[
    (
        "codebuild",
        "UpdateProject",
        "*",
        "it leaves the visibility, which is all that has a command, as it is",
    ),
    ("config", "DeleteRemediationConfiguration", "*", BESIDE),
    ("config", "DeleteRemediationExceptions", "*", BESIDE),
    ("config", "DeleteServiceLinkedConfigurationRecorder", "*", "its service makes it"),
    ("config", "PutRemediationConfigurations", "*", BESIDE),
    ("config", "PutRemediationExceptions", "*", BESIDE),
    ("cognito-identity", "GetCredentialsForIdentity", "*", TEMPORARY),
    ("iam", "ChangePassword", "*", "the password is not in the logs"),
    ("iam", "DeactivateMFADevice", "*", "two codes of the device are needed"),
    ("iam", "DeleteAccessKey", "*", "a key is made once"),
    ("iam", "DeleteLoginProfile", "*", "the password is not in the logs"),
    ("iam", "UpdateLoginProfile", "*", "the password is not in the logs"),
    ("iam", "DeletePolicyVersion", "*", "a version that is made again has another number"),
    ("lambda", "UpdateFunctionCode", "*", "the code is not in the logs"),
    ("signin", "GetSigninToken", "*", TEMPORARY),
    ("ssm", "UpdateDocument", "*", "the version before is there still, and is chosen by its number"),
    ("sts", "AssumeRole", "*", TEMPORARY),
    ("sts", "AssumeRoleWithSAML", "*", TEMPORARY),
    ("sts", "AssumeRoleWithWebIdentity", "*", TEMPORARY),
    ("sts", "AssumeRoot", "*", TEMPORARY),
    ("sts", "GetFederationToken", "*", TEMPORARY),
    ("sts", "GetSessionToken", "*", TEMPORARY),
];

const BESIDE: &str = "it is set beside the rule, and the command that sets the rule leaves it as it is";

const TEMPORARY: &str = "a temporary key cannot be switched off";

fn of_cases() -> BTreeSet<Row> {
    let mut rows = BTreeSet::new();
    for case in cases() {
        let (source, name, ..) = case.calls.last().unwrap();
        for kind in [&case.kind, "*"] {
            rows.insert((source.clone(), crate::catalog::api_name(name).to_owned(), kind.to_owned()));
        }
    }
    rows
}

#[test]
fn every_call_that_can_be_undone_has_a_case() {
    let (wanted, had) = (invertible(), of_cases());
    let missing: Vec<&Row> = wanted.difference(&had).collect();
    println!("{} calls can be undone, {} have no case", wanted.len(), missing.len());
    let lines: Vec<String> =
        missing.iter().map(|(source, call, kind)| format!("{source} {call} {kind}")).collect();
    assert!(missing.is_empty(), "no case for\n{}", lines.join("\n"));
}

/// Whether a template made a command: what stands between its values stands there too.
fn made(template: &str, command: &str) -> bool {
    let mut rest = command;
    let (mut depth, mut literal) = (0, String::new());
    let mut literals = Vec::new();
    for c in template.chars() {
        match c {
            '{' | '[' => {
                depth += 1;
                literals.push(std::mem::take(&mut literal));
            }
            '}' | ']' => depth -= 1,
            c if depth == 0 => literal.push(c),
            _ => {}
        }
    }
    literals.push(literal);
    for literal in literals {
        // Before a value with a dash in front, the space is `=`.
        let Some(at) = rest.find(literal.trim()) else { return false };
        rest = &rest[at + literal.trim().len()..];
    }
    true
}

#[test]
fn every_template_is_used_by_a_case() {
    let mut by_kind: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for case in cases() {
        let steps = case.ways().concat();
        by_kind.entry(case.kind.clone()).or_default().extend(commands(&steps).into_iter().map(str::to_owned));
    }
    let is_used = |kind: &str, template: &str| {
        let kind = kind.trim_end_matches("+ServiceLinked");
        by_kind
            .iter()
            .filter(|(it, _)| is_kind(kind, it))
            .any(|(_, lines)| lines.iter().any(|line| made(template, line)))
    };
    let mut all: Vec<(&str, &str)> = Vec::new();
    for map in [&table().create, &table().delete, &table().cancel] {
        all.extend(map.iter().map(|(kind, template)| (kind.as_str(), template.as_str())));
    }
    for rule in &table().rule {
        let own = [&rule.set, &rule.replace, &rule.unset, &rule.detach]
            .into_iter()
            .flatten()
            .chain(rule.values.values());
        all.extend(own.filter(|it| *it != "unset").map(|template| (rule.kind.as_str(), template.as_str())));
    }
    let unused: Vec<String> = all
        .iter()
        .filter(|(kind, it)| !is_used(kind, it))
        .map(|(kind, it)| format!("{kind}: {it}"))
        .collect();
    println!("{} templates, {} without a case", all.len(), unused.len());
    assert!(unused.is_empty(), "no case prints\n{}", unused.join("\n"));
}

/// The calls that an incident leaves behind most: each is undone, or refused with the reason.
#[test]
fn what_has_an_inverse_is_undone() {
    let wanted: Vec<&str> =
        include_str!("inverse.txt").lines().filter(|line| !line.starts_with('#')).collect();
    let had = invertible();
    let is_undone = |line: &&&str| {
        let (source, call) = line.split_once(' ').unwrap();
        had.iter().any(|row| (row.0.as_str(), row.1.as_str()) == (source, call))
    };
    let undone = wanted.iter().filter(is_undone).count();
    let refused: Vec<&&str> = wanted.iter().filter(|line| !is_undone(line)).collect();
    println!("{undone} of {} are undone; refused: {refused:?}", wanted.len());
    assert_eq!((undone, wanted.len()), (62, 62), "{refused:?}");
}
