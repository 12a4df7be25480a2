//! Finds the places of columns.

use super::measure::{ColumnMeasure, Form};
use super::{ColumnPlace, GAP};
use crate::render::view::{ColumnKind, TableColumn};
use std::cmp::Reverse;

/// A terminal that is narrower has no room for two lines a row.
const NARROW: usize = 60;
/// So many columns are tried in each combination; of more the last go first.
const TRIED: usize = 10;

/// Where columns stand, and in which form.
pub(super) struct ColumnFit {
    pub(super) places: Vec<ColumnPlace>,
    pub(super) form: Form,
}

impl ColumnFit {
    /// Finds the fit that loses least: nothing, then by shorter forms, then by columns that go below, as few and
    /// unimportant as can be; else a block.
    pub(super) fn find(columns: &[TableColumn], measures: &[ColumnMeasure], width: usize) -> Self {
        let mut search = Search { columns, measures, width, lifts_numbers: false };
        for form in [Form::Full, Form::Undated] {
            if search.fits(&[], form) {
                return Self { places: search.places(&[], form), form };
            }
        }
        search.lifts_numbers = true;
        for below in search.choices() {
            for form in [Form::Undated, Form::Wrapped, Form::Shortest] {
                if search.fits(&below, form) {
                    return Self { places: search.places(&below, form), form };
                }
            }
        }
        search.lifts_numbers = false;
        let place = |at| if search.is_lifted(at) { ColumnPlace::Above } else { ColumnPlace::Below };
        Self { places: (0..columns.len()).map(place).collect(), form: Form::Full }
    }
}

/// A search for the places of columns.
struct Search<'s> {
    columns: &'s [TableColumn],
    measures: &'s [ColumnMeasure],
    width: usize,
    /// Whether numbers that are the same in all rows are said once as well: only where room is needed.
    lifts_numbers: bool,
}

impl Search<'_> {
    fn is_lifted(&self, at: usize) -> bool {
        let kind = self.columns[at].kind;
        self.measures[at].is_same
            && self.columns[at].priority != TableColumn::KEY
            && (self.lifts_numbers || kind != ColumnKind::Number)
            && kind != ColumnKind::Bar
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
        beside.sort_by_key(|at| Reverse(self.columns[*at].priority));
        for at in beside {
            let least = self.measures[at].width(form);
            let most = if form == Form::Full { Form::Full } else { Form::Undated };
            let more = left.min(self.measures[at].width(most).saturating_sub(least));
            places[at] = ColumnPlace::Beside(least + more);
            left -= more;
        }
        places
    }
}
