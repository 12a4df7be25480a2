//! Regular expressions between `%`: the part of the language that CloudWatch Logs has.

use super::scan::FilterMistake;
use regex_automata::meta::{Config, Regex};
use regex_automata::util::syntax;

/// How large an automaton may become, in bytes.
const LARGEST: usize = 1 << 20;

/// Compiles an expression that starts at byte `at` of the pattern. It may match anywhere in a text.
pub(super) fn compile_regex(expression: &str, at: usize) -> Result<Regex, FilterMistake> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || " _#=@/;,:-^$?[]{}|\\*+.".contains(c);
    if let Some((offset, found)) = expression.char_indices().find(|(_, c)| !is_allowed(*c)) {
        let allowed = "a letter, a digit or one of `_ # = @ / ; , : - ^ $ ? [ ] { } | \\ * + .`";
        let mistake = FilterMistake::new(at + offset, allowed);
        return Err(match found {
            '(' | ')' => mistake.hint("the language has no groups; write `\\x28` for `(`, `\\x29` for `)`"),
            c if c.is_ascii() => mistake.hint(format!("write `\\x{:02x}` for `{c}`", u32::from(c))),
            _ => mistake.hint("only ASCII can stand in a regular expression"),
        });
    }
    if expression.is_empty() {
        return Err(FilterMistake::new(at, "a regular expression between the two `%`"));
    }
    // Bytes and no Unicode classes: the language knows no other characters than those of ASCII.
    let syntax = syntax::Config::new().unicode(false).utf8(false);
    let config = Config::new().nfa_size_limit(Some(LARGEST)).utf8_empty(false);
    Regex::builder().syntax(syntax).configure(config).build(expression).map_err(|error| {
        if error.size_limit().is_some() {
            return FilterMistake::new(at, "a smaller regular expression");
        }
        // The last line of a long message says what is wrong.
        let cause = error.syntax_error().map(ToString::to_string).unwrap_or_default();
        let cause = cause.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        FilterMistake::new(at, format!("a regular expression ({cause})"))
            .hint("write a backslash before `^ $ ? [ ] { } | * + .` where it is meant as it stands")
    })
}
