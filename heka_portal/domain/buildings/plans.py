"""Reading rescue plans, and saying that one has read one. Drafts are for staff alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import starmap
from typing import Any, cast

from sqlalchemy import BigInteger, Date, bindparam, func, select
from sqlalchemy.exc import IntegrityError

from heka_portal.database import as_said, at_most
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.attachments.queries import FILE_COLUMNS, FileLine
from heka_portal.domain.buildings.rules import Version, plan_on
from heka_portal.domain.buildings.sight import check_sees_building
from heka_portal.domain.errors import NotFound
from heka_portal.extensions import db
from heka_portal.models.attachments import Attachment
from heka_portal.models.buildings import RescuePlan, RescuePlanReading, RescuePlanText
from heka_portal.vocabulary import Language, PlanPart, PlanState

#: versions that a page lists; a plan is written anew once a year or so
MOST_VERSIONS = 30


@dataclass(frozen=True)
class PlanLine(Version):
    """A version in a list."""

    id: int
    building_id: int
    published_at: datetime | None
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class PlanText:
    """A version in one language."""

    language: Language
    parts: Mapping[PlanPart, str]
    file: FileLine | None

    @property
    def is_written(self) -> bool:
        """Whether it is text, not only a file."""
        return any(self.parts.values())


def _lines() -> Any:
    return select(
        RescuePlan.version,
        RescuePlan.state,
        RescuePlan.valid_from,
        RescuePlan.id,
        RescuePlan.building_id,
        RescuePlan.published_at,
        RescuePlan.withdrawn_at,
    )


_IN_FORCE = (
    _lines()
    .where(
        RescuePlan.building_id == bindparam("building_id", type_=BigInteger),
        RescuePlan.state == as_said(RescuePlan.state, PlanState.PUBLISHED),
        RescuePlan.valid_from <= bindparam("on", type_=Date),
    )
    .order_by(RescuePlan.version.desc())
    .limit(at_most(1))
)
_VERSIONS = (
    _lines()
    .where(RescuePlan.building_id == bindparam("building_id", type_=BigInteger))
    .order_by(RescuePlan.version.desc(), RescuePlan.id.desc())
    .limit(at_most(MOST_VERSIONS))
)


def read_plan_in_force(building_id: int, *, on: date) -> PlanLine | None:
    """The version in force on a day; whose building it is, the caller has settled."""
    row = db.session.execute(_IN_FORCE, {"building_id": building_id, "on": on}).one_or_none()
    return PlanLine(*cast("tuple[Any, ...]", row)) if row else None


def read_versions(building_id: int) -> list[PlanLine]:
    """The versions of a building's plan, the latest first, drafts and withdrawn ones too: for staff."""
    return list(starmap(PlanLine, db.session.execute(_VERSIONS, {"building_id": building_id})))


@dataclass(frozen=True)
class PlanShelf:
    """The published versions of a building's plan as its residents see them."""

    in_force: PlanLine | None
    coming: tuple[PlanLine, ...]
    earlier: tuple[PlanLine, ...]


def list_published(actor: Actor, building_id: int, *, on: date) -> PlanShelf:
    """The published versions of one's own building: in force, to come, earlier. Raises NotFound."""
    check_sees_building(actor, building_id)
    lines = read_versions(building_id)
    published = [line for line in lines if line.state is PlanState.PUBLISHED]
    in_force = plan_on(published, on)
    if in_force is None and len(lines) == MOST_VERSIONS:  # it may be older than those listed
        in_force = read_plan_in_force(building_id, on=on)
    coming = tuple(line for line in published if line.valid_from is not None and line.valid_from > on)
    earlier = tuple(line for line in published if line is not in_force and line not in coming)
    return PlanShelf(in_force, coming, earlier)


def get_published(actor: Actor, building_id: int, version: int) -> PlanLine:
    """A published version of one's own building. Raises NotFound."""
    check_sees_building(actor, building_id)
    row = db.session.execute(
        _lines().where(
            RescuePlan.building_id == building_id,
            RescuePlan.version == version,
            RescuePlan.state == PlanState.PUBLISHED,
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return PlanLine(*cast("tuple[Any, ...]", row))


def get_plan(actor: Actor, plan_id: int) -> PlanLine:
    """Any version of any building, for staff who look into the register. Raises NotFound."""
    if not actor.may(Permission.REGISTER_LOOK):
        raise NotFound
    row = db.session.execute(_lines().where(RescuePlan.id == plan_id)).one_or_none()
    if row is None:
        raise NotFound
    return PlanLine(*cast("tuple[Any, ...]", row))


_TEXTS = (
    select(
        RescuePlanText.language,
        RescuePlanText.risks,
        RescuePlanText.arrangements,
        RescuePlanText.instructions,
        RescuePlanText.preparedness,
        *FILE_COLUMNS,
    )
    .outerjoin(Attachment, Attachment.id == RescuePlanText.attachment_id)
    .where(RescuePlanText.plan_id == bindparam("plan_id", type_=BigInteger))
    .order_by(RescuePlanText.language, RescuePlanText.id)
)


def read_plan_texts(plan_id: int) -> dict[Language, PlanText]:
    """The languages of a version; whose it is, the caller has settled."""
    found: dict[Language, PlanText] = {}
    for row in db.session.execute(_TEXTS, {"plan_id": plan_id}):
        language, *rest = cast("tuple[Any, ...]", row)
        parts, file = dict(zip(PlanPart, rest[:4], strict=True)), rest[4:]
        found[language] = PlanText(language, parts, FileLine(*file) if file[0] else None)
    return found


def read_plan_file(plan_id: int, language: Language) -> Attachment:
    """The file of a version in a language; whose it is, the caller has settled. Raises NotFound."""
    file = db.session.scalar(
        select(Attachment)
        .join(RescuePlanText, RescuePlanText.attachment_id == Attachment.id)
        .where(RescuePlanText.plan_id == plan_id, RescuePlanText.language == language)
    )
    if file is None:
        raise NotFound
    return file


_READING = select(RescuePlanReading.read_at).where(
    RescuePlanReading.plan_id == bindparam("plan_id", type_=BigInteger),
    RescuePlanReading.account_id == bindparam("account_id", type_=BigInteger),
)


def read_at(actor: Actor, plan_id: int) -> datetime | None:
    """When the actor has said that they have read a version."""
    return db.session.scalar(_READING, {"plan_id": plan_id, "account_id": actor.account_id})


def acknowledge(actor: Actor, building_id: int, version: int, *, now: datetime) -> PlanLine:
    """Say that one has read a published version; once said it stays. Raises NotFound."""
    plan = get_published(actor, building_id, version)
    try:
        with db.session.begin_nested():
            db.session.add(RescuePlanReading(plan_id=plan.id, account_id=actor.account_id, read_at=now))
    except IntegrityError:  # a second press, or another window
        pass
    return plan


def count_readings(plan_ids: Sequence[int]) -> dict[int, int]:
    """How many have said that they have read each of a building's versions."""
    if not plan_ids:
        return {}
    rows = db.session.execute(
        select(RescuePlanReading.plan_id, func.count())
        .where(RescuePlanReading.plan_id.in_(plan_ids))
        .group_by(RescuePlanReading.plan_id)
    )
    return dict(cast("Sequence[tuple[int, int]]", rows.all()))
