"""The forms that stand on public pages: feedback on accessibility, and the number on a receipt."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from heka_portal.domain.cases.search import number_of
from heka_portal.domain.feedback.operations import Feedback
from heka_portal.domain.feedback.rules import MAX_PAGE, MAX_TEXT
from heka_portal.vocabulary import Language
from heka_portal.web.fields import EmailField, Needed, StrippedString, StrippedText
from heka_portal.web.forms import PortalForm
from heka_portal.web.once import OnceForm


class FeedbackForm(OnceForm):
    """What is hard to use."""

    text = StrippedText(_l("What is hard to use?"), [Needed(_l("Tell what is hard to use"))], at_most=MAX_TEXT)
    page = StrippedString(_l("On which page?"), at_most=MAX_PAGE)
    email = EmailField(_l("Your email"))

    def to_feedback(self, language: Language) -> Feedback:
        """What is kept."""
        return Feedback(
            text=self.text.data or "",
            page=self.page.data or None,
            email=self.email.data or None,
            language=language,
            form_key=self.form_key.data or "",
        )


class ClaimForm(PortalForm):
    """The number that stands on a receipt."""

    number = StrippedString(_l("Number of the case"), [Needed(_l("Write the number of the case"))], at_most=40)

    def validate(self, extra_validators: object = None) -> bool:
        """Whether it can be a number; what cannot is refused in the same words as what is not there."""
        if not super().validate(extra_validators):
            return False
        if self.case_number is None:
            self.refuse()
        return not self.errors

    @property
    def case_number(self) -> int | None:
        """The number, without the spaces it is written with."""
        return number_of(self.number.data or "")

    def refuse(self) -> None:
        """Say that nothing was found: whether the number is another's, nobody is told."""
        self.number.errors = (_("You have no case with this number. Check the nine digits on the receipt"),)
