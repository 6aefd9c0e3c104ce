#!/usr/bin/env python3
"""Builds the same landing pages with several programs in turn, and prints their times, memory and ratios.

    compare.py [--pages 10000] [--runs 3] [--channels 0] [--dir DIR] NAME=PROGRAM...

NAME begins with `tagline`, `hugo` or `zola`: `tagline=target/release/tagline tagline-old=/tmp/old hugo=/usr/bin/hugo`. An
older Tagline whose theme differs takes `NAME=PROGRAM,THEME_DIR`. Each run builds with every program once, in this order,
with empty output folders. The first program is the one that the others are compared with. `cp -r` of its output is the
time of only writing these files. The median of the runs counts.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUTPUTS = ("public", "sales", ".public.manifest", ".sales.manifest", ".public.previous", ".sales.previous", ".tagline")


def measured(command):
    """Returns the seconds on the clock, the seconds of processor time and the peak memory in MiB."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    messages = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    clock = time.perf_counter() - start
    if status:
        sys.exit(f"{command[0]} failed:\n{messages.decode(errors='replace')[-2000:]}")
    return clock, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def command(kind, program, site):
    match kind:
        case "tagline":
            return [program, "build", "--root", site]
        case "hugo":
            return [program, "--minify", "--source", site]
        case _:
            return [program, "--root", site, "build"]


def prepared(name, rest, given):
    """Writes the site of a program, and returns its command and site."""
    kind = next((kind for kind in ("tagline", "hugo", "zola") if name.startswith(kind)), None)
    if kind is None:
        sys.exit(f"`{name}` is not a known generator: begin it with `tagline`, `hugo` or `zola`")
    program, _, theme = rest.partition(",")
    site = given.dir / name
    arguments = [site, "--pages", given.pages, "--channels", given.channels if kind == "tagline" else 0, "--for", kind]
    subprocess.run([sys.executable, HERE / "ten_thousand.py", *map(str, arguments)], check=True)
    if theme:
        shutil.rmtree(site / "themes/bench")
        shutil.copytree(theme, site / "themes/bench")
    return [str(part) for part in command(kind, Path(program).resolve(), site)], site


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("programs", nargs="+", metavar="NAME=PROGRAM")
    options.add_argument("--pages", type=int, default=10_000)
    options.add_argument("--channels", type=int, default=0)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--dir", type=Path, default=Path("/dev/shm/tagline-compare"))
    given = options.parse_args()
    programs = {}
    for one in given.programs:
        name, _, rest = one.partition("=")
        programs[name] = prepared(name, rest, given)
    first = next(iter(programs))
    copy = given.dir / "copy"
    copying = ["cp", "-r", str(programs[first][1] / "public"), str(copy)]
    rows = {name: [] for name in [*programs, "cp -r"]}
    for _ in range(given.runs):
        for _, site in programs.values():
            for output in OUTPUTS:
                shutil.rmtree(site / output, ignore_errors=True)
        shutil.rmtree(copy, ignore_errors=True)
        for name, (build, _) in programs.items():
            rows[name].append(measured(build))
        rows["cp -r"].append(measured(copying))
    base = statistics.median(clock for clock, _, _ in rows[first])
    print(f"{given.pages} pages, {given.channels} channels, {given.runs} runs, {len(os.sched_getaffinity(0))} cores, median")
    print(f"{'':20} {'clock':>9} {'processor':>10} {'memory':>10} {'clock to ' + first:>20}")
    for name, runs in rows.items():
        clock, processor, memory = (statistics.median(column) for column in zip(*runs))
        print(f"{name:20} {clock:7.3f} s {processor:8.3f} s {memory:6.0f} MiB {clock / base:20.2f}")


if __name__ == "__main__":
    main()
