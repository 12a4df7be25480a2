//! What a text has to be like: the tests that both filter languages are made of.
//!
//! Which value of an event is tested is for the languages to say; here is only the text.

use crate::text::{is_literal_in_json, longest_run};
use ipnet::IpNet;
use regex_automata::meta::Regex;
use std::net::IpAddr;

/// The shortest literal that is worth a search.
const SHORTEST: usize = 3;

/// A test of a text. Case counts, but for those with `Folded` in their name.
#[derive(Clone, Debug)]
pub(super) enum TextTest {
    /// Every text passes.
    Any,
    Is(Box<str>),
    Starts(Box<str>),
    Ends(Box<str>),
    Holds(Box<str>),
    IsFolded(Box<str>),
    StartsFolded(Box<str>),
    EndsFolded(Box<str>),
    /// Pieces in this order with anything between them: the first starts the text, the last ends it.
    Pieces(Box<[Box<str>]>),
    Regex(Box<Regex>),
    /// An address, however it is written.
    Address(IpAddr),
    Within(IpNet),
    /// One of these passes; none does when there is none.
    OneOf(Vec<TextTest>),
    /// None of these passes.
    NoneOf(Vec<TextTest>),
}

impl TextTest {
    /// Returns whether a text passes.
    pub(super) fn passes(&self, text: &str) -> bool {
        match self {
            TextTest::Any => true,
            TextTest::Is(it) => text == &**it,
            TextTest::Starts(it) => text.starts_with(&**it),
            TextTest::Ends(it) => text.ends_with(&**it),
            TextTest::Holds(it) => text.contains(&**it),
            TextTest::IsFolded(it) => starts_folded(text.chars(), it.chars()).is_some_and(|rest| rest == 0),
            TextTest::StartsFolded(it) => starts_folded(text.chars(), it.chars()).is_some(),
            TextTest::EndsFolded(it) => starts_folded(text.chars().rev(), it.chars().rev()).is_some(),
            TextTest::Pieces(pieces) => in_order(text, pieces),
            TextTest::Regex(regex) => regex.is_match(text),
            TextTest::Address(it) => text.parse() == Ok(*it),
            TextTest::Within(net) => text.parse().is_ok_and(|it: IpAddr| net.contains(&it)),
            TextTest::OneOf(all) => all.iter().any(|it| it.passes(text)),
            TextTest::NoneOf(all) => !all.iter().any(|it| it.passes(text)),
        }
    }

    /// Returns literals of which one is in the JSON of every text that passes, case ignored; `None`
    /// where there is no such set.
    pub(super) fn literals(&self) -> Option<Vec<String>> {
        let run = match self {
            TextTest::Is(it) | TextTest::Starts(it) | TextTest::Ends(it) | TextTest::Holds(it) => {
                long_run(it, is_literal_in_json)?
            }
            // Beyond ASCII there are a second K (for kelvin) and a second s (the long one).
            TextTest::IsFolded(it) | TextTest::StartsFolded(it) | TextTest::EndsFolded(it) => {
                long_run(it, |c| is_literal_in_json(c) && !matches!(c, 'k' | 'K' | 's' | 'S'))?
            }
            TextTest::Pieces(pieces) => {
                let runs = pieces.iter().filter_map(|piece| long_run(piece, is_literal_in_json));
                runs.max_by_key(|run| run.len())?
            }
            // An IPv6 address may be written in many ways.
            TextTest::Address(IpAddr::V4(it)) => it.to_string(),
            TextTest::OneOf(all) => {
                let sets = all.iter().map(TextTest::literals).collect::<Option<Vec<_>>>()?;
                return (!sets.is_empty()).then(|| sets.concat());
            }
            TextTest::Any
            | TextTest::Regex(_)
            | TextTest::Address(_)
            | TextTest::Within(_)
            | TextTest::NoneOf(_) => return None,
        };
        Some(vec![run])
    }
}

/// Returns the longest run of a text that JSON writes as it stands.
pub(super) fn plain_run(text: &str) -> Option<String> {
    long_run(text, is_literal_in_json)
}

/// Returns the longest piece whose characters all pass, where it is worth a search.
fn long_run(text: &str, passes: impl Fn(char) -> bool) -> Option<String> {
    let run = longest_run(text, passes);
    (run.len() >= SHORTEST).then(|| run.to_owned())
}

/// Returns how many characters follow a start, case ignored; `None` where that is not the start.
fn starts_folded(
    mut text: impl Iterator<Item = char>,
    mut start: impl Iterator<Item = char>,
) -> Option<usize> {
    let is_start = start.all(|want| text.next().is_some_and(|it| is_same_folded(it, want)));
    is_start.then(|| text.count())
}

fn is_same_folded(a: char, b: char) -> bool {
    a == b || a.to_lowercase().eq(b.to_lowercase()) || a.to_uppercase().eq(b.to_uppercase())
}

fn in_order(text: &str, pieces: &[Box<str>]) -> bool {
    let Some((first, rest)) = pieces.split_first() else { return text.is_empty() };
    let Some((last, between)) = rest.split_last() else { return text == &**first };
    let Some(mut text) = text.strip_prefix(&**first).and_then(|text| text.strip_suffix(&**last)) else {
        return false;
    };
    between.iter().all(|piece| match text.find(&**piece) {
        Some(at) => {
            text = &text[at + piece.len()..];
            true
        }
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pieces(all: &[&str]) -> TextTest {
        TextTest::Pieces(all.iter().map(|it| Box::from(*it)).collect())
    }

    #[test]
    fn tests_of_texts() {
        for (test, text, want) in [
            (TextTest::Any, "", true),
            (TextTest::Is("a".into()), "A", false),
            (TextTest::IsFolded("Straße".into()), "sTRAßE", true),
            (TextTest::IsFolded("a".into()), "ab", false),
            (TextTest::IsFolded("ab".into()), "a", false),
            (TextTest::StartsFolded("AB".into()), "abc", true),
            (TextTest::EndsFolded("BC".into()), "abc", true),
            (TextTest::EndsFolded("k".into()), "\u{212a}", true),
            (pieces(&["a", "b"]), "ab", true),
            (pieces(&["a", "a"]), "a", false),
            (pieces(&["", "b", ""]), "abc", true),
            (pieces(&["a", "bc", "c"]), "abc", false),
            (pieces(&["a", "b", "b", "c"]), "abxc", false),
            (pieces(&["a"]), "ab", false),
            (TextTest::Address("::1".parse().unwrap()), "0:0::1", true),
            (TextTest::Within("10.0.0.0/24".parse().unwrap()), "10.0.0.24", true),
            (TextTest::Within("10.0.0.0/24".parse().unwrap()), "10.0.1.0", false),
            (TextTest::Within("10.0.0.0/24".parse().unwrap()), "ec2.amazonaws.com", false),
            (TextTest::OneOf(vec![]), "a", false),
            (TextTest::NoneOf(vec![]), "a", true),
        ] {
            assert_eq!(test.passes(text), want, "{test:?} {text}");
        }
    }

    #[test]
    fn literals_stand_in_whatever_passes() {
        for (test, want) in [
            (TextTest::Is("ConsoleLogin".into()), Some(&["ConsoleLogin"][..])),
            (TextTest::Is("arn:aws:iam::1:user/alice".into()), Some(&["alice"])),
            (TextTest::Is("ab".into()), None),
            (TextTest::IsFolded("listBuckets".into()), Some(&["tBuc"])),
            (pieces(&["a", "Bucket", "Policies"]), Some(&["Policies"])),
            (TextTest::Address("192.0.2.7".parse().unwrap()), Some(&["192.0.2.7"])),
            (TextTest::Address("::1".parse().unwrap()), None),
            (
                TextTest::OneOf(vec![TextTest::Is("abc".into()), TextTest::Is("def".into())]),
                Some(&["abc", "def"]),
            ),
            (TextTest::OneOf(vec![TextTest::Is("abc".into()), TextTest::Any]), None),
            (TextTest::OneOf(vec![]), None),
            (TextTest::NoneOf(vec![TextTest::Is("abc".into())]), None),
        ] {
            let literals = test.literals();
            let literals = literals.as_ref().map(|all| all.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(literals.as_deref(), want, "{test:?}");
        }
    }

    proptest! {
        /// Against a search by trial of every place.
        #[test]
        fn pieces_are_found_in_order(all in prop::collection::vec("[ab]{0,2}", 1..5), text in "[ab]{0,8}") {
            fn naive(text: &str, pieces: &[String]) -> bool {
                match pieces {
                    [] => unreachable!(),
                    [last] => text.ends_with(last.as_str()),
                    [first, rest @ ..] => (0..=text.len())
                        .any(|at| text[at..].starts_with(first.as_str()) && naive(&text[at + first.len()..], rest)),
                }
            }
            let want = match &all[..] {
                [only] => text == *only,
                [first, rest @ ..] => text.strip_prefix(first.as_str()).is_some_and(|text| naive(text, rest)),
                [] => unreachable!(),
            };
            let pieces: Vec<&str> = all.iter().map(String::as_str).collect();
            prop_assert_eq!(self::pieces(&pieces).passes(&text), want);
        }
    }
}
