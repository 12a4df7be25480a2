use super::testing::*;
use super::*;
use std::fs;
use std::path::PathBuf;

/// Reads a file by its path, as a scan does.
fn read(path: PathBuf, scratch: &mut InflateBuffers) -> Vec<String> {
    let source = Source::named(path);
    let mut lines = Vec::new();
    let troubles = each_stream(&source, &Limits::default(), scratch, &mut |stream| {
        let line = describe(stream);
        lines.push(line.rsplit('/').next().unwrap_or_default().to_owned());
    });
    lines.extend(troubles.iter().map(|found| format!("{:?}: {}", found.kind, found.cause)));
    if let Ok(file) = fs::read(source.path().unwrap()) {
        assert_eq!(lines, read_already(&source, &file, scratch), "of bytes that were read already");
    }
    lines
}

/// The same of its bytes.
fn read_already(source: &Source, file: &[u8], scratch: &mut InflateBuffers) -> Vec<String> {
    let mut lines = Vec::new();
    let troubles = each_stream_of(source, file, &Limits::default(), scratch, &mut |stream| {
        let line = describe(stream);
        lines.push(line.rsplit('/').next().unwrap_or_default().to_owned());
    });
    lines.extend(troubles.iter().map(|found| format!("{:?}: {}", found.kind, found.cause)));
    lines
}

#[test]
fn content_is_told_by_its_bytes() {
    let text = br#"{"Records":[]}"#;
    let plain = r#"f: {"Records":[]}"#;
    for data in [
        text.to_vec(),
        gz(text),
        zstd(text),
        gz(&gz(text)),
        gz(&gz(&gz(text))),
        gz(&zstd(text)),
        zstd(&gz(text)),
    ] {
        assert_eq!(seen(&data), [plain]);
    }
    assert_eq!(seen(b"\xef\xbb\xbf{}"), ["f: \u{feff}{}"]);
}

#[test]
fn what_is_no_content_is_told() {
    for (data, expected) in [
        (Vec::new(), "f: Empty: it holds no byte"),
        (gz(b""), "f: Empty: it holds no data"),
        (gz(&gz(b"")), "f: Empty: it holds no data"),
        (zstd(b""), "f: Empty: it holds no data"),
        (b"BZh91AY&SY...".to_vec(), "f: Unsupported: is compressed with bzip2"),
        (b"\xfd7zXZ\0...".to_vec(), "f: Unsupported: is compressed with xz"),
        (gz(b"7z\xbc\xaf\x27\x1c..."), "f: Unsupported: is compressed with 7z"),
        (gz(&gz(&gz(&gz(b"deep")))), "f: Unsupported: is compressed over and over again"),
        (b"\x1f\x8b".to_vec(), "f: Truncated: the gzip stream ends early, after 0 inflated bytes"),
        (
            b"\x1f\x8b\x08\x04\0\0\0\0\0\0".to_vec(),
            "f: Truncated: the gzip stream ends early, after 0 inflated bytes",
        ),
        (
            b"\x1f\x8b\x08\x08\0\0\0\0\0\0name".to_vec(),
            "f: Truncated: the gzip stream ends early, after 0 inflated bytes",
        ),
        (b"\x1f\x8b\x07\0\0\0\0\0\0\0\0\0\0".to_vec(), "f: Corrupt: the gzip header is broken"),
        (
            b"\x1f\x8b\x08\0\0\0\0\0\0\0\xff\xff".to_vec(),
            "f: Corrupt: the gzip stream is broken after 0 inflated bytes",
        ),
        (b"\x28\xb5\x2f\xfd".to_vec(), "f: Truncated: the zstd stream ends early, after 0 inflated bytes"),
    ] {
        assert_eq!(seen(&data), [expected], "{data:?}");
    }
}

#[test]
fn inner_damage_is_told_once_through_all_layers() {
    let inner = gz(b"some content");
    assert_eq!(
        seen(&gz(&inner[..inner.len() - 3])),
        ["f: some content | Truncated: the gzip stream ends early, after 12 inflated bytes"]
    );
    let mut outer = gz(&inner);
    outer.truncate(outer.len() - 2);
    let count = inner.len();
    assert_eq!(
        seen(&outer),
        [format!("f: some content | Truncated: the gzip stream ends early, after {count} inflated bytes")]
    );
}

#[test]
fn limit_stops_a_bomb() {
    let limits = Limits { inflated: 1000, ..Limits::default() };
    let bomb = vec![b'x'; 1 << 20];
    for data in [gz(&bomb), zstd(&bomb), [gz(&bomb[..600]), gz(&bomb[..600])].concat()] {
        let seen = seen_within(&data, &limits);
        assert!(seen[0].starts_with("f: 1000 bytes"), "{seen:?}");
        assert!(seen[0].ends_with("| TooLarge: inflates to more than 1,000 bytes"), "{seen:?}");
    }
    assert_eq!(seen_within(&gz(&bomb[..1000]), &limits), ["f: 1000 bytes"]);
    let member = gz(&bomb[..900]);
    let package = tar(&[("a", &member), ("b", &member), ("c", &member)]);
    assert_eq!(
        seen_within(&package, &Limits { package: 1500, ..limits }),
        [
            "f!a: 900 bytes",
            "f!b: 600 bytes | TooLarge: inflates to more than 600 bytes",
            "f: TooLarge: inflates to more than 1,500 bytes",
        ]
    );
}

#[test]
fn chunks_are_bounded() {
    let data = gz(&vec![b'x'; 5 << 20]);
    let mut sizes = Vec::new();
    let mut pool = DecoderPool::default();
    let mut visit = |stream: &mut Stream<'_>| {
        let mut buf = Vec::with_capacity(CHUNK);
        while stream.fill(&mut buf) {
            sizes.push(buf.len());
            buf.clear();
        }
    };
    let limits = Limits::default();
    let mut walk = Unpacker {
        limits: &limits,
        pool: &mut pool,
        visit: &mut visit,
        troubles: TroubleList::default(),
        spent: 0,
    };
    walk.read(SourceBytes::slice(&data), StreamPath { name: "f", explicit: true, packages: 0, layers: 0 });
    assert_eq!(sizes.iter().sum::<usize>(), 5 << 20);
    assert!(sizes.iter().all(|size| *size <= CHUNK));
}

#[test]
fn files_are_read_one_after_the_other_with_the_same_buffers() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    fs::write(path("long.json.gz"), gz(&[b'x'; 5000])).unwrap();
    fs::write(path("short.json.gz"), gz(b"short")).unwrap();
    fs::write(path("plain.json.gz"), b"plain").unwrap();
    fs::write(path("cut.json.gz"), &gz(b"the cut one")[..12]).unwrap();
    let scratch = &mut InflateBuffers::default();
    for _ in 0..2 {
        assert_eq!(read(path("long.json.gz"), scratch), ["long.json.gz: 5000 bytes"]);
        assert_eq!(read(path("short.json.gz"), scratch), ["short.json.gz: short"]);
        assert_eq!(read(path("plain.json.gz"), scratch), ["plain.json.gz: plain"]);
        let cut = read(path("cut.json.gz"), scratch);
        assert!(cut[0].contains("Truncated: the gzip stream ends early, after"), "{cut:?}");
    }
    assert_eq!(scratch.pool.len(), (1, 1));
}

#[test]
fn what_cannot_be_opened_is_a_trouble() {
    let dir = tempfile::tempdir().unwrap();
    let scratch = &mut InflateBuffers::default();
    // A file that went away between walking and reading.
    assert_eq!(read(dir.path().join("gone"), scratch), ["Unreadable: no such file or directory"]);
    assert_eq!(read(dir.path().to_owned(), scratch), ["Unreadable: is a directory"]);
}

#[cfg(unix)]
#[test]
fn devices_are_read_as_streams() {
    assert_eq!(read("/dev/null".into(), &mut InflateBuffers::default()), ["Empty: it holds no byte"]);
}

#[test]
fn large_files_are_streamed() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    let scratch = &mut InflateBuffers::default();
    // Holes cost no disk.
    let plain = fs::File::create(path("plain")).unwrap();
    plain.set_len(SMALL + 5).unwrap();
    assert_eq!(read(path("plain"), scratch), [format!("plain: {} bytes", SMALL + 5)]);
    // A zip is found from its end, so whatever stands before it does not matter.
    let mut data = vec![0; SMALL as usize];
    data[..4].copy_from_slice(b"PK\x03\x04");
    data.extend(zip(&[("a.json.gz", &gz(b"one"))]));
    fs::write(path("z.zip"), data).unwrap();
    assert_eq!(read(path("z.zip"), scratch), ["z.zip!a.json.gz: one"]);
    assert!(scratch.file.capacity() < 1 << 20);
}
