//! Writes an answer: table, JSON, JSON lines, CSV, or the records themselves.
//!
//! Everything goes to a writer; which one, and whether it is a terminal, is
//! for `ui` to know.

mod csv;
mod escape;
mod fields;
mod json;
mod table;

pub use escape::visible;
pub use fields::{FIELDS, check};

use crate::answer::{Coverage, Row};
use crate::error::Trouble;
use std::io::{self, Write};

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Table,
    /// One document with the answer, its coverage and its troubles.
    Json,
    /// One row a line.
    Jsonl,
    /// RFC 4180.
    Csv,
    /// The matching CloudTrail records, byte for byte, one a line.
    Raw,
}

/// How a table looks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// Whether colours are used.
    pub color: bool,
    /// The columns of the terminal; without a terminal nothing is fitted.
    pub width: Option<u16>,
    /// Whether every value is shown in full.
    pub wide: bool,
    /// Whether a terminal shows it, so that raw records may not act on it either.
    pub terminal: bool,
}

/// An answer with all that belongs to it.
pub struct Report<'r> {
    /// The command that was asked.
    pub command: &'r str,
    /// The rows, in order.
    pub rows: &'r [Row],
    /// What was searched.
    pub coverage: &'r Coverage,
    /// What could not be read.
    pub troubles: &'r [Trouble],
    /// What the answer cannot know.
    pub hints: &'r [String],
    /// The fields to show; all when empty.
    pub fields: &'r [String],
    /// How many rows to show at most.
    pub limit: Option<usize>,
    /// Whether the latest row comes first.
    pub reverse: bool,
}

/// The name of the JSON document's form; it changes when fields change their meaning.
const SCHEMA: &str = "trailscan/1";

/// Writes the report.
///
/// # Errors
/// When the writer refuses.
pub fn write(out: &mut dyn Write, report: &Report<'_>, format: Format, style: Style) -> io::Result<()> {
    let mut rows: Vec<&Row> = report.rows.iter().collect();
    if report.reverse {
        rows.reverse();
    }
    rows.truncate(report.limit.unwrap_or(usize::MAX));
    match format {
        Format::Table => table::write(out, report, &rows, style),
        Format::Json => document(out, report, &rows),
        Format::Jsonl => rows.iter().try_for_each(|row| {
            json::write(out, &fields::pick(row, report.fields))?;
            writeln!(out)
        }),
        Format::Csv => csv::write(out, &rows, report.fields),
        Format::Raw => rows.iter().try_for_each(|row| {
            let record = row.raw.as_deref().unwrap_or_default();
            match style.terminal {
                true => json::write_harmless(out, &String::from_utf8_lossy(record))?,
                false => out.write_all(record)?,
            }
            writeln!(out)
        }),
    }
}

/// One document, with one row a line so that line tools can be used on it as well.
fn document(out: &mut dyn Write, report: &Report<'_>, rows: &[&Row]) -> io::Result<()> {
    write!(out, "{{\"schema\":\"{SCHEMA}\",\"command\":")?;
    json::write(out, &report.command)?;
    write!(out, ",\"answer\":[")?;
    for (index, row) in rows.iter().enumerate() {
        writeln!(out, "{}", if index == 0 { "" } else { "," })?;
        json::write(out, &fields::pick(row, report.fields))?;
    }
    let mut coverage = serde_json::to_value(report.coverage).map_err(io::Error::from)?;
    if let Some(coverage) = coverage.as_object_mut() {
        coverage.insert(
            "rows".to_owned(),
            serde_json::json!({"matched": report.rows.len(), "shown": rows.len()}),
        );
        coverage.insert("hints".to_owned(), report.hints.into());
    }
    write!(out, "\n],\"coverage\":")?;
    json::write(out, &coverage)?;
    write!(out, ",\"troubles\":")?;
    json::write(out, &report.troubles)?;
    writeln!(out, "}}")
}
