"""The forms of registration."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from heka_portal.web.fields import EmailField, Needed
from heka_portal.web.forms import PortalForm
from heka_portal.web.passwords import NewPasswordField, PresentPasswordField


class ChooseCredentialsForm(PortalForm):
    """The email and the password an identified person wants."""

    email = EmailField(_l("Email"), [Needed(_l("Write your email address"))])
    password = NewPasswordField(_l("Password"))


class OpenAccountForm(PortalForm):
    """The one button of the confirmation page; in another browser than the one that registered, the password too."""

    password = PresentPasswordField(_l("The password you chose"))

    def __init__(self, *, asks_password: bool) -> None:
        super().__init__()
        self.asks_password = asks_password
        if not asks_password:
            del self.password

    @property
    def typed(self) -> str | None:
        """The password typed, where it is asked for."""
        return self.password.data or "" if self.asks_password else None

    def refuse(self) -> None:
        """Say that it is not the password that was chosen."""
        self.password.errors = (_("This is not the password you chose when you registered"),)
