//! Shorter forms of what stands in a table: a time without its day, a name without the middle of it.

use super::wrap::width_of;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// What stands for what is left out.
const CUT: &str = "…";

/// Names that are no wider stay as they are: little would be won.
const SHORT: usize = 12;

/// Returns the day of a time as AWS writes it: `2024-03-01T15:42:07Z`, perhaps with a part of a second.
fn day_of(word: &str) -> Option<&str> {
    let (day, time) = word.strip_suffix('Z')?.split_once('T')?;
    let is_form = |text: &str, form: &str| {
        text.len() == form.len()
            && text.bytes().zip(form.bytes()).all(|(byte, form)| match form {
                b'0' => byte.is_ascii_digit(),
                other => byte == other,
            })
    };
    let clock = time.split_once('.').map_or(time, |(clock, _)| clock);
    (is_form(day, "0000-00-00") && is_form(clock, "00:00:00")).then_some(day)
}

/// Returns the days of the times in a cell.
pub(super) fn days_of(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(' ').filter_map(day_of)
}

/// Returns a cell whose times of a day are without it, as it stands above.
pub(super) fn without_day(cell: &str, day: &str) -> String {
    let short = |word| match day_of(word) {
        Some(of) if of == day => &word[day.len() + 1..word.len() - 1],
        _ => word,
    };
    cell.split(' ').map(short).collect::<Vec<_>>().join(" ")
}

/// A name in parts: what stands in front of the path in it, the path but for its last segment, and that with all that
/// follows it.
struct NameParts<'n> {
    before: &'n str,
    head: &'n str,
    tail: &'n str,
}

/// Finds what of a name may be left out: the segments in front of the last one of its longest path or ARN.
fn part_name(text: &str) -> Option<NameParts<'_>> {
    if width_of(text) <= SHORT {
        return None;
    }
    let mut start = 0;
    let mut longest: Option<(usize, &str)> = None;
    for word in text.split_inclusive(' ') {
        if longest.is_none_or(|(_, other)| word.len() > other.len()) {
            longest = Some((start, word));
        }
        start += word.len();
    }
    let (start, word) = longest?;
    let word = word.trim_end();
    let is_separator = |c: char| c == '/' || (c == ':' && word.starts_with("arn:"));
    let at = word.trim_end_matches(is_separator).rfind(is_separator)?;
    let (before, rest) = text.split_at(start);
    let (head, tail) = rest.split_at(at);
    (width_of(head) > width_of(CUT)).then_some(NameParts { before, head, tail })
}

/// Returns the shortest form of a name: `…/` and its last segment, which is never cut.
pub(super) fn shortest_name(text: &str) -> Option<String> {
    let NameParts { before, tail, .. } = part_name(text)?;
    Some(format!("{before}{CUT}{tail}"))
}

/// Returns a name with as much of its beginning as fits before its last segment. No id is cut: a segment with a digit
/// in it is there or not.
pub(super) fn fit_name(text: &str, width: usize) -> Option<String> {
    let NameParts { before, head, tail } = part_name(text)?;
    let room = width.saturating_sub(width_of(before) + width_of(CUT) + width_of(tail));
    let mut cut = 0;
    for (at, c) in head.char_indices() {
        let end = at + c.len_utf8();
        if width_of(&head[..end]) > room {
            break;
        }
        cut = end;
    }
    let is_separator = |c: char| matches!(c, '/' | ':');
    let segment = head[..cut].rfind(is_separator).map_or(0, |at| at + 1);
    let whole = head[segment..].split(is_separator).next().unwrap_or_default();
    let is_cut = segment + whole.len() > cut;
    if is_cut && whole.contains(|c: char| c.is_ascii_digit()) {
        cut = segment;
    }
    Some(format!("{before}{}{CUT}{tail}", &head[..cut]))
}

/// Which names of a column may be shortened: those that stay apart from all others.
#[derive(Debug, Default)]
pub(super) struct ShortNames {
    /// Short forms that would stand for several names.
    ambiguous: HashSet<String>,
    /// Whether somebody wrote the sign for what is left out into a name: nothing is shortened beside it.
    is_off: bool,
}

impl ShortNames {
    /// Looks at all names of a column.
    pub(super) fn of<'c>(cells: impl Iterator<Item = &'c str> + Clone) -> Self {
        let mut names: HashMap<String, &str> = HashMap::new();
        let mut ambiguous = HashSet::new();
        for cell in cells.clone() {
            let Some(short) = shortest_name(cell) else { continue };
            match names.get(&short) {
                Some(other) if *other != cell => _ = ambiguous.insert(short),
                Some(_) => {}
                None => _ = names.insert(short, cell),
            }
        }
        Self { ambiguous, is_off: cells.into_iter().any(|cell| cell.contains(CUT)) }
    }

    /// Returns a name in a shorter form, where it has one and stays apart from the others.
    pub(super) fn shorten<'c>(&self, cell: &'c str, form: impl Fn(&str) -> Option<String>) -> Cow<'c, str> {
        let stays_apart = || shortest_name(cell).is_some_and(|short| !self.ambiguous.contains(&short));
        match form(cell).filter(|short| !self.is_off && width_of(short) < width_of(cell) && stays_apart()) {
            Some(short) => short.into(),
            None => cell.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_lose_the_day_that_stands_above_and_no_other() {
        let short = |cell| without_day(cell, "2024-03-01");
        assert_eq!(short("2024-03-01T15:42:07Z"), "15:42:07");
        assert_eq!(short("2024-03-01T15:42:07.123Z"), "15:42:07.123");
        assert_eq!(short("before 2024-03-01T15:42:07Z"), "before 15:42:07");
        assert_eq!(short("2024-03-02T15:42:07Z"), "2024-03-02T15:42:07Z");
        assert_eq!(short("2024-03-01T15:42:07+02:00"), "2024-03-01T15:42:07+02:00");
        assert_eq!(
            days_of("2024-03-01T15:42:07Z to 2024-03-02T00:00:00Z").collect::<Vec<_>>(),
            ["2024-03-01", "2024-03-02"]
        );
        assert_eq!(days_of("2024-03-01 yesterday xT1Z ").count(), 0);
    }

    #[test]
    fn names_keep_their_last_segment_and_cut_no_id() {
        let role = "arn:aws:iam::111122223333:role/service/Deploy";
        assert_eq!(shortest_name(role).unwrap(), "…/Deploy");
        assert_eq!(fit_name(role, 44).unwrap(), "arn:aws:iam::111122223333:role/servi…/Deploy");
        assert_eq!(fit_name(role, 30).unwrap(), "arn:aws:iam::…/Deploy");
        assert_eq!(fit_name(role, 3).unwrap(), "…/Deploy");
        let object = "S3::Object payroll/2024/03/salaries.csv (related)";
        assert_eq!(shortest_name(object).unwrap(), "S3::Object …/salaries.csv (related)");
        assert_eq!(fit_name(object, 40).unwrap(), "S3::Object payro…/salaries.csv (related)");
        assert_eq!(shortest_name("arn:aws:sns:us-east-1:111122223333:topic").unwrap(), "…:topic");
        assert_eq!(shortest_name("payroll/2024/03/").unwrap(), "…/03/");
        for whole in ["bert-jan", "EC2::SecurityGroup sg-04cfb7a4712d75b00", "a/b/c"] {
            assert_eq!(shortest_name(whole), None, "{whole}");
        }
    }

    #[test]
    fn names_that_would_be_alike_stay_whole() {
        let (one, two, three) = ("first/folder/file.csv", "second/folder/file.csv", "third/folder/other.csv");
        let names = ShortNames::of([one, two, three, one].into_iter());
        let short = |name| names.shorten(name, shortest_name).into_owned();
        assert_eq!([one, two, three].map(short), [one, two, "…/other.csv"]);
        // Nor is there one beside a name that looks like a short one.
        let names = ShortNames::of(["…/other.csv", three].into_iter());
        assert_eq!(names.shorten(three, shortest_name), three);
    }
}
