//! Masks secrets in diagnostics, because logs show them to other people.

use super::diagnostic::Diagnostic;
use crate::source::SourceText;

/// The secrets that no output may show.
#[derive(Default)]
pub struct Mask {
    /// Each secret with the length of its start that may be shown, in bytes.
    secrets: Vec<(String, usize)>,
}

impl Mask {
    /// Takes each secret with the length of its start that may be shown, in bytes.
    pub fn new(secrets: impl IntoIterator<Item = (String, usize)>) -> Mask {
        Mask { secrets: secrets.into_iter().collect() }
    }

    pub fn extend(&mut self, other: Mask) {
        self.secrets.extend(other.secrets);
    }

    /// Masks the secrets in every text of a diagnostic.
    pub fn apply(&self, diagnostic: &mut Diagnostic) {
        if self.secrets.is_empty() {
            return;
        }
        diagnostic.message = self.masked(&diagnostic.message);
        diagnostic.help.iter_mut().for_each(|help| *help = self.masked(help));
        for label in &mut diagnostic.labels {
            label.text = self.masked(&label.text);
            if self.secrets.iter().any(|(secret, _)| label.source.text.contains(secret.as_str())) {
                label.source = SourceText::new(label.source.path.clone(), self.masked(&label.source.text));
            }
        }
    }

    /// Returns the text with stars in place of secrets. Its length stays the same, so spans stay valid.
    fn masked(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        for (secret, shown) in self.secrets.iter().filter(|(secret, _)| text.contains(secret.as_str())) {
            let (start, rest) = secret.split_at(*shown);
            masked = masked.replace(secret.as_str(), &format!("{start}{}", "*".repeat(rest.len())));
        }
        masked
    }
}
