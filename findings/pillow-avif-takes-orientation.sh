#!/bin/sh
# Saving an AVIF with Pillow removes the orientation from the Exif data that were passed, so the next file of the same picture lies on
# its side.
#
# Version: Pillow 13.0.0. Seen on 2026-11-29.
#
# A script that prepares pictures for a landing page reads a phone's photo once and saves it in two formats with the same Exif data.
# Pillow writes the orientation of an AVIF as a property of the file, and takes it out of the caller's object meanwhile. The JPEG that
# is saved after it has no orientation, while one that is saved before has. Browsers without AVIF show the person lying down.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet pillow==13.0.0
cat > save.py <<'PYTHON'
from PIL import Image

ORIENTATION = 0x0112
picture = Image.new("RGB", (64, 32), "red")
exif = picture.getexif()
exif[ORIENTATION] = 6

picture.save("before.jpg", exif=exif)
picture.save("picture.avif", exif=exif)
picture.save("after.jpg", exif=exif)
for name in ("before.jpg", "picture.avif", "after.jpg"):
    print(f"{name:13} orientation {Image.open(name).getexif().get(ORIENTATION)}")
PYTHON
venv/bin/python save.py | tee answers.txt

cat > expected.txt <<'TEXT'
before.jpg    orientation 6
picture.avif  orientation 6
after.jpg     orientation None
TEXT
if ! cmp -s answers.txt expected.txt; then
  echo 'The behaviour has changed.' >&2
  exit 1
fi
echo 'Save the AVIF last, or pass a copy: exif.tobytes().'
