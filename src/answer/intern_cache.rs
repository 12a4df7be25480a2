//! Texts and callers that many rows have in common, kept once.
//!
//! What was met last is remembered, and no more: this may forget, and then a text is kept twice.

use super::row::ActorRow;
use crate::event::Actor;
use crate::hash::Seeded;
use std::hash::BuildHasher;
use std::sync::Arc;

/// How many texts are remembered, and how many callers.
const TEXTS: usize = 1 << 12;
const CALLERS: usize = 1 << 10;

/// What one thread remembers.
#[derive(Debug, Default)]
pub(super) struct InternCache {
    /// Which place is whose must not be for those to choose who write the texts.
    seed: Seeded,
    texts: Vec<Option<Arc<str>>>,
    actors: Vec<Option<Arc<ActorRow>>>,
}

impl InternCache {
    /// Returns a text to be kept.
    pub(super) fn text(&mut self, text: &str) -> Arc<str> {
        let place = cache_slot(&mut self.texts, TEXTS, self.seed.hash_one(text));
        match place {
            Some(known) if **known == *text => Arc::clone(known),
            _ => Arc::clone(place.insert(text.into())),
        }
    }

    /// Returns a text to be kept, if there is one.
    pub(super) fn some(&mut self, text: Option<&str>) -> Option<Arc<str>> {
        text.map(|text| self.text(text))
    }

    /// Returns a caller to be kept.
    pub(super) fn actor(&mut self, actor: &Actor<'_>) -> Arc<ActorRow> {
        let who = actor.who();
        let names = (&who, actor.arn, actor.access_key_id, actor.principal_id, actor.invoked_by);
        let place = cache_slot(&mut self.actors, CALLERS, self.seed.hash_one(names));
        match place {
            Some(known) if known.is_of(actor, &who) => Arc::clone(known),
            _ => Arc::clone(place.insert(Arc::new(ActorRow::new(actor, who)))),
        }
    }
}

/// Returns the place of what has this hash.
fn cache_slot<T>(places: &mut Vec<Option<T>>, count: usize, hash: u64) -> &mut Option<T> {
    if places.is_empty() {
        places.resize_with(count, || None);
    }
    &mut places[hash as usize % count]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_one_and_others_are_themselves() {
        let mut shared = InternCache::default();
        assert!(Arc::ptr_eq(&shared.text("a"), &shared.text("a")));
        for number in 0..3 * TEXTS {
            assert_eq!(&*shared.text(&number.to_string()), number.to_string());
        }
        assert_eq!(shared.some(None), None);
        assert_eq!(shared.texts.len(), TEXTS);
    }

    #[test]
    fn callers_that_differ_in_anything_differ() {
        let mut shared = InternCache::default();
        let alice = Actor { kind: "IAMUser", name: "alice".into(), ..Actor::default() };
        let kept = shared.actor(&alice);
        assert!(Arc::ptr_eq(&kept, &shared.actor(&alice)));
        for other in [
            Actor { kind: "Role", ..alice.clone() },
            Actor { name: "bob".into(), ..alice.clone() },
            Actor { arn: Some("x"), ..alice.clone() },
            Actor { account: Some("x"), ..alice.clone() },
            Actor { session: Some("x"), ..alice.clone() },
            Actor { access_key_id: Some("x"), ..alice.clone() },
            Actor { mfa: Some(false), ..alice.clone() },
            Actor { source_identity: Some("x"), ..alice.clone() },
            Actor { invoked_by: Some("x"), ..alice.clone() },
            Actor { principal_id: Some("x"), ..alice.clone() },
        ] {
            let row = shared.actor(&other);
            assert!(row.is_of(&other, &other.who()) && !kept.is_of(&other, &other.who()), "{other:?}");
        }
    }
}
