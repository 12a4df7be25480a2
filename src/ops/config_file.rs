//! Reads one file of AWS Config, or a member of a package: as a whole where it is small, else item by item, so that
//! memory does not grow with it.

use crate::container::{Limits, Stream};
use crate::decode::{DocumentPart, PartsFault, visit_document_parts};
use crate::error::Kind;
use crate::text::{count_noun, has_too_many_values};
use crate::timeline::{ConfigItems, read_config_items};
use ring::digest::{SHA256, digest};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// Larger files are read item by item.
const SMALL: usize = 1 << 20;

/// The lists of AWS Config's documents and of what they come in, whose elements tell each for itself.
const LISTS: [&str; 6] =
    ["configurationItems", "baseConfigurationItems", "evaluationResults", "Results", "Messages", "Records"];

fn is_item(value: &Value) -> bool {
    let has =
        |name: &str| value.as_object().is_some_and(|it| it.keys().any(|key| key.eq_ignore_ascii_case(name)));
    has("resourceType") && has("configurationItemCaptureTime")
}

/// A file, or a member of a package, as it was read.
pub(super) enum ConfigFiles {
    /// What it tells, and what of it could not be held.
    Items(ConfigItems, Option<String>),
    /// It is JSON, and no file of AWS Config.
    Other,
    Broken(Kind, String),
}

/// Reads the whole of a stream.
pub(super) fn read_stream(stream: &mut Stream<'_>, limits: &Limits) -> ConfigFiles {
    let mut content = Vec::new();
    let small = SMALL.min(limits.record);
    let mut is_end = false;
    while content.len() <= small && !is_end {
        is_end = !stream.fill(&mut content);
    }
    let (read, is_empty) = if is_end {
        (read_small(&content), content.is_empty())
    } else {
        (read_parts(content, stream, limits), false)
    };
    let damage = stream.damage().first().map(|it| (it.kind, it.cause.clone()));
    match (read, damage) {
        // Bytes behind the end change nothing of what is before it.
        (Ok(read), None | Some((Kind::TrailingData, _))) => read,
        (Err((Kind::TooLarge, cause)), _) => ConfigFiles::Broken(Kind::TooLarge, cause),
        (_, Some((kind, cause))) => ConfigFiles::Broken(kind, cause),
        (Err(_), None) if is_empty => ConfigFiles::Broken(Kind::Empty, "it holds no data".to_owned()),
        (Err((kind, cause)), None) => ConfigFiles::Broken(kind, cause),
    }
}

fn no_json(kind: Kind, error: impl std::fmt::Display) -> (Kind, String) {
    (kind, format!("it is no JSON of AWS Config: {error}"))
}

/// Reads what is in memory as a whole.
fn read_small(content: &[u8]) -> Result<ConfigFiles, (Kind, String)> {
    let all = read_documents(content).map_err(|error| {
        let kind = if error.is_eof() { Kind::Truncated } else { Kind::NotConfig };
        no_json(kind, error)
    })?;
    Ok(merge_documents(&all).map_or(ConfigFiles::Other, |items| ConfigFiles::Items(items, None)))
}

/// Reads the one document that a file is, or those of its lines.
fn read_documents(content: &[u8]) -> Result<Vec<Value>, serde_json::Error> {
    let all: Vec<Value> =
        serde_json::Deserializer::from_slice(content).into_iter().collect::<Result<_, _>>()?;
    // No document is no JSON: what the error says of that is known.
    if all.is_empty() { serde_json::from_slice(content).map(|it| vec![it]) } else { Ok(all) }
}

/// What all documents of a file tell; `None` when none is of AWS Config.
fn merge_documents(documents: &[Value]) -> Option<ConfigItems> {
    let mut all: Option<ConfigItems> = None;
    for (place, mut read) in
        documents.iter().enumerate().filter_map(|(at, it)| Some((at, read_config_items(it)?)))
    {
        // Of several documents the first bad one is told by its own place.
        if documents.len() > 1 {
            read.first_odd = read.first_odd.map(|(_, lacks)| (place, lacks));
        }
        add_items(all.get_or_insert_default(), read);
    }
    all
}

fn add_items(all: &mut ConfigItems, read: ConfigItems) {
    all.steps.extend(read.steps);
    all.odd += read.odd;
    all.first_odd = all.first_odd.or(read.first_odd);
    for (kind, many) in read.news {
        *all.news.entry(kind).or_default() += many;
    }
}

/// Reads a large file item by item; `begin` was read of it already.
fn read_parts(
    begin: Vec<u8>,
    stream: &mut Stream<'_>,
    limits: &Limits,
) -> Result<ConfigFiles, (Kind, String)> {
    let mut parts = ConfigParts { most: limits.held, ..ConfigParts::default() };
    let mut begin = Some(begin);
    let mut fill = |buffer: &mut Vec<u8>| match begin.take() {
        Some(begin) => {
            buffer.extend(begin);
            true
        }
        None => stream.fill(buffer),
    };
    let is_list = |key: &[u8]| LISTS.iter().any(|list| key.eq_ignore_ascii_case(list.as_bytes()));
    let end = visit_document_parts(&mut fill, limits.record, &is_list, &mut |part| parts.part(part));
    // The checksum stands at the end.
    let mut rest = Vec::new();
    while fill(&mut rest) {
        rest.clear();
    }
    match end {
        Err(PartsFault::Cut) => Err(no_json(Kind::Truncated, "it ends early")),
        Err(PartsFault::Broken) => Err(no_json(Kind::NotConfig, "a value is not where one should be")),
        Ok(_) => parts.finish(),
    }
}

/// What the parts of a file tell.
#[derive(Default)]
struct ConfigParts {
    items: ConfigItems,
    is_any: bool,
    /// How many parts were larger than the limit.
    too_large: u64,
    /// The place of what is read in its list.
    place: usize,
    /// Whether the list that is read is one of items, by its first element; what is none is odd then.
    of_items: bool,
    /// What was told already: a file that repeats an item a million times tells it once.
    seen: HashSet<[u8; 16]>,
    /// How many bytes were kept, and may be.
    kept: u64,
    most: u64,
    fault: Option<String>,
}

impl ConfigParts {
    fn part(&mut self, part: DocumentPart<'_>) {
        match part {
            DocumentPart::TooLarge => self.too_large += 1,
            DocumentPart::Element { list, index, text } => {
                self.place = index;
                self.element(list, text);
            }
            DocumentPart::Rest { had_lists: true, .. } => {}
            DocumentPart::Rest { text, .. } => {
                self.place = 0;
                self.read(text, &|value| value);
            }
        }
    }

    /// An element tells what a document tells that holds it alone.
    fn element(&mut self, list: &[u8], text: &[u8]) {
        let list = String::from_utf8_lossy(list);
        if self.place == 0 {
            self.of_items = serde_json::from_slice(text).is_ok_and(|it| is_item(&it));
        }
        let of_items = self.of_items;
        self.read(text, &|value| match () {
            () if !list.is_empty() => {
                Value::Object(Map::from_iter([(list.to_string(), Value::Array(vec![value]))]))
            }
            () if of_items => {
                Value::Object(Map::from_iter([(LISTS[0].to_owned(), Value::Array(vec![value]))]))
            }
            () => Value::Array(vec![value]),
        });
    }

    /// Reads one part.
    fn read(&mut self, text: &[u8], dress: &dyn Fn(Value) -> Value) {
        if self.fault.is_some() {
            return;
        }
        let mut hash = [0; 16];
        hash.copy_from_slice(&digest(&SHA256, text).as_ref()[..16]);
        if self.seen.contains(&hash) {
            return;
        }
        if has_too_many_values(text) {
            self.too_large += 1;
            return;
        }
        let value = match serde_json::from_slice(text) {
            Ok(value) => value,
            Err(error) => {
                self.fault = Some(error.to_string());
                return;
            }
        };
        let Some(mut read) = read_config_items(&dress(value)) else { return };
        self.is_any = true;
        read.first_odd = read.first_odd.map(|(_, lacks)| (self.place, lacks));
        if !read.steps.is_empty() {
            self.seen.insert(hash);
            self.kept += text.len() as u64;
        }
        if self.kept > self.most {
            self.too_large += 1;
        } else {
            add_items(&mut self.items, read);
        }
    }

    fn finish(self) -> Result<ConfigFiles, (Kind, String)> {
        if let Some(fault) = self.fault {
            return Err(no_json(Kind::NotConfig, fault));
        }
        let too_large = (self.too_large > 0)
            .then(|| format!("{} larger than the limit", count_noun(self.too_large, "part")));
        match too_large {
            _ if self.is_any => Ok(ConfigFiles::Items(self.items, too_large)),
            Some(cause) => Err((Kind::TooLarge, cause)),
            None => Ok(ConfigFiles::Other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::container::{InflateBuffers, each_stream_of};
    use crate::input::Source;
    use serde_json::json;

    const LIMITS: Limits = Limits { inflated: 64 << 20, package: 64 << 20, held: 32 << 20, record: 4 << 20 };

    fn read_with(content: &[u8], limits: &Limits) -> ConfigFiles {
        let mut read = None;
        let troubles = each_stream_of(
            &Source::named("config.json"),
            content,
            limits,
            &mut InflateBuffers::default(),
            &mut |stream| read = Some(read_stream(stream, limits)),
        );
        assert!(troubles.is_empty(), "{troubles:?}");
        read.unwrap()
    }

    fn item(number: usize) -> Value {
        json!({
            "resourceType": "AWS::S3::Bucket", "resourceId": format!("b{number}"), "awsAccountId": "111122223333",
            "configurationItemCaptureTime": "2024-05-01T00:00:00Z", "configurationItemStatus": "OK",
            "configuration": {"name": format!("b{number}")},
        })
    }

    /// What items tell, by both ways: as a whole, and item by item where no part may be larger.
    fn both(content: &str) -> [String; 2] {
        [LIMITS.record, 600].map(|record| {
            let limits = Limits { record, ..LIMITS };
            match read_with(content.as_bytes(), &limits) {
                ConfigFiles::Items(items, too_large) => {
                    let ids: Vec<_> = items.steps.iter().map(|step| &step.resource.kind).collect();
                    format!("{ids:?} {} {:?} {:?} {too_large:?}", items.odd, items.first_odd, items.news)
                }
                ConfigFiles::Other => "other".to_owned(),
                ConfigFiles::Broken(kind, _) => format!("{kind:?}"),
            }
        })
    }

    #[test]
    fn item_by_item_a_file_tells_the_same() {
        let (one, two, odd) = (item(1), item(2), json!({"resourceType": "AWS::S3::Bucket"}));
        let message =
            json!({"messageType": "ConfigurationItemChangeNotification", "configurationItem": item(3)});
        let other = json!({"configurationItem": item(4)});
        let news = json!({"messageType": "ConfigRulesEvaluationStarted", "notificationCreationTime": "x"});
        let pad = json!({"pad": "x".repeat(500)});
        for content in [
            json!({"fileVersion": "1.0", "configurationItems": [one, odd, two]}).to_string(),
            json!([one, two, odd]).to_string(),
            json!([message, other, news]).to_string(),
            json!({"Messages": [{"Body": message.to_string()}, {"Body": news.to_string()}], "x": pad})
                .to_string(),
            format!("{one}\n{message}\n{news}\n{pad}\n{two}"),
            json!({"Results": [one.to_string(), two.to_string()]}).to_string(),
            json!({"Records": [pad, pad]}).to_string(),
            format!("{pad}{}", r#"{"configurationItems":["#),
            format!("{pad}[}}"),
        ] {
            let [whole, parts] = both(&content);
            // Of several documents the first odd one is told by the place of its document where all are at hand.
            assert_eq!(parts.replace("Some((0", "Some((1"), whole.replace("Some((0", "Some((1"), "{content}");
        }
    }

    /// What a small file inflates to must not fill the memory: neither as white space nor as values, nor the same
    /// item over and over again.
    #[test]
    fn what_is_forged_takes_no_memory() {
        let repeated = |begin: &str, what: &str, end: &str| {
            let many = (3 << 20) / what.len();
            format!("{begin}{}{end}", what.repeat(many))
        };
        let one = item(1).to_string();
        let list = format!("{{\"configurationItems\":[{one},");
        for (content, items) in [
            (repeated("", " ", ""), None),
            (repeated("[", "[],", "0]"), None),
            (repeated(&list, "{},", "{}]}"), Some(1)),
            (repeated(&list, &format!("{one},"), &format!("{one}]}}")), Some(1)),
            (format!("{list}{}]}}", repeated("[", "[],", "0]")), Some(1)),
        ] {
            match read_with(content.as_bytes(), &Limits { record: 32 << 20, ..LIMITS }) {
                ConfigFiles::Items(read, _) => assert_eq!(Some(read.steps.len()), items),
                ConfigFiles::Other => assert_eq!(items, None),
                ConfigFiles::Broken(kind, cause) => assert_eq!(items, None, "{kind:?} {cause}"),
            }
        }
        let large = format!("{list}{{\"x\":\"{}\"}},{}]}}", "y".repeat(5 << 20), item(2));
        let ConfigFiles::Items(read, Some(cause)) = read_with(large.as_bytes(), &LIMITS) else {
            panic!("the other items are read")
        };
        assert_eq!((read.steps.len(), &*cause), (2, "1 part larger than the limit"));
    }
}
