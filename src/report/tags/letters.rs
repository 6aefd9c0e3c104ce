//! Lead tags without their separators.

/// The letters and digits of a text: `Spring hiring / save / Acme` is `springhiringsaveacme`.
pub fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}
