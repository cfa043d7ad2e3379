"""Do through the domain's own operations what a history says was done, and compare what comes of it."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from sqlalchemy import inspect, select

from devtools.demo.telling import Teller
from heka_portal.domain.cases.operations import assign, follow, note, say
from heka_portal.domain.casework.operations import Details, make_move
from heka_portal.domain.defects.operations import DefectReport, access_facts, change_urgency, report_defect
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, StaffMember
from heka_portal.models.cases import CaseEvent, CaseParticipant, CaseText
from heka_portal.models.defects import Defect
from heka_portal.vocabulary import Urgency, Verb

#: what differs between a case and its replay
OWN = {"id", "number", "last_event_id", "last_public_event_id"}
EVENT = ("at", "actor_id", "part", "verb", "move", "visibility", "text", "from_state", "to_state", "data")


def replay(defect: Defect, teller: Teller) -> Defect:
    """The same case once more, by the people of the first, at the times of the first."""
    opened, *events = list_events(defect)
    again = _report(defect, opened, teller)
    for event in events:
        actor = _actor(event, teller)
        if event.verb is Verb.MOVED:
            make_move(actor, again, move=str(event.move), details=_details(event), now=event.at)
        elif event.verb is Verb.SAID:
            say(actor, again, text=event.text or "", now=event.at)
        elif event.verb is Verb.NOTED:
            note(actor, again, text=event.text or "", now=event.at)
        elif event.verb is Verb.ASSIGNED:
            assign(actor, again, handler=db.session.get(StaffMember, event.data["staff_id"]), now=event.at)
        elif event.verb is Verb.FOLLOWED:
            follow(actor, again, now=event.at)
        else:
            assert event.verb is Verb.URGENCY_CHANGED
            change_urgency(actor, again, urgency=Urgency(event.data["to"]), reason=event.text or "", now=event.at)
        db.session.commit()
    return again


def list_events(defect: Defect) -> list[CaseEvent]:
    """The timeline."""
    return list(db.session.scalars(select(CaseEvent).where(CaseEvent.case_id == defect.id).order_by(CaseEvent.id)))


def _actor(event, teller):
    email = db.session.scalar(select(Account.email).where(Account.id == event.actor_id))
    return teller.actor(email, event.at) if email else None


def _report(defect: Defect, opened: CaseEvent, teller: Teller) -> Defect:
    urgency = next((e.data["from"] for e in list_events(defect) if e.verb is Verb.URGENCY_CHANGED), defect.urgency)
    again, _ = report_defect(
        _actor(opened, teller),
        DefectReport(
            area=defect.area,
            apartment_id=defect.apartment_id,
            building_id=defect.building_id,
            place=defect.place,
            fault=defect.fault,
            title=defect.subject,
            description=defect.description,
            noticed_on=defect.noticed_on,
            access=access_facts(defect),
            audience=defect.audience,
            form_key=secrets.token_urlsafe(24),
        ),
        now=opened.at,
    )
    assert again.urgency == urgency
    db.session.commit()
    return again


def _details(event: CaseEvent) -> Details:
    data = {name: value for name, value in event.data.items() if name != "outcome"}
    for name in ("visit_from", "visit_to"):
        if name in data:
            data[name] = datetime.fromisoformat(data[name])
    if "look_again_on" in data:
        data["look_again_on"] = date.fromisoformat(data["look_again_on"])
    return Details(text=event.text or "", **data)


def columns_of(defect: Defect) -> dict[str, object]:
    """All that must be the same."""
    db.session.refresh(defect)
    return {column.key: getattr(defect, column.key) for column in inspect(Defect).column_attrs if column.key not in OWN}


def lines_of(defect: Defect) -> list[tuple[object, ...]]:
    """The timeline without its ids and keys."""
    return [tuple(getattr(event, name) for name in EVENT) for event in list_events(defect)]


def words_of(defect: Defect) -> list[str]:
    """The lines a case is found by; the first is its number."""
    body = db.session.scalars(select(CaseText.body).where(CaseText.case_id == defect.id)).one()
    number, *rest = body.split("\n")
    assert number == str(defect.number)
    return rest


def people_of(defect: Defect) -> set[tuple[object, ...]]:
    """Those who take part; what they have read is their own matter."""
    rows = db.session.execute(
        select(CaseParticipant.person_id, CaseParticipant.role, CaseParticipant.created_at).where(
            CaseParticipant.case_id == defect.id
        )
    )
    return {tuple(row) for row in rows}
