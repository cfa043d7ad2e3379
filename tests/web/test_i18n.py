from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import lazy_gettext

from heka_portal.web import i18n


def language(client: FlaskClient, path: str = "/page", **kwargs: Any) -> str:
    return client.get(path, **kwargs).get_data(as_text=True)


def test_finnish_unless_something_says_otherwise(small: Flask):
    assert language(small.test_client()) == "fi"
    assert language(small.test_client(), headers={"Accept-Language": "de, ru;q=0.5"}) == "fi"


@pytest.mark.parametrize(("accepted", "expected"), [("sv-FI, fi;q=0.5", "sv"), ("en-US,en;q=0.9", "en")])
def test_the_browser_is_asked(small: Flask, accepted, expected):
    assert language(small.test_client(), headers={"Accept-Language": accepted}) == expected


def test_an_asked_language_wins_and_is_remembered(small: Flask):
    client = small.test_client()
    answer = client.get("/page?lang=sv", headers={"Accept-Language": "en"})
    assert answer.text == "sv"
    cookie = answer.headers["Set-Cookie"]
    assert "SameSite=Lax" in cookie
    assert "HttpOnly" in cookie
    assert language(client, headers={"Accept-Language": "en"}) == "sv"
    assert "Set-Cookie" not in client.get("/page?lang=sv").headers


def test_an_unknown_language_is_neither_used_nor_remembered(small: Flask):
    answer = small.test_client().get("/page?lang=de")
    assert answer.text == "fi"
    assert "Set-Cookie" not in answer.headers


def test_the_account_comes_after_the_cookie_and_before_the_browser(small: Flask):
    small.extensions[i18n.ACCOUNT_HOOK] = lambda: "en"
    client = small.test_client()
    assert language(client, headers={"Accept-Language": "sv"}) == "en"
    client.set_cookie(i18n.COOKIE, "sv")
    assert language(client) == "sv"


@pytest.mark.parametrize("stored", [None, "", "de"])
def test_an_account_without_a_known_language_says_nothing(small: Flask, stored):
    small.extensions[i18n.ACCOUNT_HOOK] = lambda: stored
    assert language(small.test_client(), headers={"Accept-Language": "sv"}) == "sv"


def test_the_switch_keeps_the_query_and_cannot_lead_elsewhere(small: Flask):
    with small.test_request_context("//evil.example/page?a=1&a=2&lang=en&q=%C3%A4%26"):
        finnish, swedish, english = i18n.language_choices()
        assert i18n.same_page() == "?a=1&a=2&q=%C3%A4%26&"
    assert [finnish.is_current, swedish.is_current, english.is_current] == [False, False, True]
    assert [finnish.name, swedish.name, english.name] == ["Suomi", "Svenska", "English"]


def test_the_switch_of_a_page_that_only_takes_a_form_leads_to_the_front_page(small: Flask):
    assert small.test_client().post("/only-post").text == "/?"


def test_mails_are_written_in_the_readers_language(small: Flask):
    with small.test_request_context("/page?lang=fi"):
        with i18n.in_language("sv"):
            assert i18n.current_language() == "sv"
        assert i18n.current_language() == "fi"


def test_mails_are_written_outside_requests_too(small: Flask):
    with small.app_context():
        with i18n.in_language("en"):
            assert i18n.current_language() == "en"
            assert str(lazy_gettext("Sign in")) == "Sign in"
        with i18n.in_language("xx"):
            assert i18n.current_language() == "fi"


def test_the_page_keeps_its_language_after_something_was_written_in_anothers(app: Flask):
    with app.test_request_context("/?lang=sv"):
        with i18n.in_language("en"):
            assert i18n.current_language() == "en"
        assert i18n.current_language() == "sv"
