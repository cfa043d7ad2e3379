"""Drafting, publishing and withdrawing rescue plans: the work of a building's manager."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import delete, select

from heka_portal import clock
from heka_portal.domain.access import Actor
from heka_portal.domain.attachments.operations import ReceivedFile, drop_own_file, keep_own_file
from heka_portal.domain.audit.operations import record_audit
from heka_portal.domain.buildings.plans import PlanText, read_plan_texts
from heka_portal.domain.buildings.rules import Written, check_publishable, fingerprint, mail_name
from heka_portal.domain.buildings.texts import lock_building
from heka_portal.domain.errors import Changed, IllegalMove, NotFound
from heka_portal.domain.homes.management import check_may_write
from heka_portal.domain.outbox.operations import call_back
from heka_portal.extensions import db
from heka_portal.models.buildings import RescuePlan, RescuePlanText
from heka_portal.vocabulary import AuditAction, Language, PlanPart, PlanState


def start_draft(actor: Actor, building_id: int, *, now: datetime) -> RescuePlan:
    """A new version to write, its texts those of the latest one; the draft there is, if there is one.

    Raises NotAllowed, NotFound.
    """
    check_may_write(actor, building_id)
    lock_building(building_id)
    draft = db.session.scalar(
        select(RescuePlan).where(RescuePlan.building_id == building_id, RescuePlan.state == PlanState.DRAFT)
    )
    if draft is not None:
        return draft
    last = db.session.execute(
        select(RescuePlan.id, RescuePlan.version)
        .where(RescuePlan.building_id == building_id)
        .order_by(RescuePlan.version.desc())
        .limit(1)
    ).first()
    draft = RescuePlan(
        building_id=building_id,
        version=last.version + 1 if last else 1,
        state=PlanState.DRAFT,
        created_at=now,
        created_by_id=actor.account_id,
    )
    db.session.add(draft)
    db.session.flush()
    if last is not None:
        _copy_texts(last.id, draft.id)
    _record(actor, draft, "started")
    return draft


def _copy_texts(source_id: int, draft_id: int) -> None:
    """The words of a version into a draft; a file is of one version only."""
    for text in read_plan_texts(source_id).values():
        if text.is_written:
            parts = {str(part): written for part, written in text.parts.items()}
            db.session.add(RescuePlanText(plan_id=draft_id, language=text.language, **parts))
    db.session.flush()


def text_fingerprint(text: PlanText | None) -> str:
    """What a form of one language was drawn from."""
    return "" if text is None else fingerprint([*text.parts.values(), text.file.key if text.file else ""])


def plan_fingerprint(texts: Mapping[Language, PlanText]) -> str:
    """What a preview was drawn from."""
    return fingerprint(f"{language}:{text_fingerprint(texts[language])}" for language in sorted(texts))


def write_plan_text(
    actor: Actor,
    plan_id: int,
    language: Language,
    *,
    parts: Mapping[PlanPart, str],
    drawn_from: str,
    now: datetime,
    file: ReceivedFile | None = None,
    drops_file: bool = False,
) -> None:
    """Write a draft in one language; with neither words nor file that language is taken away.

    Raises NotAllowed, NotFound, IllegalMove when it is no draft, Changed when somebody wrote it meanwhile.
    """
    plan = _lock_plan(actor, plan_id, PlanState.DRAFT)
    if text_fingerprint(read_plan_texts(plan.id).get(language)) != drawn_from:
        raise Changed
    row = db.session.scalar(
        select(RescuePlanText)
        .where(RescuePlanText.plan_id == plan.id, RescuePlanText.language == language)
        .execution_options(populate_existing=True)
    ) or RescuePlanText(plan_id=plan.id, language=language)
    for part in PlanPart:
        setattr(row, part, parts.get(part, ""))
    if row.attachment_id is not None and (drops_file or file is not None):
        old, row.attachment_id = row.attachment_id, None
        db.session.flush()
        drop_own_file(old)
    if file is not None:
        row.attachment_id = keep_own_file(actor, file, now=now).id
    if row.attachment_id is not None or any(parts.values()):
        db.session.add(row)
    elif row.id is not None:
        db.session.delete(row)
    db.session.flush()


def publish(actor: Actor, plan_id: int, *, valid_from: date, drawn_from: str, now: datetime) -> RescuePlan:
    """Publish a draft as it was looked at; the worker tells the building's people on the day it comes into force.

    Raises NotAllowed, NotFound, IllegalMove, Changed, Incomplete.
    """
    plan = _lock_plan(actor, plan_id, PlanState.DRAFT)
    texts = read_plan_texts(plan.id)
    if plan_fingerprint(texts) != drawn_from:
        raise Changed
    check_publishable(map(_written, texts.values()), valid_from=valid_from, today=clock.date_in_helsinki(now))
    plan.state, plan.valid_from = PlanState.PUBLISHED, valid_from
    plan.published_at, plan.published_by_id, plan.told_to_id = now, actor.account_id, 0
    _record(actor, plan, "published")
    db.session.flush()
    return plan


def _written(text: PlanText) -> Written:
    file = text.file
    return Written(text.language, text.parts, has_file=file is not None, is_file_ready=bool(file and file.is_ready))


def withdraw(actor: Actor, plan_id: int, *, now: datetime) -> RescuePlan:
    """Take a published version back: it is shown no more, and nobody else is told of it; its mails are called back.

    Raises NotAllowed, NotFound, IllegalMove.
    """
    plan = _lock_plan(actor, plan_id, PlanState.PUBLISHED)
    plan.state, plan.withdrawn_at, plan.told_to_id = PlanState.WITHDRAWN, now, None
    call_back(mail_name(plan.id))
    _record(actor, plan, "withdrawn")
    db.session.flush()
    return plan


def discard(actor: Actor, plan_id: int) -> int:
    """Throw a draft away with its files; returns its building. Raises NotAllowed, NotFound, IllegalMove."""
    plan = _lock_plan(actor, plan_id, PlanState.DRAFT)
    building_id = plan.building_id
    files = db.session.scalars(
        select(RescuePlanText.attachment_id).where(
            RescuePlanText.plan_id == plan.id, RescuePlanText.attachment_id.is_not(None)
        )
    ).all()
    db.session.execute(delete(RescuePlanText).where(RescuePlanText.plan_id == plan.id))
    for attachment_id in files:
        if attachment_id is not None:
            drop_own_file(attachment_id)
    _record(actor, plan, "discarded")
    db.session.delete(plan)
    db.session.flush()
    return building_id


def _lock_plan(actor: Actor, plan_id: int, state: PlanState) -> RescuePlan:
    plan = db.session.scalar(
        select(RescuePlan).where(RescuePlan.id == plan_id).with_for_update().execution_options(populate_existing=True)
    )
    if plan is None:
        raise NotFound
    check_may_write(actor, plan.building_id)
    if plan.state is not state:
        raise IllegalMove(f"a plan that is {plan.state}")
    return plan


def _record(actor: Actor, plan: RescuePlan, what: str) -> None:
    record_audit(
        AuditAction.BUILDING_CHANGED,
        account_id=actor.account_id,
        data={"building": plan.building_id, "rescue_plan": plan.version, "what": what},
    )
