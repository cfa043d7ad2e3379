"""One transaction, one writer, and nobody waits while rows are staged."""

import threading

import pytest
from sqlalchemy import func, insert, select

from heka_portal.cli.register import field_rules
from heka_portal.domain.register import applying, operations
from heka_portal.domain.register.operations import RegisterMoved, apply_plan, open_import, plan_import, stage
from heka_portal.domain.register.tables import PAYMENTS
from heka_portal.extensions import db
from heka_portal.integrations.register_files import open_register
from heka_portal.models.accounts import Contractor
from heka_portal.models.people import Person
from heka_portal.models.register import RegisterImport
from tests.factories.register_files import NOW, PERSON, SMALL, TODAY, run_import, write_folder


def count(model):
    with db.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(model)).scalar_one()


@pytest.fixture
def files(in_app, tmp_path):
    return open_register(write_folder(tmp_path / "files", SMALL), field_rules())


def make_plan(connection, files):
    return plan_import(connection, files, whole=False, on=TODAY, allow_mass_end=False)


def test_an_import_that_breaks_leaves_the_old_register_whole(in_app, files, monkeypatch):
    def break_at_last(connection, table, **options):
        if table is PAYMENTS:
            raise ConnectionError("the power is gone")
        applying.apply_table(connection, table, **options)

    monkeypatch.setattr(operations, "apply_table", break_at_last)
    with open_import() as connection:
        stage(connection, files)
        plan = make_plan(connection, files)
        with pytest.raises(ConnectionError):
            apply_plan(connection, plan, started_at=NOW, now=NOW)
        db.session.rollback()
    assert count(Person) == count(RegisterImport) == 0


def test_nothing_is_seen_of_an_import_before_its_commit(in_app, files):
    with open_import() as connection:
        stage(connection, files)
        apply_plan(connection, make_plan(connection, files), started_at=NOW, now=NOW)
        assert count(Person) == 0
        db.session.commit()
        assert count(Person) == 1


def test_a_plan_that_another_import_overtook_is_not_applied(in_app, files, tmp_path):
    with open_import() as connection:
        stage(connection, files)
        plan = make_plan(connection, files)
        run_import(write_folder(tmp_path / "other", {**SMALL, "people": [{**PERSON, "last_name": "Korhonen"}]}))
        with pytest.raises(RegisterMoved):
            apply_plan(connection, plan, started_at=NOW, now=NOW)
        db.session.rollback()
        again = make_plan(connection, files)
        assert [table.table for table in again.tables if not table.is_empty] == ["people"]
        apply_plan(connection, again, started_at=NOW, now=NOW)
        db.session.commit()
    assert db.session.scalar(select(Person.last_name)) == "Virtanen"


def test_others_write_while_rows_are_staged_and_compared(in_app, files):
    """A web process goes on taking reports in while a large register is read."""
    with open_import() as connection:
        with db.engine.begin() as other:
            other.execute(insert(Contractor).values(name="Huolto Oy", is_active=True))
            stage(connection, files)
            plan = make_plan(connection, files)
        assert plan.error_count == 0
    assert count(Contractor) == 1


def test_a_plan_with_errors_is_never_applied(in_app, tmp_path):
    folder = write_folder(tmp_path / "wrong", {"people": [{**PERSON, "language": "xx"}]})
    files = open_register(folder, field_rules())
    with open_import() as connection:
        stage(connection, files)
        with pytest.raises(ValueError, match="errors"):
            apply_plan(connection, make_plan(connection, files), started_at=NOW, now=NOW)
    assert count(RegisterImport) == 0


def test_staged_rows_end_with_their_connection(in_app, files):
    with open_import() as connection:
        stage(connection, files)
    with open_import() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM staged_people").scalar() == 0


def test_two_imports_at_once_are_applied_one_after_the_other(app, tmp_path):
    folders = [
        write_folder(tmp_path / name, {**SMALL, "people": [{**PERSON, "last_name": name}]}) for name in ("A", "B")
    ]
    results = []

    def run(folder):
        with app.app_context():
            try:
                run_import(folder)
                results.append("applied")
            except RegisterMoved:
                db.session.rollback()
                results.append("overtaken")

    threads = [threading.Thread(target=run, args=(folder,)) for folder in folders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert results.count("applied") == count(RegisterImport)
        assert "applied" in results
        assert count(Person) == 1
