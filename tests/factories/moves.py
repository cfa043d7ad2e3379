"""Moves of cases, made as people would."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from heka_portal.domain.access import Actor
from heka_portal.domain.casework.operations import Details, make_move
from heka_portal.models.cases import Case, CaseEvent


def move(actor: Actor | None, case: Case, name: str, *, now: datetime | None = None, **details: Any) -> CaseEvent:
    """One move of the workflow by somebody."""
    return make_move(actor, case, move=name, details=Details(**details), now=now)[1]
