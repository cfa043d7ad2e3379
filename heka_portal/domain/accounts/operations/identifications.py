"""Rounds of strong identification: begun by a form, answered by the provider's redirect, each answer taken once.

The answer comes by GET, so it is kept by footprints: short transactions of their own, never the request's session.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from heka_portal import clock
from heka_portal.database import footprint
from heka_portal.domain.accounts.queries import hash_key
from heka_portal.domain.accounts.rules import CHOOSING_LIFE, IDENTIFICATION_LIFE, IdentificationOver
from heka_portal.domain.audit.operations import append_lines, make_line
from heka_portal.domain.people.queries import find_registrant
from heka_portal.domain.people.rules import registration_obstacle
from heka_portal.extensions import db
from heka_portal.keyring import keyring
from heka_portal.models.accounts import Identification
from heka_portal.vocabulary import AuditAction, IdentificationPurpose, IdentificationState, RegistrationObstacle

#: what a round says that was answered, but whose person is not known (yet): a crash leaves it there
UNFINISHED = "unfinished"
#: how much of a name the table has room for
FULL_NAME = 300
#: turning back is nobody's failure
CALM = frozenset({"cancelled"})


@dataclass(frozen=True)
class Round:
    """A round whose answer has come and may be read once."""

    id: int
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)
    started_at: datetime


@dataclass(frozen=True)
class Identified:
    """Whom the provider told of."""

    identity_code: str = field(repr=False)
    full_name: str = field(repr=False)
    acr: str
    auth_time: datetime
    broker: str


def begin_identification(*, state: str, nonce: str, code_verifier: str, browser: str, now: datetime) -> None:
    """Keep what the answer will be compared with; `browser` is the secret that only this browser holds."""
    db.session.add(
        Identification(
            purpose=IdentificationPurpose.REGISTER,
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
            .returning(Identification.id, Identification.nonce, Identification.code_verifier, Identification.created_at)
        ).first()
        if row is None:
            _record_stray(connection, state)
    if row is None:
        raise IdentificationOver
    return Round(row.id, row.nonce, row.code_verifier, row.created_at)


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
