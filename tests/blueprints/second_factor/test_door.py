"""The second step at the residents' door by codes, what is halfway, and the brakes on guesses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from heka_portal import clock
from heka_portal.domain.accounts.operations.passwords import hash_password
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, LoginSession
from heka_portal.vocabulary import AuditAction, MailKind
from tests.blueprints.auth.door import PASSWORD, is_signed_in, sign_in
from tests.blueprints.second_factor.steps import (
    NEXT_CODE,
    STEP,
    account_of,
    add_app,
    add_passkey,
    ask,
    code_now,
    halfway,
    use_second,
)
from tests.support.authenticator import Authenticator
from tests.support.roles import World
from tests.support.sending import audited, received, send, token_of

# ---------------------------------------------------------------- codes


def test_the_password_alone_leads_halfway(app: Flask, mine: FlaskClient, email: str):
    with time_machine.travel(clock.now(), tick=False) as time:
        secret, _ = add_app(mine)
        time.shift(NEXT_CODE)
        client = halfway(app, email)
        assert not is_signed_in(client)
        page = client.get(f"{STEP}?lang=en").text
        assert "With a code of your app" in page
        assert 'href="/register"' in page, "the way back of who has lost everything"
        assert "Use the passkey" not in page
        assert "This code does not work" in send(client, f"{STEP}?lang=en", code="000000").text
        assert send(client, STEP, code=code_now(secret)).location == "/home"
        assert is_signed_in(client)
        with app.app_context():
            last = db.session.query(LoginSession).order_by(LoginSession.id.desc()).first()
            assert last is not None
            assert last.expires_at - last.created_at == timedelta(hours=12)


def test_a_code_works_once(app: Flask, mine: FlaskClient, email: str):
    with time_machine.travel(clock.now(), tick=False) as time:
        secret, _ = add_app(mine)
        assert send(halfway(app, email), STEP, code=code_now(secret)).status_code == 200, "enrolment used it"
        time.shift(NEXT_CODE)
        code = code_now(secret)
        assert send(halfway(app, email), STEP, code=code).status_code == 303
        assert send(halfway(app, email), STEP, code=code).status_code == 200


@pytest.mark.parametrize(("steps", "comes_in"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phones_clock_may_be_one_step_off(app: Flask, mine: FlaskClient, email: str, steps: int, comes_in: bool):
    with time_machine.travel(clock.now(), tick=False) as time:
        secret, _ = add_app(mine)
        time.shift(timedelta(minutes=5))
        answer = send(halfway(app, email), STEP, code=code_now(secret, steps=steps))
        assert (answer.status_code == 303) is comes_in


@pytest.mark.parametrize(
    "written", [str, str.upper, lambda code: code.replace("-", ""), lambda code: f" {code.replace('-', ' ')} "]
)
def test_a_recovery_code_lets_in_once(app: Flask, mine: FlaskClient, email: str, written: Callable[[str], str]):
    _, codes = add_app(mine)
    for expected in (303, 200):
        assert send(halfway(app, email), STEP, code=written(codes[3])).status_code == expected
    assert len(account_of(app, email).recovery_codes) == 9


def test_recovery_codes_stand_in_for_a_lost_passkey(app: Flask, mine: FlaskClient, email: str, phone: Authenticator):
    add_passkey(mine, phone)
    client = halfway(app, email)
    page = client.get(f"{STEP}?lang=en").text
    assert "With a recovery code" in page
    assert "Use the passkey" in page
    assert send(client, STEP, code="000000").status_code == 200
    assert not is_signed_in(client)


@pytest.mark.parametrize("code", ["", "1", "abcdef", "１２３４５６", "-", "\x00", "0" * 40])
def test_what_is_no_code_is_refused(app: Flask, mine: FlaskClient, email: str, code: str):
    add_app(mine)
    client = halfway(app, email)
    assert send(client, STEP, code=code).status_code == 200
    assert not is_signed_in(client)


def test_the_page_asked_for_is_come_back_to(app: Flask, mine: FlaskClient, email: str, phone: Authenticator):
    _, codes = add_app(mine)
    add_passkey(mine, phone)
    client = app.test_client()
    sign_in(client, email, path="/sign-in?next=/matters")
    assert send(client, STEP, code=codes[0]).location == "/matters"
    client = app.test_client()
    sign_in(client, email, path="/sign-in?next=//evil.example")
    assert use_second(client, phone).location == "/home"
    client = app.test_client()
    action = "/sign-in/passkey?next=/matters"
    assert f'action="{action}"' in client.get("/sign-in?next=/matters").text
    answer = phone.use(ask(client, "/sign-in/passkey/options", "/sign-in"))
    assert send(client, action, page="/sign-in", answer=answer).location == "/matters"


# ---------------------------------------------------------------- halfway


@pytest.mark.parametrize("path", [STEP, f"{STEP}/options", f"{STEP}/passkey"])
def test_without_the_password_there_is_no_second_step(client: FlaskClient, path: str):
    answer = client.post(path, data={"csrf_token": token_of(client.get("/sign-in")), "code": "1", "answer": "{}"})
    assert answer.location == "/sign-in"


def test_between_the_steps_time_is_short(app: Flask, mine: FlaskClient, email: str):
    with time_machine.travel(clock.now(), tick=False) as time:
        _, codes = add_app(mine)
        client = halfway(app, email)
        time.shift(timedelta(minutes=10, seconds=1))
        assert client.get(STEP).location == "/sign-in"
        assert "too much time has passed" in client.get("/sign-in?lang=en").text
        assert send(client, STEP, page="/register", code=codes[0]).location == "/sign-in"


def test_a_new_password_ends_the_half_way(app: Flask, mine: FlaskClient, email: str):
    _, codes = add_app(mine)
    client = halfway(app, email)
    with app.app_context():
        new = hash_password("hauska-sateenvarjo")
        db.session.execute(update(Account).where(Account.email == email).values(password_hash=new))
        db.session.commit()
    assert client.get(STEP).location == "/sign-in"
    assert send(client, STEP, page="/register", code=codes[0]).location == "/sign-in"


def test_a_mailed_reset_ends_the_half_way_and_keeps_the_second_step(app: Flask, mine: FlaskClient, email: str):
    _, codes = add_app(mine)
    client = halfway(app, email)
    send(app.test_client(), "/forgotten-password", email=email)
    send(app.test_client(), f"/reset-password/{received(app)[-1].token}", password="hauska-sateenvarjo")
    assert client.get(STEP).location == "/sign-in"
    fresh = app.test_client()
    assert sign_in(fresh, email, "hauska-sateenvarjo").location == STEP, "who has the mailbox has not the phone"
    assert send(fresh, STEP, code=codes[0]).status_code == 303


def test_what_was_turned_off_meanwhile_leads_to_the_door(app: Flask, mine: FlaskClient, email: str):
    _, codes = add_app(mine)
    client = halfway(app, email)
    send(mine, "/account/second-factor/app/off", present=PASSWORD, code=codes[0])
    assert client.get(STEP).location == "/sign-in"


def test_nobody_enrols_at_the_staffs_door(app: Flask, mine: FlaskClient, email: str, phone: Authenticator):
    add_passkey(mine, phone)
    client = halfway(app, email)
    for path in ("/staff/enrol", "/staff/second-factor"):
        assert client.get(path).location == "/staff/sign-in"
    assert account_of(app, email).totp_secret is None


def test_staff_halfway_get_nothing_here(app: Flask, world: World):
    with app.app_context():
        account = world.account("clerk")
        account.password_hash, account.totp_secret = hash_password(PASSWORD), "A" * 32
        db.session.commit()
        staffs = account.email
    client = app.test_client()
    assert sign_in(client, staffs, path="/staff/sign-in").location == "/staff/second-factor"
    assert client.get(STEP).location == "/sign-in"


def test_a_wrong_password_says_nothing_of_a_second_step(app: Flask, mine: FlaskClient, email: str):
    def answer() -> tuple[int, list[str]]:
        page = sign_in(app.test_client(), email, "not this one")
        return page.status_code, [line for line in page.text.splitlines() if "csrf_token" not in line]

    before = answer()
    add_app(mine)
    assert answer() == before


# ---------------------------------------------------------------- guesses


def test_guesses_are_braked_by_the_quarter_and_by_the_day(app: Flask, mine: FlaskClient, email: str):
    with time_machine.travel(clock.now(), tick=False) as time:
        _, codes = add_app(mine)
        client = halfway(app, email)
        answers = [send(client, STEP, code=f"{n:06}").status_code for n in range(11)]
        assert answers == [200] * 10 + [429]
        time.shift(timedelta(minutes=15))
        client = halfway(app, email)
        for n in range(9):
            send(client, STEP, code=f"{n:06}")
        time.shift(timedelta(minutes=15))
        client = halfway(app, email)
        send(client, STEP, code="000000")
        stopped = send(client, f"{STEP}?lang=en", code=codes[0])
        assert (stopped.status_code, stopped.headers["Retry-After"]) == (429, "86400")
        assert "Wait 24 hours" in stopped.text
        time.shift(timedelta(days=1))
        client = halfway(app, email)
        assert send(client, STEP, code=codes[0]).status_code == 303


def test_right_codes_do_not_count_towards_the_day(app: Flask, mine: FlaskClient, email: str):
    with time_machine.travel(clock.now(), tick=False) as time:
        secret, _ = add_app(mine)
        for _ in range(24):
            time.shift(timedelta(minutes=16))
            assert send(halfway(app, email), STEP, code=code_now(secret)).status_code == 303


def test_a_stranger_keeps_nobody_out(app: Flask, mine: FlaskClient, email: str, phone: Authenticator):
    _, codes = add_app(mine)
    add_passkey(mine, phone)
    known = halfway(app, email)
    assert send(known, STEP, code=codes[0]).status_code == 303
    send(known, "/sign-out", page="/account/sessions")
    stranger = halfway(app, email)
    answers = [send(stranger, STEP, code=f"{n:06}").status_code for n in range(11)]
    assert answers[-1] == 429
    assert sign_in(known, email).location == STEP
    assert send(known, STEP, code=codes[1]).status_code == 303
    assert use_second(stranger, phone).status_code == 303, "nobody guesses a passkey"


def test_the_owner_is_told_of_wrong_codes_once_a_day(app: Flask, mine: FlaskClient, email: str):
    with time_machine.travel(clock.now(), tick=False) as time:
        add_app(mine)
        client = halfway(app, email)

        def told() -> int:
            return sum(mail.kind is MailKind.WRONG_CODES for mail in received(app))

        for n in range(4):
            send(client, STEP, code=f"{n:06}")
        assert told() == 0
        for n in range(5):
            send(client, STEP, code=f"{n:06}")
        assert told() == 1
        assert received(app)[-1].to == email
        assert audited(app).count(AuditAction.SIGN_IN_FAILED) == 9
        time.shift(timedelta(days=1))
        client = halfway(app, email)
        for n in range(5):
            send(client, STEP, code=f"{n:06}")
        assert told() == 2
