//! Whether the files that were left out by the time in their names are named as CloudTrail names them: a copy may
//! have been put in order by another date, and whoever forges a name keeps a file from being read.
//!
//! Some of them are opened, spread over all of them and always the same; what they tell of the others is for people
//! to judge.

use super::archive::Search;
use crate::container::{InflateBuffers, Limits};
use crate::decode::ScanBuffers;
use crate::decode::outline::Field;
use crate::event::Time;
use crate::input::Source;
use crate::query::{DeliveredKey, SkippedKey, may_be_named};
use crate::text::count_noun;
use crate::{container, decode};

/// How many files are opened at most, and how large each of them may be, as stored and inflated.
const SAMPLES: usize = 16;
const LARGEST: u64 = 8 << 20;

/// How many names are looked at for each of them.
const NAMES: usize = 512;

/// What files that were left out hold.
#[derive(Debug, Default)]
pub(crate) struct NameSample {
    opened: u64,
    misnamed: u64,
    /// The first file that is named otherwise, the time in its name, and that of an event in it.
    first: Option<(String, Time, Time)>,
}

impl NameSample {
    /// Says that names and events disagree, if they do.
    pub(crate) fn words(&self) -> Option<String> {
        let (file, named, event) = self.first.as_ref()?;
        Some(format!(
            "file names and event dates disagree in {} of {}: `{file}` is named for {named} but holds an event of {event}; files that were left out by name may hold what you asked for: `--ignore-names` reads every file",
            self.misnamed,
            count_noun(self.opened, "sampled file")
        ))
    }
}

impl Search {
    /// Opens some of the files that the filters leave out by the time in their names.
    pub(crate) fn sample_names(&self) -> NameSample {
        let (mut sample, sources) = (NameSample::default(), self.sources());
        let (mut scratch, mut work) = (InflateBuffers::default(), ScanBuffers::default());
        for number in 0..SAMPLES {
            let begin = sources.len() * number / SAMPLES;
            let end = (sources.len() * (number + 1) / SAMPLES).min(begin + NAMES);
            let chosen = sources[begin..end].iter().find_map(|it| Some((it, self.left_out_for(it)?)));
            let Some((source, named)) = chosen else { continue };
            sample.opened += 1;
            if let Some(event) = find_event_apart(source, named, &mut scratch, &mut work) {
                sample.misnamed += 1;
                sample.first.get_or_insert_with(|| (source.name().into_owned(), named, event));
            }
        }
        sample
    }

    /// The time in the name of a file that is left out for it.
    fn left_out_for(&self, source: &Source) -> Option<Time> {
        let key = source.key().filter(|_| (1..=LARGEST).contains(&source.size()))?;
        let time = key.delivered.map(Time::from);
        let delivered = DeliveredKey { account: &key.account, region: &key.region, time };
        let is_left_out =
            key.is_of_records() && self.filter.may_hold(&delivered, false) == Some(SkippedKey::Time);
        time.filter(|_| is_left_out)
    }
}

/// Finds an event in a file that no file of this name would hold.
fn find_event_apart(
    source: &Source,
    named: Time,
    scratch: &mut InflateBuffers,
    work: &mut ScanBuffers,
) -> Option<Time> {
    let limits = Limits { inflated: LARGEST, package: LARGEST, held: LARGEST, record: LARGEST as usize };
    let mut apart = None;
    container::each_stream(source, &limits, scratch, &mut |stream| {
        decode::read_records(stream, &limits, work, &mut |record| {
            if apart.is_none() {
                let time = record.outline().plain(record.text, Field::EventTime).and_then(Time::of_service);
                apart = time.filter(|time| !may_be_named(named, *time));
            }
            Ok(())
        });
    });
    apart
}
