//! trailscan and `aws cloudtrail validate-logs` on the same faults: where both
//! can judge they agree, and `docs/validate.md` says where they do not.

use super::aws;
use super::found::{found, trust};
use super::signed::{Bucket, Object, START, Trail, gunzip, gzip, key_list, six_hours};
use std::sync::OnceLock;

type Fault = fn(&mut Bucket);

/// Each fault, made in a trail of six hours.
const FAULTS: &[(&str, Fault)] = &[
    ("nothing wrong", |_| {}),
    ("a log was edited", |it| it.edit("L2.1", "ConsoleLogin", "ConsoleLogon")),
    ("a log was deleted", |it| drop(it.delete("L2.1"))),
    ("a log was planted", |it| {
        let body = gzip(br#"{"Records":[{"eventName":"ConsoleLogin"}]}"#);
        let key = Trail::default().log_key(START + 9000, "pLaNtEdpLaNtEd00");
        it.put("P", key, Object { body, signature: None });
    }),
    ("a log was cut in half", |it| it.change("L2.1", |body| body.truncate(body.len() / 2))),
    ("a log lost its gzip trailer", |it| it.change("L2.1", |body| body.truncate(body.len() - 8))),
    ("a log was compressed anew", |it| it.change("L2.1", |body| *body = gzip(&gunzip(body)))),
    ("records were appended to a log", |it| {
        it.change("L2.1", |body| body.extend(gzip(br#"{"Records":[]}"#)));
    }),
    ("a log was unpacked, its name kept", |it| it.change("L2.1", |body| *body = gunzip(body))),
    ("a digest was edited", |it| it.edit("D2", "logFiles\":[{", "logFiles\":[ {")),
    ("a digest was cut in half", |it| it.change("D2", |body| body.truncate(body.len() / 2))),
    ("a digest was deleted", |it| drop(it.delete("D2"))),
    ("three digests in a row were deleted", |it| {
        for label in ["D1", "D2", "D3"] {
            it.delete(label);
        }
    }),
    ("a digest and all its logs were deleted", |it| {
        for label in ["D2", "L2.0", "L2.1", "L2.2"] {
            it.delete(label);
        }
    }),
    ("the newest digest was deleted", |it| drop(it.delete("D5"))),
    ("bytes were appended to a digest", |it| it.change("D2", |body| body.extend(gzip(b"{}")))),
    ("a log was planted among flow logs", |it| {
        let body =
            gzip(br#"{"Records":[{"eventName":"ConsoleLogin","eventSource":"signin.amazonaws.com"}]}"#);
        let folder = "AWSLogs/111122223333/vpcflowlogs/us-east-1/2025/03/10";
        let key = format!("{folder}/111122223333_vpcflowlogs_us-east-1_fl-1_20250310T2310Z_1.log.gz");
        it.put("P", key, Object { body, signature: None });
    }),
    ("an old digest stands in for a newer one", |it| {
        let (old, place) = (it.objects[&it.key("D1")].clone(), it.key("D3"));
        it.objects.insert(place, old);
    }),
    ("a digest was planted between two", |it| {
        let mut forger = Trail { clock: START + 9000, key: 2, label: "X", ..Trail::default() };
        forger.hour(it, 1);
    }),
    ("the metadata of a digest was lost", |it| {
        let key = it.key("D2");
        it.objects.get_mut(&key).unwrap().signature = None;
    }),
    ("the metadata of every digest was lost", |it| {
        it.objects.values_mut().for_each(|object| object.signature = None);
    }),
];

fn both(make: impl FnOnce(&mut Bucket), keys: &[usize], trail: &Trail) -> (String, String) {
    let mut bucket = six_hours();
    make(&mut bucket);
    let said = aws::validate(&bucket, trail, keys, START, START + 6 * 3600).text();
    (said, found(&bucket, &trust(&key_list(keys), Some(&bucket.heads()))))
}

/// The rows of the table: the fault, what the AWS CLI says of it, what trailscan says.
fn rows() -> &'static [[String; 3]] {
    static ROWS: OnceLock<Vec<[String; 3]>> = OnceLock::new();
    ROWS.get_or_init(made_rows)
}

fn made_rows() -> Vec<[String; 3]> {
    let trail = Trail::default();
    let mut rows: Vec<[String; 3]> = FAULTS
        .iter()
        .map(|(name, make)| {
            let (aws, ours) = both(make, &[0], &trail);
            [(*name).to_owned(), aws, ours]
        })
        .collect();
    rows.extend(others());
    rows
}

/// Those that need another trail, other keys, or another bucket.
fn others() -> Vec<[String; 3]> {
    let of = |name: &str, bucket: &Bucket, trail: &Trail, keys: &[usize]| {
        let said = aws::validate(bucket, trail, keys, START, START + 8 * 3600).text();
        let ours = found(bucket, &trust(&key_list(keys), Some(&bucket.heads())));
        [name.to_owned(), said, ours]
    };
    let (mut rotated, mut trail) = (Bucket::default(), Trail::default());
    (0..3).for_each(|_| trail.hour(&mut rotated, 3));
    trail.key = 1;
    (0..3).for_each(|_| trail.hour(&mut rotated, 3));
    let (mut stopped, mut trail) = (Bucket::default(), Trail::default());
    (0..3).for_each(|_| trail.hour(&mut stopped, 3));
    (trail.clock, trail.previous) = (trail.clock + 5400, None);
    (0..3).for_each(|_| trail.hour(&mut stopped, 3));
    let copied = Trail { bucket: "copy-of-bucket", ..Trail::default() };
    vec![
        of("the key changed, both are known", &rotated, &Trail::default(), &[0, 1]),
        of("the key changed, the older one is not known", &rotated, &Trail::default(), &[1]),
        of("logging was off for 90 minutes", &stopped, &Trail::default(), &[0]),
        of("the bucket was copied or renamed", &six_hours(), &copied, &[0]),
    ]
}

/// What is said of three and more files becomes one.
fn folded(said: &str) -> String {
    let parts: Vec<(&str, &str)> =
        said.split("; ").map(|it| it.split_once(' ').unwrap_or((it, ""))).collect();
    let runs = parts.chunk_by(|a, b| a.1 == b.1 && a.0 != "gap");
    let texts = runs.map(|run| match run {
        [(first, what), .., (last, _)] if run.len() > 2 => format!("{first} to {last} {what}"),
        _ => run.iter().map(|(name, what)| format!("{name} {what}")).collect::<Vec<_>>().join("; "),
    });
    texts.map(|it| it.trim().to_owned()).collect::<Vec<_>>().join("; ")
}

fn table() -> String {
    let mut table = String::from(
        "| fault | `aws cloudtrail validate-logs` | `trailscan validate` |\n| --- | --- | --- |\n",
    );
    for [fault, aws, ours] in rows() {
        let (aws, ours) = (folded(aws), folded(ours));
        table.push_str(&format!("| {fault} | {aws} | {ours} |\n"));
    }
    table
}

#[test]
fn the_table_of_faults_is_what_happens() {
    crate::docs::check_part("docs/validate.md", "faults", "validate", &table());
}

/// Where the AWS CLI calls something invalid that it looked at, trailscan finds something wrong too,
/// unless what was lost is proven in another way.
#[test]
fn what_the_walk_refuses_is_not_passed_without_another_proof() {
    for [fault, aws, ours] in rows() {
        let proven_otherwise = [
            "a log was unpacked, its name kept",
            "the metadata of a digest was lost",
            "the key changed, the older one is not known",
            "the bucket was copied or renamed",
        ];
        if aws.ends_with("exit 1") && !proven_otherwise.contains(&fault.as_str()) {
            assert!(ours.ends_with("exit 1") || ours.ends_with("exit 3"), "{fault}: {ours}");
        }
        if ours.ends_with("exit 0") {
            assert!(aws.ends_with("exit 0") || proven_otherwise.contains(&fault.as_str()), "{fault}: {aws}");
        }
    }
}
