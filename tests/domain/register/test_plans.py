"""What a plan says, and what becomes of the register."""

from datetime import date

import pytest
from sqlalchemy import func, select

from heka_portal.domain.register.tables import TABLES
from heka_portal.extensions import db
from heka_portal.keyring import keyring
from heka_portal.models.audit import AuditLine
from heka_portal.models.homes import Apartment, Building, Occupancy
from heka_portal.models.leases import Lease, LeaseParty
from heka_portal.models.payments import Charge, Invoice, Payment
from heka_portal.models.people import Person
from heka_portal.models.register import RegisterImport
from heka_portal.vocabulary import AuditAction, Language, LeaseRole
from tests.factories.register_files import (
    APARTMENT,
    BUILDING,
    CHARGE,
    INVOICE,
    LEASE,
    NOW,
    OCCUPANCY,
    PARTY,
    PAYMENT,
    PERSON,
    SMALL,
    TODAY,
)

OTHER_PERSON = {
    **PERSON,
    "person_id": "P2",
    "identity_code": "290200A901C",
    "birth_date": "2000-02-29",
    "last_name": "Åkerman",
}


def only(model):
    (row,) = db.session.scalars(select(model).execution_options(populate_existing=True))
    return row


def test_a_first_import_makes_everything_new(send):
    outcome = send(SMALL)
    assert all(outcome.counts(table.name) == (1, 0, 0, 0) for table in TABLES)
    person, lease, party, home = only(Person), only(Lease), only(LeaseParty), only(Occupancy)
    assert (person.register_id, person.birth_on, person.language) == ("P1", date(1990, 1, 1), Language.SWEDISH)
    assert person.created_at == NOW
    assert lease.monthly_rent_cents == 75325
    assert lease.signed_at.isoformat() == "2020-05-20T07:30:00+00:00"
    assert (party.lease_id, party.person_id, party.role) == (lease.id, person.id, LeaseRole.SIGNATORY)
    assert (home.person_id, home.apartment_id, home.from_on) == (person.id, only(Apartment).id, date(2020, 6, 1))
    assert only(Apartment).area_m2 == pytest.approx(54.5)
    assert only(Charge).lease_id == only(Invoice).lease_id == lease.id
    assert only(Payment).reference == only(Invoice).reference == "202600457"


def test_the_identity_code_is_encrypted_and_found_by_its_mark(send):
    send(SMALL)
    stored = db.session.execute(select(Person.__table__.c.identity_mark, db.text("identity_code"))).one()
    assert stored.identity_mark == keyring().fingerprint("010190-999W")
    assert "010190" not in stored.identity_code
    assert keyring().decrypt(stored.identity_code, purpose="people.identity_code") == "010190-999W"


@pytest.mark.parametrize("whole", [False, True])
def test_the_same_folder_again_changes_nothing(small, send, whole):
    outcome = send(SMALL, whole=whole)
    assert outcome.plan.is_empty
    assert all(outcome.counts(table.name) == (0, 0, 0, 1) for table in TABLES)
    assert outcome.changes == []


@pytest.mark.parametrize(
    ("table", "row", "change"),
    [
        ("regions", {"region_id": "R1", "name_fi": "Länsi"}, ("R1", "name_fi", "Itä", "Länsi")),
        ("buildings", {**BUILDING, "apartment_count": "3"}, ("B1", "apartment_count", "2", "3")),
        ("apartments", {**APARTMENT, "staircase": ""}, ("A1", "staircase", "A", None)),
        ("people", {**PERSON, "email": "new@resident.example"}, ("P1", "email", "aino@resident.example", None)),
        ("people", {**PERSON, "protected": "1"}, ("P1", "protected", "0", "1")),
        ("people", {**PERSON, "identity_code": "010190Y999W"}, ("P1", "identity_code", "****", "010190Y****")),
        ("people", {**PERSON, "identity_code": ""}, ("P1", "identity_code", "****", None)),
        ("leases", {**LEASE, "monthly_rent": "760.00"}, ("L1", "monthly_rent", "753.25", "760.00")),
        ("leases", {**LEASE, "ends_on": "2027-01-01"}, ("L1", "ends_on", None, "2027-01-01")),
        ("lease_parties", {**PARTY, "to_on": "2027-01-01"}, ("L1 P1 signatory", "to_on", None, "2027-01-01")),
        ("occupancies", {**OCCUPANCY, "to_on": "2027-01-01"}, ("A1 P1 2020-06-01", "to_on", None, "2027-01-01")),
        ("charges", {**CHARGE, "kind": "sauna"}, ("C1", "kind", "rent", "sauna")),
        ("invoices", {**INVOICE, "amount": "700.00"}, ("I1", "amount", "753.25", "700.00")),
        ("payments", {**PAYMENT, "amount": "-0.05"}, ("B1", "amount", "753.25", "-0.05")),
    ],
)
def test_a_changed_field_is_planned_and_written(small, send, table, row, change):
    outcome = send({table: [row]})
    record, column, before, after = change
    assert outcome.counts(table) == (0, 1, 0, 0)
    (found,) = outcome.changes
    assert (found.table, found.record, found.column, found.before) == (table, record, column, before)
    assert found.after == (row.get("email") if column == "email" else after)
    assert next(each.columns for each in outcome.plan.tables if each.table == table) == {column: 1}
    assert send({table: [row]}).plan.is_empty


def test_a_record_can_come_to_name_another(small, send):
    apartment = {**APARTMENT, "apartment_id": "A2"}
    lease = {**LEASE, "lease_id": "L2", "apartment_id": "A2"}
    send({"apartments": [apartment], "leases": [lease]})
    outcome = send({"invoices": [{**INVOICE, "lease_id": "L2"}]})
    (change,) = outcome.changes
    assert (change.column, change.before, change.after) == ("lease_id", "L1", "L2")
    assert only(Invoice).lease_id == db.session.scalar(select(Lease.id).where(Lease.register_id == "L2"))


def test_a_record_can_come_to_name_one_that_comes_with_it(small, send):
    building = {**BUILDING, "building_id": "B2"}
    outcome = send({"buildings": [building], "apartments": [{**APARTMENT, "building_id": "B2"}]})
    assert outcome.counts("apartments") == (0, 1, 0, 0)
    assert only(Apartment).building_id == db.session.scalar(select(Building.id).where(Building.register_id == "B2"))


def test_one_person_and_one_lease_come_alone(small, send):
    home = {**OCCUPANCY, "person_id": "P2", "from_on": "2026-12-01"}
    party = {**PARTY, "person_id": "P2", "role": "spouse"}
    outcome = send({"people": [OTHER_PERSON], "lease_parties": [party], "occupancies": [home]})
    assert [outcome.counts(table.name)[0] for table in TABLES] == [0, 0, 0, 1, 0, 1, 1, 0, 0, 0]
    assert outcome.errors == []


def test_without_whole_what_is_missing_stays(small, send):
    empty = {"leases": [{**LEASE, "lease_id": "L2", "starts_on": "2019-01-01", "ends_on": "2020-06-01"}]}
    assert send(empty).counts("leases") == (1, 0, 0, 0)
    assert db.session.scalar(select(Lease.ends_on).where(Lease.register_id == "L1")) is None


def without(table):
    """The small register with this file still there, but without its row."""
    other = {"leases": {**LEASE, "lease_id": "L0", "starts_on": "2010-01-01", "ends_on": "2011-01-01"}}
    kept = {name: rows for name, rows in SMALL.items() if name not in {"lease_parties", "charges", "invoices"}}
    return {**kept, table: [other[table]]} if table in other else kept


def test_whole_ends_the_lease_that_is_missing(small, send):
    outcome = send(without("leases"), whole=True, allow_mass_end=True)
    assert outcome.counts("leases") == (1, 0, 1, 0)
    assert db.session.scalar(select(Lease.ends_on).where(Lease.register_id == "L1")) == TODAY
    (change,) = outcome.changes
    assert (change.record, change.column, change.before, change.after) == ("L1", "ends_on", None, str(TODAY))
    again = send(without("leases"), whole=True)
    assert again.plan.is_empty


def test_whole_ends_what_else_is_missing_and_deletes_nothing(small, send):
    later = {**PERSON, "person_id": "P2", "identity_code": "", "birth_date": "1991-01-01"}
    moved = {
        **SMALL,
        "people": [PERSON, later],
        "occupancies": [{**OCCUPANCY, "person_id": "P2", "from_on": "2026-11-24"}],
        "lease_parties": [{**PARTY, "person_id": "P2"}],
        "charges": [{**CHARGE, "charge_id": "C2"}],
    }
    outcome = send(moved, whole=True)
    assert [outcome.counts(name) for name in ("occupancies", "lease_parties", "charges")] == [(1, 0, 1, 0)] * 3
    ends = {
        model: dict(db.session.execute(select(model.id, model.to_on)).all())
        for model in (Occupancy, LeaseParty, Charge)
    }
    assert all(sorted(map(str, found.values())) == ["2026-11-24", "None"] for found in ends.values())
    assert send(moved, whole=True).plan.is_empty


def test_whole_never_lets_an_end_come_before_its_start(small, send):
    future = {**LEASE, "lease_id": "L2", "apartment_id": "A1", "starts_on": "2027-02-01"}
    ending = {**LEASE, "ends_on": "2027-02-01"}
    send({"leases": [ending, future]})
    outcome = send({"leases": [ending]}, whole=True)
    assert outcome.counts("leases") == (0, 0, 1, 1)
    assert db.session.scalar(select(Lease.ends_on).where(Lease.register_id == "L2")) == date(2027, 2, 1)
    # Until the day comes it lasts, but it has its end already.
    assert send({"leases": [ending]}, whole=True).plan.is_empty


def test_whole_without_a_file_ends_nothing_of_it(small, send):
    rest = {name: rows for name, rows in SMALL.items() if name not in {"leases", "occupancies"}}
    assert send(rest, whole=True).plan.is_empty


def test_the_last_good_register_undoes_a_wrong_one(small, send):
    wrong = {
        **SMALL,
        "people": [{**PERSON, "last_name": "Signy"}],
        "leases": [{**LEASE, "ends_on": "2026-11-01"}],
        "occupancies": [],
        "lease_parties": [],
    }
    send(wrong, whole=True, allow_mass_end=True)
    assert only(Occupancy).to_on == TODAY
    assert send(SMALL, whole=True, allow_mass_end=True).errors == []
    assert only(Person).last_name == "Virtanen"
    assert only(Lease).ends_on is only(Occupancy).to_on is only(LeaseParty).to_on is None


def test_a_lease_whose_end_has_come_counts_as_ended(small, send):
    assert send({"leases": [{**LEASE, "ends_on": "2026-11-24"}]}).counts("leases") == (0, 0, 1, 0)


def test_what_is_the_portals_own_survives_every_import(small, send):
    person = only(Person)
    person.phone = "+358401234567"
    db.session.commit()
    send({**SMALL, "people": [{**PERSON, "phone": "09 1234", "last_name": "Korhonen"}]}, whole=True)
    person = only(Person)
    assert (person.phone, person.register_phone, person.last_name) == ("+358401234567", "09 1234", "Korhonen")
    assert person.created_at == NOW


def test_identity_codes_can_be_exchanged(small, send):
    send({"people": [OTHER_PERSON]})
    swapped = [
        {**PERSON, "identity_code": "290200A901C", "birth_date": "2000-02-29"},
        {**OTHER_PERSON, "identity_code": "010190-999W", "birth_date": "1990-01-01"},
    ]
    outcome = send({"people": swapped})
    assert outcome.errors == []
    assert len([each for each in outcome.warnings if each.kind == "another identity code"]) == 2
    marks = dict(db.session.execute(select(Person.register_id, Person.identity_mark)).all())
    assert marks["P1"] == keyring().fingerprint("290200A901C")
    assert marks["P2"] == keyring().fingerprint("010190-999W")


def test_each_import_leaves_one_line_in_the_history_and_one_in_the_audit_log(small, send):
    send(SMALL, whole=True)
    done = db.session.scalars(select(RegisterImport).order_by(RegisterImport.id)).all()
    assert [(each.is_whole, each.counts["people"]["new"]) for each in done] == [(False, 1), (True, 0)]
    assert done[0].source == "folder1"
    lines = db.session.scalars(select(AuditLine).where(AuditLine.action == AuditAction.REGISTER_IMPORTED)).all()
    assert [line.data["import_id"] for line in lines] == [each.id for each in done]


def test_a_dry_run_changes_nothing(send):
    assert send(SMALL, apply=False).counts("people") == (1, 0, 0, 0)
    assert db.session.scalar(select(func.count()).select_from(Person)) == 0
    assert db.session.scalar(select(func.count()).select_from(RegisterImport)) == 0
