//! `docs/schema/`: one file a command, and `common.json` with what they share. Each of them carries a copy of the
//! definitions that it uses, so that it can be used alone; the copies are made here.

use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema")
}

/// The commands that have a schema, in order.
pub(crate) fn commands() -> Vec<String> {
    let files = fs::read_dir(directory()).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> =
        files.filter_map(|name| Some(name.strip_suffix(".json")?.to_owned())).collect();
    names.retain(|name| name != "common");
    names.sort();
    names
}

pub(crate) fn read(name: &str) -> Value {
    let path = directory().join(format!("{name}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The definitions that schemas share.
pub(crate) fn common() -> Map<String, Value> {
    read("common")["$defs"].as_object().unwrap().clone()
}

/// The definitions of a schema that are its own.
pub(crate) fn own(schema: &Value) -> Map<String, Value> {
    let common = common();
    let all = schema["$defs"].as_object().unwrap().clone();
    all.into_iter().filter(|(name, _)| !common.contains_key(name)).collect()
}

/// A schema with copies of the shared definitions that it uses behind its own.
pub(super) fn with_copies(mut schema: Value) -> Value {
    let (common, mut defs) = (common(), own(&schema));
    schema["$defs"] = Value::Object(defs.clone());
    let mut used = BTreeSet::new();
    references(&schema, &mut used);
    loop {
        let before = used.len();
        for (_, shared) in common.iter().filter(|(name, _)| used.contains(*name)).collect::<Vec<_>>() {
            references(shared, &mut used);
        }
        if used.len() == before {
            break;
        }
    }
    let missing: Vec<_> =
        used.iter().filter(|it| !common.contains_key(*it) && !defs.contains_key(*it)).collect();
    assert!(missing.is_empty(), "{}: no definition of {missing:?}", schema["title"]);
    defs.extend(common.into_iter().filter(|(name, _)| used.contains(name)));
    schema["$defs"] = Value::Object(defs);
    schema
}

/// The names of the definitions that a schema refers to.
fn references(schema: &Value, into: &mut BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            let name = members.get("$ref").and_then(Value::as_str);
            into.extend(
                name.map(|it| it.strip_prefix("#/$defs/").expect("a reference into `$defs`").to_owned()),
            );
            members.values().for_each(|it| references(it, into));
        }
        Value::Array(items) => items.iter().for_each(|it| references(it, into)),
        _ => {}
    }
}
