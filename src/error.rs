//! What can go wrong, in two sizes: an [`Error`] ends the request, a
//! [`Trouble`] costs one input and is carried along with the answer.
//!
//! Nothing here prints: the command line decides where a message goes.

use serde::Serialize;
use std::fmt;
use std::process::ExitCode;

/// How a request ended, as the exit status of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Everything was read and something matched: 0.
    Answered,
    /// Everything was read and nothing matched: 1.
    Nothing,
    /// The request could not be carried out: 2.
    Refused,
    /// Answered, but some input could not be read: 3.
    Partial,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        ExitCode::from(match status {
            Status::Answered => 0,
            Status::Nothing => 1,
            Status::Refused => 2,
            Status::Partial => 3,
        })
    }
}

/// Why a request could not be carried out. Ends it with [`Status::Refused`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    message: String,
    excerpt: Option<Box<Excerpt>>,
    hint: Option<String>,
}

/// The line that a mistake stands in, parted where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// What stands before the mistake, shortened at its start.
    pub before: String,
    /// The mistake and what follows, shortened at its end.
    pub after: String,
}

impl Excerpt {
    /// Cuts the line around the byte `at` out of `text`.
    fn new(text: &str, at: usize) -> Self {
        /// How many characters are shown to either side.
        const SHOWN: usize = 60;
        let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
        let (before, after) = text.split_at(at);
        let before = before.rsplit('\n').next().unwrap_or_default();
        let after = after.split(['\n', '\r']).next().unwrap_or_default();
        let hidden = before.chars().count().saturating_sub(SHOWN);
        let start: String = before.chars().skip(hidden).collect();
        let end: String = after.chars().take(SHOWN).collect();
        let mark = |is: bool| if is { "…" } else { "" };
        Self {
            before: format!("{}{start}", mark(hidden > 0)),
            after: format!("{end}{}", mark(end.len() < after.len())),
        }
    }
}

impl Error {
    /// Makes an error from a message (lower case, the thing in backticks, what was expected).
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), excerpt: None, hint: None }
    }

    /// Shows the line around the byte `at` of what was typed below the message.
    #[must_use]
    pub fn excerpt(mut self, text: &str, at: usize) -> Self {
        self.excerpt = Some(Box::new(Excerpt::new(text, at)));
        self
    }

    /// Puts what the error is about in front of the message.
    #[must_use]
    pub fn about(mut self, what: &str) -> Self {
        self.message = format!("{what}: {}", self.message);
        self
    }

    /// Returns the line that the mistake stands in, where one is known.
    pub fn excerpt_text(&self) -> Option<&Excerpt> {
        self.excerpt.as_deref()
    }

    /// Adds the one hint that the message ends in.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Returns the hint, if there is one.
    pub fn hint_text(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

/// What kind of damage or refusal a [`Trouble`] tells of; the word is part of the JSON output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// The file system refused: permission, vanished file, I/O error.
    Unreadable,
    /// A symbolic link leads back to a directory above it.
    LinkLoop,
    /// A symbolic link leads out of what is read, and is not followed.
    LinkOutside,
    /// The file or stream holds no byte.
    Empty,
    /// A compressed stream or a JSON document ends early.
    Truncated,
    /// A compressed stream is broken, or its checksum does not match.
    Corrupt,
    /// Bytes follow the first gzip member: CloudTrail writes exactly one.
    TrailingData,
    /// The content is not a CloudTrail log although its name says so.
    NotALog,
    /// It holds CloudTrail's keys, and no record in a form that is known.
    UnknownForm,
    /// A record is not valid JSON, or not an object.
    BadRecord,
    /// More bytes than the limit allows: a bomb, or not a log.
    TooLarge,
    /// A public key that cannot be trusted.
    Key,
    /// No file of AWS Config, though it was given as one or is called so.
    NotConfig,
    /// The file was written to, or another put in its place, while it was in use.
    Changed,
    /// Encrypted, or compressed by a method that is not supported.
    Unsupported,
}

impl Kind {
    /// Returns what the reader of the message can do about it.
    pub fn hint(self) -> &'static str {
        match self {
            Kind::Unreadable => "check the permissions of the file, or copy the archive again",
            Kind::LinkLoop => "what the link leads to is read once, by its real path",
            Kind::LinkOutside => "`--follow-links` reads what it leads to, or give that as another path",
            Kind::Empty | Kind::Truncated | Kind::Corrupt => "fetch the object again from the bucket",
            Kind::TrailingData => {
                "CloudTrail delivers one gzip member a file: compare the file with the object in the bucket"
            }
            Kind::NotALog => "leave the file out, or check how it was exported",
            Kind::UnknownForm => {
                "export it as JSON: the event history of the console, `aws cloudtrail lookup-events`, or the log files themselves"
            }
            Kind::BadRecord => "compare the record with the object in the bucket",
            Kind::TooLarge => "raise `--max-record` or `--max-inflated` if the file is to be trusted",
            Kind::Key => {
                "fetch the keys again with `aws cloudtrail list-public-keys`: nothing is proven with this one"
            }
            Kind::NotConfig => {
                "expected a ConfigHistory or ConfigSnapshot file, or the output of `get-resource-config-history`"
            }
            Kind::Changed => "ask again, with a copy that nobody writes to",
            Kind::Unsupported => "unpack the file first",
        }
    }
}

/// One input that could not be used, or not in full, and why.
///
/// A trouble never ends a scan: the rest is read, and the exit status says so.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Trouble {
    /// The path as given, with `!` before the member of a package.
    pub file: String,
    /// The word for the cause.
    pub kind: Kind,
    /// The cause, in lower case, without the file name.
    pub cause: String,
    /// How many whole records before the damage were used, when any part of the file was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records_used: Option<u64>,
}

impl Trouble {
    /// Makes a trouble of which nothing could be used.
    pub fn new(file: impl Into<String>, kind: Kind, cause: impl Into<String>) -> Self {
        Self { file: file.into(), kind, cause: cause.into(), records_used: None }
    }
}

/// The troubles of one source: of a package with a million worthless members the first tell enough.
#[derive(Debug, Default)]
pub(crate) struct TroubleList {
    list: Vec<Trouble>,
    /// How many more there were, and what the first of them was.
    more: u64,
    kind: Option<Kind>,
}

impl TroubleList {
    /// How many are told one by one.
    const MOST: usize = 1000;

    pub(crate) fn push(&mut self, trouble: Trouble) {
        if self.list.len() < Self::MOST {
            self.list.push(trouble);
        } else {
            self.more += 1;
            self.kind.get_or_insert(trouble.kind);
        }
    }

    /// Returns all, with one for those that were not kept.
    pub(crate) fn into_vec(mut self, source: &str) -> Vec<Trouble> {
        if let Some(kind) = self.kind {
            let members = if self.more == 1 { "member" } else { "members" };
            let cause = format!("{} more of its {members} cannot be read", self.more);
            self.list.push(Trouble::new(source, kind, cause));
        }
        self.list
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = if self.records_used.is_some() { "cannot read all of" } else { "cannot read" };
        write!(f, "{verb} `{}`: {}", self.file, self.cause)?;
        match self.records_used {
            Some(1) => write!(f, "; 1 whole record was used"),
            Some(n) => write!(f, "; {n} whole records were used"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_the_line_of_the_mistake() {
        let long = "x".repeat(70);
        for (text, at, before, after) in [
            ("{ $.a }", 6, "{ $.a ", "}"),
            ("{\n  \"a\": 1\r\n}", 9, "  \"a\": ", "1"),
            ("é", 1, "", "é"),
            ("ab", 99, "ab", ""),
            (&format!("{long}!{long}"), 70, &format!("…{}", &long[..60]), &format!("!{}…", &long[..59])),
        ] {
            let want = Excerpt { before: before.to_owned(), after: after.to_owned() };
            assert_eq!(Excerpt::new(text, at), want, "{text} {at}");
        }
    }
}
