//! The visible and the hidden fields of a form.

use super::page_cta::PageCta;
use crate::model::destination::Destination;
use crate::model::form::{Field, Form};
use crate::model::hidden_field::HiddenField;
use crate::model::lead_fields::CRM_SOURCE;
use crate::model::tag;
use crate::render::slots::{Slot, Slots};
use crate::render::view::{FieldView, HiddenView};

/// Returns a visible field as its destination accepts it.
pub fn visible<'s>(
    field: Field,
    form: &Form,
    shown: PageCta<'s, '_>,
    destination: Option<&'s Destination>,
) -> FieldView<'s> {
    let (name, own_name) = names(destination, field.name());
    let view = field_view(field, shown, !form.has(Field::Email));
    FieldView {
        name,
        field: own_name,
        required: view.required || destination.is_some_and(|destination| destination.requires(field)),
        maxlength: destination.and_then(|to| to.max_length(field.name())).unwrap_or(u32::MAX).min(view.maxlength),
        ..view
    }
}

/// Returns the hidden fields in their documented order, then the fields that only this destination needs. Values that
/// depend on the visitor's arrival are empty, except on channel pages, which have their channel's values.
pub fn hidden(shown: PageCta, number: usize, slots: &mut Slots) -> Vec<HiddenView> {
    let destination = shown.site().config.destination_of(shown.cta);
    let view = |field: &'static str, value: String| {
        let (name, field) = names(destination, field);
        HiddenView { name: name.to_owned(), field, value }
    };
    let fields = HiddenField::ALL.into_iter();
    let mut hidden: Vec<HiddenView> =
        fields.map(|field| view(field.name(), hidden_value(field, shown, number, slots))).collect();
    if destination.is_some_and(|destination| destination.name_of(CRM_SOURCE).is_some()) {
        hidden.push(view(CRM_SOURCE, slots.mark(Slot::CrmSource { cta: number })));
    }
    hidden.extend(destination.and_then(|destination| required_by(destination, shown)));
    hidden
}

/// Returns the destination's name for a field, and our own name. The first is empty if the destination does not accept
/// the field; the second is empty if both are the same.
pub fn names<'n>(destination: Option<&'n Destination>, own: &'static str) -> (&'n str, &'static str) {
    let name = destination.map_or(Some(own), |destination| destination.name_of(own)).unwrap_or_default();
    (name, if name == own { "" } else { own })
}

/// Returns the name of a form on Netlify. A call to action has one name, whichever page shows it.
pub fn netlify_form_name(shown: PageCta) -> String {
    format!("{}_{}", shown.campaign(), shown.cta.id.value)
}

fn hidden_value(field: HiddenField, shown: PageCta, number: usize, slots: &mut Slots) -> String {
    let config = &shown.site().config;
    match field {
        HiddenField::LeadTag => slots.mark(Slot::LeadTag { cta: number }),
        HiddenField::LeadSummary => slots.mark(Slot::Summary { cta: number }),
        HiddenField::Campaign => shown.campaign().to_owned(),
        HiddenField::Cta => shown.cta.id.value.to_string(),
        HiddenField::Channel => slots.mark(Slot::Channel),
        // Only the offer of a coupon depends on the channel, and coupons have no forms.
        HiddenField::Offer => shown.cta.offer_for(tag::direct_ref()).into_owned(),
        HiddenField::Page => config.base_url.absolute(&shown.site().pages[shown.on].path),
        HiddenField::UtmSource => slots.mark(Slot::UtmSource),
        HiddenField::UtmMedium => slots.mark(Slot::UtmMedium),
        HiddenField::UtmCampaign => slots.mark(Slot::UtmCampaign { cta: number }),
        HiddenField::ConsentVersion => {
            config.leads.consent.as_ref().and_then(|consent| consent.version.clone()).unwrap_or_default()
        }
        HiddenField::Redirect => config.base_url.absolute(&shown.thanks_path()),
        HiddenField::UtmContent
        | HiddenField::UtmTerm
        | HiddenField::ClickId
        | HiddenField::ClickIdType
        | HiddenField::FirstChannel
        | HiddenField::FirstCampaign
        | HiddenField::FirstPage
        | HiddenField::Referrer => String::new(),
    }
}

/// Returns the hidden field that only this destination needs.
fn required_by(destination: &Destination, shown: PageCta) -> Option<HiddenView> {
    let base_url = &shown.site().config.base_url;
    let (name, value) = match destination {
        Destination::Endpoint(_) => return None,
        // Netlify's deploys add this field. With it in the HTML, posts by script and by form are the same.
        Destination::Netlify => ("form-name", netlify_form_name(shown)),
        // For posts without a script. The script sends the same in `context`.
        Destination::Hubspot(_) => {
            let page = base_url.absolute(&shown.site().pages[shown.on].path);
            let redirect = base_url.absolute(&shown.thanks_path());
            ("hs_context", serde_json::json!({ "pageUrl": page, "redirectUrl": redirect }).to_string())
        }
        Destination::Salesforce(salesforce) => ("oid", salesforce.org.clone()),
    };
    Some(HiddenView { name: name.to_owned(), field: "", value })
}

/// Returns a field's label, type and autofill token. The tokens are from the HTML standard:
/// <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#autofill>.
fn field_view<'s>(field: Field, shown: PageCta<'s, '_>, needs_phone: bool) -> FieldView<'s> {
    let view = FieldView {
        name: field.name(),
        field: "",
        id: format!("{}_{}", shown.cta.id.value, field.name()),
        label: shown.strings().text(&["fields", field.name()]),
        control: "text",
        autocomplete: "off",
        inputmode: "",
        required: false,
        maxlength: 200,
        options: Vec::new(),
    };
    match field {
        Field::Name => FieldView { autocomplete: "name", required: true, ..view },
        // 254 is the longest address that mail can be delivered to (RFC 3696, erratum 1690).
        Field::Email => FieldView { control: "email", autocomplete: "email", required: true, maxlength: 254, ..view },
        Field::Company => FieldView { autocomplete: "organization", ..view },
        Field::Phone => FieldView { control: "tel", autocomplete: "tel", required: needs_phone, maxlength: 40, ..view },
        Field::Role => FieldView { autocomplete: "organization-title", ..view },
        Field::TeamSize => FieldView { control: "select", options: shown.strings().texts(&["team_sizes"]), ..view },
        Field::Country => FieldView { autocomplete: "country-name", ..view },
        Field::Message => FieldView { control: "textarea", maxlength: 5000, ..view },
        Field::PreferredTime => view,
    }
}
