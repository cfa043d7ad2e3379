"""Every error and warning of the register's format: said with its place, and errors apply nothing."""

import pytest
from sqlalchemy import func, select

from heka_portal.extensions import db
from heka_portal.models.leases import Lease
from heka_portal.models.payments import Payment
from heka_portal.models.people import Person
from tests.factories.register_files import (
    APARTMENT,
    BUILDING,
    CHARGE,
    INVOICE,
    LEASE,
    OCCUPANCY,
    PARTY,
    PAYMENT,
    PERSON,
    REGION,
    SMALL,
)

CODE_2 = {"identity_code": "290200A901C", "birth_date": "2000-02-29"}


def errors(outcome):
    return {(each.file, each.line, each.column) for each in outcome.errors}


def warnings(outcome, kind):
    return [(each.file, each.line, each.value) for each in outcome.warnings if each.kind == kind]


@pytest.mark.parametrize(
    ("table", "row", "column"),
    [
        ("regions", REGION, "region_id"),
        ("people", PERSON, "person_id"),
        ("leases", LEASE, "lease_id"),
        ("lease_parties", PARTY, "lease_id"),
        ("occupancies", OCCUPANCY, "apartment_id"),
        ("payments", PAYMENT, "payment_id"),
    ],
)
def test_a_record_twice_in_a_file(send, table, row, column):
    outcome = send({**SMALL, table: [row, row]})
    assert (f"{table}.csv", 3, column) in errors(outcome)
    assert any("line 2" in each.sentence for each in outcome.errors)


@pytest.mark.parametrize(
    ("table", "row", "column"),
    [
        ("buildings", {**BUILDING, "region_id": "R9"}, "region_id"),
        ("apartments", {**APARTMENT, "building_id": "B9"}, "building_id"),
        ("leases", {**LEASE, "apartment_id": "A9"}, "apartment_id"),
        ("lease_parties", {**PARTY, "lease_id": "L9"}, "lease_id"),
        ("lease_parties", {**PARTY, "person_id": "P9"}, "person_id"),
        ("occupancies", {**OCCUPANCY, "apartment_id": "A9"}, "apartment_id"),
        ("occupancies", {**OCCUPANCY, "person_id": "P9"}, "person_id"),
        ("charges", {**CHARGE, "lease_id": "L9"}, "lease_id"),
        ("invoices", {**INVOICE, "lease_id": "L9"}, "lease_id"),
    ],
)
def test_an_id_that_names_nothing(send, table, row, column):
    assert errors(send({**SMALL, table: [row]})) == {(f"{table}.csv", 2, column)}


@pytest.mark.parametrize(
    ("table", "row", "column"),
    [
        ("leases", {**LEASE, "ends_on": "2020-05-31"}, "ends_on"),
        ("lease_parties", {**PARTY, "from_on": "2021-01-01", "to_on": "2020-12-31"}, "to_on"),
        ("occupancies", {**OCCUPANCY, "to_on": "2020-05-31"}, "to_on"),
        ("charges", {**CHARGE, "to_on": "2020-05-31"}, "to_on"),
        ("invoices", {**INVOICE, "period_from": "2026-12-01", "period_to": "2026-11-30"}, "period_to"),
    ],
)
def test_an_end_before_the_beginning(send, table, row, column):
    assert errors(send({**SMALL, table: [row]})) == {(f"{table}.csv", 2, column)}


def test_a_lease_may_end_on_the_day_it_begins(send):
    assert send({**SMALL, "leases": [{**LEASE, "ends_on": "2020-06-01"}]}).errors == []


def test_two_people_of_a_file_with_one_identity_code(send):
    (error,) = send({**SMALL, "people": [PERSON, {**PERSON, "person_id": "P2"}]}).errors
    assert (error.line, error.column, error.value) == (3, "identity_code", "010190-****")
    assert "line 2" in error.sentence


def test_the_identity_code_of_a_person_in_the_register(small, send):
    (error,) = send({"people": [{**PERSON, "person_id": "P2"}]}).errors
    assert (error.line, error.value) == (2, "010190-****")
    assert "person P1" in error.sentence


def test_an_identity_code_may_pass_to_another_record(small, send):
    people = [{**PERSON, **CODE_2}, {**PERSON, "person_id": "P2"}]
    assert send({"people": people}).errors == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("identity_code", "010190-999X"),
        ("birth_date", "1990-01-02"),
        ("birth_date", "1.1.1990"),
        ("language", "de"),
    ],
)
def test_unfit_fields_and_contradictions(send, column, value):
    assert {(file, line) for file, line, _ in errors(send({**SMALL, "people": [{**PERSON, column: value}]}))} == {
        ("people.csv", 2)
    }


def test_a_file_that_cannot_be_read_stops_the_comparison(send):
    outcome = send({**SMALL, "people": [{"person_id": "P1"}]})
    assert outcome.plan.is_partial
    assert errors(outcome) == {("people.csv", 1, "birth_date, last_name, first_names")}


LEASES = [
    # starts and ends of two leases, and whether they share a day
    (("2020-01-01", ""), ("2021-01-01", ""), True),
    (("2020-01-01", "2021-01-01"), ("2021-01-01", ""), False),
    (("2020-01-01", "2021-01-02"), ("2021-01-01", ""), True),
    (("2020-01-01", ""), ("2020-01-01", ""), True),
    (("2020-01-01", ""), ("2019-01-01", "2020-01-01"), False),
    (("2020-01-01", ""), ("2021-01-01", "2021-01-01"), False),
    (("2020-01-01", "2023-01-01"), ("2021-01-01", "2022-01-01"), True),
]


@pytest.mark.parametrize(("first", "second", "shared"), LEASES)
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("one_known", [False, True])
def test_two_leases_of_one_apartment_on_the_same_day(send, first, second, shared, turned, one_known):
    if turned:
        first, second = second, first
    old, new = (
        {**LEASE, "lease_id": name, "starts_on": starts, "ends_on": ends}
        for name, (starts, ends) in (("L1", first), ("L2", second))
    )
    if one_known:
        assert send({**SMALL, "leases": [old]}).errors == []
        outcome = send({"leases": [new]})
        assert {(error.file, error.line) for error in outcome.errors} == ({("leases.csv", 2)} if shared else set())
    else:
        outcome = send({**SMALL, "leases": [old, new]})
    assert bool(outcome.errors) == shared
    if shared:
        (error,) = outcome.errors
        assert {"L1", "L2"} == {error.value, error.sentence.split()[1]}


def test_a_lease_that_moves_its_end_in_the_same_file_gives_way(small, send):
    following = {**LEASE, "lease_id": "L2", "starts_on": "2026-12-01"}
    assert errors(send({"leases": [following]})) == {("leases.csv", 2, "starts_on")}
    assert send({"leases": [following, {**LEASE, "ends_on": "2026-12-01"}]}).errors == []


def test_whole_ends_the_old_lease_on_the_day_the_new_one_may_begin(small, send):
    following = {**LEASE, "lease_id": "L2", "starts_on": "2026-11-24"}
    assert send({"leases": [following]}, whole=True, allow_mass_end=True).errors == []


def many_leases(count):
    apartments = [{**APARTMENT, "apartment_id": f"A{number}"} for number in range(count)]
    leases = [{**LEASE, "lease_id": f"L{number}", "apartment_id": f"A{number}"} for number in range(count)]
    return {"regions": [REGION], "buildings": [BUILDING], "apartments": apartments, "leases": leases}


@pytest.mark.parametrize(
    ("kept", "options", "is_error"),
    [
        (38, {"whole": True}, False),
        (37, {"whole": True}, True),
        (37, {"whole": True, "allow_mass_end": True}, False),
        (1, {"whole": False}, False),
    ],
)
def test_a_whole_register_ends_five_percent_at_most(send, kept, options, is_error):
    send(many_leases(40))
    outcome = send({"leases": many_leases(kept)["leases"]}, **options)
    assert [error.kind for error in outcome.errors] == (["mass end"] if is_error else [])
    ended = db.session.scalar(select(func.count()).where(Lease.ends_on.is_not(None)))
    assert ended == (0 if is_error or not options["whole"] else 40 - kept)


def test_ends_given_in_a_whole_register_count_too(send):
    send(many_leases(40))
    leases = [{**each, "ends_on": "2026-11-24"} for each in many_leases(3)["leases"]]
    outcome = send({"leases": [*leases, *many_leases(40)["leases"][3:]]}, whole=True)
    assert [error.kind for error in outcome.errors] == ["mass end"]


def test_half_of_the_residents_cannot_vanish_either(send):
    people = [
        {**PERSON, "person_id": f"P{number}", "identity_code": "", "birth_date": "1980-01-01"} for number in range(50)
    ]
    homes = [{**OCCUPANCY, "person_id": each["person_id"]} for each in people]
    send({**SMALL, "people": people, "lease_parties": [], "occupancies": homes})
    outcome = send({"occupancies": homes[:25]}, whole=True)
    assert [(error.kind, error.file) for error in outcome.errors] == [("mass end", "occupancies.csv")]


def test_errors_apply_nothing(small, send):
    outcome = send({"people": [{**PERSON, "last_name": "Uusi"}, {**PERSON, "person_id": "P2", "language": "xx"}]})
    assert outcome.errors
    assert db.session.scalar(select(Person.last_name)) == "Virtanen"


def test_all_errors_of_all_files_are_said_at_once(send):
    outcome = send(
        {
            **SMALL,
            "people": [{**PERSON, "birth_date": "x"}],
            "leases": [{**LEASE, "apartment_id": "A9", "monthly_rent": "1,00"}],
            "payments": [{**PAYMENT, "reference": "1233"}],
        }
    )
    assert errors(outcome) == {
        ("people.csv", 2, "birth_date"),
        ("leases.csv", 2, "apartment_id"),
        ("leases.csv", 2, "monthly_rent"),
        ("payments.csv", 2, "reference"),
    }
    assert [(each.file, each.line) for each in outcome.errors] == sorted(
        (each.file, each.line) for each in outcome.errors
    )


# ---------------------------------------------------------------- warnings


def test_a_whole_small_register_has_no_warnings(send):
    assert send(SMALL).warnings == []


@pytest.mark.parametrize(("birth_date", "found"), [("2008-11-24", True), ("2008-11-25", False)])
def test_an_adult_occupant_without_identity_code(send, birth_date, found):
    person = {**PERSON, "identity_code": "", "birth_date": birth_date}
    outcome = send({**SMALL, "people": [person]})
    assert warnings(outcome, "adult without identity code") == ([("people.csv", 2, "P1")] if found else [])
    assert outcome.counts("people") == (1, 0, 0, 0)


def test_an_adult_without_identity_code_who_lives_nowhere_is_no_matter(send):
    person = {**PERSON, "identity_code": ""}
    outcome = send({**SMALL, "people": [person], "occupancies": [{**OCCUPANCY, "to_on": "2026-11-24"}]})
    assert warnings(outcome, "adult without identity code") == []


def test_a_known_person_without_identity_code_moves_in(send):
    person = {**PERSON, "identity_code": ""}
    send({**SMALL, "people": [person], "occupancies": []})
    outcome = send({"occupancies": [OCCUPANCY]})
    assert warnings(outcome, "adult without identity code") == [("occupancies.csv", 2, "P1")]


def test_a_known_home_counts_for_a_person_who_comes_alone(small, send):
    outcome = send({"people": [{**PERSON, "identity_code": ""}]})
    assert warnings(outcome, "adult without identity code") == [("people.csv", 2, "P1")]


@pytest.mark.parametrize(("birth_date", "found"), [("1990-01-01", True), ("2012-01-01", False)])
def test_no_email(send, birth_date, found):
    person = {**PERSON, "identity_code": "", "birth_date": birth_date, "email": ""}
    assert bool(warnings(send({**SMALL, "people": [person]}), "no email")) == found


def test_an_apartment_without_occupants(send):
    outcome = send({**SMALL, "apartments": [APARTMENT, {**APARTMENT, "apartment_id": "A2"}]})
    assert warnings(outcome, "apartment without occupants") == [("apartments.csv", 3, "A2")]
    again = send({"apartments": [APARTMENT]})
    assert warnings(again, "apartment without occupants") == []


def test_a_moved_out_apartment_is_without_occupants(small, send):
    outcome = send({"apartments": [APARTMENT], "occupancies": [{**OCCUPANCY, "to_on": "2026-11-24"}]})
    assert warnings(outcome, "apartment without occupants") == [("apartments.csv", 2, "A1")]


def test_a_payment_without_invoice_is_kept(send):
    outcome = send({**SMALL, "payments": [{**PAYMENT, "reference": "1232"}]})
    assert warnings(outcome, "payment without invoice") == [("payments.csv", 2, "1232")]
    assert db.session.scalar(select(Payment.reference)) == "1232"


def test_a_payment_of_a_known_invoice_has_its_invoice(send):
    send({**SMALL, "payments": []})
    assert send({"payments": [PAYMENT]}).warnings == []


def test_an_overpaid_invoice(send):
    outcome = send({**SMALL, "payments": [PAYMENT, {**PAYMENT, "payment_id": "B2", "amount": "0.05"}]})
    assert warnings(outcome, "overpaid invoice") == [("invoices.csv", 2, "202600457")]
    assert "by 0.05 euros" in outcome.warnings[0].sentence


def test_an_invoice_overpaid_by_a_later_payment(small, send):
    outcome = send({"payments": [{**PAYMENT, "payment_id": "B2", "amount": "1234.50"}]})
    assert warnings(outcome, "overpaid invoice") == [("payments.csv", 2, "202600457")]
    assert "by 1234.50 euros" in outcome.warnings[0].sentence


def test_a_payment_that_comes_again_counts_once(small, send):
    assert send({"payments": [PAYMENT]}).warnings == []


def test_a_reversal_takes_an_overpayment_back(send):
    payments = [
        PAYMENT,
        {**PAYMENT, "payment_id": "B2", "amount": "10.00"},
        {**PAYMENT, "payment_id": "B3", "amount": "-10.00"},
    ]
    assert send({**SMALL, "payments": payments}).warnings == []
