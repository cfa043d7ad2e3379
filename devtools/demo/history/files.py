"""Which lines of a case have pictures: the report's mostly, of every third case."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from typing import Any

from devtools.demo.history.life import Life
from devtools.demo.history.pictures import Picture
from devtools.demo.history.town import pick
from heka_portal.vocabulary import FileState, Verb

WITH_FILES = 0.3
COUNTS = (1, 1, 1, 2, 2, 3)
READY = str(FileState.READY)


def draw_files(life: Life, event_ids: list[int], pictures: Sequence[Picture]) -> Iterator[tuple[Any, ...]]:
    """The rows of a case's attachments."""
    dice = life.dice
    if not pictures or dice.random() >= WITH_FILES:
        return
    for _ in range(pick(dice, COUNTS)):
        place = int(dice.random() * len(life.lines)) if dice.random() < 0.25 else 0
        line, picture = life.lines[place], pick(dice, list(pictures))
        if line.verb != Verb.SAID:
            place, line = 0, life.lines[0]
        key = base64.urlsafe_b64encode(dice.randbytes(32)).decode().rstrip("=")
        yield (
            key,
            life.index + 1,
            event_ids[place],
            line.actor_id,
            picture.name,
            picture.type,
            picture.size,
            picture.sha256,
            READY,
            picture.storage_key,
            picture.preview_key,
            picture.width,
            picture.height,
            1,
            line.at,
            line.at,
        )
