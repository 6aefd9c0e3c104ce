//! Makes the pieces of a large file in parallel, and writes them in order.

use std::io::Write;

use rayon::prelude::*;

/// How many pieces per thread are in memory at once.
const PIECES_PER_THREAD: usize = 4;

/// Writes one piece for each part, in the order of the parts, with a separator between them.
pub fn write_in_order<P: Sync>(
    out: &mut dyn Write,
    parts: &[P],
    separator: &str,
    piece: impl Fn(&P) -> anyhow::Result<Vec<u8>> + Sync,
) -> anyhow::Result<()> {
    let mut before = "";
    for parts in parts.chunks(PIECES_PER_THREAD * rayon::current_num_threads()) {
        for piece in parts.par_iter().map(&piece).collect::<anyhow::Result<Vec<_>>>()? {
            out.write_all(before.as_bytes())?;
            out.write_all(&piece)?;
            before = separator;
        }
    }
    Ok(())
}
