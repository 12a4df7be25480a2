//! Steps by the resource that they are about, whatever each event calls it.

use super::fold::{Timeline, fold};
use super::step::Step;
use crate::event::Time;
use crate::resource::Resource;
use std::collections::{BTreeMap, HashMap};

/// Steps on any number of resources; one a thread, merged at the end.
#[derive(Clone, Debug, Default)]
pub struct Steps {
    all: Vec<Step>,
    /// Of resources that are not known yet, by association.
    by_link: Vec<Step>,
}

/// What tells one resource from another of its type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The type.
    pub kind: String,
    /// The account that owns it, where known.
    pub account: Option<String>,
    /// The region, for types that have one.
    pub region: Option<String>,
    /// The id.
    pub id: String,
}

impl Key {
    /// Returns that of a resource.
    pub fn of(resource: &Resource) -> Self {
        Self {
            kind: resource.kind.clone().into_owned(),
            account: resource.account.clone(),
            region: resource.region.clone(),
            id: folded(resource, &resource.id),
        }
    }
}

/// IAM compares names without case.
fn folded(resource: &Resource, id: &str) -> String {
    if resource.kind.starts_with("AWS::IAM::") { id.to_ascii_lowercase() } else { id.to_owned() }
}

impl Steps {
    /// Adds the steps of one event.
    pub fn add(&mut self, steps: Vec<Step>) {
        for step in steps {
            if step.link.is_some() { self.by_link.push(step) } else { self.all.push(step) }
        }
    }

    /// Adds what another thread found.
    pub fn merge(&mut self, other: Self) {
        self.all.extend(other.all);
        self.by_link.extend(other.by_link);
    }

    /// Leaves out the steps of events that later records correct.
    pub fn without(&mut self, corrected: &dyn Fn(&Step) -> bool) {
        self.all.retain(|step| !corrected(step));
        self.by_link.retain(|step| !corrected(step));
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
    pub fn by_resource(mut self) -> Vec<(Resource, Vec<Step>)> {
        // The grouping must not hang on the order in which files were read.
        self.all
            .sort_by(|a, b| (Key::of(&a.resource), a.sort_key()).cmp(&(Key::of(&b.resource), b.sort_key())));
        self.follow_links();
        let names = self.aliases();
        let mut groups: BTreeMap<Key, (Resource, Vec<Step>)> = BTreeMap::new();
        for step in self.all {
            let key = Key::of(&step.resource);
            let key = names.get(&key).cloned().unwrap_or(key);
            let (resource, steps) = groups.entry(key).or_insert_with(|| (step.resource.clone(), Vec::new()));
            for more in [step.resource.arn.as_deref(), step.resource.name.as_deref(), Some(&step.resource.id)]
            {
                if let Some(more) = more.filter(|it| *it != resource.id) {
                    resource.also(more);
                }
            }
            steps.push(step);
        }
        groups.into_values().collect()
    }

    /// Hands the steps of each resource to `visit`.
    pub fn each(self, visit: &mut dyn FnMut(Resource, Vec<Step>)) {
        self.by_resource().into_iter().for_each(|(resource, steps)| visit(resource, steps));
    }

    /// Folds each resource's steps up to a moment.
    pub fn fold(self, until: Option<Time>) -> Vec<Timeline> {
        self.by_resource().into_iter().map(|(resource, steps)| fold(resource, steps, until)).collect()
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
            found.extend(end.map(|resource| Step {
                resource: (*resource).clone(),
                link: None,
                ..step.clone()
            }));
        }
        self.all.extend(found);
    }

    /// Which keys are another name of the same: an alias of a KMS key.
    fn aliases(&self) -> HashMap<Key, Key> {
        let is_key =
            |step: &&Step| step.resource.kind == "AWS::KMS::Key" && !step.resource.id.starts_with("alias/");
        let named = self.all.iter().filter(is_key);
        named
            .filter_map(|step| {
                let name = step.resource.name.clone().filter(|name| name.starts_with("alias/"))?;
                let key = Key::of(&step.resource);
                Some((Key { id: name, ..key.clone() }, key))
            })
            .collect()
    }
}
