//! What a condition needs of every event that it matches, as far as keys, bytes and plain fields tell.
//!
//! A need never refuses what the condition matches; it may pass what the condition does not. There is
//! no negation in it, so that whatever is not known passes.

use super::member::JsonMember;
use super::metric::FilterTerms;
use super::text::TextTest;
use crate::event::{RawFields, Time, as_utf8};
use chrono::{Days, Months, NaiveDate};

/// The most literals that are searched for in place of one another: each costs a pass over the bytes.
const MOST_LITERALS: usize = 16;

/// What is needed.
#[derive(Clone, Debug, Default)]
pub(super) enum Need {
    /// Nothing that could be told.
    #[default]
    Any,
    Leaf(ValueNeed),
    /// The text of the record matches.
    Terms(Box<FilterTerms>),
    /// Every one of these.
    All(Vec<Need>),
    /// One of these.
    One(Vec<Need>),
}

/// What is needed of one value.
#[derive(Clone, Debug, Default)]
pub(super) struct ValueNeed {
    /// What its raw fields tell of it.
    pub(super) test: FieldTest,
    /// What can be read of it in the bytes of the record.
    pub(super) member: Option<JsonMember>,
    /// One of these has to occur in the bytes of the record; nothing is known where it is `None`.
    pub(super) literals: Option<Vec<String>>,
    /// A name that has to occur as well, if few records hold it.
    pub(super) name: Option<String>,
    /// Whether it is a field of the EventBridge event around the record, which may say something else.
    pub(super) envelope: bool,
}

/// A plain field, and what it has to be where it is a text.
#[derive(Clone, Debug, Default)]
pub(super) enum FieldTest {
    /// None of those that are seen.
    #[default]
    Nothing,
    Name(TextTest),
    Source(TextTest),
    /// `eventSource`, as EventBridge writes it: `aws.iam`.
    EventSource(TextTest),
    Region(TextTest),
    Account(TextTest),
    Id(TextTest),
    Time(TimeNeed),
    /// An error is told of.
    Fails,
}

/// A span of time, both ends included; `None` for no end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct TimeNeed {
    pub(super) since: Option<Time>,
    pub(super) until: Option<Time>,
}

/// What keys tell of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyPart {
    Account,
    Region,
}

impl Need {
    /// Returns whether a record may match, going by its raw fields.
    pub(super) fn may_match(&self, raw: &RawFields<'_>) -> bool {
        match self {
            Need::Any => true,
            Need::Leaf(leaf) => (leaf.envelope && raw.enveloped) || leaf.may_match(raw),
            Need::Terms(terms) => raw.text.is_none_or(|text| terms.match_text(text)),
            Need::All(all) => all.iter().all(|need| need.may_match(raw)),
            Need::One(all) => all.iter().any(|need| need.may_match(raw)),
        }
    }

    /// Returns sets of literals; of each set one has to occur in every record that matches.
    pub(super) fn literals(&self) -> Vec<Vec<String>> {
        let of_values = self.sets(&|leaf| leaf.literals.clone());
        if !of_values.is_empty() {
            return of_values;
        }
        self.sets(&|leaf| leaf.literals.clone().or(leaf.name.clone().map(|name| vec![name])))
    }

    fn sets(&self, of_leaf: &dyn Fn(&ValueNeed) -> Option<Vec<String>>) -> Vec<Vec<String>> {
        match self {
            Need::Any | Need::Terms(_) => Vec::new(),
            Need::Leaf(leaf) if leaf.envelope => Vec::new(),
            Need::Leaf(leaf) => of_leaf(leaf).into_iter().filter(|set| set.len() <= MOST_LITERALS).collect(),
            Need::All(all) => all.iter().flat_map(|need| need.sets(of_leaf)).collect(),
            Need::One(all) => {
                // Of each branch the set that is rarest to occur, by its shortest literal.
                let shortest = |set: &Vec<String>| set.iter().map(String::len).min();
                let best = |need: &Need| need.sets(of_leaf).into_iter().max_by_key(shortest);
                let mut set = match all.iter().map(best).collect::<Option<Vec<_>>>() {
                    Some(sets) => sets.concat(),
                    None => return Vec::new(),
                };
                set.sort();
                set.dedup();
                if set.is_empty() || set.len() > MOST_LITERALS { Vec::new() } else { vec![set] }
            }
        }
    }

    /// Puts what costs least to ask first, wherever all are needed.
    pub(super) fn cheapest_first(&mut self) {
        let (Need::All(all) | Need::One(all)) = self else { return };
        all.iter_mut().for_each(Need::cheapest_first);
        all.sort_by_key(Need::cost);
    }

    /// How often the bytes of a record may have to be searched.
    fn cost(&self) -> usize {
        match self {
            Need::Any => 0,
            Need::Leaf(leaf) => usize::from(leaf.member.is_some() && matches!(leaf.test, FieldTest::Nothing)),
            Need::Terms(_) => 1,
            Need::All(all) | Need::One(all) => all.iter().map(Need::cost).sum(),
        }
    }

    /// Returns whether an account or a region is needed.
    pub(super) fn looks_at(&self, part: KeyPart) -> bool {
        match self {
            Need::Any | Need::Terms(_) => false,
            Need::Leaf(leaf) => match leaf.test {
                FieldTest::Account(_) => part == KeyPart::Account,
                FieldTest::Region(_) => part == KeyPart::Region,
                _ => false,
            },
            Need::All(all) | Need::One(all) => all.iter().any(|need| need.looks_at(part)),
        }
    }

    /// Returns the span that every event lies in; `enveloped` says that EventBridge events may be among them.
    pub(super) fn span(&self, enveloped: bool) -> TimeNeed {
        match self {
            Need::Leaf(leaf) if !(leaf.envelope && enveloped) => match leaf.test {
                FieldTest::Time(span) => span,
                _ => TimeNeed::default(),
            },
            Need::Any | Need::Leaf(_) | Need::Terms(_) => TimeNeed::default(),
            Need::All(all) => {
                all.iter().fold(TimeNeed::default(), |span, need| span.and(need.span(enveloped)))
            }
            Need::One(all) => TimeNeed::hull(all.iter().map(|need| need.span(enveloped))),
        }
    }
}

impl ValueNeed {
    /// A need of what is seen alone.
    pub(super) fn new(test: FieldTest) -> Self {
        Self { test, ..Self::default() }
    }

    fn may_match(&self, raw: &RawFields<'_>) -> bool {
        self.test.may_be(raw).unwrap_or_else(|| match (&self.member, raw.text) {
            (Some(member), Some(text)) => member.may_be_in(text),
            _ => true,
        })
    }
}

impl FieldTest {
    /// Returns the plain field of a name, with what it has to be.
    pub(super) fn of(field: &str, text: TextTest) -> Self {
        match field {
            "eventName" => FieldTest::Name(text),
            "eventSource" => FieldTest::Source(text),
            "awsRegion" => FieldTest::Region(text),
            "recipientAccountId" => FieldTest::Account(text),
            "eventID" => FieldTest::Id(text),
            "eventTime" => TimeNeed::of(&text).map_or(FieldTest::Nothing, FieldTest::Time),
            "errorCode" => FieldTest::Fails,
            _ => FieldTest::Nothing,
        }
    }

    /// Returns whether what is seen may match; `None` where it is not seen.
    fn may_be(&self, raw: &RawFields<'_>) -> Option<bool> {
        match self {
            FieldTest::Nothing => None,
            FieldTest::Name(test) => as_utf8(raw.name).map(|text| test.passes(text)),
            FieldTest::Source(test) => as_utf8(raw.source).map(|text| test.passes(text)),
            FieldTest::EventSource(test) => as_utf8(raw.source).map(|text| test.passes(&event_source(text))),
            FieldTest::Region(test) => as_utf8(raw.region).map(|text| test.passes(text)),
            // Where it is empty, another field stands in its place.
            FieldTest::Account(test) => {
                as_utf8(raw.account).filter(|text| !text.is_empty()).map(|text| test.passes(text))
            }
            FieldTest::Id(test) => as_utf8(raw.id).map(|text| test.passes(text)),
            FieldTest::Time(span) => raw.time().map(|time| span.holds(time)),
            FieldTest::Fails => (raw.fails == Some(false)).then_some(false),
        }
    }
}

/// Returns `eventSource` as EventBridge writes it.
pub(super) fn event_source(source: &str) -> String {
    format!("aws.{}", source.strip_suffix(".amazonaws.com").unwrap_or(source))
}

impl TimeNeed {
    pub(super) fn holds(self, time: Time) -> bool {
        self.since.is_none_or(|since| time >= since) && self.until.is_none_or(|until| time <= until)
    }

    /// Returns what both spans have in common.
    pub(super) fn and(self, other: Self) -> Self {
        let least = |a: Option<Time>, b: Option<Time>| a.into_iter().chain(b).min();
        Self { since: self.since.max(other.since), until: least(self.until, other.until) }
    }

    fn hull(spans: impl Iterator<Item = Self>) -> Self {
        let join = |a: Self, b: Self| Self {
            since: a.since.min(b.since),
            until: a.until.zip(b.until).map(|(a, b)| a.max(b)),
        };
        spans.reduce(join).unwrap_or_default()
    }

    /// Returns a span that holds every time that is written so.
    fn of(text: &TextTest) -> Option<Self> {
        match text {
            TextTest::Is(it) => {
                let time = Time::parse(it)?;
                Some(Self { since: Some(time), until: Some(time) })
            }
            TextTest::Starts(it) => times_with_prefix(it),
            TextTest::OneOf(all) if !all.is_empty() => {
                let spans = all.iter().map(Self::of).collect::<Option<Vec<_>>>()?;
                Some(Self::hull(spans.into_iter()))
            }
            _ => None,
        }
    }
}

/// Returns the span of the times that start so. It is a day wider to either side, for a time may be written
/// with an offset.
fn times_with_prefix(text: &str) -> Option<TimeNeed> {
    let number = |from: usize, to: usize| {
        let digits = text.get(from..to)?;
        digits.bytes().all(|it| it.is_ascii_digit()).then(|| digits.parse::<u32>().ok()).flatten()
    };
    let is_dash = |at: usize| text.as_bytes().get(at) == Some(&b'-');
    let year = i32::try_from(number(0, 4)?).ok()?;
    let month = number(5, 7).filter(|_| is_dash(4));
    let day = number(8, 10).filter(|_| month.is_some() && is_dash(7));
    let first = NaiveDate::from_ymd_opt(year, month.unwrap_or(1), day.unwrap_or(1))?;
    let behind = match (month, day) {
        (_, Some(_)) => first.checked_add_days(Days::new(1))?,
        (Some(_), None) => first.checked_add_months(Months::new(1))?,
        (None, None) => first.checked_add_months(Months::new(12))?,
    };
    let moment = |date: NaiveDate| Time::from(date.and_time(chrono::NaiveTime::MIN).and_utc());
    let since = moment(first.checked_sub_days(Days::new(1))?);
    Some(TimeNeed { since: Some(since), until: Some(moment(behind.checked_add_days(Days::new(1))?)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(test: FieldTest) -> Need {
        Need::Leaf(ValueNeed::new(test))
    }

    fn literal(all: &[&str]) -> Need {
        let literals = Some(all.iter().map(|it| (*it).to_owned()).collect());
        Need::Leaf(ValueNeed { literals, ..ValueNeed::default() })
    }

    fn span(since: &str, until: &str) -> Option<TimeNeed> {
        Some(TimeNeed { since: Time::parse(since), until: Time::parse(until) })
    }

    #[test]
    fn raw_fields_refuse_only_what_is_seen_to_be_otherwise() {
        let name = |it: &str| leaf(FieldTest::Name(TextTest::Is(it.into())));
        let raw = RawFields { name: Some(b"A"), fails: Some(false), ..RawFields::default() };
        for (need, want) in [
            (Need::Any, true),
            (name("A"), true),
            (name("B"), false),
            (Need::One(vec![name("A"), name("B")]), true),
            (Need::All(vec![name("A"), name("B")]), false),
            (Need::One(vec![]), false),
            (leaf(FieldTest::Fails), false),
            (leaf(FieldTest::Source(TextTest::OneOf(vec![]))), true),
        ] {
            assert_eq!(need.may_match(&raw), want, "{need:?}");
            assert!(matches!(need, Need::One(_)) || need.may_match(&RawFields::default()), "{need:?}");
        }
    }

    #[test]
    fn what_the_envelope_says_does_not_bind_one_that_came() {
        let envelope = Need::Leaf(ValueNeed {
            envelope: true,
            literals: Some(vec!["abc".to_owned()]),
            ..ValueNeed::new(FieldTest::EventSource(TextTest::Is("aws.iam".into())))
        });
        let raw =
            |enveloped| RawFields { source: Some(b"s3.amazonaws.com"), enveloped, ..RawFields::default() };
        assert!(!envelope.may_match(&raw(false)));
        assert!(envelope.may_match(&raw(true)));
        assert!(envelope.literals().is_empty());
    }

    #[test]
    fn literals_of_every_branch() {
        for (need, want) in [
            (Need::Any, vec![]),
            (literal(&["abc"]), vec![vec!["abc"]]),
            (Need::All(vec![literal(&["abc"]), Need::Any, literal(&["d"])]), vec![vec!["abc"], vec!["d"]]),
            (Need::One(vec![literal(&["abc"]), literal(&["def"])]), vec![vec!["abc", "def"]]),
            (Need::One(vec![literal(&["abc"]), Need::Any]), vec![]),
            (
                Need::One(vec![Need::All(vec![literal(&["ab"]), literal(&["longer"])]), literal(&["abc"])]),
                vec![vec!["abc", "longer"]],
            ),
            (Need::One(vec![]), vec![]),
        ] {
            assert_eq!(need.literals(), want, "{need:?}");
        }
    }

    #[test]
    fn spans() {
        let exact = TextTest::Is("2023-07-10T12:00:00Z".into());
        let starts = |it: &str| TextTest::Starts(it.into());
        for (text, want) in [
            (exact.clone(), span("2023-07-10T12:00:00Z", "2023-07-10T12:00:00Z")),
            (starts("2023-07-10T12:"), span("2023-07-09T00:00:00Z", "2023-07-12T00:00:00Z")),
            (starts("2023-12-"), span("2023-11-30T00:00:00Z", "2024-01-02T00:00:00Z")),
            (starts("2023"), span("2022-12-31T00:00:00Z", "2024-01-02T00:00:00Z")),
            (starts("202"), None),
            (starts("2023-13-01"), None),
            (TextTest::Is("yesterday".into()), None),
            (TextTest::OneOf(vec![exact.clone(), TextTest::Any]), None),
            (
                TextTest::OneOf(vec![exact, starts("2023-07-01")]),
                span("2023-06-30T00:00:00Z", "2023-07-10T12:00:00Z"),
            ),
        ] {
            assert_eq!(TimeNeed::of(&text), want, "{text:?}");
        }
        let time = |it: &str| leaf(FieldTest::of("eventTime", TextTest::Is(it.into())));
        let (early, late) = (time("2023-07-10T12:00:00Z"), time("2023-07-10T13:00:00Z"));
        let either = Need::One(vec![early.clone(), late.clone()]);
        assert_eq!(Some(either.span(true)), span("2023-07-10T12:00:00Z", "2023-07-10T13:00:00Z"));
        assert_eq!(Need::One(vec![early.clone(), Need::Any]).span(true), TimeNeed::default());
        assert_eq!(Need::All(vec![early.clone(), Need::Any]).span(true), early.span(true));
        let none = Need::All(vec![early, late]).span(true);
        assert!(none.since > none.until, "{none:?}");
    }
}
