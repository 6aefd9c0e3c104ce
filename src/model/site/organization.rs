//! `organization` in `site.yaml`.

use crate::model::phone::{PHONE_NUMBER, PhoneNumber};
use crate::model::values::file_path;
use crate::rules::Rule;
use crate::source::Located;
use crate::yaml::shape::{EMAIL, FILE, TEXT};
use crate::yaml::values::{email, text};
use crate::yaml::{Entries, Key, Mapping, Node, YamlReader};

#[derive(Debug)]
pub struct Organization {
    pub name: String,
    /// The path as the author wrote it.
    pub logo: Option<Located<String>>,
    /// The path as the author wrote it.
    pub icon: Option<Located<String>>,
    pub email: Option<String>,
    pub phone: Option<PhoneNumber>,
}

pub static KEYS: Mapping = Mapping::new(
    "an organization",
    &[
        Key::required("name", TEXT, "The name of the organization."),
        Key::optional("logo", FILE, "An image: a file in `content/`, else in `static/`.").rules(&[Rule::BrokenLink]),
        Key::optional(
            "icon",
            FILE,
            "The icon in browser tabs and on phones: a square PNG of at least 192 pixels, or an SVG.",
        )
        .rules(&[Rule::BrokenLink, Rule::BrokenImage, Rule::UnsuitableIcon]),
        Key::optional("email", EMAIL, "The address that people can write to.").rules(&[Rule::BadEmail]),
        Key::optional(
            "phone",
            PHONE_NUMBER,
            "The number as people read it, with the country's code: `\"+254 700 000000\"`.",
        )
        .rules(&[Rule::BadPhone]),
    ],
);

impl Organization {
    pub(super) fn read(reader: &mut YamlReader, node: &Node) -> Option<Organization> {
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let name = entries.read(reader, "name", text);
        let logo = entries.read(reader, "logo", file_path);
        let icon = entries.read(reader, "icon", file_path);
        let email = entries.read(reader, "email", email);
        let phone = entries.read(reader, "phone", PhoneNumber::read);
        entries.finish(reader);
        Some(Organization { name: name?, logo, icon, email, phone })
    }
}
