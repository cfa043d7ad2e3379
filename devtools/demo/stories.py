"""The cases of the cast: one in each state, and every way in which one can be closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from devtools.demo import buildings, crowd, details, feedback, messages, notices
from devtools.demo.cast import AINO, ELIAS, JONAS, LAURA, LEO, MARKUS, PIRJO, TIMO
from devtools.demo.telling import Report, Teller
from heka_portal import clock
from heka_portal.domain.defects.operations import AccessFacts
from heka_portal.extensions import db
from heka_portal.models.defects import Defect
from heka_portal.vocabulary import Channel, Fault, MasterKey, Place

aino, jonas, elias, pirjo = (str(resident.email) for resident in (AINO, JONAS, ELIAS, PIRJO))
clerk, supervisor, fitter = LAURA.email, MARKUS.email, TIMO.email
company = str(TIMO.contractor)

AT_HOME = AccessFacts(MasterKey.REFUSED, pets="Koira, kiltti", has_safety_chain=True, phone="+358402976001")


def tell_all() -> None:
    """Tell every story, the oldest first, and let the crowd of others fill the inbox."""
    teller = Teller()
    for story in (*STORIES, *messages.STORIES):
        story(teller)
        db.session.commit()
    crowd.tell(teller)
    buildings.tell(teller)
    db.session.commit()
    feedback.give_all(teller)
    details.tell(teller)
    notices.tell_all(teller, supervisor, aino)
    teller.end()


def wet_cupboard(teller: Teller) -> None:
    """Reopened once: the first repair did not hold. Now it is done again, and the resident's turn."""
    report = Report(
        Place.KITCHEN,
        Fault.WATER_LEAK,
        "Allaskaapin pohja kastuu",
        "Altaan alla tippuu vettä. Kaapin pohja on joka aamu märkä, ja pohjalevy on alkanut turvota.",
        for_household=True,
        photos=("kaappi",),
    )
    leak = teller.report(aino, report, teller.at(19, "07:42"))
    teller.take(clerk, leak, teller.at(19, "08:55"))
    teller.move(clerk, leak, "triage", teller.at(19, "08:56"))
    teller.move(clerk, leak, "ask", teller.at(19, "08:58"), text="Tippuuko vettä koko ajan vai vain tiskatessa?")
    teller.write(aino, leak, "Koko ajan, mutta tiskatessa enemmän. Laitoin alle kulhon.", teller.at(19, "10:12"))
    teller.move(
        clerk,
        leak,
        "order",
        teller.at(19, "10:30"),
        contractor_id=teller.contractor_id(company),
        text="Viikon sisällä.",
    )
    visit = teller.at(17, "09:00")
    teller.move(fitter, leak, "schedule", teller.at(18, "08:10"), visit_from=visit, visit_to=visit + timedelta(hours=2))
    teller.move(fitter, leak, "start", teller.at(17, "09:12"))
    teller.move(fitter, leak, "finish", teller.at(17, "09:50"), text="Hajulukon tiiviste vaihdettu.")
    teller.move(aino, leak, "not_fixed", teller.at(15, "18:20"), text="Liitos tippuu edelleen, kaappi on taas märkä.")
    teller.note(clerk, leak, "Sama liitos. Pyydetty vaihtamaan koko hajulukko.", teller.at(14, "08:40"))
    teller.move(clerk, leak, "order", teller.at(14, "08:41"), contractor_id=teller.contractor_id(company))
    teller.move(fitter, leak, "start", teller.at(3, "10:05"))
    teller.move(fitter, leak, "finish", teller.at(3, "11:10"), text="Hajulukko ja liitos vaihdettu, pohjalevy uusittu.")
    teller.write(fitter, leak, "Kuva korjauksen jälkeen.", teller.at(3, "11:12"), photos=("korjattu-kaappi",))


def cold_bedroom(teller: Teller) -> None:
    """A visit is agreed on, for tomorrow."""
    report = Report(
        Place.BEDROOM, Fault.HEATING, "Elementet i sovrummet är kallt", "Det är 17 grader i sovrummet.", access=AT_HOME
    )
    cold = teller.report(jonas, report, teller.at(4, "21:05"))
    teller.take(clerk, cold, teller.at(3, "08:20"))
    teller.move(clerk, cold, "triage", teller.at(3, "08:21"))
    visit = clock.start_of_day(clock.date_in_helsinki(teller.now) + timedelta(days=1)) + timedelta(hours=12)
    teller.move(clerk, cold, "schedule", teller.at(2, "09:00"), visit_from=visit, visit_to=visit + timedelta(hours=2))
    teller.write(clerk, cold, "Montören ringer på dörren. Han har ett tjänstekort med sig.", teller.at(2, "09:02"))


def intercom(teller: Teller) -> None:
    """Just received."""
    report = Report(
        Place.HALL, Fault.DOOR, "The intercom does not ring", "Visitors cannot call my flat. The other buttons work."
    )
    teller.report(elias, report, teller.at(0, "07:15"))


def cracked_tile(teller: Teller) -> None:
    """Customer service has asked, and waits for an answer."""
    report = Report(
        Place.BATHROOM, Fault.SURFACE, "Kylpyhuoneen laatta on haljennut", "Halkeama kasvaa.", photos=("laatta",)
    )
    tile = teller.report(aino, report, teller.at(6, "19:30"))
    teller.move(clerk, tile, "triage", teller.at(5, "10:00"))
    teller.move(clerk, tile, "ask", teller.at(5, "10:02"), text="Onko laatan takana kosteutta tai tummentumaa?")


def broken_pane(teller: Teller) -> None:
    """Waits for a part."""
    report = Report(
        Place.LIVING_ROOM, Fault.WINDOW, "Olohuoneen ikkuna on rikki", "Ulompi lasi on säröillä.", photos=("ikkuna",)
    )
    pane = teller.report(pirjo, report, teller.at(20, "12:00"))
    teller.move(clerk, pane, "start", teller.at(18, "09:30"))
    later = clock.date_in_helsinki(teller.now) + timedelta(days=6)
    teller.move(
        clerk, pane, "await_part", teller.at(17, "13:00"), text="Lasi on tilattu mittojen mukaan.", look_again_on=later
    )


def balcony_door(teller: Teller) -> None:
    """Waits for access: the fitter found nobody at home."""
    report = Report(
        Place.BALCONY_OR_YARD, Fault.DOOR, "Parvekkeen ovi ei mene kiinni", "Ovi jää raolleen.", access=AT_HOME
    )
    door = teller.report(pirjo, report, teller.at(9, "16:40"))
    teller.move(clerk, door, "order", teller.at(8, "09:00"), contractor_id=teller.contractor_id(company))
    teller.move(fitter, door, "await_access", teller.at(2, "14:20"), text="Kukaan ei ollut kotona. Kerro sopiva aika.")


def yard_slab(teller: Teller) -> None:
    """Waits for the season."""
    report = Report(Place.YARD, Fault.OTHER, "Pihalaatta keikkuu", "Laatta C-rapun edessä keikkuu.", is_common=True)
    slab = teller.report(pirjo, report, teller.at(33, "11:11"))
    teller.move(clerk, slab, "triage", teller.at(31, "11:30"))
    spring = clock.date_in_helsinki(teller.now) + timedelta(days=150)
    teller.move(
        clerk,
        slab,
        "await_season",
        teller.at(30, "11:30"),
        text="Laatoitus korjataan, kun maa on sula.",
        look_again_on=spring,
    )


def dirty_stairs(teller: Teller) -> None:
    """Being worked on; a neighbour's report of the same was closed as its duplicate."""
    first = Report(
        Place.STAIRWELL,
        Fault.CLEANING,
        "Rappua ei ole siivottu",
        "Viimeksi kaksi viikkoa sitten.",
        is_common=True,
        photos=("portaat",),
    )
    dirt = teller.report(aino, first, teller.at(8, "08:00"))
    teller.move(clerk, dirt, "triage", teller.at(7, "09:00"))
    second = Report(Place.STAIRWELL, Fault.CLEANING, "Smutsigt i trappan", "Ingen har städat.", is_common=True)
    same = teller.report(jonas, second, teller.at(7, "17:00"))
    teller.move(clerk, same, "close_duplicate", teller.at(6, "08:30"), other_number=dirt.number)
    teller.move(clerk, dirt, "start", teller.at(6, "08:40"), text="Siivousyritys on saanut huomautuksen.")


def lift(teller: Teller) -> None:
    """Ordered from the contractor, urgent, and overdue."""
    report = Report(
        Place.LIFT,
        Fault.LIFT,
        "Hissi pysähtyy kerrosten väliin",
        "Hissi jäi jumiin kahdesti.",
        is_common=True,
        photos=("hissi",),
    )
    stuck = teller.report(pirjo, report, teller.at(5, "06:50"))
    teller.take(supervisor, stuck, teller.at(5, "08:00"))
    teller.move(
        supervisor,
        stuck,
        "order",
        teller.at(5, "08:02"),
        contractor_id=teller.contractor_id(company),
        text="Kiireellinen.",
    )


def told_on_the_phone(teller: Teller) -> None:
    """Opened by customer service for a resident without an account, who gets the receipt by post."""
    report = Report(
        Place.BATHROOM,
        Fault.DRAIN,
        "Kylpyhuoneen viemäri vetää huonosti",
        "Soittaja kertoo, että vesi jää lattialle suihkun jälkeen noin vartiksi. Haju on alkanut viime viikolla.",
        access=AccessFacts(MasterKey.ALLOWED, phone="+358402976011", call_when="aamupäivisin"),
    )
    drain = teller.report_for(clerk, LEO, report, Channel.PHONE, teller.at(1, "10:20"))
    teller.take(clerk, drain, teller.at(1, "10:26"))


def dripping_tap(teller: Teller) -> None:
    """Fixed, and confirmed by the resident."""
    report = Report(Place.BATHROOM, Fault.TAP, "Suihkuhana tippuu", "Hana tippuu yötä päivää.", photos=("hana",))
    tap = teller.report(aino, report, teller.at(48, "20:15"))
    teller.move(clerk, tap, "triage", teller.at(47, "09:10"))
    visit = teller.at(44, "10:00")
    teller.move(clerk, tap, "schedule", teller.at(46, "08:30"), visit_from=visit, visit_to=visit + timedelta(hours=2))
    teller.move(clerk, tap, "finish", teller.at(44, "11:40"), text="Hanan säätöosa vaihdettu.")
    teller.move(aino, tap, "confirm", teller.at(43, "18:00"), text="Kiitos, nyt ei tipu!")


def _closed(
    email: str, report: Report, days_ago: int, close: Callable[[Teller, Defect], object]
) -> Callable[[Teller], None]:
    def story(teller: Teller) -> None:
        close(teller, teller.report(email, report, teller.at(days_ago, "12:34")))

    return story


def unanswered(teller: Teller, defect: Defect) -> None:
    """Done, and after 14 days closed by the worker."""
    teller.move(clerk, defect, "finish", teller.at(38, "15:00"), text="Pesukone on huollettu.")
    teller.move(None, defect, "lapse", teller.at(24, "15:05"))


def bulb(teller: Teller, defect: Defect) -> None:
    """Not the landlord's duty."""
    text = "Kotisi lamput vaihdat itse. Jos valaisin ei toimi uudella lampulla, avaa asia uudelleen."
    teller.move(
        clerk, defect, "close_not_landlords", teller.at(27, "09:00"), text=text, rule_id=teller.rule_id("bulbs")
    )


def lost_key(teller: Teller, defect: Defect) -> None:
    """The resident pays."""
    text = "Lukko sarjoitetaan uudelleen. Lasku tulee seuraavan vuokran yhteydessä."
    rule = teller.rule_id("lost_key_rekeying")
    teller.move(
        clerk, defect, "close_resident_pays", teller.at(51, "10:00"), text=text, rule_id=rule, price_cents=15_000
    )


def withdrawn(teller: Teller, defect: Defect) -> None:
    """Withdrawn by the resident."""
    teller.move(elias, defect, "withdraw", teller.at(12, "20:00"), text="It works again.")


def cancelled(teller: Teller, defect: Defect) -> None:
    """Cancelled with a reason."""
    teller.move(clerk, defect, "cancel", teller.at(60, "08:15"), text="Taloon tulee peruskorjaus, jossa ovi uusitaan.")


#: the oldest first, so that numbers of rows grow with time
STORIES: tuple[Callable[[Teller], None], ...] = (
    _closed(
        pirjo,
        Report(Place.STORAGE, Fault.DOOR, "Varaston ovi vääntynyt", "Ovi ei mahdu karmiin."),
        62,
        cancelled,
    ),
    _closed(pirjo, Report(Place.HALL, Fault.DOOR, "Avain katosi", "Kotiavain on kadonnut."), 52, lost_key),
    dripping_tap,
    _closed(
        aino,
        Report(Place.LAUNDRY, Fault.OTHER, "Pesukone ei linkoa", "Kone numero 2 jättää vedet.", is_common=True),
        41,
        unanswered,
    ),
    yard_slab,
    _closed(jonas, Report(Place.KITCHEN, Fault.ELECTRICITY, "Lampan lyser inte", "Spislampan är sönder."), 28, bulb),
    broken_pane,
    wet_cupboard,
    _closed(elias, Report(Place.BEDROOM, Fault.NETWORK, "No network", "The wall socket is dead."), 13, withdrawn),
    balcony_door,
    dirty_stairs,
    cracked_tile,
    lift,
    cold_bedroom,
    told_on_the_phone,
    intercom,
)
