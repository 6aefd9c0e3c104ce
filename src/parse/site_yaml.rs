//! Parses `site.yaml` into a [`SiteConfig`].

use std::sync::Arc;

use crate::diagnostics::{Diagnostic, Levels};
use crate::model::site::SiteConfig;
use crate::rules::Rule;
use crate::source::SourceText;
use crate::yaml::YamlReader;

/// The result of reading `site.yaml`.
pub struct SiteRead {
    /// `None` if the file has errors.
    pub config: Option<SiteConfig>,
    /// The levels of rules. They also apply to the pages of a site with errors.
    pub levels: Levels,
}

pub fn site(source: &Arc<SourceText>) -> (SiteRead, Vec<Diagnostic>) {
    let (root, mut reader) = YamlReader::parse(source, 0..source.text.len());
    let mut levels = Levels::default();
    let config = match &root {
        Some(root) => SiteConfig::read(&mut reader, root, &mut levels),
        None if reader.diagnostics.is_empty() => {
            let diagnostic = Diagnostic::error(Rule::MissingKey, "`site.yaml` is empty").in_file(&source.path);
            reader.diagnostics.push(diagnostic.help("it needs at least a `title` and a `base_url`"));
            None
        }
        None => None,
    };
    let has_errors = reader.has_errors();
    (SiteRead { config: config.filter(|_| !has_errors), levels }, reader.diagnostics)
}
