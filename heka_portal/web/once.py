"""The base of forms that are sent once, and of those that move a case on from what they were drawn from."""

from __future__ import annotations

import re
import secrets
from typing import Any

from flask_babel import gettext as _
from wtforms import HiddenField
from wtforms.validators import ValidationError

from heka_portal.domain.attachments.rules import MAX_FILES
from heka_portal.domain.errors import Changed
from heka_portal.web.fields import FilesField
from heka_portal.web.forms import PortalForm

KEY = re.compile(r"[\w-]{20,64}", re.ASCII)


def fresh_key() -> str:
    """A one-time form key."""
    return secrets.token_urlsafe(24)


class OnceForm(PortalForm):
    """A form with a one-time key: a double press or a reload does the thing once.

    `scope` tells the ids of several forms on one page apart.
    """

    scope = ""

    form_key = HiddenField(default=fresh_key)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for field in self if self.scope else ():
            field.id = field.label.field_id = f"{self.scope}-{field.id}"

    def validate_form_key(self, field: HiddenField) -> None:
        """The key is one that we drew. Raises ValidationError."""
        if not KEY.fullmatch(field.data or ""):
            field.data = fresh_key()
            raise ValidationError(_("The page was open for too long. Send it again"))


class VersionedForm(OnceForm):
    """A form that moves a case from the state in which it was drawn."""

    version = HiddenField()

    @property
    def drawn_from(self) -> int:
        """The version of the case that was seen. Raises Changed where it is none."""
        try:
            return int(self.version.data or "")
        except ValueError as error:
            raise Changed from error


class LimitedFiles(FilesField):
    """As many files as one message may carry."""

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Refuse too many files before any is stored. Raises ValidationError."""
        if len(self.data or ()) > MAX_FILES:
            raise ValidationError(_("Choose at most 8 files"))
