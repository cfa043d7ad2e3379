"""Notices of the demo: one or more of each kind, one urgent, one to be acknowledged, one without Swedish."""

# ruff: noqa: E501 - a paragraph stands on one line, as it is typed into the form

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from devtools.demo.telling import Teller
from heka_portal.domain.access import Actor
from heka_portal.domain.notices.operations import publish_notice, write_notice
from heka_portal.domain.notices.rules import EVERYWHERE, Content, Place, Words
from heka_portal.extensions import db
from heka_portal.models.notices import NoticeMailing
from heka_portal.vocabulary import Language, NoticeKind

FI, SV, EN = Language


@dataclass(frozen=True)
class Story:
    """A notice, how many days ago it was told, and at what hour."""

    days_ago: int
    hour: str
    kind: NoticeKind
    words: dict[Language, tuple[str, str]]
    days: int = 30
    is_everywhere: bool = False
    is_urgent: bool = False
    is_pinned: bool = False
    asks: bool = False
    #: that which is told of happens so many days from now, from one hour to another
    happens: tuple[int, str, str] | None = field(default=None)


STORIES = (
    Story(
        45,
        "10:00",
        NoticeKind.GENERAL,
        {
            FI: (
                "Biojätteen keräys muuttuu marraskuussa",
                "Astia tyhjennetään tiistaisin ja perjantaisin. Laita biojäte paperipussiin tai kääri se sanomalehteen.",
            ),
            SV: (
                "Insamlingen av bioavfall ändras i november",
                "Kärlet töms på tisdagar och fredagar. Lägg bioavfallet i en papperspåse eller vira in det i tidningspapper.",
            ),
            EN: (
                "Biowaste collection changes in November",
                "The bin is emptied on Tuesdays and Fridays. Put biowaste in a paper bag or wrap it in newspaper.",
            ),
        },
    ),
    Story(
        25,
        "09:00",
        NoticeKind.RENT_CHANGE,
        {
            FI: (
                "Vuokra ei nouse 1.1.",
                "Kerromme, mistä vuokrasi koostuu ja mihin rahat käytetään.\n\n- Hoitokulut: lämmitys, vesi, siivous\n- Korjaukset\n- Lainat ja korot\n\nVuokrasi pysyy samana koko ensi vuoden.",
            ),
            SV: (
                "Hyran höjs inte 1.1",
                "Vi berättar vad din hyra består av och vad pengarna används till.\n\n- Skötsel: värme, vatten, städning\n- Reparationer\n- Lån och räntor\n\nDin hyra är densamma hela nästa år.",
            ),
            EN: (
                "The rent does not rise on 1 January",
                "We tell you what your rent is made of and what the money is used for.\n\n- Upkeep: heating, water, cleaning\n- Repairs\n- Loans and interest\n\nYour rent stays the same all next year.",
            ),
        },
        days=90,
        is_everywhere=True,
    ),
    Story(
        21,
        "13:30",
        NoticeKind.WORKS,
        {
            FI: (
                "Porrashuoneiden maalaus alkaa",
                "Työ kestää kaksi viikkoa portaassa. Päivisin voi olla **maalin hajua**.\n\nÄlä nojaa seiniin. Vie rattaat ja pyörät varastoon.",
            ),
            EN: (
                "Painting of the stairwells begins",
                "The work takes two weeks a stairwell. There may be a **smell of paint** in the daytime.\n\nDo not lean on the walls. Take prams and bicycles to the storage.",
            ),
        },
        days=60,
    ),
    Story(
        4,
        "08:30",
        NoticeKind.SAFETY,
        {
            FI: (
                "Pelastussuunnitelma on päivitetty",
                "Uusi kokoontumispaikka on **leikkipuiston portti**.\n\n## Näin toimit palossa\n\n1. Pelasta ne, jotka ovat vaarassa.\n2. Sulje ovet perässäsi.\n3. Soita 112 turvallisesta paikasta.",
            ),
            SV: (
                "Räddningsplanen är uppdaterad",
                "Den nya samlingsplatsen är **lekparkens port**.\n\n## Så gör du vid brand\n\n1. Rädda dem som är i fara.\n2. Stäng dörrarna efter dig.\n3. Ring 112 från en trygg plats.",
            ),
            EN: (
                "The rescue plan is updated",
                "The new meeting place is **the gate of the playground**.\n\n## In a fire\n\n1. Help those in danger.\n2. Close the doors behind you.\n3. Call 112 from a safe place.",
            ),
        },
        days=90,
        asks=True,
    ),
    Story(
        3,
        "12:00",
        NoticeKind.MEETING,
        {
            FI: (
                "Asukaskokous kerhohuoneessa",
                "Valitaan asukastoimikunta ensi vuodeksi. Voit ehdottaa asioita viikkoa ennen kokousta.\n\nKahvitarjoilu. Lapset ovat tervetulleita.",
            ),
            SV: (
                "Invånarmöte i klubbrummet",
                "Vi väljer invånarkommitté för nästa år. Du kan föreslå ärenden en vecka före mötet.\n\nKaffeservering. Barn är välkomna.",
            ),
            EN: (
                "Residents' meeting in the club room",
                "We choose the residents' committee for next year. You can suggest matters until a week before.\n\nCoffee is served. Children are welcome.",
            ),
        },
        is_pinned=True,
        happens=(14, "18:00", "20:00"),
    ),
    Story(
        1,
        "13:10",
        NoticeKind.SERVICE_BREAK,
        {
            FI: (
                "Sähkökatko ylihuomenna klo 9–11",
                "Hissi ja pesutupa eivät toimi. Kodeissa sähköt ovat poissa noin kaksi tuntia.\n\n## Mitä sinun pitää tehdä\n\n- Sammuta liesi, uuni ja kiuas ennen kello yhdeksää.\n- Irrota tietokone ja televisio pistorasiasta.\n- Pidä jääkaapin ja pakastimen ovi kiinni.\n\n## Tarvitsetko sähköä laitteeseen, joka pitää sinut terveenä?\n\nSoita meille viimeistään huomenna: [09 5767 3000](tel:+358957673000).",
            ),
            SV: (
                "Elavbrott i övermorgon kl. 9–11",
                "Hissen och tvättstugan fungerar inte. Hemmen är utan el i ungefär två timmar.\n\n## Det här ska du göra\n\n- Stäng av spisen, ugnen och bastuugnen före klockan nio.\n- Dra ut datorns och televisionens kontakt.\n- Håll dörrarna till kylskåpet och frysen stängda.\n\n## Behöver du el till en apparat som håller dig frisk?\n\nRing oss senast i morgon: [09 5767 3000](tel:+358957673000).",
            ),
            EN: (
                "Power cut the day after tomorrow, 9 to 11",
                "The lift and the laundry do not work. Homes have no electricity for about two hours.\n\n## What you have to do\n\n- Turn off the cooker, the oven and the sauna stove before nine.\n- Unplug the computer and the television.\n- Keep the doors of the fridge and the freezer closed.\n\n## Do you need electricity for a device that keeps you well?\n\nCall us tomorrow at the latest: [09 5767 3000](tel:+358957673000).",
            ),
        },
        days=4,
        is_urgent=True,
        happens=(2, "09:00", "11:00"),
    ),
)
#: written and not told yet
DRAFT = Story(
    0,
    "00:01",
    NoticeKind.GENERAL,
    {FI: ("Talvikunnossapito", "Huolto hiekoittaa pihan joka aamu kello seitsemään mennessä.")},
)


def tell_all(teller: Teller, writer: str, resident: str) -> None:
    """Tell every notice to the building of a resident, or to everybody; leave a draft. No mail of the demo goes out."""
    building_id = teller.actor(resident, teller.now).homes[0].building_id
    for story in STORIES:
        at = teller.at(story.days_ago, story.hour)
        notice = write_notice(teller.actor(writer, at), _content(teller, story, building_id, at), now=at)
        publish_notice(teller.actor(writer, at), notice, version=notice.version, now=at)
        mailing = db.session.get_one(NoticeMailing, notice.id)
        mailing.finished_at = at
    write_notice(_writer(teller, writer), _content(teller, DRAFT, building_id, teller.now), now=teller.now)
    db.session.commit()


def _writer(teller: Teller, email: str) -> Actor:
    return teller.actor(email, teller.now)


def _content(teller: Teller, story: Story, building_id: int, at: datetime) -> Content:
    begins = ends = None
    if story.happens is not None:
        days, first, last = story.happens
        begins, ends = (teller.coming(days, hour) for hour in (first, last))
    return Content(
        kind=story.kind,
        words={language: Words(title, body) for language, (title, body) in story.words.items()},
        places=(EVERYWHERE,) if story.is_everywhere else (Place(building_id=building_id),),
        visible_to=at + timedelta(days=story.days),
        happens_from=begins,
        happens_to=ends,
        is_pinned=story.is_pinned,
        is_urgent=story.is_urgent,
        asks_acknowledgement=story.asks,
    )
