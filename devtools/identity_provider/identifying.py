"""The pages a person sees: choose who to be, turn back, or have the identification fail."""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from devtools.identity_provider.configuration import Dialect
from devtools.identity_provider.failures import CALLBACK_ERRORS, GROUPS, Failure
from devtools.identity_provider.issuing import Grant
from devtools.identity_provider.memory import SignedIn
from devtools.identity_provider.persons import Person
from devtools.identity_provider.requested import RefusedHere, RefusedThere, Requested, read_request
from devtools.identity_provider.state import StandIn, stand_in
from devtools.identity_provider.texts import LANGUAGES

bp = Blueprint("identifying", __name__)

# A cookie knows no port: the name must not meet the portal's on the same machine.
_COOKIE = "stand_in_identity_provider"


@bp.route("/authorize", methods=["GET", "POST"])
def authorize() -> ResponseReturnValue:
    """Check a request and lead to its page, or refuse it."""
    here = stand_in()
    try:
        asked = read_request(request.values, here.configuration, here.client_keys, now=here.now())
    except RefusedHere as refused:
        g.language = request.accept_languages.best_match(LANGUAGES, "fi")
        return render_template("refused.html", reason=refused.reason, detail=refused.detail), HTTPStatus.BAD_REQUEST
    except RefusedThere as refused:
        return _send_back(refused.request, {"error": refused.error, "error_description": refused.description})
    if asked.text("prompt") == "none":
        return _answer_silently(asked, here)
    return redirect(url_for("identifying.choose", page=here.memory.open_page(asked, now=here.now())), code=303)


@bp.get("/identify/<page>")
def choose(page: str) -> ResponseReturnValue:
    """Show who can be chosen."""
    asked = stand_in().memory.page(page)
    return _gone() if asked is None else _show(page, asked)


@bp.post("/identify/<page>")
def decide(page: str) -> ResponseReturnValue:
    """Send the person back with what was chosen."""
    here = stand_in()
    asked = here.memory.page(page)
    if asked is None:
        return _gone()
    action = request.form.get("action")
    continued = _signed_in(asked, here) if action == "continue" else None
    person = continued.person if continued else _chosen(request.form, here)
    if action != "cancel" and person is None:
        return _show(page, asked, mistaken=True)
    if not here.memory.close_page(page):
        return _gone()
    if action == "cancel" or person is None:
        return _cancel(asked, here)
    return _identify(asked, person, continued, here)


def _show(page: str, asked: Requested, *, mistaken: bool = False) -> ResponseReturnValue:
    here = stand_in()
    wanted = request.args.get("lang", "")
    g.language = wanted if wanted in LANGUAGES else asked.language
    g.form_target = asked.text("redirect_uri")
    shown = render_template(
        "choose.html",
        page=page,
        asked=asked,
        persons=here.configuration.persons(),
        signed_in=_signed_in(asked, here),
        groups=GROUPS,
        form=request.form,
        mistaken=mistaken,
    )
    return shown, HTTPStatus.UNPROCESSABLE_ENTITY if mistaken else HTTPStatus.OK


def _gone() -> ResponseReturnValue:
    g.language = request.accept_languages.best_match(LANGUAGES, "fi")
    return render_template("refused.html", reason="page_gone", detail=""), HTTPStatus.NOT_FOUND


def _chosen(form: Mapping[str, str], here: StandIn) -> Person | None:
    choice = form.get("person", "")
    # Who has typed a code need not press the radio button beside it, too.
    if choice in ("", "other"):
        return _typed(form)
    return next((person for person in here.configuration.persons() if person.identity_code == choice), None)


def _typed(form: Mapping[str, str]) -> Person | None:
    code = form.get("identity_code", "").strip()
    if not code:
        return None
    family, given = form.get("family_name", "").strip(), form.get("given_name", "").strip()
    return Person(identity_code=code, family_name=family or "Testilä", given_name=given or "Testi")


def _signed_in(asked: Requested, here: StandIn) -> SignedIn | None:
    """Who may go on without identifying themselves again: not after prompt=login, nor past max_age."""
    known = here.memory.sessions.get(request.cookies.get(_COOKIE, ""))
    if known is None or asked.text("prompt") == "login":
        return None
    if asked.max_age is not None and here.now() - known.at > timedelta(seconds=asked.max_age):
        return None
    return known


def _answer_silently(asked: Requested, here: StandIn) -> ResponseReturnValue:
    known = _signed_in(asked, here)
    if known is None:
        return _send_back(asked, {"error": "login_required"})
    grant = Grant(request=asked, person=known.person, authenticated_at=known.at, issued_at=here.now())
    return _send_back(asked, {"code": here.memory.keep_grant(grant)})


def _cancel(asked: Requested, here: StandIn) -> ResponseReturnValue:
    if here.configuration.dialect is Dialect.PLAIN:
        return _send_back(asked, {"error": "cancel", "error_description": "user cancel"})
    return _send_back(asked, {"error": "access_denied"})


def _identify(asked: Requested, person: Person, continued: SignedIn | None, here: StandIn) -> ResponseReturnValue:
    now = here.now()
    wanted = request.form.get("failure", "")
    failure = Failure(wanted) if wanted in set(Failure) else None
    if failure in CALLBACK_ERRORS:
        return _send_back(asked, {"error": failure.value})
    if failure is Failure.OTHER_CANCEL:
        return _send_back(asked, {"error": "cancel", "error_description": "user cancel"})
    authenticated = continued.at if continued else now
    grant = Grant(request=asked, person=person, authenticated_at=authenticated, issued_at=now, failure=failure)
    parameters = {"code": here.memory.keep_grant(grant)}
    if failure is Failure.WRONG_STATE:
        parameters["state"] = "another-state"
    if failure is Failure.WRONG_CALLBACK_ISSUER:
        parameters["iss"] = "https://another-issuer.test"
    response = make_response(_send_back(asked, parameters))
    if continued is None:
        response.set_cookie(_COOKIE, here.memory.sign_in(person, now=now), httponly=True, samesite="Lax")
    return response


def _send_back(asked: Requested, parameters: Mapping[str, str]) -> ResponseReturnValue:
    target = asked.text("redirect_uri")
    g.form_target = target
    query = urlencode({"state": asked.text("state"), "iss": stand_in().issuer, **parameters})
    return redirect(f"{target}{'&' if '?' in target else '?'}{query}", code=303)
