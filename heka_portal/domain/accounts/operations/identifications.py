"""Rounds of strong identification: begun by a form, answered by the provider's redirect, each answer taken once.

The answer comes by GET, so it is kept by footprints: short transactions of their own, never the request's session.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from heka_portal import clock
from heka_portal.database import at_most, footprint
from heka_portal.domain.access import Actor
from heka_portal.domain.accounts.queries import hash_key
from heka_portal.domain.accounts.rules import (
    CHOOSING_LIFE,
    IDENTIFICATION_LIFE,
    AnotherPerson,
    IdentificationOver,
)
from heka_portal.domain.audit.operations import append_lines, make_line
from heka_portal.domain.people.queries import find_registrant
from heka_portal.domain.people.rules import registration_obstacle
from heka_portal.extensions import db
from heka_portal.keyring import keyring
from heka_portal.models.accounts import Account, Identification, LoginSession
from heka_portal.models.people import Person
from heka_portal.vocabulary import AuditAction, IdentificationPurpose, IdentificationState, RegistrationObstacle

#: what a round says that was answered, but whose person is not known (yet): a crash leaves it there
UNFINISHED = "unfinished"
#: how much of a name the table has room for
FULL_NAME = 300
#: a session is strengthened by its own person only
ANOTHER_PERSON = "another_person"
#: turning back is nobody's failure
CALM = frozenset({"cancelled"})


@dataclass(frozen=True)
class Round:
    """A round whose answer has come and may be read once."""

    id: int
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)
    started_at: datetime
    purpose: IdentificationPurpose = IdentificationPurpose.REGISTER
    #: the session to be strengthened, and the page that asked for it
    login_session_id: int | None = None
    next_path: str | None = None
    #: when the session's person identified themselves last: that does not count again
    newer_than: datetime | None = None


@dataclass(frozen=True)
class Identified:
    """Whom the provider told of."""

    identity_code: str = field(repr=False)
    full_name: str = field(repr=False)
    acr: str
    auth_time: datetime
    broker: str


def begin_identification(
    *,
    state: str,
    nonce: str,
    code_verifier: str,
    browser: str,
    now: datetime,
    actor: Actor | None = None,
    next_path: str | None = None,
) -> None:
    """Keep what the answer will be compared with; `browser` is the secret that only this browser holds.

    With an actor it strengthens their present session, and leads on to `next_path`; else it is for registering.
    """
    db.session.add(
        Identification(
            purpose=IdentificationPurpose.REGISTER if actor is None else IdentificationPurpose.STEP_UP,
            login_session_id=actor.session_id if actor else None,
            next_path=next_path,
            state=IdentificationState.PENDING,
            state_hash=hash_key(state),
            browser_hash=hash_key(browser),
            nonce=nonce,
            code_verifier=code_verifier,
            created_at=now,
            expires_at=now + IDENTIFICATION_LIFE,
        )
    )
    db.session.flush()


def take_answer(state: str, browser: str, *, now: datetime) -> Round:
    """The round that an answer belongs to, taken up by it.

    Raises IdentificationOver for a state that is unknown, answered, too old, or another browser's.
    """
    with footprint(db) as connection:
        row = connection.execute(
            update(Identification)
            .where(
                Identification.state_hash == hash_key(state),
                Identification.browser_hash == hash_key(browser),
                Identification.state == IdentificationState.PENDING,
                Identification.expires_at > now,
            )
            .values(state=IdentificationState.FAILED, failure=UNFINISHED)
            .returning(
                Identification.id,
                Identification.nonce,
                Identification.code_verifier,
                Identification.created_at,
                Identification.purpose,
                Identification.login_session_id,
                Identification.next_path,
            )
        ).first()
        if row is None:
            _record_stray(connection, state)
        newer_than = _last_time(connection, row.login_session_id) if row is not None else None
    if row is None:
        raise IdentificationOver
    return Round(*row, newer_than=newer_than)


def _last_time(connection: Connection, login_session_id: int | None) -> datetime | None:
    """When the person of a session that is to be strengthened identified themselves last in it."""
    if login_session_id is None:
        return None
    found: datetime | None = connection.scalar(
        select(Identification.auth_time)
        .where(Identification.login_session_id == login_session_id, Identification.auth_time.is_not(None))
        .order_by(Identification.id.desc())
        .limit(at_most(1))
    )
    return found


def _record_stray(connection: Connection, state: str) -> None:
    """Record an answer to a round of ours that came a second time, too late or by another browser."""
    found = connection.scalar(select(Identification.id).where(Identification.state_hash == hash_key(state)))
    if found is not None:
        append_lines(connection, [_line(AuditAction.IDENTIFICATION_FAILED, found, code="stray_answer")])


def fail_round(taken: Round, *, code: str, reason: str) -> None:
    """Keep why a round failed; `reason` holds words of our own only."""
    with footprint(db) as connection:
        connection.execute(update(Identification).where(Identification.id == taken.id).values(failure=code))
        if code not in CALM:
            line = _line(AuditAction.IDENTIFICATION_FAILED, taken.id, code=code, reason=reason)
            append_lines(connection, [line])


def finish_round(taken: Round, identified: Identified, *, now: datetime) -> RegistrationObstacle | None:
    """Keep whom the provider told of, and tell what stands in the way of their account, if anything does.

    A person is matched by the identity code alone, and the code itself is not kept.
    """
    mark = keyring().fingerprint(identified.identity_code)
    today = clock.date_in_helsinki(now)
    registrant = find_registrant(mark, today)
    obstacle = registration_obstacle(registrant, today)
    person_id = registrant.person_id if registrant else None
    lines = [_line(AuditAction.IDENTIFIED, taken.id, person_id, acr=identified.acr, broker=identified.broker)]
    if obstacle is not None:
        lines.append(_line(AuditAction.REGISTRATION_REFUSED, taken.id, person_id, obstacle=obstacle))
    with footprint(db) as connection:
        connection.execute(
            update(Identification)
            .where(Identification.id == taken.id)
            .values(
                state=IdentificationState.IDENTIFIED,
                failure=None,
                obstacle=obstacle,
                person_id=person_id,
                identity_mark=mark,
                full_name=identified.full_name[:FULL_NAME],
                acr=identified.acr,
                auth_time=identified.auth_time,
                broker=identified.broker,
                identified_at=now,
                expires_at=now + CHOOSING_LIFE,
            )
        )
        append_lines(connection, lines)
    return obstacle


def finish_step_up(taken: Round, identified: Identified, *, now: datetime) -> None:
    """Strengthen the session that asked, if it is its own person who was identified. Raises AnotherPerson.

    The freshness is the session's alone and ends by itself (`domain.access.FRESH`).
    """
    mark = keyring().fingerprint(identified.identity_code)
    person = db.session.execute(
        select(Person.id, Account.id.label("account_id"))
        .join(Account, Account.person_id == Person.id)
        .join(LoginSession, LoginSession.account_id == Account.id)
        .where(Person.identity_mark == mark, LoginSession.id == taken.login_session_id, LoginSession.ended_at.is_(None))
    ).first()
    if person is None:
        fail_round(taken, code=ANOTHER_PERSON, reason="step_up")
        raise AnotherPerson
    line = make_line(
        AuditAction.IDENTIFIED,
        account_id=person.account_id,
        person_id=person.id,
        data={"identification": taken.id, "acr": identified.acr, "broker": identified.broker, "purpose": "step_up"},
    )
    with footprint(db) as connection:
        connection.execute(
            update(LoginSession)
            .where(LoginSession.id == taken.login_session_id)
            .values(strong_at=now, strong_acr=identified.acr)
        )
        connection.execute(
            update(Identification)
            .where(Identification.id == taken.id)
            .values(
                state=IdentificationState.USED,
                failure=None,
                person_id=person.id,
                identity_mark=mark,
                acr=identified.acr,
                auth_time=identified.auth_time,
                broker=identified.broker,
                identified_at=now,
            )
        )
        append_lines(connection, [line])


def use_up_identifications(person_id: int) -> None:
    """End the identifications by which the person could choose an email and a password."""
    db.session.execute(
        update(Identification)
        .where(Identification.person_id == person_id, Identification.state == IdentificationState.IDENTIFIED)
        .values(state=IdentificationState.USED)
    )


def _line(
    action: AuditAction, identification_id: int, person_id: int | None = None, **data: str | None
) -> dict[str, Any]:
    return make_line(action, person_id=person_id, data={"identification": identification_id, **data})
