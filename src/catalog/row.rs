//! One row of the catalog: what a call does to which resource, and where the
//! identifier stands. The grammar of a row's entries:
//!
//! ```text
//! entry := verb type identifier ("&" identifier)* (("when" | "unless") path ("=" text | "~version")?)*
//!                                             (`%20` in a text is a space)
//! verb  := deed ("/" deed)? | related         (`changed/created`: the call does either, and its record does not tell)
//! deed  := created | changed | deleted | read
//! type  := "AWS::Service::Type" "?"? | "*"    (`*`: the value tells, being an ARN or an id; `?`: only such values count)
//!        | path                               (the name of the type stands there, beside the value: `rq.keys.resourceType`)
//! identifier := value ("|" value)*               (`|`: where else it stands; the first place that has it counts)
//! value := path ("+" path)*                   (parts of one id: `rq.cluster+rq.service`)
//!        | path "+"                           (all that is in it: `rq.bucketName+` for the objects of a bucket)
//!        | path "^"                           (what the ARN hangs on: the topic of a subscription)
//!        | path "*"                           (each that is told is one of the thing's: the aliases of a distribution)
//!        | "@account"                         (the account itself)
//!        | "@caller"                          (the IAM user who calls, where nobody else is named)
//! path  := ("rq" | "rs" | "ad" | "sd") ("." member ("[" only "]")?)+   (`changes[action=DELETE]`: only those;
//!                                               a member `*` is each of the object's: `rq.parameters.*`)
//! only  := name "=" text | name | "!" name      (what has the member so, has it, or has it not)
//! ```
//!
//! Identifiers with `&` between them are all of the same thing: `rq.groupId | rs.groupId & rq.groupName`. One that is
//! listed several times, as the group is that has several rules, is one. Where there are several things, only what
//! stands in the same element of the same list is put together (`rq.templates.id & rq.templates.name`); otherwise the
//! first identifier alone counts, as nothing tells which belong together. Never put `&` between what may be two things.

use super::Action;
use super::path::RecordPath;
use crate::event::Event;

/// What stands for a space in the text of a condition: the words of an entry are parted by spaces.
pub(crate) const SPACE: &str = "%20";

/// What says in a row that a value names one version of a thing.
const VERSION: &str = "~version";

/// What one call does to one kind of resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RowEntry {
    /// What is done to it; `None` for a resource that is only named.
    pub(crate) action: Option<Action>,
    /// What the call may have done as well: a put creates what was not there.
    pub(crate) or: Option<Action>,
    /// The resource type; `None` when the value tells.
    pub(crate) kind: Option<String>,
    /// Where the type is told, beside the value.
    pub(crate) kind_at: Option<RecordPath>,
    /// Whether only ids and ARNs of the type count.
    pub(crate) strict: bool,
    /// Its identifiers, all of the same thing, the first that is there being its id; of each the places where it
    /// may stand.
    pub(crate) identifiers: Vec<Vec<IdentifierExpr>>,
    /// What has to hold for the entry to count.
    pub(crate) conditions: Vec<RowCondition>,
}

/// What an entry depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RowCondition {
    /// Whether it has to be there (`when`) or missing (`unless`).
    wanted: bool,
    path: RecordPath,
    /// The value that it has; `None` for any that is not false or empty.
    text: Option<String>,
    /// Whether it has to name one version of a thing, by the number behind it (`function:3`).
    version: bool,
}

impl RowEntry {
    /// Returns every place where one of its identifiers may stand.
    pub(crate) fn values(&self) -> impl Iterator<Item = &IdentifierExpr> {
        self.identifiers.iter().flatten()
    }

    /// Returns whether the entry counts for the event.
    pub(crate) fn applies(&self, event: &Event<'_>) -> bool {
        self.conditions.iter().all(|it| it.holds(event))
    }
}

impl RowCondition {
    /// Returns whether it holds for the event.
    pub(crate) fn holds(&self, event: &Event<'_>) -> bool {
        let holds = match &self.text {
            Some(text) => self.path.find(event).iter().any(|value| value == text),
            None if self.version => self.path.find(event).iter().any(|value| names_version(value)),
            None => self.path.is_set(event),
        };
        holds == self.wanted
    }
}

/// Where an identifier stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum IdentifierExpr {
    /// At one path, or joined from several.
    Paths(Vec<RecordPath>),
    /// All that is in what stands at the path, of which the record names nothing.
    Below(RecordPath),
    /// What the resource at the path hangs on: its ARN without the last piece.
    Parent(RecordPath),
    /// Several identifiers of one thing at one path.
    Each(RecordPath),
    /// The account itself: account-wide settings.
    Account,
    /// The IAM user who makes the call: whom the call means when it names nobody.
    Caller,
}

/// Reads one entry.
///
/// # Errors
/// Says what is wrong with it, for whoever writes the tables.
pub(crate) fn parse(text: &str) -> Result<RowEntry, String> {
    let mut words = text.split_whitespace().peekable();
    let mut next = |what: &str| words.next().ok_or_else(|| format!("`{text}` lacks {what}"));
    let verb = next("a verb")?;
    let (action, or) = match verb.split_once('/') {
        _ if verb == "related" => (None, None),
        Some((action, or)) => (Some(parse_action(action, text)?), Some(parse_action(or, text)?)),
        None => (Some(parse_action(verb, text)?), None),
    };
    let kind = next("a type")?;
    let strict = kind.ends_with('?');
    let kind_at = kind.split_once('.').map(|_| kind.parse()).transpose()?;
    let kind = match kind.trim_end_matches('?') {
        "*" => None,
        _ if kind_at.is_some() => None,
        kind if kind.starts_with("AWS::") && kind.matches("::").count() == 2 => Some(kind.to_owned()),
        kind => return Err(format!("`{kind}` in `{text}` is no resource type")),
    };
    let mut identifiers = vec![vec![parse_identifier(next("a value")?)?]];
    let mut conditions = Vec::new();
    while let Some(word) = words.next() {
        let argument = words.next().ok_or_else(|| format!("`{text}` ends after `{word}`"))?;
        match word {
            "&" => identifiers.push(vec![parse_identifier(argument)?]),
            "|" => identifiers.last_mut().unwrap_or(&mut Vec::new()).push(parse_identifier(argument)?),
            "when" | "unless" => conditions.push(parse_condition(word == "when", argument)?),
            _ => return Err(format!("`{word}` in `{text}` is neither `&`, `|`, `when` nor `unless`")),
        }
    }
    Ok(RowEntry { action, or, kind, kind_at, strict, identifiers, conditions })
}

/// Reads what stands behind `when` (`wanted`) or `unless`.
pub(crate) fn parse_condition(wanted: bool, text: &str) -> Result<RowCondition, String> {
    let (path, text) = match text.split_once('=') {
        Some((path, text)) => (path, Some(text.replace(SPACE, " "))),
        None => (text, None),
    };
    let version = path.ends_with(VERSION);
    Ok(RowCondition { wanted, path: path.trim_end_matches(VERSION).parse()?, text, version })
}

/// Returns whether a value names one version of a thing, by the number behind it.
fn names_version(value: &str) -> bool {
    let version = value.rsplit_once(':').map(|(_, last)| last);
    version.is_some_and(|it| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Reads a verb of the entry `text`.
pub(crate) fn parse_action(word: &str, text: &str) -> Result<Action, String> {
    match word {
        "created" => Ok(Action::Created),
        "changed" => Ok(Action::Changed),
        "deleted" => Ok(Action::Deleted),
        "read" => Ok(Action::Read),
        verb => Err(format!("`{verb}` in `{text}` is no verb")),
    }
}

fn parse_identifier(text: &str) -> Result<IdentifierExpr, String> {
    match text {
        "@account" => return Ok(IdentifierExpr::Account),
        "@caller" => return Ok(IdentifierExpr::Caller),
        _ => {}
    }
    if let Some(path) = text.strip_suffix('+') {
        return path.parse().map(IdentifierExpr::Below);
    }
    if let Some(path) = text.strip_suffix('*').filter(|path| !path.ends_with('.')) {
        return path.parse().map(IdentifierExpr::Each);
    }
    if let Some(path) = text.strip_suffix('^') {
        return path.parse().map(IdentifierExpr::Parent);
    }
    text.split('+').map(str::parse).collect::<Result<_, _>>().map(IdentifierExpr::Paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_read() {
        let entry = parse("created AWS::A::B rs.a.id | rq.x+rq.y unless rq.dry").unwrap();
        assert_eq!(entry.action, Some(Action::Created));
        assert_eq!(entry.kind.as_deref(), Some("AWS::A::B"));
        assert_eq!(entry.identifiers.len(), 1);
        assert!(matches!(&entry.identifiers[0][1], IdentifierExpr::Paths(paths) if paths.len() == 2));
        assert!(matches!(entry.conditions.as_slice(), [RowCondition { wanted: false, text: None, .. }]));
        let entry = parse("changed AWS::A::B? rq.x+ | rq.y^ & @caller when rq.t=T unless rq.u").unwrap();
        assert!(entry.strict && entry.conditions.len() == 2);
        assert_eq!(entry.conditions[0].text.as_deref(), Some("T"));
        assert!(matches!(
            entry.values().collect::<Vec<_>>().as_slice(),
            [IdentifierExpr::Below(_), IdentifierExpr::Parent(_), IdentifierExpr::Caller]
        ));
        assert_eq!(entry.identifiers.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        let put = parse("changed/created AWS::A::B rq.x").unwrap();
        assert_eq!((put.action, put.or), (Some(Action::Changed), Some(Action::Created)));
        assert_eq!(parse("related * @account").unwrap().identifiers, [[IdentifierExpr::Account]]);
    }

    #[test]
    fn mistakes_are_named() {
        for (text, part) in [
            ("", "lacks a verb"),
            ("made AWS::A::B rq.x", "`made`"),
            ("created B rq.x", "`B`"),
            ("created AWS::A::B", "lacks a value"),
            ("created AWS::A::B xx.y", "`xx.y`"),
            ("created AWS::A::B rq.x rq.y", "ends after `rq.y`"),
            ("created AWS::A::B rq.x rq.y rq.z", "is neither `&`"),
            ("created AWS::A::B rq.x |", "ends after `|`"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
