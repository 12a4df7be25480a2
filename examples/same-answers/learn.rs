//! What to ask for: the resources that the older program finds in each archive, and moments in their lives.

use crate::ask::Program;
use crate::questions::Question;
use serde_json::Value;

/// Archives with resources, and how many of them are asked for. `invictus` has a few hundred.
const ARCHIVES: &[(&str, usize)] = &[
    ("tests/fixtures/invictus", 45),
    ("tests/fixtures/trace", 12),
    ("tests/fixtures/cases", 45),
    ("tests/fixtures/shapes", 6),
    ("tests/fixtures/damaged", 6),
    ("tests/fixtures/digest/none/trail", 8),
];

/// A resource to ask for.
pub(crate) struct Subject {
    pub(crate) archive: &'static str,
    pub(crate) reference: String,
    pub(crate) name: String,
    /// When it was made, or first changed; and when it last was.
    pub(crate) first: String,
    pub(crate) last: String,
}

/// Asks `program` for the resources of every archive.
pub(crate) fn subjects(program: &Program) -> Result<Vec<Subject>, String> {
    let mut subjects = Vec::new();
    for (archive, wanted) in ARCHIVES {
        let question = Question::new(["inventory", "--json", "--quiet", archive]);
        let reply = program.ask(&question)?;
        let document: Value = serde_json::from_slice(&reply.stdout)
            .map_err(|error| format!("`{}` gave no JSON: {error}", question.text()))?;
        let rows = document["answer"].as_array().map(Vec::as_slice).unwrap_or_default();
        // Evenly over the list, which is sorted by type: some of every type.
        let step = rows.len().div_ceil(*wanted).max(1);
        subjects.extend(rows.iter().step_by(step).filter_map(|row| subject(archive, row)));
    }
    Ok(subjects)
}

fn subject(archive: &'static str, row: &Value) -> Option<Subject> {
    let text = |pointer: &str| row.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let moment = |event: &str| text(&format!("/{event}/eventTime"));
    let id = text("/resourceId")?;
    let last = moment("lastChange").or_else(|| moment("seen"));
    let first = moment("created").or_else(|| last.clone());
    Some(Subject {
        archive,
        reference: format!("{}/{id}", text("/resourceType")?),
        name: text("/ARN").or_else(|| text("/resourceName")).unwrap_or(id),
        first: first.unwrap_or_else(|| "2024-05-01T12:00:00Z".to_owned()),
        last: last.unwrap_or_else(|| "2024-05-02T12:00:00Z".to_owned()),
    })
}
