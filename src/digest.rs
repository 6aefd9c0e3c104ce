//! Digests of contents. They appear in the names of files, and tell whether contents have changed.

use std::hash::BuildHasher;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// Hashes what is compared only with hashes of the same program, quickly.
pub type FastHasher = foldhash::quality::FoldHasher<'static>;

/// Returns a hasher whose results are the same in each run.
pub fn fast_hasher() -> FastHasher {
    foldhash::quality::FixedState::default().build_hasher()
}

/// Returns the first 16 bytes of the SHA-256 of some bytes, in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    finished(Sha256::new_with_prefix(bytes))
}

/// Returns the same digest as a number.
pub fn number(bytes: &[u8]) -> u128 {
    finished_number(Sha256::new_with_prefix(bytes))
}

/// Returns the number of bytes that were hashed piece by piece.
pub fn finished_number(hash: Sha256) -> u128 {
    first_half(hash.finalize().into())
}

fn first_half(digest: [u8; 32]) -> u128 {
    digest[..16].iter().fold(0, |number, byte| number << 8 | u128::from(*byte))
}

/// Returns the digest of bytes that were hashed piece by piece.
pub fn finished(hash: Sha256) -> String {
    format!("{:032x}", finished_number(hash))
}

/// Returns the first 16 bytes of the HMAC-SHA-256 of some bytes, in hexadecimal.
pub fn keyed_digest(key: &[u8], bytes: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    format!("{:032x}", first_half(mac.chain_update(bytes).finalize().into_bytes().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keyed_digest_is_that_of_rfc_4231() {
        for (key, text, expected) in [
            (vec![0x0b; 20], &b"Hi There"[..], "b0344c61d8db38535ca8afceaf0bf12b"),
            (b"Jefe".to_vec(), b"what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c7"),
            (
                vec![0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f",
            ),
        ] {
            assert_eq!(keyed_digest(&key, text), expected);
        }
    }

    #[test]
    fn digest_is_the_same_in_one_piece_and_in_many() {
        // The first half of `printf %s abc | sha256sum`.
        let expected = "ba7816bf8f01cfea414140de5dae2223";
        assert_eq!(digest(b"abc"), expected);
        assert_eq!(format!("{:032x}", number(b"abc")), expected);
        assert_eq!(finished(Sha256::new().chain_update("a").chain_update("bc")), expected);
    }
}
