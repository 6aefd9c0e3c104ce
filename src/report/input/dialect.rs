//! How the rows and cells of an export are separated.

/// How rows and cells are separated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    pub delimiter: u8,
    /// Ends a row. A carriage return before a line feed belongs to the row's end too.
    pub terminator: u8,
    pub has_quotes: bool,
}

impl Dialect {
    /// Rows of sheets, as `sheet` writes them: control characters, which cells do not contain.
    pub const SHEET: Dialect = Dialect { delimiter: 0x1f, terminator: 0x1e, has_quotes: false };
    /// What most programs write.
    pub const COMMAS: Dialect = Dialect { delimiter: b',', terminator: b'\n', has_quotes: true };
}
