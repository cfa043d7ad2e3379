"""Signing in and out, and who must not learn or get anything there."""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from time import perf_counter

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from limits import parse
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from heka_portal import clock
from heka_portal.config import Settings
from heka_portal.extensions import SETTINGS, db
from heka_portal.models.accounts import Account, LoginSession
from heka_portal.vocabulary import AuditAction, MailKind
from heka_portal.web import limits
from tests.blueprints.auth.door import PASSWORD, give_password, is_signed_in, sign_in
from tests.support.roles import World
from tests.support.sending import audited, received, send


def without_token(answer: TestResponse, email: str) -> str:
    """A page without what differs by itself: the form's token and the email typed."""
    lines = answer.text.replace(email, "EMAIL").splitlines()
    return "\n".join(line for line in lines if "csrf_token" not in line)


# ---------------------------------------------------------------- the way in


def test_who_has_the_password_comes_in(app: Flask, client: FlaskClient, email: str):
    answer = sign_in(client, email)
    assert (answer.status_code, answer.location) == (303, "/home")
    assert is_signed_in(client)
    assert audited(app) == [AuditAction.SIGNED_IN]


def test_capitals_and_spaces_around_the_email_do_not_matter(client: FlaskClient, email: str):
    assert sign_in(client, f"  {email.upper()} ").status_code == 303


def test_spaces_in_a_password_matter(client: FlaskClient, email: str):
    assert sign_in(client, email, f"{PASSWORD} ").status_code == 200


def test_the_session_is_a_row_whose_key_only_the_browser_has(app: Flask, client: FlaskClient, email: str):
    sign_in(client, email)
    with client.session_transaction() as visit:
        key = visit["_user_id"]
    with app.app_context():
        kept = db.session.scalars(select(LoginSession)).one()
        assert key != kept.key_hash
        assert len(key) >= 43
        assert kept.expires_at - kept.created_at == timedelta(hours=12)


def test_signing_in_drops_what_was_in_the_browser_before(client: FlaskClient, email: str):
    client.get("/sign-in")
    with client.session_transaction() as visit:
        visit["planted"] = "by somebody else"
        before = visit["csrf_token"]
    sign_in(client, email)
    with client.session_transaction() as visit:
        assert "planted" not in visit
        assert visit.get("csrf_token") != before


def test_a_second_sign_in_gets_a_new_key_and_ends_the_first(app: Flask, client: FlaskClient, email: str):
    keys = []
    for page in ("/sign-in", "/account/password"):
        send(client, "/sign-in", page=page, email=email, password=PASSWORD)
        with client.session_transaction() as visit:
            keys.append(visit["_user_id"])
    assert keys[0] != keys[1]
    with app.app_context():
        ended = db.session.scalars(select(LoginSession.ended_at).order_by(LoginSession.id)).all()
    assert [each is None for each in ended] == [False, True]


def test_who_is_in_already_is_led_on(client: FlaskClient, email: str):
    sign_in(client, email)
    assert client.get("/sign-in").location == "/home"


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/contact", "/contact"),
        ("//evil.example", "/home"),
        ("/%09/evil.example", "/home"),
        ("/%5Cevil.example", "/home"),
    ],
)
def test_one_is_led_on_to_pages_of_this_portal_only(client: FlaskClient, email: str, wanted: str, led_to: str):
    assert sign_in(client, email, path=f"/sign-in?next={wanted}").location == led_to


def test_a_page_that_asks_for_sign_in_is_come_back_to(client: FlaskClient, email: str):
    door = client.get("/account/password?x=1").location
    assert sign_in(client, email, path=door).location == "/account/password?x=1"


def test_a_known_browser_comes_in_while_strangers_are_stopped(
    app: Flask, client: FlaskClient, email: str, monkeypatch: pytest.MonkeyPatch
):
    sign_in(client, email)
    send(client, "/sign-out", page="/account/sessions")
    monkeypatch.setitem(limits.LIMITS, "sign-in/all", parse("1 per 15 minutes"))
    stranger = app.test_client()
    assert [sign_in(stranger, "nobody@example.fi").status_code for _ in range(2)] == [200, 429]
    assert sign_in(client, email).status_code == 303


# ---------------------------------------------------------------- what nobody learns


def test_unknown_wrong_disabled_and_staff_look_the_same(app: Flask, client: FlaskClient, world: World, email: str):
    disabled, staff = give_password(app, world, "co_tenant"), give_password(app, world, "clerk")
    without = give_password(app, world, "resident")
    with app.app_context():
        db.session.execute(update(Account).where(Account.email == disabled).values(is_disabled=True))
        db.session.execute(update(Account).where(Account.email == without).values(password_hash=None))
        db.session.commit()
    tries = [
        (email, "salasana12345"),
        ("nobody@example.fi", PASSWORD),
        (disabled, PASSWORD),
        (staff, PASSWORD),
        (without, PASSWORD),
    ]
    answers = [(sign_in(app.test_client(), who, word), who) for who, word in tries]
    assert {answer.status_code for answer, _ in answers} == {200}
    assert len({without_token(answer, who) for answer, who in answers}) == 1
    assert "The email or the password is wrong" in answers[0][0].text
    assert audited(app) == [AuditAction.SIGN_IN_FAILED] * 5


def test_the_typed_password_never_comes_back(client: FlaskClient, email: str):
    assert "salasana12345" not in sign_in(client, email, "salasana12345").text


def test_an_unknown_email_takes_as_long_as_a_known_one(
    app: Flask, settings: Settings, world: World, monkeypatch: pytest.MonkeyPatch
):
    real = settings.model_copy(update={"password_time_cost": 2, "password_memory_kib": 16384})
    monkeypatch.setitem(app.extensions, SETTINGS, real)
    email = give_password(app, world, "main_tenant")
    took: dict[str, list[float]] = {email: [], "nobody@example.fi": []}
    client = app.test_client(checks=False)
    sign_in(client, "warm@example.fi", "up")
    for _ in range(5):
        for who, times in took.items():
            began = perf_counter()
            sign_in(client, who, "salasana12345")
            times.append(perf_counter() - began)
    known, unknown = (median(times) for times in took.values())
    assert 0.6 < known / unknown < 1.6, took


# ---------------------------------------------------------------- brakes


def test_guesses_at_one_account_are_stopped_and_not_for_ever(app: Flask, email: str):
    with time_machine.travel(clock.now(), tick=False) as time:
        client = app.test_client()
        answers = [sign_in(client, email, f"guess number {n}").status_code for n in range(11)]
        assert answers == [200] * 10 + [429]
        assert sign_in(client, email).status_code == 429
        stopped = sign_in(client, email)
        assert "Wait 15 minutes" in stopped.text
        assert stopped.headers["Retry-After"] == "900"
        time.shift(timedelta(minutes=15))
        assert sign_in(client, email).status_code == 303


def test_a_stranger_cannot_keep_the_owner_out(app: Flask, email: str):
    own, stranger = app.test_client(), app.test_client()
    assert sign_in(own, email).status_code == 303
    send(own, "/sign-out", page="/account/password")
    for number in range(11):
        last = sign_in(stranger, email, f"guess number {number}")
    assert last.status_code == 429
    assert sign_in(own, email).status_code == 303


def test_guesses_from_one_network_are_stopped_whatever_the_account(app: Flask, world: World):
    def guess(number: int, address: str) -> int:
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = address
        return sign_in(client, f"person{number}@example.fi", "salasana12345").status_code

    answers = [guess(number, f"2001:db8:1:2::{number:x}") for number in range(1, 42)]
    assert answers == [200] * 40 + [429]
    assert guess(50, "2001:db8:1:3::1") == 200


def test_right_passwords_are_not_counted(app: Flask, email: str):
    for _ in range(45):
        client = app.test_client(checks=False)
        assert sign_in(client, email).status_code == 303


def test_a_stopped_guess_costs_no_hash(app: Flask, email: str):
    client = app.test_client()
    for number in range(10):
        sign_in(client, email, f"guess number {number}")
    before = len(audited(app))
    sign_in(client, email, "one more guess")
    assert len(audited(app)) == before


# ---------------------------------------------------------------- devices


def test_the_first_browser_is_no_news_and_the_second_is(app: Flask, email: str):
    first, second = app.test_client(), app.test_client()
    sign_in(first, email)
    assert received(app) == []
    sign_in(second, email)
    assert [(mail.kind, mail.to) for mail in received(app)] == [(MailKind.NEW_DEVICE, email)]
    for client in (first, second):
        send(client, "/sign-out", page="/account/password")
        sign_in(client, email)
    assert len(received(app)) == 1


# ---------------------------------------------------------------- the way out


def test_signing_out_ends_the_row_and_has_the_browser_forget(app: Flask, client: FlaskClient, email: str):
    sign_in(client, email)
    with client.session_transaction() as visit:
        key = visit["_user_id"]
    answer = send(client, "/sign-out", page="/account/password")
    assert answer.location == "/signed-out"
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "data-signed-out" in client.get("/signed-out").text
    stolen = app.test_client()
    with stolen.session_transaction() as visit:
        visit["_user_id"] = key
    assert not is_signed_in(stolen)
    assert audited(app) == [AuditAction.SIGNED_IN, AuditAction.SIGNED_OUT]


def test_signing_out_twice_is_no_matter(client: FlaskClient):
    assert send(client, "/sign-out", page="/register").location == "/signed-out"


def test_signing_out_by_a_link_is_not_possible(client: FlaskClient, email: str):
    sign_in(client, email)
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").status_code == 400
    assert is_signed_in(client)


@pytest.mark.parametrize(("idle", "open_still"), [(timedelta(minutes=29), True), (timedelta(minutes=31), False)])
def test_a_session_that_nobody_uses_ends(app: Flask, email: str, idle: timedelta, open_still: bool):
    with time_machine.travel(clock.now(), tick=False) as time:
        client = app.test_client()
        sign_in(client, email)
        time.shift(idle)
        assert is_signed_in(client) is open_still


def test_a_session_ends_after_twelve_hours_however_used(app: Flask, email: str):
    with time_machine.travel(clock.now(), tick=False) as time:
        client = app.test_client(checks=False)
        sign_in(client, email)
        for _ in range(28):
            time.shift(timedelta(minutes=25))
            assert is_signed_in(client)
        time.shift(timedelta(minutes=21))
        assert not is_signed_in(client)


def test_a_hash_of_weaker_settings_is_made_anew(app: Flask, settings: Settings, world: World, email: str):
    with app.app_context():
        before = world.account("main_tenant").password_hash
    app.extensions[SETTINGS] = settings.model_copy(update={"password_memory_kib": 16})
    try:
        assert sign_in(app.test_client(), email).status_code == 303
    finally:
        app.extensions[SETTINGS] = settings
    with app.app_context():
        after = world.account("main_tenant").password_hash
    assert before is not None
    assert after is not None
    assert "m=8," in before
    assert "m=16," in after
    assert sign_in(app.test_client(), email).status_code == 303


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize(
    "path",
    ["/sign-in", "/register", "/signed-out", "/forgotten-password", "/forgotten-password/sent", "/reset-password/x"],
)
def test_the_pages_speak_three_languages(client: FlaskClient, path: str, language: str):
    answer = client.get(path, query_string={"lang": language})
    assert f'<html lang="{language}">' in answer.text
