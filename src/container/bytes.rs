//! A run of bytes that can be looked at before it is read: memory, a reader, or
//! what a decoder makes of other bytes.
//!
//! Reading here never fails. Whatever goes wrong is an early end, and kept as
//! [`Damage`] until somebody asks why the end came.

use super::inflate::{Decoder, DecoderPool};
use crate::error::Kind;
use crate::input::describe_io_error;
use std::io;
use std::io::{BufRead, Read};

/// How much is read or inflated at a time.
const BLOCK: usize = 64 << 10;

/// How the cause begins of a gzip member behind the first.
const SECOND_MEMBER: &str = "a second gzip member";

/// What was wrong with the bytes of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The word for it.
    pub kind: Kind,
    /// The cause, in lower case, as a [`Trouble`](crate::error::Trouble) has it.
    pub cause: String,
}

impl Damage {
    pub(crate) fn new(kind: Kind, cause: impl Into<String>) -> Self {
        Self { kind, cause: cause.into() }
    }

    /// A gzip member behind the first, which gave so many bytes.
    pub(crate) fn second_member(given: u64) -> Self {
        let cause = format!(
            "{SECOND_MEMBER} follows the first, after {} inflated bytes; CloudTrail writes one",
            group_digits(given)
        );
        Self::new(Kind::TrailingData, cause)
    }

    /// Tells whether it is a gzip member behind the first, and nothing is wrong with either.
    pub(crate) fn is_second_member(&self) -> bool {
        self.kind == Kind::TrailingData && self.cause.starts_with(SECOND_MEMBER)
    }

    /// Tells whether bytes are missing or wrong, so that layers above cannot end well either.
    fn is_cut(&self) -> bool {
        !matches!(self.kind, Kind::TrailingData)
    }
}

enum BytesOrigin<'a> {
    Slice(&'a [u8]),
    Read(Box<dyn Read + 'a>),
    Decoder(Box<Decoder<'a>>),
}

pub(crate) struct SourceBytes<'a> {
    origin: BytesOrigin<'a>,
    /// Bytes that were looked at or buffered, of which those from `at` are still to be read.
    buffer: Vec<u8>,
    at: usize,
    /// How many bytes there should be, when a package tells.
    expected: Option<u64>,
    /// Whether nobody knows how many there are, and how many there may be.
    is_endless: bool,
    most: Option<u64>,
    taken: u64,
    damage: Option<Damage>,
}

impl<'a> SourceBytes<'a> {
    fn new(origin: BytesOrigin<'a>) -> Self {
        Self {
            origin,
            buffer: Vec::new(),
            at: 0,
            expected: None,
            is_endless: false,
            most: None,
            taken: 0,
            damage: None,
        }
    }

    pub(crate) fn slice(slice: &'a [u8]) -> Self {
        Self::new(BytesOrigin::Slice(slice))
    }

    pub(crate) fn read(reader: impl Read + 'a) -> Self {
        Self::new(BytesOrigin::Read(Box::new(reader)))
    }

    /// Reads a pipe, which may go on for ever.
    pub(crate) fn endless(reader: impl Read + 'a) -> Self {
        Self { is_endless: true, ..Self::read(reader) }
    }

    /// Sets a limit to what may go on for ever.
    pub(crate) fn limit(&mut self, most: u64) {
        self.most = self.is_endless.then_some(most);
    }

    /// Reads a member that is known to have `size` bytes.
    pub(crate) fn sized(reader: impl Read + 'a, size: u64) -> Self {
        Self { expected: Some(size), ..Self::read(reader) }
    }

    /// Reads what a decoder makes of other bytes.
    ///
    /// A look at it inflates a whole block: many small steps are slower than
    /// the copy, and the most of all log files are smaller than that.
    pub(crate) fn decoder(decoder: Decoder<'a>, pool: &mut DecoderPool) -> Self {
        Self { buffer: pool.buffer(), ..Self::new(BytesOrigin::Decoder(Box::new(decoder))) }
    }

    /// Returns all bytes, if they are in memory, sound, and none was read.
    pub(crate) fn whole(&self) -> Option<&'a [u8]> {
        match self.origin {
            BytesOrigin::Slice(slice)
                if self.damage.is_none() && self.taken == 0 && self.buffer.is_empty() =>
            {
                Some(slice)
            }
            _ => None,
        }
    }

    /// Notes that reading stopped at an error behind the last byte.
    pub(crate) fn broken_by(&mut self, error: &io::Error) {
        self.damage.get_or_insert_with(|| {
            Damage::new(Kind::Unreadable, format!("reading failed: {}", describe_io_error(error)))
        });
    }

    /// Returns all bytes that are left, if they are in memory anyway.
    pub(crate) fn as_slice(&self) -> Option<&'a [u8]> {
        match self.origin {
            BytesOrigin::Slice(slice) => Some(slice),
            _ => None,
        }
    }

    /// Looks at the next `count` bytes; fewer only at the end.
    pub(crate) fn peek(&mut self, count: usize) -> &[u8] {
        if let BytesOrigin::Slice(slice) = self.origin {
            return &slice[..count.min(slice.len())];
        }
        while self.buffer.len() - self.at < count && self.more() {}
        let seen = &self.buffer[self.at..];
        &seen[..count.min(seen.len())]
    }

    /// Appends about `max` bytes to `buf`; false at the end.
    pub(crate) fn fill(&mut self, buf: &mut Vec<u8>, max: usize) -> bool {
        let looked_at = &self.buffer[self.at..];
        buf.extend_from_slice(looked_at);
        let known = looked_at.len();
        self.at = self.buffer.len();
        let max = max.saturating_sub(known);
        if max == 0 {
            return true;
        }
        let before = buf.len();
        if let Some(most) = self.most.filter(|most| self.taken >= *most) {
            let cause = format!("continues past {} bytes", group_digits(most));
            self.damage.get_or_insert_with(|| Damage::new(Kind::TooLarge, cause));
            return known > 0;
        }
        match &mut self.origin {
            BytesOrigin::Slice(slice) => {
                let (next, rest) = slice.split_at(max.min(slice.len()));
                buf.extend_from_slice(next);
                *slice = rest;
            }
            BytesOrigin::Read(reader) => {
                if let Err(error) = reader.take(max as u64).read_to_end(buf) {
                    self.broken_by(&error);
                }
            }
            BytesOrigin::Decoder(decoder) => {
                decoder.fill(buf, max);
            }
        }
        self.count(buf.len() - before) || known > 0
    }

    /// Buffers a block more; false at the end.
    fn more(&mut self) -> bool {
        if self.at == self.buffer.len() {
            self.buffer.clear();
            self.at = 0;
        }
        let mut buffer = std::mem::take(&mut self.buffer);
        // What is unread must stay in front, so `fill` is to see an empty buffer.
        let at = std::mem::take(&mut self.at);
        let more = self.fill(&mut buffer, BLOCK);
        self.buffer = buffer;
        self.at = at;
        more
    }

    fn count(&mut self, count: usize) -> bool {
        self.taken += count as u64;
        if count == 0
            && let Some(expected) = self.expected.filter(|expected| *expected > self.taken)
        {
            let cause = format!(
                "the package ends early, after {} of {} bytes",
                group_digits(self.taken),
                group_digits(expected)
            );
            self.damage.get_or_insert_with(|| Damage::new(Kind::Truncated, cause));
        }
        count > 0
    }

    /// Drops what is left, and counts it.
    pub(crate) fn drain(&mut self) -> u64 {
        let mut count = 0;
        while let Ok(next @ 1..) = self.fill_buf().map(<[u8]>::len) {
            self.consume(next);
            count += next as u64;
        }
        count
    }

    /// Allows more inflated bytes than a single log may have, for a package.
    pub(crate) fn allow(&mut self, limit: u64) {
        if let BytesOrigin::Decoder(decoder) = &mut self.origin {
            decoder.allow(limit);
        }
    }

    /// Returns what was wrong, from the innermost layer on; complete at the end only.
    pub(crate) fn damage(&self) -> Vec<Damage> {
        let mut all = match &self.origin {
            BytesOrigin::Decoder(decoder) => decoder.damage(),
            _ => Vec::new(),
        };
        add_damage(&mut all, self.damage.as_slice());
        all
    }

    pub(crate) fn first_member_end(&self) -> Option<u64> {
        match &self.origin {
            BytesOrigin::Decoder(decoder) => decoder.first_member_end(),
            _ => None,
        }
    }

    /// Gives what can be used again back to the pool.
    pub(crate) fn retire(self, pool: &mut DecoderPool) {
        if let BytesOrigin::Decoder(decoder) = self.origin {
            pool.give_buffer(self.buffer);
            decoder.retire(pool);
        }
    }
}

/// Adds the damage of an outer layer, without what only follows from an inner one.
pub(crate) fn add_damage(all: &mut Vec<Damage>, outer: &[Damage]) {
    let cut = all.iter().any(Damage::is_cut);
    all.extend(outer.iter().filter(|damage| !cut || !damage.is_cut()).cloned());
}

impl Read for SourceBytes<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buf)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for SourceBytes<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if let BytesOrigin::Slice(slice) = self.origin {
            return Ok(slice);
        }
        if self.at == self.buffer.len() {
            self.more();
        }
        Ok(&self.buffer[self.at..])
    }

    fn consume(&mut self, count: usize) {
        match &mut self.origin {
            BytesOrigin::Slice(slice) => *slice = slice.get(count..).unwrap_or_default(),
            _ => self.at = (self.at + count).min(self.buffer.len()),
        }
    }
}

/// Writes a number with commas, as people read it.
pub(crate) fn group_digits(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1234567, "1,234,567")] {
            assert_eq!(group_digits(number), text);
        }
    }

    #[test]
    fn peeked_bytes_are_read_again() {
        let data: Vec<u8> = (0..200_000u32).map(|n| n as u8).collect();
        for mut bytes in [SourceBytes::slice(&data), SourceBytes::read(&data[..])] {
            assert_eq!(bytes.peek(4), &data[..4]);
            assert!(bytes.peek(512) == &data[..512]);
            bytes.consume(3);
            assert!(bytes.peek(600) == &data[3..603]);
            let mut rest = Vec::new();
            while bytes.fill(&mut rest, 1000) {}
            assert!(rest == data[3..]);
            assert_eq!(bytes.drain(), 0);
        }
    }

    #[test]
    fn what_goes_on_for_ever_ends() {
        for (limit, ends) in [(1 << 20, true), (u64::MAX, false)] {
            let mut bytes = SourceBytes::endless(io::repeat(b' '));
            bytes.limit(limit);
            let (mut all, mut steps) = (Vec::new(), 0);
            while steps < 40 && bytes.fill(&mut all, BLOCK) {
                steps += 1;
            }
            assert_eq!(steps < 40, ends);
            let told = Damage::new(Kind::TooLarge, "continues past 1,048,576 bytes");
            assert_eq!(bytes.damage(), if ends { vec![told] } else { vec![] });
        }
        // What is known to end has no such limit.
        let mut bytes = SourceBytes::read(&[b' '; 100][..]);
        bytes.limit(1);
        assert_eq!(bytes.drain(), 100);
    }

    #[test]
    fn io_error_is_an_end_with_a_reason() {
        struct Failing;
        impl Read for Failing {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("Disk fell out"))
            }
        }
        let mut bytes = SourceBytes::read(b"abc".chain(Failing));
        let mut all = Vec::new();
        while bytes.fill(&mut all, 100) {}
        assert_eq!(all, b"abc");
        assert_eq!(bytes.damage(), [Damage::new(Kind::Unreadable, "reading failed: disk fell out")]);
    }
}
