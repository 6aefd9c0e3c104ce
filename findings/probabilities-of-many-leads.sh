#!/bin/sh
# Two statistics packages have no probabilities for campaigns of a usual size.
#
# Versions: jstat 1.9.6 and simple-statistics 7.12.1, of npm. Each is right where the other is not. Seen on 2026-12-01.
#
# - "Are 160 leads unusually few, when 200 are usual?" is a question for the Poisson distribution. For jstat, the probability of 144 leads is
#   infinite when 144 are usual; with many more it is not a number. The package computes a power and a factorial, which are too large, before it
#   divides one by the other. Its binomial distribution ends in the same way: at a rate of 50 % with 1,030 visitors, at 2 % with 7,275.
# - simple-statistics looks the normal distribution up in a table, and takes the last value of it, 0.999, for everything beyond 3.09. So no test of
#   two versions has a p-value below 0.002. Who compares many versions, and therefore divides the level of 5 % by their number, never finds a
#   winner among 25 or more. Its documentation mentions the table, and not its end.
# Neither throws an error. A comparison with infinity or NaN is simply false: `if (probability < 0.05)` never warns.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm init --yes > npm.log
npm install --silent --no-fund --no-audit jstat@1.9.6 simple-statistics@7.12.1

cat > leads.mjs <<'JS'
import jstat from "jstat";
import * as simple from "simple-statistics";
const { poisson, binomial, normal } = jstat.jStat;
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
const row = (question, byJstat, bySimple) =>
  console.log(`${question.padEnd(42)} jstat ${byJstat.toPrecision(4).padEnd(10)} simple-statistics ${bySimple.toPrecision(4)}`);
for (const [most, usual] of [[80, 100], [160, 200], [240, 300]]) {
  const probabilities = simple.poissonDistribution(usual).slice(0, most + 1);
  row(`at most ${most} leads, when ${usual} are usual`, poisson.cdf(most, usual), sum(probabilities));
}
for (const usual of [143, 144]) {
  row(`${usual} leads, when ${usual} are usual`, poisson.pdf(usual, usual), simple.poissonDistribution(usual)[usual]);
}
for (const [leads, visitors, rate] of [[257, 1029, 0.25], [500, 2000, 0.25], [200, 10000, 0.02]]) {
  const probability = simple.binomialDistribution(visitors, rate)[leads];
  row(`${leads} leads of ${visitors} visitors at ${rate * 100} %`, binomial.pdf(leads, visitors, rate), probability);
}
for (const z of [3, 4, 6]) {
  const twoSided = (probability) => 2 * (1 - probability);
  row(`p-value of z = ${z}`, twoSided(normal.cdf(z, 0, 1)), twoSided(simple.cumulativeStdNormalProbability(z)));
}
JS
node leads.mjs | tee answers.txt

cat > expected.txt <<'TEXT'
at most 80 leads, when 100 are usual       jstat 0.02265    simple-statistics 0.02265
at most 160 leads, when 200 are usual      jstat Infinity   simple-statistics 0.001980
at most 240 leads, when 300 are usual      jstat NaN        simple-statistics 0.0001931
143 leads, when 143 are usual              jstat 0.03334    simple-statistics 0.03334
144 leads, when 144 are usual              jstat Infinity   simple-statistics 0.03323
257 leads of 1029 visitors at 25 %         jstat 0.02872    simple-statistics 0.02872
500 leads of 2000 visitors at 25 %         jstat Infinity   simple-statistics 0.02060
200 leads of 10000 visitors at 2 %         jstat NaN        simple-statistics 0.02848
p-value of z = 3                           jstat 0.002700   simple-statistics 0.002600
p-value of z = 4                           jstat 0.00006334 simple-statistics 0.002000
p-value of z = 6                           jstat 1.973e-9   simple-statistics 0.002000
TEXT
if ! cmp -s answers.txt expected.txt; then
  echo 'The behaviour has changed.' >&2
  exit 1
fi
echo 'A report with these packages is silent about the campaigns with the most leads.'
