"""A few pictures for all cases: re-made once as the worker would, and stored once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from devtools.demo.pictures import PICTURES, draw_picture
from heka_portal.domain.attachments.operations import Put
from heka_portal.domain.attachments.remaking import remake_file
from heka_portal.vocabulary import FileType


@dataclass(frozen=True)
class Picture:
    """A stored picture: what every row that shows it says of it."""

    name: str
    type: str
    size: int
    sha256: str
    storage_key: str
    preview_key: str
    width: int | None
    height: int | None


def store_pictures(put: Put, draw: Callable[[str], bytes] = draw_picture) -> list[Picture]:
    """Store each picture and its preview. Raises what `put` raises."""
    return [_store(name, draw(name), put) for name in sorted(PICTURES)]


def _store(name: str, content: bytes, put: Put) -> Picture:
    remade = remake_file(content, FileType.JPEG)
    storage_key, preview_key = f"files/demo-{name}", f"previews/demo-{name}"
    put(storage_key, remade.content, str(remade.type))
    put(preview_key, remade.preview or b"", str(FileType.JPEG))
    return Picture(
        name=f"{name}.jpg",
        type=str(remade.type),
        size=len(remade.content),
        sha256=hashlib.sha256(remade.content).hexdigest(),
        storage_key=storage_key,
        preview_key=preview_key,
        width=remade.width,
        height=remade.height,
    )
