//! RFC 4180: a header and one record an item, ended by CR LF.

use super::escape::csv_cell;
use super::fields::{at, cell};
use super::view::View;
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
    record(out, paths.iter().map(|path| (*path).to_owned()))?;
    for index in order {
        let item = view.item(*index);
        record(out, paths.iter().map(|path| cell(&at(&item, path))))?;
    }
    Ok(())
}

fn record(out: &mut dyn Write, cells: impl Iterator<Item = String>) -> io::Result<()> {
    let cells: Vec<String> = cells.map(|text| csv_cell(&text)).collect();
    write!(out, "{}\r\n", cells.join(","))
}
