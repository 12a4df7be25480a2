//! Walks over the keys of one value of a record, at every depth, without parsing it.
//!
//! For whoever needs some values of every record of an archive and can do without the rest.
//! As an outline it does not validate.

use super::outline::skip_space;
use super::structural;
use super::structural::{BLOCK, BlockCarry};
use fearless_simd::Simd;

/// Gives every key of the object or array that `value` begins with to `visit`, in the order they stand.
///
/// A key comes without its quotes, and with what stands between its colon and the next key, of whatever
/// object: the value, where that is a scalar or a list of them. Returned is how long the value is, `None` when the
/// bytes end first.
pub fn visit_keys<'r>(value: &'r [u8], visit: &mut impl FnMut(&'r [u8], &'r [u8])) -> Option<usize> {
    fearless_simd::dispatch!(structural::simd_level(), simd => {
        let visit = &mut *visit;
        simd.vectorize(#[inline(always)] move || visit_keys_by(simd, value, visit))
    })
}

#[inline(always)]
fn visit_keys_by<'r, S: Simd>(
    simd: S,
    value: &'r [u8],
    visit: &mut impl FnMut(&'r [u8], &'r [u8]),
) -> Option<usize> {
    let mut carry = BlockCarry::default();
    let (mut depth, mut string) = (0_u32, 0);
    // The last key, and where its value starts.
    let mut last: Option<(&'r [u8], usize)> = None;
    for (index, chunk) in value.chunks(BLOCK).enumerate() {
        let block = carry.chunk(simd, chunk);
        let at = index * BLOCK;
        let mut turns = block.quotes | block.open | block.close;
        while turns != 0 {
            let bit = turns & turns.wrapping_neg();
            let place = at + turns.trailing_zeros() as usize;
            turns &= turns - 1;
            if block.starts & bit != 0 {
                string = place + 1;
            } else if block.quotes & bit != 0 {
                let colon = match value.get(place + 1) {
                    Some(b':') => place + 1,
                    Some(b',' | b'}' | b']') | None => continue,
                    Some(_) => skip_space(value, place + 1),
                };
                if value.get(colon) == Some(&b':') {
                    if let Some((key, from)) = last {
                        visit(key, &value[from..string - 1]);
                    }
                    last = Some((&value[string..place], colon + 1));
                }
            } else if block.open & bit != 0 {
                depth += 1;
            } else {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    if let Some((key, from)) = last {
                        visit(key, &value[from..place]);
                    }
                    return Some(place + 1);
                }
            }
        }
    }
    if let Some((key, from)) = last {
        visit(key, &value[from..]);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_length_of_the_value_is_told() {
        for (text, length) in
            [("{}", Some(2)), (r#"[{"a":"]"}],1"#, Some(11)), (r#"{"a":{}"#, None), ("", None)]
        {
            assert_eq!(visit_keys(text.as_bytes(), &mut |_, _| {}), length, "{text}");
        }
    }

    fn keys(record: &str) -> Vec<String> {
        let mut found = Vec::new();
        visit_keys(record.as_bytes(), &mut |key, value| {
            let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
            found.push(format!("{}={}", text(key), text(value)));
        });
        found
    }

    #[test]
    fn every_key_comes_with_what_follows() {
        assert_eq!(
            keys(r#"{"a":"b","c" : {"d":["x","y:z"],"e":[{"f":1},2]},"g":"\"h\":1"},"i":1"#),
            [r#"a="b","#, "c= {", r#"d=["x","y:z"],"#, "e=[{", "f=1},2]},", r#"g="\"h\":1""#]
        );
        assert_eq!(keys("{}"), [""; 0]);
        assert_eq!(keys(r#"{"a":"#), ["a="]);
    }

    proptest! {
        #[test]
        fn nothing_breaks_it(record in "[{}\\[\\]\":,\\\\a ]{0,150}") {
            visit_keys(record.as_bytes(), &mut |_, _| {});
        }
    }
}
