//! Forms as templates see them: where they go, and each field by the name that their destination has for it.

use super::Shown;
use crate::model::address::{SitePath, query_value};
use crate::model::form::{Field, Form};
use crate::model::destination::{Destination, salesforce};
use crate::model::lead_fields::{CONSENT, CRM_SOURCE, HONEYPOT};
use crate::model::hidden_field::HiddenField;
use crate::model::slug::Slug;
use crate::model::tag;
use crate::render::slots::{Slot, Slots};
use crate::render::view::{AttributeView, ConsentView, FailureView, FieldView, FormView, HiddenView, HoneypotView};

pub fn view<'s>(shown: Shown<'s, '_>, form: &Form, number: usize, slots: &mut Slots<'s>) -> FormView<'s> {
    let Shown { site, cta, .. } = shown;
    let destination = site.config.destination_of(cta);
    let id = &cta.id.value;
    let sent = destination.filter(|_| site.options.rehearsal || !site.options.preview);
    let consent = site.config.leads.consent.as_ref().map(|consent| {
        let (name, field) = names(destination, CONSENT);
        ConsentView { text: &consent.text, id: format!("{id}_consent"), name, field }
    });
    FormView {
        action: sent.map(|sent| action(sent, shown)).unwrap_or_default(),
        attributes: sent.map(|sent| attributes(sent, shown)).unwrap_or_default(),
        fields: form.fields.iter().map(|field| fitted(field.value, form, shown, destination)).collect(),
        hidden: hidden(shown, number, slots),
        honeypot: honeypot(destination, id),
        consent,
        failure: failure(shown),
    }
}

/// Where the form goes that a browser sends by itself.
fn action(destination: &Destination, shown: Shown) -> String {
    match destination {
        Destination::Endpoint(url) => url.to_string(),
        // A post to any page of the site is taken, and answered with that page.
        Destination::Netlify => shown.site.config.base_url.rooted(&thanks_path(shown)),
        Destination::Hubspot(hubspot) => hubspot.form_url(),
        Destination::Salesforce(_) => salesforce::FORM_URL.to_owned(),
    }
}

fn thanks_path(shown: Shown) -> SitePath {
    shown.site.pages[shown.of].thanks_path(&shown.cta.id.value)
}

/// What the sending script, the arrival script and the destination read from the form's tag.
fn attributes(destination: &Destination, shown: Shown) -> Vec<AttributeView> {
    let base_url = &shown.site.config.base_url;
    let mut attributes = match destination {
        Destination::Endpoint(url) => {
            vec![("data-send", if base_url.same_host(url.url()) { "fetch" } else { "post" }.to_owned())]
        }
        // The last one is no valid HTML, but the only spelling that Netlify documents; its deploys take it out again.
        Destination::Netlify => vec![
            ("name", netlify_name(shown)),
            ("data-netlify", "true".to_owned()),
            ("netlify-honeypot", HONEYPOT.to_owned()),
            ("data-send", "fetch".to_owned()),
        ],
        Destination::Hubspot(hubspot) => {
            let mut attributes = vec![("data-send", "hubspot".to_owned()), ("data-url", hubspot.script_url())];
            attributes.extend(hubspot.subscription.map(|id| ("data-subscription", id.to_string())));
            attributes
        }
        Destination::Salesforce(_) => vec![("data-send", "post".to_owned())],
    };
    attributes.extend(destination.cap().map(|cap| ("data-cap", cap.to_string())));
    attributes.into_iter().map(|(name, value)| AttributeView { name, value }).collect()
}

/// One form of Netlify's for each call to action, on whatever page it stands.
fn netlify_name(shown: Shown) -> String {
    format!("{}_{}", campaign(shown), shown.cta.id.value)
}

fn campaign(shown: Shown) -> String {
    shown.site.pages[shown.of].campaign.as_ref().map(Slug::to_string).unwrap_or_default()
}

/// The name that a field is sent by, empty where it is not; and ours, where that is another.
fn names<'n>(destination: Option<&'n Destination>, ours: &'static str) -> (&'n str, &'static str) {
    let theirs = destination.map_or(Some(ours), |destination| destination.name_of(ours)).unwrap_or_default();
    (theirs, if theirs == ours { "" } else { ours })
}

/// The twenty of the contract in its order, then what only this destination asks for. What a visitor's arrival would tell
/// is empty in the HTML; on a channel page the channel's own values stand there.
fn hidden(shown: Shown, number: usize, slots: &mut Slots) -> Vec<HiddenView> {
    let Shown { site, on: index, cta, .. } = shown;
    let page = &site.pages[index];
    let base_url = &site.config.base_url;
    let consent_version = site.config.leads.consent.as_ref().and_then(|consent| consent.version.clone());
    let mut value = |field| match field {
        HiddenField::LeadTag => slots.mark(Slot::LeadTag { cta: number }),
        HiddenField::LeadSummary => slots.mark(Slot::Summary { cta: number }),
        HiddenField::Campaign => campaign(shown),
        HiddenField::Cta => cta.id.value.to_string(),
        HiddenField::Channel => slots.mark(Slot::Channel),
        // Only coupons have another offer for each channel, and coupons have no form.
        HiddenField::Offer => cta.offer_for(&tag::direct()),
        HiddenField::Page => base_url.absolute(&page.path),
        HiddenField::UtmSource => slots.mark(Slot::UtmSource),
        HiddenField::UtmMedium => slots.mark(Slot::UtmMedium),
        HiddenField::UtmCampaign => slots.mark(Slot::UtmCampaign { cta: number }),
        HiddenField::ConsentVersion => consent_version.clone().unwrap_or_default(),
        HiddenField::Redirect => base_url.absolute(&thanks_path(shown)),
        _ => String::new(),
    };
    let values = HiddenField::ALL.map(|field| (field.name(), value(field)));
    let destination = site.config.destination_of(cta);
    let ours = |(ours, value): (&'static str, String)| {
        let (name, field) = names(destination, ours);
        HiddenView { name: name.to_owned(), field, value }
    };
    let mut hidden: Vec<HiddenView> = values.into_iter().map(ours).collect();
    if destination.is_some_and(|destination| destination.name_of(CRM_SOURCE).is_some()) {
        hidden.push(ours((CRM_SOURCE, slots.mark(Slot::CrmSource { cta: number }))));
    }
    hidden.extend(destination.into_iter().flat_map(|destination| asked_for(destination, shown)));
    hidden
}

/// What a destination wants to know that is no field of ours.
fn asked_for(destination: &Destination, shown: Shown) -> Option<HiddenView> {
    let base_url = &shown.site.config.base_url;
    let (name, value) = match destination {
        Destination::Endpoint(_) => return None,
        // Its deploys add this by themselves; in the HTML, posts by script and by form are the same.
        Destination::Netlify => ("form-name", netlify_name(shown)),
        // For the plain form only: a script's JSON says it in `context`.
        Destination::Hubspot(_) => {
            let page = base_url.absolute(&shown.site.pages[shown.on].path);
            let redirect = base_url.absolute(&thanks_path(shown));
            ("hs_context", serde_json::json!({ "pageUrl": page, "redirectUrl": redirect }).to_string())
        }
        Destination::Salesforce(salesforce) => ("oid", salesforce.org.clone()),
    };
    Some(HiddenView { name: name.to_owned(), field: "", value })
}

/// Destinations that would be puzzled by one more field don't get it: there only the script looks at it.
fn honeypot(destination: Option<&Destination>, id: &Slug) -> HoneypotView {
    let is_sent = match destination {
        Some(Destination::Endpoint(_) | Destination::Netlify) | None => true,
        Some(Destination::Hubspot(_) | Destination::Salesforce(_)) => false,
    };
    let (name, field) = if is_sent { (HONEYPOT, "") } else { ("", HONEYPOT) };
    HoneypotView { id: format!("{id}_{HONEYPOT}"), name, field }
}

/// Whom a visitor can write to where nothing could be sent: who follows up, else the organization.
fn failure<'s>(shown: Shown<'s, '_>) -> Option<FailureView<'s>> {
    let Shown { site, of, cta, .. } = shown;
    let owner = site.pages[of].page.front.owner.as_deref().or(site.config.leads.owner.as_deref());
    let organization = site.config.organization.as_ref().and_then(|organization| organization.email.as_deref());
    let email = owner.or(organization)?;
    let (person, host) = email.rsplit_once('@').unwrap_or((email, ""));
    let url = format!("mailto:{}@{host}?subject={}", query_value(person), query_value(&cta.label));
    Some(FailureView { email, url })
}

/// A visible field as its destination takes it.
fn fitted<'s>(field: Field, form: &Form, shown: Shown<'s, '_>, destination: Option<&'s Destination>) -> FieldView<'s> {
    let (name, ours) = names(destination, field.name());
    let view = field_view(field, shown, !form.has(Field::Email));
    FieldView {
        name,
        field: ours,
        required: view.required || destination.is_some_and(|destination| destination.requires(field)),
        maxlength: destination.and_then(|to| to.longest(field.name())).unwrap_or(u32::MAX).min(view.maxlength),
        ..view
    }
}

/// Labels, types and autofill tokens after the HTML standard's section on autofill.
fn field_view<'s>(field: Field, shown: Shown<'s, '_>, needs_phone: bool) -> FieldView<'s> {
    let plain = FieldView {
        name: field.name(),
        field: "",
        id: format!("{}_{}", shown.cta.id.value, field.name()),
        label: shown.words.text(&["fields", field.name()]),
        control: "text",
        autocomplete: "off",
        inputmode: "",
        required: false,
        maxlength: 200,
        options: Vec::new(),
    };
    match field {
        Field::Name => FieldView { autocomplete: "name", required: true, ..plain },
        // 254 is the longest address that mail can be delivered to (RFC 3696, erratum 1690).
        Field::Email => FieldView { control: "email", autocomplete: "email", required: true, maxlength: 254, ..plain },
        Field::Company => FieldView { autocomplete: "organization", ..plain },
        Field::Phone => {
            FieldView { control: "tel", autocomplete: "tel", required: needs_phone, maxlength: 40, ..plain }
        }
        Field::Role => FieldView { autocomplete: "organization-title", ..plain },
        Field::TeamSize => FieldView { control: "select", options: shown.words.texts(&["team_sizes"]), ..plain },
        Field::Country => FieldView { autocomplete: "country-name", ..plain },
        Field::Message => FieldView { control: "textarea", maxlength: 5000, ..plain },
        Field::PreferredTime => plain,
    }
}
