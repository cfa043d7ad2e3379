"""Each way in which a catalogue can fail its readers is named."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog

from devtools.translations import extract, problems


def template() -> Catalog:
    catalog = Catalog()
    catalog.add("Sign in", locations=[("heka_portal/templates/base.html", 3)])
    catalog.add("Wait %(num)s day", None, locations=[("heka_portal/web/forms.py", 8)])
    return catalog


def finnish(**texts: str) -> Catalog:
    catalog = Catalog(locale="fi")
    for name, translation in {"Sign in": "Kirjaudu", "Wait %(num)s day": "Odota %(num)s päivä", **texts}.items():
        catalog.add(name, translation, flags=("python-format",) if "%" in name else ())
    return catalog


def test_complete_catalogue_has_no_problems() -> None:
    assert list(problems(finnish(), template())) == []


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"Sign in": ""}, "empty: heka_portal/templates/base.html: 'Sign in'"),
        ({"Wait %(num)s day": "Odota %(days)s päivä"}, "unknown named placeholder"),
        ({"Sign off": "Lopeta"}, "not used any more: ?: 'Sign off'"),
    ],
)
def test_problem_is_named(texts: dict[str, str], said: str) -> None:
    (found,) = problems(finnish(**texts), template())
    assert said in found


def test_missing_text_is_named_with_its_place() -> None:
    assert list(problems(Catalog(locale="sv"), template())) == [
        "missing: heka_portal/templates/base.html: 'Sign in'",
        "missing: heka_portal/web/forms.py: 'Wait %(num)s day'",
    ]


def test_doubtful_text_is_named() -> None:
    catalog = finnish()
    catalog["Sign in"].flags.add("fuzzy")
    assert list(problems(catalog, template())) == ["doubtful (fuzzy): heka_portal/templates/base.html: 'Sign in'"]


def test_texts_of_code_and_templates_are_found() -> None:
    places = {place for message in extract() for place, _line in message.locations}
    assert any(place.endswith(".html") for place in places)
    assert any(place.endswith(".py") for place in places)
