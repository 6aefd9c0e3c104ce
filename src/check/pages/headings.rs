//! The levels of headings.

use crate::check::context::{CheckContext, visible_pages};
use crate::diagnostics::Diagnostic;
use crate::rules::Rule;
use crate::source::Span;

/// Reports skipped levels of headings, and a second heading of level 1. The title counts as level 1, so the first heading
/// may have level 2.
pub fn heading_order(context: &CheckContext) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for page in visible_pages(context.site) {
        let source = &page.page.source;
        let mut above = 1;
        let mut first_h1: Option<Span> = None;
        for heading in context.outline(page).headings.iter() {
            let marks = "#".repeat(usize::from(above) + 1);
            if heading.level > above + 1 {
                diagnostics.push(
                    Diagnostic::warning(
                        Rule::HeadingOrder,
                        format!("a heading of level {} follows one of level {above}", heading.level),
                    )
                    .at(source, heading.span, format!("level {} is skipped", above + 1))
                    .help(format!("write `{marks}` for a part of the section above")),
                );
            }
            if heading.level == 1 {
                match first_h1 {
                    Some(first) => diagnostics.push(
                        Diagnostic::warning(Rule::HeadingOrder, "a second heading of level 1")
                            .at(source, heading.span, "a page has only one")
                            .at(source, first, "the first one")
                            .help("write `##` for the parts of a page"),
                    ),
                    None => first_h1 = Some(heading.span),
                }
            }
            above = heading.level;
        }
    }
    diagnostics
}
