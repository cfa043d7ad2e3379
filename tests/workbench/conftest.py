"""Cases of the world in several states, and what a form of the case page sends."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from heka_portal.extensions import db
from heka_portal.models.cases import Case
from heka_portal.vocabulary import DefectArea
from tests.factories.defects import make_defect
from tests.support.roles import World


@pytest.fixture
def number(app: Flask, world: World) -> int:
    """The number of a defect the main tenant has just reported."""
    with app.app_context():
        case = make_defect(world.actor("main_tenant"))
        db.session.commit()
        return case.number


@pytest.fixture
def common_number(app: Flask, world: World) -> int:
    """The number of a defect of the common areas of the same building."""
    with app.app_context():
        case = make_defect(world.actor("neighbour"), DefectArea.COMMON)
        db.session.commit()
        return case.number


@dataclass(frozen=True)
class Press:
    """Sends a form of the case page as a browser would: with what the page's own form carries."""

    client: FlaskClient
    number: int

    @property
    def path(self) -> str:
        return f"/admin/cases/{self.number}/"

    def carried(self, page: str, act: str) -> dict[str, str]:
        """The hidden fields of the form of an act."""
        for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
            if f'name="act" value="{act}"' in form or (act not in page and 'id="press"' in form):
                return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
        form = re.search(r'<form id="press".*?</form>', page, re.DOTALL)
        assert form, act
        return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form.group()))

    def __call__(self, act: str, *, opened: str | None = None, page: str | None = None, **fields: str) -> TestResponse:
        html = page or self.client.get(self.path, query_string={"do": opened} if opened else {}).text
        return self.client.post(self.path, data={**self.carried(html, act), "act": act, **fields})


PressFor = Callable[[FlaskClient, int], Press]


@pytest.fixture
def state_of(app: Flask) -> Callable[[int], Case]:
    """The row of a case as it is now."""

    def read(number: int) -> Case:
        with app.app_context():
            case = db.session.scalar(db.select(Case).where(Case.number == number))
            assert case is not None
            return case

    return read


@pytest.fixture
def count_queries(app: Flask) -> Callable[[Callable[[], object]], int]:
    """How many statements a request sends; savepoints and transactions are none."""

    def count(request: Callable[[], object]) -> int:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            request()
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    return count
