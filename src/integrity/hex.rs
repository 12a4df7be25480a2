//! Hashes as text, and text as hashes.

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};

/// A SHA-256.
pub type Sha256Hash = [u8; 32];

/// Returns the SHA-256 of some bytes.
pub(super) fn compute_sha256(bytes: &[u8]) -> Sha256Hash {
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    digest.as_ref().try_into().unwrap_or_default()
}

/// Writes bytes as lower-case hexadecimal digits.
pub fn encode_hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

/// Reads hexadecimal digits, in either case.
pub(super) fn decode_hex(text: &str) -> Option<Vec<u8>> {
    HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()
}

/// Reads a SHA-256.
pub(super) fn parse_sha256(text: &str) -> Option<Sha256Hash> {
    decode_hex(text)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_digits_and_come_back() {
        assert_eq!(encode_hex(&[0, 0x1f, 0xa0]), "001fa0");
        assert_eq!(decode_hex("001FA0"), Some(vec![0, 0x1f, 0xa0]));
        for text in ["0", "0g", "+1", "é", "0x"] {
            assert_eq!(decode_hex(text), None, "{text}");
        }
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(parse_sha256(empty), Some(compute_sha256(b"")));
        assert_eq!(parse_sha256(&empty[2..]), None);
    }
}
