//! What there is in an archive, for an answer that found nothing: the names most like the one that was asked for.
//!
//! A slip of the pen looks like a proof that nothing happened. Some of the files are read once more, spread over all of
//! them, and few enough that nobody waits for them.

use super::archive::Search;
use crate::answer::{MetNameQuery, MetNames};
use crate::input::Source;
use crate::query::Filter;
use crate::scan::Unwatched;
use crate::scan::ask::Query;

/// How many bytes are read, as stored.
const MOST: u64 = 2 << 20;

/// The names that some files of an archive hold.
pub(crate) struct NameSampling {
    pub(crate) met: MetNames,
    /// Whether all files were read.
    pub(crate) is_whole: bool,
}

impl Search {
    /// Reads the names in some of the files; `None` where the archive cannot be read again.
    pub(crate) fn sample_met_names(&self) -> Option<NameSampling> {
        if self.is_read_once() {
            return None;
        }
        let sources = self.sources();
        let sample = spread(sources);
        let (filter, fold) = (Filter::default(), MetNameQuery { catalog: self.catalog().clone() });
        let answered =
            Query::new(&filter, &fold, &sample, self.limits()).answer(&sample, self.threads(), &Unwatched);
        Some(NameSampling { met: answered.ok()?.answer, is_whole: sample.len() == sources.len() })
    }
}

/// Chooses files spread over all of them, as many as may be read.
fn spread(sources: &[Source]) -> Vec<Source> {
    let all: u64 = sources.iter().map(Source::size).sum();
    let step = usize::try_from(all / MOST).unwrap_or(usize::MAX).saturating_add(1);
    let mut room = MOST;
    let mut chosen = Vec::new();
    for source in sources.iter().step_by(step).filter(|it| it.size() > 0) {
        if let Some(rest) = room.checked_sub(source.size()) {
            room = rest;
            chosen.push(source.clone());
        }
    }
    chosen
}
