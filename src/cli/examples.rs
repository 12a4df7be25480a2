//! The examples that `--help` and the man pages end in.
//!
//! A line that begins with four spaces is a command, and the line before it says what it answers. A test runs each on
//! logs that hold what is named here.

pub(super) const WHO: &str = "\
Examples:
  What was done to a bucket, and by whom:
    trailscan who bucket/payroll ./logs
  The same of a security group since a day, as one JSON document:
    trailscan who sg-0a1b2c3d4e5f60718 ./logs --since 2024-03-01 --json";

pub(super) const WHO_CREATED: &str = "\
Examples:
  Who created a user:
    trailscan who-created user/alice ./logs
  Who created an access key, and who stands behind the role that did:
    trailscan who-created AKIAIOSFODNN7EXAMPLE ./logs --trace";

pub(super) const WHO_CHANGED: &str = "\
Examples:
  Who changed a role:
    trailscan who-changed role/Admin ./logs
  Who changed a security group since a day:
    trailscan who-changed sg-0a1b2c3d4e5f60718 ./logs --since 2024-03-01";

pub(super) const WHO_DELETED: &str = "\
Examples:
  Who deleted a bucket, and who tried:
    trailscan who-deleted bucket/payroll ./logs
  Who tried and had no permission:
    trailscan who-deleted bucket/payroll ./logs --denied";

pub(super) const WHO_READ: &str = "\
Examples:
  Who read one object:
    trailscan who-read s3://payroll/2024/salaries.csv ./logs
  What somebody read in a bucket, for a spreadsheet:
    trailscan who-read s3://payroll/ ./logs --actor alice --format csv";

pub(super) const EVENTS: &str = "\
Examples:
  What was refused to somebody:
    trailscan events ./logs --actor alice --denied
  The records of all deletions since a day, as they were logged:
    trailscan events ./logs --event 'Delete*' --since 2024-03-01 --format raw";

pub(super) const STATS: &str = "\
Examples:
  The ten most frequent calls, by how they ended:
    trailscan stats ./logs --by eventName,errorCode --top 10
  When somebody was at work:
    trailscan stats ./logs --every 1h --actor alice";

pub(super) const NEW: &str = "\
Examples:
  What the last day has that the month before it never had:
    trailscan new ./logs --window 1d --baseline 30d
  What is new in an afternoon:
    trailscan new ./logs --since '2024-03-01 12:00' --until '2024-03-01 18:00'";

pub(super) const TIMELINE: &str = "\
Examples:
  When a port was opened to the world, and by whom:
    trailscan timeline sg-0a1b2c3d4e5f60718 ./logs --value 0.0.0.0/0
  Each change of a role, and who stands behind each caller:
    trailscan timeline role/Admin ./logs --trace";

pub(super) const STATE: &str = "\
Examples:
  Who could assume a role at noon:
    trailscan state role/Admin ./logs --at '2024-03-01 12:00'
  The rules of a security group after the last event, as JSON:
    trailscan state sg-0a1b2c3d4e5f60718 ./logs --json";

pub(super) const DIFF: &str = "\
Examples:
  What a day changed in a role:
    trailscan diff role/Admin ./logs --from 2024-03-01 --to 2024-03-02
  What has changed in a security group since then:
    trailscan diff sg-0a1b2c3d4e5f60718 ./logs --from '2024-03-01 11:30'";

pub(super) const INVENTORY: &str = "\
Examples:
  Which buckets were deleted:
    trailscan inventory ./logs --type bucket --status deleted
  What was there at noon, for a spreadsheet:
    trailscan inventory ./logs --at '2024-03-01 12:00' --format csv";

pub(super) const GRAPH: &str = "\
Examples:
  What is attached to a role:
    trailscan graph role/Admin ./logs --depth 1
  What hangs together with a security group, as a drawing for Graphviz:
    trailscan graph sg-0a1b2c3d4e5f60718 ./logs --format dot";

pub(super) const REVERT: &str = "\
Examples:
  The commands that make a role what it was at noon:
    trailscan revert role/Admin ./logs --to '2024-03-01 12:00'
  The command that takes back one event:
    trailscan revert --event 11112222-3333-4444-8555-666677770007 ./logs";

pub(super) const ACTOR: &str = "\
Examples:
  What a user did:
    trailscan actor alice ./logs
  What was tried in vain with an access key:
    trailscan actor AKIAIOSFODNN7EXAMPLE ./logs --failed";

pub(super) const LOGINS: &str = "\
Examples:
  Who signed in since a day:
    trailscan logins ./logs --since 2024-03-01
  Who signed in without a second factor:
    trailscan logins ./logs --where '{ $.additionalEventData.MFAUsed = \"No\" }'";

pub(super) const TRACE: &str = "\
Examples:
  Who stands behind a key, and what came out of it:
    trailscan trace ASIAIOSFODNN7EXAMPLE ./logs
  Who used a role, as a drawing for Graphviz:
    trailscan trace role/Admin ./logs --format dot";

pub(super) const VALIDATE: &str = "\
Examples:
  Whether the files are what CloudTrail delivered:
    trailscan validate ./logs --public-keys keys.json --metadata heads.json
  The same where the S3 metadata of the newest digest is lost:
    trailscan validate ./logs --public-keys keys.json --accept-unverified-head";

pub(super) const COVERAGE: &str = "\
Examples:
  Which days of which accounts and regions there are:
    trailscan coverage ./logs
  The hours of one account:
    trailscan coverage ./logs --by hour --account 111122223333";

pub(super) const INDEX: &str = "\
Examples:
  Make the index, or add what came since:
    trailscan index ./logs
  Make it anew, in a directory of your own:
    trailscan index ./logs --rebuild --index-dir ./index";

pub(super) const MAN: &str = "\
Examples:
  Keep the page of a command where `man` finds it:
    trailscan man trace > ~/.local/share/man/man1/trailscan-trace.1
  Where trailscan looks for files, what its statuses mean, what it cannot know:
    trailscan man > ~/.local/share/man/man1/trailscan.1";

pub(super) const COMPLETIONS: &str = "\
Examples:
  Complete commands and options in this shell, a bash:
    source <(trailscan completions bash)
  In each zsh whose `fpath` has ~/.zfunc:
    trailscan completions zsh > ~/.zfunc/_trailscan";
