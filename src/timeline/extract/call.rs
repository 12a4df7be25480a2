//! One call, read once for all resources that it acts on, and the step that it
//! is for each of them.

use super::super::normal::{NormalDocument, normalise_event};
use super::super::path::SettingPath;
use super::super::place::{Scope, scalar_text};
use super::super::step::{Operation, Step, StepOrigin, StepOutcome};
use super::super::val::{Knowledge, UnknownReason};
use crate::catalog::effect::{Effect, Verb};
use crate::catalog::{Action, Catalog, Relation, ResourceAction};
use crate::event::Event;
use crate::resource::Resource;
use serde_json::Value;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

/// The error of a rehearsal that would have been done.
const DRY_RUN: &str = "DryRunOperation";

/// Elements of a list by what the resource is called that each is about.
pub(super) type ElementsById = HashMap<String, Vec<Value>>;

pub(super) struct CallExtractor<'a, 'e> {
    pub(super) catalog: &'a Catalog,
    pub(super) event: &'a Event<'e>,
    pub(super) origin: Arc<StepOrigin>,
    pub(super) doc: NormalDocument,
    /// What the call does; of one that failed, what its error proves.
    pub(super) effects: Option<&'a [Effect]>,
    /// What the call would have done, if it failed.
    meant: Option<&'a [Effect]>,
    /// The type that effects without a type are on.
    pub(super) kind: Option<&'a str>,
    /// The members that the call was to add or remove and did not.
    pub(super) undone: Vec<String>,
    /// The elements that are about one resource each, by type and effect, once they were looked for.
    pub(super) elements: RefCell<HashMap<(String, usize), ElementsById>>,
    /// The call as it would have been, once that was asked for.
    meant_call: OnceCell<Box<Self>>,
}

impl<'a, 'e> CallExtractor<'a, 'e> {
    pub(super) fn new(catalog: &'a Catalog, event: &'a Event<'e>) -> Self {
        let (source, name) = (event.source(), event.name());
        let (effects, meant) = match event.error_code() {
            Some(code) => {
                let message = event.text("errorMessage").unwrap_or_default();
                (catalog.proofs(source, name, code, message), catalog.effects(source, name))
            }
            // What was asked for is not known: the effects would take it for nothing.
            None if event.is_partial() => (None, None),
            None => (catalog.effects(source, name), None),
        };
        Self {
            catalog,
            event,
            origin: Arc::new(origin_of_event(event)),
            doc: normalise_event(event),
            effects,
            meant,
            kind: catalog.subject_kind(source, name),
            undone: catalog.undone(event),
            elements: RefCell::default(),
            meant_call: OnceCell::new(),
        }
    }

    /// Whether the call changes something in a resource that it only uses: the list of a VPC's subnets.
    pub(super) fn changes_related(&self, act: &ResourceAction) -> bool {
        let mut effects = self.effects.into_iter().flatten();
        let is_named = effects.any(|it| !it.by_link && it.kind.as_deref() == Some(&*act.resource.kind));
        // What AWS manages is its own: attaching it changes nothing in it.
        let is_own = act.resource.account.as_deref() != Some("aws");
        is_named && is_own && self.origin.error_code.is_none()
    }

    /// What the call is for one resource of all those in `acts`; `None` for a read that proves nothing.
    pub(super) fn step(&self, act: &ResourceAction, acts: &[ResourceAction]) -> Option<Step> {
        let action = if act.relation == Relation::Related { Action::Changed } else { act.action };
        let act = &ResourceAction { action, ..act.clone() };
        let mut ops = match (&act.failed, &self.origin.error_code) {
            (Some(_), _) => Vec::new(),
            (None, Some(_)) => self.proven(act, acts),
            (None, None) => self.ops(&act.resource, false),
        };
        let is_new = act.action == Action::Created && act.failed.is_none();
        if is_new && self.doc.truncated && self.origin.error_code.is_none() {
            // What a new resource has not been given is absent, but for what the record leaves out.
            let val = Knowledge::Unknown(UnknownReason::Truncated);
            ops.insert(0, Operation::Set { path: SettingPath::root(), val, leaf: false });
        }
        let (kind, note) = self.result(act, &ops);
        let ops = if kind == StepOutcome::NotModelled { self.doubted(act, ops) } else { ops };
        if act.action == Action::Read && act.or.is_none() && kind != StepOutcome::ErrorProves {
            return None;
        }
        Some(Step {
            action: act.action,
            or: act.or,
            related: act.relation == Relation::Related,
            tried: self.tried(act, kind),
            note,
            order: self.order(),
            chain: self.chain(&act.resource),
            ..self.change(act.resource.clone(), kind, ops)
        })
    }

    /// The steps on resources that the event names by an association alone.
    pub(super) fn by_link(&self, link: &str) -> Vec<Step> {
        let effects = self.effects.into_iter().flatten().filter(|it| it.by_link);
        let mut kinds: Vec<&str> = effects.filter_map(|it| it.kind.as_deref()).collect();
        kinds.dedup();
        let step = |kind: &str| {
            let resource = Resource::new(kind, "");
            let ops = self.ops(&resource, true);
            let kind = if ops.is_empty() { StepOutcome::NotModelled } else { StepOutcome::Applied };
            Step { link: Some(link.to_owned()), ..self.change(resource, kind, ops) }
        };
        kinds.into_iter().map(step).collect()
    }

    /// A change of which nothing more is known.
    fn change(&self, resource: Resource, kind: StepOutcome, ops: Vec<Operation>) -> Step {
        Step {
            origin: self.origin.clone(),
            resource,
            action: Action::Changed,
            or: None,
            kind,
            ops,
            tried: Vec::new(),
            note: None,
            order: None,
            chain: None,
            link: None,
            links: Vec::new(),
            caused_by: Vec::new(),
            made_at: None,
            owners: Vec::new(),
            repeatable: self.effects.into_iter().flatten().any(|effect| self.is_again(effect)),
            related: false,
            ended_with: None,
        }
    }

    /// Whether an effect says that the call succeeds where the resource is there already.
    fn is_again(&self, effect: &Effect) -> bool {
        let scope = Scope { doc: &self.doc, it: None };
        effect.verb == Verb::Again && effect.conditions.iter().all(|condition| scope.holds(condition))
    }

    /// What became of the call, and what there is to say of that.
    fn result(&self, act: &ResourceAction, ops: &[Operation]) -> (StepOutcome, Option<String>) {
        match self.origin.error_code.as_deref().or(act.failed.as_deref()) {
            Some(code) if code.ends_with(DRY_RUN) => (StepOutcome::DryRun, None),
            Some(code) if !ops.is_empty() => {
                (StepOutcome::ErrorProves, Some(format!("{code} shows the state")))
            }
            Some(_) => (StepOutcome::Failed, None),
            None => match self.done(act, ops) {
                (StepOutcome::Applied, _) if !self.undone.is_empty() => {
                    let note = format!("failed in part, and did nothing to {}", self.undone.join(", "));
                    (StepOutcome::Applied, Some(note))
                }
                done => done,
            },
        }
    }

    /// What a call that succeeded comes to.
    fn done(&self, act: &ResourceAction, ops: &[Operation]) -> (StepOutcome, Option<String>) {
        let only = |text: &str| (StepOutcome::NotModelled, Some(text.to_owned()));
        let changes =
            ops.iter().any(|op| !matches!(op, Operation::Shape { .. } | Operation::ProveBefore { .. }));
        match act.action {
            // That it is there, or is not any more, is a change whatever else is known.
            Action::Created | Action::Deleted => (StepOutcome::Applied, None),
            _ if changes => (StepOutcome::Applied, None),
            _ if self.touches(act) => (StepOutcome::Applied, None),
            _ if self.doc.truncated => only("the record was too large for CloudTrail"),
            _ if self.effects_on(&act.resource, false).next().is_some() => {
                only("the record does not say what it changed")
            }
            _ => only("no rule tells what this call changes"),
        }
    }

    /// What a call that was not done was about to do.
    fn tried(&self, act: &ResourceAction, kind: StepOutcome) -> Vec<Operation> {
        let is_undone = matches!(kind, StepOutcome::Failed | StepOutcome::DryRun | StepOutcome::ErrorProves);
        if !is_undone || act.failed.is_some() || act.action == Action::Read {
            return Vec::new();
        }
        let meant_call = || {
            let (origin, doc, undone) = (self.origin.clone(), self.doc.clone(), Vec::new());
            let (elements, meant_call) = (RefCell::default(), OnceCell::new());
            Box::new(Self { effects: self.meant, origin, doc, undone, elements, meant_call, ..*self })
        };
        self.meant_call.get_or_init(meant_call).ops(&act.resource, false)
    }

    /// The number that the service gives to its calls, one after the other.
    fn order(&self) -> Option<i64> {
        let scope = Scope { doc: &self.doc, it: None };
        self.effects.into_iter().flatten().find_map(|effect| {
            let Verb::Order { source } = &effect.verb else { return None };
            scope.texts(source).first()?.trim_start_matches('v').parse().ok()
        })
    }

    /// The state that the call went out from and the one it led to.
    fn chain(&self, resource: &Resource) -> Option<(String, String)> {
        self.effects.into_iter().flatten().find_map(|effect| {
            let Verb::Chain { from, to } = &effect.verb else { return None };
            let it = self.it(resource);
            let scope = Scope { doc: &self.doc, it: it.as_ref() };
            let one = |place| scope.at(place).first().and_then(|value| scalar_text(value));
            Some((one(from)?, one(to)?))
        })
    }
}

fn origin_of_event(event: &Event<'_>) -> StepOrigin {
    let owned = |field: &str| event.text(field).map(str::to_owned);
    StepOrigin {
        time: event.time(),
        event_id: owned("eventID"),
        fingerprint: event.fingerprint(),
        partial: event.is_partial(),
        event_name: event.name().to_owned(),
        event_source: event.source().to_owned(),
        who: event.actor().who(),
        error_code: event.error_code().map(str::to_owned),
        shared_id: owned("sharedEventID"),
        account: event.recipient_account().map(|it| it.into_owned()),
        region: owned("awsRegion"),
    }
}
