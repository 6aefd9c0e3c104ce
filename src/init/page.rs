//! A new page in a site that is there: what is asked for, and the files that it is made of.

use jiff::civil::Date;

use super::write::NewFile;
use super::{dates, filled};
use crate::model::address::{GATED_FOLDER, THEME_FOLDER};
use crate::model::contact::PhoneNumber;
use crate::model::page::Page;
use crate::model::site::SiteConfig;
use crate::model::slug::{MAX_ID, Slug, slugify};
use crate::parse::Parsed;
use crate::resolve;

const CAMPAIGN: &str = include_str!("page/campaign.md");
const COUPON: &str = include_str!("page/coupon.yaml");
const DOWNLOAD: &str = include_str!("page/download.yaml");
const BOOKING: &str = include_str!("page/booking.yaml");
const CONTACT: &str = include_str!("page/contact.yaml");
const ARTICLE: &str = include_str!("page/article.md");
const SALES: &str = include_str!("page/sales.md");
/// What stands in the place of a download until its author has put a file there.
pub const GUIDE: &[u8] = include_bytes!("page/guide.pdf");

/// Folders of every built site.
const KEPT: [&str; 3] = ["go", GATED_FOLDER, THEME_FOLDER];

/// What a new page is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageKind {
    Coupon,
    Download,
    Booking,
    Contact,
    Article,
}

/// Where a new page will be: a folder below `content/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageName {
    /// The folders above it, each a slug.
    folders: Vec<String>,
    /// Its own folder, which is also the campaign's id.
    id: Slug,
    title: String,
}

impl PageName {
    /// `spring-offer`, `"Spring offer"`, `articles/spring-tips`. The error says what to write instead.
    pub fn parse(text: &str) -> Result<PageName, String> {
        let path = text.strip_prefix("content/").unwrap_or(text).trim_end_matches('/');
        let mut folders = Vec::new();
        for part in path.split('/') {
            // `.` and `..`, too: a page stays where its name says.
            match slugify(part) {
                slug if slug.is_empty() => {
                    return Err("write it with letters or digits, as in `spring-offer`".to_owned());
                }
                slug => folders.push(slug),
            }
        }
        if let Some(taken) = folders.first().filter(|first| KEPT.contains(&first.as_str())) {
            return Err(format!("`/{taken}/` is kept for what Tagline itself writes: choose another name"));
        }
        let last = folders.pop().unwrap_or_default();
        let id = Slug::parse(&last).map_err(|_| {
            format!("as an id it has {} characters, and at most {MAX_ID} fit: write a shorter name", last.len())
        })?;
        let title = title(path.rsplit('/').next().unwrap_or(path), &id);
        Ok(PageName { folders, id, title })
    }

    /// Its file below `content/`.
    pub fn file(&self) -> String {
        format!("{}index.md", self.folder())
    }

    fn folder(&self) -> String {
        self.folders.iter().map(String::as_str).chain([self.id.as_str()]).map(|part| format!("{part}/")).collect()
    }
}

/// What was typed, if it reads well as it is; else the id in words. Neither needs quotes in YAML, nor means anything in
/// Markdown.
fn title(typed: &str, id: &Slug) -> String {
    let in_words = |c: char| c.is_alphanumeric() || " '’,.".contains(c);
    let is_plain = typed.starts_with(char::is_alphabetic) && typed.chars().all(in_words) && typed.trim() == typed;
    let words = if is_plain { typed.to_owned() } else { id.as_str().replace('-', " ") };
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Why there is no place for a page, if that is so: another one has its address or its id.
pub fn clash(name: &PageName, kind: PageKind, pages: &[Parsed]) -> Option<String> {
    let path = name.folder();
    for parsed in pages {
        let page = match parsed {
            Parsed::Page(parsed) => &parsed.page,
            // Its address can be told from its name alone.
            Parsed::Broken { file } if file.strip_suffix(".md") == path.strip_suffix('/') => {
                return Some(format!("`content/{file}` lies at `/{path}` already; choose another name"));
            }
            Parsed::Broken { .. } => continue,
        };
        let file = &page.file;
        if resolve::page_path(page).is_ok_and(|other| other.as_str() == path) {
            return Some(format!("`content/{file}` lies at `/{path}` already; choose another name"));
        }
        let is_alias = |alias: &str| alias.trim_matches('/') == path.trim_matches('/');
        if page.front.aliases.iter().any(|alias| is_alias(&alias.value)) {
            return Some(format!("`/{path}` leads to `content/{file}`, by its `aliases`; choose another name"));
        }
        if kind != PageKind::Article && has_id(page, &name.id) {
            return Some(format!("`content/{file}` has or had the campaign id `{}`; choose another name", name.id));
        }
    }
    None
}

fn has_id(page: &Page, id: &Slug) -> bool {
    if page.front.ctas_place.is_none() {
        return false;
    }
    let of_path =
        || resolve::page_path(page).ok().and_then(|path| Some(path.as_str().rsplit('/').nth(1)? == id.as_str()));
    let present = page.front.campaign.as_ref().map(|own| own.value == *id).or_else(of_path).unwrap_or(false);
    present || page.front.was.iter().any(|former| former.value == *id)
}

/// The files of a new page, below the site's root: the page first.
pub fn files(name: &PageName, kind: PageKind, config: &SiteConfig, today: Date) -> Vec<NewFile> {
    let folder = format!("content/{}", name.folder());
    let file = |own: &str, bytes: Vec<u8>| NewFile { path: format!("{folder}{own}"), bytes };
    let values = values(name, config, today);
    let Some((cta, offer)) = offer(kind, config) else {
        return vec![file("index.md", filled(ARTICLE, &values).into_bytes())];
    };
    let of_cta = [("offer", filled(&offer, &values).trim_end().to_owned()), ("cta", cta.to_owned())];
    let text = |template: &str| filled(&filled(template, &of_cta), &values).into_bytes();
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
        true => "# First add channels to site.yaml, then take the `# ` away.\n# channels: [newsletter]".to_owned(),
        false => format!("channels: [{}]", channels.join(", ")),
    };
    let organization = config.organization.as_ref().map(|organization| organization.name.clone());
    let mut values = vec![
        ("title", name.title.clone()),
        ("id", name.id.to_string()),
        ("channels", listed),
        ("channel", first.to_owned()),
        ("CHANNEL", first.to_uppercase()),
        ("owner", config.leads.owner.clone().unwrap_or_else(|| "somebody@our.example".to_owned())),
        ("author", quoted(&organization.unwrap_or_else(|| config.title.clone()))),
    ];
    values.extend(dates(today));
    values
}

/// A text that YAML reads as it is: JSON's strings are YAML, too.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The id and the lines of a new call to action; none for an article.
fn offer(kind: PageKind, config: &SiteConfig) -> Option<(&'static str, String)> {
    let (cta, template, by) = match kind {
        PageKind::Coupon => ("save", COUPON, String::new()),
        PageKind::Download => ("guide", DOWNLOAD, String::new()),
        PageKind::Booking => ("visit", BOOKING, booked_by(config)),
        PageKind::Contact => ("ask", CONTACT, reached_by(config)),
        PageKind::Article => return None,
    };
    let form = "      form: [name, email, company]";
    let form = match has_destination(config) {
        true => form.to_owned(),
        false => {
            "      # form: [name, email]           # once site.yaml has a destination: what they give for it".to_owned()
        }
    };
    let has_form = template == DOWNLOAD || by.trim_start().starts_with("form:");
    let values =
        [("by", by), ("form", form), ("deliver_to", deliver_to(config).filter(|_| has_form).unwrap_or_default())];
    Some((cta, filled(template, &values)))
}

fn has_destination(config: &SiteConfig) -> bool {
    !config.destinations.is_empty()
}

/// The line that names a destination, where the site has some and none of them is that of all forms.
fn deliver_to(config: &SiteConfig) -> Option<String> {
    let first = config.destinations.keys().next().filter(|_| config.leads.deliver_to.is_none())?;
    Some(format!("    deliver_to: {first}\n"))
}

fn booked_by(config: &SiteConfig) -> String {
    let scheduler = "url: https://book.example/calendar";
    let form = "form: [name, email, company, preferred_time]";
    match has_destination(config) {
        true => format!("      {form}\n      # {scheduler}     # or the address of a scheduler, instead of `form`"),
        false => format!(
            "      {scheduler}     # the address of your scheduler\n      # {form}     # or a form, instead of `url`"
        ),
    }
}

fn reached_by(config: &SiteConfig) -> String {
    let phone = config.organization.as_ref().and_then(|organization| organization.phone.as_deref());
    let phone = phone.filter(|phone| PhoneNumber::parse(phone).is_ok());
    let number = quoted(phone.unwrap_or("+44 117 496 0100"));
    let form = "form: [name, email, company, message]";
    let (given, others) = match (phone, has_destination(config)) {
        (None, true) => (form.to_owned(), [format!("phone: {number}"), format!("whatsapp: {number}")]),
        (Some(_), _) | (None, false) => (format!("phone: {number}"), [format!("whatsapp: {number}"), form.to_owned()]),
    };
    let [second, third] = others;
    format!("      {given}\n      # or one of these instead:\n      # {second}\n      # {third}")
}
