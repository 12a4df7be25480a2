//! What the calls on a bucket tell of the objects in it: when its rules could have come due, and that it was
//! emptied, though no deletion is logged.

use super::RowQuery;
use crate::catalog::Action;
use crate::event::{Event, Outcome, Time, member_of, scalar_text};
use chrono::{DateTime, Days, NaiveTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// What a call did to a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum BucketMoment {
    Created,
    RulesSet,
    RulesGone,
    /// It could not be deleted: it held something.
    NotEmpty,
    /// It was deleted, so it held nothing.
    Deleted,
}

/// That a bucket held something, and nothing a little later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emptied {
    /// The bucket.
    pub bucket: String,
    /// When it could not be deleted for the last time.
    pub from: Time,
    /// When it was deleted.
    pub until: Time,
}

/// The calls on the buckets that objects are asked for in.
#[derive(Debug, Default)]
pub(super) struct BucketLife(BTreeMap<String, BTreeSet<(Time, BucketMoment)>>);

/// What a call of this name does to a bucket, if that tells something of what is in it.
fn classify_bucket_call(name: &str) -> Option<BucketMoment> {
    match name {
        "CreateBucket" => Some(BucketMoment::Created),
        "PutBucketLifecycle" | "PutBucketLifecycleConfiguration" => Some(BucketMoment::RulesSet),
        "DeleteBucketLifecycle" | "DeleteBucketLifecycleConfiguration" => Some(BucketMoment::RulesGone),
        "DeleteBucket" => Some(BucketMoment::Deleted),
        _ => None,
    }
}

impl RowQuery {
    /// Returns whether calls of this name tell what became of the objects that are asked for.
    pub(super) fn is_bucket_life(&self, source: &str, name: &str) -> bool {
        source == "s3.amazonaws.com"
            && classify_bucket_call(name).is_some()
            && self.actions.contains(&Action::Deleted)
            && self.reference().is_some_and(|it| it.is_object())
    }
}

impl BucketLife {
    /// Takes note of a call on a bucket.
    pub(super) fn event(&mut self, question: &RowQuery, event: &Event<'_>) {
        let moment = match (classify_bucket_call(event.name()), event.outcome()) {
            // There it also succeeds for whoever has the bucket already, and tells nothing of its age.
            (Some(BucketMoment::Created), _) if event.text("awsRegion") == Some("us-east-1") => return,
            (Some(moment), Outcome::Succeeded) => moment,
            (Some(BucketMoment::Deleted), _) if event.error_code() == Some("BucketNotEmpty") => {
                BucketMoment::NotEmpty
            }
            _ => return,
        };
        let bucket =
            event.get("requestParameters").and_then(|it| member_of(it, "bucketName")).and_then(scalar_text);
        let asked = question.reference().and_then(|it| it.bucket());
        let (Some(bucket), Some(time)) = (bucket, event.time()) else { return };
        if asked.is_none_or(|asked| asked.eq_ignore_ascii_case(&bucket)) {
            self.0.entry(bucket.into_owned()).or_default().insert((time, moment));
        }
    }

    /// Adds what another thread found.
    pub(super) fn merge(&mut self, other: Self) {
        for (bucket, moments) in other.0 {
            self.0.entry(bucket).or_default().extend(moments);
        }
    }

    /// Returns whether a rule that was set at one of `times` may have come due before it, or the bucket, was gone.
    /// S3 adds the days to the time at which an object was made and rounds up to the next midnight of UTC, and
    /// takes objects that are older when it first looks at the rule, not before such a midnight.
    pub(super) fn may_come_due(&self, bucket: &str, times: &BTreeSet<Time>, days: Option<u64>) -> bool {
        let Some(moments) = self.0.get(bucket) else { return true };
        let may = |set: &Time| {
            let ends = |(time, moment): &&(Time, BucketMoment)| {
                let is_end = match moment {
                    BucketMoment::RulesGone | BucketMoment::Deleted => true,
                    // The same rule, set again, goes on.
                    BucketMoment::RulesSet => !times.contains(time),
                    BucketMoment::Created | BucketMoment::NotEmpty => false,
                };
                is_end && time > set
            };
            let Some((end, _)) = moments.iter().find(ends) else { return true };
            let is_made =
                |(time, moment): &&(Time, BucketMoment)| *moment == BucketMoment::Created && time <= set;
            let made = moments.iter().rfind(is_made).map(|(time, _)| time.utc());
            let oldest = made.and_then(|made| made.checked_add_days(Days::new(days?)));
            let first = [Some(set.utc()), oldest].into_iter().flatten().max();
            first.and_then(midnight_after).is_none_or(|due| end.utc() >= due)
        };
        times.is_empty() || times.iter().any(may)
    }

    /// Returns which buckets were emptied between two moments.
    pub(super) fn emptied(&self) -> Vec<Emptied> {
        let of = |(bucket, moments): (&String, &BTreeSet<(Time, BucketMoment)>)| {
            let mut found = Vec::new();
            let mut held = None;
            for (time, moment) in moments {
                match moment {
                    BucketMoment::NotEmpty => held = Some(*time),
                    BucketMoment::Deleted => {
                        let emptied = |from| Emptied { bucket: bucket.clone(), from, until: *time };
                        found.extend(held.take().map(emptied));
                    }
                    BucketMoment::Created => held = None,
                    BucketMoment::RulesSet | BucketMoment::RulesGone => {}
                }
            }
            found
        };
        self.0.iter().flat_map(of).collect()
    }
}

fn midnight_after(time: DateTime<Utc>) -> Option<DateTime<Utc>> {
    Some(time.date_naive().succ_opt()?.and_time(NaiveTime::MIN).and_utc())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::event::EventParser;
    use crate::resource::{NamedResource, Reference};

    fn life(moments: &[(&str, BucketMoment)]) -> BucketLife {
        let moments = moments.iter().map(|(time, moment)| (at(time), *moment)).collect();
        BucketLife(BTreeMap::from([("b".to_owned(), moments)]))
    }

    fn at(time: &str) -> Time {
        Time::parse(&format!("2024-01-{time}:00Z")).unwrap()
    }

    #[test]
    fn a_rule_is_held_to_have_come_due_unless_it_could_not() {
        use BucketMoment::{Created, Deleted, RulesGone, RulesSet};
        let set = BTreeSet::from([at("02T12:00")]);
        let may = |days, moments: &[(&str, BucketMoment)]| life(moments).may_come_due("b", &set, days);
        let rule = ("02T12:00", RulesSet);
        // Nothing ended it.
        assert!(may(Some(1), &[rule]));
        // It was gone on the same day, or with its bucket; objects may have been there for long.
        assert!(!may(Some(1), &[rule, ("02T12:07", RulesGone)]));
        assert!(!may(Some(1), &[rule, ("02T23:59", Deleted)]));
        assert!(!may(None, &[rule, ("02T23:59", RulesSet)]));
        assert!(may(Some(1), &[rule, ("03T00:00", RulesGone)]));
        // In a bucket that is younger than the rule's days nothing expires.
        let made = ("02T11:00", Created);
        assert!(!may(Some(1), &[made, rule, ("03T23:00", RulesGone)]));
        assert!(may(Some(1), &[made, rule, ("04T00:00", RulesGone)]));
        assert!(may(None, &[made, rule, ("03T00:00", RulesGone)]));
        assert!(life(&[]).may_come_due("other", &set, None));
        // What was set again went on.
        let twice = BTreeSet::from([at("02T12:00"), at("02T13:00")]);
        let again = life(&[rule, ("02T13:00", RulesSet), ("03T01:00", RulesGone)]);
        assert!(again.may_come_due("b", &twice, Some(1)));
    }

    /// In us-east-1 `CreateBucket` also succeeds for whoever has the bucket: its objects may be older.
    #[test]
    fn a_bucket_that_may_have_been_there_before_is_of_no_age() {
        let asked = NamedResource::new(Reference::parse("s3://b/").unwrap());
        let question = RowQuery { actions: vec![Action::Deleted], ..RowQuery::of_changes(asked) };
        for (region, is_noted) in [("us-east-1", false), ("eu-west-1", true)] {
            let record = format!(
                r#"{{"eventSource":"s3.amazonaws.com","eventName":"CreateBucket","eventTime":"2024-01-01T10:00:00Z","awsRegion":"{region}","requestParameters":{{"bucketName":"b"}}}}"#
            );
            let mut life = BucketLife::default();
            EventParser::default().read(record.as_bytes(), |event| life.event(&question, event)).unwrap();
            assert_eq!(!life.0.is_empty(), is_noted, "{region}");
        }
    }

    #[test]
    fn a_bucket_that_could_not_be_deleted_was_emptied_before_it_was() {
        use BucketMoment::{Created, Deleted, NotEmpty};
        let emptied = |moments: &[(&str, BucketMoment)]| life(moments).emptied();
        let found = emptied(&[("01T10:00", NotEmpty), ("01T11:00", NotEmpty), ("01T12:00", Deleted)]);
        let want = Emptied { bucket: "b".to_owned(), from: at("01T11:00"), until: at("01T12:00") };
        assert_eq!(found, [want]);
        assert!(emptied(&[("01T10:00", NotEmpty)]).is_empty());
        assert!(emptied(&[("01T10:00", NotEmpty), ("01T11:00", Created), ("01T12:00", Deleted)]).is_empty());
    }
}
