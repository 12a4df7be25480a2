//! What is known of the archive, and whether an answer agrees with it.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The known answers, as `make-archive` wrote them.
pub(crate) struct Known(Value);

impl Known {
    /// Reads the file beside the archive.
    pub(crate) fn read(archive: &Path) -> Result<Self, String> {
        let mut path = archive.components().as_path().as_os_str().to_owned();
        path.push(".expected.json");
        let hint = "make the archive with `cargo run --release --example make-archive -- OUT`";
        let text = std::fs::read_to_string(&path)
            .map_err(|e| format!("cannot read `{}`: {e}; {hint}", path.display()))?;
        serde_json::from_str(&text).map(Self).map_err(|e| format!("`{}`: {e}; {hint}", path.display()))
    }

    /// Returns a number.
    pub(crate) fn number(&self, field: &str) -> Result<u64, String> {
        self.0[field].as_u64().ok_or_else(|| format!("the known answers have no number `{field}`"))
    }

    fn ids(&self, field: &str) -> Result<Vec<&str>, String> {
        let rows = self.0[field].as_array().map(|rows| rows.iter().filter_map(|row| row["eventID"].as_str()));
        rows.map(Iterator::collect).ok_or_else(|| format!("the known answers have no list `{field}`"))
    }
}

/// Tells whether what was printed is right.
pub(crate) type Check = fn(&Known, &[u8]) -> Result<(), String>;

/// The rows of the calls that deleted the bucket, or tried to, in order.
pub(crate) fn who_deleted(known: &Known, output: &[u8]) -> Result<(), String> {
    same(&ids(&document(known, output)?), &owned(known.ids("whoDeleted")?))
}

/// The rows of all that was done to the bucket, in order.
pub(crate) fn who(known: &Known, output: &[u8]) -> Result<(), String> {
    same(&ids(&document(known, output)?), &owned(known.ids("bucketEvents")?))
}

/// A line of JSON for each event whose name starts with `Delete`.
pub(crate) fn deletes(known: &Known, output: &[u8]) -> Result<(), String> {
    let rows: Result<Vec<Value>, _> = serde_json::Deserializer::from_slice(output).into_iter().collect();
    let rows = rows.map_err(|e| format!("not JSON lines: {e}"))?;
    same(&rows.iter().find(|row| !text(row, "eventName").starts_with("Delete")), &None)?;
    different(rows.iter().map(|row| text(row, "eventID")), rows.len(), known.number("deleteEvents")?)
}

/// The rows of the planted actor.
pub(crate) fn actor(known: &Known, output: &[u8]) -> Result<(), String> {
    let found = document(known, output)?;
    let ids = ids(&found);
    different(ids.iter().map(String::as_str), ids.len(), known.number("actorEvents")?)
}

/// The events of the planted actor, whatever the sessions they were made in.
pub(crate) fn trace(known: &Known, output: &[u8]) -> Result<(), String> {
    let found = document(known, output)?;
    let nodes = found["answer"]["nodes"].as_array().into_iter().flatten();
    let asked = nodes.filter(|node| node["asked"] == true);
    same(&asked.filter_map(|node| node["events"].as_u64()).sum(), &known.number("actorEvents")?)
}

/// No row, with every record searched.
pub(crate) fn nothing(known: &Known, output: &[u8]) -> Result<(), String> {
    same(&ids(&document(known, output)?).len(), &0)
}

/// The number of files and of inflated bytes.
pub(crate) fn inflated(known: &Known, output: &[u8]) -> Result<(), String> {
    let numbers = [known.number("files")?, known.number("inflatedBytes")?].map(|number| number.to_string());
    let output = String::from_utf8_lossy(output);
    same(&output.split_whitespace().collect::<Vec<_>>(), &numbers.iter().map(String::as_str).collect())
}

/// A line for each event name, with the number of its records behind a tab or a comma.
pub(crate) fn counts(known: &Known, output: &[u8]) -> Result<(), String> {
    let counts = lines(output, |line| {
        let (name, count) = line.rsplit_once(['\t', ','])?;
        Some((name.trim_matches('"').to_owned(), count.parse::<u64>().ok()?))
    })?;
    let wanted = known.0["recordsByEventName"].as_object().into_iter().flatten();
    let wanted: BTreeMap<_, _> =
        wanted.map(|(name, count)| (name.clone(), count.as_u64().unwrap_or(0))).collect();
    let counts: BTreeMap<_, _> = counts.into_iter().collect();
    let mut names = wanted.keys().chain(counts.keys());
    match names.find(|name| counts.get(*name) != wanted.get(*name)) {
        None => Ok(()),
        Some(name) => {
            let [found, wanted] = [&counts, &wanted].map(|counts| counts.get(name).copied().unwrap_or(0));
            Err(format!("{found} times {name} instead of {wanted}"))
        }
    }
}

/// The same as a table of `stats`, which counts an event that was logged twice once.
pub(crate) fn stats(known: &Known, output: &[u8]) -> Result<(), String> {
    let found = document(known, output)?;
    let copies = found["coverage"]["duplicates"].as_u64().unwrap_or_default();
    let rows = found["answer"].as_array().into_iter().flatten();
    let counts: BTreeMap<_, _> =
        rows.map(|row| (text(row, "eventName"), row["count"].as_u64().unwrap_or_default())).collect();
    let wanted = known.0["recordsByEventName"].as_object().into_iter().flatten();
    let mut missing = 0;
    for (name, wanted) in wanted {
        let wanted = wanted.as_u64().unwrap_or_default();
        let found = counts.get(name.as_str()).copied().unwrap_or_default();
        missing += wanted.checked_sub(found).ok_or_else(|| format!("{found} times {name}, not {wanted}"))?;
    }
    same(&missing, &copies)
}

/// A line for each of the calls that deleted the bucket, or tried to; the id of the event stands first.
pub(crate) fn who_deleted_lines(known: &Known, output: &[u8]) -> Result<(), String> {
    let wanted = owned(known.ids("whoDeleted")?).into_iter().collect();
    same::<BTreeSet<String>>(&lines(output, first)?.into_iter().collect(), &wanted)
}

/// A line for each event whose name starts with `Delete`.
pub(crate) fn delete_lines(known: &Known, output: &[u8]) -> Result<(), String> {
    let ids = lines(output, first)?;
    different(ids.iter().map(String::as_str), ids.len(), known.number("deleteEvents")?)
}

/// A line for each event of the planted actor.
pub(crate) fn actor_lines(known: &Known, output: &[u8]) -> Result<(), String> {
    let ids = lines(output, first)?;
    different(ids.iter().map(String::as_str), ids.len(), known.number("actorEvents")?)
}

/// Nothing is printed.
pub(crate) fn silent(_known: &Known, output: &[u8]) -> Result<(), String> {
    same(output, b"")
}

fn first(line: &str) -> Option<String> {
    line.split(['\t', ',']).next().map(|id| id.trim_matches('"').to_owned())
}

fn lines<T>(output: &[u8], read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, String> {
    let text = String::from_utf8_lossy(output);
    let read = |line| read(line).ok_or_else(|| format!("`{line}` is no row"));
    text.lines().map(read).collect()
}

/// Reads a JSON document of trailscan, which must have searched every record.
fn document(known: &Known, output: &[u8]) -> Result<Value, String> {
    let found: Value = serde_json::from_slice(output).map_err(|e| format!("not JSON: {e}"))?;
    same(&found["coverage"]["events"].as_u64(), &Some(known.number("records")?))?;
    same(&found["troubles"].as_array().map(Vec::len), &Some(0))?;
    Ok(found)
}

fn ids(found: &Value) -> Vec<String> {
    found["answer"].as_array().into_iter().flatten().map(|row| text(row, "eventID").to_owned()).collect()
}

fn owned(ids: Vec<&str>) -> Vec<String> {
    ids.into_iter().map(str::to_owned).collect()
}

fn text<'v>(row: &'v Value, field: &str) -> &'v str {
    row[field].as_str().unwrap_or_default()
}

/// So many rows, all of different events.
fn different<'i>(ids: impl Iterator<Item = &'i str>, rows: usize, wanted: u64) -> Result<(), String> {
    same(&(rows as u64), &wanted)?;
    same(&ids.collect::<BTreeSet<_>>().len(), &rows)
}

fn same<T: PartialEq + std::fmt::Debug + ?Sized>(found: &T, wanted: &T) -> Result<(), String> {
    if found == wanted {
        return Ok(());
    }
    let short = |text: String| text.chars().take(300).collect::<String>();
    Err(format!("{} instead of {}", short(format!("{found:?}")), short(format!("{wanted:?}"))))
}
