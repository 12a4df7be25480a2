//! Who signed a call, kept after the event is gone: the identity and the credential.
//!
//! Two events with equal callers were signed with the same credential, as far
//! as they tell.

use crate::event::{Event, Json, Time, member_of, nonempty_text};
use std::cmp::Ordering;

/// What kind of identity made a call: `userIdentity.type`, and two more that only other fields tell of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum CallerKind {
    /// No event tells.
    #[default]
    Unset,
    /// A user of IAM.
    IamUser,
    /// The root user.
    Root,
    /// A role, without a session.
    Role,
    /// A session of a role.
    AssumedRole,
    /// A session of `GetFederationToken`.
    FederatedUser,
    /// A service of AWS.
    AwsService,
    /// Somebody from another account.
    AwsAccount,
    /// Somebody whom a SAML provider vouches for.
    SamlUser,
    /// Somebody whom a web identity provider vouches for.
    WebIdentityUser,
    /// A user of IAM Identity Center.
    IdentityCenterUser,
    /// An instance that its metadata service gave a credential.
    Instance,
    /// Whoever stands behind a source identity.
    SourceIdentity,
    /// Another `userIdentity.type`.
    Other(Box<str>),
}

impl CallerKind {
    /// Returns it as CloudTrail writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Unset => "",
            Self::IamUser => "IAMUser",
            Self::Root => "Root",
            Self::Role => "Role",
            Self::AssumedRole => "AssumedRole",
            Self::FederatedUser => "FederatedUser",
            Self::AwsService => "AWSService",
            Self::AwsAccount => "AWSAccount",
            Self::SamlUser => "SAMLUser",
            Self::WebIdentityUser => "WebIdentityUser",
            Self::IdentityCenterUser => "IdentityCenterUser",
            Self::Instance => "Instance",
            Self::SourceIdentity => "SourceIdentity",
            Self::Other(kind) => kind,
        }
    }
}

impl From<&str> for CallerKind {
    fn from(kind: &str) -> Self {
        match kind {
            "" => Self::Unset,
            "IAMUser" => Self::IamUser,
            "Root" => Self::Root,
            "Role" => Self::Role,
            "AssumedRole" => Self::AssumedRole,
            "FederatedUser" => Self::FederatedUser,
            "AWSService" => Self::AwsService,
            "AWSAccount" => Self::AwsAccount,
            "SAMLUser" => Self::SamlUser,
            "WebIdentityUser" => Self::WebIdentityUser,
            "IdentityCenterUser" => Self::IdentityCenterUser,
            "Instance" => Self::Instance,
            "SourceIdentity" => Self::SourceIdentity,
            other => Self::Other(other.into()),
        }
    }
}

/// By the text: the order of the answer must not hang on that of a list in the code.
impl Ord for CallerKind {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl PartialOrd for CallerKind {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The identity and the credential behind a call.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Caller {
    /// `userIdentity.type`, or what it amounts to.
    pub kind: CallerKind,
    /// The bare name of the user, role or service.
    pub name: String,
    /// The name as a person would say it.
    pub who: String,
    /// The ARN of the caller; of the session, for a role.
    pub arn: Option<String>,
    /// The account of the caller.
    pub account: Option<String>,
    /// The access key that signed.
    pub key: Option<String>,
    /// The unique id (`AIDA…`, `AROA…:session`).
    pub principal_id: Option<String>,
    /// When the session began, to the second.
    pub created: Option<Time>,
    /// The ARN of the role or user that issued the session.
    pub issuer: Option<String>,
    /// The name of the role session.
    pub session: Option<String>,
    /// The service that called on behalf of the caller.
    pub invoked_by: Option<String>,
    /// Who vouched for a SAML or web identity.
    pub provider: Option<String>,
    /// The name that the first link of the chain was given.
    pub source_identity: Option<String>,
    /// The id of the Identity Center user on whose behalf the session acts.
    pub on_behalf_of: Option<String>,
    /// Whether the credential was handed to an instance by its metadata service.
    pub on_instance: bool,
    /// The function, task or instance that the credential was issued to (`inScopeOf`).
    pub scope: Option<String>,
}

impl Caller {
    /// Reads the caller of an event.
    pub fn of(event: &Event<'_>) -> Self {
        let actor = event.actor();
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let identity = |path: &str| {
            event.at("userIdentity").and_then(|root| value_at_path(root, path)).and_then(nonempty_text)
        };
        let scope =
            identity("inScopeOf.sourceArn").or_else(|| identity("sessionContext.inScopeOf.sourceArn"));
        Self {
            kind: actor.kind.into(),
            who: actor.who(),
            arn: owned(actor.arn),
            account: owned(actor.account),
            key: owned(actor.access_key_id),
            principal_id: owned(actor.principal_id),
            created: identity("sessionContext.attributes.creationDate").and_then(Time::of_service),
            issuer: owned(actor.issuer_arn),
            session: owned(actor.session),
            invoked_by: owned(actor.invoked_by),
            provider: owned(actor.identity_provider),
            source_identity: owned(actor.source_identity),
            on_behalf_of: owned(identity("onBehalfOf.userId")),
            on_instance: event.at("userIdentity.sessionContext.ec2RoleDelivery").is_some(),
            scope: owned(scope),
            name: actor.name.into_owned(),
        }
    }

    /// Returns whether a service made the call in the caller's name.
    pub fn is_forwarded(&self) -> bool {
        self.kind != CallerKind::AwsService && self.invoked_by.is_some()
    }

    /// Returns whether the key is one that lasts until it is taken away.
    pub fn has_long_key(&self) -> bool {
        self.key.as_deref().is_some_and(is_long)
    }
}

/// Returns whether an access key lasts until it is taken away: all but those of `ASIA…`.
pub(in crate::answer) fn is_long(key: &str) -> bool {
    !key.starts_with("ASIA")
}

/// Returns the value at a path of member names below `value`.
pub(in crate::answer) fn value_at_path<'e>(value: Json<'e>, path: &str) -> Option<Json<'e>> {
    path.split('.').try_fold(value, member_of)
}
