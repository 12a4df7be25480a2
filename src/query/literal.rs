//! What must occur in the bytes of every record that matches.
//!
//! A literal nominates records, it never decides: a tag or a user agent may
//! hold it as well. Only text that JSON never writes with an escape is used,
//! and case is ignored, as names of IAM are.

use super::Filter;
use super::search::Literal;
use crate::catalog::link_prefixes;
use crate::event::{FAILED, denied_words};
use crate::resource::Reference;

/// The literals of a request: of each set one has to occur. Without any, every record may match.
pub struct Literals(Vec<Vec<Literal>>);

/// Words that a caller's name is put together with, which need not stand in the record.
const MADE_UP: &str = "root unknown role session federated user issued by directory account identity center \
    a whose name aws withholds of via in the assumed anonymous no credentials";

impl Literals {
    /// Compiles the literals of the filters: of each filter one has to occur.
    pub fn of_filter(filter: &Filter) -> Self {
        let actor = filter
            .actor
            .literals()
            .filter(|runs| runs.iter().all(|run| !MADE_UP.contains(&run.to_ascii_lowercase())));
        let words = |is_asked: bool, words: &[&str]| {
            is_asked.then(|| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
        };
        let globs = [&filter.event, &filter.user_agent, &filter.access_key, &filter.event_id, &filter.error];
        let globs = globs.map(|globs| globs.literals().map(<[String]>::to_vec));
        let others = [
            actor.map(<[String]>::to_vec),
            filter.ip.literals(),
            words(filter.wants_failures(), &FAILED),
            words(filter.denied, &denied_words().collect::<Vec<_>>()),
        ];
        let sets = globs.into_iter().chain(others).flatten().chain(filter.conditions.literals());
        Self(sets.map(|set| build_literals(&set)).collect())
    }

    /// Compiles the literals of what is looked for, of which one has to occur: those of resources, and words.
    /// Without any of them nothing is looked for, and occurs nowhere.
    pub fn of_searched(references: &[&Reference], words: &[String]) -> Self {
        let mut texts = words.to_vec();
        for reference in references {
            texts.extend(reference.literals());
            // A call that takes a link away names the link only.
            texts.extend(link_prefixes(reference).into_iter().map(str::to_owned));
        }
        texts.sort_unstable();
        texts.dedup();
        Self(vec![build_literals(&texts)])
    }

    /// Returns them in words: `(a or b) and (c)`.
    pub fn words(&self) -> String {
        let text = |literal: &Literal| String::from_utf8_lossy(&literal.text).into_owned();
        let set = |set: &Vec<Literal>| format!("({})", set.iter().map(text).collect::<Vec<_>>().join(" or "));
        self.0.iter().filter(|set| !set.is_empty()).map(set).collect::<Vec<_>>().join(" and ")
    }

    /// Returns whether a record may match.
    pub fn occur_in(&self, bytes: &[u8]) -> bool {
        self.0.iter().all(|set| set.iter().any(|literal| literal.occurs_in(bytes)))
    }

    /// Returns where in a file records stand that may match.
    pub fn places(&self, content: &[u8]) -> CandidatePlaces {
        let mut all = CandidatePlaces::Anywhere;
        for set in &self.0 {
            match (find_places(set, content), &all) {
                (CandidatePlaces::Nowhere, _) => return CandidatePlaces::Nowhere,
                (CandidatePlaces::At(places), CandidatePlaces::At(least)) if places.len() >= least.len() => {}
                (CandidatePlaces::At(places), _) => all = CandidatePlaces::At(places),
                (CandidatePlaces::Anywhere, _) => {}
            }
        }
        all
    }
}

/// Where in a file records stand that may match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CandidatePlaces {
    /// There are none.
    Nowhere,
    /// Each holds one of these places, which are in order.
    At(Vec<u32>),
    /// Any record may match.
    Anywhere,
}

/// Bytes that there have to be for each place: what stands in most records does not tell them apart.
const APART: usize = 1024;

fn find_places(set: &[Literal], content: &[u8]) -> CandidatePlaces {
    let (mut places, most) = (Vec::new(), 16 + content.len() / APART);
    for literal in set {
        literal.search(content, &mut |at| {
            places.push(at as u32);
            places.len() <= most
        });
    }
    places.sort_unstable();
    match places.len() {
        0 => CandidatePlaces::Nowhere,
        many if many > most || u32::try_from(content.len()).is_err() => CandidatePlaces::Anywhere,
        _ => CandidatePlaces::At(places),
    }
}

fn build_literals(texts: &[String]) -> Vec<Literal> {
    texts.iter().map(|text| Literal::new(text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each set alone decides, and the one that tells most is taken.
    #[test]
    fn places_are_those_of_the_rarest_set() {
        let sets = |sets: &[&[&str]]| {
            Literals(sets.iter().map(|set| set.iter().map(|it| Literal::new(it)).collect()).collect())
        };
        let content = format!("{}ab..ab{}xy{}", " ".repeat(20), " ".repeat(200), " ".repeat(70));
        let at = |places: &[u32]| CandidatePlaces::At(places.to_vec());
        let places = |it: &[&[&str]]| sets(it).places(content.as_bytes());
        assert_eq!(places(&[&["ab"]]), at(&[20, 24]));
        assert_eq!(places(&[&["xy", "AB"]]), at(&[20, 24, 226]));
        assert_eq!(places(&[&["ab"], &["xy"]]), at(&[226]));
        assert_eq!(places(&[&["xy"], &["ab"]]), at(&[226]));
        assert_eq!(places(&[&["ab"], &["nowhere"]]), CandidatePlaces::Nowhere);
        assert_eq!(places(&[&["nowhere", "xy"]]), at(&[226]));
        assert_eq!(places(&[]), CandidatePlaces::Anywhere);
        assert_eq!(places(&[&[]]), CandidatePlaces::Nowhere);
        // What stands everywhere tells nothing, and does not hide what does.
        assert_eq!(places(&[&["  "]]), CandidatePlaces::Anywhere);
        assert_eq!(places(&[&["  "], &["xy"]]), at(&[226]));
        assert_eq!(places(&[&["  "], &["nowhere"]]), CandidatePlaces::Nowhere);
    }
}
