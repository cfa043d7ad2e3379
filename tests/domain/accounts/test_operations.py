"""Operations of accounts on a database: two at once, a crash in between, and what is thrown away."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select, update

from heka_portal import clock
from heka_portal.domain.access import Role
from heka_portal.domain.accounts.operations import cleaning
from heka_portal.domain.accounts.operations.cleaning import drop_expired
from heka_portal.domain.accounts.operations.identifications import (
    Identified,
    begin_identification,
    finish_round,
    take_answer,
)
from heka_portal.domain.accounts.operations.passwords import ask_reset, fits, hash_password, reset_password
from heka_portal.domain.accounts.operations.registration import choose_credentials, confirm_account
from heka_portal.domain.accounts.operations.second_factor import check_code, enrol, new_secret
from heka_portal.domain.accounts.operations.sessions import Visit, open_session
from heka_portal.domain.accounts.queries import get_actor
from heka_portal.domain.accounts.records import get_identification
from heka_portal.domain.accounts.rules import EmailTaken, IdentificationOver, LinkDead, WrongCode
from heka_portal.domain.errors import DomainError
from heka_portal.extensions import db
from heka_portal.models.accounts import (
    Account,
    AccountToken,
    Identification,
    KnownDevice,
    LoginSession,
    RateCounter,
)
from heka_portal.models.people import Person
from heka_portal.vocabulary import IdentificationState, Language, RegistrationObstacle
from tests.factories.accounts import make_account, make_session, make_staff
from tests.factories.homes import make_apartment
from tests.factories.identifications import make_identification
from tests.factories.leases import let
from tests.factories.people import make_person
from tests.support.sending import received

PASSWORD = "korvapuusti lamppu"
BROWSER = Visit(device="d" * 43, ip_address="192.0.2.7", user_agent="Firefox")


@pytest.fixture
def person_id(app: Flask) -> int:
    """A resident who has just identified in the browser "browser"."""
    with app.app_context():
        person = make_person()
        let(make_apartment(), person)
        make_identification(person)
        db.session.commit()
        return person.id


def chosen(app: Flask, email: str = "aino@example.fi") -> str:
    with app.app_context():
        token = choose_credentials("browser", email=email, password=PASSWORD, language=Language.ENGLISH)
        db.session.commit()
        assert token is not None
        return token


def at_once(app: Flask, work: Callable[[], object], *, times: int = 4) -> list[object]:
    """The same thing done by several at the same moment: what each got, or the rule that stopped it."""
    gate = threading.Barrier(times)

    def one(_number: int) -> object:
        with app.app_context():
            gate.wait()
            try:
                done = work()
                db.session.commit()
            except DomainError as error:
                db.session.rollback()
                return type(error)
            return done

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def test_many_presses_at_once_open_one_account(app: Flask, person_id: int):
    token = chosen(app)
    got = at_once(app, lambda: confirm_account(token, password=None).id)
    assert sorted(map(str, got)) == sorted(
        [str(next(each for each in got if isinstance(each, int)))] + [str(LinkDead)] * 3
    )
    with app.app_context():
        assert db.session.scalars(select(Account.person_id)).all() == [person_id]


def test_two_people_confirm_one_email_at_once(app: Flask, person_id: int):
    with app.app_context():
        other = make_person()
        make_identification(other, browser="other")
        db.session.commit()
        theirs = choose_credentials("other", email="aino@example.fi", password=PASSWORD, language=Language.ENGLISH)
        db.session.commit()
    tokens = [chosen(app), theirs]
    lock = threading.Lock()

    def confirm_next() -> int:
        with lock:
            token = tokens.pop()
        assert token is not None
        return confirm_account(token, password=None).id

    got = at_once(app, confirm_next, times=2)
    assert got.count(EmailTaken) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Account)) == 1
        unused = db.session.scalars(select(AccountToken).where(AccountToken.used_at.is_(None))).all()
        assert len(unused) == 1, "the link of the other is not used up"


def test_many_resets_at_once_set_one_password(app: Flask, person_id: int):
    with app.app_context():
        account = make_account(db.session.get_one(Person, person_id), email="aino@example.fi")
        ask_reset(account.email, language=Language.ENGLISH)
        db.session.commit()
    token = received(app)[0].token
    got = at_once(app, lambda: reset_password(token, "hauska-sateenvarjo").id)
    assert got.count(LinkDead) == 3


def test_a_recovery_code_lets_one_of_many_in(app: Flask):
    with app.app_context():
        account = make_account(make_staff())
        secret = new_secret()
        [code, *_] = enrol(account.id, secret=secret, code=pyotp.TOTP(secret).at(clock.now()))
        db.session.commit()
        account_id = account.id
    got = at_once(app, lambda: check_code(account_id, code).id)
    assert got.count(WrongCode) == 3
    with app.app_context():
        assert len(db.session.get_one(Account, account_id).recovery_codes) == 9


@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_a_code_used_by_another_meanwhile_lets_nobody_in(app: Flask, kind: str):
    with app.app_context():
        account_id, secret = make_account(make_staff()).id, new_secret()
        present = pyotp.TOTP(secret).at(clock.now())
        codes = enrol(account_id, secret=secret, code=present)
        before = db.session.get_one(Account, account_id).totp_step or 0
        db.session.commit()
        # The door reads the account; then another browser comes in with the same code; then this one's is checked.
        account = db.session.get_one(Account, account_id)
        account.totp_step = before - 5
        db.session.commit()
        with db.engine.begin() as elsewhere:
            elsewhere.execute(
                update(Account).where(Account.id == account_id).values(totp_step=before + 1, recovery_codes=[])
            )
        with pytest.raises(WrongCode):
            check_code(account_id, {"app": present, "recovery": codes[0]}[kind])


def test_one_answer_of_the_provider_is_taken_by_one(app: Flask):
    with app.app_context():
        begin_identification(state="s", nonce="n", code_verifier="v", browser="browser", now=clock.now())
        db.session.commit()
    got = at_once(app, lambda: take_answer("s", "browser", now=clock.now()).nonce)
    assert sorted(map(str, got)) == sorted(["n"] + [str(IdentificationOver)] * 3)


def test_a_crash_between_the_answer_and_the_person_leaves_nobody_identified(app: Flask):
    with app.app_context():
        now = clock.now()
        begin_identification(state="s", nonce="n", code_verifier="v", browser="browser", now=now)
        db.session.commit()
        taken = take_answer("s", "browser", now=now)
        with pytest.raises(IdentificationOver):
            get_identification("browser", now=now)
        kept = db.session.scalars(select(Identification)).one()
        assert (kept.state, kept.failure) == (IdentificationState.FAILED, "unfinished")
        identified = Identified("010170-999R", "Tero Äyrämö", "loa", now, "bank")
        assert finish_round(taken, identified, now=now) is RegistrationObstacle.NOT_IN_REGISTER
        db.session.expire_all()
        assert get_identification("browser", now=now).obstacle is RegistrationObstacle.NOT_IN_REGISTER


def test_an_identification_of_nobody_chooses_nothing(app: Flask):
    with app.app_context():
        make_identification(None, obstacle=RegistrationObstacle.NOT_IN_REGISTER)
        with pytest.raises(IdentificationOver):
            choose_credentials("browser", email="a@example.fi", password=PASSWORD, language=Language.ENGLISH)


def test_a_password_is_found_by_itself_only(app: Flask):
    with app.app_context():
        kept = hash_password(PASSWORD)
        assert kept.startswith("$argon2id$")
        assert kept != hash_password(PASSWORD), "salted"
        assert fits(PASSWORD, kept)
        assert not fits(PASSWORD + " ", kept)
        assert not fits("", kept)
        assert not fits(PASSWORD, None)
        assert not fits(PASSWORD, "no hash at all")


def test_a_session_key_stands_for_its_account_alone(app: Flask, person_id: int):
    with app.app_context():
        account = make_account(db.session.get_one(Person, person_id))
        key = open_session(account, BROWSER)
        db.session.commit()
        actor = get_actor(key, now=clock.now(), former_days=365)
        assert actor is not None
        assert actor.account_id == account.id
        assert Role.MAIN_TENANT in actor.roles
        for wrong in ("", key[:-1], key + "x", key.swapcase()):
            assert get_actor(wrong, now=clock.now(), former_days=365) is None


@pytest.mark.parametrize("batch", [1, 2, 500])
def test_what_has_had_its_time_is_dropped_and_nothing_else(
    app: Flask, person_id: int, monkeypatch: pytest.MonkeyPatch, batch: int
):
    monkeypatch.setattr(cleaning, "BATCH", batch)
    now = clock.now()
    with app.app_context():
        account = make_account(db.session.get_one(Person, person_id), email="aino@example.fi")
        for passed in (timedelta(0), timedelta(days=2)):
            db.session.add(RateCounter(key=str(passed), amount=1, expires_at=now + timedelta(minutes=5) - passed))
            db.session.add(
                AccountToken(
                    purpose="reset_password", token_hash=str(passed), account_id=account.id, language="fi",
                    created_at=now - passed, expires_at=now + timedelta(hours=24) - passed,
                )
            )  # fmt: skip
        for age in (timedelta(days=1), timedelta(days=8), timedelta(days=91)):
            made = now - age
            make_identification(None, created_at=made, expires_at=made, obstacle=RegistrationObstacle.NO_HOME)
            make_identification(None, created_at=made, expires_at=made, state=IdentificationState.PENDING)
            make_session(account, created_at=made, expires_at=made, ip_address="192.0.2.7", user_agent="Firefox")
        open_session(account, BROWSER)
        db.session.commit()
        assert drop_expired(now=now) == 2 + 3
        db.session.commit()
        assert db.session.scalar(select(func.count()).select_from(RateCounter)) == 1
        assert db.session.scalar(select(func.count()).select_from(AccountToken)) == 1
        kept = db.session.scalars(select(Identification.obstacle).where(Identification.browser_hash.is_not(None)))
        assert sorted(map(str, kept)) == sorted(["no_home", "no_home", "None", "None"])
        addresses = db.session.scalars(select(LoginSession.ip_address)).all()
        assert addresses.count(None) == 1
        assert db.session.scalar(select(func.count()).select_from(KnownDevice)) == 1
        assert drop_expired(now=now) == 0
