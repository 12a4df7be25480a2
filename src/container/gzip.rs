//! The members of a gzip stream.
//!
//! They are walked here and not by `GzDecoder`, which stops after the first
//! without a word, nor by `MultiGzDecoder`, which hides that there was a
//! second; both lose what a call had inflated when the data turns out broken.

use super::bytes::{Damage, SourceBytes, group_digits};
use super::inflate::{InflateFault, InflateStep, inflate_some};
use crate::error::Kind;
use flate2::{Crc, Decompress};
use std::io::{BufRead, Read};

#[derive(Clone, Copy)]
enum GzipPart {
    Head,
    Body,
    Tail,
}

/// The members of a gzip stream.
pub(crate) struct GzipReader {
    pub(crate) inflate: Decompress,
    crc: Crc,
    part: GzipPart,
    members: u64,
    first_end: Option<u64>,
}

impl GzipReader {
    pub(crate) fn new(inflate: Decompress) -> Self {
        Self { inflate, crc: Crc::new(), part: GzipPart::Head, members: 0, first_end: None }
    }

    /// Returns where the first member ended, if another came after it.
    pub(crate) fn first_member_end(&self) -> Option<u64> {
        self.first_end.filter(|_| self.members > 1)
    }

    /// Decodes once: a header, some of the content, or a checksum and what follows it.
    pub(crate) fn step(
        &mut self,
        bytes: &mut SourceBytes<'_>,
        buf: &mut Vec<u8>,
        max: usize,
        given: u64,
        damage: &mut Vec<Damage>,
    ) -> Result<InflateStep, InflateFault> {
        match self.part {
            GzipPart::Head => {
                if self.members == 0 {
                    skip_bytes(bytes, 2)?;
                }
                self.members += 1;
                read_header(bytes)?;
                self.inflate.reset(false);
                self.crc.reset();
                self.part = GzipPart::Body;
                Ok(InflateStep::More)
            }
            GzipPart::Body => {
                let start = buf.len();
                let step = inflate_some(bytes, &mut self.inflate, buf, max);
                self.crc.update(&buf[start..]);
                if step? == InflateStep::End {
                    self.part = GzipPart::Tail;
                }
                Ok(InflateStep::More)
            }
            GzipPart::Tail => {
                let tail: [u8; 8] = take_bytes(bytes)?;
                let [a, b, c, d, size @ ..] = tail;
                self.first_end.get_or_insert(given);
                if u32::from_le_bytes([a, b, c, d]) != self.crc.sum()
                    || u32::from_le_bytes(size) != self.crc.amount()
                {
                    let broken = Damage::new(Kind::Corrupt, "the gzip checksum does not match");
                    if !damage.contains(&broken) {
                        damage.push(broken);
                    }
                }
                self.after_member(bytes, given, damage)
            }
        }
    }

    /// Looks at what follows a member: nothing, padding, another member, or something else.
    fn after_member(
        &mut self,
        bytes: &mut SourceBytes<'_>,
        given: u64,
        damage: &mut Vec<Damage>,
    ) -> Result<InflateStep, InflateFault> {
        let mut count = 0;
        let first = loop {
            match next_byte(bytes) {
                Some(0) => count += 1,
                first => break first,
            }
        };
        let Some(first) = first else {
            return Ok(InflateStep::End);
        };
        count += 1;
        if first == 0x1f && bytes.peek(2).starts_with(&[0x8b, 8]) {
            skip_bytes(bytes, 1)?;
            if self.members == 1 {
                damage.push(Damage::second_member(given));
            }
            self.part = GzipPart::Head;
            return Ok(InflateStep::More);
        }
        count += bytes.drain();
        let (bytes, are) = if count == 1 { ("byte", "is") } else { ("bytes", "are") };
        let cause = format!("{} {bytes} after the gzip stream {are} not gzip", group_digits(count));
        damage.push(Damage::new(Kind::TrailingData, cause));
        Ok(InflateStep::End)
    }
}

/// Reads a member's header from behind the two bytes of its mark (RFC 1952).
pub(crate) fn read_header(bytes: &mut SourceBytes<'_>) -> Result<(), InflateFault> {
    let [method, flags, ..]: [u8; 8] = take_bytes(bytes)?;
    if method != 8 || flags & 0xe0 != 0 {
        return Err(InflateFault::Other(Damage::new(Kind::Corrupt, "the gzip header is broken")));
    }
    if flags & 4 != 0 {
        let size: [u8; 2] = take_bytes(bytes)?;
        skip_bytes(bytes, u16::from_le_bytes(size).into())?;
    }
    // The original name and a comment, each up to a NUL.
    for flag in [8, 16] {
        if flags & flag != 0 {
            while next_byte(bytes).ok_or(InflateFault::Early)? != 0 {}
        }
    }
    // A checksum of the header, which gzip itself does not look at.
    skip_bytes(bytes, if flags & 2 != 0 { 2 } else { 0 })
}

fn next_byte(bytes: &mut SourceBytes<'_>) -> Option<u8> {
    let first = bytes.fill_buf().ok()?.first().copied()?;
    bytes.consume(1);
    Some(first)
}

pub(crate) fn take_bytes<const N: usize>(bytes: &mut SourceBytes<'_>) -> Result<[u8; N], InflateFault> {
    let mut taken = [0; N];
    bytes.read_exact(&mut taken).map_err(|_| InflateFault::Early)?;
    Ok(taken)
}

pub(crate) fn skip_bytes(bytes: &mut SourceBytes<'_>, count: u64) -> Result<(), InflateFault> {
    let skipped = std::io::copy(&mut bytes.take(count), &mut std::io::sink()).unwrap_or_default();
    if skipped == count { Ok(()) } else { Err(InflateFault::Early) }
}
