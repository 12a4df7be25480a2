//! Many references, of which those are found that may mean a resource without asking each.
//!
//! What a resource is called by holds the words of the reference that means it ([`Reference::words`]), so those that
//! have no word in common with it need not be asked. The words only nominate; `Reference::matches` decides.

use super::identity::Resource;
use super::matching::Match;
use super::reference::Reference;
use std::collections::{BTreeSet, HashMap};

/// How many letters a service puts behind a name, with the hyphen before them: those of a secret.
const SUFFIX: usize = 7;

/// References by a word of each.
#[derive(Clone, Debug, Default)]
pub struct ReferenceSet {
    all: Vec<Reference>,
    by_word: HashMap<String, Vec<usize>>,
    /// Those of which no words are known: they are always asked.
    wordless: Vec<usize>,
}

impl ReferenceSet {
    /// Adds one.
    pub fn push(&mut self, reference: Reference) {
        let at = self.all.len();
        match reference.words() {
            None => self.wordless.push(at),
            Some(sets) => {
                let words: BTreeSet<String> =
                    sets.into_iter().filter_map(|set| set.into_iter().max_by_key(String::len)).collect();
                words.into_iter().for_each(|word| self.by_word.entry(word).or_default().push(at));
            }
        }
        self.all.push(reference);
    }

    /// Returns all of them, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Reference> {
        self.all.iter()
    }

    /// Returns whether one of them means a resource.
    pub fn means(&self, resource: &Resource) -> bool {
        let is_it = |at: &usize| self.all[*at].matches(resource) == Match::Yes;
        self.candidates(resource).iter().any(is_it)
    }

    /// Those that may mean it.
    fn candidates(&self, resource: &Resource) -> BTreeSet<usize> {
        let mut found: BTreeSet<usize> = self.wordless.iter().copied().collect();
        if self.by_word.is_empty() {
            return found;
        }
        each_word(resource, &mut |word| found.extend(self.by_word.get(word).into_iter().flatten()));
        found
    }
}

/// The other way round: resources, of which those are found that a reference may mean without asking for each.
#[derive(Debug, Default)]
pub struct WordIndex {
    by_word: HashMap<String, BTreeSet<usize>>,
}

impl WordIndex {
    /// Adds a resource by its number; once more when it has got another name.
    pub fn add(&mut self, number: usize, resource: &Resource) {
        each_word(resource, &mut |word| match self.by_word.get_mut(word) {
            Some(numbers) => _ = numbers.insert(number),
            None => _ = self.by_word.insert(word.to_owned(), BTreeSet::from([number])),
        });
    }

    /// Returns the numbers of those that a reference may mean; `None` where it may be any.
    ///
    /// All words of a set are held, so the rarest of them tells the fewest.
    pub fn candidates(&self, reference: &Reference) -> Option<BTreeSet<usize>> {
        let numbers = |word: String| self.by_word.get(&word);
        let is_held = |set: &Vec<String>| set.iter().all(|word| self.by_word.contains_key(word));
        let sets = reference.words()?.into_iter().filter(is_held);
        let rarest = sets.filter_map(|set| set.into_iter().filter_map(numbers).min_by_key(|it| it.len()));
        Some(rarest.flatten().copied().collect())
    }
}

/// Gives every word by which a reference may mean a resource, in lower case.
fn each_word(resource: &Resource, each: &mut dyn FnMut(&str)) {
    let texts = [Some(&resource.id), resource.name.as_ref(), resource.arn.as_ref()];
    for text in texts.into_iter().flatten().chain(&resource.others) {
        let is_other = |it: char| !(it.is_ascii_alphanumeric() || it == '-' || it == '_');
        for word in text.split(is_other).map(str::to_ascii_lowercase) {
            let shorter = word.len().checked_sub(SUFFIX).and_then(|at| word.get(..at));
            [Some(word.as_str()), shorter].into_iter().flatten().for_each(&mut *each);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NAMES: [(&str, &str); 12] = [
        ("AWS::KMS::Key", "1234abcd-12ab-34cd-56ef-1234567890ab"),
        ("AWS::KMS::Key", "alias/pay"),
        ("AWS::KMS::Key", "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
        ("AWS::IAM::Role", "Deploy"),
        ("AWS::IAM::Role", "arn:aws:iam::111122223333:role/ops/deploy"),
        ("AWS::S3::Bucket", "pay"),
        ("AWS::SecretsManager::Secret", "pay"),
        ("AWS::SecretsManager::Secret", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:pay-AbCdEf"),
        ("AWS::Lambda::Function", "pay:7"),
        ("AWS::Lambda::Function", "arn:aws:lambda:eu-west-1:111122223333:function:pay"),
        ("AWS::Route53::HostedZone", "/hostedzone/Z0123456789ABC"),
        ("AWS::EC2::VPC", "x"),
    ];

    fn any_resource() -> impl Strategy<Value = Resource> {
        let more = prop::option::of(prop::sample::select(NAMES.as_slice()));
        (prop::sample::select(NAMES.as_slice()), more).prop_map(|((kind, name), more)| {
            let mut resource = Resource::new(kind, name);
            more.filter(|more| more.0 == kind).iter().for_each(|more| resource.also(more.1));
            resource
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

        /// What is found by words is what asking each finds.
        #[test]
        fn words_leave_out_none_that_matches(owners in prop::collection::vec(any_resource(), 0..6), it in any_resource()) {
            let references: Vec<Reference> =
                owners.iter().filter_map(|owner| Reference::of(owner, &owner.id)).collect();
            let mut set = ReferenceSet::default();
            references.iter().cloned().for_each(|reference| set.push(reference));
            let wanted = references.iter().any(|reference| reference.matches(&it) == Match::Yes);
            prop_assert_eq!(set.means(&it), wanted);
        }

        /// The same the other way round.
        #[test]
        fn words_lead_to_all_that_match(all in prop::collection::vec(any_resource(), 0..6), wanted in any_resource()) {
            let Some(reference) = Reference::of(&wanted, &wanted.id) else { return Ok(()) };
            let mut index = WordIndex::default();
            all.iter().enumerate().for_each(|(at, it)| index.add(at, it));
            let Some(found) = index.candidates(&reference) else { return Ok(()) };
            for (at, it) in all.iter().enumerate() {
                prop_assert!(reference.matches(it) != Match::Yes || found.contains(&at), "{:?}", it);
            }
        }
    }

    #[test]
    fn few_are_asked_of_many() {
        let mut set = ReferenceSet::default();
        for number in 0..100 {
            let key = Resource::new("AWS::KMS::Key", &format!("{number:08}-12ab-34cd-56ef-1234567890ab"));
            Reference::of(&key, &key.id).into_iter().for_each(|reference| set.push(reference));
        }
        let key = Resource::new("AWS::KMS::Key", "00000007-12ab-34cd-56ef-1234567890ab");
        assert_eq!((set.iter().count(), set.candidates(&key).len(), set.means(&key)), (100, 1, true));
    }
}
