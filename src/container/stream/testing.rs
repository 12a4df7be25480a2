//! Files made for tests, and what is seen when they are read.

use super::*;
use ::zip::ZipWriter;
use ::zip::write::{SimpleFileOptions, StreamWriter};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

pub(crate) fn gz(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zstd(content: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(content, ruzstd::encoding::CompressionLevel::Fastest)
}

pub(crate) fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = ::tar::Builder::new(Vec::new());
    for (name, content) in members {
        let mut header = ::tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *content).unwrap();
    }
    builder.into_inner().unwrap()
}

pub(crate) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Makes a zip as it is written to a pipe: the sizes stand behind the content.
pub(crate) fn piped_zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer: ZipWriter<StreamWriter<Vec<u8>>> = ZipWriter::new_stream(Vec::new());
    for (name, content) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Lists what is seen in a file `f`: `name: content` and its damage, then the troubles.
///
/// The file is read from memory and as a stream, which must come to the same.
pub(crate) fn seen(data: &[u8]) -> Vec<String> {
    seen_within(data, &Limits::default())
}

pub(crate) fn seen_within(data: &[u8], limits: &Limits) -> Vec<String> {
    let whole = list(SourceBytes::slice(data), limits);
    assert_eq!(whole, list(SourceBytes::read(data), limits), "read as a stream");
    whole
}

fn list(bytes: SourceBytes<'_>, limits: &Limits) -> Vec<String> {
    let mut lines = Vec::new();
    let mut pool = DecoderPool::default();
    let mut visit = |stream: &mut Stream<'_>| lines.push(describe(stream));
    let mut walk =
        Unpacker { limits, pool: &mut pool, visit: &mut visit, troubles: TroubleList::default(), spent: 0 };
    walk.read(bytes, StreamPath { name: "f", explicit: true, packages: 0, layers: 0 });
    let troubles = walk.troubles.into_vec("f");
    lines.extend(troubles.iter().map(|found| format!("{}: {:?}: {}", found.file, found.kind, found.cause)));
    lines
}

pub(crate) fn describe(stream: &mut Stream<'_>) -> String {
    let mut content = Vec::new();
    while stream.fill(&mut content) {}
    assert!(!stream.fill(&mut content), "the end stays the end");
    assert_eq!(stream.inflated(), content.len() as u64);
    let content = match content.len() {
        0..60 => String::from_utf8_lossy(&content).into_owned(),
        long => format!("{long} bytes"),
    };
    let mut line = format!("{}: {content}", stream.name());
    for damage in stream.damage() {
        line += &format!(" | {:?}: {}", damage.kind, damage.cause);
    }
    line
}
