"""Cases of the world, their rows as they are now, and how many statements a request sends."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event

from heka_portal.extensions import db
from heka_portal.models.defects import Defect
from heka_portal.vocabulary import DefectArea
from tests.factories.defects import make_defect
from tests.support.roles import World


@pytest.fixture
def number(app: Flask, world: World) -> int:
    """The number of a defect that the main tenant has just reported."""
    with app.app_context():
        case = make_defect(world.actor("main_tenant"))
        db.session.commit()
        return case.number


@pytest.fixture
def common_number(app: Flask, world: World) -> int:
    """The number of a defect of the same building's common areas."""
    with app.app_context():
        case = make_defect(world.actor("neighbour"), DefectArea.COMMON)
        db.session.commit()
        return case.number


@pytest.fixture
def case_of(app: Flask) -> Callable[[int], Defect]:
    """The row of a case as it is now."""

    def read(number: int) -> Defect:
        with app.app_context():
            case: Defect = db.session.scalars(db.select(Defect).where(Defect.number == number)).one()
            return case

    return read


@pytest.fixture
def count_queries(app: Flask) -> Callable[[Callable[[], object]], int]:
    """How many statements a call sends to the database."""

    def count(call: Callable[[], object]) -> int:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            call()
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    return count
