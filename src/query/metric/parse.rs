//! Reads `{ … }`: conditions joined by `&&` (which binds closer) and `||`, and parentheses.
//!
//! ```text
//! pattern   = "{" any "}"
//! any       = all { "||" all }
//! all       = unit { "&&" unit }
//! unit      = "(" any ")" | condition
//! condition = selector ("=" | "!=") (value | "%" regular expression "%")
//!           | selector ("<" | "<=" | ">" | ">=") number
//!           | selector "IS" ("TRUE" | "FALSE" | "NULL")
//!           | selector "NOT" "EXISTS"
//! selector  = "$" { "." name | ".*" | "[" number "]" | "[*]" | [ "." ] "['" any name "']" }
//! ```
//!
//! A value is a string in double quotes, or a word of anything that has no meaning here.

use super::eval::{MetricCheck, MetricExpr, MetricOrder, MetricSelector, MetricValue, SelectorStep};
use super::scan::{FilterMistake, FilterScanner};
use crate::query::text::TextTest;

/// How deep parentheses may hold parentheses, and how deep a field may lie.
const DEEPEST: u8 = 64;

/// Reads a whole pattern.
pub(super) fn parse_json_filter(text: &str) -> Result<MetricExpr, FilterMistake> {
    let mut parser = MetricParser { scan: FilterScanner::new(text), depth: 0 };
    parser.scan.skip_space();
    parser.expect("{", "`{`")?;
    let expr = parser.any()?;
    parser.expect("}", "`&&`, `||` or `}`")?;
    parser.scan.skip_space();
    match parser.scan.peek() {
        None => Ok(expr),
        Some(_) => Err(FilterMistake::new(parser.scan.at(), "nothing behind the closing `}`")),
    }
}

struct MetricParser<'t> {
    scan: FilterScanner<'t>,
    depth: u8,
}

impl MetricParser<'_> {
    fn any(&mut self) -> Result<MetricExpr, FilterMistake> {
        let mut all = vec![self.all()?];
        while self.follows("||") {
            all.push(self.all()?);
        }
        Ok(join_if_several(all, MetricExpr::One))
    }

    fn all(&mut self) -> Result<MetricExpr, FilterMistake> {
        let mut all = vec![self.unit()?];
        while self.follows("&&") {
            all.push(self.unit()?);
        }
        Ok(join_if_several(all, MetricExpr::All))
    }

    fn unit(&mut self) -> Result<MetricExpr, FilterMistake> {
        self.scan.skip_space();
        let at = self.scan.at();
        if !self.scan.eat("(") {
            return self.condition();
        }
        if self.depth == DEEPEST {
            return Err(FilterMistake::new(at, format!("at most {DEEPEST} parentheses in one another")));
        }
        self.depth += 1;
        let expr = self.any()?;
        self.expect(")", "`&&`, `||` or `)`")?;
        self.depth -= 1;
        Ok(expr)
    }

    fn condition(&mut self) -> Result<MetricExpr, FilterMistake> {
        let selector = self.selector()?;
        self.scan.skip_space();
        let at = self.scan.at();
        let check = if self.scan.eat("!=") {
            MetricCheck::Differs(self.value()?)
        } else if self.scan.eat("<=") {
            MetricCheck::Order(MetricOrder::AtMost, self.number()?)
        } else if self.scan.eat(">=") {
            MetricCheck::Order(MetricOrder::AtLeast, self.number()?)
        } else if self.scan.eat("<") {
            MetricCheck::Order(MetricOrder::Below, self.number()?)
        } else if self.scan.eat(">") {
            MetricCheck::Order(MetricOrder::Above, self.number()?)
        } else if self.scan.eat("=") {
            if self.scan.peek() == Some('=') {
                return Err(
                    FilterMistake::new(self.scan.at(), "a value").hint("equality is written with one `=`")
                );
            }
            MetricCheck::Equals(self.value()?)
        } else if self.scan.eat_word("IS") {
            self.state()?
        } else if self.scan.eat_word("NOT") {
            self.scan.skip_space();
            if !self.scan.eat_word("EXISTS") {
                return Err(FilterMistake::new(self.scan.at(), "`EXISTS`"));
            }
            MetricCheck::Absent
        } else {
            let mistake = FilterMistake::new(at, "one of `= != < <= > >= IS`, or `NOT EXISTS`");
            return Err(if self.scan.eat_word("EXISTS") {
                mistake.hint("a field that holds a value is found with `= *`")
            } else {
                mistake
            });
        };
        Ok(MetricExpr::Check(selector, check))
    }

    /// What follows `IS`.
    fn state(&mut self) -> Result<MetricCheck, FilterMistake> {
        self.scan.skip_space();
        let at = self.scan.at();
        for (word, check) in [
            ("TRUE", MetricCheck::Flag(true)),
            ("FALSE", MetricCheck::Flag(false)),
            ("NULL", MetricCheck::Null),
        ] {
            if self.scan.eat_word(word) {
                return Ok(check);
            }
        }
        let mistake = FilterMistake::new(at, "`TRUE`, `FALSE` or `NULL`");
        Err(if self.scan.eat_word("NOT") {
            mistake.hint("there is no `IS NOT`; a field that holds a value is found with `= *`")
        } else {
            mistake
        })
    }

    fn selector(&mut self) -> Result<MetricSelector, FilterMistake> {
        self.scan.skip_space();
        if !self.scan.eat("$") {
            return Err(FilterMistake::new(self.scan.at(), "`(` or a field as `$.eventName`"));
        }
        let mut steps = Vec::new();
        loop {
            if steps.len() > DEEPEST.into() {
                return Err(FilterMistake::new(
                    self.scan.at(),
                    format!("at most {DEEPEST} names in one field"),
                ));
            }
            if self.scan.eat("[") || self.scan.eat(".[") {
                steps.push(self.bracket()?);
            } else if self.scan.eat(".*") {
                steps.push(SelectorStep::Each);
            } else if self.scan.eat(".") {
                let name = self.scan.take(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
                if name.is_empty() {
                    return Err(FilterMistake::new(self.scan.at(), "the name of a field").hint(
                        "a name with other characters than letters, digits, `-` and `_` is written `['a.b']`",
                    ));
                }
                steps.push(SelectorStep::Member(name.into()));
            } else if steps.is_empty() {
                return Err(FilterMistake::new(self.scan.at(), "`.` and the name of a field"));
            } else {
                return Ok(MetricSelector(steps.into()));
            }
        }
    }

    /// What stands between `[` and `]`.
    fn bracket(&mut self) -> Result<SelectorStep, FilterMistake> {
        self.scan.skip_space();
        let at = self.scan.at();
        let step = if self.scan.eat("*") {
            SelectorStep::Each
        } else if let Some(quote @ ('\'' | '"')) = self.scan.peek() {
            self.scan.eat(&quote.to_string());
            SelectorStep::Member(self.scan.quoted(quote)?.into())
        } else {
            let digits = self.scan.take(|c| c.is_ascii_digit());
            match digits.parse() {
                Ok(element) => SelectorStep::Element(element),
                Err(_) => {
                    return Err(FilterMistake::new(at, "the number of an element, `*`, or a name in quotes"));
                }
            }
        };
        self.expect("]", "`]`")?;
        Ok(step)
    }

    fn value(&mut self) -> Result<MetricValue, FilterMistake> {
        self.scan.skip_space();
        if self.scan.eat("\"") {
            return Ok(MetricValue::text(&self.scan.quoted('"')?));
        }
        if self.scan.eat("%") {
            return Ok(MetricValue::test(TextTest::Regex(Box::new(self.scan.regex()?))));
        }
        let at = self.scan.at();
        match self.scan.take(is_bare) {
            "" => Err(FilterMistake::new(at, "a value")),
            word => Ok(MetricValue::word(word)),
        }
    }

    fn number(&mut self) -> Result<super::eval::MetricNumber, FilterMistake> {
        self.scan.skip_space();
        let at = self.scan.at();
        super::eval::MetricNumber::parse(self.scan.take(is_bare))
            .ok_or_else(|| FilterMistake::new(at, "a number"))
    }

    /// Takes an operator, if it comes next.
    fn follows(&mut self, operator: &str) -> bool {
        self.scan.skip_space();
        self.scan.eat(operator)
    }

    fn expect(&mut self, text: &str, expected: &str) -> Result<(), FilterMistake> {
        self.scan.skip_space();
        if self.scan.eat(text) { Ok(()) } else { Err(FilterMistake::new(self.scan.at(), expected)) }
    }
}

/// Returns whether a character can stand in a value without quotes. The guide asks for quotes around all
/// but letters, digits and `_`, and leaves them out itself around `123.123.*`.
fn is_bare(c: char) -> bool {
    !c.is_whitespace() && !"(){}[]\"'&|=!<>%$,".contains(c)
}

fn join_if_several(mut all: Vec<MetricExpr>, join: fn(Vec<MetricExpr>) -> MetricExpr) -> MetricExpr {
    if all.len() == 1 { all.swap_remove(0) } else { join(all) }
}
