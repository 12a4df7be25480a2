//! The key of a group: the texts of its columns, one after the other, each with its length.

use crate::event::Actor;

/// The caller as the part of a group's key.
pub(super) fn of_caller(actor: &Actor<'_>) -> Box<[u8]> {
    let mut key = Vec::new();
    put_text(&mut key, Some(&actor.who()));
    put_text(&mut key, actor.account);
    key.into()
}

/// Adds a text, or that there is none.
pub(super) fn put_text(key: &mut Vec<u8>, text: Option<&str>) {
    let length = text.map_or(u32::MAX, |text| u32::try_from(text.len()).unwrap_or(u32::MAX - 1));
    key.extend_from_slice(&length.to_le_bytes());
    key.extend_from_slice(text.unwrap_or_default().as_bytes());
}

/// Reads what [`put_text`] wrote.
pub(super) fn take_texts(mut key: &[u8]) -> Vec<Option<String>> {
    let mut texts = Vec::new();
    while let Some((length, rest)) = key.split_first_chunk::<4>() {
        let length = u32::from_le_bytes(*length);
        if length == u32::MAX {
            texts.push(None);
            key = rest;
        } else {
            let (text, rest) = rest.split_at((length as usize).min(rest.len()));
            texts.push(Some(String::from_utf8_lossy(text).into_owned()));
            key = rest;
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_as_they_were_put() {
        let texts = [Some("a"), None, Some(""), Some("é\0"), None];
        let mut key = Vec::new();
        texts.iter().for_each(|text| put_text(&mut key, *text));
        assert_eq!(take_texts(&key).iter().map(Option::as_deref).collect::<Vec<_>>(), texts);
        assert!(take_texts(&[]).is_empty());
    }
}
