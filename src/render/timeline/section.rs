//! The table of one timeline: a line for each change, and beside the first of an event when it was, who made
//! the call and what else is told of it.

use super::words::{describe_line, summary_lines};
use super::{OutputStyle, TimelineLine};
use crate::answer::Row;
use crate::render::rows::{origin_cell, row_column};
use crate::render::title::resource_title;
use crate::render::view::{ColumnKind, TableColumn, TableSection};
use crate::timeline::Timeline;

/// So many changes of one event are listed on a terminal.
const LISTED: usize = 8;

/// A change that is longer is cut there, behind a word.
const LONGEST: usize = 160;

/// Which column has the changes.
const CHANGE: usize = 3;

/// Makes the table of the lines of one timeline.
pub(super) fn timeline_section(
    timeline: &Timeline,
    lines: &[&TimelineLine<'_>],
    style: OutputStyle,
) -> TableSection {
    let shown = ShownEntry::of(lines, style);
    let columns = shown.columns();
    let mut rows = Vec::new();
    for line in lines {
        let mut lines = describe_line(line, timeline);
        if style.limit().is_some() {
            shorten_lines(&mut lines);
        }
        let mut lines = lines.into_iter();
        rows.extend(lines.next().map(|first| shown.cells(line.row, first)));
        rows.extend(lines.map(|change| {
            let mut cells = vec![String::new(); columns.len()];
            cells[CHANGE] = change;
            cells
        }));
    }
    TableSection {
        title: Some(resource_title(&timeline.resource)),
        lines: summary_lines(timeline),
        columns,
        rows,
        continues: true,
        ..TableSection::default()
    }
}

/// Makes the table of the calls that only use what was asked for.
pub(super) fn related_section(lines: &[&TimelineLine<'_>]) -> TableSection {
    let cells = |line: &&TimelineLine<'_>| {
        [&*line.row.event_time, &line.row.actor.who, &line.row.event_name].map(str::to_owned).to_vec()
    };
    TableSection {
        title: Some("RELATED: calls that use it".to_owned()),
        columns: event_columns(),
        rows: lines.iter().map(cells).collect(),
        ..TableSection::default()
    }
}

/// When, who and what.
fn event_columns() -> Vec<TableColumn> {
    let columns = [("TIME", "eventTime"), ("WHO", "actor.who"), ("CALL", "eventName")];
    columns.map(|(title, path)| row_column(title, path)).to_vec()
}

/// Leaves out what is more than people read; `--wide` shows it all, and so does what is not a terminal.
fn shorten_lines(lines: &mut Vec<String>) {
    for line in &mut *lines {
        let end = line.char_indices().nth(LONGEST).map(|(at, _)| at);
        // What is told in brackets beside the changes names events.
        if let Some(end) = end.filter(|_| !line.starts_with('(')) {
            line.truncate(line[..end].rfind(' ').unwrap_or(end));
            line.push_str(" …");
        }
    }
    if lines.len() > LISTED {
        let more = lines.len() - LISTED + 1;
        lines.truncate(LISTED - 1);
        lines.push(format!("… and {more} more (`--wide` shows all)"));
    }
}

/// The columns that only some tables have.
struct ShownEntry {
    origins: bool,
    verdicts: bool,
    wide: bool,
}

impl ShownEntry {
    fn of(lines: &[&TimelineLine<'_>], style: OutputStyle) -> Self {
        Self {
            origins: lines.iter().any(|line| line.row.actor.origin.is_some()),
            verdicts: lines.iter().any(|line| line.row.verdict.is_some()),
            wide: style.wide,
        }
    }

    fn columns(&self) -> Vec<TableColumn> {
        let mut columns = event_columns();
        columns.push(TableColumn::new("CHANGE", ColumnKind::Prose).priority(30).explaining_itself());
        columns.extend(self.origins.then(|| row_column("ORIGIN", "origin")));
        columns.extend(self.verdicts.then(|| row_column("VERDICT", "verdict")));
        if self.wide {
            let more = [("FROM", "sourceIPAddress"), ("EVENT ID", "eventID"), ("EVIDENCE", "evidence")];
            columns.extend(more.map(|(title, path)| row_column(title, path)));
        }
        columns
    }

    /// The cells of an event, with the first of its changes.
    fn cells(&self, row: &Row, change: String) -> Vec<String> {
        let mut cells =
            [&*row.event_time, &row.actor.who, &row.event_name, &change].map(str::to_owned).to_vec();
        cells.extend(self.origins.then(|| origin_cell(row)));
        cells.extend(self.verdicts.then(|| row.verdict.unwrap_or_default().to_owned()));
        if self.wide {
            let places = row.evidence.iter().map(|it| format!("{}#{}", it.file, it.record));
            cells.push(row.source_ip_address.as_deref().unwrap_or_default().to_owned());
            cells.push(row.event_id.as_deref().unwrap_or_default().to_owned());
            cells.push(places.collect::<Vec<_>>().join(" "));
        }
        cells
    }
}
