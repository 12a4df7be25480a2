use crate::container::stream::testing::*;
use std::io::{Cursor, Write};
use zip::unstable::write::FileOptionsExt;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const LOG: &str = "AWSLogs/123456789012/CloudTrail/us-east-1/2024/03/10/x.json.gz";

/// Finds where `needle` is, `nth` from the front.
fn find(data: &[u8], needle: &[u8], nth: usize) -> usize {
    let mut found = (0..data.len()).filter(|at| data[*at..].starts_with(needle));
    found.nth(nth).unwrap()
}

fn noise(count: u32) -> Vec<u8> {
    let mut state = 1u32;
    let step = |_| {
        state = state.wrapping_mul(1664525).wrapping_add(1013904223);
        (state >> 24) as u8
    };
    (0..count).map(step).collect()
}

#[test]
fn members_of_a_zip_are_read_whatever_they_are() {
    let members: &[(&str, &[u8])] = &[
        (LOG, &gz(b"one")),
        ("b\\c.json", b"two"),
        ("inner.tar.gz", &gz(&tar(&[("c.json", b"three")]))),
        ("inner.zip", &zip(&[("d.json.gz", &gz(b"four"))])),
        ("inner.zip.gz", &gz(&zip(&[("d.json.gz", &gz(b"five"))]))),
        ("__MACOSX/b.json", b"junk"),
        ("empty.json", b""),
        ("dir/", b""),
    ];
    let expected = [
        &format!("f!{LOG}: one"),
        "f!b\\c.json: two",
        "f!inner.tar.gz!c.json: three",
        "f!inner.zip!d.json.gz: four",
        "f!inner.zip.gz!d.json.gz: five",
        "f!empty.json: Empty: it holds no byte",
    ];
    for data in [zip(members), piped_zip(members), gz(&zip(members))] {
        assert_eq!(seen(&data), expected);
    }
    assert_eq!(seen(&zip(&[])), ["f: Empty: the zip holds no file"]);
}

#[test]
fn members_with_the_same_name_are_all_read() {
    let mut data = zip(&[("a.json", b"one"), ("b.json", b"two")]);
    for _ in 0..2 {
        let at = find(&data, b"b.json", 0);
        data[at] = b'a';
    }
    assert_eq!(seen(&data), ["f!a.json: one", "f!a.json: two"]);
}

#[test]
fn what_cannot_be_read_costs_itself_only() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let plain = SimpleFileOptions::default();
    let stored = plain.compression_method(CompressionMethod::Stored);
    for (name, options) in [
        ("a.json", stored),
        ("b.json", plain.with_deprecated_encryption(b"secret").unwrap()),
        ("c.json", stored),
        ("d.json", plain),
    ] {
        writer.start_file(name, options).unwrap();
        writer.write_all(name.as_bytes()).unwrap();
    }
    writer.add_symlink("e.json", "/etc/passwd", plain).unwrap();
    let mut data = writer.finish().unwrap().into_inner();
    // Make one of the stored members claim method 12, bzip2.
    let at = find(&data, b"PK\x01\x02", 2);
    data[at + 10] = 12;
    assert_eq!(
        seen(&data),
        [
            "f!a.json: a.json",
            "f!d.json: d.json",
            "f!b.json: Unsupported: is encrypted",
            "f!c.json: Unsupported: is compressed by a method that is not supported",
        ]
    );
}

#[test]
fn damaged_member_gives_what_it_has() {
    let whole = zip(&[("a.json", &noise(5000)), ("b.json", b"two")]);
    let mut data = whole.clone();
    data[2000] ^= 0xff;
    let lines = seen(&data);
    assert!(lines[0].starts_with("f!a.json: "), "{lines:?}");
    assert!(lines[0].contains("| Corrupt: the zip"), "{lines:?}");
    assert_eq!(lines[1], "f!b.json: two");
    // The checksum in the directory is wrong, then the place of the header.
    let directory = find(&whole, b"PK\x01\x02", 1);
    let mut data = whole.clone();
    data[directory + 16] ^= 1;
    assert_eq!(seen(&data)[1], "f!b.json: two | Corrupt: the zip checksum does not match");
    let mut data = whole;
    data[directory + 42] ^= 1;
    assert_eq!(seen(&data)[1], "f!b.json: Corrupt: has no header where the zip directory says");
}

#[test]
fn zip_without_its_directory_is_read_from_the_front() {
    let members: &[(&str, &[u8])] = &[("a.json", b"one"), (LOG, &gz(b"two")), ("c.json", &noise(5000))];
    for whole in [zip(members), piped_zip(members)] {
        let directory = find(&whole, b"PK\x01\x02", 0);
        let end = "f: Truncated: the zip has no directory; it was read without, and ends after 3 members";
        assert_eq!(
            seen(&whole[..directory]),
            ["f!a.json: one", &format!("f!{LOG}: two"), "f!c.json: 5000 bytes", end]
        );
        let lines = seen(&whole[..directory - 1000]);
        assert_eq!(lines.len(), 4);
        assert!(lines[2].starts_with("f!c.json: "), "{lines:?}");
        assert!(lines[2].contains("| Truncated: the "), "{lines:?}");
        assert_eq!(lines[3], end);
    }
    assert_eq!(
        seen(b"PK\x03\x04"),
        ["f: Truncated: the zip has no directory; it was read without, and ends after 0 members"]
    );
}

/// A zip bomb after Fifield: entries of the directory lead to the same content, or into that of another.
#[test]
fn members_that_share_bytes_are_refused() {
    const TOLD: &str = "of its members overlap others, and were not read";
    let entry = |data: &[u8], nth| find(data, b"PK\x01\x02", nth);
    let lead = |data: &mut [u8], nth: usize, to: usize| {
        let at = entry(data, nth) + 42;
        data[at..at + 4].copy_from_slice(&(to as u32).to_le_bytes());
    };
    let mut data = zip(&[("a.json", b"one"), ("b.json", b"two"), ("c.json", b"six"), ("d.json", b"ten")]);
    lead(&mut data, 1, 0);
    lead(&mut data, 2, 0);
    let told = format!("f: Corrupt: is forged or damaged: 2 {TOLD}");
    assert_eq!(seen(&data), ["f!a.json: one", "f!d.json: ten", &told]);
    // What a damaged size swallows is there all the same.
    let mut data = zip(&[("a.json", b"one"), ("b.json", b"two"), ("c.json", b"six")]);
    let size = entry(&data, 0) + 20;
    data[size..size + 4].copy_from_slice(&60_u32.to_le_bytes());
    let told = format!("f: Corrupt: is forged or damaged: 1 {TOLD}");
    assert_eq!(seen(&data), ["f!b.json: two", "f!c.json: six", &told]);
}

/// A package of a million worthless members is told of in some lines.
#[test]
fn troubles_of_one_package_are_told_so_far() {
    let names: Vec<String> = (0..1200).map(|it| format!("{it}.json")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|it| (&**it, &b""[..])).collect();
    for data in [zip(&members), tar(&members)] {
        let seen = seen(&data);
        assert_eq!(seen.len(), 1001);
        assert_eq!(seen[1000], "f: Empty: 200 more of its members cannot be read");
    }
}
