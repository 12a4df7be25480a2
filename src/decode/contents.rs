//! Reads the records of one stream and judges what it was: a log, read in full
//! or in part, something else that is known, or a file that could not be used.

use super::records::{self, End, Record, Tally};
use super::{Damage, Limits, Stream};
use crate::error::{Kind, Trouble};
use crate::input::{Folder, Key};

/// What a stream turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contents {
    /// A log, read in full.
    Log,
    /// A log of which a part could be used.
    Part(Vec<Trouble>),
    /// Nothing could be used.
    Unreadable(Vec<Trouble>),
    /// Something that is no log and does not promise to be one.
    Other(Other),
}

/// What a file may be that is no log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Other {
    Digest,
    Insight,
    Aggregated,
    Config,
    Unknown,
}

/// Reads one stream, handing each record to `visit`.
pub fn read(
    stream: &mut Stream<'_>,
    limits: &Limits,
    buffer: &mut Vec<u8>,
    visit: &mut dyn FnMut(Record<'_>),
) -> (Contents, Tally) {
    let mut fill = |buffer: &mut Vec<u8>| stream.fill(buffer);
    let (tally, end) = records::walk(buffer, limits.record, &mut fill, visit);
    let contents = judge(stream.name(), stream.asked(), &tally, end, stream.damage());
    (contents, tally)
}

fn judge(name: &str, asked: bool, tally: &Tally, end: End, damage: &[Damage]) -> Contents {
    let used = (tally.records > 0).then_some(tally.records);
    let trouble =
        |kind: Kind, cause: String| Trouble { file: name.to_owned(), kind, cause, records_used: used };
    let mut troubles: Vec<Trouble> = damage.iter().map(|it| trouble(it.kind, it.cause.clone())).collect();
    let is_known =
        tally.records + tally.insights + tally.aggregated + tally.digests + tally.config + tally.empty > 0;
    let expected = asked || promises_log(name);
    match end {
        End::Whole => {}
        // What the stream lacks, the document lacks: one trouble says both.
        End::Cut(_) if damage.iter().any(|it| it.kind != Kind::TrailingData) => {}
        End::Cut(at) => {
            troubles.push(trouble(Kind::Truncated, format!("the JSON ends early, after {at} whole bytes")))
        }
        End::Broken(at) => {
            troubles.push(trouble(Kind::BadRecord, format!("the JSON is broken at byte {at}")))
        }
        End::TooLarge(at) => {
            troubles
                .push(trouble(Kind::TooLarge, format!("the record at byte {at} is larger than the limit")));
        }
    }
    if !is_known && !expected {
        // A picture or a readme beside the logs is none of our business, whatever is wrong with it.
        return Contents::Other(Other::Unknown);
    }
    if tally.bad > 0 {
        let first = tally.first_bad.unwrap_or_default();
        let cause = format!("{} not a JSON object, the first at place {first}", elements(tally.bad));
        troubles.push(trouble(Kind::BadRecord, cause));
    }
    if is_known && tally.stray_lines > 0 {
        troubles
            .push(trouble(Kind::BadRecord, format!("{} text that is not JSON", lines(tally.stray_lines))));
    }
    if !is_known && troubles.is_empty() {
        let is_json = tally.foreign > 0 && tally.stray_lines == 0;
        if is_json && !asked && Key::parse(name).is_none() {
            return Contents::Other(Other::Unknown);
        }
        let cause = match tally {
            Tally { foreign: 1.., .. } => "the JSON in it holds no CloudTrail record",
            Tally { stray_lines: 1.., .. } => "the content is neither compressed nor JSON",
            _ => "it holds no data",
        };
        let kind = if tally.foreign + tally.stray_lines > 0 { Kind::NotALog } else { Kind::Empty };
        troubles.push(trouble(kind, cause.to_owned()));
    }
    match (tally.records, troubles.is_empty()) {
        (1.., true) => Contents::Log,
        (1.., false) => Contents::Part(troubles),
        (0, false) => Contents::Unreadable(troubles),
        (0, true) => other(tally),
    }
}

fn other(tally: &Tally) -> Contents {
    match tally {
        Tally { digests: 1.., .. } => Contents::Other(Other::Digest),
        Tally { insights: 1.., .. } => Contents::Other(Other::Insight),
        Tally { aggregated: 1.., .. } => Contents::Other(Other::Aggregated),
        Tally { config: 1.., .. } => Contents::Other(Other::Config),
        _ => Contents::Log,
    }
}

/// Returns whether a name says that there is a log inside: CloudTrail's own grammar, or an
/// ending that exports have.
fn promises_log(name: &str) -> bool {
    const ENDS: [&str; 9] =
        [".json", ".jsonl", ".ndjson", ".gz", ".zst", ".zip", ".tar", ".tgz", ".json.bz2"];
    if let Some(key) = Key::parse(name) {
        return !matches!(key.folder, Folder::Other);
    }
    let name = name.to_ascii_lowercase();
    ENDS.iter().any(|end| name.ends_with(end))
}

fn elements(count: u64) -> String {
    if count == 1 { "1 element is".to_owned() } else { format!("{count} elements are") }
}

fn lines(count: u64) -> String {
    if count == 1 { "1 line is".to_owned() } else { format!("{count} lines are") }
}
