"""Decisions about cases: the part one has in a case, what one sees of it, what a number looks like."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.cases.deadlines import JOB_DAYS
from heka_portal.vocabulary import Audience, Part, ParticipantRole, Verb, Visibility

Parts = frozenset[Part]

FIRST_NUMBER, LAST_NUMBER = 100_000_000, 999_999_999
MAX_TEXT = 5000
MAX_SUBJECT = 80

#: what a part may read in the timeline; clerks read all of it
SEEN_BY_CONTRACTOR = frozenset({Verb.OPENED, Verb.MOVED})
SEEN_BY_FOLLOWER = frozenset({Verb.MOVED})


@dataclass(frozen=True)
class Standing:
    """What the part one has in a case follows from."""

    owner_id: int
    lease_id: int | None
    building_id: int
    audience: Audience
    contractor_id: int | None
    closed_at: datetime | None
    follows_as: ParticipantRole | None = None


def parts_of(actor: Actor, case: Standing, *, now: datetime) -> Parts:
    """The parts an actor has in a case; none: it is not theirs to see."""
    found = set()
    if actor.person_id is not None and actor.may(Permission.OWN_MATTERS):
        if case.owner_id == actor.person_id:
            found.add(Part.OWNER)
        elif case.audience is Audience.HOUSEHOLD and case.lease_id in actor.lease_ids:
            found.add(Part.HOUSEHOLD)
        elif case.follows_as is ParticipantRole.FOLLOWER and _may_follow(actor, case):
            found.add(Part.FOLLOWER)
    if actor.may(Permission.CASE_WORK):
        found.add(Part.CLERK)
    if actor.may(Permission.JOB_WORK) and _is_job_of(actor, case, now):
        found.add(Part.CONTRACTOR)
    return frozenset(found)


def _may_follow(actor: Actor, case: Standing) -> bool:
    """A common area's case is followed by those who live in its building, as long as they do."""
    return case.lease_id is None and actor.lives_at(None, case.building_id)


def _is_job_of(actor: Actor, case: Standing, now: datetime) -> bool:
    if case.contractor_id is None or case.contractor_id != actor.contractor_id:
        return False
    return case.closed_at is None or now - case.closed_at < timedelta(days=JOB_DAYS)


class Sight(Enum):
    """How much of a timeline one sees: all, what everyone may, of a job what it needs, of others' matters the steps."""

    ALL = "all"
    PUBLIC = "public"
    JOB = "job"
    STEPS = "steps"


def sight_of(parts: Parts) -> Sight:
    """What of the timeline is for these parts; a note of staff's is for customer service only."""
    if Part.CLERK in parts:
        return Sight.ALL
    if parts & {Part.OWNER, Part.HOUSEHOLD}:
        return Sight.PUBLIC
    return Sight.JOB if Part.CONTRACTOR in parts else Sight.STEPS


def shows_event(parts: Parts, *, verb: Verb, visibility: Visibility, is_own: bool) -> bool:
    """Whether a line of the timeline is shown to these parts."""
    sight = sight_of(parts)
    if sight is Sight.ALL or visibility is not Visibility.EVERYONE:
        return sight is Sight.ALL
    if sight is Sight.JOB:
        return verb in SEEN_BY_CONTRACTOR or is_own
    return sight is Sight.PUBLIC or verb in SEEN_BY_FOLLOWER


def shows_text(parts: Parts, *, verb: Verb, is_own: bool) -> bool:
    """Whether the words of a shown line are shown too: a follower sees the step, not what was written to its owner."""
    return bool(parts & {Part.CLERK, Part.OWNER, Part.HOUSEHOLD, Part.CONTRACTOR}) or is_own


def may_write(actor: Actor, parts: Parts, *, lives_there: bool) -> bool:
    """Whether one may write into the case's conversation: of a home one has left, one only reads."""
    if parts & {Part.CLERK, Part.CONTRACTOR}:
        return True
    return bool(parts & {Part.OWNER, Part.HOUSEHOLD}) and lives_there and actor.may(Permission.MATTER_WRITE)


def may_read(actor: Actor, *, is_sensitive: bool, now: datetime) -> bool:
    """Whether the words of a case are shown: of a sensitive one a resident has to be identified afresh."""
    return not is_sensitive or actor.is_staff or actor.is_fresh(now)


def draw_number(randbelow: Callable[[int], int] = secrets.randbelow) -> int:
    """A case number: nine digits that nobody can guess or count on from."""
    return FIRST_NUMBER + randbelow(LAST_NUMBER - FIRST_NUMBER + 1)
