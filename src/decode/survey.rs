//! Counts the records of a file that nobody asks for, without cutting them out.
//!
//! A file that holds nothing of what is looked for is still to be counted:
//! events, accounts, regions, span of time. Of a file in CloudTrail's own
//! form that can be read off a few literals, at a fraction of the cost of an
//! outline. Anything unusual is refused, and the file is walked instead.
//!
//! A record is never made from what is seen here, for a literal may stand
//! deeper than it seems. That is also why an account, a region or a time that
//! no walk has met yet is refused: text that an attacker got logged can at the
//! most be counted as an event more.

use memchr::memmem::Finder;
use std::str;

/// What a survey shows of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sight<'r> {
    /// `eventTime`, as logged.
    pub time: &'r str,
    /// `eventSource`.
    pub source: &'r str,
    /// `eventName`.
    pub name: &'r str,
    /// `awsRegion`.
    pub region: &'r str,
    /// `recipientAccountId`.
    pub account: &'r str,
    /// `eventCategory`.
    pub category: &'r str,
    /// The record from `eventTime` on, and what follows up to that of the next.
    pub tail: &'r [u8],
}

/// The literals, compiled; one a thread.
pub struct Surveyor {
    time: Finder<'static>,
    account: Finder<'static>,
    category: Finder<'static>,
    addendum: Finder<'static>,
}

impl Default for Surveyor {
    fn default() -> Self {
        Self {
            time: Finder::new("\"eventTime\":\""),
            account: Finder::new("\"recipientAccountId\":\""),
            category: Finder::new("\"eventCategory\":\""),
            addendum: Finder::new("\"addendum\""),
        }
    }
}

impl Surveyor {
    /// Shows each record of a file in CloudTrail's own form to `see`; `None` when the file is not
    /// in that form, or `see` gave false: then nothing that was seen counts.
    pub fn survey<'r>(&self, content: &'r [u8], see: &mut dyn FnMut(Sight<'r>) -> bool) -> Option<()> {
        let starts = content.starts_with(b"{\"Records\":[{\"event");
        if !starts || !content.ends_with(b"}]}") {
            return None;
        }
        let mut times = self.time.find_iter(content);
        let mut accounts = self.account.find_iter(content).peekable();
        let mut next = times.next();
        next?;
        while let Some(at) = next {
            next = times.next();
            let end = next.unwrap_or(content.len());
            let (time, rest) = string(content, at + self.time.needle().len())?;
            let (source, rest) = string(content, expect(content, rest, b",\"eventSource\":\"")?)?;
            let (name, rest) = string(content, expect(content, rest, b",\"eventName\":\"")?)?;
            let (region, _) = string(content, expect(content, rest, b",\"awsRegion\":\"")?)?;
            // Exactly one account between this time and the next.
            let account = accounts.next_if(|place| (at..end).contains(place))?;
            if accounts.peek().is_some_and(|place| *place < end) {
                return None;
            }
            let (account, rest) = string(content, account + self.account.needle().len())?;
            let category = self.category(content.get(rest..end)?)?;
            let tail = content.get(at..end)?;
            see(Sight { time, source, name, region, account, category, tail }).then_some(())?;
        }
        // One that is left over stands before the first record.
        accounts.next().is_none().then_some(())
    }

    /// The category behind the account; `None` where that is not plain, or a correction follows.
    fn category<'r>(&self, behind: &'r [u8]) -> Option<&'r str> {
        let at = match expect(behind, 0, b",\"eventCategory\":\"") {
            Some(at) => at,
            None => self.category.find(behind)? + self.category.needle().len(),
        };
        let (category, rest) = string(behind, at)?;
        // What most records end in, so that the rest need not be searched.
        let ends = [&b"}"[..], b",\"tlsDetails\":{", b",\"sessionCredentialFromConsole\":\"true\"}"];
        let usual = ends.iter().any(|end| behind[rest..].starts_with(end));
        (usual || self.addendum.find(behind).is_none()).then_some(category)
    }
}

/// Returns the rest of a plain string that is open at `at`, and what follows its quote.
fn string(content: &[u8], at: usize) -> Option<(&str, usize)> {
    let rest = content.get(at..)?;
    let length = memchr::memchr2(b'"', b'\\', rest)?;
    (rest[length] == b'"').then_some(())?;
    Some((str::from_utf8(&rest[..length]).ok()?, at + length + 1))
}

fn expect(content: &[u8], at: usize, literal: &[u8]) -> Option<usize> {
    content.get(at..)?.starts_with(literal).then_some(at + literal.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: &str = r#"{"eventVersion":"1.08","userIdentity":{"type":"Root"},"eventTime":"2023-07-10T12:00:00Z","eventSource":"s3.amazonaws.com","eventName":"A","awsRegion":"us-east-1","requestParameters":null,"recipientAccountId":"111122223333","eventCategory":"Management"}"#;

    fn seen(content: &str) -> Option<Vec<String>> {
        let mut seen = Vec::new();
        let end = Surveyor::default().survey(content.as_bytes(), &mut |sight| {
            seen.push(format!(
                "{} {} {} {} {}",
                sight.name, sight.source, sight.region, sight.account, sight.category
            ));
            true
        });
        end.map(|()| seen)
    }

    #[test]
    fn records_of_clouds_own_form_are_seen() {
        let line = "A s3.amazonaws.com us-east-1 111122223333 Management".to_owned();
        assert_eq!(
            seen(&format!(r#"{{"Records":[{RECORD},{RECORD}]}}"#)),
            Some(vec![line.clone(), line.clone()])
        );
        // What stands in the request is not the record's own.
        let nested = RECORD.replace("null", r#"{"eventCategory":"Data"}"#);
        assert_eq!(seen(&format!(r#"{{"Records":[{nested}]}}"#)), Some(vec![line]));
    }

    #[test]
    fn anything_unusual_is_refused() {
        let insert = |what: &str| format!(r#"{{"Records":[{RECORD},{}]}}"#, RECORD.replace("null", what));
        for content in [
            format!(r#"{{"Records":[{RECORD}"#),
            format!(r#"[{RECORD}]"#),
            format!("{{\"Records\":[{RECORD}]}}\n"),
            format!(r#"{{"Records":[{}]}}"#, RECORD.replace(":\"", ": \"")),
            format!(r#"{{"Records":[{}]}}"#, RECORD.replace(r#","eventCategory":"Management""#, "")),
            format!(r#"{{"Records":[{}]}}"#, RECORD.replace("Management\"", "Management\",\"addendum\":{}")),
            format!(r#"{{"Records":[{}]}}"#, RECORD.replace(r#""eventName":"A""#, r#""eventName":"\u0041""#)),
            insert(r#"{"eventTime":"x"}"#),
            insert(r#"{"recipientAccountId":"999999999999"}"#),
            r#"{"awsAccountId":"1"}"#.to_owned(),
            String::new(),
        ] {
            assert_eq!(seen(&content), None, "{content}");
        }
        assert!(
            Surveyor::default()
                .survey(format!(r#"{{"Records":[{RECORD}]}}"#).as_bytes(), &mut |_| false)
                .is_none()
        );
    }
}
