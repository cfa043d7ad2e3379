import re

import pytest
from flask import Flask, make_response

from heka_portal.web.headers import csp_nonce, forget_browser


def directives(policy: str) -> dict[str, str]:
    return dict(part.strip().split(" ", 1) for part in policy.split(";"))


def test_every_page_has_the_strict_policy_and_may_not_be_kept(small: Flask):
    answer = small.test_client().get("/page")
    policy = directives(answer.headers["Content-Security-Policy"])
    assert policy == {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in answer.headers["Permissions-Policy"]


def test_errors_have_the_headers_too(small: Flask):
    answer = small.test_client().get("/nowhere")
    assert answer.status_code == 404
    assert "Content-Security-Policy" in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("origin", ["https://idp.example", ("https://idp.example",)])
def test_forms_may_lead_to_the_identity_provider(small: Flask, origin):
    small.config["IDENTITY_PROVIDER_ORIGIN"] = origin
    policy = small.test_client().get("/page").headers["Content-Security-Policy"]
    assert directives(policy)["form-action"] == "'self' https://idp.example"


def test_hsts_only_over_tls(small: Flask):
    client = small.test_client()
    assert "Strict-Transport-Security" not in client.get("/page").headers
    secure = client.get("/page", base_url="https://localhost")
    assert secure.headers["Strict-Transport-Security"].startswith("max-age=")


def test_a_nonce_only_in_the_workbench_and_a_new_one_each_time(small: Flask):
    small.add_url_rule("/admin/x", "workbench", lambda: csp_nonce() + csp_nonce())
    small.add_url_rule("/administration", "other", csp_nonce)
    client = small.test_client()
    first, second = client.get("/admin/x"), client.get("/admin/x")
    nonce = first.text[: len(first.text) // 2]
    assert first.text == nonce * 2
    assert nonce
    assert f"script-src 'self' 'nonce-{nonce}'" in first.headers["Content-Security-Policy"]
    assert f"style-src 'self' 'nonce-{nonce}'" in first.headers["Content-Security-Policy"]
    assert first.text != second.text
    outside = client.get("/administration")
    assert outside.text == ""
    assert "nonce" not in outside.headers["Content-Security-Policy"]


def test_a_view_may_be_stricter_and_may_open_its_answer_to_caches(small: Flask):
    def file():
        response = make_response("x")
        response.headers["Content-Security-Policy"] = "sandbox"
        response.cache_control.public = True
        response.cache_control.max_age = 60
        return response

    small.add_url_rule("/file", "file", file)
    answer = small.test_client().get("/file")
    assert answer.headers["Content-Security-Policy"] == "sandbox"
    assert re.fullmatch(r"(public, max-age=60|max-age=60, public)", answer.headers["Cache-Control"])


def test_private_caching_by_a_view_is_not_enough(small: Flask):
    def private():
        response = make_response("x")
        response.cache_control.private = True
        response.cache_control.max_age = 60
        return response

    small.add_url_rule("/private", "private", private)
    assert small.test_client().get("/private").headers["Cache-Control"] == "no-store"


def test_signing_out_clears_the_browser(small: Flask):
    with small.test_request_context("/page"):
        assert forget_browser(make_response("")).headers["Clear-Site-Data"] == '"cache", "storage"'
