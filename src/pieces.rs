//! Makes the pieces of a large file in parallel, and writes them in order.

use std::io::{self, Write};

use rayon::prelude::*;

/// How many pieces per thread are in memory at once.
const PIECES_PER_THREAD: usize = 4;

/// Writes one piece for each part, in the order of the parts, with a separator between them.
///
/// # Errors
///
/// Those of `piece` and of `out`. Some pieces may be written then.
pub fn write_in_order<P: Sync, E: From<io::Error> + Send>(
    out: &mut dyn Write,
    parts: &[P],
    separator: &str,
    piece: impl Fn(&P) -> Result<Vec<u8>, E> + Sync,
) -> Result<(), E> {
    let mut before = "";
    for parts in parts.chunks(PIECES_PER_THREAD * rayon::current_num_threads()) {
        for piece in parts.par_iter().map(&piece).collect::<Result<Vec<_>, E>>()? {
            out.write_all(before.as_bytes())?;
            out.write_all(&piece)?;
            before = separator;
        }
    }
    Ok(())
}
