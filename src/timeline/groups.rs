//! Steps by the resource that they are about, whatever each event calls it.

use super::ends::EndedParts;
use super::fold::{Timeline, fold_steps};
use super::names::unite_names;
use super::step::{Step, StepOrigin};
use crate::event::Time;
use crate::resource::Resource;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Steps on any number of resources; one a thread, merged at the end.
#[derive(Clone, Debug, Default)]
pub struct StepStore {
    /// In boxes, as there are many and they are sorted: what grows and moves is small.
    #[allow(clippy::vec_box, reason = "a step has some 400 bytes")]
    all: Vec<Box<Step>>,
    /// Of resources that are not known yet, by association.
    by_link: Vec<Step>,
}

/// What tells one resource from another of its type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceKey {
    /// The type.
    pub kind: String,
    /// The account that owns it, where known.
    pub account: Option<String>,
    /// The region, for types that have one.
    pub region: Option<String>,
    /// The id.
    pub id: String,
}

impl ResourceKey {
    /// Returns that of a resource.
    pub fn of(resource: &Resource) -> Self {
        Self {
            kind: resource.kind.clone().into_owned(),
            account: resource.account.clone(),
            region: resource.region.clone(),
            id: fold_case(resource, &resource.id).into_owned(),
        }
    }

    /// Returns whether two resources have the same key.
    pub(super) fn is_same(a: &Resource, b: &Resource) -> bool {
        KeyView::of(a) == KeyView::of(b)
    }
}

/// IAM compares names without case.
pub(super) fn fold_case<'i>(resource: &Resource, id: &'i str) -> Cow<'i, str> {
    let is_other = resource.kind.starts_with("AWS::IAM::") && id.bytes().any(|it| it.is_ascii_uppercase());
    if is_other { Cow::Owned(id.to_ascii_lowercase()) } else { Cow::Borrowed(id) }
}

/// A key that need not be made to be compared, in the same order.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct KeyView<'s> {
    kind: Cow<'s, str>,
    account: Option<Cow<'s, str>>,
    region: Option<Cow<'s, str>>,
    id: Cow<'s, str>,
}

impl<'s> KeyView<'s> {
    fn of(resource: &'s Resource) -> Self {
        Self {
            kind: Cow::Borrowed(&resource.kind),
            account: resource.account.as_deref().map(Cow::Borrowed),
            region: resource.region.as_deref().map(Cow::Borrowed),
            id: fold_case(resource, &resource.id),
        }
    }
}

/// Puts together what the steps call their resource.
pub(super) fn merge_identifiers(steps: &[Step]) -> Option<Resource> {
    let mut resource = steps.first()?.resource.clone();
    let mut told = HashSet::new();
    let identifiers = steps.iter().flat_map(|step| step.resource.identifiers());
    resource.also_each(identifiers.filter(|it| told.insert(*it)));
    for step in steps {
        resource.at_home_of(&step.resource);
    }
    Some(resource)
}

/// Hands out the steps of one resource, with the ends and beginnings of what it is part of.
fn hand_out(mut steps: Vec<Step>, ends: &EndedParts, visit: &mut dyn FnMut(Resource, Vec<Step>)) {
    if let Some(resource) = merge_identifiers(&steps) {
        ends.begin(&resource, &mut steps);
        let more = ends.of_resource(&resource, &steps);
        steps.extend(more);
        visit(resource, steps);
    }
}

impl StepStore {
    /// Adds the steps of one event.
    pub fn add(&mut self, steps: Vec<Step>) {
        for step in steps {
            if step.link.is_some() { self.by_link.push(step) } else { self.all.push(Box::new(step)) }
        }
    }

    /// Adds what another thread found.
    pub fn merge(&mut self, other: Self) {
        self.all.extend(other.all);
        self.by_link.extend(other.by_link);
    }

    /// Returns the event of each step.
    pub fn origins(&self) -> impl Iterator<Item = &StepOrigin> {
        self.all.iter().map(AsRef::as_ref).chain(&self.by_link).map(|step| step.origin.as_ref())
    }

    /// Adds to the notes of steps what there is to say of their events.
    pub fn annotate(&mut self, describe: &dyn Fn(&StepOrigin) -> Option<String>) {
        for step in self.all.iter_mut().map(AsMut::as_mut).chain(&mut self.by_link) {
            if let Some(more) = describe(&step.origin) {
                step.note = Some(match step.note.take() {
                    Some(known) => format!("{known}; {more}"),
                    None => more,
                });
            }
        }
    }

    /// Calls callers otherwise, where `name` knows another name.
    pub fn rename_callers(&mut self, name: &dyn Fn(&str) -> Option<String>) {
        for step in self.all.iter_mut().map(AsMut::as_mut).chain(&mut self.by_link) {
            if let Some(who) = name(&step.origin.who) {
                Arc::make_mut(&mut step.origin).who = who;
            }
        }
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Returns whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Returns the steps of each resource, with the resource by all its identifiers.
    pub fn by_resource(self) -> Vec<(Resource, Vec<Step>)> {
        let mut all = Vec::new();
        self.each(&mut |resource, steps| all.push((resource, steps)));
        all
    }

    /// Hands the steps of each resource to `visit`, in the order of their keys; what was handed out is
    /// not held any more.
    pub fn each(mut self, visit: &mut dyn FnMut(Resource, Vec<Step>)) {
        // The grouping must not hang on the order in which files were read.
        self.all.sort_by(|a, b| {
            KeyView::of(&a.resource)
                .cmp(&KeyView::of(&b.resource))
                .then_with(|| a.sort_key().cmp(&b.sort_key()))
        });
        self.follow_links();
        self.all.sort_by(|a, b| KeyView::of(&a.resource).cmp(&KeyView::of(&b.resource)));
        unite_names(&mut self.all);
        self.all.sort_by(|a, b| KeyView::of(&a.resource).cmp(&KeyView::of(&b.resource)));
        let ends = EndedParts::of(&self.all);
        let mut steps: Vec<Step> = Vec::new();
        for step in self.all {
            if !steps.last().is_some_and(|last| ResourceKey::is_same(&last.resource, &step.resource)) {
                hand_out(std::mem::take(&mut steps), &ends, visit);
            }
            steps.push(*step);
        }
        hand_out(steps, &ends, visit);
    }

    /// Folds each resource's steps up to a moment.
    pub fn fold(self, until: Option<Time>) -> Vec<Timeline> {
        let mut all = Vec::new();
        self.each(&mut |resource, steps| all.push(fold_steps(resource, steps, until)));
        all
    }

    /// Gives the steps that name an association alone to the resources that were seen with it.
    fn follow_links(&mut self) {
        let mut links: HashMap<&str, Vec<&Resource>> = HashMap::new();
        for step in &self.all {
            for link in &step.links {
                links.entry(link).or_default().push(&step.resource);
            }
        }
        let mut found = Vec::new();
        for step in &self.by_link {
            let ends = step.link.as_deref().and_then(|link| links.get(link));
            let end = ends.into_iter().flatten().find(|resource| resource.kind == step.resource.kind);
            found.extend(end.map(|resource| {
                Box::new(Step { resource: (*resource).clone(), link: None, ..step.clone() })
            }));
        }
        self.all.extend(found);
    }
}
