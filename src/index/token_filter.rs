//! A set of hashes in ten bits each, which may say yes wrongly (one time in 256), never no.
//!
//! Neither Bloom nor xor: most files have a dozen tokens, where a xor filter pays more for its
//! overhead than for them, and this one is made without a seed that might fail. The hashes are scaled to 256
//! times their number and sorted; of each the low eight bits are kept, and the rest tells in
//! unary how many lie in each block of 256 (Elias and Fano's code).

/// Makes the set of `hashes`, each well mixed; their order does not matter.
pub(super) fn build(hashes: impl ExactSizeIterator<Item = u64>, out: &mut Vec<u8>) {
    let count = hashes.len();
    let mut places: Vec<u64> = hashes.map(|hash| scale_hash(hash, count)).collect();
    places.sort_unstable();
    out.extend(places.iter().map(|place| (place & 0xff) as u8));
    let from = out.len();
    out.resize(from + upper_size(count), 0);
    for (index, place) in places.iter().enumerate() {
        // As many ones as there are in a block, then a zero that ends it.
        let bit = index + (place >> 8) as usize;
        out[from + bit / 8] |= 1 << (bit % 8);
    }
}

/// Returns how many bytes the set of `count` hashes takes.
pub(super) fn filter_size(count: usize) -> usize {
    count.saturating_add(upper_size(count))
}

/// Returns whether the set of `count` hashes in `bytes` may hold `hash`.
pub(super) fn may_hold(bytes: &[u8], count: usize, hash: u64) -> bool {
    if count == 0 || bytes.len() < filter_size(count) {
        return false;
    }
    let (lows, upper) = bytes.split_at(count);
    let place = scale_hash(hash, count);
    let block = (place >> 8) as usize;
    // The zeros before the block's ones are as many as the blocks before it.
    let start = behind_zeros(upper, block);
    let low = (place & 0xff) as u8;
    let is_one = |bit: &usize| upper.get(bit / 8).is_some_and(|byte| byte >> (bit % 8) & 1 == 1);
    (start..).take_while(is_one).any(|bit| lows.get(bit - block) == Some(&low))
}

fn upper_size(count: usize) -> usize {
    count.div_ceil(4)
}

/// Scales a hash to 256 places a member: the high half of a wide product, which is even without a division.
fn scale_hash(hash: u64, count: usize) -> u64 {
    ((u128::from(hash) * (count as u128 * 256)) >> 64) as u64
}

/// Returns the place behind the first `zeros` zeros.
fn behind_zeros(bits: &[u8], mut zeros: usize) -> usize {
    let mut at = 0;
    for chunk in bits.chunks(8) {
        let mut word = [0xff; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        let mut open = !u64::from_le_bytes(word);
        let here = open.count_ones() as usize;
        if zeros > here {
            zeros -= here;
            at += 64;
            continue;
        }
        if zeros == 0 {
            return at;
        }
        // Takes the lowest open bit away until the wanted one is the lowest.
        for _ in 1..zeros {
            open &= open - 1;
        }
        return at + open.trailing_zeros() as usize + 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::mix_word;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_in_it_is_found(numbers in prop::collection::vec(any::<u64>(), 0..600)) {
            let mut bytes = vec![];
            build(numbers.iter().copied(), &mut bytes);
            prop_assert_eq!(bytes.len(), filter_size(numbers.len()));
            for number in &numbers {
                prop_assert!(may_hold(&bytes, numbers.len(), *number));
            }
        }

        #[test]
        fn odd_bytes_do_not_break_it(
            bytes in prop::collection::vec(any::<u8>(), 0..60),
            count in 0..100_usize,
            hash in any::<u64>(),
        ) {
            may_hold(&bytes, count, hash);
        }
    }

    #[test]
    fn little_else_is() {
        for count in [1, 10, 1000, 30_000] {
            let mut bytes = vec![];
            build((0..count).map(|it| mix_word(it as u64)).collect::<Vec<_>>().into_iter(), &mut bytes);
            let wrong = (0..100_000).filter(|it| may_hold(&bytes, count, mix_word(u64::MAX - it))).count();
            assert!((200..600).contains(&wrong), "{count}: {wrong}");
        }
    }
}
