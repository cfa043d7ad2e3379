"""What one can do to one's case: write, answer, change access, withdraw."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from heka_portal.blueprints.resident.access import AccessForm
from heka_portal.domain.access import Actor
from heka_portal.domain.cases.rules import MAX_TEXT, may_write
from heka_portal.domain.cases.views import CaseView
from heka_portal.vocabulary import RepairAnswer
from heka_portal.web.fields import Needed, Radios, StrippedString, StrippedText
from heka_portal.web.forms import PortalForm
from heka_portal.web.labels import label
from heka_portal.web.once import LimitedFiles, OnceForm, VersionedForm


class WriteForm(OnceForm):
    """A message into the conversation, with pictures."""

    scope = "say"

    text = StrippedText(_l("Write to Heka"), [Needed(_l("Write your message"))], at_most=MAX_TEXT)
    files = LimitedFiles(_l("Add pictures or PDF files"))


class SearchForm(PortalForm):
    """Words to search one's own matters for."""

    q = StrippedString(_l("Word or number"), [Needed(_l("Write what you look for"))], at_most=200, id="search")


def drawn_write_form(actor: Actor, view: CaseView) -> WriteForm | None:
    """The empty message, where the reader may write."""
    lives_there = actor.writes_about(view.case.apartment_id, view.case.building_id)
    return WriteForm(formdata=None) if may_write(actor, view.parts, lives_there=lives_there) else None


class AnswerForm(VersionedForm):
    """Is it fixed? Anything but "fixed" needs words."""

    scope = "answer"

    answer = Radios(_l("Is the defect fixed?"), [Needed(_l("Choose how the repair went"))])
    text = StrippedText(_l("What is still wrong?"), at_most=MAX_TEXT)
    files = LimitedFiles(_l("Add pictures or PDF files"))

    def __init__(self, *, version: int, answers: tuple[RepairAnswer, ...] = tuple(RepairAnswer), **kwargs: Any) -> None:
        super().__init__(data={"version": str(version)}, **kwargs)
        self.answer.choices = [SelectChoice(str(answer), label(answer)) for answer in answers]

    def validate_text(self, field: StrippedText) -> None:
        """What is not fixed is told in words. Raises ValidationError."""
        if self.answer.data and self.answer.data != RepairAnswer.FIXED and not field.data:
            raise ValidationError(_("Tell in a few words what is still wrong"))


class ChangeAccessForm(VersionedForm, AccessForm):
    """How maintenance gets in, changed while the case is open."""


class WithdrawForm(VersionedForm):
    """Withdraw the notification; a reason helps."""

    text = StrippedText(_l("Why do you withdraw it?"), at_most=MAX_TEXT)

    def __init__(self, *, version: int) -> None:
        super().__init__(data={"version": str(version)})
