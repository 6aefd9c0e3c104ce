//! Calls to action: coupon, download, booking and contact.

use indexmap::IndexMap;

use super::address::{BadAddress, OutwardUrl, WebUrl};
use super::contact::ContactBy;
use super::date::When;
use super::offer_kind::CtaKind;
use super::provider::Provider;
use crate::model::slug::Slug;
use crate::source::{Located, Span};

#[derive(Clone, Debug)]
pub struct Cta {
    pub id: Located<Slug>,
    pub label: String,
    pub note: Option<String>,
    /// Ids it had before.
    pub was: Vec<Located<Slug>>,
    pub deliver_to: Option<Located<Slug>>,
    pub offer: CtaOffer,
}

#[derive(Clone, Debug)]
pub enum CtaOffer {
    Coupon(Box<Coupon>),
    Download(Download),
    Booking(Booking),
    Contact(ContactBy),
}

#[derive(Clone, Debug)]
pub struct Coupon {
    pub code: Located<String>,
    /// A channel's own code.
    pub codes: IndexMap<Slug, Located<String>>,
    pub url: Located<CodeUrl>,
    pub expires: Option<Located<When>>,
}

/// An address with `{code}` where the code goes, if anywhere. Whatever the code, it can be followed.
#[derive(Clone, Debug)]
pub struct CodeUrl {
    template: String,
    without_code: OutwardUrl,
}

#[derive(Clone, Debug)]
pub struct Download {
    /// A path as the author wrote it.
    pub file: Located<String>,
    pub form: Option<Form>,
}

#[derive(Clone, Debug)]
pub struct Booking {
    pub by: BookingBy,
    /// For people: `14 days`.
    pub trial_length: Option<String>,
}

#[derive(Clone, Debug)]
pub enum BookingBy {
    Scheduler(Located<OutwardUrl>),
    Form(Form),
}

/// The visible fields of a form; `email` or `phone` is among them.
#[derive(Clone, Debug)]
pub struct Form {
    pub fields: Vec<Located<Field>>,
    pub place: Located<()>,
}

impl Form {
    pub fn has(&self, field: Field) -> bool {
        self.fields.iter().any(|own| own.value == field)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Name,
    Email,
    Company,
    Phone,
    Role,
    TeamSize,
    Country,
    Message,
    PreferredTime,
}

impl Field {
    pub const ALL: [Field; 9] = [
        Field::Name,
        Field::Email,
        Field::Company,
        Field::Phone,
        Field::Role,
        Field::TeamSize,
        Field::Country,
        Field::Message,
        Field::PreferredTime,
    ];

    /// Its name in front matter and in the form's data.
    pub fn name(self) -> &'static str {
        match self {
            Field::Name => "name",
            Field::Email => "email",
            Field::Company => "company",
            Field::Phone => "phone",
            Field::Role => "role",
            Field::TeamSize => "team_size",
            Field::Country => "country",
            Field::Message => "message",
            Field::PreferredTime => "preferred_time",
        }
    }
}

impl Cta {
    pub fn kind(&self) -> CtaKind {
        match self.offer {
            CtaOffer::Coupon(_) => CtaKind::Coupon,
            CtaOffer::Download(_) => CtaKind::Download,
            CtaOffer::Booking(_) => CtaKind::Booking,
            CtaOffer::Contact(_) => CtaKind::Contact,
        }
    }

    pub fn form(&self) -> Option<&Form> {
        match &self.offer {
            CtaOffer::Coupon(_) => None,
            CtaOffer::Download(download) => download.form.as_ref(),
            CtaOffer::Booking(booking) => match &booking.by {
                BookingBy::Form(form) => Some(form),
                BookingBy::Scheduler(_) => None,
            },
            CtaOffer::Contact(ContactBy::Form(form)) => Some(form),
            CtaOffer::Contact(ContactBy::Whatsapp(_) | ContactBy::Phone(_)) => None,
        }
    }

    /// Whether visitors are asked for a short code: in a message or a call nothing else says where they come from.
    pub fn quotes_a_code(&self) -> bool {
        match &self.offer {
            CtaOffer::Contact(by) => by.number().is_some(),
            CtaOffer::Coupon(_) | CtaOffer::Download(_) | CtaOffer::Booking(_) => false,
        }
    }

    /// The address that its link leads to, for the code of one channel; none for files and forms, nor for contacts,
    /// whose links carry a short code and nothing else.
    pub fn url(&self, channel: &Slug) -> Option<OutwardUrl> {
        match &self.offer {
            CtaOffer::Coupon(coupon) => Some(coupon.url.value.with(coupon.code_for(channel))),
            CtaOffer::Booking(Booking { by: BookingBy::Scheduler(url), .. }) => Some(url.value.clone()),
            CtaOffer::Booking(_) | CtaOffer::Download(_) | CtaOffer::Contact(_) => None,
        }
    }

    /// The address on the web that its author wrote, with some code in a code's place. WhatsApp and telephones take no
    /// parameters of ours.
    pub fn written_url(&self) -> Option<(&WebUrl, Span)> {
        match &self.offer {
            CtaOffer::Coupon(coupon) => Some((coupon.url.value.any().web()?, coupon.url.span)),
            CtaOffer::Booking(Booking { by: BookingBy::Scheduler(url), .. }) => Some((url.value.web()?, url.span)),
            CtaOffer::Booking(Booking { by: BookingBy::Form(_), .. }) => None,
            CtaOffer::Download(_) | CtaOffer::Contact(_) => None,
        }
    }

    /// The scheduler or checkout that its link leads to, whatever the channel.
    pub fn provider(&self) -> Provider {
        self.written_url().map_or(Provider::Other, |(url, _)| Provider::of(url))
    }

    /// What the tag register calls the offer: the coupon's code, the file's name, the scheduler's host, the number
    /// or `form`.
    pub fn offer_for(&self, channel: &Slug) -> String {
        match &self.offer {
            CtaOffer::Coupon(coupon) => coupon.code_for(channel).to_owned(),
            CtaOffer::Download(download) => {
                let path = &download.file.value;
                path.rsplit('/').next().unwrap_or(path).to_owned()
            }
            CtaOffer::Booking(Booking { by: BookingBy::Scheduler(url), .. }) => url.value.short_name().to_owned(),
            CtaOffer::Booking(Booking { by: BookingBy::Form(_), .. }) => "form".to_owned(),
            CtaOffer::Contact(by) => by.offer(),
        }
    }
}

impl Coupon {
    pub fn code_for(&self, channel: &Slug) -> &str {
        self.codes.get(channel).map_or(&self.code.value, |own| &own.value)
    }
}

impl CodeUrl {
    /// The place in an address that a coupon's code takes.
    pub const PLACE: &str = "{code}";

    pub fn parse(text: &str) -> Result<CodeUrl, BadAddress> {
        // With a letter in the code's place, the address shows what it will be with any code.
        let without_code = OutwardUrl::parse(&text.replace(Self::PLACE, "x"))?;
        // In the host a code could make it anyone's.
        let other = OutwardUrl::parse(&text.replace(Self::PLACE, "y"))?;
        if without_code.short_name() != other.short_name() {
            return Err(BadAddress::CodeInHost);
        }
        let template = text.to_owned();
        Ok(CodeUrl { template, without_code })
    }

    /// The address with some code in it: for its host, scheme and parameters.
    pub fn any(&self) -> &OutwardUrl {
        &self.without_code
    }

    /// The address with a code in its place. Without one, the code goes where a checkout that takes codes has it.
    pub fn with(&self, code: &str) -> OutwardUrl {
        if let OutwardUrl::Web(url) = &self.without_code
            && !self.template.contains(Self::PLACE)
        {
            return OutwardUrl::Web(Provider::of(url).with_code(url, code));
        }
        let filled = self.template.replace(Self::PLACE, &super::address::query_value(code));
        // Percent-encoded and not in the host, a code cannot change how the rest is read.
        OutwardUrl::parse(&filled).unwrap_or_else(|_| self.without_code.clone())
    }
}
