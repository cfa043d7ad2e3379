"""The messages of the cast: one in each state, and every way in which one can be closed."""

from __future__ import annotations

from collections.abc import Callable

from devtools.demo.cast import AINO, ELIAS, JONAS, LAURA, LEO, MARKUS, PIRJO
from devtools.demo.telling import Message, Teller
from heka_portal.domain.enquiries.operations import change_sensitivity, change_topic
from heka_portal.domain.enquiries.queries import get_topic
from heka_portal.vocabulary import Channel, Fault, Place

aino, jonas, elias, pirjo = (str(resident.email) for resident in (AINO, JONAS, ELIAS, PIRJO))
clerk, supervisor = LAURA.email, MARKUS.email


def bicycles(teller: Teller) -> None:
    """Closed by its writer: answered."""
    words = Message("building_management", "Pyörävarastoon ei mahdu", "Varastossa on paljon hylättyjä pyöriä.")
    full = teller.write_message(pirjo, words, teller.at(40, "17:20"))
    teller.move(clerk, full, "take_up", teller.at(39, "09:00"))
    text = "Hylätyt pyörät merkitään viikolla 44 ja viedään pois kuukauden päästä."
    teller.move(clerk, full, "answer", teller.at(38, "13:10"), text=text)
    teller.move(pirjo, full, "settle", teller.at(37, "08:30"))


def thanks(teller: Teller) -> None:
    """Closed: a thank-you needs no answer."""
    words = Message("customer_service", "Kiitos huollolle", "Hana korjattiin nopeasti ja siististi. Kiitos!")
    kind = teller.write_message(aino, words, teller.at(30, "19:40"))
    teller.move(clerk, kind, "close_unneeded", teller.at(29, "08:20"))


def dripping_radiator(teller: Teller) -> None:
    """Turned into a defect notification."""
    words = Message("customer_service", "Patteri tiputtaa vettä", "Olohuoneen patterin alla on lätäkkö joka aamu.")
    drips = teller.write_message(pirjo, words, teller.at(11, "07:55"))
    text = "Tein tästä vikailmoituksen. Huolto ottaa sinuun yhteyttä."
    teller.move(
        clerk,
        drips,
        "to_defect",
        teller.at(11, "09:05"),
        text=text,
        place=Place.LIVING_ROOM,
        fault=Fault.HEATING,
    )


def payment_plan(teller: Teller) -> None:
    """Sensitive, and answered: the resident's turn."""
    words = Message(
        "rent_payment", "Maksuaika joulukuun vuokralle", "Jäin lomautetuksi. Voinko maksaa kahdessa erässä?"
    )
    asked = teller.write_message(aino, words, teller.at(5, "21:15"))
    actor = teller.actor(clerk, teller.at(4, "08:40"))
    change_sensitivity(actor, asked, is_sensitive=True, now=teller.at(4, "08:40"))
    text = "Voit. Maksa puolet 4.12. mennessä ja loput 4.1. mennessä. Korkoa ei tule, jos pidät päivät."
    teller.move(clerk, asked, "answer", teller.at(3, "10:00"), text=text)


def meeting(teller: Teller) -> None:
    """Moved to another topic, and being answered by the manager of the building."""
    words = Message("customer_service", "Boendemötet i våras", "Var finns protokollet från boendemötet i april?")
    minutes = teller.write_message(jonas, words, teller.at(2, "12:05"))
    at = teller.at(2, "14:30")
    change_topic(teller.actor(clerk, at), minutes, topic_id=get_topic("tenant_democracy").id, now=at)
    teller.move(clerk, minutes, "take_up", teller.at(1, "09:00"))


def sublet(teller: Teller) -> None:
    """Asked for more."""
    words = Message(
        "customer_service", "A flatmate for the spring", "May a friend move in with me from January to May?"
    )
    flatmate = teller.write_message(elias, words, teller.at(4, "16:00"))
    teller.move(clerk, flatmate, "ask_more", teller.at(3, "09:30"), text="Which room would your friend live in?")


def two_invoices(teller: Teller) -> None:
    """Just received; the earlier round was answered, and its writer has opened it again."""
    words = Message("rent_payment", "Kaksi laskua samalta kuulta", "Sain marraskuulta kaksi laskua. Kumman maksan?")
    twice = teller.write_message(aino, words, teller.at(20, "18:00"))
    teller.move(clerk, twice, "answer", teller.at(19, "11:00"), text="Toinen on vesimaksun tasaus. Maksa molemmat.")
    teller.move(None, twice, "rest", teller.at(5, "11:05"))
    teller.write(aino, twice, "Tasauslaskun viitenumero ei kelpaa pankissa.", teller.at(0, "07:45"))


def asked_at_the_desk(teller: Teller) -> None:
    """Opened by customer service for a resident without an account, who takes the receipt along."""
    words = Message(
        "rent_payment",
        "Vuokran eräpäivä",
        "Asiakas kysyy, voiko eräpäivän siirtää kuun viidenneksi, palkkapäiväksi.",
    )
    due = teller.write_message_for(clerk, LEO, words, Channel.DESK, teller.at(1, "13:05"))
    teller.take(clerk, due, teller.at(1, "13:07"))


STORIES: tuple[Callable[[Teller], None], ...] = (
    bicycles,
    thanks,
    two_invoices,
    dripping_radiator,
    payment_plan,
    sublet,
    meeting,
    asked_at_the_desk,
)
