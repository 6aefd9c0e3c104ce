#!/usr/bin/env python3
"""Compares the output of two builds of Tagline, byte by byte.

    benches/compare_output.py OLD NEW [SITE ...]

OLD and NEW are binaries. Each builds the example on 2027-03-15, its preview, the gallery in `tests/sites/`, and every
further SITE (a folder). The script compares `public/` and `sales/`; the feed and the sitemap are compared as parsed XML.
Exits with status 1 if anything differs.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
DAY = "2027-03-15"
XML = {"feed.xml", "sitemap.xml"}
# Of the repository as a site. Each binary uses the theme that is built into it.
LEFT_OUT = ["target", ".git", "public", "sales", "node_modules", ".tagline", "launch"]


def build(binary, site, output, options):
    """Builds a copy of a site, so that its register does not change."""
    copy = output / "site"
    shutil.copytree(site, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
    command = [binary, "build", "--date", DAY, "--root", copy, "--output", output / "public", "--sales", output / "sales"]
    run = subprocess.run([*command, *options], capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"{binary} cannot build {site}:\n{run.stdout}{run.stderr}")


def both(site):
    """The folders for the old and the new binary."""
    folders = str(site).split("=")
    return folders * 2 if len(folders) == 1 else folders


def files(folder):
    return {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}


def is_same(path, old, new):
    before, after = old.read_bytes(), new.read_bytes()
    if before == after:
        return True
    return path.name in XML and canonical(before) == canonical(after)


def canonical(xml):
    return ElementTree.canonicalize(xml.decode(), strip_text=True)


def differences(old, new):
    before, after = files(old), files(new)
    for path in sorted(before.keys() | after.keys()):
        if path not in after:
            yield f"only in old: {path}"
        elif path not in before:
            yield f"only in new: {path}"
        elif not is_same(path, before[path], after[path]):
            yield f"differs: {path}"


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    old, new = (Path(binary).resolve() for binary in sys.argv[1:3])
    sites = [
        ("example", ROOT, []),
        ("example as preview", ROOT, ["--preview", "--base-url", "https://preview.kazi.example/"]),
        ("gallery", ROOT / "tests/sites/gallery", []),
    ]
    sites += [(site, site, []) for site in sys.argv[3:]]
    differing = 0
    for name, site, options in sites:
        with tempfile.TemporaryDirectory() as folder:
            outputs = [Path(folder) / "old", Path(folder) / "new"]
            for binary, output, folder in zip((old, new), outputs, both(site)):
                output.mkdir()
                build(binary, folder, output, options)
            compared = 0
            found = []
            for part in ("public", "sales"):
                found += [f"{part}: {line}" for line in differences(outputs[0] / part, outputs[1] / part)]
                compared += len(files(outputs[1] / part))
            print(f"{name}: {compared} files, {len(found)} differ")
            print("".join(f"  {line}\n" for line in found), end="")
            differing += len(found)
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
