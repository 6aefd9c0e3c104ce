#!/bin/sh
# xlsx2csv writes the number format of a cell in place of the amount in it.
#
# Versions: xlsx2csv 0.8.6; openpyxl 3.1.5 and python-calamine 0.9.1 for comparison; the workbook is made by XlsxWriter 3.3.1. Seen on 2026-12-01.
#
# A number format that somebody typed has the name of the currency in quotes: `"KES" #,##0`. xlsx2csv takes a format with one of the letters
# y, m, d, h and s for that of a day, also within quotes. It finds no day in it, so it writes the text of the format, in lower case and with
# parts of a day for some letters: `"kes" #,##0` for 1500, and the same for every other amount. There is no error. Formats with the
# currency in brackets, as spreadsheets write them for currencies of their own list, are read well, and so is `"EUR"`, which has none of the letters.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check xlsx2csv==0.8.6 openpyxl==3.1.5 python-calamine==0.9.1 xlsxwriter==3.3.1

cat > deals.py <<'PYTHON'
import csv
import subprocess

import openpyxl
import python_calamine
import xlsxwriter

CELLS = [
    ('"KES" #,##0', 1500),
    ('"KES" #,##0', 98000),
    ('#,##0 "KSh"', 1500),
    ('"USD" 0.00', 1500),
    ('#,##0.00 "Rs"', 1500),
    ('#,##0 "seats"', 12),
    ('"EUR" #,##0', 1500),
    ("[$KES] #,##0", 1500),
    ("#,##0.00 [$€-407]", 1500),
]

workbook = xlsxwriter.Workbook("deals.xlsx")
sheet = workbook.add_worksheet()
for row, (number_format, amount) in enumerate(CELLS):
    sheet.write_number(row, 0, amount, workbook.add_format({"num_format": number_format}))
workbook.close()

text = subprocess.run(["venv/bin/xlsx2csv", "deals.xlsx"], capture_output=True, text=True, check=True).stdout
by_xlsx2csv = [row[0] for row in csv.reader(text.splitlines())]
by_openpyxl = [row[0] for row in openpyxl.load_workbook("deals.xlsx").active.values]
by_calamine = [row[0] for row in python_calamine.load_workbook("deals.xlsx").get_sheet_by_index(0).to_python()]
for (number_format, amount), written, *read in zip(CELLS, by_xlsx2csv, by_openpyxl, by_calamine, strict=True):
    assert read == [amount, amount], read
    print(f"{number_format:18} {amount:6} {written}")
PYTHON
venv/bin/python deals.py | tee answers.txt

cat > expected.txt <<'TEXT'
"KES" #,##0          1500 "kes" #,##0
"KES" #,##0         98000 "kes" #,##0
#,##0 "KSh"          1500 #,##0 "ks12"
"USD" 0.00           1500 "us08" 0.00
#,##0.00 "Rs"        1500 #,##0.00 "rs"
#,##0 "seats"          12 #,##0 "seats"
"EUR" #,##0          1500 1500
[$KES] #,##0         1500 1500
#,##0.00 [$€-407]    1500 1500
TEXT
if ! cmp -s answers.txt expected.txt; then
  echo 'The behaviour has changed.' >&2
  exit 1
fi
echo 'The amounts of deals are lost on the way from a workbook to a CSV. Read the workbook itself.'
