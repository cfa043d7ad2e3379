"""What is not sent yet, as pages list it: a report being written, a message, what waits half a minute."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from heka_portal.domain.enquiries.rules import Written
from heka_portal.models.cases import CaseDraft
from heka_portal.vocabulary import CaseKind


@dataclass(frozen=True)
class ShownDraft:
    """A draft in a list: what it is called, the way on, and the way to throw it away."""

    title: str
    saved_at: datetime
    url: str
    #: none: it is on its way, and has to be taken back first
    discard_url: str | None


def show_drafts(drafts: Iterable[CaseDraft]) -> list[ShownDraft]:
    """Drafts with their titles and addresses."""
    return [_SHOWN[draft.kind](draft) for draft in drafts]


def _report(draft: CaseDraft) -> ShownDraft:
    return ShownDraft(
        draft.answers.get("title") or _("Defect notification without a title"),
        draft.saved_at,
        url_for("resident.defects.resume", key=draft.key),
        url_for("resident.defects.discard", key=draft.key),
    )


def _message(draft: CaseDraft) -> ShownDraft:
    return ShownDraft(
        message_title(draft),
        draft.saved_at,
        url_for("resident.messages.edit", key=draft.key),
        None if draft.sends_at else url_for("resident.messages.discard", key=draft.key),
    )


def message_title(draft: CaseDraft) -> str:
    """What a message being written is called; the words of a sensitive one stay on its own page."""
    written = Written.read(draft.answers)
    if written.is_sensitive:
        return _("Message about a sensitive matter")
    if draft.case_id is not None:
        return _("New message in a matter of yours")
    return written.title or _("Message without a subject")


_SHOWN: Mapping[CaseKind, Callable[[CaseDraft], ShownDraft]] = {
    CaseKind.DEFECT: _report,
    CaseKind.ENQUIRY: _message,
}
