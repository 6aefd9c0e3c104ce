//! Forms as templates see them: the address that they post to, and each field under the name that its destination
//! expects.

use super::fields::{self, PageForm};
use super::page_cta::PageCta;
use crate::model::destination::{Destination, brevo, salesforce};
use crate::model::form::Form;
use crate::model::lead_fields::HONEYPOT;
use crate::model::slug::Slug;
use crate::model::url_encoding::query_value;
use crate::render::context::language_of_texts;
use crate::render::slots::Slots;
use crate::render::view::{AttributeView, ConsentView, FailureView, FormView, HoneypotView};

pub fn view<'s>(shown: PageCta<'s, '_>, form: &'s Form, number: usize, slots: &mut Slots<'s>) -> FormView<'s> {
    let site = shown.site();
    let destination = site.config.destination_of(shown.cta);
    let fields = PageForm { shown, form, destination };
    // Forms of a preview send nothing.
    let sent_to = destination.filter(|_| site.options.rehearsal || !site.options.preview);
    FormView {
        action: sent_to.map(|destination| action(destination, shown)).unwrap_or_default(),
        attributes: sent_to.map(|destination| attributes(destination, shown)).unwrap_or_default(),
        fields: fields.visible(),
        hidden: fields.hidden(number, slots),
        honeypot: honeypot(destination, &shown.cta.id.value),
        consents: consents(shown, destination),
        is_signup: shown.cta.is_signup(),
        failure: failure(shown),
    }
}

/// Returns the address to which the browser posts the form without a script.
fn action(destination: &Destination, shown: PageCta) -> String {
    match destination {
        Destination::Endpoint(url) => url.to_string(),
        // Netlify accepts a post to any page of the site and responds with that page.
        Destination::Netlify => shown.site().config.base_url.rooted(&shown.thanks_path()),
        Destination::Hubspot(hubspot) => hubspot.form_url(),
        Destination::Salesforce(_) => salesforce::FORM_URL.to_owned(),
        Destination::Mailchimp(mailchimp) => mailchimp.form.to_string(),
        Destination::Brevo(brevo) => brevo.form.to_string(),
        Destination::Mautic(mautic) => mautic.form_url(),
    }
}

/// Returns the attributes that the sending script, the arrival script and the destination read from the form's tag.
fn attributes(destination: &Destination, shown: PageCta) -> Vec<AttributeView> {
    let base_url = &shown.site().config.base_url;
    let mut attributes = match destination {
        Destination::Endpoint(url) => {
            vec![("data-send", if base_url.same_host(url.url()) { "fetch" } else { "post" }.to_owned())]
        }
        // `netlify-honeypot` is not valid HTML, but the only spelling that Netlify documents. Its deploys remove it.
        Destination::Netlify => vec![
            ("name", fields::netlify_form_name(shown)),
            ("data-netlify", "true".to_owned()),
            ("netlify-honeypot", HONEYPOT.to_owned()),
            ("data-send", "fetch".to_owned()),
        ],
        Destination::Hubspot(hubspot) => {
            vec![("data-send", "hubspot".to_owned()), ("data-url", hubspot.script_url())]
        }
        Destination::Salesforce(_) | Destination::Mailchimp(_) | Destination::Brevo(_) | Destination::Mautic(_) => {
            vec![("data-send", "post".to_owned())]
        }
    };
    attributes.extend(destination.hidden_value_limit().map(|cap| ("data-cap", cap.to_string())));
    attributes.into_iter().map(|(name, value)| AttributeView { name, value }).collect()
}

/// Returns the checkboxes. Their attributes are for the sending script: `data-consent` marks them, and
/// `data-subscription` is the type of subscription at HubSpot.
fn consents(shown: PageCta, destination: Option<&Destination>) -> Vec<ConsentView> {
    let id = &shown.cta.id.value;
    let consents = shown.site().config.consents_in(shown.context.language).iter().zip(&shown.context.consents);
    let lang = language_of_texts(shown.site(), shown.context.language, |own| !own.consents.is_empty());
    let views = consents.map(|(consent, html)| {
        let ours = consent.sent_name();
        let (name, field) = fields::owned_names(destination, &ours);
        let mut attributes = vec![("data-consent", consent.version.clone().unwrap_or_default())];
        let subscription = destination.and_then(|destination| destination.subscription_of(consent));
        attributes.extend(subscription.map(|number| ("data-subscription", number.to_string())));
        let attributes = attributes.into_iter().map(|(name, value)| AttributeView { name, value }).collect();
        ConsentView {
            html: html.clone(),
            lang: lang.to_owned(),
            id: format!("{id}_{ours}"),
            name,
            field,
            required: consent.required,
            attributes,
        }
    });
    views.collect()
}

/// Some services have a honeypot field of their own. Services that reject unknown fields do not receive ours: only the
/// sending script checks it.
fn honeypot<'s>(destination: Option<&'s Destination>, id: &Slug) -> HoneypotView<'s> {
    let (name, field) = match destination {
        Some(Destination::Endpoint(_) | Destination::Netlify) | None => (HONEYPOT, ""),
        Some(Destination::Mailchimp(mailchimp)) => (&*mailchimp.honeypot, HONEYPOT),
        Some(Destination::Brevo(_)) => (brevo::HONEYPOT, HONEYPOT),
        Some(Destination::Hubspot(_) | Destination::Salesforce(_) | Destination::Mautic(_)) => ("", HONEYPOT),
    };
    HoneypotView { id: format!("{id}_{HONEYPOT}"), name, field }
}

/// Returns the address that visitors can write to if sending fails: the owner of the campaign, or the organization.
fn failure<'s>(shown: PageCta<'s, '_>) -> Option<FailureView<'s>> {
    let config = &shown.site().config;
    let owner = shown.campaign_page().page.front.owner.as_deref().or(config.leads.owner.as_deref());
    let organization = config.organization.as_ref().and_then(|organization| organization.email.as_deref());
    let email = owner.or(organization)?;
    let (person, host) = email.rsplit_once('@').unwrap_or((email, ""));
    let url = format!("mailto:{}@{host}?subject={}", query_value(person), query_value(&shown.cta.label));
    Some(FailureView { email, url })
}
