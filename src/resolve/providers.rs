//! Checks the addresses of schedulers and checkouts: what a provider would drop is reported here.

use std::sync::Arc;

use rayon::prelude::*;

use super::site::PlacedPage;
use crate::diagnostics::Diagnostic;
use crate::model::address::{OutwardUrl, WebUrl};
use crate::model::cta::{Coupon, Cta};
use crate::model::provider::{AcceptedValues, BadRedirect, Provider};
use crate::model::site::SiteConfig;
use crate::rules::Rule;
use crate::source::{Located, SourceText, Span};

/// The parameters that an author may write into an address, and that are sent beside Tagline's own.
const OWN_UTM: [&str; 3] = ["utm_source", "utm_medium", "utm_term"];

/// The address of a call to action.
struct ProviderUrl<'a> {
    provider: Provider,
    url: &'a WebUrl,
    span: Span,
    source: &'a Arc<SourceText>,
    config: &'a SiteConfig,
}

/// Checks the addresses of all calls to action.
pub fn check(pages: &[PlacedPage], config: &SiteConfig) -> Vec<Diagnostic> {
    pages.par_iter().flat_map_iter(|page| check_page(page, config)).collect()
}

fn check_page(page: &PlacedPage, config: &SiteConfig) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for cta in page.page.front.ctas.values() {
        let Some((url, span)) = cta.written_url() else { continue };
        let address = ProviderUrl { provider: cta.provider, url, span, source: &page.page.source, config };
        diagnostics.extend(check_cta(cta, &address));
    }
    diagnostics
}

fn check_cta(cta: &Cta, address: &ProviderUrl) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    // A link on the site's own host carries `via`, and no parameter that a provider could drop.
    if !address.config.base_url.same_host(address.url.url()) {
        diagnostics.extend(own_lead_tag(address));
        diagnostics.extend(dropped_utm(address));
    }
    match cta.coupon() {
        Some(coupon) => diagnostics.extend(dropped_codes(address, coupon)),
        None => diagnostics.extend(bad_redirect(address, address.url)),
    }
    diagnostics
}

fn own_lead_tag(address: &ProviderUrl) -> Option<Diagnostic> {
    let name = address.provider.lead_tag().filter(|name| address.url.has_parameter(name))?;
    Some(
        Diagnostic::error(Rule::ReservedLeadTagParameter, format!("this address sets `{name}` itself"))
            .at(address.source, address.span, format!("{} gets the lead tag there", address.provider.name()))
            .help(format!("remove `{name}`: Tagline sets it to the lead tag")),
    )
}

/// Reports the values of `utm_*` that the provider drops: those of every channel, because the arrival script can set any of
/// them, and the author's own.
fn dropped_utm(address: &ProviderUrl) -> Vec<Diagnostic> {
    let Some(accepts) = address.provider.utm() else { return Vec::new() };
    let channels = address.config.channels.values();
    let values = channels.flat_map(|channel| [("source", &channel.source), ("medium", &channel.medium)]);
    let of_channels = values.filter(|(_, value)| !accepts.includes(&value.value));
    let own = OWN_UTM.into_iter().filter_map(|name| Some((name, address.url.value_of(name)?)));
    let of_author = own.filter(|(_, value)| !accepts.includes(value));
    of_channels
        .map(|(key, value)| dropped_utm_of_channel(address, accepts, key, value))
        .chain(of_author.map(|(name, value)| {
            dropped(address, &format!("`{value}` as `{name}`"), accepts.description)
                .help(format!("use another `{name}`, or remove it"))
        }))
        .collect()
}

fn dropped_utm_of_channel(
    address: &ProviderUrl,
    accepts: &AcceptedValues,
    key: &str,
    value: &Located<String>,
) -> Diagnostic {
    dropped(address, &format!("`{}` as `utm_{key}`", value.value), accepts.description)
        .at(&address.config.source, value.span, format!("the {key} of this channel's visitors"))
        .help(format!("use another `{key}` for this channel in site.yaml"))
}

fn dropped(address: &ProviderUrl, what: &str, accepted: &str) -> Diagnostic {
    let message = format!("{} drops {what}", address.provider.name());
    Diagnostic::error(Rule::DroppedByProvider, message).at(address.source, address.span, format!("accepts {accepted}"))
}

/// Reports codes that the provider drops, and redirects to pages that it does not show.
fn dropped_codes(address: &ProviderUrl, coupon: &Coupon) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let codes: Vec<_> = std::iter::once(&coupon.code).chain(coupon.codes.values()).collect();
    for code in &codes {
        let Some(accepts) = address.provider.code().filter(|accepts| !accepts.includes(&code.value)) else { continue };
        let message = format!("{} does not accept the code `{}`", address.provider.name(), code.value);
        diagnostics.push(
            Diagnostic::error(Rule::DroppedByProvider, message)
                .at(address.source, code.span, format!("accepts {}", accepts.description))
                .at(address.source, address.span, "sent to this address"),
        );
    }
    if diagnostics.is_empty() {
        diagnostics.extend(codes.iter().find_map(|code| misplaced_code(address, coupon, &code.value)));
    }
    if let OutwardUrl::Web(link) = coupon.url.value.with(&coupon.code.value) {
        diagnostics.extend(bad_redirect(address, &link));
    }
    diagnostics
}

/// Reports an address in which the provider does not find the code, or finds another one.
fn misplaced_code(address: &ProviderUrl, coupon: &Coupon, code: &str) -> Option<Diagnostic> {
    let provider = address.provider;
    let OutwardUrl::Web(link) = coupon.url.value.with(code) else { return None };
    if provider.reads_code(&link, code) {
        return None;
    }
    let message = format!("{} does not get the code `{code}` with this address", provider.name());
    let help = format!("write `{}`, or the address without a code: Tagline adds it", provider.code_example());
    let diagnostic = Diagnostic::error(Rule::DroppedByProvider, message);
    Some(diagnostic.at(address.source, address.span, "no place for the code, or another code").help(help))
}

fn bad_redirect(address: &ProviderUrl, link: &WebUrl) -> Option<Diagnostic> {
    let (message, label, help) = match address.provider.bad_redirect(address.url, link)? {
        BadRedirect::ReservedParameter(name) => (
            format!("Shopify uses `{name}` itself"),
            "the page would not get it",
            "write the page's address without it",
        ),
        BadRedirect::NotAPath => (
            "Shopify only redirects to pages of the same shop".to_owned(),
            "visitors would see the home page instead",
            "write a path that begins with a single `/`, as in `redirect=/products/team`",
        ),
        BadRedirect::HasQueryOrFragment => (
            "a query or a fragment within `redirect` loses what follows it".to_owned(),
            "`utm_*` would not arrive",
            "write them after it: `redirect=/products/team&variant=1#prices`",
        ),
    };
    let diagnostic = Diagnostic::error(Rule::DroppedByProvider, message);
    Some(diagnostic.at(address.source, address.span, label).help(help))
}
