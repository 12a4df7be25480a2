//! Words by which an index of an archive tells that a resource cannot be in a file.
//!
//! They are as sure as literals, but whole: a word of a reference is a word of every value that
//! names the resource, not a part of one. So words can be hashed, and what was hashed need not be
//! kept. A word is a run of ASCII letters, digits, `-` and `_`, in whatever case.

use super::reference::{ObjectKeys, Reference, ReferenceTarget};

/// Shorter words are in every file.
const SHORTEST: usize = 3;

impl Reference {
    /// Returns sets of words: whatever names the resource holds every word of at least one of them.
    /// `None` when no such words are known.
    pub fn words(&self) -> Option<Vec<Vec<String>>> {
        let pieces: Vec<Vec<&str>> = match &self.target {
            ReferenceTarget::Plain(name) => vec![vec![name]],
            ReferenceTarget::Bucket(bucket) => vec![vec![bucket]],
            ReferenceTarget::Objects { bucket, keys } => vec![match keys {
                ObjectKeys::All => vec![bucket],
                ObjectKeys::One(key) => vec![bucket, key],
                // The word that the prefix ends in may go on.
                ObjectKeys::Prefix(prefix) => {
                    vec![bucket, prefix.trim_end_matches(|c: char| c.is_ascii() && is_word(c as u8))]
                }
            }],
            ReferenceTarget::Typed(typed) => {
                let keys = typed.wanted.iter().map(|wanted| wanted.keys());
                // A secret may be called by its name or with what is put behind it.
                keys.flat_map(|keys| [vec![keys.name], vec![keys.other], vec![keys.whole]]).collect()
            }
        };
        let mut sets: Vec<Vec<String>> = Vec::new();
        for pieces in pieces {
            let mut set: Vec<String> = pieces.into_iter().flat_map(typed_words).collect();
            if set.is_empty() {
                return None;
            }
            set.sort();
            set.dedup();
            if !sets.contains(&set) {
                sets.push(set);
            }
        }
        Some(sets)
    }
}

/// The words of a text that a user typed, in lower case.
pub fn typed_words(text: &str) -> impl Iterator<Item = String> {
    let mut from = 0;
    let pieces = text.split(|c: char| !c.is_ascii() || !is_word(c as u8)).map(move |word| {
        let at = from;
        from = at + word.len() + text[at + word.len()..].chars().next().map_or(0, char::len_utf8);
        (at, word)
    });
    // Behind a `%` the first two letters may be taken for a code.
    let sure = pieces.filter(|(at, word)| word.len() >= SHORTEST && !text[..*at].ends_with('%'));
    sure.map(|(_, word)| word.to_ascii_lowercase())
}

/// Gives every word of a piece of JSON text to `each`, as it is written there.
///
/// Escapes are stepped over. What follows a `%` is given with and without the code, a name that
/// Secrets Manager lengthened also without the end. Of an ARN only the resource is looked at.
pub fn logged_words(text: &[u8], each: &mut impl FnMut(&[u8])) {
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'\\' => at += if text.get(at + 1) == Some(&b'u') { 6 } else { 2 },
            b'"' => {
                at += 1;
                at += arn_prefix(&text[at..]);
            }
            _ if is_word(byte) => {
                let end = at + text[at..].iter().position(|it| !is_word(*it)).unwrap_or(text.len() - at);
                visit_word(text, &text[at..end], each);
                if at > 0 && text[at - 1] == b'%' && end > at + 2 {
                    visit_word(text, &text[at + 2..end], each);
                }
                at = end;
            }
            _ => at += 1,
        }
    }
}

fn visit_word(text: &[u8], word: &[u8], each: &mut impl FnMut(&[u8])) {
    if word.len() < SHORTEST {
        return;
    }
    each(word);
    if let Some(at) = word.len().checked_sub(7).filter(|at| *at >= SHORTEST && word[*at] == b'-') {
        let is_suffix = word[at + 1..].iter().all(u8::is_ascii_alphanumeric);
        if is_suffix && memchr::memmem::find(text, b"secret").is_some() {
            each(&word[..at]);
        }
    }
}

fn is_word(byte: u8) -> bool {
    WORD[usize::from(byte)]
}

const WORD: [bool; 256] = {
    let mut is = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        is[byte] = (byte as u8).is_ascii_alphanumeric() || byte == b'-' as usize || byte == b'_' as usize;
        byte += 1;
    }
    is
};

/// Returns how long the part of an ARN before its resource is; 0 when it is none.
fn arn_prefix(text: &[u8]) -> usize {
    if !text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case(b"arn:aws")) {
        return 0;
    }
    let mut colons = 0;
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'"' | b'\\' => return 0,
            b':' => colons += 1,
            _ => {}
        }
        if colons == 5 {
            let service = text[..at].split(|it| *it == b':').nth(2);
            let whole = service.is_some_and(|it| !it.is_empty())
                && text[4..].starts_with(b"aws")
                && !matches!(text.get(at + 1), None | Some(b'"'));
            return if whole { at + 1 } else { 0 };
        }
    }
    0
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::{Match, Resource, all_types};
    use super::*;
    use proptest::prelude::*;

    fn logged(text: &str) -> Vec<String> {
        let mut words = Vec::new();
        logged_words(text.as_bytes(), &mut |word| {
            words.push(String::from_utf8_lossy(word).to_ascii_lowercase());
        });
        words
    }

    #[test]
    fn words_of_what_is_logged() {
        for (text, words) in [
            (r#""Payroll-1","x""#, &["payroll-1"][..]),
            (r#""arn:aws:iam::111122223333:role\/ops/deploy""#, &["role", "ops", "deploy"]),
            (r#""arn:aws:iam::""#, &["arn", "aws", "iam"]),
            (r#""arn:awsome:x""#, &["arn", "awsome"]),
            (r#""arn:aws:secretsmanager:r:1:secret:a/prod-AbCd12""#, &["secret", "prod-abcd12", "prod"]),
            (r#""prod-AbCd12""#, &["prod-abcd12"]),
            (r#""%2Fb77%2Fkey""#, &["2fb77", "b77", "2fkey", "key"]),
            (r#""a\nbcd\u0026efg\\hij""#, &["bcd", "efg", "hij"]),
            ("111122223333,", &["111122223333"]),
            (r#""goran.lopez@example.com""#, &["goran", "lopez", "example", "com"]),
        ] {
            assert_eq!(logged(text), words, "{text}");
        }
    }

    #[test]
    fn words_of_references() {
        for (text, sets) in [
            ("bucket/Payroll", Some(vec![vec!["payroll"]])),
            ("s3://logs/2024/re", Some(vec![vec!["2024", "logs"]])),
            ("arn:aws:s3:::logs/2024/re*", Some(vec![vec!["2024", "logs"]])),
            ("user/goran.lopez", Some(vec![vec!["goran", "lopez"]])),
            ("/aws/lambda/pay", Some(vec![vec!["aws", "lambda", "pay"]])),
            ("arn:aws:secretsmanager:r:1:secret:prod-AbCd12", Some(vec![vec!["prod"], vec!["prod-abcd12"]])),
            ("s3://b/a%20bcd", None),
            ("x", None),
        ] {
            let sets = sets.map(|sets: Vec<Vec<&str>>| {
                sets.into_iter()
                    .map(|set| set.into_iter().map(str::to_owned).collect::<Vec<_>>())
                    .collect::<Vec<_>>()
            });
            assert_eq!(Reference::parse(text).unwrap().words(), sets, "{text}");
        }
    }

    /// Whether what a record says lets the reference be where it matches.
    fn held(reference: &Reference, record: &str) -> bool {
        let words = logged(record);
        let Some(sets) = reference.words() else { return true };
        sets.iter().any(|set| set.iter().all(|word| words.contains(word)))
    }

    fn json(value: &str) -> String {
        serde_json::to_string(value).unwrap()
    }

    fn encoded(value: &str) -> String {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        value
            .bytes()
            .map(|byte| match byte {
                byte if plain(byte) => char::from(byte).to_string(),
                byte => format!("%{byte:02X}"),
            })
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn what_matches_holds_the_words(
            at in 0..all_types().len(),
            name in "([A-Za-z0-9@._/:% \"\\\\-]{1,16}|[a-z]{3,5}-[a-z0-9]{6}|[a-z/]{3,9}:[0-9])",
            front in "(/|)[a-z]{0,4}",
        ) {
            let row = &all_types()[at];
            // `…:root` is never the start of a name.
            let open = row.arns.iter().filter(|(_, pattern)| !pattern.ends_with(char::is_alphabetic));
            let arns = open.map(|(service, pattern)| {
                format!("arn:aws:{service}:::{}{name}", pattern.replace('*', "parent"))
            });
            let mut values: Vec<String> = arns.collect();
            values.extend([name.clone(), format!("{front}/{name}"), format!("AROAEXAMPLE:{name}")]);
            values.extend([format!("https://sqs.r.amazonaws.com/111122223333/{name}")]);
            values.extend(values.clone().iter().map(|value| encoded(value)));
            let texts = values.iter().cloned().chain([format!("{}/{name}", row.name)]);
            for reference in texts.filter_map(|text| Reference::parse(&text).ok()) {
                for value in &values {
                    if reference.matches(&Resource::new(row.name, value)) != Match::No {
                        prop_assert!(held(&reference, &json(value)), "{} {value}", reference.text());
                    }
                }
            }
        }

        #[test]
        fn what_matches_by_several_identifiers_holds_the_words(
            at in 0..all_types().len(),
            parent in "(/|)[A-Za-z0-9@._/-]{1,12}",
            name in "[A-Za-z0-9@._/:%-]{0,12}",
            other in "[A-Za-z0-9-]{1,9}",
            front in "(bucket/|s3://|)",
        ) {
            let row = &all_types()[at];
            let mut resource = Resource::joined(row.name, &[&parent, &name]);
            resource.also(&other);
            let record = format!("{},{},{}", json(&parent), json(&name), json(&other));
            let texts = [
                name.clone(),
                other.clone(),
                resource.id.clone(),
                format!("{}/{}", row.name, resource.id),
                format!("{}/{name}", row.name),
                format!("{}/{other}", row.name),
                format!("{front}{parent}"),
                format!("s3://{parent}/{name}"),
            ];
            for reference in texts.iter().filter_map(|text| Reference::parse(text).ok()) {
                if reference.matches(&resource) != Match::No {
                    prop_assert!(held(&reference, &record), "{} {record}", reference.text());
                }
            }
        }
    }
}
