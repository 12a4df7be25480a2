//! Tables for people, fitted to the terminal. Which columns and words there are, a [`View`] says; here they are
//! escaped, all in one place, so that no view can forget to, then cut and aligned.

use super::fields::{cell_text, value_at_path};
use super::view::{CellStyle, TableColumn, TableSection, View};
use super::{OutputStyle, Report};
use crate::text::escape_for_terminal;
use comfy_table::{Attribute, Cell, Color, ContentArrangement, Table, presets};
use std::io;
use std::io::Write;

/// How many characters of a value the narrow table shows; `--wide`, and columns that must not lose a part, show all.
const CUT: usize = 60;

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
    for (number, section) in sections.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        for line in section.title.iter().chain(&section.lines) {
            writeln!(out, "{}", escape_for_terminal(line))?;
        }
        if !section.columns.is_empty() {
            write_table(out, section, style)?;
        }
    }
    Ok(())
}

/// One table of the fields that were asked for.
fn chosen_section(view: &dyn View, order: &[usize], paths: &[String]) -> TableSection {
    let row = |index: &usize| {
        let item = view.item(*index);
        paths.iter().map(|path| cell_text(value_at_path(&item, path)).into_owned()).collect()
    };
    TableSection {
        columns: paths.iter().map(|path| TableColumn::new(path.clone(), CellStyle::Text)).collect(),
        rows: order.iter().map(row).collect(),
        ..TableSection::default()
    }
}

/// Writes the table of a section.
pub(super) fn write_table(out: &mut dyn Write, section: &TableSection, style: OutputStyle) -> io::Result<()> {
    let mut table = Table::new();
    // The width and the colours are given: nothing below `ui` asks the terminal.
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
    if section.columns.iter().any(|column| !column.title.is_empty()) {
        table.set_header(section.columns.iter().map(|column| {
            let title = Cell::new(escape_for_terminal(&column.title)).set_alignment(column.alignment());
            if style.color { title.add_attribute(Attribute::Bold) } else { title }
        }));
    }
    for row in &section.rows {
        table.add_row(row.iter().zip(&section.columns).map(|(text, column)| {
            let text = escape_for_terminal(text).into_owned();
            let is_whole = style.wide || column.look == CellStyle::Full;
            let cell =
                Cell::new(if is_whole { text } else { cut_text(text) }).set_alignment(column.alignment());
            if style.color && column.look == CellStyle::Error { cell.fg(Color::Red) } else { cell }
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

fn cut_text(text: String) -> String {
    match text.char_indices().nth(CUT) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(cell: &str, look: CellStyle, style: OutputStyle) -> String {
        let columns = vec![TableColumn::new("NAME", look)];
        let section = TableSection { columns, rows: vec![vec![cell.to_owned()]], ..TableSection::default() };
        let mut out = Vec::new();
        write_table(&mut out, &section, style).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn only_the_narrow_table_cuts_and_not_what_has_to_be_whole() {
        let (fits, long) = ("é".repeat(CUT), "é".repeat(CUT + 1));
        let narrow = OutputStyle::default();
        let wide = OutputStyle { wide: true, ..narrow };
        assert_eq!(table(&fits, CellStyle::Text, narrow), format!("NAME\n{fits}\n"));
        assert_eq!(table(&long, CellStyle::Text, narrow), format!("NAME\n{fits}…\n"));
        assert_eq!(table(&long, CellStyle::Full, narrow), format!("NAME\n{long}\n"));
        assert_eq!(table(&long, CellStyle::Text, wide), format!("NAME\n{long}\n"));
    }

    #[test]
    fn cells_do_not_act_on_the_terminal_in_any_style() {
        for color in [false, true] {
            let style = OutputStyle { color, ..OutputStyle::default() };
            let shown = table("a\u{1b}]52;c;x\u{7}\nb", CellStyle::Full, style);
            assert!(!shown.contains("\u{1b}]52") && !shown.contains('\u{7}'), "{shown:?}");
            assert_eq!(shown.lines().count(), 2, "{shown:?}");
        }
    }
}
