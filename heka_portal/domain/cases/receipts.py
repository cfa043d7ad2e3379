"""What a receipt on paper says of a case: what was told, and when; never an identity code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from heka_portal.database import at_most
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.errors import NotAllowed, NotFound
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.models.cases import Case, CaseEvent
from heka_portal.models.defects import Defect
from heka_portal.models.enquiries import Enquiry, Topic
from heka_portal.models.homes import Apartment, Building
from heka_portal.models.people import Person
from heka_portal.vocabulary import CaseKind, Channel, ClosingReason, Fault, Language, Place, Urgency, Verb

#: the tables, not the classes: a column of a class would join `cases` to it once more
_DEFECTS = Defect.__table__
_ENQUIRIES = Enquiry.__table__


@dataclass(frozen=True)
class Receipt:
    """A case as its owner was told of it, in the language they read."""

    number: int
    kind: CaseKind
    state: str
    outcome: ClosingReason | None
    subject: str
    #: as it was written down
    text: str
    channel: Channel | None
    created_at: datetime
    target_at: datetime
    urgency: Urgency
    owner_id: int
    owner: str
    language: Language
    has_account: bool
    #: none where the owner's address is protected
    address: str | None
    place: Place | None
    fault: Fault | None
    #: of a message: the name of its topic in each language
    topic: Mapping[Language, str]


_RECEIPT = (
    select(
        Case.number,
        Case.kind,
        Case.state,
        Case.outcome,
        Case.subject,
        Case.created_at,
        Case.target_at,
        Case.urgency,
        Case.owner_id,
        Person.first_names,
        Person.last_name,
        Person.is_protected,
        func.coalesce(Account.language, Person.language).label("language"),
        Account.id.is_not(None).label("has_account"),
        Building.street_address,
        Building.postal_code,
        Building.city,
        Apartment.staircase,
        Apartment.number.label("home_number"),
        _DEFECTS.c.place,
        _DEFECTS.c.fault,
        Topic,
        CaseEvent.text,
        CaseEvent.data,
    )
    .join(Person, Person.id == Case.owner_id)
    .join(Building, Building.id == Case.building_id)
    .join(CaseEvent, (CaseEvent.case_id == Case.id) & (CaseEvent.verb == Verb.OPENED))
    .outerjoin(Account, Account.person_id == Person.id)
    .outerjoin(Apartment, Apartment.id == Case.apartment_id)
    .outerjoin(_DEFECTS, _DEFECTS.c.id == Case.id)
    .outerjoin(_ENQUIRIES, _ENQUIRIES.c.id == Case.id)
    .outerjoin(Topic, Topic.id == _ENQUIRIES.c.topic_id)
    .where(Case.number == bindparam("number"))
    .order_by(CaseEvent.id)
    .limit(at_most(1))
)


def get_receipt(actor: Actor, number: int) -> Receipt:
    """The receipt of a case, for customer service to hand over or post. Raises NotAllowed, NotFound."""
    if not actor.may(Permission.CASE_WORK):
        raise NotAllowed
    row = db.session.execute(_RECEIPT, {"number": number}).first()
    if row is None or (row.is_protected and not actor.may(Permission.PROTECTED_SEE)):
        raise NotFound
    street = " ".join(filter(None, (row.street_address, row.staircase, row.home_number)))
    channel = row.data.get("channel")
    return Receipt(
        number=row.number,
        kind=row.kind,
        state=row.state,
        outcome=row.outcome,
        subject=row.subject,
        text=row.text or "",
        channel=Channel(channel) if channel else None,
        created_at=row.created_at,
        target_at=row.target_at,
        urgency=row.urgency,
        owner_id=row.owner_id,
        owner=f"{row.first_names} {row.last_name}",
        language=row.language,
        has_account=row.has_account,
        address=None if row.is_protected else f"{street}, {row.postal_code} {row.city}",
        place=row.place,
        fault=row.fault,
        topic={language: row.Topic.name(language) for language in Language} if row.Topic else {},
    )
