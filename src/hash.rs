//! The two hashes of the program. Where they end: what must not be met on purpose, and is not compared in full, is the
//! begin of a SHA-256 (`event::fingerprint`, `integrity`).
//!
//! [`stable_hash`] is the same on every machine and in every run. It stands in index files, and wherever the answer could
//! depend on it. Anybody can find two texts of one hash, so nothing may be lost by that; each use says what is.
//! [`Seeded`] is another in every run. All tables are hashed by it whose keys are written by whoever made the calls:
//! who does not know the seed cannot make a table slow, nor one key stand for another.

use std::hash::{BuildHasher, Hash};
use std::sync::LazyLock;

/// Hashes the keys of tables, with a seed.
pub(crate) type Seeded = foldhash::fast::RandomState;

/// Hashes a value with the seed of this run: what threads note may be compared.
pub(crate) fn seeded_hash<T: Hash + ?Sized>(value: &T) -> u64 {
    static SEED: LazyLock<Seeded> = LazyLock::new(Seeded::default);
    SEED.hash_one(value)
}

/// Multiplies and folds, as wyhash does: every bit of the word changes every bit of the hash.
#[inline]
pub(crate) fn mix_word(word: u64) -> u64 {
    let wide = u128::from(word ^ 0x2d35_8dcc_aa6c_78a5) * 0x8bb8_4b93_962e_acc9;
    (wide as u64) ^ (wide >> 64) as u64
}

/// Hashes bytes.
#[inline]
pub(crate) fn stable_hash(bytes: &[u8]) -> u64 {
    stable_list(&[bytes])
}

/// Hashes several texts, in their order.
#[inline]
pub(crate) fn stable_list(texts: &[&[u8]]) -> u64 {
    let (mut hash, mut length) = (0, 0);
    for text in texts {
        let (words, rest) = text.as_chunks::<8>();
        hash = words.iter().fold(hash, |hash, word| mix_word(hash ^ u64::from_le_bytes(*word)));
        if !rest.is_empty() {
            let mut last = [0; 8];
            last[..rest.len()].copy_from_slice(rest);
            hash = mix_word(hash ^ u64::from_le_bytes(last));
        }
        // The lengths tell where one text ends, and zeros from nothing.
        length = mix_word(length ^ text.len() as u64);
    }
    mix_word(hash ^ length)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Index files are found and read by these.
    #[test]
    fn stable_hashes_stay_the_same() {
        assert_eq!(stable_hash(b"AWSLogs/111122223333"), 0x628b_a007_5513_6d8a);
        assert_eq!(stable_list(&[b"0.1.0", b"x"]), 0x558e_7e9a_abf9_dc05);
    }

    #[test]
    fn texts_that_differ_anywhere_differ() {
        let id = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";
        let mut hashes: Vec<u64> = (0..id.len())
            .map(|at| stable_hash(format!("{}x{}", &id[..at], &id[at + 1..]).as_bytes()))
            .collect();
        hashes.extend([
            stable_hash(id.as_bytes()),
            stable_hash(b""),
            stable_hash(b"\0"),
            stable_hash(b"\0\0"),
        ]);
        hashes.extend([stable_list(&[b"a", b"bc"]), stable_list(&[b"ab", b"c"]), stable_list(&[b"abc"])]);
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), id.len() + 7);
    }
}
