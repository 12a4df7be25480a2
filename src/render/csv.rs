//! RFC 4180: a header and one record a row, ended by CR LF.

use super::escape::csv_cell;
use super::fields::{FIELDS, at, cell};
use crate::answer::Row;
use std::io::{self, Write};

pub(super) fn write(out: &mut dyn Write, rows: &[&Row], paths: &[String]) -> io::Result<()> {
    let paths: Vec<&str> =
        if paths.is_empty() { FIELDS.to_vec() } else { paths.iter().map(String::as_str).collect() };
    record(out, paths.iter().map(|path| (*path).to_owned()))?;
    for row in rows {
        let row = serde_json::to_value(row).unwrap_or_default();
        record(out, paths.iter().map(|path| cell(&at(&row, path))))?;
    }
    Ok(())
}

fn record(out: &mut dyn Write, cells: impl Iterator<Item = String>) -> io::Result<()> {
    let cells: Vec<String> = cells.map(|text| csv_cell(&text)).collect();
    write!(out, "{}\r\n", cells.join(","))
}
