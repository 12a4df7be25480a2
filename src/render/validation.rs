//! What a validation found: a summary, gaps, and every file that is not as it
//! should be, for people; or every file, for programs.

use super::archive_coverage::coverage_column;
use super::fields::cell_text;
use super::table::{write_line, write_parts, write_table};
use super::view::{ColumnKind, TableColumn, TableSection};
use super::wrap::words;
use super::{OutputFormat, OutputStyle, SCHEMA, csv, json};
use crate::error::Trouble;
use crate::integrity::{
    ChainGap, ChainSummary, GapCause, Reason, ReportRow, ReportedKind, ValidationOutcome, ValidationReport,
    ValidationSummary, Verdict, encode_hex,
};
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;
use std::io::Write;

/// How many files that are not wrong are listed for one reason; `--verbose` lists all.
const LISTED: usize = 10;

/// The members of a row, which are also the columns of CSV.
const FIELDS: [&str; 17] = [
    "key",
    "kind",
    "present",
    "verdict",
    "reason",
    "proof",
    "warnings",
    "digest",
    "digestKey",
    "file",
    "sha256",
    "account",
    "region",
    "trail",
    "homeRegion",
    "backfill",
    "detail",
];

/// What a validation found, with all that belongs to it.
pub struct ValidationView<'v> {
    /// Every file.
    pub report: &'v ValidationReport,
    /// The counts.
    pub summary: &'v ValidationSummary,
    /// What could not be looked at.
    pub troubles: &'v [Trouble],
    /// Whether the table lists every file.
    pub verbose: bool,
}

impl ValidationView<'_> {
    /// Writes it; `raw` and `dot`, which it has not, are written as JSON lines.
    ///
    /// # Errors
    /// When the writer refuses.
    pub fn write(&self, out: &mut dyn Write, format: OutputFormat, style: OutputStyle) -> io::Result<()> {
        match format {
            OutputFormat::Table => self.table(out, style),
            OutputFormat::Json => self.document(out),
            OutputFormat::Jsonl | OutputFormat::Raw | OutputFormat::Dot => self.each(&mut |row| {
                json::write(out, &row_to_json(&row))?;
                writeln!(out)
            }),
            OutputFormat::Csv => {
                let mut line = Vec::new();
                csv::put_record(&mut line, FIELDS.iter().map(|name| Cow::Borrowed(*name)));
                out.write_all(&line)?;
                self.each(&mut |row| {
                    let row = row_to_json(&row);
                    line.clear();
                    csv::put_record(&mut line, FIELDS.iter().map(|name| cell_text(&row[*name])));
                    out.write_all(&line)
                })
            }
        }
    }

    fn each(&self, write: &mut dyn FnMut(ReportRow<'_>) -> io::Result<()>) -> io::Result<()> {
        let mut done = Ok(());
        self.report.rows(&mut |row| {
            if done.is_ok() {
                done = write(row);
            }
        });
        done
    }

    fn document(&self, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "{{\"schema\":\"{SCHEMA}\",\"command\":\"validate\",\"answer\":[")?;
        let mut is_first = true;
        self.each(&mut |row| {
            writeln!(out, "{}", if std::mem::take(&mut is_first) { "" } else { "," })?;
            json::write(out, &row_to_json(&row))
        })?;
        let ValidationSummary { lines, outcome, .. } = self.summary;
        let outcome = match outcome {
            ValidationOutcome::Proven => "proven",
            ValidationOutcome::Wrong => "wrong",
            ValidationOutcome::Open => "open",
        };
        let gaps = lines.iter().flat_map(|line| line.gaps.iter().map(move |it| gap_to_json(line, it)));
        let coverage = json!({
            "outcome": outcome,
            "chains": lines.iter().map(chain_to_json).collect::<Vec<_>>(),
            "gaps": gaps.collect::<Vec<_>>(),
            "filesOfNoConcern": self.report.left_out.all,
            "filesOfConfig": self.report.left_out.config,
        });
        write!(out, "\n],\"coverage\":")?;
        json::write(out, &coverage)?;
        write!(out, ",\"troubles\":")?;
        json::write(out, &self.troubles)?;
        writeln!(out, "}}")
    }

    fn table(&self, out: &mut dyn Write, style: OutputStyle) -> io::Result<()> {
        let lines = &self.summary.lines;
        let titles = ["ACCOUNT", "REGION", "TRAIL", "DIGESTS", "LOGS", "COVERED", "PROVEN UNTIL", "GAPS"];
        let rows: Vec<Vec<String>> = lines.iter().map(chain_cells).collect();
        write_table(out, report_section(&titles, rows), style)?;
        let gaps: Vec<Vec<String>> =
            lines.iter().flat_map(|line| line.gaps.iter().map(move |gap| gap_cells(line, gap))).collect();
        if !gaps.is_empty() {
            writeln!(out)?;
            write_line(out, "GAPS: spans that no digest covers", style)?;
            let titles = ["ACCOUNT", "REGION", "TRAIL", "FROM", "TO", "HOURS", "CAUSE"];
            write_table(out, report_section(&titles, gaps), style)?;
        }
        self.groups(out, style)?;
        if !self.verbose {
            return Ok(());
        }
        writeln!(out, "\nFILES")?;
        self.each(&mut |row| {
            let judged = row.judged;
            let reason = judged.reason.map_or(String::new(), |reason| format!(" ({})", reason.word()));
            let warnings: String = judged.warnings.words().iter().map(|word| format!(" [{word}]")).collect();
            let verdict = format!("{}{reason}{warnings} ", judged.verdict.word());
            write_parts(out, "", &[&verdict, &row.key], style)
        })
    }

    /// Writes the files that are not valid, and those that are odd, by reason.
    fn groups(&self, out: &mut dyn Write, style: OutputStyle) -> io::Result<()> {
        let mut groups: BTreeMap<(u8, Verdict, &str, Option<Reason>), Group> = BTreeMap::new();
        let mut odd: BTreeMap<&str, Group> = BTreeMap::new();
        let add = |group: &mut Group, row: &ReportRow<'_>, all: bool| {
            group.0 += 1;
            if all || group.1.len() < LISTED {
                group.1.push((row.key.to_string(), row.cause.unwrap_or_default().to_string()));
            }
        };
        self.report.rows(&mut |row| {
            let judged = row.judged;
            for word in judged.warnings.words() {
                add(odd.entry(word).or_default(), &row, self.verbose);
            }
            if judged.verdict != Verdict::Valid {
                let kind = if row.kind == ReportedKind::Digest { "digest" } else { "log" };
                let weight = if judged.is_wrong() { 0 } else { 1 };
                let group = groups.entry((weight, judged.verdict, kind, judged.reason)).or_default();
                add(group, &row, judged.is_wrong() || self.verbose);
            }
        });
        for ((_, verdict, kind, reason), group) in groups {
            let (words, advice) = match reason {
                Some(reason) => (reason.words(), reason.advice()),
                None if verdict == Verdict::Missing => (
                    "a digest lists it and it is not there",
                    "fetch it from the bucket, and find out who deleted it if it is not there either",
                ),
                None => (
                    "digests cover its time and none lists it: it was planted, or it is of a trail without digests",
                    "find out where it comes from before you use it",
                ),
            };
            let word = reason.map_or(String::new(), |reason| format!(" ({})", reason.word()));
            writeln!(out)?;
            write_line(out, &format!("{} {kind}{word}: {words}", verdict.word().to_uppercase()), style)?;
            write_line(out, &format!("  -> {advice}"), style)?;
            write_files(out, group, style)?;
        }
        for (word, group) in odd {
            writeln!(out)?;
            write_line(out, &format!("NOTE {word}: {}", explain_warning(word)), style)?;
            write_files(out, group, style)?;
        }
        Ok(())
    }
}

fn report_section(titles: &[&'static str], rows: Vec<Vec<String>>) -> TableSection {
    // What is valid, and what is not, is counted in words.
    let counted = |title: &'static str| TableColumn::new(title, ColumnKind::Prose).priority(40);
    let column = |title: &&'static str| match *title {
        "DIGESTS" | "LOGS" => counted(title),
        title => coverage_column(title),
    };
    let columns = titles.iter().map(column).collect();
    TableSection { columns, rows, ..TableSection::default() }
}

/// How many files there are, and the keys of some with what is wrong with each.
type Group = (u64, Vec<(String, String)>);

fn write_files(out: &mut dyn Write, (count, files): Group, style: OutputStyle) -> io::Result<()> {
    for (key, cause) in &files {
        let key = if cause.is_empty() { key.clone() } else { format!("{key}: ") };
        write_parts(out, "  ", &[&[key.as_str()], &*words(cause)].concat(), style)?;
    }
    match count - files.len() as u64 {
        0 => Ok(()),
        more => writeln!(out, "  and {more} more: `--verbose` lists all"),
    }
}

fn explain_warning(word: &str) -> &'static str {
    match word {
        "not-compressed" => "unpacked on the way, by a browser or by hand; the hash is that of the content",
        "trailer-missing" => "the end of the gzip stream is missing, the content is complete",
        "trailing-data" => "bytes stand behind the content, which no hash covers",
        "metadata-differs" => "the signature in the S3 metadata is not the one that proves the digest",
        "hash-equal" => {
            "the content is what the digest lists, though the gzip stream around it is broken or has a wrong checksum"
        }
        _ => "the content is not what a digest lists that is itself not proven",
    }
}

fn row_to_json(row: &ReportRow<'_>) -> Value {
    let judged = row.judged;
    let chain = row.chain;
    let mut fields = Map::new();
    let values = [
        json!(row.key),
        json!(row.kind),
        json!(row.file.is_some()),
        json!(judged.verdict),
        json!(judged.reason),
        json!(judged.proof),
        json!(judged.warnings),
        json!(row.digest.as_ref().map(|it| it.0)),
        json!(row.digest.as_ref().map(|it| &it.1)),
        json!(row.file),
        json!(row.sha256.map(|hash| encode_hex(&hash))),
        json!(row.account),
        json!(row.region),
        json!(chain.map(|it| &it.trail)),
        json!(chain.map(|it| &it.home_region)),
        json!(chain.map(|it| it.backfill)),
        json!(row.cause.or(judged.reason.map(Reason::words))),
    ];
    for (name, value) in FIELDS.into_iter().zip(values) {
        fields.insert(name.to_owned(), value);
    }
    Value::Object(fields)
}

fn chain_to_json(line: &ChainSummary) -> Value {
    let counts = |counts: &[u64; 6]| {
        let pairs = Verdict::ALL.iter().zip(counts).filter(|(_, count)| **count > 0);
        pairs.map(|(verdict, count)| (verdict.word().to_owned(), json!(count))).collect::<Map<_, _>>()
    };
    json!({
        "account": line.account,
        "region": line.region,
        "trail": line.trail,
        "homeRegion": line.home_region,
        "organization": line.organization,
        "backfill": line.backfill,
        "digests": counts(&line.digests),
        "logs": counts(&line.logs),
        "coveredFrom": line.covered.map(|it| format_time(it.0)),
        "coveredUntil": line.covered.map(|it| format_time(it.1)),
        "provenUntil": line.proven_until.map(format_time),
        "restarts": line.restarts,
    })
}

pub(super) fn gap_to_json(line: &ChainSummary, gap: &ChainGap) -> Value {
    json!({
        "account": line.account,
        "region": line.region,
        "trail": line.trail,
        "from": format_time(gap.from),
        "to": format_time(gap.to),
        "cause": gap.cause,
        "proven": gap.is_proven,
        "hours": (gap.to - gap.from) as f64 / 3600.0,
    })
}

fn trail_cell(line: &ChainSummary) -> String {
    match (&line.trail, line.backfill) {
        (trail, _) if trail.is_empty() => "-".to_owned(),
        (trail, true) => format!("{trail} (backfill)"),
        (trail, false) => trail.clone(),
    }
}

fn chain_cells(line: &ChainSummary) -> Vec<String> {
    let counts = |counts: &[u64; 6]| {
        let pairs = Verdict::ALL.iter().zip(counts).filter(|(_, count)| **count > 0);
        let texts: Vec<String> =
            pairs.map(|(verdict, count)| format!("{count} {}", verdict.word())).collect();
        if texts.is_empty() { "-".to_owned() } else { texts.join(", ") }
    };
    let or = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    vec![
        line.account.clone(),
        line.region.clone(),
        trail_cell(line),
        counts(&line.digests),
        counts(&line.logs),
        or(line.covered.map(|(from, to)| format!("{} to {}", format_time(from), format_time(to)))),
        or(line.proven_until.map(format_time)),
        line.gaps.len().to_string(),
    ]
}

pub(super) fn gap_cells(line: &ChainSummary, gap: &ChainGap) -> Vec<String> {
    let proof = match gap.cause {
        GapCause::Restart if !gap.is_proven => ", which is not proven",
        _ => "",
    };
    vec![
        line.account.clone(),
        line.region.clone(),
        trail_cell(line),
        format_time(gap.from),
        format_time(gap.to),
        format!("{:.1}", (gap.to - gap.from) as f64 / 3600.0),
        format!("{}: {}{proof}", gap.cause.word(), gap.cause.words()),
    ]
}

/// A moment as AWS writes it.
pub(super) fn format_time(seconds: i64) -> String {
    let time = chrono::DateTime::from_timestamp(seconds, 0);
    time.map_or_else(|| seconds.to_string(), |it| it.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
}
