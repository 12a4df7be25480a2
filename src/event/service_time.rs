//! Moments as services write them into requests, responses and exports: each its own way, and not always the same.
//!
//! `credentials.expiration` alone has had four forms. Whoever finds a date inside of a record reads it by
//! [`Time::of_service`]; what CloudTrail itself writes is read by [`Time::parse`].

use super::Time;
use chrono::{DateTime, NaiveDateTime};

/// `Jul 10, 2023, 12:07:59 PM` with and without its commas (which are taken out), full names of months, a day of the
/// week in front as Java writes it, and the oldest form of `creationDate`.
const FORMS: [&str; 5] = [
    "%B %d %Y %I:%M:%S %p",
    "%B %d %Y %H:%M:%S",
    "%a %B %d %H:%M:%S UTC %Y",
    "%a %B %d %H:%M:%S GMT %Y",
    "%Y%m%dT%H%M%SZ",
];

impl Time {
    /// Reads a moment in any of the forms that services and the console write (`eventTime` as well, in exports): as
    /// [`Time::parse`], in words, as RFC 2822 has it, or as a number of seconds or less since 1970.
    pub fn of_service(text: &str) -> Option<Self> {
        Self::parse(text).or_else(|| parse_unix_time(text)).or_else(|| parse_written_time(text))
    }
}

/// Seconds, milli-, micro- or nanoseconds since 1970, by their size. Nothing was logged before 1973.
fn parse_unix_time(text: &str) -> Option<Time> {
    let number: f64 = text.trim().parse().ok()?;
    let millis = match number {
        1e8..1e11 => number * 1e3,
        1e11..1e14 => number,
        1e14..1e17 => number / 1e3,
        1e17..1e20 => number / 1e6,
        _ => return None,
    };
    DateTime::from_timestamp_millis(millis.round() as i64).map(Time::from)
}

fn parse_written_time(text: &str) -> Option<Time> {
    if !text.starts_with(|first: char| first.is_ascii_alphanumeric()) {
        return None;
    }
    if let Ok(time) = DateTime::parse_from_rfc2822(text) {
        return Some(time.to_utc().into());
    }
    // A narrow space stands before `PM` in newer records. The console adds the offset: `(UTC+01:00)`.
    let plain: String = text.chars().map(|it| if it.is_whitespace() { ' ' } else { it }).collect();
    let (plain, offset) = match plain.split_once(" (UTC") {
        Some((plain, offset)) => (plain.to_owned(), offset.strip_suffix(')')?.to_owned()),
        None => (plain, String::new()),
    };
    let plain = plain.replace(',', " ").split_whitespace().collect::<Vec<_>>().join(" ");
    if !offset.is_empty() {
        let time = DateTime::parse_from_str(&format!("{plain} {offset}"), "%B %d %Y %H:%M:%S %:z").ok()?;
        return Some(time.to_utc().into());
    }
    let naive = FORMS.iter().find_map(|form| NaiveDateTime::parse_from_str(&plain, form).ok())?;
    Some(naive.and_utc().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read_as_meant() {
        for text in [
            "2023-07-10T12:09:47Z",
            "2023-07-10T12:09:47+0000",
            "2023-07-10T14:09:47.000+02:00",
            "2023-07-10 12:09:47.000",
            "20230710T120947Z",
            "Jul 10, 2023, 12:09:47 PM",
            "Jul 10, 2023 12:09:47 PM",
            "Jul 10, 2023, 12:09:47\u{202f}PM",
            "July 10, 2023, 12:09:47 (UTC+00:00)",
            "July 10, 2023, 14:09:47 (UTC+02:00)",
            "Mon, 10 Jul 2023 12:09:47 GMT",
            "Mon, 10 Jul 2023 12:09:47 +0000",
            "Mon Jul 10 12:09:47 UTC 2023",
            "1688990987",
            "1688990987.0",
            "1.688990987E9",
            "1688990987000",
            "1688990987000000",
        ] {
            let time = Time::of_service(text).map(|time| time.to_string());
            assert_eq!(time.as_deref(), Some("2023-07-10T12:09:47Z"), "{text}");
        }
        assert_eq!(Time::of_service("May 1, 2024, 12:01:00 AM").unwrap().to_string(), "2024-05-01T00:01:00Z");
        for text in
            ["", "soon", "Jul 32, 2023, 12:09:47 PM", "1e300", "NaN", "30", "-1688990987", "2023", "(UTC"]
        {
            assert_eq!(Time::of_service(text), None, "{text}");
        }
    }
}
