"""Who lives in a home: leases one after the other, main tenants, other adults, children."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from devtools.demo.names import NameGroup, draw_first_names, draw_group
from devtools.demo.places import PREFIX, Home
from heka_portal.clock import HELSINKI
from heka_portal.domain.people.rules import is_adult
from heka_portal.vocabulary import Language, LeaseRole, LeaseTerm, MovingDay

#: leases begin on a day of these years; the present is left to what is told of it
FIRST_START, LAST_START = date(2008, 1, 1), date(2026, 6, 1)
#: at this age children have moved out
GROWN_UP = 23
CENTS_A_SQUARE_METRE = (1250, 1750)


@dataclass(frozen=True)
class Resident:
    """A person of the register."""

    register_id: str
    last_name: str
    first_names: str
    birth_on: date
    language: Language
    email: str | None = None
    phone: str | None = None
    is_protected: bool = False
    has_identity_code: bool = True


@dataclass(frozen=True)
class Tenancy:
    """One lease of a home and those who live there under it."""

    lease_id: str
    starts_on: date
    ends_on: date | None
    term: LeaseTerm
    moving_day: MovingDay
    monthly_rent_cents: int
    parties: tuple[tuple[Resident, LeaseRole], ...]
    others: tuple[Resident, ...] = ()

    @property
    def signed_at(self) -> datetime:
        """Two weeks before it begins, at half past ten."""
        return datetime.combine(self.starts_on - timedelta(days=14), time(10, 30), HELSINKI).astimezone(UTC)

    @property
    def residents(self) -> tuple[Resident, ...]:
        """All who live there."""
        return (*(resident for resident, _ in self.parties), *self.others)


class Household:
    """Draws one home's people, each with an id made of the home's number."""

    def __init__(self, home: Home, today: date) -> None:
        self.home, self.today = home, today
        # Another series than the home's own rooms are drawn from.
        self.dice = Random(f"household {home.index}")
        self.count = 0

    def tenancies(self) -> Iterator[Tenancy]:
        """The leases of the home in the order of their starts; a few homes are empty."""
        dice = self.dice
        starts_on = FIRST_START + timedelta(days=dice.randrange((LAST_START - FIRST_START).days))
        chance = dice.random()
        if chance < 0.08:
            # Leases are named after the year they begin in: two of a home never begin in the same.
            before = starts_on - timedelta(days=dice.randint(366, 2500))
            yield self._tenancy(before, starts_on)
        if chance > 0.97:
            return
        ends_on = None
        if chance > 0.94:
            ends_on = (self.today.replace(day=1) + timedelta(days=63)).replace(day=1)
        yield self._tenancy(starts_on, ends_on)

    def _tenancy(self, starts_on: date, ends_on: date | None) -> Tenancy:
        dice, group = self.dice, draw_group(self.dice)
        kind = dice.choices(("single", "couple", "family", "parent", "mates"), (44, 20, 22, 9, 5))[0]
        age = dice.randint(19, 75) if kind in {"single", "couple"} else dice.randint(23, 48)
        born = starts_on.year - age
        first = self.resident(group, born)
        parties = [(first, LeaseRole.SIGNATORY)]
        others: list[Resident] = []
        if kind in {"couple", "family"}:
            role = LeaseRole.SPOUSE if dice.random() < 0.6 else LeaseRole.SIGNATORY
            other_born = min(born + dice.randint(-4, 4), starts_on.year - 19)
            parties.append((self.resident(group, other_born, first.last_name), role))
        if kind in {"family", "parent"}:
            children = [
                self.resident(group, born + dice.randint(22, 40), first.last_name) for _ in range(dice.randint(1, 3))
            ]
            others += [
                child
                for child in children
                if child.birth_on.year > LAST_START.year - GROWN_UP and (ends_on is None or child.birth_on < ends_on)
            ]
        if kind == "mates":
            others.append(self.resident(draw_group(dice), born + dice.randint(-3, 3)))
        return Tenancy(
            lease_id=f"{PREFIX}L{self.home.index:05d}-{starts_on.year}",
            starts_on=starts_on,
            ends_on=ends_on,
            term=LeaseTerm.FIXED if dice.random() < 0.03 else LeaseTerm.OPEN,
            moving_day=MovingDay.FIRST_WEEKDAY if starts_on.year >= 2015 else MovingDay.LAST_DAY,
            monthly_rent_cents=rent_of(self.home, dice),
            parties=tuple(parties),
            others=tuple(others),
        )

    def resident(self, group: NameGroup, born: int, last_name: str | None = None) -> Resident:
        """One more person, born in a year."""
        dice = self.dice
        self.count += 1
        # Nobody is born after the leases of these data begin.
        birth_on = date(min(born, LAST_START.year - 1), 1, 1) + timedelta(days=dice.randrange(365))
        register_id = f"{PREFIX}P{self.home.index:05d}-{self.count}"
        first_names, surname = draw_first_names(dice, group), dice.choice(group.last)
        has_email, has_code, is_protected = (dice.random() < chance for chance in (0.85, 0.995, 0.01))
        phone = f"+35840{dice.randint(1_000_000, 9_999_999)}"
        # Decided last: a birthday must not change what is drawn after it.
        adult = is_adult(birth_on, self.today)
        return Resident(
            register_id=register_id,
            last_name=last_name or surname,
            first_names=first_names,
            birth_on=birth_on,
            language=group.language,
            email=f"{register_id.lower()}@resident.example" if adult and has_email else None,
            phone=phone if adult else None,
            is_protected=is_protected,
            has_identity_code=adult and has_code,
        )


def rent_of(home: Home, dice: Random) -> int:
    """A month's rent in cents."""
    return int(home.area_m2 * dice.randint(*CENTS_A_SQUARE_METRE))
