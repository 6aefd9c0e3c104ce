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
    pub fn begin_cell(&mut self, markdown: &str) -> &'static str {
        self.is_blank = markdown.trim_matches([' ', '\t', '|']).is_empty();
        let alignment = self.alignments.get(self.column).copied().unwrap_or(Alignment::None);
        match (self.is_heading(), alignment) {
            (true, Alignment::None) => "<th>",
            (true, Alignment::Left) => "<th class=\"align-left\">",
            (true, Alignment::Center) => "<th class=\"align-center\">",
            (true, Alignment::Right) => "<th class=\"align-right\">",
            (false, Alignment::None) => "<td>",
            (false, Alignment::Left) => "<td class=\"align-left\">",
            (false, Alignment::Center) => "<td class=\"align-center\">",
            (false, Alignment::Right) => "<td class=\"align-right\">",
        }
    }

    pub fn end_cell(&mut self) -> &'static str {
        self.column += 1;
        if self.is_heading() { "</th>" } else { "</td>" }
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

    fn is_heading(&self) -> bool {
        // An empty heading cell confuses users of screen readers.
        self.in_head && !self.is_blank
    }
}
