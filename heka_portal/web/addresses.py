"""Numbers in addresses: no more digits than a key of ours can have, or a database would refuse them with an error."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter

#: more digits are no key of ours
MOST_DIGITS = 15


def as_key(text: Any) -> int | None:
    """A number from an address or a form, or none where it cannot be a key of ours."""
    word = str(text or "")
    return int(word) if word.isascii() and word.isdigit() and len(word) <= MOST_DIGITS else None


class KeyConverter(IntegerConverter):
    """A whole number that fits into 64 bits; a longer one is an address there is not."""

    regex = rf"\d{{1,{MOST_DIGITS}}}"


def init_app(app: Flask) -> None:
    """Read every `<int:...>` of an address so."""
    app.url_map.converters = {**app.url_map.converters, "int": KeyConverter}
