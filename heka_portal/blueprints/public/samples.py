"""Sample values for the page that shows every component. The texts are data of the page, not of the portal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from flask import url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, PasswordField

from heka_portal.clock import now, today
from heka_portal.web.fields import (
    Checkboxes,
    EmailField,
    FilesField,
    Needed,
    PhoneField,
    Radios,
    Select,
    StrippedString,
    StrippedText,
    ThreeFieldDate,
    options,
)
from heka_portal.web.forms import PortalForm

ROOMS = {"kitchen": "Kitchen", "bathroom": "Bathroom or WC", "balcony": "Balcony or own yard", "other": "Other place"}
ANSWERS = {"fixed": "Fixed", "partly": "Partly", "not_fixed": "Not fixed"}
TYPED = MultiDict(
    {
        "title": "Sink cupboard gets wet",
        "email": "aino.virtanen@",
        "phone": "040 297 6225",
        "since-day": "31",
        "since-month": "2",
        "since-year": "2026",
        "room": "kitchen",
        "news": "progress",
    }
)


class SampleForm(PortalForm):
    """One field of each kind; what was typed leaves some of them with errors."""

    title = StrippedString("Title", [Needed("Write what is broken, for example: The tap drips")])
    text = StrippedText("Tell us more", [Needed("Tell in a few words what has happened to it")])
    email = EmailField("Email", [Needed()])
    phone = PhoneField("Phone number")
    word = PasswordField("Password", [Needed("Write your password")])
    kind = Select("Kind of defect", choices=options(["", "leak", "heating"], str.title))
    room = Radios("Which room or place?", [Needed()], choices=options(list(ROOMS), ROOMS.__getitem__))
    answer = Radios(
        "Is the defect fixed?", [Needed("Choose one of the three")], choices=options(list(ANSWERS), ANSWERS.get)
    )
    news = Checkboxes("What do we tell you?", choices=options(["progress", "notice"], str.title))
    since = ThreeFieldDate("When did you notice it?")
    pets = BooleanField("There is a pet at home")
    photos = FilesField("Add pictures or PDF files")

    def __init__(self) -> None:
        typed = TYPED.copy()
        typed["csrf_token"] = generate_csrf()
        super().__init__(typed)


@dataclass(frozen=True)
class Step:
    """A step of the progress line."""

    word: str
    state: str
    when: object = None


@dataclass(frozen=True)
class Column:
    """A column of the chart."""

    label: str
    short: str
    parts: list[tuple[str, int]] = field(default_factory=list)


def sample_values() -> dict[str, Any]:
    """Everything the page shows, around today's date."""
    moment = now()
    picture = url_for("static", filename="img/houses.svg")
    return {
        "steps": [
            Step("Received", "done", "18.11."),
            Step("Being handled", "done", "19.11."),
            Step("Visit", "now", "Thu 26.11."),
            Step("Check the repair", "next"),
            Step("Closed", "next"),
        ],
        "yesterday": moment - timedelta(days=1),
        "last_week": moment - timedelta(days=8),
        "visit": (_at(today() + timedelta(days=2), 12), _at(today() + timedelta(days=2), 14)),
        "due_on": today() + timedelta(days=10),
        "files": [SimpleNamespace(url="#main", name="Lease.pdf", kind="PDF", size=240_000)],
        "photos": [
            SimpleNamespace(url=picture, preview=picture, description="Sink cupboard, a pool under the pipe"),
            SimpleNamespace(url="", preview=None, description="IMG_2042.HEIC"),
        ],
        "uploads": [
            SimpleNamespace(key="a", name="IMG_2041.HEIC", size=2_400_000, preview=picture),
            SimpleNamespace(key="b", name="Receipt.pdf", size=81_000, preview=None),
        ],
        "columns": [Column(f"{week}", "", [("1", 60 + week * 3 % 40), ("3", week % 5 * 9)]) for week in range(36, 48)],
        "lines": [
            SimpleNamespace(label="Received", number=12, tone=None),
            SimpleNamespace(label="Visit agreed", number=31, tone="2"),
            SimpleNamespace(label="Overdue", number=4, tone="bad"),
        ],
        "text": "The bottom of the cupboard is wet every morning.\nWater drips when the tap is on.\n\n<b>Thanks</b>",
    }


def _at(day: date, hour: int) -> datetime:
    """A moment of a day."""
    return now().replace(year=day.year, month=day.month, day=day.day, hour=hour - 2, minute=0)
