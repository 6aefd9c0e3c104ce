//! SVG files: the parts that are removed from them, and their size.

use super::fixtures::{published_images, site_showing};
use crate::support::Site;
use crate::support::html::Page;

/// The published text of an SVG, and the names of the removed parts.
fn published(svg: &str) -> (String, Vec<String>) {
    let site = site_showing("team.svg", svg.as_bytes());
    let run = site.build();
    assert_eq!(run.code, Some(0), "{svg}\n{}", run.stderr);
    let problems = run.problems();
    let removed_parts = problems.iter().map(|problem| {
        assert_eq!((&*problem.rule, problem.is_error), ("unsafe-svg", false), "{}", problem.text);
        assert!(problem.place.starts_with("content/spring/team.svg:"), "{}", problem.place);
        problem.text.split('`').nth(1).unwrap().to_owned()
    });
    let removed_parts = removed_parts.collect();
    let file = published_images(&run, ".svg").remove(0);
    (run.public(&file), removed_parts)
}

#[test]
fn scripts_and_external_references_are_removed_from_svg() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("<script>alert(1)</script><path d='M0 0'/>", "<path d=\"M0 0\"/>", &["<script>"]),
        ("<g onclick='alert(1)'/>", "<g/>", &["onclick"]),
        ("<g ONLOAD='alert(1)'/>", "<g/>", &["ONLOAD"]),
        ("<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>", "", &["<foreignObject>"]),
        ("<h:script xmlns:h='http://www.w3.org/1999/xhtml'>alert(1)</h:script>", "", &["<script>"]),
        ("<s:script xmlns:s='http://www.w3.org/2000/svg'>alert(1)</s:script>", "", &["<script>"]),
        ("<x:script xmlns:x='urn:x'>alert(1)</x:script>", "", &[]),
        ("<a href='javascript:alert(1)'><path d='M0 0'/></a>", "<path d=\"M0 0\"/>", &["<a>"]),
        ("<use href='https://evil.example/x.svg#a'/>", "<use/>", &["href"]),
        ("<use href='#a'/>", "<use href=\"#a\"/>", &[]),
        ("<use xmlns:l='http://www.w3.org/1999/xlink' l:href='#a'/>", "<use href=\"#a\"/>", &[]),
        ("<use xmlns:l='http://www.w3.org/1999/xlink' l:href='//evil.example/x'/>", "<use/>", &["href"]),
        ("<image href='https://evil.example/x.png'/>", "<image/>", &["href"]),
        ("<image href='data:image/svg+xml;base64,AAAA'/>", "<image/>", &["href"]),
        ("<image href='data:image/png;base64,AAAA'/>", "<image href=\"data:image/png;base64,AAAA\"/>", &[]),
        ("<path fill='url(https://evil.example/x)'/>", "<path/>", &["fill"]),
        ("<path fill='url(#a)'/>", "<path fill=\"url(#a)\"/>", &[]),
        ("<path fill='\\75rl(//evil.example)'/>", "<path/>", &["fill"]),
        ("<path style='background: url(//evil.example)'/>", "<path/>", &["style"]),
        ("<path style='fill: red'/>", "<path style=\"fill: red\"/>", &[]),
        ("<style>@import '//evil.example/x.css';</style>", "<style/>", &["<style>"]),
        ("<style>.a { fill: url( \"//evil.example\" ) }</style>", "<style/>", &["<style>"]),
        ("<style>.a { fill: u&#x5c;72l(//evil.example) }</style>", "<style/>", &["<style>"]),
        ("<style><![CDATA[.a > .b { fill: red }]]></style>", "<style>.a &gt; .b { fill: red }</style>", &[]),
        ("<animate attributeName='href' values='javascript:alert(1)'/>", "<animate/>", &["attributeName", "values"]),
        ("<set attributeName='xlink:href' to='x'/>", "<set to=\"x\"/>", &["attributeName"]),
        ("<set attributeName='onclick' to='alert(1)'/>", "<set to=\"alert(1)\"/>", &["attributeName"]),
        ("<animate attributeName='r' values='1;2'/>", "<animate attributeName=\"r\" values=\"1;2\"/>", &[]),
        ("<iframe src='//evil.example'/><rect/>", "<rect/>", &["<iframe>"]),
        ("<text>a &lt;script> &#38; b</text>", "<text>a &lt;script&gt; &amp; b</text>", &[]),
        ("<title>A &amp; B</title><metadata><x/></metadata>", "<title>A &amp; B</title>", &[]),
        ("<!-- <script>alert(1)</script> --><path/>", "<path/>", &[]),
        (
            "<path xmlns:i='urn:inkscape' i:label='x' id='p' xml:space='preserve'/>",
            "<path id=\"p\" xml:space=\"preserve\"/>",
            &[],
        ),
    ];
    for (content, expected, removed_parts) in cases {
        let svg = format!("<svg xmlns='http://www.w3.org/2000/svg'>{content}</svg>");
        let (published, removed) = published(&svg);
        let whole = match expected.is_empty() {
            true => "<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_owned(),
            false => format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{expected}</svg>"),
        };
        assert_eq!(published, whole, "{content}");
        assert_eq!(removed, *removed_parts, "{content}");
    }
}

#[test]
fn stylesheet_instruction_is_removed_from_svg() {
    let (svg, removed_parts) = published(
        "<?xml version='1.0'?><?xml-stylesheet href='//evil.example/x.css'?>\n<!DOCTYPE svg>\n<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>\n",
    );
    assert_eq!(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    assert_eq!(removed_parts, ["<?xml-stylesheet?>", "onload"]);
}

#[test]
fn invalid_svg_is_an_error_with_its_line() {
    let laughs = "<!DOCTYPE svg [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]>\n<svg xmlns='http://www.w3.org/2000/svg'>\n<text>&b;</text></svg>";
    let deep = format!("<svg xmlns='http://www.w3.org/2000/svg'>{}", "<g>".repeat(100_000));
    for (svg, reason) in [
        ("<svg xmlns='http://www.w3.org/2000/svg'>\n<g>\n</svg>", "line 3"),
        ("<svg xmlns='http://www.w3.org/2000/svg'>\n<g>", "the end is missing"),
        ("<html/>", "the root must be one `svg` element"),
        (laughs, "line 3: `&b;` is an entity of its own"),
        (&deep, "elements are nested too deep"),
        ("<svg xmlns='http://www.w3.org/2000/svg'>\n<text>&#1;</text></svg>", "line 2: the character U+0001"),
        ("<svg xmlns='http://www.w3.org/2000/svg'>\n<g id='&#8;'/></svg>", "line 2: the character U+0008"),
        ("<svg xmlns='http://www.w3.org/2000/svg'><text>\u{c}</text></svg>", "line 1: the character U+000C"),
    ] {
        let run = site_showing("team.svg", svg.as_bytes()).check();
        run.error().assert("broken-image", "content/spring/index.md:33:11", &[reason]);
    }
}

#[test]
fn references_to_spaces_stay_references() {
    let (svg, _) = published("<svg xmlns='http://www.w3.org/2000/svg'><g class='a&#10;b&#9;c&#13;'>&#13;</g></svg>");
    assert!(svg.contains("<g class=\"a&#10;b&#9;c&#13;\">&#13;</g>"), "{svg}");
}

#[test]
fn svg_size_comes_from_its_attributes() {
    for (attributes, size) in [
        ("width='30' height='20'", Some(("30", "20"))),
        ("width='30px' height='20px' viewBox='0 0 3 2'", Some(("30", "20"))),
        ("viewBox='0 0 300 100'", Some(("1200", "400"))),
        ("viewBox='0,0,300,100' height='50'", Some(("150", "50"))),
        ("width='100%' height='100%'", None),
        ("viewBox='0 0 0 0'", None),
    ] {
        let svg = format!("<svg xmlns='http://www.w3.org/2000/svg' {attributes}/>");
        let page: Page = site_showing("team.svg", svg.as_bytes()).build().clean().page("spring/");
        let image = page.the("img");
        let shown =
            image.attributes.get("width").map(String::as_str).zip(image.attributes.get("height").map(String::as_str));
        assert_eq!(shown, size, "{attributes}");
    }
}

#[test]
fn svg_logo_is_sanitized() {
    let site = Site::new().file("static/logo.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>").edit(
        "site.yaml",
        "name: Kazi Ltd,",
        "logo: logo.svg, name: Kazi Ltd,",
    );
    let run = site.build();
    assert!(run.warning().place.starts_with("static/logo.svg:"), "{}", run.stderr);
    let page = run.page("prices/");
    let logo = page.all("img").next().unwrap().get("src").to_owned();
    assert_eq!(run.public(&logo[1..]), "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    assert!(run.public("logo.svg").contains("<script/>"), "files in static/ are copied unchanged");
}
