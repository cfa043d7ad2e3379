from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import FormField, IntegerField, StringField
from wtforms.i18n import messages_path
from wtforms.validators import ValidationError

from heka_portal.web.fields import Needed, StrippedString
from heka_portal.web.forms import OUR_WORDS, OurWords, PortalForm, error_links
from heka_portal.web.once import OnceForm

NOT_SHOWN = {"Invalid field name '%s'."}  # a mistake of ours in a form's code


class Inner(PortalForm):
    street = StrippedString("Street", [Needed("Write the street")])


class Outer(PortalForm):
    count = IntegerField("Count")
    home = FormField(Inner)
    name = StringField("Name")

    def validate_name(self, field):
        raise ValidationError("Not this name")


def library_sentences() -> Iterator[str]:
    """Every sentence of WTForms itself, from the catalogue it ships."""
    with (Path(messages_path()) / "wtforms.pot").open(encoding="utf-8") as file:
        for message in read_po(file):
            ids = [message.id] if isinstance(message.id, str) else message.id
            yield from (str(sentence) for sentence in ids if sentence)


def test_we_have_words_for_every_sentence_of_the_library():
    missing = [sentence for sentence in library_sentences() if sentence not in OUR_WORDS]
    assert set(missing) == NOT_SHOWN


@pytest.mark.parametrize("sentence", sorted(OUR_WORDS))
def test_our_words_take_the_same_numbers(small: Flask, sentence):
    with small.test_request_context("/page?lang=en"):
        values = {"min": 1, "max": 2, "values": "a", "value": "a", "other_name": "b"}
        said = OurWords().gettext(sentence) % values
    assert "%" not in said
    assert said[0].isupper()


def test_one_and_many():
    words = OurWords()
    assert words.ngettext("one", "many", 1) == "one"
    assert words.ngettext("one", "many", 2) == "many"


def test_links_reach_into_nested_forms_and_tell_of_the_whole_form(small: Flask):
    with small.test_request_context("/page?lang=en", method="POST"):
        form = Outer(MultiDict({"count": "many"}))
        assert not form.validate_on_submit()
        form.form_errors.append("Someone moved this meanwhile")
        links = error_links(form)
    assert [(link.target, link.message) for link in links] == [
        ("count", "Write a whole number"),
        ("home-street", "Write the street"),
        ("name", "Not this name"),
        ("", "Someone moved this meanwhile"),
    ]


def test_no_line_leads_to_what_is_hidden(app: Flask) -> None:
    with app.test_request_context("/?lang=en", method="POST", data={"form_key": "short"}):
        form = OnceForm(meta={"csrf": False})
        assert not form.validate_on_submit()
        [link] = error_links(form)
    assert link.target == ""
    assert link.message == "The page was open for too long. Send it again"
