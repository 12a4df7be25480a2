//! CSV files that hold records: the console's event history, results of CloudTrail Lake, Athena and Logs Insights,
//! exports of SIEMs. Each row becomes a line of JSON, which is read as any other.
//!
//! The form is that of RFC 4180, also with semicolons or tabs between the cells; `csv_core` reads it. What is its own
//! here: which separator it is, and that a row within which the file ends is damage, not a row.

use super::bytes::{Damage, SourceBytes};
use super::columns;
use super::inflate::{InflateFault, InflateStep};
use crate::error::Kind;
use csv_core::ReadRecordResult;
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
    let separator = detect_separator(row);
    let (_, Some(names)) = RowReader::new(separator).read(&head[..=end]) else { return false };
    let is_alone = names.len() == 1 && names[0].eq_ignore_ascii_case("message");
    !is_alone && names.iter().any(|name| columns::is_record_column(name))
        || columns::are_of_events(names.iter().map(String::as_str))
}

fn detect_separator(row: &[u8]) -> u8 {
    let count = |it: &u8| row.iter().filter(|byte| *byte == it).count();
    // The first of equals.
    [b',', b';', b'\t'].into_iter().rev().max_by_key(count).unwrap_or(b',')
}

/// Reads rows, a piece of the text after the other.
struct RowReader {
    reader: csv_core::Reader,
    /// The cells of the row that is being read, one behind the other, and where each ends; both with room behind.
    text: Vec<u8>,
    ends: Vec<usize>,
    /// How much of both is in use.
    text_length: usize,
    cells: usize,
    /// How much was read of the row.
    length: usize,
}

impl RowReader {
    fn new(separator: u8) -> Self {
        // A carriage return may stand in a cell; at the end of a row it is taken off.
        let line = csv_core::Terminator::Any(b'\n');
        Self {
            reader: csv_core::ReaderBuilder::new().delimiter(separator).terminator(line).build(),
            text: vec![0; 1 << 10],
            ends: vec![0; 1 << 5],
            text_length: 0,
            cells: 0,
            length: 0,
        }
    }

    /// Reads on, to the end of a row if there is one, and returns how far and the cells. No text stands for the end
    /// of the file, which ends any row.
    fn read(&mut self, text: &[u8]) -> (usize, Option<Vec<String>>) {
        let mut taken = 0;
        loop {
            let (result, read, written, cells) = self.reader.read_record(
                &text[taken..],
                &mut self.text[self.text_length..],
                &mut self.ends[self.cells..],
            );
            taken += read;
            self.length += read;
            self.text_length += written;
            self.cells += cells;
            match result {
                ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => return (taken, Some(self.take())),
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return (taken, None),
            }
        }
    }

    fn take(&mut self) -> Vec<String> {
        let starts = std::iter::once(&0).chain(&self.ends);
        let text =
            |(start, end): (&usize, &usize)| String::from_utf8_lossy(&self.text[*start..*end]).into_owned();
        let mut cells: Vec<String> = starts.zip(&self.ends[..self.cells]).map(text).collect();
        if let Some(last) = cells.last_mut().filter(|last| last.ends_with('\r')) {
            last.pop();
        }
        (self.text_length, self.cells, self.length) = (0, 0, 0);
        cells
    }
}

/// Makes lines of JSON of the rows.
#[derive(Default)]
pub(crate) struct CsvReader {
    buffer: Vec<u8>,
    at: usize,
    is_end: bool,
    rows: Option<RowReader>,
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
            let rows = self.rows.as_mut();
            if self.is_end {
                // Whatever was whole has ended with the line.
                if rows.is_some_and(|rows| rows.read(&[]).1.is_some()) {
                    return Err(InflateFault::Early);
                }
                if self.any {
                    return Ok(InflateStep::End);
                }
                self.any = true;
                buf.extend_from_slice(NO_ROW);
                return Ok(InflateStep::More);
            }
            if rows.is_some_and(|rows| rows.length > LONGEST) {
                let cause = "a row of the CSV is larger than the limit";
                return Err(InflateFault::Other(Damage::new(Kind::TooLarge, cause)));
            }
            self.buffer.clear();
            self.at = 0;
            while !self.is_end && self.buffer.len() < CHUNK {
                self.is_end = !bytes.fill(&mut self.buffer, CHUNK);
            }
            if self.is_end {
                // The last row need not end in a line break.
                self.buffer.push(b'\n');
            }
        }
    }

    /// Takes one row; false when there is none.
    fn row(&mut self, buf: &mut Vec<u8>) -> bool {
        if self.at == self.buffer.len() {
            return false;
        }
        let rows = self.rows.get_or_insert_with(|| {
            let line = memchr::memchr(b'\n', &self.buffer).unwrap_or(self.buffer.len());
            RowReader::new(detect_separator(&self.buffer[..line]))
        });
        let (length, cells) = rows.read(&self.buffer[self.at..]);
        self.at += length;
        let Some(cells) = cells else { return false };
        if self.names.is_empty() {
            self.names = cells;
        } else if cells.iter().all(String::is_empty) || cells == self.names {
            // An empty line, or the names again where files were put one behind the other.
        } else if cells.len() != self.names.len() {
            buf.extend_from_slice(BROKEN);
        } else {
            write_json_line(&self.names, cells, buf);
            self.any = true;
        }
        true
    }
}

/// Writes the line of one row: what its column of records holds, as an object, or the record that its columns make.
/// What does not suffice for a record is handed on to be named.
fn write_json_line(names: &[String], cells: Vec<String>, buf: &mut Vec<u8>) {
    let of_records = |(name, cell): &(&String, &String)| columns::is_record_column(name) && !cell.is_empty();
    let made = match names.iter().zip(&cells).find(of_records) {
        Some((name, cell)) => {
            let object = serde_json::Map::from_iter([(name.clone(), Value::from(cell.as_str()))]);
            serde_json::to_vec(&object).ok()
        }
        None => {
            let row = names.iter().zip(cells.iter().map(|cell| Value::from(cell.as_str())));
            columns::record_of_cells(row.clone()).or_else(|| {
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

    /// However the text comes in pieces, and whatever the room for it was.
    #[test]
    fn rows_are_the_same_wherever_the_text_is_cut() {
        let (long, many) = ("x".repeat(5000), "y,".repeat(100));
        let text = format!("a,b\n\"1 \"\"{long}\"\"\n2\",{long}\r\n\n{many}\"\n\"\nlast,");
        let read = |pieces: &[&str]| {
            let (mut reader, mut rows) = (RowReader::new(b','), Vec::new());
            for piece in pieces {
                let mut rest = piece.as_bytes();
                while !rest.is_empty() {
                    let (length, row) = reader.read(rest);
                    rows.extend(row);
                    rest = &rest[length..];
                }
            }
            rows.extend(reader.read(&[]).1);
            rows
        };
        let whole = read(&[&text]);
        assert_eq!(whole.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 101, 2]);
        assert_eq!(whole[1], [format!("1 \"{long}\"\n2"), long]);
        for at in (0..text.len()).filter(|at| at % 7 == 0 || text.as_bytes()[*at] != b'x') {
            let (one, other) = text.split_at(at);
            assert_eq!(read(&[one, other]), whole, "cut at {at}");
        }
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
        for text in ["a,eventName\n\"", "a,eventName\nb,\"\n", "a,eventName\n\"b\" \n\"b"] {
            assert!(!lines(text).1, "{text}");
        }
        let (text, ends) = lines("@timestamp,@message\n1,\"{\"\"a\"\":1}\"\n2,\"{");
        assert_eq!((text.as_str(), ends), ("{\"@message\":\"{\\\"a\\\":1}\"}\n", false));
    }
}
