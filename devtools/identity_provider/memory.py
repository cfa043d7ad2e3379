"""What the stand-in remembers while it runs: open pages, codes, spent assertions, and who is signed in."""

import secrets
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from devtools.identity_provider.issuing import Grant
from devtools.identity_provider.persons import Person
from devtools.identity_provider.requested import Requested

_PAGE_LIFE = timedelta(minutes=30)
_CODE_LIFE = timedelta(seconds=60)


@dataclass(frozen=True)
class SignedIn:
    """Someone who identified themselves in this browser."""

    person: Person
    at: datetime


@dataclass
class Memory:
    """All of it, gone at the end of the process."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    pages: dict[str, tuple[Requested, datetime]] = field(default_factory=dict)
    codes: dict[str, Grant | None] = field(default_factory=dict)
    assertions: dict[str, float] = field(default_factory=dict)
    sessions: dict[str, SignedIn] = field(default_factory=dict)

    def open_page(self, request: Requested, *, now: datetime) -> str:
        """Keep a request while the person chooses; the id of its page."""
        with self.lock:
            self.pages = {key: kept for key, kept in self.pages.items() if now - kept[1] < _PAGE_LIFE}
            page = secrets.token_urlsafe(24)
            self.pages[page] = (request, now)
            return page

    def page(self, page: str) -> Requested | None:
        """The request of an open page."""
        kept = self.pages.get(page)
        return kept[0] if kept else None

    def close_page(self, page: str) -> bool:
        """Forget a page; whether it was still open."""
        with self.lock:
            return self.pages.pop(page, None) is not None

    def keep_grant(self, grant: Grant) -> str:
        """Keep what was granted; its code."""
        code = secrets.token_urlsafe(48)
        with self.lock:
            self.codes[code] = grant
        return code

    def spend_code(self, code: str, *, now: datetime) -> Grant | None:
        """What a code stands for: once, and for a minute."""
        with self.lock:
            grant = self.codes.get(code)
            self.codes[code] = None
        return grant if grant is not None and now - grant.issued_at < _CODE_LIFE else None

    def spend_assertion(self, jti: str, *, expires: float, now: datetime) -> bool:
        """Whether an assertion's id is seen for the first time."""
        with self.lock:
            self.assertions = {key: end for key, end in self.assertions.items() if end > now.timestamp()}
            is_new = jti not in self.assertions
            self.assertions[jti] = expires
        return is_new

    def sign_in(self, person: Person, *, now: datetime) -> str:
        """Remember who identified themselves; the value of the browser's cookie."""
        session = secrets.token_urlsafe(24)
        with self.lock:
            self.sessions[session] = SignedIn(person, now)
        return session
