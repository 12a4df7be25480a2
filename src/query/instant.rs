//! The moments that `--since` and `--until` name.

use crate::error::Error;
use crate::event::Time;
use chrono::{DateTime, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

/// Reads a moment: RFC 3339, a date, a date and time, a time of today, seconds or milliseconds since 1970, what the
/// console shows, or an age that counts back from `now` (`90m`, `-2d`, `2 days ago`, `yesterday 15:42`). Without an
/// offset it is UTC, as everything in CloudTrail is; a date alone is its first moment.
///
/// ```
/// use trailscan::query::parse_instant;
///
/// let now = trailscan::event::Time::parse("2026-03-10T12:00:00Z").unwrap();
/// let at = |text| parse_instant(text, now).unwrap().to_string();
/// assert_eq!(at("2 days ago"), "2026-03-08T12:00:00Z");
/// assert_eq!(at("90m"), "2026-03-10T10:30:00Z");
/// assert_eq!(at("yesterday 15:42"), "2026-03-09T15:42:00Z");
/// assert_eq!(at("2026-03-01"), "2026-03-01T00:00:00Z");
/// assert_eq!(at("08:30"), "2026-03-10T08:30:00Z");
/// assert_eq!(at("1772323200"), "2026-03-01T00:00:00Z");
/// ```
///
/// # Errors
/// When the text is none of these.
pub fn parse_instant(text: &str, now: Time) -> Result<Time, Error> {
    let trimmed = text.trim();
    parse_absolute(trimmed)
        .or_else(|| relative_day(trimmed, now.utc()))
        .or_else(|| parse_age(trimmed, now.utc()))
        .map(Time::from)
        .ok_or_else(|| {
            Error::new(format!("`{text}` is not a time"))
                .hint("write `2024-03-01`, `2024-03-01T15:42:00Z`, `2 days ago`, `yesterday 15:42`, `15:42` or `90m`")
        })
}

/// Reads a span of time: `1h`, `90m`, `2 weeks`; a month has 31 days, a year 365.
///
/// # Errors
/// When the text is none, or is no time at all.
pub fn parse_span(flag: &str, text: &str) -> Result<TimeDelta, Error> {
    // Ages count back from a moment behind a long month and a common year.
    let now = NaiveDate::from_ymd_opt(2002, 2, 1).map(|date| date.and_time(NaiveTime::MIN).and_utc());
    now.filter(|_| !text.contains('-'))
        .and_then(|now| Some(now - parse_age(text, now)?))
        .filter(|span| *span > TimeDelta::zero())
        .ok_or_else(|| {
            Error::new(format!("`{flag} {text}` is not a span of time"))
                .hint("write `15m`, `1h`, `1d` or `2 weeks`")
        })
}

fn parse_absolute(text: &str) -> Option<DateTime<Utc>> {
    if let Some(time) = Time::parse(text) {
        return Some(time.utc());
    }
    // Only what is longer than eight digits is a number of seconds.
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let format = if is_number { "%Y%m%d" } else { "%Y-%m-%d" };
    if (!is_number || text.len() == 8)
        && let Ok(date) = NaiveDate::parse_from_str(text, format)
    {
        return Some(date.and_time(NaiveTime::MIN).and_utc());
    }
    for format in ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%MZ", "%Y-%m-%d %H:%MZ"] {
        if let Ok(time) = NaiveDateTime::parse_from_str(text, format) {
            return Some(time.and_utc());
        }
    }
    // CloudTrail's own key grammar, as it is copied from a file name.
    if let Ok(time) = NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%MZ") {
        return Some(time.and_utc());
    }
    // As copied from a record or from the console. A number that has a sign or an exponent was meant otherwise.
    let is_written = text.contains([' ', 'T']) || is_number;
    Time::of_service(text).filter(|_| is_written).map(Time::utc)
}

/// `now`, `today`, `yesterday`, with or without a time of day on either side; a time of day alone is one of today.
fn relative_day(text: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let lower = text.to_ascii_lowercase();
    if lower == "now" {
        return Some(now);
    }
    let words: Vec<&str> = lower.split_whitespace().filter(|word| *word != "at").collect();
    let day = |word: &str| match word {
        "today" => Some(now.date_naive()),
        "yesterday" => now.date_naive().checked_sub_days(Days::new(1)),
        _ => None,
    };
    let Some(at) = words.iter().position(|word| day(word).is_some()) else {
        return Some(now.date_naive().and_time(time_of_day(&words.concat())?).and_utc());
    };
    let mut rest = words.clone();
    let date = day(rest.remove(at))?;
    let time = if rest.is_empty() { NaiveTime::MIN } else { time_of_day(&rest.join(""))? };
    Some(date.and_time(time).and_utc())
}

fn time_of_day(text: &str) -> Option<NaiveTime> {
    let text = text.trim_end_matches("utc").trim_end_matches('z');
    ["%H:%M:%S", "%H:%M", "%I:%M%p", "%I:%M:%S%p"]
        .iter()
        .find_map(|format| NaiveTime::parse_from_str(text, format).ok())
}

/// `90m`, `-2d`, `1h30m`, `2 days ago`, `1 week 2 days`.
fn parse_age(text: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let lower = text.to_ascii_lowercase();
    let mut rest = lower.trim().trim_end_matches("ago").trim();
    rest = rest.strip_prefix('-').unwrap_or(rest);
    if rest.is_empty() {
        return None;
    }
    let mut time = now;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, tail) = rest.split_at(digits);
        let number: u32 = number.parse().ok()?;
        let tail = tail.trim_start();
        let letters = tail.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (unit, tail) = tail.split_at(letters);
        time = subtract_units(time, number, unit)?;
        rest = tail.trim_start_matches([' ', ',']);
    }
    Some(time)
}

fn subtract_units(time: DateTime<Utc>, number: u32, unit: &str) -> Option<DateTime<Utc>> {
    let seconds =
        |each: i64| time.checked_sub_signed(TimeDelta::try_seconds(i64::from(number).checked_mul(each)?)?);
    match unit {
        "s" | "sec" | "secs" | "second" | "seconds" => seconds(1),
        "m" | "min" | "mins" | "minute" | "minutes" => seconds(60),
        "h" | "hr" | "hrs" | "hour" | "hours" => seconds(3600),
        "d" | "day" | "days" => seconds(86_400),
        "w" | "week" | "weeks" => seconds(7 * 86_400),
        "mo" | "month" | "months" => time.checked_sub_months(Months::new(number)),
        "y" | "year" | "years" => time.checked_sub_months(Months::new(number.checked_mul(12)?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans() {
        for (text, seconds) in [("1h", 3600), ("1h30m", 5400), ("2 weeks", 1_209_600), ("1 month", 2_678_400)]
        {
            assert_eq!(parse_span("--every", text).map(|it| it.num_seconds()), Ok(seconds), "{text}");
        }
        for text in ["", "0", "0h", "h", "1", "1 fortnight", "yesterday", "-1h", "99999999999h"] {
            assert!(parse_span("--every", text).is_err(), "{text}");
        }
    }

    #[test]
    fn every_form_names_its_moment() {
        let now = Time::parse("2026-03-10T12:00:00Z").unwrap();
        for (text, want) in [
            ("2026-03-01T15:42:00+02:00", "2026-03-01T13:42:00Z"),
            ("2026-03-01 15:42", "2026-03-01T15:42:00Z"),
            ("20260301", "2026-03-01T00:00:00Z"),
            ("1772379720", "2026-03-01T15:42:00Z"),
            ("1772379720123", "2026-03-01T15:42:00.123Z"),
            ("March 01, 2026, 15:42:00 (UTC+01:00)", "2026-03-01T14:42:00Z"),
            ("Mar 1, 2026, 3:42:00 PM", "2026-03-01T15:42:00Z"),
            ("Sun, 01 Mar 2026 15:42:00 +0000", "2026-03-01T15:42:00Z"),
            ("15:42", "2026-03-10T15:42:00Z"),
            ("3:42 PM", "2026-03-10T15:42:00Z"),
            ("15:42:07Z", "2026-03-10T15:42:07Z"),
            ("at 15:42 UTC", "2026-03-10T15:42:00Z"),
            ("-2d", "2026-03-08T12:00:00Z"),
            ("-1h30m", "2026-03-10T10:30:00Z"),
            ("20230710T1240Z", "2023-07-10T12:40:00Z"),
            ("now", "2026-03-10T12:00:00Z"),
            ("today", "2026-03-10T00:00:00Z"),
            ("Yesterday", "2026-03-09T00:00:00Z"),
            ("yesterday at 3:42 PM", "2026-03-09T15:42:00Z"),
            ("3:42pm yesterday", "2026-03-09T15:42:00Z"),
            ("2d", "2026-03-08T12:00:00Z"),
            ("2 days", "2026-03-08T12:00:00Z"),
            ("1h30m", "2026-03-10T10:30:00Z"),
            ("1 week, 2 days ago", "2026-03-01T12:00:00Z"),
            ("1 month ago", "2026-02-10T12:00:00Z"),
            ("1y", "2025-03-10T12:00:00Z"),
        ] {
            assert_eq!(parse_instant(text, now).map(|it| it.to_string()).as_deref(), Ok(want), "{text}");
        }
        for text in [
            "",
            "ago",
            "soon",
            "5",
            "5 parsecs",
            "2026-02-30",
            "--2d",
            "-",
            "99999999999y",
            "4294967295 years",
            "20260230",
            "202603",
            "1e9",
            "1772379720.5",
            "-1772379720",
            "inf",
            "NaN",
            "25:00",
            "12",
        ] {
            assert!(parse_instant(text, now).is_err(), "{text}");
        }
    }
}
