"""Pieces that are kept between requests: the same for all, with what is one reader's own filled in each time."""

from __future__ import annotations

import re

import pytest
from flask import Flask, render_template_string

from heka_portal.web.shell import KEPT, MOST_KEPT, hole
from tests.support.roles import World

PIECE = "{% call kept('piece', key) %}<p>{{ hole('asked') }} {{ said }}</p>{% endcall %}"


def draw(app: Flask, **context: object) -> str:
    with app.test_request_context("/page"):
        return render_template_string(PIECE, **context)


def test_a_piece_is_drawn_once_for_a_key_and_filled_each_time(small: Flask):
    assert draw(small, key=1, said="first", asked="a") == "<p>a first</p>"
    assert draw(small, key=1, said="second", asked="b") == "<p>b first</p>"
    assert draw(small, key=2, said="second", asked="b") == "<p>b second</p>"


def test_each_language_has_pieces_of_its_own(small: Flask):
    assert draw(small, key=1, said="first", asked="") == "<p> first</p>"
    with small.test_request_context("/page?lang=sv"):
        assert render_template_string(PIECE, key=1, said="svenska", asked="") == "<p> svenska</p>"


def test_what_fills_a_hole_is_escaped_and_opens_no_other(small: Flask):
    assert draw(small, key=1, said="", asked="<b>") == "<p>&lt;b&gt; </p>"
    sign = str(hole("csrf_token"))
    assert draw(small, key=1, said="", asked=sign) == f"<p>{sign} </p>"


def test_a_hole_that_nothing_fills_is_a_mistake():
    with pytest.raises(KeyError):
        hole("unknown")


def test_the_pieces_are_bounded(small: Flask):
    for key in range(MOST_KEPT + 2):
        draw(small, key=key, said="", asked="")
    assert len(small.extensions[KEPT]) <= MOST_KEPT


@pytest.mark.parametrize("role", ["main_tenant", "clerk"])
def test_nothing_of_a_reader_is_kept(app: Flask, world: World, client_for, role: str):
    client = client_for(role)
    path = "/admin/" if role == "clerk" else "/home"
    page = client.get(f"{path}?lang=en&secret=of-the-address").text
    with app.app_context():
        actor = world.actor(role)
        words = (actor.name, "of-the-address")
    assert actor.name in page
    kept = "".join(part for parts in app.extensions[KEPT].values() for part in parts)
    assert kept
    assert not [word for word in words if word in kept]


def test_an_error_in_the_workbench_leaves_its_pages_their_menu(app: Flask, world: World, client_for):
    supervisor = client_for("supervisor")
    with app.app_context():
        apartment_id = world.actor("main_tenant").homes[0].apartment_id
    # The page of the error belongs to no view, whichever address it answers.
    assert supervisor.get("/admin/apartments/999999/?lang=en").status_code == 404
    after_error = menu_of(supervisor.get(f"/admin/apartments/{apartment_id}/").text)
    app.extensions[KEPT].clear()
    assert menu_of(supervisor.get(f"/admin/apartments/{apartment_id}/").text) == after_error


def menu_of(page: str) -> list[str]:
    return re.findall(r"<a [^>]*aria-current[^>]*>[^<]*", page)
