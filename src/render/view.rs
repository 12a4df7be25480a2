//! How an answer shows itself: as items for programs, as sections for people.

use super::{OutputStyle, json};
use comfy_table::CellAlignment;
use serde_json::Value;
use std::borrow::Cow;
use std::io;
use std::io::Write;

/// An answer that can be written in every form.
///
/// Its items are what JSON lines and CSV hold, what `--limit` and `--reverse` count, and what `--fields`
/// chooses from. Threads make them, each some.
pub trait View: Sync {
    /// Returns how many items there are.
    fn len(&self) -> usize;

    /// Returns whether there is none: nothing matched.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns one item.
    fn item(&self, index: usize) -> Value;

    /// Adds one item as JSON, on one line.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    fn put(&self, index: usize, line: &mut Vec<u8>) -> io::Result<()> {
        json::put_value(line, &self.item(index))
    }

    /// Returns the paths that lead to one value of an item each: the columns of CSV.
    fn fields(&self) -> Vec<Cow<'static, str>>;

    /// Returns what people see of the items at `order`.
    fn sections(&self, order: &[usize], style: OutputStyle) -> Vec<TableSection>;

    /// Returns the whole answer, where that is more than a list of its items.
    fn document(&self) -> Option<Value> {
        None
    }

    /// Writes the answer as a graph of DOT, where it is one.
    fn dot(&self, _out: &mut dyn Write) -> Option<io::Result<()>> {
        None
    }

    /// Returns the record that an item was made of, byte for byte.
    fn raw(&self, _index: usize) -> Option<&[u8]> {
        None
    }
}

/// A part of an answer as people see it. All text is escaped when it is written.
#[derive(Clone, Debug, Default)]
pub struct TableSection {
    /// What stands above it.
    pub title: Option<String>,
    /// Lines that stand for themselves, below the title.
    pub lines: Vec<String>,
    /// The columns of the table below them, if there is one.
    pub columns: Vec<TableColumn>,
    /// The cells of the table, as many in each row as there are columns.
    pub rows: Vec<Vec<String>>,
    /// Whether a row whose first cell is empty goes on with what the row above it tells.
    pub continues: bool,
    /// Whether its lines are a script: only comments may be wrapped, for a wrapped command is another one.
    pub is_script: bool,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct TableColumn {
    /// What stands above it.
    pub title: Cow<'static, str>,
    /// What its cells hold, and so how they may be fitted to a narrow terminal.
    pub kind: ColumnKind,
    /// What it costs to show it on a line below its row: where not all fits, the columns go there that cost least.
    pub priority: u8,
    /// Whether its cells need no title where they stand on a line of their own.
    pub explains_itself: bool,
}

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Times in UTC, perhaps with words around them. Where all are of one day it may stand above the table.
    Time,
    /// What is never cut or wrapped: a call, an address, an account, an id, a word.
    Whole,
    /// An error code. It is never cut either.
    Error,
    /// A name or path. Where it is long the part in front of its last segment may be left out.
    Name,
    /// Text that may be wrapped between words.
    Prose,
    /// A number.
    Number,
    /// A picture of the numbers beside it, which is left out where it does not fit.
    Bar,
}

impl TableColumn {
    /// What a column costs that never leaves its row: the row is known by it.
    pub const KEY: u8 = u8::MAX;

    /// Makes a column. What it costs to move it is middling, unless [`TableColumn::priority`] is set.
    pub fn new(title: impl Into<Cow<'static, str>>, kind: ColumnKind) -> Self {
        Self { title: title.into(), kind, priority: 10, explains_itself: false }
    }

    /// Makes a column of times, whose title says of which zone they are.
    pub fn time(title: &str) -> Self {
        Self::new(format!("{title} (UTC)"), ColumnKind::Time).priority(20)
    }

    /// Makes the column one by which rows are known.
    pub fn key(self) -> Self {
        self.priority(Self::KEY)
    }

    /// Sets what it costs to move the column.
    pub fn priority(self, priority: u8) -> Self {
        Self { priority, ..self }
    }

    /// Makes the column one whose cells need no title on a line of their own.
    pub fn explaining_itself(self) -> Self {
        Self { explains_itself: true, ..self }
    }

    pub(super) fn alignment(&self) -> CellAlignment {
        if self.kind == ColumnKind::Number { CellAlignment::Right } else { CellAlignment::Left }
    }
}
