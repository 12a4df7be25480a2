//! The names of delivered objects: what a path tells about the file before it is opened.
//!
//! A key is the word of whoever named the file. It may save opening a file, and
//! it is compared with the content by `integrity`; it never becomes part of an event.

use crate::aws::ids::{is_account, is_organization};
use crate::aws::is_region;
use chrono::{DateTime, NaiveDate, Utc};

/// What the key (path) of a delivered object tells, by CloudTrail's grammar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The organization id below `AWSLogs`, there for organization trails only.
    pub organization: Option<String>,
    /// The account, of the member in an organization trail.
    pub account: String,
    /// The kind of object.
    pub folder: Folder,
    /// The region it was delivered for; empty where a folder of another service has none.
    pub region: String,
    /// The day of the date folders, or of the name when there are none.
    pub day: Option<NaiveDate>,
    /// The time in the name: the delivery of a log (to the minute), the end of a digest (to the second).
    pub delivered: Option<DateTime<Utc>>,
    /// The trail, which only the name of a digest tells.
    pub trail: Option<Trail>,
}

/// The trail a digest file belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trail {
    /// The name of the trail.
    pub name: String,
    /// The region the trail was made in.
    pub home_region: String,
    /// Whether the digest was made afterwards, for a time that had none.
    pub backfill: bool,
}

/// The folder below the account, which is the kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Folder {
    /// Management and data events.
    CloudTrail,
    /// Signed digests of the delivered files.
    Digest,
    /// Insights events.
    Insight,
    /// Network activity events.
    NetworkActivity,
    /// Aggregated data events.
    Aggregated,
    /// The folder of another service under `AWSLogs`: Config, flow logs, load balancers.
    Other,
}

impl Folder {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "CloudTrail" => Folder::CloudTrail,
            "CloudTrail-Digest" => Folder::Digest,
            "CloudTrail-Insight" => Folder::Insight,
            "CloudTrail-NetworkActivity" => Folder::NetworkActivity,
            "CloudTrail-Aggregated" => Folder::Aggregated,
            _ => return None,
        })
    }
}

impl Key {
    /// Returns whether CloudTrail delivers records of calls under such keys, and nothing else.
    pub fn is_of_records(&self) -> bool {
        matches!(self.folder, Folder::CloudTrail | Folder::NetworkActivity)
    }

    /// Reads a path that ends in the grammar, whatever comes before it; `\` separates as well.
    ///
    /// The name alone is enough, since many copies are flat. Folders that are
    /// there and contradict the name make it no key at all: such a file is to
    /// be read, not skipped by either word.
    ///
    /// ```
    /// use trailscan::input::{Folder, Key};
    ///
    /// let key = Key::parse(
    ///     "logs/AWSLogs/123456789012/CloudTrail/eu-west-1/2024/03/10/\
    ///      123456789012_CloudTrail_eu-west-1_20240310T1205Z_AbCdEfGh12345678.json.gz",
    /// );
    /// assert!(key.is_some_and(|key| key.folder == Folder::CloudTrail && key.region == "eu-west-1"));
    /// assert_eq!(Key::parse("logs/events.json"), None);
    /// ```
    pub fn parse(path: &str) -> Option<Self> {
        // Nine parts from the right hold the whole grammar.
        let mut parts = path.rsplit(['/', '\\']).filter(|part| !part.is_empty() && *part != ".");
        let name = parts.next()?;
        let folders: Vec<&str> = parts.clone().take(8).collect();
        match Self::of_name(name) {
            Some(key) => key.within(&folders),
            None => Self::of_other(&parts.collect::<Vec<_>>()),
        }
    }

    /// Reads `ACCT_FOLDER_REGION_...`.
    fn of_name(name: &str) -> Option<Self> {
        let mut fields = name.splitn(4, '_');
        let account = fields.next().filter(|text| is_account(text))?;
        let folder = Folder::named(fields.next()?)?;
        let region = fields.next().filter(|text| is_region(text))?;
        let rest = fields.next()?;
        let (delivered, trail) = match folder {
            Folder::Digest => digest_rest(rest)?,
            _ => (log_rest(rest)?, None),
        };
        Some(Self {
            organization: None,
            account: account.to_owned(),
            folder,
            region: region.to_owned(),
            day: Some(delivered.date_naive()),
            delivered: Some(delivered),
            trail,
        })
    }

    /// Checks the name against its folders, from the right: `DD MM YYYY REGION FOLDER ACCT [ORG] AWSLogs`.
    fn within(mut self, folders: &[&str]) -> Option<Self> {
        let [day, month, year, region, folder, account, above @ ..] = folders else {
            return Some(self);
        };
        let (Some(folder), true) = (Folder::named(folder), is_account(account)) else {
            return Some(self);
        };
        self.day = parse_date(year, month, day);
        let agrees = folder == self.folder
            && *account == self.account
            && *region == self.region
            && self.day.is_some()
            && self.day == self.delivered.map(|time| time.date_naive());
        if let [organization, "AWSLogs", ..] = above
            && is_organization(organization)
        {
            self.organization = Some((*organization).to_owned());
        }
        agrees.then_some(self)
    }

    /// Knows what another service delivered: `AWSLogs/[ORG/]ACCT/SERVICE/[REGION/][YYYY/MM/DD/]...`.
    fn of_other(folders: &[&str]) -> Option<Self> {
        let root = folders.iter().position(|part| *part == "AWSLogs")?;
        let mut below = folders[..root].iter().rev().copied().peekable();
        let organization = below.next_if(|part| is_organization(part)).map(str::to_owned);
        let account = below.next().filter(|text| is_account(text))?.to_owned();
        // Of CloudTrail's own folders only files with CloudTrail's names are known.
        below.next().filter(|service| !service.starts_with("CloudTrail"))?;
        let region = below.next_if(|part| is_region(part)).unwrap_or_default().to_owned();
        let day = match (below.next(), below.next(), below.next()) {
            (Some(year), Some(month), Some(day)) => parse_date(year, month, day),
            _ => None,
        };
        Some(Self { organization, account, folder: Folder::Other, region, day, delivered: None, trail: None })
    }
}

/// Reads `TIME_RANDOM.json.gz`, and `TIMERANDOM.json.gz` as it was until 2014.
fn log_rest(rest: &str) -> Option<DateTime<Utc>> {
    let (time, rest) = rest.split_once('Z')?;
    let random = rest.strip_prefix('_').unwrap_or(rest);
    let random = random.split('.').next().unwrap_or_default();
    let plausible = !random.is_empty() && random.bytes().all(|byte| byte.is_ascii_alphanumeric());
    parse_instant(time).filter(|_| plausible)
}

/// Reads `TRAIL_HOMEREGION_TIME[_backfill].json.gz` from the right: a trail name may hold `_ . -`.
fn digest_rest(rest: &str) -> Option<(DateTime<Utc>, Option<Trail>)> {
    let rest = rest.strip_suffix(".gz").unwrap_or(rest).strip_suffix(".json")?;
    let (rest, backfill) = match rest.strip_suffix("_backfill") {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let (rest, time) = rest.rsplit_once('_')?;
    let (name, home_region) = rest.rsplit_once('_')?;
    if name.is_empty() || !is_region(home_region) {
        return None;
    }
    let trail = Trail { name: name.to_owned(), home_region: home_region.to_owned(), backfill };
    Some((parse_instant(time.strip_suffix('Z')?)?, Some(trail)))
}

/// Reads `YYYYMMDDTHHMM` and `YYYYMMDDTHHMMSS`.
fn parse_instant(text: &str) -> Option<DateTime<Utc>> {
    let (day, time) = text.split_once('T')?;
    let number = |text: &str, at: usize| parse_digits(text.get(at..at + 2)?);
    let day = match day.len() {
        8 => parse_date(day.get(..4)?, day.get(4..6)?, day.get(6..)?)?,
        _ => return None,
    };
    let second = match time.len() {
        4 => 0,
        6 => number(time, 4)?,
        _ => return None,
    };
    Some(day.and_hms_opt(number(time, 0)?, number(time, 2)?, second)?.and_utc())
}

/// Reads a day from its parts; Config writes month and day without the zero.
fn parse_date(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    if year.len() != 4 || month.len() > 2 || day.len() > 2 {
        return None;
    }
    NaiveDate::from_ymd_opt(parse_digits(year)?.try_into().ok()?, parse_digits(month)?, parse_digits(day)?)
}

/// Parses digits only: `parse` would take a sign.
fn parse_digits(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "123456789012_CloudTrail_us-east-2_20240310T1205Z_Mu0KsOhtH1ar15ZZ.json.gz";
    const DAY: &str = "us-east-2/2024/03/10";

    /// Writes a key in one line, so that a table of them can be read.
    fn show(path: &str) -> String {
        let Some(key) = Key::parse(path) else {
            return "-".to_owned();
        };
        let or = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        let trail = key.trail.map(|trail| {
            let mark = if trail.backfill { " backfill" } else { "" };
            format!("{}@{}{mark}", trail.name, trail.home_region)
        });
        format!(
            "{} {} {:?} {} {} {} {}",
            or(key.organization),
            key.account,
            key.folder,
            key.region,
            or(key.day.map(|day| day.to_string())),
            or(key.delivered.map(|time| time.format("%FT%T").to_string())),
            or(trail),
        )
    }

    #[test]
    fn every_layout_is_known() {
        let log = "- 123456789012 CloudTrail us-east-2 2024-03-10 2024-03-10T12:05:00 -";
        let org = "o-exampleorgid 123456789012 CloudTrail us-east-2 2024-03-10 2024-03-10T12:05:00 -";
        let folder = format!("AWSLogs/123456789012/CloudTrail/{DAY}");
        for (path, expected) in [
            (format!("{folder}/{LOG}"), log),
            (format!("./my/prefix/{folder}/{LOG}"), log),
            (format!("C:\\cases\\42\\{}\\{LOG}", folder.replace('/', "\\")), log),
            (format!("case\\{folder}//{LOG}"), log),
            (format!("AWSLogs/o-exampleorgid/123456789012/CloudTrail/{DAY}/{LOG}"), org),
            (format!("o-exampleorgid/AWSLogs/o-exampleorgid/123456789012/CloudTrail/{DAY}/{LOG}"), org),
            // Control Tower: the organization is a prefix only, the trail is the account's.
            (format!("o-exampleorgid/{folder}/{LOG}"), log),
            // Copies that begin lower down, or are flat, or unpacked.
            (format!("{DAY}/{LOG}"), log),
            (format!("123456789012/CloudTrail/{DAY}/{LOG}"), log),
            (format!("evidence/{LOG}"), log),
            (LOG.to_owned(), log),
            (LOG.replace(".gz", ""), log),
            (LOG.replace("Z_", "Z"), log),
        ] {
            assert_eq!(show(&path), expected, "{path}");
        }
    }

    #[test]
    fn every_kind_of_file_is_known() {
        for (path, expected) in [
            (
                "AWSLogs/111122223333/CloudTrail-Insight/ca-central-1/2020/09/23/111122223333_CloudTrail-Insight_ca-central-1_20200923T0516Z_aBcD.json.gz",
                "- 111122223333 Insight ca-central-1 2020-09-23 2020-09-23T05:16:00 -",
            ),
            (
                "AWSLogs/111122223333/CloudTrail-NetworkActivity/us-gov-west-1/2025/09/23/111122223333_CloudTrail-NetworkActivity_us-gov-west-1_20250923T0515Z_aBcD.json.gz",
                "- 111122223333 NetworkActivity us-gov-west-1 2025-09-23 2025-09-23T05:15:00 -",
            ),
            (
                "111122223333_CloudTrail-Aggregated_eusc-de-east-1_20260923T0515Z_aBcD.json.gz",
                "- 111122223333 Aggregated eusc-de-east-1 2026-09-23 2026-09-23T05:15:00 -",
            ),
            (
                "b/AWSLogs/o-abc123/111122223333/CloudTrail-Digest/ap-northeast-1/2015/05/31/111122223333_CloudTrail-Digest_ap-northeast-1_Test-trail_us-west-2_20150531T201728Z.json.gz",
                "o-abc123 111122223333 Digest ap-northeast-1 2015-05-31 2015-05-31T20:17:28 Test-trail@us-west-2",
            ),
            (
                "111122223333_CloudTrail-Digest_us-east-1_a_b.c-d_.us-east-1_x_us-west-2_20150531T201728Z_backfill.json.gz",
                "- 111122223333 Digest us-east-1 2015-05-31 2015-05-31T20:17:28 a_b.c-d_.us-east-1_x@us-west-2 backfill",
            ),
            (
                "AWSLogs/111122223333/Config/us-east-1/2024/1/5/ConfigHistory/111122223333_Config_us-east-1_ConfigHistory_AWS::S3::Bucket_20240105T010203Z_1.json.gz",
                "- 111122223333 Other us-east-1 2024-01-05 - -",
            ),
            (
                "AWSLogs/o-abc/111122223333/vpcflowlogs/eu-west-1/2024/01/05/111122223333_vpcflowlogs_eu-west-1_fl-1_20240105T0000Z_1.log.gz",
                "o-abc 111122223333 Other eu-west-1 2024-01-05 - -",
            ),
            ("AWSLogs/111122223333/Config/ConfigWritabilityCheckFile", "- 111122223333 Other  - - -"),
        ] {
            assert_eq!(show(path), expected, "{path}");
        }
    }

    #[test]
    fn near_misses_are_no_keys() {
        let folder = format!("AWSLogs/123456789012/CloudTrail/{DAY}");
        let digest = "123456789012_CloudTrail-Digest_us-east-1_trail_us-west-2_20150531T201728Z.json.gz";
        for path in [
            "".to_owned(),
            "/".to_owned(),
            "events.json".to_owned(),
            LOG.replace("123456789012", "12345678901"),
            LOG.replace("123456789012", "12345678901x"),
            LOG.replace("us-east-2", "us_east_2"),
            LOG.replace("us-east-2", "useast2"),
            LOG.replace("us-east-2", "us-2"),
            LOG.replace("us-east-2", "us-east-"),
            LOG.replace("CloudTrail", "cloudtrail"),
            LOG.replace("CloudTrail", "CloudTrail-New"),
            LOG.replace("0310T", "0230T"),
            LOG.replace("T1205Z", "T2505Z"),
            LOG.replace("T1205Z", "T1205"),
            LOG.replace("T1205Z", "T+205Z"),
            LOG.replace("T1205Z", "T12é5Z"),
            LOG.replace("_Mu0KsOhtH1ar15ZZ", ""),
            LOG.replace("15ZZ.json.gz", "15ZZ copy.json.gz"),
            digest.replace("us-west-2", "west"),
            digest.replace("trail_us-west-2_", "us-west-2_"),
            digest.replace(".json.gz", ".txt"),
            // The name is not of the folder it lies in.
            format!("{folder}/{}", LOG.replace("us-east-2", "us-east-1")),
            format!("{folder}/{}", LOG.replace("123456789012", "999999999999")),
            format!("{folder}/{}", LOG.replace("20240310", "20240311")),
            format!("{folder}/{}", LOG.replace("CloudTrail", "CloudTrail-Insight")),
            format!("{folder}/notes.json"),
            format!("{}/{LOG}", folder.replace("/10", "/x")),
            "AWSLogs/123456789012/CloudTrail/a.json".to_owned(),
            "AWSLogs/aws-account-id=123456789012/Config/a.json".to_owned(),
        ] {
            assert_eq!(show(&path), "-", "{path}");
        }
    }
}
