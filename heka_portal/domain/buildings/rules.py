"""Which rescue plan is in force, whether a building needs one, and when a version is whole enough to publish."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from heka_portal.vocabulary import Language, PlanPart, PlanStanding, PlanState

#: a residential building with so many dwellings needs a rescue plan (Government Decree 407/2011, section 1)
FEWEST_DWELLINGS = 3


def mail_name(plan_id: int) -> str:
    """How the names of the mails that tell of a version begin; the account follows after a hyphen."""
    return f"rescue-plan-{plan_id}"


@dataclass(frozen=True)
class Version:
    """A version of a rescue plan, as far as its being in force goes."""

    version: int
    state: PlanState
    valid_from: date | None


V = TypeVar("V", bound=Version)


def is_in_force(version: Version, on: date) -> bool:
    """Whether a version may be the one in force on a day: published, and valid by then."""
    return version.state is PlanState.PUBLISHED and version.valid_from is not None and version.valid_from <= on


def plan_on(versions: Iterable[V], on: date) -> V | None:
    """The version in force on a day: of those that are valid, the latest one."""
    return max((each for each in versions if is_in_force(each, on)), key=lambda each: each.version, default=None)


def needs_plan(apartment_count: int) -> bool:
    """Whether the law asks for a rescue plan of a building with so many dwellings."""
    return apartment_count >= FEWEST_DWELLINGS


def standing_of(plan: Version | None, apartment_count: int) -> PlanStanding:
    """What to say of a building's rescue plan; a small building may have one all the same."""
    if plan is not None:
        return PlanStanding.IN_FORCE
    return PlanStanding.MISSING if needs_plan(apartment_count) else PlanStanding.NOT_REQUIRED


def missing_parts(parts: Mapping[PlanPart, str]) -> list[PlanPart]:
    """The parts that the law names and a text lacks."""
    return [part for part in PlanPart if not parts.get(part, "").strip()]


class Incomplete(ValueError):
    """A draft cannot be published yet; `need` names why: finnish, parts, file, day."""

    def __init__(self, need: str, language: Language | None = None) -> None:
        super().__init__(need)
        self.need = need
        self.language = language


@dataclass(frozen=True)
class Written:
    """What a draft has in one language: its parts, and whether it has a file, made ready to show."""

    language: Language
    parts: Mapping[PlanPart, str]
    has_file: bool = False
    is_file_ready: bool = False


def check_publishable(written: Iterable[Written], *, valid_from: date, today: date) -> None:
    """Whether a draft is whole: Finnish is there, and each language has all parts or a file. Raises Incomplete."""
    written = list(written)
    if all(each.language is not Language.FINNISH for each in written):
        raise Incomplete("finnish")
    for each in written:
        if each.has_file and not each.is_file_ready:
            raise Incomplete("file", each.language)
        if not each.has_file and missing_parts(each.parts):
            raise Incomplete("parts", each.language)
    if valid_from < today:
        raise Incomplete("day")


def fingerprint(texts: Iterable[str]) -> str:
    """What tells whether texts have changed since a form was drawn from them."""
    return hashlib.sha256("\x00".join(texts).encode()).hexdigest()[:32]
