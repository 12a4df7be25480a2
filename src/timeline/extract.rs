//! From an event to its steps: for each resource that the call acts on, what
//! its effects do to the state.
//!
//! Nothing here knows a state: the same steps come from the same event, in
//! whatever order events are read.

use super::functions;
use super::normal::{Doc, normalised};
use super::path::Path;
use super::place::{Scope, elements, is_empty, text};
use super::state::{Val, Why};
use super::step::{Kind, Op, Origin, Shape, Step};
use crate::catalog::effect::{Effect, Function, Verb};
use crate::catalog::{self, Act, Action, Relation};
use crate::event::{Event, Outcome};
use crate::resource::Resource;
use serde_json::Value;
use std::sync::Arc;

/// The error of a rehearsal that would have been done.
const DRY_RUN: &str = "DryRunOperation";

/// Returns what the event says of each resource that `wanted` is true of.
///
/// Reads give steps only where they prove something. Steps with a
/// [`link`](Step::link) are of resources that the event names by an
/// association alone: they are given whatever `wanted` says.
pub fn steps(event: &Event<'_>, wanted: &dyn Fn(&Resource) -> bool) -> Vec<Step> {
    let acts = catalog::acts(event);
    steps_of(event, &acts.list, wanted)
}

/// The same, of acts that are known already.
pub fn steps_of(event: &Event<'_>, acts: &[Act], wanted: &dyn Fn(&Resource) -> bool) -> Vec<Step> {
    let links: Vec<&str> = catalog::links(acts).collect();
    let any = acts.iter().any(|act| wanted(&act.resource));
    if !any && links.is_empty() {
        return Vec::new();
    }
    let extract = Extract::new(event);
    let mut steps = Vec::new();
    for act in acts.iter().filter(|act| wanted(&act.resource)) {
        if act.relation == Relation::Related && !extract.changes_related(act) {
            continue;
        }
        let alone = acts.iter().filter(|other| other.resource.kind == act.resource.kind).count() == 1;
        steps.extend(extract.step(act).map(|step| {
            // Of several instances that one call runs, nothing says whose link is which.
            let links =
                if alone { links.iter().map(|link| (*link).to_owned()).collect() } else { Vec::new() };
            Step { links, ..step }
        }));
    }
    if event.outcome() == Outcome::Succeeded {
        steps.extend(links.iter().flat_map(|link| extract.by_link(link)));
    }
    steps
}

struct Extract<'a, 'e> {
    event: &'a Event<'e>,
    origin: Arc<Origin>,
    doc: Doc,
    effects: Option<&'static [Effect]>,
    /// What the call would have done, if it failed.
    meant: Option<&'static [Effect]>,
    /// The type that effects without a type are on.
    kind: Option<&'static str>,
    /// The members that the call was to add or remove and did not.
    undone: Vec<String>,
}

impl<'a, 'e> Extract<'a, 'e> {
    fn new(event: &'a Event<'e>) -> Self {
        let (source, name) = (event.source(), event.name());
        let error = event.error_code();
        let (effects, meant) = match error {
            Some(code) => (catalog::proofs(source, name, code), catalog::effects(source, name)),
            None => (catalog::effects(source, name), None),
        };
        let owned = |field: &str| event.text(field).map(str::to_owned);
        let origin = Origin {
            time: event.time(),
            event_id: owned("eventID"),
            fingerprint: event.fingerprint(),
            event_name: name.to_owned(),
            event_source: source.to_owned(),
            who: event.actor().who(),
            error_code: error.map(str::to_owned),
            shared_id: owned("sharedEventID"),
            account: event.recipient_account().map(|it| it.into_owned()),
            region: owned("awsRegion"),
        };
        Self {
            event,
            origin: Arc::new(origin),
            doc: normalised(event),
            effects,
            meant,
            kind: catalog::subject_kind(source, name),
            undone: catalog::undone(event),
        }
    }

    /// Whether the call changes something in a resource that it only uses: the list of a VPC's subnets.
    fn changes_related(&self, act: &Act) -> bool {
        let mut effects = self.effects.into_iter().flatten();
        let is_named = effects.any(|it| !it.by_link && it.kind.as_deref() == Some(&*act.resource.kind));
        is_named && self.origin.error_code.is_none()
    }

    fn step(&self, act: &Act) -> Option<Step> {
        let action = if act.relation == Relation::Related { Action::Changed } else { act.action };
        let act = &Act { action, ..act.clone() };
        let failed = self.origin.error_code.as_deref().or(act.failed.as_deref());
        let ops = if act.failed.is_some() { Vec::new() } else { self.ops(&act.resource, false) };
        let (kind, note) = match failed {
            Some(code) if code.ends_with(DRY_RUN) => (Kind::DryRun, None),
            Some(code) if !ops.is_empty() || self.proves_existence(act).is_some() => {
                (Kind::Proves, Some(format!("{code} shows the state")))
            }
            Some(_) => (Kind::Failed, None),
            None => self.done(act, &ops),
        };
        let note = match kind {
            Kind::Applied if !self.undone.is_empty() => {
                Some(format!("failed in part, and did nothing to {}", self.undone.join(", ")))
            }
            _ => note,
        };
        if act.action == Action::Read && act.or.is_none() && kind != Kind::Proves {
            return None;
        }
        let tried = match kind {
            Kind::Failed | Kind::DryRun | Kind::Proves
                if act.failed.is_none() && act.action != Action::Read =>
            {
                let (origin, doc, undone) = (self.origin.clone(), self.doc.clone(), Vec::new());
                Self { effects: self.meant, origin, doc, undone, ..*self }.ops(&act.resource, false)
            }
            _ => Vec::new(),
        };
        let scope = Scope { doc: &self.doc, it: None };
        let applying = || self.effects.into_iter().flatten();
        let order = applying().find_map(|effect| match &effect.verb {
            Verb::Order { source } => scope.texts(source).first()?.trim_start_matches('v').parse().ok(),
            _ => None,
        });
        let chain = applying().find_map(|effect| match &effect.verb {
            Verb::Chain { from, to } => {
                let it = self.it(&act.resource);
                let scope = Scope { it: it.as_ref(), ..scope };
                let one = |place| scope.at(place).first().and_then(|value| text(value));
                Some((one(from)?, one(to)?))
            }
            _ => None,
        });
        Some(Step {
            origin: self.origin.clone(),
            resource: act.resource.clone(),
            action: act.action,
            or: act.or,
            kind,
            ops,
            tried,
            note,
            order,
            chain,
            link: None,
            links: Vec::new(),
            caused_by: Vec::new(),
        })
    }

    /// What a call that succeeded comes to.
    fn done(&self, act: &Act, ops: &[Op]) -> (Kind, Option<String>) {
        let only = |text: &str| (Kind::NotUnfolded, Some(text.to_owned()));
        let changes = ops.iter().any(|op| !matches!(op, Op::Shape { .. }));
        match act.action {
            // That it is there, or is not any more, is a change whatever else is known.
            Action::Created | Action::Deleted => (Kind::Applied, None),
            _ if changes => (Kind::Applied, None),
            _ if self.touches(act) => (Kind::Applied, None),
            _ if self.doc.truncated => only("the record was too large for CloudTrail"),
            _ if self.effects_on(&act.resource, false).next().is_some() => {
                only("the record does not say what it changed")
            }
            _ => only("no rule tells what this call changes"),
        }
    }

    fn touches(&self, act: &Act) -> bool {
        self.effects_on(&act.resource, false)
            .any(|effect| matches!(effect.verb, Verb::Touch { field: None } | Verb::Undue))
    }

    /// What the error says of whether the resource is there.
    fn proves_existence(&self, act: &Act) -> Option<bool> {
        let code = self.origin.error_code.as_deref()?;
        let code = code.strip_prefix("Client.").unwrap_or(code);
        proves_existence(code, act)
    }

    /// The effects on a resource's type, without looking at conditions.
    fn effects_on(&self, resource: &Resource, by_link: bool) -> impl Iterator<Item = &'static Effect> {
        let kind = resource.kind.clone();
        let first = self.kind;
        let effects = self.effects.into_iter().flatten().filter(move |effect| effect.by_link == by_link);
        effects.filter(move |effect| match effect.kind.as_deref() {
            Some(wanted) => wanted == kind,
            None => first.is_none_or(|first| first == kind),
        })
    }

    /// Whether a member was not among those that failed.
    fn was_done(&self, key: &str) -> bool {
        !self.undone.iter().any(|it| it == key)
    }

    /// The element that is the resource's, where the call is about several.
    fn it(&self, resource: &Resource) -> Option<Value> {
        let scope = Scope { doc: &self.doc, it: None };
        self.effects_on(resource, false).find_map(|effect| {
            let Verb::Each { place } = &effect.verb else { return None };
            let mut above = place.clone();
            let last = above.members.pop()?;
            let lists = scope.at(&above);
            let all = lists.iter().flat_map(|list| elements(list));
            let is_it = |element: &&Value| {
                let object = element.as_object();
                let id = object.and_then(|it| it.iter().find(|(key, _)| key.eq_ignore_ascii_case(&last)));
                id.and_then(|(_, id)| text(id))
                    .is_some_and(|id| Resource::new(&resource.kind, &id).id == resource.id)
            };
            all.into_iter().find(is_it).cloned()
        })
    }

    fn ops(&self, resource: &Resource, by_link: bool) -> Vec<Op> {
        let it = self.it(resource);
        let scope = Scope { doc: &self.doc, it: it.as_ref() };
        let mut ops = Vec::new();
        let mut ruled = false;
        for effect in self.effects_on(resource, by_link) {
            ruled = true;
            if effect.conditions.iter().all(|condition| scope.holds(condition)) {
                self.effect(&effect.verb, scope, resource, &mut ops);
            }
        }
        let created = self.origin.error_code.is_none() && !by_link;
        if !ruled && created {
            ops.extend(self.as_requested(resource));
        }
        ops
    }

    /// What is known of a new resource of which no rule tells more: what was asked for.
    fn as_requested(&self, resource: &Resource) -> Vec<Op> {
        let is_new = catalog::action_of(self.event.source(), self.event.name(), self.event.read_only());
        let first = self.kind.is_none_or(|kind| kind == resource.kind);
        let Value::Object(request) = &self.doc.request else { return Vec::new() };
        if is_new != Action::Created || !first {
            return Vec::new();
        }
        let asked = request.iter().filter(|(name, _)| !NOISE.contains(&name.as_str()));
        asked.map(|(name, value)| set(Path::root().join(name), value.clone())).collect()
    }

    fn effect(&self, verb: &Verb, scope: Scope<'_>, resource: &Resource, ops: &mut Vec<Op>) {
        let unknown = if self.doc.truncated { Why::Truncated } else { Why::Unseen };
        let shape = |field: &str, shape: Shape, ops: &mut Vec<Op>| {
            let path = Path::field(field);
            ops.push(Op::Shape { path: path.clone(), shape });
            path
        };
        match verb {
            Verb::Set { field, source, reset } => match scope.value(source) {
                Some(value) => ops.push(set(Path::field(field), value)),
                None if self.doc.truncated => ops.push(unset(field, Val::Unknown(unknown))),
                None if *reset => ops.push(unset(field, Val::Absent)),
                None => {}
            },
            Verb::Unset { field } => ops.push(unset(field, Val::Absent)),
            Verb::Merge { field, source, but } => {
                let Some(Value::Object(object)) = scope.value(source) else { return };
                let path = Path::field(field);
                let is_kept = |name: &str| {
                    !NOISE.contains(&name) && !but.iter().any(|it| it.eq_ignore_ascii_case(name))
                };
                let members = object.into_iter().filter(|(name, _)| is_kept(name));
                ops.extend(members.map(|(name, value)| set(path.join(&name), value)));
            }
            Verb::Add { field, source, amend } => {
                let Some(pairs) = scope.pairs(source) else { return };
                let is_map = source.function == Some(Function::Records);
                let path = shape(field, if is_map { Shape::Map } else { Shape::Set }, ops);
                for (key, value) in pairs.into_iter().filter(|(key, _)| self.was_done(key)) {
                    let path = path.join(&key);
                    ops.push(match value {
                        Some(value) if *amend => Op::Amend { path, value },
                        Some(value) => Op::Set { path, val: Val::of(value), leaf: true },
                        None => Op::Set { path, val: Val::Absent, leaf: true },
                    });
                }
            }
            Verb::Remove { field, source } => {
                let path = shape(field, Shape::Set, ops);
                let pairs = scope.pairs(source).unwrap_or_default();
                let done = pairs.into_iter().filter(|(key, _)| self.was_done(key));
                ops.extend(done.map(|(key, _)| Op::Set {
                    path: path.join(&key),
                    val: Val::Absent,
                    leaf: true,
                }));
            }
            Verb::Replace { field, source } => {
                let Some(pairs) = scope.pairs(source) else { return };
                let path = shape(field, Shape::Set, ops);
                // Members that stay keep who set them: only the others are taken away.
                let keys: Vec<String> = pairs.iter().map(|(key, _)| key.clone()).collect();
                let members = pairs.into_iter().filter_map(|(key, value)| Some((key, value?)));
                ops.push(Op::Only { path: path.clone(), keys });
                ops.extend(members.map(|(key, value)| Op::Set {
                    path: path.join(&key),
                    val: Val::of(value),
                    leaf: true,
                }));
            }
            Verb::Put { field, key, source } => {
                let path = shape(field, Shape::Map, ops);
                let val = match scope.value(source) {
                    Some(value) => Val::of(value),
                    None => Val::Unknown(unknown),
                };
                let done = scope.texts(key).into_iter().filter(|key| self.was_done(key));
                ops.extend(done.map(|key| Op::Set { path: path.join(&key), val: val.clone(), leaf: true }));
            }
            Verb::Del { field, key } => {
                let path = Path::field(field);
                let done = scope.texts(key).into_iter().filter(|key| self.was_done(key));
                ops.extend(done.map(|key| Op::Set { path: path.join(&key), val: Val::Absent, leaf: true }));
            }
            Verb::Drop { field, member, source } => {
                let drop = |value| Op::Drop { path: Path::field(field), member: member.clone(), value };
                ops.extend(scope.texts(source).into_iter().map(drop));
            }
            Verb::Swap { source } => {
                ops.extend(scope.value(source).iter().flat_map(elements).filter_map(swap))
            }
            Verb::Tag { source } | Verb::Retag { source } => {
                let Some(value) = scope.value(source) else { return };
                let path = shape("tags", Shape::Map, ops);
                let tags = functions::tags(&value);
                if matches!(verb, Verb::Retag { .. }) {
                    ops.push(Op::Only {
                        path: path.clone(),
                        keys: tags.iter().map(|(key, _)| key.clone()).collect(),
                    });
                }
                ops.extend(tags.into_iter().map(|(key, value)| Op::Set {
                    path: path.join(&key),
                    val: Val::of(value),
                    leaf: true,
                }));
            }
            Verb::Renew { source, but, keep } => {
                let Some(Value::Object(object)) = scope.value(source) else { return };
                ops.push(Op::Renew { keep: keep.clone() });
                let is_kept = |name: &str| {
                    !NOISE.contains(&name) && !but.iter().any(|it| it.eq_ignore_ascii_case(name))
                };
                let members = object.into_iter().filter(|(name, _)| is_kept(name));
                ops.extend(members.map(|(name, value)| set(Path::root().join(&name), value)));
            }
            Verb::Untag { source } => {
                let keys = scope.value(source).map(|value| functions::tag_keys(&value)).unwrap_or_default();
                let path = Path::field("tags");
                ops.extend(keys.into_iter().map(|key| Op::Set {
                    path: path.join(&key),
                    val: Val::Absent,
                    leaf: true,
                }));
            }
            Verb::Touch { field: Some(field) } => ops.push(unset(field, Val::Unknown(Why::Unseen))),
            Verb::Due { source } => {
                ops.push(Op::Due(scope.texts(source).into_iter().next().unwrap_or_default()))
            }
            Verb::Undue => ops.push(Op::NotDue),
            Verb::Rename { source } => {
                let to = scope.texts(source).into_iter().next();
                ops.extend(to.map(|to| Op::Renamed(Resource::new(&resource.kind, &to).id)));
            }
            Verb::Touch { field: None } | Verb::Order { .. } | Verb::Chain { .. } | Verb::Each { .. } => {}
        }
    }

    /// The steps on resources that the event names by an association alone.
    fn by_link(&self, link: &str) -> Vec<Step> {
        let effects = self.effects.into_iter().flatten().filter(|it| it.by_link);
        let mut kinds: Vec<&str> = effects.filter_map(|it| it.kind.as_deref()).collect();
        kinds.dedup();
        let step = |kind: &str| {
            let resource = Resource::new(kind, "");
            let ops = self.ops(&resource, true);
            let origin = self.origin.clone();
            let (action, or, note) = (Action::Changed, None, None);
            let kind = if ops.is_empty() { Kind::NotUnfolded } else { Kind::Applied };
            let link = Some(link.to_owned());
            Step {
                origin,
                resource,
                action,
                or,
                kind,
                ops,
                tried: Vec::new(),
                note,
                order: None,
                chain: None,
                link,
                links: Vec::new(),
                caused_by: Vec::new(),
            }
        };
        kinds.into_iter().map(step).collect()
    }
}

/// Members of requests and responses that are no settings.
const NOISE: [&str; 8] = [
    "requestId",
    "_return",
    "clientToken",
    "clientRequestToken",
    "ownerId",
    "host",
    "dryRun",
    "requestParameters",
];

fn set(path: Path, value: Value) -> Op {
    Op::Set { path, val: Val::of(value), leaf: false }
}

fn unset(field: &str, val: Val) -> Op {
    Op::Set { path: Path::field(field), val, leaf: false }
}

/// A rule that was changed by its id.
fn swap(value: &Value) -> Option<Op> {
    let id = value.get("securityGroupRuleId").and_then(text)?;
    let inner = value.get("securityGroupRule").filter(|it| !is_empty(it))?;
    let inner = elements(inner).first()?;
    let (key, rule) = functions::pairs(Function::SgRule, inner).into_iter().next()?;
    let mut rule = rule?;
    rule.as_object_mut()?.insert("securityGroupRuleId".to_owned(), Value::String(id.clone()));
    Some(Op::Swap { member: "securityGroupRuleId".to_owned(), value: id, key, new: rule })
}

/// Error codes that say of any call that its resource is not there.
pub(super) fn proves_existence(code: &str, act: &Act) -> Option<bool> {
    let exists = [
        "AlreadyExists",
        "EntityAlreadyExists",
        "BucketAlreadyOwnedByYou",
        "ResourceInUse",
        "InvalidGroup.Duplicate",
        "InvalidKeyPair.Duplicate",
    ];
    // Of an entity that is missing nothing says which, unless the call is about one only.
    let missing = [
        "NoSuchBucket",
        "TrailNotFoundException",
        "InvalidGroup.NotFound",
        "InvalidGroupId.NotFound",
        "InvalidSnapshot.NotFound",
        "InvalidVolume.NotFound",
        "InvalidInstanceID.NotFound",
        "InvalidVpcID.NotFound",
        "InvalidSubnetID.NotFound",
        "InvalidAMIID.NotFound",
        "InvalidInternetGatewayID.NotFound",
        "InvalidRouteTableID.NotFound",
        "InvalidNetworkInterfaceID.NotFound",
        "ParameterNotFound",
        "DBInstanceNotFound",
        "DBInstanceNotFoundFault",
        "DBSnapshotNotFound",
        "DBSnapshotNotFoundFault",
    ];
    if act.action == Action::Created && exists.iter().any(|it| code.starts_with(it)) {
        return Some(true);
    }
    if missing.contains(&code) && matches!(act.action, Action::Changed | Action::Deleted) {
        return Some(false);
    }
    None
}
