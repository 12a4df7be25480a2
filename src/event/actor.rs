//! Who made a call, from `userIdentity`.
//!
//! The rules follow the CloudTrail `userIdentity` element reference: what each
//! identity type carries, and what stands in for a name where there is none.

use super::{Event, Json, bool_value, member_of, nonempty_text};
use std::borrow::Cow;

/// What CloudTrail writes in place of a name that may be a mistyped password.
const HIDDEN: &str = "HIDDEN_DUE_TO_SECURITY_REASONS";

/// What CloudTrail writes in place of an account where S3 was called without credentials.
const ANONYMOUS: &str = "ANONYMOUS_PRINCIPAL";

/// What the role sessions of IAM Identity Center are called by (IAM Identity Center User Guide, permission sets).
const IDENTITY_CENTER_ROLE: &str = "AWSReservedSSO_";

/// Who made a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actor<'e> {
    /// `userIdentity.type`; for the records without one what they amount to.
    pub kind: &'e str,
    /// The bare name: of the user, the role, the service.
    pub name: Cow<'e, str>,
    /// The ARN of the caller (of the session, for a role).
    pub arn: Option<&'e str>,
    /// The ARN of the role or user that issued the session.
    pub issuer_arn: Option<&'e str>,
    /// The account of the caller, which need not be the one of the event.
    pub account: Option<&'e str>,
    /// The name of the role session.
    pub session: Option<&'e str>,
    /// The access key that signed the call.
    pub access_key_id: Option<&'e str>,
    /// Whether the session was made with a second factor, where the event says so.
    pub mfa: Option<bool>,
    /// The identity that a chain of roles set out from, where it was set.
    pub source_identity: Option<&'e str>,
    /// The service that made the call on behalf of the caller.
    pub invoked_by: Option<&'e str>,
    /// The unique id of the caller.
    pub principal_id: Option<&'e str>,
    /// Who vouched for the caller, for SAML and web identities.
    pub identity_provider: Option<&'e str>,
    /// Whether root is meant by a session that the organization made with `AssumeRoot`.
    pub is_assumed_root: bool,
}

impl<'e> Actor<'e> {
    pub(super) fn of(event: &Event<'e>) -> Self {
        let Some(identity) = event.get("userIdentity") else {
            let name = if event.text("eventType") == Some("AwsServiceEvent") { event.source() } else { "" };
            let kind = if name.is_empty() { "Unknown" } else { "AWSService" };
            return Self { kind, name: Cow::Borrowed(name), ..Self::default() };
        };
        let field = |name: &str| member_of(identity, name).and_then(nonempty_text);
        let context = member_of(identity, "sessionContext");
        let issuer = context.and_then(|context| member_of(context, "sessionIssuer"));
        let arn = field("arn");
        let invoked_by = field("invokedBy");
        let mut actor = Self {
            kind: field("type").unwrap_or_else(|| untyped_kind(invoked_by, field("accountId"))),
            arn,
            issuer_arn: issuer.and_then(|issuer| member_of(issuer, "arn")).and_then(nonempty_text),
            account: field("accountId").or_else(|| arn.and_then(|arn| account_of(arn))),
            access_key_id: field("accessKeyId"),
            source_identity: context
                .and_then(|context| member_of(context, "sourceIdentity"))
                .and_then(nonempty_text),
            invoked_by,
            principal_id: field("principalId"),
            identity_provider: field("identityProvider"),
            is_assumed_root: context.and_then(|it| member_of(it, "assumedRoot")).and_then(bool_value)
                == Some(true),
            ..Self::default()
        };
        actor.mfa = has_mfa(event, &actor, context);
        actor.session = session_name(&actor);
        actor.name = actor_name(&actor, identity, issuer);
        actor
    }

    /// Returns every name that the caller goes by, for filters.
    pub fn names(&self) -> Vec<Cow<'_, str>> {
        let name = self.name.as_ref();
        let typed = match self.kind {
            "IAMUser" => Some(format!("user/{name}")),
            "AssumedRole" | "Role" => Some(format!("role/{name}")),
            "Root" if self.invoked_by.is_some() || self.is_assumed_root => {
                Some(self.account.map_or_else(|| "root".to_owned(), |account| format!("root of {account}")))
            }
            "AWSAccount" => self.account.map(|account| format!("account {account}")),
            _ => None,
        };
        // A session's id is that of its role, a colon, and the name of the session.
        let id = self.principal_id.and_then(|id| id.split(':').next());
        let issuer = self.issuer_arn.and_then(last_segment);
        let borrowed = [self.arn, self.issuer_arn, self.session, self.principal_id, id, issuer];
        let anonymous = self.is_anonymous().then_some(ANONYMOUS);
        let more = [self.source_identity, self.invoked_by, self.identity_provider, anonymous];
        let plain = borrowed.into_iter().chain(more).flatten().map(Cow::Borrowed);
        [Cow::Borrowed(name), Cow::Owned(self.who())]
            .into_iter()
            .chain(typed.map(Cow::Owned))
            .chain(plain)
            .collect()
    }

    /// Returns what a person would say: `alice`, `role Admin (session bob@corp)`, `root of 111122223333`.
    pub fn who(&self) -> String {
        let name = self.name.as_ref();
        match self.kind {
            "Root" => self.who_as_root(),
            "IAMUser" if name == HIDDEN => "a user whose name AWS withholds".to_owned(),
            "AssumedRole" => match self.session {
                Some(session) => format!("role {name} (session {session})"),
                None => format!("role {name}"),
            },
            "Role" => format!("role {name}"),
            "FederatedUser" => match self.issuer_arn.and_then(last_segment) {
                Some(issuer) => format!("federated user {name} (issued by {issuer})"),
                None => format!("federated user {name}"),
            },
            "Directory" => format!("directory user {name}"),
            "AWSAccount" if self.is_anonymous() => "anonymous (no credentials)".to_owned(),
            "AWSAccount" => match self.foreign() {
                Some(foreign) => format!("account {name} ({foreign})"),
                None => format!("account {name}"),
            },
            "IdentityCenterUser" => format!("Identity Center user {name}"),
            "SAMLUser" | "WebIdentityUser" => match self.identity_provider {
                Some(provider) if provider != name => format!("{name} via {provider}"),
                _ => name.to_owned(),
            },
            "Unknown" if name.is_empty() => "unknown".to_owned(),
            "Unknown" => format!("unknown ({name})"),
            _ if name.is_empty() => "unknown".to_owned(),
            _ => name.to_owned(),
        }
    }
}

impl Actor<'_> {
    /// Returns whether nobody signed the call: anybody on the internet may have made it.
    pub fn is_anonymous(&self) -> bool {
        self.kind == "AWSAccount"
            && (self.account == Some(ANONYMOUS) || self.principal_id.is_some_and(|id| id == ANONYMOUS))
    }

    /// Returns whether the record withholds who it was, as that of the owner of a resource does of callers
    /// from another account: the caller's own account has a record with the name.
    pub fn is_foreign(&self) -> bool {
        self.kind == "AWSAccount" && !self.is_anonymous()
    }

    /// Root itself, a session that stands for it, or a service that acted in its name (AWS Support, of itself).
    fn who_as_root(&self) -> String {
        let root = match (self.is_assumed_root, self.account) {
            (true, Some(account)) => format!("assumed root of {account}"),
            (true, None) => "assumed root".to_owned(),
            (false, Some(account)) => format!("root of {account}"),
            (false, None) => "root".to_owned(),
        };
        match self.invoked_by {
            Some(service) => format!("{service} in the name of {root}"),
            None => root,
        }
    }

    /// What the unique id tells of a caller from another account (IAM User Guide, "Unique identifiers").
    fn foreign(&self) -> Option<String> {
        let id = self.principal_id.filter(|id| Some(*id) != self.account && !id.is_empty())?;
        let (id, session) = id.split_once(':').map_or((id, None), |(id, session)| (id, Some(session)));
        let kind = match id.get(..4) {
            Some("AIDA") => "user ",
            Some("AROA") => "role ",
            _ => "",
        };
        Some(match session {
            Some(session) => format!("{kind}{id}, session {session}"),
            None => format!("{kind}{id}"),
        })
    }
}

/// What a record without `userIdentity.type` tells of: service events carry the service or the account only.
fn untyped_kind(invoked_by: Option<&str>, account: Option<&str>) -> &'static str {
    match (invoked_by, account) {
        (Some(_), _) => "AWSService",
        (None, Some(_)) => "AWSAccount",
        (None, None) => "Unknown",
    }
}

fn actor_name<'e>(actor: &Actor<'e>, identity: Json<'e>, issuer: Option<Json<'e>>) -> Cow<'e, str> {
    let field = |name: &str| member_of(identity, name).and_then(nonempty_text);
    let issuer_name = || issuer.and_then(|issuer| member_of(issuer, "userName")).and_then(nonempty_text);
    let tail = || actor.arn.and_then(last_segment);
    let fallback = || actor.principal_id.or(actor.account).unwrap_or_default();
    let name = match actor.kind {
        "Root" => Some("root"),
        "AssumedRole" | "Role" => issuer_name()
            .or_else(|| actor.issuer_arn.and_then(last_segment))
            .or_else(|| actor.arn.and_then(role_of))
            .or_else(|| field("userName"))
            .or_else(|| actor.principal_id.map(|id| id.split(':').next().unwrap_or(id))),
        "AWSService" => actor.invoked_by.or_else(|| field("userName")).or_else(tail),
        "AWSAccount" if actor.is_anonymous() => Some("anonymous"),
        "AWSAccount" => actor.account.or(actor.principal_id),
        "FederatedUser" => tail().or_else(|| field("userName")),
        "IdentityCenterUser" => member_of(identity, "onBehalfOf")
            .and_then(|user| member_of(user, "userId"))
            .and_then(nonempty_text)
            .or_else(|| field("userName")),
        "SAMLUser" | "WebIdentityUser" => {
            field("userName").or(actor.principal_id).or(actor.identity_provider)
        }
        _ => field("userName").or_else(tail).or_else(issuer_name),
    };
    Cow::Borrowed(name.unwrap_or_else(fallback))
}

/// The session: behind the role in the ARN, else behind the colon of the principal id.
fn session_name<'e>(actor: &Actor<'e>) -> Option<&'e str> {
    if actor.kind != "AssumedRole" {
        return None;
    }
    let by_arn = actor.arn.and_then(|arn| arn.split(":assumed-role/").nth(1)?.split_once('/').map(|it| it.1));
    by_arn.or_else(|| actor.principal_id?.split_once(':').map(|(_, session)| session))
}

/// Whether there was a second factor. `MFAUsed` and `mfaAuthenticated` know that of AWS alone: that a federated
/// user came without says nothing, for the identity provider does not tell (CloudTrail User Guide, "AWS Management
/// Console sign-in events"; IAM User Guide, on `aws:MultiFactorAuthPresent`).
fn has_mfa(event: &Event<'_>, actor: &Actor<'_>, context: Option<Json<'_>>) -> Option<bool> {
    let session = context
        .and_then(|context| member_of(context, "attributes"))
        .and_then(|attributes| member_of(attributes, "mfaAuthenticated"))
        .and_then(bool_value);
    let sign_in = match event.at("additionalEventData.MFAUsed").and_then(nonempty_text) {
        Some("Yes") => Some(true),
        Some("No") => Some(false),
        _ => None,
    };
    let used = if sign_in == Some(true) { sign_in } else { session.or(sign_in) };
    used.filter(|used| *used || !is_federated(event, actor, context))
}

/// Whether somebody else vouched for the caller, as far as the record tells.
fn is_federated(event: &Event<'_>, actor: &Actor<'_>, context: Option<Json<'_>>) -> bool {
    let provider = context
        .and_then(|context| member_of(context, "webIdFederationData"))
        .and_then(|data| member_of(data, "federatedProvider"))
        .and_then(nonempty_text);
    let role = actor.issuer_arn.or(actor.arn).unwrap_or_default();
    // To the console nobody else comes without a user's password.
    let came_by_link = event.name() == "ConsoleLogin" && !matches!(actor.kind, "IAMUser" | "Root");
    came_by_link
        || provider.is_some()
        || role.contains(IDENTITY_CENTER_ROLE)
        || matches!(actor.kind, "SAMLUser" | "WebIdentityUser" | "IdentityCenterUser")
        || event.at("additionalEventData.SamlProviderArn").is_some()
}

fn account_of(arn: &str) -> Option<&str> {
    arn.split(':').nth(4).filter(|account| !account.is_empty())
}

/// The role in the ARN of a session or of a role, without its path.
fn role_of(arn: &str) -> Option<&str> {
    match arn.split(":assumed-role/").nth(1) {
        Some(rest) => rest.split('/').next(),
        None => last_segment(arn),
    }
}

fn last_segment(arn: &str) -> Option<&str> {
    arn.rsplit(['/', ':']).next().filter(|segment| !segment.is_empty())
}
