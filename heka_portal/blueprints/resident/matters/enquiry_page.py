"""The page of a message: what was asked and answered, whether Heka has seen it, and what is still on its way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from heka_portal import clock
from heka_portal.blueprints.resident.enquiry_words import promise
from heka_portal.blueprints.resident.matters.enquiry_progress import steps_of
from heka_portal.blueprints.resident.matters.forms import AnswerForm, WriteForm, drawn_write_form
from heka_portal.blueprints.resident.matters.story import tell
from heka_portal.blueprints.resident.words import what_follows
from heka_portal.domain.access import Actor
from heka_portal.domain.cases.drafts import get_waiting
from heka_portal.domain.cases.operations import RESIDENTS
from heka_portal.domain.cases.timeline import Entry, list_timeline
from heka_portal.domain.cases.views import CaseView
from heka_portal.domain.casework.operations import available_moves
from heka_portal.domain.errors import NotFound
from heka_portal.domain.notices.queries import find_notice
from heka_portal.models.enquiries import Enquiry
from heka_portal.vocabulary import Part
from heka_portal.web.notices import ReadNotice, read_notice

#: the moves by which its writer closes a message
CLOSING = ("settle", "close_unneeded")


def enquiry_page(
    actor: Actor, view: CaseView, *, write_form: WriteForm | None = None, answer: AnswerForm | None = None
) -> ResponseReturnValue:
    """The whole page; a form that was sent and has errors stands in it as it was typed."""
    enquiry, is_own = view.case, Part.OWNER in view.parts
    if not isinstance(enquiry, Enquiry) or answer is not None:
        raise NotFound
    timeline = list_timeline(actor, enquiry, view.parts)
    moves = {move.name for move in available_moves(actor, enquiry)}
    return render_template(
        "resident/matters/message.html",
        view=view,
        enquiry=enquiry,
        about_notice=about_notice(actor, enquiry),
        is_own=is_own,
        form=write_form,
        steps=steps_of(enquiry, timeline.turns),
        follows=what_follows(enquiry, is_own=is_own, created_at=enquiry.created_at),
        promise=promise(enquiry),
        began=tell([timeline.opening] if timeline.opening else (), is_own=is_own, kind=enquiry.kind),
        lines=tell(timeline.entries, is_own=is_own, kind=enquiry.kind),
        before=timeline.before,
        seen_at=seen_at(enquiry, timeline.entries),
        waiting=get_waiting(actor, enquiry.id),
        write_form=write_form or drawn_write_form(actor, view),
        may_close=any(name in moves for name in CLOSING),
    )


def about_notice(actor: Actor, enquiry: Enquiry) -> ReadNotice | None:
    """The notice it asks about; none where the reader, perhaps another of the household, does not see it."""
    if enquiry.about_notice_id is None:
        return None
    notice = find_notice(actor, enquiry.about_notice_id, now=clock.now())
    return read_notice(notice) if notice else None


def sent_page(view: CaseView, enquiry: Enquiry) -> ResponseReturnValue:
    """What is said right after sending one that does not wait to be taken back."""
    return render_template(
        "resident/matters/message_sent.html",
        view=view,
        case=enquiry,
        steps=steps_of(enquiry, ()),
        follows=what_follows(enquiry, is_own=True, created_at=enquiry.created_at),
    )


def seen_at(enquiry: Enquiry, entries: Sequence[Entry]) -> datetime | None:
    """When customer service opened the page after the resident's last word; none: not yet, or answered since."""
    last = next((entry for entry in reversed(entries) if entry.text or entry.files), None)
    if last is None or last.part not in RESIDENTS or (enquiry.seen_event_id or 0) < last.id:
        return None
    return enquiry.seen_at
