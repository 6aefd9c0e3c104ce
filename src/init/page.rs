//! The files of a new page in an existing site, and the check that its path and campaign id are free.

use jiff::civil::Date;

use super::placeholders::{dates, fill};
use super::write::NewFile;
use crate::model::gate::GATED_FOLDER;
use crate::model::page::Page;
use crate::model::phone::PhoneNumber;
use crate::model::site::SiteConfig;
use crate::model::site_path::THEME_FOLDER;
use crate::model::slug::{MAX_ID, Slug, slugify};
use crate::parse::Parsed;
use crate::resolve;

const CAMPAIGN: &str = include_str!("page/campaign.md");
const COUPON: &str = include_str!("page/coupon.yaml");
const DOWNLOAD: &str = include_str!("page/download.yaml");
const BOOKING: &str = include_str!("page/booking.yaml");
const CONTACT: &str = include_str!("page/contact.yaml");
const EVENT: &str = include_str!("page/event.yaml");
const ARTICLE: &str = include_str!("page/article.md");
const SALES: &str = include_str!("page/sales.md");
/// The placeholder for a download. A check reports it until the author has replaced it.
pub const GUIDE: &[u8] = include_bytes!("page/guide.pdf");

/// Folders that every built site contains.
const RESERVED_FOLDERS: [&str; 3] = ["go", GATED_FOLDER, THEME_FOLDER];

/// The kind of a new page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageKind {
    Coupon,
    Download,
    Booking,
    Contact,
    Event,
    Article,
}

/// The name of a new page: its folder in `content/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageName {
    /// The parent folders, each a slug.
    parents: Vec<String>,
    /// The page's own folder, which is also the campaign id.
    id: Slug,
    title: String,
}

impl PageName {
    /// Parses `spring-offer`, `"Spring offer"` or `articles/spring-tips`.
    ///
    /// # Errors
    ///
    /// Returns a message with help if no URL or campaign id can be made from the name.
    pub fn parse(text: &str) -> Result<PageName, String> {
        let path = text.strip_prefix("content/").unwrap_or(text).trim_end_matches('/');
        let mut parents = Vec::new();
        for part in path.split('/') {
            // `.` and `..` have empty slugs, so a page cannot leave `content/`.
            match slugify(part) {
                slug if slug.is_empty() => {
                    return Err("use letters or digits, as in `spring-offer`".to_owned());
                }
                slug => parents.push(slug),
            }
        }
        if let Some(reserved) = parents.first().filter(|first| RESERVED_FOLDERS.contains(&first.as_str())) {
            return Err(format!("Tagline itself writes files to `/{reserved}/`; choose another name"));
        }
        let last = parents.pop().unwrap_or_default();
        let id = Slug::parse(&last).map_err(|_| {
            format!("the id has {} characters; at most {MAX_ID} are allowed, so choose a shorter name", last.len())
        })?;
        let title = title(path.rsplit('/').next().unwrap_or(path), &id);
        Ok(PageName { parents, id, title })
    }

    /// Returns the path of the page's file in `content/`.
    pub fn file(&self) -> String {
        format!("{}index.md", self.folder())
    }

    /// Returns the files in `content/` that a page with this name can have.
    pub fn files(&self) -> [String; 2] {
        [self.file(), format!("{}.md", self.folder().trim_end_matches('/'))]
    }

    fn folder(&self) -> String {
        self.parents.iter().map(String::as_str).chain([self.id.as_str()]).map(|part| format!("{part}/")).collect()
    }
}

/// Returns the title of a new page: the name as typed if it consists of words, otherwise the id with spaces. Neither needs
/// quotes in YAML or has a meaning in Markdown.
fn title(typed: &str, id: &Slug) -> String {
    let is_word_character = |c: char| c.is_alphanumeric() || " '’,.".contains(c);
    let is_plain =
        typed.starts_with(char::is_alphabetic) && typed.chars().all(is_word_character) && typed.trim() == typed;
    let words = if is_plain { typed.to_owned() } else { id.as_str().replace('-', " ") };
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Returns an error message if another page has the URL or campaign id of the new page.
pub fn clash(name: &PageName, kind: PageKind, pages: &[Parsed]) -> Option<String> {
    let path = name.folder();
    for parsed in pages {
        let page = match parsed {
            Parsed::Page(parsed) => &parsed.page,
            // A page with errors has a file name at least.
            Parsed::Broken { file } if file.strip_suffix(".md") == path.strip_suffix('/') => {
                return Some(format!("`content/{file}` already has the URL `/{path}`; choose another name"));
            }
            Parsed::Broken { .. } => continue,
        };
        let file = &page.file;
        if resolve::page_path(page).is_ok_and(|other| other.as_str() == path) {
            return Some(format!("`content/{file}` already has the URL `/{path}`; choose another name"));
        }
        let is_alias = |alias: &str| alias.trim_matches('/') == path.trim_matches('/');
        if page.front.rare().aliases.iter().any(|alias| is_alias(&alias.value)) {
            return Some(format!(
                "`/{path}` redirects to `content/{file}` because of its `aliases`; choose another name"
            ));
        }
        if kind != PageKind::Article && has_campaign_id(page, &name.id) {
            return Some(format!("`content/{file}` has or had the campaign id `{}`; choose another name", name.id));
        }
    }
    None
}

/// Whether a page has the campaign id now or had it before (`was`).
fn has_campaign_id(page: &Page, id: &Slug) -> bool {
    if page.front.ctas_span.is_none() {
        return false;
    }
    let from_path =
        || resolve::page_path(page).ok().and_then(|path| Some(path.as_str().rsplit('/').nth(1)? == id.as_str()));
    let present = page.front.campaign.as_ref().map(|own| own.value == *id).or_else(from_path).unwrap_or(false);
    present || page.front.rare().was.iter().any(|former| former.value == *id)
}

/// Returns the files of a new page, the page itself first.
pub fn files(name: &PageName, kind: PageKind, config: &SiteConfig, today: Date) -> Vec<NewFile> {
    let folder = format!("content/{}", name.folder());
    let file = |own: &str, bytes: Vec<u8>| NewFile { path: format!("{folder}{own}"), bytes };
    let values = values(name, config, today);
    let Some((cta, offer)) = offer(kind, config) else {
        return vec![file("index.md", fill(ARTICLE, &values).into_bytes())];
    };
    let cta_values = [("offer", fill(&offer, &values).trim_end().to_owned()), ("cta", cta.to_owned())];
    let text = |template: &str| fill(&fill(template, &cta_values), &values).into_bytes();
    let mut files = vec![file("index.md", text(CAMPAIGN)), file("sales.md", text(SALES))];
    if kind == PageKind::Download {
        files.push(file("guide.pdf", GUIDE.to_vec()));
    }
    files
}

fn values(name: &PageName, config: &SiteConfig, today: Date) -> Vec<(&'static str, String)> {
    let channels: Vec<&str> = config.channels.keys().map(Slug::as_str).collect();
    let first = channels.first().copied().unwrap_or("newsletter");
    let listed = match channels.is_empty() {
        true => "# First add channels to site.yaml, then remove the `# `.\n# channels: [newsletter]".to_owned(),
        false => format!("channels: [{}]", channels.join(", ")),
    };
    let organization = config.organization.as_ref().map(|organization| organization.name.clone());
    let mut values = vec![
        ("title", name.title.clone()),
        ("id", name.id.to_string()),
        ("channels", listed),
        ("channel", first.to_owned()),
        ("CHANNEL", first.to_uppercase()),
        ("owner", config.leads.owner.clone().unwrap_or_else(|| "name@our.example".to_owned())),
        ("author", quoted(&organization.unwrap_or_else(|| config.title.clone()))),
    ];
    values.extend(dates(today));
    values
}

/// Quotes a text for YAML. JSON strings are valid YAML.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Returns the id and the lines of the call to action, or `None` for an article.
fn offer(kind: PageKind, config: &SiteConfig) -> Option<(&'static str, String)> {
    let (cta, template, target) = match kind {
        PageKind::Coupon => ("save", COUPON, String::new()),
        PageKind::Download => ("guide", DOWNLOAD, String::new()),
        PageKind::Booking => ("visit", BOOKING, booking_target(config)),
        PageKind::Contact => ("ask", CONTACT, contact_target(config)),
        PageKind::Event => ("seat", EVENT, event_target(config)),
        PageKind::Article => return None,
    };
    let form = "      form: [name, email, company]";
    let form = match has_destination(config) {
        true => form.to_owned(),
        false => {
            "      # form: [name, email]           # ask for these fields; needs a destination in site.yaml".to_owned()
        }
    };
    let has_form = template == DOWNLOAD || target.trim_start().starts_with("form:");
    let values = [
        ("target", target),
        ("form", form),
        ("deliver_to", deliver_to(config).filter(|_| has_form).unwrap_or_default()),
    ];
    Some((cta, fill(template, &values)))
}

fn has_destination(config: &SiteConfig) -> bool {
    !config.destinations.is_empty()
}

/// Returns the line with a destination, if the site has destinations but no default one.
fn deliver_to(config: &SiteConfig) -> Option<String> {
    let first = config.destinations.keys().next().filter(|_| config.leads.deliver_to.is_none())?;
    Some(format!("    deliver_to: {first}\n"))
}

/// Returns the lines with the scheduler's URL and a form, one of them as a comment.
fn booking_target(config: &SiteConfig) -> String {
    let scheduler = "url: https://book.example/calendar";
    let form = "form: [name, email, company, preferred_time]";
    match has_destination(config) {
        true => format!("      {form}\n      # {scheduler}     # or the URL of your scheduler, instead of `form`"),
        false => format!(
            "      {scheduler}     # the URL of your scheduler\n      # {form}     # or a form, instead of `url`"
        ),
    }
}

/// Returns the lines with a form and the address of a service, one of them as a comment.
fn event_target(config: &SiteConfig) -> String {
    let service = "url: https://tickets.example/our-event";
    let form = "form: [name, email, company]";
    match has_destination(config) {
        true => format!("      {form}\n      # {service}     # or the page of a service, instead of `form`"),
        false => format!(
            "      {service}     # the page of a service where visitors register\n      # {form}     # or a form, instead of `url`"
        ),
    }
}

/// Returns the lines with a telephone number, a WhatsApp number and a form, two of them as comments.
fn contact_target(config: &SiteConfig) -> String {
    let phone = config.organization.as_ref().and_then(|organization| organization.phone.as_ref());
    let phone = phone.map(PhoneNumber::written);
    let number = quoted(phone.unwrap_or("+44 117 496 0100"));
    let form = "form: [name, email, company, message]";
    let (active, others) = match (phone, has_destination(config)) {
        (None, true) => (form.to_owned(), [format!("phone: {number}"), format!("whatsapp: {number}")]),
        (Some(_), _) | (None, false) => (format!("phone: {number}"), [format!("whatsapp: {number}"), form.to_owned()]),
    };
    let [second, third] = others;
    format!("      {active}\n      # or one of these instead:\n      # {second}\n      # {third}")
}
