"""The fields of a password, the present one and a new one, and why each is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField

from heka_portal.domain.accounts.rules import LONGEST_PASSWORD, SHORTEST, PasswordFault
from heka_portal.web.fields import Needed

FAULTS: Mapping[PasswordFault, Any] = {
    PasswordFault.TOO_SHORT: _l("Use at least %(count)s characters. Four words in a row will do", count=SHORTEST),
    PasswordFault.TOO_LONG: _l("Use at most %(count)s characters", count=LONGEST_PASSWORD),
    PasswordFault.COMMON: _l("This password is easy to guess. Choose words that do not belong together"),
    PasswordFault.OWN_DATA: _l(
        "This password has too much of your own data in it. Leave out your name, address, email and birth date"
    ),
}


class PresentPasswordField(PasswordField):
    """A password that one has already."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label or _l("Password"), [Needed(_l("Write your password"))], **kwargs)

    def refuse(self) -> None:
        """Say that it is wrong."""
        self.errors = (*self.errors, _l("This is not your present password"))


class NewPasswordField(PasswordField):
    """A password that one chooses; the rules look at it, not the field."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label or _l("New password"), [Needed(_l("Write a password"))], **kwargs)

    def refuse(self, fault: PasswordFault) -> None:
        """Say why the rules refused it."""
        self.errors = (*self.errors, FAULTS[fault])
