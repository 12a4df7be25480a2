//! What a record teaches about the names of its caller: `userIdentity` holds the unique id, the name and the
//! ARN of a user, `sessionIssuer` those of the role (or user) behind a session, and the response of the calls
//! that hand out sessions the id of the role beside its ARN.
//!
//! None of it is an act: nobody did anything to these users and roles by calling. They are for whoever learns
//! which names are one and the same.

use crate::event::{Event, Json, member_of, nonempty_text};
use crate::resource::Resource;

/// The start of a user's unique id and of a role's.
const UNIQUE: [(&str, &str); 2] = [("AIDA", "AWS::IAM::User"), ("AROA", "AWS::IAM::Role")];

/// Returns the users and roles that a record names as its caller, or as what the session it hands out is of,
/// each with all its identifiers: name, unique id, and the ARN with its path where the record has that.
pub fn named_by_caller(event: &Event<'_>) -> Vec<Resource> {
    let mut found = find_callers(event);
    found.extend(assumed_role(event));
    found.dedup();
    found
}

/// Returns the users and roles that made a call: the caller, and whose session that was.
pub fn find_callers(event: &Event<'_>) -> Vec<Resource> {
    let Some(identity) = event.get("userIdentity") else { return Vec::new() };
    let context = member_of(identity, "sessionContext");
    let issuer = context.and_then(|context| member_of(context, "sessionIssuer"));
    read_principal(identity).into_iter().chain(issuer.and_then(read_principal)).collect()
}

/// The user or role that `userIdentity` or `sessionIssuer` is about, where its parts agree.
fn read_principal(identity: Json<'_>) -> Option<Resource> {
    let field =
        |name: &str| member_of(identity, name).and_then(nonempty_text).filter(|value| !value.is_empty());
    let unique = field("principalId").and_then(unique_id);
    let arn = field("arn").and_then(CallerPrincipal::of);
    let kind = match (unique, &arn) {
        (Some((kind, _)), Some(arn)) if arn.kind != kind => return None,
        (Some((kind, _)), _) => kind,
        (None, Some(arn)) => arn.kind,
        (None, None) => return None,
    };
    // The name beside a session's ARN may be the session's; of a sign-in that failed AWS hides it.
    let told = field("userName").filter(|_| field("type") != Some("AssumedRole"));
    let told = told.filter(|name| !name.starts_with("HIDDEN_DUE_TO"));
    let name = match (&arn, told) {
        (Some(arn), Some(told)) if !arn.name.eq_ignore_ascii_case(told) => return None,
        (Some(arn), _) => Some(arn.name),
        (None, told) => told,
    };
    build_principal(kind, name, unique.map(|(_, id)| id), arn.as_ref())
}

/// The role of the session that a call of STS handed out.
fn assumed_role(event: &Event<'_>) -> Option<Resource> {
    if event.source() != "sts.amazonaws.com" {
        return None;
    }
    let user = event.at("responseElements.assumedRoleUser")?;
    let (kind, id) = unique_id(member_of(user, "assumedRoleId").and_then(nonempty_text)?)?;
    let session =
        CallerPrincipal::of(member_of(user, "arn").and_then(nonempty_text)?).filter(|it| it.kind == kind)?;
    let mut role = build_principal(kind, Some(session.name), Some(id), Some(&session))?;
    // The request has the role's own ARN, with its path.
    let own = event.at("requestParameters.roleArn").and_then(nonempty_text).and_then(CallerPrincipal::of);
    if let Some(own) = own.filter(|own| own.is_whole && own.is_like(&session)) {
        role.also(own.arn);
    }
    Some(role)
}

/// What the ARN of a user, of a role or of a role's session says.
struct CallerPrincipal<'a> {
    kind: &'static str,
    name: &'a str,
    arn: &'a str,
    account: &'a str,
    /// Whether it is the ARN of the user or role itself.
    is_whole: bool,
}

impl<'a> CallerPrincipal<'a> {
    fn of(arn: &'a str) -> Option<Self> {
        let mut parts = arn.splitn(6, ':').skip(2);
        let (service, _, account, resource) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let (noun, rest) = resource.split_once('/')?;
        let (kind, name) = match (service, noun) {
            ("iam", "user") => ("AWS::IAM::User", rest.rsplit('/').next()?),
            ("iam", "role") => ("AWS::IAM::Role", rest.rsplit('/').next()?),
            ("sts", "assumed-role") => ("AWS::IAM::Role", rest.split('/').next()?),
            _ => return None,
        };
        (!name.is_empty()).then_some(Self { kind, name, arn, account, is_whole: service == "iam" })
    }

    fn is_like(&self, other: &Self) -> bool {
        self.kind == other.kind && self.account == other.account && self.name == other.name
    }
}

/// The unique id at the start of a principal id, and the type it tells.
fn unique_id(principal: &str) -> Option<(&'static str, &str)> {
    let id = principal.split(':').next()?;
    let sound = id.len() > 4 && id.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit());
    let (_, kind) = UNIQUE.iter().find(|(start, _)| sound && id.starts_with(start))?;
    Some((kind, id))
}

/// One resource by all that is known of it.
fn build_principal(
    kind: &str,
    name: Option<&str>,
    id: Option<&str>,
    arn: Option<&CallerPrincipal<'_>>,
) -> Option<Resource> {
    let mut resource = Resource::new(kind, name.or(id)?);
    if let (Some(_), Some(id)) = (name, id) {
        resource.also_unique(id);
    }
    if let Some(arn) = arn {
        if arn.is_whole {
            resource.also(arn.arn);
        }
        resource.owned_by(Some(arn.account).filter(|it| !it.is_empty()), None);
    }
    Some(resource)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::EventParser;

    fn told(record: &str) -> Vec<String> {
        let tell = |it: &Resource| {
            let kind = it.kind.trim_start_matches("AWS::IAM::");
            format!("{kind} {} of {}", it.identifiers().join(" "), it.account.as_deref().unwrap_or("?"))
        };
        let read = |event: &Event<'_>| named_by_caller(event).iter().map(tell).collect();
        EventParser::default().read(record.as_bytes(), read).unwrap()
    }

    #[test]
    fn the_caller_block_teaches_names() {
        for (record, want) in [
            (
                r#"{"userIdentity":{"type":"IAMUser","principalId":"AIDAEXAMPLE1","arn":"arn:aws:iam::111122223333:user/ops/bob","userName":"bob"}}"#,
                &["User bob AIDAEXAMPLE1 arn:aws:iam::111122223333:user/ops/bob of 111122223333"][..],
            ),
            (
                r#"{"userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE1:s","arn":"arn:aws:sts::111122223333:assumed-role/Deploy/s",
                    "sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAEXAMPLE1","arn":"arn:aws:iam::111122223333:role/ci/Deploy","userName":"Deploy"}}}}"#,
                &[
                    "Role Deploy AROAEXAMPLE1 of 111122223333",
                    "Role Deploy AROAEXAMPLE1 arn:aws:iam::111122223333:role/ci/Deploy of 111122223333",
                ],
            ),
            (
                r#"{"userIdentity":{"type":"FederatedUser","principalId":"111122223333:eve","arn":"arn:aws:sts::111122223333:federated-user/eve",
                    "sessionContext":{"sessionIssuer":{"type":"IAMUser","principalId":"AIDAEXAMPLE1","arn":"arn:aws:iam::111122223333:user/bob","userName":"bob"}}}}"#,
                &["User bob AIDAEXAMPLE1 arn:aws:iam::111122223333:user/bob of 111122223333"],
            ),
            (
                r#"{"eventSource":"sts.amazonaws.com","userIdentity":{"type":"AWSAccount","principalId":"AIDAEXAMPLE2","accountId":"444455556666"},
                    "requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/x/Audit"},
                    "responseElements":{"assumedRoleUser":{"assumedRoleId":"AROAEXAMPLE2:s","arn":"arn:aws:sts::111122223333:assumed-role/Audit/s"}}}"#,
                &[
                    "User AIDAEXAMPLE2 of ?",
                    "Role Audit AROAEXAMPLE2 arn:aws:iam::111122223333:role/x/Audit of 111122223333",
                ],
            ),
        ] {
            assert_eq!(told(record), want, "{record}");
        }
    }

    #[test]
    fn what_does_not_belong_together_is_not_put_together() {
        for record in [
            r#"{"userIdentity":{"type":"Root","principalId":"111122223333","arn":"arn:aws:iam::111122223333:root"}}"#,
            r#"{"userIdentity":{"type":"AWSService","invokedBy":"ec2.amazonaws.com"}}"#,
            r#"{"userIdentity":{"type":"IAMUser","accountId":"111122223333","userName":"HIDDEN_DUE_TO_SECURITY_REASONS"}}"#,
            r#"{"userIdentity":{"type":"IAMUser","principalId":"AIDAEXAMPLE1","arn":"arn:aws:iam::111122223333:user/bob","userName":"eve"}}"#,
            r#"{"userIdentity":{"type":"IAMUser","principalId":"AROAEXAMPLE1","arn":"arn:aws:iam::111122223333:user/bob"}}"#,
            r#"{"eventSource":"evil.example.com","responseElements":{"assumedRoleUser":{"assumedRoleId":"AROAEXAMPLE2:s","arn":"arn:aws:sts::1:assumed-role/A/s"}}}"#,
        ] {
            assert_eq!(told(record), [""; 0], "{record}");
        }
        // The role that was asked for and the one that was given are two.
        let other = r#"{"eventSource":"sts.amazonaws.com","requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/B"},
            "responseElements":{"assumedRoleUser":{"assumedRoleId":"AROAEXAMPLE2:s","arn":"arn:aws:sts::111122223333:assumed-role/A/s"}}}"#;
        assert_eq!(told(other), ["Role A AROAEXAMPLE2 of 111122223333"]);
    }
}
