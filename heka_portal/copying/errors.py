"""Why nothing was copied; each says it in a sentence, and none names a stored value."""

from __future__ import annotations

import re


class CopyRefused(Exception):
    """The two databases are not such that one can be copied into the other; nothing was changed."""


class CopyFailed(Exception):
    """A row could not be stored, or a database went away; the target was left as it was."""


#: the value comes last, behind a colon or between brackets: `invalid input syntax for type bigint: "abc"`
_VALUE = re.compile(r"(: |=\(|\().*", re.DOTALL)


def without_value(message: str) -> str:
    """The database's own words, as far as they cannot hold what was stored."""
    return _VALUE.sub("", message.strip().splitlines()[0]).strip() if message.strip() else "no reason was given"
