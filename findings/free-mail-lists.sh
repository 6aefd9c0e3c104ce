#!/bin/sh
# Lists of free mail providers have a university among them, and call addresses of Gmail and of privacy services work addresses.
#
# Versions: email-providers 2.26.0, free-email-domains 1.12.6, company-email-validator 1.2.7. Seen on 2026-12-01.
#
# - nus.edu.sg is the National University of Singapore, whose staff write from it. All three call it a free provider, even the short list
#   `common` of email-providers, which has 355 domains.
# - That list lacks googlemail.com, which is Gmail for those who registered in Germany until 2012, and hotmail.co.uk.
# - mozmail.com and passmail.net, whose addresses Firefox Relay and Proton Pass make to hide a person's own, and tuta.com, which anybody can
#   have for free, are work addresses for all three.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm init --yes > npm.log
npm install --silent --no-fund --no-audit --ignore-scripts email-providers@2.26.0 free-email-domains@1.12.6 company-email-validator@1.2.7

cat > lists.cjs <<'JS'
const { isCompanyDomain } = require("company-email-validator");
const free = require("free-email-domains");
const common = require("email-providers/common.json");
const all = require("email-providers/all.json");
const say = (isFree) => (isFree ? "free" : "work");
for (const domain of ["gmail.com", "nus.edu.sg", "googlemail.com", "hotmail.co.uk", "mozmail.com", "passmail.net", "tuta.com"]) {
  const answers = [
    `common ${say(common.includes(domain))}`,
    `all ${say(all.includes(domain))}`,
    `free-email-domains ${say((free.default ?? free).includes(domain))}`,
    `company-email-validator ${say(!isCompanyDomain(domain))}`,
  ];
  console.log(`${domain}: ${answers.join(", ")}`);
}
JS
node lists.cjs | tee answers.txt

cat > expected.txt <<'TEXT'
gmail.com: common free, all free, free-email-domains free, company-email-validator free
nus.edu.sg: common free, all free, free-email-domains free, company-email-validator free
googlemail.com: common work, all free, free-email-domains free, company-email-validator free
hotmail.co.uk: common work, all free, free-email-domains free, company-email-validator free
mozmail.com: common work, all work, free-email-domains work, company-email-validator work
passmail.net: common work, all work, free-email-domains work, company-email-validator work
tuta.com: common work, all work, free-email-domains work, company-email-validator work
TEXT
if ! cmp -s answers.txt expected.txt; then
  echo 'The behaviour has changed.' >&2
  exit 1
fi
echo 'A form for work addresses only turns a university away and lets hidden addresses in. Ask for the company in a field of its own.'
