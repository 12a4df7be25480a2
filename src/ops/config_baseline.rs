//! Reads the files of AWS Config: those that the scan met among the logs, also in packages, and those that
//! are named.
//!
//! One that cannot be read is a trouble like any other. What an item means is for `timeline` to say.

use super::archive::Search;
use super::config_file::{ConfigFiles, read_stream};
use crate::answer::{Coverage, Skipped};
use crate::container::{InflateBuffers, Limits, Stream};
use crate::error::{Error, Kind, Trouble};
use crate::input::{FollowLinks, Source};
use crate::text::count_noun;
use crate::timeline::{ConfigItems, Step};
use crate::{container, decode, input, scan};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

/// The file that AWS Config writes to see whether it may; it is empty.
const CHECK: &str = "ConfigWritabilityCheckFile";

/// What was read of AWS Config.
#[derive(Default)]
pub(crate) struct ConfigBaseline {
    /// The items of each file.
    pub(crate) files: Vec<(Arc<str>, Vec<Step>)>,
    /// What could not be read.
    troubles: Vec<Trouble>,
    /// Files that were named by their directory or package and are none of AWS Config's.
    others: u64,
    /// Messages that tell nothing of a resource, by their kind.
    news: BTreeMap<String, u64>,
}

/// Reads what the scan met, and the files that are named, and puts the counts right.
///
/// # Errors
/// When a path that was named is not there.
pub(crate) fn read(
    search: &Search,
    named: &[PathBuf],
    met: &[(Arc<str>, Option<Skipped>)],
    coverage: &mut Coverage,
    troubles: &mut Vec<Trouble>,
) -> Result<ConfigBaseline, Error> {
    let limits = search.limits();
    let mut baseline = ConfigBaseline::default();
    baseline.named(named, search.archive().options().links, &limits)?;
    // Of a file with records those were used, whatever else is in it.
    let is_unreadable = |it: &&Trouble| it.records_used.is_none();
    let unreadable: HashSet<&str> =
        troubles.iter().filter(is_unreadable).map(|it| it.file.as_str()).collect();
    baseline.among(search, met, &unreadable, &limits, coverage);
    // What the scan said of a file that could be read after all, or that is told better now.
    let told: HashSet<&str> = baseline
        .files
        .iter()
        .map(|(file, _)| &**file)
        .chain(baseline.troubles.iter().map(|it| it.file.as_str()))
        .collect();
    let met: HashSet<&str> = met.iter().map(|(file, _)| &**file).collect();
    troubles.retain(|it| {
        it.records_used.is_some() || !(met.contains(it.file.as_str()) && told.contains(it.file.as_str()))
    });
    troubles.append(&mut baseline.troubles);
    troubles.sort();
    Ok(baseline)
}

/// Whether a file is one of AWS Config's.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ExpectedItems {
    /// By its form or its name.
    Surely,
    /// It was given as one.
    Maybe,
    /// It has words that messages of AWS Config have.
    Hardly,
}

impl ConfigBaseline {
    /// Gives away the items, each with its file.
    pub(crate) fn steps(self) -> Vec<(Arc<str>, Step)> {
        let of_file = |(file, steps): (Arc<str>, Vec<Step>)| {
            steps.into_iter().map(move |step| (Arc::clone(&file), step))
        };
        self.files.into_iter().flat_map(of_file).collect()
    }

    /// Says what was read.
    pub(crate) fn words(&self, wanted: &dyn Fn(&Step) -> bool) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.files.is_empty() {
            let all = self.files.iter().map(|(_, steps)| steps.len() as u64).sum();
            let files = count_noun(self.files.len() as u64, "file");
            lines.push(format!("read {} of AWS Config in {files}", count_noun(all, "item")));
        }
        if self.others > 0 {
            let files = count_noun(self.others, "file");
            lines.push(format!("left out {files} of `--aws-config`: not of AWS Config"));
        }
        let mut unmapped: BTreeMap<&str, u64> = BTreeMap::new();
        for step in self.files.iter().flat_map(|(_, steps)| steps).filter(|step| wanted(step)) {
            if !crate::timeline::is_mapped(&step.resource.kind) {
                *unmapped.entry(&step.resource.kind).or_default() += 1;
            }
        }
        if !unmapped.is_empty() {
            let all = count_noun(unmapped.values().sum(), "item");
            let kinds = format_counts(&unmapped);
            lines.push(format!(
                "{all} of types that are compared with calls only where both name a setting alike: {kinds}"
            ));
        }
        if !self.news.is_empty() {
            let all = count_noun(self.news.values().sum(), "message");
            lines.push(format!("left out {all} that tell of no resource: {}", format_counts(&self.news)));
        }
        lines
    }

    fn named(&mut self, paths: &[PathBuf], links: FollowLinks, limits: &Limits) -> Result<(), Error> {
        for path in paths {
            let found = scan::find_sources_with(std::slice::from_ref(path), links, 1)?;
            self.troubles.extend(found.troubles);
            let before = (self.files.len(), self.troubles.len());
            for source in &found.sources {
                self.source(source, limits, None);
            }
            if (self.files.len(), self.troubles.len()) == before {
                let cause = "there is no configuration item in it";
                self.troubles.push(Trouble::new(path.to_string_lossy(), Kind::NotConfig, cause));
            }
        }
        Ok(())
    }

    /// Reads the files that the scan met, by their names.
    fn among(
        &mut self,
        search: &Search,
        met: &[(Arc<str>, Option<Skipped>)],
        unreadable: &HashSet<&str>,
        limits: &Limits,
        coverage: &mut Coverage,
    ) {
        let known: HashSet<Arc<str>> = self.files.iter().map(|(file, _)| Arc::clone(file)).collect();
        let expected = |file: &str, reason: &Option<Skipped>| match reason {
            Some(Skipped::Config) => ExpectedItems::Surely,
            _ if input::is_of_config(file) => ExpectedItems::Surely,
            _ => ExpectedItems::Hardly,
        };
        let new = met.iter().filter(|(file, _)| !known.contains(file));
        let names: HashMap<&str, ExpectedItems> =
            new.map(|(file, reason)| (&**file, expected(file, reason))).collect();
        // A member is called by its package, `!` and its own name; names may have a `!` themselves.
        let mut sources: HashSet<&str> = names.keys().copied().collect();
        for name in names.keys() {
            sources.extend(name.match_indices('!').map(|(at, _)| &name[..at]));
        }
        let begin = self.files.len();
        for source in search.sources().iter().filter(|it| sources.contains(&*it.name())) {
            if source.can_be_read_again() {
                self.source(source, limits, Some(&names));
            }
        }
        let read: HashSet<&str> =
            self.files.iter().map(|(file, _)| &**file).chain(known.iter().map(|it| &**it)).collect();
        let told: HashSet<String> = self.troubles.iter().map(|it| it.file.clone()).collect();
        let mut refused = Vec::new();
        for (file, reason) in met {
            let is_read = read.contains(&**file);
            let is_told = told.contains(&**file);
            match (is_read, reason) {
                (true, Some(reason)) => coverage.unskip(*reason, file),
                (true, None) if unreadable.contains(&**file) => {
                    coverage.files_unreadable = coverage.files_unreadable.saturating_sub(1)
                }
                (false, Some(reason)) if is_told => {
                    coverage.unskip(*reason, file);
                    coverage.files_unreadable += 1;
                }
                (false, Some(Skipped::Config)) => {
                    let cause = "a file of AWS Config that can be read only once is not used: name it with `--aws-config`";
                    refused.push(Trouble::new(&**file, Kind::Unsupported, cause));
                }
                (true, None) | (false, _) => {}
            }
        }
        self.troubles.extend(refused);
        self.files[begin..].sort_by(|a, b| a.0.cmp(&b.0));
    }

    /// Reads the streams of a source: all, or those of these names.
    fn source(&mut self, source: &Source, limits: &Limits, names: Option<&HashMap<&str, ExpectedItems>>) {
        let mut scratch = InflateBuffers::default();
        let troubles = container::each_stream(source, limits, &mut scratch, &mut |stream| match names
            .map(|names| names.get(stream.name()))
        {
            None => self.stream(stream, limits, ExpectedItems::Maybe),
            Some(Some(expected)) => self.stream(stream, limits, *expected),
            Some(None) => {}
        });
        if names.is_none() {
            self.troubles.extend(troubles.into_iter().filter(|it| !it.file.ends_with(CHECK)));
        }
    }

    fn stream(&mut self, stream: &mut Stream<'_>, limits: &Limits, expected: ExpectedItems) {
        let name: Arc<str> = stream.name().into();
        let is_config = match expected {
            ExpectedItems::Surely => true,
            ExpectedItems::Maybe => stream.is_explicit() || input::is_of_config(&name),
            ExpectedItems::Hardly => false,
        };
        match read_stream(stream, limits) {
            ConfigFiles::Items(ConfigItems { steps, odd, first_odd, news }, too_large) => {
                for (kind, many) in news {
                    *self.news.entry(kind).or_default() += many;
                }
                if odd > 0 {
                    let (place, lacks) = first_odd.unwrap_or_default();
                    let cause = format!(
                        "{} cannot be used, the first at place {place}: {lacks}",
                        count_noun(odd, "item")
                    );
                    let records_used = Some(steps.len() as u64);
                    self.troubles.push(Trouble {
                        file: name.to_string(),
                        kind: Kind::BadRecord,
                        cause,
                        records_used,
                    });
                }
                self.troubles.extend(too_large.map(|cause| Trouble {
                    file: name.to_string(),
                    kind: Kind::TooLarge,
                    cause,
                    records_used: Some(steps.len() as u64),
                }));
                self.files.push((name, steps));
            }
            ConfigFiles::Other if is_config => {
                let cause = "there is no configuration item in it";
                self.troubles.push(Trouble::new(&*name, Kind::NotConfig, cause));
            }
            // What the scan made of it stands.
            ConfigFiles::Other | ConfigFiles::Broken(..) if expected == ExpectedItems::Hardly => {}
            ConfigFiles::Broken(kind, cause) if is_config || decode::promises_log(&name) => {
                self.troubles.push(Trouble::new(&*name, kind, cause));
            }
            ConfigFiles::Other | ConfigFiles::Broken(..) => self.others += 1,
        }
    }
}

fn format_counts(kinds: &BTreeMap<impl std::fmt::Display, u64>) -> String {
    kinds.iter().map(|(kind, many)| format!("{kind} ({many})")).collect::<Vec<_>>().join(", ")
}
