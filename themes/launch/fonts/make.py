#!/usr/bin/env python3
"""Makes the bundled fonts: assets/fonts/*.woff2, their stylesheets options/font/*.css, and their licences, here.

Each family comes from a package of npm in the version below. What the looks do not use is left out: weights, widths, features,
letters. A second file has Latin Extended; browsers load it only for pages with its letters. A third face is a font that most
systems have, scaled to the metrics of the family, so that nothing moves when the family arrives.

    pip install fonttools==4.68.0 brotli==1.2.1
    themes/launch/fonts/make.py

It needs npm, to download the packages.
"""

import io
import subprocess
import tarfile
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem
from fontTools.varLib import instancer

THEME = Path(__file__).resolve().parent.parent

# Letters of Western European languages, punctuation, currencies, arrows.
LATIN = [(0x20, 0x7E), (0xA0, 0xA3), (0xA5, 0xA5), (0xA7, 0xA7), (0xA9, 0xAE), (0xB0, 0xB3), (0xB5, 0xB7), (0xB9, 0xBB), (0xBD, 0xBD)]
LATIN += [(0xBF, 0xFF), (0x131, 0x131), (0x152, 0x153), (0x2C6, 0x2C6), (0x2DA, 0x2DA), (0x2DC, 0x2DC)]
LATIN += [(0x2002, 0x2003), (0x2009, 0x2009), (0x200A, 0x200B), (0x2010, 0x2015), (0x2018, 0x201E), (0x2022, 0x2022)]
LATIN += [(0x2026, 0x2026), (0x202F, 0x2030), (0x2032, 0x2033), (0x2039, 0x203A), (0x2044, 0x2044), (0x20AC, 0x20AC)]
LATIN += [(0x2122, 0x2122), (0x2190, 0x2193), (0x2212, 0x2212)]
EXTENDED = [(0x100, 0x130), (0x132, 0x151), (0x154, 0x24F), (0x259, 0x259), (0x2BB, 0x2BC), (0x1E00, 0x1E9F)]
EXTENDED += [(0x20A0, 0x20AB), (0x20AD, 0x20C0)]
FEATURES = ["kern", "liga", "calt", "locl", "tnum"]

# Units of an em, as in most fonts.
EM = 1000
# How far, in units, a point of another weight may be from its place, and by how much kerning is rounded. On letters of 60 pixels they are
# an eighth and a quarter of a pixel. Together with the em they save a sixth to a fifth of Newsreader, and up to an eighth of others.
WEIGHT_TOLERANCE = 2
KERNING_STEP = 4

# The advance widths of fonts that most systems have, in 2,048ths of the size: `a` to `z`, and the space. Liberation has the same.
ARIAL = [1139, 1139, 1024, 1139, 1139, 569, 1139, 1139, 455, 455, 1024, 455, 1706, 1139, 1139, 1139, 1139, 682, 1024, 569]
ARIAL += [1139, 1024, 1479, 1024, 1024, 1024, 569]
TIMES = [909, 1024, 909, 1024, 909, 682, 1024, 1024, 569, 569, 1024, 569, 1593, 1024, 1024, 1024, 1024, 682, 797, 569]
TIMES += [1024, 1024, 1479, 1024, 1024, 909, 512]
ARIAL_BOLD = [1139, 1251, 1139, 1251, 1139, 682, 1251, 1251, 569, 569, 1139, 569, 1821, 1251, 1251, 1251, 1251, 797, 1139, 682]
ARIAL_BOLD += [1251, 1139, 1593, 1139, 1139, 1024, 569]
# How often each of them occurs in a thousand characters of English.
OFTEN = [65, 12, 22, 33, 103, 18, 16, 50, 57, 1, 6, 33, 20, 57, 62, 15, 1, 50, 53, 75, 23, 8, 17, 1, 14, 1, 183]

SANS = (ARIAL, 'local("Arial"), local("Liberation Sans")', "system-ui, sans-serif")
SERIF = (TIMES, 'local("Times New Roman"), local("Liberation Serif")', "Georgia, serif")
MONO = (None, "", "ui-monospace, Menlo, Consolas, monospace")


class Face:
    """A file: its name, the file of the package, the axes that it keeps, and how text looks that waits for it."""

    def __init__(self, name, package, version, kind, axes, like, family, style):
        self.name, self.package, self.version, self.kind = name, package, version, kind
        self.axes, self.like, self.family, self.style = axes, like, family, style


def face(name, package, kind, like, family, version="5.3.0", style="normal", **axes):
    return Face(name, package, version, kind, axes, like, family, style)


FIGTREE = face("figtree", "figtree", "wght", SANS, "Figtree", wght=(400, 800))
NEWSREADER = face("newsreader", "newsreader", "opsz", SERIF, "Newsreader", opsz=24, wght=(400, 700))
NEWSREADER_ITALIC = face("newsreader-italic", "newsreader", "opsz", SERIF, "Newsreader", style="italic", opsz=28, wght=400)
ARCHIVO = face("archivo", "archivo", "wdth", SANS, "Archivo", wdth=100, wght=(400, 800))
ARCHIVO_WIDE = face("archivo-wide", "archivo", "wdth", SANS, "Archivo Wide", wdth=118, wght=850)
GEIST = face("geist", "geist", "wght", SANS, "Geist", wght=(400, 700))
GEIST_MONO = face("geist-mono", "geist-mono", "wght", MONO, "Geist Mono", wght=500)
NUNITO = face("nunito", "nunito", "wght", SANS, "Nunito", wght=(400, 800))

# The choices of the option `font`: the faces of text, of headings, of code and labels, and the italics of text.
CHOICES = {
    "figtree": {"--font": FIGTREE},
    "newsreader": {"--font": NEWSREADER, "italic": NEWSREADER_ITALIC},
    "archivo": {"--font": ARCHIVO, "--display": ARCHIVO_WIDE},
    "geist": {"--font": GEIST, "--mono": GEIST_MONO},
    "nunito": {"--font": NUNITO},
}


def package_of(face, folder):
    """Downloads the package of a face and returns its folder."""
    target = folder / face.package
    if not target.exists():
        name = f"@fontsource-variable/{face.package}@{face.version}"
        subprocess.run(["npm", "pack", "--silent", "--pack-destination", folder, name], check=True, stdout=subprocess.DEVNULL)
        archive = folder / f"fontsource-variable-{face.package}-{face.version}.tgz"
        with tarfile.open(archive) as files:
            files.extractall(target, filter="data")
    return target / "package"


def made(face, folder, part, ranges):
    """Makes a file of a face, and returns the font."""
    source = package_of(face, folder) / "files" / f"{face.package}-{part}-{face.kind}-{face.style}.woff2"
    font = TTFont(source)
    axes = {axis.axisTag for axis in font["fvar"].axes}
    font = instancer.instantiateVariableFont(font, {tag: limit for tag, limit in face.axes.items() if tag in axes})
    # Written and read again, because the subsetter needs complete tables.
    written = io.BytesIO()
    font.flavor = None
    font.save(written)
    written.seek(0)
    font = TTFont(written)
    options = subset.Options(layout_features=FEATURES, hinting=False, name_IDs=[0, 1, 2, 13, 14], notdef_outline=True)
    options.flavor = "woff2"
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in ranges for code in range(first, last + 1)])
    subsetter.subset(font)
    if font["head"].unitsPerEm > EM:
        scale_upem(font, EM)
    if "gvar" in font:
        simplify_weights(font)
    if "GPOS" in font:
        keep_kerning_of_default(font)
        simplify_kerning(font)
    end = "" if part == "latin" else "-ext"
    path = THEME / f"assets/fonts/{face.name}{end}.woff2"
    font.flavor = "woff2"
    # The time of a build is no part of the font.
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    font.save(path)
    return TTFont(path)


def keep_kerning_of_default(font):
    """Gives all weights the kerning of the default one: the differences would be a sixth of a file."""
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            table = getattr(table, "ExtSubTable", table)
            if table.LookupType != 2:
                continue
            pairs = [pair for group in getattr(table, "PairSet", []) for pair in group.PairValueRecord]
            pairs += [pair for group in getattr(table, "Class1Record", []) for pair in group.Class2Record]
            for value in (pair.Value1 for pair in pairs if pair.Value1):
                for device in ("XPlaDevice", "YPlaDevice", "XAdvDevice", "YAdvDevice"):
                    if hasattr(value, device):
                        delattr(value, device)
            table.ValueFormat1 &= 0xF
    if "GDEF" in font and getattr(font["GDEF"].table, "VarStore", None):
        font["GDEF"].table.VarStore = None
        font["GDEF"].table.Version = 0x00010002


def simplify_weights(font):
    """Leaves out the movements of points that follow from those of their neighbours, within the tolerance."""
    glyf, metrics = font["glyf"], font["hmtx"].metrics
    for glyph, variations in font["gvar"].variations.items():
        points, controls = glyf._getCoordinatesAndControls(glyph, metrics)
        for variation in variations:
            variation.calcInferredDeltas(list(points), list(controls.endPts))
            variation.roundDeltas()
            variation.optimize(list(points), list(controls.endPts), WEIGHT_TOLERANCE, glyf[glyph].isComposite())


def simplify_kerning(font):
    """Rounds kerning, and leaves out pairs of letters that have the kerning of their classes anyway."""
    for lookup in font["GPOS"].table.LookupList.Lookup:
        tables = [getattr(table, "ExtSubTable", table) for table in lookup.SubTable]
        for table in (table for table in tables if table.LookupType == 2):
            pairs = [pair for group in getattr(table, "PairSet", None) or [] for pair in group.PairValueRecord]
            pairs += [pair for group in getattr(table, "Class1Record", None) or [] for pair in group.Class2Record]
            for value in (pair.Value1 for pair in pairs if pair.Value1):
                value.XAdvance = round(value.XAdvance / KERNING_STEP) * KERNING_STEP
        # The tables of a lookup are searched in their order, so pairs may only be left out before their classes.
        if [(table.LookupType, table.Format) for table in tables] == [(2, 1), (2, 2)]:
            leave_out_pairs_of_classes(*tables)


def leave_out_pairs_of_classes(pairs, classes):
    groups = []
    for first, group in zip(pairs.Coverage.glyphs, pairs.PairSet):
        group.PairValueRecord = [pair for pair in group.PairValueRecord if pair.Value1.XAdvance != kerning(classes, first, pair.SecondGlyph)]
        group.PairValueCount = len(group.PairValueRecord)
        if group.PairValueRecord:
            groups.append((first, group))
    pairs.Coverage.glyphs = [first for first, _ in groups]
    pairs.PairSet = [group for _, group in groups]
    pairs.PairSetCount = len(groups)


def kerning(classes, first, second):
    """The kerning that a table of classes gives to a pair of letters."""
    if first not in classes.Coverage.glyphs:
        return 0
    record = classes.Class1Record[classes.ClassDef1.classDefs.get(first, 0)]
    value = record.Class2Record[classes.ClassDef2.classDefs.get(second, 0)].Value1
    return value.XAdvance if value else 0


def weights(face):
    limit = face.axes["wght"]
    return f"{limit[0]} {limit[1]}" if isinstance(limit, tuple) else str(limit)


def unicode_range(ranges):
    return ", ".join(f"U+{first:X}" + (f"-{last:X}" if last > first else "") for first, last in ranges)


def per_cent(value):
    return f"{value * 100:.1f}%".replace(".0%", "%")


def fallback(face, font, name):
    """Returns the faces that text has until the font arrives: for Figtree, whose headings are its own bold, two."""
    widths, local, _ = face.like
    if widths is None:
        return ""
    if face is not FIGTREE:
        return fallback_face(font, name, widths, local)
    bold = instancer.instantiateVariableFont(TTFont(THEME / f"assets/fonts/{face.name}.woff2"), {"wght": 700})
    locals_of_bold = 'local("Arial Bold"), local("Liberation Sans Bold")'
    return fallback_face(font, name, widths, local) + fallback_face(bold, name, ARIAL_BOLD, locals_of_bold, "font-weight: 700; ")


def fallback_face(font, name, widths, local, weight=""):
    cmap, advances, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
    own = [advances[cmap[code]][0] / em for code in [*range(ord("a"), ord("z") + 1), 0x20]]
    average = lambda advances: sum(often * advance for often, advance in zip(OFTEN, advances))
    adjust = average(own) / average([width / 2048 for width in widths])
    ascent, descent, gap = (value / em / adjust for value in (font["hhea"].ascent, -font["hhea"].descent, font["hhea"].lineGap))
    return (
        f"@font-face {{ font-family: {name}; {weight}src: {local}; size-adjust: {per_cent(adjust)}; ascent-override: {per_cent(ascent)}; "
        f"descent-override: {per_cent(descent)}; line-gap-override: {per_cent(gap)}; }}\n"
    )


def stylesheet(choice, faces, folder):
    css = f"/* Made by fonts/make.py. */\n"
    properties = []
    for index, (prop, face) in enumerate(faces.items()):
        font = made(face, folder, "latin", LATIN)
        made(face, folder, "latin-ext", EXTENDED)
        family = f'"{face.family}"' if " " in face.family else face.family
        style = "" if face.style == "normal" else f"font-style: {face.style}; "
        rule = f"@font-face {{ font-family: {family}; {style}font-weight: {weights(face)}; font-display: swap; src: url(\"fonts/{face.name}"
        css += f'{rule}.woff2"); }}\n{rule}-ext.woff2"); unicode-range: {unicode_range(EXTENDED)}; }}\n'
        if style:
            continue
        name = f"F{index or str()}"
        same = fallback(face, font, name)
        css += same
        properties.append(f"{prop}: {family}, {f'{name}, ' if same else ''}{face.like[2]};")
    css += f":root {{ {' '.join(properties)} }}\n"
    (THEME / f"options/font/{choice}.css").write_text(css)


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for choice, faces in CHOICES.items():
            stylesheet(choice, faces, folder)
            for face in faces.values():
                licence = (package_of(face, folder) / "LICENSE").read_text()
                (THEME / f"fonts/OFL-{face.package}.txt").write_text(licence)
        for path in sorted((THEME / "assets/fonts").glob("*.woff2")):
            print(f"{path.stat().st_size:6} {path.name}")


if __name__ == "__main__":
    main()
