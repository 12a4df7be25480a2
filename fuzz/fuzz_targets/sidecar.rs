//! A sidecar with the S3 metadata of digests, whatever is in it: `fuzz/run.sh 60 sidecar`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use trailscan::integrity::HeadObjects;

fuzz_target!(|file: &[u8]| {
    let mut heads = HeadObjects::default();
    let _ = heads.add(file);
    let _ = heads.signature("a/b.json.gz");
});
