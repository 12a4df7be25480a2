//! What is traced: a key, an event, a user, a role, a session, a service or an instance.

use super::caller::CallerKind;
use super::graph::{CredentialGraph, CredentialNode, NodeId};
use crate::aws::ids::{is_unique_id_text, starts_as_access_key};
use crate::error::Error;
use crate::text::{is_literal_in_json, longest_run};
use std::collections::BTreeMap;

/// What was asked for, as typed and as meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceTarget {
    text: String,
    form: TargetForm,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum TargetForm {
    Key,
    Event,
    /// A unique id, of a user or of a role and its session.
    Unique,
    /// Of one kind, or of any; in one account, or in any.
    Named {
        kind: Option<TargetKind>,
        account: Option<String>,
        name: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TargetKind {
    User,
    Role,
    Session,
    Federated,
    Root,
    Service,
    Instance,
}

impl TraceTarget {
    /// Reads what is to be traced: an access key, the id of an event, an ARN, a unique id, a service,
    /// an instance, `user/alice`, `role/Admin`, `session/bob`, `root`, or a plain name.
    ///
    /// ```
    /// use trailscan::answer::trace::TraceTarget;
    ///
    /// assert!(TraceTarget::parse("AKIAIOSFODNN7EXAMPLE").is_ok());
    /// assert!(TraceTarget::parse("user/alice").is_ok());
    /// assert!(TraceTarget::parse("bucket/payroll").is_err());
    /// ```
    ///
    /// # Errors
    /// When it is none of these.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        if let Some(id) = text.strip_prefix("event/").filter(|id| !id.is_empty()) {
            return Ok(Self { text: id.to_owned(), form: TargetForm::Event });
        }
        let form = parse_form(text).ok_or_else(|| {
            Error::new(format!("`{text}` cannot be traced: expected a credential or somebody who holds one"))
                .hint("write `AKIA…`, `user/alice`, `role/Admin`, `session/NAME`, an ARN, or the id of an event")
        })?;
        // A key is told by itself, whatever stands in front of it.
        let text = if form == TargetForm::Key { text.rsplit('/').next().unwrap_or(text) } else { text };
        Ok(Self { text: text.to_owned(), form })
    }

    /// Returns it as typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the id of the event, when one is traced.
    pub fn event_id(&self) -> Option<&str> {
        (self.form == TargetForm::Event).then_some(self.text.as_str())
    }

    /// Returns what stands in every record whose caller it is, case ignored; empty where nothing has to.
    pub fn literal(&self) -> &str {
        longest_literal(match &self.form {
            TargetForm::Named { name, .. } => name,
            _ => &self.text,
        })
    }

    /// Returns the nodes that it names, by what they are.
    pub(super) fn find(&self, graph: &CredentialGraph) -> BTreeMap<&'static str, Vec<usize>> {
        let mut found: BTreeMap<&'static str, Vec<usize>> = BTreeMap::new();
        for (at, node) in graph.nodes.iter().enumerate() {
            if let Some(word) = self.names(node) {
                found.entry(word).or_default().push(at);
            }
        }
        found
    }

    fn names(&self, node: &CredentialNode) -> Option<&'static str> {
        match &self.form {
            TargetForm::Event => None,
            TargetForm::Key => {
                let is = matches!(&node.id, NodeId::Key(key) if *key == self.text)
                    || node.keys.contains_key(&self.text);
                is.then_some("access key")
            }
            TargetForm::Unique => {
                let is = node.principals.iter().any(|id| {
                    *id == self.text || (!self.text.contains(':') && id.split(':').next() == Some(&self.text))
                });
                is.then_some("unique id")
            }
            TargetForm::Named { kind, account, name } => {
                let in_account =
                    account.is_none() || node.who.account.is_none() || node.who.account == *account;
                let is = |word: TargetKind| kind.is_none_or(|kind| kind == word);
                match_node_name(node, name, &is).filter(|_| in_account)
            }
        }
    }
}

fn match_node_name(
    node: &CredentialNode,
    name: &str,
    is: &dyn Fn(TargetKind) -> bool,
) -> Option<&'static str> {
    let same = |text: &str| text.eq_ignore_ascii_case(name);
    match &node.id {
        NodeId::Person(_) => match node.who.kind {
            CallerKind::IamUser => (is(TargetKind::User) && same(&node.who.name)).then_some("user"),
            CallerKind::Root => (is(TargetKind::Root)
                && (same("root") || node.who.account.as_deref() == Some(name)))
            .then_some("root"),
            CallerKind::AwsService => (is(TargetKind::Service) && same(&node.who.name)).then_some("service"),
            CallerKind::Role => (is(TargetKind::Role) && same(&node.who.name)).then_some("role"),
            CallerKind::Instance => (is(TargetKind::Instance) && same(&node.who.name)).then_some("instance"),
            _ => (is(TargetKind::Federated) && (same(&node.who.name) || same(&node.who.who)))
                .then_some("federated identity"),
        },
        NodeId::Key(_) | NodeId::Password(..) => {
            let user = node
                .user
                .as_deref()
                .or((node.who.kind == CallerKind::IamUser).then_some(node.who.name.as_str()));
            (is(TargetKind::User) && user.is_some_and(same)).then_some("user")
        }
        NodeId::Session(arn, ..) => {
            if let Some((role, session)) = role_and_session(arn) {
                if is(TargetKind::Role) && same(role) {
                    return Some("role");
                }
                let is_session =
                    is(TargetKind::Session) || (is(TargetKind::Instance) && session.starts_with("i-"));
                let whole =
                    name.split_once('/').is_some_and(|(r, s)| r.eq_ignore_ascii_case(role) && s == session);
                return (is_session && (session == name || whole)).then_some("session");
            }
            let federated = arn.split_once(":federated-user/").map(|it| it.1);
            (is(TargetKind::Federated) && federated.is_some_and(same)).then_some("federated identity")
        }
        NodeId::OnBehalf(..) => None,
    }
}

/// The longest piece that JSON never writes with an escape and that words are made of.
pub(super) fn longest_literal(text: &str) -> &str {
    longest_run(text, |it| is_literal_in_json(it) || it == '@')
}

/// The role and the name in the ARN of a role session.
pub(super) fn role_and_session(arn: &str) -> Option<(&str, &str)> {
    arn.split_once(":assumed-role/")?.1.split_once('/')
}

fn parse_form(text: &str) -> Option<TargetForm> {
    if text.is_empty() || text.contains(char::is_whitespace) {
        return None;
    }
    if text.len() >= 16 && is_unique_id_text(text) && starts_as_access_key(text) {
        return Some(TargetForm::Key);
    }
    let unique = text.split(':').next().unwrap_or(text);
    if unique.len() >= 16
        && is_unique_id_text(unique)
        && (unique.starts_with("AIDA") || unique.starts_with("AROA"))
    {
        return Some(TargetForm::Unique);
    }
    if is_uuid(text) {
        return Some(TargetForm::Event);
    }
    if text.starts_with("arn:") {
        return of_arn(text);
    }
    let named = |kind, name: &str| {
        let name = name.to_owned();
        (!name.is_empty()).then_some(TargetForm::Named { kind, account: None, name })
    };
    if let Some((word, name)) = text.split_once('/') {
        let last = name.rsplit('/').next().unwrap_or(name);
        return match word.to_ascii_lowercase().as_str() {
            "user" => named(Some(TargetKind::User), last),
            "role" => named(Some(TargetKind::Role), last),
            "session" | "assumed-role" => named(Some(TargetKind::Session), name),
            "federated-user" => named(Some(TargetKind::Federated), name),
            "service" => named(Some(TargetKind::Service), name),
            "instance" => named(Some(TargetKind::Instance), name),
            "key" | "access-key" => parse_form(name).filter(|form| *form == TargetForm::Key),
            _ => None,
        };
    }
    if text.eq_ignore_ascii_case("root") {
        return named(Some(TargetKind::Root), "root");
    }
    if text.ends_with(".amazonaws.com") {
        return named(Some(TargetKind::Service), text);
    }
    if text.starts_with("i-") && text.len() >= 10 {
        return named(Some(TargetKind::Instance), text);
    }
    named(None, text)
}

fn of_arn(arn: &str) -> Option<TargetForm> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let [_, _, service, _, account, resource] = parts.as_slice() else { return None };
    let (word, name) = resource.split_once('/').unwrap_or((resource, ""));
    let last = name.rsplit('/').next().unwrap_or(name);
    let (kind, name) = match (*service, word) {
        ("iam", "user") => (TargetKind::User, last),
        ("iam", "role") => (TargetKind::Role, last),
        ("iam", "root") => (TargetKind::Root, "root"),
        ("sts", "assumed-role") => (TargetKind::Session, name),
        ("sts", "federated-user") => (TargetKind::Federated, name),
        _ => return None,
    };
    let account = (!account.is_empty()).then(|| (*account).to_owned());
    (!name.is_empty()).then(|| TargetForm::Named { kind: Some(kind), account, name: name.to_owned() })
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_told_apart() {
        for (text, form) in [
            ("AKIAIOSFODNN7EXAMPLE", "Key"),
            ("ASIAIOSFODNN7EXAMPLE", "Key"),
            ("8c282c0b-00d1-4369-95b7-cb50b6eee620", "Event"),
            ("AIDATFQR7NSC5AU2ZV3IE", "Unique"),
            ("AROATFQR7NSC6Q6YRQ2Q7:i-0dbc91f429e48eeed", "Unique"),
            ("arn:aws:iam::111122223333:user/path/alice", "User"),
            ("arn:aws:sts::111122223333:assumed-role/Admin/bob@corp", "Session"),
            ("role/service-role/Batch", "Role"),
            ("ec2.amazonaws.com", "Service"),
            ("i-0dbc91f429e48eeed", "Instance"),
            ("alice", "None"),
        ] {
            let debug = format!("{:?}", TraceTarget::parse(text).unwrap().form);
            assert!(debug.contains(form), "{text}: {debug}");
        }
        for text in ["", "bucket/payroll", "arn:aws:s3:::payroll", "two words", "user/"] {
            assert!(TraceTarget::parse(text).is_err(), "{text}");
        }
    }
}
