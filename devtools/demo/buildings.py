"""What staff keep of the demo's buildings: texts, rescue plans, documents, a calendar. One building lacks its plan."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from devtools.demo import calendars
from devtools.demo.cast import EEVA_JOKINEN, JONAS, MARKUS
from devtools.demo.places import building_id as register_id_of
from devtools.demo.telling import Teller
from heka_portal import clock
from heka_portal.domain.attachments.operations import receive_file
from heka_portal.domain.buildings.documents import NewDocument, add_document
from heka_portal.domain.buildings.drafting import (
    plan_fingerprint,
    publish,
    start_draft,
    text_fingerprint,
    write_plan_text,
)
from heka_portal.domain.buildings.plans import acknowledge, read_plan_texts
from heka_portal.domain.buildings.texts import texts_fingerprint, write_texts
from heka_portal.extensions import db
from heka_portal.integrations.pdf import bullets, paragraph, write_pdf
from heka_portal.models.buildings import RescuePlan
from heka_portal.models.homes import Building
from heka_portal.vocabulary import BuildingTextKind, DocumentAudience, DocumentKind, Language, PlanPart
from heka_portal.web.files import storage

FI, SV, EN = Language.FINNISH, Language.SWEDISH, Language.ENGLISH
manager, supervisor = EEVA_JOKINEN.email, MARKUS.email

TEXTS: Mapping[BuildingTextKind, Mapping[Language, str]] = {
    BuildingTextKind.WASTE: {
        FI: "Jätekatos on pihan perällä C-rapua vastapäätä. Avain on sama kuin ulko-oveen.\n\n"
        "- Sekajäte, biojäte, kartonki, muovi, lasi ja metalli\n"
        "- Huonekalut ja sähkölaitteet vie itse Sortti-asemalle\n\nPahvilaatikot litistetään.",
        SV: "Sopskjulet står längst bak på gården mitt emot trappa C. Nyckeln är densamma som till ytterdörren.\n\n"
        "- Blandavfall, bioavfall, kartong, plast, glas och metall\n"
        "- Möbler och elapparater för du själv till en Sortti-station\n\nPlatta till papplådorna.",
        EN: "The waste shelter is at the back of the yard, opposite staircase C. Your front door key opens it.\n\n"
        "- Mixed waste, bio waste, cardboard, plastic, glass and metal\n"
        "- Take furniture and electrical devices to a Sortti station yourself",
    },
    BuildingTextKind.LAUNDRY: {
        FI: "Pesutupa on A-rapun kellarissa, joka päivä kello 7-21. Varaa vuoro pesutuvan taululta.\n\n"
        "Huuhtele kone ja tyhjennä nukkasihti, kun lähdet.",
        SV: "Tvättstugan finns i källaren i trappa A, varje dag klockan 7-21. Boka tid på tavlan i tvättstugan.",
    },
    BuildingTextKind.SAUNA: {
        FI: "Saunavuorot ovat keskiviikosta lauantaihin. Vapaan vuoron saat isännöitsijältä.",
    },
    BuildingTextKind.PARKING: {
        FI: "Pihalla on 24 paikkaa, joista neljässä on latauspiste. Paikka varataan asiakaspalvelusta.\n\n"
        "Vieraspaikoilla saa pysäköidä neljä tuntia kiekolla.",
        SV: "På gården finns 24 platser, fyra av dem med laddning. Du bokar en plats hos kundtjänsten.\n\n"
        "På gästplatserna får du stå fyra timmar med p-skiva.",
    },
    BuildingTextKind.INTERNET: {
        FI: "Talossa on valokuitu. Vuokraan kuuluu 50 Mbit/s: kytke reititin olohuoneen pistorasiaan.",
        SV: "Huset har fiber. I hyran ingår 50 Mbit/s: koppla routern till uttaget i vardagsrummet.",
        EN: "The building has fibre. The rent includes 50 Mbit/s: connect your router to the living room socket.",
    },
}

PLAN: Mapping[Language, Mapping[PlanPart, str]] = {
    FI: {
        PlanPart.RISKS: "Talossa on arvioitu vaarat lokakuussa. Tärkeimmät ovat:\n\n"
        "- keittiöpalo ja vartioimatta jätetty kynttilä\n- tavarat rappukäytävässä ja kellarikäytävällä\n"
        "- vesivuoto pesukoneesta tai hanasta\n- kaatuminen liukkaalla pihalla",
        PlanPart.ARRANGEMENTS: "Jokaisessa kodissa on sähköverkkoon kytketty palovaroitin. Kokeile sitä kerran "
        "kuussa ja ilmoita viasta heti.\n\n"
        "- Käsisammutin on joka rapun 1. kerroksessa ja pesutuvassa\n"
        "- Savunpoiston avaa pelastuslaitos\n- Pelastustie kulkee Kontulankaarelta pihan läpi: älä pysäköi sille\n"
        "- Kokoontumispaikka on leikkipaikan keinujen luona\n- Veden ja lämmön pääsulut ovat A-rapun kellarissa",
        PlanPart.INSTRUCTIONS: "Jos kotonasi palaa:\n\n1. Pelasta vaarassa olevat ja varoita muita.\n"
        "2. Sammuta alkupalo, jos se on turvallista.\n3. Sulje ovi, kun lähdet. Älä käytä hissiä.\n"
        "4. Soita 112 turvallisessa paikassa.\n5. Mene kokoontumispaikalle ja opasta auttajat.\n\n"
        "Jos rappukäytävässä on savua, jää kotiin. Pidä ovi kiinni, tiivistä se märillä pyyhkeillä ja mene "
        "ikkunaan tai parvekkeelle näkyville.\n\nJos vesi vuotaa, sulje hana tai kodin sulku ja soita "
        "kiireellisten vikojen numeroon.",
        PlanPart.PREPAREDNESS: "Väestönsuoja on B-rapun kellarissa. Se tyhjennetään 72 tunnissa, kun viranomainen "
        "käskee.\n\nVaraa kotiin vettä, ruokaa, lääkkeet, patteriradio ja taskulamppu kolmeksi vuorokaudeksi. "
        "Yleinen vaaramerkki on minuutin nouseva ja laskeva ääni: mene sisään, sulje ilmanvaihto ja kuuntele radiota.",
    },
    SV: {
        PlanPart.RISKS: "Farorna i huset bedömdes i oktober. De viktigaste är:\n\n"
        "- köksbrand och ljus utan tillsyn\n- saker i trapphuset och i källargången\n"
        "- vattenläcka från tvättmaskin eller kran\n- fall på en hal gård",
        PlanPart.ARRANGEMENTS: "Varje hem har en brandvarnare som är kopplad till elnätet. Prova den en gång i "
        "månaden och anmäl fel genast.\n\n- Handsläckare finns på våning 1 i varje trappa och i tvättstugan\n"
        "- Räddningsvägen går från Gårdsbackabågen genom gården: parkera inte på den\n"
        "- Samlingsplatsen är vid lekplatsens gungor",
        PlanPart.INSTRUCTIONS: "Om det brinner hos dig:\n\n1. Rädda dem som är i fara och varna andra.\n"
        "2. Släck om det är tryggt.\n3. Stäng dörren när du går. Använd inte hissen.\n"
        "4. Ring 112 på en trygg plats.\n5. Gå till samlingsplatsen och visa vägen för hjälparna.\n\n"
        "Om det finns rök i trapphuset, stanna hemma med dörren stängd och visa dig i fönstret.",
        PlanPart.PREPAREDNESS: "Skyddsrummet finns i källaren i trappa B. Ha vatten, mat, mediciner, en batteriradio "
        "och en ficklampa hemma för tre dygn.",
    },
}

#: title, lead and points
RULES = (
    "Järjestyssäännöt",
    "Rappukäytävissä, kellarissa ja pihalla ei säilytetä tavaroita. Ovet pidetään kiinni.",
    ("Hiljaisuus on kello 22-7.", "Lemmikit pidetään kytkettyinä pihalla.", "Tupakointi on kielletty koko talossa."),
)
CARE = (
    "Kodin hoito-ohje",
    "Näillä hoidat kotiasi niin, että kaikki toimii.",
    (
        "Kokeile palovaroitin kerran kuussa.",
        "Puhdista lattiakaivo neljästi vuodessa.",
        "Pese liesituulettimen suodatin.",
    ),
)
MOVING = (
    "Muutto-opas",
    "Ennen muuttoa siivoa koti, tyhjennä varasto ja palauta kaikki avaimet.",
    ("Muuttopäivä on kuun ensimmäinen arkipäivä.", "Ilmoita uusi osoitteesi.", "Muista sähkösopimus."),
)


def tell(teller: Teller) -> None:
    """Write what there is of the first building; the second has texts, but no rescue plan yet, only a draft."""
    first, second = (_building(number) for number in (0, 1))
    assert first is not None  # noqa: S101 - the smallest demo has one building
    _texts(teller, manager, first, TEXTS)
    calendars.tell(teller, first)
    _publish(teller, first, 300, {FI: PLAN[FI]})
    version = _publish(teller, first, 12, PLAN)
    read_at = teller.at(3, "18:00")
    acknowledge(teller.actor(str(JONAS.email), read_at), first, version.version, now=read_at)
    if second is not None:
        _texts(teller, supervisor, second, {BuildingTextKind.WASTE: {FI: TEXTS[BuildingTextKind.WASTE][FI]}})
        _draft(teller, supervisor, second, 2, {FI: {PlanPart.RISKS: PLAN[FI][PlanPart.RISKS]}})
    for kind, audience, (title, lead, points) in (
        (DocumentKind.HOUSE_RULES, DocumentAudience.RESIDENTS, RULES),
        (DocumentKind.INSTRUCTIONS, DocumentAudience.MAIN_TENANTS, CARE),
    ):
        _document(teller, manager, first, NewDocument(kind, audience, FI, title), lead, points)
    guide = NewDocument(
        DocumentKind.MOVING_GUIDE, DocumentAudience.EVERYONE, FI, MOVING[0], "Flyttguide", "Moving guide"
    )
    _document(teller, supervisor, first, guide, *MOVING[1:])


def _building(number: int) -> int | None:
    return db.session.scalar(select(Building.id).where(Building.register_id == register_id_of(number)))


def _texts(
    teller: Teller, email: str, building_id: int, texts: Mapping[BuildingTextKind, Mapping[Language, str]]
) -> None:
    at = teller.at(40, "10:00")
    for kind, written in texts.items():
        write_texts(
            teller.actor(email, at), building_id, kind=kind, texts=written, drawn_from=texts_fingerprint({}), now=at
        )


def _draft(
    teller: Teller, email: str, building_id: int, days_ago: int, texts: Mapping[Language, Mapping[PlanPart, str]]
) -> RescuePlan:
    at = teller.at(days_ago, "09:00")
    actor = teller.actor(email, at)
    draft = start_draft(actor, building_id, now=at)
    for language, parts in texts.items():
        seen = text_fingerprint(read_plan_texts(draft.id).get(language))
        write_plan_text(actor, draft.id, language, parts=parts, drawn_from=seen, now=at)
    return draft


def _publish(
    teller: Teller, building_id: int, days_ago: int, texts: Mapping[Language, Mapping[PlanPart, str]]
) -> RescuePlan:
    """A version that has been told long since."""
    draft, at = _draft(teller, manager, building_id, days_ago, texts), teller.at(days_ago, "09:30")
    plan = publish(
        teller.actor(manager, at),
        draft.id,
        valid_from=clock.date_in_helsinki(at) + timedelta(days=1),
        drawn_from=plan_fingerprint(read_plan_texts(draft.id)),
        now=at,
    )
    plan.told_to_id = None
    db.session.flush()
    return plan


def _document(
    teller: Teller, email: str, building_id: int, document: NewDocument, lead: str, points: tuple[str, ...]
) -> None:
    at = teller.at(30, "13:00")
    data: dict[str, Any] = {"title": document.title_fi, "blocks": [paragraph(lead), bullets(points)], "footer": "Heka"}
    content = write_pdf("letter", data, language=document.language)
    file = receive_file(content, name=f"{document.title_fi}.pdf", put=storage().put)
    add_document(teller.actor(email, at), building_id, document, file=file, form_key=secrets.token_urlsafe(24), now=at)
