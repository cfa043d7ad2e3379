"""The pages that anyone may read: front page, contact, accessibility statement, privacy notice."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from heka_portal.blueprints.public.samples import SampleForm, sample_values
from heka_portal.domain.errors import NotFound
from heka_portal.domain.homes.queries import list_offices
from heka_portal.extensions import SETTINGS
from heka_portal.web.access import public

bp = Blueprint("public", __name__)

#: The day on which the two statements were last gone through
STATEMENTS_MADE_ON = date(2026, 11, 24)


@bp.get("/")
@public
def front() -> ResponseReturnValue:
    """What the portal is for, and the way in."""
    return render_template("public/front.html")


@bp.get("/contact")
@public
def contact() -> ResponseReturnValue:
    """Phones, urgent first, and the regional offices."""
    return render_template("public/contact.html", offices=list_offices())


@bp.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """How accessible the portal is, and how to complain."""
    return render_template("public/accessibility.html", made_on=STATEMENTS_MADE_ON)


@bp.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """What is kept about people, why, how long, and what they may ask."""
    return render_template("public/privacy.html", made_on=STATEMENTS_MADE_ON)


@bp.get("/components")
@public
def components() -> ResponseReturnValue:
    """Every component on one page, for those who build and check pages; not in production. Raises NotFound."""
    if current_app.extensions[SETTINGS].is_production:
        raise NotFound
    form = SampleForm()
    form.validate()
    return render_template("public/components.html", form=form, **sample_values())
