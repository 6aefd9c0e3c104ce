//! Digests of contents. They appear in the names of files, and tell whether contents have changed.

use sha2::{Digest, Sha256};

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
    let digest: [u8; 32] = hash.finalize().into();
    digest[..16].iter().fold(0, |number, byte| number << 8 | u128::from(*byte))
}

/// Returns the digest of bytes that were hashed piece by piece.
pub fn finished(hash: Sha256) -> String {
    format!("{:032x}", finished_number(hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digest_is_the_same_in_one_piece_and_in_many() {
        // The first half of `printf %s abc | sha256sum`.
        let expected = "ba7816bf8f01cfea414140de5dae2223";
        assert_eq!(digest(b"abc"), expected);
        assert_eq!(format!("{:032x}", number(b"abc")), expected);
        assert_eq!(finished(Sha256::new().chain_update("a").chain_update("bc")), expected);
    }
}
