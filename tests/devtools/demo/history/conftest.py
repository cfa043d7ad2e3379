from datetime import date

import pytest
from sqlalchemy import update

from devtools.demo import accounts
from devtools.demo.commands import import_register
from devtools.demo.history.loading import load_history
from devtools.demo.register import DemoRegister
from heka_portal import clock
from heka_portal.extensions import db
from heka_portal.models.defects import DefectTarget, FaultUrgency
from heka_portal.web.files import storage


@pytest.fixture
def landlord(app):
    """A small landlord with the cast's accounts and with rules that have always been."""
    with app.app_context():
        import_register(DemoRegister(144, today=clock.today(), months=1))
        accounts.open_accounts()
        for rules in (DefectTarget, FaultUrgency):
            db.session.execute(update(rules).values(from_on=date(2000, 1, 1)))
        db.session.commit()
    return app


@pytest.fixture
def load(landlord):
    """`load(cases)`: load so many, and return how many were counted."""

    def load(cases):
        counted: list[int] = []
        with landlord.app_context():
            load_history(cases, today=clock.today(), put=storage().put, tell=print, count=counted.append)
        return sum(counted)

    return load
