//! CSV files that hold records: the console's event history, results of CloudTrail Lake, Athena and Logs Insights,
//! exports of SIEMs. Each row becomes a line of JSON, which is read as any other.
//!
//! The form is that of RFC 4180, also with semicolons or tabs between the cells.

use super::bytes::{Damage, SourceBytes};
use super::columns;
use super::inflate::{InflateFault, InflateStep};
use crate::error::Kind;
use serde_json::Value;

/// How much is looked at of a text for its first row.
pub(crate) const HEADER: usize = 64 << 10;

/// The longest row.
const LONGEST: usize = 64 << 20;

/// How much is read at a time.
const CHUNK: usize = 64 << 10;

/// A line that no reader takes for a record, and counts.
const BROKEN: &[u8] = b"[null]\n";

/// What stands for an export without a whole row: that it is one is known.
const NO_ROW: &[u8] = b"{\"Records\":[]}\n";

/// Returns whether a text begins with the names of columns that hold records, or the text of records.
pub(crate) fn is_export(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    // Most files are JSON.
    if matches!(head.first(), None | Some(b'{' | b'[')) {
        return false;
    }
    let Some(end) = memchr::memchr(b'\n', head) else { return false };
    let row = &head[..end];
    let separator = separator(row);
    let FirstRow::Cells(names, _) = cut(&head[..=end], separator, false) else { return false };
    let is_alone = names.len() == 1 && names[0].eq_ignore_ascii_case("message");
    !is_alone && names.iter().any(|name| columns::is_record_column(name))
        || columns::are_of_events(names.iter().map(String::as_str))
}

fn separator(row: &[u8]) -> u8 {
    let count = |it: &u8| row.iter().filter(|byte| *byte == it).count();
    // The first of equals.
    [b',', b';', b'\t'].into_iter().rev().max_by_key(count).unwrap_or(b',')
}

/// What a text begins with.
enum FirstRow {
    /// The cells of a row, and how long it is.
    Cells(Vec<String>, usize),
    /// The row does not end in it.
    Open,
}

/// Cuts the first row into cells; at the end of the file it need not end in a line break.
fn cut(text: &[u8], separator: u8, is_end: bool) -> FirstRow {
    let (mut cells, mut cell) = (Vec::new(), Vec::new());
    let (mut at, mut quoted) = (0, false);
    let whole = |cell: &mut Vec<u8>| String::from_utf8_lossy(&std::mem::take(cell)).into_owned();
    while let Some(&byte) = text.get(at) {
        at += 1;
        match byte {
            b'"' if quoted && text.get(at) == Some(&b'"') => {
                cell.push(b'"');
                at += 1;
            }
            b'"' if quoted => quoted = false,
            b'"' if cell.is_empty() => quoted = true,
            _ if quoted => cell.push(byte),
            b'\n' => {
                if cell.last() == Some(&b'\r') {
                    cell.pop();
                }
                cells.push(whole(&mut cell));
                return FirstRow::Cells(cells, at);
            }
            _ if byte == separator => cells.push(whole(&mut cell)),
            _ => cell.push(byte),
        }
    }
    if !is_end || quoted || text.is_empty() {
        return FirstRow::Open;
    }
    cells.push(whole(&mut cell));
    FirstRow::Cells(cells, at)
}

/// Makes lines of JSON of the rows.
#[derive(Default)]
pub(crate) struct CsvReader {
    buffer: Vec<u8>,
    at: usize,
    /// The length of what is there in vain: more has to come before a row is looked for again.
    tried: usize,
    is_end: bool,
    separator: u8,
    names: Vec<String>,
    /// Whether there was any whole row.
    any: bool,
}

impl CsvReader {
    /// Reads some, and appends the lines of whole rows.
    pub(crate) fn step(
        &mut self,
        bytes: &mut SourceBytes<'_>,
        buf: &mut Vec<u8>,
        max: usize,
    ) -> Result<InflateStep, InflateFault> {
        let before = buf.len();
        loop {
            while self.row(buf) {
                if buf.len() - before >= max {
                    return Ok(InflateStep::More);
                }
            }
            if buf.len() > before {
                return Ok(InflateStep::More);
            }
            if self.is_end {
                let rest = &self.buffer[self.at..];
                if !rest.is_empty() {
                    return Err(InflateFault::Early);
                }
                if self.any {
                    return Ok(InflateStep::End);
                }
                self.any = true;
                buf.extend_from_slice(NO_ROW);
                return Ok(InflateStep::More);
            }
            self.buffer.drain(..self.at);
            self.at = 0;
            if self.buffer.len() > LONGEST {
                let cause = "a row of the CSV is larger than the limit";
                return Err(InflateFault::Other(Damage::new(Kind::TooLarge, cause)));
            }
            // Twice as much each time, so that a long row is not read again for every chunk.
            let wanted = (self.buffer.len() * 2).max(CHUNK);
            while !self.is_end && self.buffer.len() < wanted {
                self.is_end = !bytes.fill(&mut self.buffer, CHUNK);
            }
        }
    }

    /// Takes one row; false when there is none.
    fn row(&mut self, buf: &mut Vec<u8>) -> bool {
        if self.at == 0 && self.names.is_empty() {
            if self.buffer.starts_with(b"\xef\xbb\xbf") {
                self.at = 3;
            }
            let line = memchr::memchr(b'\n', &self.buffer).unwrap_or(self.buffer.len());
            self.separator = separator(&self.buffer[..line]);
        }
        let rest = &self.buffer[self.at..];
        if rest.is_empty() || (!self.is_end && rest.len() == self.tried) {
            return false;
        }
        let FirstRow::Cells(cells, length) = cut(rest, self.separator, self.is_end) else {
            self.tried = rest.len();
            return false;
        };
        self.tried = 0;
        self.at += length;
        if self.names.is_empty() {
            self.names = cells;
        } else if cells.iter().all(String::is_empty) || cells == self.names {
            // An empty line, or the names again where files were put one behind the other.
        } else if cells.len() != self.names.len() {
            buf.extend_from_slice(BROKEN);
        } else {
            line(&self.names, cells, buf);
            self.any = true;
        }
        true
    }
}

/// Writes the line of one row: what its column of records holds, as an object, or the record that its columns make.
/// What does not suffice for a record is handed on to be named.
fn line(names: &[String], cells: Vec<String>, buf: &mut Vec<u8>) {
    let of_records = |(name, cell): &(&String, &String)| columns::is_record_column(name) && !cell.is_empty();
    let made = match names.iter().zip(&cells).find(of_records) {
        Some((name, cell)) => {
            let object = serde_json::Map::from_iter([(name.clone(), Value::from(cell.as_str()))]);
            serde_json::to_vec(&object).ok()
        }
        None => {
            let row = names.iter().zip(cells.iter().map(|cell| Value::from(cell.as_str())));
            columns::record(row.clone()).or_else(|| {
                let row = row.map(|(name, value)| (format!("column {name}"), value));
                serde_json::to_vec(&serde_json::Map::from_iter(row)).ok()
            })
        }
    };
    buf.extend(made.unwrap_or_default());
    buf.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> (String, bool) {
        let mut out = Vec::new();
        let mut csv = CsvReader::default();
        let mut bytes = SourceBytes::read(text.as_bytes());
        let ends = loop {
            match csv.step(&mut bytes, &mut out, 1 << 10) {
                Ok(InflateStep::More) => {}
                Ok(InflateStep::End) => break true,
                Err(_) => break false,
            }
        };
        (String::from_utf8(out).unwrap(), ends)
    }

    #[test]
    fn exports_are_known_by_their_columns() {
        for head in [
            "Event ID,Event time,User name,Event name,Event source\n",
            "\u{feff}\"eventname\",\"eventsource\",\"eventtime\"\r\n",
            "eventName;eventSource;eventID\n",
            "@timestamp,@message\n",
            "\"_raw\",\"_time\"\n",
            "eventJson\n",
            "Event name,Event time\n",
        ] {
            assert!(is_export(head.as_bytes()), "{head}");
        }
        for head in [
            "",
            "a,b\n",
            "eventName,count\n",
            "message\n",
            "{\"eventName\":1,\n",
            "eventName,eventSource,eventTime",
            "eventName,eventSource,count\n",
        ] {
            assert!(!is_export(head.as_bytes()), "{head}");
        }
    }

    #[test]
    fn rows_become_lines() {
        let (text, ends) = lines(
            "eventName,eventSource,eventID,userAgent\r\nA,s,1,\"a, \"\"b\"\"\nc\"\r\n\r\nB,s,2\nC,s,3,\neventName,eventSource,eventID,userAgent\nD,s,4,x",
        );
        assert_eq!(
            text,
            "{\"eventName\":\"A\",\"eventSource\":\"s\",\"eventID\":\"1\",\"userAgent\":\"a, \\\"b\\\"\\nc\"}\n[null]\n{\"eventName\":\"C\",\"eventSource\":\"s\",\"eventID\":\"3\"}\n{\"eventName\":\"D\",\"eventSource\":\"s\",\"eventID\":\"4\",\"userAgent\":\"x\"}\n"
        );
        assert!(ends);
        let (text, ends) = lines("@timestamp,@message\n1,\"{\"\"a\"\":1}\"\n2,\"{");
        assert_eq!((text.as_str(), ends), ("{\"@message\":\"{\\\"a\\\":1}\"}\n", false));
    }
}
