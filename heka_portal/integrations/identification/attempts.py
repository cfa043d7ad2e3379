"""One attempt to identify a person: what must be remembered, on our side only, until they come back."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

# A person who has not come back by then starts again.
LONGEST_ATTEMPT = timedelta(minutes=15)

_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """The secrets of one attempt, and how fresh the identification must be.

    Keep it in the database, bound to the browser by a cookie of its own, and take it out once: an attempt answers one
    callback. With `max_age` the person must identify themselves anew, at most so long before the attempt (0: during
    it); `newer_than` is the moment of an identification already known, which does not count again.
    """

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)
    started_at: datetime
    max_age: timedelta | None = None
    newer_than: datetime | None = None

    def has_expired(self, *, now: datetime) -> bool:
        """Whether the person took too long."""
        return now >= self.started_at + LONGEST_ATTEMPT


def new_attempt(*, now: datetime, max_age: timedelta | None = None, newer_than: datetime | None = None) -> Attempt:
    """A new attempt with fresh secrets of 256 bits each."""
    return Attempt(
        state=secrets.token_urlsafe(_SECRET_BYTES),
        nonce=secrets.token_urlsafe(_SECRET_BYTES),
        code_verifier=secrets.token_urlsafe(_SECRET_BYTES),
        started_at=now,
        max_age=max_age,
        newer_than=newer_than,
    )
