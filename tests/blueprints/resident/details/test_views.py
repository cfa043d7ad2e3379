"""Own details as a resident meets them: contact, mails, the bank account."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from heka_portal.domain.access import FRESH
from heka_portal.domain.cases.telling import mail_participants
from heka_portal.domain.outbox.rules import OPTIONAL
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.models.audit import AuditLine
from heka_portal.models.bank_accounts import BankAccount
from heka_portal.models.people import Person
from heka_portal.vocabulary import AuditAction, Language, MailKind
from tests.factories.defects import make_defect
from tests.factories.details import IBAN, make_bank_account
from tests.support.roles import ClientFor, World, strengthen
from tests.support.sending import audited, received, send

NEW, CONFIRM = "/details/bank-account/new", "/details/bank-account/confirm"
CONTACT = {"phone": "040 123 4567", "language": "sv", "postal_street": "PL 12", "postal_code": "00101"}


def person_of(app: Flask, world: World, role: str = "main_tenant") -> Person:
    with app.app_context():
        person = db.session.get(Person, world.account(role).person_id)
        assert person is not None
        return person


def test_contact_details_are_kept_and_shown(app: Flask, world: World, client_for: ClientFor):
    client = client_for("main_tenant")
    answer = send(client, "/details/contact", **CONTACT, postal_city="Helsinki")
    assert answer.location == "/details"
    page = client.get("/details?lang=en").text.replace("\xa0", " ")
    for said in ("040 123 4567", "PL 12", "00101 Helsinki"):
        assert said in page
    kept = person_of(app, world)
    assert (kept.phone, kept.postal_street, kept.postal_city) == ("+358401234567", "PL 12", "Helsinki")
    with app.app_context():
        assert world.account("main_tenant").language is Language.SWEDISH
        line = db.session.scalars(select(AuditLine)).one()
        assert line.action is AuditAction.CONTACT_CHANGED
        assert "PL 12" not in str(line.data), "the log holds no copies"


def test_half_an_address_is_told_and_nothing_typed_is_lost(app: Flask, world: World, client_for: ClientFor):
    client = client_for("main_tenant")
    page = send(client, "/details/contact?lang=en", **CONTACT)
    assert page.status_code == 200
    assert "Write the town of the postal address" in page.text
    assert 'value="PL 12"' in page.text
    lonely = send(client, "/details/contact?lang=en", language="fi", postal_city="Espoo")
    assert "leave the whole postal address empty" in lonely.text
    assert person_of(app, world).postal_street is None


def test_nobody_changes_anothers_details(app: Flask, world: World, client_for: ClientFor):
    send(client_for("co_tenant"), "/details/contact", phone="050 999 8888", language="fi", person_id="1", id="1")
    assert person_of(app, world, "co_tenant").phone == "+358509998888"
    assert person_of(app, world).phone != "+358509998888"
    assert "999 8888" not in client_for("main_tenant").get("/details").text


def test_mails_one_does_without_are_not_sent_and_the_others_are(app: Flask, world: World, client_for: ClientFor):
    client = client_for("main_tenant")
    answer = send(client, "/details/mails", wanted=[str(MailKind.CASE_CLOSED)])
    assert answer.location == "/details"
    with app.app_context():
        case = make_defect(world.actor("main_tenant"))
        for kind in (*OPTIONAL, MailKind.CASE_NEEDS_YOU):
            mail_participants(case, kind)
        db.session.commit()
    kinds = [mail.kind for mail in received(app)]
    assert kinds == [MailKind.CASE_CLOSED, MailKind.CASE_NEEDS_YOU]
    page = client.get("/details/mails?lang=en").text
    assert page.count(" checked") == 1


def test_a_number_is_given_confirmed_and_stopped(app: Flask, world: World, client_for: ClientFor):
    client = client_for("main_tenant")
    assert send(client, NEW, iban="fi21 1234-5600 0007 85").location == CONFIRM
    page = client.get(f"{CONFIRM}?lang=en").text
    assert "FI21 1234 5600 0007 85" in page
    assert "Identify yourself to confirm it" in page
    strengthen(app)
    page = client.get(f"{CONFIRM}?lang=en").text
    assert "You have identified yourself" in page
    with app.app_context():
        account_id = db.session.scalars(select(BankAccount.id)).one()
    assert send(client, CONFIRM, account=str(account_id)).location == "/details/bank-account"
    page = client.get("/details/bank-account?lang=en").text
    assert "FI** **** 0785" in page
    assert "1234 5600" not in page
    stop = f"/details/bank-account/{account_id}/stop"
    assert "Nothing has happened yet" in client.get(f"{stop}?lang=en").text
    assert send(client, stop).location == "/details/bank-account"
    assert "Stopped" in client.get("/details/bank-account?lang=en").text
    assert audited(app) == [AuditAction.BANK_ACCOUNT_GIVEN, AuditAction.BANK_ACCOUNT_STOPPED]
    assert [mail.kind for mail in received(app)] == [MailKind.BANK_ACCOUNT_GIVEN, MailKind.BANK_ACCOUNT_STOPPED]


def test_without_a_fresh_identification_nothing_is_confirmed_and_the_number_is_kept(
    app: Flask, world: World, client_for: ClientFor
):
    client = client_for("main_tenant")
    send(client, NEW, iban=IBAN)
    strengthen(app, ago=FRESH)
    with app.app_context():
        account_id = db.session.scalars(select(BankAccount.id)).one()
    assert send(client, CONFIRM, account=str(account_id)).location == CONFIRM
    assert "FI21 1234 5600 0007 85" in client.get(CONFIRM).text
    with app.app_context():
        assert db.session.scalars(select(BankAccount.confirmed_at)).one() is None
    assert received(app) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "bank card"), ("FI21 1234 5600 0007 86", "bank card"), ("SA0380000000608010167519", "SEPA area")],
)
def test_a_wrong_number_is_explained_and_kept_in_the_form(client_for: ClientFor, typed: str, said: str):
    page = send(client_for("main_tenant"), f"{NEW}?lang=en", iban=typed)
    assert page.status_code == 200
    assert said in page.text
    assert f'value="{typed}"' in page.text


def test_without_a_number_there_is_nothing_to_confirm(app: Flask, world: World, client_for: ClientFor):
    client = client_for("main_tenant")
    strengthen(app)
    assert client.get(CONFIRM).location == NEW
    assert send(client, CONFIRM, page=NEW, account="999").location == NEW


def test_another_adult_of_the_home_sees_no_number(app: Flask, world: World, client_for: ClientFor):
    with app.app_context():
        account = make_bank_account(world.actor("main_tenant"))
        db.session.commit()
        stop = f"/details/bank-account/{account.id}/stop"
    for role in ("co_tenant", "resident", "neighbour"):
        client = client_for(role)
        assert "0785" not in client.get("/details").text + client.get("/details/bank-account").text
        assert client.get(stop).status_code == 404
        assert send(client, stop, page="/details/mails").status_code == 404


def test_a_former_tenant_has_an_account_but_no_details(client_for: ClientFor):
    client = client_for("former_tenant")
    assert client.get("/details").status_code == 403
    assert client.get("/account/looks").status_code == 200
    assert client.get("/account/email").status_code == 200


def test_the_register_is_shown_beside_one_s_own_words(app: Flask, world: World, client_for: ClientFor):
    with app.app_context():
        person = db.session.get(Person, world.account("main_tenant").person_id)
        assert person is not None
        person.register_email, person.is_protected = "rekisteri@example.fi", True
        account = db.session.get(Account, world.account_ids["main_tenant"])
        assert account is not None
        db.session.commit()
    page = client_for("main_tenant").get("/details?lang=en").text
    assert "rekisteri@example.fi" in page
    assert "Non-disclosure order" in page
    assert "Main tenant of the home" in page


def test_own_details_lead_to_two_step_sign_in(client_for: ClientFor):
    assert 'href="/account/second-factor"' in client_for("main_tenant").get("/details").text


def test_page_of_mails_names_those_that_always_come(client_for: ClientFor):
    page = client_for("main_tenant").get("/details/mails?lang=en").text
    for said in ("waits for your answer", "urgent notice", "rescue plan", "two-step sign-in", "copy of your data"):
        assert said in page
