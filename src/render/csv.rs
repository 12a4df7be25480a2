//! RFC 4180: a header and one record an item, ended by CR LF.

use super::escape::csv_cell;
use super::fields::{at, cell};
use super::view::View;
use std::borrow::Cow;
use std::io::{self, Write};

pub(super) fn write(
    out: &mut dyn Write,
    view: &dyn View,
    order: &[usize],
    paths: &[String],
) -> io::Result<()> {
    let all;
    let paths: Vec<&str> = match paths {
        [] => {
            all = view.fields();
            all.iter().map(AsRef::as_ref).collect()
        }
        paths => paths.iter().map(String::as_str).collect(),
    };
    let mut line = String::new();
    record(out, &mut line, paths.iter().map(|path| Cow::Borrowed(*path)))?;
    for index in order {
        let item = view.item(*index);
        record(out, &mut line, paths.iter().map(|path| cell(at(&item, path))))?;
    }
    Ok(())
}

/// Writes one record; `line` is room for it.
pub(super) fn record<'c>(
    out: &mut dyn Write,
    line: &mut String,
    cells: impl Iterator<Item = Cow<'c, str>>,
) -> io::Result<()> {
    line.clear();
    for (number, text) in cells.enumerate() {
        line.push_str(if number == 0 { "" } else { "," });
        line.push_str(&csv_cell(&text));
    }
    line.push_str("\r\n");
    out.write_all(line.as_bytes())
}
