"""The forms of one's own account."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from heka_portal.domain.accounts.queries import normal_email
from heka_portal.web.fields import EmailField, Needed
from heka_portal.web.forms import PortalForm
from heka_portal.web.passwords import NewPasswordField, PresentPasswordField


class ChangePasswordForm(PortalForm):
    """The present password and the new one."""

    present = PresentPasswordField(_l("Your present password"))
    password = NewPasswordField()


class NewEmailForm(PortalForm):
    """The new email, with the password."""

    email = EmailField(_l("New email"), [Needed(_l("Write the new email address"))])
    password = PresentPasswordField(_l("Your password"))

    def __init__(self, *, present: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.present = present

    def validate_email(self, field: EmailField) -> None:
        """It is another one. Raises ValidationError."""
        if normal_email(field.data or "") == self.present:
            raise ValidationError(_("This is your present email. Write the new one"))
