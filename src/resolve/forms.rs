//! Compares the fields of forms with the fields that the site has.

use std::sync::Arc;

use crate::diagnostics::Diagnostic;
use crate::model::field::{Field, FieldId, FieldName};
use crate::model::form::{Form, FormField, unknown_field};
use crate::model::site::SiteConfig;
use crate::rules::Rule;
use crate::source::SourceText;

/// Reports fields of a form that the site does not have. If there are none, reports a form that asks for no way to answer.
pub fn check(form: &Form, source: &Arc<SourceText>, config: &SiteConfig) -> Vec<Diagnostic> {
    let own: Vec<&str> = config.fields.keys().map(FieldId::as_str).collect();
    let unknown = form.fields.iter().filter_map(|field| match &field.name.value {
        FieldName::Own(id) if !config.fields.contains_key(id) => {
            Some(unknown_field(source, field.name.span, id.as_str(), &own))
        }
        FieldName::BuiltIn(_) | FieldName::Own(_) => None,
    });
    let mut diagnostics: Vec<Diagnostic> = unknown.collect();
    if diagnostics.is_empty() {
        diagnostics.extend(hidden_and_optional(form, source, config));
        diagnostics.extend(without_answer(form, source, config));
    }
    diagnostics
}

/// Reports hidden fields for which the form says whether visitors have to answer.
fn hidden_and_optional(form: &Form, source: &Arc<SourceText>, config: &SiteConfig) -> Vec<Diagnostic> {
    let hidden = form.fields.iter().filter_map(|field| {
        let FieldName::Own(id) = &field.name.value else { return None };
        let required = field.required.filter(|_| config.fields.get(id).is_some_and(|own| own.is_hidden()))?;
        let message = format!("`{id}` is a hidden field, so nobody answers it");
        let diagnostic = Diagnostic::error(Rule::BadFormFields, message).at(source, required.span, "no effect");
        Some(diagnostic.help(format!("write `{id}` alone")))
    });
    hidden.collect()
}

/// Reports a form after which nobody could answer, because it asks for no address or number, or requires none.
fn without_answer(form: &Form, source: &Arc<SourceText>, config: &SiteConfig) -> Option<Diagnostic> {
    let ways: Vec<&FormField> =
        [Field::Email, Field::Phone].into_iter().filter_map(|field| form.field(field.name())).collect();
    let label = "nobody could answer";
    let Some(first) = ways.first() else {
        let message = "this form has neither `email` nor `phone`";
        let diagnostic = Diagnostic::error(Rule::BadFormFields, message).at(source, form.span, label);
        return Some(diagnostic.help("add `email` or `phone` to the form's fields"));
    };
    if ways.iter().any(|field| form.requires(field, &config.fields)) {
        return None;
    }
    let message = "this form can be sent without `email` and without `phone`";
    let span = first.required.map_or(first.name.span, |required| required.span);
    let diagnostic = Diagnostic::error(Rule::BadFormFields, message).at(source, span, label);
    Some(diagnostic.help("require one of them"))
}
