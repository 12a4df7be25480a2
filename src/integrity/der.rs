//! As much DER as a public key needs: the numbers of an RSA key, and the
//! SubjectPublicKeyInfo that may be around it (RFC 8017 A.1.1, RFC 5280 4.1).

/// `rsaEncryption`, 1.2.840.113549.1.1.1.
const RSA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OBJECT: u8 = 0x06;
const SEQUENCE: u8 = 0x30;

/// Returns the RSAPublicKey in a SubjectPublicKeyInfo, or the bytes themselves when they are none.
pub(super) fn unwrap_public_key(der: &[u8]) -> &[u8] {
    subject_public_key(der).unwrap_or(der)
}

fn subject_public_key(der: &[u8]) -> Option<&[u8]> {
    let (info, []) = read_element(der, SEQUENCE)? else { return None };
    let (algorithm, rest) = read_element(info, SEQUENCE)?;
    let (object, _) = read_element(algorithm, OBJECT)?;
    let (bits, []) = read_element(rest, BIT_STRING)? else { return None };
    let (0, key) = bits.split_first()? else { return None };
    (object == RSA).then_some(key)
}

/// Returns whether the bytes are an RSAPublicKey that signatures can be checked with. A key that
/// is none must not make sound signatures look false.
pub(super) fn is_rsa_key(der: &[u8]) -> bool {
    read_rsa_numbers(der).is_some_and(|(modulus, exponent)| {
        let bits =
            (modulus.len() * 8).saturating_sub(modulus.first().map_or(0, |it| it.leading_zeros() as usize));
        let odd = |number: &[u8]| number.last().is_some_and(|byte| byte & 1 == 1);
        (2048..=8192).contains(&bits)
            && odd(modulus)
            && odd(exponent)
            && exponent.len() <= 4
            && exponent != [1]
    })
}

/// The modulus and the exponent, without leading zeros.
fn read_rsa_numbers(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (key, []) = read_element(der, SEQUENCE)? else { return None };
    let (modulus, rest) = read_element(key, INTEGER)?;
    let (exponent, []) = read_element(rest, INTEGER)? else { return None };
    Some((read_positive_integer(modulus)?, read_positive_integer(exponent)?))
}

fn read_positive_integer(integer: &[u8]) -> Option<&[u8]> {
    match integer {
        [0, rest @ ..] if rest.first().is_some_and(|byte| *byte >= 0x80) => Some(rest),
        [first, ..] if (1..0x80).contains(first) => Some(integer),
        _ => None,
    }
}

/// Splits off the content of the first element, which has to have this tag.
fn read_element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        0x81 | 0x82 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (digits.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    (*found == tag).then_some(())?;
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_panics(mut der in prop::collection::vec(any::<u8>(), 0..60)) {
            is_rsa_key(unwrap_public_key(&der));
            der.splice(0..0, [0x30, 0x82]);
            is_rsa_key(unwrap_public_key(&der));
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for der in [&b""[..], &[0x30], &[0x30, 0], &[0x30, 0x84, 0, 0, 0, 0], &[0x30, 6, 2, 1, 5, 2, 1, 3]] {
            assert!(!is_rsa_key(der));
            assert_eq!(unwrap_public_key(der), der);
        }
    }
}
