//! Links of calls to action: how a lead tag travels in an address. On the site's own host it is the parameter `via`; on
//! other hosts it travels in `utm_*` parameters, or in the parameter that the provider passes on.

use crate::model::address::WebUrl;
use crate::model::channel::Channel;
use crate::model::cta::Cta;
use crate::model::provider;
use crate::model::tag::LeadTag;
use crate::model::url_encoding::query_value;
use crate::resolve::Site;

/// Returns an address with the query that carries a lead tag.
pub fn cta_url(site: &Site, url: &WebUrl, tag: &LeadTag, cta: &Cta) -> String {
    with_query(site, url, |own_host, is_first| {
        let query = tag_query(tag, cta, site.config.channels.get(&tag.channel), own_host);
        format!("{}{query}", if is_first { '?' } else { '&' })
    })
}

/// Inserts a query into an address, before its fragment. `query` returns the query with its separator; its arguments
/// say whether the address is on the site's own host and whether it has no other parameters.
pub fn with_query(site: &Site, url: &WebUrl, query: impl FnOnce(bool, bool) -> String) -> String {
    let own_host = site.config.base_url.same_host(url.url());
    let open = if own_host { url.open(&["via"]) } else { url.open(&provider::UTM) };
    format!("{}{}{}", open.before, query(own_host, !open.has_query), open.fragment)
}

/// Returns the query that carries a lead tag, without a separator in front. A channel that is not in `site.yaml`
/// (`direct`) has no source and medium, so the ones that the author wrote remain.
pub fn tag_query(tag: &LeadTag, cta: &Cta, channel: Option<&Channel>, own_host: bool) -> String {
    if own_host {
        return format!("via={tag}");
    }
    let source = match channel {
        Some(Channel { source, medium, .. }) => {
            format!("utm_source={}&utm_medium={}&", query_value(&source.value), query_value(&medium.value))
        }
        None => {
            let url = cta.url(&tag.channel);
            let web = url.as_ref().and_then(|url| url.web());
            let written = |name| web.map(|url| url.parameters(&[name])).unwrap_or_default();
            ["utm_source", "utm_medium"].into_iter().flat_map(written).map(|pair| format!("{pair}&")).collect()
        }
    };
    cta.provider.query(&source, tag)
}
