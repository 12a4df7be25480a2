//! Reads the records of one stream and judges what it was: a log, read in full
//! or in part, something else that is known, or a file that could not be used.

use super::fast_count::RecordStarts;
use super::fixed_fields::FixedFields;
use super::record::{EndFields, RecordCounts, RecordVisitor};
use super::records;
use super::split_delivered::RecordSpans;
use crate::container::bytes::group_digits;
use crate::container::{Damage, Limits, Stream};
use crate::error::{Kind, Trouble};
use crate::input::{Folder, Key};

/// What a stream turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamKind {
    /// A log, read in full.
    Log,
    /// A log of which a part could be used.
    Part(Vec<Trouble>),
    /// Nothing could be used.
    Unreadable(Vec<Trouble>),
    /// Something that is no log and does not promise to be one.
    Other(NonLogKind),
}

impl StreamKind {
    /// Returns whether the bytes were damaged in a way that may have changed what is in the records.
    pub fn is_doubtful(&self) -> bool {
        matches!(self, Self::Part(troubles) if troubles.iter().any(|it| it.kind == Kind::Corrupt))
    }

    /// Returns whether it is nothing that is known, or was given as a log and is none.
    pub fn is_no_log(&self) -> bool {
        match self {
            Self::Other(other) => *other == NonLogKind::Unknown,
            Self::Unreadable(troubles) => troubles.iter().any(|it| it.kind == Kind::NotALog),
            Self::Log | Self::Part(_) => false,
        }
    }
}

/// What a file may be that is no log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum NonLogKind {
    Digest,
    Insight,
    Aggregated,
    Config,
    ConfigNews,
    Service,
    Unknown,
}

/// What a walk over a stream met, and how it ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScanSummary {
    /// What was met.
    pub tally: RecordCounts,
    end: EndFields,
}

/// What reading a stream needs and is used again for the next; one a thread.
#[derive(Default)]
pub struct ScanBuffers {
    /// What was read of a stream that is not in memory as a whole.
    pub(crate) buffer: Vec<u8>,
    cuts: RecordSpans,
    marks: RecordStarts,
}

/// Hands what can be seen of the records of a file to `visit`, which says whether to go on, where it is enough
/// to count them: nothing is read of what lies deeper. False when it was stopped, or when the file has not
/// CloudTrail's own form; then [`read_records`] has to read it, and what was handed on by then is void.
pub fn count_without_splitting<'c>(
    content: &'c [u8],
    limits: &Limits,
    work: &mut ScanBuffers,
    visit: &mut dyn FnMut(&FixedFields<'c>) -> bool,
) -> bool {
    work.marks.count_without_splitting(content, limits.record, visit)
}

/// Reads one stream, handing each record to `visit`.
pub fn read_records(
    stream: &mut Stream<'_>,
    limits: &Limits,
    work: &mut ScanBuffers,
    visit: &mut RecordVisitor<'_>,
) -> (StreamKind, ScanSummary) {
    let walked = match stream.whole() {
        Some(content) => {
            let (tally, end) = records::walk_whole(content, limits, &mut work.cuts, visit);
            ScanSummary { tally, end }
        }
        None => scan_records(work, limits, &mut |buffer| stream.fill(buffer), visit),
    };
    (classify_stream(stream, &walked), walked)
}

/// Walks over the bytes that `fill` appends (false at the end), handing each record to `visit`.
pub fn scan_records(
    work: &mut ScanBuffers,
    limits: &Limits,
    fill: &mut dyn FnMut(&mut Vec<u8>) -> bool,
    visit: &mut RecordVisitor<'_>,
) -> ScanSummary {
    let buffer = &mut work.buffer;
    let (tally, end) = records::walk_stream(buffer, limits, fill, visit, None);
    if let EndFields::Broken(_) = end {
        // It may be the bytes that are broken: their checksum stands at the end.
        buffer.clear();
        while fill(buffer) {
            buffer.clear();
        }
    }
    ScanSummary { tally, end }
}

/// Hands every document of AWS Config in a stream to `visit`, whatever it is wrapped in: a history, a snapshot, or a
/// notification that holds an item. True if there was any.
pub fn config_documents(
    stream: &mut Stream<'_>,
    limits: &Limits,
    work: &mut ScanBuffers,
    visit: &mut dyn FnMut(&[u8]),
) -> bool {
    let fill = &mut |buffer: &mut Vec<u8>| stream.fill(buffer);
    let (tally, _) = records::walk_stream(&mut work.buffer, limits, fill, &mut |_| Ok(()), Some(visit));
    tally.config > 0
}

/// Judges what a stream was, once it is walked over.
pub fn classify_stream(stream: &Stream<'_>, walked: &ScanSummary) -> StreamKind {
    judge_contents(stream.name(), stream.is_explicit(), &walked.tally, walked.end, stream.damage())
}

fn judge_contents(
    name: &str,
    asked: bool,
    tally: &RecordCounts,
    end: EndFields,
    damage: &[Damage],
) -> StreamKind {
    // Whoever collects logs may put members one behind the other, as Firehose does; CloudTrail does not.
    let is_own = tally.own > 0 || tally.known() == 0;
    let damage: Vec<&Damage> = damage.iter().filter(|it| is_own || !it.is_second_member()).collect();
    let is_known = tally.known() > 0;
    let is_unread = tally.unread > 0 || (!is_known && tally.unread_text);
    // A picture or a readme beside the logs is none of our business, whatever its text looks like.
    let is_told = is_known || is_unread || tally.too_large + tally.damaged + tally.ocsf > 0;
    if !is_told && damage.is_empty() && !asked && !promises_log(name) {
        return StreamKind::Other(NonLogKind::Unknown);
    }
    let mut causes: Vec<(Kind, String)> = damage.iter().map(|it| (it.kind, it.cause.clone())).collect();
    // What damaged bytes lack or garble, the JSON lacks or garbles: one trouble says both.
    if !damage.iter().any(|it| it.kind != Kind::TrailingData) {
        causes.extend(end_cause(end));
        causes.extend(element_causes(tally, is_known));
    }
    causes.extend(oversized_cause(tally));
    if tally.zeros > 0 && causes.is_empty() {
        // As a file system leaves them behind where a machine stopped before all was written.
        let zeros = format_count(tally.zeros, "zero byte");
        causes.push((Kind::Corrupt, format!("{zeros} between or after its records: data may be lost there")));
    }
    // A file that ends early says so already.
    if tally.unread > 0 || causes.is_empty() {
        causes.extend(unread_cause(tally, is_known));
    }
    if tally.too_large > 0 {
        let texts = format_count(tally.too_large, "packed text");
        causes.push((Kind::TooLarge, format!("{texts} inside it would inflate to more than the limit")));
    }
    if tally.ocsf > 0 {
        let events = format_count(tally.ocsf, "event");
        causes.push((
            Kind::UnknownForm,
            format!("{events} in the form of OCSF (Security Lake), which is not read"),
        ));
    }
    if tally.damaged > 0 {
        let texts = format_count(tally.damaged, "packed text");
        causes.push((Kind::Corrupt, format!("{texts} inside it (base64 of gzip) ends early or is damaged")));
    }
    if tally.services > 0 && tally.known() == tally.services && asked && causes.is_empty() {
        let service = tally.first_service.as_deref().unwrap_or_default();
        causes.push((
            Kind::NotALog,
            format!("its records are of another service (`{service}`), not CloudTrail"),
        ));
    }
    if !is_known && causes.is_empty() {
        let is_json = tally.foreign + tally.odd > 0 && tally.stray_lines == 0;
        if is_json && !asked && Key::parse(name).is_none() {
            return StreamKind::Other(NonLogKind::Unknown);
        }
        causes.push(match tally {
            _ if is_json => (Kind::NotALog, "the JSON in it holds no CloudTrail record".to_owned()),
            RecordCounts { stray_lines: 1.., .. } => {
                (Kind::NotALog, "the content is neither compressed nor JSON".to_owned())
            }
            _ => (Kind::Empty, "it holds no data".to_owned()),
        });
    }
    let records_used = (tally.records > 0).then_some(tally.records);
    let trouble = |(kind, cause)| Trouble { file: name.to_owned(), kind, cause, records_used };
    let troubles: Vec<Trouble> = causes.into_iter().map(trouble).collect();
    match (tally.records, troubles.is_empty()) {
        (1.., true) => StreamKind::Log,
        (1.., false) => StreamKind::Part(troubles),
        (0, false) => StreamKind::Unreadable(troubles),
        (0, true) => classify_non_log(tally),
    }
}

/// What holds CloudTrail's keys and could not be read: never to be passed over.
fn unread_cause(tally: &RecordCounts, is_known: bool) -> Option<(Kind, String)> {
    let keys = "CloudTrail's keys (`eventName`, `eventSource`, …)";
    match tally.unread {
        1.. if is_known => {
            let objects = format_count(tally.unread, "object");
            Some((Kind::UnknownForm, format!("{objects} with {keys} in a form that is not known")))
        }
        0 if is_known || !tally.unread_text => None,
        _ => Some((
            Kind::UnknownForm,
            format!("it holds {keys} in a form that is not known, and nothing of it was read"),
        )),
    }
}

/// Why the walk ended before the end.
fn end_cause(end: EndFields) -> Option<(Kind, String)> {
    match end {
        EndFields::Whole => None,
        EndFields::Cut(at) => {
            Some((Kind::Truncated, format!("the JSON ends early, after {} whole bytes", group_digits(at))))
        }
        EndFields::Broken(at) => {
            Some((Kind::BadRecord, format!("the JSON is broken at byte {}", group_digits(at))))
        }
    }
}

/// What was passed over, for it is larger than a record may be.
fn oversized_cause(tally: &RecordCounts) -> Option<(Kind, String)> {
    let first = group_digits(tally.first_oversized?);
    let cause = match tally.oversized {
        1 => format!("the record at byte {first} is larger than the limit"),
        many => {
            format!("{} records are larger than the limit, the first at byte {first}", group_digits(many))
        }
    };
    Some((Kind::TooLarge, cause))
}

/// What was wrong with single elements: one trouble for all of them.
fn element_causes(tally: &RecordCounts, is_known: bool) -> Option<(Kind, String)> {
    let mut causes = Vec::new();
    if tally.bad > 0 {
        let first = tally.first_bad.unwrap_or_default();
        let why = tally.first_cause.as_deref().unwrap_or("not a JSON object");
        causes.push(format!(
            "{} cannot be parsed, the first at place {first}: {why}",
            format_count(tally.bad, "element")
        ));
    }
    if is_known && tally.odd > 0 {
        causes.push(format!("{} among its records without `eventName`", format_count(tally.odd, "object")));
    }
    if is_known && tally.stray_lines > 0 {
        causes.push(format!("{} of text that is not JSON", format_count(tally.stray_lines, "line")));
    }
    (!causes.is_empty()).then(|| (Kind::BadRecord, causes.join("; ")))
}

fn format_count(number: u64, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{} {what}s", group_digits(number)) }
}

fn classify_non_log(tally: &RecordCounts) -> StreamKind {
    match tally {
        RecordCounts { digests: 1.., .. } => StreamKind::Other(NonLogKind::Digest),
        RecordCounts { insights: 1.., .. } => StreamKind::Other(NonLogKind::Insight),
        RecordCounts { aggregated: 1.., .. } => StreamKind::Other(NonLogKind::Aggregated),
        RecordCounts { config: 1.., .. } => StreamKind::Other(NonLogKind::Config),
        RecordCounts { config_news: 1.., .. } => StreamKind::Other(NonLogKind::ConfigNews),
        RecordCounts { services: 1.., .. } => StreamKind::Other(NonLogKind::Service),
        _ => StreamKind::Log,
    }
}

/// Returns whether a content that is no log may tell something of AWS Config: JSON, with words that all it tells has.
pub fn may_be_of_config(content: &[u8]) -> bool {
    const WORDS: [&[u8]; 6] = [
        b"onfigurationItem",
        b"aws.config",
        b"omplianceType",
        b"notificationCreationTime",
        b"s3ObjectKey",
        b"onfigurationStateId",
    ];
    let first =
        content.iter().find(|byte| !byte.is_ascii_whitespace() && !matches!(byte, 0xef | 0xbb | 0xbf));
    matches!(first, Some(b'{' | b'['))
        && WORDS.iter().any(|word| memchr::memmem::find(content, word).is_some())
}

/// Returns whether a name says that there is a log inside: CloudTrail's own grammar, or an
/// ending that exports have.
pub fn promises_log(name: &str) -> bool {
    const ENDS: [&str; 8] = [".json", ".jsonl", ".ndjson", ".gz", ".zst", ".zip", ".tar", ".tgz"];
    if let Some(key) = Key::parse(name) {
        return key.folder != Folder::Other;
    }
    let name = name.to_ascii_lowercase();
    ENDS.iter().any(|end| name.ends_with(end))
}
