import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from devtools.demo.cast import CAN_IDENTIFY, PASSWORD, RECOVERY_CODES, SIGN_INS, STAFF
from devtools.demo.commands import PEOPLE_FILE, demo
from heka_portal import clock
from heka_portal.domain.accounts.factors import factors_of
from heka_portal.domain.accounts.operations.passwords import fits
from heka_portal.domain.accounts.operations.second_factor import check_code
from heka_portal.domain.audit.queries import verify_chain
from heka_portal.domain.details.rules import state_of
from heka_portal.domain.people.queries import find_registrant
from heka_portal.domain.people.rules import registration_obstacle
from heka_portal.extensions import db
from heka_portal.keyring import keyring
from heka_portal.models.accounts import Account, LoginSession
from heka_portal.models.attachments import Attachment
from heka_portal.models.bank_accounts import BankAccount
from heka_portal.models.cases import Case, CaseEvent
from heka_portal.models.enquiries import Enquiry
from heka_portal.models.outbox import OutboxMail
from heka_portal.vocabulary import BankAccountState, Channel, ClosingReason, DefectState, EnquiryState, Verb


@pytest.fixture
def run(app):
    def run(*arguments):
        result = app.test_cli_runner().invoke(demo, arguments)
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def test_demo_data_show_all_there_is(app, run):
    run("load", "--apartments", "48", "--months", "1")
    with app.app_context():
        assert set(db.session.scalars(select(Case.state).distinct())) == {
            *map(str, DefectState),
            *map(str, EnquiryState),
        }
        assert set(db.session.scalars(select(Case.outcome).distinct())) == {None, *ClosingReason}
        assert count(Attachment) > 0
        assert db.session.scalars(select(func.max(CaseEvent.at))).one() <= clock.now()
        assert count(OutboxMail) == 0
        check_own_details()
        with db.engine.connect() as connection:
            assert verify_chain(connection).broken_id is None
        passwords = dict(db.session.execute(select(Account.email, Account.password_hash)).all())
        for email in [sign_in.resident.email for sign_in in SIGN_INS] + [colleague.email for colleague in STAFF]:
            assert fits(PASSWORD, passwords[str(email)])
        [noora] = [sign_in.resident.email for sign_in in SIGN_INS if sign_in.has_second_step]
        account = db.session.scalars(select(Account).where(Account.email == noora)).one()
        assert check_code(account.id, RECOVERY_CODES[3].upper()) is account
        assert len(factors_of(account.id).passkeys) == 2
        db.session.rollback()
        check_people(json.loads(Path(app.instance_path, PEOPLE_FILE).read_text(encoding="utf-8")))
        before = count(Case)
    run("load", "--apartments", "48", "--months", "1")
    run("load", "--if-empty")
    with app.app_context():
        assert count(Case) == before


def check_own_details():
    """A number in force and one that waits, of sessions that have ended; a correction; a message of the desk."""
    now = clock.now()
    accounts = db.session.scalars(select(BankAccount).order_by(BankAccount.id)).all()
    states = [
        state_of(
            confirmed_at=account.confirmed_at,
            takes_effect_at=account.takes_effect_at,
            stopped_at=account.stopped_at,
            is_latest_in_effect=account is accounts[0],
            now=now,
        )
        for account in accounts
    ]
    assert states == [BankAccountState.IN_USE, BankAccountState.WAITING]
    sessions = db.session.scalars(select(LoginSession)).all()
    assert {session.id for session in sessions} == {account.login_session_id for account in accounts}
    assert all(session.ended_at is not None and session.ended_at < now for session in sessions)
    subjects = set(db.session.scalars(select(Enquiry.subject)))
    assert "Rättelse av registeruppgifter: telefon" in subjects
    first = select(CaseEvent.data).join(Enquiry, CaseEvent.case_id == Enquiry.id)
    [told] = db.session.scalars(first.where(Enquiry.subject == "Vuokran eräpäivä", CaseEvent.verb == Verb.OPENED))
    assert told["channel"] == Channel.DESK


def test_a_history_lies_before_the_stories(app, run):
    run("load", "--apartments", "60", "--months", "1", "--cases", "90")
    with app.app_context():
        assert count(Case) > 90
        told = db.session.scalars(select(Case.id).where(Case.subject == "Allaskaapin pohja kastuu")).one()
        assert told > 90
        before = count(Case)
    run("load", "--cases", "90", "--if-empty")
    again = app.test_cli_runner().invoke(demo, ["load", "--apartments", "60", "--months", "1", "--cases", "90"])
    assert again.exit_code == 1
    assert "empty database" in again.output
    with app.app_context():
        assert count(Case) == before


def test_loading_that_was_ended_early_is_done_again(app, run, monkeypatch):
    def stop(*arguments, **options):
        raise RuntimeError

    arguments = ["load", "--apartments", "60", "--months", "1", "--cases", "90", "--if-empty"]
    with monkeypatch.context() as patch:
        patch.setattr("devtools.demo.commands.load_history", stop)
        assert isinstance(app.test_cli_runner().invoke(demo, arguments).exception, RuntimeError)
    run(*arguments)
    with app.app_context():
        assert count(Case) > 90


def check_people(people):
    """What the stand-in provider's list says of each comes true."""
    assert len(people) == len(CAN_IDENTIFY)
    today = clock.today()
    for person in people:
        registrant = find_registrant(keyring().fingerprint(person["identity_code"]), today)
        obstacle = registration_obstacle(registrant, today)
        has_account = registrant is not None and registrant.account_id is not None
        assert (obstacle is None and not has_account) == person["note"].startswith("can register")
        assert ("account" in person["note"]) == has_account


def test_the_sign_ins_are_shown(run):
    output = run("accounts")
    assert PASSWORD in output
    assert RECOVERY_CODES[0] in output
    for email in [str(sign_in.resident.email) for sign_in in SIGN_INS] + [colleague.email for colleague in STAFF]:
        assert email in output


def test_the_portal_itself_has_no_demo(app):
    assert "demo" not in app.cli.commands
