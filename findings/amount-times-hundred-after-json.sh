#!/bin/sh
# An amount of shillings that goes through JSON is a hundred times as many of the smallest unit.
#
# Versions: stockholm 0.5.7 of PyPI, iso4217 1.16.20260101 for comparison. Seen on 2026-12-01. The amounts are invented.
#
# - A currency can be a text or an object of the package. Both are equal, but a text always has a hundred of its smallest unit in one,
#   and an object has what ISO 4217 says: 1 for the Ugandan shilling, 1,000 for the Kuwaiti dinar.
# - JSON has the currency as a text, so the same amount has other `sub_units` after it was saved and read.
# - The object of the Bahraini dinar has two digits; ISO 4217 gives it three, as the package iso4217 has it.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check stockholm==0.5.7 iso4217==1.16.20260101

cat > amounts.py <<'PY'
from iso4217 import Currency
from stockholm import Money
from stockholm.currency import BHD, KES, KWD, UGX

for name, currency in [("KES", KES), ("UGX", UGX), ("KWD", KWD), ("BHD", BHD)]:
    amount = Money(1500, currency)
    again = Money.from_json(amount.json())
    assert amount == again == Money(1500, name)
    digits = f"{currency.decimal_digits} digits, ISO {Currency(name).exponent}"
    print(f"{name} ({digits}): 1,500 are {amount.sub_units} of the smallest unit, and {again.sub_units} after JSON")
PY
env/bin/python amounts.py | tee answers.txt

cat > expected.txt <<'TEXT'
KES (2 digits, ISO 2): 1,500 are 150000 of the smallest unit, and 150000 after JSON
UGX (0 digits, ISO 0): 1,500 are 1500 of the smallest unit, and 150000 after JSON
KWD (3 digits, ISO 3): 1,500 are 1500000 of the smallest unit, and 150000 after JSON
BHD (2 digits, ISO 3): 1,500 are 150000 of the smallest unit, and 150000 after JSON
TEXT
if ! cmp -s answers.txt expected.txt; then
  echo 'The behaviour has changed.' >&2
  exit 1
fi
echo 'A won deal in Uganda counts a hundredfold, and one in Kuwait a tenth. Export amounts in whole units, with their currency.'
