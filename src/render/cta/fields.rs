//! The visible and the hidden fields of a form.

use std::borrow::Cow;

use super::page_cta::PageCta;
use crate::model::consent::sent_names;
use crate::model::destination::{Destination, YES_NO};
use crate::model::field::{Field, FieldName, FieldType, OwnField};
use crate::model::form::{Form, FormField};
use crate::model::hidden_field::HiddenField;
use crate::model::lead_fields::CRM_SOURCE;
use crate::model::tag;
use crate::model::variant::{Variant, Version};
use crate::render::slots::{Slot, Slots};
use crate::render::view::{FieldView, HiddenView, OptionView};

/// The most options that are all shown. More are a list that opens.
const MAX_RADIO_OPTIONS: usize = 5;

/// A form on a page, with the place that it is sent to.
#[derive(Clone, Copy)]
pub struct PageForm<'s, 'c> {
    pub shown: PageCta<'s, 'c>,
    pub form: &'s Form,
    pub destination: Option<&'s Destination>,
}

impl<'s> PageForm<'s, '_> {
    /// Returns the fields that visitors fill in, as the destination accepts them.
    pub fn visible(&self) -> Vec<FieldView<'s>> {
        self.form.fields.iter().filter_map(|field| self.visible_field(field)).collect()
    }

    fn visible_field(&self, field: &'s FormField) -> Option<FieldView<'s>> {
        let PageForm { shown, form, destination } = *self;
        let fields = &shown.site().config.fields;
        let ours = field.name.value.as_str();
        let view = match &field.name.value {
            FieldName::BuiltIn(field) => built_in_view(*field, shown),
            FieldName::Own(id) => own_view(fields.get(id)?, shown, destination)?,
        };
        let (name, own_name) = names(destination, ours);
        let name = match view.control {
            "checkbox" => destination.map_or(name.clone(), |to| to.name_of_several(name)),
            _ => name,
        };
        let maxlength = destination.and_then(|destination| destination.max_length(ours)).unwrap_or(u32::MAX);
        Some(FieldView {
            name,
            field: own_name,
            required: form.requires(field, fields) || destination.is_some_and(|to| to.requires(ours)),
            maxlength: maxlength.min(view.maxlength),
            ..view
        })
    }

    /// Returns the hidden fields in their documented order, then those of the site, then the fields that only this
    /// destination needs. Values that depend on the visitor's arrival are empty, except on channel pages, which have
    /// their channel's values.
    pub fn hidden(&self, number: usize, slots: &mut Slots) -> Vec<HiddenView<'s>> {
        let PageForm { shown, destination, .. } = *self;
        let view = |field: &'static str, value: String| {
            let (name, field) = names(destination, field);
            HiddenView { name: name.into_owned(), field: field.into(), value }
        };
        let fields = HiddenField::ALL.into_iter();
        let mut hidden: Vec<HiddenView> =
            fields.map(|field| view(field.name(), hidden_value(field, shown, number, slots))).collect();
        if destination.is_some_and(|destination| destination.name_of(CRM_SOURCE).is_some()) {
            hidden.push(view(CRM_SOURCE, slots.mark(Slot::CrmSource { cta: number })));
        }
        hidden.extend(self.own_hidden());
        hidden.extend(self.consent_versions());
        hidden.extend(destination.into_iter().flat_map(|destination| required_by(destination, shown)));
        hidden
    }

    /// Returns the site's own hidden fields that the form lists.
    fn own_hidden(&self) -> impl Iterator<Item = HiddenView<'s>> {
        let PageForm { shown, form, destination } = *self;
        let fields = &shown.site().config.fields;
        form.fields.iter().filter_map(move |field| {
            let FieldName::Own(id) = &field.name.value else { return None };
            let FieldType::Hidden(value) = &fields.get(id)?.field_type else { return None };
            let (name, field) = names(destination, id.as_str());
            Some(HiddenView { name: name.into_owned(), field: field.into(), value: value.value.clone() })
        })
    }

    /// Returns the versions of the consents that have an id.
    fn consent_versions(&self) -> impl Iterator<Item = HiddenView<'s>> {
        let destination = self.destination;
        let language = self.shown.context.language;
        self.shown.site().config.consents_in(language).iter().filter_map(move |consent| {
            let [_, ours] = sent_names(consent.id.as_ref()?.value.as_str());
            let (name, field) = owned_names(destination, &ours);
            Some(HiddenView { name, field: field.into(), value: consent.version.clone().unwrap_or_default() })
        })
    }
}

/// Returns the destination's name for a field, and our own name. The first is empty if the destination does not accept
/// the field; the second is empty if both are the same.
pub fn names<'n>(destination: Option<&'n Destination>, own: &'n str) -> (Cow<'n, str>, &'n str) {
    let name = destination.map_or(Some(own.into()), |destination| destination.form_name_of(own)).unwrap_or_default();
    let field = if name == own { "" } else { own };
    (name, field)
}

/// The same, for a name that is made for one form.
pub fn owned_names(destination: Option<&Destination>, own: &str) -> (String, String) {
    let (name, field) = names(destination, own);
    (name.into_owned(), field.to_owned())
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
        HiddenField::Page => config.base_url.absolute(&shown.page_as_written().path),
        HiddenField::UtmSource => slots.mark(Slot::UtmSource),
        HiddenField::UtmMedium => slots.mark(Slot::UtmMedium),
        HiddenField::UtmCampaign => slots.mark(Slot::UtmCampaign { cta: number }),
        HiddenField::ConsentVersion => {
            let single = config.consents_in(shown.context.language).iter().find(|consent| consent.id.is_none());
            single.and_then(|consent| consent.version.clone()).unwrap_or_default()
        }
        HiddenField::Redirect => config.base_url.absolute(&shown.thanks_path()),
        HiddenField::Language => match shown.campaign_page().variant().and_then(Variant::language) {
            Some(language) => language.to_owned(),
            None => config.language.value.to_ascii_lowercase(),
        },
        HiddenField::Version => shown.campaign_page().variant().map_or(Version::A, Variant::version).to_string(),
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

/// Returns the hidden fields that only this destination needs.
fn required_by(destination: &Destination, shown: PageCta) -> Vec<HiddenView<'static>> {
    let base_url = &shown.site().config.base_url;
    let fields = match destination {
        Destination::Endpoint(_) => Vec::new(),
        // Netlify's deploys add this field. With it in the HTML, posts by script and by form are the same.
        Destination::Netlify => vec![("form-name", netlify_form_name(shown))],
        // For posts without a script. The script sends the same in `context`.
        Destination::Hubspot(_) => {
            let page = base_url.absolute(&shown.page_as_written().path);
            let redirect = base_url.absolute(&shown.thanks_path());
            vec![("hs_context", serde_json::json!({ "pageUrl": page, "redirectUrl": redirect }).to_string())]
        }
        Destination::Salesforce(salesforce) => vec![("oid", salesforce.org.clone())],
        Destination::Mailchimp(_) => Vec::new(),
        Destination::Brevo(_) => {
            let language = shown.site().language_tag(shown.campaign_page()).to_owned();
            vec![("locale", language), ("html_type", "simple".to_owned())]
        }
        // Errors lead to the form, never to the thank-you page. The address after success is set in Mautic.
        Destination::Mautic(mautic) => {
            let page = base_url.absolute(&shown.page_as_written().path);
            vec![("mauticform[formId]", mautic.form.to_string()), ("mauticform[return]", page)]
        }
    };
    let view = |(name, value): (&str, String)| HiddenView { name: name.to_owned(), field: "".into(), value };
    fields.into_iter().map(view).collect()
}

/// Returns a field with the values of most fields.
fn plain_view<'s>(ours: &'s str, shown: PageCta<'s, '_>) -> FieldView<'s> {
    FieldView {
        name: ours.into(),
        field: "",
        id: format!("{}_{ours}", shown.cta.id.value),
        label: "",
        help: "",
        control: "text",
        autocomplete: "off",
        inputmode: "",
        required: false,
        maxlength: 200,
        options: Vec::new(),
    }
}

/// Returns a field's label, type and autofill token. The tokens are from the HTML standard:
/// <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#autofill>.
fn built_in_view<'s>(field: Field, shown: PageCta<'s, '_>) -> FieldView<'s> {
    let label = shown.strings().text(&["fields", field.name()]);
    let view = FieldView { label, ..plain_view(field.name(), shown) };
    match field {
        Field::Name => FieldView { autocomplete: "name", ..view },
        Field::FirstName => FieldView { autocomplete: "given-name", ..view },
        Field::LastName => FieldView { autocomplete: "family-name", ..view },
        // 254 is the longest address that mail can be delivered to (RFC 3696, erratum 1690).
        Field::Email => FieldView { control: "email", autocomplete: "email", maxlength: 254, ..view },
        Field::Company => FieldView { autocomplete: "organization", ..view },
        Field::Phone => FieldView { control: "tel", autocomplete: "tel", maxlength: 40, ..view },
        Field::Role => FieldView { autocomplete: "organization-title", ..view },
        Field::TeamSize => {
            let sizes = shown.strings().texts(&["team_sizes"]);
            let options = options(&view.id, sizes.into_iter().map(|size| (size, size)));
            FieldView { control: "select", options, ..view }
        }
        Field::Country => FieldView { autocomplete: "country-name", ..view },
        Field::Message => FieldView { control: "textarea", maxlength: 5000, ..view },
        Field::PreferredTime => view,
    }
}

/// Returns a field that the site declares. `None` if visitors do not see it.
fn own_view<'s>(
    own: &'s OwnField,
    shown: PageCta<'s, '_>,
    destination: Option<&'s Destination>,
) -> Option<FieldView<'s>> {
    let texts = shown.context.language.and_then(|language| language.fields.get(&own.id.value));
    let label = texts.and_then(|texts| texts.label.as_deref()).unwrap_or(&own.label);
    let help = texts.and_then(|texts| texts.help.as_deref()).or(own.help.as_deref()).unwrap_or_default();
    let view = FieldView { label, help, ..plain_view(own.id.value.as_str(), shown) };
    let unlimited = |control: &'static str, view: FieldView<'s>| FieldView { control, maxlength: 0, ..view };
    Some(match &own.field_type {
        FieldType::Text => view,
        FieldType::LongText => FieldView { control: "textarea", maxlength: 5000, ..view },
        FieldType::Number => FieldView { inputmode: "decimal", ..unlimited("number", view) },
        FieldType::Date => unlimited("date", view),
        FieldType::Url => FieldView { control: "url", maxlength: 2000, ..view },
        FieldType::Choice(choices) | FieldType::Choices(choices) => {
            let control = match &own.field_type {
                FieldType::Choices(_) => "checkbox",
                _ if choices.len() <= MAX_RADIO_OPTIONS => "radio",
                _ => "select",
            };
            let labels = texts.map(|texts| &*texts.options).filter(|labels| !labels.is_empty()).unwrap_or(choices);
            let options = choices.iter().zip(labels).map(|(choice, label)| (&*choice.value, &*label.value));
            let options = self::options(&view.id, options);
            FieldView { options, ..unlimited(control, view) }
        }
        FieldType::YesNo => {
            let [yes, no] = destination.map_or(YES_NO, Destination::yes_no);
            let label = |key: &str| shown.strings().text(&["form", key]);
            let options = options(&view.id, [(yes, label("yes")), (no, label("no"))]);
            FieldView { options, ..unlimited("radio", view) }
        }
        FieldType::Hidden(_) => return None,
    })
}

/// Returns options from pairs of value and label. `id` is that of the field.
fn options<'s>(id: &str, options: impl IntoIterator<Item = (&'s str, &'s str)>) -> Vec<OptionView<'s>> {
    let numbered = options.into_iter().zip(1..);
    numbered.map(|((value, label), number)| OptionView { id: format!("{id}_{number}"), value, label }).collect()
}
