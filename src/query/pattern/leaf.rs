//! What a pattern asks of one field.

use super::envelope::one_spelling;
use crate::event::{Json, any_text};
use crate::query::member::{Kind, Member, Values};
use crate::query::need;
use crate::query::need::{Need, Sight};
use crate::query::text::Text;
use simd_json::prelude::ValueAsScalar;

/// A field by its path, and the values of which one is wanted.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    /// The names that lead there, joined by dots; EventBridge takes no notice where a dot is part of a name.
    pub(super) path: Box<str>,
    pub(super) wanted: Vec<Wanted>,
    /// Whether it matches as well where there is no such field.
    pub(super) absent: bool,
    /// Where it stands in the pattern.
    pub(super) at: usize,
}

/// A value that is wanted.
#[derive(Clone, Debug)]
pub(super) enum Wanted {
    /// A string like this.
    Text(Text),
    Number(Number),
    Flag(bool),
    Null,
    /// A number in this range.
    Range {
        least: Option<Limit>,
        most: Option<Limit>,
    },
    /// Any value.
    Anything,
    /// Any value but strings like these.
    NotText(Vec<Text>),
    /// Any value but these numbers.
    NotNumber(Vec<Number>),
}

/// One end of a range: the number, in millionths, and whether it is part of the range.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit {
    pub(super) number: i64,
    pub(super) included: bool,
}

/// A number: in millionths where it is within the range that EventBridge compares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    Millionths(i64),
    Beyond(f64),
}

impl Number {
    /// EventBridge compares numbers up to five thousand million, to six decimals.
    pub(super) fn new(number: f64) -> Self {
        const LARGEST: f64 = 5e9;
        if number.abs() <= LARGEST {
            // At most 5e15: no bit is lost.
            Number::Millionths((number * 1e6).round() as i64)
        } else {
            Number::Beyond(number)
        }
    }

    pub(super) fn millionths(self) -> Option<i64> {
        match self {
            Number::Millionths(it) => Some(it),
            Number::Beyond(_) => None,
        }
    }
}

impl Wanted {
    /// Returns whether a value that is no object and no array is wanted.
    fn is(&self, value: Json<'_>) -> bool {
        if let Some(text) = any_text(value) {
            return self.is_text(text);
        }
        let number = || {
            let whole = value.as_i64().map(|it| it as f64).or_else(|| value.as_u64().map(|it| it as f64));
            whole.or_else(|| value.as_f64()).map(Number::new)
        };
        match self {
            Wanted::Text(_) => false,
            Wanted::Number(wanted) => number() == Some(*wanted),
            Wanted::Flag(wanted) => value.as_bool() == Some(*wanted),
            Wanted::Null => value.as_null().is_some(),
            Wanted::Range { least, most } => number().and_then(Number::millionths).is_some_and(|it| {
                let above = |limit: &Limit| it > limit.number || (limit.included && it == limit.number);
                let below = |limit: &Limit| it < limit.number || (limit.included && it == limit.number);
                least.as_ref().is_none_or(above) && most.as_ref().is_none_or(below)
            }),
            Wanted::Anything | Wanted::NotText(_) => true,
            Wanted::NotNumber(unwanted) => number().is_none_or(|it| !unwanted.contains(&it)),
        }
    }

    fn is_text(&self, text: &str) -> bool {
        match self {
            Wanted::Text(test) => test.passes(text),
            Wanted::Anything | Wanted::NotNumber(_) => true,
            Wanted::NotText(unwanted) => !unwanted.iter().any(|test| test.passes(text)),
            Wanted::Number(_) | Wanted::Flag(_) | Wanted::Null | Wanted::Range { .. } => false,
        }
    }

    /// Returns what a string has to be like to be wanted.
    fn text(&self) -> Text {
        match self {
            Wanted::Text(test) => test.clone(),
            Wanted::Anything | Wanted::NotNumber(_) => Text::Any,
            Wanted::NotText(unwanted) => Text::NoneOf(unwanted.clone()),
            Wanted::Number(_) | Wanted::Flag(_) | Wanted::Null | Wanted::Range { .. } => Text::OneOf(vec![]),
        }
    }

    /// Returns whether a value of a kind may be wanted. Objects and arrays are none; what is in them may be.
    fn may_be(&self, kind: Kind) -> bool {
        match self {
            Wanted::Text(_) => false,
            Wanted::Flag(flag) => kind == if *flag { Kind::True } else { Kind::False },
            Wanted::Null => kind == Kind::Null,
            Wanted::Number(_) | Wanted::Range { .. } => kind == Kind::Number,
            Wanted::Anything | Wanted::NotText(_) | Wanted::NotNumber(_) => {
                !matches!(kind, Kind::Array | Kind::Object)
            }
        }
    }
}

impl Leaf {
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
        let (sight, envelope) = match self.path.strip_prefix("detail.") {
            // A null is no error to the index.
            Some("errorCode") if self.wanted.iter().any(|it| it.may_be(Kind::Null)) => {
                (Sight::Nothing, false)
            }
            Some(field) => (Sight::of(field, text), false),
            None => (envelope_sight(&self.path, text), true),
        };
        let strings = self.wanted.iter().map(|wanted| match wanted {
            Wanted::Text(test) => test.literals(),
            _ => None,
        });
        let literals = strings.collect::<Option<Vec<_>>>().map(|sets| sets.concat());
        // What stands around a record that came as it is need not stand in the record.
        let literals = literals.filter(|_| !envelope);
        Need::Leaf(need::Leaf {
            sight,
            member: self.member().filter(|_| !envelope),
            literals,
            name: None,
            envelope,
        })
    }

    /// The last name of the path, and what has to stand there. A dot may be part of that name.
    fn member(&self) -> Option<Member> {
        let name = self.path.rsplit('.').next()?;
        let is_wanted = |kind: &Kind| *kind == Kind::Array || self.wanted.iter().any(|it| it.may_be(*kind));
        let others = Kind::ALL.into_iter().filter(is_wanted).collect();
        Member::ending(name, Values { text: self.text(), others })
    }

    /// What a string has to be like to be wanted.
    fn text(&self) -> Text {
        Text::OneOf(self.wanted.iter().map(Wanted::text).collect())
    }
}

fn envelope_sight(path: &str, text: Text) -> Sight {
    match path {
        "source" => Sight::EventSource(text),
        "account" => Sight::of("recipientAccountId", text),
        "region" => Sight::of("awsRegion", text),
        "time" => Sight::of("eventTime", text),
        "id" => Sight::of("eventID", text),
        _ => Sight::Nothing,
    }
}
