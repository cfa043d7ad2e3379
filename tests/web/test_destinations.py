"""Where a page may lead on to, read the way a browser reads it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heka_portal.web.destinations import safe_next


@pytest.mark.parametrize(
    "wanted",
    [
        "/",
        "/home",
        "/matters/482719306?page=2#answers",
        "/search?next=https://evil.example/",
        "/%09/evil.example",
        "/%2F/evil.example",
        "/a//b",
        "/ä ö",
    ],
)
def test_a_path_of_the_portal_is_kept(wanted):
    assert safe_next(wanted, default="/home") == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        None,
        "",
        "home",
        "?x=1",
        "https://evil.example/",
        "HTTPS:evil.example",
        "https:/evil.example",
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "\x00//evil.example",
        "/\x00/evil.example",
        "/\t\\evil.example",
        "javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "//[evil",
        "/" + "a" * 2000,
    ],
)
def test_anything_else_leads_to_the_default(wanted):
    assert safe_next(wanted, default="/home") == "/home"


def test_what_a_browser_drops_is_dropped():
    assert safe_next(" /ho\tme\n", default="/") == "/home"


@given(st.text(alphabet="/\\\t\r\n .:@evilhtps%09?#", max_size=30))
def test_nothing_leads_to_another_host(wanted):
    kept = safe_next(wanted, default="/home")
    assert kept.startswith("/")
    assert not kept.startswith("//")
    assert not any(sign in kept for sign in "\\\t\r\n")
