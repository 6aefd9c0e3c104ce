//! `tagline explain`: what a lead tag, a short code or a URL refers to, what the lead saw and what to say to them.
//!
//! `query` parses the text (`wrapped` takes it out of other links), `selection` finds the lead tags, `answer` collects the facts about them, and `text` renders
//! the answer for a terminal.

mod answer;
mod context;
mod lookup;
mod not_found;
mod query;
mod selection;
mod text;
mod text_output;
mod wrapped;

use crate::register::Register;

pub use answer::Answer;
pub use context::ExplainContext;
pub use not_found::NotFound;
pub use text::to_text;

/// Answers a query. The answer borrows from `rows`, which receives the register rows that it needs.
pub fn answer<'s>(context: &ExplainContext<'s>, text: &str, rows: &'s mut Register) -> Result<Answer<'s>, NotFound> {
    let selection = selection::select(context, text)?;
    *rows = answer::rows_for(context, &selection.tags);
    answer::for_selection(context, selection, rows).ok_or_else(|| not_found::not_a_query(context, text))
}
