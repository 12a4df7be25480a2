//! What a walk over a stream hands on, what it counts beside, and how it ends.

use super::fixed_fields::FixedFields;
use super::outline::{Field, Outline};
use std::cell::OnceCell;

/// One record, as it stands in the file.
pub struct Record<'a> {
    /// The JSON object, byte for byte (unescaped where it came inside a JSON string).
    pub text: &'a [u8],
    /// The EventBridge event that it is the `detail` of, if it came as one.
    pub envelope: Option<&'a [u8]>,
    /// Its place among the elements of the file, counted from 0.
    pub index: u64,
    /// Where it starts in the inflated bytes of the file (that of the element which holds it).
    pub offset: u64,
    /// What could be seen of it without an outline, where the whole file is in CloudTrail's own form.
    pub fixed: Option<FixedFields<'a>>,
    /// Its outline, if it was read to cut it out.
    pub(super) known: Option<&'a Outline>,
    /// Its outline, if it is read because somebody asks.
    pub(super) asked: OnceCell<Outline>,
}

impl Record<'_> {
    /// Returns whether a field may be there that an outline does not show.
    pub fn is_unsure(&self) -> bool {
        self.fixed.is_none() && self.outline().is_unsure()
    }

    /// Returns whether the record corrects an earlier one.
    pub fn corrects(&self) -> bool {
        self.fixed.is_none() && self.outline().has(Field::Addendum)
    }

    /// Returns its top-level fields.
    pub fn outline(&self) -> &Outline {
        self.known.unwrap_or_else(|| {
            self.asked.get_or_init(|| {
                let mut outline = Outline::default();
                outline.read(self.text, 0);
                outline
            })
        })
    }
}

/// Takes one record; an error says why it cannot be parsed.
pub type RecordVisitor<'v> = dyn FnMut(&Record<'_>) -> Result<(), String> + 'v;

/// Takes one document of AWS Config.
pub(super) type TakeConfig<'v> = dyn FnMut(&[u8]) + 'v;

/// What a stream held besides records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordCounts {
    /// Records handed on.
    pub records: u64,
    /// Insight records: statistics about calls, not calls.
    pub insights: u64,
    /// Aggregated records: five-minute summaries of data events.
    pub aggregated: u64,
    /// Digest files of log file integrity validation.
    pub digests: u64,
    /// AWS Config histories and snapshots, and notifications that hold an item.
    pub config: u64,
    /// Other notifications of AWS Config: of compliance, of deliveries.
    pub config_news: u64,
    /// Events of other services that have fields of the same names.
    pub services: u64,
    /// Where the first of these came from, as it says itself.
    pub first_service: Option<String>,
    /// Elements or documents of another kind.
    pub foreign: u64,
    /// Objects among `Records` that are no CloudTrail records.
    pub odd: u64,
    /// Objects that hold CloudTrail's keys, but not as a record or in a way that is known.
    pub unread: u64,
    /// Text lines that are not JSON.
    pub stray_lines: u64,
    /// Whether any such line, or what comes behind the end of what can be read, holds CloudTrail's keys.
    pub unread_text: bool,
    /// How many zero bytes stand between the records and behind them.
    pub zeros: u64,
    /// Packed texts that hold more than they may.
    pub too_large: u64,
    /// Records that are larger than the limit, and were passed over.
    pub oversized: u64,
    /// Where the first of these starts.
    pub first_oversized: Option<u64>,
    /// Events in the form of OCSF, as Security Lake keeps them.
    pub ocsf: u64,
    /// Packed texts that are damaged.
    pub damaged: u64,
    /// Records that stand in a document as CloudTrail delivers it.
    pub own: u64,
    /// Elements that are no JSON objects.
    pub bad: u64,
    /// Where the first bad element stands.
    pub first_bad: Option<u64>,
    /// Why that could not be parsed, where it is an object.
    pub first_cause: Option<String>,
    /// Empty `Records` arrays, as CloudTrail never writes them but exports do.
    pub empty: u64,
}

impl RecordCounts {
    /// How much was met that is known.
    pub(super) fn known(&self) -> u64 {
        let trail = self.records + self.insights + self.aggregated + self.digests + self.empty;
        trail + self.config + self.config_news + self.services
    }

    /// How much was met that is known, or should have been.
    pub(super) fn known_fields(&self) -> u64 {
        self.known() + self.unread + self.bad + self.too_large + self.damaged + self.ocsf
    }
}

/// How the walk over a stream ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EndFields {
    /// At the end of the last document.
    #[default]
    Whole,
    /// Inside a document, after this many bytes of whole elements.
    Cut(u64),
    /// At a byte that cannot stand there.
    Broken(u64),
}
