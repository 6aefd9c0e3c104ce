#!/bin/sh
# Codes that look like numbers with an exponent become infinity.
#
# Versions: pandas 3.1.1, polars 2.1.0, DuckDB 2.0.1. Seen on 2026-11-29.
#
# A code of ten letters and digits can be `12e4567890`. If all codes of a column have this form, the three read the column as numbers.
# The numbers are too large, and instead of leaving the column as text, each code becomes infinity, without a warning. So two
# codes of different partners are equal, and joins by the code mix their leads.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet pandas==3.1.1 polars==2.1.0 duckdb==2.0.1
printf 'tag,code\nspring_save_acme,12e4567890\nspring_save_blog,98e7654321\n' > links.csv
venv/bin/python - links.csv <<'PYTHON'
import math
import sys

import duckdb
import pandas
import polars

path = sys.argv[1]
read = {
    f"pandas {pandas.__version__}": pandas.read_csv(path)["code"].tolist(),
    f"polars {polars.__version__}": polars.read_csv(path)["code"].to_list(),
    f"DuckDB {duckdb.__version__}": [row[0] for row in duckdb.sql(f"SELECT code FROM read_csv('{path}')").fetchall()],
}
for tool, codes in read.items():
    print(f"{tool}: 12e4567890 and 98e7654321 are read as {codes}")
if not all(math.isinf(code) for codes in read.values() for code in codes):
    sys.exit("the behaviour has changed")
as_text = [
    pandas.read_csv(path, dtype=str)["code"].tolist(),
    polars.read_csv(path, infer_schema=False)["code"].to_list(),
    [row[0] for row in duckdb.sql(f"SELECT code FROM read_csv('{path}', all_varchar = true)").fetchall()],
]
if as_text != [["12e4567890", "98e7654321"]] * 3:
    sys.exit("reading as text has changed")
print("Read all columns as text.")
PYTHON
