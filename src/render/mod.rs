//! Writes an answer: table, JSON, JSON lines, CSV, or the records themselves.
//!
//! Everything goes to a writer; which one, and whether it is a terminal, is
//! for `ui` to know.

mod actor;
mod archive_coverage;
mod changes;
mod chart;
mod csv;
mod diff;
mod dot;
mod escape;
mod fields;
mod graph;
mod json;
mod layout;
mod log_gaps;
mod logins;
mod novelty;
mod provenance;
mod revert;
mod rows;
mod shorten;
mod state;
mod stats;
mod table;
mod timeline;
mod title;
mod trace;
mod validation;
mod view;
mod wrap;

pub use archive_coverage::ArchiveCoverageView;
pub use diff::{DIFF_FIELDS, DiffView};
pub use fields::check_fields;
pub use graph::{GRAPH_FIELDS, GraphView};
pub use log_gaps::trail_off;
pub use provenance::Provenance;
pub use revert::{REVERT_FIELDS, RevertView};
pub use rows::{ROW_FIELDS, RowsView, TRACED_FIELDS, is_record_path};
pub use state::{INVENTORY_FIELDS, ITEM_FIELDS, InventoryView, StateView};
pub use timeline::{TIMELINE_FIELDS, TimelineView};
pub use trace::{TRACE_FIELDS, TraceView};
pub use validation::ValidationView;
pub use view::{ColumnKind, TableColumn, TableSection, View};

use crate::answer::Coverage;
use crate::error::Trouble;
use crate::threads::Threads;
use serde_json::Value;
use std::io;
use std::io::Write;

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputFormat {
    /// For people.
    Table,
    /// One document with the answer, its coverage and its troubles.
    Json,
    /// One item a line.
    Jsonl,
    /// RFC 4180.
    Csv,
    /// The matching CloudTrail records, byte for byte, one a line.
    Raw,
    /// A graph for Graphviz, of an answer that is one.
    Dot,
}

/// How a table looks.
#[derive(Clone, Copy, Debug, Default)]
pub struct OutputStyle {
    /// Whether colours are used.
    pub color: bool,
    /// How many columns there are to fit the table into, as those of the terminal; without a terminal nothing is fitted.
    pub width: Option<u16>,
    /// Whether nothing is fitted, and more columns are shown.
    pub wide: bool,
    /// Whether a terminal shows it, so that raw records may not act on it either.
    pub terminal: bool,
}

impl OutputStyle {
    /// Returns how wide a line may be, where that is limited.
    pub(crate) fn limit(self) -> Option<usize> {
        self.width.filter(|_| !self.wide).map(usize::from)
    }
}

/// An answer with all that belongs to it.
pub struct Report<'r> {
    /// The command that was asked.
    pub command: &'r str,
    /// The answer itself.
    pub view: &'r dyn View,
    /// What was searched.
    pub coverage: &'r Coverage,
    /// What could not be read.
    pub troubles: &'r [Trouble],
    /// What the answer cannot know.
    pub hints: &'r [String],
    /// What the resource that was asked for is called otherwise.
    pub names: &'r [Value],
    /// What stands beside the answer in a document, by name.
    pub beside: &'r [(&'static str, Value)],
    /// The fields to show; all when empty.
    pub fields: &'r [String],
    /// How many items to show at most.
    pub limit: Option<usize>,
    /// Whether the last item comes first.
    pub reverse: bool,
    /// How many threads make the items, 0 for one a processor.
    pub threads: usize,
}

/// The name of the JSON document's form; it changes when fields change their meaning.
const SCHEMA: &str = "trailscan/1";

/// Writes the report.
///
/// # Errors
/// When the writer refuses.
pub fn write_report(
    out: &mut dyn Write,
    report: &Report<'_>,
    format: OutputFormat,
    style: OutputStyle,
) -> io::Result<()> {
    let view = report.view;
    let mut order: Vec<usize> = (0..view.len()).collect();
    if report.reverse {
        order.reverse();
    }
    order.truncate(report.limit.unwrap_or(usize::MAX));
    match format {
        OutputFormat::Table => table::write(out, report, &order, style),
        OutputFormat::Json => write_document(out, report, &order),
        OutputFormat::Jsonl => write_items(out, report, &order, &|text, number| {
            put_item(text, report, order[number])?;
            text.push(b'\n');
            Ok(())
        }),
        OutputFormat::Csv => csv::write(out, report, &order),
        OutputFormat::Raw => order.iter().try_for_each(|index| {
            let record = view.raw(*index).unwrap_or_default();
            match style.terminal {
                true => json::write_harmless(out, &String::from_utf8_lossy(record))?,
                false => out.write_all(record)?,
            }
            writeln!(out)
        }),
        OutputFormat::Dot => view.dot(out).unwrap_or(Ok(())),
    }
}

/// One document, with one item a line so that line tools can be used on it as well.
fn write_document(out: &mut dyn Write, report: &Report<'_>, order: &[usize]) -> io::Result<()> {
    write!(out, "{{\"schema\":\"{SCHEMA}\",\"command\":")?;
    json::write(out, &report.command)?;
    write!(out, ",\"answer\":")?;
    match report.view.document().filter(|_| report.fields.is_empty()) {
        Some(whole) => json::write(out, &whole)?,
        None => write_list(out, report, order)?,
    }
    if !report.names.is_empty() {
        write!(out, ",\"alsoKnownAs\":")?;
        json::write(out, &report.names)?;
    }
    for (name, value) in report.beside {
        write!(out, ",\"{name}\":")?;
        json::write(out, value)?;
    }
    let mut coverage = serde_json::to_value(report.coverage).map_err(io::Error::from)?;
    if let Some(coverage) = coverage.as_object_mut() {
        coverage.insert(
            "rows".to_owned(),
            serde_json::json!({"matched": report.view.len(), "shown": order.len()}),
        );
        coverage.insert("hints".to_owned(), report.hints.into());
    }
    write!(out, ",\"coverage\":")?;
    json::write(out, &coverage)?;
    write!(out, ",\"troubles\":")?;
    json::write(out, &report.troubles)?;
    writeln!(out, "}}")
}

fn write_list(out: &mut dyn Write, report: &Report<'_>, order: &[usize]) -> io::Result<()> {
    write!(out, "[")?;
    write_items(out, report, order, &|text, number| {
        text.extend_from_slice(if number == 0 { b"\n" } else { b",\n" });
        put_item(text, report, order[number])
    })?;
    write!(out, "\n]")
}

fn put_item(text: &mut Vec<u8>, report: &Report<'_>, index: usize) -> io::Result<()> {
    match report.fields {
        [] => report.view.put(index, text),
        paths => json::put_value(text, &fields::pick_fields(report.view.item(index), paths)),
    }
}

/// Adds the item of a number, counted among those that are shown, to a text.
type ItemWriter<'p> = dyn Fn(&mut Vec<u8>, usize) -> io::Result<()> + Sync + 'p;

/// How many items are made at once by one thread, and how many before they are written.
const BATCH: usize = 256;
const BATCHES: usize = 64;

/// Writes items in their order. Where they are many, several threads make them.
fn write_items(
    out: &mut dyn Write,
    report: &Report<'_>,
    order: &[usize],
    put: &ItemWriter<'_>,
) -> io::Result<()> {
    let batch = |room: &mut Vec<u8>, at: usize| {
        room.clear();
        (at * BATCH..order.len().min((at + 1) * BATCH)).try_for_each(|number| put(room, number))
    };
    let batches = order.len().div_ceil(BATCH);
    if batches < 4 || report.threads == 1 {
        let mut room = Vec::new();
        return (0..batches).try_for_each(|at| {
            batch(&mut room, at)?;
            out.write_all(&room)
        });
    }
    let threads = Threads::new(report.threads).map_err(io::Error::other)?;
    for from in (0..batches).step_by(BATCHES) {
        let texts = threads.map(
            BATCHES.min(batches - from),
            || (),
            |(), at| {
                let mut room = Vec::new();
                batch(&mut room, from + at).map(|()| room)
            },
        );
        texts.into_iter().try_for_each(|text| out.write_all(&text?))?;
    }
    Ok(())
}

/// Returns a value at the path of its name: `userIdentity.arn` stands in an object.
pub fn nest_values(pairs: impl IntoIterator<Item = (String, Value)>) -> Value {
    let mut item = Value::Object(serde_json::Map::new());
    pairs.into_iter().for_each(|(path, value)| fields::put_at_path(&mut item, &path, value));
    item
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    struct Numbers(usize);

    impl View for Numbers {
        fn len(&self) -> usize {
            self.0
        }

        fn item(&self, index: usize) -> Value {
            serde_json::json!({ "number": index, "text": "x".repeat(index % 7) })
        }

        fn fields(&self) -> Vec<Cow<'static, str>> {
            vec!["number".into(), "text".into()]
        }

        fn sections(&self, _order: &[usize], _style: OutputStyle) -> Vec<TableSection> {
            Vec::new()
        }
    }

    fn written(count: usize, threads: usize, reverse: bool, format: OutputFormat) -> String {
        let report = Report {
            command: "events",
            view: &Numbers(count),
            coverage: &Coverage::default(),
            troubles: &[],
            hints: &[],
            names: &[],
            beside: &[],
            fields: &[],
            limit: None,
            reverse,
            threads,
        };
        let mut out = Vec::new();
        write_report(&mut out, &report, format, OutputStyle::default()).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn many_items_are_the_same_whoever_makes_them() {
        for count in [0, 1, 4 * BATCH - 1, 4 * BATCH, BATCH * BATCHES + 1] {
            for format in [OutputFormat::Json, OutputFormat::Jsonl, OutputFormat::Csv] {
                let one = written(count, 1, true, format);
                assert!(one == written(count, 3, true, format), "{count} {format:?}");
                let lines = one.lines().filter(|line| line.contains(|it: char| it.is_ascii_digit()));
                let numbers = lines.filter(|line| !line.contains("schema") && !line.contains("coverage"));
                assert_eq!(numbers.count(), count, "{count} {format:?}");
            }
        }
        let lines: Vec<Value> = written(3000, 2, false, OutputFormat::Jsonl)
            .lines()
            .map(|it| serde_json::from_str(it).unwrap())
            .collect();
        assert!(lines.iter().enumerate().all(|(at, it)| it["number"] == at));
    }
}
