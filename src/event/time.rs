//! Moments as CloudTrail writes them.

use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};
use std::fmt;

/// A moment in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(DateTime<Utc>);

impl Time {
    /// Reads `2023-07-10T12:08:05Z`, with or without fraction, offset or `T`; without an offset it is UTC.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(time) = plain(text.as_bytes()) {
            return Some(time);
        }
        if let Ok(time) = DateTime::parse_from_rfc3339(text) {
            return Some(Self(time.to_utc()));
        }
        for format in ["%Y-%m-%d %H:%M:%S%.f%:z", "%Y-%m-%d %H:%M:%S%.f%z", "%Y-%m-%dT%H:%M:%S%.f%z"] {
            if let Ok(time) = DateTime::parse_from_str(text, format) {
                return Some(Self(time.to_utc()));
            }
        }
        let naive = text.trim_end_matches("UTC").trim_end_matches('Z').trim_end();
        ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f"]
            .iter()
            .find_map(|format| NaiveDateTime::parse_from_str(naive, format).ok())
            .map(|time| Self(time.and_utc()))
    }

    /// Reads the same of bytes.
    pub fn parse_bytes(text: &[u8]) -> Option<Self> {
        plain(text).or_else(|| Self::parse(str::from_utf8(text).ok()?))
    }

    /// Returns it as chrono's type.
    pub fn utc(self) -> DateTime<Utc> {
        self.0
    }
}

impl From<DateTime<Utc>> for Time {
    fn from(time: DateTime<Utc>) -> Self {
        Self(time)
    }
}

/// The one form that CloudTrail itself writes, without the cost of a format parser.
fn plain(text: &[u8]) -> Option<Time> {
    let bytes: &[u8; 20] = text.try_into().ok()?;
    let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'Z')];
    if separators.iter().any(|(at, byte)| bytes[*at] != *byte) {
        return None;
    }
    let number = |from: usize, to: usize| {
        bytes[from..to]
            .iter()
            .try_fold(0_u32, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
    };
    let date =
        chrono::NaiveDate::from_ymd_opt(i32::try_from(number(0, 4)?).ok()?, number(5, 7)?, number(8, 10)?)?;
    Some(Time(date.and_hms_opt(number(11, 13)?, number(14, 16)?, number(17, 19)?)?.and_utc()))
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl serde::Serialize for Time {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_is_read_as_meant() {
        for text in [
            "2023-07-10T12:08:05Z",
            "2023-07-10 12:08:05Z",
            "2023-07-10 12:08:05",
            "2023-07-10T12:08:05",
            "2023-07-10T12:08:05.000Z",
            "2023-07-10T14:08:05+02:00",
            "2023-07-10 12:08:05 UTC",
            "2023-07-10T12:08:05+0000",
            " 2023-07-10t12:08:05z ",
        ] {
            assert_eq!(
                Time::parse(text).map(|time| time.to_string()).as_deref(),
                Some("2023-07-10T12:08:05Z"),
                "{text}"
            );
        }
        assert_eq!(Time::parse("2023-07-10T12:08:05.250Z").unwrap().to_string(), "2023-07-10T12:08:05.250Z");
        for text in ["", "yesterday", "2023-13-10T12:08:05Z", "2023-07-10T25:08:05Z", "2023-07-1xT12:08:05Z"]
        {
            assert_eq!(Time::parse(text), None, "{text}");
        }
    }
}
