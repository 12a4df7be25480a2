//! Tables for people: what was done, then what was tried in vain.

use super::escape::visible;
use super::fields::{at, cell};
use super::{Report, Style};
use crate::answer::Row;
use crate::event::Outcome;
use comfy_table::{Attribute, Cell, Color, ContentArrangement, Table, presets};
use std::io::{self, Write};

/// The columns of the narrow and of the wide table; the last only where a row failed.
const NARROW: [(&str, &str); 6] = [
    ("TIME", "eventTime"),
    ("WHO", "actor.who"),
    ("CALL", "eventName"),
    ("RESOURCE", "resource"),
    ("FROM", "sourceIPAddress"),
    ("REGION", "awsRegion"),
];
const WIDE: [(&str, &str); 7] = [
    ("ACCOUNT", "recipientAccountId"),
    ("ACCESS KEY", "actor.accessKeyId"),
    ("MFA", "actor.mfa"),
    ("VIA", "actor.invokedBy"),
    ("USER AGENT", "userAgent"),
    ("EVENT ID", "eventID"),
    ("EVIDENCE", "evidence"),
];

/// A value longer than this is cut in the narrow table.
const CUT: usize = 60;

pub(super) fn write(out: &mut dyn Write, report: &Report<'_>, rows: &[&Row], style: Style) -> io::Result<()> {
    let (done, failed): (Vec<&Row>, Vec<&Row>) =
        rows.iter().partition(|row| row.outcome == Outcome::Succeeded);
    if !report.fields.is_empty() {
        let columns: Vec<(&str, &str)> =
            report.fields.iter().map(|path| (path.as_str(), path.as_str())).collect();
        return table(out, rows, &columns, style);
    }
    let mut columns = NARROW.to_vec();
    if style.wide {
        columns.extend(WIDE);
    }
    if !done.is_empty() {
        table(out, &done, &columns, style)?;
    }
    if !failed.is_empty() {
        if !done.is_empty() {
            writeln!(out)?;
        }
        writeln!(out, "FAILED: these calls were refused or went wrong and did nothing")?;
        columns.insert(3, ("ERROR", "errorCode"));
        table(out, &failed, &columns, style)?;
    }
    Ok(())
}

fn table(out: &mut dyn Write, rows: &[&Row], columns: &[(&str, &str)], style: Style) -> io::Result<()> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).force_no_tty();
    if style.color {
        table.enforce_styling();
    }
    match style.width {
        Some(width) if !style.wide => {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        }
        _ => {
            table.set_content_arrangement(ContentArrangement::Disabled);
        }
    }
    table.set_header(columns.iter().map(|(title, _)| {
        let title = Cell::new(title);
        if style.color { title.add_attribute(Attribute::Bold) } else { title }
    }));
    for row in rows {
        let value = serde_json::to_value(row).unwrap_or_default();
        table.add_row(columns.iter().map(|(_, path)| {
            let text = if *path == "resource" { resource(row) } else { cell(&at(&value, path)) };
            let text = visible(&text).into_owned();
            let cell = Cell::new(if style.wide { text } else { cut(text) });
            if style.color && *path == "errorCode" { cell.fg(Color::Red) } else { cell }
        }));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// The resource in the form that it can be asked for again.
fn resource(row: &Row) -> String {
    let Some(resource) = &row.resource else { return String::new() };
    let kind = resource.kind.strip_prefix("AWS::").unwrap_or(&resource.kind);
    let name =
        resource.name.as_ref().filter(|name| **name != resource.id && !resource.id.contains(name.as_str()));
    let relation = match row.relation {
        Some(crate::catalog::Relation::Related) => " (related)",
        _ => "",
    };
    match name {
        Some(name) => format!("{kind} {} ({name}){relation}", resource.id),
        None => format!("{kind} {}{relation}", resource.id),
    }
}

fn cut(text: String) -> String {
    match text.char_indices().nth(CUT) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}
