"""The forms of the way in."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from heka_portal.web.fields import EmailField, Needed
from heka_portal.web.forms import PortalForm
from heka_portal.web.passwords import NewPasswordField, PresentPasswordField


class SignInForm(PortalForm):
    """Email and password."""

    email = EmailField(_l("Email"), [Needed(_l("Write your email address"))])
    password = PresentPasswordField()

    def refuse(self) -> None:
        """Say that they do not belong together: which of them is wrong, nobody is told."""
        self.form_errors.append(_("The email or the password is wrong. Check both and try again"))


class ForgottenPasswordForm(PortalForm):
    """Whose password is forgotten."""

    email = EmailField(_l("Email"), [Needed(_l("Write your email address"))])


class ResetPasswordForm(PortalForm):
    """The new password."""

    password = NewPasswordField()
