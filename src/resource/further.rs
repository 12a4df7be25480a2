//! What further identifiers of a resource, and the event that named it, add to its identity.

use super::identity::Resource;
use super::ids;
use std::collections::HashSet;

/// So many identifiers are compared each with each.
const FEW: usize = 8;

impl Resource {
    /// Adds a further identifier of the same resource: a name, an id or an ARN.
    ///
    /// Fills name, ARN, account and region where they are not known yet.
    pub fn also(&mut self, value: &str) {
        self.add(value, None);
    }

    /// Adds further identifiers, be they thousands.
    pub(crate) fn also_each<'v>(&mut self, values: impl Iterator<Item = &'v str>) {
        let mut known: HashSet<String> = self.others.iter().cloned().collect();
        for value in values {
            if value != self.id {
                self.add(value, Some(&mut known));
            }
        }
    }

    /// Adds an identifier; `known` are the further ones so far, where they are many.
    fn add(&mut self, value: &str, mut known: Option<&mut HashSet<String>>) {
        if value.is_empty() {
            return;
        }
        let more = Resource::new(&self.kind, value);
        self.account = self.account.take().or(more.account);
        self.region = self.region.take().or(more.region);
        let before = self.others.len();
        let is_known = |others: &[String], it: &String| match &known {
            Some(known) => known.contains(it),
            None => others.contains(it),
        };
        match more.arn {
            Some(arn) => {
                if self.outranks_id(&more.id) {
                    self.replace_id(more.id);
                }
                match &self.arn {
                    None => self.arn = Some(arn),
                    Some(told) if *told == arn || is_known(&self.others, &arn) => {}
                    Some(_) => self.others.push(arn),
                }
            }
            None if more.id == self.id || self.name.as_ref() == Some(&more.id) => {}
            None if self.outranks_id(&more.id) => self.replace_id(more.id),
            None if self.name.is_none() && !ids::is_id(&more.id) => self.name = Some(more.id),
            None if is_known(&self.others, &more.id) => {}
            None => self.others.push(more.id),
        }
        if let Some(known) = &mut known {
            known.extend(self.others[before..].iter().cloned());
        }
    }

    /// Adds an id that the service alone gives and no call goes by: never a name.
    pub fn also_unique(&mut self, value: &str) {
        let nameless = self.name.is_none();
        if nameless {
            self.name = Some(self.id.clone());
        }
        self.also(value);
        // Where the value outranked the id, what was the id is its name now.
        if nameless && self.name.as_ref() == Some(&self.id) {
            self.name = None;
        }
    }

    /// Returns every identifier that stands for the resource alone, each once, the id first. A name that others
    /// share is none: that of a service in its cluster, of a task definition without its revision.
    pub fn identifiers(&self) -> Vec<&str> {
        let own = |name: &&str| {
            let is_piece = self.id.strip_suffix(*name).is_some_and(|parents| parents.ends_with('/'));
            let is_family = self.id.strip_prefix(*name).is_some_and(|revision| revision.starts_with(':'));
            let is_bare_alias = self.name.as_deref().and_then(|it| it.strip_prefix("alias/")) == Some(*name);
            let is_last_part = self.joined && Some(*name) == self.name.as_deref();
            !(name.is_empty() || is_last_part || is_piece || is_family || is_bare_alias)
        };
        let names = self.name.iter().chain(&self.others).map(String::as_str).filter(own);
        let mut found = vec![self.id.as_str()];
        // Nearly all have two or three; one may have thousands.
        let mut told: HashSet<&str> = HashSet::new();
        for identifier in names.chain(self.arn.as_deref()) {
            let is_new = if self.others.len() > FEW {
                identifier != self.id && told.insert(identifier)
            } else {
                !found.contains(&identifier)
            };
            if is_new {
                found.push(identifier);
            }
        }
        found
    }

    /// Returns the names of its type: `AWS::EC2::Image`, without `AWS::` as tables print it, `AWS::EC2::Ami`.
    pub fn type_names(&self) -> impl Iterator<Item = &str> {
        let kind = self.kind.as_ref();
        let aliases =
            self.row.iter().flat_map(|row| row.aliases).copied().filter(|alias| alias.contains("::"));
        [Some(kind), kind.strip_prefix("AWS::")].into_iter().flatten().chain(aliases)
    }

    /// Returns whether what it is called by is an id that AWS gave, and no name.
    pub fn has_id(&self) -> bool {
        ids::is_id(&self.id)
    }

    /// Sets the owner and the region where no ARN told them.
    ///
    /// Bucket names say nothing of either, and global types have no region.
    pub fn owned_by(&mut self, account: Option<&str>, region: Option<&str>) {
        if self.is_bucket_or_object() {
            return;
        }
        if self.account.is_none() {
            self.account = account.map(str::to_owned);
        }
        if self.region.is_none() && self.row.is_none_or(|row| !row.global) {
            self.region = region.map(str::to_owned);
        }
    }

    /// Takes the id that other events give it; what it was called by is its name then.
    pub(crate) fn rename_id(&mut self, id: &str) {
        if self.id != id {
            self.replace_id(id.to_owned());
        }
    }

    /// Returns what it is known by once it has another name: what it is in stays.
    pub(crate) fn renamed(&self, name: &str) -> String {
        match self.id.rsplit_once('/') {
            Some((parent, _)) if self.joined => Resource::joined(&self.kind, &[parent, name]).id,
            _ => Resource::new(&self.kind, name).id,
        }
    }

    /// Returns whether another identifier of it is the one that it is known by.
    pub(crate) fn is_outranked_by(&self, called: &Resource) -> bool {
        self.outranks_id(&called.id)
    }

    /// Sets the account and the region that a bucket is known to be in; what is told later counts.
    pub fn at_home(&mut self, account: Option<&str>, region: Option<&str>) {
        if self.is_bucket_or_object() {
            self.home.0 = account.map(str::to_owned).or(self.home.0.take());
            self.home.1 = region.map(str::to_owned).or(self.home.1.take());
        }
    }

    /// Takes over where another record says that it is.
    pub fn at_home_of(&mut self, other: &Self) {
        self.at_home(other.home.0.as_deref(), other.home.1.as_deref());
    }

    /// Returns the account that owns it, as far as it is told: of a bucket as well.
    pub fn owner(&self) -> Option<&str> {
        self.account.as_deref().or(self.home.0.as_deref())
    }

    /// Returns the region it is in, as far as it is told: of a bucket as well. Global types are in none.
    pub fn location(&self) -> Option<&str> {
        self.region.as_deref().or(self.home.1.as_deref())
    }

    /// Returns whether its type belongs to no region.
    pub fn is_global(&self) -> bool {
        self.row.is_some_and(|row| row.global)
    }

    /// Returns whether `id` is the id proper, and what was taken for the id only a name:
    /// the id of a security group that was named, the UUID of a key called by its alias.
    fn outranks_id(&self, id: &str) -> bool {
        // IAM's unique ids and RDS's resource ids are ids too, but their calls go by name.
        let by_name = ["AWS::IAM::", "AWS::RDS::"].iter().any(|service| self.kind.starts_with(service));
        let by_id = !by_name
            && (ids::kinds_of_id(id).any(|kind| kind == self.kind)
                || (self.kind == "AWS::KMS::Key" && ids::is_id(id)));
        by_id && !self.joined && !self.id.is_empty() && !ids::is_id(&self.id)
    }

    fn replace_id(&mut self, id: String) {
        let name = std::mem::replace(&mut self.id, id);
        // Of an alias, the name has the prefix that tells it from the key.
        if let Some(shorter) = self.name.replace(name) {
            self.others.push(shorter);
        }
    }
}
