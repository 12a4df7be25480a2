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
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct TableColumn {
    /// What stands above it.
    pub title: Cow<'static, str>,
    /// How its cells look.
    pub look: CellStyle,
}

/// How a cell looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellStyle {
    /// Text, cut where it is long.
    Text,
    /// Text in full.
    Full,
    /// A number.
    Number,
    /// What went wrong.
    Error,
}

impl TableColumn {
    /// Makes a column.
    pub fn new(title: impl Into<Cow<'static, str>>, look: CellStyle) -> Self {
        Self { title: title.into(), look }
    }

    pub(super) fn alignment(&self) -> CellAlignment {
        if self.look == CellStyle::Number { CellAlignment::Right } else { CellAlignment::Left }
    }
}
