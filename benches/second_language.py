#!/usr/bin/env python3
"""Measures what a second language costs: instructions of a cold build of N campaigns in two languages, against 2N in one.

    second_language.py TAGLINE [--pages 200] [--folder /dev/shm/languages]

Needs `valgrind`. The texts are those of `ten_thousand.py`; a translation has a title, a summary, labels, a code and a text of its own.
Callgrind counts the instructions of one thread, so the figures are nearly the same in each run. FOLDER must not exist.
"""
import argparse
import os
import re
import shutil
import subprocess
from pathlib import Path

import ten_thousand

LANGUAGES = "languages: { de: { label: Deutsch } }\nrules: { missing-translation: allow }\n"


def translated_front_matter(number, summary, date, labels):
    return f"""summary: {summary}
ctas:
  save: {{ label: {labels[0]}, coupon: {{ code: SAVE{number} }} }}
  guide: {{ label: {labels[1]} }}
  trial: {{ label: {labels[2]} }}
"""


def write_site(folder, pages, languages):
    ten_thousand.write_tagline(folder, pages, [])
    if not languages:
        return
    settings = folder / "site.yaml"
    settings.write_text(settings.read_text() + LANGUAGES)
    for number in range(pages):
        # Another text than that of the original.
        text = ten_thousand.page(number + pages, translated_front_matter, lambda cta: f"[](cta:{cta})")
        (folder / f"content/campaigns/p{number}.de.md").write_text(text)


def instructions(tagline, site):
    """The instructions of a cold build on one thread."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", tagline, "build", "--root", str(site)]
    run = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "RAYON_NUM_THREADS": "1"})
    if run.returncode:
        raise SystemExit(run.stderr)
    return int(re.search(r"Collected : (\d+)", run.stderr)[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("tagline")
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--folder", type=Path, default=Path("/dev/shm/languages"))
    options = parser.parse_args()
    options.folder.mkdir()
    try:
        counted = {}
        for name, pages, languages in [("two", options.pages, True), ("one", 2 * options.pages, False)]:
            site = options.folder / name
            write_site(site, pages, languages)
            counted[name] = instructions(options.tagline, site)
            print(f"{pages} campaigns in {name} language{'s' if languages else ''}: {counted[name]:,} instructions")
        print(f"a second language costs {counted['two'] / counted['one'] - 1:+.1%}")
    finally:
        shutil.rmtree(options.folder)


if __name__ == "__main__":
    main()
