import zipfile
from datetime import date
from functools import partial

import pytest

from heka_portal.domain.payments.rules import clean_reference
from heka_portal.domain.people import rules
from heka_portal.integrations.register_files import FieldRules, Finding, open_register, reader
from heka_portal.vocabulary import Language
from tests.factories.register_files import INVOICE, PERSON, REGION, write_folder

RULES = FieldRules(
    identity_code=partial(rules.clean_identity_code, allow_test=True, on=date(2026, 11, 24)),
    birth_date_of=rules.birth_date_of,
    mask_identity_code=rules.mask_identity_code,
    hide_identity_codes=rules.hide_identity_codes,
    reference=clean_reference,
    iban=rules.clean_iban,
)


def read(folder, table, field_rules=RULES):
    """All rows of a table, and what was found."""
    files = open_register(folder, field_rules)
    found: list[Finding] = []
    return list(files.rows(table, found.append)), found, files


def read_text(tmp_path, table, text, encoding="utf-8"):
    (tmp_path / f"{table}.csv").write_bytes(text.encode(encoding))
    return read(tmp_path, table)


def places(found):
    return [(each.is_error, each.line, each.column) for each in found]


HEADER = "region_id,name_fi,phone\n"


@pytest.mark.parametrize(
    "text",
    [
        HEADER + "R1,Itä,09\n",
        "\ufeff" + HEADER + "R1,Itä,09\n",
        HEADER.replace(",", ";") + "R1;Itä;09\n",
        HEADER.replace("\n", "\r\n") + "R1,Itä,09\r\n",
        HEADER + '"R1","Itä","09"',
        HEADER + "\n\n R1 , Itä,09 \n\n",
        "phone,name_fi,region_id\n09,Itä,R1\n",
    ],
)
def test_every_spelling_of_the_file_reads_the_same(tmp_path, text):
    rows, found, _ = read_text(tmp_path, "regions", text)
    assert [(row.register_id, row.name_fi, row.phone, row.email) for row in rows] == [("R1", "Itä", "09", None)]
    assert found == []


def test_quotes_keep_separators_and_line_ends_and_lines_are_counted_through_them(tmp_path):
    text = HEADER + '"R1","Itä, ""kaukana""",09\n"R2","kaksi\nriviä",09\nR3,,09\n'
    rows, found, _ = read_text(tmp_path, "regions", text)
    assert [(row.line, row.name_fi) for row in rows] == [(2, 'Itä, "kaukana"'), (3, "kaksi\nriviä"), (5, None)]
    assert places(found) == [(True, 5, "name_fi")]


def test_an_empty_field_is_no_value_or_the_default(tmp_path):
    person = {**PERSON, "identity_code": "", "email": "", "language": "", "protected": ""}
    (row,), found, _ = read(write_folder(tmp_path, {"people": [person]}), "people")
    assert (row.identity_code, row.register_email, row.language, row.is_protected) == (
        None,
        None,
        Language.FINNISH,
        False,
    )
    assert found == []


def test_extra_columns_are_reported_and_ignored(tmp_path):
    rows, found, _ = read(write_folder(tmp_path, {"regions": [{**REGION, "colour": "blue"}]}), "regions")
    assert len(rows) == 1
    assert places(found) == [(False, 1, "colour")]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("region_id,phone\nR1,09\n", 1, "missing: name_fi"),
        ("", 1, "missing: region_id, name_fi"),
        ("region_id,name_fi,name_fi\nR1,a,b\n", 1, "twice"),
        (HEADER + 'R1,"Itä,09\n', 2, "quotes"),
        (HEADER + 'R1,"Itä"x,09\n', 2, "quotes"),
        (HEADER + "R1," + "x" * 200_000 + ",09\n", 2, "too long"),
    ],
)
def test_a_file_that_cannot_be_followed_is_refused(tmp_path, text, line, words):
    rows, found, files = read_text(tmp_path, "regions", text)
    assert rows == []
    assert [(each.is_error, each.line) for each in found] == [(True, line)]
    assert words in found[0].sentence
    assert files.refused == {"regions"}


@pytest.mark.parametrize(("encoding", "line"), [("latin-1", 3), ("utf-16", 1)])
def test_another_encoding_is_refused_with_its_first_line(tmp_path, encoding, line):
    rows, (finding,), files = read_text(tmp_path, "regions", HEADER + "R1,Lansi,09\nR2,Itä,09\n", encoding)
    assert (finding.line, finding.is_error, files.refused) == (line, True, {"regions"})
    assert "UTF-8" in finding.sentence
    assert len(rows) <= 1


def test_a_damaged_zip_is_refused_where_it_breaks(tmp_path):
    path = tmp_path / "register.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as target:
        target.writestr("regions.csv", HEADER + "R1,Ita,09\n" * 10)
    path.write_bytes(path.read_bytes().replace(b"R1,Ita", b"R1,Iso", 1))
    _, found, files = read(path, "regions")
    assert "damaged" in found[-1].sentence
    assert files.refused == {"regions"}


def test_a_line_of_another_width_is_an_error_and_the_rest_is_read(tmp_path):
    rows, found, _ = read_text(tmp_path, "regions", HEADER + "R1,Itä\nR2,Länsi,09\nR3,a,b,c\n")
    assert [row.register_id for row in rows] == ["R2"]
    assert places(found) == [(True, 2, None), (True, 4, None)]


def test_all_unfit_fields_of_a_line_are_reported_and_the_record_stays_known(tmp_path):
    person = {**PERSON, "birth_date": "1.1.1990", "language": "de", "last_name": ""}
    (row,), found, _ = read(write_folder(tmp_path, {"people": [person]}), "people")
    assert (row.register_id, row.birth_on, row.language, row.last_name) == ("P1", None, None, None)
    assert {(each.column, each.value) for each in found} == {
        ("birth_date", "1.1.1990"),
        ("language", "de"),
        ("last_name", None),
    }


@pytest.mark.parametrize("person_id", ["", "x" * 41])
def test_a_record_without_a_usable_id_is_left_out(tmp_path, person_id):
    rows, found, _ = read(write_folder(tmp_path, {"people": [{**PERSON, "person_id": person_id}]}), "people")
    assert rows == []
    assert places(found) == [(True, 2, "person_id")]


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("identity_code", "010190-999X", "010190-****"),
        ("identity_code", "Virtanen", "****"),
        ("birth_date", "010190-999W", "010190-****"),
        ("language", "x 010190a999w", "x 010190a****"),
    ],
)
def test_an_identity_code_is_shown_masked_wherever_it_stands(tmp_path, column, value, shown):
    _, (finding,), _ = read(write_folder(tmp_path, {"people": [{**PERSON, column: value}]}), "people")
    assert (finding.column, finding.value) == (column, shown)
    assert value not in finding.sentence


def test_a_birth_date_that_contradicts_the_identity_code_is_an_error(tmp_path):
    _, found, _ = read(write_folder(tmp_path, {"people": [{**PERSON, "birth_date": "1990-01-02"}]}), "people")
    assert places(found) == [(True, 2, "birth_date")]


def test_a_test_identity_code_is_an_error_where_they_are_forbidden(tmp_path):
    strict = FieldRules(
        **{
            **{name: getattr(RULES, name) for name in FieldRules.__dataclass_fields__},
            "identity_code": partial(rules.clean_identity_code, allow_test=False, on=date(2026, 11, 24)),
        }
    )
    _, (finding,), _ = read(write_folder(tmp_path, {"people": [PERSON]}), "people", strict)
    assert "artificial" in finding.sentence


@pytest.mark.parametrize(
    ("column", "value"),
    [("amount", "753,25"), ("iban", "FI2112345600000786"), ("reference", "202600458"), ("due_on", "4.12.2026")],
)
def test_unfit_invoices_are_errors(tmp_path, column, value):
    _, found, _ = read(write_folder(tmp_path, {"invoices": [{**INVOICE, column: value}]}), "invoices")
    assert places(found) == [(True, 2, column)]


def test_invoices_are_normalised(tmp_path):
    invoice = {**INVOICE, "reference": "RF39 2026 0045 7", "iban": "fi21-1234-5600-0007-85"}
    (row,), _, _ = read(write_folder(tmp_path, {"invoices": [invoice]}), "invoices")
    assert (row.reference, row.iban, row.amount_cents) == ("202600457", "FI2112345600000785", 75325)


@pytest.mark.parametrize(("amount", "errors"), [("-10.00", 0), ("10.00", 1)])
def test_a_credit_is_negative(tmp_path, amount, errors):
    credit = {**INVOICE, "kind": "credit", "amount": amount}
    _, found, _ = read(write_folder(tmp_path, {"invoices": [credit]}), "invoices")
    assert len(found) == errors


def test_a_record_in_a_log_shows_no_personal_data(tmp_path):
    (row,), _, _ = read(write_folder(tmp_path, {"people": [PERSON]}), "people")
    assert repr(row) == "PersonRow(line=2, register_id='P1')"


def test_unknown_csv_files_are_reported(tmp_path):
    write_folder(tmp_path, {"regions": [REGION], "persons": [PERSON]})
    found: list[Finding] = []
    open_register(tmp_path, RULES).survey(found.append)
    assert [(each.is_error, each.file) for each in found] == [(False, "persons.csv")]


def test_rows_are_streamed(tmp_path, monkeypatch):
    monkeypatch.setattr(reader, "MAX_LINE", 1000)
    lines = "".join(f"R{number},Itä,09\n" for number in range(200_000))
    (tmp_path / "regions.csv").write_text(HEADER + lines, encoding="utf-8")
    read_bytes: list[int] = []
    files = open_register(tmp_path, RULES)
    files.progress = read_bytes.append
    rows = files.rows("regions", print)
    next(rows)
    assert 0 < sum(read_bytes) < files.total_bytes / 4
    assert sum(1 for _ in rows) == 199_999
    assert sum(read_bytes) == files.total_bytes
