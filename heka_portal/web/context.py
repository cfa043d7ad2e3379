"""What every page knows: who reads it, and the navigation that is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for
from flask_babel import gettext as _

from heka_portal.domain.access import Actor, Permission
from heka_portal.web.access import reader
from heka_portal.web.doors import own_front


@dataclass(frozen=True)
class NavigationItem:
    """One link of the main navigation."""

    label: str
    url: str
    is_current: bool
    badge: int = 0


def navigation_of(actor: Actor | None) -> list[NavigationItem]:
    """The words of the navigation; only what the reader may use."""
    items = []
    if actor is not None and actor.may(Permission.OWN_MATTERS):
        items.append(_item(_("Home"), "resident.home", ("resident.home",)))
        items.append(
            _item(
                _("My matters"),
                "resident.matters.index",
                ("resident.matters.", "resident.defects.", "resident.messages."),
            )
        )
    if actor is not None and actor.may(Permission.BUILDING_SEE):
        items.append(_item(_("My home"), "resident.building.index", ("resident.building.", "resident.calendar.")))
    if actor is not None and actor.may(Permission.NOTICES_READ):
        items.append(_item(_("Notices"), "resident.notices.index", ("resident.notices.",)))
    if actor is not None and actor.is_staff:
        items.append(_item(_("Workbench"), "admin.index", ()))
    items.append(_item(_("Contact"), "public.contact", ("public.contact",)))
    return items


def _item(label: str, endpoint: str, here: tuple[str, ...]) -> NavigationItem:
    return NavigationItem(label, url_for(endpoint), (request.endpoint or "").startswith(here) if here else False)


def page_context() -> dict[str, Any]:
    """The reader, for every template."""
    return {"reader": reader()}


def init_app(app: Flask) -> None:
    """Give the reader and the navigation to every template."""
    app.context_processor(page_context)
    app.add_template_global(navigation_of, "navigation_of")
    app.add_template_global(own_front, "own_front")
