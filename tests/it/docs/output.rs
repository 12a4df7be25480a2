//! `docs/output.md`, the part between its marks: every member of every answer, as the schemas have it, in the order
//! in which the program lists its commands.

use super::schema;
use clap::CommandFactory;
use serde_json::{Map, Value};
use std::fmt::Write;
use trailscan::cli::Cli;

/// What every answer has, and is told once.
const OF_ALL: [&str; 4] = ["schema", "command", "coverage", "troubles"];

/// Writes the tables of all commands.
pub(super) fn markdown() -> String {
    let (common, mut all) = (schema::common(), schema::commands());
    let program = Cli::command();
    let place = |name: &String| program.get_subcommands().position(|it| it.get_name() == name);
    all.sort_by_key(place);
    let schemas: Vec<(String, Value)> =
        all.into_iter().map(|name| (name.clone(), schema::read(&name))).collect();
    let usual = schemas.iter().find(|(name, _)| name == "events").unwrap().1["properties"].clone();
    let mut text = String::from("\n## Every answer\n\n");
    let mut members: Map<String, Value> =
        OF_ALL.iter().map(|name| ((*name).to_owned(), usual[name].clone())).collect();
    members["command"]["const"] = "…".into();
    table(&mut text, &members, &OF_ALL.map(Value::from), "");
    let mut told: Vec<&str> = Vec::new();
    for (name, it) in &schemas {
        if told.contains(&name.as_str()) {
            continue;
        }
        // Commands whose answers are alike are told of together.
        let alike: Vec<&(String, Value)> = schemas.iter().filter(|(_, other)| is_alike(it, other)).collect();
        told.extend(alike.iter().map(|(name, _)| name.as_str()));
        let names: Vec<String> = alike.iter().map(|(name, _)| format!("`{name}`")).collect();
        write!(text, "\n## The answer of {}\n\n", names.join(", ")).unwrap();
        for (name, it) in &alike {
            let what = it["description"].as_str().unwrap();
            writeln!(text, "* [`{name}`](schema/{name}.json): {what}").unwrap();
        }
        text.push('\n');
        let is_own = |(name, rule): &(&String, &Value)| {
            !OF_ALL.contains(&name.as_str()) || name.as_str() == "coverage" && **rule != usual["coverage"]
        };
        let members = it["properties"].as_object().unwrap().iter().filter(is_own);
        let members = members.map(|(name, rule)| (name.clone(), rule.clone())).collect();
        table(&mut text, &members, it["required"].as_array().unwrap(), name);
        for (part, rule) in schema::own(it) {
            write!(text, "\n### `{part}` of `{name}`\n\n").unwrap();
            definition(&mut text, &rule, name);
        }
    }
    text.push_str("\n## Parts that answers share\n");
    for (part, rule) in &common {
        write!(text, "\n### `{part}`\n\n").unwrap();
        definition(&mut text, rule, "");
    }
    text.push('\n');
    text
}

fn is_alike(one: &Value, other: &Value) -> bool {
    let form = |it: &Value| {
        let mut members = it["properties"].clone();
        members["command"] = Value::Null;
        (members, schema::own(it))
    };
    form(one) == form(other)
}

fn definition(text: &mut String, rule: &Value, command: &str) {
    writeln!(text, "{}", rule["description"].as_str().unwrap()).unwrap();
    let no_members = Map::new();
    let members = rule["properties"].as_object().unwrap_or(&no_members);
    if let Some(base) = rule.get("$ref").and_then(Value::as_str) {
        let more = if members.is_empty() { "" } else { ", and more" };
        write!(text, "\nIt has the members of {}{more}.\n", link(base, command)).unwrap();
    }
    if !members.is_empty() {
        text.push('\n');
        let required = rule.get("required").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        table(text, members, required, command);
    } else if rule.get("$ref").is_none() {
        write!(text, "\nType: {}.\n", kind(rule, command)).unwrap();
    }
    if let Some(rest) = rule.get("additionalProperties").filter(|it| it.is_object()) {
        write!(text, "\nEvery other member: {}.\n", kind(rest, command)).unwrap();
    }
}

fn table(text: &mut String, members: &Map<String, Value>, required: &[Value], command: &str) {
    text.push_str("| member | type | there | what |\n| --- | --- | --- | --- |\n");
    for (name, rule) in members {
        let there = if required.contains(&Value::from(name.as_str())) { "always" } else { "at times" };
        let what = rule["description"].as_str().unwrap_or_else(|| panic!("`{name}` has no description"));
        writeln!(text, "| `{name}` | {} | {there} | {} |", kind(rule, command), what.replace('|', "\\|"))
            .unwrap();
    }
}

/// A link to the definition that a reference names.
fn link(reference: &str, command: &str) -> String {
    let name = reference.rsplit('/').next().unwrap();
    match schema::common().contains_key(name) {
        true => format!("[{name}](#{})", name.to_lowercase()),
        false => format!("[{name}](#{}-of-{command})", name.to_lowercase()),
    }
}

fn kind(rule: &Value, command: &str) -> String {
    let Some(members) = rule.as_object() else { return "anything".to_owned() };
    if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
        return link(reference, command);
    }
    if let Some(ways) = members.get("anyOf").and_then(Value::as_array) {
        return ways.iter().map(|it| kind(it, command)).collect::<Vec<_>>().join(" or ");
    }
    if let Some(value) = members.get("const") {
        return format!("`{value}`");
    }
    if let Some(values) = members.get("enum").and_then(Value::as_array) {
        return values.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
    }
    let inner = |name: &str| members.get(name).filter(|it| it.is_object()).map(|it| kind(it, command));
    let word = |name: &str| match name {
        "array" => format!("list of {}", inner("items").unwrap_or_default()),
        "object" => match inner("additionalProperties") {
            Some(of) => format!("object, each member {of}"),
            None => "object".to_owned(),
        },
        other => other.to_owned(),
    };
    match members.get("type") {
        Some(Value::String(name)) => word(name),
        Some(Value::Array(names)) => {
            names.iter().map(|it| word(it.as_str().unwrap())).collect::<Vec<_>>().join(" or ")
        }
        _ => "anything".to_owned(),
    }
}
