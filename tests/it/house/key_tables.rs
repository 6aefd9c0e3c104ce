//! The tables of keys in `docs/` are generated. `UPDATE_DOCS=1 cargo test --test it house::key_tables` writes them.

use std::fs;
use std::path::{Path, PathBuf};

use tagline::model::{
    block, channel, consent, csp, cta, destination, field, form, page, per_channel, product, site, versions,
};
use tagline::yaml::{Mapping, docs};

/// The tables of each document, by their names in the markers `<!-- keys: NAME -->`.
fn tables() -> [(&'static str, Vec<(&'static str, &'static Mapping)>); 7] {
    [
        (
            "site.md",
            vec![
                ("site", &site::KEYS),
                ("organization", &site::organization::KEYS),
                ("navigation", &site::link::KEYS),
                ("footer", &site::footer::KEYS),
                ("footer_columns", &site::footer::COLUMN_KEYS),
                ("social", &site::footer::SOCIAL_KEYS),
                ("announcement", &site::announcement::KEYS),
                ("channels", &channel::KEYS),
                ("destinations", &destination::KEYS),
                ("hubspot", &destination::hubspot::KEYS),
                ("salesforce", &destination::salesforce::KEYS),
                ("mailchimp", &destination::mailchimp::KEYS),
                ("brevo", &destination::brevo::KEYS),
                ("mautic", &destination::mautic::KEYS),
                ("fields", &field::own::KEYS),
                ("leads", &site::leads::KEYS),
                ("consent", &consent::KEYS),
                ("consents", &consent::ITEM_KEYS),
                ("attribution", &site::visits::ATTRIBUTION_KEYS),
                ("analytics", &site::analytics::KEYS),
                ("matomo", &site::analytics::MATOMO_KEYS),
                ("markdown", &site::MARKDOWN_KEYS),
                ("security", &csp::KEYS),
                ("content_security_policy", &csp::DIRECTIVE_KEYS),
                ("check", &site::external::CHECK_KEYS),
                ("external", &site::external::EXTERNAL_KEYS),
                ("publish", &site::publish::KEYS),
            ],
        ),
        (
            "pages.md",
            vec![
                ("pages", &page::KEYS_OF_PAGES),
                ("campaigns", &page::KEYS_OF_CAMPAIGNS),
                ("per_channel", &per_channel::PER_CHANNEL_KEYS),
                ("product", &product::KEYS),
            ],
        ),
        (
            "ctas.md",
            vec![
                ("ctas", &cta::KEYS),
                ("coupon", &cta::coupon::KEYS),
                ("download", &cta::download::KEYS),
                ("booking", &cta::booking::KEYS),
                ("contact", &cta::contact::KEYS),
                ("event", &cta::event::KEYS),
                ("event_date", &cta::event_date::KEYS),
                ("form", &form::KEYS),
                ("thanks", &cta::thanks::KEYS),
            ],
        ),
        (
            "languages.md",
            vec![
                ("languages", &site::languages::KEYS),
                ("announcement_of_languages", &site::announcement::TRANSLATED_KEYS),
                ("leads_of_languages", &site::languages::LEADS_KEYS),
                ("fields_of_languages", &field::translated::KEYS),
            ],
        ),
        ("versions.md", vec![("version", &versions::KEYS_OF_VERSION)]),
        ("report.md", vec![("report", &site::report::KEYS), ("report_columns", &site::report::COLUMN_KEYS)]),
        ("themes.md", vec![("block", &block::KEYS), ("attribute", &block::ATTRIBUTE_KEYS)]),
    ]
}

fn document(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)
}

/// The document with its tables replaced by those of the code.
#[track_caller]
fn updated(text: &str, tables: &[(&str, &Mapping)]) -> String {
    let mut text = text.to_owned();
    for (name, mapping) in tables {
        let opening = format!("<!-- keys: {name} -->\n");
        let start = text.find(&opening).unwrap_or_else(|| panic!("the marker for `{name}` is missing")) + opening.len();
        let end = start + text[start..].find("<!-- end -->").unwrap_or_else(|| panic!("`{name}` has no end marker"));
        text.replace_range(start..end, &format!("\n{}\n", docs::table(mapping)));
    }
    text
}

#[test]
fn tables_in_the_docs_match_the_code() {
    for (name, tables) in tables() {
        let path = document(name);
        let text = fs::read_to_string(&path).unwrap();
        let updated = updated(&text, &tables);
        assert_eq!(text.matches("<!-- keys: ").count(), tables.len(), "{name} has a marker without a table");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::write(&path, updated).unwrap();
            continue;
        }
        assert!(text == updated, "the tables in docs/{name} are outdated: run the test with UPDATE_DOCS=1");
    }
}
