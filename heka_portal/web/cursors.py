"""A place in a list as a word of an address: the moment in microseconds, and the id of the line."""

from __future__ import annotations

from datetime import timedelta

from heka_portal.clock import EPOCH
from heka_portal.domain.cases.inbox import Cursor
from heka_portal.web.addresses import as_key

MICROSECOND = timedelta(microseconds=1)
#: a cursor after the year 2286 is none of ours
LAST_MOMENT = 10**16


def write_cursor(cursor: Cursor) -> str:
    """The place as it stands in an address."""
    return f"{(cursor.at - EPOCH) // MICROSECOND}-{cursor.id}"


def read_cursor(word: str | None) -> Cursor | None:
    """The place back; none for what is no place, so that the list begins at the top."""
    at, _, id_ = (word or "").partition("-")
    if not (at.isascii() and at.isdigit() and len(at) <= 17 and int(at) <= LAST_MOMENT):
        return None
    key = as_key(id_)
    return None if key is None else Cursor(EPOCH + int(at) * MICROSECOND, key)
