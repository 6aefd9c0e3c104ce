#!/bin/sh
# Two packages refuse the telephone numbers of Benin, and one of them takes a digit out of those of Argentina.
#
# Versions: phone 3.1.72 and validator 13.15.35; libphonenumber-js 1.13.16 for comparison. Seen on 2026-12-01. The numbers are invented.
#
# - Since 30 November 2024, numbers in Benin have ten digits: 01 was put before the eight that they had. phone and validator
#   call the new numbers invalid and the old ones valid.
# - A mobile number in Argentina has a 9 after the code of the country when it is written for people abroad, and on WhatsApp. phone calls such a
#   number valid, and returns it without the 9. libphonenumber-js takes the result for a landline.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm init --yes > npm.log
npm install --silent --no-fund --no-audit phone@3.1.72 validator@13.15.35 libphonenumber-js@1.13.16

cat > numbers.mjs <<'JS'
import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import { phone } from "phone";
import validator from "validator";
for (const [name, number, locale] of [
  ["Benin", "+2290197123456", "fr-BJ"],
  ["Benin, until 2024", "+22997123456", "fr-BJ"],
  ["Argentina", "+5491123456789", "es-AR"],
  ["Kenya", "+254712345678", "en-KE"],
]) {
  const type = (text) => {
    const parsed = parsePhoneNumberFromString(text);
    return parsed.isValid() ? parsed.getType().toLowerCase() : "invalid";
  };
  const { isValid, phoneNumber } = phone(number);
  const returned = isValid ? `${phoneNumber} (${type(phoneNumber)})` : "invalid";
  const accepted = validator.isMobilePhone(number, locale) ? "valid" : "invalid";
  console.log(`${name}: ${number} is ${type(number)}; phone: ${returned}; validator: ${accepted}`);
}
JS
node numbers.mjs | tee answers.txt

cat > expected.txt <<'TEXT'
Benin: +2290197123456 is mobile; phone: invalid; validator: invalid
Benin, until 2024: +22997123456 is invalid; phone: +22997123456 (invalid); validator: valid
Argentina: +5491123456789 is mobile; phone: +541123456789 (fixed_line); validator: valid
Kenya: +254712345678 is mobile; phone: +254712345678 (mobile); validator: valid
TEXT
if ! cmp -s answers.txt expected.txt; then
  echo 'The behaviour has changed.' >&2
  exit 1
fi
echo 'A form refuses every lead from Benin, and sales writes to a number in Argentina that is not on WhatsApp. Store what the lead typed, too.'
