//! An answer that found nothing names what is there: a slip of the pen is no proof that nothing happened.

use crate::world::World;

/// The last line on stderr.
fn last(args: &str) -> String {
    World::fixtures().run(args).stderr.lines().last().unwrap_or_default().to_owned()
}

#[test]
fn what_was_mistyped_is_answered_with_what_is_there() {
    for (args, hint) in [
        (
            "events --event DeleteBuckets invictus",
            "hint: `DeleteBuckets` does not occur in these logs: did you mean `--event DeleteBucket` (8 events)?",
        ),
        (
            "stats --error AccesDenied invictus",
            "hint: `AccesDenied` does not occur in these logs: did you mean `--error AccessDenied` (16 events)?",
        ),
        (
            "events --actor bert-jann --writes invictus",
            "hint: `bert-jann` does not occur in these logs: did you mean `--actor bert-jan` (2642 events)?",
        ),
        (
            "actor bert-jann invictus",
            "hint: similar to `bert-jann` in these logs: `trailscan actor bert-jan invictus` (2642 events)",
        ),
        (
            "who-deleted user/bert-jann invictus",
            "hint: similar to `user/bert-jann` in these logs: `trailscan who-deleted AWS::IAM::User/bert-jan invictus` (124 events)",
        ),
        (
            "timeline stratus-red-team-backdoor-r-rol invictus",
            "hint: similar to `stratus-red-team-backdoor-r-rol` in these logs: `trailscan timeline AWS::IAM::Role/stratus-red-team-backdoor-r-role invictus` (17 events)",
        ),
    ] {
        assert_eq!(last(args), hint, "{args}");
    }
}

#[test]
fn a_caller_that_was_asked_for_as_a_resource_is_told_and_the_other_way_round() {
    assert_eq!(
        last("who bert-jan invictus"),
        "hint: `bert-jan` is a caller in these logs (2642 events): `trailscan actor bert-jan invictus`"
    );
    assert_eq!(
        last("actor bucket/stratus-red-team-bdbp-lhfzvgcamn invictus"),
        "hint: `AWS::S3::Bucket/stratus-red-team-bdbp-lhfzvgcamn` is a resource in these logs (30 events): `trailscan who AWS::S3::Bucket/stratus-red-team-bdbp-lhfzvgcamn invictus`"
    );
}

#[test]
fn what_is_there_or_like_nothing_has_no_near_miss() {
    for args in [
        "who-deleted sg-0abc invictus",
        "events --event DeleteBucket --failed --since 2024-01-01 invictus",
        "events --event PayInvoice invictus",
        "events --event 'DeleteBuckets*' invictus",
        "events --event DeleteBuckets --quiet invictus",
    ] {
        let reply = World::fixtures().run(args);
        assert!(!reply.stderr.contains("did you mean") && !reply.stderr.contains("hint: like"), "{reply}");
        assert_eq!(reply.status, 1, "{reply}");
    }
}

#[test]
fn a_path_that_is_none_is_told_for_what_it_is() {
    for (args, hint) in [
        (
            "who invictus bucket/payroll",
            "hint: the resource comes first, then where to look: `trailscan who bucket/payroll invictus`",
        ),
        (
            "events bucket/payroll",
            "hint: `events` takes paths and no resource; `trailscan who bucket/payroll` asks about one",
        ),
        ("events nosuchdir", "hint: give a directory, a file, or `-` for the standard input"),
    ] {
        assert_eq!(last(args), hint, "{args}");
    }
}
