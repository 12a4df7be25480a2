//! The decoders to measure against: a whole gzip file into a buffer that is used again, checksum included.
//!
//! `benches/hot.rs` uses this as well. Only what CloudTrail writes is understood: one member, with or
//! without a name.

use clap::ValueEnum;
use flate2::{Crc, Decompress, FlushDecompress, Status};
use libdeflater::Decompressor;

/// The implementations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// flate2 on zlib-rs, which is what trailscan itself inflates with
    ZlibRs,
    /// libdeflate, written in C; it knows whole buffers only
    Libdeflate,
}

impl Kind {
    /// All of them.
    pub(crate) const ALL: [Self; 2] = [Self::ZlibRs, Self::Libdeflate];

    /// Returns the name as the command line and the tables have it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ZlibRs => "zlib-rs",
            Self::Libdeflate => "libdeflate",
        }
    }
}

/// One decoder with its buffer; one a thread.
pub(crate) struct Decoder {
    engine: Engine,
    room: Vec<u8>,
}

enum Engine {
    ZlibRs(Decompress),
    Libdeflate(Decompressor),
}

impl Decoder {
    /// Makes a decoder.
    pub(crate) fn new(kind: Kind) -> Self {
        let engine = match kind {
            Kind::ZlibRs => Engine::ZlibRs(Decompress::new(false)),
            Kind::Libdeflate => Engine::Libdeflate(Decompressor::new()),
        };
        Self { engine, room: Vec::new() }
    }

    /// Inflates a gzip file and checks its checksum and size.
    pub(crate) fn inflate(&mut self, file: &[u8]) -> Result<&[u8], String> {
        let size = file.last_chunk::<4>().ok_or("no gzip file")?;
        let size = u32::from_le_bytes(*size) as usize;
        if self.room.len() < size {
            self.room.resize(size.next_power_of_two(), 0);
        }
        let content = self.room.get_mut(..size).ok_or("no room")?;
        match &mut self.engine {
            Engine::ZlibRs(inflater) => zlib_rs(inflater, file, content)?,
            Engine::Libdeflate(inflater) => match inflater.gzip_decompress(file, content) {
                Ok(count) if count == size => {}
                Ok(_) => return Err("shorter than it says".to_owned()),
                Err(error) => return Err(error.to_string()),
            },
        }
        Ok(content)
    }
}

fn zlib_rs(inflater: &mut Decompress, file: &[u8], content: &mut [u8]) -> Result<(), String> {
    const NAME: u8 = 8;
    let (header, body) = file.split_first_chunk::<10>().ok_or("no gzip file")?;
    let body = match header {
        [0x1f, 0x8b, 8, 0, ..] => Some(body),
        [0x1f, 0x8b, 8, NAME, ..] => memchr::memchr(0, body).and_then(|end| body.get(end + 1..)),
        _ => None,
    };
    let (deflated, tail) = body.and_then(<[u8]>::split_last_chunk::<8>).ok_or("no plain gzip file")?;
    inflater.reset(false);
    let end = inflater.decompress(deflated, content, FlushDecompress::Finish);
    if !matches!(end, Ok(Status::StreamEnd)) || inflater.total_out() != content.len() as u64 {
        return Err("broken gzip file".to_owned());
    }
    let mut sum = Crc::new();
    sum.update(content);
    if tail.starts_with(&sum.sum().to_le_bytes()) { Ok(()) } else { Err("wrong checksum".to_owned()) }
}
