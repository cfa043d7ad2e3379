"""The switch between several homes, for who is moving or has two."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

from heka_portal.domain.access import Permission, Tie
from heka_portal.web.access import current_actor, requires
from heka_portal.web.chosen_home import choose_home, chosen_home
from heka_portal.web.destinations import safe_next
from heka_portal.web.fields import Needed, Radios
from heka_portal.web.formats import write_address
from heka_portal.web.forms import PortalForm

bp = Blueprint("homes", __name__, url_prefix="/home/choose")


class ChooseHomeForm(PortalForm):
    """Which of one's homes."""

    home = Radios(_l("Which home are the pages about?"), [Needed(_l("Choose the home"))])

    def __init__(self, homes: Sequence[Tie], *, chosen: Tie | None) -> None:
        super().__init__(data={"home": str(chosen.apartment_id) if chosen else None})
        self.homes = {str(home.apartment_id): home for home in homes}
        self.home.choices = [SelectChoice(value, write_address(home.address)) for value, home in self.homes.items()]

    @property
    def chosen(self) -> Tie:
        """The home that was chosen."""
        return self.homes[self.home.data]


@bp.route("", methods=["GET", "POST"])
@requires(Permission.OWN_MATTERS)
def choose() -> ResponseReturnValue:
    """Choose the home, and back to the page one came from."""
    actor = current_actor()
    back = safe_next(request.args.get("next"), default=url_for("resident.home"))
    form = ChooseHomeForm(actor.own_homes, chosen=chosen_home(actor))
    if form.validate_on_submit():
        choose_home(form.chosen)
        return redirect(back, code=303)
    return render_template("resident/choose_home.html", form=form, back=back)
