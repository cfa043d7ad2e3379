"""The forms of the staff's door."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from heka_portal.web.fields import Needed, StrippedString
from heka_portal.web.forms import PortalForm


class CodeForm(PortalForm):
    """A code of the second factor."""

    code = StrippedString(_l("Code"), [Needed(_l("Write the code"))], at_most=40)

    def refuse(self) -> None:
        """Say that the code does not do; why, nobody is told."""
        self.code.errors = (*self.code.errors, _("This code does not work. Wait for the next one and write that"))
