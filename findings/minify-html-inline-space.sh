#!/bin/sh
# minify-html 0.18.1 drops the space between inline elements that are direct children of a block such as `div`.
#
# Input: valid HTML, in which CSS shows a space between two links. Expected: `</a> <a`, as in a `p`. Exits with 1 if the
# behaviour has changed.
set -eu

version=0.18.1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

mkdir "$folder/src"
cat > "$folder/Cargo.toml" <<TOML
[package]
name = "finding"
version = "0.0.0"
edition = "2021"

[dependencies]
minify-html = "=$version"
TOML
cat > "$folder/src/main.rs" <<'RUST'
use minify_html::{Cfg, minify};

fn main() {
    let mut is_as_described = true;
    for (parent, keeps_space) in [
        ("p", true), ("li", true), ("td", true),
        ("div", false), ("nav", false), ("form", false), ("section", false), ("main", false),
    ] {
        let element = format!("<{parent}><a href=\"/a\">Book a demo</a> <a href=\"/b\">Read more</a></{parent}>");
        let html = match parent {
            "li" => format!("<ul>{element}</ul>"),
            "td" => format!("<table><tr>{element}</table>"),
            _ => element,
        };
        // No option of `Cfg` is about white space; these keep as much of the input as possible.
        let mut cfg = Cfg::new();
        cfg.keep_closing_tags = true;
        cfg.keep_html_and_head_opening_tags = true;
        cfg.keep_comments = true;
        cfg.keep_input_type_text_attr = true;
        let page = format!("<!doctype html><html lang=\"en\"><head><title>t</title></head><body>{html}</body></html>");
        let minified = String::from_utf8(minify(page.as_bytes(), &cfg)).unwrap();
        let has_space = minified.contains("</a> <a");
        println!("<{parent}>: {}", if has_space { "space kept" } else { "space dropped" });
        is_as_described &= has_space == keeps_space;
    }
    std::process::exit(if is_as_described { 0 } else { 1 });
}
RUST

echo "minify-html $version, $(rustc --version)"
echo "two links with a space between them, as children of:"
if cargo run --quiet --manifest-path "$folder/Cargo.toml"; then
    echo "as described: the labels of two links or buttons in a div, nav, form, section or main touch each other"
else
    echo "the behaviour has changed"
    exit 1
fi
