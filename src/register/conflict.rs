//! Conflict markers that git leaves in a file: `<<<<<<<`, `|||||||`, `=======`, `>>>>>>>`.

/// The state while reading a file that may contain conflicts.
#[derive(Default)]
pub struct ConflictState {
    is_open: bool,
}

impl ConflictState {
    /// Returns true for the first marker of a conflict, so that each conflict is reported once.
    pub fn is_new_conflict(&mut self, marker: char) -> bool {
        let is_reported = self.is_open && marker != '<';
        self.is_open = match marker {
            '<' => true,
            '>' => false,
            _ => self.is_open,
        };
        !is_reported
    }
}

/// Returns the character of a conflict marker (`<`, `|`, `=` or `>`) if the first cell of a line is one.
pub fn conflict_marker(first_cell: &str) -> Option<char> {
    let first = first_cell.chars().next().filter(|c| "<|=>".contains(*c))?;
    let rest = first_cell.trim_start_matches(first);
    let is_seven = first_cell.len() - rest.len() == 7;
    (is_seven && (rest.is_empty() || rest.starts_with(' '))).then_some(first)
}
