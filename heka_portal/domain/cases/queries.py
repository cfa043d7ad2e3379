"""Read one case; each query takes the actor and returns only what the actor may see."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from heka_portal import clock
from heka_portal.database import footprint
from heka_portal.domain.access import Actor
from heka_portal.domain.cases.rules import Standing, parts_of
from heka_portal.domain.cases.workflow import Parts
from heka_portal.domain.errors import NotFound
from heka_portal.extensions import db
from heka_portal.models.cases import Case, CaseParticipant
from heka_portal.vocabulary import ParticipantRole

_FOLLOWS = select(CaseParticipant.role).where(
    CaseParticipant.person_id == bindparam("person_id"), CaseParticipant.case_id == bindparam("case_id")
)


def parts_in(actor: Actor, case: Case, *, now: datetime | None = None) -> Parts:
    """The parts the actor has in the case; none: it is not theirs to see."""
    follows = None
    if actor.person_id is not None and case.lease_id is None and case.owner_id != actor.person_id:
        follows = db.session.scalar(_FOLLOWS, {"person_id": actor.person_id, "case_id": case.id})
    return parts_of(actor, standing_of(case, follows), now=now or clock.now())


def standing_of(case: Case, follows_as: ParticipantRole | None = None) -> Standing:
    """What a part in this case follows from."""
    return Standing(
        case.owner_id, case.lease_id, case.building_id, case.audience, case.contractor_id, case.closed_at, follows_as
    )


def check_visible(actor: Actor, case: Case | None, *, now: datetime | None = None) -> Parts:
    """The actor's parts in a case they may see. Raises NotFound, for absent and for another's alike."""
    parts = parts_in(actor, case, now=now) if case is not None else frozenset()
    if not parts:
        raise NotFound
    return parts


def get_case(actor: Actor, number: int, *, for_update: bool = False) -> Case:
    """A case the actor may see, by its number. Raises NotFound."""
    statement = select(Case).where(Case.number == number)
    case = db.session.scalar(statement.with_for_update(of=Case) if for_update else statement)
    check_visible(actor, case)
    assert case is not None  # noqa: S101 - check_visible has raised otherwise
    return case


def get_case_by_id(actor: Actor, case_id: int) -> Case:
    """A case the actor may see, by its id: for what hangs on it, a file. Raises NotFound."""
    case = db.session.get(Case, case_id)
    check_visible(actor, case)
    assert case is not None  # noqa: S101 - check_visible has raised otherwise
    return case


def mark_read(actor: Actor, case: Case) -> None:
    """Leave the read mark of a participant: a footprint, in a transaction of its own."""
    if actor.person_id is None or case.last_public_event_id is None:
        return
    with footprint(db) as connection:
        connection.execute(
            update(CaseParticipant.__table__)  # type: ignore[arg-type]
            .where(
                CaseParticipant.person_id == actor.person_id,
                CaseParticipant.case_id == case.id,
                func.coalesce(CaseParticipant.seen_event_id, 0) < case.last_public_event_id,
            )
            .values(seen_event_id=case.last_public_event_id)
        )


def is_unread(actor: Actor, case: Case) -> bool:
    """Whether the participant has not seen the case's last public event."""
    if actor.person_id is None:
        return False
    seen = db.session.execute(
        select(CaseParticipant.seen_event_id).where(
            CaseParticipant.person_id == actor.person_id, CaseParticipant.case_id == case.id
        )
    ).first()
    return seen is not None and (seen[0] or 0) < (case.last_public_event_id or 0)
