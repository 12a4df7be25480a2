//! The types that a filter asks for, as people write them: `AWS::S3::Bucket`, `S3::Bucket`, `bucket`, `*SecurityGroup`.

use super::suggest::nearest_word;
use super::types::{type_named, type_printed, types_for_word};
use crate::error::Error;

/// Returns the patterns of type names that these texts stand for; `!` in front means not.
///
/// A type that the table does not have is taken as it stands if it looks like one: events on it may be logged.
///
/// # Errors
/// When a text stands for no type.
pub fn type_patterns(flag: &str, typed: &[String]) -> Result<Vec<String>, Error> {
    let mut patterns = Vec::new();
    for text in typed {
        let (not, name) = text.strip_prefix('!').map_or(("", text.as_str()), |name| ("!", name));
        let names = type_names_for(name).ok_or_else(|| unknown_type(flag, text, name))?;
        patterns.extend(names.into_iter().map(|name| format!("{not}{name}")));
    }
    Ok(patterns)
}

fn type_names_for(text: &str) -> Option<Vec<String>> {
    if text.contains(['*', '?', '[', '{', '\\']) {
        // As tables print it.
        let is_short = text.contains("::") && !text.starts_with('*') && !starts_as_type(text);
        return Some(vec![if is_short { format!("AWS::{text}") } else { text.to_owned() }]);
    }
    if let Some(row) = type_named(text).or_else(|| type_printed(text)) {
        return Some(vec![row.name.to_owned()]);
    }
    let one = || types_for_word(text.strip_suffix(['s', 'S']).unwrap_or_default());
    let rows = Some(types_for_word(text)).filter(|rows| !rows.is_empty()).unwrap_or_else(one);
    if !rows.is_empty() {
        return Some(rows.iter().map(|row| row.name.to_owned()).collect());
    }
    (starts_as_type(text) && text.split("::").filter(|part| !part.is_empty()).count() == 3)
        .then(|| vec![text.to_owned()])
}

fn starts_as_type(text: &str) -> bool {
    text.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("aws::"))
}

fn unknown_type(flag: &str, text: &str, name: &str) -> Error {
    let error = Error::new(format!("`{flag} {text}` is no type of resource"));
    if starts_as_type(name) && name.split("::").count() == 2 {
        return error.hint(format!("did you mean `{name}::*`?"));
    }
    match nearest_word(name.rsplit("::").next().unwrap_or(name)) {
        Some(word) => error.hint(format!("did you mean `{word}`?")),
        None => {
            error.hint("write it as `bucket`, `S3::Bucket`, `AWS::S3::Bucket`, or a pattern: `AWS::IAM::*`")
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn patterns(text: &str) -> Result<Vec<String>, String> {
        type_patterns("--type", &[text.to_owned()])
            .map_err(|error| format!("{error}; {}", error.hint_text().unwrap_or_default()))
    }

    #[test]
    fn every_way_to_write_a_type_is_understood() {
        for (text, want) in [
            ("AWS::S3::Bucket", "AWS::S3::Bucket"),
            ("aws::s3::bucket", "AWS::S3::Bucket"),
            ("S3::Bucket", "AWS::S3::Bucket"),
            ("bucket", "AWS::S3::Bucket"),
            ("Buckets", "AWS::S3::Bucket"),
            ("ec2-security-group", "AWS::EC2::SecurityGroup"),
            ("sg", "AWS::EC2::SecurityGroup"),
            ("EC2::SecurityGroup", "AWS::EC2::SecurityGroup"),
            ("!bucket", "!AWS::S3::Bucket"),
            ("*SecurityGroup", "*SecurityGroup"),
            ("iam::*", "AWS::iam::*"),
            ("AWS::IAM::*", "AWS::IAM::*"),
            ("AWS::New::Thing", "AWS::New::Thing"),
        ] {
            assert_eq!(patterns(text), Ok(vec![want.to_owned()]), "{text}");
        }
        assert!(patterns("cluster").unwrap().len() > 2);
    }

    #[test]
    fn what_is_no_type_is_refused() {
        for (text, part) in [
            ("buckett", "did you mean `bucket`?"),
            ("EC2::SecurtyGroup", "did you mean `security-group`?"),
            ("nosuchtype", "write it as `bucket`"),
            ("AWS::S3", "did you mean `AWS::S3::*`?"),
            ("", "write it as"),
        ] {
            assert!(patterns(text).unwrap_err().contains(part), "{text}: {:?}", patterns(text));
        }
    }
}
