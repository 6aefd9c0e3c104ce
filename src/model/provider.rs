//! Schedulers and checkouts, recognised by the host of an address: the parameters of each for the lead tag and a coupon's
//! code, and the values that it silently drops. The facts are from the vendors; see `docs/schedulers.md`.

use super::address::WebUrl;
use super::tag::LeadTag;
use super::url_encoding::query_value;

/// The parameters that carry a lead source. Tagline sets them, so an author's own values would be overwritten.
pub const UTM: [&str; 4] = ["utm_source", "utm_medium", "utm_campaign", "utm_content"];

/// The service at the address of a call to action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    CalCom,
    Calendly,
    HubspotMeetings,
    Stripe,
    Shopify,
    /// Any other site. Links to it only carry `utm_*`.
    Other,
}

/// The parameters and limits of one provider.
struct ProviderFacts {
    name: &'static str,
    /// The hosts. `*` matches any characters.
    hosts: &'static [&'static str],
    /// The provider's own parameter for the lead tag, besides `utm_content`.
    lead_tag: Option<&'static str>,
    /// The accepted values of `utm_*`; `None` if all are.
    utm: Option<AcceptedValues>,
    /// The accepted codes of coupons; `None` if all are.
    code: Option<AcceptedValues>,
}

/// The values that a provider accepts. It silently drops all others.
#[derive(Debug, PartialEq, Eq)]
pub struct AcceptedValues {
    alphabet: Alphabet,
    /// The largest number of characters, if a limit is documented.
    max_length: Option<usize>,
    /// For people. Completes "accepts …".
    pub description: &'static str,
}

#[derive(Debug, PartialEq, Eq)]
enum Alphabet {
    /// ASCII letters and digits, and these characters.
    LettersDigitsAnd(&'static str),
    /// All characters except these.
    AllExcept(&'static str),
}

/// Cal.com stores metadata with the booking and sends it with the booking's webhook: `metadata[myKey]` in
/// <https://cal.com/help/embedding/prefill-booking-form-embed>, as a parameter of a link since
/// <https://github.com/calcom/cal.diy/pull/1249>. It stores all five `utm_*`:
/// <https://cal.com/help/bookings/utm-tracking>. `cal.eu` is the instance in the EU, `*.cal.com` an organization.
const CAL_COM: ProviderFacts = ProviderFacts {
    name: "Cal.com",
    hosts: &["cal.com", "*.cal.com", "cal.eu", "*.cal.eu"],
    lead_tag: Some("metadata[lead_tag]"),
    utm: None,
    code: None,
};

/// `tracking` of an invitee has the five `utm_*`, and no field for a lead tag:
/// <https://developer.calendly.com/docs/api-guides/track-and-report-on-all-scheduled-events-across-your-organization>.
/// No limit of length or characters is documented.
const CALENDLY: ProviderFacts = ProviderFacts {
    name: "Calendly",
    hosts: &["calendly.com", "*.calendly.com"],
    lead_tag: None,
    utm: None,
    code: None,
};

/// A parameter with the internal name of a property fills in the field of the property on the scheduling page. HubSpot's
/// documentation of it was not accessible when this was written. HubSpot's users report that `utm_*` on the link works.
const HUBSPOT_MEETINGS: ProviderFacts = ProviderFacts {
    name: "HubSpot",
    hosts: &["meetings.hubspot.com", "meetings-*.hubspot.com"],
    lead_tag: Some("lead_tag"),
    utm: None,
    code: None,
};

/// `client_reference_id` accepts at most 200 letters, digits, dashes and underscores, and `utm_*` at most 150; "invalid
/// values are silently dropped": <https://docs.stripe.com/payment-links/url-parameters>. The longest lead tag has 122
/// characters. A promotion code has at most 500 characters (<https://docs.stripe.com/api/promotion_codes/create>). In a
/// link it "can't use any special characters", or it is silently dropped, too:
/// <https://docs.stripe.com/payment-links/customize#customize-checkout-with-url-parameters>. The API allows dashes in it.
const STRIPE: ProviderFacts = ProviderFacts {
    name: "Stripe",
    hosts: &["buy.stripe.com", "book.stripe.com", "donate.stripe.com"],
    lead_tag: Some("client_reference_id"),
    utm: Some(AcceptedValues {
        alphabet: Alphabet::LettersDigitsAnd("-_"),
        max_length: Some(150),
        description: "only letters without accents, digits, `-` and `_`, at most 150",
    }),
    code: Some(AcceptedValues {
        alphabet: Alphabet::LettersDigitsAnd(""),
        max_length: Some(500),
        description: "only letters without accents and digits, at most 500",
    }),
};

/// `/discount/CODE?redirect=/path` applies a code and redirects to the path. The other parameters are passed on to the
/// path: <https://github.com/Shopify/hydrogen/pull/766>, which copies the behaviour of Shopify's own storefront. A code
/// with a `%` would have to be encoded twice:
/// <https://community.shopify.dev/t/how-does-shopify-encode-discount-codes-in-urls/9289>. The other excluded characters
/// end a part of a path.
const SHOPIFY: ProviderFacts = ProviderFacts {
    name: "Shopify",
    hosts: &["*.myshopify.com"],
    lead_tag: None,
    utm: None,
    code: Some(AcceptedValues {
        alphabet: Alphabet::AllExcept("%/\\?#"),
        max_length: None,
        description: "no `%`, `/`, `\\`, `?` and `#`",
    }),
};

const OTHER: ProviderFacts = ProviderFacts { name: "the site", hosts: &[], lead_tag: None, utm: None, code: None };

/// The parameter of a Stripe payment link for a promotion code:
/// <https://docs.stripe.com/payment-links/customize#customize-checkout-with-url-parameters>.
const STRIPE_CODE: &str = "prefilled_promo_code";

/// The parameters of Shopify's route for codes that name the page to redirect to:
/// <https://github.com/Shopify/hydrogen/blob/main/templates/skeleton/app/routes/discount.%24code.tsx>.
const SHOPIFY_REDIRECTS: [&str; 2] = ["redirect", "return_to"];

/// Why Shopify would not redirect to the page in an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadRedirect {
    /// The page has a parameter that Shopify uses itself.
    ReservedParameter(&'static str),
    /// The redirect is not a path of the same shop, so visitors would see the home page.
    NotAPath,
    /// The redirect has a query or a fragment, so `utm_*` would be lost.
    HasQueryOrFragment,
}

impl Provider {
    /// The providers that are recognised by their hosts.
    pub const ALL: [Provider; 5] =
        [Provider::CalCom, Provider::Calendly, Provider::HubspotMeetings, Provider::Stripe, Provider::Shopify];

    /// Returns the provider at an address.
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

    /// Returns the name for people.
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// Returns the provider's own parameter for the lead tag.
    pub fn lead_tag(self) -> Option<&'static str> {
        self.facts().lead_tag
    }

    /// Returns the accepted values of `utm_*`, or `None` if all are accepted.
    pub fn utm(self) -> Option<&'static AcceptedValues> {
        self.facts().utm.as_ref()
    }

    /// Returns the accepted codes of coupons, or `None` if all are accepted.
    pub fn code(self) -> Option<&'static AcceptedValues> {
        self.facts().code.as_ref()
    }

    /// Returns the parameters of a link, without a leading `?` or `&`. `from` is `utm_source` and `utm_medium`, each
    /// followed by `&`. The arrival script inserts other values before `utm_campaign`, so the four are adjacent.
    pub fn query(self, from: &str, tag: &LeadTag) -> String {
        let own = self.lead_tag().map(|name| format!("&{}={tag}", query_value(name))).unwrap_or_default();
        format!("{from}utm_campaign={}&utm_content={tag}{own}", tag.campaign)
    }

    /// Returns the address with a coupon's code, if this provider accepts codes, else the address itself.
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

    /// Returns true if the provider finds the code in an address, or if it is not known where the provider expects one.
    pub fn reads_code(self, url: &WebUrl, code: &str) -> bool {
        let found = match self {
            Provider::CalCom | Provider::Calendly | Provider::HubspotMeetings | Provider::Other => return true,
            Provider::Stripe => url.value_of(STRIPE_CODE),
            // A link to a filled cart: https://shopify.dev/docs/apps/build/checkout/create-cart-permalinks.
            Provider::Shopify => discount_path(url).or_else(|| url.value_of("discount").filter(|_| is_cart(url))),
        };
        // Stripe ignores the case of a code. Shopify does not document it, and a false error would be worse than none.
        found.is_some_and(|found| found.eq_ignore_ascii_case(code))
    }

    /// Returns an example of the placeholder for a code in an address, for messages.
    pub fn code_example(self) -> &'static str {
        match self {
            Provider::Stripe => "prefilled_promo_code={code}",
            Provider::Shopify => "/discount/{code}",
            Provider::CalCom | Provider::Calendly | Provider::HubspotMeetings | Provider::Other => "{code}",
        }
    }

    /// Returns why Shopify would not redirect visitors to the page that the author wrote. `link` is the address with the
    /// code.
    pub fn bad_redirect(self, written: &WebUrl, link: &WebUrl) -> Option<BadRedirect> {
        if self != Provider::Shopify || discount_path(link).is_none() {
            return None;
        }
        let reserved = SHOPIFY_REDIRECTS.into_iter().find(|name| written.has_parameter(name));
        if let Some(name) = reserved.filter(|_| discount_path(written).is_none()) {
            return Some(BadRedirect::ReservedParameter(name));
        }
        let path = SHOPIFY_REDIRECTS.iter().find_map(|name| link.value_of(name))?;
        match () {
            () if !path.starts_with('/') || path.contains("//") || path.contains('\\') => Some(BadRedirect::NotAPath),
            () if path.contains(['?', '#']) => Some(BadRedirect::HasQueryOrFragment),
            () => None,
        }
    }
}

impl AcceptedValues {
    pub fn includes(&self, value: &str) -> bool {
        let allowed = |c: char| match self.alphabet {
            Alphabet::LettersDigitsAnd(more) => c.is_ascii_alphanumeric() || more.contains(c),
            Alphabet::AllExcept(excluded) => !excluded.contains(c),
        };
        self.max_length.is_none_or(|max| value.chars().count() <= max) && value.chars().all(allowed)
    }
}

fn is_host(host: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        None => host == pattern,
        Some((start, end)) => host.len() > start.len() + end.len() && host.starts_with(start) && host.ends_with(end),
    }
}

/// Returns the code in a path `/discount/CODE`, optionally in the folder of a market: `/de-de/discount/CODE`.
fn discount_path(url: &WebUrl) -> Option<String> {
    // This runs for each link on each page, and most addresses are not a shop's.
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

/// Returns a link that applies the code and redirects to the page that the author wrote. The page's query stays outside
/// of `redirect`, next to `utm_*`, because a storefront that joins the two with a `?` would break a query inside of it.
/// Browsers carry the fragment over to the page (RFC 9110, section 10.2.2).
fn discount_link(url: &WebUrl, code: &str) -> WebUrl {
    let link = url.at_path(&["discount", code]);
    match url.url().path() {
        "" | "/" => link,
        page => link.and_parameter("redirect", page),
    }
}

/// Returns true for links to a filled cart: `/cart/VARIANT:NUMBER`.
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
        WebUrl::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
    }

    /// The parameters that a link to the address gets.
    fn added_query(url: &str, from: &str, channel: &str) -> String {
        let tag = LeadTag::parse(&format!("spring_save_{channel}")).unwrap();
        Provider::of(&web(url)).query(from, &tag)
    }

    fn with_code(url: &str, code: &str) -> String {
        let OutwardUrl::Web(link) = CodeUrl::parse(url).unwrap().with(code) else {
            panic!("{url} is not a web address")
        };
        link.to_string()
    }

    #[test]
    fn provider_is_recognised_by_host_and_shop_also_by_path() {
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
    fn lead_tag_is_in_the_parameter_of_the_provider() {
        let utm = "utm_campaign=spring&utm_content=spring_save_direct";
        for (url, own) in [
            ("https://cal.com/kazi", "&metadata%5Blead_tag%5D=spring_save_direct"),
            ("https://calendly.com/kazi", ""),
            ("https://meetings.hubspot.com/kazi", "&lead_tag=spring_save_direct"),
            ("https://buy.stripe.com/abc", "&client_reference_id=spring_save_direct"),
            ("https://kazi.myshopify.com/", ""),
            ("https://shop.example.com/", ""),
        ] {
            assert_eq!(added_query(url, DIRECT, "direct"), format!("{utm}{own}"), "{url}");
        }
        assert_eq!(
            added_query("https://buy.stripe.com/abc", NEWS, "news"),
            "utm_source=news&utm_medium=email&utm_campaign=spring&utm_content=spring_save_news\
             &client_reference_id=spring_save_news"
        );
    }

    #[test]
    fn code_is_added_where_the_checkout_accepts_it() {
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
    fn code_elsewhere_in_the_address_is_not_found() {
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
    fn dropped_values_are_not_accepted() {
        let utm = Provider::Stripe.utm().unwrap();
        for good in ["news", "Expo-2027_b", "", &"x".repeat(150)] {
            assert!(utm.includes(good), "{good}");
        }
        for bad in ["a b", "été", "a.b", "a+b", &"x".repeat(151)] {
            assert!(!utm.includes(bad), "{bad}");
        }
        let code = Provider::Stripe.code().unwrap();
        assert!(code.includes("20off") && !code.includes("SAVE-20") && !code.includes("20%"));
        let code = Provider::Shopify.code().unwrap();
        assert!(code.includes("SAVE_20") && !code.includes("20%") && !code.includes("A/B"));
    }

    #[test]
    fn every_provider_accepts_the_longest_lead_tag() {
        let longest = [&*"x".repeat(40), &*"y".repeat(40), &*"z".repeat(40)].join("_");
        for provider in Provider::ALL {
            assert!(provider.utm().is_none_or(|utm| utm.includes(&longest)), "{provider:?}");
        }
    }

    #[test]
    fn shopify_redirects_only_to_a_path_of_the_same_shop() {
        for (url, bad) in [
            ("https://shop.example.com/discount/{code}", None),
            ("https://shop.example.com/discount/{code}?redirect=/products/team&variant=1", None),
            ("https://shop.example.com/discount/{code}?redirect=https://other.example/", Some(BadRedirect::NotAPath)),
            ("https://shop.example.com/discount/{code}?redirect=//other.example/", Some(BadRedirect::NotAPath)),
            ("https://shop.example.com/discount/{code}?return_to=/%5Cother.example", Some(BadRedirect::NotAPath)),
            ("https://shop.example.com/discount/{code}?redirect=products/team", Some(BadRedirect::NotAPath)),
            ("https://shop.example.com/discount/{code}?redirect=/a?b=c", Some(BadRedirect::HasQueryOrFragment)),
            ("https://shop.example.com/discount/{code}?redirect=/a%23b", Some(BadRedirect::HasQueryOrFragment)),
            ("https://kazi.myshopify.com/a#b", None),
            ("https://kazi.myshopify.com/a?redirect=/b", Some(BadRedirect::ReservedParameter("redirect"))),
            ("https://kazi.myshopify.com/a//b", Some(BadRedirect::NotAPath)),
            ("https://buy.stripe.com/abc?redirect=https://other.example/", None),
        ] {
            let written = web(&url.replace("{code}", "x"));
            let link = web(&with_code(url, "SAVE20"));
            assert_eq!(Provider::of(&written).bad_redirect(&written, &link), bad, "{url}");
        }
    }
}
