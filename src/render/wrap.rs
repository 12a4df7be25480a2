//! Lines that fit: text is wrapped between words, and never inside of one. Who reads an id on two lines cannot copy it,
//! and may take half of it for the whole.
//!
//! All text is escaped before it comes here: its width is what a terminal makes of it.

use unicode_width::UnicodeWidthStr;

/// Returns how many columns of a terminal a text takes.
pub(super) fn width_of(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.width() }
}

/// Splits prose into words, each with the blanks behind it.
pub(super) fn words(text: &str) -> Vec<&str> {
    text.split_inclusive(' ').collect()
}

/// Splits a name into what may stand on different lines: a type in front of it, what is said of it in brackets at its
/// end, and the name itself, which may have blanks.
pub(super) fn name_parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    if let Some((kind, _)) = text.split_once(' ').filter(|(kind, _)| kind.contains("::")) {
        let (first, after) = text.split_at(kind.len() + 1);
        parts.push(first);
        rest = after;
    }
    match rest.rfind(" (").filter(|_| rest.ends_with(')')) {
        Some(at) => parts.extend([&rest[..=at], &rest[at + 1..]]),
        None => parts.push(rest),
    }
    parts
}

/// Splits JSON that is wider than a line behind its commas: a comma beside a quote or bracket stands in no name.
fn json_parts(word: &str) -> Vec<&str> {
    let bytes = word.as_bytes();
    let is_end = |at: usize| {
        bytes[at] == b','
            && (at > 0 && matches!(bytes[at - 1], b'"' | b'}' | b']'))
            && bytes.get(at + 1).is_some_and(|next| matches!(next, b'"' | b'{' | b'['))
    };
    let mut parts = Vec::new();
    let mut start = 0;
    for at in (0..bytes.len()).filter(|at| is_end(*at)) {
        parts.push(&word[start..=at]);
        start = at + 1;
    }
    parts.push(&word[start..]);
    parts
}

/// Returns how wide the widest part of prose is that is never broken.
pub(super) fn widest_part(text: &str) -> usize {
    let parts = words(text).into_iter().flat_map(|word| json_parts(word.trim_end()));
    parts.map(width_of).max().unwrap_or_default()
}

/// Lines that are filled from left to right.
pub(super) struct Lines {
    width: usize,
    done: Vec<String>,
    line: String,
    /// How wide the line is, and how much of that is its indentation.
    used: usize,
    indented: usize,
}

impl Lines {
    pub(super) fn new(width: usize) -> Self {
        Self { width, done: Vec::new(), line: String::new(), used: 0, indented: 0 }
    }

    /// Begins a line with what stands before it.
    pub(super) fn begin(&mut self, prefix: &str) {
        if self.used > 0 {
            self.done.push(std::mem::take(&mut self.line).trim_end().to_owned());
        }
        self.line = prefix.to_owned();
        self.used = width_of(prefix);
        self.indented = self.used;
    }

    fn has_room_for(&self, width: usize) -> bool {
        self.used + width <= self.width
    }

    fn is_fresh(&self) -> bool {
        self.used == self.indented
    }

    fn push(&mut self, text: &str) {
        self.line.push_str(text);
        self.used += width_of(text);
    }

    /// Adds parts one after the other; what does not fit goes to the next line, behind `prefix`.
    pub(super) fn add(&mut self, parts: &[&str], prefix: &str) {
        for part in parts {
            let width = width_of(part.trim_end_matches(' '));
            if self.has_room_for(width) {
                self.push(part);
                continue;
            }
            let pieces = json_parts(part);
            if pieces.len() > 1 && width_of(prefix) + width > self.width {
                self.add(&pieces, prefix);
                continue;
            }
            if !self.is_fresh() {
                self.begin(prefix);
            }
            if width > 0 {
                self.push(part);
            }
        }
    }

    /// Adds parts that belong together, two blanks behind what stands there: on the same line where they fit on it.
    pub(super) fn add_together(&mut self, parts: &[&str], prefix: &str, deeper: &str) {
        let width = width_of(parts.concat().trim_end());
        if !self.is_fresh() {
            match self.has_room_for(width + 2) {
                true => self.push("  "),
                false => self.begin(prefix),
            }
        }
        self.add(parts, deeper);
    }

    /// Returns the lines.
    pub(super) fn finish(mut self) -> Vec<String> {
        if self.used > 0 || self.done.is_empty() {
            self.done.push(self.line.trim_end().to_owned());
        }
        self.done
    }
}

/// Wraps one line that may hang in a tree, or be a comment of a script: what stands below it belongs to it.
pub(super) fn wrap_line(text: &str, width: usize) -> Vec<String> {
    if width_of(text) <= width {
        return vec![text.to_owned()];
    }
    let is_rail = |c: char| matches!(c, ' ' | '│' | '├' | '└' | '─' | '#');
    let (prefix, rest) = text.split_at(text.find(|c| !is_rail(c)).unwrap_or_default());
    let below: String = prefix
        .chars()
        .map(|c| match c {
            '├' => '│',
            '└' | '─' => ' ',
            other => other,
        })
        .collect();
    let mut lines = Lines::new(width);
    lines.begin(prefix);
    // The next level of a tree of arrows is two further in, and is not to be taken for the rest of a line.
    let further = if rest.starts_with(['→', '←']) { "    " } else { "  " };
    lines.add(&words(rest), &format!("{below}{further}"));
    lines.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_break_between_words_and_below_what_they_hang_on() {
        assert_eq!(wrap_line("short", 5), ["short"]);
        assert_eq!(wrap_line("one two three", 8), ["one two", "  three"]);
        assert_eq!(wrap_line("one anUnbreakableThing two", 10), ["one", "  anUnbreakableThing", "  two"]);
        assert_eq!(wrap_line("│  ├─ one two three", 13), ["│  ├─ one two", "│  │    three"]);
        assert_eq!(wrap_line("│  └─ one two three", 13), ["│  └─ one two", "│       three"]);
        assert_eq!(wrap_line("  → one two three", 11), ["  → one two", "      three"]);
        assert_eq!(wrap_line("# one two three", 10), ["# one two", "#   three"]);
        assert_eq!(wrap_line("名名 名名", 6), ["名名", "  名名"]);
    }

    #[test]
    fn json_breaks_where_no_name_can_be() {
        assert_eq!(
            json_parts(r#"{"a":"x,y","b":[1,2],"c":{}}"#),
            [r#"{"a":"x,y","#, r#""b":[1,2],"#, r#""c":{}}"#]
        );
        assert_eq!(json_parts("a,b,c"), ["a,b,c"]);
    }

    #[test]
    fn names_stay_whole_whatever_blanks_they_have() {
        assert_eq!(
            name_parts("S3::Object my file.txt (related)"),
            ["S3::Object ", "my file.txt ", "(related)"]
        );
        assert_eq!(name_parts("S3::Object my file (1).txt"), ["S3::Object ", "my file (1).txt"]);
        assert_eq!(name_parts("alice"), ["alice"]);
        assert_eq!(name_parts("my file.txt"), ["my file.txt"]);
    }

    proptest! {
        /// Whatever is wrapped says the same, and only what cannot be broken is too wide.
        #[test]
        fn nothing_is_lost(text in "[a-z,\"{}# │├名]{0,60}", width in 1..30_usize) {
            let bare = |text: &str| text.replace([' ', '│', '├', '#'], "");
            let lines = wrap_line(&text, width);
            prop_assert_eq!(bare(&lines.concat()), bare(&text));
            for line in lines.iter().filter(|line| width_of(line) > width) {
                let rest = line.trim_start_matches([' ', '│', '├', '#']);
                prop_assert!(!rest.contains(' '), "{:?} of {:?}", line, text);
            }
        }
    }
}
