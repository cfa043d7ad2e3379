"""Exports of lists: a limited number of rows, nothing a spreadsheet would run, and a line in the audit log."""

from __future__ import annotations

from typing import Any

from heka_portal.database import footprint
from heka_portal.domain.audit.operations import append_lines, make_line
from heka_portal.extensions import db
from heka_portal.vocabulary import AuditAction
from heka_portal.web.access import current_actor

MOST_ROWS = 5000
#: what a spreadsheet takes for the beginning of a formula
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def neutral(value: Any) -> Any:
    """A text that stays a text in a spreadsheet."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


class Exported:
    """Makes the library's export safe; off unless a view turns it on."""

    can_export: bool = False
    export_types: Any = ["csv"]
    export_max_rows: Any = MOST_ROWS
    endpoint: Any

    def get_export_value(self, model: Any, name: Any) -> Any:
        """A cell that no spreadsheet runs."""
        return neutral(super().get_export_value(model, name))  # type: ignore[misc]

    def _export_data(self) -> Any:
        """The rows, and the line that says who took them."""
        data = super()._export_data()  # type: ignore[misc]
        line = make_line(AuditAction.LIST_EXPORTED, account_id=current_actor().account_id, data={"list": self.endpoint})
        with footprint(db) as connection:
            append_lines(connection, [line])
        return data
