"""Take in what was written: it is kept as a draft first, and goes half a minute later if it is whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from heka_portal import clock
from heka_portal.blueprints.resident.matters.forms import WriteForm
from heka_portal.blueprints.resident.messages.forms import KeptForm
from heka_portal.domain.access import Actor
from heka_portal.domain.attachments.operations import drop_file
from heka_portal.domain.cases.drafts import keep_files, save_answers, send_later, take_draft
from heka_portal.domain.cases.rules import may_write
from heka_portal.domain.cases.views import CaseView
from heka_portal.domain.enquiries.rules import UNDO
from heka_portal.domain.errors import NotAllowed
from heka_portal.extensions import db
from heka_portal.models.cases import CaseDraft
from heka_portal.vocabulary import CaseKind
from heka_portal.web.files import Received, receive_files, refusal_sentence

#: buttons that keep what was written without sending it
STAY = frozenset({"remove", "stay"})


def to_sending(key: str) -> ResponseReturnValue:
    """To the page of what waits to go."""
    return redirect(url_for("resident.messages.sending", key=key), code=303)


def take_form(
    actor: Actor, form: KeptForm, *, case_id: int | None = None, more: Mapping[str, Any] | None = None
) -> tuple[CaseDraft, bool]:
    """Keep what was written and its files; whether it is whole and goes. Commits. Raises NotFound, AlreadyDone."""
    is_whole, received = form.validate(), receive_files(form.files.data or ())
    # What was read before the files were stored may have changed meanwhile: it is read again under the lock.
    db.session.rollback()
    draft = take_draft(actor, CaseKind.ENQUIRY, form.form_key.data or "", case_id=case_id)
    if draft.sends_at is not None:
        return draft, True
    save_answers(draft, {**form.to_answers(), **(more or {})})
    if "remove" in request.form:
        drop_file(actor, request.form["remove"])
    form.refuse(_keep(actor, draft, received))
    goes = is_whole and not form.refusals and not request.form.keys() & STAY
    if goes:
        send_later(draft, sends_at=clock.now() + UNDO)
    db.session.commit()
    return draft, goes


def _keep(actor: Actor, draft: CaseDraft, received: Received) -> tuple[str, ...]:
    """Keep the files; a sentence for each that finds no room or was not taken."""
    refused = keep_files(actor, draft, received.files, now=clock.now())
    return (*received.refusals, *(refusal_sentence(error.refusal, error.name) for error in refused))


def take_reply(actor: Actor, view: CaseView, form: WriteForm) -> ResponseReturnValue:
    """Another word into a message, from its own page. Commits. Raises NotAllowed, NotFound, AlreadyDone."""
    case = view.case
    if not may_write(actor, view.parts, lives_there=actor.writes_about(case.apartment_id, case.building_id)):
        raise NotAllowed
    case_id, is_sensitive = case.id, view.is_sensitive
    received = receive_files(form.files.data or ())
    db.session.rollback()  # as above
    draft = take_draft(actor, CaseKind.ENQUIRY, form.form_key.data or "", case_id=case_id)
    if draft.sends_at is not None:
        return to_sending(draft.key)
    save_answers(draft, {"text": form.text.data, "is_sensitive": is_sensitive})
    refusals = _keep(actor, draft, received)
    if refusals:
        db.session.commit()
        for sentence in refusals:
            flash(sentence, "bad")
        return redirect(url_for("resident.messages.edit", key=draft.key), code=303)
    send_later(draft, sends_at=clock.now() + UNDO)
    db.session.commit()
    return to_sending(draft.key)
