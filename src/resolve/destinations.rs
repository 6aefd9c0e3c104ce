//! Forms and their destinations: a form has every field that its destination cannot do without, and none that the
//! destination has no place for.

use std::sync::Arc;

use crate::diagnostics::Diagnostic;
use crate::model::destination::Destination;
use crate::model::form::{Field, Form};
use crate::model::site::SiteConfig;
use crate::rules::Rule;
use crate::source::SourceText;

/// What a destination has against a form.
pub fn against(
    destination: &Destination,
    form: &Form,
    source: &Arc<SourceText>,
    config: &SiteConfig,
) -> Vec<Diagnostic> {
    let title = destination.title();
    let with_destination = |diagnostic: Diagnostic| match destination.span() {
        Some(place) => diagnostic.at(&config.source, place, "its destination"),
        None => diagnostic,
    };
    let homeless =
        form.fields.iter().filter(|field| destination.name_of(field.value.name()).is_none()).map(|field| {
            let name = field.value.name();
            let diagnostic = Diagnostic::error(Rule::BadDestinationField, format!("{title} has no field for `{name}`"))
                .at(source, field.span, "what people write here would be lost");
            with_destination(diagnostic).help(format!(
                "name one with `fields: {{ {name}: … }}` in site.yaml, or leave `{name}` out of the form"
            ))
        });
    let missing =
        Field::ALL.into_iter().filter(|field| destination.requires(*field) && !form.has(*field)).map(|field| {
            let name = field.name();
            let message = format!("{title} takes no lead without `{name}`");
            let diagnostic = Diagnostic::error(Rule::BadDestinationField, message).at(
                source,
                form.span,
                "every lead of this form would be lost or nameless",
            );
            with_destination(diagnostic).help(format!("add `{name}` to the form's fields"))
        });
    homeless.chain(missing).collect()
}
