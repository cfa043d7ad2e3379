"""Flask-Admin's lists: nothing changes there, nothing is exported that a spreadsheet would run."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask

from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.models.audit import AuditLine
from heka_portal.models.homes import Building
from heka_portal.vocabulary import AuditAction
from heka_portal.workbench.exports import neutral
from tests.factories.homes import make_building, make_region
from tests.support.roles import ClientFor, World

LISTS = ("buildings", "targets", "urgencies", "upkeep", "staff")
#: what the library would register although it is switched off
WRITING = ("new/", "edit/?id=1", "delete/", "action/", "ajax/lookup/?name=region&query=a", "ajax/update/")


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("path", WRITING)
def test_nothing_can_be_written(client_for: ClientFor, name: str, path: str) -> None:
    client = client_for("supervisor")
    assert client.get(f"/admin/{name}/{path}").status_code == 404
    assert client.post(f"/admin/{name}/{path}").status_code in {400, 404}


@pytest.mark.parametrize("name", ["targets", "urgencies", "upkeep", "staff"])
def test_details_and_export_are_off_where_they_are_not_needed(client_for: ClientFor, name: str) -> None:
    client = client_for("supervisor")
    assert client.get(f"/admin/{name}/details/?id=1").status_code == 404
    assert client.get(f"/admin/{name}/export/csv/").status_code == 404


@pytest.mark.parametrize(
    "query", ["", "?sort=0", "?sort=0&desc=1", "?sort=99", "?page=-3", "?page=99999999", "?sort=x&page=x"]
)
@pytest.mark.parametrize("name", LISTS)
def test_list_reads_any_address(client_for: ClientFor, name: str, query: str) -> None:
    assert client_for("supervisor").get(f"/admin/{name}/{query}").status_code == 200


@pytest.mark.parametrize("key", ["x", "0", "999999999999999", "9" * 30, "1,2", "-1"])
def test_row_there_is_not_is_not_found(client_for: ClientFor, key: str) -> None:
    answer = client_for("clerk").get("/admin/buildings/details/", query_string={"id": key})
    assert answer.status_code == 404


def test_building_is_narrowed_and_shown_with_its_region(client_for: ClientFor, app: Flask, world: World) -> None:
    with app.app_context():
        make_building(
            make_region(name_en="Faraway"),
            street_address="Meripolku 5",
            name="Meripolku 5",
            manager_name="Timo Manager",
        )
        db.session.commit()
    client = client_for("clerk")
    page = client.get("/admin/buildings/?search=meripolku").text
    assert "Faraway" in page
    assert "Timo Manager" in page
    assert "Kontulankaari" not in page
    assert "Nothing here" in client.get("/admin/buildings/?search=nosuchplace").text


def test_dated_rules_are_in_the_readers_words(client_for: ClientFor) -> None:
    client = client_for("clerk")
    assert "Harm to living" in client.get("/admin/targets/").text
    assert "Water leak" in client.get("/admin/urgencies/").text
    assert "You change a blown fuse yourself" in client.get("/admin/upkeep/").text
    assert "Lamput" in client.get("/admin/upkeep/?lang=fi").text


def test_staff_are_listed_with_their_accounts(client_for: ClientFor, app: Flask, world: World) -> None:
    with app.app_context():
        db.session.get_one(Account, world.account_ids["contractor"]).is_disabled = True
        db.session.commit()
    page = client_for("administrator").get("/admin/staff/").text
    assert "Disabled" in page
    assert "Open, no second factor yet" in page
    assert "@example.fi" not in page


def test_export_is_neutral_limited_and_written_down(client_for: ClientFor, app: Flask, world: World) -> None:
    with app.app_context():
        make_building(name="=cmd|' /C calc'!A0", street_address="+358 street")
        db.session.commit()
        count = len(db.session.scalars(db.select(Building.id)).all())
    answer = client_for("clerk").get("/admin/buildings/export/csv/")
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert len(rows) == count + 1
    cells = {cell for row in rows for cell in row}
    assert "'=cmd|' /C calc'!A0" in cells
    assert "'+358 street" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    with app.app_context():
        line = db.session.scalars(db.select(AuditLine).where(AuditLine.action == AuditAction.LIST_EXPORTED)).one()
        assert (line.account_id, line.data) == (world.account_ids["clerk"], {"list": "admin_buildings"})


@pytest.mark.parametrize("value", ["=1", "+1", "-1", "@x", "\tx", "\rx"])
def test_formula_becomes_text(value: str) -> None:
    assert neutral(value) == f"'{value}"


@pytest.mark.parametrize("value", ["1", "", "a=1", 5, None])
def test_other_cells_stay(value: object) -> None:
    assert neutral(value) == value


@pytest.mark.parametrize(
    ("role", "name"), [("clerk", "staff"), ("administrator", "buildings"), ("contractor", "staff")]
)
def test_list_of_another_role_is_refused(client_for: ClientFor, role: str, name: str) -> None:
    assert client_for(role).get(f"/admin/{name}/").status_code == 403
