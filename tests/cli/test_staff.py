"""An operator makes, ends and lists the accounts of staff."""

from __future__ import annotations

import re

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from heka_portal.domain.accounts.operations.passwords import hash_password
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, Contractor, LoginSession, StaffMember
from heka_portal.vocabulary import AuditAction, Language, MailKind, StaffRole
from tests.factories.homes import make_region
from tests.support.roles import STAFF, ClientFor, World
from tests.support.sending import audited, received, send

ADD = ("add", "Sanna@Example.fi", "--name", "Sanna Laine", "--role", "clerk")


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["staff", *arguments])


def account_of(app: Flask, email: str) -> Account:
    with app.app_context():
        return db.session.scalars(select(Account).where(Account.email == email)).one()


def test_an_account_is_added_and_its_link_is_mailed(app: Flask):
    result = run(app, *ADD, "--language", "sv")
    assert result.exit_code == 0, result.output
    account = account_of(app, "sanna@example.fi")
    assert account.password_hash is None
    assert account.language is Language.SWEDISH
    [mail] = received(app)
    assert (mail.kind, mail.to) == (MailKind.RESET_PASSWORD, "sanna@example.fi")
    assert mail.token not in result.output
    assert audited(app) == [AuditAction.STAFF_ADDED]
    client = app.test_client()
    answer = send(client, f"/reset-password/{mail.token}", password="korvapuusti lamppu")
    assert answer.location == "/staff/sign-in"
    signed = send(client, "/staff/sign-in", email="sanna@example.fi", password="korvapuusti lamppu")
    assert signed.location == "/staff/enrol"


def test_the_link_is_printed_where_it_is_asked_for(app: Flask):
    printed = run(app, *ADD, "--print-link").output
    assert re.search(rf"^http://localhost/reset-password/{received(app)[0].token}$", printed, re.MULTILINE)


def test_a_contractors_people_belong_to_a_company(app: Flask):
    for email in ("matti@example.fi", "maija@example.fi"):
        result = run(app, "add", email, "--name", "M", "--role", "contractor", "--contractor", "Huolto Oy")
        assert result.exit_code == 0, result.output
    with app.app_context():
        assert db.session.scalars(select(Contractor.name)).all() == ["Huolto Oy"]
        assert set(db.session.scalars(select(StaffMember.role))) == {StaffRole.CONTRACTOR}


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "m@example.fi", "--name", "M", "--role", "contractor"),
        ("add", "m@example.fi", "--name", "M", "--role", "clerk", "--contractor", "Huolto Oy"),
        ("add", "m@example.fi", "--name", "M", "--role", "landlord"),
        ("add", "no-email", "--name", "M", "--role", "clerk"),
        ("add", "m@example.fi", "--name", "M", "--role", "clerk", "--region", "R404"),
        ("disable", "nobody@example.fi"),
        ("reset-second-factor", "nobody@example.fi"),
    ],
)
def test_mistakes_are_told_in_a_sentence_and_change_nothing(app: Flask, arguments: tuple[str, ...]):
    result = run(app, *arguments)
    assert result.exit_code != 0
    assert result.output.strip()
    assert "Traceback" not in result.output
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(StaffMember)) == 0
    assert audited(app) == []


def test_a_region_is_found_by_its_id_or_name(app: Flask):
    with app.app_context():
        region = make_region(register_id="R7", name_fi="Etelä")
        db.session.commit()
        region_id = region.id
    run(app, "add", "a@example.fi", "--name", "A", "--role", "clerk", "--region", "R7")
    run(app, "add", "b@example.fi", "--name", "B", "--role", "clerk", "--region", "Etelä")
    with app.app_context():
        assert db.session.scalars(select(StaffMember.region_id)).all() == [region_id] * 2


def test_an_email_is_taken_once_by_residents_too(app: Flask, world: World):
    with app.app_context():
        email = world.account("main_tenant").email
    result = run(app, "add", email.upper(), "--name", "S", "--role", "clerk")
    assert result.exit_code == 1
    assert "has an account already" in result.output


def test_who_has_left_is_out_at_once(app: Flask, world: World, client_for: ClientFor):
    clerk = client_for("clerk")
    with app.app_context():
        email = world.account("clerk").email
        world.account("clerk").password_hash = hash_password("korvapuusti lamppu")
        db.session.commit()
    send(app.test_client(), "/forgotten-password", email=email)
    assert run(app, "disable", email).exit_code == 0
    assert clerk.get("/account/sessions").status_code == 303
    again = send(app.test_client(), "/staff/sign-in", email=email, password="korvapuusti lamppu")
    assert again.status_code == 200
    assert app.test_client().get(f"/reset-password/{received(app)[0].token}").status_code == 410
    assert AuditAction.STAFF_DISABLED in audited(app)


def test_residents_are_no_staff(app: Flask, world: World):
    with app.app_context():
        email = world.account("main_tenant").email
    assert run(app, "disable", email).exit_code == 1
    assert not account_of(app, email).is_disabled


def test_who_lost_phone_and_codes_enrols_anew(app: Flask, world: World, client_for: ClientFor):
    clerk = client_for("clerk")
    with app.app_context():
        account = world.account("clerk")
        account.totp_secret, account.totp_step, account.recovery_codes = "JBSWY3DPEHPK3PXP", 5, ["x"]
        account.password_hash = hash_password("korvapuusti lamppu")
        db.session.commit()
        email = account.email
    assert run(app, "reset-second-factor", email).exit_code == 0
    assert clerk.get("/account/sessions").status_code == 303
    kept = account_of(app, email)
    assert (kept.totp_secret, kept.totp_step, kept.recovery_codes) == (None, None, [])
    answer = send(app.test_client(), "/staff/sign-in", email=email, password="korvapuusti lamppu")
    assert answer.location == "/staff/enrol"
    with app.app_context():
        assert db.session.scalars(select(LoginSession.ended_at)).all().count(None) == 0
    assert audited(app)[0] is AuditAction.SECOND_FACTOR_RESET


def test_the_list_tells_role_company_and_state(app: Flask, world: World):
    with app.app_context():
        world.account("clerk").is_disabled = True
        world.account("supervisor").totp_secret = "JBSWY3DPEHPK3PXP"
        db.session.commit()
    lines = run(app, "list").output.splitlines()
    assert len(lines) == len(STAFF)
    assert [line for line in lines if " clerk " in line and "disabled" in line] == lines[-1:]
    assert sum("no second factor yet" in line for line in lines) == len(STAFF) - 2
    assert sum(" contractor " in line and "Huolto" in line for line in lines) == 2
