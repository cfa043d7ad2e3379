"""The pages, one folder an area."""

from __future__ import annotations

from flask import Flask

from heka_portal.blueprints.account.views import bp as account
from heka_portal.blueprints.auth.views import bp as auth
from heka_portal.blueprints.identification.views import bp as identification
from heka_portal.blueprints.public.feeds import bp as feeds
from heka_portal.blueprints.public.views import bp as public_pages
from heka_portal.blueprints.registration.views import bp as registration
from heka_portal.blueprints.resident.views import bp as resident
from heka_portal.blueprints.second_factor.door import bp as second_step
from heka_portal.blueprints.second_factor.passkeys import bp as passkeys
from heka_portal.blueprints.second_factor.views import bp as second_factor
from heka_portal.blueprints.staff.views import bp as staff
from heka_portal.blueprints.status.views import bp as status

AREAS = (
    status,
    public_pages,
    feeds,
    resident,
    auth,
    registration,
    identification,
    account,
    second_factor,
    passkeys,
    second_step,
    staff,
)


def init_app(app: Flask) -> None:
    """Register every area."""
    for area in AREAS:
        app.register_blueprint(area)
