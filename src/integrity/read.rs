//! One file, read once: its hash as digests list it, and what it is.

use super::digest;
use super::digest::Digest;
use super::fields::ListedLog;
use super::hex::{Sha256Hash, compute_sha256};
use super::verdict::{Reason, Warnings};
use crate::container::{FirstMember, InflateBuffers, Limits, first_member, first_member_of};
use crate::input::Source;
use ring::digest::{Context, SHA256};

/// A digest lists the files of an hour; one larger than this is none.
const MAX_DIGEST: u64 = 256 << 20;

/// How much of a file without a telling name is looked at.
const HEAD: u64 = 64 << 10;

/// What a log file turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DigestContent {
    /// The SHA-256 of its content: of what the first gzip member inflates to.
    pub hash: Sha256Hash,
    /// How the content ended.
    pub member: FirstMember,
    /// Whether it begins as JSON does.
    pub is_json: bool,
}

impl DigestContent {
    /// Returns what is odd about it whatever the digests say.
    pub(super) fn warnings(&self) -> Warnings {
        Warnings::default()
            .when(self.member == FirstMember::Plain && self.is_json, Warnings::NOT_COMPRESSED)
            .when(self.member == FirstMember::NoTrailer, Warnings::TRAILER_MISSING)
            .when(self.member == FirstMember::Trailing, Warnings::TRAILING_DATA)
    }
}

/// A file that may have been read already.
#[derive(Clone, Copy, Debug)]
pub struct ReadFile<'f> {
    /// Where it is.
    pub source: &'f Source,
    /// All of its bytes, where they were read.
    pub bytes: Option<&'f [u8]>,
}

impl ReadFile<'_> {
    fn first_member(
        self,
        limit: u64,
        scratch: &mut InflateBuffers,
        sink: &mut dyn FnMut(&[u8]),
    ) -> Result<FirstMember, String> {
        if let Some(bytes) = self.bytes {
            return first_member_of(bytes, limit, scratch, sink);
        }
        if self.source.path().is_none() {
            return Err("the standard input has no name to look for in a digest".to_owned());
        }
        first_member(self.source, limit, scratch, sink)
    }
}

/// Hashes a log file; memory does not grow with it.
///
/// # Errors
/// When it cannot be read; the cause.
pub fn hash_log(
    file: ReadFile<'_>,
    limits: &Limits,
    scratch: &mut InflateBuffers,
) -> Result<DigestContent, String> {
    let (mut context, mut first) = (Context::new(&SHA256), None);
    let member = file.first_member(limits.inflated, scratch, &mut |piece| {
        first = first.or_else(|| piece.iter().copied().find(|byte| !byte.is_ascii_whitespace()));
        context.update(piece);
    })?;
    let hash = context.finish().as_ref().try_into().unwrap_or_default();
    // A byte order mark may stand before it.
    Ok(DigestContent { hash, member, is_json: matches!(first, Some(b'{' | b'[' | 0xef)) })
}

/// A digest file, read.
#[derive(Clone, Debug)]
pub struct DigestFile {
    /// The SHA-256 of its content.
    pub hash: Sha256Hash,
    /// What is odd about the file.
    pub warnings: Warnings,
    /// What it says, and the logs it lists; or why it is no digest.
    pub content: Result<(Digest, Vec<ListedLog>), DigestFault>,
}

/// Why a digest file is no digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestFault {
    /// Whether that is the file system's fault and not the file's.
    pub unreadable: bool,
    /// The cause, in lower case.
    pub cause: String,
}

impl DigestFault {
    fn new(cause: impl Into<String>) -> Self {
        Self { unreadable: false, cause: cause.into() }
    }

    pub(super) fn reason(&self) -> Reason {
        if self.unreadable { Reason::Unreadable } else { Reason::Format }
    }
}

/// Reads a digest file.
pub fn read_digest(file: ReadFile<'_>, scratch: &mut InflateBuffers) -> DigestFile {
    let mut content = Vec::new();
    let read = file.first_member(MAX_DIGEST, scratch, &mut |piece| content.extend_from_slice(piece));
    let hash = compute_sha256(&content);
    let (mut warnings, mut fault) = (Warnings::default(), None);
    match read {
        Err(cause) => fault = Some(DigestFault { unreadable: true, cause }),
        Ok(FirstMember::Whole) => {}
        Ok(FirstMember::Plain) => warnings = Warnings::NOT_COMPRESSED,
        Ok(FirstMember::NoTrailer) => warnings = Warnings::TRAILER_MISSING,
        Ok(FirstMember::Trailing) => warnings = Warnings::TRAILING_DATA,
        Ok(FirstMember::Cut | FirstMember::Empty) => fault = Some(DigestFault::new("it ends early")),
        Ok(FirstMember::Checksum) => fault = Some(DigestFault::new("its gzip checksum does not match")),
        Ok(FirstMember::Broken) => fault = Some(DigestFault::new("its gzip stream is broken")),
        Ok(FirstMember::TooLarge) => fault = Some(DigestFault::new("it is larger than any digest")),
    }
    let content = match fault {
        Some(fault) => Err(fault),
        None => Digest::parse(&content).map_err(DigestFault::new),
    };
    if content.is_err() {
        warnings = Warnings::default();
    }
    DigestFile { hash, warnings, content }
}

/// Returns whether a file without a telling name begins as a digest does, so that it is judged as one.
pub fn looks_like_digest(file: ReadFile<'_>, scratch: &mut InflateBuffers) -> bool {
    let mut head = Vec::new();
    let read = file.first_member(HEAD, scratch, &mut |piece| head.extend_from_slice(piece));
    read.is_ok() && digest::may_be_digest(&head)
}
