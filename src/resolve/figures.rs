//! What became of the leads: `lead-figures.csv`, which `tagline report --save-figures` writes.

use crate::diagnostics::Diagnostic;
use crate::load::{FIGURES_FILE, Sources};
use crate::model::figures::Figures;
use crate::rules::Rule;

/// Reads the file. Without one there are no figures.
pub fn read(sources: &Sources, diagnostics: &mut Vec<Diagnostic>) -> Figures {
    let Some(source) = &sources.figures else { return Figures::default() };
    match Figures::from_csv(&source.text) {
        Ok(figures) => figures,
        Err(line) => {
            let message = format!("line {line} of `{FIGURES_FILE}` is not as `tagline report` wrote it");
            let diagnostic = Diagnostic::warning(Rule::BadFigures, message).in_file(FIGURES_FILE);
            diagnostics.push(diagnostic.help("write it again with `tagline report … --save-figures`, or delete it"));
            Figures::default()
        }
    }
}
