"""Bank accounts that residents give for what the landlord pays back; the number is encrypted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from heka_portal.database import BigKey, UtcDateTime
from heka_portal.extensions import Model
from heka_portal.keyring import Encrypted

#: the condition of a partial index, written into statements as it stands here (see models/outbox.py)
IS_UNCONFIRMED = text("confirmed_at IS NULL")


class BankAccount(Model):
    """One number given once. Rows are the history; what is in use follows from their times, and no job moves it."""

    __tablename__ = "bank_accounts"
    __table_args__ = (
        Index("ix_bank_accounts_person_id_id", "person_id", "id"),
        Index(
            "ix_bank_accounts_unconfirmed",
            "given_at",
            "id",
            postgresql_where=IS_UNCONFIRMED,
            sqlite_where=IS_UNCONFIRMED,
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    iban: Mapped[str] = mapped_column(Encrypted("bank_accounts.iban"), deferred=True)
    #: what is shown of it: the country and the last four signs
    country: Mapped[str] = mapped_column(String(2))
    ending: Mapped[str] = mapped_column(String(4))
    bic: Mapped[str | None] = mapped_column(String(11))
    #: it is confirmed in the session in which it was given
    login_session_id: Mapped[int] = mapped_column(ForeignKey("login_sessions.id"), index=True)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: confirmed by a fresh strong identification, and how strong that was
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    strong_acr: Mapped[str | None] = mapped_column(String(120))
    takes_effect_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: stopped by its owner before it took effect, or overtaken by a later one
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
