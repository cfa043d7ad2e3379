"""Identification between the portal and the stand-in provider, with every way it can end."""

from __future__ import annotations

import logging
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask, make_response
from flask.testing import FlaskClient
from joserfc import jws, jwt
from joserfc.jwk import KeySet
from sqlalchemy import select

from heka_portal import clock
from heka_portal.blueprints.identification.pages import ENDINGS, stopped_page
from heka_portal.extensions import SETTINGS, db, settings
from heka_portal.integrations.identification import errors
from heka_portal.integrations.identification import keys as portal_keys
from heka_portal.keyring import keyring
from heka_portal.models.accounts import Account, Identification
from heka_portal.models.audit import AuditLine
from heka_portal.vocabulary import AuditAction, IdentificationState, MailKind, RegistrationObstacle
from heka_portal.web.identification import EXTENSION
from tests.blueprints.identification.conftest import Provider
from tests.factories.homes import make_apartment
from tests.factories.leases import let
from tests.factories.people import make_person
from tests.support.sending import audited, received, send

TERO = "010170-999R"
PASSWORD = "korvapuusti lamppu"


def put_into_register(app: Flask, *, birth_on: date = date(1970, 1, 1), with_home: bool = True, ended: bool = False):
    """Tero, as the landlord's register knows him."""
    with app.app_context():
        mark = keyring().fingerprint(TERO)
        tero = make_person(
            first_names="Tero Testi", last_name="Äyrämö", birth_on=birth_on, identity_code=TERO, identity_mark=mark
        )
        if with_home:
            let(make_apartment(), tero, ends_on=clock.today() if ended else None)
        db.session.commit()
        return tero.id


def rounds(app: Flask) -> list[Identification]:
    with app.app_context():
        return list(db.session.scalars(select(Identification).order_by(Identification.id)))


def test_a_resident_registers_from_the_first_page_to_the_last(app: Flask, client: FlaskClient, provider: Provider):
    person_id = put_into_register(app)
    answer = provider.identify(client)
    assert (answer.status_code, answer.location) == (303, "/register/account")
    page = client.get(answer.location)
    assert "Tero Testi Äyrämö" in page.text
    send(client, "/register/account", email="tero@example.fi", password=PASSWORD)
    [mail] = received(app)
    assert mail.kind is MailKind.CONFIRM_ACCOUNT
    assert send(client, f"/confirm/{mail.token}").location == "/home"
    assert client.get("/account/sessions").status_code == 200
    with app.app_context():
        assert db.session.scalars(select(Account.person_id)).one() == person_id
    assert audited(app) == [AuditAction.IDENTIFIED, AuditAction.ACCOUNT_OPENED, AuditAction.SIGNED_IN]
    send(client, "/sign-out", page="/account/password")
    assert send(client, "/sign-in", email="tero@example.fi", password=PASSWORD).location == "/home"


def test_of_an_identification_neither_code_nor_token_is_kept(app: Flask, client: FlaskClient, provider: Provider):
    put_into_register(app)
    provider.identify(client)
    [kept] = rounds(app)
    assert kept.state is IdentificationState.IDENTIFIED
    assert (kept.full_name, kept.acr) == ("Tero Testi Äyrämö", "http://ftn.ficora.fi/2017/loatest2")
    assert kept.failure is None
    with app.app_context():
        assert kept.identity_mark == keyring().fingerprint(TERO)
        lines = db.session.scalars(select(AuditLine)).all()
    columns = [str(getattr(kept, column.key)) for column in Identification.__table__.columns]
    assert not any(TERO in text for text in [*columns, *(str(line.data) for line in lines)])


@pytest.mark.parametrize(
    ("register", "obstacle"),
    [
        (None, RegistrationObstacle.NOT_IN_REGISTER),
        ({"birth_on": date(2020, 1, 1)}, RegistrationObstacle.UNDER_AGE),
        ({"with_home": False}, RegistrationObstacle.NO_HOME),
        ({"ended": True}, RegistrationObstacle.LEASE_ENDED),
    ],
)
def test_who_may_not_register_is_told_and_found_by_staff(
    app: Flask, client: FlaskClient, provider: Provider, register, obstacle
):
    person_id = put_into_register(app, **register) if register is not None else None
    answer = provider.identify(client)
    assert answer.location == "/register/not-possible"
    assert client.get(answer.location).status_code == 200
    [kept] = rounds(app)
    assert (kept.obstacle, kept.person_id) == (obstacle, person_id)
    assert audited(app) == [AuditAction.IDENTIFIED, AuditAction.REGISTRATION_REFUSED]
    with app.app_context():
        line = db.session.scalars(select(AuditLine).order_by(AuditLine.id.desc()).limit(1)).one()
        assert line.data == {"identification": kept.id, "obstacle": obstacle}


def test_who_turns_back_reads_a_calm_page(
    app: Flask, client: FlaskClient, provider: Provider, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.INFO, logger="heka_portal"):
        answer = provider.identify(client, action="cancel")
    assert answer.status_code == 200
    assert "You cancelled the identification" in answer.text
    assert 'action="/register/identify"' in answer.text
    assert "Error" not in answer.text
    assert caplog.records == []
    assert audited(app) == []
    assert [each.failure for each in rounds(app)] == ["cancelled"]


@pytest.mark.parametrize(
    ("failure", "code", "status"),
    [
        ("other_cancel", "cancelled", 200),
        ("login_required", "login_required", 400),
        ("invalid_request", "invalid_request", 502),
        ("invalid_scope", "invalid_scope", 502),
        ("unauthorized_client", "invalid_client", 502),
        ("server_error", "server_error", 502),
        ("temporarily_unavailable", "temporarily_unavailable", 503),
        ("wrong_callback_issuer", "callback_refused", 400),
        ("code_used", "code_used", 400),
        ("token_slow", "provider_slow", 503),
        ("tampered", "token_refused", 400),
        ("wrong_nonce", "token_refused", 400),
        ("wrong_acr", "token_refused", 400),
        ("no_identity_code", "no_identity_code", 403),
    ],
)
def test_each_failure_has_its_page_and_its_line(
    app: Flask, client: FlaskClient, provider: Provider, failure: str, code: str, status: int
):
    put_into_register(app)
    answer = provider.identify(client, failure=failure)
    assert answer.status_code == status
    assert str(ENDINGS[code].title) in answer.text.replace("&#39;", "'")
    assert [each.failure for each in rounds(app)] == [code]
    assert audited(app) == ([] if code == "cancelled" else [AuditAction.IDENTIFICATION_FAILED])
    assert client.get("/register/account").location == "/register"
    assert provider.identify(client).location == "/register/account", "one can try again at once"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_error_has_a_page_in_every_language(client: FlaskClient, app: Flask, language: str):
    kinds = [
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, errors.IdentificationError)
    ]
    titles = set()
    for kind in kinds:
        assert kind.code in ENDINGS, kind
        with app.test_request_context("/identification/callback", query_string={"lang": language}):
            page = make_response(stopped_page(kind("reason")))
            html = page.get_data(as_text=True)
        titles.add(html[html.index("<h1>") : html.index("</h1>")])
        assert (page.status_code == 503) == ("Retry-After" in page.headers)
    assert len(titles) == len(kinds)


# ---------------------------------------------------------------- answers that are not this browser's, or not new


def test_an_answer_is_taken_once(app: Flask, client: FlaskClient, provider: Provider):
    put_into_register(app)
    back = provider.answer(provider.begin(client))
    assert client.get(back).status_code == 303
    again = client.get(back)
    assert again.status_code == 400
    assert "We could not connect this identification to you" in again.text
    assert client.get("/register/account").status_code == 200, "what the first use gave stays valid"
    assert audited(app) == [AuditAction.IDENTIFIED, AuditAction.IDENTIFICATION_FAILED]


def test_an_answer_in_another_browser_is_refused_and_uses_nothing_up(
    app: Flask, client: FlaskClient, provider: Provider
):
    put_into_register(app)
    back = provider.answer(provider.begin(client))
    victim = app.test_client()
    victim.get("/register")
    assert victim.get(back).status_code == 400
    assert victim.get("/register/account").location == "/register"
    assert client.get(back).status_code == 303


def test_two_browsers_cannot_swap_their_answers(app: Flask, client: FlaskClient, provider: Provider):
    put_into_register(app)
    other = app.test_client()
    mine, theirs = provider.answer(provider.begin(client)), Provider(provider.issuer)
    their_back = theirs.answer(theirs.begin(other), person="070770-905D")
    assert client.get(their_back).status_code == 400
    assert other.get(mine).status_code == 400


@pytest.mark.parametrize("query", ["", "?state=", "?state=x&code=y", "?error=access_denied", "?state=%00&code=x"])
def test_an_answer_to_nothing_is_refused(app: Flask, client: FlaskClient, provider: Provider, query: str):
    answer = client.get(f"/identification/callback{query}")
    assert answer.status_code == 400
    assert audited(app) == []


def test_an_answer_after_a_quarter_of_an_hour_is_too_late(app: Flask, client: FlaskClient, provider: Provider):
    put_into_register(app)
    back = provider.answer(provider.begin(client))
    with time_machine.travel(clock.now() + timedelta(minutes=15, seconds=1)):
        assert client.get(back).status_code == 400
    assert [each.state for each in rounds(app)] == [IdentificationState.PENDING]


def test_stray_answers_are_braked(client: FlaskClient):
    answers = [client.get("/identification/callback?state=x").status_code for _ in range(61)]
    assert answers == [400] * 60 + [429]


def test_identifications_are_braked(client: FlaskClient, provider: Provider):
    answers = [send(client, "/register/identify", page="/register").status_code for _ in range(21)]
    assert answers == [303] * 20 + [429]


# ---------------------------------------------------------------- without a provider


def test_a_provider_that_is_down_has_a_page(app: Flask, client: FlaskClient, provider: Provider, monkeypatch):
    down = settings_with(app, identification_issuer="http://127.0.0.1:9")
    monkeypatch.setitem(app.extensions, SETTINGS, down)
    monkeypatch.delitem(app.extensions, EXTENSION, raising=False)
    answer = send(client, "/register/identify", page="/register?lang=en")
    assert answer.status_code == 503
    assert "We cannot reach the identification service" in answer.text
    assert rounds(app) == []


def settings_with(app: Flask, **changes: str):
    with app.app_context():
        return settings().model_copy(update=changes)


def test_a_portal_without_a_provider_says_so(client: FlaskClient):
    answer = send(client, "/register/identify", page="/register?lang=en")
    assert answer.status_code == 503
    assert "Identification does not work at the moment" in answer.text
    assert "tel:+358957673000" in answer.text


# ---------------------------------------------------------------- what we publish


def test_our_keys_are_published_without_their_private_halves(client: FlaskClient, provider: Provider):
    published = client.get("/identification/jwks")
    assert published.mimetype == "application/json"
    keys = published.get_json()["keys"]
    assert [key["use"] for key in keys] == ["sig", "enc"]
    assert all(not {"d", "p", "q"} & key.keys() for key in keys)


def test_signed_keys_and_statement_are_signed_by_the_entity_key(
    app: Flask, client: FlaskClient, provider: Provider, key_folder: Path
):
    entity = KeySet([portal_keys.load_keys(key_folder / "portal").entity])
    with app.app_context():
        own = settings().base_url
    expected = {
        "/identification/signed-jwks": ("application/jwk-set+jwt", "jwk-set+jwt"),
        "/identification/entity-statement": ("application/entity-statement+jwt", "entity-statement+jwt"),
        "/.well-known/openid-federation": ("application/entity-statement+jwt", "entity-statement+jwt"),
    }
    for path, (content_type, typ) in expected.items():
        answer = client.get(path)
        assert answer.content_type == content_type
        read = jwt.decode(
            answer.text, entity, algorithms=["RS256"], registry=jws.JWSRegistry(strict_check_header=False)
        )
        assert read.header["typ"] == typ
        assert (read.claims["iss"], read.claims["sub"]) == (own, own)
    registered = read.claims["metadata"]["openid_relying_party"]
    assert registered["redirect_uris"] == [f"{own}/identification/callback"]
    assert registered["signed_jwks_uri"] == f"{own}/identification/signed-jwks"


def test_without_keys_nothing_is_published(client: FlaskClient):
    for path in ("/identification/jwks", "/identification/signed-jwks", "/identification/entity-statement"):
        assert client.get(path).status_code == 404


def test_rotated_keys_are_taken_into_use_without_a_restart(
    app: Flask, client: FlaskClient, provider: Provider, key_folder: Path, tmp_path: Path, monkeypatch
):
    shutil.copytree(key_folder / "portal", tmp_path, dirs_exist_ok=True)
    rotating = settings_with(app, identification_keys=str(tmp_path))
    monkeypatch.setitem(app.extensions, SETTINGS, rotating)
    before = client.get("/identification/jwks").get_json()["keys"]
    assert client.get("/identification/jwks").get_json()["keys"] == before
    (tmp_path / "sig-next.pem").write_bytes((tmp_path / "enc.pem").read_bytes())
    after = client.get("/identification/jwks").get_json()["keys"]
    assert len(after) == 3
