//! `expr` and `cond`: names, literals, `==`, `!=`, `!`, `&&`, `||`, parentheses, and nothing more.

use std::fmt;

use super::{Value, Vars};

/// An expression, read once when the flow is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expr {
    /// `true`, `'text'`, `12` or `undefined`.
    Literal(Value),
    /// A variable, with dots: `search.result`.
    Name(String),
    /// `!a`
    Not(Box<Expr>),
    /// `a == b`
    Equal(Box<Expr>, Box<Expr>),
    /// `a && b`
    And(Box<Expr>, Box<Expr>),
    /// `a || b`
    Or(Box<Expr>, Box<Expr>),
}

/// Deepest nesting of parentheses and `!`; no honest flow comes near, and no text can hang us.
const DEEPEST: usize = 32;

/// What is wrong with an expression, for the report of `flows check`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{text}\" is not an expression: {what}; use names, 'text', true, false, ==, !=, !, && and ||"
)]
pub struct NotAnExpression {
    text: String,
    what: &'static str,
}

impl Expr {
    /// Reads an expression.
    ///
    /// # Errors
    /// [`NotAnExpression`] with what is wrong with it.
    pub fn read(text: &str) -> Result<Self, NotAnExpression> {
        let fault = |what| NotAnExpression { text: text.to_owned(), what };
        let mut reader = Reader { tokens: tokens(text).map_err(fault)?, at: 0, depth: 0 };
        let expr = reader.or().map_err(fault)?;
        match reader.peek() {
            None => Ok(expr),
            Some(_) => Err(fault("something is left over at its end")),
        }
    }

    /// Its value among these variables; an unknown name is undefined.
    pub fn value(&self, vars: &Vars) -> Value {
        match self {
            Self::Literal(value) => value.clone(),
            Self::Name(name) => vars.get(name).cloned().unwrap_or_default(),
            Self::Not(a) => Value::Bool(!a.holds(vars)),
            Self::Equal(a, b) => Value::Bool(a.value(vars) == b.value(vars)),
            Self::And(a, b) => Value::Bool(a.holds(vars) && b.holds(vars)),
            Self::Or(a, b) => Value::Bool(a.holds(vars) || b.holds(vars)),
        }
    }

    /// Whether this variable is named anywhere in it.
    pub fn names(&self, name: &str) -> bool {
        match self {
            Self::Literal(_) => false,
            Self::Name(named) => named == name,
            Self::Not(a) => a.names(name),
            Self::Equal(a, b) | Self::And(a, b) | Self::Or(a, b) => a.names(name) || b.names(name),
        }
    }

    /// Every variable in it, with what it is compared to there.
    pub(super) fn look<'e>(&'e self, see: &mut dyn FnMut(&'e str, Option<&'e Value>)) {
        match self {
            Self::Literal(_) => {}
            Self::Name(name) => see(name, None),
            Self::Not(a) => a.look(see),
            Self::Equal(a, b) => match (a.as_ref(), b.as_ref()) {
                (Self::Name(name), Self::Literal(value))
                | (Self::Literal(value), Self::Name(name)) => see(name, Some(value)),
                (a, b) => {
                    a.look(see);
                    b.look(see);
                }
            },
            Self::And(a, b) | Self::Or(a, b) => {
                a.look(see);
                b.look(see);
            }
        }
    }

    /// Whether it counts as true: `true`, or text that is not empty.
    pub fn holds(&self, vars: &Vars) -> bool {
        self.value(vars).holds()
    }
}

impl Value {
    /// Whether it counts as true: `true`, or text that is not empty.
    pub(super) fn holds(&self) -> bool {
        match self {
            Self::Bool(yes) => *yes,
            Self::Text(text) => !text.is_empty(),
            Self::Undefined => false,
        }
    }
}

/// As it would be written in a flow.
impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Parentheses wherever leaving them out could be misread.
        let inner = |expr: &Self| match expr {
            Self::Or(..) | Self::And(..) | Self::Equal(..) => format!("({expr})"),
            Self::Not(a) if matches!(**a, Self::Equal(..)) => format!("({expr})"),
            _ => expr.to_string(),
        };
        match self {
            Self::Literal(Value::Bool(yes)) => write!(f, "{yes}"),
            Self::Literal(Value::Text(text)) => write!(f, "'{text}'"),
            Self::Literal(Value::Undefined) => f.write_str("undefined"),
            Self::Name(name) => f.write_str(name),
            Self::Not(a) => match a.as_ref() {
                Self::Equal(a, b) => write!(f, "{} != {}", inner(a), inner(b)),
                a => write!(f, "!{}", inner(a)),
            },
            Self::Equal(a, b) => write!(f, "{} == {}", inner(a), inner(b)),
            Self::And(a, b) => write!(f, "{} && {}", or_in(a), or_in(b)),
            Self::Or(a, b) => write!(f, "{a} || {b}"),
        }
    }
}

fn or_in(expr: &Expr) -> String {
    if matches!(expr, Expr::Or(..)) { format!("({expr})") } else { expr.to_string() }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Value(Value),
    Name(String),
    Sign(&'static str),
}

const SIGNS: [&str; 7] = ["==", "!=", "&&", "||", "!", "(", ")"];

fn tokens(text: &str) -> Result<Vec<Token>, &'static str> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, after) = if let Some(sign) = SIGNS.into_iter().find(|s| rest.starts_with(s)) {
            (Token::Sign(sign), &rest[sign.len()..])
        } else if first == '\'' || first == '"' {
            let (inside, after) =
                rest[1..].split_once(first).ok_or("a quotation mark is not closed")?;
            (Token::Value(Value::Text(inside.to_owned())), after)
        } else if first.is_ascii_alphanumeric() || first == '_' {
            let end = rest
                .find(|c: char| !(c.is_ascii_alphanumeric() || "_.$-".contains(c)))
                .unwrap_or(rest.len());
            (named(&rest[..end]), &rest[end..])
        } else {
            return Err("it holds a character that means nothing here");
        };
        tokens.push(token);
        rest = after.trim_start();
    }
    Ok(tokens)
}

fn named(text: &str) -> Token {
    match text {
        "true" => Token::Value(Value::Bool(true)),
        "false" => Token::Value(Value::Bool(false)),
        "undefined" => Token::Value(Value::Undefined),
        digits if digits.bytes().all(|b| b.is_ascii_digit()) => {
            Token::Value(Value::Text(digits.to_owned()))
        }
        name => Token::Name(name.to_owned()),
    }
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Reader {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn takes(&mut self, sign: &str) -> bool {
        let here = matches!(self.peek(), Some(Token::Sign(s)) if *s == sign);
        self.at += usize::from(here);
        here
    }

    fn or(&mut self) -> Result<Expr, &'static str> {
        let mut left = self.and()?;
        while self.takes("||") {
            left = Expr::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Expr, &'static str> {
        let mut left = self.equality()?;
        while self.takes("&&") {
            left = Expr::And(Box::new(left), Box::new(self.equality()?));
        }
        Ok(left)
    }

    fn equality(&mut self) -> Result<Expr, &'static str> {
        let left = self.unary()?;
        if self.takes("==") {
            return Ok(Expr::Equal(Box::new(left), Box::new(self.unary()?)));
        }
        if self.takes("!=") {
            let equal = Expr::Equal(Box::new(left), Box::new(self.unary()?));
            return Ok(Expr::Not(Box::new(equal)));
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expr, &'static str> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("it is nested too deeply");
        }
        let expr = self.simple()?;
        self.depth -= 1;
        Ok(expr)
    }

    fn simple(&mut self) -> Result<Expr, &'static str> {
        if self.takes("!") {
            return Ok(Expr::Not(Box::new(self.unary()?)));
        }
        if self.takes("(") {
            let inside = self.or()?;
            return if self.takes(")") { Ok(inside) } else { Err("a parenthesis is not closed") };
        }
        let expr = match self.peek() {
            Some(Token::Value(value)) => Expr::Literal(value.clone()),
            Some(Token::Name(name)) => Expr::Name(name.clone()),
            _ => return Err("a name or a value is missing"),
        };
        self.at += 1;
        Ok(expr)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn holds(text: &str) -> bool {
        let vars = Vars::from([
            ("known".into(), Value::Bool(true)),
            ("search.result".into(), Value::Text("nobody".into())),
            ("key".into(), Value::Text("1".into())),
        ]);
        Expr::read(text).expect(text).holds(&vars)
    }

    #[test]
    fn names_literals_and_the_six_signs() {
        for yes in [
            "known",
            "search.result == 'nobody'",
            "key == 1",
            "!withheld && known",
            "withheld || (known && key != '2')",
            "missing == undefined",
            "!(key == \"2\")",
        ] {
            assert!(holds(yes), "{yes}");
        }
        for no in ["!known", "key == '2'", "missing", "known && withheld", "''"] {
            assert!(!holds(no), "{no}");
        }
    }

    #[test]
    fn anything_else_is_refused_with_what_is_wrong() {
        for bad in ["", "a +", "a + b", "f(x)", "'open", "(a", "a == ", "a = b", "1 2", "&&"] {
            assert!(Expr::read(bad).is_err(), "{bad}");
        }
        assert!(Expr::read(&"!".repeat(10_000)).is_err(), "nested too deeply");
    }

    #[test]
    fn what_is_shown_reads_back_as_the_same() {
        for text in [
            "!(a == 'b') && c",
            "(a || b) && !c",
            "!(a || b) || x.y != true",
            "!!a == (b == c)",
            "(a != b) == !(c != d)",
        ] {
            let expr = Expr::read(text).expect(text);
            assert_eq!(Expr::read(&expr.to_string()).as_ref(), Ok(&expr), "{text}: {expr}");
        }
    }

    proptest! {
        #[test]
        fn no_text_ever_panics(text in ".{0,200}") {
            let _ = Expr::read(&text);
        }
    }
}
