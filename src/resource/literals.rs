//! Bytes that must occur in every event that names a resource.
//!
//! A search for them spares the parsing of files that cannot matter. They are
//! a promise: where no piece is sure to be written as typed, there is none.

use super::reference::{ObjectKeys, Reference, ReferenceTarget};
use crate::text::{is_literal_in_json, longest_run};

/// Shorter pieces occur everywhere.
const SHORTEST: usize = 3;

impl Reference {
    /// Returns literals of which at least one occurs, in whatever ASCII case, in any event that
    /// names the resource; none when no such literal is known.
    pub fn literals(&self) -> Vec<String> {
        let pieces = match &self.target {
            ReferenceTarget::Plain(name) => vec![name.as_str()],
            ReferenceTarget::Bucket(bucket) => vec![bucket.as_str()],
            ReferenceTarget::Objects { bucket, keys } => vec![rarest_literal(bucket, keys)],
            ReferenceTarget::Typed(typed) => {
                let keys = typed.wanted.iter().map(|wanted| wanted.keys());
                // Each of these may stand alone for the resource; names are part of wholes.
                keys.flat_map(|keys| {
                    if keys.other == keys.whole { vec![keys.name] } else { vec![keys.name, keys.other] }
                })
                .collect()
            }
        };
        let mut literals = Vec::new();
        for piece in pieces {
            let Some(run) = longest_literal(piece) else {
                return Vec::new();
            };
            literals.push(run.to_owned());
            if run.contains('@') {
                // As percent-encoded ARNs have it.
                literals.push(run.replace('@', "%40"));
            }
        }
        literals.sort();
        literals.dedup();
        literals
    }
}

/// Both bucket and key occur: the longer run is the rarer.
fn rarest_literal<'a>(bucket: &'a str, keys: &'a ObjectKeys) -> &'a str {
    let (ObjectKeys::One(key) | ObjectKeys::Prefix(key)) = keys else {
        return bucket;
    };
    let length = |text| longest_literal(text).map_or(0, str::len);
    if length(key) > length(bucket) { key } else { bucket }
}

/// Returns the longest piece that neither JSON nor percent-encoding writes otherwise, but for `@`.
fn longest_literal(text: &str) -> Option<&str> {
    let last = text.rsplit('/').next().unwrap_or(text);
    // `lambda` is in every name like `/aws/lambda/x`: what follows the last slash says more.
    let best = |text| {
        let run = longest_run(text, |c| is_literal_in_json(c) || c == '@');
        (run.len() >= SHORTEST).then_some(run)
    };
    best(last).or_else(|| best(text))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_in_every_form_of_the_resource() {
        for (text, literals) in [
            ("bucket/Payroll", &["payroll"][..]),
            ("arn:aws:iam::1:role/service-role/deploy", &["deploy"]),
            ("user/alice@example.com", &["alice%40example.com", "alice@example.com"]),
            ("arn:aws:secretsmanager:r:1:secret:prod-AbCd12", &["prod"]),
            ("secret/prod-abcdef", &["prod-abcdef"]),
            ("/aws/lambda/pay", &["pay"]),
            ("/aws/lambda/x", &["lambda"]),
            ("alias/app", &["app"]),
            ("s3://logs/2024/report.csv", &["report.csv"]),
            ("s3://a-long-bucket/k", &["a-long-bucket"]),
            ("s3://logs/", &["logs"]),
            ("arn:aws:wafv2:r:1:regional/webacl/acl/0123-45", &["0123-45", "acl"]),
            ("task-definition/web:3", &["web"]),
            ("sg-0a1b2c3d", &["sg-0a1b2c3d"]),
            ("123456789012", &["123456789012"]),
            ("x", &[]),
            ("alarm/é \"ü\"", &[]),
            ("alarm/CPU <high>", &["high"]),
        ] {
            assert_eq!(Reference::parse(text).unwrap().literals(), literals, "{text}");
        }
    }
}
