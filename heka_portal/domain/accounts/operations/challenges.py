"""Challenges that passkeys sign: kept here, for one browser, answered once, within five minutes."""

from __future__ import annotations

import secrets

from sqlalchemy import delete

from heka_portal import clock
from heka_portal.domain.accounts.queries import hash_key
from heka_portal.domain.accounts.rules import PASSKEY_CHALLENGE_LIFE, PasskeyFault, PasskeyRefused
from heka_portal.extensions import db
from heka_portal.models.passkeys import PasskeyChallenge

CHALLENGE_BYTES = 32
KEY_BYTES = 32


def make_challenge(account_id: int | None) -> tuple[str, bytes]:
    """A new challenge, and the key by which only the browser that asked for it can answer.

    It is for a passkey of the account, or at the door for anybody's.
    """
    key, challenge, now = secrets.token_urlsafe(KEY_BYTES), secrets.token_bytes(CHALLENGE_BYTES), clock.now()
    db.session.add(
        PasskeyChallenge(
            key_hash=hash_key(key),
            account_id=account_id,
            challenge=challenge,
            created_at=now,
            expires_at=now + PASSKEY_CHALLENGE_LIFE,
        )
    )
    db.session.flush()
    return key, challenge


def take_challenge(key: str, *, account_id: int | None) -> bytes:
    """Use a challenge up, whatever comes of it: the caller commits either way.

    Raises PasskeyRefused for one that is unknown, answered, too old, another browser's or for another account.
    """
    taken = db.session.execute(
        delete(PasskeyChallenge)
        .where(PasskeyChallenge.key_hash == hash_key(key))
        .returning(PasskeyChallenge.challenge, PasskeyChallenge.account_id, PasskeyChallenge.expires_at),
        execution_options={"synchronize_session": False},
    ).first()
    if taken is None or taken.account_id != account_id or taken.expires_at <= clock.now():
        raise PasskeyRefused(PasskeyFault.OVER)
    return bytes(taken.challenge)
