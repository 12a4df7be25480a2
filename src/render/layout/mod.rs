//! How a table fits a terminal: which columns stand beside each other, how wide, and what becomes of the others.
//!
//! What is the same in all rows is said once above the table. Where the rest does not fit, it is first shortened, each
//! kind in its own way; then columns move to a second line below each row, those that cost least; where not even that is
//! enough, each row becomes a block with a line for each of its cells. Nothing that is copied or compared (times, calls,
//! addresses, ids, the last segments of names) is cut in any of these.
//!
//! Pure: from columns, cells that are escaped, and a width to a [`TableLayout`]. Each cell is looked at a fixed number
//! of times. `measure` looks at the cells of a column, `fit` finds the places of all, `lines` makes the lines of a row.

mod fit;
mod lines;
mod measure;
#[cfg(test)]
mod tests;

use super::shorten::{ShortNames, without_day};
use super::view::{ColumnKind, TableColumn};
use fit::ColumnFit;
pub(super) use lines::BETWEEN;
use lines::quote_in_line;
use measure::{ColumnMeasure, Form, common_day};
use std::borrow::Cow;

/// What stands between two columns.
pub(super) const GAP: usize = 2;

/// What is shown where.
#[derive(Debug)]
pub(super) struct TableLayout {
    /// What is said once, above the table: the day, then titles with the values that all rows have.
    pub(super) above: Vec<String>,
    /// Where each column stands.
    pub(super) places: Vec<ColumnPlace>,
    /// Whether each row is a block of lines.
    pub(super) is_block: bool,
    /// The day that times are without.
    day: Option<String>,
    /// The names of each column that may be shortened.
    names: Vec<ShortNames>,
}

/// Where a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ColumnPlace {
    /// Above the table, or nowhere.
    Above,
    /// In a column that is so wide.
    Beside(usize),
    /// On a line below its row, or in the block of its row.
    Below,
}

/// Plans a table; `continues` says that a row with an empty first cell belongs to the one above it.
pub(super) fn plan_layout(
    columns: &[TableColumn],
    rows: &[Vec<String>],
    width: usize,
    continues: bool,
) -> TableLayout {
    let begins: Vec<&Vec<String>> =
        rows.iter().filter(|row| !continues || row.first().is_none_or(|cell| !cell.is_empty())).collect();
    let day = common_day(columns, rows);
    let mut measures: Vec<ColumnMeasure> = (0..columns.len())
        .map(|at| ColumnMeasure::new(&columns[at], at, rows, &begins, day.as_deref()))
        .collect();
    // Rows can be seen, and counted, even where all are the same.
    let goes_above = |at: usize| measures[at].is_same && columns[at].priority != TableColumn::KEY;
    if (0..columns.len()).all(|at| goes_above(at) || columns[at].kind == ColumnKind::Bar) {
        measures.iter_mut().take(1).for_each(|first| first.is_same = false);
    }
    let ColumnFit { places, form } = ColumnFit::find(columns, &measures, width);
    let is_block = !places.iter().any(|place| matches!(place, ColumnPlace::Beside(_)));
    let day = day.filter(|_| form != Form::Full);
    let mut above: Vec<String> = day.iter().map(|day| format!("{day} (UTC)")).collect();
    let is_said = |at: &usize| places[*at] == ColumnPlace::Above && columns[*at].kind != ColumnKind::Bar;
    above.extend((0..columns.len()).filter(is_said).filter_map(|at| {
        let value = begins.first().and_then(|row| row.get(at)).map(String::as_str).unwrap_or_default();
        let value = day.as_deref().map_or(Cow::Borrowed(value), |day| without_day(value, day).into());
        say_once(&columns[at].title, &quote_in_line(&value, columns))
    }));
    let names = measures.into_iter().map(|it| it.names).collect();
    TableLayout { above, places, is_block, day, names }
}

/// What all rows have, in words.
fn say_once(title: &str, value: &str) -> Option<String> {
    match (title, value) {
        ("", "") => None,
        ("", value) => Some(value.to_owned()),
        // Not `no MFA`: that nothing is told is not that there was none.
        (title, "") => Some(format!("{title} -")),
        (title, value) => Some(format!("{title} {value}")),
    }
}
