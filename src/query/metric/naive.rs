//! The language once more, for tests: conditions are made up, written out, and decided on a tree of values
//! by rules as short as can be. What the parser and the evaluator make of the text has to be the same.

use super::FilterPattern;
use crate::event::{EventParser, RawFields};
use proptest::prelude::*;
use serde_json::Value;

#[derive(Clone, Debug)]
enum NaiveModel {
    All(Vec<NaiveModel>),
    One(Vec<NaiveModel>),
    Text { path: NaivePath, is: bool, start: bool, text: String, end: bool, quoted: bool },
    Number { path: NaivePath, operator: &'static str, number: i32 },
    Is(NaivePath, &'static str),
    Absent(NaivePath),
}

/// Names, numbers of elements, and `*`.
type NaivePath = Vec<String>;

impl NaiveModel {
    /// Writes it out, with parentheses around what is joined.
    fn write(&self) -> String {
        let join = |all: &[NaiveModel], by: &str| {
            all.iter().map(|it| format!("({})", it.write())).collect::<Vec<_>>().join(by)
        };
        let path = |path: &NaivePath| {
            let step = |step: &String| match step.parse::<usize>() {
                Ok(element) => format!("[{element}]"),
                Err(_) if step.contains('.') => format!("['{step}']"),
                Err(_) => format!(".{step}"),
            };
            format!("${}", path.iter().map(step).collect::<String>())
        };
        match self {
            NaiveModel::All(all) => join(all, " && "),
            NaiveModel::One(all) => join(all, "||"),
            NaiveModel::Text { path: at, is, start, text, end, quoted } => {
                let star = |is: &bool| if *is { "*" } else { "" };
                let quote = if *quoted || text.is_empty() { "\"" } else { "" };
                let operator = if *is { "=" } else { "!=" };
                format!("{} {operator} {quote}{}{text}{}{quote}", path(at), star(start), star(end))
            }
            NaiveModel::Number { path: at, operator, number } => format!("{}{operator}{number}", path(at)),
            NaiveModel::Is(at, what) => format!("{} IS {what}", path(at)),
            NaiveModel::Absent(at) => format!("{} NOT EXISTS", path(at)),
        }
    }

    fn decide(&self, event: &Value) -> bool {
        let any =
            |path: &NaivePath, test: &dyn Fn(&Value) -> bool| found(event, path).iter().any(|it| test(it));
        match self {
            NaiveModel::All(all) => all.iter().all(|it| it.decide(event)),
            NaiveModel::One(all) => all.iter().any(|it| it.decide(event)),
            NaiveModel::Text { path, is, start, text, end, quoted } => any(path, &|value| {
                let written = match value {
                    Value::String(text) => text.clone(),
                    Value::Number(_) | Value::Bool(_) => value.to_string(),
                    _ => return false,
                };
                let is_number = !quoted && !start && !end && text.parse::<i32>().is_ok();
                if let (true, Some(number)) = (is_number, value.as_f64()) {
                    return (number == text.parse::<f64>().unwrap()) == *is;
                }
                let passes = match (start, end) {
                    (false, false) => written == *text,
                    (true, false) => written.ends_with(text),
                    (false, true) => written.starts_with(text),
                    (true, true) => written.contains(text),
                };
                passes == *is
            }),
            NaiveModel::Number { path, operator, number } => any(path, &|value| {
                let number = f64::from(*number);
                let found = value.as_f64().or_else(|| value.as_str()?.parse().ok());
                found.is_some_and(|found| match *operator {
                    "<" => found < number,
                    "<=" => found <= number,
                    ">" => found > number,
                    _ => found >= number,
                })
            }),
            NaiveModel::Is(path, what) => {
                any(path, &|value| value.to_string().to_uppercase() == *what && !value.is_string())
            }
            NaiveModel::Absent(path) => found(event, path).is_empty(),
        }
    }

    /// The opposite, where every field is there and a value.
    fn negated(&self) -> Self {
        match self {
            NaiveModel::All(all) => NaiveModel::One(all.iter().map(Self::negated).collect()),
            NaiveModel::One(all) => NaiveModel::All(all.iter().map(Self::negated).collect()),
            NaiveModel::Text { path, is, start, text, end, quoted } => NaiveModel::Text {
                path: path.clone(),
                is: !is,
                start: *start,
                text: text.clone(),
                end: *end,
                quoted: *quoted,
            },
            NaiveModel::Number { path, operator, number } => {
                let operator = match *operator {
                    "<" => ">=",
                    "<=" => ">",
                    ">" => "<=",
                    _ => "<",
                };
                NaiveModel::Number { path: path.clone(), operator, number: *number }
            }
            other => other.clone(),
        }
    }
}

fn found<'v>(value: &'v Value, path: &[String]) -> Vec<&'v Value> {
    let Some((step, rest)) = path.split_first() else { return vec![value] };
    let next: Vec<&Value> = match (step.as_str(), value) {
        ("*", Value::Object(members)) => members.values().collect(),
        ("*", Value::Array(elements)) => elements.iter().collect(),
        (name, Value::Object(members)) if name.parse::<usize>().is_err() => {
            members.get(name).into_iter().collect()
        }
        (at, Value::Array(elements)) => {
            at.parse::<usize>().ok().and_then(|at| elements.get(at)).into_iter().collect()
        }
        _ => vec![],
    };
    next.into_iter().flat_map(|value| found(value, rest)).collect()
}

/// Few names and values, so that they meet.
fn path() -> BoxedStrategy<NaivePath> {
    let name =
        prop::sample::select(vec!["a", "b", "eventName", "awsRegion", "errorCode", "x.y", "0", "1", "*"]);
    prop::collection::vec(name.prop_map(str::to_owned), 1..3)
        .prop_filter("an element is no start here", |path| path[0].parse::<usize>().is_err())
        .boxed()
}

fn text() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["Delete", "DeleteKey", "us-east-1", "Key", "1", "10", "-5", "true", ""])
        .prop_map(str::to_owned)
}

fn leaf(path: BoxedStrategy<NaivePath>) -> impl Strategy<Value = NaiveModel> {
    let words = (path.clone(), any::<bool>(), any::<bool>(), text(), any::<bool>(), any::<bool>());
    let numbers = (path, prop::sample::select(vec!["<", "<=", ">", ">="]), -6..12_i32);
    prop_oneof![
        3 => words.prop_map(|(path, is, start, text, end, quoted)| NaiveModel::Text { path, is, start, text, end, quoted }),
        1 => numbers.prop_map(|(path, operator, number)| NaiveModel::Number { path, operator, number }),
    ]
}

fn joined(leaf: impl Strategy<Value = NaiveModel> + 'static) -> impl Strategy<Value = NaiveModel> {
    leaf.prop_recursive(3, 12, 3, |inner| {
        let some = prop::collection::vec(inner, 1..4);
        prop_oneof![some.clone().prop_map(NaiveModel::All), some.prop_map(NaiveModel::One)]
    })
}

fn model() -> impl Strategy<Value = NaiveModel> {
    let state = (path(), prop::sample::select(vec!["TRUE", "FALSE", "NULL"]));
    joined(prop_oneof![
        4 => leaf(path()),
        1 => state.prop_map(|(path, what)| NaiveModel::Is(path, what)),
        1 => path().prop_map(NaiveModel::Absent),
    ])
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        3 => text().prop_map(Value::from),
        1 => (-6..12_i32).prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
    ]
}

fn event() -> impl Strategy<Value = Value> {
    let value = prop_oneof![4 => scalar(), 1 => Just(Value::Null)].prop_recursive(2, 8, 3, |inner| {
        let name = prop::sample::select(vec!["a", "b", "x.y", "eventName"]).prop_map(str::to_owned);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..3)
                .prop_map(|all| Value::Object(all.into_iter().collect())),
        ]
    });
    let name = prop::sample::select(vec!["a", "b", "eventName", "awsRegion", "errorCode", "x.y"])
        .prop_map(str::to_owned);
    prop::collection::vec((name, value), 0..6).prop_map(|all| Value::Object(all.into_iter().collect()))
}

/// The raw fields of a record.
fn naive_raw_fields(event: &Value) -> RawFields<'_> {
    RawFields {
        name: event["eventName"].as_str().map(str::as_bytes),
        region: event["awsRegion"].as_str().map(str::as_bytes),
        fails: Some(event.get("errorCode").is_some()),
        ..RawFields::default()
    }
}

/// The bytes of a record alone.
fn of_bytes(text: &str) -> RawFields<'_> {
    RawFields { text: Some(text.as_bytes()), ..RawFields::default() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn both_evaluators_agree_and_needs_refuse_nothing(model in model(), event in event()) {
        let text = format!("{{ {} }}", model.write());
        let pattern = FilterPattern::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let json = event.to_string();
        let matches = EventParser::default().read(json.as_bytes(), |event| pattern.matches(event)).unwrap();
        prop_assert_eq!(matches, model.decide(&event), "{} {}", text, json);
        if matches {
            let mut need = pattern.need();
            need.cheapest_first();
            let spaced = serde_json::to_string_pretty(&event).unwrap();
            for raw in [naive_raw_fields(&event), of_bytes(&json), of_bytes(&spaced)] {
                prop_assert!(need.may_match(&raw), "{} {}", text, json);
            }
            for set in need.literals() {
                let folded = json.to_ascii_lowercase();
                prop_assert!(set.iter().any(|it| folded.contains(&it.to_ascii_lowercase())), "{} {:?} {}", text, set, json);
            }
        }
    }

    /// Where every field is a value, a pattern and its opposite split the events.
    #[test]
    fn a_pattern_and_its_opposite_split_the_events(
        model in joined(leaf(prop::sample::select(vec!["a", "b", "eventName"]).prop_map(|name| vec![name.to_owned()]).boxed())),
        values in prop::collection::vec(scalar(), 3),
    ) {
        let [a, b, name] = &values[..] else { unreachable!() };
        let event = serde_json::json!({"a": a, "b": b, "eventName": name}).to_string();
        let matches = |model: &NaiveModel| {
            let pattern = FilterPattern::parse(&format!("{{{}}}", model.write())).unwrap();
            EventParser::default().read(event.as_bytes(), |event| pattern.matches(event)).unwrap()
        };
        // Of texts that are no numbers neither `<` nor `>=` is true.
        let is_number = |value: &Value| value.is_number() || value.as_str().is_some_and(|it| it.parse::<f64>().is_ok());
        if !values.iter().all(is_number) && model.write().contains(['<', '>']) {
            return Ok(());
        }
        prop_assert_ne!(matches(&model), matches(&model.negated()), "{} {}", model.write(), event);
    }

    #[test]
    fn no_text_breaks_the_parser(text in "[{}()$.=!<>&|%\"'\\[\\]*a1 \\\\é-]{0,40}|.{0,60}") {
        let _ = FilterPattern::parse(&text);
        let _ = FilterPattern::parse(&format!("{{ $.a {text} }}"));
    }
}
