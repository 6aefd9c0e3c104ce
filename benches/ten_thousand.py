#!/usr/bin/env python3
"""Writes a site with many landing pages, to measure `tagline build`.

    ten_thousand.py DIR [--pages 10000] [--channels 0]

Each page has about 4 kB of Markdown with a coupon, a download and a booking, which its text links, too. The theme is
`theme/` next to this script. With K channels each landing page has K channel pages. The same options give the same
bytes. DIR must not exist, or must be a site that this script wrote.
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


def section(rnd, number, cta):
    items = "\n".join(f"- {sentence(rnd, 7)}." for _ in range(4))
    link = f"See [the offer](https://example.com/offer/{number}), **{rnd.choice(WORDS)}** or *{rnd.choice(WORDS)}*."
    button = f"\n\n[](cta:{cta})" if cta else ""
    return f"## {sentence(rnd, 5)}\n\n{paragraph(rnd)} {link}\n\n{items}{button}"


def page(number, channels):
    rnd = random.Random(number)
    rows = "\n".join(f"| {rnd.choice(WORDS)} | {rnd.randint(5, 99)} | {rnd.randint(1, 50)} |" for _ in range(4))
    body = [section(rnd, number, cta) for cta in ("save", "guide", "trial", None)]
    body += [f"| Plan | Price | Seats |\n|---|---:|---:|\n{rows}", f"> {paragraph(rnd)}"]
    return f"""---
title: {sentence(rnd, 6)}
summary: {sentence(rnd, 12)}.
date: 2026-01-{number % 28 + 1:02}
{f"channels: [{', '.join(channels)}]" if channels else "# no channels"}
ctas:
  save:
    label: {sentence(rnd, 4)}
    coupon: {{ code: SAVE{number}, url: "https://shop.example.com/save/{number}" }}
  guide:
    label: {sentence(rnd, 4)}
    download: {{ file: /guide.pdf }}
  trial:
    label: {sentence(rnd, 4)}
    booking: {{ url: "https://shop.example.com/trial/{number}" }}
---
""" + "\n\n".join(body) + "\n"


def site(channels):
    listed = "".join(f"\n  {name}: {{ label: {name}, source: {name}, medium: email }}" for name in channels)
    return f"""{MARK}title: Bench
base_url: https://example.com/
theme: bench
channels:{listed or " {}"}
leads: {{ owner: sales@example.com }}
"""


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("dir", type=Path)
    options.add_argument("--pages", type=int, default=10_000)
    options.add_argument("--channels", type=int, default=0)
    given = options.parse_args()
    settings = given.dir / "site.yaml"
    if given.dir.exists():
        if not settings.is_file() or not settings.read_text().startswith(MARK):
            sys.exit(f"{given.dir} was not written by this script: name another folder")
        shutil.rmtree(given.dir)
    channels = [f"channel-{number}" for number in range(1, given.channels + 1)]
    content = given.dir / "content" / "campaigns"
    content.mkdir(parents=True)
    settings.write_text(site(channels))
    for number in range(given.pages):
        (content / f"p{number}.md").write_text(page(number, channels))
    (given.dir / "static").mkdir()
    (given.dir / "static" / "guide.pdf").write_text("%PDF-1.4\n")
    shutil.copytree(THEME, given.dir / "themes" / "bench")


if __name__ == "__main__":
    main()
