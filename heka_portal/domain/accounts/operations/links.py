"""Mailed links: the token is only in the mail, its hash in the database; single use, 24 hours."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete, or_, select, update

from heka_portal import clock
from heka_portal.domain.accounts.queries import hash_key
from heka_portal.domain.accounts.records import get_link
from heka_portal.domain.outbox.rules import LINK_LIFE
from heka_portal.extensions import db
from heka_portal.models.accounts import AccountToken
from heka_portal.models.email_changes import EmailChange
from heka_portal.vocabulary import Language, TokenPurpose

TOKEN_BYTES = 32


def make_link(
    purpose: TokenPurpose,
    *,
    language: Language,
    person_id: int | None = None,
    account_id: int | None = None,
    email: str | None = None,
    password_hash: str | None = None,
) -> str:
    """A new link's token; it takes the place of earlier ones of the same person or account."""
    token, now = secrets.token_urlsafe(TOKEN_BYTES), clock.now()
    drop_links(account_id=account_id, person_id=person_id)
    db.session.add(
        AccountToken(
            purpose=purpose,
            token_hash=hash_key(token),
            person_id=person_id,
            account_id=account_id,
            email=email,
            password_hash=password_hash,
            language=language,
            created_at=now,
            expires_at=now + LINK_LIFE,
        )
    )
    return token


def take_link(token: str, purpose: TokenPurpose) -> AccountToken:
    """Use a link up. Raises LinkDead, also for the second of two presses at once."""
    now = clock.now()
    held = select(AccountToken.id).where(AccountToken.token_hash == hash_key(token)).with_for_update()
    db.session.execute(held)
    link = get_link(token, purpose, now=now)
    link.used_at = now
    db.session.flush()
    return link


def drop_links(*, account_id: int | None, person_id: int | None) -> None:
    """End the unused links of an account and of a person."""
    holders = [
        column == holder
        for column, holder in ((AccountToken.account_id, account_id), (AccountToken.person_id, person_id))
        if holder is not None
    ]
    if holders:
        db.session.execute(delete(AccountToken).where(or_(*holders), AccountToken.used_at.is_(None)))


def drop_email_changes(account_id: int, *, now: datetime) -> None:
    """End the changes of an account that are not yet done; what can be undone stays so."""
    pending = EmailChange.account_id == account_id, EmailChange.done_at.is_(None), EmailChange.ended_at.is_(None)
    db.session.execute(
        update(EmailChange).where(*pending).values(ended_at=now), execution_options={"synchronize_session": False}
    )


def end_undoing(account_id: int, *, now: datetime) -> None:
    """Let no earlier email be put back any more: a strong identification counts for more than an old mailbox."""
    done = EmailChange.account_id == account_id, EmailChange.undo_until > now, EmailChange.ended_at.is_(None)
    db.session.execute(
        update(EmailChange).where(*done).values(ended_at=now), execution_options={"synchronize_session": False}
    )
