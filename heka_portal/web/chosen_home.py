"""The home that a reader with several has chosen: every page shows which it is and lets them change it.

The choice is kept in the browser only, and counts while it is one of the reader's homes: it gives no rights.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask, session

from heka_portal.domain.access import Actor, Tie

KEY = "home"


def chosen_home(actor: Actor) -> Tie | None:
    """The chosen one of the actor's homes, else the first: where they live before where they move to."""
    homes = actor.own_homes
    wanted = session.get(KEY)
    return next((home for home in homes if home.apartment_id == wanted), homes[0] if homes else None)


def choose_home(home: Tie) -> None:
    """Let the pages be about this home from now on."""
    session[KEY] = home.apartment_id


def chosen_first(actor: Actor, homes: Iterable[Tie]) -> list[Tie]:
    """Some of the actor's homes for a form, the chosen one first."""
    chosen = chosen_home(actor)
    return sorted(homes, key=lambda home: home != chosen)


def home_to_switch(actor: Actor | None) -> Tie | None:
    """The chosen home, where there are several to choose from: what the switch shows."""
    if actor is None or len(actor.own_homes) < 2:
        return None
    return chosen_home(actor)


def init_app(app: Flask) -> None:
    """Give the switch to the pages."""
    app.add_template_global(home_to_switch, "home_to_switch")
