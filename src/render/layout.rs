//! How a table fits a terminal: which columns stand beside each other, how wide, and what becomes of the others.
//!
//! What is the same in all rows is said once above the table. Where the rest does not fit, it is first shortened, each
//! kind in its own way; then columns move to a second line below each row, those that cost least; where not even that is
//! enough, each row becomes a block with a line for each of its cells. Nothing that is copied or compared (times, calls,
//! addresses, ids, the last segments of names) is cut in any of these.
//!
//! Pure: from columns, cells that are escaped, and a width to a [`TableLayout`]. Each cell is looked at a fixed number
//! of times.

use super::shorten::{days_of, fit_name, shortest_name, without_day};
use super::view::{ColumnKind, TableColumn};
use super::wrap::{Lines, name_parts, widest_part, width_of, words};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// What stands between two columns.
pub(super) const GAP: usize = 2;
/// A terminal that is narrower has no room for two lines a row.
const NARROW: usize = 60;
/// Prose is wrapped in a column of its own only where that is as wide.
const PROSE: usize = 32;
/// So many columns are tried in each combination; of more the last go first.
const TRIED: usize = 10;

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
    /// Of each column the shortest forms that would stand for several names: none of them is used.
    ambiguous: Vec<HashSet<String>>,
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

/// What is known of a column before it has a place.
struct Measure {
    title: usize,
    /// The widest word of the title.
    title_word: usize,
    /// The widest cell in full, and the widest in the shortest form that a cell may have.
    full: usize,
    undated: usize,
    least: usize,
    /// Whether all rows have the same.
    is_same: bool,
    ambiguous: HashSet<String>,
}

/// How much is shortened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Nothing.
    Full,
    /// Times are without their day.
    Undated,
    /// Titles are wrapped as well.
    Wrapped,
    /// Names are short, and prose is wrapped.
    Shortest,
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
    let mut measures: Vec<Measure> =
        (0..columns.len()).map(|at| Measure::of(&columns[at], at, rows, &begins, day.as_deref())).collect();
    // Rows can be seen, and counted, even where all are the same.
    let goes_above = |at: usize| measures[at].is_same && columns[at].priority != TableColumn::KEY;
    if (0..columns.len()).all(|at| goes_above(at) || columns[at].kind == ColumnKind::Bar) {
        measures.iter_mut().take(1).for_each(|first| first.is_same = false);
    }
    let mut plan = Plan { columns, measures: &measures, width, is_dated: day.is_some(), numbers: false };
    let lifts = |at: &usize| plan.is_lifted(*at);
    let lifted: Vec<usize> = (0..columns.len()).filter(lifts).collect();
    let (places, form, numbers) = match plan.fit() {
        Some((below, form)) => (plan.places(&below, form), form, plan.numbers),
        None => (plan.block(), Form::Full, false),
    };
    let is_block = !places.iter().any(|place| matches!(place, ColumnPlace::Beside(_)));
    let day = day.filter(|_| form != Form::Full);
    let mut above: Vec<String> = day.iter().map(|day| format!("{day} (UTC)")).collect();
    let is_above = |at: &usize| lifted.contains(at) || (numbers && plan.is_lifted(*at));
    above.extend((0..columns.len()).filter(is_above).filter_map(|at| {
        let value = begins.first().and_then(|row| row.get(at)).map(String::as_str).unwrap_or_default();
        let value = day.as_deref().map_or(Cow::Borrowed(value), |day| without_day(value, day).into());
        say_once(&columns[at], &value)
    }));
    let ambiguous = measures.into_iter().map(|it| it.ambiguous).collect();
    TableLayout { above, places, is_block, day, ambiguous }
}

/// What all rows have, in words.
fn say_once(column: &TableColumn, value: &str) -> Option<String> {
    match (&*column.title, value) {
        ("", "") => None,
        ("", value) => Some(value.to_owned()),
        // Not `no MFA`: that nothing is told is not that there was none.
        (title, "") => Some(format!("{title} -")),
        (title, value) => Some(format!("{title} {value}")),
    }
}

/// The day that all times of a table are of.
fn common_day(columns: &[TableColumn], rows: &[Vec<String>]) -> Option<String> {
    let times: Vec<usize> = (0..columns.len()).filter(|at| columns[*at].kind == ColumnKind::Time).collect();
    let cells = || rows.iter().flat_map(|row| times.iter().filter_map(|at| row.get(*at)));
    let mut days = cells().flat_map(|cell| days_of(cell));
    let day = days.next()?;
    days.all(|other| other == day).then(|| day.to_owned())
}

impl Measure {
    fn of(
        column: &TableColumn,
        at: usize,
        rows: &[Vec<String>],
        begins: &[&Vec<String>],
        day: Option<&str>,
    ) -> Self {
        let cells = || rows.iter().filter_map(|row| row.get(at)).map(String::as_str);
        let full = cells().map(width_of).max().unwrap_or_default();
        let widest = |form: &dyn Fn(&str) -> usize| cells().map(form).max().unwrap_or_default();
        let mut ambiguous = HashSet::new();
        let (undated, least) = match (column.kind, day) {
            (ColumnKind::Time, Some(day)) => {
                let undated = widest(&|cell| width_of(&without_day(cell, day)));
                (undated, undated)
            }
            (ColumnKind::Name, _) => {
                ambiguous = ambiguous_names(cells());
                (full, widest(&|cell| width_of(&cell_form(cell, &ambiguous, shortest_name))))
            }
            (ColumnKind::Prose, _) => (full, widest(&widest_part).max(full.min(PROSE))),
            _ => (full, full),
        };
        let is_same = begins.len() > 1
            && begins.iter().all(|row| row.get(at) == begins[0].get(at))
            // What goes on with a row may have something of its own.
            && (begins.len() == rows.len() || cells().all(|cell| cell.is_empty() || begins[0].get(at).is_some_and(|it| it == cell)));
        let title_word = words(&column.title).into_iter().map(|it| width_of(it.trim_end())).max();
        let title_word = title_word.unwrap_or_default();
        Self { title: width_of(&column.title), title_word, full, undated, least, is_same, ambiguous }
    }

    fn width(&self, form: Form) -> usize {
        match form {
            Form::Full => self.full.max(self.title),
            Form::Undated => self.undated.max(self.title),
            Form::Wrapped => self.undated.max(self.title_word),
            Form::Shortest => self.least.max(self.title_word),
        }
    }
}

/// The shortest forms that several names of a column would have.
fn ambiguous_names<'c>(cells: impl Iterator<Item = &'c str>) -> HashSet<String> {
    let mut names: HashMap<String, &str> = HashMap::new();
    let mut ambiguous = HashSet::new();
    for cell in cells {
        let Some(short) = shortest_name(cell) else { continue };
        match names.get(&short) {
            Some(other) if *other != cell => _ = ambiguous.insert(short),
            Some(_) => {}
            None => _ = names.insert(short, cell),
        }
    }
    ambiguous
}

/// A name in a shorter form, where that stands for no other name of its column.
fn cell_form<'c>(
    cell: &'c str,
    ambiguous: &HashSet<String>,
    form: impl Fn(&str) -> Option<String>,
) -> Cow<'c, str> {
    let is_clear = !shortest_name(cell).is_none_or(|short| ambiguous.contains(&short));
    match form(cell).filter(|_| is_clear) {
        Some(short) if width_of(&short) < width_of(cell) => short.into(),
        _ => cell.into(),
    }
}

/// A search for the places of columns.
struct Plan<'p> {
    columns: &'p [TableColumn],
    measures: &'p [Measure],
    width: usize,
    is_dated: bool,
    /// Whether numbers that are the same in all rows are said once as well: only where room is needed.
    numbers: bool,
}

impl Plan<'_> {
    fn is_lifted(&self, at: usize) -> bool {
        let (column, measure) = (&self.columns[at], &self.measures[at]);
        measure.is_same
            && column.priority != TableColumn::KEY
            && (self.numbers || column.kind != ColumnKind::Number)
            && (column.kind != ColumnKind::Bar)
    }

    /// Finds the columns that go below, as few and unimportant as can be, and the form of the others.
    fn fit(&mut self) -> Option<(Vec<usize>, Form)> {
        let full = if self.is_dated { Form::Undated } else { Form::Full };
        if self.fits(&[], Form::Full) {
            return Some((Vec::new(), Form::Full));
        }
        if self.fits(&[], full) {
            return Some((Vec::new(), full));
        }
        self.numbers = true;
        for below in self.choices() {
            for form in [full, Form::Wrapped, Form::Shortest] {
                if self.fits(&below, form) {
                    return Some((below, form));
                }
            }
        }
        None
    }

    /// The sets of columns that may go below, the cheapest first.
    fn choices(&self) -> Vec<Vec<usize>> {
        let may_move = |at: &usize| !self.is_lifted(*at) && self.columns[*at].priority != TableColumn::KEY;
        let movable: Vec<usize> = (0..self.columns.len()).filter(may_move).collect();
        let cost = |below: &Vec<usize>| {
            // A bar costs nothing: it is not shown then.
            let shown = below.iter().filter(|at| self.columns[**at].kind != ColumnKind::Bar);
            (shown.map(|at| u32::from(self.columns[*at].priority)).sum::<u32>(), below.len())
        };
        let mut choices: Vec<Vec<usize>> = if movable.len() > TRIED {
            (0..=movable.len()).map(|many| movable[movable.len() - many..].to_vec()).collect()
        } else {
            let has = |set: u32, bit: usize| set & (1 << bit) != 0;
            let of =
                |set: u32| (0..movable.len()).filter(|bit| has(set, *bit)).map(|bit| movable[bit]).collect();
            (0..1_u32 << movable.len()).map(of).collect()
        };
        if self.width < NARROW {
            choices.retain(|below| below.iter().all(|at| self.columns[*at].kind == ColumnKind::Bar));
        }
        choices.sort_by_cached_key(cost);
        choices
    }

    fn beside<'s>(&'s self, below: &'s [usize]) -> impl Iterator<Item = usize> + 's {
        (0..self.columns.len()).filter(|at| !below.contains(at) && !self.is_lifted(*at))
    }

    fn fits(&self, below: &[usize], form: Form) -> bool {
        let widths: Vec<usize> = self.beside(below).map(|at| self.measures[at].width(form)).collect();
        !widths.is_empty() && widths.iter().sum::<usize>() + GAP * (widths.len() - 1) <= self.width
    }

    /// Gives the columns their places; what room is left goes to those that were shortened, the important ones first.
    fn places(&self, below: &[usize], form: Form) -> Vec<ColumnPlace> {
        let mut places = vec![ColumnPlace::Above; self.columns.len()];
        for at in below {
            places[*at] = ColumnPlace::Below;
        }
        let mut beside: Vec<usize> = self.beside(below).collect();
        let used: usize = beside.iter().map(|at| self.measures[*at].width(form)).sum();
        let mut left = self.width.saturating_sub(used + GAP * beside.len().saturating_sub(1));
        beside.sort_by_key(|at| std::cmp::Reverse(self.columns[*at].priority));
        for at in beside {
            let least = self.measures[at].width(form);
            let most = if form == Form::Full { Form::Full } else { Form::Undated };
            let more = left.min(self.measures[at].width(most).saturating_sub(least));
            places[at] = ColumnPlace::Beside(least + more);
            left -= more;
        }
        places
    }

    fn block(&self) -> Vec<ColumnPlace> {
        let is_said = |at: usize| self.measures[at].is_same && self.columns[at].kind != ColumnKind::Number;
        let place = |at: usize| match is_said(at) && self.columns[at].priority != TableColumn::KEY {
            true => ColumnPlace::Above,
            false => ColumnPlace::Below,
        };
        (0..self.columns.len()).map(place).collect()
    }
}

impl TableLayout {
    /// Returns the lines of the title of a column that is so wide.
    pub(super) fn title_lines(column: &TableColumn, width: usize) -> Vec<String> {
        let mut lines = Lines::new(width);
        lines.add(&words(&column.title), "");
        lines.finish()
    }

    /// Returns the lines of a cell that stands beside others.
    pub(super) fn cell_lines(
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
                vec![cell_form(&cell, &self.ambiguous[at], |it| fit_name(it, width)).into_owned()]
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
    pub(super) fn lines_below(&self, columns: &[TableColumn], row: &[String], width: usize) -> Vec<String> {
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
            let cell = match &self.day {
                Some(day) if column.kind == ColumnKind::Time => without_day(&row[*at], day),
                _ => row[*at].clone(),
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
                _ => vec![cell.as_str()],
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of some rows, as it is written at a width.
    fn lines(columns: &[TableColumn], rows: &[&[&str]], width: usize) -> (Vec<String>, Vec<ColumnPlace>) {
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
        let layout = plan_layout(columns, &rows, width, false);
        let mut shown: Vec<String> = layout.above.clone();
        for row in &rows {
            let beside = layout.places.iter().enumerate().filter_map(|(at, place)| match place {
                ColumnPlace::Beside(width) => {
                    Some(layout.cell_lines(at, &columns[at], &row[at], *width).join("/"))
                }
                _ => None,
            });
            shown.push(beside.collect::<Vec<_>>().join("  "));
            shown.extend(layout.lines_below(columns, row, width));
        }
        (shown, layout.places)
    }

    fn columns() -> Vec<TableColumn> {
        vec![
            TableColumn::time("TIME").key(),
            TableColumn::new("WHO", ColumnKind::Name).priority(60),
            TableColumn::new("CALL", ColumnKind::Whole).priority(70),
            TableColumn::new("RESOURCE", ColumnKind::Name).priority(30),
            TableColumn::new("REGION", ColumnKind::Whole),
        ]
    }

    const ROWS: [&[&str]; 2] = [
        &[
            "2024-03-01T15:42:07Z",
            "alice",
            "DeleteObject",
            "S3::Object pay/2024/03/salaries.csv",
            "us-east-1",
        ],
        &["2024-03-01T15:42:08Z", "bob", "PutObject", "S3::Object pay/2024/03/bonus.csv", "us-east-1"],
    ];

    #[test]
    fn what_does_not_fit_is_said_once_then_shortened_then_moved() {
        use ColumnPlace::{Above, Below, Beside};
        let (shown, places) = lines(&columns(), &ROWS, 81);
        assert_eq!(places, [Beside(20), Beside(5), Beside(12), Beside(35), Above]);
        assert_eq!(shown[0], "REGION us-east-1");
        let (shown, places) = lines(&columns(), &ROWS, 70);
        assert_eq!(places[0], Beside(10));
        assert_eq!(shown[..2], ["2024-03-01 (UTC)", "REGION us-east-1"]);
        assert_eq!(shown[2], "15:42:07  alice  DeleteObject  S3::Object pay/2024/03/salaries.csv");
        let (shown, _) = lines(&columns(), &ROWS, 62);
        assert_eq!(shown[2], "15:42:07  alice  DeleteObject  S3::Object pay/…/salaries.csv");
        let long: [&[&str]; 2] = [
            ROWS[0],
            &[
                "2024-03-01T15:42:08Z",
                "bob",
                "PutObject",
                "S3::Object aReallyLongNameWithoutAnyPartsInIt.csv",
                "eu-west-1",
            ],
        ];
        let (shown, places) = lines(&columns(), &long, 62);
        assert_eq!(places[1..], [Beside(5), Beside(12), Below, Beside(9)]);
        assert_eq!(
            shown[3..],
            [
                "15:42:08  bob  PutObject  eu-west-1",
                "    RESOURCE S3::Object aReallyLongNameWithoutAnyPartsInIt.csv"
            ]
        );
    }

    #[test]
    fn a_narrow_terminal_gets_a_block_a_row() {
        let (shown, places) = lines(&columns(), &ROWS, 50);
        assert_eq!(places[..4], [ColumnPlace::Below; 4]);
        assert_eq!(
            shown[2..6],
            [
                "TIME (UTC)  2024-03-01T15:42:07Z",
                "WHO         alice",
                "CALL        DeleteObject",
                "RESOURCE    S3::Object pay/2024/03/salaries.csv",
            ]
        );
    }

    /// Two names that end alike would be one.
    #[test]
    fn names_that_would_look_alike_stay_whole() {
        let columns =
            [TableColumn::new("N", ColumnKind::Number).key(), TableColumn::new("NAME", ColumnKind::Name)];
        let path = "/with/a/long/path/in/the/middle/of/it/that/does/not/fit/file.csv";
        let (one, two) = (format!("first{path}"), format!("second{path}"));
        let (shown, places) = lines(&columns, &[&["1", &one], &["2", &two]], 60);
        assert_eq!(places[1], ColumnPlace::Below);
        assert!(shown[1].ends_with(&one) || shown[2].trim_start() == one, "{shown:?}");
        // One that is repeated is one name.
        let (shown, _) = lines(&columns, &[&["1", &one], &["2", &one], &["3", "x"]], 60);
        assert!(shown[0].contains('…') && shown[0].ends_with("/file.csv"), "{shown:?}");
    }

    #[test]
    fn what_all_rows_have_is_above_and_nothing_else() {
        let columns =
            [TableColumn::new("FROM", ColumnKind::Whole), TableColumn::new("MFA", ColumnKind::Whole)];
        let (shown, _) = lines(&columns, &[&["a", ""], &["b", ""]], 60);
        assert_eq!(shown, ["MFA -", "a", "b"]);
        // A table of one column keeps it: rows are counted.
        let (shown, _) = lines(&columns[..1], &[&["a"], &["a"]], 60);
        assert_eq!(shown, ["a", "a"]);
        let (shown, _) = lines(&columns, &[&["a", "b"]], 60);
        assert_eq!(shown, ["a  b"]);
    }
}
