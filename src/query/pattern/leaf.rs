//! What a pattern asks of one field.

use super::envelope::one_spelling;
use crate::event::{Json, any_text};
use crate::query::member::{JsonMember, MemberValues, OtherValues};
use crate::query::need;
use crate::query::need::{FieldTest, Need};
use crate::query::text::TextTest;
use simd_json::prelude::ValueAsScalar;

/// A field by its path, and the values of which one is wanted.
#[derive(Clone, Debug)]
pub(super) struct PatternLeaf {
    /// The names that lead there, joined by dots; EventBridge takes no notice where a dot is part of a name.
    pub(super) path: Box<str>,
    pub(super) wanted: Vec<WantedValue>,
    /// Whether it matches as well where there is no such field.
    pub(super) absent: bool,
    /// Where it stands in the pattern.
    pub(super) at: usize,
}

/// A value that is wanted.
#[derive(Clone, Debug)]
pub(super) enum WantedValue {
    /// A string like this.
    Text(TextTest),
    Number(PatternNumber),
    Flag(bool),
    Null,
    /// A number in this range.
    Range {
        least: Option<NumberLimit>,
        most: Option<NumberLimit>,
    },
    /// Any value.
    Anything,
    /// Any value but strings like these.
    NotText(Vec<TextTest>),
    /// Any value but these numbers.
    NotNumber(Vec<PatternNumber>),
}

/// One end of a range: the number, in millionths, and whether it is part of the range.
#[derive(Clone, Copy, Debug)]
pub(super) struct NumberLimit {
    pub(super) number: i64,
    pub(super) included: bool,
}

/// A number: in millionths where it is within the range that EventBridge compares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum PatternNumber {
    Millionths(i64),
    Beyond(f64),
}

impl PatternNumber {
    /// EventBridge compares numbers up to five thousand million, to six decimals.
    pub(super) fn new(number: f64) -> Self {
        const LARGEST: f64 = 5e9;
        if number.abs() <= LARGEST {
            // At most 5e15: no bit is lost.
            PatternNumber::Millionths((number * 1e6).round() as i64)
        } else {
            PatternNumber::Beyond(number)
        }
    }

    pub(super) fn millionths(self) -> Option<i64> {
        match self {
            PatternNumber::Millionths(it) => Some(it),
            PatternNumber::Beyond(_) => None,
        }
    }
}

impl WantedValue {
    /// Returns whether a value that is no object and no array is wanted.
    fn is(&self, value: Json<'_>) -> bool {
        if let Some(text) = any_text(value) {
            return self.is_text(text);
        }
        let number = || {
            let whole = value.as_i64().map(|it| it as f64).or_else(|| value.as_u64().map(|it| it as f64));
            whole.or_else(|| value.as_f64()).map(PatternNumber::new)
        };
        match self {
            WantedValue::Text(_) => false,
            WantedValue::Number(wanted) => number() == Some(*wanted),
            WantedValue::Flag(wanted) => value.as_bool() == Some(*wanted),
            WantedValue::Null => value.as_null().is_some(),
            WantedValue::Range { least, most } => {
                number().and_then(PatternNumber::millionths).is_some_and(|it| {
                    let above =
                        |limit: &NumberLimit| it > limit.number || (limit.included && it == limit.number);
                    let below =
                        |limit: &NumberLimit| it < limit.number || (limit.included && it == limit.number);
                    least.as_ref().is_none_or(above) && most.as_ref().is_none_or(below)
                })
            }
            WantedValue::Anything | WantedValue::NotText(_) => true,
            WantedValue::NotNumber(unwanted) => number().is_none_or(|it| !unwanted.contains(&it)),
        }
    }

    fn is_text(&self, text: &str) -> bool {
        match self {
            WantedValue::Text(test) => test.passes(text),
            WantedValue::Anything | WantedValue::NotNumber(_) => true,
            WantedValue::NotText(unwanted) => !unwanted.iter().any(|test| test.passes(text)),
            WantedValue::Number(_) | WantedValue::Flag(_) | WantedValue::Null | WantedValue::Range { .. } => {
                false
            }
        }
    }

    /// Returns what a string has to be like to be wanted.
    fn text(&self) -> TextTest {
        match self {
            WantedValue::Text(test) => test.clone(),
            WantedValue::Anything | WantedValue::NotNumber(_) => TextTest::Any,
            WantedValue::NotText(unwanted) => TextTest::NoneOf(unwanted.clone()),
            WantedValue::Number(_) | WantedValue::Flag(_) | WantedValue::Null | WantedValue::Range { .. } => {
                TextTest::OneOf(vec![])
            }
        }
    }

    /// Returns whether a value of a kind may be wanted. Objects and arrays are none; what is in them may be.
    fn may_be(&self, kind: OtherValues) -> bool {
        match self {
            WantedValue::Text(_) => false,
            WantedValue::Flag(flag) => kind == if *flag { OtherValues::True } else { OtherValues::False },
            WantedValue::Null => kind == OtherValues::Null,
            WantedValue::Number(_) | WantedValue::Range { .. } => kind == OtherValues::Number,
            WantedValue::Anything | WantedValue::NotText(_) | WantedValue::NotNumber(_) => {
                !matches!(kind, OtherValues::Array | OtherValues::Object)
            }
        }
    }
}

impl PatternLeaf {
    pub(super) fn wants(&self, value: Json<'_>) -> bool {
        match any_text(value) {
            Some(text) => self.wants_text(text),
            None => self.wanted.iter().any(|wanted| wanted.is(value)),
        }
    }

    pub(super) fn wants_text(&self, text: &str) -> bool {
        let text = if &*self.path == "detail-type" { one_spelling(text) } else { text };
        self.wanted.iter().any(|wanted| wanted.is_text(text))
    }

    pub(super) fn need(&self) -> Need {
        if self.absent {
            return Need::Any;
        }
        let text = self.text();
        let (test, envelope) = match self.path.strip_prefix("detail.") {
            // A null is no error to the index.
            Some("errorCode") if self.wanted.iter().any(|it| it.may_be(OtherValues::Null)) => {
                (FieldTest::Nothing, false)
            }
            Some(field) => (FieldTest::of(field, text), false),
            None => (envelope_test(&self.path, text), true),
        };
        let strings = self.wanted.iter().map(|wanted| match wanted {
            WantedValue::Text(test) => test.literals(),
            _ => None,
        });
        let literals = strings.collect::<Option<Vec<_>>>().map(|sets| sets.concat());
        // What stands around a record that came as it is need not stand in the record.
        let literals = literals.filter(|_| !envelope);
        Need::Leaf(need::ValueNeed {
            test,
            member: self.member().filter(|_| !envelope),
            literals,
            name: None,
            envelope,
        })
    }

    /// The last name of the path, and what has to stand there. A dot may be part of that name.
    fn member(&self) -> Option<JsonMember> {
        let name = self.path.rsplit('.').next()?;
        let is_wanted =
            |kind: &OtherValues| *kind == OtherValues::Array || self.wanted.iter().any(|it| it.may_be(*kind));
        let others = OtherValues::ALL.into_iter().filter(is_wanted).collect();
        JsonMember::ending(name, MemberValues { text: self.text(), others })
    }

    /// What a string has to be like to be wanted.
    fn text(&self) -> TextTest {
        TextTest::OneOf(self.wanted.iter().map(WantedValue::text).collect())
    }
}

fn envelope_test(path: &str, text: TextTest) -> FieldTest {
    match path {
        "source" => FieldTest::EventSource(text),
        "account" => FieldTest::of("recipientAccountId", text),
        "region" => FieldTest::of("awsRegion", text),
        "time" => FieldTest::of("eventTime", text),
        "id" => FieldTest::of("eventID", text),
        _ => FieldTest::Nothing,
    }
}
