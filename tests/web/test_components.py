"""The component macros, drawn on the page that shows them all, and one by one where their promises are finer."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Blueprint, Flask, flash, get_flashed_messages, render_template, render_template_string
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import PasswordField

from heka_portal.blueprints.public.samples import SampleForm, sample_values
from heka_portal.web.fields import Needed, StrippedString
from heka_portal.web.forms import PortalForm
from tests.support.html import Page, faults, words

SVG = "{http://www.w3.org/2000/svg}"
NAVIGATION = [
    SimpleNamespace(label="Home", url="/home", is_current=True, badge=0),
    SimpleNamespace(label="Notices", url="/notices", is_current=False, badge=2),
]


@pytest.fixture
def pages(small: Flask) -> Flask:
    """The small application with the addresses that the base page links to."""
    small.config["WTF_CSRF_ENABLED"] = True
    small.jinja_env.globals["csrf_token"] = generate_csrf
    names = {
        "public": ("contact", "accessibility", "privacy", "terms", "for_whom", "how_to_register", "claim"),
        "auth": ("sign_in", "sign_out", "register"),
        "account": ("password", "sessions"),
        "resident": ("home",),
    }
    for noun, endpoints in names.items():
        blueprint = Blueprint(noun, __name__, url_prefix=f"/{noun}")
        for endpoint in endpoints:
            blueprint.add_url_rule(f"/{endpoint}", endpoint, lambda: "")
        small.register_blueprint(blueprint)
    return small


def draw(app: Flask, template: str, *, language: str = "en", **values: Any) -> str:
    """A template as a reader of the language gets it."""
    values = {"reader": None, "navigation": [], **values}
    with app.test_request_context(f"/page?lang={language}"):
        return render_template(template, **values)


def draw_part(app: Flask, source: str, /, **values: Any) -> str:
    """A piece of a page, by itself."""
    with app.test_request_context("/page?lang=en"):
        return render_template_string(source, **values)


def components_page(app: Flask, **values: Any) -> str:
    with app.test_request_context("/page?lang=en"):
        form = SampleForm()
        form.validate()
        values = {"reader": None, "navigation": [], **sample_values(), **values}
        return render_template("public/components.html", form=form, **values)


def test_the_page_of_components_is_faultless(pages: Flask):
    assert faults(components_page(pages)) == []


def test_the_page_of_components_is_faultless_for_someone_signed_in(pages: Flask):
    pages.add_template_global(lambda _reader: NAVIGATION, "navigation_of")
    page = components_page(pages, reader=SimpleNamespace(name="Aino <Virtanen>", permissions=frozenset()))
    assert faults(page) == []
    assert "Aino &lt;Virtanen&gt;" in page
    assert page.count('action="/auth/sign_out"') == 2
    assert 'aria-current="page"' in page


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize(
    ("template", "values"),
    [
        ("public/front.html", {}),
        ("public/contact.html", {"offices": []}),
        ("errors/error.html", {"title": "Gone", "lead": "It is gone.", "lines": ["Wait."], "retry": "/again"}),
    ],
)
def test_public_pages_are_faultless(pages: Flask, template: str, values: dict[str, Any], language: str):
    page = draw(pages, template, language=language, **values)
    assert faults(page) == []
    assert f'<html lang="{language}">' in page


def test_every_error_of_the_summary_leads_to_its_control(pages: Flask):
    page = Page(components_page(pages))
    summary = next(element for element in page.all("section") if element.get("class") == "hp-errors")
    links = [element for element in summary.iter() if element.tag == "a"]
    assert [link.get("href") for link in links] == ["#text", "#email", "#word", "#answer-0", "#since-day"]
    for link in links:
        control = page.by_id(str(link.get("href"))[1:])
        assert control is not None
        assert control.tag in {"input", "textarea", "select"}
    assert "Mend 5 points" in words(summary)


def test_the_same_words_stand_at_the_field(pages: Flask):
    page = Page(components_page(pages))
    field, error = page.by_id("text"), page.by_id("text-error")
    assert field is not None
    assert error is not None
    assert field.get("aria-describedby") == "text-hint text-error"
    assert field.get("aria-invalid") == "true"
    assert words(error) == "Error: Tell in a few words what has happened to it"


def test_a_good_field_says_nothing_of_errors(pages: Flask):
    page = Page(components_page(pages))
    title = page.by_id("title")
    assert title is not None
    assert title.get("aria-invalid") is None
    assert title.get("aria-describedby") == "title-hint"
    phone = page.by_id("phone")
    assert phone is not None
    assert phone.get("aria-describedby") is None


def test_only_what_is_not_needed_is_marked(pages: Flask):
    labels = {label.get("for"): words(label) for label in Page(components_page(pages)).all("label")}
    assert labels["title"] == "Title"
    assert labels["phone"] == "Phone number (optional)"


WITHOUT_TOKEN = {"csrf": False}


class SmallForm(PortalForm):
    word = StrippedString("Word", [Needed()])
    secret = PasswordField("Secret", [Needed()])


FORM = (
    '{% from "components/forms.html" import form_page %}{% from "components/fields.html" import text_input, password %}'
    '{% call form_page(form, draft="small") %}{{ text_input(form.word) }}{{ password(form.secret) }}{% endcall %}'
)


def test_what_was_typed_is_escaped_and_a_password_never_comes_back(pages: Flask):
    with pages.test_request_context("/page?lang=en", method="POST"):
        form = SmallForm(MultiDict({"word": '"><script>', "secret": "correct horse"}), meta=WITHOUT_TOKEN)
        form.validate()
        drawn = render_template_string(FORM, form=form)
    assert "<script>" not in drawn
    assert "correct horse" not in drawn
    assert 'data-draft="small"' in drawn
    assert "novalidate" in drawn


def test_the_title_begins_with_error_only_when_there_is_one(pages: Flask):
    child = (
        '{% extends "base.html" %}{% block title %}Write{% endblock %}{% block content %}<h1>Write</h1>{% endblock %}'
    )
    with pages.test_request_context("/page?lang=en", method="POST"):
        values: dict[str, Any] = {"reader": None, "navigation": []}
        bad = SmallForm(MultiDict(), meta=WITHOUT_TOKEN)
        good = SmallForm(MultiDict({"word": "a", "secret": "b"}), meta=WITHOUT_TOKEN)
        bad.validate()
        good.validate()
        assert "<title>Error: Write - Resident Portal</title>" in render_template_string(child, form=bad, **values)
        assert "<title>Write - Resident Portal</title>" in render_template_string(child, form=good, **values)
        assert "<title>Write - Resident Portal</title>" in render_template_string(child, **values)


def test_an_error_page_shows_what_was_typed_as_text(pages: Flask):
    page = draw(pages, "errors/error.html", title="Changed", lead="Someone was faster.", typed="My <b>text</b>\n\nmore")
    assert "<p>My &lt;b&gt;text&lt;/b&gt;</p>" in page
    assert "data-keep-draft" in page


def test_progress_is_told_in_words_too(pages: Flask):
    steps = [SimpleNamespace(word="Received", state="done", when=None), SimpleNamespace(word="Visit", state="now")]
    drawn = draw_part(pages, '{% from "components/progress.html" import progress %}{{ progress(s, "Steps") }}', s=steps)
    page = Page(drawn)
    assert [words(item) for item in page.all("li")] == ["Received, done", "Visit, now"]
    assert [item.get("aria-current") for item in page.all("li")] == [None, "step"]


def test_a_name_and_a_message_are_never_markup(pages: Flask):
    drawn = draw_part(
        pages,
        '{% from "components/timeline.html" import item, message %}'
        '{% call item(who, none, "user") %}{{ message(text) }}{% endcall %}',
        who="<i>Eve</i>",
        text="<img src=x onerror=alert(1)>",
    )
    assert "<i>Eve" not in drawn
    assert "<img" not in drawn


def test_a_chart_of_nothing_is_drawn_without_a_fault(pages: Flask):
    drawn = draw_part(
        pages,
        '{% from "components/charts.html" import columns_chart, bars_chart %}'
        '{{ columns_chart([], "None", [0]) }}{{ bars_chart(lines, "None") }}',
        lines=[SimpleNamespace(label="Received", number=0, tone=None)],
    )
    assert drawn.count('role="img"') == 2
    assert "<rect" not in drawn


def test_bars_are_as_high_as_their_numbers(pages: Flask):
    columns = [SimpleNamespace(label="a", short="", parts=[("1", 50), ("3", 25)])]
    drawn = draw_part(
        pages,
        '{% from "components/charts.html" import columns_chart %}{{ columns_chart(c, "Bars", [0, 100], height=120) }}',
        c=columns,
    )
    bars = [(bar.get("y"), bar.get("height")) for bar in Page(drawn).all(f"{SVG}rect")]
    assert bars == [("70.0", "50.0"), ("45.0", "25.0")]


def test_messages_of_what_happened_are_shown_once(pages: Flask):
    with pages.test_request_context("/page?lang=en"):
        flash("Saved & <b>sound</b>", "good")
        flash(Markup("Odd"), "message")
        drawn = render_template_string('{% from "components/flashes.html" import flashes %}{{ flashes() }}')
        assert get_flashed_messages() == ["Saved & <b>sound</b>", "Odd"]
    assert "Saved &amp; &lt;b&gt;sound&lt;/b&gt;" in drawn
    assert "hp-flash--good" in drawn
    assert "hp-flash--info" in drawn
