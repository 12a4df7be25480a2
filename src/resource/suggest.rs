//! Which word a user may have meant who typed one that stands for no type.

use super::types::all_types;
use strsim::osa_distance;

/// Returns the word nearest to `typed`, when one is near.
pub(super) fn nearest_word(typed: &str) -> Option<String> {
    let typed = typed.to_ascii_lowercase();
    // One slip in a short word, two in a longer one.
    let most = if typed.len() < 5 { 1 } else { 2 };
    let words = all_types().iter().flat_map(|row| row.words());
    let near = words.map(|word| (osa_distance(&typed, &word), word)).filter(|(far, _)| *far <= most);
    // On a tie, the first in the alphabet, so that the answer does not hang on the table's order.
    near.min().map(|(_, word)| word.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        for (typed, word) in [
            ("buckett", Some("bucket")),
            ("Rol", Some("role")),
            ("usre", Some("user")),
            ("securitygroups", Some("security-group")),
            ("functon", Some("function")),
            ("nosuchtype", None),
            ("", None),
        ] {
            assert_eq!(nearest_word(typed).as_deref(), word, "{typed}");
        }
    }
}
