"""Read the outbox: what a mail holds, and the dead letters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import func, select

from heka_portal.database import at_most
from heka_portal.domain.errors import NotFound
from heka_portal.domain.outbox.rules import SECRETS, has_expired
from heka_portal.extensions import db
from heka_portal.keyring import keyring
from heka_portal.models.outbox import IS_DEAD, OutboxMail
from heka_portal.vocabulary import Language, MailKind

#: a stored secret can only be read as a part of a mail
PURPOSE = "outbox_mails.params"
#: badges count so far and no further
COUNTED = 100


@dataclass(frozen=True)
class DeadMail:
    """A mail that could not be sent, as customer service lists it."""

    id: int
    kind: MailKind
    to_email: str
    language: Language
    attempts: int
    created_at: datetime
    last_error: str | None
    params: dict[str, Any]

    @property
    def number(self) -> int | None:
        """The case it tells of, where there is one."""
        return self.params.get("number")

    def is_too_late(self, now: datetime) -> bool:
        """Whether its link has expired, so that sending it again would help nobody."""
        return has_expired(self.kind, self.params, created_at=self.created_at, now=now)


def read_params(mail: OutboxMail) -> dict[str, str | int]:
    """What the words of the mail need, its secrets opened. Raises UnreadableSecret."""
    return {
        name: keyring().decrypt(value, purpose=PURPOSE) if name in SECRETS else value
        for name, value in mail.params.items()
    }


def list_dead(*, before_id: int | None = None, limit: int = 25) -> list[DeadMail]:
    """The dead letters, the newest first; `before_id` is the last one of the page before."""
    dead = select(
        OutboxMail.id,
        OutboxMail.kind,
        OutboxMail.to_email,
        OutboxMail.language,
        OutboxMail.attempts,
        OutboxMail.created_at,
        OutboxMail.last_error,
        OutboxMail.params,
    ).where(IS_DEAD)
    if before_id is not None:
        dead = dead.where(OutboxMail.id < before_id)
    rows = db.session.execute(dead.order_by(OutboxMail.id.desc()).limit(at_most(limit)))
    return [DeadMail(*cast("tuple[Any, ...]", row)) for row in rows]


def count_dead() -> int:
    """How many dead letters there are, counted up to a hundred."""
    some = select(OutboxMail.id).where(IS_DEAD).limit(at_most(COUNTED)).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def get_dead(mail_id: int) -> OutboxMail:
    """A dead letter. Raises NotFound."""
    mail = db.session.scalar(select(OutboxMail).where(OutboxMail.id == mail_id, IS_DEAD))
    if mail is None:
        raise NotFound
    return mail
