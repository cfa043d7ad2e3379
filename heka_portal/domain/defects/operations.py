"""Report a defect, change its access facts and its urgency, and what its moves do to it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from heka_portal import clock
from heka_portal.domain.access import Actor, Permission, Tie
from heka_portal.domain.accounts.ties import list_homes_today
from heka_portal.domain.cases.deadlines import Deadline
from heka_portal.domain.cases.operations import check_version, once, open_case, record
from heka_portal.domain.cases.queries import parts_in
from heka_portal.domain.cases.telling import mail_contractor
from heka_portal.domain.cases.workflows.defects import DEFECTS
from heka_portal.domain.defects.queries import get_promise, get_target
from heka_portal.domain.defects.rules import faults_of, places_of
from heka_portal.domain.errors import DetailNeeded, NotAllowed, NotFound
from heka_portal.domain.people.sheets import get_person
from heka_portal.extensions import db
from heka_portal.models.cases import Case, CaseEvent
from heka_portal.models.defects import Defect
from heka_portal.vocabulary import (
    Audience,
    CaseQueue,
    Channel,
    DefectArea,
    Fault,
    MasterKey,
    Part,
    Party,
    Place,
    Urgency,
    Verb,
    Visibility,
)

#: of the key of a report that no form drew
KEY_BYTES = 24
#: how often a defect may come back before it is the building manager's
BACK_TO_MANAGER = 2


@dataclass(frozen=True)
class AccessFacts:
    """How maintenance gets into the home, for this defect only."""

    master_key: MasterKey
    pets: str | None = None
    has_safety_chain: bool = False
    phone: str | None = None
    call_when: str | None = None
    is_phone_shared: bool = False


@dataclass(frozen=True)
class DefectReport:
    """What a resident reports: checked for shape by the form, for meaning here."""

    area: DefectArea
    apartment_id: int | None
    building_id: int
    place: Place
    fault: Fault
    title: str
    description: str
    noticed_on: date | None
    access: AccessFacts | None
    audience: Audience
    form_key: str


def report_defect(actor: Actor, report: DefectReport, *, now: datetime | None = None) -> tuple[Defect, CaseEvent]:
    """Open a case of a defect. Raises NotAllowed, AlreadyDone."""
    now = now or clock.now()
    if actor.person_id is None or not actor.may(Permission.DEFECT_REPORT):
        raise NotAllowed
    return _open(actor, report, owner_id=actor.person_id, home=_home_of(actor.homes, report), now=now)


def report_from(
    actor: Actor, case: Case, *, place: Place, fault: Fault, text: str, now: datetime
) -> tuple[Defect, CaseEvent]:
    """Report a defect for the owner of another case, in the same home, as customer service.

    Nobody has allowed maintenance in: that is the owner's to say. Raises NotAllowed, DetailNeeded.
    """
    area = DefectArea.HOME if place in places_of(DefectArea.HOME) else DefectArea.COMMON
    if Part.CLERK not in parts_in(actor, case, now=now):
        raise NotAllowed
    if fault not in faults_of(area):
        raise DetailNeeded("defect")
    is_home = area is DefectArea.HOME
    report = DefectReport(
        area=area,
        apartment_id=case.apartment_id if is_home else None,
        building_id=case.building_id,
        place=place,
        fault=fault,
        title=case.subject,
        description=text,
        noticed_on=None,
        access=AccessFacts(MasterKey.REFUSED) if is_home else None,
        audience=case.audience,
        form_key=secrets.token_urlsafe(KEY_BYTES),
    )
    data = {"from_number": case.number}
    return _open(actor, report, owner_id=case.owner_id, home=case, now=now, data=data)


def report_on_behalf(
    actor: Actor, report: DefectReport, *, owner_id: int, channel: Channel, now: datetime | None = None
) -> tuple[Defect, CaseEvent]:
    """Open a case for a resident who told of a defect by phone, at the desk or in a letter; they need no account.

    Raises NotAllowed, NotFound for a person or a home there is not, DetailNeeded naming what does not go together,
    AlreadyDone.
    """
    now = now or clock.now()
    if not actor.may(Permission.CASE_WORK):
        raise NotAllowed
    get_person(actor, owner_id)  # who may not see a protected person opens nothing for them
    homes = list_homes_today(owner_id, on=clock.date_in_helsinki(now))
    home = _home_of(homes, report)
    _check(report)
    return _open(actor, replace(report, audience=Audience.OWN), owner_id=owner_id, home=home, now=now, channel=channel)


def _check(report: DefectReport) -> None:
    """Whether what was told goes together. Raises DetailNeeded."""
    if report.place not in places_of(report.area):
        raise DetailNeeded("place")
    if report.fault not in faults_of(report.area):
        raise DetailNeeded("fault")
    if report.area is DefectArea.HOME and report.access is None:
        raise DetailNeeded("access")


def _open(
    actor: Actor,
    report: DefectReport,
    *,
    owner_id: int,
    home: Tie | Case,
    now: datetime,
    channel: Channel | None = None,
    data: Mapping[str, Any] | None = None,
) -> tuple[Defect, CaseEvent]:
    promise = get_promise(report.fault, now=now)
    is_home = report.area is DefectArea.HOME
    defect = Defect(
        state=DEFECTS.initial,
        subject=report.title,
        owner_id=owner_id,
        opened_by_id=actor.account_id,
        audience=report.audience if is_home else Audience.OWN,
        lease_id=home.lease_id if is_home else None,
        apartment_id=home.apartment_id if is_home else None,
        building_id=home.building_id,
        region_id=home.region_id,
        queue=CaseQueue.DEFECTS,
        urgency=promise.urgency,
        awaits=Party.STAFF,
        due_at=promise.due_at,
        target_at=promise.due_at,
        area=report.area,
        place=report.place,
        fault=report.fault,
        description=report.description,
        noticed_on=report.noticed_on,
        **_access_columns(report.access if is_home else None),
    )
    with once(report.form_key, asks_first=False):
        event = open_case(
            actor,
            defect,
            text=report.description,
            form_key=report.form_key,
            now=now,
            channel=channel,
            data=data,
        )
    return defect, event


def _home_of(homes: Iterable[Tie], report: DefectReport) -> Tie:
    """The home a report is about: one of the resident's own, or of the building whose common area it is."""
    for home in homes:
        if report.area is DefectArea.HOME and home.apartment_id == report.apartment_id and home.lease_id is not None:
            return home
        if report.area is DefectArea.COMMON and home.building_id == report.building_id:
            return home
    raise NotFound


def _access_columns(access: AccessFacts | None) -> dict[str, object]:
    if access is None:
        return {"master_key": None, "has_safety_chain": False, "is_phone_shared": False}
    return {
        "master_key": access.master_key,
        "pets": access.pets or None,
        "has_safety_chain": access.has_safety_chain,
        "phone": access.phone or None,
        "call_when": access.call_when or None,
        "is_phone_shared": bool(access.phone) and access.is_phone_shared,
    }


def access_facts(defect: Defect) -> AccessFacts | None:
    """The access facts of a defect; none of a common area's."""
    if defect.master_key is None:
        return None
    return AccessFacts(
        defect.master_key,
        defect.pets,
        defect.has_safety_chain,
        defect.phone,
        defect.call_when,
        defect.is_phone_shared,
    )


def access_for_contractor(access: AccessFacts | None) -> AccessFacts | None:
    """The same as a contractor sees it: the phone only where the resident allowed it."""
    if access is None or access.is_phone_shared:
        return access
    return replace(access, phone=None, call_when=None)


def change_access(
    actor: Actor,
    defect: Defect,
    *,
    access: AccessFacts,
    version: int | None = None,
    form_key: str | None = None,
    now: datetime | None = None,
) -> CaseEvent:
    """Change how maintenance gets in; only the owner may, while the case is open and the home is theirs.

    Raises NotAllowed, Changed, AlreadyDone.
    """
    now = now or clock.now()
    if Part.OWNER not in parts_in(actor, defect, now=now) or not actor.may(Permission.MATTER_WRITE):
        raise NotAllowed
    if defect.is_closed or defect.master_key is None or not actor.lives_at(defect.apartment_id, defect.building_id):
        raise NotAllowed
    with once(form_key):
        check_version(defect, version)
        for name, value in _access_columns(access).items():
            setattr(defect, name, value)
        return record(actor, defect, Verb.ACCESS_CHANGED, part=Part.OWNER, form_key=form_key, now=now)


def change_urgency(
    actor: Actor,
    defect: Defect,
    *,
    urgency: Urgency,
    reason: str,
    version: int | None = None,
    form_key: str | None = None,
    now: datetime | None = None,
) -> CaseEvent:
    """Change how urgent it is, with a reason: the target is counted anew from opening.

    Raises NotAllowed, DetailNeeded, Changed, AlreadyDone.
    """
    now = now or clock.now()
    if Part.CLERK not in parts_in(actor, defect, now=now) or defect.is_closed:
        raise NotAllowed
    if not reason.strip():
        raise DetailNeeded("text")
    due = get_target(urgency, on=clock.date_in_helsinki(now)).due(defect.created_at)
    with once(form_key):
        check_version(defect, version)
        before, defect.urgency = defect.urgency, urgency
        turned = Deadline(due if defect.paused_at is None else defect.due_at, due, defect.paused_at)
        defect.due_at, defect.target_at = turned.due_at, turned.target_at
        return record(
            actor,
            defect,
            Verb.URGENCY_CHANGED,
            part=Part.CLERK,
            visibility=Visibility.STAFF,
            text=reason,
            data={"from": str(before), "to": str(urgency)},
            form_key=form_key,
            now=now,
        )


def keep_visit(case: Case, *, visit_from: datetime, visit_to: datetime) -> None:
    """Effect of `schedule`: the visit agreed on."""
    defect = _defect(case)
    defect.visit_from, defect.visit_to = visit_from, visit_to


def keep_contractor(case: Case, *, contractor_id: int) -> None:
    """Effect of `order`: whose job it is now."""
    case.contractor_id = contractor_id
    mail_contractor(case)


def keep_done(case: Case, *, now: datetime) -> None:
    """Effect of `finish`: the resident's time to check runs from now."""
    _defect(case).done_at = now


def keep_reopened(case: Case) -> None:
    """Effect of a reopening: counted; the second time it is the building manager's."""
    case.reopened_count += 1
    defect = _defect(case)
    defect.done_at = defect.visit_from = defect.visit_to = None
    if case.reopened_count >= BACK_TO_MANAGER:
        case.queue = CaseQueue.BUILDING_MANAGEMENT


def _defect(case: Case) -> Defect:
    if not isinstance(case, Defect):
        raise NotFound
    db.session.flush()
    return case
