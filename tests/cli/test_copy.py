"""A database is moved whole: nothing is lost or changed, and what breaks on the way leaves nothing behind."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from devtools.machine import server_url
from heka_portal.config import Settings
from heka_portal.copying.digests import digest_table
from heka_portal.copying.ends import open_end, snapshot
from heka_portal.domain.audit.operations import record_audit
from heka_portal.domain.audit.queries import verify_chain
from heka_portal.domain.cases.search import search_cases
from heka_portal.extensions import db
from heka_portal.keyring import keyring
from heka_portal.models.audit import AuditLine
from heka_portal.models.cases import Case
from heka_portal.models.homes import Apartment
from heka_portal.models.people import Person
from heka_portal.vocabulary import AuditAction
from tests.factories.defects import make_defect
from tests.factories.people import make_person
from tests.support.copying import Copier, differing, indexes, is_as_new, opened, portal_on
from tests.support.databases import postgres_database
from tests.support.roles import World
from tests.support.rows import fill_empty_tables

#: Both kinds of database take part, whichever the suite runs on: the run on PostgreSQL has both.
pytestmark = pytest.mark.postgresql

CODE = "010170-999R"


@pytest.fixture
def databases(tmp_path: Path) -> Iterator[list[str]]:
    """Two addresses to copy to, without a table: a file, and a database of the server."""
    with postgres_database(server_url(), f"heka_copy_{secrets.token_hex(6)}") as made:
        yield [f"sqlite:///{tmp_path / 'copy.sqlite3'}", made.url]


@pytest.fixture
def lived_in(app: Flask, world: World) -> World:
    """The world with cases and values that the two databases store differently."""
    with app.app_context():
        tenant = world.actor("main_tenant")
        later, earlier = make_defect(tenant, title="The first one"), make_defect(tenant, title="Vesihana vuotaa")
        # The lower number refers to the higher one: no order of the rows alone can serve it.
        later.duplicate_of_id = earlier.id
        apartment = db.session.scalars(select(Apartment)).first()
        assert apartment is not None
        apartment.area_m2 = Decimal("54.50")
        make_person(identity_code=CODE, identity_mark=keyring().fingerprint(CODE), first_names="Äiti Ñandú 🏠")
        record_audit(AuditAction.CASE_VIEWED, reason="kysyi, näki", data={"ä": [1, 2.5, None, True]})
        db.session.commit()
    return world


@pytest.fixture
def filled(app: Flask, lived_in: World) -> World:
    """The same with a row in every other table, whose codes no vocabulary knows."""
    with app.app_context(), db.engine.begin() as connection:
        fill_empty_tables(connection)
    return lived_in


@pytest.fixture
def run(app: Flask, settings: Settings) -> Copier:
    return Copier(app, settings.database)


def test_there_and_back_everything_is_the_same(run: Copier, filled: World, databases: list[str]) -> None:
    there, back = databases
    out = run.copy(there)
    assert out.exit_code == 0, out.output
    home = run.copy(back, source=there)
    assert home.exit_code == 0, home.output
    assert "The copied audit log is whole: " in home.output
    both = run.compare(back)
    assert both.exit_code == 0, both.output
    hashes = re.compile(r"^\w+ +\d+ +\d+  [0-9a-f]{16}  same$", re.MULTILINE)
    assert len(hashes.findall(both.output)) == len(db.metadata.sorted_tables)
    assert hashes.findall(both.output) == hashes.findall(out.output) == hashes.findall(home.output)


@pytest.fixture(params=["sqlite", "postgresql"])
def moved(request: pytest.FixtureRequest, run: Copier, lived_in: World, databases: list[str]) -> str:
    """The world moved to a file, or from the file on to another database of the server."""
    file, server = databases
    assert run.copy(file).exit_code == 0
    if request.param == "sqlite":
        return file
    assert run.copy(server, source=file).exit_code == 0
    return server


def test_copy_is_read_as_it_was_written(run: Copier, lived_in: World, moved: str, settings: Settings) -> None:
    with run.app.app_context():
        written = what_the_portal_reads()
    with portal_on(moved, settings):
        assert what_the_portal_reads() == written
        person = db.session.scalars(select(Person).where(Person.identity_mark == keyring().fingerprint(CODE))).one()
        assert db.session.scalar(select(Person.identity_code).where(Person.id == person.id)) == CODE


def what_the_portal_reads() -> dict[str, list[str]]:
    """Every row as the models give it: moments, decimals, codes, decrypted secrets."""
    return {
        table.name: [repr(row) for row in db.session.execute(table.select().order_by(*table.primary_key.columns))]
        for table in db.metadata.sorted_tables
    }


def test_life_goes_on_in_the_copy(run: Copier, lived_in: World, moved: str, settings: Settings) -> None:
    with portal_on(moved, settings):
        old = max(db.session.scalars(select(Case.id)))
        new = make_defect(lived_in.actor("main_tenant"), title="Hissi kolisee")
        record_audit(AuditAction.CASE_VIEWED, case_id=new.id)
        db.session.commit()
        assert new.id > old
        clerk = lived_in.actor("clerk")
        assert [line.subject for line in search_cases(clerk, "kolisee")] == ["Hissi kolisee"]
        assert [line.subject for line in search_cases(clerk, "hana")] == ["Vesihana vuotaa"]
        with db.engine.connect() as connection:
            assert (verify_chain(connection).lines, verify_chain(connection).broken_id) == (
                db.session.scalar(select(func.count()).select_from(AuditLine)),
                None,
            )


@pytest.mark.parametrize("statement", ["UPDATE case_events SET text = 'x'", "DELETE FROM audit_log"])
def test_copy_is_guarded_as_the_original(run: Copier, moved: str, statement: str) -> None:
    with opened(run, moved) as engine, pytest.raises(DatabaseError, match="append-only"), engine.begin() as copy:
        copy.execute(text(statement))


@pytest.mark.parametrize("which", [0, 1])
def test_copy_has_all_indexes(run: Copier, lived_in: World, databases: list[str], which: int) -> None:
    with opened(run, databases[which]) as engine:
        before = indexes(engine)
        assert run.copy(databases[which]).exit_code == 0
        assert indexes(engine) == before


#: a row that changes while it is stored, on each database
TAMPERING = {
    "sqlite": (
        """CREATE TRIGGER tampering AFTER INSERT ON people BEGIN
        UPDATE people SET last_name = last_name || ' ' WHERE id = new.id AND first_names LIKE '%Ñandú%'; END""",
    ),
    "postgresql": (
        """CREATE FUNCTION tamper() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF new.first_names LIKE '%Ñandú%' THEN new.last_name = new.last_name || ' '; END IF; RETURN new; END $$""",
        "CREATE TRIGGER tampering BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION tamper()",
    ),
}


@pytest.mark.parametrize("which", [0, 1])
def test_a_row_that_arrives_changed_is_found_and_nothing_is_kept(
    run: Copier, lived_in: World, databases: list[str], which: int
) -> None:
    with opened(run, databases[which]) as engine:
        with engine.begin() as target:
            for statement in TAMPERING[engine.dialect.name]:
                target.exec_driver_sql(statement.replace("%", "%%") if engine.dialect.name != "sqlite" else statement)
        result = run.copy(databases[which])
        assert result.exit_code == 1
        assert differing(result) == ["people"]
        assert "Nothing was copied: the target is empty as before." in result.output
        assert is_as_new(engine)


def test_a_row_changed_afterwards_is_found(run: Copier, moved: str) -> None:
    assert run.compare(moved).exit_code == 0
    with opened(run, moved) as engine, engine.begin() as copy:
        copy.execute(text("UPDATE apartments SET area_m2 = 54.51 WHERE area_m2 = 54.5"))
        copy.execute(text("DELETE FROM outbox_mails"))
    result = run.compare(moved)
    assert result.exit_code == 1
    assert differing(result) == ["apartments", "outbox_mails"]


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("broken", ["cases", "attachments"])
def test_a_break_on_the_way_leaves_the_target_empty(
    run: Copier, filled: World, databases: list[str], which: int, broken: str
) -> None:
    refusing = {
        "sqlite": (f"CREATE TRIGGER breaking BEFORE INSERT ON {broken} BEGIN SELECT RAISE(ABORT, 'no more'); END",),
        "postgresql": (
            "CREATE FUNCTION break() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no more'; END $$",
            f"CREATE TRIGGER breaking BEFORE INSERT ON {broken} FOR EACH ROW EXECUTE FUNCTION break()",
        ),
    }
    with opened(run, databases[which]) as engine:
        with engine.begin() as target:
            for statement in refusing[engine.dialect.name]:
                target.exec_driver_sql(statement)
        before = indexes(engine)
        result = run.copy(databases[which])
        assert result.exit_code == 1
        assert "no more" in result.output
        assert is_as_new(engine)
        assert indexes(engine) == before
        with engine.begin() as target:
            target.execute(text(f"DROP TRIGGER breaking{'' if engine.dialect.name == 'sqlite' else f' ON {broken}'}"))
        again = run.copy(databases[which])
        assert again.exit_code == 0, again.output


def test_what_postgresql_cannot_hold_is_named_without_its_value(
    run: Copier, lived_in: World, databases: list[str]
) -> None:
    file, server = databases
    assert run.copy(file).exit_code == 0
    with opened(run, file) as engine:
        with engine.begin() as source:
            source.execute(text("UPDATE people SET phone = 'secret' || char(0) || 'words'"))
        result = run.copy(server, source=file)
        assert result.exit_code == 1
        assert "A row of people" in result.output
        assert "secret" not in result.output
        with engine.begin() as source:
            source.execute(text("UPDATE people SET phone = NULL, first_names = :long"), {"long": "salainen" * 30})
    result = run.copy(server, source=file)
    assert "A row of people.first_names cannot be stored in the target: value too long" in result.output
    assert "salainen" not in result.output


@pytest.mark.parametrize("which", [0, 1])
def test_other_data_is_never_copied_over(run: Copier, lived_in: World, databases: list[str], which: int) -> None:
    with opened(run, databases[which]) as engine:
        with engine.begin() as target:
            target.execute(text("INSERT INTO contractors (name, is_active) VALUES ('Huolto Oy', '1')"))
            target.execute(text("UPDATE upkeep_rules SET price_cents = 1 WHERE code = 'door_opening'"))
        result = run.copy(databases[which])
        assert result.exit_code == 1
        assert "The target is not empty" in result.output
        assert "contractors, upkeep_rules" in result.output
        with engine.connect() as target:
            assert target.scalar(text("SELECT name FROM contractors")) == "Huolto Oy"


@pytest.mark.parametrize("which", [0, 1])
def test_old_or_foreign_databases_are_refused(run: Copier, lived_in: World, databases: list[str], which: int) -> None:
    with opened(run, databases[which]) as engine:
        with engine.begin() as other:
            other.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        assert "The target is at migration 0001 and this version" in run.copy(databases[which]).output
        assert "The source is at migration 0001" in run.copy(databases[1 - which], source=databases[which]).output
        with engine.begin() as other:
            other.execute(text("DELETE FROM alembic_version"))
        assert "tables that are not the portal's" in run.copy(databases[which]).output
        assert "The source is at no migration" in run.copy(databases[1 - which], source=databases[which]).output


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        ("mysql://u:geheim@h/d", "sqlite:///x", "must begin with sqlite:/// or postgresql://"),
        ("sqlite:////nowhere/heka.sqlite3", "sqlite:///x", "There is no file /nowhere/heka.sqlite3."),
        ("sqlite://", "sqlite:///x", "must name a file"),
        ("postgresql://u:geheim@h/d", "postgresql+psycopg://v:x@h/d", "Both addresses name the same database."),
    ],
)
def test_addresses_that_cannot_be_are_refused(run: Copier, source: str, target: str, words: str) -> None:
    result = run("copy", "--from", source, "--to", target)
    assert result.exit_code == 1
    assert words in result.output
    assert "geheim" not in result.output


def test_a_server_that_is_away_is_told_in_a_sentence(run: Copier, lived_in: World) -> None:
    result = run.copy("postgresql://somebody:geheim@127.0.0.1:1/heka")
    assert result.exit_code == 1
    assert re.match(r"Error: The target refused: .*Connection refused", result.output)
    assert "geheim" not in result.output


def test_a_broken_log_is_copied_only_when_asked_for(run: Copier, lived_in: World, databases: list[str]) -> None:
    with run.app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE audit_head SET last_id = last_id + 1"))
    refused = run.copy(databases[0])
    assert refused.exit_code == 1
    assert "The audit log is broken at line " in refused.output
    with opened(run, databases[0]) as engine:
        assert is_as_new(engine)
    asked = run.copy(databases[0], "--with-broken-log")
    assert asked.exit_code == 0
    assert "The audit log is broken at line " in asked.output


def test_writes_during_the_copy_do_not_reach_it(run: Copier, lived_in: World, databases: list[str]) -> None:
    with run.app.app_context():
        source = open_end(run.url, must_exist=True)
        with snapshot(source) as reading:
            tables = {table.name: table for table in db.metadata.sorted_tables}
            before = digest_table(reading, tables["people"], lambda *_: None)
            make_person()
            db.session.commit()
            assert digest_table(reading, tables["people"], lambda *_: None) == before
            with pytest.raises(DatabaseError):
                reading.execute(text("DELETE FROM outbox_mails"))
        source.dispose()
