#!/bin/sh
# Sorting a CSV with csvkit changes its cells; filtering it does not.
#
# Version: csvkit 2.2.0 with agate 1.14.2. Seen on 2026-11-29.
#
# csvsort and csvjoin guess a type for each column and write the values of that type. A column of coupon codes that could all be numbers
# loses its zeros, discounts lose their percent sign, `yes` becomes `True`, and times of day become minutes and seconds. csvgrep,
# csvcut and csvstack copy the cells. So a list of leads that was only sorted no longer matches the codes that customers have.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet csvkit==2.2.0 agate==1.14.2
cat > leads.csv <<'CSV'
lead_tag,code,discount,consent,time
b_save_acme,0012,20%,yes,1:30
a_save_acme,7E20,15%,no,2:00
CSV

echo 'csvgrep:'
venv/bin/csvgrep -c lead_tag -m acme leads.csv | tee filtered.csv
echo 'csvsort:'
venv/bin/csvsort -c lead_tag leads.csv | tee sorted.csv
echo 'csvsort --no-inference:'
venv/bin/csvsort --no-inference -c lead_tag leads.csv | tee untyped.csv

cat > expected.txt <<'TEXT'
lead_tag,code,discount,consent,time
a_save_acme,7E+20,15,False,0:02:00
b_save_acme,12,20,True,0:01:30
TEXT
if ! cmp -s sorted.csv expected.txt || ! cmp -s filtered.csv leads.csv || ! grep -q '^b_save_acme,0012,20%,yes,1:30$' untyped.csv; then
  echo 'The behaviour has changed.' >&2
  exit 1
fi
echo 'Give csvsort and csvjoin the option --no-inference.'
