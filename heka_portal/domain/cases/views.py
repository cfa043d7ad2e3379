"""One case of any kind as somebody who takes part in it opens it, in one query; and what of it is sensitive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased, with_polymorphic

from heka_portal import clock
from heka_portal.domain.access import Actor
from heka_portal.domain.cases.queries import check_visible, standing_of
from heka_portal.domain.cases.rules import may_read, parts_of
from heka_portal.domain.cases.workflow import Parts
from heka_portal.domain.errors import NotFound, NotFresh
from heka_portal.extensions import db
from heka_portal.models.cases import Case, CaseParticipant
from heka_portal.models.defects import Defect
from heka_portal.models.enquiries import Enquiry, Topic
from heka_portal.models.homes import Apartment, Building

#: a case with the columns of its kind, whichever it is
_ANY: Any = with_polymorphic(Case, [Defect, Enquiry])
_ABOUT = aliased(Case)


@dataclass(frozen=True)
class CaseView:
    """A case as one who takes part in it opens it: their parts, whether there is news, and where it is."""

    case: Case
    parts: Parts
    is_unread: bool
    street_address: str
    staircase: str | None
    home_number: str | None
    #: of a message: its topic, and the number of the case it is about
    topic: Topic | None = None
    about_number: int | None = None

    @property
    def address(self) -> str:
        """The home's address, or the building's."""
        return " ".join(part for part in (self.street_address, self.staircase, self.home_number) if part)

    @property
    def is_sensitive(self) -> bool:
        """Whether the message or its topic was marked so."""
        return _is_sensitive(self.case, self.topic)

    def check_readable(self, actor: Actor, *, now: datetime) -> None:
        """Let the words be shown. Raises NotFresh where the reader has to be identified first."""
        if not may_read(actor, is_sensitive=self.is_sensitive, now=now):
            raise NotFresh


def _is_sensitive(case: Case, topic: Topic | None) -> bool:
    return isinstance(case, Enquiry) and (case.is_sensitive or (topic is not None and topic.is_sensitive))


_VIEW = (
    select(
        _ANY,
        CaseParticipant.role,
        CaseParticipant.seen_event_id,
        Building.street_address,
        Apartment.staircase,
        Apartment.number,
        Topic,
        _ABOUT.number,
    )
    .join(Building, Building.id == _ANY.building_id)
    .outerjoin(Apartment, Apartment.id == _ANY.apartment_id)
    .outerjoin(Topic, Topic.id == _ANY.Enquiry.topic_id)
    .outerjoin(_ABOUT, _ABOUT.id == _ANY.Enquiry.about_case_id)
    .outerjoin(
        CaseParticipant,
        (CaseParticipant.case_id == _ANY.id) & (CaseParticipant.person_id == bindparam("person_id")),
    )
    .where(_ANY.number == bindparam("number"))
)


def get_case_view(actor: Actor, number: int, *, now: datetime | None = None) -> CaseView:
    """A case with all that its page says beside the timeline, in one query. Raises NotFound."""
    row = db.session.execute(_VIEW, {"person_id": actor.person_id, "number": number}).first()
    if row is None:
        raise NotFound
    case, role, seen, street_address, staircase, home_number, topic, about_number = row
    parts = parts_of(actor, standing_of(case, role), now=now or clock.now())
    if not parts:
        raise NotFound
    is_unread = role is not None and (seen or 0) < (case.last_public_event_id or 0)
    return CaseView(case, parts, is_unread, street_address, staircase, home_number, topic, about_number)


def get_whole_case(actor: Actor, number: int, *, for_update: bool = False) -> Case:
    """A case the actor may see, with the columns of its kind. Raises NotFound."""
    statement = select(_ANY).where(_ANY.number == number)
    case: Case | None = db.session.scalar(statement.with_for_update(of=Case.__table__) if for_update else statement)
    check_visible(actor, case)
    assert case is not None  # noqa: S101 - check_visible has raised otherwise
    return case


_SENSITIVE = (
    select(Enquiry.__table__.c.is_sensitive | Topic.is_sensitive)
    .select_from(Enquiry.__table__)
    .join(Topic, Topic.id == Enquiry.__table__.c.topic_id)
    .where(Enquiry.__table__.c.id == bindparam("case_id"))
)


def check_readable(actor: Actor, case: Case, *, now: datetime | None = None) -> None:
    """Let what hangs on a case be shown, a file of it. Raises NotFresh."""
    if actor.is_staff or not isinstance(case, Enquiry):
        return
    is_sensitive = bool(db.session.scalar(_SENSITIVE, {"case_id": case.id}))
    if not may_read(actor, is_sensitive=is_sensitive, now=now or clock.now()):
        raise NotFresh
