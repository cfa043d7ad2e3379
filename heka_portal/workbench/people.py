"""People and apartments of the register: looked up, never changed. Each look is in the audit log."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _

from heka_portal import clock
from heka_portal.domain.access import Permission
from heka_portal.domain.audit.operations import record_audit
from heka_portal.domain.cases.facts import list_cases_of
from heka_portal.domain.details.queries import BankAccountLine, list_bank_accounts_of, reveal_iban
from heka_portal.domain.details.rules import group_iban
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
ACCOUNT = "/<int:person_id>/bank-account/<int:bank_account_id>/"
APARTMENT = "/<int:apartment_id>/"


@dataclass(frozen=True)
class Shown:
    """What a person's page shows beside the usual: a form with its errors, or what was asked for and written down."""

    form: RevealForm | None = None
    code: str | None = field(default=None, repr=False)
    account_form: RevealForm | None = None
    account_id: int | None = None
    iban: str | None = field(default=None, repr=False)


def prefix_of(bank_account_id: int) -> str:
    """What tells the forms of several accounts on one page apart."""
    return f"account-{bank_account_id}-"


def account_form_of(line: BankAccountLine, shown: Shown) -> RevealForm:
    """The form that shows an account number: as it was sent, or a fresh one."""
    if shown.account_form is not None and shown.account_id == line.id:
        return shown.account_form
    return RevealForm(formdata=None, prefix=prefix_of(line.id))


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
        for_case = request.args.get("for_case") == "1"
        return self.render(
            "workbench/registers/people.html", form=form, lines=lines, most=MOST_FOUND, for_case=for_case
        )

    @expose(PERSON)
    def show(self, person_id: int) -> ResponseReturnValue:
        """A person: homes, account, and why they cannot register."""
        return self._looked_at(person_id, Shown())

    @expose(PERSON, methods=("POST",))
    @requires(Permission.IDENTITY_CODE_SHOW)
    def reveal(self, person_id: int) -> ResponseReturnValue:
        """The identity code in full, for a reason that is written down first."""
        form = RevealForm()
        if not form.validate_on_submit():
            return self._looked_at(person_id, Shown(form=form))
        code = reveal_identity_code(current_actor(), person_id)
        self._write_down(AuditAction.IDENTITY_CODE_SHOWN, person_id, form)
        return self._page(person_id, Shown(form=form, code=code))

    @expose(ACCOUNT, methods=("POST",))
    @requires(Permission.BANK_ACCOUNT_SEE)
    def reveal_account(self, person_id: int, bank_account_id: int) -> ResponseReturnValue:
        """A bank account number in full, for a reason that is written down first."""
        actor, form = current_actor(), RevealForm(prefix=prefix_of(bank_account_id))
        get_person(actor, person_id)
        if not form.validate_on_submit():
            return self._looked_at(person_id, Shown(account_form=form, account_id=bank_account_id))
        iban = reveal_iban(actor, person_id, bank_account_id)
        self._write_down(AuditAction.BANK_ACCOUNT_SHOWN, person_id, form, bank_account=bank_account_id)
        return self._page(person_id, Shown(account_form=form, account_id=bank_account_id, iban=group_iban(iban)))

    def _write_down(self, action: AuditAction, person_id: int, form: RevealForm, **data: int) -> None:
        actor, reason = current_actor(), form.reason.data
        record_audit(action, account_id=actor.account_id, person_id=person_id, reason=reason, data=data)
        db.session.commit()

    def _looked_at(self, person_id: int, shown: Shown) -> str:
        """The page, and the look at it."""
        page = self._page(person_id, shown)
        leave_looks(current_actor(), [person_id], now=clock.now())
        return page

    def _page(self, person_id: int, shown: Shown) -> str:
        actor, today = current_actor(), clock.today()
        person = get_person(actor, person_id)
        sees_accounts = actor.may(Permission.BANK_ACCOUNT_SEE)
        return self.render(
            "workbench/registers/person.html",
            person=person,
            homes=list_homes_of(person_id),
            most=MOST_LINES,
            today=today,
            registration=registration_words(find_registrant_by_id(person_id, today), today),
            cases=list_cases_of(actor, person_id),
            accounts=list_bank_accounts_of(actor, person_id) if sees_accounts else None,
            form=shown.form or RevealForm(formdata=None),
            account_form_of=lambda line: account_form_of(line, shown),
            shown=shown,
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
