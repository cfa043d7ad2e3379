"""Search in one's own matters: what one has written and been answered, and what the home has filed together."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, union

from heka_portal import clock
from heka_portal.database import at_most
from heka_portal.domain.access import Actor
from heka_portal.domain.cases.matters import Matter, lines, of_home, to_matters
from heka_portal.domain.cases.search import number_of, words_of
from heka_portal.domain.cases.words import stems_of
from heka_portal.extensions import db
from heka_portal.models.cases import Case, CaseText
from heka_portal.models.enquiries import Enquiry, Topic

MOST_FOUND = 20
_ENQUIRIES = Enquiry.__table__
_SENSITIVE = (
    select(_ENQUIRIES.c.id)
    .join(Topic, Topic.id == _ENQUIRIES.c.topic_id)
    .where(_ENQUIRIES.c.id == Case.id, or_(_ENQUIRIES.c.is_sensitive, Topic.is_sensitive))
)


def search_matters(actor: Actor, asked: str) -> tuple[Matter, ...]:
    """The reader's own matters, and those of their home, that hold all the words, the latest first; or of the number.

    What is hidden is not found until the reader is identified; of what one only follows nothing is. One person's
    matters are few: they are read, and no index of words is asked.
    """
    which = _which(asked)
    if which is None or actor.person_id is None:
        return ()
    mine = select(Case.id).where(Case.owner_id == bindparam("person_id"))
    # kept apart, or the planner might look for the words among everybody's first
    own = union(mine, of_home()).cte("own").prefix_with("MATERIALIZED", dialect="postgresql")
    found = select(Case.id).join(own, own.c.id == Case.id).join(CaseText, CaseText.case_id == Case.id).where(which)
    if not actor.is_fresh(clock.now()):
        found = found.where(~_SENSITIVE.exists())
    ids = found.order_by(Case.id.desc()).limit(at_most(MOST_FOUND)).subquery()
    given = {
        "person_id": actor.person_id,
        "account_id": actor.account_id,
        "lease_ids": sorted(actor.lease_ids) or [0],
    }
    return to_matters(
        actor, db.session.execute(lines().where(Case.id.in_(ids.select())).order_by(Case.id.desc()), given)
    )


def _which(asked: str) -> Any:
    """The condition: the number, or of each word one of its stems; none where nothing was asked."""
    if (number := number_of(re.sub(r"\s+", "", asked))) is not None:
        return Case.number == number
    words = words_of(asked)
    if not words:
        return None
    folded = CaseText.folded
    return and_(*(or_(*(folded.contains(stem, autoescape=True) for stem in stems_of(word))) for word in words))
