//! Checks where the leads of forms go: a form has a destination, all fields that the destination requires, and no field
//! that the destination would drop.

use std::sync::Arc;

use super::forms;
use crate::diagnostics::{Diagnostic, list};
use crate::model::cta::Cta;
use crate::model::destination::Destination;
use crate::model::field::Field;
use crate::model::form::Form;
use crate::model::site::SiteConfig;
use crate::model::slug::{ById, Slug};
use crate::rules::Rule;
use crate::source::{Located, SourceText, Span};

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
    let mut diagnostics = forms::check(form, source, config);
    let is_right = diagnostics.is_empty();
    match &cta.deliver_to {
        Some(named) if !known.contains_key(&named.value) => {
            diagnostics.push(unknown_destination(named, source, known));
        }
        None if config.leads.deliver_to.is_none() => diagnostics.push(
            Diagnostic::error(Rule::MissingDestination, "this form has no destination")
                .at(source, form.span, "its leads would be lost")
                .help("set `leads: { deliver_to: … }` and `destinations` in site.yaml"),
        ),
        _ if is_right => diagnostics
            .extend(config.destination_of(cta).map(|it| check_fields(it, form, source, config)).unwrap_or_default()),
        _ => {}
    }
    diagnostics
}

fn unknown_destination(named: &Located<Slug>, source: &Arc<SourceText>, known: &ById<Destination>) -> Diagnostic {
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

/// Compares the fields of a form, all of which the site has, with those of its destination.
fn check_fields(
    destination: &Destination,
    form: &Form,
    source: &Arc<SourceText>,
    config: &SiteConfig,
) -> Vec<Diagnostic> {
    let fields = FormFields { destination, form, source };
    let mut diagnostics = fields.unmapped();
    diagnostics.extend(fields.missing());
    diagnostics.extend(fields.not_optional());
    diagnostics.extend(fields.clashes());
    match destination.span() {
        Some(span) => diagnostics.into_iter().map(|it| it.at(&config.source, span, "its destination")).collect(),
        None => diagnostics,
    }
}

/// The fields of a form, and the service that they are sent to.
struct FormFields<'a> {
    destination: &'a Destination,
    form: &'a Form,
    source: &'a Arc<SourceText>,
}

impl FormFields<'_> {
    fn error(&self, message: String, span: Span, label: &str) -> Diagnostic {
        Diagnostic::error(Rule::BadDestinationField, message).at(self.source, span, label)
    }

    /// Reports fields that the service has no name for.
    fn unmapped(&self) -> Vec<Diagnostic> {
        let title = self.destination.title();
        let unmapped = self.form.fields.iter().map(|field| &field.name);
        let unmapped = unmapped.filter(|name| self.destination.name_of(name.value.as_str()).is_none());
        let diagnostics = unmapped.map(|Located { value: name, span }| {
            let message = format!("{title} has no field for `{name}`");
            self.error(message, *span, "these answers would be lost")
                .help(format!("map it with `fields: {{ {name}: … }}` in site.yaml, or remove `{name}` from the form"))
        });
        diagnostics.collect()
    }

    /// Reports fields that the service requires and the form does not have.
    fn missing(&self) -> Vec<Diagnostic> {
        let missing = self.destination.missing_fields(self.form).map(|theirs| {
            let name = self.our_name(theirs);
            let message = format!("{} requires `{name}`", self.destination.title());
            self.error(message, self.form.span, "leads of this form would be lost or nameless")
                .help(format!("add `{name}` to the form's fields"))
        });
        missing.collect()
    }

    /// Returns our name for a field of the service. Who asks for a first name asks for a last name too.
    fn our_name(&self, theirs: &'static str) -> &'static str {
        let mut names: Vec<&str> = Field::ALL.into_iter().map(Field::name).collect();
        if self.form.has(Field::FirstName) {
            names.retain(|name| *name != Field::Name.name());
        }
        names.into_iter().find(|name| self.destination.name_of(name) == Some(theirs)).unwrap_or(theirs)
    }

    /// Reports fields that the form calls optional and the service requires.
    fn not_optional(&self) -> Vec<Diagnostic> {
        let optional = self.form.fields.iter().filter_map(|field| {
            let name = &field.name.value;
            let required = field.required.filter(|it| !it.value && self.destination.requires(name.as_str()))?;
            let message = format!("{} requires `{name}`", self.destination.title());
            let diagnostic = self.error(message, required.span, "leads without it would be lost or nameless");
            Some(diagnostic.help("remove `required: false`"))
        });
        optional.collect()
    }

    /// Reports fields that are sent to the same field of the service, such as `name` and `first_name`.
    fn clashes(&self) -> Vec<Diagnostic> {
        let names = self.form.fields.iter().map(|field| &field.name);
        let sent: Vec<_> =
            names.filter_map(|name| Some((name, self.destination.name_of(name.value.as_str())?))).collect();
        let clashes = sent.iter().enumerate().filter_map(|(index, (name, theirs))| {
            let (first, _) = sent[..index].iter().find(|(_, other)| other == theirs)?;
            let (one, other) = (&first.value, &name.value);
            let message = format!("{} has one field for `{one}` and `{other}`, `{theirs}`", self.destination.title());
            let diagnostic = self.error(message, name.span, "one of the two would be lost");
            let diagnostic = diagnostic.at(self.source, first.span, "the other one");
            Some(diagnostic.help(format!("remove one of the two, or name another field: `fields: {{ {other}: … }}`")))
        });
        clashes.collect()
    }
}
