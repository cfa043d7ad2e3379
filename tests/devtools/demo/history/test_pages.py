import pytest
from sqlalchemy import select

from devtools.demo.cast import LAURA, TIMO
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, StaffMember
from heka_portal.models.attachments import Attachment
from heka_portal.models.cases import Case
from tests.support.roles import signed_in_client


@pytest.fixture
def history(landlord, load):
    load(400)
    return landlord


def numbers_by(statement):
    return db.session.execute(statement.order_by(Case.id.desc())).all()


def test_residents_read_their_cases(history):
    with history.app_context():
        owned = numbers_by(select(Account.id, Case.number).join(Account, Account.person_id == Case.owner_id))
        keys = dict(
            db.session.execute(select(Case.number, Attachment.key).join(Case, Case.id == Attachment.case_id)).all()
        )
    for account_id, number in owned[::8]:
        client = signed_in_client(history, account_id)
        assert client.get("/").status_code == 200
        assert client.get("/matters").status_code == 200
        assert client.get("/matters/closed").status_code == 200
        assert client.get(f"/matters/{number}").status_code == 200
        if number in keys:
            assert client.get(f"/files/{keys[number]}/preview").status_code == 200


def test_customer_service_reads_all(history):
    with history.app_context():
        account_id = db.session.scalars(select(Account.id).where(Account.email == LAURA.email)).one()
        numbers = db.session.scalars(select(Case.number).order_by(Case.id)).all()
    client = signed_in_client(history, account_id)
    for page in ("", "cases/", "cases/?closed_days=365", "search/"):
        assert client.get(f"/admin/{page}").status_code == 200
    for number in numbers[::9]:
        assert client.get(f"/admin/cases/{number}/").status_code == 200


def test_companies_read_their_jobs(history):
    with history.app_context():
        company = select(StaffMember.contractor_id).where(StaffMember.name == TIMO.name).scalar_subquery()
        account_id = db.session.scalars(select(Account.id).where(Account.email == TIMO.email)).one()
        jobs = db.session.scalars(
            select(Case.number).where(Case.contractor_id == company, Case.closed_at.is_(None))
        ).all()
    client = signed_in_client(history, account_id)
    for number in jobs:
        assert client.get(f"/admin/cases/{number}/").status_code == 200
