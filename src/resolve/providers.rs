//! Schedulers and checkouts that calls to action lead to: what they would drop without a word is told here.

use std::sync::Arc;

use super::Resolver;
use crate::diagnostics::Diagnostic;
use crate::model::address::{OutwardUrl, WebUrl};
use crate::model::cta::Coupon;
use crate::model::provider::{Accepts, BadRedirect, Provider};
use crate::model::site::SiteConfig;
use crate::rules::Rule;
use crate::source::{Located, SourceText, Span};

/// The parameters that an author's address may have of its own and that go out beside ours.
const OWN_UTM: [&str; 3] = ["utm_source", "utm_medium", "utm_term"];

/// A call to action's address, as it is checked.
struct Checked<'a> {
    provider: Provider,
    url: &'a WebUrl,
    span: Span,
    source: &'a Arc<SourceText>,
    config: &'a SiteConfig,
}

impl Resolver<'_> {
    pub(super) fn check_providers(&mut self) {
        let config = &self.site.config;
        for page in &self.site.pages {
            for cta in page.page.front.ctas.values() {
                let Some((url, span)) = cta.written_url() else { continue };
                let source = &page.page.source;
                let checked = Checked { provider: cta.provider(), url, span, source, config };
                // A link on the site's own host carries `via`, and nothing that a provider could drop.
                if !config.base_url.same_host(url.url()) {
                    self.found.extend(own_lead_tag(&checked));
                    self.found.extend(dropped_utm(&checked));
                }
                match cta.coupon() {
                    Some(coupon) => self.found.extend(dropped_codes(&checked, coupon)),
                    None => self.found.extend(bad_redirect(&checked, url)),
                }
            }
        }
    }
}

fn own_lead_tag(checked: &Checked) -> Option<Diagnostic> {
    let name = checked.provider.lead_tag().filter(|name| checked.url.has_parameter(name))?;
    Some(
        Diagnostic::error(Rule::ReservedLeadTagParameter, format!("this address sets `{name}` itself"))
            .at(checked.source, checked.span, format!("the lead tag needs its place at {}", checked.provider.name()))
            .help(format!("leave `{name}` out: Tagline puts the lead tag there")),
    )
}

/// Values of `utm_*` that never arrive: those of every channel, since the arrival script can set any of them, and the
/// author's own.
fn dropped_utm(checked: &Checked) -> Vec<Diagnostic> {
    let Some(accepts) = checked.provider.utm() else { return Vec::new() };
    let channels = checked.config.channels.values();
    let theirs = channels.flat_map(|channel| [("source", &channel.source), ("medium", &channel.medium)]);
    let of_channels = theirs.filter(|(_, value)| !accepts.takes(&value.value));
    let own = OWN_UTM.into_iter().filter_map(|name| Some((name, checked.url.value_of(name)?)));
    let of_author = own.filter(|(_, value)| !accepts.takes(value));
    of_channels
        .map(|(key, value)| of_channel(checked, accepts, key, value))
        .chain(of_author.map(|(name, value)| {
            drops(checked, &format!("`{value}` as `{name}`"), accepts.words)
                .help(format!("write another `{name}`, or leave it out"))
        }))
        .collect()
}

fn of_channel(checked: &Checked, accepts: &Accepts, key: &str, value: &Located<String>) -> Diagnostic {
    drops(checked, &format!("`{}` as `utm_{key}`", value.value), accepts.words)
        .at(&checked.config.source, value.span, format!("visitors of this channel bring it as their {key}"))
        .help(format!("write another `{key}` for this channel in site.yaml"))
}

fn drops(checked: &Checked, what: &str, words: &str) -> Diagnostic {
    Diagnostic::error(Rule::DroppedByProvider, format!("{} drops {what}", checked.provider.name())).at(
        checked.source,
        checked.span,
        format!("takes {words}"),
    )
}

/// Codes that never arrive, and pages that visitors with a code never see.
fn dropped_codes(checked: &Checked, coupon: &Coupon) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let codes: Vec<_> = std::iter::once(&coupon.code).chain(coupon.codes.values()).collect();
    for code in &codes {
        let Some(accepts) = checked.provider.code().filter(|accepts| !accepts.takes(&code.value)) else { continue };
        let message = format!("{} takes no code `{}`", checked.provider.name(), code.value);
        found.push(
            Diagnostic::error(Rule::DroppedByProvider, message)
                .at(checked.source, code.span, format!("takes {}", accepts.words))
                .at(checked.source, checked.span, "handed over to this address"),
        );
    }
    if found.is_empty() {
        found.extend(codes.iter().find_map(|code| unread(checked, coupon, &code.value)));
    }
    if let OutwardUrl::Web(link) = coupon.url.value.with(&coupon.code.value) {
        found.extend(bad_redirect(checked, &link));
    }
    found
}

/// The code stands where the provider does not look for one, or another one stands there.
fn unread(checked: &Checked, coupon: &Coupon, code: &str) -> Option<Diagnostic> {
    let provider = checked.provider;
    let OutwardUrl::Web(link) = coupon.url.value.with(code) else { return None };
    if provider.reads_code(&link, code) {
        return None;
    }
    let message = format!("with this address {} does not get the code `{code}`", provider.name());
    let help = format!("write `{}`, or the address without any code: Tagline adds it", provider.place_of_code());
    let diagnostic = Diagnostic::error(Rule::DroppedByProvider, message);
    Some(diagnostic.at(checked.source, checked.span, "no place for the code, or another code in it").help(help))
}

fn bad_redirect(checked: &Checked, link: &WebUrl) -> Option<Diagnostic> {
    let (message, label, help) = match checked.provider.bad_redirect(checked.url, link)? {
        BadRedirect::Taken(name) => (
            format!("Shopify takes `{name}` for itself"),
            "the page would not get it",
            "write the address of the page that visitors shall see, without it",
        ),
        BadRedirect::NotAPath => (
            "Shopify leads on to pages of the same shop only".to_owned(),
            "visitors would see the home page instead",
            "write a path that begins with a single `/`, as in `redirect=/products/team`",
        ),
        BadRedirect::NotBare => (
            "a query or a fragment within `redirect` loses what follows it".to_owned(),
            "`utm_*` would not arrive",
            "write them behind: `redirect=/products/team&variant=1#prices`",
        ),
    };
    Some(Diagnostic::error(Rule::DroppedByProvider, message).at(checked.source, checked.span, label).help(help))
}
