"""The brakes against guessing: counted in the database, so that every process counts together.

An attempt is counted before anything slow is done for it, and given back where it was right. Nothing is ever locked
for good: each count begins anew after its quarter of an hour, or after its day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from flask import request
from limits import RateLimitItem, parse
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import case, delete, select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import TooManyRequests

from heka_portal import clock
from heka_portal.database import footprint, insert_into
from heka_portal.extensions import db
from heka_portal.keyring import keyring
from heka_portal.models.accounts import RateCounter

#: what is counted, and how much of it is let through; the page says "wait 15 minutes", or "24 hours" for the longer one
LIMITS: Mapping[str, RateLimitItem] = {
    name: parse(limit)
    for name, limit in {
        # guesses at one account; its own browsers are counted apart, so that a stranger cannot keep its owner out
        "sign-in/account": "10 per 15 minutes",
        "sign-in/address": "40 per 15 minutes",
        "sign-in/all": "3000 per 15 minutes",
        # guesses at a code by who knows the password; an account's own browsers are counted apart here too
        "second-factor/account": "10 per 15 minutes",
        # and slow guesses: of a million codes three are right at a time
        "second-factor/day": "20 per day",
        # the wrong code that fills this is told to the owner, the others of the day are not
        "second-factor/told": "5 per day",
        "passkey/address": "60 per 15 minutes",
        "passkey/all": "3000 per 15 minutes",
        "password/account": "10 per 15 minutes",
        "confirm/link": "10 per 15 minutes",
        "reset/email": "3 per 15 minutes",
        "reset/address": "20 per 15 minutes",
        "reset/all": "1000 per 15 minutes",
        "identify/address": "20 per 15 minutes",
        "identify/all": "2000 per 15 minutes",
        "answer/address": "60 per 15 minutes",
        "choose/browser": "20 per 15 minutes",
        "choose/email": "3 per 15 minutes",
        "email/account": "5 per 15 minutes",
        "copy/account": "5 per 15 minutes",
        "bank-account/account": "20 per 15 minutes",
        # feedback comes from anyone: a script must not fill the list
        "feedback/address": "5 per 15 minutes",
        "feedback/all": "200 per 15 minutes",
        # guesses at the links of calendars; a calendar that is right counts for its own link only
        "calendar/address": "60 per 15 minutes",
        "calendar/link": "60 per 15 minutes",
        "calendar/account": "20 per 15 minutes",
        # numbers one account may try
        "claim/account": "10 per 15 minutes",
        # files one account may send: a script must not fill the store
        "files/account": "100 per 15 minutes",
    }.items()
}
NETWORK_OF_ONE = 64  # bits: a household or a phone has all addresses of an IPv6 /64


class DatabaseStorage(Storage):
    """Counters in `rate_counters`, each changed by one statement in a short transaction of its own."""

    STORAGE_SCHEME = None

    @property
    def base_exceptions(self) -> type[Exception]:
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count, and begin anew where the time of the last count is over."""
        now = clock.now()
        until = now + timedelta(seconds=expiry)
        with footprint(db) as connection:
            new = insert_into(RateCounter, connection).values(key=key, amount=amount, expires_at=until)
            is_over = RateCounter.expires_at <= now
            counted = new.on_conflict_do_update(
                index_elements=[RateCounter.key],
                set_={
                    "amount": case((is_over, new.excluded.amount), else_=RateCounter.amount + new.excluded.amount),
                    "expires_at": case((is_over, new.excluded.expires_at), else_=RateCounter.expires_at),
                },
            ).returning(RateCounter.amount)
            return int(connection.execute(counted).scalar_one())

    def get(self, key: str) -> int:
        """The present count."""
        alive = (RateCounter.key == key, RateCounter.expires_at > clock.now())
        with db.engine.connect() as connection:
            return connection.scalar(select(RateCounter.amount).where(*alive)) or 0

    def get_expiry(self, key: str) -> float:
        """When the present count ends."""
        with db.engine.connect() as connection:
            until = connection.scalar(select(RateCounter.expires_at).where(RateCounter.key == key))
        return (until or clock.now()).timestamp()

    def check(self) -> bool:
        """Whether the counters can be read."""
        self.get("check")
        return True

    def reset(self) -> int | None:
        """Forget every count."""
        with footprint(db) as connection:
            return connection.execute(delete(RateCounter)).rowcount

    def clear(self, key: str) -> None:
        """Forget one count."""
        with footprint(db) as connection:
            connection.execute(delete(RateCounter).where(RateCounter.key == key))


_storage = DatabaseStorage()
_limiter = FixedWindowRateLimiter(_storage)


def hit(name: str, key: str = "", *, cost: int = 1) -> None:
    """Count an attempt, or several at once. Raises TooManyRequests where there were too many."""
    limit = LIMITS[name]
    if not _limiter.hit(limit, name, key, cost=cost):
        raise TooManyRequests(retry_after=limit.get_expiry())


def fills(name: str, key: str = "") -> bool:
    """Count, and say whether this one fills the count: true once in its time, nothing is stopped."""
    limit = LIMITS[name]
    return _storage.incr(limit.key_for(name, key), limit.get_expiry()) == limit.amount


def give_back(name: str, key: str = "") -> None:
    """Take an attempt that was right out of the count."""
    limit = LIMITS[name]
    _storage.incr(limit.key_for(name, key), limit.get_expiry(), -1)


def forget(name: str, key: str = "") -> None:
    """Begin to count anew: who knows the right answer was not guessing."""
    _storage.clear(LIMITS[name].key_for(name, key))


def network() -> str:
    """Who asks, as far as an address tells: an IPv4 address, or an IPv6 network of one household."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), NETWORK_OF_ONE), strict=False))


def mark(text: str) -> str:
    """A keyed mark of an email address or a token: the counters hold nothing one could read."""
    return keyring().fingerprint(text)
