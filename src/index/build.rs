//! The job that makes facts: reads every record, but parses only calls that failed.

use super::archive_root::{ArchiveRoot, FileKey};
use super::file_summary::{FAILED, FileSummary, NO_ACCOUNT, NO_REGION, TokenFilter};
use super::index_file::IndexBuilder;
use super::places;
use super::words::FileWords;
use crate::answer::Coverage;
use crate::catalog::{Catalog, Identifiers, Relation, ResourceAction};
use crate::decode;
use crate::decode::StreamKind;
use crate::event::{Event, EventParser, Time, as_utf8};
use crate::hash::Seeded;
use crate::input::{Key, Source};
use crate::intern::Interner;
use crate::scan::{CandidateRecord, Job, Skip};
use std::collections::HashSet;
use std::sync::Arc;

/// Makes the facts of files.
pub(super) struct IndexBuild<'b> {
    /// Where the archive is.
    pub(super) spot: &'b ArchiveRoot,
    /// What tells where calls name resources.
    pub(super) catalog: &'b Catalog,
}

/// What one thread gathers.
#[derive(Default)]
pub(super) struct BuildState {
    pub(super) draft: IndexBuilder,
    /// The keys of each call, by its number.
    identifiers: Vec<Identifiers>,
    file: CurrentFile,
    /// The source and the name of the last call.
    last: String,
}

/// The file that is being read.
#[derive(Default)]
struct CurrentFile {
    key: Option<FileKey>,
    /// Its name; members of packages have others.
    name: Box<str>,
    /// The stream that was found to have that name.
    stream: Option<Arc<str>>,
    /// Whether it holds anything that facts cannot tell.
    odd: bool,
    flags: u8,
    /// The call of the last record.
    call: Option<u32>,
    calls: HashSet<u32, Seeded>,
    unnamed: HashSet<u32, Seeded>,
    words: FileWords,
}

impl Job for IndexBuild<'_> {
    type Accumulator = BuildState;

    fn skip_unopened(&self, _source: &Source, _key: Option<&Key>) -> Option<Skip> {
        None
    }

    fn begin(&self, part: &mut BuildState, source: &Source, _number: u32) {
        let file = &mut part.file;
        file.key = self.spot.key(source);
        file.name = source.name().into();
        file.stream = None;
        file.odd = false;
        (file.flags, file.call) = (0, None);
        file.calls.clear();
        file.unnamed.clear();
        file.words.begin();
    }

    fn record(
        &self,
        part: &mut BuildState,
        parser: &mut EventParser,
        candidate: &CandidateRecord<'_>,
    ) -> Result<(), String> {
        let BuildState { draft, identifiers, file, last } = part;
        if file.odd || file.key.is_none() {
            return Ok(());
        }
        // Of a member of a package no call is numbered: each number has its identifiers.
        let is_whole = file.is_whole(candidate.file);
        let call = is_whole
            .then(|| file.call(&mut draft.calls, last, candidate.raw.source, candidate.raw.name))
            .flatten();
        let Some(call) = call else {
            file.odd = true;
            return Ok(());
        };
        if identifiers.len() <= call as usize {
            let (source, name) = last.split_once('\0').unwrap_or_default();
            identifiers.push(self.catalog.identifiers(source, name));
        }
        let identifiers = &identifiers[call as usize];
        file.flags |= if as_utf8(candidate.raw.account).is_none() { NO_ACCOUNT } else { 0 };
        file.flags |= if as_utf8(candidate.raw.region).is_none() { NO_REGION } else { 0 };
        let source = candidate.raw.source.unwrap_or_default();
        let scan = file.words.record(candidate.record, call, identifiers, source);
        file.odd |= scan.odd;
        file.flags |= if scan.fails { FAILED } else { 0 };
        // What names nothing because CloudTrail left it out: whether it does, the question sees.
        if identifiers.by_row() && decode::may_lack_a_part(candidate.record.text) {
            file.unnamed.insert(call);
        }
        // As a question takes note of it: only calls with a row may be meant for a resource.
        if scan.fails && identifiers.by_row() && !file.odd && !file.unnamed.contains(&call) {
            let is_subject = |act: &ResourceAction| act.relation == Relation::Subject;
            let may_name = scan.may_name || identifiers.caller();
            let names_any = |event: &Event<'_>| self.catalog.acts(event).list.iter().any(is_subject);
            let names_any = may_name
                && parser.read(candidate.record.text, names_any).map_err(|error| error.to_string())?;
            if !names_any {
                file.unnamed.insert(call);
            }
        }
        Ok(())
    }

    fn end(&self, part: &mut BuildState, contents: &StreamKind, counted: &Coverage) {
        let BuildState { draft, file, .. } = part;
        let is_told = *contents == StreamKind::Log && counted.beside.is_none() && !file.odd;
        let Some(key) = file.key.filter(|_| is_told) else { return };
        let Some(place) = places::write_places(counted) else { return };
        let seconds = |time: Option<Time>| {
            time.map(Time::utc).map(|time| (time.timestamp(), time.timestamp_subsec_nanos()))
        };
        let span = match (seconds(counted.first), seconds(counted.last)) {
            (Some((first, 0)), Some((last, 0))) => Some((first, last)),
            (None, None) => None,
            _ => return,
        };
        let facts = FileSummary {
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
            links: file.words.links(),
            tokens: TokenFilter::new(file.words.tokens()),
        };
        draft.files.push((key, facts));
    }

    fn merge(&self, into: &mut BuildState, part: BuildState) {
        into.draft.merge(part.draft);
    }
}

impl CurrentFile {
    /// Returns the number of a call, `None` when it has no plain name. Records of one call mostly follow each other.
    fn call(
        &mut self,
        calls: &mut Interner<str>,
        last: &mut String,
        source: Option<&[u8]>,
        name: Option<&[u8]>,
    ) -> Option<u32> {
        let same = last.as_bytes().strip_prefix(source?).and_then(|it| it.strip_prefix(b"\0")) == name;
        if let Some(call) = self.call.filter(|_| same) {
            return Some(call);
        }
        let (source, name) = (as_utf8(source)?, as_utf8(name)?);
        if [source, name].iter().any(|text| text.contains(char::is_control)) {
            return None;
        }
        last.clear();
        last.extend([source, "\0", name]);
        let call = calls.number(last);
        self.call = Some(call);
        self.calls.insert(call);
        Some(call)
    }

    /// Returns whether a stream is the file itself, no member of it.
    fn is_whole(&mut self, stream: &Arc<str>) -> bool {
        if self.stream.as_ref().is_some_and(|known| Arc::ptr_eq(known, stream)) {
            return true;
        }
        let is_whole = **stream == *self.name;
        self.stream = is_whole.then(|| Arc::clone(stream));
        is_whole
    }
}
