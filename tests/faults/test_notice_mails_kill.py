"""`kill -9` of the worker while a notice's mails are put into the outbox and sent: nobody is left out.

Real processes: each is forked from the suite's and works as the command does, with batches of a few homes and a mail
server that writes down what it has accepted. It is killed three times while it queues and three times while it sends.
`HEKA_NOTICE_HOMES=25000` makes the town as large as the landlord's largest notices (docs/performance.md).
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from heka_portal import clock
from heka_portal.domain.notices.mailing import HOMES_AT_ONCE, queue_some
from heka_portal.domain.outbox.delivery import deliver_batch
from heka_portal.domain.outbox.rules import LEASE
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.models.homes import Apartment
from heka_portal.models.leases import Lease, LeaseParty
from heka_portal.models.notices import NoticeMailing
from heka_portal.models.outbox import OutboxMail
from heka_portal.models.people import Person
from heka_portal.vocabulary import Language, LeaseRole, LeaseTerm, MailState, StaffRole
from tests.factories.accounts import make_account, make_staff, sign_in
from tests.factories.homes import make_building
from tests.factories.notices import told

HOMES = int(os.environ.get("HEKA_NOTICE_HOMES", "300"))
IS_WHOLE = "HEKA_NOTICE_HOMES" in os.environ
#: two people a home, as a main tenant and a spouse
PEOPLE = 2 * HOMES
AT_ONCE = HOMES_AT_ONCE if IS_WHOLE else 10
KILLS = 3
#: the mails of a whole town are sent one by one, each with a commit of its own
PATIENCE = 1800.0 if IS_WHOLE else 300.0

logger = logging.getLogger(__name__)
forking = multiprocessing.get_context("fork")


def make_town() -> None:
    """A building of so many homes, each let to two people with an account."""
    now, building = clock.now(), make_building()
    first = {model: (db.session.scalar(select(func.max(model.id))) or 0) + 1 for model in (Apartment, Lease, Person)}
    homes = range(first[Apartment], first[Apartment] + HOMES)
    leases = range(first[Lease], first[Lease] + HOMES)
    people = range(first[Person], first[Person] + PEOPLE)
    born, begins = now.date() - timedelta(days=12_000), now.date() - timedelta(days=300)
    rows = {
        Apartment: [
            {"id": each, "register_id": f"t{each}", "building_id": building.id, "number": str(each)} for each in homes
        ],
        Lease: [
            {
                "id": each,
                "register_id": f"t{each}",
                "apartment_id": home,
                "signed_at": now,
                "starts_on": begins,
                "term": LeaseTerm.OPEN,
                "monthly_rent_cents": 70_000,
            }
            for each, home in zip(leases, homes, strict=True)
        ],
        Person: [
            {
                "id": each,
                "register_id": f"t{each}",
                "birth_on": born,
                "last_name": "Virtanen",
                "first_names": "Aino",
                "language": Language.FINNISH,
                "is_protected": False,
                "created_at": now,
            }
            for each in people
        ],
        LeaseParty: [
            {"lease_id": leases[place // 2], "person_id": each, "role": list(LeaseRole)[place % 2]}
            for place, each in enumerate(people)
        ],
        Account: [
            {
                "person_id": each,
                "email": f"t{each}@example.fi",
                "language": Language.FINNISH,
                "created_at": now,
                "is_disabled": False,
                "recovery_codes": [],
            }
            for each in people
        ],
    }
    for model, given in rows.items():
        for begin in range(0, len(given), 5_000):
            db.session.execute(insert(model), given[begin : begin + 5_000])
    if db.engine.dialect.name == "postgresql":
        for model in (Apartment, Lease, Person):
            name = model.__tablename__
            db.session.execute(db.text(f"SELECT setval('{name}_id_seq', (SELECT max(id) FROM {name}))"))  # noqa: S608
    told(sign_in(make_account(make_staff(StaffRole.COMMUNICATIONS))))
    # As the database does by itself a little later.
    db.session.execute(db.text("ANALYZE"))


def queue(app: Flask, pause: float) -> None:
    """What the forked worker does: step after step, until nothing is left, also of what another one has now."""
    with app.app_context():
        while not is_finished():
            queue_some(now=clock.now(), limit=AT_ONCE)
            db.session.commit()
            time.sleep(pause)
        os._exit(0)


def is_finished() -> bool:
    """Whether all mails of the notice are in the outbox."""
    left = db.session.scalar(select(func.count()).select_from(NoticeMailing).where(NoticeMailing.finished_at.is_(None)))
    db.session.rollback()
    return left == 0


def send(app: Flask, log: Path, pause: float) -> None:
    """Send what waits; the server writes down each mail it accepts, before the worker knows."""
    with app.app_context(), log.open("a", buffering=1) as accepted:

        def take(message_id: str) -> None:
            accepted.write(f"{message_id}\n")
            time.sleep(pause)

        # The second round by a clock that is ahead: the test does not wait for the leases of those who were killed.
        for ahead in (timedelta(), LEASE + timedelta(seconds=1)):
            while deliver_batch(take, lambda mail: mail.message_id, clock=partial(later_by, ahead)):
                pass
        os._exit(0)


def log_time(what: str, begun: float) -> None:
    """Say how long something took; seen with `--log-cli-level=INFO`."""
    logger.info("%s in %.1f s", what, time.monotonic() - begun)


def later_by(ahead: timedelta) -> datetime:
    """A clock that is ahead."""
    return clock.now() + ahead


def run(app: Flask, work: Callable[..., None], *given: object, kill_after: float | None = None) -> int | None:
    """Work in a process, and kill it after so many seconds; answers how it ended."""
    process = forking.Process(target=work, args=(app, *given))
    process.start()
    process.join(kill_after or PATIENCE)
    process.kill()
    process.join()
    return process.exitcode


def state_of(app: Flask) -> tuple[int, bool, list[str]]:
    """How many are noted as queued, whether that is all, and the Message-IDs of the outbox."""
    with app.app_context():
        mailing = db.session.scalars(select(NoticeMailing)).one()
        ids = list(db.session.scalars(select(OutboxMail.message_id)))
        found = mailing.queued, mailing.finished_at is not None, ids
        db.session.rollback()
        db.engine.dispose()
    return found


@pytest.fixture
def town(app: Flask) -> Flask:
    with app.app_context():
        make_town()
        db.session.commit()
        db.engine.dispose()
    return app


def test_nobody_is_left_out_and_a_repeat_has_the_same_message_id(town: Flask, tmp_path: Path) -> None:
    log = tmp_path / "accepted"
    log.touch()
    for _ in range(KILLS):
        assert run(town, queue, 0.05, kill_after=0.4) != 0
        queued, is_done, ids = state_of(town)
        assert not is_done
        assert queued == len(ids) == len(set(ids)) < PEOPLE
    begun = time.monotonic()
    assert run(town, queue, 0.0) == 0
    log_time("queued what was left", begun)
    queued, is_done, ids = state_of(town)
    assert is_done
    assert queued == len(ids) == len(set(ids)) == PEOPLE
    for _ in range(KILLS):
        assert run(town, send, log, 0.01, kill_after=0.6) != 0
    begun = time.monotonic()
    assert run(town, send, log, 0.0) == 0
    log_time("sent what was left", begun)
    accepted = Counter(log.read_text().split("\n")[:-1])
    assert accepted.keys() == set(ids)
    repeated = {message_id: times for message_id, times in accepted.items() if times > 1}
    assert len(repeated) <= KILLS
    assert all(times == 2 for times in repeated.values())
    with town.app_context():
        states = Counter(db.session.scalars(select(OutboxMail.state)))
        db.session.rollback()
    assert states == {MailState.SENT: PEOPLE}


def test_two_workers_at_once_share_the_work(town: Flask) -> None:
    workers = [forking.Process(target=queue, args=(town, 0.0)) for _ in range(2)]
    begun = time.monotonic()
    for each in workers:
        each.start()
    for each in workers:
        each.join(PATIENCE)
    log_time("queued by two workers", begun)
    queued, is_done, ids = state_of(town)
    assert is_done
    assert queued == len(ids) == len(set(ids)) == PEOPLE
