from datetime import UTC, date, datetime

import pytest

from heka_portal.integrations.identification.errors import NoIdentityCode, TokenRefused
from heka_portal.integrations.identification.persons import read_person
from heka_portal.integrations.identification.settings import Dialect
from tests.integrations.identification.scripted import NOW

CODE, FAMILY, GIVEN, BORN = "personal_identity_code", "family_name", "given_name", "birthdate"
PERSON = {CODE: "010100-969P", FAMILY: "von Möttonen", GIVEN: "Matti Matias", BORN: "1900-01-01"}


@pytest.fixture
def read(provider, attempt):
    def run(*, now=NOW, allow_test_codes=True, **changes):
        claims = provider.claims(attempt, **{**PERSON, **changes})
        return read_person(claims, provider.settings(dialect=Dialect.PLAIN, allow_test_codes=allow_test_codes), now=now)

    return run


def test_names_stay_as_the_bank_wrote_them(read):
    person = read()
    assert (person.family_name, person.given_name) == ("von Möttonen", "Matti Matias")
    assert person.full_name == "Matti Matias von Möttonen"
    assert person.birth_on == date(1900, 1, 1)


@pytest.mark.parametrize(
    ("family", "given", "shown"),
    [
        ("TESTILÄ", "TESSA", "Tessa Testilä"),
        ("VIRTANEN-NIEMI", "ANNA-LIISA", "Anna-Liisa Virtanen-Niemi"),
        ("  Äyra\u0308mö ", "Tero\u00a0 Testi", "Tero Testi Äyrämö"),
        ("Mäkinen", "", "Mäkinen"),
        ("Mäkinen", None, "Mäkinen"),
        (None, "Sukarno", "Sukarno"),
        ("Mäki\x00nen\n", "A\u202eina", "A ina Mäki nen"),
    ],
)
def test_names_of_all_kinds(read, family, given, shown):
    assert read(**{FAMILY: family, GIVEN: given}).full_name == shown


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({CODE: "280453-111A"}, "identity_code_invalid"),
        ({CODE: 7}, "identity_code_malformed"),
        ({CODE: ["010170-999R"]}, "identity_code_malformed"),
        ({FAMILY: None, GIVEN: " "}, "name_missing"),
        ({FAMILY: ["a"]}, "name_malformed"),
        ({GIVEN: "x" * 201}, "name_malformed"),
        ({BORN: "1900-01-02"}, "birth_date_differs"),
        ({BORN: "1.1.1900"}, "birth_date_malformed"),
        ({BORN: ["1900-01-01"]}, "birth_date_malformed"),
    ],
)
def test_what_is_refused(read, changes, reason):
    with pytest.raises(TokenRefused) as caught:
        read(**changes)
    assert caught.value.reason == reason


@pytest.mark.parametrize("code", [None, ""])
def test_no_identity_code(read, code):
    with pytest.raises(NoIdentityCode):
        read(**{CODE: code})


def test_test_code_in_production(read):
    with pytest.raises(TokenRefused) as caught:
        read(allow_test_codes=False)
    assert caught.value.reason == "identity_code_invalid"


@pytest.mark.parametrize("born", [None, ""])
def test_birth_date_comes_from_the_code_where_the_provider_tells_none(read, born):
    assert read(**{BORN: born}).birth_on == date(1900, 1, 1)


def test_today_is_the_date_in_helsinki(read):
    newborn = {CODE: "251126A900R", BORN: "2026-11-25"}
    assert read(now=datetime(2026, 11, 24, 22, 30, tzinfo=UTC), **newborn).birth_on == date(2026, 11, 25)
    with pytest.raises(TokenRefused):
        read(now=datetime(2026, 11, 24, 21, 30, tzinfo=UTC), **newborn)


@pytest.mark.parametrize(
    ("claims", "broker"),
    [
        ({"amr": ["https://b.test/oidc.aktia.1"]}, "https://b.test/oidc.aktia.1"),
        ({"amr": "https://b.test/oidc.aktia.1"}, "https://b.test/oidc.aktia.1"),
        ({"ftn_idp": "fi-op", "amr": ["x"]}, "fi-op"),
        ({"amr": []}, ""),
        ({"amr": {"a": 1}}, ""),
        ({"amr": None}, ""),
    ],
)
def test_means_of_identification(read, claims, broker):
    assert read(**claims).broker == broker
