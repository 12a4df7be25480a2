//! Index files: a damaged one is refused, and one that was forged gives nothing that it does not hold. The first two
//! bytes say what to damage, the rest is what stands behind the checksum.

#![no_main]

use libfuzzer_sys::fuzz_target;
use trailscan::index::fuzzing::check_index_file;

fuzz_target!(|input: &[u8]| {
    if let Some((damage, body)) = input.split_first_chunk::<2>() {
        check_index_file(body, u16::from_le_bytes(*damage));
    }
});
