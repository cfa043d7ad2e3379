"""People and apartments of the register: looked up, never changed. Each look is in the audit log."""

from __future__ import annotations

from datetime import date

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _

from heka_portal import clock
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.audit.operations import record_audit
from heka_portal.domain.cases.facts import list_cases_of
from heka_portal.domain.homes.residents import (
    LeaseSheet,
    Resident,
    get_apartment,
    list_leases,
    list_occupants,
    people_of,
)
from heka_portal.domain.people.queries import find_registrant_by_id
from heka_portal.domain.people.rules import (
    InvalidIdentityCode,
    Registrant,
    adult_on,
    clean_identity_code,
    registration_obstacle,
)
from heka_portal.domain.people.sheets import (
    MOST_FOUND,
    MOST_LINES,
    PersonLine,
    find_people,
    get_person,
    list_homes_of,
    reveal_identity_code,
)
from heka_portal.extensions import db, settings
from heka_portal.keyring import keyring
from heka_portal.vocabulary import AuditAction, RegistrationObstacle
from heka_portal.web import formats
from heka_portal.web.access import Rule, current_actor, requires
from heka_portal.web.i18n import current_language
from heka_portal.workbench.base import WorkbenchView
from heka_portal.workbench.forms import PeopleForm, RevealForm
from heka_portal.workbench.looks import leave_looks

PERSON = "/<int:person_id>/"
APARTMENT = "/<int:apartment_id>/"


class PeopleView(WorkbenchView):
    """People: search by POST, and the page of one person."""

    access = Rule(Permission.REGISTER_LOOK)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The search."""
        return self._found(PeopleForm(formdata=None), None)

    @expose("/", methods=("POST",))
    def search(self) -> ResponseReturnValue:
        """The people found, in the answer itself: no name stays in an address."""
        form = PeopleForm()
        if not form.validate_on_submit():
            return self._found(form, None)
        actor, asked = current_actor(), form.who.data or ""
        lines = find_people(actor, asked, identity_mark=mark_of(asked))
        # Whom the search showed, never its words: they may be an identity code.
        record_audit(
            AuditAction.PEOPLE_SEARCHED,
            account_id=actor.account_id,
            data={"people": [line.id for line in lines]},
        )
        db.session.commit()
        return self._found(form, lines)

    def _found(self, form: PeopleForm, lines: list[PersonLine] | None) -> str:
        return self.render("workbench/registers/people.html", form=form, lines=lines, most=MOST_FOUND)

    @expose(PERSON)
    def show(self, person_id: int) -> ResponseReturnValue:
        """A person: homes, account, and why they cannot register."""
        actor = current_actor()
        page = self._page(actor, person_id, RevealForm(formdata=None), code=None)
        leave_looks(actor, [person_id], now=clock.now())
        return page

    @expose(PERSON, methods=("POST",))
    @requires(Permission.IDENTITY_CODE_SHOW)
    def reveal(self, person_id: int) -> ResponseReturnValue:
        """The identity code in full, for a reason that is written down first."""
        actor, form = current_actor(), RevealForm()
        if not form.validate_on_submit():
            page = self._page(actor, person_id, form, code=None)
            leave_looks(actor, [person_id], now=clock.now())
            return page
        code = reveal_identity_code(actor, person_id)
        record_audit(
            AuditAction.IDENTITY_CODE_SHOWN,
            account_id=actor.account_id,
            person_id=person_id,
            reason=form.reason.data,
        )
        db.session.commit()
        return self._page(actor, person_id, form, code=code)

    def _page(self, actor: Actor, person_id: int, form: RevealForm, *, code: str | None) -> str:
        person = get_person(actor, person_id)
        today = clock.today()
        return self.render(
            "workbench/registers/person.html",
            person=person,
            homes=list_homes_of(person_id),
            most=MOST_LINES,
            today=today,
            registration=registration_words(find_registrant_by_id(person_id, today), today),
            cases=list_cases_of(actor, person_id),
            form=form,
            code=code,
        )


class ApartmentsView(WorkbenchView):
    """The page of an apartment: who lives there, its leases, its cases."""

    access = Rule(Permission.REGISTER_LOOK)

    def is_visible(self) -> bool:
        """Apartments are reached from their building, a person or a case."""
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """There is no list of all apartments: begin from a building."""
        return redirect(url_for("admin_buildings.index_view"), code=303)

    @expose(APARTMENT)
    def show(self, apartment_id: int) -> ResponseReturnValue:
        """An apartment."""
        actor, now = current_actor(), clock.now()
        apartment = get_apartment(actor, apartment_id)
        leases, occupants = list_leases(apartment_id), list_occupants(apartment_id, on=clock.today())
        may_see = actor.may(Permission.PROTECTED_SEE)
        seen = people_of(leases, occupants)
        if not may_see:
            seen -= {each.person_id for each in (*occupants, *_parties(leases)) if each.is_protected}
        page = self.render(
            "workbench/registers/apartment.html",
            apartment=apartment,
            leases=leases,
            occupants=occupants,
            most=MOST_LINES,
            may_see_protected=may_see,
            today=clock.today(),
        )
        leave_looks(actor, seen, now=now)
        return page


def _parties(leases: list[LeaseSheet]) -> list[Resident]:
    return [party for lease in leases for party in lease.parties]


def mark_of(asked: str) -> str | None:
    """The fingerprint of an identity code, where one was typed."""
    try:
        code = clean_identity_code(asked, allow_test=settings().test_identity_codes, on=clock.today())
    except InvalidIdentityCode:
        return None
    return keyring().fingerprint(code)


def registration_words(registrant: Registrant | None, on: date) -> list[str]:
    """Why a person can or cannot register, in sentences."""
    if registrant is None:
        return [str(_("The person is not in the register."))]
    said = []
    if not registrant.has_identity_code:
        said.append(str(_("Cannot register: the register has no identity code for this person.")))
    obstacle = registration_obstacle(registrant, on)
    if obstacle is not None:
        said.append(_obstacle_words(obstacle, registrant))
    if said:
        return said
    if registrant.account_id is not None:
        return [str(_("Has an account. Can identify again to set a new email and password."))]
    return [str(_("Can register: an adult with a home, whose identity code is in the register."))]


def _obstacle_words(obstacle: RegistrationObstacle, registrant: Registrant) -> str:
    if obstacle is RegistrationObstacle.UNDER_AGE:
        day = formats.write_date(adult_on(registrant.birth_on), current_language())
        return str(_("Cannot register before the 18th birthday, %(day)s.", day=day))
    if obstacle is RegistrationObstacle.LEASE_ENDED and registrant.home_ended_on is not None:
        day = formats.write_date(registrant.home_ended_on, current_language())
        return str(_("Cannot register: the last lease or residence ended, first day without it %(day)s.", day=day))
    return str(_("Cannot register: no lease and no line in the register of occupants, now or from a day to come."))
