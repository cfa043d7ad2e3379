"""What a section of a copy is: whose it is, how its rows are asked for, and a row as JSON has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from heka_portal.extensions import db

Row = dict[str, Any]
#: the statement of a section: whatever its columns are
Asked = Callable[["Owner"], Any]


@dataclass(frozen=True)
class Owner:
    """Whose copy it is."""

    person_id: int
    account_id: int


@dataclass(frozen=True)
class Section:
    """One kind of thing: how its rows are asked for, and what is done to a value before it is written."""

    name: str
    asked: Asked
    change: Mapping[str, Callable[[Any], Any]]

    def rows(self, owner: Owner) -> list[Row]:
        """The rows, as the database has them but for what is masked."""
        return [
            {name: self.change[name](value) if name in self.change else value for name, value in row.items()}
            for row in db.session.execute(self.asked(owner)).mappings()
        ]


def plain(value: Any) -> Any:
    """A value as JSON has it: days and moments as ISO 8601, codes as their text."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return str(value)
    return float(value) if isinstance(value, Decimal) else value


def plain_row(row: Row) -> Row:
    """A row as JSON has it."""
    return {name: plain(value) for name, value in row.items()}
