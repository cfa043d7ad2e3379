"""The forms by which staff keep what is told of a building. Each carries what it was drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from heka_portal.domain.attachments.operations import ReceivedFile
from heka_portal.domain.buildings.documents import NewDocument
from heka_portal.domain.buildings.plans import PlanText
from heka_portal.vocabulary import DocumentAudience, DocumentKind, FileType, Language, PlanPart
from heka_portal.web.fields import FilesField, Needed, Radios, StrippedString, StrippedText, options
from heka_portal.web.files import Received
from heka_portal.web.forms import PortalForm
from heka_portal.web.labels import label
from heka_portal.web.once import OnceForm
from heka_portal.workbench.fields import DayField

LONGEST_TEXT = 5_000
#: a part of a rescue plan may be some pages long
LONGEST_PART = 20_000


class DrawnForm(PortalForm):
    """A form that knows the text it was drawn from, so that nobody writes over another's words unseen."""

    drawn_from = HiddenField()


class BuildingTextForm(DrawnForm):
    """One text of a building, in each language."""

    fi = StrippedText(_l("In Finnish"), at_most=LONGEST_TEXT)
    sv = StrippedText(_l("In Swedish"), at_most=LONGEST_TEXT)
    en = StrippedText(_l("In English"), at_most=LONGEST_TEXT)

    def to_texts(self) -> dict[Language, str]:
        """The texts by language."""
        return {language: self[language].data or "" for language in Language}

    def fill(self, texts: Mapping[Language, str]) -> None:
        """Show the texts there are."""
        for language in Language:
            self[language].data = texts.get(language, "")


class OneFileForm(PortalForm):
    """A form with a PDF file."""

    file = FilesField(_l("PDF file"))

    def received(self, received: Received) -> ReceivedFile | None:
        """The file that came, unless it is refused: then the field says why."""
        self.file.errors = (*self.file.errors, *received.refusals)
        for each in received.files:
            if each.type is not FileType.PDF:
                self.file.errors = (
                    *self.file.errors,
                    _("%(name)s is not a PDF. Save it as PDF first.", name=each.name),
                )
        return received.files[0] if received.files and not self.file.errors else None


class PlanTextForm(DrawnForm, OneFileForm):
    """A rescue plan in one language."""

    risks = StrippedText(_l("Dangers and risks in the building"), at_most=LONGEST_PART)
    arrangements = StrippedText(_l("Safety arrangements of the building"), at_most=LONGEST_PART)
    instructions = StrippedText(_l("How to prevent accidents and act in them"), at_most=LONGEST_PART)
    preparedness = StrippedText(_l("Other preparedness"), at_most=LONGEST_PART)
    drops_file = BooleanField(_l("Take the present file away"))

    def to_parts(self) -> dict[PlanPart, str]:
        """The parts."""
        return {part: self[part].data or "" for part in PlanPart}

    def fill(self, text: PlanText | None) -> None:
        """Show the parts there are."""
        for part in PlanPart:
            self[part].data = text.parts.get(part, "") if text else ""


class PublishForm(DrawnForm):
    """From when a version is valid."""

    valid_from = DayField(_l("Valid from"), [Needed(_l("Write the day from which the plan is valid"))])


class DocumentForm(OneFileForm, OnceForm):
    """A new document."""

    kind = Radios(_l("Kind"), [Needed(_l("Choose what kind of document it is"))])
    audience = Radios(_l("Who may read it"), [Needed(_l("Choose who may read it"))])
    language = Radios(_l("Language of the file"), [Needed(_l("Choose the language of the file"))])
    title_fi = StrippedString(_l("Title in Finnish"), [Needed(_l("Write the title in Finnish"))], at_most=160)
    title_sv = StrippedString(_l("Title in Swedish"), at_most=160)
    title_en = StrippedString(_l("Title in English"), at_most=160)

    def offer(self, *, for_everyone: bool) -> None:
        """Offer the choices; a document for all residents is for those who keep all buildings."""
        audiences = [one for one in DocumentAudience if for_everyone or one is not DocumentAudience.EVERYONE]
        self.kind.choices = options(list(DocumentKind), label)
        self.audience.choices = options(audiences, label)
        self.language.choices = options(list(Language), label)

    def to_document(self) -> NewDocument:
        """What is said of the document."""
        return NewDocument(
            kind=DocumentKind(self.kind.data),
            audience=DocumentAudience(self.audience.data),
            language=Language(self.language.data),
            title_fi=self.title_fi.data or "",
            title_sv=self.title_sv.data or None,
            title_en=self.title_en.data or None,
        )


def incomplete_words(need: str, language: Any) -> str:
    """Why a draft cannot be published yet, as a sentence."""
    sentences: Mapping[str, str] = {
        "finnish": _("Write the plan in Finnish first: it is the language that is in force"),
        "parts": _("A part is missing in this language: %(language)s. Write it, or take the language away"),
        "file": _("The file is still being prepared, or could not be: %(language)s. Look again in a minute"),
        "day": _("The day is in the past. Choose today or a later day"),
    }
    return sentences[need] % {"language": label(language)}
