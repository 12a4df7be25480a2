//! What is told of the event behind a value: who made the call, and where it was asked for what is proven of
//! its files and who stands behind the caller.

use super::rows::row_column;
use super::view::TableColumn;
use crate::answer::{History, Row};
use crate::timeline::{StepOrigin, event_of};
use serde_json::{Value, json};

/// The events behind values.
#[derive(Clone, Copy)]
pub struct Provenance<'h> {
    history: &'h History,
    /// Whether the files of the events were verified.
    pub verified: bool,
    /// Whether it was asked who stands behind the callers.
    pub traced: bool,
}

impl<'h> Provenance<'h> {
    /// Tells of the events of a history, of which rows are kept where more than their names is asked.
    pub fn new(history: &'h History, verified: bool, traced: bool) -> Self {
        Self { history, verified, traced }
    }

    fn row(&self, by: &StepOrigin) -> Option<&'h Row> {
        self.history.row(by)
    }

    /// Returns what is proven of the files of an event.
    pub fn verdict(&self, by: &StepOrigin) -> Option<&'static str> {
        self.row(by)?.verdict
    }

    /// Returns whether items have a field: some only where more was asked.
    pub(super) fn has(&self, field: &str) -> bool {
        (self.verified || !field.ends_with("verdict")) && (self.traced || !field.contains(".origin."))
    }

    /// Tells of an event, for programs.
    pub(super) fn event(&self, by: &StepOrigin) -> Value {
        let mut told = event_of(by);
        let (Some(object), Some(row)) = (told.as_object_mut(), self.row(by)) else { return told };
        if self.verified {
            object.insert("verdict".to_owned(), json!(row.verdict));
        }
        if self.traced {
            object.insert("origin".to_owned(), json!(row.actor.origin));
        }
        told
    }

    /// Returns the columns that tell of events more than who and when.
    pub(super) fn columns(&self) -> Vec<TableColumn> {
        let mut columns = Vec::new();
        columns.extend(self.traced.then(|| row_column("ORIGIN", "origin")));
        columns.extend(self.verified.then(|| row_column("VERDICT", "verdict")));
        columns
    }

    /// Returns the cells of these columns.
    pub(super) fn cells(&self, by: Option<&StepOrigin>) -> Vec<String> {
        let row = by.and_then(|by| self.row(by));
        let mut cells = Vec::new();
        if self.traced {
            cells.push(row.map(super::rows::origin_cell).unwrap_or_default());
        }
        if self.verified {
            cells.push(row.and_then(|row| row.verdict).unwrap_or_default().to_owned());
        }
        cells
    }
}
