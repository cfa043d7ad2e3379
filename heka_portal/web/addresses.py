"""Numbers in addresses: no more digits than a key of ours can have, or a database would refuse them with an error."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter


class KeyConverter(IntegerConverter):
    """A whole number that fits into 64 bits; a longer one is an address there is not."""

    regex = r"\d{1,15}"


def init_app(app: Flask) -> None:
    """Read every `<int:...>` of an address so."""
    app.url_map.converters = {**app.url_map.converters, "int": KeyConverter}
