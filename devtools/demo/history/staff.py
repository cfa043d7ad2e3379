"""Customer service of a whole landlord: clerks and supervisors of every region, companies and their fitters."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from sqlalchemy import select

from devtools.demo.accounts import hire
from devtools.demo.cast import Colleague
from devtools.demo.names import FINNISH
from devtools.demo.places import PREFIX, REGIONS
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.vocabulary import StaffRole

CLERKS, SUPERVISORS = 12, 2
COMPANIES = 28
TRADES = ("Putki", "Sähkö", "Hissi", "Lasi", "Lukko", "Ilma", "Kodinkone", "Huolto")
FORMS = ("palvelu Oy", "työ Oy", "tekniikka Ky", "asennus Oy")


def hire_staff(password_hash: str) -> None:
    """Make the accounts of all; those who are there already are left."""
    for number, colleague in enumerate(_colleagues()):
        email = f"{colleague.role.value}.{number + 1:02d}@staff.demo.heka.example"
        if db.session.scalar(select(Account.id).where(Account.email == email)) is not None:
            continue
        hire(colleague, password_hash, email=email)
    db.session.commit()


def _colleagues() -> Iterator[Colleague]:
    for region in range(1, len(REGIONS) + 1):
        for number in range(CLERKS + SUPERVISORS):
            role = StaffRole.CLERK if number < CLERKS else StaffRole.SUPERVISOR
            yield Colleague(_name(f"{region} {number}"), role, "", region=f"{PREFIX}R{region}")
    for number in range(COMPANIES):
        company = f"Helsingin {TRADES[number % len(TRADES)]}{FORMS[number // len(TRADES)]}"
        yield Colleague(_name(f"fitter {number}"), StaffRole.CONTRACTOR, "", contractor=company)


def _name(seed: str) -> str:
    dice = Random(f"staff {seed}")
    return f"{dice.choice(FINNISH.women if dice.random() < 0.5 else FINNISH.men)} {dice.choice(FINNISH.last)}"
