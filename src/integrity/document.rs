//! JSON documents as people save them: one or several in a file, in UTF-8 or
//! in what a Windows shell writes.

use crate::text::has_too_many_values;
use serde_json::{Deserializer, Value};

/// Reads the documents of a file, one after the other.
pub(super) fn read_documents(file: &[u8]) -> Result<Vec<Value>, String> {
    if has_too_many_values(file) {
        return Err("it holds more values than any such file".to_owned());
    }
    let text = decode_text(file).ok_or("it is not text")?;
    Deserializer::from_str(&text)
        .into_iter()
        .collect::<Result<_, _>>()
        .map_err(|error| format!("it is not JSON: {error}"))
}

fn decode_text(file: &[u8]) -> Option<String> {
    let utf16 = |units: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, rest) = units.as_chunks::<2>();
        rest.is_empty()
            .then(|| String::from_utf16(&pairs.iter().map(|it| unit(*it)).collect::<Vec<_>>()).ok())?
    };
    match file {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        _ => String::from_utf8(file.to_vec()).ok(),
    }
}
