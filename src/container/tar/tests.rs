use super::*;
use crate::container::stream::testing::*;

const LOG: &str = "AWSLogs/123456789012/CloudTrail/us-east-1/2024/03/10/x.json.gz";

#[test]
fn members_of_a_tar_are_read_whatever_they_are() {
    let long = format!("{}/x.json", "deep".repeat(60));
    let inner = tar(&[("c.json", b"three")]);
    let data = tar(&[
        (LOG, &gz(b"one")),
        ("b.json", b"two"),
        (&long, b"long name"),
        ("inner.tar.gz", &gz(&inner)),
        ("inner.zip", &zip(&[("d.json.gz", &gz(b"four"))])),
        ("b.json", b"two again"),
        ("__MACOSX/b.json", b"junk"),
        ("a/._b.json", b"junk"),
        ("a/.DS_Store", b"junk"),
        ("empty.json", b""),
    ]);
    let expected = [
        format!("f!{LOG}: one"),
        "f!b.json: two".to_owned(),
        format!("f!{long}: long name"),
        "f!inner.tar.gz!c.json: three".to_owned(),
        "f!inner.zip!d.json.gz: four".to_owned(),
        "f!b.json: two again".to_owned(),
        "f!empty.json: Empty: it holds no byte".to_owned(),
    ];
    for packed in [data.clone(), gz(&data), zstd(&data), gz(&gz(&data))] {
        assert_eq!(seen(&packed), expected);
    }
}

#[test]
fn links_and_directories_have_no_content() {
    let mut builder = tar::Builder::new(Vec::new());
    for kind in [EntryType::Symlink, EntryType::Link] {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(0);
        builder.append_link(&mut header, "link", "/etc/passwd").unwrap();
    }
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(EntryType::Directory);
    header.set_size(0);
    builder.append_data(&mut header, "logs/", &b""[..]).unwrap();
    assert_eq!(seen(&builder.into_inner().unwrap()), [""; 0]);
}

#[test]
fn packages_are_followed_twice() {
    let inner = tar(&[("c.json", b"three")]);
    let data = tar(&[("b.tar", &tar(&[("a.tar", &inner)]))]);
    assert_eq!(seen(&data), ["f!b.tar!a.tar: Unsupported: is packed over and over again"]);
}

#[test]
fn cut_tar_gives_what_it_has() {
    let data = tar(&[("a.json", b"one"), ("b.json", &[b'x'; 600])]);
    let two = "f!b.json: 600 bytes";
    for (cut, expected) in [
        (data.len(), vec!["f!a.json: one", two]),
        (
            data.len() - 1024,
            vec!["f!a.json: one", two, "f: Truncated: the tar has no end mark after 2 members"],
        ),
        (
            1536 + 100,
            vec![
                "f!a.json: one",
                "f!b.json: 100 bytes | Truncated: the package ends early, after 100 of 600 bytes",
                "f: Truncated: the tar ends early, after 2 members",
            ],
        ),
        (1024 + 100, vec!["f!a.json: one", "f: Truncated: the tar ends early, after 1 member"]),
        (
            512,
            vec![
                "f!a.json: Truncated: the package ends early, after 0 of 3 bytes",
                "f: Truncated: the tar ends early, after 1 member",
            ],
        ),
    ] {
        assert_eq!(seen(&data[..cut]), expected, "cut at {cut}");
    }
}

#[test]
fn cut_tar_gz_is_told_by_its_gzip() {
    let noise: Vec<u8> = (0..5000u32).map(|n| (n.wrapping_mul(2654435761) >> 13) as u8).collect();
    let data = gz(&tar(&[("a.json", b"one"), ("b.json", &noise)]));
    let seen = seen(&data[..data.len() / 2]);
    assert_eq!(seen[0], "f!a.json: one");
    assert!(seen[1].starts_with("f!b.json: "), "{seen:?}");
    assert!(seen[1].contains("| Truncated: the package ends early"), "{seen:?}");
    assert!(seen[2].starts_with("f: Truncated: the gzip stream ends early, after "), "{seen:?}");
}

#[test]
fn damage_of_the_package_is_told() {
    let data = tar(&[("a.json", b"one"), ("b.json", b"two")]);
    let mut broken = data.clone();
    broken[1024] ^= 1;
    assert_eq!(seen(&broken), ["f!a.json: one", "f: Corrupt: the tar is broken after 1 member"]);
    let mut packed = gz(&data);
    let last = packed.len() - 1;
    packed[last] ^= 1;
    assert_eq!(
        seen(&packed),
        ["f!a.json: one", "f!b.json: two", "f: Corrupt: the gzip checksum does not match"]
    );
    // One tar behind the other is all read.
    assert_eq!(seen(&[&data[..], &tar(&[("c", b"three")])].concat()).len(), 3);
}

#[test]
fn cut_member_is_its_own_damage() {
    let log = gz(b"some content");
    let data = tar(&[("a.json.gz", &log[..log.len() - 8]), ("b.json.gz", &log)]);
    assert_eq!(
        seen(&data),
        [
            "f!a.json.gz: some content | Truncated: the gzip stream ends early, after 12 inflated bytes",
            "f!b.json.gz: some content",
        ]
    );
}

/// The reader of tars holds what stands before a member, whatever size it claims.
#[test]
fn what_stands_before_a_member_is_bounded() {
    for kind in [EntryType::GNULongName, EntryType::GNULongLink, EntryType::XHeader] {
        for fill in [b'a', 0] {
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(kind);
            header.set_size(64 << 20);
            header.set_cksum();
            let held = vec![fill; 64 << 20];
            let data = [&tar(&[("b.json", b"two")])[..1024], header.as_bytes(), &held].concat();
            let expected = ["f!b.json: two", "f: Corrupt: the tar is broken after 1 member"];
            assert_eq!(seen(&gz(&data)), expected, "{kind:?}");
        }
    }
    // Zeros between tars are no such thing.
    let far = [&tar(&[("b.json", b"two")])[..], &vec![0; 3 << 20], &tar(&[("c.json", b"three")])].concat();
    assert_eq!(seen(&gz(&far)), ["f!b.json: two", "f!c.json: three"]);
}
