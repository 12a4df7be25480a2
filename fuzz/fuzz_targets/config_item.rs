//! What AWS Config writes, whatever is in it: no document breaks the reader, and a state can be made of what it gives.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use trailscan::timeline::{fold_steps, read_config_items};

fuzz_target!(|document: &[u8]| {
    let Ok(whole) = serde_json::from_slice::<Value>(document) else { return };
    let Some(items) = read_config_items(&whole) else { return };
    assert_eq!(items.odd > 0, items.first_odd.is_some());
    for step in items.steps {
        let resource = step.resource.clone();
        let timeline = fold_steps(resource, vec![step.clone()], None);
        assert_eq!(timeline.entries.len(), 1);
        // What is said twice is said once.
        let again = fold_steps(step.resource.clone(), vec![step.clone(), step], None);
        assert_eq!(again.state.exists, timeline.state.exists);
    }
});
