"""Where a page may lead on to: only to a page of this portal, read the way a browser reads it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

#: a browser drops these from an address before it reads it
_DROPPED = re.compile(r"[\t\r\n]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LONGEST = 2000


def safe_next(wanted: str | None, *, default: str) -> str:
    r"""The wanted address where it is a path of this portal, else the default.

    "/\t/evil.example" and "/\\evil.example" are another site's to a browser: it drops tabs, and reads \\ as /.
    """
    if not wanted or len(wanted) > _LONGEST:
        return default
    seen = _DROPPED.sub("", wanted).strip("".join(map(chr, range(33)))).replace("\\", "/")
    if not seen.startswith("/") or seen.startswith("//") or _CONTROL.search(seen):
        return default
    try:
        parts = urlsplit(seen)
    except ValueError:
        return default
    return default if parts.scheme or parts.netloc else seen
