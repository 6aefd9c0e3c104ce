//! Code fences and comments, which hide the block lines within them.

/// The element that hides the following lines, so that they are not block lines.
pub enum Hidden {
    No,
    ByFence(Fence),
    /// A comment that began at this byte. CommonMark's HTML block 2: it lasts until `-->`, across blank lines.
    ByComment(usize),
}

impl Hidden {
    /// Returns the element that a line opens. `at` is the byte offset of the line.
    pub fn opened_by(line: &str, at: usize) -> Hidden {
        if let Some(fence) = Fence::opened_by(line) {
            return Hidden::ByFence(fence);
        }
        let text = line.trim_start_matches(' ');
        let indent = line.len() - text.len();
        match text.strip_prefix("<!--").filter(|_| indent <= 3) {
            Some(rest) if !rest.contains("-->") => Hidden::ByComment(at + indent),
            _ => Hidden::No,
        }
    }
}

/// An open code fence.
pub struct Fence {
    mark: char,
    length: usize,
}

impl Fence {
    fn opened_by(line: &str) -> Option<Fence> {
        let text = line.trim_start_matches(' ');
        let mark = text.chars().next().filter(|&c| c == '`' || c == '~')?;
        let length = text.chars().take_while(|&c| c == mark).count();
        // CommonMark: at most three spaces in front, and no backtick after a fence of backticks.
        let opens = line.len() - text.len() <= 3 && length >= 3 && !(mark == '`' && text[length..].contains('`'));
        opens.then_some(Fence { mark, length })
    }

    pub fn is_closed_by(&self, line: &str) -> bool {
        let text = line.trim();
        line.len() - line.trim_start_matches(' ').len() <= 3
            && text.len() >= self.length
            && text.chars().all(|c| c == self.mark)
    }
}
