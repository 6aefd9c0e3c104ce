//! Digests of contents. They appear in the names of files.

use sha2::{Digest, Sha256};

/// Returns the first 16 bytes of the SHA-256 of some bytes, in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    finished(Sha256::new_with_prefix(bytes))
}

/// Returns the digest of bytes that were hashed piece by piece.
pub fn finished(hash: Sha256) -> String {
    hash.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digest_is_the_same_in_one_piece_and_in_many() {
        // The first half of `printf %s abc | sha256sum`.
        let expected = "ba7816bf8f01cfea414140de5dae2223";
        assert_eq!(digest(b"abc"), expected);
        assert_eq!(finished(Sha256::new().chain_update("a").chain_update("bc")), expected);
    }
}
