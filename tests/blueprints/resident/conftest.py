"""What tests of the residents' pages take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from heka_portal.extensions import db
from heka_portal.models.defects import Defect
from heka_portal.vocabulary import DefectArea
from tests.factories import defects
from tests.factories.moves import move
from tests.support.roles import World

Report = Callable[..., int]
Act = Callable[..., None]


@pytest.fixture
def report(app: Flask, world: World) -> Report:
    """Report a defect as someone of the world; returns the case's number."""

    def made(role: str = "main_tenant", area: DefectArea = DefectArea.HOME, **values: Any) -> int:
        with app.app_context():
            number = defects.make_defect(world.actor(role), area, **values).number
            db.session.commit()
            return number

    return made


@pytest.fixture
def act(app: Flask, world: World) -> Act:
    """Make a move in a case as someone of the world."""

    def moved(number: int, name: str, role: str = "clerk", **details: Any) -> None:
        with app.app_context():
            defect = db.session.query(Defect).filter_by(number=number).one()
            move(world.actor(role), defect, name, **details)
            db.session.commit()

    return moved


@pytest.fixture
def state_of(app: Flask) -> Callable[[int], str]:
    """The state of a case now."""

    def found(number: int) -> str:
        with app.app_context():
            return db.session.query(Defect).filter_by(number=number).one().state

    return found
