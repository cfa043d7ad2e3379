"""The people one signs in as: their homes are the first ones, and what they are is written down, not drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from devtools.demo.households import Resident, Tenancy
from devtools.demo.places import MANAGERS, PREFIX, manager_email
from heka_portal.vocabulary import Language, LeaseRole, LeaseTerm, MovingDay, StaffRole

PASSWORD = "heka-demo-2026"
#: what stands in for the code app of who has two-step sign-in on; each works once
RECOVERY_CODES = tuple(f"demo-{number:04}" for number in range(1, 11))
DOMAIN = "demo.heka.example"


def _person(number: int, last_name: str, first_names: str, born: date, language: Language, **more: bool) -> Resident:
    email = f"{first_names.split(maxsplit=1)[0]}.{last_name}@{DOMAIN}".lower()
    plain = email.translate(str.maketrans("äöåé", "aoae"))
    phone = f"+358402976{number:03d}"
    return Resident(f"{PREFIX}P-{number}", last_name, first_names, born, language, plain, phone, **more)


AINO = _person(1, "Virtanen", "Aino Maria", date(1988, 5, 17), Language.FINNISH)
JONAS = _person(2, "Lindqvist", "Jonas Erik", date(1986, 11, 3), Language.SWEDISH)
ELIAS = _person(3, "Lindqvist", "Elias Toivo", date(2006, 2, 8), Language.ENGLISH)
ALMA = _person(4, "Lindqvist", "Alma Sofia", date(2017, 9, 21), Language.FINNISH, has_identity_code=False)
HAMID = _person(5, "Rahimi", "Hamid", date(1979, 8, 30), Language.ENGLISH)
NOORA = _person(6, "Korhonen", "Noora Helmi", date(1994, 4, 12), Language.FINNISH)
PIRJO = _person(7, "Ahonen", "Pirjo Anneli", date(1951, 12, 1), Language.FINNISH)
TUAN = _person(8, "Nguyen", "Tuan Minh", date(1991, 6, 25), Language.ENGLISH)
VENLA = _person(9, "Salo", "Venla Emilia", date(1999, 10, 10), Language.FINNISH)
KAARINA = _person(10, "Holmberg", "Kaarina", date(1968, 3, 3), Language.SWEDISH, is_protected=True)
LEO = _person(11, "Mattila", "Leo Oskari", date(1983, 1, 19), Language.FINNISH)

#: identified, but not in the register
STRANGER = _person(90, "Tuntematon", "Ulla", date(1975, 7, 7), Language.FINNISH)


@dataclass(frozen=True)
class SignIn:
    """A person of the cast who has an account, and what they are."""

    resident: Resident
    what: str
    has_second_step: bool = False


SIGN_INS = (
    SignIn(AINO, "main tenant"),
    SignIn(JONAS, "co-tenant, in Swedish"),
    SignIn(ELIAS, "adult who is only a resident, in English"),
    SignIn(HAMID, "former tenant"),
    SignIn(PIRJO, "neighbour, who moves: two homes"),
    SignIn(NOORA, "next tenant, two-step sign-in", has_second_step=True),
)
#: may identify themselves at the stand-in provider; what comes of it
CAN_IDENTIFY = (
    (LEO, "can register: main tenant"),
    (TUAN, "can register: signed, the lease has not begun"),
    (KAARINA, "can register: protected address"),
    (AINO, "main tenant with an account"),
    (JONAS, "co-tenant with an account"),
    (ELIAS, "adult who is only a resident, with an account"),
    (PIRJO, "neighbour with an account"),
    (NOORA, "next tenant with an account"),
    (HAMID, "former tenant with an account"),
    (VENLA, "cannot register: the lease has ended"),
    (STRANGER, "cannot register: not in the register"),
)


@dataclass(frozen=True)
class Colleague:
    """A member of staff."""

    name: str
    role: StaffRole
    what: str
    contractor: str | None = None
    region: str | None = None

    @property
    def email(self) -> str:
        """Their sign-in; a building manager's is the address that the register names."""
        if self.role is StaffRole.BUILDING_MANAGER:
            return manager_email(self.name)
        return f"{self.role.value}{'2' if self is ELSEWHERE else ''}@{DOMAIN}"


LAURA = Colleague("Laura Mäkelä", StaffRole.CLERK, "clerk", region=f"{PREFIX}R1")
MARKUS = Colleague("Markus Nyberg", StaffRole.SUPERVISOR, "supervisor", region=f"{PREFIX}R1")
TIMO = Colleague("Timo Rautio", StaffRole.CONTRACTOR, "contractor", contractor="Itä-Helsingin Kiinteistöhuolto Oy")
ELSEWHERE = Colleague(
    "Rein Kask", StaffRole.CONTRACTOR, "contractor of another company", contractor="Pohjoisen Talonmiehet Oy"
)
EEVA_JOKINEN = Colleague(MANAGERS[0], StaffRole.BUILDING_MANAGER, "building manager", region=f"{PREFIX}R1")
EVA = Colleague("Eva Lund", StaffRole.COMMUNICATIONS, "communications")
PEKKA = Colleague("Pekka Harju", StaffRole.FINANCE, "finance")
SARI = Colleague("Sari Halonen", StaffRole.ADMINISTRATOR, "administrator")
STAFF = (LAURA, MARKUS, EEVA_JOKINEN, EVA, PEKKA, TIMO, ELSEWHERE, SARI)


def tenancies_of(index: int, today: date) -> Iterator[Tenancy] | None:
    """The leases of a home of the cast; None for every other home."""
    written = HOMES.get(index)
    return None if written is None else written(index, today)


def _family(index: int, today: date) -> Iterator[Tenancy]:
    parties = ((AINO, LeaseRole.SIGNATORY), (JONAS, LeaseRole.SIGNATORY))
    yield _tenancy(index, date(2019, 8, 1), None, *parties, others=(ELIAS, ALMA))


def _after_a_move(index: int, today: date) -> Iterator[Tenancy]:
    moved_on = (today.replace(day=1) - timedelta(days=40)).replace(day=1)
    yield _tenancy(index, date(2014, 3, 1), moved_on, (HAMID, LeaseRole.SIGNATORY))
    yield _tenancy(index, moved_on, None, (NOORA, LeaseRole.SIGNATORY))


def _neighbour(index: int, today: date) -> Iterator[Tenancy]:
    yield _tenancy(index, date(2009, 11, 1), _moves_on(today) + timedelta(days=14), (PIRJO, LeaseRole.SIGNATORY))


def _next_home(index: int, today: date) -> Iterator[Tenancy]:
    yield _tenancy(index, _moves_on(today), None, (PIRJO, LeaseRole.SIGNATORY))


def _moves_on(today: date) -> date:
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1)


def _before_a_move(index: int, today: date) -> Iterator[Tenancy]:
    moved_on = (today.replace(day=1) - timedelta(days=75)).replace(day=1)
    begins = _moves_on(today)
    yield _tenancy(index, date(2021, 5, 1), moved_on, (VENLA, LeaseRole.SIGNATORY))
    yield _tenancy(index, begins, None, (TUAN, LeaseRole.SIGNATORY))


def _protected(index: int, today: date) -> Iterator[Tenancy]:
    yield _tenancy(index, date(2023, 2, 1), None, (KAARINA, LeaseRole.SIGNATORY))


def _alone(index: int, today: date) -> Iterator[Tenancy]:
    yield _tenancy(index, date(2025, 4, 1), None, (LEO, LeaseRole.SIGNATORY))


HOMES: dict[int, Callable[[int, date], Iterator[Tenancy]]] = {
    0: _family,
    1: _after_a_move,
    2: _neighbour,
    3: _before_a_move,
    4: _protected,
    5: _alone,
    6: _next_home,
}


def _tenancy(
    index: int,
    starts_on: date,
    ends_on: date | None,
    *parties: tuple[Resident, LeaseRole],
    others: tuple[Resident, ...] = (),
) -> Tenancy:
    return Tenancy(
        lease_id=f"{PREFIX}L{index:05d}-{starts_on.year}",
        starts_on=starts_on,
        ends_on=ends_on,
        term=LeaseTerm.OPEN,
        moving_day=MovingDay.FIRST_WEEKDAY,
        monthly_rent_cents=60_000 + 4_150 * index,
        parties=parties,
        others=others,
    )
