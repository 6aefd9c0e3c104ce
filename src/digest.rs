//! Digests, by which contents are told apart and files are named.

use sha2::{Digest, Sha256};

/// The first 16 bytes of the SHA-256 of some bytes, in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    finished(Sha256::new_with_prefix(bytes))
}

/// The same of what went into a hash piece by piece.
pub fn finished(hash: Sha256) -> String {
    hash.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_the_same_in_one_piece_and_in_many() {
        // `printf %s abc | sha256sum`, of which half.
        let expected = "ba7816bf8f01cfea414140de5dae2223";
        assert_eq!(digest(b"abc"), expected);
        assert_eq!(finished(Sha256::new().chain_update("a").chain_update("bc")), expected);
    }
}
