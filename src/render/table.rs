//! Tables for people. Which columns and words there are, a [`View`] says; here they are escaped, all in one place, so
//! that no view can forget to, then aligned. On a terminal they are fitted to its width, as [`plan_layout`] plans it;
//! elsewhere, and with `--wide`, each row is one line with all that it has.

use super::fields::{cell_text, kind_of_field, value_at_path};
use super::layout::{BETWEEN, ColumnPlace, GAP, TableLayout, plan_layout};
use super::view::{ColumnKind, TableColumn, TableSection, View};
use super::wrap::{Lines, width_of, wrap_line};
use super::{OutputStyle, Report};
use crate::text::escape_for_terminal;
use comfy_table::{Attribute, Cell, Color, ContentArrangement, Table, presets};
use std::borrow::Cow;
use std::io;
use std::io::Write;

/// A longer value does not widen its column: each row would be filled up with blanks to the longest value of any, and
/// whoever writes the logs says how long that is.
const ALIGNED: usize = 500;

/// Writes the sections of an answer, or one table of the fields that were asked for.
pub(super) fn write(
    out: &mut dyn Write,
    report: &Report<'_>,
    order: &[usize],
    style: OutputStyle,
) -> io::Result<()> {
    let sections = match report.fields {
        [] => report.view.sections(order, style),
        paths => vec![chosen_section(report.view, order, paths)],
    };
    for (number, section) in sections.into_iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        write_section(out, section, style)?;
    }
    Ok(())
}

fn write_section(out: &mut dyn Write, section: TableSection, style: OutputStyle) -> io::Result<()> {
    for line in section.title.iter().chain(&section.lines) {
        match section.is_script && !line.starts_with('#') {
            true => writeln!(out, "{}", escape_for_terminal(line))?,
            false => write_line(out, line, style)?,
        }
    }
    if section.columns.is_empty() { Ok(()) } else { write_table(out, section, style) }
}

/// Writes a line that stands for itself, wrapped where it does not fit.
pub(super) fn write_line(out: &mut dyn Write, line: &str, style: OutputStyle) -> io::Result<()> {
    let line = escape_for_terminal(line);
    match style.limit() {
        Some(width) => wrap_line(&line, width).iter().try_for_each(|line| writeln!(out, "{line}")),
        None => writeln!(out, "{line}"),
    }
}

/// Writes a line of parts, none of which is ever wrapped inside: `indent` stands before the first.
pub(super) fn write_parts(
    out: &mut dyn Write,
    indent: &str,
    parts: &[&str],
    style: OutputStyle,
) -> io::Result<()> {
    let mut lines = Lines::new(style.limit().unwrap_or(usize::MAX));
    let parts: Vec<_> = parts.iter().map(|part| escape_for_terminal(part)).collect();
    lines.begin(indent);
    lines.add(&parts.iter().map(AsRef::as_ref).collect::<Vec<_>>(), &format!("{indent}  "));
    lines.finish().iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// One table of the fields that were asked for.
fn chosen_section(view: &dyn View, order: &[usize], paths: &[String]) -> TableSection {
    let row = |index: &usize| {
        let item = view.item(*index);
        paths.iter().map(|path| cell_text(value_at_path(&item, path)).into_owned()).collect()
    };
    TableSection {
        columns: paths.iter().map(|path| TableColumn::new(path.clone(), kind_of_field(path))).collect(),
        rows: order.iter().map(row).collect(),
        ..TableSection::default()
    }
}

/// Writes the table of a section.
pub(super) fn write_table(
    out: &mut dyn Write,
    mut section: TableSection,
    style: OutputStyle,
) -> io::Result<()> {
    escape_cells(&mut section);
    let TableSection { columns, rows, continues, .. } = section;
    match style.limit() {
        Some(width) => {
            let layout = plan_layout(&columns, &rows, width, continues);
            write_fitted(out, &columns, &rows, &layout, (width, style.color), continues)
        }
        None => write_in_full(out, &columns, &rows, style.color),
    }
}

/// Escapes all that a table has, in its place: nearly all of it stays as it is.
fn escape_cells(section: &mut TableSection) {
    for column in &mut section.columns {
        column.title = escape_for_terminal(&column.title).into_owned().into();
    }
    for cell in section.rows.iter_mut().flatten() {
        if let Cow::Owned(escaped) = escape_for_terminal(cell) {
            *cell = escaped;
        }
    }
}

/// Writes a table as it is, each row on one line.
fn write_in_full(
    out: &mut dyn Write,
    columns: &[TableColumn],
    rows: &[Vec<String>],
    color: bool,
) -> io::Result<()> {
    let mut widths: Vec<usize> = columns.iter().map(|column| width_of(&column.title)).collect();
    let is_aligned = |row: &&Vec<String>| row.iter().all(|cell| width_of(cell) <= ALIGNED);
    for row in rows.iter().filter(is_aligned) {
        row.iter().zip(&mut widths).for_each(|(cell, width)| *width = width_of(cell).max(*width));
    }
    let shown: Vec<(&TableColumn, String)> = columns.iter().map(|it| (it, it.title.to_string())).collect();
    let aligned = rows.iter().filter(is_aligned).map(|row| row.iter().map(String::as_str).collect());
    let mut lines = align(&shown, aligned, color).into_iter();
    if has_header(&shown) {
        lines.next().map(|line| writeln!(out, "{line}")).transpose()?;
    }
    for row in rows {
        match is_aligned(&row) {
            true => lines.next().map(|line| writeln!(out, "{line}")).transpose()?,
            false => Some(write_unaligned(out, columns, row, &widths)?),
        };
    }
    Ok(())
}

/// Writes a row with a value that is too long to be aligned to.
fn write_unaligned(
    out: &mut dyn Write,
    columns: &[TableColumn],
    row: &[String],
    widths: &[usize],
) -> io::Result<()> {
    let mut line = String::new();
    for ((cell, column), width) in row.iter().zip(columns).zip(widths) {
        let fill = " ".repeat(width.saturating_sub(width_of(cell)));
        match column.kind {
            ColumnKind::Number => line.extend([fill.as_str(), cell.as_str()]),
            _ => line.extend([cell.as_str(), fill.as_str()]),
        }
        line.push_str(&" ".repeat(GAP));
    }
    writeln!(out, "{}", line.trim_end())
}

/// Writes a table as it was planned.
fn write_fitted(
    out: &mut dyn Write,
    columns: &[TableColumn],
    rows: &[Vec<String>],
    layout: &TableLayout,
    (width, color): (usize, bool),
    continues: bool,
) -> io::Result<()> {
    write_above(out, &layout.above, width)?;
    let beside: Vec<(usize, usize)> = layout
        .places
        .iter()
        .enumerate()
        .filter_map(
            |(at, place)| if let ColumnPlace::Beside(width) = place { Some((at, *width)) } else { None },
        )
        .collect();
    let cells: Vec<Vec<Vec<String>>> = rows
        .iter()
        .map(|row| {
            beside
                .iter()
                .map(|(at, width)| layout.cell_lines(*at, &columns[*at], &row[*at], *width))
                .collect()
        })
        .collect();
    let titles: Vec<Vec<String>> =
        beside.iter().map(|(at, width)| TableLayout::title_lines(&columns[*at], *width)).collect();
    let shown: Vec<(&TableColumn, String)> =
        beside.iter().zip(&titles).map(|((at, _), title)| (&columns[*at], title.join("\n"))).collect();
    let height = |cells: &Vec<Vec<String>>| match cells.iter().all(|lines| lines.concat().is_empty()) {
        true => 0,
        false => cells.iter().map(Vec::len).max().unwrap_or_default(),
    };
    let joined: Vec<Vec<String>> =
        cells.iter().map(|cells| cells.iter().map(|lines| lines.join("\n")).collect()).collect();
    let in_table = cells.iter().zip(&joined).filter(|(cells, _)| height(cells) > 0);
    let in_table = in_table.map(|(_, cells)| cells.iter().map(String::as_str).collect());
    let mut lines = if shown.is_empty() { Vec::new() } else { align(&shown, in_table, color) }.into_iter();
    if has_header(&shown) {
        for line in lines.by_ref().take(titles.iter().map(Vec::len).max().unwrap_or_default()) {
            writeln!(out, "{line}")?;
        }
    }
    for (number, (row, cells)) in rows.iter().zip(&cells).enumerate() {
        let begins = !continues || row.first().is_none_or(|cell| !cell.is_empty());
        if layout.is_block && begins && number > 0 {
            writeln!(out)?;
        }
        let below = layout.lines_below(columns, row, width);
        for line in lines.by_ref().take(height(cells)).chain(below) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

/// Writes what all rows have.
fn write_above(out: &mut dyn Write, above: &[String], width: usize) -> io::Result<()> {
    if above.is_empty() {
        return Ok(());
    }
    let last = above.len() - 1;
    let mut lines = Lines::new(width);
    for (number, text) in above.iter().enumerate() {
        let text = if number == last { text.clone() } else { format!("{text}{BETWEEN}") };
        let whole = width_of(text.trim_end()) + 2 <= width;
        let parts = if whole { vec![text.as_str()] } else { super::wrap::words(&text) };
        lines.add(&parts, "  ");
    }
    lines.finish().iter().try_for_each(|line| writeln!(out, "{line}"))
}

fn has_header(columns: &[(&TableColumn, String)]) -> bool {
    columns.iter().any(|(_, title)| !title.is_empty())
}

/// Returns the lines of a table, each column as wide as its widest cell; the header first, where there is one.
fn align<'c>(
    columns: &[(&TableColumn, String)],
    rows: impl Iterator<Item = Vec<&'c str>>,
    color: bool,
) -> Vec<String> {
    let mut table = Table::new();
    // The width and the colours are given: nothing below `ui` asks the terminal.
    table.load_style(presets::NOTHING).force_no_tty().set_content_arrangement(ContentArrangement::Disabled);
    if color {
        table.enforce_styling();
    }
    if has_header(columns) {
        table.set_header(columns.iter().map(|(column, title)| {
            let title = Cell::new(title).set_alignment(column.alignment());
            if color { title.add_attribute(Attribute::Bold) } else { title }
        }));
    }
    for row in rows {
        table.add_row(row.iter().zip(columns).map(|(text, (column, _))| {
            let cell = Cell::new(text).set_alignment(column.alignment());
            if color && column.kind == ColumnKind::Error { cell.fg(Color::Red) } else { cell }
        }));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, GAP as u16));
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(cell: &str, kind: ColumnKind, style: OutputStyle) -> String {
        let columns = vec![TableColumn::new("NAME", kind), TableColumn::new("N", ColumnKind::Number)];
        let rows = vec![vec![cell.to_owned(), "1".to_owned()], vec!["x".to_owned(), "22".to_owned()]];
        let section = TableSection { columns, rows, ..TableSection::default() };
        let mut out = Vec::new();
        write_table(&mut out, section, style).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn nothing_is_cut_without_a_terminal() {
        let wide = OutputStyle { wide: true, width: Some(40), ..OutputStyle::default() };
        for style in [OutputStyle::default(), wide] {
            let long = "é".repeat(ALIGNED);
            let blank = " ".repeat(ALIGNED - 1);
            let shown = table(&long, ColumnKind::Name, style);
            assert_eq!(shown, format!("NAME{}   N\n{long}   1\nx{blank}  22\n", &blank[3..]));
        }
    }

    /// Nor does one long value make all rows long.
    #[test]
    fn a_very_long_value_is_whole_and_widens_no_other_row() {
        let long = "a/b ".repeat(20_000);
        let shown = table(&long, ColumnKind::Prose, OutputStyle::default());
        assert_eq!(shown, format!("NAME   N\n{long}   1\nx     22\n"));
    }

    #[test]
    fn cells_do_not_act_on_the_terminal_in_any_style() {
        for color in [false, true] {
            for width in [None, Some(200), Some(30)] {
                let style = OutputStyle { color, width, ..OutputStyle::default() };
                let shown = table("a\u{1b}]52;c;x\u{7}\nb", ColumnKind::Prose, style);
                assert!(!shown.contains("\u{1b}]52") && !shown.contains('\u{7}'), "{shown:?}");
                assert_eq!(shown.lines().count(), 3, "{shown:?}");
            }
        }
    }
}
