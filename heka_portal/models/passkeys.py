"""Passkeys, and the challenges that a browser's passkey answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from heka_portal.database import BigKey, UtcDateTime
from heka_portal.extensions import Model

#: a credential's id has at most 1023 bytes (WebAuthn), here in base64url
CREDENTIAL_ID = 1400
PASSKEY_NAME = 60


class Passkey(Model):
    """A key pair of which only the public half is here; the private one stays in its owner's device."""

    __tablename__ = "passkeys"
    __table_args__ = (Index("ix_passkeys_account_id", "account_id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    #: base64url, as browsers write it
    credential_id: Mapped[str] = mapped_column(String(CREDENTIAL_ID), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    #: grows with each use in devices that count; those that share a passkey between them stay at nought
    sign_count: Mapped[int]
    #: the ways a browser may reach it
    transports: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: what its owner calls it
    name: Mapped[str] = mapped_column(String(PASSKEY_NAME))
    #: whether its owner's other devices have it too
    backed_up: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PasskeyChallenge(Model):
    """What a passkey is to sign: for one browser, once, within minutes."""

    __tablename__ = "passkey_challenges"
    __table_args__ = (Index("ix_passkey_challenges_expires_at", "expires_at"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    #: of the secret that only the browser holds
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    #: whose passkey must answer; none at the door, where the passkey tells who comes
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    challenge: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
