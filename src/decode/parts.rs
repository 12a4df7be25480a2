//! Cuts large JSON documents into parts that can be parsed one by one: the elements of their lists, and what is around
//! these. No more is held than the largest part.

use super::outline::end_of_value;
use super::records::skip_separators;
use super::skip::{Oversized, OversizedPass};

/// A part of a stream of documents.
#[derive(Debug, PartialEq, Eq)]
pub enum DocumentPart<'p> {
    /// An element of a list: of the member of this name, or with an empty name of a document that is a list itself.
    Element {
        /// The key of the list.
        list: &'p [u8],
        /// Its place in the list, counted from 0.
        index: usize,
        /// The element.
        text: &'p [u8],
    },
    /// What an object holds beside its lists, as an object; or a document that is neither.
    Rest {
        /// The object.
        text: &'p [u8],
        /// Whether elements of it were given.
        had_lists: bool,
    },
    /// An element or member that is larger than a part may be.
    TooLarge,
}

/// How a stream of documents ended that is no JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartsFault {
    /// Within a document.
    Cut,
    /// At something that cannot stand there.
    Broken,
}

/// Gives the parts of the documents that `fill` appends (false at the end), each of at most `max` bytes, to `visit`.
/// Returned is how many documents there were. `is_list` says which members are lists to be given by their elements.
///
/// # Errors
/// When the documents do not end as JSON does. Whether a part is JSON is not looked at.
pub fn visit_document_parts(
    fill: &mut dyn FnMut(&mut Vec<u8>) -> bool,
    max: usize,
    is_list: &dyn Fn(&[u8]) -> bool,
    visit: &mut dyn FnMut(DocumentPart<'_>),
) -> Result<u64, PartsFault> {
    let mut reader = PartReader { buffer: Vec::new(), at: 0, more: true, fill, max };
    let mut documents = 0;
    if reader.next() == Some(0xef) {
        reader.skip_mark();
    }
    while let Some(first) = reader.next() {
        match first {
            b'{' => reader.object(is_list, visit)?,
            b'[' => {
                reader.at += 1;
                reader.list(b"", visit)?;
            }
            _ => match reader.value()? {
                Some(text) => visit(DocumentPart::Rest { text: &text, had_lists: false }),
                None => visit(DocumentPart::TooLarge),
            },
        }
        documents += 1;
    }
    Ok(documents)
}

struct PartReader<'r> {
    buffer: Vec<u8>,
    at: usize,
    more: bool,
    fill: &'r mut dyn FnMut(&mut Vec<u8>) -> bool,
    max: usize,
}

impl PartReader<'_> {
    /// Reads on, twice as much each time; false at the end.
    fn refill(&mut self) -> bool {
        self.buffer.drain(..self.at);
        self.at = 0;
        let before = self.buffer.len();
        let enough = (before * 2).min(self.max.saturating_add(1)).max(before + 1);
        while self.more && self.buffer.len() < enough {
            self.more = (self.fill)(&mut self.buffer);
        }
        self.buffer.len() > before
    }

    /// Returns the next byte that is no white space and no comma.
    fn next(&mut self) -> Option<u8> {
        loop {
            self.at = skip_separators(&self.buffer, self.at);
            if let Some(byte) = self.buffer.get(self.at) {
                return Some(*byte);
            }
            if !self.refill() {
                return None;
            }
        }
    }

    /// Passes over a byte order mark.
    fn skip_mark(&mut self) {
        while self.buffer.len() - self.at < 3 && self.refill() {}
        if self.buffer[self.at..].starts_with(b"\xef\xbb\xbf") {
            self.at += 3;
        }
    }

    /// Takes the value that begins here; `None` when it is too large.
    fn value(&mut self) -> Result<Option<Vec<u8>>, PartsFault> {
        loop {
            let within = &self.buffer[..self.buffer.len().min(self.at.saturating_add(self.max))];
            if let Some(end) = end_of_value(within, self.at) {
                let text = self.buffer[self.at..end].to_vec();
                self.at = end;
                return if text.is_empty() { Err(PartsFault::Broken) } else { Ok(Some(text)) };
            }
            if self.buffer.len() - self.at > self.max {
                return self.pass_over().map(|()| None);
            }
            if !self.refill() {
                let rest = std::mem::take(&mut self.buffer);
                let is_scalar = !matches!(rest.get(self.at), None | Some(b'"' | b'{' | b'['));
                let at = std::mem::take(&mut self.at);
                return if is_scalar { Ok(Some(rest[at..].to_vec())) } else { Err(PartsFault::Cut) };
            }
        }
    }

    fn pass_over(&mut self) -> Result<(), PartsFault> {
        let mut pass = OversizedPass::new(Oversized::Value);
        loop {
            if let Some(end) = pass.find_end(&self.buffer[self.at..]) {
                self.at += end;
                return Ok(());
            }
            self.at = self.buffer.len();
            if !self.refill() {
                return Err(PartsFault::Cut);
            }
        }
    }

    /// Gives the elements of a list of which the bracket was passed.
    fn list(&mut self, list: &[u8], visit: &mut dyn FnMut(DocumentPart<'_>)) -> Result<(), PartsFault> {
        for index in 0.. {
            match self.next().ok_or(PartsFault::Cut)? {
                b']' => {
                    self.at += 1;
                    return Ok(());
                }
                b'}' => return Err(PartsFault::Broken),
                _ => match self.value()? {
                    Some(text) => visit(DocumentPart::Element { list, index, text: &text }),
                    None => visit(DocumentPart::TooLarge),
                },
            }
        }
        Ok(())
    }

    /// Gives the lists of an object by their elements, and the rest of it.
    fn object(
        &mut self,
        is_list: &dyn Fn(&[u8]) -> bool,
        visit: &mut dyn FnMut(DocumentPart<'_>),
    ) -> Result<(), PartsFault> {
        self.at += 1;
        let (mut rest, mut had_lists, mut is_over) = (b"{".to_vec(), false, false);
        loop {
            match self.next().ok_or(PartsFault::Cut)? {
                b'}' => break self.at += 1,
                b'"' => {}
                _ => return Err(PartsFault::Broken),
            }
            let Some(key) = self.value()? else { return Err(PartsFault::Broken) };
            if self.next().ok_or(PartsFault::Cut)? != b':' {
                return Err(PartsFault::Broken);
            }
            self.at += 1;
            let first = self.next().ok_or(PartsFault::Cut)?;
            if first == b'[' && is_list(&key[1..key.len() - 1]) {
                self.at += 1;
                had_lists = true;
                self.list(&key[1..key.len() - 1], visit)?;
                continue;
            }
            match self.value()? {
                Some(value) if rest.len() + key.len() + value.len() < self.max => {
                    if rest.len() > 1 {
                        rest.push(b',');
                    }
                    rest.extend(key);
                    rest.push(b':');
                    rest.extend(value);
                }
                _ => is_over = true,
            }
        }
        rest.push(b'}');
        if is_over {
            visit(DocumentPart::TooLarge);
        }
        visit(DocumentPart::Rest { text: &rest, had_lists });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str, chunk: usize, max: usize) -> (Vec<String>, Result<u64, PartsFault>) {
        let (mut seen, mut held) = (Vec::new(), 0);
        let mut chunks = text.as_bytes().chunks(chunk);
        let mut fill = |buffer: &mut Vec<u8>| {
            held = held.max(buffer.len());
            chunks.next().inspect(|it| buffer.extend_from_slice(it)).is_some()
        };
        let end = visit_document_parts(&mut fill, max, &|key| key == b"items", &mut |part| {
            let text = |it: &[u8]| String::from_utf8_lossy(it).into_owned();
            seen.push(match part {
                DocumentPart::Element { list, text: it, .. } => format!("{} {}", text(list), text(it)),
                DocumentPart::Rest { text: it, had_lists } => format!("{} {had_lists}", text(it)),
                DocumentPart::TooLarge => "too large".to_owned(),
            });
        });
        assert!(held <= max + chunk, "{held} bytes held");
        (seen, end)
    }

    #[test]
    fn documents_are_cut_alike_wherever_chunks_end() {
        let large = "x".repeat(100);
        for (text, want) in [
            (
                "\u{feff}{ \"a\" : 1, \"items\" : [ {\"b\":[2]} , \"c]\" ], \"d\":\"}\" }\n[3,{}] 4"
                    .to_owned(),
                vec![
                    "items {\"b\":[2]}",
                    "items \"c]\"",
                    "{\"a\":1,\"d\":\"}\"} true",
                    " 3",
                    " {}",
                    "4 false",
                ],
            ),
            (
                format!("{{\"items\":[1,{{\"a\":\"{large}\"}},2]}}"),
                vec!["items 1", "too large", "items 2", "{} true"],
            ),
            (format!("{{\"x\":\"{large}\",\"y\":1}}"), vec!["too large", "{\"y\":1} false"]),
            (format!("[{}]", " ".repeat(500)), vec![]),
            (String::new(), vec![]),
        ] {
            for chunk in [1, 5, 64, 1 << 10] {
                let (seen, end) = parts(&text, chunk, 40);
                assert_eq!(seen, want, "{text} by {chunk}");
                assert!(end.is_ok(), "{text}");
            }
        }
    }

    #[test]
    fn what_does_not_end_as_json_is_told() {
        for (text, want) in [
            ("{\"a\":", PartsFault::Cut),
            ("{\"items\":[1", PartsFault::Cut),
            ("[{\"a\":1", PartsFault::Cut),
            ("{\"a\" 1}", PartsFault::Broken),
            ("{a:1}", PartsFault::Broken),
            ("[1}", PartsFault::Broken),
            ("]", PartsFault::Broken),
        ] {
            for chunk in [1, 1 << 10] {
                assert_eq!(parts(text, chunk, 40).1, Err(want), "{text}");
            }
        }
        let long = format!("{{\"a\":\"{}", "x".repeat(100));
        assert_eq!(parts(&long, 7, 40).1, Err(PartsFault::Cut));
    }
}
