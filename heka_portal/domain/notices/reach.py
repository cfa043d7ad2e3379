"""From a person to their notices: the homes of an actor, and the statement of which notices reach them.

A person has few homes, and few notices reach a home: each arm of the statement begins from an index of the audiences,
by place and time. `mailing.py` goes the other way, from a notice to its people; `rules.reaches` says the same of one
home, and a property test holds the three together.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Integer, String, Subquery, bindparam, or_, select, union_all

from heka_portal.clock import start_of_day
from heka_portal.database import UtcDateTime
from heka_portal.domain.access import LIVING, Actor, Standing
from heka_portal.domain.notices.rules import Home
from heka_portal.models.leases import Lease
from heka_portal.models.notices import Notice, NoticeAudience

#: nobody has more homes than this at once; those one lives in, and has had longest, count first
MOST_HOMES = 10


def homes_of(actor: Actor, *, now: datetime) -> tuple[Home, ...]:
    """The actor's homes of today and those to come: of what one has left, nothing is told any more."""
    found: dict[tuple[int, bool, int | None], Home] = {}
    for tie in sorted(actor.ties, key=lambda tie: (tie.standing(actor.on) not in LIVING, tie.from_on)):
        standing = tie.standing(actor.on)
        if standing is Standing.ENDED:
            continue
        # The lease an occupant to come finds in the home is still somebody else's.
        lease_id = tie.lease_id if tie.is_party or standing in LIVING else None
        home = Home(
            building_id=tie.building_id,
            region_id=tie.region_id,
            staircase=tie.staircase,
            is_main=tie.is_party,
            lease_id=lease_id,
            since=min(start_of_day(tie.from_on), now),
        )
        found.setdefault((tie.apartment_id, tie.is_party, lease_id), home)
    return tuple(found.values())[:MOST_HOMES]


def homes_in_sql(count: int) -> Subquery:
    """So many homes as rows, each column a parameter: the statement is the same for all who have as many."""
    rows = [
        select(
            bindparam(f"building_{each}", type_=BigInteger).label("building_id"),
            bindparam(f"region_{each}", type_=BigInteger).label("region_id"),
            bindparam(f"staircase_{each}", type_=String).label("staircase"),
            bindparam(f"main_{each}", type_=Integer).label("is_main"),
            bindparam(f"lease_{each}", type_=BigInteger).label("lease_id"),
            bindparam(f"since_{each}", type_=UtcDateTime).label("since"),
        )
        for each in range(count)
    ]
    return union_all(*rows).subquery("homes") if count > 1 else rows[0].subquery("homes")


def home_values(homes: Sequence[Home]) -> dict[str, Any]:
    """The parameters of `homes_in_sql`."""
    values: dict[str, Any] = {}
    for each, home in enumerate(homes):
        values |= {
            f"building_{each}": home.building_id,
            f"region_{each}": home.region_id,
            f"staircase_{each}": home.staircase,
            f"main_{each}": int(home.is_main),
            f"lease_{each}": home.lease_id,
            f"since_{each}": home.since,
        }
    return values


def reaching(count: int, *which: Any) -> Any:
    """The ids of the notices that reach one of so many homes, narrowed by conditions on audience and notice."""
    table, A = homes_in_sql(count), NoticeAudience  # noqa: N806 - it stands for the class
    homes = table.c
    term = select(Lease.term).where(Lease.id == homes.lease_id).scalar_subquery()
    arms = (
        (A.building_id == homes.building_id) & or_(A.staircase.is_(None), A.staircase == homes.staircase),
        A.region_id == homes.region_id,
        A.region_id.is_(None) & A.building_id.is_(None),
    )
    return union_all(
        *(
            select(A.notice_id)
            .join(table, place)
            .join(Notice, Notice.id == A.notice_id)
            .where(
                Notice.visible_to > homes.since,
                or_(Notice.lease_term.is_(None), Notice.lease_term == term),
                or_(Notice.main_tenants_only.is_(False), homes.is_main == 1),
                *which,
            )
            for place in arms
        )
    )
