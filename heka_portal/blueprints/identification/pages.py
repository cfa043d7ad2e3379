"""A page for each way in which an identification can end without a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from heka_portal.integrations.identification import errors
from heka_portal.web.identification import NotSetUp

RETRY_AFTER = "60"


class SomebodyElse(errors.IdentificationError):
    """A signed-in person asked to be identified, and somebody else was."""

    code = "another_person"


@dataclass(frozen=True)
class Ending:
    """What a page says: what happened, and what to do."""

    title: Any
    lead: Any
    line: Any
    status: int = 400
    can_retry: bool = True


_START_AGAIN = _l("Start again and identify yourself within 15 minutes, in one tab.")
_TRY_LATER = _l("Try again in a moment. If you are in a hurry, call customer service or visit a regional office.")
_OTHER_WAYS = _l("Until then call customer service or visit a regional office: we take care of the same matters there.")
_NOTHING_LOST = _l("Nothing was saved and nothing is lost.")

ENDINGS: Mapping[str, Ending] = {
    errors.Cancelled.code: Ending(
        _l("You cancelled the identification"),
        _l("That is all right. Nothing was saved."),
        _l("You can try again now or later. You can also choose another bank or Mobile ID."),
        status=200,
    ),
    errors.AttemptExpired.code: Ending(
        _l("The identification took too long"),
        _l("For your safety an identification works for 15 minutes."),
        _START_AGAIN,
    ),
    errors.CallbackRefused.code: Ending(
        _l("We could not connect this identification to you"),
        _l("It was begun in another browser, was already used, or took more than 15 minutes."),
        _START_AGAIN,
    ),
    errors.CodeUsed.code: Ending(
        _l("This identification was already used"),
        _l("Each identification works once. You may have reloaded the page."),
        _START_AGAIN,
    ),
    errors.LoginRequired.code: Ending(
        _l("The identification service asks you to identify yourself anew"),
        _NOTHING_LOST,
        _START_AGAIN,
    ),
    errors.TokenRefused.code: Ending(
        _l("We could not trust the answer of the identification service"),
        _l("It did not pass our checks, so we did not use it."),
        _l("Start again. If it happens a second time, call customer service."),
    ),
    errors.NotFreshEnough.code: Ending(
        _l("The identification was too old"),
        _l("We need you to identify yourself anew."),
        _START_AGAIN,
    ),
    errors.NoIdentityCode.code: Ending(
        _l("The identification did not tell your Finnish identity code"),
        _l("We find you in our register by it, so we cannot register you online."),
        _l("Visit a regional office with a document that has your picture. We register you there."),
        status=403,
        can_retry=False,
    ),
    errors.RequestRefused.code: Ending(
        _l("The identification service did not understand us"),
        _l("The fault is ours, and we have been told."),
        _OTHER_WAYS,
        status=502,
    ),
    errors.ScopeRefused.code: Ending(
        _l("The identification service did not give us what we need"),
        _l("The fault is ours, and we have been told."),
        _OTHER_WAYS,
        status=502,
    ),
    errors.ClientRefused.code: Ending(
        _l("The identification service does not know us"),
        _l("The fault is ours, and we have been told."),
        _OTHER_WAYS,
        status=502,
    ),
    errors.ProviderFailed.code: Ending(
        _l("The identification service has a fault"),
        _NOTHING_LOST,
        _TRY_LATER,
        status=502,
    ),
    errors.ProviderBusy.code: Ending(
        _l("The identification service is busy"),
        _NOTHING_LOST,
        _TRY_LATER,
        status=503,
    ),
    errors.ProviderUnreachable.code: Ending(
        _l("We cannot reach the identification service"),
        _NOTHING_LOST,
        _TRY_LATER,
        status=503,
    ),
    errors.ProviderSlow.code: Ending(
        _l("The identification service did not answer in time"),
        _NOTHING_LOST,
        _TRY_LATER,
        status=503,
    ),
    SomebodyElse.code: Ending(
        _l("You identified yourself as another person"),
        _l("The identification must be of the person whose account this is."),
        _l("Use your own bank credentials or Mobile ID. Nothing was changed."),
        status=403,
    ),
    NotSetUp.code: Ending(
        _l("Identification does not work at the moment"),
        _l("The fault is ours, and we have been told."),
        _OTHER_WAYS,
        status=503,
        can_retry=False,
    ),
    errors.IdentificationError.code: Ending(
        _l("The identification did not succeed"),
        _NOTHING_LOST,
        _TRY_LATER,
        status=502,
    ),
}


def stopped_page(error: errors.IdentificationError, *, back: str | None = None) -> ResponseReturnValue:
    """The page of an error; an unknown one has the general page. `back` is the page of a person who was signed in."""
    ending = ENDINGS.get(error.code, ENDINGS[errors.IdentificationError.code])
    headers = {"Retry-After": RETRY_AFTER} if ending.status == 503 else {}
    return render_template("identification/stopped.html", ending=ending, back=back), ending.status, headers
