//! The product that a page sells.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::json::{image, set};
use super::organization;
use crate::model::cta::Cta;
use crate::resolve::{Site, SitePage};

/// Returns the page's product, unless its price has expired. A product needs a name and an offer, and the offer needs a
/// price and its currency: <https://developers.google.com/search/docs/appearance/structured-data/product-snippet>.
/// Shopping results also need an image:
/// <https://developers.google.com/search/docs/appearance/structured-data/merchant-listing>.
pub fn of_page(site: &Site, page: &SitePage) -> Option<Value> {
    let front = &page.page.front;
    let product = &front.product.as_ref()?.value;
    if has_expired(site, page) {
        return None;
    }
    let mut offer = json!({
        "@type": "Offer",
        "url": site.config.base_url.absolute(&site.as_written(page).path),
        "price": product.price.as_str(),
        "priceCurrency": product.currency.code(),
        "availability": "https://schema.org/InStock",
        "seller": organization::reference(site),
    });
    set(&mut offer, "priceValidUntil", last_day_of_price(page).map(|day| day.to_string().into()));
    let mut data = json!({ "@type": "Product", "name": product.name });
    set(&mut data, "description", front.summary().map(Value::from));
    set(&mut data, "image", image(site, page));
    set(&mut data, "brand", product.brand.as_ref().map(|brand| json!({ "@type": "Brand", "name": brand })));
    data["offers"] = offer;
    Some(data)
}

/// Returns whether the last day of the page's price is over.
pub fn has_expired(site: &Site, page: &SitePage) -> bool {
    last_day_of_price(page).is_some_and(|day| day < site.options.today)
}

/// Returns the campaign's last day, or the last day of an offer that ends earlier.
fn last_day_of_price(page: &SitePage) -> Option<Date> {
    let front = &page.page.front;
    let expiries = front.ctas.values().filter_map(Cta::valid_until);
    expiries.chain(front.ends).map(|last| last.value.day).min()
}
