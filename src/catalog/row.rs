//! One row of the catalog: what a call does to which resource, and where the
//! identifier stands. The grammar of a row's entries:
//!
//! ```text
//! entry := verb type value ("|" value)* (("when" | "unless") path ("=" text)?)*
//! verb  := deed ("/" deed)? | related         (`changed/created`: the call does either, and its record does not tell)
//! deed  := created | changed | deleted | read
//! type  := "AWS::Service::Type" "?"? | "*"    (`*`: the value tells, being an ARN or an id; `?`: only such values count)
//! value := path ("+" path)*                   (parts of one id: `rq.cluster+rq.service`)
//!        | path "+"                           (all that is in it: `rq.bucketName+` for the objects of a bucket)
//!        | path "^"                           (what the ARN hangs on: the topic of a subscription)
//!        | "@account"                         (the account itself)
//!        | "@caller"                          (the IAM user who calls, where nobody else is named)
//! path  := ("rq" | "rs" | "ad" | "sd") ("." member)+
//! ```

use super::Action;
use super::path::Path;
use crate::event::Event;

/// What one call does to one kind of resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// What is done to it; `None` for a resource that is only named.
    pub(crate) action: Option<Action>,
    /// What the call may have done as well: a put creates what was not there.
    pub(crate) or: Option<Action>,
    /// The resource type; `None` when the value tells.
    pub(crate) kind: Option<String>,
    /// Whether only ids and ARNs of the type count.
    pub(crate) strict: bool,
    /// Where its identifiers stand, the first that resolves being its id.
    pub(crate) values: Vec<Value>,
    /// What has to hold for the entry to count.
    pub(crate) conditions: Vec<Condition>,
}

/// What an entry depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    /// Whether it has to be there (`when`) or missing (`unless`).
    wanted: bool,
    path: Path,
    /// The value that it has; `None` for any that is not false or empty.
    text: Option<String>,
}

impl Entry {
    /// Returns whether the entry counts for the event.
    pub(crate) fn applies(&self, event: &Event<'_>) -> bool {
        self.conditions.iter().all(|it| it.holds(event))
    }
}

impl Condition {
    /// Returns whether it holds for the event.
    pub(crate) fn holds(&self, event: &Event<'_>) -> bool {
        let holds = match &self.text {
            Some(text) => self.path.find(event).iter().any(|value| value == text),
            None => self.path.is_set(event),
        };
        holds == self.wanted
    }
}

/// Where an identifier stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// At one path, or joined from several.
    Paths(Vec<Path>),
    /// All that is in what stands at the path, of which the record names nothing.
    Below(Path),
    /// What the resource at the path hangs on: its ARN without the last piece.
    Parent(Path),
    /// The account itself: account-wide settings.
    Account,
    /// The IAM user who makes the call: whom the call means when it names nobody.
    Caller,
}

/// Reads one entry.
///
/// # Errors
/// Says what is wrong with it, for whoever writes the tables.
pub(crate) fn parse(text: &str) -> Result<Entry, String> {
    let mut words = text.split_whitespace().peekable();
    let mut next = |what: &str| words.next().ok_or_else(|| format!("`{text}` lacks {what}"));
    let verb = next("a verb")?;
    let (action, or) = match verb.split_once('/') {
        _ if verb == "related" => (None, None),
        Some((action, or)) => (Some(deed(action, text)?), Some(deed(or, text)?)),
        None => (Some(deed(verb, text)?), None),
    };
    let kind = next("a type")?;
    let strict = kind.ends_with('?');
    let kind = match kind.trim_end_matches('?') {
        "*" => None,
        kind if kind.starts_with("AWS::") && kind.matches("::").count() == 2 => Some(kind.to_owned()),
        kind => return Err(format!("`{kind}` in `{text}` is no resource type")),
    };
    let mut values = vec![value(next("a value")?)?];
    let mut conditions = Vec::new();
    while let Some(word) = words.next() {
        let argument = words.next().ok_or_else(|| format!("`{text}` ends after `{word}`"))?;
        match word {
            "|" => values.push(value(argument)?),
            "when" | "unless" => conditions.push(condition(word == "when", argument)?),
            _ => return Err(format!("`{word}` in `{text}` is neither `|`, `when` nor `unless`")),
        }
    }
    Ok(Entry { action, or, kind, strict, values, conditions })
}

pub(crate) fn condition(wanted: bool, text: &str) -> Result<Condition, String> {
    let (path, text) = match text.split_once('=') {
        Some((path, text)) => (path, Some(text.to_owned())),
        None => (text, None),
    };
    Ok(Condition { wanted, path: path.parse()?, text })
}

pub(crate) fn deed(word: &str, text: &str) -> Result<Action, String> {
    match word {
        "created" => Ok(Action::Created),
        "changed" => Ok(Action::Changed),
        "deleted" => Ok(Action::Deleted),
        "read" => Ok(Action::Read),
        verb => Err(format!("`{verb}` in `{text}` is no verb")),
    }
}

fn value(text: &str) -> Result<Value, String> {
    match text {
        "@account" => return Ok(Value::Account),
        "@caller" => return Ok(Value::Caller),
        _ => {}
    }
    if let Some(path) = text.strip_suffix('+') {
        return path.parse().map(Value::Below);
    }
    if let Some(path) = text.strip_suffix('^') {
        return path.parse().map(Value::Parent);
    }
    text.split('+').map(str::parse).collect::<Result<_, _>>().map(Value::Paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_read() {
        let entry = parse("created AWS::A::B rs.a.id | rq.x+rq.y unless rq.dry").unwrap();
        assert_eq!(entry.action, Some(Action::Created));
        assert_eq!(entry.kind.as_deref(), Some("AWS::A::B"));
        assert_eq!(entry.values.len(), 2);
        assert!(matches!(&entry.values[1], Value::Paths(paths) if paths.len() == 2));
        assert!(matches!(entry.conditions.as_slice(), [Condition { wanted: false, text: None, .. }]));
        let entry = parse("changed AWS::A::B? rq.x+ | rq.y^ | @caller when rq.t=T unless rq.u").unwrap();
        assert!(entry.strict && entry.conditions.len() == 2);
        assert_eq!(entry.conditions[0].text.as_deref(), Some("T"));
        assert!(matches!(entry.values.as_slice(), [Value::Below(_), Value::Parent(_), Value::Caller]));
        let put = parse("changed/created AWS::A::B rq.x").unwrap();
        assert_eq!((put.action, put.or), (Some(Action::Changed), Some(Action::Created)));
        assert_eq!(parse("related * @account").unwrap().values, [Value::Account]);
    }

    #[test]
    fn mistakes_are_named() {
        for (text, part) in [
            ("", "lacks a verb"),
            ("made AWS::A::B rq.x", "`made`"),
            ("created B rq.x", "`B`"),
            ("created AWS::A::B", "lacks a value"),
            ("created AWS::A::B xx.y", "`xx.y`"),
            ("created AWS::A::B rq.x rq.y", "`rq.x"),
            ("created AWS::A::B rq.x |", "ends after `|`"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(part) || text.contains("rq.x rq.y"), "{text}: {error}");
        }
    }
}
