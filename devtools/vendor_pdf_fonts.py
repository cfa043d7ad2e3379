"""Make the two fonts of the PDFs from the vendored web font: fixed weights, both alphabets in one file.

The maker of PDFs takes neither WOFF2 nor a variable font. Needs fontTools and brotli, which nothing else here needs:
    pip install fonttools brotli
    python devtools/vendor_pdf_fonts.py
"""

import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

VERSION = "5.3.0"
PACKAGE = Path(__file__).parents[1] / "heka_portal"
SOURCE = PACKAGE / "static/vendor/hanken-grotesk" / VERSION / "files"
TARGET = PACKAGE / "typst/fonts/hanken-grotesk" / VERSION
ALPHABETS = ("latin", "latin-ext")
WEIGHTS = {"Regular": 400, "Bold": 700}
FAMILY = "Hanken Grotesk"
#: of the names of the web font: copyright, version, licence and where it is
KEPT_NAMES = {0, 5, 13, 14}
WINDOWS, UNICODE, ENGLISH = 3, 1, 0x409
BOLD, REGULAR, ITALIC = 0x20, 0x40, 0x01


def make(style: str, weight: int, folder: Path) -> None:
    """Write one font of one weight."""
    parts = []
    for alphabet in ALPHABETS:
        font = TTFont(SOURCE / f"hanken-grotesk-{alphabet}-wght-normal.woff2")
        font.flavor = None
        fixed = instantiateVariableFont(font, {"wght": weight})
        for table in ("STAT", "HVAR", "MVAR"):
            if table in fixed:
                del fixed[table]
        parts.append(str(folder / f"{alphabet}-{style}.ttf"))
        fixed.save(parts[-1])
    merged = Merger().merge(parts)
    names = merged["name"]
    names.names = [name for name in names.names if name.nameID in KEPT_NAMES]
    words = {1: FAMILY, 2: style, 3: f"HankenGrotesk-{style}", 4: f"{FAMILY} {style}", 6: f"HankenGrotesk-{style}"}
    for number, word in words.items():
        names.setName(word, number, WINDOWS, UNICODE, ENGLISH)
    is_bold = style == "Bold"
    look = merged["OS/2"]
    look.usWeightClass = weight
    look.fsSelection = (look.fsSelection & ~(BOLD | REGULAR | ITALIC)) | (BOLD if is_bold else REGULAR)
    merged["head"].macStyle = int(is_bold)
    TARGET.mkdir(parents=True, exist_ok=True)
    merged.save(TARGET / f"HankenGrotesk-{style}.ttf")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        for style, weight in WEIGHTS.items():
            make(style, weight, Path(name))
