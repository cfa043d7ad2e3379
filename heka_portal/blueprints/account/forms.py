"""The forms of one's own account."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from heka_portal.web.forms import PortalForm
from heka_portal.web.passwords import NewPasswordField, PresentPasswordField


class ChangePasswordForm(PortalForm):
    """The present password and the new one."""

    present = PresentPasswordField(_l("Your present password"))
    password = NewPasswordField()

    def refuse_present(self) -> None:
        """Say that the present password is wrong."""
        self.present.errors = (*self.present.errors, _("This is not your present password"))
