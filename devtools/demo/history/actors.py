"""Who acts in one case: its clerk, its company's fitter, its owner while they live there, somebody of the home."""

from __future__ import annotations

from datetime import datetime

from devtools.demo.history.life import Life
from devtools.demo.history.town import Company, Resident, Town, Worker, pick

#: the rest are handled by somebody of another region
OWN_REGION = 0.95


class Actors:
    """Those who take part; drawn once for a case."""

    def __init__(self, life: Life, town: Town) -> None:
        self.life, self.town = life, town
        regions = town.handlers
        region_id = life.place.region_id
        if life.dice.random() > OWN_REGION:
            region_id = pick(life.dice, sorted(regions))
        self.clerk: Worker = pick(life.dice, regions[region_id])
        #: the household sees it, for what it is written in the case
        self.is_shared = life.home is not None and life.dice.random() < 0.3
        self.fitter = 0

    def order(self) -> Company:
        """The company that gets the job, now its fitter's."""
        company = pick(self.life.dice, self.town.companies[self.life.place.region_id])
        self.fitter = pick(self.life.dice, company.account_ids)
        return company

    def owner_lives_here(self, at: datetime) -> bool:
        """Whether the owner may still act: of a home one has left, one only reads."""
        return self.life.owner.lives_here(at)

    def household(self, at: datetime) -> Resident | None:
        """Somebody else of the home, where they see the case."""
        home = self.life.home
        if not self.is_shared or home is None:
            return None
        return next((one for one in home.at(at) if one.person_id != self.life.owner.person_id), None)
