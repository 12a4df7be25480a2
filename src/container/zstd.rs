//! The frames of a zstd stream.

use super::bytes::{Damage, SourceBytes, group_digits};
use super::gzip::skip_bytes;
use super::inflate::{InflateFault, InflateStep};
use super::sniff::{ContentFormat, sniff_format};
use crate::error::Kind;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use std::io::BufRead;

/// The largest window, and so the memory, that a frame may ask for: that of `zstd --long`.
const WINDOW: u64 = 128 << 20;

/// An empty block that is the last, and four bytes where a checksum is due.
const LAST_BLOCK: [u8; 7] = [1, 0, 0, 0, 0, 0, 0];

#[derive(Default)]
pub(crate) struct ZstdReader {
    decoder: Option<FrameDecoder>,
    in_frame: bool,
}

impl ZstdReader {
    /// Decodes once: a frame's header, or some blocks of it.
    pub(crate) fn step(
        &mut self,
        bytes: &mut SourceBytes<'_>,
        buf: &mut Vec<u8>,
        max: usize,
    ) -> Result<InflateStep, InflateFault> {
        let decoder = self.decoder.get_or_insert_with(|| {
            let mut decoder = FrameDecoder::new();
            decoder.set_max_window_size(WINDOW);
            decoder
        });
        if !self.in_frame {
            match sniff_format(bytes.peek(4)) {
                ContentFormat::Empty => return Ok(InflateStep::End),
                ContentFormat::Zstd => {}
                _ => {
                    let cause =
                        format!("{} bytes after the zstd stream are not zstd", group_digits(bytes.drain()));
                    return Err(InflateFault::Other(Damage::new(Kind::TrailingData, cause)));
                }
            }
            match decoder.reset(&mut *bytes) {
                Ok(()) => self.in_frame = true,
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    skip_bytes(bytes, length.into())?;
                }
                Err(error) => return Err(classify_fault(bytes, &error)),
            }
            return Ok(InflateStep::More);
        }
        let decoded = decoder.decode_blocks(&mut *bytes, BlockDecodingStrategy::UptoBytes(max.max(1)));
        if decoded.is_err() {
            // Without a last block the decoder keeps a whole window back.
            decoder.decode_blocks(&LAST_BLOCK[..], BlockDecodingStrategy::UptoBlocks(1)).ok();
        }
        decoder.collect_to_writer(&mut *buf).ok();
        if let Err(error) = decoded {
            return Err(classify_fault(bytes, &error));
        }
        if decoder.is_finished() {
            self.in_frame = false;
            let stored = decoder.get_checksum_from_data();
            if stored.is_some() && stored != decoder.get_calculated_checksum() {
                return Err(InflateFault::Other(Damage::new(
                    Kind::Corrupt,
                    "the zstd checksum does not match",
                )));
            }
        }
        Ok(InflateStep::More)
    }
}

/// Tells a stream that is cut from one that is broken: only the first has used up its bytes.
fn classify_fault(bytes: &mut SourceBytes<'_>, error: &FrameDecoderError) -> InflateFault {
    match error {
        FrameDecoderError::WindowSizeTooBig { .. } => InflateFault::Other(Damage::new(
            Kind::Unsupported,
            "the zstd stream needs a window of more than 128 MiB",
        )),
        FrameDecoderError::DictNotProvided { .. } => {
            InflateFault::Other(Damage::new(Kind::Unsupported, "the zstd stream needs a dictionary"))
        }
        _ if bytes.fill_buf().is_ok_and(<[u8]>::is_empty) => InflateFault::Early,
        _ => InflateFault::Broken,
    }
}
