//! Reads what a value is wanted to be: `{"prefix": "x"}` and its like.

use super::envelope::one_spelling;
use super::json::{Kind, Member, Mistake, Value};
use super::leaf::{Limit, Number, Wanted};
use crate::query::text::Text;
use std::net::IpAddr;

/// The tests that a value can be, for messages.
const TESTS: &str =
    "`prefix`, `suffix`, `equals-ignore-case`, `wildcard`, `anything-but`, `numeric`, `cidr`, `exists`";

/// A test; `None` for the one that wants no field to be there.
pub(super) fn test(at: usize, members: &[Member], path: &str) -> Result<Option<Wanted>, Mistake> {
    let [Member { at, name, value }] = members else {
        return Err(Mistake::new(at, format!("expected one of {TESTS}, and nothing beside it")));
    };
    let text = |test: fn(Box<str>) -> Text| Ok(Some(Wanted::Text(test(string(value)?.into()))));
    match name.as_str() {
        "exactly" => text(Text::Is),
        "prefix" => match folded(value)? {
            Some(start) => Ok(Some(Wanted::Text(Text::StartsFolded(start.into())))),
            None => text(Text::Starts),
        },
        "suffix" => match folded(value)? {
            Some(end) => Ok(Some(Wanted::Text(Text::EndsFolded(end.into())))),
            None => text(Text::Ends),
        },
        "equals-ignore-case" => text(Text::IsFolded),
        "wildcard" => Ok(Some(Wanted::Text(wildcard(value)?))),
        "anything-but" => anything_but(value, path).map(Some),
        "numeric" => numeric(value).map(Some),
        "cidr" => Ok(Some(Wanted::Text(cidr(value)?))),
        "exists" => match value.kind {
            Kind::Flag(true) => Ok(Some(Wanted::Anything)),
            Kind::Flag(false) => Ok(None),
            _ => Err(Mistake::new(value.at, "expected `true` or `false`")),
        },
        unknown => {
            let mistake = Mistake::new(*at, format!("expected one of {TESTS}, found `{unknown}`"));
            Err(if path.ends_with("$or") {
                mistake.hint("`$or` needs at least two objects with fields")
            } else {
                mistake
            })
        }
    }
}

fn string(value: &Value) -> Result<&str, Mistake> {
    match &value.kind {
        Kind::Text(text) => Ok(text),
        _ => Err(Mistake::new(value.at, "expected a string")),
    }
}

/// What stands in `{"equals-ignore-case": …}`, where there is that instead of a string.
fn folded(value: &Value) -> Result<Option<&str>, Mistake> {
    match &value.kind {
        Kind::Object(members) => match &members[..] {
            [member] if member.name == "equals-ignore-case" => string(&member.value).map(Some),
            _ => Err(Mistake::new(value.at, "expected a string or `{\"equals-ignore-case\": …}`")),
        },
        _ => Ok(None),
    }
}

/// A string as a value. One that is an address is equal however it is written.
pub(super) fn exact(text: &str, path: &str) -> Text {
    if path == "detail-type" {
        return Text::Is(one_spelling(text).into());
    }
    text.parse::<IpAddr>().map_or_else(|_| Text::Is(text.into()), Text::Address)
}

/// `*` stands for anything, `\*` and `\\` for themselves.
fn wildcard(value: &Value) -> Result<Text, Mistake> {
    let text = string(value)?;
    let (mut pieces, mut piece) = (Vec::new(), String::new());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '*' if chars.peek() == Some(&'*') => {
                return Err(Mistake::new(value.at, "expected no `*` behind a `*`"));
            }
            '*' => pieces.push(std::mem::take(&mut piece).into()),
            '\\' => match chars.next() {
                Some(c @ ('*' | '\\')) => piece.push(c),
                _ => {
                    return Err(Mistake::new(value.at, "expected `*` or `\\` behind a `\\`")
                        .hint("in JSON a backslash is written twice: `\"\\\\*\"`"));
                }
            },
            c => piece.push(c),
        }
    }
    pieces.push(piece.into());
    Ok(Text::Pieces(pieces.into()))
}

fn anything_but(value: &Value, path: &str) -> Result<Wanted, Mistake> {
    if let Kind::Object(members) = &value.kind {
        let [member] = &members[..] else {
            return Err(Mistake::new(value.at, "expected one test"));
        };
        let test: fn(&Value) -> Result<Text, Mistake> = match member.name.as_str() {
            "prefix" => |value| Ok(Text::Starts(filled(value)?.into())),
            "suffix" => |value| Ok(Text::Ends(filled(value)?.into())),
            "equals-ignore-case" => |value| Ok(Text::IsFolded(string(value)?.into())),
            "wildcard" => wildcard,
            _ => {
                return Err(Mistake::new(
                    member.at,
                    format!(
                        "expected `prefix`, `suffix`, `equals-ignore-case` or `wildcard`, found `{}`",
                        member.name
                    ),
                ));
            }
        };
        let values = match &member.value.kind {
            Kind::Array(values) if values.is_empty() => {
                return Err(Mistake::new(member.value.at, "expected a string in the array"));
            }
            Kind::Array(values) => &values[..],
            _ => std::slice::from_ref(&member.value),
        };
        return values.iter().map(test).collect::<Result<_, _>>().map(Wanted::NotText);
    }
    let values = match &value.kind {
        Kind::Array(values) => &values[..],
        _ => std::slice::from_ref(value),
    };
    let is_text = |value: &Value| matches!(value.kind, Kind::Text(_));
    if !values.is_empty() && values.iter().all(is_text) {
        let text = |value| string(value).map(|text| exact(text, path));
        return values.iter().map(text).collect::<Result<_, _>>().map(Wanted::NotText);
    }
    let numbers = values.iter().map(|value| match &value.kind {
        Kind::Number(number) => self::number(number, value.at),
        _ => Err(Mistake::new(value.at, "expected only strings, or only numbers")),
    });
    let numbers = numbers.collect::<Result<Vec<_>, _>>()?;
    if numbers.is_empty() {
        return Err(Mistake::new(value.at, "expected a string or a number in the array"));
    }
    Ok(Wanted::NotNumber(numbers))
}

fn filled(value: &Value) -> Result<&str, Mistake> {
    match string(value)? {
        "" => Err(Mistake::new(value.at, "expected a string that is not empty")),
        text => Ok(text),
    }
}

/// A number as it was written.
pub(super) fn number(text: &str, at: usize) -> Result<Number, Mistake> {
    text.parse().map(Number::new).map_err(|_| Mistake::new(at, "expected a number"))
}

/// `["=", 1]`, `[">", 0]`, `[">=", 0, "<", 5]`.
fn numeric(value: &Value) -> Result<Wanted, Mistake> {
    let expected = "expected a comparison as `[\">\", 0, \"<=\", 5]`";
    let Kind::Array(values) = &value.kind else { return Err(Mistake::new(value.at, expected)) };
    if !matches!(values.len(), 2 | 4) {
        return Err(Mistake::new(value.at, expected));
    }
    let (mut least, mut most) = (None, None);
    for pair in values.chunks_exact(2) {
        let operator = string(&pair[0]).map_err(|_| Mistake::new(pair[0].at, expected))?;
        let Kind::Number(text) = &pair[1].kind else {
            return Err(Mistake::new(pair[1].at, "expected a number"));
        };
        let Some(number) = number(text, pair[1].at)?.millionths() else {
            return Err(Mistake::new(pair[1].at, "expected a number from -5e9 to 5e9"));
        };
        let limit = Some(Limit { number, included: matches!(operator, "=" | "<=" | ">=") });
        match operator {
            "=" if values.len() == 2 => (least, most) = (limit, limit),
            ">" | ">=" if least.is_none() && most.is_none() => least = limit,
            "<" | "<=" if most.is_none() => most = limit,
            "=" | ">" | ">=" | "<" | "<=" => {
                return Err(
                    Mistake::new(pair[0].at, expected).hint("the lower end comes first, then the upper")
                );
            }
            _ => return Err(Mistake::new(pair[0].at, "expected one of `= < <= > >=`")),
        }
    }
    if let (Some(low), Some(high)) = (least, most)
        && values.len() == 4
        && low.number >= high.number
    {
        return Err(Mistake::new(value.at, "expected the lower end to be less than the upper"));
    }
    Ok(Wanted::Range { least, most })
}

fn cidr(value: &Value) -> Result<Text, Mistake> {
    let text = string(value)?;
    text.parse().map(Text::Within).map_err(|_| {
        Mistake::new(value.at, format!("expected a network, found `{text}`"))
            .hint("write `192.0.2.0/24` or `2001:db8::/32`")
    })
}
