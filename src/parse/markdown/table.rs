//! The tags of tables, with classes instead of `style` attributes, which a Content-Security-Policy forbids.

use pulldown_cmark::Alignment;

/// The open table.
#[derive(Default)]
pub struct Table {
    alignments: Vec<Alignment>,
    in_head: bool,
    /// The current cell has no text.
    is_blank: bool,
    column: usize,
}

impl Table {
    pub fn begin(&mut self, alignments: &[Alignment]) -> &'static str {
        self.alignments = alignments.to_vec();
        "<table>"
    }

    pub fn begin_head(&mut self) -> &'static str {
        (self.in_head, self.column) = (true, 0);
        "<thead><tr>"
    }

    pub fn begin_row(&mut self) -> &'static str {
        self.column = 0;
        "<tr>"
    }

    /// Begins a cell. `markdown` is its text in the file.
    pub fn begin_cell(&mut self, markdown: &str) -> String {
        self.is_blank = markdown.trim_matches([' ', '\t', '|']).is_empty();
        let alignment = self.alignments.get(self.column).copied().unwrap_or(Alignment::None);
        let class = match alignment {
            Alignment::None => "",
            Alignment::Left => " class=\"align-left\"",
            Alignment::Center => " class=\"align-center\"",
            Alignment::Right => " class=\"align-right\"",
        };
        format!("<{}{class}>", self.cell())
    }

    pub fn end_cell(&mut self) -> String {
        self.column += 1;
        format!("</{}>", self.cell())
    }

    pub fn end_row(&mut self) -> &'static str {
        "</tr>\n"
    }

    pub fn end_head(&mut self) -> &'static str {
        self.in_head = false;
        "</tr></thead><tbody>\n"
    }

    pub fn end(&mut self) -> &'static str {
        "</tbody></table>\n"
    }

    fn cell(&self) -> &'static str {
        // An empty heading cell confuses users of screen readers.
        if self.in_head && !self.is_blank { "th" } else { "td" }
    }
}
