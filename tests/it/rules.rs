//! Rules of one's own are a value: questions that hold other catalogs are answered otherwise, side by side in one
//! process, and an index serves the rules alone that it was made with.

use crate::world::{World, fixture};
use std::path::Path;
use trailscan::answer::{GroupBy, HistoryQuery, RowQuery, Stats};
use trailscan::catalog::{Action, Catalog};
use trailscan::container::Limits;
use trailscan::index::{ArchiveRoot, OldIndex, build, open};
use trailscan::query::{Filter, Globs};
use trailscan::resource::{NamedResource, Reference};
use trailscan::scan;
use trailscan::scan::Unwatched;
use trailscan::scan::ask::Query;
use trailscan::timeline::Knowledge;

/// What the program knows, what the rules of the fixture add, and rules that say something else of the same call.
fn catalogs() -> [Catalog; 3] {
    let with = |text: &str| Catalog::with_rules(&[("rules.toml".to_owned(), text.to_owned())]).unwrap();
    let fixture = std::fs::read_to_string(fixture("rules/widgets.toml")).unwrap();
    let others = "source = \"widgets.amazonaws.com\"\n\n\
        [calls]\nRecolorWidget = [\"created AWS::Widgets::Widget rq.widgetName\"]\n\n\
        [effects]\nRecolorWidget = [\"set shade rq.color\"]\n";
    [Catalog::default(), with(&fixture), with(others)]
}

fn widget() -> NamedResource {
    NamedResource::new(Reference::parse("AWS::Widgets::Widget/left").unwrap())
}

/// How many calls created the widget, which of its settings got a value that is known, and what the call counts as.
fn told(catalog: &Catalog) -> (usize, Vec<String>, Vec<Option<String>>) {
    let sources = scan::find_sources(&[fixture("rules/log.json")], 1).unwrap().sources;
    let (filter, limits, kinds) = (Filter::default(), Limits::default(), Globs::default());
    let created = RowQuery {
        resource: Some(widget()),
        actions: vec![Action::Created],
        catalog: catalog.clone(),
        ..RowQuery::default()
    };
    let rows = Query::new(&filter, &created, &sources, limits).answer(&sources, 1, &Unwatched).unwrap();
    let history =
        HistoryQuery { resource: Some(widget()), catalog: catalog.clone(), ..HistoryQuery::of_all(&kinds) };
    let history = Query::new(&filter, &history, &sources, limits).answer(&sources, 1, &Unwatched).unwrap();
    let timelines = history.answer.timelines(None);
    let changes = timelines.iter().flat_map(|it| &it.entries).flat_map(|it| &it.changes);
    let by = vec![GroupBy::parse("action").unwrap()];
    let stats = Stats { by, catalog: catalog.clone(), ..Stats::default() };
    let stats = Query::new(&filter, &stats, &sources, limits).answer(&sources, 1, &Unwatched).unwrap();
    (
        rows.answer.rows.len(),
        changes.filter(|it| matches!(it.after, Knowledge::Known(_))).map(|it| it.path.to_string()).collect(),
        stats.answer.groups.into_iter().flat_map(|it| it.key).collect(),
    )
}

#[test]
fn every_question_is_answered_by_its_own_rules() {
    let [own, fixture, others] = catalogs();
    let action = |text: &str| vec![Some(text.to_owned())];
    let setting = |text: &str| vec![text.to_owned()];
    // Over and over, and the program's own after the others: nothing of one question stays for the next.
    for _ in 0..2 {
        assert_eq!(told(&own), (0, Vec::new(), action("changed")));
        assert_eq!(told(&fixture), (0, setting("color"), action("changed")));
        assert_eq!(told(&others), (1, setting("shade"), action("created")));
    }
    // And at the same time.
    std::thread::scope(|scope| {
        let asked = [&own, &fixture, &others].map(|catalog| scope.spawn(|| told(catalog)));
        let created = asked.map(|it| it.join().unwrap().0);
        assert_eq!(created, [0, 0, 1]);
    });
}

#[test]
fn an_index_serves_the_rules_that_it_was_made_with() {
    let world = World::empty().copy("rules/log.json", "logs/log.json");
    let (logs, dir) = (world.dir().join("logs"), world.dir().join("ix"));
    let [own, fixture, others] = catalogs();
    let sources = scan::find_sources(std::slice::from_ref(&logs), 1).unwrap().sources;
    let make = |catalog: &Catalog| {
        let spot = ArchiveRoot::new(&logs).unwrap();
        build(&dir, spot, OldIndex::Keep, sources.clone(), catalog, 1, &Unwatched).unwrap()
    };
    let serves = |catalog: &Catalog, dir: &Path| open(dir, &logs, &sources, catalog).unwrap().index.is_some();
    for (maker, want) in
        [(&own, [true, false, false]), (&fixture, [false, true, false]), (&others, [false, false, true])]
    {
        // What other rules made is not brought up to date but made anew.
        assert_eq!(make(maker).kept, 0);
        assert_eq!([&own, &fixture, &others].map(|it| serves(it, &dir)), want);
        assert_eq!(make(maker).kept, 1);
    }
}
