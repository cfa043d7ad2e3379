"""Read second factors: what an account has beside its password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import starmap

from sqlalchemy import exists, select

from heka_portal.database import at_most
from heka_portal.domain.access import Actor
from heka_portal.domain.accounts.rules import MOST_PASSKEYS
from heka_portal.domain.errors import NotFound
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.models.passkeys import Passkey


@dataclass(frozen=True)
class PasskeyLine:
    """A passkey as its owner knows it."""

    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None
    backed_up: bool


@dataclass(frozen=True)
class Factors:
    """What an account asks for beside its password."""

    has_app: bool
    codes_left: int
    passkeys: tuple[PasskeyLine, ...]

    @property
    def is_on(self) -> bool:
        """Whether the password alone does not let in."""
        return self.has_app or bool(self.passkeys)

    @property
    def has_room(self) -> bool:
        """Whether one more passkey may be added."""
        return len(self.passkeys) < MOST_PASSKEYS


def get_factors(actor: Actor) -> Factors:
    """The actor's second factors."""
    return factors_of(actor.account_id)


def factors_of(account_id: int) -> Factors:
    """The second factors of an account: the actor's own, or the one whose password was given at the door."""
    asked = select(Account.totp_secret.is_not(None).label("has_app"), Account.recovery_codes)
    account = db.session.execute(asked.where(Account.id == account_id)).one()
    return Factors(account.has_app, len(account.recovery_codes), tuple(_list_passkeys(account_id)))


def _list_passkeys(account_id: int) -> list[PasskeyLine]:
    """The passkeys of an account, the oldest first."""
    wanted = (
        select(Passkey.id, Passkey.name, Passkey.created_at, Passkey.last_used_at, Passkey.backed_up)
        .where(Passkey.account_id == account_id)
        .order_by(Passkey.id)
        .limit(at_most(MOST_PASSKEYS))
    )
    return list(starmap(PasskeyLine, db.session.execute(wanted)))


def has_second_factor(account: Account) -> bool:
    """Whether the account asks for more than its password."""
    return account.totp_secret is not None or has_passkeys(account.id)


def has_passkeys(account_id: int) -> bool:
    """Whether the account has any passkey."""
    return bool(db.session.scalar(select(exists().where(Passkey.account_id == account_id))))


def get_passkey(actor: Actor, passkey_id: int) -> Passkey:
    """One of the actor's passkeys. Raises NotFound."""
    found = db.session.scalar(select(Passkey).where(Passkey.id == passkey_id, Passkey.account_id == actor.account_id))
    if found is None:
        raise NotFound
    return found
