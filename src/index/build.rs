//! The job that makes facts: reads every record, but parses only calls that failed.

use super::facts::{FAILED, Facts, NO_ACCOUNT, NO_REGION, Tokens};
use super::hash::{address_token, mix, space, token};
use super::places;
use super::spot::Spot;
use super::store::{Dictionary, Draft};
use crate::answer::Coverage;
use crate::catalog::{self, Identifiers, LINK_PREFIXES, Relation};
use crate::decode::outline::{Field, Outline};
use crate::decode::{Contents, keys};
use crate::event::{Parser, Time};
use crate::input::{Key, Source};
use crate::query::utf8;
use crate::resource::logged_words;
use crate::scan::{Job, Passed, Seen};
use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};
use std::net::IpAddr;

/// Makes the facts of files.
pub(super) struct Build<'b> {
    /// Where the archive is.
    pub(super) spot: &'b Spot,
}

/// What one thread gathers.
#[derive(Default)]
pub(super) struct Part {
    pub(super) draft: Draft,
    /// The keys of each call, by its number.
    identifiers: Vec<Identifiers>,
    file: Current,
    words: String,
}

/// The file that is being read.
struct Current {
    /// Texts that were looked at, each with the file and what for.
    met: Vec<(Vec<u8>, (u64, u32))>,
    serial: u64,
    key: Option<u64>,
    /// Its name; members of packages have others.
    name: Box<str>,
    /// Whether it holds anything that facts cannot tell.
    odd: bool,
    flags: u8,
    links: u8,
    /// The call of the last record.
    call: Option<u32>,
    calls: HashSet<u32, BuildHasherDefault<Mixed>>,
    unnamed: HashSet<u32, BuildHasherDefault<Mixed>>,
    tokens: HashSet<u64, BuildHasherDefault<Mixed>>,
}

impl Default for Current {
    fn default() -> Self {
        Self {
            met: vec![Default::default(); MET],
            serial: 0,
            key: None,
            name: Box::default(),
            odd: false,
            flags: 0,
            links: 0,
            call: None,
            calls: HashSet::default(),
            unnamed: HashSet::default(),
            tokens: HashSet::default(),
        }
    }
}

impl Job for Build<'_> {
    type Part = Part;

    fn pass_over(&self, _source: &Source, _key: Option<&Key>) -> Option<Passed> {
        None
    }

    fn begin(&self, part: &mut Part, source: &Source, _number: u32) {
        let file = &mut part.file;
        file.serial += 1;
        file.key = self.spot.key(source);
        file.name = source.name().into();
        file.odd = false;
        (file.flags, file.links, file.call) = (0, 0, None);
        file.calls.clear();
        file.unnamed.clear();
        file.tokens.clear();
    }

    fn record(&self, part: &mut Part, parser: &mut Parser, seen: &Seen<'_>) -> Result<(), String> {
        let Part { draft, identifiers, file, words } = part;
        let (text, outline) = (seen.record.text, seen.record.outline());
        let (Some(source), Some(name)) = (utf8(seen.glance.source), utf8(seen.glance.name)) else {
            file.odd = true;
            return Ok(());
        };
        file.odd |= [source, name].iter().any(|text| text.contains(char::is_control));
        file.odd |= outline.is_unsure() || outline.has(Field::Addendum) || **seen.file != *file.name;
        if file.odd || file.key.is_none() {
            return Ok(());
        }
        let call = file.call(&mut draft.calls, words, source, name);
        if identifiers.len() <= call as usize {
            identifiers.push(Identifiers::of(source, name));
        }
        let identifiers = &identifiers[call as usize];
        file.flags |= if utf8(seen.glance.account).is_none() { NO_ACCOUNT } else { 0 };
        file.flags |= if utf8(seen.glance.region).is_none() { NO_REGION } else { 0 };
        file.words_of(seen, identifiers, source);
        // As a question takes note of it: only calls with a row may be meant for a resource.
        if outline.has(Field::ErrorCode) && identifiers.by_row() && !file.unnamed.contains(&call) {
            let is_subject = |act: &catalog::Act| act.relation == Relation::Subject;
            let names_any = parser.read(text, |event| catalog::acts(event).list.iter().any(is_subject));
            if !names_any.map_err(|error| error.to_string())? {
                file.unnamed.insert(call);
            }
        }
        Ok(())
    }

    fn end(&self, part: &mut Part, contents: &Contents, counted: &Coverage) {
        let Part { draft, file, .. } = part;
        let Some(key) = file.key.filter(|_| *contents == Contents::Log && !file.odd) else { return };
        let Some(place) = places::written(counted) else { return };
        let seconds = |time: Option<Time>| {
            time.map(Time::utc).map(|time| (time.timestamp(), time.timestamp_subsec_nanos()))
        };
        let span = match (seconds(counted.first), seconds(counted.last)) {
            (Some((first, 0)), Some((last, 0))) => Some((first, last)),
            (None, None) => None,
            _ => return,
        };
        let facts = Facts {
            flags: file.flags,
            events: counted.events,
            data_events: counted.data_events,
            network_events: counted.network_events,
            insights: counted.insights,
            undated: counted.undated,
            place: draft.places.number(&place),
            span,
            calls: file.calls.iter().copied().collect(),
            unnamed: file.unnamed.iter().copied().collect(),
            links: file.links,
            tokens: Tokens::new(file.tokens.iter().copied()),
        };
        draft.files.push((key, facts));
    }

    fn merge(&self, into: &mut Part, part: Part) {
        into.draft.merge(part.draft);
    }
}

/// How many texts are remembered.
const MET: usize = 64;

/// The members of `userIdentity`, at any depth, that names of callers are made from.
const NAMES: [&[u8]; 9] = [
    b"arn",
    b"userName",
    b"principalId",
    b"accessKeyId",
    b"invokedBy",
    b"accountId",
    b"userId",
    b"sourceIdentity",
    b"identityProvider",
];

impl Current {
    /// Returns the number of a call. Records of one call mostly follow each other.
    fn call(&mut self, calls: &mut Dictionary, last: &mut String, source: &str, name: &str) -> u32 {
        let same = last.strip_prefix(source).and_then(|it| it.strip_prefix('\0')) == Some(name);
        if let Some(call) = self.call.filter(|_| same) {
            return call;
        }
        last.clear();
        last.extend([source, "\0", name]);
        let call = calls.number(last);
        self.call = Some(call);
        self.calls.insert(call);
        call
    }

    fn words_of(&mut self, seen: &Seen<'_>, identifiers: &Identifiers, source: &str) {
        let (text, outline) = (seen.record.text, seen.record.outline());
        let call = self.call.unwrap_or_default();
        let identity = outline.from(text, Field::UserIdentity).filter(|it| it.starts_with(b"{"));
        if let Some(identity) = identity.filter(|_| identifiers.caller()) {
            self.keys(identity, |file, key, value| {
                if key == b"arn" {
                    file.identifier(value);
                }
            });
        }
        match identity {
            Some(identity) if self.is_new(u32::MAX, identity) => self.names(identity, source),
            Some(_) => {}
            // Events of services say in their source alone who made them.
            None => self.add(space::ACTOR, source.as_bytes()),
        }
        if let Some(details) = outline.from(text, Field::RequestParameters).filter(|it| it.starts_with(b"{"))
            && self.is_new(call, details)
        {
            self.details(details, identifiers);
        }
        // What a call gives is seldom the same twice.
        for field in [Field::ResponseElements, Field::AdditionalEventData, Field::ServiceEventDetails] {
            if let Some((start, b'{')) = outline.value(text, field) {
                self.details(&text[start..], identifiers);
            }
        }
        if let Some(resources) = outline.from(text, Field::Resources).filter(|it| it.starts_with(b"["))
            && self.is_new(u32::MAX - 1, resources)
        {
            self.keys(resources, |file, key, value| {
                if key.eq_ignore_ascii_case(b"arn") {
                    file.identifier(value);
                }
            });
        }
        self.error(text, outline);
        if let Some((_, b'"')) = outline.value(text, Field::SourceIpAddress) {
            match outline.plain(text, Field::SourceIpAddress) {
                Some(address) => self.address(address),
                None => self.odd = true,
            }
        }
    }

    /// Gives every key of a value with what follows it to `each`.
    fn keys(&mut self, value: &[u8], mut each: impl FnMut(&mut Self, &[u8], &[u8])) {
        keys::walk(value, &mut |key, value| {
            // Escapes could hide any key.
            self.odd |= key.contains(&b'\\');
            each(self, key, value);
        });
    }

    fn names(&mut self, identity: &[u8], source: &str) {
        let mut named = false;
        self.keys(identity, |file, key, value| {
            if NAMES.contains(&key) {
                named = true;
                file.add(space::ACTOR, value);
            }
        });
        if !named {
            self.add(space::ACTOR, source.as_bytes());
        }
    }

    fn details(&mut self, details: &[u8], identifiers: &Identifiers) {
        self.keys(details, |file, key, value| {
            if key == b"ConsoleLogin" {
                file.flags |= FAILED;
                file.add(space::ERROR, value);
            }
            if identifiers.may_stand_under(key) {
                file.identifier(value);
            }
        });
    }

    fn error(&mut self, text: &[u8], outline: &Outline) {
        let given = |field| outline.from(text, field).filter(|it| !it.starts_with(b"null"));
        let code = given(Field::ErrorCode);
        if let Some(code) = code {
            self.flags |= FAILED;
            self.add(space::ERROR, code);
        }
        if let Some(message) = given(Field::ErrorMessage) {
            self.flags |= FAILED;
            if code.is_none_or(|code| code.starts_with(b"\"\"") || !code.starts_with(b"\"")) {
                self.add(space::ERROR, message);
            }
            if let Some(at) = memchr::memmem::find(message, b"on resource: ") {
                self.identifier(&message[at..]);
            }
        }
    }

    /// Returns whether a text was not met in this file; `what` says what is looked for in it. It may have
    /// been all the same: only the last texts are remembered, but those in full, as an attacker could make
    /// texts of equal hashes.
    fn is_new(&mut self, what: u32, text: &[u8]) -> bool {
        let slot = &mut self.met[slot(text)];
        let is_new = *slot.0 != *text || slot.1 != (self.serial, what);
        if is_new {
            slot.0.clear();
            slot.0.extend_from_slice(text);
            slot.1 = (self.serial, what);
        }
        is_new
    }

    fn add(&mut self, space: u64, text: &[u8]) {
        logged_words(text, &mut |word| {
            self.tokens.insert(token(space, word));
        });
    }

    fn identifier(&mut self, text: &[u8]) {
        logged_words(text, &mut |word| {
            self.tokens.insert(token(space::RESOURCE, word));
            for (bit, prefix) in LINK_PREFIXES.iter().enumerate() {
                self.links |= u8::from(word.starts_with(prefix.as_bytes())) << bit;
            }
        });
    }

    fn address(&mut self, text: &str) {
        if !self.is_new(u32::MAX - 2, text.as_bytes()) {
            return;
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            self.tokens.insert(address_token(address));
        }
    }
}

/// Where a text is remembered: a few bytes of it tell enough.
fn slot(text: &[u8]) -> usize {
    let bytes =
        |at: usize| text.get(at..at + 8).and_then(|it| it.try_into().ok()).map_or(0, u64::from_le_bytes);
    let quarter = text.len() / 4;
    let sum =
        [quarter, quarter * 2, quarter * 3].iter().fold(text.len() as u64, |sum, at| mix(sum ^ bytes(*at)));
    sum as usize % MET
}

/// For what is mixed already, or is a small number.
#[derive(Default)]
pub(super) struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = mix(self.0 ^ u64::from(*byte)));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = mix(number.into());
    }
}
