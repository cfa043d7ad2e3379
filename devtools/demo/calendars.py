"""What happens in the demo's first building: each kind, whole days, one that is over, one that was cancelled."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from devtools.demo.cast import EEVA_JOKINEN
from devtools.demo.telling import Teller
from heka_portal.clock import date_in_helsinki, end_of_day, start_of_day
from heka_portal.domain.calendars.operations import add_event, cancel_event
from heka_portal.domain.calendars.rules import EventContent
from heka_portal.vocabulary import BuildingEventKind, Language

FI, SV, EN = Language


@dataclass(frozen=True)
class Story:
    """An event so many days from now: within a day, or for some whole days."""

    days: int
    kind: BuildingEventKind
    titles: Mapping[Language, str]
    hours: tuple[str, str] | None = None
    whole_days: int = 1
    details: Mapping[Language, str] = field(default_factory=dict)
    place: str | None = None
    is_cancelled: bool = False


STORIES = (
    Story(
        -21,
        BuildingEventKind.INSPECTION,
        {FI: "Palovaroittimien tarkastus", SV: "Kontroll av brandvarnare", EN: "Check of smoke alarms"},
        ("09:00", "15:00"),
    ),
    Story(
        5,
        BuildingEventKind.WATER_CUT,
        {FI: "Lämmin vesi poikki", SV: "Varmvattnet är avstängt", EN: "No hot water"},
        ("08:00", "11:00"),
        details={
            FI: "Lämmönjakohuoneen pumppu vaihdetaan. Kylmä vesi tulee koko ajan.",
            SV: "Pumpen i värmecentralen byts. Kallvatten kommer hela tiden.",
            EN: "The pump of the heating room is replaced. Cold water runs all the time.",
        },
    ),
    Story(
        8,
        BuildingEventKind.OTHER,
        {FI: "Pihan valojen sytyttäjäiset", SV: "Gårdens ljus tänds", EN: "Lights in the yard"},
        ("17:00", "18:30"),
        place="Leikkipaikka",
        is_cancelled=True,
    ),
    Story(
        12,
        BuildingEventKind.INSPECTION,
        {FI: "Ilmanvaihdon nuohous ja mittaus", SV: "Ventilationen sotas och mäts"},
        whole_days=3,
        details={FI: "Nuohooja käy jokaisessa kodissa. Tarkka aika tulee postiluukusta."},
    ),
    Story(
        34,
        BuildingEventKind.MEETING,
        {FI: "Talotoimikunnan kokous", SV: "Huskommittén möts", EN: "Meeting of the house committee"},
        ("18:00", "20:00"),
        place="Kerhohuone, A-porras",
    ),
    Story(
        75,
        BuildingEventKind.WORKS,
        {FI: "Hissin uusiminen", SV: "Hissen förnyas", EN: "The lift is renewed"},
        whole_days=19,
        details={FI: "Hissi ei kulje remontin aikana. Tarvitsetko apua ostosten kanssa? Soita isännöitsijälle."},
    ),
)


def tell(teller: Teller, building_id: int) -> None:
    """Keep what happens in a building, as its manager did a month ago."""
    at = teller.at(30, "14:00")
    actor = teller.actor(str(EEVA_JOKINEN.email), at)
    for story in STORIES:
        event = add_event(actor, building_id, _content(teller, story), form_key=secrets.token_urlsafe(24), now=at)
        if story.is_cancelled:
            cancel_event(actor, event.id, version=event.version, now=teller.at(1, "10:00"))


def _content(teller: Teller, story: Story) -> EventContent:
    if story.hours:
        begins, ends = (teller.coming(story.days, hour) for hour in story.hours)
    else:
        first = date_in_helsinki(teller.now) + timedelta(days=story.days)
        begins, ends = start_of_day(first), end_of_day(first + timedelta(days=story.whole_days - 1))
    return EventContent(
        kind=story.kind,
        titles=story.titles,
        details=story.details,
        starts_at=begins,
        ends_at=ends,
        is_all_day=story.hours is None,
        place=story.place,
    )
