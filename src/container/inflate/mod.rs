//! Decompression that tells exactly what it could not do, one layer at a time.
//!
//! The formats themselves are in `gzip`, `zstd`, `utf16` and `csv`; what is in
//! a zip is inflated here. Nearly every file is a sound gzip member and never
//! comes here: `oneshot` inflates it in one call, and refuses without a word
//! whatever this has to tell of.

use super::bytes::{Damage, SourceBytes, add_damage, group_digits};
use super::csv::CsvReader;
use super::gzip::GzipReader;
use super::utf16::Utf16Reader;
use super::zstd::ZstdReader;
use crate::error::Kind;
use flate2::{Crc, Decompress, FlushDecompress, Status};
use std::io::BufRead;

/// Inflaters and buffers to be used again: they take 100 KiB, and an archive has a million files.
#[derive(Default)]
pub(crate) struct DecoderPool {
    inflaters: Vec<Decompress>,
    buffers: Vec<Vec<u8>>,
}

impl DecoderPool {
    #[cfg(test)]
    pub(crate) fn len(&self) -> (usize, usize) {
        (self.inflaters.len(), self.buffers.len())
    }

    pub(crate) fn inflater(&mut self) -> Decompress {
        self.inflaters.pop().unwrap_or_else(|| Decompress::new(false))
    }

    pub(crate) fn give_inflater(&mut self, inflater: Decompress) {
        self.inflaters.push(inflater);
    }

    pub(crate) fn buffer(&mut self) -> Vec<u8> {
        self.buffers.pop().unwrap_or_default()
    }

    pub(crate) fn give_buffer(&mut self, mut buffer: Vec<u8>) {
        buffer.clear();
        self.buffers.push(buffer);
    }
}

/// The checksum and size that a zip tells of a member.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checksum {
    pub(crate) crc: u32,
    pub(crate) size: u64,
}

/// Why a step could not be done; the message gets its place from [`Decoder::fill`].
pub(crate) enum InflateFault {
    /// The bytes end where there have to be more.
    Early,
    /// What stands there is none of the format.
    Broken,
    /// A fault that only the format can put into words.
    Other(Damage),
}

/// Whether there may be more after a step.
#[derive(PartialEq)]
pub(crate) enum InflateStep {
    More,
    End,
}

/// How a layer is taken off, and what has to hold at its end.
enum InflateMethod {
    Gzip(Box<GzipReader>),
    Deflate(Box<Decompress>, Option<Checksum>, Crc),
    Stored(Option<Checksum>, Crc),
    Zstd(Box<ZstdReader>),
    Utf16(Utf16Reader),
    Csv(Box<CsvReader>),
}

/// One layer of compression, taken off.
pub(crate) struct Decoder<'a> {
    bytes: SourceBytes<'a>,
    method: InflateMethod,
    /// How many bytes may be given: a small file may inflate to any number.
    limit: u64,
    /// How many bytes were given; never more than the limit.
    given: u64,
    /// What was found wrong in this layer. What comes from below it is asked of `bytes`.
    damage: Vec<Damage>,
    /// Whether nothing more is given: at the end, at a fault, or at the limit.
    done: bool,
}

impl<'a> Decoder<'a> {
    fn new(bytes: SourceBytes<'a>, method: InflateMethod, limit: u64) -> Self {
        Self { bytes, method, limit, given: 0, damage: Vec::new(), done: false }
    }

    pub(crate) fn gzip(bytes: SourceBytes<'a>, limit: u64, pool: &mut DecoderPool) -> Self {
        Self::new(bytes, InflateMethod::Gzip(Box::new(GzipReader::new(pool.inflater()))), limit)
    }

    /// Decodes a member of a zip that is compressed.
    pub(crate) fn deflate(
        bytes: SourceBytes<'a>,
        sum: Option<Checksum>,
        limit: u64,
        pool: &mut DecoderPool,
    ) -> Self {
        let mut inflate = pool.inflater();
        inflate.reset(false);
        Self::new(bytes, InflateMethod::Deflate(Box::new(inflate), sum, Crc::new()), limit)
    }

    /// Checks a member of a zip that is not compressed.
    pub(crate) fn stored(bytes: SourceBytes<'a>, sum: Option<Checksum>, limit: u64) -> Self {
        Self::new(bytes, InflateMethod::Stored(sum, Crc::new()), limit)
    }

    pub(crate) fn zstd(bytes: SourceBytes<'a>, limit: u64) -> Self {
        Self::new(bytes, InflateMethod::Zstd(Box::default()), limit)
    }

    /// Makes UTF-8 of UTF-16; `upper_first` says how its units are written.
    pub(crate) fn utf16(bytes: SourceBytes<'a>, upper_first: bool, limit: u64) -> Self {
        Self::new(bytes, InflateMethod::Utf16(Utf16Reader::new(upper_first)), limit)
    }

    /// Makes a line of JSON of each row.
    pub(crate) fn csv(bytes: SourceBytes<'a>, limit: u64) -> Self {
        Self::new(bytes, InflateMethod::Csv(Box::default()), limit)
    }

    /// Appends about `max` bytes to `buf`; false at the end, clean or not.
    pub(crate) fn fill(&mut self, buf: &mut Vec<u8>, max: usize) -> bool {
        let start = buf.len();
        while !self.done && buf.len() == start {
            let step = self.step(buf, max);
            self.given += (buf.len() - start) as u64;
            match step {
                Ok(InflateStep::More) => {}
                Ok(InflateStep::End) => self.done = true,
                Err(fault) => self.fail(fault),
            }
            if self.given > self.limit {
                buf.truncate(buf.len() - (self.given - self.limit) as usize);
                self.given = self.limit;
                self.done = true;
                let cause = format!("inflates to more than {} bytes", group_digits(self.limit));
                self.damage.push(Damage::new(Kind::TooLarge, cause));
            }
        }
        buf.len() > start
    }

    fn step(&mut self, buf: &mut Vec<u8>, max: usize) -> Result<InflateStep, InflateFault> {
        let Self { bytes, method, damage, given, .. } = self;
        let start = buf.len();
        match method {
            InflateMethod::Gzip(gzip) => gzip.step(bytes, buf, max, *given, damage),
            InflateMethod::Zstd(zstd) => zstd.step(bytes, buf, max),
            InflateMethod::Utf16(utf16) => utf16.step(bytes, buf, max),
            InflateMethod::Csv(csv) => csv.step(bytes, buf, max),
            InflateMethod::Deflate(inflate, sum, crc) => {
                let step = inflate_some(bytes, inflate, buf, max);
                crc.update(&buf[start..]);
                if let (Ok(InflateStep::End), Some(sum)) = (&step, sum) {
                    sum.check(crc, *given + (buf.len() - start) as u64)?;
                }
                step
            }
            InflateMethod::Stored(sum, crc) => {
                if bytes.fill(buf, max) {
                    crc.update(&buf[start..]);
                    return Ok(InflateStep::More);
                }
                if let Some(sum) = sum {
                    sum.check(crc, *given)?;
                }
                Ok(InflateStep::End)
            }
        }
    }

    /// Ends the layer with a fault; what was given before it stays given.
    fn fail(&mut self, fault: InflateFault) {
        self.done = true;
        let name = match self.method {
            InflateMethod::Gzip(_) => "gzip stream",
            InflateMethod::Deflate(..) | InflateMethod::Stored(..) => "zip member",
            InflateMethod::Zstd(_) => "zstd stream",
            InflateMethod::Utf16(_) => "UTF-16 text",
            InflateMethod::Csv(_) => "CSV",
        };
        let given = group_digits(self.given);
        self.damage.push(match fault {
            InflateFault::Early => {
                Damage::new(Kind::Truncated, format!("the {name} ends early, after {given} inflated bytes"))
            }
            InflateFault::Broken => {
                Damage::new(Kind::Corrupt, format!("the {name} is broken after {given} inflated bytes"))
            }
            InflateFault::Other(damage) => damage,
        });
    }

    /// Sets the limit anew, for bytes that were given before as well.
    pub(crate) fn allow(&mut self, limit: u64) {
        self.limit = limit;
    }

    /// Returns what was found wrong so far, in the layers below and in this one.
    pub(crate) fn damage(&self) -> Vec<Damage> {
        let mut all = self.bytes.damage();
        add_damage(&mut all, &self.damage);
        all
    }

    /// Returns where the first gzip member ended, if another came after it.
    pub(crate) fn first_member_end(&self) -> Option<u64> {
        match &self.method {
            InflateMethod::Gzip(gzip) => gzip.first_member_end(),
            InflateMethod::Utf16(_) | InflateMethod::Csv(_) => self.bytes.first_member_end(),
            _ => None,
        }
    }

    /// Gives the inflaters and buffers of this layer, and of those below, to the next file.
    pub(crate) fn retire(self, pool: &mut DecoderPool) {
        match self.method {
            InflateMethod::Gzip(gzip) => pool.inflaters.push(gzip.inflate),
            InflateMethod::Deflate(inflate, ..) => pool.inflaters.push(*inflate),
            InflateMethod::Stored(..)
            | InflateMethod::Zstd(_)
            | InflateMethod::Utf16(_)
            | InflateMethod::Csv(_) => {}
        }
        self.bytes.retire(pool);
    }
}

impl Checksum {
    fn check(self, crc: &Crc, size: u64) -> Result<(), InflateFault> {
        let cause = if size != self.size {
            format!(
                "the zip directory tells of {} bytes, there are {}",
                group_digits(self.size),
                group_digits(size)
            )
        } else if crc.sum() != self.crc {
            "the zip checksum does not match".to_owned()
        } else {
            return Ok(());
        };
        // Bytes that are missing are the more telling word.
        let kind = if size < self.size { Kind::Truncated } else { Kind::Corrupt };
        Err(InflateFault::Other(Damage::new(kind, cause)))
    }
}

/// Inflates once: what the buffered input gives, or what fits into `buf`.
pub(crate) fn inflate_some(
    bytes: &mut SourceBytes<'_>,
    inflate: &mut Decompress,
    buf: &mut Vec<u8>,
    max: usize,
) -> Result<InflateStep, InflateFault> {
    buf.reserve(max.max(1));
    let (read, written) = (inflate.total_in(), buf.len());
    let input = bytes.fill_buf().unwrap_or_default();
    let at_end = input.is_empty();
    let flush = if at_end { FlushDecompress::Finish } else { FlushDecompress::None };
    let status = inflate.decompress_vec(input, buf, flush);
    let used = inflate.total_in() - read;
    bytes.consume(used as usize);
    match status {
        Ok(Status::StreamEnd) => Ok(InflateStep::End),
        Ok(_) if buf.len() > written => Ok(InflateStep::More),
        Ok(_) if at_end => Err(InflateFault::Early),
        // Neither read nor written: it would do so for ever.
        Ok(_) if used == 0 => Err(InflateFault::Broken),
        Ok(_) => Ok(InflateStep::More),
        Err(_) => Err(InflateFault::Broken),
    }
}

#[cfg(test)]
mod tests;
