"""Join the parts of hds-core that the portal uses into one vendored stylesheet.

Run it after adding an icon to ICONS, with the unpacked npm package:
    npm pack hds-core@5.2.2 && tar xzf hds-core-5.2.2.tgz
    python devtools/vendor_hds.py package
"""

import re
import sys
from pathlib import Path

VERSION = "5.2.2"
TARGET = Path(__file__).parents[1] / "heka_portal/static/vendor/hds-core" / VERSION
PARTS = (
    "base",
    "components/button/button",
    "components/text-input/text-input",
    "icons/icon",
)
ICONS = """
    alert-circle angle-down angle-left arrow-down arrow-undo arrow-up box calendar calendar-clock
    calendar-event calendar-plus check check-circle clock company copy cross cross-circle document
    download envelope error error-fill euro-sign eye family group hammers history home info-circle key
    lock menu-hamburger minus minus-circle paperclip pen pen-line phone photo plus plus-circle printer
    refresh search shield signin signout speechbubble speechbubble-text trash user
""".split()  # noqa: SIM905  # one word a name reads better than a list of quotes
# The shorthand classes for icons inside buttons are not used: they are two thirds of the icons' weight.
SHORTHAND = re.compile(r"\.hds-icon-(?:start|end)--[a-z-]+\{[^}]*\}")
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=[^*]*\*/\s*")


def join(package: Path) -> str:
    """Return the stylesheet joined from the package's minified parts."""
    names = [*PARTS, *(f"icons/{icon}" for icon in ICONS)]
    texts = [(package / "lib" / f"{name}.min.css").read_text(encoding="utf-8") for name in names]
    return "\n".join(SHORTHAND.sub("", SOURCE_MAP.sub("", text)).strip() for text in texts) + "\n"


if __name__ == "__main__":
    source = Path(sys.argv[1])
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "hds.min.css").write_text(join(source), encoding="utf-8")
    (TARGET / "LICENSE").write_text((source / "LICENSE").read_text(encoding="utf-8"), encoding="utf-8")
