//! `security` in `site.yaml`: the sources that a site adds to its Content-Security-Policy.

use super::shape::{self, Fields, Reader};
use super::yaml::Node;
use crate::model::policy::{Directive, NotASource, Source, Sources};
use crate::rules::Rule;

/// `security: { content_security_policy: { script-src: [https://widget.example] } }`
pub fn security(reader: &mut Reader, node: &Node) -> Option<Sources> {
    let mut fields = Fields::of(reader, node, "`security`")?;
    let policy = fields.optional(reader, "content_security_policy", policy);
    fields.finish(reader);
    policy
}

fn policy(reader: &mut Reader, node: &Node) -> Option<Sources> {
    let mut fields = Fields::of(reader, node, "`content_security_policy`")?;
    let mut sources = Sources::new();
    for directive in Directive::ALL {
        let listed = fields.optional(reader, directive.name(), |reader, node| shape::list(reader, node, source));
        sources.entry(directive).or_default().extend(listed.into_iter().flatten());
    }
    fields.finish(reader);
    sources.retain(|_, sources| !sources.is_empty());
    Some(sources)
}

fn source(reader: &mut Reader, node: &Node) -> Option<Source> {
    let text = shape::text(reader, node)?;
    let why = match Source::parse(&text) {
        Ok(source) => return Some(source),
        Err(why) => why,
    };
    let (label, help) = cure(why, &text);
    reader.error_with_help(Rule::BadPolicySource, node.span, format!("`{text}` cannot be a source"), label, help);
    None
}

/// What is wrong with a source, and what to write instead.
fn cure(why: NotASource, text: &str) -> (&'static str, String) {
    let as_in = "write it as in `https://widget.example`".to_owned();
    match why {
        NotASource::Unsafe => (
            "would let in what the policy keeps out",
            "put scripts and styles into files, or list the hash that browsers tell: `sha256-…`".to_owned(),
        ),
        NotASource::Everywhere => ("would let in everything", "name the hosts: `https://widget.example`".to_owned()),
        NotASource::Given => ("the site's own host is let in anyway", "leave it out".to_owned()),
        NotASource::Insecure => ("plain http", "write `https://`".to_owned()),
        NotASource::NoScheme => {
            ("a host without `https://`", format!("write `https://{}`", text.trim_start_matches('/')))
        }
        NotASource::Unreadable => ("scheme and host are expected here, and no path", as_in),
    }
}
