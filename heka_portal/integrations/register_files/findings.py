"""What was found wrong while reading, addressed to the person who can mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """An error (nothing is applied) or a warning about one place of a file."""

    is_error: bool
    #: what kind it is, in a word or two: findings are grouped by it
    kind: str
    file: str
    #: None: the whole file
    line: int | None
    column: str | None
    #: what stood there, an identity code masked
    value: str | None
    #: what is wrong and how to mend it
    sentence: str
