"""What an operator sees of an import, and staff of a person who cannot register."""

import zipfile
from importlib import import_module

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from heka_portal.cli import register_plan, register_progress
from heka_portal.domain.register.operations import RegisterMoved
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.models.audit import AuditLine
from heka_portal.models.people import Person
from heka_portal.models.register import RegisterImport
from heka_portal.vocabulary import AuditAction, Language
from tests.factories.register_files import APARTMENT, LEASE, OCCUPANCY, PERSON, SMALL, write_folder


@pytest.fixture
def flask(app):
    def run(*arguments, **options):
        return app.test_cli_runner().invoke(args=["register", *map(str, arguments)], **options)

    return run


@pytest.fixture
def folder(tmp_path):
    return write_folder(tmp_path / "from-landlord", SMALL)


def count(app, model):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model))


def test_a_folder_is_planned_shown_and_applied(app, flask, folder):
    result = flask("import", folder)
    assert result.exit_code == 0
    first, *lines = result.stdout.splitlines()
    assert first == "Part of the register from from-landlord"
    assert lines[1].split() == ["new", "changed", "ended", "unchanged"]
    assert [line.split() for line in lines[2:12]] == [[name, "1", "0", "0", "0"] for name in SMALL]
    assert lines[-1] == "The register is up to date."
    assert result.stderr == ""
    assert count(app, Person) == 1


def test_a_log_hears_how_far_a_long_import_is(flask, folder, monkeypatch):
    monkeypatch.setattr(register_progress, "QUIET", 0)
    told = flask("import", folder).stderr.splitlines()
    assert "Reading: 100 %" in told
    steps = [line for line in told if not line.startswith("Reading")]
    tables = [name.replace("_", " ") for name in SMALL]
    comparing, applying = ([f"{what} {name} …" for name in tables] for what in ("Comparing", "Applying"))
    assert steps == ["Checking what came …", *comparing, *applying]


def test_the_second_time_nothing_has_to_be_changed(app, flask, folder):
    flask("import", folder)
    result = flask("import", folder, "--whole")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "Whole register from from-landlord"
    assert result.stdout.splitlines()[-1] == "Nothing had to be changed."
    assert count(app, RegisterImport) == 2


def test_a_zip_does_as_well(app, flask, folder, tmp_path):
    path = tmp_path / "register.zip"
    with zipfile.ZipFile(path, "w") as target:
        for file in folder.iterdir():
            target.write(file, file.name)
    assert flask("import", path).exit_code == 0
    assert count(app, Person) == 1


def test_a_dry_run_shows_the_plan_only(app, flask, folder):
    result = flask("import", folder, "--dry-run")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "This was a dry run: nothing was changed."
    assert count(app, Person) == count(app, RegisterImport) == 0


def test_errors_are_shown_by_file_and_line_and_end_with_1(app, flask, tmp_path):
    wrong = [{**PERSON, "identity_code": "010190-999X"}, {**PERSON, "person_id": "P2", "birth_date": "1.1.1990"}]
    result = flask("import", write_folder(tmp_path / "wrong", {**SMALL, "people": wrong, "leases": []}))
    assert result.exit_code == 1
    lines = result.stdout.split("Errors: 5. Nothing was changed.\n")[1].splitlines()
    assert [line.split()[0] for line in lines] == [
        "charges.csv:2",
        "invoices.csv:2",
        "lease_parties.csv:2",
        "people.csv:2",
        "people.csv:3",
    ]
    assert lines[3] == (
        "  people.csv:2 identity_code 010190-****: This is no personal identity code: compare it with the source."
    )
    assert "999X" not in result.output
    assert count(app, Person) == 0


def test_warnings_are_grouped_and_all_shown_on_demand(flask, tmp_path):
    apartments = [{**APARTMENT, "apartment_id": f"A{number}"} for number in range(1, 9)]
    folder = write_folder(tmp_path / "folder", {**SMALL, "apartments": apartments})
    short = flask("import", folder, "--dry-run").stdout
    assert "  7 × apartment without occupants: Nobody lives here by the register.\n" in short
    assert short.count("apartments.csv:") == register_plan.FEW
    assert "    … and 2 more: --details shows them all.\n" in short
    assert flask("import", folder, "--dry-run", "--details").stdout.count("apartments.csv:") == 7


def test_changes_are_shown_field_by_field(flask, folder, tmp_path):
    flask("import", folder)
    changed = {"leases": [{**LEASE, "monthly_rent": "760.00", "ends_on": "2099-01-01"}]}
    output = flask("import", write_folder(tmp_path / "changed", changed)).stdout
    assert "  leases monthly_rent: 1\n" in output
    assert "  leases L1: monthly_rent 753.25 → 760.00\n" in output
    assert "  leases L1: ends_on (nothing) → 2099-01-01\n" in output


def test_a_mass_end_needs_a_word(app, flask, folder, tmp_path):
    flask("import", folder)
    empty = write_folder(tmp_path / "empty", {"leases": []})
    refused = flask("import", empty, "--whole")
    assert refused.exit_code == 1
    assert "1 of 1 running leases would end" in refused.stdout
    assert flask("import", empty, "--whole", "--allow-mass-end").exit_code == 0


@pytest.mark.parametrize("name", ["absent", "empty"])
def test_what_cannot_be_opened_ends_with_2(flask, tmp_path, name):
    (tmp_path / "empty").mkdir()
    result = flask("import", tmp_path / name)
    assert result.exit_code == 2
    assert name in result.stderr


def test_a_plan_overtaken_by_another_import_is_made_anew(app, flask, folder, monkeypatch):
    # The package has the group of commands under the module's name.
    command = import_module("heka_portal.cli.register")
    overtaken = iter([True])

    def apply_plan(*arguments, **options):
        if next(overtaken, False):
            raise RegisterMoved
        return original(*arguments, **options)

    original = command.apply_plan
    monkeypatch.setattr(command, "apply_plan", apply_plan)
    result = flask("import", folder)
    assert result.exit_code == 0
    assert "the plan is made anew" in result.stdout
    assert count(app, Person) == 1


# ---------------------------------------------------------------- flask register check


@pytest.fixture
def people(flask, tmp_path):
    def send(*rows, **tables):
        tables = {name: list(SMALL[name]) for name in ("regions", "buildings", "apartments")} | tables
        assert flask("import", write_folder(tmp_path / "people", {**tables, "people": rows})).exit_code == 0

    return send


def test_someone_who_can_register(app, flask, folder):
    flask("import", folder)
    result = flask("check", "P1")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "Aino Maria Virtanen (P1), born 1.1.1990"
    assert "Can register" in result.stdout
    with app.app_context():
        line = db.session.scalars(select(AuditLine).where(AuditLine.action == AuditAction.PERSON_VIEWED)).one()
        assert line.person_id == db.session.scalar(select(Person.id))


@pytest.mark.parametrize(
    ("person", "home", "words"),
    [
        ({"identity_code": ""}, {}, "no identity code"),
        ({"identity_code": "", "birth_date": "2020-03-03"}, {}, "can register from 3.3.2038"),
        ({}, {"to_on": "2026-02-01"}, "since 1.2.2026 there is none"),
    ],
)
def test_someone_who_cannot_register(flask, people, person, home, words):
    people({**PERSON, **person}, occupancies=[{**OCCUPANCY, **home}])
    result = flask("check", "P1")
    assert result.exit_code == 1
    assert "Cannot register." in result.stdout
    assert words in result.stdout


def test_someone_without_a_home(flask, people):
    people(PERSON)
    assert "No lease and no line in the register of occupants" in flask("check", "P1").stdout


def test_all_hindrances_are_said(flask, people):
    people({**PERSON, "identity_code": ""})
    assert flask("check", "P1").stdout.count("Cannot register.") == 2


def test_someone_with_an_account(app, flask, folder):
    flask("import", folder)
    with app.app_context():
        person_id = db.session.scalar(select(Person.id))
        at = db.session.scalar(select(Person.created_at))
        db.session.add(Account(person_id=person_id, email="a@b.example", language=Language.FINNISH, created_at=at))
        db.session.commit()
    assert "Has an account already" in flask("check", "P1").stdout


def test_people_are_found_by_name(flask, folder):
    flask("import", folder)
    assert "(P1)" in flask("check", "--name", "virtanen aino").stdout
    assert flask("check", "--name", "Virtanen Eino").exit_code == 1


@pytest.mark.filterwarnings("ignore:.*echo.*")
def test_people_are_found_by_an_identity_code_that_is_not_echoed(app, folder):
    runner = app.test_cli_runner()
    runner.invoke(args=["register", "import", str(folder)])
    found = runner.invoke(args=["register", "check", "--identity-code"], input="010190-999w\n")
    assert "(P1)" in found.stdout
    assert "999" not in found.output
    other = runner.invoke(args=["register", "check", "--identity-code"], input="010190Y999W\n")
    assert other.exit_code == 1
    assert "Nobody in the register has this identity code" in other.stdout
    wrong = runner.invoke(args=["register", "check", "--identity-code"], input="010190-999X\n")
    assert wrong.exit_code == 1
    assert "999" not in wrong.output


@pytest.mark.parametrize("arguments", [(), ("P1", "--name", "Virtanen")])
def test_one_question_at_a_time(flask, arguments):
    assert flask("check", *arguments).exit_code == 2


def test_the_commands_are_explained(app):
    text = app.test_cli_runner().invoke(args=["register", "import", "--help"]).stdout
    assert "FOLDER_OR_ZIP" in text
    assert isinstance(app.test_cli_runner(), CliRunner)
