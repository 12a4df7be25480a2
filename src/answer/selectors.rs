//! What a trail is told to log: the selectors of `PutEventSelectors`, basic and advanced, and those of event
//! data stores.

use crate::event::{Event, Json, bool_value, member_of, nonempty_text, scalar_text};
use std::borrow::Cow;

/// What kind of events a selector is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SelectorKind {
    Management,
    Data,
    /// Network activity, Insights, items of AWS Config.
    Other,
}

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum SelectorTest {
    Equals,
    StartsWith,
    EndsWith,
    NotEquals,
    NotStartsWith,
    NotEndsWith,
}

const TESTS: [(&str, SelectorTest); 6] = [
    ("equals", SelectorTest::Equals),
    ("startsWith", SelectorTest::StartsWith),
    ("endsWith", SelectorTest::EndsWith),
    ("notEquals", SelectorTest::NotEquals),
    ("notStartsWith", SelectorTest::NotStartsWith),
    ("notEndsWith", SelectorTest::NotEndsWith),
];

/// One selector: what passes it is logged.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Selector {
    pub(super) kind: SelectorKind,
    pub(super) reads: bool,
    pub(super) writes: bool,
    /// Services whose management events do not pass.
    pub(super) excluded: Vec<String>,
    /// The type that data events have to be on; `None` for any.
    of_type: Option<String>,
    /// What the ARN has to be.
    arns: Vec<(SelectorTest, Vec<String>)>,
    /// What else has to hold, in words.
    pub(super) limits: Vec<String>,
}

/// What selectors let through of the calls on the data of a resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Share {
    Nothing,
    /// In words, what passes: `reads only`, `those of prefix a/`.
    Part(String),
    All,
}

impl Selector {
    fn new(kind: SelectorKind) -> Self {
        let (excluded, arns, limits) = (Vec::new(), Vec::new(), Vec::new());
        Self { kind, reads: true, writes: true, excluded, of_type: None, arns, limits }
    }

    /// Returns one of management events.
    #[cfg(test)]
    pub(super) fn management(reads: bool, writes: bool) -> Self {
        Self { reads, writes, ..Self::new(SelectorKind::Management) }
    }

    /// Reads the selectors that a call sets; `None` where it sets none.
    pub(super) fn all(event: &Event<'_>) -> Option<Vec<Self>> {
        let list = |name: &str| {
            let lists = ["requestParameters", "responseElements"].map(|it| event.at(&format!("{it}.{name}")));
            lists.into_iter().flatten().find_map(|it| it.as_array().filter(|it| !it.is_empty()))
        };
        if let Some(all) = list("eventSelectors") {
            return Some(all.iter().flat_map(Self::basic).collect());
        }
        list("advancedEventSelectors").map(|all| all.iter().map(Self::advanced).collect())
    }

    fn basic(value: Json<'_>) -> Vec<Self> {
        let kind = member_of(value, "readWriteType").and_then(nonempty_text);
        let mut selectors = Vec::new();
        let mut base = Self::new(SelectorKind::Management);
        (base.reads, base.writes) = (kind != Some("WriteOnly"), kind != Some("ReadOnly"));
        if member_of(value, "includeManagementEvents").and_then(bool_value) != Some(false) {
            let excluded = collect_texts(member_of(value, "excludeManagementEventSources"));
            selectors.push(Self { excluded, ..base.clone() });
        }
        let resources = member_of(value, "dataResources").and_then(|it| it.as_array());
        for resource in resources.iter().flat_map(|it| it.iter()) {
            let of_type = member_of(resource, "type").and_then(scalar_text).map(Cow::into_owned);
            let values = collect_texts(member_of(resource, "values"));
            // A function is meant by its whole ARN, all of them by the beginning of one (CloudTrail API reference,
            // DataResource). Of tables nothing is said: to hold one for logged that is not would be worse.
            let is_one = |it: &String| it.contains(":function:") || it.contains(":table/");
            let is_exact = !values.is_empty() && values.iter().all(is_one);
            let arns = vec![(if is_exact { SelectorTest::Equals } else { SelectorTest::StartsWith }, values)];
            selectors.push(Self { kind: SelectorKind::Data, of_type, arns, ..base.clone() });
        }
        selectors
    }

    fn advanced(value: Json<'_>) -> Self {
        let mut selector = Self::new(SelectorKind::Other);
        let fields = member_of(value, "fieldSelectors").and_then(|it| it.as_array());
        for condition in fields.iter().flat_map(|it| it.iter()) {
            let field = member_of(condition, "field").and_then(scalar_text).unwrap_or_default();
            for (name, test) in TESTS {
                let values = collect_texts(member_of(condition, name));
                if !values.is_empty() {
                    selector.add(&field, name, test, values);
                }
            }
        }
        selector
    }

    fn add(&mut self, field: &str, name: &str, test: SelectorTest, values: Vec<String>) {
        let is = |value: &str| values.iter().any(|it| it.eq_ignore_ascii_case(value));
        match (field, test) {
            ("eventCategory", SelectorTest::Equals) => {
                self.kind = match () {
                    () if is("Management") => SelectorKind::Management,
                    () if is("Data") => SelectorKind::Data,
                    () => SelectorKind::Other,
                };
            }
            ("readOnly", SelectorTest::Equals) => (self.reads, self.writes) = (is("true"), is("false")),
            ("readOnly", SelectorTest::NotEquals) => (self.reads, self.writes) = (!is("true"), !is("false")),
            ("eventSource", SelectorTest::NotEquals) => self.excluded.extend(values),
            ("resources.type", SelectorTest::Equals) => self.of_type = values.into_iter().next(),
            ("resources.ARN", test) => self.arns.push((test, values)),
            _ => self.limits.push(format!("{field} {name} {}", values.join(" "))),
        }
    }

    /// Says what data events pass; `None` of a selector of other events.
    pub(super) fn describe(&self) -> Option<String> {
        if self.kind != SelectorKind::Data {
            return None;
        }
        let name = |test: SelectorTest| TESTS.iter().find(|it| it.1 == test).map_or("", |it| it.0);
        let mut words = vec![self.of_type.clone().unwrap_or_else(|| "any type".to_owned())];
        words.extend(self.arns.iter().map(|(test, values)| match values.as_slice() {
            [] => "none".to_owned(),
            values => format!("{} {}", name(*test), values.join(" ")),
        }));
        words.extend(self.limits.iter().map(|it| format!("where {it}")));
        let kind = match (self.reads, self.writes) {
            (true, true) => None,
            (true, false) => Some("reads only"),
            (false, _) => Some("writes only"),
        };
        words.extend(kind.map(str::to_owned));
        Some(words.join(", "))
    }

    /// What passes of the calls on what has ARNs that begin with `arn`, of that type. With `is_whole` it is that ARN
    /// alone, not all below it.
    fn share(&self, of_type: &str, arn: &str, is_whole: bool) -> Share {
        if self.kind != SelectorKind::Data || self.of_type.as_deref().is_some_and(|it| it != of_type) {
            return Share::Nothing;
        }
        let mut words: Vec<String> = self.limits.iter().map(|it| format!("where {it}")).collect();
        for (test, values) in &self.arns {
            let full = |value: &String| match test {
                SelectorTest::Equals | SelectorTest::NotEquals => is_whole && arn == value,
                SelectorTest::StartsWith | SelectorTest::NotStartsWith => arn.starts_with(value.as_str()),
                SelectorTest::EndsWith | SelectorTest::NotEndsWith => {
                    is_whole && arn.ends_with(value.as_str())
                }
            };
            let partly = |value: &String| match test {
                SelectorTest::EndsWith | SelectorTest::NotEndsWith => !is_whole,
                _ => !is_whole && value.starts_with(arn) && value.len() > arn.len(),
            };
            let is_not = matches!(
                test,
                SelectorTest::NotEquals | SelectorTest::NotStartsWith | SelectorTest::NotEndsWith
            );
            let some: Vec<&str> = values.iter().filter(|it| partly(it)).map(String::as_str).collect();
            match (values.iter().any(full), is_not) {
                (true, true) => return Share::Nothing,
                (false, false) if some.is_empty() => return Share::Nothing,
                (false, false) => words.push(format!("of {}", some.join(" "))),
                (false, true) if !some.is_empty() => words.push(format!("but for {}", some.join(" "))),
                _ => {}
            }
        }
        match (self.reads, self.writes) {
            (false, false) => return Share::Nothing,
            (true, false) => words.push("reads only".to_owned()),
            (false, true) => words.push("writes only".to_owned()),
            (true, true) => {}
        }
        if words.is_empty() { Share::All } else { Share::Part(words.join(", ")) }
    }
}

/// What selectors together let through of the calls on a resource's data.
pub(super) fn combine_shares(selectors: &[Selector], of_type: &str, arn: &str, is_whole: bool) -> Share {
    let mut parts = Vec::new();
    for selector in selectors {
        match selector.share(of_type, arn, is_whole) {
            Share::All => return Share::All,
            Share::Part(words) => parts.push(words),
            Share::Nothing => {}
        }
    }
    let both = |one: &str| parts.iter().any(|it| it == one);
    match parts.len() {
        0 => Share::Nothing,
        _ if both("reads only") && both("writes only") => Share::All,
        _ => Share::Part(parts.join("; ")),
    }
}

fn collect_texts(value: Option<Json<'_>>) -> Vec<String> {
    let list = value.and_then(|it| it.as_array());
    list.iter().flat_map(|it| it.iter()).filter_map(scalar_text).map(Cow::into_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::EventParser;

    fn read(request: &str) -> Vec<Selector> {
        let record = format!(r#"{{"requestParameters":{request}}}"#);
        EventParser::default().read(record.as_bytes(), |event| Selector::all(event).unwrap()).unwrap()
    }

    fn of(request: &str, arn: &str) -> Share {
        combine_shares(&read(request), "AWS::S3::Object", arn, !arn.ends_with('/'))
    }

    #[test]
    fn basic_selectors_go_by_the_start_of_an_arn() {
        let on = |values: &str| {
            format!(
                r#"{{"eventSelectors":[{{"dataResources":[{{"type":"AWS::S3::Object","values":[{values}]}}]}}]}}"#
            )
        };
        let (bucket, key) = ("arn:aws:s3:::payroll/", "arn:aws:s3:::payroll/a/b.txt");
        assert_eq!(of(&on(r#""arn:aws:s3""#), bucket), Share::All);
        assert_eq!(of(&on(r#""arn:aws:s3:::""#), key), Share::All);
        assert_eq!(of(&on(r#""arn:aws:s3:::payroll/""#), bucket), Share::All);
        assert_eq!(of(&on(r#""arn:aws:s3:::payroll-2/""#), bucket), Share::Nothing);
        assert_eq!(of(&on(""), bucket), Share::Nothing);
        assert_eq!(
            of(&on(r#""arn:aws:s3:::payroll/a/""#), bucket),
            Share::Part("of arn:aws:s3:::payroll/a/".into())
        );
        assert_eq!(of(&on(r#""arn:aws:s3:::payroll/a/""#), key), Share::All);
        assert_eq!(of(&on(r#""arn:aws:s3:::payroll/c/""#), key), Share::Nothing);
    }

    #[test]
    fn functions_and_tables_are_meant_by_their_whole_arn() {
        for (kind, front) in [
            ("AWS::Lambda::Function", "arn:aws:lambda:us-east-1:111122223333:function:"),
            ("AWS::DynamoDB::Table", "arn:aws:dynamodb:us-east-1:111122223333:table/"),
        ] {
            let of = |value: &str, name: &str| {
                let request = format!(
                    r#"{{"eventSelectors":[{{"dataResources":[{{"type":"{kind}","values":["{value}"]}}]}}]}}"#
                );
                combine_shares(&read(&request), kind, &format!("{front}{name}"), true)
            };
            let one = format!("{front}pay");
            assert_eq!((of(&one, "pay"), of(&one, "pay-2")), (Share::All, Share::Nothing), "{kind}");
            let all = front.split(':').take(3).collect::<Vec<_>>().join(":");
            assert_eq!(of(&all, "pay-2"), Share::All, "{kind}");
        }
    }

    #[test]
    fn advanced_selectors_have_every_kind_of_test() {
        let on = |fields: &str| {
            format!(
                r#"{{"advancedEventSelectors":[{{"fieldSelectors":[{{"field":"eventCategory","equals":["Data"]}},
                    {{"field":"resources.type","equals":["AWS::S3::Object"]}}{fields}]}}]}}"#
            )
        };
        let (bucket, key) = ("arn:aws:s3:::payroll/", "arn:aws:s3:::payroll/a/b.txt");
        let field =
            |test: &str, value: &str| on(&format!(r#",{{"field":"resources.ARN","{test}":["{value}"]}}"#));
        assert_eq!(of(&on(""), bucket), Share::All);
        assert_eq!(of(&field("startsWith", bucket), key), Share::All);
        assert_eq!(of(&field("equals", key), key), Share::All);
        assert_eq!(of(&field("equals", key), bucket), Share::Part(format!("of {key}")));
        assert_eq!(of(&field("notStartsWith", bucket), bucket), Share::Nothing);
        assert_eq!(of(&field("notStartsWith", "arn:aws:s3:::logs/"), bucket), Share::All);
        assert_eq!(of(&field("notEquals", key), bucket), Share::Part(format!("but for {key}")));
        assert_eq!(of(&field("endsWith", ".txt"), key), Share::All);
        let reads = on(r#",{"field":"readOnly","equals":["true"]}"#);
        assert_eq!(of(&reads, bucket), Share::Part("reads only".into()));
        let named = on(r#",{"field":"eventName","equals":["DeleteObject"]}"#);
        assert_eq!(of(&named, bucket), Share::Part("where eventName equals DeleteObject".into()));
        assert_eq!(
            combine_shares(&read(&on("")), "AWS::Lambda::Function", "arn:aws:lambda:x", true),
            Share::Nothing
        );
    }
}
