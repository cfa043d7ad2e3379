"""The Finnish and Swedish of the interface: whole, plain, and set as the languages set their numbers and quotes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from devtools.translations import LANGUAGES, extract, problems, read, texts

PACKAGE = Path(__file__).parents[2] / "heka_portal"
#: The functions that translate, by the names the code gives them.
ASKS = {"_", "_l", "gettext", "lazy_gettext", "ngettext", "lazy_ngettext"}
NBSP, SOFT_HYPHEN = "\u00a0", "\u00ad"
#: Words that are the same in both languages: names, and words that Finnish or Swedish have in common with English.
SAME = {
    "fi": {"Heka", "Sauna", "Chat"},
    "sv": {
        "Heka",
        "Region",
        "Team %(region)s",
        "Administration",
        "Person",
        "Version",
        "Version %(number)s",
        "Text",
        "Version %(num)s",
        "version %(num)s",
    },
}
#: A number, or a placeholder that becomes one, and then a unit: they stay on one line.
UNITS = r"(?:%%|€|Mt|MB|kt|kB|h|merkkiä|tecken|arkipäivä\w*)"
PARTED = re.compile(rf"(?:\d|\)s|\)d) {UNITS}(?!\w)|\bklo (?:\d|%)|\bkl\. (?:\d|%)")
#: A longer word does not fit a button or a tag at 360 px.
NARROW = 24
#: Sentences that end in a date from the filter `on_date`, which always has the year.
DATES_WITH_YEARS = ("We made this statement on %(day)s.",)
#: What plain language does without, and what it says instead.
OFFICE_WORDS = {
    "fi": {
        r"\b[Tt]eidän\b|\b[Tt]eille\b|\b[Tt]eitä\b": "sinä",
        r"\btoimesta\b": "who does it",
        r"\b[Hh]uomioi\w*\b": "say the thing itself",
        r"\bkoskien\b": "-sta, -stä",
        r"\bsuorittaa\b|\bsuorita\b": "maksaa, tehdä",
        r"\bko\.|\bmm\.|\bym\.": "the whole word",
        r"\bkäyttäjätunnus\b": "tunnus",
    },
    "sv": {
        r"\bNi\b|\bEr\b|\bErt\b|\bEdra\b": "du",
        r"\bvänligen\b": "the thing itself",
        r"\berhålla\b|\berhåller\b": "få",
        r"\bavseende\b|\bbeträffande\b": "om",
        r"\bnyttja\w*\b": "använda",
        r"\bbl\.a\.|\bt\.ex\.|\bdvs\.": "the whole words",
        r"\b[Ll]ägenhet(?:en|er)?\b": "bostad",
        r"\bpersonnummer\b": "personbeteckning",
        r"\bhyresvärd\w*\b": "Heka",
    },
}


@pytest.fixture(scope="module", params=LANGUAGES)
def catalog(request: pytest.FixtureRequest) -> Catalog:
    return read(request.param)


@pytest.fixture(scope="module")
def template() -> Catalog:
    return extract()


def forms(message: Message) -> tuple[str, ...]:
    """A translation's text, or the texts of its plural forms."""
    return tuple(message.string) if isinstance(message.string, (tuple, list)) else (message.string or "",)


def source(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def sentences(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Each English text with each text that says it; what is still empty is named by the first test."""
    for message in texts(catalog):
        for text in filter(None, forms(message)):
            yield source(message), text


def language(catalog: Catalog) -> str:
    assert catalog.locale is not None
    return str(catalog.locale.language)


def test_nothing_is_missing_doubtful_wrong_or_left_over(catalog: Catalog, template: Catalog) -> None:
    """Placeholders are compared too: one that is missing or misspelt would break the page."""
    assert list(problems(catalog, template)) == []


def test_plurals_have_one_form_for_one_and_one_for_all_others(catalog: Catalog) -> None:
    assert catalog.num_plurals == 2
    assert catalog.plural_expr == "(n != 1)"


def test_finnish_counts_in_the_partitive(catalog: Catalog) -> None:
    """1 asia, 2 asiaa; only in the other cases both are alike: 1 päivässä, 2 päivässä. Swedish has nouns that stay."""
    if language(catalog) == "sv":
        return
    for message in texts(catalog):
        if not isinstance(message.id, str) and all(forms(message)):
            one, many = forms(message)
            assert one != many or re.search(r"ss[aä]\b", many), source(message)


def test_nothing_is_left_in_english(catalog: Catalog) -> None:
    left = {text for english, text in sentences(catalog) if text == english}
    words = {text for text in left if re.search(r"[A-Za-z]{2}", re.sub(r"%\(\w+\)[sd]", "", text))}
    assert words == SAME[language(catalog)]


def test_spaces_and_ends_are_as_in_the_source(catalog: Catalog) -> None:
    """Texts are joined to others: a lost colon or full stop shows."""
    for english, text in sentences(catalog):
        assert text == text.strip() or english != english.strip(), text
        for mark in ":?":
            assert text.endswith(mark) == english.endswith(mark), (english, text)
        assert (text[-1] in ".!") == (english[-1] in ".!"), (english, text)


def test_a_finnish_day_is_not_followed_by_a_second_full_stop(catalog: Catalog) -> None:
    """A day is written 4.12. with its own full stop; only a date with its year (24.11.2026) may end a sentence."""
    if language(catalog) == "fi":
        found = {english for english, text in sentences(catalog) if re.search(r"%\((day|date)\)s\.", text)}
        assert {english for english in found if not english.startswith(DATES_WITH_YEARS)} == set()


def test_numbers_do_not_part_from_their_units(catalog: Catalog) -> None:
    assert [text for _english, text in sentences(catalog) if PARTED.search(text)] == []


def test_quotes_and_apostrophes_are_the_languages_own(catalog: Catalog) -> None:
    """A straight quote would end an attribute; Finnish and Swedish quote with ” on both sides."""
    assert [text for _english, text in sentences(catalog) if re.search(r"[\"'“„«»<>]", text)] == []


def test_long_words_may_break(catalog: Catalog) -> None:
    """They would push a phone's page sideways: a soft hyphen shows where the word may part."""
    found = {word for _english, text in sentences(catalog) for word in re.findall(rf"[\w{SOFT_HYPHEN}]+", text)}
    parts = {part for word in found for part in word.split(SOFT_HYPHEN)}
    assert {part for part in parts if len(part) > NARROW} == set()


def test_language_is_plain(catalog: Catalog) -> None:
    for pattern, instead in OFFICE_WORDS[language(catalog)].items():
        found = [text for _english, text in sentences(catalog) if re.search(pattern, text)]
        assert found == [], f"say rather: {instead}"


def texts_of_code() -> set[str]:
    """What the code hands to gettext, read from its syntax."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ASKS and node.args:
                said = node.args[0]
                assert isinstance(said, ast.Constant), f"{path.name}:{node.lineno}: a text cannot be put together"
                found.add(str(said.value))
    return found


def test_every_text_of_the_code_is_found_by_the_extractor(template: Catalog) -> None:
    """It overlooks a call inside an f-string; the page would stay English."""
    assert texts_of_code() - {source(message) for message in texts(template)} == set()


def test_a_parted_number_would_be_found() -> None:
    assert PARTED.search("Enintään 15 Mt.")
    assert PARTED.search("Soita klo 8–10.")
    assert PARTED.search("%(min)d merkkiä")
    assert not PARTED.search(f"Enintään 15{NBSP}Mt, 3 henkilöä, klo{NBSP}8–10")
