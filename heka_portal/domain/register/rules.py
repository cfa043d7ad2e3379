"""What a plan says, and when it may be applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

#: more of what runs may not end by one whole register, unless it is allowed by hand
MASS_END_PERCENT = 5
#: of residents and parties a few may always end, where a register is small
MASS_END_AT_LEAST = 20


class Difference(StrEnum):
    """What becomes of a record."""

    NEW = "new"
    CHANGED = "changed"
    ENDED = "ended"


@dataclass(frozen=True)
class Finding:
    """An error (nothing is applied) or a warning about one place of a file."""

    is_error: bool
    kind: str
    file: str
    line: int | None
    column: str | None
    #: an identity code is masked
    value: str | None
    sentence: str


@dataclass(frozen=True)
class Change:
    """One field of one record that is in the register already."""

    table: str
    record: str
    column: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class TablePlan:
    """What an import makes of one table."""

    table: str
    new: int
    changed: int
    ended: int
    unchanged: int
    #: how many records change in each column
    columns: Mapping[str, int]

    @property
    def is_empty(self) -> bool:
        """Whether the table stays as it is."""
        return not (self.new or self.changed or self.ended)

    def counts(self) -> dict[str, int]:
        """As the history keeps them."""
        return {"new": self.new, "changed": self.changed, "ended": self.ended, "unchanged": self.unchanged}


@dataclass(frozen=True)
class Plan:
    """The difference between files and register, on a date in Helsinki."""

    source: str
    is_whole: bool
    on: date
    tables: tuple[TablePlan, ...]
    error_count: int
    warning_count: int
    #: files could not be read: the rest was not compared
    is_partial: bool
    #: the import the register stood at when this was planned
    base: int | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes."""
        return all(table.is_empty for table in self.tables)


def is_mass_end(ended: int, running: int, *, at_least: int = 1) -> bool:
    """Whether so many endings of so many running are implausible: such a register is probably a part of one."""
    return ended >= at_least and ended * 100 > running * MASS_END_PERCENT
