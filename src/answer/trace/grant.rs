//! Calls that make credentials, and what came out of them.
//!
//! Which calls these are and where their results stand: the API references of
//! STS and IAM, the sign-in and Identity Center events of the CloudTrail user
//! guide. Any other call whose response has `credentials.accessKeyId` counts as
//! well. A failed call makes nothing and is none of these.

use super::caller::{Caller, CallerKind, value_at_path};
use crate::event::{Event, Json, Outcome, Time, nonempty_text, scalar_text};
use serde::Serialize;
use std::sync::Arc;

/// How one credential came from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum IssuedBy {
    /// A role was assumed (`AssumeRole*`, `AssumeRoot`).
    Assumed,
    /// `GetSessionToken`.
    SessionToken,
    /// `GetFederationToken`.
    Federated,
    /// Temporary credentials from another call.
    Issued,
    /// A console sign-in.
    SignedIn,
    /// The console switched to a role.
    Switched,
    /// Identity Center gave out the credentials of a permission set.
    IdentityCenter,
    /// A long-lived access key was made.
    KeyCreated,
    /// A password was set.
    PasswordSet,
    /// The credential belongs to this identity.
    Owns,
    /// A service called in the name of this identity.
    OnBehalf,
    /// Two names of one person.
    SamePerson,
    /// The same session, by its name and the moment it began.
    SameSession,
}

/// One call that made a credential.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::answer) struct Issuance {
    pub(in crate::answer) time: Option<Time>,
    pub(in crate::answer) event_id: String,
    pub(in crate::answer) call: String,
    pub(in crate::answer) how: IssuedBy,
    /// Shared by all that the caller made.
    pub(in crate::answer) caller: Arc<Caller>,
    /// What copies of the call for several accounts have in common; a service has none.
    pub(in crate::answer) shared_id: Option<String>,
    pub(in crate::answer) made: IssuedCredential,
}

/// What a call made.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::answer) struct IssuedCredential {
    /// The access key.
    pub(in crate::answer) key: Option<String>,
    /// When it expires.
    pub(in crate::answer) expires: Option<Time>,
    /// The ARN that calls made with it will have.
    pub(in crate::answer) arn: Option<String>,
    /// The unique id that they will have.
    pub(in crate::answer) principal_id: Option<String>,
    /// The user that a long-lived key or a password belongs to.
    pub(in crate::answer) user: Option<String>,
    /// The account that it is good for.
    pub(in crate::answer) account: Option<String>,
    /// The ARN that the console was switched from.
    pub(in crate::answer) from: Option<String>,
    /// The permission set of Identity Center.
    pub(in crate::answer) permission_set: Option<String>,
    /// The source identity that was set.
    pub(in crate::answer) source_identity: Option<String>,
}

/// Returns whether a call of this name may make a credential or take one away. What other calls
/// give out is known only where the record is read for another reason.
pub(in crate::answer) fn may_make_or_take(name: &str) -> bool {
    const WORDS: [&str; 7] = [
        "AssumeRo",
        "SessionToken",
        "FederationToken",
        "Credentials",
        "DataAccess",
        "CreateSession",
        "LoginProfile",
    ];
    const NAMES: [&str; 8] = [
        "ConsoleLogin",
        "SwitchRole",
        "CreateAccessKey",
        "UpdateAccessKey",
        "DeleteAccessKey",
        "DeleteUser",
        "DeleteRole",
        "PutRolePolicy",
    ];
    WORDS.iter().any(|word| name.contains(word)) || NAMES.contains(&name)
}

impl Issuance {
    /// Reads what a call made: nothing when it failed, several when it made several.
    pub(in crate::answer) fn of(event: &Event<'_>, caller: &Arc<Caller>) -> Vec<Self> {
        if event.outcome() == Outcome::Failed {
            return Vec::new();
        }
        let made = read_credentials(event, caller);
        let shared = event.text("sharedEventID").filter(|_| caller.kind != CallerKind::AwsService);
        let grant = |(how, made)| Self {
            time: event.time(),
            event_id: event.text("eventID").unwrap_or_default().to_owned(),
            call: event.name().to_owned(),
            how,
            caller: Arc::clone(caller),
            shared_id: shared.map(str::to_owned),
            made,
        };
        made.into_iter().map(grant).collect()
    }
}

fn read_credentials(event: &Event<'_>, caller: &Caller) -> Vec<(IssuedBy, IssuedCredential)> {
    let owned = |path: &str| event.at(path).and_then(nonempty_text).map(str::to_owned);
    let account = event.recipient_account().map(|account| account.into_owned());
    match (event.source(), event.name()) {
        ("iam.amazonaws.com", "CreateAccessKey") => {
            let Some(key) = owned("responseElements.accessKey.accessKeyId") else { return Vec::new() };
            let user = owned("responseElements.accessKey.userName")
                .or_else(|| owned("requestParameters.userName"))
                .or_else(|| own_name(caller));
            vec![(
                IssuedBy::KeyCreated,
                IssuedCredential { key: Some(key), user, account, ..IssuedCredential::default() },
            )]
        }
        ("iam.amazonaws.com", "CreateLoginProfile" | "UpdateLoginProfile") => {
            let user = owned("requestParameters.userName").or_else(|| own_name(caller));
            vec![(IssuedBy::PasswordSet, IssuedCredential { user, account, ..IssuedCredential::default() })]
        }
        ("signin.amazonaws.com", "ConsoleLogin") => {
            vec![(
                IssuedBy::SignedIn,
                IssuedCredential { arn: caller.arn.clone(), account, ..IssuedCredential::default() },
            )]
        }
        ("signin.amazonaws.com", "SwitchRole") => {
            let from = owned("additionalEventData.SwitchFrom");
            vec![(
                IssuedBy::Switched,
                IssuedCredential { arn: caller.arn.clone(), account, from, ..IssuedCredential::default() },
            )]
        }
        ("sso.amazonaws.com", "GetRoleCredentials") => {
            let at = |path: &str| event.at(path).and_then(scalar_text).map(|it| it.into_owned());
            let permission_set =
                at("serviceEventDetails.role_name").or_else(|| at("requestParameters.roleName"));
            let account = at("serviceEventDetails.account_id").or_else(|| at("requestParameters.accountId"));
            vec![(
                IssuedBy::IdentityCenter,
                IssuedCredential { permission_set, account, ..IssuedCredential::default() },
            )]
        }
        _ => read_temporary_credentials(event, caller, account),
    }
}

/// A call on one's own user may leave out the name.
fn own_name(caller: &Caller) -> Option<String> {
    (caller.kind == CallerKind::IamUser).then(|| caller.name.clone())
}

/// Temporary credentials, wherever they come from.
fn read_temporary_credentials(
    event: &Event<'_>,
    caller: &Caller,
    account: Option<String>,
) -> Vec<(IssuedBy, IssuedCredential)> {
    let Some(response) = event.at("responseElements") else { return Vec::new() };
    let how = match event.name() {
        name if name.starts_with("AssumeRo") => IssuedBy::Assumed,
        "GetSessionToken" => IssuedBy::SessionToken,
        "GetFederationToken" => IssuedBy::Federated,
        _ => IssuedBy::Issued,
    };
    let one = |response: Json<'_>| {
        let at = |path: &str| value_at_path(response, path).and_then(nonempty_text).map(str::to_owned);
        let key = at("credentials.accessKeyId")?;
        let requested = |name: &str| {
            event
                .at("requestParameters")
                .and_then(|it| value_at_path(it, name))
                .and_then(nonempty_text)
                .map(str::to_owned)
        };
        let arn = at("assumedRoleUser.arn")
            .or_else(|| at("federatedUser.arn"))
            .or_else(|| session_arn(&requested("roleArn")?, &requested("roleSessionName")?))
            .or_else(|| (how == IssuedBy::SessionToken).then(|| caller.arn.clone())?);
        Some(IssuedCredential {
            key: Some(key),
            expires: value_at_path(response, "credentials.expiration")
                .and_then(scalar_text)
                .and_then(|it| Time::of_service(&it)),
            account: arn.as_deref().and_then(account_of).or(account.clone()),
            arn,
            principal_id: at("assumedRoleUser.assumedRoleId").or_else(|| at("federatedUser.federatedUserId")),
            source_identity: requested("sourceIdentity").or_else(|| at("sourceIdentity")),
            ..IssuedCredential::default()
        })
    };
    // Roles Anywhere gives a list.
    let set = value_at_path(response, "credentialSet").and_then(|set| set.as_array());
    let list = set.into_iter().flat_map(|set| set.iter().collect::<Vec<_>>());
    std::iter::once(response).chain(list).filter_map(one).map(|made| (how, made)).collect()
}

/// The ARN that the sessions of a role have: without the path of the role.
pub(in crate::answer) fn session_arn(role: &str, session: &str) -> Option<String> {
    let mut parts = role.splitn(6, ':');
    let (_arn, partition, service) = (parts.next()?, parts.next()?, parts.next()?);
    let (_region, account, resource) = (parts.next()?, parts.next()?, parts.next()?);
    let name = resource.strip_prefix("role/")?.rsplit('/').next()?;
    (service == "iam").then(|| format!("arn:{partition}:sts::{account}:assumed-role/{name}/{session}"))
}

pub(in crate::answer) fn account_of(arn: &str) -> Option<String> {
    arn.split(':').nth(4).filter(|account| !account.is_empty()).map(str::to_owned)
}
