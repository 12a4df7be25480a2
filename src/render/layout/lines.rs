//! The lines of a row, as its table was laid out.

use super::{ColumnPlace, GAP, TableLayout};
use crate::render::shorten::{fit_name, without_day};
use crate::render::view::{ColumnKind, TableColumn};
use crate::render::wrap::{Lines, name_parts, widest_part, width_of, words};
use std::borrow::Cow;

/// What stands between values that are said once, and so in none of them.
pub(in crate::render) const BETWEEN: &str = " · ";

/// Returns a value as it may stand on one line with others and their titles: in quotes where it could be taken for
/// several. Whoever names a file `x FROM 192.0.2.7` must not decide from where it was called.
pub(super) fn quote_in_line<'v>(value: &'v str, columns: &[TableColumn]) -> Cow<'v, str> {
    let has_title = |column: &TableColumn| {
        let title = &*column.title;
        !title.is_empty() && value.split(title).skip(1).any(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    if value.contains("  ") || value.contains(BETWEEN.trim()) || columns.iter().any(has_title) {
        return format!("\"{}\"", value.replace('"', "\\\"")).into();
    }
    value.into()
}

impl TableLayout {
    /// Returns the lines of the title of a column that is so wide.
    pub(in crate::render) fn title_lines(column: &TableColumn, width: usize) -> Vec<String> {
        let mut lines = Lines::new(width);
        lines.add(&words(&column.title), "");
        lines.finish()
    }

    /// Returns the lines of a cell that stands beside others.
    pub(in crate::render) fn cell_lines(
        &self,
        at: usize,
        column: &TableColumn,
        cell: &str,
        width: usize,
    ) -> Vec<String> {
        let cell: Cow<'_, str> = match (column.kind, &self.day) {
            (ColumnKind::Time, Some(day)) => without_day(cell, day).into(),
            _ => cell.into(),
        };
        if width_of(&cell) <= width {
            return vec![cell.into_owned()];
        }
        match column.kind {
            ColumnKind::Name => {
                vec![self.names[at].shorten(&cell, |it| fit_name(it, width)).into_owned()]
            }
            ColumnKind::Prose => {
                let mut lines = Lines::new(width);
                lines.add(&words(&cell), "");
                lines.finish()
            }
            _ => vec![cell.into_owned()],
        }
    }

    /// Returns the lines of what stands below a row.
    pub(in crate::render) fn lines_below(
        &self,
        columns: &[TableColumn],
        row: &[String],
        width: usize,
    ) -> Vec<String> {
        let mut lines = Lines::new(width);
        let below = |at: &usize| self.places[*at] == ColumnPlace::Below && !row[*at].is_empty();
        let shown = (0..columns.len().min(row.len())).filter(below);
        let shown: Vec<usize> = shown.filter(|at| columns[*at].kind != ColumnKind::Bar).collect();
        if shown.is_empty() {
            return Vec::new();
        }
        let is_below = |at: &usize| self.places[*at] == ColumnPlace::Below;
        let titles = (0..columns.len()).filter(is_below).map(|at| width_of(&columns[at].title)).max();
        let titles = titles.unwrap_or_default();
        // What goes on with the row above has its title there.
        let goes_on = row[0].is_empty();
        for (number, at) in shown.iter().enumerate() {
            let column = &columns[*at];
            let cell: Cow<'_, str> = match &self.day {
                Some(day) if column.kind == ColumnKind::Time => without_day(&row[*at], day).into(),
                _ if self.is_block || shown.len() == 1 && column.explains_itself => row[*at].as_str().into(),
                _ => quote_in_line(&row[*at], columns),
            };
            let title = match (&*column.title, column.explains_itself) {
                ("", _) => String::new(),
                (_, true) if self.is_block && goes_on => " ".repeat(titles + GAP),
                (title, _) if self.is_block => format!("{title:titles$}  "),
                (_, true) => String::new(),
                (title, false) => format!("{title} "),
            };
            let mut parts = vec![title.as_str()];
            parts.retain(|title| !title.is_empty());
            parts.extend(match column.kind {
                ColumnKind::Prose => words(&cell),
                ColumnKind::Name => name_parts(&cell),
                _ => vec![&*cell],
            });
            if self.is_block {
                let width_of_part = |part: &&str| match column.kind {
                    ColumnKind::Prose => widest_part(part),
                    _ => width_of(part.trim_end()),
                };
                let widest = parts.iter().skip(1).map(width_of_part).max().unwrap_or_default();
                let hangs = titles + GAP + widest <= width;
                lines.begin("");
                lines.add(&parts, &" ".repeat(if hangs { titles + GAP } else { GAP }));
                continue;
            }
            if number == 0 {
                lines.begin("    ");
            }
            lines.add_together(&parts, "    ", "      ");
        }
        lines.finish()
    }
}
