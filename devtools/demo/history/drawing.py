"""Draw one case from its index: who reports what, where and when, and how it goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from devtools.demo.history.faults import draw_fault
from devtools.demo.history.life import Life
from devtools.demo.history.moments import Calendar
from devtools.demo.history.numbers import number_of
from devtools.demo.history.plot import Plot
from devtools.demo.history.present import bring_up_to_date
from devtools.demo.history.town import Home, Resident, Town, pick
from devtools.demo.history.voice import Voice, language_of
from devtools.demo.history.words.language import Phrases
from heka_portal.clock import date_in_helsinki
from heka_portal.vocabulary import Audience, DefectArea, MasterKey, Urgency

COMMON = 0.15
#: those who report again and again: the share of all cases that is theirs, and about how many each has
FREQUENT, CASES_OF_FREQUENT = 0.032, 160
READS_ALL, OTHERS_READ = 0.8, 0.5


@dataclass(frozen=True, slots=True)
class Access:
    """How maintenance gets into the home; nothing of a common area."""

    master_key: str | None = None
    pets: str | None = None
    has_safety_chain: bool = False
    phone: str | None = None
    call_when: str | None = None
    is_phone_shared: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A case with all that does not change over its life."""

    life: Life
    subject: str
    area: str
    place: str
    fault: str
    audience: str
    noticed_on: date | None
    access: Access


def draw_cases(town: Town, calendar: Calendar) -> Iterator[Drawn]:
    """All cases of the history, the oldest first; the same town and day give the same."""
    wanted = max(1, round(calendar.cases * FREQUENT / CASES_OF_FREQUENT))
    frequent = town.frequent(wanted, calendar.start)
    for index in range(calendar.cases):
        yield _draw(town, calendar, frequent, index)


def _draw(town: Town, calendar: Calendar, frequent: list[tuple[Home, Resident]], index: int) -> Drawn:
    dice = Random(index * 2_654_435_761 + calendar.cases)
    opened_at = calendar.opening(index)
    home, owner = _reporter(town, frequent, dice, calendar, index)
    area = DefectArea.COMMON if dice.random() < COMMON else DefectArea.HOME
    is_home = area is DefectArea.HOME
    place, fault = draw_fault(dice, area)
    urgency = town.urgencies.get(fault, str(Urgency.ORDINARY))
    life = Life(
        dice,
        index=index,
        number=number_of(index),
        place=home.place,
        home=home if is_home else None,
        owner=owner,
        urgency=urgency,
        target=town.targets[urgency],
        opened_at=opened_at,
    )
    phrases = language_of(dice, owner.language)
    voice = Voice(dice, phrases, place, fault)
    subject = voice.title()
    plot = Plot(life, voice, town, calendar)
    plot.tell()
    bring_up_to_date(plot, calendar)
    _read(life)
    if is_home and life.duplicate_of_id is None:
        home.place.latest = (index + 1, life.number)
    return Drawn(
        life,
        subject,
        str(area),
        place,
        fault,
        str(Audience.HOUSEHOLD if plot.actors.is_shared else Audience.OWN),
        date_in_helsinki(opened_at) - timedelta(days=int(dice.random() * 3)) if dice.random() < 0.8 else None,
        _access(dice, owner, phrases) if is_home else Access(),
    )


def _reporter(
    town: Town, frequent: list[tuple[Home, Resident]], dice: Random, calendar: Calendar, index: int
) -> tuple[Home, Resident]:
    if frequent and dice.random() < FREQUENT:
        return pick(dice, frequent)
    return town.draw(dice, calendar.opening(index))


def _read(life: Life) -> None:
    """Most have opened their case since the last word; a read mark never goes back."""
    for number, one in enumerate(life.people):
        if life.dice.random() < (OTHERS_READ if number else READS_ALL):
            one.seen = max(one.seen, life.last_public)


def _access(dice: Random, owner: Resident, phrases: Phrases) -> Access:
    phone = owner.phone if dice.random() < 0.8 else None
    return Access(
        str(MasterKey.ALLOWED if dice.random() < 0.75 else MasterKey.REFUSED),
        pick(dice, phrases.pets) if dice.random() < 0.18 else None,
        dice.random() < 0.1,
        phone,
        pick(dice, phrases.calls) if dice.random() < 0.4 else None,
        phone is not None and dice.random() < 0.7,
    )
