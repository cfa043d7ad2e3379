"""Mail waiting to be sent: written in the transaction of what it tells about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from heka_portal.database import BigKey, Code, UtcDateTime
from heka_portal.extensions import Model
from heka_portal.vocabulary import Language, MailKind, MailState

#: conditions of the partial indexes, written into statements as they stand here: a plan that is made before the values
#: are known finds no index for a state that is a parameter
IS_DUE = text("state IN ('waiting', 'sending')")
IS_DUE_FIRST = text("state IN ('waiting', 'sending') AND NOT is_bulk")
IS_WAITING = text("state = 'waiting'")
IS_DEAD = text("state = 'dead'")
IS_SENT = text("state = 'sent'")


class MailRefusal(Model):
    """A kind of mail that an account does without; only those of `OPTIONAL` (domain/outbox/rules.py) can be refused."""

    __tablename__ = "mail_refusals"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    kind: Mapped[MailKind] = mapped_column(Code(MailKind), primary_key=True)


class OutboxMail(Model):
    """One mail to one reader. Its words are made when it is sent; it holds no content of a case."""

    __tablename__ = "outbox_mails"
    __table_args__ = (
        Index(
            "ix_outbox_mails_due",
            "next_try_at",
            "id",
            postgresql_where=IS_DUE,
            sqlite_where=IS_DUE,
        ),
        Index(
            "ix_outbox_mails_due_first",
            "next_try_at",
            "id",
            postgresql_where=IS_DUE_FIRST,
            sqlite_where=IS_DUE_FIRST,
        ),
        Index(
            "ix_outbox_mails_dead",
            "id",
            postgresql_where=IS_DEAD,
            sqlite_where=IS_DEAD,
        ),
        Index(
            "ix_outbox_mails_sent_at",
            "sent_at",
            postgresql_where=IS_SENT,
            sqlite_where=IS_SENT,
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    #: the Message-ID, the same at each try
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[MailKind] = mapped_column(Code(MailKind))
    to_email: Mapped[str] = mapped_column(String(254))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    language: Mapped[Language] = mapped_column(Code(Language))
    #: what the words need: a case number, a link's token (sealed, gone once sent), no content
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: one of very many: a link that somebody waits for goes before it
    is_bulk: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[MailState] = mapped_column(Code(MailState), default=MailState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(String(300))
