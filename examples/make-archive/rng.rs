//! Numbers that look random and are the same on every run, and the text made of them.
//!
//! xoshiro256** (Blackman and Vigna, public domain), seeded through splitmix64 as its authors advise.
//! Each file of the archive has a generator of its own, so the order of the threads cannot show.

const HEX: &[u8; 16] = b"0123456789abcdef";
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Returns a number that depends on every bit of the two given.
pub(crate) fn mix(a: u64, b: u64) -> u64 {
    let z = a.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(b).wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A source of numbers.
#[derive(Clone, Debug)]
pub(crate) struct Rng([u64; 4]);

impl Rng {
    /// Starts the sequence that belongs to `seed` and `stream`.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let start = mix(mix(seed, 0x7472_6169_6c73_6361), stream);
        Self([mix(start, 1), mix(start, 2), mix(start, 3), mix(start, 4)])
    }

    /// Returns the next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        let s = &mut self.0;
        let out = s[1].wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        out
    }

    /// Returns a number below `n`.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        scale(self.next(), n)
    }

    /// Returns true `n` times in `of`.
    pub(crate) fn chance(&mut self, n: u64, of: u64) -> bool {
        self.below(of) < n
    }

    /// Returns one of `all`, every one as likely as the others.
    pub(crate) fn one<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len() as u64) as usize]
    }
}

/// Brings 64 random bits below `n`.
fn scale(bits: u64, n: u64) -> u64 {
    ((u128::from(bits) * u128::from(n)) >> 64) as u64
}

/// Brings 64 random bits below `n`, small numbers far more often than large ones: of 200 buckets a few get
/// most of the calls.
pub(crate) fn skewed(bits: u64, n: u64) -> u64 {
    scale(bits, scale(mix(bits, 7), n.saturating_mul(2)).clamp(1, n))
}

/// A table that is drawn from by weight.
#[derive(Debug)]
pub(crate) struct Weighted<T>(Vec<(u64, T)>);

impl<T: Copy> Weighted<T> {
    /// Makes the table from every item with its weight.
    pub(crate) fn new(items: impl IntoIterator<Item = (u64, T)>) -> Self {
        let mut sum = 0;
        Self(
            items
                .into_iter()
                .map(|(weight, item)| {
                    sum += weight;
                    (sum, item)
                })
                .collect(),
        )
    }

    /// Draws one item.
    pub(crate) fn draw(&self, rng: &mut Rng) -> T {
        let at = rng.below(self.0.last().map_or(0, |(sum, _)| *sum));
        self.0[self.0.partition_point(|(sum, _)| *sum <= at)].1
    }
}

/// Appends `n` hexadecimal digits.
pub(crate) fn hex(out: &mut String, rng: &mut Rng, n: usize) {
    spell(out, rng, n, HEX);
}

/// Appends `n` characters as in access keys and principal ids.
pub(crate) fn base32(out: &mut String, rng: &mut Rng, n: usize) {
    spell(out, rng, n, BASE32);
}

/// Appends `n` characters as in tokens; JSON writes a slash in them as it is.
pub(crate) fn base64(out: &mut String, rng: &mut Rng, n: usize) {
    spell(out, rng, n, BASE64);
}

/// Appends a random UUID (version 4).
pub(crate) fn uuid(out: &mut String, rng: &mut Rng) {
    let high = (rng.next() & !0xf000) | 0x4000;
    let low = (rng.next() & (u64::MAX >> 2)) | (1 << 63);
    for (i, digit) in
        (0..32).map(|i| if i < 16 { high >> (60 - 4 * i) } else { low >> (124 - 4 * i) }).enumerate()
    {
        if matches!(i, 8 | 12 | 16 | 20) {
            out.push('-');
        }
        out.push(char::from(HEX[(digit & 15) as usize]));
    }
}

/// Appends `n` characters of `alphabet`, whose length is a power of two up to 64.
fn spell(out: &mut String, rng: &mut Rng, n: usize, alphabet: &[u8]) {
    let width = alphabet.len().trailing_zeros();
    let mut bits = 0;
    for i in 0..n {
        if i % 10 == 0 {
            bits = rng.next();
        }
        out.push(char::from(alphabet[(bits as usize) & (alphabet.len() - 1)]));
        bits >>= width;
    }
}
