//! What is said of a mistake in the arguments: what clap found, in the words and the form of every other error.
//!
//! clap gives the kind of a mistake and what it is about as values ([`ContextKind`]); nothing is read out of its
//! sentences. Which command was meant it does not give: that is seen in the arguments.

use crate::error::Error;
use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::error::Error as _;
use std::ffi::OsString;
use std::num::{IntErrorKind, ParseIntError};

/// Says what is wrong with the arguments, the first of which is the name of the program.
pub(super) fn explain(mistake: &clap::Error, arguments: &[OsString], program: &Command) -> Error {
    let found = Mistake { mistake, command: find_command(arguments, program) };
    let explained = match mistake.kind() {
        ErrorKind::UnknownArgument => found.unknown_argument(),
        ErrorKind::InvalidSubcommand => found.unknown_command(),
        ErrorKind::MissingRequiredArgument => found.missing_argument(),
        ErrorKind::InvalidValue => found.no_such_value(),
        ErrorKind::ValueValidation => found.invalid_value(),
        ErrorKind::ArgumentConflict => found.conflict(),
        ErrorKind::TooManyValues => found.superfluous_value(),
        ErrorKind::InvalidUtf8 => Some(invalid_utf8(arguments)),
        _ => None,
    };
    explained.unwrap_or_else(|| {
        // What is not among these does not occur with these arguments; were it so, clap's first line would do.
        let text = mistake.to_string();
        let line = text.lines().next().unwrap_or_default();
        Error::new(line.trim_start_matches("error: ")).hint(found.pointer())
    })
}

/// The name of the command that was meant: nothing stands before it, unless it asks for help.
fn find_command(arguments: &[OsString], program: &Command) -> Option<String> {
    let mut words = arguments.iter().skip(1).map(|it| it.to_str().unwrap_or_default());
    let first = words.find(|word| *word != "help")?;
    program.find_subcommand(first).map(|command| command.get_name().to_owned())
}

struct Mistake<'a> {
    mistake: &'a clap::Error,
    command: Option<String>,
}

impl Mistake<'_> {
    /// The program and the command, as they are typed.
    fn call(&self) -> String {
        self.command.as_ref().map_or("trailscan".to_owned(), |command| format!("trailscan {command}"))
    }

    /// The hint where there is no better one.
    fn pointer(&self) -> String {
        match self.command {
            Some(_) => format!("`{} -h` says what it takes", self.call()),
            None => "`trailscan -h` lists the commands".to_owned(),
        }
    }

    fn text(&self, kind: ContextKind) -> Option<&str> {
        match self.mistake.get(kind)? {
            ContextValue::String(text) => Some(text),
            // The nearest stands last.
            ContextValue::Strings(all) => all.last().map(String::as_str),
            _ => None,
        }
    }

    fn texts(&self, kind: ContextKind) -> Vec<&str> {
        match self.mistake.get(kind) {
            Some(ContextValue::String(text)) => vec![text],
            Some(ContextValue::Strings(all)) => all.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// How the command is called, in one line: `trailscan who [OPTIONS] RESOURCE [PATH]...`.
    fn usage(&self) -> String {
        let Some(ContextValue::StyledStr(usage)) = self.mistake.get(ContextKind::Usage) else {
            return format!("{} [OPTIONS]", self.call());
        };
        let text = usage.to_string();
        let line = text.lines().next().unwrap_or_default().trim_start_matches("Usage:").trim();
        line.replace(['<', '>'], "")
    }

    /// Suggests what is nearest, or says where to look.
    fn nearest(&self, kind: ContextKind) -> String {
        self.text(kind).map_or_else(|| self.pointer(), |word| format!("did you mean `{word}`?"))
    }

    fn unknown_argument(&self) -> Option<Error> {
        let typed = self.text(ContextKind::InvalidArg)?;
        let near = self.text(ContextKind::SuggestedArg);
        let all = || format!("`{} --help` lists all of them", self.call());
        Some(if !typed.starts_with('-') {
            Error::new(format!("`{typed}` is one argument too many: expected `{}`", self.usage()))
                .hint(self.pointer())
        } else if self.command.is_none() {
            Error::new(format!("`{typed}` stands before the command: expected `{}`", self.usage()))
                .hint("options stand behind the command: `trailscan COMMAND -h` lists them")
        } else {
            Error::new(format!("`{typed}` is no option of `{}`", self.call()))
                .hint(near.map_or_else(all, |word| format!("did you mean `{word}`?")))
        })
    }

    fn unknown_command(&self) -> Option<Error> {
        let typed = self.text(ContextKind::InvalidSubcommand)?;
        let hint = if typed.contains(['/', '.']) {
            "a command stands before the paths: `trailscan -h` lists the commands".to_owned()
        } else {
            self.nearest(ContextKind::SuggestedSubcommand)
        };
        Some(Error::new(format!("`{typed}` is no command: expected `trailscan COMMAND`")).hint(hint))
    }

    fn missing_argument(&self) -> Option<Error> {
        let missing: Vec<String> = self
            .texts(ContextKind::InvalidArg)
            .into_iter()
            .map(|name| format!("`{}`", plain(name)))
            .collect();
        let verb = if missing.len() == 1 { "is" } else { "are" };
        let missing = (!missing.is_empty()).then(|| missing.join(", "))?;
        Some(
            Error::new(format!("{missing} {verb} missing: expected `{}`", self.usage())).hint(self.pointer()),
        )
    }

    fn no_such_value(&self) -> Option<Error> {
        let (name, value) = (self.text(ContextKind::InvalidArg)?, self.text(ContextKind::InvalidValue)?);
        let all: Vec<String> =
            self.texts(ContextKind::ValidValue).iter().map(|value| format!("`{value}`")).collect();
        // With more than a line of them nobody reads on.
        let expected = match all.as_slice() {
            [] => format!("`{}`", plain(name)),
            [first, .., last] if all.len() > 8 => format!("one of {first}, …, {last}"),
            all => format!("one of {}", all.join(", ")),
        };
        if value.is_empty() {
            let flag = name.split(' ').next()?;
            return Some(
                Error::new(format!("`{}` lacks its value: expected {expected}", plain(flag)))
                    .hint(self.pointer()),
            );
        }
        Some(
            Error::new(format!("{}: expected {expected}", refused(name, value)))
                .hint(self.nearest(ContextKind::SuggestedValue)),
        )
    }

    fn invalid_value(&self) -> Option<Error> {
        let (name, value) = (self.text(ContextKind::InvalidArg)?, self.text(ContextKind::InvalidValue)?);
        let cause = self.mistake.source()?;
        let number = cause.downcast_ref::<ParseIntError>().map(ParseIntError::kind);
        let message = match number {
            Some(IntErrorKind::PosOverflow) => format!("`{}` is too large a number", typed(name, value)),
            Some(_) => format!("`{}` is no number: expected `0`, `1`, `2`, …", typed(name, value)),
            None => format!("{}: {cause}", refused(name, value)),
        };
        Some(Error::new(message).hint(self.pointer()))
    }

    fn conflict(&self) -> Option<Error> {
        let name = plain(self.text(ContextKind::InvalidArg)?);
        let others: Vec<String> = self.texts(ContextKind::PriorArg).into_iter().map(plain).collect();
        if others.is_empty() || others.contains(&name) {
            return Some(Error::new(format!("`{name}` is given twice: expected once")).hint("leave one out"));
        }
        let others: Vec<String> = others.iter().map(|it| format!("`{it}`")).collect();
        Some(Error::new(format!("`{name}` does not go with {}", others.join(", "))).hint("leave one out"))
    }

    fn superfluous_value(&self) -> Option<Error> {
        let (name, value) = (self.text(ContextKind::InvalidArg)?, self.text(ContextKind::InvalidValue)?);
        let name = plain(name);
        Some(
            Error::new(format!("`{name}={value}` has a value too many: `{name}` takes none"))
                .hint(format!("write `{name}` alone")),
        )
    }
}

/// The name of an argument without clap's brackets: `--since TIME`.
fn plain(name: &str) -> String {
    name.trim_end_matches("...").replace(['<', '>', '[', ']'], "")
}

/// What was typed for an argument: `--status gon`, and of one without a name the value alone.
fn typed(name: &str, value: &str) -> String {
    match name.split(' ').next() {
        Some(flag) if flag.starts_with('-') => format!("{flag} {value}"),
        _ => value.to_owned(),
    }
}

/// Says that a value is not what its place asks for: "`--status gon` is no status".
fn refused(name: &str, value: &str) -> String {
    let (flag, placeholder) = name.split_once(' ').unwrap_or((name, name));
    let noun = match plain(placeholder).to_lowercase().as_str() {
        // `--color WHEN` asks no noun.
        "when" => "choice".to_owned(),
        "name" | "form" | "columns" => flag.trim_start_matches('-').to_owned(),
        noun => noun.to_owned(),
    };
    format!("`{}` is no {noun}", typed(name, value))
}

/// clap does not tell which argument it is.
fn invalid_utf8(arguments: &[OsString]) -> Error {
    let broken = arguments.iter().find(|it| it.to_str().is_none());
    let shown = broken.map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    Error::new(format!("`{shown}` is not UTF-8: expected that of everything but paths"))
        .hint("look for a wrong character in it, or a wrong setting of the terminal")
}

#[cfg(test)]
mod tests;
