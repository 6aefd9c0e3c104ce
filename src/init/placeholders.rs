//! Fills the placeholders of templates, `{{name}}`.

use jiff::ToSpan;
use jiff::civil::Date;

/// Replaces each `{{name}}` with its value.
pub fn fill(template: &str, values: &[(&str, String)]) -> String {
    values.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{{{{name}}}}}"), value))
}

/// The dates that templates use. None of them is in the past when the files are written.
pub fn dates(today: Date) -> [(&'static str, String); 3] {
    // The calendar ends in the year 9999.
    let in_eight_weeks = today.checked_add(8.weeks()).unwrap_or(today);
    [
        ("today", today.to_string()),
        ("in-eight-weeks", in_eight_weeks.to_string()),
        ("month", today.strftime("%Y-%m").to_string()),
    ]
}
