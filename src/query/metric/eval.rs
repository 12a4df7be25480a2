//! Decides whether the JSON of a record matches a pattern, on the tape as it was parsed.

use crate::event::{Json, any_text};
use crate::query::member::{JsonMember, MemberValues, OtherValues};
use crate::query::need::{FieldTest, Need, ValueNeed};
use crate::query::text::{TextTest, plain_run};
use simd_json::prelude::ValueAsScalar;
use std::borrow::Cow;
use std::cmp::Ordering;

/// A pattern in braces.
#[derive(Clone, Debug)]
pub(super) enum MetricExpr {
    All(Vec<MetricExpr>),
    One(Vec<MetricExpr>),
    Check(MetricSelector, MetricCheck),
}

/// Which value of a record is meant.
#[derive(Clone, Debug)]
pub(super) struct MetricSelector(pub(super) Box<[SelectorStep]>);

#[derive(Clone, Debug)]
pub(super) enum SelectorStep {
    Member(Box<str>),
    Element(usize),
    /// Any member of an object, any element of an array.
    Each,
}

/// What is asked of the value.
#[derive(Clone, Debug)]
pub(super) enum MetricCheck {
    Equals(MetricValue),
    Differs(MetricValue),
    Order(MetricOrder, MetricNumber),
    Flag(bool),
    Null,
    Absent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MetricOrder {
    Below,
    AtMost,
    AtLeast,
    Above,
}

/// What a value is compared with: a number in JSON with the number, if it was written as one, and
/// everything else as text.
#[derive(Clone, Debug)]
pub(super) struct MetricValue {
    text: TextTest,
    number: Option<MetricNumber>,
}

/// A number, exact where it is whole.
#[derive(Clone, Copy, Debug)]
pub(super) enum MetricNumber {
    Whole(i128),
    Broken(f64),
}

impl MetricExpr {
    pub(super) fn matches(&self, root: Json<'_>) -> bool {
        match self {
            MetricExpr::All(all) => all.iter().all(|expr| expr.matches(root)),
            MetricExpr::One(all) => all.iter().any(|expr| expr.matches(root)),
            MetricExpr::Check(selector, MetricCheck::Absent) => {
                !has_passing_value(root, &selector.0, &mut |_| true)
            }
            MetricExpr::Check(selector, check) => {
                has_passing_value(root, &selector.0, &mut |value| check.passes(value))
            }
        }
    }

    pub(super) fn need(&self) -> Need {
        match self {
            MetricExpr::All(all) => Need::All(all.iter().map(MetricExpr::need).collect()),
            MetricExpr::One(all) => Need::One(all.iter().map(MetricExpr::need).collect()),
            MetricExpr::Check(selector, check) => check.need(selector),
        }
    }
}

/// Returns whether a value that the steps lead to passes.
fn has_passing_value(
    value: Json<'_>,
    steps: &[SelectorStep],
    test: &mut dyn FnMut(Json<'_>) -> bool,
) -> bool {
    let Some((step, rest)) = steps.split_first() else { return test(value) };
    match step {
        SelectorStep::Member(name) => value
            .as_object()
            .and_then(|it| it.get(&**name))
            .is_some_and(|it| has_passing_value(it, rest, test)),
        SelectorStep::Element(at) => {
            value.as_array().and_then(|it| it.get(*at)).is_some_and(|it| has_passing_value(it, rest, test))
        }
        SelectorStep::Each => {
            let members = value.as_object();
            let elements = value.as_array();
            members.is_some_and(|it| it.iter().any(|(_, it)| has_passing_value(it, rest, test)))
                || elements.is_some_and(|it| it.iter().any(|it| has_passing_value(it, rest, test)))
        }
    }
}

impl MetricCheck {
    fn passes(&self, value: Json<'_>) -> bool {
        match self {
            MetricCheck::Equals(wanted) => wanted.equals(value) == Some(true),
            MetricCheck::Differs(unwanted) => unwanted.equals(value) == Some(false),
            MetricCheck::Order(order, number) => {
                // The guide does not say what becomes of numbers in strings, which CloudTrail has; they count.
                let found = MetricNumber::of(value).or_else(|| MetricNumber::parse(any_text(value)?));
                found.and_then(|found| found.compare(*number)).is_some_and(|it| order.holds(it))
            }
            MetricCheck::Flag(flag) => value.as_bool() == Some(*flag),
            MetricCheck::Null => value.as_null().is_some(),
            MetricCheck::Absent => false,
        }
    }

    /// Every check but that for absence wants the value to be there.
    fn need(&self, selector: &MetricSelector) -> Need {
        let field = match &*selector.0 {
            [SelectorStep::Member(field)] => &**field,
            _ => "",
        };
        let leaf = match self {
            MetricCheck::Equals(value) => ValueNeed {
                literals: value.literals(),
                ..ValueNeed::new(FieldTest::of(field, value.text.clone()))
            },
            MetricCheck::Differs(value) => {
                ValueNeed::new(FieldTest::of(field, TextTest::NoneOf(vec![value.text.clone()])))
            }
            MetricCheck::Order(..) if field == "errorCode" => ValueNeed::new(FieldTest::Fails),
            MetricCheck::Order(..) | MetricCheck::Flag(_) | MetricCheck::Null => ValueNeed::default(),
            MetricCheck::Absent => return Need::Any,
        };
        Need::Leaf(ValueNeed { member: selector.member(self.values()), name: selector.rare_name(), ..leaf })
    }

    /// What passes, or may, as far as it is no number.
    fn values(&self) -> MemberValues {
        let none = TextTest::OneOf(Vec::new());
        // Truth values are compared as they are written.
        let like = |text: TextTest| {
            let flags = [(OtherValues::True, "true"), (OtherValues::False, "false")];
            let flags = flags.into_iter().filter(|(_, it)| text.passes(it)).map(|(kind, _)| kind);
            MemberValues { others: flags.chain([OtherValues::Number]).collect(), text }
        };
        match self {
            MetricCheck::Equals(value) => like(value.text.clone()),
            MetricCheck::Differs(value) => like(TextTest::NoneOf(vec![value.text.clone()])),
            MetricCheck::Order(..) => MemberValues { text: TextTest::Any, others: vec![OtherValues::Number] },
            MetricCheck::Flag(true) => MemberValues { text: none, others: vec![OtherValues::True] },
            MetricCheck::Flag(false) => MemberValues { text: none, others: vec![OtherValues::False] },
            MetricCheck::Null => MemberValues { text: none, others: vec![OtherValues::Null] },
            MetricCheck::Absent => MemberValues::any(),
        }
    }
}

impl MetricSelector {
    /// The last member on the way, and what its value has to be if that of the last step is one of `values`.
    fn member(&self, values: MemberValues) -> Option<JsonMember> {
        let last = self.0.iter().rposition(|step| matches!(step, SelectorStep::Member(_)))?;
        let SelectorStep::Member(name) = &self.0[last] else { return None };
        let wanted = if last + 1 == self.0.len() { values } else { MemberValues::any() };
        JsonMember::new(name, wanted)
    }

    /// The last name on the way, where few calls have one of that name.
    fn rare_name(&self) -> Option<String> {
        const OF_THE_CALL: [&str; 4] =
            ["requestParameters", "responseElements", "additionalEventData", "serviceEventDetails"];
        let (SelectorStep::Member(field), steps) = self.0.split_first()? else { return None };
        let name = steps.iter().rev().find_map(|step| match step {
            SelectorStep::Member(name) => Some(&**name),
            _ => None,
        })?;
        OF_THE_CALL.contains(&&**field).then(|| plain_run(name).filter(|run| run == name)).flatten()
    }
}

impl MetricOrder {
    fn holds(self, ordering: Ordering) -> bool {
        match self {
            MetricOrder::Below => ordering.is_lt(),
            MetricOrder::AtMost => ordering.is_le(),
            MetricOrder::AtLeast => ordering.is_ge(),
            MetricOrder::Above => ordering.is_gt(),
        }
    }
}

impl MetricValue {
    /// What stands in quotes: `*` at either end stands for anything.
    pub(super) fn text(text: &str) -> Self {
        Self::test(parse_text_test(text))
    }

    /// What stands without quotes: it may be a number.
    pub(super) fn word(word: &str) -> Self {
        Self { text: parse_text_test(word), number: MetricNumber::parse(word) }
    }

    pub(super) fn test(text: TextTest) -> Self {
        Self { text, number: None }
    }

    /// Returns whether a value is equal; `None` for objects, arrays and null, which are neither equal nor
    /// different ("the filter pattern won't match the log format").
    fn equals(&self, value: Json<'_>) -> Option<bool> {
        if let Some(text) = any_text(value) {
            return Some(self.text.passes(text));
        }
        let found = MetricNumber::of(value);
        if let (Some(found), Some(number)) = (found, self.number) {
            return Some(found.compare(number) == Some(Ordering::Equal));
        }
        Some(self.text.passes(&format_scalar(value)?))
    }

    fn literals(&self) -> Option<Vec<String>> {
        let literals = self.text.literals()?;
        // A number may be written as `1e2` and compared as `100`.
        let is_number = |run: &String| {
            run.bytes().all(|it| it.is_ascii_digit() || matches!(it, b'.' | b'-'))
                && run.matches('.').count() < 2
        };
        (self.number.is_none() && !literals.iter().any(is_number)).then_some(literals)
    }
}

/// Returns a number or a truth value as text.
fn format_scalar(value: Json<'_>) -> Option<Cow<'static, str>> {
    match MetricNumber::of(value) {
        Some(MetricNumber::Whole(it)) => Some(it.to_string().into()),
        Some(MetricNumber::Broken(it)) => Some(it.to_string().into()),
        None => value.as_bool().map(|it| if it { "true" } else { "false" }.into()),
    }
}

/// `*` is a wildcard only at the ends: `Ev*ent` is itself.
fn parse_text_test(text: &str) -> TextTest {
    if !text.is_empty() && text.bytes().all(|it| it == b'*') {
        return TextTest::Any;
    }
    let (inner, starts) = text.strip_suffix('*').map_or((text, false), |inner| (inner, true));
    let (inner, ends) = inner.strip_prefix('*').map_or((inner, false), |inner| (inner, true));
    match (starts, ends) {
        (true, true) => TextTest::Holds(inner.into()),
        (true, false) => TextTest::Starts(inner.into()),
        (false, true) => TextTest::Ends(inner.into()),
        (false, false) => TextTest::Is(inner.into()),
    }
}

impl MetricNumber {
    /// Reads `-1`, `+2.5`, `10e-3`; nothing else is a number.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let (decimal, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let (whole, part) = decimal.split_once('.').unwrap_or((decimal, "0"));
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
        if ![whole, part, exponent].into_iter().all(is_digits) {
            return None;
        }
        text.parse().map(MetricNumber::Whole).or_else(|_| text.parse().map(MetricNumber::Broken)).ok()
    }

    fn of(value: Json<'_>) -> Option<Self> {
        if let Some(whole) = value.as_i64() {
            return Some(MetricNumber::Whole(whole.into()));
        }
        if let Some(whole) = value.as_u64() {
            return Some(MetricNumber::Whole(whole.into()));
        }
        value.as_f64().map(MetricNumber::Broken)
    }

    fn compare(self, other: Self) -> Option<Ordering> {
        let float = |number| match number {
            MetricNumber::Whole(it) => it as f64,
            MetricNumber::Broken(it) => it,
        };
        match (self, other) {
            (MetricNumber::Whole(a), MetricNumber::Whole(b)) => Some(a.cmp(&b)),
            (a, b) => float(a).partial_cmp(&float(b)),
        }
    }
}
