"""The pages that anyone may read: the way in, what there is for whom, contact, accessibility, the landlord's texts."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from heka_portal import clock
from heka_portal.blueprints.public.forms import ClaimForm, FeedbackForm
from heka_portal.blueprints.public.samples import SampleForm, sample_values
from heka_portal.blueprints.public.steps import HEIGHT, STEPS, WIDTH
from heka_portal.domain.access import Permission
from heka_portal.domain.cases.queries import get_case
from heka_portal.domain.errors import NotFound
from heka_portal.domain.feedback.operations import give_feedback
from heka_portal.domain.homes.queries import list_offices
from heka_portal.domain.texts.queries import get_text, get_version, list_versions
from heka_portal.extensions import SETTINGS, db, settings
from heka_portal.vocabulary import Language, TextKind
from heka_portal.web import limits
from heka_portal.web.access import current_actor, public, reader, requires
from heka_portal.web.i18n import LANGUAGES, current_language
from heka_portal.web.markdown import to_html

bp = Blueprint("public", __name__)

#: the day on which the accessibility statement was last gone through
STATEMENT_MADE_ON = date(2026, 11, 24)
#: security.txt is to be read anew: RFC 9116 wants it to expire within a year
SECURITY_TEXT_LIVES = timedelta(days=180)


@bp.get("/")
@public
def front() -> ResponseReturnValue:
    """What the portal is for, and the way in."""
    return render_template("public/front.html")


@bp.get("/how-to-register")
@public
def how_to_register() -> ResponseReturnValue:
    """The steps of registration, with pictures of them."""
    return render_template("public/how_to_register.html", steps=STEPS, width=WIDTH, height=HEIGHT)


@bp.get("/for-whom")
@public
def for_whom() -> ResponseReturnValue:
    """What the portal offers to whom, and what there is beside it."""
    return render_template("public/for_whom.html", former_days=settings().former_tenant_days)


@bp.get("/contact")
@public
def contact() -> ResponseReturnValue:
    """Phones, urgent first, and the regional offices, one's own before the others."""
    actor = reader()
    own = {home.region_id for home in actor.homes} if actor else set()
    return render_template("public/contact.html", offices=list_offices(first=own), own=own)


@bp.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """How accessible the portal is, and how to complain."""
    return render_template("public/accessibility.html", made_on=STATEMENT_MADE_ON)


@bp.route("/accessibility/feedback", methods=["GET", "POST"])
@public
def feedback() -> ResponseReturnValue:
    """Tell what is hard to use."""
    form = FeedbackForm()
    if form.validate_on_submit():
        limits.hit("feedback/address", limits.network())
        limits.hit("feedback/all")
        give_feedback(form.to_feedback(Language(current_language())))
        db.session.commit()
        return redirect(url_for("public.feedback_sent"), code=303)
    return render_template("public/feedback.html", form=form)


@bp.get("/accessibility/feedback/sent")
@public
def feedback_sent() -> ResponseReturnValue:
    """Thanks, and by when there is an answer."""
    return render_template("public/feedback_sent.html")


@bp.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """What is kept about people, why, how long, and what they may ask."""
    return text_page(TextKind.PRIVACY)


@bp.get("/privacy/versions/<int:version>")
@public
def privacy_version(version: int) -> ResponseReturnValue:
    """An earlier or a coming version of the privacy notice. Raises NotFound."""
    return text_page(TextKind.PRIVACY, version)


@bp.get("/terms")
@public
def terms() -> ResponseReturnValue:
    """The terms of use."""
    return text_page(TextKind.TERMS)


@bp.get("/terms/versions/<int:version>")
@public
def terms_version(version: int) -> ResponseReturnValue:
    """An earlier or a coming version of the terms. Raises NotFound."""
    return text_page(TextKind.TERMS, version)


def text_page(kind: TextKind, version: int | None = None) -> ResponseReturnValue:
    """A text of the landlord's in the reader's language, and the way to its other versions. Raises NotFound."""
    language, today = Language(current_language()), clock.today()
    text = get_text(kind, language, on=today) if version is None else get_version(kind, language, version)
    return render_template(
        "public/text.html",
        text=text,
        body=to_html(text.body),
        versions=list_versions(kind, language),
        is_older=version is not None,
        today=today,
    )


@bp.get("/claim")
@public
def claim() -> ResponseReturnValue:
    """The way from a number on paper to its case: through the door first."""
    actor = reader()
    form = ClaimForm(formdata=None) if actor and actor.may(Permission.OWN_MATTERS) else None
    return render_template("public/claim.html", form=form)


@bp.post("/claim")
@requires(Permission.OWN_MATTERS)
def claim_number() -> ResponseReturnValue:
    """To the case of a number, where it is the reader's; another's and an absent one are answered alike."""
    actor, form = current_actor(), ClaimForm()
    if form.validate_on_submit() and form.case_number is not None:
        limits.hit("claim/account", str(actor.account_id))
        try:
            case = get_case(actor, form.case_number)
        except NotFound:
            form.refuse()
        else:
            limits.give_back("claim/account", str(actor.account_id))
            return redirect(url_for("resident.matters.show", number=case.number), code=303)
    return render_template("public/claim.html", form=form)


@bp.get("/security")
@public
def security() -> ResponseReturnValue:
    """How to report a weakness of the portal, and what we promise."""
    return render_template("public/security.html", security_contact=settings().security_contact)


@bp.get("/.well-known/security.txt")
@public
def security_text() -> ResponseReturnValue:
    """The same for those who look for it by RFC 9116; when it expires is counted from today."""
    base = settings().base_url
    expires = clock.now().replace(hour=0, minute=0, second=0, microsecond=0) + SECURITY_TEXT_LIVES
    lines = (
        f"Contact: {settings().security_contact}",
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
        f"Preferred-Languages: {', '.join(LANGUAGES)}",
        f"Canonical: {base}{url_for('public.security_text')}",
        f"Policy: {base}{url_for('public.security')}",
    )
    answer: Response = make_response("\n".join(lines) + "\n")
    answer.mimetype = "text/plain"
    return answer


@bp.get("/components")
@public
def components() -> ResponseReturnValue:
    """Every component on one page, for those who build and check pages; not in production. Raises NotFound."""
    if current_app.extensions[SETTINGS].is_production:
        raise NotFound
    form = SampleForm()
    form.validate()
    return render_template("public/components.html", form=form, **sample_values())
