//! The fold behind `actor`: what somebody did, from where, with what and to what.

use super::foreign::{CallerNames, ForeignActions, KnownCaller, SharedActions};
use super::{Coverage, EventContext, EventTally, Fold, FoldNeeds, PrincipalQuery};
use crate::catalog::{Action, Catalog, Relation};
use crate::event::{Actor, Event};
use crate::resource::Resource;
use std::cmp::Reverse;
use std::collections::HashMap;

/// The sections of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProfileSection {
    /// Who that turned out to be.
    Identities,
    /// What was called.
    Calls,
    /// What failed, and why.
    Errors,
    /// What was created, changed and deleted.
    Resources,
    /// From where.
    Addresses,
    /// With what.
    UserAgents,
    /// In which regions.
    Regions,
    /// For which accounts the events were recorded.
    Accounts,
    /// Which keys signed.
    AccessKeys,
    /// Whether a second factor was used.
    Mfa,
    /// By hand or by program.
    Via,
}

impl ProfileSection {
    /// All of them, in the order of the answer.
    pub const ALL: [Self; 11] = [
        Self::Identities,
        Self::Calls,
        Self::Errors,
        Self::Resources,
        Self::Addresses,
        Self::UserAgents,
        Self::Regions,
        Self::Accounts,
        Self::AccessKeys,
        Self::Mfa,
        Self::Via,
    ];

    /// Returns its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identities => "identities",
            Self::Calls => "calls",
            Self::Errors => "errors",
            Self::Resources => "resources",
            Self::Addresses => "addresses",
            Self::UserAgents => "userAgents",
            Self::Regions => "regions",
            Self::Accounts => "accounts",
            Self::AccessKeys => "accessKeys",
            Self::Mfa => "mfa",
            Self::Via => "via",
        }
    }

    /// Returns the names of what tells its entries apart.
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Identities => &["type", "who", "account", "arn"],
            Self::Calls => &["eventSource", "eventName"],
            Self::Errors => &["errorCode", "eventSource", "eventName"],
            Self::Resources => &["action", "type", "id", "account", "region"],
            Self::Addresses => &["sourceIPAddress"],
            Self::UserAgents => &["userAgent"],
            Self::Regions => &["awsRegion"],
            Self::Accounts => &["recipientAccountId"],
            Self::AccessKeys => &["accessKeyId"],
            Self::Mfa => &["mfa"],
            Self::Via => &["via"],
        }
    }
}

/// The texts that tell an entry from others; `None` where the event has none.
pub(super) type ProfileKey = Vec<Option<String>>;

/// What one thread gathers.
#[derive(Debug, Default)]
pub struct ProfileState {
    total: EventTally,
    entries: HashMap<(ProfileSection, ProfileKey), EventTally>,
    names: CallerNames,
    actions: ForeignActions,
}

/// What somebody did.
#[derive(Debug, Default)]
pub struct PrincipalProfile {
    /// Who was asked for, as typed.
    pub who: String,
    /// How many events, and when.
    pub total: EventTally,
    /// The entries: by section, the most frequent first.
    pub entries: Vec<(ProfileSection, ProfileKey, EventTally)>,
    /// Actions that are logged in several accounts, each record being counted.
    pub shared: SharedActions,
}

impl PrincipalProfile {
    /// Returns the entries of one section.
    pub fn section(&self, section: ProfileSection) -> impl Iterator<Item = (&ProfileKey, &EventTally)> {
        self.entries.iter().filter(move |entry| entry.0 == section).map(|(_, key, tally)| (key, tally))
    }
}

impl Fold for PrincipalQuery {
    type Accumulator = ProfileState;
    type Answer = PrincipalProfile;

    fn needs(&self) -> FoldNeeds<'_> {
        FoldNeeds { subtracts: true, ..FoldNeeds::everything() }
    }

    fn event(&self, part: &mut ProfileState, event: &Event<'_>, _context: &EventContext<'_>) {
        let actor = event.actor();
        if !self.made(event, &actor) {
            return;
        }
        part.names.meet(&actor);
        part.actions.note(event);
        let (time, outcome) = (event.time(), event.outcome());
        part.total.add(time, outcome);
        for (section, key) in collect_entries(&self.catalog, event, &actor) {
            part.entries.entry((section, key)).or_default().add(time, outcome);
        }
    }

    fn merge(&self, into: &mut ProfileState, part: ProfileState) {
        into.total.merge(part.total);
        into.names.merge(part.names);
        into.actions.merge(part.actions);
        for (key, tally) in part.entries {
            into.entries.entry(key).or_default().merge(tally);
        }
    }

    fn subtract(&self, from: &mut ProfileState, copies: ProfileState) {
        from.total.subtract(copies.total);
        for (key, tally) in copies.entries {
            from.entries.entry(key).or_default().subtract(tally);
        }
    }

    fn finish(&self, part: ProfileState, _coverage: &mut Coverage) -> PrincipalProfile {
        let ProfileState { total, mut entries, names, actions } = part;
        one_name(&mut entries, &names);
        let mut entries: Vec<_> =
            entries.into_iter().map(|((section, key), tally)| (section, key, tally)).collect();
        entries.sort_unstable_by(|a, b| {
            let order = |it: &(ProfileSection, ProfileKey, EventTally)| (it.0, Reverse(it.2.count));
            order(a).cmp(&order(b)).then_with(|| a.1.cmp(&b.1))
        });
        PrincipalProfile { who: self.text().to_owned(), total, entries, shared: actions.shared() }
    }
}

/// Makes one identity of each caller whom some records withhold and others name.
fn one_name(entries: &mut HashMap<(ProfileSection, ProfileKey), EventTally>, names: &CallerNames) {
    let callers = names.known_callers();
    let is_withheld = |(section, key): &(ProfileSection, ProfileKey)| {
        *section == ProfileSection::Identities
            && key[1].as_deref().is_some_and(|who| callers.contains_key(who))
    };
    let withheld: Vec<_> = entries.keys().filter(|it| is_withheld(it)).cloned().collect();
    // The entry of each caller by who that is, whatever the type; the least counts.
    let mut named: HashMap<ProfileKey, ProfileKey> = HashMap::new();
    for (_, key) in entries.keys().filter(|(section, _)| *section == ProfileSection::Identities) {
        let known = named.entry(key[1..].to_vec()).or_insert_with(|| key.clone());
        if key < known {
            known.clone_from(key);
        }
    }
    for it in withheld {
        let known = it.1[1].as_deref().and_then(|who| callers.get(who));
        let who =
            |known: &KnownCaller| vec![Some(known.who.clone()), known.account.clone(), known.arn.clone()];
        let Some(named) = known.and_then(|known| named.get(&who(known))) else { continue };
        if let Some(tally) = entries.remove(&it) {
            entries.entry((ProfileSection::Identities, named.clone())).or_default().merge(tally);
        }
    }
}

/// The type of a resource, but of the credentials of a session, which are no access keys of IAM: nobody made them to
/// last, and nobody can delete them.
fn kind_of(resource: &Resource) -> &str {
    match &*resource.kind {
        "AWS::IAM::AccessKey" if resource.id.starts_with("ASIA") => "AWS::STS::SessionCredentials",
        kind => kind,
    }
}

/// Every entry that an event adds to, each once.
fn collect_entries(
    catalog: &Catalog,
    event: &Event<'_>,
    actor: &Actor<'_>,
) -> Vec<(ProfileSection, ProfileKey)> {
    let own = |text: Option<&str>| text.map(str::to_owned);
    let call = [own(event.text("eventSource")), own(event.text("eventName"))];
    let one = |section, text: Option<String>| (section, vec![text]);
    let identity = vec![Some(actor.kind.to_owned()), Some(actor.who()), own(actor.account), own(actor.arn)];
    let mfa = match actor.mfa {
        Some(true) => "true",
        Some(false) => "false",
        None => "unknown",
    };
    let mut entries = vec![
        (ProfileSection::Identities, identity),
        (ProfileSection::Calls, call.to_vec()),
        one(ProfileSection::Addresses, own(event.text("sourceIPAddress"))),
        one(ProfileSection::UserAgents, own(event.text("userAgent"))),
        one(ProfileSection::Regions, own(event.text("awsRegion"))),
        one(ProfileSection::Accounts, event.recipient_account().map(|it| it.into_owned())),
        one(ProfileSection::AccessKeys, own(actor.access_key_id)),
        one(ProfileSection::Mfa, own(Some(mfa))),
        one(ProfileSection::Via, own(Some(classify_client(event, actor)))),
    ];
    if let Some(code) = event.error_code() {
        entries.push((ProfileSection::Errors, [Some(code.to_owned())].into_iter().chain(call).collect()));
    } else {
        let acts = catalog.acts(event).list;
        let done = acts.iter().filter(|act| {
            act.relation == Relation::Subject && act.action != Action::Read && act.failed.is_none()
        });
        entries.extend(done.map(|act| {
            let it = &act.resource;
            let action = Some(format!("{:?}", act.action).to_lowercase());
            let key = vec![
                action,
                Some(kind_of(it).to_owned()),
                Some(it.id.clone()),
                it.account.clone(),
                it.region.clone(),
            ];
            (ProfileSection::Resources, key)
        }));
    }
    entries.sort_unstable();
    entries.dedup();
    entries
}

/// By what a call was made. CloudTrail says it of sign-ins and, since 2022, of calls from the console;
/// before that only the user agent does, which anybody may write.
fn classify_client(event: &Event<'_>, actor: &Actor<'_>) -> &'static str {
    let kind = event.text("eventType").unwrap_or_default();
    let from_console =
        event.get("sessionCredentialFromConsole").and_then(crate::event::bool_value) == Some(true);
    let agent = event.text("userAgent").unwrap_or_default();
    let looks_like_one = ["Mozilla/", "console.", "signin.", "S3Console", "[S3Console"];
    if kind == "AwsConsoleSignIn" || kind == "AwsConsoleAction" || from_console {
        "console"
    } else if kind == "AwsServiceEvent" || actor.kind == "AWSService" || actor.invoked_by.is_some() {
        "service"
    } else if looks_like_one.iter().any(|start| agent.starts_with(start)) {
        "console by user agent"
    } else {
        "program"
    }
}
