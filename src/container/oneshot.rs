//! Inflates a gzip file that is in memory as a whole, in one step.
//!
//! This is the path of nearly every log file, so it knows only what CloudTrail
//! writes: one member, nothing behind it, checksum and size right. Anything
//! else is refused without a word, and `inflate` tells exactly what is wrong.
//! A property test holds the two to the same answer.

use libdeflater::Decompressor;
use memchr::memmem;

/// The decoder, and a buffer that is never given back nor cleared: what it held is written over.
#[derive(Default)]
pub(crate) struct OneShot {
    inflater: Decompressor,
    room: Vec<u8>,
}

/// The least room that is made.
const LEAST: usize = 1 << 16;

/// Content larger than this is left to the decoder that gives it piece by piece: memory is not to
/// grow with the largest file, nor with what a file says of itself.
const LARGEST: usize = 64 << 20;

impl OneShot {
    /// Inflates `file` and returns its content, or `None` when it is not exactly one sound member of
    /// at most `limit` bytes.
    pub(crate) fn inflate(&mut self, file: &[u8], limit: u64) -> Option<&[u8]> {
        let body = strip_header(file)?;
        let tail = *body.last_chunk::<4>()?;
        let size = u32::from_le_bytes(tail) as usize;
        if size as u64 > limit || size > LARGEST {
            return None;
        }
        // The decoder stops behind the first member, where it has found checksum and size right, and
        // does not tell where that is. It is the end of the file if this size stands nowhere before.
        if memmem::find(body, &tail)? + tail.len() != body.len() {
            return None;
        }
        if self.room.len() < size {
            self.room.resize(size.next_power_of_two().max(LEAST), 0);
        }
        let content = self.room.get_mut(..size)?;
        let inflated = self.inflater.gzip_decompress(file, content).ok()?;
        (inflated == size).then_some(content)
    }
}

/// Returns what follows the header (RFC 1952), which may hold a name but nothing rarer.
fn strip_header(file: &[u8]) -> Option<&[u8]> {
    const NAME: u8 = 8;
    let (header, rest) = file.split_first_chunk::<10>()?;
    match header {
        [0x1f, 0x8b, 8, 0, ..] => Some(rest),
        [0x1f, 0x8b, 8, NAME, ..] => rest.get(memchr::memchr(0, rest)? + 1..),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::container::bytes::{Damage, SourceBytes};
    use crate::container::inflate::{Decoder, DecoderPool};
    use flate2::{Compression, GzBuilder};
    use proptest::prelude::*;
    use std::io::Write;

    fn gzip(content: &[u8], name: Option<&str>, level: u32) -> Vec<u8> {
        let builder = name.into_iter().fold(GzBuilder::new(), |builder, name| builder.filename(name));
        let mut writer = builder.write(Vec::new(), Compression::new(level));
        writer.write_all(content).unwrap();
        writer.finish().unwrap()
    }

    fn one_shot(file: &[u8]) -> Option<Vec<u8>> {
        OneShot::default().inflate(file, 1 << 30).map(<[u8]>::to_vec)
    }

    /// What the decoder that tells everything makes of a file.
    fn exact(file: &[u8]) -> (Vec<u8>, Vec<Damage>) {
        let mut pool = DecoderPool::default();
        let decoder = Decoder::gzip(SourceBytes::slice(file), 1 << 30, &mut pool);
        let mut bytes = SourceBytes::decoder(decoder, &mut pool);
        let mut content = Vec::new();
        while bytes.fill(&mut content, 1 << 20) {}
        (content, bytes.damage())
    }

    #[test]
    fn a_sound_member_is_inflated() {
        for name in [None, Some("x.json")] {
            assert_eq!(
                one_shot(&gzip(b"{\"Records\":[]}", name, 6)).as_deref(),
                Some(&b"{\"Records\":[]}"[..])
            );
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let file = gzip(&b"some content ".repeat(50), None, 6);
        let two = [file.clone(), file.clone()].concat();
        let padded = [&file[..], &[0; 8]].concat();
        // What stands behind the member is hidden by a copy of its checksum and size.
        let hidden = [&file[..], b"more", &file[file.len() - 8..]].concat();
        for other in
            [&two[..], &padded, &hidden, &file[..file.len() - 1], &file[..9], b"", b"{\"Records\":[]}"]
        {
            assert_eq!(one_shot(other), None);
        }
        assert_eq!(OneShot::default().inflate(&file, 100), None);
    }

    proptest! {
        #[test]
        fn a_damaged_file_is_refused_or_is_the_same(
            content in prop::collection::vec(prop::sample::select(&b"ab{}\":,"[..]), 1..600),
            at in any::<prop::sample::Index>(),
            flip in 1_u8..,
            level in 0_u32..=9,
        ) {
            let mut file = gzip(&content, None, level);
            prop_assert_eq!(one_shot(&file), Some(content.clone()));
            let at = at.index(file.len());
            file[at] ^= flip;
            // Where it is not refused, the exact decoder has nothing to say either. (Time, system and
            // the last bits of a block mean nothing.)
            if let Some(inflated) = one_shot(&file) {
                prop_assert_eq!(&inflated, &content);
                prop_assert_eq!(exact(&file), (inflated, Vec::new()));
            }
        }
    }
}
