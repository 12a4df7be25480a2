//! All digests of a copy and the logs that they list, held compactly: a million
//! listed logs take 50 bytes each, and no text that the paths do not hold anyway.

use super::digest::Digest;
use super::hex::Sha256Hash;
use super::names::{ArchiveFiles, count_common_parts, split_last_parts, strip_gz};
use super::read::{DigestFault, DigestFile};
use super::verdict::Warnings;
use super::{head, names};
use crate::input::{Folder, Key, Source};
use crate::intern::Interner;
use std::collections::{BTreeSet, HashMap};

/// Whose digests form one chain.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DigestChain {
    /// The account: in an organization trail that of the member.
    pub account: String,
    /// The region that the digests are of.
    pub region: String,
    /// The trail.
    pub trail: String,
    /// The region that the trail was made in.
    pub home_region: String,
    /// The organization, of an organization trail.
    pub organization: Option<String>,
    /// Whether they were made afterwards.
    pub backfill: bool,
}

impl DigestChain {
    fn of(key: Key) -> Self {
        let trail = key.trail;
        let (trail, home_region, backfill) =
            trail.map_or_else(Default::default, |it| (it.name, it.home_region, it.backfill));
        let Key { account, region, organization, .. } = key;
        Self { account, region, trail, home_region, organization, backfill }
    }
}

/// One digest file.
#[derive(Debug)]
pub struct DigestNode {
    /// Its place in the list of sources.
    pub source: u32,
    /// The SHA-256 of its content.
    pub hash: Sha256Hash,
    /// What is odd about the file.
    pub warnings: Warnings,
    /// What it says.
    pub content: Result<Digest, DigestFault>,
    /// Its chain, as a place in [`DigestArchive::chains`].
    pub chain: u32,
    /// The end of its span by its name.
    pub name_end: Option<i64>,
    /// Whether its name is the one that it claims.
    pub is_named: bool,
    /// Whether it lists nothing but logs of its own account, region and time, beside which it lies.
    pub lists_own_logs: bool,
    prefixes: Vec<Box<str>>,
}

/// That a digest lists a log file that is there.
#[derive(Clone, Copy, Debug)]
pub struct LogListing {
    /// The log, as a place in [`ArchiveFiles::logs`].
    pub log: u32,
    /// The digest, as a place in [`DigestArchive::nodes`].
    pub digest: u32,
    /// What the log has to hash to.
    pub hash: Sha256Hash,
    prefix: u32,
    /// How many parts its path and its key have in common.
    pub(super) depth: u8,
}

/// That a digest lists a log file that is not there.
#[derive(Debug)]
pub struct MissingLog {
    /// The key.
    pub key: Box<str>,
    /// The digest, as a place in [`DigestArchive::nodes`].
    pub digest: u32,
}

/// How often one digest may list one file: CloudTrail lists each once, and a forged one could list one for ever, which
/// lies there many times.
const MOST_LISTINGS: u8 = 8;

/// One digest file with what it lists, found in the copy; made for each digest by itself.
#[derive(Debug)]
pub struct DigestEntry {
    node: DigestNode,
    chain: DigestChain,
    listings: Vec<LogListing>,
    absent: Vec<Box<str>>,
    folders: BTreeSet<Folder>,
}

impl DigestEntry {
    /// Takes in a digest file: looks for what it lists.
    pub fn new(sources: &[Source], files: &ArchiveFiles, source: u32, file: DigestFile) -> Self {
        let local = names::key_from_name(&sources[source as usize]);
        let name_end = local.as_ref().and_then(|key| key.delivered).map(|time| time.timestamp());
        let mut node = DigestNode {
            source,
            hash: file.hash,
            warnings: file.warnings,
            content: Err(DigestFault { unreadable: false, cause: String::new() }),
            chain: 0,
            name_end,
            is_named: false,
            lists_own_logs: false,
            prefixes: Vec::new(),
        };
        let (mut listings, mut absent, mut folders) = (Vec::new(), Vec::new(), BTreeSet::new());
        let mut prefixes = Interner::<str>::default();
        let mut chain = local.map(DigestChain::of).unwrap_or_default();
        match file.content {
            Err(fault) => node.content = Err(fault),
            Ok((digest, listed)) => {
                let name = names::file_name(&sources[source as usize]);
                node.is_named = strip_gz(&name) == strip_gz(names::last_part(&digest.key));
                if node.is_named {
                    chain = Key::parse(&digest.key).map_or(chain, DigestChain::of);
                }
                let mut found_before: HashMap<usize, u8> = HashMap::new();
                for log in &listed {
                    folders.extend(Key::parse(names::last_part(&log.key)).map(|key| key.folder));
                    let found = files.named(sources, &log.key);
                    if found.is_empty() {
                        absent.push(log.key.as_str().into());
                    }
                    for place in found {
                        let before = found_before.entry(place).or_default();
                        if *before == MOST_LISTINGS {
                            continue;
                        }
                        *before += 1;
                        let path = sources[files.logs[place] as usize].name();
                        let depth = count_common_parts(&path, &log.key).min(255);
                        let prefix = prefixes.number(split_last_parts(&log.key, depth).0);
                        let (log, depth, hash) = (place as u32, depth as u8, log.hash);
                        listings.push(LogListing { log, digest: 0, hash, prefix, depth });
                    }
                }
                node.lists_own_logs = head::lists_own_logs(&digest, &listed);
                node.content = Ok(digest);
                node.prefixes = prefixes.into_texts();
            }
        }
        Self { node, chain, listings, absent, folders }
    }
}

/// The digests of a copy, and what they list.
#[derive(Debug, Default)]
pub struct DigestArchive {
    /// Every digest file, in the order of the sources.
    pub nodes: Vec<DigestNode>,
    /// The chains that they form.
    pub chains: Vec<DigestChain>,
    /// What they list that is there, in the order of the logs.
    pub listings: Vec<LogListing>,
    /// What they list that is not there, in the order of the keys.
    pub absent: Vec<MissingLog>,
    /// The folders of each digest, of which it lists files.
    folders: Vec<BTreeSet<Folder>>,
    /// Where in the bucket a local directory was.
    roots: HashMap<String, Option<String>>,
}

impl DigestArchive {
    /// Puts the digests of a copy together.
    pub fn new(sources: &[Source], entries: Vec<DigestEntry>) -> Self {
        let mut archive = Self::default();
        let mut known = HashMap::new();
        for (index, entry) in (0_u32..).zip(entries) {
            let DigestEntry { mut node, chain, listings, absent, folders } = entry;
            node.chain = *known.entry(chain).or_insert_with_key(|chain: &DigestChain| {
                archive.chains.push(chain.clone());
                archive.chains.len() as u32 - 1
            });
            archive.root(&sources[node.source as usize].name(), &node);
            archive.listings.extend(listings.into_iter().map(|it| LogListing { digest: index, ..it }));
            archive.absent.extend(absent.into_iter().map(|key| MissingLog { key, digest: index }));
            archive.folders.push(folders);
            archive.nodes.push(node);
        }
        archive.listings.sort_by_key(|it| (it.log, it.digest));
        archive.absent.sort_by(|a, b| (&a.key, a.digest).cmp(&(&b.key, b.digest)));
        archive
    }

    /// Notes where in the bucket the directory of a digest was, when enough of its path tells.
    fn root(&mut self, path: &str, node: &DigestNode) {
        // ACCT/CloudTrail-Digest/REGION/YYYY/MM/DD/NAME
        const WHOLE: usize = 7;
        let Some(digest) = node.content.as_ref().ok().filter(|_| node.is_named) else { return };
        let depth = count_common_parts(path, &digest.key);
        if depth >= WHOLE {
            let (local, bucket) = (split_last_parts(path, depth).0, split_last_parts(&digest.key, depth).0);
            let known = self.roots.entry(local.to_owned()).or_insert_with(|| Some(bucket.to_owned()));
            if known.as_deref() != Some(bucket) {
                *known = None;
            }
        }
    }

    /// Returns the listings of a log.
    pub fn listings_of(&self, log: u32) -> &[LogListing] {
        let start = self.listings.partition_point(|it| it.log < log);
        let many = self.listings[start..].partition_point(|it| it.log == log);
        &self.listings[start..start + many]
    }

    /// Returns the key of a listed log.
    pub fn listed_key(&self, listing: &LogListing, path: &str) -> String {
        let prefix = &self.nodes[listing.digest as usize].prefixes[listing.prefix as usize];
        let rest = split_last_parts(path, usize::from(listing.depth)).1;
        let ending = if rest.ends_with(".gz") { "" } else { ".gz" };
        if prefix.is_empty() { format!("{rest}{ending}") } else { format!("{prefix}/{rest}{ending}") }
    }

    /// Returns the key that a file would have in the bucket, by where the digests of the copy lie.
    pub fn probable_key(&self, path: &str) -> String {
        let mut count = 1;
        loop {
            let (local, rest) = split_last_parts(path, count);
            match self.roots.get(local) {
                Some(Some(bucket)) if bucket.is_empty() => return rest.to_owned(),
                Some(Some(bucket)) => return format!("{bucket}/{rest}"),
                _ if local.is_empty() => break,
                _ => count += 1,
            }
        }
        match path.split_once("/AWSLogs/") {
            Some((_, rest)) => format!("AWSLogs/{rest}"),
            None => path.to_owned(),
        }
    }

    /// Returns the folders of which these digests list files.
    pub(super) fn folders(&self, digest: u32) -> &BTreeSet<Folder> {
        &self.folders[digest as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::integrity::ListedLog;

    /// A forged digest must not take memory for each time that it lists a file, times the files of that name.
    #[test]
    fn what_one_digest_lists_is_not_multiplied() {
        const NAME: &str = "111122223333_CloudTrail_us-east-1_20240310T1205Z_B.json.gz";
        let sources: Vec<Source> = (0..100).map(|at| Source::named(format!("{at}/{NAME}"))).collect();
        let files = ArchiveFiles::sort(&sources);
        let text = r#"{"digestPublicKeyFingerprint":"aa","digestS3Bucket":"b","digestS3Object":"k",
            "previousDigestSignature":null,"digestStartTime":"2024-03-10T12:00:00Z","digestEndTime":"2024-03-10T13:00:00Z"}"#;
        let digest = Digest::parse(text.as_bytes()).unwrap().0;
        let listed = (0..1000_u16).map(|at| ListedLog { key: format!("{at}/{NAME}"), hash: [at as u8; 32] });
        let content = Ok((digest, listed.collect()));
        let file = DigestFile { hash: [0; 32], warnings: Warnings::default(), content };
        let entry = DigestEntry::new(&sources, &files, 0, file);
        assert_eq!(entry.listings.len(), sources.len() * usize::from(MOST_LISTINGS));
        assert!(entry.absent.is_empty());
    }
}
