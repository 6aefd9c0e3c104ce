#!/usr/bin/env python3
"""Writes a site with many landing pages, to measure `tagline build`, or the same pages for Hugo or Zola.

    ten_thousand.py DIR [--pages 10000] [--channels 0] [--for tagline|hugo|zola]

Each page has about 4 kB of Markdown with a coupon, a download and a booking, which its text links, too. The theme is
`theme/` next to this script, and its page frame is also that of the templates for Hugo and Zola (0.23 or newer). With K
channels each landing page of Tagline has K channel pages. The same options give the same bytes. DIR must not exist, or
must be a site that this script wrote.
"""
import argparse
import random
import shutil
import sys
from pathlib import Path

THEME = Path(__file__).resolve().parent / "theme"
MARK = "# Written by benches/ten_thousand.py.\n"
WORDS = (
    "campaign lead coupon guide trial sales marketing customer journey offer value growth reach convert team product "
    "launch season discount partner email social search event webinar report funnel insight quality trust story brand "
    "audience message budget target quarter pipeline prospect follow booking download service"
).split()


def sentence(rnd, words):
    return " ".join(rnd.choices(WORDS, k=words)).capitalize()


def paragraph(rnd):
    return " ".join(f"{sentence(rnd, rnd.randint(8, 16))}." for _ in range(4))


def section(rnd, number, button):
    items = "\n".join(f"- {sentence(rnd, 7)}." for _ in range(4))
    link = f"See [the offer](https://example.com/offer/{number}), **{rnd.choice(WORDS)}** or *{rnd.choice(WORDS)}*."
    after = f"\n\n{button}" if button else ""
    return f"## {sentence(rnd, 5)}\n\n{paragraph(rnd)} {link}\n\n{items}{after}"


def page(number, front_matter, button):
    """The front matter is that of one generator; `button(id)` writes a call to action in its notation."""
    rnd = random.Random(number)
    rows = "\n".join(f"| {rnd.choice(WORDS)} | {rnd.randint(5, 99)} | {rnd.randint(1, 50)} |" for _ in range(4))
    body = [section(rnd, number, cta and button(cta)) for cta in ("save", "guide", "trial", None)]
    body += [f"| Plan | Price | Seats |\n|---|---:|---:|\n{rows}", f"> {paragraph(rnd)}"]
    title, summary, labels = sentence(rnd, 6), sentence(rnd, 12), [sentence(rnd, 4) for _ in range(3)]
    head = front_matter(number, f"{summary}.", f"2026-01-{number % 28 + 1:02}", labels)
    return f"---\ntitle: {title}\n{head}---\n" + "\n\n".join(body) + "\n"


def tagline_front_matter(channels):
    def front_matter(number, summary, date, labels):
        return f"""summary: {summary}
date: {date}
{f"channels: [{', '.join(channels)}]" if channels else "# no channels"}
ctas:
  save:
    label: {labels[0]}
    coupon: {{ code: SAVE{number}, url: "https://shop.example.com/save/{number}" }}
  guide:
    label: {labels[1]}
    download: {{ file: /guide.pdf }}
  trial:
    label: {labels[2]}
    booking: {{ url: "https://shop.example.com/trial/{number}" }}
"""

    return front_matter


def plain_front_matter(before, indent):
    """For generators without calls to action, which become a list of parameters."""

    def front_matter(number, summary, date, labels):
        urls = [f"https://shop.example.com/save/{number}", "/guide.pdf", f"https://shop.example.com/trial/{number}"]
        kinds = zip(("save", "guide", "trial"), ("coupon", "download", "booking"), labels, urls)
        ctas = "".join(
            f"{indent}  - {{ id: {cta}, kind: {kind}, label: {label}, url: \"{url}\" }}\n" for cta, kind, label, url in kinds
        )
        return f"description: {summary}\ndate: {date}\n{before}{indent}ctas:\n{ctas}"

    return front_matter


def write_tagline(folder, pages, channels):
    listed = "".join(f"\n  {name}: {{ label: {name}, source: {name}, medium: email }}" for name in channels)
    settings = f"""title: Bench
base_url: https://example.com/
theme: bench
channels:{listed or " {}"}
leads: {{ owner: sales@example.com }}
"""
    write(folder / "site.yaml", MARK + settings)
    write_pages(folder / "content/campaigns", pages, tagline_front_matter(channels), lambda cta: f"[](cta:{cta})")
    write(folder / "static/guide.pdf", "%PDF-1.4\n")
    shutil.copytree(THEME, folder / "themes/bench")


LINK = (
    '<a class="cta cta-{{ %c.kind }}" href="{{ %c.url }}?utm_source=site&amp;utm_medium=landing'
    '&amp;utm_campaign={{ %p }}&amp;utm_content={{ %c.id }}">{{ %c.label }}</a>'
)


def frame(title, description, main):
    """The page of `theme/parts/frame.html` in the notation of another generator."""
    html = (THEME / "parts/frame.html").read_text()
    html = html.replace("{{ page.title }} | {{ site.title }}", title).replace("{{ page.summary }}", description)
    start = html.index("<main>")
    return html[:start] + f"<main>{main}</main>" + html[html.index("</main>") + len("</main>") :]


def write_hugo(folder, pages, _):
    page_of = lambda page: LINK.replace("%c", "").replace("%p", f"{page}.File.BaseFileName")
    write(
        folder / "hugo.toml",
        MARK + 'baseURL = "https://example.com/"\ntitle = "Bench"\ndisableKinds = ["taxonomy", "term", "rss"]\n',
    )
    write_pages(folder / "content/campaigns", pages, plain_front_matter("", ""), lambda cta: '{{< cta "%s" >}}' % cta)
    aside = "<aside>{{ range .Params.ctas }}" + page_of("$") + "\n{{ end }}</aside>"
    single = frame("{{ .Title }} | {{ .Site.Title }}", "{{ .Description }}", "<h1>{{ .Title }}</h1>\n{{ .Content }}\n" + aside)
    write(folder / "layouts/_default/single.html", single)
    links = '<ul>{{ range .Pages }}<li><a href="{{ .Permalink }}">{{ .Title }}</a></li>\n{{ end }}</ul>'
    write(folder / "layouts/_default/list.html", frame("{{ .Title }}", "", links))
    link = "{{ range $.Page.Params.ctas }}{{ if eq .id ($.Get 0) }}" + page_of("$.Page") + "{{ end }}{{ end }}"
    write(folder / "layouts/shortcodes/cta.html", link)


def write_zola(folder, pages, _):
    link = LINK.replace("%c", "c").replace("%p", "page.slug")
    write(
        folder / "config.toml",
        MARK + 'base_url = "https://example.com"\ntitle = "Bench"\nminify_html = true\ngenerate_feeds = false\n',
    )
    write_pages(
        folder / "content/campaigns", pages, plain_front_matter("extra:\n", "  "),
        lambda cta: '{{ <cta id="%s" page={page} /> }}' % cta,
    )
    write(folder / "content/campaigns/_index.md", "---\ntitle: Campaigns\nsort_by: date\n---\n")
    aside = "<aside>{% for c in page.extra.ctas %}" + link + "\n{% endfor %}</aside>"
    main = "<h1>{{ page.title }}</h1>\n{{ page.content | safe }}\n" + aside
    write(folder / "templates/page.html", frame("{{ page.title }} | {{ config.title }}", "{{ page.description }}", main))
    links = '<ul>{% for p in section.pages %}<li><a href="{{ p.permalink }}">{{ p.title }}</a></li>\n{% endfor %}</ul>'
    write(folder / "templates/section.html", frame("{{ section.title }}", "", links))
    write(folder / "templates/index.html", frame("Home", "", ""))
    one = "{% for c in page.extra.ctas %}{% if c.id == id %}" + link + "{% endif %}{% endfor %}"
    write(folder / "templates/components.html", "{% component cta(id: string, page) -%}\n" + one + "\n{%- endcomponent %}\n")


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def write_pages(folder, pages, front_matter, button):
    folder.mkdir(parents=True)
    for number in range(pages):
        (folder / f"p{number}.md").write_text(page(number, front_matter, button))


# For each generator, what writes its site, and the file that shows who wrote it.
GENERATORS = {
    "tagline": (write_tagline, "site.yaml"),
    "hugo": (write_hugo, "hugo.toml"),
    "zola": (write_zola, "config.toml"),
}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("dir", type=Path)
    options.add_argument("--pages", type=int, default=10_000)
    options.add_argument("--channels", type=int, default=0)
    options.add_argument("--for", dest="generator", choices=GENERATORS, default="tagline")
    given = options.parse_args()
    write_site, settings = GENERATORS[given.generator]
    if given.dir.exists():
        written = given.dir / settings
        if not written.is_file() or not written.read_text().startswith(MARK):
            sys.exit(f"{given.dir} was not written by this script: name another folder")
        shutil.rmtree(given.dir)
    write_site(given.dir, given.pages, [f"channel-{number}" for number in range(1, given.channels + 1)])


if __name__ == "__main__":
    main()
