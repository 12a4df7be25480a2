//! The fold behind `logins`: sign-ins to the console, and what was done around them to passwords and
//! second factors.
//!
//! Which calls these are follows AWS's reference of the sign-in events, of IAM and of IAM Identity Center. What the
//! records of one sign-in to Identity Center tell together is put together in `workflow`.

pub(super) mod workflow;

use super::{Coverage, EventContext, Fold, FoldNeeds, Interest, MatchedRows, Row, RowCollector, RowQuery};
use crate::catalog::Catalog;
use crate::event::{Event, Json, Outcome, member_of, nonempty_text};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use workflow::Workflows;

/// What a row of `logins` tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum LoginKind {
    /// Somebody signed in to the console, or tried.
    SignIn,
    /// Somebody was asked for a credential, or gave it: one step of a sign-in, which alone lets nobody in.
    SignInStep,
    /// Somebody came in from an identity provider.
    Federation,
    /// Somebody changed from one role to another in the console, or back.
    SwitchRole,
    /// A password was asked for, set or taken away.
    Password,
    /// A second factor was added, checked or taken away.
    Mfa,
}

/// What is told of a sign-in beside what every row has.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Login {
    /// The role that was left for another.
    pub switched_from: Option<String>,
    /// The role, user or device that it is about.
    pub target: Option<String>,
    /// Who vouched for a federated user.
    pub identity_provider: Option<String>,
    /// What was asked for or given (`additionalEventData.CredentialType`).
    pub credential_type: Option<String>,
    /// What the records of one sign-in to Identity Center have in common.
    #[serde(rename = "authWorkflowID")]
    pub auth_workflow_id: Option<String>,
}

/// Sign-ins.
#[derive(Debug, Default)]
pub struct Logins {
    question: RowQuery,
}

impl Logins {
    /// Prepares the fold; `raw` says that the records themselves are kept.
    pub fn new(raw: bool, catalog: Catalog) -> Self {
        Self { question: RowQuery { raw, catalog, ..RowQuery::default() } }
    }
}

/// What one thread gathers.
#[derive(Debug, Default)]
pub struct SignInState {
    rows: RowCollector,
    /// By the content of the record.
    details: HashMap<u64, Login>,
    workflows: Workflows,
    /// Sign-ins to user pools (the content of their records).
    of_user_pools: HashSet<u64>,
}

/// The sign-ins, in the order of time.
#[derive(Debug, Default)]
pub struct SignIns {
    /// The events.
    pub found: MatchedRows,
    /// What kind each is, and what else is known of it.
    pub details: Vec<(LoginKind, Login)>,
    /// How many calls there are of sign-ins to user pools of Amazon Cognito, which are none to AWS.
    pub of_user_pools: u64,
}

/// Whether a call is one of those by which somebody signs in to a user pool of Amazon Cognito.
fn is_of_user_pool(source: &str, name: &str) -> bool {
    const CALLS: [&str; 6] = [
        "InitiateAuth",
        "AdminInitiateAuth",
        "RespondToAuthChallenge",
        "AdminRespondToAuthChallenge",
        "Login_POST",
        "Token_POST",
    ];
    source == "cognito-idp.amazonaws.com" && CALLS.contains(&name)
}

/// Returns what a call of this name tells of sign-ins, if it does.
pub fn login_kind(source: &str, name: &str) -> Option<LoginKind> {
    use LoginKind::{Federation, Mfa, Password, SignIn, SignInStep, SwitchRole};
    let service = source.strip_suffix(".amazonaws.com").unwrap_or(source);
    Some(match (service, name) {
        // Some sign-in events come from the endpoint of a region.
        (service, name) if service == "signin" || service.ends_with(".signin") => match name {
            "SwitchRole" | "ExitRole" | "RenewRole" => SwitchRole,
            "CheckMfa" | "CheckMFA" => Mfa,
            "GetSigninToken" => Federation,
            "CredentialChallenge" | "CredentialVerification" => SignInStep,
            name if name.starts_with("Password") || name.starts_with("Email") => Password,
            _ => SignIn,
        },
        ("sts", "AssumeRoleWithSAML") => Federation,
        ("sso" | "sso-portal", "Federate" | "Authenticate") => Federation,
        ("sso" | "sso-portal", "Logout" | "UserAuthentication") => SignIn,
        ("iam", "ChangePassword" | "CreateLoginProfile" | "UpdateLoginProfile" | "DeleteLoginProfile") => {
            Password
        }
        ("iam", "UpdateAccountPasswordPolicy" | "DeleteAccountPasswordPolicy") => Password,
        ("iam", "CreateVirtualMFADevice" | "DeleteVirtualMFADevice" | "EnableMFADevice") => Mfa,
        ("iam", "DeactivateMFADevice" | "ResyncMFADevice") => Mfa,
        ("sso-directory", "UpdatePassword" | "ResetPassword") => Password,
        ("sso-directory" | "sso", name) if name.contains("MfaDevice") || name.contains("MFADevice") => Mfa,
        _ => return None,
    })
}

impl Fold for Logins {
    type Accumulator = SignInState;
    type Answer = SignIns;

    fn needs(&self) -> FoldNeeds<'_> {
        // Who signs in may stand in a record that the filters leave out.
        FoldNeeds { merges_copies: true, unfiltered: true, ..FoldNeeds::default() }
    }

    fn call_interest(&self, source: &str, name: &str) -> Interest {
        let matters = login_kind(source, name).is_some() || is_of_user_pool(source, name);
        if matters { Interest::Always } else { Interest::Never }
    }

    fn event(&self, part: &mut SignInState, event: &Event<'_>, context: &EventContext<'_>) {
        part.rows.note_correction(event, context);
        if context.passes && is_of_user_pool(event.source(), event.name()) {
            part.of_user_pools.insert(event.fingerprint());
        }
        if login_kind(event.source(), event.name()).is_none() {
            return;
        }
        part.workflows.event(event);
        if context.passes {
            part.details.insert(event.fingerprint(), read_login(event));
            part.rows.event(&self.question, event, context.evidence(), context.raw);
        }
    }

    fn begin(&self, part: &mut SignInState) {
        part.rows.mark();
    }

    fn doubt(&self, part: &mut SignInState) {
        part.rows.doubt();
    }

    fn merge(&self, into: &mut SignInState, part: SignInState) {
        into.rows.merge(part.rows);
        into.details.extend(part.details);
        into.workflows.merge(part.workflows);
        into.of_user_pools.extend(part.of_user_pools);
    }

    fn finish(&self, part: SignInState, coverage: &mut Coverage) -> SignIns {
        let mut found = part.rows.finish(coverage);
        let details: Vec<_> = found
            .rows
            .iter()
            .map(|row| (classify_login(row), part.details.get(&row.fingerprint).cloned().unwrap_or_default()))
            .collect();
        for (row, (_, login)) in found.rows.iter_mut().zip(&details) {
            part.workflows.complete(row, login);
        }
        SignIns { found, details, of_user_pools: part.of_user_pools.len() as u64 }
    }
}

/// A credential that was refused is a try to sign in that failed: no `UserAuthentication` follows on it.
fn classify_login(row: &Row) -> LoginKind {
    match login_kind(&row.event_source, &row.event_name).unwrap_or(LoginKind::SignIn) {
        LoginKind::SignInStep if row.outcome == Outcome::Failed => LoginKind::SignIn,
        kind => kind,
    }
}

fn read_login(event: &Event<'_>) -> Login {
    let at = |path: &str| event.at(path).and_then(nonempty_text).map(str::to_owned);
    let first = |paths: &[&str]| paths.iter().find_map(|path| at(path));
    let is_switch = matches!(event.name(), "SwitchRole" | "ExitRole" | "RenewRole");
    let arn = |identity: Json<'_>| member_of(identity, "arn").and_then(nonempty_text).map(str::to_owned);
    let target = if is_switch {
        first(&["additionalEventData.SwitchTo", "requestParameters.roleArn"])
            .or_else(|| event.get("userIdentity").and_then(arn))
    } else {
        first(&[
            "requestParameters.userName",
            "requestParameters.roleArn",
            "requestParameters.serialNumber",
            "responseElements.virtualMFADevice.serialNumber",
            "serviceEventDetails.role_name",
        ])
    };
    Login {
        switched_from: first(&["additionalEventData.SwitchFrom", "additionalEventData.switchFrom"]),
        target,
        identity_provider: first(&[
            "userIdentity.identityProvider",
            "requestParameters.principalArn",
            "userIdentity.sessionContext.webIdFederationData.federatedProvider",
            "additionalEventData.SamlProviderArn",
        ]),
        credential_type: at("additionalEventData.CredentialType"),
        auth_workflow_id: at("additionalEventData.AuthWorkflowID"),
    }
}
