#!/bin/sh
# Two lists of currencies disagree about two countries, and each is wrong once. iso_currency 0.7.1 marks VES, the bolívar that
# Venezuela uses, as superseded. Babel 2.18.0 (CLDR), released in February 2026, still lists BGN as tender in Bulgaria, which
# has used the euro since January 2026.
#
# Input: both lists. Expected: no currency is superseded and in use. Exits with 1 if the behaviour has changed.
set -eu

version=0.7.1
babel=2.18.0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

mkdir "$folder/src"
cat > "$folder/Cargo.toml" <<TOML
[package]
name = "finding"
version = "0.0.0"
edition = "2021"

[dependencies]
iso_currency = { version = "=$version", features = ["iterator"] }
TOML
cat > "$folder/src/main.rs" <<'RUST'
use iso_currency::{Currency, IntoEnumIterator};

fn main() {
    for currency in Currency::iter() {
        if let Some(successor) = currency.is_superseded() {
            println!("{} {}", currency.code(), successor.code());
        }
    }
}
RUST

python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "babel==$babel"
cargo run --quiet --manifest-path "$folder/Cargo.toml" > "$folder/superseded"

echo "iso_currency $version, Babel $babel, $(rustc --version)"
"$folder/venv/bin/python" - "$folder/superseded" <<'PYTHON'
import sys
from datetime import date
from babel.core import get_global
from babel.numbers import get_territory_currencies

today = date(2026, 11, 29)
in_use = {
    currency: territory
    for territory in sorted(get_global("territory_currencies"))
    for currency in get_territory_currencies(territory, start_date=today, tender=True)
}
superseded = dict(line.split() for line in open(sys.argv[1]))
both = sorted(set(superseded) & set(in_use))
print("superseded by iso_currency:", ", ".join(f"{old} by {new}" for old, new in sorted(superseded.items())))
for currency in both:
    print(f"{currency}: superseded by {superseded[currency]}, and tender in {in_use[currency]} on {today}")
sys.exit(0 if both == ["BGN", "VES"] else 1)
PYTHON
echo "as described: a check of prices by one of the lists refuses the currency of one country, or accepts one that is gone"
