from datetime import date, timedelta
from io import BytesIO

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage, MultiDict

from heka_portal.clock import today
from heka_portal.web.fields import (
    Checkboxes,
    EmailField,
    FilesField,
    Needed,
    NotAfterToday,
    NotBeforeToday,
    PhoneField,
    Radios,
    Select,
    StrippedString,
    StrippedText,
    ThreeFieldDate,
    options,
)
from heka_portal.web.forms import PortalForm, error_links

COLOURS = options(["red", "blue"], str.title)


class EveryField(PortalForm):
    line = StrippedString("Line", at_most=10)
    text = StrippedText("Text")
    email = EmailField("Email")
    phone = PhoneField("Phone")
    since = ThreeFieldDate("Since")
    colour = Radios("Colour", choices=COLOURS)
    shade = Select("Shade", choices=COLOURS)
    colours = Checkboxes("Colours", choices=COLOURS)
    files = FilesField("Files")


class NeedyForm(PortalForm):
    line = StrippedString("Line", [Needed("Write a line")])
    email = EmailField("Email", [Needed()])
    since = ThreeFieldDate("Since", [Needed("Give the date"), NotAfterToday()])
    until = ThreeFieldDate("Until", [NotBeforeToday()])
    colour = Radios("Colour", [Needed("Choose a colour")], choices=COLOURS)
    colours = Checkboxes("Colours", [Needed("Choose one or more")], choices=COLOURS)
    files = FilesField("Files", [Needed("Add a file")])


@pytest.fixture
def fill(small: Flask):
    """Fill in a form, validate it, and return it."""

    def filled(typed, form_class=EveryField):
        with small.test_request_context("/page?lang=en", method="POST"):
            form = form_class(MultiDict(typed))
            form.validate()
            form.links = error_links(form)
            return form

    return filled


def date_parts(name: str, day: str, month: str, year: str) -> dict[str, str]:
    return {f"{name}-day": day, f"{name}-month": month, f"{name}-year": year}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  a \t b ", "a b"),
        ("nul\x00\x07", "nul"),
        ("a\u0308", "ä"),
        ("\ud800x", "x"),
        ("a\r\nb", "a b"),
        ("", ""),
    ],
)
def test_a_line_is_cleaned(fill, typed, kept):
    assert fill({"line": typed}).line.data == kept


def test_a_text_keeps_its_lines(fill):
    assert fill({"text": " a\r\n\r\nb\x00\rc \n"}).text.data == "a\n\nb\nc"


def test_a_line_has_a_length(fill):
    form = fill({"line": "x" * 11})
    assert form.line.errors == ["Shorten this to 10 characters"]
    assert form.line.data == "x" * 11


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Aino.Virtanen@EXAMPLE.Test ", "Aino.Virtanen@example.test"),
        ("aino@resident.test", "aino@resident.test"),
    ],
)
def test_an_email_keeps_its_first_part_and_lowers_its_domain(fill, typed, kept):
    form = fill({"email": typed})
    assert not form.errors
    assert form.email.data == kept


@pytest.mark.parametrize("typed", ["aino@", "aino", "a b@c.fi", "a@b..fi", "a@" + "b" * 250 + ".fi"])
def test_a_bad_email_is_told_and_kept(fill, typed):
    form = fill({"email": typed})
    assert form.email.errors == ["Check the email address. It looks like name@example.fi"]
    assert form.email.data == typed


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("040 297 6225", "+358402976225"),
        ("+358 40 297 6225", "+358402976225"),
        ("0046 8 123 456 78", "+46812345678"),
        ("09-57673000", "+358957673000"),
    ],
)
def test_a_phone_number_is_kept_in_its_international_form(fill, typed, kept):
    form = fill({"phone": typed})
    assert not form.errors
    assert form.phone.data == kept
    assert form.phone._value() == typed


@pytest.mark.parametrize("typed", ["12", "soita", "040 297 6225 123456", "09 5767 3000 ext. 5"])
def test_a_bad_phone_number_is_told_and_kept(fill, typed):
    form = fill({"phone": typed})
    assert "040 123 4567" in form.phone.errors[0]
    assert form.phone._value() == typed


def test_a_kept_phone_number_is_shown_in_its_familiar_form(small: Flask):
    with small.test_request_context("/page"):
        form = EveryField(formdata=None, data={"phone": "+358402976225"})
        assert form.phone._value() == "040 2976225"


@pytest.mark.parametrize(
    ("day", "month", "year", "kept"),
    [
        ("17", "11", "2026", date(2026, 11, 17)),
        (" 7", "1 ", "2026", date(2026, 1, 7)),
        ("17.11.2026", "", "", date(2026, 11, 17)),
        ("17 11 2026", "", "", date(2026, 11, 17)),
        ("29", "2", "2028", date(2028, 2, 29)),
        ("", "", "", None),
    ],
)
def test_a_date_in_three_fields(fill, day, month, year, kept):
    form = fill(date_parts("since", day, month, year))
    assert not form.errors
    assert form.since.data == kept


@pytest.mark.parametrize(
    ("day", "month", "year", "words"),
    [
        ("17", "", "2026", "Write the day, the month and the year"),
        ("17", "11", "26", "four digits"),
        ("17", "11", "02026", "four digits"),
        ("31", "2", "2026", "no such date"),
        ("29", "2", "2026", "no such date"),
        ("x", "11", "2026", "no such date"),
        ("0", "0", "0000", "no such date"),
    ],
)
def test_a_bad_date_is_told_and_kept(fill, day, month, year, words):
    form = fill(date_parts("since", day, month, year))
    assert words in form.since.errors[0]
    assert form.since.parts == (day, month, year)
    assert form.since.data is None


def test_a_kept_date_is_shown_in_its_parts(small: Flask):
    with small.test_request_context("/page"):
        form = EveryField(formdata=None, data={"since": date(2026, 11, 7)})
        assert form.since.parts == ("7", "11", "2026")
        with pytest.raises(TypeError):
            form.since()


def test_dates_have_bounds(fill):
    tomorrow, yesterday = today() + timedelta(days=1), today() - timedelta(days=1)
    typed = date_parts("since", str(tomorrow.day), str(tomorrow.month), str(tomorrow.year))
    typed |= date_parts("until", str(yesterday.day), str(yesterday.month), str(yesterday.year))
    form = fill(typed, NeedyForm)
    assert form.since.errors == ["The date cannot be in the future"]
    assert form.until.errors == ["The date cannot be in the past"]


def test_choices(fill):
    form = fill([("colour", "red"), ("shade", "blue"), ("colours", "red"), ("colours", "blue")])
    assert not form.errors
    assert (form.colour.data, form.shade.data, form.colours.data) == ("red", "blue", ["red", "blue"])


def test_no_choice_is_no_error_unless_it_is_needed(fill):
    form = fill({"line": "x"})
    assert not form.errors
    assert form.colour.data is None


def test_a_forged_choice_is_refused(fill):
    form = fill({"colour": "green", "shade": "green", "colours": "green"})
    assert form.colour.errors == ["Choose one of the options"]
    assert form.shade.errors == ["Choose one of the options"]
    assert form.colours.errors == ["Choose from the options"]


def test_an_empty_file_entry_is_no_file(fill):
    empty, full = FileStorage(BytesIO(b""), ""), FileStorage(BytesIO(b"x"), "a.jpg")
    assert fill([("files", empty)]).files.data == []
    assert [file.filename for file in fill([("files", empty), ("files", full)]).files.data] == ["a.jpg"]


def test_what_is_needed_is_told_in_the_order_of_the_page(fill):
    links = fill({"line": " "}, NeedyForm).links
    assert [(link.target, link.message) for link in links] == [
        ("line", "Write a line"),
        ("email", "Fill in this field"),
        ("since-day", "Give the date"),
        ("colour-0", "Choose a colour"),
        ("colours-0", "Choose one or more"),
        ("files", "Add a file"),
    ]


def test_an_unreadable_answer_is_not_told_to_be_missing(fill):
    form = fill(date_parts("since", "31", "2", "2026"), NeedyForm)
    assert form.since.errors == ["There is no such date. Check the day and the month"]
