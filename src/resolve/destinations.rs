//! Checks where the leads of forms go: a form has a destination, all fields that the destination requires, and no field
//! that the destination would drop.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::diagnostics::{Diagnostic, list};
use crate::model::cta::Cta;
use crate::model::destination::Destination;
use crate::model::form::{Field, Form};
use crate::model::site::SiteConfig;
use crate::model::slug::Slug;
use crate::rules::Rule;
use crate::source::{Located, SourceText};

/// Checks the destination of a call to action.
pub fn check(cta: &Cta, source: &Arc<SourceText>, config: &SiteConfig) -> Vec<Diagnostic> {
    let Some(form) = cta.form() else {
        let deliver_to = cta.deliver_to.iter();
        let without_form = deliver_to.map(|deliver_to| {
            Diagnostic::error(Rule::UnknownKey, "`deliver_to` is for forms, and this call to action has none").at(
                source,
                deliver_to.span,
                "remove this key",
            )
        });
        return without_form.collect();
    };
    let known = &config.destinations;
    match &cta.deliver_to {
        Some(named) if !known.contains_key(&named.value) => vec![unknown_destination(named, source, known)],
        None if config.leads.deliver_to.is_none() => vec![
            Diagnostic::error(Rule::MissingDestination, "this form has no destination")
                .at(source, form.span, "its leads would be lost")
                .help("set `leads: { deliver_to: … }` and `destinations` in site.yaml"),
        ],
        _ => config.destination_of(cta).map(|it| check_fields(it, form, source, config)).unwrap_or_default(),
    }
}

fn unknown_destination(
    named: &Located<Slug>,
    source: &Arc<SourceText>,
    known: &IndexMap<Slug, Destination>,
) -> Diagnostic {
    let names = || known.keys().map(Slug::as_str);
    let declare = format!("declare it in site.yaml: `destinations: {{ {}: {{ endpoint: https://… }} }}`", named.value);
    let diagnostic = Diagnostic::error(Rule::UnknownDestination, format!("unknown destination `{}`", named.value))
        .at(source, named.span, "not among the `destinations` of site.yaml")
        .suggest(named.value.as_str(), names());
    match (diagnostic.help.is_empty(), known.is_empty()) {
        (false, _) => diagnostic,
        (true, true) => diagnostic.help(declare),
        (true, false) => diagnostic.help(declare).help(format!("or write one of {}", list(names()))),
    }
}

/// Compares the fields of a form with those of its destination.
fn check_fields(
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
    let unmapped =
        form.fields.iter().filter(|field| destination.name_of(field.value.name()).is_none()).map(|field| {
            let name = field.value.name();
            let diagnostic = Diagnostic::error(Rule::BadDestinationField, format!("{title} has no field for `{name}`"))
                .at(source, field.span, "these answers would be lost");
            with_destination(diagnostic)
                .help(format!("map it with `fields: {{ {name}: … }}` in site.yaml, or remove `{name}` from the form"))
        });
    let missing = Field::ALL.into_iter().filter(|field| destination.requires(*field) && !form.has(*field));
    let missing = missing.map(|field| {
        let name = field.name();
        let message = format!("{title} requires `{name}`");
        let diagnostic = Diagnostic::error(Rule::BadDestinationField, message).at(
            source,
            form.span,
            "leads of this form would be lost or nameless",
        );
        with_destination(diagnostic).help(format!("add `{name}` to the form's fields"))
    });
    unmapped.chain(missing).collect()
}
