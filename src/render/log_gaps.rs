//! What is missing from the logs behind a state, in lines.

use crate::answer::{DaySpan, LogGaps, LoggingOutage, UncoveredSpan};
use crate::event::Time;

/// So many of a kind are listed in the narrow table.
const LISTED: usize = 3;

/// Says of one account and region what is missing from its logs.
pub(super) fn log_gap_lines(holes: &LogGaps, wide: bool) -> Vec<String> {
    let LogGaps { account, region, .. } = holes;
    let (Some(begin), Some(end)) = (holes.logs_begin, holes.logs_end) else {
        return vec![format!("logs of {account} {region}: none here, what was done there is unknown")];
    };
    // Of a moment that the logs do not reach nothing is known, hole or none.
    let within = if holes.moments_outside.is_empty() { "" } else { " within them" };
    let whole = match (holes.is_none(), holes.digests) {
        (true, 0) => format!(
            ", no hole known{within}; no digest lists the files, so nothing tells whether one is missing"
        ),
        (true, digests) => format!(", no hole known{within}, {digests} digests read"),
        (false, _) => String::new(),
    };
    let mut lines = vec![format!("logs of {account} {region}: {begin} to {end}{whole}")];
    lines.extend(holes.moments_outside.iter().map(|at| {
        let (side, span) = match *at < begin {
            true => ("before", format!("from then to {begin}")),
            false => ("after", format!("from {end} to then")),
        };
        format!("HOLE: {at} lies {side} these logs: what was done {span} is unknown")
    }));
    let listed = if wide { usize::MAX } else { LISTED };
    if !holes.days_without_events.is_empty() {
        let days: i64 = holes.days_without_events.iter().map(|it| it.days()).sum();
        let all = list_first(&holes.days_without_events, listed, day_span);
        let many = if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
        lines.push(format!("HOLE? {many} without any event, quiet or missing: {}", all.join(", ")));
    }
    lines.extend(list_first(&holes.gaps, listed, describe_gap));
    if let Some(missing) = holes.missing_files {
        let files = if missing.files == 1 { "1 file".to_owned() } else { format!("{} files", missing.files) };
        lines.push(format!(
            "HOLE: {files} that digests list are not here, delivered {} to {}",
            time_or_unknown(missing.from),
            time_or_unknown(missing.to)
        ));
    }
    match holes.damaged_files {
        0 => {}
        1 => lines.push("HOLE: 1 file that may tell of it could not be read as a whole".to_owned()),
        many => lines.push(format!("HOLE: {many} files that may tell of it could not be read as a whole")),
    }
    lines.extend(list_first(&holes.trails_off, listed, |it| trail_off(it, account)));
    lines
}

fn list_first<T>(all: &[T], listed: usize, text: impl Fn(&T) -> String) -> Vec<String> {
    let mut texts: Vec<String> = all.iter().take(listed).map(text).collect();
    if let Some(more) = all.len().checked_sub(listed).filter(|more| *more > 0) {
        texts.push(format!("… and {more} more (`--wide` shows all)"));
    }
    texts
}

fn day_span(span: &DaySpan) -> String {
    if span.from == span.to { span.from.to_string() } else { format!("{} to {}", span.from, span.to) }
}

fn describe_gap(gap: &UncoveredSpan) -> String {
    format!(
        "HOLE? no digest of trail {} from {} to {}: {}",
        gap.trail,
        time_or_unknown(gap.from),
        time_or_unknown(gap.to),
        gap.words
    )
}

/// Says of a span in which a trail did not log all what was missing and why; `account` is the one that needs no telling.
pub fn trail_off(off: &LoggingOutage, account: &str) -> String {
    let what = off.unlogged.words();
    let of = if off.account == account { String::new() } else { format!(" of {}", off.account) };
    let until = off.to.map_or("the end of these logs".to_owned(), |it| it.to_string());
    format!(
        "HOLE? trail {}{of} {what} from {} to {until}: {} by {}",
        off.trail,
        time_or_unknown(off.from),
        off.by,
        off.who
    )
}

fn time_or_unknown(time: Option<Time>) -> String {
    time.map_or("?".to_owned(), |it| it.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::{FileSpan, Unlogged};

    #[test]
    fn each_kind_of_hole_is_told() {
        let at = |text: &str| Time::parse(text);
        let day = |text: &str| text.parse().unwrap();
        let off = |account: &str, by: &str| LoggingOutage {
            account: account.to_owned(),
            trail: "main".to_owned(),
            by: by.to_owned(),
            who: "mallory".to_owned(),
            from: at("2024-01-04T00:00:00Z"),
            to: None,
            region: "us-east-1".to_owned(),
            unlogged: if by == "StopLogging" { Unlogged::Everything } else { Unlogged::Writes },
            single_region: false,
            created: None,
        };
        let mut holes =
            LogGaps { account: "111122223333".into(), region: "us-east-1".into(), ..LogGaps::default() };
        assert_eq!(
            log_gap_lines(&holes, false),
            ["logs of 111122223333 us-east-1: none here, what was done there is unknown"]
        );
        (holes.logs_begin, holes.logs_end) = (at("2024-01-01T00:00:00Z"), at("2024-02-01T00:00:00Z"));
        assert!(log_gap_lines(&holes, false)[0].ends_with("nothing tells whether one is missing"));
        holes.digests = 7;
        assert!(
            log_gap_lines(&holes, false)[0].ends_with("2024-02-01T00:00:00Z, no hole known, 7 digests read")
        );
        holes.moments_outside =
            ["2023-01-01T00:00:00Z", "2024-02-02T00:00:00Z"].iter().filter_map(|it| at(it)).collect();
        insta::assert_snapshot!(log_gap_lines(&holes, false).join("\n"), @r"
        logs of 111122223333 us-east-1: 2024-01-01T00:00:00Z to 2024-02-01T00:00:00Z, no hole known within them, 7 digests read
        HOLE: 2023-01-01T00:00:00Z lies before these logs: what was done from then to 2024-01-01T00:00:00Z is unknown
        HOLE: 2024-02-02T00:00:00Z lies after these logs: what was done from 2024-02-01T00:00:00Z to then is unknown
        ");
        holes.moments_outside.clear();
        for number in 2..7 {
            let from = day(&format!("2024-01-{:02}", number * 3));
            holes.days_without_events.push(DaySpan { from, to: from });
        }
        let (from, to) = (at("2024-01-02T00:00:00Z"), at("2024-01-02T03:00:00Z"));
        holes.gaps.push(UncoveredSpan {
            trail: "main".into(),
            from,
            to,
            cause: "digest-missing",
            words: "digests are missing",
        });
        holes.missing_files = Some(FileSpan { files: 2, from, to });
        holes.damaged_files = 1;
        holes.trails_off = vec![off("111122223333", "StopLogging"), off("999999999999", "PutEventSelectors")];
        let all = log_gap_lines(&holes, false).join("\n");
        insta::assert_snapshot!(all, @r"
        logs of 111122223333 us-east-1: 2024-01-01T00:00:00Z to 2024-02-01T00:00:00Z
        HOLE? 5 days without any event, quiet or missing: 2024-01-06, 2024-01-09, 2024-01-12, … and 2 more (`--wide` shows all)
        HOLE? no digest of trail main from 2024-01-02T00:00:00Z to 2024-01-02T03:00:00Z: digests are missing
        HOLE: 2 files that digests list are not here, delivered 2024-01-02T00:00:00Z to 2024-01-02T03:00:00Z
        HOLE: 1 file that may tell of it could not be read as a whole
        HOLE? trail main was off from 2024-01-04T00:00:00Z to the end of these logs: StopLogging by mallory
        HOLE? trail main of 999999999999 logged no changes from 2024-01-04T00:00:00Z to the end of these logs: PutEventSelectors by mallory
        ");
        let wide = log_gap_lines(&holes, true).join("\n");
        assert!(wide.contains("2024-01-18") && !wide.contains("more"), "{wide}");
    }
}
