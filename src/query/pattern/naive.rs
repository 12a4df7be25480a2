//! The language once more, for tests: events are made into lists of fields as event-ruler makes them, with the
//! elements that each stands in, and patterns are tried on every choice among them.

use super::EventPattern;
use crate::event::{EventParser, RawFields};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Which element of which array.
type NaiveElements = BTreeMap<usize, usize>;

struct NaiveField<'v> {
    path: String,
    value: &'v Value,
    elements: NaiveElements,
}

#[derive(Default)]
struct FlatRecord<'v> {
    fields: Vec<NaiveField<'v>>,
    arrays: usize,
}

impl<'v> FlatRecord<'v> {
    fn add(&mut self, path: &str, value: &'v Value, elements: &NaiveElements) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    self.add(&path, value, elements);
                }
            }
            Value::Array(all) => {
                let array = self.arrays;
                self.arrays += 1;
                for (at, value) in all.iter().enumerate() {
                    let mut elements = elements.clone();
                    if value.is_object() || value.is_array() {
                        elements.insert(array, at);
                    }
                    self.add(path, value, &elements);
                }
            }
            value => {
                self.fields.push(NaiveField { path: path.to_owned(), value, elements: elements.clone() })
            }
        }
    }

    fn matches(&self, rule: &[(&String, &Vec<Value>)], chosen: &NaiveElements) -> bool {
        let Some(((path, wanted), rest)) = rule.split_first() else { return true };
        let agree = |field: &&NaiveField<'_>| {
            field.elements.iter().all(|(array, at)| chosen.get(array).is_none_or(|chosen| chosen == at))
        };
        let here: Vec<&NaiveField<'_>> =
            self.fields.iter().filter(|it| it.path == **path).filter(agree).collect();
        let absent = wanted.iter().any(|it| *it == json!({"exists": false}));
        if absent && here.is_empty() && self.matches(rest, chosen) {
            return true;
        }
        here.iter().filter(|field| wanted.iter().any(|wanted| is(wanted, field.value))).any(|field| {
            let mut chosen = chosen.clone();
            chosen.extend(&field.elements);
            self.matches(rest, &chosen)
        })
    }
}

/// Whether a value is as one is wanted.
fn is(wanted: &Value, value: &Value) -> bool {
    let Value::Object(test) = wanted else {
        return match (wanted.as_f64(), value.as_f64()) {
            (Some(wanted), Some(value)) => wanted == value,
            _ => wanted == value,
        };
    };
    let (name, with) = test.iter().next().unwrap();
    let text = |test: &dyn Fn(&str, &str) -> bool| match (value.as_str(), with.as_str()) {
        (Some(value), Some(with)) => test(value, with),
        _ => false,
    };
    match name.as_str() {
        "prefix" => text(&|value, with| value.starts_with(with)),
        "suffix" => text(&|value, with| value.ends_with(with)),
        "equals-ignore-case" => text(&|value, with| value.eq_ignore_ascii_case(with)),
        "exists" => *with == json!(true),
        "anything-but" => match with {
            Value::Array(all) => !all.iter().any(|it| is(it, value)),
            it => !is(it, value),
        },
        "numeric" => value.as_f64().is_some_and(|value| {
            let number = with[1].as_f64().unwrap();
            match with[0].as_str().unwrap() {
                "<" => value < number,
                ">=" => value >= number,
                _ => value == number,
            }
        }),
        _ => unreachable!(),
    }
}

/// The ways in which a pattern may be fulfilled, each the fields that have to be there.
fn rules<'p>(pattern: &'p Map<String, Value>, path: &str) -> Vec<BTreeMap<String, &'p Vec<Value>>> {
    let mut all = vec![BTreeMap::new()];
    for (name, value) in pattern {
        let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let more = match value {
            Value::Array(branches) if name == "$or" => {
                branches.iter().flat_map(|it| rules(it.as_object().unwrap(), path)).collect()
            }
            Value::Array(values) => vec![BTreeMap::from([(below, values)])],
            value => rules(value.as_object().unwrap(), &below),
        };
        let join = |rule: &BTreeMap<String, &'p Vec<Value>>| {
            more.iter()
                .map(|more| rule.iter().chain(more).map(|(k, v)| (k.clone(), *v)).collect())
                .collect::<Vec<_>>()
        };
        all = all.iter().flat_map(join).collect();
    }
    all
}

fn decide(pattern: &Value, event: &Value) -> bool {
    let mut flat = FlatRecord::default();
    flat.add("", event, &NaiveElements::new());
    rules(pattern.as_object().unwrap(), "").iter().any(|rule| {
        let rule: Vec<_> = rule.iter().map(|(path, wanted)| (path, *wanted)).collect();
        flat.matches(&rule, &NaiveElements::new())
    })
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "a-b", "c"]).prop_map(str::to_owned)
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => prop::sample::select(vec!["Delete", "DeleteKey", "deletekey", "Key", "1", ""]).prop_map(Value::from),
        2 => (0..3_i32).prop_map(Value::from),
        1 => Just(json!(true)),
        1 => Just(Value::Null),
    ]
}

fn wanted() -> impl Strategy<Value = Value> {
    let text = || prop::sample::select(vec!["Delete", "DeleteKey", "Key", "1"]).prop_map(Value::from);
    let test = |name: &'static str| move |it: Value| json!({ name: it });
    prop_oneof![
        4 => scalar(),
        1 => text().prop_map(test("prefix")),
        1 => text().prop_map(test("suffix")),
        1 => text().prop_map(test("equals-ignore-case")),
        1 => any::<bool>().prop_map(|it| json!({"exists": it})),
        2 => Just(json!({"exists": false})),
        1 => text().prop_map(test("anything-but")),
        1 => prop::collection::vec(0..3_i32, 1..3).prop_map(|it| json!({"anything-but": it})),
        1 => text().prop_map(|it| json!({"anything-but": {"prefix": it}})),
        1 => (prop::sample::select(vec!["<", ">=", "="]), 0..3_i32).prop_map(|(sign, it)| json!({"numeric": [sign, it]})),
    ]
}

fn object(of: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    prop::collection::vec((name(), of), 1..4).prop_map(|all| Value::Object(all.into_iter().collect()))
}

fn pattern() -> impl Strategy<Value = Value> {
    let values = prop::collection::vec(wanted(), 1..3).prop_map(Value::from).boxed();
    let fields = object(values.clone());
    let deep = fields.prop_recursive(2, 8, 3, move |inner| {
        let branches = prop::collection::vec(object(values.clone()), 2..4).prop_map(Value::from);
        let or = (inner.clone(), branches).prop_map(|(mut all, branches)| {
            all.as_object_mut().unwrap().insert("$or".to_owned(), branches);
            all
        });
        prop_oneof![2 => object(inner), 1 => or]
    });
    object(deep)
}

fn event() -> impl Strategy<Value = Value> {
    let deep = scalar().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from), object(inner)]
    });
    object(deep)
}

fn presence() -> impl Strategy<Value = Value> {
    let all = [
        json!([1]),
        json!([2]),
        json!([{"exists": false}]),
        json!([{"exists": true}]),
        json!([1, {"exists": false}]),
    ];
    prop::sample::select(all.to_vec())
}

/// Objects in arrays, below one another by `y`.
fn elements() -> impl Strategy<Value = Value> {
    let field = || {
        (prop::sample::select(vec!["a", "b", "c", "d"]), 1..3_i32)
            .prop_map(|(name, it)| (name.to_owned(), json!(it)))
    };
    let object =
        prop::collection::vec(field(), 0..4).prop_map(|all| Value::Object(all.into_iter().collect()));
    object.prop_recursive(3, 24, 4, move |inner| {
        let array = prop::collection::vec(inner, 0..4).prop_map(Value::from);
        let nested = (prop::collection::vec(field(), 0..3), array.clone()).prop_map(|(all, array)| {
            let mut object: Map<String, Value> = all.into_iter().collect();
            object.insert("y".to_owned(), array);
            Value::Object(object)
        });
        prop_oneof![array, nested]
    })
}

/// The event as a record, in which a pattern must not be refused by the bytes that it matches.
fn bytes_refuse_nothing(pattern: &Value, record: &Value) -> Result<(), TestCaseError> {
    let parsed = EventPattern::parse(&json!({ "detail": pattern }).to_string()).unwrap();
    for text in [record.to_string(), serde_json::to_string_pretty(record).unwrap()] {
        let matches = EventParser::default().read(text.as_bytes(), |event| parsed.matches(event));
        if matches == Ok(true) {
            let raw = RawFields { text: Some(text.as_bytes()), ..RawFields::default() };
            prop_assert!(parsed.need().may_match(&raw), "{} {}", pattern, text);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn both_evaluators_agree(pattern in pattern(), event in event()) {
        let parsed = match EventPattern::parse(&pattern.to_string()) {
            Ok(parsed) => parsed,
            Err(error) => {
                prop_assert!(error.to_string().starts_with("the same field twice"), "{pattern}: {error}");
                return Ok(());
            }
        };
        let json = event.to_string();
        let matches = EventParser::default().read_within(b"{}", Some(json.as_bytes()), |event| parsed.matches(event)).unwrap();
        prop_assert_eq!(matches, decide(&pattern, &event), "{} {}", pattern, event);
        bytes_refuse_nothing(&pattern, &event)?;
    }

    /// Few fields in many arrays: what is subtle is which elements they stand in.
    #[test]
    fn both_evaluators_agree_on_arrays(
        wanted in prop::collection::vec((prop::sample::select(vec!["a", "b", "c", "d"]), presence()), 1..4),
        deep in prop::collection::vec((prop::sample::select(vec!["a", "b", "c"]), presence()), 0..3),
        event in elements(),
    ) {
        let fields = |all: Vec<(&str, Value)>| -> Map<String, Value> {
            all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
        };
        let mut inner = fields(wanted);
        if !deep.is_empty() {
            inner.insert("y".to_owned(), fields(deep).into());
        }
        let (pattern, event) = (json!({"x": inner}), json!({"x": event}));
        let (parsed, json) = (EventPattern::parse(&pattern.to_string()).unwrap(), event.to_string());
        let matches = EventParser::default().read_within(b"{}", Some(json.as_bytes()), |event| parsed.matches(event)).unwrap();
        prop_assert_eq!(matches, decide(&pattern, &event), "{} {}", pattern, event);
        bytes_refuse_nothing(&pattern, &event)?;
    }

    /// The record in the event that is made of it, and what is needed of the bytes and of the raw fields.
    #[test]
    fn needs_refuse_nothing(
        wanted in prop::collection::vec(prop::collection::vec(wanted(), 1..3), 4),
        values in prop::collection::vec(scalar(), 4),
        either in any::<bool>(),
    ) {
        let record = json!({"eventName": values[0], "awsRegion": values[1], "errorCode": values[2], "eventSource": values[3]});
        let detail = if either {
            json!({"$or": [{"eventName": wanted[0]}, {"errorCode": wanted[2], "awsRegion": wanted[1]}]})
        } else {
            json!({"eventName": wanted[0], "errorCode": wanted[2]})
        };
        let pattern = json!({"region": wanted[1], "source": [{"prefix": "aws."}, {"exists": false}], "detail": detail});
        let parsed = EventPattern::parse(&pattern.to_string()).unwrap();
        let json = record.to_string();
        let matches = EventParser::default().read(json.as_bytes(), |event| parsed.matches(event)).unwrap();
        let mut made = json!({"detail": record.clone()});
        if record["awsRegion"].is_string() {
            made["region"] = record["awsRegion"].clone();
        }
        if let Some(source) = record["eventSource"].as_str() {
            made["source"] = format!("aws.{source}").into();
        }
        prop_assert_eq!(matches, decide(&pattern, &made), "{} {}", pattern, record);
        let need = parsed.need();
        let raw = RawFields {
            name: record["eventName"].as_str().map(str::as_bytes),
            region: record["awsRegion"].as_str().map(str::as_bytes),
            source: record["eventSource"].as_str().map(str::as_bytes),
            fails: Some(!record["errorCode"].is_null()),
            ..RawFields::default()
        };
        let of_bytes = RawFields { text: Some(json.as_bytes()), ..RawFields::default() };
        prop_assert!(!matches || need.may_match(&raw), "{} {}", pattern, record);
        prop_assert!(!matches || need.may_match(&of_bytes), "{} {}", pattern, record);
        let folded = json.to_ascii_lowercase();
        let occurs = |set: &Vec<String>| set.iter().any(|it| folded.contains(&it.to_ascii_lowercase()));
        prop_assert!(!matches || need.literals().iter().all(occurs), "{} {}", pattern, record);
    }

    /// A value is wanted, or anything but it, or it is not there.
    #[test]
    fn a_value_and_anything_but_it_split_the_events(
        value in prop::option::of(scalar()),
        text in prop::sample::select(vec!["Delete", "Key", "1", "x"]),
        test in prop::sample::select(vec!["", "prefix", "suffix", "equals-ignore-case", "wildcard"]),
    ) {
        let event = value.map_or(json!({"b": 1}), |value| json!({"a": value})).to_string();
        let wanted = if test.is_empty() { json!(text) } else { json!({ test: text }) };
        let matches = |wanted: Value| {
            let parsed = EventPattern::parse(&json!({"a": [wanted]}).to_string()).unwrap();
            EventParser::default().read_within(b"{}", Some(event.as_bytes()), |event| parsed.matches(event)).unwrap()
        };
        let verdicts = [matches(wanted.clone()), matches(json!({"anything-but": wanted})), matches(json!({"exists": false}))];
        prop_assert_eq!(verdicts.iter().filter(|it| **it).count(), 1, "{:?} {} {}", verdicts, event, text);
    }

    #[test]
    fn no_text_breaks_the_parser(text in "[{}\\[\\]\",:a0-9.e\\\\*$ \n-]{0,60}|.{0,60}") {
        let _ = EventPattern::parse(&text);
        let _ = EventPattern::parse(&format!("{{\"a\":[{text}]}}"));
    }
}
