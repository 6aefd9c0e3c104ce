#!/usr/bin/env python3
"""Shows that a build on a full disk loses nothing, wherever the disk becomes full.

    tests/full_disk.py target/release/tagline [SHARE]

Needs Linux and `strace`, which lets a system call fail as if no space was left. The script builds a site with pictures, edits
it, and builds it again once for each call that creates, writes, links, renames or syncs a file: that call fails, and so do
all calls of its kind after it (of those that write, it alone, because messages are written too). A build must end with status 2 and name the file, and leave the old output and register as
they were; or end with status 0 and the new ones. The next build must write what a build on an empty disk writes. With a
SHARE of 4, every fourth call is tried. Exits with status 1 otherwise.
"""

import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

WRITES = ["write", "writev", "pwrite64"]
# `openat` is no part of it: most of its calls read, and a disk that is full can be read.
KINDS = [*WRITES, "copy_file_range", "mkdir", "mkdirat", "link", "linkat", "rename", "renameat", "renameat2", "fsync",
         "fdatasync", "ftruncate", "fallocate"]
SITE = """title: Kazi
base_url: https://kazi.example/
timezone: Africa/Nairobi
organization: { name: Kazi Ltd, email: hello@kazi.example }
channels:
  acme: { label: "Partner: Acme", source: acme, medium: referral }
"""
PAGE = """---
title: Hire
summary: Spring pricing.
channels: [acme]
ctas:
  save: { label: Save, coupon: { code: CODE, url: https://kazi.example/checkout } }
---

# Hire

![A team](NAME.png)

[Save](cta:save)
"""
DAY = "2027-03-01"


def picture(shade):
    """A PNG of 600 × 400 pixels."""
    rows = b"".join(b"\0" + bytes((x * y + shade) % 251 for x in range(600 * 3)) for y in range(400))

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 600, 400, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def write_content(site, code):
    (site / "content").mkdir(parents=True, exist_ok=True)
    (site / "site.yaml").write_text(SITE)
    (site / "content/index.md").write_text("---\ntitle: Home\nsummary: Home.\n---\n\n# Home\n")
    for number in range(3):
        name = f"offer-{number}"
        text = PAGE.replace("CODE", f"{code}{number}").replace("NAME", f"{code}-{number}")
        (site / f"content/{name}.md").write_text(text.replace("title: Hire", f"title: Hire {name}"))
        (site / f"content/{code}-{number}.png").write_bytes(picture(number + ord(code[0])))


def command(binary, site, name="build"):
    return [binary, name, "--root", site, "--date", DAY, "--write-register"]


def files(site, *names):
    """The contents of files and of all files in folders, by path."""
    found = {}
    for name in names:
        path = site / name
        for file in [path] if path.is_file() else sorted(path.rglob("*")) if path.is_dir() else []:
            if file.is_file():
                found[str(file.relative_to(site))] = file.read_bytes()
    return found


def outcome(site):
    return files(site, "public", "sales"), files(site, "lead-tags.csv", "lead-tags.sum")


def run_with_full_disk(binary, site, kind, number):
    """Runs a build in which the given call and all later ones of its kind fail. Returns the result, and whether any did."""
    log = site.parent / "strace.log"
    inject = f"inject={kind}:error=ENOSPC:when={number}" + ("" if kind in WRITES else "+")
    run = subprocess.run(
        ["strace", "-f", "-o", log, "-e", f"trace={kind}", "-e", inject, *command(binary, site)],
        capture_output=True, text=True, check=False, env={"RAYON_NUM_THREADS": "1", "PATH": "/usr/bin:/bin"},
    )
    failed = [line for line in log.read_text().splitlines() if "(INJECTED)" in line]
    return run, failed


def is_about_messages(line):
    """Whether a failed call writes to standard output or standard error."""
    return re.search(r"writev?\([12],", line) is not None


def problem(run, failed, site, before, after):
    """What is wrong after a build that met a full disk. None if nothing is."""
    now = outcome(site)
    if run.returncode == 0:
        return None if now == after else "status 0, and not the new files"
    if run.returncode != 2:
        return f"status {run.returncode}"
    # `strace` counts the calls of each thread, so the message may fail too.
    printed = not any(is_about_messages(line) for line in failed)
    if printed and not re.search(r"cannot \w+ .*No space left on device", run.stderr, re.DOTALL):
        return f"an unclear message: {run.stderr!r}"
    if now[0] not in (before[0], after[0]):
        # The two folders become visible one after the other.
        mixed = {**{k: v for k, v in before[0].items() if k.startswith("public")},
                 **{k: v for k, v in after[0].items() if k.startswith("sales")}}
        if now[0] != mixed:
            return "the output is neither the old nor the new one"
    # The register is written first, and the checksums after it.
    old, new = before[1], after[1]
    if now[1] not in (old, new, {"lead-tags.csv": new["lead-tags.csv"], "lead-tags.sum": old["lead-tags.sum"]}):
        return "the register is neither the old nor the new one"
    return None


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    binary = Path(sys.argv[1]).resolve()
    share = int(sys.argv[2]) if len(sys.argv) == 3 else 1
    tried, failures = {}, []
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder).resolve()
        old, site, new = folder / "old", folder / "site/site", folder / "new/site"
        write_content(old, "A")
        subprocess.run(command(binary, old), check=True, capture_output=True)
        before = outcome(old)
        shutil.copytree(old, new, symlinks=True)
        write_content(new, "B")
        subprocess.run(command(binary, new), check=True, capture_output=True)
        after = outcome(new)
        for kind in KINDS:
            number = 1
            while True:
                shutil.rmtree(site, ignore_errors=True)
                shutil.copytree(old, site, symlinks=True)
                write_content(site, "B")
                run, failed = run_with_full_disk(binary, site, kind, number)
                if not failed:
                    break
                if not all(is_about_messages(line) for line in failed):
                    tried[kind] = tried.get(kind, 0) + 1
                    found = problem(run, failed, site, before, after)
                    if not found:
                        again = subprocess.run(command(binary, site), capture_output=True, text=True, check=False)
                        if again.returncode != 0:
                            found = f"the next build fails: {again.stderr}"
                        elif outcome(site) != after:
                            found = "the next build writes something else"
                    if found:
                        failures.append(f"{kind} {number} ({failed[0]}): {found}")
                number += share
    print(", ".join(f"{count} {kind}" for kind, count in tried.items()) + f": {len(failures)} failures")
    if sum(tried.values()) * share < 60:
        failures.append("hardly any call failed, so this shows nothing")
    print("\n".join(failures), end="\n" if failures else "")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
