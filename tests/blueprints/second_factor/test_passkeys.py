"""Adding and removing passkeys: what of a browser's answer is believed, and whose passkeys one sees."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from heka_portal import clock
from heka_portal.domain.accounts.rules import MOST_PASSKEYS
from heka_portal.extensions import db
from heka_portal.models.passkeys import PasskeyChallenge
from heka_portal.vocabulary import AuditAction, MailKind
from tests.blueprints.auth.door import PASSWORD, give_password
from tests.blueprints.second_factor.steps import (
    CODE,
    OWN,
    account_of,
    add_app,
    add_passkey,
    ask,
    begin_passkey,
    finish_passkey,
    passkeys,
)
from tests.factories.passkeys import make_passkey
from tests.support.authenticator import Authenticator, decode
from tests.support.roles import ClientFor, World
from tests.support.sending import audited, received, send, token_of


def test_the_first_passkey_turns_two_steps_on_and_brings_codes(app: Flask, mine: FlaskClient, email: str, phone):
    shown = add_passkey(mine, phone, "Aino's phone")
    assert len(set(CODE.findall(shown.text))) == 10
    [kept] = passkeys(app)
    assert (kept.name, decode(kept.credential_id), kept.transports) == ("Aino's phone", phone.kept[0].id, ["internal"])
    assert (kept.sign_count, kept.backed_up, kept.last_used_at) == (0, False, None)
    assert audited(app) == [AuditAction.PASSKEY_ADDED]
    assert [(mail.kind, mail.to) for mail in received(app)] == [(MailKind.PASSKEY_ADDED, email)]
    page = mine.get(f"{OWN}?lang=en").text
    assert "Aino&#39;s phone" in page
    assert "Not used yet." in page
    assert mine.get(f"{OWN}/passkeys/make").location == f"{OWN}/passkeys/new", "the password was given for one"


def test_a_second_one_keeps_the_codes(app: Flask, mine: FlaskClient, email: str, phone: Authenticator):
    _, codes = add_app(mine)
    answer = add_passkey(mine, phone)
    assert answer.location == OWN
    assert len(account_of(app, email).recovery_codes) == len(codes)
    assert add_passkey(mine, Authenticator(is_backed_up=True), "Key ring").location == OWN
    assert [each.backed_up for each in passkeys(app)] == [False, True]
    assert "Your other devices may have it too" in mine.get(f"{OWN}?lang=en").text


def test_the_browser_is_asked_for_a_passkey_that_needs_no_other_step(mine: FlaskClient, phone: Authenticator):
    add_passkey(mine, phone)
    asked = begin_passkey(mine)
    assert asked["rp"]["id"] == "localhost"
    chosen = asked["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")
    assert asked["attestation"] == "none"
    assert [decode(one["id"]) for one in asked["excludeCredentials"]] == [phone.kept[0].id]
    assert len(decode(asked["challenge"])) == 32
    assert asked["user"]["id"] == begin_passkey(mine)["user"]["id"], "a device keeps one for each account"


def test_the_password_comes_first(app: Flask, mine: FlaskClient):
    wrong = send(mine, f"{OWN}/passkeys/new?lang=en", called="Phone", present="not this one")
    assert "This is not your present password" in wrong.text
    assert 'value="Phone"' in wrong.text, "what was typed stays"
    assert send(mine, f"{OWN}/passkeys/new?lang=en", called=" ", present=PASSWORD).status_code == 200
    token = token_of(mine.get(f"{OWN}/passkeys/new"))
    for path in ("options", "make"):
        answer = mine.post(f"{OWN}/passkeys/{path}", data={"csrf_token": token, "answer": "{}"})
        assert answer.location == f"{OWN}/passkeys/new"
    with app.app_context():
        assert db.session.query(PasskeyChallenge).count() == 0


def test_the_password_counts_for_five_minutes(mine: FlaskClient, phone: Authenticator):
    with time_machine.travel(clock.now(), tick=False) as time:
        asked = begin_passkey(mine)
        time.shift(timedelta(minutes=5, seconds=1))
        assert mine.get(f"{OWN}/passkeys/make").location == f"{OWN}/passkeys/new"
        answer = send(mine, f"{OWN}/passkeys/make", page=f"{OWN}/passkeys/new", answer=phone.make(asked))
        assert answer.location == f"{OWN}/passkeys/new"


@pytest.mark.parametrize(
    "device",
    [
        Authenticator(origin="http://localhost:8000"),
        Authenticator(origin="https://localhost"),
        Authenticator(origin="http://evil.example"),
        Authenticator(rp_id="evil.example"),
        Authenticator(is_verified=False),
        Authenticator(challenge=b"another challenge, of another time"),
    ],
    ids=["port", "scheme", "origin", "rp", "nobody verified", "challenge"],
)
def test_what_another_page_made_is_not_kept(app: Flask, mine: FlaskClient, device: Authenticator):
    page = add_passkey(mine, device)
    assert page.status_code == 200
    assert "The passkey was not made" in page.text
    assert passkeys(app) == []
    assert received(app) == []


def test_a_challenge_is_answered_once(app: Flask, mine: FlaskClient, phone: Authenticator):
    asked = begin_passkey(mine)
    answer = phone.make(asked)
    with mine.session_transaction() as visit:
        key = visit["passkey"]
    assert finish_passkey(mine, answer).status_code == 200
    begin_passkey(mine)
    with mine.session_transaction() as visit:
        visit["passkey"] = key
    assert "The passkey was not made" in finish_passkey(mine, Authenticator().make(asked)).text
    assert len(passkeys(app)) == 1


def test_a_wrong_answer_uses_the_challenge_up(app: Flask, mine: FlaskClient, phone: Authenticator):
    asked = begin_passkey(mine)
    with mine.session_transaction() as visit:
        key = visit["passkey"]
    finish_passkey(mine, "{}")
    with mine.session_transaction() as visit:
        visit["passkey"] = key
    assert "The passkey was not made" in finish_passkey(mine, phone.make(asked)).text
    assert passkeys(app) == []


def test_a_challenge_lives_five_minutes(app: Flask, mine: FlaskClient, phone: Authenticator):
    with time_machine.travel(clock.now(), tick=False) as time:
        answer = phone.make(begin_passkey(mine))
        time.shift(timedelta(minutes=4))
        send(mine, f"{OWN}/passkeys/new", called="again", present=PASSWORD)
        time.shift(timedelta(minutes=1))
        assert "The passkey was not made" in finish_passkey(mine, answer).text


def test_a_challenge_belongs_to_one_browser_and_account(
    app: Flask, world: World, mine: FlaskClient, client_for: ClientFor, phone: Authenticator
):
    give_password(app, world, "neighbour")
    neighbour = client_for("neighbour")
    asked = begin_passkey(mine)
    with mine.session_transaction() as visit:
        key = visit["passkey"]
    begin_passkey(neighbour)
    with neighbour.session_transaction() as visit:
        visit["passkey"] = key
    assert "The passkey was not made" in finish_passkey(neighbour, phone.make(asked)).text
    assert passkeys(app) == []


def test_nobody_takes_a_passkey_that_another_has(
    app: Flask, world: World, mine: FlaskClient, client_for: ClientFor, phone: Authenticator
):
    give_password(app, world, "neighbour")
    add_passkey(mine, phone)
    neighbour = client_for("neighbour")
    page = finish_passkey(neighbour, phone.make(begin_passkey(neighbour), again=phone.kept[0]))
    assert "The passkey was not made" in page.text
    assert [each.account_id for each in passkeys(app)] == [world.account_ids["main_tenant"]]
    assert [mail.kind for mail in received(app)] == [MailKind.PASSKEY_ADDED]


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", "[" * 9000, '{"id": "\\u0000"}', "x" * 20_000])
def test_what_is_no_answer_is_refused(app: Flask, mine: FlaskClient, answer: str):
    begin_passkey(mine)
    page = finish_passkey(mine, answer)
    assert page.status_code == 200
    assert "The passkey was not made" in page.text
    assert passkeys(app) == []


def test_there_are_so_many_and_no_more(app: Flask, world: World, mine: FlaskClient):
    with app.app_context():
        for _ in range(MOST_PASSKEYS - 1):
            make_passkey(world.account("main_tenant"))
        db.session.commit()
    slow, late = begin_passkey(mine), Authenticator()
    with mine.session_transaction() as visit:
        kept = {name: visit[name] for name in ("passkey", "new_passkey")}
    add_passkey(mine, Authenticator(), "the last")
    assert mine.get(f"{OWN}/passkeys/new").location == OWN
    assert "Add a passkey" not in mine.get(f"{OWN}?lang=en").text
    with mine.session_transaction() as visit:
        visit.update(kept)
    assert finish_passkey(mine, late.make(slow)).location == OWN
    assert len(passkeys(app)) == MOST_PASSKEYS


def test_a_passkey_is_removed_by_the_password(app: Flask, mine: FlaskClient, email: str, phone: Authenticator):
    add_passkey(mine, phone)
    path = f"{OWN}/passkeys/{passkeys(app)[0].id}/remove"
    assert "your recovery codes no longer work" in mine.get(f"{path}?lang=en").text
    assert "This is not your present password" in send(mine, f"{path}?lang=en", present="not this one").text
    assert len(passkeys(app)) == 1
    assert send(mine, path, present=PASSWORD).location == OWN
    assert passkeys(app) == []
    assert account_of(app, email).recovery_codes == []
    assert audited(app)[-1] is AuditAction.PASSKEY_REMOVED
    assert received(app)[-1].kind is MailKind.PASSKEY_REMOVED
    assert mine.get(path).status_code == 404


def test_codes_stay_while_anything_is_on(app: Flask, mine: FlaskClient, email: str, phone: Authenticator):
    add_passkey(mine, phone)
    add_passkey(mine, Authenticator(), "Key ring")
    first, second = passkeys(app)
    send(mine, f"{OWN}/passkeys/{first.id}/remove", present=PASSWORD)
    assert len(account_of(app, email).recovery_codes) == 10
    assert [each.id for each in passkeys(app)] == [second.id]


def test_anothers_passkey_is_not_found(
    app: Flask, world: World, mine: FlaskClient, client_for: ClientFor, phone: Authenticator
):
    give_password(app, world, "co_tenant")
    add_passkey(mine, phone, "Drawer phone")
    path = f"{OWN}/passkeys/{passkeys(app)[0].id}/remove"
    co_tenant = client_for("co_tenant")
    assert co_tenant.get(path).status_code == 404
    assert send(co_tenant, path, page=f"{OWN}/app", present=PASSWORD).status_code == 404
    assert "Drawer phone" not in co_tenant.get(OWN).text
    assert len(passkeys(app)) == 1


def test_without_script_the_page_says_so_and_offers_the_app(mine: FlaskClient):
    page = mine.get(f"{OWN}/passkeys/new?lang=en").text
    assert "A code app works in every browser." in page
    assert f'href="{OWN}/app"' in page
    assert 'data-passkeys-at="localhost" hidden' in page


def test_browsers_that_ask_and_ask_are_braked(app: Flask):
    client = app.test_client()
    token = token_of(client.get("/sign-in"))
    answers = [client.post("/sign-in/passkey/options", data={"csrf_token": token}).status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]


def test_a_page_of_another_site_gets_no_challenge(client: FlaskClient):
    assert client.post("/sign-in/passkey/options").status_code == 400


def test_asking_writes_nothing_readable(app: Flask, client: FlaskClient):
    ask(client, "/sign-in/passkey/options", "/sign-in")
    with client.session_transaction() as visit:
        key = visit["passkey"]
    with app.app_context():
        kept = db.session.query(PasskeyChallenge).one()
        assert kept.key_hash != key
        assert kept.account_id is None
        assert kept.expires_at - kept.created_at == timedelta(minutes=5)
