"""What the worker does, a row a job: each call is one small step and tells how much it did.

A new timed job is a function of the domain and a row here.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from heka_portal import clock
from heka_portal.database import look_at_tables
from heka_portal.domain.accounts.operations.cleaning import drop_expired
from heka_portal.domain.accounts.operations.email_changes import forget_email_changes
from heka_portal.domain.attachments.operations import drop_ended_drafts
from heka_portal.domain.attachments.preparation import Store, prepare_next, remove_dropped, sweep_strays
from heka_portal.domain.attachments.remaking import remake_file
from heka_portal.domain.buildings.telling import tell_next
from heka_portal.domain.casework.sending import send_next
from heka_portal.domain.casework.timed import Closings
from heka_portal.domain.details.operations.bank_accounts import drop_unconfirmed
from heka_portal.domain.exports.operations import Store as CopyStore
from heka_portal.domain.exports.operations import make_next, remove_expired
from heka_portal.domain.notices.mailing import queue_some
from heka_portal.domain.notices.operations import end_due, tell_due
from heka_portal.domain.outbox.delivery import MailFailed, deliver_batch
from heka_portal.domain.outbox.operations import forget_sent
from heka_portal.extensions import db, settings
from heka_portal.integrations.mail import Letter, Mailer, MailError, MailRefused, MailServerAway, open_mailer
from heka_portal.integrations.sandboxes import Sandbox
from heka_portal.vocabulary import CaseKind
from heka_portal.web.copies import render_copy
from heka_portal.web.files import storage
from heka_portal.web.mails import render_letter

#: how long mail rests when its server is away: the mails behind would only use up their tries
AWAY_PAUSE = timedelta(seconds=15)
#: how many cases are closed in one transaction: on SQLite it keeps all other writers waiting
CLOSED_AT_ONCE = {"postgresql": 100, "sqlite": 20}


@dataclass(frozen=True)
class Job:
    """A step, and how long after a step that found nothing it is asked again.

    `effort` is the clock by which the step's work is counted, after which the worker pauses in proportion: all of its
    time where the database or another process works for it, or the processor's where it waits for somebody else.
    """

    name: str
    step: Callable[[], int]
    every: timedelta
    effort: Callable[[], float] = time.monotonic


GoesOn = Callable[[], bool]


class MailJob:
    """Sends the mails that have waited longest, a batch a step; rests while the server is away."""

    def __init__(self, mailer: Mailer, *, goes_on: GoesOn = lambda: True) -> None:
        self.mailer = mailer
        self.goes_on = goes_on
        self.rests_until = 0.0

    def __call__(self) -> int:
        if time.monotonic() < self.rests_until:
            return 0
        outcomes = deliver_batch(self.send, render_letter, clock=clock.now, goes_on=self.goes_on)
        if not outcomes:
            self.mailer.close()
        elif outcomes[-1].is_away:
            self.rests_until = time.monotonic() + AWAY_PAUSE.total_seconds()
        return len(outcomes)

    def send(self, letter: Letter) -> None:
        """Hand a letter to the mailer, whose errors the domain does not know. Raises MailFailed."""
        try:
            self.mailer.send(letter)
        except MailError as error:
            raise MailFailed(
                str(error), is_final=isinstance(error, MailRefused), is_away=isinstance(error, MailServerAway)
            ) from error


def committed(step: Callable[[], int]) -> Callable[[], int]:
    """The step of an operation that leaves the commit to its caller."""

    def run() -> int:
        done = step()
        db.session.commit()
        return done

    return run


def store_of_worker() -> Store:
    """What the preparation of files needs of the store."""
    files = storage()
    return Store(get=files.get, put=files.put, delete=files.delete)


def store_of_copies() -> CopyStore:
    """What copies of people's own data need of the store."""
    files = storage()
    return CopyStore(
        get=files.get,
        put_file=lambda key, path: files.put_file(key, path, "application/zip"),
        delete=files.delete,
    )


def sweep() -> int:
    """Remove files that no row names; done is done, so that it is not asked again at once."""
    stored = ((file.key, file.changed_at) for file in storage().list_files("quarantine"))
    sweep_strays(stored, storage().delete, now=clock.now())
    return 0


def send_waiting() -> int:
    """Send the message that has waited longest to be taken back."""
    return send_next(now=clock.now(), former_days=settings().former_tenant_days)


def close_some(closings: Closings) -> int:
    """Close some of the cases that nobody has said anything about in time."""
    return closings.close_some(now=clock.now())


def forget_expired() -> int:
    """Delete links, identifications and counters that have had their time, all at once."""
    now = clock.now()
    drop_expired(now=now)
    drop_unconfirmed(now=now)
    forget_email_changes(now=now)
    return 0


def help_planner() -> int:
    """Let the database know how its tables have grown, where it does not see to it itself."""
    look_at_tables(db.engine)
    return 0


def make_jobs(*, goes_on: GoesOn = lambda: True) -> tuple[Job, ...]:
    """The jobs of the running application, the urgent ones first; a long step asks between its parts if it goes on."""
    store, remake = store_of_worker(), Sandbox(remake_file)
    closings = [Closings(limit=CLOSED_AT_ONCE[db.engine.dialect.name], kind=kind) for kind in CaseKind]
    exports = store_of_copies()
    second, minute, hour = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
    return (
        # A slow mail server is rest enough.
        Job("mail", MailJob(open_mailer(settings().mail), goes_on=goes_on), second, effort=time.process_time),
        Job("files", lambda: int(prepare_next(store, remake, clock=clock.now)), second),
        Job("sent messages", send_waiting, second),
        *(Job(f"timed moves: {each.kind}", partial(close_some, each), minute) for each in closings),
        Job("rescue plans", committed(lambda: tell_next(on=clock.today())), minute),
        Job("told notices", committed(lambda: tell_due(now=clock.now())), 10 * second),
        Job("notice mails", committed(lambda: queue_some(now=clock.now())), second),
        Job("ended notices", committed(lambda: end_due(now=clock.now())), minute),
        Job("dropped files", lambda: remove_dropped(store.delete), 10 * second),
        Job("copies of own data", lambda: int(make_next(exports, render_copy, clock=clock.now)), 10 * second),
        Job("fetched copies", lambda: remove_expired(exports, now=clock.now()), hour),
        Job("ended drafts", committed(lambda: drop_ended_drafts(now=clock.now())), minute),
        Job("expired links", committed(forget_expired), 10 * minute),
        Job("sent mail", committed(lambda: forget_sent(now=clock.now())), hour),
        Job("stray files", sweep, hour),
        Job("statistics", help_planner, hour),
    )
