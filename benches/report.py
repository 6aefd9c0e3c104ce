#!/usr/bin/env python3
"""Measures `tagline report` against DuckDB and pandas: the same counts from the same raw file, in one run.

    benches/report.py generate leads.csv --rows 10000000
    benches/report.py compare leads.csv --tagline target/release/tagline
    benches/report.py xlsx leads.xlsx --rows 500000

`generate` writes a CSV file with 20 columns and invented people: about 200 bytes a row. One row in twelve is a duplicate, one in
fifty has a lead tag in upper case, one in fifty has it in a link, one in a hundred an unknown one, and one in twenty none. `compare` counts leads, wins and
losses by lead tag, and the value of wins, with duplicates and repairs, on two cores, and compares the numbers. It needs the packages `duckdb` and
`pandas`. The lead tags are those of the example site, whose register is read by all three.
"""

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent
HEADER = (
    "Record ID,First Name,Last Name,Email,Phone Number,Company name,City,Country,Contact owner,Create Date,Close Date,"
    "Lead Status,Amount,Currency,Closed Lost Reason,Original Source,Industry,Employees,Notes,Lead Tag"
)
# The columns of a sheet.
LETTERS = "ABCDEFGHIJKLMNOPQRST"
STATUSES = ["New"] * 10 + ["Connected"] * 4 + ["Closed lost"] * 4 + ["Closed won"] * 2
REASONS = ["Price", "Timing", "Competitor", "No answer", ""]


def lead_tags():
    with open(ROOT / "lead-tags.csv", newline="") as register:
        return sorted({row["tag"] for row in csv.DictReader(register)})


def rows(count, seed=7):
    """Yields the cells of each row."""
    chance = random.Random(seed)
    tags = lead_tags()
    below, choice = chance.random, chance.choice
    for number in range(count):
        person = number
        if number > 1000 and below() < 1 / 12:
            # A duplicate of a row that is not long ago, with its lead tag.
            person = number - int(below() * 1000)
        tag = tags[(person * 2654435761 & 0xFFFFFFFF) % len(tags)]
        damage = below()
        if damage < 0.02:
            tag = tag.upper()
        elif damage < 0.04:
            tag = f"https://kazi.example/?via={tag}"
        elif damage < 0.05:
            tag = "retired-campaign_" + tag.split("_", 1)[1]
        elif damage < 0.10:
            tag = ""
        status = choice(STATUSES)
        day = number * 300 // count
        month, day = 1 + day // 28, 1 + day % 28
        closed = f"2026-12-{day:02}" if status.startswith("Closed") else ""
        amount = f"{100 + number % 9000}.50" if status == "Closed won" else ""
        reason = REASONS[number % 5] if status == "Closed lost" else ""
        yield (
            f"{100000 + number},Name{person % 4000},Family{person % 9000},person{person}@firm{person % 5000}.example,+2547{person:08},"
            f"Firm {person % 5000} Ltd,Nairobi,Kenya,Owner {number % 40},2026-{month:02}-{day:02} 09:{number % 60:02},{closed},"
            f"{status},{amount},KES,{reason},Direct traffic,Services,{person % 300},"
            f"\"Called, wants a demo; note {number % 1000}\",{tag}\n"
        )


def generate(path, count):
    with open(path, "w", buffering=1 << 22) as out:
        out.write(HEADER + "\n")
        out.writelines(rows(count))
    print(f"{path}: {count:,} rows, {os.path.getsize(path) / 1e9:.2f} GB")


def xlsx(path, count):
    """Writes a spreadsheet as Excel does: shared strings, numbers as numbers, and days as serial numbers with a format."""
    shared = {}
    epoch = date(1899, 12, 30)

    def text(cell, place):
        return f'<c r="{place}" t="s"><v>{shared.setdefault(cell, len(shared))}</v></c>'

    def cell(value, column, line):
        place = f"{LETTERS[column]}{line}"
        if not value:
            return ""
        if line > 1 and column in (9, 10):
            day = (date.fromisoformat(value[:10]) - epoch).days
            minutes = int(value[11:13]) * 60 + int(value[14:16]) if len(value) > 10 else 0
            return f'<c r="{place}" s="1"><v>{day + minutes / 1440}</v></c>'
        if line > 1 and column in (0, 12, 17):
            return f'<c r="{place}"><v>{float(value):g}</v></c>' if column == 12 else f'<c r="{place}"><v>{value}</v></c>'
        return text(value, place)

    def line_of(number, cells):
        return f'<row r="{number}">' + "".join(cell(value, column, number) for column, value in enumerate(cells)) + "</row>"

    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as book:
        book.writestr(
            "[Content_Types].xml",
            f'{head}<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
            'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
            + "".join(
                f'<Override PartName="/xl/{name}.xml" ContentType="{kinds}.{kind}+xml"/>'
                for name, kind in [
                    ("workbook", "sheet.main"),
                    ("worksheets/sheet1", "worksheet"),
                    ("styles", "styles"),
                    ("sharedStrings", "sharedStrings"),
                ]
            )
            + "</Types>",
        )
        book.writestr(
            "_rels/.rels",
            f'{head}<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml",
            f'{head}<workbook {main} xmlns:r="{office}"><sheets><sheet name="Leads" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'{head}<Relationships xmlns="{package}/relationships">'
            + "".join(
                f'<Relationship Id="rId{number}" Type="{office}/{kind}" Target="{target}"/>'
                for number, kind, target in [
                    (1, "worksheet", "worksheets/sheet1.xml"),
                    (2, "styles", "styles.xml"),
                    (3, "sharedStrings", "sharedStrings.xml"),
                ]
            )
            + "</Relationships>",
        )
        book.writestr(
            "xl/styles.xml",
            f'{head}<styleSheet {main}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>',
        )
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as out:
            out.write(f"{head}<worksheet {main}><sheetData>".encode())
            out.write(line_of(1, HEADER.split(",")).encode())
            for number, row in enumerate(csv.reader(rows(count)), start=2):
                out.write(line_of(number, row).encode())
            out.write(b"</sheetData></worksheet>")
        with book.open("xl/sharedStrings.xml", "w", force_zip64=True) as out:
            out.write(f'{head}<sst {main} uniqueCount="{len(shared)}">'.encode())
            for text_of in shared:
                out.write(f"<si><t>{escape(text_of)}</t></si>".encode())
            out.write(b"</sst>")
    print(f"{path}: {count:,} rows, {len(shared):,} shared strings, {os.path.getsize(path) / 1e6:.0f} MB")


# The counts of the report in SQL: repair, duplicates by address and lead tag, and the furthest outcome.
SQL = """
with tags as (select distinct tag from read_csv('{register}', header = true)),
raw as (
  select lower(trim(Email)) as email, lower(trim("Lead Tag")) as written,
    case when "Lead Status" = 'Closed won' then 2 when "Lead Status" = 'Closed lost' then 1 else 0 end as outcome,
    coalesce(try_cast(Amount as decimal(18, 2)), 0) as amount, try_cast("Record ID" as bigint) as id
  from read_csv('{file}', header = true, all_varchar = true, quote = '"')
),
repaired as (
  select raw.*, coalesce(nullif(regexp_extract(written, 'via=([a-z0-9_-]+)', 1), ''), written) as tag from raw where written <> ''
),
leads as (
  select email, repaired.tag as tag, max(outcome) as outcome, arg_min(amount, -outcome * 1e12 + id) as amount
  from repaired join tags on repaired.tag = tags.tag group by email, repaired.tag
)
select tag, count(*), count(*) filter (outcome = 2), count(*) filter (outcome = 1),
  sum(case when outcome = 2 then amount else 0 end)
from leads group by tag order by tag
"""

DUCKDB = """
import duckdb, json, sys
connection = duckdb.connect()
connection.execute("set threads = 2")
connection.execute("set enable_progress_bar = false")
result = connection.execute(sys.argv[1]).fetchall()
json.dump([[tag, leads, won, lost, f"{value:.2f}"] for tag, leads, won, lost, value in result], sys.stdout)
"""

PANDAS = """
import json, sys
import pandas as pd
frame = pd.read_csv(sys.argv[1], dtype=str, keep_default_na=False, usecols=["Record ID", "Email", "Lead Status", "Amount", "Lead Tag"])
tags = set(pd.read_csv(sys.argv[2], dtype=str)["tag"])
written = frame["Lead Tag"].str.strip().str.lower()
link = written.str.extract(r"via=([a-z0-9_-]+)", expand=False)
frame["tag"] = link.fillna(written)
frame = frame[frame["tag"].isin(tags)]
frame["email"] = frame["Email"].str.strip().str.lower()
frame["outcome"] = frame["Lead Status"].map({"Closed won": 2, "Closed lost": 1}).fillna(0).astype("int8")
frame["amount"] = pd.to_numeric(frame["Amount"], errors="coerce").fillna(0)
frame["id"] = frame["Record ID"].astype("int64")
frame = frame.sort_values(["outcome", "id"], ascending=[False, True]).drop_duplicates(["email", "tag"])
won, lost = frame["outcome"] == 2, frame["outcome"] == 1
frame["won"], frame["lost"], frame["value"] = won.astype(int), lost.astype(int), frame["amount"].where(won, 0)
groups = frame.groupby("tag").agg(leads=("tag", "size"), won=("won", "sum"), lost=("lost", "sum"), value=("value", "sum"))
json.dump([[tag, int(row.leads), int(row.won), int(row.lost), f"{row.value:.2f}"] for tag, row in groups.iterrows()], sys.stdout)
"""


def measured(command):
    """Runs a command on two cores. Returns its output, its seconds, its peak memory in MiB and its seconds of processor."""
    with tempfile.TemporaryFile() as out:
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=out, preexec_fn=lambda: os.sched_setaffinity(0, {0, 1}))
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
        if status != 0:
            sys.exit(f"{command[0]} failed")
        out.seek(0)
        return out.read().decode(), seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime


def of_tagline(text):
    """Returns leads, wins, losses and value by lead tag."""
    report = json.loads(text)
    table = report["table"]["rows"]
    value = lambda row: row["value"][0]["amount"] if row["value"] else "0.00"
    tag = lambda row: "_".join(part for part in (row["cta"].replace("/", "_"), row["channel"], row["variant"]) if part)
    return sorted([tag(row), row["leads"], row["won"], row["lost"], value(row)] for row in table)


def compare(path, tagline, python, with_pandas):
    register = ROOT / "lead-tags.csv"
    # The file is in the page cache for all of them.
    with open(path, "rb") as file:
        while file.read(1 << 24):
            pass
    runs = {
        "tagline": [tagline, "report", path, "--by", "cta,channel,variant", "--format", "json", "--root", str(ROOT)],
        "duckdb": [python, "-c", DUCKDB, SQL.format(file=path, register=register)],
    }
    if with_pandas:
        runs["pandas"] = [python, "-c", PANDAS, path, str(register)]
    numbers, results = {}, {}
    for name, command in runs.items():
        text, seconds, memory, processor = measured(command)
        numbers[name] = of_tagline(text) if name == "tagline" else sorted(json.loads(text))
        results[name] = seconds
        print(f"{name:8} {seconds:7.2f} s  {processor:7.2f} s of processor  {memory:7.0f} MiB", flush=True)
    for name in list(runs)[1:]:
        same = numbers[name] == numbers["tagline"]
        print(f"{name}: {'the same numbers' if same else 'OTHER NUMBERS'}, {results['tagline'] / results[name]:.2f} × its time")
        if not same:
            for ours, theirs in zip(numbers["tagline"], numbers[name]):
                if ours != theirs:
                    sys.exit(f"tagline {ours}, {name} {theirs}")
            sys.exit(1)
    print(f"{sum(row[1] for row in numbers['tagline']):,} leads")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["generate", "compare", "xlsx"])
    parser.add_argument("file")
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--tagline", default=str(ROOT / "target/release/tagline"))
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--pandas", action="store_true")
    args = parser.parse_args()
    if args.what == "generate":
        generate(args.file, args.rows)
    elif args.what == "xlsx":
        xlsx(args.file, args.rows)
    else:
        compare(args.file, args.tagline, args.python, args.pandas)
