"""Put mail into the outbox."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from heka_portal import clock
from heka_portal.extensions import db
from heka_portal.models.outbox import OutboxMail
from heka_portal.vocabulary import Language, MailKind, MailState


def enqueue_mail(
    kind: MailKind,
    *,
    to_email: str,
    language: Language,
    params: Mapping[str, str | int],
    account_id: int | None = None,
) -> OutboxMail:
    """A mail that waits, sent only if the present transaction commits."""
    now = clock.now()
    mail = OutboxMail(
        message_id=f"<{uuid.uuid4()}@heka-portal>",
        kind=kind,
        to_email=to_email,
        account_id=account_id,
        language=language,
        params=dict(params),
        state=MailState.WAITING,
        attempts=0,
        created_at=now,
        next_try_at=now,
    )
    db.session.add(mail)
    return mail
