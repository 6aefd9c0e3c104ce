#!/usr/bin/env python3
"""Reads the calendar files of `tests/sites/calendars` with three libraries, and compares with times written by hand.

    tests/calendars/check.py target/release/tagline

The libraries are ical.js (npm, in `tests/web`), icalendar (PyPI, in the folder that ICALENDAR names, or installed) and libical (C, with
`libical-dev` and `pkg-config`). Each reader prints a line of JSON for each file.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SITE = HERE.parent / "sites" / "calendars"


def build(binary, folder):
    """Builds the site, and returns the folder of its calendar files."""
    root = folder / "site"
    shutil.copytree(SITE, root)
    command = [binary, "build", "--root", root, "--date", "2027-03-15", "--write-register"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return root / "public" / "clocks" / "thanks"


def compiled(folder):
    """Compiles the reader in C."""
    program = folder / "read"
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "libical"], check=True, capture_output=True, text=True)
    command = ["cc", "-Wall", "-Werror", "-o", program, HERE / "read.c", *flags.stdout.split()]
    subprocess.run(command, check=True)
    return program


def read(name, command, files, environment=None):
    """Returns what a reader read, by file."""
    run = subprocess.run([*command, *files], capture_output=True, text=True, env=environment, check=False)
    if run.returncode != 0:
        sys.exit(f"{name} failed:\n{run.stderr}")
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    if len(lines) != len(files):
        sys.exit(f"{name} read {len(lines)} of {len(files)} files:\n{run.stderr}")
    return dict(zip(files, lines))


def expected_of(name, facts):
    """Returns what a calendar must read, with the values that most events share."""
    event = name.split("/")[0]
    address = "https://clocks.example/clocks/"
    common = {
        "uid": f"clocks_{event}@clocks.example",
        "status": "CONFIRMED",
        "sequence": 0,
        "summary": "Clocks",
        "location": "",
        "description": f"Events around the days on which clocks change.\n\n{address}",
        "url": address,
        "stamp": "2027-03-15T00:00:00Z",
    }
    return {**common, **facts}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    table = json.loads((SITE / "times.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        built = build(sys.argv[1], folder)
        files = sorted(str(file) for file in built.rglob("*.ics"))
        with_python = {**os.environ, "PYTHONPATH": os.environ.get("ICALENDAR", "")}
        readers = {
            "ical.js": read("ical.js", ["node", HERE / "read.mjs"], files),
            "icalendar": read("icalendar", [sys.executable, HERE / "read.py"], files, with_python),
            "libical": read("libical", [compiled(folder)], files),
        }
        names = {file: str(Path(file).relative_to(built).with_suffix("")) for file in files}
    failures = []
    if sorted(names.values()) != sorted(table):
        failures.append(f"files: {sorted(names.values())}")
    for library, found in readers.items():
        for file, facts in found.items():
            expected = expected_of(names[file], table.get(names[file], {}))
            failures += [
                f"{library}: {names[file]}: {key} is {facts.get(key)!r}, expected {value!r}"
                for key, value in expected.items()
                if facts.get(key) != value
            ]
    if failures:
        sys.exit("\n".join(failures))
    print(f"{len(files)} passed, 0 failed: calendar files, each read by {', '.join(readers)}")


if __name__ == "__main__":
    main()
