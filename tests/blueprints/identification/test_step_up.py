"""A signed-in person identifies themselves anew: the session becomes fresh, for its own person, for ten minutes."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from heka_portal import clock
from heka_portal.domain.access import FRESH
from heka_portal.domain.accounts.queries import get_actor
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, Identification, LoginSession
from heka_portal.models.people import Person
from heka_portal.vocabulary import AuditAction, IdentificationPurpose, IdentificationState
from tests.blueprints.identification.conftest import Provider
from tests.blueprints.identification.test_views import put_into_register
from tests.factories.accounts import make_account
from tests.support.roles import signed_in_client
from tests.support.sending import audited, send

OTHER = "010280-952L"
PAGE = "/identify?next=/matters&lang=en"


@pytest.fixture
def account_id(app: Flask) -> int:
    """Tero's account."""
    person_id = put_into_register(app)
    with app.app_context():
        account = make_account(db.session.get_one(Person, person_id))
        db.session.commit()
        return account.id


@pytest.fixture
def tero(app: Flask, account_id: int) -> FlaskClient:
    return signed_in_client(app, account_id)


def strong_at(app: Flask):
    with app.app_context():
        return db.session.scalars(select(LoginSession.strong_at).order_by(LoginSession.id)).all()


def begin(client: FlaskClient, issuer: str) -> str:
    answer = send(client, PAGE)
    assert answer.status_code == 303, answer.text
    assert answer.location.startswith(issuer)
    return answer.location


def test_the_page_says_why_and_leads_back(app: Flask, tero: FlaskClient, provider: Provider):
    page = tero.get(PAGE)
    assert "Identify yourself again" in page.text
    back = tero.get(provider.answer(begin(tero, provider.issuer)))
    assert (back.status_code, back.location) == (303, "/matters")
    [at] = strong_at(app)
    assert at is not None
    [kept] = _rounds(app)
    assert (kept.purpose, kept.state) == (IdentificationPurpose.STEP_UP, IdentificationState.USED)
    assert kept.full_name is None
    assert audited(app) == [AuditAction.IDENTIFIED]
    assert tero.get(PAGE).location == "/matters", "who is fresh is not asked again"


def _rounds(app: Flask) -> list[Identification]:
    with app.app_context():
        return list(db.session.scalars(select(Identification).order_by(Identification.id)))


def test_it_counts_for_ten_minutes(app: Flask, tero: FlaskClient, provider: Provider):
    tero.get(provider.answer(begin(tero, provider.issuer)))
    [at] = strong_at(app)
    with time_machine.travel(at + FRESH - timedelta(seconds=1), tick=False):
        assert tero.get(PAGE).status_code == 303
    with time_machine.travel(at + FRESH, tick=False):
        assert tero.get(PAGE).status_code == 200


def test_only_this_session_becomes_fresh(app: Flask, account_id: int, tero: FlaskClient, provider: Provider):
    elsewhere = signed_in_client(app, account_id)
    tero.get(provider.answer(begin(tero, provider.issuer)))
    assert elsewhere.get(PAGE).status_code == 200
    assert strong_at(app)[1] is None


def test_another_person_strengthens_nothing(app: Flask, tero: FlaskClient, provider: Provider):
    page = tero.get(provider.answer(begin(tero, provider.issuer), person=OTHER))
    assert page.status_code == 403
    assert "You identified yourself as another person" in page.text
    assert strong_at(app) == [None]
    assert audited(app) == [AuditAction.IDENTIFICATION_FAILED]
    assert "/identify?next=" in page.text


def test_cancelling_leads_back_to_the_page(app: Flask, tero: FlaskClient, provider: Provider):
    page = tero.get(provider.answer(begin(tero, provider.issuer), action="cancel"))
    assert page.status_code == 200
    assert 'href="/matters' in page.text
    assert strong_at(app) == [None]


def test_a_session_that_ended_meanwhile_is_not_strengthened(app: Flask, tero: FlaskClient, provider: Provider):
    answer = provider.answer(begin(tero, provider.issuer))
    with app.app_context():
        session = db.session.scalars(select(LoginSession)).one()
        session.ended_at = clock.now()
        db.session.commit()
    page = tero.get(answer)
    assert (page.status_code, page.location) == (303, "/sign-in?next=/matters")
    assert strong_at(app) == [None]


def test_the_same_identification_does_not_count_twice(app: Flask, tero: FlaskClient, provider: Provider):
    tero.get(provider.answer(begin(tero, provider.issuer)))
    with app.app_context():
        known = db.session.scalars(select(Identification)).one()
        known.auth_time = clock.now() + timedelta(minutes=1)
        db.session.scalars(select(LoginSession)).one().strong_at = None
        db.session.commit()
    page = tero.get(provider.answer(begin(tero, provider.issuer)))
    assert page.status_code != 303
    assert strong_at(app) == [None]


@pytest.mark.parametrize("wanted", ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example"])
def test_it_leads_to_our_pages_only(app: Flask, tero: FlaskClient, provider: Provider, wanted: str):
    answer = send(tero, f"/identify?{urlencode({'next': wanted})}")
    back = tero.get(provider.answer(answer.location))
    assert back.location == "/home"


def test_an_actor_knows_when_they_were_strengthened(app: Flask, account_id: int):
    client = signed_in_client(app, account_id)
    with client.session_transaction() as visit:
        key = visit["_user_id"]
    with app.app_context():
        session = db.session.scalars(select(LoginSession)).one()
        session.strong_at = clock.now()
        db.session.commit()
        actor = get_actor(key, now=clock.now(), former_days=365)
        assert actor is not None
        assert actor.is_fresh(clock.now())
        assert not actor.is_fresh(clock.now() + FRESH)
        assert db.session.get(Account, account_id) is not None
