#!/usr/bin/env python3
"""Shows that the tag register and the caches survive a power cut at any moment of a build.

    tests/power_cut.py target/release/tagline

Needs Linux and `strace`. The script records the system calls of `build` and `tags` that write `lead-tags.csv` and
`lead-tags.sum`, and cuts the record after each of them. At each cut it makes every state in which a file system may leave
the disk: a file that was not synced is empty, half written or complete, and each change of a name since the last sync of
the folder has happened or not, in any order. In each state, `check` must find no error and no row may be lost, and the
next `build` must end with the files of a build without a power cut.

The caches in `.tagline/` are never synced. For them, the record of a build with pictures is cut in the same way, all changes of
names have happened, and the files that were written are empty, half written or complete. The next `build` must publish the
same files as a build without a power cut. Exits with status 1 otherwise.
"""

import itertools
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from full_disk import SITE, picture

FILES = ["lead-tags.csv", "lead-tags.sum"]
CALLS = "openat,write,pwrite64,writev,rename,renameat,renameat2,unlink,unlinkat,fsync,fdatasync,ftruncate"
PAGE = """---
title: Hire
summary: Spring pricing.
channels: [acme]
ctas:
  save: { label: Save, coupon: { code: CODE, url: https://kazi.example/checkout } }
---

# Hire

[Save](cta:save)
"""
# Each is a change of the content and the day on which it is built: new rows, rows with another offer, rows that are
# closed, and rows that are opened again on the day they were closed.
STEPS = [
    ("tags", "2027-03-01", {"spring": "A", "summer": "S"}),
    ("build", "2027-03-02", {"spring": "B", "summer": "S", "autumn": "A"}),
    ("tags", "2027-03-03", {"spring": "C", "autumn": "A"}),
    ("build", "2027-03-03", {"spring": "B", "summer": "S", "autumn": "A"}),
    ("build", "2027-03-03", {"spring": "C"}),
    ("tags", "2027-03-04", {"spring": "C", "summer": "S"}),
]


def run(binary, command, site, day, *options):
    return subprocess.run(
        [binary, command, "--root", site, "--date", day, *options], capture_output=True, text=True, check=False
    )


def write_content(site, codes):
    shutil.rmtree(site / "content", ignore_errors=True)
    (site / "content").mkdir(parents=True)
    (site / "site.yaml").write_text(SITE)
    (site / "content/index.md").write_text("---\ntitle: Home\nsummary: Home.\n---\n\n# Home\n")
    for name, code in codes.items():
        (site / f"content/{name}.md").write_text(PAGE.replace("CODE", code).replace("title: Hire", f"title: Hire {name}"))


def register(site):
    """The contents of both files. None for a file that does not exist."""
    return tuple((site / name).read_bytes() if (site / name).exists() else None for name in FILES)


def facts(text):
    """What never changes of each row: lead tag, offer and first day."""
    rows = [line.split(",") for line in (text or b"").decode().splitlines()[1:]]
    return {(row[0], row[6], row[9]) for row in rows}


def record(binary, command, site, day, operation):
    """Runs a command and returns the operations that `operation` finds in its system calls."""
    log = site.parent / "strace.log"
    options = ["-f", "-y", "-xx", "-s", "10000000", "-e", f"trace={CALLS}", "-o", log]
    subprocess.run(
        ["strace", *options, binary, command, "--root", site, "--date", day, "--write-register"],
        check=True, capture_output=True,
    )
    operations = []
    unfinished = {}
    for line in log.read_text().splitlines():
        process, line = line.split(maxsplit=1)
        if line.endswith("<unfinished ...>"):
            unfinished[process] = line.removesuffix("<unfinished ...>")
            continue
        if line.startswith("<... "):
            line = unfinished.pop(process) + line.split("resumed>", 1)[1]
        operations.extend(operation(site, line))
    return operations


def unescaped(text):
    return bytes.fromhex(text.replace("\\x", ""))


def register_operation(site, line):
    """The operation of one system call on the register's files: ("create", name), ("write", name, bytes), ("sync", name),
    ("rename", from, to), ("remove", name) or ("sync folder",). None if it is about another file."""
    call = re.match(r"(\w+)\((.*)\)\s+= (-?\d+)", line)
    if not call or int(call[3]) < 0:
        return
    name, arguments = call[1], call[2]
    descriptor = re.match(r"\d+<([^>]*)>", arguments)
    path = decoded(descriptor[1]) if descriptor else ""
    texts = [unescaped(text) for text in re.findall(r'"((?:\\x[0-9a-f]{2})*)"', arguments)]
    # Paths of other files are of no interest.
    named = [Path(text.decode()).name for text in texts] if name not in ("write", "pwrite64", "writev") else []
    if name in ("fsync", "fdatasync") and Path(path) == site:
        yield ("sync folder",)
    elif name in ("fsync", "fdatasync") and is_register(path, site):
        yield ("sync", Path(path).name)
    elif name in ("write", "writev", "pwrite64") and is_register(path, site):
        yield ("write", Path(path).name, b"".join(texts))
    elif name == "openat" and is_register(str(site / named[0]), site) and "O_CREAT" in arguments:
        yield ("create", named[0])
    elif name.startswith("rename") and named[-1] in FILES:
        yield ("rename", named[0], named[-1])
    elif name.startswith("unlink") and named and "lead-tags" in named[0]:
        yield ("remove", named[0])


def cache_operation(site, line):
    """The operation of one system call on the caches: ("create", path), ("write", path, bytes), ("rename", from, to) or
    ("remove", path). None if it is about another file."""
    call = re.match(r"(\w+)\((.*)\)\s+= (-?\d+)", line)
    if not call or int(call[3]) < 0:
        return
    name, arguments = call[1], call[2]
    descriptor = re.match(r"\d+<([^>]*)>", arguments)
    texts = [unescaped(text) for text in re.findall(r'"((?:\\x[0-9a-f]{2})*)"', arguments)]
    cache = f"{site}/.tagline/"
    if name in ("write", "writev", "pwrite64"):
        if descriptor and decoded(descriptor[1]).startswith(cache):
            yield ("write", decoded(descriptor[1]), b"".join(texts)[: int(call[3])])
        return
    paths = [path for path in (text.decode() for text in texts) if path.startswith(cache)]
    if name == "openat" and "O_CREAT" in arguments and paths:
        yield ("create", paths[0])
    elif name.startswith("rename") and len(paths) == 2:
        yield ("rename", *paths)
    elif name.startswith("unlink") and paths:
        yield ("remove", paths[0])


def cache_states(operations):
    """Every state of the caches after a power cut: at each cut, files are empty, half written or complete."""
    for cut in range(len(operations) + 1):
        files = {}
        for entry in operations[:cut]:
            match entry:
                case ("create", path):
                    files[path] = b""
                case ("write", path, data):
                    files[path] += data
                case ("rename", source, target):
                    files[target] = files.pop(source)
                case ("remove", path):
                    files.pop(path, None)
        for part in (0, 0.5, 1):
            yield {path: content[: int(len(content) * part)] for path, content in files.items()}
        for lost in files:
            yield {path: b"" if path == lost else content for path, content in files.items()}


def published(site):
    folders = [site / "public", site / "sales"]
    files = [file for folder in folders for file in sorted(folder.rglob("*")) if file.is_file()]
    return {str(file.relative_to(site)): file.read_bytes() for file in files}


def cut_caches(binary, site):
    """Returns the number of different states of the caches, and what went wrong."""
    write_content(site, {"spring": "A"})
    for number in range(2):
        (site / f"content/{number}.png").write_bytes(picture(number))
        with (site / "content/spring.md").open("a") as page:
            page.write(f"\n![Picture {number}]({number}.png)\n")
    day = "2027-03-01"
    operations = record(binary, "build", site, day, cache_operation)
    expected = published(site)
    kinds = {entry[0] for entry in operations}
    if not {"create", "write", "rename"} <= kinds:
        return 0, [f"the caches saw {kinds} only, so this shows nothing"]
    failures = []
    states = {tuple(sorted(state.items())) for state in cache_states(operations)}
    for state in sorted(states):
        for folder in ("public", "sales", ".tagline"):
            shutil.rmtree(site / folder, ignore_errors=True)
        for manifest in site.glob(".*.manifest"):
            manifest.unlink()
        for path, content in state:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_bytes(content)
        built = run(binary, "build", site, day, "--write-register")
        if built.returncode != 0:
            failures.append(f"build fails:\n{built.stderr}")
        elif published(site) != expected:
            failures.append(f"a damaged cache was used: {[(path, len(content)) for path, content in state]}")
    return len(states), failures


def decoded(path):
    return unescaped(path).decode() if path.startswith("\\x") else path


def is_register(path, site):
    return Path(path).parent == site and "lead-tags" in Path(path).name


def states(before, operations):
    """Every state of the register's files after a power cut: at each cut, whatever was not synced may be lost."""
    for cut in range(len(operations) + 1):
        contents = {}  # The possible contents of each temporary file.
        durable, pending = dict(zip(FILES, before)), []
        for entry in operations[:cut]:
            match entry:
                case ("create", name):
                    contents[name] = [b""]
                case ("write", name, data):
                    written = contents[name][-1]
                    contents[name] += [written + data[: len(data) // 2], written + data]
                case ("sync", name):
                    contents[name] = contents[name][-1:]
                case ("rename", source, target):
                    pending.append((source, target))
                case ("sync folder",):
                    for source, target in pending:
                        durable[target] = contents[source][-1]
                    pending = []
        for done in itertools.chain.from_iterable(
            itertools.permutations(pending, count) for count in range(len(pending) + 1)
        ):
            for chosen in itertools.product(*(contents[source] for source, _ in done)):
                state = dict(durable)
                for (_, target), content in zip(done, chosen):
                    state[target] = content
                yield tuple(state[name] for name in FILES)


def problem(binary, site, state, before, expected, day):
    """What is wrong after a power cut that left this state. None if nothing is."""
    for name, content in zip(FILES, state):
        (site / name).unlink(missing_ok=True)
        if content is not None:
            (site / name).write_bytes(content)
    checked = run(binary, "check", site, day)
    if checked.returncode != 0:
        return f"check fails:\n{checked.stderr}"
    if not facts(before[0]) <= facts(state[0]):
        return "rows are lost"
    built = run(binary, "build", site, day, "--write-register")
    if built.returncode != 0:
        return f"build fails:\n{built.stderr}"
    return None if register(site) == expected else "the next build writes something else"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    binary = Path(sys.argv[1]).resolve()
    cuts = tried = 0
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder).resolve() / "site"
        for command, day, codes in STEPS:
            write_content(site, codes)
            before = register(site)
            operations = record(binary, command, site, day, register_operation)
            expected = register(site)
            cuts += len(operations) + 1
            names = {entry[-1] for entry in operations if entry[0] == "rename"}
            if names != set(FILES):
                failures.append(f"{command} on {day}: {names} were written, so this shows nothing")
            for state in dict.fromkeys(states(before, operations)):
                tried += 1
                found = problem(binary, site, state, before, expected, day)
                if found:
                    failures.append(f"{command} on {day}: {found}")
            for name, content in zip(FILES, expected):
                (site / name).write_bytes(content)
        cache_tried, cache_failures = cut_caches(binary, Path(folder).resolve() / "pictures")
        failures += cache_failures
    print(f"{len(STEPS)} runs, {cuts} cuts, {tried} different states of the register, {cache_tried} of the caches, "
          f"{len(failures)} failures")
    print("\n".join(failures), end="\n" if failures else "")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
