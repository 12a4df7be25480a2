//! Decides whether the JSON of a record matches a pattern, on the tape as it was parsed.

use crate::event::{Json, any_text};
use crate::query::member::{Kind, Member, Values};
use crate::query::need::{Leaf, Need, Sight};
use crate::query::text::{Text, plain_run};
use simd_json::prelude::ValueAsScalar;
use std::borrow::Cow;
use std::cmp::Ordering;

/// A pattern in braces.
#[derive(Clone, Debug)]
pub(super) enum Expr {
    All(Vec<Expr>),
    One(Vec<Expr>),
    Check(Selector, Check),
}

/// Which value of a record is meant.
#[derive(Clone, Debug)]
pub(super) struct Selector(pub(super) Box<[Step]>);

#[derive(Clone, Debug)]
pub(super) enum Step {
    Member(Box<str>),
    Element(usize),
    /// Any member of an object, any element of an array.
    Each,
}

/// What is asked of the value.
#[derive(Clone, Debug)]
pub(super) enum Check {
    Equals(Value),
    Differs(Value),
    Order(Order, Number),
    Flag(bool),
    Null,
    Absent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Below,
    AtMost,
    AtLeast,
    Above,
}

/// What a value is compared with: a number in JSON with the number, if it was written as one, and
/// everything else as text.
#[derive(Clone, Debug)]
pub(super) struct Value {
    text: Text,
    number: Option<Number>,
}

/// A number, exact where it is whole.
#[derive(Clone, Copy, Debug)]
pub(super) enum Number {
    Whole(i128),
    Broken(f64),
}

impl Expr {
    pub(super) fn matches(&self, root: Json<'_>) -> bool {
        match self {
            Expr::All(all) => all.iter().all(|expr| expr.matches(root)),
            Expr::One(all) => all.iter().any(|expr| expr.matches(root)),
            Expr::Check(selector, Check::Absent) => !find(root, &selector.0, &mut |_| true),
            Expr::Check(selector, check) => find(root, &selector.0, &mut |value| check.passes(value)),
        }
    }

    pub(super) fn need(&self) -> Need {
        match self {
            Expr::All(all) => Need::All(all.iter().map(Expr::need).collect()),
            Expr::One(all) => Need::One(all.iter().map(Expr::need).collect()),
            Expr::Check(selector, check) => check.need(selector),
        }
    }
}

/// Returns whether a value that the steps lead to passes.
fn find(value: Json<'_>, steps: &[Step], test: &mut dyn FnMut(Json<'_>) -> bool) -> bool {
    let Some((step, rest)) = steps.split_first() else { return test(value) };
    match step {
        Step::Member(name) => {
            value.as_object().and_then(|it| it.get(&**name)).is_some_and(|it| find(it, rest, test))
        }
        Step::Element(at) => {
            value.as_array().and_then(|it| it.get(*at)).is_some_and(|it| find(it, rest, test))
        }
        Step::Each => {
            let members = value.as_object();
            let elements = value.as_array();
            members.is_some_and(|it| it.iter().any(|(_, it)| find(it, rest, test)))
                || elements.is_some_and(|it| it.iter().any(|it| find(it, rest, test)))
        }
    }
}

impl Check {
    fn passes(&self, value: Json<'_>) -> bool {
        match self {
            Check::Equals(wanted) => wanted.equals(value) == Some(true),
            Check::Differs(unwanted) => unwanted.equals(value) == Some(false),
            Check::Order(order, number) => {
                // The guide does not say what becomes of numbers in strings, which CloudTrail has; they count.
                let found = Number::of(value).or_else(|| Number::parse(any_text(value)?));
                found.and_then(|found| found.compare(*number)).is_some_and(|it| order.holds(it))
            }
            Check::Flag(flag) => value.as_bool() == Some(*flag),
            Check::Null => value.as_null().is_some(),
            Check::Absent => false,
        }
    }

    /// Every check but that for absence wants the value to be there.
    fn need(&self, selector: &Selector) -> Need {
        let field = match &*selector.0 {
            [Step::Member(field)] => &**field,
            _ => "",
        };
        let leaf = match self {
            Check::Equals(value) => {
                Leaf { literals: value.literals(), ..Leaf::new(Sight::of(field, value.text.clone())) }
            }
            Check::Differs(value) => Leaf::new(Sight::of(field, Text::NoneOf(vec![value.text.clone()]))),
            Check::Order(..) if field == "errorCode" => Leaf::new(Sight::Fails),
            Check::Order(..) | Check::Flag(_) | Check::Null => Leaf::default(),
            Check::Absent => return Need::Any,
        };
        Need::Leaf(Leaf { member: selector.member(self.values()), name: selector.rare_name(), ..leaf })
    }

    /// What passes, or may, as far as it is no number.
    fn values(&self) -> Values {
        let none = Text::OneOf(Vec::new());
        // Truth values are compared as they are written.
        let like = |text: Text| {
            let flags = [(Kind::True, "true"), (Kind::False, "false")];
            let flags = flags.into_iter().filter(|(_, it)| text.passes(it)).map(|(kind, _)| kind);
            Values { others: flags.chain([Kind::Number]).collect(), text }
        };
        match self {
            Check::Equals(value) => like(value.text.clone()),
            Check::Differs(value) => like(Text::NoneOf(vec![value.text.clone()])),
            Check::Order(..) => Values { text: Text::Any, others: vec![Kind::Number] },
            Check::Flag(true) => Values { text: none, others: vec![Kind::True] },
            Check::Flag(false) => Values { text: none, others: vec![Kind::False] },
            Check::Null => Values { text: none, others: vec![Kind::Null] },
            Check::Absent => Values::any(),
        }
    }
}

impl Selector {
    /// The last member on the way, and what its value has to be if that of the last step is one of `values`.
    fn member(&self, values: Values) -> Option<Member> {
        let last = self.0.iter().rposition(|step| matches!(step, Step::Member(_)))?;
        let Step::Member(name) = &self.0[last] else { return None };
        let wanted = if last + 1 == self.0.len() { values } else { Values::any() };
        Member::new(name, wanted)
    }

    /// The last name on the way, where few calls have one of that name.
    fn rare_name(&self) -> Option<String> {
        const OF_THE_CALL: [&str; 4] =
            ["requestParameters", "responseElements", "additionalEventData", "serviceEventDetails"];
        let (Step::Member(field), steps) = self.0.split_first()? else { return None };
        let name = steps.iter().rev().find_map(|step| match step {
            Step::Member(name) => Some(&**name),
            _ => None,
        })?;
        OF_THE_CALL.contains(&&**field).then(|| plain_run(name).filter(|run| run == name)).flatten()
    }
}

impl Order {
    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Order::Below => ordering.is_lt(),
            Order::AtMost => ordering.is_le(),
            Order::AtLeast => ordering.is_ge(),
            Order::Above => ordering.is_gt(),
        }
    }
}

impl Value {
    /// What stands in quotes: `*` at either end stands for anything.
    pub(super) fn text(text: &str) -> Self {
        Self::test(test(text))
    }

    /// What stands without quotes: it may be a number.
    pub(super) fn word(word: &str) -> Self {
        Self { text: test(word), number: Number::parse(word) }
    }

    pub(super) fn test(text: Text) -> Self {
        Self { text, number: None }
    }

    /// Returns whether a value is equal; `None` for objects, arrays and null, which are neither equal nor
    /// different ("the filter pattern won't match the log format").
    fn equals(&self, value: Json<'_>) -> Option<bool> {
        if let Some(text) = any_text(value) {
            return Some(self.text.passes(text));
        }
        let found = Number::of(value);
        if let (Some(found), Some(number)) = (found, self.number) {
            return Some(found.compare(number) == Some(Ordering::Equal));
        }
        Some(self.text.passes(&written(value)?))
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
fn written(value: Json<'_>) -> Option<Cow<'static, str>> {
    match Number::of(value) {
        Some(Number::Whole(it)) => Some(it.to_string().into()),
        Some(Number::Broken(it)) => Some(it.to_string().into()),
        None => value.as_bool().map(|it| if it { "true" } else { "false" }.into()),
    }
}

/// `*` is a wildcard only at the ends: `Ev*ent` is itself.
fn test(text: &str) -> Text {
    if !text.is_empty() && text.bytes().all(|it| it == b'*') {
        return Text::Any;
    }
    let (inner, starts) = text.strip_suffix('*').map_or((text, false), |inner| (inner, true));
    let (inner, ends) = inner.strip_prefix('*').map_or((inner, false), |inner| (inner, true));
    match (starts, ends) {
        (true, true) => Text::Holds(inner.into()),
        (true, false) => Text::Starts(inner.into()),
        (false, true) => Text::Ends(inner.into()),
        (false, false) => Text::Is(inner.into()),
    }
}

impl Number {
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
        text.parse().map(Number::Whole).or_else(|_| text.parse().map(Number::Broken)).ok()
    }

    fn of(value: Json<'_>) -> Option<Self> {
        if let Some(whole) = value.as_i64() {
            return Some(Number::Whole(whole.into()));
        }
        if let Some(whole) = value.as_u64() {
            return Some(Number::Whole(whole.into()));
        }
        value.as_f64().map(Number::Broken)
    }

    fn compare(self, other: Self) -> Option<Ordering> {
        let float = |number| match number {
            Number::Whole(it) => it as f64,
            Number::Broken(it) => it,
        };
        match (self, other) {
            (Number::Whole(a), Number::Whole(b)) => Some(a.cmp(&b)),
            (a, b) => float(a).partial_cmp(&float(b)),
        }
    }
}
