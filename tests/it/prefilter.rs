//! What is refused without being parsed must not have matched: the same answers without any
//! prefilter, on the real logs.

use crate::world::fixture;
use std::sync::Arc;
use trailscan::answer::{
    Coverage, EventContext, Evidence, Fold, FoldNeeds, History, HistoryQuery, MatchedRows, RowCollector,
    RowQuery,
};
use trailscan::catalog::{Action, link_prefixes};
use trailscan::container::Limits;
use trailscan::decode::StreamKind;
use trailscan::event::{Event, EventParser, Outcome, Time};
use trailscan::input::{Key, Source};
use trailscan::query::{
    Addresses, Condition, Conditions, EventPattern, Filter, FilterPattern, Globs, packed_filters,
};
use trailscan::resource::{NamedResource, Reference};
use trailscan::scan;
use trailscan::scan::ask::Query;
use trailscan::scan::{CandidateRecord, Job, Progress, Skip};

/// Parses every record and asks every one.
struct Plain<'q> {
    filter: &'q Filter,
    question: &'q RowQuery,
}

impl Job for Plain<'_> {
    type Accumulator = RowCollector;

    fn skip_unopened(&self, _source: &Source, _key: Option<&Key>) -> Option<Skip> {
        None
    }

    fn record(
        &self,
        rows: &mut RowCollector,
        parser: &mut EventParser,
        seen: &CandidateRecord<'_>,
    ) -> Result<(), String> {
        let (record, file) = (seen.record, Arc::clone(seen.file));
        let read = parser.read(record.text, |event| {
            if self.filter.matches(event) {
                let evidence = Evidence { file, record: record.index, damaged: false, proof: None };
                rows.event(self.question, event, evidence, record.text);
                rows.may_have_acted(self.question, event);
            } else if self.question.follows {
                rows.links(self.question, event);
            }
        });
        read.map_err(|error| error.to_string())
    }

    fn end(&self, _rows: &mut RowCollector, _contents: &StreamKind, _counted: &Coverage) {}

    fn merge(&self, into: &mut RowCollector, part: RowCollector) {
        into.merge(part);
    }
}

struct Nobody;

impl Progress for Nobody {
    fn done(&self, _bytes: u64) {}
}

/// The rows and the coverage, as JSON.
fn answer(found: &MatchedRows, coverage: &Coverage) -> (usize, String) {
    let json = serde_json::json!({
        "rows": found.rows, "objects": found.on_objects, "coverage": coverage, "unnamed": found.may_have_acted,
    });
    (found.rows.len(), json.to_string())
}

fn check(sources: &[Source], filter: &Filter, question: &RowQuery, name: &str) -> usize {
    let limits = Limits::default();
    let job = Query::new(filter, question, sources, limits);
    let quick = job.answer(sources, 2, &Nobody).unwrap();
    let plain = scan::scan(sources, &Plain { filter, question }, limits, 2, &Nobody).unwrap();
    let quick = answer(&quick.answer, &quick.coverage);
    let mut coverage = plain.coverage;
    let found = plain.part.finish(&mut coverage);
    let plain = answer(&found, &coverage);
    assert_eq!(quick, plain, "{name}");
    quick.0
}

fn question(reference: Option<Reference>, related: bool) -> RowQuery {
    RowQuery {
        follows: reference.as_ref().is_some_and(|it| !link_prefixes(it).is_empty()),
        resource: reference.map(NamedResource::new),
        actions: vec![Action::Created, Action::Changed, Action::Deleted, Action::Read],
        related,
        key: None,
        raw: false,
        origins: false,
        ..RowQuery::default()
    }
}

fn sources() -> Vec<Source> {
    let mut sources =
        scan::find_sources(&[fixture("invictus"), fixture("shapes"), fixture("cases")], 1).unwrap().sources;
    // Files that are left out by their keys are not counted, and here all are to be.
    sources.retain(|source| source.key().is_none() || source.name().contains("invictus"));
    sources
}

#[test]
fn references() {
    let sources = sources();
    let mut rows = 0;
    for name in [
        "bucket/stratus-red-team-ctlr-bucket-zqfsvooxqj",
        "s3://stratus-red-team-ctlr-bucket-zqfsvooxqj/",
        "STRATUS-red-team-backdoor-r-role",
        "arn:aws:iam::123837392027:role/stratus-red-team-backdoor-r-role",
        "AKIATFQR7NSC3ZO6PKAZ",
        "AIDATFQR7NSCYG26CT6RI",
        "i-05c30218156bcc246",
        "sg-04cfb7a4712d75b00",
        "rtb-0c7c2f4aff3677054",
        "snap-083d3b857c13988bc",
        "secret/stratus-red-team-retrieve-secret-1",
        "parameter/credentials/stratus-red-team/credentials-22",
        "policy/AdministratorAccess",
        "log-group//stratus-red-team/vpc-flow-logs",
        "exfiltration",
        "account/123837392027",
        "bert-jan",
        "nosuch",
        "s3://payroll/a/b.txt",
        "i-0aaaaaaaaaaaaaaa1",
        "vol-0123456789abcdef0",
        "role/x",
    ] {
        let reference = Reference::parse(name).unwrap();
        rows += check(&sources, &Filter::default(), &question(Some(reference), true), name);
    }
    assert!(rows > 300, "{rows} rows say little");
}

#[test]
fn filters() {
    let sources = sources();
    let globs = |patterns: &[&str]| {
        let patterns: Vec<String> = patterns.iter().map(|it| (*it).to_owned()).collect();
        Globs::new("--x", &patterns).unwrap()
    };
    let addresses = |texts: &[&str]| {
        let texts: Vec<String> = texts.iter().map(|it| (*it).to_owned()).collect();
        Addresses::new(&texts).unwrap()
    };
    let all = Filter::default;
    let mut rows = 0;
    for filter in [
        Filter { event: globs(&["Delete*"]), ..all() },
        Filter { event: globs(&["*Function*", "!Get*"]), ..all() },
        Filter { event: globs(&["{Put,Get}Parameter"]), ..all() },
        Filter { actor: globs(&["benjamin"]), ..all() },
        Filter { actor: globs(&["root*", "*i-05c3*"]), ..all() },
        Filter { actor: globs(&["role *(session*"]), ..all() },
        Filter { actor: globs(&["!bert-jan"]), ..all() },
        Filter { actor: globs(&["unknown"]), ..all() },
        Filter { user_agent: globs(&["*terraform*"]), ..all() },
        Filter { access_key: globs(&["ASIATFQR7NSCX6ILTQHM"]), ..all() },
        Filter { access_key: globs(&["AKIATFQR7NSC3ZO6PKAZ"]), ..all() },
        Filter { error: globs(&["*NotFound*"]), ..all() },
        Filter { error: globs(&["!AccessDenied"]), ..all() },
        Filter { denied: true, ..all() },
        Filter { outcome: Some(Outcome::Failed), ..all() },
        Filter { outcome: Some(Outcome::Succeeded), event: globs(&["ConsoleLogin"]), ..all() },
        Filter { region: globs(&["us-east-1"]), service: globs(&["s3"]), ..all() },
        Filter {
            since: Time::parse("2023-07-10T12:08:05Z"),
            until: Time::parse("2023-07-10T12:08:10Z"),
            ..all()
        },
        Filter { event_id: globs(&["cb45d9ea-*"]), ..all() },
        Filter { writes: Some(true), ..all() },
        Filter { actions: vec![Action::Created], ..all() },
        Filter { actions: vec![Action::Changed], ..all() },
        Filter { actions: vec![Action::Deleted, Action::Read], ..all() },
        Filter { writes: Some(false), event: globs(&["!Describe*"]), ..all() },
        Filter { ip: addresses(&["192.168.0.0/16", "!192.168.1.0/24"]), ..all() },
        Filter { ip: addresses(&["*.amazonaws.com", "10.0.0.0/9"]), ..all() },
        Filter { ip: addresses(&["!*.amazonaws.com"]), writes: Some(true), ..all() },
    ] {
        rows += check(&sources, &filter, &question(None, false), &format!("{filter:?}"));
        let reference = Reference::parse("rtb-0c7c2f4aff3677054").unwrap();
        check(&sources, &filter, &question(Some(reference), false), &format!("rtb, {filter:?}"));
    }
    assert!(rows > 5000, "{rows} rows say little");
}

#[test]
fn conditions() {
    let sources = sources();
    let typed = [
        "{ $.eventName = Delete* && $.errorCode NOT EXISTS }",
        "{ $.eventName != Get* && $.awsRegion = us-east-1 }",
        "{ ($.errorCode = *Denied*) || ($.eventName = DeleteBucket && $.userAgent = *terraform*) }",
        "{ $.requestParameters.bucketName = *stratus* || $.requestParameters.roleName = *backdoor* }",
        "{ $.recipientAccountId = 123837392027 && $.eventSource != s3.amazonaws.com }",
        "{ $.eventTime = 2023-07-10T12:08:* }",
        "{ $.eventID = cb45d9ea* }",
        "{ $.* = %DeleteB.{5}% }",
        "{ $.readOnly IS FALSE && $.sourceIPAddress != *.amazonaws.com }",
        "stratus -Describe",
        "?DeleteBucket ?CreateUser",
    ];
    let typed = typed.iter().map(|text| Condition::Filter(FilterPattern::parse(text).unwrap()));
    let packs = packed_filters()
        .step_by(4)
        .map(|packed| Condition::Filter(FilterPattern::parse(packed.pattern).unwrap()));
    let rules = [
        r#"{"source": ["aws.iam"], "detail": {"eventName": [{"prefix": "Create"}, "DeleteUser"]}}"#,
        r#"{"region": [{"anything-but": "us-east-1"}], "detail": {"errorCode": [{"exists": true}]}}"#,
        r#"{"detail": {"errorCode": [{"exists": false}], "eventName": [{"wildcard": "*Bucket*"}]}}"#,
        r#"{"time": [{"prefix": "2023-07-10T12:08"}], "account": ["123837392027"]}"#,
        r#"{"detail": {"$or": [{"userAgent": [{"wildcard": "*terraform*"}]}, {"eventName": ["ConsoleLogin"]}]}}"#,
        r#"{"detail-type": [{"anything-but": "AWS API Call via CloudTrail"}]}"#,
        r#"{"detail": {"requestParameters": {"instancesSet": {"items": {"instanceId": [{"prefix": "i-"}]}}}}}"#,
        r#"{"detail": {"sourceIPAddress": [{"cidr": "192.168.0.0/16"}], "readOnly": [false]}}"#,
    ];
    let rules = rules.iter().map(|text| Condition::Event(EventPattern::parse(text).unwrap()));
    let mut rows = 0;
    let all: Vec<Condition> = typed.chain(packs).chain(rules).collect();
    for condition in &all {
        let filter = Filter { conditions: Conditions::new([vec![condition.clone()]]), ..Filter::default() };
        rows += check(&sources, &filter, &question(None, false), &format!("{condition:?}"));
    }
    for pair in all.chunks_exact(2).step_by(3) {
        let groups = [vec![pair[0].clone(), pair[1].clone()], vec![all[4].clone()]];
        let filter = Filter { conditions: Conditions::new(groups), ..Filter::default() };
        rows += check(&sources, &filter, &question(None, false), &format!("{pair:?}"));
    }
    let reference = Reference::parse("rtb-0c7c2f4aff3677054").unwrap();
    let filter = Filter { conditions: Conditions::new([vec![all[1].clone()]]), ..Filter::default() };
    check(&sources, &filter, &question(Some(reference), false), "rtb");
    assert!(rows > 5000, "{rows} rows say little");
}

/// The same fold, told of every event.
struct Everything<'q>(HistoryQuery<'q>);

impl<'q> Fold for Everything<'q> {
    type Accumulator = <HistoryQuery<'q> as Fold>::Accumulator;
    type Answer = History;

    fn needs(&self) -> FoldNeeds<'_> {
        FoldNeeds { everything: true, ..self.0.needs() }
    }

    fn event(&self, part: &mut Self::Accumulator, event: &Event<'_>, told: &EventContext<'_>) {
        self.0.event(part, event, told);
    }

    fn merge(&self, into: &mut Self::Accumulator, part: Self::Accumulator) {
        self.0.merge(into, part);
    }

    fn finish(&self, part: Self::Accumulator, coverage: &mut Coverage) -> History {
        self.0.finish(part, coverage)
    }
}

/// Of all resources, reads tell nothing; and those of one type are what they are among all.
#[test]
fn inventories() {
    let (sources, filter) = (sources(), Filter::default());
    let globs = |patterns: &[&str]| {
        let patterns: Vec<String> = patterns.iter().map(|it| (*it).to_owned()).collect();
        Globs::new("--type", &patterns).unwrap()
    };
    for (kinds, least) in
        [(&[][..], 150), (&["AWS::IAM::*"], 20), (&["*SecurityGroup", "AWS::S3::*"], 4), (&["x"], 0)]
    {
        let kinds = globs(kinds);
        let fold = || HistoryQuery { slim: true, ..HistoryQuery::of_all(&kinds) };
        let listed = |mut history: History| {
            let mut all = history.list(None);
            all.retain(|it| it.is_known && kinds.pass([it.resource.kind.as_ref()]));
            all.iter().map(|it| format!("{it:?}")).collect::<Vec<_>>()
        };
        let limits = Limits::default();
        let (quick, every) = (fold(), Everything(HistoryQuery { kinds: &Globs::default(), ..fold() }));
        let quick = Query::new(&filter, &quick, &sources, limits).answer(&sources, 2, &Nobody).unwrap();
        let every = Query::new(&filter, &every, &sources, limits).answer(&sources, 2, &Nobody).unwrap();
        assert!(
            quick.stats.records_parsed < every.stats.records_parsed / 2,
            "{:?} {:?}",
            quick.stats,
            every.stats
        );
        let (quick, every) = (listed(quick.answer), listed(every.answer));
        assert!(quick.len() >= least, "{} resources say little", quick.len());
        assert_eq!(quick, every);
    }
}
