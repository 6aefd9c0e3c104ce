#!/bin/sh
# A CSV that exceljs turns into a workbook has the day before, wherever clocks are ahead of UTC.
#
# Versions: exceljs 4.4.0, openpyxl 3.1.5. Seen on 2026-11-29.
#
# exceljs reads a date of a CSV as midnight of the local time zone, and writes it to a workbook in UTC. In Nairobi, 1 March becomes
# 28 February, 21:00. So a script that makes an XLSX of lead-sources.csv for a CRM shifts every day on which an offer began or
# ended, and a lead of the last day seems to have come too late. On servers that run in UTC the file is right, so tests there pass.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm init --yes > npm.log
npm install --silent --no-fund --no-audit exceljs@4.4.0
python3 -m venv venv
venv/bin/pip install --quiet openpyxl==3.1.5

cat > leads.csv <<'CSV'
lead_tag,from
spring_save_acme,2027-03-01
CSV
cat > convert.mjs <<'JS'
import ExcelJS from "exceljs";
const workbook = new ExcelJS.Workbook();
await workbook.csv.readFile("leads.csv");
await workbook.xlsx.writeFile("leads.xlsx");
JS

for zone in America/New_York UTC Africa/Nairobi; do
  TZ=$zone node convert.mjs
  cell=$(venv/bin/python -c 'import openpyxl; print(openpyxl.load_workbook("leads.xlsx").active["B2"].value)')
  printf '%-17s %s\n' "$zone" "$cell"
done | tee answers.txt

cat > expected.txt <<'TEXT'
America/New_York  2027-03-01 05:00:00
UTC               2027-03-01 00:00:00
Africa/Nairobi    2027-02-28 21:00:00
TEXT
if ! cmp -s answers.txt expected.txt; then
  echo 'The behaviour has changed.' >&2
  exit 1
fi
echo 'The CSV says 2027-03-01. Run such a script with TZ=UTC, or keep dates as text.'
