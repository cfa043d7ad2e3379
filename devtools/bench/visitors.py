"""Who visits in the bench, and which cases they open: drawn from the database, signed in without a password."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import func, select, update

from heka_portal import clock
from heka_portal.domain.access import Actor
from heka_portal.domain.accounts.operations.sessions import Visit, open_session
from heka_portal.domain.accounts.queries import get_actor
from heka_portal.domain.enquiries.operations import EnquiryDraft, open_enquiry
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, StaffMember
from heka_portal.models.cases import Case
from heka_portal.models.homes import Occupancy
from heka_portal.vocabulary import CaseKind, DefectState, Party, StaffRole

RESIDENTS, CLERKS = 60, 8
#: cases and accounts that the pages are drawn from: many more than a page shows, fewer than there are
POOL = 2_000
ASKABLE = (DefectState.RECEIVED, DefectState.TRIAGED)
#: a message may be in a state of the same name, and has other moves
IS_DEFECT = Case.kind == CaseKind.DEFECT


@dataclass(frozen=True)
class Resident:
    """A resident who is signed in, with a case of their own."""

    cookies: dict[str, str]
    email: str
    case_number: int
    apartment_id: int
    building_id: int
    #: a message of theirs, just received
    message_number: int


@dataclass(frozen=True)
class Visitors:
    """Everybody, and the cases of customer service."""

    residents: Sequence[Resident]
    clerks: Sequence[dict[str, str]]
    open_numbers: Sequence[int]
    #: open cases whose resident can be asked something: each once
    askable_numbers: list[int]
    closed_numbers: Sequence[int]
    building_ids: Sequence[int]
    #: who signs in: each once
    emails: list[str]
    #: where the middle of all open cases is in their list
    middle: tuple[datetime, int]
    number: int


def gather(app: Flask, seed: int = 1, *, residents: int = RESIDENTS, clerks: int = CLERKS) -> Visitors:
    """Draw so many visitors and sign them in. Another seed draws others."""
    dice = Random(seed)
    with app.app_context():
        _take_up_again()
        visitors = Visitors(
            residents=[_resident(app, *row) for row in _owners(dice, residents)],
            clerks=[_cookies(app, account) for account in _clerks(clerks)],
            open_numbers=_numbers(dice, Case.closed_at.is_(None)),
            askable_numbers=_numbers(dice, Case.closed_at.is_(None), IS_DEFECT, Case.state.in_(ASKABLE)),
            closed_numbers=_numbers(dice, Case.closed_at > clock.now() - timedelta(days=300)),
            building_ids=_buildings(),
            emails=_emails(dice),
            middle=_middle(),
            number=db.session.scalars(select(Case.number).order_by(Case.id).limit(1)).one(),
        )
        db.session.commit()
        return visitors


def _take_up_again() -> None:
    """What an earlier run has asked is open to be asked again; these cases are nobody's."""
    asked = update(Case).where(Case.closed_at.is_(None), IS_DEFECT, Case.state == DefectState.NEEDS_INFORMATION)
    db.session.execute(asked.values(state=DefectState.TRIAGED, awaits=Party.STAFF))


def _owners(dice: Random, amount: int) -> Sequence[Any]:
    """Residents with an open case of their home who still live there."""
    rows = db.session.execute(
        select(Account.id, Account.email, Case.number, Case.apartment_id)
        .join(Account, Account.person_id == Case.owner_id)
        .join(Occupancy, (Occupancy.person_id == Case.owner_id) & (Occupancy.apartment_id == Case.apartment_id))
        .where(Case.closed_at.is_(None), IS_DEFECT, Case.lease_id.is_not(None))
        .where(Occupancy.to_on.is_(None), Account.password_hash.is_not(None))
        .order_by(Case.due_at, Case.id)
        .limit(POOL)
    ).all()
    by_owner = {row[0]: row for row in rows}
    return dice.sample(list(by_owner.values()), min(amount, len(by_owner)))


def _resident(app: Flask, account_id: int, email: str, number: int, apartment_id: int) -> Resident:
    account = db.session.get(Account, account_id)
    key = open_session(account, Visit(device=secrets.token_urlsafe(16)))  # type: ignore[arg-type] # it was listed
    actor = get_actor(key, now=clock.now(), former_days=1)
    assert actor is not None  # noqa: S101 - the session was made in the line above
    building_id = actor.own_homes[0].building_id
    return Resident(_cookies(app, account), email, number, apartment_id, building_id, _message(actor))


def _message(actor: Actor) -> int:
    """A message of theirs; returns its number."""
    words = EnquiryDraft(
        topic="rent_payment",
        apartment_id=actor.own_homes[0].apartment_id,
        subject="Kaksi laskua",
        text="Sain kaksi laskua samalta kuulta. Kumman maksan?",
        form_key=secrets.token_urlsafe(24),
    )
    return open_enquiry(actor, words)[0].number


def _clerks(amount: int) -> Sequence[Account]:
    return db.session.scalars(
        select(Account)
        .join(StaffMember, StaffMember.id == Account.staff_member_id)
        .where(StaffMember.role == StaffRole.CLERK, Account.is_disabled.is_(False))
        .order_by(Account.id)
        .limit(amount)
    ).all()


def _cookies(app: Flask, account: Any) -> dict[str, str]:
    """A session's cookie, as the door would have given it."""
    key = open_session(account, Visit(device=secrets.token_urlsafe(16)))
    client = app.test_client()
    with client.session_transaction() as visit:
        visit["_user_id"], visit["_fresh"] = key, True
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None  # noqa: S101 - it was set in the line above
    return {cookie.key: cookie.value}


def _numbers(dice: Random, *which: Any) -> list[int]:
    """Numbers of cases, spread over those that match, in no order."""
    rows = db.session.scalars(select(Case.number).where(*which).order_by(func.abs(Case.number % 9973)).limit(POOL))
    numbers = list(rows)
    dice.shuffle(numbers)
    return numbers


def _buildings() -> Sequence[int]:
    """The buildings with the most open cases."""
    rows = db.session.execute(
        select(Case.building_id, func.count())
        .where(Case.closed_at.is_(None))
        .group_by(Case.building_id)
        .order_by(func.count().desc(), Case.building_id)
        .limit(20)
    )
    return [row[0] for row in rows]


def _emails(dice: Random) -> list[str]:
    """Addresses of residents who can sign in."""
    emails = list(
        db.session.scalars(
            select(Account.email)
            .where(Account.person_id.is_not(None), Account.password_hash.is_not(None))
            .order_by(Account.id)
            .limit(POOL)
        )
    )
    dice.shuffle(emails)
    return emails


def _middle() -> tuple[datetime, int]:
    amount = db.session.scalars(select(func.count()).select_from(Case).where(Case.closed_at.is_(None))).one()
    row = db.session.execute(
        select(Case.due_at, Case.id)
        .where(Case.closed_at.is_(None))
        .order_by(Case.due_at, Case.id)
        .offset(amount // 2)
        .limit(1)
    ).one()
    return row[0], row[1]
