//! `hosts` in `site.yaml`: the hosts for which a build writes files with headers.

use crate::diagnostics::{Diagnostic, list as listed};
use crate::rules::Rule;
use crate::yaml::shape::choice;
use crate::yaml::values::{list, value};
use crate::yaml::{Node, Shape, YamlReader};

/// A host, or a web server, with a file format for headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebHost {
    /// Also other hosts that read `_headers`.
    Netlify,
    Cloudflare,
    Nginx,
    Caddy,
}

const NAMES: [&str; 4] = ["netlify", "cloudflare", "nginx", "caddy"];
const ALL: [WebHost; 4] = [WebHost::Netlify, WebHost::Cloudflare, WebHost::Nginx, WebHost::Caddy];

const HOST: Shape = Shape::value("host", |_| choice(NAMES));
pub(super) const HOSTS: Shape = Shape::set("list of hosts", &HOST);

/// Reads `hosts: [netlify, nginx]`. An empty list is a site without such files.
pub(super) fn read(reader: &mut YamlReader, node: &Node) -> Option<Vec<WebHost>> {
    list(reader, node, |reader, node| {
        let text = value(reader, node)?;
        if let Some(at) = NAMES.iter().position(|name| *name == text) {
            return Some(ALL[at]);
        }
        let diagnostic = Diagnostic::error(Rule::WrongType, format!("unknown host `{text}`"))
            .at(reader.source, node.span, "no files are known for it")
            .suggest(&text, NAMES)
            .or_help(format!("the hosts are {}", listed(NAMES)));
        reader.diagnostics.push(diagnostic);
        None
    })
}
