#!/bin/sh
# Three libraries that read the size of a picture are wrong about an AVIF that is turned, each in its own way.
#
# Versions: image-size 2.1.0, probe-image-size 7.5.0 (npm), imagesize 2.0.1 (PyPI); sharp 0.35.5 for comparison; Pillow 13.0.0 makes
# the file. Seen on 2026-11-29.
#
# The left half of a picture of 64 × 32 pixels is red. With an orientation of 6, as phones write it, it is shown as 32 × 64 with red
# above. image-size says 64 × 32, so a page that takes `width` and `height` from it reserves a wide box for a tall picture, and what is
# below jumps. probe-image-size says that the orientation is 8, a turn in the other direction: a thumbnail made with it stands on its head.
# imagesize cannot read the file since 2.0.1, though it reads the same AVIF without a turn.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet pillow==13.0.0 imagesize==2.0.1
npm init --yes > npm.log
npm install --silent --no-fund --no-audit image-size@2.1.0 probe-image-size@7.5.0 sharp@0.35.5
cat > make.py <<'PYTHON'
from PIL import Image

picture = Image.new("RGB", (64, 32), "blue")
picture.paste("red", (0, 0, 32, 32))
exif = picture.getexif()
picture.save("plain.avif")
exif[0x0112] = 6
picture.save("turned.avif", exif=exif)
PYTHON
venv/bin/python make.py

cat > sizes.mjs <<'JS'
import fs from "node:fs";
import { imageSizeFromFile } from "image-size/fromFile";
import probe from "probe-image-size";
import sharp from "sharp";

const { data, info } = await sharp("turned.avif").raw().toBuffer({ resolveWithObject: true });
const isRed = data[0] > data[2];
console.log(`sharp            ${info.width} x ${info.height}, the first pixel is ${isRed ? "red" : "blue"}`);
const size = await imageSizeFromFile("turned.avif");
console.log(`image-size       ${size.width} x ${size.height}, orientation ${size.orientation}`);
const probed = probe.sync(fs.readFileSync("turned.avif"));
console.log(`probe-image-size ${probed.width} x ${probed.height}, orientation ${probed.orientation}`);
JS
{
  node sizes.mjs
  venv/bin/python -c 'import imagesize; print("imagesize       ", *imagesize.get("turned.avif"), "and plain", *imagesize.get("plain.avif"))'
} | tee answers.txt

cat > expected.txt <<'TEXT'
sharp            32 x 64, the first pixel is red
image-size       64 x 32, orientation undefined
probe-image-size 64 x 32, orientation 8
imagesize        -1 -1 and plain 64 32
TEXT
if ! cmp -s answers.txt expected.txt; then
  echo 'The behaviour has changed.' >&2
  exit 1
fi
echo 'Turn the pixels before an AVIF is saved, or ask a decoder for the size.'
