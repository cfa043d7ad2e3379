"""One's own account: where it is signed in, and its password."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from heka_portal import clock
from heka_portal.domain.accounts.operations.passwords import fits
from heka_portal.extensions import db
from heka_portal.models.accounts import LoginSession
from heka_portal.vocabulary import AuditAction, MailKind
from tests.blueprints.auth.door import PASSWORD
from tests.factories.accounts import make_session
from tests.support.roles import ClientFor, World
from tests.support.sending import audited, received, send

NEW_PASSWORD = "hauska-sateenvarjo"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:145.0) Gecko/20100101 Firefox/145.0"


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/account/sessions").status_code == 200


def session_ids(app: Flask) -> list[int]:
    with app.app_context():
        return list(db.session.scalars(select(LoginSession.id).order_by(LoginSession.id)))


def test_the_list_shows_what_is_open_and_marks_this_browser(app: Flask, world: World, mine: FlaskClient):
    with app.app_context():
        account, now = world.account("main_tenant"), clock.now()
        make_session(account, user_agent=FIREFOX)
        make_session(account, user_agent="Ended Chrome Android", ended_at=now)
        make_session(account, user_agent="Old Opera OPR/1 Linux", expires_at=now - timedelta(seconds=1))
        make_session(account, user_agent="Idle Edg/1 Mac", last_seen_at=now - timedelta(minutes=31))
        make_session(world.account("co_tenant"), user_agent="Safari iPad")
        db.session.commit()
    page = mine.get("/account/sessions?lang=en").text
    assert page.count("This browser") == 1
    assert page.count('<li class="hp-card">') == 2
    assert "Firefox, Windows" in page
    assert "iPad" not in page


def test_one_browser_is_signed_out(app: Flask, mine: FlaskClient, client_for: ClientFor):
    other = client_for("main_tenant")
    _, second = session_ids(app)
    answer = send(mine, f"/account/sessions/{second}/end", page="/account/sessions")
    assert answer.location == "/account/sessions"
    assert is_signed_in(mine)
    assert not is_signed_in(other)
    assert audited(app) == [AuditAction.SESSIONS_ENDED]
    assert send(mine, f"/account/sessions/{second}/end", page="/account/sessions").status_code == 404


def test_this_browser_is_signed_out_as_by_signing_out(app: Flask, mine: FlaskClient):
    [only] = session_ids(app)
    answer = send(mine, f"/account/sessions/{only}/end", page="/account/sessions")
    assert answer.location == "/signed-out"
    assert "Clear-Site-Data" in answer.headers
    assert not is_signed_in(mine)


def test_anothers_session_is_not_found(app: Flask, mine: FlaskClient, client_for: ClientFor):
    theirs = client_for("co_tenant")
    answer = send(mine, f"/account/sessions/{session_ids(app)[-1]}/end", page="/account/sessions")
    assert answer.status_code == 404
    assert is_signed_in(theirs)
    assert mine.post("/account/sessions/99999999999999999999/end").status_code in {400, 404}


def test_signing_out_everywhere_ends_all_and_nobody_elses(app: Flask, mine: FlaskClient, client_for: ClientFor):
    others, theirs = [client_for("main_tenant") for _ in range(3)], client_for("co_tenant")
    answer = send(mine, "/account/sessions/end-all", page="/account/sessions")
    assert answer.location == "/signed-out"
    assert "Clear-Site-Data" in answer.headers
    assert not any(map(is_signed_in, [mine, *others]))
    assert is_signed_in(theirs)


def test_a_clerk_who_signs_out_everywhere_comes_to_the_staffs_door(client_for: ClientFor):
    clerk = client_for("clerk")
    assert send(clerk, "/account/sessions/end-all", page="/account/sessions").location == "/staff/sign-in"


def test_a_changed_password_signs_all_other_browsers_out(
    app: Flask, world: World, mine: FlaskClient, client_for: ClientFor
):
    other = client_for("main_tenant")
    with mine.session_transaction() as visit:
        key = visit["_user_id"]
    answer = send(mine, "/account/password", present=PASSWORD, password=NEW_PASSWORD)
    assert answer.location == "/account/sessions"
    assert "Your password has been changed" in mine.get("/account/sessions?lang=en").text
    assert not is_signed_in(other)
    with mine.session_transaction() as visit:
        assert visit["_user_id"] != key, "the session gets a new key"
    old = app.test_client()
    with old.session_transaction() as visit:
        visit["_user_id"] = key
    assert not is_signed_in(old)
    with app.app_context():
        assert fits(NEW_PASSWORD, world.account("main_tenant").password_hash)
    assert [mail.kind for mail in received(app)] == [MailKind.PASSWORD_CHANGED]
    assert AuditAction.PASSWORD_CHANGED in audited(app)


def test_a_changed_password_kills_reset_links(app: Flask, world: World, mine: FlaskClient):
    with app.app_context():
        email = world.account("main_tenant").email
    send(app.test_client(), "/forgotten-password", email=email)
    token = received(app)[0].token
    send(mine, "/account/password", present=PASSWORD, password=NEW_PASSWORD)
    assert app.test_client().get(f"/reset-password/{token}").status_code == 410


@pytest.mark.parametrize(
    ("present", "new", "words"),
    [
        ("", NEW_PASSWORD, "Write your password"),
        ("salasana12345", NEW_PASSWORD, "This is not your present password"),
        (PASSWORD, "", "Write a password"),
        (PASSWORD, "short", "at least 12"),
        (PASSWORD, "salasana1234", "easy to guess"),
    ],
)
def test_what_does_not_do_changes_nothing(app: Flask, world: World, mine: FlaskClient, present, new, words):
    answer = send(mine, "/account/password?lang=en", present=present, password=new)
    assert answer.status_code == 200
    assert words in answer.text
    assert is_signed_in(mine)
    with app.app_context():
        assert fits(PASSWORD, world.account("main_tenant").password_hash)
    assert received(app) == []


def test_guesses_at_the_present_password_are_braked(mine: FlaskClient):
    answers = [
        send(mine, "/account/password", present=f"guess number {n}", password=NEW_PASSWORD).status_code
        for n in range(11)
    ]
    assert answers == [200] * 10 + [429]


@pytest.mark.parametrize("path", ["/account/sessions", "/account/password"])
def test_strangers_are_led_to_the_door(client: FlaskClient, path: str):
    assert client.get(path).location.startswith("/sign-in?next=")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("path", ["/account/sessions", "/account/password"])
def test_the_pages_speak_three_languages(mine: FlaskClient, path: str, language: str):
    assert f'<html lang="{language}">' in mine.get(path, query_string={"lang": language}).text
