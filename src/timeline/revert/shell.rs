//! Values as words of a command line: whatever is in them, the shell gives each
//! to the program as one word, and the program takes it for a value.

use crate::text::is_active;
use serde_json::Value;

/// Quotes a text for a POSIX shell; what no shell reads otherwise stays as it is.
pub fn quote_for_shell(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@%+,".contains(c);
    // `=ls` is a path to zsh, `-x` an option to whatever is called, `%1` a job.
    let begins = |text: &str| text.starts_with(|c: char| c.is_ascii_alphanumeric() || "_./".contains(c));
    if begins(text) && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Puts a word behind an option. Behind a space, one that begins with `-` would be an option itself.
pub(super) fn push_word(command: &mut String, word: &str) {
    if word.starts_with("'-") && command.ends_with(' ') {
        command.pop();
        command.push('=');
    }
    command.push_str(word);
}

/// Quotes a text that stands alone behind an option.
///
/// # Errors
/// Refuses what the AWS CLI would not take as it stands: it reads the file or the address in its place.
pub(super) fn quote_value(text: &str) -> Result<String, String> {
    let read = ["file://", "fileb://", "http://", "https://"];
    match read.iter().find(|scheme| text.starts_with(**scheme)) {
        Some(scheme) => Err(format!("the AWS CLI may read what stands at `{scheme}…` in place of the value")),
        None => Ok(quote_for_shell(text)),
    }
}

/// Quotes a document; what a terminal would act on is written as JSON escapes it.
pub(super) fn quote_document(value: &Value) -> String {
    let mut text = String::new();
    for c in value.to_string().chars() {
        if is_active(c) {
            let mut units = [0; 2];
            text.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            text.push(c);
        }
    }
    quote_for_shell(&text)
}
