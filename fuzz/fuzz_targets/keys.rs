//! A file of public keys, whatever is in it: `fuzz/run.sh 60 keys`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use trailscan::integrity::PublicKeys;

fuzz_target!(|file: &[u8]| {
    let mut keys = PublicKeys::default();
    let _ = keys.add(file);
    assert!(!keys.verify("", "text", file));
});
