//! Which of the files that are known a question needs.
//!
//! What is not needed holds no row, no link, no correction and no call that a hint counts. Whatever cannot
//! be told from the facts makes a file needed.

use super::file_summary::{FAILED, NO_ACCOUNT, NO_REGION, SummaryView};
use super::index_file::IndexFile;
use super::places::{account_names, region_names};
use super::tokens::{address_token, space, word_token};
use crate::answer::{AnyFold, Interest};
use crate::aws::ids::is_account;
use crate::catalog::LINK_PREFIXES;
use crate::event::{Outcome, RawFields, Time};
use crate::query::Filter;
use crate::resource::typed_words;

/// Tokens that have to be there together.
type TokenSet = Vec<u64>;

/// What a fold needs, made ready for the facts of one archive.
pub(super) struct Pruner {
    since: Option<i64>,
    until: Option<i64>,
    /// What passes, by the numbers of calls; empty when every call does.
    calls: Vec<bool>,
    /// Which calls matter though they name nothing that is looked for.
    concerning: Vec<Interest>,
    places: Vec<PlacePruner>,
    failed: bool,
    /// Of each list one set has to be there.
    wanted: Vec<Vec<TokenSet>>,
    /// The same for what is looked for, which may be told by other means; `None` when any file may hold it.
    sought: Option<Vec<TokenSet>>,
    links: u8,
    /// Whether it matters on which days there are events.
    days: bool,
}

/// What the accounts and regions of a file mean to the question.
struct PlacePruner {
    account: bool,
    region: bool,
    /// Whether the resource that is asked for is one of the accounts.
    is_resource: bool,
    /// Whether it is one account and one region.
    is_one: bool,
}

impl Pruner {
    pub(super) fn new(filter: &Filter, fold: &dyn AnyFold, store: &IndexFile) -> Self {
        let needs = fold.needs();
        let seconds = |time: Option<Time>| time.map(|time| time.utc().timestamp());
        // A reference without words may be in any file.
        let words: Option<Vec<Vec<String>>> =
            needs.references.iter().map(|it| it.words()).collect::<Option<Vec<_>>>().map(|it| it.concat());
        let call = |text: &str| text.split_once('\0').map(|(a, b)| (a.to_owned(), b.to_owned()));
        let calls: Vec<_> = store.calls.iter().map(|text| call(text).unwrap_or_default()).collect();
        let named = !filter.event.is_empty() || !filter.service.is_empty() || !filter.conditions.is_empty();
        // What EventBridge wrote around a record is not in the facts, and may say otherwise.
        let unseen = RawFields { enveloped: true, ..RawFields::default() };
        let may = |raw: RawFields<'_>| filter.may_match(&raw);
        let passes = |(source, name): &(String, String)| {
            may(RawFields { name: Some(name.as_bytes()), source: Some(source.as_bytes()), ..unseen })
        };
        let place = |text: &str| PlacePruner {
            account: account_names(text)
                .any(|account| may(RawFields { account: Some(account.as_bytes()), ..unseen })),
            region: region_names(text)
                .any(|region| may(RawFields { region: Some(region.as_bytes()), ..unseen })),
            is_one: account_names(text).count() == 1 && region_names(text).count() == 1,
            is_resource: words.iter().flatten().any(|set| {
                set.iter().all(|word| account_names(text).any(|account| account.eq_ignore_ascii_case(word)))
            }),
        };
        let of_resource = |sets: &Vec<Vec<String>>| {
            sets.iter().map(|set| word_tokens(space::RESOURCE, borrow_words(set))).collect()
        };
        let mut sought: Option<Vec<TokenSet>> = words.as_ref().map(of_resource);
        for word in &needs.words {
            let words: Vec<String> = typed_words(word).collect();
            sought.iter_mut().for_each(|sets| {
                sets.extend(
                    [space::ACTOR, space::RESOURCE].map(|space| word_tokens(space, borrow_words(&words))),
                );
            });
        }
        let followed: Vec<&str> = match needs.unfiltered {
            true => needs.references.iter().flat_map(|it| crate::catalog::link_prefixes(it)).collect(),
            false => Vec::new(),
        };
        let concern = |(source, name): &(String, String)| {
            if needs.everything { Interest::Always } else { fold.call_interest(source, name) }
        };
        let bits = LINK_PREFIXES.iter().enumerate().filter(|(_, prefix)| followed.contains(prefix));
        let (since, until) = filter.span(true);
        let mut sieve = Self {
            since: seconds(since),
            until: seconds(until),
            calls: if named { calls.iter().map(passes).collect() } else { Vec::new() },
            concerning: calls.iter().map(concern).collect(),
            places: store.places.iter().map(|text| place(text)).collect(),
            failed: filter.denied
                || filter.outcome == Some(Outcome::Failed)
                || filter.error.plain().is_some()
                || !filter.conditions.may_match(&RawFields { fails: Some(false), ..unseen }),
            wanted: wanted_tokens(filter),
            sought,
            links: bits.fold(0, |links, (bit, _)| links | 1 << bit),
            days: needs.days,
        };
        if needs.unfiltered {
            // Links count wherever and by whomever they were made.
            sieve.forget_filter();
        }
        sieve
    }

    fn forget_filter(&mut self) {
        (self.since, self.until, self.failed) = (None, None, false);
        self.calls.clear();
        self.wanted.clear();
        self.places.iter_mut().for_each(|place| (place.account, place.region) = (true, true));
    }

    /// Returns whether a file has to be read; `calls` is room for its calls.
    pub(super) fn needs(&self, view: &SummaryView<'_>, calls: &mut Vec<u32>) -> bool {
        let Some(place) = self.places.get(view.place as usize) else { return true };
        if self.days && !(place.is_one && gives_days(view)) {
            return true;
        }
        if !self.within(view)
            || !(place.account || view.flags & NO_ACCOUNT != 0)
            || !(place.region || view.flags & NO_REGION != 0)
            || (self.failed && view.flags & FAILED == 0)
        {
            return false;
        }
        let Some(details) = view.details(calls) else { return true };
        let is = |list: &[bool], call: &u32| list.get(*call as usize).copied().unwrap_or(true);
        let concern = |call: &u32| self.concerning.get(*call as usize).copied().unwrap_or(Interest::Always);
        let has_all = |set: &TokenSet| set.iter().all(|token| details.may_hold(*token));
        let passes = (self.calls.is_empty() || details.calls.iter().any(|call| is(&self.calls, call)))
            && self.wanted.iter().all(|sets| sets.iter().any(has_all));
        let needs = passes
            && (details
                .calls
                .iter()
                .any(|call| matches!(concern(call), Interest::Always | Interest::UnlessRead))
                || details
                    .unnamed
                    .iter()
                    .any(|call| matches!(concern(call), Interest::IfUnnamed | Interest::IfOmitted))
                || details.links & self.links != 0
                || place.is_resource
                || self
                    .sought
                    .as_ref()
                    .is_none_or(|sets| view.flags & NO_ACCOUNT != 0 || sets.iter().any(has_all)));
        *calls = details.calls;
        needs
    }

    fn within(&self, view: &SummaryView<'_>) -> bool {
        // An event whose time is not plain may have one all the same.
        let Some((first, last)) = view.span.filter(|_| view.rare[3] == 0) else { return true };
        self.since.is_none_or(|since| last >= since) && self.until.is_none_or(|until| first <= until)
    }
}

/// Whether the facts tell on which days a file has events: the first and the last, with none in between.
fn gives_days(view: &SummaryView<'_>) -> bool {
    const DAY: i64 = 86_400;
    let narrow = |(first, last): (i64, i64)| last.div_euclid(DAY) - first.div_euclid(DAY) <= 1;
    view.flags & (NO_ACCOUNT | NO_REGION) == 0 && view.span.is_none_or(narrow)
}

fn borrow_words(words: &[String]) -> impl Iterator<Item = &str> {
    words.iter().map(String::as_str)
}

fn word_tokens<'w>(space: u64, words: impl Iterator<Item = &'w str>) -> TokenSet {
    words.map(|word| word_token(space, word.as_bytes())).collect()
}

/// What the filters want that are given as plain texts: of each list one set.
fn wanted_tokens(filter: &Filter) -> Vec<Vec<TokenSet>> {
    let mut wanted = Vec::new();
    if let Some(actors) = filter.actor.plain() {
        wanted.push(
            actors
                .iter()
                .map(|actor| word_tokens(space::ACTOR, actor_words(actor).iter().map(String::as_str))),
        );
    }
    let mut wanted: Vec<Vec<TokenSet>> = wanted.into_iter().map(Iterator::collect).collect();
    if let Some(keys) = filter.access_key.plain() {
        let words = keys.iter().map(|key| typed_words(key).collect::<Vec<_>>());
        let sets = words.flat_map(|words| {
            [space::ACTOR, space::RESOURCE].map(|space| word_tokens(space, words.iter().map(String::as_str)))
        });
        wanted.push(sets.collect());
    }
    if let Some(errors) = filter.error.plain() {
        let words = errors.iter().map(|error| typed_words(error).collect::<Vec<_>>());
        wanted.push(words.map(|words| word_tokens(space::ERROR, words.iter().map(String::as_str))).collect());
    }
    if let Some(addresses) = filter.ip.hosts() {
        wanted.push(addresses.into_iter().map(|it| vec![address_token(it)]).collect());
    }
    wanted
}

/// Words that are put beside the names of callers, so that no record has to hold them.
const PUT: [&str; 25] = [
    "user",
    "role",
    "root",
    "session",
    "federated",
    "issued",
    "directory",
    "account",
    "identity",
    "center",
    "via",
    "unknown",
    "whose",
    "name",
    "aws",
    "withholds",
    "saml",
    "web",
    "in",
    "the",
    "of",
    "assumed",
    "anonymous",
    "no",
    "credentials",
];

/// The words of a caller's name that a record has to hold.
fn actor_words(actor: &str) -> Vec<String> {
    // Of ARNs, only the resource is in the index.
    let is_arn = actor.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("arn:"));
    let actor = if is_arn { actor.splitn(6, ':').nth(5).unwrap_or_default() } else { actor };
    let is_account = |word: &String| is_account(word);
    typed_words(actor).filter(|word| !PUT.contains(&word.as_str()) && !is_account(word)).collect()
}
