//! Moments as CloudTrail writes them, and as tables do that its records are exported to. The other ways in which
//! services write them are read in `service_time`.

use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};
use std::fmt;

/// A moment in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(DateTime<Utc>);

impl Time {
    /// Reads `2023-07-10T12:08:05Z`, with or without fraction, offset or `T`; without an offset it is UTC.
    ///
    /// The forms are tried from the most frequent to the rarest: CloudTrail's own, RFC 3339, what differs from that in
    /// a space or in the form of the offset, and what has no offset. A fraction is kept, as it tells moments apart.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(time) = parse_plain_time(text.as_bytes()) {
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

    /// Reads `eventTime`, as [`Time::of_service`] does.
    pub fn parse_bytes(text: &[u8]) -> Option<Self> {
        parse_plain_time(text).or_else(|| Self::of_service(str::from_utf8(text).ok()?))
    }

    /// Takes a text apart that is written as CloudTrail itself writes times, `2023-07-10T12:08:05Z`. Whether there
    /// is such a day is left open: [`Day::at`] tells.
    #[inline]
    pub fn take_apart(text: &[u8]) -> Option<(Day, Clock)> {
        let (day, clock) = text.strip_suffix(b"Z")?.split_first_chunk()?;
        Some((Day(*day), Clock::read(*clock.first_chunk().filter(|_| clock.len() == 8)?)?))
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

/// What a text says of the day, `2023-07-10T`; it need not be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day([u8; 11]);

impl Day {
    /// Returns the moment of this day, if it is one.
    pub fn at(self, clock: Clock) -> Option<Time> {
        let mut text = [b'Z'; 20];
        text[..11].copy_from_slice(&self.0);
        text[11..19].copy_from_slice(&clock.0.to_be_bytes());
        parse_plain_time(&text)
    }
}

/// A time of the day to the second. Its text, read as a number, has the same order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clock(u64);

impl Clock {
    /// Reads `12:08:05`, all eight bytes at once.
    #[inline]
    fn read(text: [u8; 8]) -> Option<Self> {
        const TOP: u64 = u64::from_be_bytes([0x80; 8]);
        let (least, most) = (u64::from_be_bytes(*b"00:00:00"), u64::from_be_bytes(*b"29:59:59"));
        let text = u64::from_be_bytes(text);
        // With the top bits of one side set no byte borrows from the next, and each that is in its range keeps its own.
        let is_in_range = ((text | TOP) - least) & ((most | TOP) - (text & !TOP)) & !text & TOP == TOP;
        (is_in_range && text >> 48 <= u64::from(u16::from_be_bytes(*b"23"))).then_some(Self(text))
    }
}

/// The one form that CloudTrail itself writes, without the cost of a format parser.
fn parse_plain_time(text: &[u8]) -> Option<Time> {
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
    use proptest::prelude::*;

    proptest! {
        /// What is taken apart and put together again is what a parser reads, and nothing else is.
        #[test]
        fn times_taken_apart_are_the_same(
            text in "[0-2][0-9]:[0-6][0-9]:[0-6][0-9]|[0-3:/Z\\x7f]{8}", day in "2024-02-(28|29|30)T", end in "Z|",
        ) {
            let text = format!("{day}{text}{end}");
            let apart = Time::take_apart(text.as_bytes()).and_then(|(day, clock)| day.at(clock));
            prop_assert_eq!(apart, parse_plain_time(text.as_bytes()));
        }

        #[test]
        fn clocks_have_the_order_of_their_times(a in 0..86_400_u32, b in 0..86_400_u32) {
            let clock = |it: u32| format!("{:02}:{:02}:{:02}", it / 3600, it / 60 % 60, it % 60);
            let read = |it| Clock::read(clock(it).as_bytes().try_into().unwrap()).unwrap();
            prop_assert_eq!(read(a).cmp(&read(b)), a.cmp(&b));
        }
    }

    /// Bytes beyond ASCII are in no range.
    #[test]
    fn no_other_byte_is_taken_for_a_digit() {
        for at in 0..8 {
            for byte in 0..=255 {
                let mut text = *b"12:34:56";
                text[at] = byte;
                let whole = [b"2024-02-29T".as_slice(), &text, b"Z"].concat();
                assert_eq!(Clock::read(text).is_some(), parse_plain_time(&whole).is_some(), "{at} {byte}");
            }
        }
    }

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
