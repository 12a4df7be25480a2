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

use super::eval::{Check, Expr, Order, Selector, Step, Value};
use super::scan::{Mistake, Scanner};
use crate::query::text::Text;

/// How deep parentheses may hold parentheses, and how deep a field may lie.
const DEEPEST: u8 = 64;

/// Reads a whole pattern.
pub(super) fn json(text: &str) -> Result<Expr, Mistake> {
    let mut parser = Parser { scan: Scanner::new(text), depth: 0 };
    parser.scan.skip_space();
    parser.expect("{", "`{`")?;
    let expr = parser.any()?;
    parser.expect("}", "`&&`, `||` or `}`")?;
    parser.scan.skip_space();
    match parser.scan.peek() {
        None => Ok(expr),
        Some(_) => Err(Mistake::new(parser.scan.at(), "nothing behind the closing `}`")),
    }
}

struct Parser<'t> {
    scan: Scanner<'t>,
    depth: u8,
}

impl Parser<'_> {
    fn any(&mut self) -> Result<Expr, Mistake> {
        let mut all = vec![self.all()?];
        while self.follows("||") {
            all.push(self.all()?);
        }
        Ok(only(all, Expr::One))
    }

    fn all(&mut self) -> Result<Expr, Mistake> {
        let mut all = vec![self.unit()?];
        while self.follows("&&") {
            all.push(self.unit()?);
        }
        Ok(only(all, Expr::All))
    }

    fn unit(&mut self) -> Result<Expr, Mistake> {
        self.scan.skip_space();
        let at = self.scan.at();
        if !self.scan.eat("(") {
            return self.condition();
        }
        if self.depth == DEEPEST {
            return Err(Mistake::new(at, format!("at most {DEEPEST} parentheses in one another")));
        }
        self.depth += 1;
        let expr = self.any()?;
        self.expect(")", "`&&`, `||` or `)`")?;
        self.depth -= 1;
        Ok(expr)
    }

    fn condition(&mut self) -> Result<Expr, Mistake> {
        let selector = self.selector()?;
        self.scan.skip_space();
        let at = self.scan.at();
        let check = if self.scan.eat("!=") {
            Check::Differs(self.value()?)
        } else if self.scan.eat("<=") {
            Check::Order(Order::AtMost, self.number()?)
        } else if self.scan.eat(">=") {
            Check::Order(Order::AtLeast, self.number()?)
        } else if self.scan.eat("<") {
            Check::Order(Order::Below, self.number()?)
        } else if self.scan.eat(">") {
            Check::Order(Order::Above, self.number()?)
        } else if self.scan.eat("=") {
            if self.scan.peek() == Some('=') {
                return Err(Mistake::new(self.scan.at(), "a value").hint("equality is written with one `=`"));
            }
            Check::Equals(self.value()?)
        } else if self.scan.eat_word("IS") {
            self.state()?
        } else if self.scan.eat_word("NOT") {
            self.scan.skip_space();
            if !self.scan.eat_word("EXISTS") {
                return Err(Mistake::new(self.scan.at(), "`EXISTS`"));
            }
            Check::Absent
        } else {
            let mistake = Mistake::new(at, "one of `= != < <= > >= IS`, or `NOT EXISTS`");
            return Err(if self.scan.eat_word("EXISTS") {
                mistake.hint("a field that holds a value is found with `= *`")
            } else {
                mistake
            });
        };
        Ok(Expr::Check(selector, check))
    }

    /// What follows `IS`.
    fn state(&mut self) -> Result<Check, Mistake> {
        self.scan.skip_space();
        let at = self.scan.at();
        for (word, check) in
            [("TRUE", Check::Flag(true)), ("FALSE", Check::Flag(false)), ("NULL", Check::Null)]
        {
            if self.scan.eat_word(word) {
                return Ok(check);
            }
        }
        let mistake = Mistake::new(at, "`TRUE`, `FALSE` or `NULL`");
        Err(if self.scan.eat_word("NOT") {
            mistake.hint("there is no `IS NOT`; a field that holds a value is found with `= *`")
        } else {
            mistake
        })
    }

    fn selector(&mut self) -> Result<Selector, Mistake> {
        self.scan.skip_space();
        if !self.scan.eat("$") {
            return Err(Mistake::new(self.scan.at(), "`(` or a field as `$.eventName`"));
        }
        let mut steps = Vec::new();
        loop {
            if steps.len() > DEEPEST.into() {
                return Err(Mistake::new(self.scan.at(), format!("at most {DEEPEST} names in one field")));
            }
            if self.scan.eat("[") || self.scan.eat(".[") {
                steps.push(self.bracket()?);
            } else if self.scan.eat(".*") {
                steps.push(Step::Each);
            } else if self.scan.eat(".") {
                let name = self.scan.take(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
                if name.is_empty() {
                    return Err(Mistake::new(self.scan.at(), "the name of a field").hint(
                        "a name with other characters than letters, digits, `-` and `_` is written `['a.b']`",
                    ));
                }
                steps.push(Step::Member(name.into()));
            } else if steps.is_empty() {
                return Err(Mistake::new(self.scan.at(), "`.` and the name of a field"));
            } else {
                return Ok(Selector(steps.into()));
            }
        }
    }

    /// What stands between `[` and `]`.
    fn bracket(&mut self) -> Result<Step, Mistake> {
        self.scan.skip_space();
        let at = self.scan.at();
        let step = if self.scan.eat("*") {
            Step::Each
        } else if let Some(quote @ ('\'' | '"')) = self.scan.peek() {
            self.scan.eat(&quote.to_string());
            Step::Member(self.scan.quoted(quote)?.into())
        } else {
            let digits = self.scan.take(|c| c.is_ascii_digit());
            match digits.parse() {
                Ok(element) => Step::Element(element),
                Err(_) => return Err(Mistake::new(at, "the number of an element, `*`, or a name in quotes")),
            }
        };
        self.expect("]", "`]`")?;
        Ok(step)
    }

    fn value(&mut self) -> Result<Value, Mistake> {
        self.scan.skip_space();
        if self.scan.eat("\"") {
            return Ok(Value::text(&self.scan.quoted('"')?));
        }
        if self.scan.eat("%") {
            return Ok(Value::test(Text::Regex(Box::new(self.scan.regex()?))));
        }
        let at = self.scan.at();
        match self.scan.take(is_bare) {
            "" => Err(Mistake::new(at, "a value")),
            word => Ok(Value::word(word)),
        }
    }

    fn number(&mut self) -> Result<super::eval::Number, Mistake> {
        self.scan.skip_space();
        let at = self.scan.at();
        super::eval::Number::parse(self.scan.take(is_bare)).ok_or_else(|| Mistake::new(at, "a number"))
    }

    /// Takes an operator, if it comes next.
    fn follows(&mut self, operator: &str) -> bool {
        self.scan.skip_space();
        self.scan.eat(operator)
    }

    fn expect(&mut self, text: &str, expected: &str) -> Result<(), Mistake> {
        self.scan.skip_space();
        if self.scan.eat(text) { Ok(()) } else { Err(Mistake::new(self.scan.at(), expected)) }
    }
}

/// Returns whether a character can stand in a value without quotes. The guide asks for quotes around all
/// but letters, digits and `_`, and leaves them out itself around `123.123.*`.
fn is_bare(c: char) -> bool {
    !c.is_whitespace() && !"(){}[]\"'&|=!<>%$,".contains(c)
}

fn only(mut all: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Expr {
    if all.len() == 1 { all.swap_remove(0) } else { join(all) }
}
