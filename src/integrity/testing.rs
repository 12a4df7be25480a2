//! Keys that tests and examples sign with, as AWS signs digests. They protect nothing.

use data_encoding::BASE64;
use ring::rand::SystemRandom;
use ring::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use std::sync::OnceLock;

/// A key pair of the fixtures.
pub(crate) struct Key(RsaKeyPair);

/// Returns one of the three fixed keys.
pub(crate) fn key(index: usize) -> &'static Key {
    const KEYS: [&[u8]; 3] = [
        include_bytes!("../../tests/fixtures/digest/keys/0.pk8"),
        include_bytes!("../../tests/fixtures/digest/keys/1.pk8"),
        include_bytes!("../../tests/fixtures/digest/keys/2.pk8"),
    ];
    static MADE: [OnceLock<Key>; 3] = [const { OnceLock::new() }; 3];
    MADE[index].get_or_init(|| Key(RsaKeyPair::from_pkcs8(KEYS[index]).unwrap()))
}

impl Key {
    /// The public key as PKCS#1 DER.
    pub(crate) fn der(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }

    /// The public key as `list-public-keys` prints it.
    pub(crate) fn value(&self) -> String {
        BASE64.encode(self.der())
    }

    /// The fingerprint: the MD5 of the DER.
    pub(crate) fn fingerprint(&self) -> String {
        format!("{:x}", md5::compute(self.der()))
    }

    /// The public key as a SubjectPublicKeyInfo (a modulus of 2048 bits has these lengths).
    pub(crate) fn subject_public_key_info(&self) -> Vec<u8> {
        let head = "30820122300d06092a864886f70d01010105000382010f00";
        let head = (0..head.len() / 2).map(|at| u8::from_str_radix(&head[2 * at..][..2], 16).unwrap());
        head.chain(self.der().iter().copied()).collect()
    }

    /// Signs as AWS does: RSASSA-PKCS1-v1_5 with SHA-256.
    pub(crate) fn sign(&self, text: &str) -> Vec<u8> {
        let mut signature = vec![0; self.0.public().modulus_len()];
        self.0.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).unwrap();
        signature
    }
}
