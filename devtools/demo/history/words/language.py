"""What a language's phrases are made of, and how a sentence is filled with a thing and its trouble."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

Lines = tuple[str, ...]


@dataclass(frozen=True)
class Phrases:
    """All that is written in a language. Slots: thing, of_thing, part_thing, in_thing, of_place, in_place, trouble."""

    places: Mapping[str, Mapping[str, str]]
    things: Mapping[str, tuple[Mapping[str, str], ...]]
    troubles: Mapping[str, Lines]
    titles: Lines
    openings: Lines
    details: Lines
    whens: Lines
    models: Lines
    asks: Lines
    answers: Lines
    resident_says: Lines
    clerk_says: Lines
    contractor_says: Lines
    notes: Lines
    finished: Lines
    waits: Lines
    no_access: Lines
    seasons: Lines
    not_fixed: Lines
    partly: Lines
    reopened: Lines
    thanks: Lines
    not_landlords: Lines
    resident_pays: Lines
    cancelled: Lines
    withdrawn: Lines
    urgency: Lines
    pets: Lines
    calls: Lines


def _forms(names: tuple[str, ...], written: str, apart: str) -> Mapping[str, str]:
    forms = dict(zip(names, _split(written, len(names), apart), strict=True))
    return forms | {name.capitalize(): form[:1].upper() + form[1:] for name, form in forms.items()}


def _split(written: str, count: int, apart: str) -> list[str]:
    """As many forms as there are names; where a thing has two words, each form has two."""
    words = written.split(apart)
    size = len(words) // count
    return [apart.join(words[at * size : (at + 1) * size]) for at in range(count)]


def places(apart: str = " ", **written: str) -> Mapping[str, Mapping[str, str]]:
    """Places by their code, in the forms "of" and "in"."""
    return {code: _forms(("of_place", "in_place"), forms, apart) for code, forms in written.items()}


def things(apart: str = " ", **written: Lines) -> Mapping[str, tuple[Mapping[str, str], ...]]:
    """Things that have a fault, by the fault's code, in the forms that sentences need."""
    names = ("thing", "of_thing", "part_thing", "in_thing")
    return {code: tuple(_forms(names, forms, apart) for forms in lines) for code, lines in written.items()}


_SLOT = re.compile(r"\{(\w+)\}")


@cache
def _parts(template: str) -> tuple[str, ...]:
    return tuple(_SLOT.split(template))


def fill(template: str, slots: Mapping[str, str]) -> str:
    """The template with its slots filled."""
    parts = _parts(template)
    if len(parts) == 1:
        return template
    return "".join(slots[part] if place % 2 else part for place, part in enumerate(parts))
