//! RFC 4180: a header and one record an item, ended by CR LF.

use super::escape::csv_cell;
use super::fields::{cell_text, value_at_path};
use super::{Report, write_items};
use std::borrow::Cow;
use std::io;
use std::io::Write;

pub(super) fn write(out: &mut dyn Write, report: &Report<'_>, order: &[usize]) -> io::Result<()> {
    let all;
    let paths: Vec<&str> = match report.fields {
        [] => {
            all = report.view.fields();
            all.iter().map(AsRef::as_ref).collect()
        }
        paths => paths.iter().map(String::as_str).collect(),
    };
    let mut header = Vec::new();
    put_record(&mut header, paths.iter().map(|path| Cow::Borrowed(*path)));
    out.write_all(&header)?;
    write_items(out, report, order, &|text, number| {
        let item = report.view.item(order[number]);
        put_record(text, paths.iter().map(|path| cell_text(value_at_path(&item, path))));
        Ok(())
    })
}

/// Adds one record.
pub(super) fn put_record<'c>(text: &mut Vec<u8>, cells: impl Iterator<Item = Cow<'c, str>>) {
    for (number, cell) in cells.enumerate() {
        text.extend_from_slice(if number == 0 { b"" } else { b"," });
        text.extend_from_slice(csv_cell(&cell).as_bytes());
    }
    text.extend_from_slice(b"\r\n");
}
