//! Schedulers and checkouts, recognised by the host of an address: how each takes a lead tag and a coupon's code, and which
//! values it silently drops. The facts are from the vendors; see `docs/schedulers.md`.

use super::address::{WebUrl, query_value};
use super::tag::LeadTag;

/// The parameters that carry a lead source; an author's own would fight with ours.
pub const UTM: [&str; 4] = ["utm_source", "utm_medium", "utm_campaign", "utm_content"];

/// The service at the address of a call to action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    CalCom,
    Calendly,
    HubspotMeetings,
    Stripe,
    Shopify,
    /// Any other site. It only gets `utm_*`.
    Other,
}

/// The parameters and limits of one provider.
struct ProviderFacts {
    name: &'static str,
    /// Its hosts. `*` matches any letters.
    hosts: &'static [&'static str],
    /// Its own parameter for the lead tag, beside `utm_content`.
    lead_tag: Option<&'static str>,
    utm: Option<Accepts>,
    code: Option<Accepts>,
}

/// The values that a provider accepts. It silently drops all others.
#[derive(Debug, PartialEq, Eq)]
pub struct Accepts {
    alphabet: Alphabet,
    /// How many characters, where a limit is documented.
    most: Option<usize>,
    /// The description for people.
    pub words: &'static str,
}

#[derive(Debug, PartialEq, Eq)]
enum Alphabet {
    /// ASCII letters and digits, and these.
    LettersDigitsAnd(&'static str),
    AllBut(&'static str),
}

/// Metadata comes with the booking's webhook and is stored with the booking: `metadata[myKey]` in
/// <https://cal.com/help/embedding/prefill-booking-form-embed>, as a parameter of a link since
/// <https://github.com/calcom/cal.diy/pull/1249>. All five `utm_*` are kept:
/// <https://cal.com/help/bookings/utm-tracking>. `cal.eu` is the instance in the EU, `*.cal.com` an organization.
const CAL_COM: ProviderFacts = ProviderFacts {
    name: "Cal.com",
    hosts: &["cal.com", "*.cal.com", "cal.eu", "*.cal.eu"],
    lead_tag: Some("metadata[lead_tag]"),
    utm: None,
    code: None,
};

/// `tracking` of an invitee has the five `utm_*`, and no place for anything else of ours:
/// <https://developer.calendly.com/docs/api-guides/track-and-report-on-all-scheduled-events-across-your-organization>.
/// No limit of length or characters is documented.
const CALENDLY: ProviderFacts = ProviderFacts {
    name: "Calendly",
    hosts: &["calendly.com", "*.calendly.com"],
    lead_tag: None,
    utm: None,
    code: None,
};

/// A parameter by a property's internal name fills the field of that property on the scheduling page. HubSpot's own
/// page on it could not be read when this was written; `utm_*` on the link is what its users report to work.
const HUBSPOT_MEETINGS: ProviderFacts = ProviderFacts {
    name: "HubSpot",
    hosts: &["meetings.hubspot.com", "meetings-*.hubspot.com"],
    lead_tag: Some("lead_tag"),
    utm: None,
    code: None,
};

/// `client_reference_id` takes letters, digits, dashes and underscores, at most 200, and `utm_*` the same, at most 150;
/// "invalid values are silently dropped": <https://docs.stripe.com/payment-links/url-parameters>. The longest lead tag
/// has 122. A promotion code has at most 500 characters (<https://docs.stripe.com/api/promotion_codes/create>); in a link
/// it "can't use any special characters", or is dropped silently, too:
/// <https://docs.stripe.com/payment-links/customize#customize-checkout-with-url-parameters>. The API allows dashes in it.
const STRIPE: ProviderFacts = ProviderFacts {
    name: "Stripe",
    hosts: &["buy.stripe.com", "book.stripe.com", "donate.stripe.com"],
    lead_tag: Some("client_reference_id"),
    utm: Some(Accepts {
        alphabet: Alphabet::LettersDigitsAnd("-_"),
        most: Some(150),
        words: "only letters without accents, digits, `-` and `_`, at most 150",
    }),
    code: Some(Accepts {
        alphabet: Alphabet::LettersDigitsAnd(""),
        most: Some(500),
        words: "only letters without accents and digits, at most 500",
    }),
};

/// A code goes in by `/discount/CODE?redirect=/path`. Parameters beside `redirect` are passed on to that path:
/// <https://github.com/Shopify/hydrogen/pull/766>, which does what Shopify's own storefront does. A code with a `%`
/// would have to be encoded twice: <https://community.shopify.dev/t/how-does-shopify-encode-discount-codes-in-urls/9289>;
/// the other characters end a part of a path.
const SHOPIFY: ProviderFacts = ProviderFacts {
    name: "Shopify",
    hosts: &["*.myshopify.com"],
    lead_tag: None,
    utm: None,
    code: Some(Accepts { alphabet: Alphabet::AllBut("%/\\?#"), most: None, words: "no `%`, `/`, `\\`, `?` and `#`" }),
};

const OTHER: ProviderFacts = ProviderFacts { name: "this place", hosts: &[], lead_tag: None, utm: None, code: None };

/// Where a Stripe payment link takes a promotion code:
/// <https://docs.stripe.com/payment-links/customize#customize-checkout-with-url-parameters>.
const STRIPE_CODE: &str = "prefilled_promo_code";

/// Where Shopify's route for codes leads afterwards. It reads both names:
/// <https://github.com/Shopify/hydrogen/blob/main/templates/skeleton/app/routes/discount.%24code.tsx>.
const SHOPIFY_REDIRECTS: [&str; 2] = ["redirect", "return_to"];

/// Why Shopify would not lead where an address says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadRedirect {
    /// A parameter of the page that Shopify would take for its own.
    Taken(&'static str),
    /// No path of the same shop: visitors land on its home page.
    NotAPath,
    /// A query or a fragment in it, behind which `utm_*` would be lost.
    NotBare,
}

impl Provider {
    /// The providers that are recognised by their hosts.
    pub const ALL: [Provider; 5] =
        [Provider::CalCom, Provider::Calendly, Provider::HubspotMeetings, Provider::Stripe, Provider::Shopify];

    pub fn of(url: &WebUrl) -> Provider {
        let by_host = Provider::ALL.into_iter().find(|provider| {
            let hosts = provider.facts().hosts;
            hosts.iter().any(|pattern| is_host(url.host(), pattern))
        });
        match by_host {
            Some(provider) => provider,
            // A shop with its own domain.
            None if discount_path(url).is_some() => Provider::Shopify,
            None => Provider::Other,
        }
    }

    fn facts(self) -> &'static ProviderFacts {
        match self {
            Provider::CalCom => &CAL_COM,
            Provider::Calendly => &CALENDLY,
            Provider::HubspotMeetings => &HUBSPOT_MEETINGS,
            Provider::Stripe => &STRIPE,
            Provider::Shopify => &SHOPIFY,
            Provider::Other => &OTHER,
        }
    }

    /// For people.
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// Its own parameter for the lead tag.
    pub fn lead_tag(self) -> Option<&'static str> {
        self.facts().lead_tag
    }

    /// The accepted values of `utm_*`; `None` if all are.
    pub fn utm(self) -> Option<&'static Accepts> {
        self.facts().utm.as_ref()
    }

    /// The accepted codes of coupons; `None` if all are.
    pub fn code(self) -> Option<&'static Accepts> {
        self.facts().code.as_ref()
    }

    /// What a link carries out, as a query without its first separator. `from` is `utm_source` and `utm_medium`, each
    /// with a `&` behind it: the arrival script puts others in front of `utm_campaign`, so the four stand together.
    pub fn query(self, from: &str, tag: &LeadTag) -> String {
        let own = self.lead_tag().map(|name| format!("&{}={tag}", query_value(name))).unwrap_or_default();
        format!("{from}utm_campaign={}&utm_content={tag}{own}", tag.campaign)
    }

    /// Adds a coupon's code to an address, if this provider accepts codes.
    pub fn with_code(self, url: &WebUrl, code: &str) -> WebUrl {
        match self {
            Provider::Stripe if !url.has_parameter(STRIPE_CODE) => url.and_parameter(STRIPE_CODE, code),
            Provider::Shopify if discount_path(url).is_none() => discount_link(url, code),
            Provider::CalCom
            | Provider::Calendly
            | Provider::HubspotMeetings
            | Provider::Stripe
            | Provider::Shopify
            | Provider::Other => url.clone(),
        }
    }

    /// Whether an address passes a code to the provider. `true` for providers that are not known to read codes.
    pub fn reads_code(self, url: &WebUrl, code: &str) -> bool {
        let read = match self {
            Provider::CalCom | Provider::Calendly | Provider::HubspotMeetings | Provider::Other => return true,
            Provider::Stripe => url.value_of(STRIPE_CODE),
            // A link to a filled cart: https://shopify.dev/docs/apps/build/checkout/create-cart-permalinks.
            Provider::Shopify => discount_path(url).or_else(|| url.value_of("discount").filter(|_| is_cart(url))),
        };
        // Stripe ignores the case of a code. Shopify's documentation does not say; a false alarm would be worse.
        read.is_some_and(|read| read.eq_ignore_ascii_case(code))
    }

    /// How an author writes the placeholder for a code, for a message.
    pub fn place_of_code(self) -> &'static str {
        match self {
            Provider::Stripe => "prefilled_promo_code={code}",
            Provider::Shopify => "/discount/{code}",
            Provider::CalCom | Provider::Calendly | Provider::HubspotMeetings | Provider::Other => "{code}",
        }
    }

    /// Why visitors would not end where an author's address says: Shopify leads on from a code to a page. `link` is the
    /// address with the code.
    pub fn bad_redirect(self, written: &WebUrl, link: &WebUrl) -> Option<BadRedirect> {
        if self != Provider::Shopify || discount_path(link).is_none() {
            return None;
        }
        let taken = SHOPIFY_REDIRECTS.into_iter().find(|name| written.has_parameter(name));
        if let Some(name) = taken.filter(|_| discount_path(written).is_none()) {
            return Some(BadRedirect::Taken(name));
        }
        let path = SHOPIFY_REDIRECTS.iter().find_map(|name| link.value_of(name))?;
        match () {
            () if !path.starts_with('/') || path.contains("//") || path.contains('\\') => Some(BadRedirect::NotAPath),
            () if path.contains(['?', '#']) => Some(BadRedirect::NotBare),
            () => None,
        }
    }
}

impl Accepts {
    pub fn takes(&self, value: &str) -> bool {
        let allowed = |c: char| match self.alphabet {
            Alphabet::LettersDigitsAnd(more) => c.is_ascii_alphanumeric() || more.contains(c),
            Alphabet::AllBut(refused) => !refused.contains(c),
        };
        self.most.is_none_or(|most| value.chars().count() <= most) && value.chars().all(allowed)
    }
}

fn is_host(host: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        None => host == pattern,
        Some((start, end)) => host.len() > start.len() + end.len() && host.starts_with(start) && host.ends_with(end),
    }
}

/// The code in a path `/discount/CODE`, perhaps in the folder of a market: `/de-de/discount/CODE`.
fn discount_path(url: &WebUrl) -> Option<String> {
    // Most addresses are another place's, and this is asked for each link on each page.
    if !url.url().path().contains("discount") {
        return None;
    }
    let mut parts = url.path_parts();
    parts.retain(|part| !part.is_empty());
    let is_market =
        |part: &str| matches!(part.len(), 2 | 5) && part.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
    match parts.as_slice() {
        [route, code] if route == "discount" => Some(code.clone()),
        [market, route, code] if route == "discount" && is_market(market) => Some(code.clone()),
        _ => None,
    }
}

/// Leads by the code to the page that the author wrote. The page's query stays outside of `redirect`, with `utm_*`: a
/// storefront that joins the two with a `?` would break a query within. A browser keeps the fragment over the
/// redirect (RFC 9110, section 10.2.2).
fn discount_link(url: &WebUrl, code: &str) -> WebUrl {
    let link = url.at_path(&["discount", code]);
    match url.url().path() {
        "" | "/" => link,
        page => link.and_parameter("redirect", page),
    }
}

/// `/cart/VARIANT:NUMBER`.
fn is_cart(url: &WebUrl) -> bool {
    url.path_parts().first().is_some_and(|part| part == "cart")
}

#[cfg(test)]
mod tests {
    use super::super::address::OutwardUrl;
    use super::super::cta::CodeUrl;
    use super::*;

    const DIRECT: &str = "";
    const NEWS: &str = "utm_source=news&utm_medium=email&";

    fn web(text: &str) -> WebUrl {
        WebUrl::parse(text).unwrap_or_else(|why| panic!("{text}: {why:?}"))
    }

    /// The query that Tagline adds to an address.
    fn carried(url: &str, from: &str, channel: &str) -> String {
        let tag = LeadTag::parse(&format!("spring_save_{channel}")).unwrap();
        Provider::of(&web(url)).query(from, &tag)
    }

    fn with_code(url: &str, code: &str) -> String {
        let OutwardUrl::Web(link) = CodeUrl::parse(url).unwrap().with(code) else { panic!("{url} is on the web") };
        link.to_string()
    }

    #[test]
    fn a_provider_is_found_by_the_host_and_a_shop_by_its_path_too() {
        for (url, provider) in [
            ("https://cal.com/kazi/trial", Provider::CalCom),
            ("https://app.cal.com/kazi/trial", Provider::CalCom),
            ("https://kazi.cal.com/trial", Provider::CalCom),
            ("https://CAL.com/kazi", Provider::CalCom),
            ("https://cal.eu/kazi", Provider::CalCom),
            ("https://app.cal.eu/kazi", Provider::CalCom),
            ("https://notcal.com/kazi", Provider::Other),
            ("https://cal.com.evil.example/kazi", Provider::Other),
            ("https://cal.example.com/kazi", Provider::Other),
            ("https://calendly.com/kazi/trial", Provider::Calendly),
            ("https://meetings.hubspot.com/kazi", Provider::HubspotMeetings),
            ("https://meetings-eu1.hubspot.com/kazi", Provider::HubspotMeetings),
            ("https://app.hubspot.com/kazi", Provider::Other),
            ("https://buy.stripe.com/abc", Provider::Stripe),
            ("https://book.stripe.com/abc", Provider::Stripe),
            ("https://donate.stripe.com/abc", Provider::Stripe),
            ("https://stripe.com/pricing", Provider::Other),
            ("https://kazi.myshopify.com/products/team", Provider::Shopify),
            ("https://myshopify.com/", Provider::Other),
            ("https://shop.kazi.example/discount/SPRING20", Provider::Shopify),
            ("https://shop.kazi.example/de-de/discount/SPRING20/", Provider::Shopify),
            ("https://shop.kazi.example/discount", Provider::Other),
            ("https://shop.kazi.example/shop/discount/SPRING20", Provider::Other),
        ] {
            assert_eq!(Provider::of(&web(url)), provider, "{url}");
        }
    }

    #[test]
    fn each_provider_gets_the_lead_tag_in_its_own_way() {
        let utm = "utm_campaign=spring&utm_content=spring_save_direct";
        for (url, own) in [
            ("https://cal.com/kazi", "&metadata%5Blead_tag%5D=spring_save_direct"),
            ("https://calendly.com/kazi", ""),
            ("https://meetings.hubspot.com/kazi", "&lead_tag=spring_save_direct"),
            ("https://buy.stripe.com/abc", "&client_reference_id=spring_save_direct"),
            ("https://kazi.myshopify.com/", ""),
            ("https://shop.example.com/", ""),
        ] {
            assert_eq!(carried(url, DIRECT, "direct"), format!("{utm}{own}"), "{url}");
        }
        assert_eq!(
            carried("https://buy.stripe.com/abc", NEWS, "news"),
            "utm_source=news&utm_medium=email&utm_campaign=spring&utm_content=spring_save_news\
             &client_reference_id=spring_save_news"
        );
    }

    #[test]
    fn a_code_goes_where_the_checkout_takes_it() {
        for (url, link) in [
            ("https://buy.stripe.com/abc", "https://buy.stripe.com/abc?prefilled_promo_code=SAVE20"),
            (
                "https://buy.stripe.com/abc?locale=de",
                "https://buy.stripe.com/abc?locale=de&prefilled_promo_code=SAVE20",
            ),
            (
                "https://buy.stripe.com/abc?prefilled_promo_code={code}&locale=de",
                "https://buy.stripe.com/abc?prefilled_promo_code=SAVE20&locale=de",
            ),
            ("https://kazi.myshopify.com", "https://kazi.myshopify.com/discount/SAVE20"),
            (
                "https://kazi.myshopify.com/products/team",
                "https://kazi.myshopify.com/discount/SAVE20?redirect=/products/team",
            ),
            (
                "https://kazi.myshopify.com/products/team?variant=1&a=b%26c#prices",
                "https://kazi.myshopify.com/discount/SAVE20?variant=1&a=b%26c&redirect=/products/team#prices",
            ),
            (
                "https://kazi.myshopify.com/pages/caf%C3%A9",
                "https://kazi.myshopify.com/discount/SAVE20?redirect=/pages/caf%25C3%25A9",
            ),
            (
                "https://kazi.myshopify.com/cart/1:2?discount={code}",
                "https://kazi.myshopify.com/cart/1:2?discount=SAVE20",
            ),
            (
                "https://shop.example.com/discount/{code}?redirect=/products/team",
                "https://shop.example.com/discount/SAVE20?redirect=/products/team",
            ),
            ("https://shop.example.com/buy", "https://shop.example.com/buy"),
            ("https://calendly.com/kazi?a1={code}", "https://calendly.com/kazi?a1=SAVE20"),
        ] {
            assert_eq!(with_code(url, "SAVE20"), link, "{url}");
        }
    }

    #[test]
    fn a_code_is_read_only_where_the_checkout_looks_for_it() {
        for (url, reads_code) in [
            ("https://buy.stripe.com/abc", true),
            ("https://buy.stripe.com/abc?prefilled_promo_code={code}", true),
            ("https://buy.stripe.com/abc?prefilled_promo_code=save20", true),
            ("https://buy.stripe.com/abc?prefilled_promo_code=OTHER", false),
            ("https://buy.stripe.com/abc?coupon={code}", false),
            ("https://kazi.myshopify.com/products/team", true),
            ("https://kazi.myshopify.com/discount/{code}", true),
            ("https://kazi.myshopify.com/discount/OTHER", false),
            ("https://kazi.myshopify.com/products/team?discount={code}", false),
            ("https://kazi.myshopify.com/cart/1:2?discount={code}", true),
            ("https://shop.example.com/anything?c={code}", true),
            ("https://cal.com/kazi", true),
        ] {
            let link = web(&with_code(url, "SAVE20"));
            assert_eq!(Provider::of(&link).reads_code(&link, "SAVE20"), reads_code, "{url}");
        }
    }

    #[test]
    fn values_that_stripe_drops_are_known() {
        let utm = Provider::Stripe.utm().unwrap();
        for good in ["news", "Expo-2027_b", "", &"x".repeat(150)] {
            assert!(utm.takes(good), "{good}");
        }
        for bad in ["a b", "été", "a.b", "a+b", &"x".repeat(151)] {
            assert!(!utm.takes(bad), "{bad}");
        }
        let code = Provider::Stripe.code().unwrap();
        assert!(code.takes("20off") && !code.takes("SAVE-20") && !code.takes("20%"));
        let code = Provider::Shopify.code().unwrap();
        assert!(code.takes("SAVE_20") && !code.takes("20%") && !code.takes("A/B"));
    }

    #[test]
    fn the_longest_lead_tag_fits_everywhere() {
        let longest = [&*"x".repeat(40), &*"y".repeat(40), &*"z".repeat(40)].join("_");
        for provider in Provider::ALL {
            assert!(provider.utm().is_none_or(|utm| utm.takes(&longest)), "{provider:?}");
        }
    }

    #[test]
    fn shopify_leads_on_to_a_bare_path_of_the_same_shop() {
        for (url, bad) in [
            ("https://shop.example.com/discount/{code}", None),
            ("https://shop.example.com/discount/{code}?redirect=/products/team&variant=1", None),
            ("https://shop.example.com/discount/{code}?redirect=https://other.example/", Some(BadRedirect::NotAPath)),
            ("https://shop.example.com/discount/{code}?redirect=//other.example/", Some(BadRedirect::NotAPath)),
            ("https://shop.example.com/discount/{code}?return_to=/%5Cother.example", Some(BadRedirect::NotAPath)),
            ("https://shop.example.com/discount/{code}?redirect=products/team", Some(BadRedirect::NotAPath)),
            ("https://shop.example.com/discount/{code}?redirect=/a?b=c", Some(BadRedirect::NotBare)),
            ("https://shop.example.com/discount/{code}?redirect=/a%23b", Some(BadRedirect::NotBare)),
            ("https://kazi.myshopify.com/a#b", None),
            ("https://kazi.myshopify.com/a?redirect=/b", Some(BadRedirect::Taken("redirect"))),
            ("https://kazi.myshopify.com/a//b", Some(BadRedirect::NotAPath)),
            ("https://buy.stripe.com/abc?redirect=https://other.example/", None),
        ] {
            let written = web(&url.replace("{code}", "x"));
            let link = web(&with_code(url, "SAVE20"));
            assert_eq!(Provider::of(&written).bad_redirect(&written, &link), bad, "{url}");
        }
    }
}
