//! Reads a CSV file block by block.

use std::io::{self, Read};

use memchr::memchr_iter;

use super::dialect::Dialect;
use super::splitter::{Split, split};
use super::{BLOCK, Batch, Encoding, Input, MAX_ROW, error, file};

/// Passes on the batches of a file until its end, or until `pass_on` returns false.
pub fn batches(
    input: &Input,
    encoding: Encoding,
    dialect: Dialect,
    pass_on: &mut dyn FnMut(Batch) -> bool,
    spare: &dyn Fn() -> Vec<u8>,
) -> anyhow::Result<()> {
    let file = file(input)?;
    let mut reader: Box<dyn Read> = match encoding {
        Encoding::Bytes => Box::new(file),
        Encoding::Utf16 => Box::new(Utf16Reader::new(file)),
    };
    let (mut line, mut number) = (1_u64, 0_usize);
    let mut rest: Vec<u8> = Vec::new();
    loop {
        let mut block = spare();
        block.clear();
        block.append(&mut rest);
        let wanted = BLOCK.max(block.len() + BLOCK / 2);
        let is_end = fill(&mut reader, &mut block, wanted)
            .map_err(|cause| anyhow::anyhow!("cannot read `{}`: {cause}", input.name))?;
        if number == 0 && block.starts_with(b"\xef\xbb\xbf") {
            block.drain(..3);
        }
        let Split { whole, open_quote } = split(&block, dialect);
        let count = |bytes: &[u8]| memchr_iter(dialect.terminator, bytes).count() as u64;
        if is_end {
            let is_closed =
                block.last() == Some(&b'"') && open_quote.is_none_or(|quote| is_closed_at_end(&block[quote..]));
            if let Some(quote) = open_quote.filter(|_| !is_closed) {
                return Err(unclosed(input, line + count(&block[..quote])));
            }
            if !block.is_empty() {
                pass_on(Batch { bytes: block, first_line: line, number });
            }
            return Ok(());
        }
        if whole == 0 {
            if block.len() > MAX_ROW {
                return Err(match open_quote {
                    Some(quote) => unclosed(input, line + count(&block[..quote])),
                    None => too_long(input, line),
                });
            }
            rest = block;
            continue;
        }
        rest.extend_from_slice(&block[whole..]);
        block.truncate(whole);
        let lines = count(&block);
        if !pass_on(Batch { bytes: block, first_line: line, number }) {
            return Ok(());
        }
        line += lines;
        number += 1;
    }
}

/// Reads until a buffer has `length` bytes. Returns true at the end of the file.
fn fill(reader: &mut dyn Read, buffer: &mut Vec<u8>, length: usize) -> io::Result<bool> {
    let missing = length.saturating_sub(buffer.len()) as u64;
    let read = reader.take(missing).read_to_end(buffer)?;
    Ok((read as u64) < missing)
}

/// Whether a cell in quotes at the end of a file is closed. Its first byte is the opening quote.
fn is_closed_at_end(cell: &[u8]) -> bool {
    let quotes = cell.len() - cell.iter().rposition(|&b| b != b'"').map_or(0, |at| at + 1);
    let is_only_quotes = quotes == cell.len();
    let closing = if is_only_quotes { quotes - 1 } else { quotes };
    closing % 2 == 1
}

fn unclosed(input: &Input, line: u64) -> anyhow::Error {
    let message = "a quotation mark opens a cell here, and no other one closes it";
    error(input, message).at(line).help("close it, or export again: the file may be cut off").into()
}

fn too_long(input: &Input, line: u64) -> anyhow::Error {
    let message = format!("this line is longer than {} MB", MAX_ROW / 1024 / 1024);
    error(input, message).at(line).help("a CSV file has a line for each record: export again").into()
}

/// Converts UTF-16 with a byte order mark to UTF-8.
struct Utf16Reader<R> {
    inner: R,
    decoder: encoding_rs::Decoder,
    input: Vec<u8>,
    /// What is decoded, and how much of it was read.
    decoded: String,
    read: usize,
    is_end: bool,
}

impl<R: Read> Utf16Reader<R> {
    fn new(inner: R) -> Utf16Reader<R> {
        // The byte order mark chooses between the two orders.
        let decoder = encoding_rs::UTF_16LE.new_decoder();
        Utf16Reader { inner, decoder, input: vec![0; 64 * 1024], decoded: String::new(), read: 0, is_end: false }
    }

    /// Decodes the next bytes of the file.
    fn decode(&mut self) -> io::Result<()> {
        let length = self.inner.read(&mut self.input)?;
        self.is_end = length == 0;
        self.decoded.clear();
        self.read = 0;
        // Three bytes of UTF-8 for each two of UTF-16, and what is left of the last call.
        self.decoded.reserve(self.decoder.max_utf8_buffer_length(length).unwrap_or(length * 3 + 16));
        let _ = self.decoder.decode_to_string(&self.input[..length], &mut self.decoded, self.is_end);
        Ok(())
    }
}

impl<R: Read> Read for Utf16Reader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.read == self.decoded.len() && !self.is_end {
            self.decode()?;
        }
        let rest = &self.decoded.as_bytes()[self.read..];
        let length = rest.len().min(out.len());
        out[..length].copy_from_slice(&rest[..length]);
        self.read += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Characters of two, three and four bytes fall on every border of the reader and its callers.
    #[test]
    fn utf16_is_read_whole_with_buffers_of_any_size() {
        let text = "t,é€😀@b.fr\n".repeat(20_000);
        let bytes: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        for size in [1, 2, 3, 15, 16, 31, 4096, 65_537] {
            let mut reader = Utf16Reader::new(&bytes[..]);
            let (mut read, mut buffer) = (Vec::new(), vec![0; size]);
            loop {
                let length = reader.read(&mut buffer).unwrap();
                if length == 0 {
                    break;
                }
                read.extend_from_slice(&buffer[..length]);
            }
            assert!(read == text.as_bytes(), "{size}");
        }
    }

    #[test]
    fn cell_at_the_end_of_a_file_is_closed_by_an_odd_number_of_quotes() {
        for (cell, is_closed) in
            [("\"a\"", true), ("\"a\"\"", false), ("\"a\"\"\"", true), ("\"\"", true), ("\"", false), ("\"\"\"", false)]
        {
            assert_eq!(is_closed_at_end(cell.as_bytes()), is_closed, "{cell}");
        }
    }
}
