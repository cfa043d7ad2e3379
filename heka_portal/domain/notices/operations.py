"""Write a notice, tell it, correct it, take it back; and the resident's "I have read this"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from heka_portal.database import at_most, insert_into
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.attachments.operations import ReceivedFile, add_loose_files, drop_own_file
from heka_portal.domain.audit.operations import record_audit
from heka_portal.domain.errors import Changed, IllegalMove, NotAllowed, NotFound
from heka_portal.domain.homes.management import list_managed
from heka_portal.domain.notices.desk import check_may_write, content_of
from heka_portal.domain.notices.queries import NoticeView
from heka_portal.domain.notices.rules import (
    CORRECTABLE,
    EDITABLE,
    WITHDRAWABLE,
    Content,
    Place,
    check_content,
    mail_name,
)
from heka_portal.domain.outbox.operations import call_back
from heka_portal.extensions import db
from heka_portal.models.notices import (
    IS_PUBLISHED,
    IS_SCHEDULED,
    Notice,
    NoticeAudience,
    NoticeFile,
    NoticeMailing,
    NoticeReading,
    NoticeText,
)
from heka_portal.vocabulary import AuditAction, Language, MailKind, NoticeState

#: what ends in the moment it began was still there for it
TICK = timedelta(microseconds=1)


def write_notice(
    actor: Actor, content: Content, *, now: datetime, form_key: str | None = None, correction_of_id: int | None = None
) -> Notice:
    """Begin a notice, as a draft; the same form again leads to the one it made. Raises NotAllowed."""
    check_places(actor, content.places)
    made = find_by_key(actor, form_key)
    if made is not None:
        return made
    notice = Notice(
        author_id=actor.account_id,
        state=NoticeState.DRAFT,
        created_at=now,
        form_key=form_key,
        correction_of_id=correction_of_id,
        files=[],
        texts=[],
        audiences=[],
    )
    _fill(notice, content, now)
    try:
        with db.session.begin_nested():
            db.session.add(notice)
    except IntegrityError:
        made = find_by_key(actor, form_key)
        if made is None:
            raise
        return made
    return notice


def find_by_key(actor: Actor, form_key: str | None) -> Notice | None:
    """The notice that a form of the actor's has made before."""
    if form_key is None:
        return None
    return db.session.scalar(select(Notice).where(Notice.form_key == form_key, Notice.author_id == actor.account_id))


def rewrite_notice(actor: Actor, notice: Notice, content: Content, *, version: int, now: datetime) -> None:
    """Change what is not told yet; what was scheduled waits for its writer again.

    Raises NotAllowed, Changed, IllegalMove.
    """
    _check(actor, notice, version, EDITABLE)
    check_places(actor, content.places)
    _fill(notice, content, now)
    notice.state = NoticeState.DRAFT
    db.session.flush()


def _fill(notice: Notice, content: Content, now: datetime) -> None:
    notice.changed_at = now
    notice.kind = content.kind
    notice.visible_from, notice.visible_to = content.visible_from, content.visible_to
    notice.happens_from, notice.happens_to = content.happens_from, content.happens_to
    notice.is_pinned, notice.is_urgent = content.is_pinned, content.is_urgent
    notice.asks_acknowledgement = content.asks_acknowledgement
    notice.lease_term, notice.main_tenants_only = content.lease_term, content.main_tenants_only
    kept = {each.language: each for each in notice.texts}
    for language, words in content.words.items():
        if language in kept:
            kept[language].title, kept[language].body = words.title, words.body
        else:
            notice.texts.append(NoticeText(language=language, title=words.title, body=words.body))
    for language in kept.keys() - content.words.keys():
        notice.texts.remove(kept[language])
    notice.audiences[:] = [
        NoticeAudience(region_id=place.region_id, building_id=place.building_id, staircase=place.staircase)
        for place in dict.fromkeys(content.places)
    ]


def check_places(actor: Actor, places: Sequence[Place]) -> None:
    """Whether the actor may tell the people of these places something. Raises NotAllowed."""
    check_may_write(actor)
    if actor.may(Permission.NOTICE_WRITE_ALL) or not places:
        return
    managed = {each.id for each in list_managed(actor)}
    if any(place.building_id not in managed for place in places):
        raise NotAllowed


def add_files(
    actor: Actor, notice: Notice, received: Sequence[ReceivedFile], *, language: Language | None, now: datetime
) -> None:
    """Hang received files on a notice that is not told yet. Raises FileRefused when there are too many, IllegalMove."""
    if not received:
        return
    _check(actor, notice, notice.version, EDITABLE)
    for file in add_loose_files(actor, received, kept=len(notice.files), now=now):
        notice.files.append(NoticeFile(attachment_id=file.id, language=language))
    db.session.flush()


def remove_file(actor: Actor, notice: Notice, attachment_id: int) -> None:
    """Take a file off a notice that is not told yet; a correction's is still its original's.

    Raises IllegalMove, NotFound for a file that does not hang on it.
    """
    _check(actor, notice, notice.version, EDITABLE)
    own = next((each for each in notice.files if each.attachment_id == attachment_id), None)
    if own is None:
        raise NotFound
    notice.files.remove(own)
    db.session.flush()
    others = select(NoticeFile.notice_id).where(NoticeFile.attachment_id == attachment_id).limit(at_most(1))
    if db.session.scalar(others) is None:
        drop_own_file(attachment_id)


def publish_notice(actor: Actor, notice: Notice, *, version: int, now: datetime) -> None:
    """Tell it now, or when its time comes. Raises NotAllowed, Changed, IllegalMove, DetailNeeded."""
    _check(actor, notice, version, frozenset({NoticeState.DRAFT}))
    content = content_of(notice)
    check_places(actor, content.places)
    notice.visible_from, notice.visible_to = check_content(content, now=now)
    for place in notice.audiences:
        place.visible_from = notice.visible_from
    notice.state = NoticeState.SCHEDULED
    if notice.visible_from <= now:
        _tell(notice, now)
    db.session.flush()
    record_audit(AuditAction.NOTICE_PUBLISHED, account_id=actor.account_id, data={"notice": notice.id})


def _tell(notice: Notice, now: datetime) -> None:
    """Make it public: mail goes out, and what it corrects ends."""
    notice.state, notice.published_at = NoticeState.PUBLISHED, now
    db.session.add(
        NoticeMailing(
            notice_id=notice.id,
            kind=MailKind.NOTICE_URGENT if notice.is_urgent else MailKind.NOTICE,
            after_apartment_id=0,
            queued=0,
            started_at=now,
        )
    )
    if notice.correction_of_id is not None:
        original = db.session.get_one(Notice, notice.correction_of_id, with_for_update=True)
        if original.state is NoticeState.PUBLISHED and original.visible_from is not None:
            original.state, original.visible_to = NoticeState.ENDED, max(now, original.visible_from + TICK)
            _stop_mailing(original.id, now)


def tell_due(*, now: datetime, limit: int = 20) -> int:
    """Publish the scheduled notices whose time has come, at most `limit`; returns how many. The caller commits."""
    due = select(Notice).where(IS_SCHEDULED, Notice.visible_from <= now).order_by(Notice.visible_from, Notice.id)
    if db.session.scalar(due.with_only_columns(Notice.id).limit(at_most(1))) is None:
        return 0
    notices = db.session.scalars(due.limit(at_most(limit)).with_for_update(skip_locked=True)).all()
    for notice in notices:
        _tell(notice, now)
    db.session.flush()
    return len(notices)


def end_due(*, now: datetime, limit: int = 100) -> int:
    """Say of notices whose time is over that they have ended, at most `limit`; returns how many. The caller commits."""
    over = select(Notice).where(IS_PUBLISHED, Notice.visible_to <= now).order_by(Notice.visible_to, Notice.id)
    if db.session.scalar(over.with_only_columns(Notice.id).limit(at_most(1))) is None:
        return 0
    notices = db.session.scalars(over.limit(at_most(limit)).with_for_update(skip_locked=True)).all()
    for notice in notices:
        notice.state = NoticeState.ENDED
    db.session.flush()
    return len(notices)


def withdraw_notice(actor: Actor, notice: Notice, *, version: int, now: datetime) -> None:
    """Take it back: nobody reads it any more, and mail that still waits is called back.

    Raises NotAllowed, Changed, IllegalMove.
    """
    _check(actor, notice, version, WITHDRAWABLE)
    was_told = notice.state is NoticeState.PUBLISHED
    notice.state, notice.withdrawn_at = NoticeState.WITHDRAWN, now
    for place in notice.audiences:
        place.visible_from = None
    _stop_mailing(notice.id, now)
    db.session.flush()
    if was_told:
        record_audit(AuditAction.NOTICE_WITHDRAWN, account_id=actor.account_id, data={"notice": notice.id})


def _stop_mailing(notice_id: int, now: datetime) -> None:
    """No more mail, and what waits in the outbox is called back; who sends one in this moment sends it."""
    mailing = db.session.get(NoticeMailing, notice_id, with_for_update=True)
    if mailing is None:
        return
    mailing.finished_at = mailing.finished_at or now
    mailing.queued -= call_back(mail_name(notice_id))


def begin_correction(actor: Actor, notice: Notice, *, form_key: str | None = None, now: datetime) -> Notice:
    """A draft that will take the place of a notice that was told: its words, places and files. Raises IllegalMove."""
    if notice.state not in CORRECTABLE or notice.published_at is None:
        raise IllegalMove("correct")
    content = content_of(notice, for_correction_at=now)
    correction = write_notice(actor, content, now=now, form_key=form_key, correction_of_id=notice.id)
    if not correction.files:
        correction.files[:] = [
            NoticeFile(attachment_id=each.attachment_id, language=each.language) for each in notice.files
        ]
    db.session.flush()
    return correction


def _check(actor: Actor, notice: Notice, version: int, states: frozenset[NoticeState]) -> None:
    check_may_write(actor)
    if notice.version != version:
        raise Changed
    if notice.state not in states:
        raise IllegalMove(notice.state)
    check_places(actor, [Place(each.region_id, each.building_id, each.staircase) for each in notice.audiences])


def acknowledge_notice(actor: Actor, view: NoticeView, *, now: datetime) -> None:
    """Keep that a resident says they have read it; once is enough. Raises IllegalMove where it was not asked."""
    if not view.notice.asks_acknowledgement or view.is_withdrawn:
        raise IllegalMove("acknowledge")
    connection = db.session.connection()
    said = insert_into(NoticeReading, connection).values(
        notice_id=view.notice.id, account_id=actor.account_id, read_at=now, acknowledged_at=now
    )
    connection.execute(
        said.on_conflict_do_update(
            index_elements=["notice_id", "account_id"],
            set_={"acknowledged_at": said.excluded.acknowledged_at},
            where=NoticeReading.acknowledged_at.is_(None),
        )
    )
