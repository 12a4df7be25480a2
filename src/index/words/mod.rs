//! The words of one file's records, by which an index tells what cannot be in it: callers, identifiers of
//! resources, errors and addresses.
//!
//! Values that a file has many times are gone over once. What is looked at may be too much, never too little.

use super::tokens::{address_token, space, word_token};
use crate::catalog::{Identifiers, LINK_PREFIXES};
use crate::decode::outline::Field;
use crate::decode::{Record, may_return_false, nested_keys};
use crate::event::{as_utf8, tells_without_an_error};
use crate::hash::{Seeded, mix_word};
use crate::resource::logged_words;
use memchr::memmem::Finder;
use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::LazyLock;

/// How many values are remembered.
const MET: usize = 64;

/// The fields that words are taken from, behind the caller; the code of an error before its message.
const FIELDS: [Field; 9] = [
    Field::Addendum,
    Field::SourceIpAddress,
    Field::ErrorCode,
    Field::ErrorMessage,
    Field::RequestParameters,
    Field::ResponseElements,
    Field::AdditionalEventData,
    Field::ServiceEventDetails,
    Field::Resources,
];

/// What mostly follows values that a file has many times.
static BEHIND_REQUEST: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(",\"responseElements\":"));
static BEHIND_RESOURCES: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(",\"eventType\":"));

/// Whether names of callers are made from members of `userIdentity`, at any depth, that are called so.
fn names_caller(key: &[u8]) -> bool {
    matches!(
        key,
        b"arn"
            | b"userName"
            | b"principalId"
            | b"accessKeyId"
            | b"invokedBy"
            | b"accountId"
            | b"userId"
            | b"sourceIdentity"
            | b"identityProvider"
    )
}

/// What the words of one file are.
pub(super) struct FileWords {
    /// Values that were gone over, each with the file and what was looked for.
    met: Vec<(Vec<u8>, (u64, u32))>,
    /// Which file it is; none is 0.
    serial: u64,
    tokens: HashSet<u64, Seeded>,
    links: u8,
    scan: WordScan,
    /// Whether the record at hand may tell in its response that it failed.
    answers_failure: bool,
    is_of_ec2: bool,
}

/// What one record told beside its words.
#[derive(Clone, Copy, Default)]
pub(super) struct WordScan {
    /// That it holds what words cannot tell.
    pub(super) odd: bool,
    /// That the call failed.
    pub(super) fails: bool,
    /// That it has an `errorCode`, whatever that says.
    pub(super) error_code: bool,
    /// That this is a text.
    says_code: bool,
    /// That it may name resources, beside the caller.
    pub(super) may_name: bool,
}

impl Default for FileWords {
    fn default() -> Self {
        Self {
            met: vec![Default::default(); MET],
            serial: 0,
            tokens: HashSet::default(),
            links: 0,
            scan: WordScan::default(),
            answers_failure: false,
            is_of_ec2: false,
        }
    }
}

impl FileWords {
    /// Begins with another file.
    pub(super) fn begin(&mut self) {
        self.serial += 1;
        self.tokens.clear();
        self.links = 0;
    }

    /// Returns the hashes of the words.
    pub(super) fn tokens(&self) -> impl ExactSizeIterator<Item = u64> + '_ {
        self.tokens.iter().copied()
    }

    /// Returns which of [`LINK_PREFIXES`] words begin with, one bit each.
    pub(super) fn links(&self) -> u8 {
        self.links
    }

    /// Takes the words of a record, whose call has this number and these keys.
    pub(super) fn record(
        &mut self,
        record: &Record<'_>,
        call: u32,
        identifiers: &Identifiers,
        source: &[u8],
    ) -> WordScan {
        self.scan = WordScan::default();
        self.is_of_ec2 = source.starts_with(b"ec2");
        self.answers_failure = tells_without_an_error(source) && !self.is_of_ec2;
        let identity = match &record.fixed {
            Some(fixed) => Some(fixed.identity()),
            None => record.outline().from(record.text, Field::UserIdentity),
        };
        self.identity(identity.filter(|it| it.starts_with(b"{")), identifiers, source);
        let mut take = |field, value: &[u8]| self.field(field, value, call, identifiers);
        let is_whole = record.fixed.as_ref().is_some_and(|fixed| fixed.fields_behind_region(&mut take));
        if !is_whole {
            let outline = record.outline();
            for field in FIELDS {
                if let Some(value) = outline.from(record.text, field) {
                    self.field(field, value, call, identifiers);
                }
            }
            self.scan.odd |= outline.is_unsure();
        }
        self.scan
    }

    fn identity(&mut self, identity: Option<&[u8]>, identifiers: &Identifiers, source: &[u8]) {
        // Events of services say in their source alone who made them.
        let Some(identity) = identity else { return self.add(space::ACTOR, source) };
        if identifiers.caller() {
            self.keys(identity, |words, key, value| {
                if key == b"arn" {
                    words.identifier(value);
                }
            });
        }
        if self.is_new(u32::MAX, identity) {
            let mut named = false;
            self.keys(identity, |words, key, value| {
                if names_caller(key) {
                    named = true;
                    words.add(space::ACTOR, value);
                }
            });
            if !named {
                self.add(space::ACTOR, source);
            }
        }
    }

    /// Takes what `value` begins with; returned is how long that is, where it is an object or array that was gone
    /// over.
    fn field(&mut self, field: Field, value: &[u8], call: u32, identifiers: &Identifiers) -> Option<usize> {
        match (field, value.first()?) {
            (Field::RequestParameters, b'{') => {
                self.scan.may_name = true;
                let end = BEHIND_REQUEST.find(value);
                self.once(call, value, end, |words| words.details(value, identifiers))
            }
            // What a call gives is seldom the same twice.
            (Field::ResponseElements, b'{') => {
                self.scan.may_name = true;
                if self.answers_failure || (self.is_of_ec2 && may_return_false(value)) {
                    self.errors_in(value);
                }
                self.details(value, identifiers)
            }
            (Field::AdditionalEventData, b'{') => {
                self.scan.may_name = true;
                self.details(value, identifiers)
            }
            (Field::ServiceEventDetails, b'{') => {
                self.scan.may_name = true;
                self.errors_in(value);
                self.details(value, identifiers)
            }
            (Field::Resources, b'[') => {
                self.scan.may_name = true;
                let end = BEHIND_RESOURCES.find(value);
                self.once(u32::MAX - 1, value, end, |words| {
                    words.keys(value, |words, key, value| {
                        if key.eq_ignore_ascii_case(b"arn") || key == b"resourceName" {
                            words.identifier(value);
                        }
                    })
                })
            }
            (Field::ErrorCode | Field::ErrorMessage, _) => {
                self.error(field, value);
                None
            }
            (Field::SourceIpAddress, b'"') => {
                self.address(value);
                None
            }
            // A text that may hold an object: it is read as one.
            (
                Field::RequestParameters
                | Field::ResponseElements
                | Field::AdditionalEventData
                | Field::ServiceEventDetails
                | Field::Resources,
                b'"',
            ) => {
                self.scan.odd = true;
                None
            }
            (Field::Addendum, _) => {
                self.scan.odd = true;
                None
            }
            _ => None,
        }
    }

    /// Gives every key of a value with what follows it to `each`, and returns how long the value is.
    fn keys(&mut self, value: &[u8], mut each: impl FnMut(&mut Self, &[u8], &[u8])) -> Option<usize> {
        let length = nested_keys::visit_keys(value, &mut |key, value| each(self, key, value));
        // Escapes could hide any key.
        if memchr::memchr(b'\\', &value[..length.unwrap_or(value.len())]).is_some() {
            nested_keys::visit_keys(value, &mut |key, _| self.scan.odd |= key.contains(&b'\\'));
        }
        length
    }

    fn details(&mut self, details: &[u8], identifiers: &Identifiers) -> Option<usize> {
        self.keys(details, |words, key, value| {
            if identifiers.may_stand_under(key) {
                words.identifier(value);
            }
        })
    }

    /// Takes whatever may stand for an error where there is none: the words of every member, and its name.
    fn errors_in(&mut self, value: &[u8]) {
        self.scan.fails = true;
        self.keys(value, |words, key, value| {
            words.add(space::ERROR, key);
            words.add(space::ERROR, value);
        });
    }

    fn error(&mut self, field: Field, value: &[u8]) {
        let is_code = field == Field::ErrorCode;
        // Of two codes the first one counts.
        let is_first = is_code && !self.scan.error_code;
        self.scan.error_code |= is_code;
        if value.starts_with(b"null") {
            return;
        }
        self.scan.fails = true;
        // Without a code the message stands for it.
        if is_code || !self.scan.says_code {
            self.add(space::ERROR, value);
        }
        self.scan.says_code |= is_first && value.starts_with(b"\"") && !value.starts_with(b"\"\"");
        if let (Field::ErrorMessage, Some(at)) = (field, memchr::memmem::find(value, b"on resource: ")) {
            self.scan.may_name = true;
            self.identifier(&value[at..]);
        }
    }

    fn address(&mut self, value: &[u8]) {
        let text = &value[1..];
        let end = memchr::memchr2(b'"', b'\\', text).filter(|end| text[*end] == b'"');
        if end.is_some_and(|end| !self.is_new(u32::MAX - 2, &text[..end])) {
            return;
        }
        match end.and_then(|end| as_utf8(Some(&text[..end]))).map(str::parse::<IpAddr>) {
            Some(Ok(address)) => _ = self.tokens.insert(address_token(address)),
            Some(Err(_)) => {}
            None => self.scan.odd = true,
        }
    }

    /// Goes over a value with `each`, which says how long it is, unless that was done in this file; `end` is where
    /// it seems to end.
    fn once(
        &mut self,
        what: u32,
        value: &[u8],
        end: Option<usize>,
        each: impl FnOnce(&mut Self) -> Option<usize>,
    ) -> Option<usize> {
        let Some(end) = end else { return each(self) };
        if !self.is_new(what, &value[..end]) {
            return Some(end);
        }
        let length = each(self);
        if length != Some(end) {
            // What was gone over is not all that was remembered, or more.
            self.met[slot_for_text(&value[..end])].1 = (0, 0);
        }
        length
    }

    /// Returns whether a text was not met in this file; `what` says what is looked for in it. It may have
    /// been all the same: only the last texts are remembered, but those in full, as an attacker could make
    /// texts of equal hashes.
    fn is_new(&mut self, what: u32, text: &[u8]) -> bool {
        let slot = &mut self.met[slot_for_text(text)];
        let is_new = slot.1 != (self.serial, what) || *slot.0 != *text;
        if is_new {
            slot.0.clear();
            slot.0.extend_from_slice(text);
            slot.1 = (self.serial, what);
        }
        is_new
    }

    fn add(&mut self, space: u64, text: &[u8]) {
        logged_words(text, &mut |word| {
            self.tokens.insert(word_token(space, word));
        });
    }

    fn identifier(&mut self, text: &[u8]) {
        logged_words(text, &mut |word| {
            self.tokens.insert(word_token(space::RESOURCE, word));
            for (bit, prefix) in LINK_PREFIXES.iter().enumerate() {
                self.links |= u8::from(word.starts_with(prefix.as_bytes())) << bit;
            }
        });
    }
}

/// Where a text is remembered: a few bytes of it tell enough.
fn slot_for_text(text: &[u8]) -> usize {
    let bytes =
        |at: usize| text.get(at..at + 8).and_then(|it| it.try_into().ok()).map_or(0, u64::from_le_bytes);
    let quarter = text.len() / 4;
    let sum = [quarter, quarter * 2, quarter * 3]
        .iter()
        .fold(text.len() as u64, |sum, at| mix_word(sum ^ bytes(*at)));
    sum as usize % MET
}

#[cfg(test)]
mod tests;
