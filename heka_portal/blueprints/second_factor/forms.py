"""The forms of the second factor: each change asks for the present password, turning the app off for a code as well.

Not for a fresh strong identification: that is the way back of who has lost everything, and takes the factors away.
"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import Length

from heka_portal.models.passkeys import PASSKEY_NAME
from heka_portal.web.fields import Needed, StrippedString
from heka_portal.web.forms import PortalForm
from heka_portal.web.passwords import PresentPasswordField

#: what a browser answers for a passkey is a tenth of it
LONGEST_ANSWER = 20_000


def _present() -> PresentPasswordField:
    return PresentPasswordField(_l("Your present password"))


class PasswordForm(PortalForm):
    """The present password: a browser left open is not enough."""

    present = _present()


class AppForm(PortalForm):
    """A code, and the present password."""

    # the order of the fields is that of the error summary
    code = StrippedString(_l("Code"), [Needed(_l("Write the code"))], at_most=40)
    present = _present()

    def refuse_code(self) -> None:
        """Say that the code does not do; why, nobody is told."""
        self.code.errors = (*self.code.errors, _("This code does not work. Wait for the next one and write that"))


class NewPasskeyForm(PortalForm):
    """What a new passkey is called, and the present password."""

    called = StrippedString(_l("Name of the passkey"), [Needed(_l("Write a name"))], at_most=PASSKEY_NAME)
    present = _present()


class AnswerForm(PortalForm):
    """What the browser's script was answered; without script nothing comes."""

    answer = HiddenField(validators=[Length(max=LONGEST_ANSWER)])

    @property
    def typed(self) -> str:
        """The answer; empty where none came."""
        return self.answer.data or ""

    def refuse(self, sentence: Any) -> None:
        """Say that it did not work, and what to do."""
        self.form_errors.append(sentence)
