//! References and resources: no text breaks them, and whatever a reference matches holds the words by which an index
//! looks for it. The first line is the reference, the second a type, the third the value of an event.

#![no_main]

use libfuzzer_sys::fuzz_target;
use trailscan::resource::{Match, Reference, Resource, logged_words};

fuzz_target!(|text: &str| {
    let mut lines = text.split('\n');
    let [asked, kind, value] = [(); 3].map(|()| lines.next().unwrap_or_default());
    let Ok(reference) = Reference::parse(asked) else { return };
    assert_eq!(reference.text(), asked.trim());
    let again = Reference::parse(reference.text());
    assert_eq!(again.as_ref().ok(), Some(&reference));
    let joined: Vec<&str> = value.split(' ').collect();
    let resources = [Resource::from_arn(value), Resource::from_id(value), Some(Resource::new(kind, value))];
    for resource in resources.into_iter().flatten().chain([Resource::joined(kind, &joined)]) {
        if reference.matches(&resource) == Match::Yes {
            check_words(&reference, value);
        }
    }
    // What ends in `/` or `*` means many objects, and is none of them.
    if let Some(resource) = Resource::from_arn(asked.trim()).filter(|_| !reference.is_many_objects()) {
        assert_ne!(reference.matches(&resource), Match::No, "an ARN does not name itself");
    }
});

/// The promise that an index rests on: a value that names the resource holds all words of one set.
fn check_words(reference: &Reference, value: &str) {
    let Some(sets) = reference.words() else { return };
    let mut held = Vec::new();
    let logged = serde_json::to_vec(value).unwrap_or_default();
    logged_words(&logged, &mut |word| held.push(word.to_ascii_lowercase()));
    let holds = |word: &String| held.iter().any(|it| it == word.as_bytes());
    assert!(sets.iter().any(|set| set.iter().all(holds)), "`{value}` has none of {sets:?}");
}
