//! `publish` in `site.yaml`: the targets of `tagline publish`.

use std::time::Duration;

use serde_json::json;

use crate::diagnostics::Diagnostic;
use crate::model::address::WebUrl;
use crate::model::place::{BadPlace, Place, SCHEMES};
use crate::model::slug::ById;
use crate::model::values::{ID, by_id};
use crate::rules::Rule;
use crate::source::Span;
use crate::yaml::values::value;
use crate::yaml::{Entries, Key, Mapping, Node, Shape, YamlReader};

/// A named place that a site is published to.
#[derive(Clone, Debug)]
pub struct PublishTarget {
    pub site: Place,
    /// Where `sales/` goes. Never in the same bucket or folder as the site.
    pub desk: Option<Place>,
    /// The address of a store that speaks S3. `None`: the one of the vendor.
    pub endpoint: Option<String>,
    /// Releases that a folder keeps, the current one included.
    pub keep: usize,
    /// Days for which files stay that pages of earlier publishes use.
    pub keep_days: u32,
    pub max_delete: MaxDelete,
    /// The longest time that one request to a store may take.
    pub timeout: Duration,
}

/// How many files one publish may delete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaxDelete {
    Files(usize),
    /// A share of the files that are published, in per cent.
    Percent(usize),
}

/// The targets of a site, in the author's order.
pub type PublishTargets = ById<PublishTarget>;

const DEFAULT_KEEP: usize = 5;
const DEFAULT_KEEP_DAYS: u32 = 7;
/// A part of a large file has 8 MiB.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);
pub const DEFAULT_MAX_DELETE: MaxDelete = MaxDelete::Percent(20);

const PLACE: Shape = Shape::value(
    "place",
    |_| json!({ "type": "string", "pattern": "^(?:(?:s3|gs|az)://[a-z0-9][a-z0-9._-]{2,62}(?:/.*)?|file:///.+)$" }),
);
const ENDPOINT: Shape = Shape::value("address", |_| json!({ "type": "string", "pattern": "^https?://[^/?#@]+/?$" }));
const COUNT: Shape = Shape::value("number", |_| json!({ "type": "integer", "minimum": 1, "maximum": 10_000 }));
const DAYS: Shape = Shape::value("number", |_| json!({ "type": "integer", "minimum": 0, "maximum": 10_000 }));
const LIMIT: Shape = Shape::value(
    "number or share",
    |_| json!({ "type": ["string", "integer"], "pattern": "^(?:[0-9]+|(?:100|[0-9]{1,2}) ?%)$", "minimum": 0 }),
);

pub static KEYS: Mapping = Mapping::new(
    "a target",
    &[
        Key::required(
            "site",
            PLACE,
            "Where the site goes: `s3://BUCKET`, `gs://BUCKET`, `az://CONTAINER`, each optionally with a folder, or \
             `file:///srv/kazi`.",
        )
        .rules(&[Rule::BadPublishTarget]),
        Key::optional(
            "desk",
            PLACE,
            "Where the lead desk and the exports for sales go: a bucket of its own that nobody can read without a \
             password, or a folder of its own.",
        )
        .rules(&[Rule::BadPublishTarget]),
        Key::optional("endpoint", ENDPOINT, "The address of a store that speaks S3: `https://s3.kazi.example`.")
            .rules(&[Rule::BadPublishTarget]),
        Key::optional("keep", COUNT, "How many releases a folder keeps, for `--rollback`.").default("5"),
        Key::optional(
            "keep_days",
            DAYS,
            "For how many days files stay that are no longer part of the site. Pages that are still open use them.",
        )
        .default("7"),
        Key::optional(
            "max_delete",
            LIMIT,
            "How many files a publish may delete: a number, or a share of the published files such as `20%`.",
        )
        .default("20%")
        .rules(&[Rule::BadPublishTarget]),
        Key::optional(
            "timeout",
            COUNT,
            "After how many seconds a request to a store counts as lost, and is sent again. Less is for stores nearby, more for slow \
             lines.",
        )
        .default("60"),
    ],
);

const TARGET: Shape = Shape::mapping(&KEYS);
/// `publish` in `site.yaml`.
pub const TARGETS: Shape = Shape::map("id to keys below", &ID, &TARGET);

impl MaxDelete {
    /// Parses `100` or `20%`.
    pub fn parse(text: &str) -> Option<MaxDelete> {
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.strip_suffix('%').map(str::trim_end) {
            Some(percent) if is_number(percent) => {
                percent.parse().ok().filter(|percent| *percent <= 100).map(MaxDelete::Percent)
            }
            Some(_) => None,
            None if is_number(text) => text.parse().ok().map(MaxDelete::Files),
            None => None,
        }
    }

    /// Returns how many of `published` files may be deleted. A share is rounded up, so that of few files one may be.
    pub fn of(self, published: usize) -> usize {
        match self {
            MaxDelete::Files(files) => files,
            MaxDelete::Percent(percent) => (published * percent).div_ceil(100),
        }
    }
}

pub(super) fn read(reader: &mut YamlReader, node: &Node) -> Option<PublishTargets> {
    by_id(reader, node, "target", |reader, _, node| PublishTarget::read(reader, node))
}

impl PublishTarget {
    fn read(reader: &mut YamlReader, node: &Node) -> Option<PublishTarget> {
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let site = entries.read(reader, "site", |reader, node| Some((place(reader, node)?, node.span)));
        let desk = entries.read(reader, "desk", |reader, node| Some((place(reader, node)?, node.span)));
        let endpoint = entries.read(reader, "endpoint", endpoint);
        let keep = entries.read(reader, "keep", |reader, node| number(reader, node, 1));
        let keep_days = entries.read(reader, "keep_days", |reader, node| number(reader, node, 0));
        let max_delete = entries.read(reader, "max_delete", max_delete);
        let timeout = entries.read(reader, "timeout", |reader, node| number(reader, node, 1));
        entries.finish(reader);
        let (site, _) = site?;
        if let Some((desk, span)) = &desk
            && site.overlaps(desk)
        {
            report_overlap(reader, *span, &site, desk);
            return None;
        }
        Some(PublishTarget {
            site,
            desk: desk.map(|(desk, _)| desk),
            endpoint,
            keep: keep.unwrap_or(DEFAULT_KEEP),
            keep_days: keep_days.and_then(|days| u32::try_from(days).ok()).unwrap_or(DEFAULT_KEEP_DAYS),
            max_delete: max_delete.unwrap_or(DEFAULT_MAX_DELETE),
            timeout: timeout.map_or(DEFAULT_TIMEOUT, |seconds| Duration::from_secs(seconds as u64)),
        })
    }
}

fn report_overlap(reader: &mut YamlReader, span: Span, site: &Place, desk: &Place) {
    let (message, help) = match desk {
        Place::Folder(_) => (
            format!("the lead desk would be in the folder of the site, `{site}`"),
            "choose a folder beside it: `file:///srv/kazi-desk`",
        ),
        Place::Bucket { .. } => (
            "the lead desk would be in the bucket of the site, which visitors can read".to_owned(),
            "the desk needs a bucket or container of its own, which is not public",
        ),
    };
    reader.error_with_help(Rule::BadPublishTarget, span, message, "must not be public", help);
}

fn place(reader: &mut YamlReader, node: &Node) -> Option<Place> {
    let text = value(reader, node)?;
    let bad = match Place::parse(&text) {
        Ok(place) => return Some(place),
        Err(bad) => bad,
    };
    let example = "write it as `s3://kazi-site`, `gs://kazi-site`, `az://kazi-site` or `file:///srv/kazi`";
    let (message, help) = match &bad {
        BadPlace::Scheme(scheme) if scheme.is_empty() => (format!("`{text}` is not a place to publish to"), example),
        BadPlace::Scheme(scheme) => (format!("`{scheme}://` is not a kind of place to publish to"), example),
        BadPlace::Folder => {
            ("a folder is an absolute path with three slashes".to_owned(), "write it as `file:///srv/kazi`")
        }
        BadPlace::Root => {
            ("the root of the file system is no place to publish to".to_owned(), "name a folder: `file:///srv/kazi`")
        }
        BadPlace::Parts => {
            ("the path of the folder has an empty part or dots".to_owned(), "write it as `file:///srv/kazi`")
        }
        BadPlace::Bucket => (
            format!("`{text}` has no valid name of a bucket"),
            "a bucket has 3 to 63 lower-case letters, digits, hyphens and dots",
        ),
        BadPlace::Prefix => {
            ("the folder in the bucket has an empty part or dots".to_owned(), "write it as `s3://kazi-site/jobs`")
        }
        BadPlace::Extra => (
            "a place has no password, no parameters and no `%`".to_owned(),
            "credentials come from the environment; the region and the endpoint too, or from `endpoint`",
        ),
    };
    let mut diagnostic =
        Diagnostic::error(Rule::BadPublishTarget, message).at(reader.source, node.span, "a place is expected here");
    if let BadPlace::Scheme(scheme) = &bad
        && let Some(near) = crate::diagnostics::nearest(scheme, SCHEMES)
    {
        diagnostic = diagnostic.help(format!("did you mean `{near}://`?"));
    }
    reader.diagnostics.push(diagnostic.or_help(help));
    None
}

fn endpoint(reader: &mut YamlReader, node: &Node) -> Option<String> {
    let text = value(reader, node)?;
    let url = WebUrl::parse(&text).ok().filter(|url| {
        let url = url.url();
        url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty()
    });
    if url.is_none() {
        let help = "write the scheme and the host: `https://s3.kazi.example`";
        let message = format!("`{text}` is not the address of a store");
        reader.error_with_help(Rule::BadPublishTarget, node.span, message, "an address without a path", help);
    }
    url.map(|url| url.url().as_str().trim_end_matches('/').to_owned())
}

fn number(reader: &mut YamlReader, node: &Node, least: usize) -> Option<usize> {
    let text = value(reader, node)?;
    let number = text.parse().ok().filter(|number| (least..=10_000).contains(number));
    if number.is_none() {
        let label = format!("a whole number from {least} to 10,000");
        reader.error(Rule::WrongType, node.span, format!("`{text}` is not a number of this kind"), label);
    }
    number
}

fn max_delete(reader: &mut YamlReader, node: &Node) -> Option<MaxDelete> {
    let text = value(reader, node)?;
    let limit = MaxDelete::parse(&text);
    if limit.is_none() {
        let message = format!("`{text}` is neither a number of files nor a share of them");
        reader.error(Rule::BadPublishTarget, node.span, message, "write `100` or `20%`");
    }
    limit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limit_is_a_number_or_a_share_rounded_up() {
        assert_eq!(MaxDelete::parse("20%").map(|limit| limit.of(11)), Some(3));
        assert_eq!(MaxDelete::parse("20 %").map(|limit| limit.of(10)), Some(2));
        assert_eq!(MaxDelete::parse("7").map(|limit| limit.of(1)), Some(7));
        for bad in ["", "%", "-1", "101%", "20.5%", "many", "+3"] {
            assert_eq!(MaxDelete::parse(bad), None, "{bad}");
        }
    }
}
