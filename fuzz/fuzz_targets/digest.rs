//! A digest file, whatever is in it: `fuzz/run.sh 60 digest`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use trailscan::integrity::Digest;

fuzz_target!(|content: &[u8]| {
    if let Ok((digest, logs)) = Digest::parse(content) {
        let text = digest.signed_text(&[0; 32]);
        assert!(text.contains(&*digest.key) && text.contains(&*digest.bucket));
        assert!(logs.iter().all(|log| log.hash.len() == 32));
        let _ = digest.starts_chain();
    }
});
