"""Cases of other residents of the first buildings, drawn: what fills an inbox and its charts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from sqlalchemy import or_, select

from devtools.demo.accounts import open_crowd
from devtools.demo.cast import HOMES, LAURA, MARKUS, TIMO
from devtools.demo.places import PREFIX
from devtools.demo.telling import Report, Teller
from heka_portal import clock
from heka_portal.domain.people.rules import latest_adult_birth
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.models.defects import Defect
from heka_portal.models.homes import Apartment, Occupancy
from heka_portal.models.people import Person
from heka_portal.vocabulary import Fault, Language, Place

#: twelve weeks, which the dashboard looks back on
DAYS = 84
CASES = 60

#: place, fault, and the title in Finnish, Swedish and English
TROUBLES = (
    (Place.KITCHEN, Fault.APPLIANCE, "Jääkaappi ei kylmene", "Kylskåpet kyler inte", "The fridge does not cool"),
    (Place.KITCHEN, Fault.DRAIN, "Tiskiallas vetää huonosti", "Diskhon rinner långsamt", "The sink drains slowly"),
    (Place.KITCHEN, Fault.APPLIANCE, "Liesi ei kuumene", "Spisen blir inte varm", "The cooker does not heat"),
    (Place.BATHROOM, Fault.DRAIN, "WC-istuin vuotaa", "Toaletten rinner", "The toilet runs all the time"),
    (
        Place.BATHROOM,
        Fault.MOISTURE,
        "Kylpyhuoneen saumat tummuvat",
        "Mörka fogar i badrummet",
        "Dark joints in the bathroom",
    ),
    (
        Place.BATHROOM,
        Fault.VENTILATION,
        "Ilmanvaihto ei vedä",
        "Ventilationen drar inte",
        "The ventilation does not draw",
    ),
    (Place.LIVING_ROOM, Fault.HEATING, "Patteri on kylmä", "Elementet är kallt", "The radiator is cold"),
    (Place.BEDROOM, Fault.WINDOW, "Ikkuna ei mene kiinni", "Fönstret går inte att stänga", "The window does not close"),
    (Place.HALL, Fault.SAFETY, "Palovaroitin piippaa", "Brandvarnaren piper", "The smoke alarm beeps"),
    (Place.HALL, Fault.ELECTRICITY, "Pistorasia ei toimi", "Uttaget fungerar inte", "A socket does not work"),
    (
        Place.BALCONY_OR_YARD,
        Fault.SURFACE,
        "Parvekkeen maali lohkeilee",
        "Färgen på balkongen flagnar",
        "Balcony paint peels",
    ),
    (Place.STORAGE, Fault.PESTS, "Varastossa on hiiriä", "Möss i förrådet", "There are mice in the storage"),
)
DETAILS = {
    Language.FINNISH: "Huomasin asian eilen. Olen kotona arkisin kello 16 jälkeen.",
    Language.SWEDISH: "Jag märkte det i går. Jag är hemma vardagar efter klockan 16.",
    Language.ENGLISH: "I noticed it yesterday. I am at home on weekdays after 4 pm.",
}
LANGUAGES = (Language.FINNISH, Language.SWEDISH, Language.ENGLISH)
#: how far a case goes, and how common that is among those of some age
ENDINGS = ("triaged", "contractor", "working", "done", "fixed", "lapsed")
ENDING_SHARES = (6, 5, 6, 8, 60, 15)


def tell(teller: Teller) -> None:
    """Report and work so many defects, the oldest first."""
    accounts = open_crowd(_people(CASES))
    languages = dict(db.session.execute(select(Account.email, Account.language)).all())
    for number, account in enumerate(accounts):
        dice = Random(f"case {number}")
        days_ago = (len(accounts) - 1 - number) * DAYS // len(accounts)
        _tell_one(teller, account.email, languages[account.email], days_ago, dice)
        db.session.commit()


def _people(count: int) -> Sequence[Person]:
    """Adults who live in drawn homes; a person's only."""
    today = clock.today()
    cast = [f"{PREFIX}A{index:05d}" for index in HOMES]
    return db.session.scalars(
        select(Person)
        .join(Occupancy, Occupancy.person_id == Person.id)
        .join(Apartment, Apartment.id == Occupancy.apartment_id)
        .where(Apartment.register_id.like(f"{PREFIX}%"), Apartment.register_id.not_in(cast))
        .where(Occupancy.from_on < today - timedelta(days=DAYS + 1), or_(Occupancy.to_on.is_(None)))
        .where(Person.birth_on <= latest_adult_birth(today - timedelta(days=DAYS + 1)))
        .order_by(Person.register_id)
        .limit(count)
    ).all()


def _tell_one(teller: Teller, email: str, language: Language, days_ago: int, dice: Random) -> None:
    place, fault, *titles = dice.choice(TROUBLES)
    title = titles[LANGUAGES.index(language)]
    defect = teller.report(
        email, Report(place, fault, title, DETAILS[language]), teller.at(days_ago, _hour(dice, 6, 22))
    )
    if days_ago < 2:
        return
    ending = dice.choices(ENDINGS, ENDING_SHARES)[0]
    clerk = dice.choice((LAURA, LAURA, MARKUS)).email
    teller.take(clerk, defect, teller.at(days_ago - 1, _hour(dice, 8, 9)))
    teller.move(clerk, defect, "triage", teller.at(days_ago - 1, _hour(dice, 10, 15)))
    _work(teller, defect, email, clerk, ending, days_ago, dice)


def _work(teller: Teller, defect: Defect, email: str, clerk: str, ending: str, days_ago: int, dice: Random) -> None:
    if ending == "triaged":
        return
    day = max(days_ago - dice.randint(2, 6), 0)
    if ending == "contractor":
        company = teller.contractor_id(str(TIMO.contractor))
        teller.move(clerk, defect, "order", teller.at(day, _hour(dice, 8, 15)), contractor_id=company)
        return
    teller.move(clerk, defect, "start", teller.at(day, _hour(dice, 8, 10)))
    if ending == "working":
        return
    teller.move(clerk, defect, "finish", teller.at(day, _hour(dice, 11, 15)), text="Korjattu.")
    if ending == "fixed":
        teller.move(email, defect, "confirm", teller.at(max(day - 1, 0), _hour(dice, 17, 21)))
    elif ending == "lapsed" and day > 14:
        teller.move(None, defect, "lapse", teller.at(day - 14, "23:00"))


def _hour(dice: Random, first: int, last: int) -> str:
    return f"{dice.randint(first, last):02d}:{dice.randint(0, 59):02d}"
