"""Who may do what: the actor of a request, and the one table from roles to permissions.

Rights are computed from the register's rows and today's date in Helsinki; no role is stored on a resident's account.
Whose object it is, is settled by the queries.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

from heka_portal.vocabulary import Language, StaffRole


class Role(StrEnum):
    """What a person is to the landlord on a given day."""

    MAIN_TENANT = "main_tenant"
    RESIDENT = "resident"
    COMING = "coming"
    FORMER = "former"
    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    BUILDING_MANAGER = "building_manager"
    COMMUNICATIONS = "communications"
    FINANCE = "finance"
    CONTRACTOR = "contractor"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """What a view may ask for."""

    OWN_ACCOUNT = "own_account"
    OWN_MATTERS = "own_matters"
    MATTER_WRITE = "matter_write"
    DEFECT_REPORT = "defect_report"
    OWN_DETAILS = "own_details"
    BUILDING_SEE = "building_see"
    NOTICES_READ = "notices_read"
    WORKBENCH = "workbench"
    CASE_WORK = "case_work"
    JOB_WORK = "job_work"
    CASE_ASSIGN_OTHERS = "case_assign_others"
    REGISTER_LOOK = "register_look"
    IDENTITY_CODE_SHOW = "identity_code_show"
    PROTECTED_SEE = "protected_see"
    MAIL_MANAGE = "mail_manage"
    AUDIT_READ = "audit_read"
    STAFF_LOOK = "staff_look"
    BANK_ACCOUNT_SEE = "bank_account_see"
    TOPIC_MANAGE = "topic_manage"
    BUILDING_WRITE = "building_write"
    BUILDING_WRITE_ALL = "building_write_all"
    NOTICE_WRITE = "notice_write"
    NOTICE_WRITE_ALL = "notice_write_all"
    LANDLORD_TEXT_WRITE = "landlord_text_write"


P = Permission
_FORMER = frozenset({P.OWN_ACCOUNT, P.OWN_MATTERS})
_COMING = _FORMER | {P.MATTER_WRITE, P.OWN_DETAILS, P.BUILDING_SEE, P.NOTICES_READ}
_RESIDENT = _COMING | {P.DEFECT_REPORT}
_CLERK = frozenset({P.OWN_ACCOUNT, P.WORKBENCH, P.CASE_WORK, P.REGISTER_LOOK})

#: the one table of rights; `BUILDING_WRITE` and `NOTICE_WRITE` alone reach the buildings one manages
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.MAIN_TENANT: _RESIDENT,
    Role.RESIDENT: _RESIDENT,
    Role.COMING: _COMING,
    Role.FORMER: _FORMER,
    Role.CLERK: _CLERK,
    Role.SUPERVISOR: _CLERK
    | {
        P.CASE_ASSIGN_OTHERS,
        P.IDENTITY_CODE_SHOW,
        P.PROTECTED_SEE,
        P.MAIL_MANAGE,
        P.AUDIT_READ,
        P.STAFF_LOOK,
        P.TOPIC_MANAGE,
        P.BUILDING_WRITE,
        P.BUILDING_WRITE_ALL,
        P.NOTICE_WRITE,
        P.NOTICE_WRITE_ALL,
    },
    Role.BUILDING_MANAGER: _CLERK | {P.BUILDING_WRITE, P.NOTICE_WRITE},
    Role.COMMUNICATIONS: frozenset(
        {P.OWN_ACCOUNT, P.WORKBENCH, P.NOTICE_WRITE, P.NOTICE_WRITE_ALL, P.LANDLORD_TEXT_WRITE}
    ),
    Role.FINANCE: _CLERK | {P.BANK_ACCOUNT_SEE},
    Role.CONTRACTOR: frozenset({P.OWN_ACCOUNT, P.WORKBENCH, P.JOB_WORK}),
    Role.ADMINISTRATOR: frozenset(
        {P.OWN_ACCOUNT, P.WORKBENCH, P.MAIL_MANAGE, P.AUDIT_READ, P.STAFF_LOOK, P.TOPIC_MANAGE, P.LANDLORD_TEXT_WRITE}
    ),
}


#: how long a strong identification counts for what asks for a fresh one, in its own session only
FRESH = timedelta(minutes=10)


class Standing(StrEnum):
    """Where a person's part in a home stands on a day."""

    COMING = "coming"
    RUNNING = "running"
    ENDING = "ending"
    ENDED = "ended"


@dataclass(frozen=True)
class Tie:
    """What binds a person to a home: a part in its lease, or a line of the register of occupants. Ends exclude."""

    is_party: bool
    apartment_id: int
    building_id: int
    region_id: int
    street_address: str
    staircase: str | None
    number: str
    from_on: date
    to_on: date | None
    #: the lease that is the home's on the day; none: an occupant of a home without a running lease
    lease_id: int | None
    lease_starts_on: date | None
    lease_ends_on: date | None

    @property
    def address(self) -> str:
        """Street, staircase and number, as on the door."""
        return " ".join(part for part in (self.street_address, self.staircase, self.number) if part)

    @property
    def is_older_than_lease(self) -> bool:
        """Whether it is a line of the register of occupants from before the home's present lease."""
        return not self.is_party and self.lease_starts_on is not None and self.from_on < self.lease_starts_on

    def standing(self, on: date) -> Standing:
        """Where it stands; "ending" is a lease or own part with an end date still to come."""
        start = max(self.from_on, self.lease_starts_on or self.from_on) if self.is_party else self.from_on
        end = min(filter(None, (self.to_on, self.lease_ends_on)), default=None)
        if end is not None and end <= on:
            return Standing.ENDED
        if start > on:
            return Standing.COMING
        return Standing.RUNNING if end is None else Standing.ENDING


LIVING = frozenset({Standing.RUNNING, Standing.ENDING})


def without_left_homes(ties: Iterable[Tie], on: date) -> tuple[Tie, ...]:
    """The ties without the lines of occupants of homes one has left.

    The register of occupants lags behind: a line from before the home's present lease says nothing about one whose own
    part in an earlier lease has ended. The home is the next tenant's.
    """
    ties = tuple(ties)
    left = {tie.apartment_id for tie in ties if tie.is_party and tie.standing(on) is Standing.ENDED}
    return tuple(tie for tie in ties if not (tie.apartment_id in left and tie.is_older_than_lease))


def _party_then_time(tie: Tie) -> tuple[bool, date]:
    return not tie.is_party, tie.from_on


def homes_among(ties: Iterable[Tie], on: date) -> tuple[Tie, ...]:
    """The homes that these ties are to on a day, each once, the longest one's own first.

    A part in the lease wins over an occupant's line.
    """
    found: dict[int, Tie] = {}
    for tie in sorted(ties, key=_party_then_time):
        if tie.standing(on) in LIVING:
            found.setdefault(tie.apartment_id, tie)
    return tuple(found.values())


@dataclass(frozen=True)
class Actor:
    """Who acts: the account of a session, the person or staff member it stands for, and their homes on a day."""

    account_id: int
    session_id: int
    name: str
    email: str
    language: Language
    on: date
    person_id: int | None = None
    staff_id: int | None = None
    staff_role: StaffRole | None = None
    contractor_id: int | None = None
    staff_region_id: int | None = None
    ties: tuple[Tie, ...] = ()
    former_days: int = 365
    session_created_at: datetime | None = None
    #: when this session was last strengthened by strong identification
    strong_at: datetime | None = None
    last_seen_at: datetime | None = None

    @cached_property
    def homes(self) -> tuple[Tie, ...]:
        """The homes the person has today."""
        return homes_among(self.ties, self.on)

    @cached_property
    def own_homes(self) -> tuple[Tie, ...]:
        """The homes of today, and those to come: what the person may write about."""
        found = {home.apartment_id: home for home in self.homes}
        for tie in sorted(self.ties, key=_party_then_time):
            if tie.standing(self.on) is Standing.COMING:
                found.setdefault(tie.apartment_id, tie)
        return tuple(found.values())

    @cached_property
    def lease_ids(self) -> frozenset[int]:
        """The leases of today's homes: household matters of these are seen."""
        return frozenset(tie.lease_id for tie in self.homes if tie.lease_id is not None)

    @cached_property
    def building_ids(self) -> frozenset[int]:
        """The buildings of today's homes."""
        return frozenset(tie.building_id for tie in self.homes)

    def lives_at(self, apartment_id: int | None, building_id: int) -> bool:
        """Whether it is one of today's homes, or its building's common areas: of what one has left, others decide."""
        if apartment_id is None:
            return building_id in self.building_ids
        return any(home.apartment_id == apartment_id for home in self.homes)

    def writes_about(self, apartment_id: int | None, building_id: int) -> bool:
        """Whether one may write into a matter of it: as `lives_at`, and already before moving in."""
        return self.lives_at(apartment_id, building_id) or any(
            home.apartment_id == apartment_id for home in self.own_homes
        )

    @cached_property
    def roles(self) -> frozenset[Role]:
        """What the person is today."""
        if self.staff_role is not None:
            return frozenset({Role(self.staff_role.value)})
        return frozenset(self._resident_roles())

    def _resident_roles(self) -> Iterable[Role]:
        for tie in self.ties:
            standing = tie.standing(self.on)
            if standing in LIVING:
                yield Role.MAIN_TENANT if tie.is_party else Role.RESIDENT
            elif standing is Standing.COMING:
                yield Role.COMING
            elif self._is_within_window(tie):
                yield Role.FORMER

    def _is_within_window(self, tie: Tie) -> bool:
        end = min(filter(None, (tie.to_on, tie.lease_ends_on)), default=None)
        return end is not None and end + timedelta(days=self.former_days) > self.on

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        """What the person may do today; one's own account is always one's own."""
        granted = {Permission.OWN_ACCOUNT}
        for role in self.roles:
            granted |= GRANTS[role]
        return frozenset(granted)

    def may(self, permission: Permission) -> bool:
        """Whether the actor has the permission."""
        return permission in self.permissions

    def is_fresh(self, now: datetime) -> bool:
        """Whether the person has identified themselves strongly in this session a moment ago."""
        return self.strong_at is not None and now - self.strong_at < FRESH

    @property
    def is_staff(self) -> bool:
        """Whether the actor works for the landlord or a contractor."""
        return self.staff_id is not None


def roles_with(permission: Permission) -> tuple[Role, ...]:
    """Who has a permission, for the page that says who may."""
    return tuple(role for role in Role if permission in GRANTS[role])
