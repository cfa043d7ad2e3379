"""The town a history happens in: homes and who lived there when, buildings, handlers and companies, rules."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import accumulate
from random import Random
from typing import TypeVar

from heka_portal.domain.cases.deadlines import Target

#: no home has more to report than so many average ones: at a million cases some two hundred
MOST_WEIGHT = 5.0
WITHOUT_CASES = 0.12
#: so many homes are tried before one is taken in which nobody lived then
TRIES = 60

T = TypeVar("T")


@dataclass(slots=True)
class Resident:
    """An adult with an account, and from when until when one may act for this home."""

    person_id: int
    account_id: int
    name: str
    language: str
    phone: str | None
    is_protected: bool
    since: datetime
    until: datetime

    def lives_here(self, at: datetime) -> bool:
        """Whether it is their home at a moment."""
        return self.since <= at < self.until


@dataclass(slots=True)
class Place:
    """A building, and the last home's case of it: what a duplicate is merged into."""

    id: int
    region_id: int
    address: str
    name: str
    homes: list[Home] = field(default_factory=list)
    latest: tuple[int, int] | None = None


@dataclass(slots=True)
class Home:
    """A home under one lease."""

    lease_id: int
    apartment_id: int
    place: Place
    address: str
    weight: float
    residents: list[Resident]

    def at(self, moment: datetime) -> list[Resident]:
        """Who of it could have reported then."""
        return [one for one in self.residents if one.lives_here(moment)]


@dataclass(frozen=True)
class Worker:
    """Somebody of staff: their member's and account's id."""

    staff_id: int
    account_id: int


@dataclass(frozen=True)
class Company:
    """A maintenance company, and the account of each of its people."""

    id: int
    account_ids: tuple[int, ...]


@dataclass
class Town:
    """All that cases are drawn from."""

    homes: list[Home]
    places: list[Place]
    handlers: Mapping[int, tuple[Worker, ...]]
    companies: Mapping[int, tuple[Company, ...]]
    urgencies: Mapping[str, str]
    targets: Mapping[str, Target]
    rules: Mapping[str, tuple[int, int | None]]

    @cached_property
    def _weights(self) -> list[float]:
        return list(accumulate(home.weight for home in self.homes))

    def _draw_home(self, dice: Random) -> Home:
        return self.homes[bisect(self._weights, dice.random() * self._weights[-1], hi=len(self.homes) - 1)]

    def draw(self, dice: Random, at: datetime) -> tuple[Home, Resident]:
        """A home and one who lived there then."""
        for _ in range(TRIES):
            home = self._draw_home(dice)
            found = home.at(at)
            if found:
                return home, pick(dice, found)
        return next((home, found[0]) for home in self.homes if (found := home.at(at)))

    def frequent(self, count: int, since: datetime) -> list[tuple[Home, Resident]]:
        """So many who have lived in one home for all of a history: they report again and again.

        They are of homes that otherwise report nothing, so that nobody's cases are without bounds.
        """
        long = [
            (home, home.residents[0]) for home in self.homes if not home.weight and home.residents[0].since <= since
        ]
        return Random("frequent").sample(long, min(count, len(long)))

    def neighbours(self, dice: Random, place: Place, at: datetime, count: int) -> Iterator[Resident]:
        """Up to so many others of a building."""
        seen: set[int] = set()
        for _ in range(count):
            for one in pick(dice, place.homes).at(at)[:1]:
                if one.person_id not in seen:
                    seen.add(one.person_id)
                    yield one


def pick(dice: Random, items: list[T] | tuple[T, ...]) -> T:
    """One of them: faster than the dice's own choice."""
    return items[int(dice.random() * len(items))]


def weigh(register_id: str, building: str) -> float:
    """How often a home has something to report, beside an average one; some never do."""
    dice = Random(f"weight {register_id}")
    if dice.random() < WITHOUT_CASES:
        return 0.0
    of_building = Random(f"weight {building}").lognormvariate(-0.2, 0.7)
    return min(MOST_WEIGHT, dice.lognormvariate(-0.25, 0.7) * of_building)
