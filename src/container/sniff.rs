//! What bytes are, told by how they begin.

use super::utf16;

/// How many bytes [`sniff_format`] wants to see: a tar header.
pub(crate) const HEAD: usize = 512;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ContentFormat {
    Empty,
    Gzip,
    Zstd,
    Zip,
    Tar,
    /// UTF-16; true where the first byte of a unit is the upper one.
    Utf16(bool),
    /// Compressed in a way that is not supported, with its name.
    Foreign(&'static str),
    /// Anything else.
    Plain,
}

pub(crate) fn sniff_format(head: &[u8]) -> ContentFormat {
    match head {
        [] => ContentFormat::Empty,
        [0x1f, 0x8b, ..] => ContentFormat::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => ContentFormat::Zstd,
        // A file, none, or the mark of a zip that was to be split and was not.
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, b'P', b'K', ..] => {
            ContentFormat::Zip
        }
        [b'B', b'Z', b'h', b'1'..=b'9', b'1', b'A', b'Y', ..] => ContentFormat::Foreign("bzip2"),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => ContentFormat::Foreign("xz"),
        [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => ContentFormat::Foreign("7z"),
        _ if let Some(upper_first) = utf16::detect_byte_order(head) => ContentFormat::Utf16(upper_first),
        _ if is_tar(head) => ContentFormat::Tar,
        _ => ContentFormat::Plain,
    }
}

/// Knows a tar by its mark, or by the checksum of the header where that is older than the mark.
fn is_tar(head: &[u8]) -> bool {
    let Some(header) = head.get(..HEAD) else {
        return false;
    };
    if header[257..].starts_with(b"ustar") {
        return true;
    }
    let field = header[148..156].iter().filter(|byte| !matches!(byte, b' ' | 0));
    let digits: Option<Vec<u32>> = field.map(|byte| char::from(*byte).to_digit(8)).collect();
    let Some(digits) = digits.filter(|digits| !digits.is_empty()) else {
        return false;
    };
    let stored = digits.iter().fold(0u32, |sum, digit| sum.wrapping_mul(8).wrapping_add(*digit));
    let sum = |bytes: &[u8]| bytes.iter().map(|byte| u32::from(*byte)).sum::<u32>();
    // The checksum counts itself as eight spaces.
    header[0] != 0 && stored == sum(&header[..148]) + sum(&header[156..]) + 8 * u32::from(b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_content() {
        let mut old = tar::Header::new_old();
        old.set_path("a.json").unwrap();
        old.set_size(3);
        old.set_cksum();
        let mut near = *old.as_bytes();
        near[0] = b'b';
        for (head, format) in [
            (&b""[..], ContentFormat::Empty),
            (b"\x1f", ContentFormat::Plain),
            (b"\x1f\x8b", ContentFormat::Gzip),
            (b"\x28\xb5\x2f\xfd", ContentFormat::Zstd),
            (b"\x5e\x2a\x4d\x18", ContentFormat::Zstd),
            (b"PK\x03\x04", ContentFormat::Zip),
            (b"PK\x05\x06", ContentFormat::Zip),
            (b"PK", ContentFormat::Plain),
            (b"BZh91AY&SY", ContentFormat::Foreign("bzip2")),
            (b"BZhello, world", ContentFormat::Plain),
            (b"\xfd7zXZ\0", ContentFormat::Foreign("xz")),
            (b"7z\xbc\xaf\x27\x1c", ContentFormat::Foreign("7z")),
            (b"{\"Records\":[]}", ContentFormat::Plain),
            (b"\xef\xbb\xbf[]", ContentFormat::Plain),
            (b"\xff\xfe{\0", ContentFormat::Utf16(false)),
            (b"\0{\0\"\0R", ContentFormat::Utf16(true)),
            (old.as_bytes(), ContentFormat::Tar),
            (&near, ContentFormat::Plain),
            (&[0; 512], ContentFormat::Plain),
            (tar::Header::new_ustar().as_bytes(), ContentFormat::Tar),
        ] {
            assert_eq!(sniff_format(head), format, "{head:?}");
        }
    }
}
