//! Words as an index keeps them: hashes, of which a file has one for each word.
//!
//! Words of equal hashes cost that a file is opened in vain, and never a row.

use crate::hash::mix_word;
use std::net::IpAddr;

/// Spaces that tokens live in, so that a caller is not a resource.
pub(super) mod space {
    pub(in super::super) const RESOURCE: u64 = 0x9e37_79b9_7f4a_7c15;
    pub(in super::super) const ACTOR: u64 = 0xbf58_476d_1ce4_e5b9;
    pub(in super::super) const ERROR: u64 = 0x94d0_49bb_1331_11eb;
    pub(in super::super) const ADDRESS: u64 = 0xd6e8_feb8_6659_fd93;
}

/// Hashes a word without regard to ASCII case.
///
/// The same on every machine, as it is kept in files. `-`, `_`, digits and letters stay apart.
#[inline]
pub(super) fn word_token(space: u64, word: &[u8]) -> u64 {
    const FOLD: u64 = 0x2020_2020_2020_2020;
    let mut hash = space ^ word.len() as u64;
    let mut chunks = word.chunks_exact(8);
    for chunk in &mut chunks {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(chunk);
        hash = mix_word(hash ^ (u64::from_le_bytes(bytes) | FOLD));
    }
    let mut bytes = [0; 8];
    let rest = chunks.remainder();
    bytes[..rest.len()].copy_from_slice(rest);
    mix_word(mix_word(hash ^ (u64::from_le_bytes(bytes) | FOLD)) ^ space)
}

/// Hashes an address, which can be written in many ways.
pub(super) fn address_token(address: IpAddr) -> u64 {
    let IpAddr::V6(wide) = (match address.to_canonical() {
        IpAddr::V4(narrow) => IpAddr::V6(narrow.to_ipv6_mapped()),
        wide => wide,
    }) else {
        return 0;
    };
    let bits = wide.to_bits();
    mix_word(mix_word(bits as u64 ^ space::ADDRESS) ^ (bits >> 64) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_know_no_case_but_every_other_difference() {
        assert_eq!(word_token(1, b"Payroll-2024_x"), word_token(1, b"payroll-2024_X"));
        let others = [(2, &b"payroll-2024_x"[..]), (1, b"payroll-2024-x"), (1, b"payroll-2024_"), (1, b"")];
        for (space, word) in others {
            assert_ne!(word_token(1, b"payroll-2024_x"), word_token(space, word));
        }
    }
}
