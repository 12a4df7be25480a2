//! Which word a user may have meant who typed one that stands for no type.

use super::types::types;

/// Returns the word nearest to `typed`, when one is near.
pub(super) fn nearest(typed: &str) -> Option<String> {
    let typed = typed.to_ascii_lowercase();
    // One slip in a short word, two in a longer one.
    let most = if typed.len() < 5 { 1 } else { 2 };
    let words = types().iter().flat_map(|row| row.words());
    let near = words.map(|word| (distance(&typed, &word), word)).filter(|(far, _)| *far <= most);
    // On a tie, the first in the alphabet, so that the answer does not hang on the table's order.
    near.min().map(|(_, word)| word.into_owned())
}

/// Counts the insertions, deletions and replacements that lead from `a` to `b`.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        for (typed, word) in [
            ("buckett", Some("bucket")),
            ("Rol", Some("role")),
            ("securitygroups", Some("security-group")),
            ("functon", Some("function")),
            ("nosuchtype", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed).as_deref(), word, "{typed}");
        }
    }

    #[test]
    fn distances() {
        for (a, b, far) in [("", "", 0), ("", "abc", 3), ("role", "rule", 1), ("kitten", "sitting", 3)] {
            assert_eq!(distance(a, b), far, "{a} {b}");
            assert_eq!(distance(b, a), far, "{b} {a}");
        }
    }
}
