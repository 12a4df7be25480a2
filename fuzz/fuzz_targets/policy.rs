//! Policies: what differs between two is told the same from both sides, and nothing where they are equal. Two lines of
//! JSON.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use trailscan::timeline::fuzzing::{canonical_policy, diff_policies};

fuzz_target!(|text: &str| {
    let (one, other) = text.split_once('\n').unwrap_or((text, "{}"));
    let (Ok(one), Ok(other)) = (serde_json::from_str::<Value>(one), serde_json::from_str::<Value>(other))
    else {
        return;
    };
    let canon = canonical_policy(&one);
    assert_eq!(canonical_policy(&canon), canon);
    assert_eq!(diff_policies(Some(&one), Some(&one)), Default::default());
    assert_eq!(diff_policies(Some(&one), Some(&canon)), Default::default());
    let (there, back) = (diff_policies(Some(&one), Some(&other)), diff_policies(Some(&other), Some(&one)));
    assert_eq!((&there.added, &there.removed), (&back.removed, &back.added));
    assert_eq!(
        (&there.newly_allowed, &there.no_longer_allowed),
        (&back.no_longer_allowed, &back.newly_allowed)
    );
});
