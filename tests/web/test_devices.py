"""Browsers in plain words, and their long-lived cookie."""

from __future__ import annotations

import pytest
from flask import Flask, Response

from heka_portal.config import Settings
from heka_portal.extensions import SETTINGS
from heka_portal.web.devices import device_words, present_visit, remember_device

MOZILLA = "Mozilla/5.0"
WEBKIT = "AppleWebKit/537.36"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (f"{MOZILLA} (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox, Windows"),
        (f"{MOZILLA} (Linux; Android 16; Pixel 9) {WEBKIT} Chrome/142.0 Mobile", "Chrome, Android"),
        (f"{MOZILLA} (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1", "Safari, iPhone"),
        (f"{MOZILLA} (iPhone; CPU iPhone OS 19_0 like Mac OS X) CriOS/142.0 Mobile Safari/604.1", "Chrome, iPhone"),
        (f"{MOZILLA} (Windows NT 10.0) {WEBKIT} Chrome/142.0 Safari/537.36 Edg/142.0", "Edge, Windows"),
        (f"{MOZILLA} (Linux; Android 15) SamsungBrowser/28.0 Chrome/130.0 Mobile", "Samsung Internet, Android"),
        (f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) Version/19.0 Safari/605.1.15", "Safari, Mac"),
        ("curl/8.0 (X11; Linux)", "Linux"),
        ("", "A browser we do not know"),
        (None, "A browser we do not know"),
    ],
)  # fmt: skip
def test_browsers_have_plain_words(app: Flask, user_agent, words):
    with app.test_request_context("/?lang=en"):
        assert device_words(user_agent) == words


def test_a_browser_keeps_its_secret_and_a_made_up_one_is_replaced(app: Flask):
    with app.test_request_context("/"):
        first = present_visit()
    with app.test_request_context("/", headers={"Cookie": f"device={first.device}"}):
        assert present_visit().device == first.device
    for sent in ("short", "x" * 44, "<script>" + "x" * 35, "x" * 5000):
        with app.test_request_context("/", headers={"Cookie": f"device={sent}"}):
            assert present_visit().device != sent


def test_over_tls_the_cookie_is_bound_to_the_host(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch):
    secure = settings.model_copy(update={"base_url": "https://asukas.heka.example"})
    monkeypatch.setitem(app.extensions, SETTINGS, secure)
    with app.test_request_context("/"):
        response = Response()
        remember_device(response, present_visit())
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-device=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
