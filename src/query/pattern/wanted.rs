//! Reads what a value is wanted to be: `{"prefix": "x"}` and its like.

use super::envelope::one_spelling;
use super::json::{PatternKind, PatternMember, PatternMistake, PatternValue};
use super::leaf::{NumberLimit, PatternNumber, WantedValue};
use crate::query::text::TextTest;
use std::net::IpAddr;

/// The tests that a value can be, for messages.
const TESTS: &str =
    "`prefix`, `suffix`, `equals-ignore-case`, `wildcard`, `anything-but`, `numeric`, `cidr`, `exists`";

/// A test; `None` for the one that wants no field to be there.
pub(super) fn parse_test(
    at: usize,
    members: &[PatternMember],
    path: &str,
) -> Result<Option<WantedValue>, PatternMistake> {
    let [PatternMember { at, name, value }] = members else {
        return Err(PatternMistake::new(at, format!("expected one of {TESTS}, and nothing beside it")));
    };
    let text =
        |test: fn(Box<str>) -> TextTest| Ok(Some(WantedValue::Text(test(expect_string(value)?.into()))));
    match name.as_str() {
        "exactly" => text(TextTest::Is),
        "prefix" => match ignore_case_operand(value)? {
            Some(start) => Ok(Some(WantedValue::Text(TextTest::StartsFolded(start.into())))),
            None => text(TextTest::Starts),
        },
        "suffix" => match ignore_case_operand(value)? {
            Some(end) => Ok(Some(WantedValue::Text(TextTest::EndsFolded(end.into())))),
            None => text(TextTest::Ends),
        },
        "equals-ignore-case" => text(TextTest::IsFolded),
        "wildcard" => Ok(Some(WantedValue::Text(parse_wildcard(value)?))),
        "anything-but" => anything_but(value, path).map(Some),
        "numeric" => parse_comparison(value).map(Some),
        "cidr" => Ok(Some(WantedValue::Text(parse_cidr(value)?))),
        "exists" => match value.kind {
            PatternKind::Flag(true) => Ok(Some(WantedValue::Anything)),
            PatternKind::Flag(false) => Ok(None),
            _ => Err(PatternMistake::new(value.at, "expected `true` or `false`")),
        },
        unknown => {
            let mistake = PatternMistake::new(*at, format!("expected one of {TESTS}, found `{unknown}`"));
            Err(if path.ends_with("$or") {
                mistake.hint("`$or` needs at least two objects with fields")
            } else {
                mistake
            })
        }
    }
}

fn expect_string(value: &PatternValue) -> Result<&str, PatternMistake> {
    match &value.kind {
        PatternKind::Text(text) => Ok(text),
        _ => Err(PatternMistake::new(value.at, "expected a string")),
    }
}

/// What stands in `{"equals-ignore-case": …}`, where there is that instead of a string.
fn ignore_case_operand(value: &PatternValue) -> Result<Option<&str>, PatternMistake> {
    match &value.kind {
        PatternKind::Object(members) => match &members[..] {
            [member] if member.name == "equals-ignore-case" => expect_string(&member.value).map(Some),
            _ => Err(PatternMistake::new(value.at, "expected a string or `{\"equals-ignore-case\": …}`")),
        },
        _ => Ok(None),
    }
}

/// A string as a value. One that is an address is equal however it is written.
pub(super) fn exact_test(text: &str, path: &str) -> TextTest {
    if path == "detail-type" {
        return TextTest::Is(one_spelling(text).into());
    }
    text.parse::<IpAddr>().map_or_else(|_| TextTest::Is(text.into()), TextTest::Address)
}

/// `*` stands for anything, `\*` and `\\` for themselves.
fn parse_wildcard(value: &PatternValue) -> Result<TextTest, PatternMistake> {
    let text = expect_string(value)?;
    let (mut pieces, mut piece) = (Vec::new(), String::new());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '*' if chars.peek() == Some(&'*') => {
                return Err(PatternMistake::new(value.at, "expected no `*` behind a `*`"));
            }
            '*' => pieces.push(std::mem::take(&mut piece).into()),
            '\\' => match chars.next() {
                Some(c @ ('*' | '\\')) => piece.push(c),
                _ => {
                    return Err(PatternMistake::new(value.at, "expected `*` or `\\` behind a `\\`")
                        .hint("in JSON a backslash is written twice: `\"\\\\*\"`"));
                }
            },
            c => piece.push(c),
        }
    }
    pieces.push(piece.into());
    Ok(TextTest::Pieces(pieces.into()))
}

fn anything_but(value: &PatternValue, path: &str) -> Result<WantedValue, PatternMistake> {
    if let PatternKind::Object(members) = &value.kind {
        let [member] = &members[..] else {
            return Err(PatternMistake::new(value.at, "expected one test"));
        };
        let test: fn(&PatternValue) -> Result<TextTest, PatternMistake> = match member.name.as_str() {
            "prefix" => |value| Ok(TextTest::Starts(expect_nonempty_string(value)?.into())),
            "suffix" => |value| Ok(TextTest::Ends(expect_nonempty_string(value)?.into())),
            "equals-ignore-case" => |value| Ok(TextTest::IsFolded(expect_string(value)?.into())),
            "wildcard" => parse_wildcard,
            _ => {
                return Err(PatternMistake::new(
                    member.at,
                    format!(
                        "expected `prefix`, `suffix`, `equals-ignore-case` or `wildcard`, found `{}`",
                        member.name
                    ),
                ));
            }
        };
        let values = match &member.value.kind {
            PatternKind::Array(values) if values.is_empty() => {
                return Err(PatternMistake::new(member.value.at, "expected a string in the array"));
            }
            PatternKind::Array(values) => &values[..],
            _ => std::slice::from_ref(&member.value),
        };
        return values.iter().map(test).collect::<Result<_, _>>().map(WantedValue::NotText);
    }
    let values = match &value.kind {
        PatternKind::Array(values) => &values[..],
        _ => std::slice::from_ref(value),
    };
    let is_text = |value: &PatternValue| matches!(value.kind, PatternKind::Text(_));
    if !values.is_empty() && values.iter().all(is_text) {
        let text = |value| expect_string(value).map(|text| exact_test(text, path));
        return values.iter().map(text).collect::<Result<_, _>>().map(WantedValue::NotText);
    }
    let numbers = values.iter().map(|value| match &value.kind {
        PatternKind::Number(number) => self::parse_number(number, value.at),
        _ => Err(PatternMistake::new(value.at, "expected only strings, or only numbers")),
    });
    let numbers = numbers.collect::<Result<Vec<_>, _>>()?;
    if numbers.is_empty() {
        return Err(PatternMistake::new(value.at, "expected a string or a number in the array"));
    }
    Ok(WantedValue::NotNumber(numbers))
}

fn expect_nonempty_string(value: &PatternValue) -> Result<&str, PatternMistake> {
    match expect_string(value)? {
        "" => Err(PatternMistake::new(value.at, "expected a string that is not empty")),
        text => Ok(text),
    }
}

/// A number as it was written.
pub(super) fn parse_number(text: &str, at: usize) -> Result<PatternNumber, PatternMistake> {
    text.parse().map(PatternNumber::new).map_err(|_| PatternMistake::new(at, "expected a number"))
}

/// `["=", 1]`, `[">", 0]`, `[">=", 0, "<", 5]`.
fn parse_comparison(value: &PatternValue) -> Result<WantedValue, PatternMistake> {
    let expected = "expected a comparison as `[\">\", 0, \"<=\", 5]`";
    let PatternKind::Array(values) = &value.kind else { return Err(PatternMistake::new(value.at, expected)) };
    if !matches!(values.len(), 2 | 4) {
        return Err(PatternMistake::new(value.at, expected));
    }
    let (mut least, mut most) = (None, None);
    for pair in values.chunks_exact(2) {
        let operator = expect_string(&pair[0]).map_err(|_| PatternMistake::new(pair[0].at, expected))?;
        let PatternKind::Number(text) = &pair[1].kind else {
            return Err(PatternMistake::new(pair[1].at, "expected a number"));
        };
        let Some(number) = parse_number(text, pair[1].at)?.millionths() else {
            return Err(PatternMistake::new(pair[1].at, "expected a number from -5e9 to 5e9"));
        };
        let limit = Some(NumberLimit { number, included: matches!(operator, "=" | "<=" | ">=") });
        match operator {
            "=" if values.len() == 2 => (least, most) = (limit, limit),
            ">" | ">=" if least.is_none() && most.is_none() => least = limit,
            "<" | "<=" if most.is_none() => most = limit,
            "=" | ">" | ">=" | "<" | "<=" => {
                return Err(PatternMistake::new(pair[0].at, expected)
                    .hint("the lower end comes first, then the upper"));
            }
            _ => return Err(PatternMistake::new(pair[0].at, "expected one of `= < <= > >=`")),
        }
    }
    if let (Some(low), Some(high)) = (least, most)
        && values.len() == 4
        && low.number >= high.number
    {
        return Err(PatternMistake::new(value.at, "expected the lower end to be less than the upper"));
    }
    Ok(WantedValue::Range { least, most })
}

fn parse_cidr(value: &PatternValue) -> Result<TextTest, PatternMistake> {
    let text = expect_string(value)?;
    text.parse().map(TextTest::Within).map_err(|_| {
        PatternMistake::new(value.at, format!("expected a network, found `{text}`"))
            .hint("write `192.0.2.0/24` or `2001:db8::/32`")
    })
}
