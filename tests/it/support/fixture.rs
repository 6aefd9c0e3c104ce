//! The text of the small site that most tests start from, and the paths of its files.

/// The date of every run without a `--date` of its own.
pub const TODAY: &str = "2027-03-15";

pub const SITE: &str = "site.yaml";
pub const PAGE: &str = "content/prices.md";
pub const CAMPAIGN: &str = "content/spring/index.md";
pub const NOTES: &str = "content/spring/sales.md";
pub const REGISTER: &str = "lead-tags.csv";
pub const CHECKSUMS: &str = "lead-tags.sum";
/// A template of the built-in theme that a site can replace.
pub const PAGE_TEMPLATE: &str = "themes/launch/page.html";

pub const SITE_TEXT: &str = "\
title: Kazi
base_url: https://kazi.example/
timezone: Africa/Nairobi
organization: { name: Kazi Ltd, email: hello@kazi.example }
navigation:
  - { label: Prices, page: /prices.md }
channels:
  newsletter: { label: Monthly newsletter, source: news, medium: email }
  acme: { label: \"Partner: Acme\", source: acme, medium: referral }
destinations:
  crm: { endpoint: https://forms.kazi.example/leads }
leads:
  deliver_to: crm
  owner: sales@kazi.example
  consent: { text: I agree., version: 2027-01 }
  gate_key: 0123456789abcdef0123456789abcdef
footer: { legal: [{ label: Privacy, url: \"https://legal.example/privacy\" }] }
";

pub const PAGE_TEXT: &str = "\
---
title: Prices
summary: What it costs.
---

# Prices

## Teams

[Get it](cta:spring/save) and [the guide](cta:spring/guide), or read [about spring](spring/index.md).
";

pub const CAMPAIGN_TEXT: &str = "\
---
title: Hire in days
summary: Spring pricing.
starts: 2027-03-01
ends: 2027-03-31
after_end: /prices.md
channels: [newsletter, acme]
per_channel:
  acme: { title: Acme customers save 20 % }
ctas:
  save:
    label: Get 20 % off
    coupon:
      code: SPRING20
      codes: { acme: ACME20 }
      url: https://shop.example.com/buy?coupon={code}
      expires: 2027-03-31
  guide:
    label: Download the guide
    download:
      file: guide.pdf
      form: [name, email]
  trial:
    label: Book a trial
    booking:
      url: https://cal.example.com/kazi
---

# Hire in days

[Get it](cta:save) [](cta:guide) [Book](cta:trial)

Read the [prices](/prices.md#teams).
";

pub const NOTES_TEXT: &str = "Ask how many people they look for.\n";

/// A page with this title and body, and nothing else in its front matter.
pub fn page_text(title: &str, body: &str) -> String {
    format!("---\ntitle: {title}\n---\n{body}")
}

/// The text as a quoted YAML string.
pub fn yaml_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
