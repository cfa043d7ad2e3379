"""Every endpoint and method, asked by everyone, answers as the matrix says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.contracts.access_matrix import PEOPLE, UNSET, Asker, entries, read
from tests.support.roles import World


@pytest.fixture
def without_tokens(app: Flask) -> Iterator[Flask]:
    """Who may do what is asked apart from the forms' tokens, which the next test asks about."""
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    app.config["WTF_CSRF_ENABLED"] = True


def test_nothing_is_missing_or_left_open(app: Flask) -> None:
    known = read()
    assert sorted(known) == entries(app), "run `make access-matrix` and fill in what is new"
    unset = [entry for entry, row in known.items() if UNSET in row.values()]
    assert not unset, "decide who may use these"


@pytest.mark.parametrize("person", PEOPLE)
def test_everyone_gets_what_the_matrix_says(without_tokens: Flask, world: World, person: str) -> None:
    asker = Asker(without_tokens, world)
    wrong = []
    for entry, row in read().items():
        status = asker.ask(entry, person)
        if str(status) != row[person]:
            wrong.append(f"{entry.method} {entry.endpoint}: {status}, not {row[person]}")
    assert not wrong, "\n".join(wrong)


def test_every_form_needs_its_token(app: Flask, world: World) -> None:
    asker = Asker(app, world)
    posts = [entry for entry in entries(app) if entry.method == "POST"]
    assert len(posts) > 10
    let_through = [
        entry for entry in posts for person in ("anonymous", "main_tenant", "clerk") if asker.ask(entry, person) != 400
    ]
    assert not let_through
