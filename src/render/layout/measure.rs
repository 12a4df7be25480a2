//! What is known of a column before it has a place: how wide it is in each form, and whether all rows are alike.

use crate::render::shorten::{ShortNames, days_of, shortest_name, without_day};
use crate::render::view::{ColumnKind, TableColumn};
use crate::render::wrap::{widest_part, width_of, words};

/// Prose is wrapped in a column of its own only where that is as wide.
const PROSE: usize = 32;

/// The widths of a column, and what its cells have in common.
pub(super) struct ColumnMeasure {
    title: usize,
    /// The widest word of the title.
    title_word: usize,
    /// The widest cell in full, without the day, and in the shortest form that a cell may have.
    full: usize,
    undated: usize,
    least: usize,
    /// Whether all rows have the same.
    pub(super) is_same: bool,
    /// Which of its names may be shortened.
    pub(super) names: ShortNames,
}

/// How much is shortened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Nothing.
    Full,
    /// Times are without their day.
    Undated,
    /// Titles are wrapped as well.
    Wrapped,
    /// Names are short, and prose is wrapped.
    Shortest,
}

/// The day that all times of a table are of.
pub(super) fn common_day(columns: &[TableColumn], rows: &[Vec<String>]) -> Option<String> {
    let times: Vec<usize> = (0..columns.len()).filter(|at| columns[*at].kind == ColumnKind::Time).collect();
    let cells = || rows.iter().flat_map(|row| times.iter().filter_map(|at| row.get(*at)));
    let mut days = cells().flat_map(|cell| days_of(cell));
    let day = days.next()?;
    days.all(|other| other == day).then(|| day.to_owned())
}

impl ColumnMeasure {
    /// Measures the column at a place; `begins` are the rows that belong to no row above them.
    pub(super) fn new(
        column: &TableColumn,
        at: usize,
        rows: &[Vec<String>],
        begins: &[&Vec<String>],
        day: Option<&str>,
    ) -> Self {
        let cells = || rows.iter().filter_map(|row| row.get(at)).map(String::as_str);
        let widest = |width: &dyn Fn(&str) -> usize| cells().map(width).max().unwrap_or_default();
        let full = widest(&width_of);
        let mut names = ShortNames::default();
        let (undated, least) = match (column.kind, day) {
            (ColumnKind::Time, Some(day)) => {
                let undated = widest(&|cell| width_of(&without_day(cell, day)));
                (undated, undated)
            }
            (ColumnKind::Name, _) => {
                names = ShortNames::of(cells());
                (full, widest(&|cell| width_of(&names.shorten(cell, shortest_name))))
            }
            (ColumnKind::Prose, _) => (full, widest(&widest_part).max(full.min(PROSE))),
            _ => (full, full),
        };
        let first = begins.first().and_then(|row| row.get(at));
        // What goes on with a row may have something of its own.
        let goes_on = |cell: &str| begins.len() < rows.len() && cell.is_empty();
        let is_same = begins.len() > 1
            && begins.iter().all(|row| row.get(at) == first)
            && cells().all(|cell| goes_on(cell) || first.is_some_and(|first| first == cell));
        let title_word = words(&column.title).into_iter().map(|it| width_of(it.trim_end())).max();
        let (title, title_word) = (width_of(&column.title), title_word.unwrap_or_default());
        Self { title, title_word, full, undated, least, is_same, names }
    }

    /// Returns how wide the column is in a form.
    pub(super) fn width(&self, form: Form) -> usize {
        match form {
            Form::Full => self.full.max(self.title),
            Form::Undated => self.undated.max(self.title),
            Form::Wrapped => self.undated.max(self.title_word),
            Form::Shortest => self.least.max(self.title_word),
        }
    }
}
