//! The job of a question: what need not be opened, what need not be parsed, and
//! what becomes a row.

use super::{Job, Passed, Seen};
use crate::answer::{Coverage, Evidence, Question, Rows, Skipped};
use crate::decode::outline::Field;
use crate::decode::{self, Contents, Limits, Scratch};
use crate::event::{Parser, Time};
use crate::input::{Folder, Key, Source};
use crate::query::{Delivery, Filter, Literals, SkippedKey};
use std::sync::Arc;

/// A question and the filters that go with it.
pub struct Ask<'q> {
    filter: &'q Filter,
    question: &'q Question,
    literals: Literals,
    account_is_sure: bool,
}

/// What one thread gathers for a question.
#[derive(Default)]
pub struct Gathered {
    /// The rows, not yet in order.
    pub rows: Rows,
    /// What the stages before the answer let through.
    pub effort: Effort,
    /// How many rows there were before the stream that is being read.
    before: usize,
}

/// What each stage let through, for `--explain`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Effort {
    /// Records that were cut out and looked at.
    pub seen: u64,
    /// Records that may match by their plain fields.
    pub glanced: u64,
    /// Records that were parsed.
    pub parsed: u64,
    /// Records that passed the filters.
    pub passed: u64,
}

impl<'q> Ask<'q> {
    /// Prepares to ask `question` of `sources`.
    pub fn new(filter: &'q Filter, question: &'q Question, sources: &[Source], limits: Limits) -> Self {
        // The calls that make links are looked at whether they pass the filters or not.
        let prefilter = if question.follows { &Filter::default() } else { filter };
        let literals = Literals::new(question.reference.as_ref(), prefilter);
        let account_is_sure = filter.account.is_empty() || keys_name_accounts(sources, limits);
        Self { filter, question, literals, account_is_sure }
    }

    /// Returns whether a file is left out by its key.
    pub fn leaves_out(&self, source: &Source) -> bool {
        self.filter.looks_at_keys() && source.key().is_some_and(|key| self.refused(&key).is_some())
    }

    /// Returns the literals that nominate records, for `--explain`.
    pub fn literals(&self) -> &Literals {
        &self.literals
    }

    /// Why no file of this key can matter.
    fn refused(&self, key: &Key) -> Option<Skipped> {
        // Whatever else lies there is told by its content.
        if !matches!(key.folder, Folder::CloudTrail | Folder::NetworkActivity) {
            return None;
        }
        let time = key.delivered.map(Time::from);
        let delivery = Delivery { account: &key.account, region: &key.region, time };
        self.filter.may_hold(&delivery, self.account_is_sure).map(|reason| match reason {
            SkippedKey::Time => Skipped::OutsideTime,
            SkippedKey::Account => Skipped::OtherAccount,
            SkippedKey::Region => Skipped::OtherRegion,
        })
    }
}

impl Job for Ask<'_> {
    type Part = Gathered;

    fn pass_over(&self, _source: &Source, key: Option<&Key>) -> Option<Passed> {
        key.and_then(|key| self.refused(key)).map(Passed::Skipped)
    }

    fn nominates(&self, content: &[u8]) -> bool {
        self.literals.occur_in(content)
    }

    /// Failed calls may be meant for the resource without naming it.
    fn concerns(&self, source: &str, name: &str) -> bool {
        self.question.may_concern(source, name)
    }

    fn begin(&self, part: &mut Gathered, _source: &Source) {
        part.before = part.rows.len();
    }

    /// Looks at one record, and parses it when it may match.
    fn record(&self, part: &mut Gathered, parser: &mut Parser, seen: &Seen<'_>) -> Result<(), String> {
        let Self { filter, question, .. } = *self;
        let (record, glance) = (seen.record, &seen.glance);
        part.effort.seen += 1;
        let corrects = record.outline.has(Field::Addendum);
        let may_match = record.outline.is_unsure() || question.follows || filter.may_match(glance);
        part.effort.glanced += u64::from(may_match);
        let nominated = record.outline.is_unsure() || self.literals.occur_in(record.text);
        let matches = may_match && nominated;
        let unnamed = may_match
            && !matches
            && record.outline.has(Field::ErrorCode)
            && question.may_concern(glance.source.unwrap_or_default(), glance.name.unwrap_or_default());
        if !matches && !corrects && !unnamed {
            return Ok(());
        }
        part.effort.parsed += 1;
        let folded = parser.read(record.text, |event| {
            if let Some(original) = event.corrects() {
                part.rows.correction(original);
            }
            let passes = (matches || unnamed) && filter.matches(event);
            part.effort.passed += u64::from(passes);
            if matches && passes {
                let evidence = Evidence { file: Arc::clone(seen.file), record: record.index, damaged: false };
                part.rows.event(question, event, evidence, record.text);
            } else if matches && question.follows {
                part.rows.links(question, event);
            } else if unnamed && passes {
                part.rows.unnamed(event);
            }
        });
        folded.map_err(|error| error.to_string())
    }

    fn end(&self, part: &mut Gathered, contents: &Contents, _counted: &Coverage) {
        if contents.is_doubtful() {
            part.rows.doubt(part.before);
        }
    }

    fn merge(&self, into: &mut Gathered, part: Gathered) {
        into.rows.merge(part.rows);
        into.effort.seen += part.effort.seen;
        into.effort.glanced += part.effort.glanced;
        into.effort.parsed += part.effort.parsed;
        into.effort.passed += part.effort.passed;
    }
}

/// Returns whether the first log file of every account holds events of the account that its
/// key names. In archives made anonymous it does not, and keys prove nothing.
fn keys_name_accounts(sources: &[Source], limits: Limits) -> bool {
    let mut seen = std::collections::HashSet::new();
    let (mut scratch, mut buffer) = (Scratch::default(), Vec::new());
    sources.iter().all(|source| {
        let Some(key) = source.key().filter(|key| key.folder == Folder::CloudTrail) else { return true };
        if seen.contains(&key.account) {
            return true;
        }
        let mut sure = true;
        decode::each_stream(source, &limits, &mut scratch, &mut |stream| {
            decode::read(stream, &limits, &mut buffer, &mut |record| {
                if let Some(account) = record.outline.plain(record.text, Field::RecipientAccountId) {
                    sure &= account == key.account;
                }
                Ok(())
            });
        });
        seen.insert(key.account);
        sure
    })
}
