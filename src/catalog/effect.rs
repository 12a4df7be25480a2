//! What a call leaves behind in its resource: the second column of the tables.
//! The grammar of an effect, in the section `[effects]` of a service's file:
//!
//! ```text
//! effect := (("for" | "of") type)? verb argument* (("when" | "unless") place ("=" text)?)*   (`%20` in a text is a space)
//! verb   := set field source           the field is exactly this (where the source is missing: as it was)
//!         | reset field source         the same, but a missing source takes it away
//!         | unset field
//!         | merge field source (but name,name)?   each member of an object; the field `.` is the whole resource
//!         | ask field source source (but name,name)?   members of an object (first source) of which the answer (second)
//!                                      shows another value, and not as pending: so with `applyImmediately`, else due
//!         | add field source           members of a set; `amend` keeps what is known of a member beside it
//!         | remove field source
//!         | replace field source       the set has exactly these members
//!         | put field source source    the member of that key (first source) in a map
//!         | del field source
//!         | drop field name source     members of a set that have this value under a name
//!         | swap source                rules by their id, wherever they stand (`securityGroupRuleId`)
//!         | tag source | untag source | retag source
//!         | renew source (but name,name)? (keep name,name)?   the whole resource, but for what is kept
//!         | touch field?               another value than before, and the record does not tell which
//!         | due source | undue         deletion at that time, or after so many days; not any more
//!         | rename source              called so from now on
//!         | order source               of calls in one second, the higher comes later
//!         | chain place place          of calls in one second, each goes out from what another led to
//!         | there | gone               what an error proves of the resource itself
//!         | unsure                     the error, or the call, does not tell whether the resource itself is there
//!         | lacked field source?       there was no such field, or no such members, before: the call fails where there is
//!         | had field source but source   what the first tells beside the second was there before the call
//!         | again                      the call succeeds where the resource is there already, and leaves it as it is
//!         | each place                 what follows reads `it`: the element whose identifier stands at the place
//! field  := name ("." name)*
//! source := alternative ("|" alternative)*  |  function "(" place ("|" place)* ")"
//! alternative := place | "=" text
//! place  := ("rq" | "rs" | "ad" | "sd" | "ui" | "it") ("." member)*   (`ui`: userIdentity)
//! ```
//!
//! `[proofs.CALL]` has such effects by error code: what a call that failed with it proves. A code may be followed
//! by a part of the error's message (`"NoSuchEntity: The role with name * cannot be found"`, `*` for anything),
//! which goes before the code alone; the call `*` stands for every call of the service; `Client.` before codes and
//! `Exception` or `Fault` behind them are looked through. What is proven of a setting proves that the resource
//! itself is there, unless it says `gone` or `unsure`.
//!
//! An effect without `for` is one on the first subject of the call's row; one with `of` is on a
//! resource that the call names by an association only (`catalog::links`). Paths
//! are those of the normalised record (`timeline::normal`); what an effect means
//! is in `timeline::extract`.

use super::row::SPACE;
use std::str::FromStr;

/// One effect of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The type that it is an effect on; `None` for the first subject's.
    pub kind: Option<String>,
    /// Whether it is on the resource that an association of the call belongs to.
    pub by_link: bool,
    /// What it does.
    pub verb: Verb,
    /// What has to hold for it.
    pub conditions: Vec<EffectCondition>,
}

/// What an effect does; see the grammar above.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Verb {
    Set { field: String, source: ValueExpr, reset: bool },
    Unset { field: String },
    Merge { field: String, source: ValueExpr, but: Vec<String> },
    Ask { field: String, source: ValueExpr, shown: ValueExpr, but: Vec<String> },
    Add { field: String, source: ValueExpr, amend: bool },
    Remove { field: String, source: ValueExpr },
    Replace { field: String, source: ValueExpr },
    Put { field: String, key: ValueExpr, source: ValueExpr },
    Del { field: String, key: ValueExpr },
    Drop { field: String, member: String, source: ValueExpr },
    Swap { source: ValueExpr },
    Renew { source: ValueExpr, but: Vec<String>, keep: Vec<String> },
    Tag { source: ValueExpr },
    Untag { source: ValueExpr },
    Retag { source: ValueExpr },
    Touch { field: Option<String> },
    Due { source: ValueExpr },
    Undue,
    Rename { source: ValueExpr },
    Order { source: ValueExpr },
    Chain { from: FieldPath, to: FieldPath },
    Each { place: FieldPath },
    There,
    Gone,
    Unsure,
    Lacked { field: String, source: Option<ValueExpr> },
    Had { field: String, source: ValueExpr, but: ValueExpr },
    Again,
}

impl Verb {
    /// Returns the field that it sets, if it sets one.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Set { field, .. }
            | Self::Unset { field }
            | Self::Merge { field, .. }
            | Self::Ask { field, .. }
            | Self::Add { field, .. }
            | Self::Remove { field, .. }
            | Self::Replace { field, .. }
            | Self::Put { field, .. }
            | Self::Del { field, .. }
            | Self::Drop { field, .. }
            | Self::Lacked { field, .. }
            | Self::Had { field, .. }
            | Self::Touch { field: Some(field) } => Some(field),
            Self::Tag { .. } | Self::Untag { .. } | Self::Retag { .. } => Some("tags"),
            Self::Swap { .. }
            | Self::Renew { .. }
            | Self::Touch { field: None }
            | Self::Due { .. }
            | Self::Undue
            | Self::Rename { .. }
            | Self::Order { .. }
            | Self::Chain { .. }
            | Self::Each { .. }
            | Self::There
            | Self::Gone
            | Self::Again
            | Self::Unsure => None,
        }
    }
}

/// What has to hold, or must not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectCondition {
    /// Whether it has to hold (`when`) or must not (`unless`).
    pub wanted: bool,
    /// Where to look.
    pub place: FieldPath,
    /// What has to stand there; `None` for anything that is not false or empty.
    pub text: Option<String>,
}

/// Where a value is taken from: the first place that has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueExpr {
    /// What is made of it.
    pub function: Option<Function>,
    /// The places, in the order they are tried.
    pub places: Vec<EffectAlternative>,
}

/// One place of a source, or a value that the call always has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EffectAlternative {
    /// What stands there.
    At(FieldPath),
    /// This value.
    Always(String),
}

/// A place in a normalised record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPath {
    /// Which part of it.
    pub root: FieldRoot,
    /// The members on the way.
    pub members: Vec<String>,
}

/// A part of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum FieldRoot {
    Request,
    Response,
    Additional,
    Service,
    Identity,
    It,
}

macro_rules! functions {
    ($($(#[$doc:meta])* $variant:ident $name:literal)*) => {
        /// What no table can express: pure functions, each in `timeline::functions`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Function { $($(#[$doc])* $variant),* }

        impl FromStr for Function {
            type Err = String;

            fn from_str(name: &str) -> Result<Self, String> {
                match name {
                    $($name => Ok(Self::$variant),)*
                    _ => Err(format!("`{name}` is no function")),
                }
            }
        }
    };
}
functions! {
    /// Rules of a security group, one for each source of traffic.
    SgRule "sg_rule"
    /// Routes, by their destination.
    Route "route"
    /// Entries of a network ACL, by direction and number.
    NaclEntry "nacl_entry"
    /// Who a snapshot or image is shared with: accounts and groups.
    Share "share"
    /// A document that may be written as text, percent-encoded or not.
    Document "document"
    /// What is wrapped as `{value: x}`.
    Value "value"
    /// A list of names and values as an object.
    Pairs "pairs"
    /// The access control list of a bucket, however the request says it.
    Acl "acl"
    /// Changes of DNS records.
    Records "records"
    /// Elements by the member that is their id (`id`, `name`, `arn`).
    ById "by_id"
    /// The name at the end of an ARN.
    Name "name"
    /// What the patch operations of API Gateway lead to.
    Patch "patch"
    /// The number of a version, by itself or behind the name of a function.
    Version "version"
}

/// Reads one effect.
///
/// # Errors
/// Says what is wrong with it, for whoever writes the tables.
pub fn parse(text: &str) -> Result<Effect, String> {
    let mut words = EffectLexer { text, words: text.split_whitespace().collect(), at: 0 };
    let mut kind = None;
    let by_link = words.peek() == Some("of");
    if by_link || words.peek() == Some("for") {
        words.next("a type")?;
        kind = Some(words.next("a type")?.to_owned());
    }
    let verb = parse_verb(&mut words)?;
    let mut conditions = Vec::new();
    while let Some(word) = words.peek() {
        let wanted = match word {
            "when" => true,
            "unless" => false,
            _ => return Err(format!("`{word}` in `{text}` is neither `when` nor `unless`")),
        };
        words.next("a condition")?;
        let condition = words.next("a condition")?;
        let (place, text) = match condition.split_once('=') {
            Some((place, text)) => (place, Some(text.replace(SPACE, " "))),
            None => (condition, None),
        };
        conditions.push(EffectCondition { wanted, place: place.parse()?, text });
    }
    Ok(Effect { kind, by_link, verb, conditions })
}

struct EffectLexer<'t> {
    text: &'t str,
    words: Vec<&'t str>,
    at: usize,
}

impl<'t> EffectLexer<'t> {
    fn peek(&self) -> Option<&'t str> {
        self.words.get(self.at).copied()
    }

    fn next(&mut self, what: &str) -> Result<&'t str, String> {
        let word = self.peek().ok_or_else(|| format!("`{}` lacks {what}", self.text))?;
        self.at += 1;
        Ok(word)
    }

    fn field(&mut self) -> Result<String, String> {
        let field = self.next("a field")?;
        let odd = field != "." && field.split('.').any(str::is_empty);
        if odd { Err(format!("`{field}` in `{}` is no field", self.text)) } else { Ok(field.to_owned()) }
    }

    /// The names behind a word, if it is there.
    fn names(&mut self, word: &str) -> Result<Vec<String>, String> {
        if self.peek() != Some(word) {
            return Ok(Vec::new());
        }
        self.next("names")?;
        Ok(self.next("names")?.split(',').map(str::to_owned).collect())
    }

    fn source(&mut self) -> Result<ValueExpr, String> {
        self.next("a source")?.parse()
    }
}

fn parse_verb(words: &mut EffectLexer<'_>) -> Result<Verb, String> {
    Ok(match words.next("a verb")? {
        "set" => Verb::Set { field: words.field()?, source: words.source()?, reset: false },
        "reset" => Verb::Set { field: words.field()?, source: words.source()?, reset: true },
        "unset" => Verb::Unset { field: words.field()? },
        "merge" => {
            let (field, source) = (words.field()?, words.source()?);
            Verb::Merge { field, source, but: words.names("but")? }
        }
        "ask" => {
            let (field, source, shown) = (words.field()?, words.source()?, words.source()?);
            Verb::Ask { field, source, shown, but: words.names("but")? }
        }
        "add" => Verb::Add { field: words.field()?, source: words.source()?, amend: false },
        "amend" => Verb::Add { field: words.field()?, source: words.source()?, amend: true },
        "remove" => Verb::Remove { field: words.field()?, source: words.source()? },
        "replace" => Verb::Replace { field: words.field()?, source: words.source()? },
        "put" => Verb::Put { field: words.field()?, key: words.source()?, source: words.source()? },
        "del" => Verb::Del { field: words.field()?, key: words.source()? },
        "drop" => {
            let (field, member) = (words.field()?, words.next("a name")?.to_owned());
            Verb::Drop { field, member, source: words.source()? }
        }
        "swap" => Verb::Swap { source: words.source()? },
        "renew" => {
            Verb::Renew { source: words.source()?, but: words.names("but")?, keep: words.names("keep")? }
        }
        "tag" => Verb::Tag { source: words.source()? },
        "untag" => Verb::Untag { source: words.source()? },
        "retag" => Verb::Retag { source: words.source()? },
        "touch" => {
            let named = words.peek().is_some_and(|word| !matches!(word, "when" | "unless"));
            Verb::Touch { field: if named { Some(words.field()?) } else { None } }
        }
        "lacked" => {
            let field = words.field()?;
            let named = words.peek().is_some_and(|word| !matches!(word, "when" | "unless"));
            Verb::Lacked { field, source: if named { Some(words.source()?) } else { None } }
        }
        "had" => {
            let (field, source) = (words.field()?, words.source()?);
            match words.next("`but`")? {
                "but" => Verb::Had { field, source, but: words.source()? },
                word => return Err(format!("`{word}` in `{}` is not `but`", words.text)),
            }
        }
        "again" => Verb::Again,
        "due" => Verb::Due { source: words.source()? },
        "undue" => Verb::Undue,
        "rename" => Verb::Rename { source: words.source()? },
        "order" => Verb::Order { source: words.source()? },
        "chain" => Verb::Chain { from: words.next("a place")?.parse()?, to: words.next("a place")?.parse()? },
        "each" => Verb::Each { place: words.next("a place")?.parse()? },
        "there" => Verb::There,
        "gone" => Verb::Gone,
        "unsure" => Verb::Unsure,
        word => return Err(format!("`{word}` in `{}` is no verb", words.text)),
    })
}

impl FromStr for ValueExpr {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (function, places) = match text.strip_suffix(')').and_then(|text| text.split_once('(')) {
            Some((name, places)) => (Some(name.parse()?), places),
            None => (None, text),
        };
        let alternative = |text: &str| match text.strip_prefix('=') {
            Some(text) => Ok(EffectAlternative::Always(text.to_owned())),
            None => text.parse().map(EffectAlternative::At),
        };
        let places = places.split('|').map(alternative).collect::<Result<_, String>>()?;
        Ok(Self { function, places })
    }
}

impl FromStr for FieldPath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.split('.');
        let root = match parts.next() {
            Some("rq") => FieldRoot::Request,
            Some("rs") => FieldRoot::Response,
            Some("ad") => FieldRoot::Additional,
            Some("sd") => FieldRoot::Service,
            Some("ui") => FieldRoot::Identity,
            Some("it") => FieldRoot::It,
            _ => return Err(format!("`{text}` starts with none of `rq`, `rs`, `ad`, `sd`, `ui` and `it`")),
        };
        let members: Vec<String> = parts.map(str::to_owned).collect();
        if members.iter().any(String::is_empty) {
            return Err(format!("`{text}` has an empty member"));
        }
        Ok(Self { root, members })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_effect_is_read() {
        let effect = parse("for AWS::A::B merge . rs.a|=x but c,d unless rq.dryRun when rq.e=f").unwrap();
        assert_eq!(effect.kind.as_deref(), Some("AWS::A::B"));
        let Verb::Merge { field, source, but } = &effect.verb else { panic!("{effect:?}") };
        assert_eq!((field.as_str(), but.as_slice()), (".", &["c".to_owned(), "d".to_owned()][..]));
        assert!(
            matches!(source.places.as_slice(), [EffectAlternative::At(_), EffectAlternative::Always(x)] if x == "x")
        );
        assert_eq!(effect.conditions.len(), 2);
        assert_eq!(effect.conditions[1].text.as_deref(), Some("f"));
        let effect = parse("add ingress sg_rule(rs.securityGroupRuleSet|rq)").unwrap();
        let Verb::Add { source, amend: false, .. } = effect.verb else { panic!() };
        assert_eq!((source.function, source.places.len()), (Some(Function::SgRule), 2));
        assert_eq!(parse("touch unless rq.x").unwrap().verb, Verb::Touch { field: None });
        assert_eq!(parse("again unless rq.x").unwrap().verb, Verb::Again);
        let whole = Verb::Lacked { field: "a".to_owned(), source: None };
        assert_eq!(parse("lacked a unless rq.x").unwrap().verb, whole);
        assert!(matches!(parse("had a rs.x but rq.y").unwrap().verb, Verb::Had { .. }));
        assert!(matches!(parse("lacked a rq.x").unwrap().verb, Verb::Lacked { source: Some(_), .. }));
    }

    #[test]
    fn mistakes_are_named() {
        for (text, part) in [
            ("", "lacks a verb"),
            ("make x rq.y", "`make`"),
            ("set x", "lacks a source"),
            ("set x xx.y", "`xx.y`"),
            ("set x rq..y", "empty member"),
            ("set x. rq.y", "`x.`"),
            ("set x nothing(rq.y)", "`nothing`"),
            ("set x rq.y but", "`but`"),
            ("unset x when", "lacks a condition"),
            ("had x rs.y or rq.z", "`or`"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
