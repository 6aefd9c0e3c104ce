//! Sites with issued lead tags, and with renamed ids.

use crate::support::{CAMPAIGN, Site};

/// The small site, built on 1 March.
pub fn issued() -> Site {
    let site = Site::new();
    site.build_on("2027-03-01").clean();
    site
}

/// The same site with another campaign id, also in the links to it.
pub fn renamed(front_matter: &str) -> Site {
    let site = issued().edit(CAMPAIGN, "title: Hire", &format!("{front_matter}title: Hire"));
    let id = front_matter.lines().find_map(|line| line.strip_prefix("campaign: ")).unwrap();
    let prices = site.read("content/prices.md").replace("cta:spring/", &format!("cta:{id}/"));
    site.file("content/prices.md", &prices)
}

/// The site with the call to action `save` renamed to `coupon-20`. `more` is a line below its id.
pub fn renamed_cta(site: Site, more: &str) -> Site {
    let page = site.read(CAMPAIGN).replace("cta:save", "cta:coupon-20");
    let page = page.replace("  save:\n", &format!("  coupon-20:\n{more}"));
    let prices = site.read("content/prices.md").replace("/save)", "/coupon-20)");
    site.file(CAMPAIGN, &page).file("content/prices.md", &prices)
}
