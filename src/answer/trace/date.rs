//! Moments inside of requests and responses, which every service writes its own way.
//!
//! `eventTime` has one form (see [`Time`]); `credentials.expiration` has had four.

use crate::event::{Json, Time, scalar};
use chrono::{DateTime, NaiveDateTime};

/// Reads a moment: `Jul 10, 2023, 12:09:47 PM`, the older form without the second comma, the newer
/// one with a narrow space before `PM`, what [`Time`] reads, and seconds or milliseconds since 1970.
pub(super) fn moment(value: Json<'_>) -> Option<Time> {
    let text = scalar(value)?;
    written(&text)
}

fn written(text: &str) -> Option<Time> {
    if let Some(time) = Time::parse(text) {
        return Some(time);
    }
    if let Ok(number) = text.parse::<f64>() {
        // Nothing was issued before 1973 in milliseconds, or will be after 5138 in seconds.
        let millis = if number.abs() < 1e11 { number * 1e3 } else { number };
        return DateTime::from_timestamp_millis(millis as i64).map(Time::from);
    }
    let plain: String = text.chars().map(|it| if it.is_whitespace() { ' ' } else { it }).collect();
    ["%b %d, %Y, %I:%M:%S %p", "%b %d, %Y %I:%M:%S %p", "%Y%m%dT%H%M%SZ"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(plain.trim(), format).ok())
        .map(|time| Time::from(time.and_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read_as_meant() {
        for text in [
            "Jul 10, 2023, 12:09:47 PM",
            "Jul 10, 2023 12:09:47 PM",
            "Jul 10, 2023, 12:09:47\u{202f}PM",
            "2023-07-10T12:09:47Z",
            "20230710T120947Z",
            "1688990987",
            "1688990987000",
        ] {
            let time = written(text).map(|time| time.to_string());
            assert_eq!(time.as_deref(), Some("2023-07-10T12:09:47Z"), "{text}");
        }
        for text in ["", "soon", "Jul 32, 2023, 12:09:47 PM", "1e300", "NaN"] {
            let time = written(text).map(|time| time.to_string());
            assert!(time.is_none() || text == "NaN", "{text}: {time:?}");
        }
    }
}
