use super::*;
use crate::container::stream::testing::*;
use proptest::prelude::*;

const TEXT: &[u8] = b"one and one and one, and one and one and one";

fn decode(mut decoder: Decoder<'_>) -> (Vec<u8>, Vec<Damage>, Option<u64>) {
    let mut content = Vec::new();
    while decoder.fill(&mut content, 16) {}
    (content, decoder.damage(), decoder.first_member_end())
}

fn gunzip(data: &[u8]) -> (Vec<u8>, Vec<Damage>, Option<u64>) {
    decode(Decoder::gzip(SourceBytes::slice(data), u64::MAX, &mut DecoderPool::default()))
}

#[test]
fn cut_anywhere_is_seen_and_the_rest_is_given() {
    let whole = gz(TEXT);
    for cut in 0..whole.len() {
        let (content, damage, _) = gunzip(&whole[..cut]);
        assert!(TEXT.starts_with(&content), "cut at {cut}");
        let count = content.len();
        let cause = format!("the gzip stream ends early, after {count} inflated bytes");
        assert_eq!(damage, [Damage::new(Kind::Truncated, cause)], "cut at {cut}");
    }
    assert_eq!(gunzip(&whole), (TEXT.to_vec(), vec![], None));
    // All is there but the checksum.
    assert_eq!(gunzip(&whole[..whole.len() - 8]).0, TEXT);
}

#[test]
fn cut_zstd_gives_what_it_has() {
    let text: Vec<u8> = (0..400_000u32).flat_map(|n| (n / 7).to_string().into_bytes()).collect();
    let whole = zstd(&text);
    for cut in [4, 5, 9, 1000, whole.len() / 2, whole.len() - 5, whole.len() - 1] {
        let (content, damage, _) = decode(Decoder::zstd(SourceBytes::slice(&whole[..cut]), u64::MAX));
        assert!(text.starts_with(&content), "cut at {cut}");
        assert_eq!(damage.len(), 1, "cut at {cut}");
        assert_eq!(damage[0].kind, Kind::Truncated, "cut at {cut}: {damage:?}");
        if cut > whole.len() / 3 {
            assert!(content.len() > text.len() / 4, "cut at {cut}: {}", content.len());
        }
    }
}

#[test]
fn zstd_frames_follow_each_other() {
    let skipped = b"\x50\x2a\x4d\x18\x03\0\0\0abc";
    let all = [&skipped[..], &zstd(b"one "), &skipped[..], &zstd(b"two")].concat();
    assert_eq!(seen(&all), ["f: one two"]);
    assert_eq!(
        seen(&[&all[..], b"rest"].concat()),
        ["f: one two | TrailingData: 4 bytes after the zstd stream are not zstd"]
    );
}

#[test]
fn members_are_all_read_and_told_once() {
    let second = "a second gzip member follows the first, after 4 inflated bytes; CloudTrail writes one";
    let (content, damage, end) = gunzip(&[gz(b"one "), gz(b"two "), gz(b"three")].concat());
    assert_eq!(content, b"one two three");
    assert_eq!(damage, [Damage::new(Kind::TrailingData, second)]);
    assert_eq!(end, Some(4));
    // Padding in between, as on tapes, is none of its business.
    assert_eq!(gunzip(&[gz(b"one "), vec![0; 100], gz(b"two")].concat()).0, b"one two");
    // Each member may be damaged on its own account.
    let two = gz(b"two ");
    let (content, damage, _) = gunzip(&[&gz(b"one "), &two[..two.len() - 1]].concat());
    assert_eq!(content, b"one two ");
    assert_eq!(damage[1].cause, "the gzip stream ends early, after 8 inflated bytes");
}

#[test]
fn what_follows_is_told() {
    for (rest, expected) in [
        (&b""[..], None),
        (&[0; 700], None),
        (b"x", Some("1 byte after the gzip stream is not gzip")),
        (b"\0\0garbage", Some("9 bytes after the gzip stream are not gzip")),
        (b"\x1f", Some("1 byte after the gzip stream is not gzip")),
        (b"\x1f\x8b", Some("2 bytes after the gzip stream are not gzip")),
        (b"\x1f\x8b\x07rest", Some("7 bytes after the gzip stream are not gzip")),
    ] {
        let (content, damage, end) = gunzip(&[&gz(TEXT), rest].concat());
        assert_eq!(content, TEXT);
        assert_eq!(end, None);
        let causes: Vec<_> = damage.iter().map(|damage| damage.cause.as_str()).collect();
        assert_eq!(causes, expected.as_slice(), "{rest:?}");
        assert!(damage.iter().all(|damage| damage.kind == Kind::TrailingData));
    }
}

#[test]
fn checksum_is_checked_and_the_content_given() {
    for at in [1, 5, 8] {
        let mut data = gz(TEXT);
        let last = data.len() - at;
        data[last] ^= 1;
        let broken = Damage::new(Kind::Corrupt, "the gzip checksum does not match");
        assert_eq!(gunzip(&data), (TEXT.to_vec(), vec![broken], None));
    }
}

#[test]
fn optional_header_fields_are_skipped() {
    use flate2::{Compression, GzBuilder};
    use std::io::Write;
    let builder = GzBuilder::new().filename("a.json").comment("no comment").extra(vec![7; 300]);
    let mut encoder = builder.write(Vec::new(), Compression::fast());
    encoder.write_all(TEXT).unwrap();
    let mut data = encoder.finish().unwrap();
    assert_eq!(gunzip(&data), (TEXT.to_vec(), vec![], None));
    // Bit 5 meant encryption, long ago.
    data[3] |= 0x20;
    assert_eq!(gunzip(&data).1, [Damage::new(Kind::Corrupt, "the gzip header is broken")]);
}

proptest! {
    #[test]
    fn any_content_comes_back(content: Vec<u8>, split in 0..100usize) {
        prop_assert_eq!(gunzip(&gz(&content)).0, content.clone());
        let (one, two) = content.split_at(split.min(content.len()));
        prop_assert_eq!(gunzip(&[gz(one), gz(two)].concat()).0, content);
    }

    #[test]
    fn cut_content_is_a_prefix(content: Vec<u8>, cut in 0.0..1.0) {
        for (whole, zstd) in [(gz(&content), false), (zstd(&content), true)] {
            let part = &whole[..(whole.len() as f64 * cut) as usize];
            let decoder = match zstd {
                true => Decoder::zstd(SourceBytes::slice(part), u64::MAX),
                false => Decoder::gzip(SourceBytes::slice(part), u64::MAX, &mut DecoderPool::default()),
            };
            let (given, damage, _) = decode(decoder);
            prop_assert!(content.starts_with(&given));
            prop_assert!(part.is_empty() || damage.len() == 1);
        }
    }

    #[test]
    fn broken_input_is_survived(content: Vec<u8>, at: usize, with: u8) {
        for mut data in [gz(&content), zstd(&content), zip(&[("a", &content)]), tar(&[("a", &content)])] {
            let at = at % data.len();
            data[at] ^= with;
            seen(&data);
        }
    }

    #[test]
    fn noise_is_survived(noise: Vec<u8>, format in 0..4usize) {
        let mark: &[u8] = [&b"\x1f\x8b\x08"[..], b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"PK\x05\x06"][format];
        seen(&[mark, &noise].concat());
    }
}
