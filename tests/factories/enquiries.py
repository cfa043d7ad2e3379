"""Messages, written and answered as people would."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any

from heka_portal.domain.access import Actor
from heka_portal.domain.enquiries.operations import EnquiryDraft, open_enquiry
from heka_portal.models.enquiries import Enquiry


def message_of(actor: Actor, **values: Any) -> EnquiryDraft:
    """What the actor writes about their first home."""
    draft = EnquiryDraft(
        topic="rent_payment",
        apartment_id=actor.own_homes[0].apartment_id,
        subject="Two invoices in December",
        text="I got two invoices.\nWhich one do I pay?",
        form_key=secrets.token_urlsafe(24),
    )
    return replace(draft, **values)


def make_enquiry(actor: Actor, *, now: datetime | None = None, **values: Any) -> Enquiry:
    """A message as its writer has just sent it."""
    return open_enquiry(actor, message_of(actor, **values), now=now)[0]
